import { hasState, openEmptyState, openStateDatabase } from '../stores/state-database.ts';
import type { StateStore } from '../stores/state-store.ts';

/** The state of a workspace for one thread. Nothing is made on the disk before something is to be kept. */
export interface WorkspaceState extends AsyncDisposable {
  /** For changes. Fails with `STORAGE_FAILED`. */
  writing(): StateStore;
  /** For looking: an empty one where nothing was ever kept. */
  reading(): StateStore;
}

export function createWorkspaceState(root: string, now: () => number): WorkspaceState {
  let opened: StateStore | undefined;
  let empty: StateStore | undefined;
  const writing = (): StateStore => (opened ??= openStateDatabase(root, now));
  return {
    writing,
    reading: () => (opened || hasState(root) ? writing() : (empty ??= openEmptyState(now))),
    async [Symbol.asyncDispose]() {
      await opened?.[Symbol.asyncDispose]();
      await empty?.[Symbol.asyncDispose]();
    },
  };
}

/** A state that is there already, such as the seeded one of a test run. */
export const givenState = (store: StateStore): WorkspaceState => ({ writing: () => store, reading: () => store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
