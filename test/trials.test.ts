import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runFake, type FakeTerminalOptions, type Outcome } from './support/fake-terminal.ts';
import { serve } from '../server/api/serve.ts';
import type { Trial } from '../server/model/trial.ts';
import type { Runner } from '../server/runner/contract.ts';
import { openRunner } from '../server/runner/runner.ts';

// Endpoints tried out and mocks served by the real command line and API, over real HTTP.

const folder = mkdtempSync(join(tmpdir(), 'patchbay-trials-'));
const root = join(folder, 'shop');
const key = 'sEcret/9+key';

const manifest = `{
  // Comments and odd spaces stay.
  "version": 1,
  "title": "Acme",
  "baseUrl": "https://api.acme.test/v2",
  "variables": { "shop": { "type": "string", "title": "Shop", "default": "eu" } },
  "auth": { "key": { "type": "api-key", "settings": { "in": "query", "name": "api_key" } } },
  "endpoints": {
    "orders.list": {
      "title": "Orders", "entity": "orders", "direction": "receive", "method": "GET",   "path": "/{{ instance.shop }}/orders",
      "query": { "since": "{{ params.since }}" },
      "params": { "since": { "type": "string", "title": "Since" } },
      "pagination": { "type": "page-number", "settings": { "sizeParam": "per_page", "size": 25, "totalPath": "$.total" } },
      "records": "$.orders",
      "examples": [{ "title": "Two", "response": { "status": 200, "body": { "orders": [{ "id": 7, "email": "ada@example.com", "total": 1.5 }, { "id": 8, "email": "bob@example.com", "total": 2.25 }], "total": 2 } } }]
    },
    "orders.get": { "title": "Order", "entity": "orders", "direction": "receive", "method": "GET", "path": "/{{ instance.shop }}/orders/{{ params.id }}", "params": { "id": { "type": "integer", "required": true } }, "records": "$.order", "examples": [{ "title": "One", "request": { "params": { "id": 7 } }, "response": { "status": 200, "body": { "order": { "id": 7, "email": "ada@example.com", "total": 1.5 } } } }] },
    "orders.create": { "title": "New order", "entity": "orders", "direction": "send", "method": "POST", "path": "/{{ instance.shop }}/orders", "idempotencyHeader": "idempotency-key", "body": { "format": "json", "template": { "order": "{{ payload }}" } }, "examples": [{ "title": "Made", "response": { "status": 201, "body": { "order": { "id": 7, "state": "new" } } } }] },
    "orders.change": { "title": "Change", "entity": "orders", "direction": "send", "method": "PATCH", "path": "/{{ instance.shop }}/orders/{{ payload.id }}", "examples": [] },
    "orders.delete": { "title": "Remove", "entity": "orders", "direction": "send", "method": "DELETE", "path": "/{{ instance.shop }}/orders/{{ payload.id }}", "examples": [] }
  }
}
`;

const write = (name: string, content: unknown): void => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
};

/** The command line with a real runner. */
const patchbay = (args: readonly string[], options: Partial<FakeTerminalOptions> = {}): Promise<Outcome> =>
  runFake(args, { folder: root, open: openRunner, ...options });

const tried = async (args: readonly string[], options?: Partial<FakeTerminalOptions>): Promise<Trial & { readonly code: number; readonly said: string }> => {
  const { code, out, said } = await patchbay([...args, '--json'], options);
  assert.notEqual(out, '', said);
  return { ...(JSON.parse(out) as Trial), code, said };
};

/** A mock that is served until it is released. */
async function mock(args: readonly string[], workspace = root): Promise<{ readonly url: string; release(): Promise<Outcome> }> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let stop: () => void = () => undefined;
  const ended = runFake(['mock', ...args, '--json'], { folder: workspace, open: openRunner, onOut: resolve, signals: (send) => { stop = () => send('SIGINT'); } });
  const first = await Promise.race([promise, ended.then(({ said }) => Promise.reject(new Error(said)))]);
  return { url: (JSON.parse(first) as { url: string }).url, release: async () => (stop(), ended) };
}

/** A system that is no mock: it keeps what it is asked, and answers as it is told. */
async function peer(answer: (request: IncomingMessage) => { readonly status: number; readonly body: unknown }): Promise<AsyncDisposable & { readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body } = answer(request);
    request.resume().once('end', () => body instanceof Uint8Array ? response.writeHead(status, { 'content-type': 'text/csv' }).end(body) : response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, async [Symbol.asyncDispose]() { server.close(); server.closeAllConnections(); await once(server, 'close'); } };
}

const at = (url: string, more: object = {}): void => write('environments/there.env.json', { version: 1, instances: { acme: { baseUrl: url } }, ...more });

