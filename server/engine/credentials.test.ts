import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { assertNothingTold, given, secret, shop, token, type Method } from '../../test/support/auth-shop.ts';
import { call, connectorHost, json, text, type ConnectorHost, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import { formsOf } from '../stores/secret-forms.ts';

const methods: Readonly<Record<string, Method>> = {
  'basic': { use: { type: 'basic' }, credentials: { user: 'ada', password: given }, signed: ({ headers }) => headers['authorization'], expected: `Basic ${btoa(`ada:${secret}`)}` },
  'bearer': { use: { type: 'bearer' }, credentials: { token: given }, signed: ({ headers }) => headers['authorization'], expected: `Bearer ${secret}` },
  'api-key in a header': { use: { type: 'api-key' }, credentials: { key: given }, signed: ({ headers }) => headers['x-api-key'], expected: secret },
  'api-key in the query': { use: { type: 'api-key', settings: { in: 'query', name: 'key' } }, credentials: { key: given }, signed: ({ url }) => new URL(url).searchParams.get('key'), expected: secret },
  'api-key in a cookie': { use: { type: 'api-key', settings: { in: 'cookie', name: 'sid' } }, credentials: { key: given }, signed: ({ headers }) => headers['cookie'], expected: `sid=${encodeURIComponent(secret)}` },
  'api-key in the body': { use: { type: 'api-key', settings: { in: 'body', name: 'auth.key' } }, credentials: { key: given }, signed: ({ body }) => body && (JSON.parse(String(body)) as { auth: { key: string } }).auth.key, expected: secret },
  'token-pool': { use: { type: 'token-pool' }, credentials: { tokens: [given, given] }, signed: ({ headers }) => headers['authorization'], expected: `Bearer ${secret}` },
  'session': { use: { type: 'session', settings: { loginUrl: 'https://shop.test/token', tokenName: 'access_token', in: 'cookie', name: 'sid' } }, credentials: { user: 'ada', password: given }, signed: ({ headers }) => headers['cookie'], expected: `sid=${token}` },
  'oauth1': { use: { type: 'oauth1' }, credentials: { consumerKey: 'ck', consumerSecret: given, token: 'tk', tokenSecret: given }, signed: ({ headers }) => headers['authorization']?.slice(0, 29), expected: 'OAuth oauth_consumer_key="ck"' },
  'aws-sigv4': { use: { type: 'aws-sigv4', settings: { service: 'execute-api' } }, credentials: { accessKeyId: 'AK', secretAccessKey: given }, signed: ({ headers }) => headers['authorization']?.slice(0, 31), expected: 'AWS4-HMAC-SHA256 Credential=AK/' },
  'jwt': { use: { type: 'jwt', settings: { algorithm: 'HS256' } }, credentials: { key: given }, signed: ({ headers }) => headers['authorization']?.slice(0, 10), expected: 'Bearer eyJ' },
  'oauth2-password': { use: { type: 'oauth2-password', settings: { tokenUrl: 'https://shop.test/token' } }, credentials: { user: 'ada', password: given, clientId: 'c', clientSecret: given }, signed: ({ headers }) => headers['authorization'], expected: `Bearer ${token}` },
  'oauth2-jwt-bearer': { use: { type: 'oauth2-jwt-bearer', settings: { tokenUrl: 'https://shop.test/token', algorithm: 'HS256' } }, credentials: { issuer: 'c', privateKey: given }, signed: ({ headers }) => headers['authorization'], expected: `Bearer ${token}` },
  'oauth2-client-credentials': { use: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/token' } }, credentials: { clientId: 'c', clientSecret: given }, signed: ({ headers }) => headers['authorization'], expected: `Bearer ${token}` },
};
const oauth = methods['oauth2-client-credentials']!;

describe('each method', () => {
  for (const [name, method] of Object.entries(methods)) {
    test(`${name}: signs`, async () => {
      const { host, seen } = shop(method, () => json([1]));
      const called = await call(host);
      assert.deepEqual([called.error, called.bodies, seen.map(method.signed)], [undefined, [[1]], [method.expected]]);
    });

    test(`${name}: what the shop echoes is not recorded, nor told in an error`, async () => {
      for (const status of [200, 400, 403, 500]) {
        const { host } = shop(method, (request) => json({ request, again: [request.url, JSON.stringify(request)] }, { status, headers: { 'x-echo': `${String(method.signed(request))} ${request.url}`, 'set-cookie': String(method.signed(request)) } }), { endpoint: { retry: { attempts: 0 } } });
        const called = await call(host);
        assert.equal(called.error === undefined, status === 200);
        assert.ok(host.recorded.length > 0 && called.events.some(({ type }) => type === 'exchange'));
        assertNothingTold(host, called);
      }
    });

    test(`${name}: an error that ends within the secret does not tell its beginning`, async () => {
      for (let before = 240; before < 300; before += 3) {
        const { host } = shop(method, (request) => text(`${'x'.repeat(before)} ${String(method.signed(request))}`, { status: 400 }));
        const { error } = await call(host);
        for (const part of [secret, token]) assert.ok(!error!.message.includes(part.slice(0, 6)) && !JSON.stringify(error!.details).includes(part.slice(0, 6)), error!.message);
      }
    });

    for (const [how, lead] of [
      ['a next link', (to: string) => json({ next: to, items: [{ id: 1 }] })],
      ['a redirect', (to: string) => json(null, { status: 302, headers: { location: to } })],
      ['a redirect that keeps the method', (to: string) => json(null, { status: 307, headers: { location: to } })],
    ] as const) {
      for (const to of ['https://thief.test/x', '//thief.test/x', 'http://shop.test/api/x', 'https://shop.test:444/x', 'https://shop.test.thief.test/x', 'https://shop.test@thief.test/x']) {
        test(`${name}: ${how} to ${to} is not followed`, async () => {
          const { host, seen } = shop(method, () => lead(to), { endpoint: { records: '$.items', pagination: { type: 'json-link' } } });
          const called = await call(host);
          assert.deepEqual([called.error?.code, seen.length], ['REMOTE_ORIGIN', 1]);
          assertNothingTold(host, called);
        });
      }

      test(`${name}: ${how} to an origin that is allowed carries no credentials, and back it does`, async () => {
        const { host, seen } = shop(method, (request, count) => (count === 1 ? lead('https://files.test/x') : count === 2 ? json(null, { status: 302, headers: { location: 'https://shop.test/api/y' } }) : json({ items: [{ id: 2 }] })), {
          endpoint: { records: '$.items', pagination: { type: 'json-link' }, headers: { Authorization: 'of the manifest' } }, connector: { auth: { it: method.use }, allowedOrigins: ['https://files.test/'] },
        });
        const called = await call(host);
        assert.equal(called.error, undefined);
        assert.deepEqual(seen.map(({ url }) => new URL(url).origin), ['https://shop.test', 'https://files.test', 'https://shop.test']);
        assert.deepEqual([seen[0], seen[2]].map((request) => method.signed(request!)), [method.expected, method.expected]);
        for (const form of [secret, token].flatMap(formsOf)) assert.ok(!JSON.stringify(seen[1]).includes(form));
        assert.equal(seen[1]!.headers['authorization'], undefined);
        assertNothingTold(host, called);
      });
    }
  }
});

describe('a refusal', () => {
  for (const [name, method] of Object.entries(methods)) {
    const renews = /Url"/.test(JSON.stringify(method.use));
    const requests = renews || name === 'token-pool' ? 2 : 1;
    test(`${name}: ${renews ? 'a new token is asked for once, and only once' : requests === 2 ? 'the next token is tried, and no other' : 'is final: there is nothing to renew'}`, async () => {
      const { host, seen, tokens } = shop(method, () => text('no', { status: 401 }));
      const called = await call(host);
      assert.deepEqual([called.error?.code, seen.length, tokens()], ['AUTH_REJECTED', requests, renews ? 2 : 0]);
      assertNothingTold(host, called);
    });
  }

  test('of a token that has become old is healed by a new one', async () => {
    const { host, seen, tokens } = shop(oauth, ({ headers }) => (headers['authorization'] === `Bearer ${token}` ? text('', { status: 401 }) : json([1])));
    assert.deepEqual((await call(host)).bodies, [[1]]);
    assert.deepEqual((await call(host)).bodies, [[1]]);
    assert.deepEqual([tokens(), seen.map(({ headers }) => headers['authorization'])], [2, [`Bearer ${token}`, `Bearer ${token}2`, `Bearer ${token}2`]]);
  });

  test('by the token server is told, and not tried again', async () => {
    const { host, seen } = shop(oauth, () => json({ error: 'invalid_client' }, { status: 401 }), { connector: { auth: { it: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/other-token' } } } } });
    const called = await call(host);
    assert.deepEqual([called.error?.code, seen.length, called.error?.message], ['AUTH_REJECTED', 1, 'The token server https://shop.test refused the client: invalid_client (status 401).']);
  });

  test('by 403 asks for no new token', async () => {
    const { host, tokens } = shop(oauth, () => json({ error: 'forbidden' }, { status: 403 }));
    assert.deepEqual([(await call(host)).error?.code, tokens()], ['AUTH_REJECTED', 1]);
  });
});

describe('tokens', () => {
  test('requests at the same time share one, and one renewal', async () => {
    const { host, seen, tokens } = shop(oauth, ({ headers }) => (headers['authorization'] === `Bearer ${token}` ? text('', { status: 401 }) : json([1])));
    const all = await Promise.all(Array.from({ length: 20 }, () => call(host)));
    assert.deepEqual([all.map(({ error }) => error).filter(Boolean), tokens(), seen.length], [[], 2, 40]);
  });

  test('one that has expired is not sent', async () => {
    const { host, seen, tokens } = shop(oauth, () => json([1]), { life: 600 });
    await call(host);
    await host.clock.sleep(539_000, new AbortController().signal);
    await call(host);
    await host.clock.sleep(2_000, new AbortController().signal);
    await call(host);
    assert.deepEqual([tokens(), seen.map(({ headers }) => headers['authorization']?.slice(-1))], [2, ['y', 'y', '2']]);
  });

  test('another account, or another address, has another', async () => {
    const { host, tokens } = shop(oauth, () => json([1]));
    const asOther = (options: ConnectorHostOptions): ConnectorHost => ({ ...shop(oauth, () => json([1]), options).host, transport: host.transport, connections: host.connections });
    const other = connectorHost({ secrets: { shop: 'another secret' }, instance: { credentials: oauth.credentials }, connector: { auth: { it: oauth.use } }, transport: host.transport });
    await call(host);
    await call(asOther({}));
    assert.equal(tokens(), 1, 'the same account');
    await call({ ...other, connections: host.connections });
    assert.equal(tokens(), 2);
    await call(asOther({ connector: { baseUrl: 'https://shop.test:444', allowedOrigins: ['https://shop.test'], auth: { it: oauth.use } } }));
    assert.equal(tokens(), 3);
  });

  test('neither body of the request for it is recorded', async () => {
    const { host } = shop(oauth, () => text('', { status: 204 }));
    const { events } = await call(host);
    const exchanges = events.filter((event) => event.type === 'exchange').map(({ exchange }) => exchange);
    assert.deepEqual(exchanges.map(({ url, requestBody, responseBody }) => [url, requestBody, responseBody]), [['https://shop.test/token', undefined, undefined], ['https://shop.test/api/it', undefined, undefined]]);
    assert.deepEqual([exchanges[0]!.requestHeaders['authorization'], exchanges[1]!.requestHeaders['authorization']], ['Basic •••', 'Bearer •••']);
  });

  test('who is stopped does not wait for the one that another asks for', { timeout: 5_000 }, async () => {
    const stop = new AbortController();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const host: ConnectorHost = connectorHost({
      secrets: { shop: secret }, instance: { credentials: oauth.credentials }, connector: { auth: { it: oauth.use } },
      send: async ({ url }) => {
        if (!url.endsWith('/token')) return json([1]);
        await held;
        return json({ access_token: token });
      },
    });
    const first = call(host);
    const second = call(host, { signal: stop.signal });
    await new Promise(setImmediate);
    stop.abort(new FlowError('RUN_STOPPED', 'Stopped.'));
    assert.equal((await second).error?.code, 'RUN_STOPPED');
    release();
    assert.deepEqual((await first).bodies, [[1]]);
  });

  test('who is stopped while it asks leaves the others another attempt', async () => {
    const stop = new AbortController();
    let asked = 0;
    const host: ConnectorHost = connectorHost({
      secrets: { shop: secret }, instance: { credentials: oauth.credentials }, connector: { auth: { it: oauth.use } },
      send: async ({ url }, signal) => {
        if (!url.endsWith('/token')) return json([1]);
        if (++asked === 1) stop.abort(new FlowError('RUN_STOPPED', 'Stopped.'));
        await host.clock.sleep(10, signal);
        return json({ access_token: token });
      },
    });
    const [first, second] = await Promise.all([call(host, { signal: stop.signal }), call(host)]);
    assert.deepEqual([first.error?.code, second.error, second.bodies, asked], ['RUN_STOPPED', undefined, [[1]], 2]);
  });

  test('a token server that cannot be reached is tried again, with the waits of the seed', async () => {
    let asked = 0;
    const host = connectorHost({
      secrets: { shop: secret }, instance: { credentials: oauth.credentials }, connector: { auth: { it: oauth.use } },
      send: ({ url }) => (!url.endsWith('/token') ? json([1]) : ++asked < 3 ? json({}, { status: 503 }) : json({ access_token: token })),
    });
    assert.deepEqual([(await call(host)).bodies, asked, host.sleeps.length], [[[1]], 3, 2]);
  });

  test('a token server that stays out of order is asked three times, whatever the endpoint may repeat', async () => {
    let asked = 0;
    const host = connectorHost({
      secrets: { shop: secret }, instance: { credentials: oauth.credentials }, connector: { auth: { it: oauth.use } }, endpoint: { retry: { attempts: 5 } },
      send: () => (asked++, json({}, { status: 503 })),
    });
    // Two calls at a time share the renewal, and its failure.
    const told = await Promise.all([call(host), call(host)]);
    assert.deepEqual([told.map(({ error }) => error?.code), asked], [['REMOTE_STATUS', 'REMOTE_STATUS'], 3]);
  });

  test('a token server that asks for a pause gets it', async () => {
    let asked = 0;
    const host = connectorHost({
      secrets: { shop: secret }, instance: { credentials: oauth.credentials }, connector: { auth: { it: oauth.use } },
      send: ({ url }) => (!url.endsWith('/token') ? json([1]) : ++asked < 2 ? json({}, { status: 429, headers: { 'retry-after': '40' } }) : json({ access_token: token })),
    });
    assert.deepEqual([(await call(host)).bodies, host.sleeps], [[[1]], [40_000]]);
  });

  test('an address of tokens on an origin that is not allowed is not asked', async () => {
    const { host, seen } = shop(oauth, () => json([1]), { connector: { auth: { it: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://thief.test/token' } } } } });
    assert.deepEqual([(await call(host)).error?.code, seen.length], ['REMOTE_ORIGIN', 0]);
  });
});

const openings: readonly (readonly [what: string, options: ConnectorHostOptions, code: string, file: string, pointer: string])[] = [
  ['an auth method that the connector does not have', { instance: { auth: 'other' }, connector: { auth: { it: { type: 'bearer' } } } }, 'CONFIG_INVALID', 'instances/shop.instance.json', '/auth'],
  ['a name of every object', { instance: { auth: 'constructor' }, connector: { auth: { it: { type: 'bearer' } } } }, 'CONFIG_INVALID', 'instances/shop.instance.json', '/auth'],
  ['a method of an unknown type', { connector: { auth: { it: { type: 'magic' } } } }, 'CONFIG_UNKNOWN_PLUGIN', 'connectors/shop.connector.json', '/auth/it/type'],
  ['settings that do not fit', { connector: { auth: { it: { type: 'api-key', settings: { in: 'trailer' } } } }, instance: { credentials: { key: 'k' } } }, 'CONFIG_INVALID', 'connectors/shop.connector.json', '/auth/it/settings/in'],
  ['credentials that are missing', { connector: { auth: { it: { type: 'bearer' } } } }, 'CONFIG_INVALID', 'instances/shop.instance.json', '/credentials'],
];
for (const [what, options, code, file, pointer] of openings) {
  test(`opening: ${what}`, async () => {
    const { error } = await call(connectorHost(options));
    assert.deepEqual([error?.code, error?.place?.file, error?.place?.pointer], [code, file, pointer], error?.message);
  });
}

test('opening: credentials that are missing where an environment changes some name its file, too', async () => {
  const { error } = await call(connectorHost({ connector: { auth: { it: { type: 'bearer' } } }, instance: { changedIn: 'environments/mock.env.json' } }));
  assert.match(error?.remedy ?? '', /environments\/mock\.env\.json changes these credentials/);
});

test('opening: a secret that is missing', async () => {
  const { error } = await call(connectorHost({ connector: { auth: { it: { type: 'bearer' } } }, instance: { credentials: { token: given } } }));
  assert.equal(error?.code, 'SECRET_MISSING');
});

test('a credential that stands in the file is masked all the same', async () => {
  const host = connectorHost({ connector: { auth: { it: { type: 'bearer' } } }, instance: { credentials: { token: secret } }, send: (request) => json(request.headers) });
  assertNothingTold(host, await call(host));
});
