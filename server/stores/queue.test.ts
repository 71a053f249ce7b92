import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testQueue } from './queue-contract.ts';
import { openRecordings, type Recordings } from './recordings.ts';
import { secretValues } from './redact.ts';
import { createSeal } from './seal.ts';

testQueue('the queue in SQLite', async () => {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-queue-'));
  const open = new Set<Recordings>();
  const key = join(root, 'key');
  return {
    async open() {
      const recordings = openRecordings(root, { secrets: secretValues(), now: () => 1_000, seal: createSeal({ keyFile: key, spareFile: key }) });
      open.add(recordings);
      return recordings;
    },
    // The system lets go of the lock of a process that dies; so does closing, which ends nothing that was leased.
    async kill(owner) {
      open.delete(owner);
      await owner[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      for (const recordings of open) await recordings[Symbol.asyncDispose]();
      rmSync(root, { recursive: true, force: true });
    },
  };
});
