import type { CallContext } from '../../sdk/index.ts';
import { ask, type Traits } from './ask.ts';
import type { Entry, FileClient, Turn } from './client.ts';
import type { Selection } from './patterns.ts';
import { targetOf } from './paths.ts';

export interface SelectOptions {
  readonly selection: Selection;
  readonly pageSize: number;
  readonly timeoutMs: number;
  /** Begins behind it. */
  readonly after?: string | undefined;
  isWanted(entry: Entry): boolean;
}

/** Some entries that are wanted, maybe none; `after`: what the next page comes behind. */
export interface Selected {
  readonly entries: readonly Entry[];
  readonly after?: string;
}

/** What a selection means, page by page. A folder is read once, as long as nothing fails. */
export async function* select(context: CallContext<FileClient>, traits: Traits, { selection, pageSize, timeoutMs, after: start, isWanted }: SelectOptions): AsyncGenerator<Selected> {
  const { folder, isRecursive, accepts } = selection;
  const turn: Turn = { signal: context.signal };
  let pages: AsyncGenerator<readonly Entry[]> | undefined;
  for (let after = start; ;) {
    const { body } = await ask(context, traits, { method: 'LIST', target: targetOf(folder), body: { recursive: isRecursive, ...(after !== undefined && { after }) }, isRepeatable: true, timeoutMs }, async (client, signal) => {
      turn.signal = signal;
      pages ??= client.walk({ folder, isRecursive, pageSize, after }, turn);
      try {
        const next = await pages.next();
        const value = next.done ? [] : next.value;
        const last = value.at(-1)?.path;
        return { body: { entries: value.filter((entry) => isWanted(entry) && accepts(entry.path)), ...(last !== undefined && { after: last }) } satisfies Selected };
      } catch (error) {
        // A walk that has failed is over.
        pages = undefined;
        throw error;
      }
    });
    const selected = body as Selected;
    yield selected;
    if (selected.after === undefined) return;
    after = selected.after;
  }
}
