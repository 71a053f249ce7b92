import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainKeys } from './plain-path.ts';
import { placeAt } from './schema-place.ts';
import { withoutRefs } from './schema-refs.ts';

const text = { type: 'string' };
const named = { type: 'object', properties: { a: text } };
const node = { type: 'object', required: ['name'], properties: { name: text, children: { type: ['array', 'null'], items: { $ref: '#/$defs/node' } }, parent: { $ref: '#/$defs/node' } }, additionalProperties: false };

describe('what a schema says of a path', () => {
  const check = (title: string, schema: object, path: string, expected: object | string): void => void test(`${title}: ${path}`, () => {
    const { schema: found, fault } = placeAt(withoutRefs(schema), plainKeys(path)!);
    assert.deepEqual(fault?.reason ?? found, expected);
  });
  const either = { anyOf: [named, { type: 'object' }] };
  check('a field of one choice, and anything of the other', either, 'a', {});
  check('a field of no choice, and anything of one', either, 'b', {});
  check('a choice that has no fields', { anyOf: [named, text, { type: 'null' }] }, 'a', text);
  check('a choice that has no fields', { anyOf: [named, text, { type: 'null' }] }, 'b', 'no-field');
  check('a choice that is closed', { oneOf: [named, { type: 'object', additionalProperties: false }] }, 'a', text);
  check('a choice of which nothing is said', { anyOf: [named, {}] }, 'b', {});
  check('a choice within a choice', { anyOf: [named, { oneOf: [{ type: 'null' }, { type: 'object' }] }] }, 'b', {});
  check('choices of what must be there', { ...named, anyOf: [{ required: ['a'] }, { required: ['b'] }] }, 'b', 'no-field');
  check('choices of what must be there', { ...named, anyOf: [{ required: ['a'] }, { required: ['b'] }] }, 'a', text);
  check('choices of what must be there, beside', { allOf: [named, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }] }, 'b', 'no-field');
  check('items of one choice, and anything of the other', { anyOf: [{ type: 'array', items: text }, { type: 'array' }] }, '[0]', {});
  check('a choice that is no list', { anyOf: [{ type: 'array', items: text }, { type: 'object' }] }, '[0]', text);
  check('choices of how many', { type: 'array', items: text, anyOf: [{ maxItems: 1 }, { minItems: 3 }] }, '[0]', text);
  check('null by the word of OpenAPI 3.0', { type: 'object', properties: { a: { type: 'string', nullable: true } } }, 'a', { type: ['string', 'null'] });
  check('null beside a choice', { type: 'object', properties: { a: { nullable: true, allOf: [{ $ref: '#/$defs/a' }] } }, $defs: { a: text } }, 'a', { anyOf: [{ allOf: [text] }, { type: 'null' }] });
  check('null beside a reference', { type: 'object', properties: { a: { nullable: true, $ref: '#/$defs/a' } }, $defs: { a: text } }, 'a', { anyOf: [text, { type: 'null' }] });
  check('no null beside a choice', { type: 'object', properties: { a: { nullable: false, anyOf: [text] } } }, 'a', { anyOf: [text] });
  check('no null', { type: 'object', properties: { a: { type: 'string', nullable: false } } }, 'a', text);
  check('a field with the name of a word', { type: 'object', properties: { nullable: { type: 'boolean' }, definitions: text, $ref: text, default: { $ref: '#/properties/definitions' }, type: text } }, 'default', text);
  check('a field with the name of a word', { type: 'object', properties: { nullable: { type: 'boolean' }, definitions: text, $ref: text } }, "['$ref']", text);
  check('a field with the name of a word', { type: 'object', properties: { nullable: { type: 'boolean' }, definitions: text } }, 'definitions', text);
  const tree = { $ref: '#/$defs/node', $defs: { node } };
  check('a schema in itself', tree, 'parent.parent.name', {});
  check('a schema in itself', tree, 'parent.name', text);
  check('a schema in itself, deeper than it is written out', tree, 'parent.parent', { type: 'object' });
  check('a schema in itself, deeper than it is written out', tree, 'children[*].children[*].children[*].name', {});
});
