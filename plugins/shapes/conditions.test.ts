import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePath } from '../../server/model/path.ts';
import { FlowError } from '../sdk/index.ts';
import { operators } from './comparisons.ts';
import { compileConditions, type Condition } from './conditions.ts';

const now = Date.parse('2024-03-31T12:00:00Z');
const compile = (conditions: readonly Condition[]) => compileConditions(conditions, { path: compilePath }, '/conditions');
const checked = new Set<string>();

/** What of `fits` and `others` a condition takes for its field, and nothing else. `undefined`: the field is missing. */
function check(condition: Condition, fits: readonly unknown[], others: readonly unknown[], times = { now, startedAt: now }): void {
  checked.add(condition.is ?? 'equals');
  test(`${condition.is ?? 'equals'} ${JSON.stringify(condition.value)?.slice(0, 40) ?? ''} ${condition.type ?? ''} ${condition.timeZone ?? ''}`, () => {
    const holds = compile([{ field: 'x', ...condition }]);
    const given = (value: unknown): unknown => (value === undefined ? {} : { x: value });
    assert.deepEqual(fits.filter((value) => !holds(given(value), times)), [], 'these should fit');
    assert.deepEqual(others.filter((value) => holds(given(value), times)), [], 'these should not fit');
  });
}

// Text
check({ value: 'Straße' }, ['Straße'], ['STRASSE', 'Strasse', ' Straße', '', null, undefined, [], {}]);
check({ value: '007' }, ['007'], [7, '7', '0007']);
check({ value: '10.00' }, ['10.00'], [10, '10']);
check({ value: '10.00', type: 'number' }, [10, '10', '10.00'], ['ten', null]);
check({ value: 10 }, [10, '10', '10.00'], ['010x', null, undefined]);
check({ value: '😀' }, ['😀'], ['😁', '\ud83d']);
check({ value: null }, [null, undefined], ['', 0, false, 'null']);
check({ value: '' }, [''], [null, undefined, ' ', 0]);
check({ value: true }, [true, 'true'], [false, 1, 'True', null]);
check({ value: [1, 2] }, [[1, 2]], [[2, 1], '1,2', null]);
check({ is: 'not-equals', value: 'a' }, ['b', '', null, undefined, 1, ['a']], ['a']);
check({ is: 'contains', value: 'é' }, ['café', 'é', ['x', 'é']], ['cafe', 'É', ['café'], '', null, undefined, {}]);
check({ is: 'contains', value: 2 }, [123, '2', [2], ['2']], [13, [12], null]);
check({ is: 'contains', value: '' }, ['', 'a', 0], [null, undefined, []]);
check({ is: 'does-not-contain', value: 'b' }, ['a', '', null, undefined, ['ab'], 7], ['abc', ['b']]);
check({ is: 'contains-one-of', value: ['b', '漢'] }, ['abc', '漢字', ['b']], ['a', '', null, undefined, ['bb']]);
check({ is: 'contains-one-of', value: 'x, y' }, ['axe', 'y'], ['a', 'x'.toUpperCase(), null]);
check({ is: 'contains-one-of', value: [] }, [], ['', 'a', null, undefined]);
check({ is: 'does-not-contain-one-of', value: ['b', 'c'] }, ['a', '', null, undefined], ['ab', 'c', ['c']]);
check({ is: 'starts-with', value: 'Ü' }, ['Über'], ['über', 'aÜ', null, undefined, ['Über'], {}]);
check({ is: 'starts-with', value: 12 }, [123, '12'], [312, true]);
check({ is: 'ends-with', value: '.pdf' }, ['a.pdf', '.pdf'], ['a.PDF', 'a.pdf ', null, undefined, 7]);
check({ is: 'regex', value: '^\\p{L}+-\\d{2,}$' }, ['Ärger-10'], ['Ä-1', '10-Ärger', null, undefined, []]);
check({ is: 'regex', value: '(?i)^true$' }, [true, 'TRUE'], [1, 'truely']);
check({ is: 'is-empty' }, ['', null, undefined, [], {}], [' ', 0, false, [null], { a: 1 }]);
check({ is: 'is-not-empty' }, [' ', 0, false, [''], { a: 1 }], ['', null, undefined, [], {}]);

