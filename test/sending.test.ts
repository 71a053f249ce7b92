import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPayload } from '../server/engine/payload.ts';
import type { EndpointManifest, EndpointParam } from '../server/model/connector.ts';
import { call } from './support/connector-host.ts';
import { bodiesOf, eventsOf, runFlow } from './support/engine-host.ts';
import { bytesOf, peerHost, startPeer } from './support/http-peer.ts';

const param = (schema: object): EndpointParam => schema as EndpointParam;

interface Item {
  readonly id: number;
}

describe('a flow that sends 1,000 records in batches', () => {
  const records: readonly Item[] = Array.from({ length: 1_000 }, (_, id) => ({ id }));
  const batches: EndpointManifest['per'] = { batch: 100 };
  const steps = {
    guard: { shape: 'guard', next: { try: 'send', catch: 'refused' } },
    send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it', saveResponse: true }, next: { out: 'done' } },
    done: { shape: 'pass' }, refused: { shape: 'pass' },
  };

  test('each record is taken or refused, once; each that is refused fails with its own reason', async () => {
    const taken: number[] = [];
    const keys = new Map<string, number>();
    let count = 0;
    await using peer = await startPeer(async (request, response) => {
      const batch = JSON.parse((await bytesOf(request)).toString()) as readonly Item[];
      const key = String(request.headers['idempotency-key']);
      keys.set(key, (keys.get(key) ?? 0) + 1);
      // The third batch is too much at first.
      if (++count === 3) return void response.writeHead(503, { 'retry-after': '0' }).end();
      if (batch[0]!.id === 400) return void response.writeHead(422, { 'content-type': 'application/json' }).end('{"error":"not this batch"}');
      const errors = batch.flatMap(({ id }, line) => (id % 50 === 7 ? [{ line, why: `no stock of ${id}` }] : []));
      taken.push(...batch.filter(({ id }) => id % 50 !== 7).map(({ id }) => id));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ accepted: batch.length - errors.length, errors }));
    });
    await using host = peerHost(peer, { it: { per: batches, idempotencyHeader: 'Idempotency-Key', itemErrors: { path: 'errors', index: 'line', message: 'why' }, retry: { delayMs: 1 } } });
    const told = await runFlow({ host, body: records, steps });
    const refused = bodiesOf(told, 'refused');
    const single = refused.filter((body): body is Item => !Array.isArray(body));
    assert.equal(told.status, 'partial-success');
    assert.deepEqual(bodiesOf(told, 'done').map((body) => (body as { accepted: number }).accepted), Array.from({ length: 9 }, () => 98));
    assert.deepEqual(refused.flat().length + taken.length, 1_000);
    assert.deepEqual([...taken, ...refused.flat().map((item) => (item as Item).id)].sort((a, b) => a - b), records.map(({ id }) => id));
    assert.deepEqual([single.length, single.every(({ id }) => id % 50 === 7)], [18, true]);
    assert.deepEqual(refused.filter(Array.isArray), [records.slice(400, 500)]);
    const reasons = eventsOf(told, 'payload-failed').map(({ error }) => error.message);
    assert.ok(reasons.includes('Record 8 of 1000: "it" refused item 8 of 100: no stock of 7'), reasons.join('\n'));
    assert.deepEqual(eventsOf(told, 'payload-failed').find(({ error }) => error.message === 'Record 108 of 1000: "it" refused item 8 of 100: no stock of 107')?.error.details?.['record'], 107);
    assert.ok(reasons.some((reason) => /^Records 401 to 500 of 1000: .*not this batch/.test(reason)));
    assert.deepEqual([keys.size, [...keys.values()].filter((times) => times > 1)], [10, [2]], 'a key for each batch, the same on its second attempt');
  });

  test('after a crash in the middle it goes on behind what is through, with the same keys', async () => {
    const asked: (readonly [key: string, first: number, count: number])[] = [];
    let isDown = true;
    await using peer = await startPeer(async (request, response) => {
      const batch = JSON.parse((await bytesOf(request)).toString()) as readonly Item[];
      asked.push([String(request.headers['key']), batch[0]!.id, batch.length]);
      if (isDown && batch[0]!.id === 500) return void response.writeHead(500).end();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await using host = peerHost(peer, { it: { per: { batch: 250 }, idempotencyHeader: 'Key', retry: { attempts: 0 } } });
    const first = await call(host, { body: records });
    isDown = false;
    const again = await call(host, { body: records, resumed: first.checkpoint });
    assert.deepEqual([first.error?.code, first.bodies.length, (first.rest as unknown[]).length, again.error, again.bodies.length], ['REMOTE_STATUS', 2, 500, undefined, 2]);
    assert.deepEqual(asked, [['run-1:s:p:0', 0, 250], ['run-1:s:p:250', 250, 250], ['run-1:s:p:500', 500, 250], ['run-1:s:p:500', 500, 250], ['run-1:s:p:750', 750, 250]]);
  });
});

