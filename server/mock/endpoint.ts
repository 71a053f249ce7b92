import { FlowError, type Script } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import { expressionEnv } from '../engine/open-context.ts';
import { openPagination, type OpenPagination, type Paging } from '../engine/open-pagination.ts';
import { createReport } from '../imports/import-result.ts';
import { sampleValue } from '../imports/sample-value.ts';
import { recordsPath, type ConnectorManifest, type EndpointExample, type EndpointManifest } from '../model/connector.ts';
import { isObject } from '../model/json.ts';
import { compilePath } from '../model/path.ts';
import type { Asked } from './asked.ts';
import type { Collection } from './collections.ts';
import { anything, matches, routeOf, valueAt } from './expected.ts';
import { factsOf, pageAsked, planPages, sizeAsked, type Plan, type PlannedPage } from './pages.ts';
import { recordsIn, withRecords, withSignals, type Answer, type PageFacts, type Settings } from './signals.ts';
import { stopping } from './stop-when.ts';
import { viewer, type View } from './views.ts';
import { spanOf, windowAsked } from './windows.ts';
import { write } from './writes.ts';
import { xmlPage } from './xml-page.ts';

export interface MockEndpoint {
  readonly name: string;
  /** How well a request fits; -1 where it is not of this endpoint. */
  fits(asked: Asked): Promise<number>;
  /** `page`: its number from 1, for faults; 1 for endpoints without pages. */
  pageOf(asked: Asked): Promise<Served>;
}

export interface Served {
  readonly page: number;
  /** `repeated`: what the page before was answered with. */
  answer(how: { readonly repeated?: boolean }): Answer | Promise<Answer>;
}

export interface MockEndpointOptions {
  readonly host: EngineHost;
  readonly name: string;
  readonly endpoint: EndpointManifest;
  readonly manifest: ConnectorManifest;
  readonly collection: Collection;
  /** Records of another endpoint. */
  readonly recordsOf: (endpoint: string) => readonly unknown[];
  readonly origin: string;
  readonly basePath: string;
  /** Milliseconds since the epoch at which the mock was started. */
  readonly startedAt: number;
}

/** Records per page where the strategy does not say. */
const usualSize = 20;
/** Of an endpoint: each slice, range and page size has one. */
const mostPlans = 200;

export async function mockEndpoint(options: MockEndpointOptions): Promise<MockEndpoint> {
  const { endpoint, basePath, name } = options;
  const route = routeOf(basePath, endpoint);
  const literal = endpoint.path.replaceAll(/\{\{.*?\}\}/g, '').length;
  const fitsRoute = (asked: Asked): number => (asked.method === endpoint.method && route.test(asked.url.pathname) ? 10 + literal * 10 + constantsIn(endpoint, asked) : -1);
  if (endpoint.direction === 'receive' && isList(options)) return listEndpoint(options, fitsRoute);
  const keys = new Map<string, Answer>();
  return {
    name,
    fits: async (asked) => fitsRoute(asked),
    async pageOf(asked) {
      const id = route.exec(asked.url.pathname)?.at(-1);
      const idOfPath = route.exec(asked.url.pathname)!.length > 1 && id !== undefined ? decodeURIComponent(id) : undefined;
      return { page: 1, answer: () => (endpoint.direction === 'receive' ? single(options, asked, idOfPath) : once(endpoint, asked, keys, () => write(endpoint, options.collection, asked, idOfPath))) };
    },
  };
}

/** The same key is the same request: it is answered as it was, and nothing is done again. */
function once({ idempotencyHeader }: EndpointManifest, asked: Asked, keys: Map<string, Answer>, work: () => Answer): Answer {
  const key = idempotencyHeader === undefined ? undefined : asked.headers[idempotencyHeader.toLowerCase()];
  const known = key === undefined ? undefined : keys.get(key);
  if (known) return known;
  const answer = work();
  if (key !== undefined) keys.set(key, answer);
  return answer;
}

