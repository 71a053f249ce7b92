import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { JSONPath } from 'jsonpath-plus';
import { FlowError } from '../../plugins/sdk/index.ts';
import { compilePath, everything, pathKeys, printPath } from './path.ts';

const order = { id: 7, items: [{ sku: 'a', tags: ['x', 'y'] }, { sku: 'b' }, { 'first name': 'c' }], 'a.b': 1, none: null, 'x-total': 3 };

for (const [query, all, singular] of [
  ['', [order], true],
  ['$', [order], true],
  ['id', [7], true],
  ['$.id', [7], true],
  ['items[0].sku', ['a'], true],
  ['items[-2].sku', ['b'], true],
  ['items[*].sku', ['a', 'b'], false],
  ['items.*.tags[*]', ['x', 'y'], false],
  ["items[2]['first name']", ['c'], true],
  ['x-total', [3], true],
  ["['a.b']", [1], true],
  ['$["a.b"]', [1], true],
  ['none', [null], true],
  ['none.deeper', [], true],
  ['nothing[3].at.all', [], true],
  ['items.length', [], true],
  ['id.toFixed', [], true],
  ['constructor', [], true],
  ['__proto__.toString', [], true],
  ['[0]', [], true],
  ['..tags[0]', ['x'], false],
  ["items[?@.sku == 'b'].sku", ['b'], false],
  ['items[0:2].sku', ['a', 'b'], false],
  ["items[?match(@.sku, '(a|a)*')].sku", ['a'], false],
  ['$.items[*].sku^', [order.items[0], order.items[1]], false],
  ['items.*~', ['0', '1', '2'], false],
  ['$..sku@string()', ['a', 'b'], false],
] as const) {
  test(`path ${JSON.stringify(query)}`, () => {
    const path = compilePath(query);
    assert.deepEqual(path.all(order).map((value) => (query.endsWith('~') ? String(value) : value)), all);
    if (!query.endsWith('~')) assert.deepEqual(path.get(order), all[0]);
    if (!query.endsWith('~')) assert.deepEqual(path.places(order).map((place) => place.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], order)), all);
    assert.equal(path.singular, singular);
    assert.equal(path.query, query);
  });
}

for (const [query, position, message] of [
  ['items[', 6, /at character/],
  ['a..', 3, /at character/],
  ['items.0', 6, /items\[0\]/],
  ['$.orders.@total', 9, /in brackets and quotes: \$\.orders\['@total'\]$/],
  ['o[@total].x', 2, / o\['@total'\]\.x$/],
  ['$.o..#text', 5, / \$\.o\.\.\['#text'\]$/],
  ['items[?@.a^]', 10, /filter/],
  [' id', 0, /at character/],
  ['a^[', 0, /at character|not valid/],
] as const) {
  test(`the path ${JSON.stringify(query)} is refused`, () =>
    assert.throws(() => compilePath(query), (error) => FlowError.is(error, 'CONFIG_PATH') && message.test(error.message) && (query.includes('^') || Math.abs((error.details['position'] as number) - position) <= 1)));
}

test('places that were found are not kept', () => {
  const path = compilePath('$..sku^');
  for (let index = 0; index < 200; index++) assert.equal(path.places({ [`order${index}`]: { sku: 'A' } }).length, 1);
  assert.ok(Object.keys((JSONPath as unknown as { cache: object }).cache).length < 5);
});

test('a filter beside an operator of jsonpath-plus is refused, so that no code is ever evaluated', () => {
  for (const query of ['$..[?(@.a == 1)]^', '$.items[(@.length-1)]~', "$[?(process.exit())]@string()"]) assert.throws(() => compilePath(query), (error) => FlowError.is(error, 'CONFIG_PATH'), query);
});

for (const [query, document, value, wanted] of [
  ['', { a: 1 }, 2, 2],
  ['a', { a: 1, b: 2 }, 3, { a: 3, b: 2 }],
  ['a.b[1].c', undefined, 1, { a: { b: [null, { c: 1 }] } }],
  ['[0]', null, 'x', ['x']],
  ['a[-1]', { a: [1, 2] }, 3, { a: [1, 3] }],
  ["['a.b']", {}, 1, { 'a.b': 1 }],
] as const) {
  test(`set ${JSON.stringify(query)} in ${JSON.stringify(document)}`, () => {
    const before = structuredClone(document);
    assert.deepEqual(compilePath(query).set(document, value), wanted);
    assert.deepEqual(document, before);
  });
}

for (const [query, document, code] of [
  ['a[*]', {}, 'CONFIG_PATH'],
  ['..a', {}, 'CONFIG_PATH'],
  ['$.a^', {}, 'CONFIG_PATH'],
  ['__proto__.x', {}, 'CONFIG_PATH'],
  ['a.constructor.prototype', {}, 'CONFIG_PATH'],
  ['a.b', { a: 5 }, 'DATA_INVALID'],
  ['a.b', { a: [] }, 'DATA_INVALID'],
  ['a[0]', { a: {} }, 'DATA_INVALID'],
  ['a[-1]', { a: [] }, 'DATA_INVALID'],
  ['a[4000000000]', {}, 'DATA_INVALID'],
] as const) {
  test(`set ${query} in ${JSON.stringify(document)} fails`, () => assert.throws(() => compilePath(query).set(document, 1), (error) => FlowError.is(error, code)));
}

test('a hostile pattern takes no time that is worth mentioning', () => {
  const text = `${'a'.repeat(50_000)}!`;
  assert.deepEqual(compilePath("[?search(@, '^(a+)+$')]").all([text]), []);
  assert.deepEqual(compilePath("[?match(@, '(a|aa)+')]").all([text]), []);
});

test('a list of any length is filtered, cut and gone through', () => {
  const items = Array.from({ length: 300_000 }, (_, q) => ({ q }));
  assert.deepEqual(['[?@.q >= 0].q', '[0:300000].q', '$..q'].map((query) => compilePath(query).all(items).length), [300_000, 300_000, 300_000]);
});

test('several descents, each below all that the one before has found, end with an error for people', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 60; i++) deep = { a: deep, b: [i] };
  for (const query of ['$..a..a..a..a..a', '$..a..a..a..a..nothing', '$..a[*]..*..*..*..*']) {
    for (const read of ['all', 'places'] as const) assert.throws(() => compilePath(query)[read](deep), (error) => FlowError.is(error, 'DATA_INVALID') && /each ".." begins anew/.test(error.message), query);
  }
  assert.equal(compilePath('$..a..b').all(deep).length, (60 * 59) / 2);
});

test('what is deeper than the limit of descent is an error for people', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 5_000; i++) deep = [deep];
  assert.throws(() => compilePath('$..a').all(deep), (error) => FlowError.is(error, 'DATA_INVALID'));
});

const key = fc.oneof(fc.string(), fc.integer({ min: -3, max: 3 }), fc.constant(everything));

test('what printPath writes, compilePath reads', () =>
  fc.assert(fc.property(fc.array(key.filter((value) => typeof value !== 'string' || value.isWellFormed())), (keys) => assert.deepEqual(pathKeys(printPath(keys)), keys)), { seed: 1 }));

test('what was set is there, and all else is as it was', () =>
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom('a', 'b', "it's"), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 5 }), fc.jsonValue(), (keys, value) => {
      const path = compilePath(printPath(keys));
      const document = path.set(undefined, 1);
      assert.deepEqual(path.get(path.set(document, value)), value);
      assert.deepEqual(path.set(path.set(document, value), 1), document);
    }),
    { seed: 1 },
  ));
