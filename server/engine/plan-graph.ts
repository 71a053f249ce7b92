/** A connection of a flow. */
export interface Edge {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

export interface CatchStep {
  readonly id: string;
  /** The port that failed payloads leave by. */
  readonly port: string;
}

/** All that can be reached from some steps, with them. */
export function reachable(edges: readonly Edge[], from: Iterable<string>): Set<string> {
  const next = byStep(edges, 'from');
  const found = new Set(from);
  for (const id of found) for (const { to } of next.get(id) ?? []) found.add(to);
  return found;
}

/** All from which a step can be reached, with it. */
export function leadingTo(edges: readonly Edge[], to: string): Set<string> {
  const before = byStep(edges, 'to');
  const found = new Set([to]);
  for (const id of found) for (const { from } of before.get(id) ?? []) found.add(from);
  return found;
}

/**
 * Which step catches what fails in a step: the innermost of those that have it in their scope. A scope is what the other ports lead to,
 * without what the catch port leads to: where both sides meet again, the scope has ended.
 */
export function findCatchers(edges: readonly Edge[], catches: readonly CatchStep[]): Map<string, string> {
  const scopes = catches.map(({ id, port }) => {
    const own = edges.filter(({ from }) => from === id);
    const caught = reachable(edges, own.filter((edge) => edge.port === port).map(({ to }) => to));
    const tried = reachable(edges, own.filter((edge) => edge.port !== port).map(({ to }) => to));
    return { id, steps: new Set([...tried].filter((step) => !caught.has(step))) };
  });
  const depth = new Map(scopes.map(({ id }) => [id, scopes.filter(({ steps }) => steps.has(id)).length]));
  // From the outermost to the innermost, so that the innermost is the last to write its name.
  const sorted = scopes.toSorted((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
  return new Map(sorted.flatMap(({ id, steps }) => [...steps].map((step): [string, string] => [step, id])));
}

/** The steps so that each comes after those that lead to it; or the connections of a loop. */
export function sortSteps(steps: Iterable<string>, edges: readonly Edge[]): { readonly order: readonly string[]; readonly cycle?: readonly Edge[] } {
  const next = byStep(edges, 'from');
  const open = new Map<string, number>([...steps].map((id) => [id, 0]));
  for (const { to } of edges) open.set(to, (open.get(to) ?? 0) + 1);
  const order = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of order) {
    for (const { to } of next.get(id) ?? []) {
      const left = open.get(to)! - 1;
      open.set(to, left);
      if (left === 0) order.push(to);
    }
  }
  const sorted = new Set(order);
  const [stuck] = [...open.keys()].filter((id) => !sorted.has(id));
  return stuck === undefined ? { order } : { order, cycle: findCycle(stuck, edges.filter(({ from, to }) => !sorted.has(from) && !sorted.has(to))) };
}

// Every stuck step has a stuck one before it, so that walking backwards must come round.
function findCycle(start: string, edges: readonly Edge[]): Edge[] {
  const before = byStep(edges, 'to');
  const path: Edge[] = [];
  const seen = new Map<string, number>();
  let id = start;
  while (!seen.has(id)) {
    seen.set(id, path.length);
    const edge = before.get(id)![0]!;
    path.push(edge);
    id = edge.from;
  }
  return path.slice(seen.get(id)).toReversed();
}

function byStep(edges: readonly Edge[], end: 'from' | 'to'): Map<string, Edge[]> {
  const found = new Map<string, Edge[]>();
  for (const edge of edges) {
    const list = found.get(edge[end]);
    if (list) list.push(edge);
    else found.set(edge[end], [edge]);
  }
  return found;
}
