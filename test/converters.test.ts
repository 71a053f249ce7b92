import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { FlowError, parseJson, type RecordConverter } from '../plugins/sdk/index.ts';
import { opened } from './support/converters.ts';
import csv from '../plugins/converters/csv.ts';
import fixedWidth from '../plugins/converters/fixed-width.ts';
import { parseTable } from '../plugins/formats/csv-read.ts';
import { plainDialect } from '../plugins/formats/csv-settings.ts';
import { LONGEST_RECORD } from '../plugins/formats/longest-record.ts';
import form from '../plugins/converters/form.ts';
import json from '../plugins/converters/json.ts';
import ndjson from '../plugins/converters/ndjson.ts';
import tsv from '../plugins/converters/tsv.ts';
import { packed, unpacked, type Packing } from '../plugins/shapes/packing.ts';
import xml from '../plugins/converters/xml.ts';

const large = fc.constantFrom(1e16, 1e18, -1.5e18, 1e21, 1.5e300, Number.MAX_VALUE, 2 ** 70, 5e-324).map((number) => parseJson(String(number)));
const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }).map((value) => parseJson(JSON.stringify(value))), large);
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const text = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
const tableOf = (cell: fc.Arbitrary<unknown>, name: fc.Arbitrary<string> = cell as fc.Arbitrary<string>, minLength = 1) => fc.uniqueArray(name, { minLength, maxLength: 4 }).chain((names) => fc.array(fc.tuple(...names.map(() => cell)).map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index]]))), { minLength: 1 }));
const table = tableOf(text, fc.oneof(text, fc.constant('__proto__')));
// Null alone in a row, where it is empty text, is an empty line.
const typedTable = tableOf(fc.oneof(text, fc.constantFrom('true', 'false', '1', '-2.5', '007', '1e3', '1e+21', 'NULL', '', null, true, false), fc.integer(), large, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0.1 : parseJson(String(value))))), text, 2);
const xmlSettings = { namespaces: 'keep' };
const keptText = fc.string({ unit: fc.constantFrom(...'aé😀<&>"\' \t\n\r]') });
// Elements lose the white space around their text, and an empty one is an empty text.
const xmlText = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));
const xmlName = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,5}$/);
const xmlDocument = fc.letrec<{ value: unknown; fields: object }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, xmlText, tie('fields'), fc.array(xmlText, { minLength: 2, maxLength: 3 })),
  fields: fc.tuple(fc.dictionary(xmlName, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }), fc.dictionary(xmlName.map((name) => `@${name}`), keptText, { maxKeys: 2, noNullPrototype: true })).map(([fields, attributes]) => ({ ...fields, ...attributes })),
})).fields.map((root) => [{ root }]);

const cases: [string, RecordConverter, fc.Arbitrary<unknown[]>][] = [
  ['json', opened(json), fc.array(value)],
  ['ndjson', opened(ndjson), fc.array(value)],
  ['csv', opened(csv), table],
  ['xml', opened(xml, xmlSettings), xmlDocument],
  ['fixed width', opened(fixedWidth, { columns: [{ name: 'b', start: 9, length: 6, align: 'right', pad: '0', type: 'number', decimals: 2 }, { name: 'a', start: 1, length: 8 }, { name: 'n', start: 20, length: 16, type: 'number' }], lineEnd: 'crlf' }),
    fc.array(fc.record({ b: fc.integer({ min: -99_999, max: 999_999 }).map((cents) => cents / 100), a: fc.string({ unit: fc.constantFrom(...'aé😀-" '), maxLength: 8 }).map((text) => text.trimEnd()), n: fc.oneof(fc.constant(null), fc.integer()) }, { noNullPrototype: true }))],
  ['form', opened(form), fc.dictionary(text, fc.oneof(text, fc.array(text, { minLength: 2 })), { noNullPrototype: true }).map((fields) => [fields])],
  ['xml with white space, each element a record', opened(xml, { whitespace: 'keep', element: 'orders.order', root: 'orders', item: 'order' }), fc.array(fc.oneof(keptText, fc.dictionary(xmlName, keptText, { minKeys: 1, maxKeys: 3, noNullPrototype: true })))],
  ['xml in UTF-16', opened(xml, { ...xmlSettings, encoding: 'utf-16le' }), xmlDocument],
  ['xml in windows-1252', opened(xml, { ...xmlSettings, encoding: 'windows-1252' }), fc.string({ unit: fc.constantFrom(...'aé€<') }).map((text) => [{ root: text }])],
  ['csv with semicolons, single quotes and CRLF', opened(csv, { delimiter: ';', quote: "'", lineEnd: 'crlf' }), table],
  ['csv with a backslash, comments, trimming and quotes around all', opened(csv, { escape: '\\', comment: '#', trim: true, quoting: 'all' }), table],
  ['csv with a backslash and comments', opened(csv, { escape: '\\', comment: '#', trim: true }), table],
  ['csv with types and nulls', opened(csv, { types: 'infer', nullText: 'NULL' }), typedTable],
  ['csv with types and empty nulls, in quotes', opened(csv, { types: 'infer', nullText: '', quoting: 'all' }), typedTable],
  ['csv in UTF-16 with a mark', opened(csv, { encoding: 'utf-16be', mark: true }), table],
  ['csv in windows-1252', opened(csv, { encoding: 'windows-1252' }), tableOf(fc.string({ unit: fc.constantFrom(...'aé€ÿ,;"\n\t ') }))],
  ['csv in Shift JIS', opened(csv, { encoding: 'shift_jis' }), tableOf(fc.string({ unit: fc.constantFrom(...'a表ソｱ,"\n') }))],
  ['csv in GB 18030', opened(csv, { encoding: 'gb18030' }), tableOf(fc.string({ unit: fc.constantFrom(...'a联通😀,"\n') }))],
  ['tsv', opened(tsv), table],
  ['tsv without quotes', opened(tsv, { quote: '' }), tableOf(fc.string({ unit: fc.constantFrom(...'aé"\'\\,'), minLength: 1 }))],
];

