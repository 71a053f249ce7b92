import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { textOfBytes } from './text-of-bytes.ts';

const text = '{"title": "Größe €"}';
const little = Buffer.from(text, 'utf16le');
const big = Buffer.from(little).swap16();

const texts: readonly (readonly [title: string, bytes: Uint8Array])[] = [
  ['UTF-8', Buffer.from(text)], ['UTF-8 with a mark', Buffer.from(`\u{FEFF}${text}`)], ['UTF-16, little end first', Buffer.concat([Buffer.from([0xff, 0xfe]), little])], ['UTF-16, big end first', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
  ['UTF-16 without a mark', little], ['UTF-16 without a mark, big end first', big],
];
for (const [title, bytes] of texts) test(title, () => assert.equal(textOfBytes(bytes, 'The file'), text));
test('nothing', () => assert.equal(textOfBytes(new Uint8Array(), 'The file'), ''));

const others: readonly (readonly [title: string, bytes: Uint8Array, message: string])[] = [
  ['a ZIP archive', Buffer.from('PK\u0003\u0004abc'), 'The file is no text: it is a ZIP archive.'], ['gzip', Buffer.from([0x1f, 0x8b, 8]), 'The file is no text: it is packed with gzip.'],
  ['Latin-1', Buffer.from('Größe', 'latin1'), 'The file is not UTF-8: byte 2 begins no character.'], ['bytes', Buffer.from('ab\0c'), 'The file is no text: the byte 0 stands in it (character 3).'],
];
for (const [title, bytes, message] of others) test(`no text: ${title}`, () => assert.throws(() => textOfBytes(bytes, 'The file'), (error) => FlowError.is(error, 'DATA_INVALID') && error.message === message && error.remedy !== ''));
