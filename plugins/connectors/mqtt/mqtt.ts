import { defineConnector } from '../../sdk/index.ts';
import { hostField, hostOf, tlsCredentials, tlsFields } from '../broker/connection.ts';
import { connectMqtt, type Mqtt } from './connection.ts';
import { publish } from './publish.ts';
import { subscribe } from './subscribe.ts';

export default defineConnector<Mqtt>()({
  type: 'mqtt',
  title: 'MQTT',
  summary: 'Messages of an MQTT broker such as Mosquitto, EMQX or HiveMQ.',
  description: [
    'A message starts a run by the trigger `event`, and is acknowledged when the run is durably queued. With a client id the broker keeps what comes while nobody listens; without one, messages of that time are lost.',
    'MQTT has no message ids of its own. Where the connection is lost between the run and the acknowledgement, the message comes again and starts a second run, unless its sender gives an id as a user property (MQTT 5), which the endpoint names.',
    'With MQTT 3.1.1, messages of quality 2 come with quality 1: a message that is received there is gone from the broker before a run could be queued. Messages without quality (0) are lost where the connection is.',
  ].join('\n\n'),
  icon: 'broadcast',
  settings: {
    type: 'object',
    properties: {
      host: hostField,
      port: { type: 'integer', minimum: 1, maximum: 65_535, title: 'Port', description: 'Default 1883, with TLS 8883.' },
      ...tlsFields,
      version: { enum: ['5', '3.1.1'], default: '5', title: 'Version', description: 'Version of the protocol.' },
      keepAliveSeconds: { type: 'integer', minimum: 0, maximum: 65_535, default: 60, title: 'Keep alive', description: 'Seconds without a message after which the connection is tried.' },
    },
    required: ['host'],
    additionalProperties: false,
  },
  credentials: {
    type: 'object',
    properties: {
      username: { type: 'string', title: 'User', description: 'Name of the user.' },
      password: { type: 'string', writeOnly: true, title: 'Password', description: 'Password of the user.' },
      ...tlsCredentials,
    },
    additionalProperties: false,
  },
  examples: [{ title: 'A broker with TLS', settings: { host: 'mqtt.example.com', tls: true } }],
  isShared: true,
  address: ({ host, port, tls }) => `${tls ? 'mqtts' : 'mqtt'}://${hostOf(host)}:${port ?? (tls ? 8883 : 1883)}`,
  connect: async (settings, credentials, { signal }) => connectMqtt(settings, credentials, signal),
  check: async (client) => void (await client.publisher()),
  endpoints: { 'messages.subscribe': subscribe, 'messages.publish': publish },
});
