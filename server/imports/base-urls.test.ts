import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf, requestOf } from '../../test/support/imported.ts';
import { addressNotes } from '../model/address.ts';
import { importText } from './import.ts';
import type { ImportKind } from './about.ts';

interface Expected {
  readonly baseUrl: string;
  readonly baseUrls?: Readonly<Record<string, string>>;
  /** By endpoint: the base URL that it names and its auth method, where it has one of its own. */
  readonly endpoints: Readonly<Record<string, readonly [baseUrl?: string, auth?: string]>>;
  readonly variables?: readonly string[];
  readonly notes?: readonly string[];
}

function check(title: string, kind: ImportKind, source: unknown, expected: Expected): void {
  test(title, async () => {
    const result = importText(kind, typeof source === 'string' ? source : JSON.stringify(source));
    const { baseUrl, baseUrls, endpoints, variables = {} } = result.manifest;
    assert.deepEqual(findingsOf(result), []);
    assert.deepEqual([baseUrl, baseUrls, Object.keys(variables)], [expected.baseUrl, expected.baseUrls, expected.variables ?? []]);
    const places = Object.entries(expected.endpoints).map(([name, [base, auth]]) => [name, base, auth]);
    assert.deepEqual(Object.entries(endpoints).map(([name, endpoint]) => [name, endpoint.baseUrl, endpoint.auth]), places);
    if (expected.notes) assert.deepEqual(addressNotes(result.manifest), expected.notes);
    for (const [name, { path }] of Object.entries(endpoints)) assert.ok((await requestOf(result, name)).url.endsWith(path));
  });
}

const answer = { responses: { 200: { description: 'ok' } } };
const described = (parts: object): object => ({ openapi: '3.1.0', info: { title: 'Shop', version: '1' }, servers: [{ url: 'https://api.shop.test/v1' }], components: { securitySchemes: { k: { type: 'http', scheme: 'bearer' } } }, security: [{ k: [] }], ...parts });

check('a server of a path and one of an operation', 'openapi', described({ paths: {
  '/orders': { get: answer },
  '/files': { servers: [{ url: 'https://uploads.shop.test/' }], post: answer, get: answer },
  '/search': { get: { ...answer, servers: [{ url: 'https://api.shop.test/beta' }] } },
  '/same': { get: { ...answer, servers: [{ url: 'https://api.shop.test/v1/' }] } },
  '/near': { get: { ...answer, servers: [{ url: '/beta' }] } },
} }), {
  baseUrl: 'https://api.shop.test/v1', baseUrls: { uploads: 'https://uploads.shop.test', beta: 'https://api.shop.test/beta' },
  endpoints: { 'orders.list': [], 'files.list': ['uploads'], 'files.create': ['uploads'], 'search.list': ['beta'], 'same.list': [], 'near.list': ['beta'] },
  notes: ['files.list, files.create are asked at https://uploads.shop.test, the base URL "uploads"', 'search.list, near.list are asked at https://api.shop.test/beta, the base URL "beta"'],
});
check('servers with variables, and several to choose from', 'openapi', described({
  servers: [{ url: 'https://{region}.shop.test', variables: { region: { default: 'eu' } } }],
  paths: {
    '/orders': { get: answer },
    '/a': { get: { ...answer, servers: [{ url: 'https://{region}.files.test', variables: { region: { default: 'eu' } } }] } },
    '/b': { get: { ...answer, servers: [{ url: 'https://{region}.other.test', variables: { region: { default: 'us' } } }] } },
    '/c': { get: { ...answer, servers: [{ url: 'https://live.pay.test' }, { url: 'https://sandbox.pay.test' }] } },
  },
}), {
  baseUrl: 'https://{{ instance.region }}.shop.test', baseUrls: { files: 'https://{{ instance.region }}.files.test', other: 'https://{{ instance.region_2 }}.other.test', live: '{{ instance.live_url }}' },
  endpoints: { 'orders.list': [], 'a.list': ['files'], 'b.list': ['other'], 'c.list': ['live'] }, variables: ['region', 'region_2', 'live_url'],
});
for (const [what, url, variables, expected] of [
  ['to choose', '{s}://{region}.shop.test', { s: { default: 'http', enum: ['https', 'http'] }, region: { default: 'eu' } }, 'https://{{ instance.region }}.shop.test'],
  ['that is not encrypted', '{s}://shop.test', { s: { default: 'http' } }, 'http://shop.test'], ['of which nothing is said', '{s}://shop.test', {}, 'https://shop.test'], ['left out', '//shop.test/v1', {}, 'https://shop.test/v1'],
] as const) test(`a scheme ${what}`, () => assert.equal(importText('openapi', JSON.stringify(described({ servers: [{ url, variables }], paths: {} }))).manifest.baseUrl, expected));
check('a relative server where no address is known', 'openapi', described({ servers: [{ url: '/v1' }], paths: { '/a': { get: answer }, '/b': { get: { ...answer, servers: [{ url: '/v2' }] } } } }), {
  baseUrl: '{{ instance.url }}/v1', baseUrls: { v2: '{{ instance.url }}/v2' }, endpoints: { 'a.list': [], 'b.list': ['v2'] }, variables: ['url'],
});
check('the same entity at two hosts', 'openapi', described({ paths: { '/orders': { get: answer }, '/archive/orders': { servers: [{ url: 'https://old.shop.test' }], get: answer } } }), {
  baseUrl: 'https://api.shop.test/v1', baseUrls: { old: 'https://old.shop.test' }, endpoints: { 'orders.list': [], 'archive-orders.list': ['old'] },
});

