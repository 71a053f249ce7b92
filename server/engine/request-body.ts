import { FlowError, type PageRequest, type Payload, type RecordConverter } from '../../plugins/sdk/index.ts';
import type { BodyField, BodyFormat, EndpointBody, EndpointManifest } from '../model/connector.ts';
import type { ExpressionEnv } from '../model/expression.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import { joined, multipartOf } from './multipart.ts';
import { asText, compileOptional, type OptionalTemplate } from './optional-template.ts';
import { queryParts } from './param-style.ts';
import { bodyOf, bytesOf as wholeOf, isJson } from './payload.ts';
import type { RequestInput } from './request-template.ts';
import { envelopeOf } from './soap.ts';
import { compileXmlText } from './xml-template.ts';

/** The converter of a type, with the settings given. Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`. */
export type ConverterOf = (type: string, settings?: object) => Promise<RecordConverter>;

export interface Content {
  readonly body: string | Uint8Array;
  readonly mediaType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BodyTemplate {
  readonly roots: ReadonlySet<string>;
  /** `undefined` where the request has no body. */
  encode(input: RequestInput): Promise<Content | undefined>;
}

export interface BodyOptions {
  readonly endpoint: EndpointManifest;
  /** Params that go into the body, as templates. */
  readonly params: Readonly<Record<string, string>>;
  readonly env: ExpressionEnv;
  readonly converter: ConverterOf;
  /** Says where in the endpoint something cannot be compiled. */
  at<T>(pointer: string, compile: () => Promise<T>): Promise<T>;
}

/** Fails with `CONFIG_EXPRESSION`, `CONFIG_UNKNOWN_PLUGIN`. */
export async function compileBody({ endpoint, params, env, converter, at }: BodyOptions): Promise<BodyTemplate> {
  const { body } = endpoint;
  const given = body?.template ?? (Object.keys(params).length > 0 ? {} : undefined);
  const compile = (value: unknown, pointer: string): Promise<OptionalTemplate> => at(pointer, () => (typeof value === 'string' && isXml(body) ? compileXmlText(value, env) : compileOptional(value, env)));
  const template = given === undefined ? undefined : await compile(isObject(given) ? { ...params, ...given } : given, '/body/template');
  const header = body?.soap?.header === undefined ? undefined : await compile(body.soap.header, '/body/soap/header');
  const writer = await at('/body/format', () => writerOf(body?.format, converter));
  return {
    roots: new Set([template, header].flatMap((part) => (part ? [...part.roots] : []))),
    async encode({ scope, context, payload, page = {} }) {
      const { wholeBody } = page;
      if (typeof wholeBody === 'string') return { body: wholeBody, mediaType: wholeBody.startsWith('<') ? 'text/xml; charset=utf-8' : 'text/plain; charset=utf-8', ...(body?.format === 'soap' && soapHead(body)) };
      if (body?.format === 'none') return undefined;
      const document = await documentOf(endpoint, template && { value: await template.evaluate(scope, context) }, payload, page);
      if (!document) return undefined;
      if (document.isPayload) return { ...(await asItIs(payload, isXml(body))), ...(body?.format === 'soap' && soapHead(body)) };
      return write(body ?? { format: page.form ? 'form' : 'json' }, document.value, { payload, writer, header: header && (await header.evaluate(scope, context)) });
    },
  };
}

const isXml = (body: EndpointBody | undefined): boolean => body?.format === 'xml' || body?.format === 'soap';

const converters: Partial<Record<BodyFormat, readonly [type: string, settings: object]>> = { xml: ['xml', {}], soap: ['xml', { declaration: false }], csv: ['csv', {}], ndjson: ['ndjson', {}] };

async function writerOf(format: BodyFormat | undefined, converter: ConverterOf): Promise<RecordConverter | undefined> {
  const wanted = format && converters[format];
  return wanted && converter(...wanted);
}

/** What is to be written. `isPayload`: the payload as it is. */
async function documentOf(endpoint: EndpointManifest, template: { readonly value: unknown } | undefined, payload: Payload, { body: parts, form, wholeBody }: PageRequest): Promise<{ readonly value?: unknown; readonly isPayload?: true } | undefined> {
  const { body } = endpoint;
  const isPaged = parts !== undefined || form !== undefined || wholeBody !== undefined;
  const isSending = endpoint.direction === 'send' && !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(endpoint.method);
  // Where a template as a whole is left out, the payload does not take its place.
  const hasNone = template ? template.value === undefined : body?.format === 'graphql' ? !isSending : !body && !isSending;
  if (hasNone && !isPaged && body?.format !== 'graphql') return undefined;
  if (!template && !isPaged && (!body || body.format === 'text' || (isXml(body) && !isJson(payload.mediaType)))) return { isPayload: true };
  const own = wholeBody !== undefined ? wholeBody : hasNone ? {} : template ? template.value : body ? await payload.json() : {};
  const fields = body?.format === 'graphql' && wholeBody === undefined ? graphqlOf(body, own) : own;
  const withForm = form && isObject(fields) ? { ...fields, ...form } : fields;
  return { value: Object.entries(parts ?? {}).reduce<unknown>((document, [path, part]) => compilePath(path).set(document, part), withForm) };
}

function graphqlOf({ query, operationName }: EndpointBody, variables: unknown): unknown {
  if (query === undefined) throw new FlowError('CONFIG_INVALID', 'A GraphQL body needs a query.', { place: { pointer: '/body' } });
  const isNone = isObject(variables) && Object.keys(variables).length === 0;
  return { query, ...(operationName !== undefined && { operationName }), ...(!isNone && { variables }) };
}

interface Writing {
  readonly payload: Payload;
  readonly writer: RecordConverter | undefined;
  readonly header: unknown;
}

async function write(body: EndpointBody, value: unknown, { payload, writer, header }: Writing): Promise<Content> {
  switch (body.format) {
    case 'json': case 'graphql': return { body: JSON.stringify(value), mediaType: 'application/json' };
    case 'form': return { body: formOf(value, body.fields ?? {}), mediaType: 'application/x-www-form-urlencoded' };
    case 'multipart': return multipartOf(value, { bytes: await bytesOf(payload), mediaType: payload.mediaType }, body.fields);
    case 'xml': return { body: typeof value === 'string' ? value : await written(writer!, [value]), mediaType: 'application/xml; charset=utf-8' };
    case 'soap': return { body: envelopeOf(body.soap ?? {}, { body: await fragment(writer!, value), header: await fragment(writer!, header) }), ...soapHead(body) };
    case 'csv': return { body: await written(writer!, Array.isArray(value) ? value : [value]), mediaType: 'text/csv; charset=utf-8' };
    case 'ndjson': return { body: await written(writer!, Array.isArray(value) ? value : [value]), mediaType: 'application/x-ndjson' };
    default: return { body: asText(value), mediaType: 'text/plain; charset=utf-8' };
  }
}

/** How SOAP says what is asked for: 1.1 in a header, 1.2 in the media type. */
function soapHead({ soap: { version = '1.1', action } = {} }: EndpointBody): Omit<Content, 'body'> {
  if (version === '1.2') return { mediaType: `application/soap+xml; charset=utf-8${action === undefined ? '' : `; action="${action}"`}` };
  return { mediaType: 'text/xml; charset=utf-8', headers: { soapaction: `"${action ?? ''}"` } };
}

async function written(writer: RecordConverter, records: readonly unknown[]): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of writer.encode(records)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** XML that may have several elements beside one another, or none. */
async function fragment(writer: RecordConverter, value: unknown): Promise<string> {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (!isObject(value)) throw new FlowError('DATA_INVALID', 'XML can only be made of an object or of a text. Give the body of the endpoint a template, or map the payload first.');
  const elements = Object.entries(value).flatMap(([name, field]) => (Array.isArray(field) ? (field as unknown[]) : [field]).map((item) => ({ [name]: item })));
  return (await Promise.all(elements.map((element) => written(writer, [element])))).join('');
}

async function bytesOf(payload: Payload): Promise<Uint8Array> {
  const body = bodyOf(payload);
  if (body.kind === 'bytes') return body.bytes;
  if (body.kind !== 'stream') return new TextEncoder().encode(await payload.text());
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload.bytes()) chunks.push(chunk);
  return joined(chunks);
}

async function asItIs(payload: Payload, isXmlWanted: boolean): Promise<Content> {
  const body = bodyOf(payload);
  const mediaType = isXmlWanted && payload.mediaType === 'text/plain' ? 'application/xml' : payload.mediaType;
  if (body.kind === 'bytes' || (body.kind === 'stream' && !isJson(mediaType))) return { body: await wholeOf(payload), mediaType };
  return { body: await payload.text(), mediaType: isJson(mediaType) ? mediaType : `${mediaType}; charset=utf-8` };
}

function formOf(value: unknown, fields: Readonly<Record<string, BodyField>>): string {
  if (!isObject(value)) throw new FlowError('DATA_INVALID', 'A form can only be made of an object. Give the body of the endpoint a template, or map the payload first.');
  return Object.entries(value).flatMap(([name, field]) => (Object.hasOwn(fields, name) ? queryParts(name, field, fields[name]!) : usualField(name, field))).join('&');
}

/** A list is the same field again, an object is JSON. */
function usualField(name: string, field: unknown): string[] {
  const items = (Array.isArray(field) ? (field as unknown[]) : [field]).filter((item) => item !== null);
  return items.length === 0 ? [] : [new URLSearchParams(items.map((item) => [name, asText(item)])).toString()];
}
