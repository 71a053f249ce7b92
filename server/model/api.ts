import type { CacheScope } from '../../plugins/sdk/index.ts';
import type { CatalogEntry } from './catalog.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Priority } from './flow.ts';
import type { JsonChange } from './json-compare.ts';
import type { LookupType, LookupValue } from './lookup-file.ts';
import type { ExchangeHead, LogLevel, PayloadHead, RunError, RunOrigin, RunStatus, StepCounts } from './run-event.ts';

/** What the runner's API answers, under `/api/v1`. Errors are `application/problem+json`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly remedy?: string;
  readonly pointer?: string;
}

/** GET /flows, GET /flows/{flow} */
export interface FlowSummary {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly triggers: readonly { readonly id: string; readonly type: string; readonly url?: string; readonly next?: readonly string[] }[];
  readonly enabled: boolean;
  readonly errors: number;
  readonly lastRun?: RunSummary;
  /** The version in use, where the flow is deployed. */
  readonly deployed?: VersionSummary;
  /** Whether deploying now would make another version than the one in use; absent where the flow is not deployed, or has no file any more. */
  readonly draftDiffers?: boolean;
}

/** GET /flows/{flow}/schedule: a trigger that knows when it fires, and the times. */
export interface TriggerTimes {
  readonly trigger: string;
  readonly type: string;
  readonly times: readonly string[];
  /** Why it does not fire, or not everywhere. */
  readonly note?: string;
}

/** GET /runs?filter[flow]=&filter[status]=&…&page=&per_page= — each part narrows it. */
export interface RunFilter {
  readonly flow?: string;
  readonly status?: RunStatus | readonly RunStatus[];
  readonly trigger?: string;
  readonly environment?: string;
  /** Queued from this time on / before it, in milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** Code of the error that it ended with. */
  readonly error?: string;
  /** Stands in the message of that error, whatever the case of its letters from A to Z. */
  readonly text?: string;
  /** `none`: it repeats nothing, and no other run started it. */
  readonly origin?: RunOrigin['kind'] | 'none';
  readonly pinned?: boolean;
}

export interface RunSummary {
  readonly id: string;
  readonly flow: string;
  readonly status: RunStatus;
  readonly trigger: string;
  readonly environment?: string;
  /** Number of the deployed version that it runs; absent of files as they were. */
  readonly version?: number;
  /** Milliseconds since the epoch. */
  readonly queuedAt: number;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly failedPayloads: number;
  readonly error?: RunError;
  readonly origin?: RunOrigin;
  /** Retention passes it over. */
  readonly pinned?: true;
}

/** GET /runs/{run} */
export interface RunDetail extends RunSummary {
  readonly flowVersion: string;
  readonly seed?: number;
  readonly input?: PayloadHead;
  readonly steps: Readonly<Record<string, StepCounts>>;
  /** The flow file as it was, so that a run can be drawn. */
  readonly flowText: string;
}

/** GET /runs/{run}/steps/{step}/payloads?side=in|out|failed&page=&per_page= */
export interface PayloadRow extends PayloadHead {
  readonly side: 'in' | 'out' | 'failed';
  readonly step: string;
  readonly port?: string;
  readonly from?: string;
  readonly at: number;
  readonly durationMs?: number;
  readonly error?: RunError;
  readonly caughtBy?: string;
}

/** GET /runs/{run}/exchanges?step= */
export interface ExchangeRow extends ExchangeHead {
  readonly step?: string;
  readonly payload?: string;
  readonly at: number;
}

