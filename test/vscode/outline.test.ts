import { story } from './harness.ts';

story('the outline goes with the canvas and with the text, and shows breakpoints', { workspace: 'sample' }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('import-orders.flow.json');
  const canvas = workbench.webview();
  const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Flow Outline' }) });
  const step = (name: RegExp) => pane.getByRole('treeitem', { name });
  await canvas.locator('.node[data-id="only-paid"]').waitFor();
  // As in a text, where it is VS Code's own.
  await page.keyboard.press('Control+Shift+O');
  await page.locator('.pane-header', { hasText: 'workspace' }).click();
  await step(/^Only paid, step, Filter/).waitFor();
  await step(/^branch try/).waitFor();

  await step(/^Only paid/).click();
  await canvas.locator('.node.selected[data-id="only-paid"]').waitFor();
  await workbench.selectStep(canvas, /^Get orders/);
  await pane.locator('.monaco-list-row.selected', { hasText: 'Get orders' }).waitFor();

  await step(/^Only paid/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Toggle Breakpoint' }).hover();
  await page.keyboard.press('Enter');
  await step(/^Only paid.*breakpoint: Before the step/).waitFor();
  await picture('outline');

  await workbench.command('Patchbay: Show JSON');
  await page.locator('.editor-instance .view-line').first().waitFor();
  await step(/^Report failure/).click();
  await page.keyboard.press('Control+Shift+O');
  const input = page.locator('.quick-input-widget:visible input[type=text]');
  await input.waitFor();
  await input.fill('@Only paid');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Only paid' }).first().waitFor();
  await picture('symbols');
  await input.press('Enter');
  await pane.locator('.monaco-list-row.selected', { hasText: 'Only paid' }).waitFor();
  await picture('outline-text');
});
