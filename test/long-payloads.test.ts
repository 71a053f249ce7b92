import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, parseJson, type Output, type Payload, type Shape } from '../plugins/sdk/index.ts';
import csv from '../plugins/converters/csv.ts';
import fixedWidth from '../plugins/converters/fixed-width.ts';
import json from '../plugins/converters/json.ts';
import ndjson from '../plugins/converters/ndjson.ts';
import xml from '../plugins/converters/xml.ts';
import convert from '../plugins/shapes/convert.ts';
import filter from '../plugins/shapes/filter.ts';
import flowControl from '../plugins/shapes/flow-control.ts';
import forEach from '../plugins/shapes/for-each.ts';
import route from '../plugins/shapes/route.ts';
import split from '../plugins/shapes/split.ts';
import { bodyOf, createPayload, streamPayload } from '../server/engine/payload.ts';
import { completeSettings } from '../server/runner/complete-settings.ts';
import { inChunks, payloadContext, stepContext, type ExampleWorld } from './support/plugin-contexts.ts';

// What is too long to be read as a whole is read record by record, and comes out as it would of a short payload.

const world: ExampleWorld = { plugins: [], complete: () => undefined as never };
const [aFilter, aRoute, aSplit, batches, eachOf] = [filter, route, split, flowControl, forEach] as unknown as readonly [Shape, Shape, Shape, Shape, Shape];

type Given = Readonly<Record<string, unknown>>;

/** What a shape gives, with bodies of any length as values. */
async function given(shape: Shape, settings: Given, payloads: readonly Payload[]): Promise<readonly unknown[]> {
  const complete = completeSettings(shape, settings) as never;
  const opened = await shape.open(complete, stepContext(world, shape, complete));
  const run = typeof opened === 'function' ? { payload: opened, end: undefined } : opened;
  const all: unknown[] = [];
  const take = async (outputs: Iterable<Output> | AsyncIterable<Output>): Promise<void> => {
    for await (const { port, payload } of outputs) all.push([port, parseJson(await textOf(payload)), payload.meta]);
  };
  for (const payload of payloads) await take(await run.payload(payload, await payloadContext(world, complete, payload)));
  if (run.end) await take(await run.end(await payloadContext(world, complete, undefined)));
  return all;
}

async function textOf(payload: Payload): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of payload.bytes()) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

const long = (text: string, sizes: number | readonly number[], maxBytes = 0): Payload => {
  const bytes = new TextEncoder().encode(text);
  return streamPayload({ id: 'p', mediaType: 'application/json', meta: { from: 'shop' }, size: bytes.length, maxBytes, open: () => inChunks(bytes, sizes) });
};
const short = (text: string): Payload => createPayload({ id: 'p', body: parseJson(text), meta: { from: 'shop' } });

const conditions = [{ any: [{ field: 'n', is: 'greater-than', value: 2 }, { field: 'tags[*]', value: 'é"]' }] }];
const routes = [{ name: 'big', when: conditions }, { name: 'named', when: [{ field: 'name', is: 'is-not-empty' }] }];
const uses: readonly (readonly [title: string, shape: Shape, settings: Given])[] = [
  ['filter', aFilter, { conditions }],
  ['filter others', aFilter, { conditions, keep: 'others' }],
  ['route all', aRoute, { routes }],
  ['route first', aRoute, { routes, mode: 'first' }],
  ['flow-control across', batches, { size: 2 }],
  ['flow-control', batches, { size: 2, across: false, unwrapSingle: true }],
  ['for-each', eachOf, {}],
] as const;

const names = fc.constantFrom('n', 'name', 'tags', 'orders', 'data', 'é', '"]', '\\', '');
const values = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, fc.constantFrom<unknown>(null, true, 0, -1.5e3, 3, 'x', 'é"]', ',', '{', '[1,2', '\\"', '😀', 12345678), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(names, tie('value'), { maxKeys: 3 })),
})).value;
const records = fc.oneof(fc.array(values, { maxLength: 6 }), fc.array(fc.record({ n: fc.integer({ min: 0, max: 5 }), name: fc.option(fc.string()), tags: fc.array(fc.constantFrom('é"]', 'b')) }, { requiredKeys: [] }), { maxLength: 6 }), fc.record({ n: fc.integer({ min: 0, max: 5 }) }));
/** Where the records stand, with what stands around them. */
const places: readonly (readonly [path: string, wrap: (records: unknown, other: unknown) => unknown])[] = [
  ['', (own) => own],
  ['orders', (orders, other) => ({ page: other, orders, next: other })],
  ['data["my orders"]', (own, other) => ({ orders: other, data: { x: other, 'my orders': own }, 'my orders': other })],
];
const texts = fc.tuple(fc.constantFrom(...places), records, values, fc.constantFrom(undefined, 1, ' \r\n')).map(([[path, wrap], own, other, space]) => ({ path, text: JSON.stringify(wrap(own, other), undefined, space) }));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

