import type { BodyField, EndpointBody } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { plainSchema, type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import { fits, madeSample, sampleValue, tellUnfit } from './sample-value.ts';

export interface ReadBody {
  readonly body: EndpointBody;
  /** Where the format alone does not say it. */
  readonly contentType?: string;
  readonly sample?: unknown;
  /** JSON Schema of what is sent. */
  readonly record?: object;
}

/** The body of an operation, in the first media type that a manifest can write. */
export function readBody(source: SchemaSource, given: unknown, method: string, where: string): ReadBody | undefined {
  const requestBody = source.resolve(given);
  const content = isObject(requestBody['content']) ? Object.entries(requestBody['content']) : [];
  // A request with a method of these would carry the payload else.
  if (content.length === 0) return ['POST', 'PUT', 'PATCH'].includes(method) ? { body: { format: 'none' } } : undefined;
  if (method === 'GET' || method === 'HEAD') {
    source.report.skip(`The body of ${where}`, `A ${method} request should have no body: many servers ignore or refuse it.`);
    return undefined;
  }
  const ranked = content.map(([mediaType, given]) => {
    const value = source.resolve(given);
    // A form has fields whatever its schema says; they alone are files.
    const isBytes = !/^(multipart\/|application\/x-www-form-urlencoded)/i.test(mediaType) && value['schema'] !== undefined && isFile(source.resolve(value['schema']));
    return { mediaType, value, isBytes, format: isBytes ? ('text' as const) : formatOf(mediaType) };
  }).sort((left, right) => order.indexOf(left.format) - order.indexOf(right.format));
  const [chosen, ...others] = ranked as [typeof ranked[number], ...typeof ranked];
  if (others.length > 0) source.report.skip(`${others.map(({ mediaType }) => mediaType).join(', ')} as body of ${where}`, 'An endpoint has one format of its body; the first that is understood was taken.');
  const { mediaType, value, format, isBytes } = chosen;
  const fields = format === 'form' || format === 'multipart' ? fieldsOf(source, value['encoding'], format, where) : {};
  const plainType = { json: 'application/json', form: 'application/x-www-form-urlencoded', multipart: 'multipart/form-data', text: undefined }[format];
  const isOther = format !== 'multipart' && mediaType !== plainType && !mediaType.includes('*') && mediaType !== 'text/plain';
  const files = format === 'multipart' ? filesIn(source, value['schema']) : new Map<string, boolean>();
  const isForm = format === 'form' || format === 'multipart';
  const record = value['schema'] !== undefined && format !== 'text' && !(isForm && isFile(source.resolve(value['schema']))) ? plainSchema(source, value['schema'], 3) : undefined;
  const sample = fittingBody(source, value, record, where) ?? (format === 'text' ? undefined : {});
  return { body: { format, ...(Object.keys(fields).length > 0 && { fields }) }, ...(isOther && { contentType: mediaType }), sample: isBytes ? undefined : withFiles(isForm && !isObject(sample) ? {} : sample, files, fields), ...(record && { record: withFileSchemas(record, files) }) };
}

/** Bytes, which no text and no JSON could hold. */
const isFile = ({ type, format, contentMediaType, contentEncoding }: Json): boolean => type === 'file' || (type === 'string' && format === 'binary') || (typeof contentMediaType === 'string' && contentEncoding === undefined && !/json|^text\//i.test(contentMediaType));

/** Fields of a multipart body that are files, and whether they are lists of such. */
function filesIn({ resolve }: SchemaSource, given: unknown): ReadonlyMap<string, boolean> {
  const properties = given === undefined ? undefined : resolve(given)['properties'];
  return new Map(Object.entries(isObject(properties) ? properties : {}).flatMap(([name, property]): [string, boolean][] => {
    const own = resolve(property);
    if (isFile(own)) return [[name, false]];
    return own['type'] === 'array' && own['items'] !== undefined && isFile(resolve(own['items'])) ? [[name, true]] : [];
  }));
}

/** What the engine takes for a file of a multipart body. */
const fileSchema = { type: 'object', properties: { fileName: { type: 'string' }, mediaType: { type: 'string' }, text: { type: 'string' }, base64: { type: 'string' } }, required: ['fileName'] } as const;

function withFileSchemas(record: object, files: ReadonlyMap<string, boolean>): object {
  const { properties } = record as { readonly properties?: Json };
  if (files.size === 0 || !properties) return record;
  return { ...record, properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, files.has(name) ? { ...(isObject(property) && typeof property['description'] === 'string' && { description: property['description'] }), ...(files.get(name) === true ? { type: 'array', items: fileSchema } : fileSchema) } : property])) };
}

