import { FlowError } from '../../plugins/sdk/index.ts';
import type { RunResult } from '../model/api.ts';
import type { Recordings } from '../stores/recordings.ts';
import { acceptRun } from './accept-run.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { Dispatcher } from './dispatch.ts';
import { againOf } from './run-again.ts';
import type { Workbench } from './workbench.ts';

export interface RunStarter {
  start(request: StartRun): Promise<StartedRun>;
  /** Nothing is accepted any more. */
  close(): void;
}

export interface RunStarterOptions {
  readonly workbench: Workbench;
  readonly recordings: () => Recordings;
  readonly dispatcher: Dispatcher;
  /** Whether this runner works on whatever is in the queue, and not only on what it starts itself. */
  readonly isListening: () => boolean;
  /** Where a run is debugged, because somebody waits for such runs. */
  readonly debugOf: (request: Pick<StartRun, 'flow'>) => string | undefined;
}

/** Accepts runs, and leaves them to the queue. */
export function createRunStarter({ workbench, recordings, dispatcher, isListening, debugOf }: RunStarterOptions): RunStarter {
  let isClosed = false;
  return {
    close() {
      isClosed = true;
    },
    async start(request) {
      if (isClosed) throw new FlowError('RUN_STOPPED', 'The runner is closing: no run starts any more.');
      const debug = request.debug ?? debugOf(request);
      const { onReply: reply, isAwaited = !isListening() || debug !== undefined } = request;
      let named = '';
      const name = (run: string): void => {
        named = run;
        // What nobody waits for may be run by another process, and is forgotten here.
        if (reply || isAwaited) dispatcher.expect(run, { ...(reply && { reply }), ...(isAwaited && { outputs: 'bodies' }), ...(isAwaited && request.outputsTo !== undefined && { outputsTo: request.outputsTo }), ...(debug !== undefined && { debug }) });
      };
      const accepted = await acceptRun(request, { workbench, recordings, isReserved: !isListening() || isAwaited || reply !== undefined, named: name }).catch((error: unknown) => {
        dispatcher.forget(named);
        throw error;
      });
      if (accepted.isNew) dispatcher.wake();
      else dispatcher.forget(named);
      return started(accepted, dispatcher);
    },
  };
}

/** Not everybody waits for a run, and who does not costs nothing. */
function started({ head, isNew }: Pick<StartedRun, 'head' | 'isNew'>, dispatcher: Dispatcher): StartedRun {
  let done: StartedRun['done'] | undefined;
  return {
    head, isNew,
    get done() {
      if (!done) {
        done = endOf(head.id, dispatcher);
        done.catch(() => undefined);
      }
      return done;
    },
  };
}

/** Of the run, or of the last of those that did it again. */
async function endOf(run: string, dispatcher: Dispatcher): Promise<RunResult> {
  const { result } = await dispatcher.wait(run);
  const again = againOf(result.error);
  return again === undefined ? result : endOf(again, dispatcher);
}
