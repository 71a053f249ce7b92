import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Plugin } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { completeSettings } from '../../server/runner/complete-settings.ts';
import { call, type Called } from '../support/connector-host.ts';
import { consumed, kafkaWorkspace, produce, sessionMs, skipWithoutKafka, startKafka, type KafkaCluster } from '../support/kafka.ts';
import { listenFor, type Event, type Listening } from '../support/listening.ts';
import { protocolHost } from '../support/protocol-host.ts';

// The connector with its real client, on the wire with a cluster and a reader and sender that others have made.

type Json = Readonly<Record<string, unknown>>;

describe('kafka', { skip: skipWithoutKafka, timeout: 180_000 }, () => {
  let kafka: KafkaCluster;
  let workspace: Awaited<ReturnType<typeof kafkaWorkspace>>;
  let plugin: Plugin;
  before(async () => {
    kafka = await startKafka(2);
    workspace = await kafkaWorkspace({});
    plugin = workspace.plugin;
  });
  after(async () => {
    await workspace?.[Symbol.asyncDispose]();
    await kafka?.[Symbol.asyncDispose]();
  });

  const send = async (params: Json, payload: Parameters<typeof createPayload>[0], brokers = kafka.brokers): Promise<Called> => {
    await using host = protocolHost({ plugin, settings: completeSettings(plugin, { brokers }) as Json, credentials: {}, endpoints: { send: { direction: 'send', call: 'topic.publish', with: params } } });
    return await call(host, { endpoint: 'send', payload: createPayload(payload) });
  };
  const listen = (topic: string, count: number, params: Json = {}, outcome?: Listening['outcome']): Promise<readonly Event[]> =>
    listenFor(plugin, count, { settings: { brokers: kafka.brokers }, call: 'topic.consume', with: { topic, group: topic, sessionTimeoutMs: sessionMs, ...params }, ...(outcome && { outcome }) });

  test('what is sent is what kcat reads: key, headers, partition, records, bytes', async () => {
    await kafka.topic('sent', 3);
    const { bodies, error } = await send({ topic: 'sent', key: 'eu', headers: { shop: 'uk' }, partition: 2 }, { id: 'a', body: { a: 1 } });
    assert.deepEqual([bodies, error], [[{ sent: 1, refused: 0, messages: [{ id: 'a' }] }], undefined]);
    assert.equal((await send({ topic: 'sent', key: 'uk', each: 'record' }, { id: 'b', body: [{ n: 1 }, 'text', null] })).error, undefined);
    assert.equal((await send({ topic: 'sent', partition: 0 }, { id: 'c', body: new TextEncoder().encode('raw'), mediaType: 'application/octet-stream' })).error, undefined);
    const read = await consumed(kafka, 'sent');
    const of = (id: string) => read.filter(({ headers }) => headers.at(-1)!.startsWith(id)).map(({ key, payload, headers, partition }) => [key, payload, headers, partition]);
    assert.deepEqual(of('a'), [['eu', '{"a":1}', ['shop', 'uk', 'id', 'a'], 2]]);
    const [, , , partition] = of('b')[0]!;
    assert.deepEqual(of('b'), ['{"n":1}', 'text', 'null'].map((text, index) => ['uk', text, ['id', `b-${index}`], partition]));
    assert.deepEqual(of('c'), [[null, 'raw', ['id', 'c'], 0]]);
  });

  test('250 records of 20 KB, in their order', async () => {
    await kafka.topic('many', 1);
    const { bodies, error } = await send({ topic: 'many', each: 'record' }, { id: 'r', body: Array.from({ length: 250 }, (_, n) => ({ n, text: 'x'.repeat(20_000) })) });
    assert.deepEqual([error, (bodies[0] as { sent: number }).sent], [undefined, 250]);
    assert.deepEqual((await consumed(kafka, 'many')).map(({ payload }) => (JSON.parse(payload!) as { n: number }).n), Array.from({ length: 250 }, (_, n) => n));
  });

  test('what kcat sends comes as it is: tombstones, empty and binary values, numbers of many digits, five megabytes', async () => {
    await kafka.topic('heard', 1);
    await produce(kafka, 'heard', { value: null, key: 'gone' });
    await produce(kafka, 'heard', { value: '', key: 'empty' });
    await produce(kafka, 'heard', { value: new Uint8Array([0xff, 0, 0x1f]), headers: { shop: 'uk', place: 'Zürich' } });
    await produce(kafka, 'heard', { value: '{"id":12345678901234567890,"price":1.10}' });
    await produce(kafka, 'heard', { value: '[1,2' });
    await produce(kafka, 'heard', { value: Buffer.alloc(5_000_000, 'a'), key: 'big' });
    const events = await listen('heard', 6);
    assert.deepEqual(events.slice(0, 5).map(({ key, body, mediaType }) => [key, body, mediaType]), [
      ['heard:0:0', '', 'text/plain'], ['heard:0:1', '', 'text/plain'], ['heard:0:2', [255, 0, 31], 'application/octet-stream'],
      ['heard:0:3', { id: '12345678901234567890', price: 1.1 }, 'application/json'], ['heard:0:4', '[1,2', 'text/plain'],
    ]);
    assert.equal(events[5]!.body, 'a'.repeat(5_000_000));
    const [gone, empty, binary] = events.map(({ meta: { 'message.sentAt': at, ...meta } }) => (assert.match(at!, /^\d{13}$/), meta));
    assert.deepEqual(gone, { 'message.topic': 'heard', 'message.partition': '0', 'message.offset': '0', 'message.key': 'gone', 'message.tombstone': 'true' });
    assert.deepEqual([empty!['message.key'], empty!['message.tombstone']], ['empty', undefined]);
    assert.deepEqual([binary!['header.shop'], binary!['header.place'], binary!['message.key']], ['uk', 'Zürich', undefined]);
  });

  test('of several partitions each message comes once, those of one in their order; what is done with is committed for kcat too', async () => {
    await kafka.topic('parts', 3);
    await send({ topic: 'parts', each: 'record' }, { id: 'r', body: Array.from({ length: 60 }, (_, n) => n) });
    const events = await listen('parts', 60, { prefetch: 7 });
    assert.deepEqual(events.map(({ body }) => Number(body)).sort((left, right) => left - right), Array.from({ length: 60 }, (_, n) => n));
    for (const partition of ['0', '1', '2']) {
      const offsets = events.filter(({ meta }) => meta['message.partition'] === partition).map(({ meta }) => Number(meta['message.offset']));
      assert.ok(offsets.length > 0);
      assert.deepEqual(offsets, offsets.map((_, index) => index));
    }
    assert.deepEqual(await consumed(kafka, 'parts', 'parts'), []);
  });

  test('the last message comes again where no run was accepted, and nothing behind it is committed', async () => {
    await kafka.topic('again', 1);
    for (const value of ['one', 'two']) await produce(kafka, 'again', { value });
    const events = await listen('again', 4, {}, (index) => (index === 1 || index === 2 ? 'failed' : 'accepted'));
    assert.deepEqual(events.map(({ body }) => body), ['one', 'two', 'two', 'two']);
    assert.deepEqual(await consumed(kafka, 'again', 'again'), []);
  });

  test('brokers that go away while it listens and come back: nothing is lost', async () => {
    await kafka.topic('away', 2);
    for (const value of ['one', 'two']) await produce(kafka, 'away', { value, partition: 0 });
    const events = await listen('away', 4, {}, async (index): Promise<'accepted'> => {
      if (index !== 1) return 'accepted';
      await Promise.all([kafka.down(1), kafka.down(2)]);
      assert.equal((await send({ topic: 'away' }, { id: 'x', body: 'lost' })).error?.code, 'REMOTE_UNREACHABLE');
      await Promise.all([kafka.up(1), kafka.up(2)]);
      for (const value of ['three', 'four']) await produce(kafka, 'away', { value, partition: 1 });
      return 'accepted';
    });
    assert.deepEqual(events.map(({ body }) => body), ['one', 'two', 'three', 'four']);
  });

  test('who stops while it joins does not wait for the group', async () => {
    await kafka.topic('joins', 1);
    const { connect, endpoints } = plugin as unknown as { connect(settings: unknown, credentials: object): Promise<{ client: unknown }>; endpoints: Record<string, { listen(params: object, context: object): AsyncIterator<unknown> }> };
    const { client } = await connect(completeSettings(plugin, { brokers: kafka.brokers }), {});
    const stop = new AbortController();
    const first = endpoints['topic.consume']!.listen({ topic: 'joins', group: 'joins', from: 'earliest', prefetch: 1, sessionTimeoutMs: 600_000 }, { client, signal: stop.signal, log: { debug() {} } }).next();
    stop.abort();
    assert.deepEqual(await first, { done: true, value: undefined });
  });

  test('a machine that cannot run the cluster says what it needs', async () => {
    await assert.rejects(startKafka(1, 'no-python'), { message: 'The cluster of librdkafka has ended: no-python and librdkafka1 are needed.' });
    const gone = await startKafka(1);
    await gone[Symbol.asyncDispose]();
    await assert.rejects(gone.topic('late', 1), { message: 'The cluster of librdkafka has ended: python3 and librdkafka1 are needed.' });
  });

  test('what is wrong is said, with what to do', async () => {
    await kafka.topic('wrong', 1);
    await kafka.refuse('nowhere', 3);
    const { error: unreachable } = await send({ topic: 'wrong' }, { id: 'x', body: 1 }, ['127.0.0.1:1']);
    assert.deepEqual([unreachable?.code, unreachable?.message, unreachable?.remedy], ['REMOTE_UNREACHABLE', 'Kafka at 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1.', 'Check the address of the instance and that the other system is up.']);
    const { error: unknown } = await send({ topic: 'nowhere' }, { id: 'x', body: 1 });
    assert.deepEqual([unknown?.code, /Make the topic on the brokers/.test(unknown!.remedy)], ['REMOTE_REJECTED', true], unknown?.message);
    await assert.rejects(listen('nowhere', 1), { code: 'REMOTE_REJECTED', remedy: /Make the topic on the brokers/ });
    const { error: partition } = await send({ topic: 'wrong', partition: 7 }, { id: 'x', body: 1 });
    assert.deepEqual([partition?.code, partition?.remedy, await consumed(kafka, 'wrong')], ['REMOTE_REJECTED', 'Give partition 0, the only one, or none.', []]);
    // Produce, MESSAGE_TOO_LARGE: the one record alone.
    await kafka.fail(0, 10, 1);
    const { error, failed, bodies } = await send({ topic: 'wrong', each: 'record' }, { id: 'x', body: ['y'.repeat(950_000), 'small'] });
    assert.deepEqual([error, (bodies[0] as { sent: number; refused: number }).sent, failed.map(({ code, message }) => [code, message.replace(/127[^:]*:\d+/g, '…')])], [undefined, 1, [['REMOTE_REJECTED', 'Record 1 of 2: Kafka at …, …: The request included a message larger than the max message size the server will accept.']]]);
  });
});
