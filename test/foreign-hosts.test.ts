import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { openTransport } from '../server/runner/transport.ts';
import { formsOf } from '../server/stores/secret-forms.ts';
import type { AuthUse, EndpointManifest } from '../server/model/connector.ts';
import { assertNothingTold, authPlugins, given, secret, token } from './support/auth-shop.ts';
import { call, connectorHost, type Called, type ConnectorHost, type ConnectorHostOptions } from './support/connector-host.ts';

// Two servers that are really there: a shop that leads to the other one, and that one, which writes down all that it is told.

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Lead = (request: IncomingMessage, response: ServerResponse, to: string) => void;

const seen: { readonly shop: Seen[]; readonly foreign: Seen[] } = { shop: [], foreign: [] };
let shop: Server;
let foreign: Server;
let lead: Lead;
const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function listen(kept: Seen[], answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part)).on('end', () => {
      kept.push({ method: request.method!, url: request.url!, headers: request.headers, body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

before(async () => {
  foreign = await listen(seen.foreign, (_request, response) => json(response, { items: [{ id: 2 }] }, 200, { 'set-cookie': 'of=foreign' }));
  shop = await listen(seen.shop, (request, response) => {
    if (request.url === '/token') return json(response, { access_token: token });
    if (request.url === '/keystone') return json(response, {}, 201, { 'x-subject-token': token, location: `/v3/${token}` });
    if (request.url === '/login') return json(response, {}, 200, { 'set-cookie': `sid=${encodeURIComponent(token)}; HttpOnly` });
    if (request.url!.startsWith('/moved-token')) return void response.writeHead(307, { location: `${originOf(foreign)}/token` }).end();
    return lead(request, response, `${originOf(foreign)}/x?page=2`);
  });
});
beforeEach(() => {
  for (const kept of Object.values(seen)) kept.splice(0);
});
after(async () => {
  for (const server of [shop, foreign]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const methods: Readonly<Record<string, { readonly use: AuthUse; readonly credentials: Readonly<Record<string, unknown>> }>> = {
  'basic': { use: { type: 'basic' }, credentials: { user: 'ada', password: given } },
  'bearer': { use: { type: 'bearer' }, credentials: { token: given } },
  'a key in a header': { use: { type: 'api-key', settings: { name: 'x-shop-key' } }, credentials: { key: given } },
  'a key in the query': { use: { type: 'api-key', settings: { in: 'query', name: 'key' } }, credentials: { key: given } },
  'a key in a cookie': { use: { type: 'api-key', settings: { in: 'cookie', name: 'sid' } }, credentials: { key: given } },
  'OAuth 1': { use: { type: 'oauth1' }, credentials: { consumerKey: 'c', consumerSecret: given } },
  'OAuth 2': { use: { type: 'oauth2-client-credentials', settings: { tokenUrl: '{{ instance.shop }}/token' } }, credentials: { clientId: 'c', clientSecret: given } },
  'a session with a cookie': { use: { type: 'session', settings: { loginUrl: '{{ instance.shop }}/login', tokenIn: 'cookie', tokenName: 'sid', in: 'cookie', name: 'sid' } }, credentials: { user: 'ada', password: given } },
  'a session whose token comes in a header': { use: { type: 'session', settings: { loginUrl: '{{ instance.shop }}/keystone', tokenIn: 'header', tokenName: 'X-Subject-Token', in: 'header', name: 'x-auth-token' } }, credentials: { user: 'ada', password: given } },
};

const ways: Readonly<Record<string, { readonly lead: Lead; readonly endpoint?: Partial<EndpointManifest> }>> = {
  'a next link in the body': { lead: (request, response, to) => json(response, request.url!.startsWith('/api') ? { next: to, items: [{ id: 1 }] } : {}), endpoint: { records: '$.items', pagination: { type: 'json-link' } } },
  'a next link in a header': { lead: (_request, response, to) => json(response, { items: [{ id: 1 }] }, 200, { link: `<${to}>; rel="next"` }), endpoint: { records: '$.items', pagination: { type: 'header-link' } } },
  'a redirect': { lead: (_request, response, to) => void response.writeHead(302, { location: to }).end() },
  'a redirect that repeats the query': { lead: (request, response, to) => void response.writeHead(302, { location: [to, ...request.url!.split('?').slice(1)].join('&') }).end() },
  'a redirect that keeps method and body': { lead: (_request, response, to) => void response.writeHead(307, { location: to }).end(), endpoint: { method: 'POST', body: { format: 'json', template: { a: 1 } } } },
};

async function visit(name: string, way: string, allowed: readonly string[], change: Partial<AuthUse['settings'] & object> = {}): Promise<Called & { readonly host: ConnectorHost }> {
  const { use, credentials } = methods[name]!;
  lead = ways[way]!.lead;
  await using transport = openTransport();
  const host = connectorHost({
    plugins: authPlugins, transport, secrets: { shop: secret }, instance: { credentials, settings: { shop: originOf(shop) } },
    connector: { baseUrl: `${originOf(shop)}/api`, allowedOrigins: allowed, auth: { it: { ...use, settings: { ...use.settings, ...change } } }, variables: { shop: { type: 'string' } } },
    endpoint: { records: '$', ...ways[way]!.endpoint },
  });
  return { ...(await call(host)), host };
}

for (const name of Object.keys(methods)) {
  describe(name, () => {
    for (const way of Object.keys(ways)) {
      test(`${way} to a host that is not allowed: it is never asked`, async () => {
        const called = await visit(name, way, []);
        assert.deepEqual([called.error?.code, seen.foreign], ['REMOTE_ORIGIN', []]);
        assert.ok(seen.shop.length > 0);
        assertNothingTold(called.host, called);
      });

      test(`${way} to one that is allowed: it sees no credentials`, async () => {
        const called = await visit(name, way, [originOf(foreign)]);
        assert.deepEqual([called.error, seen.foreign.map(({ url }) => url)], [undefined, ['/x?page=2']]);
        const [told] = seen.foreign;
        assert.deepEqual([told!.headers.authorization, told!.headers.cookie, told!.headers['x-shop-key']], [undefined, undefined, undefined]);
        for (const form of [secret, token].flatMap(formsOf)) assert.ok(!JSON.stringify(told).includes(form), form);
        assertNothingTold(called.host, called);
      });
    }
  });
}

test('a secret that a connector has put into a header of its own is not told either, and what is no secret is', async () => {
  lead = ways['a redirect']!.lead;
  await using transport = openTransport();
  const host = connectorHost({
    plugins: authPlugins, transport, secrets: { shop: secret }, instance: { credentials: { token: given }, settings: { token: secret } },
    connector: { baseUrl: originOf(shop), allowedOrigins: [originOf(foreign)], auth: { it: { type: 'bearer' } }, variables: { token: { type: 'string', writeOnly: true } } },
    endpoint: { headers: { 'X-Own-Token': 'v1 {{ instance.token }}', 'X-Version': '7' } },
  });
  const called = await call(host);
  assert.equal(called.error, undefined);
  assert.deepEqual([seen.shop, seen.foreign].map(([one]) => [one!.headers['x-own-token'], one!.headers['x-version']]), [[`v1 ${secret}`, '7'], [undefined, '7']]);
  assertNothingTold(host, called);
});

const inUrl = encodeURIComponent(secret);

/** A shop whose connector has a secret among the settings of its instance. */
const secretSetting = (endpoint: ConnectorHostOptions['endpoint'] & object, transport: ConnectorHostOptions['transport'] & object): ConnectorHost => connectorHost({
  plugins: authPlugins, transport, secrets: { shop: secret }, instance: { settings: { key: { $secret: 'shop' } } },
  connector: { baseUrl: originOf(shop), allowedOrigins: [originOf(foreign)], auth: {}, variables: { key: { type: 'string', writeOnly: true } } }, endpoint,
});

describe('a secret that is a setting of the instance', () => {
  test('goes where the connector puts it, and is masked in what is recorded', async () => {
    lead = (_request, response) => json(response, { items: [] });
    await using transport = openTransport();
    const host = secretSetting({ method: 'POST', path: '/of/{{ instance.key }}', query: { k: '{{ instance.key }}' }, body: { format: 'json', template: { key: '{{ instance.key }}' } } }, transport);
    const called = await call(host);
    assert.equal(called.error, undefined);
    assert.deepEqual(seen.shop.map(({ url, body }) => [url, body]), [[`/of/${inUrl}?k=${inUrl}`, JSON.stringify({ key: secret })]]);
    assertNothingTold(host, called);
  });

  test('is missing like a credential, with its place', async () => {
    await using transport = openTransport();
    const called = await call(connectorHost({ transport, instance: { settings: { key: { $secret: 'nobody' } } }, connector: { baseUrl: originOf(shop), variables: { key: { type: 'string', writeOnly: true } } } }));
    assert.deepEqual([called.error?.code, called.error?.place], ['SECRET_MISSING', { file: 'instances/shop.instance.json', pointer: '/settings' }]);
  });

  test('is taken out of the query that a redirect repeats', async () => {
    lead = (request, response) => void response.writeHead(302, { location: `${originOf(foreign)}${request.url}` }).end();
    await using transport = openTransport();
    const host = secretSetting({ query: { a: '1', k: '{{ instance.key }}', b: 'x y' }, records: '$.items' }, transport);
    const called = await call(host);
    assert.deepEqual([called.error, seen.foreign.map(({ url }) => url)], [undefined, ['/it?a=1&b=x%20y']]);
    assertNothingTold(host, called);
  });

  for (const [what, endpoint, location] of [
    ['the body of a redirect', { method: 'POST', body: { format: 'json', template: { key: '{{ instance.key }}' } } }, '/x'],
    ['the body of a form', { method: 'POST', body: { format: 'form', template: { key: '{{ instance.key }}' } } }, '/x'],
    ['the body of parts', { method: 'POST', body: { format: 'multipart', template: { key: '{{ instance.key }}' } } }, '/x'],
    ['a path', {}, `/of/${inUrl}`],
  ] as const) {
    test(`never reaches another host: ${what}`, async () => {
      lead = (_request, response) => void response.writeHead(307, { location: `${originOf(foreign)}${location}` }).end();
      await using transport = openTransport();
      const host = secretSetting(endpoint, transport);
      const called = await call(host);
      assert.deepEqual([called.error?.code, seen.foreign], ['REMOTE_ORIGIN', []]);
      assertNothingTold(host, called);
    });
  }
});

for (const [name, setting] of [['OAuth 2', 'tokenUrl'], ['a session with a cookie', 'loginUrl']] as const) {
  test(`${name}: a token server that leads elsewhere is not followed, wherever that is`, async () => {
    const called = await visit(name, 'a redirect', [originOf(foreign)], { [setting]: `${originOf(shop)}/moved-token` });
    assert.deepEqual([called.error?.code, seen.foreign, seen.shop.map(({ url }) => url)], ['AUTH_REJECTED', [], ['/moved-token']]);
    assertNothingTold(called.host, called);
  });
}
