import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { FlowView } from '../../webview/protocol/flow.ts';
import { openBrowser, withPage } from '../support/browser.ts';
import { openScreens, type Screen } from './screens.ts';

// Every control can be reached where there is little room: at 200 % of a window of 1100 × 720, which has half of the pixels then, and in a panel that is 320 wide.

let browser: Browser;
const { screens, end } = await openScreens();
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); await end(); });

const rooms = { 'at 200 %': { width: 550, height: 360 }, '320 pixels wide': { width: 320, height: 640 } } as const;

/** What is there first where what is there else has no room. */
const readyInLittleRoom: Readonly<Partial<Record<keyof typeof screens, Screen['ready']>>> = {
  flow: (page) => page.getByRole('option').first(),
  map: (page) => page.getByRole('grid', { name: 'Rules' }),
};

/** More of a screen, where most of its controls are. */
const open: Readonly<Partial<Record<keyof typeof screens, (page: Page, view: object) => Promise<unknown>>>> = {
  flow: async (page, view) => { await (view as FlowView).select('only-paid'); await page.keyboard.press('Enter'); await page.getByLabel('Value of condition 1').waitFor(); },
  map: async (page) => { await page.getByRole('row', { name: /^1 id/ }).click(); await page.getByRole('textbox', { name: 'To', exact: true }).waitFor(); },
  run: async (page) => { await page.getByRole('row', { name: /Only paid orders/ }).last().click(); await page.getByRole('tab', { name: /Out/ }).waitFor(); },
  inbox: async (page) => { await page.getByRole('row', { name: /long-street/ }).last().click(); await page.getByRole('button', { name: 'Edit and replay' }).click(); await page.getByRole('textbox', { name: 'Body' }).waitFor(); },
};

for (const on of Object.keys(screens) as readonly (keyof typeof screens)[]) {
  describe(on, () => {
    for (const [room, size] of Object.entries(rooms)) {
      test(`no control is cut off, ${room}`, () => show(on, size, async (page, view) => {
        assert.deepEqual(await page.evaluate(controlsOutOfReach), [], 'as it opens');
        await open[on]?.(page, view);
        assert.deepEqual(await page.evaluate(controlsOutOfReach), [], 'with more of it open');
      }));
    }
  });
}

/** Runs in the page: controls that nobody can bring into view, by their names. What lies on the canvas is reached by panning. */
function controlsOutOfReach(): string[] {
  const kinds = 'button, input, textarea, select, a[href], [role="tab"], [role="button"], [role="combobox"], vscode-button, vscode-textfield, vscode-textarea, vscode-single-select, vscode-checkbox';
  const found: string[] = [];
  let seen = 0;
  const parentOf = (element: Element): Element | null => {
    const parent = element.assignedSlot ?? element.parentNode;
    return parent instanceof ShadowRoot ? parent.host : parent instanceof Element ? parent : null;
  };
  const cutBy = (element: Element): string | undefined => {
    const box = element.getBoundingClientRect();
    const axes = [{ from: box.left, to: box.right, size: 'width' }, { from: box.top, to: box.bottom, size: 'height' }] as const;
    for (const { size, ...range } of axes) {
      let { from, to } = range;
      const isAcross = size === 'width';
      for (let around = parentOf(element); around; around = parentOf(around)) {
        const style = getComputedStyle(around);
        if (around === document.documentElement || style.display === 'contents') continue;
        const overflow = isAcross ? style.overflowX : style.overflowY;
        const { left, right, top, bottom } = around.getBoundingClientRect();
        const [start, finish] = isAcross ? [left, right] : [top, bottom];
        if (overflow === 'visible') continue;
        // What scrolls shows it, if it has room for it.
        if (overflow === 'auto' || overflow === 'scroll') {
          if (finish - start < Math.min(to - from, 16)) return `${around.localName}.${around.className}, which scrolls and has no ${size}`;
          [from, to] = [start, finish];
        } else if (from < start - 1 || to > finish + 1) return `${around.localName}.${around.className}`;
      }
      if (from < -1 || to > (isAcross ? innerWidth : innerHeight) + 1) return 'the window';
    }
    return undefined;
  };
  const visit = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll(kinds)) {
      const { width, height } = element.getBoundingClientRect();
      if (width < 3 || height < 3 || element.closest('.world, [aria-hidden="true"]') || getComputedStyle(element).visibility === 'hidden') continue;
      seen++;
      const by = cutBy(element);
      if (by !== undefined) found.push(`${element.localName} ${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40)}: cut off by ${by}`);
    }
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) visit(element.shadowRoot);
  };
  visit(document);
  return seen === 0 ? ['There is no control at all.'] : found;
}

async function show(on: keyof typeof screens, size: { readonly width: number; readonly height: number }, tell: (page: Page, view: object) => Promise<void>): Promise<void> {
  const { entry, host: begin, ready }: Screen = screens[on];
  const host = await begin();
  try {
    await withPage(browser, { entry: `webview/${entry}/main.ts`, name: `zoom-${on}-${size.width}`, host: host.host, ...size }, async ({ page, view }) => {
      host.view = view;
      await (readyInLittleRoom[on] ?? ready)(page).waitFor();
      await tell(page, view);
    });
  } finally {
    await host.end?.();
  }
}
