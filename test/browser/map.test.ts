import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { MapFileView } from '../../webview/protocol/map.ts';
import { focused, openBrowser, seriousFindings, themes, withPage, type OpenPage, type PageOptions } from '../support/browser.ts';
import { sampleWorkspace } from '../support/flow-page.ts';
import { largeMap, MapPageHost, openMapRunner, orderMap, type MapPageOptions } from '../support/map-page.ts';
import { assertSoon } from '../support/soon.ts';

let browser: Browser;
let runner: Awaited<ReturnType<typeof openMapRunner>>;
const workspace = await sampleWorkspace();
before(async () => { [browser, runner] = await Promise.all([openBrowser(), openMapRunner()]); });
after(async () => { await browser.close(); await runner.end(); });

interface Rule {
  readonly from?: string | readonly string[];
  readonly to: string;
  readonly transforms?: readonly object[];
}

type Story = (open: OpenPage<MapFileView> & { readonly host: MapPageHost; readonly rules: () => readonly Rule[] }) => Promise<void>;

function story(title: string, options: Partial<MapPageOptions> & { readonly page?: Partial<PageOptions>; readonly isEmpty?: boolean }, tell: Story): void {
  test(title, async () => {
    const host = new MapPageHost({ ...orderMap, ...options }, runner, workspace);
    await withPage<MapFileView>(browser, { entry: 'webview/map/main.ts', name: 'map', host: host.host, width: 1400, height: 760, ...options.page }, async (open) => {
      host.view = open.view;
      open.page.setDefaultTimeout(15_000);
      await open.page.locator('patchbay-map').waitFor();
      if (!options.isEmpty) await open.page.getByRole('treeitem').first().waitFor();
      await tell({ ...open, host, rules: () => host.settings['rules'] as Rule[] });
    });
  });
}

const source = (page: Page, name: RegExp) => page.getByRole('tree', { name: 'Source fields' }).getByRole('treeitem', { name });
const target = (page: Page, name: RegExp) => page.getByRole('tree', { name: 'Target fields' }).getByRole('treeitem', { name });
const wires = (page: Page) => page.locator('path.wire');
const linesChanged = (was: string, is: string): number => is.split('\n').filter((line) => !was.split('\n').includes(line)).length;

story('shows both sides with values, the lines between, and the result of each rule', {}, async ({ page, host }) => {
  await source(page, /^total_price, text, feeds amount, value 20\.56$/).waitFor();
  await target(page, /^amount, number, required, from total_price through Cast to number, Round number 1, result 20\.6$/).waitFor();
  await target(page, /^name, text, required, from customer\.first_name and customer\.last_name through Concatenate, result Ada King$/).waitFor();
  await target(page, /^channel, text, made through Fixed text web, result web$/).waitFor();
  await source(page, /^line_items, list/).waitFor();
  // One of two sources, seven of one, none of the one that is made.
  await assertSoon(async () => assert.equal(await wires(page).count(), 8));
  assert.deepEqual(host.edits, []);
});

story('says at the row what does not fit, and mends it by a quick fix', {}, async ({ page, rules, host }) => {
  await target(page, /^currency, text, required, no rule, The target "currency" is required, and no rule writes it/).waitFor();
  await source(page, /^email, feeds customer\.email, The source "custmer\.email" of "customer\.email" leads nowhere/).waitFor();
  await target(page, /^email, text, from custmer\.email, The source "custmer\.email" of "customer\.email" leads nowhere/).click();
  await page.getByRole('button', { name: 'Change it to customer.email' }).click();
  await target(page, /^email, text, from customer\.email, result ada@shop\.test$/).waitFor();
  assert.equal(rules()[7]?.from, 'customer.email');
  assert.equal(linesChanged(orderMap.text, host.text), 1);
});

story('a source that leads nowhere is named at its row: another one is chosen, or the rule removed; each is one undo', {}, async ({ page, rules, host }) => {
  await source(page, /^email, feeds customer\.email/).click();
  await page.getByRole('button', { name: 'Another source…' }).click();
  await page.getByRole('dialog', { name: 'In the place of custmer.email' }).waitFor();
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.deepEqual(rules()[7], { from: 'customer.email', to: 'customer.email' }));
  await host.undo();
  await source(page, /^email, feeds customer\.email/).click();
  await page.getByRole('button', { name: 'Remove the rule' }).click();
  await assertSoon(() => assert.equal(rules().length, 7));
  assert.equal(host.edits.length, 2);
});