before(async () => {
  write('patchbay.json', { version: 1, redact: ['email'] });
  write('connectors/acme.connector.json', manifest);
  write('instances/acme.instance.json', { version: 1, connector: 'acme', credentials: { key: { $secret: 'acme/key' } } });
  await using runner = await openRunner({ root });
  await runner.secrets.set('acme/key', key);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('a mock gets no secret: neither one of a list nor one among the settings', async () => {
  const get = { title: 'Get', direction: 'receive', method: 'GET', path: '/{{ instance.tenant }}/it', examples: [{ title: 'One', response: { status: 200, body: [{ id: 1 }] } }] };
  write('connectors/depot.connector.json', { version: 1, title: 'Depot', baseUrl: '{{ instance.url }}/api', variables: { url: { type: 'string' }, tenant: { type: 'string', writeOnly: true } }, auth: { pool: { type: 'token-pool' } }, endpoints: { get } });
  write('instances/depot.instance.json', { version: 1, connector: 'depot', settings: { url: 'https://depot.test', tenant: { $secret: 'depot/tenant' } }, credentials: { tokens: [{ $secret: 'depot/one' }, { $secret: 'depot/two' }] } });
  const served = await mock(['depot', '--write-environment', 'pooled']);
  try {
    const { instances } = JSON.parse(readFileSync(join(root, 'environments', 'pooled.env.json'), 'utf8')) as { readonly instances: object };
    assert.deepEqual(instances, { depot: { settings: { url: new URL(served.url).origin, tenant: { $secret: 'mock' } }, credentials: { tokens: [{ $secret: 'mock' }, { $secret: 'mock' }] } } });
    const { code, said, records } = await tried(['try', 'depot', 'get', '--env', 'pooled']);
    assert.deepEqual([code, records > 0], [0, true], said);
  } finally {
    await served.release();
    for (const file of ['connectors/depot.connector.json', 'instances/depot.instance.json', 'environments/pooled.env.json']) rmSync(join(root, file));
  }
});

describe('a mock, by the command line', () => {
  let served: Awaited<ReturnType<typeof mock>>;
  before(async () => {
    served = await mock(['acme', '--write-environment', '--records', '60']);
  });
  after(() => served.release());
  const control = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> => (await (await fetch(`${new URL(served.url).origin}/_mock${path}`, init)).json()) as Record<string, unknown>;

  test('its environment leads the instance to it, with secrets that open nothing', async () => {
    assert.deepEqual(JSON.parse(readFileSync(join(root, 'environments', 'mock.env.json'), 'utf8')), { version: 1, title: 'Mocks', instances: { acme: { baseUrl: served.url, credentials: { key: { $secret: 'mock' } } } } });
    assert.match(served.url, /^http:\/\/127\.0\.0\.1:\d+\/v2$/);
    const { out } = await patchbay(['lint', '--json']);
    assert.deepEqual((JSON.parse(out) as { severity: string }[]).filter(({ severity }) => severity === 'error'), []);
  });

  test('every page, the value that was read for the next one, and why it stopped', async () => {
    const { pages, stop, records, code, schema } = await tried(['try', 'acme', 'orders.list', '--env', 'mock', '--pages', '9', '--params', '{"since":"2024"}']);
    assert.deepEqual([code, records, pages.map((page) => page.records), stop], [0, 60, [25, 25, 10], { reason: 'total-records', byGuess: false }]);
    assert.match(pages[1]!.request.url, /\/v2\/eu\/orders\?since=2024&page=2&per_page=25&api_key=/);
    assert.deepEqual(pages.map(({ next }) => next?.query?.['page']), ['2', '3', undefined]);
    assert.deepEqual(Object.keys((schema as { properties: object }).properties), ['id', 'email', 'total']);
    assert.ok(pages.every(({ ms, response }) => ms >= 0 && response!.status === 200 && response!.size > 0));
  });

  test('the connection is tested by the first endpoint that needs no params, or by the one that the connector names', async () => {
    assert.equal((await tried(['try', 'acme', '--env', 'mock'])).endpoint, 'orders.list');
    write('connectors/acme.connector.json', manifest.replace('"title": "Acme",', '"title": "Acme", "check": "nothing",'));
    const { code, said } = await patchbay(['try', 'acme', '--env', 'mock']);
    assert.equal(code, 3, said);
    write('connectors/acme.connector.json', manifest);
  });

  test('what is written comes back in lists, is changed and removed; no question is asked', async () => {
    const send = (endpoint: string, body: unknown): Promise<Trial & { code: number }> => {
      write('body.json', body);
      return tried(['try', 'acme', endpoint, '--env', 'mock', '--input', 'body.json']);
    };
    const made = await send('orders.create', { total: 9, note: 'new' });
    const { order } = made.pages[0]!.response!.body as { order: { id: number; state: string } };
    assert.deepEqual([made.code, order.state, made.records], [0, 'new', 1]);
    const get = async (id: number): Promise<unknown> => ((await tried(['try', 'acme', 'orders.get', '--env', 'mock', '--params', JSON.stringify({ id })])).pages[0]!.response!.body as { order: unknown }).order;
    assert.deepEqual(await get(order.id), { id: order.id, total: 9, note: 'new' });
    await send('orders.change', { id: order.id, note: 'changed' });
    assert.deepEqual(await get(order.id), { id: order.id, total: 9, note: 'changed' });
    assert.equal((await tried(['try', 'acme', 'orders.list', '--env', 'mock', '--pages', '9'])).records, 61);
    await send('orders.delete', { id: order.id });
    const gone = await tried(['try', 'acme', 'orders.get', '--env', 'mock', '--params', JSON.stringify({ id: order.id })]);
    assert.deepEqual([gone.code, gone.error?.code, gone.pages[0]!.response!.status], [1, 'REMOTE_REJECTED', 404]);
    await control('/reset', { method: 'POST' });
    assert.deepEqual((await control(''))['records'], { orders: 60 });
  });

  test('faults by file, by address and by header; attempts and waits are seen', async () => {
    await control('/faults', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[{"kind":"rate-limit","endpoint":"orders.list","page":2,"retryAfter":0}]' });
    const { pages, records } = await tried(['try', 'acme', 'orders.list', '--env', 'mock', '--pages', '9']);
    assert.deepEqual([records, pages[1]!.before.map(({ response }) => response?.status)], [60, [429]]);
    assert.ok(pages[1]!.waitMs > 0);
    const direct = (fault: string): Promise<Response> => fetch(`${served.url}/eu/orders?api_key=x&page=1&per_page=5`, { headers: { 'x-mock-fault': fault } });
    assert.equal((await direct('error; status=503')).status, 503);
    assert.equal((await direct('nonsense')).status, 400);
    assert.equal((await fetch(`${served.url}/eu/orders`)).status, 401);
    const { requests } = await control('/requests') as { requests: { endpoint: string; status: number }[] };
    assert.deepEqual(requests.slice(-2).map(({ endpoint, status }) => [endpoint, status]), [['orders.list', 503], ['orders.list', 401]]);
  });

  test('other names of this machine’s address are refused', async () => {
    const { request } = await import('node:http');
    const { port } = new URL(served.url);
    const asked = request({ host: '127.0.0.1', port, path: '/v2/eu/orders?api_key=x', headers: { host: 'evil.test' } }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 403);
    response.resume();
  });
});

test('a mock answers as the other system did in a run', async () => {
  await using real = await peer(() => ({ status: 200, body: { orders: [{ id: 1, total: 5 }], total: 1, from: 'the real one' } }));
  at(real.url);
  write('flows/read.flow.json', { version: 1, start: 'read', steps: { read: { shape: 'connector', settings: { instance: 'acme', endpoint: 'orders.list' } } } });
  const ran = JSON.parse((await patchbay(['run', 'read', '--env', 'there', '--json'])).out) as { run: string; status: string };
  assert.equal(ran.status, 'success');
  const served = await mock(['acme', '--run', ran.run, '--write-environment', 'replayed']);
  try {
    const { pages } = await tried(['try', 'acme', 'orders.list', '--env', 'replayed']);
    assert.deepEqual(pages[0]!.response!.body, { orders: [{ id: 1, total: 5 }], total: 1, from: 'the real one' });
    assert.equal(real.asked.length, 1);
  } finally {
    await served.release();
  }
});

describe('writes outside a mock', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], options: Partial<FakeTerminalOptions>, code: number, requests: number])[] = [
    ['a script must say so', [], {}, 8, 0],
    ['with a word they are made', ['--yes'], {}, 0, 1],
    ['a person is asked, and says no', [], { isTTY: true, input: 'n\n' }, 8, 0],
    ['a person is asked, and says yes', [], { isTTY: true, input: 'y\n' }, 0, 1],
  ];
  for (const [what, args, options, expected, requests] of cases) {
    test(what, async () => {
      await using real = await peer(() => ({ status: 201, body: { order: { id: 1 } } }));
      at(real.url);
      write('body.json', { total: 1 });
      const { code, said } = await patchbay(['try', 'acme', 'orders.create', '--env', 'there', '--input', 'body.json', ...args], options);
      assert.deepEqual([code, real.asked.filter((asked) => asked.startsWith('POST')).length], [expected, requests], said);
    });
  }
  test('a production environment must be confirmed for reading, too', async () => {
    await using real = await peer(() => ({ status: 200, body: { orders: [], total: 0 } }));
    at(real.url, { production: true });
    assert.equal((await patchbay(['try', 'acme', 'orders.list', '--env', 'there'])).code, 8);
    assert.deepEqual(real.asked, []);
    assert.equal((await patchbay(['try', 'acme', 'orders.list', '--env', 'there', '--yes-production'])).code, 0);
  });
});

