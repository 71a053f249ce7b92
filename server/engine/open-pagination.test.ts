import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import xml from '../../plugins/converters/xml.ts';
import { FlowError, type HttpRequest, type Plugin, type ScriptResult } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, text, type Call, type Called } from '../../test/support/connector-host.ts';
import type { EndpointManifest, PaginationUse, PluginUse } from '../model/connector.ts';
import type { RawResponse } from './host.ts';
import { openContext } from './open-context.ts';
import { openStepContext } from './step-context.ts';

interface Given extends Call {
  readonly pagination: PaginationUse;
  readonly env?: Readonly<Record<string, unknown>>;
  /** The answer of page n, from 0; default two orders, the newest first, and no end. */
  readonly answer?: (page: number) => RawResponse;
  readonly it?: Partial<EndpointManifest>;
  readonly plugins?: readonly Plugin[];
}

const orders = (page: number, more: object = {}): RawResponse => json({ orders: [0, 1].map((at) => ({ id: 100 - page * 2 - at, at: new Date(Date.UTC(2024, 0, 31 - page * 2 - at)).toISOString() })), next: `t${page + 1}`, ...more });

async function ask({ pagination, env = {}, answer = orders, it, plugins = [], ...more }: Given): Promise<Called & { readonly seen: readonly HttpRequest[]; readonly stop: readonly unknown[] }> {
  const seen: HttpRequest[] = [];
  const options = { endpoint: { records: '$.orders', params: { since: { type: 'string' } }, pagination, ...it }, env, plugins, send: (request: HttpRequest) => answer(seen.push(request) - 1) };
  const called = await call(connectorHost(options), more);
  const last = called.events.findLast((event) => event.type === 'page');
  return { ...called, seen, stop: [seen.length, last?.stop, last?.byGuess] };
}

const cursor: PaginationUse = { type: 'cursor', settings: { path: '$.next' }, maxPages: 9 };

describe('stops beside the strategy', () => {
  const cases: readonly (readonly [what: string, given: Given, stop: readonly unknown[]])[] = [
    ['an expression over the answer', { pagination: { ...cursor, stopWhen: '{{ response.last }}' }, answer: (page) => orders(page, { last: page === 2 }) }, [3, 'stop-expression', undefined]],
    ['over its headers', { pagination: { ...cursor, stopWhen: '{{ headers["x-last"] == "yes" }}' }, answer: (page) => ({ ...orders(page), headers: { 'content-type': 'application/json', 'x-last': page === 1 ? 'yes' : 'no' } }) }, [2, 'stop-expression', undefined]],
    ['over the last record', { pagination: { ...cursor, stopWhen: '{{ record.id < 97 }}' } }, [3, 'stop-expression', undefined]],
    ['over the page', { pagination: { ...cursor, stopWhen: '{{ page.total >= 4 && page.size == 2 && page.index == 1 && page.status == 200 }}' } }, [2, 'stop-expression', undefined]],
    ['over what is the same for all pages', { pagination: { ...cursor, stopWhen: '{{ page.total >= env.most }}' }, env: { most: 6 } }, [3, 'stop-expression', undefined]],
    ['what is not there is not true', { pagination: { ...cursor, stopWhen: '{{ response.nothing }}' }, answer: (page) => orders(page, page === 2 ? { next: null } : {}) }, [3, 'no-token', undefined]],
    ['a record older than a time', { pagination: { ...cursor, olderThan: { path: '$.at', value: '{{ params.since }}' } }, params: { since: '2024-01-28T12:00:00Z' } }, [2, 'older-record', undefined]],
    ['a record as old as the time is not older', { pagination: { ...cursor, olderThan: { path: '$.at', value: '2024-01-28' } } }, [3, 'older-record', undefined]],
    ['a time with another zone', { pagination: { ...cursor, olderThan: { path: '$.at', value: '2024-01-28T00:30:00+01:00' } } }, [3, 'older-record', undefined]],
    ['a number with more digits', { pagination: { ...cursor, olderThan: { path: 'id', value: '100' } } }, [1, 'older-record', undefined]],
    ['a record with a lower number', { pagination: { ...cursor, olderThan: { path: 'id', value: '96' } } }, [3, 'older-record', undefined]],
    ['pages of a test', { pagination: cursor, testPages: 2 }, [2, 'test-budget', undefined]],
    ['a page of a test that is the last one all the same', { pagination: cursor, testPages: 2, answer: (page) => orders(page, page === 1 ? { next: null } : {}) }, [2, 'no-token', undefined]],
    ['a status', { pagination: { ...cursor, stopStatuses: [404, 410] }, answer: (page) => (page === 2 ? text('Gone', { status: 410 }) : orders(page)) }, [3, 'status', undefined]],
    ['a status of the first page', { pagination: { ...cursor, stopStatuses: [404] }, answer: () => text('None', { status: 404 }) }, [1, 'status', undefined]],
    ['pages ahead know of them', { pagination: { type: 'page-number', settings: { totalPagesPath: '$.pages' }, stopWhen: '{{ page.index >= 1 }}' }, answer: (page) => orders(page, { pages: 9 }) }, [2, 'stop-expression', undefined]],
  ];
  for (const [what, given, stop] of cases) {
    test(what, async () => {
      const told = await ask(given);
      assert.deepEqual([told.error, told.stop], [undefined, stop]);
      assert.equal(told.payloads.length, stop[1] === 'status' ? told.seen.length - 1 : told.seen.length, 'the last page is given, too');
    });
  }

  test('a status that is not declared is an error', async () => {
    const { error, payloads } = await ask({ pagination: { ...cursor, stopStatuses: [404] }, answer: (page) => (page === 1 ? text('Gone', { status: 410 }) : orders(page)) });
    assert.deepEqual([error?.code, payloads.length], ['REMOTE_REJECTED', 1]);
  });
});