story('problems of a target are not named at its source', {}, async ({ page }) => {
  await page.getByRole('button', { name: 'Record after' }).click();
  await page.getByRole('button', { name: 'Record after' }).click();
  await target(page, /^amount,.*"many"/).waitFor();
  assert.equal(await source(page, /^total_price/).getAttribute('aria-label'), 'total_price, text, feeds amount, value many');
  await source(page, /^total_price/).click();
  await page.getByText('Feeds', { exact: true }).waitFor();
  assert.equal(await page.getByText('"many"').filter({ visible: true }).count(), 1);
});

story('schemas of the workspace say what the sides are: a mapping file names them', { text: '{ "version": 1, "rules": [] }', source: undefined, target: undefined, sample: undefined, isEmpty: true, schemas: { 'schemas/order.json': orderMap.source, 'schemas/erp.json': orderMap.target } } as Partial<MapPageOptions> & { isEmpty: true }, async ({ page, host }) => {
  await page.getByRole('region', { name: 'Source' }).getByRole('button', { name: 'Use a schema' }).click();
  await page.keyboard.type('order');
  await page.keyboard.press('Enter');
  await source(page, /^total_price, text$/).waitFor();
  await page.getByRole('button', { name: 'Schema of the target' }).click();
  await page.keyboard.type('erp');
  await page.keyboard.press('Enter');
  await target(page, /^amount, number, required, no rule/).waitFor();
  await page.getByText('There is no payload to try the mapping with.').waitFor();
  await page.getByRole('button', { name: 'Schema of the target' }).click();
  await page.keyboard.type('none');
  await page.keyboard.press('Enter');
  await target(page, /^amount/).waitFor({ state: 'detached' });
  assert.equal(host.settings['source'], 'order.json');
  assert.equal(host.settings['target'], undefined);
  assert.equal(host.edits.length, 3);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: 'Schema of the target' }).or(page.getByLabel('Schema of the target')).first().waitFor();
});

story('the runner does not answer: it is said, asked again, and edits go on', {}, async ({ page, host, rules }) => {
  await target(page, /^amount,.*result 20\.6$/).waitFor();
  host.answers.isOff = 'The runner did not start.';
  await target(page, /^currency/).click();
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.equal(rules().length, 9));
  await page.getByText('The runner did not start.').waitFor();
  host.answers.isOff = undefined;
  await page.getByRole('button', { name: 'Try again' }).click();
  await target(page, /^currency,.*result GBP$/).waitFor();
});

story('the record is stepped through; a rule that fails says why', {}, async ({ page }) => {
  await page.getByRole('button', { name: 'Record after' }).click();
  await target(page, /^name,.*result Bo Li$/).waitFor();
  await page.getByRole('button', { name: 'Record after' }).click();
  await target(page, /^amount,.*"many"/).waitFor();
  await target(page, /^name,.*result Cy Oh$/).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Record after' }).isDisabled());
});

story('a click shows what feeds a field and what it feeds', {}, async ({ page }) => {
  await source(page, /^sku/).click();
  await assertSoon(async () => assert.equal(await page.locator('path.wire.on').count(), 1));
  assert.equal(await page.locator('.target .row.linked').getAttribute('data-id'), 'lines[*].itemCode');
  await page.getByRole('button', { name: 'lines[*].itemCode' }).click();
  await page.getByRole('group', { name: 'What feeds lines[*].itemCode' }).getByRole('button', { name: 'line_items[*].sku' }).waitFor();
  await assertSoon(async () => assert.equal(await page.locator('.source .row.linked').getAttribute('data-id'), 'line_items[*].sku'));
});

story('a rule is drawn with the mouse, of one line, and undone byte for byte', {}, async ({ page, host, rules }) => {
  await drag(page, source(page, /^currency/), target(page, /^currency/));
  await target(page, /^currency, text, required, from currency, result GBP$/).waitFor();
  assert.deepEqual(rules()[8], { from: 'currency', to: 'currency' });
  assert.equal(host.edits.length, 1);
  assert.ok(host.text.includes('// by the warehouse'));
  assert.equal(linesChanged(orderMap.text, host.text), 2);
  await host.undo();
  await target(page, /^currency, text, required, no rule/).waitFor();
  assert.equal(host.text, orderMap.text);
  await host.redo();
  await target(page, /^currency, text, required, from currency/).waitFor();
});

