import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { FlowView } from '../../webview/protocol/flow.ts';
import { openBrowser, seriousFindings, withPage, type OpenPage } from '../support/browser.ts';
import { FlowPageHost, readSample, sampleWorkspace } from '../support/flow-page.ts';

let browser: Browser;
const workspace = await sampleWorkspace();
const sample = await readSample('import-orders');
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

function story(title: string, tell: (open: OpenPage<FlowView> & { readonly host: FlowPageHost }) => Promise<void>): void {
  test(title, async () => {
    const host = new FlowPageHost({ text: sample }, workspace);
    await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow', host: host.host, width: 1500, height: 800 }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await open.page.waitForFunction(() => document.querySelector('patchbay-flow')?.shadowRoot?.querySelector('patchbay-flow-canvas')?.shadowRoot?.querySelector('.world')?.getAttribute('style'));
      await tell({ ...open, host });
    });
  });
}

const step = (page: Page, name: RegExp) => page.getByRole('option', { name });
const breakpoints = (host: FlowPageHost): readonly string[] => host.calls.filter((call) => call.startsWith('breakpoint'));

story('breakpoints: the dot beside a step, and its key', async ({ page, host }) => {
  await step(page, /^Only paid/).hover();
  await page.locator('.dot[data-dot="only-paid"]').click({ force: true });
  await step(page, /^Only paid/).click();
  await page.keyboard.press('b');
  assert.deepEqual(breakpoints(host), ['breakpoint "only-paid"', 'breakpoint "only-paid"']);
  assert.equal(host.edits.length, 0);
  await step(page, /^hourly/).click();
  await page.keyboard.press('b');
  await page.getByRole('status').filter({ hasText: 'Breakpoints stand in front of steps.' }).waitFor();
  assert.equal(breakpoints(host).length, 2);
});

story('breakpoints and the place where the debugger stands are drawn, and said', async ({ page, view, picture }) => {
  await view.debug({ breakpoints: { 'only-paid': { kind: 'condition', text: 'Before the step, when payload.total > 100', hits: '>5' }, 'to-erp': { kind: 'log', text: 'Log: {payload.id}' }, guard: { kind: 'off', text: 'Before the step, disabled' }, totals: { kind: 'unverified', text: 'Before the step, not verified: There is no step on this line.' } }, stopped: 'only-paid' });
  const here = step(page, /^Only paid, Filter, step 4 of 8, the debugger stands here, breakpoint: Before the step, when payload\.total > 100/);
  await here.waitFor();
  assert.equal(await here.getAttribute('aria-current'), 'step');
  assert.match((await here.getAttribute('class')) ?? '', /\bstopped\b/);
  assert.equal(await page.locator('.dot[data-dot="only-paid"]').innerText(), '5');
  assert.deepEqual(await page.locator('.dot:not(.none)').evaluateAll((dots) => dots.map((dot) => dot.className.trim()).sort()), ['dot condition', 'dot log', 'dot off', 'dot unverified']);
  await step(page, /breakpoint: Before the step, not verified: There is no step on this line/).waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  await picture('flow-debug');
  await view.debug({ breakpoints: {} });
  await page.locator('.dot:not(.none)').first().waitFor({ state: 'detached' });
  assert.equal(await page.locator('.stopped').count(), 0);
});

story('the step that a run was stopped in is stopped, after its time', async ({ page, view }) => {
  const counts = { in: 1, out: 1, failed: 0, records: 1, durationMs: 5, ports: {}, retries: 0, firstAt: 0, lastAt: 5 };
  await view.run({ id: 'r1', status: 'stopped', steps: { 'get-orders': counts, 'only-paid': { ...counts, out: 0, durationMs: 65_000, stopped: 1 } }, errors: {}, startedAt: 0, durationMs: 65_005 });
  await page.locator('.node[data-id="only-paid"] .caption').getByText('1 → 0 · stopped · 1 min 05 s').waitFor();
  await step(page, /1 in, 0 out, stopped/).waitFor();
  assert.deepEqual([await page.locator('.node[data-id="only-paid"] .icon.good').count(), await page.locator('.node[data-id="get-orders"] .caption .icon.good').count()], [0, 1]);
});

story('a run that stands in the debugger is paused, on the canvas of its own flow and of those that have called it', async ({ page, view }) => {
  const counts = { in: 1, out: 0, failed: 0, records: 1, durationMs: 5, ports: {}, retries: 0, firstAt: 0, lastAt: 5 };
  await view.run({ id: 'r1', status: 'running', steps: { 'only-paid': counts }, errors: {}, startedAt: 0 });
  const badge = page.getByTitle('Open this run');
  const mark = page.locator('.node[data-id="only-paid"] .caption .icon');
  await badge.getByText('Running').waitFor();
  assert.match((await mark.getAttribute('class')) ?? '', /\bspin\b/);
  await view.debug({ breakpoints: {}, paused: ['r0', 'r1'] });
  await badge.getByText('Paused').waitFor();
  assert.equal(await page.locator('.spin').count(), 0, 'Nothing moves.');
  // A step that is through is so also while the run stands elsewhere.
  await view.run({ id: 'r1', status: 'running', steps: { 'get-orders': { ...counts, out: 1 }, 'only-paid': counts }, errors: {}, startedAt: 0 });
  const through = page.locator('.node[data-id="get-orders"] .caption .icon.good');
  await through.waitFor();
  await view.debug({ breakpoints: {}, stopped: 'only-paid', paused: ['r1'] });
  await page.locator('.node.stopped[data-id="only-paid"]').waitFor();
  assert.deepEqual([await through.count(), await page.locator('.node[data-id="only-paid"] .caption .icon.good').count(), await page.locator('.spin').count()], [1, 0, 0]);
  await view.debug({ breakpoints: {}, stopped: 'only-paid', paused: ['another'] });
  await badge.getByText('Running').waitFor();
  await view.run({ id: 'r1', status: 'success', steps: { 'only-paid': counts }, errors: {}, startedAt: 0, durationMs: 9 });
  await view.debug({ breakpoints: {}, stopped: 'only-paid', paused: ['r1'] });
  await badge.getByText('Success').waitFor();
});

story('what tests have run of each step is drawn, and said', async ({ page, view, picture }) => {
  await view.coverage({ 'only-paid': { ran: 2, ways: 3, missed: ['total at-least 100: does not hold'] }, guard: { ran: 2, ways: 2, missed: [] }, 'to-erp': { ran: 0, ways: 4, missed: ['out', 'number: value'] } });
  await step(page, /^Only paid.*, 2 of 3 ways run by tests, not: total at-least 100: does not hold,/).waitFor();
  assert.deepEqual(await page.locator('.covered').evaluateAll((marks) => marks.map((mark) => `${mark.className.trim().replaceAll(/\s+/g, ' ')} ${mark.textContent}`).sort()), ['covered 2/2', 'covered none 0/4', 'covered part 2/3']);
  assert.match((await page.locator('.covered.part').getAttribute('title')) ?? '', /not: total at-least 100: does not hold$/);
  assert.deepEqual(await seriousFindings(page), []);
  await picture('flow-coverage');
  await view.coverage(undefined);
  await page.locator('.covered').first().waitFor({ state: 'detached' });
});

story('the menu of a step knows the step', async ({ page }) => {
  await step(page, /^Only paid/).click({ button: 'right' });
  const context = await page.locator('patchbay-flow').getAttribute('data-vscode-context');
  assert.deepEqual(JSON.parse(context ?? '{}'), { preventDefaultContextMenuItems: true, webviewSection: 'step', canEdit: true, step: 'only-paid', hasMapping: false });
});
