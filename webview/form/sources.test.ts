import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printSources, readSources } from './sources.ts';

for (const [text, paths] of [
  ['', undefined], ['a', 'a'], ['a, b.c', ['a', 'b.c']], [' a ,', 'a'], ["$['a,b']", "$['a,b']"], ['items[?(@.a, 1)].b, c', ['items[?(@.a, 1)].b', 'c']], ['lines[*].sku', 'lines[*].sku'], ["x['it\"s'], y", ["x['it\"s']", 'y']],
] as const) test(`sources: ${text || 'nothing'}`, () => {
  assert.deepEqual(readSources(text), paths);
  assert.deepEqual(readSources(printSources(paths)), paths);
});
