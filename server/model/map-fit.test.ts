import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import catalogJson from '../../plugins/catalog.json' with { type: 'json' };
import { rowsOf } from '../../test/support/csv-rows.ts';
import type { Catalog } from './catalog.ts';
import type { QuickFix } from './diagnostic.ts';
import type { LookupFile } from './lookup-file.ts';
import { lookupGives } from './lookup-gives.ts';
import { makeTable } from './lookup-table.ts';
import { checkMap } from './map-check.ts';
import { readMapSettings } from './map-rules.ts';
import { mapTypes } from './map-types.ts';
import { misfitsOf } from './schema-fit.ts';
import { checkSchema } from './validate.ts';

const catalog = catalogJson as Catalog;
const tables: Readonly<Record<string, readonly [text: string, settings?: Partial<LookupFile>]>> = {
  states: ['shop,erp\nOPEN,open\nPAID,paid\n'], codes: ['shop,erp\nOPEN,open\nGONE,gone\n'], factors: ['unit,factor\nkg,1000\ng,1\n', { columns: { factor: { type: 'number' } } }], gaps: ['unit,factor\nkg,1000\ng,\n', { columns: { factor: { type: 'number' } } }],
  fallback: ['shop,erp\nOPEN,open\n', { otherwise: 'default', default: { erp: 'none' } }],
};
const world = { catalog, maps: {}, lookupGives: lookupGives((name) => (tables[name] ? makeTable(`lookups/${name}.csv`, rowsOf(tables[name][0]), { version: 1, ...tables[name][1] }).table : undefined)) };

interface Field {
  readonly given: object;
  readonly wanted: object;
  /** Of a rule from `a` to `x`. */
  readonly rule?: object;
  readonly isOptional?: boolean;
}

const object = (properties: object, required: readonly string[] = Object.keys(properties)): object => ({ type: 'object', properties, required, additionalProperties: false });
const findings = (rules: readonly object[], source: object, target: object) => {
  const settings = readMapSettings({ rules }, {});
  return checkMap({ types: mapTypes(settings, source, world), source, target, ownRules: rules.length });
};
const ofField = ({ given, wanted, isOptional = false }: Field, rule: object) => findings([rule], object({ a: given, at: { type: 'string' } }), object({ x: wanted }, isOptional ? [] : ['x']));

function applied(rule: object, { set }: QuickFix): object {
  const copy: Record<string, unknown> = { ...rule };
  for (const { path: [, , key], value } of set) copy[key as string] = value;
  return JSON.parse(JSON.stringify(copy)) as object;
}

