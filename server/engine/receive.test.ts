import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { call, connectorHost, json, text, type Call, type Called } from '../../test/support/connector-host.ts';
import { firstHour, passingFaults, recordsOf, stayingFaults, startPagingServer, type Book, type FaultKind, type PagingServer } from '../../test/support/paging-server.ts';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { EndpointManifest, PaginationUse, PluginUse } from '../model/connector.ts';
import { openTransport } from '../runner/transport.ts';
import type { RawResponse } from './host.ts';
import { createPayload } from './payload.ts';

let server: PagingServer;
const transport = openTransport();
before(async () => {
  server = await startPagingServer();
});
after(async () => {
  await transport[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

interface Way {
  readonly type: string;
  readonly settings: (size: number, total: number) => Readonly<Record<string, unknown>>;
  /** What the endpoint has beside its path. */
  readonly endpoint?: Partial<EndpointManifest>;
  /** The records of what it gives; default those that are lists. */
  readonly read?: (bodies: readonly unknown[]) => unknown[];
  /** The server says where the end is: nothing may be lost. */
  readonly isTold: boolean;
  /** A page without records is not taken for the last one. */
  readonly isEmptyTaken?: boolean;
  /** What came is counted against the total that the server names. */
  readonly isCounted?: boolean;
  /** It is not meant for a server that does so. */
  readonly unfitFor?: FaultKind;
}

const post: Partial<EndpointManifest> = { method: 'POST', idempotent: true };
const inXml = (bodies: readonly unknown[]): unknown[] => bodies.flatMap((text) => [...String(text).matchAll(/<record id="(\d+)"\/>/g)].map(([, id]) => ({ id: Number(id) })));
const hour = (count: number): string => new Date(firstHour + count * 3_600_000).toISOString();

const ways: readonly Way[] = [
  { type: 'page-number', settings: (size) => ({ sizeParam: 'n', size }), isTold: false },
  { type: 'page-number', settings: (size) => ({ size, totalPagesPath: '$.pages' }), isTold: true },
  { type: 'page-number', settings: () => ({ totalPath: '$.total' }), isTold: true, isCounted: true },
  { type: 'page-number', settings: (size) => ({ size, hasMorePath: '$.more' }), isTold: true },
  { type: 'page-number', settings: (size) => ({ size, totalPagesPath: '$.pages', stopOnEmptyPage: false }), isTold: true, isEmptyTaken: true },
  { type: 'page-number', settings: () => ({ hasMorePath: '$.more', stopOnEmptyPage: false }), isTold: true, isEmptyTaken: true },
  { type: 'offset', settings: (size) => ({ size }), isTold: false },
  { type: 'offset', settings: (size) => ({ size, totalPath: '$.total' }), isTold: true, isCounted: true },
  { type: 'offset', settings: (size) => ({ size, hasMorePath: '$.more' }), isTold: true },
  { type: 'offset', settings: (size) => ({ size, by: 'received', totalPath: '$.total' }), isTold: true, unfitFor: 'filtered' },
  { type: 'cursor', settings: () => ({ path: '$.token', param: 'from' }), isTold: true, isEmptyTaken: true },
  { type: 'cursor', settings: () => ({ path: '$.token', param: 'from', hasMorePath: '$.more' }), isTold: true, isEmptyTaken: true },
  { type: 'json-link', settings: () => ({}), isTold: true, isEmptyTaken: true },
  { type: 'header-link', settings: () => ({}), isTold: true, isEmptyTaken: true },
  { type: 'header-cursor', settings: () => ({ param: 'from' }), isTold: true, isEmptyTaken: true },
  { type: 'header-url', settings: () => ({}), isTold: true, isEmptyTaken: true },
  { type: 'link-as-query', settings: () => ({ only: ['from'] }), isTold: true, isEmptyTaken: true },
  { type: 'keyset', settings: (size) => ({ size }), isTold: false },
  { type: 'keyset', settings: () => ({ hasMorePath: '$.more' }), isTold: true },
  { type: 'expression', settings: () => ({ token: '{{ response.token }}', param: 'X-From', in: 'header', donePath: '$.done' }), isTold: true, isEmptyTaken: true },
  { type: 'graphql-cursor', settings: (size) => ({ connection: '$.data.orders', size }), endpoint: { ...post, body: { format: 'json', template: { query: 'query($after: String) { … }' } }, records: '$.data.orders.nodes' }, isTold: true, isEmptyTaken: true },
  { type: 'relative-uri', settings: () => ({ uri: '/relative-uri/{value}', value: '{{ response.token }}', stopOnEmptyPage: false }), isTold: true, isEmptyTaken: true },
  { type: 'relative-uri', settings: (size) => ({ uri: '/relative-uri/{number}?size={size}', start: 0, size, totalPagesPath: '$.pages' }), isTold: true },
  { type: 'xml-page', settings: (size) => ({ size }), endpoint: { ...post, body: { format: 'text', template: '<page>{{ page.page }}</page><size>{{ page.size }}</size>' }, records: '$' }, read: inXml, isTold: true, isEmptyTaken: true },
  { type: 'soap-search', settings: () => ({ more: '<searchMoreWithId><searchId>{searchId}</searchId><pageIndex>{pageIndex}</pageIndex></searchMoreWithId>' }), endpoint: { ...post, body: { format: 'text', template: '<search/>' }, records: '$' }, read: inXml, isTold: true, isEmptyTaken: true },
  { type: 'scroll', settings: () => ({ path: '$.token', nextPath: '/scroll/next' }), endpoint: post, isTold: true },
  { type: 'scroll', settings: () => ({ path: '$.token', nextPath: 'scroll/next', nextMethod: 'GET', in: 'query', param: 'from', totalPath: '$.total' }), isTold: true },
  { type: 'async-job', settings: () => ({ pollPath: '/async-job/status?id={id}', filesPath: '$.files' }), endpoint: { ...post, body: { format: 'json', template: { what: 'all' } } }, isTold: true, isEmptyTaken: true },
  { type: 'date-window', settings: (size, total) => ({ from: hour(0), to: hour(total), unit: 'hour', step: size }), isTold: true, isEmptyTaken: true },
  { type: 'single-page', settings: () => ({}), isTold: true, isEmptyTaken: true },
];

interface Received extends Called {
  readonly requests: readonly string[];
  readonly places: ReadonlySet<string>;
  readonly records: readonly unknown[];
}

async function receive(way: Way, book: Book, more: Call = {}): Promise<Received> {
  const { url, requests, places } = server.serve(book);
  const pagination: PluginUse = { type: way.type, settings: way.settings(book.size, book.total) };
  const timeoutMs = book.fault?.kind === 'time-out' ? 30 : 30_000;
  const called = await call(connectorHost({ transport, connector: { baseUrl: url }, endpoint: { path: `/${way.type}`, records: '$.records', pagination, timeoutMs, ...way.endpoint } }), more);
  const { read = (bodies) => bodies.flat() } = way;
  return { ...called, requests, places, records: read(called.bodies) };
}

const books = fc.record({ total: fc.nat(25), size: fc.integer({ min: 1, max: 9 }) });

for (const way of ways) {
  const title = `${way.type} ${JSON.stringify(way.settings(5, 7))}`;

  test(`each record once, in order: ${title}`, async () => {
    await fc.assert(fc.asyncProperty(books, async (book) => {
      const told = await receive(way, book);
      assert.deepEqual([told.error, told.records], [undefined, recordsOf(book)]);
    }), { numRuns: 15, seed: 11 });
  });

  test(`each record once, in order, where it goes on after a crash: ${title}`, async () => {
    await fc.assert(fc.asyncProperty(books, fc.nat(6), async (book, most) => {
      const first = await receive(way, book, { most });
      const second = await receive(way, book, { resumed: first.checkpoint });
      // What the checkpoint does not stand for yet comes again, and is known by its place.
      const before = first.records;
      const again = recordsOf(book).length - second.records.length;
      assert.ok(again <= before.length);
      assert.deepEqual([...before.slice(0, again), ...second.records], recordsOf(book));
      assert.ok(first.checkpoint === undefined || !second.requests.includes(first.requests[0]!), 'the first page is not asked for again');
    }), { numRuns: 25, seed: 13 });
  });

  // What each fault may come to, where it strikes at all.
  const ends: Readonly<Record<FaultKind, string | undefined>> = {
    '429': undefined, busy: undefined, '500': undefined, reset: undefined, cut: undefined, 'time-out': undefined,
    repeated: 'PAGE_REPEATED', loop: 'PAGE_REPEATED', foreign: 'REMOTE_ORIGIN', broken: 'REMOTE_FORMAT', filtered: undefined, unflagged: undefined,
  };
  test(`with a fault, each record once or an error with a name: ${title}`, async () => {
    const fault = fc.record({ kind: fc.constantFrom(...[...passingFaults, ...stayingFaults].filter((kind) => kind !== way.unfitFor)), page: fc.nat(4) });
    await fc.assert(fc.asyncProperty(books, fault, async (numbers, { kind, page }) => {
      // Of a page of one record nothing would be left.
      const book: Book = { ...numbers, size: kind === 'filtered' && !way.isEmptyTaken ? numbers.size + 1 : numbers.size, fault: { kind, page } };
      const told = await receive(way, book);
      const all = recordsOf(book);
      const { records } = told;
      assert.deepEqual(records, all.slice(0, records.length), 'no record twice, none left out on the way');
      if (told.error) {
        // On a machine that is busy a request may be late more than once.
        assert.equal(told.error.code, kind === 'time-out' ? 'REMOTE_TIMEOUT' : kind === 'filtered' && way.isCounted ? 'REMOTE_FORMAT' : ends[kind]);
      } else if (records.length < all.length) {
        const last = told.events.findLast((event) => event.type === 'page');
        assert.ok((!way.isTold || kind === 'unflagged') && last?.byGuess, `${records.length} of ${all.length} records, and nothing says so`);
      }
    }), { numRuns: 30, seed: 12 });
  });
}

describe('a server that gives fewer records than are asked for', () => {
  const counted: readonly (readonly [Way['type'], Readonly<Record<string, unknown>>, Partial<Way>?])[] = [
    ['page-number', { totalPath: '$.total' }], ['offset', { by: 'received', totalPath: '$.total' }], ['offset', { totalPath: '$.total' }],
    ['xml-page', { recordElement: 'record' }, ways.find(({ type }) => type === 'xml-page')!],
  ];
  for (const [type, settings, more = {}] of counted) {
    test(`each record once, or an error: ${type} ${JSON.stringify(settings)}`, async () => {
      await fc.assert(fc.asyncProperty(books, fc.integer({ min: 1, max: 20 }), async (book, above) => {
        const way: Way = { ...more, type, settings: () => ({ ...settings, size: book.size + above }), isTold: true };
        const { records, error } = await receive(way, book);
        if (!error) assert.deepEqual(records, recordsOf(book));
        if (error) assert.deepEqual([['offset', 'xml-page'].includes(type), settings['by'], error.code], [true, undefined, 'REMOTE_FORMAT']);
      }), { numRuns: 40, seed: 14 });
    });
  }
});

describe('the token at every place', () => {
  const cases: readonly (readonly [place: string, settings: Readonly<Record<string, unknown>>, endpoint?: Partial<EndpointManifest>])[] = [
    ['query', { param: 'from' }],
    ['header', { param: 'X-From' }],
    ['cookie', { param: 'from', sizeParam: 'n', sizeIn: 'header', size: 3 }, { headers: { Cookie: 'a=b' } }],
    ['path', { param: 'token', start: '0' }, { path: '/cursor/{{ page.token }}' }],
    ['form', { param: 'from', sizeParam: 'n', size: 3 }, { ...post, body: { format: 'form', template: { q: 'a b' } } }],
    ['body', { param: '$.variables.after' }, { ...post, body: { format: 'json', template: { variables: { shop: 1 } } } }],
    ['url', { path: '$.next' }, { path: '/url' }],
  ];
  for (const [place, settings, endpoint = {}] of cases) {
    test(place, async () => {
      await fc.assert(fc.asyncProperty(books, async (book) => {
        const told = await receive({ type: 'cursor', settings: () => ({ path: '$.token', in: place, ...settings }), endpoint, isTold: true }, book);
        assert.deepEqual([told.error, told.records], [undefined, recordsOf(book)]);
        // The address has its token in its query; the path has one at first already.
        if (book.total > book.size) assert.deepEqual([...told.places], [place === 'url' ? 'query' : place]);
      }), { numRuns: 8, seed: 14 });
    });
  }
});

describe('the records of an answer', () => {
  const typed = (type: string, body: string): RawResponse => text(body, { headers: { 'content-type': type } });
  /** What the endpoint gives, as body and media type of each payload; or the code of an error, and what it says. */
  const cases: readonly (readonly [what: string, records: string | undefined, answer: RawResponse, expected: readonly (readonly [body: unknown, mediaType: string])[] | readonly [code: string, says: RegExp]])[] = [
    ['a list', undefined, json([{ a: 1 }]), [[[{ a: 1 }], 'application/json']]],
    ['a document', undefined, json({ a: 1 }), [[{ a: 1 }, 'application/json']]],
    ['a list in a document', '$.data.orders', json({ data: { orders: [1, 2] } }), [[[1, 2], 'application/json']]],
    ['one record in a document', 'order', json({ order: { a: 1 } }), [[{ a: 1 }, 'application/json']]],
    ['a value that is false', 'value', json({ value: false }), [[false, 'application/json']]],
    ['several places', '$.edges[*].node', json({ edges: [{ node: 1 }, { node: 2 }, {}] }), [[[1, 2], 'application/json']]],
    ['a type of its own', undefined, typed('application/vnd.shop+json', '[1]'), [[[1], 'application/json']]],
    ['no type, but JSON', 'items', text('{"items":[1]}'), [[[1], 'application/json']]],
    ['text', undefined, typed('text/csv; charset=utf-8', 'a,b'), [['a,b', 'text/csv']]],
    ['bytes', undefined, { status: 200, headers: { 'content-type': 'application/pdf' }, body: new Uint8Array([1]) }, [[new Uint8Array([1]), 'application/pdf']]],
    ['an empty list', undefined, json([]), []],
    ['null where the list would be', 'items', json({ items: null }), []],
    ['several places, none there', '$.edges[*].node', json({ edges: [] }), []],
    ['empty text', undefined, typed('text/csv', ''), []],
    ['no content', 'items', text('', { status: 204 }), []],
    ['nothing at the path', 'items', json({ error: 'no rights', code: 7 }), ['REMOTE_FORMAT', /has nothing at "items": it is an object with error, code/]],
    ['a list where a document would be', 'items', json([1, 2]), ['REMOTE_FORMAT', /it is a list of 2/]],
    ['bytes where a list would be', 'items', { status: 200, headers: { 'content-type': 'application/pdf' }, body: new Uint8Array([1]) }, ['REMOTE_FORMAT', /is application\/pdf/]],
    ['JSON that is broken', undefined, typed('application/json', '[1'), ['REMOTE_FORMAT', /\(application\/json\) is not valid JSON: line 1, column 3: The list is not closed\. It begins with "\[1"\.$/]],
    ['JSON with a comma too many', undefined, typed('application/json', '{"orders":[{"id":1},\n]}'), ['REMOTE_FORMAT', /is not valid JSON: line 1, column 20: A comma stands after the last entry, before \]\. It begins/]],
    ['a text that is no JSON', '$.orders', typed('application/json', 'out of order'), ['REMOTE_FORMAT', /\(application\/json\) is not valid JSON; it begins with "out of order"\.$/]],
    ['JSON that is no UTF-8', 'items', { status: 200, headers: { 'content-type': 'application/json' }, body: Uint8Array.of(0x7b, 0xe9) }, ['REMOTE_FORMAT', /^The answer of "it" is no text in utf-8: byte 1 \(0xe9\) begins no character\.$/]],
    ['a page instead of JSON', 'items', typed('text/html', '<h1>Log in</h1>'), ['REMOTE_FORMAT', /^The answer of "it" \(text\/html\) is a web page and no data, perhaps a page to log in; it begins with "<h1>Log in<\/h1>"\.$/]],
    ['a page where anything would be', undefined, typed('text/html; charset=utf-8', '\n<!DOCTYPE html><title>Log in</title>'), ['REMOTE_FORMAT', /is a web page and no data/]],
    ['a page that does not say so', undefined, text('<html lang="en"></html>'), ['REMOTE_FORMAT', /\(of no type\) is a web page/]],
    ['a page that says that it is text', undefined, typed('text/plain', '<!-- 1 -->\n<!doctype html>'), ['REMOTE_FORMAT', /is a web page/]],
    ['JSON that says that it is a page', 'items', typed('text/html', '{"items":[1]}'), [[[1], 'application/json']]],
    ['XML that says that it is a page', undefined, typed('text/html', '<?xml version="1.0"?><a/>'), [['<?xml version="1.0"?><a/>', 'text/html']]],
    ['an empty answer where a list would be', 'items', typed('application/json', ''), ['REMOTE_FORMAT', /^The answer of "it" \(application\/json, status 200\) is empty, where JSON is wanted\.$/]],
    ['an answer of blanks where a list would be', 'items', typed('application/json', ' \n'), ['REMOTE_FORMAT', /is empty, where JSON is wanted/]],
  ];
  for (const [what, records, answer, expected] of cases) {
    test(what, async () => {
      const { bodies, payloads, error } = await call(connectorHost({ endpoint: { ...(records !== undefined && { records }) }, send: () => answer }));
      if (typeof expected[0] === 'string') {
        assert.equal(error?.code, expected[0]);
        assert.match(error!.message, expected[1] as RegExp);
      } else assert.deepEqual([error, bodies.map((body, index) => [body, payloads[index]!.mediaType])], [undefined, expected]);
    });
  }

  test('each page is a payload that knows its number, beside the meta of the one that asked', async () => {
    const pages = [[{ id: 1 }], [], [{ id: 2 }]];
    let count = 0;
    const host = connectorHost({ endpoint: { records: 'items', pagination: { type: 'cursor', settings: { path: 'next' } } }, send: () => json({ items: pages[count++], next: count < 3 ? `t${count}` : null }) });
    const { payloads, events } = await call(host, { payload: createPayload({ id: 'p', body: null, meta: { file: 'x' } }) });
    assert.deepEqual(payloads.map(({ id, meta }) => [id, meta]), [['p', { file: 'x', page: '1' }], ['p', { file: 'x', page: '3' }]]);
    assert.deepEqual(events.filter((event) => event.type === 'page').map(({ index, records, stop }) => [index, records, stop]), [[0, 1, undefined], [1, 0, undefined], [2, 1, 'no-token']]);
  });

  test('the most pages, and whether pages may be alike, are what the connector says beside the pagination', async () => {
    let count = 0;
    const pagination: PaginationUse = { type: 'page-number', settings: { totalPagesPath: 'pages' }, maxPages: 2, checkRepeats: false };
    const ask = (use: PaginationUse, id: () => number): Promise<Called> => call(connectorHost({ endpoint: { records: 'items', pagination: use }, send: () => json({ items: [{ id: id() }], pages: 3 }) }));
    const [limited, alike, strict] = [await ask(pagination, () => count++), await ask({ ...pagination, maxPages: 3 }, () => 1), await ask({ ...pagination, checkRepeats: true }, () => 1)];
    assert.deepEqual([limited, alike, strict].map(({ error, bodies }) => [error?.code, bodies.length]), [['PAGE_LIMIT', 2], [undefined, 3], ['PAGE_REPEATED', 1]]);
  });

  test('a flag for further pages that is missing ends the walk with a warning', async () => {
    const settings = { hasMorePath: '$.meta.more', size: 1 };
    const told = await call(connectorHost({ endpoint: { records: 'items', pagination: { type: 'page-number', settings } }, send: () => json({ items: [{ id: 1 }] }) }));
    assert.deepEqual([told.error, told.bodies.length, told.logs], [undefined, 1, ['Page 1 of "it" does not say whether there are more: it was taken for the last one. Check the path of the flag in the pagination.']]);
  });

  const totals: readonly (readonly [what: string, settings: Readonly<Record<string, unknown>>, answer: RawResponse, logs: readonly string[]])[] = [
    ['at a wrong path', { totalPath: '$.totle' }, json({ items: [{ id: 1 }], total: 1 }), ['$.totle']],
    ['of pages at a wrong path', { totalPagesPath: '$.page', maxPages: 1 }, json({ items: [{ id: 1 }], pages: 1 }), ['$.page']],
    ['that is no number', { totalPath: '$.total', totalPagesPath: '$.pages', size: 2 }, json({ items: [{ id: 1 }], total: 'many', pages: { count: 1 } }), ['$.total', '$.pages']],
    ['that is a text', { totalPath: '$.total' }, json({ items: [{ id: 1 }], total: '1' }), []],
    ['in XML', { totalPath: '$.r.total' }, text('<r><total>1</total><items><id>1</id></items></r>', { headers: { 'content-type': 'text/xml' } }), []],
    ['of no records', { totalPath: '$.total' }, json({ items: [] }), []],
  ];
  for (const [what, settings, answer, paths] of totals) {
    test(`a total ${what} is told, or not`, async () => {
      const records = what === 'in XML' ? '$.r.items' : 'items';
      const told = await call(connectorHost({ endpoint: { records, pagination: { type: 'page-number', settings, checkRepeats: false, stopWhen: '{{ page.index == 1 }}' } }, send: () => answer }));
      assert.deepEqual([told.error, told.logs], [undefined, paths.map((path) => `Page 1 of "it" has no number at "${path}", where the total should be: where the end is was judged without it. Check the path of the total in the pagination.`)]);
    });
  }

  test('each page that is asked for with POST has a key of its own, the same on every attempt', async () => {
    const keys: unknown[] = [];
    const host = connectorHost({
      endpoint: { method: 'POST', idempotencyHeader: 'Idempotency-Key', records: 'items', pagination: { type: 'cursor', settings: { path: 'next' } } },
      send: ({ headers }) => (keys.push(headers['idempotency-key']), keys.length === 2 ? text('', { status: 503 }) : json({ items: [{ id: keys.length }], next: keys.length < 4 ? `t${keys.length}` : null })),
    });
    assert.deepEqual([(await call(host)).error, keys], [undefined, ['run-1:s:p:0', 'run-1:s:p:1', 'run-1:s:p:1', 'run-1:s:p:2']]);
  });

  test('a stopped run ends the job that it has begun, and is stopped all the same where that is refused', async () => {
    for (const status of [200, 500]) {
      const stop = new AbortController();
      const reason = new FlowError('RUN_STOPPED', 'Stopped.');
      const asked: string[] = [];
      const pagination: PaginationUse = { type: 'async-job', settings: { abortPath: '/jobs/{id}', pollPath: '/jobs/{id}' } };
      const host = connectorHost({
        endpoint: { method: 'POST', body: { format: 'json', template: { what: 'all' } }, pagination, retry: { attempts: 0 } },
        send({ method, url, body = '' }) {
          asked.push(`${method} ${new URL(url).pathname} ${String(body)}`);
          if (asked.length === 3) stop.abort(reason);
          return asked.length === 1 ? json({ id: 7 }) : json({ status: 'running' }, { status: method === 'DELETE' ? status : 200 });
        },
      });
      const { error, bodies } = await call(host, { signal: stop.signal });
      assert.deepEqual([error, bodies, asked], [reason, [], ['POST /api/it {"what":"all"}', 'GET /api/jobs/7 ', 'GET /api/jobs/7 ', 'DELETE /api/jobs/7 ']]);
    }
  });

  for (const next of ['http://', 'https://[', 'https://shop.test:99999/']) {
    test(`a next address that cannot be read: ${next}`, async () => {
      const { error, payloads } = await call(connectorHost({ endpoint: { records: 'items', pagination: { type: 'json-link' } }, send: () => json({ items: [{ id: 1 }], next }) }));
      assert.deepEqual([error?.code, payloads.length], ['REMOTE_FORMAT', 1]);
      assert.match(error!.message, /The address of the next page of "it" cannot be read/);
    });
  }
});
