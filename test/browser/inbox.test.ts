import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { InboxView } from '../../webview/protocol/inbox.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { fill, inboxWorld, token, type InboxWorld } from './inbox-world.ts';

let browser: Browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

/** The panel over a real runner, to which something has come unless it is empty. */
async function show(name: string, run: (open: OpenPage<InboxView> & InboxWorld) => Promise<void>, { isEmpty = false, publicUrl, ...options }: Partial<PageOptions> & { readonly isEmpty?: boolean; readonly publicUrl?: string } = {}): Promise<void> {
  await using world = await inboxWorld({ ...(publicUrl !== undefined && { publicUrl }) });
  if (!isEmpty) await fill(world);
  await withPage<InboxView>(browser, { entry: 'webview/inbox/main.ts', name: `inbox-${name}`, host: world.host, ...options }, async (open) => {
    const stop = world.runner.inbox.subscribe((rows, unread) => void open.view.changed(rows, unread).catch(() => {}));
    try {
      await run({ ...open, ...world });
    } finally {
      stop();
    }
  });
}

const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
const tab = (page: Page, name: string | RegExp) => page.getByRole('tab', { name });
const step = (page: Page, name: RegExp) => page.getByRole('list', { name: 'Check of the signature' }).getByRole('listitem').filter({ hasText: name });

describe('accessibility', () => {
  for (const theme of themes) {
    test(`no serious finding, ${theme}`, () => show('axe', async ({ page }) => {
      const look = async (where: string) => assert.deepEqual(await seriousFindings(page), [], where);
      await row(page, /orders\/open/).waitFor();
      await look('a list');
      await row(page, /401/).last().click();
      await step(page, /Time of sending/).waitFor();
      await look('a check');
      for (const name of ['Headers', 'Body', 'Answer']) { await tab(page, name).click(); await look(name); }
      await page.getByRole('button', { name: 'Edit and replay' }).click();
      await page.getByRole('heading', { name: /Replay request/ }).waitFor();
      await look('an edit');
      await page.getByRole('button', { name: 'Respond' }).click();
      await page.getByRole('heading', { name: 'How an address answers' }).waitFor();
      await look('a rule');
    }, { theme }));
  }
});

test('a request tells how its run goes, also when that ends while it is shown', () => show('run-ends', async ({ page, view, host, runner }) => {
  let runStatus = 'queued';
  Object.assign(host, { request: async (id: number) => ({ ...(await runner.inbox.get(id)), run: 'r1', runStatus }) });
  await row(page, /orders\/shop/).filter({ hasText: 'Right' }).last().click();
  await page.getByText(/ · answered 20\d.* · run queued/).waitFor();
  await tab(page, 'Answer').click();
  await page.getByText('run queued', { exact: true }).waitFor();
  runStatus = 'partial-success';
  await view.changed([], 0);
  await page.getByText('run partial success', { exact: true }).waitFor();
}));

describe('the check of a signature is told step by step', () => {
  test('a right one, with what was signed and the secret', () => show('right', async ({ page }) => {
    await row(page, /orders\/shop/).filter({ hasText: 'Right' }).last().click();
    await page.getByText('The signature is right', { exact: true }).waitFor();
    assert.match(await step(page, /Comparison/).innerText(), /method\s+HMAC-SHA256\s+signed\s+\d{10}\.<body, 66 bytes>\s+expected with hook\s+v1=[0-9a-f]{6}…\s+got\s+v1=[0-9a-f]{6}…\s+secret\s+hook/);
  }));
  test('an old time', () => show('old', async ({ page }) => {
    await row(page, /orders\/shop/).filter({ hasText: 'Wrong' }).click();
    await page.getByText('The signature is not accepted').waitFor();
    assert.match(await step(page, /Time of sending/).innerText(), /sent\s+2020-09-13T12:26:40\.000Z/);
  }));
  test('a body that was changed', () => show('changed', async ({ page }) => {
    await row(page, /long-street/).click();
    await step(page, /The signature is wrong/).waitFor();
    assert.match(await step(page, /The signature is wrong/).innerText(), /got\s+sha256=757107…/);
  }));
  test('a delivery that came again leads to the first', () => show('again', async ({ page }) => {
    await row(page, /again 2/).click();
    await page.getByText('This delivery had come before').waitFor();
    await page.getByRole('button', { name: '2', exact: true }).click();
    await page.getByText('request 2 ·').waitFor();
  }));
});

