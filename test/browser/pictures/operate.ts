import type { Page } from 'playwright-core';
import { openBrowser, themes, withPage, type Theme } from '../../support/browser.ts';
import { serveRecorded, token } from '../recorded-runner.ts';
import { replayedDifferently } from '../recorded-run.ts';

/** Pictures of the operators' page for people to look at: `node test/browser/pictures.ts operate [theme] [screen]`, into out/pictures. */
const only = process.argv[2] as Theme | undefined;
const wanted = process.argv[3];
const first = (page: Page, name: RegExp) => page.getByRole('row', { name }).first();

/** What is done at a place before its picture is taken. */
const screens: readonly (readonly [name: string, place: string, ready: (page: Page) => Promise<unknown>])[] = [
  ['runs', '#/runs', (page) => first(page, /Success/).waitFor()],
  ['runs-marked', '#/runs?environment=dev&time=between&since=2026-11-01', async (page) => {
    await first(page, /Success/).waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    for (const key of [' ', 'ArrowDown', 'ArrowDown', 'Shift+ ']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('could not be').first().waitFor();
  }],
  ['queue', '#/queue', async (page) => { await first(page, /Waiting/).waitFor(); await first(page, /One of 1/).click(); }],
  ['flows', '#/flows/order-webhook', (page) => page.getByRole('heading', { name: 'Answer the order webhook' }).waitFor()],
  ['versions', '#/flows/import-orders?tab=versions', async (page) => { await page.getByRole('button', { name: 'Show the differences' }).click(); await page.getByText('4 differences').waitFor(); }],
  ['ask', '#/flows/import-orders?tab=versions', async (page) => { await page.getByRole('button', { name: 'Roll back' }).first().click(); await page.getByRole('dialog').waitFor(); }],
  ['tracked', '#/search/tracked', (page) => first(page, /SO-/).waitFor()],
  ['payloads', '#/search/payloads?text=SO-100457', (page) => first(page, /failed in/).waitFor()],
  ['caches', '#/state/caches?name=pages&scope=run&owner=run_900000', async (page) => { await page.getByRole('grid', { name: 'Keys' }).getByRole('row', { name: /orders/ }).click(); await page.getByText('1 of 3').waitFor(); }],
  ['pools', '#/state/pools?name=orders-seen', (page) => first(page, /SO-100000/).waitFor()],
  ['lookups', '#/state/lookups?name=country-codes', async (page) => { await first(page, /Country 3/).click(); await page.getByRole('heading', { name: /^Change row \d/ }).waitFor(); }],
  ['insights', '#/insights', (page) => first(page, /import-orders/).waitFor()],
  ['insights-days', '#/insights?by=day', (page) => first(page, /20\d\d-/).waitFor()],
  ['audit', '#/audit', async (page) => { await first(page, /run\.retry/).click(); }],
  ['run', '#/runs/run_01JDFW3Z7M4Q', (page) => page.getByRole('treeitem').first().waitFor()],
  ['run-change', '#/runs/run_01JDFW3Z7M4Q?step=to-erp', async (page) => { await page.getByRole('button', { name: 'Run with changes' }).click(); await page.getByRole('textbox', { name: 'Payload' }).waitFor(); }],
  ['run-replay', '#/runs/run_01JDFW3Z7M4Q?step=send', async (page) => { await page.getByRole('button', { name: 'Replay' }).first().click(); await page.getByText('gave something else').waitFor(); }],
];

/** The same without anything in it. */
const empty = ['runs', 'queue', 'flows', 'search/tracked', 'search/payloads', 'state/caches', 'state/pools', 'state/lookups', 'insights', 'audit'].map((place) => [place.split('/').at(-1)!, `#/${place}`, (page: Page) => page.locator('.empty').first().waitFor()] as const);

const browser = await openBrowser();
const served = await serveRecorded({ runs: 2_000 });
const bare = await serveRecorded({ isEmpty: true });
served.state.replay = replayedDifferently;

async function take(theme: Theme, at: string, suffix: string, size: { readonly width: number; readonly height: number }, places: typeof screens): Promise<void> {
  for (const [name, place, ready] of places.filter(([screen]) => wanted === undefined || wanted === screen)) {
    await withPage(browser, { at, name: 'pictures-operate', theme, ...size, hash: `#token=${token}&${place.slice(1)}` }, async ({ page, picture }) => {
      await ready(page);
      await picture(`operate-${name}${suffix}-${theme}`);
    }).catch((error: unknown) => console.error(`${name}${suffix} ${theme}: ${(error as Error).message}`));
  }
}

try {
  for (const theme of only ? [only] : themes) {
    await withPage(browser, { at: served.url, name: 'pictures-operate', theme, width: 1200, height: 800 }, async ({ page, picture }) => {
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await picture(`operate-sign-in-${theme}`);
    });
    await take(theme, served.url, '', { width: 1200, height: 800 }, screens);
    if (theme !== 'light' && theme !== 'dark') continue;
    await take(theme, served.url, '-narrow', { width: 700, height: 900 }, screens);
    await take(theme, bare.url, '-empty', { width: 1_000, height: 560 }, empty);
  }
} finally {
  await browser.close();
  await served.close();
  await bare.close();
}
