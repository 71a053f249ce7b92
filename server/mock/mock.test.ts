import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { call, connectorHost, type Called } from '../../test/support/connector-host.ts';
import { mockWays, wayManifest, type MockWay } from '../../test/support/mock-ways.ts';
import csv from '../../plugins/converters/csv.ts';
import xml from '../../plugins/converters/xml.ts';
import type { Plugin, Script } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import { openTransport } from '../runner/transport.ts';
import { createCollections } from './collections.ts';
import { faultKinds, type Fault } from '../model/fault.ts';
import { createFaults, readFaults } from './faults.ts';
import { startMock, type Mock } from './mock-server.ts';

const transport = openTransport();
after(() => transport[Symbol.asyncDispose]());

const idsIn = ({ bodies }: Called): unknown[] => bodies.flatMap((body) => (typeof body === 'string' ? [...body.matchAll(/<record><id>(\d+)<\/id>/g)].map(([, id]) => Number(id)) : ((Array.isArray(body) ? body : [body]) as readonly { id: unknown }[]).map(({ id }) => id)));
const idsOf = (manifest: ConnectorManifest, count: number): unknown[] => createCollections({ manifest, count, seed: 1 }).of('it').records.map((record) => (record as { id: unknown }).id);

async function page(way: MockWay, records: number, faults: readonly Fault[] = []): Promise<Called & { readonly mock: Mock }> {
  const manifest = wayManifest(way);
  const host = connectorHost({});
  await using mock = await startMock({ host, connector: 'shop', manifest, records, faults });
  const timeoutMs = faults.some(({ kind }) => kind === 'time-out') ? 150 : 30_000;
  const called = await call(connectorHost({ transport, connector: { baseUrl: mock.url }, endpoint: { ...manifest.endpoints['it'], timeoutMs } }));
  return { ...called, mock };
}

const isTold = ({ pagination: { type, settings = {} } }: MockWay): boolean =>
  /^(cursor|json-link|header-|graphql)/.test(type) || ['totalPath', 'totalPagesPath', 'hasMorePath', 'donePath'].some((name) => settings[name] !== undefined);

const titleOf = ({ pagination: { type, settings }, endpoint }: MockWay): string => `${type} ${JSON.stringify(settings ?? {})}${endpoint?.records === undefined ? '' : ` ${endpoint.records}`}`;

describe('every record once, in order, by the real engine', () => {
  for (const [index, way] of mockWays(5).entries()) {
    test(titleOf(way), async () => {
      await fc.assert(fc.asyncProperty(fc.nat(23), fc.integer({ min: 1, max: 9 }), async (records, size) => {
        const sized = mockWays(size)[index]!;
        const called = await page(sized, records);
        assert.deepEqual([called.error?.message, idsIn(called)], [undefined, idsOf(wayManifest(sized), records)]);
        const stop = called.events.findLast((event) => event.type === 'page');
        // Where the strategy is told of the end, the mock tells it.
        if (isTold(sized)) assert.deepEqual([stop?.byGuess, stop?.stop === 'empty-page'], [undefined, false], stop?.stop);
      }), { numRuns: 8, seed: 3 });
    });
  }
});

/** What the endpoint gives once, whatever goes wrong, or an error that names it. */
const named: Readonly<Record<(typeof faultKinds)[number], readonly string[]>> = {
  'rate-limit': [], error: [], 'time-out': [], slow: [], cut: [], reset: [], 'schema-drift': [],
  unauthorized: ['AUTH_REJECTED'], 'broken-json': ['REMOTE_FORMAT'], 'repeated-token': ['PAGE_REPEATED', 'REMOTE_FORMAT'],
};

describe('once each or a named error', () => {
  for (const kind of faultKinds) {
    for (const way of mockWays(4)) {
      test(`${kind}: ${titleOf(way)}`, async () => {
        const called = await page(way, 11, [{ kind, page: 2, ms: 5 }]);
        const ids = idsIn(called);
        const all = idsOf(wayManifest(way), 11);
        if (called.error) assert.ok(named[kind].includes(called.error.code), `${called.error.code}: ${called.error.message}`);
        else assert.deepEqual(ids, all);
        // What was given before the error is a part of it, each once.
        assert.deepEqual(ids, all.slice(0, ids.length));
      });
    }
  }
});

