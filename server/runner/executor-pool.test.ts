import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { FlowError } from '../../plugins/sdk/index.ts';
import { createConnections } from '../engine/connections.ts';
import { createCalls, type Calls, type Methods } from './calls.ts';
import { systemClock } from './clock.ts';
import type { NumberedRunEvent } from '../model/run-event.ts';
import type { Runner, StartRun } from './contract.ts';
import { connectionMethods, remoteConnections } from './executor-connections.ts';
import type { ControlMethods, ExecutorMethods } from './executor-protocol.ts';
import { openRunner } from './runner.ts';

const folder = mkdtempSync(join(tmpdir(), 'patchbay-executors-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function writeFiles(files: Readonly<Record<string, unknown>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

const flow = (steps: object, more: object = {}): object => ({ version: 1, start: Object.keys(steps)[0], steps, ...more });
const plugin = (type: string, work: string): string => `export default { kind: 'shape', type: '${type}', title: 'T', summary: 'S.', group: 'data', ports: ['out'], settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [], open: () => async (payload) => { ${work} return [{ port: 'out', payload }]; } };`;

describe('flows in threads of their own', () => {
  const secrets = new Map([['echo/token', 'secret-of-the-editor-1']]);
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => { seen.push(request.headers.authorization); response.writeHead(200, { 'content-type': 'application/json' }).end('[{"n":1}]'); });
  let runner: Runner;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFiles({
      'patchbay.json': { version: 1 },
      'plugins/loop.ts': plugin('loop', 'for (;;);'), 'plugins/eat.ts': plugin('eat', 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length));'), 'plugins/quit.ts': plugin('quit', 'process.exit(3);'),
      'plugins/change.ts': plugin('change', "payload = payload.with({ body: 'before' });"),
      'connectors/echo.connector.json': { version: 1, title: 'Echo', baseUrl: url, auth: { token: { type: 'bearer' } }, endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/', records: '$' } } },
      'instances/echo.instance.json': { version: 1, connector: 'echo', credentials: { token: { $secret: 'echo/token' } } },
      'flows/each.flow.json': flow({ each: { shape: 'split', settings: { each: true } } }), 'flows/answer.flow.json': flow({ answer: { shape: 'callback', settings: { status: 201 } } }),
      'flows/slow.flow.json': flow({ each: { shape: 'split', settings: { each: true }, next: { out: 'wait' } }, wait: { shape: 'wait', settings: { forMs: 1_500 } } }),
      'flows/get.flow.json': flow({ get: { shape: 'connector', settings: { instance: 'echo', endpoint: 'list' } } }), 'flows/call.flow.json': flow({ call: { shape: 'run-flow', settings: { flow: 'each', wait: 'result' } } }),
      ...Object.fromEntries(['loop', 'eat', 'quit', 'change'].map((type) => [`flows/${type}.flow.json`, flow({ it: { shape: type } })])),
    });
    runner = await openRunner({ root: folder, editorSecrets: secrets, executors: { threads: 2, stuckMs: 2_500, megabytes: 128 } });
    await runner.listen();
  });
  after(async () => {
    await runner[Symbol.asyncDispose]();
    server.close();
    server.closeAllConnections();
  });
  const start = (id: string, body: unknown = null, more: Partial<StartRun> = {}) => runner.start({ flow: id, trigger: 'manual', isAwaited: true, payload: { body, mediaType: 'application/json' }, ...more });
  const run = async (id: string, body?: unknown) => (await start(id, body)).done;

  test('give what they give in one', async () => {
    const { status, outputs, steps } = await run('each', [1, 2]);
    assert.deepEqual([status, outputs, steps['each']?.out], ['success', [1, 2], 2]);
    assert.deepEqual((await run('call', ['a'])).outputs, ['a']);
  });
  test('answer who waits', async () => {
    const reply = Promise.withResolvers<Parameters<NonNullable<StartRun['onReply']>>[0]>();
    await start('answer', { ok: true }, { onReply: reply.resolve });
    const { status, body, mediaType } = await reply.promise;
    assert.deepEqual([status, Buffer.from(body).toString(), mediaType], [201, '{"ok":true}', 'application/json']);
  });
  test('are heard of: every event once and in order, whenever somebody begins to listen', async () => {
    const { head, done } = await start('slow', Array.from({ length: 300 }, (_, n) => n));
    const listen = (afterSeq: number) => {
      const events: NumberedRunEvent[] = [];
      const end = Promise.withResolvers<void>();
      runner.subscribe(head.id, (event) => { events.push(event); if (event.event.type === 'run-finished') end.resolve(); }, { afterSeq });
      return { events, ended: end.promise };
    };
    const early = listen(0);
    const running = Promise.withResolvers<void>();
    runner.subscribe(head.id, ({ event }) => { if (event.type === 'payload-in' && event.step === 'wait') running.resolve(); });
    await running.promise;
    const late = listen(0);
    const rest = listen(100);
    const stopped = await runner.stop(head.id);
    await Promise.all([early.ended, late.ended, rest.ended]);
    const total = early.events.length;
    assert.ok(stopped && total > 200, `${total}`);
    for (const [{ events }, first] of [[early, 1], [late, 1], [rest, 101]] as const) assert.deepEqual(events.map(({ seq }) => seq), Array.from({ length: total - first + 1 }, (_, n) => n + first));
    assert.equal((await done).status, 'stopped');
  });
  test('are heard of by who comes when they are at work, and nobody did before', async () => {
    const begun = Promise.withResolvers<void>();
    const stop = runner.subscribe(undefined, ({ event }) => { if (event.type === 'run-started') begun.resolve(); });
    const { head } = await start('slow', [1, 2]);
    await begun.promise;
    stop();
    const seen: number[] = [];
    const end = Promise.withResolvers<void>();
    const through = Promise.withResolvers<void>();
    runner.subscribe(head.id, ({ seq, event }) => {
      seen.push(seq);
      if (event.type === 'payload-done' && event.step === 'wait') through.resolve();
      if (event.type === 'run-finished') end.resolve();
    }, { afterSeq: 0 });
    await through.promise;
    assert.equal(runner.archive.run(head.id)?.status, 'running', 'events come as they happen');
    await end.promise;
    assert.deepEqual(seen, Array.from({ length: seen.length }, (_, n) => n + 1));
    assert.ok(seen.length > 5);
  });
  test('have the secrets that the editor has now', async () => {
    await run('get');
    secrets.set('echo/token', 'secret-of-the-editor-2');
    await run('get');
    assert.deepEqual(seen, ['Bearer secret-of-the-editor-1', 'Bearer secret-of-the-editor-2']);
  });
  test('see files as they are now', async () => {
    assert.deepEqual((await run('change')).outputs, ['before']);
    writeFiles({ 'plugins/change.ts': plugin('change', "payload = payload.with({ body: 'afterwards' });") });
    assert.deepEqual((await run('change')).outputs, ['afterwards']);
  });
  for (const [id, why] of [['loop', /nothing but one thing/], ['eat', /memory|nothing but one thing/], ['quit', /code 3/]] as const) {
    test(`one with a plugin that would ${id} ends alone`, async () => {
      const beside = await Promise.all([start('slow', [1]), start('slow', [2])]);
      const [bad, ...good] = await Promise.all([run(id), ...beside.map(({ done }) => done)]);
      assert.deepEqual([bad.status, bad.error?.code, typeof bad.error?.remedy], ['failed', 'RUN_STUCK', 'string']);
      assert.match(bad.error!.message, why);
      assert.deepEqual(good.map(({ status, error }) => error ?? status), ['success', 'success']);
      assert.deepEqual((await run('each', [3])).outputs, [3]);
      assert.equal(runner.archive.run(bad.run)?.status, 'failed');
    });
  }
});

