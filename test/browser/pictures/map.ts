import type { FlowView } from '../../../webview/protocol/flow.ts';
import type { MapFileView } from '../../../webview/protocol/map.ts';
import { openBrowser, themes, withPage, type OpenPage, type PageOptions, type Theme } from '../../support/browser.ts';
import { FlowPageHost, readSample, sampleWorkspace } from '../../support/flow-page.ts';
import { largeMap, MapPageHost, openMapRunner, orderMap, type MapPageOptions } from '../../support/map-page.ts';

/** Pictures of the map editor for people to look at: `node test/browser/pictures.ts map [theme]`, into out/pictures. */
const browser = await openBrowser();
const runner = await openMapRunner();
const workspace = await sampleWorkspace();
const only = process.argv[2] as Theme | undefined;

async function show(options: MapPageOptions, page: Partial<PageOptions>, tell: (open: OpenPage<MapFileView>) => Promise<void>): Promise<void> {
  const host = new MapPageHost(options, runner, workspace);
  await withPage<MapFileView>(browser, { entry: 'webview/map/main.ts', name: 'map-pictures', host: host.host, width: 1400, height: 760, ...page }, async (open) => {
    host.view = open.view;
    await open.page.waitForTimeout(700);
    await tell(open);
  });
}

const longNames: MapPageOptions = {
  text: JSON.stringify({ version: 1, rules: [
    { from: 'a_name_of_a_field_that_says_rather_more_than_a_name_ever_should', to: 'TheTargetFieldWhoseNameWasMadeByAGeneratorOfNames', transforms: [{ type: 'prefix', settings: { prefix: 'A-rather-long-prefix-' } }, { type: 'teleport', settings: { x: 1 } }, { type: 'truncate', settings: { length: 20 } }, { type: 'case', settings: { to: 'upper' } }], default: 'unknown at the time of writing' },
    { from: '$..everything[?@.x > 1]', to: 'query' }, { from: 'deep.er.and.deeper.still.there', to: 'a.b.c.d.e.f' }, { from: 'amount', to: 'amount' }, { from: 'amount', to: 'amount', transforms: [{ type: 'cast-to-number' }], when: [{ field: 'amount', is: 'is-not-empty' }] },
  ] }),
  sample: { a_name_of_a_field_that_says_rather_more_than_a_name_ever_should: 'A value that goes on and on until there is no room left for it anywhere on this screen', amount: 1_234_567.891, deep: { er: { and: { deeper: { still: { there: true } } } } } },
};

for (const theme of only ? [only] : themes) {
  await show(orderMap, { theme }, async ({ page, picture }) => {
    await picture(`map-${theme}`);
    await page.getByRole('treeitem', { name: /^amount/ }).click();
    await page.waitForTimeout(300);
    await picture(`map-rule-${theme}`);
    await page.getByRole('treeitem', { name: /^email.*custmer/ }).last().click();
    await page.getByRole('button', { name: 'Record after' }).click();
    await page.getByRole('button', { name: 'Record after' }).click();
    await page.waitForTimeout(600);
    await picture(`map-error-${theme}`);
    await page.getByRole('button', { name: /Auto-map/ }).click();
    await page.waitForTimeout(400);
    await picture(`map-suggest-${theme}`);
    await page.getByRole('button', { name: 'Rules as a table' }).click();
    await page.waitForTimeout(300);
    await picture(`map-table-${theme}`);
  });
  await show(longNames, { theme }, async ({ page, picture }) => {
    await page.getByRole('treeitem', { name: /^TheTarget/ }).click();
    await page.waitForTimeout(300);
    await picture(`map-long-${theme}`);
  });
}
const theme = only ?? 'dark';
await show(largeMap(500, 2_000), { theme }, ({ picture }) => picture(`map-500-${theme}`));
await show({ text: '{ "version": 1, "rules": [] }', schemas: { 'schemas/order.json': {} } }, { theme }, ({ picture }) => picture(`map-empty-${theme}`));
await show({ ...orderMap, sample: undefined }, { theme }, async ({ page, picture }) => {
  await picture(`map-no-sample-${theme}`);
  await page.getByRole('button', { name: 'Keys (?)' }).click();
  await picture(`map-keys-${theme}`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Paste a sample' }).click();
  await page.getByRole('textbox', { name: 'Sample' }).fill('{ "id": 42,');
  await page.getByRole('button', { name: 'Use it' }).click();
  await picture(`map-paste-${theme}`);
});
await show({ ...orderMap, trusted: false }, { theme }, ({ picture }) => picture(`map-restricted-${theme}`));
await show({ ...orderMap, readOnly: true }, { theme }, async ({ page, picture }) => {
  await page.getByRole('treeitem', { name: /^email.*custmer/ }).last().click();
  await picture(`map-read-only-${theme}`);
});
await show({ ...orderMap, text: orderMap.text.replace('"version": 1,', '"version": 1') }, { theme }, ({ picture }) => picture(`map-broken-${theme}`));
await show(orderMap, { theme }, async ({ page, picture }) => {
  await page.getByRole('treeitem', { name: /^currency, text, required/ }).click();
  await page.getByRole('tree', { name: 'Target fields' }).press('m');
  await page.waitForTimeout(300);
  await picture(`map-pick-${theme}`);
});
const flow = new FlowPageHost({ text: await readSample('import-orders'), maps: { runner, sample: [{ id: 1001, currency: 'gbp', customer: { first_name: 'Ada', last_name: 'King' }, line_items: [{ sku: 'A1', quantity: 2 }] }] } }, workspace);
await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'map-pictures', host: flow.host, width: 1400, height: 760, theme }, async ({ page, view, picture }) => {
  await page.getByRole('option').first().waitFor();
  await view.select('to-erp');
  await page.waitForTimeout(300);
  await picture(`map-step-${theme}`);
  await page.keyboard.press('e');
  await page.waitForTimeout(900);
  await page.getByRole('treeitem', { name: /^currency, text, feeds/ }).hover();
  await page.waitForTimeout(200);
  await picture(`map-in-flow-${theme}`);
});
await show(orderMap, { theme, width: 420, height: 760 }, ({ picture }) => picture(`map-narrow-${theme}`));
await browser.close();
await runner.end();
