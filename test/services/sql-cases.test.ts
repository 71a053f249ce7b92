import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunner } from '../../server/runner/runner.ts';
import { eachDatabase, sqlWorld } from '../support/sql-world.ts';

// A run that has asked a database becomes a case, which holds when the table has gone.

eachDatabase('what a database has answered is answered again, page by page, and what it refused is refused', async (database) => {
  await using world = await sqlWorld(database, {}, { tables: ['kept'] });
  await world.run('create table kept (id integer primary key)', 'insert into kept values (1)', 'insert into kept values (2)', 'insert into kept values (3)');
  const root = await mkdtemp(join(tmpdir(), 'patchbay-sql-cases-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(content));
  };
  await write('patchbay.json', { version: 1 });
  await write('connectors/kept.connector.json', {
    version: 1, title: 'Kept', protocol: database.plugin.type,
    endpoints: {
      all: { title: 'All', direction: 'receive', call: 'query', with: { statement: 'select id from kept order by id', key: 'id', pageSize: 2 } },
      add: { title: 'Add', direction: 'send', call: 'execute', with: { statement: 'insert into kept values ({{ record.id }})', per: 'record' } },
    },
  });
  await write('instances/kept.instance.json', { version: 1, connector: 'kept', settings: database.settings, credentials: { ...database.credentials, password: { $secret: 'password' } } });
  const ask = (endpoint: string) => ({ shape: 'connector', settings: { instance: 'kept', endpoint } });
  await write('flows/kept.flow.json', { version: 1, start: 'all', steps: { all: { ...ask('all'), next: { out: 'guard' } }, guard: { shape: 'try-catch', next: { try: 'add', catch: 'told' } }, add: ask('add'), told: { shape: 'notify', settings: { level: 'warning', message: 'It is there already.' } } } });
  const { signal } = new AbortController();
  try {
    await using runner = await openRunner({ root, editorSecrets: new Map([['password', String(database.credentials['password'])]]) });
    const started = await runner.start({ flow: 'kept', trigger: 'manual' });
    assert.equal((await started.done).status, 'partial-success');
    await world.run('drop table kept');
    assert.deepEqual((await runner.tests.save({ run: started.head.id, name: 'it', signal })).notes, []);
    const { cases } = await runner.tests.run({ signal });
    assert.deepEqual(cases.map(({ failures, run }) => [failures, run?.status, run?.steps['add']?.failed]), [[[], 'partial-success', 3]]);
  } finally {
    await rm(root, { recursive: true });
  }
});
