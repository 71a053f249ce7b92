import { isMark } from '../../server/model/picture/marks.ts';
import { readingOrder, type Scene, type SceneNode } from '../../server/model/picture/scene.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The node in a direction: along the links to the left and right, over the branches up and down. The same one where there is none. */
export function neighbour(scene: Scene, from: string, direction: Direction): string {
  const node = scene.nodes.get(from);
  if (!node) return readingOrder(scene)[0] ?? from;
  const found = direction === 'right' ? (nextOf(scene, node) ?? beyond(scene, node, direction)) : direction === 'left' ? (previousOf(scene, node) ?? beyond(scene, node, direction)) : besides(scene, node, direction);
  return found?.id ?? from;
}

/** Where a link from a node may lead: all steps but itself, nearest first. */
export const linkTargets = (scene: Scene, from: string): readonly string[] => readingOrder(scene).filter((id) => id !== from && scene.nodes.get(id)!.kind === 'step');

function nextOf(scene: Scene, node: SceneNode): SceneNode | undefined {
  const [first] = node.ports.flatMap((port) => (port.to === undefined ? [] : (scene.nodes.get(port.to) ?? [])));
  return first;
}

function previousOf(scene: Scene, node: SceneNode): SceneNode | undefined {
  const sources = (scene.edgesOf.get(node.id) ?? []).map((key) => scene.edges.get(key)!).filter((edge) => edge.to === node.id && edge.from !== node.id).map((edge) => scene.nodes.get(edge.from)!);
  return nearest(sources, (source) => Math.abs(source.y - node.y) + (source.x < node.x ? 0 : 10_000));
}

// Where no link leads on, notes and groups that stand there; from these, whatever does.
function beyond(scene: Scene, node: SceneNode, direction: 'left' | 'right'): SceneNode | undefined {
  const away = (other: SceneNode): number => (direction === 'right' ? other.x - node.x : node.x - other.x);
  return nearest([...scene.nodes.values()].filter((other) => other.id !== node.id && away(other) > 0 && (isMark(node) || isMark(other))), (other) => away(other) + 2 * Math.abs(other.y - node.y));
}

// Siblings under one parent first, then whatever stands above or below.
function besides(scene: Scene, node: SceneNode, direction: 'up' | 'down'): SceneNode | undefined {
  const away = (other: SceneNode): number => (direction === 'down' ? other.y - node.y : node.y - other.y);
  const parent = previousOf(scene, node);
  const siblings = (parent?.ports ?? []).flatMap((port) => (port.to === undefined ? [] : (scene.nodes.get(port.to) ?? [])));
  return nearest(siblings.filter((other) => away(other) > 0), away) ?? nearest([...scene.nodes.values()].filter((other) => other.id !== node.id && away(other) > 0), (other) => away(other) + 2 * Math.abs(other.x - node.x));
}

function nearest(nodes: readonly SceneNode[], cost: (node: SceneNode) => number): SceneNode | undefined {
  let best: SceneNode | undefined;
  for (const node of nodes) if (!best || cost(node) < cost(best)) best = node;
  return best;
}
