import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tooLarge } from './lookup-room.ts';

test('of lookups that are too large together the shorter ones are looked at', () => {
  const check = (sizes: Readonly<Record<string, number>>, left: readonly string[]): void => assert.deepEqual(tooLarge(new Map(Object.entries(sizes)), 10), left);
  check({}, []);
  check({ a: 5, b: 5 }, []);
  check({ a: 11, b: 2 }, ['a']);
  check({ big: 6, c: 3, a: 4, b: 3 }, ['big']);
  check({ b: 4, c: 4, a: 4 }, ['c']);
});
