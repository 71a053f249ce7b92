import { defineConnector } from '../../sdk/index.ts';
import { hostField, hostOf, tlsCredentials, tlsFields } from '../broker/connection.ts';
import { add } from './add.ts';
import { connectRedis, redisFailure, type RedisClient } from './connection.ts';
import { consume } from './consume.ts';

export default defineConnector<RedisClient>()({
  type: 'redis',
  title: 'Redis Streams',
  summary: 'Entries of the streams of Redis or Valkey.',
  description: [
    'An entry starts a run by the trigger `event`, and is acknowledged in its consumer group when the run is durably queued. Entries that another consumer of the group has left unacknowledged are claimed after a while. An entry is known by its id, so it starts no second run.',
    'Redis knows no duplicates: an entry that is added again after a lost answer is there twice. With `uniqueForMs` it is remembered for that time, by the id of its payload, in a key beside the stream.',
    'How well entries outlive a crash of the server is a matter of its settings (`appendfsync always` for all that it has confirmed).',
  ].join('\n\n'),
  icon: 'database',
  settings: {
    type: 'object',
    properties: {
      host: hostField,
      port: { type: 'integer', minimum: 1, maximum: 65_535, default: 6379, title: 'Port', description: 'Port of the server.' },
      database: { type: 'integer', minimum: 0, default: 0, title: 'Database', description: 'Number of the database.' },
      ...tlsFields,
    },
    required: ['host'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      username: { type: 'string', title: 'User', description: 'Name of the user; absent: the default one.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      ...tlsCredentials,
    },
    additionalProperties: false,
  },
  examples: [{ title: 'A server with TLS', settings: { host: 'redis.example.com', tls: true } }],
  isShared: true,
  address: ({ host, port, tls, database }) => `${tls ? 'rediss' : 'redis'}://${hostOf(host)}:${port}/${database}`,
  connect: (settings, credentials, { signal }) => connectRedis(settings, credentials, signal),
  async check({ redis, address }) {
    await redis.ping().catch((error: unknown) => { throw redisFailure(error, address); });
  },
  endpoints: { 'stream.consume': consume, 'stream.add': add },
});