for (const [title, shape, settings] of uses) {
  test(`${title}: a long payload gives what a short one gives`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 2 }), sizes, async ([first, second = first], chunks) => {
      const own = { ...settings, records: first!.path };
      const all = [first!, ...(second!.path === first!.path ? [second!] : [])].map(({ text }) => text);
      assert.deepEqual(await given(shape, own, all.map((text) => long(text, chunks))), await given(shape, own, all.map(short)));
    }), { seed: 7, numRuns: 150 });
  });
}

const orders = JSON.stringify({ page: 1, orders: [{ id: 1, lines: [{ sku: 'A' }, { sku: 'B' }] }, { id: 2, lines: [] }, { id: 3 }, { id: 4, lines: [{ sku: 'C' }] }], next: { page: 2 } });
for (const settings of [{ path: '' }, { path: 'orders' }, { path: 'next', wrapper: 'a "b"' }, { path: 'orders', each: true }, { path: 'orders[*]' }, { path: 'orders[*].lines' }, { path: 'orders[*].lines', each: true, wrapper: 'line' }, { path: 'orders[*].lines[*].sku' }, { path: 'next.page' }]) {
  test(`split ${JSON.stringify(settings)}: the same`, async () => {
    for (const size of [1, 7, 1000]) assert.deepEqual(await given(aSplit, settings, [long(orders, size)]), await given(aSplit, settings, [short(orders)]));
  });
}

