import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createPayload, streamPayload } from '../server/engine/payload.ts';
import { call, type Call, type Called, type ConnectorHost } from './support/connector-host.ts';
import { protocolHost } from './support/protocol-host.ts';
import type { Plugin } from '../plugins/sdk/index.ts';
import { manifestOf } from '../server/model/protocol.ts';
import { openRunner } from '../server/runner/runner.ts';
import plugin from '../plugins/connectors/local-files/local-files.ts';

interface World extends AsyncDisposable {
  readonly root: string;
  readonly host: ConnectorHost;
  call(endpoint: string, params?: object, options?: Call): Promise<Called>;
  write(path: string, text?: string): Promise<void>;
  text(path: string): Promise<string>;
}

const modifiedAt = '2024-05-01T10:00:00.000Z';

async function world(): Promise<World> {
  const outer = await mkdtemp(join(tmpdir(), 'patchbay-files-'));
  const root = join(outer, 'root');
  await mkdir(root);
  await writeFile(join(outer, 'secret.txt'), 'secret');
  const host = protocolHost({ plugin: plugin as unknown as Plugin, settings: { root }, credentials: {}, endpoints: manifestOf(plugin as never).endpoints as never });
  return {
    root, host,
    call: (endpoint, params = {}, options = {}) => call(host, { endpoint, params, ...options }),
    async write(path, text = 'x') {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), text);
      await utimes(join(root, path), new Date(modifiedAt), new Date(modifiedAt));
    },
    text: (path) => readFile(join(root, path), 'utf8'),
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await rm(outer, { recursive: true });
    },
  };
}

const text = (body: string, mediaType = 'text/plain'): Call => ({ payload: createPayload({ id: 'p', body, mediaType }) });
const ok = (called: Called): Called => {
  assert.equal(called.error, undefined);
  return called;
};
const paths = ({ bodies }: Called): string[] => (bodies.flat() as { path: string }[]).map(({ path }) => path);

test('a folder is listed in pages, each from which it can go on', async () => {
  await using files = await world();
  for (const path of ['b.csv', 'a.json', 'in/2.csv', 'in/1.csv', 'in/deep/3.csv', '.patchbay-0123456789abcdef.part']) await files.write(path);
  assert.deepEqual(ok(await files.call('list')).bodies, [[{ path: 'a.json', name: 'a.json', type: 'file', size: 1, modifiedAt }, { path: 'b.csv', name: 'b.csv', type: 'file', size: 1, modifiedAt }]]);
  const all = ok(await files.call('list', { recursive: true, pageSize: 2 }));
  assert.deepEqual(all.bodies.map((page) => (page as { path: string }[]).map(({ path }) => path)), [['a.json', 'b.csv'], ['in/1.csv'], ['in/2.csv'], ['in/deep/3.csv']]);
  assert.deepEqual(paths(ok(await files.call('list', { recursive: true, pageSize: 2 }, { resumed: { after: 'in/1.csv' } }))), ['in/2.csv', 'in/deep/3.csv']);
  assert.deepEqual(paths(ok(await files.call('list', { recursive: true, type: 'folders' }))), ['in', 'in/deep']);
  assert.deepEqual(paths(ok(await files.call('list', { path: 'in', pattern: '*.csv' }))), ['in/1.csv', 'in/2.csv']);
  assert.deepEqual(ok(await files.call('list', { pattern: '*.xml' })).bodies, []);
  assert.equal((await files.call('list', { path: 'gone' })).error?.code, 'REMOTE_REJECTED');
});

