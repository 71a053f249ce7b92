import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errors, FlowError } from '../../plugins/sdk/index.ts';
import type { EngineHost } from '../engine/host.ts';
import { mediaTypeOf } from '../engine/http.ts';
import { isJson } from '../engine/payload.ts';
import type { ConnectorManifest, EndpointManifest } from '../model/connector.ts';
import type { Fault } from '../model/fault.ts';
import { basePathOf, controlPath, waitsHeader } from './addresses.ts';
import { readAsked, type Asked } from './asked.ts';
import { createCollections, type Collections } from './collections.ts';
import { encode } from './encode.ts';
import { mockEndpoint, type MockEndpoint, type Served } from './endpoint.ts';
import { checkedFaults, createFaults, drifted, readFaults, type Faults } from './faults.ts';
import { createRecorded, type RecordedExchange } from './recorded.ts';
import { createSignIn } from './sign-in.ts';
import type { Answer } from './signals.ts';

export interface MockOptions {
  /** For the plugins of pagination. */
  readonly host: EngineHost;
  readonly connector: string;
  readonly manifest: ConnectorManifest;
  /** Default any that is free. */
  readonly port?: number;
  /** Records of a collection; default 60. */
  readonly records?: number;
  readonly seed?: number;
  readonly faults?: readonly Fault[];
  /** Nobody waits for it: what would take its time comes at once, and says so in the header `waitsHeader`. */
  readonly isTimeless?: true;
  /** Exchanges of runs, which are answered as they were before anything is made up. */
  readonly recorded?: readonly RecordedExchange[];
}

export interface Mock extends AsyncDisposable {
  readonly origin: string;
  /** In place of the base URL of the connector. */
  readonly url: string;
}

const mostRequests = 1_000;

