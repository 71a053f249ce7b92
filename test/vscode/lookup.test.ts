import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story, waitUntil } from './harness.ts';

const codes = 'left_value,right_value,note\r\nGB,GBR,"two\nlines"\r\nDE,DEU,\r\n';

story('a lookup is edited as a sheet, undone, saved without another byte, and read anew when others change it', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  const file = join(folder, 'lookups', 'country-codes.csv');
  writeFileSync(file, codes);
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('country-codes.csv');
  const editor = workbench.webview();
  const grid = editor.getByRole('grid');
  const cell = (row: number, column: number) => editor.locator(`#cell-${row}-${column}`);
  await cell(1, 1).click();
  await page.keyboard.type('DEX');
  await page.keyboard.press('Enter');
  await page.locator('.tab.dirty', { hasText: 'country-codes' }).waitFor();
  await grid.press('Control+z');
  await page.locator('.tab:not(.dirty)', { hasText: 'country-codes' }).waitFor();
  await editor.locator('#cell-1-1', { hasText: /^DEU$/ }).waitFor();
  await grid.press('Control+y');
  await editor.locator('#cell-1-1', { hasText: 'DEX' }).waitFor();

  // What is pasted is one change.
  await page.evaluate(() => navigator.clipboard.writeText('FR\tFRA\nES\tESP'));
  await cell(2, 0).click();
  await page.keyboard.press('Control+v');
  await cell(3, 1).getByText('ESP').waitFor();
  await picture('lookup');
  await workbench.save('country-codes');
  await waitUntil(() => readFileSync(file, 'utf8') === `${codes.replace('DEU', 'DEX')}FR,FRA,\r\nES,ESP,\r\n`);

  // The flow that asks it is listed, and opened on the canvas.
  await editor.getByRole('tab', { name: /Where used/ }).click();
  await editor.getByRole('button', { name: /Import orders/ }).first().waitFor();
  await editor.getByRole('tab', { name: /Test a value/ }).click();
  await editor.getByRole('textbox', { name: 'left_value' }).fill('ES');
  await editor.getByRole('button', { name: 'Look up' }).click();
  await editor.getByText('A flow gets').waitFor();

  writeFileSync(file, codes.replace('GBR', 'UK'));
  await editor.locator('#cell-0-1', { hasText: 'UK' }).waitFor();
  await workbench.command('Patchbay: Show Text of Lookup');
  await page.locator('.editor-instance .view-lines', { hasText: 'GB,UK' }).first().waitFor();
  assert.match(await workbench.editorText(), /left_value,right_value,note/);
});
