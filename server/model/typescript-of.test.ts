import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typescriptOf } from './typescript-of.ts';

const text = { type: 'string' };
const cases: readonly (readonly [what: string, schema: object, type: string])[] = [
  ['nothing that is known', {}, 'any'],
  ['annotations alone', { title: 'Order', $defs: {} }, 'any'],
  ['a whole number', { type: 'integer' }, 'number'],
  ['several types', { type: ['string', 'null'] }, 'string | null'],
  ['values', { enum: ['open', 'paid', 1, null] }, '"open" | "paid" | 1 | null'],
  ['one value, in a text that ends a comment', { const: '*/ "x" `' }, String.raw`"*/ \"x\" ${'`'}"`],
  ['a list', { type: 'array', items: text }, 'Array<string>'],
  ['a list of anything', { type: 'array' }, 'Array<any>'],
  ['fields, and others', { type: 'object', properties: { id: text, 'a-b': { type: 'number' } }, required: ['id'] }, '{ "id": string; "a-b"?: number; [name: string]: any }'],
  ['fields and no others', { type: 'object', properties: { id: text }, required: ['id'], additionalProperties: false }, '{ "id": string }'],
  ['no fields', { type: 'object', additionalProperties: false }, '{}'],
  ['a name of every object', { type: 'object', properties: JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"number"}}'), additionalProperties: false }, '{ "__proto__"?: string; "constructor"?: number }'],
  ['a choice', { anyOf: [text, { type: 'array', items: text }, text] }, 'string | Array<string>'],
  ['a choice of which one is open', { oneOf: [text, {}] }, 'any'],
  ['all of several', { allOf: [{ type: 'object', properties: { a: text }, required: ['a'] }, { properties: { b: text } }] }, '{ "a": string; "b"?: string; [name: string]: any }'],
];
for (const [what, schema, type] of cases) test(what, () => assert.equal(typescriptOf(schema), type));

test('a schema that holds itself ends', () => {
  const tree: Record<string, unknown> = { type: 'object', additionalProperties: false };
  tree['properties'] = { below: tree };
  assert.match(typescriptOf(tree), /^(\{ "below"\?: )+any( \})+$/);
});