test('what goes on is a stream where it is long, is read again, and is what the records were, letter by letter', async () => {
  const text = `{"page":1,"orders":[${Array.from({ length: 40_000 }, (_, n) => `{ "id": ${n}, "big": 9007199254740993, "text":"${'é'.repeat(20)}" }`).join(',')}]}`;
  const complete = completeSettings(aFilter, { records: 'orders', conditions: [{ field: 'id', is: 'at-least', value: 10_000 }] }) as never;
  const run = await aFilter.open(complete, stepContext(world, aFilter, complete));
  const whole = long(text, 65_536, 1_000_000);
  const [output] = await (run as unknown as (payload: Payload, context: unknown) => Promise<Output[]>)(whole, await payloadContext(world, complete, whole));
  const kept = output!.payload;
  const body = bodyOf(kept);
  assert.deepEqual([body.kind, kept.mediaType, kept.meta], ['stream', 'application/json', { from: 'shop' }]);
  const expected = text.replace(/(?<="orders":\[).*?(?=\{ "id": 10000,)/s, '');
  for (const _ of ['first', 'again']) {
    const read = await textOf(kept);
    assert.ok(read === expected);
    assert.equal(body.kind === 'stream' && body.size, new TextEncoder().encode(read).length);
  }
  await assert.rejects(kept.json(), { code: 'DATA_TOO_LARGE' });
});

const fails = (title: string, shape: Shape, settings: Given, text: string, expected: { readonly code: string; readonly message: RegExp }): void => void test(title, async () => {
  await assert.rejects(given(shape, settings, [long(text, 5)]), (error) => FlowError.is(error) && error.code === expected.code && expected.message.test(error.message));
});
fails('a document that breaks off', aFilter, { conditions: [] }, '[{"n":1},{"n":', { code: 'DATA_INVALID', message: /ends in the middle of a list/ });
fails('something behind its end', aFilter, { records: 'orders', conditions: [] }, '{"orders":[]} 1', { code: 'DATA_INVALID', message: /something follows the end/ });
fails('a record that is none', aRoute, { routes }, '[{"n":1},{n:2}]', { code: 'DATA_INVALID', message: /at byte 10: Expected property name/ });
fails('a path that leads nowhere', batches, { records: 'data.orders' }, '{"data":{"items":[1]}}', { code: 'DATA_INVALID', message: /nothing at "data\.orders"/ });
fails('a place that only all of it can tell', aFilter, { records: 'pages[-1].orders', conditions: [] }, '{"pages":[{"orders":[]}]}', { code: 'DATA_TOO_LARGE', message: /"pages\[-1\]\.orders" cannot be found/ });

test('a document that is long is written while it is read, packed too, and again whenever it is read', async () => {
  const count = 70;
  const text = 'ü'.repeat(500_000);
  const record = (id: number): Uint8Array => new TextEncoder().encode(`${JSON.stringify({ id, text })}\n`);
  const whole = streamPayload({ id: 'p', mediaType: 'application/x-ndjson', size: -1, async* open() { for (let id = 0; id < count; id++) yield record(id); } });
  const host = { ...world, plugins: [ndjson, csv] as never, complete: (schema, given) => completeSettings({ settings: schema } as never, given, schema as object) as never } satisfies ExampleWorld;
  const aConvert = convert as unknown as Shape;
  for (const pack of [undefined, 'base64'] as const) {
    const complete = completeSettings(aConvert, { to: 'csv', ...(pack && { pack: [pack] }) }) as never;
    const run = (await aConvert.open(complete, stepContext(host, aConvert, complete))) as unknown as (payload: Payload, context: unknown) => Promise<Output[]>;
    const [output, more] = await run(whole, await payloadContext(host, complete, whole));
    const body = bodyOf(output!.payload);
    assert.deepEqual([more, body.kind, output!.payload.mediaType], [undefined, 'stream', pack ? 'text/plain' : 'text/csv']);
    for (const _ of pack ? ['once'] : ['first', 'again']) {
      let size = 0;
      let lines = 0;
      for await (const chunk of output!.payload.bytes()) {
        size += chunk.length;
        for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines++;
      }
      assert.deepEqual([size, lines], [body.kind === 'stream' ? body.size : -1, pack ? 0 : count + 1]);
    }
  }
});

const mebibyte = (letter: string): Uint8Array => Buffer.alloc(2 ** 20, letter);
/** As what was packed with gzip may become: a few bytes are a record without an end. */
async function* endless(head: string, letter: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head);
  const chunk = mebibyte(letter);
  for (let left = 200; left > 0; left--) yield chunk;
  assert.fail('It was read to its end.');
}
const bombs: readonly (readonly [title: string, open: () => { decode(bytes: AsyncIterable<Uint8Array>): AsyncIterable<unknown> }, head: string, letter: string])[] = [
  ['JSON, a list', () => json.open(completeSettings(json, {}) as never), '[1,', '['], ['JSON, no list', () => json.open(completeSettings(json, {}) as never), '{"a":"', 'x'], ['NDJSON', () => ndjson.open(completeSettings(ndjson, {}) as never), '1\n', '2'],
  ['CSV', () => csv.open(completeSettings(csv, {}) as never), 'a\n"', 'x'], ['XML', () => xml.open(completeSettings(xml, {}) as never), '<a>', 'x'], ['XML, elements', () => xml.open(completeSettings(xml, { element: 'a.b' }) as never), '<a><b/><b>', 'x'], ['XML, beside the records', () => xml.open(completeSettings(xml, { element: 'a.b' }) as never), '<a><b/><c>', 'x'],
  ['fixed width', () => fixedWidth.open(completeSettings(fixedWidth, { columns: [{ name: 'a', length: 2 }] }) as never), 'xx\n', 'x'],
];
for (const [title, open, head, letter] of bombs) {
  test(`a record that never ends is refused: ${title}`, async () => {
    await assert.rejects(async () => { for await (const _ of open().decode(endless(head, letter))); }, (error) => FlowError.is(error) && /DATA_TOO_LARGE|DATA_INVALID/.test(error.code) && /64 MB/.test(error.message) && error.remedy !== '');
  });
}

test('what is held of a chunk is a copy: the buffer may be used again', async () => {
  async function* reused(text: string): AsyncGenerator<Uint8Array> {
    const buffer = Buffer.alloc(3);
    for (let at = 0; at < text.length; at += 3) yield buffer.subarray(0, buffer.write(text.slice(at, at + 3)));
  }
  for (const [converter, text] of [[json, '[{"id":1},{"id":2}]'], [ndjson, '{"id":1}\n{"id":2}\n']] as const) {
    const found: unknown[] = [];
    for await (const record of converter.open(completeSettings(converter, {}) as never).decode(reused(text))) found.push(record);
    assert.deepEqual(found, [{ id: 1 }, { id: 2 }]);
  }
});
