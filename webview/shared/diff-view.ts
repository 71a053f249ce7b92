import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RecordChange } from '../../server/model/record-diff.ts';
import type { PayloadDiff } from '../../server/model/run-diff.ts';
import { diffLines, kindSigns, kindWords, lineWords, placeWords, recordName, recordPlace, type DiffKind, type DiffLine } from './diff-lines.ts';
import { formatCount, formatNumber, formatValue } from './format.ts';
import { icon, iconButton, kitStyles, toolbar } from './kit.ts';
import './split.ts';
import { baseStyles, toneStyles } from './styles.ts';
import { VirtualList } from './virtual-list.ts';

const rowHeight = 22;
const kinds: readonly DiffKind[] = ['added', 'changed', 'removed', 'moved'];

/** What differs between two lists of records or two texts: any number of lines, the chosen one in full below them. */
class PatchbayDiff extends LitElement {
  static override properties = { diff: { attribute: false }, label: {}, names: { attribute: false }, tools: { attribute: false }, active: { state: true }, filtered: { state: true }, closed: { state: true } };
  declare diff: PayloadDiff;
  declare label: string;
  /** How the two sides are called. */
  declare names: readonly [string, string];
  /** Further controls, behind the counts. */
  declare tools: unknown;
  declare private active: number;
  declare private filtered: ReadonlySet<DiffKind>;
  declare private closed: ReadonlySet<RecordChange>;
  private lines: readonly DiffLine[] = [];
  private readonly list = new VirtualList(this, rowHeight);

