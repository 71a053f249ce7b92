import { grid, overlaps, type Point, type Rect } from './geometry.ts';

/** What the layout needs to know of a step. */
export interface LayoutStep {
  readonly id: string;
  readonly height: number;
  /** In the order in which they are drawn, from top to bottom. */
  readonly ports: readonly { readonly name: string; readonly y: number; readonly to?: string | undefined }[];
  /** Where the user has put it. */
  readonly pinned?: Point | undefined;
}

export interface Layout {
  readonly positions: ReadonlyMap<string, Point>;
  /** Key of an edge (`edgeKey`) → height at which it passes the columns between its ends. Only edges that skip columns have one. */
  readonly lanes: ReadonlyMap<string, number>;
  /** Keys of edges that close a loop. */
  readonly back: ReadonlySet<string>;
}

export const sizes = {
  width: 240,
  /** Where links enter a step, below its top. */
  input: 30,
  columnGap: 70,
  rowGap: 40,
  /** Room below a step for the line with its counts. */
  caption: 20,
  lane: 20,
} as const;

export const edgeKey = (from: string, port: string): string => `${from}\n${port}`;

/**
 * Places steps in columns from left to right: a step stands one column behind the last of those that lead to it, level with the port that leads to
 * it, so that the main way is a straight line; branches follow below in the order of the ports. Deterministic, and stable: what is added to a
 * branch moves only what stands below or behind it. Pinned steps stand where they are pinned; others make room for them.
 */
export function layOut(steps: readonly LayoutStep[], start: string | undefined): Layout {
  const graph = readGraph(steps, start);
  const ranks = rankSteps(graph);
  const tree = spanTree(graph, ranks);
  const placed = placeTree(graph, tree, ranks);
  return steps.some((step) => step.pinned) ? { ...withPins(steps, placed), back: graph.back } : { ...placed, back: graph.back };
}

interface Graph {
  readonly steps: ReadonlyMap<string, LayoutStep>;
  /** Sources before targets, loops apart. */
  readonly order: readonly string[];
  readonly back: ReadonlySet<string>;
  readonly roots: readonly string[];
}

interface Visit {
  readonly step: LayoutStep;
  port: number;
}

// Depth first without recursion: flows may be long chains.
function readGraph(steps: readonly LayoutStep[], start: string | undefined): Graph {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const targets = new Set(steps.flatMap((step) => step.ports.map((port) => port.to)));
  const state = new Map<string, 'open' | 'done'>();
  const back = new Set<string>();
  const finished: string[] = [];
  const roots: string[] = [];
  const first = start !== undefined && byId.has(start) ? [start] : [];
  for (const root of [...first, ...steps.filter((step) => !targets.has(step.id)).map((step) => step.id), ...byId.keys()]) {
    if (state.has(root)) continue;
    roots.push(root);
    const stack: Visit[] = [{ step: byId.get(root)!, port: 0 }];
    state.set(root, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      // Backwards, so that the order of the finished ones, turned round, has the first port first.
      const port = top.step.ports[top.step.ports.length - ++top.port];
      if (!port) {
        state.set(top.step.id, 'done');
        finished.push(top.step.id);
        stack.pop();
        continue;
      }
      const next = port.to === undefined ? undefined : byId.get(port.to);
      if (!next) continue;
      const seen = state.get(next.id);
      if (seen === 'open') back.add(edgeKey(top.step.id, port.name));
      if (seen) continue;
      state.set(next.id, 'open');
      stack.push({ step: next, port: 0 });
    }
  }
  return { steps: byId, order: finished.toReversed(), back, roots };
}

function rankSteps(graph: Graph): ReadonlyMap<string, number> {
  const ranks = new Map(graph.order.map((id) => [id, 0]));
  for (const id of graph.order) for (const to of targetsOf(graph, id)) ranks.set(to.id, Math.max(ranks.get(to.id)!, ranks.get(id)! + 1));
  return ranks;
}

const targetsOf = (graph: Graph, id: string): { id: string; port: string; y: number }[] => graph.steps.get(id)!.ports.flatMap((port) =>
  (port.to !== undefined && graph.steps.has(port.to) && !graph.back.has(edgeKey(id, port.name)) ? [{ id: port.to, port: port.name, y: port.y }] : []));

/** A place in the tree below a step: another step, or the way of an edge past some columns. */
type Branch = { readonly y: number } & ({ readonly step: string } | { readonly lane: string; readonly columns: number });

interface Tree {
  readonly branches: ReadonlyMap<string, readonly Branch[]>;
  readonly roots: readonly string[];
}

function spanTree(graph: Graph, ranks: ReadonlyMap<string, number>): Tree {
  const parents = new Map<string, string>();
  for (const id of graph.order) for (const to of targetsOf(graph, id)) if (!parents.has(to.id) && ranks.get(to.id) === ranks.get(id)! + 1) parents.set(to.id, edgeKey(id, to.port));
  const branches = new Map<string, Branch[]>();
  for (const id of graph.order) {
    branches.set(id, targetsOf(graph, id).flatMap((to): Branch[] => {
      const edge = edgeKey(id, to.port);
      if (parents.get(to.id) === edge) return [{ y: to.y - sizes.input, step: to.id }];
      const columns = ranks.get(to.id)! - ranks.get(id)! - 1;
      return columns > 0 ? [{ y: to.y - sizes.lane / 2, lane: edge, columns }] : [];
    }));
  }
  return { branches, roots: graph.order.filter((id) => !parents.has(id)).sort((a, b) => graph.roots.indexOf(a) - graph.roots.indexOf(b)) };
}

