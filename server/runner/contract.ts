import type { IncomingRequest, TriggerEvent } from '../../plugins/sdk/index.ts';
import type { FarBody } from '../engine/far-body.ts';
import type { AuditFilter, AuditRow, ImportedRun, BodyWindow, DeployResult, ExchangeRow, FlowSummary, FlowVersions, Insights, InsightsBy, LogRow, NotificationState, NotificationTest, PageOf, PayloadRow, PayloadSearch, PluginState, RunAction, RunActionsResult, QueuePage, RunDetail, RunFilter, RunResult, RunSummary, TriggerTimes, VersionDetail, VersionDiff, WorkspaceInfo } from '../model/api.ts';
import type { BodyFound, BodyResults, FindRequest, QueryRequest } from '../model/body-find.ts';
import type { CatalogEntry } from '../model/catalog.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Priority } from '../model/flow.ts';
import type { NumberedRunEvent, RunHead, RunOrigin } from '../model/run-event.ts';
import type { PayloadDiff, PayloadDiffOrder, RunDiff } from '../model/run-diff.ts';
import type { RunLineage } from '../model/run-lineage.ts';
import type { DiffRequest } from './diff-runs.ts';
import type { LineageRequest } from './lineage.ts';
import type { RunRequest } from '../stores/queue.ts';
import type { Logins } from './logins.ts';
import type { DebugAccess } from './debugging.ts';
import type { ExpressionAccess } from './expressions.ts';
import type { Inbox } from './inbox.ts';
import type { MapAccess } from './maps.ts';
import type { Mocks } from './mocks.ts';
import type { Lookups } from './lookup-files.ts';
import type { PastRuns } from './past-runs.ts';
import type { Tests } from './tests.ts';
import type { StateAccess } from './state-access.ts';
import type { Trials } from './trials.ts';

