import { createReport } from '../imports/import-result.ts';
import { sampleValue } from '../imports/sample-value.ts';
import { seededRandom } from '../engine/random.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';

export interface RecordSource {
  /** Records of examples: the first ones are given as they are. */
  readonly examples: readonly unknown[];
  /** JSON Schema of a record. */
  readonly schema: object | undefined;
  /** Path of what no two records have in common, such as the key by which pages are asked for. */
  readonly key: string | undefined;
}

/** A record of a collection, by its number from 0. The same for the same seed. */
export function makeRecord({ examples, schema, key }: RecordSource, index: number, seed: number): unknown {
  const example = examples[index % Math.max(1, examples.length)];
  // An example may leave out what the schema knows; those that are given as they are stay so.
  const whole = schema ? sampleValue(source, schema, 4) : example === undefined ? { id: 1, name: 'Record' } : {};
  const prototype = index < examples.length || (example !== undefined && !isObject(example)) ? example : isObject(whole) && isObject(example) ? { ...whole, ...example } : whole;
  const random = seededRandom(seed + index);
  const record = index < examples.length ? prototype : vary(prototype, { index, random, schema: schema ?? {}, name: '' });
  return key === undefined || !isObject(record) ? record : withKey(record, key, index, examples);
}

const source = { resolve: (given: unknown) => (isObject(given) ? given : {}), report: createReport() };

interface Variation {
  readonly index: number;
  readonly random: () => number;
  readonly schema: object;
  /** Of the field. */
  readonly name: string;
}

/** Names of fields of which each record has a value of its own. */
const idName = /(^|[_-])(id|uuid|guid|key|code|sku|number|no|reference|ref|handle|slug|barcode|gid|token)$|^(id|.*[a-z]Id|.*[a-z]Number)$/i;
const labelName = /(^|[_-])(name|title|label|subject|description|summary|first|last|company|street|city)|Name$/i;

function vary(value: unknown, variation: Variation): unknown {
  const { index, random, schema, name } = variation;
  const choices = (schema as { readonly enum?: readonly unknown[] }).enum;
  if (Array.isArray(choices) && choices.length > 0) return choices[Math.floor(random() * choices.length)];
  if (Array.isArray(value)) return value.map((item, at) => vary(item, { ...variation, index: index * value.length + at, schema: partOf(schema, 'items') }));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, vary(part, { ...variation, name: field, schema: partOf(partOf(schema, 'properties'), field) })]));
  if (typeof value === 'number') return idName.test(name) && Number.isInteger(value) ? value + index : varied(value, random);
  if (typeof value === 'boolean') return random() < 0.5;
  return typeof value === 'string' ? varyText(value, variation) : value;
}

const partOf = (schema: object, name: string): object => {
  const part: unknown = Object.hasOwn(schema, name) ? (schema as Readonly<Record<string, unknown>>)[name] : undefined;
  return isObject(part) ? part : {};
};

/** Of the same size and with as many decimals. */
function varied(value: number, random: () => number): number {
  const places = /\.(\d+)/.exec(String(value))?.[1]?.length ?? 0;
  return Number((value * (0.5 + random())).toFixed(places));
}

function varyText(text: string, { index, random, name }: Variation): string {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return shifted(text, index * 3_600_000);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return shifted(text, index * 86_400_000);
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return `${text.slice(0, -12)}${(index + 1).toString(16).padStart(12, '0')}`;
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return text.replace('@', `+${index + 1}@`);
  if (/^-?\d+\.\d+$/.test(text)) return varied(Number(text), random).toFixed(text.split('.')[1]!.length);
  if (idName.test(name)) return counted(text, index);
  return labelName.test(name) || text === 'text' ? `${text === 'text' ? name || 'Text' : text} ${index + 1}` : text;
}

function shifted(text: string, ms: number): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return text;
  const iso = new Date(time + ms).toISOString();
  return text.length === 10 ? iso.slice(0, 10) : text.includes('.') ? iso : iso.replace(/\.\d+Z$/, 'Z');
}

/** The last number in it goes on. */
function counted(text: string, index: number): string {
  const found = /^([^]*?)(\d{1,15})(\D*)$/.exec(text);
  return found ? `${found[1]}${String(Number(found[2]) + index).padStart(found[2]!.length, '0')}${found[3]}` : `${text}-${index + 1}`;
}

function withKey(record: Readonly<Record<string, unknown>>, key: string, index: number, examples: readonly unknown[]): unknown {
  const path = compilePath(key);
  const own = path.get(record);
  const first = path.get(examples[0]);
  // Examples may have the same key, or none.
  const taken = index > 0 && index < examples.length && examples.slice(0, index).some((other) => path.get(other) === own);
  if (own !== undefined && own !== null && own !== '' && !taken && (index < examples.length || own !== first)) return record;
  return path.set(record, typeof own === 'string' ? `key-${String(index + 1).padStart(6, '0')}` : 1_000_000 + index);
}
