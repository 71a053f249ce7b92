import type * as fastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { isObject } from '../model/json.ts';
import type { Aims } from '../model/map-aims.ts';
import { fieldOf, typesOf } from '../model/schema-types.ts';
import { checkSchema } from '../model/validate.ts';

type Json = Readonly<Record<string, unknown>>;
type FastCheck = typeof fastCheck;

/**
 * Values that fit a JSON Schema without references, small ones first; nearly all of them fit. Where the schema says nothing, texts and whole numbers. Fields that it does not
 * name come only where it speaks of them (`additionalProperties`, `patternProperties`, `minProperties`). `aims`: places that are always there, with values that come often, as far as they fit.
 */
export function schemaValues(fc: FastCheck, schema: object, depth = 8, aims?: Aims): Arbitrary<unknown> {
  const made = unaimed(fc, schema, depth, aims);
  const wanted = (aims?.values ?? []).flatMap((value) => formsOf(value).filter((form) => checkSchema(schema, form).length === 0).slice(0, 1));
  return wanted.length > 0 ? fc.oneof({ withCrossShrink: true }, made, fc.constantFrom(...wanted)) : made;
}

/** What conditions compare as the same: the value as it stands, as text, as a number. */
const formsOf = (value: unknown): readonly unknown[] => [value, ...(typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? [Number(value)] : [])];

function unaimed(fc: FastCheck, schema: object, depth: number, aims: Aims | undefined): Arbitrary<unknown> {
  const own = merged(schema);
  const isSure = Object.keys(schema).every((key) => sure.has(key));
  if (isSure) return valuesOf(fc, schema, own, depth, aims);
  const fits = (value: unknown): boolean => checkSchema(schema, value).length === 0;
  const listed = 'const' in own ? [own['const']] : Array.isArray(own['enum']) ? (own['enum'] as unknown[]) : undefined;
  if (listed) return fc.constantFrom(...(listed.some(fits) ? listed.filter(fits) : listed));
  return mostly(valuesOf(fc, schema, own, depth, aims), fits);
}

/** Keywords that values are made by: they need not be looked at again. */
const sure: ReadonlySet<string> = new Set(['type', 'properties', 'required', 'items', 'title', 'description', 'default', 'examples', '$schema', '$id', '$comment', 'deprecated', 'readOnly', 'writeOnly']);

/** Others are made anew, up to a thousand times: where nothing fits one would look for ever. Once in vain is enough, or lists in lists would take their product. */
function mostly<T>(values: Arbitrary<T>, fits: (value: T) => boolean): Arbitrary<T> {
  let misses = 0;
  let isVain = false;
  return values.filter((value) => {
    if (isVain) return true;
    if (fits(value)) misses = 0;
    else if (++misses >= mostMisses) isVain = true;
    return misses === 0 || isVain;
  });
}

const mostMisses = 1000;

function valuesOf(fc: FastCheck, schema: object, own: Json, depth: number, aims: Aims | undefined): Arbitrary<unknown> {
  for (const word of ['anyOf', 'oneOf'] as const) {
    const { [word]: choices, ...rest } = own;
    if (Array.isArray(choices) && choices.length > 0) return fc.oneof(...choices.filter(isObject).map((choice) => unaimed(fc, { allOf: [rest, choice] }, depth - 1, aims)));
  }
  const types = typesOf(schema);
  if (!types) return fc.oneof(texts(fc, own), numbers(fc, { ...own, type: 'integer' }));
  return fc.oneof(...[...types].map((type) => ofType[type](fc, own, depth, aims)));
}

const ofType: Readonly<Record<'string' | 'number' | 'boolean' | 'null' | 'array' | 'object', (fc: FastCheck, schema: Json, depth: number, aims: Aims | undefined) => Arbitrary<unknown>>> = {
  string: texts,
  number: numbers,
  boolean: (fc) => fc.boolean(),
  null: (fc) => fc.constant(null),
  array: lists,
  object: objects,
};

function texts(fc: FastCheck, { format, pattern, minLength, maxLength }: Json): Arbitrary<unknown> {
  const least = countOf(minLength) ?? 0;
  const most = Math.max(least, countOf(maxLength) ?? least + 20);
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format]!(fc, least);
  if (typeof pattern === 'string') {
    try {
      return patterned(fc, pattern, least, countOf(maxLength));
    } catch {
      // What RE2 knows and JavaScript does not: the values that do not fit are left out later.
    }
  }
  return fc.string({ minLength: least, maxLength: most, unit: fc.constantFrom(...letters) });
}

