import { randomUUID } from 'node:crypto';
import { FlowError, type CachedDocument } from '../../plugins/sdk/index.ts';
import { readCursor } from '../engine/cursor-values.ts';
import type { StateChange } from '../model/api.ts';
import { cursorParts, type CursorKind } from '../model/cursor-order.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
import { openEmptyState } from '../stores/state-database.ts';
import type { CacheId, CacheStore, CursorId, CursorStore, PoolStore, TrackedStore } from '../stores/state-store.ts';
import type { Audit } from './audited.ts';
import { parsePoolCsv, printPoolCsv } from './pool-csv.ts';
import { cacheBytes, usual } from './state-host.ts';
import { givenState, type WorkspaceState } from './workspace-state.ts';

export type { CacheId, CursorId } from '../stores/state-store.ts';

/** The state of a workspace for people: they see and change what runs keep. Every change is audited. See `StateStore` for what each call means. */
export interface StateAccess {
  readonly caches: Pick<CacheStore, 'get' | 'list' | 'keys' | 'documents' | 'delete' | 'clear'> & {
    /** Fails with `CACHE_FULL`. */
    put(cache: CacheId, key: string, documents: readonly CachedDocument[], options?: { readonly ttlMs?: number }): Promise<void>;
  };
  readonly pools: Pick<PoolStore, 'list' | 'values' | 'remove' | 'clear'> & {
    /** `added`: values that were not there. */
    add(pool: string, values: readonly PoolValue[], options?: { readonly ttlMs?: number }): Promise<StateChange>;
    /** The same with the rows of a CSV text, `value,entity_type`. Fails with `DATA_INVALID`. */
    import(pool: string, csv: string, options?: { readonly ttlMs?: number }): Promise<StateChange>;
    /** All values as such a text, in pieces. */
    export(pool: string): AsyncIterable<string>;
  };
  readonly cursors: Pick<CursorStore, 'list' | 'reset'> & {
    /** Where there is none yet, it is made. Fails with `DATA_INVALID` where the value is none of its kind. */
    set(cursor: CursorId, kind: CursorKind, value: string): Promise<StateChange>;
  };
  readonly tracked: Pick<TrackedStore, 'search'>;
}

export interface PoolValue {
  readonly value: string;
  readonly entity: string;
}

export interface StateAccessOptions {
  readonly state: WorkspaceState;
  readonly config: () => WorkspaceFile;
  readonly audit: Audit;
}

export function createStateAccess({ state, config, audit }: StateAccessOptions): StateAccess {
  /** Also for taking away: what is not there need not be made for that. */
  const there = () => state.reading();
  const wordsOf = ({ name, scope, owner }: CacheId): string => `cache ${name}${scope === 'workspace' ? '' : ` of ${scope} ${owner}`}`;
  const wordsOfCursor = (cursor: Partial<CursorId>): string => `cursor ${cursorParts.map((part) => cursor[part]).filter((part) => part !== undefined && part !== '').join(' / ') || '(all)'}`;
  const audited = async <T>(action: string, subject: string, detail: Readonly<Record<string, unknown>>, work: Promise<T>, isChange: (result: T) => boolean = () => true): Promise<T> => {
    const result = await work;
    if (isChange(result)) audit(action, subject, { ...detail, ...(typeof result === 'number' && { removed: result }) });
    return result;
  };
  const add: StateAccess['pools']['add'] = async (pool, values, { ttlMs = usual.poolMs } = {}) => {
    // An owner of its own: what was there is not new to it.
    const owner = { run: '', payload: randomUUID() };
    let added = 0;
    for (const [entity, group] of Map.groupBy(values, ({ entity: of }) => of)) {
      const distinct = [...new Set(group.map(({ value }) => value))];
      added += (await state.writing().pools.add(pool, distinct, { entity, owner, ttlMs })).filter(Boolean).length;
    }
    if (added > 0) audit('pool.add', `pool ${pool}`, { added });
    return { added, changed: 0, removed: 0 };
  };
  return {
    caches: {
      get: (cache, key) => there().caches.get(cache, key),
      list: (filter) => there().caches.list(filter),
      keys: (cache, filter) => there().caches.keys(cache, filter),
      documents: (cache, key, range) => there().caches.documents(cache, key, range),
      put: (cache, key, documents, { ttlMs = usual.cacheMs } = {}) =>
        audited('cache.put', wordsOf(cache), { key, documents: documents.length }, state.writing().caches.put(cache, key, documents, { ttlMs, maxBytes: cacheBytes(config(), cache.name) })),
      delete: (cache, key) => audited('cache.delete', wordsOf(cache), { key }, there().caches.delete(cache, key), (was) => was),
      clear: (cache) => audited('cache.clear', wordsOf(cache), {}, there().caches.clear(cache), (keys) => keys > 0),
    },
    pools: {
      list: (filter) => there().pools.list(filter),
      values: (pool, filter) => there().pools.values(pool, filter),
      export: (pool) => printPoolCsv(there().pools.all(pool)),
      add,
      import: async (pool, csv, options) => add(pool, parsePoolCsv(csv), options),
      remove: (pool, values, entity) => audited('pool.remove', `pool ${pool}`, { entity, ...(values.length <= 20 && { values: { [entity]: values } }) }, there().pools.remove(pool, values, entity), (n) => n > 0),
      clear: (pool, entity) => audited('pool.clear', `pool ${pool}`, entity === undefined ? {} : { entity }, there().pools.clear(pool, entity), (n) => n > 0),
    },
    cursors: {
      list: (filter) => there().cursors.list(filter),
      async set(cursor, kind, given) {
        const value = readCursor(given, { kind, format: 'date-time' });
        if (value === undefined) throw new FlowError('DATA_INVALID', `${JSON.stringify(given)} is no ${kind === 'datetime' ? 'time. Write it as 2024-01-31 or 2024-01-31T12:00:00Z' : kind}.`);
        const was = await audited('cursor.set', wordsOfCursor(cursor), { value: given }, state.writing().cursors.set(cursor, kind, value));
        return { added: was ? 0 : 1, changed: was ? 1 : 0, removed: 0 };
      },
      reset: (filter) => audited('cursor.reset', wordsOfCursor(filter), {}, there().cursors.reset(filter), (cursors) => cursors > 0),
    },
    tracked: { search: (filter) => there().tracked.search(filter) },
  };
}

/** A state in memory, for tests of what stands on it. */
export const memoryStateAccess = (audit: Audit = () => undefined): StateAccess => createStateAccess({ state: givenState(openEmptyState(Date.now)), config: () => ({ version: 1 }), audit });
