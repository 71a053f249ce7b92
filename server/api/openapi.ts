import { routes } from './routes.ts';
import type { QueryParam, Route } from './route.ts';
import { schemas, type SchemaName } from './schemas.ts';

/** The description of the API in OpenAPI 3.1, made of the table of routes. */
export function openApi(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[`/api/v1${route.path}`] ??= {})[route.method] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Patchbay runner', version: '1', description: 'Everything under `/api/v1` needs the token that `patchbay serve` prints. Webhooks have their own signature and their own addresses, `/hooks/{flow}/{trigger}`.' },
    security: [{ token: [] }],
    paths: { ...paths, ...outside },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withReferences(schema, schema)])) },
  };
}

/** The text of `server/api/openapi.json`. */
export const openApiText = (): string => `${JSON.stringify(openApi(), undefined, 2)}\n`;

function operationOf({ method, path, summary, query = {}, body, answer, also = {} }: Route): object {
  const content = answer.schema ? { [answer.mediaType ?? 'application/json']: { schema: reference(answer.schema) } } : { [answer.mediaType ?? 'application/json']: {} };
  const isSchema = body !== undefined && body.schema !== 'any';
  return {
    operationId: `${method}${path.replaceAll(/[/{}]+(\w)/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')}`,
    summary,
    parameters: [...inPath(path), ...Object.entries(query).map(([name, param]) => inQuery(name, param))],
    ...(body && { requestBody: { description: body.summary, required: isSchema, content: { [isSchema ? 'application/json' : '*/*']: isSchema ? { schema: body.schema } : {} } } }),
    responses: {
      [answer.status ?? 200]: { description: answer.summary, content },
      ...Object.fromEntries(Object.entries(also).map(([status, description]) => [status, { description }])),
      default: { description: 'What went wrong', content: { 'application/problem+json': { schema: reference('Problem') } } },
    },
  };
}

const inPath = (path: string): object[] => Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function inQuery(name: string, { summary, type = 'text', values, default: standard, minimum, maximum, isRequired, isPrefix }: QueryParam): object {
  if (isPrefix) return { name, in: 'query', description: summary, style: 'form', explode: true, schema: { type: 'object', additionalProperties: { type: 'string' } } };
  const limits = { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }), ...(standard !== undefined && { default: standard }), ...(values && { enum: values }) };
  const schema = type === 'texts' ? { type: 'array', items: { type: 'string', ...(values && { enum: values }) } } : { type: { text: 'string', integer: 'integer', flag: 'boolean' }[type], ...limits };
  return { name, in: 'query', description: summary, ...(isRequired && { required: true }), schema };
}

/** Addresses that do not belong to the table, because they need no token or give no JSON. */
const outside = Object.fromEntries(
  [
    ['/healthz', 'The process is up', 'application/json'], ['/readyz', 'Triggers are listening', 'application/json'], ['/metrics', 'Counts for Prometheus', 'text/plain'], ['/api/openapi.json', 'This description', 'application/json'],
  ].map(([path, summary, mediaType]) => [path, { get: { summary, ...(path!.endsWith('z') && { security: [] }), responses: { 200: { description: summary, content: { [mediaType!]: {} } } } } }]),
);

const names = new Map<unknown, SchemaName>(Object.entries(schemas).map(([name, schema]) => [schema, name as SchemaName]));
const reference = (name: SchemaName): object => ({ $ref: `#/components/schemas/${name}` });

/** The schemas are built out of each other; in the description each stands once. */
function withReferences(schema: unknown, root: unknown): unknown {
  const name = names.get(schema);
  if (name !== undefined && schema !== root) return reference(name);
  if (Array.isArray(schema)) return schema.map((item) => withReferences(item, root));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withReferences(value, root)]));
}
