import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, type ErrorCode, type HttpResponse, type Next, type Page, type PageRequest, type Pagination } from '../sdk/index.ts';
import asyncJob from './async-job.ts';
import cursor from './cursor.ts';
import headerLink from './header-link.ts';
import jsonLink from './json-link.ts';
import keyset from './keyset.ts';
import offset from './offset.ts';
import pageNumber from './page-number.ts';
import relativeUri from './relative-uri.ts';
import scroll from './scroll.ts';
import soapSearch from './soap-search.ts';
import { elementText } from './xml.ts';
import xmlPage from './xml-page.ts';

// For every strategy: a server with any number of records and any page size gives each record once, in order.

type Server = (request: PageRequest, records: readonly number[], size: number) => { readonly records: readonly number[]; readonly response?: Partial<HttpResponse> };

const address = 'https://api.test/records';
const number = (text: unknown, otherwise: number): number => (text === undefined ? otherwise : Number(text));
const parameterOf = ({ url }: PageRequest, name: string): string | undefined => (url === undefined ? undefined : (new URL(url).searchParams.get(name) ?? undefined));
const slice = (records: readonly number[], from: number, size: number) => records.slice(from, from + size);

const cases: { title: string; plugin: Pagination; settings: (size: number) => object; server: Server }[] = [
  {
    title: 'page-number until a short page',
    plugin: pageNumber as unknown as Pagination,
    settings: (size) => ({ param: 'page', in: 'query', start: 1, step: 1, size, sizeParam: 'n', skipFirst: false, stopOnEmptyPage: true, stopOnShortPage: true }),
    server: ({ query }, records, size) => ({ records: slice(records, (number(query?.['page'], 1) - 1) * size, size) }),
  },
  {
    title: 'page-number from 0 with total pages, first number left out',
    plugin: pageNumber as unknown as Pagination,
    settings: () => ({ param: 'page', in: 'header', start: 0, step: 1, skipFirst: true, totalPagesPath: 'pages', stopOnEmptyPage: false, stopOnShortPage: true }),
    server: ({ headers }, records, size) => ({ records: slice(records, number(headers?.['page'], 0) * size, size), response: { body: { pages: Math.ceil(records.length / size) } } }),
  },
  {
    title: 'offset by size with a total',
    plugin: offset as unknown as Pagination,
    settings: (size) => ({ param: 'offset', in: 'query', start: 0, sizeParam: 'limit', size, by: 'size', totalPath: 'total', stopOnEmptyPage: true, stopOnShortPage: true }),
    server: ({ query }, records, size) => ({ records: slice(records, number(query?.['offset'], 0), size), response: { body: { total: records.length } } }),
  },
  {
    title: 'offset by what was received, of a server that gives fewer than asked',
    plugin: offset as unknown as Pagination,
    settings: (size) => ({ param: 'from', in: 'body', start: 1, sizeParam: 'limit', size, by: 'received', stopOnEmptyPage: true, stopOnShortPage: false }),
    server: ({ body }, records, size) => ({ records: slice(records, number(body?.['from'], 1) - 1, Math.max(1, size - 2)) }),
  },
  {
    title: 'cursor whose first token is 0',
    plugin: cursor as unknown as Pagination,
    settings: () => ({ from: 'body', path: 'next', header: 'x', param: 'cursor', in: 'query', stopOnEmptyPage: false }),
    server: ({ query }, records, size) => {
      const page = number(query?.['cursor'], -1) + 1;
      return { records: slice(records, page * size, size), response: { body: { next: (page + 1) * size < records.length ? page : null } } };
    },
  },
  {
    title: 'json-link that is only a query',
    plugin: jsonLink as unknown as Pagination,
    settings: () => ({ path: 'next' }),
    server: (request, records, size) => {
      const from = number(parameterOf(request, 'from'), 0);
      return { records: slice(records, from, size), response: { body: { next: from + size < records.length ? `?from=${from + size}` : null } } };
    },
  },
  {
    title: 'header-link beside other links',
    plugin: headerLink as unknown as Pagination,
    settings: () => ({ rel: 'next', header: 'link' }),
    server: (request, records, size) => {
      const from = number(parameterOf(request, 'from'), 0);
      const next = from + size < records.length ? `, <${address}?from=${from + size}>; title="a, b"; rel="next last"` : '';
      return { records: slice(records, from, size), response: { headers: { link: `<${address}>; rel="first"${next}` } } };
    },
  },
];

