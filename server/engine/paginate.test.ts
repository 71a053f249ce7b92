import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import cursor from '../../plugins/pagination/cursor.ts';
import pageNumber from '../../plugins/pagination/page-number.ts';
import singlePage from '../../plugins/pagination/single-page.ts';
import { FlowError, type HttpRequest, type HttpResponse, type Next, type Page, type PageContext, type Pagination } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import { walkPages, type PageWalk, type WalkedPage } from './paginate.ts';

interface Walk extends Partial<Pick<PageWalk, 'ahead' | 'aheadBytes' | 'from' | 'maxPages' | 'checkRepeats'>> {
  readonly pagination?: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of each answer. */
  readonly bytes?: number;
  readonly signal?: AbortSignal;
  /** Answers by the query of the request. */
  readonly answer: (query: string, signal: AbortSignal) => unknown;
  /** Whether to take another page after this one. */
  readonly takes?: (page: WalkedPage, asked: readonly string[]) => boolean | Promise<boolean>;
}

const numbered = { param: 'page', in: 'query', start: 1, step: 1, skipFirst: false, stopOnEmptyPage: true, stopOnShortPage: true };
const tokens = { from: 'body', path: '$.next', header: 'x', param: 'cursor', in: 'query', stopOnEmptyPage: false };

const context: PageContext = { read: (document, path) => compilePath(path).get(document), evaluate: () => assert.fail('no expression here') };

interface Walked {
  readonly pages: readonly WalkedPage[];
  /** Queries, in the order in which they were asked. */
  readonly asked: readonly string[];
  readonly error: unknown;
  /** Requests that were ended before they had an answer. */
  readonly ended: number;
}

