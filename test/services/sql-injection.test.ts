import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { eachDatabase, sqlWorld, type Database, type World } from '../support/sql-world.ts';

/** Texts that would be statements where they became part of one. */
const nasty: readonly string[] = [
  "'; drop table victims; --", "' or '1'='1", "' or 1=1 -- ", '" or ""="', '`; drop table victims; --', ']; drop table victims; --', "\\'; drop table victims; --", "\\", "\\\\'", "'/*", '*/', '--', '#', ';', '%', '_', '?', '??', '$1', '$1; drop table victims', ':name', '@p1', '{{ payload }}', '${x}', '$$; drop table victims; $$', "E'\\''",
  "0x27; drop table victims", 'null', 'default', "now()", "'||(select count(*) from victims)||'", "') returning *; --", 'victims"; drop table victims; --', '\'', '"', '`', '', ' ', '\t', '\n', '\r\n', '\u0001', '\u2028', '\u00a0', '\ufeff', '\uffff', '¿', 'ʼ', '＇; drop table victims', '𝕏 ü 漢 🦊 e\u0301', '\u202Etxet', '1e309', '-0', '0', 'true', 'x'.repeat(70_000),
];

async function victims(database: Database, table = 'victims', options: Parameters<typeof sqlWorld>[2] = {}): Promise<World> {
  const { text } = database;
  // Blanks at the end of a text mean nothing to SQL Server when it compares.
  const exactly = (path: string): string => (database.name === 'SQL Server' ? ` and datalength(name) = datalength({{ ${path} }})` : '');
  const endpoints = {
    upsert: { direction: 'send', call: 'upsert', with: { table, keys: ['id'] } },
    mapped: { direction: 'send', call: 'upsert', with: { table, keys: ['id'], columns: '{{ payload.columns }}' } },
    insert: { direction: 'send', call: 'insert', with: { table: '{{ params.table }}', schema: '{{ params.schema }}' }, params: { table: { type: 'string' }, schema: { type: 'string' } } },
    keyed: { direction: 'send', call: 'upsert', with: { table, keys: ['{{ params.key }}'] }, params: { key: { type: 'string' } } },
    remove: { direction: 'send', call: 'delete', with: { table, keys: ['id', 'name'] } },
    ordered: { direction: 'receive', call: 'query', with: { statement: 'select id from victims', key: '{{ params.key }}' }, params: { key: { type: 'string' } } },
    find: { direction: 'receive', call: 'query', with: { statement: `select name from victims where name = {{ params.name }}${exactly('params.name')}` }, params: { name: { type: 'string' } } },
    fromPayload: { direction: 'receive', call: 'query', with: { statement: `select name from victims where name = {{ payload.name }}${exactly('payload.name')}` } },
    among: { direction: 'receive', call: 'query', with: { statement: database.name === 'PostgreSQL' ? 'select name from victims where name = any({{ params.names }})' : 'select name from victims where name in ({{ params.names }})' }, params: { names: { type: 'array' } } },
    execute: { direction: 'send', call: 'execute', with: { statement: 'update victims set name = {{ record.name }} where id = {{ record.id }}', per: 'record' } },
    all: { direction: 'receive', call: 'query', with: { statement: 'select * from victims order by id' } },
  } as const;
  const world = await sqlWorld(database, endpoints, { ...options, tables: ['victims'] });
  await world.run(`create table victims (id bigint primary key, name ${text}, more ${database.json})`);
  return world;
}

/** SQL Server keeps JSON as a text. */
const kept = (database: Database, json: unknown): unknown => (database.name === 'SQL Server' && typeof json === 'object' && json !== null ? JSON.stringify(json) : json);

const named = async (world: World, id: number): Promise<unknown> => ((await world.rows(`select name from victims where id = ${id}`))[0] as { name: unknown }).name;

eachDatabase('whatever a record, a param or a payload says is a value, in every place where an expression may stand', async (database) => {
  await using world = await victims(database);
  const records = nasty.map((name, id) => ({ id, name, more: { name, [name]: [name] } }));
  assert.deepEqual((await world.call('upsert', { body: records })).failed, []);
  assert.deepEqual((await world.call('all')).bodies, [records.map(({ more, ...rest }) => ({ ...rest, more: kept(database, more) }))]);
  for (const [id, name] of nasty.entries()) {
    assert.deepEqual((await world.call('find', { params: { name } })).bodies, [[{ name }]], `find ${name.slice(0, 40)}`);
    assert.deepEqual((await world.call('fromPayload', { body: { name } })).bodies, [[{ name }]], `fromPayload ${name.slice(0, 40)}`);
    assert.deepEqual((await world.call('execute', { body: { id: nasty.length - 1 - id, name } })).failed, []);
    assert.equal(await named(world, nasty.length - 1 - id), name);
    await world.call('execute', { body: { id: nasty.length - 1 - id, name: nasty[nasty.length - 1 - id] } });
  }
  const [found] = (await world.call('among', { params: { names: nasty } })).bodies as readonly (readonly { readonly name: string }[])[];
  assert.deepEqual(found!.map(({ name }) => name).sort(), [...nasty].sort());
  assert.deepEqual((await world.call('remove', { body: records })).bodies, [{ records: nasty.length, written: nasty.length, affected: nasty.length }]);
  assert.deepEqual(await world.rows('select count(*) as n from victims'), [{ n: 0 }]);
});

