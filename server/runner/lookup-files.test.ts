import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { createLookups, type Lookups } from './lookup-files.ts';
import { lookupFiles } from './lookup-store.ts';
import { readLookup } from './lookups.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-lookups-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

interface World {
  readonly root: string;
  readonly lookups: Lookups;
  readonly audited: string[];
  text(name: string): string;
}

async function story(files: Readonly<Record<string, string>>, check: (world: World) => Promise<void>): Promise<void> {
  const root = join(folder, `${++last}`);
  mkdirSync(join(root, 'lookups', 'eu'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'lookups', `${name}.csv`), text);
  const audited: string[] = [];
  const lookups = createLookups(lookupFiles(root), (action, subject, detail) => void audited.push(`${action} ${subject} ${JSON.stringify(detail)}`));
  await check({ root, lookups, audited, text: (name) => readFileSync(join(root, 'lookups', `${name}.csv`), 'utf8') });
}

const countries = 'left_value,right_value\r\n"DE", Germany\r\n\r\nAT,"Austria, Republic of"\r\nDE,double\r\n';

test('rows are changed and added; what is not touched keeps its text, place and line breaks', () => story({ countries }, async ({ lookups, text, audited, root }) => {
  assert.deepEqual(await lookups.set('countries', [{ left_value: 'AT', right_value: 'Österreich' }, { left_value: 'CH', right_value: ' "Swiss"' }, { left_value: 'LI', right_value: ' x' }, { left_value: 'DE' }]), { added: 2, changed: 1, removed: 0 });
  assert.equal(text('countries'), 'left_value,right_value\r\n"DE", Germany\r\n\r\nAT,Österreich\r\nDE,double\r\nCH," ""Swiss"""\r\nLI," x"\r\n');
  assert.deepEqual(audited, ['lookup.set lookup countries {"added":2,"changed":1,"removed":0}']);
  const read = await readLookup({ name: 'countries', file: 'lookups/countries.csv', path: join(root, 'lookups', 'countries.csv') });
  assert.deepEqual(['AT', 'CH', 'DE', 'XX'].map((value) => read.get(value)), ['Österreich', ' "Swiss"', 'Germany', undefined]);
  // What is there already changes nothing, not even the file.
  await lookups.set('countries', [{ left_value: 'CH', right_value: ' "Swiss"' }]);
  assert.equal(audited.length, 1);
}));

test('two processes that change the same lookup lose nothing of each other', () => story({ countries }, async ({ root, lookups }) => {
  const other = createLookups(lookupFiles(root), () => undefined);
  const names = Array.from({ length: 12 }, (_, n) => `N${n}`);
  await Promise.all(names.map((name, n) => (n % 2 ? lookups : other).set('countries', [{ left_value: name, right_value: name }])));
  const read = await readLookup({ name: 'countries', file: 'lookups/countries.csv', path: join(root, 'lookups', 'countries.csv') });
  assert.deepEqual(names.map((name) => read.get(name)), names);
}));

test('rows are removed, all with the value', () => story({ countries }, async ({ lookups, text }) => {
  assert.deepEqual(await lookups.remove('countries', ['DE', 'XX']), { added: 0, changed: 0, removed: 2 });
  assert.equal(text('countries'), 'left_value,right_value\r\n\r\nAT,"Austria, Republic of"\r\n');
  assert.deepEqual(await lookups.remove('countries', ['DE']), { added: 0, changed: 0, removed: 0 });
}));

