import type { Flow, Step } from '../../server/model/flow.ts';
import type { FlowChange, PortRef } from '../../server/model/flow-edit.ts';
import { isObject } from '../../server/model/json.ts';
import type { Point } from '../../server/model/picture/geometry.ts';
import type { Scene, SceneNode } from '../../server/model/picture/scene.ts';

/** Changes for the host and what shall be selected when they are in the document. */
export interface Edit {
  readonly changes: readonly FlowChange[];
  readonly select?: readonly string[];
}

export interface AddPlace {
  /** Behind this port; what it led to follows the new step. */
  readonly after?: PortRef | undefined;
  /** Before the first step: what a trigger leads to. */
  readonly first?: boolean;
  readonly at?: Point | undefined;
}

export function addStep(flow: Flow, shape: string, { after, first, at }: AddPlace): Edit {
  const id = freshId(shape, flow.steps);
  const isStart = first === true || flow.start === undefined || !Object.hasOwn(flow.steps, flow.start);
  return {
    changes: [{ op: 'add-step', id, step: { shape }, ...(after && { after }), ...(isStart && !after && { start: true }), ...(at && { position: [at.x, at.y] as const }) }],
    select: [id],
  };
}

/** Where a step goes that is added without a place: behind the current one. */
export function placeAfter(scene: Scene, flow: Flow, current: string | undefined): AddPlace {
  const node = current === undefined ? undefined : scene.nodes.get(current);
  if (node && node.kind !== 'step') return { first: true };
  const from = node ?? lastOnWay(scene, flow.start);
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
  }
  const links = others.filter((change) => change.op !== 'disconnect' || !steps.includes(change.from.step));
  return { changes: [...links, ...(steps.length > 0 ? [{ op: 'remove-steps', ids: steps } as const] : [])] };
}

/** Skips all, or none of them where all are skipped. */
export function toggleDisabled(scene: Scene, ids: Iterable<string>): Edit {
  const nodes = [...ids].flatMap((id) => scene.nodes.get(id) ?? []).filter(({ kind }) => kind !== 'start');
  const value = nodes.every(({ disabled }) => disabled) ? undefined : true;
  return {
    changes: nodes.filter(({ disabled }) => disabled !== (value === true)).map((node) =>
      (node.kind === 'trigger' ? { op: 'set-flow', path: ['triggers', triggerId(node), 'disabled'], value } : { op: 'set', step: node.id, path: ['disabled'], value })),
  };
}

export function moveTo(positions: ReadonlyMap<string, Point>): Edit {
  return { changes: positions.size === 0 ? [] : [{ op: 'move', positions: Object.fromEntries([...positions].map(([id, { x, y }]) => [id, [x, y] as const])) }] };
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

/** Steps as text for the clipboard. Links that lead out of them are left out. `undefined`: there is none among the ids. */
export function copyText(flow: Flow, ids: Iterable<string>): string | undefined {
  const steps = stepsOf(flow, ids);
  return Object.keys(steps).length === 0 ? undefined : JSON.stringify({ steps }, null, 2);
}

/** The steps of a text from the clipboard: of a copy, or of a whole flow. `undefined`: it holds none. */
export function readClipboard(text: string): Readonly<Record<string, Step>> | undefined {
  if (!text.includes('"steps"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const steps = isObject(value) ? value['steps'] : undefined;
    if (!isObject(steps)) return undefined;
    const valid = Object.entries(steps).filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]) && typeof entry[1]['shape'] === 'string');
    return valid.length > 0 ? (Object.fromEntries(valid) as unknown as Record<string, Step>) : undefined;
  } catch {
    return undefined;
  }
}

export function paste(flow: Flow, steps: Readonly<Record<string, Step>>, after?: PortRef): Edit {
  const taken: Record<string, unknown> = { ...flow.steps };
  const names = new Map(Object.keys(steps).map((id) => {
    const name = freshId(id, taken);
    taken[name] = true;
    return [id, name];
  }));
  const renamed = Object.fromEntries(Object.entries(steps).map(([id, step]) => {
    const { next, ...rest } = step;
    const links = Object.entries(next ?? {}).flatMap(([port, to]) => (names.has(to) ? [[port, names.get(to)!]] : []));
    return [names.get(id)!, { ...rest, ...(links.length > 0 && { next: Object.fromEntries(links) as Record<string, string> }) }];
  }));
  return { changes: [{ op: 'paste', steps: renamed, ...(after && { after }) }], select: [...names.values()] };
}

export const duplicate = (flow: Flow, ids: Iterable<string>): Edit => {
  const steps = stepsOf(flow, ids);
  return Object.keys(steps).length === 0 ? { changes: [] } : paste(flow, steps);
};

/** `map`, or `map-2` where there is one. */
export function freshId(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  const base = wanted.replace(/-\d+$/, '') || 'step';
  if (!Object.hasOwn(taken, wanted)) return wanted;
  for (let number = 2; ; number++) if (!Object.hasOwn(taken, `${base}-${number}`)) return `${base}-${number}`;
}

/** An id that a person may give: a slug. */
export const isId = (text: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);

export const triggerId = (node: Pick<SceneNode, 'id'>): string => node.id.slice('trigger:'.length);

function stepsOf(flow: Flow, ids: Iterable<string>): Record<string, Step> {
  const chosen = new Set(ids);
  return Object.fromEntries(Object.entries(flow.steps).filter(([id]) => chosen.has(id)).map(([id, step]) => {
    const { next, settings, title, ...rest } = step;
    const links = Object.entries(next ?? {}).filter(([, to]) => chosen.has(to));
    return [id, {
      ...rest, ...(title !== undefined && { title }), ...(settings && Object.keys(settings).length > 0 && { settings }), ...(links.length > 0 && { next: Object.fromEntries(links) }),
    } as Step];
  }));
}

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
