import type { BodyWindow, CatalogAnswer, ExchangeRow, FlowSummary, ImportedRun, LoginState, LogRow, OpenMock, PageOf, PayloadRow, PluginState, Problem, ReplayResult, RunDetail, RunFilter, RunStarted, RunSummary, WorkspaceInfo } from '../../server/model/api.ts';
import type { BodyFound, BodyResults, FindRequest, QueryRequest } from '../../server/model/body-find.ts';
import type { DiffSide, PayloadDiff, PayloadDiffOrder, RunDiff } from '../../server/model/run-diff.ts';
import type { RunLineage } from '../../server/model/run-lineage.ts';
import type { LastPayloadAnswer } from '../../server/model/flow-completion.ts';
import type { LastPayload } from '../../server/model/flow-place.ts';
import type { SavedCase, TestReport } from '../../server/model/test-report.ts';
import type { MapCheck, MapTrial } from '../../server/model/map-report.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';
import type { Detection, Trial } from '../../server/model/trial.ts';
import type { ValuePlace } from './diff.ts';
import type { Imported } from '../../server/model/import-plan.ts';
import type { ImportKind, TrialOrder } from './connector.ts';

/** An answer of the runner that is no success; `message` is the runner's sentence for the user. */
export class RunnerProblem extends Error {
  override readonly name = 'RunnerProblem';
  readonly code: string;
  readonly status: number;
  readonly remedy: string | undefined;
  constructor(problem: Pick<Problem, 'code' | 'detail' | 'status' | 'remedy'>) {
    super(problem.detail);
    this.code = problem.code;
    this.status = problem.status;
    this.remedy = problem.remedy;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** `filter[flow]=…` for what is given. */
export const filterQuery = (filter: object): Query => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [`filter[${name}]`, value as string]));

export interface Window { readonly path: string; readonly offset: number; readonly limit: number }
/** The flow as it was then or as it is now. */
export type Age = 'then' | 'now';
export type AgainOptions = Pick<StartOptions, 'payload' | 'mediaType' | 'confirm'> & { readonly version?: Age | undefined };
interface StartOptions { readonly payload?: Uint8Array | string; readonly mediaType?: string; readonly environment?: string; readonly confirm?: 'production' | undefined }

/** Environment of the instance, and its auth method, where an endpoint has one of its own. */
interface LoginOptions { readonly environment?: string | undefined; readonly method?: string | undefined }

/** A mapping that is asked about: settings, with the step that they stand in where it is known. */
export interface MapAsked { readonly settings: object; readonly flow?: string; readonly step?: string; readonly sample?: unknown }

