import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';

/** A request and its answer, as far as they are known; secrets may be masked. */
export interface Sample {
  readonly request?: { readonly method?: string; readonly url?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
  readonly response?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
}

/** A list at a path may be one of wildcards too: `$.edges[*].node`. */
export function recordsAt(body: unknown, path: string): unknown[] {
  if (typeof body !== 'object' || body === null) return [];
  const found = compilePath(path).all(body);
  return found.length === 1 && Array.isArray(found[0]) ? (found[0] as unknown[]) : found;
}

/** Texts that look like an address, or like the end of one. */
export const isAddress = (text: string): boolean => /^(https?:\/\/|\/|\?)\S+$/.test(text);

/** Values that are no lists, by their names: `meta.next`. */
export function valuesIn(body: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, name: string): void => {
    if (isObject(value) && name.split('.').length < 6) for (const [key, part] of Object.entries(value)) walk(part, name === '' ? key : `${name}.${key}`);
    else if (!Array.isArray(value) && name !== '') found.set(name, value);
  };
  walk(body, '');
  return found;
}
