import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startChangingShop, type ChangingShop } from './support/changing-shop.ts';
import type { RunResult } from '../server/model/api.ts';
import type { IncrementalUse } from '../server/model/connector.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// Incremental reading with a real runner, its state on the disk, and a shop on loopback.

const folder = mkdtempSync(join(tmpdir(), 'patchbay-incremental-'));
let shop: ChangingShop;
before(async () => {
  shop = await startChangingShop();
});
beforeEach(() => {
  shop.records.clear();
  shop.requests.length = 0;
});
after(async () => {
  await shop[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
let last = 0;

interface Workspace {
  readonly incremental?: Partial<IncrementalUse>;
  readonly endpoint?: object;
  /** Of the step that reads. */
  readonly settings?: object;
  /** Steps after it. */
  readonly steps?: Readonly<Record<string, object>>;
  readonly flow?: object;
}

/** A flow that reads and goes on with other steps. */
function useFlow(root: string, steps: Readonly<Record<string, object>> = {}, settings: object = {}, more: object = {}): void {
  const names = Object.keys(steps);
  const next = (id: string | undefined): object => (id === undefined ? {} : { next: { out: id } });
  const chain = Object.fromEntries(names.map((id, index) => [id, { ...next(names[index + 1]), ...steps[id] }]));
  const flow = { version: 1, start: 'read', steps: { read: { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders.list', ...settings }, ...next(names[0]) }, ...chain }, ...more };
  mkdirSync(join(root, 'flows'), { recursive: true });
  writeFileSync(join(root, 'flows/f.flow.json'), JSON.stringify(flow));
}

function makeWorkspace({ incremental, endpoint, settings, steps, flow }: Workspace = {}): string {
  const root = join(folder, `${++last}`);
  const pagination = { type: 'page-number', settings: { hasMorePath: 'more', sizeParam: 'n', size: 2 } };
  const query = { from: '{{ cursor.from }}', to: '{{ cursor.to }}', ...(incremental?.isSorted && { sort: 'updated' }) };
  const orders = { title: 'Orders', direction: 'receive', method: 'GET', path: '/orders', query, records: 'items', pagination, incremental: { path: 'updated', key: 'id', ...incremental }, ...endpoint };
  const shops = { title: 'Shops', direction: 'receive', method: 'GET', path: '/shops', records: 'items' };
  useFlow(root, steps, settings, flow);
  const files = {
    'patchbay.json': { version: 1 },
    'connectors/shop.connector.json': { version: 1, title: 'Shop', baseUrl: shop.origin, endpoints: { 'orders.list': orders, 'shops.list': shops } },
    'instances/shop.instance.json': { version: 1, connector: 'shop', settings: {} },
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  }
  return root;
}

async function withRunner<T>(root: string, work: (runner: Runner) => Promise<T>): Promise<T> {
  await using runner = await openRunner({ root, editorSecrets: new Map() });
  return await work(runner);
}

const startTime = Date.parse('2024-01-01T00:00:00Z');
const at = (minute: number): string => new Date(startTime + minute * 60_000).toISOString();
const put = (...changes: readonly (readonly [id: number, minute: number])[]): void => {
  for (const [id, minute] of changes) shop.records.set(id, { id, time: startTime + minute * 60_000, version: (shop.records.get(id)?.version ?? 0) + 1 });
};
const run = async (runner: Runner, variables: Readonly<Record<string, unknown>> = {}): Promise<RunResult> => (await runner.start({ flow: 'f', trigger: 'manual', variables })).done;
const versions = ({ outputs }: RunResult): string[] => outputs.flat().map((record) => `${(record as { id: number }).id}v${(record as { version: number }).version}`);
const cursorOf = async (runner: Runner): Promise<unknown> => (await runner.state.cursors.list({})).items.map(({ slice, value }) => (slice === '' ? value : [slice, value]));

test('a run reads what is new since the one before, also after a restart, and an unchanged record of the very boundary does not come again', async () => {
  const root = makeWorkspace();
  put([1, 1], [2, 2], [3, 3]);
  await withRunner(root, async (runner) => {
    assert.deepEqual([versions(await run(runner)), await cursorOf(runner)], [['1v1', '2v1', '3v1'], [at(3)]]);
    assert.deepEqual([versions(await run(runner)), await cursorOf(runner)], [[], [at(3)]]);
  });
  put([4, 3], [1, 5]);
  await withRunner(root, async (runner) => {
    assert.deepEqual([versions(await run(runner)), await cursorOf(runner)], [['1v2', '4v1'], [at(5)]]);
    assert.equal(new URL(shop.requests.at(-1)!, 'http://shop').searchParams.get('from'), at(3));
  });
});

const guarded = (bad: string): Readonly<Record<string, object>> => ({ guard: { shape: 'try-catch', settings: { action: 'partial-success' }, next: { try: 'sound' } }, sound: { shape: 'assert', settings: { schema: { items: { properties: { id: { not: { const: Number(bad) } } } } } } } });

describe('the cursor goes no further than what got through', () => {
  for (const [isSorted, reached] of [[true, at(2)], [false, undefined]] as const) {
    test(`with records that are ${isSorted ? 'sorted' : 'not sorted'}`, async () => {
      const root = makeWorkspace({ incremental: { isSorted }, steps: guarded('3') });
      put([1, 1], [2, 2], [3, 3], [4, 4], [5, 5], [6, 6]);
      await withRunner(root, async (runner) => {
        const first = await run(runner);
        // What was caught has left the flow, too, but at another port.
        assert.deepEqual([first.status, first.failures.length, versions(first).length, await cursorOf(runner)], ['partial-success', 1, 6, [reached]]);
        // What failed comes again, and nothing else.
        useFlow(root);
        const second = await run(runner);
        assert.deepEqual([second.status, versions(second), await cursorOf(runner)], ['success', ['3v1', '4v1'], [at(6)]]);
      });
    });
  }

  test('a run that fails leaves it where it is, and the run that goes on with what is left moves it', async () => {
    const root = makeWorkspace({ steps: { sound: { shape: 'assert', settings: { schema: { items: { properties: { id: { not: { const: 3 } } } } } } } } });
    put([1, 1], [2, 2], [3, 3]);
    await withRunner(root, async (runner) => {
      const first = await run(runner);
      assert.deepEqual([first.status, await cursorOf(runner)], ['failed', [undefined]]);
      useFlow(root, { sound: { shape: 'assert', settings: {} } });
      const next = await (await runner.past.resume(first.run)).done;
      assert.deepEqual([next.status, await cursorOf(runner)], ['success', [at(3)]]);
      assert.deepEqual(versions(await run(runner)), []);
    });
  });
});

test('of a page only the record comes again that failed alone, also behind a map', async () => {
  const text = { to: 'number', transforms: [{ type: 'custom-string', settings: { value: 'three' } }], when: [{ field: 'id', value: 3 }] };
  const rules = [{ from: 'id', to: 'id' }, { from: 'version', to: 'version' }, { from: 'id', to: 'number' }, text];
  const cast = { from: 'number', to: 'number', transforms: [{ type: 'cast-to-number' }] };
  const guard = { guard: { shape: 'try-catch', settings: { action: 'partial-success' }, next: { try: 'map' } } };
  const root = makeWorkspace({ incremental: { isSorted: true }, steps: { ...guard, map: { shape: 'map', settings: { rules } }, cast: { shape: 'map', settings: { passThrough: true, rules: [cast] } } } });
  put([1, 1], [2, 2], [3, 3], [4, 4], [5, 5]);
  await withRunner(root, async (runner) => {
    assert.deepEqual([(await run(runner)).status, await cursorOf(runner)], ['partial-success', [at(2)]]);
    useFlow(root);
    assert.deepEqual([versions(await run(runner)), await cursorOf(runner)], [['3v1'], [at(5)]]);
  });
});

test('a range is read instead of what is new, and the cursor stays', async () => {
  const root = makeWorkspace({ settings: { range: { from: '{{ flow.from }}', to: '{{ flow.to }}' } }, flow: { variables: { from: { type: 'string', default: '' }, to: { type: 'string', default: '' } } } });
  put([1, 1], [2, 2], [3, 3]);
  await withRunner(root, async (runner) => {
    assert.deepEqual(versions(await run(runner)), ['1v1', '2v1', '3v1']);
    assert.deepEqual(versions(await run(runner, { from: at(1), to: at(3) })), ['1v1', '2v1']);
    assert.deepEqual([versions(await run(runner)), await cursorOf(runner)], [[], [at(3)]]);
  });
});

test('a record of the future moves the cursor no further than to the time of the run', async () => {
  const root = makeWorkspace({ endpoint: { query: { from: '{{ cursor.from }}' } } });
  shop.records.set(1, { id: 1, time: Date.parse('2999-01-01'), version: 1 });
  await withRunner(root, async (runner) => {
    assert.deepEqual(versions(await run(runner)), ['1v1']);
    const [value] = (await cursorOf(runner)) as readonly string[];
    assert.ok(Date.parse(value!) <= Date.now(), value);
  });
});

test('there is no range where nothing is read incrementally', async () => {
  const root = makeWorkspace({ settings: { endpoint: 'shops.list', range: { from: at(1) } } });
  await withRunner(root, async (runner) => assert.deepEqual((await run(runner)).failures.map(({ code }) => code), ['CONFIG_INVALID']));
});

for (const [what, incremental, pointer] of [
  ['a start that is no time', { start: '{{ params.since }}' }, '/start'], ['an end that is no time', { end: '{{ params.since }}' }, '/end'],
  ['a start that a pipe cannot make', { start: '{{ params.since | parse-date }}' }, '/start'], ['windows whose start is not given', { start: '{{ params.other }}', step: { count: 1 } }, ''],
] as const) test(`the place of a mistake is told: ${what}`, async () => {
  const root = makeWorkspace({ incremental, endpoint: { params: { since: { type: 'string', in: 'query' }, other: { type: 'string' } } }, settings: { params: { since: 'soon' } } });
  await withRunner(root, async (runner) => assert.deepEqual((await run(runner)).error?.place, { file: 'connectors/shop.connector.json', pointer: `/endpoints/orders.list/incremental${pointer}` }));
});

test('people see cursors, set them and begin again', async () => {
  const root = makeWorkspace();
  put([1, 1], [2, 2], [3, 3]);
  await withRunner(root, async (runner) => {
    await run(runner);
    const id = { environment: '', flow: 'f', step: 'read', instance: 'shop', endpoint: 'orders.list', slice: '' };
    const { items } = await runner.state.cursors.list({});
    assert.deepEqual(items.map(({ flow, step, slice, kind, value, seen }) => [flow, step, slice, kind, value, seen]), [['f', 'read', '', 'datetime', at(3), 1]]);
    assert.deepEqual(await runner.state.cursors.set(id, 'datetime', at(2)), { added: 0, changed: 1, removed: 0 });
    assert.deepEqual(versions(await run(runner)), ['2v1', '3v1']);
    assert.deepEqual([await runner.state.cursors.reset({ flow: 'other' }), await runner.state.cursors.reset({ flow: 'f' }), await cursorOf(runner)], [0, 1, [undefined]]);
    assert.deepEqual(versions(await run(runner)), ['1v1', '2v1', '3v1']);
    await assert.rejects(runner.state.cursors.set(id, 'datetime', 'soon'), { code: 'DATA_INVALID', message: /"soon" is no time/ });
  });
});

test('each slice has a cursor of its own, and records know their parent', async () => {
  const root = makeWorkspace({ endpoint: { path: '/shops/{{ slice.shop }}/orders', slices: [{ name: 'shop', endpoint: 'shops.list', include: { city: 'city' } }] } });
  put([1, 1], [2, 2], [3, 3]);
  await withRunner(root, async (runner) => {
    const first = await run(runner);
    assert.deepEqual([first.outputs.flat().map((record) => (record as { city: string }).city), await cursorOf(runner)], [['Ulm', 'Bern', 'Bern'], [['shop=0', at(2)], ['shop=1', at(3)]]]);
    put([4, 4]);
    assert.deepEqual([versions(await run(runner)), await cursorOf(runner)], [['4v1'], [['shop=0', at(4)], ['shop=1', at(3)]]]);
  });
});

test('each value of a group keeps its cursor, whatever group it is in', async () => {
  const asked = (from: number): (string | null)[] => shop.requests.slice(from).map((url) => new URL(url, 'http://shop').searchParams).filter((query) => query.has('ids')).map((query) => `${query.getAll('ids').join()} ${query.get('from') ?? '-'}`);
  const root = makeWorkspace({
    endpoint: { query: { ids: '{{ slice.id }}', from: '{{ cursor.from }}' }, params: { ids: { type: 'array' } }, slices: [{ name: 'id', values: '{{ params.ids }}', group: 2 }] },
    settings: { params: { ids: '{{ flow.ids }}' } }, flow: { variables: { ids: { type: 'array', default: [1, 2, 3] } } },
  });
  put([1, 1], [2, 2]);
  await withRunner(root, async (runner) => {
    await run(runner);
    assert.deepEqual([asked(0), await cursorOf(runner)], [['1,2 -', '3 -'], [['id=1', at(2)], ['id=2', at(2)], ['id=3', at(2)]]]);
    const from = shop.requests.length;
    put([2, 5]);
    // One that is new begins at the beginning, and nobody else with it.
    assert.deepEqual(versions(await run(runner, { ids: [7, 1, 3, 2] })), ['2v2', '1v1', '2v2', '2v2']);
    assert.deepEqual([asked(from), await cursorOf(runner)], [[`1 ${at(2)}`, '7 -', `3,2 ${at(2)}`], [['id=1', at(5)], ['id=2', at(5)], ['id=3', at(5)], ['id=7', at(5)]]]);
  });
});
