import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Flow } from '../../server/model/flow.ts';
import type { FlowView } from '../../webview/protocol/flow.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { FlowPageHost, readSample, sampleWorkspace, type FlowPageOptions } from '../support/flow-page.ts';
import { assertSoon } from '../support/soon.ts';

let browser: Browser;
const workspace = await sampleWorkspace();
const sample = await readSample('import-orders');
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

/** The sample with a note and a group. */
const marked = sample.replace(/\n\}\n$/, `,
  "notes": {
    "why": {
      "text": "Only **paid** orders, as the ERP books them at once.",
      "place": [300, -160, 220, 80]
    }
  },
  "groups": {
    "fetch": { "title": "Fetch", "steps": ["get-orders", "only-paid"] }
  }
}
`);

type Story = (open: OpenPage<FlowView> & { readonly host: FlowPageHost; readonly flow: () => Flow }) => Promise<void>;

function story(title: string, options: Partial<FlowPageOptions> & { readonly page?: Partial<PageOptions> }, tell: Story): void {
  test(title, async () => {
    const host = new FlowPageHost({ text: marked, ...options }, workspace);
    await withPage<FlowView>(browser, { entry: 'webview/flow/main.ts', name: 'flow-notes', host: host.host, width: 1500, height: 800, ...options.page }, async (open) => {
      host.view = open.view;
      await node(open.page, /^Only paid/).waitFor();
      await tell({ ...open, host, flow: () => JSON.parse(host.text) as Flow });
    });
  });
}

const node = (page: Page, name: RegExp | string) => page.getByRole('option', { name });
const changedLines = (before: string, now: string): string[] => now.split('\n').filter((line) => !before.split('\n').includes(line)).map((line) => line.trim());

async function drag(page: Page, from: { readonly x: number; readonly y: number }, dx: number, dy: number): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + dx / 2, from.y + dy / 2, { steps: 3 });
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 3 });
  await page.mouse.up();
}

story('a note is added by key and written in place: one edit for the note, one for its text', { text: sample }, async ({ page, host, flow }) => {
  await node(page, /^Only paid/).click();
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Text of the note' }).waitFor();
  await page.keyboard.type('Ask the *bank*?d');
  await page.keyboard.press('Control+z');
  assert.equal(host.version, 2);
  await page.getByRole('textbox', { name: 'Text of the note' }).fill('Ask the *bank*, d\nand wait.');
  assert.deepEqual(flow().notes?.['note']?.text, '');
  await page.keyboard.press('Control+Enter');
  await node(page, 'Note, Ask the *bank*, d and wait.').waitFor();
  assert.match(await focused(page), /^option: Note, Ask the/);
  assert.equal(host.edits.length, 2);
  assert.deepEqual({ ...flow(), notes: undefined }, { ...JSON.parse(sample) as Flow, notes: undefined });
  await host.undo();
  await host.undo();
  await node(page, /^Note,/).waitFor({ state: 'detached' });
  assert.equal(host.text, sample);
});

story('a note looks as its marks say, line below line', { text: marked.replace('Only **paid** orders, as the ERP books them at once.', '## Paid\\nOnly **paid** orders\\n- at `once`') }, async ({ page }) => {
  assert.deepEqual(await page.locator('.note .text > div').evaluateAll((lines) => lines.map((line) => `${line.className}: ${line.textContent}`)), ['heading: Paid', 'plain: Only paid orders', 'item: at once']);
  assert.equal(await page.locator('.note strong').textContent(), 'paid');
  const tops = await page.locator('.note .text > div').evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]));
  assert.ok(tops[0]![1]! <= tops[1]![0]! + 1 && tops[1]![1]! <= tops[2]![0]! + 1, JSON.stringify(tops));
});

story('Escape gives a text up, a click beside it keeps it', {}, async ({ page, host, flow }) => {
  await node(page, /^Note, Only/).click();
  await page.keyboard.press('F2');
  await page.keyboard.type(' and more');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Text of the note' }).waitFor({ state: 'detached' });
  assert.deepEqual(host.edits, []);
  await node(page, /^Note, Only/).dblclick({ position: { x: 40, y: 20 } });
  await page.getByRole('textbox', { name: 'Text of the note' }).fill('Kept');
  await page.mouse.click(700, 700);
  await node(page, 'Note, Kept').waitFor();
  assert.deepEqual(changedLines(marked, host.text), ['"text": "Kept",']);
  assert.equal(flow().notes?.['why']?.text, 'Kept');
});

