import type { PageRequest } from '../../plugins/sdk/index.ts';
import type { EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import type { Asked } from './asked.ts';

/** What the request of a page has, which those of the other pages do not have. */
export interface Expected {
  readonly method: string;
  readonly path: RegExp;
  /** `query page` → the value; `text` stands for the whole body. */
  readonly values: ReadonlyMap<string, string | RegExp>;
}

/** Stands in texts for what only the caller knows, such as the settings of his instance. */
export const anything = '\u{E000}';

interface ExpectOptions {
  readonly endpoint: EndpointManifest;
  /** Path of the base address, without a slash at its end. */
  readonly basePath: string;
  /** The address at which a page without a link is asked for. */
  readonly ownUrl: string;
  /** Names of what holds the page size, which the caller may change. */
  readonly ignored: ReadonlySet<string>;
}

/** How the request of a page is known. */
export function expectPage(page: PageRequest, { endpoint, basePath, ownUrl, ignored }: ExpectOptions): Expected {
  const values = new Map<string, string | RegExp>();
  const add = (place: string, name: string, value: unknown): void => {
    if (!ignored.has(name)) values.set(`${place} ${name}`, typeof value === 'object' ? JSON.stringify(value) : String(value));
  };
  for (const [name, value] of Object.entries(page.query ?? {})) add('query', name, Array.isArray(value) ? value.join(',') : value);
  for (const [name, value] of Object.entries(page.headers ?? {})) add('header', name.toLowerCase(), value);
  for (const [name, value] of Object.entries(page.cookies ?? {})) add('cookie', name, value);
  for (const [name, value] of Object.entries(page.form ?? {})) add('form', name, value);
  for (const [path, value] of Object.entries(page.body ?? {})) add('body', path, value);
  if (typeof page.wholeBody === 'string') values.set('text', patternOf(page.wholeBody));
  const variables = page.variables ?? {};
  addTemplates(endpoint, variables, values, ignored);
  const method = page.method ?? endpoint.method;
  const own = routeOf(basePath, endpoint, variables);
  if (page.url !== undefined) {
    const url = new URL(page.url, ownUrl);
    for (const [name, value] of url.searchParams) add('query', name, value);
    return { method, values, path: url.pathname === new URL(ownUrl).pathname ? own : exactly(url.pathname) };
  }
  if (page.path === undefined) return { method, path: own, values };
  const [path = '', query = ''] = page.path.split('?', 2);
  // What the endpoint itself has in its query, such as a page size, tells no pages apart.
  for (const [name, value] of new URLSearchParams(query)) if (!Object.hasOwn(endpoint.query ?? {}, name)) add('query', name, value);
  return { method, values, path: exactly(`${basePath}${path.replace(/^\/*/, '/')}`) };
}

/** How many of the values a request has; -1 where it is another request. */
export function matches({ method, path, values }: Expected, asked: Asked): number {
  if (asked.method !== method || !path.test(asked.url.pathname)) return -1;
  for (const [key, value] of values) {
    const given = valueAt(key, asked);
    if (given === undefined || !(typeof value === 'string' ? given === value || value === anything : value.test(given))) return -1;
  }
  return values.size;
}

/** What a request has at a place, as text. */
export function valueAt(key: string, asked: Asked): string | undefined {
  const space = key.indexOf(' ');
  const [place, name] = space < 0 ? [key, ''] : [key.slice(0, space), key.slice(space + 1)];
  switch (place) {
    case 'query': return asked.url.searchParams.has(name) ? asked.url.searchParams.getAll(name).join(',') : undefined;
    case 'header': return asked.headers[name];
    case 'cookie': return asked.cookies[name];
    case 'form': return asked.form.get(name) ?? undefined;
    case 'body': return textOf(isObject(asked.json) ? compilePath(name).get(asked.json) : undefined);
    default: return asked.text;
  }
}

const textOf = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The path of an endpoint as a pattern; each expression gives one part of it, but for one that is written with its slashes. */
export function routeOf(basePath: string, { path, params = {} }: Pick<EndpointManifest, 'path' | 'params'>, variables: Readonly<Record<string, string>> = {}): RegExp {
  const parts = `${basePath}${path.replace(/^\/*/, '/')}`.replace(/\?.*$/, '').split(/(\{\{.*?\}\})/);
  const source = parts.map((part) => {
    const name = pageVariable(part);
    if (name !== undefined && Object.hasOwn(variables, name)) return escape(encodeURIComponent(variables[name]!));
    // What a path begins with may be several parts of it.
    return part.startsWith('{{') ? (params[paramName(part) ?? '']?.style === 'path' ? '(.+?)' : '([^/]+)') : escape(part);
  }).join('');
  return new RegExp(`^${source}/?$`);
}

const exactly = (path: string): RegExp => new RegExp(`^${escape(path)}/?$`);
const escape = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
const paramName = (expression: string): string | undefined => /^\{\{\s*params(?:\.(\w+)|\["([\w-]+)"\])\s*\}\}$/.exec(expression)?.slice(1).find((name) => name !== undefined);
const pageVariable = (expression: string): string | undefined => /^\{\{\s*page\.(\w+)\s*\}\}$/.exec(expression)?.[1];

/** A text in which `anything` stands for any text. */
const patternOf = (text: string): RegExp => new RegExp(`^${text.split(anything).map(escape).join('[^]*?')}$`);

/** Where the templates of the endpoint have `{{ page.x }}`. */
function addTemplates({ query = {}, headers = {}, body }: EndpointManifest, variables: Readonly<Record<string, string>>, values: Map<string, string | RegExp>, ignored: ReadonlySet<string>): void {
  const add = (key: string, template: unknown): void => {
    const name = typeof template === 'string' ? pageVariable(template.trim()) : undefined;
    if (name !== undefined && !ignored.has(name) && Object.hasOwn(variables, name)) values.set(key, variables[name]!);
  };
  for (const [name, template] of Object.entries(query)) add(`query ${name}`, template);
  for (const [name, template] of Object.entries(headers)) add(`header ${name.toLowerCase()}`, template);
  const walk = (template: unknown, path: string): void => {
    if (typeof template === 'string' && path !== '$') add(`body ${path}`, template);
    else if (isObject(template)) for (const [name, part] of Object.entries(template)) walk(part, `${path}[${JSON.stringify(name)}]`);
  };
  walk(body?.template, '$');
  if (typeof body?.template !== 'string' || !/\{\{\s*page\./.test(body.template) || values.has('text')) return;
  const source = body.template.split(/(\{\{.*?\}\})/).map((part) => {
    const name = pageVariable(part);
    return name !== undefined && !ignored.has(name) && Object.hasOwn(variables, name) ? escape(variables[name]!) : part.startsWith('{{') ? '[^]*?' : escape(part);
  });
  values.set('text', new RegExp(`^${source.join('')}$`));
}
