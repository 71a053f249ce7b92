import type { Recordings } from '../stores/recordings.ts';
import { FlowError } from '../../plugins/sdk/index.ts';
import { Debugger } from '../engine/debugger.ts';
import { recordCases, type CaseRecorder } from './cases/case-recorder.ts';
import { runTests } from './cases/tests.ts';
import { testFiles } from './cases/test-files.ts';
import type { Executors } from './executors.ts';
import { createMocks } from './mocks.ts';
import { replayPast } from './replay-past.ts';
import { releaseReason, runLeased } from './run-leased.ts';
import type { SettleRun } from './settle-run.ts';
import type { Workbench } from './workbench.ts';

export interface LocalExecutorOptions {
  readonly workbench: Workbench;
  readonly recordings: () => Recordings;
  readonly settle: SettleRun;
  /** Called before each run, which may be stopped meanwhile. */
  readonly ready?: () => Promise<void>;
}

/** Runs what was leased in this very thread. */
export function localExecutor({ workbench, recordings, settle, ready }: LocalExecutorOptions): Executors {
  const aborts = new Map<string, AbortController>();
  const debuggers = new Map<string, Debugger>();
  const recorders = new Map<string, CaseRecorder>();
  return {
    async run(lease, wants) {
      const abort = new AbortController();
      const debug = debuggers.get(wants.debug ?? '');
      aborts.set(lease.run, abort);
      try {
        await ready?.();
        return await runLeased(lease, { workbench, recordings: recordings(), settle, signal: abort.signal, wants, ...(debug && { debug }) });
      } finally {
        if (aborts.get(lease.run) === abort) aborts.delete(lease.run);
      }
    },
    stop(run, why) {
      aborts.get(run)?.abort(why === 'release' ? releaseReason : new FlowError('RUN_STOPPED', 'The run was stopped.'));
    },
    async test(request, signal, onCase) {
      await ready?.();
      const mocks = createMocks({ refresh: async () => undefined, workspace: workbench.workspace, host: () => workbench.plans.host(undefined), archive: () => recordings().archive });
      const debug = debuggers.get(request.debug ?? '');
      const recorder = recorders.get(request.debug ?? '');
      return runTests({ workbench, mocks, files: testFiles(workbench.root), ...(debug && { debug }), ...(recorder && { recorder }) }, { ...request, signal, ...(onCase && { onCase }) });
    },
    replay: async (request, signal) => replayPast(request, { workbench, recordings: recordings(), signal }),
    debug({ id, stopOnEntry }, tell) {
      const target = new Debugger({ stopOnEntry, tell });
      debuggers.set(id, target);
      recorders.set(id, recordCases(tell));
      const close = async (): Promise<void> => {
        debuggers.delete(id);
        recorders.delete(id);
        await target.detach();
      };
      return { target, [Symbol.asyncDispose]: close };
    },
    async [Symbol.asyncDispose]() {},
  };
}
