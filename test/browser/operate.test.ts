import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { focused, openBrowser, seriousFindings, themes, withPage, type PageOptions } from '../support/browser.ts';
import { hash, row, show as showPage } from './operator.ts';
import { detail } from './recorded-run.ts';
import { serveRecorded, token, type Served } from './recorded-runner.ts';

let browser: Browser;
let served: Served;
before(async () => {
  browser = await openBrowser();
  served = await serveRecorded({ runs: 2_000 });
});
after(async () => {
  await browser.close();
  await served.close();
});

const show = (name: string, place: string, run: (page: Page) => Promise<void>, options: Partial<PageOptions> = {}): Promise<void> => showPage(browser, served, name, place, run, options);
const runId = detail.id;

describe('accessibility', () => {
  for (const theme of themes) {
    test(`no serious finding, ${theme}`, async () => {
      await withPage(browser, { at: served.url, name: 'operate-axe-sign-in', theme }, async ({ page }) => {
        await page.getByLabel('Token of the runner').first().waitFor();
        assert.deepEqual(await seriousFindings(page), [], 'the form to sign in');
      });
      await show('axe', '#/runs', async (page) => {
        await row(page, /Success/).first().waitFor();
        assert.deepEqual(await seriousFindings(page), [], 'runs');
        await page.getByRole('link', { name: 'Flows' }).click();
        await page.getByRole('grid', { name: 'Flows' }).getByRole('row', { name: /Push the stock/ }).click();
        await page.getByRole('heading', { name: 'Push the stock' }).waitFor();
        assert.deepEqual(await seriousFindings(page), [], 'flows');
        await page.goto(`${served.url}#/runs/${runId}`);
        await page.getByRole('treeitem').first().waitFor();
        assert.deepEqual(await seriousFindings(page), [], 'a run');
      }, { theme });
    });
  }
});

