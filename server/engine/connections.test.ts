import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError } from '../../plugins/sdk/index.ts';
import { virtualClock } from '../../test/support/engine-host.ts';
import { createConnections } from './connections.ts';

const never = new AbortController().signal;

describe('rate limits', () => {
  test('whatever comes when, no window sees more than it may, all go in their order, and none waits in vain', async () => {
    const arrivals = fc.array(fc.nat(300), { minLength: 1, maxLength: 25 });
    await fc.assert(fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 200 }), async (delays, requests, perMs) => {
      const clock = virtualClock();
      const start = clock.now();
      const connections = createConnections(clock);
      const entered: { readonly at: number; readonly number: number; readonly came: number }[] = [];
      await Promise.all(delays.map(async (delay, number) => {
        await clock.sleep(delay, never);
        const came = clock.now() - start;
        await connections.admit('shop', { requests, perMs }, never);
        entered.push({ at: clock.now() - start, number, came });
      }));
      const order = delays.map((delay, number) => ({ delay, number })).sort((a, b) => a.delay - b.delay || a.number - b.number).map(({ number }) => number);
      assert.deepEqual(entered.map(({ number }) => number), order);
      for (const [index, { at, came }] of entered.entries()) {
        const before = entered[index - requests];
        if (before) assert.ok(at - before.at >= perMs, `${requests + 1} requests within ${at - before.at} of ${perMs} ms`);
        assert.equal(at, Math.max(came, entered[index - 1]?.at ?? 0, before ? before.at + perMs : 0), 'not later than it must be');
      }
    }), { numRuns: 40, seed: 13 });
  });

  test('one connection does not wait for another', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const start = clock.now();
    await connections.admit('a', { requests: 1, perMs: 1_000 }, never);
    await connections.admit('b', { requests: 1, perMs: 1_000 }, never);
    assert.equal(clock.now(), start);
  });

  test('who leaves gives up the place, and those behind move up', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const limit = { requests: 1, perMs: 1_000 };
    const stop = new AbortController();
    const start = clock.now();
    await connections.admit('a', limit, never);
    const left = assert.rejects(connections.admit('a', limit, stop.signal), (error) => FlowError.is(error, 'RUN_STOPPED'));
    const behind = connections.admit('a', limit, never).then(() => clock.now() - start);
    stop.abort(new FlowError('RUN_STOPPED', 'Stopped.'));
    await left;
    assert.equal(await behind, 1_000);
  });

  test('the last who leaves leaves no timer behind', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const stop = new AbortController();
    connections.pauseUntil('a', clock.now() + 1_000_000);
    const waiting = connections.admit('a', undefined, stop.signal);
    await new Promise(setImmediate);
    assert.equal(clock.sleepers, 1);
    stop.abort(new FlowError('RUN_STOPPED', 'Stopped.'));
    await assert.rejects(waiting);
    await new Promise(setImmediate);
    assert.equal(clock.sleepers, 0);
  });

  test('who has stopped before does not enter', async () => {
    const connections = createConnections(virtualClock());
    await assert.rejects(connections.admit('a', undefined, AbortSignal.abort(new FlowError('RUN_STOPPED', 'Stopped.'))), (error) => FlowError.is(error, 'RUN_STOPPED'));
  });
});

describe('pauses', () => {
  test('a longer one counts, a shorter one does not cut it, and it may come while others wait', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const start = clock.now();
    connections.pauseUntil('a', start + 500);
    const entered = connections.admit('a', undefined, never).then(() => clock.now() - start);
    connections.pauseUntil('a', start + 2_000);
    connections.pauseUntil('a', start + 100);
    assert.equal(await entered, 2_000);
  });
});

describe('tokens', () => {
  const token = (value: string, expiresAt?: number) => ({ values: { value }, ...(expiresAt !== undefined && { expiresAt }) });

  test('one per key, kept until it ends or was refused', async () => {
    const { token: get } = createConnections(virtualClock());
    let count = 0;
    const renew = async () => token(String(++count), 1_000);
    const first = await get('a', renew, { now: 0 });
    assert.equal(await get('a', renew, { now: 999 }), first);
    assert.equal((await get('b', renew, { now: 0 })).values['value'], '2');
    const third = await get('a', renew, { now: 1_000 });
    assert.equal(third.values['value'], '3');
    assert.equal(await get('a', renew, { now: 0, stale: first }), third, 'somebody else has renewed it');
    assert.equal((await get('a', renew, { now: 0, stale: third })).values['value'], '4');
  });

  for (const [code, asked] of [['AUTH_REJECTED', 1], ['REMOTE_STATUS', 1], ['RUN_STOPPED', 3], ['INTERNAL', 3]] as const) {
    test(`a renewal that fails with ${code} ${asked === 1 ? 'fails for all who wait' : 'is tried by each who waits'}`, async () => {
      const { token: get } = createConnections(virtualClock());
      let count = 0;
      const renew = async () => {
        count++;
        await new Promise(setImmediate);
        throw new FlowError(code, 'It failed.');
      };
      const all = await Promise.allSettled([1, 2, 3].map(() => get('a', renew, { now: 0 })));
      assert.deepEqual([all.map(({ status }) => status), count], [['rejected', 'rejected', 'rejected'], asked]);
    });
  }

  test('what somebody else has changed counts no more, under its name only', async () => {
    const connections = createConnections(virtualClock(), { change: async (_name, renew) => renew(undefined) });
    let count = 0;
    const renew = async () => token(String(++count));
    const get = (key: string, kept: string) => connections.token(key, renew, { now: 0, kept }).then(({ values }) => values['value']);
    assert.deepEqual([await get('a', 'shop'), await get('b', 'other')], ['1', '2']);
    connections.forget('shop');
    assert.deepEqual([await get('a', 'shop'), await get('b', 'other')], ['3', '2']);
  });

  test('after a failure the next asks again', async () => {
    const { token: get } = createConnections(virtualClock());
    await assert.rejects(get('a', async () => { throw new FlowError('AUTH_REJECTED', 'No.'); }, { now: 0 }));
    assert.equal((await get('a', async () => token('x'), { now: 0 })).values['value'], 'x');
  });
});
