import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FlowSummary, RunAction, RunActionOutcome, RunSummary } from '../../server/model/api.ts';
import type { Announcer } from '../shared/announcer.ts';
import { formatCount, formatDuration, formatFullTime, formatMoment, formatNumber } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, linkButton, statusBadge, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { flowColumn } from './flow-words.ts';
import { Doing } from './doing.ts';
import { screenStyles } from './screen-styles.ts';
import type { Operations } from './operations.ts';
import { goTo, type PlaceQuery } from './place.ts';
import { actOnRuns, bulkActions, outcomeMessage, outcomeWords } from './run-bulk.ts';
import { filterFields, filterOf } from './run-filters.ts';

/** All runs, the newest first, with filters, and what can be done with many of them. */
class PatchbayRunList extends LitElement {
  static override properties = {
    operations: { attribute: false }, query: { attribute: false }, flows: { attribute: false }, environments: { attribute: false }, version: { attribute: false }, announcer: { attribute: false }, onQuery: { attribute: false },
    rows: { state: true }, chosen: {}, drawn: { state: true }, marked: { state: true }, outcome: { state: true },
  };
  declare operations: Operations;
  declare query: PlaceQuery;
  declare flows: readonly FlowSummary[];
  declare environments: readonly string[];
  /** Another number: runs have begun or ended. */
  declare version: number;
  declare announcer: Announcer;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private rows: PagedRows<RunSummary>;
  /** The one that is chosen; given from outside, that which was looked at before. */
  declare chosen: string | undefined;
  declare private drawn: number;
  declare private marked: ReadonlySet<string>;
  declare private outcome: { readonly action: RunAction; readonly outcomes: readonly RunActionOutcome[] } | undefined;
  private wantsFocus = false;
  private readonly doing = new Doing(this);
  private readonly width = new Width(this);

  constructor() {
    super();
    this.drawn = 0;
    this.marked = new Set();
    this.environments = [];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('query') as PlaceQuery | undefined;
    if (changed.has('operations') || (changed.has('query') && JSON.stringify(before) !== JSON.stringify(this.query))) {
      const { operations } = this;
      const filter = filterOf(this.query, Date.now());
      const rows = new PagedRows((page) => operations.runs(filter, page), () => { if (this.rows === rows) this.drawn++; });
      this.rows = rows;
      this.marked = new Set();
    } else if (changed.has('version')) this.rows.refresh();
  }

  protected override render(): unknown {
    const { rows, query, flows } = this;
    const isFiltered = Object.keys(query).length > 0;
    return html`
      ${this.renderFilters()}
      ${this.renderLine(isFiltered)}
      ${this.outcome ? html`<div class="outer">${outcomeMessage(this.outcome.action, this.outcome.outcomes, () => { this.outcome = undefined; })}</div>` : nothing}
      ${this.doing.render()}
      ${grid<RunSummary>({
        label: 'Runs', columns: columnsFor(flows), rows, keyOf: ({ id }) => id, selected: this.chosen, onSelect: ({ id }) => { this.chosen = id; }, onOpen: ({ id }) => goTo({ at: 'runs', name: id }), openOnClick: true,
        marks: { has: (key) => this.marked.has(key), size: this.marked.size, set: (which, isMarked) => this.mark(which, isMarked) },
        empty: isFiltered ? emptyState({ icon: 'filter', title: 'No run fits the filters', actions: linkButton({ label: 'Show all', onClick: () => this.onQuery({}) }) })
          : emptyState({ icon: 'run-all', title: 'Nothing has run yet', text: 'Runs appear here as soon as a trigger fires or somebody starts a flow.', actions: linkButton({ label: 'Show the flows', onClick: () => goTo({ at: 'flows' }) }) }),
      }, this.drawn)}`;
  }

  /** Where there is little room, the filters are behind a word. */
  private renderFilters(): TemplateResult {
    const { query, flows, environments } = this;
    const fields = filterFields({ query, flows, environments, change: (part) => this.onQuery({ ...query, ...part }) });
    const count = Object.keys(query).length;
    return this.width.isNarrow ? html`<details class="filters"><summary>Filters${count > 0 ? html` <span class="quiet">${count}</span>` : nothing}</summary>${fields}</details>` : fields;
  }

