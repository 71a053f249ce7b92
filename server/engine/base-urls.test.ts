import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpRequest } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text, type Call, type Called, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import type { RawResponse, ResolvedInstance } from './host.ts';

const receiving = { title: 'E', direction: 'receive', method: 'GET', records: 'items' } as const;
const endpoints: Readonly<Record<string, EndpointManifest>> = {
  it: { ...receiving, path: '/orders' },
  files: { ...receiving, path: '/files', baseUrl: 'files', pagination: { type: 'json-link' } },
  regional: { ...receiving, path: '/stock', baseUrl: 'regional' },
  lost: { ...receiving, path: '/x', baseUrl: 'nowhere' },
};
const shop: Partial<ConnectorManifest> = {
  baseUrl: 'https://shop.test/api', baseUrls: { files: 'https://files.shop.test/v1', regional: 'https://{{ instance.region }}.shop.test' }, variables: { region: { type: 'string' } },
  auth: { key: { type: 'bearer' } }, endpoints,
};

interface Told extends Called {
  readonly asked: readonly string[];
}

async function ask(endpoint: string, { answer = () => json({ items: [1] }), connector, instance, ...more }: Call & { readonly answer?: (request: HttpRequest) => RawResponse; readonly connector?: Partial<ConnectorManifest>; readonly instance?: Partial<ResolvedInstance> } = {}): Promise<Told> {
  const asked: string[] = [];
  const options: ConnectorHostOptions = {
    connector: { ...shop, ...connector }, instance: { credentials: { token: 'canary' }, settings: { region: 'eu' }, ...instance },
    send: (request) => (asked.push(`${request.method} ${request.url} ${request.headers['authorization'] ?? 'without'}`), answer(request)),
  };
  return { ...(await call(connectorHost(options), { endpoint, ...more })), asked };
}

describe('an endpoint with another base URL', () => {
  const cases: readonly (readonly [endpoint: string, asked: string])[] = [
    ['it', 'GET https://shop.test/api/orders Bearer canary'], ['files', 'GET https://files.shop.test/v1/files Bearer canary'], ['regional', 'GET https://eu.shop.test/stock Bearer canary'],
  ];
  for (const [endpoint, asked] of cases) {
    test(`is asked there, with the credentials of the instance: ${endpoint}`, async () => {
      const told = await ask(endpoint);
      assert.deepEqual([told.error, told.asked], [undefined, [asked]]);
    });
  }

  test('one that the connector does not have is told, with its place', async () => {
    const { error, asked } = await ask('lost');
    assert.deepEqual([error?.code, error?.place, asked], ['CONFIG_INVALID', { file: 'connectors/shop.connector.json', pointer: '/endpoints/lost/baseUrl' }, []]);
    assert.match(error!.message, /has no base URL "nowhere"; there are files, regional\.$/);
  });

  test('one for which a setting is missing is no matter of other endpoints', async () => {
    assert.deepEqual((await ask('files', { instance: { settings: {} } })).error, undefined);
    const { error } = await ask('regional', { instance: { settings: {} } });
    assert.equal(error?.place?.pointer, '/baseUrls/regional');
  });

  test('has the token of the instance: it is got once', async () => {
    const asked: string[] = [];
    const host = connectorHost({
      connector: { ...shop, auth: { main: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/token' } } } }, instance: { credentials: { clientId: 'a', clientSecret: 'b' } },
      send: ({ url, headers }) => (asked.push(`${new URL(url).host} ${headers['authorization']!.replace(/^Basic .*/, 'Basic')}`), json(url.endsWith('/token') ? { access_token: 't' } : { items: [] })),
    });
    for (const endpoint of ['files', 'it', 'files']) assert.equal((await call(host, { endpoint })).error, undefined);
    assert.deepEqual(asked, ['shop.test Basic', 'files.shop.test Bearer t', 'shop.test Bearer t', 'files.shop.test Bearer t']);
  });
});

describe('credentials go nowhere by being led there', () => {
  const leads: readonly (readonly [from: string, to: string, asked: readonly string[], code: string | undefined])[] = [
    ['it', 'https://files.shop.test/v1/a', ['shop.test Bearer canary', 'files.shop.test without'], undefined],
    ['files', 'https://shop.test/api/a', ['files.shop.test Bearer canary', 'shop.test without'], undefined],
    ['files', 'https://files.shop.test/elsewhere', ['files.shop.test Bearer canary', 'files.shop.test Bearer canary'], undefined],
    ['files', 'https://evil.test/', ['files.shop.test Bearer canary'], 'REMOTE_ORIGIN'],
    ['files', 'http://files.shop.test/v1/a', ['files.shop.test Bearer canary'], 'REMOTE_ORIGIN'],
  ];
  const hosts = ({ asked }: Told): string[] => asked.map((line) => line.replace(/^GET (\S+)/, (_, url: string) => new URL(url).host));
  for (const [from, to, asked, code] of leads) {
    test(`by a redirect from ${from} to ${to}`, async () => {
      let count = 0;
      const told = await ask(from, { answer: () => (count++ === 0 ? text('', { status: 302, headers: { location: to } }) : json({ items: [1] })) });
      assert.deepEqual([hosts(told), told.error?.code], [asked, code]);
    });
  }
  for (const [, to, asked, code] of leads.slice(1)) {
    test(`by the address of the next page: ${to}`, async () => {
      let count = 0;
      const told = await ask('files', { answer: () => json({ items: [++count], next: count === 1 ? to : null }) });
      assert.deepEqual([hosts(told), told.error?.code], [asked, code]);
    });
  }
});

describe('where an environment leads an instance to another address', () => {
  const baseUrl = 'http://127.0.0.1:7461/api';

  test('no endpoint is asked at a real one', async () => {
    const { error, asked } = await ask('files', { instance: { baseUrl } });
    assert.deepEqual([error?.code, asked], ['CONFIG_INVALID', []]);
    assert.match(error!.message, /leads the instance "shop" to http:\/\/127\.0\.0\.1:7461\/api, but does not say where its base URL "files" leads\.$/);
    assert.match(error!.remedy, /"baseUrls": \{"files": …\}/);
    assert.equal((await ask('it', { instance: { baseUrl } })).asked[0], 'GET http://127.0.0.1:7461/api/orders Bearer canary');
    assert.equal((await ask('it', { instance: { baseUrl }, answer: () => text('', { status: 302, headers: { location: 'https://files.shop.test/v1/a' } }) })).error?.code, 'REMOTE_ORIGIN');
  });

  test('but at those that it names', async () => {
    const told = await ask('files', { instance: { baseUrl, baseUrls: { files: 'http://127.0.0.1:7461/v1' } } });
    assert.deepEqual(told.asked, ['GET http://127.0.0.1:7461/v1/files Bearer canary']);
    assert.deepEqual((await ask('files', { instance: { baseUrls: { files: 'http://127.0.0.1:9/' } } })).asked, ['GET http://127.0.0.1:9/files Bearer canary']);
  });
});

test('what is led to no address of the web is told which', async () => {
  const { error } = await call(connectorHost({ endpoint: { pagination: { type: 'json-link', settings: { path: '$.next' } } }, send: () => json({ next: 'file:///etc/passwd' }) }), {});
  assert.deepEqual([error?.code, error?.message], ['REMOTE_ORIGIN', 'A link or a redirect in an answer led the instance "shop" to "file:///etc/passwd"; only http and https addresses of https://shop.test are followed.']);
});