/** The runner's API with types: for the extension, and for the operators' page. `address` is asked before each call, so that a call after a restart finds the new runner. */
export interface RunnerClient {
  workspace(): Promise<WorkspaceInfo>;
  catalog(): Promise<CatalogAnswer>;
  /** Where plugins were loaded from, and which failed. */
  plugins(): Promise<readonly PluginState[]>;
  flows(): Promise<readonly FlowSummary[]>;
  enable(flow: string, enabled: boolean): Promise<FlowSummary>;
  runs(filter: RunFilter & { readonly page?: number; readonly perPage?: number }): Promise<PageOf<RunSummary>>;
  run(id: string): Promise<RunDetail>;
  /** `payload` is the raw body; without one the flow gets none. */
  start(flow: string, options?: StartOptions): Promise<RunStarted>;
  /** Starts the run again as a whole, with its payload or another one. */
  retry(run: string, options?: AgainOptions): Promise<RunStarted>;
  /** Starts a run with what did not get through; with `failed` only with that payload. */
  resume(run: string, options?: Pick<AgainOptions, 'confirm' | 'version'> & { readonly failed?: string | undefined }): Promise<RunStarted>;
  /** Runs it again from its recording. `revision`: with all files as they are in it. */
  replay(run: string, options?: Omit<AgainOptions, 'confirm'> & { readonly revision?: string | undefined }): Promise<ReplayResult>;
  /** Chooses the environment of runs that name none, triggers' too; without a name what patchbay.json says. */
  chooseEnvironment(environment: string | undefined): Promise<WorkspaceInfo>;
  stop(run: string): Promise<void>;
  payloads(run: string, step: string, side: PayloadRow['side'], page: number): Promise<PageOf<PayloadRow>>;
  exchanges(run: string, step: string | undefined, page: number): Promise<PageOf<ExchangeRow>>;
  logs(run: string, filter: { readonly step?: string; readonly level?: string; readonly page?: number }): Promise<PageOf<LogRow>>;
  window(run: string, hash: string, window: Window): Promise<BodyWindow>;
  /** Where a text stands in a body; what a JSONPath finds in it. Each call gives a part. */
  findInBody(run: string, hash: string, request: FindRequest): Promise<BodyFound>;
  queryBody(run: string, hash: string, request: QueryRequest): Promise<BodyResults>;
  /** The whole body. */
  body(run: string, hash: string): Promise<Uint8Array>;
  /** So many bytes from its start, and how many it has. */
  bodyHead(run: string, hash: string, bytes: number): Promise<{ readonly bytes: Uint8Array; readonly size: number; readonly mediaType: string }>;
  /** What two runs gave otherwise, step by step. */
  runDiff(before: string, after: string, how: { readonly key?: string; readonly ignore?: readonly string[] }): Promise<RunDiff>;
  /** How what is recorded at two sides differs. */
  payloadDiff(order: PayloadDiffOrder): Promise<PayloadDiff>;
  /** Takes up a run out of a file (`*.patchbayrun`). */
  importRun(bytes: Uint8Array): Promise<ImportedRun>;
  /** The whole file of a run. */
  exportRun(run: string): Promise<Uint8Array>;
  /** Where a recorded value comes from. */
  lineage(run: string, value: ValuePlace): Promise<RunLineage>;
  /** Runs cases of flows; default all. */
  runTests(order: { readonly files?: readonly string[]; readonly cases?: readonly string[]; readonly update?: boolean }, signal: AbortSignal): Promise<TestReport>;
  /** Both sides of a mapping, and what does not fit. */
  checkMap(question: MapAsked): Promise<MapCheck>;
  /** Maps one record. */
  tryMap(question: MapAsked & { readonly record: number }): Promise<MapTrial>;
  /** The last payload that went into a step; `undefined` where there is none that can be shown. */
  lastPayload(flow: string, step: string, port?: string): Promise<LastPayload | undefined>;
  /** Makes a case of a run that is over. */
  saveCase(run: string, name: string | undefined): Promise<SavedCase>;
  /** Calls an endpoint as a flow would, and says how its answers seem to be paged; without an endpoint tests the connection. */
  tryOut(order: TrialOrder, signal: AbortSignal): Promise<Trial>;
  detect(pages: readonly { readonly response: object }[]): Promise<Detection>;
  /** A connector out of a description: its text, or where it is got. */
  importFrom(kind: ImportKind, source: { readonly text: string | Uint8Array<ArrayBuffer> } | { readonly address: string }): Promise<Imported>;
  /** Starts a mock of a connector, in place of the one that is open. */
  openMock(connector: string): Promise<OpenMock>;
  endMock(connector: string): Promise<void>;
  /** Instances that need a login with a browser. */
  logins(environment?: string): Promise<readonly LoginState[]>;
  /** Begins one; `redirectUri`: where the browser is led when it is over, with what ends it. */
  login(instance: string, options: LoginOptions & { readonly redirectUri: string }): Promise<{ readonly url: string; readonly state: string }>;
  finishLogin(answer: Readonly<Record<string, string>>): Promise<{ readonly instance: string; readonly method?: string }>;
  logout(instance: string, options?: LoginOptions): Promise<void>;
  /** The value of an expression for what it can see. */
  evaluate(expression: string, scope: object): Promise<unknown>;
  /** All events of a run, those that were before this call too, until the run has finished or the signal ends it. `now`: only what happens from now on. */
  events(run: string, signal: AbortSignal, from?: 'start' | 'now'): AsyncIterable<NumberedRunEvent>;
  /** From now on the heads and ends of all runs. Ends where the runner ends it; who wants to go on asks anew. */
  heads(signal: AbortSignal): AsyncIterable<NumberedRunEvent>;
}

/** Where the runner is now, and its token. */
export type Address = () => Promise<{ readonly url: string; readonly token: string }>;

