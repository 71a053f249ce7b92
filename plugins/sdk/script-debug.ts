/** Who debugs the scripts of a run. An engine that can stop scripts asks it before a call; one that cannot says so. */
export interface ScriptDebug {
  /** Aborts when the debug session ends. What was started for it ends with it: nothing outside of a session lets anybody look into a script. */
  readonly session: AbortSignal;
  /** Whether the call that begins may stop in this file. */
  wants(file: string): boolean;
  /** Whether it stops at the first statement that it comes to; true once. */
  takeEntry(file: string): boolean;
  /** Lines of a file, from 1, at which it stops. */
  lines(file: string): readonly number[];
  /** Called when the lines have changed; gives what ends that. */
  onChange(changed: () => void): () => void;
  /** The script stands, and its time limit does not count. It goes on when this resolves; it never fails. */
  stopped(stop: ScriptStop): Promise<ScriptStride>;
  /** Scripts cannot be stopped here, and why. */
  refuse(reason: string): void;
}

/** How a script goes on: to the next line, into what it calls, out of a function. */
export type ScriptStride = 'continue' | 'next' | 'in' | 'out';

/** A script that stands. Everything can be asked as long as it does; what is asked changes nothing. */
export interface ScriptStop {
  readonly isBreakpoint: boolean;
  /** From where it stands outwards; those of the script alone. */
  readonly frames: readonly ScriptFrame[];
  /** Some of the entries at a path below a scope of a frame. Fails with `DATA_MISSING` where there is nothing. */
  entries(frame: number, scope: number, path: readonly (string | number)[], window: { readonly start: number; readonly count: number }): Promise<readonly ScriptEntry[]>;
  /** Fails with `SCRIPT_THREW` where it throws, or would change something. */
  evaluate(frame: number, expression: string): Promise<ScriptEntry>;
  /** Puts a JSON value at a path below a scope of a frame. Fails with `DATA_MISSING` where there is no such place, and with `SCRIPT_THREW` where it cannot be changed. */
  set(frame: number, scope: number, path: readonly (string | number)[], value: unknown): Promise<void>;
}

export interface ScriptFrame {
  readonly name: string;
  /** As the script was compiled under. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly scopes: readonly string[];
}

export interface ScriptEntry {
  readonly key: string | number;
  readonly kind: 'array' | 'object' | 'string' | 'number' | 'boolean' | 'null' | 'undefined' | 'other';
  /** Entries of an array or object. */
  readonly count: number;
  /** Of what has no entries, where JSON can hold it; of the others, the first of theirs where they are small. Texts are cut at 64 Ki letters. */
  readonly value?: unknown;
  /** How `other` is shown: a function, a symbol, a date. */
  readonly text?: string;
}
