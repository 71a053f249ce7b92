import type { IClientPublishOptions } from 'mqtt';
import { FlowError, defineEndpoint } from '../../sdk/index.ts';
import { failure, unlessAborted } from '../broker/connection.ts';
import { send, sendingFields, type Outgoing } from '../broker/outgoing.ts';
import { mqttFailure, type Mqtt } from './connection.ts';

interface Options {
  readonly topic: string;
  readonly qos: '0' | '1' | '2';
  readonly retain: boolean;
  readonly userProperties: Readonly<Record<string, string>>;
  readonly idProperty?: string;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly expirySeconds?: number;
}

export const publish = defineEndpoint<Mqtt>()({
  title: 'Publish',
  summary: 'Sends the payload as a message, or each of its records as one, and waits for what the quality asks for.',
  direction: 'send',
  params: {
    type: 'object',
    properties: {
      topic: { type: 'string', minLength: 1, title: 'Topic', description: 'Topic of the message, without wildcards.' },
      qos: { enum: ['0', '1', '2'], default: '1', title: 'Quality of service', description: 'What is promised.', enumDescriptions: ['At most once; nothing is confirmed.', 'At least once.', 'Exactly once between here and the broker.'] },
      retain: { type: 'boolean', default: false, title: 'Retain', description: 'The broker keeps it as the last message of its topic; an empty body removes that.' },
      ...sendingFields,
      userProperties: { type: 'object', additionalProperties: { type: 'string' }, default: {}, title: 'User properties', description: 'Properties by name (MQTT 5).' },
      idProperty: { type: 'string', minLength: 1, title: 'Property of the id', description: 'User property that gets the id of the message, the same on every attempt (MQTT 5).' },
      contentType: { type: 'string', title: 'Content type', description: 'Default that of the payload (MQTT 5).' },
      responseTopic: { type: 'string', title: 'Response topic', description: 'Topic for an answer (MQTT 5).' },
      expirySeconds: { type: 'integer', minimum: 1, title: 'Expiry', description: 'Seconds after which the broker drops it undelivered (MQTT 5).' },
    },
    required: ['topic'],
    additionalProperties: false,
  },
  call(payload, params, context) {
    const { topic } = params;
    if (/[+#\0]/.test(topic) || topic === '' || Buffer.byteLength(topic) > 65_535) throw failure('DATA_INVALID', `${JSON.stringify(topic.slice(0, 200))} is no topic to publish to: it is empty or too long, or holds a wildcard.`);
    return send(payload, params, context, { target: `/${topic.split('/').map(encodeURIComponent).join('/')}`, publish: (client, message, signal) => publishOne(client, message, params, signal) });
  },
});

async function publishOne(client: Mqtt, message: Outgoing, options: Options, signal: AbortSignal): Promise<Record<string, never>> {
  const link = await client.publisher();
  if (!link.client.connected) return link.lost;
  const { topic, qos, retain } = options;
  try {
    const sent = link.client.publishAsync(topic, Buffer.from(message.bytes), { qos: Number(qos) as 0 | 1 | 2, retain, ...(client.version === 5 && { properties: propertiesOf(message, options) }) });
    await unlessAborted(Promise.race([sent, link.lost]), signal);
    return {};
  } catch (error) {
    if (FlowError.is(error) || signal.aborted) throw error;
    const { code, message: text } = error as Error & { code?: unknown };
    if (code === 151) throw failure('REMOTE_STATUS', `${client.address} takes no more messages: a quota is used up.`, error);
    // The broker says no to this very message: not authorized, no such topic, bad format.
    if (typeof code === 'number' && code >= 128) throw failure('REMOTE_REJECTED', `${client.address} refuses the message for ${JSON.stringify(topic)}: ${text}.`, error);
    throw mqttFailure(error, client.address);
  }
}

function propertiesOf({ id, mediaType }: Outgoing, { contentType = mediaType, responseTopic, expirySeconds, userProperties, idProperty }: Options): NonNullable<IClientPublishOptions['properties']> {
  const own = { ...userProperties, ...(idProperty !== undefined && { [idProperty]: id }) };
  return { contentType, ...(responseTopic !== undefined && { responseTopic }), ...(expirySeconds !== undefined && { messageExpiryInterval: expirySeconds }), ...(Object.keys(own).length > 0 && { userProperties: own }) };
}
