import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FlowError } from '../../plugins/sdk/index.ts';
import { batch, bodiesOf, eventsOf, runDefaults, runFlow, shape, testHost, testShapes, type Story, type Told } from '../../test/support/engine-host.ts';
import { countEvent, type StepCounts } from '../model/run-event.ts';
import { createPayload } from './payload.ts';
import { planFlow } from './plan.ts';
import { executeRun } from './run.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const countsOf = ({ events }: Told): Readonly<Record<string, StepCounts>> => events.reduce(countEvent, {} as Readonly<Record<string, StepCounts>>);
const run = (story: Omit<Story, 'host'>, more: Parameters<typeof testHost>[0] = {}): Promise<Told> => runFlow({ host: testHost({ ...more, plugins: [...testShapes, ...(more.plugins ?? [])] }), ...story });

const streams: readonly (readonly [what: string, story: Omit<Story, 'host'>, expected: unknown[]])[] = [
  ['one payload through one step', { steps: { a: { shape: 'pass' } }, body: 1 }, [1]],
  ['a list, all at once', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'pass' } }, body: numbers(50) }, numbers(50)],
  ['a list, one by one', { steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'pass' } }, body: numbers(50) }, numbers(50)],
  ['a list in a list', { steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'list', next: { out: 'c' } }, c: { shape: 'pass' } }, body: [[1, 2], [], [3], [4, 5, 6]] }, [1, 2, 3, 4, 5, 6]],
  ['nothing', { steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'pass' } }, body: [] }, []],
  ['order at concurrency: the first is the slowest', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'wait', concurrency: 3, next: { out: 'c' } }, c: { shape: 'pass' } }, body: [90, 10, 50, 5, 1, 70, 2] }, [90, 10, 50, 5, 1, 70, 2]],
  ['order at concurrency: streams of each payload', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'each', concurrency: 4, next: { out: 'c' } }, c: { shape: 'wait' } }, body: [numbers(30), [], numbers(2), numbers(40)] }, [...numbers(30), ...numbers(2), ...numbers(40)]],
  ['fan-out and fan-in', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'parity', next: { odd: 'c', even: 'd' } }, c: { shape: 'pass', next: { out: 'e' } }, d: { shape: 'pass', next: { out: 'e' } }, e: { shape: 'batch', settings: { size: 100 } } }, body: [1, 2, 3, 4] }, [[1, 2, 3, 4]]],
  ['batches across payloads, with a rest', { steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'batch', settings: { size: 3 } } }, body: numbers(7) }, [[0, 1, 2], [3, 4, 5], [6]]],
  ['batches of batches: each end comes after the one before', { steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'batch', settings: { size: 2 }, next: { out: 'c' } }, c: { shape: 'batch', settings: { size: 2 } } }, body: numbers(5) }, [[[0, 1], [2, 3]], [[4]]]],
  ['an end without any payload', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'batch', settings: { size: 2 } } }, body: [] }, []],
  ['a disabled step', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'failing', disabled: true, next: { out: 'c' } }, c: { shape: 'pass' } }, body: [1, 2] }, [1, 2]],
  ['a disabled step leaves by its first port', { steps: { a: { shape: 'parity', disabled: true, next: { odd: 'b', even: 'c' } }, b: { shape: 'pass' }, c: { shape: 'failing' } }, body: 2 }, [2]],
  ['from', { steps: { a: { shape: 'failing', next: { out: 'b' } }, b: { shape: 'pass' } }, from: 'b', body: 1 }, [1]],
  ['until', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'pass', next: { out: 'c' } }, c: { shape: 'failing' } }, until: 'b', body: [1, 2] }, [1, 2]],
];

for (const [what, story, expected] of streams) {
  test(`run: ${what}`, async () => {
    const told = await run(story);
    assert.deepEqual([told.status, told.error, bodiesOf(told)], ['success', undefined, expected]);
  });
}

