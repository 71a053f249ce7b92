import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { assertQuiet, story, type Story } from './harness.ts';

story('in Restricted Mode a flow is drawn and edited, and nothing runs', { workspace: 'sample', restricted: true }, async (told) => {
  const { workbench, folder, picture } = told;
  await workbench.ready();
  await workbench.openFile('import-orders.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^Only paid/);
  await canvas.getByText(/Restricted mode/).waitFor();
  await canvas.getByLabel('Value of condition 1').fill('authorized');
  await canvas.getByLabel('Value of condition 1').press('Tab');
  await workbench.page.locator('.tab.dirty', { hasText: 'import-orders' }).waitFor();
  await picture('restricted');
  await workbench.selectStep(canvas, /^Shop order to ERP order/);
  await workbench.page.keyboard.press('e');
  await canvas.getByText('Restricted mode: the mapping can be edited, but not tried.').waitFor();
  await canvas.getByRole('treeitem', { name: /^financial_status, text, feeds status/ }).waitFor();
  await picture('restricted-map');
  // The palette offers no run.
  await workbench.page.keyboard.press('F1');
  await workbench.page.locator('.quick-input-widget input[type=text]').fill('>Patchbay: Run Flow');
  await workbench.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  assert.equal(await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Patchbay: Run Flow' }).count(), 0);
  await workbench.page.keyboard.press('Escape');
  assert.equal(existsSync(join(folder, '.patchbay')), false);
  assertQuiet(told);
});

interface Editor {
  readonly file: string;
  readonly edit: (editor: FrameLocator, workbench: Story['workbench']) => Promise<unknown>;
  /** What then stands in the file. */
  readonly written: string;
  /** What it says that cannot be done. */
  readonly says?: string;
  /** What is blocked. */
  readonly blocked?: string;
}

const titled = (editor: FrameLocator) => editor.getByRole('textbox', { name: 'Title', exact: true }).first();
const retitle = async (editor: FrameLocator): Promise<void> => { await titled(editor).fill('Renamed'); await titled(editor).press('Tab'); };
const settings = { edit: retitle, written: '"Renamed"', says: 'Restricted mode: nothing is asked, and no secret is kept.', blocked: 'Test connection' };
const editors: readonly Editor[] = [
  { file: 'connectors/brook-shop.connector.json', edit: retitle, written: '"Renamed"', says: 'Restricted mode: the connector can be edited, but not tried out.' },
  { file: 'instances/erp.instance.json', ...settings },
  { file: 'environments/dev.env.json', ...settings },
  {
    file: 'lookups/country-codes.csv', written: 'Renamed',
    edit: async (editor, { page }) => { await editor.locator('#cell-0-1').click(); await page.keyboard.type('Renamed'); await page.keyboard.press('Enter'); },
  },
];

story('in Restricted Mode connectors, instances, environments and lookups are opened, edited and saved; what is blocked says why, and leads to where the workspace is trusted', { workspace: 'sample', restricted: true, timeoutMs: 240_000 }, async (told) => {
  const { workbench, folder, picture } = told;
  const { page } = workbench;
  await workbench.ready();
  for (const { file, edit, written, says, blocked } of editors) {
    const name = file.split('/')[1]!;
    await workbench.openFile(name);
    const editor = workbench.webview();
    if (says !== undefined) await editor.getByText(says).waitFor();
    if (blocked !== undefined) assert.equal(await editor.getByRole('button', { name: blocked }).isDisabled(), true, blocked);
    await edit(editor, workbench);
    await page.locator('.tab.dirty', { hasText: name }).waitFor();
    await workbench.save(name);
    assert.ok(readFileSync(join(folder, file), 'utf8').includes(written), file);
    await picture(`restricted-${name.split('.')[0]}`);
  }

  // A secret is not even asked for.
  await workbench.openFile('erp.instance.json');
  const instance = workbench.webview();
  await instance.getByTitle(/^(Set|Change)… erp\/api-key/).click();
  await instance.getByText('In Restricted Mode Patchbay runs nothing. Trust this workspace to run its flows.').waitFor();
  assert.equal(await page.locator('.quick-input-widget:visible').count(), 0);
  await instance.getByRole('link', { name: 'Manage workspace trust' }).click();
  await page.locator('.workspace-trust-editor').waitFor();
  await picture('restricted-trust');
  assert.equal(existsSync(join(folder, '.patchbay')), false);
  assertQuiet(told);
});

const flow = { version: 1, title: 'Doubled', triggers: { manual: { trigger: 'manual' } }, start: 'double', steps: { double: { shape: 'script', settings: { script: 'scripts/double.ts' } } } };
const script = 'export default () => ({ payload: { doubled: 2 * 21 } });\n';

story('without `node` on the path a flow runs, with its scripts: VS Code’s own is taken', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/double.flow.json': `${JSON.stringify(flow, undefined, 2)}\n`, 'scripts/double.ts': script }, withoutNode: true }, async (told) => {
  const { workbench } = told;
  await workbench.ready();
  await workbench.openFile('double.flow.json');
  const editor = workbench.webview();
  await editor.getByRole('button', { name: 'Run', exact: true }).click();
  await editor.getByRole('button', { name: /Success/ }).waitFor({ timeout: 60_000 });
  await workbench.selectStep(editor, /^double/);
  await editor.getByRole('tab', { name: /Data/ }).click();
  await editor.getByRole('treeitem', { name: /^doubled.*42/ }).waitFor();
  assertQuiet(told);
});
