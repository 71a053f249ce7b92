import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printOf, type Said } from './same-request.ts';

const usual: Said = { method: 'POST', url: 'https://x.test/', requestHeaders: { 'content-type': 'application/json', authorization: 'Bearer •••' }, requestBody: 'one' };
const headers = (more: Readonly<Record<string, string>>): Partial<Said> => ({ requestHeaders: { ...usual.requestHeaders, ...more } });

const rows: readonly (readonly [title: string, one: Partial<Said>, other: Partial<Said>, isSame: boolean])[] = [
  ['the same', {}, {}, true],
  ['another method', {}, { method: 'PUT' }, false],
  ['another address', {}, { url: 'https://x.test/2' }, false],
  ['another body', {}, { requestBody: 'two' }, false],
  ['another header', headers({ 'x-round': '1' }), headers({ 'x-round': '2' }), false],
  ['a header more', {}, headers({ 'x-round': '2' }), false],
  ['another credential, another time, another key', headers({ date: 'Mon', 'x-key': 'run:send:a' }), headers({ authorization: 'Basic •••', date: 'Tue', 'x-key': 'run:send:b' }), true],
  ['masked, and the same', { fingerprint: 'a' }, { fingerprint: 'a' }, true],
  ['masked, and another', { fingerprint: 'a' }, { fingerprint: 'b' }, false],
  ['masked, in a recording without fingerprints', {}, { fingerprint: 'a' }, false],
];
for (const [title, one, other, isSame] of rows) {
  test(title, () => assert.equal(printOf({ ...usual, ...one }, 'send') === printOf({ ...usual, ...other }, 'send'), isSame));
}
