import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import connector from '../plugins/shapes/connector.ts';
import filter from '../plugins/shapes/filter.ts';
import map from '../plugins/shapes/map.ts';
import split from '../plugins/shapes/split.ts';
import tryCatch from '../plugins/shapes/try-catch.ts';
import { FlowError, type Payload, type Plugin } from '../plugins/sdk/index.ts';
import { withId } from '../server/engine/payload.ts';
import type { IncrementalUse } from '../server/model/connector.ts';
import type { Flow, Step } from '../server/model/flow.ts';
import type { RunEvent } from '../server/model/run-event.ts';
import { createThroughReader } from '../server/runner/got-through.ts';
import { createStateHost } from '../server/runner/state-host.ts';
import { stuckRecords } from '../server/runner/stuck-records.ts';
import { givenState } from '../server/runner/workspace-state.ts';
import { openEmptyState } from '../server/stores/state-database.ts';
import type { StateStore } from '../server/stores/state-store.ts';
import { shopPage, type ShopRecord } from './support/changing-shop.ts';
import { call, connectorHost, json, type ConnectorHost } from './support/connector-host.ts';
import { runFlow, shape } from './support/engine-host.ts';

// Records are added and changed between runs, some of which fail: each version that a run could see gets through at least once, and with a key only once.

const startTime = Date.parse('2024-01-01T00:00:00Z');

interface Way extends Partial<IncrementalUse> {
  /** Milliseconds that the server can tell apart. */
  readonly grain?: number;
}

const ways: readonly Way[] = [
  { key: 'id' }, { key: 'id', isSorted: true }, {}, { isSorted: true },
  { key: 'id', step: { count: 4, unit: 'second' }, start: '2024-01-01' },
  { key: 'id', isSorted: true, step: { count: 7, unit: 'second' }, start: '2024-01-01', isEndIncluded: true },
  { key: 'id', format: 'YYYY-MM-DDTHH:mm:ssZ', recordFormat: 'date-time', grain: 1000 }, { key: 'id', isStartIncluded: false, isSorted: true }, { key: 'id', lookback: 3, isSorted: true }, { lookback: 3 },
];

/** `wait`: milliseconds since the one before; 0 for the very same moment. */
const change = fc.record({ id: fc.integer({ min: 1, max: 8 }), wait: fc.oneof(fc.constant(0), fc.nat(900), fc.nat(6000)) });
const round = fc.record({
  changes: fc.array(change, { maxLength: 6 }),
  /** Records with which the flow fails this time; and the request that does. */
  bad: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8], { maxLength: 2 }),
  broken: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 3 }),
});

/** How records fail: with all of the payload that they come in, or each for itself; and the steps before. */
interface Failing {
  readonly before?: Readonly<Record<string, object>>;
  readonly isAlone?: true;
  /** Those below it are filtered out. */
  readonly least?: number;
}

const mapped = { shape: 'map', settings: { rules: [{ from: 'id', to: 'no' }, { from: 'version', to: 'version' }] } };
const failings: Readonly<Record<string, Failing>> = {
  'pages fail': {},
  'records fail': { isAlone: true },
  'mapped records fail': { before: { mapped }, isAlone: true },
  'payloads of one record fail': { before: { parted: { shape: 'split', settings: { path: '[*]' } }, mapped } },
  'records fail that a filter left and a map made': { before: { some: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'greater-than', value: 2 }] } }, mapped }, isAlone: true, least: 3 },
};

interface World {
  readonly records: Map<number, ShopRecord>;
  readonly store: StateStore;
  bad: readonly number[];
  readonly failing: Failing;
  /** Requests until one fails. */
  left: number;
}

type Mapped = Pick<ShopRecord, 'version'> & { readonly id?: number; readonly no?: number };
const numberOf = ({ id, no = id }: Mapped): number => no!;
const recordsOf = async (payload: Payload): Promise<readonly Mapped[]> => [await payload.json()].flat() as Mapped[];

