import type { Point, Rect } from '../../server/model/picture/geometry.ts';
import { frameOf } from '../../server/model/picture/marks.ts';
import { pathOf } from '../../server/model/picture/routing.ts';
import { portPoint, rerouteEdges, type Scene, type SceneNode } from '../../server/model/picture/scene.ts';
import type { Camera } from './camera.ts';
import { arrowAt, curve } from './edge-view.ts';
import type { Extent, PortEnd } from './tools/tool.ts';

/** What the preview is drawn on. */
export interface PreviewedCanvas {
  readonly scene: Scene;
  readonly groups: readonly SceneNode[];
  readonly camera: Camera;
  readonly renderRoot: ParentNode;
  elementOf(id: string): HTMLElement | null;
}

/** What is seen while the pointer is down. It is written to the elements themselves: nothing is rendered for it. */
export class CanvasPreview {
  /** Nodes whose elements stand elsewhere than the scene says, until the next scene. */
  private readonly displaced = new Set<string>();
  private readonly canvas: PreviewedCanvas;

  constructor(canvas: PreviewedCanvas) {
    this.canvas = canvas;
  }

  /** Shows the nodes where the scene has them. */
  drop(): void {
    if (this.displaced.size === 0) return;
    this.move(new Map([...this.displaced].flatMap((id) => {
      const node = this.canvas.scene.nodes.get(id);
      return node ? [[id, { x: node.x, y: node.y }] as const] : [];
    })));
    this.displaced.clear();
  }

  /** Shows nodes at other places, with their links and the frames round them. */
  move(positions: ReadonlyMap<string, Point>): void {
    for (const [id, { x, y }] of positions) {
      this.displaced.add(id);
      const element = this.canvas.elementOf(id);
      if (element) element.style.transform = `translate(${x}px, ${y}px)`;
    }
    for (const group of this.canvas.groups) {
      const element = group.members!.some((id) => positions.has(id)) ? this.canvas.elementOf(group.id) : null;
      if (!element) continue;
      const { x, y, width, height } = frameOf(group, this.canvas.scene.nodes, positions);
      Object.assign(element.style, { transform: `translate(${x}px, ${y}px)`, width: `${width}px`, height: `${height}px` });
    }
    for (const edge of rerouteEdges(this.canvas.scene, positions)) {
      const path = this.canvas.renderRoot.querySelector(`[data-edge="${CSS.escape(edge.key)}"]`);
      path?.setAttribute('d', pathOf(edge.points));
      path?.nextElementSibling?.setAttribute('d', arrowAt(edge.points.at(-1)!));
    }
  }

  /** `undefined`: the size that the scene has. */
  resize(id: string, size: Extent | undefined): void {
    const { width, height } = size ?? this.canvas.scene.nodes.get(id)!;
    Object.assign(this.canvas.elementOf(id)?.style ?? {}, { width: `${width}px`, height: `${height}px` });
  }

  /** `undefined`: there is none. */
  marquee(area: Rect | undefined): void {
    const box = this.canvas.renderRoot.querySelector<HTMLElement>('.marquee');
    if (!box) return;
    box.hidden = !area;
    if (!area) return;
    const { x, y, zoom } = this.canvas.camera;
    Object.assign(box.style, { left: `${area.x * zoom + x}px`, top: `${area.y * zoom + y}px`, width: `${area.width * zoom}px`, height: `${area.height * zoom}px` });
  }

  /** A link that is being drawn; without an end that it comes from, none. */
  link(from: PortEnd | undefined, to: Point, target: string | undefined): void {
    const path = this.canvas.renderRoot.querySelector('.link');
    for (const element of this.canvas.renderRoot.querySelectorAll('.node.target')) element.classList.remove('target');
    const node = from && this.canvas.scene.nodes.get(from.id);
    const port = node?.ports.find(({ name }) => name === from?.port);
    if (!path || !node || !port) return path?.setAttribute('visibility', 'hidden');
    path.setAttribute('visibility', 'visible');
    path.setAttribute('d', curve(portPoint(node, port), to));
    if (target !== undefined) this.canvas.elementOf(target)?.classList.add('target');
  }
}
