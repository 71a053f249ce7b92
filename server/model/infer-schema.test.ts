import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { formats, inferSchema, inferUnion, mostSamples, spread } from './infer-schema.ts';
import { checkSchema } from './validate.ts';

describe('the schema of samples', () => {
  const check = (title: string, values: readonly unknown[], expected: unknown, options = {}): void => void test(title, () => assert.deepEqual(inferUnion(values, options), expected));
  check('no samples', [], {});
  check('nothing but null', [null, null], {});
  check('whole and other numbers', [1, 2.5], { type: 'number' });
  check('several types', [1, 'a', null], { type: ['integer', 'string', 'null'] });
  check('a format that all texts have', ['2024-07-01', '2024-12-24'], { type: 'string', format: 'date' });
  check('a format that not all have', ['2024-07-01', 'soon'], { type: 'string' });
  check('a day that there is not', ['2024-02-31'], { type: 'string' });
  check('addresses', [{ mail: 'a@b.test', site: 'https://b.test/x?y=1', id: '123e4567-e89b-12d3-a456-426614174000', at: '2024-07-01T10:00:00Z' }], {
    type: 'object', properties: { mail: { type: 'string', format: 'email' }, site: { type: 'string', format: 'uri' }, id: { type: 'string', format: 'uuid' }, at: { type: 'string', format: 'date-time' } },
  });
  check('fields that only some have', [{ a: 1, b: 'x' }, { a: null }], { type: 'object', properties: { a: { type: ['integer', 'null'] }, b: { type: 'string' } }, required: ['a'] }, { areComplete: true });
  check('items of all lists', [{ lines: [{ sku: 'A' }] }, { lines: [{ sku: 'B', tax: 1 }, {}] }, { lines: [] }], {
    type: 'object', properties: { lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' }, tax: { type: 'integer' } } } } }, required: ['lines'],
  }, { areComplete: true });
  check('what lies too deep', [{ a: { b: { c: 1 } } }], { type: 'object', properties: { a: { type: 'object' } } }, { depth: 1 });
  check('a table whose keys are data', [Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`k${index}`, index]))], { type: 'object', additionalProperties: { type: 'integer' } });
  check('a table whose values are objects', [{ rates: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${index}`, { at: '2024-01-31', ...(index === 399 && { note: null }) }])) }, { rates: { other: { at: '2024-02-29' } } }], {
    type: 'object', properties: { rates: { type: 'object', additionalProperties: { type: 'object', properties: { at: { type: 'string', format: 'date' }, note: {} } } } },
  });
  check('a table whose keys are data, over many', Array.from({ length: 301 }, (_, index) => ({ [`k${index}`]: index === 300 ? 'x' : null })), { type: 'object', additionalProperties: { type: ['string', 'null'] } });
  check('what only the last of many has', [...Array.from({ length: 5_000 }, () => ({ a: 1, at: '2024-01-31' })), { a: null, at: 'soon', b: 0.5 }], { type: 'object', properties: { a: { type: ['integer', 'null'] }, at: { type: 'string' }, b: { type: 'number' } } });
  check('what only the last of a long list has', [{ lines: [...Array.from({ length: 5_000 }, () => ({ n: 1 })), { n: 1.5, tax: 1 }] }], { type: 'object', properties: { lines: { type: 'array', items: { type: 'object', properties: { n: { type: 'number' }, tax: { type: 'integer' } } } } } });
  check('the first and the last of more than are looked at', ['x', ...Array.from({ length: 30_000 }, () => 1), true], { type: ['boolean', 'integer', 'string'] });
  check('what is only at the end of more than are looked at', Array.from({ length: 40_000 }, (_, index) => (index < 39_000 ? 1 : 'x')), { type: ['integer', 'string'] });
  check('empty lists', [[], []], { type: 'array', items: {} });
  check('empty lists beside others', [[], [1]], { type: 'array', items: { type: 'integer' } });
  check('the last days of months', ['2024-01-31', '2024-04-30', '2024-02-29', '2000-02-29'], { type: 'string', format: 'date' });
  for (const text of ['2023-02-29', '1900-02-29', '2024-04-31', '2024-02-30T10:00:00Z', 'a..b@c.test', '.a@c.test', 'https://a.test/%zz', 'https://a.test/#a#b']) check(`no format: ${text}`, [text], { type: 'string' });
});

const json = fc.jsonValue({ maxDepth: 4 });

test('whatever was seen fits', () => {
  fc.assert(fc.property(fc.array(json, { maxLength: 5 }), fc.boolean(), fc.nat(5), (values, areComplete, depth) => {
    const schema = inferUnion(values, { areComplete, depth });
    for (const value of values) assert.deepEqual(checkSchema(schema, value), []);
  }), { seed: 7 });
});

test('the order of the samples changes nothing but the order of what is said', () => {
  fc.assert(fc.property(fc.array(json, { maxLength: 4 }), json, (values, probe) => {
    const [one, other] = [inferUnion(values, { areComplete: true }), inferUnion(values.toReversed(), { areComplete: true })];
    assert.equal(checkSchema(one, probe).length === 0, checkSchema(other, probe).length === 0);
  }), { seed: 7 });
});

test('what looks like a format is of it', () => {
  fc.assert(fc.property(fc.oneof(fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.emailAddress(), fc.webUrl(), fc.uuid(), fc.string()), (text) => assert.deepEqual(checkSchema(inferSchema(text), text), [])), { seed: 7, numRuns: 1_000 });
});

for (const [name, pattern] of Object.entries(formats)) {
  test(`what looks like ${name} is ${name}`, () => fc.assert(fc.property(fc.stringMatching(pattern), (text) => assert.deepEqual(checkSchema({ type: 'string', format: name }, text), [])), { seed: 7 }));
}

test('in whatever order: records with the same fields give the same schema, and tables of many keys, too', () => {
  const record = fc.record({ a: json, b: fc.oneof(fc.constant('2024-01-31'), fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), c: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }) }, { requiredKeys: [] });
  const table = fc.integer({ min: 250, max: 350 }).chain((size) => fc.jsonValue({ maxDepth: 1 }).map((value) => ({ c: Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, at % 2 === 0 ? value : null])) })));
  fc.assert(fc.property(fc.array(fc.oneof({ weight: 4, arbitrary: record }, { weight: 1, arbitrary: table }), { minLength: 1, maxLength: 5 }), fc.boolean(), (records, areComplete) => {
    const schema = inferUnion(records, { areComplete });
    for (const one of records) assert.deepEqual(checkSchema(schema, one), []);
    assert.deepEqual(sorted(inferUnion(records.toReversed(), { areComplete })), sorted(schema));
  }), { seed: 7 });
});

/** `required` has no order. */
const sorted = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === 'required' && Array.isArray(value) ? value.toSorted() : value)));

test('what is looked at lies over the whole list', () => {
  assert.deepEqual(spread([1, 2, 3]), [1, 2, 3]);
  fc.assert(fc.property(fc.integer({ min: mostSamples + 1, max: 5 * mostSamples }), (length) => {
    const found = spread(Array.from({ length }, (_, at) => at)) as readonly number[];
    assert.deepEqual([found.length, new Set(found).size, found[0], found.at(-1)], [mostSamples, mostSamples, 0, length - 1]);
    assert.ok(found.every((at, index) => index === 0 || at - found[index - 1]! <= Math.ceil((length - 1) / (mostSamples - 1))));
  }), { seed: 7, numRuns: 20 });
});