  /** As high with marked runs as without. */
  private renderLine(isFiltered: boolean): TemplateResult {
    const { total } = this.rows;
    const count = this.marked.size;
    const found = total === undefined ? '' : formatCount(total, 'run');
    return html`<div class="line">
      <span class="quiet" role="status">${count > 0 ? `${formatNumber(count)} of ${found} marked` : found}</span>
      ${count > 0 ? toolbar('Actions for the marked runs', html`${bulkActions.map(({ action, label, icon: name, title }) => linkButton({ label, icon: name, title, onClick: () => void this.act(action) }))}${linkButton({ label: 'Unmark', onClick: () => { this.marked = new Set(); } })}`)
        : isFiltered ? linkButton({ label: 'Show all', onClick: () => this.onQuery({}) }) : !total ? nothing : html`<span class="quiet hint">Space marks runs, for doing something with several</span>`}
    </div>`;
  }

  private mark(which: readonly RunSummary[], isMarked: boolean): void {
    const marked = new Set(this.marked);
    for (const { id } of which) if (isMarked) marked.add(id); else marked.delete(id);
    this.marked = marked;
    this.announcer?.say(`${formatCount(marked.size, 'run')} marked`);
  }

  /** Back from a run, or on the way to the list: as soon as there are rows. */
  override focus(): void {
    this.wantsFocus = true;
    this.requestUpdate();
  }

  protected override updated(): void {
    if (!this.wantsFocus || !this.rows.total) return;
    this.wantsFocus = false;
    const list = this.renderRoot.querySelector<LitElement>('patchbay-grid');
    void list?.updateComplete.then(() => list.focus());
  }

  private act(action: RunAction): Promise<void> {
    this.outcome = undefined;
    return this.doing.run(async () => {
      const outcomes = await actOnRuns(this.operations, action, [...this.marked]);
      if (!outcomes) return;
      this.outcome = { action, outcomes };
      this.marked = new Set(outcomes.filter(({ isDone }) => !isDone).map(({ run }) => run));
      this.announcer?.say(outcomeWords(action, outcomes));
      this.rows.refresh();
      // The buttons are gone with the marks.
      this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus();
    });
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .line .hint { margin-left: auto; }
    @container (max-width: 700px) { .hint { display: none; } }
    .filters { padding: 8px 12px 0; }
    .filters .toolbar { padding: 8px 0 0; }
    ul { margin: 4px 0 0; padding-left: 18px; }
  `];
}

customElements.define('patchbay-run-list', PatchbayRunList);

const origins = { retry: 'again', resume: 'resumed', replay: 'replayed', flow: 'called' } as const;

const columnsFor = (flows: readonly FlowSummary[]): readonly Column<RunSummary>[] => [
  { id: 'status', title: 'Status', width: '134px', cell: ({ status, pinned }) => html`${statusBadge(status)}${pinned ? html` ${icon('pinned')}<span class="for-screen-readers">pinned</span>` : nothing}`, tooltip: ({ pinned }) => (pinned ? 'Pinned: it is not deleted with time' : undefined) },
  flowColumn(flows, 'minmax(110px, 1.3fr)'),
  { id: 'started', title: 'Started', width: '108px', from: 400, cell: ({ startedAt, queuedAt }) => formatMoment(startedAt ?? queuedAt, Date.now()), tooltip: ({ startedAt, queuedAt }) => formatFullTime(startedAt ?? queuedAt) },
  { id: 'time', title: 'Duration', width: '84px', number: true, from: 440, cell: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)) },
  { id: 'trigger', title: 'Trigger', width: '92px', from: 760, cell: ({ trigger, origin }) => html`<span class="quiet">${origin ? `${trigger}, ${origins[origin.kind]}` : trigger}</span>`, tooltip: ({ trigger, origin }) => (origin ? `${trigger}, ${origins[origin.kind]} from ${origin.run}` : trigger) },
  { id: 'environment', title: 'Environment', width: '94px', from: 880, cell: ({ environment }) => html`<span class="quiet">${environment ?? ''}</span>`, tooltip: ({ environment }) => environment },
  { id: 'failed', title: 'Failed', width: '54px', number: true, from: 560, cell: ({ failedPayloads }) => (failedPayloads ? html`<b>${formatNumber(failedPayloads)}</b>` : html`<span class="quiet">0</span>`) },
  { id: 'error', title: 'Error', width: 'minmax(100px, 1.2fr)', from: 960, cell: ({ error }) => (error ? html`${icon('error', { tone: 'bad' })} ${error.message}` : ''), tooltip: ({ error }) => error && `${error.code}: ${error.message}` },
];
