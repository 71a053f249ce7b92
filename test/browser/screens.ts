import type { Locator, Page } from 'playwright-core';
import { ConnectorPageHost, readConnector } from '../support/connector-page.ts';
import { FlowPageHost, readSample, sampleWorkspace } from '../support/flow-page.ts';
import { LookupPageHost } from '../support/lookup-page.ts';
import { MapPageHost, openMapRunner, orderMap } from '../support/map-page.ts';
import { environmentText, instanceText, SettingsPageHost } from '../support/settings-page.ts';
import { fill, inboxWorld } from './inbox-world.ts';
import { recordedHost } from './recorded-run.ts';

export interface Screen {
  readonly entry: string;
  readonly host: () => Promise<{ readonly host: object; view?: unknown; end?(): PromiseLike<void> }>;
  readonly ready: (page: Page) => Locator;
}

/** Every editor and panel, with something in it: for what holds of all of them. */
export async function openScreens() {
  const [workspace, flowText, connectorText, runner] = await Promise.all([sampleWorkspace(), readSample('import-orders'), readConnector('brook-shop'), openMapRunner()]);
  const screens = {
    flow: { entry: 'flow', host: async () => new FlowPageHost({ text: flowText }, workspace), ready: (page) => page.getByRole('option', { name: /^Only paid/ }) },
    map: { entry: 'map', host: async () => new MapPageHost(orderMap, runner, workspace), ready: (page) => page.getByRole('treeitem').first() },
    connector: { entry: 'connector', host: async () => new ConnectorPageHost({ text: connectorText }), ready: (page) => page.getByRole('tablist', { name: 'Sections' }) },
    lookup: { entry: 'lookup', host: () => LookupPageHost.open({ text: 'from,to\nDE,Germany\nGB,Britain\n' }), ready: (page) => page.locator('#cell-0-0') },
    instance: { entry: 'settings', host: async () => new SettingsPageHost({ kind: 'instance', id: 'shop', text: instanceText }), ready: (page) => page.getByRole('textbox', { name: 'Title', exact: true }) },
    environment: { entry: 'settings', host: async () => new SettingsPageHost({ kind: 'environment', id: 'live', text: environmentText }), ready: (page) => page.getByRole('textbox', { name: 'Title', exact: true }) },
    run: { entry: 'run', host: async () => recordedHost(), ready: (page) => page.getByRole('row', { name: /Only paid orders/ }) },
    inbox: {
      entry: 'inbox', ready: (page) => page.getByRole('row', { name: /orders\/open/ }),
      host: async () => { const world = await inboxWorld(); await fill(world); return { host: world.host, end: () => world[Symbol.asyncDispose]() }; },
    },
  } as const satisfies Readonly<Record<string, Screen>>;
  return { screens, end: () => runner.end() };
}
