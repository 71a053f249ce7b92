import { parseJson } from '../../plugins/sdk/index.ts';
import { isJsonType } from './openapi-body.ts';
import type { Pair } from './secret-values.ts';

/** A body by its media type: JSON and forms as values, all else as text. */
export function readBodyText(mediaType: string, text: string): { readonly mediaType: string; readonly value: unknown } | undefined {
  if (text === '') return undefined;
  const type = mediaType.split(';', 1)[0]!.trim().toLowerCase();
  if (isJsonType(type) || (type === '' && /^\s*[[{]/.test(text))) {
    try {
      return { mediaType: type === '' || type === '*/*' ? 'application/json' : type, value: parseJson(text) };
    } catch {
      return { mediaType: type || 'text/plain', value: text };
    }
  }
  if (type === 'application/x-www-form-urlencoded') return { mediaType: type, value: objectOf([...new URLSearchParams(text)]) };
  return { mediaType: type || 'text/plain', value: text };
}

/** Fields as an object; a name that stands several times has a list. */
export function objectOf(pairs: readonly (readonly [name: string, value: unknown])[]): Readonly<Record<string, unknown>> {
  const groups = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries(Array.from(groups, ([name, all]) => [name, all.length > 1 ? all.map(([, value]) => value) : all[0]![1]]));
}

export const headerOf = (headers: readonly Pair[], name: string): string | undefined => headers.find(([other]) => other.toLowerCase() === name)?.[1];
