import type { JsonChange } from './json-compare.ts';
import { compareJson } from './json-compare.ts';
import { isObject, isSame } from './json.ts';
import { withoutPaths } from './ignored-paths.ts';
import { longestRise } from './longest-rise.ts';
import { compilePath, printPath } from './path.ts';

/** How two lists of records differ. */
export interface RecordsDiff {
  readonly total: DiffTotal;
  /** Path by which records were put together; absent: by their order. */
  readonly key?: string;
  /** The first that differ, in the order of the records after; those that are gone stand where they stood. */
  readonly rows: readonly RecordChange[];
}

/** `same` and `changed` count records that are on both sides; `moved` those of them that stand in another order. */
export interface DiffTotal {
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  readonly moved: number;
}

export interface RecordChange {
  readonly kind: 'changed' | 'moved' | 'added' | 'removed';
  /** Its key, or its number from 0. */
  readonly key: unknown;
  /** Its number on each side, from 0. */
  readonly before?: number;
  readonly after?: number;
  /** One that was added or removed. */
  readonly record?: unknown;
  /** The first of one that was changed. */
  readonly changes?: readonly JsonChange[];
  /** Changes that are not listed. */
  readonly more?: number;
}

export interface DiffOptions {
  /** Path of what tells records apart; default their order. */
  readonly key?: string;
  /** Paths of values that do not matter, from a record on. */
  readonly ignore?: readonly string[];
}

/** How much is listed; totals count all. */
export interface DiffLimits {
  readonly rows: number;
  readonly changes: number;
}

/** `place`: number before of the record that it stands behind, or of its own where it is gone. */
interface Placed {
  readonly place: number;
  readonly row: RecordChange;
}

interface Seen {
  readonly text: string;
  readonly key: unknown;
  readonly at: number;
  readonly record: unknown;
}

/** Compares records: those with the same key with each other, else the first with the first. Fails with `CONFIG_PATH`. */
export function compareRecords(before: readonly unknown[], after: readonly unknown[], { key, ignore = [] }: DiffOptions, limits: DiffLimits = { rows: 50, changes: 50 }): RecordsDiff {
  const [old, fresh] = [seenOf(before, key, ignore), seenOf(after, key, ignore)];
  const waiting = new Map(old.map((one) => [one.text, one]));
  const pairs = fresh.map((one) => {
    const was = waiting.get(one.text);
    waiting.delete(one.text);
    return { was, is: one };
  });
  const there = pairs.flatMap(({ was }) => (was ? [was.at] : []));
  const steady = new Set(longestRise(there));
  const total = { same: 0, changed: 0, added: pairs.length - there.length, removed: waiting.size, moved: there.length - steady.size };
  const found: Placed[] = [];
  let place = -1;
  for (const { was, is } of pairs) {
    if (was && steady.has(was.at)) place = was.at;
    if (!was) found.push({ place, row: { kind: 'added', key: is.key, after: is.at, record: is.record } });
    else {
      const isEqual = isSame(was.record, is.record);
      total[isEqual ? 'same' : 'changed']++;
      const both = { key: is.key, before: was.at, after: is.at };
      if (!isEqual) found.push({ place, row: { kind: 'changed', ...both, ...(found.length < limits.rows && listed(compareJson(was.record, is.record), limits.changes)) } });
      else if (!steady.has(was.at)) found.push({ place, row: { kind: 'moved', ...both } });
    }
  }
  const gone = [...waiting.values()].map(({ key: own, at, record }): Placed => ({ place: at, row: { kind: 'removed', key: own, before: at, record } }));
  const rows = together(found, gone).slice(0, limits.rows).map(({ row }) => row);
  return { total, ...(key !== undefined && { key }), rows };
}

function seenOf(records: readonly unknown[], key: string | undefined, ignore: readonly string[]): readonly Seen[] {
  const path = key === undefined ? undefined : compilePath(key);
  const counts = new Map<string, number>();
  return records.map((whole, at) => {
    const record = withoutPaths(whole, ignore);
    if (!path) return { text: String(at), key: at, at, record };
    const value = path.get(whole) ?? null;
    // Several with one key stand against each other in their order.
    const text = JSON.stringify(value);
    const count = counts.get(text) ?? 0;
    counts.set(text, count + 1);
    return { text: count === 0 ? text : `${text} ${count}`, key: count === 0 ? value : [value, count], at, record };
  });
}

const listed = (changes: readonly JsonChange[], most: number): Pick<RecordChange, 'changes' | 'more'> => ({ changes: changes.slice(0, most), ...(changes.length > most && { more: changes.length - most }) });

/** What is gone stands behind the records that stood before it, both in their order. */
function together(found: readonly Placed[], gone: readonly Placed[]): readonly Placed[] {
  const rows: Placed[] = [];
  let next = 0;
  for (const row of found) {
    while (next < gone.length && gone[next]!.place < row.place) rows.push(gone[next++]!);
    rows.push(row);
  }
  return [...rows, ...gone.slice(next)];
}

const names = /^(id|key|uuid|guid|gid|sku|ean|gtin|code|number|no|nr|ref|reference|email|slug|handle)$/i;
const endings = /(_id|Id|ID|_key|Key|_code|Code|_number|Number|_no|No|_ref|Reference|Sku|_sku)$/;
const mostLooked = 5_000;

/** A field whose name and values look as if they told the records of both sides apart; `undefined`: their order is all there is. */
export function guessKey(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  const [old, fresh] = [before.slice(0, mostLooked), after.slice(0, mostLooked)];
  const [first] = old;
  if (!isObject(first) || fresh.length === 0) return undefined;
  const candidates = Object.keys(first).filter((name) => names.test(name) || endings.test(name));
  const shared = candidates.flatMap((name) => {
    const [left, right] = [distinct(old, name), distinct(fresh, name)];
    if (!left || !right) return [];
    const both = [...right].filter((value) => left.has(value)).length;
    return both * 2 >= Math.min(left.size, right.size) ? [{ name, both, isPlain: names.test(name) }] : [];
  });
  const [best] = shared.toSorted((one, other) => other.both - one.both || Number(other.isPlain) - Number(one.isPlain));
  return best && printPath([best.name]);
}

/** `undefined`: a record has none there, or two have the same. */
function distinct(records: readonly unknown[], name: string): ReadonlySet<unknown> | undefined {
  const values = new Set<unknown>();
  for (const record of records) {
    const value = isObject(record) && Object.hasOwn(record, name) ? record[name] : undefined;
    if ((typeof value !== 'string' && typeof value !== 'number') || values.has(value)) return undefined;
    values.add(value);
  }
  return values;
}
