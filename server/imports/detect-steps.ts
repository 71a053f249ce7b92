import { isObject } from '../model/json.ts';
import { hidden } from '../model/secret-shapes.ts';
import { isAddress, recordsAt, valuesIn, type Sample } from './samples.ts';
import { cursorField, ends, pathOf, sizeParamOf, type Guess, type ListEndpoint } from './suggest-pagination.ts';

/** What a request has, by its place: `query page` → `2`. */
type Places = ReadonlyMap<string, string>;

/** Ways of paging that explain how one request came out of the answer before. They tell more than names do. */
export function stepsBetween(samples: readonly Sample[], list: ListEndpoint | undefined, records: string | undefined): Guess[] {
  const places = samples.map(placesOf);
  return samples.slice(1).flatMap((second, index) => step(samples[index]!, second, {
    list, records, nth: nthOf(index), answer: index === 0 ? 'the first answer' : 'the answer before',
    isRefuted: (place, name) => samples.slice(1).some((_, at) => leftOut(samples[at]!, name, [places[at]!.get(place), places[at + 1]!.get(place)])),
  }));
}

const nthOf = (index: number): string => ['second', 'third', 'fourth', 'fifth'][index] ?? `${index + 2}th`;

/** Whether a request has something else at a place than the answer before had under a name. */
function leftOut({ response }: Sample, name: string, [old, sent]: readonly [string | undefined, string | undefined]): boolean {
  const given = valuesIn(response?.body).get(name);
  return sent !== undefined && sent !== old && given !== undefined && String(given) !== sent;
}

function step(first: Sample, second: Sample, known: Known): Guess[] {
  const { url: from } = first.request ?? {};
  const { url: to } = second.request ?? {};
  if (from === undefined || to === undefined || !URL.canParse(from) || !URL.canParse(to)) return [];
  const [before, after] = [placesOf(first), placesOf(second)];
  const changed = [...after].filter(([place, value]) => before.get(place) !== value);
  const values = [...valuesIn(first.response?.body)].filter((entry): entry is [string, string | number] => (typeof entry[1] === 'string' && entry[1] !== '') || typeof entry[1] === 'number');
  const context: Context = { first, second, from, to, before, changed, values, ...known };
  const isElsewhere = new URL(from).pathname !== new URL(to).pathname;
  return [...byAddress(context), ...(isElsewhere ? elsewhere(context) : changed.flatMap(([place, value]) => byValue(context, place, value))), ...byTimes(context), ...byText(context)];
}

/** What is the same in all steps, and how this one is called. */
interface Known {
  readonly list: ListEndpoint | undefined;
  readonly records: string | undefined;
  /** Of the later request: `second`. */
  readonly nth: string;
  /** The answer in front of it: `the first answer`. */
  readonly answer: string;
  /** Whether some request got its value at a place from elsewhere than that name of the answer before. */
  isRefuted(place: string, name: string): boolean;
}

interface Context extends Known {
  readonly first: Sample;
  readonly second: Sample;
  readonly from: string;
  readonly to: string;
  readonly before: Places;
  /** Places of the second request that the first one has not, or with another value. */
  readonly changed: readonly (readonly [place: string, value: string])[];
  /** Texts and numbers of ${context.answer}. */
  readonly values: readonly (readonly [name: string, value: string | number])[];
}

const paramOf = (place: string): { readonly param: string; readonly in?: string } => {
  const [kind = '', name = ''] = [place.slice(0, place.indexOf(' ')), place.slice(place.indexOf(' ') + 1)];
  return kind === 'query' ? { param: name } : { param: name, in: kind };
};

const sizeOf = ({ list, before }: Context): { readonly sizeParam?: string; readonly size?: number } => {
  const name = list && sizeParamOf(list);
  const size = name === undefined ? undefined : Number(before.get(`query ${name}`));
  return name !== undefined && Number.isInteger(size) ? { sizeParam: name, size: size! } : {};
};

/** Without the parameters that an auth method adds, which are hidden. */
function unsigned({ origin, pathname, searchParams }: URL): string {
  return `${origin}${pathname}?${String(new URLSearchParams([...searchParams].filter(([, value]) => value !== hidden)))}`;
}

