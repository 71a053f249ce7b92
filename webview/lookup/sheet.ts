import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { live } from 'lit/directives/live.js';
import type { CellPlace, CellRange, LookupColumnState, LookupFinding, LookupRow } from '../protocol/lookup.ts';
import { icon, keepUndo, kitStyles, linkButton, loading, message } from '../shared/kit.ts';
import type { RowSource } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { VirtualList } from '../shared/virtual-list.ts';
import { clamped, holds, moved, nextInOrder, rangeOf, single, type Extent, type Selection } from './selection.ts';
import { rowHeight, sheetStyles } from './sheet-styles.ts';

/** What the cells of a sheet are changed by: the owner asks the host, and gives the new rows. */
export interface SheetOwner {
  set(cells: readonly (readonly string[])[], range: CellRange): void;
  clear(range: CellRange): void;
  select(selection: Selection): void;
  openColumn(column: number): void;
  resize(column: string, width: number): void;
  /** A key that is no key of the grid. Says whether it was taken. */
  onKey(event: KeyboardEvent): boolean;
}

const longestShown = 500;

/** The grid of a lookup: one tab stop, with the keys of a spreadsheet. It keeps what is being typed, and nothing else. */
export class LookupSheetGrid extends LitElement {
  static override properties = {
    columns: { attribute: false }, rows: { attribute: false }, tick: { attribute: false }, selection: { attribute: false }, findings: { attribute: false }, widths: { attribute: false }, sort: { attribute: false }, filtered: { attribute: false },
    readOnly: { attribute: false }, label: { attribute: false }, owner: { attribute: false }, editing: { state: true },
  };
  static override styles = [baseStyles, toneStyles, kitStyles, sheetStyles];
  declare columns: readonly LookupColumnState[];
  declare rows: RowSource<LookupRow>;
  declare tick: unknown;
  declare selection: Selection;
  /** By `row:column`, of the file. */
  declare findings: ReadonlyMap<string, LookupFinding>;
  declare widths: Readonly<Record<string, number>>;
  declare sort: string | undefined;
  declare filtered: Readonly<Record<string, string>>;
  declare readOnly: boolean;
  declare label: string;
  declare owner: SheetOwner;
  /** What is typed into the active cell. */
  declare private editing: string | undefined;
  private isDragging = false;
  /** Where Tab has led to, and the column that it began in. */
  private tabbed: { readonly from: number; readonly to: CellPlace } | undefined;
  /** Widths that were found, by column. */
  private readonly needed = new Map<string, number>();
  private hadFocus = false;
  private readonly list = new VirtualList(this, rowHeight, undefined, rowHeight);

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }

  get isEditing(): boolean {
    return this.editing !== undefined;
  }

  /** With the line for a new row. */
  get extent(): Extent {
    const spare = this.readOnly ? 0 : 1;
    return { rows: (this.rows.total ?? 0) + spare, spare, columns: this.columns.length, page: this.list.pageRows };
  }

  reveal(row: number, column = this.selection.active.column): void {
    this.list.reveal(row);
    void this.updateComplete.then(() => this.renderRoot.querySelector(`[data-column="${column}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('rows') as RowSource<LookupRow> | undefined;
    if (before && before !== this.rows) this.list.toTop();
  }

  protected override updated(): void {
    const { first, end } = this.list.range(this.extent.rows);
    this.rows.want(first, Math.max(end, 1));
    const input = this.renderRoot.querySelector('textarea');
    if (input && !this.hadFocus) { input.focus(); input.setSelectionRange(input.value.length, input.value.length); }
    this.hadFocus = input !== null;
  }

  protected override render(): unknown {
    const { rows, columns, label, selection } = this;
    if (rows.failed !== undefined && rows.total === undefined) return message({ tone: 'bad', title: 'The rows could not be read.', text: rows.failed, actions: linkButton({ label: 'Try again', onClick: () => rows.retry() }) });
    if (rows.total === undefined) return loading(`${label}: loading`);
    const range = this.list.range(this.extent.rows);
    const { active } = clamped(selection, this.extent);
    const selected = rangeOf(clamped(selection, this.extent));
    const places = Array.from({ length: range.end - range.first }, (_, at) => range.first + at);
    const widths = columns.map((_, at) => this.widthOf(at));
    const numbers = 24 + 9 * Math.max(3, String(this.extent.rows).length);
    return html`<div role="grid" tabindex="0" aria-label=${label} aria-rowcount=${this.extent.rows + 1} aria-colcount=${columns.length + 1} aria-multiselectable="true" aria-readonly=${this.readOnly ? 'true' : 'false'}
      aria-activedescendant="cell-${active.row}-${active.column}" style="--numbers: ${numbers}px; --tracks: ${numbers}px ${widths.map((width) => `${width}px`).join(' ')}; --width: ${numbers + widths.reduce((sum, width) => sum + width, 0)}px"
      @keydown=${this.onKey} @mousedown=${this.onDown} @mousemove=${this.onMove} @dblclick=${this.onDouble} ${ref(this.list.attach)}>
      <div class="line head" role="row" aria-rowindex="1"><span role="columnheader" class="corner" aria-colindex="1" aria-label="Row"></span>${columns.map((column, at) => this.headCell(column, at, at >= selected.left && at <= selected.right))}</div>
      <div role="presentation" style="height: ${range.height}px; width: var(--width)"><div role="presentation" style="transform: translateY(${range.offset}px)">
        ${repeat(places, (at) => at, (at) => this.renderRow(at, rows.row(at), selected, active.row === at ? active.column : -1))}
      </div></div></div>`;
  }

  /** What the user has chosen, else what the first rows need. */
  private widthOf(at: number): number {
    const { name, type } = this.columns[at]!;
    const known = this.widths[name] ?? this.needed.get(name);
    if (known !== undefined) return known;
    const texts = Array.from({ length: 50 }, (_, row) => this.rows.row(row)?.cells[at] ?? '');
    const width = Math.round(Math.max(110, Math.min(320, Math.max(name.length + 6 + (type === 'string' ? 0 : type.length), ...texts.map((text) => text.length)) * 7.3 + 16)));
    if (this.rows.row(0)) this.needed.set(name, width);
    return width;
  }

  private headCell({ name, title, type, isKey }: LookupColumnState, at: number, isMarked: boolean): TemplateResult {
    const direction = this.sort === name ? 'ascending' : this.sort === `-${name}` ? 'descending' : undefined;
    const isFiltered = (this.filtered[name] ?? '') !== '';
    return html`<span role="columnheader" class="${isMarked ? 'marked' : ''}" aria-colindex=${at + 2} aria-sort=${direction ?? 'none'} data-column=${at} title="${title ?? name}${isKey ? ', key' : ''}, ${type}">
      ${isKey ? icon('key') : nothing}<span class="name ellipsis">${name || '(no name)'}</span>${type === 'string' ? nothing : html`<span class="quiet type">${type}</span>`}
      <button type="button" class="icon-button" tabindex="-1" aria-label="Column ${name}: sort, filter, settings" title="Sort, filter, settings (Alt+↓)" @mousedown=${(event: Event) => event.stopPropagation()} @click=${() => this.owner.openColumn(at)}>${icon(direction === 'ascending' ? 'arrow-up' : direction === 'descending' ? 'arrow-down' : isFiltered ? 'filter-filled' : 'chevron-down')}</button>
      <span class="edge" @mousedown=${(event: MouseEvent) => this.onEdge(event, name, at)}></span></span>`;
  }

  private renderRow(at: number, row: LookupRow | undefined, selected: CellRange, activeColumn: number): TemplateResult {
    const isNew = at === this.rows.total;
    const isIn = at >= selected.top && at <= selected.bottom;
    return html`<div class="line item ${isNew ? 'new' : ''}" role="row" aria-rowindex=${at + 2} data-row=${at}>
      <span role="rowheader" aria-colindex="1" class="${isIn ? 'marked' : ''}" aria-label=${isNew ? 'New row' : `Row ${row?.number ?? ''}`}>${isNew ? icon('add') : (row?.number ?? '…')}</span>
      ${this.columns.map((column, index) => this.renderCell(at, index, column, row, holds(selected, at, index), activeColumn === index))}</div>`;
  }

  private renderCell(at: number, index: number, { name, type }: LookupColumnState, row: LookupRow | undefined, isSelected: boolean, isActive: boolean): TemplateResult {
    const text = row?.cells[index] ?? '';
    const finding = row && this.findings.get(`${row.number}:${index}`);
    if (isActive && this.editing !== undefined) {
      return html`<span role="gridcell" aria-colindex=${index + 2} id="cell-${at}-${index}" class="editing" aria-selected="true"><textarea rows="1" aria-label="${name}, ${row ? `row ${row.number}` : 'new row'}" spellcheck="false" .value=${live(this.editing)}
        @input=${(event: Event) => { this.editing = (event.target as HTMLTextAreaElement).value; }} @keydown=${this.onEditKey} @blur=${() => this.commit()}></textarea></span>`;
    }
    const isNumber = type === 'number' || type === 'decimal';
    const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
    return html`<span role="gridcell" aria-colindex=${index + 2} id="cell-${at}-${index}" data-column=${index} aria-selected=${isSelected ? 'true' : 'false'} class="cell ellipsis ${isNumber ? 'number' : ''} ${isActive ? 'active' : ''} ${finding ? `wrong ${finding.severity}` : ''}"
      aria-invalid=${finding?.severity === 'error' ? 'true' : nothing} aria-description=${finding?.message ?? nothing} title=${finding?.message ?? (shown.length > 12 ? shown : nothing)}>${finding ? icon(finding.severity === 'error' ? 'error' : 'warning', { tone: finding.severity === 'error' ? 'bad' : 'warn' }) : nothing}${shown.replaceAll(/\r\n|\r|\n/g, '↵')}</span>`;
  }

  /** Begins to type into the active cell: with what is in it, or anew. */
  edit(text?: string): void {
    const { row, column } = this.selection.active;
    if (this.readOnly || this.columns.length === 0 || (row < (this.rows.total ?? 0) && this.rows.row(row) === undefined)) return;
    this.editing = text ?? this.rows.row(row)?.cells[column] ?? '';
    this.reveal(row);
  }

  /** Takes over what was typed. */
  commit(): void {
    const { editing } = this;
    if (editing === undefined) return;
    this.editing = undefined;
    const { row, column } = this.selection.active;
    if (editing !== (this.rows.row(row)?.cells[column] ?? '')) this.owner.set([[editing]], { top: row, bottom: row, left: column, right: column });
  }

  /** Where Enter goes on in the next row: where the Tabs that have led here began. */
  private get tabColumn(): number {
    const { row, column } = this.selection.active;
    return this.tabbed?.to.row === row && this.tabbed.to.column === column ? this.tabbed.from : column;
  }

  private finish(step: 1 | -1, isAcross: boolean): void {
    this.commit();
    const { row, column } = this.selection.active;
    // The line for a new row has become one.
    const extent = { ...this.extent, rows: this.extent.rows + 1 };
    const from = this.tabColumn;
    const next = isAcross ? nextInOrder({ row, column }, step, extent) : { row: Math.max(0, row + step), column: step > 0 ? from : column };
    if (next) this.go(single(next.row, next.column));
    this.tabbed = isAcross && next ? { from, to: next } : undefined;
    this.focus();
  }

  private readonly onEditKey = (event: KeyboardEvent): void => {
    keepUndo(event);
    if (event.isComposing) return;
    const isControl = event.ctrlKey || event.metaKey;
    if (event.key !== 'Escape' && event.key !== 'Enter' && (event.key !== 'Tab' || isControl)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      this.editing = undefined;
      this.focus();
    } else if (event.key === 'Enter' && event.altKey) {
      const input = event.target as HTMLTextAreaElement;
      input.setRangeText('\n', input.selectionStart, input.selectionEnd, 'end');
      this.editing = input.value;
    } else this.finish(event.shiftKey ? -1 : 1, event.key === 'Tab');
  };

  private go(selection: Selection): void {
    this.owner.select(selection);
    this.reveal(selection.active.row, selection.active.column);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.editing !== undefined || event.isComposing) return;
    const isControl = event.ctrlKey || event.metaKey;
    const take = (): void => { event.preventDefault(); event.stopPropagation(); };
    if (this.owner.onKey(event)) return take();
    if (event.altKey && event.key === 'ArrowDown') { take(); return this.owner.openColumn(this.selection.active.column); }
    if (event.altKey) return;
    const to = moved(this.selection, { key: event.key, isControl, isShift: event.shiftKey }, this.extent);
    if (to) { take(); return this.go(to); }
    // The last cell of a row leads on, out of the grid: whoever came in with this key gets out with it.
    const { active } = this.selection;
    if (event.key === 'Tab' && !isControl && (event.shiftKey ? active.column > 0 : active.column < this.columns.length - 1)) {
      take();
      const to = { row: active.row, column: active.column + (event.shiftKey ? -1 : 1) };
      this.tabbed = { from: this.tabColumn, to };
      return this.go(single(to.row, to.column));
    }
    if (isControl) return;
    if (event.key === 'Enter' || event.key === 'F2') { take(); return this.edit(); }
    if (event.key === 'Delete' || event.key === 'Backspace') { take(); return this.owner.clear(rangeOf(this.selection)); }
    if (event.key.length === 1) { take(); this.edit(event.key); }
  };

  private placeOf(event: MouseEvent): { readonly row: number; readonly column: number | undefined } | undefined {
    const target = event.composedPath()[0] as Element;
    const row = target.closest<HTMLElement>('[data-row]')?.dataset['row'];
    const column = target.closest<HTMLElement>('[data-column]')?.dataset['column'];
    if (row === undefined && column === undefined) return undefined;
    return { row: row === undefined ? -1 : Number(row), column: column === undefined ? undefined : Number(column) };
  }

  private readonly onDown = (event: MouseEvent): void => {
    const place = this.placeOf(event);
    if (!place || event.button !== 0 || (event.target as Element).matches('textarea')) return;
    this.commit();
    const { rows, spare, columns } = this.extent;
    const active = { row: Math.max(0, place.row), column: place.column ?? 0 };
    const anchor = event.shiftKey ? this.selection.anchor : active;
    if (place.row < 0) this.owner.select({ anchor: { row: 0, column: anchor.column }, active: { row: Math.max(0, rows - spare - 1), column: active.column } });
    else if (place.column === undefined) this.owner.select({ anchor: { row: anchor.row, column: 0 }, active: { row: active.row, column: columns - 1 } });
    else this.owner.select({ anchor, active });
    this.isDragging = place.row >= 0 && place.column !== undefined;
    addEventListener('mouseup', () => { this.isDragging = false; }, { once: true });
  };

  private readonly onMove = (event: MouseEvent): void => {
    const place = this.isDragging ? this.placeOf(event) : undefined;
    if (place?.column === undefined || place.row < 0) return;
    const { active, anchor } = this.selection;
    if (active.row !== place.row || active.column !== place.column) this.owner.select({ anchor, active: { row: place.row, column: place.column } });
  };

  private readonly onDouble = (event: MouseEvent): void => {
    const place = this.placeOf(event);
    if (place && place.row >= 0 && place.column !== undefined) this.edit();
  };

  private onEdge(event: MouseEvent, name: string, at: number): void {
    event.preventDefault();
    event.stopPropagation();
    const start = event.clientX - this.widthOf(at);
    const move = (to: MouseEvent): void => this.owner.resize(this.columns[at]?.name ?? name, Math.max(48, Math.min(800, to.clientX - start)));
    addEventListener('mousemove', move);
    addEventListener('mouseup', () => removeEventListener('mousemove', move), { once: true });
  }
}

customElements.define('patchbay-sheet', LookupSheetGrid);
