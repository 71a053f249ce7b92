import { reachable, type Edge } from './plan-graph.ts';
import type { Plan, PlannedStep } from './plan.ts';

/** How a debugger goes on: what it stops at beside breakpoints. */
export type Stride =
  | { readonly kind: 'run' }
  /** At whatever begins next: in this run alone, in these steps, or anywhere but in those. */
  | { readonly kind: 'any'; readonly run?: string; readonly only?: ReadonlySet<string>; readonly but?: ReadonlySet<string> }
  | Follow
  /** In a run that this one starts with that payload. */
  | { readonly kind: 'called'; readonly by: string; readonly payload: string; readonly follow: Follow };

/** Goes after a payload and what is made of it. */
export interface Follow {
  readonly kind: 'follow';
  readonly run: string;
  /** Payloads in work, and those that wait somewhere. */
  readonly inWork: Set<string>;
  readonly waiting: Set<string>;
  /** Of a loop: what leaves by this port is not followed, and where nothing else does, these steps are not stopped at. */
  readonly loop?: { readonly step: string; readonly port: string; readonly body: ReadonlySet<string> };
  /** Outputs of the step that are left out first. */
  skip: number;
}

export const follow = (run: string, where: { readonly inWork?: string; readonly waiting?: string }, more: Partial<Pick<Follow, 'loop' | 'skip'>> = {}): Follow => ({
  kind: 'follow', run, inWork: new Set(where.inWork === undefined ? [] : [where.inWork]), waiting: new Set(where.waiting === undefined ? [] : [where.waiting]), skip: 0, ...more,
});

/** Whether the payload that begins at a step is one that was gone after. `caller`: of the run, and the payload that it has started it with. */
export function isStrideOver(stride: Stride, { run, caller, step, payload }: { readonly run: string; readonly caller: { readonly run: string; readonly payload: string | undefined } | undefined; readonly step: string; readonly payload: string }): boolean {
  if (stride.kind === 'any') return (stride.run === undefined || stride.run === run) && (!stride.only || stride.only.has(step)) && !stride.but?.has(step);
  if (stride.kind === 'follow') return stride.run === run && stride.waiting.has(payload);
  if (stride.kind === 'called') return (caller?.run === stride.by && caller.payload === stride.payload) || isStrideOver(stride.follow, { run, caller, step, payload });
  return false;
}

/** A payload was passed on: it is gone after, if it is made of one that is. `leads`: to a step. */
export function passed(stride: Stride, { run, step, port, payload, from, leads }: { readonly run: string; readonly step: string; readonly port: string; readonly payload: string; readonly from: string | undefined; readonly leads: boolean }): void {
  const followed = stride.kind === 'called' ? stride.follow : stride;
  if (followed.kind !== 'follow' || followed.run !== run || from === undefined || !followed.inWork.has(from)) return;
  if (followed.loop?.step === step && followed.loop.port === port) return;
  if (followed.skip > 0) followed.skip--;
  else if (leads) followed.waiting.add(payload);
}

/** A step is through with a payload. Where nothing is left to go after, it stops at whatever begins next in the run. */
export function done(stride: Stride, run: string, payload: string): Stride {
  const followed = stride.kind === 'called' ? stride.follow : stride;
  if (followed.kind !== 'follow' || followed.run !== run || !followed.inWork.delete(payload)) return stride;
  if (followed.inWork.size > 0 || followed.waiting.size > 0) return stride;
  return { kind: 'any', run, ...(followed.loop && { but: followed.loop.body }) };
}

export interface LoopAround {
  readonly step: string;
  readonly port: string;
  readonly body: ReadonlySet<string>;
  /** What comes after it. */
  readonly after: ReadonlySet<string>;
}

/** The loop that begins at a step. */
export function loopAt(plan: Plan, id: string): LoopAround | undefined {
  const step = plan.steps.find((one) => one.id === id);
  const [first, ...others] = [...(step?.ports ?? [])];
  if (!step?.shape?.inTurn || first?.[1] === undefined) return undefined;
  const edges = edgesOf(plan.steps);
  const after = reachable(edges, others.flatMap(([, to]) => (to === undefined ? [] : [to])));
  const body = new Set([...reachable(edges, [first[1]])].filter((one) => !after.has(one)));
  return { step: id, port: first[0], body, after };
}

/** The innermost loop that a step stands in. */
export function loopAround(plan: Plan, id: string): LoopAround | undefined {
  const around = plan.steps.flatMap((step) => loopAt(plan, step.id) ?? []).filter(({ body }) => body.has(id));
  return around.toSorted((a, b) => a.body.size - b.body.size)[0];
}

/** The steps that what stands in front of one may come to, with it. */
export const leadsTo = (plan: Plan, step: string): ReadonlySet<string> => reachable(edgesOf(plan.steps), [step]);

const edgesOf = (steps: readonly PlannedStep[]): Edge[] => steps.flatMap(({ id, ports }) => [...ports].flatMap(([port, to]) => (to === undefined ? [] : [{ from: id, port, to }])));
