import { html } from 'lit';
import { formatDuration, formatNumber, formatShort, isFinal, pausedLook, stoppedLook } from '../shared/format.ts';
import type { RunStatus } from '../../server/model/run-event.ts';
import type { Column } from '../shared/grid.ts';
import { icon, iconNamed, type IconName } from '../shared/kit.ts';
import type { Tone } from '../shared/format.ts';
import { pagesSentence, type RunStep } from './flow-steps.ts';

/** How a run stands; `paused`: in the debugger. */
interface Standing {
  readonly status: RunStatus;
  readonly paused: boolean;
}

/** How a step stands: never by colour alone. */
export function stepState({ counts, disabled }: Pick<RunStep, 'counts' | 'disabled'>, { status, paused }: Standing): { readonly label: string; readonly icon: IconName; readonly tone: Tone } {
  if (counts?.failed) return { label: 'Failed payloads', icon: 'error', tone: 'bad' };
  if (disabled) return { label: 'Disabled', icon: 'circle-slash', tone: 'quiet' };
  if (!counts) return isFinal(status) ? { label: 'Not reached', icon: 'dash', tone: 'quiet' } : { label: 'Waiting', icon: 'circle-large-outline', tone: 'quiet' };
  if (!isFinal(status)) return paused ? pausedLook : counts.working ? { label: 'Working', icon: 'sync', tone: 'info' } : { label: 'Done so far', icon: 'pass', tone: 'quiet' };
  if (counts.stopped) return stoppedLook;
  return { label: 'Done', icon: 'pass-filled', tone: 'good' };
}

const figure = (id: string, title: string, of: (step: RunStep) => number | undefined, width = '64px', from = 0): Column<RunStep> => ({
  id, title, width, number: true, from,
  cell: (step) => { const value = of(step); return value ? formatShort(value) : html`<span class="quiet">${value === undefined ? '' : '0'}</span>`; },
  tooltip: (step) => { const value = of(step); return value === undefined ? undefined : formatNumber(value); },
});


/** From when to when steps were at work. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const spanOf = (steps: readonly RunStep[]): Span => steps.reduce<Span>(({ from, to }, { counts }) => ({ from: Math.min(from, counts?.firstAt ?? from), to: Math.max(to, counts?.lastAt ?? to) }), { from: Infinity, to: -Infinity });

export function stepColumns(run: Standing, steps: readonly RunStep[]): readonly Column<RunStep>[] {
  const span = spanOf(steps);
  return [...whatColumns(run), { id: 'when', title: 'When', width: 'minmax(80px, 1.4fr)', from: 900, cell: (step) => whenBar(span, step), tooltip: ({ counts }) => whenText(span, counts) }, ...costColumns];
}

const whatColumns = (run: Standing): readonly Column<RunStep>[] => [
  {
    id: 'state', title: '', width: '18px', tooltip: (step) => stepState(step, run).label,
    cell: (step) => { const state = stepState(step, run); return html`${icon(state.icon, { tone: state.tone, spin: state.icon === 'sync' })}<span class="for-screen-readers">${state.label}</span>`; },
  },
  { id: 'step', title: 'Step', width: 'minmax(110px, 2fr)', tooltip: ({ title, id, kind }) => `${title} (${id}, ${kind})`, cell: ({ title, icon: name }) => html`${icon(iconNamed(name, 'symbol-misc'))} ${title}` },
  { id: 'kind', title: 'Shape', width: 'minmax(60px, 1fr)', from: 900, cell: ({ kind }) => html`<span class="quiet">${kind}</span>` },
  figure('in', 'In', ({ counts }) => counts?.in, '52px'),
  figure('out', 'Out', ({ counts }) => counts?.out, '52px'),
  {
    id: 'failed', title: 'Failed', width: '54px', number: true,
    cell: ({ counts }) => counts?.failed ? html`<b title=${formatNumber(counts.failed)}>${formatShort(counts.failed)}</b>` : html`<span class="quiet">${counts ? '0' : ''}</span>`,
  },
  figure('records', 'Records', ({ counts }) => counts?.records, '68px', 480),
];

const costColumns: readonly Column<RunStep>[] = [
  { id: 'time', title: 'Time', width: '76px', number: true, from: 570, cell: ({ counts }) => (counts ? formatDuration(counts.durationMs) : '') },
  figure('retries', 'Retries', ({ counts }) => counts?.retries, '56px', 650),
  {
    id: 'pages', title: 'Pages', width: 'minmax(80px, 2fr)', from: 760,
    tooltip: ({ counts }) => counts && pagesSentence(counts),
    cell: ({ counts }) => { const sentence = counts && pagesSentence(counts); return sentence ? html`<span class="quiet">${sentence}</span>` : ''; },
  },
];

/** A bar from the first payload of a step to its last, within the time of all. It is for the eye: its tooltip says the same. */
function whenBar({ from, to }: Span, { counts, disabled }: RunStep): unknown {
  const { firstAt, lastAt = firstAt } = counts ?? {};
  if (firstAt === undefined || lastAt === undefined || disabled) return '';
  const whole = Math.max(1, to - from);
  const share = (time: number): string => `${((time / whole) * 100).toFixed(2)}%`;
  const colour = counts!.failed > 0 ? 'var(--vscode-charts-red)' : 'var(--vscode-charts-blue)';
  return html`<span class="measure" aria-hidden="true" style="display: block; margin-left: min(${share(firstAt - from)}, calc(100% - 3px)); width: max(3px, ${share(lastAt - firstAt)}); height: 9px; border-radius: 2px; background: ${colour}"></span>`;
}

function whenText({ from }: Span, counts: RunStep['counts']): string | undefined {
  const { firstAt, lastAt = firstAt } = counts ?? {};
  return firstAt === undefined || lastAt === undefined ? undefined : `From ${formatDuration(firstAt - from)} to ${formatDuration(lastAt - from)} after the first step began`;
}