/** Three pages of two orders, with all that can lead on, written in some format. */
const written: Readonly<Record<string, { readonly decoder?: PluginUse; answer(fields: Readonly<Record<string, unknown>>): RawResponse }>> = {
  JSON: { answer: (fields) => json({ o: fields }) },
  'JSON of no type': { answer: (fields) => text(JSON.stringify({ o: fields })) },
  'XML with a decoder': { decoder: { type: 'xml' }, answer: (fields) => text(inXml({ o: fields }), { headers: { 'content-type': 'text/plain' } }) },
  'XML by its type': { answer: (fields) => text(inXml({ o: fields }), { headers: { 'content-type': 'text/xml' } }) },
  SOAP: { answer: (fields) => text(inXml({ 's:Envelope': { 's:Body': { o: fields } } }).replace('Envelope', 'Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'), { headers: { 'content-type': 'application/soap+xml' } }) },
};

const inXml = (value: unknown): string => Object.entries(value as object).map(([name, item]: [string, unknown]) => [item].flat().map((one) => `<${name}>${typeof one === 'object' && one !== null ? inXml(one) : String(one ?? '')}</${name}>`).join('')).join('');

describe('what leads on stands in the answer, whatever it is written in', () => {
  const ids = (page: number): object[] => [{ id: page * 2 }, { id: page * 2 + 1 }];
  const at = (page: number): Readonly<Record<string, unknown>> => ({ at: page, next: page === 2 ? null : page + 1, link: page === 2 ? null : `/api/it?p=${page + 1}`, more: page < 2, done: page === 2, total: 6, pages: 3, i: ids(page) });
  const uses: readonly (readonly [what: string, use: PaginationUse, stop: string])[] = [
    ['a token', { type: 'cursor', settings: { path: '$.o.next' } }, 'no-token'],
    ['a flag', { type: 'cursor', settings: { path: '$.o.at', hasMorePath: '$.o.more' } }, 'has-more-false'],
    ['a flag of the end', { type: 'page-number', settings: { donePath: '$.o.done' } }, 'done'],
    ['a flag for numbers', { type: 'page-number', settings: { hasMorePath: '$.o.more' } }, 'has-more-false'],
    ['a total', { type: 'page-number', settings: { totalPath: '$.o.total' } }, 'total-records'],
    ['a total of pages', { type: 'page-number', settings: { totalPagesPath: '$.o.pages' } }, 'total-pages'],
    ['a total, for an offset', { type: 'offset', settings: { size: 2, totalPath: '$.o.total' } }, 'total-records'],
    ['an address', { type: 'json-link', settings: { path: '$.o.link' } }, 'no-link'],
    ['an address whose query counts', { type: 'link-as-query', settings: { path: '$.o.link' } }, 'no-link'],
    ['a scroll', { type: 'scroll', settings: { path: '$.o.next', totalPath: '$.o.total' } }, 'total-records'],
    ['the last record and a flag', { type: 'keyset', settings: { key: '$.id', hasMorePath: '$.o.more' } }, 'has-more-false'],
    ['an expression', { type: 'expression', settings: { token: '{{ response.o.next }}' } }, 'no-token'],
    ['an address that an expression gives', { type: 'relative-uri', settings: { uri: 'it/{value}', value: '{{ response.o.next }}' } }, 'no-token'],
    ['an expression beside the strategy', { type: 'page-number', settings: {}, stopWhen: '{{ response.o.done }}' }, 'stop-expression'],
    ['a script', { type: 'script', settings: { script: 'scripts/next.ts' } }, 'script'],
  ];
  const nextOf = (input: unknown): ScriptResult => {
    const [, next] = /"next":"?(\d)/.exec(JSON.stringify((input as { readonly response: unknown }).response)) ?? [];
    return { output: next === undefined ? null : { query: { p: next } } };
  };
  const script: NonNullable<Given['script']> = async () => ({ run: async (inputs) => inputs.map(nextOf), async [Symbol.asyncDispose]() {} });
  for (const [format, { decoder, answer }] of Object.entries(written)) {
    for (const [what, use, stop] of uses) {
      test(`${what}, in ${format}`, async () => {
        // In an envelope, all paths are longer.
        const inside = <T>(value: T): T => (format === 'SOAP' ? JSON.parse(JSON.stringify(value).replaceAll('$.o.', '$.Envelope.Body.o.').replaceAll('response.o.', 'response.Envelope.Body.o.')) as T : value);
        const told = await ask({ pagination: inside(use), answer: (page) => answer(at(page)), it: { records: inside('$.o.i'), ...(decoder && { decoder }) }, script });
        assert.deepEqual([told.error?.message, told.stop], [undefined, [3, stop, undefined]]);
        assert.deepEqual(told.bodies.flat().map((record) => Number((record as { readonly id: unknown }).id)), [0, 1, 2, 3, 4, 5]);
      });
    }
  }

  test('a job', async () => {
    const bodies = ['<j><id>7</id></j>', '<j><state>new</state></j>', '<j><state>done</state></j>', '<o><i><id>1</id></i></o>'];
    const told = await ask({ pagination: { type: 'async-job', settings: { idPath: '$.j.id', statusPath: '$.j.state' } }, answer: (page) => text(bodies[page]!, { headers: { 'content-type': 'text/xml' } }), it: { method: 'POST', records: '$.o.i' } });
    assert.deepEqual([told.error?.message, told.bodies], [undefined, [{ id: '1' }]]);
  });

  test('XML that is paged by its text stays a text for that', async () => {
    const told = await ask({ pagination: { type: 'xml-page', settings: { size: 1, totalElement: 'total' }, stopWhen: "{{ response.o.last == 'yes' }}" }, answer: (page) => text(`<o><total>9</total><last>${page === 1 ? 'yes' : 'no'}</last><i><id>${page}</id></i></o>`, { headers: { 'content-type': 'text/xml' } }), it: { method: 'POST', body: { format: 'text', template: '{{ page.page }}' }, records: '$.o.i' } });
    // Those beyond were asked for ahead.
    assert.deepEqual([told.error?.message, told.stop[1], told.bodies], [undefined, 'stop-expression', [{ id: '0' }, { id: '1' }]]);
  });

  test('XML is read once', async () => {
    let reads = 0;
    const counted = { ...xml, type: 'counted', open: (settings: never) => { const opened = xml.open(settings); return { ...opened, decode: (...given: Parameters<typeof opened.decode>) => (reads++, opened.decode(...given)) }; } } as unknown as Plugin;
    const told = await ask({ pagination: { type: 'cursor', settings: { path: '$.o.next', hasMorePath: '$.o.more', donePath: '$.o.done' }, stopWhen: '{{ response.o.x }}' }, answer: (page) => text(inXml({ o: at(page) })), plugins: [counted], it: { records: '$.o.i', decoder: { type: 'counted' }, errors: [{ when: { expression: '{{ response.o.error }}' }, action: 'fail' }] } });
    assert.deepEqual([told.error?.message, told.stop[0], reads], [undefined, 3, 3]);
  });
});