/** Parts of the request that are the same in every call of the endpoint, such as a query of GraphQL or an action in the address. */
function constantsIn({ query = {}, headers = {}, body }: EndpointManifest, asked: Asked): number {
  const isConstant = (value: unknown): value is string => typeof value === 'string' && !value.includes('{{');
  let equal = 0;
  const compare = (key: string, value: unknown): void => {
    if (isConstant(value) && value !== '') equal += valueAt(key, asked)?.trim() === value.trim() ? 1 : -1;
  };
  for (const [name, value] of Object.entries(query)) compare(`query ${name}`, value);
  for (const [name, value] of Object.entries(headers)) if (name.toLowerCase() !== 'content-type') compare(`header ${name.toLowerCase()}`, value);
  // Of GraphQL and SOAP many endpoints have one address.
  if (body?.query !== undefined) equal += valueAt('body $.query', asked)?.trim() === body.query.trim() ? 5 : -1;
  if (body?.format === 'soap') equal += isAction(body, asked) ? 5 : -1;
  if (isObject(body?.template)) for (const [name, value] of Object.entries(body.template)) compare(`body $[${JSON.stringify(name)}]`, value);
  return equal;
}

/** By the action, where there is one, else by the element in the body of the envelope. */
function isAction({ soap, template }: NonNullable<EndpointManifest['body']>, { headers, text }: Asked): boolean {
  const action = headers['soapaction']?.replaceAll('"', '') || /action="([^"]*)"/.exec(headers['content-type'] ?? '')?.[1];
  if (action !== undefined && soap?.action !== undefined) return action === soap.action;
  const [element] = isObject(template) ? Object.keys(template).filter((name) => !name.startsWith('@')) : [];
  return element !== undefined && new RegExp(`<(?:[\\w.-]+:)?${element.replace(/^.*:/, '').replaceAll(/[^\w-]/g, '.')}[\\s/>]`).test(text);
}

const goodExample = ({ examples = [] }: EndpointManifest): EndpointExample | undefined => examples.find(({ response }) => response.status < 300 && response.body !== undefined);

function isList({ endpoint, manifest }: MockEndpointOptions): boolean {
  const own = endpoint.pagination?.type;
  if ((own !== undefined && own !== 'single-page') || endpoint.incremental) return true;
  const body = goodExample(endpoint)?.response.body;
  if (isObject(body) || Array.isArray(body)) {
    const found = compilePath(recordsPath(endpoint)).all(body);
    return found.length !== 1 || Array.isArray(found[0]);
  }
  if (typeof body === 'string') return manifest.defaults?.pagination !== undefined;
  return !/\}\}\/?$/.test(endpoint.path) && (endpoint.record !== undefined || endpoint.records !== undefined || manifest.defaults?.pagination !== undefined);
}

/** One record, by the id in the path, or what the example says. */
function single({ endpoint, collection }: MockEndpointOptions, asked: Asked, id: string | undefined): Answer {
  const example = goodExample(endpoint);
  const shown = example ?? endpoint.examples?.[0];
  const found = id === undefined ? undefined : collection.find(id);
  const { status = 200, headers = {}, body } = shown?.response ?? {};
  if (id === undefined || typeof body === 'string') return { status, headers, body: body ?? collection.records[0] ?? {} };
  if (found === undefined) {
    const isKnown = Object.values(example?.request?.params ?? {}).some((value) => String(value) === id);
    return isKnown ? { status, headers, body } : { status: 404, headers: {}, body: { error: `There is no record ${JSON.stringify(id)}.` } };
  }
  const path = recordsPath(endpoint);
  return { status, headers, body: path === '$' ? found : withOne(body ?? {}, path, found) };
}

const withOne = (document: unknown, path: string, record: unknown): unknown => (compilePath(path).singular ? compilePath(path).set(document, record) : withRecords(document, path, [record]));

interface Strategy {
  readonly type: string;
  readonly stopWhen: string | undefined;
  readonly opened: OpenPagination;
  readonly paging: Paging;
  readonly settings: Settings;
}

async function openStrategy({ host, endpoint, manifest }: MockEndpointOptions, size?: number): Promise<Strategy> {
  const use = endpoint.pagination ?? manifest.defaults?.pagination ?? { type: 'single-page' };
  const sized = size === undefined ? use : { ...use, settings: { ...use.settings, size } };
  const script = async (file: string): Promise<Script> => host.workspace.script(file);
  const opened = await openPagination(host, sized, { ...expressionEnv(host), script });
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const context = { now: host.clock.now(), random: () => 0.5, signal: new AbortController().signal, log };
  const paging = await opened.begin({ instance: wild(manifest.variables ?? {}), params: wild(endpoint.params ?? {}), env: host.workspace.env, meta: {}, page: {}, run: { id: 'mock' }, now: new Date(context.now).toISOString() }, context);
  return { type: opened.pagination.type, stopWhen: use.stopWhen, opened, paging, settings: paging.settings as Settings };
}

