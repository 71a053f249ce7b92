import { FlowError } from '../../plugins/sdk/index.ts';
import type { FailureNote } from '../model/api.ts';
import type { FinalStatus, RunError } from '../model/run-event.ts';
import type { LeasedRun, Recordings } from '../stores/recordings.ts';
import type { Lease } from '../stores/queue.ts';
import type { Outcome, RunWants } from './executors.ts';
import type { SettleRun } from './settle-run.ts';
import type { Workbench } from './workbench.ts';
export interface RunLeasedOptions {
    readonly workbench: Pick<Workbench, 'versions' | 'workspace'>;
    readonly recordings: Recordings;
    readonly settle: SettleRun;
    /** Stops the run. With `releaseReason` it is no end. */
    readonly signal: AbortSignal;
    readonly wants: RunWants;
}
/** Why a run stops that goes on later. */
export declare const releaseReason: FlowError;
/** Runs a leased run in this thread, from its acceptance or from where it was, to its end. Never fails. */
export declare function runLeased(lease: Pick<Lease, 'run' | 'fence'>, options: RunLeasedOptions): Promise<Outcome>;
/** The end of a run that cannot be begun, or that ended otherwise than by itself. */
export declare function endEarly(run: LeasedRun, status: FinalStatus, error: RunError, options: Pick<RunLeasedOptions, 'recordings' | 'settle'> & {
    readonly redact?: readonly string[];
}): Promise<Outcome>;
export declare const mostFailures = 100;
export declare function noteOf(step: string, payload: string, error: RunError | undefined, caughtBy: string | undefined): FailureNote;
