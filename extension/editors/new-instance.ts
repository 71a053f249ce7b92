import { findPlugin, type Catalog } from '../../server/model/catalog.ts';
import type { ConnectorFile } from '../../server/model/connector.ts';
import type { InstanceFile } from '../../server/model/instance.ts';
import { isObject } from '../../server/model/json.ts';

interface Field { readonly default?: unknown; readonly required?: unknown; readonly writeOnly?: unknown }

/** An instance of a connector to be filled in: its settings, and the credentials of the first auth method, secret ones under names of their own. */
export function newInstance(id: string, connector: string, file: ConnectorFile | undefined, catalog: Catalog): InstanceFile {
  const auth = file && 'auth' in file ? Object.values(file.auth ?? {})[0] : undefined;
  const entry = file && 'protocol' in file ? findPlugin(catalog, 'connector', file.protocol) : auth && findPlugin(catalog, 'auth', auth.type);
  const settings = Object.fromEntries(Object.entries(file?.variables ?? {}).filter(([, field]) => (field as Field).default === undefined).map(([name, field]) => [name, (field as Field).writeOnly === true ? secretOf(id, name) : '']));
  const own = file && 'protocol' in file ? Object.fromEntries(neededOf(entry?.settings).filter(([name]) => !Object.hasOwn(file.settings ?? {}, name)).map(([name]) => [name, ''])) : {};
  const credentials = Object.fromEntries(neededOf(entry?.credentials).map(([name, field]) => [name, field.writeOnly === true ? secretOf(id, name) : '']));
  const all = { ...own, ...settings };
  return { version: 1, connector, ...(Object.keys(all).length > 0 && { settings: all }), ...(Object.keys(credentials).length > 0 && { credentials }) };
}

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