story('a second source is added to the rule of the target', {}, async ({ page, rules }) => {
  await drag(page, source(page, /^id/), target(page, /^name/));
  await assertSoon(() => assert.deepEqual(rules()[2]?.from, ['customer.first_name', 'customer.last_name', 'id']));
});

story('the keyboard alone: map, add a transform, set it, reorder, make, unmap, undo', {}, async ({ page, host, rules }) => {
  await page.keyboard.press('Tab');
  while (!(await focused(page)).startsWith('tree: Source')) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await assertSoon(async () => assert.equal(await page.getByRole('treeitem', { selected: true }).getAttribute('data-id'), 'currency'));
  await page.keyboard.press('m');
  await page.getByRole('dialog', { name: 'Map currency to' }).waitFor();
  await page.keyboard.type('curr');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.deepEqual(rules()[8], { from: 'currency', to: 'currency' }));
  await assertSoon(async () => assert.match(await focused(page), /^tree: Source/));
  await page.keyboard.press('+');
  await page.getByRole('dialog', { name: 'Transform for currency' }).waitFor();
  await page.keyboard.type('lower case');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.equal(rules()[8]?.transforms?.length, 1));
  await page.keyboard.press('Enter');
  await assertSoon(async () => assert.match(await focused(page), /From$/));
  while (!(await focused(page)).endsWith(': Case')) await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await assertSoon(async () => assert.match(await focused(page), /^tree: /));
  await page.keyboard.press('Alt+ArrowUp');
  await assertSoon(() => assert.equal(rules()[7]?.to, 'currency'));
  await page.keyboard.press('Alt+3');
  await assertSoon(async () => assert.match(await focused(page), /^tree: Target/));
  await page.keyboard.press('End');
  await assertSoon(async () => assert.equal(await page.getByRole('tree', { name: 'Target fields' }).locator('[aria-selected="true"]').getAttribute('data-id'), 'lines[*].title'));
  await page.keyboard.press('g');
  await page.getByRole('dialog', { name: 'Make a value for lines[*].title' }).waitFor();
  await page.keyboard.type('fixed text');
  await page.keyboard.press('Enter');
  await assertSoon(() => assert.deepEqual(rules()[9], { to: 'lines[*].title', transforms: [{ type: 'custom-string' }] }));
  await assertSoon(async () => assert.match(await focused(page), /^tree: Target/));
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.equal(rules().length, 9));
  while (host.text !== orderMap.text) await host.undo();
  assert.equal(host.edits.length, 5);
});

story('letters and signs alone are no commands where the setting says so; each is one of the palette still', {}, async ({ page, view, host, rules }) => {
  await view.singleKeys(false);
  await target(page, /^currency/).click();
  for (const key of ['m', 'n', 'g', '+', 's', 't', '?', ']']) await page.keyboard.press(key);
  assert.deepEqual(host.edits, []);
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('tree', { name: 'Target fields' }).waitFor();
  await view.command('help');
  await page.getByRole('dialog', { name: 'Keys of the mapping' }).waitFor();
  await page.keyboard.press('Escape');
  await view.command('table');
  await page.getByRole('grid').waitFor();
  await view.command('table');
  const before = rules().length;
  await target(page, /^amount/).click();
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.equal(rules().length, before - 1));
});

story('branches open and close with the arrow keys; lines of what is folded stay', {}, async ({ page }) => {
  await source(page, /^line_items/).click();
  await page.keyboard.press('ArrowLeft');
  await source(page, /^sku/).waitFor({ state: 'detached' });
  // Both lines of the items end at the list now, at the same place on this side only.
  await assertSoon(async () => assert.equal(await wires(page).count(), 8));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await assertSoon(async () => assert.equal(await page.getByRole('treeitem', { selected: true }).getAttribute('data-id'), 'line_items[*].sku'));
});

