import type { DatabaseSync } from 'node:sqlite';
import { type Payload } from '../../plugins/sdk/index.ts';
import type { Journal } from '../engine/resume.ts';
import type { RunHead } from '../model/run-event.ts';
import type { RunRequest } from './queue.ts';
/** What a run began with, so that it can be done again. */
export interface PastRun {
    readonly head: RunHead;
    readonly flowText: string;
    readonly seed: number;
    /** Number of the deployed version; absent: the draft. */
    readonly version?: string;
    /** Fails with `RUN_INTERRUPTED` where it is masked. */
    request(): Promise<RunRequest>;
    /** The payload that it began with, as it came; `undefined` where it is not in the recording. */
    input(): Promise<Payload | undefined>;
}
export declare function readPast(run: string, reader: DatabaseSync, journal: Journal): PastRun | undefined;
/** The runs that were to go on with what this one left, the oldest first. */
export declare function resumptionsOf({ flow, id }: Pick<RunHead, 'flow' | 'id'>, reader: DatabaseSync): readonly {
    readonly id: string;
    readonly status: string; /** It has taken up what was left, or may still. */
    readonly counts: boolean;
}[];
