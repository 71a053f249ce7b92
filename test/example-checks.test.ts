import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectorHost } from './support/connector-host.ts';
import type { ConnectorManifest, EndpointExample, EndpointManifest } from '../server/model/connector.ts';
import { checkExamples } from '../server/runner/example-checks.ts';

const signal = new AbortController().signal;

/** What is said of one example of one endpoint; nothing where it passes. */
function check(name: string, endpoint: Partial<EndpointManifest>, example: Partial<EndpointExample>, expected: readonly string[], connector: Partial<ConnectorManifest> = {}): void {
  test(name, async () => {
    const it: EndpointManifest = { title: 'It', direction: 'receive', method: 'GET', path: '/it', ...endpoint, examples: [{ title: 'One', response: { status: 200, body: [] }, ...example }] };
    const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: '{{ instance.url }}/api', variables: { url: { type: 'string' } }, auth: { token: { type: 'bearer' } }, ...connector, endpoints: { ...connector.endpoints, it } };
    const checks = await checkExamples(connectorHost({}), { id: 'shop', file: 'connectors/shop.connector.json', manifest }, signal);
    const last = checks.at(-1)!;
    assert.deepEqual([last.endpoint, last.pointer, last.result, last.messages], ['it', '/endpoints/it/examples/0', expected.length > 0 ? 'failed' : 'passed', expected]);
  });
}

const integer: object = { type: 'integer' };
const text: object = { type: 'string', default: 'd' };
const record = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] };
const listed = (body: unknown): Partial<EndpointExample> => ({ response: { status: 200, body } });

check('a list of nothing', {}, {}, []);
check('the request that it says', { path: '/orders/{{ params.id }}', query: { q: '{{ params.q }}' }, headers: { 'x-a': '{{ params.q }}' }, params: { id: integer, q: text } }, { request: { params: { id: 7 }, path: '/orders/7?q=d', headers: { 'X-A': 'd' } } }, []);
check('another request', { path: '/orders', headers: { 'x-a': 'b' } }, { request: { path: '/order', headers: { 'x-a': 'c', 'x-b': 'd' } } }, ['The request goes to /orders, not /order.', 'The header x-a of the request is "b", not "c".', 'The request has no header x-b.']);
check('a parameter that is missing', { path: '/orders/{{ params.id }}', params: { id: { ...integer, required: true } } }, {}, ['No request was made: CONFIG_INVALID: The params of the endpoint "it" do not fit: The values of the connector "shop" are not valid: "id" is missing.']);
check('the body that is sent', { direction: 'send', method: 'POST', body: { format: 'json', template: { orders: '{{ payload }}' } } }, { request: { body: [1], sent: { orders: [1] } } }, []);
check('another body', { direction: 'send', method: 'POST', body: { format: 'json' } }, { request: { body: { a: 1 }, sent: { a: 2 } } }, ['The request sends {"a":1}, not {"a":2}.']);
check('a text that is sent', { direction: 'send', method: 'POST', body: { format: 'form' } }, { request: { body: { a: 'b c' }, sent: 'a=b+c' } }, []);
check('a text that is sent in JSON', { direction: 'send', method: 'POST', body: { format: 'json' }, record: { type: 'string' } }, { request: { body: 'blue', sent: '"blue"' } }, []);
check('records', { records: '$.a', record }, { ...listed({ a: [{ id: 1 }, { id: 2 }] }), records: 2 }, []);
check('records, one by one', { records: '$.a', record }, { ...listed({ a: [{ id: 1 }] }), records: [{ id: 1 }] }, []);
check('other records', { records: '$.a' }, { ...listed({ a: [{ id: 1 }] }), records: [{ id: 2 }] }, ['The records [{"id":1}] were read, not [{"id":2}].']);
check('another number of records', { records: '$.a' }, { ...listed({ a: [{ id: 1 }] }), records: 2 }, ['1 records were read, not 2.']);
check('a path that leads to nothing', { records: '$.orders' }, listed({ order: [] }), ['The call failed with REMOTE_FORMAT: The answer of "it" has nothing at "$.orders": it is an object with order.']);
check('records that do not fit', { record }, listed([{ id: 'a' }, {}]), ['The record 1 that is read does not fit its schema at /id: "id" must be a whole number; it is "a" (string).', 'The record 2 that is read does not fit its schema: "id" is missing.']);
check('what is sent does not fit', { direction: 'send', method: 'POST', body: { format: 'json' }, per: 'record', record }, { request: { body: [{ id: 1 }, {}] } }, ['The record 2 that is sent does not fit its schema: "id" is missing.']);
check('a failure that is known', { errors: [{ when: { expression: '{{ response.ok == false }}' }, action: 'fail', as: 'data' }] }, { ...listed({ ok: false }), error: 'REMOTE_REJECTED' }, []);
check('a failure that nobody said', { errors: [{ when: { expression: '{{ response.ok == false }}' }, action: 'fail', as: 'data', message: '{{ response.why }}' }] }, listed({ ok: false, why: 'Closed.' }), ['The call failed with REMOTE_REJECTED: The endpoint "it" of "example" refused the request with 200 (GET example.test/it): Closed.']);
check('a failure that does not come', {}, { error: 'REMOTE_REJECTED' }, ['The call did not fail with REMOTE_REJECTED.']);
check('an answer that is none', {}, { response: { status: 404, body: { error: 'none' } } }, []);
check('nobody waits for another attempt', { errors: [{ when: { status: [503] }, action: 'retry', attempts: 3 }] }, { response: { status: 503 } }, []);
check('pages are not followed', { pagination: { type: 'cursor', settings: {} }, records: '$.a' }, { ...listed({ a: [{ id: 1 }], next_cursor: 'b' }), records: 1 }, []);
check('an answer in XML', { decoder: { type: 'xml', settings: { element: 'orders.order' } } }, { ...listed([{ id: '1' }]), records: 1 }, []);
check('a slice of another endpoint has what its example says', { path: '/shops/{{ slice.shop }}/orders', slices: [{ name: 'shop', endpoint: 'shops.list' }] }, { request: { path: '/shops/eu/orders' } }, [], { endpoints: { 'shops.list': { title: 'Shops', direction: 'receive', method: 'GET', path: '/shops', examples: [{ title: 'One', response: { status: 200, body: [{ id: 'eu' }] } }] } } });
check('another base URL', { baseUrl: 'files', path: '/a' }, { request: { path: '/a' } }, [], { baseUrls: { files: 'https://files.test' } });

test('a job is not run', async () => {
  const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://a.test', endpoints: { it: { title: 'It', direction: 'receive', method: 'POST', path: '/jobs', pagination: { type: 'async-job' }, examples: [{ title: 'One', response: { status: 200 } }] } } };
  const [one] = await checkExamples(connectorHost({}), { id: 'shop', file: 'f', manifest }, signal);
  assert.deepEqual([one!.result, one!.messages], ['skipped', ['A job takes several answers, and an example has one.']]);
});
