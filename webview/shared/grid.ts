import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ref } from 'lit/directives/ref.js';
import { linkButton, kitStyles, loading, message } from './kit.ts';
import type { RowSource } from './paged-rows.ts';
import { baseStyles, toneStyles } from './styles.ts';
import { VirtualList } from './virtual-list.ts';
import { Width } from './width.ts';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  /** A track of a CSS grid: `70px`, `minmax(120px, 1fr)`. */
  readonly width: string;
  /** Figures: to the right, all digits of one width. */
  readonly number?: boolean;
  /** Left out where the grid is narrower, in pixels. */
  readonly from?: number;
  cell(row: T): unknown;
  /** For what may be cut off. */
  tooltip?(row: T): string | undefined;
}

/** The marked rows, which the owner keeps by their keys. */
export interface Marks<T> {
  has(key: string): boolean;
  readonly size: number;
  set(rows: readonly T[], isMarked: boolean): void;
}

export interface GridOptions<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: RowSource<T>;
  readonly keyOf: (row: T) => string;
  readonly selected: string | undefined;
  readonly onSelect: (row: T) => void;
  /** Enter or a double click. */
  readonly onOpen?: (row: T) => void;
  /** One click opens: where choosing a row would show nothing. */
  readonly openOnClick?: boolean;
  /** Rows can be marked, for what is to be done with several. */
  readonly marks?: Marks<T>;
  readonly empty?: unknown;
  /** New rows at the end come into view as long as the end is in view. */
  readonly follow?: boolean;
}

const rowHeight = 24;
const markHelp = 'Space marks a row, Ctrl+A all that are loaded';

/** A table of any length with one selected row. `version` counts the changes of `rows`, which keep their identity. */
export const grid = <T>(options: GridOptions<T>, version = 0): TemplateResult =>
  html`<patchbay-grid .options=${options as unknown as GridOptions<unknown>} .version=${version}></patchbay-grid>`;

class PatchbayGrid extends LitElement {
  static override properties = { options: { attribute: false }, version: { attribute: false }, active: { state: true } };
  declare options: GridOptions<unknown>;
  declare version: number;
  /** The row that the keys start from. */
  declare private active: number;
  private atEnd = true;
  /** Where marking a range begins. */
  private anchor = 0;
  private readonly list = new VirtualList(this, rowHeight, (atEnd) => { this.atEnd = atEnd; }, rowHeight);
  private readonly width = new Width(this);

  constructor() {
    super();
    this.active = 0;
    this.version = 0;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { rows, selected, keyOf, follow } = this.options;
    const before = changed.get('options') as GridOptions<unknown> | undefined;
    if (before && before.rows !== rows) { this.active = 0; this.list.toTop(); this.atEnd = true; }
    const keyAt = (at: number) => { const row = rows.row(at); return row === undefined ? undefined : keyOf(row); };
    // Rows that came in before it have moved the selected one.
    if (selected !== undefined && keyAt(this.active) !== selected) this.active = this.placeOf(selected, keyAt) ?? this.active;
    if (follow && this.atEnd && rows.total) this.list.toEnd(rows.total);
  }

  private placeOf(key: string, keyAt: (at: number) => string | undefined): number | undefined {
    const total = this.options.rows.total ?? 0;
    for (let away = 1; away < 500; away++) {
      for (const at of [this.active + away, this.active - away]) if (at >= 0 && at < total && keyAt(at) === key) return at;
    }
    return undefined;
  }

  protected override updated(): void {
    const { first, end } = this.list.range(this.options.rows.total ?? 0);
    this.options.rows.want(first, Math.max(end, 1));
  }

  protected override render(): unknown {
    const { rows, label, columns, empty, selected } = this.options;
    if (rows.failed !== undefined && !rows.total) return message({ tone: 'bad', title: 'This list could not be read.', text: rows.failed, actions: linkButton({ label: 'Try again', onClick: () => rows.retry() }) });
    if (rows.total === undefined) return loading(`${label}: loading`);
    if (rows.total === 0) return empty ?? nothing;
    const shown = columns.filter(({ from = 0 }) => this.width.pixels === 0 || this.width.pixels >= from);
    const range = this.list.range(rows.total);
    const { marks } = this.options;
    const places = Array.from({ length: range.end - range.first }, (_, at) => range.first + at);
    return html`<div role="grid" tabindex="0" aria-label=${label} aria-rowcount=${rows.total + 1} aria-colcount=${shown.length + (marks ? 1 : 0)} aria-multiselectable=${marks ? 'true' : nothing} aria-description=${marks ? markHelp : nothing} aria-activedescendant=${rows.total > 0 ? `row-${this.active}` : nothing}
      style="--tracks: ${marks ? '18px ' : ''}${shown.map(({ width }) => width).join(' ')}" @keydown=${this.onKey} ${ref(this.list.attach)}>
      <div class="line head" role="row" aria-rowindex="1">${marks ? html`<span role="columnheader" class="mark" title=${markHelp} @click=${() => this.markAll(marks.size === 0)}><span class="box ${marks.size > 0 ? 'some' : ''}" aria-hidden="true"></span><span class="for-screen-readers">Marked</span></span>` : nothing}${shown.map((column) => html`<span role="columnheader" class="ellipsis ${column.number ? 'number' : ''}" title=${column.title}>${column.title}</span>`)}</div>
      <div role="presentation" style="height: ${range.height}px"><div role="presentation" style="transform: translateY(${range.offset}px)">
        ${repeat(places, (at) => at, (at) => this.renderRow(at, rows.row(at), shown, selected))}
      </div></div></div>`;
  }

