import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { signHeaders } from '../plugins/auth/aws/signature-v4.ts';
import { FlowError, parseJson, type Connector, type Plugin, type TriggerEvent } from '../plugins/sdk/index.ts';
import { createPayload } from '../server/engine/payload.ts';
import { completeSettings } from '../server/runner/complete-settings.ts';
import { openRunner } from '../server/runner/runner.ts';
import { call } from './support/connector-host.ts';
import { protocolHost } from './support/protocol-host.ts';

const folder = join(import.meta.dirname, '../samples/plugins/queues');
const load = async (file: string): Promise<unknown> => (await import(pathToFileURL(join(folder, file)).href)) as unknown;
const { default: plugins } = (await load('index.js')) as { default: readonly Plugin[] };
const pluginOf = (type: string): Plugin => plugins.find((plugin) => plugin.type === type)!;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
type Json = Readonly<Record<string, unknown>>;

interface Asked { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly text: string; readonly json: Json }
interface Answered { readonly status?: number; readonly body: unknown }
interface World extends AsyncDisposable { readonly origin: string }

/** A server on loopback that answers as it is told. */
async function serve(answer: (asked: Asked) => Answered | Promise<Answered>): Promise<World> {
  const server = createServer((request, response) => {
    void (async () => {
      const text = await read(request);
      const asked: Asked = { method: request.method!, path: request.url!, headers: request.headers as Record<string, string>, text, json: text.startsWith('{') ? (JSON.parse(text) as Json) : {} };
      const { status = 200, body } = await answer(asked);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const aws = { accessKeyId: 'AKID', secretAccessKey: 'hush', sessionToken: 'session' };

/** A queue as SQS has it: what is received is hidden until it is deleted or given back. Signatures are checked by the code of the auth method. */
function sqsServer() {
  const messages: { readonly id: string; readonly body: string; readonly group?: string; receipt?: string; times: number; isHidden: boolean }[] = [];
  const known = new Set<string>();
  let broken = 0;
  return {
    messages,
    breakOnce: () => void broken++,
    answer({ path, headers, text, json }: Asked): Answered {
      const signed = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
      const [, stamp = ''] = [0, headers['x-amz-date'] ?? ''];
      const now = Date.parse(stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
      const own = Object.fromEntries(signed.filter((name) => !/^x-amz-(date|security-token)$/.test(name)).map((name) => [name, headers[name]!]));
      const wanted = signHeaders({ method: 'POST', path, query: [], headers: own, body: text }, { ...aws, region: 'eu-west-1', service: 'sqs', now, normalize: true });
      if (headers['authorization'] !== wanted.headers['authorization']) return { status: 403, body: { __type: 'com.amazon.coral.service#InvalidSignatureException', message: 'The signature is wrong.' } };
      if (broken > 0) return broken--, { status: 503, body: { __type: 'ServiceUnavailable', message: 'Busy.' } };
      const action = headers['x-amz-target']!.replace('AmazonSQS.', '');
      if (String(json['QueueUrl']).endsWith('/none')) return { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'There is no such queue.' } };
      if (action === 'ListQueues') return { body: {} };
      if (action === 'SendMessageBatch') {
        if (text.length > 262_144) return { status: 400, body: { __type: 'com.amazonaws.sqs#BatchRequestTooLong', message: 'The batch is too long.' } };
        const entries = json['Entries'] as { Id: string; MessageBody: string; MessageGroupId?: string; MessageDeduplicationId?: string }[];
        const Failed = entries.filter(({ MessageBody }) => MessageBody.includes('refuse')).map(({ Id }) => ({ Id, SenderFault: true, Code: 'InvalidMessageContents', Message: 'It is refused.' }));
        const Successful = entries.filter(({ MessageBody }) => !MessageBody.includes('refuse')).map(({ Id, MessageBody, MessageGroupId, MessageDeduplicationId }) => {
          const id = `m${messages.length + 1}`;
          if (MessageDeduplicationId === undefined || !known.has(MessageDeduplicationId)) messages.push({ id, body: MessageBody, ...(MessageGroupId && { group: MessageGroupId }), times: 0, isHidden: false });
          if (MessageDeduplicationId !== undefined) known.add(MessageDeduplicationId);
          return { Id, MessageId: id };
        });
        return { body: { Successful, Failed } };
      }
      if (action === 'ReceiveMessage') {
        const found = messages.filter(({ isHidden }) => !isHidden).slice(0, json['MaxNumberOfMessages'] as number);
        return { body: found.length === 0 ? {} : { Messages: found.map((message) => {
          Object.assign(message, { isHidden: true, times: message.times + 1, receipt: `${message.id}-${message.times + 1}` });
          return { MessageId: message.id, ReceiptHandle: message.receipt, Body: message.body, Attributes: { ApproximateReceiveCount: String(message.times) }, MessageAttributes: { source: { StringValue: 'web', DataType: 'String' } } };
        }) } };
      }
      const at = messages.findIndex(({ receipt }) => receipt === json['ReceiptHandle']);
      assert.ok(at >= 0, 'a receipt is told once');
      if (action === 'DeleteMessage') messages.splice(at, 1);
      else messages[at]!.isHidden = false;
      return { body: {} };
    },
  };
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

/** A subscription as Pub/Sub has it, and the server of its tokens: what is pulled is out until it is acknowledged or its deadline is over. */
function pubsubServer() {
  const messages: { readonly id: string; readonly data: string; readonly attributes: Json; ackId?: string; times: number; isOut: boolean }[] = [];
  const tokens: string[] = [];
  return {
    messages, tokens,
    forget: () => void (tokens[tokens.length - 1] = 'forgotten'),
    account: (origin: string): string => JSON.stringify({ client_email: 'robot@shop.test', private_key: privateKey, private_key_id: 'k1', token_uri: `${origin}/token` }),
    answer({ path, headers, text, json }: Asked): Answered {
      if (path === '/token') {
        const [head = '', claims = '', signature = ''] = new URLSearchParams(text).get('assertion')!.split('.');
        const isSigned = verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
        const { iss, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json;
        if (!isSigned || iss !== 'robot@shop.test' || scope !== 'https://www.googleapis.com/auth/pubsub') return { status: 400, body: { error: 'invalid_grant' } };
        tokens.push(`token-${tokens.length + 1}`);
        return { body: { access_token: tokens.at(-1), expires_in: 3600 } };
      }
      if (tokens.length === 0 || headers['authorization'] !== `Bearer ${tokens.at(-1)}`) return { status: 401, body: { error: { status: 'UNAUTHENTICATED', message: 'Sign in.' } } };
      const [, name, action] = /^\/v1\/projects\/acme\/(?:topics|subscriptions)(?:\/([^:?]+))?(?::(\w+)|\?.*)?$/.exec(path) ?? [];
      if (name === 'none') return { status: 404, body: { error: { status: 'NOT_FOUND', message: 'There is no such topic.' } } };
      if (action === 'publish') {
        const given = json['messages'] as { data: string; attributes: Json }[];
        for (const one of given) messages.push({ id: `m${messages.length + 1}`, ...one, times: 0, isOut: false });
        return { body: { messageIds: given.map((_, index) => `m${messages.length - given.length + index + 1}`) } };
      }
      if (action === 'pull') {
        const found = messages.filter(({ isOut }) => !isOut).slice(0, json['maxMessages'] as number);
        return { body: found.length === 0 ? {} : { receivedMessages: found.map((message) => {
          Object.assign(message, { isOut: true, times: message.times + 1, ackId: `${message.id}-${message.times + 1}` });
          return { ackId: message.ackId, deliveryAttempt: message.times, message: { data: message.data, attributes: message.attributes, messageId: message.id, publishTime: '2024-01-31T12:00:00Z' } };
        }) } };
      }
      for (const id of (json['ackIds'] ?? []) as string[]) {
        const at = messages.findIndex(({ ackId }) => ackId === id);
        assert.ok(at >= 0, 'an acknowledgement is told once');
        if (action === 'acknowledge') messages.splice(at, 1);
        else messages[at]!.isOut = false;
      }
      return { body: {} };
    },
  };
}

interface Case { readonly type: string; readonly send: { readonly call: string; readonly with: Json }; readonly listen: { readonly call: string; readonly with: Json }; settings(origin: string): Json; credentials(origin: string): Json; bodies(): readonly string[]; readonly answer: (asked: Asked) => Answered }

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123/orders';
const sqsCase = (server = sqsServer()): Case & { readonly server: typeof server } => ({
  server, type: 'sqs', answer: server.answer, bodies: () => server.messages.map(({ body }) => body), settings: (origin) => ({ region: 'eu-west-1', endpoint: origin }), credentials: () => aws,
  send: { call: 'queue.send', with: { queue: queueUrl } }, listen: { call: 'queue.consume', with: { queue: queueUrl, waitSeconds: 1, retrySeconds: 0 } },
});
const pubsubCase = (server = pubsubServer()): Case & { readonly server: typeof server } => ({
  server, type: 'pubsub', answer: server.answer, bodies: () => server.messages.map(({ data }) => Buffer.from(data, 'base64').toString()), settings: (origin) => ({ project: 'acme', endpoint: origin }), credentials: (origin) => ({ serviceAccount: server.account(origin) }),
  send: { call: 'topic.publish', with: { topic: 'orders' } }, listen: { call: 'subscription.consume', with: { subscription: 'orders', emptyPauseMs: 0 } },
});

const hostOf = (one: Case, origin: string, more: Json = {}) => protocolHost({ plugin: pluginOf(one.type), settings: completeSettings(pluginOf(one.type), one.settings(origin)) as Json, credentials: one.credentials(origin), endpoints: { send: { direction: 'send', call: one.send.call, with: { ...one.send.with, ...more } } } });

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

async function workspaceOf(one: Case, origin: string): Promise<{ readonly folder: string } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-queues-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(content));
  };
  await cp(folder, join(root, 'node_modules/patchbay-queues'), { recursive: true });
  const secrets = Object.entries(one.credentials(origin)).filter(([name]) => name !== 'accessKeyId');
  for (const [name, value] of secrets) process.env[`PATCHBAY_SECRET_QUEUE_${name.toUpperCase()}`] = String(value);
  await write('patchbay.json', { version: 1, title: 'Queues', plugins: ['patchbay-queues'] });
  await write('instances/queue.instance.json', { version: 1, title: 'Queue', connector: one.type, settings: one.settings(origin), credentials: { ...(one.type === 'sqs' && { accessKeyId: aws.accessKeyId }), ...Object.fromEntries(secrets.map(([name]) => [name, { $secret: `queue/${name}` }])) } });
  await write('flows/take.flow.json', { version: 1, title: 'Take', triggers: { message: { trigger: 'event', settings: { instance: 'queue', endpoint: one.listen.call, params: one.listen.with } } }, start: 'pass', steps: { pass: { shape: 'split' } } });
  return { folder: root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The code and the message with which a call fails. */
const failing = async (one: Case, origin: string, more: Json = {}): Promise<readonly [string?, string?]> => {
  await using host = hostOf(one, origin, more);
  const { error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: { a: 1 } }) });
  return [error?.code, error?.message];
};

test('sqs: what is wrong is said', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  const [code, message] = await failing(one, world.origin, { queue: 'https://sqs.eu-west-1.amazonaws.com/123/none' });
  assert.deepEqual([code, message], ['REMOTE_REJECTED', 'SQS (SendMessageBatch) refused the request with 400: QueueDoesNotExist: There is no such queue.']);
  assert.deepEqual(await failing(one, world.origin, { queue: 'orders' }), ['CONFIG_INVALID', '“orders” is not the address of a queue.']);
  assert.equal((await failing({ ...one, credentials: () => ({ ...aws, secretAccessKey: 'other' }) }, world.origin))[0], 'AUTH_REJECTED');
  assert.equal((await failing(one, 'http://127.0.0.1:1'))[0], 'REMOTE_UNREACHABLE');
  one.server.breakOnce();
  assert.equal((await failing(one, world.origin))[0], 'REMOTE_STATUS');
});

test('sqs: a message of a FIFO queue is sent once, however often it is tried', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  await using host = hostOf(one, world.origin, { group: 'orders' });
  for (const attempt of [1, 2]) assert.equal((await call(host, { endpoint: 'send', attempt, payload: createPayload({ id: 'p', body: { a: 1 } }) })).error, undefined);
  assert.deepEqual(one.server.messages.map(({ body, group }) => [body, group]), [['{"a":1}', 'orders']]);
});

test('sqs: records that are too long together go in several batches', async () => {
  const one = sqsCase();
  await using world = await serve(one.answer);
  await using host = hostOf(one, world.origin, { each: 'record' });
  const records = Array.from({ length: 10 }, (_, n) => ({ n, text: 'x'.repeat(60_000) }));
  const { error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: records }) });
  assert.deepEqual([error, one.server.messages.map(({ body }) => (JSON.parse(body) as { n: number }).n)], [undefined, records.map(({ n }) => n)]);
});

