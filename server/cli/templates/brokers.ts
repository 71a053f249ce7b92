import type { InstanceFile } from '../../model/instance.ts';
import type { ProtocolEndpoint, ProtocolManifest } from '../../model/protocol.ts';
import { serialize } from '../../model/serialize.ts';
import { titleOf, type Template } from './template.ts';

type Part = Pick<ProtocolEndpoint, 'call' | 'with'>;

/** Connectors to brokers: messages that start runs by the trigger `event`, and messages that are sent. */
export const brokerTemplates: Readonly<Record<string, Template>> = {
  rabbitmq: brokerTemplate('rabbitmq', 'RabbitMQ: messages of a queue that start runs, messages that are published', {
    receive: { call: 'messages.consume', with: { queue: 'orders', prefetch: 100, mostDeliveries: 10 } },
    send: { call: 'messages.publish', with: { exchange: 'shop', routingKey: 'orders.{{ payload.country }}' } },
  }),
  mqtt: brokerTemplate('mqtt', 'MQTT: the same with topics', {
    receive: { call: 'messages.subscribe', with: { topics: ['shop/orders/#'], qos: '1', clientId: 'patchbay' } },
    send: { call: 'messages.publish', with: { topic: 'shop/orders/{{ payload.id }}', qos: '1', retain: true } },
  }),
  nats: brokerTemplate('nats', 'NATS JetStream: the same with streams and subjects', {
    receive: { call: 'stream.consume', with: { stream: 'ORDERS', consumer: 'patchbay', subjects: ['orders.>'] } },
    send: { call: 'stream.publish', with: { subject: 'orders.{{ payload.country }}', stream: 'ORDERS' } },
  }),
  redis: brokerTemplate('redis', 'Redis streams: the same with consumer groups', {
    receive: { call: 'stream.consume', with: { stream: 'orders', group: 'patchbay', field: 'document' } },
    send: { call: 'stream.add', with: { stream: 'orders', field: 'document', maxLength: 100_000, each: 'record' } },
  }),
};

function brokerTemplate(protocol: string, summary: string, { receive, send }: { readonly receive: Part; readonly send: Part }): Template {
  return {
    summary,
    files: (name) => {
      const manifest: ProtocolManifest = {
        version: 1,
        title: titleOf(name),
        summary: 'Says in one sentence which messages go through it.',
        protocol,
        endpoints: {
          'orders.received': { title: 'Orders that come in', entity: 'orders', direction: 'listen', ...receive },
          'orders.send': { title: 'Send an order', entity: 'orders', direction: 'send', ...send },
        },
      };
      const instance: InstanceFile = { version: 1, title: titleOf(name), connector: name, settings: { host: `${protocol}.example.com`, tls: true }, credentials: { username: 'patchbay', password: { $secret: `${name}/password` } } };
      return { [`connectors/${name}.connector.json`]: serialize('connector', manifest), [`instances/${name}.instance.json`]: serialize('instance', instance) };
    },
  };
}
