import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPayload } from '../../server/engine/payload.ts';
import { openContext } from '../../server/engine/open-context.ts';
import { openEndpoint } from '../../server/engine/manifest.ts';
import { FlowError } from '../../plugins/sdk/index.ts';
import { until } from '../support/fault-world.ts';
import { eachDatabase, sqlWorld, type Database, type World } from '../support/sql-world.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that somebody holds. */
function memoryInUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const upsert = { direction: 'send', call: 'upsert', with: { table: 'goods', keys: ['id'] } } as const;

/** Of one code there is one at most, but any number without a code. */
const makeGoods = ({ name }: Database, id: string): readonly string[] => [
  `create table goods (id ${id} primary key, name varchar(100), code varchar(20)${name === 'SQL Server' ? '' : ' unique'}, amount integer)`,
  ...(name === 'SQL Server' ? ['create unique index goods_code on goods (code) where code is not null'] : []),
];

async function withGoods(database: Database, endpoints: Parameters<typeof sqlWorld>[1] = {}, id = 'bigint'): Promise<World> {
  const world = await sqlWorld(database, { upsert, ...endpoints }, { tables: ['goods'] });
  await world.run(...makeGoods(database, id));
  return world;
}

const goods = (world: World): Promise<readonly unknown[]> => world.rows('select * from goods order by id');

eachDatabase('a statement gives its rows a page at a time, empty answers none', async (database) => {
  await using world = await sqlWorld(database, { list: { direction: 'receive', call: 'query', with: { statement: database.numbers, pageSize: 3 }, params: { n: { type: 'integer' } } } });
  assert.deepEqual((await world.call('list', { params: { n: 7 } })).bodies, [[{ i: 1 }, { i: 2 }, { i: 3 }], [{ i: 4 }, { i: 5 }, { i: 6 }], [{ i: 7 }]]);
  assert.deepEqual((await world.call('list', { params: { n: 6 } })).bodies, [[{ i: 1 }, { i: 2 }, { i: 3 }], [{ i: 4 }, { i: 5 }, { i: 6 }]]);
  const none = await world.call('list', { params: { n: 0 } });
  assert.deepEqual([none.bodies, none.error], [[], undefined]);
  const pages = await world.call('list', { params: { n: 7 } });
  assert.deepEqual(pages.payloads.map(({ meta }) => meta['page']), ['1', '2', '3']);
  assert.equal(pages.checkpoint, undefined, 'without a key there is no place to go on from');
});

eachDatabase('with a key the reading goes on behind the last row, whatever its digits', async (database) => {
  await using world = await withGoods(database, { list: { direction: 'receive', call: 'query', with: { statement: 'select id, name from goods -- the end', pageSize: 2, key: 'id' } } });
  const ids = [1, 2, '9007199254740993', '9007199254740994', '9007199254740995'];
  await world.call('upsert', { body: ids.map((id) => ({ id })) });
  const whole = await world.call('list');
  assert.deepEqual(whole.bodies.flat().map((row) => (row as { id: unknown }).id), ids);
  assert.deepEqual(whole.checkpoint, { page: 2, after: '9007199254740994' });
  const rest = await world.call('list', { resumed: { page: 2, after: '9007199254740993' } });
  assert.deepEqual(rest.bodies, [[{ id: '9007199254740994', name: null }, { id: '9007199254740995', name: null }]]);
  assert.deepEqual(rest.payloads.map(({ meta }) => meta['page']), ['3']);
});

eachDatabase('a key that the rows do not have is told', async (database) => {
  await using world = await sqlWorld(database, { list: { direction: 'receive', call: 'query', with: { statement: database.numbers, pageSize: 2, key: 'nope' }, params: { n: { type: 'integer' } } } });
  assert.equal((await world.call('list', { params: { n: 3 } })).error?.code, 'CONFIG_INVALID');
});

