import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../model/api.ts';
import { fakeRunner, type FakeRunner } from '../../test/support/fake-runner.ts';
import { serve } from './serve.ts';

type Call = (method: string, path: string, body?: string, type?: string) => Promise<{ readonly status: number; readonly text: string; json(): never }>;

async function story(check: (call: Call, runner: FakeRunner) => Promise<void>): Promise<void> {
  const runner = fakeRunner();
  const server = await serve(runner, { port: 0, host: '127.0.0.1', token: 'tok', webRoot: '/nowhere' });
  try {
    await check(async (method, path, body, type = 'application/json') => {
      const response = await fetch(`${server.url}/api/v1${path}`, { method, headers: { authorization: 'Bearer tok', ...(body !== undefined && { 'content-type': type }) }, ...(body !== undefined && { body }) });
      const text = await response.text();
      return { status: response.status, text, json: () => JSON.parse(text) as never };
    }, runner);
  } finally {
    await server.close();
  }
}

const items = (answer: { json(): { items: unknown[] } }): unknown[] => answer.json().items;

test('a cache is filled, looked at and emptied', () => story(async (call) => {
  assert.deepEqual((await call('PUT', '/caches/orders/documents?key=a%2F..%2Fb', '{"n":1}')).json(), { added: 0, changed: 1, removed: 0 });
  await call('PUT', '/caches/orders/documents?key=text&scope=flow&owner=shop%2Feu', 'a;b', 'text/plain');
  await call('PUT', '/caches/orders/documents?key=c', '[2]');
  assert.deepEqual(items(await call('GET', '/caches')).map((row) => Object.values(row as object).slice(0, 5)), [['orders', 'flow', 'shop/eu', 1, 1], ['orders', 'workspace', '', 2, 2]]);
  assert.equal(items(await call('GET', '/caches?filter[scope]=flow&filter[owner]=shop%2Feu')).length, 1);
  assert.deepEqual(items(await call('GET', '/caches/orders/keys?filter[prefix]=a')).map((row) => (row as { key: string }).key), ['a/../b']);
  assert.deepEqual(items(await call('GET', '/caches/orders/documents?key=a%2F..%2Fb')).map((row) => (row as { body: unknown }).body), [{ n: 1 }]);
  assert.deepEqual((await call('DELETE', '/caches/orders/documents?key=c')).json(), { added: 0, changed: 0, removed: 1 });
  assert.deepEqual((await call('DELETE', '/caches/orders/documents?key=c')).json(), { added: 0, changed: 0, removed: 0 });
  assert.deepEqual((await call('DELETE', '/caches/orders/keys')).json(), { added: 0, changed: 0, removed: 1 });
  assert.equal(items(await call('GET', '/caches')).length, 1);
}));

test('a cursor is set, looked at and forgotten', () => story(async (call) => {
  const id = { flow: 'f', step: 'read', instance: 'shop', endpoint: 'orders.list' };
  assert.deepEqual((await call('PUT', '/cursors', JSON.stringify({ ...id, kind: 'datetime', value: '2024-01-31T12:00:00+01:00' }))).json(), { added: 1, changed: 0, removed: 0 });
  await call('PUT', '/cursors', JSON.stringify({ ...id, slice: 'a/b', kind: 'text', value: 'x' }));
  assert.deepEqual(items(await call('GET', '/cursors')).map((row) => Object.values(row as object).slice(5, 8)), [['', 'datetime', '2024-01-31T11:00:00.000Z'], ['a/b', 'text', 'x']]);
  assert.deepEqual(items(await call('GET', '/cursors?filter[slice]=a%2Fb&filter[flow]=f')).map((row) => (row as { value: string }).value), ['x']);
  assert.equal((await call('PUT', '/cursors', JSON.stringify({ ...id, kind: 'number', value: 'soon' }))).status, 400);
  assert.equal((await call('PUT', '/cursors', JSON.stringify({ ...id, kind: 'number' }))).status, 400);
  assert.deepEqual((await call('DELETE', '/cursors?filter[flow]=other')).json(), { added: 0, changed: 0, removed: 0 });
  // An empty part is one to go by: who resets one cursor resets none of its slices.
  assert.deepEqual((await call('DELETE', '/cursors?filter[environment]=&filter[flow]=f&filter[slice]=')).json(), { added: 0, changed: 0, removed: 1 });
  assert.deepEqual((await call('DELETE', '/cursors?filter[flow]=f')).json(), { added: 0, changed: 0, removed: 1 });
}));

