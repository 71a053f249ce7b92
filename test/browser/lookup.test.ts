import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { LookupView } from '../../webview/protocol/lookup.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { largeLookup, LookupPageHost, sampleUses, type LookupPageOptions } from '../support/lookup-page.ts';

let browser: Browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const prices = '\uFEFFsku,price,title\r\n"A1",10.50, "First, of\nall"\r\nA2,9,Second\r\nA3,12,Third\r\n';

type Story = (open: OpenPage<LookupView> & { readonly host: LookupPageHost; readonly grid: ReturnType<Page['getByRole']> }) => Promise<void>;

function story(title: string, { page: pageOptions, ...options }: Partial<LookupPageOptions> & { readonly page?: Partial<PageOptions> }, tell: Story): void {
  test(title, async () => {
    const host = await LookupPageHost.open({ text: prices, ...options });
    await withPage<LookupView>(browser, { entry: 'webview/lookup/main.ts', name: 'lookup', host: host.host, width: 1200, height: 640, ...pageOptions }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await open.page.locator('patchbay-lookup').waitFor();
      await tell({ ...open, host, grid: open.page.getByRole('grid') });
    });
  });
}

const cell = (page: Page, row: number, column: number) => page.locator(`#cell-${row}-${column}`);
const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name });
const active = (page: Page): Promise<string | null> => page.getByRole('grid').getAttribute('aria-activedescendant');
const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

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

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((given) => navigator.clipboard.writeText(given), text);
  await page.keyboard.press('Control+v');
}

