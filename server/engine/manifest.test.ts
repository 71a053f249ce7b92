import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpRequest } from '../../plugins/sdk/index.ts';
import { call, connectorHost, json, type Call, type Called, type ConnectorHostOptions } from '../../test/support/connector-host.ts';

async function ask(options: Omit<ConnectorHostOptions, 'send'>, more: Call = {}): Promise<Called & { readonly seen: readonly HttpRequest[] }> {
  const seen: HttpRequest[] = [];
  const called = await call(connectorHost({ ...options, send: (request) => (seen.push(request), json([1])) }), more);
  return { ...called, seen };
}

describe('what does not fit is told before anything is sent, with its place', () => {
  const connector = 'connectors/shop.connector.json';
  const instance = 'instances/shop.instance.json';
  const cases: readonly (readonly [what: string, options: Omit<ConnectorHostOptions, 'send'>, code: string, file: string | undefined, pointer: string | undefined])[] = [
    ['a connector that is not there', { instance: { connector: 'other' } }, 'CONFIG_UNKNOWN_CONNECTOR', instance, '/connector'],
    ['a pagination that is not there', { endpoint: { pagination: { type: 'magic' } } }, 'CONFIG_UNKNOWN_PLUGIN', connector, '/endpoints/it/pagination/type'],
    ['a pagination of the connector that is not there', { connector: { defaults: { pagination: { type: 'magic' } } } }, 'CONFIG_UNKNOWN_PLUGIN', connector, '/defaults/pagination/type'],
    ['settings of the pagination', { endpoint: { pagination: { type: 'offset', settings: { size: 0 } } } }, 'CONFIG_INVALID', connector, '/endpoints/it/pagination/settings/size'],
    ['a path of records', { endpoint: { records: '$[' } }, 'CONFIG_PATH', connector, '/endpoints/it/records'],
    ['an expression of the path', { endpoint: { path: '/{{ nothing.x }}' } }, 'CONFIG_EXPRESSION', connector, '/endpoints/it/path'],
    ['an address that is none', { connector: { baseUrl: 'shop.test' } }, 'CONFIG_INVALID', connector, '/baseUrl'],
    ['an address of another protocol', { connector: { baseUrl: 'ftp://shop.test' } }, 'CONFIG_INVALID', connector, '/baseUrl'],
    ['an address with a password', { connector: { baseUrl: 'https://ada:secret@shop.test' } }, 'CONFIG_SECRET_LITERAL', connector, '/baseUrl'],
    ['an origin that is none', { connector: { allowedOrigins: ['https://a.test', 'b.test'] } }, 'CONFIG_INVALID', connector, '/allowedOrigins/1'],
    ['a setting that is missing', { connector: { baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', required: true } } } }, 'CONFIG_INVALID', instance, '/settings'],
    ['a setting of another type', { connector: { variables: { url: { type: 'string' } } }, instance: { settings: { url: 5 } } }, 'CONFIG_INVALID', instance, '/settings/url'],
    ['a setting that the connector does not have', { instance: { settings: { url: 'x' } } }, 'CONFIG_INVALID', instance, '/settings/url'],
  ];
  for (const [what, options, code, file, pointer] of cases) {
    test(what, async () => {
      const { error, seen } = await ask(options);
      assert.deepEqual([error?.code, error?.place?.file, error?.place?.pointer, seen], [code, file, pointer, []], error?.message);
    });
  }

  for (const endpoint of ['other', 'constructor', '__proto__']) {
    test(`an endpoint that is not there: ${endpoint}`, async () => {
      const { error } = await ask({}, { endpoint });
      assert.deepEqual([error?.code, error?.message], ['CONFIG_UNKNOWN_ENDPOINT', `The connector "shop" has no endpoint "${endpoint}"; there are it.`]);
    });
  }

  test('a name with the signs of pointers', async () => {
    const { error } = await ask({ connector: { endpoints: { 'a/b~c': { title: 'It', direction: 'receive', method: 'GET', path: '/{{ x' } } } }, { endpoint: 'a/b~c' });
    assert.equal(error?.place?.pointer, '/endpoints/a~1b~0c/path');
  });
});

describe('params', () => {
  const params = { id: { type: 'integer', required: true, in: 'query' }, size: { type: 'integer', default: 5, in: 'query' }, note: { type: 'string', in: 'query' } } as const;
  const cases: readonly (readonly [given: unknown, query: string | undefined, says: RegExp])[] = [
    [{ id: 7 }, '?id=7&size=5', /^/],
    [{ id: 7, size: 9, note: 'a b' }, '?id=7&size=9&note=a%20b', /^/],
    [{}, undefined, /The params of the endpoint "it" in step "s" do not fit: .*"id" is missing/],
    [{ id: 'seven' }, undefined, /in step "s" do not fit/],
    [{ id: 7, other: 1 }, undefined, /in step "s" do not fit/],
    [undefined, undefined, /"id" is missing/],
  ];
  for (const [given, query, says] of cases) {
    test(JSON.stringify(given) ?? 'none', async () => {
      const { error, seen } = await ask({ endpoint: { params } }, { params: given });
      assert.deepEqual([error?.code, seen.map(({ url }) => new URL(url).search)], query === undefined ? ['CONFIG_INVALID', []] : [undefined, [query]]);
      assert.match(error?.message ?? '', says);
      if (query !== undefined) return;
      assert.match(error!.remedy ?? '', /^Correct \/steps\/s\/settings\/params\S* in flows\/f\.flow\.json, or correct the schema of the param in connectors\/shop\.connector\.json\.$/);
      assert.deepEqual([error!.place?.file, error!.place?.pointer?.startsWith('/steps/s/settings/params')], ['flows/f.flow.json', true]);
    });
  }

  test('an object that must be given has fields that it must have', async () => {
    const period = { type: 'object', properties: { from: { type: 'string' } }, required: true, requiredFields: ['from'], in: 'query', style: 'deepObject' } as object;
    const told = async (given: object) => (await ask({ endpoint: { params: { period } } }, { params: given })).error?.message;
    assert.equal(await told({ period: { from: '2024' } }), undefined);
    assert.match((await told({}))!, /"period" is missing/);
    assert.match((await told({ period: {} }))!, /"period\.from" is missing/);
  });

  test('what the step gives is not changed', async () => {
    const given = Object.freeze({ id: 7 });
    await ask({ endpoint: { params } }, { params: given });
    assert.deepEqual(given, { id: 7 });
  });
});

describe('the parts of a request come from', () => {
  test('the settings of the instance, its defaults, and the environment', async () => {
    const { seen } = await ask({
      env: { region: 'eu', token: 't' }, instance: { settings: { region: '{{ env.region }}' } },
      connector: { baseUrl: 'https://{{ instance.region }}.shop.test/{{ instance.version }}', variables: { region: { type: 'string', required: true }, version: { type: 'string', default: 'v2' } }, defaults: { headers: { 'X-Env': '{{ env.token }}' } } },
    });
    assert.deepEqual(seen.map(({ url, headers }) => [url, headers['x-env']]), [['https://eu.shop.test/v2/it', 't']]);
  });

  test('the payload, its meta, the run and the time', async () => {
    const { seen } = await ask({ endpoint: { query: { a: '{{ payload.id }}', run: '{{ run.id }}', now: '{{ now }}' } } }, { body: { id: 9 } });
    assert.equal(new URL(seen[0]!.url).search, '?a=9&run=run-1&now=2024-01-31T12%3A00%3A00.000Z');
  });
});

test('rate limits of the connector and of the endpoint both count', async () => {
  const times: number[] = [];
  const host = connectorHost({
    connector: { defaults: { rateLimits: [{ requests: 2, perMs: 1_000 }] } }, endpoint: { rateLimits: [{ requests: 3, perMs: 10_000 }] },
    send: () => (times.push(host.clock.now() - start), json([1])),
  });
  const start = host.clock.now();
  await Promise.all([1, 2, 3, 4].map(() => call(host)));
  assert.deepEqual(times, [0, 0, 1_000, 10_000]);
});
