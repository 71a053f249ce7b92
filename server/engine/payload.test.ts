import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, type Payload } from '../../plugins/sdk/index.ts';
import { joined } from './multipart.ts';
import { childId, createPayload, streamPayload, withId } from './payload.ts';

const bytesOf = async (payload: Payload): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of payload.bytes()) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
};
const json = (body: unknown): Payload => createPayload({ id: 'p', body });
const text = (body: string, mediaType = 'text/csv'): Payload => createPayload({ id: 'p', body, mediaType });
const stream = (content: string, mediaType: string, maxBytes?: number): Payload => streamPayload({
  id: 'p', mediaType, size: -1, ...(maxBytes !== undefined && { maxBytes }),
  async* open() { for (const byte of new TextEncoder().encode(content)) yield Uint8Array.of(byte); },
});

test('text that is no JSON is told with its place and what to do', async () => {
  const told = { code: 'DATA_INVALID', message: 'The payload is not valid JSON: line 2, column 9: A comma stands after the last entry, before }.', remedy: 'Remove the comma.', details: { payload: 'p', line: 2, column: 9 } };
  await assert.rejects(stream('{\n  "a": 1,\n}', 'application/json').json(), told);
});

test('ids: the same for the same origin, different for any other', () => {
  const origins: [string, string, number][] = [['p', 's', 0], ['p', 's', 1], ['p', 's', -1], ['ps', '', 0], ['', 'ps', 0], ['p', 's+', 0], ['p ', 's', 0], ['p', ' s', 0], ['p', 's', 10], ['p1', 's', 0], ['', '', 0]];
  const ids = origins.map((origin) => childId(...origin));
  assert.deepEqual(ids, origins.map((origin) => childId(...origin)));
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-v]{14}$/);
});

test('ids: no two of a million, and each half is spread as chance would', () => {
  const all = new Set<string>(), left = new Set<string>(), right = new Set<string>();
  for (let page = 0; page < 500; page++) {
    const parent = childId('p', 'pages', page);
    for (let index = 0; index < 1_000; index++) {
      const id = childId(parent, 'split', index);
      all.add(id);
      left.add(id.slice(0, 7));
      right.add(id.slice(7));
    }
  }
  // 29 are expected.
  assert.deepEqual([all.size, left.size > 499_930, right.size > 499_930], [500_000, true, true]);
});

const reads: readonly (readonly [what: string, payload: Payload, json: unknown, text: string])[] = [
  ['JSON', json({ a: [1, 'ü'] }), { a: [1, 'ü'] }, '{"a":[1,"ü"]}'],
  ['nothing', json(undefined), null, 'null'],
  ['text', text('a,b'), FlowError, 'a,b'],
  ['bytes of JSON', createPayload({ id: 'p', body: new TextEncoder().encode('{"a":1}') }), { a: 1 }, '{"a":1}'],
  ['a stream of JSON whose characters are split', stream('{"ü":"€"}', 'application/vnd.api+json'), { ü: '€' }, '{"ü":"€"}'],
  ['a stream of text', stream('x€', 'text/plain'), FlowError, 'x€'],
  ['a stream of what is not JSON', stream('{"a":', 'application/json'), FlowError, '{"a":'],
];

for (const [what, payload, value, content] of reads) {
  test(`body: ${what}`, async () => {
    if (value === FlowError) await assert.rejects(payload.json(), (error) => FlowError.is(error, 'DATA_INVALID'));
    else assert.deepEqual([await payload.json(), await payload.json()], [value, value]);
    // Again: a stream is opened anew.
    assert.deepEqual([await payload.text(), await bytesOf(payload), await bytesOf(payload)], [content, content, content]);
  });
}

const latin = new Uint8Array([0x61, 0xe9]);
const stays = async (payload: Payload): Promise<void> => {
  await assert.rejects(payload.text(), (error) => FlowError.is(error, 'DATA_INVALID') && error.details['offset'] === 1);
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload.bytes()) chunks.push(chunk);
  assert.deepEqual(joined(chunks), latin);
};
test('bytes that are no text are refused where a text is wanted, and stay as they are', async () => {
  for (const mediaType of ['text/csv', 'application/json', 'application/octet-stream']) await stays(createPayload({ id: 'p', body: latin, mediaType }));
  const open = async function* (): AsyncGenerator<Uint8Array> { yield latin; };
  await stays(streamPayload({ id: 'p', mediaType: 'text/csv', size: 2, open }));
  await assert.rejects(createPayload({ id: 'p', body: latin }).json(), (error) => FlowError.is(error, 'DATA_INVALID') && /is no text in utf-8: byte 1/.test(error.message));
});

test('a stream that is a text was read already, whatever it says of its encoding', async () => {
  const text = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>';
  const open = async function* (): AsyncGenerator<Uint8Array> { yield new TextEncoder().encode(text); };
  const payload = (isText: boolean): Payload => streamPayload({ id: 'p', mediaType: 'application/xml', size: -1, isText, open });
  assert.deepEqual([payload(true).isText, await payload(true).text(), payload(false).isText, await payload(false).text()], [true, text, false, text.replace('é', 'Ã©')]);
});

test('a stream longer than its limit is not read as a whole', async () => {
  await assert.rejects(stream('x'.repeat(101), 'text/plain', 100).text(), (error) => FlowError.is(error, 'DATA_TOO_LARGE'));
  assert.equal((await bytesOf(stream('x'.repeat(101), 'text/plain', 100))).length, 101);
});

test('a change leaves the original as it was', async () => {
  const original = createPayload({ id: 'p', body: { a: 1 }, meta: { x: '1', y: '2' } });
  const changed = original.with({ body: { b: 2 }, meta: { x: undefined, z: '3' } });
  assert.deepEqual([changed.id, changed.meta, await changed.json(), original.meta, await original.json()], ['p', { y: '2', z: '3' }, { b: 2 }, { x: '1', y: '2' }, { a: 1 }]);
  assert.equal(await withId(original, 'q').json(), await original.json());
});

test('a value that is no text makes a text payload JSON', async () => {
  const changed = text('a').with({ body: { b: 1 } });
  assert.deepEqual([changed.mediaType, await changed.json()], ['application/json', { b: 1 }]);
  assert.deepEqual([text('a').with({ body: 'b' }).mediaType, text('a').with({ body: { b: 1 }, mediaType: 'text/plain' }).mediaType], ['text/csv', 'text/plain']);
});

test('metadata have a limit, in bytes of their names and values together', () => {
  for (const [meta, fits] of [[{ x: 'x'.repeat(10_239) }, true], [{ x: 'x'.repeat(10_240) }, false], [{ ['x'.repeat(5_000)]: 'y'.repeat(5_241) }, false], [{ é: '€'.repeat(3_412) }, true], [{ é: '€'.repeat(3_413) }, false]] as const) {
    for (const make of [() => json(1).with({ meta }), () => createPayload({ id: 'p', body: 1, meta }), () => streamPayload({ id: 'p', mediaType: 'text/csv', size: -1, meta, async* open() {} })]) {
      if (fits) assert.deepEqual(make().meta, meta);
      else assert.throws(make, (error) => FlowError.is(error, 'DATA_TOO_LARGE') && error.remedy.startsWith('Keep less in the metadata'));
    }
  }
});
