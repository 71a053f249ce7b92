import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type Payload } from '../plugins/sdk/index.ts';
import { createPayload } from '../server/engine/payload.ts';
import type { EngineHost } from '../server/engine/host.ts';
import type { Step } from '../server/model/flow.ts';
import { bodiesOf, eventsOf, failing, runFlow, shape, virtualClock, type Story, type TestHostOptions, type Told } from './support/engine-host.ts';
import { memoryState } from './support/memory-state.ts';
import { realHost } from './support/real-plugins.ts';

// What shapes do together, in the real engine. Twenty orders, of which four fail.

/** Takes note of what passes, in the order of time. */
const noting = (notes: string[]) => shape('noting', () => async (payload, { settings }) => {
  const { name, waitMs } = settings as unknown as { readonly name: string; readonly waitMs?: number };
  notes.push(`${name} ${JSON.stringify(await payload.json())}`);
  return [{ port: 'out', payload: waitMs === undefined ? payload : payload }];
});

const refusing = shape('refusing', () => async (payload) => {
  const { id, bad } = (await payload.json()) as { readonly id: number; readonly bad: boolean };
  if (bad) throw new FlowError('REMOTE_REJECTED', `Order ${id} was refused.`);
  return [{ port: 'out', payload }];
});

const orders = Array.from({ length: 20 }, (_, index) => ({ id: index + 1, country: index % 2 ? 'GB' : 'FR', bad: [3, 8, 13, 20].includes(index + 1) }));
const ids = (told: Told, step: string): number[] => bodiesOf(told, step).map((body) => (body as { id: number }).id);
const numbers = (...without: number[]): number[] => orders.map(({ id }) => id).filter((id) => !without.includes(id));
const bad = [3, 8, 13, 20];
const each: Step = { shape: 'split', settings: { each: true }, next: { out: 'next' } };
const to = (step: string): Step => ({ ...each, next: { out: step } });

async function tell(steps: Story['steps'], { body = orders, notes = [], ...options }: TestHostOptions & { readonly body?: unknown; readonly notes?: string[]; readonly flow?: Story['flow'] } = {}): Promise<Told> {
  return runFlow({ host: realHost({ ...options, plugins: [failing, refusing, noting(notes), ...(options.plugins ?? [])] }), steps, body, ...(options.flow && { flow: options.flow }) });
}

const end: Step = { shape: 'noting', settings: { name: 'end' } };

