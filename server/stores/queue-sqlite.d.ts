import type { DatabaseSync } from 'node:sqlite';
import type { Queue } from './queue.ts';
import type { Writer } from './writer.ts';
export interface QueueOptions {
    readonly owner: string;
    readonly reader: DatabaseSync;
    readonly writer: Pick<Writer, 'call'>;
    /** Whether the process of an owner lives. */
    readonly isAlive: (owner: string) => boolean;
}
/** The queue in SQLite. What it changes is changed by the writing thread, together with what is recorded meanwhile. */
export declare function createQueue({ owner, reader, writer, isAlive }: QueueOptions): Queue;
