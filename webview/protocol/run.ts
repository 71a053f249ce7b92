import type { BodyWindow, ExchangeRow, FlowSummary, LogRow, PageOf, PayloadRow, RunDetail, RunSummary } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { NumberedRunEvent } from '../../server/model/run-event.ts';

/** What the run view and the operators' page ask. In VS Code the extension answers, on the plain page a client of the runner's API. */
export interface RunHost {
  /** First call: which run to show, if one is given. */
  open(): { readonly run?: string; readonly catalog: readonly CatalogEntry[]; readonly title: string };
  flows(): readonly FlowSummary[];
  runs(filter: { readonly flow?: string; readonly status?: string; readonly page?: number; readonly perPage?: number }): PageOf<RunSummary>;
  run(id: string): RunDetail;
  payloads(run: string, step: string, side: PayloadRow['side'], page: number): PageOf<PayloadRow>;
  exchanges(run: string, step: string | undefined, page: number): PageOf<ExchangeRow>;
  logs(run: string, filter: { readonly step?: string; readonly level?: string; readonly page?: number }): PageOf<LogRow>;
  body(run: string, hash: string, window: { readonly path: string; readonly offset: number; readonly limit: number }): BodyWindow;
  /** The whole body, as a file for the user. */
  saveBody(run: string, hash: string, suggestedName: string): void;
  start(flow: string, payload: string | undefined): string;
  /** Starts the flow of a run once more with the run's input and environment. Gives the new run. */
  again(run: string): string;
  stop(run: string): void;
  /** From now on `RunView.events` is called with what happens in this run (`undefined`: in every run, heads and ends only). */
  follow(run: string | undefined): void;
  openFlow(flow: string, step?: string): void;
}

export interface RunView {
  events(events: readonly NumberedRunEvent[]): void;
  show(run: string): void;
}
