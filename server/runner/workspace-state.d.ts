import type { StateStore } from '../stores/state-store.ts';
/** The state of a workspace for one thread. Nothing is made on the disk before something is to be kept. */
export interface WorkspaceState extends AsyncDisposable {
    /** For changes. Fails with `STORAGE_FAILED`. */
    writing(): StateStore;
    /** For looking: an empty one where nothing was ever kept. */
    reading(): StateStore;
}
export declare function createWorkspaceState(root: string, now: () => number): WorkspaceState;
/** A state that is there already, such as the seeded one of a test run. */
export declare const givenState: (store: StateStore) => WorkspaceState;