test('secrets and redacted fields are in nothing that is told or kept; a refusal is seen with its answer', async () => {
  await using real = await peer(({ url }) => (url!.includes('page=1') ? { status: 200, body: { orders: [{ id: 1, email: 'eve@canary.test', echo: key, access_token: 'tok-123', note: 'Written to eve@canary.test with tok-123' }], total: 100 } } : { status: 401, body: { error: `bad key ${key} of eve@canary.test` } }));
  at(real.url);
  const { code, out, said } = await patchbay(['try', 'acme', 'orders.list', '--env', 'there', '--json', '--save', 'Seen']);
  const { pages, error, saved } = JSON.parse(out) as Trial;
  assert.deepEqual([code, pages.length, pages[1]!.response!.status, error?.code, saved], [1, 2, 401, 'AUTH_REJECTED', undefined]);
  const kept = await patchbay(['try', 'acme', 'orders.list', '--env', 'there', '--pages', '1', '--save', 'Seen']);
  const told = [out, said, kept.out, kept.said, readFileSync(join(root, 'connectors', 'acme.connector.json'), 'utf8').replace(manifest.slice(0, 300), '')].join('\n');
  assert.equal(kept.code, 0);
  for (const form of [key, encodeURIComponent(key), 'tok-123', 'eve@canary.test']) assert.ok(!told.includes(form), form);
  assert.ok(out.includes('api_key') && out.includes('Written to [redacted] with'));
  write('connectors/acme.connector.json', manifest);
});

