import { isObject } from '../model/json.ts';
import type { SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';

/** A Swagger 2 document in the words of OpenAPI 3, as far as the import reads it. References into the old one still hold: it is kept around. */
export function upgradeSwagger(source: SchemaSource, root: Json): Json {
  const { resolve } = source;
  const paths = Object.fromEntries(Object.entries(isObject(root['paths']) ? root['paths'] : {}).map(([path, given]) => {
    const item = resolve(given);
    const shared = listOf(item['parameters']);
    const operations = Object.entries(item).filter(([key, value]) => isObject(value) && key !== 'parameters');
    return [path, Object.fromEntries(operations.map(([method, operation]) => [method, upgradeOperation(source, root, resolve(operation), shared, `${method.toUpperCase()} ${path}`)]))];
  }));
  const schemes = isObject(root['securityDefinitions']) ? root['securityDefinitions'] : {};
  return {
    ...root, openapi: '3.0.0', paths, servers: serversOf(root),
    components: { securitySchemes: Object.fromEntries(Object.entries(schemes).map(([name, scheme]) => [name, upgradeScheme(resolve(scheme))])) },
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function serversOf(root: Json): object[] {
  const { host, basePath } = root;
  const below = typeof basePath === 'string' ? basePath : '';
  if (typeof host !== 'string' || host === '') return [{ url: below }];
  const schemes = listOf(root['schemes']).filter((scheme) => scheme === 'https' || scheme === 'http');
  return [{ url: `${schemes.length === 0 || schemes.includes('https') ? 'https' : 'http'}://${host}${below}` }];
}

function upgradeOperation(source: SchemaSource, root: Json, operation: Json, shared: readonly unknown[], where: string): Json {
  const byPlace = new Map<string, Json>();
  for (const given of [...shared, ...listOf(operation['parameters'])]) {
    const param = source.resolve(given);
    byPlace.set(`${String(param['in'])} ${String(param['name'])}`, param);
  }
  const params = [...byPlace.values()];
  const consumes = listOf(operation['consumes'] ?? root['consumes']).map(String);
  const produces = listOf(operation['produces'] ?? root['produces']).map(String);
  const requestBody = bodyOf(params, consumes);
  const responses = Object.entries(isObject(operation['responses']) ? operation['responses'] : {}).map(([status, given]) => [status, upgradeResponse(source.resolve(given), produces)]);
  return {
    ...operation, parameters: params.filter((param) => param['in'] !== 'body' && param['in'] !== 'formData').map((param) => upgradeParam(source, param, where)),
    ...(requestBody && { requestBody }), responses: Object.fromEntries(responses),
  };
}

/** In Swagger 2 the schema of a parameter stands in the parameter itself. */
const words = new Set(['type', 'format', 'items', 'default', 'enum', 'maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'multipleOf']);
const schemaIn = (param: Json): Json => Object.fromEntries(Object.entries(param).filter(([name]) => words.has(name)));

function upgradeParam({ report }: SchemaSource, param: Json, where: string): Json {
  const { name, in: place, description, required, type, collectionFormat = 'csv' } = param;
  const style = type !== 'array' ? undefined : place === 'query' ? styles[String(collectionFormat)] : { style: 'simple', explode: false };
  const isKnown = type !== 'array' || (place === 'query' ? style !== undefined : collectionFormat === 'csv');
  if (!isKnown) report.skip(`The list format ${JSON.stringify(collectionFormat)} of ${JSON.stringify(name)} of ${where}`, 'A manifest does not know it; items stand with commas between them.');
  return { name, in: place, description, required, example: param['x-example'], schema: schemaIn(param), ...(style ?? (type === 'array' && { style: 'form', explode: false })) };
}

const styles: Readonly<Record<string, { readonly style: string; readonly explode: boolean } | undefined>> = {
  csv: { style: 'form', explode: false }, multi: { style: 'form', explode: true }, ssv: { style: 'spaceDelimited', explode: false }, pipes: { style: 'pipeDelimited', explode: false },
};

function bodyOf(params: readonly Json[], consumes: readonly string[]): Json | undefined {
  const body = params.find((param) => param['in'] === 'body');
  if (body) return { required: body['required'], content: Object.fromEntries((consumes.length > 0 ? consumes : ['application/json']).map((type) => [type, { schema: body['schema'] }])) };
  const fields = params.filter((param) => param['in'] === 'formData');
  if (fields.length === 0) return undefined;
  const isMultipart = fields.some((field) => field['type'] === 'file') || (consumes.some((type) => type.startsWith('multipart/')) && !consumes.some((type) => /urlencoded/.test(type)));
  const schema = { type: 'object', properties: Object.fromEntries(fields.map((field) => [String(field['name']), { ...schemaIn(field), description: field['description'] }])), required: fields.filter((field) => field['required'] === true).map((field) => field['name']) };
  // Here a list has commas, where OpenAPI 3 repeats the field.
  const encoding = Object.fromEntries(fields.filter((field) => field['type'] === 'array').map((field) => [String(field['name']), styles[String(field['collectionFormat'] ?? 'csv')] ?? {}]));
  return { content: { [isMultipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded']: { schema, ...(!isMultipart && { encoding }) } } };
}

function upgradeResponse(response: Json, produces: readonly string[]): Json {
  const { schema, examples, ...rest } = response;
  if (schema === undefined && !isObject(examples)) return rest;
  const types = [...new Set([...(isObject(examples) ? Object.keys(examples) : []), ...(schema === undefined ? [] : produces.length > 0 ? produces : ['application/json'])])];
  return { ...rest, content: Object.fromEntries(types.map((type) => [type, { ...(schema !== undefined && { schema }), ...(isObject(examples) && examples[type] !== undefined && { example: examples[type] }) }])) };
}

function upgradeScheme(scheme: Json): Json {
  if (scheme['type'] === 'basic') return { type: 'http', scheme: 'basic' };
  if (scheme['type'] !== 'oauth2') return scheme;
  const flow = { application: 'clientCredentials', accessCode: 'authorizationCode' }[String(scheme['flow'])] ?? String(scheme['flow']);
  return { ...scheme, flows: { [flow]: { authorizationUrl: scheme['authorizationUrl'], tokenUrl: scheme['tokenUrl'], scopes: scheme['scopes'] } } };
}
