import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { largeFlow } from '../support/flow-page.ts';
import { story } from './harness.ts';
import type { Workbench } from './workbench.ts';

const connector = { version: 1, title: 'Shop', baseUrl: 'https://shop.example', endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders' } } };
const sum = { version: 1, title: 'Two plus two', triggers: { manual: { trigger: 'manual' } }, start: 'sum', steps: { sum: { shape: 'set-variables', settings: { flow: [{ name: 'sum', value: '4' }] } } } };
const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
const workspace = {
  'patchbay.json': '{ "version": 1 }\n', 'notes.txt': 'Nothing of ours.\n', 'flows/small.flow.json': largeFlow(4), 'flows/sum.flow.json': json(sum), 'connectors/shop.connector.json': json(connector),
  'instances/shop.instance.json': '{ "version": 1, "connector": "shop" }\n', 'environments/dev.env.json': '{ "version": 1, "title": "Ours" }\n',
  'lookups/countries.csv': 'from,to\nDE,Germany\n', 'maps/order.map.json': '{ "version": 1, "rules": [{ "from": "a", "to": "b" }] }\n',
};

type Seen = (workbench: Workbench) => Locator;

interface Key {
  readonly keys: string;
  /** What is there then, and was not before. */
  readonly shows: Seen;
  /** What takes it back, pressed wherever the focus is then. Without: nothing has to be taken back. */
  readonly back?: string;
  /** Where there are two editors side by side: the one that it is pressed in. */
  readonly in?: 1 | 2;
}

const input = (placeholder: string): Seen => ({ page }) => page.locator(`.quick-input-widget:visible input[type=text][placeholder^="${placeholder}"]`);
const dialog = (title: string): Seen => ({ page }) => page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title });
const panel = (name: RegExp): Seen => ({ page }) => page.locator('.part.panel .action-item.checked', { hasText: name });
const view = (name: string): Seen => ({ page }) => page.locator(`.activitybar .action-item.checked [aria-label^="${name}"]`);
const tab = (name: string): Seen => ({ page }) => page.locator('.tabs-container .tab.active', { hasText: name });
const group = (nth: number): Seen => ({ page }) => page.locator(`.split-view-view:nth-child(${nth}) > .editor-group-container.active`);
const part = (name: string): Seen => ({ page }) => page.locator(`.part.${name}:focus-within`);

/** What VS Code does on its keys, on Linux. `notes.txt` is the tab to the left, which was active before. */
const everywhere: readonly Key[] = [
  { keys: 'Control+p', shows: input('Search files'), back: 'Escape' },
  { keys: 'Control+Shift+p', shows: input('Type the name of a command'), back: 'Escape' },
  { keys: 'F1', shows: input('Type the name of a command'), back: 'Escape' },
  { keys: 'Control+o', shows: dialog('Open File'), back: 'Escape' },
  { keys: 'Control+b', shows: ({ page }) => page.locator('.monaco-workbench.nosidebar'), back: 'Control+b' },
  { keys: 'Control+j', shows: ({ page }) => page.locator('.monaco-workbench:not(.nopanel)'), back: 'Control+j' },
  { keys: 'Control+Backquote', shows: panel(/terminal/i), back: 'Control+j' },
  { keys: 'Control+Shift+m', shows: panel(/problems/i), back: 'Control+j' },
  // Elsewhere Ctrl+Shift+U.
  { keys: 'Control+k Control+h', shows: panel(/output/i), back: 'Control+j' },
  ...([['f', 'Search'], ['g', 'Source Control'], ['d', 'Run and Debug'], ['e', 'Explorer']] as const).map(([key, name]) => ({ keys: `Control+Shift+${key}`, shows: view(name) })),
  { keys: 'Control+PageUp', shows: tab('notes.txt'), back: 'Control+PageDown' },
  // Elsewhere Alt+Left and Alt+Right.
  { keys: 'Control+Alt+-', shows: tab('notes.txt'), back: 'Control+Shift+-' },
  { keys: 'Control+,', shows: tab('Settings'), back: 'Control+w' },
  { keys: 'Control+k Control+s', shows: tab('Keyboard Shortcuts'), back: 'Control+w' },
  { keys: 'Control+n', shows: tab('Untitled-1'), back: 'Control+w' },
  { keys: 'F6', shows: part('statusbar') },
  { keys: 'Shift+F6', shows: part('sidebar') },
  { keys: 'Control+0', shows: part('sidebar') },
];

