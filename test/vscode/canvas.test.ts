import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { largeFlow } from '../support/flow-page.ts';
import { story, waitUntil } from './harness.ts';
import type { Workbench } from './workbench.ts';

const file = 'flows/thirty.flow.json';
const workspace = { 'patchbay.json': '{ "version": 1 }\n', [file]: largeFlow(30), 'flows/other.flow.json': largeFlow(4) };

/** What the canvas shows is this version of the document. */
const versionOf = (canvas: FrameLocator): Promise<number> => canvas.locator('patchbay-flow').evaluate((editor) => (editor as unknown as { store: { document: { version: number } } }).store.document.version);

/** Presses keys and waits until the canvas shows a later version of the document. */
async function change(workbench: Workbench, keys: string): Promise<void> {
  const canvas = workbench.webview();
  const before = await versionOf(canvas);
  await workbench.page.keyboard.press(keys);
  for (let left = 200; (await versionOf(canvas)) === before; left--) {
    if (left === 0) throw new Error(`${keys} changed nothing.`);
    await workbench.page.waitForTimeout(25);
  }
}

story('fifty edits, fifty undos and fifty redos: the file is what it was each time, byte for byte', { workspace, timeoutMs: 240_000 }, async ({ workbench, folder }) => {
  await workbench.ready();
  const { page } = workbench;
  const text = (): string => readFileSync(join(folder, file), 'utf8');
  const before = text();
  await workbench.openFile('thirty.flow.json');
  const canvas = workbench.webview();
  await canvas.getByRole('option').first().waitFor();
  await canvas.locator('[role="option"][tabindex="0"]').first().focus();
  const gestures = ['Alt+ArrowRight', 'd', 'Alt+Shift+ArrowDown', 'Control+d', 'Delete'];
  let seed = 7;
  const random = (below: number): number => { seed = (seed * 16_807) % 2_147_483_647; return seed % below; };
  for (let edit = 0; edit < 50; edit++) {
    // To another step first, past the trigger, which cannot be removed.
    await page.keyboard.press('Home');
    for (let steps = 1 + random(5); steps > 0; steps--) await page.keyboard.press('ArrowRight');
    await change(workbench, gestures[random(gestures.length)]!);
  }
  await workbench.save('thirty.flow.json');
  await waitUntil(() => text() !== before);
  const after = text();
  for (let undo = 0; undo < 50; undo++) await change(workbench, 'Control+z');
  await workbench.save('thirty.flow.json');
  await waitUntil(() => text() === before);
  for (let redo = 0; redo < 50; redo++) await change(workbench, 'Control+Shift+z');
  await workbench.save('thirty.flow.json');
  await waitUntil(() => text() === after);
});

story('notes and groups stand in the menus of the canvas', { workspace }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('thirty.flow.json');
  const canvas = workbench.webview();
  const choose = async (name: string): Promise<void> => {
    await page.getByRole('menuitem', { name, exact: true }).hover();
    await page.keyboard.press('Enter');
  };
  await workbench.selectStep(canvas, /^Step number 1,/);
  await page.keyboard.press('Shift+ArrowRight');
  await canvas.locator('.node.selected').nth(1).waitFor();
  await canvas.locator('.node[data-id="step-1"]').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show Payloads of Step' }).waitFor();
  await picture('menu-step');
  await choose('Group Steps…');
  await workbench.enter('The first');
  await canvas.getByRole('option', { name: /^Group The first, 2 steps/ }).waitFor();

  const view = (await canvas.locator('[role="listbox"].view').boundingBox())!;
  await page.mouse.click(view.x + 60, view.y + view.height - 60, { button: 'right' });
  await choose('Add Note');
  await canvas.getByRole('textbox', { name: 'Text of the note' }).fill('Why this is so');
  await page.keyboard.press('Control+Enter');
  const note = canvas.getByRole('option', { name: 'Note, Why this is so' });
  await note.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Rename or Edit Text' }).waitFor();
  await picture('menu-note');
  await choose('Duplicate');
  await note.nth(1).waitFor();
});