test('a pool is filled from CSV, looked at, written as CSV and emptied', () => story(async (call) => {
  const csv = 'value,entity_type\n1,order\n"a,""b""",order\n7,customer\n';
  assert.deepEqual((await call('POST', '/pools/seen/values', csv, 'text/csv')).json(), { added: 3, changed: 0, removed: 0 });
  assert.deepEqual((await call('POST', '/pools/seen/values', 'Value\n9\n9\n', 'text/csv; charset=utf-8')).json(), { added: 1, changed: 0, removed: 0 });
  assert.deepEqual((await call('POST', '/pools/seen/values', csv, 'text/csv')).json(), { added: 0, changed: 0, removed: 0 });
  assert.deepEqual(items(await call('GET', '/pools')), [{ name: 'seen', values: 4, entities: [{ entity: 'customer', values: 1 }, { entity: 'order', values: 2 }, { entity: 'record', values: 1 }] }]);
  assert.deepEqual(items(await call('GET', '/pools/seen/values?filter[entity]=order&filter[prefix]=a')).map((row) => (row as { value: string }).value), ['a,"b"']);
  assert.equal((await call('GET', '/pools/seen/export')).text, 'value,entity_type\n7,customer\n1,order\n"a,""b""",order\n9,record\n');
  assert.deepEqual((await call('DELETE', '/pools/seen/values?value=1&value=2&entity=order')).json(), { added: 0, changed: 0, removed: 1 });
  assert.deepEqual((await call('DELETE', '/pools/seen/values?entity=customer')).json(), { added: 0, changed: 0, removed: 1 });
  assert.deepEqual((await call('DELETE', '/pools/seen/values')).json(), { added: 0, changed: 0, removed: 2 });
  assert.equal((await call('GET', '/pools/seen/export')).text, 'value,entity_type\n');
}));

test('lookups are changed row by row', () => story(async (call) => {
  assert.deepEqual((await call('POST', '/lookups/countries/rows', 'left_value,right_value\nDE,Deutschland\nCH,Schweiz\n', 'text/csv')).json(), { added: 1, changed: 1, removed: 0 });
  const { stamp, ...page } = (await call('GET', '/lookups/countries/rows?per_page=1&page=3')).json() as { readonly stamp: string };
  assert.deepEqual(page, { columns: ['left_value', 'right_value'], items: [['CH', 'Schweiz']], numbers: [3], page: 3, perPage: 1, total: 3 });
  assert.deepEqual(items(await call('GET', '/lookups/countries/rows?sort=-left_value&column.right_value=e')), [['DE', 'Deutschland'], ['CH', 'Schweiz']].filter(([, name]) => name!.includes('e')));
  assert.deepEqual((await call('GET', '/lookups/countries/find?value=CH')).json(), { found: true, value: 'Schweiz', row: { left_value: 'CH', right_value: 'Schweiz' } });
  assert.deepEqual((await call('GET', '/lookups/countries/find?value=Schweiz&reverse=true&to=left_value')).json(), { found: true, value: 'CH', row: { left_value: 'CH', right_value: 'Schweiz' } });
  assert.deepEqual((await call('GET', '/lookups/countries/check')).json(), []);
  assert.deepEqual((await call('POST', '/lookups/countries/edits', JSON.stringify({ stamp, changes: [{ change: 3, cells: { right_value: 'Suisse' } }] }), 'application/json')).json(), { added: 0, changed: 1, removed: 0 });
  assert.equal((await call('POST', '/lookups/countries/edits', JSON.stringify({ stamp, changes: [{ remove: 1 }] }), 'application/json')).status, 422);
  const { stamp: now } = (await call('GET', '/lookups/countries/rows')).json() as { readonly stamp: string };
  for (const [change, row] of [[{ insert: { left_value: 'DE', right_value: 'Germany' } }, 'A new row'], [{ change: 3, cells: { left_value: 'DE' } }, 'Row 3']] as const) {
    const refused = (await call('POST', '/lookups/countries/edits', JSON.stringify({ stamp: now, changes: [change] }), 'application/json')).json() as Problem;
    assert.deepEqual([refused.status, refused.detail], [400, `${row} of the lookup "countries" is not written: row 1 (line 2) has "left_value" "DE" already, so that this one would never be found.`]);
  }
  await call('POST', '/lookups/countries/rows', 'left_value,right_value\nCH,Schweiz\n', 'text/csv');
  assert.deepEqual(items(await call('GET', '/lookups/countries/rows?filter[text]=Aus')), [['AT', 'Austria']]);
  assert.deepEqual((await call('DELETE', '/lookups/countries/rows?value=AT')).json(), { added: 0, changed: 0, removed: 1 });
  assert.equal((await call('GET', '/lookups/countries/export')).text, 'left_value,right_value\nDE,Deutschland\nCH,Schweiz\n');
  await call('POST', '/lookups/eu%2Ftaxes/rows', 'code,rate\n', 'text/csv');
  assert.deepEqual((await call('GET', '/lookups')).json(), [{ name: 'countries', file: 'lookups/countries.csv', columns: ['left_value', 'right_value'], rows: 2 }, { name: 'eu/taxes', file: 'lookups/eu/taxes.csv', columns: ['code', 'rate'], rows: 0 }]);
}));

