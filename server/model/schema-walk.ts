import { RE2JS } from 're2js';
import { isObject } from './json.ts';
import { createCache } from './lru.ts';

/**
 * The schema of a field or item below a schema: through `properties`, `additionalProperties`, `items`, `prefixItems`, and the branches of `allOf`, `anyOf`,
 * `oneOf`, `then`, `else`; where several say something their annotations are joined. References (`$ref`) lead nowhere: settings of plugins have none.
 */
export const fieldSchema = (schema: object, name: string): object => below(schema, (own) => {
  const properties = own['properties'];
  if (isObject(properties) && Object.hasOwn(properties, name)) return properties[name];
  const pattern = isObject(own['patternProperties']) ? Object.entries(own['patternProperties']).find(([pattern]) => patternOf(pattern)?.matcher(name).find()) : undefined;
  return pattern ? pattern[1] : own['additionalProperties'];
});

export const itemSchema = (schema: object, index: number): object => below(schema, (own) => (Array.isArray(own['prefixItems']) && index < own['prefixItems'].length ? (own['prefixItems'][index] as unknown) : own['items']));

/** The schema of a place below a schema, by its keys. */
export const schemaAt = (schema: object, keys: readonly (string | number)[]): object => keys.reduce<object>((found, key) => (typeof key === 'number' ? itemSchema(found, key) : fieldSchema(found, key)), schema);

/** A schema and the branches that may hold at the same place. */
export function branchesOf(schema: object): readonly Readonly<Record<string, unknown>>[] {
  const known = branches.get(schema);
  if (known) return known;
  const found = findBranches(schema);
  branches.set(schema, found);
  return found;
}

// A schema is asked for each value that it describes.
const branches = new WeakMap<object, readonly Readonly<Record<string, unknown>>[]>();

function findBranches(schema: object): readonly Readonly<Record<string, unknown>>[] {
  const own = schema as Readonly<Record<string, unknown>>;
  const inner = [own['allOf'], own['anyOf'], own['oneOf'], [own['then']], [own['else']]].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return [own, ...inner.filter(isObject).flatMap(branchesOf)];
}

/** A schema may be a user's, and its patterns run for ever on an engine that backtracks. `undefined`: no pattern of RE2, so that it names no field. */
function patternOf(pattern: string): RE2JS | undefined {
  const known = patterns.get(pattern);
  if (known !== undefined) return known ?? undefined;
  try {
    return patterns.add(pattern, RE2JS.compile(pattern)) ?? undefined;
  } catch {
    return patterns.add(pattern, null) ?? undefined;
  }
}

const patterns = createCache<RE2JS | null>(200);

function below(schema: object, read: (own: Readonly<Record<string, unknown>>) => unknown): object {
  if (schema === open) return open;
  const found = branchesOf(schema).map(read).filter(isObject);
  if (found.length === 0) return open;
  return found.length === 1 ? found[0]! : Object.assign({}, ...found) as object;
}

/** Says nothing, nor does any schema below it. One object: most of a large connector lies there. */
const open: object = Object.freeze({});

/** The names of a schema's fields, in their order. */
export const propertyOrder = (schema: object): readonly string[] => [...new Set(branchesOf(schema).flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])))];

/** The entries of an object in a given order; others come after them, but before `layout`, as they are. */
export function orderedEntries(object: Readonly<Record<string, unknown>>, order: readonly string[]): readonly (readonly [string, unknown])[] {
  if (order.length === 0) return Object.entries(object);
  const rank = rankIn(order);
  return Object.entries(object).map((entry, index) => ({ entry, index, rank: rank(entry[0]) })).sort((left, right) => left.rank - right.rank || left.index - right.index).map(({ entry }) => entry);
}

/** Where a key stands among others of an object: see `orderedEntries`. */
export function rankIn(order: readonly string[]): (name: string) => number {
  const ranks = new Map(order.map((name, index) => [name, index]));
  if (order.at(-1) === 'layout') ranks.set('layout', order.length);
  return (name) => ranks.get(name) ?? order.length - 0.5;
}
