import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, type HttpRequest } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text } from '../../test/support/connector-host.ts';
import { virtualClock } from '../../test/support/engine-host.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import type { RateLimit } from '../model/connector-rules.ts';
import { createConnections } from './connections.ts';
import type { RawResponse } from './host.ts';

const never = new AbortController().signal;

describe('a gate', () => {
  const visits = fc.array(fc.record({ delay: fc.nat(300), weight: fc.integer({ min: 1, max: 4 }), takes: fc.nat(80) }), { minLength: 1, maxLength: 20 });
  const limits = fc.record({ requests: fc.integer({ min: 1, max: 6 }), perMs: fc.integer({ min: 1, max: 150 }), window: fc.constantFrom('moving' as const, 'fixed' as const), concurrency: fc.integer({ min: 1, max: 3 }) });

  test('whatever comes when, however heavy it is: no window holds more than it may, no more are under way, all go in their order', async () => {
    await fc.assert(fc.asyncProperty(visits, limits, async (all, limit) => {
      const clock = virtualClock();
      const connections = createConnections(clock);
      const entered: { readonly at: number; readonly weight: number; readonly number: number }[] = [];
      let underWay = 0, most = 0;
      await Promise.all(all.map(async ({ delay, weight, takes }, number) => {
        await clock.sleep(delay, never);
        await connections.admit('shop', limit, never, weight);
        entered.push({ at: clock.now(), weight: Math.min(weight, limit.requests), number });
        most = Math.max(most, ++underWay);
        await clock.sleep(takes, never);
        underWay--;
        connections.done('shop');
      }));
      const order = all.map(({ delay }, number) => ({ delay, number })).toSorted((a, b) => a.delay - b.delay || a.number - b.number).map(({ number }) => number);
      assert.deepEqual(entered.map(({ number }) => number), order);
      assert.ok(most <= limit.concurrency);
      for (const { begin, sum } of windowsOf(entered, limit)) assert.ok(sum <= limit.requests, `${sum} in the window of ${begin}`);
    }), { seed: 11, numRuns: 200 });
  });

  /** What is in each window: of a moving one any may be looked at, of fixed ones those that begin when the one before has ended. */
  function windowsOf(entered: readonly { readonly at: number; readonly weight: number }[], { perMs, window }: { readonly perMs: number; readonly window: string }): { readonly begin: number; readonly sum: number }[] {
    const begins: number[] = [];
    for (const { at } of entered) if (window === 'moving' || begins.length === 0 || at >= begins.at(-1)! + perMs) begins.push(at);
    return begins.map((begin) => ({ begin, sum: entered.filter(({ at }) => at >= begin && at < begin + perMs).reduce((sum, { weight }) => sum + weight, 0) }));
  }

  test('whoever gives up while he waits takes no place', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const limit = { concurrency: 1 };
    await connections.admit('shop', limit, never);
    const stop = new AbortController();
    const left = connections.admit('shop', limit, stop.signal);
    const next = connections.admit('shop', limit, never);
    stop.abort(new FlowError('RUN_STOPPED', 'Stopped.'));
    await assert.rejects(left, { code: 'RUN_STOPPED' });
    connections.done('shop');
    await next;
  });
});

/** Milliseconds at which the requests came that were made at once, with their addresses. */
async function timesOf(rateLimits: readonly RateLimit[], requests: readonly { readonly path: string; readonly method?: 'GET' | 'POST' }[], answer: (count: number) => RawResponse = () => json([1])): Promise<readonly (readonly [path: string, ms: number])[]> {
  const seen: [string, number][] = [];
  const endpoints = Object.fromEntries(requests.map(({ path, method = 'GET' }, index) => [`e${index}`, { title: 'E', direction: 'receive', method, path } as const]));
  const host = connectorHost({
    connector: { defaults: { rateLimits }, endpoints },
    send: ({ url }: HttpRequest) => (seen.push([new URL(url).pathname.slice('/api'.length), host.clock.now() - begin]), answer(seen.length)),
  });
  const begin = host.clock.now();
  const called = await Promise.all(requests.map((_, index) => call(host, { endpoint: `e${index}` })));
  assert.deepEqual(called.flatMap(({ error }) => (error ? [error.message] : [])), []);
  return seen.toSorted((a, b) => a[1] - b[1] || a[0].localeCompare(b[0]));
}

