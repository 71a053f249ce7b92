import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import type { RunnerClient } from '../../webview/protocol/runner-client.ts';

const everyMs = 100;

/** What happens from now on in one run, or the heads of all, in batches: a webview gets at most ten messages a second. */
export interface EventBatches {
  /** Ends what was followed before. `undefined`: the heads of all runs. */
  follow(run: string | undefined): void;
  end(): void;
}

export function eventBatches(client: Pick<RunnerClient, 'events' | 'heads'>, show: (events: readonly NumberedRunEvent[]) => void): EventBatches {
  let current: AbortController | undefined;
  const end = (): void => { current?.abort(); current = undefined; };
  return {
    follow(run) {
      end();
      const own = current = new AbortController();
      void pump(run === undefined ? client.heads(own.signal) : client.events(run, own.signal, 'now'), own.signal, show);
    },
    end,
  };
}

async function pump(events: AsyncIterable<NumberedRunEvent>, signal: AbortSignal, show: (events: readonly NumberedRunEvent[]) => void): Promise<void> {
  let waiting: NumberedRunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0 && !signal.aborted) show(batch);
  };
  try {
    for await (const event of events) {
      waiting.push(event);
      timer ??= setTimeout(flush, everyMs);
    }
  } catch {
    // The runner has ended: the view asks again when the user looks at a run.
  }
  clearTimeout(timer);
  flush();
}
