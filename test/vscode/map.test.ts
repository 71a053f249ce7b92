import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { assertSoon } from '../support/soon.ts';
import { story, waitUntil } from './harness.ts';
import type { Workbench } from './workbench.ts';

const flow = 'flows/import-orders.flow.json';
const field = (editor: FrameLocator, side: 'Source' | 'Target', name: RegExp) => editor.getByRole('tree', { name: `${side} fields` }).getByRole('treeitem', { name });

async function openMapping(workbench: Workbench): Promise<FrameLocator> {
  await workbench.openFile('import-orders.flow.json');
  const editor = workbench.webview();
  await workbench.selectStep(editor, /^Shop order to ERP order/);
  await workbench.page.keyboard.press('e');
  return editor;
}

story('a field of the sample is mapped with the keys alone, saved, and is one place of the file; undo gives it back', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const file = join(folder, flow);
  const before = readFileSync(file, 'utf8');
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' } });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'as opened');
  const editor = await openMapping(workbench);

  // The sides are known from the connectors of the steps around, before anything has run.
  await field(editor, 'Source', /^total_price/).waitFor();
  await field(editor, 'Target', /^reference, from id through Prefix WEB-/).waitFor();
  await editor.getByRole('tree', { name: 'Source fields' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('m');
  await editor.getByRole('dialog', { name: /^Map id to/ }).waitFor();
  await page.keyboard.type('sourceId');
  await page.keyboard.press('Enter');
  await field(editor, 'Target', /^sourceId,.*from id/).waitFor();
  await page.locator('.tab.dirty', { hasText: 'import-orders' }).waitFor();
  await picture('map');
  await workbench.save('import-orders');
  const rule = '          { "from": "id", "to": "sourceId" }';
  await waitUntil(() => readFileSync(file, 'utf8').includes(rule));
  const diff = git('diff', '--unified=0').split('\n').filter((line) => /^[-+](?![-+])/.test(line));
  // A comma after the rule before it, and the new one.
  assert.deepEqual(diff.map((line) => line[0]), ['-', '+', '+']);
  assert.equal(diff[2], `+${rule}`);
  assert.equal(diff[1], `${diff[0]!.replace('-', '+')},`);

  await editor.getByRole('tree', { name: 'Source fields' }).focus();
  await page.keyboard.press('Control+Z');
  await page.locator('.tab.dirty', { hasText: 'import-orders' }).waitFor();
  await field(editor, 'Target', /^sourceId/).waitFor({ state: 'detached' });
  await workbench.save('import-orders');
  await waitUntil(() => readFileSync(file, 'utf8') === before);
  assert.equal(git('status', '--porcelain'), '');
});

story('the flow is run from its mapping, whose last payload is then the sample', { workspace: 'sample', timeoutMs: 240_000 }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const editor = await openMapping(workbench);
  await editor.getByRole('button', { name: 'Run the flow' }).click();
  await field(editor, 'Target', /^reference, from id through Prefix WEB-, result WEB-\d+/).waitFor({ timeout: 90_000 });
  await field(editor, 'Source', /^number, text, feeds shopNumber, value /).waitFor();
  await editor.getByText(/last payload, run/).waitFor();
  await editor.getByRole('tree', { name: 'Source fields' }).focus();
  const before = await field(editor, 'Target', /^reference/).getAttribute('aria-label');
  await page.keyboard.press(']');
  await editor.getByText(/^2\/\d+$/).waitFor();
  await assertSoon(async () => assert.notEqual(await field(editor, 'Target', /^reference/).getAttribute('aria-label'), before));
  await picture('map-run');
});

story('the endpoint before the mapping is called once, and its records are the sample', { workspace: 'sample', timeoutMs: 240_000 }, async ({ workbench, picture }) => {
  await workbench.ready();
  await workbench.command('Patchbay: Start Sample Servers');
  const editor = await openMapping(workbench);
  await editor.getByRole('button', { name: 'Call an endpoint once' }).click();
  const first = workbench.page.locator('.quick-input-list .monaco-list-row').first();
  await first.getByText('The records of this mapping come from here.').waitFor();
  await picture('map-endpoint');
  await first.click();
  await field(editor, 'Target', /^reference, from id through Prefix WEB-, result WEB-\d+/).waitFor({ timeout: 90_000 });
  await editor.getByRole('toolbar', { name: 'Sample' }).getByText('shop · orders.list').waitFor();
  await picture('map-endpoint-sample');
});

