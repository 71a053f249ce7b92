import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFar } from './far-body.ts';

const orders = JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, note: 'x'.repeat(90) })));
let opened = 0;
const body = (text: string) => ({
  size: Buffer.byteLength(text),
  async *open() {
    opened++;
    for (let at = 0; at < text.length; at += 65_536) yield Buffer.from(text.slice(at, at + 65_536));
  },
});

const check = (name: string, text: string, paths: readonly string[], expected: unknown): void => void test(`a payload read from where it lies: ${name}`, async () => assert.deepEqual(await readFar(body(text), paths), expected));

check('a part of a long one', orders, ['$[1].id', '$[0]'], [{ id: 0, note: 'x'.repeat(90) }, { id: 1 }, ...Array.from({ length: 99_998 }, () => null)]);
check('all of a short one', '{"a": [1, {"b": 2}]}', ['$'], { a: [1, { b: 2 }] });

test('a payload read from where it lies: all of a long one is refused before it is read', async () => {
  opened = 0;
  await assert.rejects(readFar(body(orders), ['$']), /^FlowError: It needs all of the payload, which has \d+ bytes; an expression reads at most 8 MB of it\.$/);
  await assert.rejects(readFar(body(orders), ['$[*].note']), /^FlowError: What the expression reads of the payload is larger than 8 MB\.$/);
  assert.equal(opened, 1);
});

test('a payload read from where it lies: it ends with whoever waits for it', async () => {
  const abort = new AbortController();
  const read = readFar(body(orders), ['$[*].id'], abort.signal);
  abort.abort(new Error('enough'));
  await assert.rejects(read, /enough/);
});
