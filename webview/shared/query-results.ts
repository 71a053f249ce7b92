import type { BodyResult, BodyResults, QueryRequest } from '../../server/model/body-find.ts';
import { fromPointer, toPath, type Segments } from './payload-path.ts';
import { PayloadTree, type LoadWindow } from './payload-tree.ts';

export type QueryIn = (request: QueryRequest) => Promise<BodyResults>;

/** Results that are got with each "more". */
export const resultsAtOnce = 200;
const perCall = 100;
/** A page does not hold more of them. */
const mostResults = 5_000;

/** What a query asks for, as a JSONPath. An expression names a place, too: `{{ payload.items[*].id }}`. */
export function queryPath(text: string): string {
  const [, inside] = /^\{\{\s*payload(.*?)\s*\}\}$/s.exec(text.trim()) ?? [];
  return inside === undefined ? text.trim() : `$${inside}`;
}

/** What a query has found so far, as a tree: its rows are the results, and what is in them is read from the body. */
export class QueryResults {
  readonly path: string;
  tree: PayloadTree;
  private readonly results: BodyResult[] = [];
  private next: number | undefined = 0;
  private isEnded = false;
  private readonly query: QueryIn;
  private readonly load: LoadWindow;
  private readonly changed: () => void;

  constructor(path: string, query: QueryIn, load: LoadWindow, changed: () => void) {
    this.path = path;
    this.query = query;
    this.load = load;
    this.changed = changed;
    this.tree = this.makeTree();
  }

  get count(): number {
    return this.results.length;
  }

  get hasMore(): boolean {
    return this.next !== undefined;
  }

  get isFull(): boolean {
    return this.count >= mostResults;
  }

  end(): void {
    this.isEnded = true;
  }

  /** Gets the next results. */
  async more(): Promise<void> {
    const wanted = this.count + resultsAtOnce;
    while (this.next !== undefined && this.count < wanted && !this.isEnded) {
      const found = await this.query({ path: this.path, offset: this.next, limit: Math.min(perCall, wanted - this.count) });
      this.results.push(...found.results);
      this.next = found.next;
    }
    this.tree = this.makeTree();
    this.changed();
  }

  /** Where a result stands in the document. */
  nameOf(index: number): string {
    return toPath(this.segmentsOf(index));
  }

  /** A place among the results as one of the document. */
  placeOf([index, ...below]: Segments): Segments {
    return [...this.segmentsOf(Number(index)), ...below];
  }

  private segmentsOf(index: number): Segments {
    return fromPointer(this.results[index]?.pointer ?? '');
  }

  private makeTree(): PayloadTree {
    const head = { hash: '', size: 0, mediaType: 'application/json', kind: 'array', count: this.count } as const;
    const entries = (offset: number, limit: number) => this.results.slice(offset, offset + limit).map((result, at) => ({ ...result, key: String(offset + at) }));
    return new PayloadTree({ ...head, offset: 0, entries: entries(0, perCall) }, async ({ path, offset, limit }) => {
      if (path === '') return { ...head, offset, entries: entries(offset, limit) };
      const [, index = '', ...below] = path.split('/');
      return this.load({ path: [this.results[Number(index)]!.pointer, ...below].join('/'), offset, limit });
    }, this.changed);
  }
}
