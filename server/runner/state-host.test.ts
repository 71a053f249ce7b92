import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { RunResult } from '../model/api.ts';
import { hasState, openSeededState, openStateDatabase } from '../stores/state-database.ts';
import type { StateStore } from '../stores/state-store.ts';
import type { Runner } from './contract.ts';
import { openRunner } from './runner.ts';
import { createStateHost, triggerMemory } from './state-host.ts';
import { createWorkspaceState, givenState } from './workspace-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-state-host-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

function makeWorkspace(files: Readonly<Record<string, unknown>>): string {
  const root = join(folder, `${++last}`);
  for (const [file, content] of Object.entries({ 'patchbay.json': { version: 1 }, ...files })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  }
  return root;
}

async function withRunner<T>(root: string, work: (runner: Runner) => Promise<T>): Promise<T> {
  const runner = await openRunner({ root, editorSecrets: new Map() });
  try {
    return await work(runner);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

async function withState<T>(root: string, work: (state: StateStore) => Promise<T>): Promise<T> {
  await using state = openStateDatabase(root, Date.now);
  return work(state);
}

const chain = (steps: Readonly<Record<string, object>>, more: object = {}): object => {
  const ids = Object.keys(steps);
  return { version: 1, start: ids[0], steps: Object.fromEntries(ids.map((id, index) => [id, { ...steps[id], ...(index + 1 < ids.length && { next: { out: ids[index + 1] } }) }])), ...more };
};
const each = { shape: 'split', settings: { each: true } };
const dedupe = (more: object = {}): object => ({ shape: 'de-dupe', settings: { pool: 'orders', key: 'id', ...more } });
const sound = { shape: 'assert', settings: { schema: { properties: { bad: false } } } };

/** Runs the flow `f` with a list. */
const run = (root: string, list: readonly unknown[]): Promise<RunResult> => withRunner(root, async (runner) => {
  const { done } = await runner.start({ flow: 'f', trigger: 'manual', payload: { body: list, mediaType: 'application/json' } });
  return done;
});
const ids = ({ outputs }: RunResult): unknown[] => outputs.map((output) => (output as { id: unknown }).id);

test('what one run has seen, the next one knows, also after a restart', async () => {
  const root = makeWorkspace({ 'flows/f.flow.json': chain({ each, dedupe: dedupe() }) });
  assert.deepEqual(ids(await run(root, [{ id: 1 }, { id: 2 }, { id: 1 }])), [1, 2]);
  assert.deepEqual(ids(await run(root, [{ id: 2 }, { id: 3 }])), [3]);
});

test('of 8 runs at once with the same records, each record passes once', async () => {
  const root = makeWorkspace({ 'flows/f.flow.json': chain({ each, dedupe: dedupe() }) });
  const passed = await withRunner(root, async (runner) => {
    const runs = await Promise.all(Array.from({ length: 8 }, (_, index) => runner.start({ flow: 'f', trigger: 'manual', payload: { body: Array.from({ length: 50 }, (__, place) => ({ id: (place + index * 6) % 50 })), mediaType: 'application/json' } })));
    return (await Promise.all(runs.map(({ done }) => done))).flatMap(ids);
  });
  assert.deepEqual(passed.toSorted((left, right) => Number(left) - Number(right)), Array.from({ length: 50 }, (_, id) => id));
});

for (const [recording, again] of [['full', [2, 4]], ['errors', [2, 4]], ['none', [1, 2, 3, 4]]] as const) {
  test(`keys that are confirmed after success: those that got through count, with the recording "${recording}"`, async () => {
    const root = makeWorkspace({ 'flows/f.flow.json': chain({ each, dedupe: dedupe({ confirm: true }), guard: { shape: 'try-catch' }, sound }, { settings: { recording } }) });
    const flow = chain({ each, dedupe: dedupe({ confirm: true }) }) as { steps: Record<string, object> };
    flow.steps['dedupe'] = { ...flow.steps['dedupe'], next: { out: 'guard' } };
    flow.steps['guard'] = { shape: 'try-catch', next: { try: 'sound' } };
    flow.steps['sound'] = sound;
    writeFileSync(join(root, 'flows/f.flow.json'), JSON.stringify({ ...flow, settings: { recording } }));
    const first = await run(root, [{ id: 1 }, { id: 2, bad: true }, { id: 3 }]);
    assert.deepEqual([first.status, first.failures.length], ['partial-success', 1]);
    const second = await run(root, [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    assert.deepEqual([second.status, ids(second)], ['success', again]);
    const third = await run(root, [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    assert.deepEqual(ids(third), []);
    await withState(root, async (state) => assert.deepEqual(await state.unsettled(0), []));
  });
}

test('a run whose process died is settled when somebody looks', async () => {
  const root = makeWorkspace({ 'flows/f.flow.json': chain({ each, dedupe: dedupe() }) });
  await run(root, []);
  const longAgo = Date.now() - 7_200_000;
  await using old = openStateDatabase(root, () => longAgo);
  await old.pools.add('orders', ['1'], { entity: 'record', owner: { run: 'dead', payload: 'p' }, pending: true, ttlMs: 90 * 86_400_000 });
  await withState(root, async (state) => assert.deepEqual(await state.pools.has('orders', ['1'], 'record'), [true]));
  await withRunner(root, async (runner) => {
    runner.archive.runs({});
    while ((await old.unsettled(0)).length > 0) await new Promise(setImmediate);
  });
  await withState(root, async (state) => assert.deepEqual(await state.pools.has('orders', ['1'], 'record'), [false]));
});

test('scopes of caches: a run’s ends with it, the others stay', async () => {
  const add = (scope: string): object => ({ shape: 'add-to-cache', settings: { cache: 'seen', scope, key: '{{ payload.id }}' } });
  const root = makeWorkspace({ 'flows/f.flow.json': chain({ each, run: add('run'), flow: add('flow'), workspace: add('workspace') }) });
  await run(root, [{ id: 1 }, { id: 2 }]);
  await withState(root, async (state) => assert.deepEqual((await state.caches.list({})).items.map(({ name, scope, owner, keys }) => [name, scope, owner, keys]), [['seen', 'flow', 'f', 2], ['seen', 'workspace', '', 2]]));
});

test('the limit of a cache is that of patchbay.json', async () => {
  const root = makeWorkspace({ 'patchbay.json': { version: 1, caches: { seen: { megabytes: 0.001 } } }, 'flows/f.flow.json': chain({ each, add: { shape: 'add-to-cache', settings: { cache: 'seen', key: '{{ payload.id }}' } } }) });
  const { status, failures } = await run(root, [{ id: 1 }, { id: 2, text: 'x'.repeat(2_000) }, { id: 3 }]);
  assert.deepEqual([status, failures.map(({ code }) => code)], ['failed', ['CACHE_FULL']]);
});

test('tracked values lead to their run', async () => {
  const root = makeWorkspace({ 'flows/f.flow.json': chain({ each, track: { shape: 'track-data', settings: { entity: 'order', fields: ['id'] } } }) });
  const { run: id } = await run(root, [{ id: 7 }]);
  await withState(root, async (state) => assert.deepEqual((await state.tracked.search({ value: '7' })).items.map(({ flow, run: of, step, entity }) => [flow, of, step, entity]), [['f', id, 'track', 'order']]));
});

test('looking keeps nothing', async () => {
  const root = makeWorkspace({ 'flows/f.flow.json': chain({ each }) });
  await using state = createWorkspaceState(root, Date.now);
  assert.deepEqual([(await state.reading().pools.list({})).total, await triggerMemory(state)('f', 't').get()], [0, undefined]);
  await run(root, [{ id: 1 }]);
  assert.deepEqual([hasState(root), existsSync(join(root, '.patchbay', 'patchbay.db'))], [false, true]);
  await triggerMemory(state)('f', 't').set({ last: 1 });
  assert.deepEqual([hasState(root), await triggerMemory(createWorkspaceState(root, Date.now))('f', 't').get()], [true, { last: 1 }]);
});

test('a test run has its own state, with what the test gives it', async () => {
  const seed = { pools: [{ name: 'orders', entity: 'order', values: ['1'] }], caches: [{ name: 'customers', key: '7', documents: [{ body: { name: 'Zoë' }, mediaType: 'application/json', meta: {} }] }] };
  const state = givenState(await openSeededState(seed, () => 0));
  const host = createStateHost({ state, config: () => ({ version: 1 }), notify: async () => undefined });
  const place = { run: 'r', flow: 'f', step: 's' };
  assert.deepEqual(await host.pool('orders', place).add(['1', '2'], { entity: 'order', owner: { run: 'r', payload: 'p' } }), [false, true]);
  assert.deepEqual((await host.cache('customers', 'workspace', place).get('7')).map(({ body }) => body), [{ name: 'Zoë' }]);
  await state[Symbol.asyncDispose]();
});
