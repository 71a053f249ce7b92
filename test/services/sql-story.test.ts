import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeShop } from '../../samples/brook-and-co/mocks/data.ts';
import { mockEnvironment, startMocks } from '../../samples/brook-and-co/mocks/start.ts';
import { startRunner, until, ask } from '../support/fault-world.ts';
import { databases, sqlWorld, type Database } from '../support/sql-world.ts';

const root = join(import.meta.dirname, '..', '..');
const named = (name: Database['name']): Database | undefined => databases.find((database) => database.name === name);
const [postgres, maria] = [named('PostgreSQL'), named('MariaDB')];
const skip = !postgres || !maria;

const rule = (from: string, to: string, ...types: readonly string[]): object => ({ from, to, ...(types.length > 0 && { transforms: types.map((type) => ({ type })) }) });

const columns = (time: string): string => `(id bigint primary key, number varchar(20) not null unique, total numeric(12, 2), currency char(3), created_at ${time}, email varchar(200), country char(2))`;

/** A workspace of two databases, and the shop of the sample. */
async function workspace(shop: string): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-sql-'));
  const write = async (path: string, content: object): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), `${JSON.stringify(content, undefined, 2)}\n`);
  };
  await write('patchbay.json', { version: 1, title: 'Databases' });
  await mkdir(join(folder, 'connectors'));
  await cp(join(root, 'samples/brook-and-co/connectors/brook-shop.connector.json'), join(folder, 'connectors/brook-shop.connector.json'));
  await write('instances/shop.instance.json', { version: 1, title: 'Shop', connector: 'brook-shop', settings: { url: shop }, credentials: { clientId: 'brook-flows', clientSecret: { $secret: 'shop/client-secret' } } });
  for (const [name, database] of [['postgres', postgres!], ['maria', maria!]] as const) {
    await write(`connectors/${name}.connector.json`, {
      version: 1, title: name, protocol: database.plugin.type,
      endpoints: {
        'orders.list': { title: 'List orders', direction: 'receive', call: 'query', with: { statement: 'select * from orders where id > {{ params.after }}', key: 'id', pageSize: 500 }, params: { after: { type: 'integer', default: 0, title: 'After', description: 'Only orders behind this one.' } } },
        'orders.upsert': { title: 'Upsert orders', direction: 'send', call: 'upsert', with: { table: 'orders', keys: ['id'], batchSize: 100 } },
      },
    });
    await write(`instances/${name}.instance.json`, { version: 1, title: name, connector: name, settings: database.settings, credentials: { ...database.credentials, password: { $secret: 'databases/password' } } });
  }
  await write('flows/import.flow.json', {
    version: 1, title: 'Import', triggers: { hand: { trigger: 'manual' } }, start: 'get',
    steps: {
      get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders.list' }, next: { out: 'map' } },
      map: { shape: 'map', settings: { rules: [rule('id', 'id'), rule('number', 'number'), rule('total_price', 'total'), rule('currency', 'currency'), rule('created_at', 'created_at'), rule('customer.email', 'email'), rule('shipping_address.country_code', 'country')] }, next: { out: 'guard' } },
      guard: { shape: 'try-catch', next: { try: 'put', catch: 'tell' } },
      put: { shape: 'connector', settings: { instance: 'postgres', endpoint: 'orders.upsert' } },
      tell: { shape: 'notify', settings: { message: '{{ payload.number }}: {{ meta.error_message }}' } },
    },
  });
  await write('flows/copy.flow.json', {
    version: 1, title: 'Copy', triggers: { hand: { trigger: 'manual' } }, start: 'get',
    steps: {
      get: { shape: 'connector', settings: { instance: 'postgres', endpoint: 'orders.list' }, next: { out: 'put' } },
      put: { shape: 'connector', settings: { instance: 'maria', endpoint: 'orders.upsert', saveResponse: true } },
    },
  });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

const secrets = { PATCHBAY_SECRET_DATABASES_PASSWORD: String(postgres?.credentials['password']) };

async function patchbay(folder: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<{ readonly code: number | null; readonly out: string; readonly said: string }> {
  const child = spawn(process.execPath, [join(root, 'server/cli/patchbay.ts'), ...args, '--workspace', folder], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString('utf8'); });
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString('utf8'); });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, said };
}

interface Trial {
  readonly pages: readonly { readonly request: { readonly method: string; readonly url: string }; readonly records: number; readonly waitMs: number }[];
  readonly records: number;
  readonly error?: { readonly code: string };
}

/** The connection and the endpoints of an empty table, without a flow. */
async function tryOut(folder: string, instance: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const tried = async (args: readonly string[], given = environment): Promise<Trial> => JSON.parse((await patchbay(folder, ['try', instance, ...args, '--json'], given)).out) as Trial;
  const check = await tried([]);
  assert.deepEqual([check.error, check.pages.map(({ request, records, waitMs }) => [request.method, records, waitMs])], [undefined, [['CHECK', 0, 0]]]);
  assert.equal((await tried([], { ...environment, PATCHBAY_SECRET_DATABASES_PASSWORD: 'wrong' })).error?.code, 'AUTH_REJECTED');
  assert.deepEqual([(await tried(['orders.list'])).records], [0]);
  const unwanted = await patchbay(folder, ['try', instance, 'orders.upsert', '--json'], environment);
  assert.match(unwanted.said + unwanted.out, /WRITE_UNCONFIRMED/);
}

