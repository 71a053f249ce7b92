import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { BodyRef, ConnectorHost, ShownExchange, ShownPage, ShownTrial } from '../protocol/connector.ts';
import type { Api } from '../protocol/rpc.ts';
import { formatBytes, formatDuration, formatNumber, type Tone } from '../shared/format.ts';
import { emptyState, icon, iconButton, kitStyles, moved, tabPanel, tabs, type IconName } from '../shared/kit.ts';
import { payloadView } from '../shared/payload-view.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { errorBox } from './error-box.ts';
import { pathOf, rowText, stopText, sumText, traceRows, type TraceRow } from './trial.ts';

/** What was asked and answered, page by page, why it stopped, and each message as it was. */
export class TrialView extends LitElement {
  static override properties = { host: { attribute: false }, trial: { attribute: false }, chosen: { state: true }, side: { state: true } };
  declare host: Pick<Api<ConnectorHost>, 'body' | 'saveBody'>;
  declare trial: ShownTrial;
  declare private chosen: string;
  declare private side: 'response' | 'request';

  constructor() {
    super();
    this.chosen = '';
    this.side = 'response';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The page that ended it is what a person looks for; without a failure the first one.
    if (changed.has('trial')) this.chosen = String(this.trial.error ? Math.max(0, this.trial.pages.length - 1) : 0);
  }

  /** The exchange that is looked at. */
  get exchange(): ShownPage | ShownExchange | undefined {
    return traceRows(this.trial).find(({ key }) => key === this.chosen)?.exchange;
  }

  protected override render(): TemplateResult {
    const { trial } = this;
    const rows = traceRows(trial);
    const row = rows.find(({ key }) => key === this.chosen) ?? rows[0];
    const summary = html`<div class="summary">
      ${trial.error ? errorBox(trial.error) : nothing}
      ${trial.refused.map((error) => errorBox(error))}
      ${trial.log.filter(({ level }) => level === 'warn' || level === 'error').map(({ level, message }) => html`<div>${icon(level === 'error' ? 'error' : 'warning', { tone: level === 'error' ? 'bad' : 'warn' })} ${message}</div>`)}
      ${stopText(trial) ? html`<div class="stop">${icon('debug-stop')} ${stopText(trial)}</div>` : nothing}
      <div class="sum">${sumText(trial)}</div>
    </div>`;
    if (!row) return summary;
    return html`${summary}<patchbay-split vertical .position=${34} .min=${70} label="Sizes of the trace and of the message">
      <div slot="first" class="trace"><ol role="listbox" aria-label="Page trace" @keydown=${this.onKey}>${rows.map((one) => this.row(one, one === row))}</ol></div>
      <div slot="second" class="detail" role="region" aria-label=${`Message of ${row.attempt ? 'an attempt before page' : 'page'} ${row.page}`}>${this.detail(row)}</div>
    </patchbay-split>`;
  }

