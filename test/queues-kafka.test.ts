import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FlowError, type Connector, type Plugin, type TriggerEvent } from '../plugins/sdk/index.ts';
import { createPayload } from '../server/engine/payload.ts';
import { completeSettings } from '../server/runner/complete-settings.ts';
import { call } from './support/connector-host.ts';
import { protocolHost } from './support/protocol-host.ts';
import { loadOfQueues, pluginOf, queuesFolder, silent, type Json } from './support/queue-world.ts';

test('kafka: offsets count when all before them are settled', async () => {
  const { createOffsets } = (await loadOfQueues('offsets.js')) as { createOffsets(): { take(message: object): void; settle(message: object): object | undefined } };
  const offsets = createOffsets();
  const [five, six, nine, other] = [[5n, 0], [6n, 0], [9n, 0], [1n, 1]].map(([offset, partition]) => ({ topic: 't', partition, offset })) as [object, object, object, object];
  for (const one of [five, six, nine, other]) offsets.take(one);
  assert.deepEqual([offsets.settle(six), offsets.settle(other), offsets.settle(five), offsets.settle(nine)], [undefined, other, six, nine]);
});

/** A client that has the members of the real one that are used here. */
const clientOfKafka = `
export const world = { topics: [], committed: [], closed: 0 };
const stream = (messages) => ({ async *[Symbol.asyncIterator]() { yield* messages; }, close: async () => {} });
export class Producer { constructor(options) { this.options = options; } async send({ messages }) { for (const one of messages) { if (one.topic === 'none') throw Object.assign(new Error('Sending failed.'), { code: 'PLT_KFK_MULTIPLE', cause: Object.assign(new Error('This server does not host this topic-partition.'), { apiId: 'UNKNOWN_TOPIC_OR_PARTITION' }) }); world.topics.push(one); } return {}; } async close() { world.closed++; } }
export class Consumer { async consume() { return stream(world.topics.map((one, index) => ({ ...one, partition: 0, offset: BigInt(index), leaderEpoch: 0, commit: async () => void world.committed.push(index) }))); } async close() { world.closed++; } }
export class Admin { async listTopics() { return []; } async close() {} }
`;

test('kafka: with a client in the place of the real one, what is sent comes, and is committed in order', async () => {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-kafka-'));
  try {
    await cp(queuesFolder, join(root, 'node_modules/patchbay-queues'), { recursive: true });
    await mkdir(join(root, 'node_modules/@platformatic/kafka'), { recursive: true });
    await writeFile(join(root, 'node_modules/@platformatic/kafka/package.json'), '{"type":"module","exports":"./index.js"}');
    await writeFile(join(root, 'node_modules/@platformatic/kafka/index.js'), clientOfKafka);
    const at = (path: string): string => pathToFileURL(join(root, 'node_modules', path)).href;
    const { default: all } = (await import(at('patchbay-queues/index.js'))) as { default: readonly Plugin[] };
    const { world } = (await import(at('@platformatic/kafka/index.js'))) as { world: { topics: { key?: Buffer; value: Buffer; headers: Map<Buffer, Buffer> }[]; committed: number[]; closed: number } };
    const plugin = all.find(({ type }) => type === 'kafka')!;
    const hostFor = (more: Json) => protocolHost({ plugin, settings: completeSettings(plugin, { brokers: ['k1:9092'] }) as Json, credentials: {}, endpoints: { send: { direction: 'send', call: 'topic.publish', with: { topic: 'orders', key: 'eu', each: 'record', ...more } } } });
    {
      await using host = hostFor({});
      assert.deepEqual((await call(host, { endpoint: 'send', payload: createPayload({ id: 'q', body: [{ n: 1 }, { n: 2 }] }) })).bodies, [{ sent: 2, refused: 0, messages: [{ id: 'q-0' }, { id: 'q-1' }] }]);
    }
    await using none = hostFor({ topic: 'none' });
    const { error } = await call(none, { endpoint: 'send', payload: createPayload({ id: 'q', body: [1] }) });
    assert.deepEqual([error?.code, error?.message], ['REMOTE_REJECTED', 'Kafka at k1:9092: This server does not host this topic-partition.']);
    assert.deepEqual(world.topics.map(({ key, value, headers }) => [String(key), String(value), [...headers].map(String)]), [['eu', '{"n":1}', ['id,q-0']], ['eu', '{"n":2}', ['id,q-1']]]);
    const { endpoints, connect } = plugin as unknown as Connector<never, never, unknown>;
    const { client } = await connect(completeSettings(plugin, { brokers: ['k1:9092'] }) as never, {} as never, { signal: new AbortController().signal, log: silent });
    const heard: TriggerEvent[] = [];
    for await (const event of endpoints['topic.consume']!.listen!({ topic: 'orders', group: 'g', from: 'earliest', prefetch: 10, format: 'auto', overlap: 'parallel' } as never, { client, signal: new AbortController().signal, log: silent, clock: { now: () => 0, sleep: async () => undefined }, memory: { get: async () => undefined, set: async () => undefined } })) {
      heard.push(event);
      if (heard.length === 2) for (const one of heard.toReversed()) one.accepted!({ id: 'run' });
    }
    assert.deepEqual(heard.map(({ key, payload }) => [key, payload!.body, payload!.meta!['header.id']]), [['orders:0:0', { n: 1 }, 'q-0'], ['orders:0:1', { n: 2 }, 'q-1']]);
    assert.deepEqual(world.committed, [1]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test('kafka: without its client it says what to install', async () => {
  const plugin = pluginOf('kafka') as unknown as Connector<never, never, unknown>;
  const settings = completeSettings(plugin as never, { brokers: ['127.0.0.1:1'] });
  await assert.rejects(() => plugin.connect(settings as never, {} as never, { signal: new AbortController().signal, log: silent }), (error) => FlowError.is(error, 'CONFIG_INVALID') && /npm install @platformatic\/kafka/.test(error.remedy));
});