for (const [name, converter, records] of cases) {
  test(`${name}: what was written is read again, however it is cut into chunks`, async () => {
    await fc.assert(
      fc.asyncProperty(records, sizes, async (records, sizes) => {
        const bytes = Buffer.concat(await collect(converter.encode(records)));
        assert.deepEqual(await collect(converter.decode(cut(bytes, sizes))), records);
      }),
      { seed: 7 },
    );
  });
}

const sign = fc.constantFrom(';', ',', '"', "'", '\\', '#', ' ', '\t', '0', 'x');
const oddText = fc.string({ unit: fc.oneof(fc.constantFrom(...' 0-x;,"\'\\#\r\n\t=<&é😀\ufeff\u0000\ud800'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 6 });
const oddValue = fc.oneof(oddText, fc.constantFrom(null, undefined, true, 0, -1.5, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, [], {}, 'NULL', '007', '1,5', '-'), fc.array(oddText, { maxLength: 2 }), fc.dictionary(oddText, oddText, { maxKeys: 2, noNullPrototype: true }));
const oddName = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'NULL', '', 'a:b', '@x', '#text', 'ª', '²', 'x\u0301', '__proto__') }, oddText);
const oddRecords = fc.array(fc.oneof({ weight: 6, arbitrary: fc.dictionary(oddName, oddValue, { maxKeys: 3, noNullPrototype: true }) }, { weight: 2, arbitrary: fc.array(oddValue, { maxLength: 3 }) }, { weight: 1, arbitrary: oddValue }), { maxLength: 4 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const oddEncoding = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis');
const oddTable = fc.record({
  header: fc.boolean(), columns: maybe(fc.uniqueArray(oddName, { minLength: 1, maxLength: 3 })), delimiter: maybe(sign), quote: maybe(fc.oneof(sign, fc.constant(''))), escape: maybe(sign), comment: maybe(sign), trim: fc.boolean(), looseQuotes: fc.boolean(), quoting: fc.constantFrom('needed', 'all'),
  ragged: fc.constantFrom('error', 'fill', 'fit'), types: fc.constantFrom('text', 'infer'), nullText: maybe(fc.oneof(fc.constant('NULL'), oddText)), lineEnd: fc.constantFrom('lf', 'crlf'), encoding: oddEncoding, mark: fc.boolean(),
});
const oddColumn = fc.record({ name: fc.constantFrom('a', 'b', 'NULL'), start: maybe(fc.integer({ min: 1, max: 9 })), length: fc.integer({ min: 1, max: 9 }), align: fc.constantFrom('left', 'right'), pad: sign, type: fc.constantFrom('text', 'number'), decimals: maybe(fc.integer({ min: 0, max: 2 })) });

/** Settings and records that nobody would choose. */
const odd: readonly (readonly [name: string, converter: Parameters<typeof opened>[0], settings: fc.Arbitrary<object>])[] = [
  ['csv', csv, oddTable], ['tsv', tsv, oddTable],
  ['fixed width', fixedWidth, fc.record({ columns: fc.array(oddColumn, { minLength: 1, maxLength: 3 }), encoding: oddEncoding, lineEnd: fc.constantFrom('lf', 'crlf') })],
  ['xml', xml, fc.record({ namespaces: fc.constantFrom('keep', 'remove'), whitespace: fc.constantFrom('keep', 'trim'), declaration: fc.boolean(), encoding: oddEncoding })],
  ['xml, with a root', xml, fc.record({ root: fc.constantFrom('orders', 'a:b', 'ª'), item: fc.constantFrom('order', 'c:d', '²'), element: fc.constant('orders.order'), declaration: fc.boolean(), encoding: oddEncoding })],
  ['form', form, fc.constant({})], ['json', json, fc.record({ unwrapSingle: fc.boolean() })], ['ndjson', ndjson, fc.constant({})],
];

for (const [name, converter, settings] of odd) {
  test(`${name}: whatever is written, it reads again, record by record; else it is refused`, async () => {
    await fc.assert(fc.asyncProperty(settings, oddRecords, async (given, records) => {
      const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      let bytes: Buffer;
      let open: RecordConverter;
      try {
        open = opened(converter, known);
        bytes = Buffer.concat(await collect(open.encode(records)));
      } catch (error) {
        if (!FlowError.is(error)) throw error;
        assert.ok(['DATA_INVALID', 'CONFIG_INVALID'].includes(error.code), error.code);
        return;
      }
      const read = await collect(open.decode(cut(bytes, [3])));
      const isOne = name === 'form' || (name === 'json' && 'unwrapSingle' in known && records.length === 1);
      const isElsewhere = 'root' in known && (known['root'] !== 'orders' || known['item'] !== 'order');
      // The first list is the header, where no columns are named.
      const isHeader = known['header'] === true && !('columns' in known) && Array.isArray(records[0]);
      if (!isOne && !isElsewhere) assert.equal(read.length, records.length - Number(isHeader), bytes.toString());
      if (name === 'fixed width') {
        for (const [index, record] of records.entries()) for (const column of known['columns'] as readonly { readonly name: string; readonly type: string }[]) {
          const value = (record as Readonly<Record<string, unknown>>)[column.name];
          if (column.type === 'number' && typeof value === 'number') assert.equal((read[index] as Readonly<Record<string, unknown>>)[column.name], value, bytes.toString());
        }
      }
      if (!['csv', 'tsv', 'form'].includes(name) || isHeader) return;
      for (const [index, record] of records.entries()) {
        if (typeof record !== 'object' || record === null || Array.isArray(record)) continue;
        for (const [field, value] of Object.entries(record)) {
          const own = read[index] as Readonly<Record<string, unknown>>;
          const found = Array.isArray(own) ? own[(known['columns'] as readonly string[] ?? Object.keys(records.find((one) => typeof one === 'object' && !Array.isArray(one)) as object)).indexOf(field)] : own[field];
          if (typeof value === 'string') assert.equal(found, value, bytes.toString());
        }
      }
    }), { seed: 7, numRuns: 3_000 });
  });
}

test('a number is written without an exponent where others read it, and as JSON has it where it is read again', async () => {
  const written = async (converter: RecordConverter, record: unknown): Promise<string> => Buffer.concat(await collect(converter.encode([record]))).toString();
  assert.equal(await written(opened(csv), { a: 1e-7, b: -1e21 }), 'a,b\n0.0000001,-1000000000000000000000\n');
  assert.equal(await written(opened(csv, { types: 'infer' }), { a: 1e-7, b: -1e21 }), 'a,b\n1e-7,-1e+21\n');
  assert.equal(await written(opened(xml, { declaration: false }), { r: { '@a': 1e-7, b: 1e21 } }), '<r a="0.0000001"><b>1000000000000000000000</b></r>');
  assert.equal(await written(opened(form), { a: 1e-7, b: [1e21] }), 'a=0.0000001&b=1000000000000000000000');
});

for (const [name, converter, item] of [
  ['json', opened(json), (index: number) => `${index === 0 ? '[' : ','}{"id":${index}}`],
  ['ndjson', opened(ndjson), (index: number) => `{"id":${index}}\n`],
  ['xml', opened(xml, { element: 'r.o' }), (index: number) => `${index === 0 ? '<r>' : ''}<o><id>${index}</id></o>`],
  ['csv', opened(csv), (index: number) => (index === 0 ? 'id\n0\n' : `${index}\n`)],
] as const) {
  test(`${name}: the first record comes long before the source ends`, async () => {
    let sent = 0;
    async function* source() {
      for (; sent < 1_000_000; sent++) yield new TextEncoder().encode(item(sent));
    }
    for await (const record of converter.decode(source())) {
      assert.equal(String((record as { id: unknown }).id), '0');
      break;
    }
    // csv-parse reads a buffer full ahead.
    assert.ok(sent < 50_000, `${sent} chunks were read for the first record`);
  });
}

test('json: what stands at a path is read as if it stood alone, however it is cut into chunks', async () => {
  const name = fc.oneof(fc.constantFrom('a', 'b', 'é', '"', '\\\\', '__proto__', '{}', ']'), text.filter((name) => !name.includes('.')));
  await fc.assert(
    fc.asyncProperty(value, fc.array(fc.tuple(name, fc.array(fc.tuple(name, value))), { minLength: 1, maxLength: 3 }), fc.constantFrom(undefined, 1, '\t'), sizes, async (part, levels, indent, sizes) => {
      const path = levels.map(([own]) => own).join('.');
      fc.pre(path !== '');
      const document = levels.toReversed().reduce<unknown>((inner, [own, others]) => Object.fromEntries([...others.filter(([other]) => other !== own), [own, inner], ...others.filter(([other]) => other !== own).map(([other, one]) => [`${other}2`, one])]), part);
      const bytes = Buffer.from(JSON.stringify(document, undefined, indent));
      assert.deepEqual(await collect(opened(json, { path }).decode(cut(bytes, sizes))), Array.isArray(part) ? part : [part]);
      await assert.rejects(collect(opened(json, { path }).decode(cut(bytes.subarray(0, -1), sizes))), (error) => FlowError.is(error, 'DATA_INVALID'));
    }),
    { seed: 7 },
  );
});

test('errors name the place', async () => {
  const message = async (converter: RecordConverter, text: string) => collect(converter.decode(cut(Buffer.from(text), [3]))).then(() => assert.fail('it was read'), (error: unknown) => (FlowError.is(error, 'DATA_INVALID') ? error.message : assert.fail(String(error))));
  assert.equal(await message(opened(ndjson), '1\n2\nx\n'), "Line 3 of the NDJSON document is not JSON: Unexpected token 'x'.");
  assert.equal(await message(opened(ndjson), '1\n2\n\n{"é":1,}\n'), 'Line 4, column 8 of the NDJSON document is not JSON: Expected double-quoted property name.');
  assert.equal(await message(opened(ndjson), '{"a":"\n"}'), 'Line 1, column 7 of the NDJSON document is not JSON: Unterminated string.');
  assert.equal(await message(opened(json), '[1,{"é":1,}]'), 'The JSON document cannot be read at byte 11: Expected double-quoted property name.');
  assert.match(await message(opened(json), '[1,2,x]'), /at byte 5:/);
  assert.match(await message(opened(json), '[1] 2'), /at byte 4: Something follows/);
  assert.match(await message(opened(json, { path: 'a.b' }), '{"a":{"b":[1,x]}}'), /at byte 13:/);
  assert.match(await message(opened(fixedWidth, { columns: [{ name: 'a', length: 2 }, { name: 'n', length: 2, type: 'number' }] }), 'x 1\nx y\n'), /^Line 2 .*"y" in the column "n"/);
  assert.match(await message(opened(csv), 'a,b\n1,2\n3\n'), /^Line 3 /);
  assert.equal(await message(opened(xml), '<a>\n<b>\n</c></a>'), 'Line 3, column 5 of the XML document cannot be read: unexpected close tag, where <b> of line 2 is open.');
  assert.equal(await message(opened(xml), '<a>\n <p:b x="1"/>\n <p:c>'), 'Line 3, column 7 of the XML document cannot be read: <c> of line 3 is not closed.');
  assert.equal(await message(opened(xml), '<a>\n <b x=1/></a>'), 'Line 2, column 8 of the XML document cannot be read: unquoted attribute value.');
  for (const end of ['\n', '\r\n']) {
    const lines = (...all: readonly string[]): string => all.map((line) => line + end).join('');
    for (const [text, place] of [
      [lines('a,b', '1,2', '', '"x', 'y","z', '5,6', '7,8'), /^Line 5 of the CSV document cannot be read: the quote that opens its value 2 is never closed\.$/], [lines('a', '"1', '2').slice(0, -end.length), /^Line 2 .*opens its value 1/],
      [lines('a,b', '"x', 'y",1', '"u', 'v",2', '3'), /^Line 6 .*it has 1 values/], [lines('a,b', '"x', 'y",1', '3,z"'), /^Line 4 .*: a quote stands within its value 2\. See the settings "delimiter" and "looseQuotes"\.$/], [lines('a,b', '"x', 'y",1', '"3" ,z'), /^Line 4 .*: something follows the quote that closes its value 1\. See the settings "delimiter" and "looseQuotes"\.$/],
    ] as const) {
      assert.match(await message(opened(csv), text), place, JSON.stringify(text));
      assert.throws(() => parseTable(text, plainDialect, 'CSV'), (error) => FlowError.is(error, 'DATA_INVALID') && place.test(error.message) || assert.fail(String(error)));
    }
  }
});

test('a failure of the source is not taken for bad data', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n');
    throw new Error('the line broke');
  }
  for (const converter of [opened(csv), opened(ndjson)]) await assert.rejects(collect(converter.decode(broken())), /the line broke|not JSON/);
});