  private row(row: TraceRow, isChosen: boolean): TemplateResult {
    const { exchange: { request, ms, waitMs }, page, attempt, records, next, end } = row;
    const look = lookOf(row.exchange);
    return html`<li class="line ${attempt ? 'attempt' : ''}" role="option" id=${`row-${row.key}`} aria-selected=${isChosen ? 'true' : 'false'} aria-label=${rowText(row)} tabindex=${isChosen ? '0' : '-1'} title=${request.url} @click=${() => { this.chosen = row.key; }}>
      <span class="page mono">${attempt ? '' : `#${page}`}</span>
      <span>${icon(look.icon, { tone: look.tone })} ${look.label}</span>
      <span class="number">${formatDuration(ms)}</span>
      <span class="number">${records === undefined ? '' : `${formatNumber(records)} rec.`}</span>
      <span class="ellipsis mono what">${waitMs > 0 ? html`<span class="wait">${icon('watch')} ${formatDuration(waitMs)} </span>` : nothing}${attempt ? `${request.method} ${pathOf(request.url)}` : next ? html`<span class="quiet">next</span> ${next}` : html`<span class="quiet">${end}</span>`}</span>
    </li>`;
  }

  private detail({ exchange, key }: TraceRow): TemplateResult {
    const { request, response } = exchange;
    const error = 'error' in exchange ? exchange.error : undefined;
    return html`<div class="head"><b>${request.method}</b> <span class="mono url">${request.url}</span>${iconButton({ label: 'Copy the address', icon: 'copy', onClick: () => void navigator.clipboard.writeText(request.url) })}</div>
      ${error ? html`<div class="summary">${errorBox(error)}</div>` : nothing}
      ${tabs<'response' | 'request'>({ label: 'Parts of the exchange', name: 'message', selected: this.side, onSelect: (side) => { this.side = side; }, tabs: [{ id: 'response', label: 'Response', ...(response && { count: formatBytes(response.size) }) }, { id: 'request', label: 'Request' }] })}
      ${tabPanel('message', this.side, this.side === 'response' ? (response ? this.message('response', key, response.headers, response.body) : emptyState({ icon: 'circle-slash', title: 'No answer came' })) : this.message('request', key, request.headers, request.body))}`;
  }

  private message(side: 'response' | 'request', key: string, headers: Readonly<Record<string, string>>, body: BodyRef | undefined): TemplateResult {
    const { host } = this;
    const all = Object.entries(headers);
    return html`<details class="headers"><summary>Headers <span class="quiet">${all.length}</span></summary><dl>${all.map(([name, value]) => html`<dt class="ellipsis" title=${name}>${name}</dt><dd class="mono">${value}</dd>`)}</dl></details>
      ${body
        ? payloadView({ hash: body.hash, mediaType: body.mediaType, label: `body of the ${side}`, load: (window) => host.body(body.hash, window), save: () => void host.saveBody(body.hash, `${this.trial.endpoint}-${key}.${/json/.test(body.mediaType) ? 'json' : 'txt'}`) })
        : emptyState({ icon: 'circle-slash', title: side === 'request' ? 'The request had no body' : 'The answer had no body that can be shown' })}`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!/^(Arrow(Up|Down)|Home|End)$/.test(event.key) || event.altKey) return;
    const rows = traceRows(this.trial);
    const at = rows.findIndex(({ key }) => key === this.chosen);
    const to = event.key === 'ArrowUp' && at === 0 ? 0 : event.key === 'ArrowDown' && at === rows.length - 1 ? at : moved(event.key, at, rows.length);
    if (to === undefined) return;
    event.preventDefault();
    this.chosen = rows[to]!.key;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[role="option"][aria-selected="true"]')?.focus());
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .summary { display: flex; flex-direction: column; gap: 4px; padding: 8px 12px; flex: none; max-height: 40%; overflow: auto; overflow-wrap: anywhere; }
    .stop { font-weight: 600; }
    .sum { font-size: 12px; color: var(--vscode-descriptionForeground); }
    patchbay-split { flex: 1; min-height: 0; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
    .trace { overflow: auto; }
    ol { list-style: none; margin: 0; padding: 2px 0; }
    .line { display: grid; grid-template-columns: 26px 62px 58px 62px minmax(60px, 1fr); gap: 8px; align-items: center; height: 24px; padding: 0 12px; border: 1px solid transparent; cursor: pointer; }
    .line.attempt { color: var(--vscode-descriptionForeground); }
    .line:hover { background: var(--vscode-list-hoverBackground); }
    .line[aria-selected='true'] { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, var(--vscode-foreground)); border-color: var(--vscode-contrastActiveBorder, transparent); }
    .line:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
    .line[aria-selected='true'] .quiet { color: inherit; }
    .number, .page, .what { font-size: 12px; }
    .wait .icon { font-size: 13px; width: 14px; }
    .detail { display: flex; flex-direction: column; min-height: 0; }
    .head { display: flex; gap: 6px; align-items: flex-start; padding: 8px 12px 2px; max-height: 60px; overflow: auto; flex: none; }
    .url { flex: 1; overflow-wrap: anywhere; font-size: 12px; }
    .tab-panel { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    .tab-panel > patchbay-payload { flex: 1; min-height: 0; }
    .headers { padding: 6px 12px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); max-height: 45%; overflow: auto; flex: none; }
    summary { cursor: pointer; }
    dl { display: grid; grid-template-columns: minmax(90px, max-content) 1fr; gap: 2px 12px; margin: 6px 0 2px; font-size: 12px; }
    dt { max-width: 200px; }
    dd { margin: 0; overflow-wrap: anywhere; }
  `];
}

function lookOf(exchange: ShownPage | ShownExchange): { readonly label: string; readonly icon: IconName; readonly tone: Tone } {
  const { response } = exchange;
  if (!response) return { label: 'none', icon: 'error', tone: 'bad' };
  return { label: String(response.status), ...(response.status >= 500 ? { icon: 'error', tone: 'bad' } as const : response.status >= 400 ? { icon: 'warning', tone: 'warn' } as const : { icon: 'pass', tone: 'good' } as const) };
}

customElements.define('patchbay-trial', TrialView);
