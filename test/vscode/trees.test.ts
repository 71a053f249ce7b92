import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

story('the views show what the workspace consists of; an environment is chosen, a lookup is renamed with its uses and deleted', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  writeFileSync(join(folder, 'environments', 'live.env.json'), '{ "version": 1, "production": true }\n');
  await workbench.ready();
  const { page } = workbench;
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  const row = (text: string) => page.locator('.monaco-list-row', { hasText: text }).first();
  // Five views leave little room to each.
  for (const view of ['Runs', 'Webhooks', 'Flows']) await page.locator('.pane-header', { hasText: view }).click();
  await row('Brook & Co shop').waitFor();
  await row('Lookups').click();
  await page.locator('.monaco-list-row[aria-expanded="true"]', { hasText: 'Lookups' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await row('country-codes').waitFor();
  await page.getByRole('treeitem', { name: 'live, environment, production' }).waitFor();
  await picture('trees');
  await page.getByRole('treeitem', { name: 'live, environment, production' }).hover();
  await page.getByRole('treeitem', { name: 'live, environment, production' }).getByRole('button', { name: 'Use This Environment' }).click();
  await page.getByRole('treeitem', { name: 'live, environment, active, production' }).waitFor();

  // A menu takes no click just after it was opened.
  const choose = async (file: string, item: string): Promise<void> => {
    await row(file).click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).hover();
    await page.keyboard.press('Enter');
  };
  await choose('country-codes', 'Rename…');
  await workbench.enter('countries');
  await page.locator('.monaco-dialog-box').getByRole('button', { name: 'OK' }).click();
  await waitUntil(() => existsSync(join(folder, 'lookups', 'countries.csv')));
  await waitUntil(() => readFileSync(join(folder, 'flows', 'import-orders.flow.json'), 'utf8').includes('"lookup": "countries"'));

  await choose('countries', 'Delete…');
  await page.locator('.monaco-dialog-box', { hasText: 'It is named in flows/import-orders.flow.json' }).waitFor();
  await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Cancel' }).click();
  assert.ok(existsSync(join(folder, 'lookups', 'countries.csv')));
});