test('the events of a run, in their order', async () => {
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'parity' } }, body: [3, 4] });
  assert.deepEqual(told.events.map((event) => [event.type, 'step' in event ? event.step : '', 'port' in event ? event.port : '']), [
    ['run-started', '', ''],
    ['payload-in', 'a', ''], ['payload-out', 'a', 'out'], ['payload-out', 'a', 'out'], ['payload-done', 'a', ''],
    ['payload-in', 'b', ''], ['payload-out', 'b', 'odd'], ['payload-done', 'b', ''],
    ['payload-in', 'b', ''], ['payload-out', 'b', 'even'], ['payload-done', 'b', ''],
    ['run-finished', '', ''],
  ]);
  const [first] = eventsOf(told, 'payload-out');
  assert.deepEqual(first, { type: 'payload-out', step: 'a', port: 'out', from: 'p', payload: { id: told.outputs.length ? first!.payload.id : '', mediaType: 'application/json', body: 'body-2', size: 1 }, at: first!.at });
  assert.deepEqual(eventsOf(told, 'run-finished'), [{ type: 'run-finished', status: 'success', at: first!.at, durationMs: 0 }]);
});

test('the counts of the steps, and the time that they took', async () => {
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'wait', next: { out: 'c' } }, c: { shape: 'parity' } }, body: [100, 25, 3] });
  const counts = countsOf(told);
  assert.deepEqual(Object.values(counts).map(({ in: taken, out, failed, ports, durationMs }) => [taken, out, failed, ports, durationMs]), [[1, 3, 0, { out: 3 }, 0], [3, 3, 0, { out: 3 }, 128], [3, 3, 0, { odd: 2, even: 1 }, 0]]);
  assert.equal(eventsOf(told, 'run-finished')[0]!.durationMs, 128);
});

test('a body that a step passes on is kept once', async () => {
  const host = testHost({ plugins: testShapes });
  await runFlow({ host, steps: { a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'pass' } }, body: { x: 1 } });
  assert.deepEqual([...host.kept.values()], [{ x: 1 }]);
});

test('a slow step slows those before it: only a few payloads are under way', async () => {
  let given = 0, taken = 0, most = 0;
  const source = shape('source', () => async function* (payload) {
    for (; given < 500; given++) yield { port: 'out', payload };
  });
  const sink = shape('sink', () => async (_, { clock }) => {
    most = Math.max(most, given - taken);
    await clock.sleep(10);
    taken++;
    return [];
  });
  const told = await run({ steps: { a: { shape: 'source', next: { out: 'b' } }, b: { shape: 'pass', next: { out: 'c' } }, c: { shape: 'sink' } } }, { plugins: [source, sink] });
  assert.deepEqual([told.status, taken], ['success', 500]);
  assert.ok(most <= 15, `${most} payloads were under way`);
});

test('waitForAll begins when all payloads have arrived, and does not stop those before it', async () => {
  const order: string[] = [];
  const note = (name: string) => shape(name, () => (payload) => {
    order.push(name);
    return [{ port: 'out', payload }];
  });
  await run({ steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'early', next: { out: 'c' } }, c: { shape: 'late', waitForAll: true } }, body: numbers(20) }, { plugins: [note('early'), note('late')] });
  assert.deepEqual(order, [...numbers(20).map(() => 'early'), ...numbers(20).map(() => 'late')]);
});

test('no more payloads are in work at a time than the step says', async () => {
  let now = 0, most = 0;
  const counted = shape('counted', () => async (payload, { clock }) => {
    most = Math.max(most, ++now);
    await clock.sleep(10);
    now--;
    return [{ port: 'out', payload }];
  });
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'counted', concurrency: 5 } }, body: numbers(40) }, { plugins: [counted] });
  assert.deepEqual([most, bodiesOf(told)], [5, numbers(40)]);
});

test('a slow reader of the events slows the run', async () => {
  let open = 0, most = 0, taken = 0;
  const host = testHost({ plugins: testShapes });
  const told = await runFlow({
    host, steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'pass' } }, body: numbers(100),
    options: {
      emit: () => {
        most = Math.max(most, ++open);
        taken++;
        return host.clock.sleep(1, new AbortController().signal).then(() => void open--);
      },
    },
  });
  assert.deepEqual([told.status, taken], ['success', told.events.length]);
  // The events that one payload gives where it goes from one step to the next.
  assert.ok(most <= 6, `${most} events were waiting`);
});

