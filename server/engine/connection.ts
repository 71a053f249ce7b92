import { FlowError, type Context, type HttpRequest, type HttpResponse, type Log, type PayloadContext, type TlsIdentity, type Token, withChanges } from '../../plugins/sdk/index.ts';
import { attemptUntilSuccess, type Meaning } from './attempts.ts';
import type { Auth, Signed } from './credentials.ts';
import type { EngineHost } from './host.ts';
import { scopedHttp, type ScopedHttp, type SendOptions, type SizedResponse } from './http.ts';
import { heedBudgets, passLimits, type OpenLimit } from './rate-limits.ts';
import { backoff, planRetry, retryAfter, type RetryPlan } from './retry.ts';
import { asFlowError, isRetryable } from './run-error.ts';
import { unlessAborted } from './unless-aborted.ts';
import type { Judge, Verdict } from './verdict.ts';

/** An instance, ready to be spoken to. */
export interface Connection {
  /** Signs, sends, follows redirects, waits and tries again. Gives only answers of success, by their status or by a rule; all else is an error. */
  send(request: HttpRequest, call: ConnectionCall): Promise<Answer>;
}

export interface Answer {
  readonly response: HttpResponse;
  /** The address that answered, after redirects. */
  readonly url: string;
  /** Bytes of the body. */
  readonly size?: number;
  /** What it stands for, where a rule says so. */
  readonly meaning?: Meaning;
}

export interface ConnectionCall {
  readonly context: PayloadContext;
  /** Of the whole call: that of the context or one that ends with it. */
  readonly signal: AbortSignal;
  readonly retry: RetryPlan;
  /** Records are asked for: a body says which, and is no payload. */
  readonly isReceiving?: boolean;
  /** Name of the endpoint, for messages. */
  readonly endpoint: string;
  readonly limits?: readonly OpenLimit[];
  /** It sends something that would be done twice. */
  readonly isUnrepeatable?: boolean;
  /** What answers mean, before what their status says. */
  readonly judge?: Judge;
  /** Milliseconds that an answer asks to wait, beside `Retry-After`. */
  waitOf?(response: HttpResponse): Promise<number | undefined>;
  /** Looks at each answer first: gives what takes its place, and what it means where that is known. */
  after?(response: HttpResponse, request: HttpRequest): Promise<{ readonly response: HttpResponse; readonly verdict?: Verdict }>;
}

export interface ConnectionOptions {
  readonly instance: string;
  readonly connector: string;
  /** Credentials are sent to this origin only. */
  readonly origin: string;
  /** Further origins that may be asked, without credentials. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Sign the requests in this order. */
  readonly auth: readonly Auth[];
}

const MOST_REDIRECTS = 5;
const renewal: RetryPlan = { ...planRetry({ method: 'GET' }, { attempts: 2, maxDelayMs: 10_000, maxRetryAfterMs: 60_000 }, undefined) };
/** Errors of renewals after their last attempt: the attempts of the requests that needed the token do not begin them anew. */
const exhausted = new WeakSet<object>();

export function openConnection(host: EngineHost, options: ConnectionOptions): Connection {
  const key = `${options.instance} ${options.origin}`;
  return {
    async send(request, call) {
      const { limits = [], endpoint, judge, waitOf } = call;
      return attemptUntilSuccess<Tried>(host, {
        plan: call.retry, context: call.context, signal: call.signal, judge, ...(waitOf && { waitOf }), about: { instance: options.instance, endpoint, method: request.method, url: request.url, hasBody: request.body !== undefined && call.isReceiving !== true },
        exchange: (attempt, refused) => exchange(host, options, key, request, call, attempt, refused),
        isFinal: (error) => exhausted.has(error as object),
        pauseUntil: (time) => [key, ...limits.map((limit) => limit.key)].forEach((paused) => host.connections.pauseUntil(paused, time)),
      });
    },
  };
}

