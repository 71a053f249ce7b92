import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPayload } from '../../engine/payload.ts';
import { jsonIn } from './judge.ts';

const cases: readonly (readonly [what: string, body: unknown, expected: unknown])[] = [
  ['a value', { id: 1 }, { id: 1 }],
  ['bytes', Buffer.from('{"id":1}'), { id: 1 }],
  ['a number of more digits than one holds', Buffer.from('{"id":9007199254740993}'), { id: '9007199254740993' }],
  ['what is no JSON', Buffer.from('{"id":'), '{"id":'],
];
for (const [what, body, expected] of cases) test(`the body that a case is judged by: ${what}`, () => assert.deepEqual(jsonIn(createPayload({ id: 'p', body, mediaType: 'application/json' })), expected));
