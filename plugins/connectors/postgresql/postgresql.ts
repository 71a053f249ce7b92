import { defineConnector, FlowError } from '../../sdk/index.ts';
import type { SqlClient } from '../sql/dialect.ts';
import { endpointsOf } from '../sql/endpoints.ts';
import { failureOfConnecting } from '../sql/failures.ts';
import { addressOf, authorities, certificate, connectTimeoutMs, database, host, key, password, readOnly, tls, tlsOf, user } from '../sql/settings.ts';
import { dialect } from './dialect.ts';
import { postgresFailure } from './failures.ts';

export default defineConnector<SqlClient>()({
  type: 'postgresql',
  title: 'PostgreSQL',
  summary: 'Reads and writes tables of a PostgreSQL database, by statements whose values are bound.',
  description: [
    'Values of a row: whole and decimal numbers are numbers where JavaScript holds exactly that one, else texts, digit by digit. `timestamptz` is ISO 8601 in UTC (`2024-01-31T12:00:00.5Z`), `timestamp` the same without a zone, `date` `YYYY-MM-DD`, `interval` ISO 8601, `bytea` base64, `json` and `jsonb` what they hold, arrays are lists, all else is a text.',
    'Bound values: a list is an array (`where id = any({{ params.ids }})`), an object is JSON; for a list that shall be JSON write `{{ payload.items | json-encode }}::jsonb`. Upserts and inserts know the types of the columns: base64 goes into `bytea`, any value into `json`. A text with the character NUL is refused by PostgreSQL.',
    'Statements that only read are run in a transaction in which nothing can be written, and are one statement each. One that writes (`execute`) may be several, where it has no values: then `affected` is the sum, and `rows` are those of the first that gives any. What PostgreSQL lets through even there, such as `nextval` of a temporary sequence, `lo_export`, `dblink` or a function of somebody\'s own that reaches out of the database, only a user without the right to it keeps from being called: give an instance with `readOnly` such a one, never a superuser. An upsert, or a statement that can be made twice, is right once even after a crash in the middle; an insert then may be made twice.',
  ].join('\n\n'),
  icon: 'database',
  settings: {
    type: 'object',
    properties: { host, port: { type: 'integer', minimum: 1, maximum: 65_535, default: 5432, title: 'Port', description: 'Port of the server.' }, database, tls, authorities, readOnly, connectTimeoutMs },
    required: ['host', 'database'],
    additionalProperties: false,
  },
  credentials: { type: 'object', properties: { user, password, certificate, key }, required: ['user'], additionalProperties: false },
  examples: [],
  endpoints: endpointsOf(dialect),
  address: (settings) => addressOf('postgresql', settings),
  async connect(settings, credentials, { signal }) {
    const { Client } = (await import('pg')).default;
    const ssl = tlsOf(settings, credentials);
    const client = new Client({
      host: settings.host, port: settings.port, database: settings.database, user: credentials.user, password: credentials.password ?? '', ssl: ssl ?? false,
      connectionTimeoutMillis: settings.connectTimeoutMs, keepAlive: true, application_name: 'Patchbay', types: (await import('./types.ts')).types,
    });
    const abort = (): void => void client.end().catch(() => undefined);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      // What a row looks like must not depend on the settings of the server.
      await client.query(`set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set bytea_output = 'hex'; set extra_float_digits = 1; set standard_conforming_strings = on; set cursor_tuple_fraction = 1${settings.readOnly ? '; set default_transaction_read_only = on' : ''}`);
      // A statement for which nobody waits any more ends by itself; not every system can look whether somebody does.
      await client.query("set client_connection_check_interval = '2s'").catch(() => undefined);
      signal.throwIfAborted();
    } catch (error) {
      client.end().catch(() => undefined);
      signal.throwIfAborted();
      throw failureOfConnecting(FlowError.is(error) ? error : postgresFailure(error), settings, 'PostgreSQL');
    } finally {
      signal.removeEventListener('abort', abort);
    }
    return (await import('./client.ts')).clientOf(client, settings.readOnly);
  },
  check: async (client) => void (await client.run({ text: 'select 1', values: [] })),
});
