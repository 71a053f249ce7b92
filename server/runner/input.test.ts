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
