import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { defineEndpoint, type ListenContext, type TriggerEvent } from '../../sdk/index.ts';
import { createInFlight, headerMeta, isGivenUp, listeningFields, pauseBefore, type Delivery, type Format } from '../broker/incoming.ts';
import { natsFailure, type Nats } from './connection.ts';

interface Params {
  readonly stream: string;
  readonly consumer: string;
  readonly create: boolean;
  readonly subjects: readonly string[];
  readonly from: 'all' | 'new';
  readonly ackWaitMs: number;
  readonly format: Format;
  readonly prefetch: number;
  readonly overlap: NonNullable<TriggerEvent['overlap']>;
  readonly mostDeliveries: number;
}

export const consume = defineEndpoint<Nats>()({
  title: 'Consume a stream',
  summary: 'Starts a run for each message that a durable consumer of a stream gets.',
  direction: 'listen',
  params: {
    type: 'object',
    properties: {
      stream: { type: 'string', minLength: 1, title: 'Stream', description: 'Name of the stream.' },
      consumer: { type: 'string', minLength: 1, title: 'Consumer', description: 'Name of the durable consumer, which knows what is done with.' },
      create: { type: 'boolean', default: true, title: 'Create', description: 'The consumer is made where it is missing. One that is there stays as it is.' },
      subjects: { type: 'array', items: { type: 'string', minLength: 1 }, default: [], title: 'Subjects', description: 'Of the consumer that is made: the messages that it gets; empty: all. Several need NATS 2.10.' },
      from: { enum: ['all', 'new'], default: 'all', title: 'From', description: 'Of the consumer that is made: where it begins.', enumDescriptions: ['With the first message that the stream has.', 'With the first message that comes after it was made.'] },
      ackWaitMs: { type: 'integer', minimum: 1_000, maximum: 3_600_000, default: 30_000, title: 'Time to acknowledge', description: 'Of the consumer that is made: milliseconds after which a message without acknowledgement comes again.' },
      ...listeningFields,
    },
    required: ['stream', 'consumer'],
    additionalProperties: false,
  },
  listen: (params, context) => listen(params as Params, context),
});

/** A message that is given up is terminated: the stream keeps it, the consumer does not get it again. */
async function* listen(params: Params, { client, signal, log }: ListenContext<Nats>): AsyncGenerator<TriggerEvent> {
  const inFlight = createInFlight(() => undefined);
  let failure: unknown;
  let messages: ConsumerMessages;
  try {
    const consumer = await consumerOf(client, params);
    messages = await consumer.consume({ max_messages: params.prefetch, threshold_messages: Math.max(1, Math.floor(params.prefetch / 2)) });
  } catch (error) {
    throw natsFailure(error, client.address);
  }
  const end = (error?: unknown): void => {
    failure ??= error;
    messages.stop();
  };
  const stop = (): void => end();
  client.lost.catch(end);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  void watch(messages, end);
  try {
    for await (const message of messages) {
      yield inFlight.event(deliveryOf(message), params, {
        taken: () => message.ack(),
        refused() {
          const times = message.info.deliveryCount;
          if (!isGivenUp(params.mostDeliveries, times)) return message.nak(pauseBefore(times - 1));
          log.error(`The message ${message.seq} of the stream ${params.stream} was given up after ${times} deliveries.`);
          return message.term();
        },
      });
      // The library asks for more when messages are read, not when they are acknowledged.
      await inFlight.below(params.prefetch, signal);
      if (failure !== undefined) break;
    }
    if (failure !== undefined) throw failure;
    if (!signal.aborted) throw new Error('the delivery has ended');
  } catch (error) {
    throw natsFailure(error, client.address);
  } finally {
    signal.removeEventListener('abort', stop);
    await inFlight.settled(5_000);
    messages.stop();
    // Acknowledgements are written when they are given; they shall not end with the connection.
    if (!client.connection.isClosed()) await client.connection.flush().catch(() => undefined);
  }
}

/** The consumer or its stream is deleted while it is listened to, or the server keeps silent. */
async function watch(messages: ConsumerMessages, end: (error: Error) => void): Promise<void> {
  for await (const { type } of messages.status()) {
    if (type === 'consumer_deleted' || type === 'consumer_not_found' || type === 'stream_not_found') end(new Error(`the delivery has ended: ${type.replaceAll('_', ' ')}`));
    if (type === 'heartbeats_missed') end(new Error('the server keeps silent'));
  }
}

async function consumerOf(client: Nats, { stream, consumer, create, subjects, from, ackWaitMs, prefetch }: Params): Promise<Consumer> {
  const manager = await client.manager();
  const isThere = await manager.consumers.info(stream, consumer).then(() => true, (error: Error) => {
    if (create && error.name === 'ConsumerNotFoundError') return false;
    throw error;
  });
  if (!isThere) {
    const filter = subjects.length > 1 ? { filter_subjects: [...subjects] } : subjects.length === 1 ? { filter_subject: subjects[0]! } : {};
    await manager.consumers.add(stream, { durable_name: consumer, ack_policy: 'explicit', ack_wait: ackWaitMs * 1_000_000, deliver_policy: from, max_ack_pending: Math.max(prefetch, 1_000), ...filter });
  }
  return client.stream.consumers.get(stream, consumer);
}

function deliveryOf({ data, headers, subject, seq, info, timestampNanos, timestamp }: JsMsg): Delivery {
  const own = Object.fromEntries([...(headers ?? [])].map(([name, values]) => [name, values.join(', ')]));
  const id = headers?.get('Nats-Msg-Id');
  return {
    body: data, contentType: headers?.get('Content-Type') || undefined,
    // A stream that is made anew counts from 1 again.
    key: id ? `${info.stream}:${id}` : `${info.stream}:${seq}:${timestampNanos}`,
    meta: { ...headerMeta(own), 'message.id': id || undefined, 'message.subject': subject, 'message.stream': info.stream, 'message.sequence': String(seq), 'message.timestamp': timestamp, 'message.redelivered': String(info.deliveryCount > 1) },
  };
}
