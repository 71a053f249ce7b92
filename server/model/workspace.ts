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
  readonly scripts?: ScriptPolicy;
  readonly notifications?: NotificationSettings;
  /** `concurrency`: runs that a runner works on at a time; default 64. */
  readonly runs?: { readonly concurrency?: number };
  readonly server?: ServerSettings;
}

export interface ServerSettings {
  readonly port?: number;
  /** Where senders of webhooks reach the runner: what stands before `/hooks/…`. */
  readonly publicUrl?: string;
  /** A proxy in front names the address that was called, and nobody gets around it. */
  readonly trustForwarded?: boolean;
}

/** Who is told of what. */
export interface NotificationSettings {
  /** By name. */
  readonly groups?: Readonly<Record<string, NotificationGroup>>;
  /** Groups that are told when a run fails that a trigger has started; a flow may name others. */
  readonly onFailure?: readonly string[];
  /** How e-mail is sent. */
  readonly smtp?: SmtpSettings;
}

export interface NotificationGroup {
  readonly title?: string;
  /** Addresses. */
  readonly email?: readonly string[];
  /** Address of an incoming webhook that takes `{"text": …}`; whoever knows it may write there, so it is a secret. */
  readonly slack?: { readonly $secret: string };
  /** The message stands in the log of the runner. */
  readonly log?: boolean;
}

export interface SmtpSettings {
  readonly host: string;
  readonly port?: number;
  /** TLS from the beginning; default on port 465 only. Otherwise it is used where the server offers it. */
  readonly secure?: boolean;
  readonly user?: string;
  readonly password?: { readonly $secret: string };
  readonly from: string;
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

/** What holds for all scripts. */
export interface ScriptPolicy {
  /** A flow may choose `strict` where this is `default`, not the other way round. */
  readonly engine?: ScriptEngineName;
  /** That `context.http` may reach: `api.shop.com`, `*.shop.com`, `http://127.0.0.1:8080`. Default none. */
  readonly hosts?: readonly string[];
  /** npm packages of the workspace that scripts may import; what those need comes with them. */
  readonly packages?: readonly string[];
}

export const scriptEngines = ['default', 'strict'] as const;
export type ScriptEngineName = (typeof scriptEngines)[number];

/** What a run may use at most. */
export interface Limits {
  readonly payloadBytes?: number;
  readonly responseBytes?: number;
  readonly scriptMs?: number;
  readonly scriptMegabytes?: number;
  readonly connectionsPerHost?: number;
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
  map: { folder: 'maps', ending: '.map.json' },
  lookup: { folder: 'lookups', ending: '.lookup.json' },
  test: { folder: 'flows', ending: '.test.json' },
} as const;
export type FileKind = keyof typeof fileKinds;

/** The file of a kind by its id, below the root. */
export const fileOfId = (kind: FileKind, id: string): string => `${fileKinds[kind].folder}/${id}${fileKinds[kind].ending}`;
