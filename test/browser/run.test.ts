import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { RunView } from '../../webview/protocol/run.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { detail, failedError, longName, recordedHost } from './recorded-run.ts';

let browser: Browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

type Recorded = ReturnType<typeof recordedHost>;

/** Opens the run view over a recorded host and waits until its steps are there. */
async function show(name: string, run: (open: OpenPage<RunView> & Recorded) => Promise<void>, options: Partial<PageOptions> = {}, recorded: Recorded = recordedHost()): Promise<void> {
  await withPage<RunView>(browser, { entry: 'webview/run/main.ts', name, host: recorded.host, ...options }, (open) => run({ ...open, ...recorded }));
}

const row = (page: Page, name: string | RegExp) => page.getByRole('row', { name });
const tab = (page: Page, name: string | RegExp) => page.getByRole('tab', { name });
const item = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name });

describe('accessibility', () => {
  for (const theme of themes) {
    test(`no serious finding, ${theme}`, () => show('axe', async ({ page }) => {
      await item(page, /^id/).waitFor();
      const look = async (where: string) => assert.deepEqual(await seriousFindings(page), [], where);
      await look('a failed payload');
      await row(page, /Get orders/).click();
      await tab(page, /Out/).click();
      await item(page, /^0/).waitFor();
      await look('payloads');
      await tab(page, 'Changes').click();
      await item(page, /Changed, 100001/).click();
      await look('changes');
      await page.getByRole('button', { name: 'Compare with another run' }).click();
      await item(page, /Changed, 100001/).waitFor();
      await look('another run');
      await page.getByRole('button', { name: 'Close' }).click();
      await tab(page, 'Requests').click();
      await row(page, /429/).click();
      await look('requests');
      await row(page, /Whole run/).click();
      await tab(page, 'Logs').click();
      await row(page, /page 0 of the orders/).click();
      await look('logs');
    }, { theme }));
  }

  test('every step says in words how it stands', () => show('words', async ({ page }) => {
    for (const name of ['Done Get orders', 'Failed payloads Map: order → ERP document', 'Disabled Not used any more']) await row(page, new RegExp(name.replaceAll(' ', '\\s+'))).waitFor();
  }));
});

test('a run can be looked through with the keyboard alone', () => show('keyboard', async ({ page }) => {
  await item(page, /^id/).waitFor();
  const press = async (...keys: string[]) => { for (const key of keys) await page.keyboard.press(key); };
  const stops: string[] = [];
  for (let n = 0; n < 8; n++) { await press('Tab'); stops.push(await focused(page)); }
  assert.deepEqual(stops, ['button: Re-send failed', 'button: Run again', 'button: Run with changes', 'button: Replay', 'button: Compare with another run', 'button: Export the run…', 'button: Open the flow', 'grid: Steps']);
  await press('Home', 'ArrowDown', 'ArrowDown');
  assert.equal(await row(page, /Only paid orders/).getAttribute('aria-selected'), 'true');
  await press('Enter');
  assert.match(await focused(page), /^tab: Out/);
  await press('ArrowLeft');
  assert.match(await focused(page), /^tab: In/);
  await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
  assert.match(await focused(page), /^tab: Requests/);
  await press('Home', 'ArrowRight');
  await row(page, /p3/).waitFor();
  await press('Tab');
  assert.equal(await focused(page), 'grid: Payloads, out');
  await press('ArrowDown', 'ArrowDown');
  assert.equal(await row(page, /p4/).getAttribute('aria-selected'), 'true');
  await press('Tab');
  assert.equal(await focused(page), 'separator: Size of the list of payloads');
  const before = await page.getByRole('grid', { name: 'Payloads' }).evaluate((element) => element.clientWidth);
  await press('ArrowRight', 'ArrowRight');
  assert.ok((await page.getByRole('grid', { name: 'Payloads' }).evaluate((element) => element.clientWidth)) > before, 'the separator moves');
  await page.getByRole('tree').focus();
  await press('ArrowRight', 'ArrowDown', 'End', 'Home', 'ArrowDown');
  assert.equal(await page.getByRole('tree').getAttribute('aria-activedescendant'), 'row-1');
  await press('Escape');
  assert.equal(await focused(page), 'grid: Steps');
}));

