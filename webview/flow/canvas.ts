import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { boundsOf, type Point, type Rect } from '../../server/model/picture/geometry.ts';
import { emptyScene, type Scene, type SceneNode } from '../../server/model/picture/scene.ts';
import type { FlowCovered, FlowDebug, FlowRun } from '../protocol/flow.ts';
import { baseStyles } from '../shared/styles.ts';
import { fitAround, isInView, nearestTo, reveal, toScene, visible, zoomAt, type Camera, type Size } from './camera.ts';
import { anyNodeView, culled, orderOf, shownNodes, type SceneOrder } from './canvas-nodes.ts';
import { CanvasPointer } from './canvas-pointer.ts';
import { CanvasPreview } from './canvas-preview.ts';
import { canvasStyles } from './canvas-styles.ts';
import { failedSteps, isPaused } from './describe.ts';
import { edgeView, linkView, plusView } from './edge-view.ts';
import { findIn, type SceneFinder } from './hit.ts';
import { noteText, type NoteEditing, type NoteEvents } from './mark-view.ts';
import { lookAt, moveLayers, ScenePainter } from './painter.ts';
import type { Effect, Hit, PortEnd } from './tools/tool.ts';

/**
 * The picture of a flow. Three layers: a painted far view, one SVG with the links in view, and the boxes in view as light-weight elements. Moving
 * the view writes one transform per frame; elements change only when the view leaves what was drawn around it. Nothing runs at rest.
 */
export class FlowCanvas extends LitElement {
  static override properties = {
    scene: { attribute: false }, selected: { attribute: false }, current: { attribute: false }, run: { attribute: false }, debug: { attribute: false }, coverage: { attribute: false }, diagnostics: { attribute: false },
    readOnly: { attribute: false }, editing: { attribute: false }, linking: { attribute: false }, found: { attribute: false }, flashing: { attribute: false }, minimap: { attribute: false }, label: { attribute: false },
    hover: { state: true }, taking: { state: true }, far: { state: true }, area: { state: true },
  };
  static override styles = [baseStyles, canvasStyles];

  declare scene: Scene;
  declare selected: ReadonlySet<string>;
  declare current: string | undefined;
  declare run: FlowRun | undefined;
  declare debug: FlowDebug;
  declare coverage: FlowCovered | undefined;
  /** Node → what is wrong with it. */
  declare diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  declare readOnly: boolean;
  /** A link that is being made by keyboard. */
  declare linking: { readonly from: PortEnd; readonly target: string } | undefined;
  /** The note that is being written. */
  declare editing: NoteEditing | undefined;
  declare found: ReadonlySet<string>;
  declare flashing: ReadonlySet<string>;
  declare minimap: boolean;
  declare label: string;
  /** Key of the link under the pointer. */
  declare hover: string | undefined;
  /** Something is dragged over it that becomes steps where it is dropped. */
  declare taking: boolean;
  declare far: boolean;
  /** Part of the scene of which there are elements. */
  declare area: Rect;

  /** What the user wants: everything but what concerns the view alone. */
  act: (effect: Effect) => void = () => undefined;
  moved: (camera: Camera) => void = () => undefined;
  opened: (id: string) => void = () => undefined;
  noteEvents: NoteEvents = { typed: () => undefined, done: () => undefined };
  /** The space bar was pressed and did not move the view. */
  tapped: () => void = () => undefined;
  finder: SceneFinder = findIn(emptyScene);
  groups: readonly SceneNode[] = [];
  /** Shows the nodes where the scene has them: after a move that the host refused. */
  readonly preview = new CanvasPreview(this);

  private cameraNow: Camera = { x: 40, y: 80, zoom: 1 };
  private size: Size = { width: 0, height: 0 };
  private order: SceneOrder = orderOf(emptyScene);
  private frame = 0;
  private readonly pointer = new CanvasPointer(this);
  private readonly painter = new ScenePainter(this);
  private readonly sizes = new ResizeObserver(() => this.measure());
  private readonly themes = new MutationObserver(() => this.themeChanged());