describe('what a limit counts', () => {
  const paths = (...all: readonly string[]): { readonly path: string }[] => all.map((path) => ({ path }));

  test('requests of a path', async () => {
    const limit: RateLimit = { requests: 1, perMs: 1_000, match: { path: '/api/orders*' } };
    assert.deepEqual(await timesOf([limit], paths('/orders', '/stock', '/orders/7')), [['/orders', 0], ['/stock', 0], ['/orders/7', 1_000]]);
  });

  test('requests of a method', async () => {
    const limit: RateLimit = { requests: 1, perMs: 1_000, match: { methods: ['POST'] } };
    assert.deepEqual(await timesOf([limit], [{ path: '/a', method: 'POST' }, { path: '/b' }, { path: '/c', method: 'POST' }]), [['/a', 0], ['/b', 0], ['/c', 1_000]]);
  });

  test('heavy ones more', async () => {
    const limit: RateLimit = { requests: 10, perMs: 1_000, weights: [{ match: { path: '/api/report' }, weight: 10 }, { match: { path: '/api/free' }, weight: 0 }] };
    assert.deepEqual(await timesOf([limit], paths('/report', '/free', '/a')), [['/free', 0], ['/report', 0], ['/a', 1_000]]);
  });

  test('a window that is fixed begins with its first request', async () => {
    const fixed = await timesOf([{ requests: 2, perMs: 1_000, window: 'fixed' }], paths('/a', '/b', '/c', '/d', '/e'));
    assert.deepEqual(fixed.map(([, ms]) => ms), [0, 0, 1_000, 1_000, 2_000]);
  });
});

test('no more are under way than may be, whatever becomes of them', async () => {
  let underWay = 0, most = 0, count = 0;
  const host = connectorHost({
    endpoint: { rateLimits: [{ concurrency: 2 }], retry: { attempts: 1 } },
    async send() {
      most = Math.max(most, ++underWay);
      await host.clock.sleep(100, never);
      underWay--;
      if (++count % 3 === 0) throw new FlowError('REMOTE_UNREACHABLE', 'Nobody there.');
      return count % 4 === 0 ? text('', { status: 422 }) : json([1]);
    },
  });
  await Promise.all(Array.from({ length: 12 }, () => call(host)));
  assert.deepEqual([most, underWay], [2, 0]);
});

test('instances of different connectors share a pool, and nothing else', async () => {
  const seen: (readonly [string, number])[] = [];
  const manifest = (pool: string): ConnectorManifest => ({ version: 1, title: 'A', baseUrl: 'https://shop.test', defaults: { rateLimits: [{ requests: 1, perMs: 1_000, pool }] }, endpoints: { it: { title: 'It', direction: 'receive', method: 'GET', path: `/${pool}` } } });
  const one = connectorHost({ connector: manifest('erp'), send: ({ url }) => (seen.push([new URL(url).pathname, one.clock.now() - begin]), json([1])) });
  const other = (pool: string): typeof one => ({ ...one, workspace: { ...one.workspace, instance: () => ({ id: 'other', connector: 'other', settings: {}, credentials: {} }), connector: () => manifest(pool) } });
  const begin = one.clock.now();
  await Promise.all([call(one), call(other('erp')), call(other('crm'))]);
  assert.deepEqual(seen.toSorted((a, b) => a[1] - b[1] || a[0].localeCompare(b[0])), [['/crm', 0], ['/erp', 0], ['/erp', 1_000]]);
});

