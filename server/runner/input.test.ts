import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inputPayload } from './input.ts';

test('a file that is a text in UTF-8 is a text, and one in another encoding stays as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-'));
  for (const [name, bytes, isText] of [['utf8.csv', Buffer.from('a\né\n'), true], ['latin.csv', Buffer.from('a\né\n', 'latin1'), false]] as const) {
    writeFileSync(join(folder, name), bytes);
    const payload = await inputPayload('p', { file: join(folder, name) }, 1_000_000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of payload.bytes()) chunks.push(chunk);
    assert.deepEqual([payload.mediaType, payload.isText, Buffer.concat(chunks)], ['text/csv', isText, bytes], name);
  }
});

for (const [what, bytes, offset] of [['Latin 1', Buffer.from('{"a":"é"}', 'latin1'), 6], ['a lone byte after letters', Buffer.from('{"e":"\x80"}', 'latin1'), 6], ['a character that is cut off', Buffer.from('{"é":"€').subarray(0, -1), 7]] as const) test(`JSON that is not UTF-8: ${what}`, async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'patchbay-')), 'a.json');
  writeFileSync(file, bytes);
  await assert.rejects(inputPayload('p', { file, name: 'a.json' }, 1_000_000), { code: 'DATA_INVALID', message: `a.json is not UTF-8: byte ${offset} begins no character.`, remedy: 'Save it as UTF-8.' });
});
