import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { EndpointRetry } from '../model/connector-rules.ts';
import { seededRandom } from './random.ts';
import { backoff, planRetry, retryAfter } from './retry.ts';

const attempts: readonly (readonly [what: string, endpoint: Parameters<typeof planRetry>[0], own: EndpointRetry | undefined, shared: EndpointRetry | undefined, expected: number])[] = [
  ['a method that may be repeated', { method: 'GET' }, undefined, undefined, 2],
  ['PUT', { method: 'PUT' }, undefined, undefined, 2],
  ['DELETE', { method: 'DELETE' }, undefined, undefined, 2],
  ['POST', { method: 'POST' }, undefined, undefined, 0],
  ['PATCH', { method: 'PATCH' }, undefined, undefined, 0],
  ['POST with a key', { method: 'POST', idempotencyHeader: 'Idempotency-Key' }, undefined, undefined, 2],
  ['POST that is said to be idempotent', { method: 'POST', idempotent: true }, undefined, undefined, 2],
  ['GET that is said not to be', { method: 'GET', idempotent: false }, undefined, undefined, 0],
  ['the connector says how often', { method: 'GET' }, undefined, { attempts: 5 }, 5],
  ['the connector does not make POST repeatable', { method: 'POST' }, undefined, { attempts: 5 }, 0],
  ['the endpoint does', { method: 'POST' }, { attempts: 1 }, { attempts: 5 }, 1],
  ['the endpoint wants none', { method: 'GET' }, { attempts: 0 }, { attempts: 5 }, 0],
];
for (const [what, endpoint, own, shared, expected] of attempts) test(`further attempts: ${what}`, () => assert.equal(planRetry(endpoint, own, shared).attempts, expected));

test('statuses and delays: those of the endpoint, else of the connector, else the usual ones', () => {
  const plan = planRetry({ method: 'GET' }, { delayMs: 1 }, { delayMs: 2, maxDelayMs: 3, maxRetryAfterMs: 4, statuses: [418] });
  assert.deepEqual([plan.delayMs, plan.maxDelayMs, plan.maxRetryAfterMs, [...plan.statuses]], [1, 3, 4, [418]]);
  const usual = planRetry({ method: 'GET' }, undefined, undefined);
  assert.deepEqual([usual.delayMs, usual.maxDelayMs, usual.maxRetryAfterMs, [...usual.statuses]], [500, 30_000, 600_000, [408, 425, 429, 500, 502, 503, 504]]);
});

const now = Date.parse('2015-10-21T07:28:00Z');
const waits: readonly (readonly [header: string | undefined, expected: number | undefined])[] = [
  [undefined, undefined], ['0', 0], ['120', 120_000], ['2015', 2_015_000], [' 5 ', 5_000], ['0.5', 500],
  ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
  ['Wednesday, 21-Oct-15 07:28:30 GMT', 30_000],
  ['Wed Oct 21 07:28:30 2015', 30_000],
  ['2015-10-21T07:28:30Z', 30_000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  // Not to be read: a guess would be another time altogether.
  ['', undefined], ['-5', undefined], ['soon', undefined], ['5 seconds', undefined], ['in 5', undefined], ['retry 10', undefined], ['12, 12', undefined], ['1e3', undefined], ['NaN', undefined],
];
for (const [header, expected] of waits) test(`Retry-After: ${JSON.stringify(header)}`, () => assert.equal(retryAfter(header, now), expected));

test('the wait doubles, ± 20 %, up to the longest', () => {
  const plan = planRetry({ method: 'GET' }, { delayMs: 500, maxDelayMs: 3_000 }, undefined);
  assert.deepEqual([1, 2, 3, 4, 40].map((n) => backoff(plan, n, 0.5)), [500, 1_000, 2_000, 3_000, 3_000]);
  assert.deepEqual([backoff(plan, 1, 0), backoff(plan, 1, 1)], [400, 600]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(100_000), fc.nat(100_000), (n, random, delayMs, maxDelayMs) => {
    const wait = backoff({ ...plan, delayMs, maxDelayMs }, n, random);
    assert.ok(Number.isInteger(wait) && wait >= 0 && wait <= maxDelayMs, String(wait));
  }), { seed: 3 });
});

test('the same seed gives the same waits', () => {
  const plan = planRetry({ method: 'GET' }, { delayMs: 500, maxDelayMs: 30_000 }, undefined);
  const waitsOf = (seed: number): number[] => {
    const random = seededRandom(seed);
    return [1, 2, 3].map((n) => backoff(plan, n, random()));
  };
  assert.deepEqual(waitsOf(7), waitsOf(7));
  assert.notDeepEqual(waitsOf(7), waitsOf(8));
});