story('suggestions: with their score, one is accepted, then all; each is one undo', {}, async ({ page, host, rules }) => {
  await page.getByRole('button', { name: /Auto-map/ }).click();
  await page.getByText('2 suggestions').first().waitFor();
  await page.getByText('95 %').waitFor();
  await page.getByRole('button', { name: 'Accept currency to currency' }).click();
  await assertSoon(() => assert.deepEqual(rules()[8], { from: 'currency', to: 'currency' }));
  await page.getByText('1 suggestion').first().waitFor();
  await page.getByRole('button', { name: 'Accept all' }).click();
  await assertSoon(() => assert.deepEqual(rules()[9], { from: 'line_items[*].title', to: 'lines[*].title' }));
  assert.equal(host.edits.length, 2);
  await target(page, /^title, text, from line_items\[\*\]\.title, result Lamp$/).waitFor();
});

story('the form of a rule: settings of a transform, a condition, a default; each edits its own line', {}, async ({ page, host, rules }) => {
  await target(page, /^amount/).click();
  await page.getByLabel('Places').fill('2');
  await page.getByLabel('Places').press('Tab');
  await target(page, /^amount,.*Round number 2, result 20\.56$/).waitFor();
  assert.equal(linesChanged(orderMap.text, host.text), 1);
  await target(page, /^externalId/).click();
  await page.getByRole('textbox', { name: 'Default' }).fill('none');
  await page.getByRole('textbox', { name: 'Default' }).press('Tab');
  await assertSoon(() => assert.deepEqual(rules()[0], { from: 'id', to: 'externalId', transforms: [{ type: 'cast-to-string' }], default: 'none' }));
  await page.getByRole('button', { name: 'Add condition' }).click();
  await assertSoon(() => assert.deepEqual((rules()[0] as { when?: unknown }).when, [{ field: '' }]));
  await assertSoon(async () => assert.equal(await focused(page), 'input: Field of condition 1'));
  assert.equal(host.edits.length, 3);
});

story('undo in a field stays in the field', {}, async ({ page, host }) => {
  await target(page, /^amount/).click();
  const field = page.getByRole('textbox', { name: 'To', exact: true });
  await field.click();
  await field.press('End');
  await page.keyboard.type('s');
  await page.keyboard.press('Control+z');
  assert.equal(await field.inputValue(), 'amount');
  assert.equal(host.version, 1);
});

