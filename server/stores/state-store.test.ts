import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStateStore, type StatePlace } from './state-contract.ts';
import { openStateDatabase } from './state-database.ts';

testStateStore('SQLite', async (): Promise<StatePlace> => {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-state-'));
  const place: StatePlace = {
    now: 1_000_000_000_000,
    open: async () => openStateDatabase(root, () => place.now),
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
  };
  return place;
});
