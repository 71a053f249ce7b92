import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { rowsOf } from '../../test/support/csv-rows.ts';
import { piecesOf } from '../runner/lookup-store.ts';
import { cellsOf } from './csv-rows.ts';
import { editRows } from './lookup-change.ts';
import { editColumns, type ColumnChange } from './lookup-columns.ts';
import { atOnce } from './turns.ts';

const edited = (text: string, change: ColumnChange): string => Buffer.concat([...piecesOf(Buffer.from(text), atOnce(editColumns(rowsOf(text), change)))]).toString();
const check = (name: string, before: string, change: ColumnChange, after: string) => test(name, () => assert.equal(edited(before, change), after));

check('a column is renamed', '\uFEFFa;"b"\r\n1;2\r\n', { rename: 1, to: 'c' }, '\uFEFFa;"c"\r\n1;2\r\n');
check('a name with the delimiter', 'a,b\n', { rename: 0, to: 'x,y' }, '"x,y",b\n');
check('a column is added, in the header alone', 'a\r\n"1"\r\n', { add: 'b' }, 'a,b\r\n"1"\r\n');
check('the first column is removed', 'a,b\n"1,", x\n2\n', { remove: 0 }, 'b\n x\n""\n');
check('the last column is removed; rows that lack it stay', 'a,b,c\n1, 2 ,"3"\n4,5\n6,7,8,9\n', { remove: 2 }, 'a,b\n1, 2 \n4,5\n6,7,9\n');

const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', ' ', 'a', 'é'), maxLength: 4 });
const written = fc.oneof(cell.map((text) => `"${text.replaceAll('"', '""')}"`), fc.constantFrom('x', ' y ', '""', 'é'));

test('property: cells that are not touched are equal byte for byte, also those beside one that is', () => {
  fc.assert(fc.property(fc.tuple(written, written, written), fc.nat({ max: 2 }), cell, fc.constantFrom('\n', '\r\n', ''), (given, column, to, end) => {
    const before = `a,b,c\n${given.join(',')}${end}`;
    const name = 'abc'[column]!;
    const after = Buffer.concat([...piecesOf(Buffer.from(before), editRows('x', rowsOf(before), [{ change: 1, cells: { [name]: to } }]))]).toString();
    const rows = rowsOf(after);
    assert.equal(cellsOf(rows, 1)[column], to);
    const [left, right] = [`a,b,c\n${given.slice(0, column).map((one) => `${one},`).join('')}`, `${given.slice(column + 1).map((one) => `,${one}`).join('')}${end}`];
    assert.ok(after.startsWith(left) && after.endsWith(right), JSON.stringify([before, after]));
    const without = edited(before, { remove: column });
    assert.deepEqual(cellsOf(rowsOf(without), 1), cellsOf(rowsOf(before), 1).toSpliced(column, 1));
  }), { seed: 7, numRuns: 500 });
});
