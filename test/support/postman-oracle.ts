import { Agent } from 'node:http';
import { connect } from 'node:net';
import newman from 'newman';
import type { HttpRequest } from '../../plugins/sdk/index.ts';
import { createPayload } from '../../server/engine/payload.ts';
import type { ImportResult } from '../../server/imports/import-result.ts';
import type { ConnectorManifest, EndpointManifest } from '../../server/model/connector.ts';
import { openTransport } from '../../server/runner/transport.ts';
import { call, connectorHost } from './connector-host.ts';
import { differencesOf, meaningOf, type Arrived, type Meaning, type Wire } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const rows = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

export interface ComparedItem {
  readonly name: string;
  readonly item: Item;
  readonly differences: readonly string[];
  readonly ours: Arrived | undefined;
  readonly theirs: Arrived | undefined;
}

/** A request of a collection, as it is written there. */
export interface Item {
  readonly name: string;
  readonly request: Json;
}

export const itemsOf = (items: unknown): Item[] => rows(items).flatMap((item) => (Array.isArray(item['item']) ? itemsOf(item['item']) : isObject(item['request']) ? [{ name: String(item['name']), request: item['request'] }] : []));

/** Values of the variables that a collection leaves open. */
export const openValue = (name: string): string => `v${name.replaceAll(/[^A-Za-z0-9]/g, '')}`;

