import { isSame } from './json.ts';

export type Keys = readonly (string | number)[];

export interface SamePlace {
  readonly keys: Keys;
  /** Levels of the value that are the same there, above the value itself; 0: only the value. */
  readonly height: number;
}

/** Values that are looked at in search of one. */
const mostLooked = 300_000;
/** Of a list, whose records are looked for one by one. */
const mostRecords = 500;

/**
 * Where in `before` the value stands that `after` has at `keys`: the largest part of `after` around it that is in `before` as it is, at the same place, else
 * the first, of records that are there several times the one of the same number. A bare text or number is found at the same place only: elsewhere it says nothing.
 */
export function samePlace(before: unknown, after: unknown, keys: Keys): SamePlace | undefined {
  for (let depth = 0; depth <= keys.length; depth++) {
    const part = valueAt(after, keys.slice(0, depth));
    if (part === undefined) return undefined;
    const there = valueAt(before, keys.slice(0, depth));
    if (there !== undefined && isSame(there, part)) return { keys, height: keys.length - depth };
    if (!isTelling(part)) continue;
    const found = find(before, part, numberOf(after, keys.slice(0, depth), part));
    if (found) return { keys: [...found, ...keys.slice(depth)], height: keys.length - depth };
  }
  return undefined;
}

/** A document by its number, and what of it holds records of a list. */
export interface RecordsPlace {
  readonly of: number;
  readonly keys: Keys;
}

/** Which lists or documents of `befores` hold the first records of a list, each as it is. `undefined`: one of them is nowhere. */
export function holdersOf(list: readonly unknown[], befores: readonly unknown[]): readonly RecordsPlace[] | undefined {
  const holders: (RecordsPlace & { readonly value: unknown; next: number })[] = [];
  for (const record of list.slice(0, mostRecords)) {
    if (!isTelling(record)) return undefined;
    // Mostly they stand there in the same order.
    const known = holders.find((holder) => {
      const at = Array.isArray(holder.value) ? holder.value.findIndex((one, index) => index >= holder.next && isSame(one, record)) : -1;
      if (at >= 0) holder.next = at + 1;
      return at >= 0;
    });
    if (known) continue;
    const of = befores.findIndex((before) => isSame(before, record) || find(before, record, 0));
    if (of < 0) return undefined;
    const keys = isSame(befores[of], record) ? [] : find(befores[of], record, 0)!;
    const holder = typeof keys.at(-1) === 'number' ? keys.slice(0, -1) : keys;
    holders.push({ of, keys: holder, value: valueAt(befores[of], holder), next: typeof keys.at(-1) === 'number' ? (keys.at(-1) as number) + 1 : 0 });
  }
  return holders.length === 0 ? undefined : holders.map(({ of, keys }) => ({ of, keys }));
}

export function valueAt(value: unknown, keys: Keys): unknown {
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return value;
}

const isTelling = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** How many items before it in its list are the same. */
function numberOf(after: unknown, keys: Keys, part: unknown): number {
  const index = keys.at(-1);
  const list = typeof index === 'number' ? valueAt(after, keys.slice(0, -1)) : undefined;
  return Array.isArray(list) ? list.slice(0, index as number).filter((item) => isSame(item, part)).length : 0;
}

function find(value: unknown, part: unknown, number: number): Keys | undefined {
  let left = mostLooked;
  let last: Keys | undefined;
  const waiting: { readonly value: object; readonly keys: Keys }[] = typeof value === 'object' && value !== null ? [{ value, keys: [] }] : [];
  for (let at = 0; at < waiting.length && left > 0; at++) {
    const { value: holder, keys } = waiting[at]!;
    if (Array.isArray(holder) === Array.isArray(part) && isSame(holder, part)) {
      last = keys;
      if (number-- === 0) return keys;
      continue;
    }
    for (const [key, child] of Object.entries(holder)) {
      left--;
      if (typeof child === 'object' && child !== null) waiting.push({ value: child as object, keys: [...keys, Array.isArray(holder) ? Number(key) : key] });
    }
  }
  return last;
}
