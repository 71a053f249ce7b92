import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Flow } from '../../server/model/flow.ts';
import type { FlowHost, FlowView } from '../../webview/protocol/flow.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { assertSoon } from '../support/soon.ts';
import { FlowPageHost, largeFlow, readSample, sampleRun, sampleWorkspace, type FlowPageOptions } from '../support/flow-page.ts';

let browser: Browser;
const workspace = await sampleWorkspace();
const sample = await readSample('import-orders');
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

type Story = (open: OpenPage<FlowView> & { readonly host: FlowPageHost; readonly flow: () => Flow }) => Promise<void>;

function story(title: string, options: Partial<FlowPageOptions> & { readonly page?: Partial<PageOptions> }, tell: Story): void {
  test(title, async () => {
    const host = new FlowPageHost({ text: sample, ...options }, workspace);
    await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow', host: host.host, width: 1500, height: 800, ...options.page }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await open.page.locator('patchbay-flow').waitFor();
      await open.page.waitForFunction(() => document.querySelector('patchbay-flow')?.shadowRoot?.querySelector('patchbay-flow-canvas')?.shadowRoot?.querySelector('.world')?.getAttribute('style'));
      await tell({ ...open, host, flow: () => JSON.parse(host.text) as Flow });
    });
  });
}

const step = (page: Page, name: RegExp | string) => page.getByRole('option', { name });
const linesChanged = (before: string, now: string): number => {
  const old = before.split('\n');
  return now.split('\n').filter((line) => !old.includes(line)).length;
};

story('opens the sample, shows every step by name with its place and links', {}, async ({ page }) => {
  await step(page, 'Only paid, Filter, step 4 of 8, leads to Shop order to ERP order').waitFor();
  await step(page, /^hourly, Schedule, trigger, leads to guard/).waitFor();
});

story('who else shows the steps is told which one is selected', {}, async ({ page, host, view }) => {
  await step(page, /^Only paid/).click();
  await assertSoon(() => assert.deepEqual(host.selected, ['only-paid']));
  await step(page, /^hourly/).click();
  await view.select('to-erp');
  await assertSoon(() => assert.deepEqual(host.selected, ['only-paid', 'trigger:hourly', 'to-erp']));
  await page.keyboard.press('Control+A');
  await assertSoon(() => assert.equal(host.selected.at(-1), undefined));
});

const insideCanvas = async (page: Page, name: RegExp): Promise<void> => {
  const canvas = (await page.locator('patchbay-flow-canvas').boundingBox())!;
  await assertSoon(async () => {
    const box = (await step(page, name).boundingBox())!;
    assert.ok(box.x >= canvas.x && box.x + box.width <= canvas.x + canvas.width && box.y >= canvas.y && box.y + box.height <= canvas.y + canvas.height, JSON.stringify({ box, canvas }));
  });
};

for (const [what, width] of [['beside the canvas', 1500], ['below it', 880]] as const) {
  story(`the selected step stays in view when the inspector opens ${what}, and when it is made wider`, { page: { width, height: 700 } }, async ({ page, view }) => {
    const inspector = page.getByRole('button', { name: 'Inspector', exact: true });
    if ((await inspector.getAttribute('aria-pressed')) === 'true') await inspector.click();
    await view.select('to-erp');
    const before = (await page.locator('patchbay-flow-canvas').boundingBox())!;
    const box = (await step(page, /^Shop order/).boundingBox())!;
    // To the corner, where the inspector will be.
    await page.mouse.move(box.x + 300, box.y - 60);
    await page.mouse.wheel(box.x + box.width - before.x - before.width + 20, box.y + box.height - before.y - before.height + 40);
    await assertSoon(async () => assert.ok((await step(page, /^Shop order/).boundingBox())!.x + 260 > before.width));
    await inspector.click();
    await insideCanvas(page, /^Shop order/);
    if (width < 900) return;
    await page.getByRole('separator', { name: 'Width of the inspector' }).focus();
    for (let times = 0; times < 10; times++) await page.keyboard.press('ArrowLeft');
    await insideCanvas(page, /^Shop order/);
  });
}

