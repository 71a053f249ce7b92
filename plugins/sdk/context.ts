import type { FlowError } from './errors.ts';
import type { Payload } from './payload.ts';
import type { ScriptDebug } from './script-debug.ts';

/** What the engine lends to a plugin for one call. There is no other way out of a plugin; all of it is recorded. */
export interface Context {
  /** Aborts when the run is stopped or the time limit of the step is reached. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly http: Http;
  readonly clock: Clock;
  /** A number in [0, 1) from the run's seed: the same on a replay. */
  random(): number;
}

export interface Clock {
  /** Milliseconds since the epoch. Fixed during one attempt of one payload, so that a replay sees the same time. */
  now(): number;
  /** Ends early, with the signal's reason, when the signal aborts. */
  sleep(ms: number): Promise<void>;
}

export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface Http {
  /**
   * Sends one request and reads the whole answer. Any status is an answer, not an error.
   * Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `REMOTE_TOO_LARGE`.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly method: string;
  /** Absolute, http or https. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds for the whole exchange; default 30,000. */
  readonly timeoutMs?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where the content type is JSON and the text parses; else text, or bytes where it is not text. */
  readonly body: unknown;
}

/** A path compiled once. Syntax: JSONPath, the leading `$.` may be left out (`items[*].sku`). */
export interface Path {
  readonly query: string;
  /** Names at most one place: no wildcard, slice, filter or descent. */
  readonly singular: boolean;
  /** Names, indexes, and null for a wildcard; absent where the path is more than those. */
  readonly keys?: readonly (string | number | null)[];
  /** The first value found, or `undefined`. */
  get(document: unknown): unknown;
  /** All values found, in document order. */
  all(document: unknown): unknown[];
  /** Where the values that `all` gives stand, in the same order: names and indexes. */
  places(document: unknown): readonly (readonly (string | number)[])[];
  /** A copy of the document with the value at this path; missing objects and arrays are made. Singular paths only. */
  set(document: unknown, value: unknown): unknown;
}

/** What a transform or an expression may know beside its value. Everything in it is fixed for one attempt of one payload. */
export interface ValueContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The same numbers on a replay. */
  random(): number;
}

export type CompiledTransform = (value: unknown, context: ValueContext) => unknown;

/** The same for a transform of columns, which may ask outside: a script, a cache. */
export interface ColumnContext extends ValueContext, Pick<PayloadContext, 'signal' | 'log' | 'scriptWorld'> {}

/** Gives a value for each, in their order. In the place of a value that fails alone it gives a `FlowError`. At most 10,000 values come at once. */
export type CompiledColumn = (values: readonly unknown[], context: ColumnContext) => Promise<readonly unknown[]>;

/** A transform in a rule of a map. */
export type RuleTransform = { readonly each: CompiledTransform; readonly column?: undefined } | { readonly column: CompiledColumn; readonly each?: undefined };

/** A cross-reference table; the file is read once, and indexed when it is first asked. A run keeps the one it began with, whatever becomes of the file. */
export interface Lookup {
  readonly name: string;
  /** What is wrong with its rows, in words; it is used as far as it goes, and runs say this. Absent where nothing is. */
  readonly faults?: string;
  /**
   * The value in column `to` of the first row whose column `from` equals `value`, or `undefined`; null and undefined have no row. Values are compared as texts, and as
   * what they are in columns that have a type. Fails with `CONFIG_INVALID` where there is no such column, with `DATA_INVALID` where the cell is not of its column's type.
   */
  get(value: unknown, columns?: LookupColumns): LookupValue | readonly LookupValue[] | undefined;
  /** The whole row, by column. */
  row(value: unknown, columns?: LookupColumns): LookupRow | undefined;
  /** What the lookup itself gives for a value that has no row: null or its default. Fails with `DATA_INVALID` where it says that this is an error, but for null, undefined and empty text. */
  missing(value: unknown, columns?: LookupColumns): LookupValue | readonly LookupValue[];
  missingRow(value: unknown): LookupRow | null;
}

/**
 * Columns default to those of the lookup: its key, by default the first column, and its value, by default the next one. `reverse`: the other way round. A key of several
 * columns is a list of values in their order, or an object with them; and is given as a list.
 */
export interface LookupColumns {
  readonly from?: string;
  readonly to?: string;
  readonly reverse?: boolean;
}

export type LookupValue = string | number | boolean | null;
export type LookupRow = Readonly<Record<string, LookupValue>>;

