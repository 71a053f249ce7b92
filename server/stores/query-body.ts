import type { BodyResult, BodyResults, QueryRequest } from '../model/body-find.ts';
import { entryOf } from '../model/body-window.ts';
import { pointerOf } from '../model/json.ts';
import { createCache } from '../model/lru.ts';
import { describePlace, type JsonDocument } from './json-document.ts';
import { queryJson, type QueryHit, type QueryLimits } from './json-query.ts';
import type { ByteSource } from './json-scan.ts';

/** A query that was begun: the next page goes on where the one before has ended. */
interface Open {
  readonly hits: AsyncIterator<QueryHit | undefined>;
  readonly reader: { source: ByteSource };
  /** Results that it has given. */
  given: number;
  isBusy: boolean;
}

/** Answers queries a page at a time, for as long as a call may take. What was begun is kept for the next page, and begun anew where it is asked for something else. */
export function openQueries({ budgetMs = 250, ...limits }: QueryLimits & { readonly budgetMs?: number }) {
  const queries = createCache<Open>(8);

  const begin = (source: ByteSource, document: JsonDocument, path: string): Open => {
    // The file is open for one call only.
    const reader = { source };
    const proxy: ByteSource = { size: source.size, read: (start, end) => reader.source.read(start, end) };
    return { hits: queryJson(proxy, document, path, limits)[Symbol.asyncIterator](), reader, given: 0, isBusy: false };
  };

  return async (hash: string, source: ByteSource, document: JsonDocument, { path, offset = 0, limit = 100 }: QueryRequest): Promise<BodyResults> => {
    const until = performance.now() + budgetMs;
    const key = `${hash} ${path}`;
    const known = queries.get(key);
    // A page of before, or one that another call is reading: from the beginning.
    const open = known && known.given <= offset && !known.isBusy ? known : queries.add(key, begin(source, document, path));
    open.reader.source = source;
    open.isBusy = true;
    const results: BodyResult[] = [];
    try {
      while (results.length < limit) {
        const { done, value } = await open.hits.next();
        if (done) return { results };
        if (value) {
          if (open.given++ >= offset) results.push(await describe(source, document, value));
        } else if (performance.now() > until) break;
      }
    } catch (error) {
      queries.delete(key);
      throw error;
    } finally {
      open.isBusy = false;
    }
    return { results, next: offset + results.length };
  };
}

async function describe(source: ByteSource, document: JsonDocument, hit: QueryHit): Promise<BodyResult> {
  const pointer = pointerOf(hit.path);
  if ('place' in hit) return { pointer, ...(await describePlace(source, document, hit.place)) };
  const { key: _, ...entry } = entryOf('', hit.value);
  return { pointer, ...entry };
}