/** Runs a collection by newman, and each of its requests that was imported by Patchbay; those that were not are left out, for the report names them. */
export async function compareCollection(wire: Wire, collection: Json, { manifest }: ImportResult): Promise<ComparedItem[]> {
  const values = [...new Set([...JSON.stringify(collection).matchAll(/\{\{([^{}"]+)\}\}/g)].map(([, name]) => (JSON.parse(`"${name!}"`) as string).trim()))].filter((name) => !valuesOf(collection).has(name) && !name.startsWith('$')).map((key) => ({ key, value: openValue(key) }));
  const theirs = await runNewman(wire, collection, values);
  await using transport = openTransport();
  const redirected = { send: (request: HttpRequest, options: Parameters<typeof transport.send>[1]) => transport.send({ ...request, url: request.url.replace(/^https?:\/\/[^/?#]*/i, wire.origin) }, options) };
  const found: ComparedItem[] = [];
  const endpoints = Object.entries(manifest.endpoints);
  const all = itemsOf(collection['item']);
  let next = 0;
  for (const [index, item] of all.entries()) {
    const [name, endpoint] = endpoints[next] ?? [];
    const sent = theirs[index];
    if (name === undefined || !endpoint || !isOf(endpoint, item) || !sent) continue;
    next++;
    const host = connectorHost({ connector: manifest, instance: { settings: Object.fromEntries(Object.keys(manifest.variables ?? {}).map((variable) => [variable, 'https://instance.test'])), credentials: credentialsIn(manifest, sent) }, transport: redirected });
    const called = await call(host, { endpoint: name, params: paramsOf(collection, endpoint, item, values), payload: createPayload({ id: 'p', ...payloadOf(endpoint, sent) }) });
    const [ours] = wire.take();
    const differences = ours ? [...differencesOf(meaningOf(ours), meaningOf(sent)), ...acceptOf(ours, sent)] : [`Patchbay sent nothing: ${called.error?.message ?? called.failed[0]?.message ?? ''}`];
    found.push({ name: item.name, item, ours, theirs: sent, differences });
  }
  return found;
}

/** Variables of a collection that have a value. */
const valuesOf = (collection: Json): ReadonlyMap<string, string> => new Map(rows(collection['variable']).filter((row) => row['disabled'] !== true && row['value'] !== '' && row['value'] !== undefined && row['value'] !== null).map((row) => [String(row['key'] ?? row['id']), String(row['value'])]));
const isOf = ({ title, method }: EndpointManifest, { name, request }: Item): boolean => (request['method'] ?? 'GET') === method && title.slice(0, 10).replaceAll(/\W/g, '') === name.trim().slice(0, title.length).slice(0, 10).replaceAll(/\W/g, '');

/** By number of the request in the collection. */
async function runNewman(wire: Wire, collection: Json, values: readonly { readonly key: string; readonly value: string }[]): Promise<(Arrived | undefined)[]> {
  const port = Number(new URL(wire.origin).port);
  const toWire = (protocol: string, defaultPort: number): Agent => Object.assign(new Agent({ keepAlive: true, defaultPort }), { protocol, createConnection: () => connect(port, '127.0.0.1') });
  const sent: (Arrived | undefined)[] = [];
  wire.take();
  await new Promise<void>((resolve, reject) => {
    const run = newman.run({ collection, environment: { values }, requestAgents: { http: toWire('http:', 80), https: toWire('https:', 443) }, ignoreRedirects: true }, (error) => (error ? reject(error) : resolve()));
    run.on('item', () => void sent.push(wire.take()[0]));
  });
  return sent;
}

/** What an endpoint's example says, and what the collection leaves open. */
function paramsOf(collection: Json, { params = {}, examples }: EndpointManifest, { request }: Item, values: readonly { readonly key: string; readonly value: string }[]): Json {
  const given = new Map([...valuesOf(collection), ...values.map(({ key, value }) => [key, value] as const)]);
  const opened = new Set(values.map(({ key }) => key));
  let isFilledOpen = false;
  const fill = (text: string): string => {
    let filled = text;
    for (let round = 0; round < 5; round++) filled = filled.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (whole, name: string) => ((isFilledOpen ||= opened.has(name)), given.get(name) ?? whole));
    return filled;
  };
  const inAddress = (text: string): string => text.replaceAll('+', ' ').replaceAll(/(%[\da-f]{2})+/gi, decodeURIComponent);
  const url = isObject(request['url']) ? request['url'] : {};
  const open = new Map<string, { readonly values: readonly string[]; readonly isOpen: boolean }>();
  const note = (place: string, name: unknown, value: unknown): void => {
    const text = typeof value === 'string' ? value : '';
    const { values: before = [], isOpen = false } = open.get(`${place} ${String(name)}`) ?? {};
    isFilledOpen = false;
    const filled = place === 'query' ? inAddress(fill(text)) : fill(text);
    open.set(`${place} ${String(name)}`, { values: [...before, filled], isOpen: isOpen || isFilledOpen });
  };
  const text = typeof request['url'] === 'string' ? request['url'] : '';
  for (const pair of text.includes('?') ? text.slice(text.indexOf('?') + 1).split('&') : []) note('query', pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1));
  for (const row of rows(url['query'])) if (row['disabled'] !== true) note('query', row['key'], row['value']);
  for (const row of rows(request['header'])) if (row['disabled'] !== true) note('header', String(row['key']).toLowerCase(), row['value']);
  for (const row of rows(url['variable'])) note('path', row['key'], row['value']);
  const parts = typeof url['path'] === 'string' ? url['path'].split('/') : [url['path'] ?? text.split('?', 1)[0]!.split('/')].flat().map(String);
  // One that has no value stands in the address as it is.
  for (const part of parts) if (part.startsWith(':') && !rows(url['variable']).some((row) => row['key'] === part.slice(1) && ![undefined, null, ''].includes(row['value'] as string | null))) open.set(`path ${part.slice(1)}`, { values: [part], isOpen: true });
  for (const part of parts) for (const [, name] of part.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)) note('path', name, `{{${name!}}}`);
  const named = Object.entries(params).flatMap(([name, param]) => {
    const { values: found = [], isOpen = false } = open.get(`${param.in} ${param.in === 'header' ? (param.name ?? name).toLowerCase() : (param.name ?? name)}`) ?? {};
    // A name that stands for several values has all of them.
    const all = param.in === 'path' ? found.slice(0, 1) : found;
    return isOpen ? [[name, all.length === 1 ? all[0] : all] as const] : [];
  });
  return { ...examples?.[0]?.request?.params, ...Object.fromEntries(named) };
}

/** What newman sent, as a flow would give it. How it is written again is what is compared. */
function payloadOf({ body }: EndpointManifest, sent: Arrived): { readonly body: unknown; readonly mediaType?: string } {
  const { body: value, headers } = meaningOf(sent);
  if (!body || body.format === 'none' || value === undefined) return body?.format === 'text' ? { body: '', mediaType: 'text/plain' } : { body: null };
  if (body.format === 'form') return { body: Object.fromEntries(Object.entries(value as Readonly<Record<string, readonly string[]>>).map(([name, all]) => [name, all.length === 1 ? all[0] : all])) };
  if (body.format === 'multipart') {
    const parts = value as readonly { readonly name: string; readonly file?: string; readonly type: string; readonly content: string }[];
    const fields = parts.map(({ name, file, type, content }) => [name, file === undefined ? content : { fileName: file, mediaType: type, text: content }] as const);
    return { body: Object.fromEntries(Array.from(Map.groupBy(fields, ([name]) => name), ([name, all]) => [name, all.length === 1 ? all[0]![1] : all.map(([, field]) => field)])) };
  }
  return body.format === 'text' ? { body: String(value), mediaType: headers['content-type'] ?? 'text/plain' } : { body: value };
}

/** The secrets that newman sent, for the methods that there are. */
function credentialsIn({ auth = {} }: ConnectorManifest, { headers, target }: Arrived): Json {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(headers['authorization'] ?? '') ?? [];
  const [user = 'u', ...password] = Buffer.from(scheme.toLowerCase() === 'basic' ? rest : 'dTpw', 'base64').toString().split(':');
  const query = new URL(target, 'http://x.test').searchParams;
  const of = (use: { readonly type: string; readonly settings?: Json }): Json => {
    if (use.type === 'basic' || use.type === 'digest') return { user, password: password.join(':') };
    if (use.type === 'api-key') return { key: (use.settings?.['in'] === 'query' ? query.get(String(use.settings['name'])) : headers[String(use.settings?.['name'] ?? 'x-api-key').toLowerCase()]) || 'k' };
    return { token: (use.settings?.['scheme'] === '' ? headers['authorization'] : rest) || 't' };
  };
  const [own, ...others] = Object.entries(auth);
  return { ...(own && of(own[1])), ...Object.fromEntries(others.map(([name, use]) => [name, of(use)])) };
}

/** What is asked for counts where it is no more than what Patchbay takes anyway. */
function acceptOf(ours: Arrived, theirs: Arrived): string[] {
  const wanted = theirs.headers['accept'] ?? '*/*';
  return wanted.split(',').every((type) => /^\s*(application\/json|text\/plain|text\/html|\*\/\*|)\s*(;|$)/.test(type)) || /\*\/\*|text\/html/.test(wanted) || ours.headers['accept'] === wanted ? [] : ['header.accept'];
}

interface Rule {
  readonly reason: string;
  holds(difference: string, compared: ComparedItem, ours: Meaning, theirs: Meaning): boolean;
}

/** Why newman sends something else. What none of these accounts for is a fault. */
export const collectionRules: Readonly<Record<string, Rule>> = {
  'part-order': {
    reason: 'Fields of a multipart body that have one name stand together in Patchbay; their order among themselves is kept.',
    holds: (difference, _, ours, theirs) => difference === 'body' && byName(ours.body) !== undefined && JSON.stringify(byName(ours.body)) === JSON.stringify(byName(theirs.body)),
  },
  'undeclared-variable': { reason: 'Variables that a GraphQL query does not declare are left out, and named in the report.', holds: (difference, { item }, ours, theirs) => difference === 'body' && isObject(item.request['body']) && item.request['body']['mode'] === 'graphql' && isObject(ours.body) && isObject(theirs.body) && ours.body['variables'] === undefined && ours.body['query'] === theirs.body['query'] && !/\$\w/.test(String(ours.body['query'])) },
  cookie: { reason: 'Cookies of a session that has ended are left out, and named in the report.', holds: (difference, _, ours) => difference === 'header.cookie' && ours.headers['cookie'] === undefined },
  'dotted-variable': { reason: 'newman does not fill in a path variable whose name has a dot.', holds: (difference, _, __, theirs) => difference === 'path' && theirs.path.some((part) => /^:\w+\.\w/.test(part)) },
  'slash-in-variable': { reason: 'A value in the path is one part of it in Patchbay, so that it leads nowhere else: a slash in it is encoded. Postman sends it as it is.', holds: (difference, _, ours, theirs) => difference === 'path' && ours.path.join('/') === theirs.path.join('/') },
  'signed-anew': {
    reason: 'The request is signed in a way that a collection cannot hand over (OAuth 1, Hawk, Digest, a signature in the query …); the report names it.',
    holds: (difference, { item, theirs }) => (difference === 'query.signature' && /[?&]signature=/.test(theirs?.target ?? '')) || (difference === 'header.authorization' && /^(OAuth|Hawk|Digest|AWS4|NTLM)/i.test(theirs?.headers['authorization'] ?? '')) || (difference.startsWith('Patchbay sent nothing') && isObject(item.request['auth']) && item.request['auth']['type'] === 'digest'),
  },
  'client-header': { reason: 'A header that tells about a browser is left out.', holds: (difference, _, ours, theirs) => difference === 'header.referer' && ours.headers['referer'] === undefined && theirs.headers['referer'] !== undefined },
  'odd-query': { reason: 'A query whose names are empty, or hold signs that end one, is no list of names and values; what has no name is left out, and named in the report.', holds: (difference, { item }) => difference.startsWith('query.') && isObject(item.request['url']) && rows(item.request['url']['query']).some(({ key, value }) => typeof key !== 'string' || /^$|[?&#]|%26/.test(key) || /%23/.test(String(value))) },
  'missing-file': { reason: 'newman sends nothing of a form whose file is not on its disk; Patchbay is given the file by the flow.', holds: (_, { item, theirs }) => theirs?.body === '' && isObject(item.request['body']) && rows(item.request['body']['formdata']).some(({ type }) => type === 'file') },
  'body-of-get': { reason: 'A GET request should have no body: many servers ignore or refuse it. The report names it.', holds: (difference, { ours, theirs }) => ours?.method === 'GET' && ours.body === '' && theirs?.body !== '' && /^(body|header\.content-type)$/.test(difference) },
};

/** Names of the rules that account for the differences; `undefined` among them for those that nothing accounts for. */
export const collectionRulesOf = (compared: ComparedItem): (string | undefined)[] => {
  const { ours, theirs, differences } = compared;
  const [left, right] = [ours ?? nothing, theirs ?? nothing].map(meaningOf) as [Meaning, Meaning];
  return differences.map((difference) => Object.keys(collectionRules).find((name) => collectionRules[name]!.holds(difference, compared, left, right)));
};

const nothing: Arrived = { method: '', target: '/', headers: {}, body: '' };

const byName = (parts: unknown): unknown => (Array.isArray(parts) ? (parts as readonly { readonly name: string }[]).toSorted((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0)) : undefined);
