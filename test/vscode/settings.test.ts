import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
