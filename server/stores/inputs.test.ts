import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { inputFile, removeStrayInputs } from './inputs.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-inputs-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('payloads of runs that are over go, those of runs under way and those that have just come stay', () => {
  removeStrayInputs(root, () => false);
  mkdirSync(dirname(inputFile(root, 'open')), { recursive: true });
  for (const run of ['open', 'over']) writeFileSync(inputFile(root, run), 'x');
  const left = (): boolean[] => ['open', 'over'].map((run) => existsSync(inputFile(root, run)));
  removeStrayInputs(root, (run) => run === 'open');
  assert.deepEqual(left(), [true, true]);
  removeStrayInputs(root, (run) => run === 'open', Date.now() + 3_700_000);
  assert.deepEqual(left(), [true, false]);
});
