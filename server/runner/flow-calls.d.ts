import type { FlowsHost } from '../engine/host.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { RunWants } from './executors.ts';
import type { Finished } from './dispatch.ts';
import type { Workbench } from './workbench.ts';
export interface FlowCallsOptions {
    /** Late: the workbench has these calls in its hosts. */
    readonly workbench: () => Workbench;
    readonly recordings: () => Recordings;
    readonly expect: (run: string, wants: RunWants) => void | Promise<void>;
    readonly wake: () => void;
    readonly wait: (run: string, parked: string) => Promise<Finished>;
}
/** Runs of other flows, started by a step. */
export declare function createFlowCalls(options: FlowCallsOptions): FlowsHost;