eachDatabase('a name of a table or a column is a name, whatever it says', async (database) => {
  await using world = await victims(database);
  await world.call('upsert', { body: { id: 1, name: 'here' } });
  for (const name of nasty) {
    for (const [endpoint, options] of [
      ['insert', { params: { table: name, schema: 'x' }, body: { id: 2 } }], ['insert', { params: { table: name }, body: { id: 2 } }], ['insert', { params: { table: `victims"."${name}` }, body: { id: 2 } }],
      ['insert', { params: { table: 'victims', schema: name }, body: { id: 2 } }], ['keyed', { params: { key: name }, body: { id: 2 } }], ['ordered', { params: { key: name } }],
      ['upsert', { body: { id: 2, [name]: 1 } }], ['mapped', { body: { columns: { id: 'id', [name]: 'x' }, id: 2, x: 1 } }],
    ] as const) {
      const { error, failed } = await world.call(endpoint, options);
      assert.match(`${error?.code ?? failed[0]?.code}`, /^(CONFIG_INVALID|DATA_INVALID)$/, `${endpoint} ${JSON.stringify(name.slice(0, 40))}: ${error?.message}`);
    }
  }
  assert.deepEqual((await world.call('all')).bodies, [[{ id: 1, name: 'here', more: null }]]);
});

eachDatabase('a table whose name is a statement is written to', async (database) => {
  // Babelfish knows brackets, but none within them, and gives such letters in small ones or not at all.
  const names = [...(database.isBabelfish ? [] : ['a]b', 'Größe 漢']), "a'b", 'a"b', 'a`b', 'a; drop table victims; --', 'a.b', 'select', '{{ x }}'.replace('{{', '{').replace('}}', '}'), '$1', '?', '\\'];
  for (const name of names) {
    const quoted = database.quote(name);
    await using world = await sqlWorld(database, {
      upsert: { direction: 'send', call: 'upsert', with: { table: '{{ instance.table }}', schema: database.schema, keys: [name] } },
      list: { direction: 'receive', call: 'query', with: { statement: `select * from ${quoted}`, key: name } },
    }, { tables: [quoted], instance: { table: name }, variables: { table: { type: 'string', title: 'Table', description: 'Table.' } } });
    await world.run(`create table ${quoted} (${quoted} integer primary key, other integer)`);
    for (const other of [1, 2]) {
      const { error, failed } = await world.call('upsert', { body: { [name]: 7, other } });
      assert.deepEqual([error?.message, failed], [undefined, []], name);
    }
    assert.deepEqual((await world.call('list')).bodies, [[{ [name]: 7, other: 2 }]], name);
    await world.run(`drop table ${quoted}`);
  }
});

/** PostgreSQL has no NUL in a text. */
const hasNul = ({ name, isBabelfish }: Database): boolean => name !== 'PostgreSQL' && isBabelfish !== true;

/** Half of a character no database has. */
const texts = (database: Database): fc.Arbitrary<string> => {
  const some = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 30 }), fc.array(fc.constantFrom(...nasty.slice(0, 30)), { maxLength: 4 }).map((parts) => parts.join('')), fc.string({ unit: fc.constantFrom("'", '"', '`', '\\', ';', '-', '$', '?', '\0', '%', '\n'), maxLength: 12 }));
  return some.map((text) => (hasNul(database) ? text : text.replaceAll('\0', '')).toWellFormed());
};

eachDatabase('whatever text goes in comes out equal', async (database) => {
  await using world = await victims(database);
  await fc.assert(fc.asyncProperty(fc.array(texts(database), { minLength: 1, maxLength: 40 }), async (names) => {
    const records = names.map((name, id) => ({ id, name, more: { name } }));
    await world.run('delete from victims');
    assert.deepEqual((await world.call('upsert', { body: records })).failed, []);
    assert.deepEqual((await world.call('all')).bodies, [records.map(({ more, ...rest }) => ({ ...rest, more: kept(database, more) }))]);
    const [name] = names as [string];
    const { bodies } = await world.call('find', { params: { name } });
    assert.deepEqual((bodies[0] as readonly { readonly name: string }[])[0], { name });
  }), { seed: 20_261_126, numRuns: 60 });
});

eachDatabase('any JSON value goes into a column of JSON and comes out equal', async (database) => {
  await using world = await victims(database);
  // A number beyond 2^53 would come out as its digits; NUL is refused by PostgreSQL.
  const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((value) => Number(value.toPrecision(15)) + 0));
  const strings = texts(database);
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({ tree: fc.oneof({ maxDepth: 4 }, strings, numbers, fc.boolean(), fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(strings, tie('tree'), { maxKeys: 4, noNullPrototype: true })) }));
  await fc.assert(fc.asyncProperty(tree.filter((value) => value !== null), async (value) => {
    assert.deepEqual((await world.call('upsert', { body: { id: 1, more: value } })).failed, []);
    assert.deepEqual(((await world.call('all')).bodies[0] as readonly { readonly more: unknown }[])[0]!.more, database.name === 'SQL Server' && typeof value !== 'string' ? JSON.stringify(value) : JSON.parse(JSON.stringify(value)));
  }), { seed: 7, numRuns: 60 });
});

eachDatabase('a text that the database cannot hold is refused, not changed', async (database) => {
  if (database.name !== 'PostgreSQL') return;
  await using world = await victims(database);
  const { failed } = await world.call('upsert', { body: [{ id: 1, name: 'a\0b' }, { id: 2, name: 'b' }] });
  assert.deepEqual(failed.map(({ body, code }) => [body, code]), [[{ id: 1, name: 'a\0b' }, 'REMOTE_REJECTED']]);
});
