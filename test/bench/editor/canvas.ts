import type { FrameLocator } from 'playwright-core';
import { largeFlow } from '../../support/flow-page.ts';
import { inVsCode } from '../../vscode/harness.ts';
import type { Workbench } from '../../vscode/workbench.ts';
import { countElements, counters, print, watchView } from './figures.ts';

const sizes = { 'none': 0, 'some': 500, 'many': 2_000 } as const;
const gestures = ['pan', 'zoom', 'fit', 'drag'] as const;

/** What panning, zooming, fitting and dragging cost the main thread, per frame and against an empty canvas in the same window; and what rest costs. */
export async function measureCanvas(restSeconds = 30): Promise<void> {
  const empty = '{ "version": 1, "steps": {} }\n';
  const workspace = { 'patchbay.json': '{ "version": 1 }\n', 'note.txt': 'text\n', ...Object.fromEntries(Object.entries(sizes).map(([name, steps]) => [`flows/${name}.flow.json`, steps === 0 ? empty : largeFlow(steps)])) };
  await inVsCode('canvas', { workspace }, async ({ workbench, picture }) => {
    await workbench.ready();
    const read = await counters(workbench.page);
    const base = new Map<string, number>();
    for (const [name, steps] of Object.entries(sizes)) {
      await workbench.openFile(`${name}.flow.json`);
      const canvas = workbench.webview();
      if (steps > 0) await canvas.locator('[role="option"]').first().waitFor();
      else await canvas.locator('[role="listbox"].view').waitFor();
      let elements = 0;
      for (const gesture of gestures) {
        if (steps === 0 && gesture === 'drag') continue;
        const seen = await watchView(workbench, { countFrames: true });
        const before = await read();
        await make(workbench, gesture);
        const after = await read();
        const { frames, longest } = await seen();
        await picture(`bench-${name}-${gesture}`);
        elements = Math.max(elements, await countElements(workbench));
        const perFrame = ((after.busySeconds - before.busySeconds) * 1000) / frames;
        if (steps === 0) base.set(gesture, perFrame);
        // Nothing can be dragged where there is nothing: moving the picture is nearest to it.
        const own = perFrame - (base.get(gesture) ?? base.get('pan')!);
        if (steps > 0) {
          print({ what: `${steps} steps, ${gesture}: main thread per frame above the empty canvas (with it ${perFrame.toFixed(1)} ms, ${frames} frames)`, value: own, unit: 'ms', most: steps === 500 ? 8 : 10 });
          if (steps === 500) print({ what: `${steps} steps, ${gesture}: longest task`, value: longest, unit: 'ms', most: 50 });
        }
      }
      if (steps > 0) print({ what: `${steps} steps: most elements`, value: elements, unit: 'elements', most: 1_500 });
      if (steps === 500) await rest(workbench, read, restSeconds);
    }
  });
}

async function make(workbench: Workbench, gesture: (typeof gestures)[number]): Promise<void> {
  const { mouse, keyboard } = workbench.page;
  const canvas = workbench.webview();
  const box = (await canvas.locator('[role="listbox"].view').boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await mouse.move(middle.x, middle.y);
  if (gesture === 'pan') for (let nth = 0; nth < 60; nth++) await mouse.wheel(nth < 40 ? 120 : -120, 10);
  if (gesture === 'zoom') {
    await keyboard.down('Control');
    for (let nth = 0; nth < 60; nth++) await mouse.wheel(0, nth % 30 < 15 ? -100 : 100);
    await keyboard.up('Control');
  }
  if (gesture === 'fit') {
    await canvas.locator('[role="listbox"].view').focus();
    for (let nth = 0; nth < 20; nth++) {
      await keyboard.press(nth % 2 === 0 ? '1' : '0');
      await canvas.locator('body').evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
    }
  }
  if (gesture === 'drag') {
    await keyboard.press('0');
    const at = await inTheMiddle(canvas, middle);
    await mouse.move(at.x, at.y);
    await mouse.down();
    for (let nth = 1; nth <= 60; nth++) await mouse.move(at.x + nth * 2, at.y + nth);
    await mouse.up();
    await workbench.page.locator('.tab.active.dirty').waitFor();
  }
}

/** The middle of the step that lies nearest to a point. */
async function inTheMiddle(canvas: FrameLocator, point: { readonly x: number; readonly y: number }): Promise<{ readonly x: number; readonly y: number }> {
  const boxes = await Promise.all((await canvas.locator('.node').all()).map((node) => node.boundingBox()));
  const middles = boxes.filter((box) => box !== null).map((box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 }));
  const far = (one: { readonly x: number; readonly y: number }): number => Math.hypot(one.x - point.x, one.y - point.y);
  return middles.toSorted((a, b) => far(a) - far(b))[0]!;
}

async function rest(workbench: Workbench, read: Awaited<ReturnType<typeof counters>>, seconds: number): Promise<void> {
  const { page } = workbench;
  const shares: { shown: number[]; hidden: number[] } = { shown: [], hidden: [] };
  let asked = 0;
  let left = 0;
  // In turns, since VS Code itself is not always equally busy.
  for (let turn = 0; turn < 3; turn++) {
    for (const [name, file] of [['shown', 'some.flow.json'], ['hidden', 'note.txt']] as const) {
      await workbench.openFile(file);
      // What VS Code still has to do after an action is over after a few seconds.
      await page.waitForTimeout(5_000);
      const seen = name === 'shown' ? await watchView(workbench, { countFrames: false }) : undefined;
      const before = await read();
      await page.waitForTimeout((seconds * 1000) / 3);
      shares[name].push(((await read()).busySeconds - before.busySeconds) / (seconds / 3) * 100);
      asked += (await seen?.())?.asked ?? 0;
      if (name === 'hidden') left += await page.locator('iframe.webview').count();
    }
  }
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[1]!;
  print({ what: `500 steps at rest: main thread above that of a text file (${middle(shares.hidden).toFixed(2)} %)`, value: middle(shares.shown) - middle(shares.hidden), unit: '%', most: 0.5 });
  print({ what: '500 steps at rest: frames asked for', value: asked, unit: 'frames', most: 0 });
  print({ what: '500 steps hidden: pages alive', value: left, unit: 'pages', most: 0 });
}

if (import.meta.main) await measureCanvas(Number(process.argv[2] ?? 30));
