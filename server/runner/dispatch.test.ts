import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { NumberedRunEvent } from '../model/run-event.ts';
import type { Runner, StartRun } from './contract.ts';
import { openRunner, type RunnerOptions } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-dispatch-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let last = 0;

type Files = Readonly<Record<string, unknown>>;

function makeWorkspace(files: Files): string {
  const root = join(folder, `${++last}`);
  writeFiles(root, { 'patchbay.json': { version: 1 }, ...files });
  return root;
}

function writeFiles(root: string, files: Files): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

const flow = (steps: object, more: object = {}): object => ({ version: 1, start: Object.keys(steps)[0], steps, ...more });
const wait = (forMs: number) => ({ shape: 'wait', settings: { forMs } });
const body = (value: unknown): Pick<StartRun, 'payload'> => ({ payload: { body: value, mediaType: 'application/json' } });
const manual = (id: string, more: Partial<StartRun> = {}): StartRun => ({ flow: id, trigger: 'manual', ...more });

/** A runner that works on whatever is in the queue, in this thread. */
async function withServer<T>(root: string, work: (runner: Runner, started: readonly string[]) => Promise<T>, options: Partial<RunnerOptions> = {}): Promise<T> {
  const runner = await openRunner({ root, ...options });
  const started: string[] = [];
  try {
    await runner.listen();
    runner.subscribe(undefined, ({ run, event }) => { if (event.type === 'run-started') started.push(run); });
    return await work(runner, started);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

/** Until an event of a run has come. */
async function until(runner: Runner, run: string, type: NumberedRunEvent['event']['type']): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = runner.subscribe(run, ({ event }) => { if (event.type === type) resolve(); }, { afterSeq: 0 });
  await promise;
  stop();
}

describe('the order of runs', () => {
  test('the most urgent first, by run, trigger and flow, and of those the oldest', async () => {
    const files = {
      'patchbay.json': { version: 1, runs: { concurrency: 1 } }, 'flows/first.flow.json': flow({ w: wait(600_000) }), 'flows/plain.flow.json': flow({ s: { shape: 'split' } }),
      'flows/low.flow.json': flow({ s: { shape: 'split' } }, { settings: { priority: 'low' }, triggers: { fast: { trigger: 'manual', priority: 'high' } } }),
    };
    await withServer(makeWorkspace(files), async (runner, started) => {
      const first = await runner.start(manual('first'));
      await until(runner, first.head.id, 'run-started');
      const wanted: [string, StartRun][] = [
        ['low', manual('low')], ['regular', manual('plain')], ['high', manual('low', { trigger: 'fast' })], ['regular again', manual('plain')], ['lowest', manual('plain', { priority: 'lowest' })], ['highest', manual('plain', { priority: 'highest' })],
        ['answered', manual('plain', { onReply: () => undefined })],
      ];
      const names = new Map<string, string>([[first.head.id, 'first']]);
      const runs = [];
      for (const [name, request] of wanted) {
        const run = await runner.start(request);
        names.set(run.head.id, name);
        runs.push(run.done);
      }
      await runner.stop(first.head.id);
      await Promise.all(runs);
      assert.deepEqual(started.map((run) => names.get(run)), ['first', 'highest', 'answered', 'high', 'regular', 'regular again', 'low', 'lowest']);
    });
  });

  test('a flow has as many runs at work as it allows, and others do not wait for it', async () => {
    const files = { 'flows/one.flow.json': flow({ w: wait(150) }, { settings: { concurrency: 1 } }), 'flows/plain.flow.json': flow({ s: { shape: 'split' } }) };
    await withServer(makeWorkspace(files), async (runner, started) => {
      const ones = await Promise.all([1, 2, 3].map(() => runner.start(manual('one'))));
      const plain = await runner.start(manual('plain'));
      await plain.done;
      assert.equal(started.length, 2);
      await Promise.all(ones.map(({ done }) => done));
      const times = ones.map(({ head }) => runner.archive.run(head.id)!).map(({ startedAt, durationMs }) => [startedAt!, startedAt! + durationMs!]).toSorted(([a], [b]) => a! - b!);
      assert.ok(times.every(([begin], index) => index === 0 || begin! >= times[index - 1]![1]!), JSON.stringify(times));
    });
  });

  test('also where another runner is at work on it', async () => {
    const root = makeWorkspace({ 'flows/one.flow.json': flow({ w: wait(700) }, { settings: { concurrency: 1 } }) });
    await withServer(root, async (server) => {
      const first = await server.start(manual('one'));
      await until(server, first.head.id, 'run-started');
      const other = await openRunner({ root });
      const second = await other.start(manual('one'));
      assert.equal((await second.done).status, 'success');
      const [before, after] = [first, second].map(({ head }) => server.archive.run(head.id)!);
      assert.ok(after!.startedAt! >= before!.startedAt! + before!.durationMs!);
      await other[Symbol.asyncDispose]();
    });
  });

  test('what must not overlap is skipped, what is to wait begins when the one before is over', async () => {
    await withServer(makeWorkspace({ 'flows/w.flow.json': flow({ w: wait(150) }) }), async (runner) => {
      const one = await runner.start(manual('w', { overlap: 'queue' }));
      const two = await runner.start(manual('w', { overlap: 'queue' }));
      await assert.rejects(runner.start(manual('w', { overlap: 'skip' })), { code: 'RUN_SKIPPED', message: new RegExp(one.head.id) });
      await two.done;
      const [first, second] = [one, two].map(({ head }) => runner.archive.run(head.id)!);
      assert.ok(second!.startedAt! >= first!.startedAt! + first!.durationMs!);
      assert.equal((await (await runner.start(manual('w', { overlap: 'skip' }))).done).status, 'success');
    });
  });

  test('a run that waits can be stopped', async () => {
    await withServer(makeWorkspace({ 'flows/w.flow.json': flow({ w: wait(60_000) }, { settings: { concurrency: 1 } }) }), async (runner) => {
      const one = await runner.start(manual('w'));
      await until(runner, one.head.id, 'run-started');
      const two = await runner.start(manual('w'));
      assert.deepEqual([await runner.stop(two.head.id), (await two.done).status, await runner.stop(two.head.id)], [true, 'stopped', false]);
      assert.deepEqual([await runner.stop(one.head.id), (await one.done).status], [true, 'stopped']);
    });
  });
});

describe('flows that call flows', () => {
  const call = (id: string, wants = 'result') => ({ shape: 'run-flow', settings: { flow: id, wait: wants } });
  const files = {
    'patchbay.json': { version: 1, runs: { concurrency: 1 } },
    'flows/a.flow.json': flow({ call: call('b') }), 'flows/b.flow.json': flow({ call: call('c') }), 'flows/c.flow.json': flow({ each: { shape: 'split', settings: { each: true } } }),
    'flows/fails.flow.json': flow({ no: { shape: 'assert', settings: { expected: 'other' } } }), 'flows/calls-fails.flow.json': flow({ call: call('fails') }),
    'flows/x.flow.json': flow({ call: call('y') }), 'flows/y.flow.json': flow({ call: call('x') }), 'flows/self.flow.json': flow({ call: call('self') }),
    'flows/silent.flow.json': flow({ each: { shape: 'split', settings: { each: true } } }, { settings: { recording: 'none' } }), 'flows/calls-silent.flow.json': flow({ call: call('silent') }),
  };
  const run = (id: string, value: unknown = [1, 2]) => withServer(makeWorkspace(files), async (runner) => (await runner.start(manual(id, { isAwaited: true, ...body(value) }))).done);
  test('get what leaves them, three deep, though only one run may be at work', async () => {
    const { status, outputs } = await run('a');
    assert.deepEqual([status, outputs], ['success', [1, 2]]);
  });
  test('get it also where nothing is recorded', async () => assert.deepEqual((await run('calls-silent')).outputs, [1, 2]));
  test('get it whole where it is long', async () => {
    const { outputs } = await run('calls-silent', ['x'.repeat(100_000)]);
    assert.deepEqual(outputs.map((text) => (text as string).length), [100_000]);
    const long = Array.from({ length: 7 }, (_, n) => String(n).repeat(900_000));
    const result = await run('a', long);
    assert.deepEqual([result.status, result.steps['call']?.out], ['success', 7]);
  });
  test('fail with what failed', async () => {
    const { status, error } = await run('calls-fails');
    assert.deepEqual([status, error?.code], ['failed', 'FLOW_FAILED']);
  });
  for (const [id, chain] of [['x', 'x → y → x'], ['self', 'self → self']] as const) {
    test(`cannot call themselves: ${chain}`, async () => {
      const { status, error } = await run(id);
      assert.equal(status, 'failed');
      assert.ok(error?.message.includes(chain), error?.message);
    });
  }
});

describe('a runner that closes', () => {
  const files = { 'flows/w.flow.json': flow({ first: { shape: 'split', settings: { each: true }, next: { out: 'w' } }, w: { shape: 'wait', settings: { forMs: '{{ payload.ms }}' }, next: { out: 'check' } }, check: { shape: 'assert', settings: { expected: { ms: 700, password: 'canary-1' } } } }) };
  /** Closes a runner while the run waits in its second step; gives its id. */
  const interrupt = async (root: string): Promise<string> => withServer(root, async (runner) => {
    const { head, done } = await runner.start(manual('w', body([{ ms: 700, password: 'canary-1' }])));
    await until(runner, head.id, 'payload-out');
    void done.then(({ status }) => assert.equal(status, 'queued'));
    return head.id;
  }, { drainMs: 1 });

  test('puts what is at work back into the queue, and the next one goes on with it: nothing is done anew, and what is masked is as it was', async () => {
    const root = makeWorkspace(files);
    const run = await interrupt(root);
    await withServer(root, async (runner) => {
      await until(runner, run, 'run-finished');
      const { status, steps, error } = runner.archive.run(run)!;
      assert.deepEqual([status, steps['first']?.in, steps['first']?.out, steps['check']?.out], ['success', 1, 1, 1], error?.message);
    });
  });
  test('variables and metadata that are masked are as they were, too', async () => {
    const see = `export default { kind: 'shape', type: 'see', title: 'T', summary: 'S.', group: 'data', ports: ['out'], settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [],
      open: () => async (payload, { variables }) => { if (variables.get('password') + payload.meta.password !== 'canary-1canary-2') throw new Error('They are masked.'); return [{ port: 'out', payload }]; } };`;
    const root = makeWorkspace({
      'plugins/see.ts': see,
      'flows/w.flow.json': flow({
        set: { shape: 'set-variables', settings: { flow: [{ name: 'password', value: '{{ payload.first }}' }], meta: [{ name: 'password', value: '{{ payload.second }}' }] }, next: { out: 'w' } },
        w: { ...wait(700), next: { out: 'see' } }, see: { shape: 'see' },
      }, { variables: { password: { type: 'string' } } }),
    });
    const run = await withServer(root, async (runner) => {
      const { head, done } = await runner.start(manual('w', body({ first: 'canary-1', second: 'canary-2' })));
      await until(runner, head.id, 'payload-out');
      void done;
      return head.id;
    }, { drainMs: 1 });
    await withServer(root, async (runner) => {
      const events: NumberedRunEvent[] = [];
      runner.subscribe(run, (event) => void events.push(event), { afterSeq: 0 });
      await until(runner, run, 'run-finished');
      const { status, steps, error } = runner.archive.run(run)!;
      assert.deepEqual([status, steps['set']?.in, steps['see']?.out], ['success', 1, 1], error?.message);
      const recorded = JSON.stringify(events);
      assert.deepEqual([recorded.includes('canary'), recorded.includes('[redacted]')], [false, true]);
    });
  });
  test('a run whose flow has changed meanwhile does not go on', async () => {
    const root = makeWorkspace(files);
    const run = await interrupt(root);
    writeFiles(root, { 'flows/w.flow.json': flow({ first: { shape: 'split' } }) });
    await withServer(root, async (runner) => {
      await until(runner, run, 'run-finished');
      const { status, error } = runner.archive.run(run)!;
      assert.deepEqual([status, error?.code, typeof error?.remedy], ['interrupted', 'RUN_INTERRUPTED', 'string']);
    });
  });
  test('a run that has not begun is run with the flow as it is by then', async () => {
    const root = makeWorkspace({ 'flows/f.flow.json': flow({ s: { shape: 'split', settings: { path: 'a' } } }, { settings: { concurrency: 1 } }), 'flows/w.flow.json': flow({ w: wait(60_000) }), 'patchbay.json': { version: 1, runs: { concurrency: 1 } } });
    const run = await withServer(root, async (runner) => {
      const first = await runner.start(manual('w'));
      await until(runner, first.head.id, 'run-started');
      return (await runner.start(manual('f', body({ a: 1, b: [2] })))).head.id;
    }, { drainMs: 0 });
    writeFiles(root, { 'patchbay.json': { version: 1 }, 'flows/f.flow.json': flow({ other: { shape: 'split', settings: { path: 'b' } } }) });
    await withServer(root, async (runner) => {
      await until(runner, run, 'run-finished');
      const { status, steps, flowText } = runner.archive.run(run)!;
      assert.deepEqual([status, steps['other']?.out, flowText.includes('other')], ['success', 1, true]);
    }, { drainMs: 0 });
  });
});
