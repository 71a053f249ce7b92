import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import { confirmProduction, type Confirmation } from '../protocol/confirm-production.ts';
import { RunnerProblem, type RunnerClient } from '../protocol/runner-client.ts';

export interface ApiHostOptions {
  readonly client: RunnerClient;
  readonly catalog: readonly CatalogEntry[];
  readonly events: (events: readonly NumberedRunEvent[]) => void;
  /** The stream of events is there, or is away and will be asked for again. */
  readonly connected: (isConnected: boolean) => void;
  /** The token is not taken any more. */
  readonly signedOut: () => void;
  readonly openFlow: (flow: string) => void;
}

/** Milliseconds until a stream that broke off is asked for again; doubled up to the last. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** Answers the run view from the runner's API, where VS Code's extension would. */
export function apiHost(options: ApiHostOptions): Api<RunHost> & { end(): void } {
  const { client } = options;
  let following: AbortController | undefined;
  /** The view asks in vain once the token is not taken any more; then it is the form to sign in that counts. */
  const guarded = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    try {
      return await ask(...args);
    } catch (error) {
      if (error instanceof RunnerProblem && error.status === 401) options.signedOut();
      throw error instanceof TypeError ? new Error('The runner cannot be reached. Check that it runs.') : error;
    }
  };
  const follow = async (run: string | undefined): Promise<void> => {
    following?.abort();
    following = new AbortController();
    void keepFollowing(run, following.signal, options);
  };
  return {
    open: async () => ({ catalog: options.catalog, title: 'Patchbay' }),
    flows: guarded(client.flows),
    runs: guarded(client.runs),
    run: guarded(client.run),
    payloads: guarded(client.payloads),
    exchanges: guarded(client.exchanges),
    logs: guarded(client.logs),
    body: guarded((run, hash, window) => client.window(run, hash, window)),
    saveBody: guarded(async (run, hash, name) => offerFile(await client.body(run, hash), name)),
    start: guarded((flow, payload) => started((confirm) => client.start(flow, { confirm, ...(payload !== undefined && { payload }) }))),
    again: guarded((run) => started((confirm) => client.retry(run, { confirm }))),
    stop: guarded(client.stop),
    follow,
    openFlow: async (flow) => options.openFlow(flow),
    end: () => following?.abort(),
  };
}

/** The id of a run that was started; against production only where the user has typed that it is meant. */
export async function started(start: (confirm?: Confirmation) => Promise<{ readonly run: string }>): Promise<string> {
  const run = await confirmProduction((message) => prompt(`${message} Type "production" to start it.`) === 'production', start);
  if (!run) throw new Error('The run was not started.');
  return run.run;
}

async function keepFollowing(run: string | undefined, signal: AbortSignal, { client, events, connected, signedOut }: ApiHostOptions): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const stream = run === undefined ? client.heads(signal) : client.events(run, signal, 'now');
      connected(true);
      for await (const event of stream) {
        failures = 0;
        events([event]);
        if (run !== undefined && event.event.type === 'run-finished') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RunnerProblem && error.status === 401) return signedOut();
    }
    if (signal.aborted) return;
    // The runner ends streams when it stops, and those of readers that are too slow.
    connected(false);
    await pause(pauses[Math.min(failures, pauses.length - 1)]!, signal);
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});

function offerFile(bytes: Uint8Array, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
