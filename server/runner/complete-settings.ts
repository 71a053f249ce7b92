import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { annotations, FlowError, type Plugin } from '../../plugins/sdk/index.ts';
import { pointerNames } from '../model/json.ts';
import { fieldSchema, itemSchema } from '../model/schema-walk.ts';

/**
 * Validates what a file gives as settings and fills in the defaults, in a copy. A text with `{{` stands for a value of any type where the schema allows
 * expressions. Settings of an older version are migrated. Fails with `CONFIG_INVALID`, whose pointer is relative to the settings.
 */
export function completeSettings(plugin: Plugin, given: unknown, schema: object = plugin.settings as object): unknown {
  const isOwn = schema === plugin.settings;
  const attempts = isOwn ? versionsOf(plugin, given) : [given];
  let first: FlowError | undefined;
  for (const attempt of attempts) {
    const result = attemptOf(plugin, attempt, schema, isOwn);
    if (!(result instanceof FlowError)) return result.settings;
    first ??= result;
  }
  throw first!;
}

function attemptOf(plugin: Plugin, given: unknown, schema: object, isOwn: boolean): { readonly settings: unknown } | FlowError {
  const settings: unknown = given === undefined ? {} : structuredClone(given);
  const validate = validatorOf(schema, plugin);
  if (validate(settings)) return { settings };
  const [error] = standing(validate.errors ?? [], schema);
  if (!error) return { settings };
  const what = isOwn ? 'settings' : 'values';
  return new FlowError('CONFIG_INVALID', `The ${what} of the ${plugin.kind} ${JSON.stringify(plugin.type)} are not valid: ${sentenceOf(error)}`, { place: { pointer: pointerOf(error) }, details: { kind: plugin.kind, type: plugin.type } });
}

/**
 * The settings as they stand, then as they would be if they were of each older version. `$version` says which it is; without it, settings that are valid
 * as they stand are of today.
 */
function versionsOf(plugin: Plugin, given: unknown): unknown[] {
  const newest = plugin.version ?? 1;
  const { $version, ...rest } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  if (typeof $version === 'number') {
    if ($version > newest) throw new FlowError('CONFIG_VERSION', `The settings of the ${plugin.kind} ${JSON.stringify(plugin.type)} are of version ${$version}; this plugin knows ${newest}.`, { place: { pointer: '/$version' } });
    return [migrate(plugin, rest, $version)];
  }
  if (!plugin.migrations || newest === 1) return [given];
  const older = Array.from({ length: newest - 1 }, (_, index) => newest - 1 - index);
  return [given, ...older.map((version) => migrate(plugin, rest, version))];
}

function migrate(plugin: Plugin, given: Record<string, unknown>, from: number): unknown {
  let settings = structuredClone(given);
  for (let version = from; version < (plugin.version ?? 1); version++) {
    const step = plugin.migrations?.[version];
    try {
      if (step) settings = step(settings);
    } catch {
      // It was not written for these settings, so they are not of that version.
      return given;
    }
  }
  return settings;
}

const validators = new WeakMap<object, ValidateFunction>();
const ajv = createAjv({ isTrusted: true });
/** For schemas of users, whose patterns may take for ever on an engine that backtracks. */
const guardedAjv = createAjv({ isTrusted: false });
/** Schemas of the plugins that came with us. */
const trusted = new WeakSet<object>();

export const trustSchemas = (plugin: Plugin): void => void trusted.add(plugin);

function validatorOf(schema: object, plugin: Plugin): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const isTrusted = trusted.has(plugin) && (schema === plugin.settings || (plugin.kind === 'auth' && schema === plugin.credentials));
  try {
    const validate = (isTrusted ? ajv : guardedAjv).compile(schema);
    validators.set(schema, validate);
    return validate;
  } catch (cause) {
    throw new FlowError('CONFIG_INVALID', `The schema for the ${plugin.kind} ${JSON.stringify(plugin.type)} is not valid: ${(cause as Error).message}.`, { cause });
  }
}

function createAjv({ isTrusted }: { isTrusted: boolean }): Ajv2020 {
  const regExp = Object.assign((pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // ajv tells patterns apart by their text.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => `re2 ${pattern}` };
  }, { code: 'undefined' });
  const made = addFormats.default(new Ajv2020({ strict: isTrusted, strictSchema: true, allErrors: true, useDefaults: true, verbose: true, addUsedSchema: false, $data: false, ...(!isTrusted && { code: { regExp } }) }));
  made.addVocabulary([...annotations, 'in']);
  return made;
}

/** The errors that are left when texts with `{{` count as values of the right type. */
function standing(errors: readonly ErrorObject[], schema: object): ErrorObject[] {
  let left = errors.filter((error) => !isExpression(error, schema));
  if (left.length === errors.length) return left;
  // From the inside out: a choice holds where one of its branches has no error left.
  const choices = left.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'if').sort((one, other) => other.schemaPath.length - one.schemaPath.length);
  for (const choice of choices) {
    const path = `${choice.schemaPath}/`;
    const isBelow = (error: ErrorObject, prefix: string): boolean => error.schemaPath.startsWith(prefix) && error.instancePath.startsWith(choice.instancePath);
    const isHeld = choice.keyword === 'if'
      ? !left.some((error) => isBelow(error, path.replace(/if\/$/, `${String((choice.params as { failingKeyword: string }).failingKeyword)}/`)))
      : ((choice.parentSchema?.[choice.keyword] ?? []) as unknown[]).some((_, index) => !left.some((error) => isBelow(error, `${path}${index}/`)));
    if (isHeld) left = left.filter((error) => error !== choice && !isBelow(error, path));
  }
  return left;
}

function isExpression({ data, instancePath }: ErrorObject, schema: object): boolean {
  if (typeof data !== 'string' || !data.includes('{{')) return false;
  let here: object = schema;
  if (marks(here)) return true;
  for (const key of pointerNames(instancePath)) {
    here = /^\d+$/.test(key) && 'items' in here ? itemSchema(here, Number(key)) : fieldSchema(here, key);
    if (marks(here)) return true;
  }
  return false;
}

const marks = (schema: object): boolean => 'x-expression' in schema && schema['x-expression'] === true;

function pointerOf({ keyword, instancePath, params }: ErrorObject): string {
  const name = keyword === 'additionalProperties' ? (params as { additionalProperty: string }).additionalProperty : undefined;
  return name === undefined ? instancePath : `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function sentenceOf({ keyword, instancePath, params, message, data, parentSchema }: ErrorObject): string {
  const where = instancePath === '' ? 'they' : `"${pointerNames(instancePath).join('.')}"`;
  switch (keyword) {
    case 'required': {
      const name = (params as { missingProperty: string }).missingProperty;
      return `"${[...pointerNames(instancePath), name].join('.')}" is missing.`;
    }
    case 'additionalProperties': {
      const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {});
      return `there is no "${[...pointerNames(instancePath), (params as { additionalProperty: string }).additionalProperty].join('.')}"${known.length > 0 ? `; there are ${known.join(', ')}` : ''}.`;
    }
    case 'enum':
      return `${where} is ${JSON.stringify(data)}; it must be one of ${(params as { allowedValues: unknown[] }).allowedValues.map((value) => JSON.stringify(value)).join(', ')}.`;
    case 'type':
      return `${where} must be ${article(String((params as { type: string | string[] }).type))}, not ${shorten(JSON.stringify(data))}.`;
    default:
      return `${where} ${message ?? 'is not as the schema says'}.`;
  }
}

const article = (type: string): string => `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type.replaceAll(',', ' or ')}`;
const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
