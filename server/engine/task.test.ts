import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowError, type Payload, type Shape } from '../../plugins/sdk/index.ts';
import { bodiesOf, eventsOf, runFlow, shape, testHost, testShapes, type Story, type Told } from '../../test/support/engine-host.ts';
import type { Step } from '../model/flow.ts';

const run = (story: Omit<Story, 'host'>, ...shapes: Shape[]): Promise<Told> => runFlow({ host: testHost({ plugins: [...testShapes, ...shapes] }), ...story });
const started = Date.parse('2024-01-31T12:00:00Z');
const failsWith = (code: string, more: object = {}): Step => ({ shape: 'failing', settings: { code, ...more } });

const retries: readonly (readonly [what: string, step: Step, expected: { status: string; attempts: number; delays: readonly [number, number][] }])[] = [
  ['a remote error, three further attempts, the delay doubled each time', failsWith('REMOTE_STATUS'), { status: 'failed', attempts: 4, delays: [[400, 600], [800, 1200], [1600, 2400]] }],
  ['a remote error that goes away', failsWith('REMOTE_TIMEOUT', { times: 2 }), { status: 'success', attempts: 3, delays: [[400, 600], [800, 1200]] }],
  ['as often as the step says', { ...failsWith('REMOTE_STATUS'), retry: { attempts: 1, delayMs: 10 } }, { status: 'failed', attempts: 2, delays: [[8, 12]] }],
  ['never beyond the longest delay', { ...failsWith('REMOTE_STATUS'), retry: { attempts: 3, delayMs: 100, maxDelayMs: 150 } }, { status: 'failed', attempts: 4, delays: [[80, 120], [150, 150], [150, 150]] }],
  ['what the other system asks for, where it is longer', { ...failsWith('REMOTE_STATUS', { retryAfter: 60_000 }), retry: { attempts: 1 } }, { status: 'failed', attempts: 2, delays: [[60_000, 60_000]] }],
  ['what the other system asks for, where it is shorter', { ...failsWith('REMOTE_STATUS', { retryAfter: 1 }), retry: { attempts: 1 } }, { status: 'failed', attempts: 2, delays: [[400, 600]] }],
  ['no further attempts', { ...failsWith('REMOTE_STATUS'), retry: { attempts: 0 } }, { status: 'failed', attempts: 1, delays: [] }],
  ['an error of the data', failsWith('DATA_INVALID'), { status: 'failed', attempts: 1, delays: [] }],
  ['an error of the credentials', failsWith('AUTH_REJECTED'), { status: 'failed', attempts: 1, delays: [] }],
  ['a remote error that another attempt cannot change', failsWith('PAGE_REPEATED'), { status: 'failed', attempts: 1, delays: [] }],
];

for (const [what, step, { status, attempts, delays }] of retries) {
  test(`attempts: ${what}`, async () => {
    const told = await run({ steps: { a: step }, body: 1 });
    const failed = eventsOf(told, 'attempt-failed');
    assert.deepEqual([told.status, eventsOf(told, 'payload-in').map(({ attempt }) => attempt)], [status, Array.from({ length: attempts }, (_, index) => index + 1)]);
    assert.equal(failed.length, delays.length);
    failed.forEach(({ retryInMs }, index) => assert.ok(retryInMs >= delays[index]![0] && retryInMs <= delays[index]![1], `${retryInMs} ms`));
    const waited = failed.reduce((sum, { retryInMs }) => sum + retryInMs, 0);
    assert.equal(eventsOf(told, 'run-finished')[0]!.durationMs, waited);
  });
}

test('the delays of two runs are the same, those of two payloads are not', async () => {
  const delays = async () => eventsOf(await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { ...failsWith('REMOTE_STATUS', { times: 1 }) } }, body: [1, 2] }), 'attempt-failed').map(({ retryInMs }) => retryInMs);
  const [first, second] = [await delays(), await delays()];
  assert.deepEqual(first, second);
  assert.notEqual(first[0], first[1]);
});

test('what is not expected is no remote error, says so, and is not tried again', async () => {
  const told = await run({ steps: { a: { shape: 'buggy' } } }, shape('buggy', () => () => { throw new TypeError('x is not a function'); }));
  assert.deepEqual([told.error?.code, told.error?.message, told.error?.step, eventsOf(told, 'payload-in').length], ['INTERNAL', 'TypeError: x is not a function', 'a', 1]);
});