const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const whole = { type: 'integer' } as const;
const status = { enum: ['open', 'paid'] } as const;
const date = { type: 'string', format: 'date' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const via = (type: string, settings?: object): { readonly rule: object } => ({ rule: { transforms: [{ type, ...(settings && { settings }) }] } });

describe('what comes does not fit what is wanted', () => {
  /** `fixes`: titles of the quick fixes, of which each by itself leaves nothing to say. */
  const check = (title: string, field: Field, expected: readonly string[], fixes: readonly string[] = []): void => void test(title, () => {
    const rule = { from: 'a', to: 'x', ...field.rule };
    const found = ofField(field, rule);
    const told = found.map(({ severity, place, message, fix }) => `${severity} /${place.join('/')} ${message} ${fix}`);
    assert.deepEqual(told.map((line, index) => (expected[index] !== undefined && line.startsWith(expected[index]) ? expected[index] : line)), expected);
    assert.deepEqual(found.flatMap(({ quickFixes }) => quickFixes.map((one) => one.title)), fixes);
    for (const fix of found.flatMap(({ quickFixes }) => quickFixes)) assert.deepEqual(ofField(field, applied(rule, fix)).map(({ message }) => message), [], fix.title);
  });
  const fits = (title: string, ...fields: readonly Field[]): void => void test(title, () => {
    for (const field of fields) assert.deepEqual(ofField(field, { from: 'a', to: 'x', ...field.rule }).map(({ message }) => message), [], JSON.stringify(field));
  });

  const fraction = 'warning /rules/0/to The target "x" must be a whole number, and gets one that may have a fraction. Add the transform round-number.';
  check('a number for a whole one', { given: number, wanted: whole }, [fraction], ['Add round-number']);
  check('a number for one of two', { given: number, wanted: { anyOf: [whole, { type: 'null' }] } }, [fraction], ['Add round-number']);
  check('a number with places for a whole one', { given: number, wanted: whole, ...via('round-number', { places: 2 }) }, [fraction], ['Add round-number']);
  check('a mean for a whole number', { given: { type: 'array', items: whole }, wanted: whole, ...via('average') }, [fraction], ['Add round-number']);
  check('an amount for a whole number', { given: whole, wanted: whole, ...via('currency-minor-units', { direction: 'from-minor', currency: 'GBP' }) }, [fraction], ['Add round-number']);
  fits('whole numbers', { given: whole, wanted: whole }, { given: whole, wanted: number }, { given: { type: 'number', multipleOf: 1 }, wanted: whole }, { given: { enum: [1, 2] }, wanted: whole }, { given: number, wanted: { type: ['integer', 'string', 'number'] } }, { given: number, wanted: whole, ...via('round-number') },
    { given: number, wanted: whole, ...via('round-number', { places: -2 }) }, { given: { type: 'array', items: number }, wanted: whole, ...via('count') }, { given: number, wanted: whole, ...via('currency-minor-units', { currency: 'GBP' }) }, { given: time, wanted: whole, ...via('format-date', { to: 'epoch-ms' }) },
    { given: text, wanted: whole, ...via('cast-to-number') }, { given: { type: 'array', items: whole }, wanted: whole, ...via('sum') });

  const any = 'warning /rules/0/to The target "x" gets a value that may be any: it must be one of "open", "paid". Add map-values or a lookup that gives one of them for each.';
  check('any text for one of a list', { given: text, wanted: status }, [any], ['Add map-values']);
  check('a number as text for one of a list', { given: whole, wanted: status, ...via('cast-to-string') }, [any], ['Add map-values']);
  check('values that are kept', { given: text, wanted: status, ...via('map-values', { values: { o: 'open' } }) }, [any], ['Add map-values']);
  check('other values', { given: { enum: ['open', 'gone'] }, wanted: status }, ['warning /rules/0/to The target "x" may get "gone": it must be one of "open", "paid".']);
  check('values in capitals', { given: { enum: ['OPEN', 'PAID'] }, wanted: status }, ['warning /rules/0/to The target "x" may get "OPEN", "PAID": it must be one of'], ['Add map-values']);
  check('values of a list that are not wanted', { given: text, wanted: status, ...via('map-values', { values: { o: 'open', g: 'gone' }, otherwise: 'error' }) }, ['warning /rules/0/to The target "x" may get "gone"']);
  check('the default of a list', { given: text, wanted: status, ...via('map-values', { values: { o: 'open' }, otherwise: 'default', default: 'none' }) }, ['warning /rules/0/to The target "x" may get "none"']);
  check('null for what is not in a list', { given: text, wanted: status, ...via('map-values', { values: { o: 'open' }, otherwise: 'null' }) }, ['warning /rules/0/to The target "x" must not be null, and its source may be.']);
  check('a lookup with another value', { given: text, wanted: status, ...via('lookup', { lookup: 'codes' }) }, ['warning /rules/0/to The target "x" may get "gone"']);
  check('the default of a lookup', { given: text, wanted: status, ...via('lookup', { lookup: 'states', otherwise: 'default', default: 'none' }) }, ['warning /rules/0/to The target "x" may get "none"']);
  check('the default of a lookup file', { given: text, wanted: status, ...via('lookup', { lookup: 'fallback' }) }, ['warning /rules/0/to The target "x" may get "none"']);
  check('the other way', { given: text, wanted: status, ...via('lookup', { lookup: 'states', direction: 'right-to-left' }) }, ['warning /rules/0/to The target "x" may get "OPEN", "PAID"'], ['Add map-values']);
  check('a cell that is empty', { given: text, wanted: number, ...via('lookup', { lookup: 'gaps' }) }, ['warning /rules/0/to The target "x" must not be null'], ['Give it the default 0']);
  fits('one of a list', { given: { enum: ['paid'] }, wanted: status }, { given: { enum: ['OPEN', 'PAID'] }, wanted: status, ...via('map-values', { values: { open: 'open', paid: 'paid' }, ignoreCase: true }) }, { given: text, wanted: status, ...via('lookup', { lookup: 'states' }) }, { given: text, wanted: whole, ...via('lookup', { lookup: 'factors' }) },
    { given: text, wanted: status, ...via('lookup', { lookup: 'unknown' }) }, { given: text, wanted: status, ...via('script', { script: 's.ts' }) }, { given: text, wanted: status, ...via('trim') }, { given: text, wanted: { anyOf: [status, text] } }, { given: {}, wanted: status }, { given: { type: 'boolean' }, wanted: { enum: [true, false, null] } });

  const empty = 'warning /rules/0/to The target "x" must not be null, and its source may be. Give the rule a default, or the condition that its source is not null.';
  check('null for a text', { given: { type: ['string', 'null'] }, wanted: text }, [empty], ['Give it the default ""']);
  check('null for a text that may be left out', { given: { anyOf: [text, { type: 'null' }] }, wanted: text, isOptional: true }, [empty], ['Give it the default ""', 'Leave it out where its source is null']);
  check('null through transforms that leave it', { given: { type: ['string', 'null'] }, wanted: text, rule: { transforms: [{ type: 'trim' }, { type: 'case', settings: { to: 'upper' } }] } }, [empty], ['Give it the default ""']);
  check('null for one of a list', { given: { enum: ['open', null] }, wanted: status }, [empty]);
  check('null that a condition asks for', { given: { enum: ['gone', null] }, wanted: status, isOptional: true, rule: { when: [{ field: 'a', is: 'is-null' }] } }, [empty]);
  check('null that one of several conditions asks for', { given: { type: ['string', 'null'] }, wanted: text, isOptional: true, rule: { when: [{ any: [{ field: 'a', is: 'is-not-empty' }, { all: [{ field: 'a', is: 'does-not-exist' }] }] }] } }, [empty], ['Give it the default ""']);
  check('null for a number', { given: { type: ['integer', 'null'] }, wanted: { ...whole, minimum: 1 } }, [empty]);
  fits('null is taken care of', { given: { type: ['string', 'null'] }, wanted: text, rule: { default: '-' } }, { given: { type: ['string', 'null'] }, wanted: { type: ['string', 'null'] } }, { given: { type: ['string', 'null'] }, wanted: text, ...via('default', { default: '-' }) }, { given: { type: ['string', 'null'] }, wanted: text, ...via('null-to-string') },
    { given: { type: ['number', 'null'] }, wanted: number, ...via('null-to-zero') }, { given: { type: ['string', 'null'] }, wanted: { type: 'boolean' }, ...via('contains-one-of-many', { values: ['a'] }) }, { given: { type: ['string', 'null'] }, wanted: text, ...via('json-encode') }, { given: { type: ['array', 'null'], items: whole }, wanted: whole, ...via('count') },
    { given: { type: ['string', 'null'] }, wanted: text, ...via('coalesce', { default: '-' }) }, { given: { type: ['string', 'null'] }, wanted: text, isOptional: true, rule: { when: [{ field: 'a', is: 'is-not-null' }] } }, { given: text, wanted: number, ...via('cast-to-number') });

  check('any text for a date', { given: text, wanted: date }, ['warning /rules/0/to The target "x" must be a text of the format date, and gets any text. Add the transform parse-date with "dateOnly".'], ['Add parse-date']);
  check('any text for a time', { given: text, wanted: time }, ['warning /rules/0/to The target "x" must be a text of the format date-time, and gets any text. Add the transform parse-date.'], ['Add parse-date']);
  check('a time for a date', { given: time, wanted: date }, ['warning /rules/0/to The target "x" must be a text of the format date, and gets a text of the format date-time.'], ['Add parse-date']);
  check('a date in another notation', { given: text, wanted: date, ...via('format-date', { to: 'uk-date' }) }, ['warning /rules/0/to The target "x" must be a text of the format date, and gets any text.'], ['Add parse-date']);
  check('a date in a pattern of another notation', { given: text, wanted: date, ...via('format-date', { to: 'd/m/Y' }) }, ['warning /rules/0/to The target "x" must be a text of the format date'], ['Add parse-date']);
  check('a number of seconds for a date', { given: text, wanted: date, ...via('format-date', { to: 'epoch-seconds' }) }, ['warning /rules/0/to The target "x" must be a text, and gets a number. Add the transform parse-date.'], ['Add parse-date']);
  check('an address for another', { given: { ...text, format: 'uuid' }, wanted: { ...text, format: 'uri' } }, ['warning /rules/0/to The target "x" must be a text of the format uri, and gets a text of the format uuid. Take another source.']);
  check('a format that no transform makes is not sure to be missing', { given: text, wanted: { ...text, format: 'email' } }, ['info /rules/0/to The target "x" must be a text of the format email, and gets any text. Make sure that the source holds one.']);
  fits('formats', { given: date, wanted: date }, { given: date, wanted: text }, { given: text, wanted: date, ...via('parse-date', { dateOnly: true }) }, { given: text, wanted: date, ...via('format-date', { to: 'iso-date' }) }, { given: text, wanted: date, ...via('format-date', { to: 'Y-m-d' }) }, { given: text, wanted: time, ...via('format-date') }, { given: text, wanted: time, ...via('round-date') },
    { given: text, wanted: { ...text, format: 'uuid' }, ...via('uuid') }, { given: { ...text, pattern: '^\\d{4}' }, wanted: date }, { given: { enum: ['2024-01-01'] }, wanted: date }, { given: text, wanted: { ...text, format: 'own' } }, { given: date, wanted: date, ...via('cast-to-string') });

  check('one of several types', { given: { type: ['string', 'number'] }, wanted: number }, ['warning /rules/0/to The target "x" must be a number, and may get a text. Add the transform cast-to-number.'], ['Add cast-to-number']);
  check('items of another type', { given: { type: 'array', items: text }, wanted: { type: 'array', items: whole } }, ['warning /rules/0/to The target "x[*]" must be a number, and gets a text. Take the items one by one, with rules for "x[*]" and the others.']);
  check('items that may be null', { given: { type: 'array', items: { type: ['string', 'null'] } }, wanted: { type: 'array', items: text } }, ['warning /rules/0/to The target "x[*]" must not be null']);
  check('fields of another type', { given: object({ n: text }), wanted: object({ n: whole }) }, [
    'warning /rules/0/to The target "x.n" must be a number, and gets a text. Write its fields one by one',
  ]);
  check('a field that is missing', { given: object({ n: text }), wanted: object({ n: text, m: text }) }, ['warning /rules/0/to What is written to the target "x" has no field "m", which must be there.']);
  check('a field too many', { given: object({ n: text, m: whole }), wanted: object({ n: text }) }, ['warning /rules/0/to What is wanted has no place for the field "m" of what is written to the target "x".'], ['Add omit']);
  fits('lists and objects', { given: { type: 'array', items: whole }, wanted: { type: 'array', items: number } }, { given: { type: 'array' }, wanted: { type: 'array', items: number } }, { given: { type: 'object', properties: { n: text } }, wanted: object({ n: text, m: text }) }, { given: object({ n: text, m: text }), wanted: { type: 'object', properties: { n: text } } },
    { given: { type: 'object', additionalProperties: number }, wanted: { type: 'object', additionalProperties: number } });
});

describe('a field that must be there, under conditions', () => {
  const source = object({ a: text, b: text });
  const when = [{ field: 'b', is: 'is-not-empty' }];
  const check = (title: string, rules: readonly object[], target: object, expected: readonly string[]): void => void test(title, () => assert.deepEqual(findings(rules, source, target).map(({ severity, place, message }) => `${severity} /${place.join('/')} ${message}`), expected));
  check('the only rule', [{ from: 'a', to: 'x', when }], object({ x: text }), ['warning /rules/0/when The target "x" is required, and its only rule writes it under conditions.']);
  check('with a default, which is for what is written', [{ from: 'a', to: 'x', when, default: '-' }], object({ x: text }), ['warning /rules/0/when The target "x" is required, and its only rule writes it under conditions.']);
  check('another rule for the other cases', [{ from: 'a', to: 'x', when }, { from: 'b', to: 'x', when: [{ field: 'b', is: 'is-empty' }] }], object({ x: text }), []);
  check('another rule before', [{ from: 'a', to: 'x' }, { from: 'b', to: 'x', when }], object({ x: text }), []);
  check('it may be left out', [{ from: 'a', to: 'x', when }], object({ x: text }, []), []);
  check('all of what holds it may be left out', [{ from: 'a', to: 'o.x', when }], object({ o: object({ x: text }) }, []), []);
  check('another rule makes what holds it', [{ from: 'a', to: 'o.x', when }, { from: 'b', to: 'o.y' }], object({ o: object({ x: text, y: text }, ['x']) }, []), ['warning /rules/0/when The target "o.x" is required, and its only rule writes it under conditions.']);
});

test('property: what is told of two schemas does happen', () => {
  const grown = (values: readonly unknown[]): readonly unknown[] => [...values, [], {}, ...values.flatMap((value) => [[value], { a: value }, { a: value, b: 1 }])];
  const values = grown(grown([null, true, 0, 1, 3, 0.5, '', 'a', 'b', 'c', '2024-01-31', '2024-01-31T10:00:00Z']));
  const { schema } = fc.letrec<{ readonly schema: object }>((tie) => ({
    schema: fc.oneof({ depthSize: 'small', maxDepth: 2 },
      fc.constantFrom<object>(text, number, whole, { type: 'boolean' }, { type: 'null' }, date, time, { enum: ['a', 'b'] }, { enum: ['a', null] }, { enum: [1, 2] }, { const: 'a' }, { type: ['string', 'null'] }, { type: ['number', 'string'] }, { type: ['integer', 'null'] }, {}),
      fc.record({ type: fc.constant('array'), items: tie('schema') }),
      fc.record({ type: fc.constant('object'), properties: fc.record({ a: tie('schema') }), required: fc.constantFrom(['a'], []), additionalProperties: fc.boolean() }),
      fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf }))),
  }));
  let told = 0;
  fc.assert(fc.property(schema, schema, (given, wanted) => {
    assert.deepEqual(misfitsOf(wanted, wanted), []);
    const misfits = misfitsOf(given, wanted);
    if (misfits.length === 0) return;
    told++;
    assert.ok(values.some((value) => checkSchema(given, value).length === 0 && checkSchema(wanted, value).length > 0), JSON.stringify(misfits));
  }), { numRuns: 300, seed: 7 });
  assert.ok(told > 100);
});