/** The calls that the client is made of. Each fails with a `RunnerProblem` where the runner says no. */
export interface RunnerCalls {
  request(path: string, query?: Query, init?: RequestInit): Promise<Response>;
  get<T>(path: string, query?: Query): Promise<T>;
  post<T>(path: string, query?: Query, init?: RequestInit): Promise<T>;
}

export function runnerCalls(address: Address): RunnerCalls {
  async function request(path: string, query: Query = {}, init: RequestInit = {}): Promise<Response> {
    const { url, token } = await address();
    const target = new URL(`/api/v1${path}`, url);
    for (const [name, value] of Object.entries(query)) for (const one of value === undefined ? [] : Array.isArray(value) ? (value as readonly string[]) : [value]) target.searchParams.append(name, String(one));
    const response = await fetch(target, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
    if (!response.ok) throw new RunnerProblem(await problemOf(response));
    return response;
  }
  return {
    request,
    get: async (path, query) => (await request(path, query)).json(),
    post: async (path, query = {}, init = {}) => (await request(path, query, { ...init, method: 'POST' })).json(),
  };
}

const sideQuery = (prefix: string, { side, port, payload, from }: DiffSide): Query => ({ [`${prefix}side`]: side, [`${prefix}port`]: port, [`${prefix}payload`]: payload, [`${prefix}from`]: from });

export function runnerClient(address: Address): RunnerClient {
  const { request, get, post } = runnerCalls(address);
  async function* stream(path: string, signal: AbortSignal, headers: Record<string, string> = {}): AsyncIterable<NumberedRunEvent> {
    const { body } = await request(path, {}, { signal, headers });
    // No body: every event was sent before.
    if (body) for await (const data of serverSentEvents(chunksOf(body))) yield JSON.parse(data) as NumberedRunEvent;
  }
  const at = (run: string, ...rest: string[]): string => `/runs/${[run, ...rest].map(encodeURIComponent).join('/')}`;
  const flowAt = (flow: string, rest: string): string => `/flows/${encodeURIComponent(flow)}/${rest}`;
  const readBody = async (run: string, hash: string): Promise<Uint8Array> => new Uint8Array(await (await request(at(run, 'bodies', hash))).arrayBuffer());
  const carrying = ({ payload, mediaType = 'application/json' }: Pick<StartOptions, 'payload' | 'mediaType'>): RequestInit => (payload === undefined ? {} : { body: payload as BodyInit, headers: { 'content-type': mediaType } });
  return {
    workspace: () => get('/workspace'),
    catalog: () => get('/catalog'),
    plugins: () => get('/plugins'),
    flows: () => get('/flows'),
    enable: (flow, enabled) => post(flowAt(flow, enabled ? 'enable' : 'disable')),
    runs: ({ page, perPage, ...filter }) => get('/runs', { ...filterQuery(filter), page, per_page: perPage }),
    run: (id) => get(at(id)),
    start: (flow, { environment, confirm, ...payload } = {}) => post(flowAt(flow, 'runs'), { environment, confirm }, carrying(payload)),
    chooseEnvironment: (environment) => post('/environment', { environment }),
    retry: (run, { confirm, version, ...payload } = {}) => post(at(run, 'retry'), { confirm, version }, carrying(payload)),
    resume: (run, { confirm, version, failed } = {}) => post(at(run, 'resume'), { confirm, version, payload: failed }),
    replay: (run, { version, revision, ...payload } = {}) => post(at(run, 'replay'), { version, revision }, carrying(payload)),
    stop: async (run) => { await post(at(run, 'stop')); },
    payloads: (run, step, side, page) => get(at(run, 'steps', step, 'payloads'), { side, page }),
    exchanges: (run, step, page) => get(at(run, 'exchanges'), { step, page }),
    logs: (run, filter) => get(at(run, 'logs'), filter),
    window: (run, hash, window) => get(at(run, 'bodies', hash, 'items'), { ...window }),
    findInBody: (run, hash, found) => get(at(run, 'bodies', hash, 'find'), { ...found }),
    queryBody: (run, hash, asked) => get(at(run, 'bodies', hash, 'query'), { ...asked }),
    body: readBody,
    async bodyHead(run, hash, most) {
      const response = await request(at(run, 'bodies', hash), {}, { headers: { range: `bytes=0-${most - 1}` } });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { bytes, size: Number(response.headers.get('content-range')?.split('/')[1] ?? bytes.length), mediaType: response.headers.get('content-type') ?? '' };
    },
    importRun: (bytes) => post('/run-files', {}, { body: bytes as BodyInit, headers: { 'content-type': 'application/octet-stream' } }),
    exportRun: async (run) => new Uint8Array(await (await request(at(run, 'export'))).arrayBuffer()),
    lineage: (run, { step, ...value }) => get(at(run, 'steps', step, 'lineage'), { ...value }),
    runDiff: (before, after, how) => get(at(before, 'diff', after), { ...how }),
    payloadDiff: ({ before, after, key, ignore }) => get(at(before.run, 'steps', before.step, 'diff'), { ...sideQuery('', before), to_run: after.run, to_step: after.step, ...sideQuery('to_', after), key, ignore }),
    evaluate: async (expression, scope) => (await post<{ readonly value?: unknown }>('/evaluate', {}, asJson({ expression, scope }))).value,
    runTests: (order, signal) => post('/tests/run', {}, { ...asJson(order), signal }),
    lastPayload: async (flow, step, port) => (await get<LastPayloadAnswer>(flowAt(flow, `steps/${encodeURIComponent(step)}/payload`), { port })).payload,
    saveCase: (run, name) => post(at(run, 'case'), {}, asJson({ ...(name !== undefined && { name }) })),
    tryOut: ({ instance, endpoint, payload, isMocked, params, pages, ...rest }, signal) => {
      const order = { ...rest, ...(isMocked && { mocked: true }) };
      const tried = { ...order, endpoint, params, pages, ...(payload && { payload: payload.body, mediaType: payload.mediaType }), detect: true };
      return post(`/instances/${encodeURIComponent(instance)}/${endpoint === undefined ? 'check' : 'try'}`, {}, { ...asJson(endpoint === undefined ? order : tried), signal });
    },
    checkMap: (question) => post('/maps/check', {}, asJson(question)),
    tryMap: (question) => post('/maps/try', {}, asJson(question)),
    detect: (pages) => post('/detections', {}, asJson({ pages })),
    importFrom: (kind, source) => ('address' in source ? post(`/imports/${kind}`, { address: source.address }) : post(`/imports/${kind}`, {}, { body: source.text, headers: { 'content-type': 'text/plain' } })),
    openMock: (connector) => post('/mocks', {}, asJson({ connector })),
    endMock: async (connector) => { await request(`/mocks/${encodeURIComponent(connector)}`, {}, { method: 'DELETE' }); },
    logins: (environment) => get('/logins', { environment }),
    login: (instance, options) => post(`/instances/${encodeURIComponent(instance)}/login`, {}, asJson(options)),
    finishLogin: (answer) => post('/logins', {}, asJson(answer)),
    logout: async (instance, { environment, method } = {}) => { await request(`/instances/${encodeURIComponent(instance)}/login`, { environment, method }, { method: 'DELETE' }); },
    events: (run, signal, from = 'start') => stream(at(run, 'events'), signal, from === 'start' ? { 'last-event-id': '0' } : {}),
    heads: (signal) => stream('/events', signal),
  };
}

const asJson = (body: object): RequestInit => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** The `data` of each event of an event stream. An event that the end of the stream cuts off is dropped, as the standard says. */
export async function* serverSentEvents(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    // A carriage return at the end may be the first half of a line break.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
      else if (line === '' && data.length) { yield data.join('\n'); data = []; }
    }
  }
}

/** Not every browser lets a stream be iterated. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function problemOf(response: Response): Promise<Pick<Problem, 'code' | 'detail' | 'status' | 'remedy'>> {
  const text = await response.text();
  try {
    const { code, detail, remedy } = JSON.parse(text) as Partial<Problem>;
    if (code && detail) return { code, detail, status: response.status, ...(remedy && { remedy }) };
  } catch {
    // No problem document: a proxy or another program answered.
  }
  return { code: 'RUNNER_ANSWER', detail: `The runner answered with status ${response.status} and no explanation.`, status: response.status };
}
