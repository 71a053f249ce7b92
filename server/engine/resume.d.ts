import { type Payload, type PayloadSource } from '../../plugins/sdk/index.ts';
import type { PayloadHead, RunError, RunEvent } from '../model/run-event.ts';
import type { Plan } from './plan.ts';
/** One event of a recording. */
export interface JournalRow {
    /** Its place in the stream of the run, from 1. */
    readonly seq: number;
    readonly event: RunEvent;
    /** Of a `payload-in`: the step came to its end with the payload. */
    readonly isDone: boolean;
    /** Of a `variable`: the value is masked, and nobody has the true one. */
    readonly isMasked?: boolean;
}
/** The recording of a run, as far as it came. */
export interface Journal {
    /** The events in their order. */
    rows(): Iterable<JournalRow>;
    /** The payload with its true body; `undefined` where the body was not kept. */
    load(head: PayloadHead): Promise<Payload | undefined>;
    /** A value that was sealed: what was given to `keepValue`. */
    value(sealed: string): Promise<unknown>;
}
/** Where a run goes on. */
export interface Resume {
    readonly steps: ReadonlyMap<string, StepResume>;
    /** Of the flow, as they were last set. */
    readonly variables: Readonly<Record<string, unknown>>;
    readonly isPartial: boolean;
    readonly error?: RunError;
    readonly isReplied: boolean;
}
export interface StepResume {
    /** What a gathering step has had already, in order: it gets it again, and nothing comes of it that has come before. */
    readonly had: readonly Arrival[];
    readonly todo: readonly ResumedItem[];
    /** How far it had come with payloads that are made again, by their ids. */
    readonly awaited: ReadonlyMap<string, Progress>;
    /** What the end of a gathering step had passed on. */
    readonly endOutputs: number;
    /** A payload failed here for good. */
    readonly hasFailed: boolean;
}
export interface Arrival {
    readonly head: PayloadHead;
    readonly from?: PayloadSource;
}
export interface ResumedItem extends Arrival, Progress {
    readonly payload: Payload;
    /** It had failed for good; at most its way to the catch side is left. */
    readonly hasFailed: boolean;
    /** What failed, itself or parts of it, and did not come to the catch side. */
    readonly uncaught: readonly {
        readonly payload: Payload;
        readonly head: PayloadHead;
        readonly error: RunError;
    }[];
}
/** How far a step had come with a payload. */
export interface Progress {
    /** Attempts that began. */
    readonly attempts: number;
    /** Outputs that were passed on, and parts that were given up. */
    readonly outputs: number;
    readonly fails: number;
    /** Ids of outputs that were passed on, but whose bodies nobody has: they are made again. */
    readonly again: ReadonlySet<string>;
    readonly checkpoint?: Checkpoint;
}
export interface Checkpoint {
    readonly state: unknown;
    readonly outputs: number;
    readonly fails: number;
}
export interface ResumeOptions {
    readonly plan: Plan;
    readonly journal: Journal;
    /** With what the run began. */
    readonly input: Payload;
    /** Ids of the steps that gather. */
    readonly gathers: ReadonlySet<string>;
}
/** What is left of a run that was interrupted. Fails with `RUN_INTERRUPTED` where the recording does not hold what is needed. */
export declare function resumeRun(options: ResumeOptions): Promise<Resume>;
/**
 * What of a run that is over did not get through: the payloads that failed, caught or not, and those that were still on their way when it ended.
 * Steps that gather begin anew with them, but for one whose end failed: that has what it had.
 */
export declare function unfinishedOf(options: ResumeOptions): Promise<Resume>;
/** The id of what stands for the end of a gathering step where it fails. */
export declare const endId: (step: string) => string;
