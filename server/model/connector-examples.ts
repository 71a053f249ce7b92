import { FlowError } from '../../plugins/sdk/index.ts';
import { recordsPath, type EndpointExample, type EndpointManifest } from './connector.ts';
import { editFile } from './file-edit.ts';
import { isObject } from './json.ts';
import { compilePath } from './path.ts';

/**
 * The text of a connector's file with an example of an endpoint, in place of one of the same title, else behind the others; `index`: its place among them.
 * Fails with `CONFIG_INVALID`, `CONFIG_UNKNOWN_ENDPOINT`.
 */
export function withExample(text: string, endpoint: string, example: EndpointExample): { readonly text: string; readonly index: number } {
  let index = 0;
  const changed = editFile('connector', text, (value) => {
    const endpoints = isObject(value['endpoints']) ? value['endpoints'] : {};
    const found = Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined;
    if (!isObject(found)) throw new FlowError('CONFIG_UNKNOWN_ENDPOINT', `The connector has no endpoint "${endpoint}".`, { details: { endpoint } });
    const examples: readonly unknown[] = Array.isArray(found['examples']) ? found['examples'] : [];
    const same = examples.findIndex((other) => isObject(other) && other['title'] === example.title);
    index = same < 0 ? examples.length : same;
    return { ...value, endpoints: { ...endpoints, [endpoint]: { ...found, examples: examples.toSpliced(index, 1, example) } } };
  });
  return { text: changed, index };
}

/** Records of the examples that went well, in their order. */
export function exampleRecords(endpoint: EndpointManifest): readonly unknown[] {
  return (endpoint.examples ?? []).filter(({ response }) => response.status < 300).flatMap(({ response: { body } }) => {
    const found = typeof body === 'object' && body !== null ? compilePath(recordsPath(endpoint)).all(body) : [];
    return found.length === 1 && Array.isArray(found[0]) ? (found[0] as unknown[]) : found;
  }).filter(isObject);
}
