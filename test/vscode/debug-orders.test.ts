import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after } from 'node:test';
import type { Locator } from 'playwright-core';
import { story } from './harness.ts';

const orders = Array.from({ length: 300 }, (_, index) => ({ id: index + 1, password: 'hidden' }));
const sent: number[] = [];
const shop = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk: Buffer) => { text += chunk.toString('utf8'); });
  request.on('end', () => {
    if (request.method === 'POST') sent.push((JSON.parse(text) as { number: number }).number);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.method === 'POST' ? { ok: true } : orders));
  });
});
await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
after(() => {
  shop.close();
  shop.closeAllConnections();
});

const flow = JSON.stringify({
  version: 1, title: 'Orders', triggers: { manual: { trigger: 'manual' } }, start: 'get',
  steps: {
    get: { shape: 'connector', settings: { instance: 'shop', endpoint: 'list' }, next: { out: 'each' } },
    each: { shape: 'split', settings: { each: true }, next: { out: 'shape' } },
    shape: { shape: 'map', settings: { rules: [{ from: 'id', to: 'number' }, { from: 'password', to: 'kept' }] }, next: { out: 'send' } },
    send: { shape: 'connector', settings: { instance: 'shop', endpoint: 'send' } },
  },
}, undefined, 2);
const lineOf = (part: string): number => flow.split('\n').findIndex((line) => line.includes(part)) + 1;
const workspace = {
  'patchbay.json': '{ "version": 1, "title": "Orders" }\n',
  'flows/orders.flow.json': flow,
  'connectors/shop.connector.json': JSON.stringify({
    version: 1, title: 'Shop', baseUrl: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
    endpoints: { list: { title: 'List', direction: 'receive', method: 'GET', path: '/orders' }, send: { title: 'Send', direction: 'send', method: 'POST', path: '/orders' } },
  }),
  'instances/shop.instance.json': '{ "version": 1, "connector": "shop" }\n',
};

interface Moment {
  readonly type: string;
  readonly step: string;
  readonly payload: { readonly body: string };
}

/** What a run has recorded of payloads that began, in order. */
function moments(folder: string): readonly Moment[] {
  using database = new DatabaseSync(join(folder, '.patchbay', 'patchbay.db'), { readOnly: true });
  return database.prepare('select json from events order by run, seq').all().map(({ json }) => JSON.parse(String(json)) as Moment).filter(({ type }) => type === 'payload-in');
}

