import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { isSame } from '../../server/model/json.ts';
import type { InboxAddress, InboxDetail, InboxReplay, InboxSent } from '../../server/model/inbox.ts';
import { button, checkbox, iconButton, kitStyles, message, numberField, select, textArea, textField } from '../shared/kit.ts';
import { Leaving } from '../shared/leaving.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { formStyles } from './form-parts.ts';
import { addressOf, editableHeaders, readHeaders, reasonOf } from './inbox-words.ts';

const methods = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'].map((value) => ({ value, label: value }));
const sampleBody = '{\n  "id": 1\n}';

interface Draft { readonly address: string; readonly method: string; readonly query: string; readonly headers: string; readonly body: string; readonly sign: boolean; readonly sameDelivery: boolean; readonly times: number | undefined; readonly delayMs: number | undefined }

/** A request that is made here: a new one, or one that is sent once more with changes. */
export class PatchbayInboxDraft extends LitElement {
  static override properties = { request: { attribute: false }, addresses: { attribute: false }, onSend: { attribute: false }, onClose: { attribute: false }, draft: { state: true }, problem: { state: true }, sent: { state: true } };
  /** Absent: a new one. */
  declare request: InboxDetail | undefined;
  declare addresses: readonly InboxAddress[];
  declare onSend: (draft: InboxReplay, address: string) => Promise<InboxSent>;
  declare onClose: () => void;
  /** What was typed before the page went. */
  declare kept: object | undefined;
  /** What is typed; nothing where all stands as it was given. */
  declare onDraft: (draft: object | undefined) => void;
  declare private draft: Draft;
  declare private problem: string | undefined;
  declare private sent: InboxSent | undefined;
  private isBusy = false;
  /** What stands in the form without the user. */
  private given: Draft | undefined;
  readonly way = new Leaving(this, () => !isSame(this.draft, this.given), () => this.onClose());

  override connectedCallback(): void {
    super.connectedCallback();
    const { request, addresses } = this;
    const query = request && request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '';
    this.given = {
      address: request ? addressOf(request) : addresses[0] ? addressOf(addresses[0]) : '', method: request?.method ?? 'POST', query, headers: request ? editableHeaders(request) : 'content-type: application/json',
      body: request ? request.body : sampleBody, sign: !request, sameDelivery: false, times: 1, delayMs: 0,
    };
    this.draft = { ...this.given, ...this.kept };
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('draft') || changed.has('sent')) this.onDraft(isSame(this.draft, this.given) ? undefined : this.draft);
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  private async send(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.problem = undefined;
    this.sent = undefined;
    try {
      const { address, method, query, headers, body, sign, sameDelivery, times = 1, delayMs = 0 } = this.draft;
      const { request } = this;
      // What is masked, or longer than what is shown, stays what it was unless it is changed.
      const isBodyChanged = !request || (body !== request.body);
      const isChanged = (name: 'headers' | 'query', now: string): boolean => !request || now !== (name === 'headers' ? editableHeaders(request) : request.url.split('?').slice(1).join('?'));
      this.sent = await this.onSend({
        method, sign, ...(isChanged('query', query) && { query }), ...(isChanged('headers', headers) && { headers: readHeaders(headers) }), ...(isBodyChanged && { body, ...(request?.encoding === 'base64' && { encoding: 'base64' as const }) }),
        ...(request && { times, delayMs, sameDelivery }),
      }, address);
      // It is in the inbox now.
      this.given = this.draft;
    } catch (error) {
      this.problem = reasonOf(error);
    }
    this.isBusy = false;
  }

