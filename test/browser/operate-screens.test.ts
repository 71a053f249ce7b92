import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { focused, openBrowser, seriousFindings, themes } from '../support/browser.ts';
import { agree, choose, hash, row, show as showPage } from './operator.ts';
import { detail, replayedDifferently } from './recorded-run.ts';
import { serveRecorded, type Served } from './recorded-runner.ts';

let browser: Browser;
let served: Served;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

/** Every story has a runner of its own, as it changes what is there. */
function story(name: string, place: string, run: (page: Page) => Promise<void>, options: Parameters<typeof showPage>[5] & { readonly isEmpty?: boolean; readonly runs?: number } = {}): void {
  const { isEmpty = false, runs = 40, ...page } = options;
  test(name, async () => {
    served = await serveRecorded({ runs, isEmpty });
    try {
      await showPage(browser, served, name.replaceAll(/\W+/g, '-'), place, run, page);
    } finally {
      await served.close();
    }
  });
}

const places: readonly (readonly [place: string, there: (page: Page) => Promise<unknown>])[] = [
  ['#/queue', (page) => row(page, /Waiting/).first().waitFor()],
  ['#/flows/import-orders?tab=versions', async (page) => { await page.getByRole('button', { name: 'Show the differences' }).click(); await page.getByText('4 differences').waitFor(); }],
  ['#/search/tracked', (page) => row(page, /SO-/).first().waitFor()],
  ['#/search/payloads?text=SO-100457', (page) => row(page, /failed in/).first().waitFor()],
  ['#/state/caches?name=pages&scope=run&owner=run_900000', async (page) => { await row(page, /^orders/).click(); await page.getByText('1 of 3').waitFor(); }],
  ['#/state/pools?name=orders-seen', (page) => row(page, /SO-100000/).waitFor()],
  ['#/state/lookups?name=country-codes', async (page) => { await row(page, /Country 3/).first().click(); await page.getByText('Change the row').waitFor(); }],
  ['#/insights', (page) => row(page, /import-orders/).waitFor()],
  ['#/audit', async (page) => { await row(page, /run\.retry/).first().click(); await page.getByRole('region', { name: 'The chosen change' }).waitFor(); }],
  [`#/runs/${detail.id}?step=send`, async (page) => { await page.getByRole('button', { name: 'Replay' }).first().click(); await page.getByText('gave something else').waitFor(); }],
];

describe('accessibility', () => {
  for (const theme of themes) {
    story(`no serious finding, ${theme}`, '#/queue', async (page) => {
      served.state.replay = replayedDifferently;
      for (const [place, there] of places) {
        await page.evaluate((to) => { location.hash = to; }, place);
        await there(page);
        assert.deepEqual(await seriousFindings(page), [], place);
      }
      await page.evaluate(() => { location.hash = '#/flows/import-orders?tab=versions'; });
      await page.getByRole('button', { name: 'Roll back' }).first().click();
      await page.getByRole('dialog').waitFor();
      assert.deepEqual(await seriousFindings(page), [], 'a question');
    }, { theme });
  }

  story('nothing is cut off at 320 pixels', '#/queue', async (page) => {
    served.state.replay = replayedDifferently;
    for (const [place] of places) {
      await page.evaluate((to) => { location.hash = to; }, place);
      await page.waitForTimeout(120);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, place);
    }
  }, { width: 320, height: 700 });
});

