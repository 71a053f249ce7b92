import type { PluginUse } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import type { Detection, Proposal } from '../model/trial.ts';
import { stepsBetween } from './detect-steps.ts';
import { inferSchema, inferUnion, lookedAt } from '../model/infer-schema.ts';
import type { Json } from './read-text.ts';
import { isAddress, recordsAt, valuesIn, type Sample } from './samples.ts';
import { cursorField, guessPagination, moreField, pathOf, sizeParamOf, totalField, type Guess, type ListEndpoint } from './suggest-pagination.ts';

/**
 * Where the records of an endpoint seem to be, how it seems to page, and what a record is like. One answer tells by its names; what two requests one after the
 * other have in common with the answer between them tells more. Nothing of it is certain.
 */
export function detect(samples: readonly Sample[]): Detection {
  const answered = samples.filter(({ response }) => response !== undefined && (response.status ?? 200) < 400);
  const records = recordPlaces(answered);
  const [place] = records;
  const found = place ? answered.flatMap(({ response }) => recordsAt(response?.body, place.value)) : [];
  const list = listOf(answered);
  const guesses = [...(list ? guessPagination(list) : []), ...bySigns(answered, list, place?.value), ...stepsBetween(answered, list, place?.value)];
  const record = found.length > 0 ? inferUnion(found) : undefined;
  const looked = lookedAt(found);
  return { records, pagination: guesses.length === 0 && isPart(answered, found.length) ? [] : bestOf(guesses), ...(record && { record }), ...(looked && { looked }) };
}

/** Whether an answer says itself that there is more than was read. */
const isPart = (samples: readonly Sample[], read: number): boolean =>
  read > 0 && samples.some(({ response }) => [...valuesIn(response?.body)].some(([name, value]) => (totalField.test(name) && Number(value) > read) || (moreField.test(name) && value === true)));

/** The likeliest guess of each type. */
function bestOf(guesses: readonly Guess[]): Proposal<PluginUse>[] {
  const best = new Map<string, Guess>();
  for (const guess of guesses) if (guess.score > (best.get(guess.value.type)?.score ?? 0)) best.set(guess.value.type, guess);
  const sorted = [...best.values()].sort((left, right) => right.score - left.score);
  return sorted.length > 0 ? sorted : [{ value: { type: 'single-page' }, score: 0.5, why: 'Nothing in the answers leads to a further page.' }];
}

const usualNames = /^(data|items|results|records|values|entries|content|value|objects|rows|list|members|nodes|edges|hits)$/i;
const otherNames = /^(errors?|warnings?|_?links?|included|files|sort|facets?|aggregations?)$/i;

/** Lists of objects in the answers. */
function recordPlaces(samples: readonly Sample[]): Proposal<string>[] {
  const places = new Map<string, { score: number; count: number }>();
  for (const { response } of samples) {
    for (const { keys, items } of listsIn(response?.body, [])) {
      const isEdges = items.every((item) => isObject(item) && isObject(item['node']));
      const whole = keys.length === 0 ? '$' : `$${keys.map((key) => (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('')}`;
      const name = keys.at(-1) ?? '';
      const score = Math.min(0.99, 0.55 + (keys.length === 0 ? 0.35 : 0) + (usualNames.test(name) ? 0.25 : 0) + Math.min(0.15, items.length * 0.02) - keys.length * 0.04 - (otherNames.test(name) ? 0.4 : 0));
      const known = places.get(isEdges ? `${whole}[*].node` : whole) ?? { score: 0, count: 0 };
      places.set(isEdges ? `${whole}[*].node` : whole, { score: Math.max(known.score, score), count: known.count + items.length });
    }
  }
  return [...places].map(([value, { score, count }]) => ({ value, score: Number(score.toFixed(2)), why: `There are ${count} objects in the list${samples.length > 1 ? ` of ${samples.length} answers` : ''}.` })).sort((left, right) => right.score - left.score).slice(0, 5);
}

function listsIn(value: unknown, keys: readonly string[]): { readonly keys: readonly string[]; readonly items: readonly unknown[] }[] {
  if (Array.isArray(value)) return value.length > 0 && value.every(isObject) ? [{ keys, items: value as readonly unknown[] }] : [];
  if (!isObject(value) || keys.length >= 5) return [];
  return Object.entries(value).flatMap(([name, part]) => listsIn(part, [...keys, name]));
}

/** What names tell, of the first answer that has fields. */
function listOf(samples: readonly Sample[]): ListEndpoint | undefined {
  const shown = samples.find(({ response }) => isObject(response?.body)) ?? samples[0];
  if (!shown) return undefined;
  const { request, response } = shown;
  const query = request?.url !== undefined && URL.canParse(request.url) ? [...new Set(new URL(request.url).searchParams.keys())] : [];
  return { endpoint: '', query, fields: fieldsIn(response?.body), headers: Object.keys(response?.headers ?? {}).map((name) => name.toLowerCase()) };
}

