import { findPlugin, type Catalog } from './catalog.ts';
import type { Flow } from './flow.ts';
import { isObject, pointerOf } from './json.ts';
import type { MapFile } from './map-file.ts';
import { fieldSchema, itemSchema } from './schema-walk.ts';

type Keys = readonly (string | number)[];

/** Pointers of the places in a flow that name a lookup. */
export function lookupUsesInFlow(catalog: Catalog, { steps = {}, triggers = {} }: Partial<Flow>, lookup: string): readonly string[] {
  const of = (kind: string, type: string, settings: unknown, keys: Keys): readonly string[] => usesIn(catalog, findPlugin(catalog, kind, type)?.settings, settings, keys, lookup);
  return [
    ...Object.entries(triggers).flatMap(([id, { trigger, settings }]) => of('trigger', trigger, settings, ['triggers', id, 'settings'])),
    ...Object.entries(steps).flatMap(([id, { shape, settings }]) => of('shape', shape, settings, ['steps', id, 'settings'])),
  ];
}

/** Pointers of the places in a mapping file that name a lookup. */
export const lookupUsesInMap = (catalog: Catalog, { rules }: Partial<MapFile>, lookup: string): readonly string[] => {
  const schema = findPlugin(catalog, 'shape', 'map')?.settings;
  return schema ? usesIn(catalog, fieldSchema(schema, 'rules'), rules, ['rules'], lookup) : [];
};

function usesIn(catalog: Catalog, schema: object | undefined, value: unknown, keys: Keys, lookup: string): readonly string[] {
  if (!schema) return [];
  if (typeof value === 'string') return value === lookup && refOf(schema) === 'lookup' ? [pointerOf(keys)] : [];
  if (Array.isArray(value)) return value.flatMap((item, at) => usesIn(catalog, itemSchema(schema, at), item, [...keys, at], lookup));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const own = fieldSchema(schema, name);
    // The settings of a transform are what the transform says that they are.
    const transform = refOf(own) === 'transform' && typeof field === 'string' ? findPlugin(catalog, 'transform', field) : undefined;
    if (transform) return usesIn(catalog, transform.settings, value[settingsOf(own)], [...keys, settingsOf(own)], lookup);
    return usesIn(catalog, own, field, [...keys, name], lookup);
  });
}

const uiOf = (schema: object): Readonly<Record<string, unknown>> => {
  const ui = (schema as Readonly<Record<string, unknown>>)['x-ui'];
  return isObject(ui) ? ui : {};
};
const refOf = (schema: object): unknown => uiOf(schema)['ref'];
const settingsOf = (schema: object): string => { const { settings } = uiOf(schema); return typeof settings === 'string' ? settings : 'settings'; };
