import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

story('a connector is edited by form and tried out against its mock', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const file = join(folder, 'connectors', 'brook-shop.connector.json');
  const before = readFileSync(file, 'utf8');
  await workbench.openFile('brook-shop.connector.json');
  const editor = workbench.webview();
  await editor.getByRole('heading', { name: 'List orders' }).waitFor();

  // One change, one line; what is typed is saved with the file.
  const summary = editor.getByRole('textbox', { name: 'Summary', exact: true });
  await summary.fill('All orders, oldest first.');
  await summary.press('Enter');
  await page.locator('.tab.dirty', { hasText: 'brook-shop' }).waitFor();
  await workbench.save('brook-shop');
  await waitUntil(() => readFileSync(file, 'utf8') === before.replace('"Orders, oldest first."', '"All orders, oldest first."'));

  await editor.getByRole('button', { name: 'Try it' }).click();
  await editor.getByRole('checkbox', { name: 'Ask a mock' }).or(editor.getByRole('switch', { name: 'Ask a mock' })).press(' ');
  await editor.getByText(/http:\/\/127\.0\.0\.1:\d+/).waitFor();
  await editor.getByRole('button', { name: 'Send' }).click();
  const trace = editor.getByRole('listbox', { name: 'Page trace' });
  await trace.getByRole('option', { name: /^Page 1: GET .*status 200/ }).waitFor();
  await editor.locator('.stop', { hasText: 'Stopped because' }).waitFor();
  await editor.getByRole('treeitem', { name: /^orders/ }).waitFor();
  await picture('connector');

  // The key of the editor leads to the text, and back.
  await workbench.command('Patchbay: Show JSON');
  await page.locator('.editor-instance .view-lines', { hasText: '"Brook' }).first().waitFor();
  assert.match(await workbench.editorText(), /"Brook & Co shop"|"orders\.list"/);
});

const got = (tag: string): object => ({ tags: [tag], responses: {} });
const description = JSON.stringify({ openapi: '3.0.0', info: { title: 'Acme' }, servers: [{ url: 'https://acme.test' }], paths: { '/orders': { get: got('Orders'), post: got('Orders') }, '/items': { get: got('Stock') }, '/ping': { get: got('Health') } } });

story('of a description a part is imported: a tag and an endpoint, found by typing', { workspace: { 'patchbay.json': '{ "version": 1 }' } }, async ({ workbench, folder, picture }) => {
  const server = createServer((_request, response) => void response.setHeader('content-type', 'application/json').end(description));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    await workbench.ready();
    const { page } = workbench;
    await workbench.choose('Patchbay: Import Connector', 'OpenAPI or Swagger');
    await workbench.pick('From an address');
    await workbench.enter(`http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.json`);
    const question = page.locator('.quick-input-widget:visible');
    const titled = (count: number): Promise<void> => question.locator('.quick-input-title', { hasText: `Import: ${count} of 4 endpoints` }).waitFor();
    await titled(4);
    await question.getByRole('checkbox', { name: 'Toggle all checkboxes' }).click();
    await titled(0);
    await question.locator('.monaco-list-row', { hasText: '2 endpoints' }).click();
    await titled(2);
    await question.locator('input[type=text]').fill('ping');
    await question.locator('.monaco-list-row', { hasText: 'GET /ping' }).click();
    await titled(3);
    await question.locator('input[type=text]').fill('');
    await question.locator('.monaco-list-row', { hasText: 'GET /items' }).waitFor();
    await picture('import-part');
    await question.locator('input[type=text]').press('Enter');
    await question.getByText('Name of the connector, which is that of its file.').waitFor();
    await workbench.enter('acme-part');
    await workbench.tab('acme-part.connector').waitFor();
    const { endpoints } = JSON.parse(readFileSync(join(folder, 'connectors', 'acme-part.connector.json'), 'utf8')) as { readonly endpoints: object };
    assert.deepEqual(Object.keys(endpoints), ['orders.list', 'orders.create', 'ping.list']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
