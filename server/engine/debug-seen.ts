import { isRedacted, maskedAt, type Mask } from '../model/debug-values.ts';

/**
 * A value as people may see it, for expressions: what is looked at is masked, and nothing else of it, however long it is. Nothing is copied. The result of an
 * expression may hold parts of it.
 */
export function seen(value: unknown, mask: Mask): unknown {
  if (typeof value !== 'object' || value === null) return maskedAt(0, value, mask);
  return new Proxy(value, {
    get(target, key) {
      const own: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || typeof own === 'function' || !Object.hasOwn(target, key) || (Array.isArray(target) && key === 'length')) return own;
      const name = Array.isArray(target) ? 0 : key;
      return typeof own === 'object' && own !== null && !isRedacted(name, mask) ? seen(own, mask) : maskedAt(name, own, mask);
    },
  });
}

/** The JSON text of a value where it is short; of a long one only its beginning is looked at. */
export function shortJson(value: unknown, most: number): string | undefined {
  let left = most;
  const fits = (one: unknown): boolean => {
    if (typeof one !== 'object' || one === null) return (left -= typeof one === 'string' ? one.length + 2 : 5) >= 0;
    if (Array.isArray(one)) return (left -= one.length) >= 0 && one.every(fits);
    return Object.keys(one).every((name) => (left -= name.length + 4) >= 0 && fits((one as Readonly<Record<string, unknown>>)[name]));
  };
  const text = fits(value) ? JSON.stringify(value) : undefined;
  return text !== undefined && text.length <= most ? text : undefined;
}
