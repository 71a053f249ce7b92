import type { PluginUse } from '../model/connector.ts';
import type { Proposal } from '../model/trial.ts';
import type { Suggestion } from './import-result.ts';
import type { Json } from './read-text.ts';

/** What is known of an endpoint that gives a list. */
export interface ListEndpoint {
  readonly endpoint: string;
  /** Names of the parameters in the query. */
  readonly query: readonly string[];
  /** Fields of the answer, `meta.next_cursor`, with their schemas. */
  readonly fields: ReadonlyMap<string, Json>;
  /** Headers of the answer, in lower case. */
  readonly headers: readonly string[];
}

/** How an endpoint seems to page, by the names in its description; the likeliest way only. */
export function suggestPagination(list: ListEndpoint): Suggestion | undefined {
  const [best] = guessPagination(list);
  return best && { kind: 'pagination', endpoint: list.endpoint, ...best };
}

/** All ways that the names allow, the likeliest first. */
export const guessPagination = (list: ListEndpoint): Guess[] =>
  [byCursor(list), byLink(list), byHeader(list), byPage(list), byOffset(list)].filter((guess) => guess !== undefined).sort((left, right) => right.score - left.score);

export type Guess = Proposal<PluginUse>;

const cursorParam = /^(cursor|(page|next|continuation|start|sync|pagination)[_-]?(token|cursor|key|marker)|marker|after|starting[_-]after|start[_-]after|next|pageAfter|after[_-]cursor|page\[(after|cursor)\])$/i;
export const cursorField = /(^|\.)(next[_-]?(cursor|page[_-]?token|token|marker|key)|cursor|end[_-]?cursor|continuation[_-]?token|after|last[_-]?id)$/i;
const linkField = /(^|\.)(next|next[_-]?(url|link|href|page[_-]?url|page[_-]?uri)|@odata\.nextLink)$/i;
export const moreField = /(^|\.)has[_-]?(more|next([_-]?page)?)$/i;
const sizeParam = /^(limit|size|per[_-]?page|page[_-]?size|max[_-]?results|count|first|take|results[_-]?per[_-]?page|hits[_-]?per[_-]?page|page\[(size|limit)\]|rows|top|\$top)$/i;
const pageParam = /^(page|page[_-]?(number|num|no|index)|p|page\[number\])$/i;
const offsetParam = /^(offset|skip|start|start[_-]?(index|at)|from|\$skip|page\[offset\])$/i;
export const totalField = /(^|\.)(total([_-]?(count|records|items|results|hits|elements))?|count|nb[_-]?hits)$/i;
const pagesField = /(^|\.)((total[_-]?)?pages|page[_-]?count|nb[_-]?pages|last[_-]?page|total[_-]?pages)$/i;

/** `meta.next` → `$.meta.next` */
export const pathOf = (field: string): string => `$${field.split('.').map((name) => (/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)).join('')}`;
const paramOf = ({ query }: ListEndpoint, pattern: RegExp): string | undefined => query.find((name) => pattern.test(name));
const typed = (schema: Json, ...types: string[]): boolean => schema['type'] === undefined || types.some((type) => schema['type'] === type || (Array.isArray(schema['type']) && schema['type'].includes(type)));
const fieldOf = ({ fields }: ListEndpoint, pattern: RegExp, ...types: string[]): string | undefined => [...fields].find(([name, schema]) => pattern.test(name) && typed(schema, ...types))?.[0];

function byCursor(list: ListEndpoint): Guess | undefined {
  const [param, field, more, size] = [paramOf(list, cursorParam), fieldOf(list, cursorField, 'string', 'integer'), fieldOf(list, moreField, 'boolean'), paramOf(list, sizeParam)];
  if (param === undefined || field === undefined) return undefined;
  const settings = { path: pathOf(field), param, ...(size !== undefined && { sizeParam: size, size: 100 }), ...(more !== undefined && { hasMorePath: pathOf(more) }) };
  return { value: { type: 'cursor', settings }, score: /next|end|cont/i.test(field) ? 0.9 : 0.7, why: `The answer has ${JSON.stringify(field)}, and the query takes ${JSON.stringify(param)}.` };
}

function byLink(list: ListEndpoint): Guess | undefined {
  const field = fieldOf(list, linkField, 'string');
  if (field === undefined) return undefined;
  const isUri = list.fields.get(field)?.['format'] === 'uri' || /url|link|href|uri|^links?\./i.test(field);
  return { value: { type: 'json-link', settings: { path: pathOf(field) } }, score: isUri ? 0.8 : 0.45, why: `The answer has ${JSON.stringify(field)}, which looks like the address of the next page.` };
}

function byHeader(list: ListEndpoint): Guess | undefined {
  const size = paramOf(list, sizeParam);
  return list.headers.includes('link') ? { value: { type: 'header-link', settings: { ...(size !== undefined && { sizeParam: size, size: 100 }) } }, score: 0.85, why: 'The answer has the header Link.' } : undefined;
}

/** The parameter of the page size, where there is one. */
export const sizeParamOf = (list: ListEndpoint): string | undefined => paramOf(list, sizeParam);

/** Totals and flags that end the pages, for the strategies that count. */
export function ends(list: ListEndpoint): Readonly<Record<string, string>> {
  const [pages, total, more] = [fieldOf(list, pagesField, 'integer', 'number'), fieldOf(list, totalField, 'integer', 'number'), fieldOf(list, moreField, 'boolean')];
  return pages !== undefined ? { totalPagesPath: pathOf(pages) } : more !== undefined ? { hasMorePath: pathOf(more) } : total !== undefined ? { totalPath: pathOf(total) } : {};
}

function byPage(list: ListEndpoint): Guess | undefined {
  const [param, size] = [paramOf(list, pageParam), paramOf(list, sizeParam)];
  if (param === undefined) return undefined;
  const end = ends(list);
  return { value: { type: 'page-number', settings: { param, ...(size !== undefined && { sizeParam: size, size: 100 }), ...end } }, score: 0.5 + (size === undefined ? 0 : 0.2) + (Object.keys(end).length > 0 ? 0.1 : 0), why: `The query takes ${JSON.stringify(param)}${size === undefined ? '' : ` and ${JSON.stringify(size)}`}. Whether the first page is 0 or 1 is not known.` };
}

function byOffset(list: ListEndpoint): Guess | undefined {
  const [param, size] = [paramOf(list, offsetParam), paramOf(list, sizeParam)];
  if (param === undefined || size === undefined) return undefined;
  const end = ends(list);
  return { value: { type: 'offset', settings: { param, sizeParam: size, ...end } }, score: /offset|skip/i.test(param) ? 0.75 + (Object.keys(end).length > 0 ? 0.1 : 0) : 0.4, why: `The query takes ${JSON.stringify(param)} and ${JSON.stringify(size)}.` };
}
