import type { Token } from '../../plugins/sdk/index.ts';
import type { ConnectionState, StateHost } from '../engine/host.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import type { Lease } from '../stores/queue.ts';
import type { Finished } from './dispatch.ts';
import type { ReplayResult } from '../model/api.ts';
import type { DebugEvent, DebugTarget } from '../model/debug.ts';
import type { CaseReport, TestReport } from '../model/test-report.ts';
import type { DebugOrder, Outcome, ReplayRequest, Reply, RunWants, TestOrder } from './executors.ts';
import type { Methods } from './calls.ts';

// What the control process and its executor threads say to each other. Bodies of payloads are not in it: each thread reads and writes recordings for itself.
// What somebody waits for is the exception: answers of callback steps, and outputs of runs.

/** What a thread is started with. */
export interface ExecutorStart {
  readonly root: string;
  readonly usual: 'draft' | 'deployed';
  /** Of the process, in the queue. */
  readonly owner: string;
  readonly editorSecrets: readonly (readonly [name: string, value: string])[];
  /** One number that grows as long as the thread is alive. */
  readonly beat: SharedArrayBuffer;
}

/** What an executor does when asked. */
export interface ExecutorMethods extends Methods {
  /** `files`: changes whenever files of the workspace have. */
  run(args: { readonly lease: Lease; readonly files: string; readonly isWatched: boolean; readonly hasCaller: boolean; readonly outputs?: NonNullable<RunWants['outputs']>; readonly outputsTo?: string; readonly debug?: string }): Promise<Outcome>;
  /** One at a time. */
  replay(args: { readonly request: ReplayRequest; readonly files: string }): Promise<ReplayResult>;
  /** One at a time. */
  test(args: { readonly request: TestOrder; readonly files: string }): Promise<TestReport>;
  /** A place to debug runs in. */
  openDebug(args: DebugOrder): void;
  /** One of its methods. */
  debug(args: { readonly id: string; readonly method: keyof DebugTarget; readonly args: readonly unknown[] }): Promise<unknown>;
  closeDebug(args: { readonly id: string }): Promise<void>;
  /** Nobody waits for the replay or the tests any more. */
  leave(args: Record<string, never>): void;
  stop(args: { readonly run: string; readonly why: 'stop' | 'release' }): void;
  /** Whether the events of a run are to be told as they happen; the beginnings and ends of runs always are. */
  watch(args: { readonly run: string; readonly isOn: boolean }): void;
  /** Resolves when what was recorded so far can be read. */
  settle(args: Record<string, never>): Promise<void>;
  editorSecrets(args: { readonly entries: ExecutorStart['editorSecrets'] }): void;
  conceal(args: { readonly value: string; readonly owner?: string }): void;
  /** For a connection whose token has ended: see `ControlMethods.token`. */
  renewToken(args: { readonly ticket: number; readonly last?: Token }): Promise<Token>;
  /** Ends what is open. */
  close(args: Record<string, never>): Promise<void>;
}

/** What executors ask of the control process. */
export interface ControlMethods extends Methods {
  /** The workspace is open, and what was asked for begins. */
  ready(args: Record<string, never>): void;
  /** In the order in which they happened. */
  events(args: { readonly events: readonly NumberedRunEvent[] }): void;
  reply(args: { readonly run: string; readonly reply: Reply }): void;
  /** A run of another flow is about to be accepted, and is wanted whole. */
  expect(args: { readonly run: string; readonly caller: string }): void;
  /** A case of the tests has ended. */
  caseEnded(args: { readonly report: CaseReport }): void;
  debugEvent(args: { readonly id: string; readonly event: DebugEvent }): void;
  wake(args: Record<string, never>): void;
  wait(args: { readonly run: string; readonly parked: string }): Promise<Finished>;
  conceal(args: { readonly value: string; readonly owner?: string }): void;
  log(args: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string; readonly fields?: Readonly<Record<string, unknown>> }): void;
  notify(args: { readonly group: string; readonly message: Parameters<StateHost['notify']>[1]; readonly place: Parameters<StateHost['notify']>[2] }): Promise<void>;
  // Limits, pauses and tokens of connections count for all threads together.
  admit(args: { readonly ticket: number; readonly key: string; readonly limit?: NonNullable<Parameters<ConnectionState['admit']>[1]>; readonly weight?: number }): Promise<void>;
  /** A request of the limit is over. */
  done(args: { readonly key: string }): void;
  /** Nobody waits for this admission any more. */
  leave(args: { readonly ticket: number }): void;
  pauseUntil(args: { readonly key: string; readonly time: number }): void;
  token(args: { readonly ticket: number; readonly key: string; readonly now: number; readonly stale?: Token; readonly kept?: string; readonly isReplaceable?: boolean }): Promise<Token>;
}
