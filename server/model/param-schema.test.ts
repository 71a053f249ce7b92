import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asParam, schemaOf } from './param-schema.ts';

const object = { type: 'object', properties: { a: {} } };
const cases: readonly (readonly [schema: object, isRequired: boolean, param: object])[] = [
  [{ ...object, required: ['a'] }, true, { ...object, required: true, requiredFields: ['a'] }],
  [{ ...object, required: ['a'] }, false, { ...object, requiredFields: ['a'] }],
  [object, true, { ...object, required: true }],
  [object, false, object],
];
for (const [schema, isRequired, param] of cases) {
  test(`a schema is a param, and comes out of it as it was: ${JSON.stringify(schema)} ${isRequired}`, () => {
    assert.deepEqual(asParam(schema, isRequired), param);
    assert.deepEqual(schemaOf({ ...param, in: 'query', name: 'x', style: 'form', explode: true }), schema);
  });
}
