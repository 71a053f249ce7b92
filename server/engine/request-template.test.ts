import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { FlowError, type HttpRequest, type PageRequest, type Payload } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { createPayload } from './payload.ts';
import { compileRequest } from './request-template.ts';
import { converterOf } from '../../test/support/converters.ts';

/** Any characters, halves of them too. */
const anyText = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('\ud800', '\udfff', '/', '.', '?', '#', '%', '+', '&', ' ')), maxLength: 8 });

interface Given {
  readonly params?: unknown;
  readonly payload?: unknown;
  readonly page?: PageRequest;
  readonly base?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request that an endpoint makes. */
async function build(endpoint: Partial<EndpointManifest>, { params = {}, payload = { id: 7 }, page, base = 'https://shop.test/api', headers = {} }: Given = {}): Promise<HttpRequest> {
  const sent: Payload = payload instanceof Uint8Array || typeof payload === 'string' ? createPayload({ id: 'p', body: payload, mediaType: 'text/plain' }) : createPayload({ id: 'p', body: payload });
  const template = await compileRequest({ converter: converterOf,
    endpoint: { title: 'It', direction: 'receive', method: 'GET', path: '/it', ...endpoint }, headers, base: new URL(base), timeoutMs: 5, name: 'it',
    env: { transform: async () => assert.fail('no transform here'), roots: ['params', 'instance', 'env', 'payload', 'meta', 'page', 'run', 'now'] },
  });
  return template.build({ scope: { params, page: page?.variables ?? {}, payload, instance: { shop: 'eu' }, meta: {}, env: {} }, context: { now: 0, random: () => 0 }, payload: sent, ...(page && { page }) });
}

const addressOf = async (endpoint: Partial<EndpointManifest>, given?: Given): Promise<string> => (await build(endpoint, given)).url.slice('https://shop.test'.length);
const rejects = async (code: string, made: Promise<unknown>): Promise<void> => assert.rejects(made, (error) => FlowError.is(error) && error.code === code);

describe('the address', () => {
  const cases: readonly (readonly [endpoint: Partial<EndpointManifest>, given: Given, expected: string])[] = [
    [{ path: '/orders' }, {}, '/api/orders'],
    [{ path: 'orders' }, {}, '/api/orders'],
    [{ path: '/' }, {}, '/api/'],
    [{ path: '/orders' }, { base: 'https://shop.test' }, '/orders'],
    [{ path: '/orders' }, { base: 'https://shop.test/v1//' }, '/v1/orders'],
    [{ path: '/orders', query: { a: '1' } }, { base: 'https://shop.test/v1?key=k' }, '/v1/orders?key=k&a=1'],
    [{ path: '/orders?a=1', query: { b: '2' } }, {}, '/api/orders?a=1&b=2'],
    [{ path: '/orders/{{ params.id }}/lines' }, { params: { id: 7 } }, '/api/orders/7/lines'],
    [{ path: '/orders/{{ params.id }}' }, { params: { id: 'a/b?c=d#e%2f ü' } }, '/api/orders/a%2Fb%3Fc%3Dd%23e%252f%20%C3%BC'],
    [{ path: '/{{ instance.shop }}/{{ payload.id }}.json' }, {}, '/api/eu/7.json'],
    [{ query: { q: '{{ params.q }}' } }, { params: { q: 'a b&c=d+é' } }, '/api/it?q=a%20b%26c%3Dd%2B%C3%A9'],
    [{ query: { q: '{{ params.q }}' } }, {}, '/api/it'],
    [{ query: { q: '{{ params.q }}' } }, { params: { q: null } }, '/api/it'],
    [{ query: { q: '{{ params.q }}' } }, { params: { q: '' } }, '/api/it?q='],
    [{ query: { q: '{{ params.q }}' } }, { params: { q: false } }, '/api/it?q=false'],
    [{ query: { q: '{{ params.q }}' } }, { params: { q: 0 } }, '/api/it?q=0'],
    [{ query: { 'id[]': '{{ params.ids }}' } }, { params: { ids: [1, 'b'] } }, '/api/it?id%5B%5D=1&id%5B%5D=b'],
    [{ query: { q: '{{ params.ids }}' } }, { params: { ids: [] } }, '/api/it'],
    [{ query: { q: '{{ params.o }}' } }, { params: { o: { a: 1 } } }, '/api/it?q=%7B%22a%22%3A1%7D'],
    [{ query: { q: 'since:{{ params.q }}' } }, {}, '/api/it'],
    [{ query: { q: 'since:{{ params.q ?? "ever" }}' } }, {}, '/api/it?q=since%3Aever'],
    [{ params: { a: {}, b: { in: 'query' }, 'c-d': { in: 'query' } } }, { params: { a: 1, b: 2, 'c-d': 3 } }, '/api/it?b=2&c-d=3'],
    [{ params: { b: { in: 'query' } } }, {}, '/api/it'],
    [{ query: { page: '1', a: 'b' } }, { page: { query: { page: '2', size: '9' } } }, '/api/it?page=2&a=b&size=9'],
    [{ path: '/{{ page.cursor }}' }, { page: { variables: { cursor: 'x/y' } } }, '/api/x%2Fy'],
    [{ query: { a: 'b' } }, { page: { url: 'https://shop.test/next?c=d' } }, '/next?c=d'],
    [{ query: { a: 'b' } }, { page: { query: { tag: ['x', 'y z'] } } }, '/api/it?a=b&tag=x&tag=y%20z'],
    [{ query: { a: 'b', c: 'd' } }, { page: { without: ['a'], query: { e: 'f' } } }, '/api/it?c=d&e=f'],
    [{ query: { a: 'b', c: 'd' } }, { page: { without: ['*'], query: { a: '2' } } }, '/api/it?a=2'],
    [{ query: { a: 'b' } }, { page: { path: 'more/x?c=d' } }, '/api/more/x?c=d&a=b'],
    [{}, { page: { path: '//foreign.test/x' } }, '/api/foreign.test/x'],
  ];
  for (const [endpoint, given, expected] of cases) test(`${JSON.stringify(endpoint)} ${JSON.stringify(given)}`, async () => assert.equal(await addressOf(endpoint, given), expected));

  for (const [path, id] of [['/orders/{{ params.id }}', ''], ['/orders/{{ params.id }}', null], ['/orders/{{ params.id }}', '..'], ['/orders/{{ params.id }}', '.'], ['/{{ params.id }}/orders', ''], ['/orders/.{{ params.id }}', '.'], ['/orders/{{ params.id }}?x=1', '']] as const) {
    test(`${path} with ${JSON.stringify(id)} would be another address`, () => rejects('DATA_INVALID', build({ path, method: 'DELETE' }, { params: { id } })));
  }

  test('a value of the path that is missing is an error', () => rejects('DATA_MISSING', build({ path: '/orders/{{ params.id }}' })));
  test('so is one of the query that is no param', () => rejects('DATA_MISSING', build({ query: { q: '{{ payload.missing }}' } })));

  test('whatever the value, it is one part of the path, or an error with a name', async () => {
    await fc.assert(fc.asyncProperty(anyText, async (id) => {
      try {
        const { pathname, search, hash, origin } = new URL((await build({ path: '/orders/{{ params.id }}/lines' }, { params: { id } })).url);
        const [, api, orders, value, lines, ...more] = pathname.split('/');
        assert.deepEqual([origin, search, hash, api, orders, decodeURIComponent(value!), lines, more], ['https://shop.test', '', '', 'api', 'orders', id.toWellFormed(), 'lines', []]);
      } catch (error) {
        assert.ok(FlowError.is(error, 'DATA_INVALID') && ['', '.', '..'].includes(id), String(error));
      }
    }), { numRuns: 500, seed: 5 });
  });

  test('whatever the names and values, the query gives them back', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.boolean(), fc.constant(null), fc.array(anyText, { maxLength: 3 }))), async (params) => {
      const names = Object.keys(params);
      const query = Object.fromEntries(names.map((name, index) => [name, `{{ params.all[${index}] }}`]));
      const { url } = await build({ query }, { params: { all: Object.values(params) } });
      const expected = names.flatMap((name) => [params[name]].flat().filter((value) => value !== null).map((value) => [name.toWellFormed(), String(value).toWellFormed()]));
      assert.deepEqual([...new URL(url).searchParams], expected);
    }), { numRuns: 300, seed: 6 });
  });
});

