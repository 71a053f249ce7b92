import type { HttpResponse, TriggerContext } from '../sdk/index.ts';
import { problem } from './problem.ts';

export type Respond = (response: HttpResponse) => void;

export interface WaitingCallers {
  add(respond: Respond): void;
  delete(respond: Respond): void;
}

/** Those who wait for a callback, each for the same time: one sleep, for the first of them, serves all. */
export function waitingCallers(timeoutMs: number, clock: TriggerContext['clock']): WaitingCallers {
  const deadlines = new Map<Respond, number>();
  let isWatching = false;
  const watch = async (): Promise<void> => {
    isWatching = true;
    try {
      for (let now = clock.now(); deadlines.size > 0; now = clock.now()) {
        const [first, deadline] = deadlines.entries().next().value as [Respond, number];
        await clock.sleep(Math.max(0, deadline - now));
        // Where it was answered in the meantime, it does nothing.
        first(problem(504, 'STEP_TIMEOUT', 'No callback step has answered in time. The run goes on.'));
      }
    } catch {
      for (const respond of deadlines.keys()) respond(problem(503, 'RUN_STOPPED', 'Patchbay was stopped before a callback step answered.'));
    }
    isWatching = false;
  };
  return {
    add(respond) {
      deadlines.set(respond, clock.now() + timeoutMs);
      if (!isWatching) void watch();
    },
    delete: (respond) => void deadlines.delete(respond),
  };
}
