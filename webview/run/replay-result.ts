import { css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import type { ReplayDifference, ReplayResult } from '../../server/model/api.ts';
import { changesOf, changeSize, changeStyles } from '../shared/changes.ts';
import { formatCount, statusLooks } from '../shared/format.ts';
import { message } from '../shared/kit.ts';
import type { RunStatus } from '../../server/model/run-event.ts';

/** What a replay showed: that nothing is different, or what is. */
export function replayResult({ identical, differences, status, failures, steps }: ReplayResult): TemplateResult {
  const payloads = Object.values(steps).reduce((sum, { out }) => sum + out, 0);
  const failed = failures.length > 0 ? `, ${formatCount(failures.length, 'payload')} failed as then` : '';
  if (identical) return message({ tone: 'info', title: 'The replay gave the same, byte for byte', text: `${statusLooks[status].label}: ${formatCount(payloads, 'payload')} compared${failed}. Nothing was sent to any system.` });
  return html`${message({ tone: 'warn', title: `The replay gave something else: ${differences.length === 100 ? 'the first 100' : formatCount(differences.length, 'difference')}`, text: `${statusLooks[status].label}: ${formatCount(payloads, 'payload')} compared. Nothing was sent to any system.` })}
    <ol class="differences">${differences.map((difference) => html`<li>${differenceOf(difference)}</li>`)}</ol>`;
}

const kinds: Readonly<Record<ReplayDifference['kind'], string>> = { changed: 'Different', missing: 'Missing', new: 'New', status: 'Another end', request: 'Asked otherwise' };

function differenceOf(difference: ReplayDifference): TemplateResult {
  const { kind, step, port, payload, was, is, values, lines } = difference;
  const place = html`${step === undefined ? nothing : html` <span class="mono">${step}</span>${port ? html` <span class="quiet">port</span> <span class="mono">${port}</span>` : nothing}`}${payload === undefined ? nothing : html` <span class="quiet">payload</span> <span class="mono">${payload}</span>`}`;
  const size = changeSize(difference);
  if (values?.length || lines?.length) return html`<details open><summary><b>${kinds[kind]}</b>${place} <span class="quiet">${size}</span></summary>${changesOf(difference, `${step ?? ''} ${payload ?? ''}`, ['Then', 'Now'])}</details>`;
  return html`<b>${kinds[kind]}</b>${place}${kind === 'changed' || kind === 'status' || kind === 'request' ? html`: ${wordOf(was)} → ${wordOf(is)}` : nothing}`;
}

/** Statuses and codes of errors as words; a body by the beginning of its name. */
const wordOf = (text = 'nothing'): string => (Object.hasOwn(statusLooks, text) ? statusLooks[text as RunStatus].label : /^[0-9a-f]{64}$/.test(text) ? `body ${text.slice(0, 8)}` : text);

export const replayStyles: CSSResult[] = [changeStyles, css`
  .differences { margin: 8px 0 0; padding-left: 28px; display: flex; flex-direction: column; gap: 8px; }
  .differences summary { cursor: pointer; margin-bottom: 4px; }
  .differences li { overflow-wrap: anywhere; }
`];