test('a token that the mock has not given is refused, a page beyond the last one is empty, another size counts', async () => {
  const ask = async (pagination: MockWay['pagination'], query: string): Promise<readonly [number, unknown]> => {
    await using mock = await startMock({ host: connectorHost({}), connector: 'shop', manifest: wayManifest({ pagination }), records: 7 });
    const response = await fetch(`${mock.url}/orders?${query}`);
    const { orders } = (await response.json()) as { orders?: readonly { id: number }[] };
    return [response.status, orders?.map(({ id }) => id)];
  };
  const cursor = { type: 'cursor', settings: { sizeParam: 'limit', size: 3 } };
  const pages = { type: 'page-number', settings: { sizeParam: 'n', size: 3 } };
  assert.deepEqual(await ask(cursor, 'cursor=nobody-knows&limit=3'), [400, undefined]);
  assert.deepEqual(await ask(pages, 'page=9&n=3'), [200, []]);
  assert.deepEqual(await ask(pages, 'page=2&n=5'), [200, [6, 7]]);
  assert.deepEqual(await ask(pages, ''), [200, [1, 2, 3]]);
  assert.deepEqual(await ask({ ...pages, stopStatuses: [404] } as MockWay['pagination'], 'page=9&n=3'), [404, undefined]);
});

describe('several endpoints at one address, and other formats than JSON', () => {
  const plugins = [xml, csv] as unknown as readonly Plugin[];
  const soap = (name: string, answer: object): EndpointManifest => ({
    title: name, entity: name, direction: 'receive', method: 'POST', path: '/soap', idempotent: true, body: { format: 'soap', template: { [name]: { all: 'true' } }, soap: { action: `urn:${name}` } }, records: `$.Envelope.Body.${name}Response.item`,
    examples: [{ title: 'As described', response: { status: 200, headers: { 'content-type': 'text/xml' }, body: { Envelope: { Body: { [`${name}Response`]: answer } } } } }],
  });
  const graphql = (name: string): EndpointManifest => ({
    title: name, entity: name, direction: 'receive', method: 'POST', path: '/graphql', idempotent: true, body: { format: 'graphql', query: `{ ${name} { id } }` }, records: `$.data.${name}`,
    examples: [{ title: 'As described', response: { status: 200, body: { data: { [name]: [{ id: `${name}-1` }] } } } }],
  });
  const file: EndpointManifest = { title: 'File', direction: 'receive', method: 'GET', path: '/file', decoder: { type: 'csv' }, examples: [{ title: 'Rows', response: { status: 200, body: [{ sku: 'A1', count: '3' }] } }] };
  const endpoints = { stock: soap('FindStock', { item: [{ sku: 'S1' }] }), prices: soap('FindPrices', { item: [{ price: '9.50' }] }), orders: graphql('orders'), customers: graphql('customers'), file };
  const cases: readonly (readonly [endpoint: keyof typeof endpoints, first: unknown])[] = [['stock', { sku: 'S1' }], ['prices', { price: '9.50' }], ['orders', { id: 'orders-1' }], ['customers', { id: 'customers-1' }], ['file', { sku: 'A1', count: '3' }]];
  for (const [endpoint, first] of cases) {
    test(endpoint, async () => {
      const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints };
      await using mock = await startMock({ host: connectorHost({ plugins }), connector: 'shop', manifest, records: 3 });
      const { error, bodies } = await call(connectorHost({ transport, plugins, connector: { ...manifest, baseUrl: mock.url } }), { endpoint });
      const records = bodies.flat();
      assert.deepEqual([error, records.length, records[0]], [undefined, 3, first]);
    });
  }
});

