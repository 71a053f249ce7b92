import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { curlOf, requestText, type InboxDetail } from '../../server/model/inbox.ts';
import { formatBytes, formatDuration, formatFullTime } from '../shared/format.ts';
import { emptyState, icon, iconButton, kitStyles, linkButton, message, tabPanel, tabs, toolbar } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { checkSteps, checkStyles } from './check-steps.ts';
import { addressOf, endOf, signatureLook } from './inbox-words.ts';

export type RequestTab = 'check' | 'headers' | 'body' | 'answer';

/** What may be done with a request. */
export interface RequestActions {
  replay(): void;
  replaySigned(): void;
  edit(): void;
  saveTest(): void;
  compare(): void;
  pin(): void;
  remove(): void;
  openRun(run: string): void;
  show(request: number): void;
  said(text: string): void;
}

/** One request: how it was signed, what it held, what was answered. */
class PatchbayInboxRequest extends LitElement {
  static override properties = { request: { attribute: false }, base: {}, isSigned: { type: Boolean }, actions: { attribute: false }, tab: {}, onTab: { attribute: false }, comparing: { type: Boolean } };
  declare request: InboxDetail;
  declare base: string;
  /** Its trigger has a signature. */
  declare isSigned: boolean;
  declare actions: RequestActions;
  declare tab: RequestTab;
  declare onTab: (tab: RequestTab) => void;
  /** The next row that is chosen is compared with this one. */
  declare comparing: boolean;

  protected override render(): unknown {
    const { request, tab } = this;
    const look = signatureLook(request);
    return html`${this.renderHead()}
      ${tabs<RequestTab>({ label: 'Parts of the request', name: 'request', selected: tab, onSelect: (id) => this.onTab(id), tabs: [
        { id: 'check', label: 'Signature', icon: look.icon, tone: look.tone }, { id: 'headers', label: 'Headers', count: String(Object.keys(request.headers).length) }, { id: 'body', label: 'Body' }, { id: 'answer', label: 'Answer' },
      ] })}
      ${tabPanel('request', tab, this.renderTab())}`;
  }

  private renderHead(): TemplateResult {
    const { request, actions, comparing, isSigned } = this;
    const { id, at, method, url, size, status, run, tookMs, origin, isPinned, isMasked } = request;
    return html`<div class="head"><h2 class="mono">${method} ${url}</h2></div>
      <div class="facts quiet">request ${id} · ${addressOf(request)} · ${formatFullTime(at)} · ${formatBytes(size)} · answered ${status ?? '…'}${tookMs === undefined ? nothing : html` in ${formatDuration(tookMs)}`} · ${endOf(request)}${origin ? html` · ${originOf(origin)}` : nothing}${isMasked ? ' · masked' : nothing}</div>
      ${run === undefined ? nothing : html`<div class="facts">${linkButton({ label: 'Show the run', icon: 'go-to-file', onClick: () => actions.openRun(run) })}</div>`}
      <div class="tools">${toolbar('What to do with the request', html`
        ${iconButton({ label: 'Replay', title: 'Replay (R): it is sent once more, with the signature it came with', icon: 'debug-restart', id: 'replay', onClick: () => actions.replay() })}
        ${isSigned ? iconButton({ label: 'Sign anew and replay', title: 'Sign anew and replay (S): with the secret of the trigger, as its sender would', icon: 'key', onClick: () => actions.replaySigned() }) : nothing}
        ${iconButton({ label: 'Edit and replay', title: 'Edit and replay (E)', icon: 'edit', onClick: () => actions.edit() })}
        ${iconButton({ label: 'Compare with another', title: 'Compare with another (C): then choose it in the list', icon: 'diff', pressed: comparing, onClick: () => actions.compare() })}
        ${iconButton({ label: 'Save as test', icon: 'beaker', onClick: () => actions.saveTest() })}
        ${iconButton({ label: 'Copy as cURL', icon: 'terminal', onClick: () => void this.copy(curlOf(request, this.base), 'The command is copied.') })}
        ${iconButton({ label: 'Copy the request', icon: 'copy', onClick: () => void this.copy(requestText(request), 'The request is copied.') })}
        ${iconButton({ label: 'Keep it', title: 'Keep it, however many come (P)', icon: isPinned ? 'pinned' : 'pin', pressed: isPinned, onClick: () => actions.pin() })}
        ${iconButton({ label: 'Remove', title: 'Remove (Delete)', icon: 'trash', onClick: () => actions.remove() })}`)}
        ${comparing ? html`<span class="quiet" role="status">${icon('arrow-left')} Choose the other request in the list.</span>` : nothing}</div>`;
  }