const sound = (world: World): Plugin => shape('sound', () => async (payload, { fail }) => {
  const records = await recordsOf(payload);
  const isBad = (record: Mapped): boolean => world.bad.includes(numberOf(record));
  const error = new FlowError('DATA_INVALID', 'Not now.');
  if (!world.failing.isAlone && records.some(isBad)) throw error;
  for (const [index, record] of records.entries()) if (isBad(record)) fail(withId(payload.with({ body: record }), `${payload.id}!${index}`), error);
  const left = records.filter((record) => !isBad(record));
  return left.length === records.length ? [{ port: 'out', payload }] : left.length === 0 ? [] : [{ port: 'out', payload: payload.with({ body: left }) }];
});

function hostOf(world: World, { grain, ...incremental }: Way, size: number): ConnectorHost {
  const { isSorted = false, isStartIncluded = true, isEndIncluded = false } = incremental;
  const host = connectorHost({
    plugins: [connector, tryCatch, filter, map, split, sound(world)] as unknown as Plugin[],
    endpoint: { query: { from: '{{ cursor.from }}', to: '{{ cursor.to }}' }, records: 'items', pagination: { type: 'page-number', settings: { hasMorePath: 'more' } }, incremental: { path: 'updated', ...incremental }, retry: { attempts: 0 } },
    send({ url }) {
      if (--world.left === 0) return json({}, { status: 400 });
      const query = new URL(url).searchParams;
      return json(shopPage(world.records.values(), { from: query.get('from') ?? undefined, to: query.get('to') ?? undefined, page: Number(query.get('page')), size, isSorted, isStartExcluded: !isStartIncluded, isEndIncluded, ...(grain !== undefined && { grain }) }));
    },
  });
  return { ...host, state: createStateHost({ state: givenState(world.store), config: () => ({ version: 1 }), notify: async () => undefined }) };
}

function stepsOf({ before = {} }: Failing): Flow['steps'] {
  const names = [...Object.keys(before), 'sound'];
  return {
    read: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it', params: {} }, next: { out: 'guard' } },
    guard: { shape: 'try-catch', settings: { action: 'partial-success' }, next: { try: names[0]! } },
    ...Object.fromEntries(Object.entries(before).map(([name, step], index) => [name, { ...(step as Step), next: { out: names[index + 1]! } }])),
    sound: { shape: 'sound', next: { out: 'end' } },
    end: { shape: 'pass' },
  };
}
const pass = shape('pass', () => (payload) => [{ port: 'out', payload }]);

/** A run, and its settlement as the runner does it. Gives the versions that got through, and whether all did. */
async function run(host: ConnectorHost, { store, failing }: World, id: string, now: number): Promise<{ readonly through: readonly string[]; readonly isSuccess: boolean }> {
  const events: RunEvent[] = [];
  const steps = stepsOf(failing);
  const registry = { ...host.registry, find: async (kind: 'shape', type: string) => (kind === 'shape' && type === 'pass' ? pass : host.registry.find(kind, type)) } as ConnectorHost['registry'];
  const told = await runFlow({ host: { ...host, registry }, steps, options: { run: { id, flow: 'test', flowVersion: 'v', trigger: 'manual', queuedAt: now }, emit: (event) => void events.push(event) } });
  if (told.status === 'success') await store.settle(id, 'all');
  else {
    const reader = createThroughReader({ steps }, await store.undecided(id));
    for (const event of events) reader.read(event);
    const { kept } = host;
    await store.settle(id, reader.through(), await stuckRecords(reader, async ({ body }) => (kept.has(body) ? JSON.stringify(kept.get(body)) : undefined)));
  }
  const through = told.outputs.filter(({ step }) => step === 'end').flatMap(({ body }) => ([body].flat() as Mapped[]).map((record) => `${numberOf(record)}v${record.version}`));
  return { through, isSuccess: told.status === 'success' };
}

