import { html } from 'lit';
import { formatDuration, formatNumber, isFinal } from '../shared/format.ts';
import type { RunStatus } from '../../server/model/run-event.ts';
import type { Column } from '../shared/grid.ts';
import { icon, iconNamed, type IconName } from '../shared/kit.ts';
import type { Tone } from '../shared/format.ts';
import { pagesSentence, type RunStep } from './flow-steps.ts';

/** How a step stands: never by colour alone. */
export function stepState({ counts, disabled }: Pick<RunStep, 'counts' | 'disabled'>, run: RunStatus): { readonly label: string; readonly icon: IconName; readonly tone: Tone } {
  if (counts?.failed) return { label: 'Failed payloads', icon: 'error', tone: 'bad' };
  if (disabled) return { label: 'Disabled', icon: 'circle-slash', tone: 'quiet' };
  if (!counts) return isFinal(run) ? { label: 'Not reached', icon: 'dash', tone: 'quiet' } : { label: 'Waiting', icon: 'circle-large-outline', tone: 'quiet' };
  if (!isFinal(run)) return { label: 'Working', icon: 'sync', tone: 'info' };
  return { label: 'Done', icon: 'pass-filled', tone: 'good' };
}

const figure = (id: string, title: string, of: (step: RunStep) => number | undefined, width = '64px', from = 0): Column<RunStep> => ({
  id, title, width, number: true, from,
  cell: (step) => { const value = of(step); return value ? formatNumber(value) : html`<span class="quiet">${value === undefined ? '' : '0'}</span>`; },
});


export const stepColumns = (run: RunStatus): readonly Column<RunStep>[] => [
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
    cell: ({ counts }) => counts?.failed ? html`<b>${formatNumber(counts.failed)}</b>` : html`<span class="quiet">${counts ? '0' : ''}</span>`,
  },
  figure('records', 'Records', ({ counts }) => counts?.records, '68px', 480),
  { id: 'time', title: 'Time', width: '76px', number: true, from: 570, cell: ({ counts }) => (counts ? formatDuration(counts.durationMs) : '') },
  figure('retries', 'Retries', ({ counts }) => counts?.retries, '56px', 650),
  {
    id: 'pages', title: 'Pages', width: 'minmax(80px, 2fr)', from: 760,
    tooltip: ({ counts }) => counts && pagesSentence(counts),
    cell: ({ counts }) => { const sentence = counts && pagesSentence(counts); return sentence ? html`<span class="quiet">${sentence}</span>` : ''; },
  },
];
