import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { FlowCommand, FlowDebug, FlowDocument, FlowHost, FlowRun, FlowView, FlowWorkspace } from '../protocol/flow.ts';
import type { MapCommand } from '../protocol/map.ts';
import type { Api } from '../protocol/rpc.ts';
import { formatNumber } from '../shared/format.ts';
import type { ViewState } from '../shared/host.ts';
import { kitStyles } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { copy, pasteText, performEffect, remove, runCommand, type Command, type Linking, type Stage } from './actions.ts';
import { Announcer } from '../shared/announcer.ts';
import type { Camera } from './camera.ts';
import './canvas.ts';
import type { FlowCanvas } from './canvas.ts';
import { editorStyles } from './editor-styles.ts';
import { banners, emptyCard, findBox, keyHelp, toolBar } from './editor-parts.ts';
import { findNodes, nextFound } from './find.ts';
import './inspector.ts';
import type { Inspector, InspectorTab } from './inspector.ts';
import { commandOf } from './keymap.ts';
import { MapLayer, type MapLayerState } from './map-layer.ts';
import { FlowStore } from './store.ts';

/** What is kept of the view while its tab is hidden. */
export interface FlowViewState {
  readonly camera: Camera;
  readonly selected: readonly string[];
  readonly current?: string | undefined;
  readonly tab: InspectorTab;
  readonly open: boolean;
  readonly width: number;
  readonly minimap: boolean;
  /** Half-typed fields, by place. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly map?: MapLayerState | undefined;
}

export interface FlowOpening extends FlowDocument {
  readonly catalog: readonly CatalogEntry[];
  readonly workspace: FlowWorkspace;
  readonly run?: FlowRun;
  readonly debug?: FlowDebug;
  readonly trusted: boolean;
}

/** The whole editor of one flow: tool bar, canvas, inspector. Its state is the store's and the view's; the document is the host's. */
export class FlowEditor extends LitElement implements Stage {
  static override properties = {
    linking: { state: true }, finding: { state: true }, helping: { state: true }, inspecting: { state: true }, minimap: { state: true }, tab: { state: true }, said: { state: true }, zoom: { state: true }, width: { state: true },
  };
  static override styles = [baseStyles, toneStyles, kitStyles, editorStyles];

  declare linking: Linking | undefined;
  /** Text that is searched for; `undefined`: the box is closed. */
  declare finding: string | undefined;
  declare helping: boolean;
  declare inspecting: boolean;
  declare minimap: boolean;
  declare tab: InspectorTab;
  declare said: string;
  declare zoom: number;
  declare width: number;

  readonly store: FlowStore;
  readonly host: Api<FlowHost>;
  readonly map: MapLayer;
  drafts: Record<string, string> = {};
  private readonly announcer = new Announcer((text) => { this.said = text; });
  private readonly canvasRef = createRef<FlowCanvas>();
  private readonly inspectorRef = createRef<Inspector>();
  private viewState: ViewState<FlowViewState> | undefined;
  private saving: ReturnType<typeof setTimeout> | undefined;
  private lastStatus: string | undefined;
  private isCanvasUsed = true;

  constructor(host: Api<FlowHost>) {
    super();
    this.host = host;
    this.store = new FlowStore(host, () => this.requestUpdate());
    this.map = new MapLayer(host, this.store, { change: () => this.requestUpdate(), close: (step) => this.backToStep(step), view: () => this.saveLater() });
    this.linking = undefined;
    this.finding = undefined;
    this.helping = false;
    this.inspecting = true;
    this.minimap = false;
    this.tab = 'setup';
    this.said = '';
    this.zoom = 1;
    this.width = 360;
  }

  /** What the host calls. */
  get api(): FlowView {
    return {
      document: (document) => this.store.setDocument(document),
      catalog: (plugins, workspace) => this.store.setCatalog({ plugins }, workspace),
      diagnostics: (diagnostics: readonly Diagnostic[]) => this.store.setDiagnostics(diagnostics),
      run: (run) => this.showRun(run),
      debug: (debug) => this.showDebug(debug),
      command: (name: FlowCommand) => this.commandOfHost(name),
      mapCommand: (name: MapCommand) => this.mapCommand(name),
      select: (step) => this.reveal(step),
    };
  }

