import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import mtls from '../plugins/auth/mtls.ts';
import { FlowError, type Plugin, type TlsIdentity } from '../plugins/sdk/index.ts';
import type { Transport } from '../server/engine/host.ts';
import { openTransport } from '../server/runner/transport.ts';
import { authority, clientCertificate, serverCertificate } from './support/certificates.ts';
import { call, connectorHost } from './support/connector-host.ts';

const { certificate, key, encryptedKey } = clientCertificate;
const other = String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }));

test('line breaks that were lost come back', () => {
  const given = { certificate: certificate.replaceAll('\n', '\\n'), key: key.replaceAll('\n', '\\n'), authorities: authority.replaceAll('\n', '\\n') };
  assert.deepEqual(mtls.tls!(given, {}), { certificate, key, authorities: authority });
});

test('a key with a passphrase', () => assert.deepEqual(mtls.tls!({ certificate, key: encryptedKey, passphrase: 'secret' }, {}), { certificate, key: encryptedKey, passphrase: 'secret' }));

for (const [what, credentials, pattern] of [
  ['no certificate', { certificate: 'nothing', key }, /certificate of the instance cannot be read/],
  ['no key', { certificate, key: 'nothing' }, /private key of the instance cannot be read/],
  ['no passphrase', { certificate, key: encryptedKey }, /with its passphrase/],
  ['a wrong passphrase', { certificate, key: encryptedKey, passphrase: 'wrong' }, /with its passphrase/],
  ['the key of another', { certificate, key: other }, /is not that of its certificate/],
] as const) {
  test(what, () => assert.throws(() => mtls.tls!(credentials, {}), (error: unknown) => FlowError.is(error, 'CONFIG_INVALID') && pattern.test(error.message) && error.cause === undefined));
}

/** A server that says who the client is, by its certificate. */
async function withServer(use: (origin: string) => Promise<void>, requires = true): Promise<void> {
  const server = createServer({ ...serverCertificate, ca: authority, requestCert: true, rejectUnauthorized: requires }, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    const name = subject?.CN ?? 'nobody';
    const { authorization } = request.headers;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(request.url === '/token' ? { access_token: `of ${name}` } : [name, ...(authorization === undefined ? [] : [authorization])]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('a client with a certificate is known, and a connection of his serves nobody else', () => withServer(async (origin) => {
  await using transport = openTransport();
  const ask = async (tls?: TlsIdentity): Promise<unknown> => (JSON.parse(Buffer.from((await transport.send({ method: 'GET', url: `${origin}/`, headers: {} }, { signal: new AbortController().signal, maxBytes: 1_000, ...(tls && { tls }) })).body).toString()) as unknown[])[0];
  const client = { certificate, key, authorities: authority };
  assert.equal(await ask(client), 'client');
  assert.equal(await ask({ ...client, key: encryptedKey, passphrase: 'secret' }), 'client');
  await assert.rejects(ask({ ...client, authorities: certificate }), { code: 'REMOTE_UNREACHABLE' });
  await assert.rejects(ask(), { code: 'REMOTE_UNREACHABLE' }, 'the authority is not known without it');
  assert.equal(await ask(client), 'client');
}));

/** A server that counts the connections that are open to it. */
async function withCounter(use: (origin: string, mostOpen: () => number) => Promise<void>): Promise<void> {
  let open = 0, most = 0;
  const server = createServer({ ...serverCertificate, ca: authority, requestCert: true, rejectUnauthorized: true }, (_request, response) => void response.end('ok'));
  server.on('secureConnection', (socket) => {
    most = Math.max(most, ++open);
    socket.once('close', () => open--);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    await use(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, () => most);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('connections to one host of clients with several certificates', () => {
  const clients: readonly TlsIdentity[] = [
    { certificate, key, authorities: authority }, { certificate, key: encryptedKey, passphrase: 'secret', authorities: authority }, { certificate: `${certificate}\n`, key, authorities: authority },
  ];
  const asking = (transport: Transport, origin: string, tls: TlsIdentity) => async (): Promise<void> => {
    await transport.send({ method: 'GET', url: `${origin}/`, headers: {} }, { signal: new AbortController().signal, maxBytes: 100, connections: 4, tls });
  };

  test('are no more than may be open, whoever they belong to: one client after the other', () => withCounter(async (origin, mostOpen) => {
    await using transport = openTransport();
    for (const tls of [...clients, ...clients]) await Promise.all(Array.from({ length: 12 }, asking(transport, origin, tls)));
    assert.equal(mostOpen(), 4);
  }));

  test('and all at the same time', () => withCounter(async (origin, mostOpen) => {
    await using transport = openTransport();
    await Promise.all(clients.flatMap((tls) => Array.from({ length: 6 }, async () => { for (let time = 0; time < 6; time++) await asking(transport, origin, tls)(); })));
    assert.equal(mostOpen(), 4);
  }));
});

test('a certificate beside a token: the token server and the API each know the client by it', () => withServer(async (origin) => {
  await using transport = openTransport();
  const host = connectorHost({
    plugins: [mtls as unknown as Plugin], transport, secrets: { key },
    connector: {
      baseUrl: origin,
      auth: { it: { type: 'oauth2-client-credentials', settings: { tokenUrl: `${origin}/token`, clientAuth: 'none' }, beside: ['certificate'], tokenAuth: 'certificate' }, certificate: { type: 'mtls' } },
    },
    instance: { credentials: { clientId: 'c', certificate: { certificate, key: { $secret: 'key' }, authorities: authority } } },
  });
  const called = await call(host);
  assert.deepEqual([called.error, called.bodies], [undefined, [['client', 'Bearer of client']]]);
}));

test('an instance shows its certificate to its own origin only', () => withServer((origin) => withServer(async (foreign) => {
  await using transport = openTransport();
  const seen: (TlsIdentity | undefined)[] = [];
  const host = connectorHost({
    plugins: [mtls as unknown as Plugin], connector: { baseUrl: origin, allowedOrigins: [foreign], auth: { it: { type: 'mtls' } } }, instance: { credentials: { certificate, key: { $secret: 'key' }, authorities: authority } }, secrets: { key },
    transport: {
      async send(request, options) {
        seen.push(options.tls);
        if (request.url.endsWith('/moved')) return { status: 302, headers: { location: `${foreign}/x` }, body: new Uint8Array() };
        // Whoever shows no certificate trusts the authority of the test all the same.
        return transport.send(request, { ...options, tls: options.tls ?? ({ authorities: authority } as TlsIdentity) });
      },
    },
    endpoint: { path: '/{{ params.path }}', params: { path: { type: 'string', required: true } } } as never,
  });
  const own = await call(host, { params: { path: 'it' } });
  assert.deepEqual([own.error, own.bodies], [undefined, [['client']]]);
  const moved = await call(host, { params: { path: 'moved' } });
  assert.deepEqual([moved.error, moved.bodies], [undefined, [['nobody']]]);
  assert.deepEqual(seen.map((tls) => tls?.certificate === certificate), [true, true, false]);
  assert.ok(!JSON.stringify([own.events, moved.events]).includes('PRIVATE KEY'));
}, false)));
