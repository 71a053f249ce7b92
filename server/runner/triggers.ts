import { FlowError, type HttpResponse, type IncomingRequest, type Trigger, type TriggerContext, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { EngineHost, Registry } from '../engine/host.ts';
import type { RunResult } from '../model/api.ts';
import type { FlowTrigger } from '../model/flow.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { RunnerLog } from './log.ts';
import { queueOf, type Queue } from './queue.ts';

/** The triggers that listen: each is the event stream of its plugin, and each event starts a run. */
export interface Triggers {
  /** Begins and ends listening so that exactly the wanted triggers listen. */
  sync(wanted: readonly WantedTrigger[]): void;
  /** Hands over a request. `undefined`: the trigger takes none. */
  hook(wanted: WantedTrigger, request: IncomingRequest): Promise<true | undefined>;
  close(): Promise<void>;
}

export interface WantedTrigger {
  readonly flow: string;
  readonly id: string;
  readonly trigger: FlowTrigger;
  /** Changes when the trigger has to begin anew. */
  readonly stamp: string;
  /** Where its plugin is found; default that of the workspace. */
  readonly registry?: Registry;
}

export interface TriggersOptions {
  readonly registry: Registry;
  readonly clock: EngineHost['clock'];
  readonly log: RunnerLog;
  readonly secret: (name: string) => Promise<string>;
  readonly start: (request: StartRun) => Promise<StartedRun>;
  /** See `TriggerContext.memory`. */
  readonly memory: (flow: string, trigger: string) => TriggerContext['memory'];
}

interface Listener {
  readonly wanted: WantedTrigger;
  readonly abort: AbortController;
  readonly requests: Queue<IncomingRequest>;
  /** Resolves when the plugin asks for requests (true), or is known not to (false). */
  readonly takesRequests: Promise<boolean>;
  readonly ended: Promise<void>;
  failure: FlowError | undefined;
}

const mostRequests = 10_000;
const mostStarting = 1_000;
/** How long a trigger may take until it asks for its requests. */
const openMs = 2_000;
/** Before a trigger that has failed listens again. */
const pauseMs = 5_000;

export function createTriggers(options: TriggersOptions): Triggers {
  const listeners = new Map<string, Listener>();
  const keyOf = ({ flow, id }: WantedTrigger): string => `${flow}\n${id}`;

  const open = (wanted: WantedTrigger): Listener => {
    const listener = listen(wanted, options);
    listeners.set(keyOf(wanted), listener);
    return listener;
  };
  const close = (key: string, listener: Listener): void => {
    listeners.delete(key);
    listener.abort.abort(new FlowError('RUN_STOPPED', 'The trigger has ended.'));
  };
  const current = (wanted: WantedTrigger): Listener => {
    const key = keyOf(wanted);
    const known = listeners.get(key);
    if (known?.wanted.stamp === wanted.stamp) return known;
    if (known) close(key, known);
    return open(wanted);
  };

  return {
    sync(wanted) {
      const keys = new Set(wanted.map(keyOf));
      for (const [key, listener] of listeners) if (!keys.has(key)) close(key, listener);
      for (const one of wanted) current(one);
    },
    async hook(wanted, request) {
      const listener = current(wanted);
      if (!(await listener.takesRequests)) {
        if (!listener.failure) return undefined;
        request.respond(problem(503, listener.failure.code, 'The trigger does not work: see the log of the runner.'));
        return true;
      }
      if (listener.requests.size >= mostRequests) request.respond(problem(503, 'API_INVALID', 'Too many requests are waiting.'));
      else listener.requests.push(request);
      return true;
    },
    async close() {
      const open = [...listeners];
      for (const [key, listener] of open) close(key, listener);
      await Promise.all(open.map(([, { ended }]) => ended));
    },
  };
}

function listen(wanted: WantedTrigger, options: TriggersOptions): Listener {
  const abort = new AbortController();
  const requests = queueOf<IncomingRequest>(abort.signal);
  const asked = Promise.withResolvers<boolean>();
  const context = contextOf(options, options.memory(wanted.flow, wanted.id), abort.signal, requests, asked.resolve);
  const listener: Listener = { wanted, abort, requests, takesRequests: asked.promise, failure: undefined, ended: run() };
  return listener;

  async function run(): Promise<void> {
    const timer = setTimeout(() => asked.resolve(false), openMs).unref();
    const { log, clock } = options;
    while (!abort.signal.aborted) {
      try {
        await consume(wanted, options, context, abort.signal);
        break;
      } catch (error) {
        if (abort.signal.aborted) break;
        listener.failure = asFlowError(error);
        asked.resolve(false);
        log.error(`The trigger ${wanted.id} of the flow ${wanted.flow} has failed: ${listener.failure.message}`, { code: listener.failure.code });
        if (FlowError.is(error)) break;
        await clock.sleep(pauseMs, abort.signal).catch(() => undefined);
      }
    }
    clearTimeout(timer);
    asked.resolve(false);
    for (const request of requests.drain()) request.respond(problem(503, 'RUN_STOPPED', 'The trigger has ended.'));
  }
}

async function consume({ flow, id, trigger, registry: own }: WantedTrigger, options: TriggersOptions, context: TriggerContext, signal: AbortSignal): Promise<void> {
  const registry = own ?? options.registry;
  const plugin = (await registry.find('trigger', trigger.trigger)) as Trigger | undefined;
  if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no trigger of type ${JSON.stringify(trigger.trigger)}.`);
  const settings = registry.complete(plugin, trigger.settings);
  const starting = new Set<Promise<void>>();
  for await (const event of plugin.events(settings as never, context)) {
    if (signal.aborted) return;
    const handled = handle(event, { flow, trigger: id }, options).finally(() => starting.delete(handled));
    starting.add(handled);
    // Runs are accepted side by side, so that one commit serves many; but not without end.
    if (starting.size >= mostStarting) await Promise.race(starting);
  }
}

async function handle(event: TriggerEvent, { flow, trigger }: { readonly flow: string; readonly trigger: string }, { start, log }: TriggersOptions): Promise<void> {
  let isAnswered = false;
  try {
    const { reply } = event;
    const started = await start({
      flow, trigger, payload: event.payload ?? { body: {}, mediaType: 'application/json' }, ...(event.key !== undefined && { key: event.key }),
      ...(reply && {
        onReply: ({ status, headers, body, mediaType }) => {
          isAnswered = true;
          reply({ status, headers: { 'content-type': mediaType, ...headers }, body });
        },
      }),
    });
    event.accepted?.({ id: started.head.id });
    if (!reply) return;
    const result = await started.done;
    if (!isAnswered) reply(endOf(result));
  } catch (error) {
    const failure = asFlowError(error);
    log.error(`The flow ${flow} could not be started by its trigger ${trigger}: ${failure.message}`, { code: failure.code, ...(failure.place && { place: failure.place }) });
    event.reply?.(problem(failure.code === 'STORAGE_FAILED' || failure.code === 'RUN_STOPPED' ? 503 : 500, failure.code, 'The flow could not be started: see the log of the runner.'));
  }
}

/** The answer to a caller for whom no callback step has answered. What went wrong is for those who may see the run. */
function endOf({ run, status, error }: RunResult): HttpResponse {
  if (status === 'success' || status === 'partial-success') return { status: 204, headers: {}, body: undefined };
  return { ...problem(500, error?.code ?? 'INTERNAL', `The run has ended (${status}) without an answer.`, { run }) };
}

const problem = (status: number, code: string, detail: string, more: object = {}): HttpResponse => ({
  status, headers: { 'content-type': 'application/problem+json' }, body: { type: 'about:blank', title: detail, status, code, detail, ...more },
});

const contextOf = ({ clock, log, secret }: TriggersOptions, memory: TriggerContext['memory'], signal: AbortSignal, requests: Queue<IncomingRequest>, asked: (takesRequests: boolean) => void): TriggerContext => ({
  signal, log, secret, random: Math.random, memory,
  // One that sleeps before it has asked for requests goes by the clock.
  clock: { now: clock.now, sleep: sleeper(clock, signal, () => asked(false)) },
  requests() {
    asked(true);
    return requests;
  },
});

/**
 * Sleeps that end with a signal. One listener serves all: a signal looks through all its listeners whenever one is added, and a webhook may have
 * thousands of callers who wait.
 */
function sleeper(clock: EngineHost['clock'], signal: AbortSignal, sleeps: () => void): (ms: number) => Promise<void> {
  const sleeping = new Set<AbortController>();
  signal.addEventListener('abort', () => { for (const one of sleeping) one.abort(signal.reason); }, { once: true });
  return async (ms) => {
    sleeps();
    signal.throwIfAborted();
    const own = new AbortController();
    sleeping.add(own);
    try {
      await clock.sleep(ms, own.signal);
    } finally {
      sleeping.delete(own);
    }
  };
}

const asFlowError = (error: unknown): FlowError => (FlowError.is(error) ? error : new FlowError('INTERNAL', `${(error as Error).message}.`, { cause: error }));