/** One workspace, opened: what the command line and the API stand on. `openRunner` in `runner.ts` makes it. */
export interface Runner extends AsyncDisposable {
  readonly root: string;
  /** Where senders of webhooks reach it: what stands before `/hooks/…`. `undefined` where nobody has said it. */
  publicUrl(): string | undefined;
  info(): Promise<WorkspaceInfo>;
  catalog(): readonly CatalogEntry[];
  plugins(): readonly PluginState[];
  flows(): Promise<readonly FlowSummary[]>;
  /**
   * When the triggers of a flow fire next, as its file is, in UTC; those that do not know are left out. `from` (milliseconds since the epoch): default now;
   * `count`: times per trigger, default 5. Fails with `CONFIG_NOT_FOUND`, and with `CONFIG_INVALID` where a trigger cannot be read.
   */
  schedule(flow: string, span?: { readonly from?: number; readonly count?: number }): Promise<readonly TriggerTimes[]>;
  /** All findings about the workspace's files, or about those named (paths relative to the root). */
  diagnostics(files?: readonly string[]): Promise<readonly Diagnostic[]>;
  /** The declarations with which editors complete scripts. */
  scriptTypes(): Promise<string>;
  /**
   * Starts a run. Resolves when it is durably recorded as queued; the run goes on by itself.
   * Fails with a config error (first diagnostic) where the flow cannot run, with `SECRET_MISSING` where a secret that it needs is missing: then nothing was recorded.
   */
  start(request: StartRun): Promise<StartedRun>;
  /** Says whether the run, or one that does it again, was there to be stopped. */
  stop(run: string): Promise<boolean>;
  /** Runs that are not over. */
  queue(filter: { readonly flow?: string; readonly page?: number; readonly perPage?: number }): Promise<QueuePage>;
  /** Hands a request to a webhook trigger of a flow, without a name to its only one. `undefined`: there is no such trigger. The trigger answers through `request.respond`. */
  hook(flow: string, trigger: string | undefined, request: IncomingRequest): Promise<true | undefined>;
  /** What came to webhooks. */
  readonly inbox: Inbox;
  /** Starts listening to the triggers of all flows (`serve`). */
  listen(): Promise<void>;
  setEnabled(flow: string, enabled: boolean): Promise<void>;
  readonly versions: VersionStore;
  /** Chooses the environment of runs that name none; `undefined`: what patchbay.json says. Kept for this machine. Fails with `CONFIG_NOT_FOUND`. */
  setEnvironment(environment: string | undefined): Promise<void>;
  /** Events of one run, or, without one, `run-queued`, `run-started` and `run-finished` of all. From `afterSeq` on where given: recorded ones first, then live ones, none missing, none twice. */
  subscribe(run: string | undefined, listener: (event: NumberedRunEvent) => void, options?: { readonly afterSeq?: number }): () => void;
  readonly archive: RunArchive;
  readonly debug: DebugAccess;
  /** Does runs again that are over. */
  readonly past: PastRuns;
  readonly secrets: SecretStore;
  readonly logins: Logins;
  readonly trials: Trials;
  readonly mocks: Mocks;
  /** What can be said of mappings. */
  readonly maps: MapAccess;
  /** What may be written in the expressions of flows. */
  readonly expressions: ExpressionAccess;
  /** Cases of flows. */
  readonly tests: Tests;
  /** Caches, pools and tracked data. */
  readonly state: StateAccess;
  readonly lookups: Lookups;
  /** What two runs did otherwise, by what is recorded. Fails with `API_NOT_FOUND`, `CONFIG_PATH`. */
  diff(before: string, after: string, request: DiffRequest): Promise<RunDiff>;
  /** A run that is over, as a file (`*.patchbayrun`): masked as its recording. Fails with `API_NOT_FOUND`, `RUN_STOPPED`. */
  exportRun(run: string): AsyncIterable<Uint8Array>;
  /** Takes up a run out of such a file, pinned. `isNew`: false where it was here already. Fails with `DATA_INVALID`, `CONFIG_VERSION`. */
  importRun(bytes: Uint8Array): Promise<ImportedRun>;
  /** How what is recorded at two sides differs. Fails with `API_NOT_FOUND`, `CONFIG_PATH`. */
  diffPayloads(order: PayloadDiffOrder): Promise<PayloadDiff>;
  /** Where a recorded value comes from. Fails with `API_NOT_FOUND`, `DATA_MISSING`. */
  lineage(run: string, request: LineageRequest): Promise<RunLineage>;
  /** Runs whose recorded bodies hold something. Looks for about two seconds, then gives what it has found with a cursor. Fails with `CONFIG_PATH`. */
  search(query: RunSearch): Promise<PayloadSearch>;
  /** Does one thing with each of these runs, one after the other; one that cannot be done does not keep the others from it. */
  act(action: RunAction, runs: readonly string[], options?: { readonly version?: 'then' | 'now'; readonly isProductionConfirmed?: boolean }): Promise<RunActionsResult>;
  /** Days such as `2024-07-01`, both included. */
  insights(query: { readonly by: InsightsBy; readonly from?: string; readonly to?: string; readonly flow?: string }): Promise<Insights>;
  auditLog(filter: AuditFilter): Promise<PageOf<AuditRow>>;
  readonly notifications: Notifications;
  /** Evaluates an expression (`{{ … }}` or bare) with a scope, as a flow would. `payload`: one that is not in the scope since it is long. */
  evaluate(expression: string, scope: Readonly<Record<string, unknown>>, payload?: FarBody): Promise<unknown>;
  /** Applies one transform to one value. */
  transform(type: string, settings: unknown, input: unknown): Promise<unknown>;
}

export interface StartRun {
  readonly flow: string;
  readonly trigger: string;
  readonly payload?: { readonly body: unknown; readonly mediaType: string; readonly meta?: Readonly<Record<string, string>> } | { readonly file: string; /** Of the file, for messages; default its path. */ readonly name?: string; readonly mediaType?: string; /** The file belongs to the run, which moves it or removes it when it is accepted. */ readonly isOwn?: true };
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  /** Default the deployed version where the runner serves deployed flows and there is one, else the files as they are. */
  readonly version?: number | 'draft' | 'deployed';
  /** Whoever starts it knows that the environment is marked as production. Without it such a start fails with `PRODUCTION_UNCONFIRMED`. */
  readonly isProductionConfirmed?: boolean;
  /** Milliseconds since the epoch, instead of the clock's. */
  readonly now?: number;
  readonly seed?: number;
  /** Only the steps from here / to here (with it). */
  readonly from?: string;
  readonly until?: string;
  /** Events with the same key start one run. */
  readonly key?: string;
  /** Milliseconds before which it does not begin. */
  readonly waitMs?: number;
  /** As in `TriggerEvent`. Of `skip` nothing is recorded: `start` fails with `RUN_SKIPPED`; a run with the same key counts before it. */
  readonly overlap?: NonNullable<TriggerEvent['overlap']>;
  /** As in `TriggerEvent`. */
  readonly at?: number;
  /** Default that of the trigger, else of the flow; `highest` where somebody waits for an answer. */
  readonly priority?: Priority;
  /** The run that this one repeats or goes on with, or that started it. */
  readonly origin?: RunOrigin;
  /** See `RunRequest`. */
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly fork?: RunRequest['fork'];
  readonly redact?: RunRequest['redact'];
  /** Somebody here waits for what the run gives, so it is run by this process and its outputs are kept. Default where the runner does not listen. */
  readonly isAwaited?: boolean;
  /** Of one that is awaited: a file into which what leaves the flow goes, whole, as JSON with commas between. The result lists none then. */
  readonly outputsTo?: string;
  /** A trigger has fired: who is to be told of failures is told. */
  readonly isAutomatic?: true;
  /** Where it is debugged: see `Debugging`. */
  readonly debug?: string;
  /** Awaited when nothing about it is wrong, before it is accepted; where it fails nothing is accepted. */
  readonly ready?: () => Promise<void>;
  /** Called with the answer of a callback step. */
  readonly onReply?: (reply: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array; readonly mediaType: string }) => void;
}

