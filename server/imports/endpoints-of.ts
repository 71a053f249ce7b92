import type { EndpointManifest } from '../model/connector.ts';
import { compilePath } from '../model/path.ts';
import { wordsOf } from '../model/words.ts';
import { endpointNames, namingOf, type Operation } from './endpoint-names.ts';
import { graphqlBody, type GraphqlRequest } from './graphql-body.ts';
import { readAnswer, type ReadAnswer } from './openapi-answer.ts';
import { readBody } from './openapi-body.ts';
import { readParams, type ReadParams } from './openapi-params.ts';
import { plainSchema, type SchemaSource } from './plain-schema.ts';
import type { Json } from './read-text.ts';
import { exampleBody } from './secret-values.ts';
import { fits, tellUnfit } from './sample-value.ts';
import { recordsAt } from './samples.ts';
import { suggestPagination } from './suggest-pagination.ts';
import { sentenceOf } from './words.ts';

/** An operation, in the words of OpenAPI 3. */
export interface Found {
  readonly method: string;
  readonly path: string;
  readonly item: Json;
  readonly operation: Json;
  /** A method of the connector or `none`, where it signs in otherwise than the others. */
  readonly auth?: string | undefined;
  /** One of the addresses beside the base address. */
  readonly baseUrl?: string | undefined;
  /** Headers that it always has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for one request. */
  readonly timeoutMs?: number;
  /** Instead of a body in the operation. */
  readonly graphql?: GraphqlRequest;
}

interface Read extends Found {
  readonly naming: Operation;
  readonly params: ReadParams;
  readonly answer: ReadAnswer;
  readonly where: string;
}

/** The endpoints of a connector, one for each operation whose method a manifest knows. `onNamed`: is told the name of each. */
export function readEndpoints(source: SchemaSource, operations: readonly Found[], onNamed?: (name: string, found: Found) => void): Readonly<Record<string, EndpointManifest>> {
  const known = operations.filter(({ method, path }) => {
    if (methods.has(method)) return true;
    source.report.skip(`${method} ${path}`, `Endpoints cannot be of the method ${method}.`);
    return false;
  });
  const siblings = Map.groupBy(known, ({ path, baseUrl = '' }) => `${baseUrl} ${path}`);
  const read = known.map((found): Read => {
    const { method, path, item, operation, baseUrl } = found;
    const where = `${method} ${path}`;
    const naming: Operation = { method, path, siblings: siblings.get(`${baseUrl ?? ''} ${path}`)!.map((other) => other.method), ...(typeof operation['operationId'] === 'string' && { id: operation['operationId'] }), ...(baseUrl !== undefined && { base: baseUrl }) };
    const answer = readAnswer(source, operation['responses'], namingOf(naming).entity);
    const params = readParams(source, path, [...listOf(item['parameters']), ...listOf(operation['parameters'])], where);
    return { ...found, naming: { ...naming, ...(answer.record !== undefined && { givesList: answer.givesList }) }, params, answer, where };
  });
  const names = endpointNames(read.map(({ naming }) => naming));
  for (const [index, name] of names.entries()) onNamed?.(name, read[index]!);
  return Object.fromEntries(read.map((one, index) => [names[index]!, endpointOf(source, one, names[index]!)]));
}

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] satisfies EndpointManifest['method'][]);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function endpointOf(source: SchemaSource, { method, operation, auth, baseUrl, headers: fixed, timeoutMs, graphql, naming, params: own, answer, where }: Read, name: string): EndpointManifest {
  const { report } = source;
  if (operation['callbacks'] !== undefined) report.skip(`The callbacks of ${where}`, 'Calls that come in are triggers of flows: use a webhook.');
  const asked = graphql && graphqlBody(report, graphql, own.params, where);
  const params = asked ? { ...own, params: { ...own.params, ...asked.params }, sample: { ...own.sample, ...asked.example.params } } : own;
  const body = asked ? { body: asked.body, sample: asked.example.body, record: asked.record, contentType: undefined } : readBody(source, operation['requestBody'], method, where);
  const isReceiving = method === 'GET' || method === 'HEAD' || asked?.isQuery === true;
  if (isReceiving && answer.givesList) {
    const guess = suggestPagination({ endpoint: name, query: params.query, fields: answer.fields, headers: answer.headers });
    if (guess) report.suggest(guess);
  } else if (method === 'POST' && !asked && answer.givesList && /(^|[.-])(search|query|list|find)\b/.test(name)) {
    report.suggest({ kind: 'direction', endpoint: name, value: { direction: 'receive', ...(answer.records !== undefined && { records: answer.records }) }, score: 0.7, why: `${where} is called as what asks for records is, and answers with a list.` });
  }
  const record = !isReceiving ? body?.record : answer.record === undefined ? undefined : plainSchema(source, answer.record, 3);
  const request = { ...(Object.keys(params.sample).length > 0 && { params: params.sample }), ...(body?.sample !== undefined && { body: exampleBody(report, body.sample, `The body of ${where}`) }) };
  const answered = isReceiving && record ? fittingAnswer(source, answer, record, where) : answer.response.body;
  const response = { ...answer.response, ...(answered !== undefined && { body: exampleBody(report, answered, `The answer of ${where}`) }) };
  const headers = { ...(body?.contentType !== undefined && { 'content-type': body.contentType }), ...fixed };
  const summary = sentenceOf(operation['description']);
  const title = sentenceOf(operation['summary'])?.replace(/\.$/, '') ?? titleOf(naming, name);
  const isOld = operation['deprecated'] === true;
  return {
    title, ...((summary !== undefined || isOld) && { summary: `${isOld ? 'Deprecated. ' : ''}${summary ?? ''}`.trim() }), entity: namingOf(naming).entity,
    direction: isReceiving ? 'receive' : 'send', method: method as EndpointManifest['method'], path: params.path, ...(baseUrl !== undefined && { baseUrl }), ...(auth !== undefined && { auth }),
    ...(Object.keys(params.params).length > 0 && { params: params.params }), ...(asked?.isQuery && { idempotent: true }), ...(Object.keys(headers).length > 0 && { headers }), ...(timeoutMs !== undefined && { timeoutMs }), ...(body && { body: body.body }),
    ...(isReceiving && answer.records !== undefined && { records: answer.records }), ...(record && { record }),
    examples: [{ title: Object.keys((operation['responses'] ?? {}) as object).length > 0 ? 'As described' : 'The request; no answer is known', ...(Object.keys(request).length > 0 && { request }), response }],
  };
}

function fittingAnswer(source: SchemaSource, { response: { body }, records: path = '$', givesList, made }: ReadAnswer, record: object, where: string): unknown {
  if (body === undefined) return undefined;
  const isThere = !givesList || (typeof body === 'object' && body !== null && compilePath(path).all(body).length > 0);
  if (isThere && fits(record, givesList ? recordsAt(body, path) : [body])) return body;
  tellUnfit(source, `the answer of ${where}`);
  return made();
}

function titleOf({ id }: Operation, name: string): string {
  const words = wordsOf(id ?? name.split('.').toReversed().join(' ')).join(' ');
  return words === '' ? name : `${words[0]!.toUpperCase()}${words.slice(1)}`;
}
