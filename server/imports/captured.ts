import type { ConnectorManifest, PluginUse } from '../model/connector.ts';
import { FlowError } from '../../plugins/sdk/index.ts';
import { isObject } from '../model/json.ts';
import { freeParam } from '../model/words.ts';
import { chooseAuth, createAuthBook } from './auth-choice.ts';
import { createBaseUrls } from '../model/base-urls.ts';
import { readEndpoints, type Found } from './endpoints-of.ts';
import { resultOf, type ImportResult, type Report } from './import-result.ts';
import type { GraphqlRequest } from './graphql-body.ts';
import { inferSchema } from '../model/infer-schema.ts';
import { createResolve } from './references.ts';
import { exampleBody, takeFromPath, takeSecrets, withoutSecrets, type Pair } from './secret-values.ts';
import { secretIn } from './secret-segments.ts';
import { literal, slugOf } from './words.ts';

/** A request that was written down or recorded, with its answer where there is one. */
export interface Captured {
  readonly name?: string;
  readonly summary?: string;
  readonly method: string;
  /** `https://shop.test`, or what a collection calls it: `{{shop_url}}`; empty where nothing is known. */
  readonly origin: string;
  /** With `{name}` for what varies. */
  readonly path: string;
  /** Values of what varies. */
  readonly values: Readonly<Record<string, string>>;
  readonly query: readonly Pair[];
  /** What the query can hold beside it. */
  readonly optional?: readonly Pair[];
  readonly headers: readonly Pair[];
  /** `value`: parsed, where the type is JSON or a form; else the text. */
  readonly body?: { readonly mediaType: string; readonly value: unknown; /** Types of the fields of a form that have one. */ readonly fieldTypes?: Readonly<Record<string, string>>; /** What its header says, where it goes out as it is whatever that is. */ readonly sentAs?: string; /** Its value is what a GraphQL server is asked. */ readonly graphql?: GraphqlRequest };
  /** Methods that sign together, beside those that its headers show. */
  readonly auth?: Readonly<Record<string, PluginUse>>;
  /** Milliseconds for the request. */
  readonly timeoutMs?: number;
  readonly answer?: { readonly status: number; readonly mediaType: string; readonly headers: readonly Pair[]; readonly value: unknown };
}

export interface CapturedSource {
  readonly title: string | undefined;
  readonly summary?: string;
  readonly source: string;
  readonly report: Report;
  /** Whether requests of one method and path are one endpoint. */
  readonly isMerged: boolean;
  /** Auth methods of all requests. */
  readonly auth?: Readonly<Record<string, PluginUse>>;
}

