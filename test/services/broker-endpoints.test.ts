import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Mqtt } from '../../plugins/connectors/mqtt/connection.ts';
import type { Nats } from '../../plugins/connectors/nats/connection.ts';
import type { Rabbit } from '../../plugins/connectors/rabbitmq/connection.ts';
import type { RedisClient } from '../../plugins/connectors/redis/connection.ts';
import { createPayload } from '../../server/engine/payload.ts';
import { brokerCases, credentialsOf, hear, sendOne, senderOf, settingsOf, withClient, type BrokerCase } from '../support/broker-world.ts';
import { skipWithout, startBroker, type Broker, type BrokerKind } from '../support/brokers.ts';
import { call } from '../support/connector-host.ts';
import { protocolHost } from '../support/protocol-host.ts';

// What each broker does with single messages: what is sent, what is refused, how bodies are read, what becomes of a message for which no run can be accepted.

const caseOf = (kind: BrokerKind): BrokerCase => brokerCases.find((one) => one.kind === kind)!;
const records = Array.from({ length: 250 }, (_, index) => ({ number: index + 1 }));

/** Starts the broker of a group of tests, and ends it after them. */
function withBroker(kind: BrokerKind): () => Broker {
  let broker: Broker;
  before(async () => {
    broker = await startBroker(kind);
    await caseOf(kind).prepare(broker);
  }, { timeout: 120_000 });
  after(() => broker?.[Symbol.asyncDispose]());
  return () => broker;
}

for (const one of brokerCases) {
  describe(`${one.kind}: in common`, { skip: skipWithout(one.kind), timeout: 120_000 }, () => {
    const broker = withBroker(one.kind);

    test('each record becomes a message, in their order; what is asked is recorded, without the password', async () => {
      await using sender = senderOf(one, broker(), { each: 'record' });
      const { bodies, failed, error } = await call(sender, { endpoint: 'send', payload: createPayload({ id: 'list', body: records }) });
      assert.equal(error, undefined);
      assert.deepEqual([(bodies[0] as { sent: number }).sent, (bodies[0] as { refused: number }).refused, failed], [250, 0, []]);
      const heard = await hear(one.plugin, broker(), one.listen, 250);
      assert.deepEqual(heard.map(({ body }) => body), records);
      assert.equal(new Set(heard.map(({ key }) => key)).size, 250);
      assert.equal(sender.recorded.some((text) => text.includes('patchbay-test')), false);
    });

    test('a call that goes on after a crash sends what is left', async () => {
      await using sender = senderOf(one, broker(), { each: 'record' });
      const { bodies } = await call(sender, { endpoint: 'send', payload: createPayload({ id: 'again', body: records }), resumed: { next: 200, sent: 200 } });
      assert.equal((bodies[0] as { sent: number }).sent, 250);
      const heard = await hear(one.plugin, broker(), one.listen, 50);
      assert.deepEqual(heard.map(({ body }) => body), records.slice(200));
    });

    test('a message for which no run can be accepted comes again', { timeout: 60_000 }, async () => {
      await using sender = senderOf(one, broker());
      await sendOne(sender, 'once', { id: 'once' });
      const again = one.kind === 'redis' ? { ...one.listen, with: { ...one.listen.with, claimAfterMs: 100 } } : one.listen;
      const heard = await hear(one.plugin, broker(), again, 3, (index) => (index < 2 ? 'failed' : 'accepted'));
      assert.deepEqual(heard.map(({ body }) => body), [{ id: 'once' }, { id: 'once' }, { id: 'once' }]);
      assert.equal(new Set(heard.map(({ key }) => key)).size, 1);
    });

    test('a wrong password is refused as such, a broker that is away as such', async () => {
      for (const [settings, credentials, code] of [[settingsOf(broker()), { ...credentialsOf(one.kind), password: 'wrong' }, 'AUTH_REJECTED'], [{ host: '127.0.0.1', port: 1 }, credentialsOf(one.kind), 'REMOTE_UNREACHABLE']] as const) {
        await using host = protocolHost({ plugin: one.plugin, settings, credentials, endpoints: { send: { direction: 'send', ...one.send } } });
        const { error } = await sendOne(host, 'x', { id: 1 });
        assert.equal(error?.code, code, error?.message);
        assert.equal(error.message.includes('wrong'), false);
      }
    });
  });
}

