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
