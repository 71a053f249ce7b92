import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { LogRow } from '../../server/model/api.ts';
import type { LogLevel } from '../../server/model/run-event.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import { formatExactTime, formatFullTime, formatValue, type Tone } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, iconButton, kitStyles, select, toolbar, type IconName } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

const levels: Readonly<Record<LogLevel, { readonly label: string; readonly icon: IconName; readonly tone: Tone }>> = {
  debug: { label: 'Debug', icon: 'debug-line-by-line', tone: 'quiet' },
  info: { label: 'Info', icon: 'info', tone: 'info' },
  warn: { label: 'Warning', icon: 'warning', tone: 'warn' },
  error: { label: 'Error', icon: 'error', tone: 'bad' },
};

/** The log of a step, or of the whole run; follows its end while that is in view. */
class PatchbayLogs extends LitElement {
  static override properties = { host: { attribute: false }, run: {}, step: {}, version: { attribute: false }, live: { type: Boolean }, level: { state: true }, rows: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare host: Api<RunHost>;
  declare run: string;
  declare step: string | undefined;
  declare version: number;
  /** The run goes on: the end is what matters. */
  declare live: boolean;
  declare private level: LogLevel;
  declare private rows: PagedRows<LogRow>;
  declare private chosen: LogRow | undefined;
  declare private drawn: number;

  constructor() {
    super();
    this.live = false;
    this.level = 'debug';
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('run') || changed.has('step') || (changed as Map<string, unknown>).has('level')) {
      const { host, run, step, level } = this;
      this.chosen = undefined;
      const rows = new PagedRows((page) => host.logs(run, { ...(step !== undefined && { step }), level, page }), () => { if (this.rows === rows) this.drawn++; });
      this.rows = rows;
    } else if (changed.has('version')) this.rows.refresh('grown');
  }

  protected override render(): unknown {
    const { chosen } = this;
    return html`
      ${toolbar('Filter of the log', html`<div class="level">${select({ label: 'Least level', value: this.level, options: [{ value: 'debug', label: 'All levels' }, { value: 'info', label: 'Info and graver' }, { value: 'warn', label: 'Warnings and errors' }, { value: 'error', label: 'Errors' }], onChange: (level) => { this.level = level as LogLevel; } })}</div>`)}
      ${grid<LogRow>({
        label: 'Log', columns: this.step === undefined ? columns : columns.filter(({ id }) => id !== 'step'), rows: this.rows, keyOf: ({ seq }) => String(seq), selected: chosen && String(chosen.seq), onSelect: (row) => { this.chosen = row; },
        follow: this.live, empty: emptyState({ icon: 'output', title: this.level === 'debug' ? 'Nothing was logged' : 'Nothing of this level was logged' }),
      }, this.drawn)}
      ${chosen ? this.renderChosen(chosen) : nothing}`;
  }

  private renderChosen(row: LogRow): TemplateResult {
    const facts = [row.step && `step ${row.step}`, row.payload && `payload ${row.payload}`].filter(Boolean).join(' · ');
    return html`<div class="chosen" role="region" aria-label="The chosen entry">
      <div class="chosen-head"><span>${icon(levels[row.level].icon, { tone: levels[row.level].tone })} ${levels[row.level].label} <span class="quiet">${formatExactTime(row.at)}${facts ? ` · ${facts}` : ''}</span></span>
        ${iconButton({ label: 'Copy the entry', icon: 'copy', onClick: () => void navigator.clipboard.writeText(JSON.stringify(row, null, 2)) })}${iconButton({ label: 'Close', icon: 'close', onClick: () => { this.chosen = undefined; } })}</div>
      <div class="text">${row.message}</div>${row.fields ? html`<pre class="mono">${JSON.stringify(row.fields, null, 2)}</pre>` : nothing}</div>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    .toolbar { padding: 4px 12px; flex: none; }
    .level { width: 180px; }
    patchbay-grid { flex: 1; min-height: 60px; }
    .chosen { flex: none; max-height: 50%; overflow: auto; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); padding: 6px 12px 8px; }
    .chosen-head { display: flex; align-items: center; gap: 4px; }
    .chosen-head > span { flex: 1; }
    .text { overflow-wrap: anywhere; white-space: pre-wrap; }
    pre { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  `];
}

customElements.define('patchbay-logs', PatchbayLogs);

const columns: readonly Column<LogRow>[] = [
  { id: 'time', title: 'Time', width: '92px', from: 360, cell: ({ at }) => formatExactTime(at), tooltip: ({ at }) => formatFullTime(at) },
  { id: 'level', title: 'Level', width: '80px', cell: ({ level }) => html`${icon(levels[level].icon, { tone: levels[level].tone })} ${levels[level].label}` },
  { id: 'step', title: 'Step', width: 'minmax(60px, 0.3fr)', from: 520, cell: ({ step }) => html`<span class="quiet">${step ?? ''}</span>`, tooltip: ({ step }) => step },
  { id: 'message', title: 'Message', width: 'minmax(100px, 1fr)', cell: ({ message, fields }) => html`${message}${fields ? html` <span class="quiet mono">${formatValue(fields, 120)}</span>` : nothing}`, tooltip: ({ message }) => message },
];
