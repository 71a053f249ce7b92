import type { SettingsView } from '../../../webview/protocol/settings.ts';
import { openBrowser, withPage, type OpenPage, type PageOptions, type Theme } from '../../support/browser.ts';
import { threePages, trialBodies } from '../../support/connector-page.ts';
import { environmentText, instanceText, SettingsPageHost, withLogin, type SettingsPageOptions } from '../../support/settings-page.ts';

/** Pictures of the editors of instances and environments for people to look at: `node test/browser/pictures.ts settings [theme]`, into out/pictures. */
const browser = await openBrowser();
const only = process.argv[2] as Theme | undefined;

async function show(options: SettingsPageOptions, page: Partial<PageOptions>, tell: (open: OpenPage<SettingsView> & { readonly host: SettingsPageHost }) => Promise<void>): Promise<void> {
  const host = new SettingsPageHost(options);
  await withPage<SettingsView>(browser, { entry: 'webview/settings/main.ts', name: 'settings-pictures', host: host.host, width: 1280, height: 760, ...page }, async (open) => {
    host.view = open.view;
    await open.page.locator('patchbay-settings').waitFor();
    await open.page.waitForTimeout(300);
    await tell({ ...open, host });
  });
}

const instance = { kind: 'instance', id: 'shop', text: instanceText } as const;
const environment = { kind: 'environment', id: 'live', text: environmentText } as const;
for (const theme of only ? [only] : (['light', 'dark', 'hc-dark', 'hc-light'] as const)) {
  await show({ ...instance, answers: [threePages], bodies: trialBodies }, { theme }, async ({ page, picture }) => {
    await picture(`instance-${theme}`);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('The connection works.').first().waitFor();
    await page.waitForTimeout(300);
    await picture(`instance-tested-${theme}`);
  });
  await show(environment, { theme }, async ({ page, picture }) => {
    await picture(`environment-${theme}`);
    await page.getByRole('button', { name: 'Unlock…' }).click();
    await page.waitForTimeout(200);
    await picture(`environment-unlock-${theme}`);
  });
}
const theme = only ?? 'light';
await show({ ...instance, text: instanceText.replace('{ "$secret": "shop/client-secret" }', '"s3cret"') }, { theme }, ({ picture }) => picture(`instance-plain-${theme}`));
await show({ ...instance, text: '{ "version": 1, "connector": "nothing", "settings": { "a": 1 } }', workspace: { secrets: {} } }, { theme }, ({ picture }) => picture(`instance-unknown-${theme}`));
await show({ ...instance, text: '{ "version": 1, "connector": "brook-shop" }', workspace: { connectors: { 'brook-shop': withLogin } } }, { theme }, ({ picture }) => picture(`instance-login-${theme}`));
await show({ ...environment, text: environmentText.replace('"production": true', '"production": false') }, { theme, width: 360 }, ({ picture }) => picture(`environment-narrow-${theme}`));
await browser.close();
