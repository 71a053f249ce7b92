import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

const flow = `{
  "version": 1,
  "start": "read",
  "steps": {
    "read": { "shape": "connector", "settings": { "instance": "shop", "endpoint": "orders.list" }, "next": { "out": "note" } },
    "note": { "shape": "script", "settings": { "script": "note.ts" } }
  }
}
`;
const workspace = {
  'patchbay.json': '{ "version": 1 }\n',
  'connectors/acme.connector.json': '{ "version": 1, "title": "Acme", "baseUrl": "https://{{ instance.host }}/v1", "variables": { "host": { "type": "string" } }, "auth": { "none": { "type": "none" } }, "endpoints": { "orders.list": { "title": "Orders", "direction": "receive", "method": "GET", "path": "/orders" } } }\n',
  'instances/shop.instance.json': '{ "version": 1, "connector": "acme", "settings": { "host": "acme.test" } }\n',
  'environments/dev.env.json': '{ "version": 1, "instances": { "shop": { "settings": { "host": "dev.acme.test" } } } }\n',
  'scripts/note.ts': 'export default (input: unknown): unknown => input;\n',
  'flows/say.flow.json': flow,
};

story('names lead to what they name, say what it is, and are changed everywhere', { workspace, settings: { 'workbench.editorAssociations': { '*.flow.json': 'default' } } }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const goTo = async (mark: string): Promise<void> => {
    const lines = flow.split('\n');
    const line = lines.findIndex((text) => text.includes(mark));
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+G');
    await workbench.enter(`:${line + 1}:${lines[line]!.indexOf(mark) + mark.length}`);
  };
  await workbench.openFile('say.flow.json');
  await page.locator('.editor-instance .view-lines', { hasText: 'GET /orders' }).waitFor();
  assert.match(await workbench.editorText(), /"shop" ?https:\/\/acme\.test\/v1/);
  await picture('inlay');

  await goTo('"script": "note');
  await page.keyboard.press('F12');
  await workbench.tab('note.ts').waitFor();
  await page.keyboard.press('Control+W');
  await workbench.openFile('say.flow.json');

  await goTo('"out": "not');
  await page.keyboard.press('F2');
  await page.locator('.rename-box:visible input').fill('tell');
  await page.keyboard.press('Enter');
  await page.locator('.view-line', { hasText: '"tell": { "shape": "script"' }).waitFor();
  await workbench.save('say.flow.json');
  assert.equal(readFileSync(join(folder, 'flows/say.flow.json'), 'utf8'), flow.replace('"out": "note"', '"out": "tell"').replace('"note": {', '"tell": {'));

  await goTo('"instance": "sh');
  await page.keyboard.press('F2');
  await page.locator('.rename-box:visible input').fill('store');
  await page.keyboard.press('Enter');
  await page.locator('.view-line', { hasText: '"instance": "store"' }).waitFor();
  await waitUntil(() => existsSync(join(folder, 'instances/store.instance.json')) && !existsSync(join(folder, 'instances/shop.instance.json')));
  await workbench.command('File: Save All Files');
  await waitUntil(() => /"store": \{ "settings"/.test(readFileSync(join(folder, 'environments/dev.env.json'), 'utf8')));
  await page.locator('.editor-instance .view-lines', { hasText: 'GET /orders' }).waitFor();
  await picture('renamed');

  // Where the syntax is wrong nobody knows the names.
  await goTo('"start": "read"');
  // The comma.
  await page.keyboard.press('Delete');
  await goTo('"instance": "sh');
  await page.keyboard.press('F2');
  await page.getByText(/Nothing can be renamed before the syntax of this file is right\. Line \d+:/).first().waitFor();
  await picture('rename-broken');
});
