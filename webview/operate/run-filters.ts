import { html, type TemplateResult } from 'lit';
import type { FlowSummary, RunFilter } from '../../server/model/api.ts';
import type { RunStatus } from '../../server/model/run-event.ts';
import { statusLooks } from '../shared/format.ts';
import { checkbox, select, textField, toolbar } from '../shared/kit.ts';
import { flowOptions } from './flow-words.ts';
import type { PlaceQuery } from './place.ts';
import { timeFields, timeSpan } from './time-span.ts';

/** The filters that stand in the address, as the runner reads them. */
export function filterOf(query: PlaceQuery, now: number): RunFilter {
  const { flow, status, trigger, environment, error, text, origin, pinned } = query;
  return {
    ...(flow && { flow }), ...(isStatus(status) && { status }), ...(trigger && { trigger }), ...(environment && { environment }), ...(error && { error }), ...(text && { text }),
    ...(origin && { origin: origin as NonNullable<RunFilter['origin']> }), ...(pinned && { pinned: pinned === 'true' }), ...timeSpan(query, now),
  };
}

export interface RunFilterFields {
  readonly query: PlaceQuery;
  readonly flows: readonly FlowSummary[];
  readonly environments: readonly string[];
  change(part: Readonly<Record<string, string>>): void;
}

/** A name that the file gives to nothing is asked for all the same: an older run may have had it. */
export function filterFields({ query, flows, environments, change }: RunFilterFields): TemplateResult {
  const triggers = [...new Set([...(query.trigger ? [query.trigger] : []), ...flows.flatMap((flow) => flow.triggers.map(({ id }) => id)), 'api', 'manual'])];
  const places = [...new Set([...(query.environment ? [query.environment] : []), ...environments])];
  const choice = (label: string, key: string, any: string, values: readonly { readonly value: string; readonly label: string }[]) =>
    html`<div class="filter">${select({ label, value: query[key] ?? '', options: [{ value: '', label: any }, ...values], onChange: (value) => change({ [key]: value }) })}</div>`;
  const named = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return toolbar('Filters', html`
    <div class="filter flow">${select({ label: 'Flow', value: query.flow ?? '', options: flowOptions(flows, query.flow), combobox: flows.length > 12, onChange: (flow) => change({ flow }) })}</div>
    ${choice('Status', 'status', 'Any status', Object.entries(statusLooks).map(([value, { label }]) => ({ value, label })))}
    ${choice('Trigger', 'trigger', 'Any trigger', named(triggers))}
    ${choice('Environment', 'environment', 'Any environment', named(places))}
    ${timeFields(query, change)}
    <div class="filter text">${textField({ label: 'Text in the error', type: 'search', value: query.text ?? '', placeholder: 'Text in the error', icon: 'search', onChange: (text) => change({ text }) })}</div>
    ${checkbox({ label: 'Pinned only', checked: query.pinned === 'true', onChange: (isPinned) => change({ pinned: isPinned ? 'true' : '' }) })}`);
}

const isStatus = (status: string | undefined): status is RunStatus => status !== undefined && Object.hasOwn(statusLooks, status);
