import { contentTypeOf, decodeText, FlowError, type Http, type HttpRequest, type HttpResponse, parseJson, type TlsIdentity } from '../../plugins/sdk/index.ts';
import type { ExchangeHead } from '../model/run-event.ts';
import { brokenJson } from '../model/syntax-errors.ts';
import type { EngineHost, EventSink, RawResponse } from './host.ts';
import { childId, isJson } from './payload.ts';
import { toRunError } from './run-error.ts';
import { tellingHeaders, type Said } from './same-request.ts';

export interface HttpScope {
  readonly step?: string;
  readonly payload?: string;
  /** Of the payload at the step, from 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
}

/** What the engine's own callers may say beside the request. */
export interface SendOptions {
  /** Number of this attempt at the request, from 1. */
  readonly attempt?: number;
  /** Ends this request only. */
  readonly signal?: AbortSignal;
  /** Nothing but `signal` ends it: it is made because the attempt is over. */
  readonly isAfterwards?: boolean;
  /** The request before it was signed: what signing added or changed is not recorded. */
  readonly unsigned?: HttpRequest;
  /** Neither body is recorded: a token is asked for. */
  readonly confidential?: boolean;
  /** Of the instance that is asked. */
  readonly connector?: string;
  /** What it asks for is done twice where it is made twice. */
  readonly isUnrepeatable?: boolean;
  /** Its answer is waited for even where the run is stopped meanwhile; only its time limit ends it. */
  readonly isCompleted?: boolean;
  /** How it is sent where that is not by HTTP; of the request only what is recorded counts. */
  readonly via?: (signal: AbortSignal, onTurn: () => void) => Promise<RawResponse>;
  /** Where it is not by HTTP: something may be changed by it. */
  readonly changes?: boolean;
  /** Of the client. */
  readonly tls?: TlsIdentity;
}

export interface ScopedHttp extends Http {
  send(request: HttpRequest, options?: SendOptions): Promise<SizedResponse>;
}

export interface SizedResponse extends HttpResponse {
  /** Bytes of the body as it came. */
  readonly size: number;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

/** The way out for one attempt of one payload: every request becomes one `exchange` event, masked, with its bodies kept. */
export function scopedHttp(host: EngineHost, scope: HttpScope): ScopedHttp {
  let count = 0;
  return {
    async send(given, options = {}) {
      const request = { ...given, timeoutMs: given.timeoutMs ?? DEFAULT_TIMEOUT_MS };
      if (!options.via) checkRequest(request);
      const id = childId(scope.payload ?? '', `${scope.step ?? ''}:${scope.attempt}:http`, count++);
      const askedAt = host.clock.now();
      let startedAt = askedAt;
      const onTurn = (): void => {
        startedAt = host.clock.now();
      };
      // The request first: an answer, or an error, repeats in words what it was asked.
      const record = (outcome: () => Partial<ExchangeHead>): void | Promise<void> => {
        const at = host.clock.now();
        const exchange = { ...recordedRequest(host, scope, request, options).request, id, attempt: options.attempt ?? scope.attempt, durationMs: at - startedAt, ...(startedAt > askedAt && { waitedMs: startedAt - askedAt }), ...(options.connector !== undefined && { connector: options.connector }), ...(options.isUnrepeatable && { isUnrepeatable: true as const }), ...outcome() };
        return scope.emit({ type: 'exchange', ...(scope.step !== undefined && { step: scope.step }), ...(scope.payload !== undefined && { payload: scope.payload }), exchange, at });
      };
      // A server may repeat what it was asked.
      if (options.unsigned) for (const text of signaturesOf(request, options.unsigned)) host.bodies.hear?.(text);
      let raw: RawResponse;
      try {
        const stop = !options.signal ? scope.signal : options.isAfterwards ? options.signal : AbortSignal.any([scope.signal, options.signal]);
        if (host.standing?.isNow) {
          await host.standing.over(stop);
          onTurn();
        }
        stop.throwIfAborted();
        const signal = options.isCompleted ? new AbortController().signal : stop;
        // What is about to be sent must be known after a crash, or the same key would stand for something else.
        const isUnsafe = !harmless.has(request.method);
        if (options.via ? options.changes : isUnsafe) await host.bodies.settled?.();
        raw = await host.transport.send(request, { signal, onTurn, maxBytes: host.workspace.limits.responseBytes, ...(host.workspace.limits.connectionsPerHost !== undefined && { connections: host.workspace.limits.connectionsPerHost }), ...(scope.step !== undefined && { step: scope.step }), ...(scope.payload !== undefined && { payload: scope.payload }), ...(options.tls && { tls: options.tls }), ...(options.via && { via: (own: AbortSignal) => options.via!(own, onTurn) }), changes: options.via ? options.changes === true : isUnsafe && options.confidential !== true, ...(!options.confidential && { said: () => recordedRequest(host, scope, request, options) }) });
      } catch (error) {
        await record(() => ({ error: host.bodies.mask(toRunError(error, scope.step)) }));
        throw error;
      }
      await record(() => recordedResponse(host, raw, options));
      return { status: raw.status, headers: raw.headers, body: parseBody(raw, (number) => tellKept(host, scope, number)), size: raw.body.length };
    },
  };
}

/** Media type of an answer without parameters, in lower case; `''` where it does not say. */
export const mediaTypeOf = (headers: Readonly<Record<string, string>>): string => (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();

/** The JSON of an answer. Some servers do not say that they send it, others say so of an error page. Fails with `REMOTE_FORMAT`. */
export function jsonOf({ status, headers, body }: HttpResponse, endpoint: string): unknown {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  const text = typeof body === 'string' ? body : answerText(body, endpoint);
  try {
    return parseJson(text);
  } catch (cause) {
    if (text.trim() === '') throw new FlowError('REMOTE_FORMAT', `The answer of "${endpoint}" (${mediaTypeOf(headers) || 'of no type'}, status ${status}) is empty, where JSON is wanted.`, { cause, remedy: 'The other system sent no content: see in the run whether the request is what it asks for. One that has no records answers with an empty list, or with the status 204; where it answers so by another status, name that in "stopStatuses" of the pagination.' });
    const name = `The answer of "${endpoint}" (${mediaTypeOf(headers) || 'of no type'})`;
    const begin = `t begins with ${JSON.stringify(text.slice(0, 80))}.`;
    // Of what is no JSON at all, a place says nothing.
    const broken = /^\s*[[{]/.test(text) ? brokenJson(text, name) : undefined;
    throw new FlowError('REMOTE_FORMAT', broken ? `${broken.message} I${begin}` : `${name} is not valid JSON; i${begin}`, { cause, details: { ...broken?.at }, remedy: 'The other system sent JSON that is broken or was cut, or no JSON at all: look at the whole answer in the run. Where it is written in another format, name that by "decoder" of the endpoint.' });
  }
}

function answerText(body: Uint8Array, endpoint: string): string {
  try {
    return decodeText(body, { what: `The answer of "${endpoint}"` });
  } catch (cause) {
    if (!FlowError.is(cause)) throw cause;
    throw new FlowError('REMOTE_FORMAT', cause.message, { cause, details: cause.details, remedy: 'JSON is written in UTF-8, or its content type names the charset: let the other system do so. It may also be packed without a header "content-encoding". Where the answer is written in another format, name that by "decoder" of the endpoint, with its "encoding".' });
  }
}

/** Hides what signing added to the request; scheme words such as `Bearer` stay. */
export function unsignedView(request: HttpRequest, unsigned: HttpRequest | undefined): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const isAdded = unsigned !== undefined && unsigned.headers[name] !== value;
    headers[name] = leading.has(name) ? withoutSignature(value) : isAdded || secretHeaders.has(name) ? value.replace(/^([A-Za-z][\w-]*) .*$|^.*$/s, (_all, scheme: string | undefined) => (scheme ? `${scheme} ${hidden}` : hidden)) : value;
  }
  return { url: withoutSignature(unsigned && unsigned.url !== request.url ? hideParameters(request.url, unsigned.url) : request.url), headers };
}

/** The texts that signing added which may be signatures or tokens: long ones, no times, and no names of headers and parameters. */
function signaturesOf({ headers, url }: HttpRequest, unsigned: HttpRequest): readonly string[] {
  const added = Object.entries(headers).flatMap(([name, value]) => (unsigned.headers[name] === value ? [] : [value]));
  const before = new Set(url === unsigned.url ? [] : new URL(unsigned.url).searchParams.values());
  const inQuery = url === unsigned.url ? [] : [...new URL(url).searchParams.values()].filter((value) => !before.has(value));
  const long = [...added, ...inQuery].flatMap((value) => value.match(/(?<![\w+/.~-])[\w+/.~-]{20,}(?![\w+/.~-]|="\w)={0,2}/g) ?? []);
  return long.filter((text) => !Object.hasOwn(headers, text.toLowerCase())).flatMap((text) => [text, text.replace(/=+$/, '')]);
}

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);
const hidden = '•••';
/** Headers that hold addresses. */
const leading = new Set(['location', 'content-location', 'link', 'refresh']);

/** Whoever has an address that is signed can use it, for a while: the signatures of the big clouds are hidden. */
const withoutSignature = (text: string): string => text.replaceAll(/([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Goog-Signature|Signature|sig)=)[^&#\s"'<>,;]+/gi, `$1${hidden}`);
const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
// Node and the protocol own these: a request that sets them could end up as two.
const ownHeaders = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'expect']);

function hideParameters(url: string, unsigned: string): string {
  const signedUrl = new URL(url);
  const before = new URL(unsigned).searchParams;
  if (signedUrl.origin + signedUrl.pathname !== new URL(unsigned).origin + new URL(unsigned).pathname) return unsigned;
  const query = [...signedUrl.searchParams].map(([name, value]) => `${encodeURIComponent(name)}=${before.getAll(name).includes(value) ? encodeURIComponent(value) : hidden}`);
  return `${signedUrl.origin}${signedUrl.pathname}?${query.join('&')}`;
}

function checkRequest({ url, headers }: HttpRequest): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new FlowError('DATA_INVALID', `The address ${JSON.stringify(url.slice(0, 200))} is not an absolute http or https address.`);
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || ownHeaders.has(name)) throw new FlowError('DATA_INVALID', `A request cannot have a header named ${JSON.stringify(name)}.`);
    if (typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new FlowError('DATA_INVALID', `The header "${name}" holds a character that no header can carry, such as a line break or a letter beyond Latin-1.`);
  }
}

function recordedRequest(host: EngineHost, { step }: HttpScope, request: HttpRequest, { unsigned, confidential }: SendOptions): Said {
  const view = unsignedView(request, unsigned);
  const shown = host.bodies.mask(view);
  const body = confidential ? undefined : unsigned ? unsigned.body : request.body;
  const { hash, sealed } = body === undefined ? { hash: '' } : host.bodies.keepRaw(body, mediaTypeOf(request.headers) || 'application/octet-stream');
  const fingerprint = confidential ? undefined : host.bodies.fingerprint?.(view.url, tellingHeaders(view.headers, step), body ?? '');
  return { request: { method: request.method, url: shown.url, requestHeaders: shown.headers, ...(hash && { requestBody: hash }), ...(fingerprint !== undefined && { fingerprint }) }, isMasked: shown !== view || sealed !== undefined };
}

function recordedResponse(host: EngineHost, raw: RawResponse, { confidential }: SendOptions): Pick<ExchangeHead, 'status' | 'responseHeaders' | 'responseBody'> {
  // A token may stand in any header of the answer that brings it, and is not known yet.
  const shown = confidential ? Object.fromEntries(Object.entries(raw.headers).filter(([name]) => telling.has(name))) : raw.headers;
  const { headers } = unsignedView({ method: '', url: '', headers: shown }, undefined);
  const { hash, sealed } = raw.body.length === 0 || confidential ? { hash: '' } : host.bodies.keepRaw(raw.body, mediaTypeOf(raw.headers) || 'application/octet-stream');
  return { status: raw.status, responseHeaders: host.bodies.mask(headers), ...(hash && { responseBody: hash }), ...(sealed !== undefined && { responseSealed: sealed }) };
}

const telling = new Set(['content-length', 'content-type', 'date', 'retry-after', 'server', 'www-authenticate']);

/** Sinks of runs that were told: once is enough. */
const told = new WeakSet<EventSink>();

function tellKept(host: EngineHost, { step, payload, emit }: HttpScope, number: string): void {
  if (told.has(emit)) return;
  told.add(emit);
  const message = 'An answer holds numbers that JavaScript cannot hold, such as long ids. They are kept as texts, digit by digit.';
  void emit({ type: 'log', level: 'warn', message, fields: host.bodies.mask({ number }), ...(step !== undefined && { step }), ...(payload !== undefined && { payload }), at: host.clock.now() });
}

function parseBody({ headers, body }: RawResponse, kept: (number: string) => void): unknown {
  const mediaType = mediaTypeOf(headers);
  if (isJson(mediaType)) {
    // Some servers name another charset and send UTF-8 all the same.
    const text = utf8Of(body) ?? readable(body, headers);
    if (text === '' || text === undefined) return text ?? body;
    try {
      return parseJson(text, kept);
    } catch {
      return text;
    }
  }
  if (mediaType !== '' && !isText(mediaType)) return body;
  const isNamed = isKnown(contentTypeOf(headers['content-type'] ?? '').charset);
  // What is said nowhere may stand in the document, or in the settings of whoever reads it.
  return (isNamed ? readable(body, headers) : utf8Of(body)) ?? body;
}

const isText = (mediaType: string): boolean =>
  mediaType.startsWith('text/') || mediaType.endsWith('+xml') || ['application/xml', 'application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/graphql', 'application/javascript', 'application/x-www-form-urlencoded'].includes(mediaType);

function utf8Of(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** By the charset that is named; `undefined` where it is no such text. */
function readable(body: Uint8Array, headers: RawResponse['headers']): string | undefined {
  try {
    return decodeText(body, { mediaType: headers['content-type'] ?? '', what: 'The answer' });
  } catch {
    return undefined;
  }
}

function isKnown(charset: string | undefined): boolean {
  try {
    return charset !== undefined && new TextDecoder(charset).encoding !== '';
  } catch {
    return false;
  }
}
