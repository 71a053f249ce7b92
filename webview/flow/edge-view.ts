import { nothing, svg, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { FlowRun } from '../protocol/flow.ts';
import { formatShort } from '../shared/format.ts';
import type { Point } from '../../server/model/picture/geometry.ts';
import { sizes } from '../../server/model/picture/layout.ts';
import { labelPoint, pathOf } from '../../server/model/picture/routing.ts';
import { portPoint, type Scene, type SceneEdge } from '../../server/model/picture/scene.ts';
import type { PortEnd } from './tools/tool.ts';

export interface EdgeLook {
  readonly run: FlowRun | undefined;
  /** The run stands still in the debugger. */
  readonly paused: boolean;
  readonly hover: boolean;
  readonly selected: boolean;
}

/** A link, its arrow, and how many payloads have passed it. */
export function edgeView(edge: SceneEdge, { run, paused, hover, selected }: EdgeLook): TemplateResult {
  const count = run?.steps[edge.from]?.ports[edge.port];
  const isActive = run?.status === 'running' && !paused && count !== undefined && (run.steps[edge.to]?.in ?? 0) < count;
  const label = labelPoint(edge.points);
  return svg`<path class=${classMap({ edge: true, error: edge.isError, ran: count !== undefined, hover, selected, active: isActive })} data-edge=${edge.key} d=${pathOf(edge.points)}></path><path class="arrow" d=${arrowAt(edge.points.at(-1)!)}></path>${
    count === undefined || hover ? nothing : svg`<text class="count" x=${label.x} y=${label.y + 4}>${formatShort(count)}</text>`}`;
}

/** The link that is being made: by keyboard to a target, by pointer drawn directly. */
export function linkView(scene: Scene, linking: { readonly from: PortEnd; readonly target: string } | undefined): TemplateResult {
  const from = linking && scene.nodes.get(linking.from.id);
  const to = linking && scene.nodes.get(linking.target);
  const port = from?.ports.find(({ name }) => name === linking?.from.port);
  return from && to && port ? svg`<path class="link" d=${curve(portPoint(from, port), { x: to.x, y: to.y + sizes.input })}></path>` : svg`<path class="link" visibility="hidden"></path>`;
}

/** The plus in the middle of a link. */
export function plusView(edge: SceneEdge | undefined): TemplateResult | typeof nothing {
  if (!edge) return nothing;
  const { x, y } = labelPoint(edge.points);
  return svg`<g class="plus" transform="translate(${x} ${y})"><circle r="9"></circle><path d="M-4 0H4M0 -4V4"></path></g>`;
}

export const arrowAt = ({ x, y }: Point): string => `M${x - 6} ${y - 4}L${x - 1} ${y}L${x - 6} ${y + 4}`;

export function curve(from: Point, to: Point): string {
  const reach = Math.max(30, Math.abs(to.x - from.x) / 2);
  return `M${from.x} ${from.y}C${from.x + reach} ${from.y} ${to.x - reach} ${to.y} ${to.x} ${to.y}`;
}
