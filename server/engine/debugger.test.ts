import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import map from '../../plugins/shapes/map.ts';
import { bodiesOf, eventsOf, runDefaults, runFlow, shape, testHost, testShapes, transform, type Story, type TestHost, type Told } from '../../test/support/engine-host.ts';
import { noStops, type DebugBreakpoint, type DebugEvent, type DebugResume, type DebugSetup } from '../model/debug.ts';
import { Debugger } from './debugger.ts';
import { planFlow } from './plan.ts';
import { executeRun } from './run.ts';

type Stopped = Extract<DebugEvent, { type: 'stopped' }>;
type Act = DebugResume['how'] | ((debug: Debugger, stop: Stopped) => Promise<unknown>);

interface Debugged extends Told {
  /** Where it stopped: reason, place, step, and what the payload was. */
  readonly stops: readonly string[];
  readonly said: readonly string[];
}

const point = (step: string, more: Partial<DebugBreakpoint> = {}): DebugBreakpoint => ({ id: 1, flow: 'test', step, at: 'before', ...more });

/** Runs a flow, and does one thing after the other where it stops; then it goes on. */
async function debug(story: Omit<Story, 'host'>, setup: Partial<DebugSetup>, acts: readonly Act[] = [], { stopOnEntry = false, opened = (_debugged: Debugger): void => undefined, host = testHost({ plugins: [...testShapes, map as never, transform('prefix', (value, { prefix }) => `${prefix}${value}`)] }) } = {}): Promise<Debugged> {
  const stops: string[] = [];
  const said: string[] = [];
  const left = [...acts];
  const errors: unknown[] = [];
  const debugged: Debugger = new Debugger({
    stopOnEntry,
    tell: (event) => {
      if (event.type === 'output') said.push(event.text);
      if (event.type === 'stopped') void stopped(event).catch((error: unknown) => { errors.push(error); void debugged.detach(); });
    },
  });
  opened(debugged);
  const stopped = async (event: Stopped): Promise<void> => {
    const { place: { at, step, port, rule, record }, reason, text } = event;
    const shown = rule === undefined ? (await debugged.evaluate(1, 0, 'payload').catch(() => ({ text: '-' }))).text : `rule ${rule} of record ${record}`;
    stops.push([reason, at, step, ...(port === undefined ? [] : [port]), shown, ...(text === undefined ? [] : [text])].join(' '));
    const act = left.shift() ?? 'continue';
    if (typeof act === 'string') await debugged.resume({ how: act });
    else await act(debugged, event);
  };
  await debugged.setup({ ...noStops, ...setup });
  const told = await runFlow({ host, ...story, options: { ...story.options, debug: debugged.of('run-1') } });
  if (errors.length > 0) throw errors[0];
  return { ...told, stops, said };
}

const chain = { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'pass', next: { out: 'c' } }, c: { shape: 'pass' } };
const payloads = (of: Debugged): unknown[] => bodiesOf(of);

