import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, withPage, type PageOptions } from '../support/browser.ts';
import { serveRecorded, token, type Served } from './recorded-runner.ts';

/** Opens the page as a signed-in operator, at a place. */
export const show = (browser: Browser, served: Served, name: string, place: string, run: (page: Page) => Promise<void>, options: Partial<PageOptions> = {}): Promise<void> =>
  withPage(browser, { at: served.url, name: `operate-${name}`, hash: `#token=${token}&${place.slice(1)}`, ...options }, ({ page }) => run(page));

export type Story = (name: string, place: string, run: (page: Page, served: Served) => Promise<void>, options?: Partial<PageOptions> & { readonly isEmpty?: boolean; readonly runs?: number }) => void;

/** Stories of a file. Each has a runner of its own, as it changes what is there. */
export function operatorStories(): Story {
  let browser: Browser;
  before(async () => { browser = await openBrowser(); });
  after(() => browser.close());
  return (name, place, run, { isEmpty = false, runs = 40, ...options } = {}) => {
    test(name, async () => {
      const served = await serveRecorded({ runs, isEmpty });
      try {
        await show(browser, served, name.replaceAll(/\W+/g, '-'), place, (page) => run(page, served), options);
      } finally {
        await served.close();
      }
    });
  };
}

export const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
export const hash = (page: Page): Promise<string> => page.evaluate(() => location.hash);
export const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};
/** Answers the question that stands before everything else. */
export const agree = async (page: Page, action: string): Promise<void> => {
  await page.getByRole('dialog').getByRole('button', { name: action }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};
