import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FlowError } from '../../plugins/sdk/index.ts';
import { findingsOf, requestOf } from '../../test/support/imported.ts';
import type { ImportResult } from './import-result.ts';
import { importOpenApi } from './openapi.ts';

const described = (parts: object): string => JSON.stringify({ openapi: '3.0.3', info: { title: 'Shop', version: '2' }, servers: [{ url: 'https://shop.test/api/' }], paths: {}, ...parts });
/** A description with one operation. */
const withOne = (operation: object, method = 'get', path = '/orders'): ImportResult => importOpenApi(described({ paths: { [path]: { [method]: operation } } }));
const onlyEndpoint = ({ manifest: { endpoints } }: ImportResult) => Object.values(endpoints)[0]!;
const reasons = ({ skipped }: ImportResult): string[] => skipped.map(({ what, why }) => `${what}: ${why}`);

for (const [kind, text] of [
  ['JSON', described({}).replace('"paths":{}', '"paths":{"/orders":{"get":{"parameters":[{"name":"after","in":"query","required":true,"schema":{"minimum":-9223372036854775808,"maximum":9223372036854775807,"enum":[1e18,9223372036854775807]}}]}}}')],
  ['YAML', 'openapi: 3.0.3\ninfo: { title: Shop, version: "2" }\nservers: [{ url: "https://shop.test/api/" }]\npaths: { /orders: { get: { parameters: [{ name: after, in: query, required: true, schema: { minimum: -9223372036854775808, maximum: 9223372036854775807, enum: [1e18, "9223372036854775807"] } }] } } }'],
] as const) test(`numbers beyond 2^53 are texts as in payloads, but for the ends of ranges: ${kind}`, () => {
  const imported = importOpenApi(text);
  assert.deepEqual(onlyEndpoint(imported).params, { after: { minimum: -(2 ** 63), maximum: 2 ** 63, enum: ['1000000000000000000', '9223372036854775807'], required: true, in: 'query', style: 'form' } });
  assert.deepEqual(findingsOf(imported), []);
});

const shop = importOpenApi(`
openapi: 3.1.0
info: { title: Shop & Co, version: 2024-01-31, description: "Sells **things**. And more." }
servers:
  - url: https://{region}.shop.test/v1
    variables: { region: { default: eu, enum: [eu, us], description: Where it is. } }
security: [{ oauth: [] }]
paths:
  /orders:
    parameters: [{ $ref: '#/components/parameters/Tenant' }]
    get:
      operationId: listOrders
      summary: List orders.
      parameters:
        - { name: status, in: query, schema: { type: array, items: { type: string, enum: [open, done] } }, explode: false }
        - { name: since, in: query, description: Only later ones., schema: { type: string, format: date-time } }
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 250, default: 50 } }
        - { name: cursor, in: query, schema: { type: string } }
        - { name: 'created[gte]', in: query, schema: { type: string } }
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  orders: { type: array, items: { $ref: '#/components/schemas/Order' } }
                  meta: { type: object, properties: { next_cursor: { type: [string, 'null'] } } }
              example: { orders: [{ id: 7, on: 2024-01-31 }], meta: { next_cursor: null } }
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses: { '201': { description: made } }
  /orders/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } } }
webhooks: { orderMade: { post: {} } }
components:
  parameters: { Tenant: { name: X-Tenant, in: header, required: true, schema: { type: string, default: main } } }
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: { type: integer }
        note: { type: string, nullable: true, pattern: '^(?!x)' }
        parent: { $ref: '#/components/schemas/Order' }
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://login.test/token', scopes: { read: '' } } } }
    key: { type: apiKey, in: header, name: X-Key }
`);

