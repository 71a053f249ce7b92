import type { FinalStatus, RunError } from '../model/run-event.ts';
import type { EngineHost } from './host.ts';
import type { Plan } from './plan.ts';
import type { RunOptions } from './run-scope.ts';
export type { RunOptions } from './run-scope.ts';
export interface RunOutcome {
    readonly status: FinalStatus;
    /** Why it failed or was stopped: the first error that nobody caught. */
    readonly error?: RunError;
}
/** Moves a payload through a plan until nothing is left to do. Failures of the flow are its outcome, never thrown. */
export declare const executeRun: (host: EngineHost, plan: Plan, options: RunOptions) => Promise<RunOutcome>;
