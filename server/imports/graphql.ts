import { BREAK, buildClientSchema, buildSchema, getIntrospectionQuery, GraphQLError, isNonNullType, parse, visit, type GraphQLArgument, type GraphQLField, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest, EndpointParam } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { asParam } from '../model/param-schema.ts';
import { freeName, freeParam, wordsOf } from '../model/words.ts';
import { inputSchema, selectionOf, type Selection } from './graphql-types.ts';
import { createReport, resultOf, type ImportResult, type Report } from './import-result.ts';
import { readText } from './read-text.ts';
import { exampleRequest } from './sample-value.ts';
import { literal, paramExpression, sentenceOf, slugOf } from './words.ts';

/** A connector out of the schema of a GraphQL server, as the answer to an introspection query or in the schema language: an endpoint for each query and mutation. `address`: of the server, where it is known. */
export function importGraphql(text: string, address?: string): ImportResult {
  const schema = readSchema(text);
  const report = createReport();
  const queries = Object.values(schema.getQueryType()?.getFields() ?? {});
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const subscriptions = Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).length;
  if (queries.length + mutations.length === 0) throw new FlowError('DATA_INVALID', 'The schema has neither queries nor mutations.', { place: { line: 1, column: 1 } });
  if (subscriptions > 0) report.skip(`${subscriptions} subscriptions`, 'Subscriptions keep a connection open; endpoints ask and are answered.');
  report.skip('Authentication', 'A GraphQL schema says nothing of how to sign in. Add an auth method to the connector, or leave it without.');
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  const path = url && url.pathname !== '/' ? literal(url.pathname) : '/graphql';
  const endpoints: Record<string, EndpointManifest> = {};
  for (const field of queries) add(endpoints, ...queryEndpoint(report, field, path));
  for (const field of mutations) add(endpoints, ...mutationEndpoint(report, field, path));
  const title = url ? url.hostname.replace(/^(www|api)\./, '') : 'GraphQL API';
  const manifest: ConnectorManifest = {
    version: 1, title, source: `GraphQL schema${url ? ` of ${url.host}` : ''}`, baseUrl: url ? url.origin : '{{ instance.url }}',
    ...(!url && { variables: { url: { type: 'string', title: 'Address', description: 'Address of the server, before /graphql.' } } }), endpoints,
  };
  return resultOf(report, manifest, queries.length + mutations.length + subscriptions);
}

/** The query that a server answers with its schema. */
export const introspection = (): string => getIntrospectionQuery({ descriptions: true });

