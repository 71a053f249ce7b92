import { findPlugin, portsOf, type Catalog } from './catalog.ts';
import type { Flow } from './flow.ts';
import { isObject } from './json.ts';

/** A connection of a flow. */
export interface FlowEdge {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

export interface FlowGraph {
  /** Connections between steps that there are, by step and then by the order of its ports. */
  readonly edges: readonly FlowEdge[];
  /** All steps, each after those that lead to it; of several that may come next the one nearest to the start, then by id. Steps of loops and steps that cannot be reached come last. */
  readonly order: readonly string[];
  readonly unreachable: readonly string[];
  /** The connections of each loop, one loop per group of steps that lead back to each other. */
  readonly cycles: readonly (readonly FlowEdge[])[];
}

/** How the steps of a flow hang together. Takes flows with faults too: connections to steps that do not exist are left out. */
export function flowGraph(flow: Pick<Flow, 'start' | 'steps'>, catalog: Catalog): FlowGraph {
  const steps = isObject(flow.steps) ? flow.steps : {};
  const ids = Object.keys(steps);
  const edges = ids.flatMap((id) => edgesOf(id, steps, catalog));
  const next = Map.groupBy(edges, ({ from }) => from);
  const reached = new Set(typeof flow.start === 'string' && Object.hasOwn(steps, flow.start) ? [flow.start] : []);
  for (const id of reached) for (const { to } of next.get(id) ?? []) reached.add(to);
  const { levels, stuck } = levelsOf(ids, edges, next);
  const rank = (id: string): number => (reached.has(id) ? 0 : 1e9) + (levels.get(id) ?? 1e6);
  const order = ids.toSorted((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
  return { edges, order, unreachable: order.filter((id) => !reached.has(id)), cycles: cyclesOf(stuck, edges) };
}

function edgesOf(id: string, steps: Flow['steps'], catalog: Catalog): FlowEdge[] {
  const step: unknown = steps[id];
  if (!isObject(step) || !isObject(step['next'])) return [];
  const ports = typeof step['shape'] === 'string' ? portsOf(findPlugin(catalog, 'shape', step['shape']), step['settings']) : [];
  const place = (port: string): number => (ports.includes(port) ? ports.indexOf(port) : ports.length);
  return Object.entries(step['next'])
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && Object.hasOwn(steps, entry[1]))
    .map(([port, to]) => ({ from: id, port, to }))
    .sort((left, right) => place(left.port) - place(right.port));
}

/** How many steps lead to each one at most; `stuck` are those that loops keep from having such a number. */
function levelsOf(ids: readonly string[], edges: readonly FlowEdge[], next: ReadonlyMap<string, readonly FlowEdge[]>): { readonly levels: ReadonlyMap<string, number>; readonly stuck: ReadonlySet<string> } {
  const open = new Map(ids.map((id) => [id, 0]));
  for (const { to } of edges) open.set(to, open.get(to)! + 1);
  const levels = new Map<string, number>();
  const ready = ids.filter((id) => open.get(id) === 0);
  for (const id of ready) levels.set(id, 0);
  for (const id of ready) {
    for (const { to } of next.get(id) ?? []) {
      levels.set(to, Math.max(levels.get(to) ?? 0, levels.get(id)! + 1));
      open.set(to, open.get(to)! - 1);
      if (open.get(to) === 0) ready.push(to);
    }
  }
  const done = new Set(ready);
  return { levels, stuck: new Set(ids.filter((id) => !done.has(id))) };
}

/** Walks forward until it comes round. Each loop is cut before the next one is looked for. */
function cyclesOf(stuck: ReadonlySet<string>, edges: readonly FlowEdge[]): FlowEdge[][] {
  const next = Map.groupBy(edges.filter(({ from, to }) => stuck.has(from) && stuck.has(to)), ({ from }) => from);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: FlowEdge[][] = [];
  for (const first of stuck) {
    if (state.has(first)) continue;
    const path: { id: string; rest: FlowEdge[]; by?: FlowEdge }[] = [{ id: first, rest: [...(next.get(first) ?? [])] }];
    state.set(first, 'open');
    while (path.length > 0) {
      const top = path.at(-1)!;
      const edge = top.rest.shift();
      if (!edge) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(edge.to) === 'open') {
        const start = path.findIndex(({ id }) => id === edge.to);
        cycles.push([...path.slice(start + 1).map(({ by }) => by!), edge]);
      } else if (!state.has(edge.to)) {
        state.set(edge.to, 'open');
        path.push({ id: edge.to, rest: [...(next.get(edge.to) ?? [])], by: edge });
      }
    }
  }
  return cycles;
}
