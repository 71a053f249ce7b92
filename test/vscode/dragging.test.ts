import { story } from './harness.ts';

story('a flow is dragged out of the tree onto the canvas of another, and becomes a step of it', { workspace: 'sample' }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('stock-push.flow.json');
  const canvas = workbench.webview();
  await canvas.getByRole('option').first().waitFor();
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  const row = page.getByRole('treeitem', { name: /^Order webhook/ }).first();
  await row.waitFor();
  const [from, to] = [(await row.boundingBox())!, (await canvas.locator('[role="listbox"].view').boundingBox())!];
  await page.mouse.move(from.x + 60, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(from.x + 100, from.y + 20, { steps: 4 });
  // Without it VS Code opens what is dropped on an editor.
  await page.keyboard.down('Shift');
  // The canvas takes what lies over it once it has answered the pointer, which goes on until then.
  await page.mouse.move(to.x + 150, to.y + to.height - 120, { steps: 6 });
  const takes = canvas.locator('.view.taking');
  for (let left = 60; left > 0 && !(await takes.isVisible()); left--) await page.mouse.move(to.x + 250 - left, to.y + to.height - 120);
  await takes.waitFor();
  await picture('dragging');
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await canvas.getByRole('option', { name: /^run-flow, / }).waitFor();
  await page.locator('.tab.active.dirty', { hasText: 'stock-push' }).waitFor();
  await picture('dragged');
});

story('without a mouse, a row of a tree becomes a step behind the one that is selected: by its menu and from the palette', { workspace: 'sample' }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('stock-push.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^Stock level/);
  await workbench.command('Patchbay: Focus on Project View');
  const row = page.getByRole('treeitem', { name: /^Order webhook/ }).first();
  await row.waitFor();
  // Selects the row, as the arrow keys do; a click would open the flow.
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Add to Flow' }).hover();
  await page.keyboard.press('Enter');
  await canvas.getByRole('option', { name: /^Stock level.*leads to run-flow/ }).waitFor();
  await page.locator('.tab.active.dirty', { hasText: 'stock-push' }).waitFor();

  await workbench.choose('Patchbay: Add to Flow', 'products.list');
  // Behind the step that was added before, as that one is selected.
  await canvas.getByRole('option', { name: /^run-flow, .*leads to connector/ }).waitFor();
  await picture('added');
});
