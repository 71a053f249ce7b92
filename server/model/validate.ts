import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { escapePointer, isObject } from './json.ts';
import type { Finding } from './read.ts';
import { createCache } from './lru.ts';
import { explainErrors, type SchemaFinding } from './schema-errors.ts';
import { branchesOf } from './schema-walk.ts';
import { meantBy, suggestion } from './suggest.ts';

/**
 * Checks a value against a JSON Schema (2020-12) and says in words what is wrong. Pointers count from `pointer`. The schema is compiled once per object.
 * A schema that is not valid is a finding at `pointer` too: it belongs to a plugin.
 */
export function checkSchema(schema: object, value: unknown, pointer = ''): SchemaFinding[] {
  const validate = compileSchema(schema);
  if (typeof validate === 'string') return [{ pointer, severity: 'error', code: 'PLUGIN_FAILED', message: `The schema of what stands here is not valid: ${validate}.` }];
  return validate(value) ? [] : explainErrors(validate.errors ?? [], pointer);
}

/** What is wrong with a JSON Schema itself. */
export function schemaFault(schema: object): string | undefined {
  // A connector may have thousands, of which nearly all are right: compiling each takes ten times as long as looking at it.
  if (isPlain(schema) && ajv().validateSchema(schema) === true) return undefined;
  const compiled = compileSchema(schema);
  return typeof compiled === 'string' ? compiled : undefined;
}

/** The same, each fault at its place. Pointers count from `pointer`; what has no place of its own is told of the schema as a whole, as `name`. */
export function schemaFindings(schema: object, pointer: string, name: string): Finding[] {
  const fault = schemaFault(schema);
  if (fault === undefined) return [];
  const found = explainErrors(keywordErrors(schema), pointer);
  return found.length > 0 ? found : [{ pointer, key: true, severity: 'error', code: 'CONFIG_INVALID', message: `The JSON Schema of ${JSON.stringify(name)} is not valid: ${fault}.` }];
}

/** Errors of the keywords of a schema by themselves. */
function keywordErrors(schema: object): readonly ErrorObject[] {
  try {
    const found = ajv().validateSchema(schema) === true ? [] : (ajv().errors ?? []);
    // Of a list of types, which type is wrong says more than that the list is no type.
    return found.filter(({ keyword, data, instancePath }) => !(['enum', 'anyOf'].includes(keyword) && Array.isArray(data) && found.some((other) => other.instancePath.startsWith(`${instancePath}/`))));
  } catch {
    // It is of another version of JSON Schema.
    return [];
  }
}

/** Keys that a schema does not name, where it names some and does not speak of others. They are kept and reported. */
export function unknownKeys(schema: object, value: unknown, pointer = ''): Finding[] {
  if (Array.isArray(value)) {
    const { items } = schema as { items?: object };
    return items ? value.flatMap((item, index) => unknownKeys(items, item, `${pointer}/${index}`)) : [];
  }
  if (!isObject(value)) return [];
  const branches = branchesOf(schema);
  const known = Object.assign({}, ...branches.map(({ properties }) => properties ?? {})) as Readonly<Record<string, object>>;
  const others = branches.map(({ additionalProperties }) => additionalProperties).find((found) => found !== undefined);
  const names = Object.keys(known);
  const isNamed = names.length > 0 && others === undefined;
  return Object.entries(value).flatMap(([name, field]): Finding[] => {
    const place = `${pointer}/${escapePointer(name)}`;
    if (Object.hasOwn(known, name)) return unknownKeys(known[name]!, field, place);
    if (isObject(others)) return unknownKeys(others, field, place);
    if (!isNamed) return [];
    const writable = names.filter((other) => other !== '$schema');
    return [{ pointer: place, key: true, severity: 'warning', code: 'CONFIG_INVALID', message: `The key ${JSON.stringify(name)} is not known here. It is kept, but means nothing.`, fix: suggestion(name, writable) ?? 'Remove it.', ...meantBy(name, writable) }];
  });
}

/** Whether a schema has nothing that is found wrong only when it is compiled: references, names of its own, `nullable`, patterns that the engine does not know. */
function isPlain(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isPlain);
  if (!isObject(schema)) return true;
  if (isObject(schema['patternProperties']) && !Object.keys(schema['patternProperties']).every(isPattern)) return false;
  return Object.entries(schema).every(([key, value]) => (key === 'pattern' && typeof value === 'string' ? isPattern(value) : (isObject(value) || !compiledOnly.has(key)) && isPlain(value)));
}

/** A field of such a name has an object here. */
const compiledOnly: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$id', '$anchor', '$dynamicAnchor', '$schema', '$async', 'nullable', 'id']);

function isPattern(pattern: string): boolean {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  try {
    RE2JS.compile(pattern);
    return patterns.add(pattern, true);
  } catch {
    return patterns.add(pattern, false);
  }
}

const patterns = createCache<boolean>(1000);

const compiled = new WeakMap<object, ValidateFunction | string>();

function compileSchema(schema: object): ValidateFunction | string {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = tryCompile(schema);
  compiled.set(schema, made);
  return made;
}

function tryCompile(schema: object): ValidateFunction | string {
  try {
    return ajv().compile(schema);
  } catch (error) {
    const found = explainErrors(keywordErrors(schema));
    return (found.length > 0 ? found.map(({ message, fix }) => [message, ...(fix === undefined ? [] : [fix])].join(' ')).join(' ') : (error as Error).message).replace(/[.?]$/, '');
  } finally {
    // The validator is kept with its schema; ajv would keep both for ever.
    ajv().removeSchema(schema);
  }
}

let instance: Ajv2020 | undefined;

// Made at the first need: it costs some milliseconds. `ownProperties`: a field may be called like a method of all objects. Patterns run on an engine whose time grows with the text only, since files may come from anyone.
function ajv(): Ajv2020 {
  instance ??= addFormats.default(new Ajv2020({ strict: false, allErrors: true, ownProperties: true, verbose: true, addUsedSchema: false, logger: false, code: { regExp: linearRegExp } }));
  return instance;
}

const linearRegExp = Object.assign((pattern: string) => {
  const regExp = RE2JS.compile(pattern);
  // ajv knows a pattern by its text.
  return { test: (text: string) => regExp.matcher(text).find(), toString: () => pattern };
}, { code: '' });
