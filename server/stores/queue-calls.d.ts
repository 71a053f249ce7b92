import type { DatabaseSync } from 'node:sqlite';
import type { Lease } from './queue.ts';
/** What the queue asks of the writer: each is done within the transaction of its group. */
export type QueueCall = {
    readonly type: 'lease';
    readonly owner: string;
    readonly most: number;
    readonly now: number;
    readonly isOwnOnly: boolean;
} | {
    readonly type: 'renew';
    readonly run: string;
    readonly fence: number;
} | {
    readonly type: 'release';
    readonly run: string;
    readonly fence: number;
    readonly strike: boolean;
} | {
    readonly type: 'requeue';
    readonly owners: readonly string[];
    readonly now: number;
} | {
    readonly type: 'stop';
    readonly run: string;
    readonly now: number;
};
export interface QueueResults {
    readonly lease: readonly Lease[];
    readonly renew: boolean;
    readonly release: boolean;
    readonly requeue: number;
    readonly stop: 'stopped' | 'asked' | undefined;
}
/** Does a call in SQLite, in the transaction of its caller. */
export declare function doQueueCall(database: DatabaseSync, call: QueueCall): QueueResults[QueueCall['type']];
