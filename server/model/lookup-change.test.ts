import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { rowsOf } from '../../test/support/csv-rows.ts';
import { atOnce } from './turns.ts';
import { piecesOf } from '../runner/lookup-store.ts';
import { cellsOf, rowEnd } from './csv-rows.ts';
import { editRows, rowsWith, setRows, type Cells, type RowChange } from './lookup-change.ts';
import type { LookupFile } from './lookup-file.ts';
import { buildIndex } from './lookup-index.ts';
import { makeTable } from './lookup-table.ts';

const edited = (text: string, changes: readonly RowChange[]): string => Buffer.concat([...piecesOf(Buffer.from(text), editRows('x', rowsOf(text), changes))]).toString();

const check = (name: string, before: string, changes: readonly RowChange[], after: string) => test(name, () => assert.equal(edited(before, changes), after));

check('a cell', 'a,b\r\n"1", x\r\n2,y', [{ change: 1, cells: { b: 'z,' } }], 'a,b\r\n"1", "z,"\r\n2,y');
check('a cell in quotes that need not be stays in them, one that needed them loses them', 'a,b\n"1","2,3"\n', [{ change: 1, cells: { a: '7', b: '8' } }], 'a,b\n"7",8\n');
check('the only cell of a row becomes empty', 'a,b\n1\n2\n', [{ change: 1, cells: { a: '' } }, { change: 2, cells: { a: '', b: '' } }], 'a,b\n""\n""\n');
check('a cell that is as it was', 'a,b\n"1", x\n', [{ change: 1, cells: { b: 'x' } }], 'a,b\n"1", x\n');
check('another dialect', '\uFEFFa;b\r1;2\r', [{ change: 1, cells: { b: '3;4,5' } }, { insert: { a: '6' } }], '\uFEFFa;b\r1;"3;4,5"\r6;\r');
check('a row that is too long keeps what is too much, and one that is short stays so', 'a,b,c\n1,2,3,4\n5\n6\n', [{ change: 1, cells: { a: '0' } }, { change: 2, cells: { a: '7' } }, { change: 3, cells: { b: '8' } }], 'a,b,c\n0,2,3,4\n7\n6,8\n');
check('rows are removed, with their line breaks', 'a\n1\n\n"2\n"\n3', [{ remove: 2 }, { remove: 3 }], 'a\n1\n\n');
check('rows are inserted', 'a,b\n1,2\n', [{ insert: { b: 'x' }, before: 1 }, { insert: { a: '3', b: '4' } }], 'a,b\n,x\n1,2\n3,4\n');
check('behind a last line without a break', 'a\r\n1', [{ insert: { a: '2' } }, { insert: { a: '' } }], 'a\r\n1\r\n2\r\n""');
check('in the place of a last line without a break', 'a\r\n1\r\n2', [{ remove: 2 }, { insert: { a: '3' } }, { insert: { a: '4' } }], 'a\r\n1\r\n3\r\n4');
check('in the place of the only line', 'a\n1', [{ remove: 1 }, { insert: { a: 'x' }, before: 1 }, { insert: { a: 'y' } }], 'a\nx\ny');
check('before a row that goes', 'a\n1\n2\n', [{ remove: 2 }, { insert: { a: 'x' }, before: 2 }], 'a\n1\nx\n');
check('columns that objects have of their own', '__proto__,toString\n1,2\n', [{ insert: JSON.parse('{"__proto__": "3"}') as Cells }], '__proto__,toString\n1,2\n3,\n');

test('what cannot be changed', () => {
  for (const [changes, message] of [
    [[{ change: 1, cells: { x: '' } }], /The lookup "x" has no column "x"; there is "a"\./], [[{ insert: { x: '' } }], /no column "x"/], [[{ remove: 2 }], /no row 2; it has 1/], [[{ remove: 0 }], /no row 0/],
    [[{ insert: {}, before: 2 }], /no row 2/], [[{ remove: 1 }, { change: 1, cells: {} }], /Row 1 of the lookup is changed twice/],
  ] as const) assert.throws(() => edited('a\n1\n', changes), { code: 'CONFIG_INVALID', message });
});

