import { FlowError, type HttpRequest, type PageRequest, type Payload, type ValueContext, withChanges } from '../../plugins/sdk/index.ts';
import type { EndpointManifest, EndpointParam } from '../model/connector.ts';
import type { ExpressionEnv, Scope } from '../model/expression.ts';
import { compileOptional, compileUrlPath, inUrl } from './optional-template.ts';
import { compileBody, type ConverterOf } from './request-body.ts';
import { headerText, pathText, queryParts, type Style } from './param-style.ts';

/** The request of an endpoint, compiled once. */
export interface RequestTemplate {
  /** Roots that must be in the scope. */
  readonly roots: ReadonlySet<string>;
  build(input: RequestInput): Promise<HttpRequest>;
}

export interface RequestInput {
  readonly scope: Scope;
  readonly context: ValueContext;
  /** What is sent: the payload, or one of its records. */
  readonly payload: Payload;
  readonly page?: PageRequest;
}

export interface TemplateOptions {
  readonly endpoint: EndpointManifest;
  /** Headers of the connector, which those of the endpoint override. */
  readonly headers: Readonly<Record<string, string>>;
  readonly base: URL;
  readonly timeoutMs: number;
  readonly env: ExpressionEnv;
  /** For messages. */
  readonly name: string;
  readonly converter: ConverterOf;
}

/** Percent-encoded pairs by the name of what gives them. */
type Query = Map<string, readonly string[]>;
type Styles = ReadonlyMap<string, Style>;

/** Fails with `CONFIG_EXPRESSION`, whose pointer is relative to the endpoint. */
export async function compileRequest(options: TemplateOptions): Promise<RequestTemplate> {
  const { endpoint, base, env, name, timeoutMs } = options;
  const given = paramsAt(endpoint);
  const styles = { query: stylesAt(endpoint, 'query', endpoint.query ?? {}), header: stylesAt(endpoint, 'header', lowerCase(endpoint.headers ?? {})) };
  const path = await at('/path', () => compileUrlPath(endpoint.path, env, name, pathWriter(endpoint)));
  const query = await at('/query', () => compileOptional({ ...given.query, ...endpoint.query }, env));
  const headers = await at('/headers', () => compileOptional({ accept: 'application/json, */*;q=0.5', ...lowerCase(options.headers), ...given.header, ...lowerCase(endpoint.headers ?? {}) }, env));
  const body = await compileBody({ endpoint, params: given.body, env, converter: options.converter, at });
  const roots = new Set([path, query, headers, body].flatMap((part) => [...part.roots]));
  return {
    roots,
    build: async ({ scope, context, payload, page = {} }) => {
      const all = toTexts((await headers.evaluate(scope, context)) as Record<string, unknown>, styles.header);
      // A page that is got in another way than the first has no body of it.
      const hasNone = page.method !== undefined && ['GET', 'HEAD', 'OPTIONS'].includes(page.method) && page.wholeBody === undefined;
      const content = hasNone ? undefined : await body.encode({ scope, context, payload, page });
      const url = page.url ?? address(base, page.path?.replace(/^\/*/, '/') ?? (await path.evaluate(scope, context)), toQuery((await query.evaluate(scope, context)) as Record<string, unknown>, styles.query, page));
      const cookies = page.cookies && { cookie: [...(all['cookie'] ? [all['cookie']] : []), ...cookiesOf(page.cookies)].join('; ') };
      return {
        method: page.method ?? endpoint.method, url, timeoutMs,
        headers: { ...(content?.mediaType && { 'content-type': content.mediaType }), ...content?.headers, ...all, ...page.headers, ...cookies },
        ...(content && { body: content.body }),
      };
    },
  };
}

/** Params that say where they go, as templates. */
function paramsAt(endpoint: EndpointManifest): Readonly<Record<'query' | 'header' | 'body', Readonly<Record<string, string>>>> {
  const found = { query: {} as Record<string, string>, header: {} as Record<string, string>, body: {} as Record<string, string> };
  for (const [name, param] of Object.entries(endpoint.params ?? {})) {
    if (param.in && param.in !== 'path') found[param.in][sentName(name, param)] = `{{ params[${JSON.stringify(name)}] }}`;
  }
  return found;
}

const sentName = (name: string, param: EndpointParam): string => (param.in === 'header' ? (param.name ?? name).toLowerCase() : (param.name ?? name));

/** Styles of the params of a place, by their names there. A template of that name takes the place of the param. */
const stylesAt = ({ params = {} }: EndpointManifest, place: 'query' | 'header', templates: object): Styles =>
  new Map(Object.entries(params).flatMap(([name, param]) => (param.in === place && !Object.hasOwn(templates, sentName(name, param)) ? [[sentName(name, param), param] as const] : [])));

/** How a path writes an expression that is a param with a style and nothing else. */
function pathWriter({ params = {} }: EndpointManifest): (expression: string) => ((value: unknown) => string) | undefined {
  return (expression) => {
    const [, plain, quoted] = /^\{\{\s*params(?:\.([A-Za-z_]\w*)|\["([\w-]+)"\])\s*\}\}$/.exec(expression) ?? [];
    const name = plain ?? quoted;
    const param = name !== undefined && Object.hasOwn(params, name) ? params[name] : undefined;
    return name !== undefined && param?.style !== undefined ? (value) => pathText(param.name ?? name, value, param) : undefined;
  };
}

async function at<T>(pointer: string, compile: () => Promise<T>): Promise<T> {
  try {
    return await compile();
  } catch (error) {
    if (!FlowError.is(error)) throw error;
    throw withChanges(error, { place: { pointer: `${pointer}${error.place?.pointer ?? ''}` } });
  }
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const toTexts = (values: Readonly<Record<string, unknown>>, styles: Styles): Record<string, string> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null).map(([name, value]) => [name, headerText(value, styles.get(name) ?? {})]));

/** A list gives the parameter once per item, where no style says otherwise; null leaves it out. What pages need takes the place of a parameter of the same name. */
function toQuery(values: Readonly<Record<string, unknown>>, styles: Styles, { query: paged, without = [] }: PageRequest): Query {
  const query: Query = new Map();
  for (const [name, value] of Object.entries(values)) if (!without.includes('*') && !without.includes(name)) query.set(name, queryParts(name, value, styles.get(name) ?? {}));
  for (const [name, value] of Object.entries(paged ?? {})) query.set(name, queryParts(name, value, {}));
  return query;
}

/** A sign that would end the value, or the header, is written as in an address. */
const cookiesOf = (cookies: Readonly<Record<string, string>>): string[] => Object.entries(cookies).map(([name, value]) => `${name}=${value.replaceAll(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/gu, inUrl)}`);

/** Below the base address, whatever the path holds. */
function address(base: URL, path: string, query: Query): string {
  const pairs = [...query.values()].flat();
  const url = `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`;
  const own = base.search.slice(1);
  const all = [...(own ? [own] : []), ...pairs].join('&');
  return all ? `${url}${path.includes('?') ? '&' : '?'}${all}` : url;
}
