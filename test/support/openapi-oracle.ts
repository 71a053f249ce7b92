import swagger from 'swagger-client';
import { parse } from 'yaml';
import type { HttpRequest } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import type { ImportResult } from '../../server/imports/import-result.ts';
import type { EndpointManifest } from '../../server/model/connector.ts';
import { openTransport } from '../../server/runner/transport.ts';
import { call, connectorHost } from './connector-host.ts';
import { describedValue, inlined } from './described-values.ts';
import { differencesOf, meaningOf, type Arrived, type Wire } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** An operation of a description, with its references written out. */
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly params: readonly Param[];
  readonly operation: Json;
}

export interface Param extends Json {
  readonly name: string;
  readonly in: string;
}

export interface Compared {
  /** `GET /orders`. */
  readonly operation: string;
  readonly described: Described;
  /** Empty where both sent the same. */
  readonly differences: readonly string[];
  readonly ours: Arrived | undefined;
  readonly theirs: Arrived | undefined;
}

export const readDescription = (text: string): Json => (/^\s*\{/.test(text) ? (JSON.parse(text) as Json) : (parse(text, { schema: 'core', maxAliasCount: -1 }) as Json));

const methods = ['get', 'put', 'post', 'delete', 'head', 'patch'] as const;

export function operationsIn(root: Json): Described[] {
  return Object.entries(isObject(root['paths']) ? root['paths'] : {}).flatMap(([path, given]) => {
    const item = (isObject(given) && '$ref' in given ? inlined(root, given, 6) : given) as Json;
    return methods.flatMap((method) => {
      if (!isObject(item[method])) return [];
      const { responses: _, callbacks: __, ...rest } = item[method];
      const operation = withPlainType(inlined(root, rest, 6) as Json);
      const params = [...listOf(operation['parameters']), ...listOf(inlined(root, item['parameters'], 6))] as Param[];
      const known = new Set<string>();
      const all = params.filter((param) => !known.has(`${param.in} ${param.name}`) && known.add(`${param.in} ${param.name}`));
      const inPath = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!).filter((name) => !all.some((param) => param.in === 'path' && param.name === name));
      return [{ method: method.toUpperCase(), path, params: [...all, ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))], operation }];
    });
  });
}

/** A body of any type is JSON, or text where it is no value: no server knows the type that swagger-client makes of it. */
function withPlainType(operation: Json): Json {
  const { requestBody } = operation;
  if (!isObject(requestBody) || !isObject(requestBody['content']) || !('*/*' in requestBody['content'])) return operation;
  const given = requestBody['content']['*/*'];
  const isText = isObject(given) && isObject(given['schema']) && given['schema']['format'] === 'binary';
  return { ...operation, requestBody: { ...requestBody, content: { [isText ? 'text/plain' : 'application/json']: given } } };
}

/** Sends each operation twice, by Patchbay and by swagger-client, with the same values. `all`: with every parameter that there is, else with those that must be. */
export async function compareRequests(wire: Wire, root: Json, { manifest }: ImportResult, all: boolean): Promise<Compared[]> {
  await using transport = openTransport();
  const redirected = { send: (request: HttpRequest, options: Parameters<typeof transport.send>[1]) => transport.send({ ...request, url: onWire(request.url, wire) }, options) };
  const settings = Object.fromEntries(Object.entries(manifest.variables ?? {}).filter(([, schema]) => !('default' in schema)).map(([name, schema]) => [name, name === 'url' ? 'https://instance.test' : ((schema as { enum?: string[] }).enum?.[0] ?? 'given')]));
  const host = connectorHost({ connector: { ...manifest, auth: {} }, instance: { settings, auth: 'none' }, transport: redirected });
  const endpoints = Object.entries(manifest.endpoints);
  const found: Compared[] = [];
  for (const [index, described] of operationsIn(root).entries()) {
    const [name, endpoint] = endpoints[index]!;
    const operation = `${described.method} ${described.path}`;
    const values = valuesOf(described, operation, all);
    const body = bodyOf(root, described, endpoint, operation);
    const { params, payload } = oursOf(endpoint, values, body);
    const called = await call(host, { endpoint: name, params, payload: createPayload({ id: 'p', ...payload }) });
    const [ours] = wire.take();
    const failure = await sendTheirs(wire, root, described, values, body);
    const [theirs] = wire.take();
    const missing = [...(ours ? [] : [`Patchbay sent nothing: ${called.error?.message ?? called.failed[0]?.message ?? 'it said nothing'}`]), ...(theirs ? [] : [`swagger-client sent nothing: ${failure ?? ''}`])];
    found.push({ operation, described, ours, theirs, differences: ours && theirs ? differencesOf(meaningOf(ours), meaningOf(theirs)) : missing });
  }
  return found;
}

