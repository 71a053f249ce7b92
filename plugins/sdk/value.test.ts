import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { withoutNoise } from './decimal.ts';
import { asNumber, plainText } from './value.ts';

test('noise is what stands behind the 15th digit, however it is found', () => {
  const decimals = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 9 })).map(([digits, places]) => digits / 10 ** places);
  const sums = fc.array(decimals, { minLength: 2, maxLength: 5 }).map((numbers) => numbers.reduce((left, right) => left + right, 0));
  fc.assert(fc.property(fc.oneof(decimals, sums, fc.double({ noNaN: true, noDefaultInfinity: true })), (number) => {
    assert.equal(withoutNoise(number), Number.isInteger(number) || Math.abs(number) >= 1e13 ? number : Number(number.toPrecision(15)));
  }), { seed: 7, numRuns: 20_000 });
});

for (const [given, expected] of [[0.1 + 0.2, 0.3], [1.005 * 3, 3.015], [99999999.1 + 0.2, 99999999.3], [123456789.1 + 0.2, 123456789.3], [9007199254740991, 9007199254740991], [12345678901234.56, 12345678901234.56], [-0.1 - 0.2, -0.3]] as const) test(`${given} is ${expected}`, () => assert.equal(withoutNoise(given), expected));

test('a number is written with all its digits and no exponent, and is read as the same', () => {
  for (const [number, text] of [[1e-7, '0.0000001'], [-1.25e-10, '-0.000000000125'], [1e21, '1000000000000000000000'], [-1.5e22, '-15000000000000000000000'], [123.5, '123.5'], [-0, '0'], [Number.NaN, 'NaN'], [-Infinity, '-Infinity'], [0.000001, '0.000001'], [9.99e-7, '0.000000999'], [999_999_999_999_999_900_000, '999999999999999900000'], [5e-324, `0.${'0'.repeat(323)}5`]] as const) assert.equal(plainText(number), text);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
    assert.match(plainText(number), /^-?\d+(\.\d+)?$/);
    assert.equal(Number(plainText(number)), number + 0);
  }), { seed: 7, numRuns: 5_000 });
});

for (const [given, reason] of [
  ['9007199254740993', 'is beyond 9007199254740991, up to which whole numbers are held'], [' +1e18 ', 'is beyond 9007199254740991, up to which whole numbers are held'], ['9007199254740993e0', 'is beyond 9007199254740991, up to which whole numbers are held'],
  ['12345678901234567.89', 'has more digits than a number holds'], ['1e400', 'is too large for a number'], ['1e-400', 'is too small for a number'],
] as const) test(`${given} ${reason}`, () => assert.throws(() => asNumber(given, 'sum'), { code: 'DATA_INVALID', message: `The transform "sum" cannot take ${JSON.stringify(given)} as a number: it ${reason}. Leave it a text.` }));