describe('editing', () => {
  story('a cell is one change of its own bytes, and is undone byte for byte', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('ArrowDown');
    await grid.press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('A9');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, prices.replace('A2', 'A9')));
    assert.equal(host.changes.length, 1);
    assert.equal(await active(page), 'cell-2-0');
    await host.undo();
    assert.equal(host.text, prices);
    await assertSoon(async () => assert.equal(await cell(page, 1, 0).innerText(), 'A2'));
    await host.redo();
    assert.equal(host.text, prices.replace('A2', 'A9'));
  });

  for (const [where, enter] of [['in the rows', []], ['in a cell that is edited', ['F2']]] as const) {
    story(`keys that are not of the sheet go on to VS Code: ${where}`, {}, async ({ page, host, grid }) => {
      await cell(page, 0, 0).waitFor();
      await grid.focus();
      for (const key of enter) await page.keyboard.press(key);
      await page.evaluate(() => {
        const heard: string[] = [];
        addEventListener('keydown', ({ key, ctrlKey, defaultPrevented }) => { if (ctrlKey && key !== 'Control') heard.push(`${key}${defaultPrevented ? ' taken' : ''}`); });
        Object.assign(globalThis, { heard });
      });
      const keys = ['p', 's', 'b', 'j', ',', '\\', 'k', 'Tab', 'PageDown', 'PageUp'];
      for (const key of keys) await page.keyboard.press(`Control+${key}`);
      assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { readonly heard: readonly string[] }).heard), keys);
      assert.equal(host.changes.length, 0);
      assert.equal(await page.getByRole('textbox', { name: 'sku, row 1' }).count(), enter.length);
    });
  }

  story('typing begins anew; Escape takes it back; nothing changed is no change', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('x');
    assert.equal(await page.getByRole('textbox', { name: 'sku, row 1' }).inputValue(), 'x');
    await page.keyboard.press('Escape');
    await grid.press('F2');
    assert.equal(await page.getByRole('textbox', { name: 'sku, row 1' }).inputValue(), 'A1');
    await page.keyboard.press('Enter');
    assert.deepEqual([host.text, host.changes.length], [prices, 0]);
  });

  story('undo in a cell stays in the cell; a line break within it is kept', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 2).dblclick();
    const field = page.getByRole('textbox', { name: 'title, row 1' });
    assert.equal(await field.inputValue(), 'First, of\nall');
    await page.keyboard.type('!');
    await page.keyboard.press('Control+z');
    assert.equal(await field.inputValue(), 'First, of\nall');
    await page.keyboard.press('Alt+Enter');
    await page.keyboard.type('more');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, prices.replace('First, of\nall', 'First, of\nall\nmore')));
    await grid.press('Control+z');
    assert.equal(host.changes.length, 1, 'outside of a field undo is the business of VS Code');
  });

  story('Tab leads through the cells while they are filled, and out of the grid at the end of a row', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('Control+End');
    await grid.press('Home');
    await page.keyboard.type('A4');
    await page.keyboard.press('Tab');
    await assertSoon(() => assert.match(host.text, /\r\nA4,,\r\n$/));
    await page.keyboard.type('7');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Fourth, new');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, `${prices}A4,7,"Fourth, new"\r\n`));
    await assertSoon(async () => assert.equal(await active(page), 'cell-4-0', 'Enter goes back to the column where Tab began.'));
    await grid.press('ArrowUp');
    await grid.press('ArrowRight');
    await grid.press('Tab');
    await page.keyboard.type('Fourth');
    await page.keyboard.press('Enter');
    await assertSoon(async () => assert.equal(await active(page), 'cell-4-1'));
    await grid.press('ArrowRight');
    await grid.press('Enter');
    await page.keyboard.press('Enter');
    await assertSoon(async () => assert.equal(await active(page), 'cell-4-2', 'After another key it stays in its column.'));
    await grid.press('End');
    await grid.press('Tab');
    assert.doesNotMatch(await focused(page), /^grid/);
  });

  story('cells of a spreadsheet are pasted as one change; rows that are missing are added', {}, async ({ page, host }) => {
    await cell(page, 2, 1).click();
    await paste(page, '13\t"Third ""3"""\r\n14\tnew\r\n');
    await assertSoon(() => assert.equal(host.text, `${prices.replace('12,Third', '13,"Third ""3"""')},14,new\r\n`));
    assert.equal(host.changes.length, 1);
    await page.getByText('4 cells pasted.').first().waitFor();
  });

  story('what is too wide is refused, and nothing is lost', {}, async ({ page, host }) => {
    await cell(page, 0, 2).click();
    await paste(page, 'a\tb');
    await page.getByRole('group', { name: 'It was not done.' }).getByText('4 columns are needed, and the lookup has 3.').waitFor();
    assert.equal(host.text, prices);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  });

  story('cells are copied, cut, cleared and filled down', {}, async ({ page, host }) => {
    await cell(page, 0, 1).click();
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+c');
    await assertSoon(async () => assert.equal(await copied(page), '10.50\t"First, of\nall"\n9\tSecond'));
    await cell(page, 1, 1).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+d');
    await assertSoon(() => assert.equal(host.text, prices.replace('12,Third', '9,Third')));
    await page.keyboard.press('Delete');
    await assertSoon(() => assert.equal(host.text, prices.replace('A2,9', 'A2,').replace('12,Third', ',Third')));
    await cell(page, 1, 2).click();
    await page.keyboard.press('Control+x');
    await assertSoon(() => assert.match(host.text, /A2,,\r\n/));
    assert.equal(host.changes.length, 3);
  });

  story('a value is pasted into all that is selected', {}, async ({ page, host }) => {
    await cell(page, 0, 1).click();
    await page.keyboard.press('Control+ ');
    await paste(page, '1');
    await assertSoon(() => assert.deepEqual(host.text.match(/,1,/g)?.length, 3));
  });

  story('rows are inserted and deleted', {}, async ({ page, host }) => {
    await cell(page, 0, 1).click();
    await page.keyboard.press('Control+Enter');
    await assertSoon(() => assert.match(host.text, /all"\r\n,,\r\nA2/));
    await assertSoon(async () => assert.equal(await active(page), 'cell-1-0'));
    await page.keyboard.press('Control+Shift+K');
    await page.getByText('1 row deleted.').first().waitFor();
    assert.equal(host.text, prices);
    const told = page.locator('.hint', { hasText: 'deleted.' });
    assert.equal(await told.count(), 1);
    await host.undo();
    await assertSoon(async () => assert.equal(await told.count(), 0, 'It goes with the next change.'));
    await host.redo();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Delete rows' }).click();
    await assertSoon(() => assert.equal(host.text, '\uFEFFsku,price,title\r\n'));
    assert.equal(host.changes.length, 3);
    await told.filter({ hasText: '3 rows' }).waitFor();
    await host.replace(prices);
    await assertSoon(async () => assert.equal(await told.count(), 0));
  });
});