/** What the opening of a transform or of a step may reach: named things of the workspace, resolved once. */
export interface OpenContext {
  path(query: string): Path;
  /** Fails with `CONFIG_UNKNOWN_PLUGIN` or `CONFIG_INVALID`, also for a transform of columns. `as`: the transform whose work it does, in whose name it fails. */
  transform(type: string, settings: unknown, options?: { readonly as?: string }): Promise<CompiledTransform>;
  /** Of a transform that does the work of another: the type of that one, for messages. */
  readonly as?: string;
  /** Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  lookup(name: string): Promise<Lookup>;
  /** The value of a `{"$secret": name}` setting. Fails with `SECRET_MISSING`. */
  secret(name: string): Promise<string>;
}

/** The same for a transform of columns, which belongs to a step. */
export interface ColumnOpenContext extends OpenContext {
  /** A script file of the workspace, compiled. Fails with `CONFIG_UNKNOWN_SCRIPT` or `SCRIPT_INVALID`. */
  script(file: string): Promise<Script>;
  /** A cache, by name; made when something is first put into it. */
  cache(name: string, scope: CacheScope): Cache;
}

/** What a mapping file gives as settings of the shape `map`, validated and with the defaults. */
export interface MapDefinition {
  /** Below the root of the workspace. */
  readonly file: string;
  readonly rules: readonly unknown[];
  readonly passThrough: boolean;
}

/** What a shape gets when its step is opened, once per run. */
export interface StepContext extends ColumnOpenContext {
  readonly step: {
    readonly id: string;
    readonly ports: readonly string[];
    /** The ports that lead here, in the order of the steps in the file; only for shapes that gather. `behind`: the steps that lead to that port, with its own. */
    readonly sources: readonly (PayloadSource & { readonly behind: ReadonlySet<string> })[];
  };
  readonly run: { readonly id: string; readonly flow: string; /** Somebody waits for the answer of a callback step. */ readonly isAwaited: boolean };
  /** Like `transform`, also for transforms of columns. */
  ruleTransform(type: string, settings: unknown): Promise<RuleTransform>;
  /** A mapping file of the workspace: `address` is `maps/address.map.json`. Fails with `CONFIG_NOT_FOUND`, `CONFIG_INVALID`, `CONFIG_EXPRESSION`. */
  map(name: string): Promise<MapDefinition>;
  /** A JSON Schema file of the workspace (`schemas/order.json`), read. Fails with `CONFIG_NOT_FOUND` or `CONFIG_INVALID`. */
  schema(file: string): Promise<unknown>;
  /** The converter for a type (`ndjson`) or a media type. Fails with `CONFIG_UNKNOWN_PLUGIN`, `CONFIG_INVALID`. */
  converter(type: string, settings?: object): Promise<RecordConverter>;
  /**
   * An endpoint of an instance. `responseScript`: a script file that sees each answer, after the connector's own, and says what it means. Fails with
   * `CONFIG_UNKNOWN_INSTANCE`, `CONFIG_UNKNOWN_ENDPOINT`, `CONFIG_UNKNOWN_SCRIPT`, `SECRET_MISSING`, and with `CONFIG_INVALID` for a script where there are no requests of HTTP.
   */
  endpoint(instance: string, endpoint: string, options?: { readonly responseScript?: string }): Promise<EndpointCall>;
  /** A de-duplication pool, by name; made when something is first added. */
  pool(name: string): Pool;
  /** Gets what came out at a place of the settings (a JSON pointer there, or in `file`) each time, so that tests know what they have run. Absent where nobody wants to know. */
  readonly covered?: Covered;
  /** Another flow. Fails with `CONFIG_UNKNOWN_FLOW`, and with `CONFIG_CYCLE` where the flow is the one that calls, or calls it. */
  flow(id: string): Promise<FlowCall>;
}

/** `holds`, `fails`: of a condition. The rest of a rule: it gave a value, its default, nothing, or its conditions kept it from being applied. */
export type CoveredOutcome = 'holds' | 'fails' | 'value' | 'default' | 'nothing' | 'skipped';
export type Covered = (pointer: string, outcome: CoveredOutcome, file?: string) => void;

/** Where a payload came from. */
export interface PayloadSource {
  readonly step: string;
  readonly port: string;
}

/** Who shares a cache: only this run, all runs of the flow, or all flows of the workspace. */
export type CacheScope = 'run' | 'flow' | 'workspace';