test('files are read with what is known of them', async () => {
  await using files = await world();
  await files.write('in/a.csv', 'sku\nA\n');
  await files.write('in/ü#1?.json', '{"a":1}');
  const one = ok(await files.call('get', { path: 'in/a.csv' }));
  assert.deepEqual([one.payloads[0]!.mediaType, await one.payloads[0]!.text(), one.payloads[0]!.meta], ['text/csv', 'sku\nA\n', { 'file.name': 'a.csv', 'file.path': 'in/a.csv', 'file.size': '6', 'file.modifiedAt': modifiedAt }]);
  assert.deepEqual(await ok(await files.call('get', { path: 'in/ü#1?.json' })).payloads[0]!.json(), { a: 1 });
  const several = ok(await files.call('get', { path: 'in', pattern: '*.{csv,json}' }));
  assert.deepEqual(several.payloads.map(({ meta }) => meta['file.path']), ['in/a.csv', 'in/ü#1?.json']);
  assert.deepEqual(ok(await files.call('get', { pattern: '*.nope' })).bodies, []);
  assert.deepEqual(ok(await files.call('get', { path: 'gone', ifMissing: 'nothing' })).bodies, []);
  const bad = [['gone', 'REMOTE_REJECTED'], ['in', 'REMOTE_REJECTED'], ['', 'DATA_INVALID'], ['in/a.csv/x', 'REMOTE_REJECTED']] as const;
  for (const [path, code] of bad) assert.equal((await files.call('get', { path })).error?.code, code, path);
  assert.equal((await files.call('get', { path: 'in/a.csv', mostBytes: 5 })).error?.code, 'REMOTE_TOO_LARGE');
});

test('what was read is deleted or moved when it is given out, and an attempt after that goes on', async () => {
  await using files = await world();
  for (const name of ['1', '2', '3']) await files.write(`in/${name}.txt`, name);
  const cut = await files.call('get', { pattern: 'in/*', after: 'move', moveTo: 'done' }, { most: 1 });
  assert.deepEqual([cut.payloads.length, cut.checkpoint], [1, { after: 'in/2.txt', isPending: true }], 'the second was given out and not taken');
  assert.deepEqual((await readdir(join(files.root, 'in'))).sort(), ['2.txt', '3.txt']);
  const rest = ok(await files.call('get', { pattern: 'in/*', after: 'move', moveTo: 'done' }, { resumed: { after: 'in/1.txt', isPending: true } }));
  assert.deepEqual([await Promise.all(rest.payloads.map((payload) => payload.text())), (await readdir(join(files.root, 'done'))).sort()], [['2', '3'], ['1.txt', '2.txt', '3.txt']]);
  for (const name of ['4', '5']) await files.write(`in/${name}.txt`, name);
  const pending = ok(await files.call('get', { pattern: 'in/*', after: 'move', moveTo: 'done' }, { resumed: { after: 'in/4.txt', isPending: true } }));
  assert.deepEqual([await Promise.all(pending.payloads.map((payload) => payload.text())), await readdir(join(files.root, 'in')), (await readdir(join(files.root, 'done'))).sort()], [['5'], [], ['1.txt', '2.txt', '3.txt', '4.txt', '5.txt']], 'one that was given out and is not moved yet');
  ok(await files.call('get', { path: 'done/1.txt', after: 'delete' }));
  assert.deepEqual((await readdir(join(files.root, 'done'))).sort(), ['2.txt', '3.txt', '4.txt', '5.txt']);
  assert.equal((await files.call('get', { pattern: '*', after: 'move' })).error?.code, 'CONFIG_INVALID');
});

test('a thousand files, each once, also after a stop in the middle', async () => {
  await using files = await world();
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => files.write(`in/${index}.txt`, String(index))));
  const first = await files.call('get', { pattern: 'in/*.txt' }, { most: 400 });
  const { after } = first.checkpoint as { after: string };
  const given = first.payloads.map(({ meta }) => meta['file.path']!);
  assert.equal(given.length, 400);
  const second = ok(await files.call('get', { pattern: 'in/*.txt' }, { resumed: { after: given.at(-1) } }));
  assert.deepEqual([new Set([...given, ...second.payloads.map(({ meta }) => meta['file.path'])]).size, second.payloads.length, after > given.at(-1)!], [1_000, 600, true]);
});

