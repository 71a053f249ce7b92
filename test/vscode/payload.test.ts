import { story } from './harness.ts';

const flow = JSON.stringify({ version: 1, title: 'Many', triggers: { manual: { trigger: 'manual' } }, start: 'make', steps: { make: { shape: 'script', settings: { script: 'scripts/many.ts' }, next: { out: 'keep' } }, keep: { shape: 'set-variables', settings: { flow: [{ name: 'done', value: true }] } } } }, undefined, 2);
const script = "export default () => ({ payload: Array.from({ length: 60_000 }, (_, at) => ({ id: at, number: `SO-${at}`, note: 'goes to the warehouse of the north, behind the second gate on the left' })) });\n";

story('a payload of six megabytes: searched, queried, and its start opened as a document', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/many.flow.json': `${flow}\n`, 'scripts/many.ts': script }, timeoutMs: 240_000 }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('many.flow.json');
  const editor = workbench.webview();
  await editor.getByRole('button', { name: 'Run', exact: true }).click();
  await editor.getByRole('button', { name: /Success/ }).waitFor({ timeout: 90_000 });
  await workbench.selectStep(editor, /^keep/);
  await editor.getByRole('tab', { name: /Data/ }).click();
  await editor.getByRole('treeitem', { name: /^0/ }).first().waitFor();

  await editor.getByRole('button', { name: 'Find in the payload (Ctrl+F)' }).click();
  await editor.getByRole('searchbox', { name: /^Find in payload/ }).fill('SO-41234');
  await page.keyboard.press('Enter');
  await editor.getByRole('treeitem', { name: /^number.*SO-41234/ }).waitFor();
  await picture('payload-found');
  await page.keyboard.press('Escape');

  await editor.getByRole('button', { name: /^Query/ }).click();
  await editor.getByRole('searchbox', { name: /^JSONPath/ }).fill('$[?@.id > 59997].number');
  await page.keyboard.press('Enter');
  await editor.getByText('2 results').waitFor();
  await picture('payload-query');
  await page.keyboard.press('Escape');

  await editor.getByRole('button', { name: 'Open the start as a document' }).click();
  await page.locator('.tabs-container .tab.active', { hasNotText: 'many.flow' }).waitFor();
  await page.locator('.view-line', { hasText: 'SO-0' }).first().waitFor();
  await page.keyboard.press('Control+End');
  await page.locator('.view-line', { hasText: 'Cut here: these are the first' }).waitFor();
  await picture('payload-head');
});
