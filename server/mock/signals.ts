import { isObject } from '../model/json.ts';
import { compilePath, everything, pathKeys, printPath } from '../model/path.ts';

/** What a page tells of the others. */
export interface PageFacts {
  /** From 0. */
  readonly index: number;
  readonly isLast: boolean;
  readonly pages: number;
  readonly total: number;
  readonly size: number;
  readonly records: readonly unknown[];
  /** Of the next page; `undefined` on the last one. */
  readonly token: string | undefined;
  /** Its address. */
  readonly link: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, or a text. */
  readonly body: unknown;
}

export type Settings = Readonly<Record<string, unknown>>;

/** The answer with all that a strategy of this type and these settings reads in it. Strategies that nobody knows get what their settings name: totals, flags. */
export function withSignals(type: string, settings: Settings, answer: Answer, facts: PageFacts): Answer {
  const { isLast, pages, total, token, link } = facts;
  const put = (path: unknown, value: unknown): ((given: Answer) => Answer) => (given) => (typeof path === 'string' && isPut(given.body) ? { ...given, body: setAt(given.body, path, value) } : given);
  const header = (name: unknown, value: string | undefined): ((given: Answer) => Answer) => (given) => (typeof name === 'string' ? { ...given, headers: withHeader(given.headers, name.toLowerCase(), value) } : given);
  const counted = [put(settings['totalPath'], total), put(settings['totalPagesPath'], pages), put(settings['hasMorePath'], !isLast), put(settings['donePath'], isLast)];
  const nextLink = link === undefined ? undefined : `<${link}>; rel="${typeof settings['rel'] === 'string' ? settings['rel'] : 'next'}"`;
  const own: Readonly<Record<string, () => ((given: Answer) => Answer)[]>> = {
    cursor: () => [put(settings['path'], (settings['in'] === 'url' ? link : token) ?? null)],
    'header-cursor': () => [header(settings['header'], settings['in'] === 'url' ? link : token)],
    'json-link': () => [put(settings['path'], link ?? null)],
    'header-link': () => [header(settings['header'], nextLink)],
    'header-url': () => [header(settings['header'], link)],
    'link-as-query': () => [settings['from'] === 'header' ? header(settings['header'], settings['header'] === 'link' ? nextLink : link) : put(settings['path'], link ?? null)],
    'graphql-cursor': () => [put(`${String(settings['connection'])}.pageInfo`, pageInfo(settings['direction'], token, isLast))],
    // The last page has one too: it ends where there are no records, or with the total.
    scroll: () => [put(settings['path'], token ?? 'end')],
    expression: () => [tokenOf(settings['token'], settings['in'] === 'url' ? link : token)],
    'relative-uri': () => [tokenOf(settings['value'], token)],
  };
  const made = Object.hasOwn(own, type) ? own[type]!() : [];
  return [...made, ...counted].reduce((given, change) => change(given), answer);
}

const isPut = (body: unknown): boolean => typeof body === 'object' && body !== null && !Array.isArray(body);

/** A strategy that goes backward has the same names for it, but for these. */
const pageInfo = (direction: unknown, token: string | undefined, isLast: boolean): object =>
  direction === 'backward' ? { startCursor: token ?? null, hasPreviousPage: !isLast } : { endCursor: token ?? null, hasNextPage: !isLast };

/** Puts a token where an expression reads it: `{{ response.x }}` or `{{ headers.x }}`; `{{ record.x }}` and `{{ page.x }}` are there already. */
function tokenOf(expression: unknown, token: string | undefined): (given: Answer) => Answer {
  const [, root, rest] = /\{\{\s*(response|headers)((?:\.[A-Za-z_]\w*|\["[^"]+"\])+)/.exec(String(expression)) ?? [];
  return (given) => {
    if (root === undefined || rest === undefined) return given;
    const name = /^\.([\w-]+)$|^\["([^"]+)"\]$/.exec(rest);
    if (root === 'headers') return name ? { ...given, headers: withHeader(given.headers, (name[1] ?? name[2])!.toLowerCase(), token) } : given;
    return isPut(given.body) ? { ...given, body: setAt(given.body, `$${rest}`, token ?? null) } : given;
  };
}

export function withHeader(headers: Readonly<Record<string, string>>, name: string, value: string | undefined): Readonly<Record<string, string>> {
  const { [name]: _old, ...others } = headers;
  return value === undefined ? others : { ...others, [name]: value };
}

/** The document with a value at a path that names one place; what is in the way makes room. */
export function setAt(document: unknown, path: string, value: unknown): unknown {
  const keys = pathKeys(path);
  if (!keys || keys.includes(everything)) return document;
  const put = (target: unknown, depth: number): unknown => {
    const key = keys[depth];
    if (key === undefined) return value;
    if (typeof key === 'number') {
      const list: unknown[] = Array.isArray(target) ? [...(target as unknown[])] : [];
      list[key] = put(list[key], depth + 1);
      return Array.from(list, (item) => item ?? null);
    }
    const object = isObject(target) ? target : {};
    return { ...object, [key as string]: put(Object.hasOwn(object, key as string) ? object[key as string] : undefined, depth + 1) };
  };
  return put(document, 0);
}

/** The document with records at the path where the endpoint has them. One wildcard may stand in it: `$.edges[*].node`. */
export function withRecords(document: unknown, path: string, records: readonly unknown[]): unknown {
  const keys = pathKeys(path) ?? [];
  const at = keys.indexOf(everything);
  if (keys.length === 0) return records;
  if (at < 0) return setAt(document ?? {}, path, records);
  const before = keys.slice(0, at);
  const behind = keys.slice(at + 1);
  const first = at === 0 ? document : compilePath(printPath(before)).get(document);
  const shape = Array.isArray(first) ? (first as unknown[])[0] : undefined;
  const items = records.map((record) => (behind.length === 0 ? record : setAt(isObject(shape) ? shape : {}, printPath(behind), record)));
  return at === 0 ? items : setAt(document ?? {}, printPath(before), items);
}

export function recordsIn(body: unknown, path: string): readonly unknown[] {
  if (typeof body !== 'object' || body === null) return body === undefined ? [] : [body];
  const found = compilePath(path).all(body);
  return found.length === 1 && Array.isArray(found[0]) ? (found[0] as unknown[]) : found;
}
