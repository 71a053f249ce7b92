import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { mismatches } from './match.ts';

const check = (name: string, expected: unknown, actual: unknown, wanted: readonly string[]): void => void test(name, () => {
  assert.deepEqual(mismatches(expected, actual).map(({ pointer, message }) => `${pointer} ${message}`), wanted);
});

check('the order of keys does not count', { a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, []);
check('each place once, as deep as possible', { a: { b: 1, c: 2 } }, { a: { b: 2, d: 3 } }, ['/a/b It is another value.', '/a/c It is missing.', '/a/d It is not expected.']);
check('lists of another length', [1, 2, 3], [1, 9], ['/1 It is another value.', ' There are 2 items, not 3.']);
check('names with slashes', { 'a/b': 1 }, { 'a/b': 2 }, ['/a~1b It is another value.']);
check('null is not absent', { a: null }, {}, ['/a It is missing.']);
check('a number is no text', { a: 1 }, { a: '1' }, ['/a It is another value.']);
check('$any', { a: { $any: true }, b: { $any: true } }, { a: null }, ['/b There is no value.']);
check('$type', [{ $type: 'integer' }, { $type: ['string', 'null'] }, { $type: 'object' }], [1.5, null, []], ['/0 It is of type number, not integer.', '/2 It is of type array, not object.']);
check('$match', [{ $match: '^SO-\\d+$' }, { $match: 'x' }], ['SO-1', 5], ['/1 It does not match x.']);
check('$near', [{ $near: [10, 0.5] }, { $near: [10, 0.5] }, { $near: 10 }], [10.4, 11, 10], ['/1 It is not within 0.5 of 10.']);
check('$has in objects, which may hold more', { $has: { a: 1, b: { $any: true } } }, { a: 1, b: 2, c: 3 }, []);
check('$has in lists, in any order', { $has: [3, { $has: { id: 1 } }, 7] }, [{ id: 1, x: 1 }, 3], [' No item is as expected.']);
check('$has in texts', [{ $has: 'or' }, { $has: 'x' }], ['orders', 'orders'], ['/1 It does not contain "x".']);
check('$length', [{ $length: 2 }, { $length: 3 }, { $length: 1 }], [[1, 2], 'ab', 5], ['/1 Its length is 2, not 3.', '/2 It has no length.']);
check('two keys are no matcher', { $any: true, b: 1 }, { $any: true, b: 1 }, []);

test('a value is as itself, and where it differs from another one something is found', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
    const text = JSON.stringify(left);
    if (text.includes('"$')) return;
    const copy: unknown = JSON.parse(text);
    assert.deepEqual(mismatches(copy, left), []);
    assert.equal(mismatches(left, right).length > 0, !equal(left, right));
  }), { numRuns: 500, seed: 20_260_101 });
});

function equal(left: unknown, right: unknown): boolean {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
}
