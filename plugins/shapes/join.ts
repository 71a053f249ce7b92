import type { Path } from '../sdk/index.ts';
import { recordKey } from './record-key.ts';

export interface JoinOptions {
  readonly keys: { readonly left: Path; readonly right: Path };
  readonly join: 'inner' | 'left' | 'outer';
  readonly matches: 'each' | 'first' | 'all';
  readonly into: string | undefined;
}

/** Records of two lists by a key, in the order of the left one; of an outer join, those of the right one that fit none come last. */
export function joinRecords(left: readonly unknown[], right: readonly unknown[], { keys, join, matches, into }: JoinOptions): unknown[] {
  const known = new Map<string, number[]>();
  for (const [index, record] of right.entries()) {
    const key = recordKey(keys.right, record);
    if (key !== undefined) known.set(key, [...(known.get(key) ?? []), index]);
  }
  const used = new Set<number>();
  const joined: unknown[] = [];
  for (const record of left) {
    const key = recordKey(keys.left, record);
    const places = (key === undefined ? undefined : known.get(key)) ?? [];
    for (const place of places) used.add(place);
    const partners = places.map((place) => right[place]);
    if (partners.length === 0 && join !== 'inner') joined.push(record);
    else if (partners.length > 0 && matches === 'all') joined.push(combine(record, partners, into));
    else for (const partner of matches === 'first' ? partners.slice(0, 1) : partners) joined.push(combine(record, partner, into));
  }
  if (join === 'outer') for (const [index, record] of right.entries()) if (!used.has(index)) joined.push(alone(record, into, matches === 'all'));
  return joined;
}

/** Records of two lists by their place, up to the end of the longer one. */
export function zipRecords(left: readonly unknown[], right: readonly unknown[], into: string | undefined): unknown[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    if (index >= left.length) return alone(right[index], into, false);
    return index >= right.length ? left[index] : combine(left[index], right[index], into);
  });
}

/** Both as one record: the fields of the left one come first, and win. */
const combine = (left: unknown, right: unknown, into: string | undefined): unknown =>
  (into === undefined ? { ...(left as object), ...(right as object), ...(left as object) } : { ...(left as object), [into]: right });

const alone = (right: unknown, into: string | undefined, isList: boolean): unknown => (into === undefined ? right : { [into]: isList ? [right] : right });