eachDatabase('a million rows are read with a flat memory, as fast as they are taken', async (database) => {
  await using world = await sqlWorld(database, { list: { direction: 'receive', call: 'query', with: { statement: database.numbers, pageSize: 1_000 }, params: { n: { type: 'integer' } } } });
  const { host } = world;
  const open = await openEndpoint(host, { instance: 'shop', endpoint: 'list', run: 'run-1', step: 's', open: openContext(host), emit: () => undefined });
  const context = { signal: new AbortController().signal, now: 0, clock: host.clock, settings: {}, resumed: undefined, checkpoint: () => undefined, http: { send: async (_request: unknown, { via }: { via(signal: AbortSignal): Promise<{ headers: object; body: Uint8Array }> }) => {
    const { headers, body } = await via(new AbortController().signal);
    return { status: 200, headers, body: JSON.parse(new TextDecoder().decode(body)) as unknown, size: 0 };
  } } };
  let count = 0;
  let sum = 0;
  const before = memoryInUse();
  let most = 0;
  for await (const page of open(createPayload({ id: 'p', body: null }), { n: 1_000_000 }, context as never)) {
    const rows = (await page.json()) as readonly { readonly i: number }[];
    count += rows.length;
    for (const { i } of rows) sum += i;
    if (count % 100_000 === 0) most = Math.max(most, memoryInUse());
  }
  assert.deepEqual([count, sum], [1_000_000, 500_000_500_000]);
  assert.ok(most - before < 24e6, `the memory grew by ${most - before} bytes`);
});

eachDatabase('the time limit is that of a page, not of the whole reading', async (database) => {
  const statement = database.name === 'PostgreSQL' ? 'select i, pg_sleep(0.4) is null as slept from generate_series(1, 10) as i' : 'select seq as i, sleep(0.4) as slept from seq_1_to_10';
  await using world = await sqlWorld(database, { slow: { direction: 'receive', call: 'query', with: { statement, pageSize: 1, timeoutMs: 2_000 } } });
  const { error, bodies } = await world.call('slow');
  assert.deepEqual([error?.message, bodies.length], [undefined, 10]);
}, { without: { 'SQL Server': 'no function of its own sleeps for each row' } });

eachDatabase('an upsert makes and changes rows, the last record of a key wins, and what is not named stays', async (database) => {
  await using world = await withGoods(database);
  const first = await world.call('upsert', { body: [{ id: 1, name: 'Cup', amount: 3 }, { id: 2, name: 'Pan' }, { id: 1, name: 'Mug' }] });
  assert.deepEqual([first.error, first.failed, first.bodies], [undefined, [], [{ records: 3, written: 3 }]]);
  assert.deepEqual((await world.call('upsert', { body: { id: 2, amount: 5 } })).bodies, [{ records: 1, written: 1 }]);
  assert.deepEqual(await goods(world), [{ id: 1, name: 'Mug', code: null, amount: 3 }, { id: 2, name: 'Pan', code: null, amount: 5 }]);
  assert.deepEqual((await world.call('upsert', { body: [] })).bodies, []);
  assert.deepEqual((await world.call('upsert', { body: [{ id: 1 }, { id: 2 }] })).failed, [], 'keys alone change nothing');
});

eachDatabase('records that are refused fail alone, each with its reason; the others are written', async (database) => {
  await using world = await withGoods(database);
  await world.run("insert into goods (id, name, code) values (7, 'Old', 'taken')");
  const bad = [{ id: 1, code: 'taken' }, { id: 'x' }, { id: 3, colour: 'red' }, { name: 'nobody' }, 'text', { id: 4, amount: 'many' }, { id: 5, name: 'x'.repeat(101) }, {}];
  const body = [{ id: 10, name: 'a' }, ...bad.flatMap((record, index) => [record, { id: 20 + index, name: 'good' }])];
  const { failed, bodies, error } = await world.call('upsert', { body });
  assert.equal(error, undefined);
  assert.deepEqual(failed.map(({ body: record }) => record), bad);
  assert.deepEqual(failed.map(({ code }) => code), ['REMOTE_REJECTED', 'REMOTE_REJECTED', 'DATA_INVALID', 'DATA_INVALID', 'DATA_INVALID', 'REMOTE_REJECTED', 'REMOTE_REJECTED', 'DATA_INVALID']);
  assert.match(failed[2]!.message, /^Record 6 of 17: .*"colour".*id, name, code, amount/);
  assert.match(failed[0]!.message, database.name === 'SQL Server' ? /^Record 2 of 17: .*duplicate key/ : /^Record 2 of 17: .*(taken|Another row)/);
  const [answer] = bodies as readonly { readonly records: number; readonly written: number; readonly refused: readonly { readonly index: number }[] }[];
  assert.deepEqual([answer!.records, answer!.written, answer!.refused.map(({ index }) => index)], [17, 9, [1, 3, 5, 7, 9, 11, 13, 15]]);
  assert.deepEqual((await goods(world)).map((row) => (row as { id: number }).id), [7, 10, 20, 21, 22, 23, 24, 25, 26, 27]);
  assert.deepEqual((await world.rows("select name from goods where code = 'taken'")), [{ name: 'Old' }], 'the foreign row is as it was');
});