test('a reader of the events that fails ends the run', async () => {
  let count = 0;
  const told = await run({
    steps: { a: { shape: 'each', next: { out: 'b' } }, b: { shape: 'pass' } }, body: numbers(1_000),
    options: { emit: () => (++count === 20 ? Promise.reject(new FlowError('STORAGE_FAILED', 'The disk is full.')) : undefined) },
  });
  assert.deepEqual([told.status, told.error?.code], ['failed', 'STORAGE_FAILED']);
  assert.ok(told.events.length < 60);
});

test('a reader of the events that throws ends the run', async () => {
  const told = await run({ steps: { a: { shape: 'pass' } }, options: { emit: (event) => { if (event.type === 'payload-in') throw new FlowError('STORAGE_FAILED', 'The disk is full.'); } } });
  assert.deepEqual([told.status, told.error?.code], ['failed', 'STORAGE_FAILED']);
});

const openings: readonly (readonly [what: string, story: Omit<Story, 'host'>, code: string, step: string | undefined, pointer: string])[] = [
  ['a shape that throws', { steps: { a: { shape: 'refuses', settings: { sync: true } } } }, 'CONFIG_INVALID', 'a', '/steps/a/settings/size'],
  ['a shape that rejects', { steps: { a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'refuses' } } }, 'CONFIG_INVALID', 'b', '/steps/b/settings/size'],
  ['the first in the order of the flow', { steps: { a: { shape: 'refuses', settings: { after: 50 }, next: { out: 'b' } }, b: { shape: 'refuses' } } }, 'CONFIG_INVALID', 'a', '/steps/a/settings/size'],
  ['a script that is not there', { steps: { a: { shape: 'scripted' } } }, 'CONFIG_UNKNOWN_SCRIPT', 'a', '/steps/a/settings'],
  ['a converter that is not there', { steps: { a: { shape: 'converting' } } }, 'CONFIG_UNKNOWN_PLUGIN', 'a', '/steps/a/settings'],
  ['a lookup that is not there', { steps: { a: { shape: 'looking' } } }, 'CONFIG_UNKNOWN_LOOKUP', 'a', '/steps/a/settings'],
  ['a variable of another type', { steps: { a: { shape: 'pass' } }, flow: { variables: { n: { type: 'number' } } }, options: { variables: { n: '1' } } }, 'CONFIG_INVALID', undefined, '/variables/n'],
  ['a default of another type', { steps: { a: { shape: 'pass' } }, flow: { variables: { n: { type: 'array', default: {} } } } }, 'CONFIG_INVALID', undefined, '/variables/n/default'],
  ['a variable that the flow does not have', { steps: { a: { shape: 'pass' } }, flow: { variables: { n: {} } }, options: { variables: { constructor: 1 } } }, 'CONFIG_INVALID', undefined, '/variables'],
];
const openingShapes = [
  shape('refuses', (settings) => {
    const { sync, after } = settings as { sync?: boolean; after?: number };
    const error = new FlowError('CONFIG_INVALID', 'Too large.', { place: { pointer: '/size' } });
    if (sync) throw error;
    return new Promise((_, reject) => void setTimeout(() => reject(error), after ?? 0));
  }),
  shape('scripted', async (_, { script }) => { await script('scripts/none.ts'); return () => []; }),
  shape('converting', async (_, { converter }) => { await converter('xml'); return () => []; }),
  shape('looking', async (_, { lookup }) => { await lookup('none'); return () => []; }),
];

for (const [what, story, code, step, pointer] of openings) {
  test(`a run that cannot begin fails: ${what}`, async () => {
    const told = await run(story, { plugins: openingShapes });
    assert.deepEqual([told.status, told.error?.code, told.error?.step, told.error?.place], ['failed', code, step, { file: 'flows/test.flow.json', pointer }]);
    assert.deepEqual(told.events.map(({ type }) => type), ['run-started', 'run-finished']);
  });
}