story('rules as a table: in their order, moved, opened and removed by keys', {}, async ({ page, rules }) => {
  await page.getByRole('button', { name: 'Rules as a table' }).click();
  await page.getByRole('row', { name: /^1 id Cast to text externalId ?\*?, text, required 1001 fits$/ }).waitFor();
  assert.equal(await page.getByTitle('undefined').count(), 0);
  await page.getByRole('row', { name: /^8 custmer\.email customer\.email.*, text.* no source.*The source .*leads nowhere/ }).waitFor();
  await page.getByRole('grid', { name: 'Rules' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+ArrowUp');
  await assertSoon(() => assert.equal(rules()[0]?.to, 'amount'));
  await page.keyboard.press('Enter');
  await assertSoon(async () => assert.match(await focused(page), /From$/));
  await page.keyboard.press('Escape');
  await assertSoon(async () => assert.match(await focused(page), /^grid: Rules/));
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.deepEqual(rules().map(({ to }) => to).slice(0, 2), ['externalId', 'customer.name']));
  await page.keyboard.press('t');
  await page.getByRole('tree', { name: 'Source fields' }).waitFor();
});

story('the table alone: what is missing stands in it, is mapped, and rules are filtered', {}, async ({ page, rules }) => {
  await page.keyboard.press('Alt+2');
  await page.keyboard.press('t');
  await page.getByText('8 rules, 1 required field without one').waitFor();
  await assertSoon(async () => assert.match(await focused(page), /^grid: Rules/));
  await page.keyboard.press('End');
  await page.getByRole('row', { name: /– currency.*, text, required.*no rule.*The target "currency" is required/, selected: true }).waitFor();
  await page.keyboard.press('m');
  await page.getByRole('dialog', { name: 'Map to currency from' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /^9 currency currency.*GBP fits$/, selected: true }).waitFor();
  assert.deepEqual(rules()[8], { from: 'currency', to: 'currency' });
  await page.keyboard.press('Control+f');
  await assertSoon(async () => assert.match(await focused(page), /Filter rules$/));
  await page.keyboard.type('round');
  await assertSoon(async () => assert.equal(await page.getByRole('grid', { name: 'Rules' }).getByRole('row').count(), 2));
  await page.keyboard.press('Escape');
  await assertSoon(async () => assert.match(await focused(page), /^grid: Rules/));
});

story('Tab goes from tree to tree, and out of both', {}, async ({ page }) => {
  await page.keyboard.press('Alt+2');
  await assertSoon(async () => assert.match(await focused(page), /^tree: Source/));
  await page.keyboard.press('Tab');
  await assertSoon(async () => assert.match(await focused(page), /^tree: Target/));
  await page.keyboard.press('Shift+Tab');
  await assertSoon(async () => assert.match(await focused(page), /^tree: Source/));
  await page.keyboard.press('Shift+Tab');
  await assertSoon(async () => assert.match(await focused(page), /Filter source fields$/));
  await page.keyboard.press('Alt+3');
  await page.keyboard.press('Tab');
  await assertSoon(async () => assert.doesNotMatch(await focused(page), /^tree/));
});

story('Alt and an arrow move a transform in its chain', {}, async ({ page, rules }) => {
  await target(page, /^amount/).click();
  await page.getByLabel('Places').click();
  await page.keyboard.press('Alt+ArrowUp');
  await assertSoon(() => assert.deepEqual(rules()[1]?.transforms, [{ type: 'round-number', settings: { places: 1 } }, { type: 'cast-to-number' }]));
});

story('the row below the pointer brings out its lines', {}, async ({ page }) => {
  await source(page, /^sku/).hover();
  await assertSoon(async () => assert.equal(await page.locator('path.wire.on').count(), 1));
  await assertSoon(async () => assert.equal(await page.locator('path.wire.dim').count(), 7));
});

story('samples: pasted, of a file, and the last payload again', { sampleFile: { name: 'order.json', value: { id: 7, total_price: '1' } } }, async ({ page }) => {
  await page.getByRole('button', { name: 'Paste a sample' }).click();
  await page.getByRole('textbox', { name: 'Sample' }).fill('{ "id": 42,');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText(/The sample is not valid JSON: line 1, column \d+: /).waitFor();
  await page.getByRole('textbox', { name: 'Sample' }).fill('{ "id": 42 }');
  await page.getByRole('button', { name: 'Use it' }).click();
  await target(page, /^externalId,.*result 42$/).waitFor();
  await page.getByText('pasted sample').waitFor();
  await page.getByRole('button', { name: 'Sample from a file' }).click();
  await target(page, /^externalId,.*result 7$/).waitFor();
  await page.getByText('order.json').waitFor();
  await page.getByRole('button', { name: 'Last recorded payload again' }).click();
  await target(page, /^externalId,.*result 1001$/).waitFor();
});

story('a sample is called from an endpoint, in place of the last payload and where there is none', { sample: undefined, endpoint: { name: 'shop · orders.list', records: [{ id: 77 }, { id: 78 }] } }, async ({ page }) => {
  await page.getByRole('button', { name: 'Call an endpoint once' }).click();
  await target(page, /^externalId,.*result 77$/).waitFor();
  await page.getByText('shop · orders.list').waitFor();
  await page.getByRole('button', { name: 'Record after' }).click();
  await target(page, /^externalId,.*result 78$/).waitFor();
  await page.getByRole('button', { name: 'Sample from an endpoint' }).click();
  await target(page, /^externalId,.*result 77$/).waitFor();
});

story('the transforms of a rule become a script; one undo gives them back', { texts: ['amount'] }, async ({ page, rules, host }) => {
  await target(page, /^amount/).click();
  await page.getByRole('button', { name: 'Convert to script…' }).click();
  await assertSoon(() => assert.deepEqual(rules()[1], { from: 'total_price', to: 'amount', transforms: [{ type: 'script', settings: { script: 'scripts/amount.ts' } }], when: [{ field: 'total_price', is: 'exists' }] }));
  assert.match(String(host.answers.files['scripts/amount.ts']), /what Cast to number, Round number made of it/);
  assert.equal(host.edits.length, 1);
  await page.getByRole('button', { name: 'Convert to script…' }).waitFor({ state: 'detached' });
  await host.undo();
  await assertSoon(() => assert.equal(rules()[1]?.transforms?.length, 2));
});

story('a transform that no script can be written of is named', { text: '{ "version": 1, "rules": [{ "from": "note", "to": "remark", "transforms": [{ "type": "uuid" }] }] }', texts: ['x'] }, async ({ page, rules }) => {
  await target(page, /^remark/).click();
  await page.getByRole('button', { name: 'Convert to script…' }).click();
  await page.getByText('cannot be written as a script').first().waitFor();
  assert.equal(rules()[0]?.transforms?.length, 1);
});

story('nothing is called in Restricted Mode', { sample: undefined, trusted: false }, async ({ page }) => {
  await page.getByText('Restricted mode: the mapping can be edited').waitFor();
  assert.equal(await page.getByRole('button', { name: /endpoint/ }).count(), 0);
});

const looked = Promise.withResolvers<void>();
story('before it is known what comes, nothing is said of it', { isEmpty: true, lookAfter: looked.promise }, async ({ page }) => {
  await page.getByRole('heading', { name: 'Source', exact: true }).waitFor();
  assert.equal(await page.getByText('nothing is known of it').count(), 0);
  looked.resolve();
  await source(page, /^total_price/).waitFor();
});

story('nothing is known yet: a sample shows the source, and a rule makes a new target', { text: '{ "version": 1, "rules": [] }', source: undefined, target: undefined, sample: undefined, isEmpty: true } as Partial<MapPageOptions> & { isEmpty: true }, async ({ page, rules }) => {
  await page.getByText('No sample and no schema yet.').waitFor();
  await page.getByRole('button', { name: 'Paste JSON' }).click();
  await page.getByRole('textbox', { name: 'Sample' }).fill('[{ "sku": "A1", "tags": ["x", "y"] }]');
  await page.getByRole('button', { name: 'Use it' }).click();
  await source(page, /^each item, text, value x$/).waitFor();
  await source(page, /^sku/).click();
  await page.keyboard.press('n');
  await page.getByText('Type a new field.').last().waitFor();
  await page.keyboard.type('article.number');
  await page.keyboard.press('Enter');
  await target(page, /^number, from sku, result A1$/).waitFor();
  assert.deepEqual(rules(), [{ from: 'sku', to: 'article.number' }]);
});

story('a transform that no plugin knows is shown and kept, and so is a query', { text: '{ "version": 1, "rules": [{ "from": "$..sku", "to": "all", "transforms": [{ "type": "teleport", "settings": { "x": 1 } }], "future": [1] }] }', target: {} }, async ({ page, rules }) => {
  await source(page, /^\$\.\.sku, feeds all$/).waitFor();
  await target(page, /^all, from \$\.\.sku through teleport \?/).click();
  await page.getByText('No plugin knows this transform. It is kept as it is.').waitFor();
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('every');
  await page.getByRole('textbox', { name: 'To', exact: true }).press('Tab');
  await assertSoon(() => assert.deepEqual(rules()[0], { from: '$..sku', to: 'every', transforms: [{ type: 'teleport', settings: { x: 1 } }], future: [1] }));
});

story('changes by others: the trees follow, the choice stays, no edit comes back', {}, async ({ page, host }) => {
  await target(page, /^amount/).click();
  await host.replace(orderMap.text.replace('"places": 1', '"places": 0'));
  await target(page, /^amount,.*result 21$/).waitFor();
  assert.equal(await target(page, /^amount/).getAttribute('aria-selected'), 'true');
  assert.deepEqual(host.edits, []);
});

story('shown again, it is as it was left', { page: { height: 300 } }, async ({ page }) => {
  await source(page, /^customer/).click();
  await page.keyboard.press('ArrowLeft');
  await target(page, /^amount/).click();
  await page.getByRole('button', { name: 'Record after' }).click();
  await page.getByRole('searchbox', { name: 'Filter source fields' }).fill('i');
  await page.getByRole('textbox', { name: 'Default' }).click();
  await page.keyboard.type('half');
  await page.locator('.target .rows').evaluate((rows) => { rows.scrollTop = 72; });
  await assertSoon(async () => assert.equal(await page.evaluate(() => (globalThis as { patchbayState?: { state: { places: { target: number } } } }).patchbayState?.state.places.target), 72));
  const kept = await page.evaluate(() => (globalThis as { patchbayState?: unknown }).patchbayState);
  await page.addInitScript((state) => { (globalThis as { patchbayState?: unknown }).patchbayState = state; }, kept);
  await page.reload();
  await page.getByText('2/3').waitFor();
  await page.getByText('Rule 2 of 8').waitFor();
  assert.equal(await page.getByRole('searchbox', { name: 'Filter source fields' }).inputValue(), 'i');
  assert.equal(await page.getByRole('textbox', { name: 'Default' }).inputValue(), 'half');
  await assertSoon(async () => assert.equal(await page.locator('.target .rows').evaluate((rows) => rows.scrollTop), 72));
  await page.getByRole('searchbox', { name: 'Filter source fields' }).fill('');
  await source(page, /^customer, object/).waitFor();
  assert.equal(await source(page, /^customer, object/).getAttribute('aria-expanded'), 'false');
});

story('broken JSON: the last picture stays, nothing can be changed, a banner says where', {}, async ({ page, host }) => {
  await host.replace(orderMap.text.replace('"version": 1,', '"version": 1'));
  await page.getByText(/JSON has a syntax error at line 3/).waitFor();
  await target(page, /^amount/).click();
  await page.keyboard.press('Delete');
  await drag(page, source(page, /^currency/), target(page, /^currency/));
  await page.getByRole('button', { name: 'Open as text' }).click();
  assert.deepEqual(host.edits, []);
  assert.deepEqual(host.calls, ['openText']);
  await host.replace(orderMap.text);
  await page.getByText(/JSON has a syntax error/).waitFor({ state: 'detached' });
});

story('an edit that the host refuses is told', {}, async ({ page, host }) => {
  host.refuses = 'The mapping was changed at the same time.';
  await target(page, /^amount/).click();
  await page.keyboard.press('Delete');
  await page.getByText('The mapping was changed at the same time.').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
});

story('restricted mode: the mapping is shown and can be edited, and says why there is no result', { trusted: false }, async ({ page, rules }) => {
  await page.getByText('Restricted mode: the mapping can be edited, but not tried.').waitFor();
  await target(page, /^amount/).click();
  await page.keyboard.press('Delete');
  await assertSoon(() => assert.equal(rules().length, 7));
});

story('after a run its payload is the sample', { sample: undefined }, async ({ page, host, view }) => {
  await page.getByText('There is no payload to try the mapping with.').waitFor();
  host.answers.record(orderMap.sample);
  await view.ran();
  await target(page, /^amount,.*result 20\.6$/).waitFor();
  await page.getByText('There is no payload to try the mapping with.').waitFor({ state: 'detached' });
});

story('a dialog keeps the keys to itself, but for those of the editor around', {}, async ({ page, rules }) => {
  await page.keyboard.press('Alt+3');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('Control+Enter');
  assert.match(await focused(page), /Map to externalId from$/);
  const reached = await page.evaluate(() => new Promise<boolean>((resolve) => {
    addEventListener('keydown', () => resolve(true), { once: true });
    setTimeout(() => resolve(false), 4_000);
    document.querySelector('patchbay-pick')!.shadowRoot!.querySelector('dialog')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'F1', bubbles: true, composed: true }));
  }));
  assert.ok(reached);
  await page.keyboard.press('Escape');
  await assertSoon(async () => assert.match(await focused(page), /^tree: Target/));
  assert.equal(rules().length, 8);
});

