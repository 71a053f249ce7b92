import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openJsonDocument } from './json-document.ts';
import type { ByteSource } from './json-scan.ts';

for (const more of [-500, -2, -1, 0, 1]) {
  test(`a long document is scanned into one buffer; a chunk is ${more} bytes longer than it`, async () => {
    const list = Array.from({ length: 100 }, (_, id) => ({ id, text: 'x'.repeat(20) }));
    const bytes = Buffer.from(JSON.stringify([...list, 'yy']));
    const buffers = new Set<Buffer>();
    let copied = 0;
    const source: ByteSource = {
      size: bytes.length,
      read: async (start, end) => { copied += end - start; return bytes.subarray(start, end); },
      fill: async (buffer, start) => { buffers.add(buffer); return bytes.copy(buffer, 0, start); },
    };
    const document = openJsonDocument({ chunkBytes: bytes.length + more, stride: 8 });
    const root = (await document.find(source, []))!;
    assert.deepEqual([root.kind, root.count, root.end], ['array', 101, bytes.length]);
    const [last] = await document.children(source, root, 100, 5);
    assert.equal((await document.value(source, last!, 100)).value, 'yy');
    assert.deepEqual([buffers.size, copied], [3, 4], 'one buffer for the root, one for the places, one for the page; only the value is read');
  });
}
