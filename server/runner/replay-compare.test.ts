import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Journal } from '../engine/resume.ts';
import type { ExchangeHead, RunEvent } from '../model/run-event.ts';
import { Comparison } from './replay-compare.ts';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly requestBody?: string;
}

const exchangeOf = (asked: Asked, index: number): ExchangeHead => ({ id: String(index), requestHeaders: {}, attempt: 1, durationMs: 1, status: 200, ...asked });
const eventOf = (exchange: ExchangeHead): RunEvent => ({ type: 'exchange', step: 'send', payload: 'p', exchange, at: 0 });

function differences(then: readonly ExchangeHead[], now: readonly ExchangeHead[]): readonly (readonly [unknown, unknown])[] {
  const journal = { rows: () => then.map((exchange, index) => ({ seq: index + 1, event: eventOf(exchange), isDone: false })) } as unknown as Journal;
  const comparison = new Comparison(journal, new Set(['send']));
  for (const exchange of now) comparison.take(eventOf(exchange));
  return comparison.differences('', Infinity).map((difference) => [(difference as { readonly was?: unknown }).was, (difference as { readonly is?: unknown }).is]);
}

/** What is said of them, one by one: each takes the first of then that it is the same as, and each that is left the first to the same place. */
function oneByOne(then: readonly Asked[], now: readonly Asked[]): readonly (readonly [unknown, unknown])[] {
  const left = [...then];
  const take = (fits: (was: Asked) => boolean): Asked | undefined => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const others = now.filter((is) => !take((was) => was.method === is.method && was.url === is.url && was.requestBody === is.requestBody));
  return others.flatMap((is) => {
    const was = take((one) => one.method === is.method && one.url.split('?')[0] === is.url.split('?')[0]);
    if (!was) return [];
    return [was.url === is.url ? [was.requestBody ?? 'no body', is.requestBody ?? 'no body'] as const : [`${was.method} ${was.url}`, `${is.method} ${is.url}`] as const];
  });
}

test('requests of two runs are put together as one by one', () => {
  const asked = fc.record({ method: fc.constantFrom('GET', 'POST'), url: fc.constantFrom('https://x.test/a', 'https://x.test/a?n=1', 'https://x.test/a?n=2', 'https://x.test/b', 'queue:x'), requestBody: fc.constantFrom('1', '2', undefined) });
  const all = fc.array(asked.map(({ requestBody, ...rest }): Asked => ({ ...rest, ...(requestBody !== undefined && { requestBody }) })), { maxLength: 12 });
  fc.assert(fc.property(all, all, (then, now) => assert.deepEqual(differences(then.map(exchangeOf), now.map(exchangeOf)), oneByOne(then, now))), { seed: 1, numRuns: 2_000 });
});

test('each request is looked at a few times, however many there are in whatever order', () => {
  let looks = 0;
  const watched = (asked: Asked, index: number): ExchangeHead => Object.defineProperty(exchangeOf(asked, index), 'url', { enumerable: true, get: () => (looks++, asked.url) });
  const many = Array.from({ length: 1_000 }, (_, index): Asked => ({ method: 'POST', url: `https://x.test/${index}`, requestBody: 'b' }));
  assert.deepEqual(differences(many.map(watched), many.toReversed().map(watched)), []);
  assert.ok(looks <= 10 * many.length, `${looks} looks`);
});
