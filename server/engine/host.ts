import type { Cache, CacheScope, Converter, FlowCall, HttpRequest, Kind, Lookup, Payload, PayloadContext, Plugin, Pool, Schema, Script, TlsIdentity, Token, TrackedValue } from '../../plugins/sdk/index.ts';
import type { ConnectorFile } from '../model/connector.ts';
import type { RateLimit } from '../model/connector-rules.ts';
import type { CursorKind, CursorValue } from '../model/cursor-order.ts';
import type { MapFile } from '../model/map-file.ts';
import type { RunEvent, RunHead } from '../model/run-event.ts';
import type { ScriptEngineName } from '../model/workspace.ts';
import type { Said } from './same-request.ts';
import type { Sessions } from './sessions.ts';

/** All that the engine needs of the outside: a runner binds it to Node, a test to plain objects. */
export interface EngineHost {
  readonly registry: Registry;
  readonly workspace: WorkspaceView;
  readonly transport: Transport;
  readonly clock: {
    now(): number;
    sleep(ms: number, signal: AbortSignal): Promise<void>;
    /** For time limits, where `sleep` takes no time; default `sleep`. */
    alarm?(ms: number, signal: AbortSignal): Promise<void>;
  };
  readonly bodies: BodyKeeper;
  /** Tokens and rate limits, shared by all runs of a runner. */
  readonly connections: ConnectionState;
  /** Open connections of protocols, shared by all runs of a thread. */
  readonly sessions: Sessions;
  readonly state: StateHost;
  readonly flows: FlowsHost;
  /** Of a run that is debugged; absent in all others. */
  readonly standing?: Standing;
}

/** Whether a payload stands in a debugger: nothing new is sent then, and no time limit counts it. */
export interface Standing {
  readonly isNow: boolean;
  /** Resolves when nothing stands. Fails with the reason of the signal. */
  over(signal: AbortSignal): Promise<void>;
  /** Milliseconds that it has stood so far. */
  ms(): number;
}

/** What outlives payloads and runs. `place`: the run and step that ask. */
export interface StateHost {
  cache(name: string, scope: CacheScope, place: { readonly run: string; readonly flow: string; readonly step: string }): Cache;
  pool(name: string, place: { readonly step: string }): Pool;
  cursor(cursor: CursorPlace, place: { readonly run: string; readonly flow: string; readonly step: string; readonly environment: string }): Cursor;
  track(values: readonly TrackedValue[], place: { readonly run: string; readonly flow: string; readonly step: string; readonly payload: string; readonly at: number }): Promise<void>;
  notify(group: string, message: Parameters<PayloadContext['notify']>[1], place: { readonly run: string; readonly flow: string; readonly step: string; readonly payload: string; readonly at: number }): Promise<void>;
}

/** What is read: an endpoint of an instance, or a slice of it; `''` for all of it. */
export interface CursorPlace {
  readonly instance: string;
  readonly endpoint: string;
  readonly slice: string;
}

/** Where the incremental reading of a step has got to. It moves when what was read got through the flow: when the run is settled. */
export interface Cursor {
  /** `seq`: of the next mark of this reading; marks from there on are forgotten, since they are made again. */
  begin(reading: { readonly input: string; readonly seq: number }): Promise<CursorStart>;
  /** Durable when it resolves. The same mark again changes nothing. */
  mark(mark: CursorMark): Promise<void>;
}

/** A version of a record by a short name, with its place in the order; `at`: its number in the payload of the mark, where that is known. */
export type SeenRecord = readonly [name: string, value: CursorValue, at?: number];

export const withoutNumbers = (seen: readonly SeenRecord[]): readonly SeenRecord[] => seen.map(([name, value]) => [name, value]);

/** What a run knows of a cursor when it begins to read, or goes on. */
export interface CursorStart {
  readonly value?: CursorValue;
  /** Changes whenever people change the cursor: then what runs have read from another place no longer moves it. */
  readonly version: number;
  /** Versions of records that got through before, or that the same reading has given already. */
  readonly seen: readonly SeenRecord[];
}

