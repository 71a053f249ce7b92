import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { parseJson } from '../../plugins/sdk/index.ts';
import type { FlowSummary } from '../../server/model/api.ts';
import { formatCount, formatFullTime, formatRelative } from '../shared/format.ts';
import { button, checkbox, icon, iconButton, kitStyles, linkButton, message, select, statusBadge, tabPanel, tabs, textArea } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import './flow-versions.ts';
import { reasonOf } from './guarded.ts';
import type { Operations } from './operations.ts';
import { placeHash, runHash } from './place.ts';

export interface FlowActions {
  choose(flow: string): void;
  show(tab: FlowTab): void;
  enable(flow: string, enabled: boolean): Promise<void>;
  /** Without a payload the flow gets none. */
  start(flow: string, payload: { readonly text: string; readonly mediaType: string } | undefined): Promise<void>;
  reload(): void;
}

export type FlowTab = 'overview' | 'versions';

export const mediaTypes = [{ value: 'application/json', label: 'JSON' }, { value: 'application/xml', label: 'XML' }, { value: 'text/csv', label: 'CSV' }, { value: 'application/x-ndjson', label: 'NDJSON' }, { value: 'text/plain', label: 'Text' }];

/** One flow: whether its triggers work, where they listen, a start by hand, and its versions. */
class PatchbayFlowDetail extends LitElement {
  static override properties = { operations: { attribute: false }, tab: {}, flow: { attribute: false }, actions: { attribute: false }, text: { state: true }, mediaType: { state: true }, problem: { state: true }, note: { state: true }, busy: { state: true } };
  declare operations: Operations;
  declare tab: FlowTab;
  declare flow: FlowSummary;
  declare actions: FlowActions;
  declare private text: string;
  declare private mediaType: string;
  declare private problem: string | undefined;
  declare private note: string;
  declare private busy: boolean;

  constructor() {
    super();
    this.text = '';
    this.mediaType = 'application/json';
    this.note = '';
    this.busy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('flow') as FlowSummary | undefined;
    if (before && before.id !== this.flow.id) { this.text = ''; this.problem = undefined; this.note = ''; }
  }

  protected override render(): unknown {
    const { title, file, deployed } = this.flow;
    return html`
      <h2>${title}</h2>
      <p class="quiet mono">${file}</p>
      ${tabs<FlowTab>({ label: 'Parts of the flow', name: 'flow', tabs: [{ id: 'overview', label: 'Overview' }, { id: 'versions', label: 'Versions', ...(deployed && { count: `v${deployed.number}` }) }], selected: this.tab, onSelect: (tab) => this.actions.show(tab) })}
      ${tabPanel('flow', this.tab, this.tab === 'versions' ? html`<patchbay-flow-versions .operations=${this.operations} .flow=${this.flow} .onChanged=${() => this.actions.reload()}></patchbay-flow-versions>` : this.renderOverview())}`;
  }

  private renderOverview(): TemplateResult {
    const { id, enabled, errors, lastRun, deployed, draftDiffers } = this.flow;
    return html`
      ${errors ? message({ tone: 'warn', title: `The files of this flow have ${formatCount(errors, 'error')}`, text: html`<code>patchbay lint</code> lists them. ${deployed ? `Version ${deployed.number} stays in use.` : 'A flow with errors does not start.'}` }) : nothing}
      <p>${checkbox({ label: 'Triggers start runs', toggle: true, checked: enabled, onChange: (wanted) => void this.act(() => this.actions.enable(id, wanted)) })}</p>
      ${deployed ? html`<p>Version ${deployed.number} is in use${draftDiffers ? html`, and the files are different. ${linkButton({ label: 'Show the versions', onClick: () => this.actions.show('versions') })}` : '.'}</p>` : nothing}
      <p>${lastRun ? html`Last run: <a href=${runHash(lastRun.id)}>${statusBadge(lastRun.status)}</a> <span class="quiet" title=${formatFullTime(lastRun.startedAt ?? lastRun.queuedAt)}>${formatRelative(lastRun.startedAt ?? lastRun.queuedAt, Date.now())}</span> · ` : nothing}<a href=${placeHash({ at: 'runs', query: { flow: id } })}>All runs of this flow</a></p>
      ${this.renderTriggers()}
      ${this.renderStart(id)}`;
  }

