import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseJson, type Connector, type TriggerEvent } from '../plugins/sdk/index.ts';
import { createPayload } from '../server/engine/payload.ts';
import { completeSettings } from '../server/runner/complete-settings.ts';
import { openRunner } from '../server/runner/runner.ts';
import { call } from './support/connector-host.ts';
import { jsonNumbers, writtenNumber } from './support/json-numbers.ts';
import { hostOf, loadOfQueues, pluginOf, queuesFolder, serve, silent, type QueueCase } from './support/queue-world.ts';
import { pubsubCase } from './support/pubsub-server.ts';
import { aws, sqsCase } from './support/sqs-server.ts';

for (const make of [sqsCase, pubsubCase]) {
  const { type } = make();
  test(`${type}: a payload, and records of which one is refused`, async () => {
    const one = make();
    await using world = await serve(one.answer);
    await using host = hostOf(one, world.origin);
    const { bodies, error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: { a: 1 } }) });
    assert.equal(error, undefined);
    assert.deepEqual(bodies, [{ sent: 1, refused: 0, messages: [{ id: 'p', message: 'm1' }] }]);
    await using each = hostOf(one, world.origin, { each: 'record' });
    const records = Array.from({ length: 12 }, (_, index) => ({ n: index, ...(type === 'sqs' && index === 3 && { text: 'refuse' }) }));
    const result = await call(each, { endpoint: 'send', payload: createPayload({ id: 'q', body: records }) });
    assert.equal(result.error, undefined);
    assert.deepEqual(result.failed.map(({ code, message, body }) => [code, message, body]), type === 'sqs' ? [['REMOTE_REJECTED', 'Record 4 of 12: InvalidMessageContents: It is refused.', { n: 3, text: 'refuse' }]] : []);
    assert.equal((result.bodies[0] as { sent: number }).sent, type === 'sqs' ? 11 : 12);
    assert.deepEqual(one.bodies().slice(0, 2), ['{"a":1}', '{"n":0}']);
  });

  test(`${type}: what listens gives events, and settles each`, async () => {
    const one = make();
    await using world = await serve(one.answer);
    await using host = hostOf(one, world.origin, { each: 'record' });
    await call(host, { endpoint: 'send', payload: createPayload({ id: 'q', body: [{ n: 1 }, { n: 2 }] }) });
    const plugin = pluginOf(type) as unknown as Connector<never, never, unknown>;
    const stop = new AbortController();
    const { client } = await plugin.connect(completeSettings(plugin as never, one.settings(world.origin)) as never, one.credentials(world.origin) as never, { signal: stop.signal, log: silent });
    const endpoint = plugin.endpoints[one.listen.call]!;
    const events = endpoint.listen!(completeSettings(plugin as never, one.listen.with, endpoint.params as never) as never, { client, signal: stop.signal, log: silent, clock: { now: () => Date.now(), sleep: async () => undefined }, memory: { get: async () => undefined, set: async () => undefined } });
    const heard: TriggerEvent[] = [];
    for await (const event of events) {
      heard.push(event);
      // The first comes again, and then both are taken.
      if (heard.length === 1) event.failed!(new Error('no run'));
      else event.accepted!({ id: 'run' });
      if (heard.length === 3) break;
    }
    stop.abort();
    assert.deepEqual(heard.map(({ key, payload }) => [key, payload!.body]), [['m1', { n: 1 }], ['m2', { n: 2 }], ['m1', { n: 1 }]]);
    assert.equal(heard[0]!.payload!.meta!['message.id'], 'm1');
    assert.deepEqual([heard[0]!.payload!.meta!['message.deliveries'], heard[2]!.payload!.meta!['message.deliveries']], ['1', '2']);
    assert.deepEqual(one.bodies(), []);
  });

  test(`${type}: as a package of a workspace it starts a run for each message, and forgets them`, async () => {
    const one = make();
    const emptied = Promise.withResolvers<void>();
    let sent = 0;
    await using world = await serve((asked) => {
      const answer = one.answer(asked);
      sent = Math.max(sent, one.bodies().length);
      if (sent === 2 && one.bodies().length === 0) emptied.resolve();
      return answer;
    });
    await using workspace = await workspaceOf(one, world.origin);
    await using host = hostOf(one, world.origin, { each: 'record' });
    await call(host, { endpoint: 'send', payload: createPayload({ id: 'q', body: [{ n: 1 }, { n: 2 }] }) });
    await using runner = await openRunner({ root: workspace.folder, dev: true });
    assert.deepEqual((await runner.diagnostics()).map(({ file, message }) => [file, message]), []);
    const done = new Set<string>();
    const ended = Promise.withResolvers<void>();
    runner.subscribe(undefined, ({ event, run }) => {
      if (event.type === 'run-finished') done.add(`${run} ${event.status}`);
      if (done.size === 2) ended.resolve();
    });
    await runner.listen();
    await Promise.all([ended.promise, emptied.promise]);
    assert.deepEqual([...done].map((run) => run.split(' ')[1]), ['success', 'success']);
  });
}