export interface CursorMark {
  /** The payload that asked; each has marks of its own. */
  readonly input: string;
  /** From 0, without a gap. */
  readonly seq: number;
  readonly version: number;
  readonly kind: CursorKind;
  /** The page; absent at the end of what was read. */
  readonly payload?: string;
  /** The cursor when everything up to here got through; absent where records that belong before it may still come. */
  readonly value?: CursorValue;
  /** The least value of records that may come again then; all of them where it is absent. */
  readonly keepFrom?: CursorValue;
  readonly seen: readonly SeenRecord[];
}

/** How a step starts runs of other flows. */
export interface FlowsHost {
  /** See `StepContext.flow`. `caller`: the run that asks, in this step. */
  open(flow: string, caller: RunHead, step: string): Promise<FlowCall>;
}

export interface Registry {
  /** Finds by type or alias, and loads the plugin where it is not loaded yet. Fails with `PLUGIN_FAILED`. */
  find<K extends Kind>(kind: K, type: string): Promise<Extract<Plugin, { kind: K }> | undefined>;
  /** Finds by type, media type or file extension. */
  converter(type: string): Promise<Converter | undefined>;
  /**
   * What a file gives as the settings of a plugin, validated and with the defaults; a new object. Fails with `CONFIG_INVALID`, whose `place.pointer` is
   * relative to the settings. `schema`: default the plugin's own (an auth method also has that of its credentials).
   */
  complete(plugin: Plugin, given: unknown, schema?: Schema): unknown;
}

/** Files of the workspace by name, as they are when a run starts. */
export interface WorkspaceView {
  instance(id: string): ResolvedInstance | undefined;
  connector(id: string): ConnectorFile | undefined;
  /** Compiles a script file. `engine`: what the flow asks for; the stricter of that and the workspace's counts. Fails with `CONFIG_UNKNOWN_SCRIPT`, `SCRIPT_INVALID`. */
  script(file: string, engine?: ScriptEngineName): Promise<Script>;
  /** A mapping file. Fails with `CONFIG_NOT_FOUND`, and with the first error of the file. */
  map(name: string): { readonly file: string; readonly value: MapFile };
  /** A JSON Schema file, parsed. Fails with `CONFIG_NOT_FOUND`, `CONFIG_INVALID`. */
  schema(file: string): Promise<unknown>;
  /** Fails with `CONFIG_UNKNOWN_LOOKUP`. */
  lookup(name: string): Promise<Lookup>;
  /** Fails with `SECRET_MISSING`. Whatever it gave is masked in everything that is recorded. */
  secret(name: string): Promise<string>;
  /** Where it lies on this machine, as an absolute path; absent where it is nowhere. Of a version that was deployed, the workspace that it was deployed from. */
  readonly folder?: string;
  /** Variables of the environment: `env.x`. */
  readonly env: Readonly<Record<string, unknown>>;
  /** Hosts that scripts may reach; default none. */
  readonly scriptHosts?: readonly string[];
  readonly limits: { readonly payloadBytes: number; readonly responseBytes: number; readonly runsPerFlow?: number; readonly connectionsPerHost?: number };
}

/** An instance with the environment's overrides applied; secrets still by name. */
export interface ResolvedInstance {
  readonly id: string;
  readonly connector: string;
  /** In place of that of the connector. */
  readonly baseUrl?: string;
  /** In place of its further base URLs, by name. */
  readonly baseUrls?: Readonly<Record<string, string>>;
  readonly auth?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, unknown>>;
  /** File of the environment that says something else of its credentials. */
  readonly changedIn?: string;
}

