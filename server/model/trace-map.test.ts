import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { samePlace, type Keys } from './same-place.ts';
import { traceMap, type MapTrace } from './trace-map.ts';

interface Case {
  readonly settings: object;
  readonly input: unknown;
  readonly output: unknown;
  readonly keys: Keys;
  readonly failed?: readonly unknown[];
  readonly wanted: Partial<MapTrace> | undefined;
}

const check = (name: string, { settings, input, output, keys, failed = [], wanted }: Case): void => void test(name, () => {
  const maps = { address: { version: 1 as const, rules: [{ from: 'city', to: 'town' }] } };
  const found = traceMap(settings, maps as never, input, output, keys, failed);
  assert.deepEqual(found && Object.fromEntries(Object.keys(wanted ?? found).map((key) => [key, found[key as keyof MapTrace]])), wanted);
});

describe('what a map made a value of', () => {
  const rules = [{ from: 'id', to: 'ref' }, { from: 'lines[*].sku', to: 'items[*].article' }, { from: 'lines[*].sku', to: 'skus' }, { from: 'shop', to: 'items[*].shop' }, { from: 'note', to: 'remark', default: 'none' }];
  const input = [{ id: 1, shop: 'a', lines: [{ sku: 'x' }, { sku: 'y' }] }, { id: 2, shop: 'b', lines: [{ sku: 'z' }] }];
  const output = [{ ref: 1, items: [{ article: 'x', shop: 'a' }, { article: 'y', shop: 'a' }], skus: ['x', 'y'], remark: 'none' }, { ref: 2, items: [{ article: 'z', shop: 'b' }], skus: ['z'], remark: 'none' }];
  const of = (keys: Keys, wanted: Case['wanted'], more: Partial<Case> = {}): Case => ({ settings: { rules }, input, output, keys, wanted, ...more });
  check('one field of one', of([1, 'ref'], { sources: [[1, 'id']], rule: 0, to: 'ref', chain: [], by: 'rule' }));
  check('lists are aligned', of([0, 'items', 1, 'article'], { sources: [[0, 'lines', 1, 'sku']], rule: 1 }));
  check('a source with fewer lists is repeated', of([0, 'items', 1, 'shop'], { sources: [[0, 'shop']], rule: 3 }));
  check('one with more gives a list', of([0, 'skus'], { sources: [[0, 'lines', 0, 'sku'], [0, 'lines', 1, 'sku']], rule: 2 }));
  check('a default', of([0, 'remark'], { sources: [], by: 'constant', chain: ['default'], rule: 4 }));
  check('what several rules write', of([1, 'items', 0], { sources: [[1, 'lines', 0, 'sku'], [1, 'shop']], by: 'rule' }));
  check('records that failed are not among what came out', of([0, 'ref'], { sources: [[1, 'id']] }, { output: [output[1]], failed: [input[0]] }));
  check('the last rule that was applied', of(['a'], { sources: [['y']], rule: 1 }, { settings: { rules: [{ from: 'x', to: 'a' }, { from: 'y', to: 'a' }, { from: 'z', to: 'a' }] }, input: { x: 1, y: 2 }, output: { a: 2 } }));
  check('of rules with conditions the one whose value it is', of(['a'], { sources: [['x']], rule: 0 }, { settings: { rules: [{ from: 'x', to: 'a', when: [{ field: 'k', value: 1 }] }, { from: 'y', to: 'a', when: [{ field: 'k', value: 2 }] }] }, input: { x: 1, y: 2 }, output: { a: 1 } }));
  check('where that cannot be known, the last is likely', of(['a'], { sources: [['y']], rule: 1, isLikely: true }, { settings: { rules: [{ from: 'x', to: 'a', when: [{ field: 'k', value: 1 }], transforms: [{ type: 'trim' }] }, { from: 'y', to: 'a', when: [{ field: 'k', value: 2 }], transforms: [{ type: 'trim' }] }] }, input: { x: ' 1', y: '1 ' }, output: { a: '1' } }));
  const kept = [{ from: 'lines[*].sku', to: 'skus', when: [{ field: 'lines[*].qty', value: 2 }] }, { from: 'lines[*].sku', to: 'text', when: [{ field: 'lines[*].qty', value: 2 }], transforms: [{ type: 'array-join' }] }];
  check('of a list those items that its conditions kept', of(['skus'], { sources: [['lines', 1, 'sku']], isLikely: undefined }, { settings: { rules: kept }, input: { lines: [{ sku: 'x', qty: 1 }, { sku: 'y', qty: 2 }] }, output: { skus: ['y'], text: 'y' } }));
  check('of a list that transforms got they are likely', of(['text'], { sources: [['lines', 0, 'sku'], ['lines', 1, 'sku']], isLikely: true }, { settings: { rules: kept }, input: { lines: [{ sku: 'x', qty: 1 }, { sku: 'y', qty: 2 }] }, output: { skus: ['y'], text: 'y' } }));
  check('below a value that was taken whole', of(['to', 'city'], { sources: [['ship', 'city']], rule: 0 }, { settings: { rules: [{ from: 'ship', to: 'to' }] }, input: { ship: { city: 'Leeds' } }, output: { to: { city: 'Leeds' } } }));
  check('a mapping file for a value', of(['to', 'town'], { sources: [['ship', 'city']], to: 'to.town', chain: ['map address'] }, { settings: { rules: [{ from: 'ship', to: 'to', map: 'address' }] }, input: { ship: { city: 'Leeds' } }, output: { to: { town: 'Leeds' } } }));
  check('a mapping file for all that it makes', of(['to'], { sources: [['ship']], to: 'to', chain: ['map address'] }, { settings: { rules: [{ from: 'ship', to: 'to', map: 'address' }] }, input: { ship: { city: 'Leeds' } }, output: { to: { town: 'Leeds' } } }));
  check('a mapping file for each item of a list', of(['to', 1, 'town'], { sources: [['ship', 1, 'city']], to: 'to.town', chain: ['map address'] }, { settings: { rules: [{ from: 'ship', to: 'to', map: 'address' }] }, input: { ship: [{ city: 'Leeds' }, { city: 'York' }] }, output: { to: [{ town: 'Leeds' }, { town: 'York' }] } }));
  check('all records, made anew', of([], { sources: [[]], by: 'rule' }, { settings: { rules: [{ from: 'id', to: 'ref' }] }, input: [{ id: 1 }], output: [{ ref: 1 }] }));
  check('all records, as they were', of([], { sources: [[]], by: 'same' }, { settings: { rules: [], passThrough: true }, input: [{ id: 1 }], output: [{ id: 1 }] }));
  check('the rules of a mapping file', of(['town'], { sources: [['city']], rule: undefined, to: 'town' }, { settings: { map: 'address' }, input: { city: 'Leeds' }, output: { town: 'Leeds' } }));
  check('records in a document', of([0, 'ref'], { sources: [['orders', 0, 'id']] }, { settings: { rules, records: 'orders' }, input: { orders: [input[0]] }, output: [output[0]] }));
  check('each record of a list', of([0, 'ref'], { sources: [['orders', 0, 'id']] }, { settings: { rules, records: 'orders[*]' }, input: { orders: [input[0]] }, output: [output[0]] }));
  check('the rest passes through', of(['note'], { sources: [['note']], by: 'same' }, { settings: { rules: [{ from: 'id', to: 'ref' }], passThrough: true }, input: { id: 1, note: 'x' }, output: { ref: 1, note: 'x' } }));
  check('a list that is one record', of(['items', 1, 'article'], { sources: [[1, 'sku']] }, { settings: { wrapInput: true, rules: [{ from: '[*].sku', to: 'items[*].article' }] }, input: [{ sku: 'A' }, { sku: 'B' }], output: { items: [{ article: 'A' }, { article: 'B' }] } }));
  check('a list of one', of([0, 'id'], { sources: [['id']] }, { settings: { wrapOutput: true, rules: [{ from: 'id', to: 'id' }] }, input: { id: 7 }, output: [{ id: 7 }] }));
  const groups = { settings: { groupBy: ['c'], rules: [{ from: 'key', to: 'customer' }, { from: 'records[*].n', to: 'total', transforms: [{ type: 'sum' }] }] }, input: [{ c: 'a', n: 1 }, { c: 'b', n: 2 }, { c: 'a', n: 3 }], output: [{ customer: 'a', total: 4 }, { customer: 'b', total: 2 }] };
  check('the members of a group', of([0, 'total'], { sources: [[0, 'n'], [2, 'n']], chain: ['sum'] }, groups));
  check('the key of a group', of([1, 'customer'], { sources: [[1, 'c']] }, groups));
  check('a place that no rule writes', of([0, 'nothing'], undefined));
});

