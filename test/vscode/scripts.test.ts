import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

const script = `export default (async ({ payload }, context) => {
  const name = await context.lookup('countries', payload.country);
  return { payload: { ...payload, name } };
}) satisfies Patchbay.PayloadScript<{ country: string }>;
`;
const workspace = { 'patchbay.json': '{ "version": 1, "scripts": { "hosts": ["api.shop.test"] } }\n', 'scripts/name.ts': script, 'lookups/countries.csv': 'code,name\nDE,Germany\n', 'flows/f.flow.json': '{ "version": 1, "start": "s", "steps": { "s": { "shape": "script", "settings": { "script": "name.ts" } } } }\n' };

story('what a script may use is declared as soon as it is open, and knows the lookups', { workspace }, async ({ workbench, folder }) => {
  await workbench.ready();
  const types = join(folder, '.patchbay/types/scripts.d.ts');
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    for (let left = 100; !holds(); left--) {
      assert.ok(left > 0, what);
      await workbench.page.waitForTimeout(200);
    }
  };
  assert.ok(!existsSync(types));
  await workbench.openFile('name.ts');
  await until('the declarations are there', () => existsSync(types) && existsSync(join(folder, 'scripts/tsconfig.json')));
  const declared = readFileSync(types, 'utf8');
  assert.match(declared, /type LookupName = "countries";/);
  assert.match(declared, /Hosts: api\.shop\.test\./);
  writeFileSync(join(folder, 'lookups/taxes.csv'), 'code,rate\nA,19\n');
  await until('a new lookup is known', () => readFileSync(types, 'utf8').includes('"countries" | "taxes"'));
});

const typed = `export default (async (input, context) => {
  
}) satisfies Patchbay.PayloadScript<Patchbay.Payloads['ship.ts']>;
`;
const flow = `{ "version": 1, "start": "order", "steps": {
  "order": { "shape": "manual-payload", "settings": { "document": { "orderNumber": "A1", "lines": [{ "sku": "S1" }] } }, "next": { "out": "ship" } },
  "ship": { "shape": "script", "settings": { "script": "ship.ts" } }
} }
`;

story('a script is completed as it is typed: what a script may use, and what comes to it', { workspace: { ...workspace, 'scripts/ship.ts': typed, 'flows/f.flow.json': flow } }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('ship.ts');
  await waitUntil(() => existsSync(join(folder, 'scripts/tsconfig.json')));
  await page.locator('.editor-instance .view-lines').first().click();
  await page.keyboard.press('Control+G');
  await workbench.enter(':2:3');
  const offered = page.locator('.suggest-widget.visible .monaco-list-row .label-name');
  const offers = async (text: string, names: readonly string[], shown: string): Promise<void> => {
    // The language service may still be loading: what it does not know yet, it says when it is asked again.
    await page.keyboard.type(text);
    for (let left = 20; !(await offered.getByText(names[0]!, { exact: true }).isVisible()); left--) {
      assert.ok(left > 0, `${text} offers ${(await offered.allInnerTexts()).join(', ')}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Space');
      await offered.getByText(names[0]!, { exact: true }).waitFor({ timeout: 3_000 }).catch(() => {});
    }
    assert.deepEqual(await offered.allInnerTexts(), names);
    await picture(shown);
    await page.keyboard.press('Escape');
    for (let left = text.length; left > 0; left--) await page.keyboard.press('Backspace');
  };
  await offers('context.', ['base64', 'cache', 'hash', 'hmac', 'http', 'log', 'lookup', 'pool', 'uuid'], 'script-context');
  await offers('context.log.', ['debug', 'error', 'info', 'warn'], 'script-log');
  await offers('input.', ['flow', 'meta', 'payload', 'variables'], 'script-input');
  await offers('input.payload.', ['lines', 'orderNumber'], 'script-payload');
  await offers('input.payload.lines[0]?.', ['sku'], 'script-item');
});