/** Sends one request as it stands: no redirects, no retries. Headers in lower case. `via`: sends it in place of the transport, in another protocol. Fails with `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `REMOTE_TOO_LARGE`. */
export interface Transport {
  send(request: HttpRequest, options: { readonly signal: AbortSignal; readonly maxBytes: number; /** Requests to the same host at the same time, at most; further ones wait before their time begins. */ readonly connections?: number; /** Its turn has come; not called where it had not to wait. */ readonly onTurn?: () => void; readonly step?: string; readonly payload?: string; readonly tls?: TlsIdentity; readonly via?: (signal: AbortSignal) => Promise<RawResponse>; /** Something may be changed by what is sent so; no token that is asked for. */ readonly changes?: boolean; /** What the recording says of the request; absent where it holds no body. */ readonly said?: () => Said }): Promise<RawResponse>;
  /** What a step may not send again for a payload unless somebody says so: somebody has said so. */
  confirm?(step: string, payload: string): void;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Keeps bodies for the recording, redacted. */
export interface BodyKeeper {
  /** Payloads are kept whole, so that a run goes on with them after a crash; default true. */
  readonly keepsPayloads?: boolean;
  /** Name and size of a payload's body; `hash: ''` where it is not kept (streams, `recording: none`). The same body is kept once. Must be cheap: writing happens later. */
  keep(payload: Payload): { readonly hash: string; readonly size: number; readonly records?: number; readonly sealed?: string };
  /** The same for a body of an HTTP exchange. */
  keepRaw(body: string | Uint8Array, mediaType: string): { readonly hash: string; readonly size: number; readonly sealed?: string };
  /** Masks secrets and redacted fields in values that are recorded: headers, URLs, log fields. */
  mask<T>(value: T): T;
  /** The same for a value that a run may go on with, a variable or metadata; `sealed`: name of the true one where it is masked, `''` where nobody has it. */
  keepValue?<T>(value: T): { readonly value: T; readonly sealed?: string };
  /** The same for words, where the name of a field is lost: also what stood under a redacted name in a payload before. */
  said?<T>(value: T): T;
  /** Tells whether two texts are the same, and nothing of what they are; absent where there is no key. */
  fingerprint?(...parts: readonly (string | Uint8Array)[]): string | undefined;
  /** Masks this text too from now on: an access token, a credential that stands in a file. `owner`: whose token it is, where a newer one takes its place. */
  conceal?(secret: string, owner?: string): void;
  /** Masks this text in what is recorded of exchanges and said in words, as what stood under a redacted name, as long as it is one of the latest; payloads stay as they are. */
  hear?(text: string): void;
  /** Whether one of the texts that are masked stands in this one, in any of its spellings; names of fields do not count. */
  holdsSecret?(text: string): boolean;
  /** Resolves when everything recorded so far would survive the end of the process. Before anything is done that cannot be undone. */
  settled?(): Promise<void>;
}

export interface ConnectionState {
  /**
   * The token of an instance; `renew` is called at most once at a time per key, with the last token. `stale`: the token that was just refused. `kept`: a name
   * under which the token lives beyond the process; `renew` is then called at most once at a time in all processes, and what it gives is durable. `isReplaceable`:
   * where what was kept cannot be read, `renew` does without it.
   */
  token(key: string, renew: (last: Token | undefined) => Promise<Token>, options: { readonly now: number; readonly stale?: Token; readonly kept?: string; readonly isReplaceable?: boolean }): Promise<Token>;
  /**
   * Resolves when a request of this connection may be sent; first come, first served. Without a limit only pauses count. `weight`: what it counts, default 1.
   * Where the limit has a concurrency, `done` must be called when the request is over. Fails with the signal's reason.
   */
  admit(key: string, limit: Pick<RateLimit, 'requests' | 'perMs' | 'window' | 'concurrency'> | undefined, signal: AbortSignal, weight?: number): Promise<void>;
  done(key: string): void;
  /** All requests of this connection wait until then (Retry-After). */
  pauseUntil(key: string, time: number): void;
}

/** That of the process itself, which all its threads ask. */
export interface OwnConnectionState extends ConnectionState {
  /** A token that is kept under this name was changed by somebody else than `renew`: what is known of it counts no more. */
  forget(kept: string): void;
}

/** Keeps tokens beyond the process. */
export interface TokenKeeper {
  /**
   * Gives the last token to `renew`, and keeps what comes of it: it is durable when this resolves. Nobody else, in this process or another, does so for any
   * name meanwhile. Fails with `STORAGE_FAILED`, and with `SECRET_MISSING` where the last one cannot be decrypted; one that `isReplaceable` counts as none then.
   */
  change(name: string, renew: (last: Token | undefined) => Promise<Token>, options?: { readonly isReplaceable?: boolean }): Promise<Token>;
}

/** Where a run's events go. May return a promise: then the engine waits, which is how a slow disk slows the run instead of filling the memory. */
export type EventSink = (event: RunEvent) => void | Promise<void>;
