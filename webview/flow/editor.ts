import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { FlowHost, FlowOpening, FlowView } from '../protocol/flow.ts';
import type { Api } from '../protocol/rpc.ts';
import { Announcer } from '../shared/announcer.ts';
import { frameStyles } from '../shared/editor-frame.ts';
import type { ViewState } from '../shared/host.ts';
import { kitStyles } from '../shared/kit.ts';
import type { IsOther } from '../shared/open-page.ts';
import { sash } from '../shared/sash.ts';
import { listenToPage } from '../shared/page-events.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { openNode, performEffect, runCommand, type Command } from './actions.ts';
import type { Camera } from './camera.ts';
import './canvas.ts';
import type { FlowCanvas } from './canvas.ts';
import { flowView } from './editor-api.ts';
import { EditorKeys } from './editor-keys.ts';
import { banners, emptyCard, findBox, keyHelp, toolBar } from './editor-parts.ts';
import { editorStyles } from './editor-styles.ts';
import { showStart, type FlowViewState } from './editor-view-state.ts';
import { findNodes, nextFound } from './find.ts';
import './inspector.ts';
import type { Inspector, InspectorTab } from './inspector.ts';
import { finishNote } from './mark-actions.ts';
import { MapLayer } from './map-layer.ts';
import type { NoteEditing, NoteEvents } from './mark-view.ts';
import type { Linking, Stage } from './stage.ts';
import { FlowStore } from './store.ts';

/** Of the box in which is searched, and its distance from the edge: it lies over the canvas. */
const findBoxHeight = 60;

/** The whole editor of one flow: tool bar, canvas, inspector. Its state is the store's and the view's; the document is the host's. */
export class FlowEditor extends LitElement implements Stage {
  static override properties = {
    linking: { state: true }, editing: { state: true }, finding: { state: true }, helping: { state: true }, inspecting: { state: true }, minimap: { state: true }, tab: { state: true }, said: { state: true }, zoom: { state: true }, width: { state: true },
  };
  static override styles = [baseStyles, toneStyles, kitStyles, frameStyles, editorStyles];

  declare linking: Linking | undefined;
  declare editing: NoteEditing | undefined;
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
  /** What the host calls. */
  readonly api: FlowView;
  /** Whether letters and digits alone are commands. */
  singleKeys = true;
  drafts: Record<string, string> = {};
  starting = false;
  private readonly keys = new EditorKeys(this);
  private readonly announcer = new Announcer((text) => { this.said = text; });
  private readonly canvasRef = createRef<FlowCanvas>();
  private readonly inspectorRef = createRef<Inspector>();
  private viewState: ViewState<FlowViewState> | undefined;
  private saving: ReturnType<typeof setTimeout> | undefined;
  private lastSelected: string | undefined;

  constructor(host: Api<FlowHost>) {
    super();
    this.host = host;
    this.store = new FlowStore(host, () => this.requestUpdate());
    this.map = new MapLayer(host, this.store, { change: () => this.requestUpdate(), close: (step) => this.backToStep(step), view: () => this.saveLater() });
    this.api = flowView(this);
    this.linking = undefined;
    this.editing = undefined;
    this.finding = undefined;
    this.helping = false;
    this.inspecting = true;
    this.minimap = false;
    this.tab = 'setup';
    this.said = '';
    this.zoom = 1;
    this.width = 360;
    listenToPage(this, { pagehide: this.save });
  }

  /** Shows a flow for the first time, as it was left. */
  async begin(opening: FlowOpening, viewState: (subject: string) => ViewState<FlowViewState>): Promise<void> {
    const { catalog, workspace, diagnostics, run, debug, coverage, trusted, singleKeys = true, ...document } = opening;
    this.singleKeys = this.map.singleKeys = singleKeys;
    this.viewState = viewState(document.file);
    const kept = this.viewState.get();
    this.store.trusted = trusted;
    this.store.setCatalog({ plugins: catalog }, workspace);
    this.store.setDocument(document);
    this.store.setDiagnostics(diagnostics);
    this.store.setRun(run);
    if (debug) this.store.setDebug(debug);
    this.store.setCoverage(coverage);
    if (kept) {
      this.tab = kept.tab;
      this.inspecting = kept.open;
      this.width = kept.width;
      this.minimap = kept.minimap;
      this.drafts = { ...kept.drafts };
      this.store.select(kept.selected, kept.current);
      if (kept.editing && !this.store.readOnly) this.editing = kept.editing;
      if (kept.map && this.map.canOpen(kept.map.step)) this.map.open(kept.map.step, kept.map.view);
    } else if (innerWidth < 900) {
      this.inspecting = false;
    }
    await this.updateComplete;
    if (kept && this.canvas) this.canvas.camera = kept.camera;
    else if (this.canvas) showStart(this.canvas, this.store);
    // Where the debugger has come to while nothing was shown.
    if (debug?.stopped === undefined || debug.stopped === kept?.stopped) return;
    this.map.close();
    this.canvas?.reveal(debug.stopped);
  }

