import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, withPage } from '../support/browser.ts';
import { ConnectorPageHost, readConnector, threePages, trialBodies } from '../support/connector-page.ts';
import { FlowPageHost, readSample, sampleRun, sampleWorkspace } from '../support/flow-page.ts';
import { LookupPageHost, sampleUses } from '../support/lookup-page.ts';
import { MapPageHost, openMapRunner, orderMap } from '../support/map-page.ts';
import { instanceText, SettingsPageHost } from '../support/settings-page.ts';
import { fill, inboxWorld } from './inbox-world.ts';
import { recordedHost } from './recorded-run.ts';

let browser: Browser;
const workspace = await sampleWorkspace();
const runner = await openMapRunner();
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); await runner.end(); });

interface Stop {
  readonly name: string;
  /** It lies in view, and something says that it has the focus. */
  readonly isShown: boolean;
  readonly isMarked: boolean;
}

/** Where the focus is, through all shadow roots. `undefined`: nowhere in the page. */
const stopOf = (page: Page): Promise<Stop | undefined> => page.evaluate(() => {
  let element = document.activeElement;
  if (!element || element === document.body) return undefined;
  const around: Element[] = [element];
  while (element.shadowRoot?.activeElement) around.unshift((element = element.shadowRoot.activeElement));
  const box = element.getBoundingClientRect();
  const probe = document.body.appendChild(document.createElement('i'));
  const [focus, sash] = ['--vscode-focusBorder', '--vscode-sash-hoverBorder'].map((name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; });
  probe.remove();
  const isMark = (one: Element): boolean => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && style.outlineColor !== 'rgba(0, 0, 0, 0)') || style.boxShadow !== 'none' || style.borderTopColor === focus || [style.backgroundColor, getComputedStyle(one, '::after').backgroundColor].some((colour) => colour === focus || colour === sash);
  };
  // What marks the focus may be the box around a field, or the row of a list that has the focus as a whole.
  const marked = around.flatMap((one) => [one, one.parentElement, one.querySelector('[aria-selected="true"], .active')].filter((other) => other !== null));
  return {
    name: `${element.getAttribute('role') ?? element.localName}: ${element.getAttribute('aria-label') ?? element.textContent?.trim().replaceAll(/\s+/g, ' ').slice(0, 60) ?? ''}`,
    isShown: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    isMarked: marked.some(isMark),
  };
});

/** Tab until the focus leaves the page, or is where it began. */
async function walk(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  for (let times = 0; times < 200; times++) {
    await page.keyboard.press(key);
    const stop = await stopOf(page);
    if (!stop) return stops;
    stops.push(stop);
  }
  throw new Error(`The focus does not get out: ${stops.slice(-6).map(({ name }) => name).join(' | ')}`);
}

function screen(name: string, entry: string, open: () => Promise<{ readonly host: object; view?: unknown; [Symbol.asyncDispose]?(): PromiseLike<void> }>, ready: (page: Page) => Promise<unknown>): void {
  test(`${name}: Tab goes through it and out of it again, and the focus is always seen`, async () => {
    const host = await open();
    try {
      await withPage<object>(browser, { entry: `webview/${entry}/main.ts`, name: `keyboard-${entry}`, host: host.host, width: 1300, height: 800, reducedMotion: true }, async ({ page, view }) => {
        host.view = view;
        await ready(page);
        // The click has left the focus somewhere in between.
        await walk(page, 'Shift+Tab');
        const there = await walk(page, 'Tab');
        assert.ok(there.length > 3, 'nothing was walked through');
        assert.deepEqual(there.filter(({ isShown }) => !isShown).map((stop) => stop.name), [], 'out of view');
        assert.deepEqual(there.filter(({ isMarked }) => !isMarked).map((stop) => stop.name), [], 'without a mark');
        const back = await walk(page, 'Shift+Tab');
        assert.equal(back.length, there.length, JSON.stringify({ there: there.map((stop) => stop.name), back: back.map((stop) => stop.name) }, undefined, 1));
      });
    } finally {
      await host[Symbol.asyncDispose]?.();
    }
  });
}

screen('flow', 'flow', async () => { const text = await readSample('import-orders'); return new FlowPageHost({ text, ...sampleRun(text) }, workspace); }, (page) => page.getByRole('option').first().waitFor());
screen('mapping', 'map', async () => new MapPageHost(orderMap, runner, workspace), (page) => page.getByRole('treeitem', { name: /^amount/ }).click());
screen('connector', 'connector', async () => new ConnectorPageHost({ text: await readConnector('brook-shop'), answers: [threePages], bodies: trialBodies }), async (page) => { await page.getByRole('tablist', { name: 'Sections' }).waitFor(); await page.keyboard.press('Control+Enter'); await page.getByRole('treeitem').first().waitFor(); });
screen('lookup', 'lookup', () => LookupPageHost.open({ text: 'sku,price\nA1,1.50\nA2,free\n', settings: { version: 1, key: ['sku'], columns: { price: { type: 'decimal' } } }, uses: sampleUses }), (page) => page.getByRole('grid').waitFor());
screen('run', 'run', async () => recordedHost(), (page) => page.getByRole('row', { name: /Map: order/ }).waitFor());
screen('inbox', 'inbox', async () => { const world = await inboxWorld(); await fill(world); return world; }, (page) => page.getByRole('row', { name: /again 2/ }).click());
screen('instance', 'settings', async () => new SettingsPageHost({ kind: 'instance', id: 'shop', text: instanceText }), (page) => page.locator('patchbay-settings').waitFor());