const stories: readonly (readonly [what: string, story: Omit<Story, 'host'>, setup: Partial<DebugSetup>, acts: readonly Act[], stops: readonly string[], outputs: readonly unknown[]])[] = [
  ['before a step', { steps: chain, body: [1, 2] }, { breakpoints: [point('b')] }, [], ['breakpoint before b 1', 'breakpoint before b 2'], [1, 2]],
  ['after a step, at a port', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'parity', next: { odd: 'c' } }, c: { shape: 'pass' } }, body: [1, 2, 3] }, { breakpoints: [point('b', { at: 'after', port: 'odd' })] }, [], ['breakpoint after b odd 1', 'breakpoint after b odd 3'], [1, 2, 3]],
  ['after a step, at any port', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'parity' } }, body: [1, 2] }, { breakpoints: [point('b', { at: 'after' })] }, [], ['breakpoint after b odd 1', 'breakpoint after b even 2'], [1, 2]],
  ['a condition', { steps: chain, body: [1, 2, 3] }, { breakpoints: [point('b', { condition: 'payload >= 2' })] }, [], ['breakpoint before b 2', 'breakpoint before b 3'], [1, 2, 3]],
  ['a hit count, counted by the condition', { steps: chain, body: [1, 2, 3, 4, 5, 6] }, { breakpoints: [point('b', { condition: 'payload != 3', hits: '>3' })] }, [], ['breakpoint before b 5', 'breakpoint before b 6'], [1, 2, 3, 4, 5, 6]],
  ['every n-th time', { steps: chain, body: [1, 2, 3, 4, 5, 6] }, { breakpoints: [point('c', { hits: '%3' })] }, [], ['breakpoint before c 3', 'breakpoint before c 6'], [1, 2, 3, 4, 5, 6]],
  ['another flow has other breakpoints', { steps: chain, body: [1] }, { breakpoints: [point('b', { flow: 'other' })] }, [], [], [1]],
  ['step over goes after the payload', { steps: chain, body: [1, 2] }, { breakpoints: [point('b', { hits: '1' })] }, ['next', 'next', 'continue'], ['breakpoint before b 1', 'step before c 1', 'step before c 2'], [1, 2]],
  ['step over a split goes after the first', { steps: chain, body: [1, 2] }, { breakpoints: [point('a')] }, ['next', 'continue'], ['breakpoint before a (2) […]', 'step before b 1'], [1, 2]],
  ['step into an item', { steps: chain, body: [1, 2, 3] }, { breakpoints: [point('a')] }, [(one) => one.resume({ how: 'in', target: { into: 'item', item: 3 } })], ['breakpoint before a (3) […]', 'step before b 3'], [1, 2, 3]],
  ['a path that ends: step over stops at what begins next', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'failing', settings: { bodies: [1] } } }, body: [1, 2] }, { breakpoints: [point('b', { hits: '1' })] }, ['next'], ['breakpoint before b 1', 'step before b 2'], [2]],
  ['step over a failure goes to the catch side', { steps: { t: { shape: 'guard', next: { try: 'a', catch: 'c' } }, a: { shape: 'failing' }, c: { shape: 'pass' } }, body: 1 }, { breakpoints: [point('a')] }, ['next'], ['breakpoint before a 1', 'step before c 1'], [1]],
  ['a failure that nobody catches', { steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'failing', settings: { bodies: [2] } } }, body: [1, 2, 3] }, { filters: [{ filter: 'unhandled' }, { filter: 'caught' }] }, [], ['exception failure b 2 DATA_INVALID: It failed.'], [1, 3]],
  ['a failure that is caught', { steps: { t: { shape: 'guard', next: { try: 'a' } }, a: { shape: 'failing' } }, body: 1 }, { filters: [{ filter: 'unhandled' }] }, [], [], [1]],
  ['the same, where those count', { steps: { t: { shape: 'guard', next: { try: 'a' } }, a: { shape: 'failing' } }, body: 1 }, { filters: [{ filter: 'caught', condition: "error.code == 'DATA_INVALID'" }] }, [], ['exception failure a 1 DATA_INVALID: It failed.'], [1]],
  ['a failure of another code', { steps: { a: { shape: 'failing' } }, body: 1 }, { filters: [{ filter: 'unhandled', condition: "error.code == 'REMOTE_STATUS'" }] }, [], [], []],
  ['an attempt that fails', { steps: { a: { shape: 'failing', settings: { code: 'REMOTE_STATUS', times: 1 } } }, body: 1 }, { filters: [{ filter: 'retry' }] }, [], ['exception work a 1 Attempt 1 has failed: It failed.'], [1]],
  ['a payload is changed before a step', { steps: chain, body: [1, 2] }, { breakpoints: [point('b', { hits: '1' })] }, [async (one) => {
    assert.equal((await one.set({ thread: 1, frame: 0, root: 'payload', path: [] }, 7)).text, '7');
    await one.resume({ how: 'next' });
  }], ['breakpoint before b 1', 'step before c 7'], [7, 2]],
  ['a payload is changed after a step', { steps: chain, body: [{ n: { x: 1 }, m: [1] }] }, { breakpoints: [point('b', { at: 'after' })] }, [async (one) => {
    await one.set({ thread: 1, frame: 0, root: 'payload', path: ['n', 'x'] }, 2);
    await one.set({ thread: 1, frame: 0, root: 'payload', path: ['m', 0] }, 'y');
    await one.resume({ how: 'continue' });
  }], ['breakpoint after b out {n: {…}, m: (1) […]}'], [{ n: { x: 2 }, m: ['y'] }]],
  ['what failed is done once more with another payload', { steps: { a: { shape: 'failing', settings: { bodies: [1] }, next: { out: 'b' } }, b: { shape: 'pass' } }, body: 1 }, { filters: [{ filter: 'unhandled' }] }, [async (one) => {
    await one.set({ thread: 1, frame: 0, root: 'payload', path: [] }, 5);
    await one.restart();
  }], ['exception failure a 1 DATA_INVALID: It failed.'], [5]],
  ['a payload goes on elsewhere', { steps: chain, body: [1, 2] }, { breakpoints: [point('b', { hits: '1' })] }, [(one) => one.move('c')], ['breakpoint before b 1', 'goto before c 1'], [1, 2]],
  ['step over the rules of a map', { steps: { m: { shape: 'map', settings: { rules: [{ from: 'a', to: 'x' }, { from: 'b', to: 'y' }] }, next: { out: 'c' } }, c: { shape: 'pass' } }, body: [{ a: 1, b: 2 }] }, { breakpoints: [point('m')] }, ['in', 'next', 'next'], ['breakpoint before m (1) […]', 'step rule m rule 0 of record 0', 'step rule m rule 1 of record 0', 'step before c (1) […]'], [[{ x: 1, y: 2 }]]],
  ['a rule of a map, with a condition', { steps: { m: { shape: 'map', settings: { rules: [{ from: 'a', to: 'x' }, { from: 'b', to: 'y' }] } } }, body: [{ a: 1 }, { a: 2 }, { a: 3 }] }, { breakpoints: [point('m', { at: 'rule', rule: 1, condition: 'record.a > 1' })] }, ['out'], ['breakpoint rule m rule 1 of record 1'], [[{ x: 1 }, { x: 2 }, { x: 3 }]]],
];

