import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ref } from 'lit/directives/ref.js';
import { formatCount, formatNumber, formatValue } from '../shared/format.ts';
import { icon, iconButton, kitStyles, linkButton, textField } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { VirtualList } from '../shared/virtual-list.ts';
import { Width } from '../shared/width.ts';
import { canvasStyles } from './canvas-styles.ts';
import { chipRow } from './chip-row.ts';
import { describeField } from './describe.ts';
import { placesOf, typeText, type FieldNode, type Side } from './fields.ts';
import { fieldsOf, rulesOf } from './rules.ts';
import { worst } from './problems.ts';
import { sampleLinks } from './sample-links.ts';
import type { MapStore } from './store.ts';
import { valueText } from './value-text.ts';
import { curve, drawWires, stub, type Drawing, type RowView, type Stubs } from './wires.ts';

const rowHeight = 24;
const typeIcons: Readonly<Record<string, Parameters<typeof icon>[0]>> = { string: 'symbol-string', number: 'symbol-numeric', boolean: 'symbol-boolean', object: 'symbol-object', array: 'symbol-array' };

/** A drag from a source: where it began, where the pointer is, and which target lies below it. */
interface Drag {
  readonly source: string;
  readonly y: number;
  readonly at: { readonly x: number; readonly y: number } | undefined;
  readonly over: string | undefined;
}

/** Both trees with the lines between them. Only rows in view are drawn, and only lines that have an end there. */
export class MapCanvas extends LitElement {
  static override properties = { store: { attribute: false }, tick: { attribute: false }, drag: { state: true }, pointed: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, canvasStyles];

  declare store: MapStore;
  /** Another object at each change of the store. */
  declare tick: object;
  declare private drag: Drag | undefined;
  /** The row below the pointer. */
  declare private pointed: { readonly side: Side; readonly id: string } | undefined;

  onOpen: () => void = () => undefined;
  onConnect: (source: string, target: string) => void = () => undefined;
  onAddTransform: (rule: number) => void = () => undefined;
  onPaste: () => void = () => undefined;
  onSchema: (side: Side) => void = () => undefined;
  onView: () => void = () => undefined;
  /** Runs the flow around it, where there is one that can be run. */
  declare onRun: (() => void) | undefined;

  private readonly lists: Readonly<Record<Side, VirtualList>> = { source: new VirtualList(this, rowHeight, () => this.requestUpdate()), target: new VirtualList(this, rowHeight, () => this.requestUpdate()) };
  private readonly scrollers: Partial<Record<Side, HTMLElement>> = {};
  private readonly width = new Width(this);
  private readonly attachers: Readonly<Record<Side, (element: Element | undefined) => void>> = { source: (element) => this.attach('source', element), target: (element) => this.attach('target', element) };

  focusTree(side: Side): void {
    this.scrollers[side]?.focus();
  }

  focusFilter(side: Side): void {
    this.renderRoot.querySelector<HTMLElement>(`.${side} vscode-textfield`)?.focus();
  }

  /** Where both trees stand, in pixels. */
  get places(): Readonly<Record<Side, number>> {
    return { source: this.scrollers.source?.scrollTop ?? 0, target: this.scrollers.target?.scrollTop ?? 0 };
  }

  /** As soon as it is known what the sides are. */
  moveTo(places: Readonly<Record<Side, number>>): void {
    this.wanted = places;
    this.requestUpdate();
  }

  /** Which tree has the focus. */
  get focusedSide(): Side | undefined {
    const focused = this.shadowRoot?.activeElement;
    return (['source', 'target'] as const).find((side) => this.scrollers[side] === focused);
  }

  reveal(side: Side, id: string): void {
    this.store.fields.show(side, id);
    const row = placesOf(this.store.fields.rows[side]).get(id);
    if (row === undefined) return;
    this.lists[side].range(this.store.fields.rows[side].length);
    this.lists[side].reveal(row);
    this.requestUpdate();
  }

  /** Rows that a page has, for the keys. */
  pageRows(side: Side): number {
    return this.lists[side].pageRows;
  }

  protected override render(): TemplateResult {
    const drawing = this.draw();
    return html`<div class="stage" @pointermove=${this.onMove} @pointerup=${this.onUp} @pointercancel=${this.endDrag}>
      ${this.side('source', drawing?.source)}
      ${this.middle(drawing)}
      ${this.side('target', drawing?.target)}
    </div>`;
  }