test('an import updates and adds, in the columns of the file, and makes what is not there', () => story({ countries }, async ({ lookups, text }) => {
  assert.deepEqual(await lookups.import('countries', '\uFEFFright_value;x\n'.replace(';x', ',left_value') + 'Deutschland,DE\nFrance,FR\n'), { added: 1, changed: 1, removed: 0 });
  assert.equal(text('countries'), 'left_value,right_value\r\n"DE", Deutschland\r\n\r\nAT,"Austria, Republic of"\r\nDE,double\r\nFR,France\r\n');
  assert.deepEqual(await lookups.import('eu/taxes', 'code,rate,note\nA,19,"a ""b"""\n'), { added: 1, changed: 0, removed: 0 });
  assert.equal(text('eu/taxes'), 'code,rate,note\nA,19,"a ""b"""\n');
  assert.equal(new TextDecoder().decode(await lookups.export('eu/taxes')), text('eu/taxes'));
  assert.deepEqual(await lookups.import('empty', 'code,rate\n'), { added: 0, changed: 0, removed: 0 });
  assert.equal(text('empty'), 'code,rate\n');
}));

test('an import loses no cell: short rows keep what is there, what has no column or only one row can hold is refused', () => story({ keyed: 'a,b,c\n1,2,3\n', countries }, async ({ lookups, text, root }) => {
  writeFileSync(join(root, 'lookups', 'keyed.lookup.json'), '{"version":1,"key":["a"]}');
  assert.deepEqual(await lookups.import('keyed', 'a,b,c\n1,x\n2\n'), { added: 1, changed: 1, removed: 0 });
  assert.equal(text('keyed'), 'a,b,c\n1,x,3\n2,,\n');
  for (const [csv, line, column, message] of [
    ['a,b\n1,2\n\n"3","4",5\n', 4, 9, /line has more cells than the header, which has 2/], ['b,a\n1,2\n3\n', 3, 1, /no cell in the column "a", by which rows are found/],
    ['a,b\n1,2\n"x\ny",2\n1,3\n', 5, 1, /The row "a" "1" stands in line 2 already, with other cells/],
  ] as const) await assert.rejects(lookups.import('keyed', csv), (error) => FlowError.is(error, 'DATA_INVALID') && message.test(error.message) && error.place?.line === line && error.place.column === column || assert.fail(String(error)));
  await assert.rejects(lookups.import('new', 'a,b\n1,2,3\n'), { code: 'DATA_INVALID' });
  assert.deepEqual(await lookups.import('keyed', 'a,b\n4,5\n4,5\n'), { added: 1, changed: 0, removed: 0 });
  // Without a key, rows with the same first cell are rows of their own.
  const before = text('countries');
  assert.deepEqual(await lookups.import('countries', before), { added: 0, changed: 0, removed: 0 });
  assert.deepEqual(await lookups.import('countries', 'left_value,right_value\nDE,Deutschland\nDE,doppelt\nDE,third\n'), { added: 1, changed: 2, removed: 0 });
  assert.equal(text('countries'), before.replace('Germany', 'Deutschland').replace('double', 'doppelt') + 'DE,third\r\n');
  await lookups.import('pairs', 'left,right\nDE,a\nDE,b\nDE,a\n');
  assert.equal(text('pairs'), 'left,right\nDE,a\nDE,b\nDE,a\n');
}));

