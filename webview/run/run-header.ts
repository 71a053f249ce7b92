import { html, nothing, type TemplateResult } from 'lit';
import type { RunDetail } from '../../server/model/api.ts';
import { formatBytes, formatCount, formatDuration, formatFullTime, formatMoment, formatNumber, isFinal } from '../shared/format.ts';
import { button, firstClick, icon, iconButton, linkButton, statusBadge, toolbar } from '../shared/kit.ts';
import { flowTitle } from './flow-steps.ts';

export interface RunActions {
  again(): void;
  /** With what did not get through. */
  resume(): void;
  change(): void;
  replay(): void;
  compare(): void;
  exportRun(): void;
  stop(): void;
  openFlow(): void;
  showRun(run: string): void;
}

/** How long the run has taken, or is taking. */
export const runDuration = ({ status, durationMs, startedAt }: RunDetail, now: number): number | undefined =>
  durationMs ?? (startedAt !== undefined && !isFinal(status) ? Math.max(0, now - startedAt) : undefined);

/** Something did not get through, and nobody works on it any more. */
export const mayResume = ({ status, failedPayloads }: RunDetail): boolean => isFinal(status) && (failedPayloads > 0 || !['success', 'partial-success'].includes(status));

/** Which flow, how it stands, and what can be done. `busy`: an action is under way. `paused`: it stands still in the debugger. */
export function runHeader(detail: RunDetail, actions: RunActions, options: { readonly now: number; readonly busy: boolean; readonly paused: boolean }): TemplateResult {
  const { status, trigger, environment, startedAt, queuedAt, input, id, origin } = detail;
  const duration = runDuration(detail, options.now);
  const retries = Object.values(detail.steps).reduce((sum, counts) => sum + counts.retries, 0);
  return html`<header>
    <div class="head-line">
      <h1 class="ellipsis" title="${flowTitle(detail)} (${detail.flow})">${flowTitle(detail)}</h1>
      <span class="head-status">${statusBadge(status, { paused: options.paused })}</span>
      <span class="gap"></span>
      ${toolbar('Actions for this run', html`
        ${isFinal(status) ? nothing : iconButton({ label: 'Stop', icon: 'debug-stop', disabled: options.busy, onClick: actions.stop })}
        ${mayResume(detail) ? button({ label: detail.failedPayloads ? 'Re-send failed' : 'Resume', icon: 'debug-continue', title: 'Starts a run with what did not get through, each payload at its step', onClick: firstClick(actions.resume) }) : nothing}
        ${iconButton({ label: 'Run again', icon: 'debug-restart', disabled: options.busy, title: 'Run again with the same input', onClick: actions.again })}
        ${isFinal(status) ? html`${iconButton({ label: 'Run with changes', icon: 'edit', onClick: actions.change })}${iconButton({ label: 'Replay', icon: 'debug-reverse-continue', title: 'Replay: run it from its recording and compare, without any system', onClick: actions.replay })}` : nothing}
        ${iconButton({ label: 'Compare with another run', icon: 'git-compare', onClick: actions.compare })}
        ${isFinal(status) ? iconButton({ label: 'Export the run…', icon: 'export', title: 'Export the run: a file with all that was recorded, masked as it is here', disabled: options.busy, onClick: actions.exportRun }) : nothing}
        ${iconButton({ label: 'Open the flow', icon: 'type-hierarchy-sub', onClick: actions.openFlow })}`)}
    </div>
    <dl class="facts">
      ${detail.version === undefined ? nothing : fact('Version', String(detail.version))}
      ${fact('Trigger', html`${icon(triggerIcon(trigger))} ${trigger}`)}
      ${environment ? fact('Environment', environment) : nothing}
      ${fact('Started', html`<span title=${formatFullTime(startedAt ?? queuedAt)}>${startedAt ? formatMoment(startedAt, options.now) : 'not yet'}</span>`)}
      ${duration === undefined ? nothing : fact('Duration', html`<span class="figures">${formatDuration(duration)}</span>`)}
      ${input ? fact('Input', html`<span class="ellipsis" title=${input.mediaType}>${input.mediaType}, ${formatBytes(input.size)}</span>`) : nothing}
      ${detail.failedPayloads ? fact('Failed', html`<span class="figures">${icon('error', { tone: 'bad' })} ${formatCount(detail.failedPayloads, 'payload')}</span>`) : nothing}
      ${retries ? fact('Retries', html`<span class="figures">${formatNumber(retries)}</span>`) : nothing}
      ${fact('Flow', html`<span class="mono ellipsis" title=${detail.flow}>${detail.flow}</span>`)}
      ${fact('Run', html`<span class="mono ellipsis" title=${id}>${id}</span>`)}
      ${origin ? fact(originWords[origin.kind], linkButton({ label: origin.run, title: `Show the run ${origin.run}`, onClick: () => actions.showRun(origin.run) })) : nothing}
    </dl>
  </header>`;
}

const fact = (term: string, text: unknown): TemplateResult => html`<div class="fact"><dt>${term}</dt><dd>${text}</dd></div>`;

const triggerIcon = (trigger: string) => (/schedule|cron/.test(trigger) ? 'calendar' : /hook/.test(trigger) ? 'globe' : /manual|editor/.test(trigger) ? 'account' : 'zap');

const originWords = { retry: 'Repeats', resume: 'Goes on with', replay: 'Replays', flow: 'Called by' } as const;