/** A server on loopback that answers as the other system of a connector would. Fails with `STORAGE_FAILED` where the port is taken. */
export async function startMock(options: MockOptions): Promise<Mock> {
  const server = createServer({ keepAliveTimeout: 1_000 });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(new FlowError('CONFIG_INVALID', `Port ${options.port} cannot be listened to: ${error.code === 'EADDRINUSE' ? 'another program does' : error.message}.`, { remedy: 'Choose another port.' })));
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const waiting = new Set<NodeJS.Timeout>();
  const close = async (): Promise<void> => {
    for (const timer of waiting) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  try {
    const world = await openWorld(options, origin);
    server.on('request', (request, response) => void answer(world, origin, request, response, waiting).catch((error: unknown) => fail(response, error)));
    return { origin, url: `${origin}${world.basePath}`, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface World {
  readonly host: EngineHost;
  readonly manifest: ConnectorManifest;
  readonly connector: string;
  readonly basePath: string;
  readonly endpoints: readonly MockEndpoint[];
  readonly collections: Collections;
  readonly faults: Faults;
  readonly isTimeless: boolean;
  readonly signIn: ReturnType<typeof createSignIn>;
  readonly recorded: ReturnType<typeof createRecorded>;
  readonly requests: { readonly method: string; readonly url: string; readonly endpoint: string | undefined; readonly status: number }[];
}

async function openWorld({ host, connector, manifest, records = 60, seed = 1, faults = [], isTimeless, recorded = [] }: MockOptions, origin: string): Promise<World> {
  const basePath = basePathOf(manifest.baseUrl);
  const collections = createCollections({ manifest, count: records, seed });
  const startedAt = host.clock.now();
  const endpoints = await Promise.all(Object.entries(manifest.endpoints).map(([name, endpoint]) => mockEndpoint({ host, name, endpoint, manifest, collection: collections.of(name), recordsOf: (other) => (Object.hasOwn(manifest.endpoints, other) ? collections.of(other).records : []), origin, basePath: basePathOf(baseUrlOf(manifest, endpoint)), startedAt })));
  return { host, manifest, connector, basePath, endpoints, collections, faults: createFaults(checkedFaults(faults, Object.keys(manifest.endpoints))), isTimeless: isTimeless === true, signIn: createSignIn(manifest, basePath), recorded: createRecorded(recorded, origin, basePath), requests: [] };
}

const baseUrlOf = ({ baseUrl, baseUrls = {} }: ConnectorManifest, { baseUrl: name }: EndpointManifest): string => (name !== undefined && Object.hasOwn(baseUrls, name) ? baseUrls[name]! : baseUrl);

async function answer(world: World, origin: string, request: IncomingMessage, response: ServerResponse, waiting: Set<NodeJS.Timeout>): Promise<void> {
  // A page of the web must not read what was recorded, by giving its own name this address.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) return send(response, { status: 403, headers: {}, body: { error: 'The mock is asked by its address on this machine only.' } });
  const asked = await readAsked(request, `http://${request.headers.host}`);
  if (asked.url.pathname === controlPath || asked.url.pathname.startsWith(`${controlPath}/`)) return send(response, foreign(asked) ?? control(world, asked));
  const found = await resolve(world, asked);
  const fault = world.faults.take(found.endpoint ?? '', found.page, asked.headers['x-mock-fault']);
  const note = (status: number): void => {
    world.requests.push({ method: asked.method, url: `${asked.url.pathname}${asked.url.search}`, endpoint: found.endpoint, status });
    if (world.requests.length > mostRequests) world.requests.shift();
  };
  if (fault && (await strike(world, fault, found, response, note, waiting))) return;
  const given = await found.answer({ repeated: fault?.kind === 'repeated-token' });
  note(given.status);
  const seen = fault?.kind === 'schema-drift' ? { ...given, body: drifted(given.body) } : given;
  send(response, await encode(world.host, seen, found.endpoint === undefined ? undefined : world.manifest.endpoints[found.endpoint]), fault?.kind);
}

interface Found extends Served {
  readonly endpoint?: string;
}

async function resolve({ signIn, recorded, endpoints }: World, asked: Asked): Promise<Found> {
  const plain = (given: Answer): Found => ({ page: 1, answer: () => given });
  const token = signIn.token(asked);
  if (token) return plain(token);
  const refusal = signIn.refusal(asked);
  const scored = await Promise.all(endpoints.map(async (endpoint) => ({ endpoint, fit: await endpoint.fits(asked) })));
  const best = scored.reduce<(typeof scored)[number] | undefined>((most, next) => (next.fit >= 0 && next.fit > (most?.fit ?? -1) ? next : most), undefined);
  if (refusal) return { ...plain(refusal), ...(best && { endpoint: best.endpoint.name }) };
  const known = recorded.answer(asked);
  if (known) return { ...plain(known), ...(best && { endpoint: best.endpoint.name }) };
  if (!best) return plain({ status: 404, headers: {}, body: { error: `The connector has no endpoint for ${asked.method} ${asked.url.pathname}.` } });
  return { ...(await best.endpoint.pageOf(asked)), endpoint: best.endpoint.name };
}

/** A page of the web must not tell the mock what to do either: it may send requests to this machine, though it does not see their answers. */
function foreign({ method, url, headers }: Asked): Answer | undefined {
  const { origin, 'sec-fetch-site': site = 'none' } = headers;
  if (method === 'GET' || ((origin === undefined || origin === url.origin) && (site === 'none' || site === 'same-origin'))) return undefined;
  return { status: 403, headers: {}, body: { error: 'The mock takes no orders from pages of other sites.' } };
}

function control({ connector, collections, faults, endpoints, requests }: World, { method, url, headers, json }: Asked): Answer {
  const to = `${method} ${url.pathname.slice(controlPath.length)}`;
  const ok = (body: unknown): Answer => ({ status: 200, headers: {}, body });
  switch (to) {
    case 'GET ': return ok({ mock: 'patchbay', connector, endpoints: endpoints.map(({ name }) => name), records: collections.summary(), faults: faults.all });
    case 'GET /requests': return ok({ requests });
    case 'GET /faults': return ok(faults.all);
    case 'POST /faults':
      if (!isJson(mediaTypeOf(headers))) return { status: 415, headers: {}, body: { error: 'Faults are sent as JSON: add the header content-type: application/json.' } };
      if (json === undefined) return { status: 400, headers: {}, body: { error: 'The body is not valid JSON.' } };
      faults.set(checkedFaults(readFaults(json), endpoints.map(({ name }) => name)));
      return ok(faults.all);
    case 'DELETE /faults':
      faults.set([]);
      return ok([]);
    case 'POST /reset':
      collections.reset();
      faults.set(faults.all);
      requests.length = 0;
      return ok({ records: collections.summary() });
    default: return { status: 404, headers: {}, body: { error: `There is no ${to.trim()} of the mock.` } };
  }
}

/** What goes wrong instead of an answer; `false` where the answer comes all the same. */
async function strike({ isTimeless }: World, fault: Fault, found: Found, response: ServerResponse, note: (status: number) => void, waiting: Set<NodeJS.Timeout>): Promise<boolean> {
  const { retryAfter = 1, ms = 3_000 } = fault;
  switch (fault.kind) {
    case 'rate-limit': return told({ status: 429, headers: { 'retry-after': String(retryAfter) }, body: { error: 'Too many requests.' } });
    case 'error': return told({ status: fault.status ?? 500, headers: {}, body: { error: 'The mock was told to fail.' } });
    case 'unauthorized': return told({ status: 401, headers: { 'www-authenticate': 'Bearer realm="mock", error="invalid_token"' }, body: { error: 'The token is not valid any more.' } });
    case 'reset':
      note(0);
      response.socket?.resetAndDestroy();
      return true;
    case 'time-out':
      if (isTimeless) return told({ status: 504, headers: { [waitsHeader]: 'time-out' }, body: undefined });
      // Nothing, until the client has gone.
      note(0);
      return true;
    case 'cut': {
      const text = textOf((await found.answer({})).body);
      note(200);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text) + 100) });
      response.write(text.slice(0, Math.ceil(text.length / 2)), () => void response.socket?.destroy());
      return true;
    }
    case 'slow':
      if (isTimeless) response.setHeader(waitsHeader, ms);
      else await new Promise<void>((resolve) => {
        const timer = setTimeout(() => (waiting.delete(timer), resolve()), ms);
        waiting.add(timer);
      });
      return false;
    default: return false;
  }
  function told(given: Answer): true {
    note(given.status);
    send(response, given);
    return true;
  }
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));

function send(response: ServerResponse, { status, headers, body }: Answer, fault?: Fault['kind']): void {
  if (response.destroyed) return;
  const content = body === undefined || status === 204 ? '' : body instanceof Uint8Array ? body : textOf(body);
  const type = typeof body === 'string' ? (body.trimStart().startsWith('<') ? 'text/xml; charset=utf-8' : 'application/json') : 'application/json';
  const isPlain = Object.values(headers).every((value) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value));
  response.writeHead(status, { ...(content !== '' && { 'content-type': type }), ...(isPlain && headers), 'x-content-type-options': 'nosniff' });
  response.end(fault === 'broken-json' ? content.slice(0, -1) : content);
}

function fail(response: ServerResponse, error: unknown): void {
  const isAsked = FlowError.is(error, 'DATA_INVALID') || error instanceof RangeError;
  if (response.headersSent || response.destroyed) return void response.destroy();
  send(response, { status: isAsked ? 400 : 500, headers: {}, body: { error: wordsOf(error) } });
}

function wordsOf(error: unknown): string {
  if (FlowError.is(error) && error.remedy !== errors[error.code].fix) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}
