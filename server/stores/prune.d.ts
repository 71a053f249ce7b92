import type { DatabaseSync } from 'node:sqlite';
import { type Blobs } from './blobs.ts';
export interface PruneLimits {
    /** Runs older than this go, unless they are pinned or at work. */
    readonly days: number;
    /** Where the recordings are bigger than this, the oldest of them go. */
    readonly megabytes: number;
    /** What is different for a flow. `runs`: so many of those that are over are kept. */
    readonly flows?: Readonly<Record<string, {
        readonly days?: number;
        readonly runs?: number;
    }>>;
    /** Milliseconds since the epoch. */
    readonly now: number;
}
export interface Pruning {
    /** Does one small piece of work in a transaction of its own. False where nothing is left to do. */
    more(): boolean;
}
/** Deletes the oldest finished runs until the limits hold, with the bodies that no other run refers to. Of what is gone, sums and the audit log stay. */
export declare function startPruning(database: DatabaseSync, blobs: Blobs, limits: PruneLimits): Pruning;
/** Takes a run away that is over. What it leaves behind goes later. Says whether it was there, and over. */
export declare function doom(database: DatabaseSync, run: number): boolean;
