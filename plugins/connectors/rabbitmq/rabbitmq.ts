import { defineConnector } from '../../sdk/index.ts';
import { hostField, hostOf, tlsCredentials, tlsFields } from '../broker/connection.ts';
import { connectRabbit, type Rabbit } from './connection.ts';
import { consume } from './consume.ts';
import { publish } from './publish.ts';

export default defineConnector<Rabbit>()({
  type: 'rabbitmq',
  title: 'RabbitMQ',
  summary: 'Messages of the queues and exchanges of RabbitMQ (AMQP 0-9-1).',
  description: [
    'A message starts a run by the trigger `event`, and is acknowledged when the run is durably queued. Where the connection is lost, it is made anew and what was not acknowledged comes again: with a message id, or the header that the endpoint names, it starts no second run.',
    'A message that is published counts as sent when the broker has confirmed it. It has the id of its payload as its message id, the same on every attempt. One that no queue takes is refused, unless `mandatory` is off. While the broker blocks its publishers, for want of memory or disk, sending fails and can be tried again.',
    'Queues and exchanges are used as they are; the endpoint makes those that are missing where `declare` says so.',
  ].join('\n\n'),
  icon: 'inbox',
  settings: {
    type: 'object',
    properties: {
      host: hostField,
      port: { type: 'integer', minimum: 1, maximum: 65_535, title: 'Port', description: 'Default 5672, with TLS 5671.' },
      virtualHost: { type: 'string', minLength: 1, default: '/', title: 'Virtual host', description: 'Where queues and exchanges lie.' },
      ...tlsFields,
      heartbeatSeconds: { type: 'integer', minimum: 1, maximum: 3_600, default: 30, title: 'Heartbeat', description: 'Seconds after which a silent connection counts as lost, about twice over.' },
    },
    required: ['host'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      username: { type: 'string', default: 'guest', title: 'User', description: 'Name of the user.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      ...tlsCredentials,
    },
    additionalProperties: false,
  },
  examples: [{ title: 'A broker with TLS', settings: { host: 'mq.example.com', virtualHost: 'shop', tls: true } }],
  mostConnections: 4,
  address: ({ host, port, tls, virtualHost }) => `${tls ? 'amqps' : 'amqp'}://${hostOf(host)}:${port ?? (tls ? 5671 : 5672)}/${virtualHost === '/' ? '' : encodeURIComponent(virtualHost)}`,
  connect: (settings, credentials, { signal }) => connectRabbit(settings, credentials, signal),
  endpoints: { 'messages.consume': consume, 'messages.publish': publish },
});
