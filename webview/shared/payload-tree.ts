import type { BodyEntry, BodyWindow } from '../../server/model/api.ts';
import { toPointer, type Segments } from './payload-path.ts';

/** Gives a window of the body: never the whole. `path` is a JSON pointer. */
export type LoadWindow = (window: { readonly path: string; readonly offset: number; readonly limit: number }) => Promise<BodyWindow>;

/** A row in view. `entry` is missing until its page is there. */
export interface TreeRow {
  readonly parent: Branch;
  readonly index: number;
  readonly entry: BodyEntry | undefined;
  readonly open: Branch | undefined;
  readonly failed: string | undefined;
}

/** An open object or array. It holds only those of its entries that were in view lately. */
export interface Branch {
  readonly parent: Branch | undefined;
  /** Place among the parent's entries. */
  readonly index: number;
  readonly segments: Segments;
  readonly kind: 'object' | 'array';
  readonly count: number;
  /** Rows below it: its entries and those of its open children. */
  rows: number;
  readonly pages: Map<number, readonly BodyEntry[]>;
  readonly failed: Map<number, string>;
  /** Sorted by index. */
  readonly open: Branch[];
}

const pageSize = 100;
const pagesKept = 300;
const requestsAtOnce = 4;

/** A document of any size as rows: which entry stands at row n, what must be loaded to draw it, what is open. */
export class PayloadTree {
  readonly root: Branch;
  private readonly load: LoadWindow;
  private readonly changed: () => void;
  private wanted: { branch: Branch; page: number }[] = [];
  private readonly loading = new Set<string>();
  /** Loaded pages, the one used longest ago first. */
  private readonly recent = new Map<string, { branch: Branch; page: number }>();

  constructor(first: BodyWindow, load: LoadWindow, changed: () => void) {
    this.root = { parent: undefined, index: 0, segments: [], kind: first.kind === 'array' ? 'array' : 'object', count: first.count, rows: first.count, pages: new Map(), failed: new Map(), open: [] };
    this.load = load;
    this.changed = changed;
    if (first.offset === 0 && first.entries.length >= Math.min(first.count, pageSize)) this.store(this.root, 0, first.entries.slice(0, pageSize));
  }

  get rowCount(): number {
    return this.root.rows;
  }

  row(at: number): TreeRow {
    let branch = this.root;
    let left = at;
    for (;;) {
      const inside = findOpen(branch, left);
      if (!inside.child) return this.describe(branch, inside.index);
      branch = inside.child;
      left = inside.left;
    }
  }

  /** The row at which an entry stands. */
  rowOf(branch: Branch, index: number): number {
    let row = index + rowsBefore(branch, index);
    for (let at = branch; at.parent; at = at.parent) row += 1 + at.index + rowsBefore(at.parent, at.index);
    return row;
  }

  /** Asks for what is missing among these rows. Requests for rows that have left the view meanwhile are not made. */
  want(first: number, end: number): void {
    const missing = new Map<string, { branch: Branch; page: number }>();
    for (let at = first; at < Math.min(end, this.rowCount); at++) {
      const { parent, index } = this.row(at);
      const page = Math.floor(index / pageSize);
      const key = pageKey(parent, page);
      if (parent.pages.has(page)) this.touch(key, parent, page);
      else if (!this.loading.has(key) && !parent.failed.has(page)) missing.set(key, { branch: parent, page });
    }
    this.wanted = [...missing.values()];
    this.pump();
  }

  /** Tries a page again that could not be loaded. */
  retry(row: TreeRow): void {
    row.parent.failed.delete(Math.floor(row.index / pageSize));
    this.changed();
  }

  expand(row: TreeRow): Branch | undefined {
    const { entry, parent, index } = row;
    if (row.open || !entry || !isBranch(entry)) return row.open;
    const child: Branch = { parent, index, segments: [...parent.segments, segmentOf(row)], kind: entry.kind as Branch['kind'], count: entry.count ?? 0, rows: entry.count ?? 0, pages: new Map(), failed: new Map(), open: [] };
    const place = parent.open.findIndex((open) => open.index > index);
    parent.open.splice(place < 0 ? parent.open.length : place, 0, child);
    grow(parent, child.rows);
    this.changed();
    return child;
  }