describe('a script', () => {
  /** Counts to the last page by what it is given. */
  const counting = (input: unknown): ScriptResult => {
    const { response, headers, status, url, records, page, settings } = input as { readonly response: { readonly next: string }; readonly headers: object; readonly status: number; readonly url: string; readonly records: readonly unknown[]; readonly page: { readonly index: number; readonly size: number; readonly total: number; readonly round?: string }; readonly settings: { readonly values: { readonly since: string } } };
    assert.deepEqual([status, records.length, page.size, page.total, page.round, Object.keys(headers)], [200, 2, 2, page.index * 2 + 2, page.index === 0 ? undefined : String(page.index), ['content-type']]);
    return { output: page.index === 2 ? null : { query: { after: `${response.next}-${settings.values.since}-${new URL(url).search}` }, variables: { round: page.index + 1 } } };
  };
  const scripted = (run: (input: unknown) => ScriptResult): Pick<Given, 'pagination' | 'params' | 'script'> => ({
    pagination: { type: 'script', settings: { script: 'scripts/next.ts', values: { since: '{{ params.since }}' } }, maxPages: 9 }, params: { since: 's' },
    script: async (file) => {
      if (file !== 'scripts/next.ts') throw new FlowError('CONFIG_UNKNOWN_SCRIPT', `There is no ${file}.`);
      return { run: async (inputs: readonly unknown[]) => inputs.map(run), async [Symbol.asyncDispose]() {} };
    },
  });

  test('says how the next page is asked for', async () => {
    const { error, seen, stop } = await ask(scripted(counting));
    assert.deepEqual([error, stop], [undefined, [3, 'script', undefined]]);
    assert.deepEqual(seen.map(({ url }) => new URL(url).searchParams.get('after')), [null, 't1-s-', 't2-s-?after=t1-s-']);
  });

  test('is one of the scripts of the run', async () => {
    const files: string[] = [];
    const host = connectorHost({ endpoint: { pagination: { type: 'script', settings: { script: 'scripts/next.ts' } } } });
    const run = { host, plan: { open: openContext(host), flowId: 'flow' }, options: { run: { id: 'run-1' } }, recorder: { emit() {} } };
    const context = openStepContext(run as never, { id: 's', ports: new Map() } as never, async (file) => ({ run: async () => [], async [Symbol.asyncDispose]() {}, file: files.push(file) }));
    assert.equal((await context.endpoint('shop', 'it')).direction, 'receive');
    assert.deepEqual(files, ['scripts/next.ts']);
  });

  test('that leads in a circle is stopped', async () => assert.equal((await ask(scripted(() => ({ output: { query: { a: '1' } } })))).error?.code, 'PAGE_REPEATED'));

  const faults: readonly (readonly [what: string, result: ScriptResult, code: string, says: RegExp])[] = [
    ['throws', { error: { message: 'Oh.', line: 3 } }, 'SCRIPT_THREW', /Oh\./],
    ['takes too long', { error: { code: 'SCRIPT_TIMEOUT', message: 'Too long.' } }, 'SCRIPT_TIMEOUT', /Too long/],
    ['gives a text', { output: 'next' }, 'DATA_INVALID', /it gave no object/],
    ['gives a part that there is not', { output: { querry: {} } }, 'DATA_INVALID', /a request has no "querry"/],
    ['gives a part of another kind', { output: { query: { a: {} } } }, 'DATA_INVALID', /"query" is {"a":{}}/],
    ['gives a part of JavaScript', { output: JSON.parse('{"__proto__": {"a": 1}}') }, 'DATA_INVALID', /a request has no "__proto__"/],
    ['leads elsewhere', { output: { url: 'https://foreign.test/' } }, 'REMOTE_ORIGIN', /foreign/],
  ];
  for (const [what, result, code, says] of faults) {
    test(`that ${what}`, async () => {
      const { error, seen } = await ask(scripted(() => result));
      assert.deepEqual([error?.code, seen.length], [code, 1], error?.message);
      assert.match(error!.message, says);
      if (code.startsWith('SCRIPT') || code === 'DATA_INVALID') assert.equal(error!.place?.file, 'scripts/next.ts');
    });
  }

  test('that does not compile is named with its line', async () => {
    const place = { file: 'scripts/next.ts', line: 2, column: 7 };
    const { error } = await ask({ ...scripted(counting), script: async () => { throw new FlowError('SCRIPT_INVALID', 'Unexpected token', { place }); } });
    assert.deepEqual([error?.code, error?.place], ['SCRIPT_INVALID', place]);
  });

  for (const script of [undefined, 'scripts/none.ts']) {
    test(`that cannot be had: ${script}`, async () => {
      const given = scripted(counting);
      const { script: _script, ...outside } = given;
      const { error, seen } = await ask(script === undefined ? outside : { ...given, pagination: { type: 'script', settings: { script } } });
      assert.deepEqual([error?.code, error?.place?.pointer, seen.length], ['CONFIG_UNKNOWN_SCRIPT', '/endpoints/it/pagination/settings', 0]);
    });
  }
});

