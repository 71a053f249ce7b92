import type { DatabaseSync } from 'node:sqlite';
import type { BodyWindow, ExchangeRow, LogRow, PageOf, PayloadRow, RunDetail, RunFilter, RunSummary } from '../model/api.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import type { Blobs } from './blobs.ts';
import type { LiveState } from './record-run.ts';
/** Reads the recordings: the `RunArchive` of the runner, and what the runner itself asks. Pages count from 1. */
export interface Archive {
    runs(filter: RunFilter & {
        readonly page?: number;
        readonly perPage?: number;
    }): PageOf<RunSummary>;
    /** The newest runs before one, with their numbers. */
    runsBefore(filter: RunFilter, before: number, limit: number): readonly (RunSummary & {
        readonly number: number;
    })[];
    run(id: string): RunDetail | undefined;
    payloads(run: string, step: string, side: PayloadRow['side'], page: number, perPage?: number): PageOf<PayloadRow>;
    exchanges(run: string, step: string | undefined, page: number, perPage?: number): PageOf<ExchangeRow>;
    logs(run: string, filter: {
        readonly step?: string;
        readonly level?: string;
        readonly page?: number;
        readonly perPage?: number;
    }): PageOf<LogRow>;
    /** The body, where this run refers to it. A range ends before `end`. */
    body(run: string, hash: string): {
        readonly mediaType: string;
        readonly size: number;
        open(range?: {
            readonly start: number;
            readonly end: number;
        }): AsyncIterable<Uint8Array>;
    } | undefined;
    window(run: string, hash: string, window: {
        readonly path: string;
        readonly offset: number;
        readonly limit: number;
    }): Promise<BodyWindow | undefined>;
    /** Events after a place of the stream, in order. */
    events(run: string, afterSeq: number, limit: number): NumberedRunEvent[];
    /** Whether the run is there and not over. */
    isOpen(run: string): boolean;
}
/** `live`: the state of a run that this process records; newer than what the database says. */
export declare function openArchive(database: DatabaseSync, blobs: Blobs, live: (run: string) => LiveState | undefined): Archive;