interface Tried extends Answer {
  readonly verdict?: Verdict;
  readonly tokens: ReadonlyMap<Auth, Token>;
}

/** One attempt: the request, the same with a new signature where the old one was refused, and whatever it is redirected to. */
async function exchange(host: EngineHost, options: ConnectionOptions, key: string, first: HttpRequest, call: ConnectionCall, attempt: number, refused: Tried | undefined): Promise<Tried> {
  let request = first;
  const { limits = [], signal } = call;
  const refusal: Refusal = { stale: new Map(refused?.tokens), used: new Map(), isAnswered: refused !== undefined };
  let leave = (): void => undefined;
  const admit = async (): Promise<void> => {
    for (;;) {
      leave();
      // In front of the limits, whose places others need meanwhile, and of the signature, which may be of this minute.
      await host.standing?.over(signal);
      await host.connections.admit(key, undefined, signal);
      leave = await passLimits(host.connections, limits, request, signal);
      if (!host.standing?.isNow) return;
    }
  };
  const asked = async (): Promise<{ readonly response: SizedResponse; readonly next: HttpRequest | undefined }> => {
    const isOwn = checkOrigin(request.url, options);
    const unsigned = request;
    const send = (signed: HttpRequest, tls?: TlsIdentity): Promise<SizedResponse> => (call.context.http as ScopedHttp).send(signed, { attempt, signal: call.signal, unsigned, connector: options.connector, ...(call.isUnrepeatable && { isUnrepeatable: true }), ...(tls && { tls }) });
    const response = isOwn ? await sendSigned(host, options, call, options.auth, request, { admit, send, refusal }) : (await admit(), await send(withoutCredentials(host, request)));
    // Before anybody else has its place.
    await heedBudgets(host.connections, limits, { request, response, now: host.clock.now(), mostMs: call.retry.maxRetryAfterMs });
    return { response, next: redirectOf(request, response, options) };
  };
  for (let redirects = 0; ;) {
    const { response, next } = await asked().finally(() => leave());
    if (!next) {
      const { response: seen = response, verdict } = (await call.after?.(response, request)) ?? {};
      return { response: seen, url: request.url, size: response.size, tokens: refusal.used, ...(verdict && { verdict }) };
    }
    if (++redirects > MOST_REDIRECTS) throw new FlowError('REMOTE_REJECTED', `${new URL(first.url).host} redirected more than ${MOST_REDIRECTS} times. Correct the address of the instance.`, { details: { url: first.url } });
    request = next;
  }
}

/** What was refused with 401, which is worth one other signature. */
interface Refusal {
  readonly stale: Map<Auth, Token>;
  /** By the last signature. */
  used: ReadonlyMap<Auth, Token>;
  isAnswered: boolean;
}

interface Sending<R extends HttpResponse> {
  /** Waits for what must be waited for before the request is signed. */
  admit?(): Promise<void>;
  send(signed: HttpRequest, tls?: TlsIdentity): Promise<R>;
  readonly refusal: Refusal;
}

type SignedCall = Pick<ConnectionCall, 'signal'> & { readonly context: Pick<Context, 'http' | 'log' | 'random'> };

/** Sends a request that the methods have signed, one after the other; once more where another signature may be answered otherwise. */
async function sendSigned<R extends HttpResponse>(host: EngineHost, options: ConnectionOptions, call: SignedCall, methods: readonly Auth[], request: HttpRequest, { admit, send, refusal }: Sending<R>): Promise<R> {
  const tls = methods.find((method) => method.tls)?.tls;
  for (;;) {
    await admit?.();
    const tokens = new Map<Auth, Token>();
    const answered: Signed['answered'][] = [];
    let signed = request;
    for (const method of methods) {
      const token = await currentToken(host, options, method, call, refusal.stale.get(method));
      if (token) tokens.set(method, token);
      const signature = await method.sign(signed, token, { signal: call.signal, log: call.context.log });
      signed = signature.request;
      answered.push(signature.answered);
    }
    refusal.used = tokens;
    const response = await send(signed, tls);
    // Each must see the answer, whatever another makes of it.
    const isOther = answered.map((take) => take(response)).some(Boolean);
    const isRefused = response.status === 401;
    if (isRefused ? refusal.isAnswered || (tokens.size === 0 && !isOther) : !isOther) return response;
    if (!isRefused) continue;
    refusal.isAnswered = true;
    for (const [method, token] of tokens) refusal.stale.set(method, token);
  }
}