test('the pauses of a job are waited for, and none of its answers but the file is read for records', async () => {
  const bodies = [{ id: 7 }, { status: 'new' }, { status: 'new' }, { status: 'done' }, { orders: [{ id: 1 }] }];
  const seen: string[] = [];
  const host = connectorHost({ endpoint: { method: 'POST', records: '$.orders', pagination: { type: 'async-job', settings: { pollMs: 4000 } } }, send: ({ method, url }) => json(bodies[seen.push(`${method} ${new URL(url).pathname}`) - 1]) });
  const { error, bodies: given } = await call(host);
  assert.deepEqual([error, given, host.sleeps], [undefined, [[{ id: 1 }]], [4000, 4000, 4000]]);
  assert.deepEqual(seen, ['POST /api/it', 'GET /api/jobs/7', 'GET /api/jobs/7', 'GET /api/jobs/7', 'GET /api/jobs/7/result']);
});

describe('expressions in the settings of a pagination', () => {
  test('are resolved when paging begins', async () => {
    const { seen } = await ask({ pagination: { type: 'cursor', settings: { path: '$.next', start: 'after:{{ params.since }}', maxPages: 2 } }, params: { since: '2024' } });
    assert.deepEqual(seen.map(({ url }) => new URL(url).searchParams.get('cursor')), ['after:2024', 't1']);
  });

  test('may be all that says when a window of time ends', async () => {
    const { seen } = await ask({ pagination: { type: 'date-window', settings: { from: '{{ params.since }}', step: 300_000, format: 'date' } }, params: { since: '2024-01-01' } });
    assert.equal(seen.length, 1);
    assert.match(new URL(seen[0]!.url).searchParams.get('to')!, /^\d{4}-\d\d-\d\d$/);
  });

  test('those of a page are resolved for each page', async () => {
    const { seen } = await ask({ pagination: { type: 'expression', settings: { token: '{{ record.id }}-{{ page.total }}-{{ params.since }}', maxPages: 3 } }, params: { since: 'x' } });
    assert.deepEqual(seen.map(({ url }) => new URL(url).searchParams.get('cursor')), [null, '99-2-x', '97-4-x']);
  });

  const faults: readonly (readonly [use: PaginationUse, code: string, pointer: string])[] = [
    [{ type: 'cursor', settings: { start: '{{ response.x }}' } }, 'CONFIG_EXPRESSION', '/settings/start'],
    [{ type: 'expression', settings: { token: '{{ payload.x }}' } }, 'CONFIG_EXPRESSION', '/settings'],
    [{ type: 'expression', settings: { token: '{{ record.x | }}' } }, 'CONFIG_EXPRESSION', '/settings'],
    [{ type: 'expression' }, 'CONFIG_INVALID', '/settings'],
    [{ ...cursor, stopWhen: '{{ payload.x }}' }, 'CONFIG_EXPRESSION', '/stopWhen'],
    [{ ...cursor, olderThan: { path: 'at', value: '{{ record.x }}' } }, 'CONFIG_EXPRESSION', '/olderThan/value'],
  ];
  for (const [use, code, pointer] of faults) {
    test(`one that cannot be is told with its place: ${JSON.stringify(use)}`, async () => {
      const { error, seen } = await ask({ pagination: use });
      assert.deepEqual([error?.code, error?.place?.file, error?.place?.pointer, seen.length], [code, 'connectors/shop.connector.json', `/endpoints/it/pagination${pointer}`, 0], error?.message);
    });
  }
});
