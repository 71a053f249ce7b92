import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createLookups, lookupTexts, type Lookups } from './lookup-files.ts';
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
  const lookups = createLookups(lookupTexts(root), (action, subject, detail) => void audited.push(`${action} ${subject} ${JSON.stringify(detail)}`));
  await check({ root, lookups, audited, text: (name) => readFileSync(join(root, 'lookups', `${name}.csv`), 'utf8') });
}

const countries = 'left_value,right_value\r\n"DE", Germany\r\n\r\nAT,"Austria, Republic of"\r\nDE,double\r\n';

test('rows are changed and added; what is not touched keeps its text, place and line breaks', () => story({ countries }, async ({ lookups, text, audited, root }) => {
  assert.deepEqual(await lookups.set('countries', [{ left_value: 'AT', right_value: 'Österreich' }, { left_value: 'CH', right_value: ' "Swiss"' }, { left_value: 'LI', right_value: ' x' }, { left_value: 'DE' }]), { added: 2, changed: 1, removed: 0 });
  assert.equal(text('countries'), 'left_value,right_value\r\n"DE", Germany\r\nAT,Österreich\r\nDE,double\r\nCH," ""Swiss"""\r\nLI," x"\r\n');
  assert.deepEqual(audited, ['lookup.set lookup countries {"added":2,"changed":1,"removed":0}']);
  const read = readLookup('countries', 'lookups/countries.csv', join(root, 'lookups', 'countries.csv'));
  assert.deepEqual(['AT', 'CH', 'DE', 'XX'].map((value) => read.get(value)), ['Österreich', ' "Swiss"', 'Germany', undefined]);
  // What is there already changes nothing, not even the file.
  await lookups.set('countries', [{ left_value: 'CH', right_value: ' "Swiss"' }]);
  assert.equal(audited.length, 1);
}));

test('two processes that change the same lookup lose nothing of each other', () => story({ countries }, async ({ root, lookups }) => {
  const other = createLookups(lookupTexts(root), () => undefined);
  const names = Array.from({ length: 12 }, (_, n) => `N${n}`);
  await Promise.all(names.map((name, n) => (n % 2 ? lookups : other).set('countries', [{ left_value: name, right_value: name }])));
  const read = readLookup('countries', 'lookups/countries.csv', join(root, 'lookups', 'countries.csv'));
  assert.deepEqual(names.map((name) => read.get(name)), names);
}));

test('rows are removed, all with the value', () => story({ countries }, async ({ lookups, text }) => {
  assert.deepEqual(await lookups.remove('countries', ['DE', 'XX']), { added: 0, changed: 0, removed: 2 });
  assert.equal(text('countries'), 'left_value,right_value\r\nAT,"Austria, Republic of"\r\n');
  assert.deepEqual(await lookups.remove('countries', ['DE']), { added: 0, changed: 0, removed: 0 });
}));

test('an import updates and adds, in the columns of the file, and makes what is not there', () => story({ countries }, async ({ lookups, text }) => {
  assert.deepEqual(await lookups.import('countries', '\uFEFFright_value;x\n'.replace(';x', ',left_value') + 'Deutschland,DE\nFrance,FR\n'), { added: 1, changed: 1, removed: 0 });
  assert.equal(text('countries'), 'left_value,right_value\r\nDE,Deutschland\r\nAT,"Austria, Republic of"\r\nDE,double\r\nFR,France\r\n');
  assert.deepEqual(await lookups.import('eu/taxes', 'code,rate,note\nA,19,"a ""b"""\n'), { added: 1, changed: 0, removed: 0 });
  assert.equal(text('eu/taxes'), 'code,rate,note\nA,19,"a ""b"""\n');
  assert.equal(await lookups.export('eu/taxes'), text('eu/taxes'));
  assert.deepEqual(await lookups.import('empty', 'code,rate\n'), { added: 0, changed: 0, removed: 0 });
  assert.equal(text('empty'), 'code,rate\n');
}));

test('a byte order mark and lines within cells stay', () => story({ marked: '\uFEFFa,b\n"x\ny",1\nz,2\n' }, async ({ lookups, text }) => {
  await lookups.set('marked', [{ a: 'z', b: '3' }, { a: '', b: '4' }]);
  assert.equal(text('marked'), '\uFEFFa,b\n"x\ny",1\nz,3\n,4\n');
}));

test('people see them in pages', () => story({ countries, 'eu/x': 'only\n"a"\n' }, async ({ lookups }) => {
  assert.deepEqual(await lookups.list(), [{ name: 'countries', file: 'lookups/countries.csv', columns: ['left_value', 'right_value'], rows: 3 }, { name: 'eu/x', file: 'lookups/eu/x.csv', columns: ['only'], rows: 1 }]);
  assert.deepEqual(await lookups.rows('countries', { page: 2, perPage: 2 }), { columns: ['left_value', 'right_value'], items: [['DE', 'double']], page: 2, perPage: 2, total: 3 });
  assert.deepEqual((await lookups.rows('countries', { text: 'Rep' })).items, [['AT', 'Austria, Republic of']]);
}));

test('changes at the same time are all made', () => story({ countries }, async ({ lookups }) => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => lookups.set('countries', [{ left_value: `N${index}`, right_value: '' }])));
  assert.equal((await lookups.rows('countries', {})).total, 23);
}));

test('what cannot be done is said, and changes nothing', () => story({ countries, broken: 'a,b\n"x' , empty: '' }, async ({ lookups, root, audited }) => {
  symlinkSync(tmpdir(), join(root, 'lookups', 'out'));
  for (const [work, expected] of [
    [lookups.rows('nope', {}), { code: 'CONFIG_UNKNOWN_LOOKUP', message: /"nope"; there are "broken", "countries", "empty"\./ }],
    [lookups.set('nope', []), { code: 'CONFIG_UNKNOWN_LOOKUP' }],
    [lookups.remove('nope', []), { code: 'CONFIG_UNKNOWN_LOOKUP' }],
    [lookups.export('nope'), { code: 'CONFIG_UNKNOWN_LOOKUP' }],
    [lookups.set('countries', [{ left_value: 'x' }, { left: 'y' }]), { code: 'CONFIG_INVALID', message: /no column "left"; there are "left_value", "right_value"/ }],
    [lookups.set('countries', [{ right_value: 'y' }]), { code: 'DATA_MISSING', message: /"left_value"/ }],
    [lookups.import('countries', 'left_value,other\nx,y\n'), { code: 'CONFIG_INVALID' }],
    [lookups.import('new', ''), { code: 'DATA_INVALID', message: /no header row/ }],
    [lookups.import('new', 'a\n"x'), { code: 'DATA_INVALID', message: /not valid CSV/ }],
    [lookups.rows('broken', {}), { code: 'DATA_INVALID', message: /lookups\/broken\.csv/ }],
    [lookups.rows('empty', {}), { code: 'DATA_INVALID' }],
    ...['../x', '/x', 'a/../../x', '.x', 'a/.x', '', 'a\\b', 'a\0', 'x.', 'out/x', 'a//b'].map((name) => [lookups.import(name, 'a\n1\n'), { code: 'CONFIG_INVALID', message: /cannot be the name/ }] as const),
  ] as const) await assert.rejects(work, expected);
  assert.deepEqual([audited, readdirSync(root).filter((name) => name !== '.patchbay'), readdirSync(join(root, 'lookups')).toSorted()], [[], ['lookups'], ['broken.csv', 'countries.csv', 'empty.csv', 'eu', 'out']]);
}));