const item = (name: string, url: string, more: object = {}): object => ({ name, request: { method: 'GET', url, ...more } });
check('requests of a collection to several hosts', 'postman', { info: { name: 'Shop' }, auth: { type: 'bearer', bearer: { token: 't' } }, item: [
  item('Orders', 'https://api.shop.test/orders'), item('Products', 'https://api.shop.test/products'), item('Files', 'https://uploads.shop.test/files'),
  item('Rates', 'https://rates.test/daily', { auth: { type: 'noauth' } }), item('Old orders', 'https://old.shop.test/orders'),
  item('Other account', 'https://partner.test/orders', { auth: { type: 'basic', basic: { username: 'u', password: 'p' } } }),
] }, {
  baseUrl: 'https://api.shop.test', baseUrls: { uploads: 'https://uploads.shop.test', rates: 'https://rates.test', old: 'https://old.shop.test', partner: 'https://partner.test' },
  endpoints: { 'orders.list': [], 'products.list': [], 'files.list': ['uploads'], 'daily.list': ['rates', 'none'], 'old-orders.list': ['old'], 'partner-orders.list': ['partner', 'basic-partner'] },
});
check('an address that only unsupported requests go to', 'postman', { info: { name: 'Shop' }, item: [item('Orders', 'https://api.shop.test/orders'), item('Lock', 'https://files.test/a', { method: 'LOCK' }), item('Unlock', '{{host}}/a', { method: 'UNLOCK' })] }, {
  baseUrl: 'https://api.shop.test', endpoints: { 'orders.list': [] },
});
check('addresses that a collection leaves open', 'postman', { info: { name: 'Shop' }, item: [item('A', '{{base_url}}/a'), item('B', '{{base_url}}/b'), item('C', '{{auth_url}}/c'), item('D', 'https://{{host}}/d')] }, {
  baseUrl: '{{ instance.url }}', baseUrls: { auth_url: '{{ instance.auth_url }}', host: '{{ instance.host }}' }, endpoints: { 'a.list': [], 'b.list': [], 'c.list': ['auth_url'], 'd.list': ['host'] }, variables: ['url', 'auth_url', 'host'],
});
check('commands to two hosts, each with a token of its own', 'curl', 'curl https://a.test/x -H "Authorization: Bearer one1one1"\ncurl https://a.test/y -H "Authorization: Bearer one1one1"\ncurl https://b.test/z -H "Authorization: Bearer two2two2"', {
  baseUrl: 'https://a.test', baseUrls: { b: 'https://b.test' }, endpoints: { 'x.list': [], 'y.list': [], 'z.list': ['b', 'bearer-b'] },
});
