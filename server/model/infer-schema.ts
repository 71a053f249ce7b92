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

/** The same for many values, such as the records of a page: one schema that all of them fit. Open where there are none. */
export function inferUnion(values: readonly unknown[], options: InferOptions = {}): Json {
  const seen = newSeen();
  for (const value of values) see(seen, value, options.depth ?? 4);
  return schemaOf(seen, options);
}

/** What was seen at one place of all samples. */
interface Seen {
  readonly types: Set<string>;
  readonly fields: Map<string, Seen>;
  /** Times that there was something, and that it was an object. */
  count: number;
  objects: number;
  items: Seen | undefined;
  /** That all texts have; undefined before the first. */
  formats: readonly string[] | undefined;
}

const newSeen = (): Seen => ({ types: new Set(), fields: new Map(), count: 0, objects: 0, items: undefined, formats: undefined });

/** A hundred items tell as much as a million. */
const mostItems = 100;
/** An object with more is a table whose keys are data. */
const mostFields = 300;

function see(seen: Seen, value: unknown, depth: number): Seen {
  seen.count += 1;
  seen.types.add(typeOf(value));
  if (typeof value === 'string') seen.formats = (seen.formats ?? formatNames).filter((name) => formats[name]!.test(value));
  else if (Array.isArray(value) && depth > 0) for (const item of value.slice(0, mostItems)) see((seen.items ??= newSeen()), item, depth - 1);
  else if (isObject(value)) {
    seen.objects += 1;
    if (depth > 0) for (const [name, field] of Object.entries(value)) if (field !== undefined) seeField(seen, name, field, depth - 1);
  }
  return seen;
}

function seeField({ fields }: Seen, name: string, value: unknown, depth: number): void {
  let field = fields.get(name);
  if (!field) fields.set(name, (field = newSeen()));
  see(field, value, depth);
}

function schemaOf(seen: Seen, options: InferOptions): Json {
  const types = [...seen.types].filter((type) => type !== 'integer' || !seen.types.has('number'));
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

function fieldsOf({ fields, objects }: Seen, options: InferOptions): Json {
  if (fields.size === 0) return {};
  const entries = [...fields].map(([name, field]) => [name, schemaOf(field, options)] as const);
  if (fields.size > mostFields) return { additionalProperties: true };
  const required = options.areComplete ? [...fields].filter(([, { count }]) => count === objects).map(([name]) => name) : [];
  return { properties: Object.fromEntries(entries), ...(required.length > 0 && { required }), ...(options.areOpen && { additionalProperties: true }) };
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** By how much each says: the first that all texts have is taken. Narrower than the standards, so that a guess is rarely wrong. */
const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/,
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/,
  uuid: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
  email: /^[\w.+-]{1,64}@(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.)+[A-Za-z]{2,24}$/,
  uri: /^https?:\/\/[\w.-]+(?::\d{1,5})?(?:[/?#][\w./?#@!$&'()*+,;=%:~-]*)?$/,
};
const formatNames = Object.keys(formats);
