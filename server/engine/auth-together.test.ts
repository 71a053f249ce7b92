import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import mtls from '../../plugins/auth/mtls.ts';
import type { HttpRequest, Plugin, TlsIdentity } from '../../plugins/sdk/index.ts';
import { assertNothingTold, authPlugins, given, secret, token } from '../../test/support/auth-shop.ts';
import { clientCertificate } from '../../test/support/certificates.ts';
import { call, connectorHost, json, text, type ConnectorHost, type ConnectorHostOptions } from '../../test/support/connector-host.ts';
import type { AuthUse, EndpointManifest } from '../model/connector.ts';
import type { RawResponse } from './host.ts';

interface World {
  readonly host: ConnectorHost;
  readonly seen: readonly { readonly request: HttpRequest; readonly tls: TlsIdentity | undefined }[];
}

type Auth = Readonly<Record<string, AuthUse>>;

/** A shop that answers and remembers who asks; a request for a token gets one. */
function world(auth: Auth, credentials: Readonly<Record<string, unknown>>, more: ConnectorHostOptions & { readonly answer?: (request: HttpRequest, count: number) => RawResponse } = {}): World {
  const seen: { readonly request: HttpRequest; readonly tls: TlsIdentity | undefined }[] = [];
  const { answer = () => json([1]), ...options } = more;
  const host = connectorHost({
    plugins: [...authPlugins, mtls as unknown as Plugin], secrets: { shop: secret, key: clientCertificate.key }, ...options,
    connector: { auth, ...options.connector }, instance: { credentials, ...options.instance },
    transport: {
      async send(request, { tls }) {
        seen.push({ request, tls });
        return request.url.endsWith('/token') && !more.answer ? json({ access_token: token, token, expires_at: '2024-01-31T13:00:00Z' }) : answer(request, seen.length);
      },
    },
  });
  return { host, seen };
}

