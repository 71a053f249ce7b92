import type { ScriptEngineName } from './workspace.ts';

/** A flow file, `flows/<id>.flow.json`. The id of a flow is its path below `flows/` without `.flow.json`. Unknown keys are kept and reported. */
export interface Flow {
  readonly version: 1;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
  readonly settings?: FlowSettings;
  readonly triggers?: Readonly<Record<string, FlowTrigger>>;
  readonly variables?: Readonly<Record<string, FlowVariable>>;
  /** Id of the step that gets the trigger's payload. */
  readonly start?: string;
  readonly steps: Readonly<Record<string, Step>>;
  /** Texts on the canvas, for its readers: they do nothing in a run. */
  readonly notes?: Readonly<Record<string, FlowNote>>;
  /** Frames round steps that belong together, for its readers. */
  readonly groups?: Readonly<Record<string, FlowGroup>>;
  /** Positions of the steps that the user moved, integers on a 10-pixel grid. Always the last key. */
  readonly layout?: Readonly<Record<string, readonly [x: number, y: number]>>;
}

export interface FlowSettings {
  /** What a run keeps; default `full`. `errors`: bodies of failed payloads only. */
  readonly recording?: 'full' | 'errors' | 'none';
  /** Milliseconds for the whole run. */
  readonly timeoutMs?: number;
  /** Field names (any depth, case-insensitive) whose values are masked before they are stored; added to those of patchbay.json. */
  readonly redact?: readonly string[];
  /** Which of the runs that wait goes first; default `regular`. */
  readonly priority?: Priority;
  /** Runs of the flow that may be at work at a time; default as many as the runner does. */
  readonly concurrency?: number;
  /** How long its runs are kept, instead of what patchbay.json says. `runs`: so many of those that are over. Pinned ones stay. */
  readonly retention?: { readonly days?: number; readonly runs?: number };
  /** Groups that are told when a run fails that a trigger has started, instead of those of patchbay.json. */
  readonly notify?: readonly string[];
  /** What runs its scripts; `strict` counts where patchbay.json or the flow says it. */
  readonly scripts?: { readonly engine?: ScriptEngineName };
}

export const priorities = ['highest', 'high', 'regular', 'low', 'lowest'] as const;
export type Priority = (typeof priorities)[number];

export interface FlowTrigger {
  /** Type of a trigger plugin. */
  readonly trigger: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly disabled?: boolean;
  /** Of the runs that it starts, instead of the flow's. */
  readonly priority?: Priority;
}

export interface FlowVariable {
  readonly type?: 'string' | 'number' | 'boolean' | 'object' | 'array';
  readonly default?: unknown;
  readonly description?: string;
}

export interface FlowNote {
  /** Markdown. */
  readonly text: string;
  /** On the canvas, on the grid of `layout`; without it above the steps. */
  readonly place?: readonly [x: number, y: number, width: number, height: number];
}

export interface FlowGroup {
  readonly title?: string;
  readonly steps: readonly string[];
}

/** A use of a shape. */
export interface Step {
  /** Type of a shape plugin. */
  readonly shape: string;
  readonly title?: string;
  readonly notes?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Payloads pass a disabled step unchanged, out of its first port. */
  readonly disabled?: boolean;
  readonly timeoutMs?: number;
  readonly retry?: StepRetry;
  /** Payloads in work at a time; default 1. Their order is kept at any number. */
  readonly concurrency?: number;
  /** Begins only when all payloads have arrived. */
  readonly waitForAll?: boolean;
  /** Port → id of the step that gets its payloads. A port without an entry ends the path. */
  readonly next?: Readonly<Record<string, string>>;
}

export interface StepRetry {
  /** Further attempts after the first. */
  readonly attempts?: number;
  /** Milliseconds before the first of them; doubled each time, ± 20 %. Default 500. */
  readonly delayMs?: number;
  readonly maxDelayMs?: number;
}