describe('what a step changed', () => {
  const changes = async (page: Page) => {
    await row(page, /Get orders/).click();
    await tab(page, 'Changes').click();
    await item(page, /Changed, 100001/).waitFor();
  };

  test('counts, records by their key, and the chosen value in full; hidden kinds, and the keyboard', () => show('changes', async ({ page }) => {
    await changes(page);
    assert.equal(await page.getByRole('button', { name: 'Changed: 497 records' }).innerText(), '~497');
    await item(page, 'total_price: before 1.50, after 1.5').click();
    assert.deepEqual(await page.getByRole('region', { name: 'The chosen difference' }).locator('h3, pre').allInnerTexts(), ['In', '1.50', 'Out', '1.5']);
    const tree = page.getByRole('tree', { name: /Changes of/ });
    assert.ok((await tree.getByRole('treeitem').count()) < 100, 'only what is in view is there');
    await tree.focus();
    await page.keyboard.press('End');
    await item(page, /note: before null, after none/).last().waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('F7');
    const chosen = async () => tree.locator(`#${await tree.getAttribute('aria-activedescendant')}`).getAttribute('aria-label');
    assert.equal(await chosen(), 'Changed, 100001, place 2 → 3, 11 values');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await tree.getByRole('treeitem', { name: /Changed, 100001/ }).getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('F7');
    assert.match((await chosen())!, /^Removed, 2/);
    await page.keyboard.press('Shift+F7');
    assert.match((await chosen())!, /^Changed, 100001/);
    await page.getByRole('button', { name: 'Changed: 497 records' }).click();
    assert.equal(await tree.getByRole('treeitem').count(), 3);
    await item(page, /Moved, 3, place 10 → 5/).waitFor();
  }));

  test('another key, what is ignored, another step, the editor for texts, and why it does not work', () => show('changes-how', async ({ page, asked }) => {
    await changes(page);
    const last = () => asked.filter(({ method }) => method === 'payloadDiff').at(-1)!.args[0];
    await page.getByLabel('Values to ignore').fill('at, lines[*].at');
    await page.keyboard.press('Enter');
    await page.getByLabel('Records are put together by').fill('');
    await page.keyboard.press('Tab');
    await item(page, /Changed, record 3/).waitFor();
    assert.deepEqual(last(), { before: { run: detail.id, step: 'get-orders', side: 'in' }, after: { run: detail.id, step: 'get-orders', side: 'out' }, key: '', ignore: ['at', 'lines[*].at'] });
    await page.getByRole('button', { name: 'Open as a difference of texts' }).click();
    assert.deepEqual(asked.at(-1)!.method, 'openDiff');
    await page.getByLabel('Records are put together by').fill('$..x');
    await page.keyboard.press('Tab');
    await page.getByText('Records are told apart by a path of names.').waitFor();
    await row(page, /Batches of 100/).click();
    await item(page, 'Added: 1;SO-1;York').click();
    await row(page, /Totals/).click();
    await page.getByText('Not compared to the end').waitFor();
    await page.getByText('There is no difference.').waitFor();
  }));

  test('a run against another one: the steps that differ, and what', () => show('compare', async ({ page, asked }) => {
    await item(page, /^id/).waitFor();
    await page.getByRole('button', { name: 'Compare with another run' }).click();
    await item(page, /Changed, 100001/).waitFor();
    assert.deepEqual(asked.find(({ method }) => method === 'runDiff')!.args, ['run_earlier_0', detail.id, {}]);
    await page.getByText('It ended as “Partial success”, the other run as “Success”').waitFor();
    await row(page, /Map: order/).click();
    await page.getByText('failed 0 → 2').waitFor();
    await page.getByText('REMOTE_REJECTED 0 → 2 The ERP answered 422.').waitFor();
    await page.getByText('It ended with another error').waitFor();
    assert.deepEqual((asked.filter(({ method }) => method === 'payloadDiff').at(-1)!.args[0] as { before: object }).before, { run: 'run_earlier_0', step: 'to-erp', side: 'failed' });
    await page.getByLabel('Id of the run before').fill('run_of_last_year');
    await page.keyboard.press('Enter');
    await item(page, /Changed, 100001/).waitFor();
    assert.equal(asked.filter(({ method }) => method === 'runDiff').at(-1)!.args[0], 'run_of_last_year');
    await page.getByRole('button', { name: 'Close' }).click();
    await row(page, /Map: order/).waitFor();
  }));
});

