import assert from 'node:assert/strict';
import { test } from 'node:test';
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
