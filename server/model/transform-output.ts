import { plainText } from '../../plugins/sdk/index.ts';
import { hasExpression } from './expression.ts';
import { inferSchema } from './infer-schema.ts';
import { isObject } from './json.ts';
import { isOpen, nonNull, orNull, typesOf, unionSchema, valuesOf, type JsonType } from './schema-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the transform `lookup` gives, by its settings: JSON Schema of a column, or of the row; `misses`: of what there is no row, where that is no null. `undefined` where nothing is known of it. */
export type LookupGives = (settings: Json) => { readonly found: object; readonly misses?: object } | undefined;

/**
 * What a transform makes of what comes, where its settings say more of it than its types. `takesNull`: also of null; else null is left to the caller.
 */
export function outputOf(type: string, settings: unknown, input: object, lookupGives: LookupGives): { readonly schema: object; readonly takesNull?: true } | undefined {
  const make = Object.hasOwn(outputs, type) ? outputs[type] : undefined;
  return make?.(isObject(settings) ? settings : {}, input, lookupGives);
}

type Output = ReturnType<typeof outputOf>;

const whole = { type: 'integer' } as const;
const textSchema = { type: 'string' } as const;
const date = { type: 'string', format: 'date' } as const;
const time = { type: 'string', format: 'date-time' } as const;

const outputs: Readonly<Record<string, (settings: Json, input: object, lookupGives: LookupGives) => Output>> = {
  average: () => ({ schema: { type: 'number' } }),
  'cast-to-string': (_, input) => textOf(input),
  'convert-time-zone': ({ format }) => dateIn(format),
  count: () => ({ schema: whole }),
  'currency-minor-units': ({ direction }) => (direction === 'from-minor' ? { schema: { type: 'number' } } : { schema: whole }),
  'custom-dynamic-date': ({ format }) => dateIn(format),
  'custom-static-date': ({ format }) => dateIn(format),
  default: ({ default: given }, input) => instead(input, given),
  'format-date': ({ to, letters }) => dateIn(to, letters),
  lookup: ofLookup,
  'map-values': ofValues,
  'null-to-string': ({ text = '' }, input) => instead(input, text),
  'null-to-zero': (_, input) => instead(input, 0),
  'parse-date': ({ dateOnly }) => ({ schema: dateOnly === true ? date : time }),
  'round-date': ({ format }) => dateIn(format),
  'round-number': ({ places = 0 }) => (typeof places === 'number' ? { schema: places <= 0 ? whole : { type: 'number' } } : undefined),
  uuid: () => ({ schema: { type: 'string', format: 'uuid' } }),
};

/** What comes, but a value in the place of null. */
function instead(input: object, given: unknown): Output {
  if (isOpen(input) || hasExpression(given)) return undefined;
  const types = typesOf(input);
  if (types?.has('null') === false || given === undefined || given === null) return { schema: input, takesNull: true };
  return { schema: types?.size === 1 ? constant(given) : unionSchema([nonNull(input), constant(given)]), takesNull: true };
}

const constant = (value: unknown): object => (typeof value === 'object' ? inferSchema(value) : { const: value });

/** A text stays as it is. */
function textOf(input: object): Output {
  const types = typesOf(input);
  if (!types || [...types].some((type) => type === 'array' || type === 'object')) return undefined;
  const values = valuesOf(input)?.filter((value) => value !== null);
  if (values?.length === 0) return undefined;
  if (values) return { schema: { enum: values.map((value) => (typeof value === 'number' ? plainText(value) : String(value))) } };
  const own = nonNull(input);
  return { schema: typesOf(own)?.size === 1 && types.has('string') ? own : textSchema };
}

const dates: Readonly<Record<string, object>> = {
  iso: time, 'iso-utc': time, 'iso-date': date, 'iso-time': textSchema, sql: textSchema, 'rfc-2822': textSchema, http: textSchema, 'uk-date': textSchema, 'us-date': textSchema, 'epoch-seconds': whole, 'epoch-ms': whole,
  'Y-m-d': date, c: time, 'Y-m-d\\TH:i:sP': time, 'Y-m-d\\TH:i:s\\Z': time,
};

function dateIn(format: unknown = 'iso', letters: unknown = 'php'): Output {
  if (typeof format !== 'string' || hasExpression(format)) return undefined;
  if (Object.hasOwn(dates, format)) return { schema: dates[format]! };
  // A pattern gives a text, of which nobody knows whether it is one of a standard.
  return letters === 'php' && /[dmYHi]/.test(format) && !format.includes('-') ? { schema: textSchema } : undefined;
}

/** Of a list of values: those that it has for what comes. */
function ofValues({ values, otherwise = 'keep', default: fallback, ignoreCase }: Json, input: object): Output {
  if (!isObject(values) || hasExpression(values) || hasExpression(fallback)) return undefined;
  const keyOf = (value: unknown): string => (ignoreCase === true ? String(value).toLowerCase() : String(value));
  const given = new Map(Object.entries(values).map(([from, to]) => [keyOf(from), to]));
  const known = valuesOf(input);
  const found = known ? known.filter((value) => value !== null && given.has(keyOf(value))).map((value) => given.get(keyOf(value))) : [...given.values()];
  if (found.some((value) => typeof value === 'object' && value !== null)) return undefined;
  const others = known?.filter((value) => value === null || !given.has(keyOf(value)));
  const kept = otherwise !== 'keep' ? undefined : others ? (others.length > 0 ? { enum: others } : undefined) : isOpen(input) ? {} : input;
  if (kept && isOpen(kept)) return undefined;
  const fallbacks = others?.length === 0 || otherwise === 'error' || otherwise === 'keep' ? [] : [otherwise === 'default' ? (fallback ?? null) : null];
  const fixed = [...new Set([...found, ...fallbacks])];
  return { schema: unionSchema([...(fixed.length > 0 ? [{ enum: fixed }] : []), ...(kept ? [kept] : [])]), takesNull: true };
}

function ofLookup(settings: Json, input: object, lookupGives: LookupGives): Output {
  const gives = lookupGives(settings);
  const { otherwise = 'lookup', default: fallback } = settings;
  if (!gives || hasExpression(fallback)) return undefined;
  const { found, misses } = gives;
  const types = typesOf(input);
  const missed = otherwise === 'error' ? undefined : otherwise === 'keep' ? (isOpen(input) ? undefined : nonNull(input)) : otherwise === 'default' ? constant(fallback ?? null) : otherwise === 'null' ? { type: 'null' } : misses;
  if (otherwise === 'keep' && !missed) return undefined;
  const nothing = types?.has('null') ? (otherwise === 'default' ? constant(fallback ?? null) : { type: 'null' }) : undefined;
  return { schema: unionSchema([found, ...(missed ? [missed] : []), ...(nothing ? [nothing] : [])]), takesNull: true };
}

/** What comes out of a transform of which only the types are known: nothing but null for null, and what has no further kinds. */
export function typicalOutput(gives: readonly JsonType[] | undefined, takesNull: boolean): object {
  const own = gives?.filter((type) => type !== 'null') ?? [];
  const [only] = own;
  const sure = own.length === 1 && (only === 'boolean' || only === 'object') ? { type: only } : undefined;
  const isNull = takesNull && gives?.includes('null') === true;
  return sure ? (isNull ? orNull(sure) : sure) : isNull ? { type: 'null' } : {};
}
