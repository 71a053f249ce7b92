import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { MapCommand } from '../protocol/map.ts';
import { Announcer } from '../shared/announcer.ts';
import { frameStyles } from '../shared/editor-frame.ts';
import { kitStyles } from '../shared/kit.ts';
import { isKeptEscape } from '../shared/leaving.ts';
import { listenToPage } from '../shared/page-events.ts';
import { sash } from '../shared/sash.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { createActions, type Actions, type Stage } from './actions.ts';
import './canvas.ts';
import type { MapCanvas } from './canvas.ts';
import { keyHelp, notices, toolBar } from './editor-parts.ts';
import { editorStyles } from './editor-styles.ts';
import type { Side } from './fields.ts';
import { commandOf, type KeyPlace } from './keymap.ts';
import './panel.ts';
import type { MapPanel, PanelTab } from './panel.ts';
import { pasteText } from './paste.ts';
import { MapStore, type MapInput, type MapLink, type StoreView } from './store.ts';
import { rulesTable } from './table.ts';

const mostLines = 200;

/** What is kept of the view while its tab is hidden. */
export interface MapViewState {
  readonly isTable: boolean;
  readonly tab: PanelTab;
  readonly isOpen: boolean;
  readonly width: number;
  readonly view: StoreView;
  /** Where both trees stand, in pixels. */
  readonly places: Readonly<Record<Side, number>>;
  /** Half-typed fields, by place. */
  readonly drafts: Readonly<Record<string, string>>;
}

/** The editor of one mapping: both trees with lines, or the rules as a table, and the rule that is chosen. */
export class MapEditor extends LitElement implements Stage {
  static override properties = { input: { attribute: false }, isTable: { state: true }, helping: { state: true }, isOpen: { state: true }, tab: { state: true }, said: { state: true }, panelWidth: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, frameStyles, editorStyles];

  declare input: MapInput | undefined;
  declare isTable: boolean;
  declare helping: boolean;
  declare isOpen: boolean;
  declare tab: PanelTab;
  declare said: string;
  declare panelWidth: number;

  readonly store: MapStore;
  readonly actions: Actions;
  /** Whether letters and signs alone are commands. */
  singleKeys = true;
  side: Side = 'source';
  drafts: Record<string, string> = {};
  /** Where it lies over something else: how to go back there. */
  onBack: (() => void) | undefined;
  /** Runs the flow around it. */
  onRun: (() => void) | undefined;
  onViewChange: () => void = () => undefined;
  private places: Readonly<Record<Side, number>> = { source: 0, target: 0 };
  private readonly announcer = new Announcer((text) => { this.said = text; });
  private readonly canvasRef = createRef<MapCanvas>();
  private readonly panelRef = createRef<MapPanel>();
  private readonly ownWidth = new Width(this);

  constructor(link: MapLink) {
    super();
    this.store = new MapStore(link, () => this.requestUpdate());
    this.actions = createActions(this);
    this.isTable = false;
    this.helping = false;
    this.isOpen = true;
    this.tab = 'rule';
    this.said = '';
    this.panelWidth = 340;
    this.addEventListener('keydown', this.onEarlyKey, true);
    this.addEventListener('focusin', this.onFocus);
    listenToPage(this, { keydown: this.onKey });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store.sample.dispose();
  }

  get viewState(): MapViewState {
    return { isTable: this.isTable, tab: this.tab, isOpen: this.isOpen, width: this.panelWidth, view: this.store.view, places: this.canvas?.places ?? this.places, drafts: this.drafts };
  }

  set viewState(kept: MapViewState) {
    this.isTable = kept.isTable;
    this.tab = kept.tab;
    this.isOpen = kept.isOpen;
    this.panelWidth = kept.width;
    this.drafts = { ...kept.drafts };
    this.places = kept.places;
    if (this.input) this.store.setInput(this.input);
    this.store.view = kept.view;
    void this.updateComplete.then(() => this.canvas?.moveTo(kept.places));
  }

  get canvas(): MapCanvas | undefined {
    return this.canvasRef.value;
  }

  command(name: MapCommand): void {
    this.actions.run(name);
  }

  announce(text: string): void {
    this.announcer.say(text);
  }

  openPanel(tab?: PanelTab, isFocused = false): void {
    this.isOpen = true;
    if (tab) this.tab = tab;
    if (isFocused) void this.updateComplete.then(() => this.panelRef.value?.focusFirst());
  }

  focusMain(): void {
    void this.focusRows();
  }

  private async focusRows(): Promise<void> {
    await this.updateComplete;
    await this.canvas?.updateComplete;
    if (this.showsTable) this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus();
    else this.canvas?.focusTree(this.side);
  }

  openFilter(): void {
    if (this.showsTable) this.renderRoot.querySelector<HTMLElement>('.table-filter vscode-textfield')?.focus();
    else this.canvas?.focusFilter(this.side);
  }

  async pasteSample(): Promise<void> {
    const text = await pasteText();
    if (text !== undefined) await this.store.sample.use(text, 'pasted sample');
  }

  toggleHelp(): void {
    this.helping = !this.helping;
    if (this.helping) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.sheet button')?.focus());
    else this.focusMain();
  }

  closeTop(): boolean {
    if (this.helping) this.helping = false;
    else return false;
    this.focusMain();
    return true;
  }

