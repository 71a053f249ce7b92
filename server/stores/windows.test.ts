import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import type { BodyWindow } from '../model/api.ts';
import { parseJson } from '../../plugins/sdk/index.ts';
import { openBlobs } from './blobs.ts';
import type { WindowRequest } from '../model/body-window.ts';
import { openWindows } from './windows.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-windows-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const blobs = openBlobs(folder);
let last = 0;

/** Reads windows of a text, parsed as a whole or scanned in pieces so small that every border is met. */
function reader(text: string | Buffer, limits: Parameters<typeof openWindows>[1] = {}, mediaType = 'application/json') {
  const hash = (++last).toString(16).padStart(64, '0');
  blobs.write(hash, Buffer.from(text as string), false);
  const windows = openWindows(blobs, limits);
  return (window: Partial<WindowRequest>): Promise<BodyWindow | undefined> => windows.read({ hash, size: Buffer.byteLength(text), mediaType }, { path: '', offset: 0, limit: 100, ...window });
}
const scanned = { parsedBytes: 0, stride: 3, bigBytes: 20, chunkBytes: 7 };

const pointer = (keys: readonly string[]): string => keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** All places of a document. */
function* places(value: unknown, keys: readonly string[] = []): Generator<readonly string[]> {
  yield keys;
  if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) yield* places(item, [...keys, key]);
}

test('what is scanned is what is parsed, at every place and in every window', async () => {
  const document = fc.jsonValue({ maxDepth: 4 }).filter((value) => typeof value === 'object' && value !== null);
  await fc.assert(fc.asyncProperty(document, fc.nat(6), fc.nat(5), fc.constantFrom(undefined, 1, '\t'), async (value, offset, limit, indent) => {
    const text = JSON.stringify(value, undefined, indent);
    const parsed = parseJson(text);
    const [whole, pieces] = [reader(text), reader(text, scanned)];
    for (const keys of places(parsed)) {
      const window = { path: pointer(keys), offset, limit };
      const [expected, actual] = [await whole(window), await pieces(window)];
      assert.ok(expected, window.path);
      assert.deepEqual({ ...actual, hash: '' }, { ...expected, hash: '' }, window.path);
    }
  }), { seed: 7, numRuns: 300 });
});

for (const [title, text, window, expected] of [
  ['a page of a list', '[10, 11, 12, 13]', { offset: 1, limit: 2 }, { kind: 'array', count: 4, entries: [['1', 11], ['2', 12]] }],
  ['past the end', '[1]', { offset: 5 }, { kind: 'array', count: 1, entries: [] }],
  ['nothing of it', '[1]', { limit: 0 }, { kind: 'array', count: 1, entries: [] }],
  ['an empty object', ' { } ', {}, { kind: 'object', count: 0, entries: [] }],
  ['a scalar document', ' "x" ', {}, { kind: 'string', count: 0, value: 'x', entries: [] }],
  ['a key with a slash and a quotation mark', '{"a/\\"b~":{"c":[1]}}', { path: '/a~1"b~0/c' }, { kind: 'array', count: 1, entries: [['0', 1]] }],
  ['a key that is written with escapes', '{"\\u0061b":1}', { path: '/ab' }, { kind: 'number', count: 0, value: 1, entries: [] }],
  ['brackets in texts', '{"a":"]}\\\\\\"","b":[{"c":"[{"}]}', { path: '/b/0' }, { kind: 'object', count: 1, entries: [['c', '[{']] }],
] as const) {
  for (const [how, limits] of [['parsed', {}], ['scanned', scanned]] as const) {
    test(`${title}, ${how}`, async () => {
      const found = await reader(text, limits)(window);
      assert.ok(found);
      const { kind, count, entries, value } = found;
      assert.deepEqual({ kind, count, ...(value !== undefined && { value }), entries: entries.map((entry) => [entry.key, entry.value]) }, expected);
    });
  }
}

for (const [how, limits] of [['parsed', {}], ['scanned', scanned]] as const) {
  test(`there is nothing at a wrong path, ${how}`, async () => {
    const read = reader('{"a":[1,{"b":2}],"length":3}', limits);
    for (const path of ['/b', '/a/2', '/a/-1', '/a/x', '/a/length', '/a/1/c', '/a/0/x', '/__proto__', '/toString']) assert.equal(await read({ path }), undefined, path);
  });
  test(`long texts are cut, ${how}`, async () => {
    const long = 'ä"\\€😀\u0001'.repeat(20_000);
    const read = reader(JSON.stringify({ long, list: [long] }), limits);
    const [entry] = (await read({ path: '/list' }))?.entries ?? [];
    assert.deepEqual([entry?.value, entry?.cut], [long.slice(0, 1_024), true]);
    const window = await read({ path: '/long' });
    assert.deepEqual([window?.value, window?.cut], [long.slice(0, 65_536), true]);
  });
}

test('JSON that is none is a text', async () => {
  const { kind, value } = (await reader('{"a":')({})) ?? {};
  assert.deepEqual([kind, value], ['text', '{"a":']);
});

test('windows of a text in a row give the text, whatever letters stand at the borders', async () => {
  const text = 'aä€😀'.repeat(50);
  const read = reader(text, {}, 'text/plain');
  for (const limit of [1, 2, 3, 5, 64]) {
    let all = '';
    for (let offset = 0; offset < Buffer.byteLength(text); offset += limit) all += ((await read({ offset, limit }))?.value as string) ?? '';
    assert.equal(all, text, `${limit} bytes at a time`);
  }
});

test('a text that is no UTF-8 says so, and how many bytes a window has', async () => {
  for (const mediaType of ['text/csv', 'application/json']) {
    const bytes = Buffer.from('["Größe"]', 'latin1');
    const { kind, value, faulty } = (await reader(bytes, {}, mediaType)({})) ?? {};
    assert.deepEqual([kind, value, faulty], ['text', '["Gr\uFFFD\uFFFDe"]', { bytes: bytes.length }]);
  }
  assert.equal((await reader('["Größe \uFFFD"]', {}, 'text/csv')({}))?.faulty, undefined);
});

test('bytes are Base64', async () => {
  const { kind, value, cut } = (await reader('\u0000abc', {}, 'application/octet-stream')({ offset: 1, limit: 2 })) ?? {};
  assert.deepEqual([kind, value, cut], ['binary', Buffer.from('ab').toString('base64'), true]);
});
