import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fieldId, fieldTree, shownRows, typeText, valuesAt, type FieldNode, type FieldTree } from './fields.ts';

const text = { type: 'string' } as const;
const rows = (tree: FieldTree, closed: readonly string[] = [], filter = ''): string[] => shownRows(tree, { closed: new Set(closed), filter }).map(({ id, depth }) => `${'  '.repeat(depth)}${id}`);
const at = (tree: FieldTree, id: string): FieldNode => tree.byId.get(id)!;

const order = {
  type: 'object', required: ['id'],
  properties: { id: { type: 'integer' }, customer: { type: 'object', required: ['email'], properties: { email: text, note: { type: ['string', 'null'] } } }, lines: { type: 'array', items: { type: 'object', properties: { sku: text, 'odd name': text } } }, tags: { type: 'array', items: text } },
};

describe('the tree of a side', () => {
  const check = (what: string, [schema, sample, paths = []]: readonly [schema: object, sample?: unknown, paths?: readonly string[]], expected: readonly string[]): void => void test(what, () => assert.deepEqual(rows(fieldTree(schema, sample, paths)), expected));
  check('of a schema', [order], ['id', 'customer', '  customer.email', '  customer.note', 'lines', '  lines[*].sku', "  lines[*]['odd name']", 'tags', '  tags[*]']);
  check('of a sample alone: of lists the fields of all items', [{}, { a: 1, list: [{ x: 1 }, { y: 2 }], empty: [] }], ['a', 'list', '  list[*].x', '  list[*].y', 'empty']);
  check('what the sample has beside the schema comes last', [{ properties: { a: text } }, { b: 1, a: 'x' }], ['a', 'b']);
  check('of a list as the record', [{}, [{ id: 1 }]], ['[*]', '  [*].id']);
  check('what only a rule names', [{ properties: { a: text } }, undefined, ['c.d', 'a', '$..sku']], ['a', 'c', '  c.d', '$..sku']);
  check('forms of which one holds', [{ oneOf: [{ properties: { a: text } }, { properties: { b: text } }] }], ['a', 'b']);
  check('a list of lists', [{ properties: { m: { type: 'array', items: { type: 'array', items: { type: 'number' } } } } }], ['m', '  m[*]', '    m[*][*]']);
  check('nothing', [{}], []);
});

test('what is known of a field', () => {
  const tree = fieldTree(order, { id: 7, more: [{ x: true }] }, []);
  assert.deepEqual(['id', 'customer.note', 'lines', 'tags[*]', 'more', 'more[*].x'].map((id) => [typeText(at(tree, id)), at(tree, id).origin, at(tree, id).isRequired]), [
    ['number', 'schema', true], ['text', 'schema', false], ['list', 'schema', false], ['text', 'schema', false], ['list', 'sample', false], ['true or false', 'sample', false],
  ]);
});

test('a schema that holds itself ends', () => {
  const node: { properties: Record<string, unknown> } = { properties: { name: text } };
  node.properties['child'] = node;
  const tree = fieldTree(node, undefined, []);
  assert.ok(tree.byId.size < 100, String(tree.byId.size));
});

test('more fields than can be looked at are cut, and it says so', () => {
  const tree = fieldTree({ properties: Object.fromEntries(Array.from({ length: 12_000 }, (_, index) => [`f${index}`, text])) }, undefined, []);
  assert.deepEqual([tree.isCut, tree.byId.size], [true, 10_000]);
});

describe('rows', () => {
  const tree = fieldTree(order, undefined, []);
  test('folded', () => assert.deepEqual(rows(tree, ['customer', 'lines', 'tags']), ['id', 'customer', 'lines', 'tags']));
  test('filtered, with what is around, also where it is folded', () => assert.deepEqual(rows(tree, ['customer'], 'EMAIL'), ['customer', '  customer.email']));
  test('nothing fits', () => assert.deepEqual(rows(tree, [], 'zebra'), []));
});

describe('paths', () => {
  for (const [path, id] of [['a.b', 'a.b'], ['$.a', 'a'], ["$['a']['b c']", "a['b c']"], ['a[0].b', 'a[0].b'], ['$..sku', '$..sku'], ['lines[?@.x > 1].sku', 'lines[?@.x > 1].sku'], ['', '']] as const) test(`id of ${path}`, () => assert.equal(fieldId(path), id));
});

describe('values at a field', () => {
  const document = { id: 1, lines: [{ sku: 'A' }, {}, { sku: 'C' }], none: null };
  const check = (path: string, expected: readonly unknown[]): void => void test(path, () => assert.deepEqual(valuesAt(document, at(fieldTree({}, document, [path]), path).keys), expected));
  check('id', [1]);
  check('lines[*].sku', ['A', 'C']);
  check('lines[0].sku', ['A']);
  check('none', [null]);
  check('not.there', []);
});
