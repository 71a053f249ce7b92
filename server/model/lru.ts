/** Keeps the `size` values that were used last. */
export function createCache<T>(size: number): { get(key: string): T | undefined; add(key: string, value: T): T; delete(key: string): void } {
  const entries = new Map<string, T>();
  return {
    get: (key) => {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    add: (key, value) => {
      // What is there already takes no room of another.
      if (!entries.delete(key) && entries.size >= size) entries.delete(entries.keys().next().value!);
      entries.set(key, value);
      return value;
    },
    delete: (key) => void entries.delete(key),
  };
}
