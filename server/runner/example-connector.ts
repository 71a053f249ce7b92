import type { ResolvedInstance } from '../engine/host.ts';
import { createReport } from '../imports/import-result.ts';
import { sampleValue } from '../imports/sample-value.ts';
import { exampleRecords } from '../model/connector-examples.ts';
import type { ConnectorManifest, EndpointManifest, SliceUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';

const base = 'https://example.test';

/** What stands before the paths of requests, whatever base URL an endpoint has. */
export const exampleOrigins: readonly string[] = [base];

/** The connector as its examples are run: nobody signs in, nothing is tried again or held back, and of slices and look-ups there is what the examples of other endpoints say. */
export function exampleConnector(manifest: ConnectorManifest, name: string): ConnectorManifest {
  const { auth: _auth, defaults: { rateLimits: _rates, ...defaults } = {}, ...rest } = manifest;
  const { auth: _own, upsert: _upsert, rateLimits: _ownRates, slices, ...endpoint } = manifest.endpoints[name]!;
  const checked: EndpointManifest = { ...endpoint, retry: { attempts: 0 }, ...(slices && { slices: slices.map((slice) => exampleSlice(manifest, slice)) }) };
  return { ...rest, defaults, endpoints: { [name]: checked } };
}

/** With one value, so that there is one request. */
function exampleSlice({ endpoints }: ConnectorManifest, { name, values, endpoint, path = '$.id' }: SliceUse): SliceUse {
  const [parent] = endpoint === undefined || !Object.hasOwn(endpoints, endpoint) ? [] : exampleRecords(endpoints[endpoint]!);
  const found: unknown = parent === undefined ? undefined : compilePath(path).all(parent)[0];
  return { name, values: Array.isArray(values) ? values.slice(0, 1) : typeof values === 'string' && endpoint === undefined ? values : [found ?? name] };
}

/** An instance with a value for each variable, at an address that nobody has. */
export function exampleInstance(connector: string, { variables = {}, baseUrls = {} }: ConnectorManifest): ResolvedInstance {
  const source = { resolve: (value: unknown) => (isObject(value) ? value : {}), report: createReport() };
  return {
    id: 'example', connector, baseUrl: base, baseUrls: Object.fromEntries(Object.keys(baseUrls).map((name) => [name, base])), credentials: {},
    settings: Object.fromEntries(Object.entries(variables).map(([name, schema]) => [name, sampleValue(source, schema, 3)])),
  };
}
