import { distanceTo, grow, isInside, type Point, type Rect } from '../../server/model/picture/geometry.ts';
import { groupSize } from '../../server/model/picture/marks.ts';
import { labelPoint } from '../../server/model/picture/routing.ts';
import { portPoint, type Scene } from '../../server/model/picture/scene.ts';
import { SceneIndex } from './scene-index.ts';
import type { Hit } from './tools/tool.ts';

/** Radius of what a pointer takes for a port, in pixels of the view. */
const portReach = 12;
const edgeReach = 6;
const insertReach = 10;
/** Side of the corner of a note, in the scene. */
const corner = 16;

/** Finds what is where: for the pointer and for what is in view. */
export interface SceneFinder {
  /** Nodes that overlap an area, in the order of the scene. */
  nodesIn(area: Rect): readonly string[];
  edgesIn(area: Rect): readonly string[];
  /** What is under a point of the scene; `zoom` says how large a finger is. */
  hit(point: Point, zoom: number): Hit;
}

export function findIn(scene: Scene): SceneFinder {
  const nodes = new SceneIndex();
  const edges = new SceneIndex();
  for (const node of scene.nodes.values()) nodes.add(node.id, node);
  for (const edge of scene.edges.values()) edges.add(edge.key, rectAround(edge.points));
  return {
    nodesIn: (area) => nodes.find(area),
    edgesIn: (area) => edges.find(area),
    hit: (point, zoom) => {
      const reach = portReach / zoom;
      const near = nodes.find(grow({ ...point, width: 0, height: 0 }, reach)).map((id) => scene.nodes.get(id)!);
      for (const node of near) for (const port of node.ports) {
        const place = portPoint(node, port);
        if (Math.hypot(place.x - point.x, place.y - point.y) <= Math.min(reach, 16)) return { kind: 'port', id: node.id, port: port.name };
      }
      const inside = near.findLast((node) => isInside(node.kind === 'group' ? { ...node, height: groupSize.title } : node, point));
      if (inside?.kind === 'note' && point.x > inside.x + inside.width - corner && point.y > inside.y + inside.height - corner) return { kind: 'corner', id: inside.id, size: inside };
      if (inside) return { kind: 'node', id: inside.id, isStep: inside.kind === 'step' };
      return edgeAt(scene, edges, point, zoom);
    },
  };
}

function edgeAt(scene: Scene, edges: SceneIndex, point: Point, zoom: number): Hit {
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const key of edges.find(grow({ ...point, width: 0, height: 0 }, insertReach / zoom))) {
    const { points } = scene.edges.get(key)!;
    const label = labelPoint(points);
    if (Math.hypot(label.x - point.x, label.y - point.y) <= insertReach / Math.min(1, zoom)) return { kind: 'insert', key };
    const distance = distanceTo(points, point);
    if (distance <= edgeReach / zoom && (!best || distance < best.distance)) best = { key, distance };
  }
  return best ? { kind: 'edge', key: best.key } : { kind: 'canvas' };
}

function rectAround(points: readonly Point[]): Rect {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return grow({ x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top }, 1);
}
