import { isObject } from './json.ts';
import { branchesOf, fieldSchema } from './schema-walk.ts';

export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null';
type Json = Readonly<Record<string, unknown>>;

const every: ReadonlySet<JsonType> = new Set(['string', 'number', 'boolean', 'object', 'array', 'null']);

/** The types that a value which fits a schema may have; `undefined` where the schema does not say. A whole number is a number. */
export function typesOf(schema: object): ReadonlySet<JsonType> | undefined {
  const own = schema as Json;
  const said = [namedTypes(own), ...partsOf(own, 'allOf').map(typesOf), unionOf(partsOf(own, 'anyOf')), unionOf(partsOf(own, 'oneOf'))].filter((types) => types !== undefined);
  if (said.length === 0) return isObject(own['properties']) ? new Set(['object']) : isObject(own['items']) ? new Set(['array']) : undefined;
  return said.reduce((left, right) => new Set([...left].filter((type) => right.has(type))));
}

/** Whether a value may have both types; what is not known may be anything. */
export const mayBe = (types: ReadonlySet<JsonType> | undefined, wanted: ReadonlySet<JsonType> | undefined): boolean => !types || !wanted || [...types].some((type) => wanted.has(type));

/** Whether only the fields are possible that the schema names. */
export function isClosed(schema: object): boolean {
  const own = schema as Json;
  if (own['additionalProperties'] === false || own['unevaluatedProperties'] === false || partsOf(own, 'allOf').some(isClosed)) return true;
  return (['anyOf', 'oneOf'] as const).some((word) => partsOf(own, word).length > 0 && partsOf(own, word).every(isClosed));
}

/** Names that an object must have, whatever branch it fits. */
export const requiredOf = (schema: object): readonly string[] => {
  const own = schema as Json;
  const names = Array.isArray(own['required']) ? (own['required'] as unknown[]).filter((name) => typeof name === 'string') : [];
  return [...new Set([...names, ...partsOf(own, 'allOf').flatMap(requiredOf)])];
};

/** The fields that a schema names, in its order. */
export const namesOf = (schema: object): readonly string[] => [...new Set(branchesOf(schema).flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])))];

/** `undefined` where the schema has no such field; open where it may have any. */
export function fieldOf(schema: object, name: string): object | undefined {
  const found = below(schema, {
    read: (own) => {
      const { properties, patternProperties, additionalProperties } = own;
      if (isObject(properties) && Object.hasOwn(properties, name)) return properties[name];
      return isObject(patternProperties) || additionalProperties === true ? fieldSchema({ ...(isObject(patternProperties) && { patternProperties }) }, name) : additionalProperties;
    },
    type: 'object',
    says: (own) => isObject(own['properties']) && Object.keys(own['properties']).length > 0,
    isFree: (own) => namesOf(own).length === 0 && !isClosed(own),
  });
  return found ?? (namesOf(schema).length > 0 || isClosed(schema) ? undefined : {});
}

/** The schema of the items of a list; without an index, of any. */
export const itemOf = (schema: object, index = Infinity): object => below(schema, {
  read: (own) => (Array.isArray(own['prefixItems']) && index < own['prefixItems'].length ? (own['prefixItems'][index] as unknown) : own['items']),
  type: 'array',
  says: (own) => isObject(own['items']) || Array.isArray(own['prefixItems']),
  isFree: () => true,
}) ?? {};

/** What is read of a schema and its parts: below a value of a type. */
interface Below {
  read(own: Json): unknown;
  readonly type: JsonType;
  /** It is said what may stand there: a choice beside it that says nothing leaves no more room. */
  says(own: Json): boolean;
  /** Anything may stand below a choice of which nothing was read. */
  isFree(own: Json): boolean;
}

/** What stands below: all parts that say something hold, and one of each choice. */
function below(schema: object, wanted: Below, isOuterSaid = false): object | undefined {
  const own = schema as Json;
  const isSaid = isOuterSaid || saysBelow(own, wanted);
  const choice = (word: 'anyOf' | 'oneOf'): object | undefined => {
    const found = partsOf(own, word).flatMap((part) => {
      if (typesOf(part)?.has(wanted.type) === false) return [];
      const one = below(part, wanted, isSaid) ?? (!isSaid && wanted.isFree(part as Json) ? {} : undefined);
      return one ? [one] : [];
    });
    return found.length > 0 ? unionSchema(found) : undefined;
  };
  const said = [wanted.read(own), ...partsOf(own, 'allOf').map((part) => below(part, wanted, isSaid)), choice('anyOf'), choice('oneOf')].filter(isObject);
  return said.length > 1 ? { allOf: said } : said[0];
}

/** Whatever is chosen. */
const saysBelow = (own: Json, wanted: Below): boolean => wanted.says(own) || partsOf(own, 'allOf').some((part) => saysBelow(part as Json, wanted));

/** All values that fit a schema, where it names them; `undefined` where it does not. */
export function valuesOf(schema: object): readonly unknown[] | undefined {
  const own = schema as Json;
  if ('const' in own) return [own['const']];
  if (Array.isArray(own['enum'])) return own['enum'] as unknown[];
  const [part] = partsOf(own, 'allOf').map(valuesOf).filter((values) => values !== undefined);
  if (part) return part;
  const choices = [...partsOf(own, 'anyOf'), ...partsOf(own, 'oneOf')].map((choice) => valuesOf(choice) ?? ((choice as Json)['type'] === 'null' ? [null] : undefined));
  return choices.length > 0 && choices.every((values) => values !== undefined) ? choices.flat() : undefined;
}

