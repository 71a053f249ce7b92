import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { fakeRunner } from '../../test/support/fake-runner.ts';
import { schemas } from './schemas.ts';
import { serve } from './serve.ts';

async function story(check: (post: (kind: string, body: string | Uint8Array<ArrayBuffer>) => Promise<{ readonly status: number; json(): Promise<never> }>) => Promise<void>): Promise<void> {
  const server = await serve(fakeRunner(), { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere' });
  try {
    await check(async (kind, body: string | Uint8Array<ArrayBuffer>) => {
      const response = await fetch(`${server.url}/api/v1/imports/${kind}`, { method: 'POST', headers: { authorization: 'Bearer tok', 'content-type': 'text/plain' }, body });
      return { status: response.status, json: async () => (await response.json()) as never };
    });
  } finally {
    await server.close();
  }
}

test('a description becomes a manifest, and nothing is written', () => story(async (post) => {
  const answer = await post('curl', 'curl https://api.shop.test/orders -H "Authorization: Bearer hush"');
  const value = await answer.json() as { readonly connector: string; readonly manifest: { readonly endpoints: object }; readonly auth: object };
  assert.equal(answer.status, 200);
  assert.ok(new Ajv({ strict: false }).validate(schemas.Import, value));
  assert.deepEqual([value.connector, Object.keys(value.manifest.endpoints), value.auth], ['shop-test', ['orders.list'], [{ name: 'bearer', type: 'bearer', secrets: ['shop-test/token'] }]]);
}));

test('bytes that are no text are refused, and UTF-16 is read', () => story(async (post) => {
  assert.deepEqual([(await post('curl', new Uint8Array([0xff, 0xfe, ...Buffer.from('curl https://a.test/b', 'utf16le')]))).status, (await post('curl', new Uint8Array([0x50, 0x4b, 3, 4]))).status], [200, 400]);
}));

test('the runner’s own description can be imported', () => story(async (post) => {
  const answer = await post('openapi', readFileSync(join(import.meta.dirname, 'openapi.json'), 'utf8'));
  const { operations, manifest } = await answer.json() as { readonly operations: number; readonly manifest: { readonly endpoints: object } };
  assert.ok(operations > 30);
  assert.equal(Object.keys(manifest.endpoints).length, operations);
}));

test('a part is asked for by tag, endpoint or path, and says what it files its endpoints under', () => story(async (post) => {
  const got = { responses: {} };
  const text = JSON.stringify({ openapi: '3.0.0', info: { title: 'Shop' }, servers: [{ url: 'https://shop.test' }], paths: { '/orders': { get: { ...got, tags: ['Orders'] }, post: { ...got, tags: ['Orders'] } }, '/items': { get: { ...got, tags: ['Stock'] } }, '/ping': { get: got } } });
  const part = async (...only: readonly string[]): Promise<unknown> => {
    const answer = await post(`openapi?${new URLSearchParams(only.map((pattern) => ['only', pattern]))}`, text);
    const value = await answer.json() as { readonly manifest: { readonly endpoints: object }; readonly tags?: object; readonly code?: string; readonly remedy?: string };
    return answer.status === 200 ? [Object.keys(value.manifest.endpoints), value.tags] : [answer.status, value.code, value.remedy];
  };
  assert.deepEqual(await part(), [['orders.list', 'orders.create', 'items.list', 'ping.list'], { 'orders.list': ['Orders'], 'orders.create': ['Orders'], 'items.list': ['Stock'], 'ping.list': [] }]);
  assert.deepEqual(await part('stock', 'POST /orders'), [['orders.create', 'items.list'], { 'orders.create': ['Orders'], 'items.list': ['Stock'] }]);
  assert.deepEqual(await part('/p*'), [['ping.list'], { 'ping.list': [] }]);
  assert.deepEqual(await part('Order'), [400, 'DATA_INVALID', 'Did you mean "Orders"?']);
}));

test('a description is got from its address', () => story(async (post) => {
  const asked = createServer((request, response) => void response.end(request.headers.authorization === undefined ? 'curl https://api.shop.test/orders' : ''));
  await new Promise<void>((resolve) => void asked.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(asked.address() as AddressInfo).port}/x`;
  const answer = await post(`curl?address=${encodeURIComponent(address)}`, '');
  assert.deepEqual(Object.keys((await answer.json() as { readonly manifest: { readonly endpoints: object } }).manifest.endpoints), ['orders.list']);
  asked.closeAllConnections();
  await new Promise((resolve) => void asked.close(resolve));
  assert.equal((await post(`curl?address=${encodeURIComponent('file:///x')}`, '')).status, 422);
}));

test('what is none is a problem that names the line', () => story(async (post) => {
  const answer = await post('openapi', '{\n "a":,\n}');
  assert.equal(answer.status, 400);
  assert.match((await answer.json() as { readonly detail: string }).detail, /line 2/);
  assert.equal((await post('word', 'x')).status, 404);
}));
