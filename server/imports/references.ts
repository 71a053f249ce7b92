import { isObject } from '../model/json.ts';
import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';

/** The object that stands at a place, with its reference followed. What is no object is an empty one. */
export type Resolve = (value: unknown) => Json;

/** Follows references inside the document; others are never fetched. */
export function createResolve(root: Json, report: Report): Resolve {
  const known = new Map<string, Json>();
  const target = (reference: string, seen: ReadonlySet<string>): Json => {
    const found = known.get(reference);
    if (found) return found;
    if (!reference.startsWith('#')) {
      report.skip(reference, 'It lies in another document; references to others are not followed. Bundle the description into one file first.');
      return {};
    }
    const value = at(root, reference.slice(1));
    if (value === undefined) report.skip(reference, 'The description does not hold what this reference names.');
    const resolved = follow(value, new Set([...seen, reference]));
    known.set(reference, resolved);
    return resolved;
  };
  const follow = (value: unknown, seen: ReadonlySet<string>): Json => {
    if (!isObject(value)) return {};
    const reference = value['$ref'];
    if (typeof reference !== 'string') return value;
    if (seen.has(reference)) return {};
    const found = target(reference, seen);
    const { $ref: _, ...own } = value;
    // What stands beside a reference says more than what it names.
    return Object.keys(own).length === 0 ? found : { ...found, ...own };
  };
  return (value) => follow(value, new Set());
}

function at(root: Json, pointer: string): unknown {
  let here: unknown = root;
  for (const key of pointer.split('/').slice(1)) {
    const name = decoded(key).replaceAll('~1', '/').replaceAll('~0', '~');
    here = Array.isArray(here) ? here[Number(name)] : isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return here;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