async function walk({ pagination = pageNumber, settings, bytes, signal = new AbortController().signal, answer, takes = () => true, ...more }: Walk): Promise<Walked> {
  const pages: WalkedPage[] = [];
  const asked: string[] = [];
  let ended = 0;
  let error: unknown;
  try {
    const walked = walkPages({
      endpoint: 'orders', pagination: pagination as Pagination, settings, context, signal, ...more, sleep: async () => undefined,
      build: async ({ query = {}, url = 'https://shop.test/', body }): Promise<HttpRequest> => ({ method: 'GET', url: `${url}?${new URLSearchParams(query as Record<string, string>).toString()}`, headers: {}, ...(body && { body: JSON.stringify(body) }) }),
      async send({ url }, given) {
        const query = url.slice(url.indexOf('?') + 1);
        asked.push(query);
        given.addEventListener('abort', () => ended++);
        const body = await answer(query, given);
        const response: HttpResponse = body === undefined ? { status: 204, headers: {}, body: '' } : { status: 200, headers: {}, body };
        return { response, url, ...(bytes !== undefined && { size: bytes }), ...(isObject(body) && body['meaning'] === 'new-paging' && { meaning: 'new-paging' as const }) };
      },
      recordsOf: ({ body }) => (body as { items: unknown[] }).items,
    });
    for await (const page of walked) {
      pages.push(page);
      if (!(await takes(page, asked))) break;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { pages, asked, error, ended };
}

const pageOf = (query: string): number => Number(new URLSearchParams(query).get('page'));
/** Pages of two records each. */
const items = (page: number, count = 2): object[] => Array.from({ length: count }, (_, index) => ({ id: page * 10 + index }));
const stopOf = ({ pages }: Walked): unknown => [pages.at(-1)?.stop, pages.at(-1)?.byGuess];

describe('the last page', () => {
  test('is named, and marked where it is a guess', async () => {
    const told = await walk({ settings: { ...numbered, size: 2 }, answer: (query) => ({ items: items(pageOf(query), pageOf(query) === 3 ? 1 : 2) }) });
    assert.deepEqual([told.pages.length, stopOf(told)], [3, ['short-page', true]]);
    const sure = await walk({ settings: { ...numbered, totalPagesPath: '$.pages' }, answer: (query) => ({ items: items(pageOf(query)), pages: 2 }) });
    assert.deepEqual([sure.pages.length, stopOf(sure)], [2, ['total-pages', undefined]]);
    const single = await walk({ pagination: singlePage, settings: {}, answer: () => ({ items: [1] }) });
    assert.deepEqual([single.asked.length, stopOf(single)], [1, ['single-page', undefined]]);
  });

  test('is one that has no content', async () => {
    const told = await walk({ settings: { ...numbered, stopOnEmptyPage: false }, answer: (query) => (pageOf(query) === 2 ? undefined : { items: items(pageOf(query)) }) });
    assert.deepEqual([told.pages.length, told.pages.at(-1)?.records, stopOf(told)], [2, [], ['status', undefined]]);
  });
});

describe('a server that leads in a circle', () => {
  const circles: readonly (readonly [what: string, next: (token: string | null, count: number) => unknown, asked: number])[] = [
    ['the same token again', () => 'a', 2],
    ['A B A B', (token) => (token === 'a' ? 'b' : 'a'), 3],
    ['a longer one', (_, count) => `t${count % 5}`, 6],
    ['the token 0 again', () => 0, 2],
  ];
  for (const [what, next, asked] of circles) {
    test(`${what}, with other records each time`, async () => {
      let count = 0;
      const told = await walk({ pagination: cursor, settings: tokens, answer: (query) => ({ items: items(count), next: next(new URLSearchParams(query).get('cursor'), count++) }) });
      assert.ok(FlowError.is(told.error, 'PAGE_REPEATED'), String(told.error));
      // Nothing turns this check off.
      assert.match(told.error.remedy, /names the next page/);
      assert.doesNotMatch(told.error.remedy, /checkRepeats/);
      assert.equal(told.asked.length, asked);
    });
  }

  test('a page that is not heeded: the same records under other requests', async () => {
    const told = await walk({ settings: numbered, answer: () => ({ items: items(1) }) });
    assert.ok(FlowError.is(told.error, 'PAGE_REPEATED'), String(told.error));
    assert.match(told.error.message, /Page 2 of "orders" has the records of page 1/);
    assert.match(told.error.remedy, /`checkRepeats`/);
    assert.equal(told.pages.length, 1);
  });

  test('pages that differ in a single record are other pages', async () => {
    const told = await walk({ settings: { ...numbered, totalPagesPath: '$.pages' }, answer: (query) => ({ items: [{ id: 1 }, { id: pageOf(query) }, { id: 1 }, { id: 1 }, { id: 1 }], pages: 3 }) });
    assert.deepEqual([told.error, told.pages.length], [undefined, 3]);
  });

  test('pages that may be alike are taken where the connector says so', async () => {
    const told = await walk({ settings: { ...numbered, totalPagesPath: '$.pages' }, checkRepeats: false, answer: () => ({ items: items(1), pages: 3 }) });
    assert.deepEqual([told.error, told.pages.length], [undefined, 3]);
    // The same request again is a circle all the same.
    const circle = await walk({ pagination: cursor, settings: tokens, checkRepeats: false, answer: () => ({ items: items(1), next: 'a' }) });
    assert.ok(FlowError.is(circle.error, 'PAGE_REPEATED'), String(circle.error));
  });

  test('plain values may well come twice', async () => {
    const told = await walk({ settings: { ...numbered, totalPagesPath: '$.pages' }, answer: () => ({ items: ['sold', 'sold'], pages: 4 }) });
    assert.deepEqual([told.error, told.pages.length], [undefined, 4]);
  });

  test('the same address with another body is another page', async () => {
    const told = await walk({ settings: { ...numbered, in: 'body', totalPagesPath: '$.pages', skipFirst: true }, answer: () => ({ items: ['x'], pages: 3 }) });
    assert.deepEqual([told.error, told.pages.length], [undefined, 3]);
  });
});

describe('what a strategy may say beside the next request', () => {
  const strategy = (next: (page: Page) => Next, more: Partial<Pagination> = {}): Pagination => ({ ...(singlePage as unknown as Pagination), ...more, next: (page) => next(page) });

  test('the records of a page come again: they are neither given nor counted', async () => {
    const totals: number[] = [];
    const pagination = strategy(({ index, total }) => (totals.push(total), index === 3 ? { stop: 'last-window' } : { request: { query: { n: String(index) } }, ...(index % 2 === 0 && { again: true as const }) }));
    const told = await walk({ pagination, settings: {}, answer: (query) => ({ items: query === 'n=0' ? items(0) : items(totals.length) }) });
    assert.deepEqual([told.error, told.pages.map(({ records }) => records.length), totals, told.pages.map(({ next }) => next?.total)], [undefined, [0, 2, 0, 2], [2, 2, 4, 4], [0, 2, 2, undefined]]);
  });

  test('records that were on a page before are neither given nor counted, but seen', async () => {
    const totals: number[] = [];
    const pagination = strategy(({ index, total, records }) => (totals.push(total, records.length), index === 1 ? { stop: 'last-window' } : { request: { query: { n: '1' } } }), { fresh: ({ index, records }) => records.slice(index) });
    const told = await walk({ pagination, settings: {}, answer: (query) => ({ items: items(query === '' ? 0 : 1) }) });
    assert.deepEqual([told.error, told.pages.map(({ records }) => records.length), totals], [undefined, [2, 1], [2, 2, 3, 2]]);
  });

  for (const [what, reason, asks] of [['stopped', new FlowError('RUN_STOPPED', 'Stopped.'), true], ['put aside, and goes on later', new FlowError('RUN_STOPPED', 'Later.', { details: { goesOn: true } }), false], ['tried again', new FlowError('REMOTE_TIMEOUT', 'Late.'), false]] as const) {
    test(`where the run is ${what}, the other system is ${asks ? '' : 'not '}told`, async () => {
      const stop = new AbortController();
      const pagination = strategy(({ index }) => ({ request: { query: { poll: String(index) } }, again: true }), { abandon: ({ query }) => ({ query: { ...query, end: '1' } }) });
      const told = await walk({
        pagination, settings: {}, signal: stop.signal,
        answer: (query, signal) => (query !== 'poll=2' ? { items: [] } : new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          stop.abort(reason);
        })),
      });
      assert.deepEqual([told.error, told.asked], [reason, ['', 'poll=0', 'poll=1', 'poll=2', ...(asks ? ['poll=2&end=1'] : [])]]);
    });
  }

  test('where paging began anew, the other system is told once: of what was under way last', async () => {
    const stop = new AbortController();
    const reason = new FlowError('RUN_STOPPED', 'Stopped.');
    let jobs = 0;
    const pagination = strategy(({ request: { query = {} }, response: { body } }) => ({ request: { query: { job: query['job'] ?? String((body as { job: number }).job), n: String(Number(query['n'] ?? 0) + 1) } }, again: true }), { abandon: ({ query }) => (query === undefined ? undefined : { query: { end: query['job']! } }) });
    const told = await walk({
      pagination, settings: {}, signal: stop.signal,
      answer(query, signal) {
        if (query === '') return { items: [], job: ++jobs };
        if (query === 'job=1&n=2') return { items: [], meaning: 'new-paging' };
        if (query !== 'job=2&n=2') return { items: [] };
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          stop.abort(reason);
        });
      },
    });
    assert.deepEqual([told.error, told.asked], [reason, ['', 'job=1&n=1', 'job=1&n=2', '', 'job=2&n=1', 'job=2&n=2', 'end=2']]);
  });

  test('the same request gives one page after the other', async () => {
    let count = 0;
    const next = ({ records }: Page): Next => (records.length === 0 ? { stop: 'empty-page' } : { request: {} });
    const told = await walk({ pagination: strategy(next, { repeatsRequests: true }), settings: {}, answer: () => ({ items: count++ < 3 ? items(count) : [] }) });
    assert.deepEqual([told.error, told.asked.length, told.pages.length], [undefined, 4, 4]);
    // The same records are a circle all the same.
    const circle = await walk({ pagination: strategy(next, { repeatsRequests: true }), settings: {}, answer: () => ({ items: items(1) }) });
    assert.ok(FlowError.is(circle.error, 'PAGE_REPEATED'), String(circle.error));
  });
});

