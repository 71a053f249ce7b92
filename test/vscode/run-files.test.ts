import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunner } from '../../server/runner/runner.ts';
import { runFake } from '../support/fake-terminal.ts';
import { story } from './harness.ts';

/** A run of another machine, as a file in the folder. */
async function exportTo(folder: string): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'patchbay-elsewhere-'));
  try {
    mkdirSync(join(root, 'flows'));
    writeFileSync(join(root, 'patchbay.json'), '{"version":1}');
    writeFileSync(join(root, 'in.json'), '[{"id":1,"name":"Ada"}]');
    writeFileSync(join(root, 'flows/elsewhere.flow.json'), JSON.stringify({ version: 1, title: 'Run elsewhere', start: 'rename', steps: { rename: { shape: 'map', settings: { rules: [{ from: 'id', to: 'id' }, { from: 'name', to: 'title' }] } } } }));
    const command = (...args: readonly string[]) => runFake([...args], { folder: root, open: (options) => openRunner(options) });
    const { run } = JSON.parse((await command('run', 'elsewhere', '--input', 'in.json', '--json')).out) as { run: string };
    await command('runs', 'export', run, '-o', join(folder, 'elsewhere.patchbayrun'));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

story('an exported run is opened, and what a step changed is shown in the editor for differences', { workspace: 'sample' }, async ({ workbench, folder, picture }) => {
  await exportTo(folder);
  await workbench.ready();
  await workbench.openFile('elsewhere.patchbayrun');
  const editor = workbench.webview();
  await editor.getByRole('heading', { name: 'Run elsewhere' }).waitFor();
  await editor.getByRole('tab', { name: 'Changes' }).click();
  await editor.getByRole('treeitem', { name: 'title: before none, after Ada' }).waitFor();
  await picture('run-file');
  await editor.getByRole('button', { name: 'Open as a difference of texts' }).click();
  await workbench.page.locator('.monaco-diff-editor .view-lines', { hasText: '"title": "Ada"' }).first().waitFor();
});
