import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ExchangeRow } from '../../server/model/api.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import { formatDuration, formatExactTime, formatFullTime, type Tone } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, iconButton, kitStyles, tabPanel, tabs, type IconName } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { recordedBody } from '../shared/payload-body.ts';
import { payloadView } from '../shared/payload-view.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { errorBox } from './error-box.ts';

const keyOf = ({ id, attempt }: ExchangeRow): string => `${id}\n${attempt}`;

/** The requests of a step, or of the whole run, and the one that is chosen. */
class PatchbayExchanges extends LitElement {
  static override properties = { host: { attribute: false }, run: {}, step: {}, version: { attribute: false }, rows: { state: true }, chosen: { state: true }, side: { state: true }, drawn: { state: true } };
  declare host: Api<RunHost>;
  declare run: string;
  declare step: string | undefined;
  declare version: number;
  declare private rows: PagedRows<ExchangeRow>;
  declare private chosen: ExchangeRow | undefined;
  declare private side: 'response' | 'request';
  declare private drawn: number;
  private readonly width = new Width(this);

  constructor() {
    super();
    this.side = 'response';
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('run') || changed.has('step')) {
      const { host, run, step } = this;
      this.chosen = undefined;
      const rows = new PagedRows((page) => host.exchanges(run, step, page), () => {
        if (this.rows !== rows) return;
        this.chosen ??= rows.row(0);
        this.drawn++;
      });
      this.rows = rows;
    } else if (changed.has('version')) this.rows.refresh('grown');
  }

  protected override render(): unknown {
    const { rows, chosen } = this;
    const list = grid<ExchangeRow>({
      label: 'Requests', columns: this.step === undefined ? [...columns, stepColumn] : columns, rows, keyOf, selected: chosen && keyOf(chosen), onSelect: (row) => { this.chosen = row; },
      empty: emptyState({ icon: 'globe', title: 'No requests', text: 'Steps that call a system show here what they asked and what was answered.' }),
    }, this.drawn);
    if (!rows.total) return html`<div class="alone">${list}</div>`;
    return html`<patchbay-split .position=${42} ?vertical=${this.width.isNarrow} label="Size of the list of requests">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane" role="region" aria-label="The chosen request">${chosen ? this.renderChosen(chosen) : nothing}</div>
    </patchbay-split>`;
  }

  private renderChosen(row: ExchangeRow): TemplateResult {
    const look = statusLook(row);
    return html`<div class="head">
        <div class="address"><b>${row.method}</b> <span class="mono">${row.url}</span>${iconButton({ label: 'Copy the address', icon: 'copy', onClick: () => void navigator.clipboard.writeText(row.url) })}</div>
        <div>${icon(look.icon, { tone: look.tone })} ${look.label} <span class="quiet">· ${formatDuration(row.durationMs)}${row.waitedMs === undefined ? '' : ` · after ${formatDuration(row.waitedMs)} for a connection`}${row.attempt > 1 ? ` · attempt ${row.attempt}` : ''}${row.step ? ` · ${row.step}` : ''} · ${formatExactTime(row.at)}</span></div>
        ${row.error ? errorBox(row.error) : nothing}
      </div>
      ${tabs({ label: 'Parts of the exchange', name: 'part', tabs: [{ id: 'response', label: 'Response' }, { id: 'request', label: 'Request' }], selected: this.side, onSelect: (side) => { this.side = side; } })}
      ${tabPanel('part', this.side, this.renderPart(row))}`;
  }

  private renderPart(row: ExchangeRow): TemplateResult {
    const { host, run, side } = this;
    const headers = Object.entries((side === 'response' ? row.responseHeaders : row.requestHeaders) ?? {});
    const body = side === 'response' ? row.responseBody : row.requestBody;
    const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    return html`
      <details class="headers"><summary>Headers <span class="quiet">${headers.length}</span></summary><dl>${headers.map(([name, value]) => html`<dt class="ellipsis" title=${name}>${name}</dt><dd class="mono" title=${value}>${value}</dd>`)}</dl></details>
      ${body ? payloadView({ ...recordedBody(host, run, body, `${side}-${row.id}`), mediaType: contentType, label: `Body of the ${side}` })
        : emptyState({ icon: 'circle-slash', title: side === 'request' ? 'The request had no body' : row.status === undefined ? 'No answer came' : 'The answer had no body' })}`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    patchbay-split { flex: 1; min-height: 0; }
    .pane, .alone { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    .alone { flex: 1; }
    .pane > patchbay-grid, .alone > patchbay-grid { flex: 1; min-height: 0; }
    .head { padding: 8px 12px 4px; display: flex; flex-direction: column; gap: 4px; flex: none; }
    .address { display: flex; gap: 6px; align-items: flex-start; overflow-wrap: anywhere; max-height: 66px; overflow: auto; }
    .address .mono { flex: 1; }
    .tab-panel { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    .tab-panel > patchbay-payload { flex: 1; min-height: 0; }
    .headers { padding: 6px 12px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); max-height: 45%; overflow: auto; flex: none; }
    summary { cursor: pointer; }
    dl { display: grid; grid-template-columns: minmax(90px, max-content) 1fr; gap: 2px 12px; margin: 6px 0 2px; }
    dt { max-width: 220px; }
    dd { margin: 0; overflow-wrap: anywhere; }
    pre { white-space: pre-wrap; }
  `];
}

customElements.define('patchbay-exchanges', PatchbayExchanges);

function statusLook({ status, error }: ExchangeRow): { readonly label: string; readonly icon: IconName; readonly tone: Tone } {
  if (status === undefined) return { label: error ? 'No answer' : 'Waiting', icon: error ? 'error' : 'clock', tone: error ? 'bad' : 'quiet' };
  if (status >= 500) return { label: String(status), icon: 'error', tone: 'bad' };
  return status >= 400 ? { label: String(status), icon: 'warning', tone: 'warn' } : { label: String(status), icon: 'pass', tone: 'good' };
}

/** Host and path: what tells requests of one step apart. */
const shortAddress = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '') || url;

const columns: readonly Column<ExchangeRow>[] = [
  { id: 'status', title: 'Status', width: '62px', cell: (row) => { const look = statusLook(row); return html`${icon(look.icon, { tone: look.tone })} ${row.status ?? 'none'}`; }, tooltip: (row) => statusLook(row).label },
  { id: 'method', title: 'Method', width: '56px', from: 260, cell: ({ method }) => method },
  { id: 'url', title: 'Address', width: 'minmax(80px, 1fr)', cell: ({ url }) => shortAddress(url), tooltip: ({ url }) => url },
  { id: 'attempt', title: 'Attempt', width: '62px', number: true, from: 430, cell: ({ attempt }) => (attempt > 1 ? attempt : html`<span class="quiet">1</span>`) },
  { id: 'ms', title: 'Time', width: '64px', number: true, cell: ({ durationMs }) => formatDuration(durationMs), tooltip: ({ at }) => formatFullTime(at) },
];
const stepColumn: Column<ExchangeRow> = { id: 'step', title: 'Step', width: 'minmax(60px, 0.6fr)', from: 500, cell: ({ step }) => step ?? '', tooltip: ({ step }) => step };
