import { isObject, isSame } from '../../server/model/json.ts';
import type { FieldSchema, Path } from './schema.ts';

/** A value below the root of the form; `undefined` removes it. */
export interface ValueChange {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * What has to change in the file so that a field has a value: nothing where it has it already; what equals the default is removed, and with it the
 * objects that would be left empty, as far as they may be missing.
 */
export function changesFor(schema: FieldSchema, root: unknown, path: Path, value: unknown): readonly ValueChange[] {
  const wanted = value === undefined || isDefault(schema, path, value) ? undefined : value;
  if (isSame(valueAt(root, path), wanted)) return [];
  return [wanted === undefined ? { path: removalPath(schema, root, path), value: undefined } : { path, value: wanted }];
}

/** An item of a list goes to another place: the two change places, and nothing else does. */
export function swapItems(root: unknown, path: Path, from: number, to: number): readonly ValueChange[] {
  const list = valueAt(root, path);
  if (!Array.isArray(list) || from < 0 || to < 0 || from >= list.length || to >= list.length || from === to) return [];
  return [{ path: [...path, from], value: list[to] as unknown }, { path: [...path, to], value: list[from] as unknown }];
}

export function addItem(root: unknown, path: Path, value: unknown): readonly ValueChange[] {
  const list = valueAt(root, path);
  return Array.isArray(list) ? [{ path: [...path, list.length], value }] : [{ path, value: [value] }];
}

export function removeItem(schema: FieldSchema, root: unknown, path: Path, index: number): readonly ValueChange[] {
  const list = valueAt(root, path);
  if (!Array.isArray(list)) return [];
  return list.length === 1 && schemaOf(schema, path)?.default !== undefined ? changesFor(schema, root, path, []) : [{ path: [...path, index], value: undefined }];
}

/** A name of an object becomes another; its value stays. The entry is written anew, at the end. */
export function renameEntry(root: unknown, path: Path, from: string, to: string): readonly ValueChange[] {
  const entries = valueAt(root, path);
  if (!isObject(entries) || from === to || to === '' || Object.hasOwn(entries, to)) return [];
  return [{ path: [...path, from], value: undefined }, { path: [...path, to], value: entries[from] }];
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  return value;
}

/** Text for a field that takes any JSON value: a text stands as it is unless it would be read as something else. */
export function printValue(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, typeof value === 'object' ? 2 : undefined);
  return value === '' || typeof readValue(value) !== 'string' || value.startsWith('"') ? JSON.stringify(value) : value;
}

/** The JSON value that a person has typed: JSON where it is that, else the text itself; nothing where the field is empty. */
export function readValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (!/^([[{"\d-]|true$|false$|null$)/.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}

/** Whether a text was meant to be JSON but is not: for a hint beside the field. */
export const looksBroken = (text: string): boolean => /^\s*[[{](?!\{)/.test(text) && typeof readValue(text) === 'string';

export const pathKey = (path: Path): string => JSON.stringify(path);

/** The schema of a place below a schema; through lists, names of the user's own and the branches of a choice. */
export function schemaOf(schema: FieldSchema | undefined, path: Path): FieldSchema | undefined {
  return path.reduce<FieldSchema | undefined>((found, key) => {
    if (!found) return undefined;
    if (typeof key === 'number') return found.items;
    const own = found.properties?.[key] ?? found.oneOf?.map((branch) => branch.properties?.[key]).find((field) => field !== undefined);
    return own ?? (typeof found.additionalProperties === 'object' ? found.additionalProperties : undefined);
  }, schema);
}

function isDefault(schema: FieldSchema, path: Path, value: unknown): boolean {
  const field = schemaOf(schema, path);
  return field?.default !== undefined && isSame(field.default, value) && !isRequired(schema, path);
}

function removalPath(schema: FieldSchema, root: unknown, path: Path): Path {
  let at = path;
  while (at.length > 1) {
    const parent = at.slice(0, -1);
    const value = valueAt(root, parent);
    const isLeftEmpty = isObject(value) && Object.keys(value).length === 1 && Object.hasOwn(value, at.at(-1)!);
    // An item of a list stays, as does an object that must be there.
    if (!isLeftEmpty || typeof parent.at(-1) === 'number' || isRequired(schema, parent)) return at;
    at = parent;
  }
  return at;
}

function isRequired(schema: FieldSchema, path: Path): boolean {
  const name = path.at(-1);
  const parent = schemaOf(schema, path.slice(0, -1));
  return typeof name === 'string' && [parent, ...(parent?.oneOf ?? [])].some((one) => one?.required?.includes(name));
}