const oauth: AuthUse = { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/token' } };
const client = { clientId: 'c', clientSecret: given };
const key: AuthUse = { type: 'api-key' };

describe('methods beside one another', () => {
  test('a key beside a token: each request has both, that for the token has none of them', async () => {
    const { host, seen } = world({ it: { ...oauth, beside: ['key'] }, key }, { ...client, key: { key: given } });
    const called = await call(host);
    assert.equal(called.error, undefined);
    assert.deepEqual(seen.map(({ request: { headers } }) => [headers['authorization']?.split(' ')[0], headers['x-api-key']]), [['Basic', undefined], ['Bearer', secret]]);
    assertNothingTold(host, called);
  });

  test('a certificate beside a token, for the requests and for that of the token', async () => {
    const certificate = { certificate: clientCertificate.certificate, key: { $secret: 'key' } };
    const auth: Auth = { it: { ...oauth, settings: { ...oauth.settings, clientAuth: 'none' }, beside: ['certificate'], tokenAuth: 'certificate' }, certificate: { type: 'mtls' } };
    const { host, seen } = world(auth, { clientId: 'c', certificate });
    assert.equal((await call(host)).error, undefined);
    assert.deepEqual(seen.map(({ tls }) => tls?.certificate === clientCertificate.certificate), [true, true]);
  });

  test('those beside a method sign first, so that its signature counts what they add', async () => {
    const aws: AuthUse = { type: 'aws-sigv4', settings: { region: 'eu-west-1', service: 'execute-api' } };
    const credentials = { accessKeyId: 'AK', secretAccessKey: given };
    const together = world({ it: { ...aws, beside: ['key'] }, key: { type: 'api-key', settings: { in: 'query', name: 'k' } } }, { ...credentials, key: { key: 'v' } });
    const plain = world({ it: aws }, credentials, { endpoint: { query: { k: 'v' } } });
    for (const { host } of [together, plain]) assert.equal((await call(host)).error, undefined);
    const [one, other] = [together, plain].map(({ seen }) => [seen[0]!.request.url, seen[0]!.request.headers['authorization']]);
    assert.deepEqual(one, other);
  });

  test('two tokens are renewed together', async () => {
    let refused = 0;
    const { host, seen } = world(
      { it: { ...oauth, beside: ['session'] }, session: { type: 'session', settings: { loginUrl: 'https://shop.test/login', name: 'x-session' } } }, { ...client, session: { user: 'ada', password: given } },
      { answer: ({ url, headers }) => (url.endsWith('/token') ? json({ access_token: `t${seen.length}` }) : url.endsWith('/login') ? json({ token: `s${seen.length}` }) : headers['x-session'] === 's1' && refused++ === 0 ? text('', { status: 401 }) : json([headers['x-session'], headers['authorization']])) },
    );
    assert.deepEqual((await call(host)).bodies, [['s4', 'Bearer t5']]);
    assert.equal(seen.length, 6);
  });
});

describe('a method that signs for the token', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const installation: Auth = {
    installation: { type: 'session', settings: { loginUrl: 'https://shop.test/api/installations/7/token', body: null, tokenName: 'token', endsAt: 'expires_at', prefix: 'Bearer ' }, tokenAuth: 'app' },
    app: { type: 'jwt', settings: { lifeSeconds: 540, skewSeconds: 60, header: 'X-App', prefix: '' } },
  };

  test('an app asks for the token of its installation with a JWT, again before it ends', async () => {
    const { host, seen } = world(installation, { app: { key: { $secret: 'app' }, issuer: '4711' } }, { secrets: { app: privateKey } });
    const ends = Date.parse('2024-01-31T13:00:00Z');
    const wait = (until: number): Promise<void> => host.clock.sleep(until - host.clock.now(), new AbortController().signal);
    await wait(ends - 3_600_000);
    const called = [await call(host)];
    await wait(ends - 61_000);
    called.push(await call(host));
    await wait(ends - 59_000);
    called.push(await call(host));
    assert.deepEqual(called.map(({ error }) => error), [undefined, undefined, undefined]);
    const headers = seen.map(({ request }) => [request.method, new URL(request.url).pathname, request.headers['authorization'] ?? request.headers['x-app'] ?? ''] as const);
    assert.deepEqual(headers.map(([, path]) => path), ['/api/installations/7/token', '/api/it', '/api/it', '/api/installations/7/token', '/api/it']);
    assert.deepEqual([headers[1]![2], seen[0]!.request.body], [`Bearer ${token}`, undefined]);
    const claims = JSON.parse(Buffer.from(headers[0]![2].split('.')[1]!, 'base64url').toString()) as { readonly iss: string; readonly iat: number; readonly exp: number };
    assert.deepEqual([claims.iss, claims.exp - claims.iat, claims.iat], ['4711', 600, (ends - 3_660_000) / 1000]);
    for (const told of called) {
      assertNothingTold(host, told);
      assert.ok(!JSON.stringify(told.events).includes('eyJ'), 'the JWT of the app');
    }
  });

  test('a challenge of the token server is answered', async () => {
    const { host, seen } = world(
      { it: { type: 'session', settings: { loginUrl: 'https://shop.test/login' }, tokenAuth: 'digest' }, digest: { type: 'digest' } }, { digest: { user: 'ada', password: given } },
      { answer: ({ url, headers }) => (!url.endsWith('/login') ? json([1]) : headers['authorization'] ? json({ token }) : text('', { status: 401, headers: { 'www-authenticate': 'Digest realm="r", nonce="n", algorithm=SHA-256' } })) },
    );
    assert.equal((await call(host)).error, undefined);
    assert.deepEqual(seen.map(({ request }) => request.headers['authorization']?.replace(/^Digest .*/, 'Digest')), [undefined, 'Digest', token]);
  });
});