test('fixed width: a number is written with all its digits, or not at all', async () => {
  const written = async (value: unknown, column: object) => Buffer.concat(await collect(opened(fixedWidth, { columns: [{ name: 'n', length: 22, align: 'right', type: 'number', ...column }] }).encode([{ n: value }]))).toString().trim();
  for (const [value, column, expected] of [
    ['12345678901234567.89', { decimals: 2 }, '1234567890123456789'], ['-12345678901234567890', {}, '-12345678901234567890'], ['9007199254740993', {}, '9007199254740993'], [1234567890123456.8, { decimals: 2 }, '123456789012345680'],
    ['0.1234567890123456789', {}, '0.1234567890123456789'], [' +007.50 ', {}, '7.5'], ['1e3', { decimals: 2 }, '100000'], ['1e18', {}, '1000000000000000000'], ['9007199254740993e0', {}, '9007199254740993'], ['-1.5E+16', { decimals: 1 }, '-150000000000000000'], ['+12345678901234.56e2', {}, '1234567890123456'], ['-0.00', { decimals: 2 }, '0'], ['.5', { decimals: 1 }, '5'], [0.05, { decimals: 2 }, '5'], [-12.5, { decimals: 2, pad: '0' }, '-000000000000000001250'],
    ['12345678901234567.895', { decimals: 2 }, /no number with at most 2 decimals/], [1.005, { decimals: 2 }, /at most 2 decimals/], ['0x10', {}, /no number/], ['1e22', {}, /too large or too small/], [1e21, {}, /too large or too small/], [1e-7, { decimals: 12 }, /too large or too small/], [Number.NaN, {}, /no number/], ['', {}, /no number/],
  ] as const) await (typeof expected === 'string' ? written(value, column).then((text) => assert.equal(text, expected)) : assert.rejects(written(value, column), (error) => FlowError.is(error, 'DATA_INVALID') && (expected.test(error.message) || assert.fail(error.message))));
});