for (const { title, plugin, settings, server } of cases) {
  test(`every record once, in order: ${title}`, () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 12 }), (total, size) => {
        const records = Array.from({ length: total }, (_, index) => index);
        const { received, requests } = walk(plugin, settings(size) as never, (request) => server(request, records, size));
        assert.deepEqual(received, records);
        assert.ok(requests.length <= Math.ceil(total / Math.max(1, size - 2)) + 1, 'no request too many');
        for (const [index, request] of requests.entries()) assert.deepEqual(plugin.ahead?.at(index, settings(size) as never) ?? request, request, 'pages ahead are the same');
      }),
      { seed: 7 },
    );
  });
}

test('a walk by received records cannot be fetched ahead', () => {
  assert.equal(offset.ahead?.at(3, { param: 'o', in: 'query', start: 0, sizeParam: 'l', size: 5, by: 'received', stopOnEmptyPage: true, stopOnShortPage: true }), undefined);
});

test('a short page is a guess, a flag is not', () => {
  const stop = (settings: object, page: object): Next => pageNumber.next({ request: {}, url: address, index: 0, total: 1, records: [1], response: { status: 200, headers: {}, body: {} }, ...page } as Page, { param: 'page', in: 'query', start: 1, step: 1, skipFirst: false, stopOnEmptyPage: true, stopOnShortPage: true, ...settings } as never, { read, evaluate });
  assert.deepEqual(stop({ size: 2 }, {}), { stop: 'short-page', byGuess: true });
  const answering = (body: object): object => ({ response: { status: 200, headers: {}, body } });
  assert.deepEqual(stop({ size: 2, hasMorePath: 'more' }, answering({ more: false })), { stop: 'has-more-false' });
});

for (const [plugin, settings, going] of [
  [pageNumber, { param: 'page', in: 'query', start: 1, step: 1, skipFirst: false, stopOnEmptyPage: true, stopOnShortPage: true }, {}],
  [offset, { param: 'offset', in: 'query', start: 0, sizeParam: 'limit', size: 5, by: 'size', stopOnEmptyPage: true, stopOnShortPage: true }, {}],
  [cursor, { from: 'body', path: 'next', header: 'x', param: 'cursor', in: 'query', stopOnEmptyPage: false }, { next: 'b' }],
] as const) {
  test(`a flag for further pages: ${plugin.type}`, () => {
    const next = (body: object, more: object = {}): unknown => {
      const told = (plugin as unknown as Pagination).next({ request: {}, url: address, index: 0, total: 1, records: [1], response: { status: 200, headers: {}, body: { ...going, ...body } } }, { ...settings, hasMorePath: 'more', ...more } as never, { read, evaluate });
      return 'request' in told ? 'goes on' : told;
    };
    const cases: readonly (readonly [flag: unknown, expected: unknown])[] = [
      ...[true, 1, 'true', 'yes', 'Y', '1', {}].map((flag) => [flag, 'goes on'] as const),
      ...[false, 0, '', '0', 'false', 'False', 'no', 'N'].map((flag) => [flag, { stop: 'has-more-false' }] as const),
      ...[undefined, null].map((flag) => [flag, { stop: 'has-more-false', byGuess: true }] as const),
    ];
    for (const [more, expected] of cases) assert.deepEqual(next({ more }), expected, JSON.stringify(more));
    // What is certain counts more than a flag that is missing.
    if (plugin === cursor) assert.deepEqual(next({ next: null }), { stop: 'no-token' });
    else assert.deepEqual([next({ pages: 2 }, { totalPagesPath: 'pages' }), next({ total: 2 }, { totalPath: 'total' })], ['goes on', 'goes on']);
  });
}

test('a scroll whose id is the same for all pages', () => {
  const settings = { path: 'id', nextPath: '/next', nextMethod: 'POST', param: 'id', in: 'body', totalPath: 'total' };
  const server = (lost: number) => {
    let count = 0;
    return () => {
      if (count === lost) count++;
      const from = count++ * 3;
      return { records: slice([0, 1, 2, 3, 4, 5, 6, 7], from, 3), response: { body: { id: 'same', total: 8 } } };
    };
  };
  const { received, requests } = walk(scroll as unknown as Pagination, settings as never, server(-1));
  assert.deepEqual([received, requests.length, requests[1]], [[0, 1, 2, 3, 4, 5, 6, 7], 3, requests[2]]);
  // The server counted on while an answer was lost.
  assert.throws(() => walk(scroll as unknown as Pagination, settings as never, server(1)), (error) => FlowError.is(error, 'REMOTE_FORMAT') && /after 5 of 8 records/.test(error.message));
});

