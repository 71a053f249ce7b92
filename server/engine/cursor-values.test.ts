import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CursorKind, CursorValue } from '../model/cursor-order.ts';
import { compareCursors } from '../model/cursor-order.ts';
import { cursorMinus, cursorPlus, floorCursor, grainOf, readCursor, writeCursor, type CursorFormat } from './cursor-values.ts';

const time = Date.parse('2024-01-31T12:34:56.789Z');
const as = (format: string, kind: CursorKind = 'datetime'): CursorFormat => ({ kind, format });

const formats: readonly (readonly [format: CursorFormat, written: string | number, grain: number])[] = [
  [as('date-time'), '2024-01-31T12:34:56.789Z', 1], [as('date'), '2024-01-31', 86_400_000], [as('seconds'), 1_706_704_496, 1000], [as('milliseconds'), time, 1],
  [as('YYYY-MM-DD HH:mm:ss'), '2024-01-31 12:34:56', 1000], [as('YYYYMMDD'), '20240131', 86_400_000], [as('DD.MM.YYYY HH:mm'), '31.01.2024 12:34', 60_000], [as('YYYY-MM-DDTHH:mm:ss.SSS+00:00'), '2024-01-31T12:34:56.789+00:00', 1],
];
for (const [format, written, grain] of formats) {
  test(`times as ${format.format}`, () => {
    assert.deepEqual([writeCursor(time, format), grainOf(format)], [written, grain]);
    assert.equal(readCursor(written, format), floorCursor(time, format));
  });
}

test('what is read', () => {
  const cases: readonly (readonly [value: unknown, format: CursorFormat, read: CursorValue | undefined])[] = [
    ['2024-01-31T13:34:56.789+01:00', as('date-time'), time], ['2024-01-31 12:34:56', as('date-time'), time - 789], ['2024-01-31T12:34:56.789', as('date-time'), time], ['2024-01-31', as('date-time'), Date.parse('2024-01-31')], ['soon', as('date-time'), undefined],
    ['1706704496', as('seconds'), time - 789], [1_706_704_496.789, as('seconds'), time], ['31/01', as('DD/MM'), Date.parse('1970-01-31')], ['1.2.2024', as('DD.MM.YYYY'), undefined],
    [7, as('', 'number'), 7], ['7.5', as('', 'number'), 7.5], ['12345678901234567890', as('', 'number'), '12345678901234567890'], ['x', as('', 'number'), undefined], [Number.NaN, as('', 'number'), undefined], [' ', as('', 'number'), undefined],
    ['b', as('', 'text'), 'b'], [7, as('', 'text'), '7'], [null, as('', 'text'), undefined], ['', as('', 'text'), undefined], [{}, as('', 'text'), undefined], [true, as('', 'number'), undefined],
  ];
  for (const [value, format, read] of cases) assert.deepEqual(readCursor(value, format), read, JSON.stringify([value, format]));
});

test('the order of values', () => {
  const sorted: readonly (readonly [CursorKind, readonly CursorValue[]])[] = [
    ['number', [-1, 2, 10, '9007199254740993', '9007199254740994', '12345678901234567890']], ['text', ['', '10', '2', 'A', 'a', 'ä']], ['datetime', [0, 5, time]],
  ];
  for (const [kind, values] of sorted) {
    fc.assert(fc.property(fc.shuffledSubarray([...values], { minLength: values.length }), (shuffled) => assert.deepEqual(shuffled.sort((one, other) => compareCursors(kind, one, other)), values)), { seed: 51 });
    assert.equal(compareCursors(kind, values[1]!, values[1]!), 0);
  }
});

test('what is added and taken away', () => {
  const at = as('date-time');
  assert.deepEqual([cursorPlus(time, { count: 1, unit: 'month' }, 'datetime'), cursorPlus(time, { count: 2, unit: 'week' }, 'datetime'), cursorPlus(time, { count: 0.5 }, 'datetime')].map((value) => new Date(Number(value)).toISOString()), ['2024-03-02T12:34:56.789Z', '2024-02-14T12:34:56.789Z', '2024-02-01T00:34:56.789Z']);
  assert.deepEqual([cursorPlus(7, { count: 5 }, 'number'), cursorPlus('12345678901234567890', { count: 5 }, 'number'), cursorMinus('12345678901234567890', 1, as('', 'number'))], [12, '12345678901234567895', '12345678901234567889']);
  assert.deepEqual([cursorMinus(time, 789, at), cursorMinus('x', 9, as('', 'text'))], [time - 789, 'x']);
});
