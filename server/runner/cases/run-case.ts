import { createConnections } from '../../engine/connections.ts';
import type { EngineHost, FlowsHost } from '../../engine/host.ts';
import { bodyOf, childId, createPayload, type PayloadBody } from '../../engine/payload.ts';
import type { Plan, PlannedStep } from '../../engine/plan.ts';
import { unsigned } from '../../engine/replay.ts';
import { resumeRun, type Journal } from '../../engine/resume.ts';
import { executeRun, type RunOutcome } from '../../engine/run.ts';
import type { RunResume } from '../../engine/run-scope.ts';
import { createSessions } from '../../engine/sessions.ts';
import { FlowError, type CachedDocument, type CacheScope, type Output, type Payload, type Shape } from '../../../plugins/sdk/index.ts';
import { isObject, pointerOf } from '../../model/json.ts';
import type { PayloadHead, RunEvent, RunHead } from '../../model/run-event.ts';
import { usualEntity, usualNow, type ConnectorMock, type StepMock, type TestGiven, type TestMock } from '../../model/test-file.ts';
import { keepBodies } from '../../stores/keep-bodies.ts';
import { createMasker, secretValues } from '../../stores/redact.ts';
import { openSeededState, type StateSeed } from '../../stores/state-database.ts';
import type { StateStore } from '../../stores/state-store.ts';
import type { PreparedFlow } from '../flow-plans.ts';
import { createThroughReader } from '../got-through.ts';
import type { Mocks, StartedMock } from '../mocks.ts';
import { createStateHost } from '../state-host.ts';
import type { Workbench } from '../workbench.ts';
import { givenState } from '../workspace-state.ts';
import { mockedTransport, type MadeRequest, type PlacedMock } from './mocked-transport.ts';
import { payloadOf, type Place, type TestFiles } from './test-files.ts';

/** What a case needs of the workspace. */
export interface CaseWorld {
  readonly workbench: Workbench;
  readonly mocks: Mocks;
  readonly files: TestFiles;
  readonly signal: AbortSignal;
}

export interface CaseOrder {
  readonly flow: string;
  readonly given: TestGiven;
  /** Of `given`, in the file. */
  readonly place: Place;
  readonly mocks: readonly PlacedMock[];
  /** In place of that of `given`. */
  readonly payload?: unknown;
}

/** What happened when a case was run. */
export interface CaseRun extends AsyncDisposable {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly plan: Plan;
  readonly outputs: readonly Payload[];
  readonly reply?: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly payload: Payload };
  readonly requests: readonly MadeRequest[];
  readonly unanswered: readonly FlowError[];
  readonly state: StateStore;
  /** Scopes in which the flow has caches of this name. */
  scopes(cache: string): ReadonlySet<CacheScope>;
  /** The process was to die, and did not: how many payloads the step was through with. */
  readonly undied?: number;
  /** The body of a payload of the run; `undefined` where it was a stream. */
  payload(head: PayloadHead): Payload | undefined;
}

const runId = 'test';

