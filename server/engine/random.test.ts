import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeSeed, seededRandom } from './random.ts';

test('each place has a seed of its own, however its parts are cut', () => {
  const places = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['abd'], ['ab', 'd']];
  assert.equal(new Set(places.map((place) => placeSeed(7, ...place))).size, places.length);
  assert.notEqual(placeSeed(7, 'a'), placeSeed(8, 'a'));
  assert.equal(placeSeed(7, 'a', 'b'), placeSeed(7, 'a', 'b'));
});

test('a seed gives the same numbers again, all of them below one', () => {
  const numbers = (seed: number): number[] => Array.from({ length: 100 }, seededRandom(seed));
  assert.deepEqual(numbers(7), numbers(7));
  assert.notDeepEqual(numbers(7), numbers(8));
  assert.ok(numbers(7).every((number) => number >= 0 && number < 1));
});