test('what would be wrong in its row is refused, with its column and what to do, and nothing is written', () => story({ rates: 'code,rate,zone\nA,1.5,\n' }, async ({ lookups, text, audited, root }) => {
  writeFileSync(join(root, 'lookups', 'rates.lookup.json'), '{"version":1,"columns":{"rate":{"type":"decimal","required":true},"zone":{"required":true}}}');
  const before = text('rates');
  const { stamp } = await lookups.rows('rates', {});
  const good = { code: 'B', rate: '2', zone: 'EU' };
  const decimal = /^Give it another value, or correct the type of the column/;
  for (const [work, column, message, remedy, place] of [
    [() => lookups.set('rates', [good, { code: 'NEW', rate: 'n', zone: 'EU' }]), 'rate', 'The row "NEW" of the lookup "rates" is not written. In the column "rate": "n" is no decimal number.', decimal],
    [() => lookups.set('rates', [good, { code: 'NEW', rate: '1' }]), 'zone', 'The row "NEW" of the lookup "rates" is not written. The cell in the column "zone" must not be empty.', /^Give it a value/],
    [() => lookups.set('rates', [{ code: 'A', rate: '' }]), 'rate', 'The row "A" of the lookup "rates" is not written. The cell in the column "rate" must not be empty.', /^Give it a value/],
    [() => lookups.set('rates', [{ ...good, code: '' }]), 'code', 'A row of the lookup "rates" is not written. The cell in the column "code" is empty, so that the row is never found.', /^Give it a value/],
    [() => lookups.edit('rates', stamp, [{ insert: good }, { change: 1, cells: { rate: 'n' } }]), 'rate', 'Row 1 of the lookup "rates" is not written. In the column "rate": "n" is no decimal number.', decimal],
    [() => lookups.edit('rates', stamp, [{ insert: { code: 'NEW' } }]), 'rate', 'A new row of the lookup "rates" is not written. The cell in the column "rate" must not be empty.', /^Give it a value/],
    [() => lookups.import('rates', 'code,rate,zone\nB,2,EU\nC,n,EU\n'), undefined, 'Row 2 of the CSV file cannot be imported. In the column "rate": "n" is no decimal number.', decimal, { file: 'import', line: 3, column: 3 }],
    [() => lookups.import('rates', 'code,rate\nB,2\n'), undefined, 'Row 1 of the CSV file cannot be imported. The cell in the column "zone" must not be empty.', /^Give it a value/, { file: 'import', line: 2, column: 1 }],
  ] as const) await assert.rejects(work, (error) => {
    assert.ok(FlowError.is(error, 'DATA_INVALID'), String(error));
    assert.deepEqual([error.message, error.details['column'], error.place], [message, column, place]);
    assert.match(error.remedy, remedy);
    return true;
  });
  assert.deepEqual([text('rates'), audited], [before, []]);
  // A cell that was wrong before is mended later.
  assert.deepEqual(await lookups.set('rates', [{ code: 'A', rate: '1.7' }]), { added: 0, changed: 1, removed: 0 });
  assert.deepEqual(await lookups.edit('rates', (await lookups.rows('rates', {})).stamp, [{ change: 1, cells: { zone: 'EU' } }]), { added: 0, changed: 1, removed: 0 });
}));

test('an edit gives no row the key of another', () => story({ keyed: 'a,b,c\n1,x,\n2,x,\n"3\n",y,\n2,x,again\n' }, async ({ lookups, text, root }) => {
  const edit = async (...changes: Parameters<Lookups['edit']>[2]) => lookups.edit('keyed', (await lookups.rows('keyed', {})).stamp, changes);
  const before = text('keyed');
  const told = (row: string, has: string) => ({ code: 'DATA_INVALID', message: `${row} of the lookup "keyed" is not written: ${has} already, so that this one would never be found.` });
  await assert.rejects(edit({ insert: { a: '1', b: 'z' } }), told('A new row', 'row 1 (line 2) has "a" "1"'), 'without settings it is the first column');
  writeFileSync(join(root, 'lookups', 'keyed.lookup.json'), '{"version":1,"key":["a","b"],"trim":true}');
  await assert.rejects(edit({ insert: { a: '1 ', b: 'x' } }), told('A new row', 'row 1 (line 2) has "a" "1 ", "b" "x"'));
  await assert.rejects(edit({ change: 1, cells: { a: '3', b: 'y' } }), told('Row 1', 'row 3 (line 4) has "a" "3", "b" "y"'));
  await assert.rejects(edit({ remove: 2 }, { insert: { a: '2', b: 'x' } }), told('A new row', 'row 4 (line 6) has "a" "2", "b" "x"'));
  await assert.rejects(edit({ insert: { a: '7' } }, { insert: { a: '7' } }), told('A new row', 'another new row has "a" "7", "b" ""'));
  assert.equal(text('keyed'), before);
  // What is twice stays so, and rows may change places.
  assert.equal((await edit({ change: 4, cells: { c: 'z' } }, { change: 1, cells: { b: 'y' } }, { remove: 3 }, { insert: { a: '3', b: 'y' } }, { insert: { c: 'empty' } })).changed, 2);
}));