/** GET /runs/{run}/logs?step=&level= — `level` means this one and graver ones; `seq` is the event's. */
export interface LogRow {
  readonly seq: number;
  readonly step?: string;
  readonly payload?: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** GET /runs/{run}/bodies/{hash}/items?path=&offset=&limit= — a window of a big document, so that no client loads it whole. `path` is a JSON pointer, `''` the whole; in texts and binary bodies `offset` and `limit` count bytes. */
export interface BodyWindow {
  readonly hash: string;
  readonly size: number;
  readonly mediaType: string;
  /** JSON type of the value at `path`. */
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'text' | 'binary';
  /** Entries of the object or array at `path`; 0 for others. */
  readonly count: number;
  readonly offset: number;
  readonly entries: readonly BodyEntry[];
  /** The value itself where it is no object or array; texts are cut at 64 KB, binary is base64. */
  readonly value?: unknown;
  /** A text some of whose bytes are no UTF-8: U+FFFD stands for them. `bytes`: how many the window has, which its text does not tell. */
  readonly faulty?: { readonly bytes: number };
  readonly cut?: boolean;
}

export interface BodyEntry {
  readonly key: string;
  readonly kind: BodyWindow['kind'];
  /** Entries of an object or array. */
  readonly count?: number;
  /** Scalars; texts are cut at 1 KB. */
  readonly value?: unknown;
  readonly cut?: boolean;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
}

/** POST /flows/{flow}/runs[?wait=true&environment=&var.x=&step=]: the raw body is the payload. */
export interface RunStarted {
  readonly run: string;
  readonly status: RunStatus;
}

/** What `patchbay run --json` prints, and `?wait=true` answers. */
export interface RunResult {
  readonly run: string;
  readonly status: RunStatus;
  readonly durationMs: number;
  readonly steps: Readonly<Record<string, StepCounts>>;
  /**
   * Bodies of the payloads that left the flow at its ends, in order. Bytes that are no text are `{ $base64, mediaType }`. `patchbay run --json` prints all of them,
   * `{ $error }` where one cannot be had; an answer lists the first 100, and has `{ $cut }` for one above 1 MB, and for those above 4 MB together.
   */
  readonly outputs: readonly unknown[];
  /** How many more left the flow than are listed. The recording has them: payloads at the side `out` of the steps at its ends. */
  readonly moreOutputs?: number;
  /** Why not all outputs are whole. */
  readonly outputError?: RunError;
  /** Payloads that did not get through, the first 100; all of them are in the recording. */
  readonly failures: readonly FailureNote[];
  readonly error?: RunError;
}

/** POST /runs/{run}/replay, and what `patchbay replay --json` prints. */
export interface ReplayResult extends RunResult {
  /** Every payload that any step gave is, byte for byte, what it was. */
  readonly identical: boolean;
  /** The first 100. */
  readonly differences: readonly ReplayDifference[];
}

/** `was` and `is`: names of bodies, error codes, statuses, or addresses. `request`: what was asked of another system is another address or body. */
export interface ReplayDifference {
  readonly kind: 'changed' | 'missing' | 'new' | 'status' | 'request';
  readonly step?: string;
  readonly port?: string;
  readonly payload?: string;
  readonly was?: string;
  readonly is?: string;
  /** What is different in two JSON bodies, or in two texts; of the first differences, where the bodies are not too long. */
  readonly values?: readonly JsonChange[];
  readonly lines?: readonly string[];
}

export interface FailureNote extends Pick<RunError, 'code' | 'message' | 'remedy' | 'place' | 'details'> {
  readonly step: string;
  /** Id of the payload. */
  readonly payload: string;
  /** The try-catch step that took it. */
  readonly caughtBy?: string;
}

/** GET /workspace */
export interface WorkspaceInfo {
  readonly root: string;
  readonly title: string;
  readonly version: string;
  readonly node: string;
  readonly environment?: string;
  readonly environments: readonly { readonly id: string; readonly production: boolean }[];
  readonly instances: readonly { readonly id: string; readonly connector: string; readonly missingSecrets: readonly string[] }[];
  readonly connectors: readonly { readonly id: string; readonly title: string; readonly endpoints: readonly { readonly id: string; readonly title: string; readonly direction: string; readonly params: object }[] }[];
  readonly flows: readonly string[];
  readonly scripts: readonly string[];
  readonly schemas: readonly string[];
  readonly lookups: readonly string[];
  readonly plugins: readonly PluginState[];
}

/** GET /plugins */
export interface PluginState {
  readonly source: string;
  readonly state: 'loaded' | 'failed';
  readonly provides: readonly { readonly kind: string; readonly type: string }[];
  readonly error?: string;
  /** Of the error in the file, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** GET /catalog */
export interface CatalogAnswer {
  readonly plugins: readonly CatalogEntry[];
}

/** GET /diagnostics */
export type DiagnosticsAnswer = readonly Diagnostic[];

/** GET /caches */
export interface CacheSummary {
  readonly name: string;
  readonly scope: CacheScope;
  /** The flow or run whose cache it is; `''` of the workspace. */
  readonly owner: string;
  readonly keys: number;
  readonly documents: number;
  /** Of documents, metadata and keys together. */
  readonly bytes: number;
  /** When something was last put into it. */
  readonly lastAt: number;
}

/** GET /caches/{cache}/keys */
export interface CacheKeyRow {
  readonly key: string;
  readonly documents: number;
  readonly bytes: number;
  /** When the newest document came, and when the last one ends. */
  readonly lastAt: number;
  readonly expiresAt: number;
}

/** GET /caches/{cache}/documents?key= */
export interface CachedRow {
  /** Place under the key, from 0. */
  readonly index: number;
  readonly mediaType: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly kind: 'json' | 'text' | 'binary';
  readonly bytes: number;
  readonly at: number;
  readonly expiresAt: number;
  /** The JSON value, the text, or base64; absent where it is longer than 64 KB. */
  readonly body?: unknown;
}

/** GET /pools */
export interface PoolSummary {
  readonly name: string;
  readonly values: number;
  readonly entities: readonly { readonly entity: string; readonly values: number }[];
}

/** GET /pools/{pool}/values */
export interface PoolValueRow {
  readonly entity: string;
  readonly value: string;
  readonly at: number;
  readonly expiresAt: number;
  /** The run that is still at work on its payload: the value is forgotten unless that gets through. */
  readonly pendingFor?: string;
}

/** GET /cursors */
export interface CursorRow {
  /** `''` where runs have none. */
  readonly environment: string;
  readonly flow: string;
  readonly step: string;
  readonly instance: string;
  readonly endpoint: string;
  /** Of what the endpoint has; `''` where it is all of it. */
  readonly slice: string;
  readonly kind: 'datetime' | 'number' | 'text';
  /** Times in ISO 8601; absent where it is read from the beginning. */
  readonly value?: string;
  /** Versions of records that are known, since they would come again. */
  readonly seen: number;
  /** The run that has moved it last; absent where a person has. */
  readonly run?: string;
  readonly at: number;
  /** A run that has read on and is not settled yet. */
  readonly pendingFor?: string;
}

/** GET /tracked */
export interface TrackedRow {
  readonly value: string;
  readonly entity: string;
  readonly direction: 'in' | 'out';
  readonly flow: string;
  readonly run: string;
  readonly step: string;
  readonly payload: string;
  readonly at: number;
}

/** GET /lookups */
export interface LookupSummary {
  readonly name: string;
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Why its file cannot be read, and where: then it has no columns and no rows. */
  readonly error?: string;
}

/** GET /lookups/{lookup}/rows */
export interface LookupPage extends PageOf<readonly string[]> {
  readonly columns: readonly string[];
  /** Of each item: which row of the file it is, from 1 on. */
  readonly numbers: readonly number[];
  /** Changes with the file. */
  readonly stamp: string;
}

/** GET /lookups/{lookup} */
export interface LookupDetail extends Omit<LookupSummary, 'columns' | 'error'> {
  readonly title?: string;
  readonly stamp: string;
  readonly delimiter: string;
  readonly otherwise: 'null' | 'default' | 'error';
  readonly columns: readonly { readonly name: string; readonly type: LookupType; readonly required: boolean; readonly isKey: boolean; readonly isValue: boolean }[];
}

/** GET /lookups/{lookup}/find */
export interface LookupFound {
  readonly found: boolean;
  /** What a flow gets: of the row, or in its place. A list where several columns are given. */
  readonly value: unknown;
  readonly row?: Readonly<Record<string, LookupValue>>;
}

/** What a change of a pool, a cache or a lookup did. */
export interface StateChange {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** A deployed version of a flow. */
export interface VersionSummary {
  /** From 1 on. */
  readonly number: number;
  /** Of all that the version holds: equal ones are one version. */
  readonly hash: string;
  readonly at: number;
  readonly by: string;
  readonly note?: string;
}

/** GET /flows/{flow}/versions — the newest first. */
export interface FlowVersions extends Pick<FlowSummary, 'enabled' | 'draftDiffers'> {
  readonly flow: string;
  /** Number of the version in use. */
  readonly deployed?: number;
  readonly versions: readonly VersionSummary[];
  /** What was in use from when on. */
  readonly history: readonly { readonly version: number; readonly at: number; readonly by: string; readonly action: 'deploy' | 'rollback' }[];
}

/** GET /flows/{flow}/versions/{version} */
export interface VersionDetail extends VersionSummary {
  readonly flow: string;
  /** Version of Patchbay that made it. */
  readonly engine: string;
  /** npm packages with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** Flows that it calls: they run in the version that is deployed of them. */
  readonly flows: readonly string[];
  /** SHA-256 of each file. */
  readonly files: Readonly<Record<string, string>>;
}

/** POST /flows/{flow}/deploy, POST /flows/{flow}/rollback */
export interface DeployResult extends VersionSummary {
  readonly flow: string;
  /** False where a version with the same content was there already. */
  readonly isNew: boolean;
  /** The version that was in use before. */
  readonly previous?: number;
  /** Flows that it calls and that are not deployed: the calls will fail. */
  readonly undeployed?: readonly string[];
}

/** GET /flows/{flow}/versions/{version}/diff/{other} — `draft` stands for the files as they are. */
export interface VersionDiff {
  readonly flow: string;
  readonly from: string;
  readonly to: string;
  readonly files: readonly FileChange[];
  readonly packages: readonly { readonly name: string; readonly before?: string; readonly after?: string }[];
}

export interface FileChange {
  readonly file: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** What is different in a JSON file that was changed; empty where only its spelling is. */
  readonly values?: readonly JsonChange[];
  /** What is different in a text: `-` removed, `+` added. */
  readonly lines?: readonly string[];
}

/** GET /queue — runs that are not over: those at work, then those that wait, the most urgent first. */
export interface QueuePage extends PageOf<QueueRow> {
  readonly atWork: number;
  readonly waiting: number;
  /** Runs that this runner has at work at a time. */
  readonly limit: number;
}

export interface QueueRow {
  readonly run: string;
  readonly flow: string;
  readonly trigger: string;
  readonly environment?: string;
  readonly version?: number;
  readonly isAtWork: boolean;
  readonly priority: Priority;
  readonly queuedAt: number;
  readonly startedAt?: number;
  /** It does not begin before. */
  readonly notBefore?: number;
  /** Runs of its flow that may be at work at a time, and that are. */
  readonly flowLimit?: number;
  readonly flowAtWork: number;
  /** The process that has it, or that alone may take it. */
  readonly owner?: string;
  /** It is the process that answers. */
  readonly isOwn?: boolean;
  /** How often it has ended its executor. */
  readonly strikes: number;
  /** Somebody has asked it to stop. */
  readonly isStopping?: boolean;
  /** Why it is not at work: its time has not come, as many of its flow are at work as may be, an earlier run of its trigger is not over, or others go first. */
  readonly waitsFor?: 'time' | 'flow-limit' | 'earlier-run' | 'turn';
}

export const runActions = ['retry', 'resume', 'stop', 'pin', 'unpin', 'delete'] as const;
export type RunAction = (typeof runActions)[number];

/** POST /runs/actions */
export interface RunActions {
  readonly action: RunAction;
  /** At most 500. */
  readonly runs: readonly string[];
  /** Of `retry` and `resume`: the flow as it was then or as it is now, which is the default. */
  readonly version?: 'then' | 'now';
  /** Needed for runs against an environment that is marked as production. */
  readonly confirm?: 'production';
}

/** What became of each, in the order in which they were named. */
export interface RunActionsResult {
  readonly outcomes: readonly RunActionOutcome[];
  readonly done: number;
  readonly failed: number;
}

export interface RunActionOutcome {
  readonly run: string;
  readonly isDone: boolean;
  /** The run that was started by it. */
  readonly started?: string;
  readonly error?: Pick<RunError, 'code' | 'message' | 'remedy'>;
}

/** What `PayloadSearch.cursor` looks like: below which run to go on, or in which run and behind which of its bodies. */
export const searchCursor = /^\d{1,15}(\.\d{1,15})?$/;

/** GET /runs/search?text=&path=&value=&cursor= and the filters of GET /runs. Recorded bodies are looked through as they are: masked. */
export interface PayloadSearch {
  /** The first match of each run, the newest run first. */
  readonly items: readonly PayloadMatch[];
  /** There is more to look through: ask again with it. Time or number of matches was used up. */
  readonly cursor?: string;
  /** How many runs were looked through by this call. */
  readonly runs: number;
  /** Bodies that are too long to be read as documents. */
  readonly skipped: number;
  /** Places where exactly this text or value was tracked, the newest first; only with the first call. */
  readonly tracked: readonly TrackedRow[];
}

export interface PayloadMatch {
  readonly run: RunSummary;
  /** `input`: what the run began with; `exchange`: a request or its answer. */
  readonly side: PayloadRow['side'] | 'input' | 'exchange';
  readonly step?: string;
  readonly payload?: string;
  /** Name of the body in the recording. */
  readonly body: string;
  readonly mediaType: string;
}

/** GET /insights?from=&to=&by= — sums over days in UTC, kept for 400 days also where the runs are gone. */
export interface InsightRow {
  /** `2024-07-01`; with `by=day`. */
  readonly day?: string;
  readonly flow?: string;
  readonly step?: string;
  readonly connector?: string;
  /** Runs that ended, and those of them that failed or were interrupted; absent by step and connector. */
  readonly runs?: number;
  readonly failedRuns?: number;
  /** Payloads that steps took. */
  readonly operations: number;
  /** Payloads that failed. */
  readonly failures: number;
  /** Records that steps gave. */
  readonly records: number;
  /** Requests to other systems. */
  readonly requests: number;
  /** Of the payloads that steps took and gave, as far as their size is known. */
  readonly bytes: number;
  /** Of runs, from beginning to end; by step and connector: of the work on payloads. */
  readonly durationMs: number;
}

export interface Insights {
  /** Days, both included. */
  readonly from: string;
  readonly to: string;
  readonly by: InsightsBy;
  readonly items: readonly InsightRow[];
  readonly total: InsightRow;
}

export const insightsBy = ['day', 'flow', 'step', 'connector'] as const;
export type InsightsBy = (typeof insightsBy)[number];

/** GET /audit — the newest first. */
export interface AuditRow {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who: the user of the command line, `API` (the token does not tell who holds it), `editor`. */
  readonly actor: string;
  /** What was done: `run.delete`, `flow.deploy`, `secret.set`. */
  readonly action: string;
  /** To what: `run 0mz…`, `flow import-orders`. */
  readonly subject: string;
  /** Masked. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AuditFilter {
  readonly actor?: string;
  /** Whole (`run.delete`), or its first part (`run`). */
  readonly action?: string;
  readonly subject?: string;
  readonly since?: number;
  readonly until?: number;
  readonly page?: number;
  readonly perPage?: number;
}

/** GET /notifications */
export interface NotificationState {
  readonly groups: readonly { readonly name: string; readonly channels: readonly NotificationChannel[]; /** Told when an automatic run fails. */ readonly isOnFailure: boolean }[];
  /** Messages that wait to be sent. */
  readonly waiting: number;
  /** Those that could not be sent yet or were given up, the newest first, at most 100. */
  readonly troubles: readonly NotificationTrouble[];
}

export type NotificationChannel = 'email' | 'slack' | 'log';

export interface NotificationTrouble {
  readonly id: number;
  readonly group: string;
  readonly channel: NotificationChannel;
  readonly text: string;
  readonly at: number;
  readonly attempts: number;
  readonly error: string;
  /** When it is tried again; absent where it was given up. */
  readonly nextAt?: number;
}

/** POST /notifications/{group}/test: sends a message at once, and says what each channel said. */
export interface NotificationTest {
  readonly group: string;
  readonly results: readonly { readonly channel: NotificationChannel; readonly isSent: boolean; readonly error?: string }[];
}

/** GET /mocks: a mock of a connector that endpoints can be tried out with. */
export interface OpenMock {
  readonly connector: string;
  /** In place of the base URL of the connector. */
  readonly url: string;
  /** Addresses that belong to others, as for tokens, so that they are no part of it. */
  readonly elsewhere: readonly string[];
}

/** GET /logins: whether somebody has logged in to an instance that needs it. */
export interface LoginState {
  readonly instance: string;
  /** Auth method, where it is not the instance's own but one that endpoints have. */
  readonly method?: string;
  /** `in`: it goes on by itself, or to `until`; `ended`: it counts no more; `out`: nobody has; `unknown`: see `problem`. */
  readonly state: 'in' | 'ended' | 'out' | 'unknown';
  /** Milliseconds since the epoch: to when the token counts. */
  readonly until?: number;
  /** A new token is got without anybody logging in again. */
  readonly isRenewed?: boolean;
  /** Why nothing can be said. */
  readonly problem?: string;
}

/** A run that came as a file. */
export interface ImportedRun {
  readonly run: string;
  /** False where it was here already. */
  readonly isNew: boolean;
}
