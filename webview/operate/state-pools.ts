import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PoolSummary, PoolValueRow } from '../../server/model/api.ts';
import { ask } from '../shared/ask.ts';
import { formatCount, formatFullTime, formatNumber, formatRelative } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { button, emptyState, icon, kitStyles, linkButton, select, textField, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { csvOf } from './csv.ts';
import { Doing } from './doing.ts';
import { chooseFile, offerFile } from './file-offer.ts';
import type { Operations } from './operations.ts';
import { screenStyles } from './screen-styles.ts';

const header = ['value', 'entity_type'];

/** De-duplication pools and the values of one. */
class PatchbayStatePools extends LitElement {
  static override properties = {
    operations: { attribute: false }, name: {}, onQuery: { attribute: false },
    pools: { state: true }, values: { state: true }, entity: { state: true }, beginning: { state: true }, chosen: { state: true }, marked: { state: true }, drawn: { state: true }, newValue: { state: true }, newEntity: { state: true },
  };
  declare operations: Operations;
  declare name: string | undefined;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private pools: PagedRows<PoolSummary>;
  declare private values: PagedRows<PoolValueRow> | undefined;
  declare private entity: string;
  declare private beginning: string;
  declare private chosen: PoolValueRow | undefined;
  declare private marked: ReadonlyMap<string, PoolValueRow>;
  declare private drawn: number;
  declare private newValue: string;
  declare private newEntity: string;
  private readonly width = new Width(this);
  private readonly doing = new Doing(this);

  constructor() {
    super();
    this.entity = '';
    this.beginning = '';
    this.newValue = '';
    this.newEntity = '';
    this.marked = new Map();
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { operations } = this;
    if (changed.has('operations')) this.pools = new PagedRows((page) => operations.pools('', page), () => { this.drawn++; });
    if (!changed.has('name')) return;
    this.entity = '';
    this.beginning = '';
    this.doing.forget();
    this.readValues();
  }

  private readValues(): void {
    const { name, operations, entity, beginning } = this;
    this.chosen = undefined;
    this.marked = new Map();
    const values: PagedRows<PoolValueRow> | undefined = name === undefined ? undefined : new PagedRows((page) => operations.poolValues(name, { entity, prefix: beginning }, page), () => { if (this.values === values) this.drawn++; });
    this.values = values;
  }

  protected override render(): unknown {
    const { pools, name } = this;
    const list = grid<PoolSummary>({
      label: 'Pools', columns, rows: pools, keyOf: (pool) => pool.name, selected: name, onSelect: (pool) => this.onQuery({ name: pool.name }),
      empty: emptyState({ icon: 'layers', title: 'No pool holds anything', text: '“De-dupe” steps fill them while flows run.' }),
    }, this.drawn);
    if (pools.total === 0 && name === undefined) return list;
    return html`<patchbay-split .position=${34} ?vertical=${this.width.isNarrow} label="Size of the list of pools">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane" role="region" aria-label="The chosen pool">${name === undefined ? emptyState({ icon: 'layers', title: 'Choose a pool', text: 'Its values are shown here, and can be changed.' }) : this.renderPool(name)}</div>
    </patchbay-split>`;
  }

  private renderPool(name: string): TemplateResult {
    const { values, marked, chosen } = this;
    const entities = Array.from({ length: this.pools.total ?? 0 }, (_, at) => this.pools.row(at)).find((pool) => pool?.name === name)?.entities ?? [];
    const isFiltered = this.entity !== '' || this.beginning !== '';
    return html`<div class="head"><h2>${name}</h2></div>
      ${toolbar('Filters of the values', html`
        <div class="filter">${select({ label: 'Entity type', value: this.entity, options: [{ value: '', label: 'All entity types' }, ...entities.map(({ entity, values: count }) => ({ value: entity, label: `${entity || '(none)'} (${formatNumber(count)})` }))], onChange: (entity) => { this.entity = entity; this.readValues(); } })}</div>
        <div class="filter text">${textField({ label: 'Values that begin with', type: 'search', value: this.beginning, placeholder: 'Values that begin with', icon: 'search', onChange: (text) => { this.beginning = text; this.readValues(); } })}</div>`)}
      <div class="line"><span class="quiet" role="status">${marked.size > 0 ? `${formatNumber(marked.size)} marked` : values?.total === undefined ? '' : formatCount(values.total, 'value')}</span><span class="gap"></span>
        ${toolbar('Actions for the pool', html`${marked.size > 0 || chosen ? linkButton({ label: marked.size > 0 ? 'Remove the marked…' : 'Remove the value…', icon: 'trash', onClick: () => void this.removeValues(name) }) : nothing}
          ${linkButton({ label: 'Import CSV…', icon: 'cloud-upload', title: `A file with the columns ${header.join(',')}`, onClick: () => void this.import(name) })}${linkButton({ label: 'Export CSV', icon: 'cloud-download', onClick: () => void this.export(name) })}${linkButton({ label: 'Clear the pool…', icon: 'clear-all', onClick: () => void this.clear(name) })}`)}</div>
      ${this.doing.render()}
      ${values ? grid<PoolValueRow>({
        label: 'Values', columns: valueColumns, rows: values, keyOf, selected: chosen && keyOf(chosen), onSelect: (row) => { this.chosen = row; },
        marks: { has: (key) => marked.has(key), size: marked.size, set: (rows, isMarked) => this.mark(rows, isMarked) },
        empty: emptyState({ icon: 'layers', title: isFiltered ? 'No value fits' : 'This pool is empty' }),
      }, this.drawn) : nothing}
      <div class="add" role="group" aria-label="Add a value"><div class="filter text">${textField({ label: 'New value', placeholder: 'New value', value: this.newValue, onInput: (text) => { this.newValue = text; } })}</div>
        <div class="filter">${textField({ label: 'Its entity type', placeholder: 'Entity type', value: this.newEntity, onInput: (text) => { this.newEntity = text; } })}</div>${button({ label: 'Add', icon: 'add', onClick: () => void this.add(name) })}</div>`;
  }

  private mark(rows: readonly PoolValueRow[], isMarked: boolean): void {
    const marked = new Map(this.marked);
    for (const row of rows) if (isMarked) marked.set(keyOf(row), row); else marked.delete(keyOf(row));
    this.marked = marked;
  }

  private add(name: string): Promise<void> {
    return this.doing.run(async () => {
      const value = this.newValue.trim();
      if (!value) throw new Error('Write the value first.');
      const { added } = await this.operations.addToPool(name, csvOf([header, [value, this.newEntity.trim()]]));
      this.newValue = '';
      this.changed();
      return added > 0 ? `${value} added.` : `${value} was there already.`;
    });
  }

  private async removeValues(name: string): Promise<void> {
    const rows = this.marked.size > 0 ? [...this.marked.values()] : this.chosen ? [this.chosen] : [];
    const isWanted = await ask({ title: rows.length === 1 ? `Remove ${rows[0]!.value}?` : `Remove ${formatCount(rows.length, 'value')}?`, text: 'Payloads with it are taken for new ones then.', action: 'Remove' });
    if (isWanted === undefined) return;
    await this.doing.run(async () => {
      let removed = 0;
      for (const [entity, group] of Map.groupBy(rows, (row) => row.entity)) {
        // The values stand in the address, which must not grow too long.
        for (let at = 0; at < group.length; at += 50) removed += (await this.operations.removeFromPool(name, entity, group.slice(at, at + 50).map(({ value }) => value))).removed;
      }
      this.changed();
      return `${formatCount(removed, 'value')} removed.`;
    });
  }

  private import(name: string): Promise<void> {
    return this.doing.run(async () => {
      const csv = await chooseFile('.csv,text/csv');
      if (csv === undefined) return undefined;
      const { added } = await this.operations.addToPool(name, csv);
      this.changed();
      return `${formatCount(added, 'value')} added; the others were there already.`;
    });
  }

  private readonly export = (name: string): Promise<void> => this.doing.run(async () => offerFile(await this.operations.exportPool(name), `${name}.csv`));

  private async clear(name: string): Promise<void> {
    const isWanted = await ask({ title: `Clear the pool ${name}?`, text: 'All its values go. Payloads that were seen before are taken for new ones then.', action: 'Clear' });
    if (isWanted === undefined) return;
    await this.doing.run(async () => {
      const { removed } = await this.operations.clearPool(name);
      this.changed();
      return `${formatCount(removed, 'value')} removed.`;
    });
  }

  private changed(): void {
    this.readValues();
    this.pools.refresh();
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .add { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 12px; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
  `];
}

customElements.define('patchbay-state-pools', PatchbayStatePools);

const keyOf = ({ value, entity }: PoolValueRow): string => JSON.stringify([entity, value]);

const columns: readonly Column<PoolSummary>[] = [
  { id: 'name', title: 'Pool', width: 'minmax(80px, 1fr)', cell: ({ name }) => name, tooltip: ({ name }) => name },
  { id: 'entities', title: 'Entity types', width: 'minmax(60px, 1fr)', from: 300, cell: ({ entities }) => html`<span class="quiet">${entities.map(({ entity }) => entity || '(none)').join(', ')}</span>`, tooltip: ({ entities }) => entities.map(({ entity }) => entity || '(none)').join(', ') },
  { id: 'values', title: 'Values', width: '70px', number: true, cell: ({ values }) => formatNumber(values) },
];

const valueColumns: readonly Column<PoolValueRow>[] = [
  { id: 'value', title: 'Value', width: 'minmax(100px, 1fr)', cell: ({ value }) => html`<span class="mono">${value}</span>`, tooltip: ({ value }) => value },
  { id: 'entity', title: 'Entity type', width: 'minmax(60px, 0.5fr)', cell: ({ entity }) => entity, tooltip: ({ entity }) => entity },
  { id: 'since', title: 'Since', width: '104px', from: 380, cell: ({ at }) => formatRelative(at, Date.now()), tooltip: ({ at }) => formatFullTime(at) },
  { id: 'ends', title: 'Ends', width: '104px', from: 480, cell: ({ expiresAt }) => formatRelative(expiresAt, Date.now()), tooltip: ({ expiresAt }) => formatFullTime(expiresAt) },
  { id: 'pending', title: 'Pending', width: '104px', from: 600, cell: ({ pendingFor }) => (pendingFor === undefined ? '' : html`${icon('sync', { tone: 'info' })} at work`), tooltip: ({ pendingFor }) => pendingFor && `The run ${pendingFor} is still at work on its payload: the value is forgotten unless that gets through.` },
];