describe('columns', () => {
  story('sorting and filtering are of the view; what is typed there goes to its own row', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('ArrowRight');
    await grid.press('Alt+ArrowDown');
    await page.getByRole('dialog', { name: 'Column price' }).getByLabel('Down', { exact: true }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Sorted by price, down').waitFor();
    await assertSoon(async () => assert.deepEqual(await Promise.all([0, 1, 2].map((row) => cell(page, row, 0).innerText())), ['A2', 'A3', 'A1']));
    assert.equal(host.text, prices);
    await cell(page, 1, 1).dblclick();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('99');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, prices.replace('12', '99')));
    await assertSoon(async () => assert.equal(await cell(page, 1, 0).innerText(), 'A3'));
    await page.getByRole('button', { name: 'Remove: Sorted by price, down' }).click();
    await page.getByRole('searchbox', { name: 'Rows that hold' }).fill('Second');
    await page.keyboard.press('Enter');
    await page.getByText('1 row of 3 rows').waitFor();
    assert.equal(await cell(page, 0, 0).innerText(), 'A2');
    await cell(page, 0, 0).click();
    await page.keyboard.press('Control+Shift+K');
    await assertSoon(() => assert.doesNotMatch(host.text, /A2/));
    await page.getByText('0 rows of 2 rows').waitFor();
  });

  story('a type is chosen, and what does not fit is marked and listed', { settings: { version: 1, key: ['sku'] } }, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('End');
    await grid.press('Alt+ArrowDown');
    const dialog = page.getByRole('dialog', { name: 'Column title' });
    await dialog.getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'Number' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await assertSoon(() => assert.deepEqual(host.calls, ['setColumn "title" {"type":"number","required":false,"isKey":false}']));
    await page.getByRole('button', { name: /"Second" is no number.*row 2/ }).click();
    assert.equal(await active(page), 'cell-1-2');
    assert.equal(await cell(page, 1, 2).getAttribute('aria-invalid'), 'true');
  });

  story('a column is renamed in the header, added, and deleted after a question', { uses: sampleUses }, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('Alt+ArrowDown');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('article');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, prices.replace('sku', 'article')));
    await page.getByRole('button', { name: 'Add column…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('note');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, prices.replace('sku,price,title', 'article,price,title,note')));
    await cell(page, 1, 3).dblclick();
    await page.keyboard.type('late');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.match(host.text, /A2,9,Second,late\r\nA3,12,Third\r\n/));
    await grid.press('Home');
    await grid.press('ArrowRight');
    await grid.press('Alt+ArrowDown');
    await page.getByRole('button', { name: 'Delete column' }).click();
    await page.getByText('3 places ask this lookup.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await assertSoon(() => assert.match(host.text, /^\uFEFFarticle,title,note\r\n"A1", "First, of\nall"\r\nA2,Second,late\r\n/));
    for (let left = host.changes.length; left > 0; left--) await host.undo();
    assert.equal(host.text, prices);
  });

  story('columns that make no table are renamed before anything else', { text: 'a,a\n1,2\n' }, async ({ page, host, grid }) => {
    await page.getByText('Two columns have the name "a".').first().waitFor();
    await cell(page, 0, 0).click();
    await grid.press('Delete');
    await grid.press('End');
    await grid.press('Alt+ArrowDown');
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('b');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, 'a,b\n1,2\n'));
    await page.getByText('Two columns have the name "a".').first().waitFor({ state: 'detached' });
    await grid.press('Delete');
    await assertSoon(() => assert.equal(host.text, 'a,b\n1,\n'));
  });
});

