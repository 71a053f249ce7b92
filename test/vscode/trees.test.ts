import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

story('the views show what the workspace consists of; an environment is chosen; files are made, copied, renamed with their uses and deleted', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  writeFileSync(join(folder, 'environments', 'live.env.json'), '{ "version": 1, "production": true }\n');
  await workbench.ready();
  const { page } = workbench;
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  const row = (text: string) => page.locator('.monaco-list-row', { hasText: text }).first();
  const dialog = (text: string) => page.locator('.monaco-dialog-box', { hasText: text });
  // Several views leave little room to each.
  await row('Import orders').waitFor();
  await picture('trees-all');
  for (const view of ['Runs', 'Webhooks']) await page.locator('.pane-header', { hasText: view }).click();
  await row('Import orders').waitFor();
  await page.getByRole('treeitem', { name: /^Flows\b/ }).first().click();
  await row('Brook & Co shop').waitFor();
  await page.getByRole('treeitem', { name: 'live, environment, production' }).waitFor();
  await picture('trees');
  await workbench.rowButton(page.getByRole('treeitem', { name: 'live, environment, production' }), 'Use This Environment');
  await page.getByRole('treeitem', { name: 'live, environment, active, production' }).waitFor();

  await page.locator('.pane-header', { hasText: 'Environments' }).click();
  await row('Lookups').click();
  await page.locator('.monaco-list-row[aria-expanded="true"]', { hasText: 'Lookups' }).waitFor();
  await row('country-codes').waitFor();
  // With the keyboard alone: the focus is on the lookup, and what is selected is not. A tree that is just read anew may lose its focus.
  const focused = page.locator('.monaco-list-row.focused', { hasText: 'country-codes' });
  await page.keyboard.press('Home');
  for (let left = 20; left > 0 && !(await focused.isVisible()); left--) {
    await page.keyboard.press('ArrowDown');
    await page.locator('.monaco-list-row.focused').first().waitFor();
  }
  await focused.waitFor();
  await page.keyboard.press('F2');
  await workbench.enter('countries');
  await dialog('').getByRole('button', { name: 'OK' }).click();
  await waitUntil(() => existsSync(join(folder, 'lookups', 'countries.csv')));
  await waitUntil(() => readFileSync(join(folder, 'flows', 'import-orders.flow.json'), 'utf8').includes('"lookup": "countries"'));

  // A menu takes no click just after it was opened.
  const choose = async (name: string, item: string): Promise<void> => {
    await page.getByRole('treeitem', { name, exact: true }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).hover();
    await page.keyboard.press('Enter');
  };
  await choose('countries', 'Duplicate…');
  await workbench.enter('countries-of-old');
  await waitUntil(() => existsSync(join(folder, 'lookups', 'countries-of-old.csv')));
  await row('countries-of-old').waitFor();
  assert.deepEqual(readFileSync(join(folder, 'lookups', 'countries-of-old.csv')), readFileSync(join(folder, 'lookups', 'countries.csv')));

  await choose('countries', 'Delete…');
  await dialog('It is named in flows/import-orders.flow.json').waitFor();
  await dialog('').getByRole('button', { name: 'Cancel' }).click();
  assert.ok(existsSync(join(folder, 'lookups', 'countries.csv')));

  await choose('Connectors, 2', 'New…');
  await workbench.enter('Acme Shop');
  await page.locator('.quick-input-widget', { hasText: 'Use lower-case words' }).waitFor();
  await workbench.enter('acme');
  await workbench.tab('acme.connector.json').waitFor();
  await row('Acme').waitFor();
  // An editor takes the focus when it is there, and so closes what is asked.
  await workbench.webview().getByRole('button', { name: 'Try it' }).waitFor();
  await workbench.choose('Patchbay: New…', 'Instance');
  await workbench.pick('acme');
  await workbench.enter('acme-eu');
  await workbench.tab('acme-eu.instance.json').waitFor();
  await workbench.webview().getByText('Address').first().waitFor();
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'instances', 'acme-eu.instance.json'), 'utf8')), { version: 1, connector: 'acme', settings: { url: '' } });
  await workbench.choose('Patchbay: New…', 'Script');
  await workbench.enter('tidy');
  await workbench.tab('tidy.ts').waitFor();
  await picture('trees-new');
});

story('a row that is clicked keeps the focus, so that keys are for the row and not for what it opens', { workspace: 'sample' }, async ({ workbench }) => {
  await workbench.ready();
  const { page } = workbench;
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  for (const view of ['Runs', 'Webhooks', 'Environments']) await page.locator('.pane-header', { hasText: view }).click();
  const row = page.locator('.monaco-list-row', { hasText: 'Import orders' }).first();
  const canvas = workbench.webview();
  await row.click();
  await canvas.locator('.node[data-id="only-paid"]').waitFor();
  await page.keyboard.press('F2');
  await page.locator('.quick-input-widget', { hasText: 'Rename import-orders.flow.json' }).waitFor();
  await page.keyboard.type('order-webhook');
  await page.locator('.quick-input-widget', { hasText: 'order-webhook.flow.json is there already.' }).waitFor();
  await page.keyboard.press('Escape');
  await row.click();
  await page.keyboard.press('Delete');
  const dialog = page.locator('.monaco-dialog-box', { hasText: 'Delete flows/import-orders.flow.json?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  // Enter goes on to what it opens.
  await row.click();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.matches('iframe.webview'));
  // The outline, too: its row is for the step that it selects.
  await page.keyboard.press('Control+Shift+O');
  await page.locator('.monaco-list-row', { hasText: 'Only paid' }).first().click();
  await canvas.locator('.node.selected[data-id="only-paid"]').waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('.monaco-list'));
});
