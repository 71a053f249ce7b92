import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { databases, eachDatabase, sqlWorld, type Database } from '../support/sql-world.ts';

/** `given` as a field of a record, `read` as it comes back where that is another value. */
interface Case {
  readonly type: string;
  readonly given: unknown;
  readonly read?: unknown;
}

const same = (type: string, ...values: readonly unknown[]): readonly Case[] => values.map((given) => ({ type, given }));
const other = (type: string, given: unknown, read: unknown): Case => ({ type, given, read });

const base64 = Buffer.from([0, 255, 39, 92]).toString('base64');

const shared = (database: Database): readonly Case[] => [
  ...same('integer', 0, -1, 2_147_483_647, null), other('integer', '12', 12),
  ...same('bigint', 9_007_199_254_740_991, '9007199254740992', '-9223372036854775808', null),
  // The driver of SQL Server knows decimals as numbers alone.
  ...(database.name === 'SQL Server' ? same('numeric(38,18)', 12.5, 0.1, -7, 1e-7) : same('numeric(40,20)', 12.5, 0.1, '12345678901234567890.12345678901234567890', -7)), other('numeric(10,2)', '1.50', 1.5),
  ...same('double precision', 0.1, 1e300, -1.5e-300, 1 / 3),
  ...same('varchar(20)', 'x', '', ' y ', '12', 'null'), other('varchar(20)', 12, '12'), other('varchar(40)', { a: 1 }, '{"a":1}'),
  ...same('date', '2024-02-29', '0999-12-31'), ...same('time', '12:34:56'),
];

/** As many digits as it has. */
const fraction = databases.some(({ isBabelfish }) => isBabelfish) ? '123456' : '1234567';

const own: Readonly<Record<Database['name'], readonly Case[]>> = {
  PostgreSQL: [
    ...same('boolean', true, false, null), other('boolean', 'yes', true), ...same('real', 0.1, -2.5), ...same('double precision', 'NaN', 'Infinity'),
    ...same('timestamptz', '2024-01-31T12:00:00Z', '2024-01-31T12:00:00.123456Z', 'infinity'), other('timestamptz', '2024-01-31T12:00:00+02:00', '2024-01-31T10:00:00Z'),
    ...same('timestamp', '2024-01-31T12:00:00', '2024-01-31T12:00:00.5'), other('timetz', '12:00+02', '12:00:00+02'), other('interval', '1 day 2 hours', 'P1DT2H'),
    ...same('bytea', base64, ''), ...same('json', { a: [1, null, 'x'] }, [1, 'a'], 'text', 1, true), other('jsonb', { id: '12345678901234567890' }, { id: '12345678901234567890' }),
    ...same('uuid', '6f0e1c52-6a3c-4f0e-9d5f-000000000001'), ...same('text[]', ['a', 'b"c', null, '', '{}', 'null'], []), ...same('integer[]', [1, 2], [[1, 2], [3, 4]]), ...same('timestamptz[]', ['2024-01-31T12:00:00Z']),
    ...same('inet', '10.0.0.1'), ...same('numrange', '[1,2)'), ...same('xml', '<a/>'),
  ],
  MariaDB: [
    ...same('tinyint(1)', true, false, null, 5), ...same('tinyint', 1, -128), ...same('bit(1)', true, false), ...same('float', 0.1, -2.5), ...same('bigint unsigned', '18446744073709551615'),
    ...same('timestamp(6) null', '2024-01-31T12:00:00Z', '2024-01-31T12:00:00.123456Z'), other('timestamp null', '2024-01-31T12:00:00+02:00', '2024-01-31T10:00:00Z'), other('timestamp null', '2024-01-31T10:30:00+0530', '2024-01-31T05:00:00Z'),
    ...same('datetime(3)', '2024-01-31T12:00:00', '2024-01-31T12:00:00.5'), other('datetime', '2024-01-31T12:00:00Z', '2024-01-31T12:00:00'),
    ...same('blob', base64, ''), ...same('varbinary(10)', base64), ...same('json', { a: [1, null, 'x'] }, [1, 'a'], 'text', 1, true), ...same('year', 2024), ...same("enum('a','b')", 'b'), ...same('uuid', '6f0e1c52-6a3c-4f0e-9d5f-000000000001'),
  ],
  'SQL Server': [
    ...same('bit', true, false, null), other('bit', 1, true), ...same('tinyint', 255), ...same('smallint', -32_768), ...same('real', 0.1, -2.5, 16_777_216, 1.5e-7), ...same('float', 1e300, 0.1),
    ...same('money', 12.5, -922_337_203_685.4775, null), ...same('smallmoney', 0.0001), ...same('decimal(10,4)', 12.3456, null),
    ...same('datetime2(7)', '2024-01-31T12:00:00', `2024-01-31T12:00:00.${fraction}`, '0001-01-01T00:00:00', null), other('datetime2', '2024-01-31T12:00:00+02:00', '2024-01-31T10:00:00'), ...same('datetime', '2024-01-31T12:00:00.5'), other('datetime', '2024-01-31T12:00:00.1234567Z', '2024-01-31T12:00:00.123'), ...same('smalldatetime', '2024-01-31T12:01:00'),
    ...same('datetimeoffset(7)', '2024-01-31T12:00:00Z', `2024-01-31T12:00:00.${fraction}Z`, null), other('datetimeoffset(7)', '2024-01-31T12:00:00+02:00', '2024-01-31T10:00:00Z'), ...same('time(3)', '12:34:56.789'),
    ...same('varbinary(max)', base64, '', null), ...same('varbinary(10)', base64), ...same('binary(4)', base64), ...same('nvarchar(max)', 'Größe 漢 𝕏', '', 'x'.repeat(9_000)), other('nchar(3)', 'ü', 'ü  '),
    ...same('uniqueidentifier', '6f0e1c52-6a3c-4f0e-9d5f-000000000001', null), ...same('xml', '<a/>', null), other('nvarchar(100)', [1, 'a'], '[1,"a"]'), ...same('sql_variant', 'x'),
  ],
};