/** The second address stood in the first answer. */
function byAddress({ first, from, to, values, ...context }: Context): Guess[] {
  const leadsTo = (text: unknown): boolean => typeof text === 'string' && isAddress(text) && URL.canParse(text, from) && unsigned(new URL(text, from)) === unsigned(new URL(to));
  const sized = sizeOf({ first, from, to, values, ...context });
  const why = (where: string): string => `The ${context.nth} request went to the address that ${where} had.`;
  const inBody = values.filter(([, value]) => leadsTo(value)).flatMap(([name]): Guess[] => [
    { value: { type: 'json-link', settings: { path: pathOf(name), ...sized } }, score: 0.98, why: why(JSON.stringify(name)) },
    { value: { type: 'link-as-query', settings: { path: pathOf(name), ...sized } }, score: 0.85, why: `${why(JSON.stringify(name))} Its parameters may be sent with the request of the endpoint instead.` },
  ]);
  const inHeaders = Object.entries(first.response?.headers ?? {}).flatMap(([header, value]): Guess[] => {
    const link = /<([^>]*)>[^,]*rel="?next/.exec(value)?.[1];
    const asQuery: Guess = { value: { type: 'link-as-query', settings: { from: 'header', ...(header !== 'link' && { header }), ...sized } }, score: 0.85, why: `${why(`the header ${header}`)} Its parameters may be sent with the request of the endpoint instead.` };
    if (leadsTo(link)) return [{ value: { type: 'header-link', settings: sized }, score: 0.98, why: why(`the header ${header}`) }, asQuery];
    return leadsTo(value) ? [{ value: { type: 'header-url', settings: { header, ...sized } }, score: 0.98, why: why(`the header ${header}`) }, asQuery] : [];
  });
  return [...inBody, ...inHeaders];
}

/** A value of the second request that the first answer had, or that counts on. */
function byValue(context: Context, place: string, value: string): Guess[] {
  const { first, values, before, list, records, answer } = context;
  const where = paramOf(place);
  const sized = sizeOf(context);
  const guesses: Guess[] = [];
  const sent = `The ${context.nth} request sent ${JSON.stringify(value.slice(0, 40))} as ${JSON.stringify(where.param)}`;
  for (const [name, given] of values.filter(([known, given]) => String(given) === value && !context.isRefuted(place, known))) {
    const connection = /^(.*)\.pageInfo\.(endCursor|startCursor)$/.exec(name);
    if (connection) guesses.push({ value: { type: 'graphql-cursor', settings: { connection: pathOf(connection[1]!), ...(/^\$\.variables\.(\w+)$/.test(where.param) && { variable: where.param.split('.').at(-1) }), ...(connection[2] === 'startCursor' && { direction: 'backward' }) } }, score: 0.99, why: `${sent}, which was the cursor of the connection.` });
    const isCount = typeof given === 'number' && given < 1000 && !cursorField.test(name);
    guesses.push({ value: { type: 'cursor', settings: { path: pathOf(name), ...where, ...sized } }, score: isCount ? 0.6 : 0.97, why: `${sent}, which ${answer} had in ${JSON.stringify(name)}.` });
    guesses.push({ value: { type: 'expression', settings: { token: `{{ response.${name} }}`, ...where, ...sized } }, score: isCount ? 0.4 : 0.8, why: 'The same as an expression, for tokens that are made of several values.' });
  }
  for (const [header, given] of Object.entries(first.response?.headers ?? {})) if (given === value && value.length > 1) guesses.push({ value: { type: 'header-cursor', settings: { header, ...where, ...sized } }, score: 0.97, why: `${sent}, which ${answer} had in the header ${JSON.stringify(header)}.` });
  const found = records === undefined ? [] : recordsAt(first.response?.body, records);
  const last = found.at(-1);
  for (const [key, field] of Object.entries(isObject(last) ? last : {})) {
    if (String(field) !== value || (typeof field !== 'string' && typeof field !== 'number')) continue;
    guesses.push({ value: { type: 'keyset', settings: { key: pathOf(key), ...where, ...sized } }, score: 0.93, why: `${sent}, which is ${JSON.stringify(key)} of the last record before.` });
    guesses.push({ value: { type: 'expression', settings: { token: `{{ record.${key} }}`, ...where, ...sized } }, score: 0.85, why: `${sent}, which is ${JSON.stringify(key)} of the last record before.` });
  }
  if (!/^\d{1,9}$/.test(value)) return guesses;
  const [number, old] = [Number(value), before.get(place)];
  const end = list ? ends(list) : {};
  const isNamed = /page|^p$/i.test(where.param) ? 0.05 : 0;
  if (old === undefined ? number === 2 || number === 1 : number === Number(old) + 1) guesses.push({ value: { type: 'page-number', settings: { ...where, ...(Number(old ?? 1) !== 1 && { start: Number(old) }), ...(old === undefined && { skipFirst: true }), ...sized, ...end } }, score: 0.92 + isNamed, why: `${JSON.stringify(where.param)} went from ${old ?? 'nothing'} to ${value}.` });
  const moved = number - Number(old ?? 0);
  if (moved > 0 && (moved === sized.size || moved === found.length)) guesses.push({ value: { type: 'offset', settings: { ...where, ...sized, ...(sized.size === undefined && { by: 'received' }), ...end } }, score: guesses.some(({ value: { type } }) => type === 'keyset') && !/offset|skip|start|from/i.test(where.param) ? 0.84 : moved === 1 ? 0.9 : 0.96, why: `${JSON.stringify(where.param)} moved by ${moved}, ${moved === sized.size ? 'the page size' : 'the number of records'}.` });
  return guesses;
}