describe('rabbitmq', { skip: skipWithout('rabbitmq'), timeout: 120_000 }, () => {
  const broker = withBroker('rabbitmq');
  const one = caseOf('rabbitmq');

  test('bodies by their content type, headers and properties as metadata', async () => {
    await withClient<Rabbit, void>(one.plugin, broker(), async ({ model }) => {
      const channel = await model.createConfirmChannel();
      const send = (body: string | Buffer, options: object): void => void channel.sendToQueue('orders', Buffer.from(body as string), options);
      send('{"id":12345678901234567890}', { contentType: 'application/json', messageId: 'a', headers: { shop: 'uk', n: 1 }, type: 'order' });
      send('{"id":1}', {});
      send('plain', {});
      send('<a/>', { contentType: 'application/xml; charset=utf-8' });
      send('{broken', { contentType: 'application/json' });
      send(Buffer.from([0xff, 0x00]), { contentType: 'image/png' });
      send(Buffer.from([0xff, 0x00]), {});
      await channel.waitForConfirms();
    });
    const heard = await hear(one.plugin, broker(), one.listen, 7);
    assert.deepEqual(heard.map(({ body, mediaType }) => [body, mediaType]), [
      [{ id: '12345678901234567890' }, 'application/json'], [{ id: 1 }, 'application/json'], ['plain', 'text/plain'], ['<a/>', 'application/xml'], ['{broken', 'text/plain'], [[255, 0], 'image/png'], [[255, 0], 'application/octet-stream'],
    ]);
    const [{ meta, key }, { key: none }] = heard as [typeof heard[0] & object, typeof heard[0] & object];
    assert.deepEqual([key, none], ['orders:a', undefined]);
    assert.deepEqual({ ...meta }, { 'header.shop': 'uk', 'header.n': '1', 'message.id': 'a', 'message.queue': 'orders', 'message.routingKey': 'orders', 'message.redelivered': 'false', 'message.type': 'order' });
  });

  test('no queue takes it, no exchange of that name: refused, and the next message goes through', async () => {
    await using lost = senderOf(one, broker(), { routingKey: 'nowhere' });
    const unroutable = await sendOne(lost, 'x', { id: 1 });
    assert.deepEqual([unroutable.error?.code, /no queue for the routing key "nowhere"/.test(unroutable.error!.message), /make it on the server|Bind a queue/.test(unroutable.error!.remedy!)], ['REMOTE_REJECTED', true, true]);
    await using dropped = senderOf(one, broker(), { routingKey: 'nowhere', mandatory: false });
    assert.equal((await sendOne(dropped, 'x', { id: 1 })).error, undefined);
    await using wrong = senderOf(one, broker(), { exchange: 'none' });
    assert.equal((await sendOne(wrong, 'x', { id: 1 })).error?.code, 'CONFIG_INVALID');
    await using each = senderOf(one, broker(), { routingKey: 'nowhere', each: 'record' });
    const { failed, error, bodies } = await sendOne(each, 'x', [{ id: 1 }, { id: 2 }]);
    assert.deepEqual([failed.map(({ body, code }) => [body, code]), error, (bodies[0] as { sent: number }).sent], [[[{ id: 1 }, 'REMOTE_REJECTED'], [{ id: 2 }, 'REMOTE_REJECTED']], undefined, 0]);
  });

  test('a queue that is not there is an error, unless it is declared; a message that is given up goes to the dead letters', async () => {
    await assert.rejects(hear(one.plugin, broker(), { call: 'messages.consume', with: { queue: 'none' } }, 1), { code: 'CONFIG_INVALID' });
    const bound = { queue: 'bound', declare: true, mostDeliveries: 2, deadLetterExchange: '', deadLetterRoutingKey: 'orders', bindings: [{ exchange: 'shop', routingKey: 'orders.#', exchangeType: 'topic' }] };
    const listening = hear(one.plugin, broker(), { call: 'messages.consume', with: bound }, 2, () => 'failed');
    await using sender = senderOf(one, broker(), { exchange: 'shop', routingKey: 'orders.uk' });
    // The queue is made by the listener, which may not be there yet.
    for (let sent = false; !sent; ) sent = (await sendOne(sender, 'poison', { id: 'poison' })).error === undefined;
    assert.equal((await listening).length, 2);
    const [dead] = await hear(one.plugin, broker(), one.listen, 1);
    assert.deepEqual([dead?.body, dead?.key], [{ id: 'poison' }, 'orders:poison']);
  });
});

