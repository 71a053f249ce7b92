import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ConnectorManifest } from '../../server/model/connector.ts';
import type { ConnectorView } from '../../webview/protocol/connector.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { assertSoon } from '../support/soon.ts';
import { ConnectorPageHost, done, importedShop, largeConnector, readConnector, threePages, trialBodies, type ConnectorPageOptions } from '../support/connector-page.ts';

let browser: Browser;
const sample = await readConnector('brook-shop');
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

type Story = (open: OpenPage<ConnectorView> & { readonly host: ConnectorPageHost; readonly connector: () => ConnectorManifest }) => Promise<void>;

function story(title: string, { page: pageOptions, ...options }: Partial<ConnectorPageOptions> & { readonly page?: Partial<PageOptions> }, tell: Story): void {
  test(title, async () => {
    const host = new ConnectorPageHost({ text: sample, ...options });
    await withPage<ConnectorView>(browser, { entry: 'webview/connector/main.ts', name: 'connector', host: host.host, width: 1500, height: 860, ...pageOptions }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await open.page.getByRole('tablist', { name: 'Sections' }).waitFor();
      await tell({ ...open, host, connector: () => JSON.parse(host.text) as ConnectorManifest });
    });
  });
}

const section = (page: Page, name: string) => page.getByRole('tablist', { name: 'Sections' }).getByRole('tab', { name });
const part = (page: Page, name: string) => page.getByRole('tablist', { name: 'Parts of the endpoint' }).getByRole('tab', { name });
const endpoint = (page: Page, name: string) => page.getByRole('grid', { name: 'Endpoints' }).getByRole('row', { name });
const linesChanged = (before: string, now: string): number => { const old = before.split('\n'); return now.split('\n').filter((line) => !old.includes(line)).length; };

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('reading and writing', () => {
  story('opens with the endpoints, and each part of one is a form', {}, async ({ page, host }) => {
    await endpoint(page, 'orders.list').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Path', exact: true }).inputValue(), '/api/orders');
    for (const [tab, field] of [['Response', 'Records'], ['Paging', 'Size parameter'], ['Limits & errors', 'Time limit'], ['Examples', 'Title']] as const) {
      await part(page, tab).click();
      await page.getByLabel(field, { exact: true }).first().waitFor();
    }
    await part(page, 'JSON').click();
    await page.getByLabel('JSON of the endpoint').getByText('"title": "List orders"').waitFor();
    assert.equal(host.text, sample, 'looking changes nothing');
    assert.equal(host.version, 1);
  });

  story('a field makes exactly one edit, of its line alone, and is undone byte for byte', {}, async ({ page, host }) => {
    const field = page.getByRole('textbox', { name: 'Path', exact: true });
    await field.fill('/api/v2/orders');
    await field.press('Enter');
    await field.press('Tab');
    assert.deepEqual(host.edits, [[{ op: 'set', path: ['endpoints', 'orders.list', 'path'], value: '/api/v2/orders' }]]);
    assert.equal(linesChanged(sample, host.text), 1);
    await host.undo();
    assert.equal(host.text, sample);
    await assertSoon(async () => assert.equal(await field.inputValue(), '/api/orders'));
  });

  story('undo in a field stays in the field', {}, async ({ page, host }) => {
    const field = page.getByRole('textbox', { name: 'Summary', exact: true });
    await field.click();
    await field.press('End');
    await page.keyboard.type(' All of them.');
    await page.keyboard.press('Control+z');
    assert.notEqual(await field.inputValue(), 'Orders, oldest first. All of them.');
    assert.equal(host.version, 1);
  });

  story('half-typed text is not lost when another endpoint is shown', {}, async ({ page, connector }) => {
    await page.getByRole('textbox', { name: 'Entity', exact: true }).fill('sales');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('heading', { name: 'List products' }).waitFor();
    await assertSoon(() => assert.equal(connector().endpoints['orders.list']?.entity, 'sales'));
  });

  story('the form of a pagination is that of its plugin; another one begins anew, none removes it', {}, async ({ page, connector }) => {
    await part(page, 'Paging').click();
    await page.getByLabel('Relation', { exact: true }).waitFor();
    await choose(page, 'Pagination', 'Cursor');
    await assertSoon(() => assert.deepEqual(connector().endpoints['orders.list']?.pagination, { type: 'cursor' }));
    await page.getByRole('spinbutton', { name: 'Page size' }).fill('50');
    await page.keyboard.press('Tab');
    await assertSoon(() => assert.deepEqual(connector().endpoints['orders.list']?.pagination, { type: 'cursor', settings: { size: 50 } }));
    await choose(page, 'Pagination', '–');
    await assertSoon(() => assert.equal(connector().endpoints['orders.list']?.pagination, undefined));
  });

  story('a plugin that nobody knows is shown as it stands, and kept', { text: sample.replace('"type": "header-link", "settings": { "sizeParam": "limit", "size": 250 }', '"type": "teleport", "settings": { "beam": [1] }') }, async ({ page, connector }) => {
    await part(page, 'Paging').click();
    assert.match((await page.getByRole('combobox', { name: 'Pagination', exact: true }).textContent()) ?? '', /teleport \(not known\)/);
    assert.match(await page.getByRole('textbox', { name: 'Settings' }).inputValue(), /"beam"/);
    await part(page, 'Request').click();
    await page.getByRole('textbox', { name: 'Entity', exact: true }).fill('sales');
    await page.keyboard.press('Tab');
    await assertSoon(() => assert.deepEqual([connector().endpoints['orders.list']?.entity, connector().endpoints['orders.list']?.pagination], ['sales', { type: 'teleport', settings: { beam: [1] } }]));
  });

  story('an auth method has the form of its plugin and another name; what names it follows', {
    text: sample.replace('"title": "List products",', '"title": "List products", "auth": "client",'),
  }, async ({ page, host, connector }) => {
    await section(page, 'Authentication').click();
    await page.getByRole('button', { name: /^client/ }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Token address' }).inputValue(), '{{ instance.url }}/oauth/token');
    const name = page.getByRole('textbox', { name: 'Name of client', exact: true });
    await name.fill('app');
    await name.press('Enter');
    await assertSoon(() => assert.deepEqual([Object.keys(connector().auth!), connector().endpoints['products.list']?.auth], [['app'], 'app']));
    assert.equal(host.edits.length, 1);
    const add = page.getByRole('textbox', { name: 'New name in Methods' });
    await add.fill('key');
    await add.press('Enter');
    await assertSoon(() => assert.deepEqual(Object.keys(connector().auth!), ['app', 'key']));
  });

  story('fields of a record: type, tag, required, one more and one less', {}, async ({ page, connector }) => {
    await part(page, 'Response').click();
    const record = () => connector().endpoints['orders.list']?.record as { readonly properties: Record<string, Record<string, unknown>>; readonly required: readonly string[] };
    const tag = page.getByRole('textbox', { name: 'Tag of customer.email' });
    await tag.fill('email');
    await tag.press('Enter');
    await assertSoon(() => assert.equal((record().properties['customer']!['properties'] as Record<string, Record<string, unknown>>)['email']!['x-tag'], 'email'));
    await page.getByRole('checkbox', { name: 'currency is required', exact: true }).press(' ');
    await assertSoon(() => assert.equal(record().required.includes('currency'), false));
    await choose(page, 'Type of number', 'integer');
    await assertSoon(() => assert.equal(record().properties['number']!['type'], 'integer'));
    await page.getByRole('button', { name: 'Remove id', exact: true }).click();
    await assertSoon(() => assert.deepEqual([record().properties['id'], record().required.includes('id')], [undefined, false]));
    const add = page.getByRole('textbox', { name: 'New field of the record' });
    await add.fill('channel');
    await add.press('Enter');
    await assertSoon(() => assert.deepEqual(record().properties['channel'], { type: 'string' }));
  });

  story('endpoints are added, renamed with what refers to them, duplicated and removed', { text: sample.replace('"auth": {', '"check": "orders.list",\n  "auth": {') }, async ({ page, connector }) => {
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('orders.create');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Orders create' }).waitFor();
    assert.deepEqual(connector().endpoints['orders.create'], { title: 'Orders create', direction: 'send', method: 'POST', path: '/orders' });
    await endpoint(page, 'orders.list').click();
    await page.getByRole('button', { name: 'Rename the endpoint' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('orders.all');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.deepEqual([Object.keys(connector().endpoints)[0], connector().check], ['orders.all', 'orders.all']));
    await page.getByRole('button', { name: 'Duplicate the endpoint' }).click();
    await endpoint(page, 'orders.all-2').waitFor();
    await page.getByRole('button', { name: 'Remove the endpoint' }).click();
    await assertSoon(() => assert.equal(connector().endpoints['orders.all-2'], undefined));
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('not a name');
    await page.keyboard.press('Enter');
    await page.getByText('cannot be the name of an endpoint').waitFor();
  });

  story('a broken text is shown as it was last, and nothing can be changed until it is right', {}, async ({ page, host }) => {
    const field = page.getByRole('textbox', { name: 'Path', exact: true });
    await host.replace(sample.replace('"version": 1,', '"version": 1'));
    await page.getByText('JSON has a syntax error at line 3').waitFor();
    assert.equal(await field.getAttribute('readonly'), '');
    assert.equal(await field.inputValue(), '/api/orders');
    assert.equal(await page.getByRole('button', { name: 'Add an endpoint' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Open as text' }).click();
    await assertSoon(() => assert.deepEqual(host.calls, ['openText']));
    await host.replace(sample);
    await assertSoon(async () => assert.equal(await field.getAttribute('readonly'), null));
  });

  story('findings stand at their fields, tabs, endpoints and sections', {}, async ({ page, view }) => {
    const at = { file: '', line: 1, column: 1, severity: 'error', code: 'CONFIG_INVALID' } as const;
    await view.diagnostics([{ ...at, path: '/endpoints/orders.list/pagination/settings/size', message: 'It is too small.' }, { ...at, path: '/auth/client/settings/tokenUrl', message: 'The address is not absolute.' }, { ...at, path: '/endpoints/orders.list', severity: 'warning', message: 'Nobody asks it.' }]);
    await page.getByText('Nobody asks it.').waitFor();
    await endpoint(page, 'error').waitFor();
    await page.getByRole('tab', { name: /^Authentication 1 error(?!s)/ }).waitFor();
    await part(page, 'Paging').click();
    await page.getByText('It is too small.').waitFor();
    assert.equal(await page.getByRole('spinbutton', { name: 'Page size' }).getAttribute('aria-invalid'), 'true');
  });

  story('a connector of a protocol has its endpoints, and no fields of HTTP', {
    text: JSON.stringify({ version: 1, title: 'Store', protocol: 'postgresql', endpoints: { 'rows.list': { title: 'Rows', direction: 'receive', call: 'query', with: { statement: 'select 1' } } } }),
  }, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Call' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Path', exact: true }).count(), 0);
    assert.equal(await part(page, 'Paging').count(), 0);
    await section(page, 'Overview').click();
    await page.getByRole('combobox', { name: 'Protocol' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Base URL' }).count(), 0);
  });
});

const trace = (page: Page) => page.getByRole('listbox', { name: 'Page trace' });
const tried = { answers: [threePages], bodies: trialBodies };

describe('trying an endpoint out', () => {
  story('shows each page in a sentence, the attempts before it, and why it stopped', tried, async ({ page, host }) => {
    await page.getByRole('textbox', { name: 'Since' }).fill('2024-07-01');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Send' }).click();
    await trace(page).waitFor();
    assert.deepEqual(host.orders, [{ instance: 'shop', endpoint: 'orders.list', params: { since: '2024-07-01' }, pages: 5, environment: 'dev' }]);
    assert.deepEqual(await trace(page).getByRole('option').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label'))), [
      'Before page 1: POST /oauth/token, status 200, 12 ms',
      'Page 1: GET /api/orders?limit=250, status 200, 142 ms, 250 records, for the next page page_info = Z1',
      'Page 2: GET /api/orders?limit=250&page_info=Z1, status 200, 131 ms, 250 records, for the next page page_info = Z2',
      'Before page 3: GET /api/orders?limit=250&page_info=Z2, status 429, 9 ms',
      'Page 3: GET /api/orders?limit=250&page_info=Z2, after a wait of 2 s, status 200, 160 ms, 42 records',
    ]);
    await page.locator('.stop', { hasText: 'Stopped because the answer named no next page.' }).waitFor();
    await page.getByText('542 records in 3 requests, and 2 for attempts, redirects and tokens', { exact: true }).waitFor();
    await page.getByText('The budget of the shop is used up.').waitFor();
  });

  story('with the keys alone: send, go through the trace, see the body, copy the request', tried, async ({ page }) => {
    await page.keyboard.press('Control+Enter');
    await trace(page).waitFor();
    await page.getByRole('treeitem', { name: /orders/ }).waitFor();
    await page.keyboard.press('Alt+3');
    assert.equal(await focused(page), 'button: Send');
    await trace(page).getByRole('option', { selected: true }).focus();
    await page.keyboard.press('End');
    await page.getByRole('treeitem', { name: /orders.*0 items|orders.*\[\]/ }).waitFor();
    await page.keyboard.press('Control+l');
    await assertSoon(async () => assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl -X GET '.*page_info=Z2'.*authorization: Bearer ••••/s));
  });

  story('what was found out is taken over: paging, records, the schema, an example', {
    ...tried, text: sample.replace('"pagination": { "type": "header-link", "settings": { "sizeParam": "limit", "size": 250 } },', '').replace('"records": "$.orders",', ''),
  }, async ({ page, host, connector }) => {
    await page.keyboard.press('Control+Enter');
    await page.getByRole('tab', { name: /Proposals/ }).click();
    await page.getByText('97 %').waitFor();
    await page.getByTitle('Use Pagination header-link').click();
    await assertSoon(() => assert.deepEqual(connector().endpoints['orders.list']?.pagination, { type: 'header-link', settings: { sizeParam: 'limit', size: 250 } }));
    await page.getByTitle('Use Records at $.orders').click();
    await assertSoon(() => assert.equal(connector().endpoints['orders.list']?.records, '$.orders'));
    await page.getByRole('button', { name: 'Take over in place of the record schema' }).click();
    await assertSoon(() => assert.deepEqual(connector().endpoints['orders.list']?.record, threePages.kind === 'done' && threePages.trial.schema));
    await page.getByRole('button', { name: 'Save as example…' }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).last().fill('Two orders');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.deepEqual(connector().endpoints['orders.list']?.examples?.map(({ title }) => title), ['The last page', 'Two orders']));
    assert.equal(host.edits.length, 4);
  });

  const sending = { text: sample.replace('"title": "List products",', '"title": "New product",').replace('"direction": "receive",\n      "method": "GET",\n      "path": "/api/products"', '"direction": "send",\n      "method": "POST",\n      "path": "/api/products"') };
  const asks = { kind: 'ask', confirm: 'write', message: '"products.list" writes: POST to http://shop.test, which is no mock. Whoever tries it out must confirm it.' } as const;
  story('a write is asked about first, and sent only when that is wanted', { ...sending, answers: [asks, asks, done({ endpoint: 'products.list' })] }, async ({ page, host }) => {
    await endpoint(page, 'products.list').click();
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"sku": "A1"}');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: 'This writes in the other system' }).getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Nothing was sent.').first().waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click();
    await assertSoon(() => assert.deepEqual(host.orders.map(({ confirm, payload }) => [confirm, payload?.body]), [[undefined, { sku: 'A1' }], [undefined, { sku: 'A1' }], [['write'], { sku: 'A1' }]]));
  });

  const needy = { text: sample.replace('"path": "/api/products"', '"path": "/api/products/{{ payload.id }}"') };
  story('an endpoint that receives by a payload is given one', { ...needy, answers: [done({ endpoint: 'products.list' })] }, async ({ page, host }) => {
    await endpoint(page, 'products.list').click();
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"id": 7}');
    await page.keyboard.press('Control+Enter');
    await assertSoon(() => assert.deepEqual(host.orders.map(({ payload, pages }) => [payload?.body, pages]), [[{ id: 7 }, 5]]));
  });

  story('a payload that is no JSON is not sent', sending, async ({ page, host }) => {
    await endpoint(page, 'products.list').click();
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"sku": ');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/The payload is not valid JSON/).first().waitFor();
    assert.deepEqual(host.orders, []);
  });

  for (const [what, environment] of [['the only one', undefined as unknown as string], ['the one of the workspace', 'live']] as const) {
    story(`a production environment is not chosen by itself, as ${what}`, { workspace: { environments: [{ id: 'live', production: true }], environment } }, async ({ page }) => {
      await page.getByRole('button', { name: 'Send' }).waitFor();
      assert.equal(await page.getByText('live is a production environment').count(), 0);
      await choose(page, 'Environment', 'live (production)');
      await page.getByText('live is a production environment: you will be asked.').waitFor();
    });
  }

  story('a production environment is named before it is asked', { answers: [{ kind: 'ask', confirm: 'production', message: 'The environment "live" is marked as production: whoever starts a run against it must confirm it.' }, threePages], bodies: trialBodies }, async ({ page, host }) => {
    await choose(page, 'Environment', 'live (production)');
    await page.getByText('live is a production environment: you will be asked.').waitFor();
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: 'This is production' });
    await dialog.getByRole('textbox').fill('live');
    await page.keyboard.press('Enter');
    assert.equal(host.orders.length, 1);
    await dialog.getByRole('textbox').fill('production');
    await page.keyboard.press('Enter');
    await trace(page).waitFor();
    assert.deepEqual(host.orders.map(({ environment, confirm }) => [environment, confirm]), [['live', undefined], ['live', ['production']]]);
  });

  story('a trial that takes long is stopped', {}, async ({ page, host }) => {
    host.held = Promise.withResolvers();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.keyboard.press('Control+.');
    await page.getByText('The trial was stopped.').first().waitFor();
    assert.deepEqual(host.calls, ['stopTrial']);
  });

  story('what cannot be asked says what to do', { answers: [{ kind: 'refused', code: 'SECRET_MISSING', message: 'The secret "shop/secret" is missing.', remedy: 'Set it with “Set Secret…”.' }] }, async ({ page, host }) => {
    await choose(page, 'Instance', 'shop-eu');
    await page.getByRole('button', { name: 'Set secret…' }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Set it with “Set Secret…”.').waitFor();
    await page.getByText('SECRET_MISSING').waitFor();
    assert.deepEqual(host.calls, ['setSecret']);
  });

  story('the mock is started, asked and stopped', tried, async ({ page, host }) => {
    const mock = page.getByRole('switch', { name: 'Ask a mock' }).or(page.getByRole('checkbox', { name: 'Ask a mock' }));
    await mock.press(' ');
    await page.getByText('http://127.0.0.1:7461').waitFor();
    await page.keyboard.press('Control+Enter');
    await trace(page).waitFor();
    await page.getByRole('switch', { name: 'Mock is asked' }).or(page.getByRole('checkbox', { name: 'Mock is asked' })).press(' ');
    await page.getByText('http://127.0.0.1:7461').waitFor({ state: 'detached' });
    assert.deepEqual([host.orders.map(({ isMocked }) => isMocked), host.calls], [[true], ['startMock', 'stopMock']]);
  });

  story('sections without an endpoint test the connection; an instance that needs a login is led there', { ...tried, workspace: { instances: [{ id: 'shop', missingSecrets: [], logins: [{ state: 'out' }] }] } }, async ({ page, host }) => {
    await section(page, 'Authentication').click();
    await page.getByRole('button', { name: 'Log in…' }).click();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await trace(page).waitFor();
    assert.deepEqual([host.orders, host.calls], [[{ instance: 'shop', environment: 'dev' }], ['logIn "shop"']]);
  });

  for (const [what, auth, logins, calls] of [
    ['its own', 'person', [{ state: 'in' }, { method: 'person', state: 'out' }], ['logIn "shop" "person"']],
    ['none', 'none', [{ state: 'out' }], []],
  ] as const) story(`an endpoint with ${what} of the logins`, { ...tried, text: sample.replace('"title": "List products",', `"title": "List products", "auth": "${auth}",`), workspace: { instances: [{ id: 'shop', missingSecrets: [], logins }] } }, async ({ page, host }) => {
    await endpoint(page, 'products.list').click();
    await page.getByRole('button', { name: 'Send' }).waitFor();
    if (calls.length > 0) await page.getByRole('button', { name: 'Log in…' }).click();
    else assert.equal(await page.getByRole('button', { name: 'Log in…' }).count(), 0);
    await assertSoon(() => assert.deepEqual(host.calls, calls));
  });

  story('without an instance one is made', { workspace: { instances: [] } }, async ({ page, host }) => {
    await page.getByRole('button', { name: 'New instance…' }).click();
    await assertSoon(() => assert.deepEqual(host.calls, ['newInstance']));
  });

  story('an answer that somebody has says how it is paged', { detected: { records: [{ value: '$.items', score: 0.9, why: 'A list.' }], pagination: [], record: { type: 'object', properties: { sku: { type: 'string' } } } } }, async ({ page, host, connector }) => {
    await page.getByText('Or look at an answer that you have').click();
    await page.getByRole('textbox', { name: 'An answer of this endpoint' }).fill('{"items": [{"sku": "A1"}]}');
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByTitle('Use Records at $.items').click();
    await assertSoon(() => assert.equal(connector().endpoints['orders.list']?.records, '$.items'));
    assert.deepEqual(host.calls, ['detect {"items": [{"sku": "A1"}]}']);
  });

  story('in Restricted Mode nothing is asked', { trusted: false }, async ({ page, host }) => {
    await page.getByText('Restricted mode').waitFor();
    await page.keyboard.press('Control+Enter');
    assert.equal(await page.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true');
    assert.deepEqual(host.orders, []);
  });
});