test('a run is replayed as the flow is committed, where the host knows git; it cannot be run that way', async () => {
  const recorded = recordedHost();
  const open = recorded.host.open.bind(recorded.host);
  await show('committed', async ({ page, asked }) => {
    await item(page, /^id/).waitFor();
    await page.getByRole('button', { name: 'Replay', exact: true }).first().click();
    await page.getByRole('radio', { name: 'All files as committed (HEAD), to replay' }).check();
    assert.equal(await page.locator('vscode-button', { hasText: 'Run' }).last().getAttribute('aria-disabled'), 'true');
    await page.locator('vscode-button', { hasText: 'Replay' }).last().click();
    await page.getByRole('region', { name: 'Result of the replay' }).waitFor();
    assert.deepEqual((asked.filter(({ method }) => method === 'replay').at(-1)!.args[1] as { version: string }).version, 'committed');
  }, {}, { ...recorded, host: { ...recorded.host, open: () => ({ ...open(), hasGit: true }) } });
});

test('a value says where it comes from, and leads there', () => show('lineage', async ({ page, asked }) => {
  await row(page, /Only paid orders/).click();
  await tab(page, /Out/).click();
  await item(page, /customer/).click();
  await page.getByRole('button', { name: 'Where does this come from?' }).click();
  const way = page.getByRole('region', { name: 'Where $.customer comes from' });
  assert.deepEqual(await way.locator('.how').allInnerTexts(), ['rule 10, customer.name by concatenate, of:']);
  assert.deepEqual(await way.locator('.place .value').allInnerTexts(), ['"first last"', '"first"', '"first"', '"last"', '"last"']);
  assert.equal(await focused(page), 'h3: Where $.customer comes from');
  assert.deepEqual(await seriousFindings(page), []);
  await page.keyboard.press('Escape');
  assert.match(await focused(page), /^tree/);
  await page.getByRole('button', { name: 'Where does this come from?' }).click();
  await way.getByRole('button', { name: /Show answer \/orders\/7/ }).first().click();
  await row(page, /429/).first().waitFor();
  assert.equal(await row(page, /Get orders/).getAttribute('aria-selected'), 'true');
  await row(page, /Only paid orders/).click();
  await tab(page, /Out/).click();
  await item(page, /^number/).click();
  await page.getByRole('button', { name: 'Where does this come from?' }).click();
  await page.getByText('The recording does not hold that any more.').waitFor();
  assert.deepEqual(asked.filter(({ method }) => method === 'lineage')[0]!.args[1], { step: 'only-paid', side: 'out', payload: 'p2', pointer: '/customer' });
}));