/** A connector out of requests. The origin that most of them go to is the base address. */
export function connectorOfRequests({ title, summary, source: origin, report, isMerged, auth: shared = {} }: CapturedSource, requests: readonly Captured[]): ImportResult {
  if (requests.length === 0) throw new FlowError('DATA_INVALID', 'There is no request in it that an endpoint could be made of.', { remedy: 'Give one with at least one request to an API.' });
  const base = mostOf(requests.map((request) => request.origin));
  const own = requests.filter((request) => {
    if (!isMerged || request.origin === base) return true;
    // A page asks many that are no part of its API.
    report.skip(`${request.method} ${request.origin}${request.path}`, `Requests to ${base} were taken; import those to another host by themselves.`);
    return false;
  });
  const urls = createBaseUrls(base);
  const book = createAuthBook();
  // What signs at one host is not sent to another, unless all requests have it.
  const isShared = (use: PluginUse): boolean => Object.values(shared).some((other) => JSON.stringify(other) === JSON.stringify(use));
  const enter = (methods: Readonly<Record<string, PluginUse>>, at?: string): string[] => [...new Set(Object.entries(methods).map(([name, use]) => (at === undefined || isShared(use) ? book.add(name, use) : book.add(`${name}-${slugOf(at)}`, use, at))))];
  enter(shared);
  const addresses: Record<string, object> = {};
  const taken = own.map((request): Cleaned => {
    const baseUrl = request.origin === '' ? undefined : urls.nameOf(request.origin, () => addressIn(request.origin, addresses));
    const where = `${request.method} ${request.path}`;
    const { headers, query, auth } = takeSecrets(report, { headers: request.headers.filter(([name]) => !transport.test(name)), query: request.query }, where);
    const { query: optional } = takeSecrets(report, { headers: [], query: request.optional ?? [] }, where);
    for (const [part, what] of [[request.body, 'body'], [request.answer, 'answer']] as const) exampleBody(report, shortened(part?.value), `The ${what} of ${where}`, isForm(part?.mediaType));
    return { ...request, headers, query, optional, values: takeFromPath(report, request.values, where), baseUrl, signs: enter({ ...request.auth, ...auth }, baseUrl) };
  });
  // Only now are all secrets known, wherever they stand.
  const cleaned = taken.map((request): Cleaned => ({ ...request, ...(request.name !== undefined && { name: report.clean(request.name) }), ...(request.summary !== undefined && { summary: report.clean(request.summary) }) }));
  const groups = isMerged ? [...Map.groupBy(cleaned, ({ method, path }) => `${method} ${path}`).values()] : cleaned.map((request) => [request]);
  const { auth, ofEndpoints } = chooseAuth(book.methods, undefined, groups.map((group) => mostSigned(group)).map((signs) => (signs.length > 0 ? [signs] : [])));
  const endpoints = readEndpoints({ report, resolve: createResolve({}, report) }, groups.map((group, index) => ({ ...operationOf(group), baseUrl: group[0]!.baseUrl, auth: ofEndpoints[index] })));
  // Requests that no endpoint could be made of leave no address behind.
  const asked = new Set(Object.values(endpoints).map(({ baseUrl }) => baseUrl));
  const baseUrls = Object.fromEntries(Object.entries(urls.baseUrls).filter(([name]) => asked.has(name)));
  const variables = Object.fromEntries(Object.entries(addresses).filter(([name]) => Object.values(baseUrls).some((address) => address.includes(`instance.${name} `))));
  const fallback = URL.canParse(base) ? new URL(base).hostname.replace(/^(www|api)\./, '') : 'Imported API';
  const isKnown = base !== '' && !base.includes('{{');
  const origins = Object.values(auth).flatMap(({ settings }) => (typeof settings?.['tokenUrl'] === 'string' && URL.canParse(settings['tokenUrl']) ? [new URL(settings['tokenUrl']).origin] : []));
  const allowedOrigins = [...new Set(origins)].filter((origin) => origin !== base && !Object.values(baseUrls).includes(origin));
  const manifest: ConnectorManifest = {
    version: 1, title: title?.trim() || fallback, ...(summary && { summary }), source: origin, baseUrl: isKnown ? literal(base) : '{{ instance.url }}',
    ...(Object.keys(baseUrls).length > 0 && { baseUrls }), ...((!isKnown || Object.keys(variables).length > 0) && { variables: { ...(!isKnown && { url: { type: 'string', title: 'Address', description: 'Address of the API, without a slash at its end.' } }), ...variables } }), ...(Object.keys(auth).length > 0 && { auth }), ...(allowedOrigins.length > 0 && { allowedOrigins }), endpoints,
  };
  return resultOf(report, manifest, requests.length);
}

/** Of requests to one endpoint, some may be asked before a login, or leave a token out. */
const mostSigned = (group: readonly Cleaned[]): readonly string[] => group.reduce<readonly string[]>((most, { signs }) => (signs.length > most.length ? signs : most), []);

function mostOf(origins: readonly string[]): string {
  const groups = Map.groupBy(origins, (origin) => origin);
  return [...groups].toSorted(([, left], [, right]) => right.length - left.length)[0]![0];
}

