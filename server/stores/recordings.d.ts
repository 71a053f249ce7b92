import type { MessagePort } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import type { NumberedRunEvent, RunHead } from '../model/run-event.ts';
import { type NewRun } from './accept.ts';
import { type Archive } from './archive.ts';
import { type Recording } from './keep-bodies.ts';
import { type LeasedRun } from './leased-run.ts';
import { type Operations } from './operations.ts';
import type { PruneLimits } from './prune.ts';
import type { Lease, Queue } from './queue.ts';
import { resumptionsOf, type PastRun } from './past-run.ts';
import { type RunRecording } from './record-run.ts';
import { type SecretValues } from './redact.ts';
import type { Seal } from './seal.ts';
import { type BodySearch, type BodySearchResult } from './search-bodies.ts';
import { type Elsewhere } from './watchers.ts';
export type { NewRun } from './accept.ts';
export type { LeasedRun } from './leased-run.ts';
/** The recordings of a workspace, in `.patchbay/`, and the queue of its runs. Several processes, and several threads of each, may have them open at once. */
export interface Recordings extends AsyncDisposable {
    readonly archive: Archive;
    readonly queue: Queue;
    readonly operations: Operations;
    /**
     * Records a new run as queued; resolves when that would survive a crash. Where there is a run with the same key in the same trigger, or one that it must not
     * overlap, nothing is recorded. Fails with `STORAGE_FAILED`.
     */
    accept(run: NewRun): Promise<{
        readonly accepted: RunHead;
    } | {
        readonly duplicate: string;
    } | {
        readonly skipped: string;
    }>;
    /** Reads what a leased run begins with. Fails with `RUN_STOPPED` where the lease is no longer good. */
    leased(lease: Pick<Lease, 'run' | 'fence'>): LeasedRun;
    /** What a run began with. */
    past(run: string): PastRun | undefined;
    /** See `resumptionsOf`. */
    resumptions(run: Pick<RunHead, 'flow' | 'id'>): ReturnType<typeof resumptionsOf>;
    /** A recorded body by its name; the true one, where that was sealed. Fails with `STORAGE_FAILED` where it is gone, with `RUN_INTERRUPTED` where it could not be sealed. */
    bytes(hash: string, sealed?: string): Promise<Uint8Array>;
    /** A run as far as it was recorded, so that it can go on. */
    journal(run: string): Journal;
    /** Begins to record a leased run, or goes on. */
    record(run: LeasedRun, options: RecordOptions): RunRecording;
    /** See `Runner.subscribe`. */
    subscribe(run: string | undefined, listener: (event: NumberedRunEvent) => void, options?: {
        readonly afterSeq?: number;
    }): () => void;
    /** Whether somebody listens to this run. */
    isWatched(run: string): boolean;
    /** Hands an event of another thread to those who listen here. */
    relay(event: NumberedRunEvent): void;
    /** Resolves when everything recorded here so far can be read. */
    flush(): Promise<void>;
    /** Another thread records through the writer of this one. */
    connect(port: MessagePort): void;
    /** Looks into recorded bodies. See `searchBodies`. */
    search(search: BodySearch): Promise<BodySearchResult>;
    /** Deletes what is older or more than the limits say; in the background. */
    prune(limits: Omit<PruneLimits, 'now'>): void;
}
export interface RecordOptions {
    readonly recording: Recording;
    /** Names of redacted fields. */
    readonly redact: readonly string[];
    /** What was recorded before goes, but the acceptance; otherwise the recording goes on behind it. */
    readonly isAnew: boolean;
    /** The flow as it runs, where it is not what it was when the run was accepted. */
    readonly flow?: {
        readonly version: string;
        readonly text: string;
    };
    /** Called when something of the run could not be recorded, or its lease is no longer good. */
    readonly lost: (error: FlowError) => void;
}
export interface RecordingsOptions {
    readonly secrets: SecretValues;
    readonly now: () => number;
    readonly seal: Seal;
    /** In a thread of a process that has them open: the process's owner, and how to reach its writer. */
    readonly within?: {
        readonly owner: string;
        attach(port: MessagePort): void;
    };
    /** Runs that other threads of this process record. */
    readonly elsewhere?: Elsewhere;
}
/** Whether anything was ever recorded in a workspace. Opening its recordings would make them. */
export declare const hasRecordings: (root: string) => boolean;
/** Fails with `STORAGE_FAILED`. `now`: milliseconds since the epoch. */
export declare function openRecordings(root: string, options: RecordingsOptions): Recordings;
