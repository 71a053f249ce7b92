import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { story, waitUntil } from './harness.ts';

function bytesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.includes('.patchbay'));
  return Object.fromEntries(files.map(({ parentPath, name }) => [relative(folder, join(parentPath, name)), readFileSync(join(parentPath, name), 'base64')]));
}

/** A text as a person writes it: other indentation, comments, keys in another order, no newline at the end. */
const handWritten = `// Kept by hand.
{
    "steps": {
        "only": { "next": {}, "shape": "filter", "settings": { "conditions": [ {"field": "a", "is": "equals", "value": 1} ] } /* why */ },
    "last": {"shape": "callback"}
    },
    "start": "only", "version": 1, "future": [1,
      2] }`;

story('opening and saving files changes no byte', { workspace: { 'patchbay.json': '{ "version":1 }', 'flows/by-hand.flow.json': handWritten, 'flows/windows.flow.json': handWritten.replaceAll('\n', '\r\n') } }, async ({ workbench, folder }) => {
  await workbench.ready();
  const before = bytesOf(folder);
  for (const name of ['by-hand.flow.json', 'windows.flow.json']) {
    await workbench.openFile(name);
    await workbench.webview().getByRole('option', { name: /^only/ }).waitFor();
    const { mtimeMs } = statSync(join(folder, 'flows', name));
    await workbench.page.keyboard.press('Control+S');
    // VS Code writes a clean file only when asked to by its full name.
    await workbench.command('File: Save without Formatting');
    await waitUntil(() => statSync(join(folder, 'flows', name)).mtimeMs !== mtimeMs);
  }
  // VS Code empties a file before it writes it.
  await waitUntil(() => isDeepStrictEqual(bytesOf(folder), before)).catch(() => undefined);
  assert.deepEqual(bytesOf(folder), before);
});

story('a change on disk is followed on the canvas, with the selection kept', { workspace: 'sample' }, async ({ workbench, folder }) => {
  await workbench.ready();
  await workbench.openFile('stock-push.flow.json');
  const canvas = workbench.webview();
  const first = canvas.getByRole('option').nth(1);
  await first.click();
  const name = await first.getAttribute('data-id');
  const file = join(folder, 'flows/stock-push.flow.json');
  const flow = JSON.parse(readFileSync(file, 'utf8')) as { title: string; steps: Record<string, { title?: string }> };
  const [id] = Object.keys(flow.steps);
  flow.steps[id!]!.title = 'Renamed elsewhere';
  writeFileSync(file, `${JSON.stringify(flow, undefined, 2)}\n`);
  await canvas.getByRole('option', { name: /^Renamed elsewhere/ }).waitFor();
  await canvas.locator(`.node.selected[data-id="${name}"]`).waitFor();
  await workbench.page.locator('.tab:not(.dirty)', { hasText: 'stock-push' }).waitFor();
});

const logs = (message: string): string => `{\n  "version": 1,\n  "triggers": { "manual": { "trigger": "manual" } },\n  "start": "say",\n  "steps": { "say": { "shape": "set-variables", "settings": { "flow": [{ "name": "x", "value": "${message}" }] } } }\n}\n`;

story('a run saves what it uses, and no other file; a canvas that is open is shown again, not twice', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/one.flow.json': logs('one'), 'flows/two.flow.json': logs('two') }, settings: { 'workbench.editorAssociations': { '*.flow.json': 'default' } } }, async ({ workbench, folder }) => {
  await workbench.ready();
  const { page } = workbench;
  for (const name of ['two.flow.json', 'one.flow.json']) {
    await workbench.openFile(name);
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.locator('.tab.dirty', { hasText: name }).waitFor();
  }
  await workbench.choose('Patchbay: Run Flow with Payload', 'Type it');
  await workbench.enter('{"a": 2}');
  await workbench.webview().locator('.node[data-id="say"] .caption', { hasText: /→/ }).waitFor({ timeout: 60_000 });
  await page.locator('.tab:not(.dirty)', { hasText: 'one.flow.json' }).first().waitFor();
  assert.equal(readFileSync(join(folder, 'flows/one.flow.json'), 'utf8'), `${logs('one')}\n`);
  await page.locator('.tab.dirty', { hasText: 'two.flow.json' }).waitFor();
  assert.equal(readFileSync(join(folder, 'flows/two.flow.json'), 'utf8'), logs('two'));

  // Text and canvas side by side; from the text the canvas is asked for again.
  await workbench.command('View: Move Editor into Next Group');
  await page.locator('.editor-group-container .tab', { hasText: 'one.flow.json' }).first().click();
  await workbench.command('Patchbay: Show Canvas');
  await page.locator('.editor-group-container').nth(1).locator('.tab.active', { hasText: 'one.flow.json' }).waitFor();
  await page.locator('.editor-group-container.active .webview, iframe.webview.ready').first().waitFor();
  assert.equal(await page.locator('.tab', { hasText: 'one.flow.json' }).count(), 2);
  assert.equal(await page.locator('.editor-group-container').count(), 2);
});