test('files are taken away only where their payloads are kept', async () => {
  await using files = await world();
  const unkept: ConnectorHost = { ...files.host, bodies: { ...files.host.bodies, keepsPayloads: false } };
  for (const params of [{ after: 'delete' }, { after: 'move', moveTo: 'done' }]) {
    await files.write('a.txt', 'a');
    const { error, bodies } = await call(unkept, { endpoint: 'get', params: { path: 'a.txt', ...params } });
    assert.deepEqual([error?.code, bodies, await files.text('a.txt')], ['CONFIG_INVALID', [], 'a']);
    assert.match(`${error!.message} ${error!.remedy}`, /"get" of "shop" takes away.*"recording" of the flow/);
    ok(await files.call('get', { path: 'a.txt', ...params }));
    await assert.rejects(files.text('a.txt'), { code: 'ENOENT' });
  }
  await files.write('a.txt', 'a');
  assert.deepEqual((await call(unkept, { endpoint: 'get', params: { path: 'a.txt' } })).error, undefined);
});

test('a run takes files away only where it keeps everything', async () => {
  await using files = await world();
  const root = join(files.root, 'workspace');
  const writeJson = async (path: string, content: object): Promise<void> => files.write(`workspace/${path}`, JSON.stringify(content));
  await writeJson('patchbay.json', { version: 1 });
  await writeJson('instances/box.instance.json', { version: 1, connector: 'local-files', settings: { root: '..' } });
  const steps = { get: { shape: 'connector', settings: { instance: 'box', endpoint: 'get', params: { path: 'a.txt', after: '{{ flow.after }}' } } } };
  for (const recording of ['full', 'errors', 'none']) await writeJson(`flows/${recording}.flow.json`, { version: 1, variables: { after: { type: 'string', default: 'delete' } }, start: 'get', steps, settings: { recording } });
  const runner = await openRunner({ root });
  try {
    const told: unknown[] = [];
    for (const flow of ['errors', 'none', 'full']) {
      await files.write('a.txt', 'a');
      const { status, error } = await (await runner.start({ flow, trigger: 'manual', isAwaited: true })).done;
      told.push([flow, status, error?.code, await files.text('a.txt').catch(() => 'gone')]);
    }
    assert.deepEqual(told, [['errors', 'failed', 'CONFIG_INVALID', 'a'], ['none', 'failed', 'CONFIG_INVALID', 'a'], ['full', 'success', undefined, 'gone']]);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
});

test('what is converted makes one file: of a payload, and of all pages of a run', async () => {
  await using files = await world();
  const root = join(files.root, 'workspace');
  const writeJson = async (path: string, content: object): Promise<void> => files.write(`workspace/${path}`, JSON.stringify(content));
  await writeJson('patchbay.json', { version: 1 });
  await writeJson('instances/box.instance.json', { version: 1, connector: 'local-files', settings: { root: '..' } });
  for (const per of ['payload', 'run']) {
    const put = { shape: 'connector', settings: { instance: 'box', endpoint: 'put', params: { path: `${per}.csv` } } };
    await writeJson(`flows/${per}.flow.json`, { version: 1, start: 'pages', steps: { pages: { shape: 'split', settings: { each: per === 'run' }, next: { out: 'csv' } }, csv: { shape: 'convert', settings: { from: 'json', to: 'csv', ...(per === 'run' && { per }) }, next: { out: 'put' } }, put } });
  }
  const runner = await openRunner({ root });
  const lines = (count: number): string => ['n', ...Array.from({ length: count }, (_, n) => String(n)), ''].join('\n');
  try {
    const page = (from: number, count: number): object[] => Array.from({ length: count }, (_, index) => ({ n: from + index }));
    for (const [flow, body] of [['payload', page(0, 1_200)], ['run', [page(0, 600), page(600, 600), page(1_200, 5)]]] as const) {
      assert.equal((await (await runner.start({ flow, trigger: 'manual', isAwaited: true, payload: { body, mediaType: 'application/json' } })).done).status, 'success');
    }
  } finally {
    await runner[Symbol.asyncDispose]();
  }
  assert.deepEqual([await files.text('payload.csv'), await files.text('run.csv')], [lines(1_200), lines(1_205)]);
});

test('a payload is written whole, in folders that are made', async () => {
  await using files = await world();
  const put = ok(await files.call('put', { path: 'out/a/b.txt' }, text('hällo')));
  assert.deepEqual(put.bodies, [{ path: 'out/a/b.txt', size: 6, sha256: createHash('sha256').update('hällo').digest('hex'), written: true }]);
  assert.equal(await files.text('out/a/b.txt'), 'hällo');
  ok(await files.call('put', { path: 'out/a/b.txt' }, text('new')));
  assert.equal(await files.text('out/a/b.txt'), 'new');
  assert.deepEqual((ok(await files.call('put', { path: 'out/a/b.txt', ifExists: 'skip' }, text('other'))).bodies[0] as { written: boolean }).written, false);
  assert.equal((await files.call('put', { path: 'out/a/b.txt', ifExists: 'refuse' }, text('other'))).error?.code, 'REMOTE_REJECTED');
  ok(await files.call('put', { path: 'c.json', ifExists: 'refuse' }, { body: { a: [1] } }));
  ok(await files.call('put', { path: 'd.txt', isAtomic: false }, text('d')));
  assert.equal((await files.call('put', { path: 'nope/d.txt', makesFolders: false }, text('d'))).error?.code, 'REMOTE_REJECTED');
  assert.equal((await files.call('put', { path: 'out' }, text('d'))).error?.code, 'REMOTE_REJECTED', 'a folder');
  assert.deepEqual([await files.text('out/a/b.txt'), await files.text('c.json'), await files.text('d.txt')], ['new', '{"a":[1]}', 'd']);
  assert.deepEqual((await readdir(files.root, { recursive: true })).sort(), ['c.json', 'd.txt', 'out', 'out/a', 'out/a/b.txt'], 'nothing else is left');
  await chmod(join(files.root, 'd.txt'), 0o600);
  ok(await files.call('put', { path: 'd.txt' }, text('e')));
  assert.equal((await stat(join(files.root, 'd.txt'))).mode & 0o777, 0o600, 'rights stay');
});

test('a long payload is streamed; one that is cut off leaves the old file as it was', async () => {
  await using files = await world();
  const chunk = new Uint8Array(2 ** 20).fill(97);
  const stream = (count: number, end?: () => void) => streamPayload({
    id: 'p', mediaType: 'text/plain', size: -1,
    async *open() {
      for (let at = 0; at < count; at++) yield chunk;
      end?.();
    },
  });
  ok(await files.call('put', { path: 'big.txt' }, { payload: stream(70) }));
  assert.equal((await stat(join(files.root, 'big.txt'))).size, 70 * 2 ** 20);
  let opened = 0;
  const cut = await files.call('put', { path: 'big.txt' }, { payload: stream(3, () => { if (++opened === 2) throw new Error('cut'); }) });
  assert.equal(cut.error?.message.includes('cut'), true);
  assert.deepEqual([(await stat(join(files.root, 'big.txt'))).size, await readdir(files.root)], [70 * 2 ** 20, ['big.txt']]);
});

test('payloads are put behind what a file has, each once', async () => {
  await using files = await world();
  ok(await files.call('put', { path: 'log/a.txt', ifExists: 'append' }, text('1\n')));
  const second = ok(await files.call('put', { path: 'log/a.txt', ifExists: 'append' }, text('2\n')));
  assert.deepEqual([second.bodies, second.checkpoint], [[{ path: 'log/a.txt', size: 4, written: true }], { at: 2 }]);
  ok(await files.call('put', { path: 'log/a.txt', ifExists: 'append' }, { ...text('2\n'), resumed: { at: 2 } }));
  assert.equal(await files.text('log/a.txt'), '1\n2\n');
});

test('files are moved, deleted and looked for', async () => {
  await using files = await world();
  await files.write('a.txt', 'a');
  await files.write('b.txt', 'b');
  assert.deepEqual(ok(await files.call('exists', { path: 'a.txt' })).bodies, [{ exists: true, path: 'a.txt', name: 'a.txt', type: 'file', size: 1, modifiedAt }]);
  assert.deepEqual(ok(await files.call('exists', { path: 'x/y.txt' })).bodies, [{ exists: false, path: 'x/y.txt', name: 'y.txt' }]);
  ok(await files.call('move', { from: 'a.txt', to: 'done/a.txt' }));
  assert.equal((await files.call('move', { from: 'b.txt', to: 'done/a.txt', ifExists: 'refuse' })).error?.code, 'REMOTE_REJECTED');
  ok(await files.call('move', { from: 'b.txt', to: 'done/a.txt' }));
  assert.equal(await files.text('done/a.txt'), 'b');
  assert.equal((await files.call('move', { from: 'b.txt', to: 'c.txt' })).error?.code, 'REMOTE_REJECTED');
  ok(await files.call('move', { from: 'b.txt', to: 'done/a.txt' }, { attempt: 2 }));
  assert.equal((await files.call('delete', { path: 'done' })).error?.code, 'REMOTE_REJECTED', 'a folder with files');
  assert.deepEqual(ok(await files.call('delete', { path: 'done/a.txt' })).bodies, [{ path: 'done/a.txt', deleted: true }]);
  assert.deepEqual(ok(await files.call('delete', { path: 'done/a.txt' })).bodies, [{ path: 'done/a.txt', deleted: false }]);
  assert.equal((await files.call('delete', { path: 'done/a.txt', ifMissing: 'fail' })).error?.code, 'REMOTE_REJECTED');
  ok(await files.call('delete', { path: 'done' }));
  assert.deepEqual(await readdir(files.root), []);
});

describe('nothing leaves the folder', () => {
  test('by a path', async () => {
    await using files = await world();
    for (const path of ['../secret.txt', 'in/../../secret.txt', '/etc/passwd', '..\\secret.txt']) {
      for (const [endpoint, params] of [['get', { path }], ['put', { path }], ['delete', { path }], ['exists', { path }], ['list', { path }], ['move', { from: path, to: 'x' }], ['move', { from: 'x', to: path }]] as const) {
        assert.equal((await files.call(endpoint, params)).error?.code, 'DATA_INVALID', `${endpoint} ${path}`);
      }
    }
    for (const pattern of ['../*', '/etc/*', 'in/../../*']) assert.equal((await files.call('get', { pattern })).error?.code, 'DATA_INVALID', pattern);
  });
  test('by a link', async () => {
    await using files = await world();
    await files.write('a.txt', 'inside');
    await symlink('../secret.txt', join(files.root, 'link.txt'));
    await symlink('..', join(files.root, 'up'));
    await symlink('a.txt', join(files.root, 'inner.txt'));
    for (const [endpoint, params] of [['get', { path: 'link.txt' }], ['get', { path: 'up/secret.txt' }], ['put', { path: 'up/x.txt' }], ['delete', { path: 'up/secret.txt' }], ['list', { path: 'up' }], ['put', { path: 'up/new/x.txt' }], ['move', { from: 'a.txt', to: 'up/x.txt' }], ['put', { path: 'link.txt', ifExists: 'append' }]] as const) {
      assert.equal((await files.call(endpoint, params)).error?.code, 'DATA_INVALID', `${endpoint} ${JSON.stringify(params)}`);
    }
    assert.deepEqual(paths(ok(await files.call('list', { recursive: true }))), ['a.txt', 'inner.txt']);
    assert.equal(await ok(await files.call('get', { path: 'inner.txt' })).payloads[0]!.text(), 'inside');
    ok(await files.call('put', { path: 'link.txt' }, text('mine')));
    assert.deepEqual([await files.text('link.txt'), await files.text('../secret.txt')], ['mine', 'secret'], 'the link itself is replaced');
  });
});

test('odd names go there and back', async () => {
  await using files = await world();
  const names = ['a b+c.csv', 'ü#1?.csv', "it's (1)!*.csv", 'per%20cent.csv', '日本.csv', 'a=b&c.csv', '[x]{y}.csv', '-rf', ' lead', 'q"uote'];
  for (const name of names) ok(await files.call('put', { path: `in/${name}` }, text(name)));
  const listed = paths(ok(await files.call('list', { path: 'in' })));
  assert.deepEqual(new Set(listed), new Set(names.map((name) => `in/${name}`)));
  for (const path of listed) assert.equal(await new Response(Buffer.from((await files.call('get', { path })).bodies[0] as Uint8Array | string)).text(), path.slice(3));
});
