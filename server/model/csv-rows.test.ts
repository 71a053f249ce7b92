import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { rowsOf } from '../../test/support/csv-rows.ts';
import { cellsOf, lineAt, lineBreakOf, printRow, rowEnd, type CsvRows } from './csv-rows.ts';

const tableOf = (rows: CsvRows): string[][] => Array.from(rows.starts, (_, row) => cellsOf(rows, row));

const check = (name: string, text: string, table: readonly (readonly string[])[], { delimiter = ',', faults = [] }: { readonly delimiter?: string; readonly faults?: readonly number[] } = {}) =>
  test(name, () => {
    const rows = rowsOf(text);
    assert.deepEqual([tableOf(rows), rows.delimiter, rows.faults.map(({ offset }) => offset)], [table, delimiter, faults]);
  });

check('plain', 'a,b\n1,2\n', [['a', 'b'], ['1', '2']]);
check('nothing', '', []);
check('a byte order mark alone', '\uFEFF', []);
check('a last line without a break', 'a,b\n1,2', [['a', 'b'], ['1', '2']]);
check('line breaks of all kinds', 'a\r\nb\nc\rd', [['a'], ['b'], ['c'], ['d']]);
check('empty and blank lines are no rows', '\n\na\n\r\n  \t\nb\n\n', [['a'], ['b']]);
check('blanks around cells', ' a ,\tb\n 1 , " 2 " \n', [['a', 'b'], ['1', ' 2 ']]);
check('quotes, line breaks and delimiters in quotes', 'a,b\n"1,""x""\r\n","2\n\n"\n3,4\n', [['a', 'b'], ['1,"x"\r\n', '2\n\n'], ['3', '4']]);
check('cells that are empty', 'a,b,c\n,,\n"",x,\n', [['a', 'b', 'c'], ['', '', ''], ['', 'x', '']]);
check('rows of another length', 'a,b\n1\n1,2,3\n', [['a', 'b'], ['1'], ['1', '2', '3']]);
check('semicolons', '"a,x";b\n1,5;2\n', [['a,x', 'b'], ['1,5', '2']], { delimiter: ';' });
check('tabs, whose empty cells make a row', 'a\tb\n\t\n x \t"y"\n', [['a', 'b'], ['', ''], ['x', 'y']], { delimiter: '\t' });
check('bars', 'a|b\n1|2', [['a', 'b'], ['1', '2']], { delimiter: '|' });
check('a comma goes before the others', 'a;b,c\n', [['a;b', 'c']]);
check('letters of more than one byte', 'ä,😀\n"ß""",é\n', [['ä', '😀'], ['ß"', 'é']]);
check('a quote within a cell', 'a\n5" x\nb\n', [['a'], ['5" x'], ['b']], { faults: [3] });
check('something behind a quote', 'a,b\n"x"y,"z"\n', [['a', 'b'], ['"x"y', 'z']], { faults: [7] });
check('a quote that is never closed', 'a\n"x\ny\n', [['a'], ['x\ny\n']], { faults: [2] });

test('lines', () => {
  const bytes = Buffer.from('a\r\nb\n\rc');
  assert.deepEqual([0, 1, 2, 3, 5, 6, 7].map((offset) => lineAt(bytes, offset).line), [1, 1, 1, 2, 3, 4, 4]);
  assert.deepEqual(lineAt(bytes, 6, { line: 2, start: 3 }), { line: 4, start: 6 });
  assert.deepEqual(['', 'a', 'a\nb\r\n', 'a\r\nb\n', 'a\rb\n'].map((text) => lineBreakOf(Buffer.from(text))), ['\n', '\n', '\n', '\r\n', '\r']);
  assert.deepEqual(['a\nb\n', '\na\n', 'a\n"b\n"\n', 'a\n"b"\n'].map((text) => rowsOf(text).isPlain), [true, false, false, true]);
});

const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', 'a', '\uFEFF'), maxLength: 6 }));
const tables = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));

test('property: what is printed is read again, in any dialect, and as another reader reads it', () => {
  fc.assert(fc.property(tables, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), fc.boolean(), (table, delimiter, lineBreak, isMarked, isClosed) => {
    const text = `${isMarked ? '\uFEFF' : ''}${table.map((row) => printRow(row, delimiter)).join(lineBreak)}${isClosed ? lineBreak : ''}`;
    const rows = rowsOf(text, delimiter);
    assert.deepEqual([tableOf(rows), rows.faults], [table, []]);
    assert.deepEqual(parse(text, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: true, record_delimiter: lineBreak }), table);
    for (const [row, start] of rows.starts.entries()) assert.equal(rows.text(start, rowEnd(rows, row)), printRow(table[row]!, delimiter));
  }), { seed: 7, numRuns: 500 });
});

test('property: any text is read without failing, and its rows cover it', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', '\t', 'a', 'é'), maxLength: 40 }), (text) => {
    const rows = rowsOf(text, ',');
    const ends = Array.from(rows.starts, (_, row) => rowEnd(rows, row));
    for (const [row, start] of rows.starts.entries()) assert.ok(start < ends[row]! && (row === 0 || start > ends[row - 1]!), JSON.stringify([text, [...rows.starts], ends]));
  }), { seed: 7, numRuns: 2000 });
});