/** The steps of which something is to be seen in the canvas. */
async function inSight(page: Page): Promise<number> {
  const canvas = (await page.locator('patchbay-flow-canvas').boundingBox())!;
  const boxes = await page.getByRole('option').evaluateAll((nodes) => nodes.map((node) => { const { left, right, top, bottom } = node.getBoundingClientRect(); return { left, right, top, bottom }; }));
  return boxes.filter(({ left, right, top, bottom }) => right > canvas.x && left < canvas.x + canvas.width && bottom > canvas.y && top < canvas.y + canvas.height).length;
}

story('what was in the middle is in view also where the editor gets narrower and lower', { page: { width: 1800, height: 900 } }, async ({ page }) => {
  const canvas = (await page.locator('patchbay-flow-canvas').boundingBox())!;
  const box = (await step(page, /^hourly/).boundingBox())!;
  await page.mouse.move(canvas.x + 20, canvas.y + 20);
  // The beginning of the flow stands in the middle; left of it and above it there is nothing.
  await page.mouse.wheel(box.x - (canvas.x + canvas.width / 2), box.y - (canvas.y + canvas.height / 2));
  await assertSoon(async () => assert.ok(Math.abs((await step(page, /^hourly/).boundingBox())!.x - (canvas.x + canvas.width / 2)) < 5));
  for (const [width, height] of [[1000, 900], [1000, 400], [500, 400]] as const) {
    await page.setViewportSize({ width, height });
    await insideCanvas(page, /^hourly/);
  }
});

story('a flow of which nothing is left in view comes into view', { text: largeFlow(60) }, async ({ page, host, view }) => {
  await step(page, /^Route number 0,/).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+d');
  await assertSoon(() => assert.equal(Object.keys((JSON.parse(host.text) as Flow).steps).length, 120));
  await view.select(Object.keys((JSON.parse(host.text) as Flow).steps).at(-1)!);
  await page.keyboard.press('0');
  await host.undo();
  await step(page, /step \d+ of 60/).first().waitFor({ state: 'attached' });
  await assertSoon(async () => assert.notEqual(await inSight(page), 0));
});

story('what is found does not lie behind the box in which it is searched for', { page: { width: 1000, height: 300 } }, async ({ page, view }) => {
  await view.select('report-failure');
  const canvas = (await page.locator('patchbay-flow-canvas').boundingBox())!;
  const from = (await step(page, /^Get orders/).boundingBox())!;
  await page.mouse.move(canvas.x + 20, canvas.y + 20);
  // Get orders would be in view in the corner where the box opens.
  await page.mouse.wheel(from.x + from.width - canvas.x - canvas.width + 40, from.y - canvas.y - 34);
  await page.keyboard.press('Control+f');
  await page.keyboard.type('get orders');
  await page.keyboard.press('Enter');
  const search = (await page.getByRole('search').boundingBox())!;
  await assertSoon(async () => {
    const box = (await step(page, /^Get orders/).boundingBox())!;
    assert.ok(box.y >= search.y + search.height, JSON.stringify({ box, search }));
  });
});

story('a field of the inspector makes exactly one edit, of its line alone', {}, async ({ page, host }) => {
  await step(page, /^Only paid/).click();
  await page.getByLabel('Value of condition 1').fill('authorized');
  await page.getByLabel('Value of condition 1').press('Enter');
  await page.getByLabel('Value of condition 1').press('Tab');
  assert.deepEqual(host.edits, [[{ op: 'set', step: 'only-paid', path: ['settings', 'conditions', 0, 'value'], value: 'authorized' }]]);
  assert.equal(linesChanged(sample, host.text), 1);
  await host.undo();
  await page.waitForFunction(() => document.activeElement !== null);
  assert.equal(host.text, sample);
  assert.equal(await page.getByLabel('Value of condition 1').inputValue(), 'paid');
});

story('Escape in a field takes back what was typed and stays there; once more it leads to the canvas', {}, async ({ page, host, view }) => {
  await view.select('only-paid');
  for (const [name, before] of [['Value of condition 1', 'paid'], ['Title of the step', 'Only paid']] as const) {
    const field = page.getByRole('textbox', { name, exact: true });
    await field.focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' or d');
    await page.keyboard.press('Escape');
    assert.equal(await field.inputValue(), before);
    assert.match(await focused(page), new RegExp(name));
    // Letters are text here, not commands of the canvas.
    await page.keyboard.type('d');
    assert.equal(await field.inputValue(), `${before}d`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.match(await focused(page), /^option: Only paid/);
  }
  assert.deepEqual(host.edits, []);
});

