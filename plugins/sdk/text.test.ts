import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError } from './errors.ts';
import { decodeChunks, decodeText, textOrBytes } from './text.ts';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>Größe</a>';

const read: readonly (readonly [title: string, bytes: Uint8Array, mediaType: string, text: string])[] = [
  ['nothing', Buffer.from(''), 'text/csv', ''],
  ['UTF-8', Buffer.from('Größe €'), 'text/csv', 'Größe €'],
  ['a mark', Buffer.from('\uFEFFa'), 'text/csv', 'a'],
  ['a mark goes before the charset', Buffer.from('\uFEFFé'), 'text/csv; charset=windows-1252', 'é'],
  ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), wide('é€')]), 'text/plain', 'é€'],
  ['UTF-16, big end first', Buffer.concat([Buffer.from([0xfe, 0xff]), wide('é€').swap16()]), 'text/plain', 'é€'],
  ['a charset', Buffer.from([0x80, 0xe9]), 'text/plain; charset=windows-1252', '€é'],
  ['a charset in quotes, beside others', latin('é'), 'text/plain; format=flowed; Charset="ISO-8859-1"', 'é'],
  ['XML that names its encoding', latin(declared), 'application/xml', declared],
  ['XML of a type of its own', latin(declared), 'application/atom+xml', declared],
  ['a charset goes before the declaration', Buffer.from(declared), 'text/xml; charset=utf-8', declared],
  ['XML in UTF-16 without a mark', wide('<a>é</a>'), 'application/xml', '<a>é</a>'],
  ['XML that says UTF-16 and is not', Buffer.from('<?xml version="1.0" encoding="utf-16"?><a>é</a>'), 'application/xml', '<?xml version="1.0" encoding="utf-16"?><a>é</a>'],
  ['what stands in a text that is no XML', Buffer.from(declared), 'text/plain', declared],
  ['what stands for itself', Buffer.from('a\uFFFD\0'), 'text/plain', 'a\uFFFD\0'],
];
for (const [title, bytes, mediaType, text] of read) test(`read: ${title}`, () => assert.equal(decodeText(bytes, { mediaType, what: 'It' }), text));

const refused: readonly (readonly [title: string, bytes: Uint8Array, mediaType: string, message: string, offset?: number])[] = [
  ['windows-1252', latin('a;Größe'), 'text/csv', 'It is no text in utf-8: byte 4 (0xf6) begins no character.', 4],
  ['a character that is cut off', Buffer.from('aé€').subarray(0, -1), 'text/csv', 'It is no text in utf-8: byte 3 (0xe2) begins no character.', 3],
  ['the first byte', Buffer.from([0xff]), 'text/csv', 'It is no text in utf-8: byte 0 (0xff) begins no character.', 0],
  ['half of a character as bytes', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'text/csv', 'It is no text in utf-8: byte 1 (0xed) begins no character.', 1],
  ['half of a character in UTF-16', Buffer.from([0x61, 0, 0x3d, 0xd8, 0x62, 0]), 'text/csv; charset=utf-16le', 'It is no text in utf-16le: byte 2 (0x3d) begins no character.', 2],
  ['what the charset does not have', Buffer.from([0x61, 0x81]), 'text/plain; charset=shift_jis', 'It is no text in shift_jis: byte 1 (0x81) begins no character.', 1],
  ['UTF-8 that is said and not sent', latin('é'), 'text/csv; charset=UTF-8', 'It is no text in utf-8: byte 0 (0xe9) begins no character.', 0],
  ['a charset that nobody knows', Buffer.from('a'), 'text/csv; charset=nope', 'It is written in "nope", an encoding that nobody here knows.'],
];
for (const [title, bytes, mediaType, message, offset] of refused) {
  test(`refused: ${title}`, () => assert.throws(() => decodeText(bytes, { mediaType, what: 'It' }), (error) => FlowError.is(error, 'DATA_INVALID') && error.message === message && error.details['offset'] === offset && /encoding/.test(error.remedy)));
}

test('a long text is read in pieces that may be cut anywhere, and fails where it does', async () => {
  const pieces = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> { for (const byte of bytes) yield Uint8Array.of(byte); };
  const whole = async (bytes: Uint8Array, encoding: string): Promise<string> => { let text = ''; for await (const piece of decodeChunks(pieces(bytes), encoding, { what: 'It' })) text += piece; return text; };
  assert.equal(await whole(Buffer.from([0x82, 0xa0, 0x61]), 'shift_jis'), 'あa');
  await assert.rejects(whole(Buffer.from([0x61, 0x82, 0x01]), 'shift_jis'), { code: 'DATA_INVALID', message: 'It is no text in shift_jis: one of the bytes 2 to 2 begins no character.' });
  await assert.rejects(whole(Buffer.from([0x61, 0x82]), 'shift_jis'), { code: 'DATA_INVALID', message: 'It is no text in shift_jis: it ends within a character.' });
  await assert.rejects(whole(Buffer.from('a'), 'nope'), { code: 'DATA_INVALID', message: /nobody here knows/ });
});

test('bytes are taken for a text only where it has the very same bytes', () => {
  for (const bytes of [latin('é'), Buffer.from('\uFEFFa'), Buffer.from([0xff, 0xfe, 0x61, 0])]) assert.equal(textOrBytes(bytes), bytes);
  for (const text of ['', 'é', 'a\0\uFFFD']) assert.equal(textOrBytes(Buffer.from(text)), text);
});
