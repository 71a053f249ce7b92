import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldSchema, itemSchema } from './schema-walk.ts';

const schema = { properties: { a: { title: 'a' } }, patternProperties: { '^x-': { title: 'x' }, '(?<!a)b': { title: 'never' }, 'é$': { title: 'é' } }, additionalProperties: { title: 'other' } };

test('a field is described by its name, by a pattern, or as all others', () => {
  for (const [name, title] of [['a', 'a'], ['x-1', 'x'], ['café', 'é'], ['b', 'other'], ['constructor', 'other']] as const) assert.deepEqual(fieldSchema(schema, name), { title }, name);
});

test('a pattern that would run for ever takes no time', { timeout: 10_000 }, () => {
  assert.deepEqual(fieldSchema({ patternProperties: { '^(a+)+$': { title: 'a' } } }, `${'a'.repeat(40)}!`), {});
});

test('an item is described by its place, or as all others; branches are joined', () => {
  const list = { prefixItems: [{ title: 'first' }], items: { anyOf: [] }, allOf: [{ items: { title: 'other' } }] };
  assert.deepEqual([itemSchema(list, 0), itemSchema(list, 1)], [{ title: 'other' }, { anyOf: [], title: 'other' }]);
});
