import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PayloadRow } from '../../server/model/api.ts';
import type { LineagePlace } from '../../server/model/run-lineage.ts';
import type { RunError } from '../../server/model/run-event.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import { formatBytes, formatDuration, formatExactTime, formatFullTime, formatNumber, formatShort } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { button, emptyState, icon, kitStyles } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { recordedBody } from '../shared/payload-body.ts';
import { payloadView } from '../shared/payload-view.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { errorBox } from './error-box.ts';

const keyOf = ({ id, port, at }: PayloadRow): string => `${id}\n${port ?? ''}\n${at}`;

/** The payloads on one side of a step, and the one that is chosen. */
class PatchbayPayloads extends LitElement {
  static override properties = { host: { attribute: false }, run: {}, step: {}, side: {}, first: {}, version: { attribute: false }, onFile: { attribute: false }, onResend: { attribute: false }, onPlace: { attribute: false }, rows: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare host: Api<RunHost>;
  declare run: string;
  declare step: string;
  declare side: PayloadRow['side'];
  /** The id of the one that is to be shown, if it is among the first. */
  declare first: string | undefined;
  /** Another number: the run has gone on. */
  declare version: number;
  declare onFile: ((error: RunError) => void) | undefined;
  declare onResend: ((payload: string) => void) | undefined;
  declare onPlace: ((place: LineagePlace) => void) | undefined;
  declare private rows: PagedRows<PayloadRow>;
  declare private chosen: PayloadRow | undefined;
  declare private drawn: number;
  private readonly width = new Width(this);

  constructor() {
    super();
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('run') || changed.has('step') || changed.has('side')) {
      const { host, run, step, side } = this;
      this.chosen = undefined;
      const rows = new PagedRows((page) => host.payloads(run, step, side, page), () => {
        if (this.rows !== rows) return;
        // The first one is shown at once: mostly it is the one that was looked for.
        this.chosen ??= this.asked(rows) ?? rows.row(0);
        this.drawn++;
      });
      this.rows = rows;
    } else if (changed.has('version')) this.rows.refresh();
  }

  private asked(rows: PagedRows<PayloadRow>): PayloadRow | undefined {
    if (this.first === undefined) return undefined;
    return Array.from({ length: Math.min(rows.total ?? 0, 500) }, (_, at) => rows.row(at)).find((row) => row?.id === this.first);
  }

  protected override render(): unknown {
    const { rows, chosen, side } = this;
    const list = grid<PayloadRow>({ label: `Payloads, ${side}`, columns: columns[side], rows, keyOf, selected: chosen && keyOf(chosen), onSelect: (row) => { this.chosen = row; }, empty: emptyState({ icon: 'inbox', title: emptyWords[side] }) }, this.drawn);
    if (!rows.total) return html`<div class="alone">${list}</div>`;
    return html`<patchbay-split .position=${36} .min=${this.width.isNarrow ? 140 : 90} ?vertical=${this.width.isNarrow} label="Size of the list of payloads">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane chosen" role="region" aria-label="The chosen payload">${chosen ? this.renderChosen(chosen) : nothing}</div>
    </patchbay-split>`;
  }

