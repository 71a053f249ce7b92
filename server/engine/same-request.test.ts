import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printOf, printsOf, type Said } from './same-request.ts';

type Request = Said['request'];
const usual: Request = { method: 'POST', url: 'https://x.test/', requestHeaders: { 'content-type': 'application/json', authorization: 'Bearer •••' }, requestBody: 'one' };
const headers = (more: Readonly<Record<string, string>>): Partial<Request> => ({ requestHeaders: { ...usual.requestHeaders, ...more } });

const rows: readonly (readonly [title: string, one: Partial<Request>, other: Partial<Request>, isSame: boolean])[] = [
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
  ['masked in one of two recordings', { fingerprint: 'a', requestBody: 'masked' }, { fingerprint: 'a' }, true],
];
for (const [title, one, other, isSame] of rows) {
  test(title, () => assert.equal(printOf({ ...usual, ...one }, 'send') === printOf({ ...usual, ...other }, 'send'), isSame));
}

const elsewhere = { ...usual, fingerprint: '' };
for (const [title, recorded, said, isSame] of [
  ['said now, with a fingerprint', { ...usual, fingerprint: 'a' }, { request: { ...usual, fingerprint: 'a', url: 'masked' }, isMasked: true }, true],
  ['said now, where the recording came from elsewhere', elsewhere, { request: { ...usual, fingerprint: 'a' }, isMasked: false }, true],
  ['said now and masked, where the recording came from elsewhere', elsewhere, { request: { ...usual, fingerprint: 'a' }, isMasked: true }, false],
  ['said now where nobody has a key', usual, { request: usual, isMasked: false }, true],
] satisfies readonly (readonly [string, Request, Said, boolean])[]) {
  test(title, () => assert.equal(printsOf(said, 'send').includes(printOf(recorded, 'send')), isSame));
}