test('pubsub: a token is asked for once, and anew where it is refused', async () => {
  const one = pubsubCase();
  await using world = await serve(one.answer);
  await using host = hostOf(one, world.origin);
  const send = async (): Promise<void> => assert.equal((await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: 1 }) })).error, undefined);
  await send();
  await send();
  assert.deepEqual(one.server.tokens, ['token-1']);
  one.server.forget();
  await send();
  assert.deepEqual(one.server.tokens, ['forgotten', 'token-2']);
});

test('pubsub: what is wrong is said', async () => {
  const one = pubsubCase();
  await using world = await serve(one.answer);
  assert.deepEqual(await failing(one, world.origin, { topic: 'none' }), ['REMOTE_REJECTED', 'Pub/Sub refused the request with 404: NOT_FOUND There is no such topic.']);
  assert.equal((await failing({ ...one, credentials: () => ({ serviceAccount: '{}' }) }, world.origin))[0], 'CONFIG_INVALID');
  const other = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } }).privateKey;
  assert.equal((await failing({ ...one, credentials: () => ({ serviceAccount: JSON.stringify({ client_email: 'robot@shop.test', private_key: other, token_uri: `${world.origin}/token` }) }) }, world.origin))[0], 'AUTH_REJECTED');
});

test('pubsub: a request holds seven megabytes at most, or one message', async () => {
  const one = pubsubCase();
  const sizes: number[] = [];
  await using world = await serve((asked) => {
    if (asked.path.endsWith(':publish')) sizes.push((asked.json['messages'] as unknown[]).length);
    return one.answer(asked);
  });
  await using host = hostOf(one, world.origin, { each: 'record' });
  const megabytes = (count: number): string => 'x'.repeat(count * 1_000_000);
  const { bodies, error } = await call(host, { endpoint: 'send', payload: createPayload({ id: 'p', body: [megabytes(3), megabytes(4), 'a', megabytes(8), 'b', 'c'] }) });
  assert.deepEqual([error, (bodies[0] as { sent: number }).sent, sizes], [undefined, 6, [2, 1, 1, 2]]);
});

