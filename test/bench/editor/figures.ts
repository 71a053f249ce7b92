import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { Workbench } from '../../vscode/workbench.ts';

/** One measured number and what it may be: at most, or at least. */
export type Figure = { readonly what: string; readonly value: number; readonly unit: string } & ({ readonly most: number } | { readonly least: number });

export function print(figure: Figure): void {
  const { what, value, unit } = figure;
  const shown = (number: number): string => (Number.isInteger(number) || number >= 100 ? number.toFixed(0) : number.toFixed(1));
  const [isRight, allowed] = 'most' in figure ? [value <= figure.most, `at most ${shown(figure.most)}`] : [value >= figure.least, `at least ${shown(figure.least)}`];
  process.stdout.write(`${isRight ? 'ok   ' : 'most' in figure ? 'ABOVE' : 'BELOW'} ${what}: ${shown(value)} ${unit} (${allowed})\n`);
}

/** The value that 95 of 100 do not exceed. */
export const p95 = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1]!;

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Looks every 10 ms: `waitFor` looks again after half a second where it has looked a few times. */
export async function untilSeen(where: Locator): Promise<void> {
  for (let left = 3_000; !(await where.isVisible()); left--) {
    if (left === 0) throw new Error(`It did not come: ${where.toString()}`);
    await pause(10);
  }
}

export async function times(count: number, work: (nth: number) => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (let nth = 0; nth < count; nth++) found.push(await work(nth));
  return found;
}

/** What the browser's own counters say of the page and all of its frames: seconds of the main thread, and bytes of its heap. */
export async function counters(page: Page): Promise<() => Promise<{ readonly busySeconds: number; readonly heapMegabytes: number }>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { busySeconds: of('TaskDuration'), heapMegabytes: of('JSHeapUsedSize') / 1e6 };
  };
}

interface Watched {
  frames: number;
  asked: number;
  longest: number;
  largestMessage: number;
  latest: number;
  watching: boolean;
}

/** What happens in the shown webview from now on. A frame is counted where the browser drew one; `asked` are those that the page itself asked for. */
export async function watchView(workbench: Workbench, options: { readonly countFrames: boolean }): Promise<() => Promise<Watched>> {
  const body = workbench.webview().locator('body');
  await body.evaluate((_, countFrames) => {
    const holder = globalThis as unknown as { watched?: Watched };
    if (holder.watched) holder.watched.watching = false;
    const watched: Watched = { frames: 0, asked: 0, longest: 0, largestMessage: 0, latest: 0, watching: true };
    holder.watched = watched;
    const own = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (callback) => { watched.asked++; return own(callback); };
    const next = (): void => { watched.frames++; if (watched.watching) own(next); };
    if (countFrames) own(next);
    new PerformanceObserver((list) => { for (const { name, duration } of list.getEntries()) if (name === 'self') watched.longest = Math.max(watched.longest, duration); }).observe({ type: 'longtask' });
    new PerformanceObserver((list) => { for (const entry of list.getEntries() as PerformanceEventTiming[]) watched.latest = Math.max(watched.latest, entry.processingStart - entry.startTime); }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    globalThis.addEventListener('message', ({ data }) => { watched.largestMessage = Math.max(watched.largestMessage, JSON.stringify(data)?.length ?? 0); });
  }, options.countFrames);
  return () => body.evaluate(() => {
    const { watched } = globalThis as unknown as { watched: Watched };
    watched.watching = false;
    return { ...watched };
  });
}

/** Elements of the shown webview, through all shadow roots. */
export const countElements = (workbench: Workbench): Promise<number> => workbench.webview().locator('body').evaluate((body) => {
  const count = (root: Document | ShadowRoot): number => [...root.querySelectorAll('*')].reduce((sum, element) => sum + 1 + (element.shadowRoot ? count(element.shadowRoot) : 0), 0);
  return count(body.ownerDocument);
});
