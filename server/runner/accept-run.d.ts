import type { RunHead } from '../model/run-event.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { StartRun } from './contract.ts';
import type { Workbench } from './workbench.ts';
export interface AcceptOptions {
    readonly workbench: Pick<Workbench, 'root' | 'versions' | 'workspace'>;
    readonly recordings: () => Recordings;
    /** Somebody here waits for what the run gives, so it is to be run by this process. */
    readonly isReserved: boolean;
    /** Told the id of the run before anybody can have leased it. */
    readonly named?: (run: string) => void | Promise<void>;
}
/**
 * Accepts a run: it is on the disk when this resolves, and `isNew`; or one with the same key was there before. Fails with whatever is wrong with the flow,
 * with `RUN_SKIPPED`, with `STORAGE_FAILED`; then nothing was recorded.
 */
export declare function acceptRun(request: StartRun, { workbench, recordings, isReserved, named }: AcceptOptions): Promise<{
    readonly head: RunHead;
    readonly isNew: boolean;
}>;
