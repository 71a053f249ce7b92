import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { printMessage, readMessages } from './framing.ts';

const message = (seq: number, text = ''): string => printMessage({ seq, type: 'request', text } as never);

/** Cut into pieces of so many bytes. */
function inPieces(text: string, length: number): Readable {
  const bytes = Buffer.from(text);
  return Readable.from(Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) => bytes.subarray(at * length, (at + 1) * length)));
}

test('messages are read wherever they are cut', async () => {
  const text = [1, 2, 3].map((seq) => message(seq, 'ä'.repeat(seq * 5))).join('');
  for (const length of [1, 2, 7, 60, 100, 10_000]) {
    const taken: unknown[] = [];
    await readMessages(inPieces(text, length), ({ seq, ...rest }) => void taken.push([seq, (rest as unknown as { text: string }).text.length]));
    assert.deepEqual(taken, [[1, 5], [2, 10], [3, 15]], `${length} bytes`);
  }
});

test('a long message that comes in many pieces is put together once', async (t: TestContext) => {
  let copied = 0;
  const { concat } = Buffer;
  t.mock.method(Buffer, 'concat', (list: readonly Uint8Array[]) => {
    const whole = concat(list);
    copied += whole.length;
    return whole;
  });
  const text = message(1, 'x'.repeat(1024 * 1024));
  const taken: number[] = [];
  await readMessages(inPieces(text, 1_000), ({ seq }) => void taken.push(seq));
  assert.deepEqual(taken, [1]);
  assert.ok(copied < 2 * text.length, `${copied} bytes were copied for ${text.length}`);
});
