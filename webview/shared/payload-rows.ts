import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { BodyEntry } from '../../server/model/api.ts';
import { formatCount, formatValue } from './format.ts';
import { icon, kitStyles, linkButton } from './kit.ts';
import { toPointer, type Segments } from './payload-path.ts';
import { depthOf, isBranch, type PayloadTree, type TreeRow } from './payload-tree.ts';
import { baseStyles } from './styles.ts';
import { VirtualList } from './virtual-list.ts';

const rowHeight = 22;

/** A row that is marked: the place, and the text in its name or value. */
export interface RowMark {
  readonly pointer: string;
  readonly side: 'key' | 'value';
  readonly text: string;
}

/** The rows of a payload's tree. Tells `place` (where the user is) and `copy-row`. */
class PatchbayPayloadRows extends LitElement {
  static override properties = { tree: { attribute: false }, version: { attribute: false }, label: { attribute: false }, names: { attribute: false }, mark: { attribute: false }, active: { state: true } };
  declare tree: PayloadTree;
  declare version: number;
  declare label: string;
  /** What rows at the top are called, instead of by their number. */
  declare names: ((index: number) => string) | undefined;
  /** The row that a search has led to, with what is marked in it. */
  declare mark: RowMark | undefined;
  declare private active: number;
  private readonly list = new VirtualList(this, rowHeight);

  constructor() {
    super();
    this.active = 0;
    this.version = 0;
    this.label = '';
  }

