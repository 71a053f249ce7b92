import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startShop, shopClient } from '../samples/brook-and-co/mocks/shop.ts';
import { openRunner } from '../server/runner/runner.ts';

const sample = join(import.meta.dirname, '..', 'samples', 'brook-and-co');

/** Takes so many batches of orders, then it is gone, until it is raised. It knows its keys: what comes twice counts once. */
async function mortalErp(batches: number): Promise<{ url: string; received(): number; readonly keys: readonly string[]; raise(): Promise<void>; close(): void }> {
  let left = batches;
  let orders = 0;
  const keys: string[] = [];
  const server = createServer((request, response) => {
    if (left-- === 0) {
      server.close();
      server.closeAllConnections();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { orders: unknown[] };
      const key = String(request.headers['idempotency-key']);
      if (!keys.includes(key)) orders += body.orders.length;
      keys.push(key);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ accepted: body.orders.length, errors: [] }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const raise = async (): Promise<void> => {
    left = Infinity;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  return { url: `http://127.0.0.1:${port}`, received: () => orders, keys, raise, close: () => { server.close(); server.closeAllConnections(); } };
}

test('the ERP dies in the middle: attempts are made, and what did not get through is kept and listed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-erp-'));
  const shop = await startShop();
  const erp = await mortalErp(3);
  try {
    for (const name of ['patchbay.json', 'flows', 'connectors', 'instances', 'environments', 'lookups', 'scripts']) await cp(join(sample, name), join(root, name), { recursive: true });
    await writeFile(join(root, 'environments', 'test.env.json'), JSON.stringify({ version: 1, instances: { shop: { settings: { url: shop.url } }, erp: { settings: { url: erp.url } } } }));
    const connector = JSON.parse(await readFile(join(root, 'connectors', 'mock-erp.connector.json'), 'utf8')) as { endpoints: Record<string, object> };
    connector.endpoints['orders.create'] = { ...connector.endpoints['orders.create'], retry: { delayMs: 10 } };
    await writeFile(join(root, 'connectors', 'mock-erp.connector.json'), JSON.stringify(connector));
    await using runner = await openRunner({ root, editorSecrets: new Map([['shop/client-secret', shopClient.secret], ['erp/api-key', 'any'], ['shop/webhook', 'any']]) });
    const { head, done } = await runner.start({ flow: 'import-orders', trigger: 'test', environment: 'test' });
    const { status, failures, steps } = await done;
    assert.equal(status, 'partial-success');
    assert.equal(erp.received(), 300);
    const lost = failures.filter(({ step }) => step === 'send-orders');
    assert.deepEqual(new Set(lost.map(({ code, caughtBy }) => `${code} ${caughtBy}`)), new Set(['REMOTE_UNREACHABLE guard']));
    assert.deepEqual([steps['send-orders']?.in, steps['send-orders']?.failed], [10, 7]);

    const kept = runner.archive.payloads(head.id, 'send-orders', 'failed', 1, 100);
    assert.equal(kept.total, 7);
    assert.equal(kept.items.reduce((sum, { records }) => sum + (records ?? 0), 0), 676, 'each of the orders that the ERP has not');
    const body = runner.archive.body(head.id, kept.items[0]?.body ?? '');
    let size = 0;
    for await (const chunk of body!.open()) size += chunk.length;
    assert.equal(size, kept.items[0]?.size);

    const { items } = runner.archive.exchanges(head.id, 'send-orders', 1, 100);
    assert.equal(items.filter(({ status: answered }) => answered === 200).length, 3);
    assert.deepEqual([...new Set(items.map(({ attempt }) => attempt))].sort(), [1, 2, 3], 'each was tried three times');
    const keys = items.map(({ payload, requestHeaders }) => `${payload} ${requestHeaders['idempotency-key']}`);
    assert.equal(new Set(keys).size, 10, 'every attempt of a batch has the same key');

    await erp.raise();
    const again = await runner.past.resume(head.id);
    const { status: end, steps: stepsAgain } = await again.done;
    assert.equal(end, 'partial-success');
    assert.deepEqual([stepsAgain['to-erp']?.failed, stepsAgain['send-orders']?.failed], [2, 0], 'the two orders that nobody can map fail again');
    assert.deepEqual(again.head.origin, { kind: 'resume', run: head.id, root: head.id });
    assert.deepEqual([stepsAgain['send-orders']?.in, stepsAgain['get-orders']?.in ?? 0], [7, 0], 'only what was missing');
    assert.equal(erp.received(), 976);
    assert.equal(erp.keys.length, 10, 'nothing came twice');
    assert.deepEqual(new Set(erp.keys), new Set(items.map(({ requestHeaders }) => requestHeaders['idempotency-key'])), 'with the keys of the first run');

    await shop.close();
    erp.close();
    const replayed = await runner.past.replay(head.id);
    assert.deepEqual([replayed.status, replayed.identical, replayed.differences], ['partial-success', true, []], 'a replay needs nobody');
    assert.deepEqual(await runner.past.replay(again.head.id).then(({ identical }) => identical), true);
    const lookup = join(root, 'lookups', 'country-codes.csv');
    await writeFile(lookup, (await readFile(lookup, 'utf8')).replace('GB,GBR', 'GB,GBX'));
    const changed = await runner.past.replay(head.id, { version: 'now' });
    assert.equal(changed.identical, false);
    assert.ok(changed.differences.some(({ kind, step }) => kind === 'changed' && step === 'to-erp'), 'what is different is named');
    const [first] = changed.differences.filter(({ step }) => step === 'to-erp');
    assert.deepEqual(new Set(first!.values?.map(({ before, after }) => `${String(before)} ${String(after)}`)), new Set(['GBR GBX']), 'and what of it');
    assert.equal(erp.keys.length, 10);
  } finally {
    erp.close();
    await shop.close();
    await rm(root, { recursive: true, force: true });
  }
});