function withFiles(sample: unknown, files: ReadonlyMap<string, boolean>, fields: Readonly<Record<string, BodyField>>): unknown {
  if (files.size === 0 || !isObject(sample)) return sample;
  const file = (name: string): object => ({ fileName: name, mediaType: fields[name]?.mediaType ?? 'application/octet-stream', text: 'text' });
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, files.has(name) ? (files.get(name) === true ? [file(name)] : file(name)) : value]));
}

type Written = 'json' | 'form' | 'multipart' | 'text';

const order: readonly Written[] = ['json', 'form', 'multipart', 'text'];

function formatOf(mediaType: string): Written {
  if (isJsonType(mediaType)) return 'json';
  if (/^application\/x-www-form-urlencoded/i.test(mediaType)) return 'form';
  return /^multipart\//i.test(mediaType) ? 'multipart' : 'text';
}

/** What a description says of fields of a form, as far as it makes a difference. */
function fieldsOf({ report, resolve }: SchemaSource, encoding: unknown, format: 'form' | 'multipart', where: string): Readonly<Record<string, BodyField>> {
  const fields: Record<string, BodyField> = {};
  for (const [name, given] of Object.entries(isObject(encoding) ? encoding : {})) {
    const { contentType, style, explode, headers } = resolve(given);
    if (isObject(headers) && Object.keys(headers).length > 0) report.skip(`The headers of the part ${JSON.stringify(name)} of ${where}`, 'A part of a body has no headers beside its type.');
    // Of several types any will do; one with a star says nothing.
    const type = String(contentType ?? '').split(',', 1)[0]!.trim();
    if (format === 'multipart') {
      if (mediaTypes.test(type)) fields[name] = { mediaType: type };
    } else if (style !== undefined || explode !== undefined) {
      if (fieldStyles.has(style ?? 'form')) fields[name] = { style: (style ?? 'form') as NonNullable<BodyField['style']>, ...(typeof explode === 'boolean' && { explode }) };
      else report.skip(`The style of ${JSON.stringify(name)} in the form of ${where}`, `A manifest knows no style ${JSON.stringify(style)} in a form.`);
    } else if (isJsonType(type)) fields[name] = { style: 'json' };
  }
  return fields;
}

const mediaTypes = /^[A-Za-z0-9][\w.+-]*\/[\w.+-]+$/;
const fieldStyles: ReadonlySet<unknown> = new Set(['form', 'spaceDelimited', 'pipeDelimited', 'deepObject']);

export const isJsonType = (mediaType: string): boolean => /^(application|text)\/([\w.+-]+\+)?json\b|^\*\/\*/i.test(mediaType);

function fittingBody(source: SchemaSource, value: Json, record: object | undefined, where: string): unknown {
  const sample = exampleOf(source, value, 3);
  if (sample === undefined || !record || fits(record, [sample])) return sample;
  tellUnfit(source, `the body of ${where}`);
  return madeSample(source, value['schema'], 3);
}

/** The example of a media type, else a value that fits its schema. `undefined`: there is neither. */
export function exampleOf(source: SchemaSource, mediaType: Json, depth: number): unknown {
  if (mediaType['example'] !== undefined) return mediaType['example'];
  const first = isObject(mediaType['examples']) ? source.resolve(Object.values(mediaType['examples'])[0])['value'] : undefined;
  if (first !== undefined) return first;
  return mediaType['schema'] === undefined ? undefined : sampleValue(source, mediaType['schema'], depth);
}
