import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { FlowHost, FlowView } from '../../webview/protocol/flow.ts';
import { ConnectorPageHost, readConnector } from '../support/connector-page.ts';
import { openBrowser, withPage, type OpenPage } from '../support/browser.ts';
import { FlowPageHost, largeFlow, readSample, sampleWorkspace } from '../support/flow-page.ts';
import { LookupPageHost } from '../support/lookup-page.ts';
import { MapPageHost, openMapRunner, orderMap } from '../support/map-page.ts';
import { instanceText, SettingsPageHost, settingsPlugins } from '../support/settings-page.ts';
import { fill, inboxWorld } from './inbox-world.ts';
import { recordedHost } from './recorded-run.ts';

let browser: Browser;
let runner: Awaited<ReturnType<typeof openMapRunner>>;
const [workspace, flowText, connectorText] = await Promise.all([sampleWorkspace(), readSample('import-orders'), readConnector('brook-shop')]);
before(async () => { [browser, runner] = await Promise.all([openBrowser(), openMapRunner()]); });
after(async () => { await browser.close(); await runner.end(); });

interface LatePage {
  readonly screen: string;
  readonly host: { open(): unknown };
  /** What the page was written with, where it is not what `host` opens at first. */
  readonly boot?: object;
  /** What is told while the page's script is under way: nobody hears it. */
  readonly change?: () => unknown;
  readonly shown: (page: Page) => Locator;
}

/** Opens a page whose script comes after all that was told. */
async function openLate({ screen, host, boot, change, shown }: LatePage): Promise<void> {
  const serve = async ({ url }: { readonly url?: string }): Promise<boolean> => {
    if (url === '/page.js') await change?.();
    return false;
  };
  await withPage(browser, { entry: `webview/${screen}/main.ts`, name: `late-${screen}`, host, width: 1280, height: 760, boot: boot ?? (await host.open()), serve }, ({ page }) => shown(page).first().waitFor());
}

describe('a page whose script comes late shows what was told before it listened', () => {
  const lates: Readonly<Record<string, () => Promise<LatePage> | LatePage>> = {
    flow: () => {
      const page = new FlowPageHost({ text: flowText }, workspace);
      return { screen: 'flow', host: page.host, change: () => page.replace(flowText.replace('"Only paid"', '"Only paid today"')), shown: (shown) => shown.getByRole('option', { name: /^Only paid today/ }) };
    },
    connector: () => {
      const page = new ConnectorPageHost({ text: connectorText });
      return { screen: 'connector', host: page.host, change: () => page.replace(connectorText.replace('"orders.list"', '"orders.all"')), shown: (shown) => shown.getByRole('grid', { name: 'Endpoints' }).getByRole('row', { name: 'orders.all' }) };
    },
    'mapping file': () => {
      const page = new MapPageHost(orderMap, runner, workspace);
      return { screen: 'map', host: page.host, change: () => page.replace(orderMap.text.replace('"custmer.email"', '"customer.email"')), shown: (shown) => shown.getByRole('treeitem', { name: /^email, text, from customer\.email/ }) };
    },
    lookup: async () => {
      const page = await LookupPageHost.open({ text: 'from,to\nDE,Germany\n' });
      return { screen: 'lookup', host: page.host as unknown as LatePage['host'], change: () => page.replace('from,name\nGB,Britain\n'), shown: (shown) => shown.getByRole('columnheader', { name: /name/ }) };
    },
    instance: () => {
      const page = new SettingsPageHost({ kind: 'instance', id: 'shop', text: instanceText });
      const boot = { ...page.document, text: '{ "version": 1 }', version: 0, catalog: settingsPlugins, workspace: { ...page.workspace, connectors: {}, secrets: {} }, trusted: true, diagnostics: [] };
      // The answer is without the catalogue, which the page was written with.
      const open = async (): Promise<object> => { const { catalog: _known, ...rest } = await page.host.open(); return rest; };
      return { screen: 'settings', host: { ...page.host, open }, boot, shown: (shown) => shown.getByText('Set: kept by VS Code on this machine') };
    },
    run: () => ({ screen: 'run', host: recordedHost().host as unknown as LatePage['host'], boot: { catalog: [], title: '' }, shown: (shown) => shown.getByRole('row', { name: /Only paid orders/ }) }),
  };
  for (const [name, late] of Object.entries(lates)) test(name, async () => openLate(await late()));

  test('inbox', async () => {
    await using world = await inboxWorld();
    await fill(world);
    const boot = { title: 'Webhooks', base: 'http://127.0.0.1:7341' };
    await openLate({ screen: 'inbox', host: { ...world.host, open: () => ({ ...boot, request: 4 }) }, boot, shown: (page) => page.getByText('The signature is not accepted') });
  });
});

/** A flow whose page is drawn and has asked; the answer comes when it is let go. */
async function asked(text: string, tell: (open: OpenPage<FlowView> & { readonly host: FlowPageHost; answer(): Promise<void> }) => Promise<void>): Promise<void> {
  const host = new FlowPageHost({ text }, workspace);
  const kept = Promise.withResolvers<void>();
  const answer = await host.host.open();
  const slow = { ...host.host, open: () => kept.promise.then(() => answer) } as unknown as FlowHost;
  await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'late-flow', host: slow, width: 1500, height: 800, boot: answer }, async (open) => {
    host.view = open.view;
    await open.page.getByRole('option').first().waitFor();
    // What is told behind the answer is heard behind it.
    await tell({ ...open, host, async answer() { kept.resolve(); await kept.promise; await open.view.diagnostics([]); } });
  });
}

test('what is edited before the answer comes is not undone by it', () => asked(flowText, async ({ page, host, answer }) => {
  await page.getByRole('option', { name: /^Only paid/ }).click();
  await page.keyboard.press('Delete');
  await page.getByRole('option', { name: /^Only paid/ }).waitFor({ state: 'detached' });
  await answer();
  assert.equal(await page.getByRole('option', { name: /^Only paid/ }).count(), 0);
  assert.equal(host.edits.length, 1);
  assert.equal(host.version, 2);
}));

test('an answer with nothing new draws nothing again', () => asked(largeFlow(500), async ({ page, view, host, answer }) => {
  type Editor = Element & { readonly store: { readonly scene: object } };
  await page.evaluate(() => { Object.assign(globalThis, { drawn: document.querySelector<Editor>('patchbay-flow')!.store.scene }); });
  const isDrawnAgain = (): Promise<boolean> => page.evaluate(() => (globalThis as unknown as { drawn: object }).drawn !== document.querySelector<Editor>('patchbay-flow')!.store.scene);
  await answer();
  assert.equal(await isDrawnAgain(), false);
  const { catalog } = await host.host.open();
  await view.catalog(catalog, { ...workspace, groups: ['night'] });
  await view.document(host.document);
  assert.equal(await isDrawnAgain(), false, 'names to choose from are no part of the picture');
  await host.replace(largeFlow(499));
  assert.equal(await isDrawnAgain(), true);
}));