test('a field without a column is not lost quietly', async () => {
  await assert.rejects(collect(opened(csv).encode([{ a: 1 }, { a: 1, b: 2 }])), /Record 2 has the field "b"/);
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

test('XML: what no document can hold is refused', async () => {
  const written = (records: readonly unknown[], settings = {}) => collect(opened(xml, { ...xmlSettings, ...settings }).encode(records)).then(() => 'written', (error: unknown) => (FlowError.is(error) ? error.code : String(error)));
  for (const records of [[{ a: 1, b: 2 }], [{ a: [1, 2] }], [{ a: 1 }, { b: 2 }], [], ['text'], [{ 'a b': 1 }], [{ a: '\0' }], [{ ª: 1 }], [{ 'a:': 1 }], [{ 'a:b:c': 1 }], [Array.from({ length: 1001 }).reduce<unknown>((inner) => ({ a: inner }), 1)]]) assert.equal(await written(records), 'DATA_INVALID', JSON.stringify(records));
  assert.equal(await written([{ a: 1, b: 2 }], { root: 'list' }), 'written');
  assert.equal(await written([{ a: [1] }], { root: 'list' }), 'written');
  assert.equal(await written([[1, 2]], { root: 'list' }), 'DATA_INVALID');
  assert.equal(await written([{ 'x\u0301:été': 1 }]), 'written');
  assert.equal(await written([{ a: 'é' }], { declaration: false, encoding: 'windows-1252' }), 'CONFIG_INVALID');
});

test('CSV: lines that are skipped are not read, wherever a chunk ends, and count', async () => {
  const titles = ['5" pipes', '', '"open', 'a,b,c'];
  for (const end of ['\n', '\r\n', '\r']) for (const encoding of ['utf-8', 'utf-16le', 'windows-1252']) for (const size of [1, 2, 3, 1000]) {
    const records = (lines: readonly string[], skip: number) => collect(opened(csv, { skip, encoding }).decode(cut(iconv.encode(lines.map((line) => line + end).join(''), encoding), [size])));
    assert.deepEqual(await records([...titles, 'id,näme', '1,a'], 4), [{ id: '1', näme: 'a' }], JSON.stringify([end, encoding, size]));
    assert.deepEqual(await records(['x', '', 'id', '1'], 1), [{ id: '1' }]);
    await assert.rejects(records([...titles, 'id,name', '1,a', '2'], 4), /Line 7 of the CSV document cannot be read: it has 1 values/);
    await assert.rejects(records([...titles, 'id,name', '"1', 'x', 'y'], 4), /Line 6 of the CSV document cannot be read: the quote that opens its value 1/);
    assert.deepEqual(await records(titles, 9), []);
  }
});

test('XML: a number that is none is refused, wherever it stands', async () => {
  const message = (field: string, value: number): RegExp => new RegExp(`^The field "${field}" has the value ${value}, which is no number that anybody reads`);
  for (const value of [Number.NaN, Infinity, -Infinity]) for (const [record, field] of [[{ a: value }, 'a'], [{ a: { '@b': value } }, '@b'], [{ a: { '#text': value } }, 'a'], [{ a: { b: [1, value] } }, 'b']] as const) await assert.rejects(collect(opened(xml).encode([record])), (error) => FlowError.is(error, 'DATA_INVALID') && message(field, value).test(error.message));
});

test('CSV: a number that is none is refused', async () => {
  for (const value of [Number.NaN, Infinity, -Infinity]) await assert.rejects(collect(opened(csv).encode([{ a: 1 }, { a: value }])), (error) => FlowError.is(error, 'DATA_INVALID') && /^Record 2 has the value -?(NaN|Infinity), which is no number/.test(error.message));
});

test('XML: a list in a list is refused, by the name of its field', async () => {
  for (const settings of [{}, { root: 'list' }]) await assert.rejects(collect(opened(xml, settings).encode([{ o: { a: [[1, 2], [3]] } }])), (error) => FlowError.is(error, 'DATA_INVALID') && /"a" holds a list in a list/.test(error.message));
});

test('XML: how long a record is counts from where it begins, whatever else is in its chunk', async () => {
  const read = async (text: string, sizes = [text.length]) => {
    let count = 0;
    for await (const record of opened(xml, { element: 'o.r' }).decode(cut(Buffer.from(text), sizes))) count += Number(typeof record === 'string' || record !== undefined);
    return count;
  };
  const half = 'x'.repeat(LONGEST_RECORD / 2);
  assert.equal(await read(`<o><r>${half}</r><r>${half}</r><r>${half}</r></o>`), 3);
  for (const sizes of [undefined, [1 << 20]]) await assert.rejects(read(`<o><r>1</r><r>${half}${half}</r></o>`, sizes), (error) => FlowError.is(error, 'DATA_TOO_LARGE'));
});

test('XML: what would do harm is refused', async () => {
  const cases: [string, RegExp][] = [
    ['<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', /^Line 1, .*declares entities/],
    ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', /declares entities/],
    ['<a>\n&b;</a>', /^Line 2, .*undefined entity/],
    ['<a>'.repeat(5000), /more than 1000 elements/],
    ['<a b="1" b="2"/>', /duplicate attribute/],
    ['<a/><b/>', /^Line 1, column 8 /],
    ['<a>&#0;</a>', /malformed character entity/],
  ];
  for (const [document, message] of cases) await assert.rejects(collect(opened(xml).decode(cut(Buffer.from(document), [7]))), (error) => FlowError.is(error, 'DATA_INVALID') && message.test(error.message) && Number(error.details['line']) > 0, document.slice(0, 60));
  assert.deepEqual(await collect(opened(xml).decode(cut(Buffer.from('<__proto__ constructor="x"><__proto__>1</__proto__></__proto__>'), [7]))), [JSON.parse('{"__proto__":{"@constructor":"x","__proto__":"1"}}')]);
});

for (const [format, converter, message, details] of [['JSON', json, 'The JSON document cannot be read at byte 11: its bytes are no text in UTF-8.', { offset: 11 }], ['NDJSON', ndjson, 'Line 1 of the NDJSON document has bytes that are no text in UTF-8.', { line: 1 }]] as const) test(`${format} with bytes that are no text says how to name its charset`, async () => {
  await assert.rejects(collect(opened(converter).decode(cut(Buffer.from('[1,{"a":"Größe"}]', 'latin1'), [4]))), (error) => FlowError.is(error, 'DATA_INVALID') && (assert.deepEqual([error.message, error.details], [message, details]), /charset/.test(error.remedy)));
});

test('encodings: what the document says goes before the settings, and a text before both', async () => {
  const latin = Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a>\x80</a>', 'latin1');
  const utf8 = Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a>€</a>');
  const utf16 = Buffer.from('\uFEFFa\n€\n', 'utf16le');
  for (const size of [1, 2, 1000]) {
    assert.deepEqual(await collect(opened(xml).decode(cut(latin, [size]))), [{ a: '€' }]);
    assert.deepEqual(await collect(opened(xml).decode(cut(utf8, [size]), { isUtf8: true })), [{ a: '€' }]);
    assert.deepEqual(await collect(opened(csv).decode(cut(utf16, [size]))), [{ a: '€' }]);
    for (const written of [(text: string) => Buffer.from(text), (text: string) => Buffer.from(text, 'utf16le'), (text: string) => Buffer.from(text, 'utf16le').swap16()]) {
      assert.deepEqual(await collect(opened(json).decode(cut(written('\uFEFF[{"a":"€😀ਊ"}]'), [size]))), [{ a: '€😀ਊ' }]);
      assert.deepEqual(await collect(opened(json, { path: 'b' }).decode(cut(written('\uFEFF{"b":["€"]}'), [size]))), ['€']);
      assert.deepEqual(await collect(opened(ndjson).decode(cut(written('\uFEFF{"a":"€😀ਊ"}\n1'), [size]))), [{ a: '€😀ਊ' }, 1]);
    }
    assert.deepEqual(await collect(opened(csv, { encoding: 'windows-1252' }).decode(cut(Buffer.from('a\n\x80\n', 'latin1'), [size]))), [{ a: '€' }]);
    assert.deepEqual(await collect(opened(csv, { encoding: 'windows-1252' }).decode(cut(Buffer.from('a\n€\n'), [size]), { isUtf8: true })), [{ a: '€' }]);
    await assert.rejects(collect(opened(csv).decode(cut(Buffer.from('a\nb\nc \x80\n', 'latin1'), [size]))), /^FlowError.*: Line 3 of the CSV document has bytes that are no text in utf-8|Line 3 of the CSV document has bytes/);
  }
  await assert.rejects(collect(opened(csv, { encoding: 'iso-8859-15' }).encode([{ a: 'ok' }, { a: '漢' }])), /has no character "漢" \(U\+6F22\)/);
  await assert.rejects(collect(opened(csv, { encoding: 'iso-8859-1' }).encode([{ a: 'é' }, { a: 'é€' }])), /iso-8859-1 has no character "€" \(U\+20AC\)/);
});

test('formulas are written as texts, numbers as they are', async () => {
  const cells = ['=1+1', '+49 30', '+49-30', '-5', '-5,50', '-x', '@A1', 'a=b', -3, "'=1"];
  const written = Buffer.concat(await collect(opened(csv, { formulas: 'escape', header: false }).encode(cells.map((cell) => [cell])))).toString();
  assert.deepEqual(written.trimEnd().split('\n'), ["'=1+1", '+49 30', "'+49-30", '-5', '"-5,50"', "'-x", "'@A1", 'a=b', '-3', "'=1"]);
});

test('what was packed is unpacked again, however it is cut into chunks; what is damaged is bad data', async () => {
  const packings = fc.array(fc.constantFrom<Packing>('gzip', 'base64'), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 50 }), packings, sizes, async (bytes, into, sizes) => {
      const whole = Buffer.concat(await collect(packed(cut(bytes, sizes), into)));
      assert.deepEqual(Buffer.concat(await collect(unpacked(cut(whole, sizes), into.toReversed()))), Buffer.from(bytes));
    }),
    { seed: 7 },
  );
  const zipped = Buffer.concat(await collect(packed(cut(Buffer.from('text'), [9]), ['gzip'])));
  for (const [bytes, from] of [[zipped.subarray(0, -3), 'gzip'], [Buffer.from('text'), 'gzip'], [Buffer.from('YQ==YQ'), 'base64'], [Buffer.from('Y'), 'base64'], [Buffer.from('Y!=='), 'base64']] as const) await assert.rejects(collect(unpacked(cut(bytes, [2]), [from])), (error) => FlowError.is(error, 'DATA_INVALID'), `${from} ${bytes.toString('latin1')}`);
  assert.equal(Buffer.concat(await collect(unpacked(cut(Buffer.from('Pj4-\r\nPw=='), [1]), ['base64']))).toString(), '>>>?');
});