  protected override updated(): void {
    // The first picture has no heights to draw lines by.
    if (this.needsLines) { this.needsLines = false; this.requestUpdate(); }
    if (this.wanted && this.store.sample.look) {
      for (const side of ['source', 'target'] as const) if (this.scrollers[side]) this.scrollers[side].scrollTop = this.wanted[side];
      this.wanted = undefined;
    }
    this.onView();
  }

  private needsLines = true;
  private wanted: Readonly<Record<Side, number>> | undefined;

  private side(side: Side, stubs: Stubs | undefined): TemplateResult {
    const { store } = this;
    const rows = store.fields.rows[side];
    const range = this.lists[side].range(rows.length);
    const known = store.sample.look?.[side];
    const active = store.fields.active[side];
    const row = placesOf(rows).get(active ?? '') ?? -1;
    const all = store.fields.trees[side].byId.size;
    const used = fieldsOf(store.rules)[side].size;
    const name = side === 'source' ? 'Source' : 'Target';
    const linked = this.linkedTo(side);
    return html`<section class="side ${side}" aria-label=${name}>
      <header><h2>${name}</h2><span class="quiet ellipsis" title=${known?.from ?? ''}>${known?.from ?? (store.sample.look ? (side === 'source' ? 'nothing is known of it' : 'as the rules make it') : '')}</span>
        ${this.canChooseSchema ? iconButton({ label: `Schema of the ${side}`, icon: 'symbol-structure', onClick: () => this.onSchema(side) }) : nothing}<span class="count quiet" title=${`${formatCount(all, 'field')}, ${formatNumber(used)} in rules`}>${formatNumber(used)} of ${formatNumber(all)} used</span></header>
      <div class="filter">${textField({ label: `Filter ${name.toLowerCase()} fields`, type: 'search', icon: 'filter', value: store.fields.filter[side], placeholder: 'Filter', onInput: (text) => store.fields.setFilter(side, text) })}</div>
      <div class="rows" role="tree" tabindex="0" data-side=${side} aria-label=${`${name} fields`} @pointerleave=${() => { this.pointed = undefined; }} aria-activedescendant=${row >= range.first && row < range.end ? `${side}-${row}` : nothing} ${ref(this.attachers[side])}>
        <div role="presentation" style="height: ${range.height}px"><div role="presentation" style="transform: translateY(${range.offset}px)">
          ${repeat(rows.slice(range.first, range.end), ({ id }) => id, (field, at) => this.row(side, field, range.first + at, linked))}
        </div></div>
      </div>
      ${rows.length === 0 ? html`<div class="none quiet">${this.emptyText(side)}</div>` : nothing}
      ${stubs && stubs.above > 0 ? html`<span class="stub above" title="Lines that end further up" aria-hidden="true">${icon('arrow-up')}${formatNumber(stubs.above)}</span>` : nothing}
      ${stubs && stubs.below > 0 ? html`<span class="stub below" title="Lines that end further down" aria-hidden="true">${icon('arrow-down')}${formatNumber(stubs.below)}</span>` : nothing}
      ${store.fields.trees[side].isCut ? html`<div class="none quiet">There are more fields than are shown.</div>` : nothing}
    </section>`;
  }

  private emptyText(side: Side): unknown {
    const { store } = this;
    if (store.fields.filter[side] !== '') return 'No field fits.';
    if (store.sample.isBusy) return 'Looking…';
    const schema = this.canChooseSchema ? linkButton({ label: 'Use a schema', icon: 'symbol-structure', onClick: () => this.onSchema(side) }) : nothing;
    if (side === 'target') return html`<p>No schema says what is wanted.</p><p>A rule may write any field: press N.</p><div class="actions">${schema}</div>`;
    return html`<p>No sample and no schema yet.</p><div class="actions">${sampleLinks({ onRun: this.onRun, onCall: store.input?.trusted === false ? undefined : () => void store.sample.callEndpoint(), onPaste: this.onPaste, onFile: () => void store.sample.pick() })}${schema}</div>`;
  }

  private get canChooseSchema(): boolean {
    const { input } = this.store;
    return (input?.workspace?.schemas.length ?? 0) > 0 && (input?.step === undefined || !this.store.readOnly);
  }