story('the transforms of a rule become a script, which gives the same', { workspace: 'sample', timeoutMs: 240_000 }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const editor = await openMapping(workbench);
  await editor.getByRole('button', { name: 'Run the flow' }).click();
  const reference = field(editor, 'Target', /^reference,.* result WEB-\d+/);
  await reference.waitFor({ timeout: 90_000 });
  const result = / result (WEB-\d+)/.exec((await reference.getAttribute('aria-label'))!)![1]!;
  await reference.click();
  // While the name is asked for, another one puts a rule in front of this one.
  await editor.getByRole('button', { name: 'Convert to script…' }).click();
  await page.locator('.quick-input-widget input').waitFor();
  const before = readFileSync(join(folder, flow), 'utf8');
  const changed = before.replace('"rules": [', '"rules": [{ "to": "first", "transforms": [{ "type": "custom-string", "settings": { "value": "x" } }] },');
  writeFileSync(join(folder, flow), changed);
  await field(editor, 'Target', /^first,/).waitFor();
  await workbench.enter('reference');
  await editor.getByRole('group', { name: 'The change was not made.' }).getByText('The mapping was changed at the same time.').waitFor();
  assert.equal(existsSync(join(folder, 'scripts/reference.ts')), false);
  writeFileSync(join(folder, flow), before);
  await field(editor, 'Target', /^first,/).waitFor({ state: 'detached' });
  await reference.click();
  await editor.getByRole('button', { name: 'Convert to script…' }).click();
  await workbench.enter('reference');
  await workbench.tab('reference.ts').waitFor();
  await picture('map-script');
  assert.match(readFileSync(join(folder, 'scripts/reference.ts'), 'utf8'), /return "WEB-" \+ text\(value\);/);
  await workbench.tab('import-orders.flow.json').click();
  await workbench.save('import-orders');
  // Beside the script there is no room for two trees.
  await workbench.webview().getByRole('row', { name: new RegExp(`^1 id reference.*${result}`) }).waitFor({ timeout: 60_000 });
  await workbench.webview().getByRole('combobox', { name: 'Script' }).getByText('scripts/reference.ts').waitFor();
  await picture('map-script-result');
});

story('rules are put into a mapping file, which has an editor of its own; one undo gives them back', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const before = readFileSync(join(folder, flow), 'utf8');
  await workbench.openFile('import-orders.flow.json');
  const editor = workbench.webview();
  await workbench.selectStep(editor, /^Shop order to ERP order/);
  await workbench.command('Patchbay Flow: Edit Mapping of Step');
  await editor.getByRole('tab', { name: 'Settings' }).click();
  await editor.getByRole('button', { name: 'Extract to file' }).click();
  await page.locator('.quick-input-widget', { hasText: 'Extract Rules to File' }).waitFor();
  await page.keyboard.type('Bad Name');
  await page.locator('.quick-input-widget', { hasText: 'Take lower-case letters and digits, with hyphens between them.' }).waitFor();
  await workbench.enter('order-to-erp');
  await page.locator('.tab.dirty', { hasText: 'import-orders' }).waitFor();
  await workbench.save('import-orders');
  assert.match(readFileSync(join(folder, flow), 'utf8'), /"settings": \{ "map": "order-to-erp" \}/);
  const rules = (JSON.parse(readFileSync(join(folder, 'maps/order-to-erp.map.json'), 'utf8')) as { rules: unknown[] }).rules;
  assert.equal(rules.length, ((JSON.parse(before) as { steps: Record<string, { settings: { rules: unknown[] } }> }).steps['to-erp']!.settings.rules.length));

  // What the file writes is drawn in its flow, too.
  await field(editor, 'Target', /^reference/).waitFor();
  await picture('map-of-file');
  await editor.getByRole('tree', { name: 'Source fields' }).focus();
  await page.keyboard.press('Control+Z');
  await picture('map-extract-undo');
  await field(editor, 'Source', /^id, number, feeds reference/).waitFor();
  // VS Code undoes what concerns a file, too, in its own time, and heeds no redo until that is over.
  const openIt = editor.getByRole('button', { name: 'Open it' });
  for (let left = 8; left > 0; left--) {
    await page.keyboard.press('Control+Y');
    if (await openIt.waitFor({ timeout: 2_000 }).then(() => true, () => false)) break;
  }
  await openIt.click();
  await workbench.tab('order-to-erp.map.json').waitFor();
  // Beside the flow there is no room for two trees.
  const own = workbench.webview(1);
  await own.getByRole('row', { name: /^1 id reference/ }).waitFor();
  await picture('map-file');
});