/** Lengths are asked for by the pattern itself: of the values of `^[A-Z]+$`, few have five letters by chance. */
function patterned(fc: FastCheck, pattern: string, least: number, most: number | undefined): Arbitrary<unknown> {
  // RE2 has flags in the pattern; what is written as it stands fits without regard to case, too.
  const plain = fc.stringMatching(new RegExp(pattern.replace(/^(\^?)\(\?i\)/, '$1'), 'u'));
  const part = /^\^((?:\\[dwsDWS]|\[(?:[^\]\\]|\\.)+\]|\\?[^\\[\](){}|*+?.$^]))[*+]\$$/.exec(pattern)?.[1];
  return part === undefined || (least === 0 && most === undefined) ? plain : fc.stringMatching(new RegExp(`^${part}{${Math.max(least, pattern.at(-2) === '+' ? 1 : 0)},${most ?? least + 20}}$`, 'u'));
}

/** Letters, digits and what texts of people have beside them. */
const letters = [...'abcdefghijABCDEFGHIJ0123456789', ' ', '-', '.', ',', '\'', '"', '/', 'é', 'ß', '漢', '🙂'];

const word = (fc: FastCheck, minLength = 1): Arbitrary<string> => fc.string({ minLength, maxLength: minLength + 7, unit: fc.constantFrom(...'abcdefghij') });
const email = (fc: FastCheck, least: number): Arbitrary<unknown> => fc.oneof({ withCrossShrink: true }, fc.tuple(word(fc), word(fc, Math.max(1, Math.min(50, least - 4)))).map(([name, host]) => `${name}@${host}.de`), fc.emailAddress());
const uri = (fc: FastCheck, least: number): Arbitrary<unknown> => fc.oneof({ withCrossShrink: true }, fc.tuple(word(fc), word(fc, Math.max(1, least - 10))).map(([host, path]) => `http://${host}.de/${path}`), fc.webUrl());
const hostname = (fc: FastCheck): Arbitrary<unknown> => fc.oneof({ withCrossShrink: true }, word(fc).map((name) => `${name}.de`), fc.domain());

const formats: Readonly<Record<string, (fc: FastCheck, least: number) => Arbitrary<unknown>>> = {
  'date-time': (fc) => fc.tuple(dates(fc), fc.constantFrom('.000Z', 'Z', '+02:00')).map(([date, end]) => (end === '.000Z' ? date.toISOString() : `${date.toISOString().slice(0, 19)}${end}`)),
  date: (fc) => dates(fc).map((date) => date.toISOString().slice(0, 10)),
  time: (fc) => dates(fc).map((date) => date.toISOString().slice(11)),
  duration: (fc) => fc.tuple(fc.nat({ max: 99 }), fc.constantFrom('D', 'M', 'Y', 'W')).map(([count, unit]) => `P${count}${unit}`),
  byte: (fc) => fc.base64String(),
  'iso-date-time': (fc) => dates(fc).map((date) => date.toISOString()),
  'iso-time': (fc) => dates(fc).map((date) => date.toISOString().slice(11)),
  email, uri, url: uri, hostname: (fc) => hostname(fc), uuid: (fc) => fc.uuid(), ipv4: (fc) => fc.ipV4(), ipv6: (fc) => fc.ipV6(),
};

/** Mostly of our days, some of before 1970 and of the far future, such as `9999-12-31` for “never”. */
const dates = (fc: FastCheck): Arbitrary<Date> => fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true }) },
  { weight: 1, arbitrary: fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }) },
);

/** Where the schema has no limits: most numbers are small, some go beyond 32 bits, some to the last whole number that a double holds. */
const ranges = [1e9, 2 ** 31 + 1, Number.MAX_SAFE_INTEGER] as const;

