/** Items in the order in which they came, for one reader who waits for the next. Ends when the signal aborts. */
export interface Queue<T> extends AsyncIterable<T> {
  readonly size: number;
  push(item: T): void;
  /** Takes out what nobody has read. */
  drain(): T[];
}

export function queueOf<T>(signal: AbortSignal): Queue<T> {
  let items: T[] = [];
  let wake: (() => void) | undefined;
  signal.addEventListener('abort', () => wake?.(), { once: true });
  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      wake?.();
    },
    drain: () => items.splice(0),
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        const batch = items;
        items = [];
        for (const [index, item] of batch.entries()) {
          yield item;
          // The reader has gone: the rest is for whoever drains.
          if (signal.aborted) {
            items.unshift(...batch.slice(index + 1));
            return;
          }
        }
        if (items.length === 0 && !signal.aborted) await new Promise<void>((resolve) => { wake = resolve; });
        wake = undefined;
      }
    },
  };
}
