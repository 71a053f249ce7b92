import type { ColumnOpenContext, Context, CompiledColumn, CompiledTransform, HttpRequest, HttpResponse, Log, OpenContext, PayloadContext, RecordConverter, Script, StepContext } from './context.ts';
import type { ErrorCode } from './errors.ts';
import type { Payload } from './payload.ts';
import type { Given, Infer, Schema } from './schema.ts';
import type { Spec } from './spec.ts';

export type Awaitable<T> = T | Promise<T>;

interface TransformSpec<S extends Schema>
  extends Spec<'transform', S, {
    readonly input?: unknown;
    readonly output?: unknown;
    /** Code of the error with which the example ends, instead of an output. */
    readonly error?: ErrorCode;
    /** Lookups that the example uses, by name: a header row and values. */
    readonly lookups?: Readonly<Record<string, readonly (readonly string[])[]>>;
    /** JSON documents that caches hold, by cache and key. */
    readonly caches?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** Texts of the scripts that the example uses, by file. */
    readonly scripts?: Readonly<Record<string, string>>;
    /** ISO time that `context.now` gives. */
    readonly now?: string;
  }> {
  /** Types of value that it takes and gives (JSON type names), for checking chains. Absent = any. */
  readonly takes?: readonly string[];
  readonly gives?: readonly string[];
  /** Needs no source: it makes the value (dates, constants). */
  readonly generates?: true;
}

/** Turns one value into another, without side effects. Also a pipe in expressions: `{{ payload.total | round-number(places: 2) }}`. */
export interface ValueTransform<S extends Schema = Schema> extends TransformSpec<S> {
  readonly column?: undefined;
  /** Settings are read once. The function is called per value and must not keep anything between calls. A rule with several sources gives an array. */
  compile(settings: Infer<S>, context: OpenContext): Awaitable<CompiledTransform>;
}

/**
 * Turns many values at once into others, since asking for each alone would cost too much: a script, a cache. It stands in rules of maps only: an expression has one value.
 * What a value becomes must not depend on the others that come with it.
 */
export interface ColumnTransform<S extends Schema = Schema> extends TransformSpec<S> {
  readonly column: true;
  compile(settings: Infer<S>, context: ColumnOpenContext): Awaitable<CompiledColumn>;
}

export type Transform<S extends Schema = Schema> = ValueTransform<S> | ColumnTransform<S>;

/** What to change in the endpoint's request in order to get a page. Plain JSON, so that a run can resume from it. */
export interface PageRequest {
  /** Replaces the whole URL; relative ones are resolved against the one before. */
  readonly url?: string;
  /** Below the base URL of the connector, instead of the endpoint's path. */
  readonly path?: string;
  readonly method?: string;
  /** A list gives the parameter once per item. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Query parameters of the endpoint that are not sent; `*` for all. */
  readonly without?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** Path in the JSON body → value. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Field of the form → value. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent in place of the endpoint's body: a text as it stands, all else in the format of the endpoint. */
  readonly wholeBody?: unknown;
  /** Values for `{{ page.x }}` in the endpoint, and what the strategy wants to know of this request when it has its page. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Page {
  readonly request: PageRequest;
  /** The URL that was really asked for. */
  readonly url: string;
  readonly response: HttpResponse;
  /** Records at the endpoint's data path, before any filter. */
  readonly records: readonly unknown[];
  /** 0 for the first page. */
  readonly index: number;
  /** Records of this page and all before it, each counted once. */
  readonly total: number;
  /** What the script of the strategy gave for this page: a JSON value. */
  readonly scripted?: unknown;
}

export const stopReasons = [
  'single-page', 'short-page', 'empty-page', 'no-token', 'has-more-false', 'done', 'total-records', 'total-pages', 'max-page', 'max-offset', 'max-pages', 'max-records', 'no-link', 'last-window', 'last-file', 'status',
  'stop-expression', 'older-record', 'script', 'test-budget',
] as const;
export type StopReason = (typeof stopReasons)[number];

