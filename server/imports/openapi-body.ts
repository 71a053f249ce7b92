import type { BodyField, EndpointBody } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { plainSchema, type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import { sampleValue } from './sample-value.ts';

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
  const ranked = content.map(([mediaType, value]) => ({ mediaType, value: source.resolve(value), format: formatOf(mediaType) })).sort((left, right) => order.indexOf(left.format) - order.indexOf(right.format));
  const [chosen, ...others] = ranked as [typeof ranked[number], ...typeof ranked];
  if (others.length > 0) source.report.skip(`${others.map(({ mediaType }) => mediaType).join(', ')} as body of ${where}`, 'An endpoint has one format of its body; the first that is understood was taken.');
  const { mediaType, value, format } = chosen;
  const fields = format === 'form' || format === 'multipart' ? fieldsOf(source, value['encoding'], format, where) : {};
  const plainType = { json: 'application/json', form: 'application/x-www-form-urlencoded', multipart: 'multipart/form-data', text: undefined }[format];
  const isOther = format !== 'multipart' && mediaType !== plainType && !mediaType.includes('*') && mediaType !== 'text/plain';
  return { body: { format, ...(Object.keys(fields).length > 0 && { fields }) }, ...(isOther && { contentType: mediaType }), sample: exampleOf(source, value, 3) ?? {}, ...(value['schema'] !== undefined && format !== 'text' && { record: plainSchema(source, value['schema'], 3) }) };
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

/** The example of a media type, else a value that fits its schema. `undefined`: there is neither. */
export function exampleOf(source: SchemaSource, mediaType: Json, depth: number): unknown {
  if (mediaType['example'] !== undefined) return mediaType['example'];
  const first = isObject(mediaType['examples']) ? source.resolve(Object.values(mediaType['examples'])[0])['value'] : undefined;
  if (first !== undefined) return first;
  return mediaType['schema'] === undefined ? undefined : sampleValue(source, mediaType['schema'], depth);
}
