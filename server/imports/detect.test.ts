import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { call, connectorHost } from '../../test/support/connector-host.ts';
import { mockWays, wayManifest, type MockWay } from '../../test/support/mock-ways.ts';
import { startMock } from '../mock/mock-server.ts';
import { recordsPath } from '../model/connector.ts';
import { openTransport } from '../runner/transport.ts';
import { detect } from './detect.ts';
import type { Sample } from './samples.ts';

const transport = openTransport();
after(() => transport[Symbol.asyncDispose]());

/** What the real engine asked the mock, and what that answered. */
async function samplesOf(way: MockWay): Promise<Sample[]> {
  const manifest = wayManifest(way);
  await using mock = await startMock({ host: connectorHost({}), connector: 'shop', manifest, records: 14 });
  const host = connectorHost({ transport, connector: { baseUrl: mock.url }, endpoint: manifest.endpoints['it']! });
  const { events, error } = await call(host, { testPages: 3 });
  assert.equal(error, undefined);
  const bodyOf = (name: string | undefined): unknown => {
    const text = name === undefined ? undefined : host.recorded[Number(name.replace('body-', '')) - 1];
    return text === undefined || !/^[[{]/.test(text) ? text : JSON.parse(text);
  };
  return events.flatMap((event) => (event.type === 'exchange' ? [event.exchange] : [])).map(({ method, url, requestHeaders: headers, requestBody, status, responseHeaders, responseBody }) => ({
    request: { method, url, headers, body: bodyOf(requestBody) }, response: { status: status!, headers: responseHeaders!, body: bodyOf(responseBody) },
  }));
}

describe('the answers of the mock lead to the strategy', () => {
  for (const way of mockWays(4)) {
    const { type, settings } = way.pagination;
    test(`${type} ${JSON.stringify(settings ?? {})}`, async () => {
      const { records, pagination } = detect(await samplesOf(way));
      const rank = pagination.findIndex(({ value }) => value.type === type) + 1;
      assert.ok(rank >= 1 && rank <= (way.mostRank ?? 2), JSON.stringify(pagination.slice(0, 4), undefined, 1));
      if (way.format !== 'xml') assert.equal(records[0]?.value, recordsPath(wayManifest(way).endpoints['it']!));
    });
  }
});

describe('one answer of a well-known kind', () => {
  const rows = [{ id: 'a', total: '1.50' }, { id: 'b', total: null }];
  const cases: readonly (readonly [what: string, sample: Sample, records: string, type: string, settings: object])[] = [
    ['a Link header', { request: { url: 'https://a.test/orders.json?limit=2' }, response: { headers: { link: '<https://a.test/orders.json?limit=2&page_info=x>; rel="next"' }, body: { orders: rows } } }, '$.orders', 'header-link', { sizeParam: 'limit' }],
    ['a link in the body', { request: { url: 'https://a.test/orders' }, response: { body: { results: rows, next: 'https://a.test/orders?page=2', previous: null, count: 9 } } }, '$.results', 'json-link', { path: '$.next' }],
    ['a cursor with its parameter', { request: { url: 'https://a.test/orders?cursor=&limit=2' }, response: { body: { data: rows, meta: { next_cursor: 'xyz' } } } }, '$.data', 'cursor', { path: '$.meta.next_cursor', param: 'cursor', sizeParam: 'limit', size: 100 }],
    ['a cursor that the first request cannot have', { request: { url: 'https://a.test/orders?limit=2' }, response: { body: { data: rows, meta: { nextPageToken: 'eyJhIjoxfQ==' } } } }, '$.data', 'cursor', { path: '$.meta.nextPageToken', param: 'pageToken', sizeParam: 'limit' }],
    ['a cursor that is the last', { request: { url: 'https://a.test/orders' }, response: { body: { data: rows, next_cursor: '' } } }, '$.data', 'single-page', {}],
    ['a page number and the number of pages', { request: { url: 'https://a.test/orders?page=1&per_page=2' }, response: { body: { items: rows, total_pages: 4, errors: [{ a: 1 }] } } }, '$.items', 'page-number', { param: 'page', sizeParam: 'per_page', size: 100, totalPagesPath: '$.total_pages' }],
    ['an offset and a total', { request: { url: 'https://a.test/orders?offset=0&limit=2' }, response: { body: { orders: rows, total: 9 } } }, '$.orders', 'offset', { param: 'offset', sizeParam: 'limit', totalPath: '$.total' }],
    ['a connection of GraphQL', { request: { url: 'https://a.test/graphql' }, response: { body: { data: { orders: { edges: rows.map((node) => ({ node, cursor: node.id })), pageInfo: { hasNextPage: true, endCursor: 'b' } } } } } }, '$.data.orders.edges[*].node', 'graphql-cursor', { connection: '$.data.orders' }],
    ['the address in a header', { request: { url: 'https://a.test/orders' }, response: { headers: { 'x-next-url': 'https://a.test/orders?p=2' }, body: rows } }, '$', 'header-url', { header: 'x-next-url' }],
    ['nothing but records', { request: { url: 'https://a.test/countries' }, response: { body: rows } }, '$', 'single-page', {}],
  ];
  for (const [what, sample, records, type, settings] of cases) {
    test(what, () => {
      const found = detect([sample]);
      const [first] = found.pagination;
      assert.deepEqual([found.records[0]?.value, first?.value.type, first?.value.settings ?? {}], [records, type, settings]);
      assert.deepEqual(found.record, { type: 'object', properties: { id: { type: 'string' }, total: { type: ['string', 'null'] } } });
      assert.ok(first!.score > 0 && first!.score <= 1 && first!.why.length > 20);
    });
  }
});

test('an answer that says there is more is not taken for all', () => {
  const types = (body: unknown): readonly string[] => detect([{ request: { url: 'https://a.test/orders' }, response: { body } }]).pagination.map(({ value: { type } }) => type);
  const items = [{ id: 1 }, { id: 2 }];
  assert.deepEqual(types({ items, total: 5 }), []);
  assert.deepEqual(types({ items, meta: { has_more: true } }), []);
  assert.deepEqual(types({ items, total: 2 }), ['single-page']);
  assert.deepEqual(types({ items, meta: { has_more: false } }), ['single-page']);
});

test('nothing is made of nothing, and of refusals', () => {
  assert.deepEqual(detect([]), { records: [], pagination: [{ value: { type: 'single-page' }, score: 0.5, why: 'Nothing in the answers leads to a further page.' }] });
  assert.deepEqual(detect([{ response: { status: 500, body: { items: [{ a: 1 }] } } }]).records, []);
});

describe('what leads from one request to the next tells, whatever its name is', () => {
  const body = { rows: [{ id: 5 }, { id: 9 }] };
  const cases: readonly (readonly [what: string, first: Sample['response'], to: string, type: string, settings: object])[] = [
    ['an address in a field', { body: { ...body, onward: 'https://a.test/list?k=zz' } }, 'https://a.test/list?k=zz', 'json-link', { path: '$.onward' }],
    ['an address in a header', { headers: { 'x-more': '/list?k=zz' }, body }, 'https://a.test/list?k=zz', 'header-url', { header: 'x-more' }],
    ['a token in a header', { headers: { 'x-state': 'zz9' }, body }, 'https://a.test/list?k=zz9', 'header-cursor', { header: 'x-state', param: 'k' }],
    ['a token in a field', { body: { ...body, mark: 'zz9' } }, 'https://a.test/list?k=zz9', 'cursor', { path: '$.mark', param: 'k' }],
    ['the key of the last record', { body }, 'https://a.test/list?k=9', 'keyset', { key: '$.id', param: 'k' }],
    ['a number that counts the records', { body }, 'https://a.test/list?k=2', 'offset', { param: 'k', by: 'received' }],
  ];
  for (const [what, response, to, type, settings] of cases) {
    test(what, () => {
      const [first] = detect([{ request: { url: 'https://a.test/list' }, response: response! }, { request: { url: to }, response: { body: { rows: [{ id: 11 }] } } }]).pagination;
      assert.deepEqual([first?.value.type, first?.value.settings], [type, settings]);
    });
  }
});

test('a small number is a cursor where its name says so, and where it does not it may be there by chance', () => {
  const scoreOf = (name: string): number | undefined => detect([{ request: { url: 'https://a.test/list' }, response: { body: { rows: [{ id: 'a' }], [name]: 7 } } }, { request: { url: 'https://a.test/list?after=7' }, response: { body: { rows: [{ id: 'b' }] } } }]).pagination.find(({ value: { type } }) => type === 'cursor')?.score;
  assert.deepEqual([scoreOf('next_cursor'), scoreOf('version')], [0.97, 0.6]);
});

test('a request is told by its number, and nothing that another request refutes is guessed', () => {
  const page = (number: number): Sample => ({ request: { url: `https://a.test/list?page=${number}` }, response: { body: { rows: [{ id: `a${number}` }], meta: { total_pages: 3, seen: number } } } });
  const { pagination } = detect([page(1), page(2), page(3)]);
  assert.deepEqual(pagination.map(({ value: { type } }) => type).filter((type) => type === 'cursor' || type === 'page-number'), ['page-number']);
  const marked = (to: string, mark: string): Sample => ({ request: { url: `https://a.test/list${to}` }, response: { body: { rows: [{ id: 'a' }], mark } } });
  const [first] = detect([marked('', ''), marked('', 'x7'), marked('?k=x7', 'x8')]).pagination;
  assert.equal(first?.why, 'The third request sent "x7" as "k", which the answer before had in "mark".');
});

test('a link that was followed is known beside a key in the query', () => {
  const page = (number: number, next: string | null): Sample => ({ request: { url: `https://a.test/list?page=${number}&size=2&key=•••` }, response: { body: { rows: [{ id: 'a' }, { id: 'b' }], next } } });
  const [first] = detect([page(1, 'https://a.test/list?page=2&size=2'), page(2, '/list?page=3&size=2'), page(3, null)]).pagination;
  assert.deepEqual([first?.value, first?.score], [{ type: 'json-link', settings: { path: '$.next', sizeParam: 'size', size: 2 } }, 0.98]);
});