/** Whether the address is of the connection itself. Fails with `REMOTE_ORIGIN` where it may not be asked at all. */
function checkOrigin(url: string, { origin, allowedOrigins, instance }: ConnectionOptions): boolean {
  // Only http and https have an origin.
  const own = URL.canParse(url) ? new URL(url).origin : 'null';
  const asked = own === 'null' ? url.slice(0, 200) : own;
  if (asked === origin) return true;
  if (allowedOrigins.has(asked)) return false;
  if (own === 'null') throw new FlowError('REMOTE_ORIGIN', `A link or a redirect in an answer led the instance "${instance}" to ${JSON.stringify(asked)}; only http and https addresses of ${origin} are followed.`, { details: { origin, asked }, remedy: 'See the answer in the run: let the pagination take the address, or the token, from another place of it.' });
  throw new FlowError('REMOTE_ORIGIN', `The instance "${instance}" belongs to ${origin} and was led to ${asked}, which its connector does not allow.`, { details: { origin, asked } });
}

/**
 * Also without what a connector has put into its headers by itself, and what a server repeats of the query in an address: whatever is masked is a secret.
 * Fails with `REMOTE_ORIGIN` where one stands in the path or the body, which are nothing without it.
 */
function withoutCredentials(host: EngineHost, request: HttpRequest): HttpRequest {
  const { authorization: _authorization, cookie: _cookie, 'proxy-authorization': _proxy, ...headers } = request.headers;
  const holdsSecret = (text: string): boolean => host.bodies.holdsSecret?.(text) === true;
  const url = new URL(request.url);
  const [path, pairs] = [url.href.slice(0, url.href.length - url.search.length - url.hash.length), url.search.slice(1).split('&')];
  const left = pairs.filter((pair) => !holdsSecret(pair));
  const { body } = request;
  const place = holdsSecret(path) ? 'address' : body !== undefined && holdsSecret(typeof body === 'string' ? body : new TextDecoder().decode(body)) ? 'body' : undefined;
  if (place !== undefined) throw new FlowError('REMOTE_ORIGIN', `A link or a redirect in an answer led to ${url.origin}, which gets no secrets, and the ${place} of the request holds one.`, { details: { asked: url.origin }, remedy: 'Ask that system by an instance of its own, or send the secret by an auth method: what that adds goes to the address of the instance only.' });
  return { ...request, url: left.length === pairs.length ? request.url : `${path}${left.length > 0 ? `?${left.join('&')}` : ''}`, headers: Object.fromEntries(Object.entries(headers).filter(([name, value]) => host.bodies.mask({ [name]: value })[name] === value)) };
}