describe('limits that share a pool', () => {
  const slow: RateLimit = { requests: 1, perMs: 1_000, pool: 'erp' };
  const quick: RateLimit = { requests: 3, perMs: 500, pool: 'erp' };

  const cases: readonly (readonly [what: string, limits: readonly RateLimit[], ms: readonly number[]])[] = [
    ['another length: each counts for itself', [slow, quick], [0, 1_000, 2_000, 3_000]],
    ['another number of the same length', [{ ...quick, requests: 2 }, quick], [0, 0, 500, 500]],
    ['another kind of window', [{ requests: 2, perMs: 1_000, window: 'fixed', pool: 'erp' }, { requests: 2, perMs: 1_000, pool: 'erp' }], [0, 0, 1_000, 1_000]],
    ['the very same twice: it counts once', [quick, { ...quick, window: 'moving' }], [0, 0, 0, 500]],
    ['the same twice with another weight: the heavier counts', [quick, { ...quick, weights: [{ match: {}, weight: 3 }] }], [0, 500, 1_000, 1_500]],
  ];
  for (const [what, limits, ms] of cases) {
    test(what, async () => assert.deepEqual((await timesOf(limits, ['/a', '/b', '/c', '/d'].map((path) => ({ path })))).map(([, time]) => time), ms));
  }

  test('a place among those under way is taken once, and the smallest number counts', async () => {
    let underWay = 0, most = 0;
    const host = connectorHost({
      connector: { defaults: { rateLimits: [{ concurrency: 3, pool: 'erp' }] } },
      endpoint: { rateLimits: [{ concurrency: 1, pool: 'erp' }, { ...quick, concurrency: 2 }] },
      async send() {
        most = Math.max(most, ++underWay);
        await host.clock.sleep(100, never);
        underWay--;
        return json([1]);
      },
    });
    await Promise.all(Array.from({ length: 4 }, () => call(host)));
    assert.deepEqual([most, underWay], [1, 0]);
  });

  test('whoever waits for a long window holds up nobody who has another', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const start = clock.now();
    await connections.admit('pool erp', { requests: 1, perMs: 60_000 }, never);
    const late = connections.admit('pool erp', { requests: 1, perMs: 60_000 }, never).then(() => clock.now() - start);
    const early = Promise.all([1, 2].map(() => connections.admit('pool erp', { requests: 1, perMs: 50 }, never).then(() => clock.now() - start)));
    assert.deepEqual([await early, await late], [[0, 50], 60_000]);
  });

  test('a pause holds up all of them', async () => {
    const clock = virtualClock();
    const connections = createConnections(clock);
    const start = clock.now();
    connections.pauseUntil('pool erp', start + 700);
    const entered = [slow, quick].map((limit) => connections.admit('pool erp', limit, never).then(() => clock.now() - start));
    assert.deepEqual(await Promise.all(entered), [700, 700]);
  });
});

describe('what answers say of the budget', () => {
  const two = [{ path: '/a' }, { path: '/b' }];
  const budget = (remaining: number, reset: string): RawResponse => json([1], { headers: { 'x-remaining': String(remaining), 'x-reset': reset } });
  const serial: RateLimit = { concurrency: 1, budget: { remaining: '{{ headers["x-remaining"] }}', reset: { value: '{{ headers["x-reset"] }}' } } };

  const cases: readonly (readonly [what: string, limit: RateLimit, answer: RawResponse, ms: number])[] = [
    ['nothing is left until the reset', serial, budget(0, '30'), 30_000],
    ['something is left', serial, budget(1, '30'), 0],
    ['it does not say when', serial, budget(0, ''), 0],
    ['it says nothing', serial, json([1]), 0],
    ['longer than anybody would wait', serial, budget(0, '86400'), 0],
    ['a cost that comes back by and by', { concurrency: 1, budget: { remaining: '{{ response.cost.left }}', perSecond: '{{ response.cost.rate }}', cost: '{{ response.cost.asked }}' } }, json({ cost: { left: 20, rate: 50, asked: 120 } }), 2_000],
  ];
  for (const [what, limit, answer, ms] of cases) {
    test(what, async () => assert.deepEqual(await timesOf([limit], two, (count) => (count === 1 ? answer : json([1]))), [['/a', 0], ['/b', ms]]));
  }
});
