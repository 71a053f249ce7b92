import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { withoutNoise } from './decimal.ts';

test('noise is what stands behind the 15th digit, however it is found', () => {
  const decimals = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 9 })).map(([digits, places]) => digits / 10 ** places);
  const sums = fc.array(decimals, { minLength: 2, maxLength: 5 }).map((numbers) => numbers.reduce((left, right) => left + right, 0));
  fc.assert(fc.property(fc.oneof(decimals, sums, fc.double({ noNaN: true, noDefaultInfinity: true })), (number) => {
    assert.equal(withoutNoise(number), Number.isInteger(number) || Math.abs(number) >= 1e13 ? number : Number(number.toPrecision(15)));
  }), { seed: 7, numRuns: 20_000 });
});

for (const [given, expected] of [[0.1 + 0.2, 0.3], [1.005 * 3, 3.015], [99999999.1 + 0.2, 99999999.3], [123456789.1 + 0.2, 123456789.3], [9007199254740991, 9007199254740991], [12345678901234.56, 12345678901234.56], [-0.1 - 0.2, -0.3]] as const) test(`${given} is ${expected}`, () => assert.equal(withoutNoise(given), expected));
