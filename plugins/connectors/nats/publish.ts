import type { MsgHdrs } from '@nats-io/transport-node';
import { FlowError, defineEndpoint } from '../../sdk/index.ts';
import { failure, unlessAborted } from '../broker/connection.ts';
import { send as sendMessages, sendingFields, type Outgoing } from '../broker/outgoing.ts';
import { natsFailure, type Nats } from './connection.ts';

const fields = {
  subject: { type: 'string', minLength: 1, title: 'Subject', description: 'Subject of the message, without wildcards.' },
  ...sendingFields,
  headers: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'Headers', description: 'Headers by name.' },
} as const;

export const publish = defineEndpoint<Nats>()({
  title: 'Publish to a stream',
  summary: 'Sends the payload as a message, or each of its records as one, and waits until the stream has it.',
  direction: 'send',
  params: {
    type: 'object',
    properties: { ...fields, stream: { type: 'string', minLength: 1, title: 'Stream', description: 'Stream that must be the one that takes the message.' } },
    required: ['subject'],
    additionalProperties: false,
  },
  call: (payload, params, context) => sendMessages(payload, params, context, {
    target: targetOf(params.subject),
    isUnique: true,
    async publish(client, message, signal) {
      const headers = await headersOf(message, params.headers);
      const options = { msgID: message.id, headers, ...(params.stream !== undefined && { expect: { streamName: params.stream } }) };
      const { stream, seq, duplicate } = await guarded(client, params.subject, signal, () => client.stream.publish(params.subject, message.bytes, options));
      return { stream, sequence: seq, ...(duplicate && { duplicate }) };
    },
  }),
});

export const send = defineEndpoint<Nats>()({
  title: 'Send',
  summary: 'Sends the payload as a message of plain NATS, or each of its records as one: whoever listens gets it, and nobody keeps it.',
  direction: 'send',
  params: { type: 'object', properties: fields, required: ['subject'], additionalProperties: false },
  call: (payload, params, context) => sendMessages(payload, params, context, {
    target: targetOf(params.subject),
    async publish(client, message, signal) {
      const headers = await headersOf(message, params.headers);
      // The server has read it when it answers what comes after it.
      await guarded(client, params.subject, signal, () => {
        client.connection.publish(params.subject, message.bytes, { headers });
        return client.connection.flush();
      });
      return {};
    },
  }),
});

const targetOf = (subject: string): string => {
  if (/[\s*>]|^\.|\.$|\.\./.test(subject)) throw failure('DATA_INVALID', `${JSON.stringify(subject.slice(0, 200))} is no subject to publish to: it holds a wildcard, a blank or an empty part.`);
  return `/${encodeURIComponent(subject)}`;
};

async function headersOf({ mediaType, id }: Outgoing, given: Readonly<Record<string, string>>): Promise<MsgHdrs> {
  const { default: transport } = await import('@nats-io/transport-node');
  const made = transport.headers();
  try {
    for (const [name, value] of Object.entries({ 'Content-Type': mediaType, 'Nats-Msg-Id': id, ...given })) made.set(name, value);
  } catch (error) {
    throw failure('DATA_INVALID', `The headers of the message cannot be written: ${(error as Error).message}.`, error);
  }
  return made;
}

async function guarded<T>(client: Nats, subject: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await unlessAborted(Promise.race([work(), client.lost]), signal);
  } catch (error) {
    if (FlowError.is(error) || signal.aborted) throw error;
    const { name, message, status } = error as Error & { readonly status?: number };
    // Where nobody answers, the library concludes that there is no JetStream at all.
    if (name === 'NoRespondersError' || name === 'JetStreamNotEnabled') throw failure('REMOTE_REJECTED', `${client.address} has no stream that takes ${JSON.stringify(subject)}.`, error, 'Make a stream on the server whose subjects hold this one, or correct `subject`.');
    if (name === 'JetStreamApiError' && status !== undefined && status < 500) throw failure('REMOTE_REJECTED', `The stream refuses the message for ${JSON.stringify(subject)}: ${message}.`, error);
    if (/max.?payload/i.test(message)) throw failure('REMOTE_REJECTED', `${client.address} refuses the message for ${JSON.stringify(subject)}: ${message}.`, error);
    throw natsFailure(error, client.address);
  }
}
