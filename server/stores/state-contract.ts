import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CachedDocument } from '../../plugins/sdk/index.ts';
import type { StateStore } from './state-store.ts';

/** A place where an implementation keeps state, opened as often as a test wants, as by several processes; `now` is the time that all of them see. */
export interface StatePlace extends AsyncDisposable {
  now: number;
  open(): Promise<StateStore>;
}

const day = 86_400_000;
const mine = { name: 'orders', scope: 'workspace', owner: '' } as const;
const wide = { ttlMs: 7 * day, maxBytes: 1_000_000 };
const document = (body: unknown, mediaType = 'application/json', meta = {}): CachedDocument => ({ body, mediaType, meta });
const bodies = async (store: StateStore, key: string, cache: Parameters<StateStore['caches']['get']>[0] = mine): Promise<unknown[]> => (await store.caches.get(cache, key)).map(({ body }) => body);
const owner = (run: string, payload = 'p') => ({ run, payload });
const adding = (run: string, payload = 'p') => ({ entity: 'order', owner: owner(run, payload), ttlMs: 90 * day });

/** What every implementation of `StateStore` must do. */
export function testStateStore(name: string, makePlace: () => Promise<StatePlace>): void {
  const story = (title: string, check: (store: StateStore, place: StatePlace) => Promise<void>): void => void test(title, async () => {
    await using place = await makePlace();
    await using store = await place.open();
    await check(store, place);
  });

  describe(`${name}: caches`, () => {
    story('documents come back as they were, in their order', async ({ caches }) => {
      const documents = [
        document({ a: [1, null, 'ü\0"'] }), document('text'), document(null), document('a;b\n', 'text/csv', { source: 'shop' }),
        document(new Uint8Array([0, 255]), 'application/octet-stream'), document('', 'text/plain'), document(new Uint8Array([123]), 'application/json'),
      ];
      await caches.put(mine, 'k', documents, wide);
      assert.deepEqual((await caches.get(mine, 'k')).map(({ body, ...rest }) => ({ ...rest, body: body instanceof Uint8Array ? new Uint8Array(body) : body })), documents);
      assert.deepEqual(await caches.get(mine, 'other'), []);
      await assert.rejects(caches.put(mine, 'k', [document(1n)], wide), { code: 'DATA_INVALID' });
      assert.equal((await caches.get(mine, 'k')).length, 7);
    });
    story('put replaces, also by nothing; append comes once per id until the key is replaced', async (store) => {
      const { caches } = store;
      await caches.append(mine, 'k', document(1), { ...wide, id: 'a' });
      await caches.append(mine, 'k', document(2), { ...wide, id: 'b' });
      await caches.append(mine, 'k', document(3), { ...wide, id: 'a' });
      assert.deepEqual(await bodies(store, 'k'), [1, 2]);
      await caches.put(mine, 'k', [document(4)], wide);
      await caches.append(mine, 'k', document(5), { ...wide, id: 'a' });
      assert.deepEqual(await bodies(store, 'k'), [4, 5]);
      await caches.put(mine, 'k', [], wide);
      assert.deepEqual([await bodies(store, 'k'), await caches.delete(mine, 'k')], [[], false]);
    });
    story('names, scopes, owners and keys do not touch each other', async (store) => {
      const places = [mine, { ...mine, name: 'Orders' }, { ...mine, scope: 'flow' as const, owner: 'a' }, { ...mine, scope: 'flow' as const, owner: 'b' }, { ...mine, scope: 'run' as const, owner: 'a' }];
      for (const [index, place] of places.entries()) await store.caches.put(place, 'k', [document(index)], wide);
      await store.caches.put(mine, 'K', [document('K')], wide);
      for (const [index, place] of places.entries()) assert.deepEqual(await bodies(store, 'k', place), [index]);
      assert.deepEqual([await store.caches.delete(mine, 'k'), await store.caches.delete(mine, 'k'), await bodies(store, 'K')], [true, false, ['K']]);
    });
    story('a document ends by its own time, is appended again then, and takes no room', async (store, place) => {
      const { caches } = store;
      await caches.append(mine, 'k', document('old'), { ttlMs: 10, maxBytes: 20, id: 'a' });
      place.now += 5;
      await caches.append(mine, 'k', document('new'), { ttlMs: 10, maxBytes: 20, id: 'b' });
      place.now += 4;
      assert.deepEqual(await bodies(store, 'k'), ['old', 'new']);
      place.now += 1;
      assert.deepEqual([await bodies(store, 'k'), (await caches.keys(mine, {})).items.map(({ documents }) => documents)], [['new'], [1]]);
      await caches.append(mine, 'k', document('again'), { ttlMs: 10, maxBytes: 20, id: 'a' });
      assert.deepEqual(await bodies(store, 'k'), ['new', 'again']);
      place.now += 10;
      assert.deepEqual([await bodies(store, 'k'), await caches.delete(mine, 'k'), (await caches.list({})).items], [[], false, []]);
    });
    story('a cache that is full takes nothing more, and keeps what it has', async (store) => {
      const { caches } = store;
      const small = { ttlMs: day, maxBytes: 100 };
      await caches.put(mine, 'k', [document('x'.repeat(60), 'text/plain')], small);
      await assert.rejects(caches.put(mine, 'other', [document('x'.repeat(60), 'text/plain')], small), { code: 'CACHE_FULL', message: /"orders" would be \d+ bytes long; 100 are allowed/ });
      await assert.rejects(caches.append(mine, 'k', document('x'.repeat(60), 'text/plain'), { ...small, id: 'a' }), { code: 'CACHE_FULL' });
      await assert.rejects(caches.put(mine, 'k', [document('x'.repeat(120), 'text/plain')], small), { code: 'CACHE_FULL' });
      assert.deepEqual(await bodies(store, 'k'), ['x'.repeat(60)]);
      // In its own place there is room.
      await caches.put(mine, 'k', [document('y'.repeat(90), 'text/plain')], small);
      assert.deepEqual(await bodies(store, 'k'), ['y'.repeat(90)]);
      const neighbour = { ...mine, name: 'neighbour' };
      await caches.put(neighbour, 'k', [document('x'.repeat(60), 'text/plain')], small);
      assert.equal((await caches.list({ name: 'neighbour' })).total, 1);
    });
    story('people see caches, keys and documents in pages', async ({ caches }, { now }) => {
      for (const key of ['b', 'a', 'ab']) await caches.append(mine, key, document(key, 'text/plain'), { ...wide, id: '1' });
      await caches.append(mine, 'a', document([1], 'application/json', { n: '1' }), { ...wide, id: '2' });
      await caches.append(mine, 'a', document('x'.repeat(70_000), 'text/plain'), { ...wide, id: '3' });
      await caches.put({ ...mine, scope: 'flow', owner: 'f' }, 'k', [document(new Uint8Array([1, 2]), 'image/png'), document(new TextEncoder().encode('a,é'), 'text/csv'), document(new Uint8Array([0xe9]), 'text/csv')], wide);
      assert.deepEqual((await caches.list({})).items.map(({ name, scope, owner: of, keys, documents, lastAt }) => [name, scope, of, keys, documents, lastAt]), [['orders', 'flow', 'f', 1, 3, now], ['orders', 'workspace', '', 3, 5, now]]);
      assert.deepEqual((await caches.list({ scope: 'workspace' })).total, 1);
      assert.deepEqual((await caches.list({ owner: 'f' })).total, 1);
      const page = await caches.keys(mine, { page: 2, perPage: 2 });
      assert.deepEqual([page.items.map(({ key }) => key), page.total, page.page, page.perPage], [['b'], 3, 2, 2]);
      assert.deepEqual((await caches.keys(mine, { prefix: 'a' })).items.map(({ key, documents, expiresAt }) => [key, documents, expiresAt]), [['a', 3, now + 7 * day], ['ab', 1, now + 7 * day]]);
      assert.equal((await caches.keys(mine, { prefix: '%' })).total, 0);
      const shown = await caches.documents(mine, 'a', { page: 2, perPage: 1 });
      assert.deepEqual([shown.total, shown.items.map(({ index, kind, body, meta }) => [index, kind, body, meta])], [3, [[1, 'json', [1], { n: '1' }]]]);
      assert.equal((await caches.documents(mine, 'a', { page: 3, perPage: 1 })).items[0]?.body, undefined);
      assert.deepEqual((await caches.documents({ ...mine, scope: 'flow', owner: 'f' }, 'k', {})).items.map(({ kind, body }) => [kind, body]), [['binary', 'AQI='], ['text', 'a,é'], ['binary', '6Q==']]);
      assert.deepEqual([await caches.clear(mine), await caches.clear(mine), (await caches.list({})).total], [3, 0, 1]);
    });
  });

  describe(`${name}: pools`, () => {
    story('a value is new once, and again for whom it was new', async ({ pools }) => {
      assert.deepEqual(await pools.add('seen', ['a', 'b', 'a'], adding('r1')), [true, true, true]);
      assert.deepEqual(await pools.add('seen', ['a', 'c'], adding('r2')), [false, true]);
      assert.deepEqual(await pools.add('seen', ['a', 'c'], adding('r1')), [true, false]);
      assert.deepEqual(await pools.add('seen', ['a'], adding('r1', 'other payload')), [false]);
      assert.deepEqual(await pools.has('seen', ['a', 'A', 'c', ''], 'order'), [true, false, true, false]);
      assert.deepEqual([await pools.has('seen', ['a'], 'customer'), await pools.has('other', ['a'], 'order'), await pools.has('seen', [], 'order')], [[false], [false], []]);
    });
    story('a value ends by its time', async ({ pools }, place) => {
      await pools.add('seen', ['a'], { ...adding('r1'), ttlMs: 10 });
      place.now += 9;
      assert.deepEqual(await pools.add('seen', ['a'], adding('r2')), [false]);
      place.now += 1;
      assert.deepEqual([await pools.has('seen', ['a'], 'order'), (await pools.values('seen', {})).total, (await pools.list({})).total], [[false], 0, 0]);
      assert.deepEqual(await pools.add('seen', ['a'], adding('r2')), [true]);
      assert.deepEqual(await pools.add('seen', ['a'], adding('r1')), [false]);
    });
    story('a pending value counts while its run is at work, and then where its payload got through', async (store, place) => {
      const { pools } = store;
      await pools.add('seen', ['a', 'b'], { ...adding('r1', 'p1'), pending: true });
      await pools.add('seen', ['c'], { ...adding('r1', 'p2'), pending: true });
      await pools.add('seen', ['d'], adding('r1', 'p2'));
      await pools.add('seen', ['e'], { ...adding('r2', 'p2'), pending: true });
      assert.deepEqual(await pools.add('seen', ['a', 'c'], adding('r3')), [false, false]);
      assert.deepEqual((await pools.values('seen', { prefix: 'a' })).items.map(({ pendingFor }) => pendingFor), ['r1']);
      assert.deepEqual([await store.unsettled(1), [...await store.unsettled(0)].toSorted(), [...await store.undecided('r1')].toSorted()], [[], ['r1', 'r2'], ['p1', 'p2']]);
      place.now += 1;
      assert.deepEqual([...await store.unsettled(1)].toSorted(), ['r1', 'r2']);
      await store.settle('r1', new Set(['p1']));
      assert.deepEqual(await pools.has('seen', ['a', 'b', 'c', 'd', 'e'], 'order'), [true, true, false, true, true]);
      assert.deepEqual((await pools.values('seen', {})).items.map(({ value, pendingFor }) => [value, pendingFor]), [['a', undefined], ['b', undefined], ['d', undefined], ['e', 'r2']]);
      assert.deepEqual([await store.unsettled(0), await store.undecided('r1')], [['r2'], ['p2']]);
      await store.settle('r2', 'all');
      assert.deepEqual([await pools.has('seen', ['e'], 'order'), await store.unsettled(0)], [[true], []]);
    });
    story('what was given up is free for others, and comes back with the run that is resumed', async (store) => {
      const { pools } = store;
      await pools.add('seen', ['a', 'b', 'c'], { ...adding('r1'), pending: true });
      await store.settle('r1', new Set());
      assert.deepEqual(await pools.add('seen', ['a'], adding('r2')), [true]);
      assert.deepEqual(await pools.add('seen', ['b'], { ...adding('r1'), pending: true }), [true]);
      assert.deepEqual(await pools.has('seen', ['a', 'b', 'c'], 'order'), [true, true, false]);
      await store.settle('r1', 'all');
      assert.deepEqual(await pools.add('seen', ['a', 'b', 'c'], adding('r3')), [false, false, false]);
      assert.deepEqual(await pools.add('seen', ['a'], adding('r2')), [true]);
    });
    story('a value that counts does not become pending again', async (store) => {
      await store.pools.add('seen', ['a'], adding('r1'));
      await store.pools.add('seen', ['a'], { ...adding('r1'), pending: true });
      await store.settle('r1', new Set());
      assert.deepEqual(await store.pools.has('seen', ['a'], 'order'), [true]);
    });
    story('people see, remove and clear values', async ({ pools }, { now }) => {
      await pools.add('seen', ['2', '10', 'x%'], adding('r1'));
      await pools.add('seen', ['10', ''], { ...adding('r1'), entity: '' });
      await pools.add('a', ['1'], adding('r1'));
      assert.deepEqual((await pools.list({})).items, [{ name: 'a', values: 1, entities: [{ entity: 'order', values: 1 }] }, { name: 'seen', values: 5, entities: [{ entity: '', values: 2 }, { entity: 'order', values: 3 }] }]);
      assert.equal((await pools.list({ name: 'seen' })).total, 1);
      const page = await pools.values('seen', { page: 2, perPage: 2 });
      assert.deepEqual([page.items.map(({ entity, value }) => [entity, value]), page.total], [[['order', '10'], ['order', '2']], 5]);
      assert.deepEqual((await pools.values('seen', { entity: 'order', prefix: '1' })).items, [{ entity: 'order', value: '10', at: now, expiresAt: now + 90 * day }]);
      assert.deepEqual((await gather(pools.all('seen'))).map(({ entity, value }) => `${entity}:${value}`), [':', ':10', 'order:10', 'order:2', 'order:x%']);
      assert.deepEqual([await pools.remove('seen', ['2', 'no'], 'order'), await pools.clear('seen', ''), await pools.clear('seen'), (await pools.list({})).total], [1, 2, 2, 1]);
    });
    story('all values come, however many', async ({ pools }) => {
      const values = Array.from({ length: 2_500 }, (_, index) => `v${index}`);
      await pools.add('seen', values, adding('r1'));
      assert.deepEqual((await gather(pools.all('seen'))).map(({ value }) => value), values.toSorted());
    });
  });

  describe(`${name}: cursors`, () => {
    const orders = { environment: '', flow: 'f', step: 'read', instance: 'shop', endpoint: 'orders.list', slice: '' };
    const place = async ({ cursors }: StateStore, filter = {}): Promise<unknown> => (await cursors.list(filter)).items.map(({ value, seen, run, pendingFor }) => [value, seen, run, pendingFor].filter((part) => part !== undefined));
    /** Marks of a reading: `a1` a page `a` after which the cursor stands at 1, `a` a page, `1` the end. */
    const read = async (store: StateStore, run: string, marks: string, { input = 'p', seq: first = 0, version = 0 } = {}): Promise<void> => {
      for (const [index, mark] of marks.split(' ').entries()) {
        const [, payload, value] = /^([a-z]*)(\d*)$/.exec(mark)!;
        await store.cursors.mark(orders, { run, input, seq: first + index, version, kind: 'number', ...(payload && { payload }), ...(value && { value: Number(value), keepFrom: Number(value) }), seen: payload ? [[`seen ${payload}`, Number(value || 100)]] : [] });
      }
    };
    const cases: readonly (readonly [what: string, marks: string, through: string | 'all', expected: unknown])[] = [
      ['a success', 'a1 b2 c3', 'all', ['3', 1, 'r1']],
      ['all pages got through', 'a b c 3', 'abc', ['3', 3, 'r1']],
      ['the second page did not', 'a1 b2 c3', 'ac', ['1', 2, 'r1']],
      ['the first page did not', 'a1 b2', 'b', [1, 'r1']],
      ['one did not, and only the end says where the cursor is', 'a b 3', 'a', [1, 'r1']],
      ['it ended before anything was reached', 'a b', 'ab', [2, 'r1']],
      ['windows: the second did not get through', 'a 5 b 9', 'a', ['5', 1, 'r1']],
    ];
    for (const [what, marks, through, expected] of cases) {
      story(`the cursor moves up to what got through: ${what}`, async (store) => {
        await read(store, 'r1', marks);
        assert.deepEqual([await place(store), await store.unsettled(0)], [[[0, 'r1']], ['r1']]);
        assert.deepEqual([...await store.undecided('r1')].toSorted(), [...marks.matchAll(/[a-z]/g)].map(String));
        await store.settle('r1', through === 'all' ? 'all' : new Set(through));
        assert.deepEqual([await place(store), await store.unsettled(0)], [[expected], []]);
      });
    }
    story('what was given up moves it when the same run gets it through after all, once', async (store) => {
      await read(store, 'r1', 'a1 b2 c3');
      await store.settle('r1', new Set('ac'));
      assert.deepEqual([await store.undecided('r1'), (await store.cursors.begin(orders, { run: 'r2', input: 'p', seq: 0 })).value], [['b'], 1]);
      await store.settle('r1', 'all');
      assert.deepEqual([await place(store), await store.undecided('r1')], [[['3', 1, 'r1']], []]);
      await store.cursors.set(orders, 'number', 2);
      await store.settle('r1', 'all');
      assert.deepEqual(await place(store), [['2', 0]]);
    });
    story('it never moves back, and of several payloads that read the same the one that has come least far counts', async (store) => {
      await read(store, 'r1', 'a5');
      await store.settle('r1', 'all');
      await read(store, 'r2', 'b3');
      await store.settle('r2', 'all');
      assert.deepEqual(await place(store), [['5', 1, 'r1']]);
      await read(store, 'r3', 'c9', { input: 'p' });
      await read(store, 'r3', 'd7 e9', { input: 'q' });
      await store.settle('r3', new Set('cd'));
      assert.deepEqual(await place(store), [['7', 2, 'r3']]);
    });
    story('a reading that goes on makes the marks after its place again, and knows what it has seen', async (store) => {
      await read(store, 'r1', 'a1 b2');
      const begun = await store.cursors.begin(orders, { run: 'r1', input: 'p', seq: 1 });
      assert.deepEqual(begun, { version: 0, seen: [['seen a', 1]] });
      await read(store, 'r1', 'c4', { seq: 1 });
      await store.settle('r1', new Set('ac'));
      assert.deepEqual(await place(store), [['4', 1, 'r1']]);
    });
    story('marks with a gap before them count for nothing', async (store) => {
      await read(store, 'r1', 'b2', { seq: 1 });
      await store.settle('r1', 'all');
      assert.deepEqual((await store.cursors.list({})).items.map(({ value }) => value), [undefined]);
    });
    story('what a person says counts more than what a run has read meanwhile', async (store, clock) => {
      await read(store, 'r1', 'a5');
      await store.settle('r1', 'all');
      await read(store, 'r2', 'b9');
      clock.now += 7;
      assert.equal(await store.cursors.set(orders, 'number', 2), true);
      await read(store, 'r2', 'c10', { seq: 1 });
      await store.settle('r2', 'all');
      assert.deepEqual((await store.cursors.list({ flow: 'f' })).items, [{ ...orders, kind: 'number', value: '2', seen: 0, at: clock.now }]);
      assert.deepEqual(await store.cursors.begin(orders, { run: 'r3', input: 'p', seq: 0 }), { value: 2, version: 1, seen: [] });
      assert.deepEqual([await store.cursors.reset({ flow: 'g' }), await store.cursors.reset({ flow: 'f' }), await store.cursors.reset({}), await place(store)], [0, 1, 0, [[0]]]);
      assert.equal(await store.cursors.set({ ...orders, slice: 'shop=1' }, 'datetime', clock.now), false);
      assert.equal(await store.cursors.set({ ...orders, environment: 'staging', slice: 'shop=1' }, 'datetime', clock.now), false);
      assert.deepEqual([await store.cursors.reset({ environment: 'staging' }), (await store.cursors.list({ slice: 'shop=1', environment: '' })).total], [1, 1]);
      assert.deepEqual((await store.cursors.list({ slice: 'shop=1', environment: '' })).items.map(({ value }) => value), [new Date(clock.now).toISOString()]);
    });
    story('marks that nobody takes up any more are pruned, but not those of a run at work', async (store, clock) => {
      await read(store, 'r1', 'a b');
      await store.settle('r1', new Set('a'));
      await read(store, 'r2', 'c');
      clock.now += 91 * day;
      assert.deepEqual([await store.prune(), await store.undecided('r1'), await store.undecided('r2')], [2, [], ['c']]);
    });
  });

  describe(`${name}: tracked data`, () => {
    const place = (run: string, at: number, changes = {}) => ({ flow: 'f', run, step: 's', payload: 'p', at, ...changes });
    const order = { entity: 'order', value: '1001', direction: 'in' } as const;
    story('a value leads to flow, run and step, once per place', async ({ tracked }, { now }) => {
      await tracked.add([order, { ...order, direction: 'out' }, { ...order, value: '1002' }], place('r1', now), { ttlMs: day });
      await tracked.add([order], place('r1', now + 5), { ttlMs: day });
      await tracked.add([order], place('r2', now + 6, { flow: 'g' }), { ttlMs: day });
      const found = async (filter: object): Promise<string[]> => (await tracked.search(filter)).items.map(({ value, direction, run, at }) => `${value} ${direction} ${run} +${at - now}`);
      assert.deepEqual(await found({ value: '1001' }), ['1001 in r2 +6', '1001 out r1 +0', '1001 in r1 +0']);
      assert.deepEqual((await tracked.search({ value: '1002' })).items, [{ ...order, value: '1002', flow: 'f', run: 'r1', step: 's', payload: 'p', at: now }]);
      assert.deepEqual(await found({ prefix: '100', direction: 'in', flow: 'f' }), ['1002 in r1 +0', '1001 in r1 +0']);
      assert.deepEqual([await found({ prefix: '%' }), await found({ value: '100' }), await found({ entity: 'customer' }), await found({ run: 'r2', entity: 'order' })], [[], [], [], ['1001 in r2 +6']]);
      assert.deepEqual(await found({ since: now + 1 }), ['1001 in r2 +6']);
      assert.deepEqual(await found({ until: now }), []);
      const page = await tracked.search({ page: 2, perPage: 3 });
      assert.deepEqual([page.items.length, page.total], [1, 4]);
    });
    story('it ends by the time of the clock, not by that of the run', async ({ tracked }, clock) => {
      await tracked.add([order], place('r1', 0), { ttlMs: 10 });
      clock.now += 9;
      assert.equal((await tracked.search({ value: '1001' })).total, 1);
      clock.now += 1;
      assert.equal((await tracked.search({ value: '1001' })).total, 0);
      await tracked.add([order], place('r1', 0), { ttlMs: 10 });
      assert.equal((await tracked.search({ value: '1001' })).total, 1);
    });
  });

  describe(`${name}: memory of triggers`, () => {
    story('the last value stays', async ({ memory }, place) => {
      assert.equal(await memory.get('f', 't'), undefined);
      for (const value of [{ last: 5 }, null, [1], 'text']) {
        await memory.set('f', 't', value);
        assert.deepEqual(await memory.get('f', 't'), value);
      }
      await using other = await place.open();
      assert.deepEqual([await other.memory.get('f', 't'), await memory.get('f', 'u'), await memory.get('g', 't')], ['text', undefined, undefined]);
      await memory.set('f', 't', undefined);
      assert.equal(await other.memory.get('f', 't'), undefined);
    });
    story('what is too long or no JSON is refused, and the old value stays', async ({ memory }) => {
      await memory.set('f', 't', 1);
      await assert.rejects(memory.set('f', 't', 'x'.repeat(65_536)), { code: 'DATA_TOO_LARGE', message: /65538 bytes long; 65536/ });
      await assert.rejects(memory.set('f', 't', 1n), { code: 'DATA_INVALID' });
      assert.equal(await memory.get('f', 't'), 1);
    });
  });

  describe(`${name}: together`, () => {
    story('what one has, the others see, and each value is new to one of them', async (store, place) => {
      await using other = await place.open();
      await store.caches.append(mine, 'k', document(1), { ...wide, id: 'a' });
      await other.caches.append(mine, 'k', document(2), { ...wide, id: 'b' });
      assert.deepEqual([await bodies(store, 'k'), await bodies(other, 'k')], [[1, 2], [1, 2]]);
      const values = Array.from({ length: 50 }, (_, index) => `${index}`);
      const added = await Promise.all(values.flatMap((value) => [store, other].map(async ({ pools }, index) => (await pools.add('seen', [value], adding(`r${index}`)))[0])));
      assert.equal(added.filter(Boolean).length, 50);
    });
    story('a change that fails takes no other with it', async (store) => {
      const results = await Promise.allSettled([
        store.caches.put(mine, 'a', [document(1)], wide), store.caches.put(mine, 'b', [document('x'.repeat(200))], { ttlMs: day, maxBytes: 100 }), store.pools.add('seen', ['a'], adding('r1')), store.memory.set('f', 't', 1),
      ]);
      assert.deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
      assert.deepEqual([await bodies(store, 'a'), await bodies(store, 'b'), await store.pools.has('seen', ['a'], 'order'), await store.memory.get('f', 't')], [[1], [], [true], 1]);
    });
    story('the caches of a run end with its success', async (store) => {
      for (const [scope, of] of [['run', 'r1'], ['run', 'r2'], ['flow', 'r1']] as const) await store.caches.put({ name: 'c', scope, owner: of }, 'k', [document(of)], wide);
      await store.settle('r2', new Set());
      await store.settle('r1', 'all');
      assert.deepEqual((await store.caches.list({})).items.map(({ scope, owner: of }) => [scope, of]), [['flow', 'r1'], ['run', 'r2']]);
    });
    story('pruning deletes what has ended, and nothing else', async (store, place) => {
      const short = { ttlMs: 10, maxBytes: 1_000 };
      await store.caches.put(mine, 'a', [document(1)], short);
      await store.caches.put({ ...mine, name: 'b' }, 'a', [document(1), document(2)], wide);
      await store.pools.add('seen', ['a', 'b'], { ...adding('r1'), ttlMs: 10 });
      await store.pools.add('seen', ['c'], adding('r1'));
      await store.tracked.add([{ entity: 'order', value: '1', direction: 'in' }], { flow: 'f', run: 'r', step: 's', payload: 'p', at: 0 }, { ttlMs: 10 });
      assert.equal(await store.prune(), 0);
      place.now += 10;
      assert.equal(await store.prune(1), 3);
      assert.equal(await store.prune(), 1);
      assert.equal(await store.prune(), 0);
      assert.deepEqual([(await store.caches.list({})).items.map(({ name: of, documents }) => [of, documents]), (await store.pools.list({})).items.map(({ values }) => values)], [[['b', 2]], [1]]);
    });
  });
}

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