export interface CachedDocument {
  /** A JSON value; text or bytes where `mediaType` says that it is not JSON. */
  readonly body: unknown;
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** Documents by key. Every call is atomic across runs, processes and crashes. */
export interface Cache {
  /** The documents under a key, in the order in which they were put; empty where there are none, or their time is over. */
  get(key: string): Promise<readonly CachedDocument[]>;
  /** Puts documents in place of those under the key. `ttlMs`: default 7 days. Fails with `CACHE_FULL`; then the old ones stay. */
  put(key: string, documents: readonly CachedDocument[], options?: { readonly ttlMs?: number }): Promise<void>;
  /**
   * Puts a document behind those under the key. `id` names what it is made of (payload, place): the same one again, after a failure or a crash, changes nothing.
   * Fails with `CACHE_FULL`.
   */
  append(key: string, document: CachedDocument, options: { readonly id: string; readonly ttlMs?: number }): Promise<void>;
  /** Says whether there was something. */
  delete(key: string): Promise<boolean>;
}

/** Values that were seen. Every call is atomic across runs, processes and crashes. */
export interface Pool {
  /** Which of the values are in the pool. */
  has(values: readonly string[], entity: string): Promise<readonly boolean[]>;
  /**
   * Adds the values and says which of them were new. A value that the same `owner` (payload of a run, place) added before is new again: an attempt after a
   * failure or a crash passes what the first one passed. `pending`: counts as seen, but is forgotten unless the run that owns it gets the payload through.
   * `ttlMs`: default 90 days.
   */
  add(values: readonly string[], options: { readonly entity: string; readonly owner: { readonly run: string; readonly payload: string }; readonly ttlMs?: number; readonly pending?: boolean }): Promise<readonly boolean[]>;
}

/** Runs a flow with one payload. */
export interface FlowCall {
  /**
   * Starts a run with a payload, once however often it is called with the same `key`. Resolves when it is durably queued.
   * `done`: the payloads that left the flow at its ends. Fails with `FLOW_FAILED` where the run did not end well.
   */
  start(payload: Payload, options: { readonly key: string; readonly variables?: Readonly<Record<string, unknown>>; readonly signal: AbortSignal; /** Told the id of the run before it can begin. */ readonly named?: (run: string) => void }): Promise<{ readonly run: string; done(): Promise<readonly Payload[]> }>;
}

/** What a shape gets for each attempt of each payload. */
export interface PayloadContext<S = unknown> extends Context {
  /** The step's settings with every `{{ … }}` resolved for this payload. The very object given to `open` where there is none. */
  readonly settings: S;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Milliseconds since the epoch from which relative dates count: when the run was queued. The same for all payloads, and for a run that is repeated. */
  readonly now: number;
  /** Milliseconds since the epoch at which this attempt began, where `now` may be the time at which the run was queued. */
  readonly startedAt: number;
  /**
   * Everything that was given out or given up for this payload so far is done with: a further attempt, also one after a crash, gets `state` as `resumed` and
   * begins there. A JSON value without secrets.
   */
  checkpoint(state: unknown, options?: CheckpointOptions): void;
  /** The state of the last checkpoint before a failure or a crash. */
  readonly resumed: unknown;
  /** Metadata of the payload; absent where there is none: at the end of payloads. */
  readonly meta?: Readonly<Record<string, string>> | undefined;
  /** The port by which the payload came; only for shapes that gather, and not for the payload of the run itself. */
  readonly from?: PayloadSource | undefined;
  readonly variables: { get(name: string): unknown; set(name: string, value: unknown): void; all(): Readonly<Record<string, unknown>> };
  /** A payload that comes from no other (a batch that crosses payloads, a manual payload). */
  create(body: unknown, options?: { readonly mediaType?: string; readonly meta?: Readonly<Record<string, string>> }): Payload;
  /** For a script that is run in this attempt; each call gets numbers of its own. Absent where there is no run. */
  scriptWorld?(): ScriptWorld;
  /** Answers the waiting caller of the run; the first answer counts. Says whether somebody was waiting. */
  reply(payload: Payload, options?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> }): boolean;
  /** Gives up one payload without failing the others: it goes where a failed payload goes. Used for partial failures of a batch. */
  fail(payload: Payload, error: Error): void;
  /** Makes values of the payload findable: which flow, run and step had them, and when. */
  track(values: readonly TrackedValue[]): Promise<void>;
  /** Tells the people of a notification group (`patchbay.json`). Resolves when the message is kept to be sent. Fails with `CONFIG_UNKNOWN_GROUP`. */
  notify(group: string, message: { readonly level: 'success' | 'info' | 'warning' | 'error'; readonly text: string }): Promise<void>;
}

export interface CheckpointOptions {
  /** What is left of the payload, `undefined` for nothing: it fails in the payload's place where no attempt is left. */
  readonly rest?: () => Payload | undefined;
  /** Records of the payload from the first on that are done with: sent, or given up. Where the rest fails, those that were sent go on. Of sending endpoints only. */
  readonly done?: number;
  /** The next output is done with as well: the checkpoint counts as soon as that is passed on. */
  readonly withNext?: boolean;
  /** The next output is passed on, and recorded, before more is asked for: what comes then undoes what it was made of. */
  readonly isAwaited?: boolean;
}