describe('the same value in what came before', () => {
  const same = (name: string, before: unknown, after: unknown, keys: Keys, wanted: Keys | undefined): void => void test(name, () => assert.deepEqual(samePlace(before, after, keys)?.keys, wanted));
  same('a record of a list that was filtered', [{ id: 1, n: 1 }, { id: 2, n: 1 }], [{ id: 2, n: 1 }], [0, 'n'], [1, 'n']);
  same('of records that are there twice the one of the same number', [{ id: 1 }, { id: 2 }, { id: 1 }], [{ id: 1 }, { id: 1 }], [1, 'id'], [2, 'id']);
  same('a record out of a document', { data: { orders: [{ id: 1 }, { id: 2 }] } }, { id: 2 }, ['id'], ['data', 'orders', 1, 'id']);
  same('a part of a record that has got a field more', { orders: [{ id: 1, to: { city: 'Leeds' } }] }, [{ id: 1, to: { city: 'Leeds' }, seen: true }], [0, 'to', 'city'], ['orders', 0, 'to', 'city']);
  same('a bare value is no evidence elsewhere', { a: 7 }, { b: 7 }, ['b'], undefined);
  same('at the same place it is', { a: 7, b: 1 }, { a: 7 }, ['a'], ['a']);
  same('an empty list says nothing', { a: [], c: 1 }, { b: [] }, ['b'], undefined);
});
