import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumberedRunEvent } from '../model/run-event.ts';
import { CaseRecordings } from './case-recordings.ts';

const begins = (run: string) => ({ type: 'recording', run, flow: 'f', flowText: '{}' }) as const;
const happens = (run: string, seq: number) => ({ type: 'recorded', event: { run, seq, event: { type: 'run-started', seed: 1, at: 0 } } satisfies NumberedRunEvent }) as const;

test('what comes late of a case that is over cuts nothing off the next one', async () => {
  const recordings = new CaseRecordings({ evaluate: async () => assert.fail() });
  for (const told of [begins('one'), happens('one', 1), begins('two'), happens('one', 2), happens('two', 1)]) recordings.take(told);
  assert.deepEqual((await recordings.host('two')?.debug.events('two', 0, 10))?.map(({ seq }) => seq), [1]);
});
