import type { DatabaseSync } from 'node:sqlite';
import type { QueueListing, QueueListRequest } from './queue.ts';
/** What is at work and what waits, for people to see. */
export declare function listQueue(reader: DatabaseSync, owner: string, { flow, page, perPage, now }: QueueListRequest): QueueListing;
