import { defineConnector } from '../../sdk/index.ts';
import type { SqlClient } from '../sql/dialect.ts';
import { endpointsOf } from '../sql/endpoints.ts';
import { addressOf, authorities, connectTimeoutMs, database, host, password, tls, tlsOf, user } from '../sql/settings.ts';
import { dialect } from './dialect.ts';

export default defineConnector<SqlClient>()({
  type: 'sql-server',
  aliases: ['mssql'],
  title: 'Microsoft SQL Server',
  summary: 'Reads and writes tables of a SQL Server database, by statements whose values are bound.',
  description: [
    'Experimental: seen to work with Babelfish, which speaks like a SQL Server, but not yet with a SQL Server of Microsoft. Look at what it does with your own one before you rely on it. In Babelfish itself there is no `upsert`, as it has no MERGE.',
    'Values of a row: `bigint` is a number where JavaScript holds exactly that one, else a text; `decimal` and `money` are numbers, so write `cast(… as varchar(40))` where more than 15 digits count. `datetimeoffset` is ISO 8601 in UTC, `datetime` and `datetime2` the same without a zone, `date` `YYYY-MM-DD`, `time` `HH:MM:SS`, all with the digits that they have; bytes are base64, a `uniqueidentifier` has small letters, all else is a text, JSON as well.',
    'Bound values: a list stands for as many values (`where id in ({{ params.ids }})`), an object is JSON. A record may have a time with a zone for a column without: it is written in UTC. What a statement that should only read writes all the same is taken back at its end, and one that visibly ends its transaction, or runs a text, is refused before. What is not visible, such as a procedure of somebody\'s own that commits, or what `openrowset` and `openquery` ask of another server, only a user without the right to it keeps from being done: give queries such a one. An upsert needs a unique index over its key columns, and writes no column that the server numbers (IDENTITY). Where a record ends the transaction of its batch, the batch is tried in halves that are taken back, until such records are known: that takes statements, and numbers of IDENTITY.',
    'A user has a login of the server, also in Azure SQL; other ways to log in are not there. A named instance is reached by its port.',
  ].join('\n\n'),
  status: 'experimental',
  icon: 'database',
  settings: {
    type: 'object',
    properties: { host, port: { type: 'integer', minimum: 1, maximum: 65_535, default: 1433, title: 'Port', description: 'Port of the server.' }, database, tls, authorities, connectTimeoutMs },
    required: ['host', 'database'],
    additionalProperties: false,
  },
  credentials: { type: 'object', properties: { user, password }, required: ['user', 'password'], additionalProperties: false },
  examples: [],
  endpoints: endpointsOf(dialect),
  address: (settings) => addressOf('sqlserver', settings),
  async connect(settings, credentials, { signal }) {
    const { connectTo } = await import('./client.ts');
    const secured = tlsOf(settings, {});
    return connectTo({
      server: settings.host, port: settings.port, database: settings.database, user: credentials.user, password: credentials.password, connectionTimeout: settings.connectTimeoutMs,
      options: { encrypt: secured !== undefined, trustServerCertificate: secured?.rejectUnauthorized === false, useUTC: true, lowerCaseGuids: true, appName: 'Patchbay', abortTransactionOnError: false, ...(secured?.ca !== undefined && { cryptoCredentialsDetails: { ca: secured.ca } }) },
    }, signal);
  },
  check: async (client) => void (await client.run({ text: 'select 1 as one', values: [] })),
});
