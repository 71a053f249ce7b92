import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Payload } from '../../plugins/sdk/index.ts';
import { createPayload, streamPayload } from '../engine/payload.ts';
import type { RunError } from '../model/run-event.ts';
import { createMasker, secretValues } from '../stores/redact.ts';
import { jsonPieces, streamedJson } from './json-pieces.ts';
import { openOutputFile } from './output-file.ts';
import { collectOutputs } from './outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-output-file-'));
after(() => rmSync(folder, { recursive: true }));

const secrets = secretValues(() => 0);
secrets.add('s3cr3t-token');
const masker = createMasker(secrets, ['iban']);

/** In parts of so many bytes. */
async function* parts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const body = (value: unknown, mediaType = 'application/json'): Payload => createPayload({ id: 'p', body: value, mediaType });
const stream = (text: string | Uint8Array, mediaType: string, size = 7): Payload => streamPayload({ id: 'p', mediaType, size: -1, open: () => parts(Buffer.from(text), size) });

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

async function written(payloads: readonly Payload[]): Promise<{ readonly outputs: readonly unknown[]; readonly error: RunError | undefined }> {
  const file = join(folder, 'outputs');
  const outputs = openOutputFile(file, masker, { signal: new AbortController().signal });
  const reading = payloads.map((payload) => outputs.add(payload, 'last'));
  const error = await outputs.close();
  await Promise.all(reading);
  return { outputs: JSON.parse(`[${readFileSync(file, 'utf8')}]`) as unknown[], error };
}

const long = 'hé😀\n'.repeat(600_000);
const csv = `id,iban\n${'1,DE00\n'.repeat(2_000)}`;
const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 1]);

const whole: readonly (readonly [title: string, payload: Payload, output: unknown])[] = [
  ['a value', body({ id: 1, list: [null, 'a'] }), { id: 1, list: [null, 'a'] }],
  ['a text of several megabytes', body(long, 'text/plain'), long],
  ['a long value', body({ rows: Array.from({ length: 60_000 }, (_, id) => ({ id, text: 'é'.repeat(20) })) }), { rows: Array.from({ length: 60_000 }, (_, id) => ({ id, text: 'é'.repeat(20) })) }],
  ['bytes', body(picture, 'image/png'), { $base64: picture.toString('base64'), mediaType: 'image/png' }],
  ['bytes that are text', body(Buffer.from('ä;b'), 'text/csv'), 'ä;b'],
  ['bytes that are JSON', body(Buffer.from('null'), 'application/json'), null],
  ['bytes that say that they are text', body(Buffer.from([0xe4, 0x3b]), 'text/csv'), { $base64: '5Ds=', mediaType: 'text/csv' }],
  ['a stream of text', stream('naïve 😀\n"x"', 'text/plain'), 'naïve 😀\n"x"'],
  ['a stream of JSON', stream(' {"a": [1, "x y", {"b" : -2.5e3}],\n "c":"\\u00e9"} ', 'application/json'), { a: [1, 'x y', { b: -2500 }], c: 'é' }],
  ['a stream that is no JSON', stream('{"a": 1,}', 'application/json'), '{"a": 1,}'],
  ['a stream of bytes', stream(picture, 'image/png', 2), { $base64: picture.toString('base64'), mediaType: 'image/png' }],
  ['a stream in another encoding', stream(Buffer.from([0x61, 0xe4]), 'text/csv', 1), { $base64: 'YeQ=', mediaType: 'text/csv' }],
  ['a secret in a text', body('a s3cr3t-token b', 'text/plain'), 'a [secret] b'],
  ['a secret over the parts of a stream', stream('a s3cr3t-token b', 'text/plain', 3), 'a [secret] b'],
  ['a redacted column of a stream', stream(csv, 'text/csv', 9_000), csv.replaceAll('DE00', '[redacted]')],
  ['a redacted field of a stream', stream('{"iban" : "DE00", "id": 1}', 'application/json', 4), { iban: '[redacted]', id: 1 }],
];
for (const [title, payload, output] of whole) {
  test(`an output in full: ${title}`, async () => {
    assert.deepEqual(await written([body(0), payload, body(2)]), { outputs: [0, output, 2], error: undefined });
  });
}

test('an output that cannot be had says why in its place, with the step, and those beside it are whole', async () => {
  const broken = streamPayload({ id: 'p', mediaType: 'text/plain', size: -1, open: async function* () { yield Buffer.from('half'); throw new Error('The disk is gone.'); } });
  const { outputs, error } = await written([body(1), broken, body(3)]);
  assert.deepEqual([outputs[0], outputs[2]], [1, 3]);
  assert.deepEqual([error?.code, error?.step, error?.message], ['DATA_INVALID', 'last', 'Output 2, of the step "last", cannot be printed: The disk is gone.']);
  assert.deepEqual(outputs[1], { $error: JSON.parse(JSON.stringify(error)) });
});

test('many outputs are all there', async () => {
  const { outputs } = await written(Array.from({ length: 5_000 }, (_, id) => body({ id, text: 'x'.repeat(500) })));
  assert.equal(outputs.length, 5_000);
  assert.deepEqual(outputs.map((one) => (one as { id: number }).id), Array.from({ length: 5_000 }, (_, id) => id));
});

test('what is listed is whole, or says that it is not, and how many more there are', () => {
  const list = collectOutputs(masker);
  for (const payload of [body('x'.repeat(2_000_000), 'text/plain'), body(picture, 'image/png'), stream('a', 'text/plain'), ...Array.from({ length: 100 }, (_, id) => body(id))]) list.add(payload, 'last');
  const [text, bytes, streamed] = list.bodies as { $cut?: string; step?: string }[];
  assert.deepEqual([list.bodies.length, list.more], [100, 3]);
  assert.match(text!.$cut!, /too long to be listed here.*patchbay run --json/);
  assert.equal(text!.step, 'last');
  assert.deepEqual(bytes, { $base64: picture.toString('base64'), mediaType: 'image/png' });
  assert.match(streamed!.$cut!, /is a stream/);
});

test('JSON that is written in pieces is what JSON.stringify gives', () => {
  const value = { rows: Array.from({ length: 9_000 }, (_, id) => ({ id, at: new Date(id), no: undefined })), text: `${'x'.repeat(48 * 1024 - 1)}😀\ud800`, list: [undefined, Number.NaN], empty: {}, none: [] };
  assert.equal([...jsonPieces(value)].join(''), JSON.stringify(value));
});

const documents = ['{"a": [1, -2.5e+10 ,true,null , "x\\u00e9\\n\\"é😀\\\\"], "b":{} , "c":[]}', '12', '"x"', ' [ ] ', '[1,]', '{"a":1,}', '{"a" 1}', '[01]', '[1 2]', '', '[', '"a', '"\\x"', '[nul]', '{"a":tru', '[1]]', '}', '["a\tb"]', '[1e]', '-', '[truefalse]', '["\\u12"]', '["\\ud83d\\ude00"]', '[tru e]', '["\u007f\u0085"]', '{1:2}', '[1:2]'];
test('a JSON document is checked as JSON.parse does it, in parts of whatever size', async () => {
  for (const document of documents) for (const size of [1, 2, 3, 5, 1000]) {
    const read = async (): Promise<unknown> => JSON.parse(await textOf(streamedJson(parts(Buffer.from(document), size))));
    const wanted = ((): unknown => { try { return { value: JSON.parse(document) as unknown }; } catch { return 'none'; } })();
    assert.deepEqual(await read().then((value) => ({ value }), () => 'none'), wanted, `${document} in parts of ${size}`);
  }
});
