import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import signature from '../plugins/auth/signature.ts';
import { FlowError, type HttpRequest } from '../plugins/sdk/index.ts';
import { openRunner } from '../server/runner/runner.ts';

const defaults = { text: '{timestamp}{method}{path}{body}', algorithm: 'sha256', encoding: 'hex', keyEncoding: 'text', headers: {}, query: {} } as const;
const sign = (request: HttpRequest, settings: object, credentials: { readonly id?: string; readonly key: string }, now = 0, scripted?: unknown) => signature.sign(request, credentials, { ...defaults, ...settings } as never, undefined, { now, turn: 0, nonce: () => 'n', scripted }) as HttpRequest;
const get = (url: string): HttpRequest => ({ method: 'GET', url, headers: {} });

describe('published signatures', () => {
  // Of the description of Binance's API: endpoint security, SIGNED endpoints.
  const binance = { key: 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j' };
  const order = 'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000';
  const settings = { text: '{query}{body}', query: { timestamp: '{timestampMs}', signature: '{signature}' } };
  test('Binance, in the query', () => {
    const { url } = sign(get(`https://api.binance.test/api/v3/order?${order}`), settings, binance, 1_499_827_319_559);
    assert.equal(url, `https://api.binance.test/api/v3/order?${order}&timestamp=1499827319559&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71`);
  });
});

describe('what may be signed', () => {
  test('bytes as they are', () => {
    const body = new Uint8Array([0, 255, 128]);
    const { headers } = sign({ ...get('https://a.test/x'), method: 'PUT', body }, { text: '{method}:{body}:{path}', headers: { 'X-S': '{signature}' } }, { key: 'k' });
    assert.equal(headers['x-s'], createHmac('sha256', 'k').update('PUT:').update(body).update(':/x').digest('hex'));
  });
  test('with a key that is written in hexadecimal or Base64', () => {
    for (const encoding of ['hex', 'base64'] as const) {
      const { headers } = sign(get('https://a.test/'), { text: 'x', keyEncoding: encoding, headers: { s: '{signature}' } }, { key: Buffer.from('a key').toString(encoding) });
      assert.equal(headers['s'], createHmac('sha256', 'a key').update('x').digest('hex'));
    }
  });
  for (const [keyEncoding, key] of [['hex', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'], ['hex', 'abc'], ['base64', 'a'], ['base64', 'no base64'], ['text', '']] as const) test(`with the whole key or not at all: ${JSON.stringify(key)} as ${keyEncoding}`, () => {
    assert.throws(() => sign(get('https://a.test/'), { text: 'x', keyEncoding, headers: { s: '{signature}' } }, { key }), (error: unknown) => FlowError.is(error, 'CONFIG_INVALID') && error.remedy.includes('`keyEncoding`'));
  });
  test('nothing that there is not', () => assert.throws(() => sign(get('https://a.test/'), { text: '{methd}' }, { key: 'k' }), (error: unknown) => FlowError.is(error, 'CONFIG_INVALID') && /\{methd\}.*\{method\}/.test(error.message) && !error.message.includes('undefined')));
  for (const given of [undefined, null, 'text', {}, { a: 1 }]) test(`no script that gives ${JSON.stringify(given)}`, () => assert.throws(() => sign(get('https://a.test/'), { script: 'scripts/sign.ts' }, { key: 'k' }, 0, given), { code: 'DATA_INVALID', message: /scripts\/sign\.ts must give an object of texts/ }));
});

describe('a script in its walls', () => {
  const key = 'the secret key of the shop';
  let root: string;
  let echoes = false;
  let seen: { readonly request: IncomingMessage; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString())).on('end', () => {
      seen.push({ request, body });
      const [, id, nonce, given] = /^Shop (\w+):(\w+):(.+)$/.exec(request.headers.authorization ?? '') ?? [];
      const wanted = createHmac('sha512', key).update(['POST', '/orders', 'a=1&b=2', nonce, body.length].join('\n')).digest('base64');
      const echo = echoes ? { id: 1, sent: request.headers, parts: `${request.url} ${given?.slice(0, 100)}`, day: request.headers['x-day'] } : { id: 1 };
      response.writeHead(id === 'me' && given === wanted ? 200 : 403, { 'content-type': 'application/json', ...(echoes && { 'x-echo': given }) }).end(JSON.stringify([echo]));
    });
  });
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'patchbay-signature-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const files: Readonly<Record<string, unknown>> = {
      'patchbay.json': { version: 1 },
      'connectors/shop.connector.json': {
        version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        auth: { own: { type: 'signature', settings: { script: 'scripts/sign.ts', text: '{canonical}', algorithm: 'sha512', encoding: 'base64', headers: { authorization: 'Shop {id}:{nonce}:{signature}', 'x-signed': 'v1={signature}', 'x-day': '{date}' } } } },
        endpoints: { create: { title: 'Create', direction: 'receive', method: 'POST', path: '/orders', query: { b: '2', a: '1' }, body: { format: 'json', template: { a: 1 } } } },
      },
      'instances/shop.instance.json': { version: 1, connector: 'shop', credentials: { id: 'me', key: { $secret: 'shop' } } },
      'flows/orders.flow.json': { version: 1, start: 'create', steps: { create: { shape: 'connector', settings: { instance: 'shop', endpoint: 'create' } } } },
      'scripts/sign.ts': `
        export default ({ request, credentials, nonce, settings }: any) => {
          if (Object.keys(credentials).join() !== 'id' || JSON.stringify([credentials, settings]).includes('secret')) throw new Error('It sees the key.');
          const [address, query = ''] = request.url.split('?');
          const sorted = query.split('&').sort().join('&');
          return { canonical: [request.method, address.replace(/^https?:\\/\\/[^/]*/, ''), sorted, nonce, request.body.length].join('\\n') };
        };`,
    };
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
    }
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(root, { recursive: true, force: true });
  });

  test('it makes the text, each request has a nonce of its own, and neither key nor signature is recorded', async () => {
    seen = [];
    await using runner = await openRunner({ root, editorSecrets: new Map([['shop', key]]) });
    assert.deepEqual((await runner.diagnostics()).filter(({ severity }) => severity !== 'info'), []);
    for (let run = 0; run < 2; run++) {
      const { status, error } = await (await runner.start({ flow: 'orders', trigger: 'manual' })).done;
      assert.deepEqual([status, error?.message], ['success', undefined]);
    }
    assert.equal(new Set(seen.map(({ request }) => request.headers.authorization)).size, 2);
    const runs = runner.archive.runs({ perPage: 10 }).items;
    const told = JSON.stringify(runs.flatMap(({ id }) => [runner.archive.exchanges(id, undefined, 1, 10), runner.archive.logs(id, {})]));
    for (const { request } of seen) assert.ok(!told.includes(request.headers.authorization!.split(':')[2]!) && !told.includes(key), told);
    assert.match(told, /"authorization":"\[redacted\]"/);
  });

  test('a server that repeats the signature: neither a trial nor the recording of an exchange says it; a time that is signed stays', async () => {
    seen = [];
    echoes = true;
    try {
      await using runner = await openRunner({ root, editorSecrets: new Map([['shop', key]]) });
      const trial = await runner.trials.try({ instance: 'shop', endpoint: 'create', isWriteConfirmed: true });
      const { head, done } = await runner.start({ flow: 'orders', trigger: 'manual' });
      assert.equal((await done).status, 'success');
      const exchanges = runner.archive.exchanges(head.id, undefined, 1, 10).items;
      const told = [trial, exchanges, await Promise.all(exchanges.map(({ responseBody }) => text(runner.archive.body(head.id, responseBody!)!.open())))].map((value) => JSON.stringify(value));
      const signatures = seen.map(({ request }) => request.headers.authorization!.split(':')[2]!);
      assert.equal(signatures.length, 2);
      for (const said of told) for (const signature of signatures) assert.ok(!said.includes(signature), said);
      assert.match(told[0]!, /"x-signed":"v1=\[redacted\]".*"parts":"[^"]*\[redacted\]","day":"20\d\d-/);
    } finally {
      echoes = false;
    }
  });
});
