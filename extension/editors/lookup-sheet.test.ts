import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { LookupFilter } from '../../server/model/lookup-view.ts';
import { mostCells, type LookupAction } from '../../webview/protocol/lookup.ts';
import { LookupSheet, type SheetChange } from './lookup-sheet.ts';

const open = (text: string, settings?: Parameters<typeof LookupSheet.open>[2]): Promise<LookupSheet> => LookupSheet.open('lookups/x.csv', Buffer.from(text), settings);
const textOf = (sheet: LookupSheet): string => Buffer.from(sheet.content).toString('utf8');
const at = (top: number, left: number, bottom = top, right = left) => ({ top, left, bottom, right });

async function numbers(sheet: LookupSheet, filter: LookupFilter = {}): Promise<readonly number[]> {
  return (await sheet.rows(filter, 1)).items.map(({ number }) => number);
}

test('line breaks within cells and between rows stay as they are, each of its kind', async () => {
  const text = '\uFEFFa,b\r\n"x\ny",1\r\n2,"p\r\nq"\n3,4\r';
  const sheet = await open(text);
  const change = await sheet.edit({ op: 'set', cells: [['5']], range: at(2, 1) }, {}, sheet.version);
  assert.equal(textOf(sheet), text.replace('3,4', '3,5'));
  await change!.undo();
  assert.equal(textOf(sheet), text);
});

test('rows stay where they are in a view while they are changed, and follow those that come and go', async () => {
  const sheet = await open('a,b\n1,x\n2,y\n3,x\n4,x\n');
  const view: LookupFilter = { columns: { b: 'x' }, sort: '-a' };
  assert.deepEqual(await numbers(sheet, view), [4, 3, 1]);
  await sheet.edit({ op: 'set', cells: [['0', 'none']], range: at(0, 0) }, view, sheet.version);
  assert.deepEqual(await numbers(sheet, view), [4, 3, 1]);
  await sheet.edit({ op: 'remove', first: 1, last: 1 }, view, sheet.version);
  assert.deepEqual([await numbers(sheet, view), textOf(sheet)], [[3, 1], 'a,b\n1,x\n2,y\n0,none\n']);
  await sheet.edit({ op: 'insert', before: 1, count: 2 }, view, sheet.version);
  assert.deepEqual([await numbers(sheet, view), textOf(sheet)], [[5, 1, 2, 3], 'a,b\n,\n,\n1,x\n2,y\n0,none\n']);
  await sheet.edit({ op: 'set', cells: [['9', 'z']], range: at(4, 0) }, view, sheet.version);
  assert.deepEqual(await numbers(sheet, view), [5, 1, 2, 3, 6]);
});

test('what is asked of another version, or is too much, changes nothing', async () => {
  const sheet = await open('a,b\n1,2\n');
  await assert.rejects(sheet.edit({ op: 'clear', range: at(0, 0) }, {}, sheet.version - 1), /changed at the same time/);
  await assert.rejects(sheet.edit({ op: 'insert', count: mostCells + 1 }, {}, sheet.version), /At most 200,000 cells/);
  await assert.rejects(sheet.edit({ op: 'columns', change: { add: 'b' } }, {}, sheet.version), /There is a column "b" already/);
  await assert.rejects(sheet.edit({ op: 'set', cells: [['1', '2']], range: at(0, 1) }, {}, sheet.version), /3 columns are needed/);
  assert.equal(await sheet.edit({ op: 'set', cells: [['1']], range: at(0, 0) }, {}, sheet.version), undefined);
  assert.equal(textOf(sheet), 'a,b\n1,2\n');
});

test('findings name their cells, in rows of several lines, too', async () => {
  const sheet = await open('sku,price\n"A\n1",1\nB,x\nB,"2\n"\n', { value: { version: 1, key: ['sku'], columns: { price: { type: 'number' } } } });
  assert.deepEqual((await sheet.check())!.map(({ row, column, line }) => [row, column, line]), [[2, 1, 4], [3, 0, 5], [3, 1, 5]]);
});

