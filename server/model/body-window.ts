import type { BodyEntry, BodyWindow } from './api.ts';
import { pointerNames } from './json.ts';

/** `path`: a JSON pointer, `''` the whole. */
export interface WindowRequest {
  readonly path: string;
  readonly offset: number;
  readonly limit: number;
}

/** Media types whose bodies are shown as text. */
export const isTextType = (mediaType: string): boolean => /^text\/|json|xml|csv|yaml|javascript|ecmascript|urlencoded|graphql|html|x-sh|sql/.test(mediaType);

type Head = Pick<BodyWindow, 'hash' | 'size' | 'mediaType'>;

const mostEntries = 1_000;
const longestValue = 64 * 1024;
const longestEntry = 1024;

/** A window of a document that is there as a whole. `undefined`: there is nothing at the path. */
export function documentWindow({ hash, size, mediaType }: Head, document: unknown, { path, offset, limit }: WindowRequest): BodyWindow | undefined {
  const value = valueAt(document, path);
  if (value === undefined) return undefined;
  const head = { hash, size, mediaType, kind: kindOfValue(value), count: countOf(value), offset };
  if (typeof value !== 'object' || value === null) return { ...head, entries: [], ...cut(value, longestValue) };
  const end = offset + Math.min(mostEntries, limit);
  const entries = Array.isArray(value)
    ? value.slice(offset, end).map((item: unknown, index) => entryOf(String(offset + index), item))
    : Object.keys(value).slice(offset, end).map((key) => entryOf(key, (value as Record<string, unknown>)[key]));
  return { ...head, entries };
}

export const kindOfValue = (value: unknown): Exclude<BodyWindow['kind'], 'text' | 'binary'> => (value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as 'object'));

/** What is told of an entry of an object or array. */
export function entryOf(key: string, value: unknown): BodyEntry {
  const kind = kindOfValue(value);
  return typeof value === 'object' && value !== null ? { key, kind, count: countOf(value) } : { key, kind, ...cut(value, longestEntry) };
}

const cut = (value: unknown, most: number): { value: unknown; cut?: true } => (typeof value === 'string' && value.length > most ? { value: value.slice(0, most), cut: true } : { value });

const countOf = (value: unknown): number => (typeof value !== 'object' || value === null ? 0 : Array.isArray(value) ? value.length : Object.keys(value).length);

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of pointerNames(path)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key) || (Array.isArray(value) && key === 'length')) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
