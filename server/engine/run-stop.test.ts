import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import type { Shape } from '../../plugins/sdk/index.ts';
import { eventsOf, runFlow, shape, testHost, testShapes, type Told } from '../../test/support/engine-host.ts';
import type { Step } from '../model/flow.ts';
import { countEvent, type StepCounts } from '../model/run-event.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
let returned = 0;
const shapes: readonly Shape[] = [
  shape('listening', () => (_, { signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error)); })),
  shape('deaf', () => () => new Promise(() => undefined)),
  shape('endless', () => async function* (payload) {
    try {
      for (let index = 0; ; index++) yield { port: 'out', payload: payload.with({ body: index }) };
    } finally {
      returned++;
    }
  }),
  shape('busy', () => (payload) => Array.from({ length: 1_000 }, () => ({ port: 'out', payload }))),
];

/** Stops a run after so many milliseconds of its clock, or after so many events. */
async function stopped(steps: Record<string, Step>, when: { afterMs: number } | { afterEvents: number }, flow: object = {}): Promise<Told & { readonly ms: number; readonly sleepers: number; readonly eventsAfter: number }> {
  const host = testHost({ plugins: [...testShapes, ...shapes] });
  const stop = new AbortController();
  let events = 0, at = host.clock.now(), eventsAfter = 0;
  const stopNow = (): void => {
    at = host.clock.now();
    stop.abort();
  };
  if ('afterMs' in when) void host.clock.sleep(when.afterMs, new AbortController().signal).then(stopNow);
  const told = await runFlow({
    host, steps, flow, body: numbers(1_000),
    options: {
      signal: stop.signal,
      emit: () => {
        if (stop.signal.aborted) eventsAfter++;
        if ('afterEvents' in when && ++events === when.afterEvents) stopNow();
      },
    },
  });
  return { ...told, ms: host.clock.now() - at, sleepers: host.clock.sleepers, eventsAfter };
}

const stories: readonly (readonly [what: string, steps: Record<string, Step>, when: { afterMs: number } | { afterEvents: number }, withinMs: number])[] = [
  ['before it begins', { a: { shape: 'pass' } }, { afterEvents: 1 }, 0],
  ['while a shape waits that listens', { a: { shape: 'listening' } }, { afterMs: 50 }, 0],
  ['while a shape waits that does not listen', { a: { shape: 'deaf' } }, { afterMs: 50 }, 1_000],
  ['while many wait', { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'listening', concurrency: 20 } }, { afterMs: 50 }, 0],
  ['while an endless stream gives', { a: { shape: 'endless', next: { out: 'b' } }, b: { shape: 'pass' } }, { afterEvents: 500 }, 0],
  ['while a stream is held up', { a: { shape: 'endless', next: { out: 'b' } }, b: { shape: 'listening' } }, { afterMs: 50 }, 0],
  ['while a payload waits for its next attempt', { a: { shape: 'failing', settings: { code: 'REMOTE_STATUS' } } }, { afterMs: 50 }, 0],
  ['in the middle of work that never waits', { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'busy', next: { out: 'c' } }, c: { shape: 'pass' } }, { afterEvents: 5_000 }, 0],
];

for (const [what, steps, when, withinMs] of stories) {
  test(`a run is stopped: ${what}`, async () => {
    const told = await stopped(steps, when);
    assert.deepEqual([told.status, told.error?.code], ['stopped', 'RUN_STOPPED']);
    assert.ok(told.ms <= withinMs, `it took ${told.ms} ms`);
    // Only what was already being said, and the end.
    assert.ok(told.eventsAfter <= 4, `${told.eventsAfter} events came after`);
    assert.deepEqual([eventsOf(told, 'payload-failed'), told.sleepers], [[], 0]);
    assert.equal(told.events.at(-1)!.type, 'run-finished');
  });
}

test('a stream that is stopped is returned to its end', async () => {
  returned = 0;
  await stopped({ a: { shape: 'endless', next: { out: 'b' } }, b: { shape: 'listening' } }, { afterMs: 50 });
  assert.equal(returned, 1);
});

test('a run that was stopped before it was started', async () => {
  const told = await runFlow({ host: testHost({ plugins: testShapes }), steps: { a: { shape: 'pass' } }, options: { signal: AbortSignal.abort() } });
  assert.deepEqual([told.status, told.events.map(({ type }) => type)], ['stopped', ['run-started', 'run-finished']]);
});

