import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { agree, choose, hash, operatorStories, row } from './operator.ts';
import { token } from './recorded-runner.ts';
import { detail } from './recorded-run.ts';

const story = operatorStories();

describe('queue', () => {
  story('what is at work, what waits and why', '#/queue', async (page) => {
    await page.getByText('4 at work of at most 64 here, 125 waiting').waitFor();
    for (const name of [/At work.*Highest.*This runner/, /Is being stopped/, /begun again after it ended its executor once.*Runner beef1234/, /Waits: 2 of 2 of this flow are at work/, /Waits for an earlier run of its trigger/, /Begins in \d+ minutes/]) await row(page, name).first().waitFor();
    await choose(page, 'Flow', 'Push the stock every five minutes (stock-push)');
    assert.equal(await hash(page), '#/queue?flow=stock-push');
    await page.getByText('1 at work').waitFor();
  });

  story('a run is stopped with the keyboard', '#/queue', async (page, served) => {
    await row(page, /Waiting/).first().waitFor();
    await page.getByRole('grid', { name: 'Queue' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: 'Stop the run' }).focus();
    await page.keyboard.press('Enter');
    while (served.acted.length === 0) await page.waitForTimeout(20);
    assert.deepEqual(served.acted[0], { action: 'stop', runs: ['run_910001'], isProductionConfirmed: false });
    await page.getByText('There is no run "run_910001".').waitFor();
  });
});

