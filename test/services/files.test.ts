import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { streamPayload } from '../../server/engine/payload.ts';
import type { Payload } from '../../plugins/sdk/index.ts';
import type { Called } from '../support/connector-host.ts';
import { eachFileServer, pathsOf, text } from '../support/file-worlds.ts';

const ok = (called: Called): Called => {
  assert.equal(called.error, undefined, called.error?.message);
  return called;
};

const stream = (chunks: readonly Uint8Array[], end?: () => void): Payload => streamPayload({
  id: 'p', mediaType: 'application/octet-stream', size: -1,
  async *open() {
    yield* chunks;
    end?.();
  },
});

eachFileServer('files are written, listed, read, moved and deleted', async ({ call, folder }) => {
  const put = ok(await call('put', { path: 'out/a/b.csv' }, text('sku\nÄ\n', 'text/csv')));
  assert.deepEqual(put.bodies, [{ path: 'out/a/b.csv', size: 7, sha256: createHash('sha256').update('sku\nÄ\n').digest('hex'), written: true }]);
  assert.equal(await readFile(join(folder, 'out/a/b.csv'), 'utf8'), 'sku\nÄ\n');
  ok(await call('put', { path: 'out/a/b.csv' }, text('sku\n', 'text/csv')));
  ok(await call('put', { path: 'out/c.json', isAtomic: false }, { body: [1] }));
  assert.equal((await call('put', { path: 'out/a/b.csv', ifExists: 'refuse' }, text('x'))).error?.code, 'REMOTE_REJECTED');
  assert.deepEqual((ok(await call('put', { path: 'out/a/b.csv', ifExists: 'skip' }, text('x'))).bodies[0] as { written: boolean }).written, false);
  assert.deepEqual(pathsOf(ok(await call('list', { recursive: true, pageSize: 1 }))), ['out/a/b.csv', 'out/c.json']);
  assert.deepEqual(pathsOf(ok(await call('list', { type: 'folders', recursive: true }))), ['out', 'out/a']);
  const [got] = ok(await call('get', { path: 'out/a/b.csv' })).payloads;
  const { 'file.modifiedAt': modifiedAt, ...meta } = got!.meta;
  assert.deepEqual([await got!.text(), got!.mediaType, meta], ['sku\n', 'text/csv', { 'file.name': 'b.csv', 'file.path': 'out/a/b.csv', 'file.size': '4' }]);
  const changedAt = (await stat(join(folder, 'out/a/b.csv'))).mtimeMs;
  assert.ok(Math.abs(Date.parse(modifiedAt!) - changedAt) < 60_000, `${modifiedAt} and ${new Date(changedAt).toISOString()}`);
  ok(await call('move', { from: 'out/a/b.csv', to: 'done/b.csv' }));
  assert.equal((await call('move', { from: 'out/c.json', to: 'done/b.csv', ifExists: 'refuse' })).error?.code, 'REMOTE_REJECTED');
  ok(await call('move', { from: 'out/c.json', to: 'done/b.csv' }));
  assert.equal(await readFile(join(folder, 'done/b.csv'), 'utf8'), '[1]');
  assert.equal((await call('delete', { path: 'done' })).error?.code, 'REMOTE_REJECTED', 'a folder that is not empty');
  assert.deepEqual(ok(await call('delete', { path: 'done/b.csv' })).bodies, [{ path: 'done/b.csv', deleted: true }]);
  assert.deepEqual(ok(await call('delete', { path: 'done/b.csv' })).bodies, [{ path: 'done/b.csv', deleted: false }]);
  ok(await call('delete', { path: 'done' }));
  assert.equal((ok(await call('exists', { path: 'out/a' })).bodies[0] as { type: string }).type, 'folder');
  assert.equal((ok(await call('exists', { path: 'gone/x' })).bodies[0] as { exists: boolean }).exists, false);
  assert.equal((await call('get', { path: 'gone/x' })).error?.code, 'REMOTE_REJECTED');
  assert.equal((await call('list', { path: 'gone' })).error?.code, 'REMOTE_REJECTED');
  assert.deepEqual((await readdir(folder, { recursive: true })).sort(), ['out', 'out/a'], 'nothing else is left');
});

