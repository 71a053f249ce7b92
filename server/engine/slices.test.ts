import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { call, connectorHost, json, type Call, type Called } from '../../test/support/connector-host.ts';
import type { EndpointManifest, SliceUse } from '../model/connector.ts';
import type { RawResponse } from './host.ts';

/** Orders of shops of regions, in pages. */
interface World {
  readonly regions: readonly string[];
  /** Number of shops of each region, and of orders of each shop. */
  readonly shops: number;
  readonly orders: number;
  readonly size: number;
}

const paged = { type: 'page-number', settings: { hasMorePath: 'more' } };
const receiving = { title: 'E', direction: 'receive', method: 'GET' } as const;

function answer({ shops, orders, size }: World, url: URL): RawResponse {
  const [, , kind, ...keys] = url.pathname.split('/');
  const page = Number(url.searchParams.get('page'));
  const all = Array.from({ length: kind === 'shops' ? shops : orders }, (_, index) => ({ id: [...keys.map(decodeURIComponent), index].join('-'), name: `${kind} ${index}` }));
  return json({ items: all.slice((page - 1) * size, page * size), more: all.length > page * size });
}

/** Asks the endpoint `it`. `endpoints`: others beside it. */
async function ask(world: World, endpoint: Partial<EndpointManifest>, { endpoints = {}, ...more }: Call & { readonly endpoints?: Readonly<Record<string, EndpointManifest>> } = {}): Promise<Called & { readonly asked: readonly string[]; readonly records: readonly { readonly id: string }[] }> {
  const asked: string[] = [];
  const it: EndpointManifest = { ...receiving, path: '/orders', records: 'items', pagination: paged, ...endpoint };
  const host = connectorHost({
    connector: { endpoints: { it, ...endpoints } },
    send: ({ url }) => (asked.push(url.replace('https://shop.test/api', '')), answer(world, new URL(url))),
  });
  const called = await call(host, more);
  return { ...called, asked, records: called.bodies.flat() as { id: string }[] };
}

const small: World = { regions: ['a', 'b/c'], shops: 2, orders: 3, size: 2 };
const shopsOf: EndpointManifest = { ...receiving, path: '/shops/{{ params.region }}', params: { region: { type: 'string', required: true } as object }, records: 'items', pagination: paged };
const nested: readonly SliceUse[] = [{ name: 'region', values: '{{ params.regions }}' }, { name: 'shop', endpoint: 'shops', params: { region: '{{ slice.region }}' }, include: { shop: 'name' } }];
const nestedEndpoint: Partial<EndpointManifest> = { path: '/orders/{{ slice.shop }}', slices: nested, params: { regions: { type: 'array' } as object } };
const askNested = (world: World, more: Call = {}) => ask(world, nestedEndpoint, { params: { regions: world.regions }, endpoints: { shops: shopsOf }, ...more });

/** The orders of all shops of all regions, in order. */
const allOf = ({ regions, shops, orders }: World): string[] => regions.flatMap((region) => Array.from({ length: shops }, (_, shop) => Array.from({ length: orders }, (__, order) => `${region}-${shop}-${order}`)).flat());
const idsOf = ({ records }: { readonly records: readonly { readonly id: string }[] }): string[] => records.map(({ id }) => id);

