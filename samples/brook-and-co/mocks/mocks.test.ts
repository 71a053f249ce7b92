import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { badOrders, counts, expectedAtErp, makeShop } from './data.ts';
import { erpKey } from './erp.ts';
import { shopClient, sign } from './shop.ts';
import { startMocks, type Mocks } from './start.ts';

let mocks: Mocks;
let token = '';

before(async () => {
  mocks = await startMocks();
  token = (await getToken(shopClient.secret)).body['access_token'] as string;
});
after(() => mocks.close());

async function call(url: string, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

const getToken = (secret: string) => call(`${mocks.shop}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: shopClient.id, client_secret: secret }) });

/** Asks until the shop is not too busy. */
async function get(path: string): Promise<{ headers: Headers; body: Record<string, unknown> }> {
  for (;;) {
    const answer = await call(path.startsWith('http') ? path : `${mocks.shop}${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 429) return answer;
    assert.equal(answer.headers.get('retry-after'), '1');
  }
}

test('the data are the same each time', () => {
  const shop = makeShop();
  assert.deepEqual(shop, makeShop());
  assert.deepEqual([shop.orders.length, shop.products.length, shop.customers.length], [counts.orders, counts.products, counts.customers]);
  for (const { index, number } of badOrders) assert.deepEqual([shop.orders[index]?.number, shop.orders[index]?.financial_status], [number, 'paid']);
  assert.deepEqual(expectedAtErp(shop), { orders: 976, totals: { USD: 3996139, GBP: 7168194, EUR: 15320407 } });
});

describe('each way of paging gives every record once', () => {
  const check = (title: string, key: string, count: number, next: (path: string, answer: Awaited<ReturnType<typeof get>>) => string | undefined, first: string): void =>
    void test(title, async () => {
      const ids = new Set<unknown>();
      let records = 0;
      for (let path: string | undefined = first; path; ) {
        const answer = await get(path);
        const list = answer.body[key] as { id?: number; sku?: string }[];
        for (const record of list) ids.add(record.id ?? record.sku);
        records += list.length;
        path = next(path, answer);
      }
      assert.deepEqual([records, ids.size], [count, count]);
    });
  check('Link header', 'orders', counts.orders, (_, { headers }) => /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1], '/api/orders?limit=250');
  check('cursor', 'products', counts.products, (_, { body }) => (body['next_cursor'] ? `/api/products?limit=500&cursor=${body['next_cursor'] as string}` : undefined), '/api/products?limit=500');
  check('page number', 'customers', counts.customers, (_, { body }) => ((body['page'] as number) < (body['pages'] as number) ? `/api/customers?per_page=100&page=${(body['page'] as number) + 1}` : undefined), '/api/customers?per_page=100&page=1');
  check('offset', 'items', counts.products, (path, { body }) => {
    const offset = Number(new URL(path, 'http://x').searchParams.get('offset')) + 500;
    return offset < (body['total'] as number) ? `/api/inventory?limit=500&offset=${offset}` : undefined;
  }, '/api/inventory?limit=500&offset=0');
});

test('the shop wants a token, and the right secret for it', async () => {
  assert.equal((await call(`${mocks.shop}/api/orders`)).status, 401);
  assert.deepEqual([(await getToken('wrong')).status, (await getToken('wrong')).body['error']], [401, 'invalid_client']);
});

describe('the ERP', () => {
  const send = (orders: unknown, headers: Record<string, string> = {}) => call(`${mocks.erp}/sales-orders`, { method: 'POST', body: JSON.stringify({ orders }), headers: { 'x-api-key': erpKey, ...headers } });
  const order = { reference: 'WEB-1', currency: 'GBP', country: 'GBR', totalMinor: 100, lines: [{}] };
  test('checks each order by itself', async () => {
    const { body } = await send([order, { ...order, reference: 'X' }, { ...order, reference: 'WEB-2', country: 'GB' }, { ...order, reference: 'WEB-3', lines: [] }, { ...order, totalMinor: 101 }]);
    assert.equal(body['accepted'], 1);
    assert.deepEqual((body['errors'] as { index: number }[]).map(({ index }) => index), [1, 2, 3, 4]);
  });
  test('takes an order that is in its books already, and does not count it again', async () => {
    const count = async (): Promise<unknown[]> => Object.entries((await call(`${mocks.erp}/stats`)).body).filter(([name]) => ['orders', 'known', 'totals'].includes(name)).map(([, value]) => value);
    const [orders, known, totals] = await count();
    assert.deepEqual((await send([order])).body, { accepted: 1, errors: [] });
    assert.deepEqual(await count(), [orders, (known as number) + 1, totals]);
  });
  test('counts a request with a known key once', async () => {
    const once = [{ ...order, reference: 'WEB-10' }];
    const first = await send(once, { 'idempotency-key': 'a' });
    assert.deepEqual((await send(once, { 'idempotency-key': 'a' })).body, first.body);
    assert.equal((await call(`${mocks.erp}/stats`)).body['repeated'], 1);
  });
  test('refuses a wrong key, and fails when told to', async () => {
    assert.equal((await call(`${mocks.erp}/stock`, { method: 'POST' })).status, 401);
    // What tests a connection says whether the key is right.
    assert.deepEqual([(await call(`${mocks.erp}/account`, { headers: { 'x-api-key': erpKey } })).status, (await call(`${mocks.erp}/account`)).status], [200, 401]);
    await call(`${mocks.erp}/admin/fail`, { method: 'POST', body: '{"next":1,"status":502}' });
    assert.deepEqual([(await send([])).status, (await send([])).status], [502, 200]);
  });
});

test('webhooks are signed, and go to this machine only', async () => {
  const seen = Promise.withResolvers<{ signature: unknown; body: string }>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      seen.resolve({ signature: request.headers['x-brook-hmac-sha256'], body: Buffer.concat(chunks).toString('utf8') });
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hook = (url: string) => call(`${mocks.shop}/admin/webhooks`, { method: 'POST', body: JSON.stringify({ url, order: 3 }) });
  assert.equal((await hook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).body['status'], 200);
  const { signature, body } = await seen.promise;
  assert.equal(signature, sign(body));
  assert.equal((await hook('http://shop.example/')).status, 400);
  server.close();
});