story('typing asks for results once it pauses, not at each letter', {}, async ({ page, host }) => {
  await target(page, /^remark/).click();
  await page.getByText('Result', { exact: true }).waitFor();
  const before = host.tries;
  const field = page.getByRole('textbox', { name: 'Default' });
  await field.click();
  await page.keyboard.type(' of them');
  await field.press('Tab');
  await assertSoon(() => assert.equal(host.tries, before + 1));
});

story('500 rules and 2,000 fields: few elements, quick keys, nothing at rest', { ...largeMap(500, 2_000), isEmpty: true }, async ({ page }) => {
  // So many begin as a table.
  await page.getByRole('grid', { name: 'Rules' }).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('tree', { name: 'Target fields' }).focus();
  await page.keyboard.press('Home');
  let most = 0;
  for (let presses = 0; presses < 15; presses++) {
    await page.keyboard.press('PageDown');
    most = Math.max(most, await page.evaluate(countElements));
  }
  assert.ok(most <= 1_500, `${most} elements`);
  const changed = await page.evaluate(scrollThrough);
  assert.ok(changed > 0 && changed <= 600, `a place that is scrolled to makes ${changed} changes`);
  await page.keyboard.press('t');
  await page.getByRole('row', { name: /^500|^1 source/ }).first().waitFor();
  assert.ok((await page.evaluate(countElements)) <= 1_500);
});

