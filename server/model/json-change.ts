import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject, pointerOf } from './json.ts';
import { rankIn } from './schema-walk.ts';

export type Json = Readonly<Record<string, unknown>>;
type Keys = readonly (string | number)[];

/** The object with a key, which stands where the order has it; the value of a key that is there is replaced in its place. */
export function withKey(object: Json, key: string, value: unknown, order: readonly string[]): Json {
  if (Object.hasOwn(object, key)) return Object.fromEntries(Object.entries(object).map(([name, old]) => [name, name === key ? value : old]));
  const entries = Object.entries(object);
  const rank = rankIn(order);
  const own = rank(key);
  const before = entries.findLastIndex(([name]) => rank(name) <= own);
  return Object.fromEntries(entries.toSpliced(before + 1, 0, [key, value]));
}

export function withoutKey(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/**
 * A copy with a value at a place; what does not lie on the way is shared. `undefined` removes it, and with it the objects around it that have become empty and
 * may be missing. Missing objects and lists on the way are made. Fails with `CONFIG_INVALID` where something else is in the way.
 */
export function withValue(object: Json, keys: Keys, value: unknown, order: (keys: Keys) => readonly string[], isOptional: (keys: Keys) => boolean): Json {
  const put = (target: unknown, depth: number): unknown => {
    if (depth === keys.length) return value;
    const place = keys.slice(0, depth);
    const key = keys[depth]!;
    if (typeof key === 'number') return putItem(target, key, place, (old) => put(old, depth + 1));
    if (target !== undefined && !isObject(target)) throw inTheWay(place, 'an object', target);
    const old = target !== undefined && Object.hasOwn(target, key) ? target[key] : undefined;
    if (value === undefined && old === undefined) return target;
    const made = put(old, depth + 1);
    if (made !== undefined) return withKey(target ?? {}, key, made, order(place));
    const left = withoutKey(target ?? {}, key);
    return depth > 0 && Object.keys(left).length === 0 && isOptional(place) ? undefined : left;
  };
  return put(object, 0) as Json;
}

function putItem(target: unknown, index: number, place: Keys, put: (old: unknown) => unknown): unknown {
  if (target !== undefined && !Array.isArray(target)) throw inTheWay(place, 'a list', target);
  const list: readonly unknown[] = target ?? [];
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw new FlowError('CONFIG_INVALID', `There is no item ${index} in the list of ${list.length}.`, { place: { pointer: pointerOf(place) } });
  const made = put(list[index]);
  if (made === undefined) return index < list.length ? list.toSpliced(index, 1) : target;
  return list.toSpliced(index, 1, made);
}

const inTheWay = (place: Keys, wanted: string, value: unknown): FlowError =>
  new FlowError('CONFIG_INVALID', `The value at ${pointerOf(place) || 'the top'} is ${JSON.stringify(value).slice(0, 60)}, not ${wanted}: correct it as text first.`, { place: { pointer: pointerOf(place) } });
