import { isObject } from './json.ts';

type Json = Readonly<Record<string, unknown>>;

/** A schema of a user with its local references (`#/$defs/order`) written out, so many levels deep; what lies below, and what leads elsewhere, is open. `nullable` of OpenAPI 3.0 becomes a type. */
export function withoutRefs(schema: object, deepest = 12): object {
  const write = (value: unknown, depth: number, seen: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => write(item, depth, seen));
    if (!isObject(value)) return value;
    const { $ref: reference, nullable, ...own } = value;
    if (typeof reference === 'string') {
      const target = at(schema, reference);
      // A list in itself may be as deep as it likes: two levels of it are enough to map.
      if (seen.filter((one) => one === reference).length > 1) return isObject(target) && target['type'] !== undefined ? orNullable({ type: target['type'], ...(target['nullable'] === true && { nullable: true }) }) : {};
      const named = isObject(target) ? (write(target, depth, [...seen, reference]) as Json) : {};
      const whole = Object.keys(own).length === 0 ? named : { allOf: [named, write(own, depth, seen)] };
      return nullable === true ? orNull(whole) : whole;
    }
    if (depth === 0) return {};
    const entries = Object.entries(orNullable(value)).flatMap(([key, part]): [string, unknown][] => {
      if (key === '$defs' || key === 'definitions') return [];
      if (data.has(key)) return [[key, part]];
      if (named.has(key) && isObject(part)) return [[key, depth === 1 ? {} : Object.fromEntries(Object.entries(part).map(([name, one]) => [name, write(one, depth - 2, seen)]))]];
      return [[key, write(part, isObject(part) ? depth - 1 : depth, seen)]];
    });
    return Object.fromEntries(entries);
  };
  return write(schema, deepest * 2, []) as object;
}

function orNullable({ nullable, ...schema }: Json): Json {
  const { type } = schema;
  if (nullable !== true) return schema;
  return type === undefined ? orNull(schema) : { ...schema, type: [...new Set([type, 'null'].flat())] };
}

const orNull = (schema: Json): Json => (Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] });

/** What stands there are schemas by the names of fields, whatever these are. */
const named: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas']);

/** What stands there is no schema. */
const data: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required']);

function at(root: object, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  let here: unknown = root;
  for (const key of decoded(reference.slice(1)).split('/').slice(1)) {
    const name = key.replaceAll('~1', '/').replaceAll('~0', '~');
    here = Array.isArray(here) ? here[Number(name)] : isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  }
  return here;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
