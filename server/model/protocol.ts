import { findPlugin, type Catalog, type CatalogEntry } from './catalog.ts';
import type { ConnectorFile, EndpointParam, IncrementalUse } from './connector.ts';
import type { EndpointRetry } from './connector-rules.ts';
import { isObject } from './json.ts';

/**
 * A connector that speaks another protocol than HTTP: a plugin of the kind `connector` does the work, and each endpoint is one of the plugin's with its params
 * filled in.
 */
export interface ProtocolManifest {
  readonly version: 1;
  readonly title: string;
  readonly summary?: string;
  readonly icon?: string;
  readonly category?: string;
  readonly links?: Readonly<Record<string, string>>;
  readonly source?: string;
  /** Type of the plugin. */
  readonly protocol: string;
  /** JSON Schemas of settings that an instance gives beside those of the plugin, by name. */
  readonly variables?: Readonly<Record<string, object>>;
  /** Settings of the plugin which are the same for all instances; `{{ instance.x }}` may stand here. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly defaults?: { readonly retry?: EndpointRetry };
  readonly endpoints: Readonly<Record<string, ProtocolEndpoint>>;
}

export interface ProtocolEndpoint {
  readonly title: string;
  readonly summary?: string;
  readonly entity?: string;
  readonly direction: 'receive' | 'send' | 'listen';
  /** Endpoint of the plugin. */
  readonly call: string;
  /** Params of that endpoint; `{{ params.x }}`, `{{ instance.x }}`, `{{ payload.x }}` may stand in them. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, EndpointParam>>;
  /** JSON Schema of one record. */
  readonly record?: object;
  readonly retry?: EndpointRetry;
  /** Receive: only what is new is read, by `{{ cursor.from }}` and `{{ cursor.to }}`. */
  readonly incremental?: IncrementalUse;
  /** What it asks may be asked twice, whatever the protocol says. */
  readonly idempotent?: boolean;
}

export const isProtocol = (manifest: ConnectorFile): manifest is ProtocolManifest => 'protocol' in manifest;

/** The connector of that name: a file of the workspace, else a plugin that instances use as it is. */
export function connectorNamed(name: string, files: Readonly<Record<string, ConnectorFile | undefined>>, catalog: Catalog): ConnectorFile | undefined {
  if (Object.hasOwn(files, name)) return files[name];
  const entry = findPlugin(catalog, 'connector', name);
  return entry && manifestOf(entry);
}

/** The connectors that instances may use: the files, and the plugins that instances name. */
export function connectorsInUse(files: Readonly<Record<string, ConnectorFile>>, instances: Iterable<{ readonly connector: string }>, catalog: Catalog): Readonly<Record<string, ConnectorFile>> {
  const named = new Set([...instances].map(({ connector }) => connector).filter((name) => !Object.hasOwn(files, name)));
  const direct = [...named].flatMap((name) => {
    const found = connectorNamed(name, files, catalog);
    return found ? [[name, found] as const] : [];
  });
  return { ...files, ...Object.fromEntries(direct) };
}

type Described = Pick<CatalogEntry, 'type' | 'title' | 'summary' | 'endpoints'>;
const manifests = new WeakMap<Described, ProtocolManifest>();

/** A plugin as if a manifest had named each of its endpoints. Those with texts that are bound are left out: their texts stand in a manifest. */
export function manifestOf(plugin: Described): ProtocolManifest {
  const known = manifests.get(plugin);
  if (known) return known;
  const endpoints = Object.entries(plugin.endpoints ?? {}).filter(([, { params }]) => !Object.values(fieldsOf(params)).some(isBound));
  const manifest: ProtocolManifest = {
    version: 1, title: plugin.title, summary: plugin.summary, protocol: plugin.type,
    endpoints: Object.fromEntries(endpoints.map(([name, endpoint]) => [name, passedThrough(name, endpoint)])),
  };
  manifests.set(plugin, manifest);
  return manifest;
}

export interface DescribedEndpoint {
  readonly title: string;
  readonly summary: string;
  readonly direction: ProtocolEndpoint['direction'];
  /** JSON Schema of an object. */
  readonly params: object;
  readonly record?: object;
  /** See `Endpoint` of the sdk. */
  readonly takesAway?: { readonly param: string; readonly unless: unknown };
}

function passedThrough(call: string, { title, summary, direction, params, record }: DescribedEndpoint): ProtocolEndpoint {
  const required = (params as { readonly required?: readonly string[] }).required ?? [];
  const fields = Object.entries(fieldsOf(params));
  return {
    title, summary, direction, call, ...(record && { record }),
    params: Object.fromEntries(fields.map(([name, field]) => [name, required.includes(name) ? { ...field, required: true } : field])),
    with: Object.fromEntries(fields.map(([name]) => [name, `{{ params[${JSON.stringify(name)}] }}`])),
  };
}

export const fieldsOf = (schema: object): Readonly<Record<string, object>> => {
  const { properties } = schema as { readonly properties?: unknown };
  return isObject(properties) ? (properties as Readonly<Record<string, object>>) : {};
};

/** Whether the values of a text's expressions are bound to it instead of becoming part of it. */
export const isBound = (field: object): boolean => (field as { readonly 'x-expression'?: unknown })['x-expression'] === 'bound';
