import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { focused, openBrowser, withPage } from '../support/browser.ts';
import { openScreens, type Screen } from './screens.ts';

// Escape closes what was opened last, and the focus is where it was.

let browser: Browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); await end(); });

const { screens, end } = await openScreens();

interface Case {
  readonly on: keyof typeof screens;
  readonly what: string;
  /** Opens it, and gives what is open then. */
  readonly open: (page: Page) => Promise<Locator>;
  /** What has the focus before, where the way to it does not say so itself. */
  readonly from?: (page: Page) => Promise<void>;
  /** What was typed is asked about first; the user gives it up. */
  readonly asks?: true;
}

const press = (page: Page, button: string | RegExp): Promise<void> => page.getByRole('button', { name: button }).first().press('Enter');
const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { name });
const chooseStep = (page: Page): Promise<void> => page.getByRole('option', { name: /^Only paid/ }).click();
const chooseRow = (name: RegExp) => (page: Page): Promise<void> => page.getByRole('row', { name }).last().click();
const showOut = async (page: Page): Promise<void> => { await chooseRow(/Only paid orders/)(page); await page.getByRole('tab', { name: /Out/ }).click(); await page.getByRole('treeitem', { name: /customer/ }).click(); };

const cases: readonly Case[] = [
  { on: 'flow', what: 'the keys', from: chooseStep, open: async (page) => { await page.keyboard.press('?'); return page.getByRole('dialog'); } },
  { on: 'flow', what: 'the search', from: chooseStep, open: async (page) => { await page.keyboard.press('Control+f'); await page.keyboard.type('order'); return page.getByRole('searchbox').first(); } },
  { on: 'map', what: 'the keys', from: (page) => page.getByRole('tree').first().focus(), open: async (page) => { await page.keyboard.press('?'); return page.getByRole('dialog'); } },
  { on: 'map', what: 'a field to map to', from: (page) => page.getByRole('treeitem', { name: /^total_price/ }).click(), open: async (page) => { await page.keyboard.press('m'); return page.getByRole('dialog').first(); } },
  { on: 'connector', what: 'a question', from: (page) => page.getByRole('button', { name: 'Add an endpoint' }).focus(), open: async (page) => { await press(page, 'Add an endpoint'); return page.getByRole('dialog'); } },
  { on: 'lookup', what: 'a cell', from: (page) => page.locator('#cell-0-0').click(), open: async (page) => { await page.keyboard.press('F2'); return page.getByRole('grid').locator('textarea'); } },
  { on: 'lookup', what: 'the search', from: (page) => page.locator('#cell-0-0').click(), open: async (page) => { await page.keyboard.press('Control+f'); await page.keyboard.type('DE'); return page.getByRole('search'); } },
  { on: 'instance', what: 'a list', from: (page) => page.getByRole('combobox').first().focus(), open: async (page) => { await page.keyboard.press('ArrowDown'); return page.getByRole('option').first(); } },
  { on: 'environment', what: 'a question', from: (page) => page.getByRole('button', { name: 'Unlock…' }).focus(), open: async (page) => { await press(page, 'Unlock…'); return page.getByRole('dialog'); } },
  { on: 'run', what: 'a run with changes', from: (page) => page.getByRole('button', { name: /changes/ }).focus(), open: async (page) => { await press(page, /changes/); return heading(page, 'Run with changes'); } },
  { on: 'run', what: 'a run with changes that were typed', asks: true, from: (page) => page.getByRole('button', { name: /changes/ }).focus(), open: async (page) => { await press(page, /changes/); await page.getByRole('textbox', { name: 'Payload' }).fill('{}'); return heading(page, 'Run with changes'); } },
  { on: 'run', what: 'the comparison', from: (page) => page.getByRole('button', { name: /Compare/ }).focus(), open: async (page) => { await press(page, /Compare/); return heading(page, 'Compare with another run'); } },
  { on: 'run', what: 'the search of a payload', from: showOut, open: async (page) => { await page.keyboard.press('Control+f'); await page.keyboard.type('x'); return page.getByRole('searchbox', { name: /^Find in/ }); } },
  { on: 'inbox', what: 'a test request', from: (page) => page.getByRole('button', { name: 'Test request' }).focus(), open: async (page) => { await press(page, 'Test request'); return heading(page, 'Send a test request'); } },
  { on: 'inbox', what: 'a test request that was typed', asks: true, from: (page) => page.getByRole('button', { name: 'Test request' }).focus(), open: async (page) => { await press(page, 'Test request'); await page.getByRole('textbox', { name: 'Body' }).fill('{}'); return heading(page, 'Send a test request'); } },
  { on: 'inbox', what: 'a rule', from: (page) => page.getByRole('button', { name: 'Respond' }).focus(), open: async (page) => { await press(page, 'Respond'); return heading(page, 'How an address answers'); } },
  { on: 'inbox', what: 'a rule that was typed', asks: true, from: (page) => page.getByRole('button', { name: 'Respond' }).focus(), open: async (page) => { await press(page, 'Respond'); await page.getByRole('textbox', { name: 'Body of the answer' }).fill('no'); return heading(page, 'How an address answers'); } },
  { on: 'inbox', what: 'a request that is edited', from: chooseRow(/long-street/), open: async (page) => { await heading(page, /./).first().waitFor(); await page.keyboard.press('e'); return heading(page, /Replay request/); } },
  { on: 'inbox', what: 'the choice of a request to compare with', from: chooseRow(/long-street/), open: async (page) => { await page.getByRole('button', { name: 'Edit and replay' }).waitFor(); await page.keyboard.press('c'); return page.getByText('Choose the other request in the list.'); } },
];

for (const on of Object.keys(screens) as readonly (keyof typeof screens)[]) {
  describe(on, () => {
    for (const { what, open, from, asks } of cases.filter((one) => one.on === on)) {
      test(`Escape closes ${what}`, () => show(on, async (page) => {
        await from?.(page);
        const was = await focused(page);
        const opened = await open(page);
        await opened.waitFor();
        await page.keyboard.press('Escape');
        if (asks) {
          // Without a yes all stays as it is.
          await page.getByRole('dialog').waitFor();
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
          await opened.waitFor();
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: 'Give it up' }).press('Enter');
        }
        await opened.waitFor({ state: 'hidden' });
        assert.equal(await focused(page), was);
      }));
    }
  });
}

async function show(on: keyof typeof screens, tell: (page: Page) => Promise<void>): Promise<void> {
  const { entry, host: open, ready }: Screen = screens[on];
  const host = await open();
  try {
    await withPage(browser, { entry: `webview/${entry}/main.ts`, name: `escape-${on}`, host: host.host, width: 1500, height: 860 }, async ({ page, view }) => {
      host.view = view;
      page.setDefaultTimeout(10_000);
      await ready(page).waitFor();
      await tell(page);
    });
  } finally {
    await host.end?.();
  }
}
