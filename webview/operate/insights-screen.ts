import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { insightsBy, type FlowSummary, type InsightRow, type Insights, type InsightsBy } from '../../server/model/api.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, kitStyles, linkButton, loading, message, select, toolbar } from '../shared/kit.ts';
import { allRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { flowName, flowOptions } from './flow-words.ts';
import { reasonOf } from './guarded.ts';
import type { Operations } from './operations.ts';
import type { PlaceQuery } from './place.ts';
import { screenStyles } from './screen-styles.ts';

type Measure = 'operations' | 'failures' | 'records' | 'requests' | 'bytes' | 'durationMs';
const measures: Readonly<Record<Measure, { readonly label: string; readonly format: (value: number) => string }>> = {
  operations: { label: 'Operations', format: formatNumber }, failures: { label: 'Failures', format: formatNumber }, records: { label: 'Records', format: formatNumber },
  requests: { label: 'Requests', format: formatNumber }, bytes: { label: 'Volume', format: formatBytes }, durationMs: { label: 'Time', format: formatDuration },
};
const byWords: Readonly<Record<InsightsBy, string>> = { day: 'By day', flow: 'By flow', step: 'By step', connector: 'By connector' };
const spans = ['7', '30', '90', '365'];
const dayMs = 86_400_000;

/** What flows have done over days: sums as a table, one measure as bars too. */
class PatchbayInsights extends LitElement {
  static override properties = { operations: { attribute: false }, query: { attribute: false }, flows: { attribute: false }, onQuery: { attribute: false }, answer: { state: true }, failed: { state: true }, measure: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare operations: Operations;
  declare query: PlaceQuery;
  declare flows: readonly FlowSummary[];
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private answer: Insights | undefined;
  declare private failed: string | undefined;
  declare private measure: Measure;
  declare private chosen: string | undefined;
  declare private drawn: number;
  private sorted: readonly InsightRow[] = [];
  private readonly rows = allRows(() => this.sorted);

  constructor() {
    super();
    this.measure = 'operations';
    this.drawn = 0;
  }

  private get by(): InsightsBy {
    return insightsBy.find((by) => by === this.query.by) ?? 'flow';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('query') as PlaceQuery | undefined;
    if (changed.has('operations') || (changed.has('query') && !(before && isSame(before, this.query)))) void this.read();
    if (!this.answer) return;
    const { measure, answer } = this;
    this.sorted = answer.by === 'day' ? answer.items : answer.items.toSorted((left, right) => right[measure] - left[measure]);
  }

  private async read(): Promise<void> {
    const { query, by } = this;
    const days = Number(spans.find((span) => span === query.span) ?? '30');
    const today = Date.now();
    this.failed = undefined;
    try {
      const answer = await this.operations.insights({ by, from: dayOf(today - (days - 1) * dayMs), to: dayOf(today), flow: query.flow ?? '' });
      if (!isSame(this.query, query)) return;
      this.answer = answer;
      this.chosen = undefined;
      this.drawn++;
    } catch (error) {
      if (isSame(this.query, query)) this.failed = reasonOf(error);
    }
  }

  protected override render(): unknown {
    const { query, flows, answer, failed } = this;
    const change = (part: Readonly<Record<string, string>>) => this.onQuery({ ...query, ...part });
    return html`
      ${toolbar('What is shown', html`
        <div class="filter">${select({ label: 'Sums', value: this.by, options: insightsBy.map((value) => ({ value, label: byWords[value] })), onChange: (by) => change({ by }) })}</div>
        <div class="filter">${select({ label: 'Time', value: query.span ?? '30', options: spans.map((value) => ({ value, label: `Last ${value} days` })), onChange: (span) => change({ span }) })}</div>
        <div class="filter flow">${select({ label: 'Flow', value: query.flow ?? '', options: flowOptions(flows, query.flow), onChange: (flow) => change({ flow }) })}</div>
        <div class="filter">${select({ label: 'Bars', value: this.measure, options: Object.entries(measures).map(([value, { label }]) => ({ value, label: `Bars: ${label.toLowerCase()}` })), onChange: (measure) => { this.measure = measure as Measure; this.drawn++; } })}</div>`)}
      ${failed ? html`<div class="outer">${message({ tone: 'bad', title: 'The sums could not be read', text: failed, actions: linkButton({ label: 'Try again', onClick: () => void this.read() }) })}</div>` : nothing}
      ${answer ? this.renderAnswer(answer) : failed ? nothing : loading('The sums are loading')}`;
  }

  private renderAnswer(answer: Insights): TemplateResult {
    const { total, items, by, from, to } = answer;
    const fact = (label: string, value: string) => html`<div class="fact"><dt>${label}</dt><dd>${value}</dd></div>`;
    return html`<dl class="facts">
        ${total.runs === undefined ? nothing : html`${fact('Runs', formatNumber(total.runs))}${fact('Failed runs', formatNumber(total.failedRuns ?? 0))}`}
        ${Object.entries(measures).map(([measure, { label, format }]) => fact(label, format(total[measure as Measure])))}</dl>
      <div class="line"><span class="quiet" role="status">${from} to ${to}, in UTC</span></div>
      ${grid<InsightRow>({
        label: byWords[by], columns: this.columns(by, Math.max(1, ...items.map((row) => row[this.measure]))), rows: this.rows, keyOf, selected: this.chosen, onSelect: (row) => { this.chosen = keyOf(row); },
        empty: emptyState({ icon: 'graph', title: 'No run ended in this time', text: 'Sums are there from the end of the first run on.' }),
      }, this.drawn)}`;
  }

  private columns(by: InsightsBy, most: number): readonly Column<InsightRow>[] {
    const { measure, flows } = this;
    const sum = (of: Measure, from: number): Column<InsightRow> => ({ id: of, title: measures[of].label, width: '76px', number: true, from, cell: (row) => measures[of].format(row[of]) });
    const place: readonly Column<InsightRow>[] = by === 'day' ? [{ id: 'day', title: 'Day', width: '92px', cell: ({ day = '' }) => day }]
      : by === 'connector' ? [{ id: 'connector', title: 'Connector', width: 'minmax(100px, 1fr)', cell: ({ connector = '' }) => connector, tooltip: ({ connector }) => connector }]
      : [{ id: 'flow', title: 'Flow', width: 'minmax(100px, 1fr)', cell: ({ flow = '' }) => flowName(flow, flows), tooltip: ({ flow }) => flow }, ...(by === 'step' ? [{ id: 'step', title: 'Step', width: 'minmax(80px, 0.8fr)', cell: ({ step = '' }: InsightRow) => step, tooltip: ({ step }: InsightRow) => step }] : [])];
    return [
      ...place,
      { id: 'bar', title: measures[measure].label, width: 'minmax(80px, 0.9fr)', from: 360, cell: (row) => bar(row[measure], most), tooltip: (row) => `${measures[measure].label}: ${measures[measure].format(row[measure])}` },
      ...(by === 'day' || by === 'flow' ? [{ id: 'runs', title: 'Runs', width: '62px', number: true, from: 560, cell: ({ runs = 0, failedRuns = 0 }: InsightRow) => html`${formatNumber(runs)}${failedRuns ? html` <span class="for-screen-readers">of which ${formatNumber(failedRuns)} failed</span>` : nothing}`, tooltip: ({ runs = 0, failedRuns = 0 }: InsightRow) => `${formatCount(runs, 'run')}, ${formatNumber(failedRuns)} of them failed` }] : []),
      sum('operations', 0), sum('failures', 440), sum('durationMs', 640), sum('bytes', 760), sum('records', 860), sum('requests', 960),
    ];
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .facts { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 12px 12px 0; }
    .fact { display: flex; flex-direction: column; }
    dt { color: var(--vscode-descriptionForeground); }
    dd { margin: 0; font-size: 1.3em; font-weight: 600; font-variant-numeric: tabular-nums; }
  `];
}

customElements.define('patchbay-insights', PatchbayInsights);

const isSame = (left: PlaceQuery, right: PlaceQuery): boolean => JSON.stringify(left) === JSON.stringify(right);

/** The number stands beside it. The grid draws it in its own root, so the look stands in the element. */
const bar = (value: number, most: number): TemplateResult =>
  html`<span class="measure" aria-hidden="true" style="display: block; height: 10px; min-width: ${value > 0 ? 2 : 0}px; width: ${Math.round((100 * value) / most)}%; background: var(--vscode-charts-blue); border-radius: 2px"></span>`;

const keyOf = ({ day, flow, step, connector }: InsightRow): string => JSON.stringify([day, flow, step, connector]);

/** In UTC, as the runner's sums are. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
