import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, story } from './harness.ts';

const plugin = "export default { kind: 'transform', type: 'shout', title: 'Shout', summary: 'Makes it loud.', takes: ['string'], gives: ['string'], settings: { type: 'object', properties: {}, additionalProperties: false }, examples: [{ title: 'A word', settings: {}, input: 'a', output: 'A' }], compile: () => (value: unknown) => String(value).toUpperCase() };\n";

story('what runs keep: looked at, searched, deleted, cleared; in production only what is typed. Plugins: of the workspace, and those that failed', {
  workspace: { 'patchbay.json': '{ "version": 1, "title": "Kept" }\n', 'environments/live.env.json': '{ "version": 1, "production": true }\n', 'plugins/broken.ts': 'export default {\n  kind: nothing,\n};\n' }, timeoutMs: 240_000,
}, async ({ workbench, folder, picture }) => {
  const patchbay = (...args: string[]): string => execFileSync(process.execPath, [join(root, 'server', 'patchbay.js'), ...args, '--workspace', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(join(folder, 'document.json'), '{ "name": "Ada" }');
  for (const key of ['customer-1', 'customer-2', 'order-1']) patchbay('caches', 'set', 'customers', key, '--input', join(folder, 'document.json'));
  patchbay('pools', 'add', 'orders', '1001', '1002', '--entity', 'order');
  await workbench.ready();
  const { page } = workbench;
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  for (const view of ['Project', 'Environments', 'Runs', 'Webhooks', 'Data']) await page.locator('.pane-header', { hasText: view }).click();
  const row = (text: string) => page.locator('.monaco-list-row', { hasText: text }).first();
  const choose = async (text: string, item: string): Promise<void> => {
    await row(text).click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).hover();
    await page.keyboard.press('Enter');
  };
  await row('customers').click({ timeout: 60_000 });
  await row('order-1').waitFor();
  await row('orders').click();
  await row('1002').waitFor();
  await choose('customers', 'Search…');
  await workbench.enter('customer-');
  await row('order-1').waitFor({ state: 'detached' });
  await row('customer-1').click();
  await workbench.tab('customer-1.json').waitFor();
  assert.match(await workbench.editorText(), /"name": "Ada"/);
  await picture('data');

  await row('customer-2').click();
  await workbench.tab('customer-2.json').waitFor();
  await page.keyboard.press('Delete');
  await page.locator('.monaco-dialog-box', { hasText: 'Delete "customer-2" from the cache customers?' }).getByRole('button', { name: 'Delete' }).click();
  await row('customer-2').waitFor({ state: 'detached' });
  assert.deepEqual(patchbay('caches', 'show', 'customers').match(/(customer|order)-\d/g), ['customer-1', 'order-1']);

  await workbench.choose('Patchbay: Select Environment', 'live');
  await choose('orders', 'Clear…');
  await page.locator('.quick-input-widget', { hasText: 'Runs go to live' }).waitFor();
  await workbench.enter('yes');
  await page.locator('.quick-input-widget', { hasText: 'or leave with Escape' }).waitFor();
  await workbench.enter('production');
  await row('1002').waitFor({ state: 'detached' });
  assert.doesNotMatch(patchbay('pools', 'list'), /orders/);

  writeFileSync(join(folder, 'plugins', 'shout.ts'), plugin);
  await workbench.command('Patchbay: Show Plugins');
  const failed = page.getByRole('treeitem', { name: /^plugins\/broken.ts, failed to load/ });
  await failed.waitFor({ timeout: 60_000 });
  await workbench.command('Patchbay: Reload Plugins');
  await page.getByRole('treeitem', { name: /^plugins\/shout.ts, 1 plugin/ }).waitFor({ timeout: 60_000 });
  await picture('plugins');
  await failed.click();
  await workbench.tab('broken.ts').waitFor();
  await row('Transforms').click();
  await row('Average').click();
  await workbench.tab('Preview Average').waitFor();
  await workbench.webview().getByText('Gives the mean of the numbers of a list.').waitFor();
  await picture('plugin-docs');
});