/**
 * `byGuess`: the server did not say so, we concluded it (a short page without an explicit signal). `again`: the records of this page are not given, since those
 * of the pages to come have them. `waitMs`: a pause before the request.
 */
export type Next = { readonly request: PageRequest; readonly again?: true; readonly waitMs?: number } | { readonly stop: StopReason; readonly byGuess?: boolean };

export interface PageContext {
  /** The first value at a path of a document. */
  read(document: unknown, path: string): unknown;
  /**
   * The value of a setting that the schema marks with `x-expression: 'page'`, for this page: `{{ response.x }}`, `{{ headers.x }}`, `{{ record.x }}` (the last
   * one), `{{ page.x }}`. `undefined` where something in it is not there.
   */
  evaluate(expression: string, page: Page): unknown;
}

/** Finds the next page. Pure: all that it needs is in `page`; the engine guards against loops and foreign origins. */
export interface Pagination<S extends Schema = Schema>
  extends Spec<'pagination', S, {
    readonly pages: readonly { readonly response?: Partial<HttpResponse>; readonly records?: readonly unknown[]; readonly url?: string; readonly scripted?: unknown }[];
    readonly requests: readonly PageRequest[];
    readonly stop: StopReason;
  }> {
  first(settings: Infer<S>): PageRequest;
  next(page: Page, settings: Infer<S>, context: PageContext): Next;
  /** Whether the answer to a request has records; where it is not given, each has. */
  hasRecords?(request: PageRequest): boolean;
  /** Those of the records that were not on a page before, where that can happen; where it is not given, all. Whether there are more goes by all of them. */
  fresh?(page: Page, settings: Infer<S>): readonly unknown[];
  /** What to ask for where the run is stopped, so that the other system ends its work, too. `request`: the last one. */
  abandon?(request: PageRequest, settings: Infer<S>): PageRequest | undefined;
  /** The file of a script that is run with each page before `next`: `({response, headers, status, url, records, page, settings}) => scripted`. */
  script?(settings: Infer<S>): string;
  /** `next` reads the text of the answer; where it is not given, `response.body` is what the answer holds, decoded. */
  readonly readsText?: true;
  /** The very same request may give one page after the other: what the server keeps decides. */
  readonly repeatsRequests?: true;
  /** Pages after the first may be asked for before the ones before are read: `at` gives the request of page n (0-based), undefined where the settings do not let it be known. */
  readonly ahead?: { at(index: number, settings: Infer<S>): PageRequest | undefined };
}

export interface Token {
  readonly values: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. Without it the token is kept until a response says 401. */
  readonly expiresAt?: number;
}

/** What a signature may need beside the request. */
export interface SignContext {
  /** Milliseconds since the epoch. Real time, not that of the run: the other system compares it with its own. */
  readonly now: number;
  /** 32 hexadecimal digits that nobody can guess; others on each call. */
  nonce(): string;
  /** Number of this signature, from 0, among those of the same credentials in this process; of a method with a `pool`, that of the identity that signs. */
  readonly turn: number;
  /** The last answer with which the other system refused the credentials (401), and how often it was signed for since, from 1. Only for a method that `takesChallenge`. */
  readonly challenge?: { readonly answer: HttpResponse; readonly uses: number };
  /** What the script of the method has given, where it has one. */
  readonly scripted?: unknown;
}

/** What an answer says of the requests that are left to who has signed. */
export interface Quota {
  readonly remaining: number;
  /** Milliseconds since the epoch at which there are new ones; without it that is not known. */
  readonly until?: number;
  /** The request was refused for want of them, or since this identity counts no more: another may be taken. */
  readonly isRefusal?: boolean;
}

