import type { Recordings } from '../stores/recordings.ts';
import type { Executors } from './executors.ts';
import type { SettleRun } from './settle-run.ts';
import type { Workbench } from './workbench.ts';
export interface LocalExecutorOptions {
    readonly workbench: Workbench;
    readonly recordings: () => Recordings;
    readonly settle: SettleRun;
}
/** Runs what was leased in this very thread. */
export declare function localExecutor({ workbench, recordings, settle }: LocalExecutorOptions): Executors;