  /** Shows a flow for the first time, as it was left. */
  async begin(opening: FlowOpening, viewState: (subject: string) => ViewState<FlowViewState>): Promise<void> {
    const { catalog, workspace, run, debug, trusted, ...document } = opening;
    this.viewState = viewState(document.file);
    const kept = this.viewState.get();
    this.store.trusted = trusted;
    this.store.setCatalog({ plugins: catalog }, workspace);
    this.store.setDocument(document);
    this.store.setRun(run);
    if (debug) this.store.setDebug(debug);
    if (kept) {
      this.tab = kept.tab;
      this.inspecting = kept.open;
      this.width = kept.width;
      this.minimap = kept.minimap;
      this.drafts = { ...kept.drafts };
      this.store.select(kept.selected, kept.current);
      if (kept.map && this.map.canOpen(kept.map.step)) this.map.open(kept.map.step, kept.map.view);
    } else if (innerWidth < 900) {
      this.inspecting = false;
    }
    await this.updateComplete;
    if (kept && this.canvas) this.canvas.camera = kept.camera;
    else this.showStart();
  }

  get canvas(): FlowCanvas | undefined {
    return this.canvasRef.value;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.onKey);
    document.addEventListener('keydown', this.onEarlyKey, true);
    document.addEventListener('pointerdown', this.onAnyPointer, true);
    this.addEventListener('contextmenu', this.onMenu);
    document.addEventListener('copy', this.onCopy);
    document.addEventListener('cut', this.onCut);
    document.addEventListener('paste', this.onPaste);
    addEventListener('pagehide', this.save);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.onKey);
    document.removeEventListener('keydown', this.onEarlyKey, true);
    document.removeEventListener('pointerdown', this.onAnyPointer, true);
    this.removeEventListener('contextmenu', this.onMenu);
    document.removeEventListener('copy', this.onCopy);
    document.removeEventListener('cut', this.onCut);
    document.removeEventListener('paste', this.onPaste);
    removeEventListener('pagehide', this.save);
  }

  announce(text: string): void {
    this.announcer.say(text);
  }

  openInspector(tab?: InspectorTab): void {
    this.inspecting = true;
    if (tab) this.tab = tab;
    const { current, selected } = this.store;
    if (current !== undefined && !selected.has(current)) this.store.select([current], current);
    void this.updateComplete.then(() => {
      // A sheet that opens below may cover what it is about.
      if (current !== undefined) this.canvas?.reveal(current);
      return this.inspectorRef.value?.focusFirst();
    });
  }

  openFind(): void {
    this.finding ??= '';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.find vscode-textfield')?.focus());
  }

  findNext(step: 1 | -1): void {
    const found = findNodes(this.store.scene, this.finding ?? '');
    const next = nextFound(found, this.store.current, step);
    if (next === undefined) return this.announce('Nothing was found.');
    this.store.select([next], next);
    this.canvas?.reveal(next);
    this.announce(`${found.indexOf(next) + 1} of ${found.length}: ${this.store.scene.nodes.get(next)?.title}`);
  }

  toggleHelp(): void {
    this.helping = !this.helping;
    if (this.helping) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.sheet button')?.focus());
  }

  toggleMinimap(): void {
    this.minimap = !this.minimap;
  }

  closeTop(): boolean {
    if (this.helping) this.helping = false;
    else if (this.finding !== undefined) this.finding = undefined;
    else return false;
    void this.canvas?.focusNode();
    return true;
  }

  run(command: Command): void {
    void runCommand(this, command);
  }

  /** Opens the mapping of the step that is selected. */
  openMap(step = this.store.only): void {
    if (this.map.canOpen(step)) this.map.open(step);
    else this.announce('Select a step with a mapping first.');
  }

  private commandOfHost(name: FlowCommand): void {
    const { step } = this.map;
    if (step === undefined) void runCommand(this, name);
    else if (name === 'add' || name === 'find' || name === 'duplicate') this.map.command(name);
    else if (name === 'breakpoint') void this.host.breakpoint(step);
    else if (this.map.close()) void this.updateComplete.then(() => runCommand(this, name));
  }

  private mapCommand(name: MapCommand): void {
    if (this.map.step === undefined) this.openMap();
    void this.updateComplete.then(() => this.map.command(name));
  }

  private backToStep(step: string): void {
    if (!this.store.scene.nodes.has(step)) return;
    this.store.select([step], step);
    void this.updateComplete.then(() => this.canvas?.focusNode());
  }

  private reveal(step: string): void {
    if (this.map.step !== step) this.map.close();
    this.store.select([step], step);
    void this.updateComplete.then(() => this.canvas?.reveal(step));
  }

  private showRun(run: FlowRun | undefined): void {
    this.store.setRun(run);
    const status = run && `${run.id} ${run.status}`;
    if (status !== this.lastStatus && run && run.status !== 'queued') this.announce(runText(run));
    this.lastStatus = status;
    this.map.setRun(run);
  }

  /** The step where the debugger stands comes into view. */
  private showDebug(debug: FlowDebug): void {
    const before = this.store.debug.stopped;
    this.store.setDebug(debug);
    if (debug.stopped === undefined || debug.stopped === before) return;
    const { stopped } = debug;
    this.map.close();
    void this.updateComplete.then(() => this.canvas?.reveal(stopped));
    this.announce(`The debugger stands at ${this.store.scene.nodes.get(stopped)?.title ?? stopped}.`);
  }

  /** The whole flow where it can be read so; else its beginning. */
  private showStart(): void {
    const { canvas } = this;
    if (!canvas) return;
    canvas.fit();
    if (canvas.camera.zoom >= 0.6) return;
    const { bounds } = this.store.scene;
    const first = this.store.scene.nodes.get(this.store.scene.start ?? '') ?? [...this.store.scene.nodes.values()][0];
    const zoom = 0.9;
    canvas.camera = { x: 40 - bounds.x * zoom, y: canvas.viewSize.height / 2 - ((first?.y ?? 0) + 30) * zoom, zoom };
  }

  protected override willUpdate(): void {
    // The step may have gone, by an undo or by another hand.
    if (this.store.loaded && this.map.step !== undefined && !this.map.canOpen(this.map.step)) this.map.close();
  }

  protected override updated(): void {
    this.style.setProperty('--inspector-width', `${this.width}px`);
    this.saveLater();
  }

  private saveLater(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(this.save, 250);
  }

  private readonly save = (): void => {
    if (!this.store.loaded || !this.canvas) return;
    this.viewState?.set({
      camera: this.canvas.camera, selected: [...this.store.selected].slice(0, 200), current: this.store.current, tab: this.tab, open: this.inspecting, width: this.width, minimap: this.minimap, drafts: this.drafts, map: this.map.state,
    });
  };

  protected override render(): TemplateResult {
    const { store } = this;
    const found = this.finding === undefined ? [] : findNodes(store.scene, this.finding);
    const isCovered = this.map.step !== undefined;
    return html`
      <div class="flow ${isCovered ? 'covered' : ''}" ?inert=${isCovered}>
      ${toolBar(this)}
      ${banners(this)}
      <main>
        <div class="stage">
          <patchbay-flow-canvas ${ref(this.canvasRef)} .scene=${store.scene} .selected=${store.selected} .current=${store.current} .run=${store.run} .debug=${store.debug} .diagnostics=${store.findings} .readOnly=${store.readOnly}
            .linking=${this.linking} .found=${new Set(found)} .flashing=${store.flashing} .minimap=${this.minimap && store.scene.nodes.size >= 8} .label=${`Flow ${store.flow.title ?? store.document.file}`}
            .act=${this.act} .moved=${this.cameraMoved} .opened=${this.opened} .tapped=${this.tapped}></patchbay-flow-canvas>
          ${store.loaded && store.scene.nodes.size === Object.keys(store.flow.triggers ?? {}).length && !store.readOnly ? emptyCard(this) : nothing}
          ${this.finding === undefined ? nothing : findBox(this, found)}
          ${this.helping ? keyHelp(this) : nothing}
        </div>
        ${this.inspecting ? html`
          <div class="sash" role="separator" aria-orientation="vertical" aria-label="Width of the inspector" aria-valuemin="260" aria-valuemax="900" aria-valuenow=${this.width} tabindex="0" @pointerdown=${this.onSash} @keydown=${this.onSashKey}></div>
          <patchbay-inspector ${ref(this.inspectorRef)} .stage=${this} .tab=${this.tab} .drafts=${this.drafts} .onTab=${this.onTab} .onClose=${this.closeInspector} .tick=${{}}></patchbay-inspector>` : nothing}
      </main></div>
      ${this.map.render()}
      <div class="for-screen-readers" role="status" aria-live="polite">${this.said}</div>`;
  }

  /** The canvas has the keys also where nothing has the focus, as just after the tab was chosen; not where the user has pressed beside it. */
  private get hasCanvasFocus(): boolean {
    if (this.map.step !== undefined) return false;
    return this.canvas?.hasFocus === true || (this.isCanvasUsed && (document.activeElement === document.body || document.activeElement === null));
  }

  private readonly onAnyPointer = (event: PointerEvent): void => {
    this.isCanvasUsed = this.canvas !== undefined && event.composedPath().includes(this.canvas);
  };

  private readonly act = (effect: Parameters<typeof performEffect>[1]): void => void performEffect(this, effect);
  private readonly tapped = (): void => this.run('toggle-select');
  private readonly opened = (): void => this.openInspector();
  private readonly cameraMoved = (camera: Camera): void => {
    this.zoom = camera.zoom;
    this.saveLater();
  };
  private readonly onTab = (tab: InspectorTab): void => { this.tab = tab; };
  private readonly closeInspector = (): void => {
    this.inspecting = false;
    void this.canvas?.focusNode();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.map.step !== undefined) return;
    const region = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-3]$/.test(event.code) ? event.code.at(-1) : undefined;
    if (region) {
      event.preventDefault();
      if (region === '1') this.renderRoot.querySelector<HTMLElement>('.bar button:not(:disabled)')?.focus();
      else if (region === '2') void this.canvas?.focusNode();
      else this.openInspector();
      return;
    }
    if (!this.hasCanvasFocus) {
      if (event.key === 'Escape' && !event.defaultPrevented) void (this.closeTop() || this.canvas?.focusNode());
      return;
    }
    if (event.key === ' ') return event.preventDefault();
    const command = commandOf({ key: event.key, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey, alt: event.altKey }, { singleKeys: true });
    // VS Code opens its own menu.
    if (!command || command === 'menu') return;
    event.preventDefault();
    this.run(command);
  };

  // The select control keeps Escape to itself even where it is closed.
  private readonly onEarlyKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.map.step !== undefined) return;
    const select = event.composedPath().find((target) => target instanceof Element && target.localName === 'vscode-single-select') as (Element & { readonly open: boolean }) | undefined;
    if (select && !select.open) void (this.closeTop() || this.canvas?.focusNode());
  };

  /** VS Code asks the nearest element outside of any shadow what its menu is about. */
  private readonly onMenu = (event: MouseEvent): void => {
    const at = event.composedPath().map((target) => (target instanceof HTMLElement ? target.dataset['id'] : undefined)).find((id) => id !== undefined);
    const step = this.store.scene.nodes.get(at ?? '')?.kind === 'step' ? at : undefined;
    this.dataset['vscodeContext'] = JSON.stringify({ preventDefaultContextMenuItems: true, ...(step !== undefined && { webviewSection: 'step', step }) });
  };

  private readonly onCopy = (event: ClipboardEvent): void => {
    if (!this.hasCanvasFocus || !event.clipboardData) return;
    event.preventDefault();
    copy(this, event.clipboardData);
  };

  private readonly onCut = (event: ClipboardEvent): void => {
    if (!this.hasCanvasFocus || !event.clipboardData) return;
    event.preventDefault();
    copy(this, event.clipboardData);
    if (!this.store.readOnly) void remove(this);
  };

  private readonly onPaste = (event: ClipboardEvent): void => {
    if (!this.hasCanvasFocus || this.store.readOnly) return;
    event.preventDefault();
    void pasteText(this, event.clipboardData?.getData('text/plain') ?? '');
  };

  private readonly onSash = (event: PointerEvent): void => {
    const sash = event.currentTarget as HTMLElement;
    sash.setPointerCapture(event.pointerId);
    sash.classList.add('dragging');
    const move = (moved: PointerEvent): void => this.resize(this.getBoundingClientRect().right - moved.clientX);
    const end = (): void => {
      sash.classList.remove('dragging');
      sash.removeEventListener('pointermove', move);
    };
    sash.addEventListener('pointermove', move);
    sash.addEventListener('pointerup', end, { once: true });
    sash.addEventListener('pointercancel', end, { once: true });
  };

  private readonly onSashKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    this.resize(this.width + (event.key === 'ArrowLeft' ? 20 : -20));
  };

  private resize(width: number): void {
    this.width = Math.round(Math.max(260, Math.min(900, this.clientWidth * 0.7, width)));
  }
}

function runText(run: FlowRun): string {
  const failed = Object.values(run.steps).reduce((sum, { failed }) => sum + failed, 0);
  if (run.status === 'running') return 'The run has started.';
  return `Run finished: ${run.status.replace('-', ' ')}${failed > 0 ? `, ${formatNumber(failed)} failed` : ''}.`;
}

customElements.define('patchbay-flow', FlowEditor);