eachDatabase('what was written goes on, without the records that were refused', async (database) => {
  await using world = await withGoods(database, { batches: { ...upsert, with: { ...upsert.with, batchSize: 2 } }, each: { direction: 'send', call: 'execute', with: { statement: 'insert into goods (id) values ({{ record.id }})', per: 'record' } } });
  const body = [{ id: 1 }, { id: 'x' }, { id: 3 }, {}, { id: 5 }];
  for (const endpoint of ['upsert', 'batches', 'each']) {
    await world.run('delete from goods');
    assert.deepEqual((await world.call(endpoint, { body, passesInput: true })).bodies, [[{ id: 1 }, { id: 3 }, { id: 5 }]], endpoint);
  }
  assert.deepEqual((await world.call('upsert', { body: { id: 'x' }, passesInput: true })).bodies, []);
});

eachDatabase('all or nothing: one record that is refused leaves the table as it was', async (database) => {
  await using world = await withGoods(database, { whole: { ...upsert, with: { ...upsert.with, isWhole: true, batchSize: 2 } } });
  const bad = await world.call('whole', { body: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 'x' }] });
  assert.equal(bad.error?.code, 'REMOTE_REJECTED');
  assert.match(bad.error.message, /^Record 4 of 4: /);
  assert.deepEqual(await goods(world), []);
  assert.deepEqual((await world.call('whole', { body: [{ id: 1 }, { id: 2 }, { id: 3 }] })).bodies, [{ records: 3, written: 3 }], 'in one transaction, whatever the batch');
  const odd = await world.call('whole', { body: [{ id: 4 }, { colour: 1 }] });
  assert.deepEqual([odd.error?.code, odd.error?.message.startsWith('Record 2 of 2: ')], ['DATA_INVALID', true]);
  assert.equal((await goods(world)).length, 3);
});

eachDatabase('batches are done one after the other, and are not made again', async (database) => {
  await using world = await withGoods(database, { batches: { ...upsert, with: { ...upsert.with, batchSize: 2 } } });
  const body = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }];
  const whole = await world.call('batches', { body });
  assert.deepEqual(whole.bodies.map((answer) => (answer as { records: number }).records), [2, 2, 1]);
  assert.deepEqual(whole.checkpoint, { next: 5 });
  await world.run('delete from goods');
  const rest = await world.call('batches', { body, resumed: { next: 4 } });
  assert.deepEqual(rest.bodies, [{ records: 1, written: 1 }]);
  assert.deepEqual((await goods(world)).map((row) => (row as { id: number }).id), [5]);
});

eachDatabase('a mapping names the columns; fields that no column has can be left out', async (database) => {
  await using world = await withGoods(database, {
    mapped: { ...upsert, with: { ...upsert.with, columns: { id: 'number', name: 'title', amount: 'stock' } } },
    loose: { ...upsert, with: { ...upsert.with, ignoreUnknown: true } },
    wrong: { ...upsert, with: { ...upsert.with, columns: { id: 'number', nope: 'title' } } },
  });
  await world.call('mapped', { body: { number: 1, title: 'Cup', stock: 2, more: true } });
  await world.call('loose', { body: { id: 2, name: 'Pan', more: true } });
  assert.deepEqual(await goods(world), [{ id: 1, name: 'Cup', code: null, amount: 2 }, { id: 2, name: 'Pan', code: null, amount: null }]);
  const wrong = await world.call('wrong', { body: { number: 1, title: 'x' } });
  assert.deepEqual([wrong.error?.code, wrong.error?.message], ['CONFIG_INVALID', 'The table "goods" has no column "nope"; there are id, name, code, amount.']);
});