test('with the keyboard alone: through the list, replay, keep, compare, remove', () => show('keyboard', async ({ page, runner }) => {
  await row(page, /orders\/open/).waitFor();
  const press = async (...keys: string[]) => { for (const key of keys) await page.keyboard.press(key); };
  const stops: string[] = [];
  for (let n = 0; n < 9; n++) { await press('Tab'); stops.push(await focused(page)); if (stops.at(-1) === 'grid: Requests') break; }
  assert.equal(stops.at(-1), 'grid: Requests', stops.join(', '));
  await press('Home');
  await page.getByText('request 6 ·').waitFor();
  await press('ArrowDown', 'ArrowDown');
  await page.getByText('request 4 ·').waitFor();
  await press('s');
  await page.getByText(/It was signed anew and sent once more: 200, as request 7\./).waitFor();
  await row(page, /200/).nth(1).waitFor();
  assert.deepEqual((await runner.inbox.get(7)).origin, { type: 'replay', of: 4, isSigned: true });
  await press('p');
  await page.getByRole('button', { name: 'Keep it', pressed: true }).waitFor();
  await press('c');
  await page.getByText('Choose the other request in the list.').waitFor();
  await press('ArrowDown');
  await page.getByText('Back to the request').waitFor();
  await page.getByText(/evt_2/).first().waitFor();
  await page.getByRole('button', { name: 'Back to the request' }).focus();
  await press('Enter', 'Delete');
  await page.getByText('Request 4 is removed.').waitFor();
  assert.equal((await runner.inbox.list({})).total, 6);
}));

test('a request that was not signed right stays so when it is sent once more, unless it is signed anew', () => show('sign', async ({ page, runner }) => {
  await row(page, /long-street/).click();
  await page.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByText('It was sent once more, as it came: 401, as request 7.').waitFor();
  await page.getByRole('button', { name: 'Sign anew and replay' }).click();
  await page.getByText('It was signed anew and sent once more: 200, as request 8.').waitFor();
  assert.deepEqual([(await runner.inbox.get(7)).isValid, (await runner.inbox.get(8)).isValid], [false, true]);
  await row(page, /long-street/).first().click();
  await page.getByText(/· 5 once more, signed here/).waitFor();
  await row(page, /orders\/open/).first().click();
  await page.getByText('request 6 ·').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Sign anew and replay' }).count(), 0, 'its trigger has no signature');
}));

test('a request is edited, signed anew and sent three times', () => show('edit', async ({ page, runner }) => {
  await row(page, /long-street/).click();
  await page.getByRole('button', { name: 'Edit and replay' }).click();
  const body = page.getByRole('textbox', { name: 'Body' });
  const signature = page.getByRole('status', { name: 'Signature' });
  assert.equal(await signature.innerText(), 'It has the signature it came with.');
  await body.fill('{"id":4}');
  await signature.getByText('It has the signature it came with, which is not that of the changed body.').waitFor();
  await page.getByRole('checkbox', { name: 'Sign it anew' }).press('Space');
  await signature.getByText('It is signed with the secret of the trigger.').waitFor();
  await page.getByRole('spinbutton', { name: 'How often' }).fill('3');
  await page.getByRole('spinbutton', { name: 'How often' }).press('Tab');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('status', { name: 'What was answered' }).getByRole('listitem').nth(2).waitFor();
  const { items } = await runner.inbox.list({ perPage: 3 });
  assert.deepEqual(items.map(({ isValid, status, origin }) => [isValid, status, origin?.of]), [[true, 200, 5], [true, 200, 5], [true, 200, 5]]);
  assert.equal(new Set(items.map(({ run }) => run)).size, 3);
  await page.getByRole('textbox', { name: 'Headers' }).fill('no header');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('“Name: value” in a line of its own').waitFor();
}));

