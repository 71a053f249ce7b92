import { isObject } from '../../server/model/json.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the tree shows of a JSON Schema. It is looked at as far as it names fields; what it forbids is the model's to judge. */
export interface SchemaFacts {
  /** `string`, `number`, `boolean`, `object`, `array`; empty where the schema does not say. */
  readonly types: readonly string[];
  readonly fields: ReadonlyMap<string, object>;
  readonly required: ReadonlySet<string>;
  /** Of a list. */
  readonly item: object | undefined;
  readonly description: string | undefined;
}

export function factsOf(schema: object): SchemaFacts {
  const all = branchesOf(schema as Json, 0);
  const fields = new Map<string, object>();
  for (const { properties } of all) for (const [name, field] of isObject(properties) ? Object.entries(properties) : []) if (isObject(field)) fields.set(name, fields.has(name) ? { allOf: [fields.get(name), field] } : field);
  const items = all.map((one) => one['items']).filter(isObject);
  const types = new Set(all.flatMap(({ type }) => (Array.isArray(type) ? (type as unknown[]) : [type])).filter((type) => typeof type === 'string' && type !== 'null').map((type) => (type === 'integer' ? 'number' : String(type))));
  if (types.size === 0 && fields.size > 0) types.add('object');
  if (types.size === 0 && items.length > 0) types.add('array');
  const description = all.map((one) => one['description']).find((text) => typeof text === 'string');
  return { types: [...types], fields, required: requiredOf(schema as Json), item: items.length > 1 ? { anyOf: items } : items[0], description };
}

function branchesOf(schema: Json, depth: number): readonly Json[] {
  if (depth > 6) return [schema];
  const inner = ['allOf', 'anyOf', 'oneOf'].flatMap((word) => (Array.isArray(schema[word]) ? (schema[word] as unknown[]).filter(isObject) : []));
  return [schema, ...inner.flatMap((part) => branchesOf(part, depth + 1))];
}

/** Not those of a branch that need not hold. */
function requiredOf(schema: Json): ReadonlySet<string> {
  const own = Array.isArray(schema['required']) ? (schema['required'] as unknown[]).filter((name) => typeof name === 'string') : [];
  const parts = Array.isArray(schema['allOf']) ? (schema['allOf'] as unknown[]).filter(isObject) : [];
  return new Set([...own, ...parts.flatMap((part) => [...requiredOf(part)])]);
}