function numbers(fc: FastCheck, { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Json): Arbitrary<unknown> {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  const isWhole = names.includes('integer') && !names.includes('number');
  const [least, most] = [numberOf(minimum) ?? -Infinity, numberOf(maximum) ?? Infinity];
  const [above, below] = [numberOf(exclusiveMinimum) ?? -Infinity, numberOf(exclusiveMaximum) ?? Infinity];
  if (isWhole || numberOf(multipleOf) !== undefined) {
    const step = numberOf(multipleOf) ?? 1;
    const min = Math.max(Math.ceil(least / step), Math.floor(above / step) + 1);
    const max = Math.min(Math.floor(most / step), Math.ceil(below / step) - 1);
    return within(fc, min, max, (bounds) => fc.integer(bounds)).map((count) => (step === 1 ? count : Number((count * step).toPrecision(15))));
  }
  const min = Math.max(least, above);
  const max = Math.min(most, below);
  return within(fc, min, max, (bounds) => fc.double({ ...bounds, noNaN: true, minExcluded: above === bounds.min && bounds.min < bounds.max, maxExcluded: below === bounds.max && bounds.min < bounds.max })).map((value) => (Object.is(value, -0) ? 0 : value));
}

function within(fc: FastCheck, min: number, max: number, make: (bounds: { readonly min: number; readonly max: number }) => Arbitrary<number>): Arbitrary<number> {
  const far = Number.MAX_SAFE_INTEGER;
  const least = min === -Infinity ? Math.min(-far, max - far) : min;
  const most = Math.max(least, max === Infinity ? Math.max(far, min + far) : max);
  const parts = ranges.map((range) => ({ min: Math.max(least, -range), max: Math.min(most, range) })).filter((bounds) => bounds.min <= bounds.max);
  const chosen = parts.filter((bounds, index) => index === 0 || bounds.min < parts[index - 1]!.min || bounds.max > parts[index - 1]!.max);
  return fc.oneof({ withCrossShrink: true }, ...(chosen.length > 0 ? chosen : [{ min: least, max: most }]).map((bounds, index) => ({ weight: index === 0 ? 6 : 1, arbitrary: make(bounds) })));
}

function lists(fc: FastCheck, { items, prefixItems, contains, minItems, maxItems, uniqueItems }: Json, depth: number, aims: Aims | undefined): Arbitrary<unknown> {
  const asked = countOf(minItems) ?? 0;
  const most = Math.max(asked, countOf(maxItems) ?? Infinity);
  const least = aims?.items && depth > 0 ? Math.min(most, Math.max(asked, 1)) : asked;
  const each = isObject(items) ? items : {};
  if (Array.isArray(prefixItems)) return tuples(fc, prefixItems.map((item) => (isObject(item) ? item : {})), { least, most, each: items === undefined || items === false ? undefined : each }, depth, aims?.items);
  if (items === false) return fc.constant([]);
  if (depth <= 0 && least === 0) return fc.constant([]);
  const item = schemaValues(fc, each, depth - 1, aims?.items);
  const upTo = (more: number): Arbitrary<unknown[]> => {
    const limits = { minLength: least, maxLength: Math.min(most, least + more) };
    return uniqueItems === true ? fc.uniqueArray(item, { ...limits, selector: (value) => JSON.stringify(value) }) : fc.array(item, limits);
  };
  const made = fc.oneof({ withCrossShrink: true }, { weight: 6, arbitrary: upTo(3) }, { weight: 1, arbitrary: upTo(12) });
  return isObject(contains) ? fc.tuple(made, schemaValues(fc, { allOf: [each, contains] }, depth - 1)).map(([list, one]) => [...list.slice(0, most - 1), one]) : made;
}

/** Mostly of the length of the tuple, some as short as may be, and some longer where the schema says what comes then. */
function tuples(fc: FastCheck, first: readonly object[], { least, most, each }: { readonly least: number; readonly most: number; readonly each: object | undefined }, depth: number, aims: Aims | undefined): Arbitrary<unknown> {
  const full = Math.min(most, Math.max(least, first.length));
  const lengths = [...new Set([full, least, ...(each && full < most ? [full + 1] : [])])];
  return fc.oneof(...lengths.map((length, index) => ({ weight: index === 0 ? 4 : 1, arbitrary: fc.tuple(...Array.from({ length }, (_, at) => schemaValues(fc, first[at] ?? each ?? {}, depth - 1, aims))) })));
}

function objects(fc: FastCheck, own: Json, depth: number, aims: Aims | undefined): Arbitrary<unknown> {
  const required = namesOf(own['required']);
  const said = Object.entries(isObject(own['properties']) ? own['properties'] : {});
  const wanted = said.flatMap(([name]) => (aims && depth > 0 && Object.hasOwn(aims.fields, name) ? [name] : []));
  const fields = said.flatMap(([name, field]) => (field !== false && (depth > 0 || required.includes(name)) ? [[name, isObject(field) ? field : {}] as const] : []));
  const missing = required.filter((name) => !said.some(([known]) => known === name)).map((name) => [name, fieldOf(own, name) ?? {}] as const);
  const values = Object.fromEntries([...fields, ...missing].map(([name, field]) => [name, schemaValues(fc, field, depth - 1, aims && Object.hasOwn(aims.fields, name) ? aims.fields[name] : undefined)]));
  const record = fc.record(values, { requiredKeys: [...new Set([...required, ...wanted])].filter((name) => Object.hasOwn(values, name)), noNullPrototype: true });
  const others = otherFields(fc, own, depth);
  return others ? fc.tuple(record, others).map(([named, more]) => Object.fromEntries([...Object.entries(named), ...Object.entries(more).filter(([name]) => !said.some(([known]) => known === name) && !Object.hasOwn(named, name))])) : record;
}

/** Fields that the schema does not name, where it speaks of them. */
function otherFields(fc: FastCheck, { properties, patternProperties, additionalProperties, propertyNames, minProperties }: Json, depth: number): Arbitrary<Readonly<Record<string, unknown>>> | undefined {
  const least = Math.max(0, (countOf(minProperties) ?? 0) - Object.keys(isObject(properties) ? properties : {}).length);
  const limits = { minKeys: least, maxKeys: least + 2, noNullPrototype: true };
  const [pattern] = Object.entries(isObject(patternProperties) ? patternProperties : {});
  if (depth <= 0 && least === 0) return undefined;
  if (pattern) return fc.dictionary(texts(fc, { pattern: pattern[0] }) as Arbitrary<string>, schemaValues(fc, isObject(pattern[1]) ? pattern[1] : {}, depth - 1), limits);
  if (additionalProperties === false || (additionalProperties === undefined && least === 0)) return undefined;
  const names = isObject(propertyNames) ? (schemaValues(fc, { type: 'string', ...propertyNames }, depth - 1) as Arbitrary<string>) : word(fc);
  return fc.dictionary(names, schemaValues(fc, isObject(additionalProperties) ? additionalProperties : {}, depth - 1), limits);
}

const namesOf = (required: unknown): readonly string[] => (Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []);
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const countOf = (value: unknown): number | undefined => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined);