/** A panel that is no file is neither saved nor shown twice. */
const ofFiles: readonly Key[] = [
  { keys: 'Control+Shift+s', shows: dialog('Save As'), back: 'Escape' },
  { keys: 'Control+\\', shows: group(2) },
  { keys: 'Control+1', shows: group(1), in: 2 },
  { keys: 'Control+2', shows: group(2), in: 1 },
  { keys: 'Control+w', shows: ({ page }) => page.locator('.part.editor:not(:has(.split-view-view:nth-child(2) > .editor-group-container))'), in: 2 },
];

const close: Key = { keys: 'Control+w', shows: tab('notes.txt') };

interface Place {
  readonly name: string;
  readonly tab: string;
  readonly open: (workbench: Workbench) => Promise<unknown>;
  readonly focus: Seen;
  /** Of a file: makes a change. */
  readonly edit?: (workbench: Workbench) => Promise<unknown>;
}

/** A file whose editor has a title. */
const titled = (name: string, file: string): Place => {
  const focus: Seen = (workbench) => workbench.webview().getByRole('textbox', { name: 'Title', exact: true }).first();
  return { name, tab: file, open: (workbench) => workbench.openFile(file), focus, edit: async (workbench) => { await focus(workbench).fill('Another'); await focus(workbench).press('Tab'); } };
};
const onCanvas: Seen = (workbench) => workbench.webview().locator('[role="option"][data-id="step-1"]');
const sheet: Seen = (workbench) => workbench.webview().getByRole('grid');
const targets: Seen = (workbench) => workbench.webview().getByRole('tree', { name: 'Target fields' });

const stories: Readonly<Record<string, readonly Place[]>> = {
  'flows, mappings and connectors': [
    { name: 'the canvas', tab: 'small.flow.json', open: (workbench) => workbench.openFile('small.flow.json'), focus: onCanvas, edit: async (workbench) => { await onCanvas(workbench).click(); await workbench.page.keyboard.press('d'); } },
    titled('a field of the inspector', 'sum.flow.json'),
    { name: 'the trees of a mapping', tab: 'order.map.json', open: (workbench) => workbench.openFile('order.map.json'), focus: targets, edit: async (workbench) => { await targets(workbench).focus(); for (const key of ['Home', 'Delete']) await workbench.page.keyboard.press(key); } },
    titled('a field of a connector', 'shop.connector.json'),
  ],
  'lookups, instances, environments, runs and webhooks': [
    { name: 'the sheet of a lookup', tab: 'countries.csv', open: (workbench) => workbench.openFile('countries.csv'), focus: sheet, edit: async (workbench) => { await workbench.webview().locator('#cell-0-1').click(); await workbench.page.keyboard.type('Deutschland'); await workbench.page.keyboard.press('Enter'); } },
    titled('a field of an instance', 'shop.instance.json'),
    titled('a field of an environment', 'dev.env.json'),
    { name: 'the steps of a run', tab: 'Runs of', open: openRun, focus: (workbench) => workbench.webview().getByRole('grid', { name: 'Steps' }) },
    { name: 'a form of the webhook inbox', tab: 'Webhooks', open: openInbox, focus: (workbench) => workbench.webview().getByRole('textbox', { name: 'Body', exact: true }) },
  ],
};

async function openInbox(workbench: Workbench): Promise<void> {
  await workbench.command('Patchbay: Open Webhook Inbox');
  await workbench.webview().getByRole('button', { name: 'Test request', exact: true }).click({ timeout: 60_000 });
}

async function openRun(workbench: Workbench): Promise<void> {
  await workbench.openFile('sum.flow.json');
  await workbench.webview().locator('.node[data-id="sum"]').waitFor();
  await workbench.command('Patchbay: Run Flow');
  await workbench.webview().locator('.node[data-id="sum"] .caption').waitFor({ timeout: 60_000 });
  await workbench.choose('Patchbay: Open Run', 'sum');
  await workbench.tab('Runs of').waitFor();
  await workbench.tab('sum.flow.json').click({ button: 'middle' });
}

/** Until it is there, or away. */
async function become(workbench: Workbench, shows: Seen, state: 'attached' | 'detached', otherwise: string): Promise<void> {
  await shows(workbench).first().waitFor({ state, timeout: 10_000 }).catch(() => { throw new Error(otherwise); });
}