function readSchema(text: string): GraphQLSchema {
  try {
    if (!/^\s*\{/.test(text)) return buildSchema(text, { assumeValidSDL: true });
    const root = readText(text, 'introspection');
    const data = isObject(root['data']) ? root['data'] : root;
    if (!isObject(data['__schema'])) throw new FlowError('DATA_INVALID', 'The answer holds no "__schema": it is not that of an introspection query.', { place: { line: 1, column: 1 }, remedy: 'Ask the server with an introspection query, or give its schema in the schema language.' });
    return buildClientSchema(data as unknown as IntrospectionQuery, { assumeValid: true });
  } catch (error) {
    if (FlowError.is(error)) throw error;
    const place = placeOf(error, text);
    throw new FlowError('DATA_INVALID', `The schema cannot be read: line ${place.line}, column ${place.column}: ${(error as Error).message.split('\n', 1)[0]}`, { place, cause: error, remedy: 'Correct that place, or get the schema anew from the server.' });
  }
}

/** The library names a type that is missing without its place. */
function placeOf(error: unknown, text: string): { readonly line: number; readonly column: number } {
  const [place = { line: 1, column: 1 }] = (error instanceof GraphQLError ? error.locations : undefined) ?? [];
  const missing = /^Unknown type: "(\w+)"/.exec((error as Error).message)?.[1];
  let { line, column } = place;
  if (missing !== undefined) visit(parse(text), { NamedType({ name, loc }) {
    if (name.value !== missing || !loc) return undefined;
    ({ line, column } = loc.startToken);
    return BREAK;
  } });
  return { line, column };
}

type Field = GraphQLField<unknown, unknown>;

function add(endpoints: Record<string, EndpointManifest>, wanted: string, endpoint: EndpointManifest): void {
  endpoints[freeName(wanted, (name) => Object.hasOwn(endpoints, name))] = endpoint;
}

function queryEndpoint(report: Report, field: Field, path: string): [name: string, endpoint: EndpointManifest] {
  const selection = selectionOf(report, field.type, field.name);
  const name = `${slugOf(field.name) || 'query'}.${selection.isList ? 'list' : 'get'}`;
  const params = new Map<string, EndpointParam>();
  const template: Record<string, string> = {};
  for (const argument of field.args) {
    const param = freeParam(argument.name, (other) => params.has(other));
    params.set(param, { ...asParam(inputSchema(argument.type, 3), isNeeded(argument)), ...described(argument.description) } as EndpointParam);
    template[argument.name] = paramExpression(param);
  }
  suggestPaging(report, name, field, selection);
  return [name, {
    ...common(field, path), entity: slugOf(field.name) || 'query', direction: 'receive', ...(params.size > 0 && { params: Object.fromEntries(params) }), idempotent: true,
    body: { format: 'graphql', query: documentOf('query', field, selection), ...(params.size > 0 && { template }) },
    records: `$.data.${field.name}${selection.records}`, record: selection.schema, examples: [{ title: 'As described', ...exampleRequest(report, Object.fromEntries(params)), response: { status: 200, body: { data: { [field.name]: selection.sample } } } }],
  }];
}

/** What is sent are the variables, by their names. */
function mutationEndpoint(report: Report, field: Field, path: string): [name: string, endpoint: EndpointManifest] {
  const selection = selectionOf(report, field.type, field.name);
  const [verb = 'run', ...entity] = wordsOf(field.name);
  const required = field.args.filter(isNeeded).map((argument) => argument.name);
  return [entity.length > 0 ? `${entity.join('-')}.${verb}` : `${verb}.run`, {
    ...common(field, path), entity: entity.join('-') || verb, direction: 'send', body: { format: 'graphql', query: documentOf('mutation', field, selection), ...(field.args.length === 0 && { template: {} }) },
    record: { type: 'object', properties: Object.fromEntries(field.args.map((argument) => [argument.name, { ...inputSchema(argument.type, 4), ...described(argument.description) }])), ...(required.length > 0 && { required }) },
    examples: [{ title: 'As described', response: { status: 200, body: { data: { [field.name]: selection.sample } } } }],
  }];
}

const isNeeded = (argument: GraphQLArgument): boolean => isNonNullType(argument.type) && argument.defaultValue === undefined;
const described = (description: string | null | undefined): { readonly description?: string } => {
  const text = sentenceOf(description);
  return text === undefined ? {} : { description: text };
};

function common(field: Field, path: string): Pick<EndpointManifest, 'title' | 'summary' | 'method' | 'path'> {
  const words = wordsOf(field.name).join(' ') || field.name;
  const summary = sentenceOf(field.description);
  const isOld = field.deprecationReason !== undefined && field.deprecationReason !== null;
  return { title: `${words[0]!.toUpperCase()}${words.slice(1)}`, ...((summary !== undefined || isOld) && { summary: `${isOld ? 'Deprecated. ' : ''}${summary ?? ''}`.trim() }), method: 'POST', path };
}

function documentOf(kind: 'query' | 'mutation', { name, args }: Field, { text }: Selection): string {
  const declared = args.length > 0 ? `(${args.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(', ')})` : '';
  const given = args.length > 0 ? `(${args.map((argument) => `${argument.name}: $${argument.name}`).join(', ')})` : '';
  return `${kind} ${name}${declared} { ${name}${given}${text} }`;
}

function suggestPaging(report: Report, endpoint: string, { name, args }: Field, { isConnection }: Selection): void {
  const takes = (wanted: string): boolean => args.some((argument) => argument.name === wanted);
  if (!isConnection || !takes('after')) return;
  report.suggest({ kind: 'pagination', endpoint, value: { type: 'graphql-cursor', settings: { connection: `$.data.${name}`, ...(takes('first') && { size: 50 }) } }, score: 0.95, why: `${name} gives a connection with "pageInfo", and takes "after".` });
}
