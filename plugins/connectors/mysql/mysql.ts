import { defineConnector } from '../../sdk/index.ts';
import type { SqlClient } from '../sql/dialect.ts';
import { endpointsOf } from '../sql/endpoints.ts';
import { addressOf, authorities, certificate, connectTimeoutMs, database, host, key, password, readOnly, tls, tlsOf, user } from '../sql/settings.ts';
import { dialect } from './dialect.ts';

export default defineConnector<SqlClient>()({
  type: 'mysql',
  aliases: ['mariadb'],
  title: 'MySQL or MariaDB',
  summary: 'Reads and writes tables of a MySQL or MariaDB database, by statements whose values are bound.',
  description: [
    'Values of a row: whole and decimal numbers are numbers where JavaScript holds exactly that one, else texts, digit by digit. `tinyint(1)` and `bit(1)` are booleans where they are 0 or 1. `timestamp` is ISO 8601 in UTC (`2024-01-31T12:00:00.5Z`), `datetime` the same without a zone, `date` `YYYY-MM-DD`, bytes and blobs base64, `json` what it holds, all else is a text.',
    'Bound values: a list stands for as many values (`where id in ({{ params.ids }})`), an object is JSON. Upserts and inserts know the types of the columns: base64 goes into bytes, a time with a zone is written in UTC, any value goes into `json`.',
    'An upsert finds a row by its key columns alone, which must have a unique index of their own; a record that meets another unique index is refused instead of changing a foreign row. Changes of tables (`create`, `alter`) end a transaction, as MySQL has it. Statements that only read are one statement each, and with `readOnly` begin with `select`, `with`, `values`, `table`, `show`, `describe` or `explain`. What the server lets through even then, such as a function of its own that reaches out of the database, only a user without the right to it keeps from being called. An upsert, or a statement that can be made twice, is right once even after a crash in the middle; an insert then may be made twice.',
  ].join('\n\n'),
  icon: 'database',
  settings: {
    type: 'object',
    properties: { host, port: { type: 'integer', minimum: 1, maximum: 65_535, default: 3306, title: 'Port', description: 'Port of the server.' }, database, tls, authorities, readOnly, connectTimeoutMs },
    required: ['host', 'database'],
    additionalProperties: false,
  },
  credentials: { type: 'object', properties: { user, password, certificate, key }, required: ['user'], additionalProperties: false },
  examples: [],
  endpoints: endpointsOf(dialect),
  address: (settings) => addressOf('mysql', settings),
  async connect(settings, credentials, { signal }) {
    const { connectTo } = await import('./client.ts');
    const ssl = tlsOf(settings, credentials);
    return connectTo({
      host: settings.host, port: settings.port, database: settings.database, user: credentials.user, password: credentials.password ?? '',
      connectTimeout: settings.connectTimeoutMs, ...(ssl && { ssl: { ...ssl, verifyIdentity: ssl.rejectUnauthorized } }),
    }, settings.readOnly, signal);
  },
  check: async (client) => void (await client.run({ text: 'select 1', values: [] })),
});
