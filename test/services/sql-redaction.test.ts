import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunner } from '../../server/runner/runner.ts';
import { eachDatabase, sqlWorld } from '../support/sql-world.ts';

// What is named in `redact` stands nowhere in the recording, though SQL binds values by their place: not in statements, in errors or in rows.

/** None of them was in a payload before: they are known by their names alone. The last one is too short to be looked for in words. */
const canaries = { email: 'ada.lovelace@canary.test', iban: 'DE02120300000000202051', phone: '020-7946-0958', pin: '7q4z' };

eachDatabase('values of statements are masked by their names', async (database) => {
  await using world = await sqlWorld(database, {}, { tables: ['people'] });
  await world.run('create table people (id integer primary key, email varchar(100) unique, iban varchar(40), phone varchar(40), pin varchar(10))');
  const root = await mkdtemp(join(tmpdir(), 'patchbay-sql-redaction-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(content));
  };
  const all = '{{ record.id }}, {{ params.email }}, {{ params.bank.iban | trim }}, {{ record.no ?? params.phone }}, {{ params.pin }}';
  const params = { email: { type: 'string' }, bank: { type: 'object', additionalProperties: true }, phone: { type: 'string' }, pin: { type: 'string' } };
  const given = { email: '{{ flow.email }}', bank: { iban: '{{ flow.iban }}' }, phone: '{{ flow.phone }}', pin: '{{ flow.pin }}' };
  await write('patchbay.json', { version: 1, redact: Object.keys(canaries) });
  await write('connectors/people.connector.json', {
    version: 1, title: 'People', protocol: database.plugin.type,
    endpoints: {
      add: { title: 'Add', direction: 'send', call: 'execute', with: { statement: `insert into people values (${all})`, per: 'record' }, params },
      find: { title: 'Find', direction: 'receive', call: 'query', with: { statement: 'select * from people where email = {{ params.email }} and pin = {{ params.pin }}', key: 'email' }, params: { email: params.email, pin: params.pin } },
    },
  });
  await write('instances/people.instance.json', { version: 1, connector: 'people', settings: database.settings, credentials: { ...database.credentials, password: { $secret: 'password' } } });
  await write('flows/people.flow.json', {
    version: 1, start: 'add', variables: Object.fromEntries(Object.keys(canaries).map((name) => [name, { type: 'string' }])),
    steps: {
      add: { shape: 'connector', settings: { instance: 'people', endpoint: 'add', params: given }, next: { out: 'find' } },
      find: { shape: 'connector', settings: { instance: 'people', endpoint: 'find', params: { email: given.email, pin: given.pin } } },
    },
  });
  try {
    await using runner = await openRunner({ root, editorSecrets: new Map([['password', String(database.credentials['password'])]]) });
    const { done } = await runner.start({ flow: 'people', trigger: 'manual', payload: { body: [{ id: 1 }, { id: 2 }], mediaType: 'application/json' }, variables: canaries });
    const { status, failures } = await done;
    assert.deepEqual([status, failures.map(({ code }) => code)], ['failed', ['REMOTE_REJECTED']], 'the second one has an e-mail address that is taken');
    assert.deepEqual(await world.rows('select * from people'), [{ id: 1, ...canaries }], 'what is masked is written as it is');
    const found: string[] = [];
    const files = (await readdir(join(root, '.patchbay'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    assert.ok(files.some((file) => file.endsWith('patchbay.db')));
    for (const file of files) {
      const bytes = await readFile(file);
      for (const [name, value] of Object.entries(canaries)) if (bytes.includes(value)) found.push(`${name} in ${file.slice(root.length)}: ${bytes.subarray(Math.max(0, bytes.indexOf(value) - 100), bytes.indexOf(value) + 40).toString("latin1")}`);
    }
    assert.deepEqual(found, []);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
