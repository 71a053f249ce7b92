import { css, html, LitElement, type PropertyValues } from 'lit';
import type { FlowSummary, RunSummary } from '../../server/model/api.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import { formatDuration, formatFullTime, formatMoment, formatNumber, statusLooks } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, linkButton, select, statusBadge, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { placeHash } from './place.ts';

export interface RunFilter {
  readonly flow?: string;
  readonly status?: string;
}

/** All runs, the newest first, with filters. */
class PatchbayRunList extends LitElement {
  static override properties = { host: { attribute: false }, filter: { attribute: false }, flows: { attribute: false }, version: { attribute: false }, onFilter: { attribute: false }, rows: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare host: Api<RunHost>;
  declare filter: RunFilter;
  declare flows: readonly FlowSummary[];
  /** Another number: runs have begun or ended. */
  declare version: number;
  declare onFilter: (filter: RunFilter) => void;
  declare private rows: PagedRows<RunSummary>;
  declare private chosen: string | undefined;
  declare private drawn: number;

  constructor() {
    super();
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('filter') as RunFilter | undefined;
    if (changed.has('host') || (changed.has('filter') && (before?.flow !== this.filter.flow || before?.status !== this.filter.status))) {
      const { host, filter } = this;
      const rows = new PagedRows((page) => host.runs({ ...filter, page }), () => { if (this.rows === rows) this.drawn++; });
      this.rows = rows;
    } else if (changed.has('version')) this.rows.refresh();
  }

  protected override render(): unknown {
    const { rows, filter, flows } = this;
    const isFiltered = filter.flow !== undefined || filter.status !== undefined;
    return html`
      ${toolbar('Filters', html`
        <div class="filter flow">${select({ label: 'Flow', value: filter.flow ?? '', options: [{ value: '', label: 'All flows' }, ...flows.map(({ id, title }) => ({ value: id, label: title === id ? id : `${title} (${id})` }))], onChange: (flow) => this.change({ ...filter, flow }) })}</div>
        <div class="filter">${select({ label: 'Status', value: filter.status ?? '', options: [{ value: '', label: 'Any status' }, ...Object.entries(statusLooks).map(([value, { label }]) => ({ value, label }))], onChange: (status) => this.change({ ...filter, status }) })}</div>
        <span class="quiet" role="status">${rows.total === undefined ? '' : `${formatNumber(rows.total)} ${rows.total === 1 ? 'run' : 'runs'}`}</span>
        ${isFiltered ? linkButton({ label: 'Show all', onClick: () => this.onFilter({}) }) : ''}`)}
      ${grid<RunSummary>({
        label: 'Runs', columns: columnsFor(new Map(flows.map(({ id, title }) => [id, title]))), rows, keyOf: ({ id }) => id, selected: this.chosen, onSelect: ({ id }) => { this.chosen = id; }, onOpen: ({ id }) => { location.hash = placeHash({ at: 'run', run: id }); }, openOnClick: true,
        empty: isFiltered ? emptyState({ icon: 'filter', title: 'No run fits the filters', actions: linkButton({ label: 'Show all', onClick: () => this.onFilter({}) }) })
          : emptyState({ icon: 'run-all', title: 'Nothing has run yet', text: 'Runs appear here as soon as a trigger fires or somebody starts a flow.', actions: linkButton({ label: 'Show the flows', onClick: () => { location.hash = placeHash({ at: 'flows' }); } }) }),
      }, this.drawn)}`;
  }

  private change({ flow, status }: RunFilter): void {
    this.onFilter({ ...(flow && { flow }), ...(status && { status }) });
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    .toolbar { padding: 8px 12px; gap: 8px; flex: none; }
    .filter { width: 150px; }
    .filter.flow { width: 260px; }
    patchbay-grid { flex: 1; min-height: 0; }
  `];
}

customElements.define('patchbay-run-list', PatchbayRunList);

const columnsFor = (titles: ReadonlyMap<string, string>): readonly Column<RunSummary>[] => [
  { id: 'status', title: 'Status', width: '134px', cell: ({ status }) => statusBadge(status) },
  { id: 'flow', title: 'Flow', width: 'minmax(110px, 1fr)', cell: ({ flow }) => { const title = titles.get(flow) ?? flow; return title === flow ? flow : html`${title} <span class="quiet">${flow}</span>`; }, tooltip: ({ flow }) => `${titles.get(flow) ?? flow} (${flow})` },
  { id: 'started', title: 'Started', width: '108px', cell: ({ startedAt, queuedAt }) => formatMoment(startedAt ?? queuedAt, Date.now()), tooltip: ({ startedAt, queuedAt }) => formatFullTime(startedAt ?? queuedAt) },
  { id: 'time', title: 'Duration', width: '84px', number: true, from: 440, cell: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)) },
  { id: 'trigger', title: 'Trigger', width: '80px', from: 680, cell: ({ trigger }) => html`<span class="quiet">${trigger}</span>`, tooltip: ({ trigger }) => trigger },
  { id: 'environment', title: 'Environment', width: '94px', from: 780, cell: ({ environment }) => html`<span class="quiet">${environment ?? ''}</span>`, tooltip: ({ environment }) => environment },
  { id: 'failed', title: 'Failed', width: '54px', number: true, from: 560, cell: ({ failedPayloads }) => (failedPayloads ? html`<b>${formatNumber(failedPayloads)}</b>` : html`<span class="quiet">0</span>`) },
  { id: 'error', title: 'Error', width: 'minmax(100px, 1.2fr)', from: 860, cell: ({ error }) => (error ? html`${icon('error', { tone: 'bad' })} ${error.message}` : ''), tooltip: ({ error }) => error && `${error.code}: ${error.message}` },
];