story('moving a note, and giving it another size, touches the line of its place alone', {}, async ({ page, host, flow }) => {
  const box = (await node(page, /^Note, Only/).boundingBox())!;
  const zoom = box.width / 222;
  await drag(page, { x: box.x + 40, y: box.y + 20 }, 53 * zoom, -31 * zoom);
  await assertSoon(() => assert.deepEqual(flow().notes?.['why']?.place, [350, -190, 220, 80]));
  assert.deepEqual(changedLines(marked, host.text), ['"place": [350, -190, 220, 80]']);
  const moved = (await node(page, /^Note, Only/).boundingBox())!;
  await drag(page, { x: moved.x + moved.width - 5, y: moved.y + moved.height - 5 }, 60 * zoom, 40 * zoom);
  await assertSoon(() => assert.deepEqual(flow().notes?.['why']?.place, [350, -190, 280, 120]));
  await page.keyboard.press('Alt+ArrowLeft');
  await assertSoon(() => assert.deepEqual(flow().notes?.['why']?.place, [340, -190, 280, 120]));
  assert.equal(host.edits.length, 3);
  await page.keyboard.press('t');
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.equal(flow().notes, undefined));
  for (let count = 0; count < 4; count++) await host.undo();
  assert.equal(host.text, marked);
});

story('selected steps get a frame by key; it takes its steps along and is undone in one step', { text: sample, texts: ['Fetch & filter'] }, async ({ page, host, flow }) => {
  await node(page, /^Get orders/).click();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('g');
  await node(page, 'Group Fetch & filter, 2 steps: Get orders, Only paid').waitFor();
  await assertSoon(async () => assert.match(await focused(page), /^option: Group Fetch & filter/));
  assert.deepEqual(flow().groups, { 'fetch-filter': { title: 'Fetch & filter', steps: ['get-orders', 'only-paid'] } });
  assert.equal(host.edits.length, 1);
  const frame = (await node(page, /^Group Fetch/).boundingBox())!;
  const before = (await node(page, /^Only paid/).boundingBox())!;
  await drag(page, { x: frame.x + 20, y: frame.y + 10 }, 0, 120);
  await assertSoon(() => assert.deepEqual(Object.keys(flow().layout ?? {}), ['get-orders', 'only-paid']));
  await assertSoon(async () => assert.ok(Math.abs((await node(page, /^Only paid/).boundingBox())!.y - before.y - 120) < 12));
  assert.ok((await node(page, /^Group Fetch/).boundingBox())!.y > frame.y + 100);
  await host.undo();
  await host.undo();
  await node(page, /^Group/).waitFor({ state: 'detached' });
  assert.equal(host.text, sample);
});

story('a group: renamed by F2, joined by a step, left by another, and its frame removed without its steps', { texts: ['Get'], page: { width: 2_600 } }, async ({ page, host, flow }) => {
  await node(page, /^Group Fetch/).click({ position: { x: 30, y: 10 } });
  await page.keyboard.press('F2');
  await node(page, /^Group Get, 2 steps/).waitFor();
  assert.deepEqual(changedLines(marked, host.text), ['"fetch": { "title": "Get", "steps": ["get-orders", "only-paid"] }']);
  await node(page, /^Shop order to ERP order/).click({ modifiers: ['Shift'] });
  await page.keyboard.press('g');
  await node(page, /^Group Get, 3 steps/).waitFor();
  await page.getByRole('button', { name: 'Take Only paid out of the group' }).click();
  await assertSoon(() => assert.deepEqual(flow().groups?.['fetch']?.steps, ['get-orders', 'to-erp']));
  await node(page, /^Group Get, 2 steps: Get orders, Shop order/).click({ position: { x: 30, y: 10 } });
  await page.keyboard.press('Delete');
  await node(page, /^Group/).waitFor({ state: 'detached' });
  assert.deepEqual(flow().steps, (JSON.parse(sample) as Flow).steps);
  assert.equal(flow().groups, undefined);
});

story('a step between two of a group is in it, too; one that is removed leaves it', { picks: ['filter'] }, async ({ page, flow }) => {
  await node(page, /^Get orders/).click();
  await page.keyboard.press('a');
  await node(page, /^filter, Filter/).waitFor();
  await assertSoon(() => assert.deepEqual(flow().groups?.['fetch']?.steps, ['get-orders', 'filter', 'only-paid']));
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.deepEqual(flow().groups?.['fetch']?.steps, ['get-orders', 'only-paid']));
});

story('notes and groups are copied, cut, pasted and duplicated with what is in them; each is one undo', {}, async ({ page, host, flow }) => {
  const groups = () => Object.fromEntries(Object.entries(flow().groups ?? {}).map(([id, { steps }]) => [id, steps]));
  await node(page, /^Group Fetch/).click({ position: { x: 30, y: 10 } });
  await node(page, /^Note, Only/).click({ modifiers: ['Shift'] });
  await page.keyboard.press('Control+d');
  await assertSoon(() => assert.deepEqual(groups(), { fetch: ['get-orders', 'only-paid'], 'fetch-2': ['get-orders-2', 'only-paid-2'] }));
  assert.deepEqual(flow().steps['get-orders-2']?.next, { out: 'only-paid-2' });
  assert.deepEqual(flow().notes?.['why-2'], { text: 'Only **paid** orders, as the ERP books them at once.', place: [330, -130, 220, 80] });
  assert.equal(host.edits.length, 1);
  await host.undo();
  assert.equal(host.text, marked);

  await node(page, /^Group Fetch/).click({ position: { x: 30, y: 10 } });
  await page.keyboard.press('Control+x');
  await assertSoon(() => assert.deepEqual([groups(), flow().steps['get-orders'], flow().steps['only-paid']], [{}, undefined, undefined]));
  assert.deepEqual(Object.keys(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as object), ['steps', 'groups']);
  await page.keyboard.press('Control+v');
  await assertSoon(() => assert.deepEqual(groups(), { fetch: ['get-orders', 'only-paid'] }));
  await page.getByText('Pasted 2 steps.').waitFor({ state: 'attached' });
});

