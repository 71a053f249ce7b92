import type { Flow, Step } from '../../server/model/flow.ts';
import type { FlowChange, PortRef } from '../../server/model/flow-edit.ts';
import type { Point } from '../../server/model/picture/geometry.ts';
import { isMark, markId } from '../../server/model/picture/marks.ts';
import type { Scene, SceneNode } from '../../server/model/picture/scene.ts';
import { freshId, type Edit } from './edit.ts';
import { joinGroup, placeNote } from './marks.ts';

export interface AddPlace {
  /** Behind this port; what it led to follows the new step. */
  readonly after?: PortRef | undefined;
  /** Before the first step: what a trigger leads to. */
  readonly first?: boolean;
  readonly at?: Point | undefined;
}

export function addStep(flow: Flow, shape: string, { after, first, at }: AddPlace, settings?: Step['settings']): Edit {
  const id = freshId(shape, flow.steps);
  const before = after && flow.steps[after.step]?.next?.[after.port];
  const isStart = first === true || flow.start === undefined || !Object.hasOwn(flow.steps, flow.start);
  return {
    changes: [{ op: 'add-step', id, step: { shape, ...(settings && { settings }) }, ...(after && { after }), ...(isStart && !after && { start: true }), ...(at && { position: [at.x, at.y] as const }) }, ...(after ? joinGroup(flow, id, after.step, before) : [])],
    select: [id],
  };
}

/** Where a step goes that is added without a place: behind the current one. */
export function placeAfter(scene: Scene, flow: Flow, current: string | undefined): AddPlace {
  const node = current === undefined ? undefined : scene.nodes.get(current);
  if (node?.kind === 'trigger' || node?.kind === 'start') return { first: true };
  const from = (node?.kind === 'step' ? node : undefined) ?? lastOnWay(scene, flow.start);
  if (!from) return {};
  const port = from.ports.find(({ to }) => to === undefined) ?? from.ports[0];
  return port ? { after: { step: from.id, port: port.name } } : {};
}

/** Removes steps, triggers and links. */
export function removeAll(scene: Scene, ids: Iterable<string>): Edit {
  const steps: string[] = [];
  const others: FlowChange[] = [];
  for (const id of ids) {
    const edge = scene.edges.get(id);
    const node = scene.nodes.get(id);
    if (edge && scene.nodes.get(edge.from)?.kind === 'step') others.push({ op: 'disconnect', from: { step: edge.from, port: edge.port } });
    if (node?.kind === 'step') steps.push(id);
    if (node?.kind === 'trigger') others.push({ op: 'set-flow', path: ['triggers', triggerId(node)], value: undefined });
    if (node && isMark(node)) others.push({ op: 'set-flow', path: [node.kind === 'note' ? 'notes' : 'groups', markId(node)], value: undefined });
  }
  const links = others.filter((change) => change.op !== 'disconnect' || !steps.includes(change.from.step));
  return { changes: [...links, ...(steps.length > 0 ? [{ op: 'remove-steps', ids: steps } as const] : [])] };
}

/** Skips all, or none of them where all are skipped. */
export function toggleDisabled(scene: Scene, ids: Iterable<string>): Edit {
  const nodes = [...ids].flatMap((id) => scene.nodes.get(id) ?? []).filter(({ kind }) => kind === 'step' || kind === 'trigger');
  const value = nodes.every(({ disabled }) => disabled) ? undefined : true;
  return {
    changes: nodes.filter(({ disabled }) => disabled !== (value === true)).map((node) =>
      (node.kind === 'trigger' ? { op: 'set-flow', path: ['triggers', triggerId(node), 'disabled'], value } : { op: 'set', step: node.id, path: ['disabled'], value })),
  };
}

export function moveTo(scene: Scene, positions: ReadonlyMap<string, Point>): Edit {
  const notes = [...positions].flatMap(([id, place]) => (scene.nodes.get(id)?.kind === 'note' ? [placeNote(scene.nodes.get(id)!, place)] : []));
  const steps = [...positions].filter(([id]) => scene.nodes.get(id)?.kind === 'step').map(([id, { x, y }]) => [id, [x, y]] as const);
  return { changes: [...(steps.length > 0 ? [{ op: 'move', positions: Object.fromEntries(steps) } as const] : []), ...notes] };
}

/** Gives all pinned steps back to the automatic layout. */
export function tidy(flow: Flow): Edit {
  const pinned = Object.keys(flow.layout ?? {}).filter((id) => Object.hasOwn(flow.steps, id));
  return { changes: pinned.length === 0 ? [] : [{ op: 'move', positions: Object.fromEntries(pinned.map((id) => [id, null])) }] };
}

/** A link from a node's port; a trigger's link says where the flow starts. */
export function connectTo(scene: Scene, from: { readonly id: string; readonly port: string }, to: string): Edit {
  const kind = scene.nodes.get(from.id)?.kind;
  if (kind === undefined || !scene.nodes.has(to)) return { changes: [] };
  return { changes: [kind === 'step' ? { op: 'connect', from: { step: from.id, port: from.port }, to } : { op: 'set-start', step: to }] };
}

export const triggerId = (node: Pick<SceneNode, 'id'>): string => node.id.slice('trigger:'.length);

// Along the first links from the start to where they end.
function lastOnWay(scene: Scene, start: string | undefined): SceneNode | undefined {
  let node = start === undefined ? undefined : scene.nodes.get(start);
  const seen = new Set<string>();
  while (node && !seen.has(node.id)) {
    seen.add(node.id);
    const [to] = node.ports.flatMap((port) => port.to ?? []);
    const next = to === undefined ? undefined : scene.nodes.get(to);
    if (!next) return node;
    node = next;
  }
  return node ?? [...scene.nodes.values()].findLast(({ kind }) => kind === 'step');
}
