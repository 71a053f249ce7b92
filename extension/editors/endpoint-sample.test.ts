import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import type { ConnectorManifest } from '../../server/model/connector.ts';
import type { Flow } from '../../server/model/flow.ts';
import { callsBefore, recordsOf, sourcesOf, wanted } from './endpoint-sample.ts';

const catalog = catalogFile as Catalog;
const connector = {
  version: 1, title: 'Shop', baseUrl: 'http://shop.test',
  endpoints: {
    find: { direction: 'receive', method: 'POST', path: '/find' },
    orders: { direction: 'receive', method: 'GET', path: '/orders', records: '$.orders', params: { since: { type: 'string', required: true }, state: { type: 'string', required: true }, limit: { type: 'integer', required: true, default: 5 } } },
    save: { direction: 'send', method: 'POST', path: '/orders' },
    one: { direction: 'receive', method: 'GET', path: '/orders/{{ payload.id }}' },
    stock: { direction: 'receive', method: 'GET', path: '/stock' },
  },
} as unknown as ConnectorManifest;
const call = (endpoint: string, next?: string, params?: object) => ({ shape: 'connector', settings: { instance: 'eu', endpoint, ...(params && { params }) }, ...(next !== undefined && { next: { out: next } }) });
const flow: Flow = { version: 1, start: 'stock', steps: { stock: call('stock', 'orders'), orders: call('orders', 'paid', { since: '{{ flow.since }}', state: 'paid' }), paid: { shape: 'filter', settings: {}, next: { out: 'map' } }, map: { shape: 'map', settings: {}, next: { out: 'find' } }, find: call('find') } };
const world = { connectors: { shop: connector }, instances: { eu: { connector: 'shop' }, gone: { connector: 'none' } } };
const names = (flows: Flow, step: string): string[] => sourcesOf(world, callsBefore(flows, step, catalog)).map(({ endpoint, isBefore }) => `${endpoint}${isBefore ? ' before' : ''}`);

test('the endpoint from which records come is on top, then those that read; one that needs a payload is none of them', () => {
  assert.deepEqual(names(flow, 'map'), ['orders before', 'stock before', 'find']);
  assert.deepEqual(names({ ...flow, steps: { map: flow.steps['map']! } }, 'map'), ['orders', 'stock', 'find']);
});

test('what a step gives is not asked for, but for what a run alone knows', () => {
  const [orders] = sourcesOf(world, callsBefore(flow, 'map', catalog));
  assert.deepEqual([orders?.params, wanted(orders!)], [{ state: 'paid' }, ['since']]);
});

describe('records', () => {
  const source = { endpoint: 'orders', manifest: connector.endpoints['orders']! };
  const page = (body: unknown) => ({ request: { method: 'GET', url: '', headers: {} }, response: { status: 200, headers: {}, body, size: 1 }, records: 0, ms: 1, waitMs: 0, before: [] });
  const check = (what: string, body: unknown, expected: readonly unknown[]): void => void test(what, () => assert.deepEqual(recordsOf({ pages: [page(body)] }, source), expected));
  check('a list gives its items', { orders: [{ id: 1 }, { id: 2 }] }, [{ id: 1 }, { id: 2 }]);
  check('another value is one', { orders: { id: 1 } }, [{ id: 1 }]);
  test('none', () => assert.throws(() => recordsOf({ pages: [page({})] }, source), /no records at \$\.orders.*Correct the path/));
  test('no answer', () => assert.throws(() => recordsOf({ pages: [], error: { code: 'REMOTE_UNREACHABLE', message: 'Nobody answers.', remedy: 'Start it.' } as never }, source), /^Error: Nobody answers\. Start it\.$/));
});