  collapse(row: TreeRow): void {
    if (!row.open) return;
    row.parent.open.splice(row.parent.open.indexOf(row.open), 1);
    grow(row.parent, -row.open.rows);
    for (const key of this.recent.keys()) if (key.startsWith(`${toPointer(row.open.segments)}/`) || key.startsWith(`${toPointer(row.open.segments)}\n`)) this.recent.delete(key);
    this.changed();
  }

  /** Opens what is on the way to a place and gives its row. `undefined`: there is no such place. */
  async find(segments: Segments): Promise<number | undefined> {
    let branch = this.root;
    for (const [depth, segment] of segments.entries()) {
      const index = await this.indexOf(branch, segment);
      if (index === undefined) return undefined;
      if (depth === segments.length - 1) return this.rowOf(branch, index);
      await this.page(branch, Math.floor(index / pageSize));
      const next = this.expand(this.describe(branch, index));
      if (!next) return undefined;
      branch = next;
    }
    return 0;
  }

  segments(row: TreeRow): Segments {
    return [...row.parent.segments, segmentOf(row)];
  }

  private describe(parent: Branch, index: number): TreeRow {
    const page = Math.floor(index / pageSize);
    return { parent, index, entry: parent.pages.get(page)?.[index % pageSize], open: parent.open.find((child) => child.index === index), failed: parent.failed.get(page) };
  }

  private async indexOf(branch: Branch, segment: string | number): Promise<number | undefined> {
    if (branch.kind === 'array') {
      const index = Number(segment);
      return Number.isInteger(index) && index >= 0 && index < branch.count ? index : undefined;
    }
    for (let page = 0; page * pageSize < branch.count; page++) {
      const found = (await this.page(branch, page)).findIndex((entry) => entry.key === String(segment));
      if (found >= 0) return page * pageSize + found;
    }
    return undefined;
  }

  private async page(branch: Branch, page: number): Promise<readonly BodyEntry[]> {
    const there = branch.pages.get(page);
    if (there) return there;
    const window = await this.load({ path: toPointer(branch.segments), offset: page * pageSize, limit: pageSize });
    this.store(branch, page, window.entries);
    return window.entries;
  }

  private pump(): void {
    while (this.loading.size < requestsAtOnce) {
      const next = this.wanted.shift();
      if (!next) return;
      const key = pageKey(next.branch, next.page);
      if (this.loading.has(key)) continue;
      this.loading.add(key);
      void this.page(next.branch, next.page)
        .catch((error: unknown) => next.branch.failed.set(next.page, error instanceof Error ? error.message : String(error)))
        .finally(() => {
          this.loading.delete(key);
          this.changed();
          this.pump();
        });
    }
  }

  private store(branch: Branch, page: number, entries: readonly BodyEntry[]): void {
    branch.pages.set(page, entries);
    this.touch(pageKey(branch, page), branch, page);
    for (const [key, old] of this.recent) {
      if (this.recent.size <= pagesKept) return;
      this.recent.delete(key);
      old.branch.pages.delete(old.page);
    }
  }

  private touch(key: string, branch: Branch, page: number): void {
    this.recent.delete(key);
    this.recent.set(key, { branch, page });
  }
}

export const isBranch = (entry: Pick<BodyEntry, 'kind' | 'count'>): boolean => (entry.kind === 'object' || entry.kind === 'array') && (entry.count ?? 0) > 0;

export const depthOf = (row: TreeRow): number => row.parent.segments.length;

const segmentOf = (row: Pick<TreeRow, 'parent' | 'index' | 'entry'>): string | number => (row.parent.kind === 'array' ? row.index : (row.entry?.key ?? ''));
const pageKey = (branch: Branch, page: number): string => `${toPointer(branch.segments)}\n${page}`;

function findOpen(branch: Branch, at: number): { child?: Branch; left: number; index: number } {
  let before = 0;
  for (const child of branch.open) {
    const header = child.index + before;
    if (at <= header) break;
    if (at <= header + child.rows) return { child, left: at - header - 1, index: 0 };
    before += child.rows;
  }
  return { left: 0, index: at - before };
}

const rowsBefore = (branch: Branch, index: number): number => branch.open.reduce((sum, child) => (child.index < index ? sum + child.rows : sum), 0);

function grow(branch: Branch, by: number): void {
  for (let at: Branch | undefined = branch; at; at = at.parent) at.rows += by;
}