/** Fields that are no lists, outside of the records: `meta.next` → its schema. */
function fieldsIn(body: unknown): ReadonlyMap<string, Json> {
  return new Map([...valuesIn(body)].map(([name, value]) => [name, typeof value === 'string' && isAddress(value) ? { type: 'string', format: 'uri' } : inferSchema(value)]));
}

/** Signs in single answers that names of parameters do not tell. */
function bySigns(samples: readonly Sample[], list: ListEndpoint | undefined, records: string | undefined): Guess[] {
  const guesses: Guess[] = [];
  const size = list && sizeParamOf(list);
  const sized = size === undefined ? {} : { sizeParam: size };
  for (const { response } of samples) {
    const { body, headers = {} } = response ?? {};
    const values = valuesIn(body);
    for (const [name, value] of values) {
      const connection = /^(.*)\.pageInfo\.(endCursor|startCursor)$/.exec(name);
      if (connection) guesses.push({ value: { type: 'graphql-cursor', settings: { connection: pathOf(connection[1]!), ...(connection[2] === 'startCursor' && { direction: 'backward' }) } }, score: 0.95, why: 'The answer has "pageInfo", as connections of GraphQL do.' });
      const [, , cursor] = /(^|\.)(?:next[_-]?)?(cursor|(?:page|continuation)[_-]?token|token|marker)$/i.exec(name) ?? [];
      // A first request has none yet.
      if (cursor !== undefined && cursorField.test(name) && typeof value === 'string' && value !== '' && !isAddress(value)) guesses.push({ value: { type: 'cursor', settings: { path: pathOf(name), param: `${cursor[0]!.toLowerCase()}${cursor.slice(1)}`, ...sized } }, score: 0.6, why: `The answer has ${JSON.stringify(name)}. What the parameter is called that takes it is a guess.` });
      if (/(^|[._])scroll_?id$/i.test(name) && typeof value === 'string') guesses.push({ value: { type: 'scroll', settings: { path: pathOf(name) } }, score: 0.85, why: `The answer has ${JSON.stringify(name)}, as scrolls do.` });
      if (/(^|\.)(next|next[_-]?(url|link|href|page))$/i.test(name) && typeof value === 'string' && isAddress(value) && /\?/.test(value)) guesses.push({ value: { type: 'link-as-query', settings: { path: pathOf(name), ...sized } }, score: 0.55, why: `The address in ${JSON.stringify(name)} could be taken apart instead of being followed.` });
    }
    for (const [name, value] of Object.entries(headers)) {
      if (/^x-.*next|^next/i.test(name) && isAddress(value)) guesses.push({ value: { type: 'header-url', settings: { header: name, ...sized } }, score: 0.9, why: `The header ${JSON.stringify(name)} holds an address.` });
      else if (/(next|cursor|continuation)/i.test(name) && name.startsWith('x-') && value !== '') guesses.push({ value: { type: 'header-cursor', settings: { header: name, ...sized } }, score: 0.7, why: `The header ${JSON.stringify(name)} looks like the token of the next page.` });
      if (name.toLowerCase() === 'link' && /rel="?next/.test(value)) guesses.push({ value: { type: 'header-link', settings: sized }, score: 0.95, why: 'The header Link names the next page.' }, { value: { type: 'link-as-query', settings: { from: 'header', ...sized } }, score: 0.5, why: 'The address in the header Link could be taken apart instead of being followed.' });
    }
    if (typeof body === 'string' && body.trimStart().startsWith('<')) guesses.push(...byXml(body));
    if (response?.status === 202 && isObject(body) && records === undefined) guesses.push({ value: { type: 'async-job', settings: {} }, score: 0.5, why: 'The answer says that work has begun (status 202).' });
  }
  return guesses;
}

function byXml(xml: string): Guess[] {
  const element = (pattern: RegExp): string | undefined => [...xml.matchAll(/<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>\s*[^<\s][^<]*<\//g)].map(([, name]) => name!).find((name) => pattern.test(name));
  const [search, pages, total, index] = [element(/^search-?id$/i), element(/^total-?pages$|^page-?count$/i), element(/^total(-?(count|records|results|items))?$/i), element(/^page-?(index|number)$/i)];
  return [
    ...(search !== undefined && pages !== undefined ? [{ value: { type: 'soap-search', settings: { more: '', searchIdElement: search, totalPagesElement: pages, ...(index !== undefined && { pageIndexElement: index }) } }, score: 0.9, why: `The answer has <${search}> and <${pages}>, as searches of SOAP do.` }] : []),
    ...(total !== undefined || pages !== undefined ? [{ value: { type: 'xml-page', settings: total !== undefined ? { totalElement: total } : { totalPagesElement: pages! } }, score: 0.75, why: `The answer is XML and has <${total ?? pages}>.` }] : []),
  ];
}
