import { FlowError, type Output, type Payload, type Shape } from '../../../plugins/sdk/index.ts';
import { createConnections } from '../../engine/connections.ts';
import type { Debugger } from '../../engine/debugger.ts';
import type { EngineHost, FlowsHost } from '../../engine/host.ts';
import { bodyOf, createPayload, type PayloadBody } from '../../engine/payload.ts';
import type { Plan, PlannedStep } from '../../engine/plan.ts';
import { unsigned } from '../../engine/replay.ts';
import { createSessions } from '../../engine/sessions.ts';
import { pointerOf } from '../../model/json.ts';
import type { PayloadHead } from '../../model/run-event.ts';
import { usualNow, type ConnectorMock, type StepMock, type TestGiven, type TestMock } from '../../model/test-file.ts';
import { keepBodies } from '../../stores/keep-bodies.ts';
import { createMasker, secretValues } from '../../stores/redact.ts';
import { openSeededState } from '../../stores/state-database.ts';
import type { StateStore } from '../../stores/state-store.ts';
import type { PreparedFlow } from '../flow-plans.ts';
import type { Mocks, StartedMock } from '../mocks.ts';
import { createStateHost } from '../state-host.ts';
import type { Workbench } from '../workbench.ts';
import { givenState } from '../workspace-state.ts';
import { callsOf } from './case-calls.ts';
import type { CaseRecorder } from './case-recorder.ts';
import { cursorsOf, runId, seedOf } from './case-state.ts';
import { mockedTransport, type MockedTransport, type PlacedMock } from './mocked-transport.ts';
import { createHappenedOrder, type HappenedOrder } from './happened-order.ts';
import { payloadOf, type Place, type TestFiles } from './test-files.ts';

