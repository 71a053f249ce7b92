import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

story('source control shows a changed flow as text; the graphs are compared by command', { workspace: 'sample', settings: { 'git.enabled': true } }, async ({ workbench, folder, picture }) => {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' } });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'as opened');
  const file = join(folder, 'flows', 'import-orders.flow.json');
  const flow = JSON.parse(readFileSync(file, 'utf8')) as { steps: Record<string, { next?: Record<string, string>; settings?: object }> };
  delete flow.steps['report-failure'];
  flow.steps['guard']!.next = { try: flow.steps['guard']!.next!['try']! };
  flow.steps['last'] = { shape: 'callback' } as never;
  writeFileSync(file, `${JSON.stringify(flow, undefined, 2)}\n`);
  await workbench.ready();
  const { page } = workbench;
  await page.keyboard.press('Control+Shift+G');
  await page.keyboard.press('g');
  await page.locator('.scm-view .monaco-list-row', { hasText: 'import-orders.flow.json' }).first().click({ timeout: 60_000 });
  // Text, not two canvases.
  await page.locator('.monaco-diff-editor .view-line', { hasText: 'Import' }).first().waitFor();
  assert.equal(await page.locator('iframe.webview.ready').count(), 0);
  await picture('scm-diff');
  await page.locator('.editor-actions').getByRole('button', { name: 'Compare Flows (Graph)' }).click();
  const panel = workbench.webview();
  await panel.locator('.n.removed').first().waitFor();
  assert.deepEqual(await Promise.all(['removed', 'added', 'changed'].map((mark) => panel.locator(`.n.${mark}`).count())), [1, 1, 2]);
  await panel.getByRole('listitem').filter({ hasText: 'removed Report failure' }).waitFor();
  await picture('compare-flows');
});
