import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunResult } from '../../server/model/api.ts';
import { openRunner } from '../../server/runner/runner.ts';
import { eachDatabase, sqlWorld, type Database } from '../support/sql-world.ts';

// What is new in a table, with a real runner, its state on the disk, and a real database.

const table = 'patchbay_incremental';

function makeWorkspace({ plugin, settings, credentials }: Database): string {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-sql-incremental-'));
  const files = {
    'patchbay.json': { version: 1 },
    'connectors/stock.connector.json': {
      version: 1, title: 'Stock', protocol: (plugin as { readonly type: string }).type,
      endpoints: {
        changed: {
          title: 'Changed', direction: 'receive', call: 'query',
          with: { statement: `select id, changed, quantity from ${table} where changed >= {{ cursor.from }} and changed < {{ cursor.to }} order by changed, id`, pageSize: 2 },
          incremental: { path: 'changed', key: 'id', kind: 'number', start: '0', end: '1000000', isSorted: true },
        },
      },
    },
    'instances/stock.instance.json': { version: 1, connector: 'stock', settings, credentials: Object.fromEntries(Object.keys(credentials).map((name) => [name, { $secret: name }])) },
    'flows/f.flow.json': {
      version: 1, start: 'read',
      steps: { read: { shape: 'connector', settings: { instance: 'stock', endpoint: 'changed' }, next: { out: 'look' } }, look: { shape: 'script', settings: { script: 'scripts/look.js' } } },
    },
  };
  mkdirSync(join(root, 'scripts'));
  writeFileSync(join(root, 'scripts/look.js'), "export default ({ payload }) => { if (payload.some(({ quantity }) => quantity < 0)) throw new Error('Less than nothing.'); return { payload }; };\n");
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  }
  return root;
}

const rowsOf = ({ outputs }: RunResult): string[] => outputs.flat().map((row) => `${(row as { id: number }).id}:${(row as { quantity: number }).quantity}`);

eachDatabase('what is new in a table is read once, and again where it did not get through', async (database) => {
  await using world = await sqlWorld(database, {}, { tables: [table] });
  await world.run(`create table ${table} (id int primary key, changed int not null, quantity int not null)`);
  const put = async (...rows: readonly (readonly [id: number, changed: number, quantity: number])[]): Promise<void> => {
    for (const [id, changed, quantity] of rows) await world.run(`delete from ${table} where id = ${id}`, `insert into ${table} values (${id}, ${changed}, ${quantity})`);
  };
  const root = makeWorkspace(database);
  try {
    await using runner = await openRunner({ root, editorSecrets: new Map(Object.entries(database.credentials).map(([name, value]) => [name, String(value)])) });
    const run = async (): Promise<RunResult> => (await runner.start({ flow: 'f', trigger: 'manual' })).done;
    const cursor = async (): Promise<unknown> => (await runner.state.cursors.list({})).items.map(({ value }) => value);
    await put([1, 10, 1], [2, 20, 1], [3, 30, 1]);
    assert.deepEqual(rowsOf(await run()), ['1:1', '2:1', '3:1']);
    assert.deepEqual(await cursor(), ['30']);
    assert.deepEqual(rowsOf(await run()), []);
    // One of the same moment, one that was changed, one that is new.
    await put([4, 30, 1], [2, 40, 2], [5, 50, 1]);
    assert.deepEqual(rowsOf(await run()), ['4:1', '2:2', '5:1']);
    assert.deepEqual(await cursor(), ['50']);
    // What fails behind it comes again.
    await put([6, 60, -1]);
    assert.equal((await run()).status, 'failed');
    assert.deepEqual(await cursor(), ['50']);
    await put([6, 60, 6], [7, 70, 1]);
    assert.deepEqual(rowsOf(await run()), ['6:6', '7:1']);
    assert.deepEqual(rowsOf(await run()), []);
    assert.deepEqual(await cursor(), ['70']);
  } finally {
    await world.run(`drop table ${table}`);
    rmSync(root, { recursive: true, force: true });
  }
});
