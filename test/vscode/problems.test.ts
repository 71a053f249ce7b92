import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

const broken = `{
  "version": 1,
  "start": "one",
  "steps": {
    "one": { "shape": "filter", "settings": { "conditions": [] }, "next": { "out": "nowhere" } },
    "two": { "shape": "flter" }
  }
}
`;

story('mistakes stand in Problems with their lines, and those of the syntax on the canvas', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/broken.flow.json': broken, 'flows/cut.flow.json': '{\n  "version": 1,\n  "steps": {\n    "one": { "shape": \n' } }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const problem = (text: string | RegExp) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
  // Before any of them is opened.
  await problem(/flter.*\[Ln 6, Col \d+\]/s).waitFor();
  await problem(/nowhere.*\[Ln 5, Col \d+\]/s).waitFor();
  await picture('problems');

  await workbench.openFile('cut.flow.json');
  const banner = workbench.webview().getByText(/JSON has a syntax error at line \d/);
  await banner.waitFor();
  await workbench.webview().getByRole('button', { name: /Add step/ }).and(workbench.webview().locator(':disabled')).waitFor();
  await picture('syntax-error');
});

const odd = `{
  // Kept by hand.
  "version": 1,
  "start": "one",
  "titel": "Odd",
  "steps": {
    "one": { "shape": "filter", "settings": { "conditions": 5 }, "next": "two" }
  }
}
`;

story('each fault stands in Problems once, in open files, too', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/odd.flow.json': odd, 'flows/cut.flow.json': odd.replace('"one",', '"one"') }, settings: { 'workbench.editorAssociations': { '*.flow.json': 'default' } } }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const rows = (text: RegExp) => page.locator('.markers-panel .monaco-list-row', { hasText: text });
  await rows(/titel.*Did you mean/s).waitFor();
  await rows(/comma is missing/).waitFor();
  await workbench.openFile('cut.flow.json');
  // VS Code has looked at what is open when it tells of the syntax.
  await rows(/Expected comma/).waitFor();
  await rows(/comma is missing/).waitFor({ state: 'detached' });
  await workbench.openFile('odd.flow.json');
  await page.locator('.editor-instance .view-line', { hasText: '"titel"' }).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget .monaco-list-row', { hasText: 'triggers' }).first().waitFor();
  await page.keyboard.press('Escape');
  await picture('problems-once');
  // One of each file.
  assert.equal(await rows(/Ln 5,/).count(), 2);
  assert.equal(await rows(/Ln 7,/).count(), 2);
  assert.equal(await rows(/Ln \d/).count(), 4);
});

const mapped = {
  'patchbay.json': '{ "version": 1 }\n', 'schemas/order.json': '{ "type": "object", "properties": { "number": { "type": "string" } }, "additionalProperties": false }\n',
  'flows/bills.flow.json': '{ "version": 1, "start": "map", "steps": { "map": { "shape": "map", "settings": { "source": "schemas/order.json", "rules": [{ "from": "numbr", "to": "ref" }] } } } }\n',
};

story('a map that does not fit is mended from its problem', { workspace: mapped }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: /numbr.*leads nowhere/s }).first();
  await problem.waitFor();
  await problem.click();
  await page.locator('.markers-panel .markers-panel-action-quickfix').first().click();
  const fix = page.getByText('Change it to number').first();
  await fix.waitFor();
  await picture('quick-fix');
  await fix.click();
  await problem.waitFor({ state: 'detached' });
});

story('a name that was probably meant is put in its place', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/broken.flow.json': broken } }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: /flter.*Did you mean/s }).first();
  await problem.waitFor();
  await problem.click();
  await problem.locator('.markers-panel-action-quickfix').click();
  const fix = page.getByText('Change it to filter').first();
  await fix.waitFor();
  await picture('quick-fix-name');
  await fix.click();
  await problem.waitFor({ state: 'detached' });
  await workbench.command('File: Save All Files');
  await waitUntil(() => readFileSync(join(folder, 'flows/broken.flow.json'), 'utf8') === broken.replace('flter', 'filter'));
});

const codes = {
  'patchbay.json': '{ "version": 1 }\n',
  'lookups/countries.csv': 'code,rate\nDE,1.5\nFR,two\nDE,3\n',
  'lookups/countries.lookup.json': '{\n  "version": 1,\n  "columns": { "rate": { "type": "number" } },\n  "key": ["code"]\n}\n',
  'lookups/open.csv': 'code,name\nDE,"Germ\n',
  'lookups/wrong.csv': 'code,name\nDE,Germany\n',
  'lookups/wrong.lookup.json': '{\n  "version": 1,\n  "value": "nme"\n}\n',
};

story('mistakes in lookups stand in Problems, of files that are closed and of what is in an editor', { workspace: codes }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const problem = (text: RegExp) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
  await problem(/"two" is no number.*\[Ln 3, Col 4\]/s).waitFor();
  await problem(/Line 2 has "code" "DE" already.*\[Ln 4, Col 1\]/s).waitFor();
  await problem(/quote.*\[Ln 2, Col 4\]/s).waitFor();
  await problem(/no column "nme".*Did you mean "name".*\[Ln 3, Col 12\]/s).waitFor();
  await picture('problems-lookups');

  await workbench.openFile('countries.csv');
  await workbench.webview().locator('#cell-2-0').click();
  await page.keyboard.type('ES');
  await page.keyboard.press('Enter');
  await problem(/Line 2 has "code" "DE" already/).waitFor({ state: 'detached' });
  await problem(/"two" is no number/).waitFor();
});