describe('debugger: where a payload stops', () => {
  for (const [what, story, setup, acts, stops, outputs] of stories) {
    test(what, async () => {
      const told = await debug(story, setup, acts);
      assert.deepEqual([told.stops, payloads(told)], [stops, outputs], told.said.join('\n'));
    });
  }
});

test('debugger: the first payload that begins is the entry', async () => {
  const told = await debug({ steps: chain, body: [1] }, {}, ['next'], { stopOnEntry: true });
  assert.deepEqual(told.stops, ['entry before a (1) […]', 'step before b 1']);
});

test('debugger: a log point says something and stops nothing; a condition that cannot be evaluated is said once', async () => {
  const told = await debug({ steps: chain, body: [1, 2] }, { breakpoints: [point('b', { log: 'Number {payload}' }), point('c', { id: 2, condition: 'payload.x.y | nothing' })] });
  assert.deepEqual([told.stops, told.said.slice(0, 2), told.said.length], [[], ['Number 1', 'Number 2'], 3]);
  assert.match(told.said[2]!, /^The condition "payload\.x\.y \| nothing" cannot be evaluated, so it does not hold: /);
  assert.deepEqual(eventsOf(told, 'log').map(({ step, message }) => [step, message]), [['b', 'Number 1'], ['b', 'Number 2']]);
});

test('debugger: while a payload stands, nothing else begins, and the order of all stays', async () => {
  const begun: string[] = [];
  const note = shape('note', () => async (payload) => {
    begun.push(String(await payload.json()));
    return [{ port: 'out', payload }];
  });
  const told = await debug({ steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'note', concurrency: 3, next: { out: 'c' } }, c: { shape: 'pass' } }, body: [1, 2, 3, 4] }, { breakpoints: [point('b', { condition: 'payload == 2' })] }, [async (one) => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    begun.push('stands');
    assert.deepEqual((await one.threads()).map(({ name }) => name), ['test', 'b: 2 waiting', 'c: 1 waiting']);
    await one.resume({ how: 'continue' });
  }], { host: testHost({ plugins: [...testShapes, note] }) });
  assert.deepEqual([begun, payloads(told)], [['1', 'stands', '2', '3', '4'], [1, 2, 3, 4]]);
});