function set(text: string, settings: Partial<LookupFile>, wanted: readonly Cells[]): unknown {
  const { table } = makeTable('lookups/x.csv', rowsOf(text), { version: 1, ...settings });
  const { changes, added, changed } = setRows('x', table!, atOnce(buildIndex(table!, table!.key)), wanted);
  return [edited(text, changes), added, changed];
}

test('rows are set by their key', () => {
  assert.deepEqual(set('a,b\n1,2\n1,3\n', {}, [{ a: '1', b: 'x' }, { a: '2' }, { a: '2', b: 'y' }]), ['a,b\n1,x\n1,3\n2,y\n', 1, 1]);
  assert.deepEqual(set('a,b,c\n1,2,3\n', { key: ['a', 'b'] }, [{ a: '1', b: '2', c: 'x' }, { a: '12', b: '', c: 'y' }]), ['a,b,c\n1,2,x\n12,,y\n', 1, 1]);
  assert.deepEqual(set('a,b\nA,2\n', { ignoreCase: true }, [{ a: 'a', b: '2' }]), ['a,b\na,2\n', 0, 1]);
  assert.throws(() => set('a,b\n', { key: ['b'] }, [{ a: '1' }]), { code: 'DATA_MISSING', message: /its key column, "b"/ });
});

test('rows with a key', () => {
  const { table } = makeTable('lookups/x.csv', rowsOf('a,b\n1,x\n"2",y\n1.0,z\n'), { version: 1, columns: { a: { type: 'number' } } });
  assert.deepEqual(atOnce(rowsWith(table!, ['1', '9'])), [1, 3]);
});

const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', ' ', 'a', 'é'), maxLength: 4 });
const written = fc.oneof(cell.map((text) => `"${text.replaceAll('"', '""')}"`), fc.constantFrom('x', ' y ', '', 'é'));
const lines = fc.array(fc.tuple(written, written).map((cells) => cells.join(',')), { maxLength: 8 });

test('property: lines that are not touched are equal byte for byte, the others hold what was given', () => {
  const change = fc.record({ row: fc.nat({ max: 7 }), kind: fc.constantFrom('change', 'remove', 'insert', 'add'), cells: fc.record({ a: cell, b: cell }) });
  fc.assert(fc.property(lines, fc.uniqueArray(change, { selector: ({ row }) => row, maxLength: 5 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), (given, wanted, lineBreak, isClosed) => {
    const before = ['a,b', ...given].join(lineBreak) + (isClosed ? lineBreak : '');
    const rows = rowsOf(before);
    const count = rows.starts.length - 1;
    const changes = wanted.filter(({ row, kind }) => kind === 'add' || row < count).map(({ row, kind, cells }): RowChange => (kind === 'change' ? { change: row + 1, cells } : kind === 'remove' ? { remove: row + 1 } : kind === 'insert' ? { insert: cells, before: row + 1 } : { insert: cells }));
    const raw = (text: ReturnType<typeof rowsOf>, row: number): string => text.text(text.starts[row]!, rowEnd(text, row));
    const expected: (string | readonly string[])[] = [];
    for (let row = 1; row <= count; row++) {
      const own = changes.filter((one) => ('change' in one && one.change === row) || ('remove' in one && one.remove === row) || ('insert' in one && one.before === row));
      for (const one of own) if ('insert' in one) expected.push([one.insert['a']!, one.insert['b']!]);
      const changed = own.find((one) => 'change' in one);
      if (!own.some((one) => 'remove' in one)) expected.push(changed && 'change' in changed ? [changed.cells['a']!, changed.cells['b']!] : raw(rows, row));
    }
    for (const one of changes) if ('insert' in one && one.before === undefined) expected.push([one.insert['a']!, one.insert['b']!]);
    const made = edited(before, changes);
    const after = rowsOf(made);
    // No line is empty that was not.
    const empty = (text: string): number => text.split(lineBreak).slice(0, -1).filter((line) => line === '').length;
    if (!before.includes('"') && !made.includes('"')) assert.ok(empty(made) <= empty(before), JSON.stringify(made));
    assert.deepEqual([after.starts.length - 1, after.faults], [expected.length, []]);
    for (const [index, one] of expected.entries()) assert.deepEqual(typeof one === 'string' ? raw(after, index + 1) : cellsOf(after, index + 1), one);
  }), { seed: 7, numRuns: 1000 });
});