  /** Opens the way to a place and shows it. Says whether it exists. */
  async reveal(segments: Segments): Promise<boolean> {
    const row = await this.tree.find(segments);
    if (row === undefined) return false;
    this.list.range(this.tree.rowCount);
    this.activate(row);
    return true;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('tree')) { this.active = 0; this.list.toTop(); }
    this.active = Math.max(0, Math.min(this.active, this.tree.rowCount - 1));
  }

  protected override updated(): void {
    const { first, end } = this.list.range(this.tree.rowCount);
    this.tree.want(first, end);
  }

  protected override render(): unknown {
    const { tree } = this;
    const range = this.list.range(tree.rowCount);
    const places = Array.from({ length: range.end - range.first }, (_, at) => range.first + at);
    return html`<div class="scroller" role="tree" tabindex="0" aria-label=${this.label} aria-activedescendant=${tree.rowCount > 0 ? `row-${this.active}` : nothing} @keydown=${this.onKey} ${ref(this.list.attach)}>
      ${tree.rowCount === 0 ? html`<div class="none quiet" role="treeitem" aria-selected="false">${tree.root.kind === 'array' ? 'An empty list' : 'An empty object'}</div>` : nothing}
      <div role="presentation" style="height: ${range.height}px"><div role="presentation" style="transform: translateY(${range.offset}px)">${repeat(places, (at) => at, (at) => this.renderRow(at))}</div></div></div>`;
  }

  private renderRow(at: number): TemplateResult {
    const row = this.tree.row(at);
    const { entry } = row;
    const depth = depthOf(row);
    const branch = entry !== undefined && isBranch(entry);
    const mark = entry && this.mark?.pointer === toPointer(this.tree.segments(row)) ? this.mark : undefined;
    const key = row.parent.kind === 'array' ? (!row.parent.parent && this.names ? this.names(row.index) : row.index) : (entry?.key ?? '');
    return html`<div class="row ${at === this.active ? 'active' : ''} ${mark ? 'found' : ''}" id="row-${at}" role="treeitem" aria-level=${depth + 1} aria-posinset=${row.index + 1} aria-setsize=${row.parent.count} aria-selected=${at === this.active ? 'true' : 'false'}
      aria-expanded=${branch ? (row.open ? 'true' : 'false') : nothing} style="padding-left: ${8 + depth * 14}px" @click=${(event: MouseEvent) => this.onClick(event, at, row)} @dblclick=${() => this.toggle(row)}>
      <span class="twist">${branch ? icon(row.open ? 'chevron-down' : 'chevron-right') : nothing}</span>
      <span class="key">${mark?.side === 'key' ? marked(String(key), mark.text) : key}</span>
      ${row.failed !== undefined ? html`<span class="failed ellipsis" title=${row.failed}>could not be read</span>${linkButton({ label: 'Try again', onClick: () => this.tree.retry(row) })}` : entry ? renderValue(entry, row.open !== undefined, mark?.side === 'value' ? mark.text : '') : html`<span class="quiet">…</span>`}
    </div>`;
  }

  private activate(at: number): void {
    this.active = at;
    this.list.reveal(at);
    const row = this.tree.row(at);
    if (row.entry) this.dispatchEvent(new CustomEvent('place', { detail: this.tree.segments(row) }));
  }

  private toggle(row: TreeRow): void {
    if (row.open) this.tree.collapse(row);
    else this.tree.expand(row);
  }

  private onClick(event: MouseEvent, at: number, row: TreeRow): void {
    this.activate(at);
    if ((event.target as Element).closest('.twist')) this.toggle(row);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { tree, active } = this;
    if (tree.rowCount === 0 || event.altKey) return;
    const row = tree.row(active);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && row.entry) {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('copy-row', { detail: row }));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.activate(Math.min(active + 1, tree.rowCount - 1)),
      ArrowUp: () => this.activate(Math.max(active - 1, 0)),
      PageDown: () => this.activate(Math.min(active + this.list.pageRows, tree.rowCount - 1)),
      PageUp: () => this.activate(Math.max(active - this.list.pageRows, 0)),
      Home: () => this.activate(0),
      End: () => this.activate(tree.rowCount - 1),
      ArrowRight: () => { if (row.open) this.activate(active + 1); else tree.expand(row); },
      ArrowLeft: () => { if (row.open) tree.collapse(row); else if (row.parent.parent) this.activate(tree.rowOf(row.parent.parent, row.parent.index)); },
      Enter: () => this.toggle(row),
      ' ': () => this.toggle(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  static override styles = [baseStyles, kitStyles, css`
    :host { display: block; position: relative; min-height: 0; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); }
    .scroller { position: absolute; inset: 0; overflow-y: auto; overflow-x: hidden; outline: none; }
    .row { display: flex; align-items: center; gap: 6px; height: ${rowHeight}px; padding-right: 12px; white-space: nowrap; cursor: default; border: 1px solid transparent; }
    .row:hover { background: var(--vscode-list-hoverBackground); }
    .row.active { background: var(--vscode-list-inactiveSelectionBackground); border-color: var(--vscode-contrastActiveBorder, transparent); }
    .scroller:focus-visible .row.active { outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
    .row.found { border: 1px dashed var(--vscode-contrastActiveBorder, var(--vscode-focusBorder)); }
    mark { color: inherit; background: none; font-weight: 700; border-bottom: 2px solid var(--vscode-focusBorder); }
    .twist { width: 16px; flex: none; cursor: pointer; }
    .key { color: var(--vscode-symbolIcon-propertyForeground, var(--vscode-foreground)); font-weight: 600; flex: none; max-width: 50%; overflow: hidden; text-overflow: ellipsis; }
    .key::after { content: ':'; font-weight: normal; }
    .string { color: var(--vscode-debugTokenExpression-string); }
    .number { color: var(--vscode-debugTokenExpression-number); text-align: left; }
    .boolean, .null { color: var(--vscode-debugTokenExpression-boolean); }
    .failed { color: var(--vscode-foreground); font-style: italic; }
    .none { padding: 8px 12px; }
    .row.active .value, .row.active .quiet { color: inherit; }
  `];
}

/** Marks a text in another one, whatever its case. */
function marked(text: string, wanted: string): unknown {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  return at < 0 ? text : html`${text.slice(0, at)}<mark>${text.slice(at, at + wanted.length)}</mark>${text.slice(at + wanted.length)}`;
}

function renderValue(entry: BodyEntry, open: boolean, wanted: string): TemplateResult {
  if (entry.kind === 'object' || entry.kind === 'array') {
    const count = entry.count ?? 0;
    const words = entry.kind === 'array' ? formatCount(count, 'item') : formatCount(count, 'field');
    return html`<span class="quiet ellipsis">${entry.kind === 'array' ? '[' : '{'}${open ? '' : count ? '…' : ''}${open ? '' : entry.kind === 'array' ? ']' : '}'} ${words}</span>`;
  }
  const text = entry.kind === 'string' ? JSON.stringify(entry.value) : formatValue(entry.value, 2_000);
  const shown = formatValue(entry.cut ? `${text.slice(0, -1)}…` : text, 600);
  return html`<span class="value ellipsis ${entry.kind}" title=${formatValue(entry.value, 1_000)}>${marked(shown, wanted)}</span>`;
}

customElements.define('patchbay-payload-rows', PatchbayPayloadRows);

declare global {
  interface HTMLElementTagNameMap { 'patchbay-payload-rows': PatchbayPayloadRows }
}
