import { findPlugin, portsOf, type Catalog, type CatalogEntry } from '../catalog.ts';
import type { Flow, FlowNote, FlowTrigger, Step } from '../flow.ts';
import { boundsOf, type Point, type Rect } from './geometry.ts';
import { edgeKey, layOut, sizes } from './layout.ts';
import { groupBoxes, isMark, noteBoxes } from './marks.ts';
import { routeEdge } from './routing.ts';
import { stepSummary, triggerSummary } from './summary.ts';

/** A box on the canvas: a step, a trigger, or the place where a flow without triggers starts; a note, or the frame of a group. */
export interface SceneNode extends Rect {
  readonly id: string;
  readonly kind: 'step' | 'trigger' | 'start' | 'note' | 'group';
  readonly title: string;
  /** What its plugin is called. */
  readonly type: string;
  readonly summary: string;
  readonly icon: string;
  readonly group: string;
  readonly ports: readonly ScenePort[];
  readonly disabled: boolean;
  /** The catalogue does not know its plugin. */
  readonly unknown: boolean;
  readonly step?: Step;
  readonly trigger?: FlowTrigger;
  readonly note?: FlowNote;
  /** The steps of a group. */
  readonly members?: readonly string[];
}

export interface ScenePort {
  readonly name: string;
  /** Below the top of its step. */
  readonly y: number;
  /** Takes failed payloads. */
  readonly isError: boolean;
  readonly to?: string | undefined;
}

export interface SceneEdge {
  readonly key: string;
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly isError: boolean;
  readonly isBack: boolean;
  readonly points: readonly Point[];
}

/** The picture of a flow. Nothing in it changes; a change of the flow makes another. */
export interface Scene {
  readonly nodes: ReadonlyMap<string, SceneNode>;
  readonly edges: ReadonlyMap<string, SceneEdge>;
  /** Node → keys of the edges that touch it. */
  readonly edgesOf: ReadonlyMap<string, readonly string[]>;
  readonly bounds: Rect;
  readonly start: string | undefined;
}

export const triggerNode = (id: string): string => `trigger:${id}`;
export const startNode = 'start:';

const triggerSize = { width: 190, height: 40, gap: 10 } as const;
const portRow = 20;
/** Where the rows of several ports begin. */
const portsTop = 50;

export const emptyScene: Scene = { nodes: new Map(), edges: new Map(), edgesOf: new Map(), bounds: { x: 0, y: 0, width: 0, height: 0 }, start: undefined };

export function buildScene(flow: Flow, catalog: Catalog): Scene {
  const boxes = Object.entries(flow.steps).map(([id, step]) => stepBox(id, step, catalog));
  const start = flow.start !== undefined && Object.hasOwn(flow.steps, flow.start) ? flow.start : undefined;
  const layout = layOut(boxes.map(({ id, height, ports }) => ({ id, height, ports, pinned: pinOf(flow, id) })), start);
  const nodes = new Map<string, SceneNode>(boxes.map((box) => [box.id, { ...box, ...layout.positions.get(box.id)! }]));
  for (const node of triggerNodes(flow, catalog, start === undefined ? undefined : nodes.get(start))) nodes.set(node.id, node);
  const below = boundsOf(nodes.values());
  const groups = groupBoxes(flow.groups ?? {}, nodes);
  const notes = noteBoxes(flow.notes ?? {}, boundsOf([...nodes.values(), ...groups]));
  const edges = new Map<string, SceneEdge>();
  const edgesOf = new Map<string, string[]>();
  for (const node of nodes.values()) {
    for (const [index, port] of node.ports.entries()) {
      const edge = connectNodes(nodes, node, index, layout.lanes, layout.back.has(edgeKey(node.id, port.name)) ? below.y + below.height + sizes.caption : undefined);
      if (!edge) continue;
      edges.set(edge.key, edge);
      for (const end of new Set([edge.from, edge.to])) edgesOf.set(end, [...(edgesOf.get(end) ?? []), edge.key]);
    }
  }
  // From the lowest to what lies on top.
  const all = new Map([...groups, ...nodes.values(), ...notes].map((node) => [node.id, node]));
  return { nodes: all, edges, edgesOf, bounds: boundsOf([...all.values()].map((node) => ({ ...node, height: node.height + (isMark(node) ? 0 : sizes.caption) }))), start };
}