// What nobody sees in a text: it comes through as it was, or is an error that names it.
const unseen: Readonly<Record<string, string>> = { 'half a letter': 'a\ud83db', 'the second half of one': 'a\ude00', NUL: 'a\0b', 'a mark inside': 'a\uFEFFb', 'a mark at the start': '\uFEFFa', 'a line separator': 'a\u2028b', CRLF: 'a\r\nb', CR: 'a\rb', 'letters beyond the first plane': '😀𝒳' };
const refused = new Map<string, RegExp>([
  ...['csv', 'tsv', 'fixed width', 'form'].flatMap((name) => [[`${name}: half a letter`, /half of a character \(U\+D83D\).*: ".*a\\ud83db/s], [`${name}: the second half of one`, /half of a character \(U\+DE00\).*: ".*a\\ude00/s]] as const),
  ['xml: half a letter', /^The field "v" .*U\+D83D: /], ['xml: the second half of one', /^The field "v" .*U\+DE00: /], ['xml: NUL', /^The field "v" .*U\+0000: /], ['fixed width: a mark at the start', /^Record 1 .*U\+FEFF/], ['fixed width: CRLF', /line/], ['fixed width: CR', /line/],
]);
for (const [name, converter] of [
  ['json', opened(json)], ['ndjson', opened(ndjson)], ['csv', opened(csv)], ['tsv', opened(tsv)], ['xml', opened(xml, { root: 'list', item: 'o', element: 'list.o' })], ['fixed width', opened(fixedWidth, { columns: [{ name: 'v', length: 8 }, { name: 'w', length: 8 }] })], ['form', opened(form)],
] as const) {
  for (const [title, value] of Object.entries(unseen)) {
    test(`${name}: ${title} comes through, or is refused`, async () => {
      const records = name === 'form' ? [{ v: value, w: value }] : [{ v: value, w: value }, { v: value, w: 'x' }];
      const message = refused.get(`${name}: ${title}`);
      for (const size of [1, 3, 7, 1_000]) {
        const round = async () => collect(converter.decode(cut(Buffer.concat(await collect(converter.encode(records))), [size])));
        if (message) await assert.rejects(round, (error) => FlowError.is(error, 'DATA_INVALID') && message.test(error.message) || assert.fail(String(error)));
        else assert.deepEqual(await round(), records);
      }
    });
  }
}

test('ndjson: a mark goes at the start of the document alone, however it is cut', async () => {
  for (const size of [1, 4, 5, 100]) {
    assert.deepEqual(await collect(opened(ndjson).decode(cut(Buffer.from('\uFEFF1\n2\n'), [size]))), [1, 2]);
    for (const line of ['\uFEFF2', '\uFEFF', '\u00a0']) await assert.rejects(collect(opened(ndjson).decode(cut(Buffer.from(`1\n${line}\n3\n`), [size]))), (error) => FlowError.is(error, 'DATA_INVALID') && error.details['line'] === 2, JSON.stringify([line, size]));
  }
});

test('packing: what nobody sees in a text comes through', async () => {
  for (const into of [['gzip'], ['base64'], ['gzip', 'base64']] as const) for (const text of [...Object.values(unseen), Object.values(unseen).join('')]) {
    const bytes = Buffer.from(text.toWellFormed());
    assert.deepEqual(Buffer.concat(await collect(unpacked(packed(cut(bytes, [1]), into), into.toReversed()))), bytes, JSON.stringify(text));
  }
});
