import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import type { Api } from '../protocol/rpc.ts';
import type { AgainRequest, RunHost } from '../protocol/run.ts';
import { confirmProduction, type Confirmation } from '../protocol/confirm-production.ts';
import { productionQuestion } from '../protocol/production-question.ts';
import { RunnerProblem, type RunnerClient } from '../protocol/runner-client.ts';
import { ask } from '../shared/ask.ts';
import { offerFile } from './file-offer.ts';
import { guarded } from './guarded.ts';

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
  const follow = async (run: string | undefined): Promise<void> => {
    following?.abort();
    following = new AbortController();
    void keepFollowing(run, following.signal, options);
  };
  return {
    ...guarded({
      open: async () => ({ catalog: options.catalog, title: 'Patchbay' }),
      run: client.run,
      payloads: client.payloads,
      exchanges: client.exchanges,
      logs: client.logs,
      body: client.window,
      findInBody: client.findInBody,
      queryBody: client.queryBody,
      openBody: async () => false,
      saveBody: async (run: string, hash: string, name: string) => offerFile(new Blob([(await client.body(run, hash)) as Uint8Array<ArrayBuffer>]), name),
      again: (run: string, how: AgainRequest) => started((confirm) => client.retry(run, { confirm, ...how, version: ageOf(how) })),
      resume: (run: string, failed?: string) => started((confirm) => client.resume(run, { confirm, failed })),
      replay: (run: string, how: AgainRequest) => client.replay(run, { ...how, version: ageOf(how) }),
      payloadDiff: client.payloadDiff,
      lineage: client.lineage,
      exportRun: async (run: string) => offerFile(new Blob([(await client.exportRun(run)) as Uint8Array<ArrayBuffer>]), `${run}.patchbayrun`),
      openDiff: async () => false,
      runsOf: async (flow: string) => (await client.runs({ flow, perPage: 100 })).items,
      runDiff: client.runDiff,
      stop: client.stop,
    }, options.signedOut),
    follow,
    openFlow: async (flow) => options.openFlow(flow),
    end: () => following?.abort(),
  };
}

/** Nobody has a repository here. */
const ageOf = ({ version }: AgainRequest): 'then' | 'now' | undefined => (version === 'committed' ? undefined : version);

/** The id of a run that was started; against production only where the user has typed that it is meant. */
export async function started(start: (confirm?: Confirmation) => Promise<{ readonly run: string }>): Promise<string> {
  const run = await withConfirmation(start);
  if (!run) throw new Error('The run was not started.');
  return run.run;
}

/** Does what may concern production; where it does, the user types that it is meant. `undefined`: it is not. */
export const withConfirmation = <T>(work: (confirm?: Confirmation) => Promise<T>): Promise<T | undefined> =>
  confirmProduction(async (text) => (await ask(productionQuestion(text))) !== undefined, work);

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
