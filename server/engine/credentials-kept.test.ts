import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError, type HttpRequest, type Token } from '../../plugins/sdk/index.ts';
import { assertNothingTold, authPlugins, given, secret, shop, type Method } from '../../test/support/auth-shop.ts';
import { call, connectorHost, json, text, type ConnectorHost } from '../../test/support/connector-host.ts';
import { createConnections } from './connections.ts';
import type { RawResponse, TokenKeeper } from './host.ts';

describe('a challenge', () => {
  const use: Method = { use: { type: 'digest' }, credentials: { user: 'ada', password: given }, signed: () => undefined, expected: undefined };
  const challenge = (nonce: string): RawResponse => text('', { status: 401, headers: { 'www-authenticate': `Digest realm="shop", nonce="${nonce}", qop="auth", algorithm=SHA-256` } });
  const part = (request: HttpRequest, name: string): string | undefined => new RegExp(`[ ,]${name}="?([^",]+)`).exec(request.headers['authorization'] ?? '')?.[1];

  test('is answered once, and goes on being answered with the next number', async () => {
    const { host, seen } = shop(use, (request) => (request.headers['authorization'] ? json([1]) : challenge('n1')));
    const told = [await call(host), await call(host)];
    assert.deepEqual(told.map(({ error }) => error), [undefined, undefined]);
    assert.deepEqual(seen.map((request) => [part(request, 'nonce'), part(request, 'nc')]), [[undefined, undefined], ['n1', '00000001'], ['n1', '00000002']]);
    for (const called of told) assertNothingTold(host, called);
  });

  test('that is new takes the place of the old one', async () => {
    const { host, seen } = shop(use, (request, count) => (count === 1 ? challenge('n1') : count === 3 ? challenge('n2') : json([1])));
    await call(host);
    assert.equal((await call(host)).error, undefined);
    assert.deepEqual(seen.map((request) => [part(request, 'nonce'), part(request, 'nc')]), [[undefined, undefined], ['n1', '00000001'], ['n1', '00000002'], ['n2', '00000001']]);
  });

  test('that comes again is a refusal', async () => {
    const { host, seen } = shop(use, () => challenge('n1'));
    assert.deepEqual([(await call(host)).error?.code, seen.length], ['AUTH_REJECTED', 2]);
  });

  test('of a foreign origin is not answered', async () => {
    const { host, seen } = shop(use, (request) => (request.url.startsWith('https://files.test') ? challenge('thief') : json(null, { status: 302, headers: { location: 'https://files.test/x' } })), { connector: { auth: { it: use.use }, allowedOrigins: ['https://files.test'] } });
    await call(host);
    assert.deepEqual(seen.map(({ headers }) => headers['authorization']), [undefined, undefined]);
  });

  test('a token of a pool that is refused gives way to the next and is left out from then on, and the others take turns', async () => {
    const pool: Method = { use: { type: 'token-pool' }, credentials: { tokens: [given, 'second-token', 'third-token'] }, signed: () => undefined, expected: undefined };
    const { host, seen } = shop(pool, (request) => (request.headers['authorization'] === `Bearer ${secret}` ? text('', { status: 401 }) : json([request.headers])));
    const told = [await call(host), await call(host), await call(host)];
    assert.deepEqual(told.map(({ error }) => error), [undefined, undefined, undefined]);
    assert.deepEqual(seen.map(({ headers }) => headers['authorization']!.slice(7)), [secret, 'second-token', 'third-token', 'second-token']);
    for (const called of told) assertNothingTold(host, called);
    assert.ok(!host.recorded.join('').includes('third-token'), 'each of them is masked');
  });
});

test('a password that is put into the body is not recorded', async () => {
  const use: Method = { use: { type: 'ws-security', settings: { password: 'text' } }, credentials: { user: 'ada', password: given }, signed: () => undefined, expected: undefined };
  const envelope = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>';
  const { host, seen } = shop(use, ({ body }) => text(String(body)), { endpoint: { method: 'POST', headers: { 'Content-Type': 'text/xml' }, body: { format: 'text', template: envelope } as never, retry: { attempts: 0 } } });
  const called = await call(host);
  assert.match(String(seen[0]?.body), /<wsse:Username>ada<.*wh4t\/n0body\+sees&amp;</);
  assert.ok(host.recorded.some((body) => body === envelope), host.recorded.join('\n'));
  assertNothingTold(host, called);
});

