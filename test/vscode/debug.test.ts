import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { story } from './harness.ts';

const flow = JSON.stringify({
  version: 1, title: 'Double', triggers: { manual: { trigger: 'manual' } }, start: 'make',
  steps: {
    make: { shape: 'manual-payload', settings: { document: [{ n: 1, password: 'hidden' }, { n: 2, password: 'hidden' }] }, next: { out: 'each' } },
    each: { shape: 'split', settings: { each: true }, next: { out: 'shape' } },
    shape: { shape: 'map', settings: { rules: [{ from: 'n', to: 'number' }] }, next: { out: 'end' } },
    end: { shape: 'map', settings: { passThrough: true } },
  },
}, undefined, 2);

story('a breakpoint from the canvas stays with its step; F5 stops there, steps are ringed, values are masked, and the run ends', { workspace: { 'patchbay.json': '{ "version": 1, "title": "Doubles" }\n', 'flows/double.flow.json': flow } }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('double.flow.json');
  const canvas = workbench.webview();
  const dot = (step: string): Locator => canvas.locator(`.dot[data-dot="${step}"]:not(.none)`);
  const stoppedAt = (step: string): Locator => canvas.locator(`.node.stopped[data-id="${step}"]`);

  await workbench.selectStep(canvas, /^shape/);
  await page.keyboard.press('F9');
  await dot('shape').waitFor();
  // A line more above it: VS Code does not move breakpoints where no text editor shows the file.
  await workbench.selectStep(canvas, /^each/);
  await page.keyboard.press('F2');
  await workbench.enter('Each of them');
  await canvas.locator('.node[data-id="each"]', { hasText: 'Each of them' }).waitFor();
  await dot('shape').waitFor();

  await workbench.selectStep(canvas, /^shape/);
  await page.keyboard.press('F5');
  await stoppedAt('shape').waitFor({ timeout: 60_000 });
  const tabs = await page.locator('.tabs-container .tab').allInnerTexts();
  assert.deepEqual(tabs.map((text) => text.replaceAll(/\s/g, '')), ['double.flow.json'], 'No tab more: the canvas shows where it stands.');
  await page.locator('.debug-toolbar').waitFor();
  const variables = page.locator('.pane', { hasText: 'Variables' });
  const scope = variables.locator('.monaco-list-row', { hasText: /^Payload/ });
  await scope.waitFor();
  if ((await scope.getAttribute('aria-expanded')) !== 'true') await scope.locator('.monaco-tl-twistie').click();
  await variables.locator('.monaco-list-row', { hasText: /password.*\[redacted\]/s }).waitFor();
  await picture('debug');

  // The keys do so wherever the focus is in the editor: in a field, in a payload, on the canvas.
  const frames = page.locator('.debug-call-stack .monaco-list-row');
  await canvas.getByLabel('Title of the step').click();
  await page.keyboard.press('F10');
  await stoppedAt('end').waitFor();
  assert.equal(await stoppedAt('shape').count(), 0);
  await canvas.getByRole('tab', { name: 'Data' }).click();
  await page.keyboard.press('F5');
  await stoppedAt('shape').waitFor();
  await workbench.selectStep(canvas, /^shape/);
  await page.keyboard.press('F11');
  await frames.filter({ hasText: /^Rule 1 → number/ }).waitFor();
  await canvas.getByRole('tab', { name: 'Setup' }).click();
  await page.keyboard.press('Shift+F11');
  await stoppedAt('end').waitFor();
  await dot('shape').click();
  await dot('shape').waitFor({ state: 'detached' });
  await page.keyboard.press('F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  assert.equal(await canvas.locator('.node.stopped').count(), 0);

  // A condition that cannot be read: grey, as long as the debugger runs.
  await workbench.selectStep(canvas, /^each/i);
  await page.keyboard.press('F9');
  await dot('each').waitFor();
  await workbench.selectStep(canvas, /^shape/);
  await canvas.locator('.node[data-id="shape"]').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Add Conditional Breakpoint…' }).hover();
  await page.keyboard.press('Enter');
  await workbench.enter('payload.number >');
  await canvas.locator('.dot.condition[data-dot="shape"]').waitFor();
  await workbench.selectStep(canvas, /^each/i);
  await page.keyboard.press('F5');
  await stoppedAt('each').waitFor({ timeout: 60_000 });
  await canvas.locator('.dot.unverified[data-dot="shape"]').waitFor();
  assert.match((await canvas.locator('.dot[data-dot="shape"]').getAttribute('title')) ?? '', /^Before the step, when payload\.number >, not verified: /);
  await page.keyboard.press('F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await canvas.locator('.dot.condition[data-dot="shape"]').waitFor();
});
