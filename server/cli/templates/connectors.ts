import type { ConnectorManifest } from '../../model/connector.ts';
import type { ProtocolManifest } from '../../model/protocol.ts';
import type { InstanceFile } from '../../model/instance.ts';
import { serialize } from '../../model/serialize.ts';
import { brokerTemplates } from './brokers.ts';
import { fileTemplates } from './files.ts';
import { titleOf, type Template } from './template.ts';

const since: object = { type: 'string', title: 'Since', description: 'Only orders that changed after this time.' };

/** A connector with an instance, to be changed into the one that is wanted. */
export const connectorTemplates: Readonly<Record<string, Template>> = {
  rest: {
    summary: 'A JSON API with pages of records and a bearer token',
    files: (name) => {
      const manifest: ConnectorManifest = {
        version: 1,
        title: titleOf(name),
        summary: 'Says in one sentence what the system is.',
        baseUrl: '{{ instance.url }}',
        variables: { url: { type: 'string', title: 'Address', description: 'Address of the API, without a slash at its end.' } },
        auth: { token: { type: 'bearer' } },
        endpoints: {
          'orders.list': {
            title: 'List orders',
            entity: 'orders',
            direction: 'receive',
            method: 'GET',
            path: '/orders',
            query: { updated_since: '{{ params.since }}' },
            params: { since },
            pagination: { type: 'page-number' },
            records: '$.orders',
            examples: [{ title: 'Two orders', request: { params: { since: '2024-07-01' } }, response: { status: 200, body: { orders: [{ id: 1, total: '12.00' }, { id: 2, total: '7.50' }] } } }],
          },
          'orders.create': {
            title: 'Create an order',
            entity: 'orders',
            direction: 'send',
            method: 'POST',
            path: '/orders',
            body: { format: 'json' },
            idempotencyHeader: 'idempotency-key',
            examples: [{ title: 'One order', request: { body: { total: '12.00' } }, response: { status: 201, body: { id: 3 } } }],
          },
        },
      };
      const instance: InstanceFile = { version: 1, title: titleOf(name), connector: name, settings: { url: 'https://api.example.com' }, credentials: { token: { $secret: `${name}/token` } } };
      return { [`connectors/${name}.connector.json`]: serialize('connector', manifest), [`instances/${name}.instance.json`]: serialize('instance', instance) };
    },
  },
  postgresql: sqlTemplate('postgresql', 'A PostgreSQL database: rows queried, upserted and changed'),
  mysql: sqlTemplate('mysql', 'A MySQL or MariaDB database, the same'),
  'sql-server': sqlTemplate('sql-server', 'A Microsoft SQL Server database, the same (experimental)'),
  ...brokerTemplates,
  ...fileTemplates,
};

function sqlTemplate(protocol: string, summary: string): Template {
  return {
    summary,
    files: (name) => {
      const manifest: ProtocolManifest = {
        version: 1,
        title: titleOf(name),
        summary: 'Says in one sentence what the database holds.',
        protocol,
        endpoints: {
          'orders.list': {
            title: 'List orders',
            entity: 'orders',
            direction: 'receive',
            call: 'query',
            with: { statement: 'select id, number, total, changed_at from orders where changed_at > {{ params.since }}', key: 'id', pageSize: 1_000 },
            params: { since: { ...since, required: true } },
          },
          'orders.upsert': { title: 'Write orders', entity: 'orders', direction: 'send', call: 'upsert', with: { table: 'orders', keys: ['id'] } },
          'orders.done': {
            title: 'Mark orders as done',
            entity: 'orders',
            direction: 'send',
            call: 'execute',
            with: { statement: 'update orders set done = {{ record.done }} where id = {{ record.id }}', per: 'record' },
          },
        },
      };
      const instance: InstanceFile = { version: 1, title: titleOf(name), connector: name, settings: { host: 'db.example.com', database: 'shop' }, credentials: { user: 'patchbay', password: { $secret: `${name}/password` } } };
      return { [`connectors/${name}.connector.json`]: serialize('connector', manifest), [`instances/${name}.instance.json`]: serialize('instance', instance) };
    },
  };
}