  private async copy(text: string, done: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    this.actions.said(done);
  }

  private renderTab(): TemplateResult {
    const { request, actions } = this;
    switch (this.tab) {
      case 'check': return html`<div class="scroll" tabindex="0">${checkSteps(request, (id) => actions.show(id))}</div>`;
      case 'headers': return html`<div class="scroll" tabindex="0">${list('Headers', request.headers)}${Object.keys(request.query).length > 0 ? html`<h3>Query</h3>${list('Query', request.query)}` : nothing}</div>`;
      case 'body': return html`<div class="scroll" tabindex="0">${this.renderBody()}</div>`;
      case 'answer': return html`<div class="scroll" tabindex="0">${this.renderAnswer()}</div>`;
    }
  }

  private renderBody(): TemplateResult {
    const { body, isCut, size, encoding } = this.request;
    if (size === 0) return emptyState({ icon: 'circle-slash', title: 'There is no body' });
    return html`${isCut ? html`<div class="part">${message({ tone: 'info', title: `This is the beginning of ${formatBytes(size)}`, text: 'The whole of it is kept on the disk.' })}</div>` : nothing}
      ${encoding === 'base64' ? html`<div class="part">${message({ tone: 'info', title: 'The body is no text', text: 'It is shown in base64.' })}</div>` : nothing}<pre class="mono">${isCut ? body : bodyText(this.request)}</pre>`;
  }

  private renderAnswer(): TemplateResult {
    const { answer, status } = this.request;
    if (!answer) return emptyState({ icon: 'circle-slash', title: 'Nothing was answered' });
    return html`<div class="part"><b>${status}</b> <span class="quiet">${endOf(this.request)}</span></div>${list('Headers of the answer', answer.headers)}${answer.body === '' ? nothing : html`<pre class="mono">${answer.body}</pre>`}`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, checkStyles, css`
    :host { display: flex; flex-direction: column; height: 100%; min-height: 0; min-width: 0; }
    .head { padding: 10px 12px 0; }
    h2 { font-size: 1em; font-weight: 600; margin: 0; overflow-wrap: anywhere; max-height: 4.2em; overflow-y: auto; }
    h3 { font-size: inherit; margin: 4px 12px 0; }
    .facts { padding: 4px 12px 0; overflow-wrap: anywhere; }
    .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 4px 8px; }
    .scroll { height: 100%; overflow: auto; }
    [role='tabpanel'] { flex: 1; min-height: 0; overflow: hidden; }
    code { font-family: var(--vscode-editor-font-family, monospace); overflow-wrap: anywhere; }
    pre { margin: 8px 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
    .list { margin: 8px 12px; }
  `];
}

customElements.define('patchbay-inbox-request', PatchbayInboxRequest);

const originOf = ({ type, of, isSigned }: NonNullable<InboxDetail['origin']>): string => `${type === 'test' ? 'made here' : `${of} once more`}${isSigned ? ', signed here' : type === 'replay' ? ', as it came' : ''}`;

const list = (label: string, values: Readonly<Record<string, string>>): TemplateResult => html`<dl class="list" aria-label=${label}>${Object.entries(values).map(([name, value]) => html`<div><dt>${name}</dt><dd class="mono">${value}</dd></div>`)}</dl>`;

function bodyText({ body, mediaType, encoding }: InboxDetail): string {
  if (encoding === 'base64' || !mediaType.includes('json')) return body;
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
