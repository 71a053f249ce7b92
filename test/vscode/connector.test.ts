import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