/** What a case needs of the workspace. */
export interface CaseWorld {
  readonly workbench: Workbench;
  readonly mocks: Mocks;
  readonly files: TestFiles;
  readonly signal: AbortSignal;
  /** Its runs are debugged, and looked back at. */
  readonly debug?: Pick<Debugger, 'of'>;
  readonly recorder?: CaseRecorder;
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

/** All that the flow of a case stands on: its own clock and state, and mocks in place of everybody else. */
export interface CaseHost extends AsyncDisposable {
  readonly host: EngineHost;
  readonly plan: Plan;
  readonly environment: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startAt: number;
  readonly seed: number;
  /** Of its file, as it stands there. */
  readonly flowText: string;
  readonly transport: Pick<MockedTransport, 'made' | 'unanswered'>;
  readonly state: StateStore;
  /** Of what happens in its runs, as far as their events have been read. */
  readonly happened: HappenedOrder;
  /** Runs of other flows that were started, until they are over; none of them fails. */
  readonly children: readonly Promise<unknown>[];
  /** The body of a payload; `undefined` where it was a stream. */
  payload(head: PayloadHead): Payload | undefined;
}

/** `isDead`: the process of the case has died. Fails with the first error of the files. */
export async function openCaseHost({ workbench, mocks, files, signal, debug, recorder }: CaseWorld, order: CaseOrder, isDead: () => boolean): Promise<CaseHost> {
  const { given } = order;
  const environment = given.environment ?? workbench.workspace.config.environment;
  const prepare = (flow: string, { from, until }: Pick<TestGiven, 'from' | 'until'> = {}): Promise<PreparedFlow> =>
    workbench.plans.prepare({ flow, isOffline: true, ...(environment !== undefined && { environment }), ...(from !== undefined && { from }), ...(until !== undefined && { until }) });
  const prepared = await prepare(order.flow, given);
  const startAt = Date.parse(given.now ?? usualNow);
  const clock = skippingClock(startAt);
  const sessions = createSessions(clock);
  const state = await openSeededState({ ...seedOf(given, prepared.plan), cursors: cursorsOf(given, prepared.plan, environment, (id) => prepared.host.workspace.instance(id)?.connector, workbench.workspace.connectors, order.place) }, clock.now);
  const open: AsyncDisposable[] = [state, sessions];
  const close = async (): Promise<void> => void (await Promise.all(open.map((one) => one[Symbol.asyncDispose]())));
  try {
    const started = await startConnectorMocks(mocks, order.mocks);
    open.push(...started.values());
    const transport = mockedTransport({ mocks: order.mocks, files, mockOrigins: new Map([...started].map(([mock, { origin }]) => [mock, origin])), real: prepared.host.transport, sleep: clock.sleep, isDead });
    const { bodies, load } = keptBodies(recorder);
    const shared = { clock, sessions, connections: createConnections(clock), bodies, state: createStateHost({ state: givenState(state), config: () => workbench.workspace.config, notify: async () => undefined }) };
    const hostOf = (from: PreparedFlow, flows: FlowsHost): EngineHost => ({
      ...from.host, ...shared, flows, transport: transport.of(from.plan),
      registry: { ...from.host.registry, find: async (kind, type) => unsigned(kind, await from.host.registry.find(kind, type)) as never },
      workspace: { ...from.host.workspace, secret: async (name) => `test-${name}`, instance: (id) => mockedInstance(from.host.workspace.instance(id), [...started.values()]) },
    });
    const stepMocks = stepMocksOf(order.mocks);
    const planOf = ({ plan }: PreparedFlow): Plan => ({ ...plan, steps: plan.steps.map((step) => mockedStep(step, plan.flowId === order.flow ? stepMocks.get(step.id) : undefined, files)) });
    const seed = given.seed ?? 1;
    const children: Promise<unknown>[] = [];
    const happened = createHappenedOrder(prepared.plan);
    const host = hostOf(prepared, callsOf({ prepare, planOf, hostOf, startAt, seed, signal, children, debug, recorder, happened, mocked: flowMocksOf(order.mocks, files) }));
    return { host, plan: planOf(prepared), environment, startAt, seed, flowText: prepared.entry.text, transport, state, happened, children, payload: load, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startConnectorMocks(mocks: Mocks, placed: readonly PlacedMock[]): Promise<Map<TestMock, StartedMock>> {
  const started = new Map<TestMock, StartedMock>();
  try {
    for (const { mock } of placed) if ('connector' in mock) started.set(mock, await startConnectorMock(mocks, mock));
    return started;
  } catch (error) {
    await Promise.all([...started.values()].map((one) => one[Symbol.asyncDispose]()));
    throw error;
  }
}

type PlacedStepMock = { readonly mock: StepMock; readonly place: Place };

/** The first that fits counts. */
const stepMocksOf = (mocks: readonly PlacedMock[]): ReadonlyMap<string, PlacedStepMock> => new Map(mocks.toReversed().flatMap(({ mock, place }) => ('step' in mock && !('request' in mock) ? [[mock.step, { mock, place }] as const] : [])));

/** The first that fits counts. */
const flowMocksOf = (mocks: readonly PlacedMock[], files: TestFiles): ReadonlyMap<string, () => readonly Payload[]> => new Map(mocks.toReversed().flatMap(({ mock, place }) => {
  if (!('flow' in mock) || typeof mock.flow !== 'string') return [];
  const { flow, outputs = [], error } = mock;
  return [[flow, () => {
    if (error !== undefined) throw new FlowError('FLOW_FAILED', error, { details: { flow, status: 'failed' } });
    return outputs.map((output, index) => payloadOf(`${runId}-${index}`, output, files, { ...place, pointer: `${place.pointer ?? ''}${pointerOf(['outputs', index])}` }));
  }] as const];
}));

async function startConnectorMock(mocks: Mocks, { connector, records, seed, faults }: ConnectorMock): Promise<StartedMock> {
  return mocks.start({ connector, isOpen: true, isTimeless: true, ...(records !== undefined && { records }), ...(seed !== undefined && { seed }), ...(faults && { faults }) });
}

/** An instance whose connector is mocked asks the mock. */
function mockedInstance(instance: ReturnType<EngineHost['workspace']['instance']>, started: readonly StartedMock[]): typeof instance {
  const own = instance && started.map(({ overrides }) => overrides[instance.id]).find((one) => one !== undefined);
  if (!instance || !own) return instance;
  return { ...instance, ...(own.baseUrl !== undefined && { baseUrl: own.baseUrl }), ...(own.baseUrls && { baseUrls: own.baseUrls }), settings: { ...instance.settings, ...own.settings }, credentials: { ...instance.credentials, ...own.credentials } };
}

/** Each payload gives what the mock says. */
function mockedStep(step: PlannedStep, mocked: PlacedStepMock | undefined, files: TestFiles): PlannedStep {
  if (!mocked || !step.shape) return step;
  const { mock: { outputs = [], error }, place } = mocked;
  const { template: _, ...rest } = step;
  const open = () => (payload: Payload): Output[] => {
    if (error !== undefined) throw new FlowError('DATA_INVALID', error);
    return outputs.map((output, index) => {
      const given = payloadOf('', output, files, { ...place, pointer: `${place.pointer ?? ''}${pointerOf(['outputs', index])}` });
      return { port: output.port ?? 'out', payload: payload.with({ body: plainBody(bodyOf(given)), mediaType: given.mediaType, ...(output.meta && { meta: output.meta }) }) };
    });
  };
  return { ...rest, retry: { ...step.retry, attempts: 0 }, shape: { ...step.shape, open } as unknown as Shape };
}

const plainBody = (body: PayloadBody): unknown => (body.kind === 'json' ? body.value : body.kind === 'text' ? body.text : body.kind === 'bytes' ? body.bytes : undefined);

/** Bodies by the names that the events of a run have for them. */
function keptBodies(recorder: CaseRecorder | undefined): { readonly bodies: EngineHost['bodies']; load(head: PayloadHead): Payload | undefined } {
  const kept = new Map<string, PayloadBody>();
  const keeper = keepBodies({ recording: 'full', masker: createMasker(secretValues(), []), store: (hash, mediaType, _size, data) => recorder?.body(hash, mediaType, data) });
  return {
    bodies: {
      ...keeper, keepValue: (value) => ({ value }),
      keep(payload) {
        const known = keeper.keep(payload);
        if (known.hash !== '' && !kept.has(known.hash)) kept.set(known.hash, bodyOf(payload));
        return known;
      },
    },
    load({ id, mediaType, meta, body: name }) {
      const body = kept.get(name);
      return body && createPayload({ id, mediaType, ...(meta && { meta }), body: plainBody(body) });
    },
  };
}

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
