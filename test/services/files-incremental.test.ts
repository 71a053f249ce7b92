import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import localFiles from '../../plugins/connectors/local-files/local-files.ts';
import s3 from '../../plugins/connectors/s3/s3.ts';
import type { Plugin } from '../../plugins/sdk/index.ts';
import type { RunResult } from '../../server/model/api.ts';
import { openRunner } from '../../server/runner/runner.ts';
import { startBroker, skipWithout } from '../support/brokers.ts';
import { fileCases, fileWorld, text, type Json } from '../support/file-worlds.ts';
import { startS3 } from '../support/s3-server.ts';

// What is new among files, with a real runner, its state on the disk, and real servers.

interface Served {
  readonly plugin: Plugin;
  readonly settings: Json;
  readonly credentials: Json;
  /** Makes or changes a file. `minutes`: how long after the first it was changed, where that can be said. */
  write(path: string, content: string, minutes: number): Promise<void>;
}

// Servers of FTP list times without seconds.
const start = Math.floor(Date.now() / 60_000) * 60_000 - 3 * 3_600_000;

const inFolder = (folder: string): Served['write'] => async (path, content, minutes) => {
  const at = new Date(start + minutes * 60_000);
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  utimesSync(join(folder, path), at, at);
};

function makeWorkspace({ plugin, settings, credentials }: Served, endpoint: object): string {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-files-incremental-'));
  const files: Readonly<Record<string, unknown>> = {
    'patchbay.json': { version: 1 },
    'connectors/feeds.connector.json': { version: 1, title: 'Feeds', protocol: (plugin as { readonly type: string }).type, endpoints: { changed: { title: 'Changed', direction: 'receive', incremental: { path: 'modifiedAt', key: 'path', start: '2020-01-01' }, ...endpoint } } },
    'instances/feeds.instance.json': { version: 1, connector: 'feeds', settings, credentials: Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, name === 'username' || name === 'accessKeyId' || name === 'authorities' ? value : { $secret: name }])) },
    'flows/f.flow.json': { version: 1, start: 'read', steps: { read: { shape: 'connector', settings: { instance: 'feeds', endpoint: 'changed' }, next: { out: 'look' } }, look: { shape: 'script', settings: { script: 'scripts/look.js' } } } },
    'scripts/look.js': "export default ({ payload }) => { const text = typeof payload === 'string' ? payload : payload.map(({ path }) => path).join(); if (text.includes('bad')) throw new Error('It is bad.'); return { payload: text }; };\n",
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

async function withFlow(served: Served, endpoint: object, work: (run: () => Promise<RunResult>, cursor: () => Promise<unknown>) => Promise<void>): Promise<void> {
  const root = makeWorkspace(served, endpoint);
  try {
    await using runner = await openRunner({ root, editorSecrets: new Map(Object.entries(served.credentials).map(([name, value]) => [name, String(value)])) });
    assert.deepEqual(await runner.diagnostics(), []);
    await work(async () => (await runner.start({ flow: 'f', trigger: 'manual' })).done, async () => (await runner.state.cursors.list({})).items[0]?.value);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const files = { call: 'get', with: { path: 'in', pattern: '*.csv', modifiedFrom: '{{ cursor.from }}' } };

async function readOnce(served: Served): Promise<void> {
  const { write } = served;
  await withFlow(served, files, async (run, cursor) => {
    await write('in/a.csv', 'a1', 0);
    await write('in/b.csv', 'b1', 10);
    assert.deepEqual(outputsOf(await run()), ['a1', 'b1']);
    const first = await cursor();
    assert.deepEqual(outputsOf(await run()), []);
    // One of the same moment, one that was changed, one that is new, and one that nobody asks for.
    await write('in/c.csv', 'c1', 10);
    await write('in/b.csv', 'b22', 20);
    await write('in/d.csv', 'd1', 30);
    await write('in/e.txt', 'e1', 30);
    assert.deepEqual(outputsOf(await run()), ['b22', 'c1', 'd1']);
    const second = await cursor();
    // What fails behind it comes again.
    await write('in/f.csv', 'bad', 40);
    assert.equal((await run()).status, 'failed');
    assert.deepEqual(await cursor(), second);
    await write('in/f.csv', 'f1', 41);
    assert.deepEqual(outputsOf(await run()), ['f1']);
    assert.deepEqual(outputsOf(await run()), []);
    // A store gives its objects the time at which they came.
    const times = [first, second, await cursor()].map(String);
    assert.deepEqual(times, times.toSorted());
  });
}

const outputsOf = ({ outputs, error }: RunResult): readonly unknown[] => {
  assert.equal(error, undefined, error?.message);
  return outputs;
};

describe('files that are new or changed are read once, and again where they did not get through', () => {
  for (const one of fileCases) {
    test(one.name, { skip: skipWithout(one.server) }, async () => {
      await using server = await startBroker(one.server);
      const opened = await one.open(server);
      await readOnce({ ...opened, write: inFolder(opened.folder) });
    });
  }
  test('a folder of this machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-feeds-'));
    try {
      await readOnce({ plugin: localFiles as unknown as Plugin, settings: { root: folder }, credentials: {}, write: inFolder(folder) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  test('a store of S3', async () => {
    await using server = await startS3();
    const served = { plugin: s3 as unknown as Plugin, settings: { bucket: 'feeds', endpoint: server.endpoint, pathStyle: true }, credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } };
    await using world = fileWorld(served.plugin, served.settings, served.credentials, '', async () => undefined);
    await readOnce({ ...served, write: async (path, content) => assert.equal((await world.call('put', { path }, text(content, 'text/csv'))).error, undefined) });
  });
});

test('what is new is listed, too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-feeds-'));
  const served = { plugin: localFiles as unknown as Plugin, settings: { root: folder }, credentials: {}, write: inFolder(folder) };
  try {
    await withFlow(served, { call: 'list', with: { path: 'in', modifiedFrom: '{{ cursor.from }}', pageSize: 2 } }, async (run) => {
      for (const [minutes, name] of ['a', 'b', 'c'].entries()) await served.write(`in/${name}`, name, minutes);
      assert.deepEqual(outputsOf(await run()), ['in/a,in/b', 'in/c']);
      await served.write('in/b', 'other', 9);
      assert.deepEqual([outputsOf(await run()), outputsOf(await run())], [['in/b'], []]);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is taken away once it was read is not read incrementally', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-feeds-'));
  const served = { plugin: localFiles as unknown as Plugin, settings: { root: folder }, credentials: {}, write: inFolder(folder) };
  try {
    await withFlow(served, { ...files, with: { ...files.with, after: 'delete' } }, async (run) => {
      await served.write('in/a.csv', 'a', 0);
      const { error } = await run();
      assert.deepEqual([error?.code, error?.message], ['CONFIG_INVALID', '"changed" of "feeds" reads only what is new, and takes away what it has read ("after" is "delete"): what it has read before would be taken away unread. Nothing was read.']);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
