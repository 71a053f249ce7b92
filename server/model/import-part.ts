import type { Imported } from './import-plan.ts';
import { counted } from './words.ts';

/** What a part is taken of. */
export interface Whole<S> extends Pick<Imported, 'manifest' | 'skipped' | 'tags'> {
  readonly suggestions: readonly S[];
}

/** A part of an import: these endpoints, with the addresses and variables that they need. They have the names that they have in the whole, so that parts fit together. */
export function partOf<S extends { readonly endpoint?: string }>({ manifest, skipped, suggestions, tags }: Whole<S>, kept: ReadonlySet<string>): Whole<S> {
  const all = Object.entries(manifest.endpoints);
  const only = <V>(values: Readonly<Record<string, V>>): Readonly<Record<string, V>> => Object.fromEntries(Object.entries(values).filter(([name]) => kept.has(name)));
  const endpoints = only(manifest.endpoints);
  const { baseUrls = {}, variables = {}, ...rest } = manifest;
  const used = Object.fromEntries(Object.entries(baseUrls).filter(([name]) => Object.values(endpoints).some(({ baseUrl }) => baseUrl === name)));
  const text = JSON.stringify({ ...rest, endpoints, used });
  const needed = Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(`instance.${name}`)));
  const left = all.length - Object.keys(endpoints).length;
  return {
    manifest: { ...rest, ...(Object.keys(used).length > 0 && { baseUrls: used }), ...(Object.keys(needed).length > 0 && { variables: needed }), endpoints },
    skipped: [...(left > 0 ? [{ what: counted(left, 'endpoint'), why: 'Not asked for.' }] : []), ...skipped],
    suggestions: suggestions.filter(({ endpoint }) => endpoint === undefined || kept.has(endpoint)),
    ...(tags && { tags: only(tags) }),
  };
}

/** The path of an endpoint as descriptions write it: `/orders/{id}`. */
export const plainAddress = (path: string): string => path.replaceAll(/\{\{\s*params(?:\.|\[")([\w-]+)[^}]*\}\}/g, '{$1}');
