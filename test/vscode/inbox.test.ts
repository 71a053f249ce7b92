import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from './harness.ts';

const flow = JSON.stringify({ version: 1, title: 'Orders', triggers: { shop: { trigger: 'webhook' } }, start: 'pass', steps: { pass: { shape: 'split' } } }, undefined, 2);

story('a webhook comes: the tree counts it, the panel shows it and sends it once more', { workspace: { 'patchbay.json': '{ "version": 1, "title": "Hooks" }\n', 'flows/orders.flow.json': flow }, timeoutMs: 240_000 }, async ({ workbench, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Patchbay: Open Webhook Inbox');
  const panel = workbench.webview();
  await panel.getByText('No request has come yet').waitFor({ timeout: 60_000 });
  await page.locator('.activitybar [aria-label^="Patchbay"]').first().click();
  const port = /:(\d+)/.exec(await page.locator('.statusbar-item', { hasText: /patchbay.*:\d+/i }).innerText())?.[1];
  assert.ok(port, 'the status bar names the port of the runner');

  const response = await fetch(`http://127.0.0.1:${port}/hooks/orders/shop`, { method: 'POST', body: '{"id":1}', headers: { 'content-type': 'application/json' } });
  assert.equal(response.status, 200);
  const rows = page.locator('.pane', { hasText: 'Webhooks' }).locator('.monaco-list-row', { hasText: 'POST orders/shop' });
  await rows.first().waitFor();
  await panel.getByRole('row', { name: /orders\/shop/ }).click();
  await panel.getByText('Nothing was checked').waitFor();
  await rows.filter({ hasText: 'success' }).first().waitFor();
  await picture('inbox');
  await panel.getByRole('button', { name: 'Replay', exact: true }).click();
  await panel.getByText('It was sent once more, as it came: 200, as request 2.').waitFor();
  await rows.nth(1).waitFor();
  await panel.getByRole('button', { name: 'Compare with another' }).click();
  await panel.getByRole('row', { name: /orders\/shop/ }).first().click();
  await page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
  await page.locator('.diff-editor .view-line, .monaco-diff-editor .view-line').filter({ hasText: 'hooks/orders/shop' }).first().waitFor();
  await picture('inbox-compare');
});

const tunnel = (name: string): string => JSON.stringify({ 'patchbay.webhooks.publicUrl': `https://${name}.tunnel.example` });

story('webhooks have the address that the setting says, wherever one is shown or copied, and follow it', { workspace: { 'patchbay.json': '{ "version": 1, "title": "Hooks" }\n', 'flows/orders.flow.json': flow, '.vscode/settings.json': tunnel('abc') }, timeoutMs: 240_000 }, async ({ workbench, folder, picture }) => {
  await workbench.ready();
  const { page } = workbench;
  await workbench.command('Patchbay: Open Webhook Inbox');
  const panel = workbench.webview();
  await panel.getByText('No request has come yet').waitFor({ timeout: 60_000 });
  await panel.getByText('https://abc.tunnel.example/hooks/', { exact: true }).waitFor();
  await panel.getByText('https://abc.tunnel.example/hooks/orders/shop', { exact: true }).waitFor();
  await picture('inbox-tunnel');
  await workbench.command('Patchbay: Copy Webhook URL');
  await page.locator('.statusbar-item', { hasText: 'https://abc.tunnel.example/hooks/orders/shop is copied.' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'https://abc.tunnel.example/hooks/orders/shop');

  writeFileSync(join(folder, '.vscode/settings.json'), tunnel('def'));
  await panel.getByText('https://def.tunnel.example/hooks/', { exact: true }).waitFor();
});
