import type { ReplayResult } from '../model/api.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { StartedRun, StartRun } from './contract.ts';
import type { PlainPayload } from './executors.ts';
import type { Workbench } from './workbench.ts';
/** Whether a run is done again as its flow was then, or as it is now. */
export type Age = 'then' | 'now';
export interface PastRuns {
    /**
     * Starts the run again as a whole, with the same payload, metadata, variables and environment; relative dates count from when the old one was queued.
     * Fails with `API_NOT_FOUND`, `RUN_INTERRUPTED` where the recording does not hold what it began with.
     */
    retry(run: string, options?: {
        readonly version?: Age;
        readonly payload?: StartRun['payload'];
        readonly isProductionConfirmed?: boolean;
    }): Promise<StartedRun>;
    /**
     * Starts a run with what did not get through in another that is over: payloads that failed, and those still on their way when it ended, each at its step.
     * What it sends has the keys that the first run would have given it. Fails as `retry` does, and with `RUN_STOPPED` where the run is at work, everything got through, or another run has gone on with it.
     */
    resume(run: string, options?: {
        readonly version?: Age;
        readonly isProductionConfirmed?: boolean;
    }): Promise<StartedRun>;
    /** Runs it again from its recording: nothing goes out. Nothing of it is recorded. Fails as `retry` does. */
    replay(run: string, options?: {
        readonly version?: Age;
        readonly from?: string;
        readonly payload?: PlainPayload;
        readonly signal?: AbortSignal;
    }): Promise<ReplayResult>;
}
export interface PastRunsOptions {
    readonly workbench: Workbench;
    readonly recordings: () => Recordings;
    readonly start: (request: StartRun) => Promise<StartedRun>;
}
export declare function createPastRuns({ workbench, recordings, start }: PastRunsOptions): PastRuns;
