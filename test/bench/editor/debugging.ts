import { inVsCode } from '../../vscode/harness.ts';
import { p95, print, timed, times, untilSeen } from './figures.ts';

/** A chain of steps that do nothing. */
const chain = (count: number): string => JSON.stringify({
  version: 1, title: 'Chain', triggers: { manual: { trigger: 'manual' } }, start: 'step-0',
  steps: Object.fromEntries(Array.from({ length: count }, (_, at) => [`step-${at}`, { shape: 'map', settings: { passThrough: true }, ...(at + 1 < count && { next: { out: `step-${at + 1}` } }) }])),
}, undefined, 2);

/** From a key of the debugger, pressed on the canvas, to the ring about the step where the run stands then. */
export async function measureDebugging(count = 20): Promise<void> {
  await inVsCode('debugging', { workspace: { 'patchbay.json': '{ "version": 1 }\n', 'flows/chain.flow.json': chain(count + 2) } }, async ({ workbench }) => {
    await workbench.ready();
    const { page } = workbench;
    await workbench.openFile('chain.flow.json');
    const canvas = workbench.webview();
    await workbench.selectStep(canvas, /^step-0/);
    await page.keyboard.press('F9');
    await canvas.locator('.dot[data-dot="step-0"]:not(.none)').waitFor();
    await page.keyboard.press('F5');
    await canvas.locator('.node.stopped[data-id="step-0"]').waitFor({ timeout: 60_000 });
    await page.locator('.debug-toolbar').waitFor();
    const steps = await times(count, async (nth) => {
      // VS Code takes no key for the next step before it has the stack itself.
      await page.locator('.debug-call-stack .monaco-list-row', { hasText: new RegExp(`^step-${nth}\\D`) }).first().waitFor();
      return timed(async () => {
        await page.keyboard.press('F10');
        await untilSeen(canvas.locator(`.node.stopped[data-id="step-${nth + 1}"]`));
      });
    });
    print({ what: `from F10 to the ring about the next step (p95 of ${count})`, value: p95(steps), unit: 'ms', most: 300 });
    print({ what: 'tabs that the debugger opened', value: (await page.locator('.tabs-container .tab').count()) - 1, unit: 'tabs', most: 0 });
  });
}

if (import.meta.main) await measureDebugging(Number(process.argv[2] ?? 20));