/** Top and bottom of a part of the tree per column, the first column last. */
interface Contour {
  readonly tops: number[];
  readonly bottoms: number[];
  /** To be added to all of them. */
  shift: number;
}

function placeTree(graph: Graph, tree: Tree, ranks: ReadonlyMap<string, number>): Omit<Layout, 'back'> {
  const offsets = new Map<Branch, number>();
  const contours = new Map<string, Contour>();
  for (const id of graph.order.toReversed()) {
    let all: Contour = { tops: [], bottoms: [], shift: 0 };
    for (const branch of tree.branches.get(id)!) {
      const own = 'step' in branch ? contours.get(branch.step)! : laneContour(branch.columns);
      const offset = Math.max(branch.y, toGrid(clearance(all, own)));
      offsets.set(branch, offset);
      own.shift += offset;
      all = join(all, own);
    }
    all.tops.push(-all.shift);
    all.bottoms.push(graph.steps.get(id)!.height + sizes.caption - all.shift);
    contours.set(id, all);
  }
  const positions = new Map<string, Point>();
  const lanes = new Map<string, number>();
  let below = 0;
  for (const root of tree.roots) {
    const contour = contours.get(root)!;
    const stack: [string, number][] = [[root, below]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [id, y] = next;
      positions.set(id, { x: ranks.get(id)! * (sizes.width + sizes.columnGap), y });
      for (const branch of tree.branches.get(id)!) {
        if ('step' in branch) stack.push([branch.step, y + offsets.get(branch)!]);
        else lanes.set(branch.lane, y + offsets.get(branch)! + sizes.lane / 2);
      }
    }
    below = toGrid(below + Math.max(...contour.bottoms.map((bottom) => bottom + contour.shift)) + sizes.rowGap);
  }
  return { positions, lanes };
}

const laneContour = (columns: number): Contour => ({ tops: Array<number>(columns).fill(0), bottoms: Array<number>(columns).fill(sizes.lane), shift: 0 });

/** How far down `next` must stand so that it is clear of `all`. */
function clearance(all: Contour, next: Contour): number {
  let least = -Infinity;
  for (let column = 1; column <= Math.min(all.tops.length, next.tops.length); column++) {
    least = Math.max(least, all.bottoms.at(-column)! + all.shift + sizes.rowGap - sizes.caption - next.tops.at(-column)! - next.shift);
  }
  return least;
}

// The longer list is kept and changed, so that a long chain is not copied at each of its steps.
function join(upper: Contour, lower: Contour): Contour {
  const [long, short] = upper.tops.length >= lower.tops.length ? [upper, lower] : [lower, upper];
  for (let column = 1; column <= short.tops.length; column++) {
    const at = long.tops.length - column;
    long.tops[at] = Math.min(long.tops[at]!, short.tops.at(-column)! + short.shift - long.shift);
    long.bottoms[at] = Math.max(long.bottoms[at]!, short.bottoms.at(-column)! + short.shift - long.shift);
  }
  return long;
}

const toGrid = (y: number): number => Math.ceil(y / grid) * grid;

function withPins(steps: readonly LayoutStep[], automatic: Omit<Layout, 'back'>): Omit<Layout, 'back'> {
  const positions = new Map<string, Point>();
  const taken = new Map<number, Rect[]>();
  const take = (step: LayoutStep, position: Point) => {
    positions.set(step.id, position);
    const rect = { ...position, width: sizes.width, height: step.height + sizes.caption };
    for (let column = columnOf(position.x - sizes.width) + 1; column <= columnOf(position.x + sizes.width - 1); column++) {
      if (!taken.get(column)?.push(rect)) taken.set(column, [rect]);
    }
  };
  for (const step of steps) if (step.pinned) take(step, step.pinned);
  const moved = new Set(positions.keys());
  const free = steps.filter((step) => !step.pinned).map((step) => ({ step, position: automatic.positions.get(step.id)! }));
  for (const { step, position } of free.sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y)) {
    const y = firstFree({ ...position, width: sizes.width, height: step.height + sizes.caption }, taken.get(columnOf(position.x)) ?? []);
    if (y !== position.y) moved.add(step.id);
    take(step, { x: position.x, y });
  }
  return { positions, lanes: new Map([...automatic.lanes].filter(([edge]) => !moved.has(edge.slice(0, edge.indexOf('\n'))))) };
}

/** The column in which x lies, the gap before it included. */
const columnOf = (x: number): number => Math.floor(x / (sizes.width + sizes.columnGap));

function firstFree(wanted: Rect, taken: readonly Rect[]): number {
  let { y } = wanted;
  for (const rect of taken.toSorted((a, b) => a.y - b.y)) if (overlaps({ ...wanted, y }, rect)) y = toGrid(rect.y + rect.height + sizes.rowGap - sizes.caption);
  return y;
}
