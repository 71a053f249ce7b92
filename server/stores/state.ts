import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import { stateFolder, storageFailed, prepareStateFolder } from './database.ts';

/** The small state of a workspace that a person may want to read or mend: `.patchbay/state.json`. One runner writes it. */
export interface StateFile {
  /** Whether the triggers of a flow may start it; they may where nothing is said. */
  isEnabled(flow: string): boolean;
  /** Fails with `STORAGE_FAILED`. */
  setEnabled(flow: string, enabled: boolean): Promise<void>;
}

interface State {
  readonly version: 1;
  readonly enabled: Record<string, boolean>;
}

/** Nothing is written before something is changed. Fails with `STORAGE_FAILED`. */
export async function openState(root: string): Promise<StateFile> {
  const file = join(stateFolder(root), 'state.json');
  try {
    const database = new Low<State>(new JSONFile(file), { version: 1, enabled: {} });
    if (existsSync(file)) await database.read();
    if (typeof database.data !== 'object' || typeof database.data?.enabled !== 'object') throw new Error('it is not what Patchbay has written');
    return {
      isEnabled: (flow) => !Object.hasOwn(database.data.enabled, flow) || database.data.enabled[flow] !== false,
      async setEnabled(flow, enabled) {
        try {
          prepareStateFolder(root);
          await database.update((data) => {
            Object.defineProperty(data.enabled, flow, { value: enabled, enumerable: true, configurable: true, writable: true });
          });
        } catch (error) {
          throw storageFailed(error, file);
        }
      },
    };
  } catch (error) {
    throw storageFailed(error, file);
  }
}
