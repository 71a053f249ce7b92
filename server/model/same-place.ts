import { isSame } from './json.ts';

export type Keys = readonly (string | number)[];

export interface SamePlace {
  readonly keys: Keys;
  /** Levels of the value that are the same there, above the value itself; 0: only the value. */
  readonly height: number;
}

/** Values that are looked at in search of one. */
const mostLooked = 300_000;

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
