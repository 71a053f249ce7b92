import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

const flow = `{
  "version": 1,
  "start": "orders",
  "steps": {
    "orders": { "shape": "manual-payload", "settings": { "document": [{ "id": 7, "email": "a@b.test" }] }, "next": { "out": "each" } },
    "each": { "shape": "for-each", "next": { "each": "tell" } },
    "tell": { "shape": "notify", "settings": { "message": "{{ payload }}" } }
  }
}
`;
const workspace = { 'patchbay.json': '{ "version": 1 }\n', 'flows/say.flow.json': flow };

story('an expression is completed as it is typed, and says what it is', { workspace, settings: { 'workbench.editorAssociations': { '*.flow.json': 'default' } } }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('say.flow.json');
  await page.locator('.editor-instance .view-lines').first().click();
  await page.keyboard.press('Control+G');
  await workbench.enter(`:7:${flow.split('\n')[6]!.indexOf(' }}"') + 1}`);
  await page.keyboard.type('.');
  const offered = page.locator('.suggest-widget.visible .monaco-list-row');
  await offered.filter({ hasText: 'email' }).first().waitFor();
  await picture('completion');
  await page.keyboard.type('em');
  await offered.filter({ hasText: 'id' }).first().waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.keyboard.type(' | tri');
  await offered.filter({ hasText: 'trim' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.view-line', { hasText: 'payload.email | trim }}' }).first().waitFor();
  assert.match(await workbench.editorText(), /"\{\{ payload\.email \| trim \}\}"/);
  for (let left = ' | trim'.length + 1; left > 0; left--) await page.keyboard.press('ArrowLeft');
  await workbench.command('Show or Focus Hover');
  await page.locator('.monaco-hover:visible', { hasText: 'payload.email: a text' }).first().waitFor();
  await picture('hover');
});

story('so is one in a field of the canvas, by keys alone; Ctrl+A is of the field, Escape takes back what was typed', { workspace }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('say.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^tell, /);
  await page.keyboard.press('Enter');
  const field = canvas.getByRole('textbox', { name: 'Message' });
  const offered = canvas.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
  await field.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Space');
  await offered.filter({ hasText: 'payload' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('.');
  await offered.filter({ hasText: 'email' }).first().waitFor();
  await picture('suggestions');
  await page.keyboard.type('em');
  await offered.filter({ hasText: 'id' }).first().waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  assert.equal(await field.inputValue(), '{{ payload.email }}');
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), '{{ payload }}');
  await page.keyboard.press('End');
  await page.keyboard.type('!');
  await page.keyboard.press('Tab');
  await canvas.locator('.node[data-id="tell"]', { hasText: '{{ payload }}!' }).waitFor();
});

const said = `{
  "version": 1,
  "triggers": { "manual": { "trigger": "manual" } },
  "variables": { "since": { "type": "string" } },
  "start": "say",
  "steps": {
    "say": { "shape": "set-variables", "settings": { "flow": [{ "name": "x", "value": "{{ payload }}" }] } }
  }
}
`;

story('Ctrl+Space in an expression offers roots, variables, transforms, and the fields of the last payload', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/said.flow.json': said }, settings: { 'workbench.editorAssociations': { '*.flow.json': 'default' } } }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  const offered = page.locator('.suggest-widget.visible .monaco-list-row');
  /** Asks at the place of `|>` in an expression. */
  const ask = async (written: string, ...expected: readonly string[]): Promise<void> => {
    const expression = written.replace('|>', '');
    writeFileSync(join(folder, 'flows/said.flow.json'), said.replace('{{ payload }}', expression));
    await page.locator('.view-line', { hasText: expression }).first().waitFor();
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+G');
    const column = said.split('\n')[6]!.indexOf('{{ payload }}') + written.indexOf('|>') + 1;
    await workbench.enter(`:7:${column}`);
    await page.locator('.statusbar-item', { hasText: `Ln 7, Col ${column}` }).waitFor();
    await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
    await page.keyboard.press('Control+Space');
    for (const text of expected) await offered.filter({ hasText: text }).first().waitFor();
    await picture(`completion-${expected[0]!}`);
    await page.keyboard.press('Escape');
  };
  await workbench.openFile('said.flow.json');
  await workbench.choose('Patchbay: Run Flow with Payload', 'Type it');
  await workbench.enter('{"zip": "10115", "lines": [{"sku": "TEA"}]}');
  await workbench.webview().locator('.node[data-id="say"] .caption', { hasText: /→/ }).waitFor({ timeout: 60_000 });
  await page.locator('.editor-group-container').first().locator('.tab', { hasText: 'said.flow.json' }).first().click();
  await ask('{{ |> }}', 'payload', 'flow', 'env', 'run', 'now');
  await ask('{{ payload.|> }}', 'zip', 'lines');
  await ask('{{ flow.|> }}', 'since');
  await ask('{{ payload | |> }}', 'count', 'flatten');
});

story('a step that is new behind one that has run shows what its expressions give of what has left that', { workspace }, async ({ workbench, folder }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.openFile('say.flow.json');
  const canvas = workbench.webview();
  await workbench.selectStep(canvas, /^each, /);
  await workbench.command('Patchbay: Run Flow');
  await canvas.locator('.node[data-id="tell"] .caption', { hasText: '1 → 1' }).waitFor({ timeout: 60_000 });
  writeFileSync(join(folder, 'flows/say.flow.json'), flow.replace('"{{ payload }}" } }', '"{{ payload }}" }, "next": { "out": "more" } },\n    "more": { "shape": "notify", "settings": { "message": "{{ payload.email }}" } }'));
  await canvas.locator('[role="option"][aria-label*=", step 3 of 4"]').waitFor();
  await workbench.selectStep(canvas, /^more, /);
  await page.keyboard.press('Enter');
  await canvas.getByText('= "a@b.test"').or(canvas.getByText('= a@b.test')).first().waitFor();
});