/** An address as it stands in a manifest. One that a collection leaves open is for the instance to give. */
function addressIn(origin: string, variables: Record<string, object>): string {
  if (!origin.includes('{{')) return literal(origin);
  const name = freeParam(origin.replace(/^https?:/i, '').replaceAll(/\W+/g, '_'), (taken) => taken === 'url' || Object.hasOwn(variables, taken));
  variables[name] = { type: 'string', title: name, description: `Address that the collection calls ${origin}, without a slash at its end.` };
  return `{{ instance.${name} }}`;
}

interface Cleaned extends Captured {
  /** Name of its address, where that is not the base address. */
  readonly baseUrl: string | undefined;
  /** Names of the methods that sign it. */
  readonly signs: readonly string[];
}

/** Headers that a client sets by itself, or that tell about the browser. */
const transport = /^(:|sec-|proxy-|if-(none-match|modified-since|range)|x-requested-with$|postman-token$)|^(host|user-agent|accept-encoding|accept-language|content-length|content-type|connection|origin|referer|pragma|cache-control|dnt|te|priority|upgrade-insecure-requests|keep-alive|transfer-encoding|range)$/i;

/** Requests of one method and path as an operation. A value that all have is the default, and is sent. */
function operationOf(group: readonly Captured[]): Found {
  const first = group[0]!;
  const answered = group.filter(({ answer }) => answer && answer.status < 400).concat(group.filter(({ answer }) => answer))[0]?.answer;
  const { body } = group.find((request) => request.body) ?? first;
  return {
    method: first.method, path: first.path, item: {}, headers: { ...acceptOf(first), ...(body?.sentAs !== undefined && { 'content-type': literal(body.sentAs) }) },
    ...(body?.graphql && { graphql: body.graphql }), ...(first.timeoutMs !== undefined && { timeoutMs: first.timeoutMs }),
    operation: {
      ...(first.name !== undefined && { summary: first.name, operationId: first.name }), ...(first.summary !== undefined && { description: first.summary }),
      parameters: [
        ...Object.entries(first.values).map(([name, value]) => ({ name, in: 'path', required: true, schema: typeOfText(value), ...(value !== '' && { example: exampleOfText(value) }) })),
        ...paramsOf('query', group), ...paramsOf('header', group), ...optionalOf(first),
      ],
      ...(body && !body.graphql && { requestBody: { content: { [body.mediaType]: { ...content(body), ...(body.fieldTypes && { encoding: Object.fromEntries(Object.entries(body.fieldTypes).map(([name, contentType]) => [name, { contentType }])) }) } } } }),
      responses: answered ? { [answered.status]: { headers: Object.fromEntries(answered.headers), ...(answered.mediaType && answered.value !== undefined && { content: { [answered.mediaType]: content(answered) } }) } } : {},
    },
  };
}

/** What is asked for counts where it is a type that only an API has. */
function acceptOf({ headers }: Captured): Readonly<Record<string, string>> {
  const accept = headers.filter(([name]) => /^accept$/i.test(name)).map(([, value]) => value).join(', ');
  const isPlain = /\*\/\*|text\/html|\{\{/.test(accept) || accept.split(',').every((type) => /^\s*((application\/json|text\/plain)\s*(;.*)?)?$/.test(type));
  return isPlain ? {} : { accept: literal(accept) };
}

const isForm = (mediaType = ''): boolean => /urlencoded|form-data/.test(mediaType);

function content({ value, mediaType }: { readonly value: unknown; readonly mediaType: string }): object {
  const shown = withoutSecrets(shortened(value), undefined, isForm(mediaType));
  return { example: shown, ...(typeof value === 'object' && value !== null && { schema: inferSchema(value) }) };
}

/** The first items of a list tell what the others are like. */
export function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 2).map(shortened);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shortened(field)])) : value;
}

