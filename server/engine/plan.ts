import { FlowError, type Lookup, type OpenContext, type PayloadSource, type Shape } from '../../plugins/sdk/index.ts';
import { portsOf, type CatalogEntry } from '../model/catalog.ts';
import { compileValue, type CompiledValue, type ExpressionEnv } from '../model/expression.ts';
import { stepRoots } from '../model/expression-roots.ts';
import type { Flow, Step } from '../model/flow.ts';
import type { EngineHost } from './host.ts';
import { expressionEnv, openContext } from './open-context.ts';
import { placed, stepPointer } from './place.ts';
import { findCatchers, leadingTo, reachable, sortSteps, type CatchStep, type Edge } from './plan-graph.ts';
import { findTurns, type InTurn, type Turn } from './turns.ts';

export interface PlanOptions {
  readonly flow: Flow;
  readonly flowId: string;
  /** Path of the flow's file: the place of errors. */
  readonly file: string;
  /** The step that gets the payload; default the flow's start. */
  readonly from?: string;
  /** Only what leads to this step, with it. */
  readonly until?: string;
}

/** A flow, compiled: nothing of a run is in it, so that it serves any number of runs as long as the files of the workspace stay the same. */
export interface Plan {
  readonly flow: Flow;
  readonly flowId: string;
  readonly file: string;
  readonly open: OpenContext;
  /** Those that its steps have opened by now. */
  readonly lookups: ReadonlySet<Lookup>;
  /** Id of the step that gets the payload. */
  readonly start: string;
  /** The steps that the run may reach, each after those that lead to it. */
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  readonly id: string;
  /** Absent where the step is disabled. */
  readonly shape?: Shape;
  /** Complete, with the texts of expressions. */
  readonly settings: unknown;
  /** Gives the settings of a payload, where they depend on it. */
  readonly template?: CompiledValue;
  /** Port → the step that gets its payloads; `undefined` ends the path. */
  readonly ports: ReadonlyMap<string, string | undefined>;
  readonly catches?: { readonly port: string; readonly action: CatchAction };
  /** The step whose catch port takes what fails here. */
  readonly catcher?: string;
  /** Steps that must have ended before it begins. */
  readonly turns?: readonly Turn[];
  /** Of a step that gathers: the ports that lead to it. */
  readonly sources?: readonly (PayloadSource & { readonly behind: ReadonlySet<string> })[];
  /** What it gives up counts as caught, and makes this of the run. */
  readonly keeps?: CatchAction;
  readonly concurrency: number;
  readonly waitForAll: boolean;
  readonly timeoutMs: number;
  readonly retry: { readonly attempts: number; readonly delayMs: number; readonly maxDelayMs: number };
}

export type CatchAction = 'partial-success' | 'fail' | 'success';

/** Compiles a flow. Fails with the first config error, whose place is in the flow's file. */
export async function planFlow(host: EngineHost, options: PlanOptions): Promise<Plan> {
  const { flow, flowId, file } = options;
  const lookups = new Set<Lookup>();
  const open = openContext(host, lookups);
  const start = startOf(options);
  const shapes = await findShapes(host, options, start);
  const env: ExpressionEnv = { ...expressionEnv(host, open), roots: stepRoots };
  const drafts = new Map<string, Draft>();
  for (const [id, shape] of shapes) drafts.set(id, await draftStep({ host, env, file }, id, flow.steps[id]!, shape));
  const edges = [...drafts.values()].flatMap(edgesOf);
  const catches = [...drafts].flatMap(([id, { catches }]) => (catches ? [{ id, port: catches.port }] : []));
  const catchers = findCatchers(edges, catches);
  const failures = failureEdges(catchers, edges, catches);
  const inTurn = inTurnOf(drafts);
  const turns = findTurns([...edges, ...failures], inTurn);
  const waits = [...turns].flatMap(([to, all]) => all.flatMap(({ after }) => after.map((from) => ({ from, port: '', to }))));
  const order = sorted(options, [...drafts.keys()], edges, [...failures, ...waits]);
  const part = partOf(options, edges, start);
  const lent = lentConcurrency(order, drafts, edges, inTurn);
  const steps = order.filter((id) => part.has(id)).map((id): PlannedStep => {
    const draft = drafts.get(id)!;
    const catcher = catchers.get(id);
    const ports = new Map([...draft.ports].map(([port, to]) => [port, to !== undefined && part.has(to) ? to : undefined]));
    return {
      ...draft, ports, concurrency: flow.steps[id]!.concurrency ?? lent.get(id) ?? 1, ...(catcher !== undefined && { catcher }),
      ...(turns.has(id) && { turns: turns.get(id)! }), ...(draft.shape?.gathers && { sources: sourcesOf(id, edges, failures, Object.keys(flow.steps).filter((step) => part.has(step))) }),
    };
  });
  return { flow, flowId, file, open, lookups, start, steps };
}