const faults: readonly (readonly [what: string, plugin: unknown, settings: object, records: readonly unknown[], body: unknown, code: ErrorCode, says: RegExp])[] = [
  ['a last record without its key', keyset, { key: 'id', param: 'after', in: 'query', stopOnEmptyPage: true, stopOnShortPage: true }, [{ id: 1 }, { no: 2 }], {}, 'REMOTE_FORMAT', /The last record of page 1 has nothing at "id"/],
  ['XML without its total', xmlPage, { param: 'page', start: 1, size: 2, totalElement: 'Total' }, [], '<a><Totals>4</Totals></a>', 'REMOTE_FORMAT', /has no element "Total"/],
  ['a total that is no number', xmlPage, { param: 'page', start: 1, size: 2, totalElement: 'Total' }, [], '<a><Total>many</Total></a>', 'REMOTE_FORMAT', /has "many" in its element "Total"/],
  ['XML that was cut', xmlPage, { param: 'page', start: 1, size: 2, totalElement: 'Total' }, [], '<a><Total>4</Total><b', 'REMOTE_FORMAT', /was cut/],
  ['no XML', xmlPage, { param: 'page', start: 1, size: 2, totalElement: 'Total' }, [], 'Out of order', 'REMOTE_FORMAT', /not XML/],
  ['a search without the number of its pages', soapSearch, { more: '<m/>', searchIdElement: 's', pageIndexElement: 'i', totalPagesElement: 't' }, [], '<a/>', 'REMOTE_FORMAT', /has no element "t"/],
  ['an address with a part that is unknown', relativeUri, { uri: '/a/{nothing}', start: 1, stopOnEmptyPage: true, stopOnShortPage: true }, [1], {}, 'CONFIG_INVALID', /has \{nothing\}/],
  ['an address with a value that is no text', relativeUri, { uri: '/a/{value}', value: 'x', start: 1, stopOnEmptyPage: true, stopOnShortPage: true }, [1], {}, 'CONFIG_INVALID', /has \{value\}/],
];
for (const [what, plugin, settings, records, body, code, says] of faults) {
  test(`an error with a name: ${what}`, () => {
    const page: Page = { request: {}, url: address, index: 0, total: records.length, records, response: { status: 200, headers: {}, body } };
    assert.throws(() => (plugin as Pagination).next(page, settings as never, { read, evaluate: () => ({}) }), (error) => FlowError.is(error, code) && says.test(error.message));
  });
}

const jobs: readonly (readonly [what: string, variables: Readonly<Record<string, string>> | undefined, body: unknown, code: ErrorCode, says: RegExp])[] = [
  ['without an id', undefined, { no: 1 }, 'REMOTE_FORMAT', /has no id at "id"/],
  ['without a status', { jobId: 'a', jobPoll: '1' }, {}, 'REMOTE_FORMAT', /has no status at "status"/],
  ['that failed', { jobId: 'a', jobPoll: '1' }, { status: 'Failed' }, 'REMOTE_STATUS', /The job a ended with "Failed"/],
  ['with a status of which nothing is said', { jobId: 'a', jobPoll: '1' }, { status: 'PAUSED' }, 'REMOTE_FORMAT', /has the status "PAUSED", of which nothing is said/],
  ['that is never done', { jobId: 'a', jobPoll: '3' }, { status: 'running' }, 'REMOTE_TIMEOUT', /not done after 3 questions, 6 s/],
  ['whose files are no addresses', { jobId: 'a', jobPoll: '1' }, { status: 'DONE', files: [7] }, 'REMOTE_FORMAT', /are no addresses/],
];
for (const [what, variables, body, code, says] of jobs) {
  test(`a job ${what}`, () => {
    const settings = { idPath: 'id', pollPath: '/jobs/{id}', statusPath: 'status', done: ['done'], failed: ['failed'], pollMs: 2000, mostPolls: 3, filesPath: 'files', filePath: '/f', running: ['running'], abortPath: '/jobs/{id}/end', abortMethod: 'POST' as const };
    const page: Page = { request: variables ? { variables } : {}, url: address, index: 0, total: 0, records: [], response: { status: 200, headers: {}, body } };
    assert.throws(() => asyncJob.next(page, settings, { read, evaluate }), (error) => FlowError.is(error, code) && says.test(error.message));
  });
}

