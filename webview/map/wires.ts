import type { Lineage } from '../../server/model/lineage.ts';
import { fieldId, type FieldNode, type FieldTree, type Side } from './fields.ts';
import type { Rule } from './rules.ts';

export type Tone = 'good' | 'warn' | 'bad';

/** A line from a source to a target. `rule`: the one that it stands for; none for those of a mapping file. */
export interface Wire {
  readonly rule: number | undefined;
  readonly source: string;
  readonly target: string;
  readonly tone: Tone;
  readonly isList: boolean;
}

/** The lines of all rules: a view of them, so that none is lost. */
export function wiresOf(rules: readonly Rule[], lineage: Lineage | undefined, toneOf: (rule: number) => Tone): readonly Wire[] {
  const own = rules.flatMap(({ index, sourceIds, targetId }) => (targetId === undefined ? [] : sourceIds.map((source): Wire => ({ rule: index, source, target: targetId, tone: toneOf(index), isList: targetId.includes('[*]') || source.includes('[*]') }))));
  const others = (lineage?.targets ?? []).flatMap(({ path, rules: writing }) => writing.filter(({ rule }) => rule === undefined).flatMap(({ sources }) => sources.map((source): Wire => ({ rule: undefined, source: fieldId(source), target: fieldId(path), tone: 'good', isList: path.includes('[*]') }))));
  return [...own, ...others];
}

/** What of a list of rows is in view, in pixels. */
export interface RowView {
  readonly rows: ReadonlyMap<string, number>;
  readonly tree: FieldTree;
  readonly rowHeight: number;
  readonly top: number;
  readonly height: number;
}

export interface Segment {
  readonly wire: Wire;
  readonly y1: number;
  readonly y2: number;
  /** The side whose end has been scrolled out of view. */
  readonly out: Side | undefined;
}

export interface Stubs {
  readonly above: number;
  readonly below: number;
}

export interface Drawing {
  readonly segments: readonly Segment[];
  /** Lines whose ends on that side have been scrolled out of view. */
  readonly source: Stubs;
  readonly target: Stubs;
}

/** Where the lines run of which an end is in view. An end in a folded row stands at the row that holds it; one that is scrolled out, at the edge. */
export function drawWires(wires: readonly Wire[], source: RowView, target: RowView): Drawing {
  const segments: Segment[] = [];
  const counts = { source: { above: 0, below: 0 }, target: { above: 0, below: 0 } };
  const seen = new Set<string>();
  for (const wire of wires) {
    const from = place(source, wire.source);
    const to = place(target, wire.target);
    if (from === undefined || to === undefined || (isOut(from, source) && isOut(to, target))) continue;
    if (isOut(from, source)) counts.source[from < 0 ? 'above' : 'below']++;
    if (isOut(to, target)) counts.target[to < 0 ? 'above' : 'below']++;
    const y1 = clamp(from, source);
    const y2 = clamp(to, target);
    // Lines of folded rows lie upon each other: one is enough, but not of another rule that is chosen.
    const key = `${wire.rule ?? 'file'} ${Math.round(y1)} ${Math.round(y2)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    segments.push({ wire, y1, y2, out: isOut(from, source) ? 'source' : isOut(to, target) ? 'target' : undefined });
  }
  return { segments, ...counts };
}

function place({ rows, tree, rowHeight, top }: RowView, id: string): number | undefined {
  for (let field: FieldNode | undefined = tree.byId.get(id); field; field = field.parent) {
    const row = rows.get(field.id);
    if (row !== undefined) return row * rowHeight + rowHeight / 2 - top;
  }
  return undefined;
}

const isOut = (y: number, { height }: RowView): boolean => y < 0 || y > height;
const clamp = (y: number, { height }: RowView): number => Math.max(3, Math.min(height - 3, y));

/** A curve over a gap of a width. */
export function curve({ y1, y2 }: Pick<Segment, 'y1' | 'y2'>, left: number, right: number): string {
  const bend = Math.max(12, (right - left) * 0.45);
  return `M${left} ${y1}C${left + bend} ${y1} ${right - bend} ${y2} ${right} ${y2}`;
}

/** The beginning of a line at the end that is in view, bent to where the other end lies. */
export function stub({ y1, y2 }: Pick<Segment, 'y1' | 'y2'>, out: Side, right: number): string {
  const [x, y, way, bend] = out === 'target' ? [0, y1, 1, Math.sign(y2 - y1)] : [right, y2, -1, Math.sign(y1 - y2)];
  return `M${x} ${y}C${x + way * 16} ${y} ${x + way * 22} ${y} ${x + way * 26} ${y + bend * 9}`;
}