describe('runs', () => {
  story('100,000 runs: the first are there at once, the last on demand', '#/runs', async (page) => {
    await page.getByText('100,000 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press('End');
    await row(page, /Running/).last().waitFor();
    assert.ok((await page.getByRole('row').count()) < 80, 'only rows in view are elements');
    await choose(page, 'Status', 'Stopped');
    await page.getByText('10,000 runs').waitFor();
  }, { runs: 100_000 });

  story('every filter stands in the address', '#/runs', async (page) => {
    await page.getByText('40 runs').waitFor();
    await choose(page, 'Trigger', 'manual');
    await page.getByText('13 runs').waitFor();
    await choose(page, 'Environment', 'production');
    await page.getByText('7 runs').waitFor();
    await page.getByRole('searchbox').fill('erp ANSWERED');
    await page.keyboard.press('Enter');
    await page.getByText('1 run', { exact: true }).waitFor();
    assert.equal(await hash(page), '#/runs?trigger=manual&environment=production&text=erp+ANSWERED');
    await page.reload();
    await page.getByText('1 run', { exact: true }).waitFor();
    await page.goBack();
    await page.getByText('7 runs').waitFor();
  });

  story('time: a span or days', '#/runs?since=2026-11-24&until=2026-11-24', async (page) => {
    const first = page.getByRole('textbox', { name: 'First day' }).or(page.locator('input[type=date]').first());
    await first.first().waitFor();
    await page.getByText('40 runs').waitFor();
    await choose(page, 'Time', 'Last hour');
    await page.getByText('No run fits the filters').waitFor();
    assert.equal(await hash(page), '#/runs?time=1h');
  });

  story('marked runs are pinned with the keyboard, and found by it', '#/runs', async (page) => {
    await page.getByText('40 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    for (const key of [' ', 'ArrowDown', 'ArrowDown', 'Shift+ ']) await page.keyboard.press(key);
    await page.getByText('3 of 40 runs marked').waitFor();
    assert.equal(await page.locator('[role=row][aria-selected=true]').count(), 3);
    assert.equal(await hash(page), '#/runs', 'marking is not opening');
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.getByText('3 runs were pinned').first().waitFor();
    assert.match(await focused(page), /^grid: Runs/);
    await page.getByText('Pinned only').click();
    await page.getByText('3 runs', { exact: true }).waitFor();
    assert.deepEqual(served.acted.map(({ action, runs }) => [action, runs.length]), [['pin', 3]]);
  });

  story('what could not be done says why, run by run', '#/runs?environment=dev', async (page) => {
    await page.getByText('20 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press('Control+a');
    await page.getByText('20 of 20 runs marked').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('4 runs were resumed, 16 runs could not be').first().waitFor();
    await page.getByText('there is nothing to go on with').first().waitFor();
    await page.getByText('and 11 more').waitFor();
    await page.getByText('16 of 20 runs marked').waitFor();
  });

  story('production is asked about, and only then are its runs started', '#/runs?status=failed', async (page) => {
    await page.getByText('4 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: 'Retry' }).click();
    const go = page.getByRole('dialog').getByRole('button', { name: 'Go on' });
    await go.waitFor();
    assert.equal(await go.getAttribute('aria-disabled'), 'true', 'not before it is typed');
    await page.getByRole('dialog').getByRole('textbox').fill('production');
    await page.keyboard.press('Enter');
    await page.getByText('4 runs were started again').first().waitFor();
    assert.deepEqual(served.acted.map(({ isProductionConfirmed }) => isProductionConfirmed), [false, true]);
  });

  story('deleting is asked about; Escape leaves all as it was', '#/runs', async (page) => {
    await page.getByText('40 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete 1 run?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.match(await focused(page), /^button: .?Delete$/);
    await page.keyboard.press('Enter');
    await agree(page, 'Delete');
    await page.getByText('39 runs').waitFor();
  });
});

describe('a run', () => {
  const at = `#/runs/${detail.id}`;
  story('what failed is sent again', at, async (page) => {
    await page.getByRole('button', { name: 'Re-send failed' }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    assert.deepEqual(served.started.at(-1)!.origin, { kind: 'resume', run: detail.id });
  });

  story('a changed payload is run; one as it was is not sent', at, async (page) => {
    await page.getByRole('button', { name: 'Run with changes' }).click();
    const payload = page.getByRole('textbox', { name: 'Payload' });
    await payload.fill('{"ids":');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('The payload is no JSON').waitFor();
    await payload.fill('{"ids":[9]}');
    await page.getByRole('radio', { name: 'The flow as it was' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    assert.deepEqual([served.started[0]!.payload, served.started[0]!.version], [{ body: { ids: [9] }, mediaType: 'application/json' }, 1]);
    await page.getByRole('button', { name: 'Run with changes' }).click();
    await payload.waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    while (served.started.length < 2) await page.waitForTimeout(20);
    assert.equal(served.started[1]!.payload, undefined);
  });

  story('a replay that gives the same, and one that does not', at, async (page) => {
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('The replay gave the same, byte for byte').waitFor();
    served.state.replay = replayedDifferently;
    await page.getByRole('button', { name: 'Replay' }).last().click();
    await page.getByText('The replay gave something else: 4 differences').waitFor();
    await row(page, /\/0\/country GBR GBX/).waitFor();
    await page.getByText('Partial success → Failed').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('grid', { name: 'Steps' }).waitFor();
  });
});

describe('queue', () => {
  story('what is at work, what waits and why', '#/queue', async (page) => {
    await page.getByText('4 at work of at most 64 here, 125 waiting').waitFor();
    for (const name of [/At work.*Highest.*This runner/, /Is being stopped/, /begun again after it ended its executor once.*Runner beef1234/, /Waits: 2 of 2 of this flow are at work/, /Waits for an earlier run of its trigger/, /Begins in \d+ minutes/]) await row(page, name).first().waitFor();
    await choose(page, 'Flow', 'Push the stock every five minutes (stock-push)');
    assert.equal(await hash(page), '#/queue?flow=stock-push');
    await page.getByText('1 at work').waitFor();
  });

  story('a run is stopped with the keyboard', '#/queue', async (page) => {
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
    await page.getByText('zero removed.').waitFor();
    await page.getByText('2 rows', { exact: true }).waitFor();
  });
});

describe('insights and audit', () => {
  story('sums by flow and day, most first', '#/insights', async (page) => {
    await row(page, /much-longer.*24,757/).waitFor();
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
      await page.getByRole('button', { name: 'Try again' }).first().click();
      await page.getByRole('button', { name: 'Try again' }).waitFor({ state: 'detached' });
    }
  }, { expectedErrors: /500|ERR_|Failed to load/ });
});