story('Ctrl+A marks no labels: beside the canvas nothing, in a text that is read that text', {}, async ({ page, view }) => {
  await view.select('only-paid');
  const marked = (): Promise<string> => page.evaluate(() => getSelection()!.type);
  await page.getByRole('tab', { name: 'JSON' }).click();
  await page.keyboard.press('Control+a');
  await assertSoon(async () => assert.notEqual(await marked(), 'Range'));
  // What VS Code does, too, after the page had the key.
  await page.evaluate(() => document.execCommand('selectAll'));
  await assertSoon(async () => assert.notEqual(await marked(), 'Range'));
  await page.getByLabel('JSON of the step').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await assertSoon(async () => assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), (JSON.parse(sample) as Flow).steps['only-paid']));
  await page.getByRole('tab', { name: 'Setup' }).click();
  await page.getByLabel('Value of condition 1').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('x');
  assert.equal(await page.getByLabel('Value of condition 1').inputValue(), 'x');
});

story('a value that is its default is removed', {}, async ({ page, flow }) => {
  await step(page, /^Only paid/).click();
  await page.getByRole('combobox', { name: 'Keep' }).click();
  await page.getByRole('option', { name: 'others' }).click();
  await assertSoon(() => assert.equal(flow().steps['only-paid']?.settings?.['keep'], 'others'));
  await page.getByRole('combobox', { name: 'Keep' }).click();
  await page.getByRole('option', { name: 'matches' }).click();
  await assertSoon(() => assert.deepEqual(flow(), JSON.parse(sample)));
});

story('undo in a field stays in the field', {}, async ({ page, host }) => {
  await step(page, /^Only paid/).click();
  const field = page.getByLabel('Title of the step');
  await field.click();
  await field.press('End');
  await page.keyboard.type(' orders');
  await page.keyboard.press('Control+z');
  assert.notEqual(await field.inputValue(), 'Only paid orders');
  assert.equal(host.version, 1);
});

story('half-typed text is not lost when another step is shown', {}, async ({ page, view, flow }) => {
  await step(page, /^Only paid/).click();
  await page.getByLabel('Value of condition 1').fill('open');
  await view.select('to-erp');
  await page.getByLabel('Source of rule 1', { exact: true }).waitFor();
  await assertSoon(() => assert.deepEqual(flow().steps['only-paid']?.settings?.['conditions'], [{ field: 'financial_status', is: 'equals', value: 'open' }]));
});

story('a drag moves a step by one edit of its place; logic lines stay', {}, async ({ page, host, flow }) => {
  await drag(page, step(page, /^Only paid/), 55, 83);
  await assertSoon(() => assert.equal(host.edits.length, 1));
  const [x, y] = flow().layout!['only-paid']!;
  assert.equal(x % 10, 0);
  assert.equal(y % 10, 0);
  assert.equal(JSON.stringify({ ...flow(), layout: undefined }), JSON.stringify(JSON.parse(sample)));
  await assertSoon(async () => {
    await page.keyboard.press('t');
    assert.equal(host.text, sample);
  });
});

story('a link is drawn from a port to a step', {}, async ({ page, host, flow }) => {
  const from = (await step(page, /^Report failure/).boundingBox())!;
  const to = (await step(page, /^Only paid/).boundingBox())!;
  await page.mouse.move(from.x + from.width, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x - 40, to.y + 60, { steps: 4 });
  await page.mouse.move(to.x + 60, to.y + 20, { steps: 4 });
  await page.mouse.up();
  await assertSoon(() => assert.equal(flow().steps['report-failure']?.next?.['out'], 'only-paid'));
  assert.equal(host.edits.length, 1);
});

story('a link onto the empty canvas asks for a shape and puts the step there', { picks: ['filter'] }, async ({ page, host, flow }) => {
  const from = (await step(page, /^Report failure/).boundingBox())!;
  await page.mouse.move(from.x + from.width, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width + 160, from.y + 150, { steps: 4 });
  await page.mouse.up();
  await step(page, /^filter, Filter/).waitFor();
  assert.equal(flow().steps['report-failure']?.next?.['out'], 'filter');
  assert.ok(flow().layout?.['filter']);
  assert.equal(host.edits.length, 1);
});