/** Somebody who logs in with a browser. */
export interface Login {
  /** Where the browser is led when it is over. */
  readonly redirectUri: string;
  /** Comes back with the answer; nobody can guess it. */
  readonly state: string;
  /** The secret of PKCE (RFC 7636), 43 letters. */
  readonly verifier: string;
}

/** How a client proves who it is when a TLS connection is made. All in PEM. */
export interface TlsIdentity {
  /** With the certificates between it and the authority, if there are any. */
  readonly certificate: string;
  readonly key: string;
  readonly passphrase?: string;
  /** Authorities to trust instead of the usual ones. */
  readonly authorities?: string;
}

/** Signs requests. `settings` belongs to the connector's manifest, `credentials` to the instance. Fields of `credentials` that are secret are `writeOnly`. */
export interface AuthMethod<S extends Schema = Schema, C extends Schema = Schema>
  extends Spec<'auth', S, {
    readonly credentials: Given<C>;
    readonly token?: Token;
    readonly request: HttpRequest;
    readonly signed: HttpRequest;
    /** ISO time of the signature. */
    readonly now?: string;
    readonly nonce?: string;
    readonly turn?: number;
    /** What the script has given. */
    readonly scripted?: unknown;
    /** Headers of the refusal that is answered. */
    readonly challenge?: Readonly<Record<string, string>>;
  }> {
  readonly credentials: C;
  /**
   * Gets a token. The engine caches it per instance, shares one request among concurrent callers, and asks again when it expires or on a 401.
   * `last`: the one before, where there is one.
   */
  acquire?(credentials: Infer<C>, settings: Infer<S>, context: Context, last: Token | undefined): Promise<Token>;
  /**
   * The token counts beyond the process: it is kept, encrypted, before any request is signed with it, and is `last` after a restart. For what can be used once only,
   * or what all processes should share. `by-credentials`: other credentials have another token, and one that is lost is got anew with them.
   */
  readonly keepsToken?: true | 'by-credentials';
  /** A request that was refused with 401 is signed and sent once more, with that answer. */
  readonly takesChallenge?: true;
  /** The file of a script that is run before each signature: `({request, credentials, now, nonce, settings}) => scripted`. It sees no secret credential. */
  script?(settings: Infer<S>): string | undefined;
  /** The credentials are several identities with limits of their own: the one that has most requests left signs, by its number as `turn`. */
  readonly pool?: {
    size(credentials: Infer<C>): number;
    /** What an answer says of the one that has signed; undefined where it says nothing. `now`: milliseconds since the epoch. */
    quota(answer: HttpResponse, settings: Infer<S>, now: number): Quota | undefined;
  };
  /** A person logs in first, with a browser. Only for a method that `keepsToken`. */
  readonly login?: {
    /** The address at which to log in. */
    start(credentials: Infer<C>, settings: Infer<S>, login: Login): string;
    /** Makes the token of what came back to the redirect address; `state` was compared already. */
    finish(answer: Readonly<Record<string, string>>, login: Login, credentials: Infer<C>, settings: Infer<S>, context: Context): Promise<Token>;
  };
  /** Connections to the instance's own origin are made with it. */
  tls?(credentials: Infer<C>, settings: Infer<S>): TlsIdentity;
  sign(request: HttpRequest, credentials: Infer<C>, settings: Infer<S>, token: Token | undefined, context: SignContext): Awaitable<HttpRequest>;
}

export interface Output {
  readonly port: string;
  readonly payload: Payload;
}

export type Outputs = readonly Output[] | AsyncIterable<Output>;

/** What a step does with its payloads. It may keep state between the payloads of one run, in its closure. */
export type StepRun<S = unknown> =
  | ((payload: Payload, context: PayloadContext<S>) => Awaitable<Outputs>)
  | {
      payload(payload: Payload, context: PayloadContext<S>): Awaitable<Outputs>;
      /** Called once, when no payload can come any more. The settings are as they stand in the file where an expression in them needs a payload. */
      end(context: PayloadContext<S>): Awaitable<Outputs>;
    };

