import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { FlowDebug, FlowRun, StepCovered } from '../protocol/flow.ts';
import { formatCount, formatNumber } from '../shared/format.ts';
import type { Scene, SceneEdge, SceneNode } from '../../server/model/picture/scene.ts';

export interface NodeFacts {
  readonly place: number;
  readonly of: number;
  readonly run?: FlowRun | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly debug?: FlowDebug | undefined;
  readonly covered?: StepCovered | undefined;
}

/** What a screen reader says of a node: `Map orders, Map, step 3 of 7, 118 in, 2 failed, leads to send-orders`. */
export function describeNode(scene: Scene, node: SceneNode, { place, of, run, diagnostics, debug, covered }: NodeFacts): string {
  if (node.kind === 'note') return `Note, ${node.summary.trim() === '' ? 'empty' : node.summary.trim().slice(0, 500)}`;
  if (node.kind === 'group') return `Group ${node.title}, ${formatCount(node.members!.length, 'step')}: ${node.members!.slice(0, 8).map((id) => scene.nodes.get(id)!.title).join(', ')}`;
  const counts = run?.steps[node.id];
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const parts = [
    node.title === node.type ? node.title : `${node.title}, ${node.type}`,
    node.kind === 'step' ? `step ${place} of ${of}` : node.kind,
    node.unknown && 'unknown kind',
    node.disabled && 'skipped',
    debug?.stopped === node.id && 'the debugger stands here',
    debug?.breakpoints[node.id] && `breakpoint: ${debug.breakpoints[node.id]!.text}`,
    errors > 0 && formatCount(errors, 'error'),
    diagnostics.length > errors && formatCount(diagnostics.length - errors, 'warning'),
    counts && `${formatNumber(counts.in)} in, ${formatNumber(counts.out)} out`,
    counts && counts.failed > 0 && `${formatNumber(counts.failed)} failed`,
    counts?.stopped !== undefined && 'stopped',
    covered && coveredText(covered),
    linksText(scene, node),
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ');
}

/** A run stands still in the debugger. */
export const isPaused = (run: FlowRun | undefined, debug: FlowDebug): boolean => run?.status === 'running' && debug.paused?.includes(run.id) === true;

/** In which something has failed. */
export const failedSteps = (run: FlowRun | undefined): ReadonlySet<string> => new Set(Object.entries(run?.steps ?? {}).flatMap(([id, { failed }]) => (failed > 0 ? [id] : [])));

/** Of a run that stands still: whether it does so in this step, or in a flow that this step has called. The others are through, or have not begun. */
export function isHeld(step: string, run: FlowRun, { stopped }: FlowDebug): boolean {
  const counts = run.steps[step];
  return stopped === undefined ? counts !== undefined && counts.out + counts.failed < counts.in : stopped === step;
}

/** What the tests have run of a step. */
export function coveredText({ ran, ways, missed }: StepCovered): string {
  if (ran === 0) return 'not run by tests';
  const shown = missed.slice(0, 8).join(', ');
  return `${ran} of ${ways} ways run by tests${missed.length > 0 ? `, not: ${shown}${missed.length > 8 ? ` and ${missed.length - 8} more` : ''}` : ''}`;
}

/** `the link from Route, port uk, to Send UK`. */
export function describeEdge(scene: Scene, edge: SceneEdge): string {
  const from = scene.nodes.get(edge.from);
  return `the link from ${from?.title ?? edge.from}${(from?.ports.length ?? 1) > 1 ? `, port ${edge.port},` : ''} to ${scene.nodes.get(edge.to)?.title ?? edge.to}`;
}

function linksText(scene: Scene, node: SceneNode): string {
  const links = node.ports.flatMap((port) => {
    const target = port.to === undefined ? undefined : scene.nodes.get(port.to);
    return target ? [node.ports.length > 1 ? `${target.title} by ${port.name}` : target.title] : [];
  });
  if (links.length === 0) return 'leads nowhere';
  return links.length > 4 ? `leads to ${links.length} steps` : `leads to ${links.join(', ')}`;
}