describe('a run that somebody wants to end', () => {
  const files = (more: object = {}) => ({
    'patchbay.json': { version: 1 }, 'plugins/spin.ts': plugin('spin', 'for (;;);'), 'flows/spin.flow.json': flow({ it: { shape: 'spin' } }),
    'flows/wait.flow.json': flow({ it: { shape: 'wait', settings: { forMs: 600_000 } } }), ...more,
  });
  const openIn = async (name: string, executors: object) => {
    const root = join(folder, name);
    writeFiles(Object.fromEntries(Object.entries(files()).map(([file, content]) => [join(name, file), content])));
    const lines: string[] = [];
    const say = (message: string): void => void lines.push(message);
    const runner = await openRunner({ root, executors, log: { debug: say, info: say, warn: say, error: say } });
    await runner.listen();
    return { runner, lines };
  };
  const until = async (runner: Runner, run: string, status: string): Promise<void> => {
    while (runner.archive.run(run)?.status !== status) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const begin = (runner: Runner, id: string) => runner.start({ flow: id, trigger: 'manual', isAwaited: true });

  test('and that loops is seen to have begun, and its thread is ended soon, long before it counts as stuck', async () => {
    const { runner, lines } = await openIn('spin', { threads: 1, stuckMs: 600_000, stopMs: 1_000 });
    try {
      const { head, done } = await begin(runner, 'spin');
      await until(runner, head.id, 'running');
      assert.equal(typeof runner.archive.run(head.id)?.startedAt, 'number');
      assert.equal(await runner.stop(head.id), true);
      const { status, error } = await done;
      assert.deepEqual([status, error?.code, typeof error?.remedy], ['stopped', 'RUN_STOPPED', 'string']);
      assert.ok(lines.some((line) => line.includes(head.id) && /to be stopped/.test(line)), lines.join('\n'));
      const { total } = await runner.insights({ by: 'flow' });
      assert.equal(total.durationMs, runner.archive.run(head.id)?.durationMs, 'it took as long as it says');
    } finally {
      await runner[Symbol.asyncDispose]();
    }
  });
  test('ends also where its thread has not begun yet', async () => {
    const { runner } = await openIn('early', { threads: 1 });
    try {
      const { head, done } = await begin(runner, 'wait');
      await runner.stop(head.id);
      assert.equal((await done).status, 'stopped');
    } finally {
      await runner[Symbol.asyncDispose]();
    }
  });
  test('ends in whatever process it is, also where that takes only what is its own', async () => {
    const root = join(folder, 'other');
    writeFiles(Object.fromEntries(Object.entries(files()).map(([file, content]) => [join('other', file), content])));
    await using own = await openRunner({ root });
    await using other = await openRunner({ root });
    const { head, done } = await begin(own, 'wait');
    await until(own, head.id, 'running');
    assert.equal(await other.stop(head.id), true);
    assert.equal((await done).status, 'stopped');
  });
  test('and whose result no thread can give to another has ended all the same', async () => {
    writeFiles({ 'odd/patchbay.json': { version: 1 }, 'odd/plugins/odd.ts': plugin('odd', 'payload = payload.with({ body: { n: 1, f: () => 1 } });'), 'odd/flows/odd.flow.json': flow({ it: { shape: 'odd' } }) });
    await using runner = await openRunner({ root: join(folder, 'odd'), executors: { threads: 1 } });
    const { status, outputs } = await (await begin(runner, 'odd')).done;
    assert.deepEqual([status, outputs], ['success', [{ n: 1 }]]);
  });
});

describe('a replay', () => {
  const filesOf = (name: string, work: string): Readonly<Record<string, unknown>> => ({ [`${name}/patchbay.json`]: { version: 1 }, [`${name}/plugins/turn.ts`]: plugin('turn', work), [`${name}/flows/f.flow.json`]: flow({ it: { shape: 'turn' } }) });
  const withRun = async (name: string, work: (runner: Runner, run: string) => Promise<void>): Promise<void> => {
    writeFiles(filesOf(name, ''));
    await using runner = await openRunner({ root: join(folder, name), executors: { threads: 1, stuckMs: 600_000 } });
    const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', isAwaited: true, payload: { body: [1], mediaType: 'application/json' } });
    await done;
    await work(runner, head.id);
  };
  test('runs in a thread of its own, with what was recorded', () => withRun('again', async (runner, run) => {
    const { identical, outputs } = await runner.past.replay(run);
    assert.deepEqual([identical, outputs], [true, [[1]]]);
    await assert.rejects(runner.past.replay('nope'), { code: 'API_NOT_FOUND' });
    writeFiles(filesOf('again', "payload = payload.with({ body: (await import('node:worker_threads')).isMainThread });"));
    assert.deepEqual((await runner.past.replay(run, { version: 'now' })).outputs, [false]);
  }));
  test('that hangs ends with whoever waits for it', () => withRun('left', async (runner, run) => {
    const begun = join(folder, 'left', 'begun');
    writeFiles(filesOf('left', `(await import('node:fs')).writeFileSync(${JSON.stringify(begun)}, ''); for (;;);`));
    const abort = new AbortController();
    const replayed = runner.past.replay(run, { version: 'now', signal: abort.signal });
    const refused = assert.rejects(replayed, { code: 'RUN_STOPPED', message: /Nobody waits/ });
    while (!existsSync(begun)) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort(new FlowError('RUN_STOPPED', 'Nobody waits.'));
    await refused;
    writeFiles(filesOf('left', ''));
    assert.equal((await runner.past.replay(run, { version: 'now' })).identical, true, 'and the next one has its turn');
  }));
  test('tells what was asked of others otherwise than then: addresses and bodies', async () => {
    const server = createServer((request, response) => { request.resume(); response.writeHead(200, { 'content-type': 'application/json' }).end('[{"n":1}]'); });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const asking = (value: number): Readonly<Record<string, unknown>> => ({
      'ask/flows/f.flow.json': flow({
        get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list', params: { n: value } }, next: { out: 'put' } },
        put: { shape: 'manual-payload', settings: { document: [{ n: value }] }, next: { out: 'send' } },
        send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'send' } },
      }),
    });
    const endpoint = (more: object) => ({ title: 'E', method: 'GET', path: '/', records: '$', ...more });
    writeFiles({
      'ask/patchbay.json': { version: 1 }, ...asking(1),
      'ask/connectors/shop.connector.json': {
        version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, auth: { key: { type: 'api-key', settings: { in: 'query', name: 'key' } } },
        endpoints: { list: endpoint({ direction: 'receive', query: { n: '{{ params.n }}' }, params: { n: { type: 'integer', title: 'N' } } }), send: endpoint({ direction: 'send', method: 'POST', path: '/send' }) },
      },
      'ask/instances/shop.instance.json': { version: 1, connector: 'shop', credentials: { key: { $secret: 'shop/key' } } },
    });
    try {
      await using runner = await openRunner({ root: join(folder, 'ask'), editorSecrets: new Map([['shop/key', 'canary-of-the-shop']]), executors: { threads: 1 } });
      const { head, done } = await runner.start({ flow: 'f', trigger: 'manual', isAwaited: true });
      const { error } = await done;
      assert.equal(error, undefined);
      assert.deepEqual((await runner.past.replay(head.id)).differences, [], 'what signing adds is no difference');
      writeFiles(asking(2));
      const { differences } = await runner.past.replay(head.id, { version: 'now' });
      const [address, body] = differences.filter(({ kind }) => kind === 'request');
      assert.deepEqual([address?.step, address?.is?.includes('n=2'), body?.step, body?.values?.length], ['get', true, 'send', 1], JSON.stringify(differences));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});

describe('connections of several threads', () => {
  const openBoth = () => {
    const { port1, port2 } = new MessageChannel();
    const connections = createConnections(systemClock);
    const control: Calls<ExecutorMethods> = createCalls(port1, connectionMethods(connections, () => control) as unknown as Methods);
    const own: ReturnType<typeof remoteConnections> = remoteConnections(createCalls<ControlMethods>(port2, { renewToken: ({ ticket }: { readonly ticket: number }) => own.renew(ticket) }));
    return { connections, remote: own.connections, close: () => port1.close() };
  };
  test('wait for each other: no more requests than the limit allows, and none during a pause', async () => {
    const { connections, remote, close } = openBoth();
    const { signal } = new AbortController();
    await remote.admit('shop', { requests: 2, perMs: 60_000 }, signal);
    await connections.admit('shop', { requests: 2, perMs: 60_000 }, signal);
    const abort = new AbortController();
    const third = remote.admit('shop', { requests: 2, perMs: 60_000 }, abort.signal);
    abort.abort(new FlowError('RUN_STOPPED', 'It was stopped.'));
    await assert.rejects(third, { code: 'RUN_STOPPED' });
    remote.pauseUntil('other', Date.now() + 60_000);
    await remote.token('any', async () => ({ values: {} }), { now: 0 });
    const late = new AbortController();
    const paused = connections.admit('other', undefined, late.signal);
    const first = await Promise.race([paused.then(() => 'admitted', () => 'left'), remote.token('any', async () => ({ values: {} }), { now: 0 }).then(() => 'waits')]);
    late.abort(new Error('over'));
    await paused.catch(() => undefined);
    close();
    assert.equal(first, 'waits');
  });
  test('share tokens: renewed once, and again only by who was refused with the newest', async () => {
    const { connections, remote, close } = openBoth();
    let renewals = 0;
    const renew = async () => ({ values: { token: `t${++renewals}` } });
    const [one, two] = await Promise.all([remote.token('shop', renew, { now: 0 }), connections.token('shop', renew, { now: 0 })]);
    assert.deepEqual([one, two, renewals], [{ values: { token: 't1' } }, { values: { token: 't1' } }, 1]);
    const next = await remote.token('shop', renew, { now: 0, stale: one });
    assert.deepEqual([next.values['token'], (await remote.token('shop', renew, { now: 0, stale: one })).values['token'], renewals], ['t2', 't2', 2]);
    await assert.rejects(remote.token('other', async () => { throw new FlowError('AUTH_REJECTED', 'No.', { details: { status: 401 } }); }, { now: 0 }), { code: 'AUTH_REJECTED', details: { status: 401 } });
    close();
  });
});
