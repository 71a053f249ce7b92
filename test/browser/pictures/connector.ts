import type { ConnectorView } from '../../../webview/protocol/connector.ts';
import { openBrowser, themes, withPage, type OpenPage, type PageOptions, type Theme } from '../../support/browser.ts';
import { ConnectorPageHost, done, importedShop, largeConnector, readConnector, threePages, trialBodies, type ConnectorPageOptions } from '../../support/connector-page.ts';

/** Pictures of the connector editor for people to look at: `node test/browser/pictures.ts connector [theme]`, into out/pictures. */
const browser = await openBrowser();
const sample = await readConnector('brook-shop');
const only = process.argv[2] as Theme | undefined;

async function show(options: ConnectorPageOptions, page: Partial<PageOptions>, tell: (open: OpenPage<ConnectorView> & { readonly host: ConnectorPageHost }) => Promise<void>): Promise<void> {
  const host = new ConnectorPageHost(options);
  await withPage<ConnectorView>(browser, { entry: 'webview/connector/main.ts', name: 'connector-pictures', host: host.host, width: 1400, height: 860, ...page }, async (open) => {
    host.view = open.view;
    await open.page.locator('patchbay-connector').waitFor();
    await open.page.waitForTimeout(400);
    await tell({ ...open, host });
  });
}

const diagnostics = [
  { file: '', path: '/endpoints/orders.list/path', line: 1, column: 1, severity: 'error', code: 'CONFIG_EXPRESSION', message: 'There is no parameter “id”.', fix: 'Add it to "params".' },
  { file: '', path: '/endpoints/products.list', line: 1, column: 1, severity: 'warning', code: 'CONFIG_INVALID', message: 'The endpoint "products.list" is not used.' },
  { file: '', path: '/auth/client/settings/tokenUrl', line: 1, column: 1, severity: 'error', code: 'CONFIG_INVALID', message: 'The address is not absolute.' },
] as const;

for (const theme of only ? [only] : themes) {
  await show({ text: sample }, { theme }, async ({ page, picture, view }) => {
    await view.diagnostics(diagnostics);
    await page.waitForTimeout(300);
    await picture(`connector-endpoint-${theme}`);
    for (const tab of ['Response', 'Paging', 'Limits', 'Examples', 'JSON']) {
      await page.getByRole('tab', { name: new RegExp(`^\\W*${tab}`) }).last().click();
      await page.waitForTimeout(250);
      await picture(`connector-${tab.toLowerCase()}-${theme}`);
    }
    for (const section of ['Overview', 'Variables', 'Authentication', 'Pagination', 'Limits & errors']) {
      await page.getByRole('tab', { name: section }).first().click();
      await page.waitForTimeout(250);
      if (section === 'Authentication') await page.getByRole('button', { name: /^client/ }).click();
      await picture(`connector-${section.split(' ')[0]!.toLowerCase()}-section-${theme}`);
    }
  });
}
const theme = only ?? 'dark';
for (const shown of only ? [only] : (['light', 'dark', 'hc-dark'] as const)) {
  await show({ text: sample, answers: [threePages], bodies: trialBodies }, { theme: shown }, async ({ page, picture }) => {
    await picture(`connector-try-${shown}`);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('treeitem').first().waitFor();
    await page.waitForTimeout(300);
    await picture(`connector-tried-${shown}`);
  });
}
await show({ text: '', imported: importedShop }, { theme }, async ({ page, picture }) => {
  await picture(`connector-start-${theme}`);
  await page.getByRole('button', { name: 'Import OpenAPI' }).click();
  await page.waitForTimeout(300);
  await picture(`connector-imported-${theme}`);
});
await show({ text: sample, workspace: { instances: [] } }, { theme }, ({ picture }) => picture(`connector-no-instance-${theme}`));
await show({ text: sample, answers: [done({ error: { code: 'REMOTE_UNREACHABLE', message: 'http://127.0.0.1:7402 cannot be reached: connection refused.', remedy: 'Start it, or correct the address of the instance.' }, pages: [{ request: { method: 'GET', url: 'http://127.0.0.1:7402/api/orders', headers: {} }, records: 0, ms: 3, waitMs: 0, before: [] }] })] }, { theme, width: 900 }, async ({ page, picture }) => {
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(400);
  await picture(`connector-failed-${theme}`);
});
await show({ text: largeConnector(300) }, { theme }, ({ picture }) => picture(`connector-300-${theme}`));
await show({ text: sample.replace('"version": 1,', '"version": 1'), trusted: false }, { theme }, ({ picture }) => picture(`connector-broken-${theme}`));
await show({ text: sample }, { theme, width: 420, height: 760 }, ({ picture }) => picture(`connector-narrow-${theme}`));
await browser.close();
