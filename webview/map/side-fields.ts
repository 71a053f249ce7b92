import { fieldTree, shownRows, type FieldNode, type FieldTree, type Side } from './fields.ts';

/** What of it is kept while its tab is hidden. */
export interface SideFieldsView {
  readonly active: Readonly<Record<Side, string | undefined>>;
  readonly closed: Readonly<Record<Side, readonly string[]>>;
  readonly filter: Readonly<Record<Side, string>>;
}

/** What is known of a side. */
interface Known {
  readonly schema: object | undefined;
  readonly sample?: unknown;
  readonly paths: readonly string[];
}

const noTree: FieldTree = { roots: [], byId: new Map(), isCut: false };

/** The fields of both sides as they are shown: which are folded, which fit the filter, where the keys are. */
export class SideFields {
  trees: Readonly<Record<Side, FieldTree>> = { source: noTree, target: noTree };
  closed: Record<Side, ReadonlySet<string>> = { source: new Set(), target: new Set() };
  filter: Record<Side, string> = { source: '', target: '' };
  rows: Readonly<Record<Side, readonly FieldNode[]>> = { source: [], target: [] };
  /** The row that the keys are on, of each side. */
  active: Record<Side, string | undefined> = { source: undefined, target: undefined };
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  get view(): SideFieldsView {
    const { active, closed, filter } = this;
    return { active: { ...active }, closed: { source: [...closed.source], target: [...closed.target] }, filter: { ...filter } };
  }

  set view({ active, closed, filter }: SideFieldsView) {
    this.active = { ...active };
    this.closed = { source: new Set(closed.source), target: new Set(closed.target) };
    this.filter = { source: filter.source, target: filter.target };
    this.layOut();
  }

  forget(): void {
    this.view = { active: { source: undefined, target: undefined }, closed: { source: [], target: [] }, filter: { source: '', target: '' } };
  }

  grow(known: Readonly<Record<Side, Known>>): void {
    const tree = ({ schema = {}, sample, paths }: Known): FieldTree => fieldTree(schema, sample, paths);
    this.trees = { source: tree(known.source), target: tree(known.target) };
    this.layOut();
  }

  setClosed(side: Side, id: string, isClosed: boolean): void {
    const closed = new Set(this.closed[side]);
    if (isClosed) closed.add(id);
    else closed.delete(id);
    this.closed[side] = closed;
    this.layOut();
    this.changed();
  }

  setFilter(side: Side, text: string): void {
    this.filter[side] = text;
    this.layOut();
    this.changed();
  }

  /** Opens what a field is folded into. */
  show(side: Side, id: string): void {
    const closed = new Set(this.closed[side]);
    for (let field = this.trees[side].byId.get(id)?.parent; field; field = field.parent) closed.delete(field.id);
    this.closed[side] = closed;
    if (!this.rows[side].some((field) => field.id === id)) this.filter[side] = '';
    this.layOut();
  }

  private layOut(): void {
    const rows = (side: Side): readonly FieldNode[] => shownRows(this.trees[side], { closed: this.closed[side], filter: this.filter[side] });
    this.rows = { source: rows('source'), target: rows('target') };
  }
}
