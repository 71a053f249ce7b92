/** A queue whose writers wait while it is full: the back-pressure of a flow. One reader. */
export interface BoundedQueue<T> {
  /** Resolves when there is room; immediately where there is, without a promise. */
  put(item: T): Promise<void> | undefined;
  /** The next item, or a promise of it. */
  take(): T | Promise<T>;
  readonly size: number;
}

export function boundedQueue<T>(capacity: number): BoundedQueue<T> {
  const items: T[] = [];
  let head = 0;
  let reader: ((item: T) => void) | undefined;
  const writers: (() => void)[] = [];
  return {
    get size() {
      return items.length - head;
    },
    put(item) {
      if (reader) {
        const wake = reader;
        reader = undefined;
        wake(item);
        return undefined;
      }
      items.push(item);
      if (items.length - head <= capacity) return undefined;
      return new Promise((resolve) => writers.push(resolve));
    },
    take() {
      if (head === items.length) return new Promise((resolve) => { reader = resolve; });
      const item = items[head] as T;
      items[head++] = undefined as T;
      if (head > 1024 && head * 2 > items.length) {
        items.splice(0, head);
        head = 0;
      }
      writers.shift()?.();
      return item;
    },
  };
}
