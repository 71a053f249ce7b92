import { css, html, LitElement, type PropertyValues } from 'lit';
import type { FlowSummary, TrackedRow } from '../../server/model/api.ts';
import { formatCount, formatFullTime, formatMoment } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, linkButton, select, textField, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { flowColumn, flowOptions } from './flow-words.ts';
import type { Operations, TrackedFilter } from './operations.ts';
import { goTo, type PlaceQuery } from './place.ts';
import { screenStyles } from './screen-styles.ts';
import { timeFields, timeSpan } from './time-span.ts';

/** Where tracked values were seen; each place leads to the payload in its run. */
class PatchbaySearchTracked extends LitElement {
  static override properties = { operations: { attribute: false }, query: { attribute: false }, flows: { attribute: false }, onQuery: { attribute: false }, rows: { state: true }, chosen: { state: true }, drawn: { state: true } };
  declare operations: Operations;
  declare query: PlaceQuery;
  declare flows: readonly FlowSummary[];
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private rows: PagedRows<TrackedRow>;
  declare private chosen: string | undefined;
  declare private drawn: number;

  constructor() {
    super();
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('query') as PlaceQuery | undefined;
    if (!changed.has('operations') && (!changed.has('query') || JSON.stringify(before) === JSON.stringify(this.query))) return;
    const { operations } = this;
    const filter = trackedFilter(this.query, Date.now());
    const rows = new PagedRows((page) => operations.tracked(filter, page), () => { if (this.rows === rows) this.drawn++; });
    this.rows = rows;
    this.chosen = undefined;
  }

  protected override render(): unknown {
    const { rows, query, flows } = this;
    const change = (part: Readonly<Record<string, string>>) => this.onQuery({ ...query, ...part });
    const isFiltered = Object.keys(query).length > 0;
    return html`
      ${toolbar('What is looked for', html`
        <div class="filter text">${textField({ label: 'Value', type: 'search', value: query.value ?? '', placeholder: 'Value, such as an order number', icon: 'search', onChange: (value) => change({ value }) })}</div>
        <div class="filter">${select({ label: 'How it matches', value: query.match ?? '', options: [{ value: '', label: 'Exactly' }, { value: 'prefix', label: 'Begins with' }], onChange: (match) => change({ match }) })}</div>
        <div class="filter">${textField({ label: 'Entity type', value: query.entity ?? '', placeholder: 'Entity type', onChange: (entity) => change({ entity }) })}</div>
        <div class="filter flow">${select({ label: 'Flow', value: query.flow ?? '', options: flowOptions(flows, query.flow), onChange: (flow) => change({ flow }) })}</div>
        <div class="filter">${select({ label: 'Direction', value: query.direction ?? '', options: [{ value: '', label: 'In and out' }, { value: 'in', label: 'In' }, { value: 'out', label: 'Out' }], onChange: (direction) => change({ direction }) })}</div>
        ${timeFields(query, change)}`)}
      <div class="line"><span class="quiet" role="status">${rows.total === undefined ? '' : formatCount(rows.total, 'place')}</span>${isFiltered ? linkButton({ label: 'Show all', onClick: () => this.onQuery({}) }) : ''}</div>
      ${grid<TrackedRow>({
        label: 'Tracked places', columns: columnsFor(flows), rows, keyOf, selected: this.chosen, onSelect: (row) => { this.chosen = keyOf(row); }, openOnClick: true,
        onOpen: ({ run, step, payload }) => goTo({ at: 'runs', name: run, query: { step, tab: 'in', payload } }),
        empty: isFiltered ? emptyState({ icon: 'search', title: 'This was tracked nowhere', text: 'Steps track what “Track data” names. What was not tracked may stand in recorded payloads.', actions: linkButton({ label: 'Search the payloads', onClick: () => goTo({ at: 'search', name: 'payloads', ...(query.value && { query: { text: query.value } }) }) }) })
          : emptyState({ icon: 'location', title: 'Nothing was tracked yet', text: '“Track data” steps note where a value, such as an order number, has been.' }),
      }, this.drawn)}`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .filter.text { width: 230px; }
  `];
}

customElements.define('patchbay-search-tracked', PatchbaySearchTracked);

function trackedFilter(query: PlaceQuery, now: number): TrackedFilter {
  const { value, match, entity, flow, direction } = query;
  return { ...(value && { [match === 'prefix' ? 'prefix' : 'value']: value }), ...(entity && { entity }), ...(flow && { flow }), ...(direction && { direction }), ...timeSpan(query, now) };
}

const keyOf = ({ run, step, payload, value, entity, at }: TrackedRow): string => JSON.stringify([run, step, payload, value, entity, at]);

const columnsFor = (flows: readonly FlowSummary[]): readonly Column<TrackedRow>[] => [
  { id: 'value', title: 'Value', width: 'minmax(90px, 1fr)', cell: ({ value }) => html`<span class="mono">${value}</span>`, tooltip: ({ value }) => value },
  { id: 'entity', title: 'Entity type', width: 'minmax(60px, 0.5fr)', from: 420, cell: ({ entity }) => entity, tooltip: ({ entity }) => entity },
  { id: 'direction', title: 'Way', width: '52px', from: 520, cell: ({ direction }) => html`${icon(direction === 'in' ? 'arrow-down' : 'arrow-up')} ${direction}` },
  { id: 'at', title: 'Time', width: '108px', cell: ({ at }) => formatMoment(at, Date.now()), tooltip: ({ at }) => formatFullTime(at) },
  flowColumn(flows),
  { id: 'step', title: 'Step', width: 'minmax(60px, 0.6fr)', from: 620, cell: ({ step }) => step, tooltip: ({ step }) => step },
  { id: 'run', title: 'Run', width: 'minmax(60px, 0.6fr)', from: 760, cell: ({ run }) => html`<span class="mono quiet">${run}</span>`, tooltip: ({ run, payload }) => `${run}, payload ${payload}` },
];