type Draft = Omit<PlannedStep, 'catcher' | 'concurrency' | 'turns' | 'sources'>;

interface DraftContext {
  readonly host: EngineHost;
  readonly env: ExpressionEnv;
  readonly file: string;
}

function startOf({ flow, file, from }: PlanOptions): string {
  if (from !== undefined) return knownStep(flow, from, file, '', `There is no step ${quote(from)} to begin at.`);
  if (flow.start === undefined) throw new FlowError('CONFIG_INVALID', 'The flow has no start: nothing says which step gets the payload.', { place: { file, pointer: '' } });
  return knownStep(flow, flow.start, file, '/start', `The start of the flow, ${quote(flow.start)}, is not one of its steps.`);
}

function knownStep(flow: Flow, id: string, file: string, pointer: string, message: string): string {
  if (Object.hasOwn(flow.steps, id)) return id;
  throw new FlowError('CONFIG_UNKNOWN_STEP', message, { place: { file, pointer }, details: { step: id } });
}

/** The shapes of the steps that can be reached; nothing else of the flow can stop the run. */
async function findShapes(host: EngineHost, { flow, file }: PlanOptions, start: string): Promise<Map<string, Shape | undefined>> {
  const shapes = new Map<string, Shape | undefined>([[start, undefined]]);
  for (const id of shapes.keys()) {
    const step = flow.steps[id]!;
    const shape = await host.registry.find('shape', step.shape);
    if (!shape && !step.disabled) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no shape ${quote(step.shape)}.`, { place: { file, pointer: stepPointer(id, 'shape') }, details: { kind: 'shape', type: step.shape } });
    shapes.set(id, shape as Shape | undefined);
    for (const [port, to] of Object.entries(step.next ?? {})) {
      knownStep(flow, to, file, stepPointer(id, 'next', port), `The port ${quote(port)} of the step ${quote(id)} leads to ${quote(to)}, which is not a step of the flow.`);
      if (!shapes.has(to)) shapes.set(to, undefined);
    }
  }
  return shapes;
}

async function draftStep({ host, env, file }: DraftContext, id: string, step: Step, shape: Shape | undefined): Promise<Draft> {
  const isEnabled = shape !== undefined && !step.disabled;
  const { settings, template } = isEnabled ? await settingsOf({ host, env, file }, id, step, shape) : { settings: step.settings ?? {}, template: undefined };
  const names = shape ? portsOf(shape as Pick<CatalogEntry, 'ports'>, settings) : Object.keys(step.next ?? { out: '' });
  for (const port of Object.keys(step.next ?? {})) {
    if (!names.includes(port)) throw new FlowError('CONFIG_UNKNOWN_PORT', `The step ${quote(id)} has no port ${quote(port)}; it has ${names.map(quote).join(', ') || 'none'}.`, { place: { file, pointer: stepPointer(id, 'next', port) }, details: { step: id, port } });
  }
  return {
    id, settings, ...(template && { template }), ...(isEnabled && { shape }),
    ports: new Map(names.map((port) => [port, step.next && Object.hasOwn(step.next, port) ? step.next[port] : undefined])),
    ...(isEnabled && shape.catches !== undefined && { catches: { port: shape.catches, action: actionOf(settings) } }),
    ...(isEnabled && shape.keeps && { keeps: actionOf(settings) }),
    waitForAll: step.waitForAll === true || (isEnabled && shape.gathers === true),
    timeoutMs: step.timeoutMs ?? shape?.timeoutMs ?? 1_800_000,
    retry: { attempts: step.retry?.attempts ?? shape?.retries ?? 3, delayMs: step.retry?.delayMs ?? 500, maxDelayMs: step.retry?.maxDelayMs ?? 30_000 },
  };
}

async function settingsOf({ host, env, file }: DraftContext, id: string, step: Step, shape: Shape): Promise<{ settings: unknown; template?: CompiledValue }> {
  try {
    const settings = host.registry.complete(shape, step.settings ?? {});
    const template = await compileValue(settings, env, { schema: shape.settings as object });
    return template.constant ? { settings: template.evaluate({}, { now: 0, random: () => 0 }) } : { settings, template };
  } catch (error) {
    throw placed(error, file, stepPointer(id, 'settings'));
  }
}

function actionOf(settings: unknown): CatchAction {
  const action = (settings as { action?: unknown }).action;
  return action === 'fail' || action === 'success' ? action : 'partial-success';
}

const edgesOf = ({ id, ports }: Draft): Edge[] => [...ports].flatMap(([port, to]) => (to === undefined ? [] : [{ from: id, port, to }]));

/** What fails in a step goes to where the catch port of its catcher leads: connections too, when it comes to loops and to the end of a stream. */
function failureEdges(catchers: ReadonlyMap<string, string>, edges: readonly Edge[], catches: readonly CatchStep[]): Edge[] {
  const targets = new Map(catches.map(({ id, port }) => [id, edges.find((edge) => edge.from === id && edge.port === port)?.to]));
  return [...catchers].flatMap(([from, catcher]) => {
    const to = targets.get(catcher);
    return to === undefined ? [] : [{ from, port: '', to }];
  });
}

/** The steps that serve their ports one after the other, with the ports that lead somewhere. */
function inTurnOf(drafts: ReadonlyMap<string, Draft>): InTurn[] {
  return [...drafts.values()].filter(({ shape }) => shape?.inTurn).map(({ id, ports, settings }) => ({
    id, ports: [...ports].flatMap(([port, to]) => (to === undefined ? [] : [{ port, to }])), stops: (settings as { readonly onFailure?: unknown }).onFailure !== 'go-on',
  }));
}

/** The concurrency that a loop sets for the steps in it; the innermost loop counts. */
function lentConcurrency(order: readonly string[], drafts: ReadonlyMap<string, Draft>, edges: readonly Edge[], inTurn: readonly InTurn[]): ReadonlyMap<string, number> {
  const lent = new Map<string, number>();
  for (const { id, ports: [first, ...others] } of inTurn.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))) {
    const { concurrency } = drafts.get(id)!.settings as { readonly concurrency?: unknown };
    if (typeof concurrency !== 'number' || first?.port !== drafts.get(id)!.ports.keys().next().value) continue;
    const after = reachable(edges, others.map(({ to }) => to));
    for (const step of reachable(edges, [first!.to])) if (!after.has(step)) lent.set(step, concurrency);
  }
  return lent;
}

/** The ports of `steps` that lead to a step, each with the steps behind it. What fails comes by the catch port of the step that catches. */
function sourcesOf(id: string, edges: readonly Edge[], failures: readonly Edge[], steps: readonly string[]): NonNullable<PlannedStep['sources']> {
  return steps.flatMap((step) => edges.filter(({ from, to }) => from === step && to === id)).map(({ from, port }) => ({ step: from, port, behind: leadingTo([...edges, ...failures], from) }));
}

function sorted({ file }: PlanOptions, steps: readonly string[], edges: readonly Edge[], failures: readonly Edge[]): readonly string[] {
  const { order, cycle } = sortSteps(steps, [...edges, ...failures]);
  if (!cycle) return order;
  const drawn = cycle.findLast(({ port }) => port !== '');
  const text = [...cycle.map(({ from }) => from), cycle[0]!.from].join(' → ');
  const why = cycle.every(({ port }) => port !== '') ? 'The steps lead back to themselves' : 'The catch sides and branches of the flow lead into each other';
  throw new FlowError('CONFIG_CYCLE', `${why}: ${text}.`, { place: { file, pointer: drawn ? stepPointer(drawn.from, 'next', drawn.port) : '' }, details: { steps: cycle.map(({ from }) => from) } });
}

function partOf({ flow, file, until }: PlanOptions, edges: readonly Edge[], start: string): ReadonlySet<string> {
  const after = reachable(edges, [start]);
  if (until === undefined) return after;
  knownStep(flow, until, file, '', `There is no step ${quote(until)} to end at.`);
  if (!after.has(until)) throw new FlowError('CONFIG_UNKNOWN_STEP', `The step ${quote(until)} cannot be reached from ${quote(start)}.`, { place: { file, pointer: stepPointer(until) }, details: { step: until } });
  return new Set([...leadingTo(edges, until)].filter((step) => after.has(step)));
}

const quote = (text: string): string => JSON.stringify(text);
