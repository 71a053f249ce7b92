/** What the recorder asks of the writer. Plain data that survives structured clone; tuples, because there are many. `run` is the recorder's own number of a run. */
export type WriteOp =
  | readonly ['accept', run: number, row: RunRow]
  | EventOp
  /** How long the step worked on the payload that came with event `seq`, where that has been written already. */
  | readonly ['done', run: number, seq: number, durationMs: number]
  /** `data` is text (stored as UTF-8) or bytes. Kept once however often it is given. */
  | readonly ['body', run: number, hash: string, mediaType: string, size: number, data: string | Uint8Array]
  | readonly ['state', run: number, state: RunState]
  /** Nothing more comes of this run. */
  | readonly ['end', run: number];

/** Mutable until it is sent: the duration of an arrival often comes before. */
export type EventOp = ['event', run: number, seq: number, kind: number, step: string | null, json: string, durationMs: number | null];

export interface RunRow {
  readonly id: string;
  readonly flow: string;
  readonly flowVersion: string;
  readonly flowText: string;
  readonly trigger: string;
  readonly key?: string;
  readonly environment?: string;
  readonly owner: string;
  readonly queuedAt: number;
  readonly seed: number;
  /** JSON of the payload's head. */
  readonly input?: string;
}

export interface RunState {
  readonly status: string;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly failedPayloads: number;
  /** JSON. */
  readonly error?: string;
  /** JSON of the counts per step. */
  readonly steps: string;
}

export interface WriteBatch {
  readonly id: number;
  readonly ops: readonly WriteOp[];
  /** The batch must survive a power cut once it is answered. */
  readonly isDurable: boolean;
}

/** The answer to a batch: all of it was written, or nothing. The first answer of several batches written together names the duplicates of all. */
export type WriteAnswer =
  | { readonly id: number; /** Runs that were not accepted because one with their key was there, and that one's id. */ readonly duplicates: readonly (readonly [run: number, existing: string])[] }
  | { readonly id: number; readonly failure: { readonly message: string; readonly code?: string; readonly errcode?: number } };
