import assert from 'node:assert/strict';
import { test } from 'node:test';
import catalogFile from '../../plugins/catalog.json' with { type: 'json' };
import type { Catalog } from '../../server/model/catalog.ts';
import { editConnector } from '../../server/model/connector-edit.ts';
import type { ConnectorManifest } from '../../server/model/connector.ts';
import { applyEdits } from '../../server/model/flow-edit-apply.ts';
import { planImport, type Imported } from '../../server/model/import-plan.ts';
import { acceptChanges } from './import.ts';

const endpoint = (path: string) => ({ title: path, direction: 'receive', method: 'GET', path }) as const;
const manifest: ConnectorManifest = { version: 1, title: 'Shop', baseUrl: 'https://shop.test', auth: { key: { type: 'api-key' } }, endpoints: { 'orders.list': endpoint('/orders'), 'items.list': endpoint('/items') } };

const none: Imported = { connector: 'shop', manifest, operations: 0, auth: [], skipped: [], suggestions: [] };

function check(what: string, connector: Record<string, unknown>, expected: readonly string[], added: readonly string[], kept: readonly string[]): void {
  test(`an import: ${what}`, () => {
    const plan = planImport(connector, none);
    assert.deepEqual([plan.changes.map(({ path }) => path.join('/')), plan.added, plan.kept], [expected, added, kept]);
  });
}

check('into a blank file', {}, ['title', 'baseUrl', 'auth/key', 'endpoints/orders.list', 'endpoints/items.list'], ['orders.list', 'items.list'], []);
check('into one without a version', { title: 'Mine' }, ['version', 'baseUrl', 'auth/key', 'endpoints/orders.list', 'endpoints/items.list'], ['orders.list', 'items.list'], []);
check('what is there stays', { version: 1, title: 'Mine', baseUrl: 'https://shop.test/', auth: { key: { type: 'api-key', settings: { name: 'X-Own' } } }, endpoints: { 'orders.list': endpoint('/own') } }, ['endpoints/items.list'], ['items.list'], ['orders.list']);
check('the same again', { ...manifest }, [], [], []);

interface Fitted {
  /** What comes, by its place. */
  readonly changes: Readonly<Record<string, unknown>>;
  readonly kept?: readonly string[];
}

/** What of a description `given`, the rest as of the shop, comes into a connector; then that the same again brings nothing. */
function fits(what: string, connector: Partial<ConnectorManifest>, given: Partial<ConnectorManifest>, { changes, kept = [] }: Fitted): void {
  test(`an import beside another address: ${what}`, () => {
    const there = { version: 1, title: 'Mine', baseUrl: 'https://api.mine.test/v1', endpoints: {}, ...connector };
    const plan = planImport(there, { ...none, manifest: { version: 1, title: 'Other', baseUrl: 'https://api.other.test', endpoints: { 'items.list': endpoint('/items') }, ...given } });
    assert.deepEqual([Object.fromEntries(plan.changes.map((change) => [change.path.join('/'), 'value' in change && change.value])), plan.kept], [changes, kept]);
    const text = JSON.stringify(there);
    const after = JSON.parse(applyEdits(text, editConnector(text, plan.changes, catalogFile as Catalog))) as typeof there;
    assert.deepEqual(planImport(after, { ...none, manifest: { version: 1, title: 'Other', baseUrl: 'https://api.other.test', endpoints: { 'items.list': endpoint('/items') }, ...given } }).changes, []);
  });
}

const items = (more: object) => ({ ...endpoint('/items'), ...more });
const bearer = { bearer: { type: 'bearer' } };