eachDatabase('what the files have wrong is said: table, key without an index, statement', async (database) => {
  await using world = await withGoods(database, {
    table: { ...upsert, with: { table: 'nope', keys: ['id'] } },
    keys: { ...upsert, with: { table: 'goods', keys: ['amount'] } },
    syntax: { direction: 'receive', call: 'query', with: { statement: 'selec 1' } },
    quoted: { direction: 'receive', call: 'query', with: { statement: "select '{{ params.x }}'" }, params: { x: { type: 'string' } } },
    missing: { direction: 'receive', call: 'query', with: { statement: 'select * from nope' } },
    writes: { direction: 'receive', call: 'query', with: { statement: 'delete from goods' } },
  });
  for (const [endpoint, body] of [['table', { id: 1 }], ['keys', { amount: 1 }], ['syntax', null], ['quoted', null], ['missing', null], ['writes', null]] as const) {
    const { error } = await world.call(endpoint, { body, ...(endpoint === 'quoted' && { params: { x: 'y' } }) });
    assert.equal(error?.code, 'CONFIG_INVALID', `${endpoint}: ${error?.code} ${error?.message}`);
    if (endpoint === 'writes') assert.equal(error?.message, 'A query only reads, and its statement begins with delete.');
  }
});

eachDatabase('a column that is made later is known at once', async (database) => {
  await using world = await withGoods(database);
  assert.equal((await world.call('upsert', { body: { id: 1, colour: 'red' } })).failed.length, 1);
  await world.run('alter table goods add colour varchar(10)');
  assert.deepEqual((await world.call('upsert', { body: { id: 1, colour: 'red' } })).failed, []);
});

eachDatabase('rows are inserted and deleted', async (database) => {
  await using world = await withGoods(database, { insert: { direction: 'send', call: 'insert', with: { table: 'goods' } }, remove: { direction: 'send', call: 'delete', with: { table: 'goods', keys: ['id'] } } });
  const inserted = await world.call('insert', { body: [{ id: 1, name: 'a' }, { id: 2 }, { id: 1, name: 'b' }] });
  assert.deepEqual([inserted.failed.map(({ body }) => body), (inserted.bodies[0] as { affected: number }).affected], [[{ id: 1, name: 'b' }], 2]);
  assert.deepEqual((await world.call('remove', { body: [{ id: 1, name: 'whatever' }, { id: 9 }] })).bodies, [{ records: 2, written: 2, affected: 1 }]);
  assert.deepEqual(await goods(world), [{ id: 2, name: null, code: null, amount: null }]);
});

eachDatabase('a statement is run per payload or per record, in a transaction', async (database) => {
  await using world = await withGoods(database, {
    once: { direction: 'send', call: 'execute', with: { statement: 'update goods set amount = {{ payload.amount }} where id in (1, 2)' } },
    each: { direction: 'send', call: 'execute', with: { statement: 'insert into goods (id, name) values ({{ record.id }}, {{ record.name }})', per: 'record' } },
    back: { direction: 'send', call: 'execute', with: { statement: `insert into goods (id, name)${database.returning[0]} values ({{ record.id }}, {{ record.name }})${database.returning[1]}`, per: 'record', isWhole: true } },
  });
  const each = await world.call('each', { body: [{ id: 1, name: 'a' }, { id: 2, name: 'b' }, { id: 1, name: 'again' }, { id: 3 }, { id: 'x', name: 'c' }, { id: 4, name: 'd' }] });
  assert.deepEqual(each.failed.map(({ code }) => code), ['REMOTE_REJECTED', 'DATA_MISSING', 'REMOTE_REJECTED']);
  assert.deepEqual(each.failed.map(({ body }) => (body as { id: unknown }).id), [1, 3, 'x']);
  assert.deepEqual((each.bodies[0] as { affected: number }).affected, 3);
  assert.deepEqual((await world.call('once', { body: { amount: 9 } })).bodies, [{ records: 1, written: 1, affected: 2 }]);
  const refused = await world.call('back', { body: [{ id: 5, name: 'e' }, { id: 1, name: 'a' }] });
  assert.equal(refused.error?.code, 'REMOTE_REJECTED');
  assert.deepEqual((await world.call('back', { body: [{ id: 5, name: 'e' }, { id: 6, name: 'f' }] })).bodies, [{ records: 2, written: 2, affected: database.isBabelfish ? 0 : 2, rows: [{ id: 5, name: 'e' }, { id: 6, name: 'f' }] }]);
  assert.deepEqual((await goods(world)).map((row) => Object.values(row as object)), [[1, 'a', null, 9], [2, 'b', null, 9], [4, 'd', null, null], [5, 'e', null, null], [6, 'f', null, null]]);
});