// Numbers
check({ value: 10 }, [10, '10', '10.0', ' 1e1 '], [10.5, '0x0A', 'ten', '', null, undefined, [10]]);
check({ value: '10', type: 'number' }, [10, '10.00', '+10'], [1, '', null, undefined, true, [10], 'ten', Number.NaN]);
check({ value: '9007199254740993', type: 'number' }, ['9007199254740993', '9007199254740993.0'], ['9007199254740992', 9007199254740992]);
check({ is: 'not-equals', value: 10, type: 'number' }, [1, 'ten', null, undefined], [10, '10.0']);
check({ is: 'less-than', value: 0.3, type: 'number' }, [0.1, -1, '-1e300', '.29'], [0.3, '0.30', 1, 'a', '', null, undefined, false]);
check({ is: 'at-most', value: '12345678901234567890.5' }, ['12345678901234567890.5', '12345678901234567890', -5], ['12345678901234567890.51', '1e20', null, undefined]);
check({ is: 'greater-than', value: 9 }, [10, '10', '9.01'], [9, '9', '89abc', null, undefined, [10]]);
check({ is: 'greater-than', value: '10' }, [11, '11', '1e2'], ['A', '9', 'ten', '', true, null, undefined]);
check({ is: 'between', value: ['10', '20'] }, ['15', 10], ['1A', 'A', '2']);
check({ is: 'less-than', value: 'b' }, [10, '10', 'A'], ['b', 'c', null, undefined]);
check({ is: 'greater-than', value: 'b' }, ['c', 'ba'], ['b', 'B', 'a', '', null, undefined]);
check({ is: 'greater-than', value: '9', type: 'text' }, ['91', 'a'], ['10', 8, null]);
check({ is: 'at-least', value: -0 }, [0, '-0', 1], [-1, null, undefined, '']);
check({ is: 'between', value: [1, '10'] }, [1, 5, '10', '1.0'], [0, 10.01, '11', null, undefined, 'a']);
check({ is: 'between', value: '1, 10', type: 'number' }, [1, 10], [0, 11, null]);
check({ is: 'between', value: ['b', 'd'] }, ['b', 'c', 'd'], ['a', 'da', null, undefined]);
check({ is: 'between', value: [10, 1] }, [], [5, 1, 10]);

// Booleans and what is there
check({ value: 'true', type: 'boolean' }, [true, 'true'], [false, 'false', 1, 'yes', '', null, undefined]);
check({ is: 'not-equals', value: true, type: 'boolean' }, [false, 'false', null, undefined, 0], [true, 'true']);
check({ is: 'is-true' }, [true, 'true'], [false, 1, 'TRUE', '', null, undefined]);
check({ is: 'is-false' }, [false, 'false'], [true, 0, '', null, undefined]);
check({ is: 'exists' }, [null, '', 0, false, []], [undefined]);
check({ is: 'does-not-exist' }, [undefined], [null, '', 0, false]);
check({ is: 'is-null' }, [null], [undefined, '', 0, false, 'null', []]);
check({ is: 'is-not-null' }, ['', 0, false, []], [null, undefined]);

// Dates
check({ value: '2024-06-01', type: 'date' }, ['2024-06-01', '2024-06-01T00:00:00Z', '2024-06-01 02:00:00+0200', Date.parse('2024-06-01')], ['2024-06-02', '06/01/2024', 'June 1, 2024', '', null, undefined, true]);
check({ is: 'less-than', value: '2024-06-01T10:00', type: 'date' }, ['2024-06-01T09:59:59.999', '2024-06-01T09:59Z', '2023-12-31'], ['2024-06-01T10:00Z', '2024-02-30T25:00', 'yesterday', null, undefined]);
check({ is: 'at-least', value: '2024-07-01T00:00', type: 'date', timeZone: 'America/New_York' }, ['2024-07-01', '2024-07-01T04:00Z', '2024-07-01T00:00-04:00'], ['2024-06-30', '2024-07-01T03:59:59Z', null]);
check({ is: 'between', value: ['2024-01-01', '2024-12-31T23:59:59Z'], type: 'date' }, ['2024-06-01', '2024-01-01T00:00Z'], ['2025-01-01', '2023-12-31T23:59:59.999Z', null, undefined]);

