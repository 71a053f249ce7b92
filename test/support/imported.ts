import assert from 'node:assert/strict';
import type { HttpRequest } from '../../plugins/sdk/index.ts';
import catalog from '../../plugins/catalog.json' with { type: 'json' };
import { createPayload } from '../../server/engine/payload.ts';
import { compileRequest } from '../../server/engine/request-template.ts';
import type { ImportResult } from '../../server/imports/import-result.ts';
import type { Catalog } from '../../server/model/catalog.ts';
import { lint } from '../../server/model/lint.ts';
import { readFile } from '../../server/model/read.ts';
import { serialize } from '../../server/model/serialize.ts';
import { converterOf } from './converters.ts';

/** What is wrong with an imported connector: findings of any gravity. Asserts that its text is canonical. */
export function findingsOf({ manifest }: ImportResult): string[] {
  const text = serialize('connector', manifest);
  const file = 'connectors/imported.connector.json';
  const { value } = readFile('connector', file, text);
  if (value) assert.equal(serialize('connector', value), text);
  const world = { catalog: catalog as unknown as Catalog, connectors: {}, instances: {}, environments: {}, scripts: [], schemas: [], lookups: [], maps: {}, flows: [], groups: [] };
  return lint('connector', file, text, world).map(({ severity, path, message }) => `${severity} ${path} ${message}`);
}

/** The request that the engine makes for an endpoint of an imported connector; defaults of the params are filled in as for a step. */
export async function requestOf({ manifest }: ImportResult, name: string, params: Readonly<Record<string, unknown>> = {}, payload: unknown = {}): Promise<HttpRequest> {
  const endpoint = manifest.endpoints[name];
  assert.ok(endpoint, `there is ${name} among ${Object.keys(manifest.endpoints).join(', ')}`);
  const defaults = Object.fromEntries(Object.entries(endpoint.params ?? {}).flatMap(([param, schema]) => ('default' in schema ? [[param, schema.default]] : [])));
  const address = endpoint.baseUrl === undefined ? manifest.baseUrl : manifest.baseUrls![endpoint.baseUrl]!;
  const base = new URL(address.includes('{{') ? 'https://instance.test' : address);
  const template = await compileRequest({ converter: converterOf, endpoint, headers: {}, base, timeoutMs: 1, name, env: { transform: async () => assert.fail('no transform here'), roots: ['params', 'payload'] } });
  return template.build({ scope: { params: { ...defaults, ...params }, payload }, context: { now: 0, random: () => 0 }, payload: createPayload({ id: 'p', body: payload, ...(typeof payload === 'string' ? { mediaType: 'text/plain' } : payload instanceof Uint8Array && { mediaType: 'image/gif' }) }) });
}