for (const [what, failing] of Object.entries(failings)) for (const way of ways) {
  // Without a key a page comes again as a whole, whatever failed in it.
  if (failing !== failings['pages fail'] && way.key === undefined) continue;
  // The clock jumps whenever nothing is under way, and a filter that leaves nothing of many windows lets it come to the time limit of the step.
  if (failing.least !== undefined && way.step) continue;
  test(`over many runs, each version once where there is a key, at least once without: ${what}, ${JSON.stringify(way)}`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 4 }), async (rounds, size) => {
      await using store = openEmptyState(() => 0);
      const world: World = { records: new Map(), store, failing, bad: [], left: 0 };
      const host = hostOf(world, way, size);
      const got = new Map<string, number>();
      let now = startTime + 5000;
      for (const [index, { changes, bad, broken, ...more }] of [...rounds, { changes: [], bad: [], broken: null, isLate: true }].entries()) {
        for (const { id, wait } of changes) {
          now += wait;
          world.records.set(id, { id, time: now, version: (world.records.get(id)?.version ?? 0) + 1 });
        }
        world.bad = bad;
        world.left = broken ?? 0;
        now += 'isLate' in more ? 5000 : 1;
        const { through, isSuccess } = await run(host, world, `run-${index}`, now);
        for (const version of through) got.set(version, (got.get(version) ?? 0) + 1);
        // What happens in the moment of the run, as the server tells moments apart, is read by the next one.
        const moment = Math.floor(now / (way.grain ?? 1)) * (way.grain ?? 1);
        if (isSuccess) for (const { id, version, time } of world.records.values()) assert.ok(time >= moment || id < (failing.least ?? 0) || got.has(`${id}v${version}`), `${id}v${version} was not read`);
        if (way.key !== undefined) for (const [version, times] of got) assert.equal(times, 1, `${version} came ${times} times`);
      }
      const { through, isSuccess } = await run(host, world, 'last', now);
      if (way.key !== undefined) assert.deepEqual([isSuccess, through], [true, []], 'nothing is left to be read');
      assert.deepEqual(await store.unsettled(0), []);
    }), { numRuns: failing === failings['pages fail'] ? 30 : 10, seed: 41 });
  });
}

for (const way of ways) {
  test(`where a run goes on after a crash, the cursor comes to the same place: ${JSON.stringify(way)}`, async () => {
    await fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), fc.nat(8), async (changes, size, most) => {
      const outcomes = await Promise.all([false, true].map(async (crashes) => {
        await using store = openEmptyState(() => 0);
        const world: World = { records: new Map(), store, failing: {}, bad: [], left: 0 };
        let now = startTime;
        for (const { id, wait } of changes) {
          now += wait;
          world.records.set(id, { id, time: now, version: 1 });
        }
        // The clock of such a call stands far behind the records; windows up to there would be many.
        const host = hostOf(world, { ...way, ...(way.step && { end: new Date(now + 1000).toISOString() }) }, size);
        const cursor = (place: { readonly instance: string; readonly endpoint: string; readonly slice: string }) => host.state.cursor(place, { run: 'run-1', flow: 'f', step: 's', environment: '' });
        const first = crashes ? await call(host, { cursor, most }) : undefined;
        const second = await call(host, { cursor, resumed: first?.checkpoint });
        assert.deepEqual([first?.error, second.error], [undefined, undefined]);
        await store.settle('run-1', 'all');
        const known = first ? first.bodies.flat().length : 0;
        const { items } = await store.cursors.list({});
        return { records: [...(first?.bodies.flat() ?? []), ...second.bodies.flat()], known, cursor: items.map(({ value, seen }) => [value, seen]) };
      }));
      const [whole, crashed] = outcomes as [typeof outcomes[number], typeof outcomes[number]];
      assert.deepEqual(crashed.cursor, whole.cursor);
      // What was given and not checkpointed comes again.
      assert.ok(crashed.records.length - whole.records.length <= size);
      assert.deepEqual(new Set(crashed.records.map((record) => JSON.stringify(record))), new Set(whole.records.map((record) => JSON.stringify(record))));
    }), { numRuns: 15, seed: 42 });
  });
}
