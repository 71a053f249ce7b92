import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { withValueAt } from './debug-values.ts';

const order = { id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] };

/** The value with another at a path, or why there is none. The value itself stays. */
const check = (name: string, path: readonly (string | number)[], expected: unknown): void => void test(name, () => {
  const before = structuredClone(order);
  if (expected instanceof RegExp) assert.throws(() => withValueAt(order, path, 7), (error) => FlowError.is(error, 'DATA_INVALID') && expected.test(`${error.message} ${error.remedy}`));
  else assert.deepEqual(withValueAt(order, path, 7), expected);
  assert.deepEqual(order, before);
});

check('the value itself', [], 7);
check('an entry', ['id'], { ...order, id: 7 });
check('an entry of an item', ['lines', 1, 'sku'], { id: 1, lines: [{ sku: 'a' }, { sku: 7 }] });
check('an entry that is new', ['note'], { ...order, note: 7 });
check('an item past the end', ['lines', 2], /no entry 2 .*one of the 2 entries/);
check('in an item past the end', ['lines', 2, 'sku'], /no entry 2/);
check('an entry of a number', ['id', 'x'], /no entry "x" .*anew/);
check('in an entry that is none', ['note', 'x'], /no entry "x"/);
