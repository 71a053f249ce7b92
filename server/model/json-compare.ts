import { diffArrays } from 'diff';
import { isObject, isSame, pointerOf } from './json.ts';

/** A place at which two JSON values differ. Without `before` it was added, without `after` removed. */
export interface JsonChange {
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Where two JSON values differ, each place once and as deep as possible. The order of keys does not count, that of items does. */
export function compareJson(before: unknown, after: unknown, keys: readonly (string | number)[] = []): JsonChange[] {
  if (isSame(before, after)) return [];
  if (isObject(before) && isObject(after)) return compareObjects(before, after, keys);
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, keys);
  return [{ pointer: pointerOf(keys), ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

/** As many lines may differ; where there are more, to look for what the texts have in common takes too long. */
const mostDifferent = 2_000;

/** What differs between two texts, line by line: `-` was removed, `+` added. Lines that both have are left out; of texts that have little in common only those that both begin and end with. At most `most` lines. */
export function compareLines(before: string, after: string, most = 200): readonly string[] {
  const old = linesOf(before);
  const fresh = linesOf(after);
  const start = commonStart(old, fresh);
  const end = commonStart(old.slice(start).toReversed(), fresh.slice(start).toReversed());
  const [removed, added] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  const parts = diffArrays(removed, added, { maxEditLength: mostDifferent }) ?? [{ removed: true, added: false, value: removed }, { removed: false, added: true, value: added }];
  const lines = parts.flatMap((part) => (part.removed || part.added ? part.value.map((line) => `${part.removed ? '-' : '+'}${line}`) : []));
  return lines.length <= most ? lines : [...lines.slice(0, most), `… ${lines.length - most} more lines`];
}

function compareObjects(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, keys: readonly (string | number)[]): JsonChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const of = (object: Readonly<Record<string, unknown>>, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
  return names.flatMap((name) => compareJson(of(before, name), of(after, name), [...keys, name]));
}

/** What both lists begin and end with is the same; between, items stand against items. */
function compareLists(before: readonly unknown[], after: readonly unknown[], keys: readonly (string | number)[]): JsonChange[] {
  const start = commonStart(before, after);
  const end = commonStart(before.slice(start).toReversed(), after.slice(start).toReversed());
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  return Array.from({ length: Math.max(old.length, fresh.length) }, (_, index) => compareJson(old[index], fresh[index], [...keys, start + index])).flat();
}

function commonStart(left: readonly unknown[], right: readonly unknown[]): number {
  const most = Math.min(left.length, right.length);
  for (let index = 0; index < most; index++) if (!isSame(left[index], right[index])) return index;
  return most;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/));
