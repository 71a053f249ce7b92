import { createHash } from 'node:crypto';
import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { FlowError, defineEndpoint, type ListenContext, type TriggerEvent } from '../../sdk/index.ts';
import { ended, failure } from '../broker/connection.ts';
import { createFeed } from '../broker/feed.ts';
import { createInFlight, headerMeta, isGivenUp, listeningFields, type Delivery, type Format } from '../broker/incoming.ts';
import { mqttFailure, type Mqtt, type MqttLink } from './connection.ts';

interface Params {
  readonly topics: readonly string[];
  readonly qos: '0' | '1' | '2';
  readonly clientId?: string;
  readonly sessionSeconds: number;
  readonly retained: 'new' | 'always' | 'never';
  readonly keyProperty: string;
  readonly deadLetterTopic?: string;
  readonly format: Format;
  readonly prefetch: number;
  readonly overlap: NonNullable<TriggerEvent['overlap']>;
  readonly mostDeliveries: number;
}

export const subscribe = defineEndpoint<Mqtt>()({
  title: 'Subscribe',
  summary: 'Starts a run for each message of the topics.',
  direction: 'listen',
  params: {
    type: 'object',
    properties: {
      topics: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, title: 'Topics', description: 'Topics, with `+` for one level and `#` for all below.' },
      qos: { enum: ['0', '1', '2'], default: '1', title: 'Quality of service', description: 'Highest quality in which messages come.', enumDescriptions: ['At most once.', 'At least once.', 'Exactly once between the broker and here (MQTT 5).'] },
      clientId: { type: 'string', minLength: 1, title: 'Client id', description: 'Name of the session that the broker keeps while nobody listens. No other client may have the same.' },
      sessionSeconds: { type: 'integer', minimum: 0, maximum: 4_294_967_295, default: 604_800, title: 'Session', description: 'Seconds for which the broker keeps the session, default 7 days (MQTT 5).' },
      retained: { enum: ['new', 'always', 'never'], default: 'new', title: 'Retained messages', description: 'Whether the last messages of the topics, which the broker has kept, start runs.', enumDescriptions: ['When the subscription is new (MQTT 5; with 3.1.1 as always).', 'Each time the connection is made.', 'Never.'] },
      keyProperty: { type: 'string', minLength: 1, default: 'message-id', title: 'Property of the id', description: 'User property by which a message is known again (MQTT 5).' },
      deadLetterTopic: { type: 'string', minLength: 1, title: 'Dead-letter topic', description: 'Gets a message that is given up; without one it is dropped.' },
      format: listeningFields.format, overlap: listeningFields.overlap, mostDeliveries: listeningFields.mostDeliveries,
      prefetch: { ...listeningFields.prefetch, maximum: 65_535, description: 'Messages that the broker may send before the first is acknowledged (MQTT 5). Their runs are queued one after the other.' },
    },
    required: ['topics'],
    additionalProperties: false,
  },
  listen: (params, context) => listen(params as Params, context),
});

interface Arrival {
  readonly packet: IPublishPacket;
  settle(error?: Error): void;
}

/** The library takes the next packet when the one before is acknowledged, so runs are queued one by one, in the order of the messages. */
async function* listen(params: Params, context: ListenContext<Mqtt>): AsyncGenerator<TriggerEvent> {
  const { client, signal } = context;
  const feed = createFeed<Arrival>(signal);
  const inFlight = createInFlight((error) => feed.end(mqttFailure(error, client.address)));
  let isEnding = false;
  const take = (packet: IPublishPacket, settle: Arrival['settle']): void => {
    if (isEnding) settle(notTaken());
    else if (packet.retain && params.retained === 'never') settle();
    else feed.push({ packet, settle });
  };
  const link = await client.open(sessionOf(params, client.version, take), signal, (opened) => handle(opened, client.version, take));
  link.lost.catch((error: Error) => feed.end(error));
  try {
    // The answer may come behind messages of the session, which are read first.
    void subscribeAll(link, params, client).catch((error: Error) => feed.end(error));
    for await (const { packet, settle } of feed) {
      const delivery = deliveryOf(packet, params.keyProperty);
      yield inFlight.event(delivery, params, {
        taken: () => settle(),
        refused: async (error) => {
          if (await isPoison(packet, params, context)) {
            // By another connection: on this one nothing is read before the message is acknowledged.
            if (params.deadLetterTopic !== undefined) await (await client.publisher()).client.publishAsync(params.deadLetterTopic, packet.payload as Buffer, { qos: 1 });
            return settle();
          }
          // Without an acknowledgement the broker sends it again on the next connection, which is made after a pause.
          feed.end(failure('REMOTE_UNREACHABLE', `The connection to ${client.address} is made anew, so that a message for which no run could be accepted comes again: ${error.message}`, error));
          // What is behind it may be the answer that the end waits for.
          if (client.version === 5) settle(notTaken());
        },
      });
    }
  } finally {
    await inFlight.settled(5_000);
    isEnding = true;
    if (client.version === 5) await acknowledged(link, () => { for (const { settle } of feed.drain()) settle(notTaken()); });
    await link.close();
  }
}