describe('slices', () => {
  test('of a list: the endpoint is asked once per value', async () => {
    const told = await ask(small, { path: '/orders/{{ slice.state }}', slices: [{ name: 'state', values: ['open', 'closed'] }] });
    assert.deepEqual([told.error, idsOf(told)], [undefined, ['open-0', 'open-1', 'open-2', 'closed-0', 'closed-1', 'closed-2']]);
    assert.deepEqual(told.asked, ['/orders/open?page=1', '/orders/open?page=2', '/orders/closed?page=1', '/orders/closed?page=2']);
    assert.deepEqual(told.payloads.map(({ meta }) => meta['page']), ['1', '2', '1', '2']);
    assert.deepEqual(told.events.filter((event) => event.type === 'page').map(({ slice, index, stop }) => [slice, index, stop]), [['state=open', 0, undefined], ['state=open', 1, 'has-more-false'], ['state=closed', 0, undefined], ['state=closed', 1, 'has-more-false']]);
  });

  test('of a product, the first one changing last', async () => {
    const told = await ask({ ...small, orders: 1 }, { path: '/orders/{{ slice.a }}/{{ slice.b }}', slices: [{ name: 'a', values: [1, 2] }, { name: 'b', values: ['x', 'y'] }] });
    assert.deepEqual(idsOf(told), ['1-x-0', '1-y-0', '2-x-0', '2-y-0']);
  });

  test('in groups: so many values in one call', async () => {
    const told = await ask({ ...small, orders: 0 }, { query: { ids: '{{ slice.id }}' }, slices: [{ name: 'id', values: '{{ params.ids }}', group: 2 }], params: { ids: { type: 'array' } as object } }, { params: { ids: [1, 2, 3] } });
    assert.deepEqual([told.error, told.asked], [undefined, ['/orders?ids=1&ids=2&page=1', '/orders?ids=3&page=1']]);
  });

  test('of parents in groups, over the ends of their pages', async () => {
    const told = await ask({ ...small, shops: 5, orders: 0 }, { query: { shop: '{{ slice.shop }}' }, slices: [{ name: 'shop', endpoint: 'shops', params: { region: 'a' }, group: 3 }] }, { endpoints: { shops: shopsOf } });
    assert.deepEqual(told.error, undefined);
    assert.deepEqual(told.asked.filter((url) => url.startsWith('/orders')), ['/orders?shop=a-0&shop=a-1&shop=a-2&page=1', '/orders?shop=a-3&shop=a-4&page=1']);
  });

  test('of parents: each record knows the fields of its own', async () => {
    const told = await askNested(small);
    assert.deepEqual([told.error, idsOf(told)], [undefined, allOf(small)]);
    assert.deepEqual(told.records.slice(2, 5), [{ id: 'a-0-2', name: 'orders 2', shop: 'shops 0' }, { id: 'a-1-0', name: 'orders 0', shop: 'shops 1' }, { id: 'a-1-1', name: 'orders 1', shop: 'shops 1' }]);
    // A parent's pages are told as such.
    assert.deepEqual([...new Set(told.events.filter((event) => event.type === 'page').map(({ endpoint }) => endpoint))], ['shops', undefined]);
  });

  test('to any depth: the parent has slices itself', async () => {
    const depths = Array.from({ length: 4 }, (_, depth): [string, EndpointManifest] => [`level${depth}`, {
      ...receiving, path: depth === 0 ? '/shops/x' : '/shops/{{ slice.up }}', records: 'items', pagination: paged, ...(depth > 0 && { slices: [{ name: 'up', endpoint: `level${depth - 1}` }] }),
    }]);
    const told = await ask({ ...small, shops: 2, orders: 1 }, { path: '/orders/{{ slice.top }}', slices: [{ name: 'top', endpoint: 'level3' }] }, { endpoints: Object.fromEntries(depths) });
    assert.deepEqual([told.error, idsOf(told).length, idsOf(told).at(0), idsOf(told).at(-1)], [undefined, 16, 'x-0-0-0-0-0', 'x-1-1-1-1-0']);
  });

  test('each request has a key of its own', async () => {
    const keys: (string | undefined)[] = [];
    const host = connectorHost({ endpoint: { method: 'POST', idempotencyHeader: 'Key', path: '/{{ slice.a }}', slices: [{ name: 'a', values: [1, 2] }] }, send: ({ headers }) => (keys.push(headers['key']), json([])) });
    await call(host);
    assert.deepEqual(keys, ['run-1:s:p:a=1:0', 'run-1:s:p:a=2:0']);
  });

  test('whoever tries it out gets so many pages of all slices together', async () => {
    const told = await askNested(small, { testPages: 3 });
    assert.deepEqual([told.error, told.payloads.length], [undefined, 3]);
  });

  const worlds = fc.record({ regions: fc.subarray(['a', 'b/c', 'ä', '7']), shops: fc.nat(4), orders: fc.nat(5), size: fc.integer({ min: 1, max: 4 }) });
  test('each record once, in order, for any size and number; also where it goes on after a crash', async () => {
    await fc.assert(fc.asyncProperty(worlds, fc.nat(12), fc.option(fc.integer({ min: 1, max: 3 })), async (world, most, group) => {
      const slices = group === null ? nested : nested.map((slice) => (slice.endpoint === undefined ? slice : { name: slice.name, endpoint: slice.endpoint, params: slice.params!, group }));
      const more = { params: { regions: world.regions }, endpoints: { shops: shopsOf } };
      const endpoint = { ...nestedEndpoint, slices, path: group === null ? '/orders/{{ slice.shop }}' : '/orders/{{ slice.shop[0] }}' };
      const whole = await ask(world, endpoint, more);
      assert.deepEqual(whole.error, undefined);
      if (group === null) assert.deepEqual(idsOf(whole), allOf(world));
      const first = await ask(world, endpoint, { ...more, most });
      const second = await ask(world, endpoint, { ...more, resumed: first.checkpoint });
      assert.deepEqual(second.error, undefined);
      // What the checkpoint does not stand for yet comes again, and is known by its place.
      assert.ok(first.payloads.length + second.payloads.length - whole.payloads.length <= 1);
      assert.deepEqual([...idsOf(first).slice(0, idsOf(whole).length - idsOf(second).length), ...idsOf(second)], idsOf(whole));
      assert.ok(first.checkpoint === undefined || !second.asked.includes(whole.asked.find((url) => url.startsWith('/orders'))!), 'what was read is not asked for again');
    }), { numRuns: 60, seed: 31 });
  });

  const faults: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, code: string, says: RegExp])[] = [
    ['values that are no list', { slices: [{ name: 'a', values: '{{ params.x }}' }], params: { x: { type: 'string', default: 'u' } as object } }, 'CONFIG_INVALID', /The values of the slice "a" are no list: "u"/],
    ['values that were not given', { slices: [{ name: 'a', values: '{{ params.x }}' }], params: { x: {} } }, 'CONFIG_INVALID', /are missing/],
    ['neither values nor parent', { slices: [{ name: 'a' }] }, 'CONFIG_INVALID', /either "values" or "endpoint"/],
    ['a parent that there is not', { slices: [{ name: 'a', endpoint: 'no' }] }, 'CONFIG_UNKNOWN_ENDPOINT', /no endpoint "no"/],
    ['a parent that is the endpoint itself', { slices: [{ name: 'a', endpoint: 'it' }] }, 'CONFIG_CYCLE', /which in turn needs it/],
    ['a parent that gives nothing', { slices: [{ name: 'a', endpoint: 'send' }] }, 'CONFIG_INVALID', /gives no records/],
    ['a parent whose records have no such value', { slices: [{ name: 'a', endpoint: 'shops', params: { region: 'a' }, path: 'key' }] }, 'REMOTE_FORMAT', /A record of "shops" has nothing at "key"/],
    ['a parent that lacks a parameter', { slices: [{ name: 'a', endpoint: 'shops' }] }, 'CONFIG_INVALID', /params of the endpoint "shops"/],
    ['fields for a group', { slices: [{ name: 'a', endpoint: 'shops', include: { b: 'c' }, group: 2 }] }, 'CONFIG_INVALID', /a group cannot have/],
  ];
  for (const [what, endpoint, code, says] of faults) {
    test(`an error with a name: ${what}`, async () => {
      const { error } = await ask(small, endpoint, { endpoints: { shops: shopsOf, send: { ...receiving, direction: 'send', path: '/x' } } });
      assert.equal(error?.code, code, error?.message);
      assert.match(error!.message, says);
    });
  }
});

