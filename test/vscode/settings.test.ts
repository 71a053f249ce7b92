import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

story('an instance is filled in, its secret is kept by VS Code, and its connection is tested; an environment overrides it', { workspace: 'sample' }, async ({ workbench, folder, log, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const file = join(folder, 'instances', 'erp.instance.json');
  const before = readFileSync(file, 'utf8');
  await workbench.openFile('erp.instance.json');
  const editor = workbench.webview();
  const title = editor.getByRole('textbox', { name: 'Title', exact: true });
  await title.fill('The ERP');
  await title.press('Enter');
  await page.locator('.tab.dirty', { hasText: 'erp.instance' }).waitFor();
  await workbench.save('erp.instance');
  await waitUntil(() => readFileSync(file, 'utf8') === before.replace('"Mock ERP"', '"The ERP"'));

  await editor.getByTitle(/^(Set|Change)… erp\/api-key/).click();
  await workbench.enter('a-value-that-nobody-sees');
  await editor.getByText('Set: kept by VS Code on this machine').waitFor();
  await picture('instance');
  assert.doesNotMatch(`${readFileSync(file, 'utf8')}${log()}`, /a-value-that-nobody-sees/);

  // The shop of the sample answers: its token was got with the secret that VS Code keeps.
  await workbench.command('Patchbay: Start Sample Servers');
  await workbench.openFile('shop.instance.json');
  const shop = workbench.webview();
  await shop.getByText('Set: kept by VS Code on this machine').first().waitFor();
  await shop.getByRole('button', { name: 'Test connection' }).click();
  await shop.getByText('The connection works.').first().waitFor();
  await shop.getByRole('listbox', { name: 'Page trace' }).getByRole('option', { name: /status 200/ }).first().waitFor();
  await picture('instance-tested');

  await workbench.openFile('dev.env.json');
  const environment = workbench.webview();
  await environment.getByRole('combobox', { name: 'Override an instance' }).waitFor();
  await picture('environment');
  await workbench.command('Patchbay: Show JSON');
  await page.locator('.editor-instance .view-lines', { hasText: 'batchSize' }).first().waitFor();
});

const acme = {
  version: 1, title: 'Acme', baseUrl: '{{ instance.url }}', variables: { url: { type: 'string', title: 'Address', description: 'Where it is.' }, tenant: { type: 'string', title: 'Tenant', description: 'Name of the tenant, which nobody else may know.', writeOnly: true } },
  auth: { token: { type: 'bearer' }, key: { type: 'api-key', settings: { name: 'x-acme-key' } } },
  endpoints: { 'account.get': { title: 'Get account', direction: 'receive', method: 'GET', path: '/{{ instance.tenant }}/account' } },
};

/** A system that remembers who asks it. */
async function listen(seen: IncomingMessage[]): Promise<Server> {
  const server = createServer((request, response) => {
    seen.push(request);
    response.setHeader('content-type', 'application/json').end('{"account":"acme"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

story('a new instance of a connector with two auth methods: it is asked which, its secrets are kept by VS Code, and the connection works with them', { workspace: { 'patchbay.json': '{ "version": 1 }', 'connectors/acme.connector.json': JSON.stringify(acme, undefined, 2) } }, async ({ workbench, folder, log, picture }) => {
  const seen: IncomingMessage[] = [];
  const server = await listen(seen);
  try {
    await workbench.ready();
    const { page } = workbench;
    await workbench.choose('Patchbay: New…', 'A connector with an account');
    await workbench.pick('acme');
    await workbench.enter('acme-eu');
    const question = page.locator('.quick-input-widget:visible', { has: page.locator('input[placeholder="How does it sign in?"]') });
    await question.waitFor();
    assert.deepEqual(await question.locator('.monaco-list-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label'))), ['token, Bearer token', 'key, API key']);
    await picture('new-instance');
    await workbench.pick('key');

    await workbench.tab('acme-eu.instance').waitFor();
    const file = join(folder, 'instances', 'acme-eu.instance.json');
    const made = { version: 1, connector: 'acme', auth: 'key', settings: { url: '', tenant: { $secret: 'acme-eu/tenant' } }, credentials: { key: { $secret: 'acme-eu/key' } } };
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), made);
    const editor = workbench.webview();
    const address = editor.getByRole('textbox', { name: 'Address', exact: true });
    await address.fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await address.press('Enter');
    await editor.getByText('Not set on this machine').nth(1).waitFor();
    for (const [name, value] of [['tenant', 'hidden-aisle'], ['key', 'a-key-that-nobody-sees']] as const) {
      await editor.getByTitle(`Set… acme-eu/${name}`).click();
      await workbench.enter(value);
      await editor.getByTitle(`Change… acme-eu/${name}`).waitFor();
    }
    // Where each comes from is said beside it.
    assert.equal(await editor.getByText('Set: kept by VS Code on this machine').count(), 2);
    await workbench.save('acme-eu.instance');
    await editor.getByRole('button', { name: 'Test connection' }).click();
    await editor.getByText('The connection works.').first().waitFor();
    await picture('new-instance-tested');
    assert.deepEqual(seen.map(({ url, headers }) => [url, headers['x-acme-key'], headers.authorization]), [['/hidden-aisle/account', 'a-key-that-nobody-sees', undefined]]);
    assert.doesNotMatch(`${readFileSync(file, 'utf8')}${log()}${await editor.locator('body').innerText()}`, /hidden-aisle|a-key-that-nobody-sees/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
