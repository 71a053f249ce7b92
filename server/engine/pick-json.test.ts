import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import { compilePath, pathKeys } from '../model/path.ts';
import { pickJson, wantedOf } from './pick-json.ts';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  // One buffer for all of them, as a file is read.
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

const pick = async (text: string, paths: readonly string[], size = 7, maxBytes = 1_000): Promise<unknown> => pickJson(chunksOf(text, size), wantedOf(paths.map((path) => pathKeys(path)))!, maxBytes);

const document = '{"id": 7, "a": {"b": [1, {"c": "}\\"]"}], "d": null}, "items": [{"sku": "ä", "n": [1, 2]}, {"n": {}}, {"sku": "b"}], "id": 8, "tail": "x"}';
for (const [paths, expected] of [
  [['id'], { id: 8 }], [['a.b'], { a: { b: [1, { c: '}"]' }] } }], [['a.b[1].c', 'tail'], { a: { b: [null, { c: '}"]' }] }, tail: 'x' }], [['items[*].sku'], { items: [{ sku: 'ä' }, {}, { sku: 'b' }] }],
  [['items[2]'], { items: [null, null, { sku: 'b' }] }], [['items[*].sku', 'items[0]'], { items: [{ sku: 'ä', n: [1, 2] }, {}, { sku: 'b' }] }], [['nothing.there'], {}], [['id.x'], { id: 8 }], [['a[*]'], { a: { b: [1, { c: '}"]' }], d: null } }], [['items.sku'], { items: [null, null, null] }],
] as const) {
  test(`of a document, ${paths.join(' and ')}`, async () => { for (const size of [1, 2, 5, 1_000]) assert.deepEqual(await pick(document, paths, size), expected); });
}

for (const [text, expected] of [['5', 5], [' "a" ', 'a'], ['[]', []], ['{ }', {}], ['\ufeff{"a":1}', { a: 1 }], ['{"__proto__":{"x":1},"a":2}', { a: 2 }]] as const) {
  test(`of ${JSON.stringify(text)}`, async () => assert.deepEqual(await pick(text, ['a']), expected));
}

for (const text of ['', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,}', '{"a" 1}', '{a:1}', '[1,]', '{"a":1} x', '{"a":tru}', '{"a":1]', ']', '{"b":,"a":1}']) {
  test(`what is no JSON: ${text}`, async () => assert.rejects(pick(text, ['a', '[0]']), (error) => FlowError.is(error, 'DATA_INVALID')));
}

test('what is wanted may be too much, and what is not may not', async () => {
  const text = JSON.stringify({ big: 'x'.repeat(2_000), small: 1 });
  assert.deepEqual(await pick(text, ['small']), { small: 1 });
  await assert.rejects(pick(text, ['big']), (error) => FlowError.is(error, 'DATA_TOO_LARGE'));
});

test('all of it, the end of a list, and paths that ask for more have to be read whole', () => {
  for (const path of ['$', 'items[-1].sku']) assert.equal(wantedOf([pathKeys(path)]), undefined);
  assert.equal(wantedOf([pathKeys('a'), undefined]), undefined);
});

const key = fc.constantFrom('a', 'b', 'ä"\\', '__proto__');
const value = fc.letrec<{ value: unknown }>((tie) => ({ value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true })) })).value;
const path = fc.array(fc.oneof(fc.constantFrom('.a', '.b', '[*]', '[0]', '[1]', '["ä\\"\\\\"]')), { minLength: 1, maxLength: 4 }).map((parts) => `$${parts.join('')}`);

test('a path finds in what was picked what it finds in the whole', () =>
  fc.assert(fc.asyncProperty(value, fc.array(path, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom(undefined, 1), async (whole, paths, size, indent) => {
    const picked = await pick(JSON.stringify(whole, undefined, indent), paths, size, 1_000_000);
    const plain = JSON.parse(JSON.stringify(whole)) as unknown;
    for (const one of paths) assert.deepEqual(compilePath(one).all(picked), compilePath(one).all(plain));
  }), { seed: 5, numRuns: 2_000 }));