/** One kind of step: a function per payload. Retry, time limit, order, concurrency, recording are the engine's. */
export interface Shape<S extends Schema = Schema>
  extends Spec<'shape', S, {
    readonly payloads: readonly unknown[];
    readonly outputs: readonly { readonly port: string; readonly body: unknown; readonly meta?: Readonly<Record<string, string>> }[];
    /** Code of the error with which the example ends, instead of outputs. */
    readonly error?: string;
  }> {
  /** Group in the palette. */
  readonly group: 'connect' | 'logic' | 'data' | 'script' | 'control';
  /** Names of the outputs; or the settings field whose items' `name` are the outputs, as in a route. Data, so that the canvas can draw them. */
  readonly ports: readonly string[] | { readonly each: string; readonly and?: readonly string[] };
  /** Further attempts for a payload that failed with a remote error, where the step does not say; default 3. */
  readonly retries?: number;
  /** Milliseconds per payload, where the step does not say; default 1,800,000. */
  readonly timeoutMs?: number;
  /**
   * Opens a scope in which failed payloads go to this step's port of that name instead of failing the run: try-catch. The scope is what its other
   * ports lead to. Its setting `action` says what a caught payload makes of the run: `partial-success`, `fail` or `success`.
   */
  readonly catches?: string;
  /**
   * Its ports are served one after the other: the steps behind a port begin when all steps that only the ports before it lead to have ended. Its setting
   * `onFailure` says whether they begin where payloads failed there and nothing there caught them: `stop` (they do not) or `go-on`. Its setting
   * `concurrency`, where it has one, is that of the steps behind its first port that say nothing else.
   */
  readonly inTurn?: true;
  /** Begins when all payloads have arrived (`waitForAll`), and is told by which step each of them came (`context.from`). */
  readonly gathers?: true;
  /** What it gives up (`context.fail`) counts as caught by itself, and is kept for people to look at and send again. Its setting `action` is that of a try-catch. */
  readonly keeps?: true;
  open(settings: Infer<S>, context: StepContext): Awaitable<StepRun<Infer<S>>>;
}

export interface ScriptSource {
  readonly text: string;
  /** Relative to the workspace; its extension says the language. */
  readonly file: string;
  /** npm packages that it may import, and the folder from which they are looked for; default none. */
  readonly packages?: { readonly folder: string; readonly allowed: readonly string[] };
}

/** Runs user scripts apart from the engine, behind walls. */
export interface ScriptEngine<S extends Schema = Schema> extends Spec<'script', S, { readonly source: string; readonly input: unknown; readonly output: unknown }> {
  /** Fails with `SCRIPT_INVALID` (file, line) where the source does not compile. */
  compile(source: ScriptSource, settings: Infer<S>, context: { readonly log: Log }): Promise<Script>;
  /** Ends all that it started. */
  close(): Promise<void>;
}

/** Starts runs of a flow. Ends when `context.signal` aborts. */
export interface Trigger<S extends Schema = Schema> extends Spec<'trigger', S, {
  /** Requests that arrive one after the other, the answer to each and the payload of the run that it starts; no payload = no run. Text as body. */
  readonly requests?: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly answer: { readonly status: number; readonly body?: unknown };
    readonly payload?: unknown;
    readonly key?: string;
  }[];
  /** The value of every secret that the example uses. */
  readonly secret?: string;
  /** ISO time at which the example starts. */
  readonly now?: string;
  /** ISO times at which it fires after that. */
  readonly times?: readonly string[];
}> {
  /** It has an address of its own, `/hooks/<flow>/<trigger>`, and asks for the requests that arrive there. */
  readonly takesRequests?: true;
  /** Begins anew where it fails: at once after a setting is changed, after a pause where the other system or the storage failed. */
  events(settings: Infer<S>, context: TriggerContext): AsyncIterable<TriggerEvent>;
  /** How a request proves where it comes from, checked step by step. Absent where the trigger checks nothing; `undefined` where these settings neither check anything nor name deliveries. Fails with `SECRET_MISSING`, and with `CONFIG_INVALID` where a secret is none. */
  inspect?(settings: Infer<S>, request: RequestData, context: RequestCheck): Promise<Inspection | undefined>;
  /** The request as its sender would sign it at that moment; as it is where these settings check nothing. Fails as `inspect` does. */
  sign?(settings: Infer<S>, request: RequestData, context: RequestCheck & { /** Id of the delivery; without one that of the request stays. */ readonly delivery?: string }): Promise<RequestData>;
  /** The request under another id of its delivery, where the id is not a part of what is signed; else as it is. */
  redeliver?(settings: Infer<S>, request: RequestData, delivery: string): RequestData;
  /** The next `count` times after `from` at which it fires, in milliseconds since the epoch, ascending. Absent where nobody knows. Fails with `CONFIG_INVALID`. */
  times?(settings: Infer<S>, from: number, count: number): readonly number[];
}

