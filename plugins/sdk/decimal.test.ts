import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { calculate, type Operation } from './decimal.ts';

describe('calculating with the digits that people see', () => {
  const signs: Readonly<Record<Operation, string>> = { add: '+', subtract: '−', multiply: '×', divide: '÷', remainder: '%' };
  const check = (left: number, operation: Operation, right: number, expected: number | undefined): void => void test(`${left} ${signs[operation]} ${right} is ${expected}`, () => assert.equal(calculate(operation, left, right), expected));
  check(0.1, 'add', 0.2, 0.3);
  check(100.3, 'subtract', 100.2, 0.1);
  check(1_234_567_890.12, 'subtract', 1_234_567_890.11, 0.01);
  check(0.3, 'remainder', 0.1, 0);
  check(-5.5, 'remainder', 2, -1.5);
  check(1.005, 'multiply', 3, 3.015);
  check(1, 'divide', 3, 0.333333333333333);
  check(1e-7, 'subtract', 3e-8, 7e-8);
  check(0.1, 'add', 1e-20, 0.1);
  check(123_456_789.123456, 'add', 0.000001, 123_456_789.123457);
  check(9_007_199_254_740.99, 'add', 0.001, Number('9007199254740.991'));
  check(99_999_999_999_999.98, 'add', 0.01, undefined);
  check(99_999_999_999_999.98, 'subtract', 99_999_999_999_998.97, 1.01);
  check(12_345_678_901_234.56, 'add', 0.01, 12_345_678_901_234.57);
  check(33_333_333_333_333.33, 'multiply', 3, undefined);
  check(199_999_999_999_999.5, 'divide', 2, 99_999_999_999_999.75);
  check(1e14, 'divide', 3, 33_333_333_333_333.332);
  check(9_007_199_254_740_991, 'add', 2, 9_007_199_254_740_992);
  check(1, 'divide', 0, Infinity);
  check(1e308, 'add', 1e308, Infinity);
});

test('sums and differences of amounts have all their digits, or are refused', () => {
  const cents = fc.oneof(fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 9n * 10n ** 15n, max: 10n ** 16n }));
  const textOf = (amount: bigint): string => `${amount < 0n ? '-' : ''}${(amount < 0n ? -amount : amount) / 100n}.${String((amount < 0n ? -amount : amount) % 100n).padStart(2, '0')}`;
  const isHeld = (amount: bigint): boolean => Number(textOf(amount)).toFixed(2) === textOf(amount) && Number(String(Number(textOf(amount)))) === Number(textOf(amount)) && String(Number(textOf(amount))) === textOf(amount).replace(/\.?0+$/, '');
  fc.assert(fc.property(cents, cents, fc.constantFrom('add' as const, 'subtract' as const), (left, right, operation) => {
    fc.pre(isHeld(left) && isHeld(right));
    const exact = operation === 'add' ? left + right : left - right;
    const found = calculate(operation, Number(textOf(left)), Number(textOf(right)));
    if (found === undefined) assert.ok(!isHeld(exact), textOf(exact));
    else if (Math.abs(found) <= Number.MAX_SAFE_INTEGER) assert.equal(found, Number(textOf(exact)));
  }), { numRuns: 5_000, seed: 5 });
});

test('what needs no digits gives the same as the digits do', () => {
  const decimal = fc.tuple(fc.oneof(fc.integer({ min: -(10 ** 8), max: 10 ** 8 }), fc.maxSafeInteger()), fc.integer({ min: 0, max: 7 })).map(([units, places]) => ({ units: BigInt(units), places, number: Number(`${units}e-${places}`) }));
  fc.assert(fc.property(decimal, decimal, fc.constantFrom('add' as const, 'subtract' as const), (left, right, operation) => {
    const scaled = ({ units, places }: typeof left): bigint => units * 10n ** BigInt(7 - places);
    fc.pre(String(left.number).length < 16 && String(right.number).length < 16);
    const exact = operation === 'add' ? scaled(left) + scaled(right) : scaled(left) - scaled(right);
    fc.pre(exact > -(10n ** 15n) && exact < 10n ** 15n);
    assert.equal(calculate(operation, left.number, right.number), Number(`${exact}e-7`) + 0);
  }), { numRuns: 20_000, seed: 9 });
});
