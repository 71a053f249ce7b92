import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { findingsOf, requestOf } from '../../test/support/imported.ts';
import { authNotes } from './about.ts';
import { importCurl } from './curl.ts';
import { importHar } from './har.ts';
import type { ImportResult } from './import-result.ts';
import { importPostman } from './postman.ts';

/** Whatever is imported, no word of it may hold what was secret in the source. */
function sound(result: ImportResult): ImportResult {
  assert.deepEqual(findingsOf(result), []);
  assert.doesNotMatch(JSON.stringify(result), /hush/i);
  return result;
}
const only = ({ manifest }: ImportResult): string => Object.keys(manifest.endpoints)[0]!;
const reasons = ({ skipped }: ImportResult): string[] => skipped.map(({ what, why }) => `${what}: ${why}`);

describe('a cURL command makes the request that it is', () => {
  interface Sent { readonly method: string; readonly url: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  const cases: readonly (readonly [command: string, params: object, payload: unknown, sent: Sent])[] = [
    ['curl https://a.test/x', {}, {}, { method: 'GET', url: 'https://a.test/x' }],
    ['curl a.test/x', {}, {}, { method: 'GET', url: 'http://a.test/x' }],
    ["$ curl -sSL 'https://a.test/x?a=b%20c&d=1&a=e' --compressed", {}, {}, { method: 'GET', url: 'https://a.test/x?a=b%20c&a=e&d=1' }],
    ['curl "https://a.test/orders/1234" -H "X-Shop: eu" -H "Accept: text/csv"', { order_id: 5 }, {}, { method: 'GET', url: 'https://a.test/orders/5', headers: { 'x-shop': 'eu' } }],
    ['curl -G https://a.test/x --data-urlencode "q=a b&c" -d n=1', {}, {}, { method: 'GET', url: 'https://a.test/x?q=a%20b%26c&n=1' }],
    ['curl -I https://a.test/x', {}, {}, { method: 'HEAD', url: 'https://a.test/x' }],
    ['curl -sX DELETE https://a.test/x', {}, {}, { method: 'DELETE', url: 'https://a.test/x' }],
    ['curl -kXPATCH https://a.test/x', {}, {}, { method: 'PATCH', url: 'https://a.test/x' }],
    ['curl -sSLd a=1 https://a.test/x', {}, { a: '1' }, { method: 'POST', url: 'https://a.test/x', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' }],
    ['curl -sGd q=1 https://a.test/x', {}, {}, { method: 'GET', url: 'https://a.test/x?q=1' }],
    ['curl -XDELETE https://a.test/x', {}, {}, { method: 'DELETE', url: 'https://a.test/x' }],
    ['curl --request=PUT --url https://a.test/x --json \'{"a":1}\'', {}, { a: 1 }, { method: 'PUT', url: 'https://a.test/x', headers: { 'content-type': 'application/json' }, body: '{"a":1}' }],
    ["curl https://a.test/x -d a=1 -d 'b=x y'", {}, { a: '1', b: 'x y' }, { method: 'POST', url: 'https://a.test/x', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1&b=x+y' }],
    ["curl https://a.test/x \\\n  -H 'content-type: application/vnd.x+json' \\\n  --data-raw $'{\"a\":\"it\\'s\\u0020\"}'", {}, { a: "it's " }, { method: 'POST', url: 'https://a.test/x', headers: { 'content-type': 'application/vnd.x+json' }, body: '{"a":"it\'s "}' }],
    // As Chrome writes it for the command prompt of Windows.
    ['curl ^"https://a.test/x?q=1^&n=2^" ^\r\n  -X ^"POST^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  -H ^"x-note: 100^%^ of $5^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":^\\^"b `c^\\^"^}^"', {}, { a: 'b `c' }, { method: 'POST', url: 'https://a.test/x?q=1&n=2', headers: { 'content-type': 'application/json', 'x-note': '100% of $5' }, body: '{"a":"b `c"}' }],
    ['curl https://a.test/x -H \'x-note: a ^"b^" c^d\'', {}, {}, { method: 'GET', url: 'https://a.test/x', headers: { 'x-note': 'a ^"b^" c^d' } }],
    ['curl "https://a.test/x" ^\n  -H "x-a: b"', {}, {}, { method: 'GET', url: 'https://a.test/x', headers: { 'x-a': 'b' } }],
    ['curl https://a.test/x -H "X-A: a\\\nb" -H $\'X-B: a\\tb\'', {}, {}, { method: 'GET', url: 'https://a.test/x', headers: { 'x-a': 'ab', 'x-b': 'a\tb' } }],
    ["curl https://a.test/x -H 'content-type: text/xml' -d '<a/>'", {}, '<a/>', { method: 'POST', url: 'https://a.test/x', headers: { 'content-type': 'text/xml' }, body: '<a/>' }],
  ];
  for (const [command, params, payload, { method, url, headers = {}, body }] of cases) test(command, async () => {
    const result = sound(importCurl(command));
    const sent = await requestOf(result, only(result), params as Record<string, unknown>, payload);
    assert.deepEqual([sent.method, sent.url, sent.body], [method, url, body]);
    for (const [name, value] of Object.entries(headers)) assert.equal(sent.headers[name], value);
  });

  test('an example holds the body of the command', () => assert.deepEqual(importCurl("curl https://a.test/x -d '{\"a\":[1,{\"password\":\"hush\"}]}'").manifest.endpoints['x.create']!.examples![0]!.request, { body: { a: [1, { password: '•••' }] } }));

  const signs: readonly (readonly [command: string, auth: object])[] = [
    ['curl -su ada:hush https://a.test', { basic: { type: 'basic' } }],
    ['curl https://a.test -H "Authorization: Bearer hush"', { bearer: { type: 'bearer' } }],
    ['curl https://a.test -H "authorization: Token hush"', { bearer: { type: 'bearer', settings: { scheme: 'Token' } } }],
    ['curl https://a.test -H "Authorization: Basic hush"', { basic: { type: 'basic' } }],
    ['curl -u me:hush https://a.test', { basic: { type: 'basic' } }],
    ['curl --digest -u me:hush https://a.test', { digest: { type: 'digest' } }],
    ['curl https://me:hush@a.test', { basic: { type: 'basic' } }],
    ['curl https://a.test -H "X-Shopify-Access-Token: hush"', { 'x-shopify-access-token': { type: 'api-key', settings: { name: 'X-Shopify-Access-Token' } } }],
    ['curl "https://a.test?api_key=hush"', { 'api-key': { type: 'api-key', settings: { in: 'query', name: 'api_key' } } }],
  ];
  for (const [command, auth] of signs) test(command, () => {
    const result = sound(importCurl(command));
    assert.deepEqual(result.manifest.auth, auth);
    assert.ok(reasons(result).some((text) => text.includes('Secrets do not stand in a connector')));
  });
  test('each of several keys has a secret of its own', () => {
    const { manifest } = sound(importCurl('curl https://a.test -H "X-Api-Key: hush" -H "X-Shop-Token: hush" -u me:hush'));
    assert.deepEqual(authNotes('shop', manifest).map(({ name, secrets }) => [name, ...secrets]), [['basic', 'shop/password'], ['x-api-key', 'shop/x-api-key-key'], ['x-shop-token', 'shop/x-shop-token-key']]);
  });
  test('cookies are left out', () => assert.ok(reasons(sound(importCurl('curl https://a.test -b "sid=hush"')))[0]!.startsWith('The cookies of GET /: ')));

  test('several commands are several endpoints', () => {
    const result = sound(importCurl('curl https://a.test/orders\ncurl https://a.test/orders/1234567 && curl -X POST https://a.test/orders -d x=1 # a comment\necho done\ncurl https://b.test/other'));
    assert.deepEqual(Object.keys(result.manifest.endpoints), ['orders.list', 'orders.get', 'orders.create', 'other.list']);
    assert.deepEqual(reasons(result).slice(0, 1), ['The command "echo": Only cURL commands are read.']);
  });
  test('a file is named, not read', () => {
    const result = sound(importCurl('curl https://a.test/x -F "file=@/etc/passwd;type=text/csv" -F note=hi'));
    assert.deepEqual(result.manifest.endpoints['x.create']!.body, { format: 'multipart' });
    assert.deepEqual(result.manifest.endpoints['x.create']!.examples![0]!.request, { body: { file: { fileName: 'passwd', mediaType: 'text/csv', text: 'content' }, note: 'hi' } });
    assert.deepEqual(reasons(importCurl('curl https://a.test/x -d @body.json'))[0], 'The file body.json: An import reads no further files: a flow gives the body.');
  });

  test('parts of a form as a client writes them', () => {
    const result = sound(importCurl(String.raw`curl https://a.test/x --form 'file=@"/home/me/a \"b\".pdf"' --form 'meta="{\"a\":1}";type=application/json' -F 'note=a;b' -F 'csv=@x.csv;filename=y.csv;type=text/csv'`));
    const { body, examples } = result.manifest.endpoints['x.create']!;
    assert.deepEqual(examples![0]!.request!.body, { file: { fileName: 'a "b".pdf', mediaType: 'application/octet-stream', text: 'content' }, meta: '{"a":1}', note: 'a;b', csv: { fileName: 'y.csv', mediaType: 'text/csv', text: 'content' } });
    assert.deepEqual(body, { format: 'multipart', fields: { meta: { mediaType: 'application/json' } } });
  });
  test('what a client fills in is a parameter', () => {
    const { path, params } = sound(importCurl("curl 'https://a.test/orders/{{order id}}/x-{{n}}'")).manifest.endpoints['x.list']!;
    assert.deepEqual([path, Object.keys(params!)], ['/orders/{{ params.order_id }}/x-{{ params.n }}', ['order_id', 'n']]);
  });
  test('all digits of a number', () => assert.deepEqual(importCurl("curl https://a.test/x --json '{\"big\":12345678901234567890}'").manifest.endpoints['x.create']!.examples![0]!.request!.body, { big: '12345678901234567890' }));

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ["curl https://a.test\ncurl 'https://b.test", /line 2, column 6: the quote ' is not closed/], ['echo', /no cURL command/], ['Invoke-WebRequest -Uri "https://a.test"', /is a command of PowerShell/], ['curl -T a.csv ftp://a.test/in/', /asks over ftp/], ['await fetch("https://a.test/x", {})', /is a call of fetch/], ['', /no cURL command/], ['curl -H a:b', /has no address/], ['curl https://', /cannot be read/],
  ];
  for (const [text, message] of wrong) test(`not ${JSON.stringify(text)}`, () => assert.throws(() => importCurl(text), (error) => FlowError.is(error, 'DATA_INVALID') && message.test(error.message)));
});

describe('a Postman collection', () => {
  const request = { method: 'GET', header: [{ key: 'X-Tenant', value: '{{tenant}}' }, { key: 'X-Off', value: '1', disabled: true }] };
  const list = {
    name: 'List orders', event: [{ listen: 'test', script: { exec: ['pm.test()'] } }],
    request: { ...request, url: { raw: '{{base}}/orders?limit=10&cursor={{next}}', host: ['{{base}}'], path: ['orders'], query: [{ key: 'limit', value: '10' }, { key: 'cursor', value: '{{next}}' }, { key: 'status', value: 'open', disabled: true }] } },
    response: [{ name: 'ok', code: 200, header: [{ key: 'Content-Type', value: 'application/json' }], body: '{"orders":[{"id":1},{"id":2},{"id":3}],"next_cursor":"n","access_token":"hush"}' }, { code: 500 }],
  };
  const collection = {
    info: { name: 'Shop API' }, auth: { type: 'bearer', bearer: [{ key: 'token', value: 'hush' }] }, variable: [{ key: 'base', value: 'https://{{host}}/v2' }, { key: 'host', value: 'a.test' }, { key: 'tenant', value: 'eu' }],
    item: [
      { name: 'Orders', item: [
        list,
        { name: 'Get order', request: { method: 'GET', url: { raw: '{{base}}/orders/:orderId/{{part}}', variable: [{ key: 'orderId', value: '7' }] } } },
        { name: 'Create order', request: { method: 'POST', body: { mode: 'raw', raw: '{"id": {{id}}, "shop": "{{tenant}}"}', options: { raw: { language: 'json' } } }, url: '{{base}}/orders' } },
        { name: 'Search', request: { method: 'POST', auth: { type: 'apikey', apikey: { key: 'X-Key', value: 'hush', in: 'header' } }, body: { mode: 'urlencoded', urlencoded: [{ key: 'a', value: 'b' }] }, url: '{{base}}/orders/search' } },
        { name: 'Ask', request: { method: 'POST', body: { mode: 'graphql', graphql: { query: 'query ($n: Int, $shop: ID) { a(n: $n, shop: $shop) }', variables: '{"n": 1, "other": 2, "shop": {{id}}}' } }, url: '{{base}}/graphql' } },
        { name: 'Change', request: { method: 'POST', body: { mode: 'graphql', graphql: { operationName: 'Set', query: 'query Ask { a } mutation Set($order: Order) { set(order: $order) { id } }', variables: '{"order": {"id": 7, "password": "hush"}}' } }, url: '{{base}}/graphql' } },
      ] },
      { name: 'Elsewhere', request: 'https://b.test/x' },
    ],
  };
  const result = sound(importPostman(JSON.stringify(collection)));

  test('has an endpoint per request', () => assert.deepEqual([result.operations, Object.keys(result.manifest.endpoints)], [7, ['orders.list', 'orders.get', 'orders.create', 'orders.search', 'graphql.ask', 'graphql.change', 'x.list']]));
  test('its address and sign-in', () => assert.deepEqual([result.manifest.title, result.manifest.baseUrl, result.manifest.auth], ['Shop API', 'https://a.test', { bearer: { type: 'bearer' }, 'x-key': { type: 'api-key', settings: { name: 'X-Key' } } }]));
  test('its requests on the wire', async () => {
    const { url, headers } = await requestOf(result, 'orders.list');
    assert.deepEqual([url, headers['x-tenant'], headers['x-off']], ['https://a.test/v2/orders?limit=10', 'eu', undefined]);
    assert.equal((await requestOf(result, 'orders.list', { cursor: 'c', status: 'done' })).url, 'https://a.test/v2/orders?limit=10&cursor=c&status=done');
    assert.equal((await requestOf(result, 'orders.get', { orderId: 9, part: 'x' })).url, 'https://a.test/v2/orders/9/x');
    assert.equal((await requestOf(result, 'orders.search', {}, { a: 'b' })).body, 'a=b');
    assert.equal((await requestOf(result, 'graphql.ask', { n: 2, shop: 'eu' })).body, '{"query":"query ($n: Int, $shop: ID) { a(n: $n, shop: $shop) }","variables":{"n":2,"shop":"eu"}}');
    assert.equal((await requestOf(result, 'graphql.change', {}, { order: { id: 8 } })).body, '{"query":"query Ask { a } mutation Set($order: Order) { set(order: $order) { id } }","operationName":"Set","variables":{"order":{"id":8}}}');
  });
  test('its examples', () => {
    const { records, examples } = result.manifest.endpoints['orders.list']!;
    assert.deepEqual([records, examples![0]!.response], ['$.orders', { status: 200, body: { orders: [{ id: 1 }, { id: 2 }], next_cursor: 'n', access_token: '•••' } }]);
    assert.deepEqual(result.manifest.endpoints['orders.create']!.examples![0]!.request, { body: { id: 'id', shop: 'eu' } });
  });
  test('what is left out and what is likely', () => {
    assert.deepEqual(reasons(result), [
      'The scripts of Orders / List orders: Scripts of Postman are not run: what they do belongs into a flow.', 'Further examples of Orders / List orders: An endpoint takes one example of each request; the first that went well was taken.',
      'The answer of GET /v2/orders, and 2 more: Secrets in it were hidden: a step of a flow gives them, out of a variable.', 'The variable other of POST /v2/graphql: Its query declares no such variable.',
    ]);
    assert.deepEqual(result.suggestions.map(({ kind, endpoint }) => [kind, endpoint]), [['pagination', 'orders.list']]);
  });
  test('a file goes out as it is, whatever its header says', async () => {
    const result = sound(importPostman(JSON.stringify({ info: {}, item: [{ name: 'A', request: { method: 'POST', url: 'https://a.test/a', header: [{ key: 'Content-Type', value: 'application/x-www-form-urlencoded' }], body: { mode: 'file', file: {} } } }] })));
    const sent = await requestOf(result, only(result), {}, 'a&b');
    assert.deepEqual([sent.body, sent.headers['content-type']], ['a&b', 'application/x-www-form-urlencoded']);
  });
  test('what is called a secret in one place, and is a common word, stays elsewhere', () => {
    const result = importPostman(JSON.stringify({ info: {}, item: [{ name: 'A', request: { method: 'GET', url: { raw: 'https://a.test/a', query: [{ key: 'q', value: 'value1' }, { key: 'token', value: 'value1' }] } } }] }));
    assert.deepEqual(result.manifest.endpoints['a.list']!.params, { q: { type: 'string', required: true, default: 'value1', in: 'query' } });
  });
  test('of version 2.0, in a wrapper, without an address', () => {
    const old = sound(importPostman(JSON.stringify({ collection: { info: { name: '' }, auth: { type: 'basic', basic: { username: 'me', password: 'hush' } }, item: [{ name: 'A', request: { method: 'GET', url: '{{host}}/a', header: 'X-A: 1' } }] } })));
    assert.deepEqual([old.manifest.title, old.manifest.baseUrl, old.manifest.auth], ['Imported API', '{{ instance.url }}', { basic: { type: 'basic' } }]);
  });
  const signs: readonly (readonly [auth: object, expected: object])[] = [
    [{ type: 'noauth' }, {}], [{ type: 'digest' }, { digest: { type: 'digest' } }], [{ type: 'hawk' }, {}],
    [{ type: 'oauth1', oauth1: [{ key: 'consumerKey', value: 'ck' }, { key: 'consumerSecret', value: 'hush' }, { key: 'realm', value: '1_SB1' }, { key: 'addParamsToHeader', value: true, type: 'boolean' }] }, { oauth1: { type: 'oauth1', settings: { method: 'HMAC-SHA1', realm: '1_SB1' } } }],
    [{ type: 'oauth1', oauth1: { signatureMethod: 'HMAC-SHA256' } }, { oauth1: { type: 'oauth1', settings: { method: 'HMAC-SHA256' } } }], [{ type: 'oauth1', oauth1: { signatureMethod: 'HMAC-SHA512' } }, {}],
    [{ type: 'apikey', apikey: [{ key: 'key', value: 'k' }, { key: 'in', value: 'query' }] }, { k: { type: 'api-key', settings: { in: 'query', name: 'k' } } }],
    [{ type: 'awsv4', awsv4: { service: 's3', region: 'eu', secretKey: 'hush' } }, { aws: { type: 'aws-sigv4', settings: { service: 's3', region: 'eu' } } }],
    [{ type: 'oauth2', oauth2: { accessTokenUrl: 'https://l.test/t', grant_type: 'client_credentials', clientSecret: 'hush' } }, { client: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://l.test/t' } } }],
    [{ type: 'oauth2', oauth2: { accessTokenUrl: 'https://l.test/t', authUrl: 'https://l.test/a', scope: 'x' } }, { login: { type: 'oauth2-authorization-code', settings: { authorizationUrl: 'https://l.test/a', tokenUrl: 'https://l.test/t', scope: 'x' } } }],
    [{ type: 'oauth2', oauth2: { accessToken: 'hush' } }, { bearer: { type: 'bearer' } }],
  ];
  for (const [auth, expected] of signs) test(`signs in by ${JSON.stringify(auth)}`, () => assert.deepEqual(sound(importPostman(JSON.stringify({ info: {}, auth, item: [{ name: 'A', request: 'https://a.test/a' }] }))).manifest.auth ?? {}, expected));
  test('that is none', () => {
    assert.throws(() => importPostman('{"a":1}'), (error) => FlowError.is(error, 'DATA_INVALID') && /no Postman collection/.test(error.message));
    assert.throws(() => importPostman('{"item":[]}'), (error) => FlowError.is(error, 'DATA_INVALID') && /no request/.test(error.message));
    assert.throws(() => importPostman('{\n"item":[}'), (error) => FlowError.is(error, 'DATA_INVALID') && error.place?.line === 2);
  });
});

describe('an HTTP archive', () => {
  const entry = (method: string, url: string, more: { readonly request?: object; readonly content?: object; readonly status?: number } = {}): object => ({
    request: { method, url, headers: [{ name: 'Authorization', value: 'Bearer hush' }, { name: 'User-Agent', value: 'x' }, { name: ':authority', value: 'a.test' }, { name: 'X-Shop', value: 'eu' }], ...more.request },
    response: { status: more.status ?? 200, headers: [{ name: 'Set-Cookie', value: 'hush' }], content: more.content ?? { mimeType: 'application/json; charset=utf-8', text: '[{"id":1,"total":"2"},{"id":2,"note":null}]' } },
  });
  const result = sound(importHar(JSON.stringify({ log: { creator: { name: 'Firefox' }, entries: [
    entry('GET', 'https://a.test/api/orders?page=1&limit=2'), entry('GET', 'https://a.test/api/orders?page=2&limit=2'), entry('GET', 'https://a.test/api/orders/10001'), entry('GET', 'https://a.test/api/orders/10002'),
    entry('POST', 'https://a.test/api/orders', { status: 201, request: { postData: { mimeType: 'application/json', text: '{"id":1,"secret":"hush"}' } }, content: {} }),
    entry('GET', 'https://a.test/', { content: { mimeType: 'text/html', text: '<p>hush' } }), entry('GET', 'https://a.test/app.js', { content: { mimeType: 'application/javascript' } }), entry('GET', 'data:text/plain,x'),
  ] } })));

  test('has an endpoint per method and path', () => assert.deepEqual([result.operations, Object.keys(result.manifest.endpoints)], [8, ['orders.list', 'orders.get', 'orders.create']]));
  test('what all requests had is the default', async () => {
    assert.deepEqual(result.manifest.endpoints['orders.list']!.params, {
      page: { type: 'integer', in: 'query' }, limit: { type: 'integer', required: true, default: 2, in: 'query' }, 'x-shop': { type: 'string', required: true, default: 'eu', in: 'header' },
    });
    assert.equal((await requestOf(result, 'orders.list', { page: 3 })).url, 'https://a.test/api/orders?page=3&limit=2');
    assert.equal((await requestOf(result, 'orders.get', { order_id: 5 })).url, 'https://a.test/api/orders/5');
  });
  test('records are known by what was seen', () => assert.deepEqual(result.manifest.endpoints['orders.list']!.record, { type: 'object', properties: { id: { type: 'integer' }, total: { type: 'string' }, note: {} } }));
  test('parts of pages are left out', () => assert.deepEqual(reasons(result).slice(0, 2).map((text) => text.split(':')[0]), ['GET /, and 1 more', 'GET data']));
  test('answers in base64 are read where they are text, and told where they are not', () => {
    const entry = (path: string, content: object) => ({ request: { method: 'GET', url: `https://a.test/${path}`, headers: [], queryString: [] }, response: { status: 200, headers: [], content } });
    const packed = sound(importHar(JSON.stringify({ log: { creator: { name: 'x' }, entries: [
      entry('orders', { mimeType: 'application/json', encoding: 'base64', text: Buffer.from('{"name":"Zoë"}').toString('base64') }), entry('labels', { mimeType: 'application/octet-stream', encoding: 'base64', text: '/wA=' }),
    ] } })));
    assert.deepEqual(Object.values(packed.manifest.endpoints)[0]!.examples![0]!.response.body, { name: 'Zoë' });
    assert.ok(reasons(packed).some((reason) => reason === 'The answer of GET /labels: It holds bytes and no text, which an example cannot hold.'), reasons(packed).join('\n'));
  });
  test('that is none', () => assert.throws(() => importHar('{"log":{}}'), (error) => FlowError.is(error, 'DATA_INVALID') && /"log\.entries" is missing/.test(error.message)));
});
