import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Flow } from '../../server/model/flow.ts';
import type { FlowView } from '../../webview/protocol/flow.ts';
import { focused, openBrowser, seriousFindings, withPage, type OpenPage } from '../support/browser.ts';
import { FlowPageHost, readSample, sampleWorkspace, type FlowPageOptions } from '../support/flow-page.ts';
import { assertSoon } from '../support/soon.ts';

let browser: Browser;
const [workspace, sample] = await Promise.all([sampleWorkspace(), readSample('import-orders')]);
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

type Story = (open: OpenPage<FlowView> & { readonly host: FlowPageHost; readonly settings: (step: string) => unknown }) => Promise<void>;

const story = (title: string, options: Partial<FlowPageOptions>, tell: Story): void => void test(title, async () => {
  const host = new FlowPageHost({ text: sample, ...options }, workspace);
  await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow-suggestions', host: host.host, width: 1500, height: 800 }, async (open) => {
    host.view = open.view;
    await open.page.getByRole('option', { name: /^Only paid/ }).waitFor();
    await tell({ ...open, host, settings: (step) => (JSON.parse(host.text) as Flow).steps[step]?.settings });
  });
});

const list = (page: Page): Locator => page.getByRole('listbox', { name: 'Suggestions' });
const offered = (page: Page): Promise<string[]> => list(page).getByRole('option').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')!));

async function openField(page: Page, view: OpenPage<FlowView>['view'], step: string, field: string): Promise<Locator> {
  await view.select(step);
  const input = page.getByRole('textbox', { name: field, exact: true });
  await input.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  return input;
}

story('an expression is written by keys alone, without any run', {}, async ({ page, view, settings }) => {
  const input = await openField(page, view, 'report-failure', 'Message');
  await page.keyboard.press('Control+Space');
  await list(page).waitFor();
  assert.deepEqual(await offered(page), ['payload', 'meta, an object', 'flow, an object, last {"since":"2024-01-01T00:00:00Z"}', 'env, an object', 'run, an object', 'now, a text']);
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  assert.equal(await input.inputValue(), '{{ flow }}');
  assert.equal(await list(page).count(), 0);
  await page.keyboard.type('.');
  await assertSoon(async () => assert.deepEqual(await offered(page), ['since, a text; may be missing, last "2024-01-01T00:00:00Z"']));
  await page.keyboard.press('Tab');
  await page.keyboard.type(' |');
  await list(page).waitFor();
  await page.keyboard.type(' tri');
  await assertSoon(async () => assert.deepEqual((await offered(page))[0], 'trim, gives a text'));
  await page.keyboard.press('Enter');
  assert.equal(await input.inputValue(), '{{ flow.since | trim }}');
  await page.getByText('= value of flow.since | trim').waitFor();
  assert.match(await focused(page), /Message/);
  await page.keyboard.press('Control+Enter');
  await assertSoon(() => assert.deepEqual(settings('report-failure'), { level: 'warning', message: '{{ flow.since | trim }}' }));
});

story('fields of the last payload, with their values', { last: { body: { number: 7, 'gift note': 'Hi' }, meta: {}, from: 'r1' } }, async ({ page, view }) => {
  const input = await openField(page, view, 'report-failure', 'Message');
  await page.keyboard.type('{{ payload.');
  await assertSoon(async () => assert.deepEqual(await offered(page), ['number, a number; may be missing, last 7', '[\'gift note\'], a text; may be missing, last "Hi"']));
  assert.deepEqual(await seriousFindings(page), []);
  await page.keyboard.type('gift');
  await assertSoon(async () => assert.equal((await offered(page)).length, 1));
  await page.keyboard.press('Enter');
  assert.equal(await input.inputValue(), "{{ payload['gift note']");
});

story('keys with which a character is composed take no suggestion', {}, async ({ page, view }) => {
  const input = await openField(page, view, 'report-failure', 'Message');
  await page.keyboard.type('{{ r');
  await page.keyboard.press('Control+Space');
  await list(page).waitFor();
  for (const key of ['Enter', 'Tab']) await input.dispatchEvent('keydown', { key, isComposing: true, bubbles: true, composed: true, cancelable: true });
  assert.equal(await input.inputValue(), '{{ r');
  await page.keyboard.press('Enter');
  assert.equal(await input.inputValue(), '{{ run');
});

story('in the text around expressions nothing comes up unasked', {}, async ({ page, view, host }) => {
  const input = await openField(page, view, 'report-failure', 'Message');
  await page.keyboard.type('Order. (');
  await page.keyboard.type('{{ run.');
  await list(page).waitFor();
  await page.keyboard.type('id }}).');
  await list(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  assert.equal(await input.inputValue(), 'Order. ({{ run.id }}).\n');
  assert.deepEqual(host.edits, []);
});

story('a path is written by what the endpoint gives', {}, async ({ page, view }) => {
  await openField(page, view, 'only-paid', 'Field of condition 1');
  await page.keyboard.press('Control+Space');
  await list(page).waitFor();
  assert.ok((await offered(page)).some((one) => one.startsWith('financial_status, ')), String(await offered(page)));
});

story('Escape closes the list alone; who asks where nothing fits is told so; a click takes one', {}, async ({ page, view, host }) => {
  const input = await openField(page, view, 'report-failure', 'Message');
  await page.keyboard.type('{{ r');
  await page.keyboard.press('Control+Space');
  await list(page).waitFor();
  await page.keyboard.press('Escape');
  await list(page).waitFor({ state: 'detached' });
  assert.match(await focused(page), /Message/);
  assert.equal(await input.inputValue(), '{{ r');
  await page.keyboard.press('Control+Space');
  await list(page).getByRole('option', { name: /^run/ }).click();
  assert.equal(await input.inputValue(), '{{ run');
  await page.keyboard.type('x');
  await page.keyboard.press('Control+Space');
  await page.getByText('No suggestions.').first().waitFor();
  await page.keyboard.press('Escape');
  assert.deepEqual(host.edits, []);
});

let ran = 0;
story('what an expression gives is asked anew after a run, and where the debugger stands', { evaluate: () => `after ${ran}` }, async ({ page, view }) => {
  const input = await openField(page, view, 'report-failure', 'Message');
  await page.keyboard.type('{{ payload.id }}');
  await page.getByText('= "after 0"').or(page.getByText('= after 0')).waitFor();
  ran = 1;
  await view.run({ id: 'r1', status: 'success', steps: {}, errors: {}, startedAt: 0 });
  await page.getByText('after 1').waitFor();
  ran = 2;
  await view.debug({ breakpoints: {}, stopped: 'report-failure' });
  await page.getByText('after 2').waitFor();
  assert.equal(await input.inputValue(), '{{ payload.id }}');
});

const branched = sample.replace('"shape": "filter"', '"shape": "branch"').replace('{ "conditions": [{ "field": "financial_status", "is": "equals", "value": "paid" }] }', '{ "branches": [{ "name": "a" }] }');
story('a branch that is added is named at once', { text: branched }, async ({ page, view, settings }) => {
  await view.select('only-paid');
  await page.getByRole('button', { name: 'Add branch' }).click();
  await assertSoon(async () => assert.equal(await focused(page), 'input: Name'));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('later');
  await page.keyboard.press('Tab');
  await assertSoon(() => assert.deepEqual(settings('only-paid'), { branches: [{ name: 'a' }, { name: 'later' }] }));
});
