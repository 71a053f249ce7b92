import { html, LitElement, nothing } from 'lit';
import type { FlowSummary } from '../../server/model/api.ts';
import { formatCount, formatFullTime, formatRelative } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, kitStyles, linkButton, loading, message, statusBadge } from '../shared/kit.ts';
import { allRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import './flow-detail.ts';
import type { FlowActions } from './flow-detail.ts';
import { flowColumn, flowName } from './flow-words.ts';
import type { Operations } from './operations.ts';
import { screenStyles } from './screen-styles.ts';

/** All flows with their triggers and versions, and the one that is chosen. */
class PatchbayFlowList extends LitElement {
  static override properties = { operations: { attribute: false }, flows: { attribute: false }, failed: { attribute: false }, flow: { attribute: false }, tab: {}, actions: { attribute: false } };
  declare operations: Operations;
  /** `undefined`: not read yet. */
  declare flows: readonly FlowSummary[] | undefined;
  declare failed: string | undefined;
  /** The id of the chosen one. */
  declare flow: string | undefined;
  declare tab: string | undefined;
  declare actions: FlowActions;
  private readonly width = new Width(this);
  private readonly rows = allRows(() => this.flows ?? []);
  private drawn = 0;

  protected override render(): unknown {
    const { flows, failed } = this;
    if (!flows) return failed === undefined ? loading('The flows are loading') : html`<div class="outer">${message({ tone: 'bad', title: 'The flows could not be read', text: failed, actions: linkButton({ label: 'Try again', onClick: () => this.actions.reload() }) })}</div>`;
    if (flows.length === 0) return emptyState({ icon: 'type-hierarchy-sub', title: 'This workspace has no flows', text: html`Make one with <code>patchbay new flow</code>, or in VS Code.` });
    const chosen = flows.find(({ id }) => id === this.flow);
    const list = grid<FlowSummary>({ label: 'Flows', columns: columnsFor(flows), rows: this.rows, keyOf: ({ id }) => id, selected: chosen?.id, onSelect: ({ id }) => this.actions.choose(id) }, ++this.drawn);
    return html`${failed === undefined ? nothing : html`<div class="outer">${message({ tone: 'bad', title: 'The flows could not be read again', text: failed, actions: linkButton({ label: 'Try again', onClick: () => this.actions.reload() }) })}</div>`}
    <patchbay-split .position=${46} ?vertical=${this.width.isNarrow} label="Size of the list of flows">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane" role="region" aria-label="The chosen flow">${chosen ? html`<patchbay-flow-detail style="flex: 1; min-height: 0" .operations=${this.operations} .flow=${chosen} .tab=${this.tab === 'versions' ? 'versions' : 'overview'} .actions=${this.actions}></patchbay-flow-detail>`
        : emptyState({ icon: 'type-hierarchy-sub', title: this.flow === undefined ? 'Choose a flow' : `There is no flow ${this.flow}`, text: 'Its triggers, addresses and versions are shown here, and it can be started.' })}</div>
    </patchbay-split>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles];
}

customElements.define('patchbay-flow-list', PatchbayFlowList);

const nextTime = ({ triggers, enabled }: FlowSummary): string | undefined => (enabled ? triggers.flatMap(({ next = [] }) => next).sort()[0] : undefined);

/** A file that cannot run is not in use, unless a version of before is. */
function stateOf({ enabled, errors, deployed }: FlowSummary): { readonly label: string; readonly name: 'error' | 'pass' | 'circle-slash'; readonly tone: 'bad' | 'good' | 'quiet' } {
  if (!enabled) return { label: 'Disabled', name: 'circle-slash', tone: 'quiet' };
  return errors && !deployed ? { label: 'Has errors', name: 'error', tone: 'bad' } : { label: 'Enabled', name: 'pass', tone: 'good' };
}

const versionWords = ({ deployed, draftDiffers }: FlowSummary): string => (deployed ? `Version ${deployed.number}${draftDiffers ? '; the files are different' : ''}` : 'Not deployed');

function columnsFor(flows: readonly FlowSummary[]): readonly Column<FlowSummary>[] {
  const name = flowColumn<FlowSummary & { readonly flow: string }>(flows);
  return [
    { id: 'state', title: 'State', width: '94px', cell: (flow) => { const { label, name: picture, tone } = stateOf(flow); return html`${icon(picture, { tone })} ${label}`; } },
    {
      id: 'flow', title: 'Flow', width: 'minmax(120px, 1fr)',
      cell: (flow) => flowName(flow.id, flows, flow.errors ? html`<span>${icon('warning', { tone: 'warn' })}<span class="for-screen-readers">has errors</span> </span>` : nothing),
      tooltip: (flow) => `${name.tooltip!({ ...flow, flow: flow.id })}${flow.errors ? `, ${formatCount(flow.errors, 'error')}` : ''}`,
    },
    { id: 'version', title: 'Version', width: '64px', from: 400, cell: (flow) => (flow.deployed ? html`${flow.deployed.number}${flow.draftDiffers ? html` ${icon('diff-modified', { tone: 'warn' })}<span class="for-screen-readers">the files are different</span>` : nothing}` : html`<span class="quiet">none</span>`), tooltip: versionWords },
    { id: 'next', title: 'Next', width: '92px', from: 620, cell: (flow) => { const next = nextTime(flow); return next ? html`<span class="quiet">${formatRelative(Date.parse(next), Date.now())}</span>` : ''; }, tooltip: (flow) => { const next = nextTime(flow); return next && formatFullTime(Date.parse(next)); } },
    { id: 'last', title: 'Last run', width: '132px', from: 500, cell: ({ lastRun }) => (lastRun ? statusBadge(lastRun.status) : html`<span class="quiet">none</span>`), tooltip: ({ lastRun }) => lastRun && formatFullTime(lastRun.startedAt ?? lastRun.queuedAt) },
  ];
}