  private renderChosen(row: PayloadRow): TemplateResult {
    const { host, run } = this;
    const meta = Object.entries(row.meta ?? {});
    return html`
      ${row.error ? html`<div class="error">${row.caughtBy ? html`<p class="caught">${icon('shield')} Taken over by <b>${row.caughtBy}</b>; the run goes on.</p>` : nothing}${errorBox(row.error, { run, ...(this.onFile && { onFile: this.onFile }) })}${this.onResend ? html`<div class="again">${button({ label: 'Re-send this payload', icon: 'debug-continue', title: 'Starts a run with this payload alone, at this step', onClick: () => this.onResend!(row.id) })}</div>` : nothing}</div>` : nothing}
      ${meta.length > 0 ? html`<details class="meta"><summary>Meta <span class="quiet">${meta.length}</span></summary><dl>${meta.map(([name, value]) => html`<dt class="ellipsis" title=${name}>${name}</dt><dd class="mono ellipsis" title=${value}>${value}</dd>`)}</dl></details>` : nothing}
      ${payloadView({ ...recordedBody(host, run, row.body, fileName(row)), mediaType: row.mediaType, label: `Payload ${row.id}`, lineage: (pointer) => host.lineage(run, { step: row.step, side: row.side, payload: row.id, pointer }), ...(this.onPlace && { onPlace: this.onPlace }) })}`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    patchbay-split { flex: 1; min-height: 0; }
    .pane, .alone { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    .alone { flex: 1; }
    .pane > patchbay-grid, .alone > patchbay-grid, .pane > patchbay-payload { flex: 1; min-height: 0; }
    /* Where there is little room, all of it scrolls: an error that is cut off in a box of its own looks like a whole one. */
    .chosen { overflow: auto; }
    .chosen > patchbay-payload { flex: 1 0 180px; }
    .error { padding: 8px 12px; flex: none; }
    .caught { margin: 0 0 8px; }
    .again { margin-top: 8px; }
    .meta { padding: 6px 12px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); max-height: 40%; overflow: auto; flex: none; }
    summary { cursor: pointer; }
    dl { display: grid; grid-template-columns: minmax(80px, max-content) 1fr; gap: 2px 12px; margin: 6px 0 2px; }
    dd { margin: 0; }
    pre { white-space: pre-wrap; margin: 4px 0 0; }
  `];
}

customElements.define('patchbay-payloads', PatchbayPayloads);

const emptyWords = { in: 'No payload came in', out: 'No payload went out', failed: 'No payload failed' } as const;

const time: Column<PayloadRow> = { id: 'time', title: 'Time', width: '92px', cell: ({ at }) => formatExactTime(at), tooltip: ({ at }) => formatFullTime(at) };
const id: Column<PayloadRow> = { id: 'id', title: 'Payload', width: 'minmax(50px, 1fr)', from: 386, cell: (row) => html`<span class="mono">${row.id}</span>`, tooltip: (row) => row.id };
const records: Column<PayloadRow> = { id: 'records', title: 'Records', width: '58px', number: true, cell: (row) => (row.records === undefined ? '' : formatShort(row.records)), tooltip: (row) => (row.records === undefined ? undefined : formatNumber(row.records)) };
const size: Column<PayloadRow> = { id: 'size', title: 'Size', width: '70px', number: true, cell: (row) => formatBytes(row.size) };
const took: Column<PayloadRow> = { id: 'ms', title: 'Time taken', width: '70px', number: true, from: 440, cell: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)) };
const port: Column<PayloadRow> = { id: 'port', title: 'Port', width: 'minmax(40px, 1fr)', cell: (row) => row.port ?? '', tooltip: (row) => row.port };
const reason: Column<PayloadRow> = { id: 'error', title: 'Error', width: 'minmax(80px, 2fr)', cell: ({ error }) => html`${icon('error', { tone: 'bad' })} ${error?.message ?? ''}`, tooltip: ({ error }) => error && `${error.code}: ${error.message}` };

const columns: Readonly<Record<PayloadRow['side'], readonly Column<PayloadRow>[]>> = {
  in: [time, id, records, size, took],
  out: [time, port, id, records, size],
  failed: [time, reason, { ...records, from: 420 }, { ...size, from: 420 }],
};

const endings: Readonly<Record<string, string>> = { 'application/json': 'json', 'application/xml': 'xml', 'text/xml': 'xml', 'text/csv': 'csv', 'text/plain': 'txt', 'application/x-ndjson': 'ndjson' };
const fileName = ({ id, step, mediaType }: PayloadRow): string => `${step}-${id}.${endings[mediaType.split(';')[0]!.trim()] ?? 'bin'}`;
