import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addItem, changesFor, looksBroken, printValue, readValue, removeItem, renameEntry, swapItems } from './change.ts';
import { branchOf, fieldsOf, kindOf, startValue, unknownNames, type FieldSchema } from './schema.ts';

const schema: FieldSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', title: 'Name' },
    size: { type: 'integer', default: 100, minimum: 1 },
    mode: { type: 'string', enum: ['all', 'first'], default: 'all' },
    params: { type: 'object', additionalProperties: true, default: {}, 'x-expression': true },
    signature: { type: 'object', properties: { header: { type: 'string' }, encoding: { type: 'string', default: 'hex' }, inner: { type: 'object', properties: { a: { type: 'string' } } } }, required: ['header'] },
    routes: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, when: { type: 'array', default: [], 'x-ui': { widget: 'conditions' } } }, required: ['name'] } },
    tags: { type: 'array', items: { type: 'string' }, default: [] },
    must: { type: 'object', properties: { a: { type: 'string' } } },
    secret: { type: 'object', writeOnly: true, properties: { $secret: { type: 'string' } } },
    hidden: { type: 'string', 'x-ui': { widget: 'hidden' } },
    path: { type: 'string', 'x-ui': { visibleWhen: { field: 'mode', equals: 'first' } } },
    first: { type: 'string', 'x-ui': { order: -1 } },
  },
  required: ['name', 'must'],
  additionalProperties: false,
};