eachDatabase('each type of column comes out as the documentation says', async (database) => {
  const cases = [...shared(database), ...own[database.name]];
  const types = [...new Set(cases.map(({ type }) => type))];
  const columnOf = (type: string): string => `c${types.indexOf(type)}`;
  await using world = await sqlWorld(database, {
    upsert: { direction: 'send', call: 'upsert', with: { table: 'kinds', keys: ['id'] } }, all: { direction: 'receive', call: 'query', with: { statement: 'select * from kinds', key: 'id' } },
    plain: { direction: 'receive', call: 'query', with: { statement: 'select * from kinds where id >= {{ params.id }} order by id' }, params: { id: { type: 'integer' } } },
  }, { tables: ['kinds'] });
  await world.run(`create table kinds (id integer primary key, ${types.map((type) => `${columnOf(type)} ${type}`).join(', ')})`);
  const sent = await world.call('upsert', { body: cases.map(({ type, given }, id) => ({ id, [columnOf(type)]: given })) });
  assert.deepEqual([sent.error, sent.failed], [undefined, []]);
  for (const rows of [(await world.call('all')).bodies.flat(), (await world.call('plain', { params: { id: 0 } })).bodies.flat()] as readonly (readonly Readonly<Record<string, unknown>>[])[]) {
    for (const [index, { type, given, ...rest }] of cases.entries()) assert.deepEqual(rows[index]![columnOf(type)], 'read' in rest ? rest.read : given, `${type} ${JSON.stringify(given)}`);
  }
});

