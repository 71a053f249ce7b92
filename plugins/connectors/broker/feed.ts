/** What a library hands over by callbacks, for one reader who waits for the next. */
export interface Feed<T> extends AsyncIterable<T> {
  push(item: T): void;
  /** What was handed over before and is not read is dropped: it comes again. The first error counts. */
  end(error: Error): void;
  /** Takes out what nobody has read. */
  drain(): T[];
}

/** Ends when the signal aborts. What hands over must not do so without end: a broker that waits for acknowledgements does not. */
export function createFeed<T>(signal: AbortSignal): Feed<T> {
  const items: T[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  signal.addEventListener('abort', () => wake?.(), { once: true });
  return {
    push(item) {
      items.push(item);
      wake?.();
    },
    end(error) {
      failure ??= error;
      wake?.();
    },
    drain: () => items.splice(0),
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        if (failure) throw failure;
        const item = items.shift();
        if (item !== undefined) yield item;
        else await new Promise<void>((resolve) => { wake = resolve; });
      }
    },
  };
}