test('names that are too long are cut and told in full', () => show('long-names', async ({ page }) => {
  const cell = row(page, new RegExp(longName.slice(0, 20))).getByRole('gridcell').nth(1);
  assert.match((await cell.getAttribute('title'))!, new RegExp(longName));
  assert.ok(await cell.evaluate((element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis'));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
}, { width: 900 }));

test('figures stand to the right, with digits of one width', () => show('figures', async ({ page }) => {
  const cell = row(page, /Get orders/).getByRole('gridcell', { name: '1,234' });
  assert.deepEqual(await cell.evaluate((element) => { const { textAlign, fontVariantNumeric } = getComputedStyle(element); return [textAlign, fontVariantNumeric]; }), ['right', 'tabular-nums']);
}));

test('when each step was at work is drawn within the time of all, and told', () => show('when', async ({ page }) => {
  await row(page, /Totals/).getByTitle('From 400 ms to 2 s after the first step began').waitFor();
  const bars = await page.locator('patchbay-grid').first().getByTitle(/after the first step began/).locator('span').evaluateAll((all) => all.map((bar) => { const cell = bar.parentElement!.getBoundingClientRect(); const { left, right } = bar.getBoundingClientRect(); return left >= cell.left && right <= cell.right + 1; }));
  assert.equal(bars.length, 9);
  assert.ok(bars.every(Boolean), 'no bar leaves its cell');
}));

test('why paging ended is said', () => show('pages', async ({ page }) => {
  await row(page, /Get orders/).click();
  await page.getByText('5 pages; ended as the last page had no link to a next one').last().waitFor();
}));

test('nothing is cut off in a narrow panel', () => show('narrow', async ({ page, picture }) => {
  await item(page, /^id/).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  const outside = await page.getByRole('button').or(page.getByRole('tab')).evaluateAll((elements) => elements.filter((element) => { const { right, width } = element.getBoundingClientRect(); return width > 0 && right > innerWidth + 1 && !element.closest('[role=tablist]'); }).map((element) => element.getAttribute('aria-label') ?? element.textContent));
  assert.deepEqual(outside, []);
  await picture('run-320');
}, { width: 320, height: 700 }));

describe('errors', () => {
  test('a failed payload tells what, where and what to do', () => show('failed-payload', async ({ page, asked }) => {
    const box = page.getByRole('group', { name: failedError.message });
    for (const text of [failedError.remedy, failedError.code, 'flows/import-orders.flow.json:62']) await box.getByText(text).waitFor();
    await page.getByText('Taken over by guard').waitFor();
    await box.getByRole('button', { name: 'Open the flow' }).click();
    assert.deepEqual(asked.at(-1), { method: 'openFlow', args: ['import-orders', 'to-erp'] });
  }));

  test('a failed run leads to the step', () => show('failed-run', async ({ page }) => {
    await page.getByRole('group', { name: 'No connection' }).getByRole('button', { name: 'Show the step' }).click();
    assert.equal(await row(page, /Send to the ERP/).getAttribute('aria-selected'), 'true');
  }, {}, recordedHost({ detail: { ...detail, status: 'failed', error: { code: 'HTTP_CONNECT', message: 'No connection to the ERP.', step: 'send', remedy: 'Start it.' } } })));

  for (const [method, words] of [['run', 'The run could not be read'], ['payloads', 'This list could not be read.'], ['body', 'The body could not be read']] as const) {
    let broken = true;
    test(`when ${method} fails, that is said and can be tried again`, () => show(`fail-${method}`, async ({ page }) => {
      const box = page.getByRole('group', { name: words });
      await box.getByText('The runner is away.').waitFor();
      broken = false;
      await box.getByRole('button', { name: 'Try again' }).click();
      await item(page, /^id/).waitFor();
    }, {}, recordedHost({ fail: (asked) => (broken && asked === method ? 'The runner is away.' : undefined) })));
  }

  test('an action that fails says why', () => show('fail-again', async ({ page }) => {
    await page.getByRole('button', { name: 'Run again', exact: true }).click();
    await page.getByText('The flow has errors.').waitFor();
  }, {}, recordedHost({ fail: (asked) => (asked === 'again' ? 'The flow has errors.' : undefined) })));
});

test('without a run the view says what to do', () => withPage(browser, { entry: 'webview/run/main.ts', name: 'no-run', boot: { catalog: [], title: '' }, host: { open: () => ({ catalog: [], title: '' }) } }, async ({ page }) => {
  await page.getByText('No run is chosen').waitFor();
}));

test('the host shows another run', () => show('show', async ({ page, view, asked, state }) => {
  await item(page, /^id/).waitFor();
  state.detail = { ...detail, id: 'run_other', flowText: detail.flowText.replace('Import orders from the shop', 'Another flow') };
  await view.show('run_other');
  await page.getByRole('heading', { name: 'Another flow' }).waitFor();
  assert.deepEqual(asked.filter(({ method }) => method === 'run').at(-1)!.args, ['run_other']);
}));

describe('live', () => {
  const running = { ...detail, status: 'running' as const, durationMs: undefined, startedAt: Date.now() - 65_000, steps: { 'get-orders': detail.steps['get-orders']! } };

  test('figures move while the run goes on, and nothing is drawn anew', () => show('live', async ({ page, view, state, asked }) => {
    await item(page, /^0/).waitFor();
    assert.deepEqual(asked.filter(({ method }) => method === 'follow').map(({ args }) => args), [['run_01JDFW3Z7M4Q']]);
    const said = await page.evaluateHandle(() => {
      const messages: { text: string; at: number }[] = [];
      new MutationObserver(() => messages.push({ text: document.body.querySelector('[role=status]')!.textContent!, at: performance.now() })).observe(document.body.querySelector('[role=status]')!, { childList: true });
      return messages;
    });
    const before = await row(page, /Get orders/).elementHandle();
    const treeRow = await item(page, /^0/).elementHandle();
    for (let n = 1; n <= 5; n++) {
      const counts = detail.steps['to-erp']!;
      state.detail = { ...running, steps: { ...running.steps, 'to-erp': { ...counts, in: n * 100, out: n * 100, failed: 0 } } } as never;
      await view.events([{ run: detail.id, seq: n, event: { type: 'log', level: 'info', message: 'on', at: 0 } }]);
      await row(page, /Map: order/).getByRole('gridcell', { name: String(n * 100) }).first().waitFor();
    }
    state.detail = detail;
    await view.events([{ run: detail.id, seq: 9, event: { type: 'run-finished', status: 'partial-success', at: 0, durationMs: 3_240 } }]);
    await page.getByText('Partial success').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0);
    assert.ok(await before!.evaluate((element) => element.isConnected), 'the row of a step stays the same element');
    assert.ok(await treeRow!.evaluate((element) => element.isConnected), 'the payload is not drawn anew');
    await page.waitForFunction((messages) => messages.at(-1)?.text.startsWith('Run partial success'), said);
    const messages = await said.jsonValue();
    for (const [at, { at: time }] of messages.entries()) if (at > 0) assert.ok(time - messages[at - 1]!.at >= 1_900, JSON.stringify(messages));
  }, {}, recordedHost({ detail: running as never })));

  test('a run that stands in the debugger is paused', () => show('paused', async ({ page, view }) => {
    const badge = page.locator('.head-status');
    await badge.getByText('Running').waitFor();
    await view.paused([detail.id]);
    await badge.getByText('Paused').waitFor();
    await row(page, /Get orders/).getByText('Paused').waitFor();
    await view.paused([]);
    await badge.getByText('Running').waitFor();
  }, {}, recordedHost({ detail: running as never })));

  test('what is done and what is at work shows in a run that is opened after its start', () => show('at-work', async ({ page }) => {
    await row(page, /Get orders/).getByText('Done so far').waitFor();
    await row(page, /Map: order/).getByText('Working').waitFor();
  }, {}, recordedHost({ detail: { ...running, steps: { 'get-orders': detail.steps['get-orders']!, 'to-erp': { ...detail.steps['to-erp']!, failed: 0, working: 1, workingSince: Date.now() } } } as never })));

  test('the step that a run was stopped in is stopped, after its time', () => show('stopped', async ({ page }) => {
    await row(page, /Get orders/).getByText('Done').waitFor();
    await row(page, /Map: order/).getByText('Stopped').waitFor();
    await row(page, /Map: order/).getByText('1 min 05 s').waitFor();
  }, {}, recordedHost({ detail: { ...detail, status: 'stopped', steps: { 'get-orders': detail.steps['get-orders']!, 'to-erp': { ...detail.steps['to-erp']!, failed: 0, durationMs: 65_000, stopped: 1 } } } as never })));

  test('a run can be stopped, once', () => show('stop', async ({ page, asked }) => {
    await page.getByRole('button', { name: 'Stop' }).click();
    assert.deepEqual(asked.filter(({ method }) => method === 'stop').map(({ args }) => args), [['run_01JDFW3Z7M4Q']]);
  }, {}, recordedHost({ detail: running as never })));

  test('a run that has ended is not followed', () => show('ended', async ({ page, asked }) => {
    await item(page, /^id/).waitFor();
    assert.deepEqual(asked.filter(({ method }) => method === 'follow'), []);
  }));
});

describe('payloads', () => {
  const openBatch = async (page: Page, name: string) => {
    await row(page, /Batches of 100/).click();
    await tab(page, /Out/).click();
    await row(page, name).click();
  };
  const path = (page: Page) => page.getByLabel('Path in the document');

  test('100 MB come in windows, and only those in view', () => show('big', async ({ page, asked, host }) => {
    await openBatch(page, 'p2');
    await item(page, /^0:/).waitFor();
    await page.getByText('357,478 entries · 105 MB').waitFor();
    await path(page).fill('$[250231].customer.name');
    await path(page).press('Enter');
    await item(page, 'name: "Customer 231"').waitFor();
    await page.getByRole('tree').focus();
    await page.keyboard.press('End');
    await item(page, /^357477/).waitFor();
    const windows = asked.filter(({ method, args }) => method === 'body' && args[1] === 'big');
    assert.ok(windows.length <= 12, `${windows.length} windows were asked`);
    for (const { args } of windows) assert.ok(JSON.stringify(host.body(...(args as Parameters<typeof host.body>))).length < 256 * 1024);
    assert.ok((await page.getByRole('treeitem').count()) < 100, 'only rows in view are elements');
  }));

  const findField = (page: Page) => page.getByRole('searchbox', { name: /^Find in/ });
  const foundIs = (page: Page, text: string | RegExp) => page.getByRole('search').getByRole('status').getByText(text, { exact: typeof text === 'string' }).waitFor();

  test('a text is found in 100 MB: the count, the row of each match, forth and back', () => show('find-big', async ({ page, asked, host }) => {
    await openBatch(page, 'p2');
    await item(page, /^0:/).first().click();
    await page.keyboard.press('Control+f');
    await findField(page).fill('CUSTOMER 231');
    await foundIs(page, '1 of 715');
    await item(page, 'name: "Customer 231"').waitFor();
    assert.equal(await item(page, 'name: "Customer 231"').getAttribute('aria-selected'), 'true');
    assert.equal(await page.locator('mark').innerText(), 'Customer 231');
    assert.match(await focused(page), /Find in Payload/, 'the focus stays in the field');
    await page.keyboard.press('Shift+Enter');
    await foundIs(page, '715 of 715');
    await page.getByText('$[357231].customer.name: Customer 231').waitFor();
    await page.keyboard.press('F3');
    await foundIs(page, '1 of 715');
    await page.keyboard.press('Enter');
    await page.getByText('$[731].customer.name: Customer 231').waitFor();
    await page.keyboard.press('Escape');
    await findField(page).waitFor({ state: 'detached' });
    assert.match(await focused(page), /^tree: Payload/);
    const calls = asked.filter(({ method, args }) => (method === 'findInBody' || method === 'body') && args[1] === 'big');
    for (const { method, args } of calls) assert.ok(JSON.stringify(await (host[method as 'body'] as (...args: unknown[]) => unknown)(...args)).length < 256 * 1024);
  }));

  test('what is typed right behind Ctrl+F is looked for, from the first letter on', () => show('find-at-once', async ({ page }) => {
    await openBatch(page, 'p2');
    await item(page, /^0:/).first().click();
    // The next key that the page hears of is for the field, however soon it comes.
    const takes = await page.evaluate(async () => {
      const focused = (): Element | null => { let element = document.activeElement; while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement; return element; };
      focused()!.dispatchEvent(new KeyboardEvent('keydown', { key: 'f', ctrlKey: true, bubbles: true, composed: true, cancelable: true }));
      await new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.addEventListener('message', resolve); port1.start(); port2.postMessage(0); });
      return focused()?.localName;
    });
    assert.equal(takes, 'input');
    await page.keyboard.type('Customer 231');
    await foundIs(page, '1 of 715');
    assert.equal(await findField(page).inputValue(), 'Customer 231');
  }));

  test('a new text ends the search before it', () => show('find-anew', async ({ page, asked }) => {
    await openBatch(page, 'p2');
    await page.getByRole('button', { name: 'Find in the payload' }).click();
    await findField(page).fill('Leeds');
    await foundIs(page, /^1 of [\d,]+\+$/);
    await findField(page).fill('nothing like it');
    await foundIs(page, 'none');
    const texts = asked.filter(({ method }) => method === 'findInBody').map(({ args }) => (args[2] as { text: string }).text);
    assert.ok(texts.lastIndexOf('Leeds') <= texts.indexOf('nothing like it') + 1, 'the first search goes on');
  }));

  test('names are found too, and lines of a text wherever they stand', () => show('find-lines', async ({ page }) => {
    await openBatch(page, 'p5');
    await page.getByRole('button', { name: 'Find in the payload' }).click();
    await findField(page).fill('line_ITEMS');
    await foundIs(page, '1 of 250');
    assert.equal(await page.locator('mark').innerText(), 'line_items');
    await row(page, 'p3').click();
    await foundIs(page, 'none');
    await findField(page).fill('so-119990');
    await foundIs(page, '1 of 1');
    await page.getByText('Line 19,991: 19990;SO-119990;Leeds;450,50').waitFor();
    assert.equal(await page.locator('.line.found').innerText(), '19991 19990;SO-119990;Leeds;450,50'.replace(' ', ''));
  }));

  test('a failed search says why', () => show('find-failed', async ({ page }) => {
    await openBatch(page, 'p2');
    await page.getByRole('button', { name: 'Find in the payload' }).click();
    await findField(page).fill('x');
    await foundIs(page, 'The runner is away.');
  }, {}, recordedHost({ fail: (method) => (method === 'findInBody' ? 'The runner is away.' : undefined) })));

  test('a JSONPath is queried: results as a tree, more of them, and one in the document', () => show('query', async ({ page }) => {
    await openBatch(page, 'p5');
    await page.getByRole('button', { name: 'Query with a JSONPath…' }).click();
    const field = page.getByRole('searchbox', { name: /^JSONPath/ });
    await field.fill('$[*].customer');
    await page.keyboard.press('Enter');
    await page.getByText('200 results+').waitFor();
    await page.getByRole('button', { name: '200 more' }).click();
    await page.getByText('250 results', { exact: true }).waitFor();
    await item(page, /^\$\[3\]\.customer/).click();
    await page.keyboard.press('ArrowRight');
    await item(page, 'name: "Customer 3"').click();
    await page.getByRole('button', { name: 'Show in the document' }).click();
    await path(page).waitFor();
    assert.equal(await path(page).inputValue(), '$[3].customer.name');
    await page.getByRole('button', { name: 'Query with a JSONPath…' }).click();
    await field.fill('{{ payload[*].customer.name }}');
    await page.keyboard.press('Enter');
    await item(page, '$[0].customer.name: "Customer 0"').waitFor();
    await field.fill('$[?');
    await page.keyboard.press('Enter');
    await page.getByText(/is not valid at character/).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
  }));

  test('a document that is too big for a text says so', () => show('too-big', async ({ page }) => {
    await openBatch(page, 'p2');
    await item(page, /^0:/).waitFor();
    await page.getByRole('combobox', { name: 'Show as' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('more than 20,000 entries').waitFor();
    await page.getByRole('button', { name: 'Show the tree' }).click();
    await item(page, /^0:/).waitFor();
  }));

  test('a text is read on at its end', () => show('text', async ({ page, asked }) => {
    await openBatch(page, 'p3');
    await page.getByText('0;SO-100000;Leeds').waitFor();
    await page.getByText(/65\.5 KB of \d+ KB are shown/).waitFor();
    await page.getByRole('button', { name: 'Read on' }).click();
    await page.getByText(/131 KB of/).waitFor();
    assert.deepEqual(asked.filter(({ args }) => args[1] === 'csv').map(({ args }) => (args[2] as { offset: number }).offset), [0, 65_536]);
  }));

  test('a body that was not kept', () => show('not-kept', async ({ page }) => {
    await openBatch(page, 'p4');
    await page.getByText('The body was not kept').waitFor();
  }));

  test('path and value are copied, the whole is saved', () => show('copy', async ({ page, asked }) => {
    await item(page, /^customer/).click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const pasted = () => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('button', { name: 'Copy path' }).click();
    await page.getByText('Copied the path $.customer.name.').waitFor();
    assert.equal(await pasted(), '$.customer.name');
    await page.getByRole('tree').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+c');
    await page.getByText('Copied the value at $.customer.').waitFor();
    assert.deepEqual(JSON.parse(await pasted()), { id: 457, name: 'Customer 457', address: { street: '5 Brook Lane', city: 'Leeds', country: 'GB' } });
    await page.getByRole('button', { name: 'Save the whole body…' }).click();
    assert.deepEqual(asked.at(-1), { method: 'saveBody', args: ['run_01JDFW3Z7M4Q', 'order', 'to-erp-p2.json'] });
  }));

  test('a path that leads nowhere, and what is no path', () => show('paths', async ({ page }) => {
    await item(page, /^id/).waitFor();
    await path(page).fill('$.nothing[3]');
    await path(page).press('Enter');
    await page.getByText('There is nothing at $.nothing[3] in this document.').waitFor();
    await path(page).fill('$[[');
    await path(page).press('Enter');
    await page.getByText('$[[ is not a path.').waitFor();
  }));

  test('undo in a field is undo in the field', () => show('undo', async ({ page }) => {
    await page.evaluate(() => { (globalThis as { reached?: string[] }).reached = []; addEventListener('keydown', (event) => { if (event.key === 'z' || event.key === 'y') (globalThis as { reached?: string[] }).reached!.push(event.key); }); });
    await path(page).focus();
    await page.keyboard.press('End');
    await page.keyboard.type('.id');
    assert.equal(await path(page).inputValue(), '$.id');
    await page.keyboard.press('Control+z');
    assert.equal(await path(page).inputValue(), '$');
    await page.keyboard.press('Control+y');
    assert.equal(await path(page).inputValue(), '$.id');
    assert.deepEqual(await page.evaluate(() => (globalThis as { reached?: string[] }).reached), []);
  }));
});

test('requests tell address, headers, bodies, attempts and errors', () => show('requests', async ({ page }) => {
  await row(page, /Send to the ERP/).click();
  await tab(page, 'Requests').click();
  await row(page, /429/).first().click();
  await page.getByText('Headers 4').or(page.getByText('Headers 3')).click();
  await page.getByText('retry-after').waitFor();
  await item(page, /too many requests/).waitFor();
  await tab(page, 'Request').last().click();
  await page.getByText('Bearer ••••').waitFor();
  await page.getByRole('grid', { name: 'Requests' }).focus();
  await page.keyboard.press('End');
  await page.getByRole('group', { name: /connection refused/ }).waitFor();
}));

test('the log is filtered by level', () => show('log-level', async ({ page, asked }) => {
  await row(page, /Whole run/).click();
  await tab(page, 'Logs').click();
  await row(page, /page 0 of the orders/).waitFor();
  await page.getByRole('combobox', { name: 'Least level' }).click();
  await page.getByRole('option', { name: 'Errors', exact: true }).click();
  await row(page, /MAP_FIELD|is missing/).waitFor();
  assert.equal(await page.getByRole('grid', { name: 'Log' }).getAttribute('aria-rowcount'), '2');
  assert.deepEqual(asked.filter(({ method }) => method === 'logs').at(-1)!.args[1], { level: 'error', page: 1 });
}));
