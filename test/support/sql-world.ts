import { test } from 'node:test';
import type { Plugin } from '../../plugins/sdk/index.ts';
import mysql from '../../plugins/connectors/mysql/mysql.ts';
import postgresql from '../../plugins/connectors/postgresql/postgresql.ts';
import sqlServer from '../../plugins/connectors/sql-server/sql-server.ts';
import { call, type Call, type Called } from './connector-host.ts';
import { protocolHost, type ProtocolHostOptions } from './protocol-host.ts';
import { service } from './service.ts';

/** A database of `.ci/services`, or a SQL Server of the developer's own, and the words in which it differs from the others. */
export interface Database {
  readonly name: 'PostgreSQL' | 'MariaDB' | 'SQL Server';
  /** The address ends with `?babelfish`: PostgreSQL that speaks like a SQL Server, and has its own bounds. */
  readonly isBabelfish?: boolean;
  readonly plugin: Plugin;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, unknown>>;
  /** Numbers from 1 to `{{ params.n }}` as `i`. */
  readonly numbers: string;
  readonly text: string;
  readonly bytes: string;
  readonly json: string;
  /** Where tables are made. */
  readonly schema: string;
  /** Gives a row after half a minute, or later. */
  readonly slow: string;
  /** Part of a statement that inserts, before and behind its values: it gives back `id` and `name`. */
  readonly returning: readonly [before: string, behind: string];
  quote(name: string): string;
}

export interface World extends AsyncDisposable {
  /** Runs statements of the test, one after the other. */
  run(...statements: readonly string[]): Promise<void>;
  /** Rows of a statement of the test. */
  rows(statement: string): Promise<readonly unknown[]>;
  call(endpoint: string, options?: Omit<Call, 'endpoint'>): Promise<Called>;
  readonly host: ReturnType<typeof protocolHost>;
}

const postgresAt = service('PATCHBAY_TEST_POSTGRES');
const mariaAt = service('PATCHBAY_TEST_MARIADB');
const sqlServerAt = service('PATCHBAY_TEST_SQL_SERVER', { isForeign: true });

const digits = (name: string): string => `(values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ${name}(d)`;

const accountOf = (url: URL): Pick<Database, 'settings' | 'credentials'> => ({
  settings: { host: url.hostname, port: Number(url.port), database: url.pathname.slice(1), tls: 'off' }, credentials: { user: url.username, password: url.password },
});

/** Those that can be reached. */
export const databases: readonly Database[] = [
  ...(postgresAt ? [{
    name: 'PostgreSQL', plugin: postgresql as unknown as Plugin, ...accountOf(postgresAt), numbers: 'select i from generate_series(1, {{ params.n }}::int) as i',
    text: 'text', bytes: 'bytea', json: 'jsonb', schema: 'public', slow: 'select pg_sleep(30)', returning: ['', ' returning id, name'], quote: (name: string) => `"${name.replaceAll('"', '""')}"`,
  } as const] : []),
  ...(mariaAt ? [{
    name: 'MariaDB', plugin: mysql as unknown as Plugin, ...accountOf(mariaAt), numbers: 'select seq as i from seq_1_to_1000000 where seq <= {{ params.n }}',
    text: 'longtext character set utf8mb4 collate utf8mb4_nopad_bin', bytes: 'longblob', json: 'json', schema: mariaAt.pathname.slice(1), slow: 'select sleep(30) as slept', returning: ['', ' returning id, name'], quote: (name: string) => `\`${name.replaceAll('`', '``')}\``,
  } as const] : []),
  ...(sqlServerAt ? [{
    name: 'SQL Server', isBabelfish: sqlServerAt.searchParams.has('babelfish'), plugin: sqlServer as unknown as Plugin, ...accountOf(sqlServerAt),
    numbers: `select i from (select a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d + 1 as i from ${['a', 'b', 'c', 'e', 'f', 'g'].map(digits).join(' cross join ')}) as n where i <= {{ params.n }} order by i offset 0 rows`,
    text: 'nvarchar(max) collate Latin1_General_BIN2', bytes: 'varbinary(max)', json: 'nvarchar(max)', schema: 'dbo', slow: 'select count_big(*) as n from sys.all_objects a cross join sys.all_objects b cross join sys.all_objects c', returning: [' output inserted.id, inserted.name', ''],
    quote: (name: string) => `[${name.replaceAll(']', ']]')}]`,
  } as const] : []),
];

/** A connector with these endpoints, and two of the test's own. `tables`: they are dropped first. */
export async function sqlWorld(database: Database, endpoints: ProtocolHostOptions['endpoints'], options: { readonly tables?: readonly string[]; readonly settings?: object; readonly credentials?: object; readonly instance?: object; readonly variables?: Readonly<Record<string, object>> } = {}): Promise<World> {
  const account = { settings: { ...database.settings, ...options.settings, ...options.instance }, credentials: { ...database.credentials, ...options.credentials } };
  const host = protocolHost({ plugin: database.plugin, ...account, endpoints, ...(options.variables && { variables: options.variables }) });
  const own = (statement: string) => protocolHost({ plugin: database.plugin, settings: database.settings, credentials: database.credentials, endpoints: { run: { direction: 'send', call: 'execute', with: { statement } }, rows: { direction: 'receive', call: 'query', with: { statement, pageSize: 100_000 } } } });
  const ask = async (endpoint: 'run' | 'rows', statement: string): Promise<Called> => {
    await using asking = own(statement);
    const called = await call(asking, { endpoint });
    if (called.error) throw called.error;
    return called;
  };
  const world: World = {
    host,
    async run(...statements) {
      for (const statement of statements) await ask('run', statement);
    },
    rows: async (statement) => (await ask('rows', statement)).bodies.flat(),
    call: (endpoint, given = {}) => call(host, { ...given, endpoint }),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
  for (const table of options.tables ?? []) await world.run(`drop table if exists ${table}`);
  return world;
}

/** One test per database. `without`: why there is none for a database. */
export function eachDatabase(title: string, check: (database: Database) => Promise<void>, { without = {} }: { readonly without?: Partial<Record<Database['name'], string>> } = {}): void {
  for (const database of databases) test(`${database.name}: ${title}`, { skip: without[database.name] ?? false }, () => check(database));
}
