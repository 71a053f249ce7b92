import type { ReplayResult, RunResult } from '../model/api.ts';
import type { DebugEvent, DebugTarget } from '../model/debug.ts';
import type { CaseReport, TestReport } from '../model/test-report.ts';
import type { Lease } from '../stores/queue.ts';
import type { Elsewhere } from '../stores/watchers.ts';

/** Those who run what was leased: this thread, or a pool of others. */
export interface Executors extends AsyncDisposable {
  /** Never fails. */
  run(lease: Lease, wants: RunWants): Promise<Outcome>;
  /** `release`: the run stops where it can go on later, and its outcome is `released`. Does nothing where the run is not at work here. */
  stop(run: string, why: 'stop' | 'release'): void;
  /** Runs a run again from its recording. Fails with the reason of the signal, with `RUN_STUCK` where its thread had to be ended, and as `PastRuns.replay` does. */
  replay(request: ReplayRequest, signal: AbortSignal): Promise<ReplayResult>;
  /** Runs cases of flows. Fails as `replay` does. */
  test(request: TestOrder, signal: AbortSignal, onCase?: (report: CaseReport) => void): Promise<TestReport>;
  /** Opens a place to debug runs in: those whose `RunWants.debug` is its id, and those that they start. */
  debug(place: DebugOrder, tell: (event: DebugEvent) => void): Debugging;
  /** Where they are other threads: how their events are listened to. */
  readonly elsewhere?: Elsewhere;
}

export interface ReplayRequest {
  readonly run: string;
  readonly version: 'then' | 'now';
  /** A folder with files of another time, laid out as the workspace: all is as it is there. */
  readonly files?: string;
  /** Of the repository, which has them: for messages. */
  readonly revision?: string;
  /** Begins at this step. */
  readonly from?: string;
  readonly payload?: PlainPayload;
  /** As in `RunWants`. */
  readonly outputsTo?: string;
}

export interface TestOrder {
  /** Files of tests below the root, or ids; default all. */
  readonly files?: readonly string[];
  /** Names of cases; default all of the files. */
  readonly cases?: readonly string[];
  /** Snapshots are written instead of compared. */
  readonly update?: boolean;
  /** Where their runs are debugged. */
  readonly debug?: string;
}

export interface DebugOrder {
  readonly id: string;
  readonly stopOnEntry: boolean;
}

/** Ends with all that stands going on. */
export interface Debugging extends AsyncDisposable {
  readonly target: DebugTarget;
}

export interface RunWants {
  /** Somebody waits for the answer of a callback step. */
  readonly reply?: (reply: Reply) => void;
  /** Somebody waits for what the run gives: bodies for people, payloads for another flow. */
  readonly outputs?: 'bodies' | 'payloads';
  /** A file into which they go, whole: see `OutputFile`. The result lists none then. */
  readonly outputsTo?: string;
  /** Where it is debugged. */
  readonly debug?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly mediaType: string;
}

export type Outcome =
  | { readonly type: 'ended'; readonly result: RunResult; /** Absent where they were not wanted, or are too long: then they are in the recording. */ readonly payloads?: readonly PlainPayload[] }
  /** It goes on later, under another lease. */
  | { readonly type: 'released' }
  /** The end could not be recorded: it will have to go on from what was. */
  | { readonly type: 'unrecorded' }
  /** Its thread could not begin, which is not the fault of the run: it is tried again a moment later. */
  | { readonly type: 'unbegun' }
  /** Somebody else has the run. */
  | { readonly type: 'fenced' }
  /** Its thread is gone. `isCulprit`: nothing else was at work there. */
  | { readonly type: 'died'; readonly cause: 'stuck' | 'memory' | 'crashed'; readonly message: string; readonly isCulprit: boolean };

/** A payload as it goes from thread to thread. */
export interface PlainPayload {
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly body: unknown;
}