/** Runs a flow as a case wants it: with a clock, a seed and a state of its own, and with mocks in place of everybody else. Fails with the first error of the files. */
export async function runCase(world: CaseWorld, order: CaseOrder): Promise<CaseRun> {
  const { workbench, files, signal } = world;
  const { given, place } = order;
  const environment = given.environment ?? workbench.workspace.config.environment;
  const prepare = (flow: string, part: Pick<TestGiven, 'from' | 'until'> = {}): Promise<PreparedFlow> =>
    workbench.plans.prepare({ flow, isOffline: true, ...(environment !== undefined && { environment }), ...(part.from !== undefined && { from: part.from }), ...(part.until !== undefined && { until: part.until }) });
  const prepared = await prepare(order.flow, given);
  const startAt = Date.parse(given.now ?? usualNow);
  const clock = skippingClock(startAt);
  const store = await openSeededState(seedOf(given, prepared.plan), clock.now);
  const started: StartedMock[] = [];
  const mockOrigins = new Map<TestMock, string>();
  const children: Promise<unknown>[] = [];
  const open: AsyncDisposable[] = [store];
  try {
    for (const { mock } of order.mocks) {
      if (!('connector' in mock)) continue;
      const one = await startConnectorMock(world.mocks, mock);
      open.push(one);
      started.push(one);
      mockOrigins.set(mock, one.origin);
    }
    const crash = crashOf(given);
    // The first that fits counts.
    const stepMocks = new Map(order.mocks.toReversed().flatMap(({ mock, place: at }) => ('step' in mock && !('request' in mock) ? [[mock.step, { mock, place: at }] as const] : [])));
    const kept = new Map<string, PayloadBody>();
    const transport = mockedTransport({ mocks: order.mocks, files, mockOrigins, real: prepared.host.transport, isDead: () => crash.isDead });
    const sessions = createSessions(clock);
    open.push(sessions);
    const masker = createMasker(secretValues(), []);
    const keeper = keepBodies({ recording: 'full', masker, store: () => undefined });
    const shared = {
      clock, sessions, connections: createConnections(clock),
      state: createStateHost({ state: givenState(store), config: () => workbench.workspace.config, notify: async () => undefined }),
      bodies: { ...keeper, keep: (payload: Payload) => remember(kept, payload, keeper.keep(payload)) },
    };
    const hostOf = (from: PreparedFlow, flows: FlowsHost): EngineHost => ({
      ...from.host, ...shared, flows, transport: transport.of(from.plan),
      registry: { ...from.host.registry, find: async (kind, type) => unsigned(kind, await from.host.registry.find(kind, type)) as never },
      workspace: { ...from.host.workspace, secret: async (name) => `test-${name}`, instance: (id) => mockedInstance(from.host.workspace.instance(id), started) },
    });
    const planOf = ({ plan }: PreparedFlow): Plan => ({ ...plan, steps: plan.steps.map((step) => mockedStep(step, plan.flowId === order.flow ? stepMocks.get(step.id) : undefined, files)) });
    const flows = callsOf({ prepare, planOf, hostOf, startAt, seed: given.seed ?? 1, signal, children });
    const plan = planOf(prepared);
    const host = hostOf(prepared, flows);
    const events: RunEvent[] = [];
    const outputs: Payload[] = [];
    let reply: CaseRun['reply'];
    const payload = order.payload === undefined ? payloadOf(runId, given.payload ?? {}, files, { ...place, pointer: `${place.pointer ?? ''}/payload` }) : createPayload({ id: runId, body: order.payload });
    const load = (head: PayloadHead): Payload | undefined => {
      const body = kept.get(head.body);
      return body && createPayload({ id: head.id, mediaType: head.mediaType, ...(head.meta && { meta: head.meta }), body: body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.kind === 'bytes' ? body.bytes : undefined });
    };
    const head = headOf(order.flow, environment, startAt);
    const { hash: body, size } = shared.bodies.keep(payload);
    events.push({ type: 'run-queued', run: { ...head, payload: { id: runId, mediaType: payload.mediaType, meta: payload.meta, body, size } } });
    const execute = (runSignal: AbortSignal, resume?: RunResume): Promise<RunOutcome> => executeRun(host, plan, {
      run: head, seed: given.seed ?? 1, payload, variables: given.variables ?? {}, signal: runSignal, now: startAt, ...(resume && { resume }),
      emit: (event) => { if (!crash.isDead) { events.push(event); crash.look(event); } },
      onOutput: (output) => { if (!crash.isDead) outputs.push(output); },
      onReply: (answer, { status, headers }) => { reply ??= { status, headers, payload: answer }; },
    });
    let outcome = await execute(AbortSignal.any([signal, crash.signal]));
    signal.throwIfAborted();
    if (crash.isDead) {
      crash.revive();
      outcome = await execute(signal, goingOn(plan, events, payload, load));
      signal.throwIfAborted();
    }
    // Flows that were only queued belong to the case as well.
    for (const child of children) await child;
    signal.throwIfAborted();
    await settle(store, plan, events, outcome);
    return {
      outcome, events, plan, outputs, requests: transport.made, unanswered: transport.unanswered, state: store, payload: load, scopes: (cache) => scopesOf(plan, cache), ...(reply && { reply }), ...(crash.left > 0 && { undied: given.crash!.after - crash.left }),
      [Symbol.asyncDispose]: () => closeAll(open),
    };
  } catch (error) {
    await closeAll(open);
    throw error;
  }
}

async function closeAll(open: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(open.map((one) => one[Symbol.asyncDispose]()));
}

