import { ownMethod } from './auth-methods.ts';
import { findPlugin, type Catalog } from './catalog.ts';
import type { ConnectorFile } from './connector.ts';
import type { Environment } from './environment.ts';
import { fileSchemas } from './file-schemas.ts';
import { isObject } from './json.ts';
import { credentialsSchema } from './lint-auth.ts';
import { withVariables } from './lint-protocol.ts';
import { schemaOf } from './param-schema.ts';
import { namedSecrets } from './named-secrets.ts';
import { isProtocol } from './protocol.ts';
import { fieldSchema } from './schema-walk.ts';

type Json = Readonly<Record<string, unknown>>;

/** Schema of what an instance says: its settings and credentials are those that its connector declares. Without a connector they may be anything. */
export function instanceFormSchema(connector: ConnectorFile | undefined, catalog: Catalog, instance: Json): object {
  const own = fileSchemas.instance;
  return {
    type: 'object', required: ['connector'],
    properties: {
      ...hidden(['$schema', 'version']),
      title: fieldSchema(own, 'title'),
      connector: { ...fieldSchema(own, 'connector'), 'x-ui': { ref: 'connector' } },
      ...partsOf(connector, catalog, typeof instance['auth'] === 'string' ? instance['auth'] : undefined),
    },
  };
}

/** The same of what an environment says otherwise of an instance: nothing must be there. */
export function overrideFormSchema(connector: ConnectorFile | undefined, catalog: Catalog, instance: Json, override: Json): object {
  const own = fieldSchema(fieldSchema(fileSchemas.environment, 'instances'), '-');
  const named = [override['auth'], instance['auth']].find((name) => typeof name === 'string');
  const further = connector && !isProtocol(connector) ? Object.keys(connector.baseUrls ?? {}) : [];
  const address = { type: 'string', title: '', description: 'Address that takes its place.' };
  return {
    type: 'object',
    properties: {
      ...((!connector || !isProtocol(connector)) && { baseUrl: fieldSchema(own, 'baseUrl') }),
      ...(further.length > 0 && { baseUrls: { ...fieldSchema(own, 'baseUrls'), additionalProperties: false, default: {}, properties: Object.fromEntries(further.map((name) => [name, { ...address, title: name }])) } }),
      ...partsOf(connector, catalog, named as string | undefined, true),
    },
  };
}

/** Keys that are right and have no field. */
export const hidden = (names: readonly string[]): Readonly<Record<string, object>> => Object.fromEntries(names.map((name) => [name, { 'x-ui': { widget: 'hidden' } }]));

function partsOf(connector: ConnectorFile | undefined, catalog: Catalog, auth: string | undefined, isOverride = false): Json {
  const own = fileSchemas.instance;
  if (!connector) return { auth: fieldSchema(own, 'auth'), settings: fieldSchema(own, 'settings'), credentials: fieldSchema(own, 'credentials') };
  const methods = isProtocol(connector) ? [] : Object.entries(connector.auth ?? {});
  const part = (name: 'settings' | 'credentials', title: string, schema: object | undefined): Json => {
    const properties = (schema as { readonly properties?: Json } | undefined)?.properties ?? {};
    if (Object.keys(properties).length === 0) return {};
    const { required: _required, ...rest } = schema as Json;
    return { [name]: { ...(isOverride ? rest : schema), title, description: '', default: {} } };
  };
  return {
    ...((methods.length > 1 || auth !== undefined) && methods.length > 0 && { auth: { type: 'string', enum: methods.map(([name]) => name), enumDescriptions: methods.map(([, { type }]) => findPlugin(catalog, 'auth', type)?.title ?? type), title: 'Auth method', description: isOverride ? 'Another one; with it, the credentials of the instance do not count.' : `Default ${methods[0]![0]}, the first of the connector.` } }),
    ...part('settings', 'Settings', settingsSchema(connector, catalog)),
    ...part('credentials', 'Credentials', isProtocol(connector) ? findPlugin(catalog, 'connector', connector.protocol)?.credentials : credentialsSchema({ catalog }, connector, auth)),
  };
}

function settingsSchema(connector: ConnectorFile, catalog: Catalog): object | undefined {
  if (isProtocol(connector)) {
    const entry = findPlugin(catalog, 'connector', connector.protocol);
    return entry && withVariables(entry, connector);
  }
  const variables = Object.entries(connector.variables ?? {});
  const required = variables.filter(([, schema]) => (schema as Json)['required'] === true && !('default' in schema)).map(([name]) => name);
  return { type: 'object', properties: Object.fromEntries(variables.map(([name, schema]) => [name, { title: name, ...schemaOf(schema), 'x-expression': true }])), ...(required.length > 0 && { required }), additionalProperties: false };
}

