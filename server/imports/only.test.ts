import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importText } from './import.ts';
import { largestParts } from './only.ts';

/** Paths with their tags; of each pair so many endpoints. */
const check = (what: string, paths: readonly (readonly [path: string, tags: readonly string[], count: number])[], expected: readonly (readonly [pattern: string, count: number])[]): void => void test(what, () => {
  const listed = paths.flatMap(([path, tags, count]) => Array.from({ length: count }, (_, index) => [index === 0 ? path : `${path}/r${index}`, { get: { tags, responses: {} } }] as const));
  const result = importText('openapi', JSON.stringify({ openapi: '3.1.0', info: { title: 'X' }, servers: [{ url: 'https://x.test' }], paths: Object.fromEntries(listed) }));
  const parts = largestParts(result);
  assert.deepEqual(parts.map(({ pattern, count }) => [pattern, count]), expected);
  for (const { pattern, count } of parts) assert.equal(Object.keys(importText('openapi', JSON.stringify({ openapi: '3.1.0', info: { title: 'X' }, servers: [{ url: 'https://x.test' }], paths: Object.fromEntries(listed) }), undefined, [pattern]).manifest.endpoints).length, count);
});

check('the tags with most endpoints', [['/a', ['Orders'], 5], ['/b', ['Gift cards'], 7], ['/c', ['Stock'], 3], ['/d', ['Depots'], 1]], [['Gift cards', 7], ['Orders', 5], ['Stock', 3]]);
check('paths, where there are no tags', [['/orders', [], 3], ['/stock', [], 4]], [['/stock*', 4], ['/orders*', 3]]);
check('paths as deep as they tell apart', [['/api/v2/orders', [], 3], ['/api/v2/stock', [], 4]], [['/api/v2/stock*', 4], ['/api/v2/orders*', 3]]);
check('paths, where all have one tag', [['/orders', ['All'], 3], ['/stock', ['All'], 4]], [['/stock*', 4], ['/orders*', 3]]);
check('paths of which one begins as another', [['/order', [], 1], ['/orders', [], 3], ['/stock', [], 2]], [['/order*', 4], ['/orders*', 3], ['/stock*', 2]]);
check('a tag that reads as a pattern', [['/a', ['*'], 2], ['/b', ['B'], 1]], [['B', 1]]);
check('nothing tells apart', [['/orders', [], 1]], []);
