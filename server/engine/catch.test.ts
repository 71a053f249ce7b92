import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodiesOf, eventsOf, runFlow, shape, testHost, testShapes, type Story, type Told } from '../../test/support/engine-host.ts';
import type { Step } from '../model/flow.ts';
import { countEvent, type StepCounts } from '../model/run-event.ts';

const run = (story: Omit<Story, 'host'>, ...shapes: ReturnType<typeof shape>[]): Promise<Told> => runFlow({ host: testHost({ plugins: [...testShapes, ...shapes] }), ...story });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const fails = (bodies: number[], next: string, code = 'DATA_INVALID'): Step => ({ shape: 'failing', settings: { bodies, code }, next: { out: next } });
const end: Step = { shape: 'pass' };

/** Where each body left the flow; what a batch has of two paths has no order. */
const ends = (told: Told): Record<string, unknown[]> =>
  Object.fromEntries([...new Set(told.outputs.map(({ step }) => step))].sort().map((step) => [step, bodiesOf(told, step).map((body) => (Array.isArray(body) ? body.toSorted() : body))]));

const stories: readonly (readonly [what: string, steps: Record<string, Step>, body: unknown, status: string, expected: Record<string, unknown[]>])[] = [
  ['twenty payloads of which four fail', { all: { shape: 'list', next: { out: 'g' } }, g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: fails([3, 8, 13, 20], 'b'), b: end, c: end }, numbers(20), 'partial-success', { b: numbers(20).filter((n) => ![3, 8, 13, 20].includes(n)), c: [3, 8, 13, 20] }],
  ['without a try-catch the others go on too', { all: { shape: 'list', next: { out: 'a' } }, a: fails([2, 4], 'b'), b: end }, numbers(5), 'failed', { b: [1, 3, 5] }],
  ['the inner of two catches', { all: { shape: 'list', next: { out: 'o' } }, o: { shape: 'guard', next: { try: 'i', catch: 'oc' } }, i: { shape: 'guard', next: { try: 'a', catch: 'ic' } }, a: fails([1], 'b'), b: end, ic: end, oc: end }, [1, 2], 'partial-success', { b: [2], ic: [1] }],
  ['what fails on the inner catch side goes to the outer', { all: { shape: 'list', next: { out: 'o' } }, o: { shape: 'guard', next: { try: 'i', catch: 'oc' } }, i: { shape: 'guard', next: { try: 'a', catch: 'ic' } }, a: fails([1, 2], 'b'), b: end, ic: fails([2], 'd'), d: end, oc: end }, [1, 2, 3], 'partial-success', { b: [3], d: [1], oc: [2] }],
  ['what fails on a catch side is not caught by it', { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: fails([1], 'b'), b: end, c: fails([1], 'b') }, 1, 'failed', {}],
  ['behind the place where both sides meet nothing is caught', { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'pass', next: { out: 'm' } }, c: { shape: 'pass', next: { out: 'm' } }, m: fails([1], 'e'), e: end }, 1, 'failed', {}],
  ['the sides meet', { all: { shape: 'list', next: { out: 'g' } }, g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: fails([2], 'm'), c: { shape: 'pass', next: { out: 'm' } }, m: { shape: 'batch', settings: { size: 9 } } }, [2, 1, 3], 'partial-success', { m: [[1, 2, 3]] }],
  ['a catch port that leads nowhere', { g: { shape: 'guard', next: { try: 'a' } }, a: fails([1], 'b'), b: end }, 1, 'partial-success', { g: [1] }],
  ['action: fail', { g: { shape: 'guard', settings: { action: 'fail' }, next: { try: 'a', catch: 'c' } }, a: fails([1], 'b'), b: end, c: end }, 1, 'failed', { c: [1] }],
  ['action: success', { g: { shape: 'guard', settings: { action: 'success' }, next: { try: 'a', catch: 'c' } }, a: fails([1], 'b'), b: end, c: end }, 1, 'success', { c: [1] }],
  ['nothing fails', { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: end, c: end }, 1, 'success', { a: [1] }],
  ['config errors and bugs are caught too', { all: { shape: 'list', next: { out: 'g' } }, g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: fails([1], 'b', 'CONFIG_PATH'), b: fails([2], 'd', 'INTERNAL'), d: fails([3], 'e', 'SECRET_MISSING'), e: end, c: end }, [1, 2, 3, 4], 'partial-success', { c: [1, 2, 3], e: [4] }],
  ['a remote error is caught after its last attempt', { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: fails([1], 'b', 'REMOTE_STATUS'), b: end, c: end }, 1, 'partial-success', { c: [1] }],
  ['the end of the catch side comes after all that may fail', { all: { shape: 'list', next: { out: 'g' } }, g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'wait', next: { out: 'd' } }, d: fails([7, 9], 'e'), e: end, c: { shape: 'batch', settings: { size: 10 } } }, [7, 8, 9], 'partial-success', { c: [[7, 9]], e: [8] }],
  ['a payload that grows into many is caught as the one that failed', { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'list', next: { out: 'b' } }, b: fails([2], 'd'), d: end, c: end }, [1, 2, 3], 'partial-success', { c: [2], d: [1, 3] }],
];

