import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serve } from '../server/api/serve.ts';
import { openRunner } from '../server/runner/runner.ts';

const mebibyte = 1024 * 1024;

test('a debugger over HTTP that asks and does not read is cut off at 64 MiB, and its session ends', async () => {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-debug-unread-'));
  await writeFile(join(root, 'patchbay.json'), '{ "version": 1 }');
  try {
    await using runner = await openRunner({ root });
    const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
    try {
      const headers = { authorization: 'Bearer tok', 'content-type': 'application/json' };
      const { session } = (await (await fetch(`${server.url}/api/v1/debug`, { method: 'POST', headers })).json()) as { session: string };
      const listening = request(`${server.url}/api/v1/debug/${session}/messages`, { headers });
      listening.end();
      const [messages] = (await once(listening, 'response')) as [IncomingMessage];
      messages.pause();
      const closed = new Promise<void>((resolve) => void messages.once('close', resolve).on('error', () => undefined));
      // What nobody knows is answered with its name.
      const command = 'x'.repeat(mebibyte / 2);
      const ask = async (seq: number): Promise<number> => (await fetch(`${server.url}/api/v1/debug/${session}`, { method: 'POST', headers, body: JSON.stringify({ seq, type: 'request', command }) })).status;
      let asked = 0;
      for (let status = 200; status === 200 && asked < 400;) {
        status = await ask(++asked);
        if (status !== 200) assert.equal(status, 404);
      }
      assert.ok(asked > 40 && asked < 400, `it took ${asked} requests`);
      let read = 0;
      messages.on('data', (bytes: Buffer) => { read += bytes.length; }).resume();
      await closed;
      assert.deepEqual([messages.complete, read < 64 * mebibyte], [false, true], `${read} bytes came`);
    } finally {
      await server.close();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