/** The second request went to another path. */
function elsewhere(context: Context): Guess[] {
  const { second, from, to, values, changed } = context;
  const [oldPath, newPath] = [new URL(from).pathname, new URL(to).pathname];
  const guesses: Guess[] = [];
  for (const [name, value] of values) {
    const part = encodeURIComponent(String(value));
    const segments = newPath.split('/');
    const at = segments.indexOf(part);
    const token = changed.find(([, sent]) => sent === String(value));
    if (token && /scroll|cursor|token|next/i.test(name)) guesses.push({ value: { type: 'scroll', settings: { path: pathOf(name), nextPath: newPath, ...(second.request?.method === 'GET' && { nextMethod: 'GET' }), ...paramOf(token[0]), in: paramOf(token[0]).in ?? 'query' } }, score: 0.95, why: `The ${context.nth} request took ${JSON.stringify(name)} of ${context.answer} to another path.` });
    if (at < 0) continue;
    const pattern = segments.toSpliced(at, 1, '{id}').join('/');
    const status = [...valuesIn(second.response?.body)].find(([field, given]) => /(^|[._])(status|state|phase)$/i.test(field) && typeof given === 'string');
    if (status) guesses.push({ value: { type: 'async-job', settings: { idPath: pathOf(name), pollPath: pattern, statusPath: pathOf(status[0]) } }, score: 0.96, why: `The ${context.nth} request asked for what ${JSON.stringify(name)} of ${context.answer} names, and got a status.` });
    const isSameShape = oldPath.split('/').length === segments.length && oldPath.split('/').filter((segment, index) => segment !== segments[index]).length === 1;
    const uri = segments.toSpliced(at, 1, '{value}').join('/');
    guesses.push({ value: { type: 'cursor', settings: { path: pathOf(name), in: 'path' } }, score: isSameShape ? 0.94 : 0.7, why: `The path of the second request has ${JSON.stringify(name)} of ${context.answer}.` });
    guesses.push({ value: { type: 'relative-uri', settings: { uri: `${uri}${new URL(to).search}`, value: `{{ response.${name} }}` } }, score: isSameShape ? 0.85 : 0.92, why: `The path of the second request has ${JSON.stringify(name)} of ${context.answer}.` });
  }
  const number = newPath.split('/').findIndex((segment, index) => /^\d{1,6}$/.test(segment) && segment !== oldPath.split('/')[index]);
  if (number > 0) guesses.push({ value: { type: 'relative-uri', settings: { uri: `${newPath.split('/').toSpliced(number, 1, '{number}').join('/')}${new URL(to).search}`, ...(context.list && ends(context.list)) } }, score: 0.7, why: 'The path of the second request has a number that counts on.' });
  return guesses;
}

