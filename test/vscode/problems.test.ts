import { story } from './harness.ts';

const broken = `{
  "version": 1,
  "start": "one",
  "steps": {
    "one": { "shape": "filter", "settings": { "conditions": [] }, "next": { "out": "nowhere" } },
    "two": { "shape": "flter" }
  }
}
`;

story('mistakes stand in Problems with their lines, and those of the syntax on the canvas', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/broken.flow.json': broken, 'flows/cut.flow.json': '{\n  "version": 1,\n  "steps": {\n    "one": { "shape": \n' } }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const problem = (text: string | RegExp) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();
  // Before any of them is opened.
  await problem(/flter.*\[Ln 6, Col \d+\]/s).waitFor();
  await problem(/nowhere.*\[Ln 5, Col \d+\]/s).waitFor();
  await picture('problems');

  await workbench.openFile('cut.flow.json');
  const banner = workbench.webview().getByText(/JSON has a syntax error at line \d/);
  await banner.waitFor();
  await workbench.webview().getByRole('button', { name: /Add step/ }).and(workbench.webview().locator(':disabled')).waitFor();
  await picture('syntax-error');
});

const mapped = {
  'patchbay.json': '{ "version": 1 }\n', 'schemas/order.json': '{ "type": "object", "properties": { "number": { "type": "string" } }, "additionalProperties": false }\n',
  'flows/bills.flow.json': '{ "version": 1, "start": "map", "steps": { "map": { "shape": "map", "settings": { "source": "schemas/order.json", "rules": [{ "from": "numbr", "to": "ref" }] } } } }\n',
};

story('a map that does not fit is mended from its problem', { workspace: mapped }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: /numbr.*leads nowhere/s }).first();
  await problem.waitFor();
  await problem.click();
  await page.locator('.markers-panel .markers-panel-action-quickfix').first().click();
  const fix = page.getByText('Change it to number').first();
  await fix.waitFor();
  await picture('quick-fix');
  await fix.click();
  await problem.waitFor({ state: 'detached' });
});
