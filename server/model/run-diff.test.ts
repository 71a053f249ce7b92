import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { withoutPaths } from './ignored-paths.ts';
import { compareRecords, type DiffOptions } from './run-diff.ts';

const check = (name: string, before: readonly unknown[], after: readonly unknown[], options: DiffOptions, wanted: { readonly total: readonly number[]; readonly changed?: readonly unknown[]; readonly added?: readonly unknown[]; readonly removed?: readonly unknown[] }): void => void test(name, () => {
  const { total, changed, added, removed } = compareRecords(before, after, options);
  assert.deepEqual({ total: [total.same, total.changed, total.added, total.removed], changed: changed.map(({ key, changes }) => [key, changes.map(({ pointer, ...values }) => [pointer, values])]), added, removed }, { changed: [], added: [], removed: [], ...wanted });
});

describe('records of two runs', () => {
  check('the same', [{ id: 1 }], [{ id: 1 }], {}, { total: [1, 0, 0, 0] });
  check('by their order', [{ id: 1 }, { id: 2 }], [{ id: 2 }], {}, { total: [0, 1, 0, 1], changed: [[0, [['/id', { before: 1, after: 2 }]]]], removed: [{ id: 2 }] });
  check('by a key, in any order', [{ id: 1, n: 1 }, { id: 2 }], [{ id: 3 }, { id: 1, n: 2 }], { key: 'id' }, { total: [0, 1, 1, 1], changed: [[1, [['/n', { before: 1, after: 2 }]]]], added: [{ id: 3 }], removed: [{ id: 2 }] });
  check('several with one key stand against each other in their order', [{ id: 1, n: 1 }, { id: 1, n: 2 }], [{ id: 1, n: 1 }, { id: 1, n: 3 }], { key: 'id' }, { total: [1, 1, 0, 0], changed: [[[1, 1], [['/n', { before: 2, after: 3 }]]]] });
  check('1 and "1" are two keys', [{ id: 1 }], [{ id: '1' }], { key: 'id' }, { total: [0, 0, 1, 1], added: [{ id: '1' }], removed: [{ id: 1 }] });
  check('what does not matter', [{ id: 1, at: 1, lines: [{ at: 2, n: 1 }] }], [{ id: 1, at: 5, lines: [{ at: 6, n: 1 }] }], { ignore: ['at', 'lines[*].at'] }, { total: [1, 0, 0, 0] });
  check('texts', ['a\nb'], ['a\nc'], {}, { total: [0, 1, 0, 0], changed: [[0, [['', { before: 'a\nb', after: 'a\nc' }]]]] });
  test('a path that is more than names', () => assert.throws(() => withoutPaths({}, ['$..at']), { code: 'CONFIG_PATH' }));
  test('with a key no order matters, and both ways tell the same', () => fc.assert(fc.property(fc.array(fc.record({ id: fc.integer({ min: 0, max: 5 }), n: fc.integer({ min: 0, max: 2 }) })), fc.array(fc.record({ id: fc.integer({ min: 0, max: 5 }), n: fc.integer({ min: 0, max: 2 }) })), (left, right) => {
    const there = compareRecords(left, right, { key: 'id' }).total;
    const back = compareRecords(right, left, { key: 'id' }).total;
    assert.deepEqual(there, { same: back.same, changed: back.changed, added: back.removed, removed: back.added });
    assert.equal(there.same + there.changed + there.added, right.length);
    assert.equal(compareRecords(left, left, { key: 'id' }).total.same, left.length);
  }), { numRuns: 300, seed: 7 }));
});