fits('its endpoints are asked there', {}, {}, { changes: { 'baseUrls/other': 'https://api.other.test', 'endpoints/items.list': items({ baseUrl: 'other' }) } });
fits('another path of the same host', { auth: bearer }, { baseUrl: 'https://api.mine.test/v2', auth: bearer }, { changes: { 'baseUrls/v2': 'https://api.mine.test/v2', 'endpoints/items.list': items({ baseUrl: 'v2' }) } });
fits('written otherwise, it is the same', {}, { baseUrl: 'https://API.mine.test/v1/' }, { changes: { 'endpoints/items.list': items({}) } });
fits('one that has a name already', { baseUrls: { partner: 'https://api.other.test/' } }, {}, { changes: { 'endpoints/items.list': items({ baseUrl: 'partner' }) } });
fits('a name that stands for another address', { baseUrls: { files: 'https://files.mine.test' } }, { baseUrl: 'https://api.mine.test/v1', baseUrls: { files: 'https://files.other.test', unused: 'https://x.test' }, endpoints: { 'items.list': items({ baseUrl: 'files' }) } }, {
  changes: { 'baseUrls/files_2': 'https://files.other.test', 'endpoints/items.list': items({ baseUrl: 'files_2' }) },
});
fits('what is called base there has a name here', { baseUrl: 'https://api.other.test' }, { baseUrl: 'https://api.mine.test', baseUrls: { other: 'https://api.other.test' }, endpoints: { 'items.list': items({ baseUrl: 'other' }) } }, { changes: { 'endpoints/items.list': items({}) } });
fits('credentials go to their own host', { auth: { ...bearer, basic: { type: 'basic' } } }, { auth: { ...bearer, signed: { type: 'digest', tokenAuth: 'bearer' }, spare: { type: 'basic' } }, endpoints: { 'items.list': items({}), 'a.list': items({ auth: 'signed' }), 'b.list': items({ auth: 'none' }) } }, {
  changes: {
    'baseUrls/other': 'https://api.other.test', 'auth/bearer-other': { type: 'bearer' }, 'auth/signed-other': { type: 'digest', tokenAuth: 'bearer-other' },
    'endpoints/items.list': items({ baseUrl: 'other', auth: 'bearer-other' }), 'endpoints/a.list': items({ baseUrl: 'other', auth: 'signed-other' }), 'endpoints/b.list': items({ baseUrl: 'other', auth: 'none' }),
  },
});
fits('a host where nobody signs in gets no credentials', { auth: bearer }, {}, { changes: { 'baseUrls/other': 'https://api.other.test', 'endpoints/items.list': items({ baseUrl: 'other', auth: 'none' }) } });
fits('a second host of a description without methods gets none either', { auth: bearer }, { baseUrl: 'https://api.mine.test/v1', baseUrls: { far: 'https://far.test' }, endpoints: { 'items.list': items({ baseUrl: 'far' }), 'near.list': items({}) } }, {
  changes: { 'baseUrls/far': 'https://far.test', 'endpoints/items.list': items({ baseUrl: 'far', auth: 'none' }), 'endpoints/near.list': items({}) },
});
fits('a method of the same host that is another one', { auth: { key: { type: 'bearer' } } }, { baseUrl: 'https://api.mine.test/v1', auth: { main: { type: 'basic' }, key: { type: 'api-key' } }, endpoints: { 'items.list': items({ auth: 'key' }) } }, {
  changes: { 'auth/main': { type: 'basic' }, 'auth/key-2': { type: 'api-key' }, 'endpoints/items.list': items({ auth: 'key-2' }) },
});
fits('an endpoint of that name at both', { endpoints: { 'items.list': endpoint('/own') } }, {}, { changes: { 'baseUrls/other': 'https://api.other.test', 'endpoints/other-items.list': items({ baseUrl: 'other' }) } });
const url = (standard?: string) => ({ type: 'string', title: 'Address', ...(standard !== undefined && { default: standard }) });
fits('a variable that says another address', { baseUrl: '{{ instance.url }}', variables: { url: url('https://mine.test') } }, { baseUrl: '{{ instance.url }}', variables: { url: url('https://other.test') } }, {
  changes: { 'variables/url_2': url('https://other.test'), 'baseUrls/other': '{{ instance.url_2 }}', 'endpoints/items.list': items({ baseUrl: 'other' }) },
});
fits('a variable that says the same address', {}, { baseUrl: '{{ instance.url }}', variables: { url: url('https://api.mine.test/v1') } }, { changes: { 'endpoints/items.list': items({}) } });
fits('an address that nobody knows is that of the connector', {}, { baseUrl: '{{ instance.url }}', variables: { url: url() } }, { changes: { 'endpoints/items.list': items({}) } });
fits('an address that each instance gives is that of the description', { baseUrl: '{{ instance.url }}', variables: { url: url() }, auth: bearer }, {}, { changes: { 'endpoints/items.list': items({}) } });
fits('origins of token addresses are added to those that are there', { allowedOrigins: ['https://login.mine.test'] }, { baseUrl: 'https://api.mine.test/v1', allowedOrigins: ['https://login.other.test', 'https://login.mine.test'] }, { changes: { allowedOrigins: ['https://login.mine.test', 'https://login.other.test'], 'endpoints/items.list': items({}) } });

test('what an import says of endpoints and methods, it says under their new names', () => {
  const suggestion = { kind: 'pagination', endpoint: 'orders.list', value: {}, score: 1, why: '' } as const;
  const { imported } = planImport({ version: 1, title: 'Mine', baseUrl: 'https://mine.test', endpoints: { 'orders.list': endpoint('/own') } }, { ...none, auth: [{ name: 'key', type: 'api-key', secrets: ['shop/key'] }], suggestions: [suggestion] });
  assert.deepEqual([imported.auth[0]!.name, imported.suggestions[0]!.endpoint], ['key-shop', 'shop-orders.list']);
});

for (const [what, suggestion, expected] of [
  ['paging of an endpoint', { kind: 'pagination', endpoint: 'orders.list', value: { type: 'cursor' } }, ['endpoints/orders.list/pagination']],
  ['paging of all', { kind: 'pagination', value: { type: 'cursor' } }, ['defaults/pagination']],
  ['a direction, and what comes with it', { kind: 'direction', endpoint: 'orders.list', value: { direction: 'send', records: '$.orders' } }, ['endpoints/orders.list/direction', 'endpoints/orders.list/records']],
  ['what is in the file', { kind: 'direction', endpoint: 'orders.list', value: { direction: 'receive' } }, []],
  ['an endpoint that did not come', { kind: 'direction', endpoint: 'gone', value: { direction: 'send' } }, []],
  ['an auth method', { kind: 'auth', value: { type: 'bearer' } }, ['auth/bearer']],
] as const) test(`a suggestion: ${what}`, () => assert.deepEqual(acceptChanges(manifest as unknown as Record<string, unknown>, { score: 1, why: '', ...suggestion }).map(({ path }) => path.join('/')), expected));