describe('a walk that does not end', () => {
  const endless = { ...numbered, stopOnEmptyPage: false, stopOnShortPage: false };
  for (const [what, answer] of [['other records for ever', (query: string) => ({ items: items(pageOf(query)) })], ['empty pages for ever', () => ({ items: [] })]] as const) {
    test(`${what}: it ends with an error after the most pages, all of which are given`, async () => {
      const told = await walk({ settings: endless, maxPages: 20, answer });
      assert.ok(FlowError.is(told.error, 'PAGE_LIMIT'), String(told.error));
      assert.match(told.error.message, /"orders" has more than 20 pages/);
      assert.deepEqual([told.pages.length, told.asked.length, told.pages.at(-1)?.next?.index], [20, 20, 20]);
    });
  }

  test('the most pages are enough for an endpoint that has so many', async () => {
    const told = await walk({ settings: { ...numbered, totalPagesPath: '$.pages' }, maxPages: 3, answer: (query) => ({ items: items(pageOf(query)), pages: 3 }) });
    assert.deepEqual([told.error, told.pages.length], [undefined, 3]);
  });

  test('by default there are 100,000', async () => {
    const from = { index: 99_998, request: { query: { page: '99999' } }, total: 0 };
    const told = await walk({ settings: endless, from, answer: (query) => ({ items: items(pageOf(query)) }) });
    assert.deepEqual([FlowError.is(told.error, 'PAGE_LIMIT'), told.pages.length], [true, 2]);
  });
});

