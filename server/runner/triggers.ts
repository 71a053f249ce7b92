import { errors, FlowError, type HttpResponse, type IncomingRequest, type Trigger, type TriggerContext, type TriggerEvent } from '../../plugins/sdk/index.ts';
import type { EngineHost, Registry } from '../engine/host.ts';
import { placed } from '../engine/place.ts';
import type { Listening } from '../engine/protocol.ts';
import type { FlowTrigger } from '../model/flow.ts';
import { pointerOf } from '../model/json.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { FlowPlans } from './flow-plans.ts';
import type { RunnerLog } from './log.ts';
import { queueOf, type Queue } from './queue.ts';
import { problem, startEvent } from './trigger-event.ts';
import { asFlowError } from './unexpected.ts';

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
  /** Where its instances are found; default the workspace as it is. */
  readonly plans?: FlowPlans;
}

export interface TriggersOptions {
  readonly registry: Registry;
  readonly clock: EngineHost['clock'];
  readonly log: RunnerLog;
  readonly secret: (name: string) => Promise<string>;
  readonly start: (request: StartRun) => Promise<StartedRun>;
  /** See `EventOptions`. */
  readonly started?: (request: IncomingRequest, run: string) => void;
  /** See `TriggerContext.memory`. */
  readonly memory: (flow: string, trigger: string) => TriggerContext['memory'];
  /** See `TriggerContext.listen`. */
  readonly listen: (plans: FlowPlans | undefined, endpoint: { readonly instance: string; readonly endpoint: string }, listening: Listening) => AsyncIterable<TriggerEvent>;
}

interface Listener {
  readonly wanted: WantedTrigger;
  readonly abort: AbortController;
  readonly requests: Queue<IncomingRequest>;
  /** Resolves when the plugin is found; false also where it is not. */
  readonly takesRequests: Promise<boolean>;
  readonly ended: Promise<void>;
  /** While it does not work. */
  failure: FlowError | undefined;
}

const mostRequests = 10_000;
const mostStarting = 1_000;
/** Before a trigger that has failed listens again; doubled as long as it fails. */
const pauseMs = { first: 5_000, most: 300_000 };