/** Where a value of an instance comes from. */
export type ValueOrigin = 'environment' | 'instance' | 'connector' | 'default';

export interface ShownValue {
  readonly part: 'address' | 'auth' | 'settings' | 'credentials';
  readonly name: string;
  readonly title: string;
  readonly origin: ValueOrigin | undefined;
  /** Missing where nothing gives it. Never that of a secret. */
  readonly value?: unknown;
  /** Names of the secrets in it. */
  readonly secrets: readonly string[];
  /** A secret whose value stands in the file itself; it is not shown. */
  readonly isPlain?: true;
}

/** What an instance is in an environment, value by value, and who says so. No value of a secret is among them. */
export function shownValues(connector: ConnectorFile | undefined, catalog: Catalog, id: string, instance: Json, environment: Environment | undefined): readonly ShownValue[] {
  const override = environment?.instances?.[id] ?? {};
  const own = connector && !isProtocol(connector) ? connector : undefined;
  const auth = typeof override.auth === 'string' ? override.auth : typeof instance['auth'] === 'string' ? instance['auth'] : undefined;
  const method = own && ownMethod(own, auth);
  const schema = instanceFormSchema(connector, catalog, { ...instance, ...(auth !== undefined && { auth }) });
  // Credentials are those of one method.
  const isOther = override.auth !== undefined && override.auth !== instance['auth'];
  const layers = (part: 'settings' | 'credentials'): readonly (readonly [ValueOrigin, Json])[] => [
    ['environment', objectOf(override[part])], ...(part === 'credentials' && isOther ? [] : [['instance', objectOf(instance[part])] as const]),
    ...(part === 'settings' && connector && isProtocol(connector) ? [['connector', objectOf(connector.settings)] as const] : []),
  ];
  const settings = layers('settings').toReversed().reduce<Json>((made, [, values]) => ({ ...made, ...values }), {});
  const address: ShownValue | undefined = own && { part: 'address', name: 'baseUrl', title: 'Base URL', secrets: [], ...(override.baseUrl === undefined ? { origin: 'connector', value: filled(own.baseUrl, settings) } : { origin: 'environment', value: override.baseUrl }) };
  const chosen: ShownValue | undefined = method === undefined ? undefined : { part: 'auth', name: 'auth', title: 'Auth method', secrets: [], value: method, origin: override.auth !== undefined ? 'environment' : instance['auth'] !== undefined ? 'instance' : 'connector' };
  const partRows = (part: 'settings' | 'credentials'): readonly ShownValue[] => {
    const properties = objectOf((fieldSchema(schema, part) as Json)['properties']);
    const names = [...new Set([...Object.keys(properties), ...layers(part).flatMap(([, values]) => Object.keys(values))])];
    return names.map((name) => shownValue(part, name, objectOf(properties[name]), layers(part)));
  };
  return [
    ...[address, chosen].filter((one) => one !== undefined),
    ...partRows('settings'), ...partRows('credentials'),
  ];
}

function shownValue(part: ShownValue['part'], name: string, schema: Json, layers: readonly (readonly [ValueOrigin, Json])[]): ShownValue {
  const title = typeof schema['title'] === 'string' ? schema['title'] : name;
  const found = layers.find(([, values]) => Object.hasOwn(values, name));
  const value = found ? found[1][name] : schema['default'];
  if (value === undefined) return { part, name, title, origin: undefined, secrets: [] };
  const secrets = namedSecrets(value);
  // What nobody has declared may be a secret, too, and so may what stands within objects.
  const isHidden = schema['writeOnly'] === true || (part === 'credentials' && (Object.keys(schema).length === 0 || typeof value === 'object'));
  const origin = found ? found[0] : 'default';
  return isHidden ? { part, name, title, origin, secrets, ...(secrets.length === 0 && { isPlain: true }) } : { part, name, title, origin, secrets, value };
}

/** An address with the values of its instance, as far as they are plain ones. */
const filled = (address: string, values: Json): string => address.replaceAll(/\{\{\s*instance\.([\w-]+)\s*\}\}/g, (whole, key: string) => (Object.hasOwn(values, key) && ['string', 'number'].includes(typeof values[key]) ? String(values[key]) : whole));

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
