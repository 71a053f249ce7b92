import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { FlowDebug, FlowRun } from '../protocol/flow.ts';
import { baseStyles } from '../shared/styles.ts';
import { canvasStyles } from './canvas-styles.ts';
import { farZoom, fit, pan, reveal, toScene, visible, zoomAt, type Camera, type Size } from './camera.ts';
import { describeNode } from './describe.ts';
import { arrowAt, curve, edgeView, linkView, plusView } from './edge-view.ts';
import { boundsOf, contains, grow, type Point, type Rect } from '../../server/model/picture/geometry.ts';
import { findIn, type SceneFinder } from './hit.ts';

import { lookAt, ScenePainter } from './painter.ts';
import { pathOf } from '../../server/model/picture/routing.ts';
import { emptyScene, portPoint, readingOrder, rerouteEdges, type Scene, type SceneNode } from '../../server/model/picture/scene.ts';
import { ghostView, nodeView } from './step-view.ts';
import { handlePointer } from './tools/handle.ts';
import { idle, type Effect, type Hit, type PointerInput, type PortEnd, type Tool } from './tools/tool.ts';

/** More boxes than this at a time are painted. */
const mostElements = 110;
const wheelZoom = 0.0022;

/**
 * The picture of a flow. Three layers: a painted far view, one SVG with the links in view, and the boxes in view as light-weight elements. Moving
 * the view writes one transform per frame; elements change only when the view leaves what was drawn around it. Nothing runs at rest.
 */
export class FlowCanvas extends LitElement {
  static override properties = {
    scene: { attribute: false }, selected: { attribute: false }, current: { attribute: false }, run: { attribute: false }, debug: { attribute: false }, diagnostics: { attribute: false },
    readOnly: { attribute: false }, linking: { attribute: false }, found: { attribute: false }, flashing: { attribute: false }, minimap: { attribute: false }, label: { attribute: false },
    hover: { state: true }, far: { state: true }, area: { state: true },
  };
  static override styles = [baseStyles, canvasStyles];

  declare scene: Scene;
  declare selected: ReadonlySet<string>;
  declare current: string | undefined;
  declare run: FlowRun | undefined;
  declare debug: FlowDebug;
  /** Node → what is wrong with it. */
  declare diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  declare readOnly: boolean;
  /** A link that is being made by keyboard. */
  declare linking: { readonly from: PortEnd; readonly target: string } | undefined;
  declare found: ReadonlySet<string>;
  declare flashing: ReadonlySet<string>;
  declare minimap: boolean;
  declare label: string;
  /** Key of the link under the pointer. */
  declare hover: string | undefined;
  declare far: boolean;
  /** Part of the scene of which there are elements. */
  declare area: Rect;

  /** What the user wants: everything but what concerns the view alone. */
  act: (effect: Effect) => void = () => undefined;
  moved: (camera: Camera) => void = () => undefined;
  opened: (id: string) => void = () => undefined;
  /** The space bar was pressed and did not move the view. */
  tapped: () => void = () => undefined;

  private cameraNow: Camera = { x: 40, y: 80, zoom: 1 };
  private size: Size = { width: 0, height: 0 };
  private finder: SceneFinder = findIn(emptyScene);
  private order: ReadonlyMap<string, number> = new Map();
  /** How many nodes are no steps. */
  private triggers = 0;
  private tool: Tool = idle;
  private frame = 0;
  private spaceHeld = false;
  private spaceUsed = false;
  private readonly painter = new ScenePainter(this);
  /** Nodes whose elements stand elsewhere than the scene says, until the next scene. */
  private displaced = new Set<string>();
  private readonly sizes = new ResizeObserver(() => this.measure());
  private readonly themes = new MutationObserver(() => this.themeChanged());

  constructor() {
    super();
    this.scene = emptyScene;
    this.selected = new Set();
    this.diagnostics = new Map();
    this.debug = { breakpoints: {} };
    this.readOnly = false;
    this.found = new Set();
    this.flashing = new Set();
    this.minimap = false;
    this.label = 'Flow';
    this.far = false;
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
    this.camera = fit(nodes.length > 0 ? boundsOf(nodes) : this.scene.bounds, this.size);
  }

  zoomBy(factor: number): void {
    this.camera = zoomAt(this.cameraNow, this.cameraNow.zoom * factor, { x: this.size.width / 2, y: this.size.height / 2 });
  }

  zoomTo(zoom: number): void {
    this.camera = zoomAt(this.cameraNow, zoom, { x: this.size.width / 2, y: this.size.height / 2 });
  }