eachDatabase('several statements in one text: what all have written, and the rows of the first that gives any', async (database) => {
  const isPostgres = database.name === 'PostgreSQL';
  await using world = await withGoods(database, {
    several: { direction: 'send', call: 'execute', with: { statement: `insert into goods (id) values (1), (2); update goods set amount = 3 where id = 1; select id, amount from goods order by id; select 7 as seven` } },
    values: { direction: 'send', call: 'execute', with: { statement: 'update goods set amount = {{ payload.amount }}; select 1 as one' } },
    made: { direction: 'send', call: 'execute', with: { statement: 'with made as (insert into goods (id) values (9) returning id) select id from made' } },
  });
  const { bodies, error } = await world.call('several');
  if (isPostgres) assert.deepEqual(bodies, [{ records: 1, written: 1, affected: 3, rows: [{ id: 1, amount: 3 }, { id: 2, amount: null }] }]);
  else assert.equal(error?.code, 'CONFIG_INVALID');
  assert.equal((await world.call('values', { body: { amount: 4 } })).error?.code, 'CONFIG_INVALID');
  assert.deepEqual((await goods(world)).map((row) => (row as { amount: unknown }).amount), isPostgres ? [3, null] : []);
  if (isPostgres) assert.deepEqual((await world.call('made')).bodies, [{ records: 1, written: 1, affected: 1, rows: [{ id: 9 }] }]);
}, { without: { 'SQL Server': 'it runs several also with values, and what it gives has not been looked at' } });

eachDatabase('a server without TLS is named', async (database) => {
  await using world = await sqlWorld(database, { read: { direction: 'receive', call: 'query', with: { statement: 'select 1 as a' } } }, { settings: { tls: 'verify' } });
  const { error } = await world.call('read');
  assert.equal(error?.code, 'CONFIG_INVALID');
  assert.match(`${error?.message} ${error?.remedy}`, /^127\.0\.0\.1:\d+: Server does not support secure connection\. .*`tls`/);
}, { without: { 'PostgreSQL': 'the server of the tests has TLS', 'SQL Server': 'it says so otherwise' } });

eachDatabase('the server says no: user, database, host, time', async (database) => {
  const endpoints = { slow: { direction: 'receive', call: 'query', with: { statement: database.slow, timeoutMs: 200 } }, one: { direction: 'receive', call: 'query', with: { statement: 'select 1 as one' } } } as const;
  const codeOf = async (options: object, endpoint: string): Promise<string | undefined> => {
    await using world = await sqlWorld(database, endpoints, options);
    return (await world.call(endpoint)).error?.code;
  };
  assert.equal(await codeOf({ credentials: { password: 'wrong' } }, 'one'), 'AUTH_REJECTED');
  assert.equal(await codeOf({ settings: { database: 'nope' } }, 'one'), 'CONFIG_INVALID');
  assert.equal(await codeOf({ settings: { port: 1 } }, 'one'), 'REMOTE_UNREACHABLE');
  assert.equal(await codeOf({}, 'slow'), 'REMOTE_TIMEOUT');
  assert.equal(await codeOf({}, 'one'), undefined);
});

eachDatabase('what takes too long says the time limit that was set', async (database) => {
  const isMaria = database.name === 'MariaDB';
  await using world = await sqlWorld(database, {
    reads: { direction: 'receive', call: 'query', with: { statement: database.slow, timeoutMs: 200 } },
    writes: { direction: 'send', call: 'execute', with: { statement: isMaria ? 'select sum(sqrt(seq)) from seq_1_to_1000000000' : database.slow, timeoutMs: 200 } },
  });
  for (const endpoint of ['reads', 'writes']) {
    const { error } = await world.call(endpoint);
    assert.equal(error?.code, 'REMOTE_TIMEOUT', endpoint);
    assert.doesNotMatch(error.message, /5[,.]?200/);
    if (isMaria && endpoint === 'reads') assert.match(error.message, /took longer than 200 ms\.$/);
  }
});