story('removing a step heals the chain; the host undoes it byte for byte', {}, async ({ page, host, flow }) => {
  await step(page, /^Only paid/).click();
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.equal(flow().steps['get-orders']?.next?.['out'], 'to-erp'));
  assert.equal(host.edits.length, 1);
  assert.match(await focused(page), /Get orders/);
  await host.undo();
  await step(page, /^Only paid/).waitFor();
  assert.equal(host.text, sample);
});

story('keys beside the canvas change nothing on it', {}, async ({ page, host }) => {
  await step(page, /^Only paid/).click();
  const tabs = (await page.getByRole('tablist', { name: 'Parts of the step' }).boundingBox())!;
  await page.mouse.click(tabs.x + tabs.width - 10, 700);
  await page.keyboard.press('Delete');
  await page.keyboard.press('d');
  await page.keyboard.press('Alt+2');
  assert.match(await focused(page), /^option: Only paid/);
  assert.deepEqual(host.edits, []);
});

story('the plus of a link inserts a step', { picks: ['assert'] }, async ({ page, flow }) => {
  const from = (await step(page, /^Get orders/).boundingBox())!;
  const to = (await step(page, /^Only paid/).boundingBox())!;
  await page.mouse.click((from.x + from.width + to.x) / 2, to.y + to.height / 2);
  await assertSoon(() => assert.equal(flow().steps['get-orders']?.next?.['out'], 'assert'));
  assert.equal(flow().steps['assert']?.next?.['out'], 'only-paid');
});

story('copy and paste, duplicate, skip', {}, async ({ page, flow, host }) => {
  await step(page, /^Only paid/).click();
  await page.keyboard.press('Control+c');
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), { steps: { 'only-paid': { shape: 'filter', title: 'Only paid', settings: { conditions: [{ field: 'financial_status', is: 'equals', value: 'paid' }] } } } });
  await page.keyboard.press('Control+v');
  await assertSoon(() => assert.ok(flow().steps['only-paid-2']));
  await page.keyboard.press('Control+d');
  await page.locator('.node.selected[data-id="only-paid-3"]').waitFor();
  await page.keyboard.press('d');
  await assertSoon(() => assert.equal(flow().steps['only-paid-3']?.disabled, true));
  assert.equal(host.edits.length, 3);
});

story('F2 gives a title; the id is changed in the inspector with all that refers to it', { texts: ['Paid ones', 'guard', 'Paid ones', 'paid'] }, async ({ page, host, flow }) => {
  await step(page, /^Only paid/).click();
  await page.keyboard.press('F2');
  await step(page, /^Paid ones/).waitFor();
  await page.getByRole('button', { name: 'Change the id' }).click();
  await assertSoon(() => assert.equal(flow().steps['get-orders']?.next?.['out'], 'paid'));
  assert.equal(flow().steps['paid']?.title, 'Paid ones');
  // What cannot be one the box does not take.
  assert.deepEqual(host.calls, ['There is a step guard already.', 'Ids are lower-case letters and digits, with hyphens between them, such as get-orders.']);
});

story('changes by others: the canvas follows, keeps the selection, gives no edit back', {}, async ({ page, host }) => {
  await step(page, /^Only paid/).click();
  await host.replace(sample.replace('"title": "Get orders"', '"title": "Fetch orders"'));
  await step(page, /^Fetch orders/).waitFor();
  assert.equal(await step(page, /^Only paid/).getAttribute('aria-selected'), 'true');
  assert.equal(host.edits.length, 0);
});

story('broken JSON: the last picture stays, nothing can be changed, a banner says where', {}, async ({ page, host }) => {
  await step(page, /^Only paid/).click();
  const broken = sample.replace('"start": "guard",', '"start": "guard"');
  await host.replace(broken);
  await page.getByText(/JSON has a syntax error at line/).waitFor();
  await step(page, /^Only paid/).waitFor();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Open as text' }).click();
  assert.deepEqual(host.edits, []);
  assert.deepEqual(host.calls, ['openText']);
  await host.replace(sample);
  await page.getByText(/JSON has a syntax error/).waitFor({ state: 'detached' });
});