const headOf = (flow: string, environment: string | undefined, at: number): RunHead => ({ id: runId, flow, flowVersion: '', trigger: 'manual', queuedAt: at, ...(environment !== undefined && { environment }) });

/** Begins at a time and goes on by itself; whoever sleeps does not wait, and time has passed all the same. */
function skippingClock(startAt: number): EngineHost['clock'] {
  const began = performance.now();
  let skipped = 0;
  return {
    now: () => startAt + skipped + Math.floor(performance.now() - began),
    async sleep(ms, signal) {
      signal.throwIfAborted();
      skipped += ms;
      await new Promise(setImmediate);
      signal.throwIfAborted();
    },
    alarm: (ms, signal) => new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
      signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason as Error); }, { once: true });
    }),
  };
}

function seedOf({ caches = {}, pools = {} }: TestGiven, plan: Plan): StateSeed {
  return {
    caches: Object.entries(caches).flatMap(([name, keys]) => Object.entries(keys).flatMap(([key, value]) => [...scopesOf(plan, name)].map((scope) => ({ name, key, documents: documentsIn(value), scope, owner: ownerOf(scope, plan) })))),
    pools: Object.entries(pools).flatMap(([name, values]) => [...Map.groupBy(values.map((one) => (typeof one === 'string' ? { value: one, entity: usualEntity } : one)), ({ entity }) => entity)].map(([entity, all]) => ({ name, entity, values: all.map(({ value }) => value) }))),
  };
}

/** Where the steps of a flow look for a cache; where none does, in the workspace. */
function scopesOf({ steps }: Plan, cache: string): ReadonlySet<CacheScope> {
  const found = steps.flatMap(({ settings }) => (isObject(settings) && settings['cache'] === cache && typeof settings['scope'] === 'string' ? [settings['scope'] as CacheScope] : []));
  return new Set(found.length > 0 ? found : ['workspace']);
}

export const ownerOf = (scope: CacheScope, { flowId }: Plan): string => (scope === 'run' ? runId : scope === 'flow' ? flowId : '');

/** One document, or several under `$all`. */
const documentsIn = (value: unknown): CachedDocument[] => (isObject(value) && Array.isArray(value['$all']) ? (value['$all'] as unknown[]) : [value]).map((body) => ({ body, mediaType: typeof body === 'string' ? 'text/plain' : 'application/json', meta: {} }));

async function startConnectorMock(mocks: Mocks, { connector, records, seed, faults }: ConnectorMock): Promise<StartedMock> {
  return mocks.start({ connector, isOpen: true, ...(records !== undefined && { records }), ...(seed !== undefined && { seed }), ...(faults && { faults }) });
}

/** An instance whose connector is mocked asks the mock. */
function mockedInstance(instance: ReturnType<EngineHost['workspace']['instance']>, started: readonly StartedMock[]): typeof instance {
  const own = instance && started.map(({ overrides }) => overrides[instance.id]).find((one) => one !== undefined);
  if (!instance || !own) return instance;
  return { ...instance, ...(own.baseUrl !== undefined && { baseUrl: own.baseUrl }), ...(own.baseUrls && { baseUrls: own.baseUrls }), settings: { ...instance.settings, ...own.settings }, credentials: { ...instance.credentials, ...own.credentials } };
}

/** Each payload gives what the mock says. */
function mockedStep(step: PlannedStep, mocked: { readonly mock: StepMock; readonly place: Place } | undefined, files: TestFiles): PlannedStep {
  if (!mocked || !step.shape) return step;
  const { mock: { outputs = [], error }, place } = mocked;
  const { template: _, ...rest } = step;
  const open = () => (payload: Payload): Output[] => {
    if (error !== undefined) throw new FlowError('DATA_INVALID', error);
    return outputs.map((output, index) => {
      const { body, mediaType } = bodyAndType(payloadOf('', output, files, { ...place, pointer: `${place.pointer ?? ''}${pointerOf(['outputs', index])}` }));
      return { port: output.port ?? 'out', payload: payload.with({ body, mediaType, ...(output.meta && { meta: output.meta }) }) };
    });
  };
  return { ...rest, retry: { ...step.retry, attempts: 0 }, shape: { ...step.shape, open } as unknown as Shape };
}

