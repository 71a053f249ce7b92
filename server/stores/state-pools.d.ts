import type { StateConnection } from './state-connection.ts';
import type { PoolStore } from './state-store.ts';
/** Pools in SQLite. */
export declare function openPools(connection: StateConnection): PoolStore;