test('scripts are compiled once per run and ended with it, also when it fails', async () => {
  const calls: string[] = [];
  const script = { run: async () => [], async [Symbol.asyncDispose]() { calls.push('disposed'); } };
  const scripted = shape('scripted', async (_, context) => {
    await context.script('scripts/a.ts');
    return (payload) => [{ port: 'out', payload }];
  });
  const host = testHost({ plugins: [...testShapes, scripted] });
  const workspace = { ...host.workspace, script: async (file: string) => { calls.push(file); return script; } };
  const told = await runFlow({ host: { ...host, workspace }, steps: { a: { shape: 'scripted', next: { out: 'b' } }, b: { shape: 'scripted', next: { out: 'c' } }, c: { shape: 'failing' } } });
  assert.deepEqual([told.status, calls], ['failed', ['scripts/a.ts', 'disposed']]);
});

test('the end of a gathering step is called once, however it answers, and its payloads have no parent', async () => {
  let ends = 0;
  const gathers = shape('gathers', () => ({
    payload: () => [],
    async* end({ create }) {
      ends++;
      yield { port: 'out', payload: create('a') };
      yield { port: 'out', payload: create('b') };
    },
  }));
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'gathers' } }, body: [1, 2, 3] }, { plugins: [gathers] });
  const [a, b] = eventsOf(told, 'payload-out').filter(({ step }) => step === 'b');
  assert.deepEqual([ends, bodiesOf(told), 'from' in a!, a!.payload.id === b!.payload.id], [1, ['a', 'b'], false, false]);
});

test('an end that fails with a remote error is not called again, and what it stands for is recorded', async () => {
  const gathers = shape('gathers', () => ({ payload: () => [], end: () => { throw new FlowError('REMOTE_STATUS', '503'); } }));
  const told = await run({ steps: { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'gathers' }, c: { shape: 'pass' } } }, { plugins: [gathers] });
  assert.deepEqual([told.status, bodiesOf(told, 'c'), told.outputs[0]!.meta['error_code']], ['partial-success', [null], 'REMOTE_STATUS']);
  assert.deepEqual(eventsOf(told, 'attempt-failed'), []);
});

test('a shape that is not a function of payloads is a fault of the plugin', async () => {
  const odd: readonly (readonly [string, unknown])[] = [['nothing', undefined], ['null', null], ['a text', 'x'], ['another port', [{ port: 'nowhere', payload: createPayload({ id: 'x', body: 1 }) }]], ['an object that is no payload', [{ port: 'out', payload: { id: 'x' } }]]];
  for (const [what, answer] of odd) {
    const told = await run({ steps: { a: { shape: 'odd' } } }, { plugins: [shape('odd', () => () => answer as never)] });
    assert.deepEqual([what, told.status, told.error?.code], [what, 'failed', 'INTERNAL']);
  }
});

test('nothing is kept of payloads that have passed', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let alive = 0, atEnd = Infinity, seen = 0;
  const registry = new FinalizationRegistry(() => void alive--);
  const source = shape('source', () => async function* (payload) {
    for (let index = 0; index < 20_000; index++) yield { port: 'out', payload: payload.with({ body: { index } }) };
  });
  const watch = shape('watch', () => async (payload, { clock }) => {
    registry.register(payload, undefined);
    alive++;
    if (++seen === 19_990) {
      for (let turn = 0; turn < 3; turn++) {
        collectGarbage();
        await clock.sleep(1);
      }
      atEnd = alive;
    }
    return [{ port: 'out', payload }];
  });
  const host = testHost({ plugins: [...testShapes, source, watch] });
  const plan = await planFlow(host, { flow: { version: 1, start: 'a', steps: { a: { shape: 'source', next: { out: 'b' } }, b: { shape: 'watch', next: { out: 'c' } }, c: { shape: 'watch' } } }, flowId: 'f', file: 'f' });
  const { status } = await executeRun({ ...host, bodies: { ...host.bodies, keep: () => ({ hash: '', size: 1 }) } }, plan, { ...runDefaults(), emit: () => undefined });
  assert.deepEqual([status, seen], ['success', 40_000]);
  assert.ok(atEnd < 1_000, `${atEnd} payloads are still there`);
});

test('steps with state of their own are opened anew for each run', async () => {
  const host = testHost({ plugins: testShapes });
  const story = { host, steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: batch.type, settings: { size: 2 } } }, body: [1, 2, 3] };
  assert.deepEqual([bodiesOf(await runFlow(story)), bodiesOf(await runFlow(story))], [[[1, 2], [3]], [[1, 2], [3]]]);
});
