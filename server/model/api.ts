import type { CatalogEntry } from './catalog.ts';
import type { Diagnostic } from './diagnostic.ts';
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
}

/** GET /runs?filter[flow]=&filter[status]=&page=&per_page= */
export interface RunSummary {
  readonly id: string;
  readonly flow: string;
  readonly status: RunStatus;
  readonly trigger: string;
  readonly environment?: string;
  /** Milliseconds since the epoch. */
  readonly queuedAt: number;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly failedPayloads: number;
  readonly error?: RunError;
  readonly origin?: RunOrigin;
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
  /** Bodies of the payloads that left the flow at its ends, in order; at most 100, each at most 1 MB, together 4 MB. */
  readonly outputs: readonly unknown[];
  /** Payloads that did not get through, the first 100; all of them are in the recording. */
  readonly failures: readonly FailureNote[];
  readonly error?: RunError;
}

export interface FailureNote extends Pick<RunError, 'code' | 'message' | 'remedy'> {
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
  readonly scripts: readonly string[];
  readonly lookups: readonly string[];
  readonly plugins: readonly PluginState[];
}

/** GET /plugins */
export interface PluginState {
  readonly source: string;
  readonly state: 'loaded' | 'failed';
  readonly provides: readonly { readonly kind: string; readonly type: string }[];
  readonly error?: string;
}

/** GET /catalog */
export interface CatalogAnswer {
  readonly plugins: readonly CatalogEntry[];
}

/** GET /diagnostics */
export type DiagnosticsAnswer = readonly Diagnostic[];
