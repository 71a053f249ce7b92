import type { Locator } from 'playwright-core';
import { largeFlow } from '../support/flow-page.ts';
import { story } from './harness.ts';
import type { Workbench } from './workbench.ts';

const connector = { version: 1, title: 'Shop', baseUrl: 'https://shop.example', endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders' } } };
const sum = JSON.stringify({ version: 1, title: 'Two plus two', triggers: { manual: { trigger: 'manual' } }, start: 'sum', steps: { sum: { shape: 'set-variables', settings: { flow: [{ name: 'sum', value: '4' }] } } } }, undefined, 2);
const workspace = {
  'patchbay.json': '{ "version": 1 }\n', 'flows/small.flow.json': largeFlow(4), 'flows/sum.flow.json': sum, 'connectors/shop.connector.json': JSON.stringify(connector, undefined, 2),
  'instances/shop.instance.json': '{ "version": 1, "connector": "shop" }\n', 'lookups/countries.csv': 'from,to\nDE,Germany\n', 'maps/order.map.json': '{ "version": 1, "rules": [{ "from": "a", "to": "b" }] }\n',
};

/** What VS Code does on a key, as one sees it: it becomes so, and Escape or the same key takes it back. */
const reserved: readonly { readonly keys: string; readonly shows: (workbench: Workbench) => Locator; readonly back: string }[] = [
  { keys: 'Control+p', shows: palette(''), back: 'Escape' },
  { keys: 'Control+Shift+p', shows: palette('>'), back: 'Escape' },
  { keys: 'F1', shows: palette('>'), back: 'Escape' },
  { keys: 'Control+b', shows: ({ page }) => page.locator('.monaco-workbench.nosidebar'), back: 'Control+b' },
  { keys: 'Control+j', shows: ({ page }) => page.locator('.monaco-workbench:not(.nopanel)'), back: 'Control+j' },
  // Not Ctrl+Shift+X: in a browser VS Code takes no key of cut, copy and paste from a webview, with or without Shift.
  ...([['e', 'Explorer'], ['f', 'Search'], ['g', 'Source Control'], ['d', 'Run and Debug']] as const).map(([key, name]) => ({ keys: `Control+Shift+${key}`, shows: ({ page }: Workbench) => page.locator(`.activitybar .action-item.checked [aria-label^="${name}"]`).first(), back: '' })),
  { keys: 'Control+Shift+m', shows: ({ page }) => page.locator('.panel .action-item.checked', { hasText: /problems/i }), back: 'Control+j' },
];

function palette(prefix: string): (workbench: Workbench) => Locator {
  return ({ page }) => page.locator(`.quick-input-widget:visible input[type=text]${prefix === '' ? '' : '[aria-label*="command"]'}`);
}

const places: readonly { readonly name: string; readonly open?: (workbench: Workbench) => Promise<void>; readonly file?: string; readonly focus: (workbench: Workbench) => Locator }[] = [
  { name: 'the canvas', file: 'small.flow.json', focus: (workbench) => workbench.webview().locator('[role="option"]').first() },
  { name: 'a field of the inspector', file: 'small.flow.json', focus: (workbench) => workbench.webview().getByLabel('Title', { exact: true }).first() },
  { name: 'a field of the connector editor', file: 'shop.connector.json', focus: (workbench) => workbench.webview().locator('input[type=text], input:not([type])').first() },
  { name: 'a field of an instance', file: 'shop.instance.json', focus: (workbench) => workbench.webview().locator('input, textarea').first() },
  { name: 'the sheet of a lookup', file: 'countries.csv', focus: (workbench) => workbench.webview().locator('[role="gridcell"]').first() },
  { name: 'the trees of a mapping', file: 'order.map.json', focus: (workbench) => workbench.webview().locator('[role="treeitem"]').first() },
  { name: 'a field of the webhook inbox', open: openInbox, focus: (workbench) => workbench.webview().getByRole('textbox', { name: 'Body', exact: true }) },
  { name: 'the steps of a run', open: openRun, focus: (workbench) => workbench.webview().getByRole('row', { name: /Set variables/ }) },
];

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
}

story('the keys of VS Code do what they always do, wherever the focus is in an editor', { workspace, timeoutMs: 300_000 }, async ({ workbench }) => {
  await workbench.ready();
  const { page } = workbench;
  for (const { name, open, file, focus } of places) {
    if (file !== undefined) await workbench.openFile(file);
    await open?.(workbench);
    for (const { keys, shows, back } of reserved) {
      await focus(workbench).click();
      await page.keyboard.press(keys);
      await shows(workbench).waitFor({ timeout: 10_000 }).catch(() => { throw new Error(`${keys} did nothing in ${name}.`); });
      if (back === '') continue;
      // A panel that opens may take the focus.
      if (back !== 'Escape') await focus(workbench).click();
      await page.keyboard.press(back);
      // A list that is just being opened does not hear the first Escape.
      if (back === 'Escape') await shows(workbench).waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => page.keyboard.press(back));
      await shows(workbench).waitFor({ state: 'hidden', timeout: 10_000 }).catch(() => { throw new Error(`${back} did not end what ${keys} began in ${name}.`); });
    }
  }
});
