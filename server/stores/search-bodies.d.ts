import type { DatabaseSync } from 'node:sqlite';
import type { PayloadMatch, RunFilter } from '../model/api.ts';
import type { Archive } from './archive.ts';
import type { Blobs } from './blobs.ts';
/** Either `text`, or `path` and `value`. */
export interface BodySearch extends RunFilter {
    readonly text?: string;
    readonly path?: string;
    readonly value?: string;
    readonly cursor?: string;
    readonly limit?: number;
    /** How long it may take; default 2,000. */
    readonly budgetMs?: number;
}
export interface BodySearchResult {
    readonly items: readonly PayloadMatch[];
    readonly cursor?: string;
    readonly runs: number;
    readonly skipped: number;
}
/**
 * Looks through the recorded bodies of runs, the newest run first, until so many are found or the time is used up; the cursor says where to go on, also in the
 * middle of a run. One body is in memory at a time. There is no index of what is in bodies: it would be as big as they are. Fails with `CONFIG_PATH`.
 */
export declare function searchBodies(search: BodySearch, { reader, blobs, archive }: {
    readonly reader: DatabaseSync;
    readonly blobs: Blobs;
    readonly archive: Archive;
}): Promise<BodySearchResult>;
/** A cursor: below which run to go on, or in which run and behind which of its bodies. */
export declare const cursorPattern: RegExp;
