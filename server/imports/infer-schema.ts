import { isObject, isSame } from '../model/json.ts';
import type { Json } from './read-text.ts';

/** A schema that a value fits, so many levels deep. It says what was seen, and nothing of what must be. */
export function inferSchema(value: unknown, depth = 4): Json {
  if (value === null) return {};
  if (Array.isArray(value)) {
    // A hundred items tell as much as a million.
    const items = depth > 0 ? value.slice(0, 100).map((item) => inferSchema(item, depth - 1)).reduce<Json | undefined>((known, item) => (known ? joined(known, item) : item), undefined) : undefined;
    return { type: 'array', items: items ?? {} };
  }
  if (isObject(value)) return { type: 'object', ...(depth > 0 && { properties: Object.fromEntries(Object.entries(value).map(([name, field]) => [name, inferSchema(field, depth - 1)])) }) };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return { type: typeof value };
}

/** A schema that both fit. */
function joined(one: Json, other: Json): Json {
  if (isSame(one, other) || Object.keys(other).length === 0) return one;
  if (Object.keys(one).length === 0) return other;
  if (one['type'] === 'object' && other['type'] === 'object') {
    const [left, right] = [one['properties'] ?? {}, other['properties'] ?? {}] as [Json, Json];
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, joined((left[name] ?? {}) as Json, (right[name] ?? {}) as Json)])) };
  }
  if (one['type'] === 'array' && other['type'] === 'array') return { type: 'array', items: joined((one['items'] ?? {}) as Json, (other['items'] ?? {}) as Json) };
  const types = new Set([one['type'], other['type']]);
  return types.has('integer') && types.has('number') ? { type: 'number' } : {};
}