story('a menu knows what it is about, and a note comes where it was opened', { page: { width: 2_600 } }, async ({ page, view, host, flow }) => {
  const context = () => page.locator('patchbay-flow').getAttribute('data-vscode-context').then((text) => JSON.parse(text!) as Record<string, unknown>);
  await node(page, /^Shop order to ERP order/).click({ button: 'right' });
  assert.deepEqual(await context(), { preventDefaultContextMenuItems: true, webviewSection: 'step', canEdit: true, step: 'to-erp', hasMapping: true });
  await node(page, /^Note, Only/).click({ button: 'right' });
  assert.equal((await context())['webviewSection'], 'note');
  await node(page, /^Group Fetch/).click({ button: 'right', position: { x: 30, y: 10 } });
  assert.equal((await context())['webviewSection'], 'group');
  const [left, right] = [(await node(page, /^Get orders/).boundingBox())!, (await node(page, /^Only paid/).boundingBox())!];
  await page.mouse.click((left.x + left.width + right.x) / 2 + 14, left.y + left.height / 2, { button: 'right' });
  assert.equal((await context())['webviewSection'], 'link');
  await view.command('delete');
  await assertSoon(() => assert.equal(flow().steps['get-orders']?.next, undefined));

  await page.mouse.click(60, 770, { button: 'right' });
  const { at, ...rest } = await context() as { readonly at: { readonly x: number; readonly y: number } };
  assert.deepEqual(rest, { preventDefaultContextMenuItems: true, webviewSection: 'canvas', canEdit: true });
  await view.command('note', at);
  await page.getByRole('textbox', { name: 'Text of the note' }).waitFor();
  assert.deepEqual(flow().notes?.['note']?.place, [at.x, at.y, 220, 100]);
  await page.getByRole('textbox', { name: 'Text of the note' }).click({ button: 'right' });
  assert.deepEqual(await context(), { preventDefaultContextMenuItems: false });
  assert.equal(host.edits.length, 2);
});

story('the arrow keys reach notes and frames and lead back', {}, async ({ page }) => {
  await node(page, /^Get orders/).click();
  await page.keyboard.press('ArrowUp');
  await assertSoon(async () => assert.match(await focused(page), /^option: Group Fetch/));
  await page.keyboard.press('ArrowUp');
  await assertSoon(async () => assert.match(await focused(page), /^option: Note, Only/));
  await page.keyboard.press('End');
  await assertSoon(async () => assert.doesNotMatch(await focused(page), /Note|Group/));
});

story('a press takes the focus to what it hits, and leaves the view where it is', {}, async ({ page }) => {
  await node(page, /^Group Fetch/).click({ position: { x: 30, y: 10 } });
  assert.match(await focused(page), /^option: Group Fetch/);
  const before = await node(page, /^Note, Only/).boundingBox();
  await page.mouse.wheel(900, 0);
  await assertSoon(async () => assert.notDeepEqual(await node(page, /^Check totals/).boundingBox(), before));
  const shown = (await node(page, /^Send to/).boundingBox())!;
  await page.mouse.click(shown.x + 20, shown.y - 100);
  await page.mouse.click(shown.x + 20, shown.y + 10);
  assert.match(await focused(page), /^option: Send to/);
  assert.deepEqual(await node(page, /^Send to/).boundingBox(), shown);
});

story('nothing of it can be changed in a file that can only be read', { readOnly: true }, async ({ page, host }) => {
  await node(page, /^Note, Only/).click();
  for (const key of ['n', 'F2', 'Enter', 'g', 'Delete', 'Alt+ArrowUp']) await page.keyboard.press(key);
  assert.equal(await page.getByRole('textbox', { name: 'Text of the note' }).count(), 0);
  assert.deepEqual(host.edits, []);
});

for (const theme of themes) {
  story(`no serious finding of axe: ${theme}`, { page: { theme } }, async ({ page }) => {
    await node(page, /^Note, Only/).click();
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press('F2');
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press('Escape');
    await node(page, /^Group Fetch/).click({ position: { x: 30, y: 10 } });
    assert.deepEqual(await seriousFindings(page), []);
  });
}
