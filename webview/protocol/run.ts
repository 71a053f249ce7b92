import type { ExchangeRow, LogRow, PageOf, PayloadRow, ReplayResult, RunDetail } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { BodyHost } from './bodies.ts';
import type { DiffHost, LineageHost, OtherRun } from './diff.ts';
import type { Opened } from './opened.ts';
import type { RunDiff } from '../../server/model/run-diff.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';

/** How a run is done again: as it was, or with another payload, or with the flow as it was then (`now` is the default; of a replay `then`). */
export interface AgainRequest {
  readonly payload?: string;
  readonly mediaType?: string;
  /** `committed`: that of git's HEAD; for replays alone, where the host says `hasGit`. */
  readonly version?: 'then' | 'now' | 'committed';
}

/** The run view as it is shown for the first time. */
export interface RunOpening {
  readonly run?: string;
  readonly catalog: readonly CatalogEntry[];
  readonly title: string;
  readonly hasGit?: boolean;
  /** The host can show documents. */
  readonly hasDocuments?: boolean;
  /** Runs that stand still in the debugger. */
  readonly paused?: readonly string[];
}

/** What the run view asks. In VS Code the extension answers, on the operators' page a client of the runner's API. */
export interface RunHost extends BodyHost, DiffHost, LineageHost {
  /** First call: which run to show, if one is given. */
  open(): Opened<RunOpening>;
  run(id: string): RunDetail;
  payloads(run: string, step: string, side: PayloadRow['side'], page: number): PageOf<PayloadRow>;
  exchanges(run: string, step: string | undefined, page: number): PageOf<ExchangeRow>;
  logs(run: string, filter: { readonly step?: string; readonly level?: string; readonly page?: number }): PageOf<LogRow>;
  /** Starts the flow of a run once more with the run's input and environment. Gives the new run. */
  again(run: string, how: AgainRequest): string;
  /** Starts a run with what did not get through in this one, or with one of the payloads that failed. Gives it. */
  resume(run: string, payload?: string): string;
  /** Runs it again from its recording, without the systems around it, and compares. */
  replay(run: string, how: AgainRequest): ReplayResult;
  /** The newest runs of a flow. */
  runsOf(flow: string): readonly OtherRun[];
  runDiff(before: string, after: string, how: { readonly key?: string; readonly ignore?: readonly string[] }): RunDiff;
  /** The run with all that was recorded of it, as a file for the user. */
  exportRun(run: string): void;
  stop(run: string): void;
  /** From now on `RunView.events` is called with what happens in this run (`undefined`: in every run, heads and ends only). */
  follow(run: string | undefined): void;
  openFlow(flow: string, step?: string): void;
}

export interface RunView {
  events(events: readonly NumberedRunEvent[]): void;
  show(run: string): void;
  /** Runs that stand still in the debugger. */
  paused(runs: readonly string[]): void;
}
