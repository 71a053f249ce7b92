import type { Point } from '../../server/model/picture/geometry.ts';
import type { Scene } from '../../server/model/picture/scene.ts';
import { pan, toScene, zoomAt, type Camera, type Size } from './camera.ts';
import type { CanvasPreview } from './canvas-preview.ts';
import { canDrop } from './dropped.ts';
import type { SceneFinder } from './hit.ts';
import { movedWith } from './marks.ts';
import { handlePointer } from './tools/handle.ts';
import { idle, type Effect, type Hit, type PointerInput, type Tool } from './tools/tool.ts';

const wheelZoom = 0.0022;

type Place = Pick<PointerInput, 'view' | 'button' | 'shift' | 'mod'>;

/** What the pointer works on. */
export interface PointedCanvas {
  readonly scene: Scene;
  readonly finder: SceneFinder;
  readonly selected: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly viewSize: Size;
  readonly preview: CanvasPreview;
  readonly act: (effect: Effect) => void;
  readonly opened: (id: string) => void;
  readonly tapped: () => void;
  /** The element that takes the pointer. */
  readonly view: HTMLElement | null;
  readonly tabStopElement: HTMLElement | null;
  camera: Camera;
  /** Key of the link under the pointer. */
  hover: string | undefined;
  taking: boolean;
  elementOf(id: string): HTMLElement | null;
  getBoundingClientRect(): DOMRect;
}

/** What mouse, wheel and space bar do to the canvas: they are given to the tool of the moment, whose effects are shown or told. */
export class CanvasPointer {
  private tool: Tool = idle;
  private spaceHeld = false;
  private spaceUsed = false;
  private readonly canvas: PointedCanvas;

  constructor(canvas: PointedCanvas) {
    this.canvas = canvas;
  }

  /** Gives up what the pointer was doing; says whether there was anything. */
  cancel(): boolean {
    if (this.tool === idle) return false;
    this.feed('cancel', { view: { x: 0, y: 0 }, button: 0, shift: false, mod: false });
    return true;
  }

  /** What lies under the mouse, and where that is in the scene. */
  under(event: MouseEvent): { readonly hit: Hit; readonly at: Point } {
    const { view } = this.pointOf(event);
    return { hit: this.hitAt(view), at: toScene(this.canvas.camera, view) };
  }

  readonly down = (event: PointerEvent): void => {
    const dot = event.button === 0 ? (event.composedPath()[0] as HTMLElement).dataset?.['dot'] : undefined;
    if (dot !== undefined) {
      event.preventDefault();
      return this.canvas.act({ kind: 'breakpoint', id: dot });
    }
    if (event.button === 0 || event.button === 1) {
      this.canvas.view?.setPointerCapture(event.pointerId);
      event.preventDefault();
      if (this.spaceHeld) this.spaceUsed = true;
    }
    const place = this.pointOf(event);
    const hit = this.hitAt(place.view);
    this.feed('down', place);
    // preventDefault keeps the text from being selected, but also the focus from coming here. The view stays where it is.
    if (event.button === 0) ((hit.kind === 'node' ? this.canvas.elementOf(hit.id) : null) ?? this.canvas.tabStopElement)?.focus({ preventScroll: true });
  };

  readonly move = (event: PointerEvent): void => {
    const place = this.pointOf(event);
    if (this.tool !== idle) return this.feed('move', place);
    const hit = this.hitAt(place.view);
    const key = hit.kind === 'edge' || hit.kind === 'insert' ? hit.key : undefined;
    if (key !== this.canvas.hover) this.canvas.hover = key;
  };

  readonly up = (event: PointerEvent): void => this.feed('up', this.pointOf(event));
  readonly cancelled = (event: PointerEvent): void => this.feed('cancel', this.pointOf(event));
  readonly leave = (): void => {
    if (this.canvas.hover !== undefined) this.canvas.hover = undefined;
  };

