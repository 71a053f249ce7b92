/** Characters of a value in a report, about. */
const most = 2_000;

/** The beginning of a value that is long: reports go to terminals and editors, and one value may be in many failures. */
export function shortened(value: unknown): unknown {
  let left = most;
  const part = (item: unknown): unknown => {
    if (typeof item === 'string') {
      left -= item.length + 2;
      return left < 0 ? `${item.slice(0, Math.max(0, item.length + left))}… (${item.length} characters)` : item;
    }
    if (typeof item !== 'object' || item === null) {
      left -= 8;
      return item;
    }
    if (Array.isArray(item)) {
      const items = taken(item);
      return items.length < item.length ? [...items, `… and ${item.length - items.length} more`] : items;
    }
    const entries = Object.entries(item);
    const first: [string, unknown][] = [];
    for (const [name, field] of entries) {
      if (left <= 0) break;
      left -= name.length + 4;
      first.push([name, part(field)]);
    }
    if (first.length < entries.length) first.push(['…', `and ${entries.length - first.length} more`]);
    return Object.fromEntries(first);
  };
  const taken = (items: readonly unknown[]): unknown[] => {
    const first: unknown[] = [];
    for (const item of items) {
      if (left <= 0) break;
      first.push(part(item));
    }
    return first;
  };
  return part(value);
}
