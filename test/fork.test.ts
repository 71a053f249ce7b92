import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Runner } from '../server/runner/contract.ts';
import type { ForkOptions } from '../server/runner/past-runs.ts';
import { openRunner } from '../server/runner/runner.ts';

const root = mkdtempSync(join(tmpdir(), 'patchbay-fork-'));
const sent: string[] = [];
let shop: Server;

before(async () => {
  shop = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => { body += bytes.toString('utf8'); }).on('end', () => {
      sent.push(`${request.url!.split('?')[0]} ${body}`);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ taken: sent.length }));
    });
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const send = (endpoint: string, next?: string): object => ({ shape: 'connector', settings: { instance: 'shop', endpoint, saveResponse: false }, ...(next !== undefined && { next: { out: next } }) });
  const files = {
    'patchbay.json': { version: 1, redact: ['card'] },
    'connectors/shop.connector.json': {
      version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`, auth: { key: { type: 'api-key', settings: { in: 'query', name: 'key' } } },
      endpoints: Object.fromEntries(['first', 'second'].map((name) => [name, { title: name, direction: 'send', method: 'POST', path: `/${name}` }])),
    },
    'instances/shop.instance.json': { version: 1, connector: 'shop', credentials: { key: { $secret: 'shop/key' } } },
    'flows/two.flow.json': {
      version: 1, start: 'each', variables: { round: { type: 'number', default: 1 } },
      steps: { each: { shape: 'split', settings: { each: true }, next: { out: 'first' } }, first: send('first', 'double'), double: { shape: 'map', settings: { passThrough: true, rules: [{ from: 'n', to: 'twice', transforms: [{ type: 'math', settings: { operation: 'multiply', with: 2 } }] }] }, next: { out: 'second' } }, second: send('second') },
    },
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  }
});
after(() => {
  shop.close();
  shop.closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

/** What is sent by a run that goes on where the first payload began at a step. */
async function fork(runner: Runner, run: string, step: string, options: Omit<ForkOptions, 'seq'> = {}): Promise<{ readonly status: string; readonly sent: readonly string[]; readonly outputs: readonly unknown[] }> {
  const events = await runner.debug.events(run, 0, 1_000);
  const { seq } = events.find(({ event }) => event.type === 'payload-in' && event.step === step)!;
  sent.length = 0;
  await using debugged = runner.debug.open({}, () => undefined);
  const { status, outputs } = await (await debugged.fork(run, { seq, ...options })).done;
  return { status, sent: [...sent], outputs };
}

test('a run that goes on from the middle of another sends nothing twice, and what is different once', async () => {
  await using runner = await openRunner({ root, editorSecrets: new Map([['shop/key', 'canary-key']]) });
  const payload = { body: [{ n: 1, card: '4111' }, { n: 2, card: '4222' }], mediaType: 'application/json' };
  const { run, status } = await (await runner.start({ flow: 'two', trigger: 'manual', payload })).done;
  assert.deepEqual([status, sent.length], ['success', 4], sent.join('\n'));

  const same = await fork(runner, run, 'double');
  assert.deepEqual([same.status, same.sent], ['success', []]);

  const changed = await fork(runner, run, 'double', { changes: [{ of: 'payload', path: ['n'], value: 50 }] });
  assert.deepEqual([changed.status, changed.sent], ['success', ['/second {"card":"4111","twice":100}']]);

  const earlier = await fork(runner, run, 'first', { changes: [{ of: 'payload', path: ['n'], value: 7 }] });
  assert.deepEqual(earlier.sent.map((line) => line.slice(0, 7)), ['/first ', '/second']);
  await assert.rejects(runner.debug.open({}, () => undefined).fork(run, { seq: 1 }), { code: 'API_INVALID' });
});