describe('mqtt', { skip: skipWithout('mosquitto'), timeout: 120_000 }, () => {
  const broker = withBroker('mosquitto');
  const one = caseOf('mosquitto');

  test('retained messages, wildcards, every quality; topic and properties as metadata', async () => {
    await using sender = protocolHost({
      plugin: one.plugin, settings: settingsOf(broker()), credentials: credentialsOf('mosquitto'),
      endpoints: Object.fromEntries(['0', '1', '2'].map((qos) => [`q${qos}`, { direction: 'send' as const, call: 'messages.publish', with: { topic: `house/${qos}/temperature`, qos, retain: true, userProperties: { unit: 'C' } } }])),
    });
    for (const qos of ['0', '1', '2']) assert.equal((await call(sender, { endpoint: `q${qos}`, body: { qos } })).error, undefined);
    const heard = await hear(one.plugin, broker(), { call: 'messages.subscribe', with: { topics: ['house/+/temperature'], qos: '2' } }, 3);
    const seen = heard.map(({ body, meta }) => [(body as { qos: string }).qos, meta['message.topic'], meta['message.qos'], meta['message.retain'], meta['header.unit']]).sort();
    assert.deepEqual(seen, ['0', '1', '2'].map((qos) => [qos, `house/${qos}/temperature`, qos, 'true', 'C']));
  });

  test('the older protocol', async () => {
    const settings = { ...settingsOf(broker()), version: '3.1.1' };
    await using sender = protocolHost({ plugin: one.plugin, settings, credentials: credentialsOf('mosquitto'), endpoints: { send: { direction: 'send', call: 'messages.publish', with: { topic: 'old/a', qos: '2', retain: true } } } });
    assert.equal((await call(sender, { endpoint: 'send', body: { id: 1 } })).error, undefined);
    const heard = await hear(one.plugin, broker(), { call: 'messages.subscribe', with: { topics: ['old/#'], qos: '2' } }, 1);
    assert.deepEqual([heard[0]?.body, heard[0]?.meta['message.retain']], [{ id: 1 }, 'true']);
  });

  test('a topic with a wildcard is no topic; a message that is given up goes to another topic', async () => {
    await using wild = senderOf(one, broker(), { topic: 'shop/#' });
    assert.equal((await sendOne(wild, 'x', {})).error?.code, 'DATA_INVALID');
    await using sender = senderOf(one, broker(), { topic: 'poison/1' });
    const listen = { call: 'messages.subscribe', with: { topics: ['poison/#'], clientId: 'poison', mostDeliveries: 2, deadLetterTopic: 'shop/dead' } };
    // The session is made before the message comes.
    await withClient<Mqtt, void>(one.plugin, broker(), async ({ open }) => {
      const { client, close } = await open({ clean: false, clientId: 'poison', properties: { sessionExpiryInterval: 600 } }, new AbortController().signal);
      await client.subscribeAsync('poison/#', { qos: 1 });
      await close();
    });
    await sendOne(sender, 'p1', { id: 'bad' });
    await sendOne(sender, 'p2', { id: 'good' });
    const heard = await hear(one.plugin, broker(), listen, 3, (index) => (index < 2 ? 'failed' : 'accepted'));
    assert.deepEqual(heard.map(({ body }) => (body as { id: string }).id), ['bad', 'bad', 'good']);
    assert.deepEqual((await hear(one.plugin, broker(), one.listen, 1)).map(({ body }) => body), [{ id: 'bad' }]);
  });
});