test('a byte order mark and lines within cells stay', () => story({ marked: '\uFEFFa,b\n"x\ny",1\nz,2\n' }, async ({ lookups, text }) => {
  await lookups.set('marked', [{ a: 'z', b: '3' }, { a: 'y', b: '4' }]);
  assert.equal(text('marked'), '\uFEFFa,b\n"x\ny",1\nz,3\ny,4\n');
}));

test('people see them in pages', () => story({ countries, 'eu/x': 'only\n"a"\n' }, async ({ lookups }) => {
  assert.deepEqual(await lookups.list(), [{ name: 'countries', file: 'lookups/countries.csv', columns: ['left_value', 'right_value'], rows: 3 }, { name: 'eu/x', file: 'lookups/eu/x.csv', columns: ['only'], rows: 1 }]);
  const { stamp, ...second } = await lookups.rows('countries', { page: 2, perPage: 2 });
  assert.match(stamp, /^[0-9a-f]{16}$/);
  assert.deepEqual(second, { columns: ['left_value', 'right_value'], items: [['DE', 'double']], numbers: [3], page: 2, perPage: 2, total: 3 });
  assert.deepEqual((await lookups.rows('countries', { text: 'Rep' })).items, [['AT', 'Austria, Republic of']]);
}));

test('one that cannot be read says why, and the others are there', () => story({ broken: 'a,b\n1,"x', countries, empty: '' }, async ({ root, lookups }) => {
  assert.deepEqual((await lookups.list()).map(({ name, rows, error }) => [name, rows, error]), [
    ['broken', 0, 'The lookup file lookups/broken.csv is not valid CSV: The quote that opens the cell is never closed. (line 2, column 3)'], ['countries', 3, undefined],
    ['empty', 0, 'The lookup file lookups/empty.csv is not valid CSV: The lookup file has no header row. (line 1, column 1)'],
  ]);
  writeFileSync(join(root, 'lookups', 'broken.csv'), 'a,b\n1,x\n');
  assert.deepEqual((await lookups.list())[0], { name: 'broken', file: 'lookups/broken.csv', columns: ['a', 'b'], rows: 1 });
}));

test('rows are filtered and sorted, by what their columns hold', () => story({ rates: 'code,rate,note\nb,10,x\na,9,"x ""y"""\nd,,"1,y"\nc,9,z\n' }, async ({ lookups, root }) => {
  const look = async (filter: Parameters<Lookups['rows']>[1]) => (await lookups.rows('rates', filter)).numbers;
  assert.deepEqual([await look({ sort: 'code' }), await look({ sort: '-code' }), await look({ sort: 'rate' })], [[2, 1, 4, 3], [3, 4, 1, 2], [3, 1, 2, 4]]);
  writeFileSync(join(root, 'lookups', 'rates.lookup.json'), '{"version":1,"columns":{"rate":{"type":"decimal"}}}');
  assert.deepEqual([await look({ sort: 'rate' }), await look({ sort: '-rate' }), await look({ sort: '-rate', page: 2, perPage: 3 })], [[3, 2, 4, 1], [1, 2, 4, 3], [3]]);
  assert.deepEqual([await look({ text: 'y' }), await look({ text: 'x "y' }), await look({ text: '1,y' }), await look({ text: ',' }), await look({ text: 'nowhere' })], [[2, 3], [2], [3], [3], []]);
  assert.deepEqual([await look({ columns: { rate: '9' } }), await look({ columns: { rate: '9', note: 'z' } }), await look({ columns: { code: '' } }), await look({ text: 'x', columns: { rate: '9' }, sort: 'code' })], [[2, 4], [4], [1, 2, 3, 4], [2]]);
  await assert.rejects(look({ sort: '-nope' }), { code: 'CONFIG_INVALID', message: /no column "nope"; there are "code", "rate", "note"/ });
}));