describe('twenty payloads of which four fail', () => {
  test('try-catch: sixteen go on, four are caught', async () => {
    const told = await tell({ all: to('guard'), guard: { shape: 'try-catch', next: { try: 'send', catch: 'caught' } }, send: { shape: 'refusing', next: { out: 'sent' } }, sent: end, caught: end });
    assert.deepEqual([told.status, ids(told, 'sent'), ids(told, 'caught')], ['partial-success', numbers(...bad), bad]);
    assert.deepEqual(told.outputs.filter(({ step }) => step === 'caught').map(({ meta }) => [meta['error_code'], meta['error_step'], meta['error_message']])[0], ['REMOTE_REJECTED', 'send', 'Order 3 was refused.']);
  });

  test('route: each country by itself, the failed ones are caught from both', async () => {
    const told = await tell({
      all: to('guard'), guard: { shape: 'try-catch', next: { try: 'by-country', catch: 'caught' } },
      'by-country': { shape: 'route', settings: { routes: [{ name: 'uk', when: [{ field: 'country', value: 'GB' }] }] }, next: { uk: 'send-uk', else: 'send-rest' } },
      'send-uk': { shape: 'refusing', next: { out: 'uk' } }, 'send-rest': { shape: 'refusing', next: { out: 'rest' } }, uk: end, rest: end, caught: end,
    });
    assert.deepEqual([told.status, ids(told, 'uk'), ids(told, 'rest'), ids(told, 'caught').sort((a, b) => a - b)], [
      'partial-success', numbers(...bad).filter((id) => id % 2 === 0), numbers(...bad).filter((id) => id % 2 === 1), bad,
    ]);
  });

  const branch = (settings: Record<string, unknown>, more: Story['steps'] = {}): Story['steps'] => ({
    all: to('both'), both: { shape: 'branch', settings: { branches: [{ name: 'erp' }, { name: 'warehouse' }], ...settings }, next: { erp: 'send', warehouse: 'pick' } },
    send: { shape: 'refusing', next: { out: 'sent' } }, sent: end, pick: { shape: 'noting', settings: { name: 'pick' }, next: { out: 'picked' } }, picked: end, caught: end, ...more,
  });
  const guarded: Story['steps'] = {
    both: { shape: 'branch', settings: { branches: [{ name: 'erp' }, { name: 'warehouse' }] }, next: { erp: 'guard', warehouse: 'pick' } },
    guard: { shape: 'try-catch', next: { try: 'send', catch: 'caught' } },
  };

  test('branch: with a try-catch in the first branch, the second gets all twenty, after the first', async () => {
    const notes: string[] = [];
    const told = await tell({ ...branch({}, guarded), sent: { shape: 'noting', settings: { name: 'sent' } } }, { notes });
    assert.deepEqual([told.status, ids(told, 'sent'), ids(told, 'caught'), ids(told, 'picked')], ['partial-success', numbers(...bad), bad, numbers()]);
    assert.ok(notes.findLastIndex((note) => note.startsWith('sent')) < notes.findIndex((note) => note.startsWith('pick')), 'the second branch begins when the first has ended');
  });

  test('branch: a branch that fails stops the later ones', async () => {
    const told = await tell(branch({}));
    assert.deepEqual([told.status, told.error?.step, ids(told, 'sent'), ids(told, 'picked')], ['failed', 'send', numbers(...bad), []]);
    const [warning] = eventsOf(told, 'log').filter(({ level }) => level === 'warn');
    assert.deepEqual([warning?.step, warning?.fields], ['pick', { branch: 'both', port: 'warehouse', payloads: 20 }]);
  });

  test('branch: or not, by the setting', async () => {
    const told = await tell(branch({ onFailure: 'go-on' }));
    assert.deepEqual([told.status, ids(told, 'sent'), ids(told, 'picked')], ['failed', numbers(...bad), numbers()]);
  });

  test('branch: caught outside, it has failed all the same', async () => {
    const told = await tell({ ...branch({}), all: to('guard'), guard: { shape: 'try-catch', next: { try: 'both', catch: 'caught' } } });
    assert.deepEqual([told.status, ids(told, 'sent'), ids(told, 'caught'), ids(told, 'picked')], ['partial-success', numbers(...bad), bad, []]);
  });

  test('merge: what got through and what was caught, joined with what a second path found', async () => {
    const told = await tell({
      all: to('both'), both: { shape: 'branch', settings: { branches: [{ name: 'send' }, { name: 'stock' }] }, next: { send: 'guard', stock: 'stock' } },
      guard: { shape: 'try-catch', next: { try: 'send', catch: 'caught' } }, send: { shape: 'refusing', next: { out: 'merge' } }, caught: end,
      stock: { shape: 'map', settings: { rules: [{ from: 'id', to: 'order' }, { to: 'stock', transforms: [{ type: 'custom-number', settings: { value: 5 } }] }] }, next: { out: 'merge' } },
      merge: { shape: 'merge', settings: { how: 'join', inputs: ['send', 'stock'], key: 'id', otherKey: 'order', into: 'found' } },
    });
    const [merged] = bodiesOf(told, 'merge') as [readonly { readonly id: number; readonly found: unknown }[]];
    assert.deepEqual([told.status, ids(told, 'caught'), merged.map(({ id }) => id), merged[0]?.found], ['partial-success', bad, numbers(...bad), { order: 1, stock: 5 }]);
  });

  test('dead-letter: the four are kept with their reason, and counted as caught by the step', async () => {
    const told = await tell({ all: to('guard'), guard: { shape: 'try-catch', next: { try: 'send', catch: 'kept' } }, send: { shape: 'refusing', next: { out: 'sent' } }, sent: end, kept: { shape: 'dead-letter' } });
    const kept = eventsOf(told, 'payload-failed').filter(({ step }) => step === 'kept');
    assert.deepEqual([told.status, ids(told, 'sent').length, kept.length], ['partial-success', 16, 4]);
    assert.deepEqual([kept[0]?.caughtBy, kept[0]?.error.code, kept[0]?.error.message, kept[0]?.error.details], ['kept', 'DEAD_LETTER', 'Order 3 was refused.', { code: 'REMOTE_REJECTED', step: 'send' }]);
  });

  test('dead-letter: what a kept payload makes of the run', async () => {
    for (const [action, status] of [[undefined, 'partial-success'], ['fail', 'failed'], ['success', 'success']] as const) {
      const told = await tell({ kept: { shape: 'dead-letter', settings: { reason: 'No carrier goes to {{ payload.country }}.', ...(action && { action }) } } }, { body: { country: 'AQ' } });
      const [failed] = eventsOf(told, 'payload-failed');
      assert.deepEqual([told.status, failed?.caughtBy, failed?.error.message], [status, 'kept', 'No carrier goes to AQ.']);
    }
  });

  test('nested try-catch: the inner one takes the orders that are refused, the outer one what fails on its catch side', async () => {
    const told = await tell({
      all: to('outer'), outer: { shape: 'try-catch', settings: { action: 'success' }, next: { try: 'inner', catch: 'outside' } },
      inner: { shape: 'try-catch', next: { try: 'send', catch: 'repair' } }, send: { shape: 'refusing', next: { out: 'sent' } },
      repair: { shape: 'assert', settings: { conditions: [{ field: 'id', is: 'less-than', value: 10 }] }, next: { out: 'inside' } }, sent: end, inside: end, outside: end,
    });
    assert.deepEqual([told.status, ids(told, 'sent'), ids(told, 'inside'), ids(told, 'outside')], ['partial-success', numbers(...bad), [3, 8], [13, 20]]);
    assert.deepEqual(told.outputs.find(({ step }) => step === 'outside')?.meta['error_code'], 'ASSERT_FAILED');
  });

  test('several try-catches, one after the other', async () => {
    const told = await tell({
      all: to('first'), first: { shape: 'try-catch', settings: { action: 'success' }, next: { try: 'send', catch: 'second' } }, send: { shape: 'refusing', next: { out: 'second' } },
      second: { shape: 'try-catch', settings: { action: 'success' }, next: { try: 'check', catch: 'late' } }, check: { shape: 'assert', settings: { conditions: [{ field: 'id', is: 'not-equals', value: 7 }] }, next: { out: 'done' } }, done: end, late: end,
    });
    assert.deepEqual([told.status, ids(told, 'done').sort((a, b) => a - b), ids(told, 'late')], ['success', numbers(7), [7]]);
  });
});

