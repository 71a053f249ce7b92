import { html, nothing, type TemplateResult } from 'lit';
import type { FlowSummary } from '../../server/model/api.ts';
import type { Column } from '../shared/grid.ts';
import type { Option } from '../shared/kit.ts';

type Titled = Pick<FlowSummary, 'id' | 'title'>;

/** Title and id, as titles alone need not differ; where there is little room, the id gives way first. `before` stands in front. */
export function flowName(flow: string, flows: readonly Titled[], before: unknown = nothing): TemplateResult {
  const title = flows.find(({ id }) => id === flow)?.title ?? flow;
  if (title === flow) return html`${before}${flow}`;
  const part = 'min-width: 0; overflow: hidden; text-overflow: ellipsis';
  return html`<span style="display: flex; gap: 8px">${before}<span style="flex: 0 1 auto; ${part}">${title}</span><span class="quiet" style="flex: 0 1000 auto; ${part}; min-width: 4ch">${flow}</span></span>`;
}

export function flowColumn<T extends { readonly flow: string }>(flows: readonly Titled[], width = 'minmax(110px, 1fr)'): Column<T> {
  return { id: 'flow', title: 'Flow', width, cell: ({ flow }) => flowName(flow, flows), tooltip: ({ flow }) => labelOf(flow, flows) };
}

/** For a field that chooses a flow; one without a file is there where it is the chosen one. */
export function flowOptions(flows: readonly Titled[], chosen: string | undefined): readonly Option[] {
  const lost = chosen && !flows.some(({ id }) => id === chosen) ? [{ value: chosen, label: chosen }] : [];
  return [{ value: '', label: 'All flows' }, ...lost, ...flows.map(({ id }) => ({ value: id, label: labelOf(id, flows) }))];
}

function labelOf(flow: string, flows: readonly Titled[]): string {
  const title = flows.find(({ id }) => id === flow)?.title ?? flow;
  return title === flow ? flow : `${title} (${flow})`;
}
