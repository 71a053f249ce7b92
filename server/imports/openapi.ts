import { FlowError } from '../../plugins/sdk/index.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { endpointNames, namingOf, type Operation } from './endpoint-names.ts';
import { createReport, type ImportResult } from './import-result.ts';
import { readAnswer, type ReadAnswer } from './openapi-answer.ts';
import { readAuth } from './openapi-auth.ts';
import { readBody } from './openapi-body.ts';
import { readParams, type ReadParams } from './openapi-params.ts';
import { readServer } from './openapi-server.ts';
import { plainSchema, type SchemaSource } from './plain-schema.ts';
import { readText, type Json } from './read-text.ts';
import { createResolve } from './references.ts';
import { suggestPagination } from './suggest-pagination.ts';
import { upgradeSwagger } from './swagger2.ts';
import { sentenceOf, wordsOf } from './words.ts';

/** A connector out of OpenAPI 3.0 or 3.1 or Swagger 2, as JSON or YAML. Fails with `DATA_INVALID`, and the line where the text is wrong. */
export function importOpenApi(text: string): ImportResult {
  const given = readText(text, 'description');
  const version = String(given['openapi'] ?? given['swagger'] ?? '');
  if (!/^(2\.0|3\.[01](\.|$))/.test(version)) throw new FlowError('DATA_INVALID', version === '' ? 'The description has neither "openapi" nor "swagger" with a version.' : `The description is of the version ${JSON.stringify(version)}.`, { remedy: 'Give a description in OpenAPI 3.0 or 3.1, or Swagger 2.0.' });
  const report = createReport();
  const source: SchemaSource = { report, resolve: createResolve(given, report) };
  const root = version.startsWith('2') ? upgradeSwagger(source, given) : given;
  const operations = operationsOf(source, root);
  const endpoints = readEndpoints(source, operations);
  const { baseUrl, variables } = readServer(source, root['servers']);
  const { auth, tokenUrls } = readAuth(source, root);
  const allowedOrigins = [...new Set(tokenUrls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))].filter((origin) => !baseUrl.startsWith(origin));
  reportRest(source, root);
  const info = source.resolve(root['info']);
  const title = typeof info['title'] === 'string' && info['title'].trim() !== '' ? info['title'].trim() : 'Imported API';
  const summary = sentenceOf(info['summary'] ?? info['description']);
  const manifest: ConnectorManifest = {
    version: 1, title, ...(summary !== undefined && { summary }), ...linksOf(source, root, info),
    source: `${given['swagger'] ? 'Swagger' : 'OpenAPI'} ${version}: ${title}${info['version'] === undefined ? '' : ` ${String(info['version'])}`}`, baseUrl,
    ...(Object.keys(variables).length > 0 && { variables }), ...(Object.keys(auth).length > 0 && { auth }), ...(allowedOrigins.length > 0 && { allowedOrigins }), endpoints,
  };
  return { manifest, skipped: report.skipped, suggestions: report.suggestions, operations: operations.length };
}

