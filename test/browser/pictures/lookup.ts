import type { LookupView } from '../../../webview/protocol/lookup.ts';
import { openBrowser, withPage, type OpenPage, type PageOptions, type Theme } from '../../support/browser.ts';
import { largeLookup, LookupPageHost, sampleUses, type LookupPageOptions } from '../../support/lookup-page.ts';

/** Pictures of the lookup editor for people to look at: `node test/browser/pictures.ts lookup [theme]`, into out/pictures. */
const browser = await openBrowser();
const only = process.argv[2] as Theme | undefined;

async function show(options: LookupPageOptions, page: Partial<PageOptions>, tell: (open: OpenPage<LookupView> & { readonly host: LookupPageHost }) => Promise<void>): Promise<void> {
  const host = await LookupPageHost.open(options);
  await withPage<LookupView>(browser, { entry: 'webview/lookup/main.ts', name: 'lookup-pictures', host: host.host, width: 1280, height: 720, ...page }, async (open) => {
    host.view = open.view;
    await open.page.locator('patchbay-lookup').waitFor();
    await open.page.waitForTimeout(300);
    await tell({ ...open, host });
  });
}

const rows = Array.from({ length: 500 }, (_, at) => `A${at},${at === 3 ? 'free' : `${at}.50`},"Article ${at}, a very long title that does not fit into its cell at all","first\nsecond"`).join('\n');
const text = `sku,price,title,a column with a very long name indeed\n${rows}\nA7,1.00,twice,\n,2.00,no key,\n`;
const settings = { version: 1, key: ['sku'], columns: { price: { type: 'decimal' } } } as const;

for (const theme of only ? [only] : (['light', 'dark', 'hc-dark', 'hc-light'] as const)) {
  await show({ text, settings, uses: sampleUses }, { theme }, async ({ page, picture }) => {
    const grid = page.getByRole('grid');
    await grid.press('Shift+ArrowDown');
    await grid.press('Shift+ArrowRight');
    await picture(`lookup-${theme}`);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('article 1');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: /Test a value/ }).click();
    await page.getByRole('textbox', { name: 'sku' }).fill('A12');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
    await picture(`lookup-find-test-${theme}`);
    await page.getByRole('tab', { name: /Where used/ }).click();
    await page.getByRole('searchbox', { name: 'Rows that hold' }).fill('Article 2');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(200);
    await grid.focus();
    await page.keyboard.press('F2');
    await page.keyboard.press('Alt+Enter');
    await page.keyboard.type('more');
    await picture(`lookup-editing-${theme}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+ArrowDown');
    await page.waitForTimeout(200);
    await picture(`lookup-column-${theme}`);
  });
}
const theme = only ?? 'light';
await show({ text: '' }, { theme }, ({ picture }) => picture(`lookup-empty-${theme}`));
await show({ text: 'a,a\n1,2\n' }, { theme }, ({ picture }) => picture(`lookup-broken-${theme}`));
await show({ text: 'a,b\n"1" x,2\n' }, { theme }, ({ picture }) => picture(`lookup-faults-${theme}`));
await show({ text: largeLookup(1_000_000) }, { theme }, async ({ page, picture }) => { await page.getByRole('grid').press('Control+End'); await page.waitForTimeout(500); await picture(`lookup-million-${theme}`); });
await show({ text, settings, isOutdated: true }, { theme, width: 360, height: 640 }, ({ picture }) => picture(`lookup-narrow-${theme}`));
await browser.close();
