import { html, nothing, type TemplateResult } from 'lit';
import { select, textField } from '../shared/kit.ts';
import type { PlaceQuery } from './place.ts';

const hour = 3_600_000;
const spans: Readonly<Record<string, { readonly label: string; readonly ms: number }>> = {
  '1h': { label: 'Last hour', ms: hour }, '24h': { label: 'Last 24 hours', ms: 24 * hour }, '7d': { label: 'Last 7 days', ms: 168 * hour }, '30d': { label: 'Last 30 days', ms: 720 * hour },
};

/** What the fields of time ask for, in milliseconds since the epoch. Days are those of the user's clock, the last one included. */
export function timeSpan({ time, since, until }: PlaceQuery, now: number): { readonly since?: number; readonly until?: number } {
  const span = time === undefined ? undefined : spans[time];
  if (span) return { since: now - span.ms };
  const first = dayOf(since);
  const last = dayOf(until);
  return { ...(first && { since: first.getTime() }), ...(last && { until: new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1).getTime() }) };
}

/** A choice of spans; `Between…` shows two days. */
export function timeFields(query: PlaceQuery, change: (part: Readonly<Record<string, string>>) => void): TemplateResult {
  const isBetween = query.time === 'between' || query.since !== undefined || query.until !== undefined;
  const value = isBetween ? 'between' : (query.time ?? '');
  const day = (label: string, key: 'since' | 'until') => html`<div class="filter day">${textField({ label, type: 'date', value: query[key] ?? '', onChange: (text) => change({ time: 'between', [key]: text }) })}</div>`;
  return html`<div class="filter">${select({
    label: 'Time', value, options: [{ value: '', label: 'Any time' }, ...Object.entries(spans).map(([span, { label }]) => ({ value: span, label })), { value: 'between', label: 'Between…' }],
    onChange: (time) => change({ time, since: '', until: '' }),
  })}</div>${isBetween ? html`${day('First day', 'since')}${day('Last day', 'until')}` : nothing}`;
}

function dayOf(text: string | undefined): Date | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '') ?? [];
  return year ? new Date(Number(year), Number(month) - 1, Number(day)) : undefined;
}
