import type { Browser, Page } from 'playwright-core';
import { withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { token, type Served } from './recorded-runner.ts';

/** Opens the page as a signed-in operator, at a place. */
export const show = (browser: Browser, served: Served, name: string, place: string, run: (page: Page, open: OpenPage<object>) => Promise<void>, options: Partial<PageOptions> = {}): Promise<void> =>
  withPage(browser, { at: served.url, name: `operate-${name}`, hash: `#token=${token}&${place.slice(1)}`, ...options }, (open) => run(open.page, open));

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
