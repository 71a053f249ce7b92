import { FlowError, type Converter, type ErrorCode, type HttpRequest, type Kind, type Lookup, type Plugin, type Script, type Shape, type ValueTransform } from '../../plugins/sdk/index.ts';
import type { EngineHost, RawResponse, Registry } from '../../server/engine/host.ts';
import { createPayload, bodyOf } from '../../server/engine/payload.ts';
import { planFlow } from '../../server/engine/plan.ts';
import { createSessions } from '../../server/engine/sessions.ts';
import { executeRun, type RunOptions, type RunOutcome } from '../../server/engine/run.ts';
import type { Flow, Step } from '../../server/model/flow.ts';
import type { MapFile } from '../../server/model/map-file.ts';
import type { RunEvent } from '../../server/model/run-event.ts';
import { memoryState } from './memory-state.ts';

export interface TestHost extends EngineHost {
  readonly clock: EngineHost['clock'] & { readonly sleepers: number };
  /** Bodies that were kept, by name. */
  readonly kept: ReadonlyMap<string, unknown>;
}

export interface TestHostOptions {
  readonly plugins?: readonly Plugin[];
  readonly scripts?: Readonly<Record<string, Script>>;
  readonly lookups?: Readonly<Record<string, Lookup>>;
  readonly schemas?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly clock?: EngineHost['clock'];
  /** Texts that are masked. */
  readonly maps?: Readonly<Record<string, MapFile>>;
  readonly secrets?: readonly string[];
  readonly state?: EngineHost['state'];
  readonly flows?: EngineHost['flows'];
  send?(request: HttpRequest): Promise<RawResponse>;
}

/** An engine host of plain objects: time passes only when nothing else is left to do, bodies are kept in memory, settings are taken as they are, with the defaults of their schema. */
export function testHost(options: TestHostOptions = {}): TestHost {
  const { plugins = [], scripts = {}, lookups = {}, env = {}, secrets = [] } = options;
  const clock = options.clock ? Object.assign(Object.create(options.clock) as EngineHost['clock'], { sleepers: 0 }) : virtualClock();
  const kept = new Map<string, unknown>();
  const names = new WeakMap<object, string>();
  const none = (code: ConstructorParameters<typeof FlowError>[0], what: string): never => { throw new FlowError(code, `There is no ${what}.`); };
  return {
    clock, kept,
    registry: registryOf(plugins),
    workspace: {
      instance: () => undefined,
      connector: () => undefined,
      script: async (file) => scripts[file] ?? none('CONFIG_UNKNOWN_SCRIPT', `script ${file}`),
      map: (name) => (options.maps && Object.hasOwn(options.maps, name) ? { file: `maps/${name}.map.json`, value: options.maps[name]! } : none('CONFIG_NOT_FOUND', `mapping ${name}`)),
      schema: async (file) => options.schemas?.[file] ?? none('CONFIG_NOT_FOUND', `schema ${file}`),
      lookup: async (name) => lookups[name] ?? none('CONFIG_UNKNOWN_LOOKUP', `lookup ${name}`),
      secret: async (name) => none('SECRET_MISSING', `secret ${name}`),
      env, limits: { payloadBytes: 1_000_000, responseBytes: 1_000_000 },
    },
    sessions: createSessions(clock),
    transport: { send: options.send ?? (async ({ url }) => none('REMOTE_UNREACHABLE', `way to ${url}`)) },
    bodies: {
      keep(payload) {
        const body = bodyOf(payload);
        const known = names.get(body);
        const name = known ?? `body-${kept.size + 1}`;
        if (known === undefined) {
          names.set(body, name);
          kept.set(name, body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.kind);
        }
        return { hash: name, size: 1, ...(body.kind === 'json' && Array.isArray(body.value) && { records: body.value.length }) };
      },
      keepRaw: (body) => ({ hash: '', size: body.length }),
      mask: <T>(value: T): T => (secrets.length === 0 ? value : JSON.parse(secrets.reduce((text, secret) => text.replaceAll(secret, '***'), JSON.stringify(value))) as T),
    },
    connections: { token: (_, renew) => renew(undefined), admit: async () => undefined, done() {}, pauseUntil() {} },
    state: options.state ?? memoryState(),
    flows: options.flows ?? { open: async (flow) => none('CONFIG_UNKNOWN_FLOW', `flow ${flow}`) },
  };
}