interface Found {
  readonly method: string;
  readonly path: string;
  readonly item: Json;
  readonly operation: Json;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

function operationsOf({ resolve }: SchemaSource, root: Json): Found[] {
  const paths = isObject(root['paths']) ? Object.entries(root['paths']) : [];
  return paths.flatMap(([path, given]) => {
    const item = resolve(given);
    return methods.flatMap((method) => (isObject(item[method]) ? [{ method: method.toUpperCase(), path, item, operation: resolve(item[method]) }] : []));
  });
}

interface Read extends Found {
  readonly naming: Operation;
  readonly params: ReadParams;
  readonly answer: ReadAnswer;
  readonly where: string;
}

function readEndpoints(source: SchemaSource, operations: readonly Found[]): Readonly<Record<string, EndpointManifest>> {
  const known = operations.filter(({ method, path }) => {
    if (method !== 'OPTIONS' && method !== 'TRACE') return true;
    source.report.skip(`${method} ${path}`, `Endpoints cannot be of the method ${method}.`);
    return false;
  });
  const siblings = Map.groupBy(known, ({ path }) => path);
  const read = known.map((found): Read => {
    const { method, path, item, operation } = found;
    const where = `${method} ${path}`;
    const naming: Operation = { method, path, siblings: siblings.get(path)!.map((other) => other.method), ...(typeof operation['operationId'] === 'string' && { id: operation['operationId'] }) };
    const answer = readAnswer(source, operation['responses'], namingOf(naming).entity);
    const params = readParams(source, path, [...listOf(item['parameters']), ...listOf(operation['parameters'])], where);
    return { ...found, naming: { ...naming, ...(answer.record !== undefined && { givesList: answer.givesList }) }, params, answer, where };
  });
  const names = endpointNames(read.map(({ naming }) => naming));
  return Object.fromEntries(read.map((one, index) => [names[index]!, endpointOf(source, one, names[index]!)]));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function endpointOf(source: SchemaSource, { method, operation, item, naming, params, answer, where }: Read, name: string): EndpointManifest {
  const { report } = source;
  if (operation['servers'] !== undefined || item['servers'] !== undefined) report.skip(`The address of ${where}`, 'All endpoints of a connector have one base address; make a second connector for those with another.');
  if (operation['callbacks'] !== undefined) report.skip(`The callbacks of ${where}`, 'Calls that come in are triggers of flows: use a webhook.');
  const body = readBody(source, operation['requestBody'], method, where);
  const isReceiving = method === 'GET' || method === 'HEAD';
  if (isReceiving && answer.givesList) {
    const guess = suggestPagination({ endpoint: name, query: params.query, fields: answer.fields, headers: answer.headers });
    if (guess) report.suggest(guess);
  } else if (method === 'POST' && answer.givesList && /(^|[.-])(search|query|list|find)\b/.test(name)) {
    report.suggest({ kind: 'direction', endpoint: name, value: { direction: 'receive', ...(answer.records !== undefined && { records: answer.records }) }, score: 0.7, why: `${where} is called as what asks for records is, and answers with a list.` });
  }
  const record = !isReceiving ? body?.record : answer.record === undefined ? undefined : plainSchema(source, answer.record, 3, where);
  const request = { ...(Object.keys(params.sample).length > 0 && { params: params.sample }), ...(body && { body: body.sample }) };
  const summary = sentenceOf(operation['description']);
  const title = sentenceOf(operation['summary'])?.replace(/\.$/, '') ?? titleOf(naming, name);
  const isOld = operation['deprecated'] === true;
  return {
    title, ...((summary !== undefined || isOld) && { summary: `${isOld ? 'Deprecated. ' : ''}${summary ?? ''}`.trim() }), entity: namingOf(naming).entity,
    direction: isReceiving ? 'receive' : 'send', method: method as EndpointManifest['method'], path: params.path,
    ...(Object.keys(params.params).length > 0 && { params: params.params }), ...(body?.contentType !== undefined && { headers: { 'content-type': body.contentType } }), ...(body && { body: body.body }),
    ...(isReceiving && answer.records !== undefined && { records: answer.records }), ...(record && { record }),
    examples: [{ title: 'From the description', ...(Object.keys(request).length > 0 && { request }), response: answer.response }],
  };
}

function titleOf({ id }: Operation, name: string): string {
  const words = wordsOf(id ?? name.split('.').reverse().join(' ')).join(' ');
  return words === '' ? name : `${words[0]!.toUpperCase()}${words.slice(1)}`;
}

function linksOf({ resolve }: SchemaSource, root: Json, info: Json): { readonly links?: Readonly<Record<string, string>> } {
  const links = Object.fromEntries([['documentation', resolve(root['externalDocs'])['url']], ['terms', info['termsOfService']]].filter(([, url]) => typeof url === 'string' && URL.canParse(url))) as Record<string, string>;
  return Object.keys(links).length > 0 ? { links } : {};
}

function reportRest({ report }: SchemaSource, root: Json): void {
  if (isObject(root['webhooks']) && Object.keys(root['webhooks']).length > 0) report.skip(`${Object.keys(root['webhooks']).length} webhooks`, 'Calls that come in are triggers of flows: use a webhook.');
}
