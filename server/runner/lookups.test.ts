import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import type { Lookup } from '../../plugins/sdk/index.ts';
import { printRow } from '../model/csv-rows.ts';
import type { LookupFile } from '../model/lookup-file.ts';
import { readLookup } from './lookups.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-lookup-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

function read(content: string | Buffer, settings?: Partial<LookupFile>): Promise<Lookup> {
  const path = join(folder, `${++last}.csv`);
  writeFileSync(path, content);
  return readLookup({ name: 'x', file: 'lookups/x.csv', path, settings: settings && { version: 1, ...settings } });
}

test('both ways, without settings', async () => {
  const lookup = await read('left_value,right_value,note\nGB,GBR,"a ""b"""\nDE,DEU\nGB,XXX,late\nÖ,ÖST\n1,one\ntrue,yes\n');
  assert.deepEqual(['GB', 'DE', 'Ö', 'O', '', 'gb', 1, true, null, undefined].map((value) => lookup.get(value)), ['GBR', 'DEU', 'ÖST', undefined, undefined, undefined, 'one', 'yes', undefined, undefined]);
  assert.deepEqual(['GBR', 'XXX'].map((value) => lookup.get(value, { reverse: true })), ['GB', 'GB']);
  assert.deepEqual([lookup.get('GBR', { from: 'right_value', to: 'note' }), lookup.get('DEU', { reverse: true, to: 'note' }), lookup.row('GB')], ['a "b"', '', { left_value: 'GB', right_value: 'GBR', note: 'a "b"' }]);
  assert.deepEqual([lookup.missing('x'), lookup.missingRow('x')], [null, null]);
  assert.throws(() => lookup.get('GB', { to: 'nope' }), { code: 'CONFIG_INVALID', message: /no column "nope"; there are "left_value", "right_value", "note"/ });
  for (const value of [['GB'], { left_value: 'GB' }]) assert.throws(() => lookup.get(value), { code: 'DATA_INVALID', message: /a single value is needed/ });
});

test('a table of one column has nothing to give', async () => {
  const lookup = await read('a\n1\n');
  assert.deepEqual(lookup.row('1'), { a: '1' });
  assert.throws(() => lookup.get('1'), { code: 'CONFIG_INVALID', message: /no column beside its key/ });
});

test('columns that have types', async () => {
  const lookup = await read('id,price,count,on,since\n1.0,1.10,3,TRUE,2024-01-31\n2,,,,\n3,,x,,\n', { key: ['id'], columns: { id: { type: 'number' }, price: { type: 'decimal' }, count: { type: 'number' }, on: { type: 'boolean' }, since: { type: 'date' } } });
  assert.deepEqual([lookup.row(1), lookup.row('1.00'), lookup.get('2')], [{ id: 1, price: '1.10', count: 3, on: true, since: '2024-01-31' }, lookup.row(1), null]);
  assert.deepEqual([lookup.get('1.1', { from: 'price', to: 'id' }), lookup.get(true, { from: 'on', to: 'id' })], [1, 1]);
  assert.throws(() => lookup.get(3, { to: 'count' }), { code: 'DATA_INVALID', message: 'The row in line 4 of the lookup "x" cannot be used. In the column "count": "x" is no number.', place: { file: 'lookups/x.csv', line: 4, column: 4 } });
});

test('keys of several columns, and another value', async () => {
  const lookup = await read('note,country,sku,code\n-,DE,a,1\n-,DE,b,2\n-,D,Ea,3\n', { key: ['country', 'sku'], value: 'code' });
  assert.deepEqual([['DE', 'b'], { sku: 'a', country: 'DE' }, ['D', 'Ea'], ['DE', null], ['DE', 'c']].map((value) => lookup.get(value)), ['2', '1', '3', undefined, undefined]);
  assert.deepEqual(lookup.get('2', { reverse: true }), ['DE', 'b']);
  for (const value of ['DE', ['DE'], ['DE', ['a']]]) assert.throws(() => lookup.get(value), { code: 'DATA_INVALID', message: /is found by/ });
});

test('case and white space', async () => {
  const lookup = await read('a,b\n" Ab ",1\n', { ignoreCase: true, trim: true });
  assert.deepEqual(['aB', ' AB', 'a b'].map((value) => lookup.get(value)), ['1', '1', undefined]);
});

test('what is given where there is no row', async () => {
  const text = 'a,b,c\n1,2,3\n';
  const withDefault = await read(text, { otherwise: 'default', default: { b: 'none' } });
  assert.deepEqual([withDefault.missing('x'), withDefault.missing('x', { to: 'c' }), withDefault.missingRow('x')], ['none', null, { a: null, b: 'none', c: null }]);
  const strict = await read(text, { otherwise: 'error' });
  for (const ask of [() => strict.missing('x'), () => strict.missingRow('x')]) assert.throws(ask, { code: 'DATA_INVALID', message: 'The lookup "x" has no row for "x".' });
});

test('files that are none', async () => {
  for (const [content, expected, settings] of [
    ['a,b\n1,"x', { code: 'DATA_INVALID', message: /lookups\/x\.csv is not valid CSV: The quote that opens the cell is never closed\./, place: { file: 'lookups/x.csv', line: 2, column: 3 } }],
    ['', { code: 'DATA_INVALID', message: /no header row/ }],
    [Buffer.from('\uFEFFa,b\n', 'utf16le'), { code: 'DATA_INVALID', message: /written in UTF-16/ }],
    [Buffer.from('a,b\n1,2\nx,\xfc\n', 'latin1'), { code: 'DATA_INVALID', message: /a byte that is no UTF-8/, place: { file: 'lookups/x.csv', line: 3, column: 1 } }],
    ['a,b\n', { code: 'CONFIG_INVALID', message: 'The lookup has no column "c"; there are "a", "b".', place: { file: 'lookups/x.lookup.json', line: 1, column: 1, pointer: '/key/0' } }, { key: ['c'] }],
  ] as const) await assert.rejects(read(content, settings), expected);
});

const names = fc.uniqueArray(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 5 }), fc.constantFrom('__proto__', 'constructor', ' ', '"', '\uFEFF', 'ß', '\ud83d\ude00')), { minLength: 1, maxLength: 40 });

test('property: forward and back again gives the same, as a plain map does', async () => {
  await fc.assert(fc.asyncProperty(names, fc.array(fc.string({ unit: 'grapheme', maxLength: 5 }), { maxLength: 20 }), async (keys, others) => {
    // One to one, so that there is one way back.
    const pairs = keys.map((key, index) => [key, `${index}/${key}`] as const);
    const lookup = await read(['key,value', ...pairs.map((pair) => printRow(pair))].join('\n'));
    for (const [key, value] of pairs) assert.deepEqual([lookup.get(key), lookup.get(value, { reverse: true }), lookup.get(lookup.get(key), { reverse: true })], [value, key, key]);
    const map = new Map(pairs);
    for (const other of others) assert.equal(lookup.get(other), map.get(other));
  }), { seed: 7, numRuns: 200 });
});