// Relative dates: now is in the hour after the clocks of London went forward, 31 March 2024, 01:00 UTC.
const change = { now: Date.parse('2024-03-31T12:00:00Z'), startedAt: Date.parse('2024-03-31T13:00:00Z') };
check({ is: 'at-least', value: '-2 hours', type: 'relative-date' }, ['2024-03-31T10:00:00Z', now], ['2024-03-31T09:59:59Z', 'soon', null, undefined, true], change);
check({ is: 'at-least', value: 'now -2 hours', type: 'relative-date' }, ['2024-03-31T11:00:00Z'], ['2024-03-31T10:59:59Z'], change);
check({ value: 'queued', type: 'relative-date' }, ['2024-03-31T12:00:00Z'], ['2024-03-31T13:00:00Z'], change);
check({ value: '-1 day', type: 'relative-date', timeZone: 'Europe/London' }, ['2024-03-30T13:00:00Z'], ['2024-03-30T12:00:00Z'], change);
check({ value: '-1 day', type: 'relative-date' }, ['2024-03-30T12:00:00Z'], ['2024-03-30T13:00:00Z'], change);
check({ value: '-24 hours', type: 'relative-date', timeZone: 'Europe/London' }, ['2024-03-30T12:00:00Z'], ['2024-03-30T13:00:00Z'], change);
check({ is: 'between', value: ['today', 'today +1 day'], type: 'relative-date', timeZone: 'Europe/London' }, ['2024-03-31T00:00:00Z', '2024-03-31T23:00:00Z'], ['2024-03-30T23:59:59Z', '2024-03-31T23:00:01Z'], change);
check({ is: 'less-than', value: 'today', type: 'relative-date', timeZone: 'Europe/London' }, ['2024-10-26T22:59:59Z'], ['2024-10-26T23:00:00Z'], { now: Date.parse('2024-10-27T18:00:00Z'), startedAt: 0 });
// The day begins at one o'clock there.
const late = { now: Date.parse('2018-11-04T18:00:00Z'), startedAt: 0 };
check({ is: 'between', value: ['today', 'today +1 day'], type: 'relative-date', timeZone: 'America/Sao_Paulo' }, ['2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'], ['2018-11-04T02:59:59Z', '2018-11-05T02:00:01Z'], late);
check({ value: 'today +1 day +2 hours', type: 'relative-date', timeZone: 'America/Sao_Paulo' }, ['2018-11-05T04:00:00Z'], ['2018-11-05T05:00:00Z'], late);
check({ value: 'today -1 day', type: 'relative-date', timeZone: 'Europe/London' }, ['2024-10-26T23:00:00Z'], ['2024-10-27T00:00:00Z'], { now: Date.parse('2024-10-28T18:00:00Z'), startedAt: 0 });
check({ value: '-1 month', type: 'relative-date' }, ['2024-02-29T12:00:00Z'], ['2024-03-02T12:00:00Z'], change);
check({ is: 'not-equals', value: '-1 month +1 days', type: 'relative-date' }, ['2024-02-29T12:00:00Z', null, undefined], ['2024-03-01T12:00:00Z'], change);

test('every operator stands in the table', () => assert.deepEqual(operators.filter((operator) => !checked.has(operator)), []));

const refused: readonly (readonly [what: string, condition: Condition, code: string, pointer: string])[] = [
  ['a value that is too long', { value: 'x'.repeat(1_025) }, 'CONFIG_INVALID', 'value'],
  ['a value of a list that is too long', { is: 'contains-one-of', value: ['x'.repeat(1_025)] }, 'CONFIG_INVALID', 'value'],
  ['an expression that is not regular', { is: 'regex', value: '(a' }, 'CONFIG_INVALID', 'value'],
  ['a look-ahead, which takes backtracking', { is: 'regex', value: '(?=a)' }, 'CONFIG_INVALID', 'value'],
  ['three bounds', { is: 'between', value: [1, 2, 3] }, 'CONFIG_INVALID', 'value'],
  ['no number', { is: 'less-than', value: 'ten', type: 'number' }, 'CONFIG_INVALID', 'value'],
  ['no date', { value: '31.12.2024', type: 'date' }, 'CONFIG_INVALID', 'value'],
  ['no bound', { is: 'at-least' }, 'CONFIG_INVALID', 'value'],
  ['no list', { is: 'contains-one-of', value: 7 }, 'CONFIG_INVALID', 'value'],
  ['an order of booleans', { is: 'less-than', value: true, type: 'boolean' }, 'CONFIG_INVALID', 'is'],
  ['neither true nor false', { value: 'yes', type: 'boolean' }, 'CONFIG_INVALID', 'value'],
  ['a unit that there is not', { value: '-2 fortnights', type: 'relative-date' }, 'CONFIG_INVALID', 'value'],
  ['a move beyond all dates', { value: '-999999 years', type: 'relative-date' }, 'CONFIG_INVALID', 'value'],
  ['no move', { value: '', type: 'relative-date' }, 'CONFIG_INVALID', 'value'],
  ['a time zone that there is not', { value: 'today', type: 'relative-date', timeZone: 'Mars/Base' }, 'CONFIG_INVALID', 'timeZone'],
  ['a time zone that there is not, of a date', { value: '2024-01-01T10:00', type: 'date', timeZone: 'Mars/Base' }, 'CONFIG_INVALID', 'timeZone'],
  ['a path that is none', { field: 'a[' }, 'CONFIG_PATH', 'field'],
];
for (const [what, condition, code, pointer] of refused) {
  test(`refused: ${what}`, () => {
    assert.throws(() => compile([{ any: [{ field: 'x', ...condition }] }]), (error) => FlowError.is(error) && error.code === code && error.place?.pointer === `/conditions/0/any/0/${pointer}`);
  });
}

