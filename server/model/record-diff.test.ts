import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { withoutPaths } from './ignored-paths.ts';
import { compareRecords, guessKey, type DiffOptions } from './record-diff.ts';

const check = (name: string, before: readonly unknown[], after: readonly unknown[], options: DiffOptions, wanted: { readonly total: readonly number[]; readonly rows?: readonly unknown[] }): void => void test(name, () => {
  const { total, rows } = compareRecords(before, after, options);
  assert.deepEqual({
    total: [total.same, total.changed, total.added, total.removed, total.moved],
    rows: rows.map(({ kind, key, record, changes, ...at }) => [kind, key, ...(changes ? [changes.map(({ pointer, ...values }) => [pointer, values])] : []), ...(record === undefined ? [] : [record]), [at.before, at.after]]),
  }, { rows: [], ...wanted });
});

describe('records of two runs', () => {
  check('the same', [{ id: 1 }], [{ id: 1 }], {}, { total: [1, 0, 0, 0, 0] });
  check('by their order', [{ id: 1 }, { id: 2 }], [{ id: 2 }], {}, { total: [0, 1, 0, 1, 0], rows: [['changed', 0, [['/id', { before: 1, after: 2 }]], [0, 0]], ['removed', 1, { id: 2 }, [1, undefined]]] });
  check('by a key, in any order', [{ id: 1, n: 1 }, { id: 2 }], [{ id: 3 }, { id: 1, n: 2 }], { key: 'id' }, { total: [0, 1, 1, 1, 0], rows: [['added', 3, { id: 3 }, [undefined, 0]], ['changed', 1, [['/n', { before: 1, after: 2 }]], [0, 1]], ['removed', 2, { id: 2 }, [1, undefined]]] });
  check('what stands at another place is told, and told once', [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }], [{ id: 4 }, { id: 1 }, { id: 2 }, { id: 3 }], { key: 'id' }, { total: [4, 0, 0, 0, 1], rows: [['moved', 4, [3, 0]]] });
  check('what is gone stands where it stood', [{ id: 1 }, { id: 2 }, { id: 3, n: 1 }, { id: 4 }], [{ id: 1 }, { id: 3, n: 2 }, { id: 5 }], { key: 'id' }, { total: [1, 1, 1, 2, 0], rows: [['removed', 2, { id: 2 }, [1, undefined]], ['changed', 3, [['/n', { before: 1, after: 2 }]], [2, 1]], ['added', 5, { id: 5 }, [undefined, 2]], ['removed', 4, { id: 4 }, [3, undefined]]] });
  check('several with one key stand against each other in their order', [{ id: 1, n: 1 }, { id: 1, n: 2 }], [{ id: 1, n: 1 }, { id: 1, n: 3 }], { key: 'id' }, { total: [1, 1, 0, 0, 0], rows: [['changed', [1, 1], [['/n', { before: 2, after: 3 }]], [1, 1]]] });
  check('1 and "1" are two keys', [{ id: 1 }], [{ id: '1' }], { key: 'id' }, { total: [0, 0, 1, 1, 0], rows: [['added', '1', { id: '1' }, [undefined, 0]], ['removed', 1, { id: 1 }, [0, undefined]]] });
  check('what does not matter', [{ id: 1, at: 1, lines: [{ at: 2, n: 1 }] }], [{ id: 1, at: 5, lines: [{ at: 6, n: 1 }] }], { ignore: ['at', 'lines[*].at'] }, { total: [1, 0, 0, 0, 0] });
  check('a key that does not matter otherwise tells records apart all the same', [{ id: 1, n: 1 }, { id: 2, n: 2 }], [{ id: 2, n: 2 }], { key: 'id', ignore: ['id'] }, { total: [1, 0, 0, 1, 0], rows: [['removed', 1, { n: 1 }, [0, undefined]]] });
  check('texts', ['a\nb'], ['a\nc'], {}, { total: [0, 1, 0, 0, 0], rows: [['changed', 0, [['', { before: 'a\nb', after: 'a\nc' }]], [0, 0]]] });
  test('what is too much to be listed is counted', () => {
    const many = (n: number) => Array.from({ length: 9 }, (_, id) => ({ id, ...Object.fromEntries(Array.from({ length: 5 }, (_field, at) => [`f${at}`, n])) }));
    const { total, rows } = compareRecords(many(1), many(2), { key: 'id' }, { rows: 2, changes: 3 });
    assert.deepEqual([total.changed, rows.map(({ changes, more }) => [changes!.length, more])], [9, [[3, 2], [3, 2]]]);
  });
  test('a path that is more than names', () => assert.throws(() => withoutPaths({}, ['$..at']), { code: 'CONFIG_PATH' }));
  test('with a key no order matters, and both ways tell the same', () => fc.assert(fc.property(fc.array(fc.record({ id: fc.integer({ min: 0, max: 5 }), n: fc.integer({ min: 0, max: 2 }) })), fc.array(fc.record({ id: fc.integer({ min: 0, max: 5 }), n: fc.integer({ min: 0, max: 2 }) })), (left, right) => {
    const there = compareRecords(left, right, { key: 'id' }).total;
    const back = compareRecords(right, left, { key: 'id' }).total;
    assert.deepEqual(there, { same: back.same, changed: back.changed, added: back.removed, removed: back.added, moved: back.moved });
    assert.equal(there.same + there.changed + there.added, right.length);
    assert.equal(compareRecords(left, left, { key: 'id' }).total.same, left.length);
  }), { numRuns: 300, seed: 7 }));
});

describe('the field that tells records apart', () => {
  const guess = (name: string, before: readonly unknown[], after: readonly unknown[], wanted: string | undefined): void => void test(name, () => assert.equal(guessKey(before, after), wanted));
  guess('one that both have', [{ id: 1, n: 5 }, { id: 2, n: 5 }], [{ id: 2 }, { id: 1 }], 'id');
  guess('the one that is on both sides, not the one whose name is plainer', [{ id: 1, order_id: 'a' }, { id: 2, order_id: 'b' }], [{ id: 9, order_id: 'a' }, { id: 8, order_id: 'b' }], 'order_id');
  guess('none where two have the same', [{ id: 1 }, { id: 1 }], [{ id: 1 }], undefined);
  guess('none where hardly any is on both sides', [{ id: 1 }, { id: 2 }, { id: 3 }], [{ id: 3 }, { id: 4 }, { id: 5 }], undefined);
  guess('none by a name that says nothing', [{ total: 1 }, { total: 2 }], [{ total: 2 }, { total: 1 }], undefined);
  guess('none where one has none', [{ id: 1 }, {}], [{ id: 1 }], undefined);
  guess('none for texts', ['a'], ['a'], undefined);
  guess('a name with a quotation mark', [{ "o'id": 1, id: 'x' }], [{ "o'id": 2, id: 'x' }], 'id');
});
