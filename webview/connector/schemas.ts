import { findPlugin, type Catalog, type CatalogEntry } from '../../server/model/catalog.ts';
import { connectorSchema } from '../../server/model/connector-schema.ts';
import { isObject, objectAt, textAt } from '../../server/model/json.ts';
import type { FieldSchema } from '../form/schema.ts';
import { endpointsOf, isProtocol, type Json } from './document.ts';

type Fields = Readonly<Record<string, FieldSchema>>;

/** What a section of the editor shows: some fields of an object of the file. */
export interface Section {
  readonly id: SectionId;
  readonly title: string;
  /** Where its object stands in the file. */
  readonly path: readonly string[];
  readonly schema: FieldSchema;
}

export const sectionIds = ['overview', 'variables', 'auth', 'paging', 'rules', 'endpoints'] as const;
export type SectionId = (typeof sectionIds)[number];

export const sectionTitles: Readonly<Record<SectionId, string>> = { overview: 'Overview', variables: 'Variables', auth: 'Authentication', paging: 'Pagination', rules: 'Limits & errors', endpoints: 'Endpoints' };

const root = connectorSchema.properties as unknown as Fields;
const defaultFields = root['defaults']!.properties!;
const endpointFields = (root['endpoints']!.additionalProperties as FieldSchema).properties!;

/** What JSON Schemas of variables and parameters mostly say. Whatever else stands there is kept, and shown as it is. */
const valueSchema = (own: Fields): FieldSchema => ({
  type: 'object', title: 'Value',
  properties: {
    title: { type: 'string', title: 'Title', description: 'Name, as people read it.' },
    description: { type: 'string', title: 'Description', description: 'What it is for.' },
    type: { title: 'Type', description: 'What it is.', enum: ['string', 'integer', 'number', 'boolean', 'array', 'object'] },
    default: { title: 'Default', description: 'Value where none is given.' },
    enum: { type: 'array', title: 'Values', description: 'The values that there are.', items: { title: 'Value' } },
    format: { type: 'string', title: 'Format', description: 'Such as date-time, date, email or uri.' },
    ...own,
  },
});
const variableSchema = valueSchema({ writeOnly: { type: 'boolean', title: 'Secret', description: 'An instance names a secret in place of the value.' }, required: { type: 'boolean', title: 'Required', description: 'An instance must give it.' } });

/** Fields of an endpoint, by the part of the editor that shows them. What stands in no part comes with the last of them, so that nothing is hidden. */
const parts = {
  request: ['title', 'summary', 'entity', 'direction', 'call', 'with', 'method', 'baseUrl', 'path', 'auth', 'query', 'headers', 'body'],
  params: ['params'],
  response: ['decoder', 'records', 'expand', 'itemErrors'],
  paging: ['pagination', 'slices', 'incremental'],
  rules: ['retry', 'timeoutMs', 'rateLimits', 'errors', 'before', 'after', 'idempotent', 'idempotencyHeader', 'per', 'upsert'],
  examples: ['examples'],
} as const;

export type EndpointPart = keyof typeof parts;
const ownControl = ['record'];
const onlyProtocol: readonly string[] = ['call', 'with'];
const protocolFields: readonly string[] = ['title', 'summary', 'entity', 'direction', 'call', 'with', 'params', 'record', 'examples'];
const onlySending: readonly string[] = ['per', 'upsert', 'itemErrors', 'idempotencyHeader', 'idempotent'];
const onlyReceiving: readonly string[] = ['pagination', 'slices', 'incremental', 'expand'];

/** The form of a part of an endpoint. Fields that the endpoint has are shown even where they do not belong to its kind. */
export function endpointSchema(part: EndpointPart, connector: Json, endpoint: Json, catalog: Catalog): FieldSchema {
  const known = new Set<string>([...Object.values(parts).flat(), ...ownControl]);
  const names = part === 'rules' ? [...parts.rules, ...Object.keys(endpointFields).filter((name) => !known.has(name))] : parts[part];
  const direction = endpoint['direction'];
  const fits = (name: string): boolean => {
    if (Object.hasOwn(endpoint, name)) return true;
    if (name === 'baseUrl' && Object.keys(objectAt(connector, 'baseUrls')).length === 0) return false;
    if (isProtocol(connector) ? !protocolFields.includes(name) : onlyProtocol.includes(name)) return false;
    return !(direction === 'receive' ? onlySending : onlyReceiving).includes(name);
  };
  const fields = names.filter((name) => endpointFields[name] && fits(name)).map((name) => [name, endpointField(name, connector, endpoint, catalog)] as const);
  return { type: 'object', properties: Object.fromEntries(fields), required: requiredOf(connector), additionalProperties: true };
}

const requiredOf = (connector: Json): readonly string[] => ['title', 'direction', ...(isProtocol(connector) ? ['call'] : ['method', 'path'])];

function endpointField(name: string, connector: Json, endpoint: Json, catalog: Catalog): FieldSchema {
  const field = endpointFields[name]!;
  switch (name) {
    case 'direction': return isProtocol(connector) ? field : { ...field, enum: ['receive', 'send'] };
    case 'auth': return withNames(field, [...Object.keys(objectAt(connector, 'auth')), 'none']);
    case 'baseUrl': return withNames(field, Object.keys(objectAt(connector, 'baseUrls')));
    case 'pagination': case 'decoder': return withPlugins(field, name === 'decoder' ? 'converter' : name, endpoint[name], catalog);
    case 'params': return { ...field, additionalProperties: paramSchema(field) };
    case 'call': return withNames(field, Object.keys(protocolOf(connector, catalog)?.endpoints ?? {}));
    case 'with': return withParams(field, protocolOf(connector, catalog)?.endpoints?.[textAt(endpoint, 'call')]?.params);
    case 'upsert': return { ...field, properties: { ...field.properties, find: withNames(field.properties!['find']!, endpointNames(connector)), update: withNames(field.properties!['update']!, endpointNames(connector)) } };
    default: return field;
  }
}

