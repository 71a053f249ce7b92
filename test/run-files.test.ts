import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { serve } from '../server/api/serve.ts';
import { openRunner } from '../server/runner/runner.ts';
import { runFake } from './support/fake-terminal.ts';

const base = mkdtempSync(join(tmpdir(), 'patchbay-run-files-'));
after(() => rmSync(base, { recursive: true, force: true }));
const write = (folder: string, files: Readonly<Record<string, unknown>>): string => {
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(dirname(join(base, folder, name)), { recursive: true });
    writeFileSync(join(base, folder, name), JSON.stringify(value));
  }
  return join(base, folder);
};
const flow = { version: 1, start: 'map', variables: { shop: { type: 'string', default: 'eu' } }, steps: { map: { shape: 'map', settings: { passThrough: true, rules: [{ from: 'id', to: 'ref' }] }, next: { out: 'some' } }, some: { shape: 'filter', settings: { conditions: [{ field: 'ref', is: 'less-than', value: 900 }] } } } };
const there = write('there', { 'patchbay.json': { version: 1, redact: ['email'] }, 'flows/f.flow.json': flow, 'in.json': Array.from({ length: 1_000 }, (_, id) => ({ id, email: `${id}@example.com`, text: 'x'.repeat(40) })) });
const here = write('here', { 'patchbay.json': { version: 1 }, 'flows/f.flow.json': flow });
const command = (folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) => runFake([...args], { folder, environment, open: (options) => openRunner(options) });
const started = async (): Promise<string> => (JSON.parse((await command(there, ['run', 'f', '--input', 'in.json', '--json'])).out) as { run: string }).run;
const run = await started();

test('a run goes to another workspace by a file: as it was recorded, once, pinned, and it is compared and traced there', async () => {
  const exported = await command(there, ['runs', 'export', run, '-o', 'it.patchbayrun']);
  assert.equal(exported.code, 0);
  const file = join(there, 'it.patchbayrun');
  const imported = await command(here, ['runs', 'import', file]);
  assert.deepEqual([imported.code, imported.out], [0, `${run}\n`]);
  assert.match((await command(here, ['runs', 'import', file])).said, /here already/);
  const show = async (folder: string) => { const { pinned: _, ...detail } = JSON.parse((await command(folder, ['runs', 'show', run, '--json'])).out) as Record<string, unknown>; return JSON.stringify(detail).replaceAll(/"sealed(Meta)?":"[^"]*"/g, '"sealed":""'); };
  assert.equal(await show(here), await show(there));
  assert.equal((await command(here, ['runs', 'diff', run, run])).code, 0);
  assert.match((await command(here, ['runs', 'lineage', run, 'some', '[7].ref'])).out, /what the run began with \/7\/id = 7/);
  await using runner = await openRunner({ root: here });
  const [before, after_] = [await rows(there), runner.archive.payloads(run, 'map', 'in', 1).items];
  assert.deepEqual(after_.map(({ sealed: _s, ...row }) => row), before.map(({ sealed: _s, ...row }) => row), 'with how long the step took');
  assert.equal(runner.archive.run(run)!.pinned, true);
  assert.deepEqual((await runner.insights({ by: 'flow' })).items, [], 'its sums belong to where it ran');
  await assert.rejects(runner.past.retry(run), { code: 'RUN_INTERRUPTED' }, 'the true payload stayed where it was');
});

const rows = async (folder: string) => { await using runner = await openRunner({ root: folder }); return runner.archive.payloads(run, 'map', 'in', 1).items; };

test('nothing secret leaves with it', async () => {
  await command(there, ['runs', 'export', run, '-o', 'it.patchbayrun']);
  const text = gunzipSync(readFileSync(join(there, 'it.patchbayrun'))).toString();
  const bodies = text.split('\n').flatMap((line) => (line.startsWith('{"body"') ? [Buffer.from((JSON.parse(line) as { base64: string }).base64, 'base64').toString()] : []));
  assert.ok(bodies.length >= 2);
  for (const body of [text, ...bodies]) assert.ok(!body.includes('7@example.com'));
  assert.doesNotMatch(text, /"sealed\w*":"[^"]/);
});

test('a file that is none, was changed or cut off, is refused, and nothing of it is kept', async () => {
  await command(there, ['runs', 'export', run, '-o', 'it.patchbayrun']);
  const lines = gunzipSync(readFileSync(join(there, 'it.patchbayrun'))).toString().trim().split('\n');
  const empty = write('empty', { 'patchbay.json': { version: 1 } });
  const body = lines.findIndex((line) => line.startsWith('{"body"'));
  const files: Readonly<Record<string, Uint8Array>> = {
    text: Buffer.from('hello'), 'no JSON': gzipSync('hello\n'), 'another file': gzipSync('{"a":1}\n'), 'without its end': gzipSync(lines.slice(0, -1).join('\n')), 'a line less': gzipSync(lines.filter((_, at) => at !== 3).join('\n')),
    'another body': gzipSync(lines.map((line, at) => (at === body ? line.replace(/"base64":"./, '"base64":"Z') : line)).join('\n')), 'a run that goes on': gzipSync([lines[0]!.replace('"status":"success"', '"status":"running"'), ...lines.slice(1)].join('\n')),
    'cut off': readFileSync(join(there, 'it.patchbayrun')).subarray(0, -40), 'a request that is no JSON': gzipSync([lines[0]!.replace(/"request":"\{/, '"request":"['), ...lines.slice(1)].join('\n')), 'an id that is a path': gzipSync([lines[0]!.replace(`"id":"${run}"`, '"id":"../x"'), ...lines.slice(1)].join('\n')),
  };
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(empty, 'x.patchbayrun'), bytes);
    const { code, said } = await command(empty, ['runs', 'import', 'x.patchbayrun']);
    assert.equal(code, 1, `${name}: ${said}`);
    assert.match(said, /no exported run, or not as it was exported/, name);
  }
  writeFileSync(join(empty, 'x.patchbayrun'), gzipSync([lines[0]!.replace('"patchbayrun":1', '"patchbayrun":2'), ...lines.slice(1)].join('\n')));
  assert.match((await command(empty, ['runs', 'import', 'x.patchbayrun'])).said, /newer Patchbay/);
  assert.equal((JSON.parse((await command(empty, ['runs', 'list', '--json'])).out) as { total: number }).total, 0);
});

test('a run of a server comes by its address and token, and not over the network as it is', async () => {
  await using runner = await openRunner({ root: there });
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'secret-token' });
  try {
    const other = write('other', { 'patchbay.json': { version: 1 } });
    const imported = (address: string, token?: string, args: readonly string[] = ['--run', run]) => command(other, ['runs', 'import', address, ...args], token === undefined ? {} : { PATCHBAY_TOKEN: token });
    assert.match((await imported(server.url)).said, /set PATCHBAY_TOKEN/);
    assert.match((await imported(server.url, 'wrong')).said, /says 401/);
    assert.match((await imported(server.url, 'secret-token', ['--run', 'nope'])).said, /says 404: There is no run "nope"/);
    assert.match((await imported(server.url, 'secret-token', [])).said, /Which run\? --run names it/);
    assert.equal((await imported('http://shop.example:7341', 'secret-token')).code, 8);
    assert.equal((await imported(server.url, 'secret-token')).out, `${run}\n`);
    assert.equal((await imported(server.url, 'secret-token')).code, 0);
  } finally {
    await server.close();
  }
});
