import { isSame } from '../../server/model/json.ts';
import type { Opened } from '../protocol/opened.ts';
import { bootData } from './host.ts';
import { keepLabelsUnmarked } from './select-all.ts';

/** Whether one of these parts is another than the page was written with. */
export type IsOther<Opening> = (...parts: readonly (keyof Opening)[]) => boolean;

interface OpenedPage<Opening> {
  /** The first paint. */
  begin(opening: Opening): unknown;
  /** As all is by now. What is not `isOther` is drawn already, or was told since. */
  refresh(now: Opening, isOther: IsOther<Opening>): void;
}

/**
 * Shows what the host has written into the page, and at once asks what has become of it. VS Code waits 200 ms for a page, and then sends what was kept for it:
 * where the script comes later, that is lost. What is told after the answer comes after it.
 */
export async function openPage<Opening extends object>(host: { open(): Promise<Opened<Opening>> }, { begin, refresh }: OpenedPage<Opening>): Promise<void> {
  keepLabelsUnmarked();
  // Before the paint: the host learns from it that the page listens.
  const asked = host.open();
  const boot = bootData<Opening>();
  if (!boot) return void (await begin((await asked) as Opening));
  const take = async (): Promise<void> => {
    const answer = await asked;
    const now = { ...('catalog' in boot && { catalog: boot.catalog }), ...answer } as Opening;
    refresh(now, (...parts) => parts.some((part) => !isSame(boot[part], now[part])));
  };
  // Taken as it comes, also where the paint is still awaited: later news must not be overwritten.
  await Promise.all([take(), begin(boot)]);
}