test('records are those of the examples first, then as many as wanted, each with an id of its own; the same for the same seed', () => {
  const make = (seed: number): readonly unknown[] => {
    const manifest: ConnectorManifest = {
      version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: {
        it: {
          title: 'It', entity: 'orders', direction: 'receive', method: 'GET', path: '/orders',
          record: { type: 'object', properties: { id: { type: 'integer' }, state: { enum: ['open', 'paid'] }, at: { type: 'string', format: 'date-time' }, total: { type: 'string' } } },
          examples: [{ title: 'Two', response: { status: 200, body: [{ id: 7, total: '1.50' }, { id: 8, total: '2.00' }] } }],
        },
      },
    };
    return createCollections({ manifest, count: 30, seed }).of('it').records;
  };
  const records = make(1);
  assert.deepEqual(records.slice(0, 2), [{ id: 7, total: '1.50' }, { id: 8, total: '2.00' }]);
  assert.equal(new Set(records.map((record) => (record as { id: number }).id)).size, 30);
  assert.deepEqual(Object.keys(records[9] as object).toSorted(), ['at', 'id', 'state', 'total']);
  assert.match((records[9] as { total: string }).total, /^\d\.\d\d$/);
  assert.deepEqual(make(1), records);
  assert.notDeepEqual(make(2), records);
});

describe('an endpoint of which nothing but the place of its records is known', () => {
  for (const [records, method, path] of [['$.items', 'GET', '/zoo'], ['$.data.rows', 'GET', '/zoos/{{ params.id }}/animals'], ['$.edges[*].node', 'POST', '/zoo'], ['$.items', 'GET', '/zoos/{{ params.id }}'], [['$.items'], 'GET', '/zoo']] as const) test(`${JSON.stringify(records)} ${path}`, async () => {
    const endpoint: EndpointManifest = { title: 'It', direction: 'receive', method, path, records, ...(path.includes('params') && { params: { id: { type: 'string', default: '1' } } as EndpointManifest['params'] }) } as EndpointManifest;
    const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: { it: endpoint } };
    await using mock = await startMock({ host: connectorHost({}), connector: 'shop', manifest, records: 3 });
    const { error, bodies } = await call(connectorHost({ transport, connector: { baseUrl: mock.url }, endpoint }));
    assert.deepEqual([error, bodies.flat().length], [undefined, path.endsWith('}}') ? 1 : 3]);
  });
});

test('faults strike where they are told to, and as often', () => {
  const faults = createFaults([{ kind: 'error', endpoint: 'a', page: 2 }, { kind: 'schema-drift', endpoint: 'b' }, { kind: 'slow', times: 2 }]);
  const strikes = (endpoint: string, page: number, asked?: string): string | undefined => faults.take(endpoint, page, asked)?.kind;
  assert.deepEqual([strikes('a', 2), strikes('a', 2), strikes('a', 1), strikes('a', 1), strikes('b', 1), strikes('b', 2), strikes('b', 1)], ['error', 'slow', 'slow', undefined, 'schema-drift', 'schema-drift', 'schema-drift']);
  assert.deepEqual(faults.take('a', 1, 'rate-limit; retryAfter=7'), { kind: 'rate-limit', retryAfter: 7 });
  for (const wrong of ['x', { kind: 'x' }, { kind: 'error', pages: 1 }, { kind: 'error', page: 'two' }, { kind: 'error', endpoint: 1 }]) assert.throws(() => readFaults(wrong), { name: 'FlowError', code: 'DATA_INVALID' });
});

test('the pages of a script are the examples, in their order', async () => {
  const script: Script = {
    run: async (inputs) => (inputs as readonly { readonly response: { readonly more?: string } }[]).map(({ response }) => ({ output: response.more === undefined ? null : { query: { after: response.more } } })),
    async [Symbol.asyncDispose]() {},
  };
  const page = (ids: readonly number[], more?: string) => ({ title: `From ${ids[0]}`, response: { status: 200, body: { orders: ids.map((id) => ({ id })), ...(more !== undefined && { more }) } } });
  const endpoint: EndpointManifest = { title: 'It', direction: 'receive', method: 'GET', path: '/orders', records: '$.orders', pagination: { type: 'script', settings: { script: 'scripts/next.ts' } }, examples: [page([1, 2], 'b'), page([3], 'c'), page([4])] };
  const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', endpoints: { it: endpoint } };
  const host = connectorHost({});
  await using mock = await startMock({ host: { ...host, workspace: { ...host.workspace, script: async () => script } }, connector: 'shop', manifest });
  const called = await call(connectorHost({ transport, connector: { baseUrl: mock.url }, endpoint }), { script: async () => script });
  assert.deepEqual([called.error, idsIn(called)], [undefined, [1, 2, 3, 4]]);
});
