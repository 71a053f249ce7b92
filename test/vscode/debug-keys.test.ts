import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FrameLocator, Locator } from 'playwright-core';
import { story, waitUntil } from './harness.ts';
import type { Workbench } from './workbench.ts';

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
const manual = { version: 1, triggers: { manual: { trigger: 'manual' } } };
const pass = { shape: 'map', settings: { passThrough: true } };
const workspace = {
  'patchbay.json': '{ "version": 1, "title": "Keys" }\n',
  'flows/double.flow.json': json({
    ...manual, title: 'Double', start: 'make',
    steps: { make: { shape: 'manual-payload', settings: { document: { n: 1 } }, next: { out: 'shape' } }, shape: { shape: 'map', settings: { rules: [{ from: 'n', to: 'number' }] }, next: { out: 'end' } }, end: pass },
  }),
  'flows/outer.flow.json': json({
    ...manual, title: 'Outer', start: 'make',
    steps: { make: { shape: 'manual-payload', settings: { document: { n: 1 } }, next: { out: 'call' } }, call: { shape: 'run-flow', settings: { flow: 'called', wait: 'result' }, next: { out: 'work' } }, work: { shape: 'script', settings: { script: 'scripts/work.ts' }, next: { out: 'end' } }, end: pass },
  }),
  'flows/called.flow.json': json({ version: 1, title: 'Called', start: 'inner', steps: { inner: { shape: 'map', settings: { rules: [{ from: 'n', to: 'm' }] } } } }),
  'scripts/work.ts': 'export default ({ payload }) => {\n  const found = payload;\n  return { payload: found };\n};\n',
};

const dot = (canvas: FrameLocator, step: string): Locator => canvas.locator(`.dot[data-dot="${step}"]:not(.none)`);
const stopped = (canvas: FrameLocator, step: string): Locator => canvas.locator(`.node.stopped[data-id="${step}"]`);
const stack = ({ page }: Workbench): Locator => page.locator('.debug-call-stack .monaco-list-row');

/** How many runs there were. */
function runsIn(folder: string): number {
  using database = new DatabaseSync(join(folder, '.patchbay', 'patchbay.db'), { readOnly: true });
  return database.prepare('select json from events').all().filter(({ json: text }) => (JSON.parse(String(text)) as { readonly type: string }).type === 'run-finished').length;
}

/** Where the focus is, and the step that is selected. */
const places: readonly { readonly name: string; readonly step: string; readonly tab: string; readonly focus: (canvas: FrameLocator) => Promise<void> }[] = [
  { name: 'the canvas', step: 'shape', tab: 'Setup', focus: (canvas) => canvas.locator('[role="option"][data-id="shape"]').focus() },
  { name: 'a field of the inspector', step: 'shape', tab: 'Setup', focus: (canvas) => canvas.getByLabel('Title of the step').focus() },
  { name: 'a payload', step: 'make', tab: 'Data', focus: (canvas) => canvas.getByRole('tree').getByRole('treeitem').first().focus() },
];

story('the keys of the debugger do on the canvas, in a field and in a payload what they do in a text', { workspace, timeoutMs: 280_000 }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('double.flow.json');
  const canvas = workbench.webview();
  const badge = canvas.getByTitle('Open this run');
  const isOver = (): Promise<void> => page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await workbench.selectStep(canvas, /^shape/);
  await page.keyboard.press('F9');
  await dot(canvas, 'shape').waitFor();
  await page.keyboard.press('Control+F5');
  await badge.getByText('Success').waitFor({ timeout: 60_000 });

  for (const { name, step, tab, focus } of places) {
    await workbench.selectStep(canvas, new RegExp(`^${step}`));
    await canvas.getByRole('tab', { name: tab }).click();
    const press = async (keys: string): Promise<void> => {
      await focus(canvas);
      await page.keyboard.press(keys);
    };
    const hadOne = (await dot(canvas, step).count()) > 0;
    for (const state of hadOne ? (['detached', 'attached'] as const) : (['attached', 'detached'] as const)) {
      await press('F9');
      await dot(canvas, step).waitFor({ state });
    }
    await press('F5');
    await stopped(canvas, 'shape').waitFor({ timeout: 60_000 });
    await badge.getByText('Paused').waitFor();
    await press('F11');
    await stack(workbench).filter({ hasText: /^Rule 1 → number/ }).waitFor();
    await press('Shift+F11');
    await stopped(canvas, 'end').waitFor();
    await press('F10');
    await isOver();
    await badge.getByText('Success').waitFor();
    await press('F5');
    await stopped(canvas, 'shape').waitFor();
    await press('F10');
    await stopped(canvas, 'end').waitFor();
    await press('F5');
    await isOver();
    const before = runsIn(folder);
    await press('Control+F5');
    await waitUntil(() => runsIn(folder) === before + 1);
    await isOver();
    await picture(`debug-keys-${name.split(' ').at(-1)}`);
    assert.equal(await page.locator('.tabs-container .tab').count(), 1, `From ${name} a tab was opened.`);
  }
});

story('F11 leads into a flow that a step calls and into the script of a step, and Shift+F11 out of them; what has called is paused, too', { workspace }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('outer.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^call/);
  await page.keyboard.press('F9');
  await dot(canvas, 'call').waitFor();
  await page.keyboard.press('F5');
  await stopped(canvas, 'call').waitFor({ timeout: 60_000 });
  await canvas.locator('[role="option"][data-id="call"]').focus();
  await page.keyboard.press('F11');
  // The file of the called flow is shown, as a text would be.
  await page.locator('.tabs-container .tab.active', { hasText: 'called.flow.json' }).waitFor();
  await stopped(canvas, 'inner').waitFor();
  await canvas.getByTitle('Open this run').getByText('Paused').waitFor();
  await picture('debug-keys-called');
  // The run that has called it stands still as well.
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  const runs = page.locator('.pane', { hasText: 'Runs' });
  await runs.locator('.monaco-list-row', { hasText: /^outer.*paused/s }).first().waitFor();
  await runs.locator('.monaco-list-row', { hasText: /^called.*paused/s }).first().waitFor();
  await canvas.locator('[role="option"][data-id="inner"]').focus();
  await page.keyboard.press('Shift+F11');
  await page.locator('.tabs-container .tab.active', { hasText: 'outer.flow.json' }).waitFor();
  await stopped(canvas, 'work').waitFor();
  await canvas.locator('[role="option"][data-id="work"]').focus();
  await page.keyboard.press('F11');
  await page.locator('.tabs-container .tab.active', { hasText: 'work.ts' }).waitFor();
  await page.locator('.debug-top-stack-frame-line').first().waitFor();
  await page.keyboard.press('Shift+F11');
  await page.locator('.tabs-container .tab.active', { hasText: 'outer.flow.json' }).waitFor();
  await stopped(canvas, 'end').waitFor();
  await canvas.locator('[role="option"][data-id="end"]').focus();
  await page.keyboard.press('F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await runs.locator('.monaco-list-row', { hasText: /^outer.*success/s }).first().waitFor();
  // What was only looked at has made room for the next, as texts do.
  assert.deepEqual((await page.locator('.tabs-container .tab').allInnerTexts()).map((text) => text.replaceAll(/\s/g, '')), ['outer.flow.json', 'work.ts']);
});
