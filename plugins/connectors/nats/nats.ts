import { defineConnector } from '../../sdk/index.ts';
import { hostField, hostOf, tlsCredentials, tlsFields } from '../broker/connection.ts';
import { connectNats, type Nats } from './connection.ts';
import { consume } from './consume.ts';
import { publish, send } from './publish.ts';

export default defineConnector<Nats>()({
  type: 'nats',
  title: 'NATS JetStream',
  summary: 'Messages of the streams of NATS JetStream, and messages of plain NATS that are sent.',
  description: [
    'A message starts a run by the trigger `event`, and is acknowledged when the run is durably queued. What was not acknowledged comes again, and starts no second run: a message is known by its `Nats-Msg-Id`, or by its place in the stream.',
    'A message that is published to a stream counts as sent when the stream has it. It has the id of its payload as `Nats-Msg-Id`, the same on every attempt, so that the stream keeps it once within its window of duplicates (2 minutes, where the stream does not say otherwise).',
  ].join('\n\n'),
  icon: 'broadcast',
  settings: {
    type: 'object',
    properties: {
      host: hostField,
      port: { type: 'integer', minimum: 1, maximum: 65_535, default: 4222, title: 'Port', description: 'Port of the server.' },
      ...tlsFields,
      domain: { type: 'string', minLength: 1, title: 'Domain', description: 'JetStream domain, where the streams are not those of the server.' },
    },
    required: ['host'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      username: { type: 'string', title: 'User', description: 'Name of the user.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      token: { type: 'string', writeOnly: true, title: 'Token', description: 'Instead of user and password.' },
      seed: { type: 'string', writeOnly: true, title: 'Seed', description: 'Seed of an nkey, instead of user and password.' },
      creds: { type: 'string', writeOnly: true, title: 'Credentials', description: 'Text of a `.creds` file, instead of user and password.' },
      ...tlsCredentials,
    },
    additionalProperties: false,
  },
  examples: [{ title: 'A server with TLS', settings: { host: 'nats.example.com', tls: true } }],
  isShared: true,
  address: ({ host, port, tls }) => `${tls ? 'tls' : 'nats'}://${hostOf(host)}:${port}`,
  connect: (settings, credentials, { signal }) => connectNats(settings, credentials, signal),
  check: async ({ connection }) => connection.flush(),
  endpoints: { 'stream.consume': consume, 'stream.publish': publish, 'messages.send': send },
});
