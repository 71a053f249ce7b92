import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { freeId, freeName, freeParam } from './words.ts';

describe('a name that is free', () => {
  const check = (what: string, find: (isTaken: (name: string) => boolean) => string, taken: readonly string[], expected: string): void => void test(`${what}: ${expected}`, () => assert.equal(find((name) => taken.includes(name)), expected));
  check('the wanted one', (isTaken) => freeName('a', isTaken), [], 'a');
  check('the next one', (isTaken) => freeName('a', isTaken), ['a', 'a-2'], 'a-3');
  check('with another joint', (isTaken) => freeName('a', isTaken, '_'), ['a'], 'a_2');
  check('an id', (isTaken) => freeId('map-2', isTaken), [], 'map-2');
  check('an id with a number', (isTaken) => freeId('map-2', isTaken), ['map-2'], 'map-3');
  check('a param', (isTaken) => freeParam('X-Page[size]', isTaken), ['X-Page_size'], 'X-Page_size_2');
});
