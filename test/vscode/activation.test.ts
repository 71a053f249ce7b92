import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

const others = { 'package.json': '{ "name": "shop", "private": true }\n', 'src/orders.json': '{ "steps": {}, "version": 1 }\n', 'src/prices.csv': 'sku,price\nA,1\n', 'notes.md': '# Flow\n' };

story('nothing of Patchbay starts in a folder without its files', { workspace: others }, async ({ workbench, folder, log }) => {
  const isStarted = (): boolean => /activat\w* patchbay\.patchbay/i.test(log());
  for (const name of ['orders.json', 'prices.csv', 'notes.md']) await workbench.openFile(name);
  await workbench.page.locator('.monaco-editor .view-line', { hasText: 'Flow' }).waitFor();
  // The extensions of VS Code itself have started by then: the log tells of them.
  await waitUntil(() => /activat\w* vscode\./i.test(log()));
  assert.equal(isStarted(), false);
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'flows', 'first.flow.json'), '{\n  "version": 1,\n  "title": "First",\n  "steps": {}\n}\n');
  await workbench.openFile('first.flow.json');
  await workbench.webview().locator('.view').waitFor();
  await waitUntil(isStarted);
});
