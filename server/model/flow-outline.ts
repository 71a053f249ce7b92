import { findPlugin, portsOf, type Catalog } from './catalog.ts';
import type { Flow } from './flow.ts';
import { flowGraph } from './flow-graph.ts';

/** A step or one of its branches, with what stands below it. */
export interface OutlineNode {
  readonly step: string;
  /** Of a branch. */
  readonly port?: string;
  /** No payload gets there. */
  readonly isUnreached?: boolean;
  readonly children: readonly OutlineNode[];
}

/** In front of the start, and of whatever no step leads to. */
const root = '';

/**
 * The steps of a flow as a tree: a chain stands in one list, a branch below its port. Where branches come together the chain goes on in the list of the step that
 * they began at. Each step is there once.
 */
export function flowOutline(flow: Pick<Flow, 'start' | 'steps'>, catalog: Catalog): readonly OutlineNode[] {
  const { edges, unreachable } = flowGraph(flow, catalog);
  const unreached = new Set(unreachable);
  // Ports are places of their own, so that what begins in one can be told from what joins several.
  const before = new Map<string, string[]>();
  const lead = (to: string, from: string): void => { before.set(to, [...(before.get(to) ?? []), from]); };
  if (flow.start !== undefined && Object.hasOwn(flow.steps, flow.start)) lead(place(flow.start), root);
  for (const { from, port, to } of edges) {
    if (!before.has(place(from, port))) lead(place(from, port), place(from));
    lead(place(to), place(from, port));
  }
  for (const id of begins(unreachable, edges)) lead(place(id), root);
  const outputs = Map.groupBy(edges, ({ from }) => from);
  const places = inOrder(before);
  const parents = dominators(places, before);

  const lists = new Map<string, Mutable[]>([[root, []]]);
  const listOf = new Map<string, Mutable[]>();
  for (const [id, own] of places.map(split)) {
    if (id === '' || own !== undefined) continue;
    const [from, port] = split(parents.get(place(id)) ?? root);
    const isBranch = port !== undefined && isBranching(flow, catalog, from, outputs.get(from) ?? []);
    const list = from === '' ? lists.get(root)! : isBranch ? lists.get(place(from, port))! : (listOf.get(from) ?? lists.get(root)!);
    const node: Mutable = { step: id, ...(unreached.has(id) && { isUnreached: true }), children: [] };
    list.push(node);
    listOf.set(id, list);
    const outs = outputs.get(id) ?? [];
    if (!isBranching(flow, catalog, id, outs)) continue;
    for (const out of outs) {
      const branch: Mutable = { step: id, port: out.port, children: [] };
      lists.set(place(id, out.port), branch.children);
      node.children.push(branch);
    }
  }
  return lists.get(root)!;
}

interface Mutable extends Omit<OutlineNode, 'children'> { readonly children: Mutable[] }

const place = (step: string, port?: string): string => JSON.stringify(port === undefined ? [step] : [step, port]);
const split = (text: string): readonly [step: string, port?: string] => (text === root ? [''] : (JSON.parse(text) as [string, string?]));

/** Several outputs are used, or one that is not the usual one. */
function isBranching(flow: Pick<Flow, 'steps'>, catalog: Catalog, id: string, outs: readonly { readonly port: string }[]): boolean {
  if (outs.length !== 1) return outs.length > 1;
  const { shape, settings } = flow.steps[id]!;
  return outs[0]!.port !== portsOf(findPlugin(catalog, 'shape', shape), settings)[0];
}

/** Steps that nothing leads to; of a loop that nothing leads to its first. */
function begins(unreachable: readonly string[], edges: readonly { readonly from: string; readonly to: string }[]): readonly string[] {
  const led = new Set(edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const found = unreachable.filter((id) => !led.has(id));
  const seen = new Set<string>();
  const walk = (id: string): void => {
    const left = [id];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      left.push(...edges.filter(({ from }) => from === next).map(({ to }) => to));
    }
  };
  for (const id of found) walk(id);
  for (const id of unreachable) if (!seen.has(id)) { found.push(id); walk(id); }
  return found;
}

/** Each place after one that leads to it, and after all of them where there is no loop. */
function inOrder(before: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const after = new Map<string, string[]>();
  for (const [to, froms] of before) for (const from of froms) after.set(from, [to, ...(after.get(from) ?? [])]);
  const seen = new Set([root]);
  const done: string[] = [];
  const open = [{ at: root, next: [...(after.get(root) ?? [])] }];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const to = top.next.shift();
    if (to === undefined) done.push(open.pop()!.at);
    else if (!seen.has(to)) { seen.add(to); open.push({ at: to, next: [...(after.get(to) ?? [])] }); }
  }
  return done.toReversed();
}

/** The nearest place that every way to a place leads through (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm). */
function dominators(places: readonly string[], before: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  const rank = new Map(places.map((one, index) => [one, index]));
  const found = new Map<string, string>([[root, root]]);
  const meet = (one: string, other: string): string => {
    for (let [left, right] = [one, other]; ;) {
      if (left === right) return left;
      if (rank.get(left)! > rank.get(right)!) left = found.get(left)!;
      else right = found.get(right)!;
    }
  };
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const one of places.slice(1)) {
      const known = (before.get(one) ?? []).filter((from) => found.has(from));
      if (known.length === 0) continue;
      const nearest = known.reduce(meet);
      if (found.get(one) === nearest) continue;
      found.set(one, nearest);
      isChanged = true;
    }
  }
  return found;
}