export interface TrackedValue {
  readonly entity: string;
  /** At most 255 characters. */
  readonly value: string;
  readonly direction: 'in' | 'out';
}

/**
 * Calls an endpoint with one payload. Receiving endpoints give a payload per page, sending ones a payload with the body of each answer. `passesInput`: a sending
 * one gives what was sent instead: the payload without the records that were refused, or that part of it that is through where the rest fails. `mergeAt`: what was sent with the answer at that path of each record. `range`: a receiving one that reads what is new reads that
 * instead, and its cursor stays where it is.
 */
export interface EndpointCall {
  readonly direction: 'receive' | 'send';
  (payload: Payload, params: unknown, context: PayloadContext, options?: { readonly passesInput?: boolean; readonly mergeAt?: string; readonly range?: { readonly from?: unknown; readonly to?: unknown } }): AsyncIterable<Payload>;
}

export interface RecordConverter {
  /**
   * Bytes to records, as a stream. A document that is not a list is one record. `isUtf8`: the bytes are a text in UTF-8, whatever the settings or the document say
   * of the encoding. Fails with `DATA_INVALID`, naming line or offset.
   */
  decode(bytes: AsyncIterable<Uint8Array>, options?: { readonly isUtf8?: boolean }): AsyncIterable<unknown>;
  encode(records: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<Uint8Array>;
  readonly mediaType: string;
  /** Of the bytes that are written; default `utf-8`. */
  readonly encoding?: string;
}

/** A compiled script, in its sandbox. */
export interface Script extends AsyncDisposable {
  /** Where the function is that it exports. */
  readonly at?: { readonly file: string; readonly line?: number };
  /** What is odd about its text, though it runs; for whoever checks files. */
  readonly warnings?: readonly { readonly line: number; readonly column: number; readonly message: string; readonly fix: string }[];
  /**
   * Runs the script once per input, all in one frame. Inputs and outputs are JSON values.
   * A result is `{output}` or `{error: {code?, message, file?, line?, stack?, cause?}}` (code absent: `SCRIPT_THREW`), in the order of the inputs, `DATA_TOO_LARGE` for an input that no script can take, `WRITE_UNCONFIRMED` with its cause where `ask` failed with that and the script has not caught it; logs are handed to `log`.
   * `timeoutMs` is for one input. `areColumns`: each output is a list of values, and one that is `undefined` is none, as null is. An input that ends the script's process fails alone; where it is the only one, or the fourth, the call fails with
   * `SCRIPT_TIMEOUT`, `SCRIPT_MEMORY`, `SCRIPT_CRASHED`. Fails with the signal's reason when it aborts.
   */
  run(inputs: readonly unknown[], options: { readonly signal: AbortSignal; readonly log: Log; readonly timeoutMs?: number; readonly areColumns?: boolean } & Partial<ScriptWorld>): Promise<readonly ScriptResult[]>;
}

/** What a script knows beside its input. Where a part is absent, it has the time of the machine, numbers that nobody foresees, and nothing to ask. */
export interface ScriptWorld {
  /** Milliseconds since the epoch: the time that it sees, which stands still while it works. */
  readonly now: number;
  /** Of its random numbers, an unsigned integer of 32 bits. */
  readonly seed: number;
  /** Answers what it asks for; arguments and answer are JSON values. Fails with what the script is to see as an error. */
  ask(question: ScriptQuestion, args: readonly unknown[], signal: AbortSignal): Promise<unknown>;
  /** While a payload stands in a debugger, a promise of when none does: nothing that the script asks for is begun until then, and time limits do not count. */
  stood?(signal: AbortSignal): Promise<void> | undefined;
  /** Absent in normal runs. */
  readonly debug?: ScriptDebug | undefined;
}

export const scriptQuestions = ['http', 'lookup', 'cache-get', 'cache-put', 'cache-append', 'cache-delete', 'pool-has', 'pool-add'] as const;
export type ScriptQuestion = (typeof scriptQuestions)[number];

export type ScriptResult =
  | { readonly output: unknown; readonly error?: undefined }
  | { readonly output?: undefined; readonly error: { readonly code?: 'SCRIPT_THREW' | 'DATA_TOO_LARGE' | 'WRITE_UNCONFIRMED' | 'SCRIPT_TIMEOUT' | 'SCRIPT_MEMORY' | 'SCRIPT_CRASHED'; readonly message: string; readonly file?: string; readonly line?: number; readonly stack?: string; readonly cause?: FlowError } };