test('very many rows are sorted as few are, those that are alike in their order', () => story({ many: `n,kind\n${Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 30_000},${index % 3}\n`).join('')}` }, async ({ lookups }) => {
  const { items, numbers, total } = await lookups.rows('many', { sort: 'kind', perPage: 30_000 });
  const expected = Array.from({ length: 30_000 }, (_, index) => index + 1).sort((one, other) => ((one - 1) % 3) - ((other - 1) % 3) || one - other);
  assert.equal(numbers.findIndex((row, at) => row !== expected[at]), -1);
  assert.deepEqual([items.length, total, (await lookups.rows('many', { sort: '-n', page: 2, perPage: 2 })).items.map(([n]) => n)], [30_000, 30_000, ['9997', '9996']]);
}));

test('rows are edited by their numbers, as long as nobody else has changed the file', () => story({ countries }, async ({ lookups, text, audited }) => {
  const { stamp } = await lookups.detail('countries');
  assert.deepEqual(await lookups.edit('countries', stamp, [{ change: 3, cells: { left_value: 'D' } }, { remove: 1 }, { insert: { left_value: 'CH', right_value: 'x' }, before: 2 }, { insert: { left_value: 'LI' } }]), { added: 2, changed: 1, removed: 1 });
  assert.equal(text('countries'), 'left_value,right_value\r\n\r\nCH,x\r\nAT,"Austria, Republic of"\r\nD,double\r\nLI,\r\n');
  assert.deepEqual(audited, ['lookup.edit lookup countries {"added":2,"changed":1,"removed":1}']);
  await assert.rejects(lookups.edit('countries', stamp, [{ remove: 1 }]), { code: 'CONFIG_INVALID', message: /has changed since its rows were read/ });
  const now = await lookups.detail('countries');
  assert.deepEqual(await lookups.edit('countries', now.stamp, [{ change: 1, cells: { right_value: 'x' } }]), { added: 0, changed: 0, removed: 0 });
  await assert.rejects(lookups.edit('countries', now.stamp, [{ remove: 1 }, { remove: 9 }]), { code: 'CONFIG_INVALID', message: /no row 9; it has 4/ });
  assert.deepEqual([audited.length, (await lookups.detail('countries')).stamp], [1, now.stamp]);
}));

test('what its settings say is told, found and checked', () => story({ 'eu/rates': 'country;rate\nDE;19\nde;x\n' }, async ({ lookups, root }) => {
  const settings = join(root, 'lookups', 'eu', 'rates.lookup.json');
  writeFileSync(settings, '{"version":1,"title":"Rates","key":["country"],"ignoreCase":true,"columns":{"rate":{"type":"number","required":true}},"otherwise":"default","default":{"rate":0}}');
  const { stamp, ...detail } = await lookups.detail('eu/rates');
  assert.deepEqual([stamp.length, detail], [16, {
    name: 'eu/rates', file: 'lookups/eu/rates.csv', title: 'Rates', rows: 2, delimiter: ';', otherwise: 'default',
    columns: [{ name: 'country', type: 'string', required: false, isKey: true, isValue: false }, { name: 'rate', type: 'number', required: true, isKey: false, isValue: true }],
  }]);
  assert.deepEqual([await lookups.find('eu/rates', 'de'), await lookups.find('eu/rates', 'FR'), await lookups.find('eu/rates', 19, { reverse: true })], [{ found: true, value: 19, row: { country: 'DE', rate: 19 } }, { found: false, value: 0 }, { found: true, value: 'DE', row: { country: 'DE', rate: 19 } }]);
  const check = async () => (await lookups.check('eu/rates')).map(({ file, path, line, column, severity, code }) => `${file}${path} ${line}:${column} ${severity} ${code}`);
  assert.deepEqual(await check(), ['lookups/eu/rates.csv 3:1 error DATA_INVALID', 'lookups/eu/rates.csv 3:4 error DATA_INVALID']);
  writeFileSync(settings, '{"version":1,\n"key":["land"]}');
  assert.deepEqual(await check(), ['lookups/eu/rates.lookup.json/key/0 2:8 error CONFIG_INVALID']);
  writeFileSync(settings, '{"version":1,\n"otherwise":1}');
  assert.deepEqual(await check(), ['lookups/eu/rates.lookup.json/otherwise 2:13 error CONFIG_INVALID']);
  await assert.rejects(lookups.check('nope'), { code: 'CONFIG_UNKNOWN_LOOKUP' });
}));

test('a key of several columns is set by all of them, and not removed by one', () => story({ keyed: 'a,b,c\n1,2,x\n' }, async ({ lookups, root, text }) => {
  writeFileSync(join(root, 'lookups', 'keyed.lookup.json'), '{"version":1,"key":["a","b"]}');
  assert.deepEqual(await lookups.set('keyed', [{ a: '1', b: '2', c: 'y' }, { a: '1', b: '3', c: 'z' }]), { added: 1, changed: 1, removed: 0 });
  assert.equal(text('keyed'), 'a,b,c\n1,2,y\n1,3,z\n');
  await assert.rejects(lookups.remove('keyed', ['1']), { code: 'CONFIG_INVALID', message: /a key of 2 columns/ });
}));

test('changes at the same time are all made', () => story({ countries }, async ({ lookups }) => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => lookups.set('countries', [{ left_value: `N${index}`, right_value: '' }])));
  assert.equal((await lookups.rows('countries', {})).total, 23);
}));

test('what cannot be done is said, and changes nothing', () => story({ countries, broken: 'a,b\n"x' , empty: '' }, async ({ lookups, root, audited }) => {
  symlinkSync(tmpdir(), join(root, 'lookups', 'out'));
  for (const [work, expected] of [
    [() => lookups.rows('nope', {}), { code: 'CONFIG_UNKNOWN_LOOKUP', message: /"nope"; there are "broken", "countries", "empty"\./ }],
    [() => lookups.set('nope', []), { code: 'CONFIG_UNKNOWN_LOOKUP' }],
    [() => lookups.remove('nope', []), { code: 'CONFIG_UNKNOWN_LOOKUP' }],
    [() => lookups.export('nope'), { code: 'CONFIG_UNKNOWN_LOOKUP' }],
    [() => lookups.set('countries', [{ left_value: 'x' }, { left: 'y' }]), { code: 'CONFIG_INVALID', message: /no column "left"; there are "left_value", "right_value"/ }],
    [() => lookups.set('countries', [{ right_value: 'y' }]), { code: 'DATA_MISSING', message: /"left_value"/ }],
    [() => lookups.import('countries', 'left_value,other\nx,y\n'), { code: 'CONFIG_INVALID' }],
    [() => lookups.import('new', ''), { code: 'DATA_INVALID', message: /no header row/ }],
    [() => lookups.import('new', 'a\n"x'), { code: 'DATA_INVALID', message: /not valid CSV/ }],
    [() => lookups.rows('broken', {}), { code: 'DATA_INVALID', message: /lookups\/broken\.csv/ }],
    [() => lookups.rows('empty', {}), { code: 'DATA_INVALID' }],
    ...['../x', '/x', 'a/../../x', '.x', 'a/.x', '', 'a\\b', 'a\0', 'x.', 'out/x', 'a//b'].map((name) => [() => lookups.import(name, 'a\n1\n'), { code: 'CONFIG_INVALID', message: /cannot be the name/ }] as const),
  ] as const) await assert.rejects(work, expected);
  assert.deepEqual([audited, readdirSync(root).filter((name) => name !== '.patchbay'), readdirSync(join(root, 'lookups')).toSorted()], [[], ['lookups'], ['broken.csv', 'countries.csv', 'empty.csv', 'eu', 'out']]);
}));