describe('pages ahead', () => {
  const turn = (): Promise<void> => new Promise(setImmediate);
  /** Pages that do not come before they are let go. */
  const held = () => {
    const doors = new Map<number, PromiseWithResolvers<void>>();
    const door = (page: number): PromiseWithResolvers<void> => {
      const found = doors.get(page) ?? Promise.withResolvers<void>();
      doors.set(page, found);
      return found;
    };
    return { wait: (page: number) => door(page).promise, open: (page: number) => door(page).resolve() };
  };

  /** How many were asked for when each page was taken. */
  const askedBy = async (settings: object, last: number): Promise<{ readonly told: Walked; readonly counts: readonly number[] }> => {
    const counts: number[] = [];
    const told = await walk({
      settings: { ...numbered, ...settings }, ahead: 4, takes: async (_, asked) => (await turn(), counts.push(asked.length) > 0),
      answer: (query) => ({ items: items(pageOf(query), pageOf(query) >= last ? 1 : 2), pages: last }),
    });
    return { told, counts };
  };

  test('as many as may be where the end is known, and none beyond it', async () => {
    const { told, counts } = await askedBy({ totalPagesPath: '$.pages' }, 9);
    assert.deepEqual([told.pages.map(({ index }) => index), counts], [[0, 1, 2, 3, 4, 5, 6, 7, 8], [5, 6, 7, 8, 9, 9, 9, 9, 9]]);
  });

  test('few at first where it is not', async () => {
    const { told, counts } = await askedBy({ size: 2 }, 9);
    assert.deepEqual([told.pages.length, counts], [9, [2, 3, 5, 6, 8, 9, 11, 12, 12]]);
  });

  for (const [what, bytes, counts] of [['small', 5, [5, 6, 7, 8, 9]], ['large', 30, [4, 5, 6, 7, 8]], ['too large', 1_000, [2, 3, 4, 5, 6]]] as const) {
    test(`no more of them than may be kept at a time: ${what} ones`, async () => {
      const found: number[] = [];
      await walk({
        settings: { ...numbered, totalPagesPath: '$.pages' }, ahead: 4, aheadBytes: 100, bytes,
        takes: async (_, asked) => (await turn(), found.push(asked.length) < 5),
        answer: (query) => ({ items: items(pageOf(query)), pages: 90 }),
      });
      assert.deepEqual(found, counts);
    });
  }

  test('in order, whatever comes first', async () => {
    const gate = held();
    const going = walk({
      settings: { ...numbered, totalPagesPath: '$.pages' }, ahead: 9,
      answer: async (query) => {
        const page = pageOf(query);
        // The last comes first, the second last.
        if (page === 5) for (const other of [4, 3, 2]) gate.open(other);
        if (page > 1 && page < 5) await gate.wait(page);
        return { items: items(page), pages: 5 };
      },
    });
    assert.deepEqual((await going).pages.map(({ records }) => records), [1, 2, 3, 4, 5].map((page) => items(page)));
  });

  test('of a cursor, the next page is asked for while the one before is in work, and no more than that', async () => {
    const counts: number[] = [];
    const gate = held();
    const told = await walk({
      pagination: cursor, settings: tokens,
      answer: async (query) => {
        const page = Number(new URLSearchParams(query).get('cursor') ?? 0);
        // It is on its way, however long the page before is looked at.
        if (page > 0) await gate.wait(page);
        return { items: items(page), next: page < 4 ? String(page + 1) : null };
      },
      takes: async ({ index }, asked) => (await turn(), counts.push(asked.length), gate.open(index + 1), true),
    });
    assert.deepEqual([told.error, told.pages.map(({ index }) => index), counts], [undefined, [0, 1, 2, 3, 4], [2, 3, 4, 5, 5]]);
  });

  test('an error of a page ahead is told after the pages before it', async () => {
    const told = await walk({
      settings: { ...numbered, totalPagesPath: '$.pages' },
      answer: (query) => {
        if (pageOf(query) === 3) throw new FlowError('REMOTE_STATUS', 'Out of order.');
        return { items: items(pageOf(query)), pages: 5 };
      },
    });
    assert.ok(FlowError.is(told.error, 'REMOTE_STATUS'));
    assert.deepEqual(told.pages.map(({ index }) => index), [0, 1]);
  });

  test('an error beyond the last page is nobody’s business', async () => {
    const told = await walk({
      settings: { ...numbered, size: 2 },
      answer: async (query) => {
        const page = pageOf(query);
        if (page > 6) throw new FlowError('REMOTE_REJECTED', 'There is no such page.');
        await turn();
        return { items: items(page, page === 6 ? 1 : 2) };
      },
    });
    assert.deepEqual([told.error, told.pages.length, stopOf(told)], [undefined, 6, ['short-page', true]]);
  });

  test('who takes no more pages ends those that are on their way', async () => {
    const told = await walk({
      settings: { ...numbered, totalPagesPath: '$.pages' }, takes: () => false,
      answer: (query, signal) => (pageOf(query) === 1 ? { items: items(1), pages: 20 } : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))),
    });
    assert.deepEqual([told.error, told.pages.length], [undefined, 1]);
    assert.equal(told.ended, told.asked.length);
    assert.ok(told.asked.length > 2, 'there were some');
  });

  test('a run that is stopped ends them too, with its reason', async () => {
    const stop = new AbortController();
    const reason = new FlowError('RUN_STOPPED', 'Stopped.');
    const told = await walk({
      settings: { ...numbered, totalPagesPath: '$.pages' }, signal: stop.signal, takes: () => (stop.abort(reason), true),
      answer: (query, signal) => (pageOf(query) === 1 ? { items: items(1), pages: 20 } : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))),
    });
    assert.deepEqual([told.error, told.pages.length], [reason, 1]);
  });

  test('a strategy that foretells other requests than it makes is at fault', async () => {
    const liar = { ...pageNumber, ahead: { at: (index: number) => ({ query: { page: `wrong ${index}` } }) } };
    const told = await walk({ pagination: liar, settings: { ...numbered, totalPagesPath: '$.pages' }, answer: (query) => ({ items: [{ id: query }], pages: 9 }) });
    assert.ok(FlowError.is(told.error, 'INTERNAL'), String(told.error));
  });
});