describe('nats', { skip: skipWithout('nats'), timeout: 120_000 }, () => {
  const broker = withBroker('nats');
  const one = caseOf('nats');

  test('the same message twice is in the stream once; without a stream it is refused', async () => {
    await using sender = senderOf(one, broker(), { headers: { shop: 'uk' } });
    const [first, second] = [await sendOne(sender, 'm1', { id: 1 }), await sendOne(sender, 'm1', { id: 1 })].map(({ bodies }) => (bodies[0] as { messages: { sequence: number; duplicate?: boolean }[] }).messages[0]!);
    assert.deepEqual([first?.sequence, second?.sequence, first?.duplicate, second?.duplicate], [1, 1, undefined, true]);
    const [heard] = await hear(one.plugin, broker(), one.listen, 1);
    assert.deepEqual([heard?.key, heard?.meta['header.shop'], heard?.meta['message.subject'], heard?.meta['message.sequence']], ['SHOP:m1', 'uk', 'shop.orders', '1']);
    await using nowhere = senderOf(one, broker(), { subject: 'other.orders' });
    assert.equal((await sendOne(nowhere, 'x', {})).error?.code, 'REMOTE_REJECTED');
    await using wild = senderOf(one, broker(), { subject: 'shop.*' });
    assert.equal((await sendOne(wild, 'x', {})).error?.code, 'DATA_INVALID');
    await assert.rejects(hear(one.plugin, broker(), { call: 'stream.consume', with: { stream: 'NONE', consumer: 'c' } }, 1), { code: 'CONFIG_INVALID' });
    await assert.rejects(hear(one.plugin, broker(), { call: 'stream.consume', with: { stream: 'SHOP', consumer: 'none', create: false } }, 1), { code: 'CONFIG_INVALID' });
  });

  test('plain messages reach who listens', async () => {
    await withClient<Nats, void>(one.plugin, broker(), async ({ connection }) => {
      const subscription = connection.subscribe('plain.x', { max: 1 });
      await connection.flush();
      await using sender = protocolHost({ plugin: one.plugin, settings: settingsOf(broker()), credentials: credentialsOf('nats'), endpoints: { send: { direction: 'send', call: 'messages.send', with: { subject: 'plain.x' } } } });
      assert.equal((await sendOne(sender, 'x', { id: 1 })).error, undefined);
      for await (const message of subscription) assert.equal(message.string(), '{"id":1}');
    });
  });

  test('a message that is given up does not come again, and holds up nobody', async () => {
    await using sender = senderOf(one, broker());
    await sendOne(sender, 'bad', { id: 'bad' });
    const listen = { call: 'stream.consume', with: { stream: 'SHOP', consumer: 'poison', from: 'all', mostDeliveries: 2 } };
    const bad = await hear(one.plugin, broker(), { ...listen, with: { ...listen.with, subjects: ['shop.orders'] } }, 3, (index) => (index === 0 ? 'accepted' : 'failed'));
    assert.equal(bad.filter(({ body }) => (body as { id: unknown }).id === 'bad').length, 2);
    await sendOne(sender, 'next', { id: 'next' });
    assert.deepEqual((await hear(one.plugin, broker(), listen, 1)).map(({ body }) => body), [{ id: 'next' }]);
  });
});

describe('redis', { skip: skipWithout('redis'), timeout: 120_000 }, () => {
  const broker = withBroker('redis');
  const one = caseOf('redis');

  test('an entry that is remembered is added once; fields, length and kind of key', async () => {
    await using sender = senderOf(one, broker());
    const [first, second] = [await sendOne(sender, 'm1', { id: 1 }), await sendOne(sender, 'm1', { id: 1 })].map(({ bodies }) => (bodies[0] as { messages: { entry: string; duplicate?: boolean }[] }).messages[0]!);
    assert.deepEqual([first?.entry, second?.duplicate], [second?.entry, true]);
    await using fields = protocolHost({ plugin: one.plugin, settings: settingsOf(broker()), credentials: credentialsOf('redis'), endpoints: { send: { direction: 'send', call: 'stream.add', with: { stream: 'fields', maxLength: 5, exactLength: true, each: 'record' } }, missing: { direction: 'send', call: 'stream.add', with: { stream: 'missing', create: false } } } });
    await sendOne(fields, 'f', records.slice(0, 9).map((record) => ({ ...record, tags: ['a'] })));
    const heard = await hear(one.plugin, broker(), { call: 'stream.consume', with: { stream: 'fields', group: 'g' } }, 5);
    assert.deepEqual(heard.map(({ body }) => body), [5, 6, 7, 8, 9].map((number) => ({ number: String(number), tags: '["a"]' })));
    assert.equal((await call(fields, { endpoint: 'missing', body: { id: 1 } })).error?.code, 'REMOTE_REJECTED');
    await withClient<RedisClient, void>(one.plugin, broker(), async ({ redis }) => void (await redis.set('text', 'x')));
    await using wrong = senderOf(one, broker(), { stream: 'text' });
    assert.equal((await sendOne(wrong, 'x', {})).error?.code, 'CONFIG_INVALID');
  });

  test('what a consumer that is gone has left is claimed; an entry that is given up goes to another stream', async () => {
    await using sender = senderOf(one, broker(), { stream: 'left', field: 'document' });
    await sendOne(sender, 'l1', { id: 'left' });
    await withClient<RedisClient, void>(one.plugin, broker(), async ({ redis }) => {
      await redis.xgroup('CREATE', 'left', 'g', '0');
      await redis.xreadgroup('GROUP', 'g', 'gone', 'STREAMS', 'left', '>');
    });
    const listen = { call: 'stream.consume', with: { stream: 'left', group: 'g', field: 'document', claimAfterMs: 100, mostDeliveries: 3, deadLetterStream: 'dead' } };
    const heard = await hear(one.plugin, broker(), listen, 2, () => 'failed');
    assert.deepEqual(heard.map(({ body }) => body), [{ id: 'left' }, { id: 'left' }]);
    assert.deepEqual((await hear(one.plugin, broker(), { call: 'stream.consume', with: { stream: 'dead', group: 'g', field: 'document' } }, 1)).map(({ body }) => body), [{ id: 'left' }]);
  });
});
