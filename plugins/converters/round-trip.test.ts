import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, parseJson, type RecordConverter } from '../sdk/index.ts';
import csv from './csv.ts';
import json from './json.ts';
import ndjson from './ndjson.ts';
import xml from './xml.ts';

const value = fc.jsonValue({ maxDepth: 3 }).map((value) => parseJson(JSON.stringify(value)));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const text = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
const table = fc.uniqueArray(fc.oneof(text, fc.constant('__proto__')), { minLength: 1, maxLength: 4 }).chain((names) => fc.array(fc.tuple(...names.map(() => text)).map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index]]))), { minLength: 1 }));
const xmlSettings = { lists: [], namespaces: 'keep' as const, item: 'record', declaration: true };
// Elements lose the white space around their text, and an empty one is an empty text.
const xmlText = fc.string({ unit: 'grapheme' }).map((text) => text.trim());
const xmlName = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,5}$/);
const xmlDocument = fc.letrec<{ value: unknown; fields: object }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, xmlText, tie('fields'), fc.array(xmlText, { minLength: 2, maxLength: 3 })),
  fields: fc.tuple(fc.dictionary(xmlName, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }), fc.dictionary(xmlName.map((name) => `@${name}`), xmlText, { maxKeys: 2, noNullPrototype: true })).map(([fields, attributes]) => ({ ...fields, ...attributes })),
})).fields.map((root) => [{ root }]);
const csvSettings = { header: true, delimiter: ',', quote: '"', lineEnd: 'lf' } as const;

const cases: [string, RecordConverter, fc.Arbitrary<unknown[]>][] = [
  ['json', json.open({ unwrapSingle: false }), fc.array(value)],
  ['ndjson', ndjson.open({}), fc.array(value)],
  ['csv', csv.open(csvSettings), table],
  ['xml', xml.open(xmlSettings), xmlDocument],
  ['csv with semicolons, single quotes and CRLF', csv.open({ ...csvSettings, delimiter: ';', quote: "'", lineEnd: 'crlf' }), table],
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

for (const [name, converter, item] of [
  ['json', json.open({ unwrapSingle: false }), (index: number) => `${index === 0 ? '[' : ','}{"id":${index}}`],
  ['ndjson', ndjson.open({}), (index: number) => `{"id":${index}}\n`],
  ['csv', csv.open(csvSettings), (index: number) => (index === 0 ? 'id\n0\n' : `${index}\n`)],
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

test('errors name the place', async () => {
  const message = async (converter: RecordConverter, text: string) => collect(converter.decode(cut(Buffer.from(text), [3]))).then(() => assert.fail('it was read'), (error: unknown) => (FlowError.is(error, 'DATA_INVALID') ? error.message : assert.fail(String(error))));
  assert.match(await message(ndjson.open({}), '1\n2\nx\n'), /^Line 3 /);
  assert.match(await message(json.open({ unwrapSingle: false }), '[1,2,x]'), /at byte 5:/);
  assert.match(await message(json.open({ unwrapSingle: false }), '[1] 2'), /at byte 4: Something follows/);
  assert.match(await message(csv.open(csvSettings), 'a,b\n1,2\n3\n'), /^Line 3 /);
});

test('a failure of the source is not taken for bad data', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n');
    throw new Error('the line broke');
  }
  for (const converter of [csv.open(csvSettings), ndjson.open({})]) await assert.rejects(collect(converter.decode(broken())), /the line broke|not JSON/);
});

test('a field without a column is not lost quietly', async () => {
  await assert.rejects(collect(csv.open(csvSettings).encode([{ a: 1 }, { a: 1, b: 2 }])), /Record 2 has the field "b"/);
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
  const written = (records: readonly unknown[], settings = {}) => collect(xml.open({ ...xmlSettings, ...settings }).encode(records)).then(() => 'written', (error: unknown) => (FlowError.is(error) ? error.code : String(error)));
  for (const records of [[{ a: 1, b: 2 }], [{ a: [1, 2] }], [{ a: 1 }, { b: 2 }], [], ['text'], [{ 'a b': 1 }], [{ a: '\0' }]]) assert.equal(await written(records), 'DATA_INVALID', JSON.stringify(records));
  assert.equal(await written([{ a: 1, b: 2 }], { root: 'list' }), 'written');
});
