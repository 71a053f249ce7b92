import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutTrial } from './map-cut.ts';
import type { MapTrial } from './map-report.ts';

const trial = (input: unknown, output: unknown = {}): MapTrial => ({ input, from: 'given', records: 1, output, fields: [{ rule: 0, to: 'a', values: [input] }], faults: [] });
const list = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);

describe('a result that is long', () => {
  const check = (what: string, input: unknown, expected: (shown: ReturnType<typeof cutTrial>) => void): void => void test(what, () => {
    const shown = cutTrial(trial(input), 4_000);
    assert.ok(JSON.stringify(shown).length <= 4_000);
    assert.equal(shown.isCut, true);
    expected(shown);
  });
  check('a list', { lines: list(5_000, { sku: 'A1' }) }, ({ input }) => assert.deepEqual(input, { lines: list(40, { sku: 'A1' }) }));
  check('lists in lists', list(500, list(500, 1)), ({ input }) => assert.deepEqual(input, list(5, list(5, 1))));
  check('a text', { note: 'x'.repeat(10_000) }, ({ input }) => assert.deepEqual(input, { note: `${'x'.repeat(400)}…` }));
  check('values of a rule', list(5_000, 'abc'), ({ fields }) => assert.deepEqual(fields[0]!.values, [list(200, 'abc')]));
});

test('a short one stays as it is', () => {
  const short = trial({ lines: [1, 2] });
  assert.equal(cutTrial(short), short);
});

test('what cannot be cut is given all the same', () => {
  const wide = trial(Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`field_${index}`, 1])));
  assert.equal(Object.keys(cutTrial(wide, 1_000).input as object).length, 2_000);
});
