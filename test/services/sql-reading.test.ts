import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachDatabase, sqlWorld, type Database, type World } from '../support/sql-world.ts';

// Ways out of a transaction in which nothing can be written.

const file = join(tmpdir(), `patchbay-not-written-${process.pid}`);

const ways: Readonly<Record<Database['name'], readonly string[]>> = {
  PostgreSQL: [
    'select 1 a; rollback; begin read write; create table leaked (i int); commit; select 1',
    'select 1 a; set session characteristics as transaction read write; rollback; begin; create table leaked (i int); commit; select 1',
    // What no reader of texts but that of the server tells.
    'select 1 a\u2028; rollback; create table leaked (i int); select 1',
    "select 1 a; do $$ begin create table leaked (i int); end $$",
    "select set_config('transaction_read_only', 'off', true)",
    'with a as (insert into kept values (2) returning i) select * from a',
    'select * into leaked from kept', "select nextval('counted')", "copy (select 1) to program 'true'", 'commit', 'set transaction read write',
  ],
  MariaDB: [
    `select 'y' into outfile '${file}'`, `select 'y' into dumpfile '${file}'`, `select 'y' /*! into outfile '${file}' */`, `select 1 --1 into outfile '${file}'`, 'select 1; create table leaked (i int)',
    'commit', 'start transaction read write', 'set session transaction read write', `set statement sql_mode = 'NO_BACKSLASH_ESCAPES' for select '\\' into outfile '${file}' -- '`, 'begin not atomic commit; insert into kept values (2); end',
    "execute immediate 'create table leaked (i int)'", '/* x */ create table leaked (i int)', 'call writes()', 'select nextval(counted)',
  ],
  'SQL Server': ['select 1 as a; commit; create table leaked (i int); begin transaction'],
};

async function readOnly(database: Database, statement: string): Promise<World> {
  return sqlWorld(database, {
    read: { direction: 'receive', call: 'query', with: { statement } }, ordered: { direction: 'receive', call: 'query', with: { statement, key: 'a' } },
    run: { direction: 'send', call: 'execute', with: { statement } }, add: { direction: 'send', call: 'execute', with: { statement: 'insert into kept values (3)' } },
  }, { settings: database.name === 'SQL Server' ? {} : { readOnly: true } });
}

eachDatabase('whatever an instance that is read only is asked, nothing is written', async (database) => {
  await using world = await sqlWorld(database, {}, { tables: ['leaked', 'kept'] });
  const sequence = database.name === 'SQL Server' ? [] : ['drop sequence if exists counted', 'create sequence counted'];
  await world.run('create table kept (i int)', 'insert into kept values (1)', ...sequence);
  if (database.name === 'MariaDB') await world.run('drop procedure if exists writes', 'create procedure writes() begin commit; set session transaction read write; insert into kept values (2); end');
  for (const way of ways[database.name]) {
    await using only = await readOnly(database, way);
    for (const endpoint of ['read', 'ordered', ...(database.name === 'SQL Server' ? [] : ['run', 'add', 'read', 'add'])]) {
      const { error } = await only.call(endpoint);
      assert.match(String(error?.code), /^(CONFIG_INVALID|REMOTE_REJECTED|AUTH_REJECTED)$/, `${endpoint} ${way}: ${error?.message}`);
    }
    assert.deepEqual(await world.rows('select i from kept'), [{ i: 1 }], way);
    await assert.rejects(world.rows('select * from leaked'), way);
  }
  await assert.rejects(access(file));
});

eachDatabase('a backslash means what it means here, whatever the server is set to', async (database) => {
  if (database.name !== 'MariaDB') return;
  await using world = await sqlWorld(database, {});
  const [before] = (await world.rows('select @@global.sql_mode as mode')) as readonly { readonly mode: string }[];
  await world.run("set global sql_mode = 'NO_BACKSLASH_ESCAPES'");
  try {
    assert.deepEqual(await world.rows("select '\\'' as mark"), [{ mark: "'" }]);
  } finally {
    await world.run(`set global sql_mode = '${before!.mode}'`);
  }
});
