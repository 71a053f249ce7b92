import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../server/api/serve.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runnerClient, RunnerProblem } from '../webview/protocol/runner-client.ts';
import { runFake } from './support/fake-terminal.ts';

const token = 'test';
let root: string;
let run: string;
let each: string;
const orders = Array.from({ length: 60_000 }, (_, id) => ({ id, email: id === 41_234 ? 'ADA@Example.com' : `user${id}@example.com`, password: `secret-${id}`, lines: [{ sku: `BC-${id % 7}`, price: id / 4 }], note: 'n'.repeat(40) }));

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchbay-payload-search-'));
  await mkdir(join(root, 'flows'));
  await writeFile(join(root, 'patchbay.json'), JSON.stringify({ version: 1, redact: ['$..password'] }));
  await writeFile(join(root, 'flows/pass.flow.json'), JSON.stringify({ version: 1, start: 'pass', steps: { pass: { shape: 'map', settings: { passThrough: true } } } }));
  await using runner = await openRunner({ root });
  const { head, done } = await runner.start({ flow: 'pass', trigger: 'test', payload: { body: orders, mediaType: 'application/json' } });
  await done;
  run = head.id;
  await writeFile(join(root, 'flows/each.flow.json'), JSON.stringify({ version: 1, start: 'each', steps: { each: { shape: 'split', settings: { each: true } } } }));
  const many = await runner.start({ flow: 'each', trigger: 'test', payload: { body: Array.from({ length: 450 }, (_, id) => ({ id, name: id % 200 === 1 ? 'Ada' : 'Bob' })), mediaType: 'application/json' } });
  await many.done;
  each = many.head.id;
});
after(() => rm(root, { recursive: true, force: true }));

test('the API finds texts and runs JSONPaths in a recorded body of several megabytes, and no secret', async () => {
  await using runner = await openRunner({ root });
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token });
  try {
    const client = runnerClient(async () => ({ url: server.url, token }));
    const { items: [row] } = await client.payloads(run, 'pass', 'in', 1);
    assert.ok(row!.size > 5_000_000, 'it is scanned, not parsed');
    const all = async (text: string) => {
      let [count, cursor]: [number, string | undefined] = [0, undefined];
      do {
        const found = await client.findInBody(run, row!.body, { text, skip: 1_000_000, limit: 1, ...(cursor !== undefined && { cursor }) });
        count += found.skipped;
        cursor = found.cursor;
      } while (cursor !== undefined);
      return count;
    };
    assert.deepEqual((await client.findInBody(run, row!.body, { text: 'ada@example' })).matches, [{ pointer: '/41234/email', side: 'value', excerpt: 'ADA@Example.com' }]);
    assert.equal(await all('BC-3'), orders.filter(({ id }) => id % 7 === 3).length);
    assert.equal(await all('secret-1'), 0, 'what is redacted is not found');
    assert.deepEqual((await client.queryBody(run, row!.body, { path: '$[41234].lines[0].sku' })).results, [{ pointer: '/41234/lines/0/sku', kind: 'string', value: `BC-${41_234 % 7}` }]);
    const { results, next } = await client.queryBody(run, row!.body, { path: "$[?@.lines[0].sku == 'BC-3'].id", offset: 100, limit: 100 });
    assert.deepEqual([results[0], results.length, next], [{ pointer: '/703/id', kind: 'number', value: 703 }, 100, 200]);
    assert.equal((await client.bodyHead(run, row!.body, 10)).bytes.length, 10);
    assert.equal((await client.bodyHead(run, row!.body, 10)).size, row!.size);
    const refused = async (work: Promise<unknown>, code: string, words: RegExp) => assert.rejects(work, (error) => error instanceof RunnerProblem && error.code === code && words.test(error.message));
    await refused(client.findInBody(run, row!.body, { text: '' }), 'API_INVALID', /1 to 1,000 letters/);
    await refused(client.findInBody(run, row!.body, { text: 'x', cursor: 'here' }), 'API_INVALID', /cursor/);
    await refused(client.findInBody(run, '0'.repeat(64), { text: 'x' }), 'API_NOT_FOUND', /no such body/);
    await refused(client.queryBody(run, row!.body, { path: '$[' }), 'CONFIG_PATH', /at character/);
    await refused(client.queryBody(run, row!.body, { path: '$[?@.id == $[0].id]' }), 'DATA_TOO_LARGE', /whole document/);
  } finally {
    await server.close();
  }
});

for (const [args, code, out, err] of [
  [['find', 'pass', 'ADA@'], 0, '/41234/email  ADA@Example.com\n', '1 of 1 match.\n'],
  [['find', 'pass', 'sku', '--limit', '1'], 0, '/0/lines/0/sku (name)  sku\n', '1 of 60000 matches.\n'],
  [['find', 'pass', 'nothing like it'], 1, '', '0 of 0 matches.\n'],
  [['query', 'pass', '$[2:4].id'], 0, 'place  value\n/2/id  2\n/3/id  3\n', '2 results.\n'],
] as const) {
  test(`patchbay runs ${args.join(' ')}`, async () => {
    const [name, ...rest] = args;
    const said = await runFake(['runs', name, run, ...rest], { folder: root, open: (options) => openRunner(options) });
    assert.deepEqual([said.code, said.out.replaceAll(/ +$/gm, ''), said.said], [code, out, err]);
  });
}

for (const [args, code, found, err] of [
  [['find', 'each', 'ada'], 0, [1, 201, 401], '3 of 3 matches.\n'],
  [['find', 'each', 'ada', '--limit', '2'], 0, [1, 201], '2 of 3 matches.\n'],
  [['query', 'each', "$[?@ == 'Ada']"], 0, [1, 201, 401], '3 results.\n'],
  [['query', 'each', '$.name', '--limit', '2'], 0, [0, 1], '2 results, and there may be more: raise --limit.\n'],
  [['find', 'each', 'carl'], 1, [], '0 of 0 matches.\n'],
] as const) {
  test(`patchbay runs ${args.join(' ')}, in all payloads of a step`, async () => {
    const [name, ...rest] = args;
    const cli = (...more: readonly string[]) => runFake(['runs', name, each, ...rest, ...more], { folder: root, open: (options) => openRunner(options) });
    await using runner = await openRunner({ root });
    const ids = [1, 2, 3].flatMap((page) => runner.archive.payloads(each, 'each', 'out', page, 200).items.map(({ id }) => id));
    const said = await cli();
    const lines = said.out.split('\n').filter((line) => line.includes('/name'));
    assert.deepEqual([said.code, lines.map((line) => ids.indexOf(line.split(' ')[0]!)), said.said], [code, found, err]);
    const { matches, results } = JSON.parse((await cli('--json')).out) as { matches?: readonly { payload: string }[]; results?: readonly { payload: string }[] };
    assert.deepEqual((matches ?? results)!.map(({ payload }) => ids.indexOf(payload)), found);
    if (found.length === 0) return;
    const one = await cli('--payload', ids[found[0]!]!);
    assert.deepEqual([one.code, one.said], [0, name === 'find' ? '1 of 1 match.\n' : '1 result.\n']);
  });
}
