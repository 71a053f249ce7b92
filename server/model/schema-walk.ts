import { isObject } from './json.ts';

/**
 * The schema of a field or item below a schema: through `properties`, `additionalProperties`, `items`, `prefixItems`, and the branches of `allOf`, `anyOf`,
 * `oneOf`, `then`, `else`; where several say something their annotations are joined. References (`$ref`) lead nowhere: settings of plugins have none.
 */
export const fieldSchema = (schema: object, name: string): object => below(schema, (own) => {
  const properties = own['properties'];
  if (isObject(properties) && Object.hasOwn(properties, name)) return properties[name];
  const pattern = isObject(own['patternProperties']) ? Object.entries(own['patternProperties']).find(([pattern]) => new RegExp(pattern, 'u').test(name)) : undefined;
  return pattern ? pattern[1] : own['additionalProperties'];
});

export const itemSchema = (schema: object, index: number): object => below(schema, (own) => (Array.isArray(own['prefixItems']) && index < own['prefixItems'].length ? (own['prefixItems'][index] as unknown) : own['items']));

/** The schema of a place below a schema, by its keys. */
export const schemaAt = (schema: object, keys: readonly (string | number)[]): object => keys.reduce<object>((found, key) => (typeof key === 'number' ? itemSchema(found, key) : fieldSchema(found, key)), schema);

/** A schema and the branches that may hold at the same place. */
export function branchesOf(schema: object): readonly Readonly<Record<string, unknown>>[] {
  const own = schema as Readonly<Record<string, unknown>>;
  const branches = [own['allOf'], own['anyOf'], own['oneOf'], [own['then']], [own['else']]].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return [own, ...branches.filter(isObject).flatMap(branchesOf)];
}

function below(schema: object, read: (own: Readonly<Record<string, unknown>>) => unknown): object {
  const found = branchesOf(schema).map(read).filter(isObject);
  return found.length === 1 ? found[0]! : Object.assign({}, ...found) as object;
}