  protected override render(): unknown {
    const { request, draft, problem, sent, addresses } = this;
    const change = (part: Partial<Draft>): void => { this.draft = { ...draft, ...part }; };
    const isChanged = draft.body !== request?.body;
    const isSigned = addresses.find((one) => addressOf(one) === draft.address)?.isSigned ?? false;
    const title = request ? `Replay request ${request.id}` : 'Send a test request';
    return html`<section aria-label=${title}>
      <div class="head"><h2 tabindex="-1">${title}</h2>${iconButton({ label: 'Close', icon: 'close', onClick: () => void this.way.leave() })}</div>
      <div class="fields">
        <div class="row"><label class="narrow"><span>Method</span>${select({ label: 'Method', value: draft.method, options: methods, onChange: (method) => change({ method }) })}</label>
          <label><span>Address</span>${request ? textField({ label: 'Address', value: draft.address, readOnly: true }) : addresses.length > 0 ? select({ label: 'Address', value: draft.address, options: addresses.map((one) => ({ value: addressOf(one), label: addressOf(one), description: one.isSigned ? 'signed' : 'not signed' })), onChange: (address) => change({ address }) }) : textField({ label: 'Address', value: draft.address, placeholder: 'flow or flow/trigger', onInput: (address) => change({ address }) })}</label></div>
        <label><span>Query</span>${textField({ label: 'Query', value: draft.query, placeholder: 'page=1&shop=eu', monospace: true, onInput: (query) => change({ query }) })}</label>
        <label><span>Headers</span>${textArea({ label: 'Headers', value: draft.headers, rows: 4, monospace: true, description: 'One in each line, as Name: value', onInput: (headers) => change({ headers }) })}</label>
        <label><span>Body</span>${textArea({ label: 'Body', value: draft.body, rows: 10, monospace: true, onInput: (body) => change({ body }) })}</label>
        ${request?.isCut ? html`<div class="quiet">Only the beginning of the body is shown: leave it as it is to send the whole of it.</div>` : nothing}
        <div class="row">${checkbox({ label: request ? 'Sign it anew, as its sender would' : 'Sign it as its sender would', checked: draft.sign, onChange: (sign) => change({ sign }) })}${request ? checkbox({ label: 'As the same delivery', checked: draft.sameDelivery, onChange: (sameDelivery) => change({ sameDelivery }) }) : nothing}</div>
        <div class="quiet" role="status" aria-label="Signature">${signatureWords(draft.sign, isSigned, request && isChanged)}</div>
        ${request ? html`<div class="row"><label class="narrow"><span>How often</span>${numberField({ label: 'How often', value: draft.times, min: 1, max: 1000, onChange: (times) => change({ times }) })}</label><label class="narrow"><span>Pause, ms</span>${numberField({ label: 'Pause in milliseconds', value: draft.delayMs, min: 0, onChange: (delayMs) => change({ delayMs }) })}</label></div>` : nothing}
        <div class="actions">${button({ label: 'Send', icon: 'send', primary: true, onClick: () => void this.send() })}</div>
        ${problem ? message({ tone: 'bad', title: 'It was not sent', text: problem }) : nothing}
        <div role="status" aria-label="What was answered">${sent ? answers(sent) : nothing}</div>
      </div></section>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, formStyles, css`.answers { margin: 0; padding-left: 20px; } .answers li { overflow-wrap: anywhere; }`];
}

customElements.define('patchbay-inbox-draft', PatchbayInboxDraft);

/** Which signature it goes out with. `isChanged`: another body than the one that came; absent of a new request. */
function signatureWords(sign: boolean, isSigned: boolean, isChanged: boolean | undefined): string {
  if (!isSigned) return sign ? 'The trigger at this address has no signature, so there is nothing to sign with.' : '';
  if (sign) return 'It is signed with the secret of the trigger.';
  if (isChanged === undefined) return 'It is not signed.';
  return `It has the signature it came with${isChanged ? ', which is not that of the changed body' : ''}.`;
}

const answers = ({ items }: InboxSent) => html`<ol class="answers">${items.slice(0, 50).map(({ status, body }) => html`<li><b>${status}</b> <span class="mono">${body.slice(0, 300)}</span></li>`)}</ol>${items.length > 50 ? html`<div class="quiet">and ${items.length - 50} more</div>` : nothing}`;
