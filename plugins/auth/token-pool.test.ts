import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Quota } from '../sdk/index.ts';
import { quotaOf } from './token-pool.ts';

const now = Date.parse('2024-01-31T12:00:00Z');
const usual = { remainingHeader: 'X-RateLimit-Remaining', resetHeader: 'X-RateLimit-Reset' };
const refused = (seconds: number): Quota => ({ remaining: 0, until: now + seconds * 1000, isRefusal: true });

describe('what an answer says of a token', () => {
  const cases: readonly (readonly [what: string, status: number, headers: Record<string, string>, expected: Quota | undefined])[] = [
    ['nothing', 200, {}, undefined],
    ['what is left', 200, { 'x-ratelimit-remaining': '41' }, { remaining: 41 }],
    ['and until when, in seconds since 1970', 200, { 'x-ratelimit-remaining': '41', 'x-ratelimit-reset': String(now / 1000 + 60) }, { remaining: 41, until: now + 60_000 }],
    ['in milliseconds since 1970', 200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now + 5) }, { remaining: 0, until: now + 5 }],
    ['in seconds from now', 200, { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '30' }, { remaining: 3, until: now + 30_000 }],
    ['as a date', 200, { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': 'Wed, 31 Jan 2024 12:01:00 GMT' }, { remaining: 3, until: now + 60_000 }],
    ['what is no number says nothing', 200, { 'x-ratelimit-remaining': 'many' }, undefined],
    ['an empty one neither', 200, { 'x-ratelimit-remaining': '' }, undefined],
    ['less than none is none', 200, { 'x-ratelimit-remaining': '-2' }, { remaining: 0 }],
    ['a limit without a word is one of a minute', 429, {}, refused(60)],
    ['a limit with a pause', 429, { 'retry-after': '7' }, refused(7)],
    ['the longer of pause and reset', 429, { 'retry-after': '7', 'x-ratelimit-reset': '90' }, refused(90)],
    ['a limit as GitHub tells it', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 60) }, refused(60)],
    ['a second limit as GitHub tells it', 403, { 'x-ratelimit-remaining': '9', 'retry-after': '5' }, refused(5)],
    ['a prohibition is no limit', 403, { 'x-ratelimit-remaining': '9' }, { remaining: 9 }],
    ['one that counts no more', 401, {}, refused(600)],
  ];
  for (const [what, status, headers, expected] of cases) test(what, () => assert.deepEqual(quotaOf({ status, headers, body: undefined }, usual, now), expected));
});