eachFileServer('a thousand files, each once, also after a stop in the middle; what was read is moved away', async ({ call, folder }) => {
  await mkdir(join(folder, 'in'));
  await chmod(join(folder, 'in'), 0o777);
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => writeFile(join(folder, 'in', `${index}.txt`), String(index))));
  const first = await call('get', { path: 'in', pattern: '*.txt' }, { most: 300 });
  const given = first.payloads.map(({ meta }) => meta['file.path']!);
  const second = ok(await call('get', { path: 'in', pattern: '*.txt' }, { resumed: { after: given.at(-1) } }));
  const all = [...given, ...second.payloads.map(({ meta }) => meta['file.path']!)];
  assert.deepEqual([given.length, all.length, new Set(all).size], [300, 1_000, 1_000]);
  assert.deepEqual(await Promise.all(second.payloads.map(async (payload) => `in/${await payload.text()}.txt`)), all.slice(300));
  ok(await call('get', { path: 'in', pattern: '1*.txt', after: 'move', moveTo: 'done' }));
  ok(await call('get', { path: 'in', pattern: '2*.txt', after: 'delete' }));
  assert.deepEqual([(await readdir(join(folder, 'in'))).length, (await readdir(join(folder, 'done'))).length], [778, 111]);
});

eachFileServer('a long file goes there and back; one that is cut off leaves nothing under its name', async ({ call, folder }) => {
  const chunks = Array.from({ length: 20 }, (_, index) => new Uint8Array(1_000_003).fill(index));
  ok(await call('put', { path: 'big.bin' }, { payload: stream(chunks) }));
  const [got] = ok(await call('get', { path: 'big.bin' })).bodies as readonly Uint8Array[];
  assert.equal(Buffer.compare(got!, Buffer.concat(chunks)), 0);
  assert.equal((await call('get', { path: 'big.bin', mostBytes: 1_000 })).error?.code, 'REMOTE_TOO_LARGE');
  let opened = 0;
  const cut = (path: string) => call('put', { path }, { payload: stream(chunks.slice(0, 5), () => { if (++opened % 2 === 0) throw new Error('cut'); }) });
  assert.notEqual((await cut('big.bin')).error, undefined);
  assert.notEqual((await cut('other.bin')).error, undefined);
  assert.equal((await stat(join(folder, 'big.bin'))).size, 20 * 1_000_003);
  assert.deepEqual(pathsOf(ok(await call('list'))), ['big.bin']);
});

eachFileServer('what cannot be done names the file that was asked for, and what to do', async ({ call, folder }) => {
  await mkdir(join(folder, 'shut'));
  ok(await call('put', { path: 'a.txt' }, text('x')));
  for (const isAtomic of [true, false]) {
    const { error } = await call('put', { path: 'a.txt/b.txt', isAtomic, makesFolders: false }, text('x'));
    assert.equal(error?.code, 'REMOTE_REJECTED');
    assert.match(error.message, /"a\.txt\/b\.txt"/);
    assert.doesNotMatch(error.message, /\.patchbay-/);
    assert.match(error.remedy, /the right|the path/);
  }
  const { error } = await call('get', { path: 'shut' });
  assert.deepEqual([error?.code, error?.message], ['REMOTE_REJECTED', '"shut" is no file.']);
  assert.match(error?.remedy ?? '', /`pattern`/);
});

eachFileServer('odd names go there and back', async ({ call, folder }) => {
  const names = ['a b+c.csv', 'ü#1?.csv', "it's (1)!*.csv", 'per%20cent.csv', '日本.csv', 'a=b&c.csv', '[x]{y}.csv', '-rf', ' lead', 'q"uote', '$(x)`y`|z;'];
  for (const name of names) ok(await call('put', { path: `in/${name}` }, text(name)));
  assert.deepEqual(new Set(await readdir(join(folder, 'in'))), new Set(names));
  const listed = pathsOf(ok(await call('list', { path: 'in' })));
  assert.deepEqual(new Set(listed), new Set(names.map((name) => `in/${name}`)));
  for (const path of listed) assert.equal(await ok(await call('get', { path })).payloads[0]!.text(), path.slice(3));
  for (const path of listed) ok(await call('delete', { path }));
  assert.deepEqual(await readdir(join(folder, 'in')), []);
});

eachFileServer('no path leaves the folder', async ({ call }) => {
  for (const path of ['../x', 'in/../../x', '/etc/passwd', '..\\x', 'a\r\nDELE b', 'a\0']) {
    for (const [endpoint, params] of [['get', { path }], ['put', { path }], ['delete', { path }], ['exists', { path }], ['list', { path }], ['move', { from: path, to: 'x' }]] as const) assert.equal((await call(endpoint, params)).error?.code, 'DATA_INVALID', `${endpoint} ${path}`);
  }
});