test('what ends a job: only where it has begun, and its files are not yet there', () => {
  const settings = { idPath: 'id', pollPath: '/jobs/{id}', statusPath: 'status', done: ['done'], failed: [], pollMs: 2000, mostPolls: 3, filePath: '/f', abortPath: '/jobs/{id}/end', abortMethod: 'POST' as const };
  const { abortPath: _path, ...without } = settings;
  const poll: PageRequest = { variables: { jobId: 'a/1', jobPoll: '1' } };
  assert.deepEqual(asyncJob.abandon!(poll, settings), { method: 'POST', path: '/jobs/a%2F1/end', without: ['*'], wholeBody: '' });
  assert.deepEqual([asyncJob.abandon!({}, settings), asyncJob.abandon!({ variables: { jobLeft: '[]', jobFile: '0' } }, settings), asyncJob.abandon!(poll, without)], [undefined, undefined, undefined]);
});

test('the text of an element', () => {
  const cases: readonly (readonly [xml: string, text: string | undefined])[] = [
    ['<a><n>1</n></a>', '1'], ['<a><x:n xmlns:x="u"> 1\n</x:n></a>', '1'], ['<a><n b="2>1">1</n></a>', '1'], ['<a><n>1>', undefined], ['<a><n/></a>', ''], ['<a><n></n></a>', ''], ['<a><nn>2</nn><n>1</n></a>', '1'], ['<a/>', undefined],
    ['<a><n>a &amp;&lt;&#33;&#x21; &unknown;</n></a>', 'a &<!! &unknown;'], ['<a><n><![CDATA[a<b]]></n></a>', 'a<b'], ['<a><b.n>2</b.n><n>1</n></a>', '1'],
  ];
  for (const [xml, text] of cases) assert.equal(elementText(xml, 'n'), text, xml);
});

function walk(plugin: Pagination, settings: never, server: (request: PageRequest) => ReturnType<Server>): { received: unknown[]; requests: PageRequest[] } {
  const received: unknown[] = [];
  const requests: PageRequest[] = [];
  let request = plugin.first(settings);
  for (let index = 0; index < 1000; index++) {
    requests.push(request);
    const { records, response } = server(request);
    received.push(...records);
    const next = plugin.next({ request, url: request.url ?? address, index, records, total: received.length, response: { status: 200, headers: {}, body: undefined, ...response } }, settings, { read, evaluate });
    if ('stop' in next) return { received, requests };
    request = next.request;
  }
  throw new Error('the walk does not end');
}

const evaluate = (): never => assert.fail('no strategy of this test has expressions');

/** Names only: the paths of this test have no other parts. */
function read(document: unknown, path: string): unknown {
  return (document as Record<string, unknown> | undefined)?.[path];
}

test('async-job: files that are left go along in little room, and come in their order', () => {
  const signed = (index: number): string => `https://files.test/export/2024/part-${index}.json?X-Amz-Date=20240131&X-Amz-Credential=${'k'.repeat(200)}`;
  for (const files of [[signed(1)], Array.from({ length: 30 }, (_, index) => signed(index)), ['https://a.test/é1', 'https://a.test/é'], ['https://a.test/aa', 'https://a.test/aa', 'https://a.test/aaa']]) {
    const settings = { idPath: 'id', pollPath: '/jobs/{id}', statusPath: 'status', done: ['done'], failed: [], pollMs: 2000, mostPolls: 3, filesPath: '$', filePath: '/f', abortMethod: 'POST' } as never;
    const context = { read: (value: unknown) => value } as never;
    let page = { index: 0, total: 0, records: [], url: 'https://a.test/', request: { variables: { jobId: '1', jobPoll: '1' } }, response: { status: 200, headers: {}, body: files } };
    const read = { read: (_value: unknown, path: string) => (path === '$' ? files : 'done') } as never;
    const seen: (string | undefined)[] = [];
    for (let left = 50; left > 0; left--) {
      const next = asyncJob.next(page as never, settings, page.index === 0 ? read : context);
      if ('stop' in next) break;
      seen.push(next.request.url);
      assert.ok(JSON.stringify(next.request.variables).length < 700, 'room');
      page = { ...page, index: page.index + 1, request: next.request as never };
    }
    assert.deepEqual(seen, files.map((file) => new URL(file).href));
  }
});