const paramSchema = (field: FieldSchema): FieldSchema => valueSchema((field.additionalProperties as FieldSchema).properties!);

const protocolOf = (connector: Json, catalog: Catalog): CatalogEntry | undefined => findPlugin(catalog, 'connector', textAt(connector, 'protocol'));

const withParams = (field: FieldSchema, params: object | undefined): FieldSchema => (params && 'properties' in params ? { ...field, ...(params as FieldSchema), title: field.title!, description: field.description! } : field);

const endpointNames = (connector: Json): readonly string[] => endpointsOf(connector).map(([name]) => name);

/** A name that is one of some; where there are none yet, any text. */
const withNames = (field: FieldSchema, names: readonly string[]): FieldSchema => (names.length === 0 ? field : { ...field, enum: names });

export function sectionOf(id: Exclude<SectionId, 'endpoints'>, connector: Json, catalog: Catalog): Section {
  return { id, title: sectionTitles[id], ...sectionParts(id, connector, catalog) };
}

function sectionParts(id: Exclude<SectionId, 'endpoints'>, connector: Json, catalog: Catalog): Pick<Section, 'path' | 'schema'> {
  const form = (fields: Fields, required: readonly string[] = []): FieldSchema => ({ type: 'object', properties: fields, required, additionalProperties: true });
  switch (id) {
    case 'overview': return { path: [], schema: form(overviewFields(connector, catalog), ['title', isProtocol(connector) ? 'protocol' : 'baseUrl']) };
    case 'variables': return { path: [], schema: form({ variables: { ...root['variables']!, title: 'Settings of an instance', additionalProperties: variableSchema } }) };
    case 'auth': return { path: [], schema: form({ auth: { ...root['auth']!, title: 'Methods', additionalProperties: authSchema(connector, catalog) } }) };
    case 'paging': return { path: ['defaults'], schema: form({ pagination: withPlugins({ ...defaultFields['pagination']!, title: 'Of endpoints that say nothing else' }, 'pagination', objectAt(connector, 'defaults')['pagination'], catalog) }) };
    case 'rules': {
      const { pagination: _pagination, ...fields } = defaultFields;
      return { path: ['defaults'], schema: form(fields) };
    }
  }
}

function overviewFields(connector: Json, catalog: Catalog): Fields {
  const elsewhere = ['$schema', 'version', 'variables', 'auth', 'defaults', 'endpoints', ...(isProtocol(connector) ? ['baseUrl', 'baseUrls', 'allowedOrigins', 'check'] : ['protocol', 'settings'])];
  const fields = Object.entries(root).filter(([name]) => !elsewhere.includes(name) || (Object.hasOwn(connector, name) && ['baseUrl', 'baseUrls', 'allowedOrigins', 'check', 'settings'].includes(name)));
  return Object.fromEntries(fields.map(([name, field]) => {
    if (name === 'check') return [name, withNames(field, endpointNames(connector))];
    if (name === 'protocol') return [name, withNames(field, catalog.plugins.filter(({ kind }) => kind === 'connector').map(({ type }) => type))];
    return [name, name === 'settings' ? withParams(field, protocolOf(connector, catalog)?.settings) : field];
  }));
}

/** The methods together: each is a plugin of its own, so that one not known today is shown as it stands. */
function authSchema(connector: Json, catalog: Catalog): FieldSchema {
  const field = root['auth']!.additionalProperties as FieldSchema;
  const used = Object.values(objectAt(connector, 'auth'));
  return withPlugins(field, 'auth', used, catalog);
}

/** A use of a plugin as a choice among those of its kind, each with the form of its settings. `used`: what stands there, one or several. */
function withPlugins(field: FieldSchema, kind: string, used: unknown, catalog: Catalog): FieldSchema {
  const { type: _type, settings, ...more } = field.properties!;
  const branch = (type: string, title: string, description: string, own: FieldSchema): FieldSchema => ({
    title, description, type: 'object', required: ['type'], additionalProperties: true,
    properties: { type: { const: type, title: 'Type' }, ...(Object.keys(own.properties ?? {}).length > 0 || own['x-ui'] ? { settings: own } : {}), ...more },
  });
  const entries = catalog.plugins.filter((entry) => entry.kind === kind && entry.status !== 'deprecated');
  const known = entries.map((entry) => branch(entry.type, entry.title, entry.summary, { ...(entry.settings as FieldSchema), title: 'Settings', default: {} }));
  const types = new Set(entries.map(({ type }) => type));
  const others = [used].flat().flatMap((use) => (isObject(use) && typeof use['type'] === 'string' && !types.has(use['type']) ? [use['type']] : []));
  const foreign = [...new Set(others)].map((type) => {
    const entry = findPlugin(catalog, kind, type);
    // Its settings are kept as they are; it may come from a plugin that is not loaded.
    return entry ? branch(type, `${entry.title} (${type})`, entry.summary, { ...(entry.settings as FieldSchema), title: 'Settings', default: {} }) : branch(type, `${type} (not known)`, 'A plugin of that name is not loaded.', { ...settings!, type: 'object', 'x-ui': { widget: 'code' } });
  });
  return { title: field.title!, description: field.description!, oneOf: [...known, ...foreign] };
}
