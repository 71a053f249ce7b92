import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugRoot, DebugValue, DebugWindow } from './debug.ts';
import { isObject } from './json.ts';
import { printPath } from './path.ts';

/** Masks secrets and redacted fields of a JSON value. */
export type Mask = <T>(value: T) => T;

type Key = string | number;

/** How many entries a value has that can be looked at. */
export function sizeOf(value: unknown): { readonly indexed: number; readonly named: number } {
  if (Array.isArray(value)) return { indexed: value.length, named: 0 };
  return { indexed: 0, named: isObject(value) ? Object.keys(value).length : 0 };
}

/** Part of what stands at a path, masked. Only what is shown is looked at, however long the rest is. */
export function windowOf(root: unknown, path: readonly Key[], { filter, start = 0, count }: DebugWindow, mask: Mask, rootName: DebugRoot): readonly DebugValue[] {
  const value = valueAt(root, path, mask);
  const end = count === undefined || count === 0 ? start + longestWindow : start + Math.min(count, longestWindow);
  if (Array.isArray(value)) {
    if (filter === 'named') return [];
    return value.slice(start, end).map((item, index) => rowOf(start + index, item, mask, expressionOf(rootName, [...path, start + index])));
  }
  if (filter === 'indexed') return [];
  if (!isObject(value)) return path.length === 0 && value !== undefined ? [{ ...rowOf(rootName, value, mask, expressionOf(rootName, [])), isWhole: true }] : [];
  return Object.keys(value).slice(start, end).map((name) => rowOf(name, value[name], mask, expressionOf(rootName, [...path, name])));
}

/** What stands at a path. What stands below a redacted name is shown to nobody. Fails with `DATA_MISSING`. */
export function valueAt(root: unknown, path: readonly Key[], mask: Mask): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw new FlowError('DATA_MISSING', `There is nothing at ${JSON.stringify(printPath(path))}.`, { remedy: 'The run has gone on since: look at the variables again.' });
    checkSeen([key], mask);
    value = (value as Readonly<Record<Key, unknown>>)[key];
  }
  return value;
}

/** The value with another at a path; what is not on the way is shared. */
export function withValueAt(value: unknown, [key, ...rest]: readonly Key[], next: unknown): unknown {
  if (key === undefined) return next;
  if (Array.isArray(value) && Object.hasOwn(value, key)) return value.map((item: unknown, index) => (index === key ? withValueAt(item, rest, next) : item));
  if (!isObject(value)) throw new FlowError('DATA_INVALID', `There is no entry ${JSON.stringify(key)} to change.`, { remedy: Array.isArray(value) ? `Name one of the ${value.length} entries, or give the list anew with one more.` : 'Give the value that holds it anew.' });
  return Object.fromEntries(Object.entries({ ...value, ...(!Object.hasOwn(value, key) && { [key]: undefined }) }).map(([name, item]) => [name, name === key ? withValueAt(item, rest, next) : item]));
}

/** One line of a value. */
export function rowOf(key: Key, value: unknown, mask: Mask, expression?: string, longest = longestText): DebugValue {
  const name = typeof key === 'number' ? String(key) : (Object.keys(mask({ [key]: null }))[0] ?? key);
  if (isRedacted(key, mask) && value !== null && value !== undefined) return { key, name, text: String(maskedAt(key, 0, mask)), type: 'redacted', indexed: 0, named: 0 };
  const { indexed, named } = sizeOf(value);
  return { key, name, text: textOf(key, value, mask, longest), type: typeOf(value), indexed, named, ...(expression !== undefined && { expression }), ...(typeof value === 'string' && value.length > longest && { hasBytes: true }) };
}

/** An entry of a value that lies elsewhere: in a script, in a long document. */
export interface FarEntry {
  readonly key: Key;
  readonly kind: string;
  readonly count?: number;
  /** Of what has no entries; of an object, the first of them where they are known. */
  readonly value?: unknown;
  /** How it is shown where JSON cannot hold it. */
  readonly text?: string;
}