eachDatabase('a statement that is stopped ends in the database as well', async (database) => {
  await using world = await sqlWorld(database, { slow: { direction: 'receive', call: 'query', with: { statement: database.name === 'MariaDB' ? 'select sum(sqrt(seq)) as stopped from seq_1_to_1000000000' : database.slow, timeoutMs: 12_000 } } });
  const statement = {
    'PostgreSQL': "select 1 from pg_stat_activity where state = 'active' and query = 'fetch 1000 from patchbay' and pid <> pg_backend_pid()",
    'MariaDB': "select 1 from information_schema.processlist where info like '%as stopped%' and id <> connection_id()",
    'SQL Server': "select 1 as one from sys.dm_exec_sessions where program_name = 'Patchbay' and status in ('running', 'active') and session_id <> @@spid",
  }[database.name];
  const countRunning = async (): Promise<number> => (await world.rows(statement)).length;
  // A server may still be busy with what others have left behind.
  const before = await countRunning();
  const running = async (): Promise<boolean> => (await countRunning()) > before;
  const stop = new AbortController();
  const called = world.call('slow', { signal: stop.signal });
  assert.ok(await until(running, 30_000), 'it runs');
  stop.abort(new FlowError('RUN_STOPPED', 'The run was stopped.'));
  assert.equal((await called).error?.code, 'RUN_STOPPED');
  assert.ok(await until(async () => !(await running()), 30_000), 'it has ended');
});

eachDatabase('a connection that is read only writes nothing', async (database) => {
  await using world = await withGoods(database);
  await using only = await sqlWorld(database, { upsert, list: { direction: 'receive', call: 'query', with: { statement: 'select count(*) as n from goods' } } }, { settings: { readOnly: true } });
  assert.equal((await only.call('upsert', { body: { id: 1 } })).error?.code, 'CONFIG_INVALID');
  assert.deepEqual((await only.call('list')).bodies, [[{ n: 0 }]]);
  assert.deepEqual(await goods(world), []);
}, { without: { 'SQL Server': 'it has no connections over which nothing can be written' } });

eachDatabase('tables are listed with their columns', async (database) => {
  await using world = await withGoods(database, { tables: { direction: 'receive', call: 'tables' } });
  const [list] = (await world.call('tables')).bodies as readonly (readonly { readonly table: string; readonly columns: readonly { readonly name: string; readonly nullable: boolean; readonly key: boolean }[] }[])[];
  const found = list!.find(({ table }) => table === 'goods');
  assert.deepEqual(found?.columns.map(({ name, nullable, key }) => [name, nullable, key]), [['id', false, true], ['name', true, false], ['code', true, false], ['amount', true, false]]);
});

eachDatabase('two upserts of the same rows in another order both get through', async (database) => {
  await using world = await withGoods(database, { batches: { ...upsert, with: { ...upsert.with, batchSize: 50 } } });
  const records = Array.from({ length: 400 }, (_, index) => ({ id: index, name: `n${index}` }));
  await world.call('upsert', { body: records });
  const many = await Promise.all([records, records.toReversed(), records, records.toReversed()].map((body) => world.call('batches', { body })));
  assert.deepEqual(many.map(({ error, failed }) => [error?.message, failed.length]), many.map(() => [undefined, 0]));
  assert.equal((await goods(world)).length, 400);
});

eachDatabase('the recording has statements and values apart, and no password', async (database) => {
  await using world = await sqlWorld(database, { one: { direction: 'receive', call: 'query', with: { statement: 'select 1 as one where 1 = {{ params.x }}' }, params: { x: { type: 'integer' } } } });
  const { events } = await world.call('one', { params: { x: 1 } });
  const exchanges = events.filter(({ type }) => type === 'exchange');
  assert.equal(exchanges.length, 1);
  const all = JSON.stringify([events, world.host.recorded]);
  assert.ok(world.host.recorded.some((text) => text.includes('"values":[{"x":1}]')), 'the value stands beside the text, with its name');
  assert.ok(!all.includes(String(database.credentials['password'])), 'no password');
});
