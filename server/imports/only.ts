import { FlowError } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { partOf, plainAddress } from '../model/import-part.ts';
import { listed, suggestion } from '../model/suggest.ts';
import type { ImportResult } from './import-result.ts';

/**
 * A part of an import: the endpoints that a pattern names by a tag of the description, by their id, path (`/orders*`) or method and path (`GET /orders/{id}`); `*` stands
 * for any text, upper and lower case are the same. They have the names that they have in the whole, so that parts fit together. Fails with `DATA_INVALID` where a pattern names none.
 */
export function onlyOf(result: ImportResult, patterns: readonly string[]): ImportResult {
  const { manifest, tags = {} } = result;
  const all = Object.entries(manifest.endpoints);
  const kept = new Set(patterns.flatMap((pattern) => {
    const expression = new RegExp(`^${pattern.trim().replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^]*')}$`, 'i');
    const found = all.filter(([name, endpoint]) => [name, ...(tags[name] ?? []), ...addressesOf(endpoint)].some((text) => expression.test(text)));
    if (found.length === 0) throw nothing(pattern, [...new Set(Object.values(tags).flat())]);
    return found.map(([name]) => name);
  }));
  return { ...result, ...partOf(result, kept) };
}

/** Patterns of the parts with most endpoints, at most three: tags, else beginnings of paths, where they tell endpoints apart. */
export function largestParts({ manifest, tags = {} }: Pick<ImportResult, 'manifest' | 'tags'>): readonly { readonly pattern: string; readonly count: number }[] {
  const all = Object.entries(manifest.endpoints);
  const partsBy = (textsOf: (endpoint: (typeof all)[number]) => readonly string[]): { pattern: string; count: number }[] => {
    const patterns = new Set(all.flatMap(textsOf).filter((text) => text !== ''));
    return [...patterns].map((pattern) => ({ pattern, count: Object.keys(onlyOf({ manifest, tags, skipped: [], suggestions: [], operations: all.length }, [pattern]).manifest.endpoints).length }))
      .filter(({ count }) => count < all.length).sort((one, other) => other.count - one.count).slice(0, 3);
  };
  const byTag = partsBy(([name]) => (tags[name] ?? []).filter((tag) => !tag.includes('*')));
  if (byTag.length > 0) return byTag;
  for (let depth = 1; depth <= 4; depth++) {
    const byPath = partsBy(([, { path }]) => [`${plainAddress(path).split('/').slice(0, depth + 1).join('/')}*`]);
    if (byPath.length > 0) return byPath;
  }
  return [];
}

/** The path as descriptions write it, with and without the method. */
function addressesOf({ method, path }: EndpointManifest): readonly string[] {
  const plain = plainAddress(path);
  return [plain, `${method} ${plain}`];
}

const nothing = (pattern: string, tags: readonly string[]): FlowError =>
  new FlowError('DATA_INVALID', `Nothing in the description is called ${JSON.stringify(pattern)}.`, { remedy: tags.length === 0 ? 'Name paths, such as "/orders*", or endpoints.' : (suggestion(pattern, tags) ?? listed(tags)) });
