import type { EndpointBody, EndpointParam } from '../model/connector.ts';
import { inferSchema } from '../model/infer-schema.ts';
import { asParam } from '../model/param-schema.ts';
import { freeParam } from '../model/words.ts';
import type { Report } from './import-result.ts';
import { exampleBody } from './secret-values.ts';
import { literal, paramExpression } from './words.ts';

/** What a captured request asks a GraphQL server. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface GraphqlParts {
  /** It changes nothing, so that records come of it. */
  readonly isQuery: boolean;
  readonly body: EndpointBody;
  /** Of a query: one for each variable. What a mutation sends are the variables. */
  readonly params: Readonly<Record<string, EndpointParam>>;
  readonly example: { readonly params?: Readonly<Record<string, unknown>>; readonly body?: unknown };
  readonly record?: object;
}

/** The body of an endpoint for a GraphQL request. `taken`: names of the params that it has already. */
export function graphqlBody(report: Report, { query, operationName, variables }: GraphqlRequest, taken: object, where: string): GraphqlParts {
  const declared = new Set([...query.matchAll(/\$(\w+)\s*:/g)].map(([, name]) => name!));
  for (const name of Object.keys(variables)) if (!declared.has(name)) report.skip(`The variable ${name} of ${where}`, 'Its query declares no such variable.');
  const shown = exampleBody(report, Object.fromEntries(Object.entries(variables).filter(([name]) => declared.has(name))), `The variables of ${where}`) as Readonly<Record<string, unknown>>;
  const body: EndpointBody = { format: 'graphql', query: literal(exampleBody(report, query, `The query of ${where}`) as string), ...(operationName && { operationName }) };
  const names = Object.keys(shown);
  if (kindOf(query, operationName) !== 'query') {
    return { isQuery: false, body: names.length > 0 ? body : { ...body, template: {} }, params: {}, example: names.length > 0 ? { body: shown } : {}, ...(names.length > 0 && { record: inferSchema(shown) as object }) };
  }
  const params: Record<string, EndpointParam> = {};
  const template: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const param = freeParam(name, (other) => Object.hasOwn(taken, other) || Object.hasOwn(params, other));
    params[param] = asParam(shown[name] === null ? {} : (inferSchema(shown[name]) as object), false) as EndpointParam;
    template[name] = paramExpression(param);
    values[param] = shown[name];
  }
  return { isQuery: true, body: { ...body, ...(names.length > 0 && { template }) }, params, example: names.length > 0 ? { params: values } : {} };
}

/** Of several operations the one that is named counts; without a word it is a query. */
function kindOf(query: string, operationName: string | undefined): string {
  const plain = query.replaceAll(/"""[^]*?"""|"(?:[^"\\\n]|\\.)*"|#.*/g, ' ');
  const named = [...plain.matchAll(/\b(query|mutation|subscription)\s+(\w+)/g)].find(([, , name]) => name === operationName);
  return named?.[1] ?? /^[\s{]*(query|mutation|subscription)\b/.exec(plain.replace(/^(\s*fragment\s[^{]*\{[^{}]*\})+/, ''))?.[1] ?? 'query';
}
