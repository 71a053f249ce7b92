import { isObject } from './json.ts';

type Json = Readonly<Record<string, unknown>>;

export interface InferOptions {
  /** Levels below the top; what lies deeper is open. Default 4. */
  readonly depth?: number;
  /** Fields that every object had are `required`. Only for samples that show all that there is. */
  readonly areComplete?: boolean;
  /** Objects may well have more fields than were seen: the samples are few. */
  readonly areOpen?: boolean;
}

/** A JSON Schema that a value fits: with the types that were seen, of texts the format where all have it, of lists one schema for all items. */
export const inferSchema = (value: unknown, options: InferOptions = {}): Json => schemaOf(see(newSeen(), value, options.depth ?? 4), options);

/** The same for many values, such as the records of a page: one schema that all of them fit, as far as they are looked at (`spread`). Open where there are none. */
export function inferUnion(values: readonly unknown[], options: InferOptions = {}): Json {
  const seen = newSeen();
  for (const value of spread(values)) see(seen, value, options.depth ?? 4);
  return schemaOf(seen, options);
}

/** Of a list with more, so many are looked at. */
export const mostSamples = 10_000;

/** How many records a schema is of, where there are more. */
export interface Looked {
  readonly records: number;
  readonly of: number;
}

export const lookedAt = ({ length }: readonly unknown[]): Looked | undefined => (length > mostSamples ? { records: mostSamples, of: length } : undefined);

/** For behind what is said of the records: ` (of 10000 of the 52000 records, over all of them)`; nothing where all were looked at. */
export const lookedText = (looked: Looked | undefined): string => (looked ? ` (of ${looked.records} of the ${looked.of} records, over all of them)` : '');

/** All, or as many as are looked at, as far from each other over the whole list as can be: what begins late is seen too. */
export const spread = (values: readonly unknown[]): readonly unknown[] =>
  (values.length <= mostSamples ? values : Array.from({ length: mostSamples }, (_, at) => values[Math.floor((at * (values.length - 1)) / (mostSamples - 1))]));

/** What was seen at one place of all samples. */
interface Seen {
  readonly types: Set<string>;
  readonly fields: Map<string, Seen>;
  /** All values of a table whose keys are data; then `fields` is empty. */
  values: Seen | undefined;
  /** Times that there was something, and that it was an object. */
  count: number;
  objects: number;
  items: Seen | undefined;
  /** That all texts have; undefined before the first. */
  formats: readonly string[] | undefined;
}

const newSeen = (): Seen => ({ types: new Set(), fields: new Map(), values: undefined, count: 0, objects: 0, items: undefined, formats: undefined });

/** An object with more is a table whose keys are data. */
const mostFields = 300;

function see(seen: Seen, value: unknown, depth: number): Seen {
  seen.count += 1;
  seen.types.add(typeOf(value));
  if (typeof value === 'string') seen.formats = (seen.formats ?? formatNames).filter((name) => formats[name]!.test(value));
  else if (Array.isArray(value) && depth > 0) for (const item of spread(value)) see((seen.items ??= newSeen()), item, depth - 1);
  else if (isObject(value)) {
    seen.objects += 1;
    if (depth > 0) for (const [name, field] of Object.entries(value)) if (field !== undefined) seeField(seen, name, field, depth - 1);
  }
  return seen;
}

function seeField(seen: Seen, name: string, value: unknown, depth: number): void {
  const { fields } = seen;
  let field = seen.values ?? fields.get(name);
  if (!field) fields.set(name, (field = newSeen()));
  see(field, value, depth);
  if (fields.size > mostFields) addValues(seen, newSeen());
}

/** As if what was seen at another place had been seen here. */
function add(seen: Seen, other: Seen): void {
  for (const type of other.types) seen.types.add(type);
  seen.count += other.count;
  seen.objects += other.objects;
  if (other.formats) seen.formats = seen.formats ? seen.formats.filter((name) => other.formats!.includes(name)) : other.formats;
  if (other.items) add((seen.items ??= newSeen()), other.items);
  if (other.values || seen.values) return addValues(seen, other);
  for (const [name, field] of other.fields) {
    if (!seen.fields.has(name)) seen.fields.set(name, newSeen());
    add(seen.fields.get(name)!, field);
  }
  if (seen.fields.size > mostFields) addValues(seen, newSeen());
}

/** One of both is a table whose keys are data, so that both are. */
function addValues(seen: Seen, other: Seen): void {
  const all = [...seen.fields.values(), ...other.fields.values(), ...(other.values ? [other.values] : [])];
  seen.values ??= newSeen();
  for (const one of all) add(seen.values, one);
  seen.fields.clear();
}

function schemaOf(seen: Seen, options: InferOptions): Json {
  const types = typeNames.filter((type) => seen.types.has(type) && (type !== 'integer' || !seen.types.has('number')));
  // Nothing but null says nothing of what it is when it is there.
  if (types.length === 0 || (types.length === 1 && types[0] === 'null')) return {};
  const [format] = seen.formats ?? [];
  return {
    type: types.length === 1 ? types[0] : types,
    ...(format !== undefined && { format }),
    ...(seen.types.has('array') && { items: seen.items ? schemaOf(seen.items, options) : {} }),
    ...fieldsOf(seen, options),
  };
}

function fieldsOf({ fields, values, objects }: Seen, options: InferOptions): Json {
  if (values) return { additionalProperties: schemaOf(values, options) };
  if (fields.size === 0) return {};
  const entries = [...fields].map(([name, field]) => [name, schemaOf(field, options)] as const);
  const required = options.areComplete ? [...fields].filter(([, { count }]) => count === objects).map(([name]) => name) : [];
  return { properties: Object.fromEntries(entries), ...(required.length > 0 && { required }), ...(options.areOpen && { additionalProperties: true }) };
}

/** In the order in which a schema names them, whichever was seen first. */
const typeNames: readonly string[] = ['boolean', 'integer', 'number', 'string', 'array', 'object', 'null'];

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const day = String.raw`(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)`;
const sign = String.raw`(?:[\w./?@!$&'()*+,;=:~-]|%[\dA-Fa-f]{2})*`;

/** By how much each says: the first that all texts have is taken. Narrower than the standards, so that a guess is rarely wrong. */
export const formats: Readonly<Record<string, RegExp>> = {
  'date-time': new RegExp(String.raw`^${day}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`),
  date: new RegExp(`^${day}$`),
  uuid: /^[\da-fA-F]{8}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{4}-[\da-fA-F]{12}$/,
  email: /^[\w+-]{1,64}(?:\.[\w+-]{1,64})*@(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.)+[A-Za-z]{2,24}$/,
  uri: new RegExp(String.raw`^https?:\/\/[\w.-]+(?::\d{1,5})?(?:[/?]${sign})?(?:#${sign})?$`),
};
const formatNames = Object.keys(formats);