test('a system that is down costs the full delay once, until a payload gets through', async () => {
  let calls = 0;
  const erp = shape('erp', () => async (payload) => {
    calls++;
    const body = await payload.json();
    if (body !== 4 && body !== 6) throw new FlowError('REMOTE_UNREACHABLE', 'Down.');
    return [{ port: 'out', payload }];
  });
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'erp' } }, body: [1, 2, 3, 4, 5, 6] }, erp);
  // 1: four attempts. 2 and 3: one. 4 gets through. 5: four again. 6 gets through.
  assert.deepEqual([calls, bodiesOf(told), eventsOf(told, 'payload-failed').length, eventsOf(told, 'attempt-failed').length], [4 + 1 + 1 + 1 + 4 + 1, [4, 6], 4, 6]);
});

const counting = (fails: (index: number, attempt: number) => boolean) => shape('counting', () => async function* (payload, { attempt, create, random }) {
  for (let index = 0; index < 10; index++) {
    if (fails(index, attempt)) throw new FlowError('REMOTE_STATUS', '503');
    yield { port: 'out', payload: index % 2 ? payload.with({ body: [index, random()] }) : create([index, random()]) };
  }
});

test('an attempt after a failure leaves out what was passed on already; ids and random numbers are the same', async () => {
  const whole = await run({ steps: { a: { shape: 'counting' } } }, counting(() => false));
  const broken = await run({ steps: { a: { shape: 'counting' } } }, counting((index, attempt) => index === attempt * 3));
  assert.equal(eventsOf(broken, 'attempt-failed').length, 3);
  assert.deepEqual(broken.outputs, whole.outputs);
});

test('a stream that fails for good has passed on what it had given', async () => {
  const told = await run({ steps: { a: { shape: 'counting', retry: { attempts: 1 } } } }, counting((index) => index === 4));
  assert.deepEqual([told.status, told.outputs.length, eventsOf(told, 'payload-failed').length], ['failed', 4, 1]);
});

test('ids are the same in two runs, and different within one', async () => {
  const story = { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'each', concurrency: 2, next: { out: 'c' } }, c: { shape: 'batch', settings: { size: 3 } } }, body: [[1, 2, 3], [4, 5], [6, 7, 8]] };
  const ids = ({ events }: Told): string[] => eventsOf({ events }, 'payload-out').map(({ step, payload }) => `${step} ${payload.id}`).sort();
  const [first, second] = [ids(await run(story)), ids(await run(story))];
  assert.deepEqual(first, second);
  assert.equal(new Set(first.map((text) => text.split(' ')[1])).size, 3 + 8 + 3);
});

const hanging = (listens: boolean): Shape => shape('hanging', () => (_, { signal }) => new Promise((_, reject) => {
  if (listens) signal.addEventListener('abort', () => reject(signal.reason as Error));
}));

const limits: readonly (readonly [what: string, step: Step, shapes: Shape[], status: string, ms: number])[] = [
  ['the default of half an hour; a shape that listens ends at once', { shape: 'hanging' }, [hanging(true)], 'failed', 1_800_000],
  ['that of the step', { shape: 'hanging', timeoutMs: 5_000 }, [hanging(true)], 'failed', 5_000],
  ['that of the shape', { shape: 'slow' }, [shape('slow', () => () => new Promise(() => undefined), { timeoutMs: 700 })], 'failed', 1_400],
  ['a shape that does not listen is left alone after a moment', { shape: 'hanging', timeoutMs: 5_000 }, [hanging(false)], 'failed', 6_000],
  ['a stream that hangs', { shape: 'endless', timeoutMs: 2_000 }, [shape('endless', () => async function* (payload, { clock }) { yield { port: 'out', payload }; await clock.sleep(10_000); })], 'failed', 2_000],
  ['one that is kept', { shape: 'wait', timeoutMs: 5_000 }, [], 'success', 4_999],
];

for (const [what, step, shapes, status, ms] of limits) {
  test(`time limit: ${what}`, async () => {
    const told = await run({ steps: { a: step }, body: 4_999 }, ...shapes);
    assert.deepEqual([told.status, told.error?.code, eventsOf(told, 'run-finished')[0]!.at - started], [status, status === 'failed' ? 'STEP_TIMEOUT' : undefined, ms]);
    assert.deepEqual(eventsOf(told, 'payload-done').map(({ durationMs }) => durationMs), [ms]);
  });
}

test('a payload that is out of time does not hold up the next ones', async () => {
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'wait', timeoutMs: 100 } }, body: [10, 1_000, 20] });
  assert.deepEqual([told.status, bodiesOf(told), eventsOf(told, 'payload-failed').map(({ error }) => error.code)], ['failed', [10, 20], ['STEP_TIMEOUT']]);
});

test('each of several payloads in work has its own time', async () => {
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'wait', concurrency: 3, timeoutMs: 100 } }, body: [90, 150, 99, 80, 101, 60] });
  assert.deepEqual([bodiesOf(told), eventsOf(told, 'payload-failed').length], [[90, 99, 80, 60], 2]);
});

