import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

story('in Restricted Mode a flow is drawn and edited, and nothing runs', { workspace: 'sample', restricted: true }, async ({ workbench, folder, picture }) => {
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
});
