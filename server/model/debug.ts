import type { NumberedRunEvent } from './run-event.ts';
import type { PayloadHead, RunError } from './run-event.ts';

// What a debugger and the run that it looks at say to each other: plain JSON, since they may be in two threads. Values are shown masked, and a window at a time.

/** Where a breakpoint stops a payload. */
export type DebugAt = 'before' | 'after' | 'failure' | 'page' | 'rule';

export interface DebugBreakpoint {
  readonly id: number;
  /** Id of the flow. */
  readonly flow: string;
  readonly step: string;
  readonly at: DebugAt;
  /** Of `after`: this port alone. */
  readonly port?: string;
  /** Of `rule`: its number, from 0. */
  readonly rule?: number;
  /** An expression; it stops where this is true. */
  readonly condition?: string;
  /** Which of the times that the condition holds: `5`, `>5`, `>=5`, `<5`, `<=5`, `%10`. Of `page`, the number of the page, from 1. */
  readonly hits?: string;
  /** Does not stop, but says this. */
  readonly log?: string;
}

/** A line of a script. Its condition, and what stands in braces in what it logs, is JavaScript. */
export interface DebugScriptPoint {
  readonly id: number;
  /** Below the root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly condition?: string;
  readonly hits?: string;
  readonly log?: string;
}

/** Stops where something is written. */
export interface DebugWatch {
  readonly id: number;
  readonly of: 'variable' | 'cache' | 'pool';
  /** Of the flow variable, the cache or the pool. */
  readonly name: string;
  /** Of a cache: this key alone. */
  readonly key?: string;
  readonly condition?: string;
  readonly hits?: string;
}

export const debugFilters = ['unhandled', 'caught', 'http', 'retry', 'warning'] as const;
export type DebugFilter = (typeof debugFilters)[number];

/** All at which a debugger stops. */
export interface DebugSetup {
  readonly breakpoints: readonly DebugBreakpoint[];
  readonly watches: readonly DebugWatch[];
  readonly filters: readonly { readonly filter: DebugFilter; readonly condition?: string }[];
  readonly scripts: readonly DebugScriptPoint[];
}

export const noStops: DebugSetup = { breakpoints: [], watches: [], filters: [], scripts: [] };

/** How a run that was stopped goes on. */
export type DebugResume =
  | { readonly how: 'continue' | 'next' | 'out' }
  /** `item`: the n-th that the step gives, from 1. */
  | { readonly how: 'in'; readonly target?: { readonly into: 'flow' | 'rules' | 'script' } | { readonly into: 'item'; readonly item: number } };

/** Where a payload was stopped. */
export interface DebugPlace {
  readonly run: string;
  readonly flow: string;
  readonly step: string;
  /** `work`: in the middle of it. */
  readonly at: DebugAt | 'work';
  readonly payload?: PayloadHead;
  readonly attempt?: number;
  readonly port?: string;
  readonly rule?: number;
  /** Of those that a map step reads, from 0. */
  readonly record?: number;
  readonly error?: RunError;
}

export interface DebugThread {
  readonly id: number;
  readonly name: string;
}

export interface DebugFrame {
  readonly name: string;
  readonly run: string;
  readonly flow: string;
  /** Absent for the flow itself. */
  readonly step?: string;
  readonly rule?: number;
  /** In a script: its file below the root, with line and column from 1. */
  readonly script?: { readonly file: string; readonly line: number; readonly column: number };
  readonly canRestart: boolean;
}

export const debugRoots = ['payload', 'record', 'outputs', 'target', 'meta', 'variables', 'hits', 'connection', 'error', 'script'] as const;
export type DebugRoot = (typeof debugRoots)[number];

export interface DebugScope {
  readonly name: string;
  readonly root: DebugRoot;
  /** Where below the root it begins; of a script, the number of the scope. */
  readonly path?: readonly (string | number)[];
  readonly indexed: number;
  readonly named: number;
}

/** A value below a root of a frame. */
export interface DebugRef {
  readonly thread: number;
  readonly frame: number;
  readonly root: DebugRoot;
  readonly path: readonly (string | number)[];
}

export interface DebugValue {
  readonly name: string;
  /** For people: cut where it is long. */
  readonly text: string;
  readonly type: string;
  /** What it holds, where that can be looked at. */
  readonly indexed: number;
  readonly named: number;
  readonly key: string | number;
  /** An expression that gives it. */
  readonly expression?: string;
  /** It is the root itself, which has no entries. */
  readonly isWhole?: true;
  /** Its bytes can be read: it is binary, or a text that was cut. */
  readonly hasBytes?: true;
}

export interface DebugWindow {
  readonly filter?: 'indexed' | 'named';
  readonly start?: number;
  readonly count?: number;
}

/** `path` is of the part of the result. Only what is small has parts. */
export interface DebugEvaluated extends DebugValue {
  /** The masked value, where it is not too long to be sent. */
  readonly value?: unknown;
}

/** Whoever asks for it knows that something may be done twice. */
export interface SendAgain {
  readonly isConfirmed?: boolean;
}

/** A run, or its recording, as a debugger sees it. Each fails with a `FlowError`. */
export interface DebugTarget {
  setup(setup: DebugSetup): Promise<void>;
  /** Fails where nothing is stopped. */
  resume(how: DebugResume): Promise<void>;
  pause(): Promise<void>;
  threads(): Promise<readonly DebugThread[]>;
  stack(thread: number): Promise<readonly DebugFrame[]>;
  scopes(thread: number, frame: number): Promise<readonly DebugScope[]>;
  values(ref: DebugRef, window: DebugWindow): Promise<readonly DebugValue[]>;
  /** Some of the masked bytes of a binary value, or of a text in UTF-8. Fails with `DATA_MISSING` where it has none. */
  bytes(ref: DebugRef, window: { readonly offset: number; readonly count: number }): Promise<Uint8Array>;
  /** Changes nothing. `full`: long texts are not cut. */
  evaluate(thread: number, frame: number, expression: string, options?: { readonly full?: boolean }): Promise<DebugEvaluated>;
  /** Gives what then stands there. */
  set(ref: DebugRef, value: unknown): Promise<DebugValue>;
  /** What `in` may go into. */
  targets(): Promise<readonly { readonly label: string; readonly target: NonNullable<Extract<DebugResume, { how: 'in' }>['target']> }[]>;
  /** The payload that was stopped goes on at another step. Fails with `WRITE_UNCONFIRMED` where something would be sent again that would be done twice. */
  move(step: string, options?: SendAgain): Promise<void>;
  /** What was stopped is done again from its beginning. Fails as `move` does. */
  restart(options?: SendAgain): Promise<void>;
  /** Nothing stops any more; the run goes on. */
  detach(): Promise<void>;
}

export const debugMethods = ['setup', 'resume', 'pause', 'threads', 'stack', 'scopes', 'values', 'bytes', 'evaluate', 'set', 'targets', 'move', 'restart', 'detach'] as const satisfies readonly (keyof DebugTarget)[];

export type DebugReason = 'entry' | 'step' | 'pause' | 'breakpoint' | 'data breakpoint' | 'exception' | 'goto' | 'restart';

export type DebugEvent =
  | { readonly type: 'stopped'; readonly place: DebugPlace; readonly reason: DebugReason; readonly breakpoints: readonly number[]; readonly text?: string }
  | { readonly type: 'continued' }
  | { readonly type: 'output'; readonly category: 'console' | 'stdout' | 'stderr' | 'important'; readonly text: string; readonly flow?: string; readonly step?: string }
  /** A run began; `caller`: the run whose step started it. */
  | { readonly type: 'run-began'; readonly run: string; readonly flow: string; readonly caller?: string }
  | { readonly type: 'run-ended'; readonly run: string }
  // Of runs that nobody records elsewhere: a run begins, something happens in it, and the body that it names.
  | { readonly type: 'recording'; readonly run: string; readonly flow: string; readonly flowText: string; readonly caller?: string }
  | { readonly type: 'recorded'; readonly event: NumberedRunEvent }
  | { readonly type: 'recorded-body'; readonly hash: string; readonly mediaType: string; readonly data: string | Uint8Array };

/** Whether the n-th time counts; `undefined` where the text is no such rule. */
export function parseHits(text: string): ((count: number) => boolean) | undefined {
  const [, sign = '=', digits] = /^\s*(==?|>=?|<=?|%)?\s*(\d{1,9})\s*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  switch (sign) {
    case '>': return (count) => count > number;
    case '>=': return (count) => count >= number;
    case '<': return (count) => count < number;
    case '<=': return (count) => count <= number;
    case '%': return number === 0 ? undefined : (count) => count % number === 0;
    default: return (count) => count === number;
  }
}

/** A log point says `{total}` where a text says `{{ payload.total }}`: both are taken. */
export const logTemplate = (text: string): string => (text.includes('{{') ? text : text.replaceAll(/\{([^{}]+)\}/g, '{{ $1 }}'));

/** A condition as a template. */
export const conditionTemplate = (text: string): string => (text.includes('{{') ? text : `{{ ${text} }}`);

/** What conditions, log points and what is evaluated may begin with. */
export const debugExpressionRoots = ['payload', 'meta', 'flow', 'env', 'run', 'now', 'error', 'status', 'page', 'record', 'port'] as const;
