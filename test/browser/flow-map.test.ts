import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Flow } from '../../server/model/flow.ts';
import type { FlowView } from '../../webview/protocol/flow.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { FlowPageHost, readSample, sampleWorkspace, type FlowPageOptions } from '../support/flow-page.ts';
import { openMapRunner, orderMap } from '../support/map-page.ts';
import { assertSoon } from '../support/soon.ts';

let browser: Browser;
let runner: Awaited<ReturnType<typeof openMapRunner>>;
const workspace = await sampleWorkspace();
const flowText = await readSample('import-orders');
before(async () => { [browser, runner] = await Promise.all([openBrowser(), openMapRunner()]); });
after(async () => { await browser.close(); await runner.end(); });

const order = { id: 1001, number: '#1001', created_at: '2024-05-01T10:00:00Z', financial_status: 'paid', currency: 'gbp', total_price: '20.50', customer: { first_name: 'Ada', last_name: 'King', email: 'ADA@shop.test' }, line_items: [{ sku: 'A1', title: 'Lamp', quantity: 2, price: '10.25', tax_rate: '20' }] };

type Story = (open: OpenPage<FlowView> & { readonly host: FlowPageHost; readonly rules: () => readonly { readonly from?: unknown; readonly to: string }[] }) => Promise<void>;

/** A flow whose map step is selected. */
function story(title: string, options: Partial<FlowPageOptions> & { readonly page?: Partial<PageOptions>; readonly isWithoutSample?: boolean }, tell: Story): void {
  test(title, async () => {
    const { page: pageOptions, isWithoutSample = false, ...others } = options;
    const host = new FlowPageHost({ text: flowText, maps: { runner, ...(!isWithoutSample && { sample: [order] }), target: orderMap.target, texts: options.texts ?? [] }, ...others }, workspace);
    await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow-map', host: host.host, width: 1500, height: 800, ...pageOptions }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await canvasIsShown(open.page).waitFor();
      await open.view.select('to-erp');
      await open.page.getByRole('button', { name: 'Edit mapping' }).waitFor();
      await tell({ ...open, host, rules: () => host.settings('to-erp')['rules'] as { to: string }[] });
    });
  });
}

const target = (page: Page, name: RegExp) => page.getByRole('tree', { name: 'Target fields' }).getByRole('treeitem', { name });
const canvasIsShown = (page: Page) => page.getByRole('option', { name: /^Shop order to ERP order/ });

story('the mapping of a step opens over the flow by key, is edited and left; each edit is of one line', {}, async ({ page, host, rules }) => {
  await page.keyboard.press('e');
  await target(page, /^reference, from id through Prefix WEB-, result WEB-1001/).waitFor();
  assert.equal(await canvasIsShown(page).count(), 0);
  await assertSoon(async () => assert.match(await focused(page), /^tree: Source/));
  await target(page, /^amount, number, required, no rule/).click();
  await page.keyboard.press('m');
  await page.keyboard.type('total');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.deepEqual(rules().at(-1), { from: 'total_price', to: 'amount' }));
  const before = flowText.split('\n');
  assert.ok(host.text.split('\n').filter((line) => !before.includes(line)).length <= 2);
  await host.undo();
  await target(page, /^amount, number, required, no rule/).waitFor();
  assert.equal(host.text, flowText);
  await page.keyboard.press('Escape');
  await canvasIsShown(page).waitFor();
  await assertSoon(async () => assert.match(await focused(page), /Shop order to ERP order/));
});

story('the button of the inspector opens it; the tool bar leads back', {}, async ({ page }) => {
  await page.getByRole('button', { name: 'Edit mapping' }).click();
  await page.getByRole('tree', { name: 'Source fields' }).waitFor();
  await page.getByRole('button', { name: 'Flow', exact: true }).click();
  await canvasIsShown(page).waitFor();
});

story('keys of the canvas do nothing while the mapping is open; commands go to it', {}, async ({ page, host, view }) => {
  await page.keyboard.press('e');
  await target(page, /^reference/).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('d');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Delete');
  assert.deepEqual(host.edits, []);
  await view.mapCommand('table');
  await page.getByRole('grid', { name: 'Rules' }).waitFor();
  await view.command('add');
  await page.getByRole('dialog', { name: 'Target of the new rule' }).waitFor();
  await page.keyboard.press('Escape');
  await view.command('fit');
  await canvasIsShown(page).waitFor();
});

story('where no step with a mapping is selected, it says so', {}, async ({ page, view }) => {
  await view.select('only-paid');
  await view.command('edit-map');
  await page.getByText('Select a step with a mapping first.').waitFor({ state: 'attached' });
  await view.select('to-erp');
  await view.mapCommand('suggest');
  await page.getByRole('tab', { name: /^Suggestions/, selected: true }).waitFor();
});

story('rules are put into a file, in one undo step', { texts: ['order-to-erp'] }, async ({ page, host }) => {
  await page.keyboard.press('e');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Extract to file' }).click();
  await assertSoon(() => assert.deepEqual(Object.keys(host.answers.files), ['maps/order-to-erp.map.json']));
  assert.deepEqual(host.settings('to-erp'), { map: 'order-to-erp' });
  await host.undo();
  assert.equal(host.text, flowText);
});

story('a step that has gone closes its mapping', {}, async ({ page, host }) => {
  await page.keyboard.press('e');
  await target(page, /^reference/).waitFor();
  const flow = JSON.parse(flowText) as Flow & { steps: Record<string, unknown> };
  delete flow.steps['to-erp'];
  await host.replace(JSON.stringify(flow, undefined, 2));
  await page.getByRole('option', { name: /^Only paid/ }).waitFor();
  await page.getByRole('tree', { name: 'Source fields' }).waitFor({ state: 'detached' });
});

story('no payload yet: the flow is run from here', { isWithoutSample: true }, async ({ page, host }) => {
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Run the flow' }).first().click();
  await assertSoon(() => assert.ok(host.calls.includes('run {}')));
});

for (const theme of themes) {
  story(`no serious finding of axe: ${theme}`, { page: { theme } }, async ({ page }) => {
    await page.keyboard.press('e');
    await target(page, /^reference, from id through Prefix WEB-, result WEB-1001/).click();
    assert.deepEqual(await seriousFindings(page), []);
  });
}