describe('the answer in what was sent', () => {
  const answering = (answer: (body: unknown) => unknown) => startPeer(async (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(JSON.parse((await bytesOf(request)).toString()))));
  });
  const run = async (per: EndpointManifest['per'], body: unknown, answer: (body: unknown) => unknown): Promise<unknown[]> => {
    await using peer = await answering(answer);
    await using host = peerHost(peer, { it: { per: per! } });
    const told = await runFlow({ host, body, steps: { send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it', mergeResponse: '$.remote' } } } });
    assert.equal(told.status, 'success');
    return bodiesOf(told);
  };

  test('of each record', async () => {
    const bodies = await run('record', [{ sku: 'A' }, { sku: 'B' }], (body) => ({ id: `${(body as { sku: string }).sku}-1` }));
    assert.deepEqual(bodies, [{ sku: 'A', remote: { id: 'A-1' } }, { sku: 'B', remote: { id: 'B-1' } }]);
  });
  test('of a payload', async () => assert.deepEqual(await run('payload', { sku: 'A' }, () => ({ id: 1 })), [{ sku: 'A', remote: { id: 1 } }]));
  test('of each item of a batch, where it answers with a list', async () => {
    assert.deepEqual(await run({ batch: 2 }, [{ a: 1 }, { a: 2 }, { a: 3 }], (body) => (body as { a: number }[]).map(({ a }) => a * 10)), [[{ a: 1, remote: 10 }, { a: 2, remote: 20 }], [{ a: 3, remote: 30 }]]);
  });
  test('what cannot be put there goes on as it was sent', async () => assert.deepEqual(await run('payload', [{ a: 1 }], () => ({ ok: true })), [[{ a: 1 }]]));
  test('nor what is a list of another length', async () => assert.deepEqual(await run('payload', [{ a: 1 }, { a: 2 }], () => [1]), [[{ a: 1 }, { a: 2 }]]));
});

test('an upsert changes the record that is there, and makes the one that is not', async () => {
  const customers = new Map([['a@x.test', { id: 7, name: 'Old' }]]);
  const asked: string[] = [];
  const keys: unknown[] = [];
  await using peer = await startPeer(async (request, response) => {
    if (request.method !== 'GET') keys.push(request.headers['x-key']);
    const url = new URL(request.url!, 'http://peer.test');
    const text = (await bytesOf(request)).toString();
    asked.push(`${request.method} ${url.pathname}${url.search} ${text}`);
    const answer = (value: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.method === 'GET') return answer({ customers: [customers.get(url.searchParams.get('email')!)].filter(Boolean) });
    answer({ id: request.method === 'PUT' ? Number(url.pathname.split('/').at(-1)) : 8 });
  });
  await using host = peerHost(peer, {
    find: { direction: 'receive', method: 'GET', path: '/customers', params: { email: param({ type: 'string', required: true, in: 'query' }) }, records: 'customers' },
    update: { method: 'PUT', path: '/customers/{{ params.id }}', idempotencyHeader: 'X-Key', params: { id: param({ type: 'integer', required: true }), dry: param({ type: 'boolean', in: 'query' }) } },
    upsert: { path: '/customers', per: 'record', idempotencyHeader: 'X-Key', params: { dry: param({ type: 'boolean', in: 'query' }), list: param({ type: 'string', in: 'query' }) }, upsert: { find: 'find', params: { email: '{{ payload.email }}' }, update: 'update', with: { id: '{{ record.id }}' } } },
  });
  const told = await call(host, { endpoint: 'upsert', body: [{ email: 'a@x.test' }, { email: 'b@x.test' }], params: { dry: false, list: 'x' } });
  assert.deepEqual([told.error?.message, told.bodies], [undefined, [{ id: 7 }, { id: 8 }]]);
  assert.deepEqual(asked, [
    'GET /customers?email=a%40x.test ', 'PUT /customers/7?dry=false {"email":"a@x.test"}',
    'GET /customers?email=b%40x.test ', 'POST /customers?dry=false&list=x {"email":"b@x.test"}',
  ]);
  assert.match(keys.join(' '), /^\S+:0:update \S+:1$/, 'a change has another key than the making of the same record');
});

test('a file of the payload and fields are uploaded as a form', async () => {
  const forms: unknown[] = [];
  await using peer = await startPeer(async (request, response) => {
    const form = await new Response(await bytesOf(request) as Uint8Array<ArrayBuffer>, { headers: { 'content-type': request.headers['content-type']! } }).formData();
    forms.push(await Promise.all([...form].map(async ([name, value]) => (typeof value === 'string' ? [name, value] : [name, value.name, value.type, [...new Uint8Array(await value.arrayBuffer())]]))));
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":1}');
  });
  await using host = peerHost(peer, { it: { path: '/files', body: { format: 'multipart', template: { title: '{{ params.title }}', file: { fileName: '{{ meta.file_name }}', payload: true }, note: { fileName: 'note.txt', mediaType: 'text/plain', text: 'Grüße' } } }, params: { title: param({ type: 'string' }) } } });
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  const told = await call(host, { payload: createPayload({ id: 'p', body: bytes, mediaType: 'application/pdf', meta: { file_name: 'Bill "1".pdf' } }), params: { title: 'Bill' } });
  assert.deepEqual([told.error, told.bodies], [undefined, [{ id: 1 }]]);
  assert.deepEqual(forms, [[['title', 'Bill'], ['file', 'Bill "1".pdf', 'application/pdf', [...bytes]], ['note', 'note.txt', 'text/plain', [...Buffer.from('Grüße')]]]]);
});

test('an answer after which no run may go on is not caught', async () => {
  await using peer = await startPeer((_, response) => void response.writeHead(402, { 'content-type': 'application/json' }).end('{"error":"not paid"}'));
  await using host = peerHost(peer, { it: { per: 'record', errors: [{ when: { status: [402] }, action: 'fail-run', message: '{{ response.error }}' }] } });
  const told = await runFlow({ host, body: [{ id: 1 }, { id: 2 }], steps: { guard: { shape: 'guard', next: { try: 'send', catch: 'caught' } }, send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'it' }, retry: { attempts: 2 } }, caught: { shape: 'pass' } } });
  assert.deepEqual([told.status, told.error?.code, bodiesOf(told, 'caught'), eventsOf(told, 'exchange').length], ['failed', 'REMOTE_FINAL', [], 1]);
  assert.match(told.error?.message ?? '', /answered 402 .*: not paid$/);
});
