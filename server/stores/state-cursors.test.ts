import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeenRecord } from '../engine/host.ts';
import { openEmptyState } from './state-database.ts';

test('of a reading that has seen more than fits, the last are known where it goes on, and the newest where it is over', async () => {
  await using store = openEmptyState(() => 0);
  const id = { environment: '', flow: 'f', step: 's', instance: 'i', endpoint: 'e', slice: '' };
  const [pages, size] = [6, 30_000];
  const page = (seq: number): SeenRecord[] => Array.from({ length: size }, (_, index) => [`${seq}-${index}`, seq * size + index]);
  await store.cursors.begin(id, { run: 'r', input: 'p', seq: 0 });
  for (let seq = 0; seq < pages; seq++) await store.cursors.mark(id, { run: 'r', input: 'p', seq, version: 0, kind: 'number', payload: `p${seq}`, seen: page(seq) });
  const { seen } = await store.cursors.begin(id, { run: 'r', input: 'p', seq: pages });
  assert.deepEqual([seen.length, seen[0], seen.at(-1)], [4 * size, ['2-0', 2 * size], page(5).at(-1)]);
  await store.settle('r', 'all');
  const { items: [cursor] } = await store.cursors.list({});
  assert.equal(cursor?.seen, 100_000);
  const known = new Set((await store.cursors.begin(id, { run: 'next', input: 'p', seq: 0 })).seen.map(([name]) => name));
  assert.deepEqual([known.has('5-29999'), known.has(`2-${pages * size - 100_000 - 2 * size}`), known.has(`2-${pages * size - 100_000 - 2 * size - 1}`)], [true, true, false]);
});