describe('a token that is kept', () => {
  const code: Method = { use: { type: 'oauth2-authorization-code', settings: { authorizationUrl: 'https://shop.test/authorize', tokenUrl: 'https://shop.test/token', clientAuth: 'none' } }, credentials: { clientId: 'c' }, signed: () => undefined, expected: undefined };
  const start = { values: { access_token: 'old-access', refresh_token: 'refresh-0' }, expiresAt: 0 };

  /** A server whose refresh tokens count once, and a keeper in memory; `at` is called when a refresh is under way. */
  function world(at: (stop: AbortController) => void = () => undefined) {
    const stop = new AbortController();
    const kept = new Map<string, Token>();
    const order: string[] = [];
    let valid = 0;
    const keeper: TokenKeeper = {
      async change(name, renew) {
        const fresh = await renew(kept.get(name) ?? start);
        kept.set(name, fresh);
        order.push('kept');
        return fresh;
      },
    };
    const host: ConnectorHost = connectorHost({
      plugins: authPlugins, instance: { credentials: code.credentials }, connector: { auth: { it: code.use } },
      send: async ({ url, body, headers }, signal) => {
        if (!url.endsWith('/token')) return order.push('asked'), headers['authorization'] === `Bearer access-${valid}` ? json([1]) : text('', { status: 401 });
        const given = new URLSearchParams(String(body)).get('refresh_token');
        if (given !== `refresh-${valid}`) return json({ error: 'invalid_grant' }, { status: 400 });
        valid++;
        order.push('renewed');
        at(stop);
        await host.clock.sleep(10, signal);
        return json({ access_token: `access-${valid}`, refresh_token: `refresh-${valid}` });
      },
    });
    return { host: { ...host, connections: createConnections(host.clock, keeper) }, order, kept, stop };
  }

  test('is kept before it is used', async () => {
    const { host, order, kept } = world();
    assert.equal((await call(host)).error, undefined);
    assert.deepEqual([order, [...kept]], [['renewed', 'kept', 'asked'], [['shop https://shop.test it', { values: { access_token: 'access-1', refresh_token: 'refresh-1' } }]]]);
  });

  test('and its refresh token are not lost when the run is stopped meanwhile', async () => {
    const { host, kept, stop } = world((given) => given.abort(new FlowError('RUN_STOPPED', 'Stopped.')));
    const { error } = await call(host, { signal: stop.signal });
    assert.deepEqual([error?.code, [...kept.values()].map(({ values }) => values['refresh_token'])], ['RUN_STOPPED', ['refresh-1']]);
    assert.equal((await call(host)).error, undefined, 'whoever comes next goes on with it');
  });

  test('where nobody has logged in, it says for which instance to do so', async () => {
    const host = connectorHost({ plugins: authPlugins, instance: { credentials: code.credentials }, connector: { auth: { it: code.use } } });
    const { error } = await call({ ...host, connections: createConnections(host.clock, { change: async (_name, renew) => renew(undefined) }) });
    assert.deepEqual([error?.code, error?.message, error?.remedy], ['AUTH_REJECTED', 'Nobody has logged in yet.', 'Log in with `patchbay login shop`.']);
  });

  test('nothing of it is told', async () => {
    const { host } = world();
    const called = await call(host);
    for (const value of ['access-1', 'refresh-0', 'refresh-1']) assert.ok(![JSON.stringify(called.events), ...host.recorded].join().includes(value), value);
  });
});

describe('a token of a user name and a password', () => {
  /** A server that knows one login at a time, and processes that share a keeper. */
  function world() {
    const kept = new Map<string, Token>();
    const grants: string[] = [];
    const keeper: TokenKeeper = {
      async change(name, renew) {
        const fresh = await renew(kept.get(name));
        kept.set(name, fresh);
        return fresh;
      },
    };
    const start = (password = 'p') => {
      const host = connectorHost({
        plugins: authPlugins, instance: { credentials: { user: 'ada', password, clientId: 'c' } },
        connector: { auth: { it: { type: 'oauth2-password', settings: { tokenUrl: 'https://shop.test/token', clientAuth: 'none' } } } },
        send({ url, body, headers }) {
          if (!url.endsWith('/token')) return headers['authorization'] === `Bearer access-${grants.length}` ? json([1]) : text('', { status: 401 });
          const given = new URLSearchParams(String(body));
          grants.push(`${given.get('grant_type')} ${given.get('password') ?? given.get('refresh_token')}`);
          return json({ access_token: `access-${grants.length}`, refresh_token: `refresh-${grants.length}` });
        },
      });
      return { ...host, connections: createConnections(host.clock, keeper) };
    };
    return { start, grants, kept };
  }

  test('is shared by all processes, and renewed by one of them', async () => {
    const { start, grants, kept } = world();
    const [one, other] = [start(), start()];
    for (const host of [one, other, one]) assert.equal((await call(host)).error, undefined);
    assert.deepEqual(grants, ['password p']);
    const [[name] = []] = [...kept];
    kept.set(name!, { ...kept.get(name!)!, values: { access_token: 'ended', refresh_token: 'refresh-1' } });
    for (const host of [start(), start()]) assert.equal((await call(host)).error, undefined);
    assert.deepEqual(grants, ['password p', 'refresh_token refresh-1']);
  });

  test('is another one with another password', async () => {
    const { start, grants } = world();
    for (const password of ['p', 'q']) assert.equal((await call(start(password))).error, undefined);
    assert.deepEqual(grants, ['password p', 'password q']);
  });
});
