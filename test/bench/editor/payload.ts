import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { inVsCode } from '../../vscode/harness.ts';
import { measuredRun } from '../measured-run.ts';
import { writeOrders } from '../write-orders.ts';
import { counters, p95, print, timed, times, watchView, untilSeen } from './figures.ts';

const flow = { version: 1, title: 'Large', start: 'pass', steps: { pass: { shape: 'map', settings: { passThrough: true } } } };

/** A recorded payload of 100 MB, looked at in the run's panel: what one waits for, and what it takes of the browser's memory. */
export async function measurePayload(megabytes = 100): Promise<void> {
  const workspace = { 'patchbay.json': '{ "version": 1, "limits": { "payloadBytes": 1000000000 } }\n', 'flows/large.flow.json': JSON.stringify(flow, undefined, 2) };
  await inVsCode('payload', { workspace }, async ({ workbench, folder, picture }) => {
    const input = join(folder, 'orders.json');
    const items = await writeOrders(input, megabytes);
    const { code, text } = await measuredRun(['run', 'large', '--workspace', folder, '--input', input, '--json']);
    if (code !== 0) throw new Error(text);
    rmSync(input);
    await workbench.ready();
    const { page } = workbench;
    const read = await counters(page);
    await workbench.command('Patchbay: Open Run');
    await workbench.pick('Large');
    const panel = workbench.webview();
    await panel.getByText('pass').first().waitFor();
    const before = (await read()).heapMegabytes;
    const seen = await watchView(workbench, { countFrames: false });

    const rows = panel.getByRole('treeitem');
    print({
      what: `a payload of ${megabytes} MB with ${items} items: first rows`, unit: 'ms', most: 1_000,
      value: await timed(async () => {
        await panel.getByText('pass').first().click();
        await untilSeen(rows.nth(5));
      }),
    });
    const go = panel.getByLabel('Path in the document');
    const places = await times(20, async (nth) => {
      const at = Math.floor((items * ((nth * 7) % 20)) / 20);
      await go.fill(`$[${at}].id`);
      return timed(async () => {
        await go.press('Enter');
        await untilSeen(panel.locator('[role="treeitem"][aria-selected="true"]', { hasText: `${at}` }).first());
      });
    });
    print({ what: `a payload of ${megabytes} MB: rows at a place of it (p95 of 20; the worst ${Math.max(...places).toFixed()} ms)`, value: p95(places), unit: 'ms', most: 150 });
    await picture('bench-payload');
    const { largestMessage, longest } = await seen();
    print({ what: 'largest message to the page', value: largestMessage / 1024, unit: 'KB', most: 256 });
    print({ what: 'longest task of the page', value: longest, unit: 'ms', most: 50 });
    print({ what: 'heap of the window, above that before it was opened', value: (await read()).heapMegabytes - before, unit: 'MB', most: 60 });
  });
}

if (import.meta.main) await measurePayload(Number(process.argv[2] ?? 100));
