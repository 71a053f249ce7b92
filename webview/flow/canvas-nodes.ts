import type { TemplateResult } from 'lit';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { contains, grow, type Rect } from '../../server/model/picture/geometry.ts';
import { readingOrder, type Scene, type SceneNode } from '../../server/model/picture/scene.ts';
import type { FlowCovered, FlowDebug, FlowRun } from '../protocol/flow.ts';
import { farZoom, visible, type Camera, type Size } from './camera.ts';
import { describeNode, isHeld, isPaused } from './describe.ts';
import type { SceneFinder } from './hit.ts';
import { groupView, noteView } from './mark-view.ts';
import { ghostView, nodeView } from './step-view.ts';
import type { PortEnd } from './tools/tool.ts';

/** More boxes than this at a time are painted. */
const mostElements = 110;

/** Nodes as they are read, with what their places are counted from. */
export interface SceneOrder {
  readonly places: ReadonlyMap<string, number>;
  readonly steps: number;
  /** How many nodes come before the steps. */
  readonly firstStep: number;
}

/** What the boxes of a canvas show. */
export interface ShownCanvas {
  readonly scene: Scene;
  readonly selected: ReadonlySet<string>;
  readonly current: string | undefined;
  readonly run: FlowRun | undefined;
  readonly debug: FlowDebug;
  readonly coverage: FlowCovered | undefined;
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly linking: { readonly from: PortEnd; readonly target: string } | undefined;
  readonly found: ReadonlySet<string>;
  readonly flashing: ReadonlySet<string>;
  readonly far: boolean;
  readonly area: Rect;
}

export function orderOf(scene: Scene): SceneOrder {
  const nodes = [...scene.nodes.values()];
  return {
    places: new Map(readingOrder(scene).map((id, place) => [id, place])),
    steps: nodes.filter(({ kind }) => kind === 'step').length,
    firstStep: nodes.filter(({ kind }) => kind === 'trigger' || kind === 'start').length,
  };
}

/** Decides what gets elements: the view and half as much around it; where those would be too many, less; where even the view is full, none. The same area where it still does. */
export function culled(camera: Camera, size: Size, finder: SceneFinder, area: Rect): { readonly isFar: boolean; readonly area: Rect } {
  const inView = visible(camera, size);
  const isFar = camera.zoom < farZoom || finder.nodesIn(inView).length > mostElements;
  if (isFar || (contains(area, inView) && area.width < inView.width * 4)) return { isFar, area };
  const wide = { x: inView.x - inView.width / 2, y: inView.y - inView.height / 2, width: inView.width * 2, height: inView.height * 2 };
  return { isFar, area: finder.nodesIn(wide).length > mostElements ? grow(inView, Math.min(inView.width, inView.height) * 0.1) : wide };
}

/** The nodes that have elements, as they are read: where they are painted, all of a flow that has not too many, for who does not see them. What has the focus or is selected stays, so that the keyboard never loses it. */
export function shownNodes(canvas: ShownCanvas, order: SceneOrder, finder: SceneFinder): readonly SceneNode[] {
  const { scene, selected, far, area } = canvas;
  const shown = new Set(!far ? finder.nodesIn(area) : scene.nodes.size <= mostElements ? scene.nodes.keys() : []);
  const tabStop = tabStopOf(canvas, order);
  if (tabStop !== undefined) shown.add(tabStop);
  let more = 50;
  for (const id of selected) if (scene.nodes.has(id) && more-- > 0) shown.add(id);
  return [...shown].flatMap((id) => scene.nodes.get(id) ?? []).sort((a, b) => order.places.get(a.id)! - order.places.get(b.id)!);
}

export function anyNodeView(canvas: ShownCanvas, node: SceneNode, order: SceneOrder): TemplateResult {
  const { scene, run, debug } = canvas;
  const covered = canvas.coverage?.[node.id];
  const diagnostics = canvas.diagnostics.get(node.id) ?? [];
  const label = describeNode(scene, node, { place: order.places.get(node.id)! + 1 - order.firstStep, of: order.steps, run, diagnostics, debug, covered });
  const look = { label, selected: canvas.selected.has(node.id), tabStop: node.id === tabStopOf(canvas, order), found: canvas.found.has(node.id), flash: canvas.flashing.has(node.id) };
  if (canvas.far) return ghostView(node, look);
  if (node.kind === 'note') return noteView(node, look);
  if (node.kind === 'group') return groupView(node, look);
  const paused = isPaused(run, debug);
  return nodeView(node, {
    ...look, target: canvas.linking?.target === node.id, running: run?.status === 'running' && (!paused || isHeld(node.id, run, debug)), paused,
    counts: run?.steps[node.id], error: run?.errors[node.id], diagnostics, breakpoint: debug.breakpoints[node.id], stopped: debug.stopped === node.id, covered,
  });
}

function tabStopOf({ current, scene }: ShownCanvas, { places }: SceneOrder): string | undefined {
  if (current !== undefined && scene.nodes.has(current)) return current;
  const [first] = places.keys();
  return first;
}
