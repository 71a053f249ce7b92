/** `patchbay.json` at the root of a workspace. */
export interface WorkspaceFile {
  readonly version: 1;
  readonly title?: string;
  /** npm packages that hold plugins, beside those in `plugins/`. */
  readonly plugins?: readonly string[];
  readonly environment?: string;
  /** Field names (any depth, case-insensitive) whose values are masked before anything is stored. */
  readonly redact?: readonly string[];
  readonly retention?: { readonly days?: number; readonly megabytes?: number; readonly trackedDays?: number };
  /** By the names that flows give them. */
  readonly caches?: Readonly<Record<string, CacheSettings>>;
  readonly pools?: Readonly<Record<string, PoolSettings>>;
  readonly limits?: Limits;
  /** `concurrency`: runs that a runner works on at a time; default 64. */
  readonly runs?: { readonly concurrency?: number };
  readonly server?: { readonly port?: number };
}

export interface CacheSettings {
  /** Under which it is kept; default the name that flows give it. */
  readonly name?: string;
  /** Space for the documents of one cache of this name. */
  readonly megabytes?: number;
}

export interface PoolSettings {
  /** Under which it is kept; default the name that flows give it. */
  readonly name?: string;
}

/** What a run may use at most. */
export interface Limits {
  readonly payloadBytes?: number;
  readonly responseBytes?: number;
  readonly scriptMs?: number;
  readonly scriptMegabytes?: number;
  /** Runs of one flow that are at work at the same time. */
  readonly runsPerFlow?: number;
}

/** The kinds of file that a workspace holds; the folder and the ending say which one a file is. */
export const fileKinds = {
  workspace: { folder: '', ending: 'patchbay.json' },
  flow: { folder: 'flows', ending: '.flow.json' },
  connector: { folder: 'connectors', ending: '.connector.json' },
  instance: { folder: 'instances', ending: '.instance.json' },
  environment: { folder: 'environments', ending: '.env.json' },
} as const;
export type FileKind = keyof typeof fileKinds;