  reveal(id: string): void {
    const node = this.scene.nodes.get(id);
    if (!node) return;
    this.measure();
    const camera = reveal(this.cameraNow, { ...node, height: node.height + 20 }, this.size);
    if (camera !== this.cameraNow) this.camera = camera;
  }

  /** Puts the keyboard focus on a node, or where it was. */
  async focusNode(id = this.current): Promise<void> {
    if (id !== undefined) this.reveal(id);
    await this.updateComplete;
    const element = (id === undefined ? null : this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)) ?? this.renderRoot.querySelector<HTMLElement>('.node[tabindex="0"]') ?? this.view;
    element?.focus({ preventScroll: true });
  }

  get hasFocus(): boolean {
    return this.shadowRoot?.activeElement !== null && this.shadowRoot?.activeElement !== undefined;
  }

  /** Gives up what the pointer was doing. */
  cancelTool(): boolean {
    if (this.tool === idle) return false;
    this.feed('cancel', { view: { x: 0, y: 0 }, button: 0, shift: false, mod: false });
    return true;
  }

  /** Shows the nodes where the scene has them: after a move that the host refused. */
  dropPreview(): void {
    this.place(new Map([...this.displaced].flatMap((id) => {
      const node = this.scene.nodes.get(id);
      return node ? [[id, { x: node.x, y: node.y }] as const] : [];
    })));
    this.displaced.clear();
  }

  private get view(): HTMLElement | null {
    return this.renderRoot.querySelector('.view');
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.viewChanged();
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
    const world = this.renderRoot.querySelector<HTMLElement>('.world');
    if (!world) return;
    const { x, y, zoom } = this.cameraNow;
    world.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    const dots = this.renderRoot.querySelector<HTMLElement>('.grid');
    if (dots) {
      dots.style.display = zoom < 0.6 ? 'none' : '';
      dots.style.backgroundSize = `${20 * zoom}px ${20 * zoom}px`;
      dots.style.backgroundPosition = `${x - 10 * zoom}px ${y - 10 * zoom}px`;
    }
    this.cull();
    this.paint();
  }

  /** Decides what gets elements: the view and half as much around it; where those would be too many, less; where even the view is full, none. */
  private cull(): void {
    const inView = visible(this.cameraNow, this.size);
    const isFar = this.cameraNow.zoom < farZoom || this.finder.nodesIn(inView).length > mostElements;
    if (isFar !== this.far) this.far = isFar;
    if (isFar || (contains(this.area, inView) && this.area.width < inView.width * 4)) return;
    const wide = { x: inView.x - inView.width / 2, y: inView.y - inView.height / 2, width: inView.width * 2, height: inView.height * 2 };
    this.area = this.finder.nodesIn(wide).length > mostElements ? grow(inView, Math.min(inView.width, inView.height) * 0.1) : wide;
  }

  private paint(): void {
    const { scene, finder, size, selected } = this;
    const painting = { scene, finder, camera: this.cameraNow, size, selected, failed: this.failedNodes() };
    this.painter.paintFar(this.renderRoot.querySelector('canvas.far'), painting, this.far);
    this.painter.paintMinimap(this.renderRoot.querySelector('canvas.minimap'), painting);
  }

  private failedNodes(): ReadonlySet<string> {
    return new Set(Object.entries(this.run?.steps ?? {}).filter(([, counts]) => counts.failed > 0).map(([id]) => id));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('scene')) return;
    this.finder = findIn(this.scene);
    this.order = new Map(readingOrder(this.scene).map((id, place) => [id, place]));
    this.triggers = [...this.scene.nodes.values()].filter(({ kind }) => kind !== 'step').length;
    this.hover = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('scene') && this.displaced.size > 0) this.dropPreview();
    if (changed.has('scene') || changed.has('selected') || changed.has('run') || changed.has('far') || changed.has('minimap')) this.viewChanged();
  }

  protected override render(): TemplateResult {
    const keys = this.far ? [] : this.finder.edgesIn(this.area);
    return html`<div class=${classMap({ view: true, linking: this.linking !== undefined })} role="listbox" aria-multiselectable="true" aria-orientation="horizontal" aria-label=${this.label} tabindex=${this.scene.nodes.size === 0 ? 0 : -1}
      @pointerdown=${this.onPointerDown} @pointermove=${this.onPointerMove} @pointerup=${this.onPointerUp} @pointercancel=${this.onPointerCancel} @pointerleave=${this.onPointerLeave}
      @wheel=${this.onWheel} @dblclick=${this.onDoubleClick} @keydown=${this.onKey} @keyup=${this.onKeyUp} @focusout=${this.releaseSpace}>
      <div class="grid"></div>
      <canvas class="far" aria-hidden="true"></canvas>
      <div class="world">
        <svg aria-hidden="true">${repeat(keys, (key) => key, (key) => edgeView(this.scene.edges.get(key)!, { run: this.run, hover: this.hover === key, selected: this.selected.has(key) }))}${linkView(this.scene, this.linking)}${plusView(this.hover === undefined || this.readOnly ? undefined : this.scene.edges.get(this.hover))}</svg>
        ${repeat(this.shownNodes(), (node) => node.id, (node) => this.nodeView(node))}
      </div>
      <div class="marquee" hidden></div>
    </div>
    ${this.minimap ? html`<canvas class="minimap" aria-hidden="true" @pointerdown=${this.onMinimap}></canvas>` : nothing}`;
  }

  private shownNodes(): SceneNode[] {
    const shown = new Set(this.far ? [] : this.finder.nodesIn(this.area));
    // What has the focus or is selected stays, so that the keyboard never loses it.
    const tabStop = this.tabStop;
    if (tabStop !== undefined) shown.add(tabStop);
    let more = 50;
    for (const id of this.selected) if (this.scene.nodes.has(id) && more-- > 0) shown.add(id);
    return [...shown].flatMap((id) => this.scene.nodes.get(id) ?? []).sort((a, b) => this.order.get(a.id)! - this.order.get(b.id)!);
  }

  private get tabStop(): string | undefined {
    if (this.current !== undefined && this.scene.nodes.has(this.current)) return this.current;
    const [first] = this.order.keys();
    return first;
  }

  private nodeView(node: SceneNode): TemplateResult {
    const diagnostics = this.diagnostics.get(node.id) ?? [];
    const { triggers } = this;
    const label = describeNode(this.scene, node, { place: this.order.get(node.id)! + 1 - (node.kind === 'step' ? triggers : 0), of: this.scene.nodes.size - triggers, run: this.run, diagnostics, debug: this.debug });
    const look = { label, selected: this.selected.has(node.id), tabStop: node.id === this.tabStop };
    if (this.far) return ghostView(node, look);
    return nodeView(node, {
      ...look, target: this.linking?.target === node.id, found: this.found.has(node.id), flash: this.flashing.has(node.id), running: this.run?.status === 'running',
      counts: this.run?.steps[node.id], error: this.run?.errors[node.id], diagnostics, breakpoint: this.debug.breakpoints[node.id], stopped: this.debug.stopped === node.id,
    });
  }

  private readonly onPointerDown = (event: PointerEvent): void => {
    const dot = event.button === 0 ? (event.composedPath()[0] as HTMLElement).dataset?.['dot'] : undefined;
    if (dot !== undefined) {
      event.preventDefault();
      return this.act({ kind: 'breakpoint', id: dot });
    }
    if (event.button === 0 || event.button === 1) {
      this.view?.setPointerCapture(event.pointerId);
      event.preventDefault();
      if (this.spaceHeld) this.spaceUsed = true;
    }
    this.feed('down', this.pointOf(event));
    // preventDefault keeps the text from being selected, but also the focus from coming here.
    if (event.button === 0) void this.focusNode();
  };

  private readonly onPointerMove = (event: PointerEvent): void => {
    const place = this.pointOf(event);
    if (this.tool !== idle) return this.feed('move', place);
    const hit = this.hitAt(place.view);
    const key = hit.kind === 'edge' || hit.kind === 'insert' ? hit.key : undefined;
    if (key !== this.hover) this.hover = key;
  };

  private readonly onPointerUp = (event: PointerEvent): void => this.feed('up', this.pointOf(event));
  private readonly onPointerCancel = (event: PointerEvent): void => this.feed('cancel', this.pointOf(event));
  private readonly onPointerLeave = (): void => {
    if (this.hover !== undefined) this.hover = undefined;
  };

  private readonly onDoubleClick = (event: MouseEvent): void => {
    const hit = this.hitAt(this.pointOf(event).view);
    if (hit.kind === 'node') this.opened(hit.id);
  };

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? this.size.height : 1;
    if (event.ctrlKey || event.metaKey) {
      // A notch of a wheel is 100 and more, a pinch a few units.
      const step = Math.max(-60, Math.min(60, event.deltaY * unit));
      this.camera = zoomAt(this.cameraNow, this.cameraNow.zoom * Math.exp(-step * wheelZoom * (Math.abs(step) < 15 ? 4 : 1)), this.pointOf(event).view);
    } else if (event.shiftKey && event.deltaX === 0) {
      this.camera = pan(this.cameraNow, -event.deltaY * unit, 0);
    } else {
      this.camera = pan(this.cameraNow, -event.deltaX * unit, -event.deltaY * unit);
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.repeat) {
      this.spaceHeld = true;
      this.spaceUsed = false;
      this.view?.classList.add('space');
    }
  };

  private readonly onKeyUp = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || !this.spaceHeld) return;
    this.releaseSpace();
    if (!this.spaceUsed) this.tapped();
  };

  private readonly releaseSpace = (): void => {
    this.spaceHeld = false;
    this.view?.classList.remove('space');
  };

  private readonly onMinimap = (event: PointerEvent): void => {
    this.camera = lookAt(this.scene, { x: event.offsetX, y: event.offsetY }, this.cameraNow.zoom, this.size);
  };

  private pointOf(event: MouseEvent): Pick<PointerInput, 'view' | 'button' | 'shift' | 'mod'> {
    const box = this.getBoundingClientRect();
    return { view: { x: event.clientX - box.left, y: event.clientY - box.top }, button: event.button, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey };
  }

  private hitAt(view: Point): Hit {
    return this.finder.hit(toScene(this.cameraNow, view), this.cameraNow.zoom);
  }

  private feed(type: PointerInput['type'], place: Pick<PointerInput, 'view' | 'button' | 'shift' | 'mod'>): void {
    const input: PointerInput = { ...place, type, scene: toScene(this.cameraNow, place.view), hit: this.hitAt(place.view), space: this.spaceHeld };
    const { tool, effects } = handlePointer(this.tool, input, {
      readOnly: this.readOnly, selected: this.selected,
      position: (id) => (this.scene.nodes.get(id)?.kind === 'step' ? this.scene.nodes.get(id) : undefined),
      nodesIn: (area) => this.finder.nodesIn(area),
    });
    this.tool = tool;
    this.view?.classList.toggle('panning', tool.name === 'pan');
    const isMoved = effects.some(({ kind }) => kind === 'move');
    for (const effect of effects) this.perform(effect, isMoved);
  }

  private perform(effect: Effect, isMoved: boolean): void {
    switch (effect.kind) {
      case 'pan':
        this.camera = pan(this.cameraNow, effect.dx, effect.dy);
        return;
      case 'preview-move':
        if (effect.positions) this.place(effect.positions);
        // A move that goes to the host stays as it looks until the new scene is there.
        else if (!isMoved) this.dropPreview();
        return;
      case 'marquee':
        this.showMarquee(effect.area);
        return;
      case 'preview-link':
        this.showLink(effect.from, effect.to, effect.target);
        return;
      default:
        this.act(effect);
    }
  }

  private place(positions: ReadonlyMap<string, Point>): void {
    for (const [id, { x, y }] of positions) {
      this.displaced.add(id);
      const element = this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
      if (element) element.style.transform = `translate(${x}px, ${y}px)`;
    }
    for (const edge of rerouteEdges(this.scene, positions)) {
      const path = this.renderRoot.querySelector(`[data-edge="${CSS.escape(edge.key)}"]`);
      path?.setAttribute('d', pathOf(edge.points));
      path?.nextElementSibling?.setAttribute('d', arrowAt(edge.points.at(-1)!));
    }
  }

  private showMarquee(area: Rect | undefined): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.marquee');
    if (!box) return;
    box.hidden = !area;
    if (!area) return;
    const { x, y, zoom } = this.cameraNow;
    Object.assign(box.style, { left: `${area.x * zoom + x}px`, top: `${area.y * zoom + y}px`, width: `${area.width * zoom}px`, height: `${area.height * zoom}px` });
  }

  private showLink(from: PortEnd | undefined, to: Point, target: string | undefined): void {
    const path = this.renderRoot.querySelector('.link');
    for (const element of this.renderRoot.querySelectorAll('.node.target')) element.classList.remove('target');
    const node = from && this.scene.nodes.get(from.id);
    const port = node?.ports.find(({ name }) => name === from?.port);
    if (!path || !node || !port) return path?.setAttribute('visibility', 'hidden');
    path.setAttribute('visibility', 'visible');
    path.setAttribute('d', curve(portPoint(node, port), to));
    if (target !== undefined) this.renderRoot.querySelector(`[data-id="${CSS.escape(target)}"]`)?.classList.add('target');
  }
}

customElements.define('patchbay-flow-canvas', FlowCanvas);
