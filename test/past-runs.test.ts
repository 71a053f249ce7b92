import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FlowError } from '../plugins/sdk/index.ts';
import { startShop, shopClient } from '../samples/brook-and-co/mocks/shop.ts';
import type { Runner } from '../server/runner/contract.ts';
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

    await assert.rejects(runner.past.resume(head.id), new RegExp(`${again.head.id}.* has gone on with what was left`), 'what is left is taken up once');

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

/** Passes whole numbers up to `most`; a step more in front of the check, or another name for it, as wanted. */
const flow = (most: number, { inserted = false, check = 'check' } = {}) => ({
  version: 1, start: 'each', settings: { redact: ['email'] },
  steps: {
    each: { shape: 'split', settings: { each: true }, next: { out: inserted ? 'note' : check } },
    ...(inserted && { note: { shape: 'notify', settings: { message: 'Passed' }, next: { out: check } } }),
    [check]: { shape: 'filter', settings: { conditions: [{ field: 'n', is: 'at-most', type: 'number', value: most }], keep: 'matches' }, next: { out: 'valid' } },
    valid: { shape: 'assert', settings: { schema: { type: 'object', properties: { n: { maximum: most - 1 } } } } },
  },
});

async function withFlow(tell: (world: { readonly runner: Runner; write(flow: object): Promise<void> }) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'patchbay-past-'));
  const write = (content: object): Promise<void> => writeFile(join(root, 'flows', 'f.flow.json'), JSON.stringify(content));
  try {
    await mkdir(join(root, 'flows'));
    await writeFile(join(root, 'patchbay.json'), '{"version":1}');
    await write(flow(2));
    await using runner = await openRunner({ root, editorSecrets: new Map() });
    await tell({ runner, write });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const input = { body: [{ n: 1, email: 'ada@example.com' }, { n: 2, email: 'bob@example.com' }], mediaType: 'application/json' };

test('a flow that was changed is gone on with by what it was: only what did not get through', () => withFlow(async ({ runner, write }) => {
  const first = await runner.start({ flow: 'f', trigger: 'test', payload: input });
  assert.equal((await first.done).steps['valid']?.failed, 1);
  await write(flow(9, { inserted: true }));
  const { status, steps, outputs } = await (await runner.past.resume(first.head.id)).done;
  assert.deepEqual([status, steps['valid']?.in, steps['note']?.in ?? 0, steps['check']?.in ?? 0], ['success', 1, 0, 0]);
  assert.deepEqual(outputs, [{ n: 2, email: '[redacted]' }], 'shown as the recording shows it');
}));

test('what a run began with is true again, where its recording masks variables and metadata', () => withFlow(async ({ runner, write }) => {
  const secret = (expected: string) => ({
    version: 1, start: 'set', variables: { password: { type: 'string' } },
    steps: {
      set: { shape: 'set-variables', settings: { meta: [{ name: 'both', value: '{{ flow.password }} {{ meta.password }}' }] }, next: { out: 'put' } },
      put: { shape: 'manual-payload', settings: { document: '{{ meta.both }}' }, next: { out: 'check' } },
      check: { shape: 'assert', settings: { expected } },
    },
  });
  await write(secret('other'));
  const first = await runner.start({ flow: 'f', trigger: 'test', variables: { password: 'canary-1' }, payload: { body: {}, mediaType: 'application/json', meta: { password: 'canary-2' } } });
  assert.deepEqual((await first.done).failures.map(({ step }) => step), ['check']);
  await write(secret('canary-1 canary-2'));
  const again = await (await runner.past.retry(first.head.id)).done;
  assert.deepEqual([again.status, again.error?.message], ['success', undefined]);
  const resumed = await (await runner.past.resume(first.head.id)).done;
  assert.deepEqual([resumed.status, resumed.steps['check']?.in, resumed.steps['set']?.in ?? 0], ['success', 1, 0]);
}));

test('a step that is gone is said, and nothing is lost by it', () => withFlow(async ({ runner, write }) => {
  const first = await runner.start({ flow: 'f', trigger: 'test', payload: input });
  await first.done;
  const { valid, ...steps } = flow(9).steps as Record<string, object>;
  await write({ ...flow(9), steps: { ...steps, check: { ...steps['check'], next: { out: 'sound' } }, sound: valid } });
  const refused = await (await runner.past.resume(first.head.id)).done;
  assert.deepEqual([refused.status, refused.error?.code], ['failed', 'RUN_INTERRUPTED']);
  assert.match(refused.error?.message ?? '', /"valid"/);
  await write(flow(9));
  assert.equal((await (await runner.past.resume(first.head.id)).done).status, 'success');
}));

test('a payload that is too long to be kept says what can be done', () => withFlow(async ({ runner, write }) => {
  await write({ version: 1, start: 'a', steps: { a: { shape: 'split', settings: { path: 'items' } } } });
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-long-'));
  const file = join(folder, 'body');
  const begin = async (isOwn: boolean): Promise<string> => {
    await writeFile(file, JSON.stringify({ items: ['x'.repeat(2 ** 20)] }));
    const { head, done } = await runner.start({ flow: 'f', trigger: 'test', payload: { file, name: 'stdin', mediaType: 'application/json', ...(isOwn && { isOwn }) } });
    assert.equal((await done).status, 'success');
    return head.id;
  };
  const refused = (work: Promise<unknown>, remedy: RegExp) => assert.rejects(work, (error) => FlowError.is(error, 'RUN_INTERRUPTED') && remedy.test(error.remedy) && !error.message.includes('/body') || assert.fail(String(error)));
  const [own, other] = [await begin(true), await begin(false)];
  await refused(runner.past.retry(own), /^Start the flow anew/);
  await refused(runner.past.replay(own), /^Start the flow anew/);
  await assert.rejects(runner.past.replay(other), (error) => FlowError.is(error, 'RUN_INTERRUPTED') && error.message.includes(file));
  assert.equal((await (await runner.past.retry(other)).done).status, 'success');
  await rm(folder, { recursive: true });
}));

test('some of the payloads that failed are sent again, the others later, none twice', () => withFlow(async ({ runner, write }) => {
  await write(flow(0));
  const check = { ...(flow(0).steps as Record<string, object>)['check'], settings: { conditions: [{ field: 'n', is: 'at-most', type: 'number', value: 9 }], keep: 'matches' } };
  await write({ ...flow(0), steps: { ...flow(0).steps, check } });
  const first = await runner.start({ flow: 'f', trigger: 'test', payload: { body: [{ n: 1 }, { n: 2 }, { n: 3 }], mediaType: 'application/json' } });
  const [one, two, three] = (await first.done).failures.map(({ payload }) => payload);
  await write(flow(9));
  await assert.rejects(runner.past.resume(first.head.id, { payloads: [two!, 'nope'] }), { code: 'API_NOT_FOUND', message: /"nope" did not fail/ });
  const some = await runner.past.resume(first.head.id, { payloads: [two!] });
  const { status, outputs } = await some.done;
  assert.deepEqual([status, outputs], ['success', [{ n: 2 }]]);
  await assert.rejects(runner.past.resume(first.head.id, { payloads: [two!, three!] }), new RegExp(`${some.head.id}.* has gone on`));
  assert.deepEqual((await (await runner.past.resume(first.head.id, { payloads: [three!] })).done).outputs, [{ n: 3 }]);
  assert.deepEqual((await (await runner.past.resume(first.head.id)).done).outputs, [{ n: 1 }], 'what is left');
  await assert.rejects(runner.past.resume(first.head.id, { payloads: [one!] }), /has gone on/);
}));

test('two who ask at the same moment start one run', () => withFlow(async ({ runner, write }) => {
  const first = await runner.start({ flow: 'f', trigger: 'test', payload: input });
  await first.done;
  await write(flow(9));
  const both = await Promise.all([runner.past.resume(first.head.id), runner.past.resume(first.head.id)]);
  assert.equal(both[0].head.id, both[1].head.id);
  assert.equal((await both[0].done).status, 'success');
}));

test('a replay shows no more than the recording', () => withFlow(async ({ runner }) => {
  const first = await runner.start({ flow: 'f', trigger: 'test', payload: { ...input, body: [input.body[0]] } });
  await first.done;
  const { identical, outputs } = await runner.past.replay(first.head.id);
  assert.deepEqual([identical, outputs], [true, [{ n: 1, email: '[redacted]' }]]);
}));
