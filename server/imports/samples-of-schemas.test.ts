import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObject } from '../model/json.ts';
import { checkSchema } from '../model/validate.ts';
import { createReport } from './import-result.ts';
import { plainSchema } from './plain-schema.ts';
import { madeSample, sampleValue } from './sample-value.ts';

const source = { report: createReport(), resolve: (value: unknown) => (isObject(value) ? value : {}) };

/** The sample of a schema, which fits what the schema becomes in a connector. */
const check = (name: string, schema: object, depth: number, expected: unknown): Promise<void> => test(name, () => {
  const sample = sampleValue(source, schema, depth);
  assert.deepEqual(sample, expected);
  assert.deepEqual(checkSchema(plainSchema(source, schema, 3), sample), []);
}) as Promise<void>;

void check('a text of a length', { type: 'string', minLength: 7 }, 1, 'text te');
void check('a text of a choice, however deep it lies', { type: 'object', properties: { a: { anyOf: [{ type: 'string', enum: ['x'] }, { type: 'null' }] } } }, 1, { a: 'x' });
void check('a record of a choice lies too deep', { type: 'object', properties: { a: { anyOf: [{ type: 'object', properties: { b: {} } }] } } }, 1, { a: {} });
void check('null beside branches', { nullable: true, default: null, anyOf: [{ type: 'string', enum: ['auto'] }, { type: 'object' }] }, 2, null);

const tree = { type: 'object', properties: { id: { type: 'integer', exclusiveMinimum: 0 }, note: { type: 'string' }, child: { type: 'object', properties: { id: { type: 'number', maximum: -2 }, note: {} }, required: ['id'] } }, required: ['id'] };
void check('what must be there is there however deep; a number is within its limits', tree, 1, { id: 1, note: 'text', child: { id: -2 } });

test('null by the word of Swagger 2', () => assert.deepEqual(plainSchema(source, { type: 'string', 'x-nullable': true }, 2), plainSchema(source, { type: 'string', nullable: true }, 2)));
test('null beside branches is one of them', () => assert.deepEqual(plainSchema(source, { nullable: true, anyOf: [{ type: 'string' }] }, 2), { anyOf: [{ type: 'string' }, { type: 'null' }] }));

void check('fields beside branches stand beside those of the first', { properties: { a: { type: 'integer' } }, oneOf: [{ type: 'object', properties: { b: { type: 'boolean' } }, required: ['b'] }] }, 2, { b: true, a: 1 });
void check('no fields beside branches', { properties: {}, oneOf: [{ type: 'object', properties: { b: { type: 'boolean' } }, required: ['b'] }] }, 2, { b: true });
void check('a text of digits', { type: 'string', pattern: '^\\d+$' }, 1, '1');
void check('a text that has fields all the same', { type: 'string', properties: { a: {} } }, 1, 'text');
void check('what must be there by a branch without fields of its own', { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'object', properties: { c: {} } } }, anyOf: [{ required: ['b'] }, { required: ['a'] }] }, 0, { b: {} });
void check('a text of a pattern that is made to fit, the same each time', { type: 'string', pattern: '^[UW][A-Z0-9]{2,}$' }, 1, 'WX1');
void check('a text of a pattern and a length', { type: 'string', pattern: '^[A-Z]+-\\d+$', minLength: 5 }, 1, 'ZF-98');
test('a pattern that JavaScript does not have', () => assert.equal(sampleValue(source, { type: 'string', pattern: '(?i)^ab$' }, 1), 'text'));
test('counts within counts, which would be a million letters: none is made', () => assert.equal(sampleValue(source, { type: 'string', pattern: '^((([a-z]{0,100}){0,100}){0,100}){0,5}$' }, 1), 'text'));
test('an example that contradicts its schema deep inside is not taken', () => {
  const [name, id] = [{ type: 'string', minLength: 1 }, { type: 'string', example: 'a' }];
  const nested = { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'object', properties: { c: { type: 'object', properties: { name } } } } } }, id }, example: { a: { b: { c: { name: '' } } } } };
  assert.deepEqual(madeSample(source, nested, 4), { a: { b: { c: { name: 'text' } } }, id: 'a' });
});