describe('signing in', () => {
  const field = (page: Page) => page.getByRole('textbox', { name: 'Token of the runner' });

  test('a link brings the token and does not keep it', () => show('link', '#/flows', async (page) => {
    await row(page, /Answer the order webhook/).waitFor();
    assert.equal(await hash(page), '#/flows');
    await page.reload();
    await row(page, /Answer the order webhook/).waitFor();
  }));

  test('a wrong token is refused, the right one opens the place', async () => {
    await withPage(browser, { at: served.url, name: 'operate-form', hash: '#/flows', expectedErrors: /401/ }, async ({ page }) => {
      await field(page).fill('not the token');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The runner does not take this token.').waitFor();
      await field(page).fill(token);
      await field(page).press('Enter');
      await row(page, /Answer the order webhook/).waitFor();
      assert.equal(await page.title(), 'Brook & Co · Patchbay');
    });
  });

  test('a link with a wrong token says that it was refused', async () => {
    await withPage(browser, { at: served.url, name: 'operate-wrong-link', hash: '#token=old', expectedErrors: /401/ }, async ({ page }) => {
      await page.getByText('The runner does not take this token.').waitFor();
    });
  });

  test('signing out forgets the token', () => show('sign-out', '#/runs', async (page) => {
    await row(page, /Success/).first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await field(page).waitFor();
    await page.reload();
    await field(page).waitFor();
  }));

  test('a runner that has another token by now asks for it', async () => {
    const other = await serveRecorded();
    try {
      await withPage(browser, { at: other.url, name: 'operate-restart', hash: `#token=${token}`, expectedErrors: /401/ }, async ({ page }) => {
        await row(page, /Success/).first().waitFor();
        await page.route('**/api/v1/runs*', (route) => route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer old' } }));
        await page.getByRole('combobox', { name: 'Status' }).click();
        await page.getByRole('option', { name: 'Failed' }).click();
        await page.getByText('The runner does not take the token any more.').waitFor();
      });
    } finally {
      await other.close();
    }
  });
});

describe('runs', () => {
  test('2,000 runs are read by pages, and only those in view', () => show('many', '#/runs', async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => { if (request.url().includes('/api/v1/runs?')) asked.push(new URL(request.url()).searchParams.get('page')!); });
    await page.getByText('2,000 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.querySelector('patchbay-operate')!.shadowRoot!.querySelector('patchbay-run-list')!.shadowRoot!.querySelector('patchbay-grid')!.shadowRoot!.querySelector('#row-1999')?.textContent?.includes('Running'));
    assert.ok(asked.length <= 4, asked.join());
    assert.ok((await page.getByRole('row').count()) < 80, 'only rows in view are elements');
  }));

  test('filters stand in the address, and going back takes them away', () => show('filters', '#/runs', async (page) => {
    await page.getByText('2,000 runs').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Failed' }).click();
    await page.getByText('200 runs').waitFor();
    assert.equal(await hash(page), '#/runs?status=failed');
    await page.getByRole('combobox', { name: 'Flow' }).click();
    await page.getByRole('option', { name: 'Push the stock' }).click();
    await page.getByText('100 runs').waitFor();
    assert.equal(await hash(page), '#/runs?flow=stock-push&status=failed');
    await page.goBack();
    await page.getByText('200 runs').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('2,000 runs').waitFor();
  }));

  test('a link with filters leads to them', () => show('filter-link', '#/runs?flow=stock-push&status=queued', async (page) => {
    await page.getByText('No run fits the filters').waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Status' }).textContent().then((text) => text!.trim()), 'Queued');
  }));

  test('a run is opened and left by mouse, keyboard and address', () => show('open', '#/runs', async (page) => {
    await row(page, /Partial success/).first().click();
    await page.getByRole('heading', { name: 'Import orders from the shop' }).waitFor();
    assert.equal(await hash(page), '#/runs/run_899997');
    await page.goBack();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await hash(page), '#/runs', 'choosing is not opening');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Import orders from the shop' }).waitFor();
    await page.getByRole('link', { name: 'All runs' }).click();
    await row(page, /Success/).first().waitFor();
  }));

  test('a run that is not there', () => show('unknown', '#/runs/run_nothing', async (page) => {
    await page.getByText('There is no run "run_nothing".').waitFor();
  }, { expectedErrors: /404/ }));

  test('new runs come in by themselves, and the chosen one stays chosen', () => show('live', '#/runs', async (page) => {
    await page.getByText('2,000 runs').waitFor();
    await page.getByText('Live').waitFor();
    const asked = page.waitForRequest((request) => request.url().includes('/api/v1/runs?'));
    served.emit({ run: 'run_x', seq: 1, event: { type: 'run-started', at: 0, seed: 1 } });
    await asked;
  }));

  test('a run is started again with its input', () => show('again', `#/runs/${runId}`, async (page) => {
    await page.getByRole('button', { name: 'Run again', exact: true }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    const { flow, origin } = served.started.at(-1)!;
    assert.deepEqual([flow, origin], ['import-orders', { kind: 'retry', run: runId }]);
  }));
});

describe('flows', () => {
  test('a flow is disabled and enabled', () => show('enable', '#/flows/import-orders', async (page) => {
    const toggle = page.getByRole('switch', { name: 'Triggers start runs' });
    await toggle.waitFor();
    await toggle.focus();
    await page.keyboard.press('Space');
    await row(page, /Disabled.*Import orders/).waitFor();
    assert.equal(served.state.flows[0]!.enabled, false);
    await page.getByText('Would be next').waitFor();
    await page.keyboard.press('Space');
    await row(page, /Enabled.*Import orders/).waitFor();
    assert.equal(served.state.flows[0]!.enabled, true);
  }));

  test('the address of a webhook is copied', () => show('address', '#/flows/order-webhook', async (page) => {
    await page.getByRole('button', { name: 'Copy the address' }).click();
    await page.getByText('Copied http').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'http://127.0.0.1:7341/hooks/order-webhook/shop');
  }));

  test('a run is started with a payload', () => show('start', '#/flows', async (page) => {
    await row(page, /Import orders/).click();
    assert.equal(await hash(page), '#/flows/import-orders');
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"since":"2024-01-01"}');
    await page.getByRole('button', { name: 'Format' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Payload' }).inputValue(), '{\n  "since": "2024-01-01"\n}');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    assert.deepEqual(served.started.at(-1)!.payload, { body: { since: '2024-01-01' }, mediaType: 'application/json' });
  }));

  test('a payload that is no JSON is refused with the reason', () => show('bad-payload', '#/flows/import-orders', async (page) => {
    await page.getByRole('textbox', { name: 'Payload' }).fill('{"since":');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('group', { name: 'That did not work' }).waitFor();
  }, { expectedErrors: /400/ }));

  test('errors in the files are said', () => show('errors', '#/flows/stock-push', async (page) => {
    await page.getByText('The files of this flow have 2 errors').waitFor();
  }));
});

