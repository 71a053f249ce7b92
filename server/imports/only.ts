import { FlowError } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { listed, suggestion } from '../model/suggest.ts';
import { counted } from '../model/words.ts';
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
  const endpoints = Object.fromEntries(all.filter(([name]) => kept.has(name)));
  const { baseUrls = {}, variables = {}, ...rest } = manifest;
  const used = Object.fromEntries(Object.entries(baseUrls).filter(([name]) => Object.values(endpoints).some(({ baseUrl }) => baseUrl === name)));
  const text = JSON.stringify({ ...rest, endpoints, used });
  const needed = Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(`instance.${name}`)));
  return {
    operations: result.operations,
    manifest: { ...rest, ...(Object.keys(used).length > 0 && { baseUrls: used }), ...(Object.keys(needed).length > 0 && { variables: needed }), endpoints },
    skipped: [...(kept.size < all.length ? [{ what: counted(all.length - kept.size, 'endpoint'), why: 'Not asked for.' }] : []), ...result.skipped],
    suggestions: result.suggestions.filter(({ endpoint }) => endpoint === undefined || kept.has(endpoint)),
  };
}

/** The path as descriptions write it, with and without the method. */
function addressesOf({ method, path }: EndpointManifest): readonly string[] {
  const plain = path.replaceAll(/\{\{\s*params(?:\.|\[")([\w-]+)[^}]*\}\}/g, '{$1}');
  return [plain, `${method} ${plain}`];
}

const nothing = (pattern: string, tags: readonly string[]): FlowError =>
  new FlowError('DATA_INVALID', `Nothing in the description is called ${JSON.stringify(pattern)}.`, { remedy: tags.length === 0 ? 'Name paths, such as "/orders*", or endpoints.' : (suggestion(pattern, tags) ?? listed(tags)) });
