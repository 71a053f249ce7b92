import type { DatabaseSync } from 'node:sqlite';
import { type Payload } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import { type RunHead, type StepCounts } from '../model/run-event.ts';
import type { Blobs } from './blobs.ts';
import type { Lease, RunRequest } from './queue.ts';
import type { Seal } from './seal.ts';
/** A run that was leased, as its acceptance has recorded it. */
export interface LeasedRun {
    readonly fence: number;
    readonly head: RunHead;
    readonly flowText: string;
    readonly seed: number;
    readonly request: RunRequest;
    /** Of the deployed flow; absent: the draft. */
    readonly version?: string;
    /** The number of its last event: more than 1 where it was at work before. */
    readonly lastSeq: number;
    /** The payload that it begins with, as it came, unless it is a file (`request.file`). Fails with `STORAGE_FAILED` where it is gone, with `SECRET_MISSING` where it cannot be decrypted. */
    input(): Promise<Payload | undefined>;
}
export interface LeasedOptions {
    readonly reader: DatabaseSync;
    readonly blobs: Blobs;
    readonly seal: Seal;
}
export declare function readLeased({ run, fence }: Pick<Lease, 'run' | 'fence'>, { reader, blobs, seal }: LeasedOptions): LeasedRun;
export declare function bodyBytes(reader: DatabaseSync, blobs: Blobs, hash: string): Promise<Uint8Array>;
/** Bytes where they are no JSON, whatever their type says. */
export declare function bodyFrom(bytes: Uint8Array, mediaType: string): unknown;
/** A run as far as it was recorded. */
export interface Past {
    readonly failedPayloads: number;
    readonly startedAt?: number;
    readonly steps: Readonly<Record<string, StepCounts>>;
    /** Step and payload, as `arrivalKey` says → the number of the event with which it came, of those that no step has come to its end with. */
    readonly arrivals: ReadonlyMap<string, number>;
}
export declare const arrivalKey: (step: string, payload: string) => string;
/** By its events: its last checkpoint may be older than they are. */
export declare function pastOf(journal: Journal): Past;
