import { fit, toScene, visible, type Camera, type Size } from './camera.ts';
import type { Point } from '../../server/model/picture/geometry.ts';
import { paintScene, readPalette, type Palette } from './paint.ts';
import type { SceneFinder } from './hit.ts';
import type { Scene } from '../../server/model/picture/scene.ts';

/** What is to be painted. */
export interface Painting {
  readonly scene: Scene;
  readonly finder: SceneFinder;
  readonly camera: Camera;
  readonly size: Size;
  readonly selected: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

export const minimapSize: Size = { width: 188, height: 118 };

/** Paints with the colours of the theme, which are read once per theme. */
export class ScenePainter {
  private palette: Palette | undefined;
  private readonly element: Element;

  constructor(element: Element) {
    this.element = element;
  }

  forgetTheme(): void {
    this.palette = undefined;
  }

  /** The far view; with `isFar` false an empty one. */
  paintFar(canvas: HTMLCanvasElement | null, { scene, finder, camera, size, selected, failed }: Painting, isFar: boolean): void {
    const context = begin(canvas, size);
    if (!context || !isFar) return;
    this.palette ??= readPalette(this.element);
    const inView = visible(camera, size);
    paintScene(context, scene, finder.nodesIn(inView), finder.edgesIn(inView), camera, this.palette, { selected, failed });
  }

  /** The whole flow, with a frame around what is in view. */
  paintMinimap(canvas: HTMLCanvasElement | null, { scene, camera, size, selected, failed }: Painting): void {
    const context = begin(canvas, minimapSize);
    if (!context) return;
    this.palette ??= readPalette(this.element);
    const small = minimapCamera(scene);
    paintScene(context, scene, [...scene.nodes.keys()], [...scene.edges.keys()], small, this.palette, { selected, failed, plain: true });
    const inView = visible(camera, size);
    context.strokeStyle = this.palette.selected;
    context.lineWidth = 1.5;
    context.strokeRect(inView.x * small.zoom + small.x, inView.y * small.zoom + small.y, inView.width * small.zoom, inView.height * small.zoom);
  }
}

/** Moves the layers of elements, and the dots behind them, to where the view is. */
export function moveLayers(root: ParentNode, { x, y, zoom }: Camera): void {
  for (const world of root.querySelectorAll<HTMLElement>('.world')) world.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
  const dots = root.querySelector<HTMLElement>('.grid');
  if (!dots) return;
  dots.style.display = zoom < 0.6 ? 'none' : '';
  dots.style.backgroundSize = `${20 * zoom}px ${20 * zoom}px`;
  dots.style.backgroundPosition = `${x - 10 * zoom}px ${y - 10 * zoom}px`;
}

/** The view with a point of the minimap in its middle. */
export function lookAt(scene: Scene, at: Point, zoom: number, size: Size): Camera {
  const { x, y } = toScene(minimapCamera(scene), at);
  return { x: size.width / 2 - x * zoom, y: size.height / 2 - y * zoom, zoom };
}

const minimapCamera = (scene: Scene): Camera => fit(scene.bounds, minimapSize, 8, 0.001);

function begin(canvas: HTMLCanvasElement | null, { width, height }: Size): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return null;
  const scale = globalThis.devicePixelRatio || 1;
  const [pixelsX, pixelsY] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== pixelsX) canvas.width = pixelsX;
  if (canvas.height !== pixelsY) canvas.height = pixelsY;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