  constructor() {
    super();
    this.label = 'Differences';
    this.names = ['Before', 'After'];
    this.active = 0;
    this.filtered = new Set();
    this.closed = new Set();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('diff')) { this.active = 0; this.closed = new Set(); this.list.toTop(); }
    this.lines = diffLines(this.diff, this.filtered, this.closed);
    this.active = Math.max(0, Math.min(this.active, this.lines.length - 1));
  }

  protected override render(): unknown {
    const line = this.lines[this.active];
    return html`${this.renderBar()}
      ${this.lines.length === 0 ? html`<div class="none quiet" role="status">${this.emptyWords()}</div>` : html`<patchbay-split vertical .position=${68} label="Height of the list of differences">
        <div slot="first" class="pane">${this.renderLines()}</div>
        <div slot="second" class="pane chosen" role="region" aria-label="The chosen difference" tabindex="0">${line ? this.renderChosen(line) : nothing}</div>
      </patchbay-split>`}`;
  }

  private emptyWords(): string {
    const { total } = this.diff;
    if (total.changed + total.added + total.removed + total.moved > 0) return 'What differs is hidden by the filters above.';
    return total.same > 0 ? 'There is no difference.' : 'There is nothing on either side.';
  }

  private renderBar(): TemplateResult {
    const { total, lines } = this.diff;
    const toggle = (kind: DiffKind) => () => {
      const hidden = new Set(this.filtered);
      if (!hidden.delete(kind)) hidden.add(kind);
      this.filtered = hidden;
    };
    return toolbar(`Tools for ${this.label}`, html`
      ${lines ? html`<span class="quiet">Text, line by line</span>` : kinds.map((kind) => html`<button type="button" class="count ${kind}" aria-pressed=${this.filtered.has(kind) ? 'false' : 'true'} aria-label="${kindWords[kind]}: ${formatCount(total[kind], 'record')}" title="${kindWords[kind]}; press to hide or show them" @click=${toggle(kind)}>${kindSigns[kind]}${formatNumber(total[kind])}</button>`)}
      ${lines ? nothing : html`<span class="quiet same">${formatNumber(total.same)} the same</span>`}
      <span class="gap"></span>
      <span class="buttons">${iconButton({ label: 'Previous difference (Shift+F7)', icon: 'arrow-up', disabled: this.lines.length === 0, onClick: () => this.jump(-1) })}${iconButton({ label: 'Next difference (F7)', icon: 'arrow-down', disabled: this.lines.length === 0, onClick: () => this.jump(1) })}
      ${this.tools ?? nothing}</span>`);
  }

  private renderLines(): TemplateResult {
    const { lines } = this;
    const range = this.list.range(lines.length);
    const places = Array.from({ length: range.end - range.first }, (_, at) => range.first + at);
    return html`<div class="scroller" role="tree" tabindex="0" aria-label=${this.label} aria-activedescendant="line-${this.active}" @keydown=${this.onKey} ${ref(this.list.attach)}>
      <div role="presentation" style="height: ${range.height}px"><div role="presentation" style="transform: translateY(${range.offset}px)">${repeat(places, (at) => at, (at) => this.renderLine(at))}</div></div></div>`;
  }

  private renderLine(at: number): TemplateResult {
    const line = this.lines[at]!;
    const words = lineWords(line, this.diff.key);
    const hasValues = line.as === 'record' && line.row.changes !== undefined;
    return html`<div class="line ${line.as} ${line.as === 'text' ? line.kind : line.as === 'record' ? line.row.kind : ''} ${at === this.active ? 'active' : ''}" id="line-${at}" role="treeitem" aria-level=${line.as === 'value' || line.as === 'more' ? 2 : 1} aria-selected=${at === this.active ? 'true' : 'false'}
      aria-expanded=${hasValues ? (line.isOpen ? 'true' : 'false') : nothing} aria-label=${words} title=${words} @click=${(event: MouseEvent) => this.onClick(event, at)} @dblclick=${() => this.toggle(at)}>${this.renderContent(line, hasValues)}</div>`;
  }

  private renderContent(line: DiffLine, hasValues: boolean): TemplateResult {
    if (line.as === 'text') return html`<span class="ellipsis text">${line.text || ' '}</span>`;
    if (line.as === 'more') return html`<span class="quiet">and ${formatCount(line.more, 'more value')}</span>`;
    if (line.as === 'value') {
      const { change } = line;
      return html`<span class="place ellipsis">${placeWords(change.pointer)}</span>${side(change, 'before')}<span class="arrow" aria-hidden="true">→</span>${side(change, 'after')}`;
    }
    const { row } = line;
    const place = recordPlace(row);
    return html`<span class="twist">${hasValues ? icon(line.isOpen ? 'chevron-down' : 'chevron-right') : nothing}</span><span class="sign" aria-hidden="true">${kindSigns[row.kind]}</span>
      <span class="name ellipsis">${recordName(row, this.diff.key)}</span>${place ? html`<span class="quiet">${place}${row.changes ? ' ·' : ''}</span>` : nothing}
      ${row.changes ? html`<span class="quiet">${formatCount(row.changes.length + (row.more ?? 0), 'value')}</span>` : row.record === undefined ? nothing : html`<span class="ellipsis value">${formatValue(row.record, 600)}</span>`}`;
  }

  private renderChosen(line: DiffLine): TemplateResult {
    const [was, is] = this.names;
    if (line.as === 'text') return html`<pre class="mono ${line.kind}">${line.text}</pre>`;
    if (line.as === 'value') {
      const { change } = line;
      return html`<div class="head"><span class="mono">${change.pointer || '/'}</span>${iconButton({ label: 'Copy the place', icon: 'copy', onClick: () => void navigator.clipboard.writeText(change.pointer) })}</div>
        <div class="both">${this.renderValue(was, 'removed', Object.hasOwn(change, 'before'), change.before)}${this.renderValue(is, 'added', Object.hasOwn(change, 'after'), change.after)}</div>`;
    }
    const { row } = line;
    if (row.record !== undefined) return this.renderValue(row.kind === 'added' ? is : was, row.kind, true, row.record);
    return html`<p>${lineWords({ as: 'record', row, isOpen: true }, this.diff.key)}</p>`;
  }

  private renderValue(name: string, kind: string, isThere: boolean, value: unknown): TemplateResult {
    return html`<section><h3>${name}</h3>${isThere ? html`<pre class="mono ${kind}">${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>` : html`<p class="quiet">There is none.</p>`}</section>`;
  }

  private activate(at: number): void {
    this.active = Math.max(0, Math.min(at, this.lines.length - 1));
    this.list.reveal(this.active);
  }

  /** To the next record, or line of a text. */
  private jump(by: 1 | -1): void {
    for (let at = this.active + by; at >= 0 && at < this.lines.length; at += by) if (['record', 'text'].includes(this.lines[at]!.as)) return this.activate(at);
  }

  private toggle(at: number): void {
    const line = this.lines[at];
    if (line?.as !== 'record' || !line.row.changes) return;
    const closed = new Set(this.closed);
    if (!closed.delete(line.row)) closed.add(line.row);
    this.closed = closed;
  }

  private onClick(event: MouseEvent, at: number): void {
    this.activate(at);
    if ((event.target as Element).closest('.twist')) this.toggle(at);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { lines, active } = this;
    if (event.altKey || event.ctrlKey || event.metaKey || (event.shiftKey && event.key !== 'F7')) return;
    const line = lines[active];
    const isOpen = line?.as === 'record' && line.isOpen && line.row.changes !== undefined;
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.activate(active + 1), ArrowUp: () => this.activate(active - 1), PageDown: () => this.activate(active + this.list.pageRows), PageUp: () => this.activate(active - this.list.pageRows),
      Home: () => this.activate(0), End: () => this.activate(lines.length - 1), F7: () => this.jump(event.shiftKey ? -1 : 1),
      ArrowRight: () => { if (isOpen) this.activate(active + 1); else this.toggle(active); },
      ArrowLeft: () => { if (isOpen) this.toggle(active); else if (line?.as === 'value' || line?.as === 'more') this.jump(-1); },
      Enter: () => this.toggle(active), ' ': () => this.toggle(active),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; min-width: 0; height: 100%; }
    .toolbar { padding: 4px 8px; gap: 4px 6px; flex: none; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .gap { flex: 1; }
    .same, .buttons { white-space: nowrap; }
    .count { font: inherit; font-variant-numeric: tabular-nums; padding: 1px 8px; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); border-radius: 10px; background: none; color: inherit; cursor: pointer; }
    .count[aria-pressed='false'] { text-decoration: line-through; opacity: 0.7; }
    .count[aria-pressed='true'] { border-color: currentColor; }
    .none { padding: 16px 12px; }
    patchbay-split { flex: 1; min-height: 0; }
    .pane { display: flex; flex-direction: column; min-height: 0; min-width: 0; position: relative; }
    .scroller { position: absolute; inset: 0; overflow-y: auto; overflow-x: hidden; outline: none; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); }
    .line { display: flex; align-items: center; gap: 8px; height: ${rowHeight}px; padding: 0 12px 0 4px; white-space: nowrap; cursor: default; border: 1px solid transparent; box-sizing: border-box; }
    .line.value, .line.more { padding-left: 44px; }
    .line:hover { background: var(--vscode-list-hoverBackground); }
    .added:not(.count) { background: color-mix(in srgb, var(--vscode-gitDecoration-addedResourceForeground) 14%, transparent); }
    .removed:not(.count) { background: color-mix(in srgb, var(--vscode-gitDecoration-deletedResourceForeground) 14%, transparent); }
    .line.active { border-color: var(--vscode-contrastActiveBorder, transparent); background: var(--vscode-list-inactiveSelectionBackground); }
    .scroller:focus-visible .line.active { outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder)); outline-offset: -1px; }
    .twist { width: 16px; flex: none; }
    .sign { width: 12px; flex: none; text-align: center; font-weight: 600; }
    .name { font-weight: 600; flex: none; max-width: 60%; }
    .place { flex: none; max-width: 40%; color: var(--vscode-symbolIcon-propertyForeground, var(--vscode-foreground)); }
    /* The first is as long as it must be, or one that is short would vanish beside one that is long. */
    .side.removed { flex: none; max-width: 40%; }
    .side { flex: 0 1 auto; min-width: 30px; padding: 0 4px; border-radius: 2px; }
    .line.active .quiet, .line.active .place { color: inherit; }
    .chosen { overflow: auto; padding: 6px 12px; gap: 4px; }
    .head { display: flex; gap: 6px; align-items: center; overflow-wrap: anywhere; }
    .both { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr)); gap: 10px; }
    h3 { margin: 0 0 2px; font-size: inherit; font-weight: 600; }
    section { min-width: 0; }
    p { margin: 2px 0; }
    pre { margin: 0; padding: 4px 8px; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 3px; }
  `];
}

const side = (change: { readonly before?: unknown; readonly after?: unknown }, which: 'before' | 'after'): TemplateResult =>
  Object.hasOwn(change, which) ? html`<span class="side ellipsis ${which === 'before' ? 'removed' : 'added'}">${typeof change[which] === 'string' ? JSON.stringify(formatValue(change[which], 400)) : formatValue(change[which], 400)}</span>` : html`<span class="quiet">none</span>`;

customElements.define('patchbay-diff', PatchbayDiff);