  /** Two trees need room: in a narrow place the table stands for them. */
  get showsTable(): boolean {
    return this.isTable || this.ownWidth.isNarrow;
  }

  get canSwitch(): boolean {
    return !this.ownWidth.isNarrow;
  }

  protected override willUpdate(): void {
    if (!this.input) return;
    const isFirst = this.store.input === undefined;
    this.store.setInput(this.input);
    // So many lines are better read as rows.
    if (isFirst && this.store.rules.length > mostLines) this.isTable = true;
  }

  protected override updated(): void {
    this.style.setProperty('--panel-width', `${this.panelWidth}px`);
    this.onViewChange();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const tick = {};
    return html`
      ${toolBar(this)}
      ${notices(this)}
      <main>
        ${this.showsTable ? rulesTable(store, () => this.openPanel('rule', true)) : html`<patchbay-map-canvas ${ref(this.canvasRef)} .store=${store} .tick=${tick} .onOpen=${this.onOpen} .onConnect=${this.onConnect} .onAddTransform=${this.onAddTransform} .onPaste=${this.onPaste} .onSchema=${this.onSchema} .onView=${this.onScroll} .onRun=${store.input?.trusted === false ? undefined : this.onRun}></patchbay-map-canvas>`}
        ${this.isOpen ? html`
          ${sash({ label: 'Width of the panel', width: this.panelWidth, least: 240, most: 800, resize: this.resize })}
          <patchbay-map-panel ${ref(this.panelRef)} .store=${store} .actions=${this.actions} .tab=${this.tab} .drafts=${this.drafts} .tick=${tick} .onTab=${this.onTab} .onClose=${this.closePanel}></patchbay-map-panel>` : nothing}
        ${this.helping ? keyHelp(this) : nothing}
      </main>
      <div class="for-screen-readers" role="status" aria-live="polite">${this.said}</div>`;
  }

  private readonly onOpen = (): void => this.openPanel('rule');
  private readonly onConnect = (source: string, target: string): void => void this.actions.connect(source, target);
  private readonly onAddTransform = (rule: number): void => void this.actions.addTransform(rule);
  private readonly onScroll = (): void => this.onViewChange();
  private readonly onSchema = (side: Side): void => void this.actions.chooseSchema(side);
  private readonly onPaste = (): void => void this.pasteSample();
  private readonly onTab = (tab: PanelTab): void => {
    this.tab = tab;
    if (tab === 'suggestions' && !this.store.sample.suggestions) void this.store.sample.suggest();
  };
  private readonly closePanel = (): void => {
    this.isOpen = false;
    this.focusMain();
  };

  private readonly onFocus = (): void => { this.side = this.canvas?.focusedSide ?? this.side; };

  private readonly onKey = (event: KeyboardEvent): void => {
    // A dialog that lies over everything has its own keys.
    if (!event.composedPath().includes(this) && event.target !== document.body) return;
    const region = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-4]$/.test(event.code) ? Number(event.code.at(-1)) : undefined;
    if (region !== undefined) return this.focusRegion(event, region);
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      if (this.closeTop()) return;
      if (this.placeOf(event) === 'other') this.focusMain();
      else this.onBack?.();
      return;
    }
    if (event.key === 'Tab' && this.crossesOver(event)) return event.preventDefault();
    const command = commandOf({ key: event.key, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey, alt: event.altKey }, this.placeOf(event), { singleKeys: this.singleKeys });
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    this.actions.run(command);
  };

  private readonly onEarlyKey = (event: KeyboardEvent): void => {
    if (isKeptEscape(event)) this.focusMain();
  };

  private focusRegion(event: KeyboardEvent, region: number): void {
    event.preventDefault();
    if (region === 1) this.renderRoot.querySelector<HTMLElement>('.bar button:not(:disabled)')?.focus();
    else if (region === 4) this.openPanel(undefined, true);
    else {
      this.side = region === 2 ? 'source' : 'target';
      this.focusMain();
    }
  }

  /** From tree to tree; the filters are reached by Ctrl+F, and from the source backwards. */
  private crossesOver(event: KeyboardEvent): boolean {
    // From nowhere Tab leads to the first control, as everywhere.
    if (event.target === document.body || event.ctrlKey || event.altKey || event.metaKey || this.placeOf(event) !== 'tree' || this.side !== (event.shiftKey ? 'target' : 'source')) return false;
    this.side = event.shiftKey ? 'source' : 'target';
    this.canvas?.focusTree(this.side);
    return true;
  }

  private placeOf(event: KeyboardEvent): KeyPlace {
    const path = event.composedPath();
    const target = path[0] as Element;
    // Where nothing has the focus, as just after the tab was chosen, the keys are those of what lies in the middle.
    if (target === document.body) return this.showsTable ? 'table' : 'tree';
    if (target.getAttribute('role') === 'tree') {
      this.side = (target as HTMLElement).dataset['side'] as Side;
      return 'tree';
    }
    return target.getAttribute('role') === 'grid' ? 'table' : 'other';
  }

  private readonly resize = (width: number): void => {
    this.panelWidth = Math.round(Math.max(240, Math.min(800, this.clientWidth * 0.6, width)));
  };
}

customElements.define('patchbay-map', MapEditor);