describe('finding', () => {
  story('a text is found and replaced, one and all, as one change each', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await grid.press('Control+f');
    await page.keyboard.type('SECOND');
    await page.keyboard.press('Enter');
    await assertSoon(async () => assert.equal(await active(page), 'cell-1-2'));
    await page.getByRole('button', { name: 'Match case' }).click();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByText('No cell holds it.').waitFor();
    await page.getByRole('button', { name: 'Match case' }).click();
    await page.getByRole('textbox', { name: 'Replace with' }).fill('2nd ($&)');
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    await assertSoon(() => assert.equal(host.text, prices.replace('Second', () => '2nd ($&)')));
    await page.getByRole('searchbox', { name: 'Find' }).fill('a');
    await page.getByRole('textbox', { name: 'Replace with' }).fill('B');
    await page.getByRole('button', { name: 'Replace all' }).click();
    await page.getByText('4 cells changed.').waitFor();
    assert.equal(host.changes.length, 2);
    assert.match(host.text, /"B1",10\.50, "First, of\nBll"\r\nB2/);
    await page.keyboard.press('Escape');
    assert.match(await focused(page), /^grid/);
  });

  story('a duplicate is listed, and the list leads there through a filter', { text: 'sku,price\nA1,1\nA2,2\nA1,3\n', settings: { version: 1, key: ['sku'] } }, async ({ page }) => {
    await page.getByRole('searchbox', { name: 'Rows that hold' }).fill('A2');
    await page.keyboard.press('Enter');
    await page.getByText('1 row of 3 rows').waitFor();
    await page.getByRole('button', { name: /Line 2 has "sku" "A1" already.*row 3/ }).click();
    await page.getByText('The filter was removed').first().waitFor();
    await assertSoon(async () => assert.equal(await active(page), 'cell-2-0'));
  });

  story('who asks is listed; a value is tested as it stands, saved or not', { uses: sampleUses, settings: { version: 1, key: ['sku', 'price'], otherwise: 'error' } }, async ({ page, host }) => {
    await tab(page, /Where used/).click();
    await page.getByRole('button', { name: /Import orders › Map order/ }).click();
    await assertSoon(() => assert.match(host.calls[0] ?? '', /^openFile "flows\/import-orders.flow.json" "\/steps\/map-order/));
    await tab(page, /Test a value/).click();
    await page.getByRole('textbox', { name: 'sku', exact: true }).fill('A2');
    await page.getByRole('textbox', { name: 'price', exact: true }).fill('9');
    await page.keyboard.press('Enter');
    await page.getByRole('status', { name: 'What a flow gets' }).getByText('A flow gets').waitFor();
    await page.getByRole('status', { name: 'What a flow gets' }).getByText('Second').first().waitFor();
    await page.getByRole('textbox', { name: 'price', exact: true }).fill('8');
    await page.getByRole('button', { name: 'Look up' }).click();
    await page.getByText('has no row for ["A2","8"]').waitFor();
  });
});

describe('beginning and files', () => {
  story('an empty file becomes a table by pasting one', { text: '' }, async ({ page, host, grid }) => {
    await page.getByRole('textbox', { name: 'Paste a table' }).focus();
    await paste(page, 'code\tname\r\nDE\tGermany, Federal Republic of\r\n');
    await grid.waitFor();
    assert.equal(host.text, 'code,name\nDE,"Germany, Federal Republic of"\n');
    await host.undo();
    assert.equal(host.text, '');
    await page.getByRole('button', { name: 'Add a column…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('code');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.equal(host.text, 'code\n'));
  });

  story('a file is imported by the key, and what is shown is exported', { imported: 'sku,price\nA2,10\nA7,7\n' }, async ({ page, host }) => {
    await cell(page, 0, 0).waitFor();
    await page.getByRole('button', { name: 'Import CSV…' }).click();
    await assertSoon(() => assert.equal(host.text, `${prices.replace('A2,9', 'A2,10')}A7,7,\r\n`));
    assert.equal(host.changes.length, 1);
    await page.getByRole('searchbox', { name: 'Rows that hold' }).fill('Second');
    await page.keyboard.press('Enter');
    await page.getByText('1 row of 4 rows').waitFor();
    await page.getByRole('button', { name: 'Export CSV…' }).click();
    await assertSoon(() => assert.equal(host.exported, '\uFEFFsku,price,title\r\nA2,10,Second\r\n'));
  });

  story('what others change is shown, and what is selected stays', {}, async ({ page, host }) => {
    await cell(page, 2, 1).click();
    await host.replace(prices.replace('12', '13'));
    await assertSoon(async () => assert.equal(await cell(page, 2, 1).innerText(), '13'));
    assert.equal(await active(page), 'cell-2-1');
  });

  for (const [name, options, text] of [
    ['quotes that are wrong', { text: 'a,b\n"1" x,2\n' }, /Something stands behind the quote/],
    ['a file that cannot be written', { readOnly: 'This lookup can be read only.' }, /can be read only/],
  ] as const) {
    story(`${name}: the rows are there to be read`, options, async ({ page, host, grid }) => {
      await page.getByText(text).first().waitFor();
      await cell(page, 0, 0).click();
      await grid.press('x');
      await grid.press('Delete');
      await grid.press('Control+Shift+K');
      await paste(page, 'y');
      assert.equal(await page.getByRole('button', { name: 'Insert row' }).isDisabled(), true);
      assert.equal(host.changes.length, 0);
      await page.getByRole('button', { name: 'Open as text' }).click();
      await assertSoon(() => assert.deepEqual(host.calls, ['openText']));
    });
  }
});

describe('keyboard and screen readers', () => {
  story('all of it with the keyboard alone', {}, async ({ page, host, grid }) => {
    await cell(page, 0, 0).waitFor();
    await page.keyboard.press('Alt+2');
    assert.match(await focused(page), /^tab: .*Problems/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.type('A3');
    await page.keyboard.press('Enter');
    await page.getByText('A flow gets').waitFor();
    await page.keyboard.press('Alt+1');
    assert.equal(await focused(page), 'grid: Rows of lookups/prices.csv');
    await grid.press('Control+Home');
    for (const [key, to] of [['End', '0-2'], ['Control+ArrowDown', '3-2'], ['ArrowUp', '2-2'], ['PageUp', '0-2'], ['Control+End', '3-2'], ['Home', '3-0']] as const) {
      await grid.press(key);
      assert.equal(await active(page), `cell-${to}`, key);
    }
    await page.keyboard.type('A4');
    await page.keyboard.press('Enter');
    await assertSoon(() => assert.match(host.text, /A4,,\r\n$/));
    await assertSoon(async () => assert.deepEqual(await Promise.all(['aria-rowcount', 'aria-colcount'].map((name) => grid.getAttribute(name))), ['6', '4']));
  });

  for (const theme of themes) {
    story(`no serious finding, ${theme}`, { uses: sampleUses, text: 'sku,price,title\nA1,x,First\nA1,2,Second\n,3,Third\n', settings: { version: 1, key: ['sku'], columns: { price: { type: 'number' } } }, page: { theme } }, async ({ page, grid }) => {
      const look = async (where: string): Promise<void> => assert.deepEqual(await seriousFindings(page), [], where);
      await cell(page, 0, 0).waitFor();
      await look('problems');
      for (const name of [/Where used/, /Test a value/]) { await tab(page, name).click(); await look(String(name)); }
      await grid.press('Control+f');
      await page.keyboard.type('A1');
      await page.keyboard.press('Enter');
      await grid.press('Control+d');
      await look('finding');
      await grid.press('F2');
      await look('editing');
      await page.keyboard.press('Escape');
      await grid.press('Alt+ArrowDown');
      await page.getByRole('dialog').waitFor();
      await look('column');
    });
    story(`no serious finding in the beginning, ${theme}`, { text: '', isOutdated: true, page: { theme } }, async ({ page }) => {
      await page.getByText('This lookup has no columns yet').waitFor();
      assert.deepEqual(await seriousFindings(page), []);
    });
  }
});

story('what was selected and filtered is kept while the tab is hidden', {}, async ({ page }) => {
  await page.getByRole('searchbox', { name: 'Rows that hold' }).fill('T');
  await page.keyboard.press('Enter');
  await cell(page, 0, 1).click();
  const kept = (): Promise<unknown> => page.evaluate(() => {
    const { filter, selection } = (globalThis as { patchbayState?: { state?: Record<string, unknown> } }).patchbayState?.state ?? {};
    return [filter, selection];
  });
  await assertSoon(async () => assert.deepEqual(await kept(), [{ text: 'T' }, { anchor: { row: 0, column: 1 }, active: { row: 0, column: 1 } }]));
});

story('a million rows: only what is seen is drawn, the end is reached, and a cell there is changed', { text: largeLookup(1_000_000) }, async ({ page, host, grid }) => {
  await page.getByText('A large lookup: 1,000,000 rows').waitFor();
  await cell(page, 0, 0).waitFor();
  assert.ok((await page.evaluate(() => { const count = (root: ParentNode): number => [...root.querySelectorAll('*')].reduce((sum, element) => sum + 1 + (element.shadowRoot ? count(element.shadowRoot) : 0), 0); return count(document); })) < 1_500, 'only what is seen is drawn');
  await grid.press('Control+End');
  await grid.press('ArrowUp');
  await page.getByText('SKU-999999').waitFor();
  await grid.press('Home');
  await grid.press('ArrowRight');
  await page.keyboard.type('0.01');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.equal(host.changes.length, 1));
  assert.ok(host.text.endsWith('\nSKU-999999,0.01,"Article 999999, boxed"\n'));
  await page.getByRole('searchbox', { name: 'Rows that hold' }).fill('SKU-77777');
  await page.keyboard.press('Enter');
  await page.getByText('11 rows of 1,000,000 rows').waitFor();
});