describe('the method of an endpoint', () => {
  const auth: Auth = { token: { type: 'bearer' }, key };
  const credentials = { token: given, key: { key: 'of-the-key' } };
  const asked = async (endpoint: Partial<EndpointManifest>, instance: ConnectorHostOptions['instance'] = {}) => {
    const { host, seen } = world(auth, credentials, { endpoint, instance: { credentials, ...instance } });
    const { error } = await call(host);
    return { error, headers: seen.map(({ request: { headers } }) => [headers['authorization'], headers['x-api-key']]) };
  };

  test('is that of the instance where it has none of its own', async () => assert.deepEqual((await asked({})).headers, [[`Bearer ${secret}`, undefined]]));
  test('takes the place of that of the instance', async () => assert.deepEqual((await asked({ auth: 'key' })).headers, [[undefined, 'of-the-key']]));
  test('none', async () => assert.deepEqual((await asked({ auth: 'none' })).headers, [[undefined, undefined]]));
  test('is that of the instance, by its name', async () => assert.deepEqual((await asked({ auth: 'key' }, { auth: 'key', credentials: { key: 'own' } })).headers, [[undefined, 'own']]));

  for (const [what, endpoint, instance, file, pointer] of [
    ['that there is not', { auth: 'tokn' }, {}, 'connectors/shop.connector.json', '/endpoints/it/auth'],
    ['whose credentials are missing', { auth: 'key' }, { credentials: { token: given } }, 'instances/shop.instance.json', '/credentials/key'],
    ['whose credentials do not fit', { auth: 'key' }, { credentials: { token: given, key: { kee: 'x' } } }, 'instances/shop.instance.json', '/credentials/key'],
  ] as const) {
    test(what, async () => {
      const { error } = await asked(endpoint, instance);
      assert.deepEqual([error?.code, error?.place?.file, error?.place?.pointer?.startsWith(pointer)], ['CONFIG_INVALID', file, true], `${error?.message} ${error?.place?.pointer}`);
    });
  }
});

for (const [what, auth, pattern] of [
  ['needs itself', { it: { ...oauth, beside: ['it'] } }, /"it" .* needs itself/],
  ['needs itself in the end', { it: { ...oauth, tokenAuth: 'b' }, b: { ...oauth, beside: ['c'] }, c: { ...oauth, beside: ['it'] } }, /"it" .* needs itself/],
  ['needs one that there is not', { it: { ...oauth, beside: ['nobody'] } }, /no auth method "nobody", which its method "it" needs/],
] as const) {
  test(`a method that ${what}`, async () => {
    const { error } = await call(world(auth, { ...client, b: client, c: client }).host);
    assert.equal(error?.code, 'CONFIG_INVALID');
    assert.match(error.message, pattern);
    assert.equal(error.place?.file, 'connectors/shop.connector.json');
  });
}

describe('a pool', () => {
  const pool = { tokens: [given, 'second-token', 'third-token'] };
  const tokenOf = ({ headers }: HttpRequest): string => headers['authorization']!.slice(7);

  test('goes by what is left, and to another one where there is none', async () => {
    const left: Record<string, number> = { [secret]: 1, 'second-token': 3, 'third-token': 0 };
    const { host, seen } = world({ it: { type: 'token-pool' } }, pool, {
      endpoint: { method: 'POST' },
      answer(request) {
        const name = tokenOf(request);
        const isLimited = left[name]! <= 0;
        if (!isLimited) left[name]!--;
        return json(isLimited ? {} : [name], { status: isLimited ? 403 : 200, headers: { 'x-ratelimit-remaining': String(left[name]), 'x-ratelimit-reset': '3600' } });
      },
    });
    const called = [await call(host), await call(host), await call(host), await call(host)];
    assert.deepEqual(called.map(({ bodies, error }) => error?.code ?? bodies[0]), [[secret], ['second-token'], ['second-token'], ['second-token']]);
    assert.deepEqual(seen.map(({ request }) => tokenOf(request)), [secret, 'second-token', 'third-token', 'second-token', 'second-token']);
    assert.deepEqual([(await call(host)).error?.code, seen.length], ['AUTH_REJECTED', 6], 'where none has any left, the answer counts');
  });

  test('none of whose tokens is left waits as the server asks', async () => {
    const { host, seen } = world({ it: { type: 'token-pool' } }, pool, { answer: (_request, count) => (count <= 3 ? text('', { status: 429, headers: { 'retry-after': '20' } }) : json([1])) });
    const { error } = await call(host);
    assert.deepEqual([error, seen.length, new Set(seen.slice(0, 3).map(({ request }) => tokenOf(request))).size, host.sleeps.reduce((sum, ms) => sum + ms, 0)], [undefined, 4, 3, 20_000]);
  });
});