export function registryOf(plugins: readonly Plugin[]): Registry {
  const find = (kind: Kind, type: string) => plugins.find((plugin) => plugin.kind === kind && (plugin.type === type || plugin.aliases?.includes(type)));
  return {
    find: async (kind, type) => find(kind, type) as never,
    converter: async (type) => plugins.find((plugin): plugin is Converter => plugin.kind === 'converter' && (plugin.type === type || plugin.mediaTypes.includes(type) || plugin.fileExtensions.includes(type))),
    complete(plugin, given, schema = plugin.settings) {
      const { properties = {}, required = [] } = schema as { properties?: Record<string, { default?: unknown }>; required?: readonly string[] };
      const value = given as Record<string, unknown>;
      const missing = required.find((name) => !(name in value));
      if (missing !== undefined) throw new FlowError('CONFIG_INVALID', `${missing} is missing.`, { place: { pointer: `/${missing}` } });
      return { ...Object.fromEntries(Object.entries(properties).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : []))), ...value };
    },
  };
}

/**
 * A clock that jumps: when nothing has happened for a few turns of the process, it is time for the sleeper that wakes first.
 * So a test takes no time, and whatever takes none comes before whatever takes some.
 */
export function virtualClock(start = Date.parse('2024-01-31T12:00:00Z')): TestHost['clock'] {
  let now = start;
  let turns = 0;
  let isTicking = false;
  let order = 0;
  const sleepers = new Set<{ readonly at: number; readonly order: number; wake(): void }>();
  const tick = (): void => {
    if (sleepers.size === 0) {
      isTicking = false;
      return;
    }
    if (++turns > QUIET_TURNS) {
      turns = 0;
      const [first] = [...sleepers].sort((a, b) => a.at - b.at || a.order - b.order);
      now = Math.max(now, first!.at);
      first!.wake();
    }
    setImmediate(tick);
  };
  return {
    now: () => now,
    get sleepers() {
      return sleepers.size;
    },
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const end = (settle: () => void) => (): void => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = end(() => reject(signal.reason as Error));
      const sleeper = { at: now + ms, order: order++, wake: end(resolve) };
      signal.addEventListener('abort', onAbort);
      sleepers.add(sleeper);
      turns = 0;
      if (isTicking) return undefined;
      isTicking = true;
      return void setImmediate(tick);
    }),
  };
}

const QUIET_TURNS = 5;

/** A shape of a test. */
export function shape(type: string, open: Shape['open'], more: Partial<Omit<Shape, 'kind' | 'type' | 'open'>> = {}): Shape {
  return { kind: 'shape', type, title: type, summary: type, group: 'data', ports: ['out'], settings: { type: 'object', additionalProperties: true, 'x-expression': true } as never, examples: [], open, ...more };
}

/** A transform of a test: no settings are looked at before it is called. */
export function transform(type: string, apply: (value: unknown, settings: Record<string, unknown>) => unknown): ValueTransform {
  return { kind: 'transform', type, title: type, summary: type, settings: { type: 'object' }, examples: [], compile: (settings) => (value) => apply(value, settings as Record<string, unknown>) };
}

export interface Story {
  readonly host: EngineHost;
  readonly steps: Readonly<Record<string, Step>>;
  readonly flow?: Partial<Flow>;
  readonly from?: string;
  readonly until?: string;
  readonly body?: unknown;
  readonly options?: Partial<RunOptions>;
}

export interface Told extends RunOutcome {
  readonly events: readonly RunEvent[];
  /** What left the flow. */
  readonly outputs: readonly { readonly step: string; readonly port: string; readonly id: string; readonly body: unknown; readonly meta: Readonly<Record<string, string>> }[];
}

