import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { largeFlow } from '../../support/flow-page.ts';
import { inVsCode } from '../../vscode/harness.ts';
import type { Workbench } from '../../vscode/workbench.ts';
import { p95, print, untilSeen, timed, times } from './figures.ts';

const file = 'flows/hundred.flow.json';
const workspace = { 'patchbay.json': '{ "version": 1 }\n', [file]: largeFlow(100), 'flows/other.flow.json': largeFlow(100), 'note.txt': 'text\n' };

/** How long one waits for the canvas: opened, shown again, after a change of the file or of the theme. */
export async function measureOpening(count = 20): Promise<void> {
  await inVsCode('opening', { workspace, settings: { 'workbench.editor.enablePreview': false } }, async ({ workbench, folder }) => {
    await workbench.ready();
    const { page } = workbench;
    await open(workbench, 'hundred');
    await close(workbench);
    print({
      what: `a flow of 100 steps opened (p95 of ${count})`, unit: 'ms', most: 800,
      value: p95(await times(count, async () => {
        const ms = await open(workbench, 'hundred');
        await close(workbench);
        return ms;
      })),
    });

    await open(workbench, 'other');
    await open(workbench, 'hundred');
    const canvas = workbench.webview();
    print({
      what: `a flow whose tab was hidden is shown again (p95 of ${count})`, unit: 'ms', most: 500,
      value: p95(await times(count, async (nth) => {
        const name = nth % 2 === 0 ? 'other' : 'hundred';
        return timed(async () => {
          await workbench.tab(`${name}.flow.json`).click();
          await untilSeen(named(workbench, name));
        });
      })),
    });
    if (!(await named(workbench, 'hundred').isVisible())) await workbench.tab('hundred.flow.json').click();
    await named(workbench, 'hundred').waitFor();

    // A text editor beside it shows how long VS Code itself takes to see the change.
    await workbench.command('View: Split Editor Right');
    await workbench.command('View: Reopen Editor With...');
    await workbench.pick('Text Editor');
    const lines = page.locator('.editor-instance .view-lines').first();
    const written = await times(count, async (nth) => {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8').replace(/"title": "[^"]*"/, `"title": "Changed ${nth}"`);
      writeFileSync(path, text);
      const [inText, onCanvas] = await Promise.all([lines, canvas.locator('.node')].map(async (where) => {
        await where.filter({ hasText: new RegExp(`Changed.${nth}\\b`) }).first().waitFor();
        return performance.now();
      }));
      return onCanvas! - inText!;
    });
    print({ what: `the canvas after another program wrote the file, after the text editor (p95 of ${count})`, value: p95(written), unit: 'ms', most: 300 });
    // Into the title, in front of it.
    await lines.click();
    await page.keyboard.press('Control+F');
    await page.locator('.find-widget.visible').waitFor();
    await page.keyboard.insertText('Changed');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowLeft');
    print({
      what: `the canvas after a letter in the text editor (p95 of ${count})`, unit: 'ms', most: 300,
      value: p95(await times(count, (nth) => timed(async () => {
        await page.keyboard.insertText('x');
        await untilSeen(canvas.locator('.node', { hasText: `${'x'.repeat(nth + 1)}Changed` }).first());
      }))),
    });
    await workbench.tab('hundred.flow.json').click();
    await canvas.locator('.node').first().waitFor();

    print({ what: `the canvas in the colours of another theme, after VS Code (p95 of ${count})`, value: p95(await themes(workbench, count)), unit: 'ms', most: 200 });
  });
}

/** The first flow of a window, and the extension itself. */
export async function measureStart(): Promise<void> {
  await inVsCode('start', { workspace }, async ({ workbench }) => {
    await workbench.ready();
    const { page } = workbench;
    const cold: number[] = [];
    for (let nth = 0; nth < 3; nth++) {
      await page.reload();
      await workbench.ready();
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
      cold.push(await open(workbench, 'hundred'));
      await close(workbench);
    }
    print({ what: 'a flow of 100 steps opened, first in its window (worst of 3)', value: Math.max(...cold), unit: 'ms', most: 2_000 });
    print({ what: 'activation', value: await activation(workbench), unit: 'ms', most: 150 });
  });
}

/** The canvas of a flow, with its first step drawn. */
const named = (workbench: Workbench, name: string): Locator => workbench.webview().locator(`[role="listbox"].view[aria-label*="${name}"] [role="option"]`).first();

/** From the click in the list of files to the first step. */
async function open(workbench: Workbench, name: string): Promise<number> {
  const { page } = workbench;
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget:visible input[type=text]').fill(`${name}.flow.json`);
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: `${name}.flow.json` }).first();
  await row.waitFor();
  return timed(async () => {
    await row.click();
    await untilSeen(named(workbench, name));
  });
}

async function close(workbench: Workbench): Promise<void> {
  await workbench.page.locator('.tabs-container .tab.active .tab-actions .action-label').first().click();
  await workbench.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
}

/** As VS Code itself has measured it. */
async function activation(workbench: Workbench): Promise<number> {
  await workbench.command('Developer: Show Running Extensions');
  const row = workbench.page.locator('.runtime-extensions-editor .extension', { hasText: 'patchbay' }).first();
  await row.waitFor();
  const text = await row.locator('.activation-time, .activationTime').first().innerText();
  return Number(/(\d+)\s*ms/.exec(text)?.[1]);
}

/** From the moment in which the workbench has the class of the theme to that in which the webview has it. */
async function themes(workbench: Workbench, count: number): Promise<number[]> {
  const { page } = workbench;
  await page.evaluate(() => {
    const noted = globalThis as unknown as { themeAt: number };
    const workbenchElement = document.querySelector('.monaco-workbench')!;
    let last = workbenchElement.className;
    new MutationObserver(() => {
      if (workbenchElement.className === last) return;
      last = workbenchElement.className;
      noted.themeAt = performance.timeOrigin + performance.now();
    }).observe(workbenchElement, { attributes: true, attributeFilter: ['class'] });
  });
  return times(count, async () => {
    const arrived = workbench.webview().locator('body').evaluate((body) => new Promise<number>((resolve) => {
      const before = getComputedStyle(body).getPropertyValue('--vscode-editor-background');
      const look = (): void => {
        if (getComputedStyle(body).getPropertyValue('--vscode-editor-background') === before) requestAnimationFrame(look);
        else requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
      };
      look();
    }));
    await workbench.command('Preferences: Toggle between Light/Dark Themes');
    const at = await arrived;
    return at - (await page.evaluate(() => (globalThis as unknown as { themeAt: number }).themeAt));
  });
}

if (import.meta.main) {
  await measureStart();
  await measureOpening(Number(process.argv[2] ?? 20));
}
