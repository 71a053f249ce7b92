import type { PageOf } from '../../server/model/api.ts';

/** What a grid draws: rows by their place, some of them not there yet. */
export interface RowSource<T> {
  /** `undefined` until the first answer. */
  readonly total: number | undefined;
  readonly failed: string | undefined;
  row(at: number): T | undefined;
  /** Asks for what is missing among these rows. */
  want(first: number, end: number): void;
  retry(): void;
}

/** Rows that are all there; `read` is asked each time, so the source stays the same while they change. */
export const allRows = <T>(read: () => readonly T[]): RowSource<T> => ({ get total() { return read().length; }, failed: undefined, row: (at) => read()[at], want() {}, retry() {} });

const pagesKept = 40;
const requestsAtOnce = 2;

interface Page<T> {
  readonly items: readonly T[];
  stale: boolean;
}

/**
 * A list of any length on the host, read by pages as they come into view. What is shown stays while newer rows are read, so that nothing flickers.
 * Pages count from 1 and are as long as the host says.
 */
export class PagedRows<T> implements RowSource<T> {
  total: number | undefined;
  failed: string | undefined;
  private perPage = 0;
  private readonly pages = new Map<number, Page<T>>();
  private readonly loading = new Set<number>();
  private wanted: readonly [first: number, end: number] = [0, 50];
  /** Counts the refreshes: an answer to an older question is stale at once. */
  private question = 0;
  private readonly load: (page: number) => Promise<PageOf<T>>;
  private readonly changed: () => void;

  constructor(load: (page: number) => Promise<PageOf<T>>, changed: () => void) {
    this.load = load;
    this.changed = changed;
  }

  row(at: number): T | undefined {
    return this.perPage ? this.pages.get(Math.floor(at / this.perPage) + 1)?.items[at % this.perPage] : undefined;
  }

  want(first: number, end: number): void {
    this.wanted = [first, end];
    this.pump();
  }

  /** The host may have other rows now. `grown`: rows were added at the end and nothing else; then full pages stay good. */
  refresh(change: 'grown' | 'changed' = 'changed'): void {
    this.question++;
    this.failed = undefined;
    for (const page of this.pages.values()) if (change === 'changed' || page.items.length < this.perPage) page.stale = true;
    // Only an answer of the host says how many rows there are; the last page is the one to ask for.
    if (change === 'grown' && this.perPage) this.fetch(Math.floor((this.total ?? 0) / this.perPage) + 1);
    this.pump();
  }

  retry(): void {
    this.failed = undefined;
    this.pump();
    this.changed();
  }

  private pump(): void {
    if (this.failed !== undefined) return;
    if (!this.perPage) return this.fetch(1);
    const [first, end] = this.wanted;
    const last = Math.max(1, Math.ceil(Math.min(end, this.total ?? 0) / this.perPage));
    for (let page = Math.floor(first / this.perPage) + 1; page <= last; page++) {
      const there = this.pages.get(page);
      if (!there || there.stale) this.fetch(page);
    }
  }

  private fetch(page: number): void {
    if (this.loading.has(page) || this.loading.size >= requestsAtOnce) return;
    this.loading.add(page);
    void this.answer(page);
  }

  private async answer(page: number): Promise<void> {
    const asked = this.question;
    try {
      const { items, total, perPage } = await this.load(page);
      this.perPage = perPage;
      this.total = total;
      this.store(page, { items, stale: asked !== this.question });
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
    }
    this.loading.delete(page);
    this.changed();
    this.pump();
  }

  private store(page: number, read: Page<T>): void {
    this.pages.delete(page);
    this.pages.set(page, read);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= pagesKept) return;
      this.pages.delete(old);
    }
  }
}
