import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { isSame } from '../../server/model/json.ts';
import type { InboxAddress, InboxRule, InboxState } from '../../server/model/inbox.ts';
import { button, iconButton, kitStyles, linkButton, message, numberField, radioGroup, textArea, textField } from '../shared/kit.ts';
import { Leaving } from '../shared/leaving.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { formStyles } from './form-parts.ts';
import { addressOf, headersText, readHeaders, reasonOf } from './inbox-words.ts';

interface Draft { readonly address: string; readonly mode: InboxRule['mode']; readonly status: number | undefined; readonly headers: string; readonly body: string; readonly delayMs: number | undefined; readonly first: number | undefined; readonly failStatus: number | undefined }

const usual: Draft = { address: '', mode: 'capture', status: 200, headers: 'content-type: application/json', body: '{ "received": {{ payload.id }} }', delayMs: 0, first: 0, failStatus: 503 };

/** How an address answers, also before it has a flow. */
export class PatchbayInboxRule extends LitElement {
  static override properties = { state: { attribute: false }, onSave: { attribute: false }, onRemove: { attribute: false }, onClose: { attribute: false }, draft: { state: true }, problem: { state: true }, note: { state: true } };
  declare state: InboxState;
  declare onSave: (rule: InboxRule) => Promise<void>;
  declare onRemove: (rule: InboxRule) => Promise<void>;
  declare onClose: () => void;
  /** What was typed before the page went. */
  declare kept: object | undefined;
  /** What is typed; nothing where all stands as it was given. */
  declare onDraft: (draft: object | undefined) => void;
  declare private draft: Draft;
  declare private problem: string | undefined;
  declare private note: string | undefined;
  /** What stands in the form without the user. */
  private given: Draft = usual;
  readonly way = new Leaving(this, () => !isSame(this.draft, this.given), () => this.onClose());

  constructor() {
    super();
    this.draft = usual;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const [rule] = this.state.rules;
    if (rule) this.take(draftOf(rule));
    else if (this.state.addresses[0]) this.take({ ...usual, address: addressOf(this.state.addresses[0]) });
    this.draft = { ...this.draft, ...this.kept };
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('draft') || changed.has('note')) this.onDraft(isSame(this.draft, this.given) ? undefined : this.draft);
  }

  private take(draft: Draft): void {
    this.draft = this.given = draft;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  private async attempt(work: () => Promise<void>, note: string): Promise<void> {
    this.problem = undefined;
    this.note = undefined;
    try {
      await work();
      this.note = note;
    } catch (error) {
      this.problem = reasonOf(error);
    }
  }

  protected override render(): unknown {
    const { draft, problem, note, state: { rules, addresses } } = this;
    const change = (part: Partial<Draft>): void => { this.draft = { ...draft, ...part }; };
    const isCapturing = draft.mode === 'capture';
    return html`<section aria-label="How an address answers">
      <div class="head"><h2 tabindex="-1">How an address answers</h2>${iconButton({ label: 'Close', icon: 'close', onClick: () => void this.way.leave() })}</div>
      <div class="fields">
        ${rules.length > 0 ? html`<ul class="rules" aria-label="Rules">${rules.map((rule) => html`<li>${linkButton({ label: addressOf(rule), onClick: () => this.take(draftOf(rule)) })} <span class="quiet">${rule.mode === 'capture' ? 'captures' : 'as its flow'}${rule.fail ? `, ${rule.failing ?? rule.fail.first} still fail` : ''}</span> ${iconButton({ label: `Remove the rule of ${addressOf(rule)}`, icon: 'trash', onClick: () => void this.attempt(() => this.onRemove(rule), 'The rule is removed: the flow answers.') })}</li>`)}</ul>` : nothing}
        <label><span>Address: a flow, or flow/trigger; there need be no such flow yet</span>${textField({ label: 'Address', value: draft.address, placeholder: 'orders/shop', onInput: (address) => change({ address }) })}</label>
        ${radioGroup({ label: 'What happens', name: 'mode', value: draft.mode, options: [{ value: 'capture', label: 'Capture only: no run starts' }, { value: 'flow', label: 'The flow answers' }], onChange: (mode) => change({ mode: mode as Draft['mode'] }) })}
        ${isCapturing ? html`
          <div class="row"><label class="narrow"><span>Status</span>${numberField({ label: 'Status', value: draft.status, min: 200, max: 599, onChange: (status) => change({ status }) })}</label><label class="narrow"><span>Delay, ms</span>${numberField({ label: 'Delay in milliseconds', value: draft.delayMs, min: 0, max: 60_000, onChange: (delayMs) => change({ delayMs }) })}</label></div>
          <label><span>Headers</span>${textArea({ label: 'Headers of the answer', value: draft.headers, rows: 3, monospace: true, description: 'One in each line, as Name: value', onInput: (headers) => change({ headers }) })}</label>
          <label><span>Body, with expressions: {{ payload.id }}, {{ headers.host }}, {{ params.page }}, {{ meta.method }}</span>${textArea({ label: 'Body of the answer', value: draft.body, rows: 6, monospace: true, onInput: (body) => change({ body }) })}</label>` : nothing}
        <div class="row"><label class="narrow"><span>The first … fail</span>${numberField({ label: 'How many fail first', value: draft.first, min: 0, max: 1_000, onChange: (first) => change({ first }) })}</label><label class="narrow"><span>with status</span>${numberField({ label: 'Status of failures', value: draft.failStatus, min: 400, max: 599, onChange: (failStatus) => change({ failStatus }) })}</label></div>
        <div class="actions">${button({ label: 'Use it', icon: 'check', primary: true, onClick: () => void this.attempt(async () => { await this.onSave(ruleOf(draft, addresses)); this.given = draft; }, 'From now on it answers so.') })}</div>
        ${problem ? message({ tone: 'bad', title: 'The rule is not used', text: problem }) : nothing}
        <div role="status">${note ?? nothing}</div>
      </div></section>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, formStyles];
}

customElements.define('patchbay-inbox-rule', PatchbayInboxRule);

const draftOf = (rule: InboxRule): Draft => ({
  ...usual, address: addressOf(rule), mode: rule.mode, ...(rule.answer && { status: rule.answer.status, headers: headersText(rule.answer.headers ?? {}), body: rule.answer.body ?? '', delayMs: rule.answer.delayMs ?? 0 }),
  ...(rule.fail && { first: rule.fail.first, failStatus: rule.fail.status }),
});

/** An address that is there says itself what of it is the flow; of another one the whole is. */
function ruleOf({ address, mode, status, headers, body, delayMs, first, failStatus }: Draft, addresses: readonly InboxAddress[]): InboxRule {
  const name = address.trim().replace(/^\/?(hooks\/)?/, '');
  if (name === '') throw new Error('Say which address: the id of a flow, or flow/trigger.');
  const known = addresses.find((one) => addressOf(one) === name);
  return {
    flow: known?.flow ?? name, ...(known && { trigger: known.trigger }), mode,
    ...(mode === 'capture' && { answer: { status: status ?? 200, headers: readHeaders(headers), body, ...(delayMs ? { delayMs } : {}) } }), ...(first ? { fail: { first, status: failStatus ?? 503 } } : {}),
  };
}