function sessionOf({ clientId, sessionSeconds, prefetch }: Params, version: 4 | 5, take: (packet: IPublishPacket, settle: Arrival['settle']) => void): IClientOptions {
  return {
    clean: clientId === undefined, ...(clientId !== undefined && { clientId }),
    ...(version === 5 && {
      properties: { receiveMaximum: prefetch, ...(clientId !== undefined && { sessionExpiryInterval: sessionSeconds }) },
      // Before the broker may forget a message: with quality 2 that is before the first of the two answers.
      customHandleAcks: (_topic, _message, packet, done) => take(packet, (error) => (error ? done(error) : done(0))),
    }),
  };
}

function handle(opened: MqttClient, version: 4 | 5, take: (packet: IPublishPacket, settle: Arrival['settle']) => void): void {
  opened.handleMessage = (packet, done) => {
    if (packet.cmd !== 'publish' || (version === 5 && packet.qos > 0)) done();
    else take(packet, (error) => done(error));
  };
}

async function subscribeAll({ client, lost }: MqttLink, { topics, qos, retained }: Params, { address, version }: Mqtt): Promise<void> {
  const quality = version === 5 ? (Number(qos) as 0 | 1 | 2) : (Math.min(Number(qos), 1) as 0 | 1);
  try {
    const granted = await Promise.race([client.subscribeAsync([...topics], { qos: quality, ...(version === 5 && { rh: { new: 1, always: 0, never: 2 }[retained] }) }), lost]);
    const refused = granted.find(({ qos: given }) => given >= 128);
    if (refused) throw failure('AUTH_REJECTED', `${address} refuses the subscription to ${JSON.stringify(refused.topic)}.`);
  } catch (error) {
    if (FlowError.is(error)) throw error;
    if (/invalid topic/i.test((error as Error).message)) throw failure('CONFIG_INVALID', `${JSON.stringify(topics)} has no valid topics: ${(error as Error).message}.`, error);
    const { code } = error as { code?: unknown };
    if (typeof code === 'number' && code >= 128) throw failure('AUTH_REJECTED', `${address} refuses the subscription to ${topics.join(', ')}: ${(error as Error).message}.`, error);
    throw mqttFailure(error, address);
  }
}

const notTaken = (): Error => new Error('the listener ends');

/**
 * Resolves when the broker has read all acknowledgements, which it does not confirm: it has when it answers a question that comes after them. Otherwise those
 * that are on their way when the connection ends are lost. `skip`: lets go of the messages that wait before the answer, without an acknowledgement.
 */
async function acknowledged({ client, lost }: MqttLink, skip: () => void): Promise<void> {
  if (!client.connected) return;
  const answered = new Promise<void>((resolve) => { client.on('packetreceive', ({ cmd }) => { if (cmd === 'pingresp') resolve(); }); });
  client.sendPing();
  skip();
  await ended(Promise.race([answered, lost]));
}

interface Memory {
  readonly poison?: { readonly message: string; readonly times: number };
}

/** Messages come again in their order, so that it is the same one that fails again and again; how often is remembered, since each time is another connection. */
async function isPoison({ topic, payload }: IPublishPacket, { mostDeliveries }: Params, { memory, log }: ListenContext<Mqtt>): Promise<boolean> {
  if (mostDeliveries === 0) return false;
  const message = createHash('sha256').update(topic).update('\0').update(payload).digest('base64');
  const { poison } = ((await memory.get()) ?? {}) as Memory;
  const times = poison?.message === message ? poison.times + 1 : 1;
  const isOver = isGivenUp(mostDeliveries, times);
  await memory.set(isOver ? null : ({ poison: { message, times } } satisfies Memory));
  if (isOver) log.error(`A message of the topic ${topic} was given up after ${times} deliveries.`);
  return isOver;
}

function deliveryOf({ topic, payload, qos, retain, dup, properties }: IPublishPacket, keyProperty: string): Delivery {
  const user = properties?.userProperties as Readonly<Record<string, string | readonly string[]>> | undefined;
  const key = user?.[keyProperty];
  return {
    body: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload, contentType: properties?.contentType,
    key: key === undefined ? undefined : `${topic}:${String(key)}`,
    meta: {
      ...headerMeta(user), 'message.topic': topic, 'message.qos': String(qos), 'message.retain': String(retain), 'message.redelivered': String(dup),
      'message.responseTopic': properties?.responseTopic, 'message.correlationData': properties?.correlationData?.toString('base64'),
    },
  };
}
