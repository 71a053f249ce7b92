import type { Point } from './geometry.ts';

export interface EdgeEnds {
  /** Where the link leaves: the middle of the port. */
  readonly from: Point;
  /** Where it enters. */
  readonly to: Point;
  /** Place of the port among those of its step, from the top, and how many there are: keeps the bends apart. */
  readonly port?: { readonly index: number; readonly count: number };
  /** Height at which it passes the columns between, if it skips some. */
  readonly lane?: number | undefined;
  /** Lower edge of what a link that runs backwards must go around. */
  readonly below?: number | undefined;
}

const nearest = 20;
const apart = 8;
const radius = 8;

/** The corners of a link: right-angled, leaving and entering from left to right. */
export function routeEdge({ from, to, port = { index: 0, count: 1 }, lane, below }: EdgeEnds): Point[] {
  const room = to.x - from.x;
  if (room < 2 * nearest) return routeBack(from, to, port, below);
  if (lane !== undefined) return tidy([from, ...turn(from, bend(from, lane, port)), ...step(bend(from, lane, port), from.y, lane), ...step(to.x - nearest, lane, to.y), to]);
  const x = Math.min(bend(from, to.y, port), to.x - nearest);
  return tidy([from, ...step(x, from.y, to.y), to]);
}

/** SVG path through the corners, rounded. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x} ${first.y}`;
  for (const [index, corner] of rest.entries()) {
    const before = points[index]!;
    const after = rest[index + 1];
    if (!after) {
      path += `L${corner.x} ${corner.y}`;
      continue;
    }
    const size = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const start = towards(corner, before, size);
    const end = towards(corner, after, size);
    path += `L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
  }
  return path;
}

/** A point on the link that suits a label: the middle of its longest level piece. */
export function labelPoint(points: readonly Point[]): Point {
  let best: { readonly length: number; readonly point: Point } | undefined;
  for (let at = 1; at < points.length; at++) {
    const [a, b] = [points[at - 1]!, points[at]!];
    const length = a.y === b.y ? Math.abs(a.x - b.x) : 0;
    // The last of equal ones: nearer to the target there is more room.
    if (!best || length >= best.length) best = { length, point: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  }
  return best?.point ?? points[0] ?? { x: 0, y: 0 };
}

// Down: the lowest port bends first, up: the highest, so that links of one step do not cross.
function bend(from: Point, y: number, { index, count }: { readonly index: number; readonly count: number }): number {
  const place = y >= from.y ? count - 1 - index : index;
  return from.x + nearest + Math.min(place, 4) * apart;
}

const step = (x: number, y1: number, y2: number): Point[] => [{ x, y: y1 }, { x, y: y2 }];
const turn = (from: Point, x: number): Point[] => [{ x, y: from.y }];

function routeBack(from: Point, to: Point, port: { readonly index: number; readonly count: number }, below: number | undefined): Point[] {
  const out = from.x + nearest + port.index * apart;
  const into = to.x - nearest;
  const y = below === undefined ? (from.y + to.y) / 2 : below + nearest + port.index * apart;
  return tidy([from, ...step(out, from.y, y), ...step(into, y, to.y), to]);
}

/** Without points on a straight line. */
function tidy(points: readonly Point[]): Point[] {
  const result: Point[] = [];
  for (const point of points) {
    const [before, last] = [result.at(-2), result.at(-1)];
    if (last && last.x === point.x && last.y === point.y) continue;
    if (before && last && ((before.x === last.x && last.x === point.x) || (before.y === last.y && last.y === point.y))) result.pop();
    result.push(point);
  }
  return result;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by };
}
