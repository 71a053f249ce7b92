import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { compilePath } from '../../server/model/path.ts';
import { FlowError, type CompiledTransform, type MapDefinition } from '../sdk/index.ts';
import { compileMapping, type MappingSettings, type Rule } from './mapping.ts';

const current = { now: 0, random: () => 0.5, signal: new AbortController().signal, log: { debug() {}, info() {}, warn() {}, error() {} } };
const transforms: Readonly<Record<string, CompiledTransform>> = {
  double: (value) => (value as number) * 2,
  show: (value) => JSON.stringify(value) ?? 'missing',
  fail: () => { throw new FlowError('DATA_INVALID', 'No.'); },
  even: (value) => {
    if (typeof value === 'number' && value % 2 !== 0) throw new FlowError('DATA_INVALID', `${value} is odd.`);
    return value;
  },
};

/** `later-x` is the transform x for a whole column. */
const context = (files: Readonly<Record<string, Omit<MapDefinition, 'file'>>> = {}, sizes: number[] = []): Parameters<typeof compileMapping>[1] => ({
  path: compilePath,
  ruleTransform: async (type) => {
    const transform = transforms[type.replace('later-', '')];
    if (!transform) throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no ${type}.`);
    if (!type.startsWith('later-')) return { each: transform };
    return { column: async (values) => (sizes.push(values.length), values.map((value) => caught(() => transform(value, current)))) };
  },
  map: async (name) => {
    if (!files[name]) throw new FlowError('CONFIG_NOT_FOUND', `There is no ${name}.`);
    return { file: `maps/${name}.map.json`, ...files[name] };
  },
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

/** All records together; the error of a record in its place. */
async function mapAll(settings: Partial<MappingSettings>, records: readonly unknown[], own = context()): Promise<readonly unknown[]> {
  const rules = settings.rules ?? [];
  const mapping = await (await compileMapping({ ...settings, rules }, own))(rules);
  const all = await mapping.all(records, current);
  if (mapping.each) assert.deepEqual(records.map((record) => caught(() => mapping.each!(record, current))), all);
  return all;
}

async function map(rules: readonly Rule[], record: unknown, { passThrough = false }: Pick<MappingSettings, 'passThrough'> = {}): Promise<unknown> {
  const [made] = await mapAll({ rules, passThrough }, [record]);
  if (FlowError.is(made)) throw made;
  return made;
}

describe('alignment', () => {
  const order = { id: 7, ship: { to: 'GB' }, lines: [{ sku: 'A', taxes: [{ rate: 1 }, { rate: 2 }] }, { sku: 'B', taxes: [] }, { taxes: [{ rate: 3 }] }] };
  const check = (title: string, rules: readonly Rule[], expected: unknown): void => void test(title, async () => assert.deepEqual(await map(rules, order), expected));
  check('item by item', [{ from: 'lines[*].sku', to: 'items[*].id' }], { items: [{ id: 'A' }, { id: 'B' }, {}] });
  check('two sources of one length', [{ from: ['lines[*].sku', 'id'], to: 'items[*].both', transforms: [{ type: 'show' }] }], { items: [{ both: '["A",7]' }, { both: '["B",7]' }, { both: '[null,7]' }] });
  check('a repeated source may stand first', [{ from: 'ship.to', to: 'items[*].country' }, { from: 'lines[*].sku', to: 'items[*].id' }], { items: [{ id: 'A', country: 'GB' }, { id: 'B', country: 'GB' }, { country: 'GB' }] });
  check('a repeated source where nothing makes items', [{ from: 'id', to: 'refs[*].value' }], { refs: [{ value: 7 }] });
  check('two levels', [{ from: 'lines[*].taxes[*].rate', to: 'a[*].b[*].c', transforms: [{ type: 'double' }] }], { a: [{ b: [{ c: 2 }, { c: 4 }] }, { b: [] }, { b: [{ c: 6 }] }] });
  check('deeper source: a list per item', [{ from: 'lines[*].taxes[*].rate', to: 'a[*].rates' }], { a: [{ rates: [1, 2] }, { rates: [] }, { rates: [3] }] });
  check('deeper source: one list', [{ from: 'lines[*].taxes[*].rate', to: 'rates', transforms: [{ type: 'show' }] }], { rates: '[1,2,3]' });
  check('a list of plain values', [{ from: 'lines[*].sku', to: 'skus[*]' }], { skus: ['A', 'B', null] });
  check('a list that is missing is not written, an empty one is', [{ from: 'none[*].x', to: 'list[*].y' }, { from: 'none[*].x', to: 'flat' }, { from: ['none[*].x', 'other[*].x'], to: 'both[*].y' }, { from: 'lines[1].taxes[*].rate', to: 'empty[*].y' }, { from: 'lines[1].taxes[*].rate', to: 'rates' }], { empty: [], rates: [] });
  check('a default stands in for a list that is missing, and in each item', [{ from: 'none[*].x', to: 'list', default: [] }, { from: 'lines[*].sku', to: 'items[*].id', default: '?' }], { list: [], items: [{ id: 'A' }, { id: 'B' }, { id: '?' }] });
  check('of several lists one may be missing', [{ from: ['none[*].x', 'lines[*].sku'], to: 'items[*].both', transforms: [{ type: 'show' }] }], { items: [{ both: '[null,"A"]' }, { both: '[null,"B"]' }, { both: 'missing' }] });
  check('what is no list is one item, gone through or flat', [{ from: 'ship[*].to', to: 'list[*].y' }, { from: 'ship[*].to', to: 'flat' }, { from: 'id[*]', to: 'ids' }], { list: [{ y: 'GB' }], flat: ['GB'], ids: [7] });
  check('missing is not written, a default is', [{ from: 'none', to: 'a' }, { from: 'none', to: 'b', default: 0 }], { b: 0 });
  check('lists in lists', [{ from: 'lines[*].taxes[*].rate', to: 'a[*][*]' }, { from: 'lines[*].taxes[*].rate', to: 'b[*][*].c' }], { a: [[1, 2], [], [3]], b: [[{ c: 1 }, { c: 2 }], [], [{ c: 3 }]] });
  check('an object in the place of a value that stands in the way', [{ from: 'lines[*].sku', to: 'items[*]' }, { from: 'id', to: 'items[*].order' }, { from: 'id', to: 'a' }, { from: 'id', to: 'a.b' }, { from: 'id', to: 'a[0]' }], { items: [{ order: 7 }, { order: 7 }, { order: 7 }], a: [7] });
  check('a repeated source makes no item where a list is empty or missing', [{ from: 'lines[1].taxes[*].rate', to: 'a[*].rate' }, { from: 'id', to: 'a[*].id' }, { from: 'none[*].x', to: 'b[*].x' }, { from: 'id', to: 'b[*].id' }, { from: 'none', to: 'c' }, { from: 'id', to: 'c[*].id' }], { a: [] });
  check('a repeated source that is missing makes no item either', [{ from: 'none', to: 'refs[*].value' }], {});
  check('several repeated sources make one item', [{ from: 'id', to: 'refs[*].id' }, { from: 'ship.to', to: 'refs[*].country' }, { from: 'id', to: 'deep[*].er[*]' }, { from: 'id', to: 'lists[*][*]' }], { refs: [{ id: 7, country: 'GB' }], deep: [{ er: [7] }], lists: [[7]] });
  check('a repeated source below the items of another rule', [{ from: 'id', to: 'a[*].b[*].id' }, { from: 'lines[*].taxes[*].rate', to: 'a[*].b[*].c' }], { a: [{ b: [{ id: 7, c: 1 }, { id: 7, c: 2 }] }, { b: [] }, { b: [{ id: 7, c: 3 }] }] });
  check('rules run in their order, those that are repeated too', [{ from: 'ship.to', to: 'items[*].id' }, { from: 'lines[*].sku', to: 'items[*].id' }, { from: 'id', to: 'items[*].nr' }, { from: 'lines[*].sku', to: 'items[*].nr' }], { items: [{ id: 'A', nr: 'A' }, { id: 'B', nr: 'B' }, { id: 'GB', nr: 7 }] });
  check('names that begin with a dollar, and escapes', [{ from: 'id', to: '$ref' }, { from: 'id', to: '$.a' }, { from: 'id', to: "$['b']" }, { from: 'id', to: String.raw`['a\nb\u00e9\'"\\']` }, { from: 'id', to: String.raw`["c\td"].$id` }], { $ref: 7, a: 7, b: 7, 'a\nb\u00e9\'"\\': 7, 'c\td': { $id: 7 } });
  check('names that need quotes', [{ from: "['id']", to: "a['b c'].d" }], { a: { 'b c': { d: 7 } } });
});

describe('paths that may name several places', () => {
  const order = { id: 7, ship: { to: 'GB', from: 'FR' }, lines: [{ sku: 'A', qty: 1, tags: ['x', 'y'] }, { sku: 'B', qty: 2, tags: [] }, { sku: 'C', qty: 3 }], limit: 2 };
  const check = (from: string, value: unknown, items: unknown): void => void test(from, async () => {
    assert.deepEqual(await map([{ from, to: 'v' }, { from, to: 'i[*].v' }], order), { ...(value !== undefined && { v: value }), ...(items !== undefined && { i: (items as unknown[]).map((v) => (v === undefined ? {} : { v })) }) });
  });
  for (const [from, found] of [['lines[?@.qty > 1].sku', ['B', 'C']], ['lines[?@.qty > 9].sku', []], ['lines[0:2].sku', ['A', 'B']], ['lines[0,2].sku', ['A', 'C']], ["ship['to','from']", ['GB', 'FR']], ['ship.*', ['GB', 'FR']], ['lines.*.sku', ['A', 'B', 'C']], ['lines [ * ] .sku', ['A', 'B', 'C']], ['..sku', ['A', 'B', 'C']], ['lines[?@.qty == $.limit].sku', ['B']], ['..[?@.qty == 1].sku', ['A']], ['$.lines[*].sku^.qty', [1, 2, 3]]] as const) check(from, found, found);
  for (const from of ['none[?@.qty > 1].sku', 'none[0:2]', 'none.*', 'none[*].sku']) check(from, undefined, undefined);
  check('lines[?@.qty < 3].tags[*]', ['x', 'y'], [['x', 'y'], []]);
  check('lines[2].sku', 'C', ['C']);
});

describe('a rule with conditions', () => {
  const order = { id: 7, lines: [{ sku: 'A', qty: 1, taxes: [{ code: 'x', rate: 1 }, { code: 'y', rate: 2 }] }, { sku: 'B', qty: 2 }, { sku: 'C' }], tags: ['gift'] };
  const check = (title: string, rules: readonly Rule[], expected: unknown): void => void test(title, async () => assert.deepEqual(await map(rules, order), expected));
  const skus: Rule = { from: 'lines[*].sku', to: 'items[*].id' };
  check('of the items of its source', [{ ...skus, when: [{ field: 'lines[*].qty', is: 'greater-than', value: 1 }] }], { items: [{}, { id: 'B' }, {}] });
  check('that are met by what is missing', [{ ...skus, when: [{ field: 'lines[*].qty', is: 'is-empty' }] }], { items: [{}, {}, { id: 'C' }] });
  check('of the items of another list are about the record', [{ ...skus, when: [{ field: 'tags[*]', value: 'gift' }] }, { from: 'lines[*].sku', to: 'none[*].id', when: [{ field: 'tags[*]', value: 'other' }] }], { items: [{ id: 'A' }, { id: 'B' }, { id: 'C' }] });
  check('of the items, where its source is repeated', [skus, { from: 'id', to: 'items[*].order', when: [{ any: [{ field: 'lines[*].qty', value: 2 }, { field: 'id', value: 8 }] }] }], { items: [{ id: 'A' }, { id: 'B', order: 7 }, { id: 'C' }] });
  check('of lists below the items', [{ ...skus, when: [{ field: 'lines[*].taxes[*].code', value: 'y' }] }, { from: 'lines[*].taxes[*].rate', to: 'taxes[*].of[*].rate', when: [{ field: 'lines[*].taxes[*].code', value: 'y' }, { field: 'lines[*].qty', value: 1 }] }], { items: [{ id: 'A' }, {}, {}], taxes: [{ of: [{}, { rate: 2 }] }, {}, {}] });
  check('of values in a list, where each keeps its place', [{ from: 'lines[*].sku', to: 'skus[*]', when: [{ field: 'lines[*].qty', is: 'exists' }] }], { skus: ['A', 'B', null] });
  check('complementary, for one target', [{ ...skus, when: [{ field: 'lines[*].qty', value: 1 }] }, { from: 'id', to: 'items[*].id', when: [{ field: 'lines[*].qty', is: 'not-equals', value: 1 }] }], { items: [{ id: 'A' }, { id: 7 }, { id: 7 }] });
  check('of a list, for a field', [{ from: 'id', to: 'a', when: [{ field: 'lines[*].sku', value: 'B' }] }, { from: 'id', to: 'b', when: [{ field: 'lines[*].sku', value: 'Z' }] }], { a: 7 });
});

describe('conditions of what a source gathers', () => {
  const order = {
    id: 7, country: 'GB', lines: [{ sku: 'A', qty: 1, price: 1, taxes: [{ code: 'x', rate: 1 }] }, { sku: 'B', qty: 2, price: 20, taxes: [{ code: 'x', rate: 2 }, { code: 'y', rate: 3 }] }, { sku: 'C', price: 300 }],
    parts: [{ nr: 1, qty: 9 }, { nr: 2, qty: 0 }], o: [{ open: true, lines: [{ qty: 1 }, { qty: 5 }] }, { open: false, lines: [{ qty: 7 }] }, { open: true, lines: [] }, {}],
  };
  const many = { field: 'lines[*].qty', is: 'greater-than', value: 1 } as const;
  const show = [{ type: 'show' }];
  const check = (title: string, rules: readonly Rule[], expected: unknown): void => void test(title, async () => {
    assert.deepEqual(await map(rules, frozen(order)), expected);
    const [later] = await mapAll({ rules: inColumns(rules, () => true) }, [order]);
    assert.deepEqual(later, expected);
  });
  check('a list', [{ from: 'lines[*].sku', to: 'list', when: [many] }], { list: ['B'] });
  check('a list that transforms get', [{ from: 'lines[*].price', to: 'total', transforms: show, when: [many] }], { total: '[20]' });
  check('met by what is missing', [{ from: 'lines[*].sku', to: 'list', when: [{ field: 'lines[*].qty', is: 'is-empty' }] }], { list: ['C'] });
  check('met by none: an empty list', [{ from: 'lines[*].sku', to: 'list', when: [{ ...many, value: 9 }] }], { list: [] });
  check('of a list that is missing', [{ from: 'none[*].sku', to: 'list', when: [{ field: 'none[*].qty', is: 'is-empty' }] }], {});
  check('a list of each item', [{ from: 'o[*].lines[*].qty', to: 'r[*].list', when: [{ field: 'o[*].lines[*].qty', is: 'greater-than', value: 1 }] }], { r: [{ list: [5] }, { list: [7] }, { list: [] }, {}] });
  check('of both lists', [{ from: 'o[*].lines[*].qty', to: 'r[*].list', when: [{ field: 'o[*].lines[*].qty', is: 'greater-than', value: 1 }, { field: 'o[*].open', value: true }] }], { r: [{ list: [5] }, {}, { list: [] }, {}] });
  check('lists in lists as one', [{ from: 'o[*].lines[*].qty', to: 'list', when: [{ field: 'o[*].open', value: true }, { field: 'o[*].lines[*].qty', is: 'less-than', value: 5 }] }], { list: [1] });
  check('any of the inner and the outer', [{ from: 'o[*].lines[*].qty', to: 'list', when: [{ any: [{ field: 'o[*].open', value: false }, { field: 'o[*].lines[*].qty', value: 5 }, { field: 'id', value: 8 }] }] }], { list: [5, 7] });
  check('of a list below what is gathered', [{ from: 'lines[*].sku', to: 'list', when: [{ field: 'lines[*].taxes[*].code', value: 'y' }] }], { list: ['B'] });
  check('with one of the record, which is about the rule', [{ from: 'lines[*].sku', to: 'yes', when: [many, { field: 'country', value: 'GB' }] }, { from: 'lines[*].sku', to: 'no', when: [many, { field: 'country', value: 'FR' }] }], { yes: ['B'] });
  check('or one of the record', [{ from: 'lines[*].sku', to: 'all', when: [{ any: [many, { field: 'country', value: 'GB' }] }] }, { from: 'lines[*].sku', to: 'some', when: [{ any: [many, { field: 'country', value: 'FR' }] }] }], { all: ['A', 'B', 'C'], some: ['B'] });
  check('of another list are about the rule', [{ from: 'lines[*].sku', to: 'yes', when: [{ field: 'parts[*].qty', value: 9 }] }, { from: 'lines[*].sku', to: 'no', when: [{ field: 'parts[*].qty', value: 8 }] }], { yes: ['A', 'B', 'C'] });
  check('of one of two sources leave the other as it is', [{ from: ['lines[*].sku', 'parts[*].nr', 'id'], to: 'all', transforms: show, when: [many] }, { from: ['lines[*].sku', 'lines[*].price'], to: 'both', transforms: show, when: [many] }], { all: '[["B"],[1,2],7]', both: '[["B"],[20]]' });
  check('beside those of the items of the target', [{ from: 'o[*].lines[*].qty', to: 'r[*].list', when: [{ any: [{ field: 'o[*].open', value: false }, { field: 'o[*].lines[*].qty', value: 1 }] }] }], { r: [{ list: [1] }, { list: [7] }, { list: [] }, {}] });
  check('of a slice and of a filter', [{ from: 'lines[0:2].sku', to: 'a', when: [{ field: 'lines[0:2].qty', value: 2 }] }, { from: 'lines[?@.price > 1].sku', to: 'b', when: [{ field: 'lines[?@.price > 1].qty', value: 2 }] }], { a: ['B'], b: ['B'] });
  check('a default stands in for a list that is missing, not for one that is empty', [{ from: 'lines[*].sku', to: 'a', default: ['-'], when: [{ ...many, value: 9 }] }, { from: 'none[*].sku', to: 'b', default: ['-'], when: [{ field: 'none[*].qty', value: 1 }] }], { a: [], b: ['-'] });
  check('a list that is written in another way is the same', [{ from: "['lines'][*].sku", to: 'list', when: [many] }, { from: "$['lines'][*].sku", to: 'items[*].id', when: [many] }], { list: ['B'], items: [{}, { id: 'B' }, {}] });
});

test('a condition of the items that are gathered is that of a filter', async () => {
  await fc.assert(fc.asyncProperty(document, fc.constantFrom(['p[*].q[*].v', 't'], ['p[*].q[*].v', 't[*].u']), fc.boolean(), async (record, [from, to], isOuter) => {
    // What is no list is its only item to a rule, and nothing to a filter.
    const when = [{ field: isOuter && to === 't' ? 'p[*].v' : 'p[*].q[*].v', is: 'greater-than' as const, value: 0 }];
    const filtered = isOuter && to === 't' ? 'p[?@.v > 0].q[*].v' : 'p[*].q[?@.v > 0].v';
    assert.deepEqual(await map([{ from: from!, to: to!, when }], frozen(record)), await map([{ from: filtered, to: to! }], record));
  }), { seed: 7, numRuns: 1_000 });
});

describe('a list that the source gives', () => {
  const record = { lines: [{ sku: 'A', of: { n: 1 } }, {}, { sku: null, of: null }, { sku: 'D', of: {} }], empty: [], o: [{ l: [{ v: 1 }, {}] }, {}, { l: [] }], no: null };
  const files = context({ part: { rules: [{ from: 'n', to: 'nr', default: 0 }] }, later: { rules: [{ from: 'n', to: 'nr', transforms: [{ type: 'later-double' }], default: 0 }] } } as never);
  const check = (title: string, one: Omit<Rule, 'to'> & { readonly to?: string }, expected: unknown): void => void test(title, async () => {
    const [made] = await mapAll({ rules: [{ to: 'to', ...one }] }, [frozen(record)], files);
    assert.deepEqual(made, expected === undefined ? {} : one.to === undefined ? { to: expected } : expected);
  });
  const skus = { from: 'lines[*].sku' };
  check('has no missing items, and those that are null', skus, ['A', null, 'D']);
  check('with a default: each at its place', { ...skus, default: '-' }, ['A', '-', '-', 'D']);
  check('with a default that is an object', { ...skus, default: { none: true } }, ['A', { none: true }, { none: true }, 'D']);
  check('with a default that is a list: of the whole', { ...skus, default: ['-'] }, ['A', null, 'D']);
  check('with a default that is null: none', { ...skus, default: null }, ['A', null, 'D']);
  check('to [*]: each at its place', { ...skus, to: 'to[*]' }, { to: ['A', null, null, 'D'] });
  check('to [*] with a default', { ...skus, to: 'to[*]', default: '-' }, { to: ['A', '-', '-', 'D'] });
  check('to [*], of lists, with a default', { from: 'o[*].l[*].v', to: 'to[*]', default: '-' }, { to: [[1, '-'], '-', []] });
  check('of lists in lists, with a default', { from: 'o[*].l[*].v', default: '-' }, [1, '-']);
  check('in each item, with a default', { from: 'o[*].l[*].v', to: 'r[*].to', default: '-' }, { r: [{ to: [1, '-'] }, { to: '-' }, { to: [] }] });
  check('that is empty', { from: 'empty[*].v', default: '-' }, []);
  check('that is missing', { from: 'none[*].v', default: '-' }, '-');
  check('that is null', { from: 'no[*].v', default: '-' }, '-');
  check('for transforms: without the missing items', { ...skus, transforms: [{ type: 'show' }] }, '["A",null,"D"]');
  check('for transforms: the default is that of their result', { ...skus, transforms: [{ type: 'show' }], default: '-' }, '["A",null,"D"]');
  check('for a mapping file', { from: 'lines[*].of', map: 'part' }, [{ nr: 1 }, null, { nr: 0 }]);
  check('for a mapping file, with a default', { from: 'lines[*].of', map: 'part', default: '-' }, [{ nr: 1 }, '-', '-', { nr: 0 }]);
  check('for a mapping file that works on columns, with a default', { from: 'lines[*].of', map: 'later', default: '-' }, [{ nr: 2 }, '-', '-', { nr: NaN }]);
  check('beside other sources: the default is that of both', { from: ['lines[*].sku', 'empty[*].v'], default: '-' }, [['A', null, 'D'], []]);
  check('with conditions: only of those that are in it', { ...skus, default: '-', when: [{ field: 'lines[*].of', is: 'is-not-empty' }] }, ['A']);
  check('with conditions that are met by what is missing', { ...skus, default: '-', when: [{ field: 'lines[*].sku', is: 'is-empty' }] }, ['-', '-']);
});

test('where all sources are missing nothing is written, and a default stands in', async () => {
  const show = [{ type: 'show' }];
  const rules: Rule[] = [{ from: ['a', 'b'], to: 'x' }, { from: ['a', 'b'], to: 'y', default: 'none' }, { from: ['a', 'c'], to: 'z', transforms: show }, { from: ['a', 'l[*].n'], to: 'i[*].m', default: 0 }, { from: ['a', 'm[*].n'], to: 'f', default: 1 }];
  assert.deepEqual(await map(rules, { c: 1, l: [{ n: 5 }, {}] }), { y: 'none', z: '[null,1]', i: [{ m: [undefined, 5] }, { m: 0 }], f: 1 });
});

describe('pass-through', () => {
  const order = { id: 7, note: null, ship: { to: 'GB', from: 'FR' }, empty: {}, lines: [{ sku: 'A', taxes: [1] }, { sku: 'B' }], tags: ['x', 'y'], codes: [{ code: 1 }] };
  const check = (title: string, rules: readonly Rule[], expected: unknown, record: unknown = order): void => void test(title, async () => {
    const before = structuredClone(record);
    assert.deepEqual(await map(rules, frozen(record), { passThrough: true }), expected);
    assert.deepEqual(record, before);
  });
  const { id, ...withoutId } = order;
  check('without rules it is the record', [], order);
  check('what a rule takes goes to its new place', [{ from: 'id', to: 'reference' }], { ...withoutId, reference: id });
  check('below an object', [{ from: 'ship.to', to: 'ship.country' }], { ...order, ship: { from: 'FR', country: 'GB' } });
  check('an object goes with its last field, one that was empty stays', [{ from: ['ship.to', 'ship.from'], to: 'route' }], { id, note: null, empty: {}, lines: order.lines, tags: order.tags, codes: order.codes, route: ['GB', 'FR'] });
  check('in each item of a list', [{ from: 'lines[*].sku', to: 'lines[*].article' }], { ...order, lines: [{ taxes: [1], article: 'A' }, { article: 'B' }] });
  check('a list goes with the last field of all of its items', [{ from: 'codes[*].code', to: 'list' }, { from: 'tags[*]', to: 'words' }], { id, note: null, ship: order.ship, empty: {}, lines: order.lines, list: [1], words: ['x', 'y'] });
  check('a list where items belong together stays', [{ from: 'lines[*].taxes', to: 'taxes' }], { ...order, lines: [{ sku: 'A' }, { sku: 'B' }], taxes: [[1]] });
  check('a fixed item loses its field, and is not lost itself', [{ from: 'lines[0].sku', to: 'first' }, { from: 'tags[0]', to: 'tag' }], { ...order, lines: [{ taxes: [1] }, { sku: 'B' }], first: 'A', tag: 'x' });
  check('a filter, a descent and the whole record take nothing', [{ from: "lines[?@.sku == 'A'].sku", to: 'a' }, { from: '..code', to: 'b' }, { to: 'c', transforms: [{ type: 'show' }] }], { ...order, a: ['A'], b: [1], c: 'missing' });
  check('rules write over it', [{ from: 'note', to: 'tags' }, { to: 'ship.to', default: 'DE' }, { from: 'id', to: 'lines[*].order' }], { empty: {}, codes: order.codes, tags: null, ship: { to: 'DE', from: 'FR' }, lines: [{ sku: 'A', taxes: [1], order: 7 }, { sku: 'B', order: 7 }] });
  check('what is taken by a rule that does not apply is taken all the same', [{ from: 'id', to: 'x', when: [{ field: 'id', value: 8 }] }], withoutId);
  check('a record that is no object has no fields', [{ to: 'a', default: 1 }], { a: 1 }, [1]);
  const inherited = JSON.parse('{"__proto__":{"x":1,"y":2},"constructor":3,"toString":4,"valueOf":5}') as object;
  check('a field with the name of one that all objects have', [{ from: '__proto__.x', to: 'a' }, { from: 'constructor', to: 'b' }, { from: "['toString']", to: 'c' }], JSON.parse('{"__proto__":{"y":2},"valueOf":5,"a":1,"b":3,"c":4}'), inherited);
});

test('what is passed on as it was may be written into, and the source stays as it is', async () => {
  const record = { customer: { name: 'Ada' }, lines: [{ sku: 'A' }] };
  const rules: Rule[] = [{ from: 'customer', to: 'c' }, { from: 'customer.name', to: 'c.n' }, { from: 'lines', to: 'items' }, { from: 'customer.name', to: 'items[*].buyer' }, { from: 'customer', to: 'list[*].c' }];
  assert.deepEqual(await map(rules, frozen(record)), { c: { name: 'Ada', n: 'Ada' }, items: [{ sku: 'A', buyer: 'Ada' }], list: [{ c: { name: 'Ada' } }] });
});

describe('errors', () => {
  const check = (title: string, rules: readonly Rule[], code: string, pointer: string | undefined, message: RegExp): void =>
    void test(title, async () => {
      await assert.rejects(map(rules, { a: 1 }), (error) => FlowError.is(error) && error.code === code && error.place?.pointer === pointer && message.test(error.message));
    });
  check('of a rule names its target', [{ from: 'a', to: 'b.c', transforms: [{ type: 'fail' }] }], 'DATA_INVALID', undefined, /^b\.c: No\.$/);
  check('an unknown transform', [{ from: 'a', to: 'b', transforms: [{ type: 'none' }] }], 'CONFIG_UNKNOWN_PLUGIN', '/rules/0/transforms/0', /none/);
  check('a source that is no path', [{ from: ['a', 'b['], to: 'b' }], 'CONFIG_PATH', '/rules/0/from/1', /b\[/);
  for (const to of ['[*].a', '[0]', '$']) check(`a target without a name, ${to}`, [{ from: 'a', to }], 'CONFIG_PATH', '/rules/0/to', /name of a field/);
  check('a target with a filter', [{ from: 'a', to: 'b[?@.x]' }], 'CONFIG_PATH', '/rules/0/to', /place to write/);
  for (const to of ['__proto__', 'a.constructor.prototype.x', "a['__proto__']"]) check(`a target of ${to}`, [{ from: 'a', to }], 'CONFIG_PATH', '/rules/0/to', /cannot be written/);
});

test('whatever the shape of the lists, each value arrives at its place', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.integer(), { maxLength: 4 }), { maxLength: 4 }), async (rows) => {
    const mapped = await map([{ from: 'rows[*].cells[*].v', to: 'r[*].c[*].value' }], { rows: rows.map((cells) => ({ cells: cells.map((v) => ({ v })) })) });
    assert.deepEqual(mapped, { r: rows.map((cells) => ({ c: cells.map((value) => ({ value })) })) });
  }), { seed: 7 });
});

const cell = fc.record({ v: fc.option(fc.integer(), { nil: undefined }) }, { requiredKeys: [] });
const list = <T>(item: fc.Arbitrary<T>) => fc.oneof({ weight: 5, arbitrary: fc.array<unknown>(fc.oneof({ weight: 9, arbitrary: item as fc.Arbitrary<unknown> }, fc.constant(null)), { maxLength: 3 }) }, fc.constant(null));
const row = fc.record({ v: fc.integer(), q: list(cell) }, { requiredKeys: [] });
const document = fc.record({ v: fc.integer(), p: list(row) }, { requiredKeys: [] });
const sources = [['v'], ['p', 'v'], ['p', 'q', 'v']];
const targets = [['t'], ['t', 'u'], ['t', 'u', 'w'], ['t', ''], ['t', 'u', ''], ['t', '', 'w']];
const query = (parts: readonly string[]): string => parts.map((part, index) => `${index === 0 ? '' : '[*]'}${index > 0 && part !== '' ? '.' : ''}${part}`).join('');

/** The rule of alignment in its simplest form: what a rule writes to the target, whose parts are what stands between its lists. */
function aligned(value: unknown, [name = '', ...below]: readonly string[], [key = '', ...inner]: readonly string[]): unknown {
  const field = (value as Record<string, unknown> | null | undefined)?.[name];
  const items = itemsOf(field);
  if (inner.length === 0) {
    const given = below.length === 0 ? field : items?.flatMap((item) => leaves(item, below));
    return key === '' ? given ?? null : given === undefined ? {} : { [key]: given };
  }
  const made = below.length > 0 ? items?.map((item) => aligned(item, below, inner)) : field === undefined ? undefined : [aligned(value, [name], inner)];
  return key === '' ? made ?? [] : made ? { [key]: made } : {};
}

const itemsOf = (field: unknown): readonly unknown[] | undefined => (Array.isArray(field) ? field : field === undefined || field === null ? undefined : [field]);

function leaves(value: unknown, [name = '', ...below]: readonly string[]): unknown[] {
  const field = (value as Record<string, unknown> | null | undefined)?.[name];
  return below.length > 0 ? (itemsOf(field) ?? []).flatMap((item) => leaves(item, below)) : field === undefined ? [] : [field];
}

test('lists are aligned as the model says', async () => {
  await fc.assert(fc.asyncProperty(document, fc.constantFrom(...sources), fc.constantFrom(...targets), async (record, from, to) => {
    assert.deepEqual(await map([{ from: query(from), to: query(to) }], frozen(record)), aligned(record, from, to));
  }), { seed: 7, numRuns: 2_000 });
});

const rule = fc.record({ from: fc.oneof(fc.constantFrom(...sources.map(query)), fc.subarray(sources.map(query))), to: fc.constantFrom(...[...targets, ...sources].map(query), 't.u', 't[0].u', 'p[1].v'), default: fc.option(fc.integer(), { nil: undefined }) }, { requiredKeys: ['to'] });

const changing = fc.record({ from: fc.oneof(fc.constantFrom(...sources.map(query)), fc.subarray(sources.map(query))), to: fc.constantFrom(...[...targets, ...sources].map(query), 't.u', 't[0].u'), transforms: fc.array(fc.constantFrom('even', 'show').map((type) => ({ type })), { maxLength: 3 }), default: fc.constantFrom(undefined, 0), when: fc.constantFrom(undefined, [{ field: 'v', is: 'greater-than' as const, value: 0 }], [{ field: 'p[*].v', is: 'greater-than' as const, value: 0 }], [{ field: 'p[*].q[*].v', is: 'exists' as const }]) }, { requiredKeys: ['to'] }) as fc.Arbitrary<Rule>;
const inColumns = (rules: readonly Rule[], isLater: (index: number) => boolean): readonly Rule[] =>
  rules.map((one, at) => ({ ...one, ...(one.transforms && { transforms: one.transforms.map(({ type }, index) => ({ type: isLater(at + index) ? `later-${type}` : type })) }) }));

test('records that are mapped together become what each becomes alone, in columns or not', async () => {
  await fc.assert(fc.asyncProperty(fc.array(document, { maxLength: 6 }), fc.array(changing, { maxLength: 5 }), fc.boolean(), fc.func(fc.boolean()), async (records, rules, passThrough, isLater) => {
    const alone = await Promise.all(records.map(async (record) => (await mapAll({ rules, passThrough }, [frozen(record)]))[0]));
    const shown = (list: readonly unknown[]): unknown[] => list.map((one) => (FlowError.is(one) ? `${one.code} ${one.message}` : one));
    assert.deepEqual(shown(await mapAll({ rules: inColumns(rules, isLater), passThrough }, records)), shown(alone));
  }), { seed: 7, numRuns: 1_000 });
});

test('a column has all values of a payload, 10,000 at most', async () => {
  const sizes: number[] = [];
  const records = Array.from({ length: 150 }, (_, nr) => ({ nr, lines: Array.from({ length: nr }, (_, line) => ({ nr: line })) }));
  const made = await mapAll({ rules: [{ from: 'nr', to: 'nr', transforms: [{ type: 'later-double' }], when: [{ field: 'nr', is: 'greater-than', value: 9 }] }, { from: 'lines[*].nr', to: 'lines[*].nr', transforms: [{ type: 'later-double' }] }] }, records, context({}, sizes));
  assert.deepEqual(sizes, [140, 10_000, 1_175]);
  assert.deepEqual(made, records.map(({ nr, lines }) => ({ ...(nr > 9 && { nr: nr * 2 }), lines: lines.map((line) => ({ nr: line.nr * 2 })) })));
});

describe('mapping files', () => {
  const file = (...rules: readonly Rule[]): Omit<MapDefinition, 'file'> => ({ rules, passThrough: false });
  const address = file({ from: 'zip', to: 'postcode' }, { from: 'country', to: 'country', map: 'country' });
  const files = {
    address, country: file({ from: 'code', to: 'iso' }), rest: { rules: [{ from: 'id', to: 'nr' }], passThrough: true }, later: file({ from: 'n', to: 'n', transforms: [{ type: 'later-even' }] }),
    round: file({ from: 'a', to: 'a', map: 'about' }), about: file({ from: 'b', to: 'b', map: 'round' }), wrong: file({ from: 'a', to: 'a' }, { from: 'a[', to: 'b' }), calls: file({ from: 'a', to: 'a', map: 'wrong' }),
    left: file({ from: 'a', to: 'a', map: 'right' }, { from: 'a', to: 'b', map: 'country' }), right: file({ from: 'a', to: 'a', map: 'country' }),
  };
  const check = (title: string, settings: Partial<MappingSettings>, record: unknown, expected: unknown): void => void test(title, async () => assert.deepEqual(await mapAll(settings, [frozen(record)], context(files)), [expected]));
  check('a whole step', { map: 'country' }, { code: 'GB' }, { iso: 'GB' });
  check('its rules come first', { map: 'country', rules: [{ from: 'own', to: 'iso' }] }, { code: 'GB', own: 'UK' }, { iso: 'UK' });
  check('it passes the rest through for the step', { map: 'rest', rules: [{ from: 'a', to: 'b' }] }, { id: 1, a: 2, c: 3 }, { nr: 1, b: 2, c: 3 });
  check('a value, and a file that calls another', { rules: [{ from: 'ship', to: 'to', map: 'address' }] }, { ship: { zip: 'LS1', country: { code: 'GB' } } }, { to: { postcode: 'LS1', country: { iso: 'GB' } } });
  check('a list, item by item', { rules: [{ from: 'list', to: 'all', map: 'country' }, { from: 'list[*]', to: 'each[*]', map: 'country' }] }, { list: [{ code: 1 }, { code: 2 }] }, { all: [{ iso: 1 }, { iso: 2 }], each: [{ iso: 1 }, { iso: 2 }] });
  check('what is missing or null stays so', { rules: [{ from: 'none', to: 'a', map: 'country' }, { from: 'null', to: 'b', map: 'country' }, { from: 'none', to: 'c', map: 'country', default: 0 }] }, { null: null }, { b: null, c: 0 });
  check('files that call the same one', { rules: [{ from: 'x', to: 'x', map: 'left' }, { from: 'x', to: 'y', map: 'right' }] }, { x: { a: { code: 1 } } }, { x: { a: {}, b: { iso: 1 } }, y: { a: { iso: 1 } } });
  test('one that works on columns: a value that fails takes its record along', async () => {
    const made = await mapAll({ rules: [{ from: 'list', to: 'list', map: 'later' }, { from: 'one', to: 'one', map: 'later' }] }, [{ list: [{ n: 2 }, null, { n: 4 }] }, { list: [{ n: 2 }, { n: 3 }] }, { one: { n: 6 } }, { one: { n: 5 } }], context(files));
    assert.deepEqual(made.map((one) => (FlowError.is(one) ? one.message : one)), [{ list: [{ n: 2 }, null, { n: 4 }] }, 'list[1].n: 3 is odd.', { one: { n: 6 } }, 'one.n: 5 is odd.']);
  });
  const fails = (title: string, settings: Partial<MappingSettings>, code: string, place: object, message: RegExp): void =>
    void test(title, () => assert.rejects(mapAll(settings, [], context(files)), (error) => FlowError.is(error) && (assert.deepEqual([error.code, error.place], [code, place]), message.test(error.message))));
  fails('one that there is not, in a step', { map: 'none' }, 'CONFIG_NOT_FOUND', { pointer: '/map' }, /none/);
  fails('one that there is not, in a rule', { rules: [{ from: 'a', to: 'b' }, { from: 'a', to: 'b', map: 'none' }] }, 'CONFIG_NOT_FOUND', { pointer: '/rules/1/map' }, /none/);
  fails('one that calls itself', { map: 'round' }, 'CONFIG_CYCLE', { pointer: '/map' }, /round → about → round/);
  fails('one that a rule calls and that calls itself', { rules: [{ to: 'a', map: 'about' }] }, 'CONFIG_CYCLE', { pointer: '/rules/0/map' }, /about → round → about/);
  fails('a fault names its file', { rules: [{ from: 'a', to: 'a', map: 'calls' }] }, 'CONFIG_PATH', { file: 'maps/wrong.map.json', pointer: '/rules/1/from' }, /a\[/);
});

describe('an error of a rule says in which items of which lists', () => {
  const later = { n: { rules: [{ from: 'n', to: 'nr', transforms: [{ type: 'later-even' }] }], passThrough: false } };
  const files = { n: { rules: [{ from: 'n', to: 'nr', transforms: [{ type: 'even' }] }], passThrough: false }, outer: { rules: [{ from: 'lines', to: 'items', map: 'n' }], passThrough: false } };
  const lines = [{ n: 2 }, { n: 4, m: [6, 8] }, { n: 7, m: [10, 11] }];
  const check = (title: string, rule: Rule, message: string, source: unknown): void =>
    void test(title, async () => {
      for (const [own, type] of [[files, 'even'], [{ ...files, ...later }, 'later-even']] as const) {
        const [error] = await mapAll({ rules: [JSON.parse(JSON.stringify(rule).replaceAll('"even"', JSON.stringify(type))) as Rule] }, [{ lines, one: { n: 7 }, parcels: [{}, { lines }] }], context(own));
        assert.ok(FlowError.is(error));
        assert.deepEqual([error.message, error.details], [message, { target: message.split(':')[0], source }]);
      }
    });
  const even = [{ type: 'even' }];
  check('item by item', { from: 'lines[*].n', to: 'items[*].nr', transforms: even }, 'items[2].nr: 7 is odd.', 'lines[2].n');
  check('in lists in lists', { from: "['lines'][*].m[*]", to: '$.a[*].b[*].c', transforms: even }, '$.a[2].b[1].c: 11 is odd.', "['lines'][2].m[1]");
  check('of several sources, one of which is repeated', { from: ['lines[*].n', 'one.n'], to: 'items[*].nr', transforms: [{ type: 'fail' }] }, 'items[0].nr: No.', ['lines[0].n', 'one.n']);
  check('a repeated source', { from: 'one.n', to: 'items[*].nr', transforms: even }, 'items[0].nr: 7 is odd.', 'one.n');
  check('where the source leaves out items', { from: 'lines[?@.n > 4].n', to: 'items[*].nr', transforms: even }, 'items[0].nr: 7 is odd.', 'lines[?@.n > 4].n');
  check('in a mapping file, for each item of a list', { from: 'lines', to: 'items', map: 'n' }, 'items[2].nr: 7 is odd.', 'lines[2].n');
  check('in a mapping file, for what a source gives as a list', { from: 'lines[*]', to: 'items', map: 'n' }, 'items[2].nr: 7 is odd.', 'lines[2].n');
  check('in a mapping file, where conditions leave out items', { from: 'lines[*]', to: 'items', map: 'n', when: [{ field: 'lines[*].n', is: 'greater-than', value: 2 }] }, 'items[1].nr: 7 is odd.', 'lines[*]');
  check('in a mapping file, for items of the target', { from: 'lines[*]', to: 'items[*].made', map: 'n' }, 'items[2].made.nr: 7 is odd.', 'lines[2].n');
  check('in a mapping file for one value', { from: 'one', to: 'a', map: 'n' }, 'a.nr: 7 is odd.', 'one.n');
  check('in a mapping file that a mapping file calls', { from: 'parcels', to: 'boxes', map: 'outer' }, 'boxes[1].items[2].nr: 7 is odd.', 'parcels[1].lines[2].n');
});

test('no rules change what they read', async () => {
  await fc.assert(fc.asyncProperty(document, fc.array(rule, { maxLength: 5 }), fc.boolean(), async (record, rules, passThrough) => {
    await map(rules, frozen(record), { passThrough });
  }), { seed: 7, numRuns: 1_000 });
});

test('a record that passes through without rules is the same, whatever it is', async () => {
  await fc.assert(fc.asyncProperty(fc.jsonValue(), async (record) => assert.deepEqual(await map([], record, { passThrough: true }), record)), { seed: 7 });
});

test('a rule that moves a field to where it was changes nothing', async () => {
  await fc.assert(fc.asyncProperty(document, fc.constantFrom(...sources.map(query)), async (record, path) => {
    const { p, ...rest } = JSON.parse(JSON.stringify(record)) as Record<string, unknown>;
    // Null and an empty list are the same to a rule that goes through it.
    fc.pre(path === 'v' || (Array.isArray(p) && p.every((item) => item !== null && ('q' in (item as object) ? Array.isArray((item as { q: unknown }).q) && (item as { q: unknown[] }).q.every((inner) => inner !== null) : !path.includes('q')))));
    const given = { ...rest, ...(p !== undefined && { p }) };
    assert.deepEqual(await map([{ from: path, to: path }], frozen(given), { passThrough: true }), given);
  }), { seed: 7 });
});

test('no document can reach the prototypes through a mapping', async () => {
  await fc.assert(fc.asyncProperty(fc.string(), fc.jsonValue(), async (name, value) => {
    const rules = [{ from: 'a', to: `x[${JSON.stringify(name)}].y` }];
    await map(rules, { a: value }).catch((error: unknown) => assert.ok(FlowError.is(error, 'CONFIG_PATH')));
    assert.equal(({} as Record<string, unknown>)['y'], undefined);
  }), { seed: 7, numRuns: 1_000 });
});

/** Whoever writes into it fails. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) for (const item of Object.values(Object.freeze(value))) frozen(item);
  return value;
}

describe('what is no record', () => {
  const fields: readonly Rule[] = [{ from: 'id', to: 'id' }];
  test('fails where fields are taken of it, alone and among others', async () => {
    const all = await mapAll({ rules: fields }, [{ id: 1 }, 5, null, 'x', { id: 2 }]);
    assert.deepEqual(all.map((one) => (FlowError.is(one) ? one.code : one)), [{ id: 1 }, 'DATA_INVALID', 'DATA_INVALID', 'DATA_INVALID', { id: 2 }]);
    assert.match((all[1] as FlowError).message, /^A record is 5 \(number\), which has no fields/);
  });
  test('is a list where names are taken of it, and not where items are', async () => {
    const [named] = await mapAll({ rules: fields }, [[{ id: 1 }]]);
    assert.match((named as FlowError).message, /^A record is \[\{"id":1\}\] \(list\), which has no fields/);
    assert.deepEqual(await mapAll({ rules: [{ from: '$[0]', to: 'sku' }] }, [['A', 1]]), [{ sku: 'A' }]);
  });
  test('does not where fields stay beside it', async () => assert.deepEqual((await mapAll({ rules: fields, passThrough: true }, ['x'])).map((one) => FlowError.is(one)), [true]));
  test('may be taken whole', async () => assert.deepEqual(await mapAll({ rules: [{ from: '$', to: 'sku' }] }, ['A', 'B']), [{ sku: 'A' }, { sku: 'B' }]));
  test('needs no field where nothing is taken', async () => assert.deepEqual(await mapAll({ rules: [{ to: 'a', default: 1 }] }, ['A']), [{ a: 1 }]));
  test('fails in a mapping of a value, and null stays null there', async () => {
    const rules: readonly Rule[] = [{ from: 'ship', to: 'to', map: 'address' }];
    const own = context({ address: { rules: [{ from: 'city', to: 'town' }] } } as never);
    const [text, none] = await mapAll({ rules }, [{ ship: 'London' }, { ship: null }], own);
    assert.deepEqual([FlowError.is(text), none], [true, { to: null }]);
  });
});

test('a record of few fields and one of many have what was written, in the order of the rules, and nothing else', async () => {
  for (const count of [1, 8, 9, 24, 70]) {
    const names = Array.from({ length: count }, (_, index) => `field${index}`);
    const made = await map(names.map((name, index) => ({ from: name, to: `${name}.value`, ...(index === 0 && { default: 'none' }) })), Object.fromEntries(names.slice(2).map((name) => [name, name])));
    assert.deepEqual(made, { field0: { value: 'none' }, ...Object.fromEntries(names.slice(2).map((name) => [name, { value: name }])) });
    assert.deepEqual([Object.keys(made as object), Reflect.getPrototypeOf(made as object) === Object.prototype], [[names[0], ...names.slice(2)], true]);
  }
});