test('transforms whose settings say what comes out do what is said of them', () => {
  const named = catalog.plugins.filter(({ kind }) => kind === 'transform');
  let asked = 0;
  for (const { type, examples = [] } of named) {
    for (const { title, settings, input, output, error, lookups } of examples as readonly { title: string; settings: object; input?: unknown; output?: unknown; error?: unknown; lookups?: Record<string, string[][]> }[]) {
      if (error !== undefined || output === undefined) continue;
      const gives = lookupGives((name) => (lookups?.[name] ? makeTable(`lookups/${name}.csv`, rowsOf(lookups[name].map((row) => row.join(';')).join('\n')), { version: 1 }).table : undefined));
      const source = object({ a: input === undefined ? {} : { const: input } });
      const rules = readMapSettings({ rules: [{ from: 'a', to: 'x', transforms: [{ type, settings }] }] }, {});
      const { rules: [rule] } = mapTypes(rules, source, { catalog, maps: {}, lookupGives: gives });
      asked++;
      assert.deepEqual(checkSchema(rule!.result, output), [], `${type}: ${title}`);
      // What is told of null counts on it.
      if (input === null && checkSchema(rule!.likely, null).length === 0 && Object.keys(rule!.likely).length > 0) assert.equal(output, null, `${type}: ${title}`);
    }
  }
  assert.ok(asked > 300);
});

describe('what a rule with conditions may write', () => {
  const note = { type: ['string', 'null'] };
  for (const [title, when, expected] of [
    ['none of its source', [{ field: 'b', is: 'is-null' }], note], ['that there is a value', [{ field: 'a', is: 'is-not-empty' }], { type: 'string' }], ['that there is none', [{ field: 'a', is: 'is-null' }], {}],
    ['that there is none, among others', [{ field: 'a', is: 'starts-with', value: 'x' }, { any: [{ field: 'a', is: 'is-empty' }] }], {}],
  ] as const) test(title, () => {
    const { likely } = mapTypes(readMapSettings({ rules: [{ from: 'a', to: 'x', when }] }, {}), { type: 'object', properties: { a: note, b: note }, required: ['a'] }, world);
    assert.deepEqual((likely as { readonly properties: object }).properties, { x: expected });
  });
});
