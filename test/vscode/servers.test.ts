import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, story } from './harness.ts';

const flow = JSON.stringify({ version: 1, title: 'Elsewhere', triggers: { manual: { trigger: 'manual' } }, start: 'pass', steps: { pass: { shape: 'split', title: 'Pass on' } } });

story('runs of a runner elsewhere are listed and opened', { workspace: { 'patchbay.json': '{ "version": 1, "title": "Here" }\n' }, timeoutMs: 240_000 }, async ({ workbench, picture }) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-elsewhere-'));
  mkdirSync(join(folder, 'flows'));
  writeFileSync(join(folder, 'patchbay.json'), '{ "version": 1, "title": "There" }\n');
  writeFileSync(join(folder, 'flows', 'elsewhere.flow.json'), flow);
  writeFileSync(join(folder, 'one.json'), '{ "id": 1 }');
  const cli = join(root, 'server', 'patchbay.js');
  execFileSync(process.execPath, [cli, 'run', 'elsewhere', '--input', join(folder, 'one.json'), '--workspace', folder], { stdio: 'ignore' });
  const server = spawn(process.execPath, [cli, 'serve', '--dev', '--port', '0', '--workspace', folder], { env: { ...process.env, PATCHBAY_TOKEN: 'a-token-of-the-test-that-is-long' }, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const hear = (data: Buffer): void => { said += data.toString(); const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]; if (found) resolve(found); };
      server.stdout.on('data', hear);
      server.stderr.on('data', hear);
      server.once('exit', () => reject(new Error(said)));
    });
    await workbench.ready();
    const { page } = workbench;
    await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
    await workbench.command('Patchbay: Add Server');
    await workbench.enter(url);
    await page.locator('.quick-input-widget:visible', { hasText: '(2/2)' }).waitFor();
    await workbench.enter('not the token');
    await workbench.notification(`${url} was not added`).waitFor({ timeout: 60_000 });
    await workbench.command('Patchbay: Add Server');
    await workbench.enter(url);
    await page.locator('.quick-input-widget:visible', { hasText: '(2/2)' }).waitFor();
    await workbench.enter('a-token-of-the-test-that-is-long');
    await page.getByRole('treeitem', { name: `Server ${url}` }).click();
    await page.getByRole('treeitem', { name: /^Run of elsewhere, success/ }).click();
    await workbench.tab(`Runs of ${new URL(url).host}`).waitFor();
    await workbench.webview().getByText('Pass on').first().waitFor();
    await picture('server-run');
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
