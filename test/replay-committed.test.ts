import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import type { ReplayResult } from '../server/model/api.ts';
import { serve } from '../server/api/serve.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runnerClient } from '../webview/protocol/runner-client.ts';
import { runFake } from './support/fake-terminal.ts';

const repository = mkdtempSync(join(tmpdir(), 'patchbay-committed-'));
after(() => rmSync(repository, { recursive: true, force: true }));
const root = join(repository, 'integrations');
const put = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const flow = (factor: number): string => JSON.stringify({ version: 1, start: 'map', steps: { map: { shape: 'map', settings: { rules: [{ from: 'id', to: 'id' }, { from: 'price', to: 'total', transforms: [{ type: 'math', settings: { operation: 'multiply', with: factor } }] }] } } } });
const git = (...args: readonly string[]): string => execFileSync('git', ['-C', repository, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args], { encoding: 'utf8' });
const command = (...args: readonly string[]) => runFake([...args], { folder: root, open: (options) => openRunner(options) });

test('a run is replayed with the flow as it is committed: what that would have given with the same input', async () => {
  put('patchbay.json', JSON.stringify({ version: 1 }));
  put('in.json', JSON.stringify([{ id: 1, price: 2 }, { id: 2, price: 3 }]));
  put('flows/f.flow.json', flow(10));
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'ten');
  put('flows/f.flow.json', flow(20));
  const { run } = JSON.parse((await command('run', 'f', '--input', 'in.json', '--json')).out) as { run: string };
  assert.equal((await command('replay', run, '--version', 'now')).code, 0, 'as it is now, it is the same');
  const replayed = await command('replay', run, '--git', 'HEAD', '--json');
  const { identical, differences, outputs } = JSON.parse(replayed.out) as ReplayResult;
  assert.deepEqual([replayed.code, identical, outputs], [1, false, [[{ id: 1, total: 20 }, { id: 2, total: 30 }]]]);
  assert.deepEqual(differences.map(({ kind, step, values }) => [kind, step, values]), [['changed', 'map', [{ pointer: '/0/total', before: 40, after: 20 }, { pointer: '/1/total', before: 60, after: 30 }]]]);

  const printed = await command('replay', run, '--git', 'HEAD');
  assert.equal(printed.code, 1);
  assert.equal(printed.out, `map, payload ${differences[0]!.payload}: other values\n  /0/total: 40 → 20\n  /1/total: 60 → 30\n`);

  put('flows/none.flow.json', JSON.stringify({ version: 1, start: 'filter', steps: { filter: { shape: 'filter', settings: { conditions: [{ field: 'id', is: 'greater-than', value: 5 }] }, next: { out: 'map' } }, map: { shape: 'map', settings: { passThrough: true } } } }));
  const empty = (JSON.parse((await command('run', 'none', '--input', 'in.json', '--json')).out) as { run: string }).run;
  for (const [of, step, said] of [[run, 'mapp', /^error: The flow "f" has no step "mapp" to begin at\.\n {2}Did you mean "map"\?\n$/], [run, 'nope', /^error: The flow "f" has no step "nope" to begin at\.\n {2}There is "map"\.\n$/], [empty, 'map', /^error: Nothing came to the step "map" in this run\.\n {2}Name a step that something came to, .*`--input FILE`/]] as const) {
    const refused = await command('replay', of, '--from', step);
    assert.deepEqual([refused.code, refused.out], [2, '']);
    assert.match(refused.said, said);
  }

  put('flows/f.flow.json', '{ "version": 1 }');
  git('add', '-A');
  git('commit', '-qm', 'broken');
  put('flows/f.flow.json', flow(20));
  assert.match((await command('replay', run, '--git', 'HEAD')).said, /Of HEAD the flow cannot be run: .*"steps"/);
  assert.equal((await command('replay', run, '--git', 'HEAD~1')).code, 1);
  for (const [revision, said] of [['nowhere', /Git does not give the files of "nowhere"/], ['--output=x', /is no revision/]] as const) assert.match((await command('replay', run, `--git=${revision}`)).said, said);
});

test('all that the flow uses is that of the revision: mappings, scripts, lookups, connectors; what git ignores is as it is', async () => {
  const shop = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ orders: [{ id: 1 }], others: [{ id: 2 }] })));
  await new Promise<void>((resolve) => void shop.listen(0, '127.0.0.1', resolve));
  shop.unref();
  const address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const putAll = (n: number): void => {
    put('flows/all.flow.json', JSON.stringify({ version: 1, start: 'map', steps: { map: { shape: 'map', settings: { map: 'part' }, next: { out: 'script' } }, script: { shape: 'script', settings: { script: 'mark.ts' }, next: { out: 'get' } }, get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' } } } }));
    put('maps/part.map.json', JSON.stringify({ version: 1, rules: [{ from: 'id', to: `id${n}` }, { from: 'code', to: 'name', transforms: [{ type: 'lookup', settings: { lookup: 'names' } }] }] }));
    put('scripts/mark.ts', `export default async (input: { payload: object }) => ({ payload: { ...input.payload, mark: ${n} } });\n`);
    put('lookups/names.csv', `code,name\na,name ${n}\n`);
    put('connectors/shop.connector.json', JSON.stringify({ version: 1, title: 'Shop', baseUrl: address, endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders', records: n === 1 ? 'orders' : 'others' } } }));
  };
  put('.gitignore', 'instances/\n');
  put('instances/shop.instance.json', JSON.stringify({ version: 1, connector: 'shop' }));
  put('in.json', JSON.stringify({ id: 7, code: 'a' }));
  putAll(1);
  git('add', '-A');
  git('commit', '-qm', 'one');
  putAll(2);
  const { run } = JSON.parse((await command('run', 'all', '--input', 'in.json', '--json')).out) as { run: string };
  shop.close();
  shop.closeAllConnections();
  const replayed = async (...how: readonly string[]): Promise<ReplayResult> => JSON.parse((await command('replay', run, ...how, '--json')).out) as ReplayResult;
  const now = await replayed('--version', 'now');
  assert.deepEqual([now.identical, now.outputs], [true, [[{ id: 2 }]]]);
  const then = await replayed('--git', 'HEAD');
  assert.deepEqual(then.outputs, [[{ id: 1 }]]);
  assert.deepEqual(then.differences.map(({ step, values }) => [step, values?.map(({ pointer, before, after: is }) => [pointer, before, is])]), [
    ['map', [['/id2', 7, undefined], ['/name', 'name 2', 'name 1'], ['/id1', undefined, 7]]], ['script', [['/id2', 7, undefined], ['/name', 'name 2', 'name 1'], ['/mark', 2, 1], ['/id1', undefined, 7]]], ['get', [['/0/id', 2, 1]]],
  ]);
  await using runner = await openRunner({ root });
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
  await using _closing = { [Symbol.asyncDispose]: () => server.close() };
  const client = runnerClient(async () => ({ url: server.url, token: 'tok' }));
  assert.deepEqual((await client.replay(run, { revision: 'HEAD' })).outputs, then.outputs, 'the editor says the same');
  await assert.rejects(client.replay(run, { revision: 'nowhere' }), /Git does not give the files of "nowhere"/);
  const folder = join(root, '.patchbay', 'replays');
  assert.deepEqual(existsSync(folder) ? readdirSync(folder) : [], [], 'nothing is left');
  assert.match(git('status', '--porcelain'), /^ M integrations\/maps\/part\.map\.json$/m, 'nothing is staged');
});
