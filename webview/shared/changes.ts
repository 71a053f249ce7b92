import { css, html, nothing, type TemplateResult } from 'lit';
import type { FileChange } from '../../server/model/api.ts';
import { formatCount, formatValue } from './format.ts';

/** Values longer than this are cut. */
const longest = 300;

/** What is different in a document: a table of values, or lines with `-` and `+`. Needs `baseStyles` and `changeStyles`. */
export function changesOf({ values = [], lines = [] }: Pick<FileChange, 'values' | 'lines'>, label: string, [was, is]: readonly [string, string] = ['Before', 'After']): TemplateResult {
  return html`
    ${values.length > 0 ? html`<div class="scroll" tabindex="0" role="region" aria-label="${label}: values"><table class="changes"><caption class="for-screen-readers">${label}: values that are different</caption>
      <thead><tr><th scope="col">Place</th><th scope="col">${was}</th><th scope="col">${is}</th></tr></thead>
      <tbody>${values.map(({ pointer, before, after }) => html`<tr><th scope="row" class="mono">${pointer || '/'}</th><td class="mono before">${valueOf(before)}</td><td class="mono after">${valueOf(after)}</td></tr>`)}</tbody></table></div>` : nothing}
    ${lines.length > 0 ? html`<div class="scroll" tabindex="0" role="region" aria-label="${label}: lines"><pre class="mono lines">${lines.map((line) => html`<span class=${line.startsWith('-') ? 'before' : line.startsWith('+') ? 'after' : 'quiet'}>${line || ' '}\n</span>`)}</pre></div>` : nothing}`;
}

export const changeWords: Readonly<Record<FileChange['change'], string>> = { added: 'Added', removed: 'Removed', changed: 'Changed' };

/** `3 values`, `2 lines`, or that only the spelling is different. */
export function changeSize({ values, lines }: Pick<FileChange, 'values' | 'lines'>): string {
  if (values?.length) return formatCount(values.length, 'value');
  if (lines?.length) return formatCount(lines.length, 'line');
  return values ? 'spelling only' : '';
}

const valueOf = (value: unknown): unknown => (value === undefined ? html`<span class="quiet">none</span>` : formatValue(value, longest));

export const changeStyles = css`
  .scroll { overflow: auto; max-width: 100%; border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); border-radius: 3px; }
  .changes { border-collapse: collapse; width: 100%; }
  .changes th, .changes td { text-align: left; vertical-align: top; padding: 3px 10px; font-weight: normal; overflow-wrap: anywhere; min-width: 80px; }
  .changes thead th { font-weight: 600; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
  .changes tbody th { max-width: 320px; }
  .before { background: color-mix(in srgb, var(--vscode-gitDecoration-deletedResourceForeground) 14%, transparent); }
  .after { background: color-mix(in srgb, var(--vscode-gitDecoration-addedResourceForeground) 14%, transparent); }
  .lines { margin: 0; padding: 6px 0; }
  .lines span { display: block; padding: 0 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
`;