test('debugger: time limits do not count while a payload stands', async () => {
  const host = testHost({ plugins: testShapes });
  const told = await debug({ flow: { settings: { timeoutMs: 1_000 } }, steps: { a: { shape: 'list', next: { out: 'b' } }, b: { shape: 'wait' } }, body: [10, 20] }, { breakpoints: [point('b', { hits: '2' })] }, [async (one) => {
    await host.clock.sleep(60_000, new AbortController().signal);
    await one.resume({ how: 'continue' });
  }], { host });
  assert.deepEqual([told.status, payloads(told)], ['success', [10, 20]]);
});

test('debugger: pause, in the middle of a step; the frame says what is in work', async () => {
  let paused: Debugger | undefined;
  const pausing = shape('pausing', () => async (payload, { clock }) => {
    await paused?.pause();
    await clock.sleep(5);
    return [{ port: 'out', payload }];
  });
  const told = await debug({ steps: { a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'pausing', next: { out: 'c' } }, c: { shape: 'pass' } }, body: 1 }, { breakpoints: [point('a')] }, [async (one) => {
    paused = one;
    await one.resume({ how: 'continue' });
  }, async (one) => {
    assert.deepEqual((await one.stack(1)).map(({ name, step, canRestart }) => [name, step, canRestart]), [['b', 'b', false], ['test', undefined, false]]);
    await assert.rejects(one.set({ thread: 1, frame: 0, root: 'payload', path: [] }, 2), /the step "b" has taken its payload already/);
    await one.resume({ how: 'next' });
  }], { host: testHost({ plugins: [...testShapes, pausing] }) });
  assert.deepEqual([told.said, told.stops, payloads(told)], [[], ['breakpoint before a 1', 'pause work b 1', 'step before c 1'], [1]]);
});

test('debugger: while a payload stands no request begins, no other attempt and no other payload; time limits do not count', async () => {
  const asked: string[] = [];
  const atStops: (readonly string[])[] = [];
  let debugged: Debugger | undefined;
  let isPaused = false;
  const { signal } = new AbortController();
  const host = testHost({
    plugins: [...testShapes, shape('sender', () => async (payload, { http }) => {
      for (const record of (await payload.json()) as readonly string[]) await http.send({ method: 'POST', url: `http://x.test/${record}`, headers: {} });
      return [{ port: 'out', payload }];
    })],
    send: async ({ url }) => {
      const name = url.slice(url.lastIndexOf('/') + 1);
      asked.push(name);
      await host.clock.sleep(name === 'once' ? 45 : 20, signal);
      if (name === 'once' && asked.filter((one) => one === name).length === 1) throw new FlowError('REMOTE_UNREACHABLE', 'Not now.');
      if (name === 'b' && !isPaused) {
        isPaused = true;
        await debugged!.pause();
      }
      return { status: 200, headers: {}, body: new Uint8Array() };
    },
  });
  const look: Act = async (one) => {
    debugged = one;
    await host.clock.sleep(5_000, signal);
    atStops.push([...asked]);
    await one.resume({ how: 'continue' });
  };
  const steps = { s: { shape: 'list', next: { out: 'a' } }, a: { shape: 'sender', settings: {}, timeoutMs: 1_000, retry: { attempts: 1, delayMs: 1 }, concurrency: 2, next: { out: 'end' } }, end: { shape: 'pass' } };
  const told = await debug({ steps, body: [['a', 'b', 'c', 'd'], ['once', 'e']] }, { breakpoints: [point('s')] }, [look, look], { host });
  assert.deepEqual([told.said, told.status, told.stops.map((stop) => stop.split(' ', 3).join(' '))], [[], 'success', ['breakpoint before s', 'pause work a']]);
  assert.deepEqual(atStops, [[], ['a', 'once', 'b']]);
  assert.deepEqual(asked, ['a', 'once', 'b', 'c', 'once', 'd', 'e']);
});

