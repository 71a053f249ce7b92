import { FlowError, defineEndpoint } from '../../sdk/index.ts';
import { failure, unlessAborted } from '../broker/connection.ts';
import { send, sendingFields, type Outgoing } from '../broker/outgoing.ts';
import { rabbitFailure, type Rabbit } from './connection.ts';

interface Options {
  readonly exchange: string;
  readonly routingKey: string;
  readonly mandatory: boolean;
  readonly persistent: boolean;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  readonly priority?: number;
  readonly expirationMs?: number;
}

export const publish = defineEndpoint<Rabbit>()({
  title: 'Publish',
  summary: 'Sends the payload as a message, or each of its records as one, and waits until the broker has confirmed it.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      exchange: { type: 'string', default: '', title: 'Exchange', description: 'Empty: the default exchange, whose routing key is the name of a queue.' },
      routingKey: { type: 'string', default: '', title: 'Routing key', description: 'What the exchange decides by.' },
      ...sendingFields,
      mandatory: { type: 'boolean', default: true, title: 'Mandatory', description: 'A message that no queue takes is refused, instead of being dropped.' },
      persistent: { type: 'boolean', default: true, title: 'Persistent', description: 'Durable queues keep it over a restart of the broker.' },
      headers: { type: 'object', additionalProperties: true, default: {}, title: 'Headers', description: 'Headers by name.' },
      type: { type: 'string', title: 'Type', description: 'Kind of the message, such as `order.created`.' },
      correlationId: { type: 'string', title: 'Correlation id', description: 'What the message belongs to.' },
      replyTo: { type: 'string', title: 'Reply to', description: 'Queue for an answer.' },
      priority: { type: 'integer', minimum: 0, maximum: 255, title: 'Priority', description: 'Counts in queues with priorities.' },
      expirationMs: { type: 'integer', minimum: 0, title: 'Expiration', description: 'Milliseconds after which it leaves the queue unread.' },
    },
    additionalProperties: false,
  },
  call: (payload, params, context) => send(payload, params, context, {
    target: `${params.exchange === '' ? '' : `/exchanges/${encodeURIComponent(params.exchange)}`}/${encodeURIComponent(params.routingKey)}`,
    publish: (client, message, signal) => publishOne(client, message, params, signal),
  }),
});

async function publishOne(client: Rabbit, { id, bytes, mediaType }: Outgoing, options: Options, signal: AbortSignal): Promise<Record<string, never>> {
  if (client.blocked !== undefined) throw failure('REMOTE_STATUS', `${client.address} takes no messages at present: ${client.blocked}.`);
  const { exchange, routingKey, mandatory, persistent, headers, type, correlationId, replyTo, priority, expirationMs } = options;
  const properties = {
    messageId: id, contentType: mediaType, mandatory, persistent, headers,
    ...(type !== undefined && { type }), ...(correlationId !== undefined && { correlationId }), ...(replyTo !== undefined && { replyTo }), ...(priority !== undefined && { priority }), ...(expirationMs !== undefined && { expiration: String(expirationMs) }),
  };
  try {
    const { channel, returned } = await client.publisher();
    const confirmed = Promise.withResolvers<void>();
    channel.publish(exchange, routingKey, Buffer.from(bytes), properties, (error: Error | null) => (error ? confirmed.reject(error) : confirmed.resolve()));
    await unlessAborted(Promise.race([confirmed.promise, client.lost]), signal);
    // The broker returns a message before it confirms it.
    const back = returned.get(id);
    if (!back) return {};
    returned.delete(id);
    const { replyText } = back.fields as { readonly replyText?: string };
    throw failure('REMOTE_REJECTED', `${client.address} has no queue for the routing key ${JSON.stringify(routingKey)} of the exchange ${JSON.stringify(exchange)}${replyText ? ` (${replyText})` : ''}.`, undefined, exchange === '' ? 'The exchange without a name leads to the queue of that name: make it on the server, or correct `routingKey`.' : 'Bind a queue to the exchange with this key on the server, or correct `routingKey`.');
  } catch (error) {
    if (FlowError.is(error) || signal.aborted) throw error;
    if ((error as Error).message === 'message nacked') throw failure('REMOTE_STATUS', `${client.address} has not taken the message: a queue is full, or could not keep it.`, error);
    if (/channel (closed|closing|ended)/i.test((error as Error).message)) throw await client.lost.catch((reason: unknown) => reason as Error);
    throw rabbitFailure(error, client.address);
  }
}
