import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { Runner } from '../runner/contract.ts';
import { guardFor, hostsOf, type Guard, type Level } from './guard.ts';
import { answerHook, prefix as hookPrefix } from './hooks.ts';
import { metricsOf } from './metrics.ts';
import { defaultWebRoot } from './page.ts';
import { apiHeaders, problemOf, sendProblem } from './problem.ts';
import type { Limits } from './route.ts';

export interface ServeOptions {
  /** 0 takes any that is free. */
  readonly port: number;
  readonly host: string;
  readonly token: string;
  /** Folder of the built webviews. */
  readonly webRoot?: string;
  /** Further hosts that requests may name, for a server behind a tunnel. */
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Milliseconds that a client may take for its headers; default 10,000. */
  readonly headersTimeoutMs?: number;
  /** Milliseconds that requests in work get when the server closes; default 30,000. */
  readonly drainMs?: number;
  /** Whether the triggers listen: what `/readyz` says. */
  readonly isReady?: () => boolean;
  readonly log?: (error: unknown) => void;
}

export interface Server {
  readonly url: string;
  /** Takes no new requests, lets those in work come to their end, and cuts them off when that takes too long. */
  close(): Promise<void>;
}

const megabyte = 1024 * 1024;
const defaultLimits: Limits = { hookBytes: 16 * megabyte, payloadBytes: 2048 * megabyte, memoryBytes: 4 * megabyte, jsonBytes: 16 * megabyte };

/** Puts the runner's API, its webhooks and the operators' page on an address. */
export async function serve(runner: Runner, options: ServeOptions): Promise<Server> {
  const { port, host, token, webRoot = defaultWebRoot(), headersTimeoutMs = 10_000, log = () => {} } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const closing = new AbortController();
  const metrics = metricsOf(runner);
  // Express is loaded while the first requests, health checks and webhooks, are already answered without it.
  const app = import('./app.ts').then(({ appOf }) => appOf({ runner, metrics, webRoot, limits, closing: closing.signal, log }) as RequestListener);
  let guard: Guard | undefined;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('finish', () => metrics.countRequest(response.statusCode));
    const url = request.url ?? '';
    const level = levelOf(url);
    const refusal = guard!.refuse(request, level);
    if (closing.signal.aborted) response.setHeader('connection', 'close');
    if (refusal) refuse(request, response, refusal);
    else if (url === '/healthz') answerHealth(request, response, true);
    else if (url === '/readyz') answerHealth(request, response, !closing.signal.aborted && (options.isReady?.() ?? true));
    else if (level === 'hook') void answerHook(runner, request, response, limits).catch((error: unknown) => { if (!FlowError.is(error)) log(error); refuse(request, response, error); });
    else void app.then((handle) => handle(request, response));
  };
  // Sockets that are slow to say what they want are looked for twice a second, and `express.listen` would not look for them so often.
  const server = createServer({ connectionsCheckingInterval: 500, headersTimeout: headersTimeoutMs, requestTimeout: Math.max(headersTimeoutMs, 300_000), keepAliveTimeout: 10_000 }, listener);
  await new Promise<void>((resolve, reject) => { server.once('error', (error) => reject(listenError(error, host, port))); server.listen(port, host, resolve); });
  const { port: bound } = server.address() as AddressInfo;
  const hookHost = (): string | undefined => { const known = runner.publicUrl(); return known === undefined ? undefined : new URL(known).host; };
  guard = guardFor({ hosts: hostsOf(host, bound, options.allowedHosts), token, hookHost });
  return {
    url: `http://${urlHost(host)}:${bound}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      closing.abort(new FlowError('RUN_STOPPED', 'The runner is being stopped. The run is recorded.'));
      const timer = setTimeout(() => server.closeAllConnections(), options.drainMs ?? 30_000);
      await closed;
      clearTimeout(timer);
      metrics.close();
    },
  };
}

/** Whatever is not known to be harmless needs the token, so that no spelling of an address gets around it. */
function levelOf(url: string): Level {
  if (url.startsWith(hookPrefix)) return 'hook';
  return openPath.test(url.split('?', 1)[0]!) ? 'open' : 'api';
}

const openPath = /^\/(?:|index\.html|healthz|readyz|[\w-]+(?:\.[\w-]+)*\.(?:js|css|ttf|svg|png))$/;

/** What is refused is not read: the connection ends with the answer, so that nobody goes on sending. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const challenge: Record<string, string> = FlowError.is(error, 'API_UNAUTHORIZED') ? { 'www-authenticate': 'Bearer' } : {};
  sendProblem(response, problemOf(error), request.complete ? challenge : { ...challenge, connection: 'close' });
}

function answerHealth(request: IncomingMessage, response: ServerResponse, isGood: boolean): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return sendProblem(response, problemOf(new FlowError('API_INVALID', 'This address takes GET, HEAD.'), 405), { allow: 'GET, HEAD' });
  response.writeHead(isGood ? 200 : 503, { ...apiHeaders, 'content-type': 'application/json' });
  response.end(isGood ? '{"status":"ok"}' : '{"status":"starting"}');
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') return new FlowError('CONFIG_INVALID', `Port ${port} of ${host} is taken by another program.`, { details: { port, host }, remedy: 'Choose another with `--port` (0 takes any that is free), or end that program.' });
  if (error.code === 'EACCES') return new FlowError('CONFIG_INVALID', `Port ${port} may not be used by this user.`, { details: { port, host }, remedy: 'Choose one above 1023 with `--port`.' });
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new FlowError('CONFIG_INVALID', `This machine has no address ${host}.`, { details: { port, host }, remedy: 'Choose another with `--host`; 127.0.0.1 is this machine alone.' });
  return error;
}

const urlHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host);