  /** As all is by now, as if it were told. */
  refresh({ catalog, workspace, diagnostics, run, debug, coverage, trusted, singleKeys = true, ...document }: FlowOpening, isOther: IsOther<FlowOpening>): void {
    const { api, store } = this;
    store.trusted = trusted;
    if (isOther('catalog', 'workspace')) api.catalog(catalog, workspace);
    if (isOther('text', 'version', 'file', 'readOnly')) api.document(document);
    if (isOther('diagnostics')) api.diagnostics(diagnostics);
    if (isOther('run')) api.run(run);
    if (isOther('debug') && debug) api.debug(debug);
    if (isOther('coverage')) api.coverage(coverage);
    api.singleKeys(singleKeys);
    this.requestUpdate();
  }

  get canvas(): FlowCanvas | undefined {
    return this.canvasRef.value;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.keys.listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.keys.stop();
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
    this.canvas?.reveal(next, findBoxHeight);
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

  /** Starts a run. It takes a moment until it is known; until then no other one is started. */
  async start(): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    this.requestUpdate();
    try {
      await this.host.run({});
    } finally {
      this.starting = false;
      this.requestUpdate();
    }
  }

  run(command: Command): void {
    void runCommand(this, command);
  }

  /** Opens the mapping of the step that is selected. */
  openMap(step = this.store.only): void {
    if (this.map.canOpen(step)) this.map.open(step);
    else this.announce('Select a step with a mapping first.');
  }

  private backToStep(step: string): void {
    if (!this.store.scene.nodes.has(step)) return;
    this.store.select([step], step);
    void this.updateComplete.then(() => this.canvas?.focusNode());
  }

  protected override willUpdate(): void {
    // The step may have gone, by an undo or by another hand.
    const { editing } = this;
    if (this.store.loaded && editing && !this.store.scene.nodes.has(editing.id) && !this.store.isWanted(editing.id)) this.editing = undefined;
    if (this.store.loaded && this.map.step !== undefined && !this.map.canOpen(this.map.step)) this.map.close();
  }

  protected override updated(): void {
    this.style.setProperty('--inspector-width', `${this.width}px`);
    if (this.store.only !== this.lastSelected) {
      this.lastSelected = this.store.only;
      void this.host.selected(this.lastSelected);
    }
    this.saveLater();
  }

  private saveLater(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(this.save, 250);
  }

  private readonly save = (): void => {
    if (!this.store.loaded || !this.canvas) return;
    this.viewState?.set({
      camera: this.canvas.camera, selected: [...this.store.selected].slice(0, 200), current: this.store.current, tab: this.tab, open: this.inspecting, width: this.width, minimap: this.minimap, drafts: this.drafts, map: this.map.state, editing: this.editing, stopped: this.store.debug.stopped,
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
          <patchbay-flow-canvas ${ref(this.canvasRef)} .scene=${store.scene} .selected=${store.selected} .current=${store.current} .run=${store.run} .debug=${store.debug} .coverage=${store.coverage} .diagnostics=${store.findings} .readOnly=${store.readOnly}
            .linking=${this.linking} .found=${new Set(found)} .flashing=${store.flashing} .minimap=${this.minimap && store.scene.nodes.size >= 8} .label=${`Flow ${store.flow.title ?? store.document.file}`}
            .act=${this.act} .moved=${this.cameraMoved} .opened=${this.opened} .tapped=${this.tapped} .editing=${this.editing} .noteEvents=${this.noteEvents}></patchbay-flow-canvas>
          ${store.loaded && Object.keys(store.flow.steps).length === 0 && !store.readOnly ? emptyCard(this) : nothing}
          ${this.finding === undefined ? nothing : findBox(this, found)}
          ${this.helping ? keyHelp(this) : nothing}
        </div>
        ${this.inspecting ? html`
          ${sash({ label: 'Width of the inspector', width: this.width, least: 260, most: 900, resize: this.resize })}
          <patchbay-inspector ${ref(this.inspectorRef)} .stage=${this} .tab=${this.tab} .drafts=${this.drafts} .onTab=${this.onTab} .onClose=${this.closeInspector} .tick=${{}}></patchbay-inspector>` : nothing}
      </main></div>
      ${this.map.render()}
      <div class="for-screen-readers" role="status" aria-live="polite">${this.said}</div>`;
  }

  private readonly act = (effect: Parameters<typeof performEffect>[1]): void => void performEffect(this, effect);
  private readonly tapped = (): void => this.run('toggle-select');
  private readonly opened = (id: string): void => void openNode(this, id);
  private readonly noteEvents: NoteEvents = {
    typed: (text) => { if (this.editing) this.editing = { ...this.editing, text }; },
    done: (text, isLeft) => void finishNote(this, text, isLeft),
  };
  private readonly cameraMoved = (camera: Camera): void => {
    this.zoom = camera.zoom;
    this.saveLater();
  };
  private readonly onTab = (tab: InspectorTab): void => { this.tab = tab; };
  private readonly closeInspector = (): void => {
    this.inspecting = false;
    void this.canvas?.focusNode();
  };

  private readonly resize = (width: number): void => {
    this.width = Math.round(Math.max(260, Math.min(900, this.clientWidth * 0.7, width)));
  };
}

customElements.define('patchbay-flow', FlowEditor);
