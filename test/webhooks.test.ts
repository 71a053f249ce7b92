import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { serve, type Server } from '../server/api/serve.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// Real requests over a socket to a runner that listens, and what its database holds at the moment of the answer.

const root = mkdtempSync(join(tmpdir(), 'patchbay-webhooks-'));
const secret = "It's a Secret to Everybody";
const flow = {
  version: 1,
  triggers: {
    shop: { trigger: 'webhook', settings: { signature: { scheme: 'github', secret: { $secret: 'hook' }, previousSecret: { $secret: 'old' } } } },
    xml: { trigger: 'webhook', settings: { methods: ['*'], status: 202, body: '<ok/>', contentType: 'application/xml', signature: { scheme: 'token', parameter: 'key', secret: { $secret: 'hook' } } } },
    csv: { trigger: 'webhook', settings: { methods: ['GET'], body: 'ok\nyes\n', contentType: 'text/csv' } },
    broken: { trigger: 'webhook', settings: { signature: { scheme: 'github', secret: { $secret: 'nowhere' } } } },
    hand: { trigger: 'manual' },
  },
  start: 'pass', steps: { pass: { shape: 'split' } },
};
const slow = {
  version: 1, triggers: { ask: { trigger: 'webhook', settings: { answer: 'callback', timeoutMs: 20 } } },
  start: 'wait', steps: { wait: { shape: 'wait', settings: { forMs: 300 }, next: { out: 'answer' } }, answer: { shape: 'callback' } },
};

let runner: Runner;
let server: Server;

before(async () => {
  mkdirSync(join(root, 'flows'));
  writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
  writeFileSync(join(root, 'flows', 'orders.flow.json'), JSON.stringify(flow));
  writeFileSync(join(root, 'flows', 'slow.flow.json'), JSON.stringify(slow));
  runner = await openRunner({ root, editorSecrets: new Map([['hook', secret], ['old', 'old secret']]) });
  await runner.listen();
  server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok' });
});
after(async () => {
  await server.close();
  await runner[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const send = (trigger: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}/hooks/${trigger}`, { method: 'POST', ...init });

/** Keys of the runs of a trigger, as another process reads them now. */
function keysOf(trigger: string): (string | null)[] {
  const file = join(root, '.patchbay', 'patchbay.db');
  if (!existsSync(file)) return [];
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return (database.prepare('SELECT key FROM runs WHERE trigger = ? ORDER BY id').all(trigger) as unknown as { key: string | null }[]).map(({ key }) => key);
  } finally {
    database.close();
  }
}

const body = '{"id":1}';
const signed = (key: string, delivery: string): RequestInit => ({ body, headers: { 'content-type': 'application/json', 'x-github-delivery': delivery, 'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}` } });

test('a wrong signature is answered 401 and starts nothing', async () => {
  for (const init of [signed('wrong', 'd0'), { body, headers: { 'content-type': 'application/json' } }, { ...signed(secret, 'd0'), body: '{"id":2}' }]) {
    const response = await send('orders/shop', init);
    assert.equal(response.status, 401);
    assert.equal(((await response.json()) as { code: string }).code, 'SIGNATURE_INVALID');
  }
  assert.deepEqual(keysOf('shop'), []);
});

test('a right one is answered 200, and then the run is in the database', async () => {
  for (let number = 1; number <= 20; number++) {
    const response = await send('orders/shop', signed(number % 2 ? secret : 'old secret', `d${number}`));
    assert.equal(keysOf('shop').length, number);
    assert.deepEqual([response.status, await response.json()], [200, { message: 'Flow initialised.' }]);
  }
});

test('a delivery that comes again, and again at once, starts no second run', async () => {
  const responses = await Promise.all(Array.from({ length: 10 }, () => send('orders/shop', signed(secret, 'd1'))));
  assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]));
  assert.deepEqual(keysOf('shop').filter((key) => key === 'd1'), ['d1']);
});

test('any method, a secret in the address, and an answer in another format', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await send(`orders/xml?id=1&key=${encodeURIComponent(secret)}`, { method });
    assert.deepEqual([response.status, response.headers.get('content-type'), await response.text()], [202, 'application/xml', '<ok/>'], method);
  }
  assert.equal((await send('orders/xml?id=1&key=other', { method: 'GET' })).status, 401);
  assert.equal(keysOf('xml').length, 6);
  const csv = await send('orders/csv', { method: 'GET' });
  assert.deepEqual([csv.status, csv.headers.get('content-type'), await csv.text()], [200, 'text/csv', 'ok\nyes\n']);
  const wrong = await send('orders/csv', { method: 'PUT' });
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET']);
});

test('a trigger without an address answers 404 at once, one whose secret is missing 503', async () => {
  const began = performance.now();
  assert.equal((await send('orders/hand')).status, 404);
  assert.equal((await send('orders/nothing')).status, 404);
  assert.ok(performance.now() - began < 1_500, 'nobody waits to see whether it takes requests');
  const response = await send('orders/broken', signed(secret, 'x'));
  assert.deepEqual([response.status, ((await response.json()) as { code: string }).code], [503, 'SECRET_MISSING']);
});

test('where no callback comes in time the answer is 504, and the run goes on', async () => {
  const ended = Promise.withResolvers<string>();
  const unsubscribe = runner.subscribe(undefined, ({ run, event }) => { if (event.type === 'run-finished' && runner.archive.run(run)?.flow === 'slow') ended.resolve(event.status); });
  assert.equal((await send('slow/ask', { body, headers: { 'content-type': 'application/json' } })).status, 504);
  assert.equal(keysOf('ask').length, 1);
  assert.equal(await ended.promise, 'success');
  unsubscribe();
});

test('the addresses and the next times of triggers are told', async () => {
  const { triggers } = (await runner.flows()).find(({ id }) => id === 'orders')!;
  assert.deepEqual(triggers.map(({ id, url }) => [id, url]), [['shop', '/hooks/orders/shop'], ['xml', '/hooks/orders/xml'], ['csv', '/hooks/orders/csv'], ['broken', '/hooks/orders/broken'], ['hand', undefined]]);
});
