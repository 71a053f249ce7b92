import type { DatabaseSync } from 'node:sqlite';
import type { Journal } from '../engine/resume.ts';
import type { Blobs } from './blobs.ts';
import type { Seal } from './seal.ts';
export interface JournalOptions {
    readonly reader: DatabaseSync;
    readonly blobs: Blobs;
    readonly seal: Seal;
}
/** The recording of a run as the engine goes on from it: every event, and true bodies where what can be looked at is masked. */
export declare function openJournal(run: string, { reader, blobs, seal }: JournalOptions): Journal;
