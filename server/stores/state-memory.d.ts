import type { StateConnection } from './state-connection.ts';
import type { MemoryStore } from './state-store.ts';
/** Memory of triggers in SQLite. */
export declare function openMemory({ run, one, read, write }: StateConnection): MemoryStore;
