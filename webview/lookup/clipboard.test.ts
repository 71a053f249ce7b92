import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readCells, readTable, writeCells } from './clipboard.ts';

const check = (text: string, expected: readonly (readonly string[])[]) => test(JSON.stringify(text), () => assert.deepEqual(readCells(text), expected));

check('a', [['a']]);
check('a\tb\r\nc\td\r\n', [['a', 'b'], ['c', 'd']]);
check('a\t\n\tb', [['a', ''], ['', 'b']]);
check('"a\tb"\t"c ""d""\ne"\nf', [['a\tb', 'c "d"\ne'], ['f']]);
check('"a\tb', [['"a', 'b']]);
check('"a" x\tb', [['"a" x', 'b']]);
check('', [['']]);

test('a table of a CSV text', () => {
  assert.deepEqual(readTable('sku;price\nA;"1;5"\n'), [['sku', 'price'], ['A', '1;5']]);
  assert.deepEqual(readTable('sku,title\n"A","a ""b"", c"'), [['sku', 'title'], ['A', 'a "b", c']]);
  assert.deepEqual(readTable('sku\tprice\nA\t1,5'), [['sku', 'price'], ['A', '1,5']]);
});

test('property: what is copied is pasted', () => {
  const cell = fc.string({ unit: fc.constantFrom('"', '\t', '\n', ' ', 'a', 'é'), maxLength: 5 });
  fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 4 }), (rows) => assert.deepEqual(readCells(writeCells(rows)), rows)), { seed: 7 });
});
