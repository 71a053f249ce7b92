import type { StateConnection } from './state-connection.ts';
import type { TrackedStore } from './state-store.ts';
/** Tracked data in SQLite. */
export declare function openTracked({ run, page, read, write, now }: StateConnection): TrackedStore;