async function focusOn(workbench: Workbench, place: Place): Promise<void> {
  const wanted = place.focus(workbench);
  await wanted.focus();
  assert.ok(await wanted.evaluate((element) => element.matches(':focus')), `The focus is not in ${place.name}.`);
  await workbench.page.waitForFunction(() => document.activeElement?.matches('iframe.webview'));
}

/** What has the focus first in the webview of an editor, counted from the left. */
async function focusInGroup(workbench: Workbench, nth: 1 | 2): Promise<void> {
  const frames = workbench.page.locator('iframe.webview.ready >> visible=true');
  await frames.nth(1).waitFor();
  const lefts = await frames.evaluateAll((all) => all.map((frame) => frame.getBoundingClientRect().left));
  const [place] = [...lefts.keys()].sort((one, other) => lefts[one]! - lefts[other]!).slice(nth - 1);
  await workbench.webview(place).locator('button').first().focus();
  await become(workbench, group(nth), 'attached', `The editor ${nth} did not become the active one.`);
}

async function press(workbench: Workbench, place: Place, { keys, shows, back, in: nth }: Key): Promise<void> {
  const { page } = workbench;
  await (nth === undefined ? focusOn(workbench, place) : focusInGroup(workbench, nth));
  await become(workbench, shows, 'detached', `What ${keys} does in ${place.name} is there before it.`);
  for (const key of keys.split(' ')) await page.keyboard.press(key);
  await become(workbench, shows, 'attached', `${keys} did nothing in ${place.name}.`);
  if (back === undefined) return;
  await page.keyboard.press(back);
  // What is just being opened may not hear the first key.
  await shows(workbench).first().waitFor({ state: 'detached', timeout: 2_000 }).catch(() => page.keyboard.press(back));
  await become(workbench, shows, 'detached', `${back} did not end what ${keys} began in ${place.name}.`);
}

/** With Ctrl held down there is a list of the open editors; where it is let go the one that is chosen is shown. */
async function switchEditor(workbench: Workbench, place: Place): Promise<void> {
  const { page } = workbench;
  await focusOn(workbench, place);
  await page.keyboard.down('Control');
  await page.keyboard.press('Tab');
  await become(workbench, ({ page: shown }) => shown.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'notes.txt' }), 'attached', `Ctrl+Tab did nothing in ${place.name}.`);
  await page.keyboard.up('Control');
  await become(workbench, tab('notes.txt'), 'attached', `Ctrl+Tab led from ${place.name} to no other editor.`);
  await workbench.tab(place.tab).click();
  await page.mouse.move(0, 0);
}

async function save(workbench: Workbench, place: Place, edit: NonNullable<Place['edit']>): Promise<void> {
  const dirty: Seen = ({ page }) => page.locator('.tabs-container .tab.dirty', { hasText: place.tab });
  await edit(workbench);
  await become(workbench, dirty, 'attached', `Nothing was changed in ${place.name}.`);
  await focusOn(workbench, place);
  await workbench.page.keyboard.press('Control+s');
  await become(workbench, dirty, 'detached', `Ctrl+S did not save ${place.name}.`);
}

for (const [of, places] of Object.entries(stories)) {
  // As an app VS Code has also the keys of a browser's tabs and windows: Ctrl+W, Ctrl+N, Ctrl+Tab, Ctrl and digits.
  story(`the keys of VS Code do what they always do, wherever the focus is: ${of}`, { workspace, installed: true, settings: { 'workbench.editor.useModal': 'off' }, timeoutMs: 300_000 }, async ({ workbench }) => {
    await workbench.ready();
    const { page } = workbench;
    await workbench.openFile('notes.txt');
    await workbench.tab('notes.txt').dblclick();
    for (const place of places) {
      await place.open(workbench);
      await place.focus(workbench).waitFor();
      for (const name of ['notes.txt', place.tab]) await workbench.tab(name).click();
      // A tab that the pointer is on shows its path over what is below.
      await page.mouse.move(0, 0);
      await switchEditor(workbench, place);
      for (const key of everywhere) await press(workbench, place, key);
      for (const key of place.edit ? ofFiles : []) await press(workbench, place, key);
      if (place.edit) await save(workbench, place, place.edit);
      await press(workbench, place, close);
    }
  });
}