test('debugger: a step that gives one payload after the other has all of its time, however long something stood meanwhile', async () => {
  let debugged: Debugger | undefined;
  const { signal } = new AbortController();
  const host = testHost({ plugins: [...testShapes, shape('slow', () => async function* (payload, { clock }) {
    for (const body of (await payload.json()) as unknown[]) {
      await debugged?.pause();
      await clock.sleep(6_000);
      yield { port: 'out', payload: payload.with({ body }) };
    }
  })] });
  const look: Act = async (one) => {
    debugged = one;
    await host.clock.sleep(5_000, signal);
    await one.resume({ how: 'continue' });
  };
  const told = await debug({ steps: { a: { shape: 'slow', timeoutMs: 10_000, next: { out: 'b' } }, b: { shape: 'pass' } }, body: [1, 2, 3] }, { breakpoints: [point('a')] }, [look, look, look, look], { host });
  assert.deepEqual([told.error, payloads(told)], [undefined, [1, 2, 3]]);
  assert.deepEqual(eventsOf(told, 'payload-done').filter(({ step }) => step === 'a').map(({ durationMs }) => durationMs), [3_000]);
});

test('debugger: step into goes with its payload, not into the flow that another payload calls meanwhile', async () => {
  const { signal } = new AbortController();
  const calling = shape('calling', async (_settings, { flow }) => {
    const call = await flow('sub');
    return async (payload) => {
      const { done } = await call.start(payload, { key: payload.id, signal });
      await done();
      return [{ port: 'out', payload }];
    };
  });
  const stopsOf = async (at: DebugBreakpoint, hits: string) => {
    let debugged: Debugger | undefined;
    const sub = await planFlow(testHost({ plugins: testShapes }), { flow: { version: 1, start: 'inner', steps: { inner: { shape: 'pass' } } }, flowId: 'sub', file: 'flows/sub.flow.json' });
    const host: TestHost = testHost({ plugins: [...testShapes, calling], flows: { open: async (_flow, caller) => ({
      async start(payload, { key, named }) {
        const run = `sub-${key}`;
        named?.(run);
        await host.clock.sleep(10, signal);
        const done = executeRun(host, sub, { ...runDefaults(), run: { ...runDefaults().run, id: run, flow: 'sub' }, payload, emit: () => undefined, debug: debugged!.of(run, caller.id) });
        return { run, done: async () => (await done, []) };
      },
    }) } });
    const told = await debug({ steps: { a: { shape: 'list', next: { out: 's' } }, s: { shape: 'pass', next: { out: 'c' } }, c: { shape: 'calling' } }, body: [1, 2] }, { breakpoints: [{ ...at, hits }] }, [async (one) => one.resume({ how: 'in' })], { host, opened: (one) => { debugged = one; } });
    return told.stops;
  };
  assert.deepEqual(await stopsOf(point('s'), '2'), ['breakpoint before s 2', 'step before c 2']);
  assert.deepEqual(await stopsOf(point('c'), '2'), ['breakpoint before c 2', 'step before inner 2']);
});

test('debugger: flow variables are changed with their types, and the run tells who did', async () => {
  const setter = shape('setter', () => (payload, { variables }) => {
    variables.set('count', Number(variables.get('count')) + 1);
    return [{ port: 'out', payload }];
  });
  const told = await debug({ flow: { variables: { count: { type: 'number', default: 1 } } }, steps: { a: { shape: 'setter', next: { out: 'b' } }, b: { shape: 'pass' } }, body: 1 }, { breakpoints: [point('a')], watches: [{ id: 9, of: 'variable', name: 'count' }] }, [async (one) => {
    await assert.rejects(one.set({ thread: 1, frame: 0, root: 'variables', path: ['count'] }, 'x'), /is of the type number/);
    assert.equal((await one.set({ thread: 1, frame: 0, root: 'variables', path: ['count'] }, 41)).text, '41');
    assert.equal((await one.evaluate(1, 0, 'flow.count + 1')).text, '42');
    await one.resume({ how: 'continue' });
  }, async (one) => {
    assert.equal((await one.evaluate(1, 0, 'flow.count')).text, '42');
    await one.resume({ how: 'continue' });
  }], { host: testHost({ plugins: [...testShapes, setter] }) });
  assert.deepEqual(told.stops, ['breakpoint before a 1', 'data breakpoint work a 1 count was written']);
  assert.deepEqual(eventsOf(told, 'variable').map(({ value }) => value), [41, 42]);
  assert.deepEqual(eventsOf(told, 'log').map(({ message }) => message), ['Somebody has changed the flow variable "count", in the debugger.']);
});

