import { FlowError } from '../../plugins/sdk/index.ts';
import { findPlugin, type Catalog } from './catalog.ts';
import { connectorSchema } from './connector-schema.ts';
import { fileEdits } from './file-edit.ts';
import type { TextEdit } from './flow-edit.ts';
import { isObject, pointerOf } from './json.ts';
import { withValue, type Json } from './json-change.ts';
import { currentVersion, migrate } from './migrate.ts';
import { propertyOrder, schemaAt } from './schema-walk.ts';
import { serialize } from './serialize.ts';
import type { ConnectorFile } from './connector.ts';

type Keys = readonly (string | number)[];

/** One change to a connector file, addressed by keys. */
export type ConnectorChange =
  /** Sets a value (`['endpoints', 'orders.list', 'path']`); `undefined` removes it, and objects around it that become empty and may be missing. */
  | { readonly op: 'set'; readonly path: Keys; readonly value: unknown }
  /** Gives the key at a place another name; it stays where it is. */
  | { readonly op: 'rename'; readonly path: Keys; readonly to: string };

/**
 * The edits of a connector file that make changes to it, one after the other: as small as can be, counted from the given text, with comments, indentation and line
 * ends kept. New keys stand where the schema, or that of their plugin, has them. A blank text becomes a connector. Fails, and changes nothing, with `CONFIG_INVALID`
 * (syntax, place) and `CONFIG_VERSION`.
 */
export function editConnector(text: string, changes: readonly ConnectorChange[], catalog: Catalog): TextEdit[] {
  const apply = (value: Json): Json => changes.reduce((made, change) => applyChange(made, change, catalog), value);
  if (text.replace(/^\uFEFF/, '').trim() === '') return [{ offset: 0, length: text.length, text: serialize('connector', apply({ version: 1, title: '', endpoints: {} }) as unknown as ConnectorFile) }];
  return fileEdits('connector', text, (value) => {
    const { version } = value;
    const newest = currentVersion('connector');
    if (typeof version === 'number' && version > newest) throw new FlowError('CONFIG_VERSION', `The connector has format version ${version}, and this version of Patchbay writes ${newest}.`, { place: { pointer: '/version' } });
    return apply(migrate('connector', value));
  });
}

function applyChange(file: Json, change: ConnectorChange, catalog: Catalog): Json {
  const { path } = change;
  if (path.length === 0) throw invalid('A change needs a place: the whole connector cannot be replaced.', path);
  if (change.op === 'rename') return rename(file, path, change.to);
  const isOptional = (place: Keys): boolean => {
    const { default: fallback } = schemaOfPlace(file, catalog, place) as { readonly default?: unknown };
    return isObject(fallback) && Object.keys(fallback).length === 0;
  };
  return withValue(file, path, change.value === undefined ? undefined : clean(change.value), (place) => propertyOrder(schemaOfPlace(file, catalog, place)), isOptional);
}

function rename(file: Json, path: Keys, to: string): Json {
  const put = (target: unknown, depth: number): unknown => {
    const key = path[depth]!;
    if (typeof key === 'number' && Array.isArray(target) && depth < path.length - 1 && key < target.length) return (target as unknown[]).with(key, put(target[key], depth + 1));
    if (typeof key !== 'string' || !isObject(target) || !Object.hasOwn(target, key)) throw invalid(`There is nothing at ${pointerOf(path)} that could have another name.`, path);
    if (depth < path.length - 1) return Object.fromEntries(Object.entries(target).map(([name, value]) => [name, name === key ? put(value, depth + 1) : value]));
    if (to === '' || (to !== key && Object.hasOwn(target, to))) throw invalid(to === '' ? 'A name is missing.' : `There is ${JSON.stringify(to)} already.`, path);
    return Object.fromEntries(Object.entries(target).map(([name, value]) => [name === key ? to : name, value]));
  };
  return put(file, 0) as Json;
}

/** The kinds of plugins whose settings stand at a place, by the key before. */
const slots: Readonly<Record<string, string>> = { pagination: 'pagination', decoder: 'converter' };

/** The schema of a place, through the settings of its plugins. */
function schemaOfPlace(file: Json, catalog: Catalog, keys: Keys): object {
  const at = keys.indexOf('settings');
  const owner = keys.slice(0, at);
  const kind = owner[0] === 'auth' && owner.length === 2 ? 'auth' : slots[String(owner.at(-1))];
  const use = at < 1 || kind === undefined ? undefined : owner.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined), file);
  const entry = isObject(use) && kind !== undefined ? findPlugin(catalog, kind, String(use['type'])) : undefined;
  // The settings themselves may be missing, whatever the plugin.
  return entry ? schemaAt(keys.length === at + 1 ? { ...entry.settings, default: {} } : entry.settings, keys.slice(at + 1)) : schemaAt(connectorSchema, keys);
}

/** As it will be read: without `undefined`. */
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const invalid = (message: string, path: Keys): FlowError => new FlowError('CONFIG_INVALID', message, { place: { pointer: pointerOf(path) } });
