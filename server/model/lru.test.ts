import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCache } from './lru.ts';

const cacheOf = (...keys: readonly string[]) => {
  const cache = createCache<string>(2);
  for (const key of keys) cache.add(key, key);
  return cache;
};

test('what was used last is kept', () => {
  const cache = cacheOf('a', 'b');
  cache.get('a');
  cache.add('c', 'c');
  assert.deepEqual(['a', 'b', 'c'].map(cache.get), ['a', undefined, 'c']);
});

test('what is added again takes no room of another, and was used last', () => {
  const cache = cacheOf('a', 'b');
  cache.add('b', 'new');
  assert.deepEqual([cache.get('a'), cache.get('b')], ['a', 'new']);
  const other = cacheOf('a', 'b', 'a', 'c');
  assert.deepEqual(['a', 'b', 'c'].map(other.get), ['a', undefined, 'c']);
});