const longRecord = { ...orderMap.sample[0], line_items: Array.from({ length: 30_000 }, (_, at) => ({ sku: `A${at}`, title: `Lamp number ${at}`, quantity: at % 7, price: '12.50' })) };
story('a sample of more than 2 MB: the result is whole, what crosses is not', { sample: [longRecord, ...orderMap.sample.slice(1)] }, async ({ page, host }) => {
  assert.ok(JSON.stringify(longRecord).length > 2_000_000);
  await target(page, /^amount,.*result 20\.6$/).waitFor();
  await source(page, /^line_items, list/).getByText('200+ items').waitFor();
  await source(page, /^sku, text, feeds lines\[\*\]\.itemCode, value A0$/).waitFor();
  await target(page, /^currency/).click();
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await target(page, /^currency,.*result GBP$/).waitFor();
  assert.equal(host.edits.length, 1);
  await page.getByRole('button', { name: 'Record after' }).click();
  await target(page, /^currency,.*result EUR$/).waitFor();
});

for (const theme of themes) {
  story(`no serious finding of axe: ${theme}`, { page: { theme } }, async ({ page }) => {
    await target(page, /^email, text, from custmer/).click();
    await page.getByRole('button', { name: 'Change it to customer.email' }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('button', { name: /Auto-map/ }).click();
    await page.getByText('95 %').waitFor();
    await page.getByRole('button', { name: 'Rules as a table' }).click();
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press('Alt+3');
    await page.keyboard.press('m');
    assert.deepEqual(await seriousFindings(page), []);
  });
}

story('narrow: the table stands for the trees, no control is cut off', { page: { width: 320, height: 640 }, isEmpty: true }, async ({ page }) => {
  await page.getByRole('grid', { name: 'Rules' }).waitFor();
  await page.getByRole('row', { name: /^1 id/ }).click();
  await page.getByRole('textbox', { name: 'To', exact: true }).waitFor();
  assert.deepEqual(await page.evaluate(cutOff), []);
});

function cutOff(): string[] {
  const found: string[] = [];
  const visit = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll('button, vscode-textfield, vscode-single-select, vscode-button')) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) found.push(element.getAttribute('aria-label') ?? element.textContent ?? '');
    }
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) visit(element.shadowRoot);
  };
  visit(document);
  return found;
}

