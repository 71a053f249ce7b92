import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ring } from './ring.ts';

test('first in, first out, as a list would', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('push', 'push', 'shift'), { maxLength: 3_000, size: 'max' }), (actions) => {
    const ring = new Ring<number>();
    const list: number[] = [];
    actions.forEach((action, index) => {
      if (action === 'push') {
        ring.push(index);
        list.push(index);
      } else assert.equal(ring.shift(), list.shift());
      assert.equal(ring.size, list.length);
    });
    while (list.length > 0) assert.equal(ring.shift(), list.shift());
    assert.deepEqual([ring.size, ring.shift()], [0, undefined]);
  }), { seed: 7, numRuns: 30 });
});

test('what is cleared is gone', () => {
  const ring = new Ring<number>();
  for (let index = 0; index < 5_000; index++) ring.push(index);
  ring.clear();
  ring.push(7);
  assert.deepEqual([ring.size, ring.shift(), ring.shift()], [1, 7, undefined]);
});