  readonly dragOver = (event: DragEvent): void => {
    if (this.canvas.readOnly || !canDrop(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.canvas.taking = true;
    const hit = this.hitAt(this.pointOf(event).view);
    this.canvas.hover = hit.kind === 'edge' || hit.kind === 'insert' ? hit.key : undefined;
  };

  readonly dragLeave = (event: DragEvent): void => {
    if (event.relatedTarget instanceof Node && this.canvas.view?.contains(event.relatedTarget)) return;
    this.canvas.taking = false;
    this.leave();
  };

  readonly drop = (event: DragEvent): void => {
    this.canvas.taking = false;
    if (this.canvas.readOnly || !canDrop(event.dataTransfer)) return;
    event.preventDefault();
    const { view } = this.pointOf(event);
    this.canvas.act({ kind: 'drop', hit: this.hitAt(view), at: toScene(this.canvas.camera, view) });
  };

  readonly doubleClick = (event: MouseEvent): void => {
    const hit = this.hitAt(this.pointOf(event).view);
    if (hit.kind === 'node') this.canvas.opened(hit.id);
  };

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? this.canvas.viewSize.height : 1;
    if (event.ctrlKey || event.metaKey) {
      // A notch of a wheel is 100 and more, a pinch a few units.
      const step = Math.max(-60, Math.min(60, event.deltaY * unit));
      this.canvas.camera = zoomAt(this.canvas.camera, this.canvas.camera.zoom * Math.exp(-step * wheelZoom * (Math.abs(step) < 15 ? 4 : 1)), this.pointOf(event).view);
    } else if (event.shiftKey && event.deltaX === 0) {
      this.canvas.camera = pan(this.canvas.camera, -event.deltaY * unit, 0);
    } else {
      this.canvas.camera = pan(this.canvas.camera, -event.deltaX * unit, -event.deltaY * unit);
    }
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.repeat) {
      this.spaceHeld = true;
      this.spaceUsed = false;
      this.canvas.view?.classList.add('space');
    }
  };

  readonly keyUp = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || !this.spaceHeld) return;
    this.releaseSpace();
    if (!this.spaceUsed) this.canvas.tapped();
  };

  readonly releaseSpace = (): void => {
    this.spaceHeld = false;
    this.canvas.view?.classList.remove('space');
  };

  private pointOf(event: MouseEvent): Place {
    const box = this.canvas.getBoundingClientRect();
    return { view: { x: event.clientX - box.left, y: event.clientY - box.top }, button: event.button, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey };
  }

  private hitAt(view: Point): Hit {
    return this.canvas.finder.hit(toScene(this.canvas.camera, view), this.canvas.camera.zoom);
  }

  private feed(type: PointerInput['type'], place: Place): void {
    const input: PointerInput = { ...place, type, scene: toScene(this.canvas.camera, place.view), hit: this.hitAt(place.view), space: this.spaceHeld };
    const { tool, effects } = handlePointer(this.tool, input, {
      readOnly: this.canvas.readOnly, selected: this.canvas.selected,
      movedWith: (id) => movedWith(this.canvas.scene, id),
      nodesIn: (area) => this.canvas.finder.nodesIn(area),
    });
    this.tool = tool;
    this.canvas.view?.classList.toggle('panning', tool.name === 'pan');
    const isMoved = effects.some(({ kind }) => kind === 'move' || kind === 'resize');
    for (const effect of effects) this.perform(effect, isMoved);
  }

  private perform(effect: Effect, isMoved: boolean): void {
    switch (effect.kind) {
      case 'pan':
        this.canvas.camera = pan(this.canvas.camera, effect.dx, effect.dy);
        return;
      case 'preview-move':
        if (effect.positions) this.canvas.preview.move(effect.positions);
        // A move that goes to the host stays as it looks until the new scene is there.
        else if (!isMoved) this.canvas.preview.drop();
        return;
      case 'preview-size':
        this.canvas.preview.resize(effect.id, effect.size);
        return;
      case 'marquee':
        this.canvas.preview.marquee(effect.area);
        return;
      case 'preview-link':
        this.canvas.preview.link(effect.from, effect.to, effect.target);
        return;
      default:
        this.canvas.act(effect);
    }
  }
}