test('settings that name no column are said, and the rows are there', async () => {
  const sheet = await open('a,b\n1,2\n', { value: { version: 1, key: ['x'] } });
  const [finding] = (await sheet.check())!;
  assert.deepEqual([finding?.path, finding?.file, sheet.state.columns.map(({ isKey }) => isKey), sheet.state.isBroken], ['/key/0', 'lookups/x.lookup.json', [true, false], false]);
});

test('a value is tried as a flow asks for it', async () => {
  const gaps = 'a,b\na,\nb,1\n,empty\n';
  const columns = { b: { type: 'number' } } as const;
  for (const [text, settings, value, expected] of [
    [gaps.replace('empty', '3'), { version: 1, columns, otherwise: 'default', default: { b: 7 } }, 'a', { found: true, value: null, row: { a: 'a', b: null } }],
    [gaps.replace('empty', '3'), { version: 1, columns, otherwise: 'default', default: { b: 7 } }, '', { found: false, value: 7 }],
    [gaps, undefined, '', { found: false, value: null }],
    [gaps, { version: 1, otherwise: 'error' }, '', { found: false, value: null }],
  ] as const) assert.deepEqual(await (await open(text, settings && { value: settings })).test([value], {}), expected, JSON.stringify([settings, value]));
});

test('bytes that are no text are refused', async () => assert.rejects(LookupSheet.open('lookups/x.csv', Buffer.from([0xff, 0xfe, 0x41])), /no text in UTF-8/));

test('an import changes by the key, an export has the rows of the view', async () => {
  const sheet = await open('sku;price\r\nA;1\r\nB;2\r\n');
  await sheet.import(Buffer.from('price,sku\n3,B\n4,C\n'));
  assert.equal(textOf(sheet), 'sku;price\r\nA;1\r\nB;3\r\nC;4\r\n');
  assert.equal(Buffer.from(await sheet.export({ sort: '-price' })).toString(), 'sku;price\r\nC;4\r\nB;3\r\nA;1\r\n');
});

const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'é'), maxLength: 4 });
const written = fc.oneof(cell.map((text) => `"${text.replaceAll('"', '""')}"`), fc.constantFrom('x', ' y ', '', '1'));
const place = fc.nat({ max: 4 });
const actions: fc.Arbitrary<LookupAction> = fc.oneof(
  fc.record({ op: fc.constant('set' as const), cells: fc.array(fc.array(cell, { minLength: 1, maxLength: 1 }), { minLength: 1, maxLength: 3 }), range: fc.tuple(place, fc.nat({ max: 1 })).map(([row, column]) => at(row, column)) }),
  fc.record({ op: fc.constant('clear' as const), range: place.map((row) => at(0, 0, row, 1)) }),
  fc.record({ op: fc.constant('fill-down' as const), range: place.map((row) => at(0, 1, row, 1)) }),
  fc.record({ op: fc.constant('insert' as const), before: place, count: fc.constant(2) }),
  fc.record({ op: fc.constant('remove' as const), first: place, last: place }).map(({ op, first, last }) => ({ op, first: Math.min(first, last), last: Math.max(first, last) })),
  fc.record({ op: fc.constant('replace' as const), query: fc.record({ text: fc.constantFrom('a', 'é', '"'), matchCase: fc.boolean(), wholeCell: fc.boolean() }), text: cell }),
  fc.constantFrom<LookupAction>({ op: 'columns', change: { remove: 0 } }, { op: 'columns', change: { rename: 1, to: 'c,d' } }, { op: 'columns', change: { add: 'e' } }),
);

test('property: all that was changed is undone byte for byte, and done again', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(written, written).map((cells) => cells.join(','))), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), fc.array(actions, { maxLength: 6 }), fc.constantFrom<LookupFilter>({}, { sort: 'b' }), async (lines, lineBreak, isClosed, wanted, view) => {
    const text = ['a,b', ...lines].join(lineBreak) + (isClosed ? lineBreak : '');
    const sheet = await open(text);
    const made: SheetChange[] = [];
    for (const action of wanted) {
      const change = await sheet.edit(action, view, sheet.version).catch(() => undefined);
      if (change) made.push(change);
    }
    const after = textOf(sheet);
    for (const change of made.toReversed()) await change.undo();
    assert.equal(textOf(sheet), text);
    for (const change of made) await change.redo();
    assert.equal(textOf(sheet), after);
  }), { numRuns: 300, seed: 7 });
});