  constructor() {
    super();
    this.scene = emptyScene;
    this.selected = new Set();
    this.diagnostics = new Map();
    this.debug = { breakpoints: {} };
    this.coverage = undefined;
    this.readOnly = false;
    this.found = new Set();
    this.flashing = new Set();
    this.minimap = false;
    this.label = 'Flow';
    this.far = false;
    this.taking = false;
    this.area = { x: 0, y: 0, width: 0, height: 0 };
  }

  get camera(): Camera {
    return this.cameraNow;
  }

  set camera(camera: Camera) {
    this.cameraNow = camera;
    this.viewChanged();
  }

  get viewSize(): Size {
    return this.size;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
    this.themes.observe(document.body, { attributes: true, attributeFilter: ['class', 'style', 'data-vscode-theme-id'] });
    this.themes.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.themes.disconnect();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  fit(ids?: Iterable<string>): void {
    const nodes = ids ? [...ids].flatMap((id) => this.scene.nodes.get(id) ?? []) : [];
    this.measure();
    const first = this.scene.nodes.get(this.current ?? this.scene.start ?? '') ?? this.scene.nodes.values().next().value;
    this.camera = fitAround(nodes.length > 0 ? boundsOf(nodes) : this.scene.bounds, this.size, first);
  }

  zoomBy(factor: number): void {
    this.camera = zoomAt(this.cameraNow, this.cameraNow.zoom * factor, { x: this.size.width / 2, y: this.size.height / 2 });
  }

  zoomTo(zoom: number): void {
    this.camera = zoomAt(this.cameraNow, zoom, { x: this.size.width / 2, y: this.size.height / 2 });
  }

  /** Moves as little as needed; `margin`: that much of the view has something else in front. */
  reveal(id: string, margin?: number): void {
    const place = this.placeOf(id);
    if (!place) return;
    this.measure();
    const camera = reveal(this.cameraNow, place, this.size, margin);
    if (camera !== this.cameraNow) this.camera = camera;
  }

  /** With what is written below it. */
  private placeOf(id: string): Rect | undefined {
    const node = this.scene.nodes.get(id);
    return node && { ...node, height: node.height + 20 };
  }

  /** Puts the keyboard focus on a node, or where it was. */
  async focusNode(id = this.current): Promise<void> {
    if (id !== undefined) this.reveal(id);
    await this.updateComplete;
    const element = (id === undefined ? null : this.elementOf(id)) ?? this.tabStopElement;
    element?.focus({ preventScroll: true });
  }

  get hasFocus(): boolean {
    const element = this.shadowRoot?.activeElement;
    return element !== null && element !== undefined && element.localName !== 'textarea';
  }

  /** Gives up what the pointer was doing. */
  cancelTool(): boolean {
    return this.pointer.cancel();
  }

  /** What lies under the mouse, and where that is in the scene. */
  under(event: MouseEvent): { readonly hit: Hit; readonly at: Point } {
    return this.pointer.under(event);
  }

  get tabStopElement(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.node[tabindex="0"]') ?? this.view;
  }

  get view(): HTMLElement | null {
    return this.renderRoot.querySelector('.view');
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (width === this.size.width && height === this.size.height) return;
    const before = this.size;
    this.size = { width, height };
    // What is worked on, or stands in the middle, must not come to lie behind what opens beside it.
    const seen = this.finder.nodesIn(visible(this.cameraNow, before));
    const whole = seen.filter((id) => isInView(this.cameraNow, this.placeOf(id)!, before));
    const place = this.selected.has(this.current ?? '') && whole.includes(this.current!) ? this.placeOf(this.current!) : (this.middleOf(whole, before) ?? this.middleOf(seen, before));
    if (place && width > 0 && height > 0) this.cameraNow = reveal(this.cameraNow, place, this.size);
    this.viewChanged();
  }

  /** The node that is the nearest to the middle of the view. */
  private middleOf(ids: Iterable<string>, view: Size): Rect | undefined {
    return nearestTo(toScene(this.cameraNow, { x: view.width / 2, y: view.height / 2 }), [...ids].map((id) => this.placeOf(id)!));
  }

  private get isAnyInView(): boolean {
    return this.finder.nodesIn(visible(this.cameraNow, this.size)).length > 0;
  }

  private themeChanged(): void {
    this.painter.forgetTheme();
    this.viewChanged();
  }

  // One transform, one painting per frame, however many events there are.
  private viewChanged(): void {
    if (this.frame || !this.isConnected) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.showView();
      this.moved(this.cameraNow);
    });
  }

  private showView(): void {
    moveLayers(this.renderRoot, this.cameraNow);
    this.cull();
    this.paint();
  }

  private cull(): void {
    const { isFar, area } = culled(this.cameraNow, this.size, this.finder, this.area);
    if (isFar !== this.far) this.far = isFar;
    if (area !== this.area) this.area = area;
  }

  private paint(): void {
    const { scene, finder, size, selected } = this;
    const painting = { scene, finder, camera: this.cameraNow, size, selected, failed: failedSteps(this.run) };
    this.painter.paintFar(this.renderRoot.querySelector('canvas.far'), painting, this.far);
    this.painter.paintMinimap(this.renderRoot.querySelector('canvas.minimap'), painting);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('scene')) return;
    const wasAnyInView = this.isAnyInView;
    this.finder = findIn(this.scene);
    // What was looked at is gone: what remains comes into view.
    const remaining = wasAnyInView && !this.isAnyInView ? this.middleOf(this.scene.nodes.keys(), this.size) : undefined;
    if (remaining) this.cameraNow = reveal(this.cameraNow, remaining, this.size);
    this.order = orderOf(this.scene);
    this.groups = [...this.scene.nodes.values()].filter(({ kind }) => kind === 'group');
    this.hover = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('scene')) this.preview.drop();
    if (changed.has('editing') && changed.get('editing')?.id !== this.editing?.id) this.renderRoot.querySelector('textarea')?.focus();
    if (changed.has('scene') || changed.has('selected') || changed.has('run') || changed.has('far') || changed.has('minimap')) this.viewChanged();
  }

  protected override render(): TemplateResult {
    const keys = this.far ? [] : this.finder.edgesIn(this.area);
    return html`<div class=${classMap({ view: true, linking: this.linking !== undefined, taking: this.taking })} role="listbox" aria-multiselectable="true" aria-orientation="horizontal" aria-label=${this.label} tabindex=${this.scene.nodes.size === 0 ? 0 : -1}
      @pointerdown=${this.pointer.down} @pointermove=${this.pointer.move} @pointerup=${this.pointer.up} @pointercancel=${this.pointer.cancelled} @pointerleave=${this.pointer.leave}
      @dragover=${this.pointer.dragOver} @dragleave=${this.pointer.dragLeave} @drop=${this.pointer.drop} @wheel=${this.pointer.wheel} @dblclick=${this.pointer.doubleClick} @keydown=${this.pointer.key} @keyup=${this.pointer.keyUp} @focusout=${this.pointer.releaseSpace}>
      <div class="grid"></div>
      <canvas class="far" aria-hidden="true"></canvas>
      <div class="world">
        <svg aria-hidden="true">${repeat(keys, (key) => key, (key) => edgeView(this.scene.edges.get(key)!, { run: this.run, paused: isPaused(this.run, this.debug), hover: this.hover === key, selected: this.selected.has(key) }))}${linkView(this.scene, this.linking)}${plusView(this.hover === undefined || this.readOnly ? undefined : this.scene.edges.get(this.hover))}</svg>
        ${repeat(shownNodes(this, this.order, this.finder), (node) => node.id, (node) => anyNodeView(this, node, this.order))}
      </div>
      <div class="marquee" hidden></div>
    </div>
    <div class="world">${this.noteText()}</div>
    ${this.minimap ? html`<canvas class="minimap" aria-hidden="true" @pointerdown=${this.onMinimap}></canvas>` : nothing}`;
  }

  private noteText(): TemplateResult | typeof nothing {
    const note = this.editing && this.scene.nodes.get(this.editing.id);
    return note ? noteText(note, this.editing!.text, this.noteEvents) : nothing;
  }

  private readonly onMinimap = (event: PointerEvent): void => {
    this.camera = lookAt(this.scene, { x: event.offsetX, y: event.offsetY }, this.cameraNow.zoom, this.size);
  };

  elementOf(id: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
  }
}

customElements.define('patchbay-flow-canvas', FlowCanvas);
