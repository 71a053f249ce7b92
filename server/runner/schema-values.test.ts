import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { withoutRefs } from '../model/schema-refs.ts';
import { checkSchema } from '../model/validate.ts';
import { schemaValues } from './schema-values.ts';

const valuesOf = (schema: object, numRuns = 200): readonly unknown[] => fc.sample(schemaValues(fc, withoutRefs(schema)), { numRuns, seed: 1 });

const schemas: readonly object[] = [
  { type: 'string', format: 'email', maxLength: 12 },
  { type: 'string', format: 'uri', maxLength: 20 },
  { type: 'string', format: 'uri', minLength: 40 },
  { type: 'string', format: 'date-time', maxLength: 20 },
  { type: 'string', format: 'hostname', minLength: 3, maxLength: 8 },
  { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 },
  { type: 'string', pattern: '^\\d+$', maxLength: 3 },
  { type: 'string', pattern: '^[A-Z]{2}', maxLength: 4 },
  { type: 'string', pattern: '[0-9]', minLength: 8, maxLength: 10 },
  { type: 'string', pattern: '^\\S+$', format: 'email' },
  { type: 'string', enum: ['a', 'bb'], minLength: 2 },
  { allOf: [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }] },
  { enum: ['a', null], type: 'string' },
  { type: 'string', minLength: 300 },
  { type: 'string', not: { enum: [''] } },
  { type: 'string', minLength: 1, not: { pattern: '^ ' } },
  { type: 'integer', multipleOf: 7, minimum: 1 },
  { type: 'number', multipleOf: 0.01 },
  { type: 'number', multipleOf: 0.01, minimum: 0, maximum: 1000000 },
  { type: 'integer', multipleOf: 0.5 },
  { type: 'number', exclusiveMinimum: 0 },
  { type: 'integer', minimum: 1.5, maximum: 2.5 },
  { type: 'integer', minimum: 1099511627776 },
  { type: 'integer', maximum: -5000000000 },
  { type: 'number', minimum: 5000000000 },
  { type: 'number', minimum: -1e+308 },
  { allOf: [{ type: 'integer', minimum: 5 }, { type: 'integer', minimum: 1, maximum: 9 }] },
  { allOf: [{ type: ['string', 'null'] }, { type: 'string', minLength: 2 }] },
  { allOf: [{ type: 'string' }, { type: ['integer', 'string'] }] },
  { allOf: [{ minLength: 3, type: 'string' }, { maxLength: 4 }] },
  { oneOf: [{ type: 'integer' }, { type: 'number' }] },
  { oneOf: [{ type: 'string', maxLength: 3 }, { type: 'string', minLength: 3 }] },
  { anyOf: [{ required: ['a'] }, { required: ['b'] }], type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } },
  { oneOf: [{ required: ['a'] }, { required: ['b'] }], type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } },
  { type: 'object', minProperties: 2, properties: { a: {}, b: {}, c: {} } },
  { type: 'object', maxProperties: 1, properties: { a: {}, b: {}, c: {} } },
  { type: 'object', minProperties: 1 },
  { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 },
  { type: 'object', properties: { k: { enum: ['x', 'y'] }, a: { type: 'string' } }, required: ['k'], if: { properties: { k: { const: 'x' } } }, else: { required: ['a'] } },
  { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, dependentRequired: { a: ['b'] } },
  { type: 'object', patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
  { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: { type: 'integer' } },
  { type: 'object', properties: { a: false, b: true } },
  { type: 'object', required: ['z'], additionalProperties: { type: 'integer' } },
  { type: 'object', required: ['x-a'], patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
  { type: 'array', contains: { const: 7 }, items: { type: 'integer' } },
  { type: 'array', contains: { type: 'integer', minimum: 100, maximum: 110 } },
  { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], minItems: 2 },
  { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], minItems: 4, items: { type: 'boolean' } },
  { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }], maxItems: 2 },
  { type: 'array', prefixItems: [{ type: 'string' }], items: false, minItems: 1 },
  { type: 'array', items: { enum: [1, 2, 3] }, uniqueItems: true, minItems: 3 },
  { type: 'array', items: { type: 'boolean' }, uniqueItems: true },
  { type: 'array', minItems: 20, items: { type: 'integer' } },
  { type: 'string', format: 'iri' },
  { type: 'string', format: 'duration' },
  { type: 'string', format: 'json-pointer' },
  { type: 'string', format: 'uri-reference' },
  { type: 'string', format: 'uri-template' },
  { type: 'string', format: 'regex' },
  { type: 'string', format: 'byte' },
  { type: 'string', format: 'url' },
  { type: 'integer', format: 'int32' },
  { type: 'integer', format: 'int64' },
  { type: 'number', format: 'double' },
  { type: 'string', format: 'iso-date-time' },
  { type: 'string', format: 'iso-time' },
  { type: 'string', format: 'uuid' },
  { type: 'string', format: 'idn-email' },
  { type: 'string', format: 'password' },
  { type: 'string', format: 'binary' },
  { type: 'string', format: 'relative-json-pointer' },
  { type: 'string', pattern: '^(?i)abc$' },
  { type: 'string', pattern: '^\\p{L}+$' },
  { type: 'string', pattern: '^(?:DE|AT)[0-9]{9}$' },
  { const: { a: 1 }, type: 'object' },
  { type: 'object', nullable: true, properties: { a: { type: 'string' } } },
  { type: 'string', nullable: true },
  { type: 'object', required: ['a', 'b', 'c', 'd', 'e', 'f'], properties: { a: { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 }, b: { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 }, c: { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 }, d: { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 }, e: { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 }, f: { type: 'string', pattern: '^[A-Z]+$', minLength: 5, maxLength: 5 } } },
  { type: 'object', required: ['mail', 'mails'], properties: { mail: { type: 'string', format: 'email', maxLength: 20 }, mails: { type: 'array', minItems: 2, items: { type: 'string', format: 'email', maxLength: 20 } } } },
  { type: 'object', unevaluatedProperties: false, allOf: [{ properties: { a: { type: 'string' } } }], properties: { b: { type: 'integer' } } },
  { type: 'number', anyOf: [{ minimum: 10 }, { maximum: -10 }] },
  { anyOf: [{ type: 'string' }], oneOf: [{ minLength: 2 }, { maxLength: 1 }] },
  { items: { type: 'string' } },
  { properties: { a: { type: 'string' } } },
  { minimum: 3 },
  { pattern: '^a' },
  { format: 'date' },
  { type: 'array', items: true },
  { type: 'array', items: false },
  { type: 'object', additionalProperties: true },
  { $ref: '#/$defs/n', $defs: { n: { type: 'object', properties: { v: { $ref: '#/$defs/id' } }, required: ['v'], additionalProperties: false }, id: { type: 'string', pattern: '^[A-Z]+$', maxLength: 3 } } },
];