story('breakpoints on the canvas and in the text, a condition, a long payload, a changed value, into the mapping, ten steps back, and on from there: nothing is sent twice', { workspace, timeoutMs: 280_000 }, async ({ workbench, folder, picture }) => {
  sent.length = 0;
  await workbench.ready();
  const { page } = workbench;
  const canvas = workbench.webview();
  const dot = (step: string): Locator => canvas.locator(`.dot[data-dot="${step}"]:not(.none)`);
  const variables = page.locator('.pane', { hasText: 'Variables' });
  const row = (text: RegExp): Locator => variables.locator('.monaco-list-row', { hasText: text }).first();
  const stack = page.locator('.debug-call-stack .monaco-list-row');
  const stands = (step: string): Promise<void> => canvas.locator(`.node.stopped[data-id="${step}"][aria-current="step"]`).waitFor({ timeout: 60_000 });
  const open = async (one: Locator): Promise<void> => {
    await one.waitFor();
    if ((await one.getAttribute('aria-expanded')) !== 'true') await one.locator('.monaco-tl-twistie').click();
  };

  // One on the canvas.
  await workbench.openFile('orders.flow.json');
  await workbench.selectStep(canvas, /^each/);
  await page.keyboard.press('F9');
  await dot('each').waitFor();
  // One in the text, with a condition; both show in both.
  await workbench.choose('View: Reopen Editor With...', 'Text Editor');
  const glyph = (kind: string): Locator => page.locator(`.editor-instance .glyph-margin-widgets .codicon-debug-breakpoint${kind}`).first();
  await glyph('').waitFor();
  await page.keyboard.press('Control+G');
  await workbench.enter(`:${lineOf('"send": {')}`);
  await workbench.command('Debug: Add Conditional Breakpoint...');
  await page.locator('.breakpoint-widget .monaco-editor.focused').waitFor();
  await page.keyboard.insertText('payload.number == 12');
  await page.keyboard.press('Enter');
  await glyph('-conditional').waitFor();
  await picture('debug-orders-text');
  await workbench.choose('View: Reopen Editor With...', 'Flow Editor');
  await dot('each').waitFor();
  await workbench.selectStep(canvas, /^send/);
  await dot('send').waitFor();
  assert.equal(await dot('send').getAttribute('title'), 'Before the step, when payload.number == 12');

  // A long payload, a page of it at a time.
  await workbench.selectStep(canvas, /^each/);
  await page.keyboard.press('F5');
  await stands('each');
  await open(row(/^Payload \(300 items/));
  await open(row(/^\[200\.\.299\]/));
  await row(/^200.*id: 201.*\[redacted\]/s).waitFor();
  await picture('debug-orders-payload');

  // The condition, and a value that is changed.
  await dot('each').click();
  await dot('each').waitFor({ state: 'detached' });
  await page.keyboard.press('F5');
  await stands('send');
  await open(row(/^Payload/));
  await row(/^number.*12$/s).dblclick();
  const input = variables.locator('.monaco-inputbox input');
  await input.fill('1200');
  await input.press('Enter');
  // The size stands in the name of the scope, so that it is a new one.
  await row(/^Payload \(31 bytes/).waitFor();
  await open(row(/^Payload/));
  await row(/^number.*1200$/s).waitFor();
  assert.equal(sent.length, 11);

  // Into the mapping of the next order, and out of it.
  await workbench.selectStep(canvas, /^shape/);
  await page.keyboard.press('F9');
  await dot('shape').waitFor();
  await page.keyboard.press('F5');
  await stands('shape');
  await workbench.command('Debug: Step Into');
  await open(stack.filter({ hasText: /^Orders/ }).first());
  await stack.filter({ hasText: /^Rule 1 → number, record 1/ }).waitFor();
  await dot('shape').click();
  await dot('shape').waitFor({ state: 'detached' });
  await workbench.command('Debug: Step Out');
  await stands('send');
  assert.equal(sent.filter((number) => number === 1200).length, 1);
  await picture('debug-orders-mapping');

  // Ten steps back: what is seen is what was recorded.
  const recorded = moments(folder).at(-10)!;
  const shown = (moment: Moment): RegExp => {
    const { id, number } = bodyOf(folder, moment.payload.body) as { readonly id?: number; readonly number?: number };
    return new RegExp(id === undefined ? `^number.*${number}$` : `^id.*${id}$`, 's');
  };
  for (const moment of moments(folder).slice(-10).toReversed()) {
    await page.locator('.debug-toolbar .codicon-debug-step-back').click();
    await stands(moment.step);
    await open(row(/^Payload/));
    await row(shown(moment)).waitFor();
  }
  await page.getByText('REPLAY: this is the recording of a run').first().waitFor();
  await stands(recorded.step);
  await picture('debug-orders-back');

  // On from there, as a run of its own.
  await workbench.selectStep(canvas, /^send/);
  await dot('send').click();
  await dot('send').waitFor({ state: 'detached' });
  await workbench.rowButton(stack.filter({ hasText: new RegExp(`^${recorded.step}`) }).first(), 'Restart Frame');
  // The order that was sent with another number: it is asked before it is sent again as it is.
  const before = sent.length;
  const failed = stack.filter({ hasText: /^send \(failed\)/ }).first();
  await failed.waitFor({ timeout: 60_000 });
  assert.equal(sent.includes(12), false);
  await workbench.rowButton(failed, 'Restart Frame');
  await page.locator('.monaco-dialog-box').getByRole('button', { name: 'Send Again' }).click();
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: 60_000 });
  assert.ok(sent.length > before && sent.includes(12));
  const twice = sent.filter((number, index) => sent.indexOf(number) !== index);
  assert.deepEqual([twice, orders.filter(({ id }) => id !== 12 && !sent.includes(id))], [[], []]);
});

function bodyOf(folder: string, hash: string): unknown {
  using database = new DatabaseSync(join(folder, '.patchbay', 'patchbay.db'), { readOnly: true });
  const { data } = database.prepare('select data from bodies where hash = ?').get(Buffer.from(hash, 'hex')) as { readonly data: Uint8Array };
  return JSON.parse(Buffer.from(data).toString('utf8'));
}
