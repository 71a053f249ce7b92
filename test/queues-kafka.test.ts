import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FlowError, type Connector, type Plugin, type TriggerEvent } from '../plugins/sdk/index.ts';
import { createPayload } from '../server/engine/payload.ts';
import { completeSettings } from '../server/runner/complete-settings.ts';
import { call, type Called } from './support/connector-host.ts';
import { protocolHost } from './support/protocol-host.ts';
import { loadOfQueues, pluginOf, queuesFolder, silent, type Json } from './support/queue-world.ts';

test('kafka: offsets count when all before them are settled', async () => {
  const { createOffsets } = (await loadOfQueues('offsets.js')) as { createOffsets(): { take(message: object): void; settle(message: object): object | undefined } };
  const offsets = createOffsets();
  const [five, six, nine, other] = [[5n, 0], [6n, 0], [9n, 0], [1n, 1]].map(([offset, partition]) => ({ topic: 't', partition, offset })) as [object, object, object, object];
  for (const one of [five, six, nine, other]) offsets.take(one);
  assert.deepEqual([offsets.settle(six), offsets.settle(other), offsets.settle(five), offsets.settle(nine)], [undefined, other, six, nine]);
});

/** A client that has the members of the real one that are used here; a topic whose name is that of an error of the protocol refuses all with it. */
const clientOfKafka = `
export const world = { topics: [], committed: [], asked: [], sizes: [], streams: [], closed: 0, partitions: 3, joined: Promise.resolve(), fail: undefined };
const next = (offset) => offset + 1n;
const stream = (messages) => ({ async *[Symbol.asyncIterator]() { yield* messages; }, close: async () => void world.streams.push('closed') });
const refusal = (apiId) => Object.assign(new Error('Sending failed.'), { code: 'PLT_KFK_MULTIPLE', cause: Object.assign(new Error('The broker said so.'), { apiId }) });
export class Producer {
  async send({ messages }) {
    world.sizes.push(messages.length);
    for (const one of messages) {
      if (/^[A-Z]/.test(one.topic)) throw refusal(one.topic);
      world.topics.push(one);
    }
    return {};
  }
  async metadata({ topics: [name], forceUpdate }) {
    world.asked.push(forceUpdate);
    if (/^[A-Z]/.test(name)) throw refusal(name);
    return { topics: new Map([[name, { partitionsCount: world.partitions + (forceUpdate ? 1 : 0) }]]) };
  }
  async close() { world.closed++; }
}
export class Consumer {
  async consume() {
    await world.joined;
    world.fail?.(next);
    return stream(world.topics.map((one, index) => ({ ...one, partition: 0, offset: BigInt(index), leaderEpoch: 0, commit: async () => void world.committed.push(index) })));
  }
  async close() { world.closed++; }
}
export class Admin { async listTopics() { return []; } async close() {} }
`;

interface World {
  readonly topics: readonly { readonly key?: Buffer; readonly value: Buffer; readonly partition?: number; readonly headers: ReadonlyMap<Buffer, Buffer> }[];
  readonly committed: readonly number[];
  /** Whether the number of partitions was asked of the brokers, and not of what is known. */
  readonly asked: readonly boolean[];
  /** Messages of each request. */
  readonly sizes: readonly number[];
  readonly streams: readonly string[];
  joined: Promise<unknown>;
  /** What fails in the client in place of listening. `next`: reckons with an offset of an answer, within the client. */
  fail: ((next: (offset: unknown) => unknown) => void) | undefined;
}

interface Installed extends AsyncDisposable {
  readonly plugin: Plugin;
  readonly world: World;
  send(params: Json, body: unknown): Promise<Called>;
  listen(signal?: AbortSignal): Promise<AsyncIterable<TriggerEvent>>;
}