describe('headers', () => {
  const cases: readonly (readonly [endpoint: Partial<EndpointManifest>, given: Given, expected: Readonly<Record<string, string>>])[] = [
    [{}, {}, { accept: 'application/json, */*;q=0.5' }],
    [{ headers: { Accept: 'text/csv' } }, { headers: { ACCEPT: 'text/html', 'X-Shop': '{{ instance.shop }}' } }, { accept: 'text/csv', 'x-shop': 'eu' }],
    [{ headers: { accept: '', 'X-Since': '{{ params.since }}' } }, {}, { accept: '' }],
    [{ headers: { accept: '', 'X-N': '{{ params.n }}' } }, { params: { n: 5 } }, { accept: '', 'x-n': '5' }],
    [{ headers: { accept: '', 'X-N': '{{ params.n }}' } }, { params: { n: null } }, { accept: '' }],
    [{ headers: { accept: '' }, params: { 'X-Mode': { in: 'header' }, 'X-Other': { in: 'header' } } }, { params: { 'X-Mode': 'fast' } }, { accept: '', 'x-mode': 'fast' }],
    [{ headers: { accept: '' } }, { page: { headers: { 'x-cursor': 'b' } } }, { accept: '', 'x-cursor': 'b' }],
    [{ headers: { accept: '', Cookie: 'a=b' } }, { page: { cookies: { c: 'x;y z,ü="%', n: '0' } } }, { accept: '', cookie: 'a=b; c=x%3By%20z%2C%C3%BC=%22%; n=0' }],
  ];
  for (const [endpoint, given, expected] of cases) test(`${JSON.stringify(endpoint)} ${JSON.stringify(given)}`, async () => assert.deepEqual((await build(endpoint, given)).headers, expected));
});

