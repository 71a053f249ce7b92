import type { PayloadRow } from './api.ts';
import type { DiffOptions, RecordsDiff } from './record-diff.ts';
import type { RunError, RunStatus } from './run-event.ts';

/** What two runs did otherwise. */
export interface RunDiff {
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  readonly identical: boolean;
  /** Only those that differ. */
  readonly steps: readonly StepDiff[];
  /** Names of steps, or ports such as `map.out`, that hold more than was compared, or nothing that could be. */
  readonly cut: readonly string[];
}

export interface ComparedRun {
  readonly run: string;
  readonly flow: string;
  readonly status: RunStatus;
  /** With which it ended. */
  readonly error?: Pick<RunError, 'code' | 'message' | 'step'>;
}

export interface StepDiff {
  readonly step: string;
  /** What was counted differently: `in`, `out`, `failed`, `records`, `requests`, `pages`. */
  readonly counts: Readonly<Record<string, { readonly before: number; readonly after: number }>>;
  readonly ports: readonly PortDiff[];
  /** Payloads that failed. */
  readonly failed?: RecordsDiff;
  /** Errors with which other numbers of payloads failed. */
  readonly errors?: readonly ErrorDiff[];
}

export interface ErrorDiff extends Pick<RunError, 'code' | 'message'> {
  /** How many payloads failed with it. */
  readonly before: number;
  readonly after: number;
}

export interface PortDiff extends RecordsDiff {
  readonly port: string;
}

/** Payloads at one side of a step of a run. */
export interface DiffSide {
  readonly run: string;
  readonly step: string;
  readonly side: PayloadRow['side'];
  /** Only what left there. */
  readonly port?: string;
  /** Only this payload; only those that were made of this one. */
  readonly payload?: string;
  readonly from?: string;
}

export interface PayloadDiffOrder extends Pick<DiffOptions, 'ignore'> {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Default a field that looks like one; `''`: the order of the records. */
  readonly key?: string;
}

/** How the payloads of two sides differ. */
export interface PayloadDiff extends RecordsDiff {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  /** Texts that are no JSON, line by line: `-` was removed, `+` added. */
  readonly lines?: readonly string[];
}

export interface ComparedSide {
  readonly payloads: number;
  /** Those that were compared. */
  readonly records: number;
  /** There is more than was compared, or something that was not recorded. */
  readonly isCut: boolean;
}
