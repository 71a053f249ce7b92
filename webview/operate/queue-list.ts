import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FlowSummary, QueuePage, QueueRow } from '../../server/model/api.ts';
import { formatDuration, formatFullTime, formatNumber, formatRelative } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, linkButton, select, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { flowColumn, flowOptions } from './flow-words.ts';
import { Doing } from './doing.ts';
import type { Operations } from './operations.ts';
import { goTo } from './place.ts';
import { screenStyles } from './screen-styles.ts';

/** Runs that are not over: those at work and those that wait, with what they wait for. */
class PatchbayQueueList extends LitElement {
  static override properties = { operations: { attribute: false }, flow: {}, flows: { attribute: false }, version: { attribute: false }, onFlow: { attribute: false }, rows: { state: true }, figures: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare operations: Operations;
  declare flow: string | undefined;
  declare flows: readonly FlowSummary[];
  /** Another number: runs have begun or ended. */
  declare version: number;
  declare onFlow: (flow: string) => void;
  declare private rows: PagedRows<QueueRow>;
  declare private figures: QueuePage | undefined;
  declare private chosen: string | undefined;
  declare private drawn: number;
  private readonly doing = new Doing(this);
  private clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.drawn = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A time may have come without anything else happening.
    this.clock = setInterval(() => { if (!document.hidden) this.rows?.refresh(); }, 5_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('operations') || changed.has('flow')) {
      const { operations, flow } = this;
      const read = async (page: number): Promise<QueuePage> => {
        const answer = await operations.queue(flow, page);
        if (this.rows === rows) this.figures = answer;
        return answer;
      };
      const rows: PagedRows<QueueRow> = new PagedRows(read, () => { if (this.rows === rows) this.drawn++; });
      this.rows = rows;
    } else if (changed.has('version')) this.rows.refresh();
  }

  protected override render(): unknown {
    const { flow, flows, rows } = this;
    return html`
      ${toolbar('Filters', html`<div class="filter flow">${select({ label: 'Flow', value: flow ?? '', options: flowOptions(flows, flow), onChange: (value) => this.onFlow(value) })}</div>`)}
      ${this.renderLine()}
      ${this.doing.render()}
      ${grid<QueueRow>({
        label: 'Queue', columns: columnsFor(flows), rows, keyOf: ({ run }) => run, selected: this.chosen, onSelect: ({ run }) => { this.chosen = run; }, onOpen: ({ run }) => goTo({ at: 'runs', name: run }),
        empty: emptyState({ icon: 'check-all', title: 'Nothing waits and nothing is at work', text: 'Runs stand here from when they are accepted until they are over.', actions: linkButton({ label: 'Show the runs', onClick: () => goTo({ at: 'runs', ...(flow && { query: { flow } }) }) }) }),
      }, this.drawn)}`;
  }

  private renderLine(): TemplateResult {
    const { figures, chosen } = this;
    const row = figures?.items.find(({ run }) => run === chosen);
    return html`<div class="line">
      <span role="status">${figures ? html`<b>${formatNumber(figures.atWork)}</b> at work${this.flow ? nothing : html` <span class="quiet">of at most ${formatNumber(figures.limit)} here</span>`}, <b>${formatNumber(figures.waiting)}</b> waiting` : nothing}</span>
      <span class="gap"></span>
      ${row ? toolbar('Actions for the chosen run', html`${linkButton({ label: 'Show the run', icon: 'go-to-file', onClick: () => goTo({ at: 'runs', name: row.run }) })}${row.isStopping ? html`<span class="quiet">It is being stopped</span>` : linkButton({ label: 'Stop the run', icon: 'debug-stop', onClick: () => void this.stop(row) })}`) : nothing}
    </div>`;
  }

  private async stop({ run }: QueueRow): Promise<void> {
    await this.doing.run(async () => {
      const { outcomes: [outcome] } = await this.operations.act('stop', [run]);
      if (outcome?.error) throw new Error(outcome.error.message);
      this.rows.refresh();
    });
    this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus();
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .line b { font-variant-numeric: tabular-nums; }
  `];
}

customElements.define('patchbay-queue-list', PatchbayQueueList);

const priorityWords = { highest: 'Highest', high: 'High', regular: 'Regular', low: 'Low', lowest: 'Lowest' } as const;
const priorityIcons = { highest: 'arrow-up', high: 'arrow-small-up', regular: 'dash', low: 'arrow-small-down', lowest: 'arrow-down' } as const;

/** Why it waits, or what may yet happen to it. */
function situationOf({ isAtWork, isStopping, waitsFor, flowAtWork, flowLimit, notBefore, isOwn, owner, strikes }: QueueRow): string {
  const again = strikes > 0 ? `, begun again after it ended its executor ${strikes === 1 ? 'once' : `${strikes} times`}` : '';
  if (isAtWork) return `${isStopping ? 'Is being stopped' : flowLimit === undefined ? 'At work' : `One of ${flowAtWork} at work, ${flowLimit} may be`}${again}`;
  if (waitsFor === 'time') return `Begins ${formatRelative(notBefore ?? 0, Date.now())}${again}`;
  if (waitsFor === 'flow-limit') return `Waits: ${flowAtWork} of ${flowLimit} of this flow are at work${again}`;
  if (waitsFor === 'earlier-run') return `Waits for an earlier run of its trigger${again}`;
  return `Waits for its turn${owner && !isOwn ? ' at the process that wants it' : ''}${again}`;
}

const holderOf = ({ owner, isOwn }: QueueRow): string => (owner === undefined ? '' : isOwn ? 'This runner' : `Runner ${owner.slice(0, 8)}`);

const columnsFor = (flows: readonly FlowSummary[]): readonly Column<QueueRow>[] => [
  { id: 'state', title: 'State', width: '94px', cell: ({ isAtWork }) => (isAtWork ? html`${icon('sync', { tone: 'info', spin: true })} At work` : html`${icon('clock', { tone: 'quiet' })} Waiting`) },
  { id: 'priority', title: 'Priority', width: '88px', from: 480, cell: ({ priority }) => html`${icon(priorityIcons[priority])} ${priorityWords[priority]}` },
  flowColumn(flows, 'minmax(110px, 1.3fr)'),
  { id: 'since', title: 'Since', width: '96px', cell: ({ isAtWork, startedAt, queuedAt }) => (isAtWork && startedAt ? formatDuration(Math.max(0, Date.now() - startedAt)) : formatRelative(queuedAt, Date.now())), tooltip: ({ queuedAt, startedAt }) => `Accepted ${formatFullTime(queuedAt)}${startedAt ? `, begun ${formatFullTime(startedAt)}` : ''}` },
  { id: 'why', title: 'Situation', width: 'minmax(130px, 1.2fr)', from: 620, cell: (row) => situationOf(row), tooltip: situationOf },
  { id: 'trigger', title: 'Trigger', width: '80px', from: 760, cell: ({ trigger }) => html`<span class="quiet">${trigger}</span>`, tooltip: ({ trigger }) => trigger },
  { id: 'environment', title: 'Environment', width: '94px', from: 900, cell: ({ environment }) => html`<span class="quiet">${environment ?? ''}</span>`, tooltip: ({ environment }) => environment },
  { id: 'holder', title: 'Who has it', width: '112px', from: 680, cell: (row) => html`<span class="quiet">${holderOf(row)}</span>`, tooltip: ({ owner }) => owner },
];