describe('versions', () => {
  const at = '#/flows/import-orders?tab=versions';
  story('the way back is asked about and taken', at, async (page) => {
    await row(page, /^3 in use/).waitFor();
    await row(page, /^2/).getByRole('button', { name: 'Roll back' }).click();
    await agree(page, 'Roll back');
    await page.getByText(/Version 2 is in use\.$/).waitFor();
    await row(page, /^2 in use/).waitFor();
    await row(page, /^1/).getByRole('button', { name: 'Roll back' }).click();
    await agree(page, 'Roll back');
    await page.getByText('Version 1 is not what was deployed').waitFor();
  }, { expectedErrors: /503/ });

  story('versions are compared, and the files deployed', at, async (page) => {
    await page.getByRole('button', { name: 'Show the differences' }).click();
    await page.getByText('4 differences from version 3 to the files.').waitFor();
    await row(page, /\/steps\/send\/retry\/attempts 3 5/).waitFor();
    await choose(page, 'To', 'Version 3');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('There is no difference between version 3 and version 3.').waitFor();
    await page.getByRole('button', { name: 'Deploy the files…' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Country has a default');
    await page.keyboard.press('Enter');
    await row(page, /^4 in use .*Country has a default/).waitFor();
  });
});

describe('search', () => {
  story('a tracked value leads to its payload', '#/search/tracked', async (page) => {
    await page.getByText('60 places').waitFor();
    await page.getByRole('searchbox', { name: 'Value' }).or(page.getByRole('searchbox')).first().fill('SO-100457');
    await page.keyboard.press('Enter');
    await page.getByText('1 place', { exact: true }).waitFor();
    await row(page, /SO-100457/).click();
    await page.waitForFunction((id) => location.hash === `#/runs/${id}?step=to-erp&tab=in&payload=p4`, detail.id);
    assert.equal(await row(page, /Map: order → ERP document/).getAttribute('aria-selected'), 'true');
    await page.getByRole('grid', { name: 'Payloads, in' }).waitFor();
    assert.equal(await row(page, /p4/).first().getAttribute('aria-selected'), 'true');
  });

  story('payloads are looked through, further back on demand', '#/search/payloads?text=SO-100457', async (page) => {
    await page.getByText('2 runs found among 100 that were looked through; 1 too long to look into').first().waitFor();
    await page.getByRole('link', { name: 'It was tracked, too' }).waitFor();
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.getByText('4 runs found among 200').first().waitFor();
    await row(page, /run_899893/).waitFor();
    await page.getByRole('radio', { name: 'A value at a path' }).click();
    await page.getByText('What are you looking for?').waitFor();
    await page.getByRole('searchbox').first().fill('$.number');
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox').last().fill('nothing');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing was found').waitFor();
    assert.equal(await hash(page), '#/search/payloads?path=%24.number&value=nothing');
  });
});

describe('state', () => {
  story('documents of a cache are looked at, a key is deleted, the cache is cleared', '#/state/caches', async (page) => {
    await row(page, /^pages run run_900000/).click();
    await row(page, /^orders/).click();
    await page.getByText('"page": 1').waitFor();
    await page.getByRole('button', { name: 'Later document' }).click();
    await page.getByText('"page": 2').waitFor();
    await row(page, /^exchange-rates/).click();
    await page.getByRole('grid', { name: 'Keys' }).getByRole('row', { name: /GBP/ }).click();
    await page.getByRole('button', { name: 'Delete the key…' }).click();
    await agree(page, 'Delete');
    await page.getByText('1 key deleted.').waitFor();
    await page.getByText('4 keys').waitFor();
    await page.getByRole('button', { name: 'Clear the cache…' }).click();
    await agree(page, 'Clear');
    await page.getByText('4 keys deleted.').waitFor();
    await page.getByText('This cache is empty').waitFor();
    assert.equal(await hash(page), '#/state/caches?name=exchange-rates&scope=workspace');
  });

  story('values of a pool are found, added, removed, and exported as CSV', '#/state/pools?name=orders-seen', async (page) => {
    await page.getByText('1,202 values').waitFor();
    await page.getByRole('textbox', { name: 'New value' }).fill('SO-9,"x"');
    await page.getByRole('textbox', { name: 'Its entity type' }).fill('order');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('SO-9,"x" added.').waitFor();
    await page.getByRole('searchbox').fill('SO-9');
    await page.keyboard.press('Enter');
    await page.getByText('1 value', { exact: true }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const text = await readFile(await (await download).path(), 'utf8');
    assert.equal(text.split('\n')[0]!.trim(), 'value,entity_type');
    assert.ok(text.includes('"SO-9,""x""",order'));
    await row(page, /SO-9,/).click();
    await page.getByRole('button', { name: 'Remove the value…' }).click();
    await agree(page, 'Remove');
    await page.getByText('1 value removed.').waitFor();
    await page.getByText('No value fits').waitFor();
  });

  story('a file with values is imported', '#/state/pools?name=stock', async (page) => {
    await page.getByText('1 value', { exact: true }).waitFor();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import CSV…' }).click();
    await (await choosing).setFiles({ name: 'values.csv', mimeType: 'text/csv', buffer: Buffer.from('value,entity_type\nSKU-1,sku\nSKU-2,sku\n') });
    await page.getByText('1 value added; the others were there already.').waitFor();
    await page.getByText('2 values', { exact: true }).waitFor();
  });

  story('a lookup that cannot be read is named, beside the others', '#/state/lookups', async (page) => {
    await row(page, /tax-codes 2 2/).waitFor();
    await row(page, /half-written.*broken/).click();
    await page.getByText(/The quote that opens the cell is never closed/).first().waitFor();
  });

  story('rows of a lookup are found, changed, added and removed', '#/state/lookups?name=tax-codes', async (page) => {
    await row(page, /standard T1/).click();
    await page.getByRole('textbox', { name: 'right_value' }).fill('T2');
    await page.getByRole('button', { name: 'Save' }).click();
    await row(page, /standard T2/).waitFor();
    await page.getByRole('button', { name: 'Add a row' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('left_value must not be empty').waitFor();
    await page.getByRole('textbox', { name: 'left_value' }).fill('zero');
    await page.getByRole('textbox', { name: 'right_value' }).fill('T0');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await row(page, /zero T0/).click();
    await page.getByRole('button', { name: 'Remove the row…' }).click();
    await agree(page, 'Remove');
    await page.getByText('Row 3 (zero) removed.').waitFor();
    await page.getByText('2 rows', { exact: true }).waitFor();
  });

  const prices = async (page: Page): Promise<string> => page.evaluate(async (bearer) => (await fetch('/api/v1/lookups/prices/export', { headers: { authorization: `Bearer ${bearer}` } })).text(), token);
  story('rows with the same key are each their own', '#/state/lookups?name=prices', async (page) => {
    await row(page, /^A 9/).click();
    assert.equal(await page.getByRole('grid', { name: 'Rows' }).getByRole('row', { selected: true }).count(), 1);
    await page.getByRole('textbox', { name: 'price' }).fill('10');
    await page.getByRole('button', { name: 'Save' }).click();
    await row(page, /^A 10/).waitFor();
    assert.equal(await prices(page), 'sku,price\nA,1.5\nB,2\n"C, x",3\nA,10\n');
    await row(page, /^A 1\.5/).click();
    await page.getByRole('button', { name: 'Remove the row…' }).click();
    await page.getByRole('dialog', { name: 'Remove row 1?' }).getByText('It holds A, 1.5.').waitFor();
    await agree(page, 'Remove');
    await page.getByText('Row 1 (A) removed.').waitFor();
    assert.equal(await prices(page), 'sku,price\nB,2\n"C, x",3\nA,10\n');
  });

  story('no row gets the key of another', '#/state/lookups?name=prices', async (page) => {
    await row(page, /^B 2/).click();
    await page.getByRole('textbox', { name: 'sku' }).fill('C, x');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Row 2 of the lookup "prices" is not written: row 3 (line 4) has "sku" "C, x" already').waitFor();
    await page.getByRole('button', { name: 'Add a row' }).click();
    await page.getByRole('textbox', { name: 'sku' }).fill('A');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('A new row of the lookup "prices" is not written: row 1 (line 2) has "sku" "A" already').waitFor();
    assert.equal(await prices(page), 'sku,price\nA,1.5\nB,2\n"C, x",3\nA,9\n');
  }, { expectedErrors: /400/ });

  story('a row that others have moved meanwhile is not changed; the rows are read again', '#/state/lookups?name=prices', async (page) => {
    await row(page, /^B 2/).click();
    await page.getByRole('textbox', { name: 'price' }).fill('7');
    await page.evaluate((bearer) => fetch('/api/v1/lookups/prices/rows?value=A', { method: 'DELETE', headers: { authorization: `Bearer ${bearer}` } }), token);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The lookup "prices" has changed since its rows were read.').waitFor();
    await row(page, /^A 9/).waitFor({ state: 'detached' });
    assert.equal(await prices(page), 'sku,price\nB,2\n"C, x",3\n');
    await row(page, /^B 2/).click();
    await page.getByRole('textbox', { name: 'price' }).fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await row(page, /^B 7/).waitFor();
  }, { expectedErrors: /422/ });
});

describe('insights and audit', () => {
  story('sums by flow and day, most first', '#/insights', async (page) => {
    await row(page, /much-longer.*24,757/).waitFor();
    assert.match((await page.getByRole('row').nth(1).textContent())!, /much-longer/);
    await choose(page, 'Bars', 'Bars: failures');
    assert.match((await page.getByRole('row').nth(1).textContent())!, /much-longer/);
    await choose(page, 'Sums', 'By step');
    await row(page, /import-orders send/).waitFor();
    assert.equal(await hash(page), '#/insights?by=step');
  });

  story('a change is looked at; what is done on the page is among them', '#/audit', async (page) => {
    await page.getByText('130 changes').waitFor();
    await page.getByRole('searchbox').nth(1).fill('flow');
    await page.keyboard.press('Enter');
    await page.getByText('26 changes').waitFor();
    await row(page, /flow\.deploy/).first().click();
    await page.getByRole('region', { name: 'The chosen change' }).getByText('"previous": 2').waitFor();
    await page.evaluate(() => { location.hash = '#/state/caches?name=exchange-rates'; });
    await page.getByRole('button', { name: 'Clear the cache…' }).click();
    await agree(page, 'Clear');
    await page.getByText('5 keys deleted.').waitFor();
    await page.evaluate(() => { location.hash = '#/audit'; });
    await row(page, /API cache\.clear cache exchange-rates .*"removed":5/).waitFor();
  });
});

describe('nothing there, and errors', () => {
  const empty: readonly (readonly [place: string, words: string])[] = [
    ['#/runs', 'Nothing has run yet'], ['#/queue', 'Nothing waits and nothing is at work'], ['#/flows', 'This workspace has no flows'], ['#/search/tracked', 'Nothing was tracked yet'], ['#/state/caches', 'No cache holds anything'],
    ['#/state/pools', 'No pool holds anything'], ['#/state/lookups', 'This workspace has no lookups'], ['#/insights', 'No run ended in this time'], ['#/audit', 'Nothing was changed yet'],
  ];
  story('an empty workspace says what will be there', '#/runs', async (page) => {
    for (const [place, words] of empty) {
      await page.evaluate((to) => { location.hash = to; }, place);
      await page.getByText(words).waitFor();
    }
  }, { isEmpty: true });

  story('a runner that answers with errors or is away: every screen says so and comes back', '#/runs', async (page) => {
    await row(page, /Success/).first().waitFor();
    const away = ['#/queue', '#/search/tracked', '#/search/payloads?text=SO-100457', '#/state/caches', '#/state/pools', '#/state/lookups', '#/insights', '#/audit', '#/flows/import-orders?tab=versions'];
    for (const [at, place] of away.entries()) {
      await page.route('**/api/v1/**', (route) => (at % 2 ? route.abort() : route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify({ code: 'INTERNAL', detail: 'Something broke.', remedy: 'Report it.' }) })));
      await page.evaluate((to) => { location.hash = to; }, place);
      await page.getByText(at % 2 ? 'The runner cannot be reached. Check that it runs.' : 'Something broke.').first().waitFor();
      await page.unroute('**/api/v1/**');
      const again = page.getByRole('button', { name: 'Try again' });
      await again.evaluateAll((buttons) => { for (const button of buttons) (button as HTMLElement).click(); });
      await again.first().waitFor({ state: 'detached' });
    }
  }, { expectedErrors: /500|ERR_|Failed to load/ });
});