export interface StartedRun {
  readonly head: RunHead;
  /** False where a run with the same key was there already: `head` is that run's. */
  readonly isNew: boolean;
  /** Of a run that is done again because of an answer, that of the last one. */
  readonly done: Promise<RunResult>;
}

/** Reads recordings. Pages count from 1. */
export interface RunArchive {
  runs(filter: RunFilter & { readonly page?: number; readonly perPage?: number }): PageOf<RunSummary>;
  run(id: string): RunDetail | undefined;
  payloads(run: string, step: string, side: PayloadRow['side'], page: number, perPage?: number, only?: { readonly payload?: string; readonly from?: string }): PageOf<PayloadRow>;
  exchanges(run: string, step: string | undefined, page: number, perPage?: number): PageOf<ExchangeRow>;
  logs(run: string, filter: { readonly step?: string; readonly level?: string; readonly page?: number; readonly perPage?: number }): PageOf<LogRow>;
  /** The body, where this run refers to it. A range ends before `end`. */
  body(run: string, hash: string): { readonly mediaType: string; readonly size: number; open(range?: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array> } | undefined;
  window(run: string, hash: string, window: { readonly path: string; readonly offset: number; readonly limit: number }): Promise<BodyWindow | undefined>;
  /** Where a text stands in a body, as far as one call gets. Fails with `DATA_INVALID` in what is neither JSON nor a text. */
  find(run: string, hash: string, request: FindRequest): Promise<BodyFound | undefined>;
  /** What a JSONPath finds in a body, as far as one call gets. Fails with `CONFIG_PATH`, `DATA_INVALID`, `DATA_TOO_LARGE`. */
  query(run: string, hash: string, request: QueryRequest): Promise<BodyResults | undefined>;
}

/** Either `text`, or `path` and `value`. `limit`: runs that are found at most. */
export interface RunSearch extends RunFilter {
  readonly text?: string;
  readonly path?: string;
  readonly value?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface Notifications {
  state(): Promise<NotificationState>;
  /** Sends a message to a group at once. Fails with `CONFIG_UNKNOWN_GROUP`. */
  test(group: string): Promise<NotificationTest>;
}

/** Deployed versions of flows. See `Deployments`. */
export interface VersionStore {
  /** Puts the files of a flow, as they are, into use. `by`: who does it. Fails with the first error of the files. */
  deploy(flow: string, options: { readonly by: string; readonly note?: string }): Promise<DeployResult>;
  /** Puts a version of before into use. Fails with `VERSION_NOT_FOUND`, `VERSION_DAMAGED`. */
  rollback(flow: string, version: number, by: string): Promise<DeployResult>;
  /** Fails with `CONFIG_NOT_FOUND`. */
  list(flow: string): Promise<FlowVersions>;
  /** Fails with `VERSION_NOT_FOUND`, `VERSION_DAMAGED`. */
  detail(flow: string, version: number): Promise<VersionDetail>;
  compare(flow: string, from: number | 'draft', to: number | 'draft'): Promise<VersionDiff>;
}

export interface SecretStore {
  /** Names with where the value comes from; never values. */
  list(): Promise<readonly { readonly name: string; readonly origin: 'environment' | 'store' | 'editor' }[]>;
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<boolean>;
}