test('what is tried out twice is sent twice, also to a queue that takes no message again', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  await using workspace = await workspaceOf(one, world.origin);
  await using runner = await openRunner({ root: workspace.folder });
  for (const n of [1, 2]) {
    const { error } = await runner.trials.try({ instance: 'queue', endpoint: 'queue.send', params: { ...one.send.with, group: 'orders' }, payload: { body: { n }, mediaType: 'application/json' }, isWriteConfirmed: true });
    assert.equal(error, undefined, error?.message);
  }
  assert.deepEqual(one.server.messages.map(({ body }) => body), ['{"n":1}', '{"n":2}']);
});

async function workspaceOf(one: QueueCase, origin: string): Promise<{ readonly folder: string } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-queues-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(content));
  };
  await cp(queuesFolder, join(root, 'node_modules/patchbay-queues'), { recursive: true });
  const secrets = Object.entries(one.credentials(origin)).filter(([name]) => name !== 'accessKeyId');
  for (const [name, value] of secrets) process.env[`PATCHBAY_SECRET_QUEUE_${name.toUpperCase()}`] = String(value);
  await write('patchbay.json', { version: 1, title: 'Queues', plugins: ['patchbay-queues'] });
  await write('instances/queue.instance.json', { version: 1, title: 'Queue', connector: one.type, settings: one.settings(origin), credentials: { ...(one.type === 'sqs' && { accessKeyId: aws.accessKeyId }), ...Object.fromEntries(secrets.map(([name]) => [name, { $secret: `queue/${name}` }])) } });
  await write('flows/take.flow.json', { version: 1, title: 'Take', triggers: { message: { trigger: 'event', settings: { instance: 'queue', endpoint: one.listen.call, params: one.listen.with } } }, start: 'pass', steps: { pass: { shape: 'split' } } });
  return { folder: root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

describe('numbers that JavaScript cannot hold', async () => {
  const { exactJson } = (await loadOfQueues('exact-json.js')) as { exactJson(text: string): unknown };
  for (const [what, text, expected] of jsonNumbers) test(what, () => assert.deepEqual(exactJson(text), expected));

  test('are what they are everywhere in Patchbay', () => {
    fc.assert(fc.property(writtenNumber, (number) => {
      for (const text of [number, `[${number}]`, `{"a":${number}}`]) assert.deepEqual(exactJson(text), parseJson(text), text);
    }), { seed: 7, numRuns: 20_000 });
  });
});

test('the package needs nothing of Patchbay', async () => {
  const files = (await readdir(queuesFolder)).filter((name) => name.endsWith('.js'));
  assert.ok(files.length >= 8);
  for (const file of files) for (const [, name] of (await readFile(join(queuesFolder, file), 'utf8')).matchAll(/(?:from|import\()\s*'([^']+)'/g)) assert.match(name!, /^(node:|\.\/|@platformatic\/kafka$)/, `${file} imports ${name!}`);
});
