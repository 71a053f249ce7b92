import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FlowSummary, FlowVersions, RunResult } from '../server/model/api.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// Deployment as people and CI do it: by the command line, each command a process of its own.

const cli = join(import.meta.dirname, '..', 'server', 'cli', 'patchbay.ts');
const flow = { version: 1, triggers: { in: { trigger: 'webhook' } }, start: 'a', steps: { a: { shape: 'map', settings: { rules: [{ from: 'n', to: 'out', transforms: [{ type: 'lookup', settings: { lookup: 'codes' } }] }] } } } };

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly said: string;
}

async function workspace(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-deploy-'));
  await write(root, { 'patchbay.json': JSON.stringify({ version: 1 }), 'flows/f.flow.json': JSON.stringify(flow), 'lookups/codes.csv': 'a,b\n1,one\n' });
  return root;
}

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
}

const start = (root: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess =>
  spawn(process.execPath, [cli, ...args], { cwd: root, env: { PATH: process.env['PATH'], HOME: root, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });

async function patchbay(root: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const child = start(root, args, environment);
  const texts = Promise.all([child.stdout!, child.stderr!].map(async (stream) => Buffer.concat(await stream.toArray()).toString('utf8')));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const [out, said] = (await texts) as [string, string];
  return { code, signal, out, said };
}

async function json<T>(root: string, args: readonly string[]): Promise<T> {
  const { code, out, said } = await patchbay(root, [...args, '--json']);
  assert.equal(code, 0, said);
  return JSON.parse(out) as T;
}

describe('a server runs what was deployed', () => {
  let root: string;
  let server: ChildProcess;
  let base: string;
  let token: string;

  before(async () => {
    root = await workspace();
    await json(root, ['deploy', 'f', '--note', 'first']);
    await write(root, { 'lookups/codes.csv': 'a,b\n1,two\n' });
    server = start(root, ['serve', '--port', '0']);
    const [line] = (await once(server.stdout!, 'data')) as [Buffer];
    ({ url: base, token } = JSON.parse(line.toString('utf8')) as { url: string; token: string });
    base += '/api/v1/flows/f';
  });
  after(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    await rm(root, { recursive: true });
  });

  const ask = async <T>(path: string, method = 'GET'): Promise<T> => {
    const response = await fetch(`${base}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(path.startsWith('/runs') && { body: '{"n":1}' }) });
    return response.json() as Promise<T>;
  };
  const outputs = async (query = ''): Promise<readonly unknown[]> => (await ask<RunResult>(`/runs?wait=true${query}`, 'POST')).outputs;
  const inUse = async (): Promise<unknown> => {
    const { deployed, draftDiffers, enabled } = await ask<FlowSummary>('');
    return [deployed?.number, draftDiffers, enabled];
  };

  test('whatever the files say meanwhile, until they are deployed as well, by whichever process', async () => {
    assert.deepEqual([await inUse(), await outputs(), await outputs('&version=draft')], [[1, true, true], [{ out: 'one' }], [{ out: 'two' }]]);
    await json(root, ['deploy', 'f', '--note', 'second']);
    assert.deepEqual([await inUse(), await outputs(), await outputs('&version=1')], [[2, false, true], [{ out: 'two' }], [{ out: 'one' }]]);
    await json(root, ['rollback', 'f', '1']);
    assert.deepEqual([await inUse(), await outputs()], [[1, true, true], [{ out: 'one' }]]);
    await ask('/rollback?version=2', 'POST');
    assert.deepEqual([(await json<FlowVersions>(root, ['versions', 'f'])).deployed, await outputs()], [2, [{ out: 'two' }]]);
    await json(root, ['disable', 'f']);
    assert.deepEqual(await inUse(), [2, false, false]);
    await ask('/enable', 'POST');
    assert.equal((await json<FlowVersions>(root, ['versions', 'f'])).enabled, true);
  });
});

describe('a deployment that is killed has happened or has not', () => {
  for (const [point, inUse] of [['snapshot-file-written', 1], ['snapshot-file-written:3', 1], ['snapshot-written', 1], ['snapshot-renamed', 1], ['deploy-index-written', 2]] as const) {
    test(point, async () => {
      const root = await workspace();
      const deploy = () => withRunner(root, ({ versions }) => versions.deploy('f', { by: 'ada' }));
      const outputs = (version: number | 'deployed') => withRunner(root, async (runner) => (await (await runner.start({ flow: 'f', trigger: 'manual', version, payload: { body: { n: 1 }, mediaType: 'application/json' } })).done).outputs);
      try {
        await deploy();
        await write(root, { 'lookups/codes.csv': 'a,b\n1,two\n' });
        const killed = await patchbay(root, ['deploy', 'f'], { PATCHBAY_FAULT_POINT: point });
        assert.equal(killed.signal, 'SIGKILL', `${point} was reached: ${killed.said}`);
        const { deployed, versions } = await withRunner(root, (runner) => runner.versions.list('f'));
        assert.deepEqual([deployed, versions.length, await outputs('deployed')], [inUse, inUse, [{ out: inUse === 1 ? 'one' : 'two' }]]);
        // Whatever it has left is in nobody's way, and another content may come in its place.
        await write(root, { 'lookups/codes.csv': 'a,b\n1,three\n' });
        assert.equal((await deploy()).number, inUse + 1);
        assert.deepEqual(await outputs(inUse + 1), [{ out: 'three' }]);
        const folders = (await readdir(join(root, '.patchbay', 'versions', 'f'))).sort();
        assert.deepEqual(folders, Array.from({ length: inUse + 1 }, (_, index) => String(index + 1)));
      } finally {
        await rm(root, { recursive: true });
      }
    });
  }
});

async function withRunner<T>(root: string, work: (runner: Runner) => Promise<T>): Promise<T> {
  const runner = await openRunner({ root });
  try {
    return await work(runner);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
}

test('deployments at the same time come one after the other', async () => {
  const root = await workspace();
  try {
    const flows = ['f', 'g'];
    for (const id of flows) await write(root, { [`flows/${id}.flow.json`]: JSON.stringify({ ...flow, title: id }) });
    const outcomes = await Promise.all([...flows, ...flows].map((id) => patchbay(root, ['deploy', id])));
    assert.deepEqual(outcomes.map(({ code, said }) => (code === 0 ? 0 : said)), outcomes.map(() => 0));
    const { deployments } = JSON.parse(await readFile(join(root, '.patchbay', 'state.json'), 'utf8')) as { deployments: Record<string, { version: number; versions: unknown[] }> };
    assert.deepEqual(Object.entries(deployments).map(([id, { version, versions }]) => [id, version, versions.length]).sort(), flows.map((id) => [id, 1, 1]));
  } finally {
    await rm(root, { recursive: true });
  }
});
