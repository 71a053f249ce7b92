import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { LookupSummary, PageOf, StateChange } from '../../server/model/api.ts';
import type { RowChange } from '../../server/model/lookup-change.ts';
import { ask } from '../shared/ask.ts';
import { formatCount, formatNumber } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { button, emptyState, icon, kitStyles, linkButton, loading, message, textField, toolbar } from '../shared/kit.ts';
import { allRows, PagedRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { Doing } from './doing.ts';
import { chooseFile, offerFile } from './file-offer.ts';
import { reasonOf } from './guarded.ts';
import type { Operations } from './operations.ts';
import { screenStyles } from './screen-styles.ts';

/** A row of the file. Keys may stand twice, so that its number names it, as long as the file has this stamp. */
interface Row {
  readonly number: number;
  readonly stamp: string;
  readonly cells: readonly string[];
}

/** A row that is being changed; `row`: as it was read, `undefined` of a new one. */
interface Edited {
  readonly row: Row | undefined;
  readonly cells: readonly string[];
}

/** Cross-reference lookups and the rows of one. */
class PatchbayStateLookups extends LitElement {
  static override properties = {
    operations: { attribute: false }, name: {}, onQuery: { attribute: false },
    lookups: { state: true }, failed: { state: true }, rows: { state: true }, columns: { state: true }, text: { state: true }, edited: { state: true }, drawn: { state: true },
  };
  declare operations: Operations;
  declare name: string | undefined;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private lookups: readonly LookupSummary[] | undefined;
  declare private failed: string | undefined;
  declare private rows: PagedRows<Row> | undefined;
  declare private columns: readonly string[];
  declare private text: string;
  declare private edited: Edited | undefined;
  declare private drawn: number;
  /** Of the page that was read last. */
  private stamp = '';
  private readonly width = new Width(this);
  private readonly doing = new Doing(this);
  private readonly list = allRows(() => this.lookups ?? []);

  constructor() {
    super();
    this.text = '';
    this.columns = [];
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('operations')) void this.read();
    if (!changed.has('name')) return;
    this.text = '';
    this.columns = [];
    this.doing.forget();
    this.readRows();
  }

  private async read(): Promise<void> {
    try {
      this.lookups = await this.operations.lookups();
      this.failed = undefined;
      this.drawn++;
    } catch (error) {
      this.failed = reasonOf(error);
    }
  }

  private readRows(): void {
    const { name, operations, text } = this;
    this.edited = undefined;
    const load = async (page: number): Promise<PageOf<Row>> => {
      const { columns, stamp, numbers, items, ...range } = await operations.lookupRows(name!, text, page);
      if (this.rows === rows) [this.columns, this.stamp] = [columns, stamp];
      return { ...range, items: items.map((cells, at) => ({ number: numbers[at]!, stamp, cells })) };
    };
    const rows: PagedRows<Row> | undefined = name === undefined ? undefined : new PagedRows(load, () => { if (this.rows === rows) this.drawn++; });
    this.rows = rows;
  }

  protected override render(): unknown {
    const { lookups, failed, name } = this;
    if (failed !== undefined && !lookups) return html`<div class="outer">${message({ tone: 'bad', title: 'The lookups could not be read', text: failed, actions: linkButton({ label: 'Try again', onClick: () => void this.read() }) })}</div>`;
    if (!lookups) return loading('The lookups are loading');
    if (lookups.length === 0 && name === undefined) return emptyState({ icon: 'table', title: 'This workspace has no lookups', text: html`They are CSV files in its folder <code>lookups</code>.` });
    const list = grid<LookupSummary>({ label: 'Lookups', columns: listColumns, rows: this.list, keyOf: (lookup) => lookup.name, selected: name, onSelect: (lookup) => this.onQuery({ name: lookup.name }) }, this.drawn);
    return html`<patchbay-split .position=${30} ?vertical=${this.width.isNarrow} label="Size of the list of lookups">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane" role="region" aria-label="The chosen lookup">${name === undefined ? emptyState({ icon: 'table', title: 'Choose a lookup', text: 'Its rows are shown here, and can be changed.' }) : this.renderLookup(name)}</div>
    </patchbay-split>`;
  }

  private renderLookup(name: string): TemplateResult {
    const { rows, edited, columns } = this;
    const { file, error } = this.lookups?.find((lookup) => lookup.name === name) ?? {};
    const head = html`<div class="head"><h2>${name}</h2>${file ? html`<span class="quiet mono">${file}</span>` : nothing}</div>`;
    if (error !== undefined) return html`${head}${message({ tone: 'bad', title: 'The lookup cannot be read', text: error, actions: linkButton({ label: 'Try again', onClick: () => void this.read() }) })}`;
    return html`${head}
      ${toolbar('Filters of the rows', html`<div class="filter text">${textField({ label: 'Rows that hold', type: 'search', value: this.text, placeholder: 'Rows that hold', icon: 'search', onChange: (text) => { this.text = text; this.readRows(); } })}</div>`)}
      <div class="line"><span class="quiet" role="status">${rows?.total === undefined ? '' : formatCount(rows.total, 'row')}</span><span class="gap"></span>
        ${toolbar('Actions for the lookup', html`${linkButton({ label: 'Add a row', icon: 'add', onClick: () => { this.edited = { row: undefined, cells: columns.map(() => '') }; } })}${linkButton({ label: 'Import CSV…', icon: 'cloud-upload', title: 'Changes and adds rows, by their first column', onClick: () => void this.import(name) })}${linkButton({ label: 'Export CSV', icon: 'cloud-download', onClick: () => void this.export(name) })}`)}</div>
      ${this.doing.render()}
      ${rows ? grid<Row>({
        label: 'Rows', columns: columns.map(columnOf), rows, keyOf, selected: edited?.row && keyOf(edited.row), onSelect: (row) => { this.edited = { row, cells: row.cells }; },
        empty: emptyState({ icon: 'table', title: this.text ? 'No row holds it' : 'This lookup has no rows' }),
      }, this.drawn) : nothing}
      ${edited ? this.renderEdited(name, edited) : nothing}`;
  }

  private renderEdited(name: string, { row, cells }: Edited): TemplateResult {
    const title = row ? `Change row ${row.number}` : 'New row';
    return html`<form class="edit" aria-label=${title} @submit=${(event: Event) => { event.preventDefault(); void this.save(name); }}>
      <h3>${title}</h3>
      <div class="cells">${this.columns.map((column, at) => html`<label><span>${column}</span>${textField({ label: column, value: cells[at] ?? '', onInput: (text) => { this.edited = { row, cells: this.columns.map((_, index) => (index === at ? text : (this.edited?.cells[index] ?? ''))) }; } })}</label>`)}</div>
      <div class="actions">${button({ label: row ? 'Save' : 'Add', primary: true, onClick: () => void this.save(name) })}${row ? button({ label: 'Remove the row…', onClick: () => void this.removeRow(name, row) }) : nothing}${button({ label: 'Cancel', onClick: () => { this.edited = undefined; } })}</div>
    </form>`;
  }

  private save(name: string): Promise<void> {
    return this.doing.run(async () => {
      const { edited, columns } = this;
      if (!edited) return undefined;
      const { row } = edited;
      const [first = ''] = edited.cells;
      if (!first.trim()) throw new Error(`${columns[0] ?? 'The first column'} must not be empty: the row is found by it.`);
      const cells = Object.fromEntries(columns.map((column, at) => [column, edited.cells[at] ?? '']));
      const { changed } = await this.edit(name, row?.stamp ?? this.stamp, row ? { change: row.number, cells } : { insert: cells });
      return row ? (changed > 0 ? `${first} saved.` : `${first} is as it was.`) : `${first} added.`;
    });
  }

  private async removeRow(name: string, { number, stamp, cells }: Row): Promise<void> {
    if ((await ask({ title: `Remove row ${number}?`, text: `It holds ${cells.join(', ')}. Runs do not find it any more.`, action: 'Remove' })) === undefined) return;
    await this.doing.run(async () => {
      await this.edit(name, stamp, { remove: number });
      return `Row ${number} (${cells[0] ?? ''}) removed.`;
    });
  }

  private async edit(name: string, stamp: string, change: RowChange): Promise<StateChange> {
    try {
      const made = await this.operations.editLookup(name, stamp, change);
      this.changed();
      return made;
    } catch (error) {
      // Others may have changed the rows: what is shown next is what there is. What was typed stays.
      this.rows?.refresh();
      throw error;
    }
  }

  private import(name: string): Promise<void> {
    return this.doing.run(async () => {
      const csv = await chooseFile('.csv,text/csv');
      if (csv === undefined) return undefined;
      const { added, changed } = await this.operations.changeLookup(name, csv);
      this.changed();
      return `${formatCount(added, 'row')} added, ${formatNumber(changed)} changed.`;
    });
  }

  private readonly export = (name: string): Promise<void> => this.doing.run(async () => offerFile(await this.operations.exportLookup(name), `${name}.csv`));

  private changed(): void {
    this.edited = undefined;
    this.rows?.refresh();
    void this.read();
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .edit { border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); padding: 8px 12px 12px; max-height: 50%; overflow: auto; }
    .cells { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 8px 12px; margin-top: 6px; }
    label { display: flex; flex-direction: column; gap: 2px; min-width: 0; }
    label span { overflow-wrap: anywhere; }
  `];
}

customElements.define('patchbay-state-lookups', PatchbayStateLookups);

const columnOf = (title: string, at: number): Column<Row> => ({ id: `${at}`, title, width: 'minmax(80px, 1fr)', from: at < 2 ? 0 : 240 + at * 100, cell: ({ cells }) => cells[at] ?? '', tooltip: ({ cells }) => cells[at] });
const keyOf = ({ stamp, number }: Row): string => `${stamp} ${number}`;

const listColumns: readonly Column<LookupSummary>[] = [
  { id: 'name', title: 'Lookup', width: 'minmax(80px, 1fr)', cell: ({ name, error }) => (error === undefined ? name : html`${icon('warning', { tone: 'warn' })} ${name}`), tooltip: ({ name, file, error }) => `${name} (${file})${error === undefined ? '' : `: ${error}`}` },
  { id: 'columns', title: 'Columns', width: '62px', number: true, from: 300, cell: ({ columns, error }) => (error === undefined ? formatNumber(columns.length) : ''), tooltip: ({ columns }) => columns.join(', ') },
  { id: 'rows', title: 'Rows', width: '66px', number: true, cell: ({ rows, error }) => (error === undefined ? formatNumber(rows) : 'broken') },
];
