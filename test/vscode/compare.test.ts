import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

const merged = 'flows/merged.flow.json';
const titled = (title: string): string => `{\n  "version": 1,\n  "title": "${title}",\n  "start": "a",\n  "steps": { "a": { "shape": "map", "settings": { "passThrough": true } } }\n}\n`;

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

story('a merge that both sides changed is a text in the merge editor, and the canvas says why it changes nothing until it is through', { workspace: { 'patchbay.json': '{ "version": 1 }\n', [merged]: titled('Before') }, settings: { 'git.enabled': true, 'git.mergeEditor': true } }, async ({ workbench, folder, picture }) => {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' } });
  const commit = (title: string): void => {
    writeFileSync(join(folder, merged), titled(title));
    git('add', '.');
    git('commit', '--quiet', '--message', title);
  };
  git('init', '--quiet', '--initial-branch', 'main');
  commit('Before');
  git('switch', '--quiet', '--create', 'theirs');
  commit('Of theirs');
  git('switch', '--quiet', 'main');
  commit('Of ours');
  assert.throws(() => git('merge', 'theirs'));
  assert.match(readFileSync(join(folder, merged), 'utf8'), /^<{7} /m);

  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('merged.flow.json');
  await workbench.webview().getByText('A merge has left both versions at line 3.').waitFor();
  await page.keyboard.press('Control+Shift+G');
  await page.keyboard.press('g');
  await page.locator('.scm-view .monaco-list-row', { hasText: 'merged.flow.json' }).first().click({ timeout: 60_000 });
  const editor = page.locator('.merge-editor');
  for (const title of ['Of theirs', 'Of ours']) await editor.locator('.view-line', { hasText: new RegExp(title.replace(' ', '.')) }).first().waitFor();
  assert.equal(await page.locator('iframe.webview.ready >> visible=true').count(), 0, 'Three texts, and no canvas.');
  await picture('merge');
  await editor.getByRole('button', { name: /^Accept Incoming|Accept Combination/ }).first().click();
  await editor.locator('.input.result, .result').locator('.view-line', { hasText: /Of.theirs/ }).first().waitFor();
  await editor.getByRole('button', { name: 'Complete Merge' }).click();
  await page.locator('.scm-view .monaco-list-row', { hasText: 'Staged Changes' }).first().waitFor();
  assert.equal(readFileSync(join(folder, merged), 'utf8'), titled('Of theirs'));
  await workbench.openFile('merged.flow.json');
  await workbench.webview().getByRole('option').first().waitFor();
  assert.equal(await workbench.webview().getByText('A merge has left').count(), 0);
});
