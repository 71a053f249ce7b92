import { failure, isFailure } from './failures.js';
import { createInFlight, listeningFields } from './listening.js';
import { createOffsets } from './offsets.js';
import { send, sendingFields } from './sending.js';

// Neither `.` nor `..`.
const topic = { type: 'string', maxLength: 249, pattern: '^([A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*|[.]{3,})$', title: 'Topic', description: 'Name of the topic: up to 249 letters of ASCII, digits, `.`, `_` and `-`, and more than one or two dots.' };

export default {
  kind: 'connector',
  type: 'kafka',
  title: 'Apache Kafka',
  summary: 'Messages of the topics of Kafka.',
  description: [
    'Experimental: it is tested with the cluster that librdkafka has for tests, and with kcat, and has not met brokers of Apache itself. Try it with a topic of your own before you rely on it.',
    'A message starts a run by the trigger `event`. Its offset is committed for the consumer group when its run, and those of all messages before it in its partition, are durably queued. Where no run can be accepted the listener begins anew behind what is committed. A message is known by topic, partition and offset, so it starts no second run. After the death of a runner the group waits for `sessionTimeoutMs` before another one, or the same started again, gets its partitions.',
    'A message without a value, a tombstone, comes with an empty text and `message.tombstone` in its metadata. Key, headers and partition of what is sent are the same for all records of a payload.',
    'What is sent is confirmed by all replicas that are in sync (`acks`). A message that is sent again after a lost answer is there twice. Topics are not made. Records go in batches of 900 KB at most with their keys and headers, as brokers usually allow; one that is larger goes alone, and where it is refused fails alone.',
    'It needs the package `@platformatic/kafka` in the workspace, which asks for Node 22.22, or 24.6 and newer.',
  ].join('\n\n'),
  status: 'experimental',
  icon: 'server-process',
  settings: {
    type: 'object',
    properties: {
      brokers: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[^\\s:/]+:\\d+$', title: 'Broker', description: 'Name and port.' }, title: 'Brokers', description: 'Brokers to begin with, such as `kafka-1.example.com:9092`; the others are told by them.' },
      tls: { type: 'boolean', default: false, title: 'TLS', description: 'The connections are encrypted, and certificates are checked.' },
      mechanism: { enum: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'], default: 'SCRAM-SHA-512', title: 'Mechanism', description: 'How a user signs in.' },
      clientId: { type: 'string', minLength: 1, default: 'patchbay', title: 'Client id', description: 'Name that stands in logs and quotas of the brokers.' },
    },
    required: ['brokers'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      user: { type: 'string', minLength: 1, title: 'User', description: 'Name of the user; without it nobody signs in.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      authorities: { type: 'string', title: 'Authorities', description: 'PEM of the authorities to trust instead of the usual ones.' },
    },
    additionalProperties: false,
  },
  examples: [{ title: 'Three brokers with TLS', settings: { brokers: ['k1.example.com:9093', 'k2.example.com:9093', 'k3.example.com:9093'], tls: true } }],
  isShared: true,
  address: ({ brokers }) => `kafka://${brokers[0]}`,
  async connect(settings, credentials) {
    const { Producer, Consumer, Admin } = await library();
    const options = optionsOf(settings, credentials);
    let producer;
    return {
      client: {
        address: `Kafka at ${settings.brokers.join(', ')}`,
        producer: () => (producer ??= new Producer({ ...options, acks: -1, autocreateTopics: false })),
        consumer: (more) => new Consumer({ ...options, ...more }),
        admin: () => new Admin(options),
      },
      close: async () => void (await producer?.close().catch(() => undefined)),
    };
  },
  async check({ admin, address }) {
    const client = admin();
    try {
      await client.listTopics();
    } catch (error) {
      throw kafkaFailure(error, address);
    } finally {
      await client.close().catch(() => undefined);
    }
  },
  endpoints: {
    'topic.consume': {
      title: 'Consume a topic',
      summary: 'Starts a run for each message that a consumer group gets.',
      direction: 'listen',
      params: {
        type: 'object',
        properties: {
          topic,
          group: { type: 'string', minLength: 1, title: 'Group', description: 'Name of the consumer group, which knows what is done with.' },
          from: { enum: ['earliest', 'latest'], default: 'earliest', title: 'From', description: 'Where a group begins that has committed nothing yet.', enumDescriptions: ['With the oldest message.', 'With the next message.'] },
          sessionTimeoutMs: { type: 'integer', minimum: 1_000, maximum: 1_800_000, default: 45_000, title: 'Session timeout', description: 'Milliseconds after which the group counts a runner as gone that does not answer, and gives its partitions to others. Brokers usually allow 6 seconds to 30 minutes. A broker that keeps its connection and answers nothing is noticed 15 seconds later than that: the client has one limit for all requests, and to join takes as long as a member that has died is waited for.' },
          ...listeningFields,
        },
        required: ['topic', 'group'],
        additionalProperties: false,
      },
      listen: consume,
    },
    'topic.publish': {
      title: 'Publish',
      summary: 'Sends the payload to a topic as a message, or each of its records as one.',
      direction: 'send',
      params: {
        type: 'object',
        properties: {
          topic, ...sendingFields,
          key: { type: 'string', title: 'Key', description: 'Messages of one key go to one partition and keep their order; without it they are spread.', 'x-expression': true },
          partition: { type: 'integer', minimum: 0, title: 'Partition', description: 'Number of the partition, in place of one that follows from the key.', 'x-expression': true },
          headers: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Headers', description: 'Headers of the messages, beside `id`.', 'x-ui': { widget: 'map' }, 'x-expression': true },
        },
        required: ['topic'],
        additionalProperties: false,
      },
      call: (payload, params, context) => send(payload, params, context, { target: `/${encodeURIComponent(params.topic)}`, batchSize: 100, batchBytes: 900_000, moreBytes: (id) => recordBytes(params, id), publish: (client, messages) => publish(client, params, messages) }),
    },
  },
};

/** Loaded when it is needed: the other plugins of this package do without it. */
async function library() {
  try {
    return await import('@platformatic/kafka');
  } catch (cause) {
    throw failure('CONFIG_INVALID', 'The package @platformatic/kafka cannot be loaded.', { cause, remedy: 'Install it in the workspace: `npm install @platformatic/kafka`. It needs Node 22.22, or 24.6 and newer.' });
  }
}

const optionsOf = ({ brokers, tls, mechanism, clientId }, { user, password, authorities }) => ({
  clientId, bootstrapBrokers: brokers, retries: 2, timeout: 20_000, connectTimeout: 10_000,
  ...(tls && { tls: { ...(authorities !== undefined && { ca: authorities }) } }), ...(user !== undefined && { sasl: { mechanism, username: user, password: password ?? '' } }),
});

const bytesOf = (text) => Buffer.byteLength(text ?? '');

/** Of a record beside its value: its key, its headers, and as much as lengths and times may take. */
const recordBytes = ({ key, headers }, id) => 64 + bytesOf(key) + Object.entries({ ...headers, id }).reduce((sum, [name, value]) => sum + 10 + bytesOf(name) + bytesOf(value), 0);

async function publish({ producer, address }, { topic: name, key, partition, headers }, messages) {
  const encode = (text) => Buffer.from(text);
  try {
    if (partition !== undefined) await checkPartition(producer(), name, partition, address);
    await producer().send({ messages: messages.map(({ id, bytes }) => ({ topic: name, value: Buffer.from(bytes), ...(key && { key: encode(key) }), ...(partition !== undefined && { partition }), headers: new Map(Object.entries({ ...headers, id }).map(([header, value]) => [encode(header), encode(value)])) })) });
    return messages.map(() => ({}));
  } catch (error) {
    if (isFailure(error)) throw error;
    const failed = kafkaFailure(error, address);
    // One that is too large comes alone, and fails alone.
    if (messages.length === 1 && says(error, ofRecord)) return [{ refused: failed.message }];
    throw failed;
  }
}

/** What brokers have against a record, and not against all that is sent. */
const ofRecord = /\b(?:MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD)\b/;

/** The client takes a number that the topic does not have for another one that it has. */
async function checkPartition(producer, name, partition, address) {
  const countOf = async (forceUpdate) => (await producer.metadata({ topics: [name], autocreateTopics: false, forceUpdate })).topics.get(name).partitionsCount;
  if (partition < (await countOf(false))) return;
  // Partitions may have been added meanwhile.
  const count = await countOf(true);
  if (partition < count) return;
  throw failure('REMOTE_REJECTED', `${address}: the topic ${JSON.stringify(name)} has no partition ${partition}.`, { remedy: count === 1 ? 'Give partition 0, the only one, or none.' : `Give a partition from 0 to ${count - 1}, or none: then it follows from the key.` });
}

/** To join takes as long as a member that has died is waited for, so requests may take longer than that: the client has one limit for all of them. */
const sessionOf = (ms) => ({ sessionTimeout: ms, rebalanceTimeout: ms, heartbeatInterval: Math.min(3_000, Math.floor(ms / 3)), requestTimeout: ms + 15_000 });

async function* consume({ topic: name, group, from, sessionTimeoutMs, ...params }, { client, signal, log }) {
  const consumer = client.consumer({ groupId: group, ...sessionOf(sessionTimeoutMs) });
  const offsets = createOffsets();
  let broken;
  let stream;
  // The loop may wait for a message that never comes: it ends with the stream.
  const leave = () => void stream?.close().catch(() => undefined);
  const inFlight = createInFlight((error) => {
    broken ??= error;
    leave();
  });
  try {
    stream = await orAborted(consumer.consume({ topics: [name], mode: 'committed', fallbackMode: from, autocommit: false, maxWaitTime: 1_000 }), signal);
    signal.addEventListener('abort', leave, { once: true });
    for await (const message of stream) {
      if (signal.aborted) return;
      if (broken) throw broken;
      offsets.take(message);
      yield inFlight.event(deliveryOf(message), params, {
        // The client keeps commits of one partition in their order.
        taken: async () => void (await offsets.settle(message)?.commit()),
        refused: (error) => { throw error; },
      });
      await inFlight.below(params.prefetch, signal);
      if (broken) throw broken;
    }
    if (broken) throw broken;
  } catch (error) {
    if (!signal.aborted) throw isFailure(error) ? error : kafkaFailure(error, client.address);
  } finally {
    signal.removeEventListener('abort', leave);
    await inFlight.settled(5_000);
    await stream?.close().catch(() => undefined);
    const closed = consumer.close(true).catch((error) => log.debug(`The consumer of ${name} was not closed: ${error.message}`));
    // Where it is still joining, the broker answers when it has joined.
    await Promise.race([closed, inTime(5_000)]);
  }
}

/** What it resolves to, but no later than the signal: what comes after that is closed. */
function orAborted(work, signal) {
  const { promise, reject } = Promise.withResolvers();
  const stop = () => {
    reject(signal.reason);
    work.then((late) => late.close()).catch(() => undefined);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  work.catch(() => undefined);
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}

const inTime = (ms) => new Promise((resolve) => { setTimeout(resolve, ms).unref(); });

const isNone = (value) => value === null || value === undefined;

function deliveryOf({ topic: name, partition, offset, key, value, headers, timestamp }) {
  const text = (bytes) => Buffer.from(bytes ?? '').toString();
  return {
    body: value ?? Buffer.alloc(0), key: `${name}:${partition}:${offset}`,
    meta: { 'message.topic': name, 'message.partition': String(partition), 'message.offset': String(offset), ...(isNone(value) && { 'message.tombstone': 'true' }), ...(key?.length > 0 && { 'message.key': text(key) }), ...(timestamp !== undefined && { 'message.sentAt': String(timestamp) }), ...Object.fromEntries([...(headers ?? [])].map(([header, own]) => [`header.${text(header)}`, text(own)])) },
  };
}

/** Errors of the client in the words of Patchbay, by the first in the chain that says what it is. */
function kafkaFailure(error, address) {
  const said = chainOf(error).at(-1)?.message ?? String(error);
  const has = (pattern) => says(error, pattern);
  const words = `${address}: ${said.replace(/\.*$/, '.')}`;
  if (has(/UNKNOWN_TOPIC|Unknown topic/)) return failure('REMOTE_REJECTED', words, { cause: error, remedy: 'Make the topic on the brokers, or correct its name: Patchbay makes none.' });
  if (has(/PLT_KFK_AUTHENTICATION|SASL_AUTHENTICATION_FAILED|_AUTHORIZATION_FAILED/)) return failure('AUTH_REJECTED', words, { cause: error });
  if (has(/PLT_KFK_TIMEOUT|timed out/i)) return failure('REMOTE_TIMEOUT', words, { cause: error });
  if (has(/ECONN|ENOTFOUND|EAI_AGAIN|PLT_KFK_NETWORK/)) return failure('REMOTE_UNREACHABLE', words, { cause: error });
  if (has(/MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD|INVALID_TOPIC/)) return failure('REMOTE_REJECTED', words, { cause: error });
  if (isMisread(error)) return failure('REMOTE_FORMAT', `${address}: the client can make nothing of what the brokers have answered (${said.replace(/\.*$/, '')}).`, { cause: error, remedy: misreadRemedy });
  return failure('REMOTE_STATUS', words, { cause: error });
}

/** An answer that is not as the protocol says is read as far as it goes: what is missing in it fails where the client uses it, as a TypeError without a code. */
const isMisread = (error) => chainOf(error).some((one) => one.code === 'PLT_KFK_OUT_OF_BOUNDS' || (one instanceof TypeError && one.code === undefined && isOfClient(one)));
const misreadRemedy = 'Use brokers that keep to the protocol of Kafka. Where they do, report it with their version and that of @platformatic/kafka.';

/** Whether it comes out of a file of the client: frames without a file are functions of JavaScript itself. */
const isOfClient = ({ stack }) => /[\\/]@platformatic[\\/]kafka[\\/]/.test(String(stack).split('\n').find((line) => /^ +at .*[\\/]/.test(line)) ?? '');

function chainOf(error) {
  const all = [];
  for (let at = error; at instanceof Error && all.length < 6; at = at.cause ?? at.errors?.[0]) all.push(at);
  return all;
}

const says = (error, pattern) => chainOf(error).some(({ code, apiId, message }) => pattern.test(`${code ?? ''} ${apiId ?? ''} ${message}`));