export interface TriggerContext extends Omit<Context, 'http'> {
  /** The requests that arrive at the trigger's own address. Only for one that `takesRequests`. */
  requests(): AsyncIterable<IncomingRequest>;
  /** The value of a `{"$secret": name}` setting. Fails with `SECRET_MISSING`. */
  secret(name: string): Promise<string>;
  /** What the trigger wants to know after a restart, such as when it last fired: a JSON value of at most 64 KB, `undefined` at first. Durable when `set` resolves. */
  readonly memory: { get(): Promise<unknown>; set(value: unknown): Promise<void> };
  /** The events of a listening endpoint of an instance. Fails with `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_ENDPOINT`, `SECRET_MISSING`, and as the connector does. */
  listen(instance: string, endpoint: string, params: unknown): AsyncIterable<TriggerEvent>;
}

/** What `inspect` and `sign` need beside the request. `now`: milliseconds since the epoch, of the arrival or of the sending. */
export interface RequestCheck {
  readonly now: number;
  readonly secret: TriggerContext['secret'];
}

export interface Inspection {
  /** Absent where nothing is signed, and only the delivery is known. */
  readonly isValid?: boolean;
  /** In their order, as far as the check went: the last one is the one that failed. */
  readonly steps: readonly CheckStep[];
  /** Id of the delivery: a second request with it starts no run. */
  readonly delivery?: string;
}

export interface CheckStep {
  readonly name: 'signature' | 'timestamp' | 'content' | 'digest' | 'delivery';
  readonly isPassed: boolean;
  /** A sentence. */
  readonly detail: string;
  /** What was read and compared, for people: no secret, and no whole signature that would have been right. */
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
}

/** A request as data. */
export type RequestData = Pick<IncomingRequest, 'method' | 'url' | 'publicUrl' | 'query' | 'headers' | 'body'>;

export interface IncomingRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** The whole address as the sender knows it, without the query; absent where nobody has said it. */
  readonly publicUrl?: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The body byte for byte, unpacked where it has a `content-encoding`: senders sign what they pack. */
  readonly body: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Answers the request; must be called exactly once. */
  respond(response: HttpResponse): void;
}

export interface TriggerEvent {
  readonly payload?: { readonly body: unknown; readonly mediaType: string; readonly meta?: Readonly<Record<string, string>> };
  /** The request that it comes from. */
  readonly request?: IncomingRequest;
  /** Two events with the same key start one run. */
  readonly key?: string;
  /** While another run of this trigger is queued or at work: start all the same (default), wait until it is over, or do not start. */
  readonly overlap?: 'parallel' | 'queue' | 'skip';
  /** Milliseconds since the epoch that the run takes for the time when it was queued: relative dates count from there. */
  readonly at?: number;
  /** Called when the run is durably accepted, or was before, with the same key. Then a broker may forget the event. */
  accepted?(run: { readonly id: string }): void;
  /** Called instead where `overlap` says that no run starts. */
  skipped?(): void;
  /** Called instead where no run could be accepted: the event should be delivered again. */
  failed?(error: Error): void;
  /** Called with the answer of a callback step; or with the failure of the run where none came. */
  reply?(response: HttpResponse): void;
}

