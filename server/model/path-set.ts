import { describeValue, FlowError } from '../../plugins/sdk/index.ts';

// Entries that one write may add to a list. JSON has no holes: all places before the index would be filled.
const mostNewItems = 10_000;
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A copy of the document with `value` at `keys`; only what lies on the way is copied. Missing and null places become objects or lists, and lists are
 * filled with null up to a new index. Fails with `CONFIG_PATH` for names that JavaScript itself uses, with `DATA_INVALID` where a value of another type is in the way.
 */
export function setAt(query: string, keys: readonly (string | number)[], document: unknown, value: unknown): unknown {
  const bad = keys.find((key) => forbidden.has(key as string));
  if (bad !== undefined) throw new FlowError('CONFIG_PATH', `The path ${JSON.stringify(query)} would write a field named "${bad}", which is not allowed. Choose another name.`, { details: { query } });
  const put = (target: unknown, depth: number): unknown => {
    const key = keys[depth];
    if (key === undefined) return value;
    if (typeof key === 'string') {
      const object = asObject(target, query, keys.slice(0, depth));
      return { ...object, [key]: put(Object.hasOwn(object, key) ? object[key] : undefined, depth + 1) };
    }
    const list = [...asArray(target, query, keys.slice(0, depth))];
    const index = key < 0 ? list.length + key : key;
    if (index < 0 || index > list.length + mostNewItems) throw new FlowError('DATA_INVALID', `The path ${JSON.stringify(query)} writes item ${key} of a list of ${list.length}.`, { details: { query } });
    while (list.length < index) list.push(null);
    list[index] = put(list[index], depth + 1);
    return list;
  };
  return put(document, 0);
}

function asObject(value: unknown, query: string, place: readonly (string | number)[]): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw inTheWay(query, place, 'an object', value);
}

function asArray(value: unknown, query: string, place: readonly (string | number)[]): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw inTheWay(query, place, 'a list', value);
}

const inTheWay = (query: string, place: readonly (string | number)[], wanted: string, value: unknown): FlowError =>
  new FlowError('DATA_INVALID', `The path ${JSON.stringify(query)} needs ${wanted} at ${place.length > 0 ? JSON.stringify(place.join('.')) : 'the top'}, but there is ${describeValue(value)}.`, { details: { query } });
