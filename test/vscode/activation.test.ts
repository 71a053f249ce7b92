import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertQuiet, story, waitUntil } from './harness.ts';

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

const flow = '{\n  "version": 1,\n  "title": "First",\n  "steps": {}\n}\n';
const files = { 'patchbay.json': '{ "version": 1 }\n', 'flows/first.flow.json': flow, 'lookups/sizes.csv': 'from,to\nS,Small\n', 'instances/shop.instance.json': '{ "version": 1, "connector": "shop" }\n', 'maps/order.map.json': '{ "version": 1, "rules": [] }\n', 'connectors/shop.connector.json': '{ "version": 1, "title": "Shop", "baseUrl": "https://shop.example", "endpoints": {} }\n' };

story('an editor that is closed while it is being loaded leaves no error; a command of the next one and a revert find it', { workspace: files, installed: true }, async (told) => {
  const { workbench } = told;
  const { page } = workbench;
  for (const path of Object.keys(files).slice(1)) {
    const name = path.split('/')[1]!;
    for (const left of [2, 1]) {
      await workbench.openFile(name);
      // The first time nothing of its editor is there yet.
      await page.keyboard.press('Control+w');
      if (!(await workbench.tab(name).waitFor({ state: 'detached', timeout: 2_000 }).then(() => true, () => false)) && left === 1) throw new Error(`${name} was not closed.`);
    }
  }
  await workbench.openFile('first.flow.json');
  await workbench.command('File: Revert File');
  await workbench.webview().getByText('What starts this flow?').waitFor();
  assertQuiet(told);
});
