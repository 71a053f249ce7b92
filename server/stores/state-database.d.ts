import type { CachedDocument, CacheScope } from '../../plugins/sdk/index.ts';
import type { StateStore } from './state-store.ts';
/** Whether anything was ever kept in a workspace. Opening its state would make it. */
export declare const hasState: (root: string) => boolean;
/** The state of a workspace, in `.patchbay/state.db`, on a connection of its own: each thread and process opens it for itself. `now`: milliseconds since the epoch. Fails with `STORAGE_FAILED`. */
export declare const openStateDatabase: (root: string, now: () => number) => StateStore;
/** A state that nobody else sees and that ends when it is closed. */
export declare const openEmptyState: (now: () => number) => StateStore;
/** The same, with what a test run is to find in it. */
export declare function openSeededState({ caches, pools }: StateSeed, now: () => number): Promise<StateStore>;
export interface StateSeed {
    readonly caches?: readonly {
        readonly name: string;
        readonly scope?: CacheScope;
        readonly owner?: string;
        readonly key: string;
        readonly documents: readonly CachedDocument[];
    }[];
    readonly pools?: readonly {
        readonly name: string;
        readonly entity: string;
        readonly values: readonly string[];
    }[];
}