story('a shape that no plugin knows is shown and kept', { text: '{ "version": 1, "start": "a", "steps": { "a": { "shape": "teleport", "settings": { "x": 1 }, "next": { "beam": "b" } }, "b": { "shape": "map" } } }' }, async ({ page }) => {
  await step(page, /^a, teleport, step 1 of 2, unknown kind/).click();
  await page.getByText('The shape “teleport” is not known.').waitFor();
});

story('an edit that the host refuses is told', {}, async ({ page, host }) => {
  host.refuses = 'The step is gone.';
  await step(page, /^Only paid/).click();
  await page.keyboard.press('d');
  await page.getByText('The step is gone.').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
});

story('a flow of four steps is built with the keyboard alone', { text: '{\n  "version": 1,\n  "steps": {}\n}\n', picks: ['connector', 'filter', 'map', 'notify'] }, async ({ page, host, flow }) => {
  await page.keyboard.press('Alt+2');
  for (const shape of ['connector', 'filter', 'map', 'notify']) {
    await page.keyboard.press('a');
    await assertSoon(async () => assert.match(await focused(page), new RegExp(`^option: ${shape}`)));
  }
  assert.deepEqual(Object.values(flow().steps).map(({ shape, next }) => [shape, next?.['out']]), [['connector', 'filter'], ['filter', 'map'], ['map', 'notify'], ['notify', undefined]]);
  assert.equal(flow().start, 'connector');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  assert.match(await focused(page), /^option: connector, Connector, step 1 of 4/);
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await assertSoon(async () => assert.match(await focused(page), /: (Message|Level)$/));
  while (!/Message/.test(await focused(page))) await page.keyboard.press('Tab');
  await page.keyboard.type('Done');
  await page.keyboard.press('Tab');
  await assertSoon(() => assert.equal(flow().steps['notify']?.settings?.['message'], 'Done'));
  await page.keyboard.press('Escape');
  await assertSoon(async () => assert.match(await focused(page), /^option: notify/));
  await page.keyboard.press('c');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Escape');
  assert.equal(flow().steps['notify']?.next, undefined);
  assert.equal(host.edits.length, 5);
});

story('a link is made with the keyboard', {}, async ({ page, flow }) => {
  await step(page, /^Report failure/).click();
  await page.keyboard.press('c');
  const target = page.locator('.node.target');
  for (let chosen = await target.textContent(); !chosen?.includes('Send to the ERP');) {
    await page.keyboard.press('ArrowRight');
    // Each press is awaited: two before one is drawn would step over the one that is looked for.
    await target.filter({ hasNotText: chosen!.trim() }).waitFor();
    chosen = await target.textContent();
  }
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.equal(flow().steps['report-failure']?.next?.['out'], 'send-orders'));
});