function bodyAndType(payload: Payload): { readonly body: unknown; readonly mediaType: string } {
  const body = bodyOf(payload);
  return { body: body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.kind === 'bytes' ? body.bytes : undefined, mediaType: payload.mediaType };
}

function remember<K extends { readonly hash: string }>(kept: Map<string, PayloadBody>, payload: Payload, known: K): K {
  if (known.hash !== '' && !kept.has(known.hash)) kept.set(known.hash, bodyOf(payload));
  return known;
}

/** When the process of the case dies. */
function crashOf({ crash }: TestGiven): { /** Payloads that are left until then. */ readonly left: number; readonly isDead: boolean; readonly signal: AbortSignal; look(event: RunEvent): void; revive(): void } {
  const abort = new AbortController();
  let left = crash?.after ?? 0;
  let isDead = false;
  return {
    get left() { return Math.max(left, 0); },
    get isDead() { return isDead; },
    signal: abort.signal,
    look(event) {
      if (!crash || event.type !== 'payload-done' || event.step !== crash.step || --left !== 0) return;
      isDead = true;
      abort.abort(new FlowError('RUN_STOPPED', 'The process of the case died.'));
    },
    revive: () => { isDead = false; },
  };
}

function goingOn(plan: Plan, events: readonly RunEvent[], input: Payload, load: (head: PayloadHead) => Payload | undefined): RunResume {
  const done = new Set(events.flatMap((event) => (event.type === 'payload-done' ? [`${event.step} ${event.payload}`] : [])));
  const rows = events.map((event, index) => ({ seq: index + 1, event, isDone: event.type === 'payload-in' && done.has(`${event.step} ${event.payload.id}`) }));
  const journal: Journal = { rows: () => rows, load: async (head) => load(head), value: async () => undefined };
  return {
    isNewRun: false, read: (gathers) => resumeRun({ plan, journal, input, gathers }),
    async load(head) {
      const payload = load(head);
      if (!payload) throw new FlowError('RUN_INTERRUPTED', `The body of the payload ${head.id} was a stream, and is gone.`);
      return payload;
    },
  };
}

async function settle(store: StateStore, plan: Plan, events: readonly RunEvent[], { status }: RunOutcome): Promise<void> {
  if (status === 'success') return store.settle(runId, 'all');
  const reader = createThroughReader(plan.flow, await store.undecided(runId));
  for (const event of events) reader.read(event);
  return store.settle(runId, reader.through());
}

interface CallsOptions {
  readonly prepare: (flow: string) => Promise<PreparedFlow>;
  readonly planOf: (prepared: PreparedFlow) => Plan;
  readonly hostOf: (prepared: PreparedFlow, flows: FlowsHost) => EngineHost;
  readonly startAt: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Runs that were started, until they are over; none of them fails. */
  readonly children: Promise<unknown>[];
}

/** Flows that the flow calls are run as well, with the same mocks and the same state. */
function callsOf({ prepare, planOf, hostOf, startAt, seed, signal, children }: CallsOptions, chain: readonly string[] = []): FlowsHost {
  return {
    async open(flow, caller) {
      const all = [...chain, caller.flow];
      if (all.includes(flow)) throw new FlowError('CONFIG_CYCLE', `The flow ${JSON.stringify(flow)} would call itself: ${[...all, flow].join(' → ')}.`, { details: { flow } });
      const prepared = await prepare(flow);
      const plan = planOf(prepared);
      const host = hostOf(prepared, callsOf({ prepare, planOf, hostOf, startAt, seed, signal, children }, all));
      return {
        async start(payload, { key, variables = {} }) {
          const run = childId(key, flow, 0);
          const outputs: Payload[] = [];
          const done = executeRun(host, plan, { run: { ...headOf(flow, caller.environment, startAt), id: run, origin: { kind: 'flow', run: caller.id } }, seed, payload, variables, signal, now: startAt, emit: () => undefined, onOutput: (output) => void outputs.push(output) });
          children.push(done);
          return {
            run,
            async done() {
              const { status, error } = await done;
              if (status === 'success' || status === 'partial-success') return outputs;
              throw new FlowError('FLOW_FAILED', `The flow ${JSON.stringify(flow)} has ended: ${status}${error ? `, ${error.message}` : '.'}`, { details: { flow, status } });
            },
          };
        },
      };
    },
  };
}
