import { neededMethods } from '../../server/model/auth-methods.ts';
import { findPlugin, type Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { isObject } from '../../server/model/json.ts';
import { credentialsSchema } from '../../server/model/lint-auth.ts';

interface Field { readonly properties?: unknown; readonly default?: unknown; readonly required?: unknown; readonly writeOnly?: unknown }

export interface InstanceOf {
  readonly file: ConnectorFile | undefined;
  readonly catalog: Catalog;
  /** The auth method that it signs in with; default the first. */
  readonly method?: string;
}

/** The auth methods of a connector that an instance may sign in with: not those that only help another. */
export function methodsOf(file: ConnectorFile | undefined, catalog: Catalog): readonly { readonly label: string; readonly description: string }[] {
  if (!file || 'protocol' in file) return [];
  const methods = Object.entries(file.auth ?? {});
  const helping = new Set(methods.flatMap(([name]) => [...neededMethods(file, name)]));
  return methods.filter(([name]) => !helping.has(name)).map(([label, { type }]) => ({ label, description: findPlugin(catalog, 'auth', type)?.title ?? type }));
}

/** An instance of a connector to be filled in: its settings, and the credentials of its auth method, secret ones under names of their own. */
export function newInstance(id: string, connector: string, { file, catalog, method }: InstanceOf): InstanceFile {
  const isProtocol = file !== undefined && 'protocol' in file;
  const entry = isProtocol ? findPlugin(catalog, 'connector', file.protocol) : undefined;
  const settings = Object.fromEntries(Object.entries(file?.variables ?? {}).filter(([, field]) => (field as Field).default === undefined).map(([name, field]) => [name, (field as Field).writeOnly === true ? secretOf(id, name) : '']));
  const own = isProtocol ? Object.fromEntries(neededOf(entry?.settings).filter(([name]) => !Object.hasOwn(file.settings ?? {}, name)).map(([name]) => [name, ''])) : {};
  const credentials = credentialsOf(id, isProtocol ? entry?.credentials : file && credentialsSchema({ catalog }, file, method));
  const all = { ...own, ...settings };
  const isFirst = isProtocol || method === undefined || method === Object.keys(file?.auth ?? {})[0];
  return { version: 1, connector, ...(!isFirst && { auth: method }), ...(Object.keys(all).length > 0 && { settings: all }), ...(Object.keys(credentials).length > 0 && { credentials }) };
}

/** `owner`: the method whose credentials stand under its name. */
const credentialsOf = (id: string, schema: object | undefined, owner = ''): Readonly<Record<string, unknown>> =>
  Object.fromEntries(neededOf(schema).map(([name, field]) => [name, field.properties !== undefined ? credentialsOf(id, field, `${name}-`) : field.writeOnly === true ? secretOf(id, `${owner}${name}`) : '']));

function neededOf(schema: object | undefined): readonly (readonly [name: string, field: Field])[] {
  const { properties, required } = (schema ?? {}) as { readonly properties?: unknown; readonly required?: readonly string[] };
  const all = isObject(properties) ? Object.entries(properties).map(([name, field]) => [name, field as Field] as const) : [];
  const needed = all.filter(([name]) => required?.includes(name));
  // A method that takes one of several secrets calls none of them required; the first is the usual one.
  const secret = needed.some(([, { writeOnly }]) => writeOnly === true) ? undefined : all.find(([, { writeOnly }]) => writeOnly === true);
  return secret ? [...needed, secret] : needed;
}

/** `shop-eu/client-secret`. */
const secretOf = (id: string, name: string): { readonly $secret: string } => ({ $secret: `${id}/${name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()}` });