test('the time that the next step takes is not that of this one', async () => {
  const told = await run({ steps: { a: { shape: 'each', timeoutMs: 50, next: { out: 'b' } }, b: { shape: 'wait' } }, body: Array.from({ length: 30 }, () => 40) });
  assert.deepEqual([told.status, told.outputs.length], ['success', 30]);
});

test('each attempt has the whole time', async () => {
  const slow = shape('slow', () => async (payload, { clock, attempt }) => {
    await clock.sleep(80);
    if (attempt < 3) throw new FlowError('REMOTE_STATUS', '503');
    return [{ port: 'out', payload }];
  });
  const told = await run({ steps: { a: { shape: 'slow', timeoutMs: 100 } } }, slow);
  assert.deepEqual([told.status, eventsOf(told, 'payload-done')[0]!.durationMs], ['success', 240]);
});

test('an attempt that is over when its time is over has failed, even if it comes to an end a little later', async () => {
  const stubborn = shape('stubborn', () => async (payload, { clock: { now }, signal }) => {
    const late = host.clock.sleep(1_500, new AbortController().signal);
    await late;
    return [{ port: 'out', payload: payload.with({ body: [now() > 0, signal.aborted] }) }];
  });
  const host = testHost({ plugins: [stubborn] });
  const told = await runFlow({ host, steps: { a: { shape: 'stubborn', timeoutMs: 1_000 } } });
  assert.deepEqual([told.error?.code, told.outputs, eventsOf(told, 'payload-done')[0]!.durationMs], ['STEP_TIMEOUT', [], 1_500]);
});

test('what an abandoned attempt still does counts for nothing', async () => {
  let isWaitedFor: boolean | undefined;
  const stubborn = shape('stubborn', () => async (payload, context) => {
    if ((await payload.json()) === 1) {
      await host.clock.sleep(10_000, new AbortController().signal);
      context.fail(context.create('late'), new Error('late'));
      isWaitedFor = context.reply(payload);
    } else await host.clock.sleep(2_900, new AbortController().signal);
    return [{ port: 'out', payload }];
  });
  const host = testHost({ plugins: [...testShapes, stubborn] });
  const told = await runFlow({ host, steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'stubborn', timeoutMs: 3_000 } }, body: [1, 2, 3, 4], options: { onReply: () => undefined } });
  assert.deepEqual([isWaitedFor, bodiesOf(told), eventsOf(told, 'payload-failed').length, eventsOf(told, 'reply').length, told.error?.code], [false, [2, 3, 4], 1, 0, 'STEP_TIMEOUT']);
});

test('what an abandoned attempt gives late is not passed on, even while an older payload is in work', async () => {
  const stubborn = shape('stubborn', () => async (payload, { attempt }) => {
    if ((await payload.json()) === 'late') await host.clock.sleep(10_000, new AbortController().signal);
    else if (attempt === 1) throw new FlowError('REMOTE_STATUS', '503', { retryAfter: 30_000 });
    return [{ port: 'out', payload }];
  });
  const host = testHost({ plugins: [...testShapes, stubborn] });
  const told = await runFlow({ host, steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'stubborn', timeoutMs: 3_000, concurrency: 2 } }, body: ['again', 'late'] });
  assert.deepEqual([bodiesOf(told), eventsOf(told, 'payload-failed').map(({ error }) => error.code)], [['again'], ['STEP_TIMEOUT']]);
});

test('a younger payload gets only a little ahead of the oldest', async () => {
  let given = 0;
  const source = shape('source', () => async function* (payload, { clock }) {
    if ((await payload.json()) === 'slow') {
      await clock.sleep(1_000);
      assert.ok(given > 0 && given <= 17, `${given} payloads were made ahead`);
    } else for (; given < 500; given++) yield { port: 'out', payload };
  });
  const told = await run({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'source', concurrency: 2 } }, body: ['slow', 'quick'] }, source);
  assert.deepEqual([told.status, told.outputs.length], ['success', 500]);
});

const partly = (attempts: number): Shape => shape('partly', () => async (payload, { fail, create, attempt }) => {
  const bodies = (await payload.json()) as number[];
  const outputs = [];
  for (const body of bodies) {
    if (body < 0) fail(body === -1 ? payload.with({ body }) : create(body), new FlowError('REMOTE_REJECTED', `${body} was refused.`));
    else outputs.push({ port: 'out', payload: payload.with({ body }) });
  }
  if (attempt < attempts) throw new FlowError('REMOTE_STATUS', '503');
  return outputs;
});

