import type { Locator } from 'playwright-core';
import { story } from './harness.ts';

const flow = { version: 1, title: 'Double', start: 'shape', steps: { shape: { shape: 'map', settings: { rules: [{ from: 'n', to: 'number' }] }, next: { out: 'sum' } }, sum: { shape: 'script', settings: { script: 'scripts/double.ts' } } } };
const script = 'export default function ({ payload }: { payload: { number: number } }) {\n  const twice = payload.number * 2;\n  return { payload: { twice } };\n}\n';
const tests = { version: 1, title: 'Doubles', cases: { 'four is twice two': { given: { payload: { json: { n: 2 } } }, expect: { outputs: [{ json: { twice: 4 } }] } } } };
const workspace = {
  'patchbay.json': '{ "version": 1, "title": "Doubles" }\n', 'flows/double.flow.json': JSON.stringify(flow, undefined, 2), 'scripts/double.ts': script, 'flows/double.test.json': JSON.stringify(tests, undefined, 2),
};

story('a case is debugged from the Test Explorer, and stops in its script, at a breakpoint of the file', { workspace, timeoutMs: 200_000 }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('double.ts');
  await page.locator('.editor-instance .view-lines').first().click();
  await page.keyboard.press('Control+G');
  await workbench.enter(':3');
  await page.keyboard.press('F9');
  await page.locator('.editor-instance .glyph-margin-widgets .codicon-debug-breakpoint').first().waitFor();
  await workbench.command('Testing: Focus on Test Explorer View');
  const item = (text: string): Locator => page.locator('.test-explorer .monaco-list-row').filter({ hasText: text }).first();
  await item('Doubles').waitFor();
  await workbench.command('Test: Debug All Tests');
  await page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
  await page.locator('.editor-instance .debug-top-stack-frame-line, .editor-instance .codicon-debug-breakpoint-stackframe, .editor-instance .codicon-debug-stackframe').first().waitFor({ timeout: 60_000 });
  await workbench.command('View: Show Run and Debug');
  const variables = page.locator('.pane', { hasText: 'Variables' }).locator('.monaco-list-row');
  const scope = variables.filter({ hasText: /^Block/ });
  await scope.waitFor();
  if ((await scope.getAttribute('aria-expanded')) !== 'true') await scope.locator('.monaco-tl-twistie').click();
  await variables.filter({ hasText: /^twice.*4$/s }).first().waitFor();
  await picture('debug-script');
  await page.locator('.debug-toolbar .codicon-debug-continue').first().click();
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await workbench.command('Testing: Focus on Test Explorer View');
  await page.locator('.test-explorer').filter({ hasText: /(?<!\d)1\/1/ }).first().waitFor();
});
