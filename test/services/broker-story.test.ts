import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Mqtt } from '../../plugins/connectors/mqtt/connection.ts';
import { brokerCases, countRuns, credentialsOf, listeningWorkspace, senderOf, sendSurely, settingsOf, withClient } from '../support/broker-world.ts';
import { skipWithout, startBroker } from '../support/brokers.ts';
import { startRunner, until } from '../support/fault-world.ts';

// From one broker to another: what arrives in a queue is mapped, and published as the retained message of a topic of its own.

test('RabbitMQ → map → MQTT: a late subscriber gets the last state of each product', { skip: skipWithout('rabbitmq') || skipWithout('mosquitto'), timeout: 120_000 }, async () => {
  const [rabbit, mqtt] = [brokerCases.find(({ kind }) => kind === 'rabbitmq')!, brokerCases.find(({ kind }) => kind === 'mosquitto')!];
  await using queue = await startBroker('rabbitmq');
  await using topics = await startBroker('mosquitto');
  await rabbit.prepare(queue);
  await using workspace = await listeningWorkspace(rabbit, queue, { overlap: 'queue' });
  const write = (path: string, content: object): Promise<void> => writeFile(join(workspace.folder, path), JSON.stringify(content));
  await write('instances/topics.instance.json', { version: 1, title: 'Topics', connector: 'mqtt', settings: settingsOf(topics), credentials: { ...credentialsOf('mosquitto'), password: { $secret: 'broker' } } });
  await write('flows/take.flow.json', {
    version: 1, title: 'Products', triggers: { message: { trigger: 'event', settings: { instance: 'broker', endpoint: 'in' } } }, start: 'map',
    steps: {
      map: { shape: 'map', settings: { rules: [{ from: 'sku', to: 'sku' }, { from: 'stock', to: 'state.available', transforms: [{ type: 'cast-to-number' }] }] }, next: { out: 'publish' } },
      publish: { shape: 'connector', settings: { instance: 'topics', endpoint: 'messages.publish', params: { topic: 'stock/{{ payload.sku }}', retain: true, body: '{{ payload.state }}' } }, retry: { attempts: 5, delayMs: 100 } },
    },
  });
  await using sender = senderOf(rabbit, queue);
  const runner = await startRunner(workspace.folder);
  try {
    for (let number = 1; number <= 40; number++) await sendSurely(sender, `m${number}`, { sku: `A-${number % 10}`, stock: String(number) });
    assert.ok(await until(() => countRuns(workspace.folder).done >= 40, 60_000), runner.said);
  } finally {
    runner.child.kill('SIGKILL');
    await runner.ended;
  }
  const kept = new Map<string, unknown>();
  await withClient<Mqtt, void>(mqtt.plugin, topics, async ({ open }) => {
    const { client, close } = await open({ clean: true }, new AbortController().signal);
    client.on('message', (topic, body, { retain }) => void (retain && kept.set(topic, JSON.parse(body.toString()))));
    await client.subscribeAsync('stock/#', { qos: 1 });
    await until(() => kept.size >= 10, 10_000);
    await close();
  });
  // The tenth is `A-0`: the last of each are 31 to 40, in their order since one run waits for the other.
  assert.deepEqual(Object.fromEntries(kept), Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`stock/A-${(31 + index) % 10}`, { available: 31 + index }])));
});
