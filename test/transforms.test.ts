import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeSettings } from '../server/runner/complete-settings.ts';
import { FlowError, type ColumnTransform, type OpenContext, type Transform } from '../plugins/sdk/index.ts';
import convertTimeZone from '../plugins/transforms/convert-time-zone.ts';
import formatDate from '../plugins/transforms/format-date.ts';
import htmlToText from '../plugins/transforms/html-to-text.ts';
import parseCsv from '../plugins/transforms/parse-csv.ts';
import parseDate from '../plugins/transforms/parse-date.ts';
import sum from '../plugins/transforms/sum.ts';
import { openContext } from './support/plugin-contexts.ts';

/** What is refused, is refused with the cause and the remedy. */
const check = (transform: Exclude<Transform, ColumnTransform>, settings: object, input: unknown, message: RegExp, remedy = /./) =>
  test(`${transform.type} ${JSON.stringify(settings)} ${JSON.stringify(input).slice(0, 40)}`, async () => {
    await assert.rejects(async () => (await transform.compile(completeSettings(transform, settings) as never, {} as OpenContext))(input, { now: 0, random: () => 0 }), (error) => {
      assert.ok(FlowError.is(error));
      assert.match(error.message, message);
      assert.match(error.remedy, remedy);
      return true;
    });
  });

check(formatDate, { to: 'YYYY-MM-DD' }, '2024-03-31', /"YYYY-MM-DD" holds "YYYY": .*PHP.* "Y"/, /Write "Y"/);
check(formatDate, { to: 'd.MM.Y' }, '2024-03-31', /holds "MM": .*"m"/, /Write "m"/);
check(formatDate, { from: 'HH:mm' }, '10:30', /holds "HH": .*"H"/);
check(formatDate, { to: 'SS' }, '2024-03-31', /holds "SS"/, /Write it once/);
check(formatDate, { to: 'YYYY-MM-dd', letters: 'unicode' }, '2024-12-30', /holds "YYYY": this is the year of the week/, /Write "yyyy"/);
check(formatDate, { from: 'dd.MM.YYYY', letters: 'unicode' }, '30.12.2024', /year of the week/, /Write "yyyy"/);
check(formatDate, { to: 'yyyy-MM-DD', letters: 'unicode' }, '2024-03-31', /holds "DD": this is the day of the year/, /Write "dd"/);
check(formatDate, { to: 'D/M/yyyy', letters: 'unicode' }, '2024-03-31', /holds "D": this is the day of the year/, /Write "d"/);
check(formatDate, { from: 'd/m/Y h:i' }, '31/03/2024 02:30', /hour from 1 to 12/, /"H"/);
check(htmlToText, {}, 'x'.repeat(10_000_001), /would cut the HTML: it has 10000001 characters/);
check(htmlToText, {}, `${'<ul><li>'.repeat(150)}x`, /more than 200 deep/);
check(sum, {}, [1e308, 1e308], /The result of the transform "sum" is too large/);
check(parseCsv, {}, 'a,b\n1,x"y', /a quote stands within its value 2\. See the setting "delimiter"\.$/);
check(parseCsv, {}, 'a\n1,2', /it has 2 values, and there are 1 columns\. See the setting "delimiter"\.$/);
check(parseCsv, {}, 'a,a\n1,2', /has the column "a" twice: rename one of them\.$/);

for (const [transform, settings, input, expected] of [
  [parseDate, {}, 'format-date', ['The transform "parse-date" needs a date, but the value is "format-date" (string).', { transform: 'parse-date', type: 'string' }, undefined]],
  [parseDate, { format: 'd.m.N' }, '', [/^The letter "N" of a date format can be written, but not read: choose another format\.$/, {}, '/format']],
  [parseDate, { timeZone: 'Format-date' }, '', [/^The time zone "Format-date" is not known/, {}, '/timeZone']],
  [convertTimeZone, { to: 'format-date' }, '', [/^The time zone "format-date" is not known/, {}, '/to']],
] as const) test(`one that has another do its work fails in its own name, and changes no values: ${transform.type} ${JSON.stringify(settings)}`, async () => {
  const complete = (given: object) => completeSettings(transform as unknown as Transform, given) as never;
  const context = openContext({ plugins: [formatDate as unknown as Transform], complete: (_, given) => completeSettings(formatDate as unknown as Transform, given) as never });
  await assert.rejects(async () => (await transform.compile(complete(settings), context))(input, { now: 0, random: () => 0 }), (error) => {
    assert.ok(FlowError.is(error));
    const [message, details, pointer] = expected;
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    assert.deepEqual([error.details, error.place?.pointer], [details, pointer]);
    return true;
  });
});
