import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { textIndex } from './text-index.ts';

/** Texts of few letters, so that they overlap, repeat and contain each other. */
const texts = (minLength: number, maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength, maxLength });

test('whatever is looked for is found where it is, and nothing else', () => {
  fc.assert(fc.property(fc.array(texts(4, 40), { maxLength: 12 }), fc.array(texts(4, 40), { maxLength: 4 }), fc.array(texts(0, 60), { maxLength: 8 }), (wanted, gone, around) => {
    const index = textIndex();
    for (const text of [...wanted, ...gone]) index.add(text);
    for (const text of gone) index.delete(text);
    const text = around.flatMap((part, at) => [part, wanted[at] ?? '', gone[at] ?? '']).join('');
    const expected = Array.from(text, () => false);
    for (const one of wanted) for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1)) expected.fill(true, at, at + one.length);
    const found = Array.from(text, () => false);
    for (const [start, end] of index.placesIn(text)) found.fill(true, start, end);
    assert.deepEqual(found, expected);
    assert.equal(index.isIn(text), expected.includes(true));
  }), { seed: 7, numRuns: 2_000 });
});

test('what overlaps is one place, what only touches is two', () => {
  const index = textIndex();
  for (const text of ['abcdefgh', 'efghijkl', 'mnop']) index.add(text);
  assert.deepEqual(index.placesIn('abcdefghijklmnop'), [[0, 12], [12, 16]]);
});

test('as often as a text was added it must be deleted', () => {
  const index = textIndex();
  for (let times = 0; times < 2; times++) index.add('abcdefgh');
  index.delete('abcdefgh');
  assert.equal(index.isIn('xabcdefghx'), true);
  index.delete('abcdefgh');
  index.delete('abcdefgh');
  assert.equal(index.isIn('xabcdefghx'), false);
});

test('a field that has grown finds what was there before, and what is left of it', () => {
  const index = textIndex();
  const name = (number: number): string => `secret-${number}-of-many`;
  for (let number = 0; number < 20_000; number++) index.add(name(number));
  for (let number = 0; number < 20_000; number += 2) index.delete(name(number));
  const found = Array.from({ length: 20_000 }, (_, number) => index.isIn(`<${name(number)}>`));
  assert.ok(found.every((is, number) => is === (number % 2 === 1)));
});
