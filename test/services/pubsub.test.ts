import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { countRuns, runsOf } from '../support/broker-world.ts';
import { skipWithout, startBroker, type Broker } from '../support/brokers.ts';
import { call, type Called } from '../support/connector-host.ts';
import { startRunner, until } from '../support/fault-world.ts';
import { listenFor, type Event, type Listening } from '../support/listening.ts';
import { protocolHost } from '../support/protocol-host.ts';

// The connector with Google's own emulator.

type Json = Readonly<Record<string, unknown>>;
interface Pulled { readonly receivedMessages?: readonly { readonly message: { readonly data?: string; readonly attributes?: Json; readonly orderingKey?: string } }[] }

const sources = join(import.meta.dirname, '../../samples/plugins/queues');

describe('pubsub', { skip: skipWithout('pubsub'), timeout: 180_000 }, () => {
  let broker: Broker;
  let plugin: Plugin;
  before(async () => {
    broker = await startBroker('pubsub');
    ({ default: plugin } = (await import(pathToFileURL(join(sources, 'pubsub.js')).href)) as { default: Plugin });
  });
  after(() => broker?.[Symbol.asyncDispose]());

  const settings = (): Json => ({ project: 'acme', endpoint: `http://127.0.0.1:${broker.port}` });
  const ask = async <T>(method: string, path: string, body?: Json): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${broker.port}/v1/projects/acme/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });
    assert.equal(answer.status, 200);
    return (await answer.json()) as T;
  };
  /** A topic with a subscription of the same name. */
  const make = async (name: string): Promise<void> => {
    await ask('PUT', `topics/${name}`);
    await ask('PUT', `subscriptions/${name}`, { topic: `projects/acme/topics/${name}`, ackDeadlineSeconds: 10, enableMessageOrdering: true });
  };
  const send = async (params: Json, payload: Parameters<typeof createPayload>[0], more: Json = {}): Promise<Called> => {
    await using host = protocolHost({ plugin, settings: completeSettings(plugin, { ...settings(), ...more }) as Json, credentials: {}, endpoints: { send: { direction: 'send', call: 'topic.publish', with: params } } });
    return await call(host, { endpoint: 'send', payload: createPayload(payload) });
  };
  const listen = (subscription: string, count: number, outcome?: Listening['outcome']): Promise<readonly Event[]> =>
    listenFor(plugin, count, { settings: settings(), call: 'subscription.consume', with: { subscription, emptyPauseMs: 0 }, ...(outcome && { outcome }) });

  test('what is sent is what the service gives: attributes, ordering key, records, bytes', async () => {
    await make('sent-1');
    const { bodies, error } = await send({ topic: 'sent-1', attributes: { shop: 'uk' }, orderingKey: 'eu' }, { id: 'a', body: { a: 1 } });
    assert.deepEqual([error, (bodies[0] as { sent: number }).sent], [undefined, 1]);
    await send({ topic: 'sent-1', each: 'record', orderingKey: 'eu' }, { id: 'b', body: [{ n: 1 }, 'Zürich'] });
    await send({ topic: 'sent-1', orderingKey: 'eu' }, { id: 'c', body: new Uint8Array([0xff, 0]), mediaType: 'application/octet-stream' });
    const pulled: unknown[] = [];
    while (pulled.length < 4) {
      const { receivedMessages = [] } = await ask<Pulled>('POST', 'subscriptions/sent-1:pull', { maxMessages: 10 });
      pulled.push(...receivedMessages.map(({ message: { data, attributes, orderingKey } }) => [[...Buffer.from(data!, 'base64')], attributes, orderingKey]));
    }
    const bytes = (text: string): readonly number[] => [...Buffer.from(text)];
    assert.deepEqual(pulled, [[bytes('{"a":1}'), { shop: 'uk', id: 'a' }, 'eu'], [bytes('{"n":1}'), { id: 'b-0' }, 'eu'], [bytes('Zürich'), { id: 'b-1' }, 'eu'], [[0xff, 0], { id: 'c' }, 'eu']]);
  });

  test('records of more than ten megabytes go in requests that the service takes, and come in their order', async () => {
    await make('many-1');
    const body = Array.from({ length: 90 }, (_, n) => ({ n, text: 'x'.repeat(150_000) }));
    const { bodies, error } = await send({ topic: 'many-1', each: 'record', orderingKey: 'k' }, { id: 'r', body });
    assert.deepEqual([error, (bodies[0] as { sent: number }).sent], [undefined, 90]);
    assert.deepEqual((await listen('many-1', 90)).map((event) => (event.body as { n: number }).n), body.map(({ n }) => n));
  });

  test('what comes: attributes and numbers of many digits; what no run took comes again, what was neither taken nor refused when its time is over, the rest never', async () => {
    await make('heard-1');
    await ask('POST', 'topics/heard-1:publish', { messages: [{ data: Buffer.from('{"id":12345678901234567890}').toString('base64'), attributes: { shop: 'uk' } }] });
    const [first, again] = await listen('heard-1', 2, (index) => (index === 0 ? 'failed' : 'accepted'));
    const { 'message.id': id, 'message.publishedAt': at, ...meta } = first!.meta;
    assert.deepEqual([first!.body, first!.mediaType, meta, again!.key], [{ id: '12345678901234567890' }, 'application/json', { 'header.shop': 'uk' }, id]);
    assert.match(at!, /^\d{4}-\d\d-\d\dT/);
    await ask('POST', 'topics/heard-1:publish', { messages: [{ data: Buffer.from('late').toString('base64') }] });
    assert.equal((await ask<Pulled>('POST', 'subscriptions/heard-1:pull', { maxMessages: 1 })).receivedMessages?.length, 1);
    assert.deepEqual((await listen('heard-1', 1)).map((event) => event.body), ['late']);
  });

  test('what is wrong is said, with what to do', async () => {
    await make('wrong-1');
    const { error } = await send({ topic: 'none' }, { id: 'x', body: 1 });
    assert.deepEqual([error?.code, error?.message, error?.remedy], ['REMOTE_REJECTED', 'Pub/Sub refused the request with 404: NOT_FOUND Topic not found.', 'Make it in the project acme, or correct its name and the project of the instance.']);
    const { error: project } = await send({ topic: 'wrong-1' }, { id: 'x', body: 1 }, { project: 'other' });
    assert.deepEqual([project?.code, /the project other/.test(project!.remedy)], ['REMOTE_REJECTED', true]);
    const { error: away } = await send({ topic: 'wrong-1' }, { id: 'x', body: 1 }, { endpoint: 'http://127.0.0.1:9' });
    assert.deepEqual([away?.code, away?.remedy], ['REMOTE_UNREACHABLE', 'Check the address of the instance and that the other system is up.']);
    await assert.rejects(listen('none', 1), { code: 'REMOTE_REJECTED', message: 'Pub/Sub refused the request with 404: NOT_FOUND Subscription does not exist.', remedy: /Make it in the project acme/ });
  });

  test('a runner that is killed in the middle, twice: each message starts one run', async () => {
    await make('orders-1');
    const folder = await mkdtemp(join(tmpdir(), 'patchbay-pubsub-'));
    const files = {
      'patchbay.json': { version: 1, title: 'Orders', plugins: ['patchbay-queues'] },
      'instances/queue.instance.json': { version: 1, title: 'Queue', connector: 'pubsub', settings: settings() },
      'flows/take.flow.json': { version: 1, title: 'Take', triggers: { message: { trigger: 'event', settings: { instance: 'queue', endpoint: 'subscription.consume', params: { subscription: 'orders-1', prefetch: 20, emptyPauseMs: 100 } } } }, start: 'pass', steps: { pass: { shape: 'split' } } },
    };
    await cp(sources, join(folder, 'node_modules/patchbay-queues'), { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), JSON.stringify(content));
    }
    const ids: string[] = [];
    let runner = await startRunner(folder);
    try {
      for (let round = 0, killed = 0; killed < 2; round++) {
        assert.ok(round < 6, 'it takes all before it can be killed');
        // One that is faster than the test gets more of them.
        const { bodies } = await send({ topic: 'orders-1', each: 'record' }, { id: `r${round}`, body: Array.from({ length: 250 * 2 ** round }, (_, n) => ({ n })) });
        const before = ids.length;
        ids.push(...(bodies[0] as { messages: { message: string }[] }).messages.map(({ message }) => message));
        assert.ok(await until(() => countRuns(folder).all >= before + 50, 60_000), runner.said);
        runner.child.kill('SIGKILL');
        await runner.ended;
        if (countRuns(folder).all < ids.length) killed++;
        runner = await startRunner(folder);
      }
      assert.ok(await until(() => countRuns(folder).done >= ids.length, 90_000), `${countRuns(folder).done} runs of ${ids.length}: ${runner.said}`);
      assert.deepEqual(runsOf(folder).map(({ key }) => key).sort(), ids.sort());
    } finally {
      runner.child.kill('SIGKILL');
      await runner.ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
