import { isObject } from '../model/json.ts';
import { hidden, hideShapes } from '../model/secret-shapes.ts';

/** Secrets that were seen in a source, so that they are found wherever else they stand in it. */
export interface KnownSecrets {
  hide(secret: string): void;
  /** Of a text, or of all texts in a list or an object. `found`: is told where something was hidden. */
  clean<T>(value: T, found?: (place: readonly string[]) => void): T;
}

export function createSecrets(): KnownSecrets {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  const clean = (text: string, name: string): string => {
    pattern ??= known.size > 0 ? new RegExp([...known].toSorted((left, right) => right.length - left.length).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'gi') : /(?!)/g;
    return hideShapes(text.replaceAll(pattern, hidden), name);
  };
  return {
    hide(secret) {
      for (const text of new Set([secret, encodeURIComponent(secret.toWellFormed()), secret.trim()])) {
        if (!isTelling(text) || known.has(text)) continue;
        known.add(text);
        pattern = undefined;
      }
    },
    clean: (value, found = () => {}) => walk(value, [], (text, place) => {
      const cleaned = clean(text, isAddress(place) ? 'id' : (place.at(-1) ?? ''));
      if (cleaned !== text) found(place);
      return cleaned;
    }) as typeof value,
  };
}

/** Others are words that stand in many places for themselves: `token`, `ACCESS_TOKEN`, `your-key`. */
const isTelling = (text: string): boolean => !text.includes('{{') && /^\S+$/.test(text) && ((text.length >= 8 && /\d/.test(text) && !/^(\d{1,7}|\w+\/[\w.+-]+)$/.test(text)) || (text.length >= 12 && /[^\w./+-]/.test(text) && !/^[<{[(]/.test(text)));

/** An address must stay one; what is secret in it was taken out where it was read. */
const isAddress = ([first = '', _name, part = '']: readonly string[]): boolean => first === 'baseUrl' || first === 'allowedOrigins' || (first === 'endpoints' && part === 'path');

/** Keys whose values are words of the manifest, unless they stand in an example. */
const words = new Set(['type', 'method', 'direction', 'in', 'format', 'style', 'auth', 'kind', 'check', 'endpoint', 'pattern']);

function walk(value: unknown, place: readonly string[], clean: (text: string, place: readonly string[]) => string): unknown {
  if (typeof value === 'string') return words.has(place.at(-1)!) && !place.includes('examples') ? value : clean(value, place);
  if (Array.isArray(value)) return value.map((item, index) => walk(item, [...place, String(index)], clean));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [clean(key, place.includes('examples') || place.at(-1) === 'properties' ? [...place, 'key'] : [...place, 'id']), walk(field, [...place, key], clean)]));
}
