import type { ErrorObject } from 'ajv/dist/2020.js';
import { describeValue } from '../../plugins/sdk/index.ts';
import { escapePointer, pointerNames } from './json.ts';
import type { Finding } from './read.ts';
import { listed, meantBy, suggestion } from './suggest.ts';

export interface SchemaFinding extends Finding {
  /** The key that is missing, where that is the fault. */
  readonly missing?: string;
}

/** What a validator found, in words for people: the key, what is wrong with its value, what is allowed. At most one finding per place. Pointers count from `pointer`. */
export function explainErrors(errors: readonly ErrorObject[], pointer = ''): SchemaFinding[] {
  const found = new Map<string, SchemaFinding>();
  for (const error of withoutBranches(errors)) {
    const finding = explain(error, pointer);
    const place = `${finding.pointer} ${finding.missing ?? ''}`;
    if (!found.has(place)) found.set(place, finding);
  }
  return [...found.values()];
}

/** A name for a place, such as `"attempts"` or `item 3 of "statuses"`. */
export function nameOf(pointer: string): string {
  const parts = pointerNames(pointer);
  const last = parts.pop();
  if (last === undefined) return 'The file';
  if (/^\d+$/.test(last) && parts.length > 0) return `Item ${Number(last) + 1} of ${JSON.stringify(parts.findLast((part) => !/^\d+$/.test(part)) ?? parts[0])}`;
  return JSON.stringify(last);
}

function explain(error: ErrorObject, before: string): SchemaFinding {
  const { propertyName } = error;
  const pointer = before + error.instancePath + (propertyName === undefined ? '' : `/${escapePointer(propertyName)}`);
  const finding = (message: string, fix?: string, place = pointer, meant: Pick<Finding, 'meant'> = {}): Finding =>
    ({ pointer: place, severity: 'error', code: 'CONFIG_INVALID', message, ...(fix !== undefined && { fix }), ...meant, ...((propertyName !== undefined || place !== pointer) && { key: true }) });
  const schema = (error.parentSchema ?? {}) as { readonly description?: string; readonly writeOnly?: boolean; readonly properties?: Readonly<Record<string, { description?: string }>> };
  if (propertyName !== undefined) return finding(`${JSON.stringify(propertyName)} cannot be a name here.`, schema.description ?? `Names must match ${String(error.schema)}.`);
  const name = nameOf(pointer);
  const is = schema.writeOnly ? '' : `; it is ${describeValue(error.data)}`;
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired':
    case 'dependencies': {
      const missing = String(error.params['missingProperty']);
      const meaning = schema.properties?.[missing]?.description;
      return { ...finding(`${JSON.stringify(missing)} is missing${pointer === '' ? '' : ` in ${inside(pointer)}`}.`, `Add ${JSON.stringify(missing)}${meaning === undefined ? '.' : `: ${meaning}`}`), missing };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const extra = String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty']);
      const names = Object.keys(schema.properties ?? {});
      return finding(`${JSON.stringify(extra)} is not allowed${pointer === '' ? '' : ` in ${inside(pointer)}`}.`, suggestion(extra, names) ?? 'Remove it.', `${pointer}/${escapePointer(extra)}`, meantBy(extra, names));
    }
    case 'enum': {
      const allowed = (error.schema as readonly unknown[]).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
      const [given, texts] = [schema.writeOnly ? undefined : error.data, (error.schema as readonly unknown[]).filter((value) => typeof value === 'string')];
      return finding(`${name} must be one of ${listed(allowed, 40)}${is}.`, (typeof given === 'string' ? suggestion(given, allowed) : undefined) ?? schema.description, pointer, typeof given === 'string' ? meantBy(given, texts) : {});
    }
    default: {
      // One of a few texts, or something else that has a form.
      const { meant } = error.keyword === 'pattern' && typeof error.data === 'string' ? meantBy(error.data, ((error.params['values'] ?? []) as readonly unknown[]).filter((value) => typeof value === 'string')) : {};
      return meant === undefined ? finding(`${name} ${rule(error)}${is}.`, hint(error) ?? schema.description) : finding(`${name} ${rule(error)}${is}.`, `Did you mean ${JSON.stringify(meant)}?`, pointer, { meant });
    }
  }
}

// `"settings" of "get-orders"` says more than `"settings"` alone.
function inside(pointer: string): string {
  const name = nameOf(pointer);
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  const isPlace = /\/(settings|params|credentials|next|retry)$/.test(pointer) && parent !== '';
  const text = isPlace ? `${name} of ${nameOf(parent).replace(/^I/, 'i')}` : name;
  return text.replace(/^I/, 'i');
}