describe('a slice that fails', () => {
  /** Slices 1 to 6 of two pages each. `faults`: the answer to the second page of a slice, as long as it is broken. */
  async function read(faults: Readonly<Record<string, RawResponse>>, more: Call = {}): Promise<Called & { readonly asked: readonly string[]; readonly ids: readonly string[] }> {
    const asked: string[] = [];
    const host = connectorHost({
      endpoint: { path: '/orders/{{ slice.shop }}', records: 'items', pagination: paged, retry: { attempts: 0 }, slices: [{ name: 'shop', values: [1, 2, 3, 4, 5, 6] }] },
      send({ url }) {
        const [, shop = '', page = ''] = /orders\/(\d)\?page=(\d)/.exec(url) ?? [];
        asked.push(`${shop}.${page}`);
        return (page === '2' ? faults[shop] : undefined) ?? json({ items: [{ id: `${shop}-${page}` }], more: page === '1' });
      },
    });
    const called = await call(host, more);
    return { ...called, asked, ids: (called.bodies.flat() as { readonly id: string }[]).map(({ id }) => id) };
  }
  const gone = json({ error: 'gone' }, { status: 404 });
  const down = json({}, { status: 503 });
  const shops = (...numbers: readonly number[]): string[] => numbers.flatMap((shop) => [`${shop}-1`, `${shop}-2`]);

  test('does not keep the others from being read; the step fails in the end, and says which it was', async () => {
    const told = await read({ 2: gone });
    assert.deepEqual([told.ids, told.error?.code], [[...shops(1), '2-1', ...shops(3, 4, 5, 6)], 'REMOTE_REJECTED']);
    assert.match(told.error!.message, /^The slice shop=2 of "it" failed\. The endpoint "it" of "shop" refused the request with 404/);
    assert.deepEqual(told.logs.map((log) => log.replace(/ The endpoint.*/, '')), ['The slice shop=2 of "it" failed; the others are read, and the step fails then.']);
  });

  test('several: all are named, and what another attempt may mend is what is told', async () => {
    const told = await read({ 1: gone, 3: down, 6: gone });
    assert.deepEqual([told.error?.code, told.error?.details['slices']], ['REMOTE_STATUS', ['shop=1', 'shop=3', 'shop=6']]);
    assert.match(told.error!.message, /^3 slices of "it" failed \(shop=1, shop=3, shop=6\); shop=3: The endpoint "it" of "shop" answered 503/);
  });

  test('three in a row: no others are asked for', async () => {
    const told = await read({ 2: gone, 3: gone, 4: gone });
    assert.deepEqual([told.ids, told.asked.at(-1)], [[...shops(1), '2-1', '3-1', '4-1'], '4.2']);
    assert.match(told.error!.message, /^3 slices of "it" failed, 3 in a row, so that no others were asked for/);
  });

  test('because of the credentials: no others are asked for', async () => {
    const told = await read({ 2: json({}, { status: 403 }) });
    assert.deepEqual([told.error?.code, told.asked.at(-1)], ['AUTH_REJECTED', '2.2']);
  });

  test('where somebody tries it out: it is told at once', async () => {
    const told = await read({ 2: gone }, { testPages: 9 });
    assert.deepEqual([told.error?.code, told.asked.at(-1)], ['REMOTE_REJECTED', '2.2']);
  });

  for (const [what, faults, left] of [
    ['one', { 2: down }, ['2.2']], ['the last', { 6: down }, ['6.2']], ['several', { 1: down, 3: down, 5: down }, ['1.2', '3.2', '5.2']], ['three in a row', { 3: down, 4: down, 5: down }, ['5.2', '6.1', '6.2', '3.2', '4.2']], ['all', { 1: down, 2: down, 3: down }, ['3.2', '4.1', '4.2', '5.1', '5.2', '6.1', '6.2', '1.2', '2.2']],
  ] as const) {
    test(`the next attempt reads what is left, and nothing twice: ${what}`, async () => {
      const first = await read(faults);
      const again = await read(faults, { resumed: first.checkpoint });
      const last = await read({}, { resumed: again.checkpoint ?? first.checkpoint });
      assert.deepEqual([again.error?.code, last.error], ['REMOTE_STATUS', undefined]);
      assert.deepEqual([...first.ids, ...again.ids, ...last.ids].toSorted(), shops(1, 2, 3, 4, 5, 6));
      assert.deepEqual((await read({}, { resumed: first.checkpoint })).asked, left);
    });
  }
});