  private row(side: Side, field: FieldNode, at: number, linked: ReadonlySet<string>): TemplateResult {
    const { store } = this;
    const rules = rulesOf(store.rules, side, field.id);
    const isChosen = store.chosen?.side === side && store.chosen.id === field.id;
    const problems = store.problemsOf(side, field.id).filter(({ severity }) => severity !== 'info');
    const failure = store.failureIn(side, field.id);
    const tone = worst(problems, failure !== undefined);
    const isGone = field.origin === 'rule' && side === 'source' && (store.sample.look?.source.from !== undefined || store.sample.trial !== undefined) && rules.length > 0 && field.keys !== undefined && field.children.length === 0;
    const values = store.values(side, field);
    const isClosed = store.fields.closed[side].has(field.id) && store.fields.filter[side] === '';
    const classes = `row ${store.fields.active[side] === field.id ? 'active' : ''} ${isChosen ? 'chosen' : ''} ${linked.has(field.id) ? 'linked' : ''} ${rules.length > 0 ? 'used' : ''} ${isGone ? 'gone' : ''} ${this.drag?.over === field.id && side === 'target' ? 'over' : ''} tone-row-${tone}`;
    const text = failure ?? problems[0]?.message;
    const shown = failure === undefined ? valueText(values, field, store.sample.trial?.isCut === true) || problems.find(({ word }) => word !== undefined)?.word : 'fails';
    const dot = html`<span class="dot" aria-hidden="true"></span>`;
    const value = html`<span class="value mono ellipsis" title=${text ?? values.map((one) => formatValue(one, 500)).join('\n')}>${tone !== 'good' ? icon(tone === 'bad' ? 'error' : 'warning', { tone }) : nothing}${shown}</span>`;
    return html`<div class=${classes} role="treeitem" id="${side}-${at}" data-id=${field.id} aria-level=${field.depth + 1} aria-setsize=${(field.parent?.children ?? store.fields.trees[side].roots).length} aria-posinset=${(field.parent?.children ?? store.fields.trees[side].roots).indexOf(field) + 1}
      aria-selected=${isChosen ? 'true' : 'false'} aria-expanded=${field.children.length > 0 ? (isClosed ? 'false' : 'true') : nothing} aria-label=${describeField(store, side, field)}
      @pointerenter=${() => { if (rules.length > 0 && !this.drag) this.pointed = { side, id: field.id }; }} @click=${() => this.pick(side, field.id)} @dblclick=${() => { this.pick(side, field.id); this.onOpen(); }} @pointerdown=${(event: PointerEvent) => this.onDown(event, side, field.id)}>
      ${side === 'target' ? dot : nothing}
      <span class="indent" style="width: ${field.depth * 14}px"></span>
      ${field.children.length > 0 ? html`<span class="twisty" @click=${(event: Event) => { event.stopPropagation(); store.fields.setClosed(side, field.id, !isClosed); }}>${icon(isClosed ? 'chevron-right' : 'chevron-down')}</span>` : html`<span class="twisty"></span>`}
      <span class="type" title=${[typeText(field), field.description].filter(Boolean).join(': ')}>${icon(field.isList ? 'symbol-array' : (typeIcons[field.types[0] ?? ''] ?? 'symbol-field'))}</span>
      <span class="name ellipsis" title=${field.id}>${field.name}${field.isList ? html`<span class="quiet">[]</span>` : nothing}${field.isRequired && side === 'target' ? html`<span class="required" title="Required">*</span>` : nothing}</span>
      ${isGone && problems.length === 0 ? html`<span class="gone-mark" title="The sample has no such field">${icon('warning', { tone: 'warn' })}</span>` : nothing}
      ${value}
      ${side === 'source' ? dot : nothing}
    </div>`;
  }

  private middle(drawing: Drawing | undefined): TemplateResult {
    const { store, drag } = this;
    const right = Math.max(60, this.middleWidth);
    const isFocused = this.pointed !== undefined || store.chosen !== undefined;
    return html`<div class="middle" aria-hidden="true">
      <svg width="100%" height="100%">${drawing?.segments.map(({ wire, y1, y2, out }) => {
        const isOn = this.isOn(wire);
        // A line whose other end is out of view is only begun, unless it is what is looked at.
        const path = out === undefined || isOn ? curve({ y1, y2 }, 0, right) : stub({ y1, y2 }, out, right);
        return svg`<path class="wire ${wire.tone} ${wire.isList ? 'list' : ''} ${wire.rule === undefined ? 'of-file' : ''} ${isOn ? 'on' : isFocused ? 'dim' : ''}" d=${path} @click=${() => { if (wire.rule !== undefined) store.selectRule(wire.rule); }}></path>`;
      })}${drag?.at ? svg`<path class="wire on drag" d=${curve({ y1: drag.y, y2: drag.at.y }, 0, Math.max(10, drag.at.x))}></path>` : nothing}</svg>
      ${this.chips()}
    </div>`;
  }