  private renderRow(at: number, row: unknown, columns: readonly Column<unknown>[], selected: string | undefined): TemplateResult {
    if (row === undefined) return html`<div class="line" role="row" aria-rowindex=${at + 2}><span role="gridcell" class="quiet" style="grid-column: 1 / -1">…</span></div>`;
    const { keyOf, marks } = this.options;
    const isChosen = keyOf(row) === selected;
    const isMarked = marks?.has(keyOf(row)) === true;
    const onMark = (event: MouseEvent): void => { event.stopPropagation(); this.mark(at, event.shiftKey); };
    return html`<div class="line item ${at === this.active ? 'active' : ''} ${isChosen ? 'chosen' : ''}" role="row" id="row-${at}" aria-rowindex=${at + 2} aria-selected=${(marks ? isMarked : isChosen) ? 'true' : 'false'}
      @click=${() => { this.choose(at); if (this.options.openOnClick) this.options.onOpen?.(row); }} @dblclick=${() => { if (!this.options.openOnClick) this.options.onOpen?.(row); }}>
      ${marks ? html`<span role="gridcell" class="mark" @click=${onMark} @dblclick=${(event: Event) => event.stopPropagation()}><span class="box ${isMarked ? 'on' : ''}" aria-hidden="true"></span></span>` : nothing}${columns.map((column) => html`<span role="gridcell" class="ellipsis ${column.number ? 'number' : ''}" title=${column.tooltip?.(row) ?? nothing}>${column.cell(row)}</span>`)}</div>`;
  }

  private choose(at: number): void {
    const row = this.options.rows.row(at);
    this.active = at;
    if (row !== undefined) this.options.onSelect(row);
  }

  /** A range goes from where marking began last; what of it was never in view is not known yet and stays. */
  private mark(at: number, isRange: boolean): void {
    const { rows, marks, keyOf } = this.options;
    const row = rows.row(at);
    if (!marks || row === undefined) return;
    const first = isRange ? Math.min(at, this.anchor) : at;
    const last = isRange ? Math.max(at, this.anchor) : at;
    const between = Array.from({ length: last - first + 1 }, (_, n) => rows.row(first + n)).filter((one) => one !== undefined);
    marks.set(between, isRange || !marks.has(keyOf(row)));
    this.active = at;
    if (!isRange) this.anchor = at;
  }

  private markAll(isMarked: boolean): void {
    const { rows, marks } = this.options;
    marks?.set(Array.from({ length: rows.total ?? 0 }, (_, at) => rows.row(at)).filter((row) => row !== undefined), isMarked);
  }

  /** Space marks a row, with the shift key all up to it; Ctrl+A all that are loaded. Says whether the key was one of these. */
  private onMarkKey(event: KeyboardEvent): boolean {
    if (!this.options.marks || event.altKey) return false;
    const isAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a';
    if (!isAll && (event.key !== ' ' || event.ctrlKey || event.metaKey)) return false;
    event.preventDefault();
    if (isAll) this.markAll(true);
    else this.mark(this.active, event.shiftKey);
    return true;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const total = this.options.rows.total ?? 0;
    if (this.onMarkKey(event)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || total === 0) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: this.list.pageRows, PageUp: -this.list.pageRows, Home: -total, End: total };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const to = Math.max(0, Math.min(total - 1, this.active + step));
      this.list.reveal(to);
      this.choose(to);
    } else if (event.key === 'Enter') {
      const row = this.options.rows.row(this.active);
      if (row === undefined) return;
      event.preventDefault();
      this.options.onSelect(row);
      this.options.onOpen?.(row);
    }
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: block; min-height: 0; min-width: 0; overflow: hidden; position: relative; }
    [role='grid'] { position: absolute; inset: 0; overflow-y: auto; overflow-x: hidden; outline: none; }
    .line { display: grid; grid-template-columns: var(--tracks); column-gap: 12px; align-items: center; height: ${rowHeight}px; padding: 0 12px; border: 1px solid transparent; }
    .line > * { display: block; line-height: ${rowHeight - 2}px; }
    .from-end { display: block; overflow: hidden; text-overflow: ellipsis; direction: rtl; text-align: left; }
    .head { position: sticky; top: 0; z-index: 1; background: var(--vscode-editor-background); border-bottom-color: var(--vscode-panel-border, var(--vscode-contrastBorder)); color: var(--vscode-foreground); font-weight: 600; }
    .item { cursor: pointer; }
    .item:hover { background: var(--vscode-list-hoverBackground); }
    .item.chosen { background: var(--vscode-list-inactiveSelectionBackground); color: var(--vscode-list-inactiveSelectionForeground, inherit); border-color: var(--vscode-contrastActiveBorder, transparent); }
    [role='grid']:focus .item.chosen { background: var(--vscode-list-activeSelectionBackground); color: var(--vscode-list-activeSelectionForeground, inherit); }
    [role='grid']:focus-visible .item.active { outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
    .item.chosen .quiet { color: inherit; }
    .mark { align-self: stretch; display: flex !important; align-items: center; cursor: pointer; }
    .box { width: 14px; height: 14px; border: 1px solid var(--vscode-checkbox-border, var(--vscode-foreground)); border-radius: 3px; background: var(--vscode-checkbox-background); display: block; position: relative; }
    .box.on::after { content: ''; position: absolute; left: 4px; top: 1px; width: 3px; height: 7px; border: solid var(--vscode-checkbox-foreground, var(--vscode-foreground)); border-width: 0 2px 2px 0; transform: rotate(42deg); }
    .box.some::after { content: ''; position: absolute; left: 2px; right: 2px; top: 5px; height: 2px; background: var(--vscode-checkbox-foreground, var(--vscode-foreground)); }
    .message { margin: 8px 12px; }
  `];
}

customElements.define('patchbay-grid', PatchbayGrid);