/** Nodes in reading order: triggers, then steps from left to right, from top to bottom; then groups and notes. */
export function readingOrder(scene: Scene): readonly string[] {
  return [...scene.nodes.values()].sort((a, b) => rank(a) - rank(b) || a.x - b.x || a.y - b.y || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

const ranks = { start: 0, trigger: 0, step: 1, group: 2, note: 3 } as const;
const rank = ({ kind }: SceneNode): number => ranks[kind];

/** The links of nodes that are being moved, drawn anew. */
export function rerouteEdges(scene: Scene, moved: ReadonlyMap<string, Point>): SceneEdge[] {
  const nodes = new Map(scene.nodes);
  const keys = new Set<string>();
  for (const [id, position] of moved) {
    const node = scene.nodes.get(id);
    if (node) nodes.set(id, { ...node, ...position });
    for (const key of scene.edgesOf.get(id) ?? []) keys.add(key);
  }
  return [...keys].flatMap((key) => {
    const old = scene.edges.get(key)!;
    const node = nodes.get(old.from)!;
    return connectNodes(nodes, node, node.ports.findIndex((port) => port.name === old.port), new Map(), undefined) ?? [];
  });
}

export const inputPoint = (node: SceneNode): Point => ({ x: node.x, y: node.y + (node.kind === 'step' ? sizes.input : node.height / 2) });
export const portPoint = (node: SceneNode, port: ScenePort): Point => ({ x: node.x + node.width, y: node.y + port.y });

function connectNodes(nodes: ReadonlyMap<string, SceneNode>, node: SceneNode, index: number, lanes: ReadonlyMap<string, number>, below: number | undefined): SceneEdge | undefined {
  const port = node.ports[index];
  const target = port?.to === undefined ? undefined : nodes.get(port.to);
  if (!port || !target) return undefined;
  const key = edgeKey(node.id, port.name);
  const points = routeEdge({ from: portPoint(node, port), to: inputPoint(target), port: { index, count: node.ports.length }, lane: lanes.get(key), below });
  return { key, from: node.id, port: port.name, to: target.id, isError: port.isError, isBack: below !== undefined, points };
}

function stepBox(id: string, step: Step, catalog: Catalog): Omit<SceneNode, 'x' | 'y'> {
  const entry = findPlugin(catalog, 'shape', step.shape);
  const ports = portsFor(step, entry);
  const rows = ports.length > 1 || ports[0]?.name !== 'out' ? ports.length : 0;
  return {
    id, kind: 'step', step, title: step.title ?? id, type: entry?.title ?? step.shape, summary: stepSummary(step, entry),
    icon: entry ? (entry.icon ?? 'symbol-misc') : 'question', group: entry?.group ?? 'logic', disabled: step.disabled === true, unknown: !entry,
    width: sizes.width, height: rows > 0 ? portsTop + rows * portRow + 10 : 2 * sizes.input,
    ports: ports.map((port, index) => ({ ...port, y: rows > 0 ? portsTop + index * portRow + portRow / 2 : sizes.input })),
  };
}

/** The ports that a step has by its plugin, then those that it only has links from. */
function portsFor(step: Step, entry: CatalogEntry | undefined): Omit<ScenePort, 'y'>[] {
  const next = step.next ?? {};
  const names = new Set([...portsOf(entry, step.settings), ...Object.keys(next)]);
  return [...names].map((name) => ({ name, isError: name === entry?.catches || name === 'error' || name === 'failed', to: next[name] }));
}

function pinOf(flow: Flow, id: string): Point | undefined {
  const place = flow.layout?.[id];
  return place && { x: place[0], y: place[1] };
}

function triggerNodes(flow: Flow, catalog: Catalog, start: SceneNode | undefined): SceneNode[] {
  const triggers = Object.entries(flow.triggers ?? {});
  const x = (start?.x ?? 0) - triggerSize.width - sizes.columnGap;
  const y = (start?.y ?? 0) + sizes.input - triggerSize.height / 2;
  const place = (index: number) => ({ x, y: y + index * (triggerSize.height + triggerSize.gap), width: triggerSize.width, height: triggerSize.height });
  const ports = [{ name: 'out', y: triggerSize.height / 2, isError: false, to: start?.id }];
  if (triggers.length === 0) {
    return start ? [{ ...place(0), id: startNode, kind: 'start', title: 'Start', type: 'Start', summary: 'by hand or from outside', icon: 'play', group: 'trigger', ports, disabled: false, unknown: false }] : [];
  }
  return triggers.map(([id, trigger], index) => {
    const entry = findPlugin(catalog, 'trigger', trigger.trigger);
    return {
      ...place(index), id: triggerNode(id), kind: 'trigger', trigger, title: id, type: entry?.title ?? trigger.trigger, summary: triggerSummary(trigger, entry),
      icon: entry ? (entry.icon ?? 'zap') : 'question', group: 'trigger', ports, disabled: trigger.disabled === true, unknown: !entry,
    };
  });
}