const sending: Partial<EndpointManifest> = { direction: 'send', method: 'POST' };

describe('the body', () => {
  const cases: readonly (readonly [endpoint: Partial<EndpointManifest>, given: Given, body: unknown, type: string | undefined])[] = [
    [{}, {}, undefined, undefined],
    [{ method: 'POST' }, {}, undefined, undefined],
    [sending, { payload: [1, { a: null }] }, '[1,{"a":null}]', 'application/json'],
    [sending, { payload: 'a;b' }, 'a;b', 'text/plain; charset=utf-8'],
    [{ ...sending, method: 'DELETE' }, {}, undefined, undefined],
    [{ ...sending, body: { format: 'json' } }, { payload: { a: 1 } }, '{"a":1}', 'application/json'],
    [{ ...sending, body: { format: 'json', template: { n: '{{ params.n }}', text: 'No. {{ params.n }}', list: ['{{ params.list }}'], o: '{{ params.o }}', t: '{{ params.t }}', nil: '{{ params.nil }}', fixed: 1 } } }, { params: { n: 1.5, list: [1], o: { a: [] }, t: true, nil: null } }, '{"n":1.5,"text":"No. 1.5","list":[[1]],"o":{"a":[]},"t":true,"nil":null,"fixed":1}', 'application/json'],
    [{ ...sending, body: { format: 'json', template: { a: '{{ params.a }}', b: { c: '{{ params.c }}', d: 1 }, e: ['{{ params.e }}', 2] } } }, {}, '{"b":{"d":1},"e":[2]}', 'application/json'],
    [{ ...sending, body: { format: 'json', template: '{{ payload }}' } }, { payload: [1] }, '[1]', 'application/json'],
    [{ ...sending, body: { format: 'form' } }, { payload: { a: 'x y', b: [1, 2], c: null, d: { e: 1 } } }, 'a=x+y&b=1&b=2&d=%7B%22e%22%3A1%7D', 'application/x-www-form-urlencoded'],
    [{ ...sending, body: { format: 'form', fields: { a: { style: 'deepObject' }, b: { style: 'form', explode: false }, c: { style: 'json' }, d: { style: 'pipeDelimited' } } } }, { payload: { a: { b: { c: 1 }, list: [{ d: 'x y' }, { d: 2 }], e: [3, 4] }, b: [1, 2], c: [1], d: ['a', 'b'], e: [5] } }, 'a%5Bb%5D%5Bc%5D=1&a%5Blist%5D%5B0%5D%5Bd%5D=x%20y&a%5Blist%5D%5B1%5D%5Bd%5D=2&a%5Be%5D%5B%5D=3&a%5Be%5D%5B%5D=4&b=1,2&c=%5B1%5D&d=a%7Cb&e=5', 'application/x-www-form-urlencoded'],
    [{ ...sending, body: { format: 'form', template: { a: '{{ params.a }}', b: '{{ params.b }}' } } }, { params: { b: 'é&' } }, 'b=%C3%A9%26', 'application/x-www-form-urlencoded'],
    [{ ...sending, body: { format: 'text', template: 'Hello {{ params.name }}' } }, { params: { name: 'Ada' } }, 'Hello Ada', 'text/plain; charset=utf-8'],
    [{ ...sending, body: { format: 'text' } }, { payload: 'as it is' }, 'as it is', 'text/plain; charset=utf-8'],
    // What is left out leaves nothing, and never lets the payload out in its stead.
    [{ ...sending, body: { format: 'text', template: '{{ params.note }}' } }, { payload: 'private' }, undefined, undefined],
    [{ ...sending, body: { format: 'json', template: '{{ params.note }}' } }, { payload: { private: 1 } }, undefined, undefined],
    [{ ...sending, body: { format: 'json', template: '{{ params.note }}' } }, { payload: { private: 1 }, params: { note: null } }, 'null', 'application/json'],
    [{ method: 'POST', body: { format: 'json', template: '{{ params.note }}' } }, { payload: { private: 1 }, page: { body: { page: 2 } } }, '{"page":2}', 'application/json'],
    [{ ...sending, params: { a: { in: 'body' }, b: { in: 'body' } } }, { params: { a: 1 } }, '{"a":1}', 'application/json'],
    [{ method: 'POST', params: { a: { in: 'body' } }, body: { format: 'json', template: { q: 1 } } }, { params: { a: 2 } }, '{"a":2,"q":1}', 'application/json'],
    [{ method: 'POST', body: { format: 'json', template: { q: 'a' } } }, { page: { method: 'GET' } }, undefined, undefined],
    [{ method: 'POST' }, { page: { form: { 'page[number]': '2' } } }, 'page%5Bnumber%5D=2', 'application/x-www-form-urlencoded'],
    [{ method: 'POST', body: { format: 'form', template: { q: 'a' } } }, { page: { form: { page: '2' } } }, 'q=a&page=2', 'application/x-www-form-urlencoded'],
    [{ method: 'POST', body: { format: 'json', template: { q: 'a' } } }, { page: { wholeBody: { scroll: '1m' }, body: { id: 'x' } } }, '{"scroll":"1m","id":"x"}', 'application/json'],
    [{ method: 'POST', body: { format: 'text', template: '<search/>' } }, { page: { wholeBody: '<more/>' } }, '<more/>', 'text/xml; charset=utf-8'],
    [{ method: 'POST' }, { page: { wholeBody: 'more' } }, 'more', 'text/plain; charset=utf-8'],
    [{ method: 'POST', body: { format: 'text', template: 'page {{ page.number }}' } }, { page: { variables: { number: '2' } } }, 'page 2', 'text/plain; charset=utf-8'],
    [{ method: 'POST' }, { page: { body: { '$.variables.after': 'x', first: 5 } } }, '{"variables":{"after":"x"},"first":5}', 'application/json'],
    [{ method: 'POST', body: { format: 'json', template: { query: 'q', variables: { shop: '{{ instance.shop }}' } } } }, { page: { body: { '$.variables.after': 0 } } }, '{"query":"q","variables":{"shop":"eu","after":0}}', 'application/json'],
  ];
  for (const [endpoint, given, body, type] of cases) {
    test(`${JSON.stringify(endpoint)} ${JSON.stringify(given)}`, async () => {
      const request = await build(endpoint, given);
      assert.deepEqual([request.body, request.headers['content-type']], [body, type]);
    });
  }

  test('a type that the endpoint gives counts', async () => {
    const request = await build({ ...sending, headers: { 'Content-Type': 'application/merge-patch+json' } });
    assert.equal(request.headers['content-type'], 'application/merge-patch+json');
  });

  test('no form can be made of a list', () => rejects('DATA_INVALID', build({ ...sending, body: { format: 'form' } }, { payload: [1] })));
  test('no JSON can be made of text', () => rejects('DATA_INVALID', build({ ...sending, body: { format: 'json' } }, { payload: 'a;b' })));

  test('a template is the same after any number of requests', async () => {
    const template = { list: ['{{ params.a }}'], deep: { b: '{{ params.b }}' } };
    const before = structuredClone(template);
    for (const params of [{}, { a: 1 }, { b: 2 }]) await build({ ...sending, body: { format: 'json', template } }, { params });
    assert.deepEqual(template, before);
  });

  test('whatever the params, those that are given keep their type and place, the others leave no trace', async () => {
    const names = ['a', 'b', 'c', 'd'] as const;
    await fc.assert(fc.asyncProperty(fc.record({ a: fc.jsonValue(), b: fc.jsonValue(), c: fc.jsonValue(), d: fc.jsonValue() }, { requiredKeys: [] }), async (params) => {
      const template = { a: '{{ params.a }}', deep: { b: '{{ params.b }}', list: ['{{ params.c }}', 'x', '{{ params.d }}'] } };
      const { body } = await build({ ...sending, body: { format: 'json', template } }, { params });
      const has = (name: (typeof names)[number]): boolean => Object.hasOwn(params, name);
      const expected = {
        ...(has('a') && { a: params.a }),
        deep: { ...(has('b') && { b: params.b }), list: [...(has('c') ? [params.c] : []), 'x', ...(has('d') ? [params.d] : [])] },
      };
      assert.equal(body, JSON.stringify(expected));
    }), { numRuns: 300, seed: 8 });
  });

  test('whatever the fields, a form gives them back', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(anyText, anyText), async (payload) => {
      const { body } = await build({ ...sending, body: { format: 'form' } }, { payload });
      assert.deepEqual([...new URLSearchParams(body as string)], Object.entries(payload).map((pair) => pair.map((text) => text.toWellFormed())));
    }), { numRuns: 300, seed: 9 });
  });
});

test('a page may have another method', async () => assert.equal((await build({ method: 'GET' }, { page: { method: 'POST' } })).method, 'POST'));

test('an expression that cannot be read names its place in the endpoint', async () => {
  for (const [endpoint, pointer] of [[{ path: '/{{ x' }, '/path'], [{ query: { a: '{{ params. }}' } }, '/query'], [{ headers: { a: '{{ nothing.x }}' } }, '/headers'], [{ body: { format: 'json', template: { a: ['{{ | }}'] } } }, '/body/template']] as const) {
    await assert.rejects(build({ ...sending, ...endpoint }), (error) => {
      assert.ok(FlowError.is(error, 'CONFIG_EXPRESSION'), String(error));
      assert.equal(error.place?.pointer, pointer);
      return true;
    });
  }
});
