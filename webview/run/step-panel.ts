import { css, html, LitElement, nothing } from 'lit';
import type { RunStatus } from '../../server/model/run-event.ts';
import type { LineagePlace } from '../../server/model/run-lineage.ts';
import type { RunError } from '../../server/model/run-event.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import { formatShort, isFinal } from '../shared/format.ts';
import { icon, iconNamed, kitStyles, linkButton, tabPanel, tabs, type Tab } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import './exchange-list.ts';
import { pagesSentence, type RunStep } from './flow-steps.ts';
import './log-list.ts';
import './payload-list.ts';
import './step-changes.ts';

export type StepTab = 'in' | 'out' | 'changes' | 'failed' | 'requests' | 'logs';

/** What happened in one step; without a step, in the whole run. */
class PatchbayStepPanel extends LitElement {
  static override properties = { host: { attribute: false }, run: {}, step: { attribute: false }, steps: { attribute: false }, status: {}, version: { attribute: false }, tab: {}, payload: {}, onTab: { attribute: false }, onOpen: { attribute: false }, onResend: { attribute: false }, onPlace: { attribute: false } };
  declare host: Api<RunHost>;
  declare run: string;
  declare step: RunStep | undefined;
  /** Those of the run that something came to, with their titles. */
  declare steps: ReadonlyMap<string, string>;
  declare status: RunStatus;
  declare version: number;
  declare tab: StepTab;
  /** The payload that is to be shown first. */
  declare payload: string | undefined;
  declare onTab: (tab: StepTab) => void;
  /** Opens the flow at the step. */
  declare onOpen: (step: string | undefined) => void;
  /** Sends a failed payload again; not there while the run is under way. */
  declare onResend: ((payload: string) => void) | undefined;

  /** Shows another place of the run. */
  declare onPlace: (place: LineagePlace) => void;

  private tabs(): readonly Tab<StepTab>[] {
    const counts = this.step?.counts;
    const badgeOf = (count: number | undefined) => (count ? { count: formatShort(count) } : {});
    const sides: readonly Tab<StepTab>[] = this.step ? [
      { id: 'in', label: 'In', ...badgeOf(counts?.in) },
      { id: 'out', label: 'Out', ...badgeOf(counts?.out) },
      { id: 'changes', label: 'Changes' },
      { id: 'failed', label: 'Failed', ...(counts?.failed ? { icon: 'error', tone: 'bad' } : {}), ...badgeOf(counts?.failed) },
    ] : [];
    return [...sides, { id: 'requests', label: 'Requests' }, { id: 'logs', label: 'Logs' }];
  }

  protected override render(): unknown {
    const { step, tab } = this;
    const pages = step?.counts && pagesSentence(step.counts);
    return html`
      <div class="title">
        <h2 class="ellipsis" title=${step ? `${step.title} (${step.id})` : 'Whole run'}>${icon(step ? iconNamed(step.icon, 'symbol-misc') : 'list-tree')} ${step?.title ?? 'Whole run'}</h2>
        ${step ? html`<span class="quiet ellipsis">${step.kind}${step.title === step.id ? '' : ` · ${step.id}`}</span>` : nothing}
        ${pages ? html`<span class="quiet ellipsis" title=${pages}>· ${pages}</span>` : nothing}
        <span class="gap"></span>${step ? linkButton({ label: 'Open in flow', onClick: () => this.onOpen(step.id) }) : nothing}
      </div>
      ${tabs({ label: 'What happened', name: 'step', tabs: this.tabs(), selected: tab, onSelect: (id) => this.onTab(id) })}
      ${tabPanel('step', tab, this.renderTab())}`;
  }

  private renderTab(): unknown {
    const { host, run, step, tab, version } = this;
    if (tab === 'logs') return html`<patchbay-logs .host=${host} .run=${run} .step=${step?.id} .version=${version} ?live=${!isFinal(this.status)}></patchbay-logs>`;
    if (tab === 'requests' || !step) return html`<patchbay-exchanges .host=${host} .run=${run} .step=${step?.id} .version=${version}></patchbay-exchanges>`;
    if (tab === 'changes') return html`<patchbay-step-changes .host=${host} .run=${run} .step=${step.id} .steps=${this.steps} .version=${version}></patchbay-step-changes>`;
    return html`<patchbay-payloads .host=${host} .run=${run} .step=${step.id} .side=${tab} .first=${this.payload} .version=${version} .onFile=${(error: RunError) => this.onOpen(error.step ?? step.id)} .onResend=${this.onResend} .onPlace=${this.onPlace}></patchbay-payloads>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .title { display: flex; align-items: baseline; gap: 8px; padding: 8px 12px 2px; flex: none; min-width: 0; }
    h2 { margin: 0; font-size: inherit; font-weight: 600; flex: none; max-width: 50%; }
    .gap { flex: 1; }
    .tab-panel { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    .tab-panel > * { flex: 1; min-height: 0; }
  `];
}

customElements.define('patchbay-step-panel', PatchbayStepPanel);