describe('records inside of records', () => {
  const orders = { items: [{ no: 1, lines: [{ sku: 'a' }, { sku: 'b' }] }, { no: 2, lines: [] }, { no: 3 }, { no: 4, lines: [{ sku: 'c', no: 9 }] }] };
  const cases: readonly (readonly [what: string, endpoint: Partial<EndpointManifest>, expected: unknown])[] = [
    ['take their place', { records: 'items', expand: { path: 'lines' } }, [[{ sku: 'a' }, { sku: 'b' }, { sku: 'c', no: 9 }]]],
    ['with fields of the one around them', { records: 'items', expand: { path: '$.lines[*]', include: { no: 'no', x: 'nothing' } } }, [[{ sku: 'a', no: 1 }, { sku: 'b', no: 1 }, { sku: 'c', no: 4 }]]],
    ['one of its own', { records: 'items', expand: { path: 'lines[0]' } }, [[{ sku: 'a' }, { sku: 'c', no: 9 }]]],
    ['nowhere: there is no payload', { records: 'items', expand: { path: 'rows' } }, []],
    ['several paths: the records of all of them', { records: ['items[0].lines', 'none', 'items[3].lines'] }, [[{ sku: 'a' }, { sku: 'b' }, { sku: 'c', no: 9 }]]],
  ];
  for (const [what, endpoint, expected] of cases) {
    test(what, async () => {
      const { error, bodies } = await call(connectorHost({ endpoint, send: () => json(orders) }));
      assert.deepEqual([error, bodies], [undefined, expected]);
    });
  }

  test('are counted after paging: a page is as long as its records', async () => {
    let page = 0;
    const { bodies, error } = await call(connectorHost({ endpoint: { records: 'items', expand: { path: 'lines' }, pagination: { type: 'page-number', settings: { size: 1 } } }, send: () => json({ items: ++page < 3 ? [{ id: page, lines: [page, page] }] : [] }) }));
    assert.deepEqual([error, bodies], [undefined, [[1, 1], [2, 2]]]);
  });

  test('several paths, nothing at any of them', async () => {
    const { error } = await call(connectorHost({ endpoint: { records: ['a', 'b'] }, send: () => json({ c: 1 }) }));
    assert.match(error!.message, /has nothing at "a" or "b": it is an object with c/);
  });
});