const onWire = (url: string, { origin }: Wire): string => url.replace(/^https?:\/\/[^/?#]*/i, origin);

interface Value {
  readonly param: Param;
  readonly value: unknown;
}

function valuesOf({ params }: Described, place: string, all: boolean): Value[] {
  return params.filter((param) => !['body', 'formData'].includes(param.in) && (all || param['required'] === true || param.in === 'path')).map((param) => {
    const content = isObject(param['content']) ? Object.values(param['content'])[0] : undefined;
    const value = describedValue(isObject(content) ? content['schema'] : (param['schema'] ?? param), `${place} ${param.name}`);
    // What headers cannot hold is no matter of the description, nor is what a Swagger 2 path cannot: swagger-client puts in one value after the other, and a bracket ends that.
    return { param, value: param.in === 'header' ? plain(value, /[^ -~]/g) : param.in === 'path' && param['schema'] === undefined ? plain(value, /[[\]{}?#%"|/]/g) : value };
  });
}

function plain(value: unknown, without: RegExp): unknown {
  if (typeof value === 'string') return value.normalize('NFKD').replaceAll(without, '').trim() || 'text';
  if (Array.isArray(value)) return value.map((item) => plain(item, without));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field, without)])) : value;
}

interface Body {
  readonly mediaType: string;
  readonly value: unknown;
  /** Fields of a form that are files. */
  readonly files: ReadonlySet<string>;
}

/** In the media type that the endpoint writes: which one is chosen is not what is compared. */
function bodyOf(root: Json, { operation, params }: Described, endpoint: EndpointManifest, place: string): Body | undefined {
  if (!endpoint.body || endpoint.body.format === 'none') return undefined;
  const usual = { json: 'application/json', form: 'application/x-www-form-urlencoded', multipart: 'multipart/form-data', text: 'text/plain' }[endpoint.body.format as string] ?? 'application/json';
  const written = endpoint.headers?.['content-type'] ?? usual;
  if (root['swagger'] !== undefined) {
    const whole = params.find((param) => param.in === 'body');
    if (whole) return { mediaType: written, value: describedValue(whole['schema'], `${place} body`), files: new Set() };
    const fields = params.filter((param) => param.in === 'formData');
    return { mediaType: written, value: Object.fromEntries(fields.map((field) => [field.name, describedValue(field['type'] === 'file' ? { type: 'string' } : field, `${place} ${field.name}`)])), files: new Set(fields.filter((field) => field['type'] === 'file').map((field) => field.name)) };
  }
  const content = (operation['requestBody'] as { readonly content?: Json } | undefined)?.content ?? {};
  const mediaType = Object.keys(content).find((type) => type === written) ?? Object.keys(content).find((type) => type.split(';', 1)[0]!.toLowerCase() === written || type.includes('*')) ?? written;
  const { schema } = (content[mediaType] ?? {}) as { readonly schema?: Json };
  const described = describedValue(endpoint.body.format === 'text' ? { type: 'string' } : schema, `${place} body`);
  // Where a description of a form does not say its fields, it has one.
  const value = endpoint.body.format === 'multipart' && !isObject(described) ? { field: described } : described;
  const properties = schema && isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const isFile = (part: unknown): boolean => isObject(part) && (part['format'] === 'binary' || part['contentMediaType'] === 'application/octet-stream');
  return { mediaType, value, files: new Set(endpoint.body.format === 'multipart' ? properties.filter(([, part]) => isFile(part)).map(([name]) => name) : []) };
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

function oursOf(endpoint: EndpointManifest, values: readonly Value[], body: Body | undefined): { readonly params: Json; readonly payload: { readonly body: unknown; readonly mediaType?: string } } {
  const named = Object.entries(endpoint.params ?? {});
  const params = Object.fromEntries(values.flatMap(({ param, value }) => {
    const fold = (text: string): string => (param.in === 'header' ? text.toLowerCase() : text);
    const entry = named.find(([name, own]) => own.in === param.in && fold(own.name ?? name) === fold(param.name));
    return entry ? [[entry[0], value]] : [];
  }));
  if (!body) return { params, payload: { body: null } };
  if (typeof body.value === 'string' && endpoint.body?.format === 'text') return { params, payload: { body: body.value, mediaType: body.mediaType.includes('*') ? 'text/plain' : body.mediaType } };
  const file = (value: unknown): unknown => ({ fileName: 'a.txt', mediaType: 'text/plain', text: value });
  const withFiles = body.files.size === 0 ? body.value : Object.fromEntries(Object.entries(body.value as Json).map(([name, value]) => [name, !body.files.has(name) ? value : isList(value) ? value.map(file) : file(value)]));
  return { params, payload: { body: withFiles } };
}

async function sendTheirs(wire: Wire, root: Json, { method, path, params, operation }: Described, values: readonly Value[], body: Body | undefined): Promise<string | undefined> {
  const isOld = root['swagger'] !== undefined;
  const { paths: _, ...rest } = root;
  const file = (value: unknown): File => new File([String(value)], 'a.txt', { type: 'text/plain' });
  const given = body && body.files.size > 0 ? Object.fromEntries(Object.entries(body.value as Json).map(([name, value]) => [name, !body.files.has(name) ? value : isList(value) ? value.map(file) : file(value)])) : body?.value;
  // Swagger 2 has no variables in addresses, and some descriptions write them all the same.
  const address = typeof root['basePath'] === 'string' ? { basePath: root['basePath'].replaceAll(/\{[^{}]+\}/g, 'given') } : {};
  const spec = { ...rest, ...address, paths: { [path]: { [method.toLowerCase()]: { ...operation, parameters: params, operationId: 'it', ...(isOld && { consumes: operation['consumes'] ?? root['consumes'], produces: [] }) } } } };
  const old = !isOld || !body ? {} : params.some((param) => param.in === 'body') ? { [params.find((param) => param.in === 'body')!.name]: given } : (given as Json);
  try {
    const request = swagger.buildRequest({
      spec, operationId: 'it', contextUrl: 'https://instance.test/', parameters: { ...old, ...Object.fromEntries(values.map(({ param, value }) => [`${param.in}.${param.name}`, value])) },
      ...(!isOld && body && { requestBody: given }), ...(body && { requestContentType: body.mediaType.includes('*') ? undefined : body.mediaType }),
    } as Parameters<typeof swagger.buildRequest>[0]);
    const sent = request as typeof request & { body?: unknown };
    if (Array.isArray(sent.body) || (isObject(sent.body) && Object.getPrototypeOf(sent.body) === Object.prototype)) sent.body = JSON.stringify(sent.body);
    await swagger.http({ ...sent, userFetch: (url, options) => fetch(onWire(url, wire), { ...options, redirect: 'manual' }) });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
