import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownVersions } from './known-versions.ts';

test('of what is read now only the last ones are known, of what was known before all', () => {
  const known = knownVersions(['a', 'b'], 3);
  for (let index = 0; index < 1000; index++) known.add(String(index));
  assert.deepEqual(['a', 'b', '0', '996', '997', '998', '999'].filter((name) => known.has(name)), ['a', 'b', '997', '998', '999']);
});

test('one that comes again is known once', () => {
  const known = knownVersions([], 2);
  for (const name of ['a', 'b', 'b', 'b']) known.add(name);
  assert.ok(known.has('a'));
});