  private renderTriggers(): TemplateResult {
    const { triggers, enabled } = this.flow;
    return html`<section aria-label="Triggers"><h3>Triggers</h3>
      ${triggers.length === 0 ? html`<p class="quiet">None: the flow is started by hand, by the command line or by the API.</p>` : html`<ul>${triggers.map(({ id, type, url, next = [] }) => html`<li>
        <div>${icon(type === 'schedule' ? 'calendar' : url ? 'globe' : 'zap')} <b>${id}</b> <span class="quiet">${type}</span></div>
        ${url ? this.renderAddress(url) : nothing}
        ${next.length > 0 ? html`<div class="next">${enabled ? 'Next: ' : 'Would be next: '}${next.slice(0, 5).map((time, at) => html`${at ? ', ' : ''}<time datetime=${time} title=${formatFullTime(Date.parse(time))}>${formatRelative(Date.parse(time), Date.now())}</time>`)}</div>` : nothing}
      </li>`)}</ul>`}
      ${this.note ? html`<div role="status" class="quiet">${this.note}</div>` : nothing}</section>`;
  }

  private renderAddress(url: string): TemplateResult {
    const address = new URL(url, location.origin).href;
    const copy = async (): Promise<void> => {
      await navigator.clipboard.writeText(address);
      this.note = `Copied ${address}`;
    };
    return html`<div class="address"><code class="ellipsis" title=${address}>${address}</code>${iconButton({ label: 'Copy the address', icon: 'copy', onClick: () => void copy() })}</div>`;
  }

  private renderStart(id: string): TemplateResult {
    const start = (withPayload: boolean) => void this.act(() => this.actions.start(id, withPayload && this.text.trim() ? { text: this.text, mediaType: this.mediaType } : undefined));
    return html`<section aria-label="Start a run"><h3>Start a run</h3>
      <div class="line"><span>Payload</span><div class="kind">${select({ label: 'Kind of payload', value: this.mediaType, options: mediaTypes, onChange: (mediaType) => { this.mediaType = mediaType; this.problem = undefined; } })}</div></div>
      ${textArea({ label: 'Payload', value: this.text, rows: 6, monospace: true, placeholder: 'Empty: the flow gets no payload', invalid: this.problem !== undefined, onInput: (text) => { this.text = text; } })}
      <div class="actions">${button({ label: 'Start', icon: 'play', primary: true, onClick: () => start(true) })}${this.text && this.mediaType === 'application/json' ? linkButton({ label: 'Format', onClick: () => this.format() }) : nothing}</div>
      ${this.problem ? html`<div class="problem">${message({ tone: 'bad', title: 'That did not work', text: this.problem })}</div>` : nothing}</section>`;
  }

  private format(): void {
    try {
      this.text = JSON.stringify(parseJson(this.text), null, 2);
      this.problem = undefined;
    } catch (error) {
      this.problem = `The payload is no JSON: ${(error as Error).message}`;
    }
  }

  /** The controls stay enabled meanwhile, as a disabled one would lose the focus. */
  private async act(action: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await action();
    } catch (error) {
      this.problem = reasonOf(error);
    }
    this.busy = false;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: block; padding: 10px 16px 24px; overflow: auto; height: 100%; }
    h2 { font-size: 1.2em; font-weight: 600; margin: 0; }
    h3 { font-size: inherit; font-weight: 600; margin: 18px 0 6px; }
    p { margin: 6px 0; overflow-wrap: anywhere; }
    ul { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 8px; }
    .address { display: flex; align-items: center; gap: 6px; margin-top: 2px; }
    code { font-family: var(--vscode-editor-font-family, monospace); color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background); padding: 1px 4px; border-radius: 3px; }
    .next { margin-top: 2px; }
    .line { display: flex; align-items: center; justify-content: space-between; margin-bottom: 4px; }
    .kind { width: 110px; }
    .problem { margin-top: 8px; }
    a { color: var(--vscode-textLink-foreground); }
    a:hover { color: var(--vscode-textLink-activeForeground); }
    .message { margin: 8px 0; }
    .tabs { margin: 8px -16px 10px; padding: 0 12px; }
  `];
}

customElements.define('patchbay-flow-detail', PatchbayFlowDetail);