function countElements(): number {
  const count = (root: Document | ShadowRoot): number => [...root.querySelectorAll('*')].reduce((sum, element) => sum + 1 + (element.shadowRoot ? count(element.shadowRoot) : 0), 0);
  return count(document);
}

/** Scrolls through the source; gives the most changes to the document that drawing one place of it took. */
async function scrollThrough(): Promise<number> {
  const page = document.querySelector('patchbay-map-page')!.shadowRoot!.querySelector('patchbay-map')!.shadowRoot!;
  const canvas = page.querySelector('patchbay-map-canvas') as HTMLElement & { readonly updateComplete: Promise<unknown> };
  const rows = canvas.shadowRoot!.querySelector<HTMLElement>('[data-side="source"]')!;
  let changes = 0;
  const observer = new MutationObserver((records) => { changes += records.length; });
  observer.observe(canvas.shadowRoot!, { subtree: true, childList: true, attributes: true, characterData: true });
  let most = 0;
  for (let place = 0; place < 20; place++) {
    changes = 0;
    rows.scrollTop = place * 900;
    await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
    await canvas.updateComplete;
    most = Math.max(most, changes + observer.takeRecords().length);
  }
  return most;
}

async function drag(page: Page, from: ReturnType<typeof source>, to: ReturnType<typeof source>): Promise<void> {
  const [start, end] = [(await from.boundingBox())!, (await to.boundingBox())!];
  await page.mouse.move(start.x + 60, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + 160, start.y + 20, { steps: 4 });
  await page.mouse.move(end.x + 60, end.y + 12, { steps: 4 });
  await page.mouse.up();
}