/** Values that only the caller knows: texts stand for any text, all else is made up. */
const wild = (schemas: Readonly<Record<string, object>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => {
    const { type = 'string', format } = schema as { readonly type?: unknown; readonly format?: unknown };
    return [name, type === 'string' && format !== 'date-time' && format !== 'date' ? anything : sampleValue({ resolve: (given) => (isObject(given) ? given : {}), report: createReport() }, schema, 2)];
  }));

async function listEndpoint(options: MockEndpointOptions, fitsRoute: (asked: Asked) => number): Promise<MockEndpoint> {
  const { name, endpoint, collection, origin, basePath, startedAt, recordsOf } = options;
  const url = `${origin}${basePath}${endpoint.path.replace(/^\/*/, '/').replaceAll(/\{\{.*?\}\}/g, 'x')}`;
  const usual = await openStrategy(options).catch((error: unknown) => {
    // A strategy that wants a date where the mock has none, for example: it is answered as what has one page.
    if (FlowError.is(error)) return openStrategy({ ...options, endpoint: { ...endpoint, pagination: { type: 'single-page' } } });
    throw error;
  });
  const strategies = new Map<number, Promise<Strategy>>();
  const plans = new Map<string, Promise<Plan>>();
  const counts = new Map<string, number>();
  const strategyOf = async (size: number | undefined): Promise<Strategy> => {
    if (size === undefined || size === usual.settings['size']) return usual;
    const known = strategies.get(size) ?? openStrategy(options, size);
    strategies.set(size, known);
    return known;
  };
  const viewOf = viewer({ endpoint, basePath, parents: recordsOf });
  const whole = (): View => ({ key: '', records: collection.records });
  const sizeOf = ({ type, settings }: Strategy, { records }: View): number => {
    if (type === 'single-page' || (type === 'async-job' && settings['filesPath'] === undefined)) return Math.max(1, records.length);
    return typeof settings['size'] === 'number' ? settings['size'] : usualSize;
  };
  const pageAnswer = (strategy: Strategy, view: View, page: Pick<PlannedPage, 'index' | 'request' | 'from' | 'to' | 'isLast'>, linkTo: (token: string) => string): Answer => {
    const facts = factsOf(page, view.records, sizeOf(strategy, view), linkTo);
    return jobAnswer(strategy, page.request, facts, url) ?? stopping(strategy, listAnswer(endpoint, strategy, facts), { facts, path: recordsPath(endpoint), request: page.request, url });
  };
  const planFor = (strategy: Strategy, view: View): Promise<Plan> => {
    const size = sizeOf(strategy, view);
    const key = `${size} ${collection.version}${view.key}`;
    const known = plans.get(key) ?? planPages({
      endpoint, basePath, url, size, strategy: strategy.opened, paging: strategy.paging, total: view.records.length,
      answer: (page, pageUrl) => pageAnswer(strategy, view, page, linkAt(pageUrl, strategy.settings)),
      recordsIn: ({ body }) => recordsIn(body, recordsPath(endpoint)),
    });
    if (!plans.has(key) && plans.size >= mostPlans) plans.clear();
    plans.set(key, known);
    return known;
  };
  const find = async (asked: Asked): Promise<{ readonly strategy: Strategy; readonly view: View; readonly plan: Plan; readonly page: ReturnType<typeof pageAsked> }> => {
    const strategy = await strategyOf(sizeAsked(usual.settings, asked));
    const view = viewOf(asked, collection.records);
    const plan = await planFor(strategy, view);
    const page = pageAsked(plan, asked, (key) => (counts.set(key, (counts.get(key) ?? 0) + 1), counts.get(key)! - 1));
    return { strategy, view, plan, page };
  };
  return {
    name,
    async fits(asked) {
      const own = fitsRoute(asked);
      if (own >= 0 || usual.type === 'date-window') return own;
      const { pages } = await planFor(usual, whole());
      // Some pages have a path of their own.
      return Math.max(-1, ...pages.map(({ expected }) => (matches(expected, asked) < 0 ? -1 : 10 + expected.path.source.length * 10)));
    },
    async pageOf(asked) {
      if (usual.type === 'date-window') {
        const view = viewOf(asked, collection.records);
        const size = sizeOf(usual, view);
        const { records, total, page } = windowAsked(usual.settings, asked, view.records, spanOf(endpoint.pagination?.settings ?? {}, startedAt), size);
        return { page: page + 1, answer: () => listAnswer(endpoint, usual, { index: page, isLast: true, pages: 1, total, size, records, token: undefined, link: undefined }) };
      }
      const { strategy, view, plan, page } = await find(asked);
      const none = { index: plan.pages.length, request: {}, from: 0, to: 0, isLast: true };
      if (page === 'unknown') return { page: 1, answer: () => ({ status: 400, headers: {}, body: { error: 'The mock has given no such page token.' } }) };
      if (page === 'beyond' || page === undefined) return { page: none.index + 1, answer: () => beyond(options, pageAnswer(strategy, view, none, () => url)) };
      if (page === plan.pages[0]) counts.clear();
      return {
        page: page.index + 1,
        answer: ({ repeated = false }) => pageAnswer(strategy, view, repeated && page.index > 0 ? plan.pages[plan.pages.indexOf(page) - 1]! : page, linkAt(asked.url.href, strategy.settings)),
      };
    },
  };
}

