import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Connection } from '../../plugins/sdk/index.ts';
import { virtualClock } from '../../test/support/engine-host.ts';
import { createSessions, type SessionOptions } from './sessions.ts';

const never = new AbortController().signal;

function world() {
  const clock = virtualClock();
  const sessions = createSessions(clock);
  const log: string[] = [];
  const broken = new Set<number>();
  let made = 0;
  const options = (more: Partial<SessionOptions<number>> = {}): SessionOptions<number> => ({
    isShared: false, most: 2,
    async open(): Promise<Connection<number>> {
      const client = ++made;
      log.push(`open ${client}`);
      return { client, isOpen: () => !broken.has(client), close: async () => void log.push(`close ${client}`) };
    },
    ...more,
  });
  return { sessions, clock, log, broken, options };
}

const settled = async <T>(promise: Promise<T>): Promise<T | undefined> => Promise.race([promise, new Promise<undefined>((resolve) => { setImmediate(() => setImmediate(() => resolve(undefined))); })]);

describe('a connection that rests', () => {
  test('leaves its place to another, and works again without a turn', async () => {
    const { sessions, log, options } = world();
    const one = await sessions.lease('a', options({ most: 1 }), never);
    const second = sessions.lease('a', options({ most: 1 }), never);
    assert.equal(await settled(second), undefined);
    one.rest();
    const two = await second;
    one.go();
    assert.deepEqual([one.client, two.client], [1, 2]);
    const third = sessions.lease('a', options({ most: 1 }), never);
    two.end(true);
    assert.equal(await settled(third), undefined, 'one is at work again');
    one.end(true);
    assert.equal((await third).client, 1);
    assert.deepEqual(log, ['open 1', 'open 2']);
  });

  test('counts, too: four times as many are open at most', async () => {
    const { sessions, options } = world();
    const leases = [];
    for (let n = 1; n <= 4; n++) {
      leases.push(await sessions.lease('a', options({ most: 1 }), never));
      leases.at(-1)!.rest();
    }
    const next = sessions.lease('a', options({ most: 1 }), never);
    assert.equal(await settled(next), undefined);
    leases[2]!.end(true);
    assert.equal((await next).client, 3);
  });
});

test('a turn is waited for as long as the patience lasts', async () => {
  const { sessions, clock, options } = world();
  const patience = { ms: 1_000, late: () => new Error('late') };
  const one = await sessions.lease('a', options({ most: 1 }), never);
  const from = clock.now();
  await assert.rejects(sessions.lease('a', options({ most: 1, patience }), never), { message: 'late' });
  assert.equal(clock.now() - from, 1_000);
  one.end(true);
  assert.equal((await sessions.lease('a', options({ most: 1, patience }), never)).client, 1);
});