test('numbers that JavaScript cannot hold stay as their text', async () => {
  const { exactJson } = (await load('exact-json.js')) as { exactJson(text: string): unknown };
  for (const text of ['{"id":1234567890123456}', '{"id":12345678901234567890}', '[-9007199254740993,1]', '{"a":0.1000000000000000055511151231257827}', '{"a":1e400,"b":"1e400"}', '{"a":1.10,"b":1E3}']) assert.deepEqual(exactJson(text), parseJson(text), text);
  assert.deepEqual(exactJson('{"id":12345678901234567890}'), { id: '12345678901234567890' });
});

test('kafka: offsets count when all before them are settled', async () => {
  const { createOffsets } = (await load('offsets.js')) as { createOffsets(): { take(message: object): void; settle(message: object): object | undefined } };
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
    await cp(folder, join(root, 'node_modules/patchbay-queues'), { recursive: true });
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

test('the package needs nothing of Patchbay', async () => {
  const { readdir, readFile } = await import('node:fs/promises');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  assert.ok(files.length >= 8);
  for (const file of files) for (const [, name] of (await readFile(join(folder, file), 'utf8')).matchAll(/(?:from|import\()\s*'([^']+)'/g)) assert.match(name!, /^(node:|\.\/|@platformatic\/kafka$)/, `${file} imports ${name!}`);
});
