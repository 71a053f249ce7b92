import { createHash } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import { defineEndpoint, type ListenContext, type TriggerEvent } from '../../sdk/index.ts';
import { failure } from '../broker/connection.ts';
import { createFeed } from '../broker/feed.ts';
import { createInFlight, headerMeta, isGivenUp, listeningFields, pauseBefore, type Delivery, type Format } from '../broker/incoming.ts';
import { rabbitFailure, type Rabbit } from './connection.ts';

interface Params {
  readonly queue: string;
  readonly format: Format;
  readonly prefetch: number;
  readonly overlap: NonNullable<TriggerEvent['overlap']>;
  readonly mostDeliveries: number;
  readonly keyHeader?: string;
  readonly declare: boolean;
  readonly durable: boolean;
  readonly queueType: 'classic' | 'quorum';
  readonly deadLetterExchange?: string;
  readonly deadLetterRoutingKey?: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string; readonly exchangeType?: string }[];
}

export const consume = defineEndpoint<Rabbit>()({
  title: 'Consume',
  summary: 'Starts a run for each message of a queue.',
  direction: 'listen',
  params: {
    type: 'object',
    properties: {
      queue: { type: 'string', minLength: 1, title: 'Queue', description: 'Name of the queue.' },
      ...listeningFields,
      keyHeader: { type: 'string', minLength: 1, title: 'Header of the id', description: 'Header by which a message is known again, where its message id is not the right one or is not set.' },
      declare: { type: 'boolean', default: false, title: 'Declare', description: 'Queue, exchanges and bindings are made where they are missing. Otherwise a queue that is not there is an error.' },
      durable: { type: 'boolean', default: true, title: 'Durable', description: 'The queue that is made stays over a restart of the broker.' },
      queueType: { enum: ['classic', 'quorum'], default: 'classic', title: 'Type of the queue', description: 'Of the queue that is made.', enumDescriptions: ['On one node.', 'Replicated; the broker counts deliveries.'] },
      deadLetterExchange: { type: 'string', title: 'Dead-letter exchange', description: 'Of the queue that is made: where messages go that are given up; may be empty for the default exchange.' },
      deadLetterRoutingKey: { type: 'string', title: 'Dead-letter routing key', description: 'Of the queue that is made; default that of the message.' },
      arguments: { type: 'object', additionalProperties: true, default: {}, title: 'Arguments', description: 'Further arguments of the queue that is made, such as `x-max-length`.' },
      bindings: {
        type: 'array', default: [], title: 'Bindings', description: 'What the queue that is made gets.',
        items: {
          type: 'object',
          properties: {
            exchange: { type: 'string', minLength: 1, title: 'Exchange', description: 'Name of the exchange.' },
            routingKey: { type: 'string', default: '#', title: 'Routing key', description: 'Pattern of the binding.' },
            exchangeType: { enum: ['direct', 'topic', 'fanout', 'headers'], title: 'Type of the exchange', description: 'The exchange is made as well, durable and of this type. Absent: it is there.' },
          },
          required: ['exchange'],
          additionalProperties: false,
        },
      },
    },
    required: ['queue'],
    additionalProperties: false,
  },
  listen: (params, context) => listen(params as Params, context),
});

/** A message that is given up is rejected: its queue's dead-letter exchange gets it, or nobody. */
async function* listen(params: Params, { client, signal, log, clock }: ListenContext<Rabbit>): AsyncGenerator<TriggerEvent> {
  const { queue, prefetch, mostDeliveries } = params;
  const feed = createFeed<ConsumeMessage>(signal);
  const inFlight = createInFlight(() => undefined);
  const failures = new Map<string, number>();
  const end = (error: unknown): void => feed.end(rabbitFailure(error, client.address));
  client.lost.catch(end);
  const channel = await openChannel(client, params);
  channel.on('error', end);
  channel.on('close', () => end(new Error('the channel was closed')));

  const eventOf = (message: ConsumeMessage): TriggerEvent => {
    const delivery = deliveryOf(message, queue, params.keyHeader);
    const name = delivery.key ?? createHash('sha256').update(message.content).digest('base64');
    return inFlight.event(delivery, params, {
      taken: () => {
        failures.delete(name);
        channel.ack(message);
      },
      async refused() {
        const times = Math.max(failures.get(name) ?? 0, Number(message.properties.headers?.['x-delivery-count'] ?? 0)) + 1;
        if (failures.size > 10_000) failures.clear();
        failures.set(name, times);
        if (isGivenUp(mostDeliveries, times)) {
          failures.delete(name);
          log.error(`The message ${delivery.key ?? ''} of the queue ${queue} was given up after ${times} deliveries.`);
          return channel.nack(message, false, false);
        }
        // Requeued at once it would come again at once.
        await clock.sleep(pauseBefore(times - 1)).catch(() => undefined);
        channel.nack(message, false, true);
      },
    });
  };
  try {
    await channel.prefetch(prefetch);
    await channel.consume(queue, (message) => (message ? feed.push(message) : feed.end(failure('REMOTE_UNREACHABLE', `${client.address} has ended the delivery: the queue ${JSON.stringify(queue)} was deleted or moved.`))), { noAck: false });
    for await (const message of feed) yield eventOf(message);
  } catch (error) {
    throw rabbitFailure(error, client.address);
  } finally {
    await inFlight.settled(5_000);
    await channel.close().catch(() => undefined);
  }
}

async function openChannel({ model, address }: Rabbit, { queue, declare, durable, queueType, deadLetterExchange, deadLetterRoutingKey, arguments: more, bindings }: Params): Promise<Channel> {
  try {
    const channel = await model.createChannel();
    // What the broker refuses comes as the failure of the call, too.
    channel.on('error', () => undefined);
    if (!declare) {
      await channel.checkQueue(queue);
      return channel;
    }
    await channel.assertQueue(queue, {
      durable, ...(deadLetterExchange !== undefined && { deadLetterExchange }), ...(deadLetterRoutingKey !== undefined && { deadLetterRoutingKey }),
      arguments: { ...(queueType === 'quorum' && { 'x-queue-type': 'quorum' }), ...more },
    });
    for (const { exchange, routingKey, exchangeType } of bindings) {
      if (exchangeType) await channel.assertExchange(exchange, exchangeType, { durable: true });
      await channel.bindQueue(queue, exchange, routingKey);
    }
    return channel;
  } catch (error) {
    throw rabbitFailure(error, address);
  }
}

function deliveryOf({ content, fields, properties }: ConsumeMessage, queue: string, keyHeader: string | undefined): Delivery {
  const headers = properties.headers as Readonly<Record<string, unknown>> | undefined;
  const { contentType, messageId, type, correlationId, replyTo, timestamp, appId } = properties;
  const text = (value: unknown): string | undefined => (value === undefined || value === null || value === '' ? undefined : String(value));
  const key = keyHeader === undefined ? text(messageId) : text(headers?.[keyHeader]);
  return {
    body: content, contentType: text(contentType), key: key === undefined ? undefined : `${queue}:${key}`,
    meta: {
      ...headerMeta(headers), 'message.id': text(messageId), 'message.queue': queue, 'message.exchange': text(fields.exchange), 'message.routingKey': fields.routingKey, 'message.redelivered': String(fields.redelivered),
      'message.type': text(type), 'message.correlationId': text(correlationId), 'message.replyTo': text(replyTo), 'message.appId': text(appId),
      'message.timestamp': typeof timestamp === 'number' ? new Date(timestamp * 1000).toISOString() : undefined,
    },
  };
}
