import type { FlowView } from '../../../webview/protocol/flow.ts';
import { openBrowser, themes, withPage, type OpenPage, type PageOptions, type Theme } from '../../support/browser.ts';
import { FlowPageHost, largeFlow, readSample, sampleRun, sampleWorkspace, type FlowPageOptions } from '../../support/flow-page.ts';

/** Pictures of the flow editor for people to look at: `node test/browser/pictures.ts flow [theme]`, into out/pictures. */
const browser = await openBrowser();
const workspace = await sampleWorkspace();
const sample = await readSample('import-orders');
const only = process.argv[2] as Theme | undefined;
const chosen = only ? [only] : themes;

async function show(options: FlowPageOptions, page: Partial<PageOptions>, tell: (open: OpenPage<FlowView>) => Promise<void>): Promise<void> {
  const host = new FlowPageHost(options, workspace);
  await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow-pictures', host: host.host, width: 1400, height: 820, ...page }, async (open) => {
    host.view = open.view;
    await open.page.waitForTimeout(500);
    await tell(open);
  });
}

const diagnostics = [
  { file: '', path: '/steps/get-orders/settings/instance', line: 1, column: 1, severity: 'error', code: 'CONFIG_UNKNOWN_INSTANCE', message: 'There is no instance “shop”.', fix: 'Add instances/shop.instance.json.' },
  { file: '', path: '/steps/to-erp/settings/rules/1/from', line: 1, column: 1, severity: 'error', code: 'CONFIG_PATH', message: 'The path "number[" is not valid.' },
  { file: '', path: '/steps/report-failure', line: 1, column: 1, severity: 'warning', code: 'CONFIG_UNREACHABLE', message: 'Nothing leads to this step.' },
] as const;

const longNames = JSON.stringify({
  version: 1, title: 'A flow whose name says rather more than a title ever should', start: 'a',
  triggers: { 'every-morning-before-the-warehouse-opens': { trigger: 'schedule', settings: { cron: '0 6 * * 1-5', timeZone: 'America/Argentina/Buenos_Aires' } }, 'by-hand': { trigger: 'manual', disabled: true } },
  steps: {
    a: { shape: 'route', title: 'Sort the orders by country and by the state of their payment', settings: { routes: [{ name: 'united-kingdom-and-northern-ireland' }, { name: 'eu' }] }, next: { 'united-kingdom-and-northern-ireland': 'b', eu: 'c', else: 'd' } },
    b: { shape: 'connector', title: 'Send', settings: { instance: 'warehouse-management-production', endpoint: 'shipments.create-with-labels' }, disabled: true, next: { out: 'd' } },
    c: { shape: 'teleport', title: 'A step of a plugin that is not there', next: { out: 'd' } }, d: { shape: 'notify', settings: { message: 'All done' } },
  },
});

const withNotes = sample.replace(/\n\}\n$/, `,
  "notes": {
    "why": { "text": "## Only paid orders\\n\\nThe ERP books an order **at once**: see the agreement of last May.", "place": [310, -200, 240, 110] },
    "todo": { "text": "", "place": [620, -170, 220, 80] }
  },
  "groups": { "fetch": { "title": "What comes from the shop", "steps": ["get-orders", "only-paid"] }, "send": { "title": "ERP", "steps": ["to-erp"] } }
}
`);

for (const theme of chosen) {
  await show({ text: withNotes }, { theme }, async ({ page, picture }) => {
    await page.getByRole('option', { name: /^Group What/ }).click({ position: { x: 30, y: 10 } });
    await page.waitForTimeout(200);
    await picture(`flow-notes-${theme}`);
    await page.getByRole('option', { name: /^Note, ##/ }).click();
    await page.keyboard.press('F2');
    await page.waitForTimeout(200);
    await picture(`flow-note-${theme}`);
    await page.keyboard.press('Escape');
    for (let times = 0; times < 5; times++) await page.keyboard.press('-');
    await page.keyboard.press('Shift+ArrowRight');
    await page.waitForTimeout(300);
    await picture(`flow-notes-far-${theme}`);
  });
  await show({ text: sample, ...sampleRun(sample) }, { theme }, async ({ page, picture, view }) => {
    await view.select('to-erp');
    await page.getByRole('option', { name: /^Shop order to ERP order/ }).click();
    await page.getByRole('tab', { name: /Data/ }).click();
    await page.getByRole('radio', { name: 'Changes' }).check();
    await page.getByRole('treeitem', { name: /^customer › name/ }).first().click();
    await page.waitForTimeout(300);
    await picture(`flow-changes-${theme}`);
  });
  await show({ text: sample, ...sampleRun(sample) }, { theme }, async ({ page, picture, view }) => {
    await view.diagnostics(diagnostics);
    await page.waitForTimeout(200);
    await picture(`flow-${theme}`);
    await view.select('to-erp');
    await page.waitForTimeout(300);
    await picture(`flow-map-${theme}`);
    await page.getByRole('tab', { name: /Data/ }).click();
    await page.getByRole('row', { name: /no row for/ }).first().click();
    await page.waitForTimeout(300);
    await picture(`flow-data-${theme}`);
    await page.getByRole('tab', { name: /Setup/ }).click();
    await view.select('get-orders');
    await page.waitForTimeout(700);
    await picture(`flow-connector-${theme}`);
  });
  await show({ text: longNames }, { theme }, async ({ page, picture, view }) => {
    await view.select('a');
    await page.waitForTimeout(300);
    await picture(`flow-long-${theme}`);
  });
  await show({ text: largeFlow(500) }, { theme }, async ({ page, picture, view }) => {
    await page.keyboard.press('m');
    await page.waitForTimeout(300);
    await picture(`flow-500-${theme}`);
    await view.command('fit');
    await page.waitForTimeout(300);
    await picture(`flow-500-fit-${theme}`);
  });
}
const theme = only ?? 'dark';
await show({ text: '{ "version": 1, "steps": {} }' }, { theme }, ({ picture }) => picture(`flow-empty-${theme}`));
await show({ text: sample.replace('"start": "guard",', '"start": "guard"'), trusted: false }, { theme }, ({ picture }) => picture(`flow-broken-${theme}`));
await show({ text: sample }, { theme, width: 420, height: 760 }, async ({ page, picture, view }) => {
  await view.select('only-paid');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300);
  await picture(`flow-narrow-${theme}`);
});
await show({ text: sample }, { theme }, async ({ page, picture }) => {
  await page.keyboard.press('?');
  await page.waitForTimeout(300);
  await picture(`flow-keys-${theme}`);
});
await browser.close();