describe('values fit their schema', () => {
  for (const schema of schemas) test(JSON.stringify(schema), () => assert.deepEqual(valuesOf(schema).flatMap((value) => checkSchema(schema, value).map(({ message }) => message)), []));
});

describe('values that users have come', () => {
  const check = <T>(title: string, schema: object, isSuch: (value: T) => boolean, isToo: (value: T) => boolean): void => void test(title, () => {
    const values = valuesOf(schema, 300) as readonly T[];
    assert.ok(values.some(isSuch));
    assert.ok(values.some(isToo));
  });
  check<number>('ids beyond 32 bits', { type: 'integer' }, (value) => value > 2 ** 31, (value) => Math.abs(value) < 100);
  check<number>('ids of 53 bits', { type: 'integer', minimum: 1 }, (value) => value > 2 ** 52, (value) => value < 100);
  check<number>('large amounts', { type: 'number' }, (value) => value > 1e12, (value) => Math.abs(value) < 1);
  check<string>('births before 1970, and never', { type: 'string', format: 'date' }, (value) => value < '1970', (value) => value > '2900');
  check<string>('times without fractions, and with an offset', { type: 'string', format: 'date-time' }, (value) => value.length === 20, (value) => value.endsWith('+02:00'));
  check<readonly unknown[]>('long lists', { type: 'array', items: { type: 'integer' } }, (value) => value.length > 8, (value) => value.length === 0);
  check<object>('fields beside those that are named', { type: 'object', properties: { a: {} }, additionalProperties: { type: 'integer' } }, (value) => Object.keys(value).some((name) => name !== 'a'), (value) => Object.keys(value).length === 0);
  check<readonly unknown[]>('short and long tuples', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: { type: 'null' } }, (value) => value.length === 0, (value) => value.length === 3);
});

test('where nothing fits, they end', () => assert.equal(valuesOf({ type: 'object', properties: { a: { type: 'array', minItems: 1, items: { type: 'string', not: {} } } }, required: ['a'] }, 3).length, 3));
test('the same seed makes the same', () => assert.deepEqual(schemas.map((schema) => valuesOf(schema, 10)), schemas.map((schema) => valuesOf(schema, 10))));
