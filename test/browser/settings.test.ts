import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { SettingsView } from '../../webview/protocol/settings.ts';
import { done, threePages, trialBodies } from '../support/connector-page.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { environmentText, instanceText, SettingsPageHost, withLogin, type SettingsPageOptions } from '../support/settings-page.ts';

let browser: Browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

type Story = (open: OpenPage<SettingsView> & { readonly host: SettingsPageHost }) => Promise<void>;
type Options = Partial<SettingsPageOptions> & { readonly page?: Partial<PageOptions> };

function story(title: string, { page: pageOptions, ...options }: Options, tell: Story): void {
  test(title, async () => {
    const host = new SettingsPageHost({ kind: 'instance', id: 'shop', text: instanceText, ...options });
    await withPage<SettingsView>(browser, { entry: 'webview/settings/main.ts', name: 'settings', host: host.host, width: 1280, height: 760, ...pageOptions }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await open.page.getByRole('textbox', { name: 'Title', exact: true }).waitFor();
      await tell({ ...open, host });
    });
  });
}
const live = { kind: 'environment', id: 'live', text: environmentText } as const;

const values = (page: Page): Promise<string[]> => page.getByRole('table').getByRole('row').allInnerTexts();

async function assertSoon(check: () => void | Promise<void>): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      await check();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('instances', () => {
  story('a field of the connector makes one edit of its line, comments stay, and it is undone byte for byte', {}, async ({ page, host }) => {
    const field = page.getByRole('textbox', { name: 'Address', exact: true });
    await field.fill('https://shop.test');
    await field.press('Enter');
    await assertSoon(() => assert.equal(host.text, instanceText.replace('http://127.0.0.1:7401', 'https://shop.test')));
    assert.equal(host.edits.length, 1);
    await assertSoon(async () => assert.ok((await values(page)).some((row) => /Base URL\s+https:\/\/shop\.test\s+connector/.test(row))));
    await host.undo();
    assert.equal(host.text, instanceText);
  });

  story('another connector has another form; nothing of the file is lost', {}, async ({ page, host }) => {
    await choose(page, 'Connector', 'Mock ERP');
    await page.getByText('This setting is not known.').first().waitFor();
    assert.deepEqual(host.edits, [[{ path: ['connector'], value: 'mock-erp' }]]);
    assert.match(host.text, /"clientId": "brook-flows"/);
  });

  story('a secret is set, changed and removed, and its value is nowhere on the page', { workspace: { secrets: {} } }, async ({ page, host }) => {
    await page.locator('.secret', { hasText: 'Not set on this machine' }).waitFor();
    await page.getByTitle('Set… shop/client-secret').click();
    await page.getByText('Set: kept by VS Code on this machine').waitFor();
    await page.getByTitle('Remove… shop/client-secret').click();
    await page.locator('.secret', { hasText: 'Not set on this machine' }).waitFor();
    await page.getByTitle('Keep a secret… shop/client-key').click();
    await assertSoon(() => assert.deepEqual(host.calls, ['setSecret "shop/client-secret"', 'removeSecret "shop/client-secret"', 'setSecret "shop/client-key"']));
    assert.match(host.text, /"clientKey": \{ "\$secret": "shop\/client-key" \}/);
  });

  story('a value that stands in the file is moved to the secrets', { text: instanceText.replace('{ "$secret": "shop/client-secret" }', '"s3cr3t"'), workspace: { secrets: {} } }, async ({ page, host }) => {
    await page.getByText('The value stands in the file.').waitFor();
    assert.ok((await values(page)).every((row) => !row.includes('s3cr3t')), 'not even then it is shown');
    await page.getByTitle('Move it to the secrets… shop/client-secret').click();
    await page.getByText('Set: kept by VS Code on this machine').waitFor();
    assert.deepEqual([host.text, host.kept.get('shop/client-secret')], [instanceText, 's3cr3t']);
  });

  story('values follow the environment, and say who gives them', {}, async ({ page }) => {
    await choose(page, 'Environment', 'live (production)');
    await assertSoon(async () => {
      const rows = await values(page);
      assert.ok(rows.some((row) => /^Address\s+https:\/\/shop\.example\.com\s+environment live$/.test(row)), rows.join('\n'));
      assert.ok(rows.some((row) => /shop\/live-client-secret.*not set on this machine/s.test(row)));
      assert.ok(rows.some((row) => /^Client id\s+brook-flows\s+instance$/.test(row)));
    });
    await page.getByText('live is a production environment: you will be asked.').waitFor();
  });

  story('the connection is tested; the request is shown masked', { answers: [threePages], bodies: trialBodies }, async ({ page, host }) => {
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('The connection works.').first().waitFor();
    assert.deepEqual(host.tests, [['shop', 'dev', []]]);
    await page.getByRole('tab', { name: /^Request/ }).click();
    await page.getByText('Headers').click();
    await page.getByText('Bearer ••••').waitFor();
  });

  story('a test that fails says why and what to do', { answers: [done({ error: { code: 'REMOTE_UNREACHABLE', message: 'http://127.0.0.1:7401 cannot be reached.', remedy: 'Start it.' } }), { kind: 'refused', code: 'SECRET_MISSING', message: 'The secret is missing.', remedy: 'Set it.' }] }, async ({ page }) => {
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('http://127.0.0.1:7401 cannot be reached.').first().waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('SECRET_MISSING').waitFor();
  });

  story('a production system is asked only when that was typed', { answers: [{ kind: 'ask', confirm: 'production', message: 'The environment "live" is marked as production: whoever starts a run must confirm it.' }, threePages], bodies: trialBodies }, async ({ page, host }) => {
    await choose(page, 'Environment', 'live (production)');
    await page.getByRole('button', { name: 'Test connection' }).click();
    const dialog = page.getByRole('dialog', { name: 'This is production' });
    await dialog.getByRole('textbox').fill('live');
    await page.keyboard.press('Enter');
    assert.equal(host.tests.length, 1);
    await dialog.getByRole('textbox').fill('production');
    await page.keyboard.press('Enter');
    await page.getByText('The connection works.').first().waitFor();
    assert.deepEqual(host.tests.map(([, environment, confirm]) => [environment, confirm]), [['live', []], ['live', ['production']]]);
  });

  story('who must log in is led there, and out again', { text: '{ "version": 1, "connector": "brook-shop" }', workspace: { connectors: { 'brook-shop': withLogin } } }, async ({ page, host }) => {
    await page.getByRole('button', { name: 'Log in…' }).click();
    await host.setWorkspace({ logins: [{ instance: 'shop', state: 'in' } as never] });
    await page.getByText('Somebody is logged in.').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await assertSoon(() => assert.deepEqual(host.calls, ['logIn "shop"', 'logOut "shop" "dev"']));
  });

  story('the login of endpoints beside that of the instance', { text: '{ "version": 1, "connector": "brook-shop" }', workspace: { connectors: { 'brook-shop': withLogin }, logins: [{ instance: 'shop', state: 'in' }, { instance: 'shop', method: 'person', state: 'out' }] } }, async ({ page, host }) => {
    await page.getByText('Somebody is logged in.').waitFor();
    await page.getByText('Some endpoints need a login in the browser by person.').waitFor();
    await page.getByRole('button', { name: 'Log in…' }).click();
    await assertSoon(() => assert.deepEqual(host.calls, ['logIn "shop" "person"']));
  });

  story('a file with a fault is shown as it was read, and is not changed', { text: instanceText.replace('"version": 1,', '"version": 1') }, async ({ page, host }) => {
    await page.getByText(/JSON has a syntax error at line 4/).waitFor();
    await page.getByRole('textbox', { name: 'Title', exact: true }).press('x');
    await page.getByRole('button', { name: 'Open as text' }).click();
    await assertSoon(() => assert.deepEqual([host.calls, host.edits], [['openText'], []]));
  });

  story('in Restricted Mode nothing is asked', { trusted: false }, async ({ page }) => {
    await page.getByText('Restricted mode').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Test connection' }).getAttribute('aria-disabled'), 'true');
  });
});

