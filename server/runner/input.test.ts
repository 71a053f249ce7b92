import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { inputPayload } from './input.ts';

test('a file of a type of texts stays as it is, since only the step that reads it may know its encoding; with a charset it is a text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-'));
  for (const [name, bytes, charset = ''] of [['utf8.csv', Buffer.from('a\né\n')], ['latin.csv', Buffer.from('a\né\n', 'latin1')], ['named.csv', Buffer.from('a\né\n'), '; charset=utf-8']] as const) {
    writeFileSync(join(folder, name), bytes);
    const payload = await inputPayload('p', { file: join(folder, name), ...(charset && { mediaType: `text/csv${charset}` }) }, 1_000_000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of payload.bytes()) chunks.push(chunk);
    assert.deepEqual([payload.mediaType, payload.isText, Buffer.concat(chunks)], ['text/csv', charset !== '', bytes], name);
  }
});

for (const [what, bytes, offset] of [['Latin 1', Buffer.from('{"a":"é"}', 'latin1'), 6], ['a lone byte after letters', Buffer.from('{"e":"\x80"}', 'latin1'), 6], ['a character that is cut off', Buffer.from('{"é":"€').subarray(0, -1), 7]] as const) test(`JSON that is not UTF-8: ${what}`, async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'patchbay-')), 'a.json');
  writeFileSync(file, bytes);
  await assert.rejects(inputPayload('p', { file, name: 'a.json' }, 1_000_000), { code: 'DATA_INVALID', message: `a.json is not UTF-8: byte ${offset} begins no character.`, remedy: 'Name the charset that it is written in with its media type, such as `--input-type "application/json; charset=windows-1252"`.' });
});

for (const [text, told, remedy] of [
  ['[1,,2]', '1:4 A value is expected, not ,.', /^Write a text in double quotes/], ['nope', '1:1 nope is not JSON.', /^Write a text/], ['', '1:1 A value is missing at the end of the text.', /^Complete/], ['{"a": 1,\n "b"', '2:5 A colon is missing after "b".', /^Write keys/],
  ['{"a": [1, 2}\n', '1:12 A comma is missing after 2.', /commas/], ['{"a": 1}\n// no\n', '2:1 // no is not JSON.', /^Write a text/], ['"a\tb"', '1:1 The text has a control character in it.', /tab/],
] as const) test(`a document that is no JSON is named with its place: ${JSON.stringify(text)}`, async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'patchbay-')), 'a.json');
  writeFileSync(file, text);
  await assert.rejects(inputPayload('p', { file, name: 'a.json' }, 1_000_000), (error) => {
    assert.ok(FlowError.is(error, 'DATA_INVALID'));
    const { file: name, line, column } = error.place!;
    assert.deepEqual([name, `${line}:${column} ${told.slice(told.indexOf(' ') + 1)}`, error.message], ['a.json', told, `a.json is not valid JSON: line ${line}, column ${column}: ${told.slice(told.indexOf(' ') + 1)}`]);
    assert.match(error.remedy, remedy);
    return true;
  });
});

test('a document that is nested without end is told all the same', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'patchbay-')), 'a.json');
  writeFileSync(file, '['.repeat(500_000));
  await assert.rejects(inputPayload('p', { file, name: 'a.json' }, 1_000_000), { code: 'DATA_INVALID', message: 'a.json is not valid JSON.', remedy: 'Correct the document.' });
});
