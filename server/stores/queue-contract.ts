import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPayload } from '../engine/payload.ts';
import type { FlowError } from '../../plugins/sdk/index.ts';
import type { Lease } from './queue.ts';
import type { NewRun, Recordings } from './recordings.ts';

/** One store, as several owners see it. */
export interface QueuePlace extends AsyncDisposable {
  /** Another owner of the same store. */
  open(): Promise<Recordings>;
  /** The owner's process dies, in the middle of whatever it does. */
  kill(owner: Recordings): Promise<void>;
}

/** What `server/stores/queue.ts` promises, for every implementation of it. */
export function testQueue(name: string, makePlace: () => Promise<QueuePlace>): void {
  const story = (title: string, work: (place: QueuePlace, owner: Recordings) => Promise<void>): void => {
    test(title, async () => {
      await using place = await makePlace();
      await work(place, await place.open());
    });
  };

  describe(name, () => {
    describe('accepting', () => {
      story('gives a run to who leases it, with all that it begins with', async (_place, owner) => {
        const payload = createPayload({ id: 'p', body: { n: 1 }, meta: { from: 'shop' } });
        await accept(owner, 'r1', { payload, seed: 42, version: '3', request: { variables: { a: 1 }, now: 5, until: 'step' }, head: { ...headOf('r1'), environment: 'test', origin: { kind: 'flow', run: 'r0' } } });
        const [lease] = await leaseAll(owner);
        const run = owner.leased(lease!);
        const { body, ...head } = run.head.payload!;
        assert.deepEqual({ ...run.head, payload: head }, { id: 'r1', flow: 'orders', flowVersion: 'v1', trigger: 'web', queuedAt: 1_000, environment: 'test', origin: { kind: 'flow', run: 'r0' }, payload: { id: 'p', mediaType: 'application/json', meta: { from: 'shop' }, size: 7 } });
        assert.ok(body.length > 0);
        assert.deepEqual([run.seed, run.version, run.request, run.lastSeq, await (await run.input())?.json()], [42, '3', { variables: { a: 1 }, now: 5, until: 'step' }, 1, { n: 1 }]);
      });
      story('keeps what is masked in its recording, and what has none, until it is over', async (_place, owner) => {
        const secret = { password: 'hunter2', text: 'plain' };
        for (const recording of ['full', 'none'] as const) {
          await accept(owner, recording, { recording, payload: createPayload({ id: 'p', body: secret }), request: { variables: secret } });
          const [lease] = await leaseAll(owner);
          const run = owner.leased(lease!);
          assert.deepEqual([await (await run.input())?.json(), run.request.variables], [secret, secret], recording);
          await end(owner, lease!);
        }
      });
      story('one key is one run, in one trigger', async (_place, owner) => {
        const answers = await Promise.all(['r1', 'r2', 'r3'].map((id) => owner.accept(runOf(id, { key: 'k' }))));
        assert.deepEqual(answers.map((answer) => ('duplicate' in answer ? answer.duplicate : 'new')), ['new', 'r1', 'r1']);
        assert.ok('accepted' in (await owner.accept(runOf('r4', { key: 'k', head: { ...headOf('r4'), trigger: 'other' } }))));
        assert.deepEqual(await leasedBy(owner), ['r1', 'r4']);
      });
      story('of those that must not overlap none is accepted while one of the trigger is under way', async (_place, owner) => {
        await accept(owner, 'r1', { overlap: 'skip' });
        assert.deepEqual(await owner.accept(runOf('r2', { overlap: 'skip' })), { skipped: 'r1' });
        assert.ok('accepted' in (await owner.accept(runOf('other', { overlap: 'skip', head: { ...headOf('other'), trigger: 'other' } }))));
        const [lease] = await leaseAll(owner);
        assert.deepEqual(await owner.accept(runOf('r3', { overlap: 'skip' })), { skipped: 'r1' });
        await end(owner, lease!);
        assert.ok('accepted' in (await owner.accept(runOf('r4', { overlap: 'skip' }))));
      });
    });

    describe('leasing', () => {
      story('takes the most urgent first, and of those the oldest, and no run twice', async (place, owner) => {
        const other = await place.open();
        for (const [id, priority] of [['low', 4], ['a', 2], ['b', 2], ['high', 0], ['c', 2]] as const) await accept(owner, id, { priority });
        assert.deepEqual(await leasedBy(owner, 2), ['high', 'a']);
        assert.deepEqual(await leasedBy(other, 2), ['b', 'c']);
        assert.deepEqual([await leasedBy(owner), await leasedBy(other)], [['low'], []]);
      });
      story('side by side: each run goes to one owner', async (place, owner) => {
        const owners = [owner, await place.open(), await place.open()];
        await Promise.all(Array.from({ length: 60 }, (_, n) => accept(owners[n % 3]!, `r${n}`)));
        const taken = await Promise.all(Array.from({ length: 30 }, (_, n) => leasedBy(owners[n % 3]!, 3)));
        assert.deepEqual([taken.flat().length, new Set(taken.flat()).size], [60, 60]);
      });
      story('as many of a flow at a time as it allows, whoever works on them', async (place, owner) => {
        const other = await place.open();
        for (const id of ['a', 'b', 'c']) await accept(owner, id, { flowLimit: 2 });
        await accept(owner, 'free', { head: { ...headOf('free'), flow: 'free' } });
        const leases = await leaseAll(owner);
        assert.deepEqual(leases.map(({ run }) => run), ['a', 'b', 'free']);
        assert.deepEqual(await leasedBy(other), []);
        await end(owner, leases[0]!);
        assert.deepEqual(await leasedBy(other), ['c']);
      });
      story('runs that wait for each other come one after the other', async (_place, owner) => {
        for (const id of ['a', 'b', 'c']) await accept(owner, id, { overlap: 'queue' });
        for (const id of ['a', 'b', 'c']) {
          const leases = await leaseAll(owner);
          assert.deepEqual(leases.map(({ run }) => run), [id]);
          await end(owner, leases[0]!);
        }
      });
      story('none before its time', async (_place, owner) => {
        await accept(owner, 'later', { notBefore: 5_000 });
        assert.deepEqual([owner.queue.hasWaiting(4_999), await leasedBy(owner, 1, 4_999), owner.queue.hasWaiting(5_000), await leasedBy(owner, 1, 5_000)], [false, [], true, ['later']]);
      });
      story('a reserved run goes to the owner that wants it, as long as he lives', async (place, owner) => {
        const other = await place.open();
        await accept(owner, 'mine', { isReserved: true });
        await accept(owner, 'any');
        assert.deepEqual([await leasedBy(owner, 10, 0, true), await leasedBy(other)], [['mine'], ['any']]);
        await accept(owner, 'next', { isReserved: true });
        assert.deepEqual(await leasedBy(other), []);
        await place.kill(owner);
        await other.queue.requeue(1);
        assert.deepEqual((await leasedBy(other)).toSorted(), ['mine', 'next']);
      });
    });

    describe('fences', () => {
      story('who has lost a run writes nothing of it any more, and is told', async (place, owner) => {
        const other = await place.open();
        await accept(owner, 'r1');
        const [lease] = await leaseAll(owner);
        const lost = Promise.withResolvers<FlowError>();
        const recording = owner.record(owner.leased(lease!), { recording: 'full', redact: [], isAnew: true, lost: lost.resolve });
        void recording.emit({ type: 'run-started', at: 1, seed: 1 });
        await owner.flush();
        assert.equal(await owner.queue.release(lease!), true);
        const [next] = await leaseAll(other);
        assert.ok(next!.fence > lease!.fence);
        void Promise.resolve(recording.emit({ type: 'log', level: 'info', message: 'too late', at: 2 })).catch(() => undefined);
        assert.equal((await lost.promise).code, 'RUN_STOPPED');
        await Promise.resolve(recording.emit({ type: 'run-finished', status: 'failed', at: 3, durationMs: 2 })).catch(() => undefined);
        await recording.ended;
        assert.deepEqual([other.archive.run('r1')?.status, other.archive.logs('r1', {}).total, other.archive.events('r1', 0, 10).length], ['queued', 0, 2]);
        assert.equal(await owner.queue.release(lease!), false);
        assert.throws(() => owner.leased(lease!), { code: 'RUN_STOPPED' });
        await end(other, next!);
        assert.equal(owner.archive.run('r1')?.status, 'success');
      });
      story('a lease that is no longer good begins nothing', async (place, owner) => {
        await accept(owner, 'r1');
        const [lease] = await leaseAll(owner);
        const run = owner.leased(lease!);
        await owner.queue.release(lease!);
        const other = await place.open();
        const [next] = await leaseAll(other);
        const lost = Promise.withResolvers<FlowError>();
        void owner.record(run, { recording: 'full', redact: [], isAnew: true, lost: lost.resolve }).emit({ type: 'run-started', at: 1, seed: 1 });
        assert.deepEqual([(await lost.promise).code, other.archive.run('r1')?.status, other.leased(next!).lastSeq], ['RUN_STOPPED', 'queued', 1]);
      });
      story('an owner that takes a run of its own anew shuts out whoever had it before', async (_place, owner) => {
        await accept(owner, 'r1');
        const [lease] = await leaseAll(owner);
        const renewed = await owner.queue.renew(lease!);
        assert.ok(renewed && renewed.fence > lease!.fence);
        assert.equal(await owner.queue.renew(lease!), undefined);
        await end(owner, renewed);
        assert.equal(owner.archive.run('r1')?.status, 'success');
      });
    });

    describe('the death of an owner', () => {
      story('its runs are there again, those at work as well, in their old order', async (place, owner) => {
        const other = await place.open();
        for (const id of ['a', 'b', 'c']) await accept(owner, id);
        const [first] = await owner.queue.lease({ most: 2, now: 0 });
        void owner.record(owner.leased(first!), { recording: 'full', redact: [], isAnew: true, lost: () => undefined }).emit({ type: 'run-started', at: 1, seed: 1 });
        await owner.flush();
        assert.equal(await other.queue.requeue(1), 0);
        await place.kill(owner);
        assert.equal(await other.queue.requeue(1), 2);
        const leases = await leaseAll(other);
        assert.deepEqual(leases.map(({ run }) => run), ['a', 'b', 'c']);
        assert.deepEqual(leases.map((lease) => other.leased(lease).lastSeq), [2, 1, 1]);
      });
      story('who opens the store finds them, too', async (place, owner) => {
        await accept(owner, 'r1');
        await leaseAll(owner);
        await place.kill(owner);
        assert.deepEqual(await leasedBy(await place.open()), ['r1']);
      });
    });

    describe('a run that its owner dies of', () => {
      /** An owner takes what it gets, begins it, gets on as wanted, and dies. Gives what it had. */
      const die = async (place: QueuePlace, done = 0, now = 100_000): Promise<string[]> => {
        const owner = await place.open();
        const leases = await owner.queue.lease({ most: 10, now });
        for (const lease of leases) {
          const { lastSeq } = owner.leased(lease);
          const recording = owner.record(owner.leased(lease), { recording: 'full', redact: [], isAnew: false, lost: () => undefined });
          void recording.emit({ type: 'run-started', at: 1, seed: 1 });
          for (let index = 0; index < done; index++) {
            const payload = `${lastSeq}-${index}`;
            void recording.emit({ type: 'payload-in', step: 's', payload: { id: payload, mediaType: 'application/json', body: '', size: 0 }, attempt: 1, at: 1 });
            void recording.emit({ type: 'payload-done', step: 's', payload, at: 1, durationMs: 1 });
          }
        }
        await owner.flush();
        await place.kill(owner);
        return leases.map(({ run }) => run);
      };
      story('is given up the twentieth time, with a remedy', async (place, owner) => {
        await accept(owner, 'r1');
        for (let death = 1; death <= 21; death++) assert.deepEqual(await die(place), death <= 20 ? ['r1'] : [], `death ${death}`);
        const { status, error } = owner.archive.run('r1')!;
        assert.deepEqual([status, error?.code, typeof error?.remedy, owner.archive.events('r1', 0, 100).at(-1)?.event.type], ['failed', 'RUN_STUCK', 'string', 'run-finished']);
      });
      story('waits longer each time before it is tried again, a minute at most', async (place, owner) => {
        await accept(owner, 'r1');
        for (const pause of [0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
          await die(place);
          const next = await place.open();
          // Its owner's death is noticed at 1,000.
          assert.deepEqual([next.queue.hasWaiting(999 + pause) && pause > 0, next.queue.hasWaiting(1_000 + pause)], [false, true], `${pause}`);
        }
      });
      story('takes no others with it: they are apart from it', async (place, owner) => {
        for (const id of ['a', 'bad', 'c']) await accept(owner, id);
        assert.deepEqual([await die(place), await die(place)], [['a', 'bad', 'c'], ['a', 'bad', 'c']]);
        const next = await place.open();
        const [first, ...rest] = await next.queue.lease({ most: 10, now: 100_000 });
        assert.deepEqual([first?.run, rest, await leasedBy(next, 10, 130_000)], ['a', [], []]);
        await end(next, first!);
        assert.deepEqual(await die(place), ['bad']);
        const last = await place.open();
        assert.deepEqual([last.archive.run('bad')?.status, await leasedBy(last, 10, 2_500)], ['queued', ['c']], 'it waits, and they do not');
      });
      story('holds up no others for ever', async (place, owner) => {
        for (const id of ['long', 'b', 'c']) await accept(owner, id);
        await die(place);
        await die(place);
        const next = await place.open();
        assert.deepEqual([await leasedBy(next, 10, 1_000_000), await leasedBy(next, 10, 1_059_000), await leasedBy(next, 10, 1_061_000), await leasedBy(next, 10, 1_062_000)], [['long'], [], ['b'], []]);
      });
      story('is not to blame where it gets on', async (place, owner) => {
        await accept(owner, 'r1');
        for (let death = 0; death < 5; death++) assert.deepEqual(await die(place, 1), ['r1']);
      });
    });

    describe('stopping', () => {
      story('what waits has ended, what is at work is asked for, what is over stays', async (place, owner) => {
        const other = await place.open();
        await accept(owner, 'work');
        await accept(owner, 'beside');
        const [lease] = await leaseAll(owner);
        await accept(owner, 'wait');
        assert.deepEqual([await other.queue.stop('wait', 2_000), await other.queue.stop('work', 2_000), await other.queue.stop('none', 2_000)], ['stopped', 'asked', undefined]);
        const { status, durationMs, error } = owner.archive.run('wait')!;
        assert.deepEqual([status, durationMs, error?.code, owner.archive.events('wait', 0, 10).at(-1)?.event.type], ['stopped', 0, 'RUN_STOPPED', 'run-finished']);
        assert.deepEqual([owner.queue.stopRequests(), other.queue.stopRequests(), await leasedBy(other)], [['work'], [], []]);
        await end(owner, lease!);
        assert.deepEqual([owner.queue.stopRequests(), await other.queue.stop('work', 3_000)], [[], undefined]);
      });
      story('a wish outlives the owner that it was meant for', async (place, owner) => {
        const other = await place.open();
        await accept(owner, 'r1');
        await leaseAll(owner);
        await other.queue.stop('r1', 2_000);
        await place.kill(owner);
        await other.queue.requeue(3_000);
        assert.deepEqual([other.archive.run('r1')?.status, await leasedBy(other)], ['stopped', []]);
      });
    });

    story('is listed: what is at work, then what waits, the most urgent first, with the reason', async (place, owner) => {
      const other = await place.open();
      await accept(owner, 'work', { flowLimit: 1 });
      await leaseAll(owner);
      await other.queue.stop('work', 2_000);
      await accept(owner, 'limited', { flowLimit: 1 });
      await accept(owner, 'later', { notBefore: 5_000, priority: 4 });
      await accept(owner, 'urgent', { priority: 0 });
      await accept(owner, 'lane', { overlap: 'queue' });
      await accept(owner, 'mine', { isReserved: true, head: { ...headOf('mine'), flow: 'free' } });
      const { items, ...figures } = owner.queue.list({ now: 0 });
      assert.deepEqual(items.map(({ run, priority, waitsFor }) => [run, priority, waitsFor]), [
        ['work', 'regular', undefined], ['urgent', 'highest', 'turn'], ['limited', 'regular', 'flow-limit'], ['lane', 'regular', 'earlier-run'], ['mine', 'regular', 'turn'], ['later', 'lowest', 'time'],
      ]);
      assert.deepEqual(figures, { page: 1, perPage: 50, total: 6, atWork: 1, waiting: 5 });
      assert.deepEqual([items[0]!.isOwn, items[0]!.isStopping, items[0]!.flowAtWork, items[4]!.isOwn, other.queue.list({ now: 0 }).items[0]!.isOwn], [true, true, 1, true, false]);
      assert.deepEqual(owner.queue.list({ flow: 'orders', page: 2, perPage: 3, now: 6_000 }).items.map(({ run, waitsFor }) => [run, waitsFor]), [['lane', 'earlier-run'], ['later', 'turn']]);
      assert.equal(owner.queue.list({ flow: 'free', now: 0 }).total, 1);
    });

    story('strikes are counted', async (_place, owner) => {
      await accept(owner, 'r1');
      for (const strikes of [0, 0, 1, 2]) {
        const [lease] = await leaseAll(owner);
        assert.equal(lease?.strikes, strikes);
        await owner.queue.release(lease!, { strike: strikes > 0 || lease!.fence > 2 });
      }
    });
  });
}

const headOf = (id: string): NewRun['head'] => ({ id, flow: 'orders', flowVersion: 'v1', trigger: 'web', queuedAt: 1_000 });

const runOf = (id: string, changes: Partial<NewRun> = {}): NewRun => ({ head: headOf(id), payload: createPayload({ id: `${id}-in`, body: { id } }), flowText: '{"steps":{}}', seed: 7, recording: 'full', redact: [], ...changes });

async function accept(owner: Recordings, id: string, changes: Partial<NewRun> = {}): Promise<void> {
  assert.ok('accepted' in (await owner.accept(runOf(id, changes))));
}

const leaseAll = (owner: Recordings): Promise<readonly Lease[]> => owner.queue.lease({ most: 1_000, now: 0 });

const leasedBy = async (owner: Recordings, most = 1_000, now = 0, isOwnOnly = false): Promise<string[]> => (await owner.queue.lease({ most, now, isOwnOnly })).map(({ run }) => run);

async function end(owner: Recordings, lease: Lease): Promise<void> {
  const recording = owner.record(owner.leased(lease), { recording: 'full', redact: [], isAnew: true, lost: () => undefined });
  void recording.emit({ type: 'run-started', at: 1, seed: 1 });
  void recording.emit({ type: 'run-finished', status: 'success', at: 2, durationMs: 1 });
  await recording.ended;
  assert.equal(recording.lost, undefined);
}