story('what was not saved is there again after the window was closed', { workspace }, async ({ workbench, folder }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('thirty.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^Step number 1,/);
  await change(workbench, 'd');
  await page.locator('.tab.dirty', { hasText: 'thirty' }).waitFor();
  // VS Code keeps a copy a moment after the last change.
  const copies = join(folder, '..', 'user', 'User', 'Backups');
  await waitUntil(() => existsSync(copies) && readdirSync(copies, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('"disabled": true')));
  await workbench.leaveWindow('thirty.flow.json');
  await page.reload();
  await workbench.ready();
  await page.locator('.tab.dirty', { hasText: 'thirty' }).waitFor();
  assert.equal(readFileSync(join(folder, file), 'utf8'), workspace[file]);
  // A webview that is just being loaded swallows keys.
  await workbench.selectStep(workbench.webview(), /^Step number 1,/);
  await workbench.save('thirty.flow.json');
  await waitUntil(() => /"title": "Step number 1",\s+"disabled": true/.test(readFileSync(join(folder, file), 'utf8')));
});

story('a shown again canvas is as it was left, and follows what others write', { workspace, settings: { 'workbench.editor.enablePreview': false } }, async ({ workbench, folder }) => {
  await workbench.ready();
  await workbench.openFile('thirty.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^Step number 1,/);
  const shown = canvas.getByText(/^\d+ %$/);
  const before = await shown.innerText();
  await workbench.page.keyboard.press('+');
  await shown.filter({ hasNotText: before }).waitFor();
  const zoom = await shown.innerText();
  await workbench.openFile('other.flow.json');
  await canvas.locator('[role="listbox"].view[aria-label*="other"]').waitFor();
  await workbench.tab('thirty.flow.json').click();
  await canvas.locator('.node.selected[data-id="step-1"]').waitFor();
  assert.equal(await canvas.getByText(/^\d+ %$/).innerText(), zoom);
  writeFileSync(join(folder, file), workspace[file].replace('Step number 1"', 'Renamed elsewhere"'));
  await canvas.getByRole('option', { name: /^Renamed elsewhere/ }).waitFor();
  await canvas.locator('.node.selected[data-id="step-1"]').waitFor();
});

story('undo and redo in a field are of its text alone, and the document is as it was', { workspace: { ...workspace, 'connectors/shop.connector.json': '{ "version": 1, "title": "Shop", "baseUrl": "https://shop.example", "endpoints": {} }\n', 'instances/shop.instance.json': '{ "version": 1, "connector": "shop", "title": "Shop" }\n', 'maps/order.map.json': '{ "version": 1, "rules": [{ "from": "a", "to": "b" }] }\n', 'lookups/a.csv': 'from,to\nDE,Germany\n' } }, async ({ workbench }) => {
  await workbench.ready();
  const { page } = workbench;
  const fields = [['thirty.flow.json', 'Title'], ['shop.connector.json', 'Find'], ['shop.instance.json', 'Title'], ['order.map.json', 'Filter'], ['a.csv', 'Rows that hold']] as const;
  for (const [name, label] of fields) {
    await workbench.openFile(name);
    const field = workbench.webview().locator('input:visible, textarea:visible').and(workbench.webview().getByLabel(label).or(workbench.webview().getByPlaceholder(label))).first();
    await field.click();
    await page.keyboard.press('End');
    const before = await field.inputValue();
    await page.keyboard.type('typed');
    assert.equal(await field.inputValue(), `${before}typed`, name);
    // The browser decides how many letters it takes back at once.
    await until(field, before, () => page.keyboard.press('Control+z'));
    await until(field, `${before}typed`, () => page.keyboard.press('Control+Shift+z'));
    await until(field, before, () => page.keyboard.press('Control+z'));
    assert.equal(await page.locator('.tab.active.dirty').count(), 0, name);
  }
});

/** Presses a key until the field holds the text, a few times at most. */
async function until(field: Locator, text: string, press: () => Promise<void>): Promise<void> {
  const seen: string[] = [];
  for (let left = 'typed'.length; seen.at(-1) !== text; left--) {
    if (left === 0) throw new Error(`The field held ${seen.join(', then ')}, and not ${text}.`);
    await press();
    seen.push(await field.inputValue());
  }
}