test('a shape that ends the run gives nothing more to it', async () => {
  const stop = new AbortController();
  const ends = shape('ends', () => (payload) => {
    stop.abort();
    return [{ port: 'out', payload }];
  });
  const told = await runFlow({ host: testHost({ plugins: [ends] }), steps: { a: { shape: 'ends' } }, options: { signal: stop.signal } });
  assert.deepEqual([told.status, told.outputs, told.events.map(({ type }) => type)], ['stopped', [], ['run-started', 'payload-in', 'run-finished']]);
});

test('a run that is out of time fails', async () => {
  const told = await stopped({ a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'listening' } }, { afterMs: 90_000 }, { settings: { timeoutMs: 60_000 } });
  assert.deepEqual([told.status, told.error?.code, told.error?.place, eventsOf(told, 'run-finished')[0]!.durationMs], ['failed', 'STEP_TIMEOUT', { file: 'flows/test.flow.json', pointer: '/settings/timeoutMs' }, 60_000]);
});

test('a run that has ended leaves no timer and no listener', async () => {
  const host = testHost({ plugins: testShapes });
  const { signal } = new AbortController();
  await runFlow({ options: { signal }, host, steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'wait', concurrency: 2 } }, flow: { settings: { timeoutMs: 60_000 } }, body: [10, 20, 30] });
  assert.deepEqual([host.clock.sleepers, getEventListeners(signal, 'abort').length], [0, 0]);
});

test('a run stopped while its steps are opened', async () => {
  const stop = new AbortController();
  let isDisposed = false;
  const opening = shape('opening', async (_, { script }) => {
    await script('s');
    stop.abort();
    await new Promise(() => undefined);
    return () => [];
  });
  const script = { run: async () => [], async [Symbol.asyncDispose]() { isDisposed = true; } };
  const told = await runFlow({ host: testHost({ plugins: [opening], scripts: { s: script } }), steps: { a: { shape: 'opening' } }, options: { signal: stop.signal } });
  assert.deepEqual([told.status, isDisposed], ['stopped', true]);
});

test('other work of the process goes on while a run has much to do', async () => {
  const host = testHost({ plugins: [...testShapes, ...shapes], clock: { now: () => performance.now(), sleep: testHost().clock.sleep } });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 30);
  const quiet = { ...host, bodies: { ...host.bodies, keep: () => ({ hash: '', size: 1 }) } };
  const told = await runFlow({ host: quiet, steps: { a: { shape: 'endless', next: { out: 'b' } }, b: { shape: 'pass' } }, options: { signal: stop.signal } });
  clearTimeout(timer);
  assert.equal(told.status, 'stopped');
});

const counted: readonly (readonly [what: string, steps: Record<string, Step>, counts: Readonly<Record<string, Partial<StepCounts>>>])[] = [
  ['in work', { a: { shape: 'listening' } }, { a: { in: 1, durationMs: 50, stopped: 1 } }],
  ['in work several times', { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'listening', concurrency: 20 } }, { b: { in: 20, durationMs: 50, stopped: 20 } }],
  ['done', { a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'listening' } }, { a: { in: 1, durationMs: 0 }, b: { in: 1, durationMs: 50, stopped: 1 } }],
];
for (const [what, steps, counts] of counted) test(`what a stopped run was at work on is counted: ${what}`, async () => {
  const { events } = await stopped(steps, { afterMs: 50 });
  const all = events.reduce<Readonly<Record<string, StepCounts>>>(countEvent, {});
  for (const [step, wanted] of Object.entries(counts)) {
    const { in: came, durationMs, stopped: count, working, workingSince } = all[step]!;
    assert.deepEqual({ in: came, durationMs, ...(count !== undefined && { stopped: count }) }, wanted);
    assert.deepEqual([working, workingSince], [undefined, undefined], 'nothing is at work any more');
  }
});

test('what is at work is counted while the run goes on, and no more when it went on after a crash', () => {
  const came = (id: string, at: number) => ({ type: 'payload-in', step: 'a', payload: { id, mediaType: 'application/json', body: '', size: 0 }, attempt: 1, at } as const);
  const first = [came('p', 10), came('q', 12)].reduce<Readonly<Record<string, StepCounts>>>(countEvent, {});
  assert.deepEqual([first['a']!.working, first['a']!.workingSince], [2, 10]);
  const then = countEvent(first, { type: 'payload-done', step: 'a', payload: 'p', at: 15, durationMs: 5 });
  assert.deepEqual([then['a']!.working, then['a']!.workingSince, then['a']!.durationMs], [1, 15, 5]);
  assert.deepEqual(Object.keys(countEvent(then, { type: 'run-resumed', at: 99 })['a']!).filter((key) => key.startsWith('working')), []);
});