test('the page is worked with the keyboard alone', () => show('keyboard', '#/runs', async (page) => {
  await page.getByText('2,000 runs').waitFor();
  const stops: string[] = [];
  for (let n = 0; n < 17; n++) { await page.keyboard.press('Tab'); stops.push(await focused(page)); }
  assert.deepEqual(stops, ['a: Runs', 'a: Queue', 'a: Flows', 'a: Webhooks', 'a: Search', 'a: State', 'a: Insights', 'a: Audit', 'button: Sign out', 'combobox: Flow', 'combobox: Status', 'combobox: Trigger', 'combobox: Environment', 'combobox: Time', 'input: Text in the error', 'input: Pinned only', 'grid: Runs']);
}));

test('nothing is cut off at 320 pixels', () => show('narrow', '#/runs', async (page) => {
  await row(page, /Success/).first().waitFor();
  for (const place of ['#/runs', '#/flows/order-webhook', `#/runs/${runId}`]) {
    await page.evaluate((to) => { location.hash = to; }, place);
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, place);
  }
  for (const name of ['Audit', 'Runs', 'State']) {
    await page.evaluate((to) => { location.hash = `#/${to.toLowerCase()}`; }, name);
    await page.locator('nav [aria-current=page]', { hasText: name }).first().waitFor();
    const box = await page.getByRole('link', { name, exact: true }).boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 320, `${name} is in view: ${JSON.stringify(box)}`);
  }
}, { width: 320, height: 700 }));

test('forced colours: what is chosen, how long it took and what is on are seen', () => show('forced', '#/flows/order-webhook', async (page) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const style = (of: ReturnType<Page['locator']>, property: 'outlineStyle' | 'backgroundColor') => of.first().evaluate((element, name) => getComputedStyle(element)[name], property);
  await row(page, /Answer the order webhook/).waitFor();
  assert.equal(await style(row(page, /Answer the order webhook/), 'outlineStyle'), 'solid', 'the chosen row');
  assert.equal(await style(row(page, /Push the stock/), 'outlineStyle'), 'none', 'another row');
  assert.equal(await style(page.getByRole('tab', { name: 'Overview' }), 'outlineStyle'), 'solid', 'the tab that is shown');
  assert.equal(await style(page.getByRole('tab', { name: 'Versions' }), 'outlineStyle'), 'none', 'another tab');
  assert.equal(await style(page.getByRole('link', { name: 'Flows' }), 'outlineStyle'), 'solid', 'the current link');
  assert.equal(await style(page.getByRole('link', { name: 'Audit' }), 'outlineStyle'), 'none', 'another link');
  const thumb = page.locator('vscode-checkbox .thumb');
  assert.notEqual(await style(thumb, 'backgroundColor'), await style(page.locator('vscode-checkbox .icon'), 'backgroundColor'), 'the switch');
  await page.evaluate(() => { location.hash = '#/insights'; });
  const measure = page.locator('patchbay-insights .measure');
  await measure.first().waitFor();
  assert.notEqual(await style(measure, 'backgroundColor'), await style(page.locator('body'), 'backgroundColor'), 'the bars');
}));

test('without the runner the page says so and comes back', async () => {
  const own = await serveRecorded();
  try {
    await withPage(browser, { at: own.url, name: 'operate-away', hash: `#token=${token}`, expectedErrors: /ERR_|Failed to load/ }, async ({ page }) => {
      await row(page, /Success/).first().waitFor();
      await page.route('**/api/v1/**', (route) => route.abort());
      await page.getByRole('combobox', { name: 'Status' }).click();
      await page.getByRole('option', { name: 'Failed' }).click();
      await page.getByText('The runner cannot be reached. Check that it runs.').waitFor();
      await page.unroute('**/api/v1/**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await row(page, /Failed/).first().waitFor();
    });
  } finally {
    await own.close();
  }
});
