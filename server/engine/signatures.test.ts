import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { HttpResponse, Quota } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import { signaturesOf, type Signatures } from './signatures.ts';

const answer: HttpResponse = { status: 200, headers: {}, body: undefined };
const open = (size: number, quota: (now: number) => Quota | undefined = () => undefined): Signatures =>
  signaturesOf({ connections: {} } as EngineHost, 'key', { takesChallenge: false, pool: { size, quota: (_answer, now) => quota(now) } });

describe('a pool of identities', () => {
  test('of which nothing is known takes turns', () => {
    const pool = open(3);
    assert.deepEqual(Array.from({ length: 7 }, () => pool.next(0).context.turn), [0, 1, 2, 0, 1, 2, 0]);
  });

  test('whatever limits its identities have: none is asked beyond its own while another has requests left', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 3 }), (limits, atOnce) => {
      const left = [...limits];
      let current = 0;
      const pool = open(limits.length, () => (left[current]! > 0 ? { remaining: left[current]! - 1, until: 1_000 } : { remaining: 0, until: 1_000, isRefusal: true }));
      const total = limits.reduce((sum, limit) => sum + limit, 0);
      let served = 0;
      let refused = 0;
      for (let round = 0; round < total + limits.length && served < total; round++) {
        // Several are under way before the first answer comes.
        const signed = Array.from({ length: Math.min(atOnce, total - served) }, () => pool.next(0));
        for (const { context, answered } of signed) {
          current = context.turn;
          answered(answer, 0);
          if (left[current]! > 0) {
            left[current]!--;
            served++;
          } else refused++;
        }
      }
      assert.equal(served, total, `${limits.join()} at ${atOnce}: ${served} of ${total} were served`);
      // Each identity is refused once at most for want of a word before, and once per request that was under way.
      assert.ok(refused <= limits.length * atOnce, `${refused} refusals`);
    }), { numRuns: 300, seed: 11 });
  });

  test('requests that are under way count before they are answered', () => {
    const remaining = [5, 4];
    const pool = open(2, () => ({ remaining: remaining.shift()! }));
    for (const signature of [pool.next(0), pool.next(0)]) signature.answered(answer, 0);
    assert.deepEqual(Array.from({ length: 5 }, () => pool.next(0).context.turn), [0, 1, 0, 1, 0]);
  });

  test('without any left, the one that gets new ones first signs, and nothing is worth another attempt', () => {
    const until = [300, 100, 200];
    let current = 0;
    const pool = open(3, () => ({ remaining: 0, until: until[current]!, isRefusal: true }));
    const told = until.map(() => {
      const signature = pool.next(0);
      current = signature.context.turn;
      return signature.answered(answer, 0);
    });
    assert.deepEqual([told, pool.next(0).context.turn, pool.next(150).context.turn], [[true, true, false], 1, 1]);
  });

  test('what is spent comes back at its time', () => {
    let remaining = 1;
    const pool = open(1, () => ({ remaining: remaining--, until: 500 }));
    for (const now of [0, 499, 500]) assert.equal(pool.next(now).answered(answer, now), false);
    const two = open(2, (now) => ({ remaining: 0, until: now + 500 }));
    two.next(0).answered(answer, 0);
    two.next(10).answered(answer, 10);
    assert.deepEqual([two.next(499).context.turn, two.next(505).context.turn], [0, 0]);
  });
});
