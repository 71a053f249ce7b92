import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { jsonNumbers, writtenNumber } from '../../test/support/json-numbers.ts';
import { parseJson, withoutExponent } from './json.ts';

for (const [what, text, expected] of jsonNumbers) test(what, () => assert.deepEqual(parseJson(text), expected));

test('what was read is read again from what is printed of it', () => {
  fc.assert(fc.property(writtenNumber, (text) => {
    const [read] = parseJson(`[${text}]`) as [unknown];
    // JSON has one zero.
    assert.deepEqual(parseJson(`[${JSON.stringify(read)}]`), [read === 0 ? 0 : read]);
  }), { seed: 7, numRuns: 20_000 });
});

test('ids of one system are of one type, whatever zeros they end with', () => {
  fc.assert(fc.property(fc.bigInt({ min: 9_007_199_254_740_992n, max: 999_999_999_999_999_999_999n }), fc.integer({ min: 0, max: 12 }), (id, zeros) => {
    const text = String(id).slice(0, -zeros || undefined) + '0'.repeat(zeros);
    assert.deepEqual(parseJson(`[${text}]`), [BigInt(text) > BigInt(Number.MAX_SAFE_INTEGER) ? text : Number(text)]);
  }), { seed: 7, numRuns: 5_000 });
});

test('a number with very many zeros is read in no time', () => {
  const before = performance.now();
  const long = `0.${'0'.repeat(300_000)}1`;
  assert.deepEqual([parseJson(`[1${long}]`), withoutExponent(`${long}e0`)], [[`1${long}`], long]);
  assert.ok(performance.now() - before < 5_000);
});

test('the first number that is kept is told, and only that', () => {
  const told: string[] = [];
  parseJson('[1, 9007199254740993, 9007199254740995]', (number) => told.push(number));
  assert.deepEqual(told, ['9007199254740993']);
});

test('everything else is as JSON.parse has it, faults as well', () => {
  fc.assert(fc.property(fc.json(), (text) => assert.deepEqual(parseJson(text), JSON.parse(text, (_key, value: unknown) => (typeof value === 'number' && Math.abs(value) > 1e15 ? parseJson(JSON.stringify(value)) : value)))), { seed: 7 });
  for (const text of ['', '{', '[12345678901234567890', '{"a":1 e400}']) assert.throws(() => parseJson(text), SyntaxError);
});

test('whatever the number, no digit is lost', () => {
  const number = fc.tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.option(fc.stringMatching(/^\d{1,30}$/), { nil: undefined }))
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`);
  fc.assert(fc.property(number, (text) => {
    const [value] = parseJson(`[${text}]`) as [unknown];
    if (typeof value === 'string') assert.equal(value, text);
    else if (/^-?\d+$/.test(text)) assert.equal(String(value), text === '-0' ? '0' : text);
    else {
      const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
      assert.equal(digits === '' ? '' : (value as number).toPrecision(Math.min(digits.length, 100)).replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+|0+$/g, ''), digits, text);
    }
  }), { seed: 7, numRuns: 2_000 });
});

test('a large document without such numbers is not gone through twice', () => {
  const text = JSON.stringify(Array.from({ length: 1_000 }, (_, id) => ({ id, ean: '4006381333931123456789', price: 19.99, share: id / 7, net: id / 7_000, at: '2024-03-31T10:30:00.000Z' })));
  let seen = 0;
  const parse = JSON.parse;
  JSON.parse = ((given: string, reviver?: never) => (seen += reviver === undefined ? 0 : 1, parse(given, reviver))) as typeof JSON.parse;
  try {
    parseJson(text);
  } finally {
    JSON.parse = parse;
  }
  assert.equal(seen, 0);
});
