import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTime } from './time.ts';

const cases: readonly [string, string | undefined][] = [
  ['2024-01-31', '2024-01-31T00:00:00.000Z'], ['2024-01-31T12:00:00Z', '2024-01-31T12:00:00.000Z'], ['2024-01-31T12:00:00+01:00', '2024-01-31T11:00:00.000Z'], ['2024-01-31T12:00:00', '2024-01-31T12:00:00.000Z'],
  [' 2024-01-31 12:00 ', '2024-01-31T12:00:00.000Z'], ['2024-01-31 9:05:01.5', '2024-01-31T09:05:01.500Z'], ['Wed, 31 Jan 2024 12:00:00 GMT', '2024-01-31T12:00:00.000Z'], ['Wed, 31 Jan 2024 12:00:00 +0200', '2024-01-31T10:00:00.000Z'],
  ['Wed, 31 Jan 2024 12:00:00', '2024-01-31T12:00:00.000Z'], ['2024/01/31 12:00:00', '2024-01-31T12:00:00.000Z'], ['Jan 31, 2024', '2024-01-31T00:00:00.000Z'], ['Wed Jan 31 2024 12:00:00 GMT+0100 (Central European Standard Time)', '2024-01-31T11:00:00.000Z'],
  ['Wed, 31 Jan 2024 12:00:00 EST', '2024-01-31T17:00:00.000Z'], ['2024', '2024-01-01T00:00:00.000Z'], ['soon', undefined], ['', undefined],
];

test('a time is the same on every machine', () => {
  for (const [text, expected] of cases) {
    const time = parseTime(text);
    assert.equal(Number.isNaN(time) ? undefined : new Date(time).toISOString(), expected, text);
  }
  const source = `import { parseTime } from ${JSON.stringify(join(import.meta.dirname, 'time.ts'))}; console.log(JSON.stringify(${JSON.stringify(cases.map(([text]) => text))}.map(parseTime)))`;
  const there = (zone: string): unknown => JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', source], { env: { ...process.env, TZ: zone }, encoding: 'utf8' }));
  assert.deepEqual(there('Asia/Tokyo'), there('America/New_York'));
});
