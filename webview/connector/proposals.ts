import { html, nothing, type TemplateResult } from 'lit';
import { lookedText, type Looked } from '../../server/model/infer-schema.ts';
import type { Detection } from '../../server/model/trial.ts';
import { isSame } from '../../server/model/json.ts';
import { formatCount } from '../shared/format.ts';
import { icon, linkButton } from '../shared/kit.ts';
import type { Json } from './document.ts';
import { recordRows } from './record-rows.ts';

interface Options {
  readonly endpoint: Json;
  readonly readOnly: boolean;
  readonly take: (field: 'records' | 'pagination' | 'record', value: unknown) => void;
}

/** Proposals below this say nothing. */
const leastScore = 0.1;
const shown = 3;

/** What answers seem to say of their endpoint, each with how sure that is; one press writes it into the file. */
export function proposals({ records, pagination }: Detection, { endpoint, readOnly, take }: Options): TemplateResult | typeof nothing {
  const rows = rowsOf({ records, pagination }, endpoint);
  if (rows.length === 0) return nothing;
  return html`<section aria-label="Proposals"><h3>It seems that</h3><ul class="plain">${rows.map(({ field, value, score, why, label, isThere }) => html`<li class="proposal">
    <span class="score" title="How sure it is"><span class="bar" aria-hidden="true"><span style="width: ${Math.round(score * 100)}%"></span></span>${Math.round(score * 100)} %</span>
    <span class="what"><span class="mono">${label}</span><br><span class="quiet">${why}</span></span>
    ${isThere ? html`<span class="quiet">${icon('check')} in the file</span>` : readOnly ? nothing : linkButton({ label: 'Use', title: `Use ${label}`, onClick: () => take(field, value) })}</li>`)}</ul></section>`;
}

function rowsOf({ records, pagination }: Detection, endpoint: Json) {
  return [
    ...records.slice(0, shown).map((proposal) => ({ ...proposal, field: 'records' as const, label: `Records at ${proposal.value}`, isThere: isSame(endpoint['records'] ?? '$', proposal.value) })),
    ...pagination.slice(0, shown).map((proposal) => ({ ...proposal, field: 'pagination' as const, label: `Pagination ${proposal.value.type}${settingsText(proposal.value.settings)}`, isThere: isSame(endpoint['pagination'], proposal.value) })),
  ].filter(({ score }) => score >= leastScore);
}

/** How much there is to look at, and how many likely things of it are not in the file. */
export function countFindings(detected: Detection | undefined, schema: Readonly<Record<string, unknown>> | undefined, { endpoint }: Pick<Options, 'endpoint'>): { readonly count: number; readonly fresh: number } {
  const rows = detected ? rowsOf(detected, endpoint) : [];
  const likely = (['records', 'pagination'] as const).filter((field) => { const first = rows.find((row) => row.field === field); return first !== undefined && first.score >= 0.5 && !first.isThere; });
  const hasRecord = recordRows(schema).length > 0;
  return { count: rows.length + (hasRecord ? 1 : 0), fresh: likely.length + (hasRecord && endpoint['record'] === undefined ? 1 : 0) };
}

/** What records look like, for the file. */
export function inferred(schema: Readonly<Record<string, unknown>> | undefined, looked: Looked | undefined, { endpoint, readOnly, take }: Options): TemplateResult | typeof nothing {
  const fields = recordRows(schema);
  if (!schema || fields.length === 0) return nothing;
  const names = fields.slice(0, 8).map(({ label, type }) => `${label} (${type})`).join(', ');
  return html`<section aria-label="Record schema"><h3>A record has ${formatCount(fields.length, 'field')}</h3>
    <p class="quiet">${names}${fields.length > 8 ? ` and ${fields.length - 8} more` : ''}${lookedText(looked)}</p>
    ${isSame(endpoint['record'], schema) ? html`<span class="quiet">${icon('check')} in the file</span>` : readOnly ? nothing : linkButton({ label: endpoint['record'] === undefined ? 'Take over as the record schema' : 'Take over in place of the record schema', icon: 'arrow-left', onClick: () => take('record', schema) })}</section>`;
}

const settingsText = (settings: Readonly<Record<string, unknown>> = {}): string => {
  const parts = Object.entries(settings).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
};
