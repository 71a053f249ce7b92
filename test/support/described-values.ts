import { createHash } from 'node:crypto';
import { sample, stringMatching } from 'fast-check';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A value with its references written out, so many levels of them; below, what has further ones is open. */
export function inlined(root: unknown, value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(root, item, depth));
  if (!isObject(value)) return value;
  const { $ref: reference, ...own } = value;
  if (typeof reference !== 'string') return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, inlined(root, part, depth)]));
  const target = depth > 0 ? reference.split('/').slice(1).reduce<unknown>((here, key) => (isObject(here) || Array.isArray(here) ? (here as Json)[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), root) : {};
  const found = inlined(root, target, depth - 1);
  return isObject(found) ? { ...found, ...(inlined(root, own, depth) as Json) } : found;
}

/** A value for a schema that has no references any more, the same for the same place. Texts hold what addresses, forms and headers have a meaning of their own for. */
export function describedValue(schema: unknown, place: string, depth = 4): unknown {
  const given = mergedOf(schema);
  const choices = given['const'] === undefined ? given['enum'] : [given['const']];
  if (Array.isArray(choices) && choices.length > 0) return choices[seedOf(place) % choices.length];
  const branch = [...listOf(given['oneOf']), ...listOf(given['anyOf'])].find((one) => isObject(one) && one['type'] !== 'null');
  if (branch !== undefined && !isObject(given['properties'])) return describedValue({ ...given, oneOf: undefined, anyOf: undefined, ...mergedOf(branch) }, place, depth);
  const [type] = [given['type']].flat().filter((name) => name !== 'null');
  if (type === 'array' || (type === undefined && isObject(given['items']))) return depth > 0 ? listValue(given, place, depth) : [];
  if (type === 'object' || (type === undefined && isObject(given['properties']))) return depth > 0 ? objectValue(given, place, depth) : {};
  if (type === 'integer' || type === 'number') return numberValue(given, place, type);
  if (type === 'boolean') return seedOf(place) % 2 === 0;
  return textValue(given, place);
}

function mergedOf(schema: unknown): Json {
  if (!isObject(schema)) return {};
  const { allOf, ...own } = schema;
  const parts = [...listOf(allOf).map(mergedOf), own];
  const properties = Object.assign({}, ...parts.map((part) => part['properties'])) as Json;
  return { ...(Object.assign({}, ...parts) as Json), ...(Object.keys(properties).length > 0 && { properties }) };
}

function listValue({ items, minItems, maxItems, uniqueItems }: Json, place: string, depth: number): unknown[] {
  const most = typeof maxItems === 'number' ? maxItems : 2;
  const count = Math.min(most, Math.max(2, typeof minItems === 'number' ? minItems : 0));
  const all = Array.from({ length: count }, (_, index) => describedValue(items ?? {}, `${place}/${index}`, depth - 1));
  return uniqueItems === true ? [...new Map(all.map((item) => [JSON.stringify(item), item])).values()] : all;
}

function objectValue({ properties, additionalProperties, required }: Json, place: string, depth: number): Json {
  const fields = Object.entries(isObject(properties) ? properties : {}).filter(([name, part]) => !isObject(part) || part['readOnly'] !== true || listOf(required).includes(name));
  const made = fields.slice(0, 20).map(([name, part]) => [name, describedValue(part, `${place}/${name}`, depth - 1)] as const);
  return made.length === 0 && isObject(additionalProperties) ? { 'a key': describedValue(additionalProperties, `${place}/*`, depth - 1) } : Object.fromEntries(made);
}

function numberValue({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Json, place: string, type: unknown): number {
  const step = typeof multipleOf === 'number' ? multipleOf : 1;
  const least = typeof minimum === 'number' ? minimum + (exclusiveMinimum === true ? step : 0) : typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : 0;
  const most = typeof maximum === 'number' ? maximum - (exclusiveMaximum === true ? step : 0) : typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : least + 1000;
  const value = Math.min(most, least + (1 + (seedOf(place) % 50)) * step);
  return type === 'integer' ? Math.floor(value) : typeof multipleOf === 'number' || value + 0.5 > most ? value : value + 0.5;
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2024-01-31T12:00:00+01:00', date: '2024-01-31', time: '12:00:00Z', email: 'ada+lovelace@example.com', uri: 'https://example.com/a?b=c&d=e#f', url: 'https://example.com/a b', uuid: '00000000-0000-4000-8000-000000000001',
  ipv4: '192.0.2.1', ipv6: '2001:db8::1', hostname: 'example.com', byte: 'aGVsbG8=',
};
const hard = ['Ünïcödé & sons', 'a/b?c=d#e', '50% off + more', 'x,y;z|w', '"quoted" \'text\'', '{{ braces }}', '[list]', 'ends with space ', '漢字'];

function textValue({ pattern, format, minLength, maxLength }: Json, place: string): string {
  if (typeof pattern === 'string') return matching(pattern, place, typeof minLength === 'number' ? minLength : 1, typeof maxLength === 'number' ? maxLength : 200);
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format]!;
  const text = hard[seedOf(place) % hard.length]!;
  const long = typeof minLength === 'number' ? text.padEnd(minLength, 'x') : text;
  return typeof maxLength === 'number' && [...long].length > maxLength ? [...long].slice(0, maxLength).join('').trim() || 'x' : long;
}

function matching(pattern: string, place: string, least: number, most: number): string {
  try {
    const found = sample(stringMatching(new RegExp(pattern.replace(/^\(\?i\)/, ''))), { seed: seedOf(place), numRuns: 50 });
    return found.find((text) => text.length >= least && text.length <= most && /^[ -~]+$/.test(text)) ?? found[0]!;
  } catch {
    return 'text';
  }
}

/** From the place alone, so that one more operation changes nothing of the others. */
const seedOf = (place: string): number => createHash('sha256').update(place).digest().readUInt32LE(0) & 0x7fffffff;