export function rowOfEntry({ key, kind, count = 0, value, text }: FarEntry, mask: Mask, expression?: string): DebugValue {
  const row = rowOf(key, kind === 'array' ? [] : kind === 'object' ? firstOf(value) : kind === 'undefined' ? undefined : kind === 'other' ? null : value, mask, expression);
  if (row.type === 'redacted') return row;
  if (kind === 'other') return { ...row, type: 'object', text: String(mask([text ?? ''])[0]) };
  if (kind === 'array') return { ...row, text: `(${count}) […]`, indexed: count };
  return kind === 'object' ? { ...row, ...(value === undefined && { text: '{…}' }), named: count } : row;
}

/** An object with the entries that are shown of it. */
function firstOf(entries: unknown): Readonly<Record<string, unknown>> {
  const first = Array.isArray(entries) ? (entries as readonly FarEntry[]) : [];
  return Object.fromEntries(first.map(({ key, kind, count = 0, value, text }) => [key, kind === 'array' ? Array.from({ length: Math.min(count, 1_000) }) : kind === 'object' ? {} : kind === 'other' ? (text ?? '') : (value ?? null)]));
}

/** Fails with `DATA_MISSING` where a name of the path is redacted: what stands below is shown to nobody. */
export function checkSeen(path: readonly Key[], mask: Mask): void {
  const hidden = path.find((key) => isRedacted(key, mask));
  if (hidden !== undefined) throw new FlowError('DATA_MISSING', `What stands under ${JSON.stringify(hidden)} is redacted.`, { remedy: 'Take the name out of `redact`, where it may be seen.' });
}

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : value === undefined ? 'undefined' : typeof value;
}

function textOf(key: Key, value: unknown, mask: Mask, longest: number): string {
  if (Array.isArray(value)) return `(${value.length}) […]`;
  if (isObject(value)) return previewOf(value, mask);
  if (typeof value !== 'string') return String(maskedAt(key, value, mask));
  // A secret that the cut goes through stands far behind what is shown.
  const masked = String(maskedAt(key, value.length > longestMasked ? value.slice(0, Math.max(longestMasked, longest * 2)) : value, mask));
  return masked.length > longest ? `${JSON.stringify(masked.slice(0, longest)).slice(0, -1)}…" (${value.length} characters)` : JSON.stringify(masked);
}

/** The first fields of an object. */
function previewOf(value: Readonly<Record<string, unknown>>, mask: Mask): string {
  const names = Object.keys(value);
  const parts = names.slice(0, 3).map((name) => {
    const { name: shown, text } = typeof value[name] === 'object' && value[name] !== null ? { name: Object.keys(mask({ [name]: null }))[0] ?? name, text: isRedacted(name, mask) ? String(maskedAt(name, 0, mask)) : Array.isArray(value[name]) ? `(${value[name].length}) […]` : '{…}' } : rowOf(name, value[name], mask, undefined, 40);
    return `${shown}: ${text}`;
  });
  return `{${parts.join(', ')}${names.length > 3 ? ', …' : ''}}`;
}

/** Masks by the name that it stands under. */
export function maskedAt(key: Key, value: unknown, mask: Mask): unknown {
  return typeof key === 'number' ? mask([value])[0] : Object.values(mask({ [key]: value }))[0];
}

// Zero is no secret, and no text is looked through.
export const isRedacted = (key: Key, mask: Mask): boolean => typeof key === 'string' && maskedAt(key, 0, mask) !== 0;

/** How a place is called in an expression; roots of the debugger have no name there. */
export function expressionOf(root: DebugRoot, path: readonly Key[]): string | undefined {
  if (root === 'script') return printPath(path.slice(1));
  const name = { payload: 'payload', meta: 'meta', variables: 'flow', record: 'record' }[root as string];
  const below = printPath(path);
  return name === undefined ? undefined : below.startsWith('[') ? name + below : `${name}.${below}`;
}

const longestText = 1_024;
const longestMasked = 65_536;
const longestWindow = 1_000;