test('an example is kept without another change of the file, and replaced by one of the same title', async () => {
  await using real = await peer(() => ({ status: 200, body: { orders: [{ id: 1 }, { id: 2 }, { id: 3 }], total: 3 } }));
  at(real.url);
  const save = async (title: string): Promise<string> => {
    const { saved, code } = await tried(['try', 'acme', 'orders.list', '--env', 'there', '--save', title]);
    assert.deepEqual([code, saved?.file], [0, 'connectors/acme.connector.json']);
    return readFileSync(join(root, 'connectors', 'acme.connector.json'), 'utf8');
  };
  const once = await save('A page');
  const lines = manifest.split('\n');
  assert.deepEqual(lines.filter((line) => !once.split('\n').includes(line)).length, 1, 'only the line of the examples');
  assert.ok(once.includes('// Comments and odd spaces stay.') && once.includes('"method": "GET",   "path"'));
  assert.equal(await save('A page'), once);
  const { read } = await import('../server/model/read.ts').then(({ readFile }) => ({ read: readFile('connector', 'c', once) }));
  const examples = (read.value as unknown as { endpoints: Record<string, { examples: { title: string; response: unknown }[] }> }).endpoints['orders.list']!.examples;
  assert.deepEqual([examples.map(({ title }) => title), examples[1]!.response], [['Two', 'A page'], { status: 200, body: { orders: [{ id: 1 }, { id: 2 }], total: 3 } }]);
  write('connectors/acme.connector.json', manifest);
});

