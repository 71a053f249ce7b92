import { html, nothing, type TemplateResult } from 'lit';
import type { RunError } from '../../server/model/run-event.ts';
import { linkButton, message } from '../shared/kit.ts';
import { commandsOf } from './remedy.ts';

/** What went wrong, where, and what to do. `onStep` leads to the step, `onFile` to the place in the file. */
export function errorBox(error: RunError, options: { readonly title?: string; readonly run?: string; readonly onStep?: (step: string) => void; readonly onFile?: (error: RunError) => void } = {}): TemplateResult {
  const { code, step, place, details } = error;
  const remedy = error.remedy && commandsOf(error.remedy, options.run);
  const where = [place?.file && `${place.file}${place.line ? `:${place.line}` : ''}`, place?.pointer].filter(Boolean).join(' ');
  return message({
    tone: 'bad',
    title: options.title ?? error.message,
    text: html`
      ${options.title ? html`<div>${error.message}</div>` : nothing}
      ${remedy ? html`<div class="remedy">${remedy}</div>` : nothing}
      <div class="quiet error-facts"><code>${code}</code>${step ? html` · step <b>${step}</b>` : nothing}${where ? html` · <span class="mono">${where}</span>` : nothing}</div>
      ${details && Object.keys(details).length > 0 ? html`<details><summary>Details</summary><pre class="mono details">${JSON.stringify(details, null, 2)}</pre></details>` : nothing}`,
    actions: html`
      ${step && options.onStep ? linkButton({ label: 'Show the step', icon: 'list-tree', onClick: () => options.onStep!(step) }) : nothing}
      ${options.onFile ? linkButton({ label: 'Open the flow', icon: 'go-to-file', onClick: () => options.onFile!(error) }) : nothing}
      ${linkButton({ label: 'Copy details', icon: 'copy', onClick: () => void navigator.clipboard.writeText(JSON.stringify(error, null, 2)) })}`,
  });
}
