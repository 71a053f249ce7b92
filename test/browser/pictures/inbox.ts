import type { Page } from 'playwright-core';
import { openBrowser, themes, withPage, type Theme } from '../../support/browser.ts';
import { fill, inboxWorld } from '../inbox-world.ts';

/** Pictures of the webhook inbox for people to look at: `node test/browser/pictures.ts inbox [theme]`, into out/pictures. */
const only = process.argv[2] as Theme | undefined;
const row = (page: Page, name: RegExp) => page.getByRole('row', { name });

const screens: readonly (readonly [name: string, ready: (page: Page) => Promise<unknown>])[] = [
  ['right', async (page) => { await row(page, /again 2/).click(); await page.getByText('The signature is right', { exact: true }).waitFor(); }],
  ['wrong', async (page) => { await row(page, /long-street/).click(); await page.getByText('The signature is not accepted').waitFor(); }],
  ['headers', async (page) => { await page.getByRole('tab', { name: 'Headers' }).click(); await page.getByText('x-a-header').waitFor(); }],
  ['body', async (page) => { await row(page, /orders\/open/).click(); await page.getByRole('tab', { name: 'Body' }).click(); await page.getByText('This is the beginning').waitFor(); }],
  ['edit', async (page) => { await row(page, /again 2/).click(); await page.getByRole('button', { name: 'Edit and replay' }).click(); await page.getByRole('button', { name: 'Send', exact: true }).click(); await page.getByRole('listitem').first().waitFor(); }],
  ['rule', async (page) => { await page.getByRole('button', { name: 'Respond' }).click(); await page.getByRole('textbox', { name: 'Address' }).fill('new-shop'); await page.getByRole('button', { name: 'Use it' }).click(); await page.getByText('From now on').waitFor(); }],
  ['compare', async (page) => { await row(page, /again 2/).first().click(); await page.getByRole('button', { name: 'Close' }).click().catch(() => {}); await page.getByRole('button', { name: 'Compare with another' }).click(); await row(page, /long-street/).click(); await page.getByText('Back to the request').waitFor(); }],
];

const browser = await openBrowser();
try {
  for (const theme of only ? [only] : themes) {
    for (const [suffix, size] of [['', { width: 1200, height: 760 }], ['-narrow', { width: 560, height: 900 }]] as const) {
      await using world = await inboxWorld();
      await withPage(browser, { entry: 'webview/inbox/main.ts', name: 'pictures-inbox', theme, host: world.host, ...size }, async ({ page, picture }) => {
        await page.getByText('No request has come yet').waitFor();
        await picture(`inbox-empty${suffix}-${theme}`);
      });
      await fill(world);
      await withPage(browser, { entry: 'webview/inbox/main.ts', name: 'pictures-inbox', theme, host: world.host, ...size }, async ({ page, picture }) => {
        for (const [name, ready] of screens) {
          await ready(page).catch((error: unknown) => console.error(`${name} ${theme}: ${(error as Error).message}`));
          await picture(`inbox-${name}${suffix}-${theme}`);
        }
      });
    }
  }
} finally {
  await browser.close();
}
