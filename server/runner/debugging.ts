import { randomUUID } from 'node:crypto';
import type { DebugEvent, DebugTarget } from '../model/debug.ts';
import type { TestReport } from '../model/test-report.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { Executors, TestOrder } from './executors.ts';
import type { ForkOptions, Forks } from './past-runs.ts';
import type { Tests } from './tests.ts';

/** Runs that are debugged have a thread of their own, where the runs that they start are as well. */
export interface DebugAccess {
  open(options: { readonly stopOnEntry?: boolean; /** Runs that others start are debugged, too: of this flow, or of all (`*`). */ readonly waitsFor?: string }, tell: (event: DebugEvent) => void): DebuggedRuns;
  /** Events of a run after a place of its stream, as far as it was recorded. Gives them when all that has happened can be read. */
  events(run: string, afterSeq: number, limit: number): Promise<readonly NumberedRunEvent[]>;
}

/** What stands goes on when it is disposed. */
export interface DebuggedRuns extends AsyncDisposable {
  readonly target: DebugTarget;
  /** As `Runner.start`. */
  start(request: StartRun): Promise<StartedRun>;
  /** Cases of tests, one after the other. As `Tests.run`. */
  test(order: Pick<TestOrder, 'files' | 'cases'>, signal: AbortSignal): Promise<TestReport>;
  /** See `Forks`. */
  fork(run: string, options: ForkOptions): Promise<StartedRun>;
}

export interface DebuggingOptions {
  readonly executors: Pick<Executors, 'debug' | 'elsewhere'>;
  readonly start: (request: StartRun) => Promise<StartedRun>;
  readonly fork: Forks['fork'];
  readonly test: Tests['run'];
  readonly recordings: () => Pick<Recordings, 'flush' | 'archive'>;
}

export function createDebugging({ executors, start, fork, test, recordings }: DebuggingOptions): DebugAccess & { waitsFor(flow: string): string | undefined } {
  const waiting = new Map<string, string>();
  return {
    open({ stopOnEntry = false, waitsFor }, tell) {
      const id = randomUUID();
      const debugging = executors.debug({ id, stopOnEntry }, tell);
      if (waitsFor !== undefined) waiting.set(id, waitsFor);
      return {
        target: debugging.target,
        start: (request) => start({ ...request, debug: id }),
        test: (order, signal) => test({ ...order, signal, debug: id }),
        fork: (run, options) => fork(run, { ...options, debug: id }),
        async [Symbol.asyncDispose]() {
          waiting.delete(id);
          await debugging[Symbol.asyncDispose]();
        },
      };
    },
    async events(run, afterSeq, limit) {
      await Promise.all([recordings().flush(), executors.elsewhere?.settle(run)]);
      return recordings().archive.events(run, afterSeq, limit);
    },
    waitsFor: (flow) => [...waiting].findLast(([, wanted]) => wanted === '*' || wanted === flow)?.[0],
  };
}