/** Whether its numbers are whole. */
export function isWhole(schema: object): boolean {
  const own = schema as Json;
  const names = typeof own['type'] === 'string' ? [own['type']] : Array.isArray(own['type']) ? (own['type'] as unknown[]) : [];
  if (names.includes('integer') && !names.includes('number')) return true;
  if (Number.isInteger(own['multipleOf']) || partsOf(own, 'allOf').some(isWhole)) return true;
  const values = valuesOf(schema);
  if (values) return values.every((value) => typeof value !== 'number' || Number.isInteger(value));
  return (['anyOf', 'oneOf'] as const).some((word) => {
    const numbers = partsOf(own, word).filter((part) => typesOf(part)?.has('number') !== false);
    return numbers.length > 0 && numbers.every(isWhole);
  });
}

/** The format that all its texts have. */
export function formatOf(schema: object): string | undefined {
  const own = schema as Json;
  if (typeof own['format'] === 'string') return own['format'];
  const part = partsOf(own, 'allOf').map(formatOf).find((format) => format !== undefined);
  if (part !== undefined) return part;
  const texts = (['anyOf', 'oneOf'] as const).flatMap((word) => partsOf(own, word).filter((choice) => typesOf(choice)?.has('string') !== false));
  const [first, ...others] = texts.map(formatOf);
  return others.every((format) => format === first) ? first : undefined;
}

/** The same schema without null, as far as it names it. */
export function nonNull(schema: object): object {
  const { type, anyOf, oneOf, enum: values } = schema as { readonly type?: unknown; readonly anyOf?: readonly object[]; readonly oneOf?: readonly object[]; readonly enum?: readonly unknown[] };
  const isThere = (choice: object): boolean => typesOf(choice)?.has('null') !== true || typesOf(choice)!.size > 1;
  const choices = (list: readonly object[] | undefined, word: string): object => (Array.isArray(list) && list.some(isThere) ? { [word]: list.filter(isThere).map(nonNull) } : {});
  const names = Array.isArray(type) ? type.filter((name) => name !== 'null') : [];
  return { ...schema, ...(names.length > 0 && { type: names.length === 1 ? (names[0] as unknown) : names }), ...(Array.isArray(values) && values.some((value) => value !== null) && { enum: values.filter((value) => value !== null) }), ...choices(anyOf, 'anyOf'), ...choices(oneOf, 'oneOf') };
}

/** The same schema, and null. */
export function orNull(schema: object): object {
  const { type, const: value, enum: values } = schema as { readonly type?: unknown; readonly const?: unknown; readonly enum?: unknown };
  if (isOpen(schema) || typesOf(schema)?.has('null')) return schema;
  return typeof type === 'string' && value === undefined && values === undefined ? { ...schema, type: [type, 'null'] } : { anyOf: [schema, { type: 'null' }] };
}

/** A schema that the values of several fit. */
export function unionSchema(schemas: readonly object[]): object {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [only] = different;
  if (!only || different.some(isOpen)) return {};
  return different.length === 1 ? only : { anyOf: different };
}

/** Whether a schema says nothing of the values. */
export const isOpen = (schema: object): boolean => Object.keys(schema).every((key) => annotations.has(key));

const annotations: ReadonlySet<string> = new Set(['title', 'description', '$comment', 'examples', 'default', 'deprecated', 'readOnly', 'writeOnly', '$schema', '$id', '$defs', 'definitions', 'x-tag']);

/** In words: `text or number`. */
export const typeList = (types: ReadonlySet<JsonType>): string => [...types].map((type) => words[type]).join(' or ');

const words: Readonly<Record<JsonType, string>> = { string: 'a text', number: 'a number', boolean: 'true or false', object: 'an object', array: 'a list', null: 'null' };

export function withoutNull(types: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  const some = new Set([...types].filter((type) => type !== 'null'));
  return some.size > 0 ? some : types;
}

export const toTypes = (names: readonly string[]): ReadonlySet<JsonType> => new Set(names.map((name) => (name === 'integer' ? 'number' : (name as JsonType))).filter((name) => every.has(name)));

function namedTypes(own: Json): ReadonlySet<JsonType> | undefined {
  const { type } = own;
  const named = typeof type === 'string' ? toTypes([type]) : Array.isArray(type) ? toTypes(type as string[]) : undefined;
  const values: unknown[] | undefined = 'const' in own ? [own['const']] : Array.isArray(own['enum']) ? own['enum'] : undefined;
  const valued = values && new Set(values.map((value): JsonType => (value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as JsonType))));
  return named && valued ? new Set([...named].filter((one) => valued.has(one))) : (named ?? valued);
}

const partsOf = (own: Json, word: 'allOf' | 'anyOf' | 'oneOf'): readonly object[] => (Array.isArray(own[word]) ? (own[word] as unknown[]).filter(isObject) : []);

function unionOf(parts: readonly object[]): ReadonlySet<JsonType> | undefined {
  if (parts.length === 0) return undefined;
  const types = parts.map(typesOf);
  return types.some((one) => one === undefined) ? undefined : new Set(types.flatMap((one) => [...one!]));
}