function paramsOf(place: 'query' | 'header', group: readonly Captured[]): object[] {
  const given = group.map((request) => Map.groupBy(place === 'query' ? request.query : request.headers.filter(([name]) => !/^accept$/i.test(name)), ([name]) => (place === 'header' ? name.toLowerCase() : name)));
  const names = new Set(given.flatMap((pairs) => [...pairs.keys()]));
  return [...names].map((name) => {
    const values = given.map((pairs) => pairs.get(name)?.map(([, value]) => value));
    const [first] = values.filter((value) => value !== undefined);
    // A variable that has no value is for a step to give.
    const isOpen = first!.some((value) => value.includes('{{'));
    const isSame = !isOpen && values.every((value) => JSON.stringify(value) === JSON.stringify(first));
    const isList = first!.length > 1;
    if (isOpen) return { name, in: place, schema: isList ? { type: 'array', items: { type: 'string' } } : { type: 'string' }, explode: true };
    const value = isList ? first! : exampleOfText(first![0]!);
    const schema = isList ? { type: 'array', items: { type: 'string' } } : typeOfText(first![0]!);
    return { name, in: place, example: value, schema: { ...schema, ...(isSame && { default: value }) }, ...(isSame && { required: true }), explode: true };
  });
}

const optionalOf = ({ query, optional = [] }: Captured): object[] =>
  optional.filter(([name]) => !query.some(([known]) => known === name)).map(([name, value]) => ({ name, in: 'query', ...(value !== '' && !value.includes('{{') && { example: exampleOfText(value) }), schema: { type: 'string' } }));

// A number with zeros before it, or of so many digits that some would be lost, is a text.
const isNumber = (text: string): boolean => /^-?(0|[1-9]\d{0,14})$/.test(text) && text !== '-0';
const typeOfText = (text: string): { readonly type: string } => ({ type: isNumber(text) ? 'integer' : /^(true|false)$/.test(text) ? 'boolean' : 'string' });
const exampleOfText = (text: string): unknown => (isNumber(text) ? Number(text) : /^(true|false)$/.test(text) ? text === 'true' : text);

const openPart = /\{\{\s*([^{}]+?)\s*\}\}/;

/** The parts of an address that vary from record to record, by their look: numbers, UUIDs and long ids. */
export function templatePath(path: string): { readonly path: string; readonly values: Readonly<Record<string, string>> } {
  const values: Record<string, string> = {};
  const parts = path.split('/');
  const made = parts.map((part, index) => {
    const text = decoded(part);
    // What a client fills in.
    if (openPart.test(text)) return text.split(openPart).map((piece, at) => {
      if (at % 2 === 0) return encodeURIComponent(piece);
      values[piece] = 'text';
      return `{${piece}}`;
    }).join('');
    const secret = index > 0 ? secretIn(text, decoded(parts[index - 1] ?? '')) : undefined;
    if (secret !== undefined) {
      const name = nameAfter(secret.name, values);
      values[name] = secret.value;
      return `${secret.before}{${name}}`;
    }
    if (!/^(\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|[A-Za-z]*_[A-Za-z0-9]{10,}|(?=\w*\d\w*\d\w*\d)[A-Za-z0-9_-]{20,})$/.test(text) || index === 0) return part;
    // `/1/indexes`: a number at the beginning is a version.
    if (/^\d{1,2}$/.test(text) && parts.slice(0, index).every((before) => before === '' || /^(api|rest)$/i.test(before))) return part;
    const name = nameAfter(parts[index - 1] ?? '', values);
    values[name] = text;
    return `{${name}}`;
  });
  return { path: made.join('/'), values };
}

export function nameAfter(before: string, taken: object): string {
  const word = decoded(before).replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/ies$/i, 'y').replace(/(?<=[^s])s$/i, '').replace(/^[^A-Za-z]+/, '');
  const name = word === '' ? 'id' : `${word.toLowerCase()}_id`;
  return Object.hasOwn(taken, name) ? `${name}_${Object.keys(taken).length + 1}` : name;
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