function rule({ keyword, params, schema, parentSchema, message }: ErrorObject): string {
  const number = (name = 'limit'): number => Number(params[name]);
  switch (keyword) {
    case 'type': return `must be ${typeWords(params['type'] as string | readonly string[])}`;
    case 'const': return `must be ${JSON.stringify(schema)}`;
    case 'minimum': return `must be at least ${number()}`;
    case 'maximum': return `must be at most ${number()}`;
    case 'exclusiveMinimum': return `must be more than ${number()}`;
    case 'exclusiveMaximum': return `must be less than ${number()}`;
    case 'multipleOf': return `must be a multiple of ${number('multipleOf')}`;
    case 'minLength': return number() === 1 ? 'must not be empty' : `must have at least ${number()} characters`;
    case 'maxLength': return `must have at most ${number()} characters`;
    case 'pattern': return typeof parentSchema?.['patternErrorMessage'] === 'string' ? parentSchema['patternErrorMessage'].replace(/^M/, 'm') : `must match the pattern ${String(params['pattern'])}`;
    case 'format': return `must be ${formats[String(params['format'])] ?? `a ${String(params['format'])}`}`;
    case 'minItems': return number() === 1 ? 'must have at least one item' : `must have at least ${number()} items`;
    case 'maxItems': return `must have at most ${number()} ${number() === 1 ? 'item' : 'items'}`;
    case 'minProperties': return `must have at least ${number()} ${number() === 1 ? 'key' : 'keys'}`;
    case 'maxProperties': return `must have at most ${number()} ${number() === 1 ? 'key' : 'keys'}`;
    case 'uniqueItems': return `must not have an item twice (items ${Number(params['j']) + 1} and ${Number(params['i']) + 1} are the same)`;
    case 'contains': return 'lacks an item that it must have';
    case 'not': return 'is a value that is not allowed here';
    case 'oneOf': return 'fits several forms of which only one may hold';
    case 'false schema': return 'must not stand here';
    default: return message ?? 'is not valid';
  }
}

const formats: Readonly<Record<string, string>> = {
  'date-time': 'a date and time such as 2024-01-31T12:00:00Z', date: 'a date such as 2024-01-31', time: 'a time such as 12:00:00Z', duration: 'a duration such as PT1H',
  uri: 'an address such as https://example.org/', 'uri-reference': 'an address', email: 'an e-mail address', hostname: 'the name of a host', ipv4: 'an IPv4 address', ipv6: 'an IPv6 address', uuid: 'a UUID', regex: 'a regular expression',
};

/** `a whole number`, `a text or a list`. */
export function typeWords(type: string | readonly string[]): string {
  const words = (typeof type === 'string' ? [type] : type).map((name) => types[name] ?? name);
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'nothing');
}

const types: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', null: 'null' };

function hint({ keyword, params, data, parentSchema }: ErrorObject): string | undefined {
  if (keyword !== 'type') return undefined;
  const wanted = [params['type'] as string | readonly string[]].flat();
  if (typeof data === 'string' && /^(-?\d+(\.\d+)?|true|false|null)$/.test(data) && wanted.some((type) => ['number', 'integer', 'boolean', 'null'].includes(type))) return `Write ${data} without quotes.`;
  if ((typeof data === 'number' || typeof data === 'boolean') && wanted.includes('string')) return `Write "${data}" in quotes.`;
  if (typeof data === 'string' && data.length <= 80 && wanted.every((type) => type === 'object')) {
    const { required = [], properties = {}, writeOnly } = (parentSchema ?? {}) as { readonly required?: readonly string[]; readonly properties?: Readonly<Record<string, { readonly type?: unknown } | undefined>>; readonly writeOnly?: boolean };
    const [name, ...more] = required;
    // The one thing that the object must say, without the object.
    if (name !== undefined && more.length === 0 && properties[name]?.type === 'string' && !writeOnly) return `Write { ${JSON.stringify(name)}: ${JSON.stringify(data)} }.`;
  }
  return undefined;
}

/** Of alternatives only what helps: the types that are allowed, or what is wrong with the alternative that was probably meant. */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let left = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames');
  for (const whole of left.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')) {
    const branches = Map.groupBy(left.filter(({ schemaPath }) => schemaPath.startsWith(`${whole.schemaPath}/`)), ({ schemaPath }) => schemaPath.slice(whole.schemaPath.length + 1).split('/')[0]);
    if (branches.size === 0) continue;
    const kept = choose(whole, [...branches.values()]);
    const others = left.filter((error) => error !== whole && !error.schemaPath.startsWith(`${whole.schemaPath}/`));
    left = [...others, ...kept];
  }
  return left;
}

function choose(whole: ErrorObject, branches: readonly (readonly ErrorObject[])[]): readonly ErrorObject[] {
  const misfits = (branch: readonly ErrorObject[]): ErrorObject[] => branch.filter(({ keyword, instancePath }) => instancePath === whole.instancePath && ['type', 'const', 'enum'].includes(keyword));
  const fitting = branches.filter((branch) => misfits(branch).length === 0);
  const all = branches.flatMap(misfits);
  const types = all.filter(({ keyword }) => keyword === 'type');
  const values = all.filter(({ keyword }) => keyword !== 'type').flatMap(({ keyword, schema }) => (keyword === 'enum' ? (schema as unknown[]) : [schema]));
  if (fitting.length > 0) return fitting.reduce((best, branch) => (branch.length < best.length ? branch : best)).map((error) => ({ ...error, params: { ...error.params, values } }));
  // A value of the right type and not among those allowed: the list of them helps more than the types.
  if (values.length > 0) return [{ ...(all.find(({ keyword }) => keyword !== 'type') as ErrorObject), keyword: 'enum', schema: values, parentSchema: whole.parentSchema ?? {} }];
  return [{ ...(types[0] as ErrorObject), params: { type: [...new Set(types.flatMap(({ params }) => params['type'] as string | string[]))] }, parentSchema: whole.parentSchema ?? {} }];
}