describe('beginning', () => {
  story('an empty file becomes a connector out of a description, as one edit; what is likely is taken over', { text: '', imported: importedShop }, async ({ page, host, connector }) => {
    await page.getByRole('button', { name: 'Paste a cURL command' }).click();
    await page.getByText('2 endpoints of 4 operations were added.').waitFor();
    assert.deepEqual([host.calls, host.edits.length, connector()], [['import curl'], 1, importedShop.manifest]);
    await page.getByText('An instance gives the secrets: bearer (bearer).').waitFor();
    await page.getByText('2 things not imported').click();
    await page.getByText('A stream of events is no list.').waitFor();
    await page.getByTitle('Use pagination of orders.list').click();
    await page.getByText('In the file.').waitFor();
    assert.deepEqual(connector().endpoints['orders.list']?.pagination, { type: 'cursor', settings: { path: '$.next' } });
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('2 endpoints of 4 operations were added.').waitFor({ state: 'detached' });
    await host.undo();
    await host.undo();
    await page.getByRole('button', { name: 'Import OpenAPI' }).waitFor();
    assert.equal(host.text, '');
  });

  story('an import adds what is missing, and leaves what is there', { imported: importedShop }, async ({ page, connector }) => {
    await choose(page, 'Import into this connector', 'Postman collection');
    await page.getByText('1 endpoint of 4 operations was added.').waitFor();
    await page.getByText('orders.list: there already, and left as it is.').waitFor();
    const { title, endpoints, auth } = connector();
    assert.deepEqual([title, endpoints['orders.list']?.path, endpoints['orders.create']?.path, Object.keys(auth!)], ['Brook & Co shop', '/api/orders', '/orders', ['client', 'bearer']]);
  });

  story('an import of another host keeps to its own address and credentials', { text: JSON.stringify({ version: 1, title: 'Mine', baseUrl: 'https://api.mine.test', auth: { bearer: { type: 'bearer' } }, endpoints: { 'orders.list': { title: 'Orders', direction: 'receive', method: 'GET', path: '/own' } } }), imported: importedShop }, async ({ page, connector }) => {
    await choose(page, 'Import into this connector', 'Postman collection');
    await page.getByText('acme-orders.list, orders.create are asked at https://api.acme.test, the base URL "acme".').waitFor();
    await page.getByTitle('Use pagination of acme-orders.list').click();
    await page.getByText('In the file.').waitFor();
    const { endpoints, auth } = connector();
    assert.deepEqual([Object.keys(endpoints), endpoints['acme-orders.list']?.baseUrl, endpoints['orders.create']?.auth, Object.keys(auth!)], [['orders.list', 'acme-orders.list', 'orders.create'], 'acme', 'bearer-acme', ['bearer', 'bearer-acme']]);
  });

  story('a connector of another protocol takes no descriptions of HTTP', { text: JSON.stringify({ version: 1, title: 'Store', protocol: 'postgresql', endpoints: {} }) }, async ({ page }) => {
    await page.getByRole('button', { name: 'Add an endpoint by hand' }).waitFor();
    assert.deepEqual([await page.getByRole('button', { name: 'Import OpenAPI' }).count(), await page.getByRole('combobox', { name: 'Import into this connector', exact: true }).first().isDisabled()], [0, true]);
  });

  story('an import that is given up changes nothing', { text: '' }, async ({ page, host }) => {
    await page.getByRole('button', { name: 'Import HTTP archive (HAR)' }).click();
    await assertSoon(() => assert.deepEqual(host.calls, ['import har']));
    assert.equal(host.version, 1);
    await page.getByRole('button', { name: 'Add an endpoint by hand' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('keyboard and screen readers', () => {
  story('sections, endpoints and forms are reached with the keyboard alone', {}, async ({ page, connector }) => {
    await endpoint(page, 'orders.list').waitFor();
    await page.keyboard.press('Alt+1');
    assert.match(await focused(page), /^tab: .*Endpoints/);
    await page.keyboard.press('Home');
    assert.match(await focused(page), /^tab: .*Overview/);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    await page.keyboard.type('stock');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'grid: Endpoints');
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: 'List stock' }).waitFor();
    await page.keyboard.press('Alt+2');
    for (let n = 0; n < 4; n++) await page.keyboard.press('Tab');
    assert.match(await focused(page), /^tab: Request/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('All the stock');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(connector().endpoints['inventory.list']?.title, 'All the stock'));
  });

  for (const theme of themes) {
    story(`no serious finding, ${theme}`, { ...tried, page: { theme } }, async ({ page }) => {
      await page.keyboard.press('Control+Enter');
      await trace(page).waitFor();
      const look = async (where: string): Promise<void> => assert.deepEqual(await seriousFindings(page), [], where);
      for (const name of ['Request', 'Parameters', 'Response', 'Paging', 'JSON']) {
        await part(page, name).click();
        await look(name);
      }
      for (const name of ['Overview', 'Authentication', 'Limits & errors']) {
        await section(page, name).click();
        await page.getByRole('heading', { name }).waitFor();
        if (name === 'Authentication') await page.getByRole('button', { name: /^client/ }).click();
        await look(name);
      }
    });
  }
});

for (const theme of themes) {
  story(`no serious finding in the beginning, in proposals and in questions, ${theme}`, { ...tried, text: '', imported: importedShop, page: { theme } }, async ({ page }) => {
    const look = async (where: string): Promise<void> => assert.deepEqual(await seriousFindings(page), [], where);
    await look('beginning');
    await page.getByRole('button', { name: 'Import WSDL' }).click();
    await page.getByText('2 endpoints of 4 operations were added.').waitFor();
    await look('import');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('tab', { name: /Proposals/ }).click();
    await page.getByText('97 %').waitFor();
    await look('proposals');
    await page.getByRole('button', { name: 'Save as example…' }).click();
    await page.getByRole('dialog').waitFor();
    await look('question');
  });
}

story('what was shown and half-typed is kept while the tab is hidden', {}, async ({ page, host }) => {
  await endpoint(page, 'products.list').click();
  await part(page, 'Response').click();
  await page.getByRole('searchbox', { name: 'Find an endpoint' }).fill('list');
  await part(page, 'Request').click();
  await page.getByRole('textbox', { name: 'Summary', exact: true }).fill('Half a sen');
  const kept = (): Promise<unknown> => page.evaluate(() => {
    const { section, endpoint, tab, filter, drafts } = (globalThis as { patchbayState?: { state?: Record<string, unknown> } }).patchbayState?.state ?? {};
    return [section, endpoint, tab, filter, drafts];
  });
  await assertSoon(async () => assert.deepEqual(await kept(), ['endpoints', 'products.list', 'request', 'list', { 'endpoint products.list ["summary"]': 'Half a sen' }]));
  assert.equal(host.edits.length, 0);
});

story('narrow: of another endpoint the beginning of the trial is in sight, whatever came of the one before', { ...tried, imported: importedShop, page: { width: 600, height: 520 } }, async ({ page }) => {
  await page.keyboard.press('Alt+3');
  const send = page.getByRole('button', { name: 'Send', exact: true });
  const scrolled = (): Promise<number[]> => page.locator('patchbay-try').evaluate((panel) => [panel.shadowRoot!.querySelector('.all')!.scrollTop, panel.assignedSlot!.parentElement!.scrollTop]);
  const look = async (): Promise<void> => {
    await send.click();
    await trace(page).waitFor();
    await assertSoon(async () => assert.notDeepEqual(await scrolled(), [0, 0]));
  };
  await look();
  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('heading', { name: 'List products' }).waitFor();
  await assertSoon(async () => assert.deepEqual(await scrolled(), [0, 0]));
  assert.deepEqual(await send.boundingBox().then((box) => box !== null && box.y >= 0 && box.y + box.height <= 520), true);
  await page.keyboard.press('Alt+ArrowUp');
  await look();
  await choose(page, 'Import into this connector', 'Postman collection');
  await page.getByText('1 endpoint of 4 operations was added.').waitFor();
  await assertSoon(async () => assert.deepEqual(await scrolled(), [0, 0]));
});

story('narrow: everything stands below each other, no control is cut off', { ...tried, page: { width: 320, height: 700 } }, async ({ page }) => {
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.keyboard.press('Control+Enter');
  await trace(page).waitFor();
  assert.deepEqual(await page.evaluate(() => {
    const cut: string[] = [];
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('button, vscode-textfield, vscode-single-select, vscode-button')) {
        const box = element.getBoundingClientRect();
        if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) cut.push(element.getAttribute('aria-label') ?? element.textContent ?? '');
      }
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) visit(element.shadowRoot);
    };
    visit(document);
    return cut;
  }), []);
});

story('a connector with 300 endpoints stays fast', { text: largeConnector(300) }, async ({ page }) => {
  await page.getByRole('heading', { name: 'List things of kind 0' }).waitFor();
  assert.ok((await page.evaluate(() => { const count = (root: ParentNode): number => [...root.querySelectorAll('*')].reduce((sum, element) => sum + 1 + (element.shadowRoot ? count(element.shadowRoot) : 0), 0); return count(document); })) < 1_500, 'only what is seen is drawn');
  // Time of the page's own work, whatever else the machine does.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1_000;
  const start = await busy();
  for (let n = 1; n <= 20; n++) {
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('heading', { name: `List things of kind ${n}`, exact: true }).waitFor();
  }
  const perStep = (await busy() - start) / 20;
  assert.ok(perStep < 80, `${perStep.toFixed(1)} ms per endpoint`);
  await page.getByRole('searchbox', { name: 'Find an endpoint' }).fill('kind 299');
  await endpoint(page, 'things-299.list').waitFor();
});