const order = { country: 'FR', total: 150, lines: [{ sku: 'A', qty: 1 }, { sku: 'B', qty: 0 }], tags: [] };
const groups: readonly (readonly [what: string, conditions: readonly Condition[], holds: boolean])[] = [
  ['a value instead of a field', [{ of: 5, is: 'at-least', value: 4, type: 'number' }], true],
  ['a value instead of a field that does not fit', [{ of: null, value: 'push' }], false],
  ['none hold always', [], true],
  ['all of the list', [{ field: 'country', value: 'FR' }, { field: 'total', value: 150 }], true],
  ['one of the list does not', [{ field: 'country', value: 'FR' }, { field: 'total', value: 1 }], false],
  ['one of any', [{ any: [{ field: 'country', value: 'GB' }, { field: 'total', value: 150 }] }], true],
  ['none of any', [{ any: [{ field: 'country', value: 'GB' }, { field: 'total', value: 1 }] }], false],
  ['an any without conditions never holds', [{ any: [] }], false],
  ['all in any', [{ any: [{ field: 'country', value: 'GB' }, { all: [{ field: 'country', value: 'FR' }, { field: 'total', is: 'greater-than', value: 100 }] }] }], true],
  ['all in any, one does not', [{ any: [{ all: [{ field: 'country', value: 'FR' }, { field: 'total', is: 'less-than', value: 100 }] }] }], false],
  ['any in all in any', [{ any: [{ all: [{ field: 'country', value: 'FR' }, { any: [{ field: 'total', value: 1 }, { field: 'total', value: 150 }] }] }] }], true],
  ['one of several values is enough', [{ field: 'lines[*].sku', value: 'B' }], true],
  ['for a “not” all must fit', [{ field: 'lines[*].sku', is: 'not-equals', value: 'B' }], false],
  ['all are not empty', [{ field: 'lines[*].sku', is: 'is-not-empty' }], true],
  ['nothing is not “not empty”', [{ field: 'tags[*]', is: 'is-not-empty' }], false],
  ['nothing is not “not null”', [{ field: 'tags[*]', is: 'is-not-null' }], false],
  ['nothing is empty', [{ field: 'tags[*]', is: 'is-empty' }], true],
  ['none exists', [{ field: 'lines[*].price', is: 'exists' }], false],
  ['the record itself', [{ field: '', is: 'is-not-empty' }], true],
];
for (const [what, conditions, holds] of groups) test(`groups: ${what}`, () => assert.equal(compile(conditions)(order, { now }), holds));

test('a regular expression that would backtrack for ever ends at once', () => {
  const holds = compile([{ field: 'x', is: 'regex', value: '^(a+)+$|(x+x+)+y|([a-z]+)*z$' }]);
  const begun = performance.now();
  assert.equal(holds({ x: `${'a'.repeat(50_000)}!` }, { now }), false);
  assert.equal(holds({ x: `${'x'.repeat(50_000)}` }, { now }), false);
  assert.ok(performance.now() - begun < 5_000, 'a backtracking engine would take longer than the universe is old');
});
