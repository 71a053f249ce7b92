import { FlowError, type CacheScope, type Payload } from '../../../plugins/sdk/index.ts';
import { createPayload } from '../../engine/payload.ts';
import { stepPointer } from '../../engine/place.ts';
import type { Plan } from '../../engine/plan.ts';
import { resumeRun, type Journal } from '../../engine/resume.ts';
import { executeRun, type RunOutcome } from '../../engine/run.ts';
import type { RunResume } from '../../engine/run-scope.ts';
import type { PayloadHead, RunEvent } from '../../model/run-event.ts';
import type { TestGiven } from '../../model/test-file.ts';
import type { StateStore } from '../../stores/state-store.ts';
import { createThroughReader } from '../got-through.ts';
import { stuckRecords } from '../stuck-records.ts';
import { openCaseHost, type CaseHost, type CaseOrder, type CaseWorld } from './case-host.ts';
import { headOf, runId, scopesOf } from './case-state.ts';
import { countOutcome, type Outcomes } from './outcomes.ts';
import type { MadeRequest } from './made-request.ts';
import { payloadOf } from './test-files.ts';

/** What happened when a case was run. */
export interface CaseRun extends AsyncDisposable {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly plan: Plan;
  /** What flow variables were given at the start. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Events of payloads in the order of `HappenedOrder`. */
  sorted<E extends { readonly step: string; readonly payload: PayloadHead }>(these: readonly E[]): readonly E[];
  readonly outputs: readonly Payload[];
  /** What came out of conditions and rules. */
  readonly outcomes: Outcomes;
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

/** Runs a flow as a case wants it. Fails with the first error of the files. */
export async function runCase(world: CaseWorld, order: CaseOrder): Promise<CaseRun> {
  const crash = crashOf(order.given);
  const caseHost = await openCaseHost(world, order, () => crash.isDead);
  try {
    return await execute(world, order, caseHost, crash);
  } catch (error) {
    await caseHost[Symbol.asyncDispose]();
    throw error;
  }
}

async function execute({ files, signal, debug, recorder }: CaseWorld, order: CaseOrder, caseHost: CaseHost, crash: Crash): Promise<CaseRun> {
  const { given, place } = order;
  const { host, plan, startAt, seed, transport, state, happened, payload: load } = caseHost;
  recorder?.begin(runId, { id: order.flow, text: caseHost.flowText });
  const payload = order.payload === undefined ? payloadOf(runId, given.payload ?? {}, files, { ...place, pointer: `${place.pointer ?? ''}/payload` }) : createPayload({ id: runId, body: order.payload });
  const head = headOf(order.flow, caseHost.environment, startAt);
  const { hash: body, size } = host.bodies.keep(payload);
  const events: RunEvent[] = [{ type: 'run-queued', run: { ...head, payload: { id: runId, mediaType: payload.mediaType, meta: payload.meta, body, size } } }];
  recorder?.event(runId, events[0]!);
  const outputs: { readonly payload: Payload; readonly step: string }[] = [];
  const outcomes: Outcomes = new Map();
  let reply: CaseRun['reply'];
  const run = async (runSignal: AbortSignal, resume?: RunResume): Promise<RunOutcome> => {
    const outcome = await executeRun(host, plan, {
      run: head, seed, payload, variables: given.variables ?? {}, signal: runSignal, now: startAt, ...(resume && { resume }), ...(debug && { debug: debug.of(runId) }),
      emit: (event) => { if (!crash.isDead) { events.push(event); happened.read(plan, event); recorder?.event(runId, event); crash.look(event); } },
      onOutput: (output, step) => { if (!crash.isDead) outputs.push({ payload: output, step }); },
      onCovered: (step, pointer, outcome, file) => countOutcome(outcomes, file ?? plan.file, file === undefined ? `${stepPointer(step, 'settings')}${pointer}` : pointer, outcome, 1),
      onReply: (answer, { status, headers }) => { reply ??= { status, headers, payload: answer }; },
    });
    signal.throwIfAborted();
    return outcome;
  };
  let outcome = await run(AbortSignal.any([signal, crash.signal]));
  if (crash.isDead) {
    crash.revive();
    outcome = await run(signal, goingOn(plan, events, payload, load));
  }
  // Flows that were only queued belong to the case as well.
  for (const child of caseHost.children) await child;
  signal.throwIfAborted();
  await settle(state, plan, events, outcome, load);
  return {
    outcome, events, plan, outcomes, variables: given.variables ?? {}, sorted: (these) => happened.sorted(these, ({ step, payload: { id } }) => ({ flow: order.flow, step, payload: id })),
    outputs: happened.sorted(outputs, ({ payload: { id }, step }) => ({ flow: order.flow, step, payload: id })).map(({ payload: output }) => output),
    requests: happened.sorted(transport.made, (made) => made), unanswered: transport.unanswered, state, payload: load, scopes: (cache) => scopesOf(plan, cache), ...(reply && { reply }), ...(crash.left > 0 && { undied: given.crash!.after - crash.left }),
    [Symbol.asyncDispose]: () => caseHost[Symbol.asyncDispose](),
  };
}

interface Crash {
  /** Payloads that are left until then. */
  readonly left: number;
  readonly isDead: boolean;
  readonly signal: AbortSignal;
  look(event: RunEvent): void;
  revive(): void;
}

/** When the process of the case dies. */
function crashOf({ crash }: TestGiven): Crash {
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

async function settle(store: StateStore, plan: Plan, events: readonly RunEvent[], { status }: RunOutcome, load: (head: PayloadHead) => Payload | undefined): Promise<void> {
  if (status === 'success') return store.settle(runId, 'all');
  const reader = createThroughReader(plan.flow, await store.undecided(runId));
  for (const event of events) reader.read(event);
  return store.settle(runId, reader.through(), await stuckRecords(reader, async (head) => load(head)?.text()));
}