test('what is typed into a form is not lost by something else in its place', () => show('draft', async ({ page, runner, view }) => {
  const dialog = page.getByRole('dialog', { name: 'Give up what you typed?' });
  const body = page.getByRole('textbox', { name: 'Body' });
  const edit = async (text: string): Promise<void> => {
    await row(page, /long-street/).click();
    await page.getByRole('button', { name: 'Edit and replay' }).click();
    await body.fill(text);
  };
  const others: readonly (readonly [what: string, by: () => Promise<unknown>])[] = [
    ['another row', () => row(page, /orders\/open/).first().click()],
    ['the next row, by key', async () => { await page.getByRole('grid', { name: 'Requests' }).focus(); await page.keyboard.press('ArrowDown'); }],
    ['a request that is chosen outside', async () => view.show(1)],
    ['a test request', () => page.getByRole('button', { name: 'Test request' }).click()],
    ['the rules', () => page.getByRole('button', { name: 'Respond' }).click()],
    ['all that are not pinned, removed', () => page.getByRole('button', { name: 'Remove all that are not pinned' }).click()],
  ];
  await edit('{"id":4}');
  for (const [what, by] of others) {
    await by();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await body.inputValue(), '{"id":4}', what);
    assert.equal(await row(page, /long-street/).getAttribute('aria-selected'), 'true', what);
  }
  assert.equal((await runner.inbox.list({})).total, 6);
  await row(page, /orders\/open/).first().click();
  await dialog.getByRole('button', { name: 'Give it up' }).click();
  await page.getByRole('tab', { name: 'Signature' }).waitFor();
  // Where nothing was typed nobody is asked.
  await page.getByRole('button', { name: 'Respond' }).click();
  await page.getByRole('heading', { name: 'How an address answers' }).waitFor();
  await row(page, /long-street/).click();
  await page.getByRole('tab', { name: 'Signature' }).waitFor();
}));

