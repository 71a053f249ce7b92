import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Page } from 'playwright-core';
import { focused, seriousFindings, themes } from '../support/browser.ts';
import { agree, choose, hash, operatorStories, row } from './operator.ts';
import { detail, replayedDifferently } from './recorded-run.ts';

const story = operatorStories();

const places: readonly (readonly [place: string, there: (page: Page) => Promise<unknown>])[] = [
  ['#/queue', (page) => row(page, /Waiting/).first().waitFor()],
  ['#/flows/import-orders?tab=versions', async (page) => { await page.getByRole('button', { name: 'Show the differences' }).click(); await page.getByText('4 differences').waitFor(); }],
  ['#/search/tracked', (page) => row(page, /SO-/).first().waitFor()],
  ['#/search/payloads?text=SO-100457', (page) => row(page, /failed in/).first().waitFor()],
  ['#/state/caches?name=pages&scope=run&owner=run_900000', async (page) => { await row(page, /^orders/).click(); await page.getByText('1 of 3').waitFor(); }],
  ['#/state/pools?name=orders-seen', (page) => row(page, /SO-100000/).waitFor()],
  ['#/state/lookups?name=country-codes', async (page) => { await row(page, /Country 3/).first().click(); await page.getByRole('heading', { name: /^Change row \d/ }).waitFor(); }],
  ['#/insights', (page) => row(page, /import-orders/).waitFor()],
  ['#/audit', async (page) => { await row(page, /run\.retry/).first().click(); await page.getByRole('region', { name: 'The chosen change' }).waitFor(); }],
  [`#/runs/${detail.id}?step=send`, async (page) => { await page.getByRole('button', { name: 'Replay' }).first().click(); await page.getByText('gave something else').waitFor(); }],
];

describe('accessibility', () => {
  for (const theme of themes) {
    story(`no serious finding, ${theme}`, '#/queue', async (page, served) => {
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

  story('nothing is cut off at 320 pixels', '#/queue', async (page, served) => {
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

  story('marked runs are pinned with the keyboard, and found by it', '#/runs', async (page, served) => {
    await page.getByText('40 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    for (const key of [' ', 'ArrowDown', 'ArrowDown', 'Shift+ ']) await page.keyboard.press(key);
    await page.getByText('3 of 40 runs marked').waitFor();
    assert.equal(await page.locator('[role=row][aria-selected=true]').count(), 3);
    assert.equal(await hash(page), '#/runs', 'marking is not opening');
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.getByText('3 runs were pinned').first().waitFor();
    assert.match(await focused(page), /Runs/);
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

  story('production is asked about, and only then are its runs started', '#/runs?status=failed', async (page, served) => {
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
    assert.equal(await focused(page), 'button: Delete');
    await page.keyboard.press('Enter');
    await agree(page, 'Delete');
    await page.getByText('39 runs').waitFor();
  });

  story('a question is over with Escape at once, and a key that was held before does not answer it', '#/runs', async (page) => {
    await page.getByText('40 runs').waitFor();
    await page.getByRole('grid', { name: 'Runs' }).focus();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.down('Enter');
    await page.getByRole('dialog', { name: 'Delete 1 run?' }).waitFor();
    await page.waitForFunction(() => document.querySelector('patchbay-ask')?.shadowRoot?.activeElement?.localName === 'vscode-button');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    // What the browser does for Escape.
    const isGone = await page.evaluate(() => {
      const dialog = document.querySelector('patchbay-ask')?.shadowRoot?.querySelector('dialog') as (HTMLDialogElement & { requestClose?(): void }) | null | undefined;
      dialog?.requestClose?.();
      return dialog ? document.querySelector('patchbay-ask') === null : 'answered';
    });
    assert.equal(isGone, true);
    await page.getByText('40 runs').waitFor();
  });
});

story('the keyboard leads into a run and back, and is never lost', '#/runs', async (page) => {
  await page.getByRole('grid', { name: 'Runs' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'All runs' }).waitFor();
  assert.equal(await focused(page), 'a: All runs');
  const run = await page.evaluate(() => location.hash);
  await page.goBack();
  await page.waitForFunction(() => location.hash === '#/runs');
  await page.getByRole('grid', { name: 'Runs' }).locator('.chosen').waitFor();
  assert.match(await focused(page), /Runs/);
  await page.keyboard.press('Enter');
  await page.waitForFunction((before) => location.hash === before, run);
});

describe('a run', () => {
  const at = `#/runs/${detail.id}`;
  story('what failed is sent again', at, async (page, served) => {
    await page.getByRole('button', { name: 'Re-send failed' }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    const { origin, only } = served.started.at(-1)!;
    assert.deepEqual([origin, only], [{ kind: 'resume', run: detail.id }, undefined]);
  });

  story('one of those that failed is sent again', `${at}?step=to-erp&tab=failed`, async (page, served) => {
    await page.getByRole('button', { name: 'Re-send this payload' }).click();
    await page.waitForFunction(() => location.hash === '#/runs/run_new');
    const { origin, only } = served.started.at(-1)!;
    assert.deepEqual([origin, only?.length, typeof only?.[0]], [{ kind: 'resume', run: detail.id }, 1, 'string']);
  });

  story('a changed payload is run; one as it was is not sent', at, async (page, served) => {
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

  story('a replay that gives the same, and one that does not', at, async (page, served) => {
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
