import { css, html, nothing, type TemplateResult } from 'lit';
import type { InboxDetail } from '../../server/model/inbox.ts';
import { icon, message } from '../shared/kit.ts';

const stepWords = { signature: 'Signature', timestamp: 'Time of sending', content: 'Content', digest: 'Comparison', delivery: 'Delivery' } as const;

/** The check of a signature, step by step; the last step is the one that decides. */
export function checkSteps({ inspection, duplicateOf, delivery }: InboxDetail, show: (request: number) => void): TemplateResult {
  const again = duplicateOf === undefined ? nothing : html`<div class="part">${message({ tone: 'info', title: 'This delivery had come before', text: html`Its id is <code>${delivery}</code>, as that of request <button type="button" class="link-button" @click=${() => show(duplicateOf)}>${duplicateOf}</button>. It starts no second run.` })}</div>`;
  const { isValid, steps = [] } = inspection ?? {};
  return html`${again}${isValid === undefined ? unchecked : verdict(isValid, delivery)}
    ${steps.length === 0 ? nothing : html`<ol class="steps" aria-label="Check of the signature">${steps.map(({ name, isPassed, detail, facts = [] }) => html`<li class=${isPassed ? 'passed' : 'failed'}>
      <div class="step">${icon(isPassed ? 'check' : 'close', { tone: isPassed ? 'good' : 'bad' })}<span class="for-screen-readers">${isPassed ? 'Passed' : 'Failed'}:</span> <b>${stepWords[name]}</b> <span>${detail}</span></div>
      ${facts.length > 0 ? html`<dl>${facts.map((fact) => html`<div><dt>${fact.name}</dt><dd class="mono">${fact.value}</dd></div>`)}</dl>` : nothing}</li>`)}</ol>`}`;
}

const unchecked = html`<div class="part">${message({ tone: 'warn', title: 'Nothing was checked', text: 'The trigger has no signature, or a rule has answered for an address without a flow: anybody who knows the address can send to it.' })}</div>`;

const verdict = (isValid: boolean, delivery: string | undefined): TemplateResult =>
  html`<div class="part verdict">${icon(isValid ? 'pass' : 'error', { tone: isValid ? 'good' : 'bad' })} <b>${isValid ? 'The signature is right' : 'The signature is not accepted'}</b>${delivery === undefined ? nothing : html`<span class="quiet">delivery <code>${delivery}</code></span>`}</div>`;

export const checkStyles = css`
  .part { padding: 8px 12px 0; }
  .verdict { display: flex; align-items: baseline; flex-wrap: wrap; gap: 4px 8px; }
  .steps { margin: 8px 12px; padding: 0; list-style: none; }
  .steps li { padding: 6px 0 6px 10px; border-left: 2px solid var(--vscode-charts-green); margin-bottom: 6px; }
  .steps li.failed { border-left-color: var(--vscode-problemsErrorIcon-foreground); }
  .step { display: flex; align-items: baseline; flex-wrap: wrap; gap: 2px 6px; overflow-wrap: anywhere; }
  dl { margin: 4px 0 0 22px; }
  dl > div { display: grid; grid-template-columns: minmax(90px, 150px) 1fr; gap: 0 10px; }
  dt { color: var(--vscode-descriptionForeground); overflow-wrap: anywhere; }
  dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
`;