test('a test request is made where nothing has come yet', () => show('empty', async ({ page, runner }) => {
  await page.getByText('No request has come yet').waitFor();
  await page.getByText(/curl -X POST 'http:\/\/127\.0\.0\.1:7341\/hooks\//).waitFor();
  await page.getByRole('button', { name: 'Send a test request' }).click();
  await page.getByRole('combobox', { name: 'Address' }).click();
  await page.getByRole('option', { name: 'orders/shop' }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await row(page, /orders\/shop/).filter({ hasText: 'Right' }).waitFor();
  assert.equal((await runner.inbox.get(1)).origin?.type, 'test');
}, { isEmpty: true }));

test('the public address is the one that is shown', () => show('public', async ({ page }) => {
  await page.getByText('https://hooks.example.com/hooks/', { exact: true }).waitFor();
  await page.getByText(/^https:\/\/hooks\.example\.com\/hooks\/[\w-]+\/\w+$/).waitFor();
  await page.getByText(/^curl -X POST 'https:\/\/hooks\.example\.com\/hooks\//).waitFor();
}, { isEmpty: true, publicUrl: 'https://hooks.example.com' }));

test('an address without a flow captures and answers by its rule', () => show('respond', async ({ page, runner, url }) => {
  await row(page, /orders\/open/).waitFor();
  await page.getByRole('button', { name: 'Respond' }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('new/shop');
  await page.getByRole('textbox', { name: 'Body of the answer' }).fill('{"got":{{ payload. }}}');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('The rule is not used').waitFor();
  await page.getByRole('textbox', { name: 'Body of the answer' }).fill('{"got":{{ payload.id }}}');
  await page.getByRole('spinbutton', { name: 'How many fail first' }).fill('1');
  await page.getByRole('spinbutton', { name: 'How many fail first' }).press('Tab');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('From now on it answers so.').waitFor();
  const answers = [];
  for (let turn = 0; turn < 2; turn++) { const response = await fetch(`${url}/hooks/new/shop`, { method: 'POST', body: '{"id":7}', headers: { 'content-type': 'application/json' } }); answers.push([response.status, await response.text()]); }
  assert.deepEqual([answers[0]![0], answers[1]], [503, [200, '{"got":7}']]);
  await row(page, /captured/).waitFor();
  await row(page, /failed on purpose/).waitFor();
  await page.getByRole('button', { name: 'Remove the rule of new/shop' }).click();
  await page.getByText('The rule is removed').waitFor();
  assert.deepEqual((await runner.inbox.state()).rules, []);
}));

test('paused, read, copied, and the run behind a request', () => show('rest', async ({ page, opened }) => {
  await page.getByText('6 new requests').waitFor();
  await row(page, /orders\/open/).click();
  await page.getByText('5 new requests').waitFor();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await page.getByText('5 new requests').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Show the run' }).click();
  await page.getByRole('button', { name: 'Copy as cURL' }).click();
  await page.getByText('The command is copied.').waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl -X POST 'http:\/\/127\.0\.0\.1:7341\/hooks\/orders\/open' \\\n {2}-H 'content-type: application\/json'/);
  assert.equal(opened.length, 1);
  await tab(page, 'Body').click();
  await page.getByText(/This is the beginning of/).waitFor();
  await page.getByRole('button', { name: /^Pause/ }).click();
  await page.getByText('Paused').waitFor();
}));

/** What the page keeps while its tab is hidden. */
const kept = (page: Page) => page.evaluate(() => (globalThis as { patchbayState?: { state: { form?: { body: string } } } }).patchbayState);

describe('what was typed is there again when the tab was hidden', () => {
  const forms: readonly { readonly name: string; readonly open: (page: Page) => Promise<void>; readonly field: string; readonly heading: string | RegExp }[] = [
    { name: 'a test request', open: (page) => page.getByRole('button', { name: 'Test request' }).click(), field: 'Body', heading: 'Send a test request' },
    { name: 'a request that is edited', open: async (page) => { await row(page, /long-street/).click(); await page.getByRole('button', { name: 'Edit and replay' }).click(); }, field: 'Body', heading: /^Replay request/ },
    { name: 'a rule', open: (page) => page.getByRole('button', { name: 'Respond' }).click(), field: 'Body of the answer', heading: 'How an address answers' },
  ];
  for (const { name, open, field, heading } of forms) test(name, () => show('kept', async ({ page }) => {
    await open(page);
    const title = await page.getByRole('heading', { name: heading }).innerText();
    await page.getByRole('textbox', { name: field, exact: true }).fill('half ty');
    await page.waitForFunction(() => (globalThis as { patchbayState?: { state: { form?: { body: string } } } }).patchbayState?.state.form?.body === 'half ty');
    await page.addInitScript((state) => { (globalThis as { patchbayState?: unknown }).patchbayState = state; }, await kept(page));
    await page.reload();
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: field, exact: true }).inputValue(), 'half ty');
    // Leaving it asks, as before.
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Give it up' }).press('Enter');
    await page.getByRole('heading', { name: title, exact: true }).waitFor({ state: 'detached' });
    assert.equal((await kept(page))?.state.form, undefined);
  }));
});

test('the operators’ page has it, too, and shows what comes', async () => {
  await using world = await inboxWorld({ withPage: true });
  await withPage(browser, { at: world.url, name: 'inbox-operate', hash: `#token=${token}&/inbox` }, async ({ page }) => {
    await page.getByText('No request has come yet').waitFor();
    await fetch(`${world.url}/hooks/orders/open`, { method: 'POST', body: '{"id":1}', headers: { 'content-type': 'application/json' } });
    await row(page, /orders\/open/).click();
    await page.getByText('Nothing was checked').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('button', { name: 'Show the run' }).click();
    await page.waitForURL(/#\/runs\//);
  });
});