/** Keeps small values between steps and runs: cache, de-duplication pool, run state. */
export interface Store<S extends Schema = Schema> extends Spec<'store', S, object> {
  open(settings: Infer<S>, context: Context): Promise<StoreHandle>;
}

export interface StoreHandle extends AsyncDisposable {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, options?: { readonly ttlMs?: number }): Promise<void>;
  /** Sets the value only where there is none; says whether it did. Atomic: the base of de-duplication. */
  add(key: string, value: unknown, options?: { readonly ttlMs?: number }): Promise<boolean>;
  delete(key: string): Promise<void>;
  entries(prefix?: string): AsyncIterable<readonly [key: string, value: unknown]>;
}

/** Bytes to records and back, as streams. */
export interface Converter<S extends Schema = Schema> extends Spec<'converter', S, { 
  readonly text: string;
  readonly records?: readonly unknown[];
  /** Where printing gives another text than was read. */
  readonly printed?: string;
  /** Code of the error with which reading ends, instead of records. */
  readonly error?: ErrorCode;
}> {
  readonly mediaTypes: readonly [string, ...string[]];
  readonly fileExtensions: readonly string[];
  open(settings: Infer<S>): RecordConverter;
}

/**
 * A system that is spoken to in another way than by the HTTP requests of a manifest: a database, a file server, a broker. Instances name it as their connector, or
 * a manifest names it as its `protocol` and gives its endpoints names, parameters and statements of their own.
 */
export interface Connector<S extends Schema = Schema, C extends Schema = Schema, N = unknown> extends Spec<'connector', S, object> {
  /** Schema of the credentials, whose secret fields are `writeOnly`. */
  readonly credentials: C;
  readonly endpoints: Readonly<Record<string, Endpoint<N>>>;
  /** Where the system is, as an absolute URL without credentials: `postgresql://db.example.org:5432/shop`. It stands in recordings and messages. */
  address(settings: Infer<S>): string;
  /** Makes one connection. Fails with `REMOTE_UNREACHABLE`, `AUTH_REJECTED`, `REMOTE_TIMEOUT`, `CONFIG_INVALID`. */
  connect(settings: Infer<S>, credentials: Infer<C>, context: ConnectContext): Promise<Connection<N>>;
  /** Any number of calls may use a connection at the same time. Otherwise each call has one for itself until it ends. */
  readonly isShared?: true;
  /**
   * Connections of an instance that are at work at the same time in one thread, at most; default 4. A call that waits until the steps behind it take what it has read
   * keeps its own beside them, as these steps may need one: up to four times as many are open in all. A turn is waited for a minute, or as long as the question may take.
   */
  readonly mostConnections?: number;
  /** Tries the connection, where opening it is not enough. Fails as `connect` does. */
  check?(connection: N, signal: AbortSignal): Promise<void>;
}

export interface ConnectContext {
  readonly signal: AbortSignal;
  readonly log: Log;
  /** The workspace on this machine, as an absolute path; absent where there is none. */
  readonly folder?: string | undefined;
}

export interface Connection<N> {
  readonly client: N;
  /** Whether it can still be used; default true. */
  isOpen?(): boolean;
  /** Never fails. */
  close(): Promise<void>;
}

