import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

const flow = 'flows/import-orders.flow.json';

story('from an empty window to the sample, a run, a payload, one changed line, and back', { workspace: 'none', timeoutMs: 240_000 }, async ({ workbench, folder, picture }) => {
  const { page } = workbench;
  await workbench.command('Patchbay: Open Sample');
  // The window opens the folder, and the extension its first flow.
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'patchbay.json' }).waitFor({ timeout: 60_000 });
  const canvas = workbench.webview();
  await canvas.getByRole('option').first().waitFor();
  await picture('sample');
  await workbench.selectStep(canvas, /^Shop order to ERP order/);

  await workbench.command('Patchbay: Run Flow');
  await canvas.locator('.node[data-id="to-erp"] .caption').waitFor({ timeout: 60_000 });
  // Two orders are bad on purpose.
  await workbench.notification('is through, but some payloads failed').waitFor({ timeout: 90_000 });
  await workbench.selectStep(canvas, /^Send to the ERP/);
  await canvas.locator('.node[data-id="send-orders"] .caption', { hasText: /\d+ → / }).waitFor();
  await picture('run-on-canvas');

  await workbench.selectStep(canvas, /^Shop order to ERP order/);
  await canvas.getByRole('tab', { name: 'Data' }).click();
  await canvas.getByText('financial_status').first().waitFor();
  await picture('payload-of-map');

  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' } });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'as opened');
  const before = readFileSync(join(folder, flow));
  await workbench.selectStep(canvas, /^Only paid/);
  await canvas.getByRole('tab', { name: 'Setup' }).click();
  await canvas.getByLabel('Value of condition 1').fill('authorized');
  await canvas.getByLabel('Value of condition 1').press('Tab');
  await page.locator('.tab.dirty', { hasText: 'import-orders' }).waitFor();
  await workbench.save('import-orders');
  const diff = git('diff', '--unified=0').split('\n').filter((line) => /^[-+](?![-+])/.test(line));
  assert.deepEqual(diff.map((line) => line[0]), ['-', '+']);
  assert.match(diff[1]!, /"value": "authorized"/);
  assert.equal(diff[1], diff[0]!.replace('-', '+').replace('"paid"', '"authorized"'));
  await picture('one-line');

  await workbench.selectStep(canvas, /^Only paid/);
  await page.keyboard.press('Control+Z');
  await page.locator('.tab.dirty', { hasText: 'import-orders' }).waitFor();
  await workbench.save('import-orders');
  assert.deepEqual(readFileSync(join(folder, flow)), before);
  assert.equal(git('status', '--porcelain'), '');
});
