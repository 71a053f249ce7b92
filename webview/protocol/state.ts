import type { CachedRow, CacheKeyRow, CacheSummary, CursorRow, PageOf, PoolSummary, PoolValueRow, StateChange } from '../../server/model/api.ts';
import { cursorParts } from '../../server/model/cursor-order.ts';
import { filterQuery, type RunnerCalls } from './runner-client.ts';

/** Which cache: of a run or a flow it has an owner. */
export type CacheName = Pick<CacheSummary, 'name' | 'scope' | 'owner'>;
/** What tells a cursor from others. */
export type CursorName = Pick<CursorRow, (typeof cursorParts)[number]>;

/** What runs keep: caches, pools, cursors. Pages count from 1. */
export interface StateClient {
  caches(name: string, page: number): Promise<PageOf<CacheSummary>>;
  cacheKeys(cache: CacheName, prefix: string, page: number): Promise<PageOf<CacheKeyRow>>;
  /** The document at a place under a key. */
  cachedDocument(cache: CacheName, key: string, index: number): Promise<PageOf<CachedRow>>;
  deleteKey(cache: CacheName, key: string): Promise<StateChange>;
  clearCache(cache: CacheName): Promise<StateChange>;
  pools(name: string, page: number): Promise<PageOf<PoolSummary>>;
  poolValues(pool: string, filter: { readonly entity: string; readonly prefix: string }, page: number): Promise<PageOf<PoolValueRow>>;
  addToPool(pool: string, csv: string): Promise<StateChange>;
  removeFromPool(pool: string, entity: string, values: readonly string[]): Promise<StateChange>;
  clearPool(pool: string): Promise<StateChange>;
  exportPool(pool: string): Promise<Blob>;
  cursors(page: number): Promise<PageOf<CursorRow>>;
  /** The next run reads from the beginning. */
  resetCursor(cursor: CursorName): Promise<StateChange>;
}

const at = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;
const placeOf = ({ scope, owner }: CacheName) => ({ scope, ...(owner && { owner }) });
const csvBody = (csv: string): RequestInit => ({ body: csv, headers: { 'content-type': 'text/csv' } });

export function stateClient({ get, post, request }: RunnerCalls): StateClient {
  const remove = async (path: string, query: Parameters<RunnerCalls['get']>[1]): Promise<StateChange> => (await request(path, query, { method: 'DELETE' })).json() as Promise<StateChange>;
  return {
    caches: (name, page) => get('/caches', { ...filterQuery({ name }), page }),
    cacheKeys: (cache, prefix, page) => get(at('caches', cache.name, 'keys'), { ...placeOf(cache), ...filterQuery({ prefix }), page }),
    cachedDocument: (cache, key, index) => get(at('caches', cache.name, 'documents'), { ...placeOf(cache), key, page: index + 1, per_page: 1 }),
    deleteKey: (cache, key) => remove(at('caches', cache.name, 'documents'), { ...placeOf(cache), key }),
    clearCache: (cache) => remove(at('caches', cache.name, 'keys'), placeOf(cache)),
    pools: (name, page) => get('/pools', { ...filterQuery({ name }), page }),
    poolValues: (pool, filter, page) => get(at('pools', pool, 'values'), { ...filterQuery(filter), page }),
    addToPool: (pool, csv) => post(at('pools', pool, 'values'), {}, csvBody(csv)),
    removeFromPool: (pool, entity, value) => remove(at('pools', pool, 'values'), { value, entity }),
    clearPool: (pool) => remove(at('pools', pool, 'values'), {}),
    exportPool: async (pool) => (await request(at('pools', pool, 'export'))).blob(),
    cursors: (page) => get('/cursors', { page }),
    // Parts without a value are named too: without a filter it would be all cursors of the others.
    resetCursor: (cursor) => remove('/cursors', Object.fromEntries(cursorParts.map((part) => [`filter[${part}]`, cursor[part]]))),
  };
}
