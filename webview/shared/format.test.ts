import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatCount, formatDuration, formatRelative, formatShort, formatValue } from './format.ts';

const check = <I>(name: string, format: (input: I) => string, cases: readonly (readonly [I, string])[]) =>
  test(name, () => { for (const [input, expected] of cases) assert.equal(format(input), expected, String(input)); });

check('durations keep two or three figures and never show 60 s', formatDuration, [
  [0, '0 ms'], [0.7, '0.7 ms'], [3, '3 ms'], [840, '840 ms'], [999.6, '1 s'], [3240, '3.2 s'], [59_940, '59.9 s'], [59_990, '1 min 00 s'],
  [125_000, '2 min 05 s'], [3_599_700, '1 h 00 min'], [11_220_000, '3 h 07 min'], [187_200_000, '2 d 4 h'],
]);
check('sizes', formatBytes, [[-1, 'unknown size'], [0, '0 B'], [812, '812 B'], [999, '999 B'], [12_400, '12.4 KB'], [999_600, '1 MB'], [100_000_000, '100 MB'], [1_500_000_000, '1.5 GB']]);
check('figures in little room', formatShort, [[0, '0'], [999_999, '999,999'], [1_000_000, '1M'], [1_234_567, '1.23M'], [45_600_000_000, '45.6B'], [9_007_199_254_740_991, '9010T']]);
check('counts', (count: number) => formatCount(count, 'payload'), [[0, '0 payloads'], [1, '1 payload'], [1204, '1,204 payloads']]);
check('relative times', (at: number) => formatRelative(at, 1_000_000_000), [[999_999_000, 'now'], [999_880_000, '2 minutes ago'], [1_010_800_000, 'in 3 hours'], [913_600_000, 'yesterday']]);
check('values are one line and cut', (value: unknown) => formatValue(value, 10), [['plain', 'plain'], [{ a: 1 }, '{"a":1}'], ['a longer text', 'a longer t…'], [undefined, 'undefined']]);
