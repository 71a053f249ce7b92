import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { compilePath } from '../../server/model/path.ts';
import { FlowError, type OpenContext } from '../sdk/index.ts';
import { compileMapping, type Rule } from './mapping.ts';

const values = { now: 0, random: () => 0.5 };
const context: OpenContext = {
  path: compilePath,
  transform: async (type) => {
    if (type === 'double') return (value) => (value as number) * 2;
    if (type === 'show') return (value) => JSON.stringify(value) ?? 'missing';
    if (type === 'fail') return () => { throw new FlowError('DATA_INVALID', 'No.'); };
    throw new FlowError('CONFIG_UNKNOWN_PLUGIN', `There is no ${type}.`);
  },
  lookup: async () => { throw new Error('no lookups here'); },
  secret: async () => { throw new Error('no secrets here'); },
};

const map = async (rules: readonly Rule[], record: unknown): Promise<unknown> => (await (await compileMapping(rules, context, '/rules'))(rules))(record, values);

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
  check('a list that is missing makes an empty one', [{ from: 'none[*].x', to: 'list[*].y' }], { list: [] });
  check('what is no list is one item', [{ from: 'ship[*].to', to: 'list[*].y' }], { list: [{ y: 'GB' }] });
  check('missing is not written, a default is', [{ from: 'none', to: 'a' }, { from: 'none', to: 'b', default: 0 }], { b: 0 });
  check('names that need quotes', [{ from: "['id']", to: "a['b c'].d" }], { a: { 'b c': { d: 7 } } });
});

describe('errors', () => {
  const check = (title: string, rules: readonly Rule[], code: string, pointer: string | undefined, message: RegExp): void =>
    void test(title, async () => {
      await assert.rejects(map(rules, { a: 1 }), (error) => FlowError.is(error) && error.code === code && error.place?.pointer === pointer && message.test(error.message));
    });
  check('of a rule names its target', [{ from: 'a', to: 'b.c', transforms: [{ type: 'fail' }] }], 'DATA_INVALID', undefined, /^b\.c: No\.$/);
  check('an unknown transform', [{ from: 'a', to: 'b', transforms: [{ type: 'none' }] }], 'CONFIG_UNKNOWN_PLUGIN', '/rules/0/transforms/0', /none/);
  check('a source that is no path', [{ from: ['a', 'b['], to: 'b' }], 'CONFIG_PATH', '/rules/0/from/1', /b\[/);
  check('a target with a filter', [{ from: 'a', to: 'b[?@.x]' }], 'CONFIG_PATH', '/rules/0/to', /place to write/);
  for (const to of ['__proto__', 'a.constructor.prototype.x', "a['__proto__']"]) check(`a target of ${to}`, [{ from: 'a', to }], 'CONFIG_PATH', '/rules/0/to', /cannot be written/);
});

test('whatever the shape of the lists, each value arrives at its place', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.integer(), { maxLength: 4 }), { maxLength: 4 }), async (rows) => {
    const mapped = await map([{ from: 'rows[*].cells[*].v', to: 'r[*].c[*].value' }], { rows: rows.map((cells) => ({ cells: cells.map((v) => ({ v })) })) });
    assert.deepEqual(mapped, { r: rows.map((cells) => ({ c: cells.map((value) => ({ value })) })) });
  }));
});

test('no document can reach the prototypes through a mapping', async () => {
  await fc.assert(fc.asyncProperty(fc.string(), fc.jsonValue(), async (name, value) => {
    const rules = [{ from: 'a', to: `x[${JSON.stringify(name)}].y` }];
    await map(rules, { a: value }).catch((error: unknown) => assert.ok(FlowError.is(error, 'CONFIG_PATH')));
    assert.equal(({} as Record<string, unknown>)['y'], undefined);
  }), { numRuns: 1_000 });
});
