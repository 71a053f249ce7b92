import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, test } from 'node:test';
import { connectorHost } from '../../test/support/connector-host.ts';
import type { ConnectorManifest } from '../model/connector.ts';
import type { Fault } from '../model/fault.ts';
import { startMock, type Mock } from './mock-server.ts';

const manifest: ConnectorManifest = {
  version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: {
    'orders.list': { title: 'Orders', direction: 'receive', method: 'GET', path: '/orders', records: '$.items', examples: [{ title: 'One', response: { status: 200, body: { items: [{ id: 1 }] } } }] },
    'orders.get': { title: 'Order', direction: 'receive', method: 'GET', path: '/orders/{{ params.id }}', params: { id: { type: 'string' } as object } },
  },
};
const open = (faults: readonly Fault[] = []): Promise<Mock> => startMock({ host: connectorHost({}), connector: 'shop', manifest, records: 3, faults });

interface Told {
  readonly status: number;
  readonly error?: string;
}

/** Sends a request as it stands: `fetch` would mend its address. */
async function ask({ origin }: Mock, method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const { hostname, port } = new URL(origin);
  request({ hostname, port, method, path, headers }, (response) => {
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => {
      const { error } = (text === '' ? {} : JSON.parse(text)) as { readonly error?: string };
      resolve({ status: response.statusCode!, ...(error !== undefined && { error }) });
    });
  }).on('error', reject).end(body);
  return promise;
}

describe('an address that cannot be read is refused with the reason', () => {
  const cases: readonly (readonly [path: string, status: number, error: RegExp | undefined])[] = [
    ['/orders/%zz', 400, /has a percent sign that does not begin a character/], ['/orders/%e2%82', 400, /percent sign/], ['/%', 400, /percent sign/], ['//', 404, /has no endpoint for GET/],
    ['/orders/1', 200, undefined], ['/orders?x=%zz', 200, undefined],
  ];
  for (const [path, status, error] of cases) {
    test(path, async () => {
      await using mock = await open();
      const told = await ask(mock, 'GET', path);
      assert.equal(told.status, status);
      if (error) assert.match(told.error ?? '', error);
    });
  }
});

describe('faults are set by whoever is on this machine, as JSON', () => {
  const json = { 'content-type': 'application/json' };
  const fault = '{"kind":"error","endpoint":"orders.list"}';
  const cases: readonly (readonly [what: string, method: string, path: string, headers: Readonly<Record<string, string>>, body: string, told: Told])[] = [
    ['JSON', 'POST', '/faults', json, fault, { status: 200 }],
    ['JSON of a subtype', 'POST', '/faults', { 'content-type': 'application/vnd.x+json; charset=utf-8' }, `[${fault}]`, { status: 200 }],
    ['a text, as a page of the web may send it', 'POST', '/faults', { 'content-type': 'text/plain' }, fault, { status: 415, error: 'Faults are sent as JSON: add the header content-type: application/json.' }],
    ['nothing that says what it is', 'POST', '/faults', {}, fault, { status: 415, error: 'Faults are sent as JSON: add the header content-type: application/json.' }],
    ['no JSON', 'POST', '/faults', json, '{"kind"', { status: 400, error: 'The body is not valid JSON.' }],
    ['another endpoint', 'POST', '/faults', json, '{"kind":"error","endpoint":"order.list"}', { status: 400, error: 'There is no endpoint "order.list", of which a fault is. Did you mean "orders.list"?' }],
    ['a page of another site', 'POST', '/faults', { ...json, origin: 'https://evil.test' }, fault, { status: 403, error: 'The mock takes no orders from pages of other sites.' }],
    ['a page of another port', 'POST', '/reset', { origin: 'http://127.0.0.1:1' }, '', { status: 403, error: 'The mock takes no orders from pages of other sites.' }],
    ['a page that does not say where it is from', 'POST', '/reset', { 'sec-fetch-site': 'cross-site' }, '', { status: 403, error: 'The mock takes no orders from pages of other sites.' }],
    ['a sandboxed page', 'DELETE', '/faults', { origin: 'null' }, '', { status: 403, error: 'The mock takes no orders from pages of other sites.' }],
    ['a program', 'POST', '/reset', {}, '', { status: 200 }],
  ];
  for (const [what, method, path, headers, body, told] of cases) {
    test(what, async () => {
      await using mock = await open();
      assert.deepEqual(await ask(mock, method, `/_mock${path}`, headers, body), told);
    });
  }
});

test('endpoints of other base URLs are answered below their own paths, and slashes belong to a parameter that lets them through', async () => {
  const file = (path: string): ConnectorManifest['endpoints'][string] => ({ title: 'File', direction: 'receive', method: 'GET', path, baseUrl: 'files', params: { path: { type: 'string', in: 'path', style: 'path' } as object }, examples: [{ title: 'It', request: { params: { path: 'a/b.txt' } }, response: { status: 200, body: { id: 'a/b.txt' } } }] });
  await using mock = await startMock({ host: connectorHost({}), connector: 'shop', manifest: { ...manifest, baseUrl: 'https://shop.test/api', baseUrls: { files: 'https://files.test/v1' }, endpoints: { ...manifest.endpoints, file: file('/files/{{ params.path }}'), options: { title: 'O', direction: 'receive', method: 'OPTIONS', path: '/orders', examples: [{ title: 'It', response: { status: 204 } }] } } }, records: 3 });
  const statuses = await Promise.all([['GET', '/v1/files/a/b.txt'], ['GET', '/api/files/a/b.txt'], ['GET', '/api/orders'], ['GET', '/v1/orders'], ['OPTIONS', '/api/orders']].map(async ([method, path]) => (await ask(mock, method!, path!)).status));
  assert.deepEqual(statuses, [200, 404, 200, 404, 204]);
});

test('a fault of an endpoint that there is not is told at the start', async () => {
  await assert.rejects(open([{ kind: 'slow' }, { kind: 'error', endpoint: 'orders' }]), { code: 'DATA_INVALID', message: 'There is no endpoint "orders", of which a fault is.', remedy: 'There are "orders.list", "orders.get".' });
});