export function createTriggers(options: TriggersOptions): Triggers {
  const listeners = new Map<string, Listener>();
  const told: Told = new Map();
  const keyOf = ({ flow, id }: WantedTrigger): string => `${flow}\n${id}`;

  const open = (wanted: WantedTrigger): Listener => {
    const listener = listen(wanted, options, keyOf(wanted), told);
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
      for (const [key, listener] of listeners) {
        if (keys.has(key)) continue;
        close(key, listener);
        told.delete(key);
        void forget(listener, () => listeners.has(key), options);
      }
      for (const one of wanted) current(one);
    },
    async hook(wanted, request) {
      const listener = current(wanted);
      const takesRequests = await listener.takesRequests;
      if (listener.failure) request.respond(doesNotWork(listener.failure));
      else if (!takesRequests) return undefined;
      else if (listener.requests.size >= mostRequests) request.respond(problem(503, 'API_INVALID', 'Too many requests are waiting.'));
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

/** What was told last of a trigger that does not work, so that it is told once, however often it is tried again. */
type Told = Map<string, string>;

function listen(wanted: WantedTrigger, options: TriggersOptions, key: string, told: Told): Listener {
  const abort = new AbortController();
  const { signal } = abort;
  const requests = queueOf<IncomingRequest>(signal);
  const found = Promise.withResolvers<boolean>();
  const listener: Listener = { wanted, abort, requests, takesRequests: found.promise, failure: undefined, ended: run() };
  return listener;

  async function run(): Promise<void> {
    for (let pause = pauseMs.first; !signal.aborted; pause = Math.min(2 * pause, pauseMs.most)) {
      const since = options.clock.now();
      try {
        const plugin = await pluginOf(wanted, options);
        found.resolve(plugin.takesRequests === true);
        await consume(plugin, wanted, options, contextOf(plugin, wanted, options, signal, requests), () => { pause = pauseMs.first; told.delete(key); });
        // One that takes requests and ends would let its callers wait for ever.
        if (!signal.aborted && plugin.takesRequests) throw new FlowError('PLUGIN_FAILED', `The trigger plugin ${JSON.stringify(plugin.type)} has ended, though requests may still come.`);
        break;
      } catch (error) {
        if (signal.aborted) break;
        const failure = inFlow(asFlowError(error), wanted);
        listener.failure = failure;
        found.resolve(false);
        for (const request of requests.drain()) request.respond(doesNotWork(failure));
        // One that has listened for a while has worked.
        const isNews = told.get(key) !== failure.message || options.clock.now() - since > pauseMs.most;
        told.set(key, failure.message);
        if (isNews) options.log.error(`The trigger ${wanted.id} of the flow ${wanted.flow} has failed: ${failure.message}${failure.remedy === undefined ? '' : ` ${failure.remedy}`}`, { code: failure.code, ...(failure.place && { place: failure.place }) });
        if (isForGood(error)) break;
        await options.clock.sleep(pause, signal).catch(() => undefined);
        listener.failure = undefined;
      }
    }
    found.resolve(false);
    for (const request of requests.drain()) request.respond(problem(503, 'RUN_STOPPED', 'The trigger has ended.'));
  }
}

async function pluginOf({ flow, id, trigger, registry: own }: WantedTrigger, { registry }: TriggersOptions): Promise<Trigger> {
  const plugin = await (own ?? registry).find('trigger', trigger.trigger);
  if (!plugin) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no trigger of type ${JSON.stringify(trigger.trigger)}.`, { place: { file: fileOf(flow), pointer: pointerOf(['triggers', id, 'trigger']) } });
  return plugin;
}

const fileOf = (flow: string): string => `flows/${flow}.flow.json`;

/** What is wrong with the files, and has no place in another one, stands in the settings of the trigger. */
const inFlow = (error: FlowError, { flow, id }: WantedTrigger): FlowError => (isForGood(error) ? placed(error, fileOf(flow), pointerOf(['triggers', id, 'settings'])) : error);

async function consume(plugin: Trigger, { flow, id, trigger, registry: own }: WantedTrigger, options: TriggersOptions, context: TriggerContext, works: () => void): Promise<void> {
  const settings = (own ?? options.registry).complete(plugin, trigger.settings);
  const starting = new Set<Promise<void>>();
  for await (const event of plugin.events(settings as never, context)) {
    if (context.signal.aborted) return event.failed?.(context.signal.reason as Error);
    works();
    const handled = startEvent(event, { flow, trigger: id }, options).finally(() => starting.delete(handled));
    starting.add(handled);
    // Runs are accepted side by side, so that one commit serves many; but not without end.
    if (starting.size >= mostStarting) await Promise.race(starting);
  }
}

/** A setting that is wrong stays so until it is changed, and then the trigger begins anew. */
const isForGood = (error: unknown): boolean => FlowError.is(error) && errors[error.code].kind === 'config' && error.code !== 'STORAGE_FAILED';

/** Times that pass while somebody has switched a trigger off are not missed, so it must not find out later when it last worked. */
async function forget({ wanted: { flow, id }, ended }: Listener, isBack: () => boolean, { memory, log }: TriggersOptions): Promise<void> {
  await ended;
  if (isBack()) return;
  await memory(flow, id).set(null).catch((error: unknown) => log.warn(`What the trigger ${id} of the flow ${flow} remembers could not be cleared: ${(error as Error).message}`));
}

const doesNotWork = ({ code }: FlowError): HttpResponse => problem(503, code, 'The trigger does not work: see the log of the runner.');

function contextOf(plugin: Trigger, { flow, id, plans }: WantedTrigger, { clock, log, secret, memory: memories, listen: open }: TriggersOptions, signal: AbortSignal, requests: Queue<IncomingRequest>): TriggerContext {
  const memory = memories(flow, id);
  const own = { now: clock.now, sleep: sleeper(clock, signal) };
  return {
    signal, log, secret, memory, random: Math.random, clock: own,
    listen: (instance, endpoint, params) => open(plans, { instance, endpoint }, { params, signal, log, memory, clock: own }),
    requests() {
      if (!plugin.takesRequests) throw new FlowError('PLUGIN_FAILED', `The trigger ${JSON.stringify(plugin.type)} asks for requests, but does not say "takesRequests": true.`);
      return requests;
    },
  };
}

/**
 * Sleeps that end with a signal. One listener serves all: a signal looks through all its listeners whenever one is added, and a webhook may have
 * thousands of callers who wait.
 */
function sleeper(clock: EngineHost['clock'], signal: AbortSignal): (ms: number) => Promise<void> {
  const sleeping = new Set<AbortController>();
  signal.addEventListener('abort', () => { for (const one of sleeping) one.abort(signal.reason); }, { once: true });
  return async (ms) => {
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