describe('connections of one call each', () => {
  test('are used again, the same by one after the other', async () => {
    const { sessions, log, options } = world();
    const first = await sessions.lease('a', options(), never);
    first.end(true);
    const second = await sessions.lease('a', options(), never);
    assert.deepEqual([first.client, second.client, log], [1, 1, ['open 1']]);
  });

  test('there are no more than there may be: who comes later waits, first come first served', async () => {
    const { sessions, options } = world();
    const [one, two] = [await sessions.lease('a', options(), never), await sessions.lease('a', options(), never)];
    const order: string[] = [];
    const third = sessions.lease('a', options(), never).then((lease) => (order.push('third'), lease));
    const fourth = sessions.lease('a', options(), never).then((lease) => (order.push('fourth'), lease));
    assert.equal(await settled(third), undefined);
    two.end(true);
    assert.equal((await third).client, 2);
    one.end(true);
    assert.deepEqual([(await fourth).client, order], [1, ['third', 'fourth']]);
  });

  test('one that broke is closed, and another is made for whoever waits', async () => {
    const { sessions, log, options } = world();
    const first = await sessions.lease('a', options({ most: 1 }), never);
    const second = sessions.lease('a', options({ most: 1 }), never);
    first.end(false);
    assert.equal((await second).client, 2);
    assert.deepEqual(log.toSorted(), ['close 1', 'open 1', 'open 2']);
  });

  test('one that was closed by the other side while nobody used it is not handed out', async () => {
    const { sessions, broken, options } = world();
    (await sessions.lease('a', options(), never)).end(true);
    broken.add(1);
    assert.equal((await sessions.lease('a', options(), never)).client, 2);
  });

  test('one that cannot be made fails for who asked for it, and leaves its place to others', async () => {
    const { sessions, options } = world();
    const failing = options({ most: 1, open: async () => { throw new Error('refused'); } });
    await assert.rejects(sessions.lease('a', failing, never), /refused/);
    assert.equal((await sessions.lease('a', options({ most: 1 }), never)).client, 1);
  });

  test('who waits and is stopped leaves the queue', async () => {
    const { sessions, options } = world();
    const first = await sessions.lease('a', options({ most: 1 }), never);
    const stop = new AbortController();
    const second = sessions.lease('a', options({ most: 1 }), stop.signal);
    const third = sessions.lease('a', options({ most: 1 }), never);
    stop.abort(new Error('stopped'));
    await assert.rejects(second, /stopped/);
    first.end(true);
    assert.equal((await third).client, 1);
  });

  test('who is stopped when it is its turn leaves the turn to the next', async () => {
    const { sessions, options } = world();
    const first = await sessions.lease('a', options({ most: 1 }), never);
    const stop = new AbortController();
    const second = sessions.lease('a', options({ most: 1 }), stop.signal);
    const third = sessions.lease('a', options({ most: 1 }), never);
    first.end(true);
    stop.abort(new Error('stopped'));
    await assert.rejects(second, /stopped/);
    assert.equal((await third).client, 1);
  });

  test('those that nobody uses are closed after a while', async () => {
    const { sessions, clock, log, options } = world();
    (await sessions.lease('a', options(), never)).end(true);
    await clock.sleep(29_000, never);
    assert.deepEqual(log, ['open 1']);
    await clock.sleep(2_000, never);
    assert.deepEqual(log, ['open 1', 'close 1']);
  });

  test('other instances have others', async () => {
    const { sessions, options } = world();
    assert.deepEqual([(await sessions.lease('a', options(), never)).client, (await sessions.lease('b', options(), never)).client], [1, 2]);
  });

  test('all are closed at the end', async () => {
    const { sessions, log, options } = world();
    const first = await sessions.lease('a', options(), never);
    (await sessions.lease('a', options(), never)).end(true);
    await sessions[Symbol.asyncDispose]();
    first.end(true);
    assert.deepEqual(log.filter((line) => line.startsWith('close')).toSorted(), ['close 1', 'close 2']);
  });
});

test('a connection that is shared serves all at once; when it breaks, those who come get another, and it is closed when the last has left', async () => {
  const { sessions, log, options } = world();
  const shared = options({ isShared: true });
  const [first, second] = await Promise.all([sessions.lease('a', shared, never), sessions.lease('a', shared, never)]);
  first.end(false);
  const third = await sessions.lease('a', shared, never);
  assert.deepEqual([first.client, second.client, third.client, log], [1, 1, 2, ['open 1', 'open 2']]);
  second.end(true);
  assert.equal(await settled(Promise.resolve(log.at(-1))), 'open 2');
  await Promise.resolve();
  assert.deepEqual(log, ['open 1', 'open 2', 'close 1']);
});

for (const [what, isBefore] of [['as its only user is stopped', true], ['after its only user was stopped', false]] as const) {
  test(`a shared connection that cannot be made ${what} is not kept for who comes next`, async () => {
    const { sessions, log, options } = world();
    const { promise, reject } = Promise.withResolvers<Connection<number>>();
    const stop = new AbortController();
    const first = sessions.lease('a', options({ isShared: true, open: () => promise }), stop.signal);
    if (isBefore) reject(new Error('refused'));
    stop.abort(new Error('stopped'));
    await assert.rejects(first);
    if (!isBefore) reject(new Error('refused'));
    await settled(promise.catch(() => undefined));
    assert.deepEqual([(await sessions.lease('a', options({ isShared: true }), never)).client, log], [1, ['open 1']]);
  });
}

test('a shared connection that is being made as its only user is stopped is of use to who comes next', async () => {
  const { sessions, log, options } = world();
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Connection<number>>();
  const first = sessions.lease('a', options({ isShared: true, open: () => promise }), stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(first, /stopped/);
  const next = sessions.lease('a', options({ isShared: true }), never);
  resolve({ client: 9, close: async () => undefined });
  assert.deepEqual([(await next).client, log], [9, []]);
});

test('property: whatever comes and goes, no connection has two users, there are never too many, and everybody is served', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.record({ turns: fc.integer({ min: 0, max: 6 }), isSound: fc.boolean() }), { minLength: 1, maxLength: 30 }), async (most, calls) => {
    const { sessions, options } = world();
    const inUse = new Set<number>();
    let served = 0;
    await Promise.all(calls.map(async ({ turns, isSound }) => {
      const lease = await sessions.lease('a', options({ most }), never);
      assert.ok(!inUse.has(lease.client));
      inUse.add(lease.client);
      assert.ok(inUse.size <= most);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      inUse.delete(lease.client);
      served++;
      lease.end(isSound);
    }));
    assert.equal(served, calls.length);
  }), { numRuns: 200, seed: 1 });
});