describe('a description', () => {
  test('lints clean', () => assert.deepEqual(findingsOf(shop), []));
  test('has an endpoint per operation', () => assert.deepEqual([shop.operations, Object.keys(shop.manifest.endpoints)], [3, ['orders.list', 'orders.create', 'orders.get']]));
  test('says where it comes from', () => {
    const { title, summary, source, baseUrl, variables, auth, allowedOrigins } = shop.manifest;
    assert.deepEqual({ title, summary, source, baseUrl, variables, auth, allowedOrigins }, {
      title: 'Shop & Co', summary: 'Sells things. And more.', source: 'OpenAPI 3.1.0: Shop & Co 2024-01-31', baseUrl: 'https://{{ instance.region }}.shop.test/v1',
      variables: { region: { type: 'string', title: 'region', description: 'Where it is.', enum: ['eu', 'us'], default: 'eu' } },
      auth: { oauth: { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://login.test/token', scope: 'read' } }, key: { type: 'api-key', settings: { name: 'X-Key' } } }, allowedOrigins: ['https://login.test'],
    });
  });
  test('its parameters', () => assert.deepEqual(shop.manifest.endpoints['orders.list']!.params, {
    'X-Tenant': { type: 'string', required: true, default: 'main', in: 'header' },
    status: { type: 'array', items: { type: 'string', enum: ['open', 'done'] }, in: 'query', style: 'form', explode: false },
    since: { type: 'string', format: 'date-time', description: 'Only later ones.', in: 'query' },
    limit: { type: 'integer', minimum: 1, maximum: 250, description: 'Default: 50.', in: 'query' },
    cursor: { type: 'string', in: 'query' },
    created_gte: { type: 'string', in: 'query', name: 'created[gte]' },
  }));
  test('its records', () => {
    const { records, record, examples } = shop.manifest.endpoints['orders.list']!;
    assert.equal(records, '$.orders');
    assert.deepEqual(Object.keys((record as { properties: object }).properties), ['id', 'note', 'parent']);
    assert.deepEqual(examples![0]!.response, { status: 200, body: { orders: [{ id: 7, on: '2024-01-31' }], meta: { next_cursor: null } } });
    assert.deepEqual((shop.manifest.endpoints['orders.create']!.record as { required: string[] }).required, ['id']);
  });
  test('what is likely is said, and not done', () => {
    assert.deepEqual(shop.suggestions, [{ kind: 'pagination', endpoint: 'orders.list', value: { type: 'cursor', settings: { path: '$.meta.next_cursor', param: 'cursor', sizeParam: 'limit', size: 100 } }, score: 0.9, why: 'The answer has "meta.next_cursor", and the query takes "cursor".' }]);
    assert.equal(shop.manifest.endpoints['orders.list']!.pagination, undefined);
  });
  test('what is left out is said', () => assert.deepEqual(reasons(shop), [
    'The pattern ^(?!x): Patterns run on an engine that cannot backtrack, and does not know look-around and references back.', '1 webhooks: Calls that come in are triggers of flows: use a webhook.',
  ]));
  test('an order of orders has an end', () => assert.ok(JSON.stringify(shop.manifest).length < 5000));
});

describe('the request of an imported operation', () => {
  const object = { R: 100, G: 200 };
  const cases: readonly (readonly [param: object, value: unknown, expected: string])[] = [
    [{ in: 'query', schema: { type: 'string' } }, 'a b', '/orders?color=a%20b'],
    [{ in: 'query', schema: { type: 'array' } }, [1, 2], '/orders?color=1&color=2'],
    [{ in: 'query', schema: { type: 'array' }, explode: false }, [1, 2], '/orders?color=1,2'],
    [{ in: 'query', schema: { type: 'array' }, style: 'spaceDelimited', explode: false }, [1, 2], '/orders?color=1%202'],
    [{ in: 'query', schema: { type: 'array' }, style: 'pipeDelimited', explode: false }, [1, 2], '/orders?color=1%7C2'],
    [{ in: 'query', schema: { type: 'object' } }, object, '/orders?R=100&G=200'],
    [{ in: 'query', schema: { type: 'object' }, explode: false }, object, '/orders?color=R,100,G,200'],
    [{ in: 'query', schema: { type: 'object' }, style: 'deepObject' }, object, '/orders?color%5BR%5D=100&color%5BG%5D=200'],
    [{ in: 'query', content: { 'application/json': { schema: { type: 'array' } } } }, [1], '/orders?color=%5B1%5D'],
    [{ in: 'path', schema: { type: 'string' } }, 'a/b', '/it/a%2Fb/x'],
    [{ in: 'path', schema: { type: 'array' } }, [1, 2], '/it/1,2/x'],
    [{ in: 'path', schema: { type: 'object' }, explode: true }, object, '/it/R=100,G=200/x'],
    [{ in: 'path', schema: { type: 'string' }, style: 'label' }, 'a', '/it/.a/x'],
    [{ in: 'path', schema: { type: 'array' }, style: 'label', explode: true }, [1, 2], '/it/.1.2/x'],
    [{ in: 'path', schema: { type: 'array' }, style: 'matrix' }, [1, 2], '/it/;color=1,2/x'],
    [{ in: 'path', schema: { type: 'array' }, style: 'matrix', explode: true }, [1, 2], '/it/;color=1;color=2/x'],
    [{ in: 'path', schema: { type: 'object' }, style: 'matrix', explode: true }, object, '/it/;R=100;G=200/x'],
  ];
  for (const [param, value, expected] of cases) {
    test(`${JSON.stringify(param)} ${JSON.stringify(value)}`, async () => {
      const isPath = 'in' in param && param.in === 'path';
      const result = withOne({ parameters: [{ name: 'color', required: true, ...param }] }, 'get', isPath ? '/it/{color}/x' : '/orders');
      assert.deepEqual(findingsOf(result), []);
      const name = Object.keys(result.manifest.endpoints)[0]!;
      assert.equal((await requestOf(result, name, { color: value })).url, `https://shop.test/api${expected}`);
    });
  }

  const bodies: readonly (readonly [mediaType: string, payload: unknown, body: string, contentType: string])[] = [
    ['application/json', { a: [1] }, '{"a":[1]}', 'application/json'],
    ['application/vnd.api+json', { a: 1 }, '{"a":1}', 'application/vnd.api+json'],
    ['application/x-www-form-urlencoded', { a: 'x y', b: [1, 2] }, 'a=x+y&b=1&b=2', 'application/x-www-form-urlencoded'],
    ['application/xml', '<a/>', '<a/>', 'application/xml'],
  ];
  for (const [mediaType, payload, body, contentType] of bodies) {
    test(`a body of the type ${mediaType}`, async () => {
      const result = withOne({ requestBody: { content: { [mediaType]: { schema: { type: 'object' } } } } }, 'post');
      assert.deepEqual(findingsOf(result), []);
      const { method, headers, body: sent } = await requestOf(result, 'orders.create', {}, payload);
      assert.deepEqual([method, sent, headers['content-type']], ['POST', body, contentType]);
    });
  }
  for (const [mediaType, contentType] of [['application/octet-stream', 'application/octet-stream'], ['image/png', 'image/png'], ['*/*', 'image/gif'], ['application/json', 'application/json']] as const) {
    test(`bytes as the body, of the type ${mediaType}`, async () => {
      const result = withOne({ requestBody: { content: { [mediaType]: { schema: { type: 'string', format: 'binary' } } } } }, 'post');
      assert.deepEqual([findingsOf(result), onlyEndpoint(result).examples], [[], [{ title: 'The request; no answer is known', response: { status: 200 } }]]);
      const bytes = new Uint8Array([0, 255, 254, 128]);
      const { headers, body } = await requestOf(result, 'orders.create', {}, bytes);
      assert.deepEqual([body, headers['content-type']], [bytes, contentType]);
    });
  }
  test('no body', async () => {
    const { body } = await requestOf(withOne({}, 'post'), 'orders.create', {}, { a: 1 });
    assert.equal(body, undefined);
  });
  test('the fields of a form as the description writes them', () => {
    const form = (mediaType: string, encoding: object) => onlyEndpoint(withOne({ requestBody: { content: { [mediaType]: { schema: { type: 'object' }, encoding } } } }, 'post')).body;
    const encoding = { meta: { style: 'deepObject', explode: true }, list: { explode: false }, doc: { contentType: 'application/json' }, sdp: { contentType: 'application/sdp' }, any: { contentType: 'image/*' }, odd: { style: 'label' } };
    assert.deepEqual(form('application/x-www-form-urlencoded', encoding), { format: 'form', fields: { meta: { style: 'deepObject', explode: true }, list: { style: 'form', explode: false }, doc: { style: 'json' } } });
    assert.deepEqual(form('multipart/form-data', encoding), { format: 'multipart', fields: { doc: { mediaType: 'application/json' }, sdp: { mediaType: 'application/sdp' } } });
  });
  test('a multipart body', async () => {
    const { headers, body } = await requestOf(withOne({ requestBody: { content: { 'multipart/form-data': { schema: { properties: { a: {} } } } } } }, 'post'), 'orders.create', {}, { a: 1 });
    assert.match(headers['content-type']!, /^multipart\/form-data; boundary=/);
    assert.match(new TextDecoder().decode(body as Uint8Array), /name="a"\r\n\r\n1\r\n/);
  });
  test('files of a multipart body', () => {
    const properties = { logo: { type: 'string', format: 'binary' }, pages: { type: 'array', items: { type: 'string', contentMediaType: 'image/png' } }, note: { type: 'string' } };
    const { record, examples } = onlyEndpoint(withOne({ requestBody: { content: { 'multipart/form-data': { schema: { type: 'object', properties }, encoding: { logo: { contentType: 'image/gif' } } } } } }, 'post'));
    const fields = (record as { readonly properties: Readonly<Record<string, { readonly type: string; readonly required?: readonly string[]; readonly items?: { readonly required: readonly string[] } }>> }).properties;
    assert.deepEqual([fields['logo']!.required, fields['pages']!.items!.required, fields['note']], [['fileName'], ['fileName'], { type: 'string' }]);
    assert.deepEqual(examples![0]!.request!.body, { logo: { fileName: 'logo', mediaType: 'image/gif', text: 'text' }, pages: [{ fileName: 'pages', mediaType: 'application/octet-stream', text: 'text' }], note: 'text' });
  });
  for (const schema of [{ type: 'string', format: 'binary' }, {}, undefined]) {
    test(`a multipart body of which only ${JSON.stringify(schema)} is said has fields all the same`, async () => {
      const result = withOne({ requestBody: { content: { 'multipart/form-data': { ...(schema && { schema }) } } } }, 'post');
      const { headers, body } = await requestOf(result, 'orders.create', {}, { file: { fileName: 'a.txt', mediaType: 'text/plain', text: 'hi' } });
      assert.match(headers['content-type']!, /^multipart\/form-data; boundary=/);
      assert.match(new TextDecoder().decode(body as Uint8Array), /name="file"; filename="a\.txt"\r\ncontent-type: text\/plain\r\n\r\nhi\r\n/i);
      assert.deepEqual(findingsOf(result), []);
    });
  }
  test('a header and a default', async () => assert.equal((await requestOf(shop, 'orders.list')).headers['x-tenant'], 'main'));
});

describe('what cannot be taken is said', () => {
  const cases: readonly (readonly [title: string, result: ImportResult, reason: RegExp])[] = [
    ['a cookie', withOne({ parameters: [{ name: 'sid', in: 'cookie', schema: {} }] }), /^The parameter "sid" of GET \/orders: A manifest sends no parameters in cookies/],
    ['a method', withOne({}, 'trace'), /^TRACE \/orders: Endpoints cannot be of the method TRACE/],
    ['a body of GET', withOne({ requestBody: { content: { 'application/json': {} } } }), /^The body of GET \/orders: A GET request should have no body/],
    ['a second format', withOne({ requestBody: { content: { 'text/csv': {}, 'application/json': {} } } }, 'post'), /^text\/csv as body of POST \/orders/],
    ['a reference to another document', withOne({ parameters: [{ $ref: 'https://evil.test/p.yaml#/P' }] }), /^https:\/\/evil\.test\/p\.yaml#\/P: It lies in another document/],
    ['a reference to nothing', withOne({ parameters: [{ $ref: '#/components/parameters/No' }] }), /^#\/components\/parameters\/No: The description does not hold/],
    ['callbacks', withOne({ callbacks: { done: {} } }), /^The callbacks of GET \/orders/],
    ['a header that signs in', withOne({ parameters: [{ name: 'Authorization', in: 'header', schema: { type: 'string' } }] }), /^The parameter "Authorization" of GET \/orders: A header that signs in/],
    ['a second flow', importOpenApi(described({ components: { securitySchemes: { o: { type: 'oauth2', flows: { password: { tokenUrl: '/t' }, clientCredentials: { tokenUrl: '/t' } } } } } })), /^The flow password of the security scheme "o": An auth method is of one flow/],
    ['a scheme', importOpenApi(described({ components: { securitySchemes: { m: { type: 'hawk' } } } })), /^The security scheme "m": There is no auth method/],
    ['no word of signing in', importOpenApi(described({})), /^Authentication: The description says nothing/],
    ['a scheme to choose', importOpenApi(described({ servers: [{ url: '{scheme}://a.test', variables: { scheme: { default: 'http', enum: ['http', 'https'] } } }] })), /^The scheme of the address \{scheme\}:\/\/a\.test: It is https/],
    ['no address', importOpenApi(described({ servers: [] })), /^The address: The description names no absolute address/],
  ];
  for (const [title, result, reason] of cases) test(title, () => {
    assert.ok(reasons(result).some((text) => reason.test(text)), reasons(result).join('\n'));
    assert.deepEqual(findingsOf(result), []);
  });
});

test('a Swagger 2 description', async () => {
  const result = importOpenApi(JSON.stringify({
    swagger: '2.0', info: { title: 'Old', version: '1' }, host: 'old.test', basePath: '/v2', schemes: ['http', 'https'], consumes: ['application/json'], produces: ['application/json'],
    securityDefinitions: { basic: { type: 'basic' }, app: { type: 'oauth2', flow: 'application', tokenUrl: 'https://old.test/token', scopes: {} } }, security: [{ app: [] }],
    parameters: { Page: { name: 'page', in: 'query', type: 'integer' } }, definitions: { Pet: { type: 'object', properties: { id: { type: 'integer' } } } },
    paths: {
      '/pets': {
        get: { parameters: [{ $ref: '#/parameters/Page' }, { name: 'tags', in: 'query', type: 'array', items: { type: 'string' } }, { name: 'ids', in: 'query', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' }, { name: 'x', in: 'query', type: 'array', items: {}, collectionFormat: 'tsv' }], responses: { 200: { description: '', schema: { type: 'array', items: { $ref: '#/definitions/Pet' } } } } },
        post: { parameters: [{ name: 'pet', in: 'body', schema: { $ref: '#/definitions/Pet' } }], responses: {} },
      },
      '/tags': { post: { consumes: ['application/x-www-form-urlencoded'], parameters: [{ name: 'tags', in: 'formData', type: 'array', items: { type: 'string' } }, { name: 'ids', in: 'formData', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' }], responses: {} } },
      '/pets/{id}/photo': { parameters: [{ name: 'id', in: 'path', required: true, type: 'string' }], post: { consumes: ['multipart/form-data'], parameters: [{ name: 'photo', in: 'formData', type: 'file' }, { name: 'note', in: 'formData', type: 'string', required: true }], responses: {} } },
    },
  }));
  assert.deepEqual(findingsOf(result), []);
  const { baseUrl, auth, endpoints } = result.manifest;
  assert.deepEqual([baseUrl, Object.keys(auth!), Object.keys(endpoints)], ['https://old.test/v2', ['app', 'basic'], ['pets.list', 'pets.create', 'tags.create', 'pets.photo']]);
  assert.equal((await requestOf(result, 'pets.list', { page: 2, tags: ['a', 'b'], ids: ['c', 'd'] })).url, 'https://old.test/v2/pets?page=2&tags=a,b&ids=c&ids=d');
  assert.equal((await requestOf(result, 'tags.create', {}, { tags: ['a', 'b'], ids: ['c', 'd'] })).body, 'tags=a,b&ids=c&ids=d');
  assert.deepEqual([endpoints['pets.list']!.records, endpoints['pets.create']!.body, endpoints['pets.photo']!.body], ['$', { format: 'json' }, { format: 'multipart' }]);
  assert.ok(reasons(result).some((text) => text.startsWith('The list format "tsv"')));
});

describe('an address of tokens that is relative goes with that of the instance', () => {
  const of = (...urls: string[]): readonly object[] => urls.map((url) => ({ url, variables: { p: { default: '7702' }, v: { default: 'v1' } } }));
  const chosenHost = '{{ instance.url | replace(find: "^(https?://[^/]+).*$", with: "$1", regex: true) }}';
  const cases: readonly (readonly [servers: readonly object[], address: string, expected: string])[] = [
    [of('http://shop.test:{p}'), '/t', 'http://shop.test:{{ instance.p }}/t'],
    [of('http://shop.test:{p}/api/{v}/'), 't?a=1', 'http://shop.test:{{ instance.p }}/api/{{ instance.v }}/t?a=1'],
    [of('http://shop.test:{p}/api/{v}'), '/t', 'http://shop.test:{{ instance.p }}/t'],
    [of('http://shop.test:{p}/api/{v}'), '../t', 'http://shop.test:{{ instance.p }}/api/t'],
    [of('http://{p}.test'), '//login.test/t', 'http://login.test/t'],
    [of('http://{p}.test'), 'https://login.test/t', 'https://login.test/t'],
    [of('https://a.test', 'https://b.test'), '/t', '{{ instance.url }}/t'],
    [of('https://a.test/v1', 'https://b.test/v1'), 't', '{{ instance.url }}/t'],
    [of('https://a.test/v1', 'https://b.test/v1'), '/t', `${chosenHost}/t`],
    [of('/v1'), '/t', '{{ instance.url }}/t'],
    [of('/v1'), 't', '{{ instance.url }}/v1/t'],
    [[], '/t', '{{ instance.url }}/t'],
  ];
  for (const [servers, address, expected] of cases) test(`${JSON.stringify(servers.map((server) => (server as { url: string }).url))} ${address}`, () => {
    const flow = { tokenUrl: address, authorizationUrl: address, scopes: {} };
    const result = importOpenApi(described({ servers, components: { securitySchemes: { one: { type: 'oauth2', flows: { authorizationCode: flow } } } } }));
    assert.deepEqual(result.manifest.auth?.['one'], { type: 'oauth2-authorization-code', settings: { authorizationUrl: expected, tokenUrl: expected } });
    assert.deepEqual(findingsOf(result), []);
  });
});

describe('an address of tokens with variables of the server', () => {
  const servers = [{ url: 'https://{region}.shop.test/{v}', variables: { region: { default: 'eu', enum: ['eu', 'us'] }, v: { default: 'v1' } } }];
  const read = (tokenUrl: string): ImportResult => importOpenApi(described({ servers, components: { securitySchemes: { one: { type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes: {} } } } } } }));
  const cases: readonly (readonly [address: string, expected: string, origins: readonly string[] | undefined])[] = [
    ['https://login.{region}.test/t?v={v}', 'https://login.{{ instance.region }}.test/t?v={{ instance.v }}', ['https://login.{{ instance.region }}.test']],
    ['//login.{region}.test/t', 'https://login.{{ instance.region }}.test/t', ['https://login.{{ instance.region }}.test']],
    ['https://login.test/{region}/t', 'https://login.test/{{ instance.region }}/t', ['https://login.test']],
    ['https://{region}.shop.test/t', 'https://{{ instance.region }}.shop.test/t', undefined],
  ];
  for (const [address, expected, origins] of cases) test(address, () => {
    const result = read(address);
    assert.deepEqual([result.manifest.auth?.['one'], result.manifest.allowedOrigins], [{ type: 'oauth2-client-credentials', settings: { tokenUrl: expected } }, origins]);
    assert.deepEqual(findingsOf(result), []);
  });
  test('one that the servers do not have is told', () => {
    const result = read('https://login.{tenant}.test/t');
    assert.deepEqual(result.manifest.auth?.['one'], { type: 'bearer' });
    assert.ok(reasons(result).includes('The address https://login.{tenant}.test/t: The servers of the description have no variable "tenant": add an auth method with the address itself.'), reasons(result).join('\n'));
  });
});

describe('a description with parts that are none', () => {
  for (const [paths, kind] of [[[], 'a list'], ['x', 'a text'], [null, 'null'], [5, 'a number']] as const) test(`paths: ${JSON.stringify(paths)}`, () => {
    assert.throws(() => importOpenApi(described({ paths })), { code: 'DATA_INVALID', message: `The description has no operations: $.paths is ${kind}, where an object of paths is wanted.`, place: { pointer: '/paths' } });
  });
  test('each is named with its place, and the rest is imported', () => {
    const fine = { responses: { 200: { description: 'ok' } } };
    const result = importOpenApi(described({ paths: { 'x-note': 'a', '/a': { get: { ...fine, parameters: [null, 5] } }, '/b': 'x', '/c': { get: null, put: fine, parameters: {} }, '/d': { get: { responses: [] } } } }));
    assert.deepEqual(Object.keys(result.manifest.endpoints), ['a.list', 'c.update', 'd.list']);
    assert.deepEqual(reasons(result).filter((text) => text.startsWith('$')), [
      "$.paths['/a'].get.parameters[0]: It is null, where a parameter with its name and place is wanted.", "$.paths['/a'].get.parameters[1]: It is a number, where a parameter with its name and place is wanted.",
      "$.paths['/b']: It is a text, where an object of operations is wanted.", "$.paths['/c'].parameters: It is an object, where a list of parameters is wanted.", "$.paths['/c'].get: It is null, where an operation is wanted.",
      "$.paths['/d'].get.responses: It is a list, where an object of answers by their status is wanted.",
    ]);
    assert.deepEqual(findingsOf(result), []);
  });
});

describe('security schemes', () => {
  const cases: readonly (readonly [scheme: object, use: object | undefined])[] = [
    [{ type: 'http', scheme: 'Basic' }, { type: 'basic' }], [{ type: 'http', scheme: 'bearer' }, { type: 'bearer' }], [{ type: 'http', scheme: 'digest' }, { type: 'digest' }], [{ type: 'http', scheme: 'hoba' }, undefined], [{ type: 'mutualTLS' }, { type: 'mtls' }],
    [{ type: 'apiKey', in: 'cookie', name: 'sid' }, { type: 'api-key', settings: { in: 'cookie', name: 'sid' } }],
    [{ type: 'apiKey', in: 'header', name: 'Authorization', description: 'Send `Bearer TOKEN`.' }, { type: 'bearer' }],
    [{ type: 'openIdConnect', openIdConnectUrl: 'https://l.test' }, { type: 'bearer' }],
    [{ type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://l.test/a', scopes: {} } } }, { type: 'bearer' }],
    [{ type: 'oauth2', flows: { authorizationCode: { authorizationUrl: 'https://l.test/a', tokenUrl: 'https://l.test/t', scopes: { a: '', b: '' } } } }, { type: 'oauth2-authorization-code', settings: { authorizationUrl: 'https://l.test/a', tokenUrl: 'https://l.test/t' } }],
    [{ type: 'oauth2', flows: { password: { tokenUrl: 'https://l.test/t', scopes: { a: '' } } } }, { type: 'oauth2-password', settings: { tokenUrl: 'https://l.test/t', scope: 'a' } }],
    [{ type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://l.test/{{t', scopes: {} } } }, { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://l.test/{{ "{{" }}t' } }],
    [{ type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/relative', scopes: {} } } }, { type: 'oauth2-client-credentials', settings: { tokenUrl: 'https://shop.test/relative' } }],
    [{ type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'ftp://l.test/t', scopes: {} } } }, { type: 'bearer' }],
  ];
  for (const [scheme, use] of cases) test(JSON.stringify(scheme), () => {
    const result = importOpenApi(described({ components: { securitySchemes: { one: scheme } } }));
    assert.deepEqual(result.manifest.auth?.['one'], use);
    assert.deepEqual(findingsOf(result), []);
  });
});

describe('pages are recognised', () => {
  const list = (query: readonly string[], properties: object, headers: object = {}) => withOne({ parameters: query.map((name) => ({ name, in: 'query', schema: { type: 'string' } })), responses: { 200: { headers, content: { 'application/json': { schema: { type: 'object', properties: { data: { type: 'array', items: { type: 'object' } }, ...properties } } } } } } });
  const text = { type: 'string' };
  const number = { type: 'integer' };
  const cases: readonly (readonly [result: ImportResult, value: object | undefined])[] = [
    [list(['page', 'per_page'], { total_pages: number }), { type: 'page-number', settings: { param: 'page', sizeParam: 'per_page', size: 100, totalPagesPath: '$.total_pages' } }],
    [list(['offset', 'limit'], { total: number }), { type: 'offset', settings: { param: 'offset', sizeParam: 'limit', totalPath: '$.total' } }],
    [list(['pageToken'], { nextPageToken: text }), { type: 'cursor', settings: { path: '$.nextPageToken', param: 'pageToken' } }],
    [list([], { links: { type: 'object', properties: { next: text } } }), { type: 'json-link', settings: { path: '$.links.next' } }],
    [list(['limit'], {}, { Link: {} }), { type: 'header-link', settings: { sizeParam: 'limit', size: 100 } }],
    [list(['q'], { total: number }), undefined],
    [list(['cursor'], {}), undefined],
  ];
  for (const [result, value] of cases) test(JSON.stringify(value ?? 'not'), () => {
    assert.deepEqual(result.suggestions.map((suggestion) => suggestion.value), value ? [value] : []);
    assert.ok(result.suggestions.every(({ score }) => score > 0 && score < 1));
    assert.equal(onlyEndpoint(result).pagination, undefined);
  });
  test('what is suggested lints clean where it is accepted', () => {
    for (const [result, value] of cases) assert.deepEqual(findingsOf({ ...result, manifest: { ...result.manifest, endpoints: { a: { ...onlyEndpoint(result), ...(value && { pagination: value as never }) } } } }), []);
  });
});

describe('a text that is none', () => {
  const cases: readonly (readonly [title: string, text: string, message: RegExp, line?: number])[] = [
    ['JSON', '{\n  "openapi": "3.0.0",\n  "paths": {,}\n}', /not valid JSON: line 3, column 13/, 3],
    ['YAML', 'openapi: 3.0.0\npaths:\n  a: "b\n  c: d\n', /not valid YAML: line \d+/],
    ['YAML of two keys', 'openapi: 3.0.0\nopenapi: 3.0.1\n', /not valid YAML: line 2, column 1: Map keys must be unique/, 2],
    ['nothing', ' \n', /is empty/, 1],
    ['a list', '[1]', /is no object/, 1],
    ['another version', 'openapi: 4.0.0', /of the version "4\.0\.0"/],
    ['something else', '{"a":1}', /neither "openapi" nor "swagger"/],
    ['YAML that multiplies', `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]!}`).join(',')}]`).join('\n')}`, /cannot be read: Excessive alias count/],
  ];
  for (const [title, text, message, line] of cases) test(title, () => assert.throws(() => importOpenApi(text), (error) => FlowError.is(error, 'DATA_INVALID') && message.test(error.message) && (line === undefined || error.place?.line === line)));
});

test('names and texts of others do no harm', () => {
  const result = importOpenApi(described({ info: { title: '{{ env.secret }}' }, paths: { '/{{ env.x }}/{a-b}/{__proto__}': { get: { operationId: '__proto__', parameters: [{ name: '9 lives', in: 'query', schema: { type: 'string', pattern: '(a+)+$' } }, { name: '__proto__', in: 'query', schema: { $ref: '#/components/schemas/A' } }] } } }, components: { schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } } } }));
  assert.deepEqual(findingsOf(result), []);
  assert.deepEqual(Object.keys(onlyEndpoint(result).params!), ['p_9_lives', 'proto', 'env_x', 'a-b', 'proto_2']);
});

test('what an address cannot hold is encoded, braces too', async () => {
  const result = withOne({}, 'get', '/a{{ b/é%20:x/{id}');
  assert.deepEqual(findingsOf(result), []);
  assert.equal((await requestOf(result, Object.keys(result.manifest.endpoints)[0]!, { id: 7 })).url, 'https://shop.test/api/a%7B%7B%20b/%C3%A9%20:x/7');
});

/** The example of an endpoint, and whether the report says that one of the description was replaced. */
const checkExample = (name: string, operation: object, expected: object, isTold: boolean): Promise<void> => test(`examples: ${name}`, () => {
  const result = withOne(operation, 'requestBody' in operation ? 'post' : 'get', '/orders/{id}');
  const { request, response } = onlyEndpoint(result).examples![0]!;
  assert.deepEqual({ ...request, answer: response.body }, expected);
  assert.equal(reasons(result).some((reason) => reason.includes('contradicts')), isTold);
}) as Promise<void>;

const id = (more: object): object => ({ name: 'id', in: 'path', required: true, ...more });
const answered = (schema: object, example?: unknown): object => ({ responses: { 200: { description: 'ok', content: { 'application/json': { schema, ...(example !== undefined && { example }) } } } } });
const text = { schema: { type: 'string', example: '7' } };
const order = { type: 'object', properties: { no: { type: 'string', example: 7 }, on: { type: 'string', format: 'date', example: '2024-02-29' } }, required: ['no'] };
const orders = { type: 'object', properties: { data: { type: 'array', items: order } } };
void checkExample('one that fits is kept', { parameters: [id(text)], ...answered(orders, { data: [{ no: 'a' }] }) }, { params: { id: '7' }, answer: { data: [{ no: 'a' }] } }, false);
void checkExample('an empty list fits', { parameters: [id(text)], ...answered(orders, { data: [] }) }, { params: { id: '7' }, answer: { data: [] } }, false);
void checkExample('of a parameter that is null', { parameters: [id({ schema: { type: 'integer', example: null } })] }, { params: { id: 1 }, answer: undefined }, true);
void checkExample('of a text whose schema has fields', { parameters: [id({ schema: { type: 'string', properties: { id: { type: 'string' } } } })] }, { params: { id: 'text' }, answer: undefined }, false);
void checkExample('whose records lie elsewhere', { parameters: [id(text)], ...answered(orders, { orders: [{ no: 'a' }] }) }, { params: { id: '7' }, answer: { data: [{ no: 'text', on: '2024-02-29' }] } }, true);
void checkExample('of which one record is wrong', { parameters: [id(text)], ...answered(orders, { data: [{ no: 'a' }, { no: 1 }] }) }, { params: { id: '7' }, answer: { data: [{ no: 'text', on: '2024-02-29' }] } }, true);
void checkExample('of a body, with as many lines as there must be', { parameters: [id(text)], requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { lines: { type: 'array', minItems: 2, items: { type: 'object', properties: { sku: { type: 'string' } } } } } }, example: { lines: [{ sku: 'x' }] } } } } }, { params: { id: '7' }, body: { lines: [{ sku: 'text' }, { sku: 'text' }] }, answer: undefined }, true);