story('find leads through the matches', {}, async ({ page }) => {
  await page.keyboard.press('Control+f');
  await page.keyboard.type('erp');
  await page.keyboard.press('Enter');
  await page.getByText('1 of 2', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  assert.match(await focused(page), /^option/);
});

story('a double click on Run starts one run', { text: sample }, async ({ page, host }) => {
  await page.getByRole('button', { name: 'Run', exact: true }).dblclick();
  assert.deepEqual(host.calls, ['run {}']);
});

story('the form of the flow shows what it knows alone', { text: sample }, async ({ page }) => {
  await page.getByText('Runs', { exact: true }).first().waitFor();
  assert.equal(await page.getByText('This setting is not known.').count(), 0);
  assert.deepEqual(await page.getByLabel(/^(steps|layout|triggers|start)$/).count(), 0);
});

story('the run: counts on steps and links, the failure with its reason, payloads in the inspector', { ...sampleRun(sample) }, async ({ page, host, view }) => {
  await view.select('to-erp');
  await step(page, /^Shop order to ERP order.*1,204 in, 1,202 out, 2 failed/).click();
  await page.getByText(/2 failed: /).first().waitFor();
  await page.getByRole('tab', { name: /Data/ }).click();
  await page.getByRole('row', { name: /no row for/ }).first().click();
  await page.getByText('DATA_INVALID').first().waitFor();
  await page.getByText('shipping_address').first().waitFor();
  await page.getByRole('button', { name: /Partial success/ }).click();
  assert.deepEqual(host.calls, ['openRun "r1"']);
});

story('the run: Ctrl+F in a payload finds in it, on the canvas in the flow; its start is opened as a document', { ...sampleRun(sample) }, async ({ page, host, view }) => {
  await view.select('to-erp');
  await step(page, /^Shop order to ERP order/).click();
  await page.getByRole('tab', { name: /Data/ }).click();
  await page.getByRole('row', { name: /no row for/ }).first().click();
  await page.getByText('shipping_address').first().click();
  await page.keyboard.press('Control+f');
  await page.getByRole('searchbox', { name: /^Find in payload/ }).fill('COUNTRY');
  await page.getByRole('search').getByRole('status').getByText(/^1 of \d+$/).waitFor();
  await page.locator('mark').getByText('country').waitFor();
  assert.equal(await page.getByRole('searchbox', { name: 'Find in the flow' }).count(), 0);
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox', { name: /^Find in payload/ }).waitFor({ state: 'detached' });
  assert.match(await focused(page), /^tree: payload/);
  await page.getByRole('button', { name: 'Open the start as a document' }).click();
  assert.match(host.calls.at(-1)!, /^openBody to-erp-/);
  await step(page, /^Shop order to ERP order/).focus();
  await page.keyboard.press('Control+f');
  await page.getByRole('searchbox', { name: 'Find in the flow' }).waitFor();
});

story('the run: what a step changed, and the editor for texts', { ...sampleRun(sample) }, async ({ page, host, view }) => {
  await view.select('to-erp');
  await step(page, /^Shop order to ERP order/).click();
  await page.getByRole('tab', { name: /Data/ }).click();
  await page.getByRole('radio', { name: 'Changes' }).check();
  await page.getByRole('treeitem', { name: 'total_price: before 1.50, after 1.5' }).click();
  await page.getByRole('button', { name: 'Open as a difference of texts' }).click();
  assert.deepEqual(host.calls, ['openDiff Changes of to-erp']);
  await page.getByRole('radio', { name: /Failed/ }).check();
  await page.getByRole('row', { name: /no row for/ }).first().waitFor();
});

story('opened where the debugger stands, the canvas shows that step, wherever it lies', { debug: { breakpoints: {}, stopped: 'totals' }, page: { width: 620, height: 500 } }, async ({ page }) => {
  await page.locator('.node.stopped[data-id="totals"]').waitFor();
});

story('state of the view is kept while the tab is hidden', {}, async ({ page, host, view }) => {
  await step(page, /^Only paid/).click();
  await page.keyboard.press('+');
  await page.getByRole('tab', { name: 'Notes' }).click();
  await page.getByRole('textbox', { name: 'Notes' }).waitFor();
  await page.waitForTimeout(400);
  const kept = await page.evaluate(() => (globalThis as { patchbayState?: { state: { selected: string[]; tab: string; camera: { zoom: number } } } }).patchbayState?.state);
  assert.deepEqual([kept?.selected, kept?.tab], [['only-paid'], 'notes']);
  assert.ok(kept!.camera.zoom > 0.9);
  assert.equal(host.edits.length, 0);
  void view;
});

for (const theme of themes) {
  story(`no serious finding of axe: ${theme}`, { ...sampleRun(sample), page: { theme } }, async ({ page, view }) => {
    await view.select('to-erp');
    await page.getByLabel('Source of rule 1', { exact: true }).waitFor();
    await view.diagnostics([
      { file: '', path: '/steps/to-erp/settings/rules/1/from', line: 1, column: 1, severity: 'error', code: 'CONFIG_PATH', message: 'The path "number[" is not valid.' },
      { file: '', path: '/steps/to-erp/settings/onError', line: 1, column: 1, severity: 'warning', code: 'CONFIG_PATH', message: 'It is of no use.' },
    ]);
    await page.getByText('The path "number[" is not valid.').first().waitFor();
    await page.getByText('It is of no use.').first().waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('tab', { name: 'Retry' }).click();
    assert.deepEqual(await seriousFindings(page), []);
  });
}

story('what a problem would say again of the help below it is said once', { text: JSON.stringify({ version: 1, start: 'each', steps: { each: { shape: 'branch', settings: { branches: [{ name: 'Two words' }] } } } }) }, async ({ page, view }) => {
  await view.select('each');
  const help = 'Name of the port: lower-case letters, digits and hyphens.';
  await page.getByText(help).first().waitFor();
  await view.diagnostics([{ file: '', path: '/steps/each/settings/branches/0/name', line: 1, column: 1, severity: 'error', code: 'CONFIG_INVALID', message: 'It must match the pattern.', fix: help }]);
  await page.locator('.problem', { hasText: 'It must match the pattern.' }).waitFor();
  assert.equal(await page.getByText(help).count(), 1);
});

story('steps that are painted are there by name', { text: largeFlow(60) }, async ({ page, view }) => {
  await page.getByRole('option').first().waitFor();
  for (let n = 0; n < 8; n++) await view.command('zoom-out');
  await page.locator('.node.ghost').first().waitFor({ state: 'attached' });
  await assertSoon(async () => assert.equal(await page.getByRole('option', { name: /step \d+ of 60/ }).count(), 60));
  assert.deepEqual(await seriousFindings(page), []);
});

story('while a link is made letters find its target, and Tab the next port', {}, async ({ page, host, flow }) => {
  await step(page, /^guard, Try/).click();
  await page.keyboard.press('c');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ch');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.equal(Object.values(flow().steps['guard']?.next ?? {}).filter((to) => flow().steps[to]?.title?.startsWith('Check')).length, 1));
  assert.equal(host.edits.length, 1);
  await host.undo();
  assert.equal(host.text, sample);
});

story('letters alone are no commands where the setting says so; each is one of the palette still', { picks: ['filter'] }, async ({ page, view, host }) => {
  await view.singleKeys(false);
  await step(page, /^Only paid/).click();
  for (const key of ['a', 'n', 'd', 't', '?', 'c']) await page.keyboard.press(key);
  assert.deepEqual(host.edits, []);
  assert.equal(await page.getByRole('dialog', { name: 'Keys of the canvas' }).count(), 0);
  await view.command('help');
  await page.getByRole('dialog', { name: 'Keys of the canvas' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Insert');
  await step(page, /^filter, Filter/).waitFor();
});

story('rows of a tree are dropped into a link, and onto the canvas', {}, async ({ page, host, flow }) => {
  // VS Code tells the page the type, and not what it is.
  const send = (type: 'dragover' | 'dragleave' | 'drop', x: number, y: number): Promise<boolean> => page.locator('.view').evaluate((view, [name, left, top]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData('application/vnd.patchbay.step+json', '');
    return view.dispatchEvent(new DragEvent(name, { clientX: left, clientY: top, dataTransfer, bubbles: true, cancelable: true }));
  }, [type, x, y] as const);
  const takes = page.locator('.view.taking');
  const dropAt = async (x: number, y: number, rows: typeof host.dragged): Promise<void> => {
    host.dragged = rows;
    assert.equal(await send('dragover', x, y), false, 'It may be dropped.');
    await takes.waitFor();
    await send('drop', x, y);
    await takes.waitFor({ state: 'detached' });
  };
  await send('dragover', 600, 700);
  await takes.waitFor();
  await send('dragleave', 600, 700);
  await takes.waitFor({ state: 'detached' });
  const [from, to] = [(await step(page, /^Get orders/).boundingBox())!, (await step(page, /^Only paid/).boundingBox())!];
  // The link into which it would go is brought out.
  await send('dragover', (from.x + from.width + to.x) / 2, from.y + from.height / 2);
  assert.equal(await page.locator('.edge.hover').evaluate((edge) => getComputedStyle(edge).strokeWidth), '3px');
  await dropAt((from.x + from.width + to.x) / 2, from.y + from.height / 2, [{ kind: 'endpoint', connector: 'shop', endpoint: 'orders.get', instance: 'shop' }]);
  await step(page, /^connector, /).waitFor();
  assert.deepEqual([flow().steps['get-orders']?.next, flow().steps['connector']], [{ out: 'connector' }, { shape: 'connector', settings: { instance: 'shop', endpoint: 'orders.get' }, next: { out: 'only-paid' } }]);
  await dropAt(600, 700, [{ kind: 'map', map: 'address' }, { kind: 'flow', flow: 'other' }, { kind: 'odd' } as never]);
  await step(page, /^run-flow, /).waitFor();
  assert.deepEqual(flow().steps['map'], { shape: 'map', settings: { map: 'address' } });
  assert.ok(flow().layout?.['map'] && flow().layout?.['run-flow']);
  assert.equal(host.edits.length, 2);
  await host.undo();
  await host.undo();
  assert.equal(host.text, sample);
});

story('rows that are chosen elsewhere become steps with one change, the first behind the selected step', {}, async ({ page, view, host, flow }) => {
  await step(page, /^Get orders/).click();
  await view.add([{ kind: 'instance', connector: 'shop', instance: 'shop' }, { kind: 'map', map: 'address' }]);
  await step(page, /^connector, /).waitFor();
  assert.deepEqual(flow().steps['get-orders']?.next, { out: 'connector' });
  assert.deepEqual(flow().steps['connector'], { shape: 'connector', settings: { instance: 'shop' }, next: { out: 'only-paid' } });
  assert.equal(host.edits.length, 1);
  await host.undo();
  assert.equal(host.text, sample);
});

story('a list shows its value as it is called, also where it comes later', { text: JSON.stringify({ version: 1, start: 'call', steps: { call: { shape: 'run-flow', settings: { flow: 'import-orders' } } } }) }, async ({ page, view, host }) => {
  const { catalog } = await (host.host as FlowHost).open();
  const flows = (...names: string[]): Promise<unknown> => Promise.resolve(view.catalog(catalog, { ...workspace, flows: names }));
  await step(page, /^call/).click();
  const list = page.getByRole('combobox', { name: 'Flow', exact: true });
  await flows();
  await list.filter({ hasText: 'import-orders (not found)' }).waitFor();
  await flows('import-orders');
  await list.filter({ hasText: /import-orders\s*$/ }).waitFor();
});

story('narrow: the inspector is a sheet below, no control is cut off', { page: { width: 320, height: 640 } }, async ({ page, view }) => {
  await view.select('only-paid');
  await page.keyboard.press('Enter');
  await page.getByLabel('Value of condition 1').waitFor();
  const wide = await page.evaluate(() => {
    const tooWide: string[] = [];
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('button, vscode-textfield, vscode-single-select, vscode-button')) {
        const box = element.getBoundingClientRect();
        if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !element.closest('.world')) tooWide.push(element.getAttribute('aria-label') ?? element.textContent ?? '');
      }
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) visit(element.shadowRoot);
    };
    visit(document);
    return tooWide;
  });
  assert.deepEqual(wide, []);
});

