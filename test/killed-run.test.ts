import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openRunner } from '../server/runner/runner.ts';

// `patchbay run`, killed in the middle, and the commands with which a person goes on.

const root = mkdtempSync(join(tmpdir(), 'patchbay-killed-'));
const cli = join(import.meta.dirname, '..', 'server', 'cli', 'patchbay.ts');
after(() => rmSync(root, { recursive: true, force: true }));

test('a run whose process was killed is gone on with from the command line: nothing is lost, and nothing comes under two keys', { timeout: 120_000 }, async () => {
  const seen = new Map<number, Set<string>>();
  const third = Promise.withResolvers<void>();
  let isMortal = true;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: number };
      seen.set(id, (seen.get(id) ?? new Set<string>()).add(String(request.headers['x-key'])));
      // The third is on its way when the process dies.
      if (seen.size === 3 && isMortal) third.resolve();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const files = {
    'patchbay.json': { version: 1 },
    'connectors/sink.connector.json': { version: 1, title: 'Sink', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, endpoints: { put: { title: 'Put', direction: 'send', method: 'POST', path: '/', idempotencyHeader: 'x-key' } } },
    'instances/sink.instance.json': { version: 1, connector: 'sink' },
    'flows/send.flow.json': { version: 1, start: 'each', steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'put' } }, put: { shape: 'connector', settings: { instance: 'sink', endpoint: 'put' } } } },
    'in.json': Array.from({ length: 6 }, (_, index) => ({ id: index })),
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), JSON.stringify(content));
  }
  const command = (...args: readonly string[]) => spawn(process.execPath, [cli, ...args, '--workspace', root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const answerOf = async (...args: readonly string[]): Promise<unknown> => {
    const child = command(...args, '--json');
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, `${args.join(' ')}: ${Buffer.concat(chunks)}`);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  };

  try {
    const killed = command('run', 'send', '--input', join(root, 'in.json'));
    await third.promise;
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    isMortal = false;
    const { items } = (await answerOf('runs', 'list')) as { items: readonly { id: string }[] };
    assert.equal(items.length, 1);
    const [{ id }] = items as [{ id: string }];
    const printed = async (...args: readonly string[]): Promise<readonly [out: string, said: string]> => {
      const child = spawn(process.execPath, [cli, ...args, '--workspace', root], { stdio: ['ignore', 'pipe', 'pipe'] });
      const [out, said] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
      await once(child, 'close');
      return [(await out!).join(''), (await said!).join('')];
    };
    const interrupted = new RegExp(`^run[^\\n]*\\n${id} +send +interrupted `);
    for (const args of [['list'], ['list', '--status', 'interrupted'], ['show', id]]) assert.match((await printed('runs', ...args))[0], interrupted, args.join(' '));
    writeFileSync(join(root, 'none.json'), '[]');
    for (const args of [['runs', 'show', id], ['run', 'send', '--input', join(root, 'none.json')]]) assert.match((await printed(...args))[1], new RegExp(`patchbay runs resume ${id}. goes on with it`), args.join(' '));
    // Two people go on with it at the same moment: one of them does, the other is told.
    const both = [1, 2].map(async () => {
      const child = spawn(process.execPath, [cli, 'runs', 'resume', items[0]!.id, '--json', '--workspace', root], { stdio: ['ignore', 'pipe', 'pipe'] });
      const [out, said] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, out: (await out!).join(''), said: (await said!).join('') };
    });
    const [one, other] = (await Promise.all(both)).toSorted((a, b) => a.code! - b.code!);
    assert.deepEqual([one!.code, other!.code], [0, 1], `${one!.said}\n${other!.said}`);
    assert.equal((JSON.parse(one!.out) as { status: string }).status, 'success');
    assert.match(other!.said, /error RUN_STOPPED: (Another process goes on with the run|The run \S+ \(\w+\) has gone on with)/);
    assert.deepEqual([...seen].map(([id, keys]) => [id, keys.size]).sort(([a], [b]) => a! - b!), [[0, 1], [1, 1], [2, 1], [3, 1], [4, 1], [5, 1]]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a killed run that is stopped moves the cursor of a sorted reading to where everything got through', { timeout: 120_000 }, async () => {
  const third = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const from = (Number(searchParams.get('page')) - 1) * 2;
    request.resume().on('end', () => {
      if (pathname === '/send' && ++sent === 3) third.resolve();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(pathname === '/send' ? {} : [1, 2, 3, 4, 5, 6].slice(from, from + 2).map((id) => ({ id }))));
    });
  }).listen(0, '127.0.0.1');
  let sent = 0;
  await once(server, 'listening');
  const folder = join(root, 'sorted');
  const files = {
    'patchbay.json': { version: 1 },
    'connectors/shop.connector.json': {
      version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, endpoints: {
        changed: { title: 'Changed', direction: 'receive', method: 'GET', path: '/', query: { since: '{{ cursor.from }}' }, records: '$', pagination: { type: 'page-number', settings: { param: 'page', size: 2 } }, incremental: { path: '$.id', kind: 'number', start: '0', isSorted: true } },
        send: { title: 'Send', direction: 'send', method: 'POST', path: '/send' },
      },
    },
    'instances/shop.instance.json': { version: 1, connector: 'shop' },
    'flows/copy.flow.json': { version: 1, start: 'get', steps: { get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'changed' }, next: { out: 'put' } }, put: { shape: 'connector', settings: { instance: 'shop', endpoint: 'send' } } } },
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  try {
    const killed = spawn(process.execPath, [cli, 'run', 'copy', '--workspace', folder], { stdio: 'ignore' });
    await third.promise;
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await using runner = await openRunner({ root: folder });
    const cursor = async (): Promise<unknown> => (await runner.state.cursors.list({})).items.map(({ value }) => value);
    assert.deepEqual(await cursor(), [undefined]);
    assert.equal(await runner.stop(runner.archive.runs({ status: 'interrupted' }).items[0]!.id), true);
    assert.deepEqual(await cursor(), ['4']);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
