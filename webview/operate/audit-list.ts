import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { AuditRow } from '../../server/model/api.ts';
import { formatCount, formatFullTime, formatMoment, formatValue } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, iconButton, kitStyles, linkButton, textField, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { Operations } from './operations.ts';
import { runHash, type PlaceQuery } from './place.ts';
import { screenStyles } from './screen-styles.ts';
import { timeFields, timeSpan } from './time-span.ts';

/** Who has changed what, the newest first. */
class PatchbayAudit extends LitElement {
  static override properties = { operations: { attribute: false }, query: { attribute: false }, onQuery: { attribute: false }, rows: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare operations: Operations;
  declare query: PlaceQuery;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private rows: PagedRows<AuditRow>;
  declare private chosen: AuditRow | undefined;
  declare private drawn: number;

  constructor() {
    super();
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('query') as PlaceQuery | undefined;
    if (!changed.has('operations') && (!changed.has('query') || JSON.stringify(before) === JSON.stringify(this.query))) return;
    const { operations } = this;
    const { actor, action, subject } = this.query;
    const filter = { ...(actor && { actor }), ...(action && { action }), ...(subject && { subject }), ...timeSpan(this.query, Date.now()) };
    const rows = new PagedRows((page) => operations.audit(filter, page), () => { if (this.rows === rows) this.drawn++; });
    this.rows = rows;
    this.chosen = undefined;
  }

  protected override render(): unknown {
    const { rows, query, chosen } = this;
    const change = (part: Readonly<Record<string, string>>) => this.onQuery({ ...query, ...part });
    const field = (label: string, key: 'actor' | 'action' | 'subject', placeholder = label) => html`<div class="filter text">${textField({ label, type: 'search', value: query[key] ?? '', placeholder, onChange: (text) => change({ [key]: text }) })}</div>`;
    const isFiltered = Object.keys(query).length > 0;
    return html`
      ${toolbar('Filters', html`${field('Who', 'actor')}${field('Action, such as run.delete', 'action', 'Action')}${field('What it was done to', 'subject')}${timeFields(query, change)}`)}
      <div class="line"><span class="quiet" role="status">${rows.total === undefined ? '' : formatCount(rows.total, 'change')}</span>${isFiltered ? linkButton({ label: 'Show all', onClick: () => this.onQuery({}) }) : nothing}</div>
      ${grid<AuditRow>({
        label: 'Changes', columns, rows, keyOf: ({ id }) => String(id), selected: chosen && String(chosen.id), onSelect: (row) => { this.chosen = row; },
        empty: isFiltered ? emptyState({ icon: 'filter', title: 'No change fits the filters', actions: linkButton({ label: 'Show all', onClick: () => this.onQuery({}) }) })
          : emptyState({ icon: 'history', title: 'Nothing was changed yet', text: 'Deployments, changes of state, and what is done with runs are written down here.' }),
      }, this.drawn)}
      ${chosen ? this.renderChosen(chosen) : nothing}`;
  }

  private renderChosen(row: AuditRow): TemplateResult {
    const run = /^run (\S+)$/.exec(row.subject)?.[1];
    return html`<div class="chosen" role="region" aria-label="The chosen change">
      <div class="chosen-head"><span><b>${row.action}</b> ${row.subject} <span class="quiet">by ${row.actor}, ${formatFullTime(row.at)}</span>${run ? html` <a href=${runHash(run)}>Show the run</a>` : nothing}</span>
        ${iconButton({ label: 'Copy the entry', icon: 'copy', onClick: () => void navigator.clipboard.writeText(JSON.stringify(row, null, 2)) })}${iconButton({ label: 'Close', icon: 'close', onClick: () => { this.chosen = undefined; } })}</div>
      <pre class="mono">${JSON.stringify(row.detail, null, 2)}</pre></div>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .chosen { flex: none; max-height: 40%; overflow: auto; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); padding: 6px 12px 8px; }
    .chosen-head { display: flex; align-items: center; gap: 4px; }
    .chosen-head > span { flex: 1; overflow-wrap: anywhere; }
    pre { margin: 6px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  `];
}

customElements.define('patchbay-audit', PatchbayAudit);

const detailOf = ({ detail }: AuditRow): string => (Object.keys(detail).length > 0 ? formatValue(detail, 200) : '');

const columns: readonly Column<AuditRow>[] = [
  { id: 'time', title: 'Time', width: '108px', cell: ({ at }) => formatMoment(at, Date.now()), tooltip: ({ at }) => formatFullTime(at) },
  { id: 'actor', title: 'Who', width: 'minmax(60px, 0.5fr)', from: 380, cell: ({ actor }) => actor, tooltip: ({ actor }) => actor },
  { id: 'action', title: 'Action', width: 'minmax(80px, 0.7fr)', cell: ({ action }) => action, tooltip: ({ action }) => action },
  { id: 'subject', title: 'What', width: 'minmax(80px, 1fr)', cell: ({ subject }) => subject, tooltip: ({ subject }) => subject },
  { id: 'detail', title: 'Detail', width: 'minmax(80px, 1.4fr)', from: 640, cell: (row) => html`<span class="quiet mono">${detailOf(row)}</span>`, tooltip: detailOf },
];