/** Runs a flow from its first step to its end. */
export async function runFlow({ host, steps, flow = {}, from, until, body = null, options = {} }: Story): Promise<Told> {
  const plan = await planFlow(host, { flow: { version: 1, start: Object.keys(steps)[0]!, steps, ...flow }, flowId: 'test', file: 'flows/test.flow.json', ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
  const events: RunEvent[] = [];
  const outputs: Told['outputs'][number][] = [];
  const outcome = await executeRun(host, plan, {
    ...runDefaults(), payload: createPayload({ id: 'p', body }),
    onOutput: (payload, step, port) => {
      const held = bodyOf(payload);
      outputs.push({ step, port, id: payload.id, body: held.kind === 'json' ? held.value : held, meta: payload.meta });
    },
    ...options,
    emit: (event) => {
      events.push(event);
      return options.emit?.(event);
    },
  });
  return { ...outcome, events, outputs };
}

/** What a run needs beside its flow. */
export const runDefaults = (): Omit<RunOptions, 'emit'> => ({
  run: { id: 'run-1', flow: 'test', flowVersion: 'v', trigger: 'manual', queuedAt: Date.parse('2024-01-31T12:00:00Z') }, seed: 7, variables: {}, signal: new AbortController().signal, payload: createPayload({ id: 'p', body: null }),
});

export const eventsOf = <T extends RunEvent['type']>(told: Pick<Told, 'events'>, type: T): Extract<RunEvent, { type: T }>[] => told.events.filter((event) => event.type === type) as Extract<RunEvent, { type: T }>[];

/** Passes payloads on. */
export const pass = shape('pass', () => (payload) => [{ port: 'out', payload }]);

/** Gives each item of the payload, one by one. */
export const each = shape('each', () => async function* (payload) {
  for (const body of (await payload.json()) as unknown[]) yield { port: 'out', payload: payload.with({ body }) };
});

/** Gives each item of the payload, all at once. */
export const list = shape('list', () => async (payload) => ((await payload.json()) as unknown[]).map((body) => ({ port: 'out', payload: payload.with({ body }) })));

/** Passes a payload on after the milliseconds that it holds. */
export const wait = shape('wait', () => async (payload, { clock }) => {
  await clock.sleep(Number(await payload.json()));
  return [{ port: 'out', payload }];
});

/** Sends odd numbers to one port and even ones to another. */
export const parity = shape('parity', () => async (payload) => [{ port: Number(await payload.json()) % 2 ? 'odd' : 'even', payload }], { ports: ['odd', 'even'] });

/** Gives batches of `size`, across payloads. */
export const batch = shape('batch', (settings) => {
  const { size } = settings as unknown as { size: number };
  let waiting: unknown[] = [];
  return {
    async payload(payload) {
      waiting.push(await payload.json());
      if (waiting.length < size) return [];
      const body = waiting;
      waiting = [];
      return [{ port: 'out', payload: payload.with({ body }) }];
    },
    end: ({ create }) => (waiting.length === 0 ? [] : [{ port: 'out', payload: create(waiting) }]),
  };
});

/** A try-catch, as the built-in one. */
export const guard = shape('guard', () => (payload) => [{ port: 'try', payload }], { ports: ['try', 'catch'], catches: 'catch' });

/** Fails with `code` for the bodies in `bodies` (for all without), on the first `times` attempts of each (on all without), with `message`. */
export const failing = shape('failing', (settings) => {
  const { code = 'DATA_INVALID', bodies, times = Infinity, message = 'It failed.', retryAfter } = settings as unknown as { code?: ErrorCode; bodies?: unknown[]; times?: number; message?: string; retryAfter?: number };
  return async (payload, { attempt }) => {
    if ((!bodies || bodies.includes(await payload.json())) && attempt <= times) throw new FlowError(code, message, retryAfter === undefined ? {} : { retryAfter });
    return [{ port: 'out', payload }];
  };
});

export const testShapes: readonly Shape[] = [pass, each, list, wait, parity, batch, guard, failing];

/** Bodies of what left the flow, all together or of one step. */
export const bodiesOf = ({ outputs }: Told, step?: string): unknown[] => outputs.filter((output) => step === undefined || output.step === step).map(({ body }) => body);
