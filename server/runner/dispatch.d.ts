import type { RunResult } from '../model/api.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Executors, PlainPayload, RunWants } from './executors.ts';
import type { RunnerLog } from './log.ts';
import type { SettleRun } from './settle-run.ts';
/** Takes runs out of the queue and gives them to executors, as many at a time as it may; and knows who waits for which. */
export interface Dispatcher {
    /** What is wanted of a run that is about to be accepted. */
    expect(run: string, wants: RunWants): void;
    /** It was not accepted. */
    forget(run: string): void;
    /** Something may be waiting. */
    wake(): void;
    /** Resolves when the run is over, wherever it runs. `parked`: the run that waits for it; it does not count among those at work meanwhile. */
    wait(run: string, parked?: string): Promise<Finished>;
    /** Says whether the run was there to be stopped. */
    stop(run: string): Promise<boolean>;
    /** From now on it takes whatever is in the queue, and looks after runs whose owner has died. */
    listen(): void;
    /** Waits for the runs at work; what is not through by then is stopped, or, if this listens, goes back into the queue. Nothing begins any more. */
    drain(ms: number): Promise<void>;
}
export interface Finished {
    readonly result: RunResult;
    readonly payloads?: readonly PlainPayload[];
}
export interface DispatcherOptions {
    readonly recordings: () => Recordings;
    readonly executors: Executors;
    readonly log: RunnerLog;
    readonly settle: SettleRun;
    /** Runs at work at a time. */
    readonly concurrency: () => number;
}
export declare function createDispatcher({ recordings, executors, log, settle, concurrency }: DispatcherOptions): Dispatcher;
