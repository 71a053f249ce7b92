import type * as fastCheck from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { isObject } from '../model/json.ts';
import { typesOf } from '../model/schema-types.ts';

type Json = Readonly<Record<string, unknown>>;
type FastCheck = typeof fastCheck;

/** Values that fit a JSON Schema without references, small ones first; nearly all of them fit. Where the schema says nothing, texts and whole numbers. */
export function schemaValues(fc: FastCheck, schema: object, depth = 8): Arbitrary<unknown> {
  const own = merged(schema);
  if ('const' in own) return fc.constant(own['const']);
  if (Array.isArray(own['enum']) && own['enum'].length > 0) return fc.constantFrom(...(own['enum'] as unknown[]));
  for (const word of ['anyOf', 'oneOf'] as const) {
    const { [word]: choices, ...rest } = own;
    if (Array.isArray(choices) && choices.length > 0) return fc.oneof(...choices.filter(isObject).map((choice) => schemaValues(fc, { allOf: [rest, choice] }, depth - 1)));
  }
  const types = typesOf(own);
  if (!types) return fc.oneof(fc.string({ maxLength: 10 }), fc.integer());
  return fc.oneof(...[...types].map((type) => ofType[type](fc, own, depth)));
}

const ofType: Readonly<Record<'string' | 'number' | 'boolean' | 'null' | 'array' | 'object', (fc: FastCheck, schema: Json, depth: number) => Arbitrary<unknown>>> = {
  string: texts,
  number: numbers,
  boolean: (fc) => fc.boolean(),
  null: (fc) => fc.constant(null),
  array: lists,
  object: objects,
};

function texts(fc: FastCheck, { format, pattern, minLength, maxLength }: Json): Arbitrary<unknown> {
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format]!(fc);
  if (typeof pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(pattern, 'u'));
    } catch {
      // What RE2 knows and JavaScript does not: the values that do not fit are left out later.
    }
  }
  const least = countOf(minLength) ?? 0;
  return fc.string({ minLength: least, maxLength: Math.max(least, countOf(maxLength) ?? least + 20), unit: fc.constantFrom(...letters) });
}

/** Letters, digits and what texts of people have beside them. */
const letters = [...'abcdefghijABCDEFGHIJ0123456789', ' ', '-', '.', ',', '\'', '"', '/', 'é', 'ß', '漢', '🙂'];

const formats: Readonly<Record<string, (fc: FastCheck) => Arbitrary<unknown>>> = {
  'date-time': (fc) => dates(fc).map((date) => date.toISOString()),
  date: (fc) => dates(fc).map((date) => date.toISOString().slice(0, 10)),
  time: (fc) => dates(fc).map((date) => date.toISOString().slice(11)),
  email: (fc) => fc.emailAddress(), uuid: (fc) => fc.uuid(), uri: (fc) => fc.webUrl(), url: (fc) => fc.webUrl(), hostname: (fc) => fc.domain(), ipv4: (fc) => fc.ipV4(), ipv6: (fc) => fc.ipV6(),
};

const dates = (fc: FastCheck): Arbitrary<Date> => fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true });

function numbers(fc: FastCheck, { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Json): Arbitrary<unknown> {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  const isWhole = names.includes('integer') && !names.includes('number');
  const [least, most] = [numberOf(minimum), numberOf(maximum)];
  const [above, below] = [numberOf(exclusiveMinimum), numberOf(exclusiveMaximum)];
  if (isWhole || numberOf(multipleOf) !== undefined) {
    const step = numberOf(multipleOf) ?? 1;
    const min = Math.max(Math.ceil((least ?? -1e9) / step), above === undefined ? -Infinity : Math.floor(above / step) + 1);
    const max = Math.min(Math.floor((most ?? Math.max(1e9, min * step + 100)) / step), below === undefined ? Infinity : Math.ceil(below / step) - 1);
    return fc.integer({ min, max: Math.max(min, max) }).map((count) => count * step);
  }
  const min = Math.max(least ?? -1e9, above ?? -1e9);
  const max = Math.max(min, Math.min(most ?? Math.max(1e9, min + 1000), below ?? Infinity));
  return fc.double({ min, max, noNaN: true, minExcluded: above === min && min < max, maxExcluded: below === max && min < max }).map((value) => (Object.is(value, -0) ? 0 : value));
}

function lists(fc: FastCheck, { items, prefixItems, minItems, maxItems, uniqueItems }: Json, depth: number): Arbitrary<unknown> {
  if (Array.isArray(prefixItems)) return fc.tuple(...prefixItems.filter(isObject).map((item) => schemaValues(fc, item, depth - 1)));
  const least = countOf(minItems) ?? 0;
  if (depth <= 0) return fc.constant([]);
  const limits = { minLength: least, maxLength: Math.max(least, Math.min(countOf(maxItems) ?? least + 3, least + 3)) };
  const item = schemaValues(fc, isObject(items) ? items : {}, depth - 1);
  return uniqueItems === true ? fc.uniqueArray(item, { ...limits, selector: (value) => JSON.stringify(value) }) : fc.array(item, limits);
}

function objects(fc: FastCheck, { properties, required }: Json, depth: number): Arbitrary<unknown> {
  const fields = Object.entries(isObject(properties) ? properties : {}).filter((entry): entry is [string, Json] => isObject(entry[1]) && (depth > 0 || namesOf(required).includes(entry[0])));
  const missing = namesOf(required).filter((name) => !fields.some(([known]) => known === name)).map((name) => [name, {}] as const);
  const values = Object.fromEntries([...fields, ...missing].map(([name, field]) => [name, schemaValues(fc, field, depth - 1)]));
  return fc.record(values, { requiredKeys: [...namesOf(required)], noNullPrototype: true });
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
    return { ...left, ...right, ...(Object.keys(properties).length > 0 && { properties }), ...(required.length > 0 && { required }) };
  }, {});
}