test('from the shop into PostgreSQL, from there into MariaDB, with the command line; and the recording is replayed offline', { skip }, async () => {
  await using postgresWorld = await sqlWorld(postgres!, {}, { tables: ['orders'] });
  await using mariaWorld = await sqlWorld(maria!, {}, { tables: ['orders'] });
  await postgresWorld.run(`create table orders ${columns('timestamptz')}`);
  await mariaWorld.run(`create table orders ${columns('timestamp null')}`);
  const mocks = await startMocks();
  await using given = await workspace(mocks.shop);
  const environment = { ...mockEnvironment(mocks), ...secrets };
  try {
    const lint = await patchbay(given.folder, ['lint', '--json'], environment);
    assert.deepEqual([lint.code, lint.out.trim()], [0, '[]']);
    for (const name of ['postgres', 'maria']) await tryOut(given.folder, name, environment);
    for (const flow of ['import', 'import', 'copy', 'copy']) {
      const { code, said, out } = await patchbay(given.folder, ['run', flow, '--json'], environment);
      assert.equal(code, 0, said);
      // Of one order the shop says a price that is no number: it alone is refused, by the database.
      assert.equal((JSON.parse(out) as { readonly status: string }).status, flow === 'import' ? 'partial-success' : 'success');
    }
  } finally {
    await mocks.close();
  }
  const wanted = makeShop().orders.filter(({ total_price }) => Number.isFinite(Number(total_price))).map(({ id, number, total_price, currency, created_at, customer, shipping_address }) => ({ id, number, total: Number(total_price), currency, created_at: new Date(created_at).toISOString().replace(/\.?0*Z$/, 'Z'), email: customer.email, country: shipping_address.country_code })).sort((a, b) => a.id - b.id);
  assert.equal(wanted.length, 1_233);
  assert.deepEqual(await postgresWorld.rows('select * from orders order by id'), wanted);
  assert.deepEqual(await mariaWorld.rows('select * from orders order by id'), wanted);
  const { items } = JSON.parse((await patchbay(given.folder, ['runs', 'list', '--flow', 'copy', '--json'], environment)).out) as { readonly items: readonly { readonly id: string }[] };
  await postgresWorld.run('drop table orders');
  await mariaWorld.run('drop table orders');
  const replay = await patchbay(given.folder, ['replay', items[0]!.id, '--json'], environment);
  assert.equal(replay.code, 0, replay.said + replay.out.slice(0, 2_000));
});

test('a runner that is killed again and again in the middle of an upsert: every row is right, and there once', { skip }, async (context) => {
  const count = 40_000;
  await using postgresWorld = await sqlWorld(postgres!, {}, { tables: ['orders'] });
  await using mariaWorld = await sqlWorld(maria!, {}, { tables: ['orders'] });
  await postgresWorld.run(`create table orders ${columns('timestamptz')}`, `insert into orders select i, 'N' || i, i / 100.0, 'GBP', timestamptz '2024-01-01T00:00:00Z' + i * interval '1 second', 'customer' || i || '@example.org', 'GB' from generate_series(1, ${count}) as i`);
  // Whatever is written is counted, so that a row that was written twice is known.
  await mariaWorld.run(`create table orders ${columns('timestamp null')}`, 'drop table if exists writes', 'create table writes (id bigint)', 'drop trigger if exists orders_written', 'create trigger orders_written after insert on orders for each row insert into writes values (new.id)');
  await using given = await workspace('http://127.0.0.1:9');
  Object.assign(process.env, secrets);
  const rowsThere = async (): Promise<number> => ((await mariaWorld.rows('select count(*) as n from orders'))[0] as { n: number }).n;
  let run: string | undefined;
  let kills = 0;
  for (const mark of [1_000, 6_000, 14_000, 25_000]) {
    const runner = await startRunner(given.folder);
    run ??= ((await ask(runner, '/api/v1/flows/copy/runs', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }))?.body as { readonly run: string } | undefined)?.run;
    assert.ok(await until(async () => (await rowsThere()) >= mark, 120_000), `${mark} rows are never there: ${runner.said}`);
    if (runner.child.kill('SIGKILL')) kills++;
    await runner.ended;
  }
  const before = await rowsThere();
  const last = await startRunner(given.folder);
  const statusOf = async (): Promise<string> => ((await ask(last, `/api/v1/runs/${run}`))?.body as { readonly status?: string } | undefined)?.status ?? '';
  assert.ok(await until(async () => !['', 'queued', 'running'].includes(await statusOf()), 240_000), `the run never ends: ${last.said}`);
  assert.equal(await statusOf(), 'success');
  last.child.kill('SIGTERM');
  await last.ended;
  context.diagnostic(`killed ${kills} times, the last at ${before} of ${count} rows`);
  assert.ok(before < count, 'the last kill was in the middle');
  const sums = 'select count(*) as n, sum(id) as ids, sum(total) as total, min(number) as least, max(created_at) as latest from orders';
  assert.deepEqual((await mariaWorld.rows(sums))[0], { n: count, ids: (count * (count + 1)) / 2, total: (count * (count + 1)) / 200, least: 'N1', latest: '2024-01-01T11:06:40Z' });
  assert.deepEqual((await mariaWorld.rows('select count(*) as n, count(distinct id) as ids from writes'))[0], { n: count, ids: count }, 'each row was made once');
});