function currentToken(host: EngineHost, options: ConnectionOptions, method: Auth, call: SignedCall, stale: Token | undefined): Promise<Token> | undefined {
  const { acquire, key, kept, isReplaceable = false } = method;
  if (!acquire) return undefined;
  const renew = async (last: Token | undefined): Promise<Token> => {
    for (let attempt = 1; ; attempt++) {
      let wanted = 0;
      const onAnswer = ({ headers }: HttpResponse): void => {
        wanted = retryAfter(headers['retry-after'], host.clock.now()) ?? 0;
      };
      try {
        const token = await acquire(tokenContext(host, options, method, call, attempt, onAnswer), last);
        return concealed(host, key, token);
      } catch (error) {
        if (call.signal.aborted || !isRetryable(asFlowError(error))) throw error;
        if (attempt > renewal.attempts || wanted > renewal.maxRetryAfterMs) {
          exhausted.add(error as object);
          throw error;
        }
        await host.clock.sleep(Math.max(backoff(renewal, attempt, call.context.random()), wanted), call.signal);
      }
    }
  };
  const token = host.connections.token(key, renew, { now: host.clock.now(), ...(stale && { stale }), ...(kept !== undefined && { kept, isReplaceable }) });
  // One that can be renewed once only is not left half-way: what the server gave would be lost.
  // It may come from another process, whose masks do not know of ours.
  const known = kept === undefined ? unlessAborted(token, call.signal) : token.then((found) => concealed(host, key, found));
  return known.catch((error: unknown) => {
    throw withInstance(error, method.other === undefined ? options.instance : `${options.instance} --method ${method.other}`);
  });
}

/** Methods and stores do not know for which instance they work; whoever is to log in must. */
function withInstance(error: unknown, instance: string): unknown {
  if (!FlowError.is(error) || !error.remedy.includes('`patchbay login INSTANCE`')) return error;
  const named = withChanges(error, { remedy: error.remedy.replace('INSTANCE', () => instance) });
  if (exhausted.has(error)) exhausted.add(named);
  return named;
}

function concealed(host: EngineHost, key: string, token: Token): Token {
  for (const [name, value] of Object.entries(token.values)) host.bodies.conceal?.(value, `${key} ${name}`);
  return token;
}

/** For a login, which belongs to no run: nothing of it is recorded. */
export function loginContext(host: EngineHost, options: ConnectionOptions, method: Auth, log: Log, signal: AbortSignal): Context {
  const http = scopedHttp(host, { attempt: 1, signal, emit: () => undefined });
  return tokenContext(host, options, method, { context: { http, log, random: Math.random }, signal }, 1, () => undefined);
}

/** Real time instead of the run's: tokens end by it. Bodies hold the secret and the token, so they are not recorded. */
function tokenContext(host: EngineHost, options: ConnectionOptions, { kept, tokenAuth }: Auth, call: SignedCall, attempt: number, onAnswer: (response: HttpResponse) => void): Context {
  const { context, signal } = call;
  const sendOptions: SendOptions = { attempt, signal, confidential: true, connector: options.connector, ...(kept !== undefined && { isCompleted: true }) };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    checkOrigin(request.url, options);
    const response = await sendSigned(host, options, call, tokenAuth, request, {
      refusal: { stale: new Map(), used: new Map(), isAnswered: false },
      send: (signed, tls) => (context.http as ScopedHttp).send(signed, { ...sendOptions, ...(tokenAuth.length > 0 && { unsigned: request }), ...(tls && { tls }) }),
    });
    onAnswer(response);
    return response;
  };
  return { signal, log: context.log, random: () => context.random(), clock: { now: () => host.clock.now(), sleep: (ms) => host.clock.sleep(ms, signal) }, http: { send } };
}

/** The request that an answer leads to, if any. Only reading requests go on as they are: whoever writes must not lose the body on the way. */
function redirectOf(request: HttpRequest, { status, headers }: HttpResponse, { instance }: ConnectionOptions): HttpRequest | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const url = URL.canParse(location, request.url) ? new URL(location, request.url).href : location;
  const isReading = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (isReading || status >= 307) return { ...request, url };
  if (status !== 303) {
    throw new FlowError('REMOTE_REJECTED', `${new URL(request.url).host} moved to ${URL.canParse(url) ? new URL(url).origin : 'another address'} (status ${status}) and a ${request.method} request cannot follow. Correct the address of the instance "${instance}".`, { details: { status } });
  }
  const { 'content-type': _type, ...rest } = request.headers;
  return { method: 'GET', url, headers: rest, ...(request.timeoutMs !== undefined && { timeoutMs: request.timeoutMs }) };
}
