import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FlowSummary, PayloadMatch, PayloadSearch } from '../../server/model/api.ts';
import type { Announcer } from '../shared/announcer.ts';
import { formatCount, formatFullTime, formatMoment, formatNumber } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, linkButton, message, radioGroup, select, statusBadge, textField, toolbar } from '../shared/kit.ts';
import { allRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { flowColumn, flowOptions } from './flow-words.ts';
import { reasonOf } from './guarded.ts';
import type { Operations, PayloadQuery } from './operations.ts';
import { goTo, placeHash, type PlaceQuery } from './place.ts';
import { screenStyles } from './screen-styles.ts';
import { timeFields, timeSpan } from './time-span.ts';

/** A call looks for some seconds; after so many without a match the user says whether to go on. */
const callsAtOnce = 5;

/** Runs whose recorded payloads, requests or answers hold something. */
class PatchbaySearchPayloads extends LitElement {
  static override properties = {
    operations: { attribute: false }, query: { attribute: false }, flows: { attribute: false }, announcer: { attribute: false }, onQuery: { attribute: false },
    found: { state: true }, last: { state: true }, looked: { state: true }, isLooking: { state: true }, failed: { state: true }, chosen: { state: true }, byPath: { state: true },
  };
  declare operations: Operations;
  declare query: PlaceQuery;
  declare flows: readonly FlowSummary[];
  declare announcer: Announcer;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private found: readonly PayloadMatch[];
  declare private last: PayloadSearch | undefined;
  declare private looked: number;
  declare private isLooking: boolean;
  declare private failed: string | undefined;
  declare private chosen: string | undefined;
  declare private byPath: boolean;
  private readonly rows = allRows(() => this.found);
  /** What was last asked for: the address may say it a moment later, when the next field has changed already. */
  private wanted: PlaceQuery = {};
  /** Counts the questions: an answer to an older one comes too late. */
  private question = 0;

  constructor() {
    super();
    this.found = [];
    this.looked = 0;
    this.isLooking = false;
    this.byPath = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.question++;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('query')) this.wanted = this.query;
    const before = changed.get('query') as PlaceQuery | undefined;
    if (!changed.has('operations') && (!changed.has('query') || JSON.stringify(before) === JSON.stringify(this.query))) return;
    this.byPath ||= this.query.path !== undefined || this.query.value !== undefined;
    this.found = [];
    this.last = undefined;
    this.looked = 0;
    this.failed = undefined;
    void this.look();
  }

  /** What is asked for; `undefined`: not enough yet. */
  private asked(): PayloadQuery | undefined {
    const { text, path, value, flow } = this.query;
    const rest = { ...(flow && { flow }), ...timeSpan(this.query, Date.now()) };
    if (this.byPath) return path && value ? { path, value, ...rest } : undefined;
    return text ? { text, ...rest } : undefined;
  }

  private async look(): Promise<void> {
    const question = ++this.question;
    const asked = this.asked();
    this.isLooking = asked !== undefined;
    if (!asked) return;
    try {
      for (let calls = 0; calls < callsAtOnce; calls++) {
        const answer = await this.operations.search(asked, this.last?.cursor);
        if (question !== this.question) return;
        this.take(answer);
        if (answer.cursor === undefined || answer.items.length > 0) break;
      }
      this.announcer?.say(this.words());
    } catch (error) {
      if (question !== this.question) return;
      this.failed = reasonOf(error);
    }
    this.isLooking = false;
  }

  private take(answer: PayloadSearch): void {
    this.found = [...this.found, ...answer.items];
    this.looked += answer.runs;
    this.last = { ...answer, skipped: answer.skipped + (this.last?.skipped ?? 0), tracked: this.last?.tracked ?? answer.tracked };
  }

  protected override render(): unknown {
    const { query, flows, byPath } = this;
    const change = (part: Readonly<Record<string, string>>): void => {
      this.wanted = { ...this.wanted, ...part };
      this.onQuery(this.wanted);
    };
    const field = (label: string, key: 'text' | 'path' | 'value', placeholder: string) => html`<div class="filter text">${textField({ label, type: 'search', value: query[key] ?? '', placeholder, icon: 'search', onChange: (text) => change({ [key]: text }) })}</div>`;
    return html`
      ${toolbar('What is looked for', html`
        ${radioGroup({ label: 'How it is looked for', name: 'how', value: byPath ? 'path' : 'text', options: [{ value: 'text', label: 'A text' }, { value: 'path', label: 'A value at a path' }], onChange: (how) => this.choose(how === 'path') })}
        ${byPath ? html`${field('Path', 'path', '$.order.number')}${field('Value', 'value', 'Value at the path')}` : field('Text', 'text', 'Text in a payload')}
        <div class="filter flow">${select({ label: 'Flow', value: query.flow ?? '', options: flowOptions(flows, query.flow), onChange: (flow) => change({ flow }) })}</div>
        ${timeFields(query, change)}`)}
      ${this.renderLine()}
      ${this.failed ? html`<div class="outer">${message({ tone: 'bad', title: 'The search failed', text: this.failed, actions: linkButton({ label: 'Try again', onClick: () => { this.failed = undefined; void this.look(); } }) })}</div>` : nothing}
      ${grid<PayloadMatch>({
        label: 'Matches', columns: columnsFor(flows), rows: this.rows, keyOf: ({ run }) => run.id, selected: this.chosen, onSelect: ({ run }) => { this.chosen = run.id; }, onOpen: openMatch, openOnClick: true,
        empty: this.asked() === undefined ? emptyState({ icon: 'search', title: 'What are you looking for?', text: 'Recorded payloads, requests and answers are looked through as they are kept: what is masked there is not found.' })
          : this.isLooking || this.failed ? nothing : emptyState({ icon: 'search', title: 'Nothing was found' }),
      }, this.found.length + this.looked)}`;
  }

  private renderLine(): TemplateResult {
    const { last, isLooking } = this;
    return html`<div class="line"><span class="quiet" role="status">${isLooking ? html`${icon('loading', { spin: true })} Looking; ${formatCount(this.looked, 'run')} so far` : last ? this.words() : ''}</span>
      ${last?.cursor !== undefined && !isLooking ? linkButton({ label: 'Look further back', icon: 'history', onClick: () => void this.look() }) : nothing}
      ${last && last.tracked.length > 0 && this.query.text ? html`<a href=${placeHash({ at: 'search', name: 'tracked', query: { value: this.query.text } })}>It was tracked, too</a>` : nothing}</div>`;
  }

  private words(): string {
    const skipped = this.last?.skipped ? `; ${formatNumber(this.last.skipped)} too long to look into` : '';
    return `${formatCount(this.found.length, 'run')} found among ${formatNumber(this.looked)} that were looked through${skipped}`;
  }

  private choose(byPath: boolean): void {
    this.byPath = byPath;
    const { text, path, value, ...rest } = this.query;
    if (text !== undefined || path !== undefined || value !== undefined) this.onQuery(rest);
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .filter.text { width: 200px; }
  `];
}

customElements.define('patchbay-search-payloads', PatchbaySearchPayloads);

function openMatch({ run, side, step, payload }: PayloadMatch): void {
  const tab = side === 'exchange' ? 'requests' : side === 'input' ? 'in' : side;
  goTo({ at: 'runs', name: run.id, query: { ...(step !== undefined && { step, tab }), ...(payload !== undefined && { payload }) } });
}

const sideWords: Readonly<Record<PayloadMatch['side'], string>> = { input: 'what it began with', in: 'into', out: 'out of', failed: 'failed in', exchange: 'a request of' };

const columnsFor = (flows: readonly FlowSummary[]): readonly Column<PayloadMatch>[] => {
  const flow = flowColumn<PayloadMatch['run']>(flows);
  return [
    { id: 'status', title: 'Status', width: '134px', cell: ({ run }) => statusBadge(run.status) },
    { ...flow, cell: ({ run }) => flow.cell(run), tooltip: ({ run }) => flow.tooltip!(run) },
    { id: 'started', title: 'Started', width: '108px', from: 420, cell: ({ run }) => formatMoment(run.startedAt ?? run.queuedAt, Date.now()), tooltip: ({ run }) => formatFullTime(run.startedAt ?? run.queuedAt) },
    { id: 'where', title: 'Where', width: 'minmax(90px, 1fr)', from: 520, cell: ({ side, step }) => html`${sideWords[side]} ${step ?? ''}`, tooltip: ({ side, step, payload }) => `${sideWords[side]} ${step ?? ''}${payload ? `, payload ${payload}` : ''}` },
    { id: 'run', title: 'Run', width: 'minmax(60px, 0.6fr)', from: 760, cell: ({ run }) => html`<span class="mono quiet">${run.id}</span>`, tooltip: ({ run }) => run.id },
  ];
};
