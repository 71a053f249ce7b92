import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import type { RunError, StepCounts } from '../../server/model/run-event.ts';
import type { FlowBreakpoint, StepCovered } from '../protocol/flow.ts';
import { codicons } from '../shared/codicons.generated.ts';
import { formatCount, formatDuration, formatNumber, formatShort, stoppedLook } from '../shared/format.ts';
import type { SceneNode } from '../../server/model/picture/scene.ts';
import { coveredText } from './describe.ts';

/** What a box shows besides what the flow says. */
export interface NodeLook {
  readonly label: string;
  readonly selected: boolean;
  readonly tabStop: boolean;
  /** Chosen as the end of a link that is being made. */
  readonly target: boolean;
  readonly found: boolean;
  readonly flash: boolean;
  readonly running: boolean;
  /** It stands still in the debugger. */
  readonly paused: boolean;
  readonly counts: StepCounts | undefined;
  readonly error: RunError | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly breakpoint: FlowBreakpoint | undefined;
  /** The debugger stands here. */
  readonly stopped: boolean;
  readonly covered: StepCovered | undefined;
}

/** A step or trigger: few elements, no component of its own, so that hundreds can be drawn. */
export function nodeView(node: SceneNode, look: NodeLook): TemplateResult {
  const rows = node.kind === 'step' && (node.ports.length > 1 || node.ports[0]?.name !== 'out');
  return html`<div
    class=${classMap({
      node: true, [node.kind]: true, [`group-${node.group}`]: true, selected: look.selected, stopped: look.stopped, target: look.target, found: look.found, flash: look.flash,
      disabled: node.disabled, unknown: node.unknown, failed: look.error !== undefined || (look.counts?.failed ?? 0) > 0, invalid: look.diagnostics.some(({ severity }) => severity === 'error'),
    })}
    data-id=${node.id} role="option" aria-selected=${look.selected} aria-label=${look.label} aria-current=${look.stopped ? 'step' : nothing} tabindex=${look.tabStop ? 0 : -1}
    style=${styleMap({ transform: `translate(${node.x}px, ${node.y}px)`, width: `${node.width}px`, height: `${node.height}px` })}>
    <span class="tile icon">${codicons[node.icon as keyof typeof codicons] ?? codicons['symbol-misc']}</span>
    <span class="title" title=${node.title}>${node.title}</span>
    <span class="summary" title=${node.summary}>${node.summary}</span>
    ${node.ports.map((port) => (rows
      ? html`<span class=${classMap({ row: true, free: port.to === undefined, error: port.isError })} style=${styleMap({ top: `${port.y - 10}px` })}><span title=${port.name}>${port.name}</span>${portCount(look.counts, port.name)}</span>`
      : html`<i class=${classMap({ port: true, free: port.to === undefined, error: port.isError })}></i>`))}
    ${badge(look.diagnostics)}
    ${node.kind === 'step' ? dot(node, look) : nothing}
    ${node.kind === 'step' ? caption(node, look) : nothing}
    ${look.covered ? coverage(look.covered) : nothing}
  </div>`;
}

/** A box that is drawn by the painter, for the keyboard and the screen reader. */
export const ghostView = (node: SceneNode, look: Pick<NodeLook, 'label' | 'selected' | 'tabStop'>): TemplateResult => html`<div
  class="node ghost" data-id=${node.id} role="option" aria-selected=${look.selected} aria-label=${look.label} tabindex=${look.tabStop ? 0 : -1}
  style=${styleMap({ transform: `translate(${node.x}px, ${node.y}px)`, width: `${node.width}px`, height: `${node.height}px` })}></div>`;

const portCount = (counts: StepCounts | undefined, port: string) => {
  const count = counts?.ports[port];
  return count === undefined ? nothing : html`<b title=${formatNumber(count)}>${formatShort(count)}</b>`;
};

/** Where a breakpoint is, or would be. */
function dot({ id }: SceneNode, { breakpoint, stopped }: NodeLook) {
  const hits = breakpoint?.hits?.replace(/^[=<>%\s]+/, '');
  return html`<i class=${classMap({ dot: true, [breakpoint?.kind ?? 'none']: true })} data-dot=${id} title=${breakpoint?.text ?? 'Breakpoint'}>${hits ?? ''}</i>${stopped ? html`<i class="arrow-here icon">${codicons['debug-stackframe'] ?? '▶'}</i>` : nothing}`;
}

function coverage(covered: StepCovered) {
  const { ran, ways } = covered;
  return html`<span class=${classMap({ covered: true, none: ran === 0, part: ran > 0 && ran < ways })} title=${coveredText(covered)}>${ran}/${ways}</span>`;
}

function badge(diagnostics: readonly Diagnostic[]) {
  if (diagnostics.length === 0) return nothing;
  const isError = diagnostics.some(({ severity }) => severity === 'error');
  return html`<span class=${classMap({ badge: true, icon: true, error: isError })} title=${diagnostics.map(({ message }) => message).join('\n')}>${codicons[isError ? 'error' : 'warning']}</span>`;
}

function caption(node: SceneNode, { counts, error, running, paused }: NodeLook) {
  if (error) return html`<span class="caption bad" title=${error.message}><span class="icon">${codicons['error']}</span>${counts && counts.failed > 0 ? `${formatShort(counts.failed)} failed: ` : ''}${error.message}</span>`;
  if (!counts) return node.disabled ? html`<span class="caption"><span class="icon">${codicons['circle-slash']}</span>skipped</span>` : nothing;
  const isBusy = running && counts.in > 0 && counts.lastAt !== undefined;
  const mark = counts.failed > 0 ? 'error' : isBusy ? (paused ? 'debug-pause' : 'sync') : counts.stopped ? stoppedLook.icon : 'pass';
  return html`<span class=${classMap({ caption: true, bad: counts.failed > 0 })} title=${captionTitle(counts)}><span class=${classMap({ icon: true, good: mark === 'pass', spin: mark === 'sync' })}>${codicons[mark]}</span>${formatShort(counts.in)} → ${formatShort(counts.out)}${counts.failed > 0 ? ` · ${formatShort(counts.failed)} failed` : ''}${counts.stopped ? ' · stopped' : ''} · ${formatDuration(counts.durationMs)}</span>`;
}

const captionTitle = (counts: StepCounts): string => [
  `${formatCount(counts.in, 'payload')} in, ${formatNumber(counts.out)} out, ${formatNumber(counts.failed)} failed`, formatCount(counts.records, 'record'),
  ...(counts.pages ? [formatCount(counts.pages, 'page')] : []), ...(counts.retries > 0 ? [formatCount(counts.retries, 'retry', 'retries')] : []), formatDuration(counts.durationMs),
].join('\n');
