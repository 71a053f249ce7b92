import type { OperationCall } from './operation-calls.ts';
import type { QueueCall } from './queue-calls.ts';
import type { Overlap } from './queue.ts';

/** What the recorder asks of the writer. Plain data that survives structured clone; tuples, because there are many. `run` is the recorder's own number of a run. */
export type WriteOp =
  /** A run, with its input and its first event: all of it or nothing. Nothing more comes of it under this number; always durable. */
  | readonly ['accept', run: number, row: RunRow, content: readonly (BodyOp | EventOp)[]]
  /** What follows under this number is of a run that was leased. */
  | readonly ['open', run: number, opening: Opening]
  | EventOp
  /** How long the step worked on the payload that came with event `seq`, where that has been written already. */
  | readonly ['done', run: number, seq: number, durationMs: number]
  | BodyOp
  | readonly ['state', run: number, state: RunState]
  /** Nothing more comes of this run. */
  | readonly ['end', run: number];

/** Mutable until it is sent: the duration of an arrival often comes before. */
export type EventOp = ['event', run: number, seq: number, kind: number, step: string | null, json: string, durationMs: number | null];

/** `data` is text (stored as UTF-8) or bytes. Kept once however often it is given. */
export type BodyOp = readonly ['body', run: number, hash: string, mediaType: string, size: number, data: string | Uint8Array];

export interface Opening {
  readonly id: string;
  /** Of the lease: under another one nothing is written. */
  readonly fence: number;
  /** What was recorded of it but its acceptance goes: it begins anew. */
  readonly isAnew?: boolean;
  /** The flow as it runs, where that is not what it was when the run was accepted. */
  readonly flow?: { readonly version: string; readonly text: string };
}

export interface RunRow {
  readonly id: string;
  readonly flow: string;
  readonly flowVersion: string;
  readonly flowText: string;
  readonly trigger: string;
  readonly key?: string;
  readonly environment?: string;
  readonly queuedAt: number;
  readonly seed: number;
  /** JSON of the payload's head. */
  readonly input?: string;
  readonly priority: number;
  readonly overlap: Overlap;
  readonly flowLimit?: number;
  readonly notBefore?: number;
  /** The owner who wants to lease it himself. */
  readonly reserved?: string;
  readonly version?: string;
  /** JSON. */
  readonly origin?: string;
  readonly request: string;
  readonly sealed?: Uint8Array;
  /** It was run elsewhere and is over: nobody runs it, and it is pinned. */
  readonly ended?: RunState;
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

export interface WriteCall {
  readonly id: number;
  readonly call: QueueCall | OperationCall;
}

/** A run of which nothing was written: one with its key was there, or one that it must not overlap (`existing`); or its lease is no longer good. */
export type Refusal = readonly [run: number, why: 'duplicate' | 'skipped' | 'fenced', existing: string];

/** The answer to a batch or a call: all of it was done, or nothing. */
export type WriteAnswer =
  | { readonly id: number; readonly refusals: readonly Refusal[] }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: { readonly message: string; readonly code?: string; readonly errcode?: number } };
