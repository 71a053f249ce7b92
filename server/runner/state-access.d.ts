import { type CachedDocument } from '../../plugins/sdk/index.ts';
import type { StateChange } from '../model/api.ts';
import type { CursorKind } from '../model/cursor-order.ts';
import type { WorkspaceFile } from '../model/workspace.ts';
import type { CacheId, CacheStore, CursorId, CursorStore, PoolStore, TrackedStore } from '../stores/state-store.ts';
import type { Audit } from './audited.ts';
import { type WorkspaceState } from './workspace-state.ts';
export type { CacheId, CursorId } from '../stores/state-store.ts';
/** The state of a workspace for people: they see and change what runs keep. Every change is audited. See `StateStore` for what each call means. */
export interface StateAccess {
    readonly caches: Pick<CacheStore, 'get' | 'list' | 'keys' | 'documents' | 'delete' | 'clear'> & {
        /** Fails with `CACHE_FULL`. */
        put(cache: CacheId, key: string, documents: readonly CachedDocument[], options?: {
            readonly ttlMs?: number;
        }): Promise<void>;
    };
    readonly pools: Pick<PoolStore, 'list' | 'values' | 'remove' | 'clear'> & {
        /** `added`: values that were not there. */
        add(pool: string, values: readonly PoolValue[], options?: {
            readonly ttlMs?: number;
        }): Promise<StateChange>;
        /** The same with the rows of a CSV text, `value,entity_type`. Fails with `DATA_INVALID`. */
        import(pool: string, csv: string, options?: {
            readonly ttlMs?: number;
        }): Promise<StateChange>;
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
export declare function createStateAccess({ state, config, audit }: StateAccessOptions): StateAccess;
/** A state in memory, for tests of what stands on it. */
export declare const memoryStateAccess: (audit?: Audit) => StateAccess;
