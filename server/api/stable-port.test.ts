import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRunner } from '../runner/runner.ts';
import { serve } from './serve.ts';
import { openAtOneOf, portsOf } from './stable-port.ts';

const listening = async (port: number): Promise<Server> => {
  const server = createServer();
  await new Promise<void>((resolve, reject) => { server.once('error', reject); server.listen(port, '127.0.0.1', resolve); });
  return server;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

test('a folder has a port of its own beside the usual one, the same each time', () => {
  const [usual, own, any] = portsOf('/work/shop');
  assert.deepEqual([usual, any, portsOf('/work/shop')[1] === own, portsOf('/work/erp')[1] === own, own! >= 20_000 && own! < 30_000], [7341, 0, true, false, true]);
  assert.deepEqual([portsOf('/work/shop', 8080)[0], portsOf('/work/shop', 0)], [8080, [0]]);
});

test('the same address after a restart; where another program has it, the next, which says so', async () => {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-port-'));
  writeFileSync(join(root, 'patchbay.json'), '{ "version": 1 }');
  try {
    await using runner = await openRunner({ root, editorSecrets: new Map() });
    const free = await listening(0);
    const wanted = portOf(free);
    await new Promise((closed) => free.close(closed));
    const open = () => openAtOneOf([wanted, 0], (port) => serve(runner, { port, host: '127.0.0.1', token: 'a token of sixteen' }));
    for (const _ of ['first', 'again']) {
      const { opened, taken } = await open();
      assert.deepEqual([opened.url, taken], [`http://127.0.0.1:${wanted}`, undefined]);
      await opened.close();
    }
    const other = await listening(wanted);
    const { opened, taken } = await open();
    assert.deepEqual([opened.url === `http://127.0.0.1:${wanted}`, taken], [false, wanted]);
    assert.equal((await fetch(`${opened.url}/healthz`)).status, 200);
    await opened.close();
    await new Promise((closed) => other.close(closed));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('what is not about a port fails', async () => {
  await assert.rejects(openAtOneOf([1, 2], async () => { throw new Error('broken'); }), /broken/);
});