story('500 steps: opens and pans with few elements; nothing runs at rest', { text: largeFlow(500) }, async ({ page, view }) => {
  await page.evaluate(() => {
    const count = globalThis as unknown as { frames: number };
    count.frames = 0;
    const own = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (callback) => { count.frames++; return own(callback); };
  });
  let most = 0;
  for (const command of ['fit', 'zoom-in', 'zoom-in', 'zoom-in', 'zoom-in', 'zoom-in', 'zoom-in', 'zoom-in'] as const) {
    await view.command(command);
    await page.mouse.move(500, 400);
    for (let pan = 0; pan < 5; pan++) await page.mouse.wheel(400, 30);
    await page.waitForTimeout(120);
    most = Math.max(most, await page.evaluate(countElements));
  }
  assert.ok(most <= 1_500, `${most} elements`);
  const frames = await page.evaluate(() => (globalThis as unknown as { frames: number }).frames);
  await page.waitForTimeout(1_000);
  assert.equal(await page.evaluate(() => (globalThis as unknown as { frames: number }).frames), frames);
});

function countElements(): number {
  const count = (root: Document | ShadowRoot): number => [...root.querySelectorAll('*')].reduce((sum, element) => sum + 1 + (element.shadowRoot ? count(element.shadowRoot) : 0), 0);
  return count(document);
}

async function drag(page: Page, what: ReturnType<typeof step>, dx: number, dy: number): Promise<void> {
  const box = (await what.boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 60 + dx / 2, box.y + 20 + dy / 2, { steps: 3 });
  await page.mouse.move(box.x + 60 + dx, box.y + 20 + dy, { steps: 3 });
  await page.mouse.up();
}
