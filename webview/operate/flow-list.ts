import { css, html, LitElement, nothing } from 'lit';
import type { FlowSummary } from '../../server/model/api.ts';
import { formatFullTime, formatRelative } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, loading, message, linkButton, statusBadge } from '../shared/kit.ts';
import { allRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import './flow-detail.ts';
import type { FlowActions } from './flow-detail.ts';
import { placeHash } from './place.ts';

/** All flows with their triggers, and the one that is chosen. */
class PatchbayFlowList extends LitElement {
  static override properties = { flows: { attribute: false }, failed: { attribute: false }, flow: { attribute: false }, actions: { attribute: false } };
  /** `undefined`: not read yet. */
  declare flows: readonly FlowSummary[] | undefined;
  declare failed: string | undefined;
  /** The id of the chosen one. */
  declare flow: string | undefined;
  declare actions: FlowActions;
  private readonly width = new Width(this);
  private readonly rows = allRows(() => this.flows ?? []);
  private drawn = 0;

  protected override render(): unknown {
    const { flows, failed } = this;
    if (!flows) return failed === undefined ? loading('The flows are loading') : html`<div class="outer">${message({ tone: 'bad', title: 'The flows could not be read', text: failed, actions: linkButton({ label: 'Try again', onClick: () => this.actions.reload() }) })}</div>`;
    if (flows.length === 0) return emptyState({ icon: 'type-hierarchy-sub', title: 'This workspace has no flows', text: html`Make one with <code>patchbay new flow</code>, or in VS Code.` });
    const chosen = flows.find(({ id }) => id === this.flow);
    const list = grid<FlowSummary>({ label: 'Flows', columns, rows: this.rows, keyOf: ({ id }) => id, selected: chosen?.id, onSelect: ({ id }) => { history.replaceState(undefined, '', placeHash({ at: 'flows', flow: id })); this.actions.choose(id); } }, ++this.drawn);
    return html`<patchbay-split .position=${46} ?vertical=${this.width.isNarrow} label="Size of the list of flows">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane" role="region" aria-label="The chosen flow">${chosen ? html`<patchbay-flow-detail .flow=${chosen} .actions=${this.actions}></patchbay-flow-detail>`
        : emptyState({ icon: 'type-hierarchy-sub', title: this.flow === undefined ? 'Choose a flow' : `There is no flow ${this.flow}`, text: 'Its triggers and addresses are shown here, and it can be started.' })}</div>
    </patchbay-split>${nothing}`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    patchbay-split { flex: 1; min-height: 0; }
    .pane { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    .pane > patchbay-grid { flex: 1; min-height: 0; }
    .outer { padding: 12px; }
  `];
}

customElements.define('patchbay-flow-list', PatchbayFlowList);

const nextTime = ({ triggers, enabled }: FlowSummary): string | undefined => (enabled ? triggers.flatMap(({ next = [] }) => next).sort()[0] : undefined);

/** A file that cannot run is not in use, unless a version of before is. */
function stateOf({ enabled, errors, deployed }: FlowSummary): { readonly label: string; readonly name: 'error' | 'pass' | 'circle-slash'; readonly tone: 'bad' | 'good' | 'quiet' } {
  if (!enabled) return { label: 'Disabled', name: 'circle-slash', tone: 'quiet' };
  return errors && !deployed ? { label: 'Has errors', name: 'error', tone: 'bad' } : { label: 'Enabled', name: 'pass', tone: 'good' };
}

const columns: readonly Column<FlowSummary>[] = [
  { id: 'state', title: 'State', width: '94px', cell: (flow) => { const { label, name, tone } = stateOf(flow); return html`${icon(name, { tone })} ${label}`; } },
  { id: 'flow', title: 'Flow', width: 'minmax(120px, 1fr)', cell: ({ title, id, errors }) => html`${errors ? html`${icon('warning', { tone: 'warn' })}<span class="for-screen-readers">has errors</span> ` : nothing}${title}${title === id ? nothing : html` <span class="quiet">${id}</span>`}`, tooltip: ({ title, id, errors }) => `${title} (${id})${errors ? `, ${errors} errors` : ''}` },
  { id: 'next', title: 'Next', width: '110px', from: 460, cell: (flow) => { const next = nextTime(flow); return next ? html`<span class="quiet">${formatRelative(Date.parse(next), Date.now())}</span>` : ''; }, tooltip: (flow) => { const next = nextTime(flow); return next && formatFullTime(Date.parse(next)); } },
  { id: 'last', title: 'Last run', width: '132px', from: 500, cell: ({ lastRun }) => (lastRun ? statusBadge(lastRun.status) : html`<span class="quiet">none</span>`), tooltip: ({ lastRun }) => lastRun && formatFullTime(lastRun.startedAt ?? lastRun.queuedAt) },
];
