import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../test/support/csv-rows.ts';
import { atOnce } from './turns.ts';
import { checkTable } from './lookup-check.ts';
import type { LookupFile } from './lookup-file.ts';
import { makeTable } from './lookup-table.ts';

function findingsOf(text: string, settings: Partial<LookupFile> | undefined): readonly string[] {
  const { table, findings } = makeTable('lookups/x.csv', rowsOf(text), settings && { version: 1, ...settings });
  const all = [...findings, ...(table ? atOnce(checkTable(table)) : [])];
  return all.map(({ file, path, line, column, endColumn, severity, message }) => `${file === 'lookups/x.csv' ? '' : `${file}${path} `}${line}:${column}-${endColumn ?? ''} ${severity} ${message}`);
}

const check = (name: string, text: string, settings: Partial<LookupFile> | undefined, expected: readonly string[]) => test(name, () => assert.deepEqual(findingsOf(text, settings), expected));

const typed: Partial<LookupFile> = { key: ['sku'], columns: { price: { type: 'decimal', required: true }, since: { type: 'date' }, on: { type: 'boolean' }, count: { type: 'number' } } };

check('nothing', 'a,b\n1,2\n', undefined, []);
check('no header', '\n', undefined, ['1:1-2 error The lookup file has no header row.']);
check('columns of one name, and of none', '\uFEFFa,b,a,\n', undefined, ['1:1-2 error Two columns have the name "a".', '1:1-2 error Column 4 has no name.']);
check('quotes', 'a,b\n1,5" x\n2,"x"y\n', undefined, ['2:4-5 error A quote stands within a cell that does not begin with one.', '3:6-7 error Something stands behind the quote that closes the cell; a quote within a cell stands there twice.']);
check('columns that there are not', 'sku,price\n', { key: ['skuu'], value: 'prise', columns: { pryce: {} }, default: { x: '' } }, [
  'lookups/x.lookup.json/columns/pryce 1:1- error The lookup has no column "pryce"; there are "sku", "price".', 'lookups/x.lookup.json/default/x 1:1- error The lookup has no column "x"; there are "sku", "price".',
  'lookups/x.lookup.json/key/0 1:1- error The lookup has no column "skuu"; there are "sku", "price".', 'lookups/x.lookup.json/value 1:1- error The lookup has no column "prise"; there are "sku", "price".',
]);
check('cells of another type, behind lines within cells', 'sku,price,since,on,count\n"a\nb",1.10,2024-01-31,TRUE,3\nc,"1,10",2024-02-30,ja,007\n\nd,,,,\n', typed, [
  '4:4-8 error In the column "price": "1,10" is no decimal number.', '4:10-20 error In the column "since": "2024-02-30" is no date as in 2024-01-31 or 2024-01-31T12:00:00Z.',
  '4:21-23 error In the column "on": "ja" is neither true nor false.', '4:24-27 error In the column "count": "007" is no number.', '6:3-4 error The cell in the column "price" must not be empty.',
]);
check('columns count letters', 'sku,price\näöü😀,x\n', { columns: { price: { type: 'number' } } }, ['2:7-8 error In the column "price": "x" is no number.']);
check('keys that are there twice, where the first row counts', 'a,b\nx,1\ny,2\nx,3\n"x",4\n', undefined, ['4:1-2 warning Line 2 has "a" "x" already; that row counts, and this one is never found.', '5:2-3 warning Line 2 has "a" "x" already; that row counts, and this one is never found.']);
check('keys that are declared', 'a,b\n1.0,1\n1,2\n', { key: ['a'], columns: { a: { type: 'number' } } }, ['3:1-2 error Line 2 has "a" "1" already; that row counts, and this one is never found.']);
check('keys of several columns', 'a,b,c\n1,23,x\n12,3,y\n1,23,z\n', { key: ['a', 'b'] }, ['4:1-2 error Line 2 has "a" "1", "b" "23" already; that row counts, and this one is never found.']);
check('keys in another case, after blank lines', 'a,b\n\nx,1\nX,2\n', { ignoreCase: true }, ['4:1-2 warning Line 3 has "a" "X" already; that row counts, and this one is never found.']);
check('keys that are empty', 'a,b\n,1\n,2\n', undefined, ['2:1-2 warning The cell in the column "a" is empty, so that the row is never found.', '3:1-2 warning The cell in the column "a" is empty, so that the row is never found.']);
check('rows of another length', 'a,b\n1,2,3\n2\n', { columns: { b: { required: true } } }, ['2:5-6 error The row has more cells than the header, which has 2.', '3:2-3 error The row has no cell in the column "b", which must not be empty.']);

test('of very many findings the first are told', () => {
  const found = findingsOf(`a,b\n${Array.from({ length: 150 }, (_, index) => `${index},x\n`).join('')}`, { columns: { b: { type: 'number' } } });
  assert.deepEqual([found.length, found.at(-2)?.slice(0, 6), found.at(-1)], [101, '101:4-', '101:1- info 50 more findings are not shown.']);
});
