import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { inferSchema, inferUnion } from './infer-schema.ts';
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
  check('a table whose keys are data', [Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`k${index}`, index]))], { type: 'object', additionalProperties: true });
});

const json = fc.jsonValue({ maxDepth: 4 });

test('whatever was seen fits', () => {
  fc.assert(fc.property(fc.array(json, { maxLength: 5 }), fc.boolean(), fc.nat(5), (values, areComplete, depth) => {
    const schema = inferUnion(values, { areComplete, depth });
    for (const value of values) assert.deepEqual(checkSchema(schema, value), []);
  }));
});

test('the order of the samples changes nothing but the order of what is said', () => {
  fc.assert(fc.property(fc.array(json, { maxLength: 4 }), json, (values, probe) => {
    const [one, other] = [inferUnion(values, { areComplete: true }), inferUnion(values.toReversed(), { areComplete: true })];
    assert.equal(checkSchema(one, probe).length === 0, checkSchema(other, probe).length === 0);
  }));
});

test('what looks like a format is of it', () => {
  fc.assert(fc.property(fc.oneof(fc.date({ noInvalidDate: true }).map((date) => date.toISOString()), fc.emailAddress(), fc.webUrl(), fc.uuid(), fc.string()), (text) => assert.deepEqual(checkSchema(inferSchema(text), text), [])), { numRuns: 1_000 });
});
