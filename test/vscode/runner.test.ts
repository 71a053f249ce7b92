import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { story, waitUntil } from './harness.ts';

const flow = JSON.stringify({ version: 1, title: 'Two plus two', triggers: { manual: { trigger: 'manual' } }, start: 'sum', steps: { sum: { shape: 'set-variables', settings: { flow: [{ name: 'sum', value: '{{ payload.a + 2 }}' }] } } } }, undefined, 2);

/** The runner that this VS Code has started: its working folder is the workspace. */
function runnersIn(folder: string): number[] {
  const found = execFileSync('sh', ['-c', 'for p in /proc/[0-9]*; do [ "$(readlink $p/cwd 2>/dev/null)" = "$0" ] && grep -qa runner.js $p/cmdline && basename $p; done; true', folder], { encoding: 'utf8' });
  return found.split('\n').filter(Boolean).map(Number);
}

story('a run with a payload; the runner dies and is there again', { workspace: { 'patchbay.json': '{ "version": 1, "title": "Sums" }\n', 'flows/sum.flow.json': flow } }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  assert.deepEqual(runnersIn(folder), [], 'Nothing needs a runner yet.');
  await workbench.openFile('sum.flow.json');
  await workbench.webview().locator('.node[data-id="sum"]').waitFor();
  const caption = workbench.webview().locator('.node[data-id="sum"] .caption');
  const runOnce = async (): Promise<void> => {
    await workbench.choose('Patchbay: Run Flow with Payload', 'Type it');
    await workbench.enter('{"a": 2}');
  };
  await runOnce();
  await caption.filter({ hasText: '1 → 1' }).waitFor({ timeout: 60_000 });
  await picture('small-run');

  const [first, ...others] = runnersIn(folder);
  assert.deepEqual(others, []);
  process.kill(first!, 'SIGKILL');
  await page.locator('.statusbar-item', { hasText: /patchbay.*:\d+/ }).waitFor();
  await waitUntil(() => runnersIn(folder).some((pid) => pid !== first));
  await workbench.choose('Patchbay: Open Run', 'sum');
  await workbench.webview().getByText('sum').first().waitFor();
  await picture('run-view');

  await workbench.command('Patchbay: Restart Runner');
  const second = runnersIn(folder);
  await waitUntil(() => runnersIn(folder).some((pid) => pid !== second[0]));
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  await page.locator('.pane', { hasText: 'Runs' }).locator('.monaco-list-row', { hasText: /sum.*success/s }).first().waitFor();
  await picture('views');
});
