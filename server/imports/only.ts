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

/** The path as descriptions write it, with and without the method. */
function addressesOf({ method, path }: EndpointManifest): readonly string[] {
  const plain = plainAddress(path);
  return [plain, `${method} ${plain}`];
}

const nothing = (pattern: string, tags: readonly string[]): FlowError =>
  new FlowError('DATA_INVALID', `Nothing in the description is called ${JSON.stringify(pattern)}.`, { remedy: tags.length === 0 ? 'Name paths, such as "/orders*", or endpoints.' : (suggestion(pattern, tags) ?? listed(tags)) });