test('what cannot be done is a problem with a remedy', () => story(async (call) => {
  for (const [method, path, body, type, status, code] of [
    ['GET', '/caches/orders/keys?scope=flow', undefined, undefined, 400, 'API_INVALID'],
    ['GET', '/caches/orders/keys?owner=f', undefined, undefined, 400, 'API_INVALID'],
    ['GET', '/caches/orders/documents', undefined, undefined, 400, 'API_INVALID'],
    ['PUT', '/caches/orders/documents?key=a', '{', 'application/json', 400, 'DATA_INVALID'],
    ['PUT', '/caches/orders/documents?key=a', 'x'.repeat(51 * 1024 * 1024), 'text/plain', 400, 'CACHE_FULL'],
    ['PUT', '/caches/orders/documents?key=a&ttl_ms=0', '1', 'application/json', 400, 'API_INVALID'],
    ['DELETE', '/pools/seen/values?value=1', undefined, undefined, 400, 'API_INVALID'],
    ['POST', '/pools/seen/values', '{"value":1}', 'application/json', 400, 'API_INVALID'],
    ['POST', '/pools/seen/values', '1,order\n', 'text/csv', 400, 'DATA_INVALID'],
    ['POST', '/pools/seen/values', 'value\n"', 'text/csv', 400, 'DATA_INVALID'],
    ['GET', '/lookups/nope/rows', undefined, undefined, 422, 'CONFIG_UNKNOWN_LOOKUP'],
    ['GET', '/lookups/countries/rows?sort=nope', undefined, undefined, 422, 'CONFIG_INVALID'],
    ['GET', '/lookups/countries/rows?column.nope=x', undefined, undefined, 422, 'CONFIG_INVALID'],
    ['GET', '/lookups/countries/find?value=A&value=B', undefined, undefined, 400, 'DATA_INVALID'],
    ['POST', '/lookups/countries/edits', '{"changes":[]}', 'application/json', 400, 'API_INVALID'],
    ['POST', '/lookups/countries/edits', '{"stamp":"x","changes":[{"remove":0}]}', 'application/json', 400, 'API_INVALID'],
    ['GET', '/lookups/nope/export', undefined, undefined, 422, 'CONFIG_UNKNOWN_LOOKUP'],
    ['POST', '/lookups/..%2Fx/rows', 'a\n1\n', 'text/csv', 422, 'CONFIG_INVALID'],
    ['GET', '/tracked?filter[direction]=up', undefined, undefined, 400, 'API_INVALID'],
  ] as const) {
    const answer = await call(method, path, body, type);
    const problem = answer.json() as { code: string; remedy?: string };
    assert.deepEqual([answer.status, problem.code, Boolean(problem.remedy)], [status, code, true], `${method} ${path}: ${answer.text}`);
  }
}));
