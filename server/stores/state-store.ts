import type { CachedDocument, CacheScope, Pool, TrackedValue } from '../../plugins/sdk/index.ts';
import type { CachedRow, CacheKeyRow, CacheSummary, CursorRow, PageOf, PoolSummary, PoolValueRow, TrackedRow } from '../model/api.ts';
import type { CursorMark, CursorPlace, CursorStart } from '../engine/host.ts';
import type { CursorKind, CursorValue } from '../model/cursor-order.ts';

/**
 * What a workspace remembers beyond its runs: caches, pools, cursors, tracked data, memory of triggers. Several threads and processes may have the same state open.
 *
 * - Every call is one transaction: atomic against all others, and durable, also against a power cut, when its promise resolves.
 * - What has ended by time counts as absent everywhere, whether or not it has been pruned.
 * - Every call may fail with `STORAGE_FAILED`; then it has changed nothing.
 * - Pages count from 1; `total` counts all that the filter lets through.
 *
 * `state-contract.ts` tests an implementation against this contract.
 */
export interface StateStore extends AsyncDisposable {
  readonly caches: CacheStore;
  readonly pools: PoolStore;
  readonly cursors: CursorStore;
  readonly tracked: TrackedStore;
  readonly memory: MemoryStore;
  /**
   * A run has ended. Its pending pool values count from now on where their payload got through, and are given up where it did not: then they count no more,
   * until the same run adds them again or ends again with `all` (it was resumed). With `all`, its own caches go as well; otherwise they stay for a resumption.
   * Its cursors move as far as all pages before got through; what is left of its marks is kept for a resumption, too.
   */
  settle(run: string, through: Through, stuck?: StuckRecords): Promise<void>;
  /** Payloads of a run whose values, or whose marks of a cursor, are pending or were given up. */
  undecided(run: string): Promise<readonly string[]>;
  /** Runs that have values or marks which have been pending for longer than that. Where such a run is over, it died before it was settled. */
  unsettled(forMs: number): Promise<readonly string[]>;
  /** Deletes what has ended by time, at most `most` entries per kind. Says how many it deleted. */
  prune(most?: number): Promise<number>;
}

/** The payloads that got through to the ends of their run; `all` where the run ended in success. */
export type Through = 'all' | ReadonlySet<string>;

/** Of other payloads the numbers of the records that did not get through, where that is known: what a cursor has seen of the others does not come again. */
export type StuckRecords = ReadonlyMap<string, ReadonlySet<number>>;

export interface PageRange {
  readonly page?: number;
  readonly perPage?: number;
}

/** A cache: its name, who shares it, and which run or flow that is; `''` of the workspace. */
export interface CacheId {
  readonly name: string;
  readonly scope: CacheScope;
  readonly owner: string;
}

/** The semantics of the single calls are those of `Cache` in the sdk. */
export interface CacheStore {
  get(cache: CacheId, key: string): Promise<readonly CachedDocument[]>;
  /** `maxBytes`: of all documents of the cache, keys and metadata included. No documents: the key goes. Fails with `CACHE_FULL`; then the old ones stay. */
  put(cache: CacheId, key: string, documents: readonly CachedDocument[], options: CacheOptions): Promise<void>;
  /** Fails with `CACHE_FULL`. */
  append(cache: CacheId, key: string, document: CachedDocument, options: CacheOptions & { readonly id: string }): Promise<void>;
  /** Says whether there was something. */
  delete(cache: CacheId, key: string): Promise<boolean>;
  /** Deletes all keys. Says how many there were. */
  clear(cache: CacheId): Promise<number>;
  /** Caches that hold something, by name, scope and owner. */
  list(filter: PageRange & { readonly name?: string; readonly scope?: CacheScope; readonly owner?: string }): Promise<PageOf<CacheSummary>>;
  /** By key. */
  keys(cache: CacheId, filter: PageRange & { readonly prefix?: string }): Promise<PageOf<CacheKeyRow>>;
  /** The documents under a key, in their order, without long bodies. */
  documents(cache: CacheId, key: string, range: PageRange): Promise<PageOf<CachedRow>>;
}

export interface CacheOptions {
  readonly ttlMs: number;
  readonly maxBytes: number;
}

/** The semantics of `has` and `add` are those of `Pool` in the sdk. */
export interface PoolStore {
  has(pool: string, values: readonly string[], entity: string): Promise<readonly boolean[]>;
  add(pool: string, values: readonly string[], options: Parameters<Pool['add']>[1] & { readonly ttlMs: number }): Promise<readonly boolean[]>;
  /** Says how many of the values were there. */
  remove(pool: string, values: readonly string[], entity: string): Promise<number>;
  /** Deletes all values, or those of an entity type. Says how many there were. */
  clear(pool: string, entity?: string): Promise<number>;
  /** Pools that hold something, by name. */
  list(filter: PageRange & { readonly name?: string }): Promise<PageOf<PoolSummary>>;
  /** By entity type and value. */
  values(pool: string, filter: PageRange & { readonly entity?: string; readonly prefix?: string }): Promise<PageOf<PoolValueRow>>;
  /** All values, in the same order; what changes meanwhile may or may not be among them. */
  all(pool: string): AsyncIterable<PoolValueRow>;
}

/** Who reads what: a step of a flow, in an environment (`''`: in none). */
export interface CursorId extends CursorPlace {
  readonly environment: string;
  readonly flow: string;
  readonly step: string;
}

export interface CursorStore {
  /** `seq`: of the next mark of this reading; marks from there on are forgotten, since they are made again. */
  begin(cursor: CursorId, reading: { readonly run: string; readonly input: string; readonly seq: number }): Promise<CursorStart>;
  /** The same mark again changes nothing. */
  mark(cursor: CursorId, mark: CursorMark & { readonly run: string }): Promise<void>;
  /** By environment, flow, step, instance, endpoint and slice. */
  list(filter: CursorFilter): Promise<PageOf<CursorRow>>;
  /** Says whether there was such a cursor. */
  set(cursor: CursorId, kind: CursorKind, value: CursorValue): Promise<boolean>;
  /** Forgets where the cursors stand that the filter lets through: they are read from the beginning. Says how many they were. */
  reset(filter: Omit<CursorFilter, 'page' | 'perPage'>): Promise<number>;
}

export interface CursorFilter extends PageRange, Partial<CursorId> {}

export interface TrackedPlace {
  readonly flow: string;
  readonly run: string;
  readonly step: string;
  readonly payload: string;
  /** When the step had the values, in milliseconds since the epoch. */
  readonly at: number;
}

export interface TrackedStore {
  /** A value that the same place tracked before is not tracked twice: an attempt after a failure changes nothing. */
  add(values: readonly TrackedValue[], place: TrackedPlace, options: { readonly ttlMs: number }): Promise<void>;
  /** The newest first. `prefix`: the value begins with it. */
  search(filter: TrackedFilter): Promise<PageOf<TrackedRow>>;
}

export interface TrackedFilter extends PageRange {
  readonly value?: string;
  readonly prefix?: string;
  readonly entity?: string;
  readonly flow?: string;
  readonly run?: string;
  readonly direction?: 'in' | 'out';
  /** Milliseconds since the epoch, from the first on and before the second. */
  readonly since?: number;
  readonly until?: number;
}

/** What triggers want to know after a restart. */
export interface MemoryStore {
  get(flow: string, trigger: string): Promise<unknown>;
  /** `undefined` forgets. Fails with `DATA_TOO_LARGE` where the value is longer than 64 KB as JSON, with `DATA_INVALID` where it is none. */
  set(flow: string, trigger: string, value: unknown): Promise<void>;
}