/** A span of time that began where the one before ended. */
function byTimes({ before, changed }: Context): Guess[] {
  const times = changed.map(([place, value]) => ({ place, old: timeOf(before.get(place)), now: timeOf(value), value })).filter(({ old, now }) => old !== undefined && now !== undefined);
  return times.flatMap((begin) => times.filter((end) => end !== begin && begin.now === end.old && end.now! > begin.now!).map((end): Guess => {
    const format = /^\d{10}$/.test(begin.value) ? 'seconds' : /^\d{13}$/.test(begin.value) ? 'milliseconds' : /^\d{4}-\d{2}-\d{2}$/.test(begin.value) ? 'date' : 'date-time';
    const hours = Math.max(1, Math.round((begin.now! - begin.old!) / 3_600_000));
    const [step, unit] = hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour'];
    return { value: { type: 'date-window', settings: { from: new Date(begin.old!).toISOString(), step, unit, fromParam: paramOf(begin.place).param, toParam: paramOf(end.place).param, format } }, score: 0.97, why: `${JSON.stringify(paramOf(begin.place).param)} went on where ${JSON.stringify(paramOf(end.place).param)} had ended.` };
  }));
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{10}$/.test(text) ? Number(text) * 1000 : /^\d{13}$/.test(text) ? Number(text) : /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Bodies that are texts, such as XML: a search that goes on, or a page number. */
function byText({ first, second, ...context }: Context): Guess[] {
  const [before, after, answer] = [first.request?.body, second.request?.body, first.response?.body];
  if (typeof before !== 'string' || typeof after !== 'string' || typeof answer !== 'string' || before === after || !answer.trimStart().startsWith('<')) return [];
  const search = [...answer.matchAll(/<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>\s*([^<\s][^<]*?)\s*<\//g)].find(([, name, value]) => /id$/i.test(name!) && value!.length > 1 && after.includes(value!) && !before.includes(value!));
  if (search) return [{ value: { type: 'soap-search', settings: { more: after.replace(search[2]!, '{searchId}').replace(/(<(?:[\w.-]+:)?page-?index>)\d+/i, '$1{pageIndex}'), searchIdElement: search[1]! } }, score: 0.97, why: `The ${context.nth} request went on with <${search[1]}> of ${context.answer}.` }];
  const numbers = (text: string): string[] => text.match(/\d+/g) ?? [];
  const isCounted = numbers(before).length === numbers(after).length && before.replaceAll(/\d+/g, '0') === after.replaceAll(/\d+/g, '0') && numbers(after).some((number, index) => Number(number) === Number(numbers(before)[index]) + 1);
  return isCounted ? [{ value: { type: 'xml-page', settings: {} }, score: 0.95, why: `The ${context.nth} request is the one before with the next number in its XML.` }] : [];
}

function placesOf({ request }: Sample): Places {
  const places = new Map<string, string>();
  const { url = '', headers = {}, body } = request ?? {};
  if (URL.canParse(url)) for (const [name, value] of new URL(url).searchParams) places.set(`query ${name}`, value);
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'cookie') for (const [, key, part] of value.matchAll(/([^=;\s]+)=([^;]*)/g)) places.set(`cookie ${key}`, part!);
    else if (!/^(authorization|content-|accept|user-agent|idempotency)/.test(name)) places.set(`header ${name}`, value);
  }
  if (typeof body === 'string' && (headers['content-type'] ?? '').includes('urlencoded')) for (const [name, value] of new URLSearchParams(body)) places.set(`form ${name}`, value);
  for (const [name, value] of valuesIn(body)) if (typeof value === 'string' || typeof value === 'number') places.set(`body ${pathOf(name)}`, String(value));
  return places;
}
