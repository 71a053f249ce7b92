import type { StateConnection } from './state-connection.ts';
import type { CacheStore } from './state-store.ts';
/** Caches in SQLite. */
export declare function openCaches(connection: StateConnection): CacheStore;