/** All that `allOf` says as one schema. */
function merged(schema: object): Json {
  const { allOf, ...own } = schema as Json;
  if (!Array.isArray(allOf)) return own;
  return [...allOf.filter(isObject).map(merged), own].reduce<Json>((left, right) => {
    const properties = { ...(isObject(left['properties']) && left['properties']) } as Record<string, unknown>;
    for (const [name, field] of Object.entries(isObject(right['properties']) ? right['properties'] : {})) properties[name] = properties[name] === undefined ? field : { allOf: [properties[name], field] };
    const required = [...new Set([...namesOf(left['required']), ...namesOf(right['required'])])];
    return { ...left, ...right, ...bothLimits(left, right), ...(Object.keys(properties).length > 0 && { properties }), ...(required.length > 0 && { required }) };
  }, {});
}

/** Of limits that both have the tighter, of types those that both allow, of items what fits both. */
function bothLimits(left: Json, right: Json): Json {
  const both = Object.keys(left).filter((key) => Object.hasOwn(right, key));
  return Object.fromEntries(both.flatMap((key): [string, unknown][] => {
    const [one, other] = [left[key], right[key]];
    if (key === 'type') return [[key, bothTypes([one].flat(), [other].flat())]];
    if (key === 'items' && isObject(one) && isObject(other)) return [[key, { allOf: [one, other] }]];
    if (typeof one !== 'number' || typeof other !== 'number') return [];
    return lowest.has(key) ? [[key, Math.max(one, other)]] : highest.has(key) ? [[key, Math.min(one, other)]] : [];
  }));
}

const lowest: ReadonlySet<string> = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);
const highest: ReadonlySet<string> = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);

function bothTypes(one: readonly unknown[], other: readonly unknown[]): readonly unknown[] {
  const allows = (types: readonly unknown[], type: unknown): boolean => types.includes(type) || (type === 'integer' && types.includes('number'));
  return [...new Set([...one.filter((type) => allows(other, type)), ...other.filter((type) => allows(one, type))])];
}
