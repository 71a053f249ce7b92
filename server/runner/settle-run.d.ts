import type { RunHead, RunStatus } from '../model/run-event.ts';
import type { Archive } from '../stores/archive.ts';
import type { WorkspaceState } from './workspace-state.ts';
/** Called when a run has ended and all of it is recorded. Fails with `STORAGE_FAILED`. */
export type SettleRun = (run: Pick<RunHead, 'id' | 'origin'>, status: RunStatus) => Promise<void>;
export interface RunSettler {
    readonly settle: SettleRun;
    /** Settles the runs that ended without it: their process died in between. */
    settleLost(): Promise<void>;
}
/**
 * Decides on the pool values and the cursors that were pending for a run. After a success all of them count. Otherwise those count whose payload got through, as far as the
 * recording can tell: without one (`recording: none`) all are given up, and so their payloads are only sent again by the next run. To the pools, a run that
 * goes on with what another left is that other run (see `RunOrigin.root`); where it ends well, what the first one gave up counts after all.
 */
export declare function createRunSettler({ state, archive }: {
    readonly state: WorkspaceState;
    readonly archive: () => Pick<Archive, 'run' | 'events' | 'isOpen'>;
}): RunSettler;