  /** Chips stand beside the target rows in view. */
  private chips(): unknown {
    const { store } = this;
    const { first, end } = this.lists.target.range(store.fields.rows.target.length);
    const top = this.scrollers.target?.scrollTop ?? 0;
    const height = this.scrollers.target?.clientHeight ?? 0;
    return store.fields.rows.target.slice(first, end).map((field, at) => {
      const rules = rulesOf(store.rules, 'target', field.id);
      const y = (first + at) * rowHeight - top;
      if (rules.length === 0 || y < -rowHeight / 2 || y > height - rowHeight / 2) return nothing;
      return chipRow(store, rules.at(-1)!, { count: rules.length, y, field, room: this.middleWidth, onOpen: this.onOpen, onAddTransform: this.onAddTransform });
    });
  }

  private draw(): Drawing | undefined {
    const { source, target } = this.scrollers;
    if (!source || !target) return undefined;
    return drawWires(this.store.wires, this.viewOf('source', source), this.viewOf('target', target));
  }

  private viewOf(side: Side, scroller: HTMLElement): RowView {
    return { rows: placesOf(this.store.fields.rows[side]), tree: this.store.fields.trees[side], rowHeight, top: scroller.scrollTop, height: scroller.clientHeight };
  }

  private get middleWidth(): number {
    return Math.round(this.width.pixels * 0.3);
  }

  private isOn({ rule, source, target }: Drawing['segments'][number]['wire']): boolean {
    const { chosen } = this.store;
    const { pointed } = this;
    if (pointed) return pointed.side === 'source' ? source === pointed.id : target === pointed.id;
    if (this.store.rule !== undefined) return rule === this.store.rule;
    return chosen !== undefined && (chosen.side === 'source' ? source === chosen.id : target === chosen.id);
  }

  /** The fields at the other end of what is chosen. */
  private linkedTo(side: Side): ReadonlySet<string> {
    const { chosen, wires, rule } = this.store;
    if (!chosen || chosen.side === side) return new Set();
    return new Set(wires.flatMap((wire) => ((chosen.side === 'source' ? wire.source : wire.target) === chosen.id && (rule === undefined || wire.rule === rule) ? [side === 'source' ? wire.source : wire.target] : [])));
  }

  private pick(side: Side, id: string): void {
    this.store.selectField(side, id);
    const other = side === 'source' ? rulesOf(this.store.rules, 'source', id)[0]?.targetId : rulesOf(this.store.rules, 'target', id).at(-1)?.sourceIds[0];
    if (other !== undefined) this.revealOther(side === 'source' ? 'target' : 'source', other);
  }

  /** The other end comes into view where it can be seen without opening what is folded. */
  private revealOther(side: Side, id: string): void {
    const row = placesOf(this.store.fields.rows[side]).get(id);
    if (row !== undefined) this.lists[side].reveal(row);
  }

  private attach(side: Side, element: Element | undefined): void {
    this.lists[side].attach(element);
    if (element) this.scrollers[side] = element as HTMLElement;
    else delete this.scrollers[side];
  }

  private onDown(event: PointerEvent, side: Side, id: string): void {
    if (event.button !== 0 || side !== 'source' || this.store.readOnly || (event.target as Element).closest('.twisty')) return;
    const row = event.currentTarget as HTMLElement;
    const box = row.getBoundingClientRect();
    this.drag = { source: id, y: box.top + rowHeight / 2 - this.scrollers.source!.getBoundingClientRect().top, at: undefined, over: undefined };
    this.from = { x: event.clientX, y: event.clientY };
  }

  private from = { x: 0, y: 0 };

  private readonly onMove = (event: PointerEvent): void => {
    const { drag } = this;
    if (!drag || (!drag.at && Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < 5)) return;
    if (event.buttons === 0) return this.endDrag();
    const box = this.renderRoot.querySelector('.middle')!.getBoundingClientRect();
    const over = (this.shadowRoot!.elementFromPoint(event.clientX, event.clientY)?.closest('.target .row') as HTMLElement | null)?.dataset['id'];
    this.drag = { ...drag, at: { x: Math.min(event.clientX - box.left, box.width), y: event.clientY - box.top }, over };
  };

  private readonly onUp = (): void => {
    const { drag } = this;
    this.endDrag();
    if (drag?.at && drag.over !== undefined) this.onConnect(drag.source, drag.over);
  };

  private readonly endDrag = (): void => { this.drag = undefined; };
}

customElements.define('patchbay-map-canvas', MapCanvas);