for (const [title, field, kind] of [
  ['a text', { type: 'string' }, 'text'], ['a long text', { type: 'string', 'x-ui': { widget: 'textarea' } }, 'textarea'], ['a number', { type: 'integer' }, 'number'],
  ['a choice of values', { type: 'string', enum: ['a'] }, 'enum'], ['a constant', { const: 1 }, 'const'], ['anything', {}, 'value'], ['several types', { type: ['string', 'number'] }, 'value'],
  ['an object with names of its own', { type: 'object', additionalProperties: {} }, 'entries'], ['an object drawn as a map', { type: 'object', 'x-ui': { widget: 'map' } }, 'entries'], ['an object as text', { type: 'object', additionalProperties: true, 'x-ui': { widget: 'code' } }, 'code'],
  ['rules', { type: 'array', 'x-ui': { widget: 'map' } }, 'rules'], ['conditions', { type: 'array', 'x-ui': { widget: 'conditions' } }, 'conditions'],
  ['a list of given values', { type: 'array', items: { enum: ['GET'] } }, 'flags'], ['a secret', schema.properties!['secret']!, 'secret'],
  ['an object of one of several forms', { oneOf: [{ properties: { kind: { const: 'a' } } }, { properties: { kind: { const: 'b' } } }] }, 'choice'],
  ['one of several without a mark', { oneOf: [{ type: 'string' }, { type: 'number' }] }, 'value'],
  ['one path or several', { 'x-path': 'record', anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'sources'],
  ['a chain of transforms', { type: 'array', items: { type: 'object', properties: { type: { type: 'string', 'x-ui': { ref: 'transform' } } } } }, 'transforms'],
] as const) test(`kind: ${title}`, () => assert.equal(kindOf(field as FieldSchema), kind));

test('fields: in order, hidden ones left out', () => {
  assert.deepEqual(fieldsOf(schema, {}).map(({ name }) => name), ['first', 'name', 'size', 'mode', 'params', 'signature', 'routes', 'tags', 'must', 'secret']);
  assert.deepEqual(fieldsOf(schema, { mode: 'first' }).map(({ name }) => name).includes('path'), true);
});

test('fields: expressions hold for all below', () => {
  const fields = fieldsOf(schema, {});
  assert.deepEqual(fields.filter(({ expression }) => expression).map(({ name }) => name), ['params']);
  assert.equal(fieldsOf({ properties: { a: { properties: { b: {} } } } }, {}, [], true)[0]?.expression, true);
});

test('what the schema does not know is named', () => {
  assert.deepEqual(unknownNames(schema, { name: 'a', other: 1 }), ['other']);
  assert.deepEqual(unknownNames({ type: 'object', additionalProperties: true }, { other: 1 }), []);
});

for (const [title, root, path, value, expected] of [
  ['a value is set where it stands', {}, ['name'], 'a', [{ path: ['name'], value: 'a' }]],
  ['the same value changes nothing', { size: 5 }, ['size'], 5, []],
  ['the default is removed', { size: 5 }, ['size'], 100, [{ path: ['size'], value: undefined }]],
  ['the default that is not there changes nothing', {}, ['size'], 100, []],
  ['an object that is left empty goes, too', { params: { limit: 1 } }, ['params', 'limit'], undefined, [{ path: ['params'], value: undefined }]],
  ['several levels of them', { signature: { inner: { a: 'x' } } }, ['signature', 'inner', 'a'], undefined, [{ path: ['signature'], value: undefined }]],
  ['but not one that must be there', { must: { a: 'x' } }, ['must', 'a'], undefined, [{ path: ['must', 'a'], value: undefined }]],
  ['nor an item of a list', { routes: [{ name: 'a' }] }, ['routes', 0, 'name'], undefined, [{ path: ['routes', 0, 'name'], value: undefined }]],
  ['nor one with other values', { params: { limit: 1, since: 2 } }, ['params', 'limit'], undefined, [{ path: ['params', 'limit'], value: undefined }]],
  ['deep in a list', { routes: [{ name: 'a', when: [{ field: 'x' }] }] }, ['routes', 0, 'when'], [], [{ path: ['routes', 0, 'when'], value: undefined }]],
  ['values of names that the schema does not know', { params: {} }, ['params', 'x'], 1, [{ path: ['params', 'x'], value: 1 }]],
] as const) test(`change: ${title}`, () => assert.deepEqual(changesFor(schema, root, path, value), expected));

test('lists: items are added, removed and swapped one by one', () => {
  const root = { routes: [{ name: 'a' }, { name: 'b' }], tags: ['x'] };
  assert.deepEqual(addItem(root, ['routes'], { name: 'c' }), [{ path: ['routes', 2], value: { name: 'c' } }]);
  assert.deepEqual(addItem({}, ['routes'], { name: 'c' }), [{ path: ['routes'], value: [{ name: 'c' }] }]);
  assert.deepEqual(removeItem(schema, root, ['routes'], 0), [{ path: ['routes', 0], value: undefined }]);
  assert.deepEqual(removeItem(schema, root, ['tags'], 0), [{ path: ['tags'], value: undefined }]);
  assert.deepEqual(swapItems(root, ['routes'], 0, 1), [{ path: ['routes', 0], value: { name: 'b' } }, { path: ['routes', 1], value: { name: 'a' } }]);
  assert.deepEqual(swapItems(root, ['routes'], 0, 2), []);
});

test('entries: a name is changed, never onto another', () => {
  assert.deepEqual(renameEntry({ params: { a: 1 } }, ['params'], 'a', 'b'), [{ path: ['params', 'a'], value: undefined }, { path: ['params', 'b'], value: 1 }]);
  assert.deepEqual(renameEntry({ params: { a: 1, b: 2 } }, ['params'], 'a', 'b'), []);
});

for (const [text, value] of [
  ['paid', 'paid'], ['', undefined], ['12', 12], ['-1.5', -1.5], ['true', true], ['null', null], ['"12"', '12'], ['[1, 2]', [1, 2]], ['{"a": 1}', { a: 1 }],
  ['2024-01-01', '2024-01-01'], ['{{ payload.id }}', '{{ payload.id }}'], ['true story', 'true story'], ['[open', '[open'], ['1,2', '1,2'],
] as const) test(`any value: ${text || 'nothing'}`, () => {
  assert.deepEqual(readValue(text), value);
  assert.deepEqual(readValue(printValue(value)), value);
});
test('any value: an empty text is not nothing', () => assert.equal(readValue(printValue('')), ''));
test('any value: what was meant as JSON', () => assert.deepEqual(['[1', '{"a"', '{{ a', '[1]', 'a'].map(looksBroken), [true, true, false, false, false]));

test('start values', () => {
  assert.deepEqual(startValue({ oneOf: [{ type: 'object', properties: { kind: { const: 'a' }, x: { type: 'string' } }, required: ['kind'] }, { type: 'object', properties: { kind: { const: 'b' } } }] }), { kind: 'a' });
  assert.deepEqual(branchOf([{ properties: { kind: { const: 'a' } } }, { title: 'B', properties: { kind: { const: 'b' } } }], { kind: 'b' })?.title, 'B');
});