eachDatabase('bytes that are no base64 are refused', async (database) => {
  await using world = await sqlWorld(database, { upsert: { direction: 'send', call: 'upsert', with: { table: 'kinds', keys: ['id'] } } }, { tables: ['kinds'] });
  await world.run(`create table kinds (id integer primary key, b ${database.bytes})`);
  const { failed } = await world.call('upsert', { body: [{ id: 1, b: 'no base64!' }, { id: 2, b: 7 }] });
  assert.deepEqual(failed.map(({ code, message }) => [code, message.slice(0, 19)]), [['DATA_INVALID', 'Record 1 of 2: "b" '], ['DATA_INVALID', 'Record 2 of 2: "b" ']]);
});

const postgres = databases.find(({ name }) => name === 'PostgreSQL');
const authorities = process.env['PATCHBAY_TEST_POSTGRES_CA'];

test('PostgreSQL: TLS is checked against the authorities', { skip: !postgres || !authorities }, async () => {
  const codeOf = async (settings: object): Promise<string | undefined> => {
    await using world = await sqlWorld(postgres!, { one: { direction: 'receive', call: 'query', with: { statement: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' } } }, { settings });
    const { error, bodies } = await world.call('one');
    return error ? error.code : JSON.stringify(bodies[0]);
  };
  assert.equal(await codeOf({ tls: 'verify' }), 'CONFIG_INVALID', 'nobody vouches for it');
  assert.equal(await codeOf({ tls: 'verify', authorities: readFileSync(authorities!, 'utf8') }), '[{"ssl":true}]');
  assert.equal(await codeOf({ tls: 'encrypt' }), '[{"ssl":true}]');
  assert.equal(await codeOf({ tls: 'off' }), '[{"ssl":false}]');
});

test('MariaDB: a server without TLS is told as such', { skip: !databases.some(({ name }) => name === 'MariaDB') }, async () => {
  await using world = await sqlWorld(databases.find(({ name }) => name === 'MariaDB')!, { one: { direction: 'receive', call: 'query', with: { statement: 'select 1 as one' } } }, { settings: { tls: 'verify' } });
  assert.equal((await world.call('one')).error?.code, 'CONFIG_INVALID');
});

const sqlServer = databases.find(({ name }) => name === 'SQL Server');

test('SQL Server: TLS is checked against the authorities', { skip: !sqlServer }, async () => {
  const codeOf = async (settings: object): Promise<string | undefined> => {
    await using world = await sqlWorld(sqlServer!, { one: { direction: 'receive', call: 'query', with: { statement: 'select 1 as one' } } }, { settings });
    const { error, bodies } = await world.call('one');
    return error ? error.code : JSON.stringify(bodies[0]);
  };
  assert.equal(await codeOf({ tls: 'verify' }), 'CONFIG_INVALID', 'nobody vouches for it');
  assert.equal(await codeOf({ tls: 'encrypt' }), '[{"one":1}]');
  const file = process.env['PATCHBAY_TEST_SQL_SERVER_CA'];
  if (file) assert.equal(await codeOf({ tls: 'verify', authorities: readFileSync(file, 'utf8') }), '[{"one":1}]');
});

eachDatabase('two columns of one name are told, none is lost', async (database) => {
  const of = (statement: string) => ({ read: { direction: 'receive', call: 'query', with: { statement } }, run: { direction: 'send', call: 'execute', with: { statement } } } as const);
  // Bound values take another way to the server.
  for (const statement of ['select 1 as a, 2 as b, 3 as a', 'select 1 as a, 2 as b, 3 as a where 1 = {{ 1 }}']) {
    await using world = await sqlWorld(database, of(statement));
    for (const endpoint of ['read', 'run']) {
      const { error, bodies } = await world.call(endpoint);
      assert.deepEqual([error?.code, error?.details['column'], bodies], ['CONFIG_INVALID', 'a', []], `${endpoint} ${statement}: ${error?.message}`);
      assert.match(error!.remedy, /`as`/);
    }
  }
  await using none = await sqlWorld(database, of('select 1 as a, 2 as a where 1 = 0'));
  if (database.name !== 'SQL Server') assert.equal((await none.call('read')).error?.code, 'CONFIG_INVALID');
});