for (const attempts of [1, 3]) {
  test(`parts of a payload fail, the others go on; ${attempts} attempts`, async () => {
    const told = await run({ steps: { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'partly' }, c: { shape: 'pass' } }, body: [1, -1, 2, -2, -1] }, partly(attempts));
    assert.deepEqual([told.status, bodiesOf(told, 'a'), bodiesOf(told, 'c')], ['partial-success', [1, 2], [-1, -2, -1]]);
    assert.deepEqual(told.outputs.filter(({ step }) => step === 'c').map(({ meta }) => meta['error_message']), ['-1 was refused.', '-2 was refused.', '-1 was refused.']);
    assert.equal(new Set(eventsOf(told, 'payload-failed').map(({ payload }) => payload.id)).size, 3);
  });
}

test('parts that failed in an attempt that fails for good fail with their payload, once', async () => {
  const told = await run({ steps: { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'partly', retry: { attempts: 1 } }, c: { shape: 'pass' } }, body: [1, -1, -2] }, partly(9));
  // -2 was made of nothing, so that it is no part of the payload.
  assert.deepEqual(bodiesOf(told, 'c'), [-2, [1, -1, -2]]);
});

test('a stream that fails payloads between its outputs fails each of them once, over all attempts', async () => {
  const stream = shape('stream', () => async function* (payload, { fail, attempt }) {
    for (let index = 0; index < 8; index++) {
      if (index === attempt * 3) throw new FlowError('REMOTE_STATUS', '503');
      if (index % 2) fail(payload.with({ body: index }), new Error('odd'));
      else yield { port: 'out', payload: payload.with({ body: index }) };
    }
  });
  const told = await run({ steps: { g: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'stream' }, c: { shape: 'pass' } } }, stream);
  assert.deepEqual([bodiesOf(told, 'a'), bodiesOf(told, 'c')], [[0, 2, 4, 6], [1, 3, 5, 7]]);
});

test('a shape may give up the payload itself, once, and go on or throw', async () => {
  for (const ends of ['returns', 'throws']) {
    const gives = shape('gives', () => (payload: Payload, { fail }) => {
      fail(payload, new FlowError('REMOTE_REJECTED', 'No.'));
      if (ends === 'throws') throw new FlowError('DATA_INVALID', 'No!');
      return [];
    });
    const told = await run({ steps: { a: { shape: 'gives' } } }, gives);
    assert.deepEqual(eventsOf(told, 'payload-failed').map(({ payload, error }) => [payload.id, error.code]), [['p', ends === 'throws' ? 'DATA_INVALID' : 'REMOTE_REJECTED']]);
  }
});

test('a stream that gives up its payload, goes on and then throws, has failed once', async () => {
  const gives = shape('gives', () => async function* (payload, { fail }) {
    fail(payload, new FlowError('REMOTE_REJECTED', 'No.'));
    yield { port: 'out', payload };
    throw new FlowError('DATA_INVALID', 'No!');
  });
  const told = await run({ steps: { a: { shape: 'gives' } } }, gives);
  assert.deepEqual([told.outputs.length, eventsOf(told, 'payload-failed').map(({ payload, error }) => [payload.id, error.code])], [1, [['p', 'REMOTE_REJECTED']]]);
});

test('an iterator that gives something odd is returned to its end', async () => {
  let isReturned = false;
  const odd = shape('odd', () => () => ({
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: { port: 'nowhere' } as never }), return: async () => { isReturned = true; return { done: true, value: undefined }; } }),
  }));
  const told = await run({ steps: { a: { shape: 'odd' } } }, odd);
  assert.deepEqual([told.error?.code, isReturned], ['INTERNAL', true]);
});

test('what undoes what it was made of waits until that is passed on, also ahead of its turn', async () => {
  const log: string[] = [];
  const taking = shape('taking', () => async function* (payload, { checkpoint }) {
    const name = String(await payload.json());
    // The other one comes as far as it may without its turn.
    if (name === 'a') await new Promise((resolve) => { setImmediate(() => setImmediate(resolve)); });
    for (const place of [1, 2]) {
      checkpoint(place, { withNext: true, isAwaited: true });
      log.push(`${name}${place} given`);
      yield { port: 'out', payload: payload.with({ body: `${name}${place}` }) };
      log.push(`${name}${place} taken`);
    }
  });
  const told = await run({ steps: { l: { shape: 'list', next: { out: 'a' } }, a: { shape: 'taking', concurrency: 2 } }, body: ['a', 'b'] }, taking);
  assert.deepEqual([told.status, bodiesOf(told)], ['success', ['a1', 'a2', 'b1', 'b2']]);
  assert.deepEqual(log, ['b1 given', 'a1 given', 'a1 taken', 'a2 given', 'a2 taken', 'b1 taken', 'b2 given', 'b2 taken']);
});
