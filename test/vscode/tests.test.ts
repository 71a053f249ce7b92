import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

story('tests are shown, run, turn red with the difference, and are covered', { workspace: 'sample', timeoutMs: 240_000 }, async ({ workbench, folder, picture }) => {
  const { page } = workbench;
  await workbench.ready();
  await workbench.command('Testing: Focus on Test Explorer View');
  const rows = page.locator('.test-explorer .monaco-list-row');
  await rows.filter({ hasText: 'What the ERP would get of an order' }).waitFor();
  await workbench.command('Test: Run All Tests');
  const summary = page.locator('.test-explorer').filter({ hasText: /(?<!\d)23\/23/ });
  await summary.first().waitFor({ timeout: 90_000 });
  await picture('tests-passed');

  const file = join(folder, 'flows/order-webhook.flow.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"WEB-"', '"SHOP-"'));
  await workbench.command('Test: Run All Tests with Coverage');
  await page.locator('.test-explorer').filter({ hasText: /(?<!\d)22\/23/ }).first().waitFor({ timeout: 90_000 });
  await page.getByText('The answer, its header X-Order: it is another value.').first().waitFor();
  await page.locator('.test-coverage-list-row, .monaco-list-row').filter({ hasText: 'stock-push.flow.json' }).filter({ hasText: '100.00%' }).first().waitFor();
  await picture('tests-failed');

  await workbench.openFile('stock-push.flow.json');
  const canvas = workbench.webview();
  await canvas.locator('.node .covered').first().waitFor();
  await picture('coverage');
});