test('debugger: a run that is stopped while a payload stands ends', async () => {
  const abort = new AbortController();
  const told = await debug({ steps: chain, body: [1, 2], options: { signal: abort.signal } }, { breakpoints: [point('b')] }, [async () => abort.abort()]);
  assert.deepEqual([told.status, told.stops], ['stopped', ['breakpoint before b 1']]);
});

test('debugger: a loop: step over it, into it and out of it', async () => {
  const loop = shape('loop', () => async function* (payload) {
    for (const body of (await payload.json()) as unknown[]) yield { port: 'each', payload: payload.with({ body }) };
    yield { port: 'done', payload };
  }, { ports: ['each', 'done'], inTurn: true });
  const host = () => testHost({ plugins: [...testShapes, loop] });
  const steps = { l: { shape: 'loop', next: { each: 'a', done: 'd' } }, a: { shape: 'pass', next: { out: 'b' } }, b: { shape: 'pass' }, d: { shape: 'pass' } };
  const breakpoints = [point('l')];
  const over = await debug({ steps, body: [1, 2] }, { breakpoints }, ['next'], { host: host() });
  const into = await debug({ steps, body: [1, 2] }, { breakpoints }, ['in', 'next', 'out'], { host: host() });
  assert.deepEqual(over.stops, ['breakpoint before l (2) […]', 'step before d (2) […]']);
  assert.deepEqual(into.stops, ['breakpoint before l (2) […]', 'step before a 1', 'step before b 1', 'step before d (2) […]']);
});

test('debugger: values a window at a time; what is secret or redacted is masked wherever it is looked at', async () => {
  const host = testHost({ plugins: testShapes, secrets: ['s3cret'] });
  const mask = <T>(value: T): T => JSON.parse(JSON.stringify(value, (name, item: unknown) => (name === 'password' && item !== null ? '[redacted]' : typeof item === 'string' ? item.replaceAll('s3cret', '***') : item))) as T;
  const body = { password: { deep: 'x' }, token: 'a s3cret b', list: Array.from({ length: 5_000 }, (_, index) => ({ index })), long: 'y'.repeat(3_000) };
  await debug({ steps: chain, body: [body] }, { breakpoints: [point('b')] }, [async (one) => {
    const ref = (...path: (string | number)[]) => ({ thread: 1, frame: 0, root: 'payload' as const, path });
    const rows = await one.values(ref(), {});
    assert.deepEqual(rows.map(({ name, text, indexed, named }) => [name, text.slice(0, 20), indexed, named]), [['password', '[redacted]', 0, 0], ['token', '"a *** b"', 0, 0], ['list', '(5000) […]', 5000, 0], ['long', `"${'y'.repeat(19)}`, 0, 0]]);
    assert.match(rows[3]!.text, /^"y{1024}…" \(3000 characters\)$/);
    assert.deepEqual((await one.values(ref('list'), { filter: 'indexed', start: 4_000, count: 2 })).map(({ name, text, expression }) => [name, text, expression]), [['4000', '{index: 4000}', 'payload.list[4000]'], ['4001', '{index: 4001}', 'payload.list[4001]']]);
    await assert.rejects(one.values(ref('password'), {}), /is redacted/);
    assert.equal((await one.evaluate(1, 0, "payload.password ?? 'none'")).text, '"[redacted]"');
    assert.equal((await one.evaluate(1, 0, 'payload.token')).text, '"a *** b"');
    assert.deepEqual((await one.scopes(1, 0)).map(({ name }) => name.replace(/\(.*\)/, '()')), ['Payload ()', 'Output so far', 'Meta', 'Flow variables', 'Cache & de-dupe hits']);
    await one.resume({ how: 'continue' });
  }], { host: { ...host, bodies: { ...host.bodies, mask } } }).then(({ said }) => assert.deepEqual(said, []));
});
