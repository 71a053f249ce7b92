import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importHar } from './har.ts';

interface Entry { readonly search?: string; readonly listed?: readonly string[]; readonly headers?: readonly string[] }
const archive = (entries: readonly Entry[]): string => JSON.stringify({ log: { entries: entries.map(({ search = '', listed, headers = [] }) => ({
  request: { method: 'GET', url: `https://a.test/orders${search}`, headers: headers.map((name) => ({ name, value: 'Bearer hush-1' })), ...(listed && { queryString: listed.map((name) => ({ name, value: '1' })) }) },
  response: { status: 200, content: { mimeType: 'application/json', text: '{"a":1}' } },
})) } });

const whole: Entry = { search: '?page=1&access_token=hush', listed: ['page'], headers: ['Authorization', 'X-CSRF-Token'] };
for (const [title, entries] of [
  ['what stands in the address alone signs, too', [whole]],
  ['the request that signs most says how', [{ search: '?page=1&access_token=hush' }, {}, whole]],
] as const) test(title, () => {
  const { manifest: { auth, endpoints } } = importHar(archive(entries));
  assert.deepEqual(auth, {
    bearer: { type: 'bearer', beside: ['x-csrf-token', 'access-token'] }, 'x-csrf-token': { type: 'api-key', settings: { name: 'X-CSRF-Token' } }, 'access-token': { type: 'api-key', settings: { in: 'query', name: 'access_token' } },
  });
  assert.deepEqual([Object.keys(endpoints), Object.keys(endpoints['orders.get']!.params ?? {}), endpoints['orders.get']!.auth], [['orders.get'], ['page'], undefined]);
});

describe('an entry is an endpoint, or it is said why not', () => {
  interface Asked { readonly method?: string; readonly url?: string; readonly status?: number; readonly mimeType?: string; readonly more?: object }
  const entryOf = ({ method = 'GET', url = 'https://a.test/orders', status = 200, mimeType = 'application/json', more = {} }: Asked) => ({ request: { method, url, headers: [] }, response: { status, content: { mimeType } }, ...more });
  const socket = 'A WebSocket keeps a connection open; endpoints ask and are answered.';
  const unanswered = 'It was answered without data.';
  const cases: readonly (readonly [title: string, entry: unknown, endpoint: string | undefined, reason?: string])[] = [
    ['a deletion that is answered with nothing', entryOf({ method: 'DELETE', url: 'https://a.test/orders/10001', mimeType: '' }), 'orders.delete'],
    ['a change without a body', entryOf({ method: 'POST', url: 'https://a.test/orders/10001/close', mimeType: 'x-unknown' }), 'orders.close'],
    ['a socket by its address', entryOf({ url: 'wss://a.test/feed?token=1', status: 101, mimeType: '' }), undefined, `GET wss://a.test/feed: ${socket}`],
    ['a socket by its status', entryOf({ url: 'https://a.test/feed', status: 101, mimeType: '' }), undefined, `GET /feed: ${socket}`],
    ['a socket by its kind', entryOf({ url: 'https://a.test/feed', mimeType: 'text/plain', more: { _resourceType: 'websocket' } }), undefined, `GET /feed: ${socket}`],
    ['what a browser asks before a request', entryOf({ method: 'OPTIONS', status: 204, mimeType: '' }), undefined, 'OPTIONS /orders: A browser asks so whether it may send a request to another host; an endpoint need not.'],
    ['a tunnel', entryOf({ method: 'CONNECT', url: 'a.test:443', mimeType: '' }), undefined, 'CONNECT a.test:443: It is no request over http or https.'],
    ['a method that no endpoint has', entryOf({ method: 'TRACE', status: 204, mimeType: '' }), undefined, 'TRACE /orders: Endpoints cannot be of the method TRACE.'],
    ['no method', entryOf({ method: '' }), undefined, '/orders: It has no method.'],
    ['an answer that the browser had already', entryOf({ status: 304, mimeType: '' }), undefined, `GET /orders: ${unanswered}`],
    ['another address for an answer', entryOf({ status: 302, mimeType: 'x-unknown' }), undefined, `GET /orders: ${unanswered}`],
    ['no answer', entryOf({ status: 0, mimeType: 'x-unknown' }), undefined, 'GET /orders: It was not answered.'],
    ['a part of a page', entryOf({ url: 'https://a.test/x.png', mimeType: 'image/png' }), undefined, 'GET /x.png: It asks for a part of a page (a document, a script, a picture), not for data.'],
    ['no request', 7, undefined, 'Entry 1: It is no request.'],
    ['an entry without a request', {}, undefined, 'Entry 1: It is no request.'],
  ];
  for (const [title, entry, endpoint, reason] of cases) test(title, () => {
    const { manifest, skipped, operations } = importHar(JSON.stringify({ log: { entries: [entry, entryOf({ url: 'https://a.test/others' })] } }));
    assert.deepEqual([Object.keys(manifest.endpoints), skipped.map(({ what, why }) => `${what}: ${why}`), operations], [[...(endpoint === undefined ? [] : [endpoint]), 'others.list'], reason === undefined ? [] : [reason], 2]);
  });
});