describe('branches and loops', () => {
  test('three branches that meet again', async () => {
    const notes: string[] = [];
    const at = (name: string): Step => ({ shape: 'noting', settings: { name }, next: { out: 'meet' } });
    const told = await tell({
      go: { shape: 'split', settings: { each: true }, next: { out: 'branch' } }, branch: { shape: 'branch', settings: { branches: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }, next: { a: 'a', b: 'b', c: 'c' } }, a: at('a'), b: at('b'), c: at('c'), meet: { shape: 'merge' },
    }, { body: [1, 2], notes });
    assert.deepEqual([told.status, bodiesOf(told), notes], ['success', [[1, 2, 1, 2, 1, 2]], ['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'c 2']]);
  });

  test('a branch in a branch, and a port that leads nowhere', async () => {
    const notes: string[] = [];
    const at = (name: string): Step => ({ shape: 'noting', settings: { name } });
    await tell({
      go: { shape: 'split', settings: { each: true }, next: { out: 'outer' } }, outer: { shape: 'branch', settings: { branches: [{ name: 'a' }, { name: 'none' }, { name: 'b' }] }, next: { a: 'inner', b: 'b' } },
      inner: { shape: 'branch', settings: { branches: [{ name: 'x' }, { name: 'y' }] }, next: { x: 'x', y: 'y' } }, x: at('x'), y: at('y'), b: at('b'),
    }, { body: [1, 2], notes });
    assert.deepEqual(notes, ['x 1', 'x 2', 'y 1', 'y 2', 'b 1', 'b 2']);
  });

  test('more payloads than wait in front of a step do not lock it', async () => {
    const told = await tell({ go: { shape: 'split', settings: { each: true }, next: { out: 'branch' } }, branch: { shape: 'branch', settings: { branches: [{ name: 'a' }, { name: 'b' }] }, next: { a: 'slow', b: 'b' } }, slow: { shape: 'wait', settings: { forMs: 5 } }, b: end }, { body: Array.from({ length: 300 }, (_, index) => index) });
    assert.deepEqual([told.status, bodiesOf(told, 'slow').length, bodiesOf(told, 'b').length], ['success', 300, 300]);
  });

  test('branches that wait for each other are refused', async () => {
    const branch = (a: string, b: string): Step => ({ shape: 'branch', settings: { branches: [{ name: 'a' }, { name: 'b' }] }, next: { a, b } });
    await assert.rejects(tell({ go: branch('one', 'two'), one: branch('x', 'y'), two: branch('y', 'x'), x: end, y: end }), (error) => FlowError.is(error, 'CONFIG_CYCLE'));
  });

  test('a loop: items go through several at a time, are collected in order, and the payload goes on after them', async () => {
    const notes: string[] = [];
    let open = 0, most = 0;
    const slow = shape('slow', () => async (payload, { clock }) => {
      most = Math.max(most, ++open);
      await clock.sleep(100 - Number(await payload.json()));
      open--;
      return [{ port: 'out', payload }];
    });
    const told = await tell({
      loop: { shape: 'for-each', settings: { records: 'items', concurrency: 4 }, next: { each: 'slow', done: 'after' } }, slow: { shape: 'slow', next: { out: 'odd' } },
      odd: { shape: 'filter', settings: { conditions: [{ is: 'not-equals', value: 3 }] }, next: { out: 'again' } }, again: { shape: 'merge', settings: { how: 'collect' }, next: { out: 'list' } }, list: { shape: 'noting', settings: { name: 'list' } }, after: { shape: 'noting', settings: { name: 'after' } },
    }, { body: { items: [1, 2, 3, 4, 5, 6] }, notes, plugins: [slow] });
    assert.deepEqual([told.status, most, notes], ['success', 4, ['list [1,2,4,5,6]', 'after {"items":[1,2,3,4,5,6]}']]);
    assert.deepEqual(told.outputs.map(({ meta }) => meta), [{}, {}]);
  });

  test('what keeps something between payloads takes them one by one in a loop too', async () => {
    const slow = shape('slow', () => {
      const kept: number[] = [];
      return {
        async payload(payload, { clock }) {
          const number = Number(await payload.json());
          await clock.sleep(100 - number);
          kept.push(number);
          return [];
        },
        end: ({ create }) => [{ port: 'out', payload: create(kept) }],
      };
    });
    const told = await tell({ loop: { shape: 'for-each', settings: { concurrency: 4 }, next: { each: 'slow' } }, slow: { shape: 'slow' } }, { body: [1, 2, 3, 4], plugins: [slow] });
    assert.deepEqual(bodiesOf(told, 'slow'), [[1, 2, 3, 4]]);
  });

  test('items that take different ways are collected in their order', async () => {
    const told = await tell({
      loop: { shape: 'for-each', next: { each: 'way' } }, way: { shape: 'route', settings: { routes: [{ name: 'slow', when: [{ is: 'less-than', value: 3 }] }] }, next: { slow: 'slow', else: 'again' } },
      slow: { shape: 'wait', next: { out: 'again' } }, again: { shape: 'merge', settings: { how: 'collect' } },
    }, { body: [1, 5, 2, 4] });
    assert.deepEqual(bodiesOf(told, 'again'), [[1, 5, 2, 4]]);
  });

  test('a loop in a loop', async () => {
    const told = await tell({
      rows: { shape: 'for-each', next: { each: 'cells' } }, cells: { shape: 'for-each', settings: { concurrency: 3 }, next: { each: 'twice' } }, twice: { shape: 'map', settings: { rules: [{ from: '', to: 'value' }] }, next: { out: 'row' } },
      row: { shape: 'merge', settings: { how: 'collect' }, next: { out: 'table' } }, table: { shape: 'merge', settings: { how: 'collect' } },
    }, { body: [['a', 'b'], ['c']] });
    assert.deepEqual(told.outputs.map(({ step, body, meta }) => [step, body, meta]), [
      ['rows', [['a', 'b'], ['c']], {}], ['cells', ['a', 'b'], { each: 'p/0/2' }], ['cells', ['c'], { each: 'p/1/2' }], ['table', [[{ value: 'a' }, { value: 'b' }], [{ value: 'c' }]], {}],
    ]);
  });

  test('an item that fails keeps the payload from going on; a caught one does not', async () => {
    const loop = (more: Story['steps']): Story['steps'] => ({ loop: { shape: 'for-each', next: { each: 'send', done: 'after' } }, send: { shape: 'refusing' }, after: end, ...more });
    const failed = await tell(loop({}));
    assert.deepEqual([failed.status, bodiesOf(failed, 'after')], ['failed', []]);
    const caught = await tell(loop({ loop: { shape: 'for-each', next: { each: 'guard', done: 'after' } }, guard: { shape: 'try-catch', next: { try: 'send' } } }));
    assert.deepEqual([caught.status, bodiesOf(caught, 'after').length], ['partial-success', 1]);
  });
});

describe('merge', () => {
  const left = [{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: null, name: 'n' }, { id: 4, name: 'd' }];
  const right = [{ id: '2', name: 'B', stock: 7 }, { id: 1, stock: 3 }, { id: 1, stock: 4 }, { stock: 0 }, { id: 9, stock: 9 }];
  const steps = (settings: Record<string, unknown>): Story['steps'] => ({
    both: { shape: 'branch', settings: { branches: [{ name: 'a' }, { name: 'b' }] }, next: { a: 'left', b: 'right' } }, left: { shape: 'split', settings: { path: 'left' }, next: { out: 'same' } }, same: { shape: 'set-variables', next: { out: 'merge' } },
    right: { shape: 'split', settings: { path: 'right' }, next: { out: 'merge' } }, merge: { shape: 'merge', settings },
  });
  const stories: readonly (readonly [what: string, settings: Record<string, unknown>, expected: unknown])[] = [
    ['concatenate, in the order named', { inputs: ['right', 'left'] }, [...right, ...left]],
    ['join, inner', { how: 'join', key: 'id' }, [{ id: 1, name: 'a', stock: 3 }, { id: 1, name: 'a', stock: 4 }, { id: 2, name: 'b', stock: 7 }]],
    ['join, left', { how: 'join', key: 'id', join: 'left', matches: 'first' }, [{ id: 1, name: 'a', stock: 3 }, { id: 2, name: 'b', stock: 7 }, { id: null, name: 'n' }, { id: 4, name: 'd' }]],
    ['join, outer', { how: 'join', key: 'id', join: 'outer', matches: 'first' }, [{ id: 1, name: 'a', stock: 3 }, { id: 2, name: 'b', stock: 7 }, { id: null, name: 'n' }, { id: 4, name: 'd' }, { stock: 0 }, { id: 9, stock: 9 }]],
    ['join, all matches in a field', { how: 'join', key: 'id', join: 'left', matches: 'all', into: 'stock' }, [{ id: 1, name: 'a', stock: [{ id: 1, stock: 3 }, { id: 1, stock: 4 }] }, { id: 2, name: 'b', stock: [{ id: '2', name: 'B', stock: 7 }] }, { id: null, name: 'n' }, { id: 4, name: 'd' }]],
    ['join the other way round', { how: 'join', inputs: ['right', 'left'], key: 'id', otherKey: 'id', matches: 'first', join: 'inner' }, [{ id: '2', name: 'B', stock: 7 }, { id: 1, stock: 3, name: 'a' }, { id: 1, stock: 4, name: 'a' }]],
    ['join of two keys', { how: 'join', key: "['id','name']", otherKey: "['id','stock']", join: 'inner' }, undefined],
    ['zip', { how: 'zip', into: 'with' }, [{ id: 1, name: 'a', with: right[0] }, { id: 2, name: 'b', with: right[1] }, { id: null, name: 'n', with: right[2] }, { id: 4, name: 'd', with: right[3] }, { with: right[4] }]],
    ['zip, fields together', { how: 'zip' }, [{ id: 1, name: 'a', stock: 7 }, { id: 2, name: 'b', stock: 3 }, { id: null, name: 'n', stock: 4 }, { id: 4, name: 'd', stock: 0 }, { id: 9, stock: 9 }]],
  ];
  for (const [what, settings, expected] of stories) {
    test(what, async () => {
      const told = await tell(steps(settings), { body: { left, right } });
      assert.deepEqual([told.status, bodiesOf(told, 'merge')], ['success', expected === undefined ? [] : [expected]]);
    });
  }
  test('a path of which it cannot be told what input it is', async () => {
    for (const inputs of [['left'], ['both'], ['both', 'left'], ['left', 'same', 'right'], ['none', 'right']]) {
      const told = await tell(steps({ inputs }), { body: { left, right } });
      const isClear = inputs.includes('same') || inputs.length === 1 && inputs[0] === 'both';
      assert.deepEqual([inputs, told.error?.code], [inputs, isClear ? undefined : 'CONFIG_INVALID']);
    }
  });
  test('what a try-catch caught is an input too', async () => {
    const told = await tell({ all: to('guard'), guard: { shape: 'try-catch', next: { try: 'send', catch: 'merge' } }, send: { shape: 'refusing', next: { out: 'merge' } }, merge: { shape: 'merge', settings: { inputs: ['guard', 'send'] } } });
    assert.deepEqual((bodiesOf(told, 'merge')[0] as { id: number }[]).map(({ id }) => id), [...bad, ...numbers(...bad)]);
  });
});

describe('state', () => {
  test('de-dupe: what one run let through no other one does; the same run again does', async () => {
    const state = memoryState();
    const steps: Story['steps'] = { dedupe: { shape: 'de-dupe', settings: { pool: 'orders', key: 'id', entity: 'order' } } };
    const once = (run: string): Promise<Told> => runFlow({ host: realHost({ state }), steps, body: orders, options: { run: { id: run, flow: 'test', flowVersion: 'v', trigger: 'manual', queuedAt: 0 } } });
    assert.deepEqual(bodiesOf(await once('one')), [orders]);
    assert.deepEqual(bodiesOf(await once('two')), []);
    assert.deepEqual(bodiesOf(await once('one')), [orders]);
  });

  test('a cache gives back what was put: key by key, in order, with metadata', async () => {
    const state = memoryState();
    const put = (mode: string, key: string): Story['steps'] => ({ all: to('mark'), mark: { shape: 'set-variables', settings: { meta: [{ name: 'source', value: 'shop' }] }, next: { out: 'put' } }, put: { shape: 'add-to-cache', settings: { cache: 'c', key, mode } } });
    const get = async (settings: Record<string, unknown>, body: unknown = null): Promise<unknown[]> => {
      const told = await tell({ get: { shape: 'load-from-cache', settings: { cache: 'c', ...settings } } }, { state, body });
      return told.error ? [told.error.code] : told.outputs.map(({ body: document, meta }) => [document, meta['source']]);
    };
    assert.deepEqual(await get({ keys: ['one'] }), ['CACHE_MISS']);
    await tell(put('replace', 'by {{ payload }}'), { state, body: [1, 2, '漢'] });
    assert.deepEqual(await get({ keys: ['by 漢', 'by 1'] }), [['漢', 'shop'], [1, 'shop']]);
    assert.deepEqual(await get({ keys: ['{{ payload.keys }}'] }, { keys: ['by 2', 'by 1'] }), [[2, 'shop'], [1, 'shop']]);
    assert.deepEqual(await get({ keys: ['by 9', 'by 2'], onMiss: 'skip' }), [[2, 'shop']]);
    assert.deepEqual(await get({ keys: ['by 2'], scope: 'workspace' }), ['CACHE_MISS']);
    await tell(put('append', 'list'), { state, body: [1, 2] });
    await tell(put('append', 'list'), { state, body: [1, 2] });
    assert.deepEqual(await get({ keys: ['list'] }), [[1, 'shop'], [2, 'shop']], 'the same payloads of the same run are appended once');
    await tell(put('all', 'pages'), { state, body: [1, 2] });
    await tell(put('all', 'pages'), { state, body: [3, 4, 5] });
    assert.deepEqual([await get({ keys: ['pages'] }), await get({ keys: ['pages'], pages: 'last' })], [[[3, 'shop'], [4, 'shop'], [5, 'shop']], [[5, 'shop']]]);
  });

  test('tracked values: distinct, scalar, not too long', async () => {
    const state = memoryState();
    const told = await tell({ track: { shape: 'track-data', settings: { entity: 'order', fields: ['id', 'lines[*].sku'], direction: 'out' } } }, { state, body: [{ id: 1, lines: [{ sku: 'Ü' }, { sku: ['x', 'y'] }] }, { id: 1 }, { id: null, lines: [{ sku: {} }, { sku: '' }, { sku: 'z'.repeat(256) }, { sku: 'z'.repeat(255) }] }] });
    assert.deepEqual(state.tracked.map(({ entity, value, direction, step }) => [entity, value.slice(0, 2), direction, step]), [['order', '1', 'out', 'track'], ['order', 'Ü', 'out', 'track'], ['order', 'x', 'out', 'track'], ['order', 'y', 'out', 'track'], ['order', 'zz', 'out', 'track']]);
    assert.equal(eventsOf(told, 'log').filter(({ level }) => level === 'warn').length, 1);
  });

  test('people are told beside the log, each value cut', async () => {
    const state = memoryState(['warehouse']);
    const long = `${'ü'.repeat(150)}`;
    const told = await tell({ tell: { shape: 'notify', settings: { message: '{{ payload.a }}/{{ payload.b ?? "none" }}', level: 'error', groups: ['warehouse', 'warehouse'] } } }, { state, body: { a: long } });
    const text = `${'ü'.repeat(99)}…/none`;
    assert.deepEqual([told.status, state.messages, eventsOf(told, 'log').map(({ level, message }) => [level, message])], ['success', [{ group: 'warehouse', text }], [['error', text]]]);
    const alone = await tell({ tell: { shape: 'notify', settings: { message: '{{ payload.a }}', groups: ['warehouse'], log: false } } }, { state, body: { a: long } });
    assert.deepEqual([state.messages[1]?.text.length, eventsOf(alone, 'log')], [100, []]);
  });
});

describe('run-flow', () => {
  const calls: { readonly key: string; readonly body: unknown; readonly meta: unknown; readonly variables: unknown }[] = [];
  const flows: EngineHost['flows'] = {
    open: async (flow, caller) => {
      if (flow === caller.flow) throw new FlowError('CONFIG_CYCLE', 'The flow starts itself.');
      return {
        start: async (payload: Payload, { key, variables }) => {
          calls.push({ key, body: await payload.json(), meta: payload.meta, variables });
          return {
            run: `r${calls.length}`,
            done: async () => {
              if (flow === 'failing') throw new FlowError('FLOW_FAILED', 'The run r1 failed.');
              return ['x', 'y'].map((body) => createPayload({ id: body, body }));
            },
          };
        },
      };
    },
  };
  const stories: readonly (readonly [what: string, settings: Record<string, unknown>, outputs: unknown[], error: string | undefined])[] = [
    ['goes on', { flow: 'other', variables: { since: '{{ payload.at }}' } }, [{ at: 1 }], undefined],
    ['waits', { flow: 'other', wait: 'done' }, [{ at: 1 }], undefined],
    ['gives the result', { flow: 'other', wait: 'result', payload: ['{{ payload.at }}'] }, ['x', 'y'], undefined],
    ['does not wait for a failure', { flow: 'failing' }, [{ at: 1 }], undefined],
    ['fails with the other run', { flow: 'failing', wait: 'done' }, [], 'FLOW_FAILED'],
    ['may not start itself', { flow: 'test' }, [], 'CONFIG_CYCLE'],
  ];
  for (const [what, settings, outputs, error] of stories) {
    test(what, async () => {
      const told = await tell({ call: { shape: 'run-flow', settings } }, { body: { at: 1 }, flows });
      assert.deepEqual([bodiesOf(told), told.error?.code], [outputs, error]);
    });
  }
  test('a key of run, step and payload; variables and documents are resolved', () => {
    assert.deepEqual(calls.slice(0, 3), [
      { key: 'run-1/call/p', body: { at: 1 }, meta: {}, variables: { since: 1 } }, { key: 'run-1/call/p', body: { at: 1 }, meta: {}, variables: {} }, { key: 'run-1/call/p', body: [1], meta: {}, variables: {} },
    ]);
  });
});

describe('callback', () => {
  const split: Record<string, Step> = { each: { shape: 'split', settings: { each: true }, next: { out: 'answer' } }, answer: { shape: 'callback', settings: { status: 201, headers: [{ name: 'X-Name', value: '{{ payload.name }}' }] }, next: { out: 'later' } }, later: { shape: 'set-variables', settings: {} } };
  const answersTo = async (body: unknown): Promise<{ readonly answers: readonly unknown[]; readonly told: Told }> => {
    const answers: unknown[] = [];
    const told = await runFlow({ host: realHost({}), steps: split, body, options: { onReply: (payload, options) => void payload.json().then((answer) => answers.push([answer, options])) } });
    return { answers, told };
  };

  for (const [title, body, expected] of [
    ['one payload is the answer', [{ name: 'a' }], [[{ name: 'a' }, { status: 201, headers: { 'x-name': 'a' } }]]],
    ['several are a list', [{ name: 'a' }, { name: 'b' }], [[[{ name: 'a' }, { name: 'b' }], { status: 201, headers: { 'x-name': 'a' } }]]],
    ['none are no answer', [], []],
  ] as const) {
    test(title, async () => {
      const { answers, told } = await answersTo(body);
      assert.deepEqual(answers, expected);
      assert.deepEqual(bodiesOf(told), body, 'they go on');
    });
  }

  test('a header that nobody can send fails the payload, not the answer', async () => {
    const { answers, told } = await answersTo([{ name: 'Łukasz' }, { name: 'b' }]);
    assert.deepEqual([eventsOf(told, 'payload-failed').map(({ error }) => error.code), answers.length], [['DATA_INVALID'], 1]);
  });
});

describe('wait', () => {
  const start = Date.parse('2024-03-31T00:30:00Z');
  /** Seconds after the start at which each payload has passed. */
  async function passed(settings: Record<string, unknown>, count = 1, queuedAt = start): Promise<number[]> {
    const told = await runFlow({
      host: { ...realHost(), clock: virtualClock(start) }, steps: { all: { shape: 'split', settings: { each: true }, next: { out: 'wait' } }, wait: { shape: 'wait', settings } },
      body: Array.from({ length: count }, (_, index) => index), options: { relativeTo: queuedAt },
    });
    if (told.error) throw new FlowError(told.error.code as 'DATA_INVALID', told.error.message);
    return eventsOf(told, 'payload-out').filter(({ step }) => step === 'wait').map(({ at }) => (at - start) / 1000);
  }
  const stories: readonly (readonly [what: string, settings: Record<string, unknown>, expected: number[], count?: number, queuedAt?: number])[] = [
    ['for some time', { forMs: 1_500 }, [1.5, 3], 2],
    ['for no time', { forMs: 0 }, [0, 0], 2],
    ['until a date', { mode: 'until', until: '2024-03-31T00:31:00Z' }, [60]],
    ['until a date, counted from now and not from when it was queued', { mode: 'until', until: '2024-03-31T00:31:00Z' }, [60], 1, start - 3_600_000],
    ['until a date in a time zone', { mode: 'until', until: '2024-03-31T03:00', timeZone: 'Europe/Berlin' }, [1_800]],
    ['until a date that has passed', { mode: 'until', until: '2024-03-30' }, [0]],
    ['until a time of day', { mode: 'until', until: '1:00' }, [1_800]],
    ['until a time of day that is tomorrow', { mode: 'until', until: '00:15:30' }, [85_530]],
    ['until a time of day which the clocks skip', { mode: 'until', until: '01:30', timeZone: 'Europe/London' }, [3_600]],
    ['two in ten seconds', { mode: 'throttle', payloads: 2, periodMs: 10_000 }, [0, 0, 10, 10, 20], 5],
  ];
  for (const [what, settings, expected, count, queuedAt] of stories) test(what, async () => assert.deepEqual(await passed(settings, count, queuedAt), expected));
  test('a text that is no time', async () => assert.rejects(passed({ mode: 'until', until: '25:00' }), (error) => FlowError.is(error, 'DATA_INVALID')));
});

test('validate: a schema from a file, patterns that cannot hang a run', async () => {
  const schemas = { 'schemas/order.json': { type: 'object', properties: { sku: { type: 'string', pattern: '^(a+)+$' } } } };
  const told = await tell({ check: { shape: 'validate', settings: { schemaFile: 'schemas/order.json' } } }, { schemas, body: [{ sku: 'aaa' }, { sku: `${'a'.repeat(50_000)}!` }] });
  assert.deepEqual(told.outputs.map(({ port, body }) => [port, (body as unknown[]).length]), [['out', 1], ['invalid', 1]]);
});

describe('each shape with odd values', () => {
  const big = '9007199254740993';
  /** Ports and bodies that leave, or the code of the error with which the payload fails. */
  type Row = readonly [shape: string, settings: Record<string, unknown>, body: unknown, expected: readonly (readonly [port: string, body: unknown])[] | string];
  const rows: readonly Row[] = [
    ['assert', { expected: { naïve: ['😀', null] } }, { naïve: ['😀', null] }, [['out', { naïve: ['😀', null] }]]],
    ['assert', { expected: { a: 'é' } }, { a: 'e\u0301' }, 'ASSERT_FAILED'],
    ['assert', { expected: null }, null, [['out', null]]],
    ['assert', { expected: {} }, null, 'ASSERT_FAILED'],
    ['assert', { expected: { id: big } }, { id: Number(big) }, 'ASSERT_FAILED'],
    ['assert', { expected: { a: 1 }, ignore: ['b.c', 'list[*].x'] }, { a: 1 }, [['out', { a: 1 }]]],
    ['assert', { expressions: ['{{ payload.a ?? null }}'] }, {}, 'ASSERT_FAILED'],
    ['assert', { expressions: ['{{ payload.a > 1 }}'] }, {}, 'DATA_MISSING'],
    ['branch', { branches: [{ name: 'a' }] }, null, [['a', null]]],
    ['callback', {}, null, [['out', null]]],
    ['convert', { from: 'json', to: 'csv', writing: { encoding: 'utf-16le', header: false } }, [{ n: 'ë' }], [['out', { kind: 'bytes', bytes: new Uint8Array([0xeb, 0, 0x0a, 0]) }]]],
    ['convert', { from: 'json', to: 'ndjson' }, [{ n: 'Zoë' }, null], [['out', { kind: 'text', text: '{"n":"Zoë"}\nnull\n' }]]],
    ['dead-letter', { reason: '{{ payload.why }}' }, {}, 'DATA_MISSING'],
    ['de-dupe', { pool: 'p', key: 'id' }, [{ id: 1 }, { id: '1' }, { id: true }, { id: 'true' }, { id: big }, { id: Number(big) }, { id: 'é' }, { id: 'e\u0301' }, { id: {} }, { id: {} }], [['out', [{ id: 1 }, { id: true }, { id: big }, { id: Number(big) }, { id: 'é' }, { id: 'e\u0301' }, { id: {} }]]]],
    ['de-dupe', { pool: 'p', key: 'id' }, null, [['out', null]]],
    ['de-dupe', { pool: 'p', key: 'id' }, [], [['out', []]]],
    ['de-dupe', { pool: 'p', key: 'id', records: 'orders' }, {}, 'DATA_MISSING'],
    ['filter', { conditions: [{ field: 'id', is: 'at-least', type: 'number', value: big }] }, [{ id: big }, { id: '9007199254740992' }, { id: null }, {}, null, 'text'], [['out', [{ id: big }]]]],
    ['filter', { conditions: [{ field: '', is: 'is-null' }] }, null, [['out', null]]],
    ['flow-control', { size: 2 }, [null, '😀', 3], [['out', [null, '😀']], ['out', [3]]]],
    ['for-each', {}, null, [['each', null], ['done', null]]],
    ['for-each', {}, [null], [['each', null], ['done', [null]]]],
    ['for-each', { records: 'lines' }, { lines: null }, [['each', null], ['done', { lines: null }]]],
    ['load-from-cache', { cache: 'c', keys: [null] }, {}, 'DATA_MISSING'],
    ['load-from-cache', { cache: 'c', keys: [{}] }, {}, 'DATA_MISSING'],
    ['add-to-cache', { cache: 'c', key: '{{ payload.id }}' }, { id: ['a'] }, 'DATA_MISSING'],
    ['add-to-cache', { cache: 'c', key: '{{ payload.id }}' }, { id: 0 }, [['out', { id: 0 }]]],
    ['manual-payload', { document: { n: '{{ payload.n }}' } }, { n: null }, [['out', { n: null }]]],
    ['map', { rules: [{ from: 'a', to: 'b' }, { from: 'c', to: 'd', default: 'x' }] }, [{ a: '😀', c: null }, {}, { a: null }], [['out', [{ b: '😀', d: 'x' }, { d: 'x' }, { b: null, d: 'x' }]]]],
    ['merge', {}, null, [['out', [null]]]],
    ['merge', { how: 'join', key: 'id' }, [null], 'DATA_INVALID'],
    ['merge', { how: 'zip' }, ['text'], 'DATA_INVALID'],
    ['notify', { message: 'Order {{ payload.id ?? "without number" }}' }, {}, [['out', {}]]],
    ['route', { routes: [{ name: 'big', when: [{ field: 'n', is: 'greater-than', value: big }] }, { name: 'all' }] }, [{ n: '9007199254740994' }, { n: big }, {}], [['big', [{ n: '9007199254740994' }]], ['all', [{ n: '9007199254740994' }, { n: big }, {}]]]],
    ['route', { mode: 'first', routes: [{ name: 'none', when: [{ field: 'n', is: 'exists' }] }] }, null, [['else', null]]],
    ['run-flow', { flow: 'none' }, {}, 'CONFIG_UNKNOWN_FLOW'],
    ['set-variables', { meta: [{ name: 'naïve', value: '{{ payload }}' }] }, null, [['out', null]]],
    ['split', { path: 'a[*]' }, { a: [null, 'é'] }, [['out', null], ['out', 'é']]],
    ['split', { path: 'b' }, { a: 1 }, []],
    ['track-data', { entity: 'e', fields: ['a.b'] }, [null, 'text', { a: 1 }], [['out', [null, 'text', { a: 1 }]]]],
    ['track-data', { entity: 'e', fields: ['a'], records: 'r' }, {}, 'DATA_MISSING'],
    ['try-catch', {}, null, [['try', null]]],
    ['validate', { schema: { type: 'object', properties: { n: { type: 'string', minLength: 2, maxLength: 2 } }, required: ['n'] } }, [{ n: '😀!' }, { n: '😀' }, {}, null], [['out', [{ n: '😀!' }]], ['invalid', [{ n: '😀' }, {}, null]]]],
    ['validate', { schema: { type: 'integer' } }, null, [['invalid', null]]],
    ['wait', { forMs: '{{ payload.ms }}' }, { ms: 5 }, [['out', { ms: 5 }]]],
    ['wait', { forMs: '{{ payload.ms }}' }, { ms: 'long' }, 'DATA_INVALID'],
    ['wait', { mode: 'until', until: '{{ payload.at ?? null }}' }, {}, 'DATA_INVALID'],
  ];
  for (const [index, [type, settings, body, expected]] of rows.entries()) {
    test(`${type} ${index}`, async () => {
      const told = await tell({ step: { shape: type, settings } }, { body });
      const outputs = told.outputs.map(({ port, body: document }) => [port, document]);
      assert.deepEqual(typeof expected === 'string' ? told.error?.code : [told.error?.message, outputs], typeof expected === 'string' ? expected : [undefined, expected]);
    });
  }
});
