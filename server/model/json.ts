/** Whether two JSON values are the same; the order of keys does not count. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** All texts in a JSON value; names of fields are none. */
export const textsIn = (value: unknown): readonly string[] => (typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []);

/** What an expression takes for true: anything but null, false, 0 and what is empty, be it a text, a list or an object. Paths that may name several places give an empty list where there is none. */
export const isSomething = (value: unknown): boolean => (typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value));

/** One key of a JSON pointer. */
export const escapePointer = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

/** The keys of a JSON pointer. Indexes stay texts. */
export const pointerNames = (pointer: string): string[] => pointer.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The keys of a JSON pointer into a value: numbers where it has lists. */
export function pointerKeys(value: unknown, pointer: string): readonly (string | number)[] {
  return pointerNames(pointer).map((name) => {
    const key = Array.isArray(value) ? Number(name) : name;
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined;
    return key;
  });
}

export const pointerOf = (keys: readonly (string | number)[]): string => keys.map((key) => `/${escapePointer(key)}`).join('');

/** The fields of an object that are objects themselves. */
export const objectsOf = (value: unknown): ReadonlyMap<string, Readonly<Record<string, unknown>>> => new Map(Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, Readonly<Record<string, unknown>>] => isObject(entry[1])));

const empty: Readonly<Record<string, unknown>> = {};

/** The object at a key; an empty one where there is none. */
export const objectAt = (value: unknown, key: string): Readonly<Record<string, unknown>> => (isObject(value) && isObject(value[key]) ? value[key] : empty);

/** The text at a key; an empty one where there is none. */
export const textAt = (value: unknown, key: string): string => (isObject(value) && typeof value[key] === 'string' ? value[key] : '');