/** A page behind the last one is empty, or has the status that the connector declares for it. */
function beyond({ endpoint, manifest }: MockEndpointOptions, empty: Answer): Answer {
  const [status] = (endpoint.pagination ?? manifest.defaults?.pagination)?.stopStatuses ?? [];
  return status === undefined ? empty : { status, headers: {}, body: { error: 'There is no such page.' } };
}

/** The address of the next page: that of this one, with a token. */
function linkAt(address: string, { only }: Settings): (token: string) => string {
  const name = Array.isArray(only) && typeof only[0] === 'string' ? only[0] : 'page_token';
  return (token) => {
    const url = new URL(address);
    url.searchParams.set(name, token);
    return url.href;
  };
}

function listAnswer(endpoint: EndpointManifest, { type, settings }: Strategy, facts: PageFacts): Answer {
  // Nobody knows what a script reads: its pages are the examples, in their order.
  const examples = type === 'script' ? (endpoint.examples ?? []).filter(({ response }) => response.status < 300) : [];
  const scripted = examples[Math.min(facts.index, examples.length - 1)];
  if (scripted) return { headers: {}, body: undefined, ...scripted.response };
  const example = goodExample(endpoint);
  const { status = 200, headers = {}, body } = example?.response ?? {};
  const isXml = type === 'xml-page' || type === 'soap-search' || (typeof body === 'string' && body.trimStart().startsWith('<'));
  if (isXml) return { status, headers: { 'content-type': 'text/xml; charset=utf-8', ...headers }, body: type === 'single-page' && typeof body === 'string' ? body : xmlPage(body, settings, facts) };
  if (typeof body === 'string') return withSignals(type, settings, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }, facts);
  return withSignals(type, settings, { status, headers, body: withRecords(body ?? {}, recordsPath(endpoint), facts.records) }, facts);
}

/** A job: made, at work at the first question, done at the second, with an address per page. */
function jobAnswer({ type, settings, opened }: Strategy, request: PlannedPage['request'], facts: PageFacts, url: string): Answer | undefined {
  if (type !== 'async-job' || opened.pagination.hasRecords?.(request) !== false) return undefined;
  const { jobId, jobPoll } = request.variables ?? {};
  const put = (path: unknown, value: unknown, body: unknown): unknown => compilePath(String(path)).set(body, value);
  if (jobId === undefined) return { status: 202, headers: {}, body: put(settings['idPath'], 'job-1', {}) };
  const [done = 'done'] = (settings['done'] as readonly string[] | undefined) ?? [];
  const isDone = jobPoll !== '1';
  const body = put(settings['statusPath'], isDone ? done : 'running', {});
  const files = Array.from({ length: Math.ceil(facts.total / facts.size) }, (_, index) => `${url}/files/${index + 1}`);
  return { status: 200, headers: {}, body: isDone && settings['filesPath'] !== undefined ? put(settings['filesPath'], files, body) : body };
}