test('a trial that is stopped shows what was asked until then', async () => {
  let stop: () => void = () => undefined;
  // Asks nothing of time: it never answers.
  const server = createServer(() => stop()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    at(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { pages, error, code } = await tried(['try', 'acme', 'orders.list', '--env', 'there'], { signals: (send) => { stop = () => send('SIGINT'); } });
    assert.deepEqual([code, error?.code, pages.length, pages[0]?.response], [130, 'RUN_STOPPED', 1, undefined]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a fault of the command line is told before anything is asked', async () => {
  for (const [args, code] of [[['try', 'acme', 'orders.list', '--params', '[]'], 2], [['try', 'acme', 'orders.list', '--pages', '0'], 2], [['try', 'nobody'], 3], [['try', 'acme', 'nothing'], 3], [['mock', 'nobody'], 3], [['mock', 'acme', '--faults', 'none.json'], 2], [['mock', 'acme', '--run', 'none'], 1], [['mock', 'acme', '--write-environment', 'A b'], 2]] as const) {
    const outcome = await patchbay(args);
    assert.deepEqual([outcome.code, outcome.out], [code, ''], `${args.join(' ')}: ${outcome.said}`);
  }
});

test('detection, by try and by files', async () => {
  const served = await mock(['acme', '--write-environment', 'detected']);
  try {
    const { detected } = await tried(['try', 'acme', 'orders.list', '--env', 'detected', '--detect', '--pages', '2']);
    assert.deepEqual([detected!.records[0]!.value, detected!.pagination[0]!.value], ['$.orders', { type: 'page-number', settings: { param: 'page', sizeParam: 'per_page', size: 25, totalPath: '$.total' } }]);
    const text = (await patchbay(['try', 'acme', 'orders.list', '--env', 'detected', '--json'])).out;
    const { out } = await patchbay(['detect', '-', '--json'], { input: text });
    assert.equal((JSON.parse(out) as NonNullable<Trial['detected']>).pagination[0]!.value.type, 'page-number');
    const shown = await patchbay(['detect', '-'], { input: '{"items":[{"a":1}],"next":"https://a.test/?p=2"}' });
    assert.match(shown.out, /\$\.items[^]*json-link/);
  } finally {
    await served.release();
  }
});

describe('the API', () => {
  let runner: Runner;
  let server: Awaited<ReturnType<typeof serve>>;
  before(async () => {
    runner = await openRunner({ root });
    server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere' });
  });
  after(async () => {
    await server.close();
    await runner[Symbol.asyncDispose]();
  });
  const ask = async (path: string, body: object): Promise<{ readonly status: number; readonly body: Trial & { code: string } }> => {
    const response = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers: { authorization: 'Bearer tok', 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Trial & { code: string } };
  };

  test('tries, tests connections, and asks to be sure', async () => {
    await using real = await peer(({ method }) => (method === 'POST' ? { status: 201, body: { order: { id: 1 } } } : { status: 200, body: { orders: [{ id: 1 }], total: 1 } }));
    at(real.url);
    const check = await ask('/instances/acme/check', { environment: 'there' });
    assert.deepEqual([check.status, check.body.endpoint, check.body.records], [200, 'orders.list', 1]);
    const refused = await ask('/instances/acme/try', { endpoint: 'orders.create', environment: 'there', payload: { total: 1 } });
    assert.deepEqual([refused.status, refused.body.code, real.asked.filter((asked) => asked.startsWith('POST'))], [403, 'WRITE_UNCONFIRMED', []]);
    const made = await ask('/instances/acme/try', { endpoint: 'orders.create', environment: 'there', payload: { total: 1 }, confirm: ['write'] });
    assert.deepEqual([made.status, made.body.pages[0]!.request.body, made.body.pages[0]!.response!.status], [200, { order: { total: 1 } }, 201]);
    at(real.url, { production: true });
    assert.equal((await ask('/instances/acme/check', { environment: 'there' })).body.code, 'PRODUCTION_UNCONFIRMED');
    assert.equal((await ask('/instances/acme/check', { environment: 'there', confirm: ['production'] })).status, 200);
  });

  test('a mock is opened, asked in place of the other system, also for what is a production one or writes, and ended', async () => {
    await using real = await peer(() => ({ status: 500, body: {} }));
    at(real.url, { production: true });
    const unopened = await ask('/instances/acme/try', { endpoint: 'orders.list', mocked: true });
    assert.deepEqual([unopened.status, unopened.body.code], [404, 'API_NOT_FOUND']);
    assert.equal((await ask('/mocks', { connector: 'gone' })).body.code, 'CONFIG_UNKNOWN_CONNECTOR');
    const first = (await ask('/mocks', { connector: 'acme' })).body as unknown as { readonly url: string };
    const { url } = (await ask('/mocks', { connector: 'acme', records: 30 })).body as unknown as { readonly url: string };
    await assert.rejects(fetch(`${first.url}/`), 'the one before has ended');
    const read = await ask('/instances/acme/try', { endpoint: 'orders.list', environment: 'there', mocked: true, pages: 9 });
    assert.deepEqual([read.body.records, read.body.pages.map((page) => new URL(page.request.url).origin === new URL(url).origin), read.body.error], [30, [true, true], undefined]);
    const made = await ask('/instances/acme/try', { endpoint: 'orders.create', environment: 'there', mocked: true, payload: { total: 1 } });
    assert.deepEqual([made.status, made.body.pages[0]!.response!.status, real.asked], [200, 201, []]);
    const call = (path: string, method: string): Promise<Response> => fetch(`${server.url}/api/v1${path}`, { method, headers: { authorization: 'Bearer tok' } });
    assert.deepEqual(await (await call('/mocks', 'GET')).json(), [{ connector: 'acme', url, elsewhere: [] }]);
    assert.equal((await call('/mocks/acme', 'DELETE')).status, 200);
    assert.equal((await call('/mocks/acme', 'DELETE')).status, 404);
    await assert.rejects(fetch(`${url}/`), 'it has ended');
  });

  for (const [what, auth, instance] of [
    ['no credentials', { key: { type: 'api-key' } }, {}],
    ['no credentials of a method beside its own', { key: { type: 'api-key', beside: ['who'] }, who: { type: 'basic' } }, { credentials: { key: { $secret: 'acme/key' } } }],
    ['no tokens of a pool', { pool: { type: 'token-pool', settings: { header: 'X-Token' } } }, {}],
    ['no client', { app: { type: 'oauth2-client-credentials', settings: { tokenUrl: '{{ instance.url }}/token' } } }, {}],
    ['nobody who has logged in', { person: { type: 'oauth2-authorization-code', settings: { authorizationUrl: '{{ instance.url }}/authorize', tokenUrl: '{{ instance.url }}/token' } } }, {}],
    ['no certificate', { card: { type: 'mtls' } }, {}],
    ['no key of a signature', { own: { type: 'signature', settings: { keyEncoding: 'hex' } } }, {}],
    ['no key of a signature in the query', { own: { type: 'signature', settings: { headers: {}, query: { sign: '{signature}' } } } }, {}],
    ['no key of a JSON Web Token', { jwt: { type: 'jwt' } }, {}],
    ['no key of an assertion', { robot: { type: 'oauth2-jwt-bearer', settings: { tokenUrl: '{{ instance.url }}/token' } } }, {}],
    ['no key of OAuth 1', { one: { type: 'oauth1', settings: { method: 'RSA-SHA1' } } }, {}],
  ] as const) {
    test(`a mock needs of an instance no credentials: ${what}`, async () => {
      write('connectors/bare.connector.json', { version: 1, title: 'Bare', baseUrl: '{{ instance.url }}/api', variables: { url: { type: 'string' } }, auth, endpoints: { get: { title: 'Get', direction: 'receive', method: 'GET', path: '/it', examples: [{ title: 'One', response: { status: 200, body: [{ id: 1 }] } }] } } });
      write('instances/bare.instance.json', { version: 1, connector: 'bare', settings: { url: 'https://bare.test' }, ...instance });
      assert.equal((await ask('/mocks', { connector: 'bare' })).status, 200);
      const { status, body } = await ask('/instances/bare/try', { endpoint: 'get', mocked: true });
      assert.deepEqual([status, body.error, body.pages?.at(-1)?.response?.status], [200, undefined, 200], JSON.stringify(body));
    });
  }

  test('a system that is not there is a result, a file that is wrong is not', async () => {
    at('http://127.0.0.1:1');
    const { status, body } = await ask('/instances/acme/try', { endpoint: 'orders.list', environment: 'there', timeoutMs: 400 });
    assert.equal(status, 200);
    assert.match(body.error!.code, /^(REMOTE_UNREACHABLE|STEP_TIMEOUT)$/);
    assert.ok(body.pages.length === 1 && body.pages[0]!.response === undefined);
    for (const [path, asked, expected] of [['/instances/acme/try', { endpoint: 'nothing' }, 422], ['/instances/nobody/try', { endpoint: 'a' }, 422], ['/instances/acme/try', {}, 400], ['/instances/acme/try', { endpoint: 'a', page: 3 }, 400], ['/instances/acme/try', { endpoint: 'a', pages: 0 }, 400], ['/instances/acme/check', { endpoint: 'a' }, 400], ['/detections', { pages: 1 }, 400]] as const) {
      assert.equal((await ask(path, asked)).status, expected, `${path} ${JSON.stringify(asked)}`);
    }
  });
});

test('every endpoint of the sample connectors, with its mock', async () => {
  const sample = join(folder, 'sample');
  cpSync(join(import.meta.dirname, '..', 'samples', 'brook-and-co'), sample, { recursive: true, filter: (name) => !/\.patchbay$|mocks$/.test(name) });
  const mocks = [await mock(['brook-shop', '--write-environment', '--records', '33'], sample), await mock(['mock-erp', '--write-environment'], sample)];
  try {
    await using runner = await openRunner({ root: sample, environment: 'mock' });
    const connector = JSON.parse(readFileSync(join(sample, 'connectors', 'brook-shop.connector.json'), 'utf8')) as { endpoints: Record<string, { direction: string }> };
    const lists = Object.entries(connector.endpoints).filter(([, { direction }]) => direction === 'receive');
    assert.ok(lists.length >= 4);
    for (const [endpoint] of lists) {
      const { records, error } = await runner.trials.try({ instance: 'shop', endpoint, pages: 50 });
      assert.deepEqual([records, error], [33, undefined], endpoint);
    }
    const started = await runner.start({ flow: 'import-orders', trigger: 'manual' });
    const { status, failures } = await started.done;
    assert.deepEqual([status, failures], ['success', []]);
  } finally {
    for (const served of mocks) await served.release();
  }
});

test('what an endpoint that receives would change is changed only where somebody wants it', async () => {
  write('files/in/a.txt', 'one');
  write('connectors/drop.connector.json', { version: 1, title: 'Drop', protocol: 'file', endpoints: { take: { title: 'Take', direction: 'receive', call: 'get', with: { pattern: 'in/*.txt', after: 'delete' } } } });
  write('instances/drop.instance.json', { version: 1, connector: 'drop' });
  const refused = await patchbay(['try', 'drop', 'take']);
  assert.match(refused.said + refused.out, /WRITE_UNCONFIRMED/);
  assert.equal(readFileSync(join(root, 'files/in/a.txt'), 'utf8'), 'one');
  assert.equal((await patchbay(['try', 'drop', 'take', '--yes'])).code, 0);
  assert.throws(() => readFileSync(join(root, 'files/in/a.txt')));
});

test('what a script makes a POST is sent only where somebody wants it', async () => {
  await using real = await peer(() => ({ status: 200, body: {} }));
  write('scripts/post.ts', 'export const before = ({ request }) => ({ ...request, method: "POST", body: "{}" });\nexport default before;\n');
  write('connectors/sly.connector.json', { version: 1, title: 'Sly', baseUrl: real.url, auth: { none: { type: 'none' } }, endpoints: { push: { title: 'Push', direction: 'send', method: 'GET', path: '/push', before: { script: 'scripts/post.ts' } } } });
  write('instances/sly.instance.json', { version: 1, connector: 'sly' });
  const refused = await patchbay(['try', 'sly', 'push']);
  assert.match(refused.said + refused.out, /WRITE_UNCONFIRMED.*POST of /s);
  // Only whether it is a mock was asked.
  assert.deepEqual(real.asked, ['GET /_mock']);
  const made = await patchbay(['try', 'sly', 'push', '--yes']);
  assert.deepEqual([made.code, real.asked.slice(1)], [0, ['POST /push']]);
});

test('an example holds no secret that was given by hand', async () => {
  await using real = await peer(() => ({ status: 200, body: { orders: [{ id: 1 }], total: 1 } }));
  at(real.url);
  const { saved, code } = await tried(['try', 'acme', 'orders.list', '--env', 'there', '--params', JSON.stringify({ since: `from ${key}` }), '--save', 'With a secret']);
  assert.deepEqual([code, saved?.file], [0, 'connectors/acme.connector.json']);
  const text = readFileSync(join(root, 'connectors', 'acme.connector.json'), 'utf8');
  assert.ok(text.includes('"With a secret"') && text.includes('from ') && !text.includes(key), text);
  write('connectors/acme.connector.json', manifest);
});

test('an answer that counts as none was asked for all the same', async () => {
  await using calm = await peer(() => ({ status: 409, body: { error: 'there already' } }));
  write('connectors/calm.connector.json', { version: 1, title: 'Calm', baseUrl: calm.url, endpoints: { make: { title: 'Make', direction: 'send', method: 'POST', path: '/', errors: [{ when: { status: [409] }, action: 'ignore' }] } } });
  write('instances/calm.instance.json', { version: 1, connector: 'calm' });
  const { pages, records } = await tried(['try', 'calm', 'make', '--yes', '--input', '-'], { input: '{}' });
  assert.deepEqual([pages.map(({ response }) => response?.status), records, calm.asked], [[409], 0, ['POST /']]);
});

test('an endpoint that is made of a payload is not called without; the list of them says which', async () => {
  await using shop = await peer(() => ({ status: 200, body: { ok: true } }));
  write('connectors/needy.connector.json', {
    version: 1, title: 'Needy', baseUrl: shop.url,
    endpoints: {
      all: { title: 'All orders', direction: 'receive', method: 'GET', path: '/all', params: { since: { type: 'string' } } },
      one: { title: 'One order', direction: 'receive', method: 'GET', path: '/{{ payload.id }}' },
      make: { title: 'Make an order', direction: 'send', method: 'POST', path: '/', body: { format: 'json' } },
      close: { title: 'Close an order', direction: 'send', method: 'POST', path: '/{{ params.id }}/close', params: { id: { type: 'integer', required: true } } },
    },
  });
  write('instances/needy.instance.json', { version: 1, connector: 'needy' });
  for (const endpoint of ['one', 'make']) {
    const { code, out, said } = await patchbay(['try', 'needy', endpoint, '--yes']);
    assert.deepEqual([code, out], [1, '']);
    assert.match(said, new RegExp(`^error DATA_MISSING: "${endpoint}" of "needy" makes its request of a payload, and there is none\\.\n {2}Give one: \`--input FILE\` on the command line, \\*Payload\\* in the connector editor, \`payload\` in the API\\.\n$`));
  }
  assert.deepEqual(shop.asked, []);
  assert.equal((await tried(['try', 'needy', 'make', '--yes', '--input', '-'], { input: '{}' })).code, 0);
  const { out, code } = await patchbay(['try', 'needy', '--list']);
  assert.equal(code, 0);
  assert.equal(out.replaceAll(/ +$/gm, ''), ['endpoint  direction  params            --input  title', 'all       receive    since (optional)           All orders', 'one       receive                      needed   One order', 'make      send                         needed   Make an order', 'close     send       id                taken    Close an order', ''].join('\n'));
  assert.deepEqual(JSON.parse((await patchbay(['try', 'needy', '--list', '--json'])).out)[3], { endpoint: 'close', title: 'Close an order', direction: 'send', params: { required: ['id'], optional: [] }, payload: 'taken' });
});

test('look-ups are told apart from attempts', async () => {
  await using shop = await peer(({ url, method }) => ({ status: 200, body: method === 'GET' && url === '/?sku=b' ? [{ id: 7 }] : method === 'GET' ? [] : { ok: true } }));
  const params = { sku: { type: 'string' }, id: { type: 'integer' } };
  write('connectors/stock.connector.json', {
    version: 1, title: 'Stock', baseUrl: shop.url,
    endpoints: {
      find: { title: 'Find', direction: 'receive', method: 'GET', path: '/', query: { sku: '{{ params.sku }}' }, params: { sku: params.sku } },
      put: { title: 'Put', direction: 'send', method: 'POST', path: '/', per: 'record', body: { format: 'json' }, upsert: { find: 'find', params: { sku: '{{ payload.sku }}' }, update: 'change', with: { id: '{{ record.id }}' } } },
      change: { title: 'Change', direction: 'send', method: 'PUT', path: '/{{ params.id }}', body: { format: 'json' }, params: { id: params.id } },
    },
  });
  write('instances/stock.instance.json', { version: 1, connector: 'stock' });
  const { pages } = await tried(['try', 'stock', 'put', '--yes', '--input', '-'], { input: '[{"sku":"a"},{"sku":"b"}]' });
  assert.deepEqual(shop.asked, ['GET /?sku=a', 'POST /', 'GET /?sku=b', 'PUT /7']);
  assert.deepEqual(pages.map(({ request, before }) => [request.method, before.map(({ request: { method }, lookUp }) => [method, lookUp])]), [['POST', [['GET', 'find']]], ['PUT', [['GET', 'find']]]]);
});

test('an answer of bytes is no record with a field for each of them', async () => {
  await using shop = await peer(() => ({ status: 200, body: Buffer.from('sku;size\nA;Größe\n', 'latin1') }));
  write('connectors/bytes.connector.json', { version: 1, title: 'Bytes', baseUrl: shop.url, endpoints: { get: { title: 'Get', direction: 'receive', method: 'GET', path: '/' } } });
  write('instances/bytes.instance.json', { version: 1, connector: 'bytes' });
  const { records, schema, log } = await tried(['try', 'bytes', 'get']);
  assert.deepEqual([records, schema, log.map(({ message }) => message)], [1, undefined, ['The answer of "get" is CSV and goes on as it is: "decoder": { "type": "csv" } of the endpoint reads its records.']]);
});

test('an endpoint that is asked for each record of another: one page after the other, and records as it gives them', async () => {
  await using shop = await peer(({ url }) => ({ status: 200, body: url?.startsWith('/shops?') ? (url.includes('after=2') ? { shops: [{ id: 3, name: 'c' }] } : { shops: [{ id: 1, name: 'a' }, { id: 2, name: 'b' }], next: 2 }) : [{ order: 7 }] }));
  write('connectors/nested.connector.json', {
    version: 1, title: 'Nested', baseUrl: shop.url,
    endpoints: {
      shops: { title: 'Shops', direction: 'receive', method: 'GET', path: '/shops', query: { all: '1' }, records: '$.shops', pagination: { type: 'cursor', settings: { path: '$.next', param: 'after' } } },
      orders: { title: 'Orders', direction: 'receive', method: 'GET', path: '/orders/{{ slice.shop }}', slices: [{ name: 'shop', endpoint: 'shops', include: { shop: '$.name' } }] },
    },
  });
  write('instances/nested.instance.json', { version: 1, connector: 'nested' });
  const { pages, records, schema } = await tried(['try', 'nested', 'orders', '--pages', '5']);
  const own = (address: string): string => new URL(address).pathname + new URL(address).search;
  assert.deepEqual(pages.map(({ request, before }) => [own(request.url), before.map((one) => [own(one.request.url), one.lookUp])]), [
    ['/orders/1', [['/shops?all=1', 'shops']]], ['/orders/2', []], ['/orders/3', [['/shops?all=1&after=2', 'shops']]],
  ]);
  assert.deepEqual([records, Object.keys(schema?.['properties'] as object)], [3, ['order', 'shop']]);
});