for (const [what, steps, body, status, expected] of stories) {
  test(`catch: ${what}`, async () => {
    const told = await run({ steps, body });
    assert.deepEqual([told.status, ends(told)], [status, expected]);
  });
}

test('the caught payload is the one that went into the step, with the error as metadata', async () => {
  const change = shape('change', () => (payload) => [{ port: 'out', payload: payload.with({ body: 'changed', meta: { kept: 'yes' } }) }]);
  const told = await run({ steps: { g: { shape: 'guard', next: { try: 'x', catch: 'c' } }, x: { shape: 'change', next: { out: 'a' } }, a: { shape: 'failing', settings: { message: 'Too bad.' } }, c: end }, body: 'first' }, change);
  assert.deepEqual(told.outputs.map(({ body, meta }) => [body, meta]), [['changed', { kept: 'yes', error_message: 'Too bad.', error_code: 'DATA_INVALID', error_step: 'a' }]]);
  const [failed] = eventsOf(told, 'payload-failed');
  const [caught] = eventsOf(told, 'payload-out').filter(({ port }) => port === 'catch');
  assert.deepEqual([failed!.step, failed!.caughtBy, caught!.step, caught!.from, told.error], ['a', 'g', 'g', failed!.payload.id, undefined]);
});

test('the counts of a run with caught payloads', async () => {
  const told = await run({ steps: stories[0]![1], body: numbers(20) });
  const counts = told.events.reduce(countEvent, {} as Readonly<Record<string, StepCounts>>);
  const shown = Object.fromEntries(Object.entries(counts).map(([step, { in: taken, out, failed }]) => [step, [taken, out, failed]]));
  assert.deepEqual(shown, { all: [1, 20, 0], g: [20, 24, 0], a: [20, 16, 4], b: [16, 16, 0], c: [4, 4, 0] });
});

test('the first error that nobody caught is that of the run, with its step and remedy', async () => {
  const told = await run({ steps: { all: { shape: 'list', next: { out: 'a' } }, a: fails([2], 'b', 'ASSERT_FAILED'), b: fails([1], 'c'), c: end }, body: [2, 1] });
  assert.deepEqual([told.status, told.error], ['failed', { code: 'ASSERT_FAILED', message: 'It failed.', step: 'a', remedy: 'Compare the payload with the expectation.' }]);
  assert.deepEqual(eventsOf(told, 'payload-failed').map(({ step, caughtBy }) => [step, caughtBy]), [['a', undefined], ['b', undefined]]);
});

test('metadata that fill their room make way for the error; a long message is cut', async () => {
  const fill = shape('fill', () => (payload) => [{ port: 'out', payload: payload.with({ meta: { own: 'x'.repeat(10_200) } }) }]);
  const told = await run({ steps: { g: { shape: 'guard', next: { try: 'x', catch: 'c' } }, x: { shape: 'fill', next: { out: 'a' } }, a: { shape: 'failing', settings: { message: 'y'.repeat(5_000) } }, c: end } }, fill);
  const meta = told.outputs[0]!.meta;
  assert.deepEqual([meta['own'], meta['error_code'], meta['error_message']!.length], [undefined, 'DATA_INVALID', 1_000]);
});

test('a slow catch side slows the steps whose payloads it gets', async () => {
  let open = 0, most = 0;
  const slow = shape('slow', () => async (payload, { clock }) => {
    await clock.sleep(10);
    open--;
    return [{ port: 'out', payload }];
  });
  const refuse = shape('refuse', () => () => {
    most = Math.max(most, ++open);
    throw new Error('no');
  });
  const told = await run({ steps: { all: { shape: 'each', next: { out: 'g' } }, g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'refuse' }, c: { shape: 'slow' } }, body: numbers(100) }, slow, refuse);
  assert.equal(bodiesOf(told, 'c').length, 100);
  assert.ok(most <= 6, `${most} payloads waited`);
});
