import { isObject } from '../model/json.ts';
import { schemaFault } from '../model/validate.ts';
import type { Report } from './import-result.ts';
import type { Json } from './read-text.ts';
import type { Resolve } from './references.ts';
import { sentenceOf } from './words.ts';

export interface SchemaSource {
  readonly resolve: Resolve;
  readonly report: Report;
}

/** Swagger 2 has a word of its own for it. */
const isNullable = (schema: Json): boolean => schema['nullable'] === true || schema['x-nullable'] === true;

/**
 * A schema of a description as a JSON Schema that stands by itself: references are written out, so many levels deep; what lies below is open. Words of OpenAPI
 * that JSON Schema does not have become those that it has, or are left out.
 */
export function plainSchema(source: SchemaSource, given: unknown, depth: number): Json {
  if (given === true || given === undefined) return {};
  const schema = merged(source, source.resolve(given), depth);
  const result: Record<string, unknown> = {};
  const type = typeOf(schema);
  if (type !== undefined) result['type'] = type;
  for (const key of ['title', 'description'] as const) {
    // Deeper down they would be most of the file.
    const text = depth >= 2 ? sentenceOf(schema[key]) : undefined;
    if (text !== undefined) result[key] = text;
  }
  Object.assign(result, limitsOf(source, schema));
  if (depth > 0) Object.assign(result, partsOf(source, schema, depth - 1));
  // In OpenAPI 3.0 null may stand beside branches, not among them.
  if (isNullable(schema) && type === undefined && Array.isArray(result['anyOf'])) result['anyOf'] = uniqueOf([...(result['anyOf'] as unknown[]), { type: 'null' }]);
  return result;
}

/** Words that mean the same here and there, with values that they may have. */
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const limits: Readonly<Record<string, (value: unknown) => boolean>> = {
  minimum: isNumber, maximum: isNumber, multipleOf: (value) => typeof value === 'number' && value > 0, minLength: isCount, maxLength: isCount,
  minItems: isCount, maxItems: isCount, uniqueItems: (value) => typeof value === 'boolean', exclusiveMinimum: isNumber, exclusiveMaximum: isNumber,
};
/** Formats that are checked; others say something to people only. */
const formats: ReadonlySet<unknown> = new Set(['date', 'date-time', 'time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname']);

function limitsOf({ report }: SchemaSource, schema: Json): Json {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(limits).filter(([name, isValid]) => name in schema && isValid(schema[name])).map(([name]) => [name, schema[name]]));
  // In OpenAPI 3.0 these are flags beside the limit.
  for (const [flag, limit] of [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const) {
    if (schema[flag] !== true || result[limit] === undefined) continue;
    result[flag] = result[limit];
    delete result[limit];
  }
  const choices = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (Array.isArray(choices) && choices.length > 0) result['enum'] = uniqueOf(isNullable(schema) ? [...(choices as unknown[]), null] : choices);
  if (formats.has(schema['format'])) result['format'] = schema['format'];
  const { pattern } = schema;
  if (typeof pattern === 'string') {
    if (isPattern(pattern)) result['pattern'] = pattern;
    else report.skip(`The pattern ${pattern}`, 'Patterns run on an engine that cannot backtrack, and does not know look-around and references back.');
  }
  return result;
}

const uniqueOf = (values: readonly unknown[]): unknown[] => [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];

const patterns = new Map<string, boolean>();

/** Whether values are checked by it: the engine of patterns cannot backtrack, and limits what counts within counts come to. */
export function isPattern(pattern: string): boolean {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const isValid = schemaFault({ type: 'string', pattern }) === undefined;
  if (patterns.size > 1000) patterns.clear();
  patterns.set(pattern, isValid);
  return isValid;
}

function partsOf(source: SchemaSource, schema: Json, depth: number): Json {
  const inner = (part: unknown): Json => plainSchema(source, part, depth);
  const result: Record<string, unknown> = {};
  if (isObject(schema['properties'])) {
    const properties = Object.entries(schema['properties']);
    if (properties.length > 0) result['properties'] = Object.fromEntries(properties.map(([name, part]) => [name, inner(part)]));
    const required = (Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []).filter((name) => properties.some(([known]) => known === name));
    if (required.length > 0) result['required'] = uniqueOf(required);
  }
  if (isObject(schema['items'])) result['items'] = inner(schema['items']);
  if (isObject(schema['additionalProperties']) && Object.keys(schema['additionalProperties']).length > 0) result['additionalProperties'] = inner(schema['additionalProperties']);
  for (const key of ['oneOf', 'anyOf'] as const) {
    const branches: unknown = schema[key];
    // Which branch holds is told by fields that lie too deep: any of them will do.
    if (Array.isArray(branches) && branches.length > 0 && result['anyOf'] === undefined) result['anyOf'] = uniqueOf(branches.map(inner));
  }
  return result;
}

function typeOf(schema: Json): unknown {
  const { type } = schema;
  const known = (Array.isArray(type) ? (type as unknown[]) : [type]).filter((name) => types.has(name));
  const inferred = known.length > 0 ? known : type === 'file' ? ['string'] : isObject(schema['properties']) ? ['object'] : isObject(schema['items']) ? ['array'] : [];
  if (inferred.length === 0) return undefined;
  const all = isNullable(schema) && !inferred.includes('null') ? [...inferred, 'null'] : inferred;
  return all.length === 1 ? all[0] : all;
}

const types: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

/** With all that `allOf` says in one schema, so that its fields can be seen. */
export function merged(source: SchemaSource, schema: Json, depth: number): Json {
  const all: unknown = schema['allOf'];
  if (!Array.isArray(all)) return schema;
  const { allOf: _, ...own } = schema;
  if (depth <= 0) return own;
  const parts = [...all.map((part) => merged(source, source.resolve(part), depth - 1)), own];
  const properties = Object.assign({}, ...parts.map((part) => (isObject(part['properties']) ? part['properties'] : {}))) as Json;
  const required = parts.flatMap((part) => (Array.isArray(part['required']) ? (part['required'] as unknown[]) : []));
  return { ...(Object.assign({}, ...parts) as Json), ...(Object.keys(properties).length > 0 && { properties }), ...(required.length > 0 && { required: uniqueOf(required) }) };
}
