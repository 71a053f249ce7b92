import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runnerProcess } from './process.ts';

/** A runner that names an address made of what it was told, and of its arguments and environment, where no secret may stand. */
const script = `
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.once('line', (line) => {
  const { root, token, secrets } = JSON.parse(line);
  const leaked = JSON.stringify([process.argv, process.env]).includes(secrets.key);
  console.log(JSON.stringify({ url: 'http://127.0.0.1/' + [token, secrets.key, leaked, process.pid].join('/') }));
}).once('close', () => process.exit(0));
`;

async function story(source: string, check: (open: (died: (reason: string) => void) => ReturnType<typeof runnerProcess>) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-process-'));
  await writeFile(join(root, 'runner.cjs'), source);
  const opened: AsyncDisposable[] = [];
  try {
    await check((died) => {
      const runner = runnerProcess({ node: process.execPath, script: join(root, 'runner.cjs'), start: async () => ({ root, token: 'tok', secrets: { key: 'very-secret-value' } }), log: () => {}, ready: () => {}, died, pauseMs: 1 });
      opened.push(runner);
      return runner;
    });
  } finally {
    for (const runner of opened) await runner[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  }
}

test('token and secrets go over stdin, not over arguments or the environment', () => story(script, async (open) => {
  const runner = open(() => {});
  const [one, two] = await Promise.all([runner.address(), runner.address()]);
  assert.deepEqual(one, two);
  assert.match(one.url, /\/tok\/very-secret-value\/false\/\d+$/);
}));

test('the real runner has the same address after a restart, and another one where its port is taken', async () => {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-process-'));
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await writeFile(join(root, 'patchbay.json'), JSON.stringify({ version: 1, server: { port } }));
  const script = join(import.meta.dirname, '..', '..', 'server', 'main.ts');
  const runner = runnerProcess({ node: process.execPath, script, start: async () => ({ root, token: 'a token of sixteen', secrets: {} }), log: () => {}, ready: () => {}, died: () => {} });
  try {
    const beside = await runner.address();
    await new Promise((closed) => other.close(closed));
    const first = await runner.restart();
    const second = await runner.restart();
    assert.deepEqual([beside.taken, beside.url === first.url, first.url, first.taken, second.url], [port, false, `http://127.0.0.1:${port}`, undefined, first.url]);
  } finally {
    await runner[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  }
});

test('a runner that is killed is started again', () => story(script, async (open) => {
  const dead = Promise.withResolvers<string>();
  const runner = open(dead.resolve);
  const first = await runner.address();
  process.kill(runner.pid()!, 'SIGKILL');
  assert.equal(await dead.promise, 'The runner ended with signal SIGKILL.');
  assert.notEqual((await runner.address()).url, first.url);
}));

test('a runner that cannot start says so to who asked, and is not tried again by itself', () => story('process.exit(3)', async (open) => {
  const runner = open(() => assert.fail('It never was ready.'));
  await assert.rejects(runner.address(), /The runner ended with code 3/);
}));

test('after closing nothing starts', () => story(script, async (open) => {
  const runner = open(() => {});
  await runner.address();
  await runner[Symbol.asyncDispose]();
  assert.equal(runner.pid(), undefined);
  await assert.rejects(runner.address(), /closed/);
}));