export interface Endpoint<N = unknown> {
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** `listen`: it brings events, and starts runs by the trigger `event`. */
  readonly direction: 'receive' | 'send' | 'listen';
  /**
   * Closed object schema of the params. Fields with `x-expression: 'bound'` are texts such as an SQL statement whose expressions must not become part of the text:
   * `CallContext.bind` gives them. An endpoint that has such a field is used by manifests only.
   */
  readonly params: Schema;
  /** Schema of one record, for the mapping editor. */
  readonly record?: Schema;
  /** What stands for a payload that is no list of records, such as a file, where only what is new is read (`incremental`). */
  recordOf?(payload: Pick<Payload, 'meta'>): unknown;
  /**
   * It takes away from the other system what it has given, such as a file that is deleted, unless the param has this value: only where the run keeps what it is
   * given, so that it goes on with it after a crash. Elsewhere a call fails with `CONFIG_INVALID`.
   */
  readonly takesAway?: { readonly param: string; readonly unless: string | number | boolean };
  /** Receiving endpoints give payloads, sending ones a payload with the answer. All that it does outside goes through `context.exchange`. */
  call?(payload: Payload, params: never, context: CallContext<N>): AsyncIterable<Payload>;
  /** Ends when the signal aborts; fails where the connection is lost, and is then called again. */
  listen?(params: never, context: ListenContext<N>): AsyncIterable<TriggerEvent>;
}

export interface CallContext<N> extends PayloadContext {
  /** See `PayloadContext`. `record`: its number among the records of the payload, from 0; it does not go on with the others. */
  fail(payload: Payload, error: Error, options?: { readonly record?: number }): void;
  /**
   * One question to the other system and its answer, which are recorded; on a replay the answer comes from the recording and `perform` is not called, so that
   * nothing that it does may be needed by what follows. All exchanges of a call are made over the same connection, until one fails. Where the other system failed it is made again, over another connection, as the endpoint
   * says (`retry`): where the connection could not be made, where an error says that nobody was asked yet (`details.isUnasked`), or where it `isRepeatable`. Fails with what `perform` fails with, and with
   * `REMOTE_TIMEOUT` after `timeoutMs`; then the connection is closed when the call ends.
   */
  exchange(request: ExchangeRequest, perform: (client: N, signal: AbortSignal) => Promise<ExchangeAnswer>): Promise<ExchangeAnswer>;
  /** The text of a param that is `bound`: `values[n]` stands between `texts[n]` and `texts[n + 1]`. `record`: what `{{ record }}` is. */
  bind(param: string, record?: unknown): Promise<BoundText>;
}

export interface ExchangeRequest {
  /** A verb in capitals, such as `QUERY`. */
  readonly method: string;
  /** What is asked, below the address of the instance: a table, a path. Percent-encoded. */
  readonly target?: string;
  /** Text or bytes are recorded as they are, other values as JSON. */
  readonly body?: unknown;
  readonly mediaType?: string;
  /** Something may be changed by it: what it stands for is durable before it is made. */
  readonly changes?: boolean;
  /** Made twice, also over two connections, it comes to the same: it only reads, or writes under a key. */
  readonly isRepeatable?: boolean;
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** The other system itself ends what takes longer than that: it is waited for so many milliseconds more, so that the connection stays of use. */
  readonly graceMs?: number;
}

export interface ExchangeAnswer {
  /** A JSON value, a text or bytes; of a JSON value what comes back is what JSON makes of it. */
  readonly body?: unknown;
  /** Default that of the body: `application/json`, `text/plain`, `application/octet-stream`. */
  readonly mediaType?: string;
  /** Facts beside the body, by names in lower case. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface BoundText {
  /** One more than `values`. */
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
  /** What each value is called in the expression that gives it, such as `email` of `{{ payload.email }}`: by that it is masked where it is recorded beside it. */
  readonly names: readonly string[];
}

export interface ListenContext<N> extends Pick<Context, 'signal' | 'log' | 'clock'> {
  /** Of this listener alone; closed when it ends. */
  readonly client: N;
  /** See `TriggerContext.memory`. */
  readonly memory: TriggerContext['memory'];
}

export type Plugin = Connector | Transform | Pagination | AuthMethod | Shape | ScriptEngine | Trigger | Store | Converter;
