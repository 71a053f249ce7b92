import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runner } from '../runner/contract.ts';
import { PastBodies } from './past-bodies.ts';

/** One body in the archive. */
function bodiesOf(bytes: Uint8Array): PastBodies {
  const body = () => ({ async *open() { yield bytes; } });
  return new PastBodies({ body } as unknown as Runner['archive'], 'r');
}

const cases: readonly (readonly [what: string, bytes: Uint8Array, expected: unknown])[] = [
  ['JSON', Buffer.from('{"id":1}'), { id: 1 }],
  ['a number of more digits than one holds', Buffer.from('{"id":9007199254740993}'), { id: '9007199254740993' }],
  ['what calls itself JSON and is none', Buffer.from('{"id":'), '{"id":'],
  ['bytes that are no text', Buffer.from([0x7b, 0xff]), '(2 bytes)'],
];
for (const [what, bytes, expected] of cases) test(`a recorded body under the debugger: ${what}`, async () => assert.deepEqual(await bodiesOf(bytes).value({ id: 'p', mediaType: 'application/json', body: 'hash', size: bytes.length }), expected));