/** The package with a client in the place of the real one. */
async function installed(): Promise<Installed> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-kafka-'));
  await cp(queuesFolder, join(root, 'node_modules/patchbay-queues'), { recursive: true });
  await mkdir(join(root, 'node_modules/@platformatic/kafka'), { recursive: true });
  await writeFile(join(root, 'node_modules/@platformatic/kafka/package.json'), '{"type":"module","exports":"./index.js"}');
  await writeFile(join(root, 'node_modules/@platformatic/kafka/index.js'), clientOfKafka);
  const at = (path: string): string => pathToFileURL(join(root, 'node_modules', path)).href;
  const { default: all } = (await import(at('patchbay-queues/index.js'))) as { default: readonly Plugin[] };
  const { world } = (await import(at('@platformatic/kafka/index.js'))) as { world: World };
  const plugin = all.find(({ type }) => type === 'kafka')!;
  const settings = completeSettings(plugin, { brokers: ['k1:9092'] }) as Json;
  return {
    plugin, world,
    async send(params, body) {
      await using host = protocolHost({ plugin, settings, credentials: {}, endpoints: { send: { direction: 'send', call: 'topic.publish', with: { topic: 'orders', each: 'record', ...params } } } });
      return await call(host, { endpoint: 'send', payload: createPayload({ id: 'q', body }) });
    },
    async listen(signal = new AbortController().signal) {
      const { endpoints, connect } = plugin as unknown as Connector<never, never, unknown>;
      const { client } = await connect(settings as never, {} as never, { signal, log: silent });
      return endpoints['topic.consume']!.listen!({ topic: 'orders', group: 'g', from: 'earliest', prefetch: 10, format: 'auto', overlap: 'parallel', sessionTimeoutMs: 45_000 } as never, { client, signal, log: silent, clock: { now: () => 0, sleep: async () => undefined }, memory: { get: async () => undefined, set: async () => undefined } });
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

test('kafka: with a client in the place of the real one, what is sent comes, and is committed in order', async () => {
  await using kafka = await installed();
  assert.deepEqual((await kafka.send({ key: 'eu' }, [{ n: 1 }, { n: 2 }])).bodies, [{ sent: 2, refused: 0, messages: [{ id: 'q-0' }, { id: 'q-1' }] }]);
  assert.deepEqual(kafka.world.topics.map(({ key, value, headers }) => [String(key), String(value), [...headers].map(String)]), [['eu', '{"n":1}', ['id,q-0']], ['eu', '{"n":2}', ['id,q-1']]]);
  const heard: TriggerEvent[] = [];
  for await (const event of await kafka.listen()) {
    heard.push(event);
    if (heard.length === 2) for (const one of heard.toReversed()) one.accepted!({ id: 'run' });
  }
  assert.deepEqual(heard.map(({ key, payload }) => [key, payload!.body, payload!.meta!['header.id']]), [['orders:0:0', { n: 1 }, 'q-0'], ['orders:0:1', { n: 2 }, 'q-1']]);
  assert.deepEqual(kafka.world.committed, [1]);
});

const refusals: readonly (readonly [said: string, outcome: 'record' | 'all', code: string])[] = [
  ['MESSAGE_TOO_LARGE', 'record', 'REMOTE_REJECTED'], ['RECORD_LIST_TOO_LARGE', 'record', 'REMOTE_REJECTED'], ['INVALID_RECORD', 'record', 'REMOTE_REJECTED'],
  ['INVALID_TOPIC_EXCEPTION', 'all', 'REMOTE_REJECTED'], ['UNKNOWN_TOPIC_OR_PARTITION', 'all', 'REMOTE_REJECTED'], ['TOPIC_AUTHORIZATION_FAILED', 'all', 'AUTH_REJECTED'], ['INVALID_REQUIRED_ACKS', 'all', 'REMOTE_STATUS'],
];
for (const [topic, outcome, code] of refusals) {
  test(`kafka: ${topic} is a failure of ${outcome === 'all' ? 'all that is sent' : 'the record'}`, async () => {
    await using kafka = await installed();
    const { error, failed } = await kafka.send({ topic }, [{ n: 1 }]);
    const message = 'Kafka at k1:9092: The broker said so.';
    assert.deepEqual([error && [error.code, error.message], failed.map((one) => [one.code, one.message])], outcome === 'all' ? [[code, message], []] : [undefined, [[code, `Record 1 of 1: ${message}`]]]);
  });
}

test('kafka: a name that no topic can have is a fault of the files', async () => {
  await using kafka = await installed();
  for (const topic of ['', 'a b', 'ö', 'a/b', '.', '..', 'a'.repeat(250)]) {
    const { error } = await kafka.send({ topic }, [1]);
    assert.deepEqual([error?.code, error?.place?.pointer, kafka.world.topics], ['CONFIG_INVALID', '/endpoints/send/with/topic', []], `${topic}: ${error?.message}`);
  }
  for (const topic of ['.a', '...', 'a_B-1.c', 'a'.repeat(249)]) {
    const { error } = await kafka.send({ topic }, [1]);
    assert.equal(error, undefined, topic);
  }
});

test('kafka: a partition that the topic does not have is said, and nothing goes to another one', async () => {
  await using kafka = await installed();
  const { error } = await kafka.send({ partition: 4 }, [1]);
  assert.deepEqual([error?.code, error?.message, error?.remedy], ['REMOTE_REJECTED', 'Kafka at k1:9092: the topic "orders" has no partition 4.', 'Give a partition from 0 to 3, or none: then it follows from the key.']);
  const { error: unknown } = await kafka.send({ topic: 'UNKNOWN_TOPIC_OR_PARTITION', partition: 0 }, [1]);
  assert.equal(unknown?.remedy, 'Make the topic on the brokers, or correct its name: Patchbay makes none.');
  assert.deepEqual(kafka.world.topics, []);
  // One that was added meanwhile, and one that follows from the payload.
  for (const partition of [3, '{{ payload[0] }}']) assert.equal((await kafka.send({ partition }, [2])).error, undefined);
  assert.deepEqual(kafka.world.topics.map(({ partition }) => partition), [3, 2]);
  assert.deepEqual(kafka.world.asked, [false, true, false, false, true, false]);
});

test('kafka: a batch holds 900 KB at most, with keys and headers', async () => {
  await using kafka = await installed();
  const { error } = await kafka.send({ key: 'k'.repeat(10_000), headers: { note: 'h'.repeat(20_000) } }, Array.from({ length: 60 }, (_, n) => n));
  assert.deepEqual([error, kafka.world.sizes], [undefined, [29, 29, 2]]);
});

test('kafka: a stream that comes when nobody listens any more is closed', async () => {
  await using kafka = await installed();
  const joined = Promise.withResolvers<void>();
  kafka.world.joined = joined.promise;
  const stop = new AbortController();
  const first = (await kafka.listen(stop.signal))[Symbol.asyncIterator]().next();
  stop.abort();
  assert.deepEqual([(await first).done, kafka.world.streams], [true, []]);
  joined.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(kafka.world.streams, ['closed']);
});

const fails = (error: Error) => (): never => {
  throw error;
};
const listensBadly: readonly (readonly [title: string, fail: World['fail'], code: string, message: string])[] = [
  ['an answer without the offset of a partition', (next) => {
    const errors: unknown[] = [];
    try {
      next(-1);
    } catch (error) {
      errors.push(error);
    }
    throw new AggregateError(errors, 'fetch failed 3 times.');
  }, 'REMOTE_FORMAT', 'Kafka at k1:9092: the client can make nothing of what the brokers have answered (Cannot mix BigInt and other types, use explicit conversions).'],
  ['an answer that is too short', fails(Object.assign(new Error('Out of bounds.'), { code: 'PLT_KFK_OUT_OF_BOUNDS' })), 'REMOTE_FORMAT', 'Kafka at k1:9092: the client can make nothing of what the brokers have answered (Out of bounds).'],
  ['a fault that is none of the client', fails(new TypeError('x is not a function')), 'REMOTE_STATUS', 'Kafka at k1:9092: x is not a function.'],
  ['a value that the client does not take', fails(Object.assign(new TypeError('It must be a string.'), { code: 'ERR_INVALID_ARG_TYPE' })), 'REMOTE_STATUS', 'Kafka at k1:9092: It must be a string.'],
];
for (const [title, fail, code, message] of listensBadly) {
  test(`kafka: ${title} is a failure with ${code}`, async () => {
    await using kafka = await installed();
    kafka.world.fail = fail;
    await assert.rejects(async () => (await kafka.listen())[Symbol.asyncIterator]().next(), (failed) => FlowError.is(failed) && failed.code === code && failed.message === message && (code === 'REMOTE_STATUS' || failed.remedy.startsWith('Use brokers that keep to the protocol')));
  });
}

test('kafka: without its client it says what to install', async () => {
  const plugin = pluginOf('kafka') as unknown as Connector<never, never, unknown>;
  const settings = completeSettings(plugin as never, { brokers: ['127.0.0.1:1'] });
  await assert.rejects(() => plugin.connect(settings as never, {} as never, { signal: new AbortController().signal, log: silent }), (error) => FlowError.is(error, 'CONFIG_INVALID') && /npm install @platformatic\/kafka/.test(error.remedy));
});