describe('environments', () => {
  story('a production environment is locked until its name is typed', live, async ({ page, host }) => {
    const address = page.getByRole('textbox', { name: 'Address', exact: true });
    assert.equal(await address.isEditable(), false);
    await page.getByRole('button', { name: 'Unlock…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('live');
    await page.keyboard.press('Enter');
    await assertSoon(async () => assert.equal(await address.isEditable(), true));
    await address.fill('https://shop.test');
    await address.press('Enter');
    await assertSoon(() => assert.equal(host.text, environmentText.replace('https://shop.example.com', 'https://shop.test')));
    await host.undo();
    assert.equal(host.text, environmentText);
    // That it is guarded no more is asked once more.
    await page.getByRole('checkbox', { name: 'Production' }).press(' ');
    await page.getByRole('dialog', { name: 'Is live no production environment any more?' }).getByRole('button', { name: 'Cancel' }).click();
    assert.equal(host.text, environmentText);
    await page.getByRole('checkbox', { name: 'Production' }).press(' ');
    await page.getByRole('dialog').getByRole('textbox').fill('live');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.doesNotMatch(host.text, /"production": true/));
  });

  story('an instance is overridden by the fields of its connector, and no more', { kind: 'environment', id: 'dev', text: '{\n  "version": 1\n}\n' }, async ({ page, host }) => {
    await choose(page, 'Override an instance', 'Mock ERP');
    await assertSoon(() => assert.equal(host.text, '{\n  "version": 1,\n  "instances": { "erp": {} }\n}\n'));
    await page.getByRole('textbox', { name: 'Base URL', exact: true }).fill('http://127.0.0.1:9');
    await page.keyboard.press('Enter');
    await page.getByTitle('Keep a secret… erp/dev-key').click();
    await assertSoon(() => assert.match(host.text, /"key": \{ "\$secret": "erp\/dev-key" \}/));
    await assertSoon(async () => assert.ok((await values(page)).some((row) => /^Base URL\s+http:\/\/127\.0\.0\.1:9\s+environment dev$/.test(row))));
    await page.getByRole('button', { name: 'Remove the override of erp' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await assertSoon(() => assert.equal(host.text, '{\n  "version": 1\n}\n'));
  });

  story('variables have names of their own', { kind: 'environment', id: 'dev', text: '{\n  "version": 1,\n  "variables": { "batchSize": 100 }\n}\n' }, async ({ page, host }) => {
    const field = page.getByRole('textbox', { name: /batchSize/ }).last();
    await field.fill('250');
    await field.press('Enter');
    await assertSoon(() => assert.match(host.text, /"batchSize": 250/));
    assert.equal(host.edits.length, 1);
  });
});

describe('keyboard and screen readers', () => {
  story('all of it with the keyboard alone', { answers: [threePages], bodies: trialBodies }, async ({ page, host }) => {
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('My shop');
    await page.keyboard.press('Tab');
    await assertSoon(() => assert.match(host.text, /"title": "My shop"/));
    await page.keyboard.press('Alt+2');
    assert.match(await focused(page), /Environment/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The connection works.').first().waitFor();
  });

  for (const theme of themes) {
    story(`no serious finding in an instance, ${theme}`, { answers: [threePages], bodies: trialBodies, page: { theme } }, async ({ page }) => {
      assert.deepEqual(await seriousFindings(page), []);
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('The connection works.').first().waitFor();
      assert.deepEqual(await seriousFindings(page), []);
    });
    story(`no serious finding in an environment, ${theme}`, { ...live, page: { theme } }, async ({ page }) => {
      assert.deepEqual(await seriousFindings(page), [], 'locked');
      await page.getByRole('button', { name: 'Unlock…' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('live');
      assert.deepEqual(await seriousFindings(page), [], 'question');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Unlock…' }).waitFor({ state: 'detached' });
      assert.deepEqual(await seriousFindings(page), [], 'unlocked');
    });
  }
});
