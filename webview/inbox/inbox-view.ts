import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { curlOf, requestText, type InboxDetail, type InboxReplay, type InboxRow, type InboxRule, type InboxState } from '../../server/model/inbox.ts';
import type { PayloadDiff } from '../../server/model/run-diff.ts';
import type { InboxHost } from '../protocol/inbox.ts';
import type { Api } from '../protocol/rpc.ts';
import type { Announcer } from '../shared/announcer.ts';
import '../shared/diff-view.ts';
import { focusedElement } from '../shared/focused-element.ts';
import { formatCount, isFinal } from '../shared/format.ts';
import { grid } from '../shared/grid.ts';
import { button, emptyState, icon, iconButton, kitStyles, linkButton, loading, message, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import type { PatchbayInboxDraft } from './draft-form.ts';
import './draft-form.ts';
import { columns } from './inbox-columns.ts';
import { inboxStyles } from './inbox-styles.ts';
import { addressOf, newsOf, reasonOf } from './inbox-words.ts';
import './request-view.ts';
import type { RequestActions, RequestTab } from './request-view.ts';
import type { PatchbayInboxRule } from './rule-form.ts';
import './rule-form.ts';
import { lineDiff } from './line-diff.ts';

/** What stands beside the list. */
type Pane = { readonly as: 'request' } | { readonly as: 'edit' } | { readonly as: 'send' } | { readonly as: 'rule' } | { readonly as: 'diff'; readonly diff: PayloadDiff; readonly names: readonly [string, string] };

/** What is kept while the tab is hidden. `form`: what was typed into the pane. */
export interface InboxKept {
  readonly chosen?: number | undefined;
  readonly as?: 'send' | 'rule' | 'edit' | undefined;
  readonly tab: RequestTab;
  readonly form?: object | undefined;
}

/** The webhook inbox: requests as they come, one of them in full, and requests that are made here. */
export class PatchbayInbox extends LitElement {
  static override properties = { host: { attribute: false }, base: {}, announcer: { attribute: false }, chosen: { state: true }, detail: { state: true }, state: { state: true }, pane: { state: true }, tab: { state: true }, comparing: { state: true }, problem: { state: true }, note: { state: true }, drawn: { state: true } };
  declare host: Api<InboxHost>;
  /** The address of the runner, for what is copied. */
  declare base: string;
  declare announcer: Announcer;
  declare private chosen: number | undefined;
  declare private detail: InboxDetail | undefined;
  declare private state: InboxState | undefined;
  declare private pane: Pane;
  declare private tab: RequestTab;
  declare private comparing: boolean;
  declare private problem: string | undefined;
  declare private note: string | undefined;
  declare private drawn: number;
  /** Hears what is to be kept while the tab is hidden. */
  onKept: (kept: InboxKept) => void = () => undefined;
  private form: object | undefined;
  private readonly width = new Width(this);
  private readonly rows = new PagedRows<InboxRow>((page) => this.host.list(page), () => { this.drawn++; });
  private news: InboxRow[] = [];
  private newsTimer: ReturnType<typeof setTimeout> | undefined;
  private isBusy = false;
  /** What had the focus before a form lay over the request. */
  private focusedBefore: HTMLElement | undefined;

  constructor() {
    super();
    this.pane = { as: 'request' };
    this.tab = 'check';
    this.comparing = false;
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('host')) void this.readState();
  }

  protected override updated(changed: PropertyValues): void {
    if (['chosen', 'pane', 'tab'].some((part) => changed.has(part))) this.keep();
  }

  private keep(): void {
    const { chosen, pane: { as }, tab, form } = this;
    this.onKept({ chosen, tab, ...(as !== 'request' && as !== 'diff' && { as, form }) });
  }

  /** As it was left. */
  async restore({ chosen, as, tab, form }: InboxKept): Promise<void> {
    this.tab = tab;
    if (chosen !== undefined) await this.show(chosen);
    this.form = form;
    if (as !== undefined) this.pane = { as };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.newsTimer);
  }

  /** Requests have come, or something else is another. */
  changed(rows: readonly InboxRow[], unread: number): void {
    this.rows.refresh();
    if (this.state) this.state = { ...this.state, unread };
    if (rows.length === 0) void this.readState();
    void this.followRun();
    this.news.push(...rows);
    if (this.news.length > 0) this.newsTimer ??= setTimeout(() => { this.newsTimer = undefined; this.announcer.say(newsOf(this.news)); this.news = []; }, newsMs);
  }

  async show(id: number): Promise<void> {
    if (!(await this.mayLeavePane())) return;
    this.chosen = id;
    if (this.pane.as !== 'request') this.pane = { as: 'request' };
    try {
      const detail = await this.host.request(id);
      if (this.chosen !== id) return;
      this.detail = detail;
      if (detail.isRead) return;
      await this.host.markRead([id]);
      this.rows.refresh();
      await this.readState();
    } catch (error) {
      this.problem = reasonOf(error);
    }
  }

  /** The run of the request that is shown may have ended. */
  private async followRun(): Promise<void> {
    const { detail } = this;
    if (!detail || detail.run === undefined || (detail.runStatus !== undefined && isFinal(detail.runStatus))) return;
    const now = await this.host.request(detail.id).catch(() => undefined);
    if (now && this.detail === detail) this.detail = now;
  }

  private async readState(): Promise<void> {
    try {
      this.state = await this.host.state();
    } catch (error) {
      this.problem = reasonOf(error);
    }
  }

  private async attempt(work: () => Promise<string | void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.problem = undefined;
    this.note = undefined;
    try {
      this.note = (await work()) ?? undefined;
    } catch (error) {
      this.problem = reasonOf(error);
    }
    this.isBusy = false;
  }

  private choose(row: InboxRow): void {
    if (this.comparing && this.detail && row.id !== this.detail.id) return void this.compareWith(row.id);
    void this.show(row.id);
  }

  private async compareWith(other: number): Promise<void> {
    const { detail } = this;
    if (!detail) return;
    this.comparing = false;
    await this.attempt(async () => {
      // The older one stands first.
      const [before, after] = detail.id < other ? [detail.id, other] : [other, detail.id];
      if (await this.host.compare(before, after)) return;
      const [left, right] = await Promise.all([this.host.request(before), this.host.request(after)]);
      this.pane = { as: 'diff', diff: lineDiff(requestText(left), requestText(right)), names: [`Request ${before}`, `Request ${after}`] };
    });
  }

  private readonly actions: RequestActions = {
    replay: () => void this.attempt(() => this.replay(false)),
    replaySigned: () => void this.attempt(() => this.replay(true)),
    edit: () => void this.openPane('edit'),
    saveTest: () => void this.attempt(async () => { const { file, name } = await this.host.saveTest(this.detail!.id); return `The test “${name}” is in ${file}.`; }),
    compare: () => { this.comparing = !this.comparing; if (this.comparing) this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus(); },
    pin: () => void this.attempt(async () => { const { id, isPinned } = this.detail!; this.detail = await this.host.pin(id, !isPinned); this.rows.refresh(); }),
    remove: () => void this.attempt(async () => {
      const { id } = this.detail!;
      await this.host.remove(id);
      this.detail = undefined;
      this.chosen = undefined;
      this.rows.refresh();
      this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus();
      return `Request ${id} is removed.`;
    }),
    openRun: (run) => void this.host.openRun(run),
    show: (id) => void this.show(id),
    said: (text) => { this.note = text; },
  };

  /** What is typed into a form is kept nowhere else. */
  private async mayLeavePane(): Promise<boolean> {
    const form = this.renderRoot.querySelector<PatchbayInboxDraft | PatchbayInboxRule>('patchbay-inbox-draft, patchbay-inbox-rule');
    return form ? form.way.mayLeave() : true;
  }

  private async openPane(as: 'send' | 'rule' | 'edit'): Promise<void> {
    if (!(await this.mayLeavePane())) return;
    if (this.pane.as === 'request') this.focusedBefore = focusedElement();
    this.form = undefined;
    this.pane = { as };
  }

  /** What had the focus may have gone with what stood there. */
  private readonly closePane = (): void => {
    this.pane = { as: 'request' };
    void this.updateComplete.then(() => (this.focusedBefore?.isConnected ? this.focusedBefore : this.renderRoot.querySelector<HTMLElement>('patchbay-grid'))?.focus());
  };

  /** Says whether there was something to close. The forms have their own way. */
  private closeTop(): boolean {
    if (this.comparing) this.comparing = false;
    else if (this.pane.as === 'diff') this.closePane();
    else return false;
    return true;
  }

  private async replay(sign: boolean): Promise<string> {
    const { items: [sent] } = await this.host.replay(this.detail!.id, { sign });
    return `It was ${sign ? 'signed anew and ' : ''}sent once more${sign ? '' : ', as it came'}: ${sent!.status}${sent!.request === undefined ? '' : `, as request ${sent!.request}`}.`;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.defaultPrevented && this.closeTop()) return event.preventDefault();
    const target = event.composedPath()[0] as Element;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches('input, textarea, select') || !this.detail || this.pane.as !== 'request') return;
    const action = keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    this.actions[action]();
  }

  protected override render(): unknown {
    const { state, problem, note } = this;
    return html`<div class="view" @keydown=${(event: KeyboardEvent) => this.onKey(event)}>
      ${this.renderBar(state)}
      <div class="outcome" role="status">${note ? html`${icon('pass', { tone: 'good' })} ${note}` : nothing}</div>
      ${problem ? html`<div class="problem">${message({ tone: 'bad', title: 'That did not work', text: problem, actions: linkButton({ label: 'Close', onClick: () => { this.problem = undefined; } }) })}</div>` : nothing}
      <patchbay-split ?vertical=${this.width.isNarrow} .position=${42} label="Size of the list of requests">
        <div slot="first" class="pane">${this.renderList()}</div><div slot="second" class="pane">${this.renderPane()}</div>
      </patchbay-split></div>`;
  }

  private renderBar(state: InboxState | undefined): TemplateResult {
    const isPaused = state?.isPaused ?? false;
    const unread = state?.unread ?? 0;
    return html`<div class="bar"><span class="address mono ellipsis" title=${`${this.shownBase}/hooks/`}>${this.shownBase}/hooks/</span>
      ${toolbar('Inbox', html`
        ${iconButton({ label: 'Copy an address', icon: 'copy', onClick: () => void this.attempt(() => this.copyAddress()) })}
        ${button({ label: 'Test request', icon: 'send', onClick: () => void this.openPane('send') })}
        ${button({ label: 'Respond', icon: 'mail-reply', onClick: () => void this.openPane('rule') })}
        ${iconButton({ label: isPaused ? 'Keep requests again' : 'Pause: keep no requests', icon: isPaused ? 'play' : 'debug-pause', pressed: isPaused, onClick: () => void this.attempt(async () => { this.state = await this.host.pause(!isPaused); }) })}
        ${iconButton({ label: 'Mark all as read', icon: 'check-all', disabled: unread === 0, onClick: () => void this.attempt(async () => { await this.host.markRead(); this.rows.refresh(); await this.readState(); }) })}
        ${iconButton({ label: 'Remove all that are not pinned', icon: 'clear-all', onClick: () => void this.attempt(async () => { if (!(await this.mayLeavePane())) return; const { removed } = await this.host.remove(); this.detail = undefined; this.chosen = undefined; this.rows.refresh(); return `${formatCount(removed, 'request')} removed.`; }) })}`)}
      <span class="quiet count" role="status">${isPaused ? html`${icon('debug-pause', { tone: 'warn' })} Paused` : nothing} ${unread > 0 ? `${formatCount(unread, 'new request')}` : ''}</span></div>`;
  }

  /** That of the request that is shown, else the first. */
  private async copyAddress(): Promise<string> {
    const path = this.detail?.url.split('?')[0] ?? this.state?.addresses[0]?.path ?? '/hooks/';
    const whole = this.state?.addresses.find((address) => address.path === path)?.url ?? this.shownBase + path;
    await navigator.clipboard.writeText(whole);
    return `${whole} is copied.`;
  }

  /** Where senders reach the runner, where somebody has said it. */
  private get shownBase(): string {
    return this.state?.publicUrl ?? this.base;
  }

  private renderList(): TemplateResult {
    if (this.rows.total === 0) return this.renderEmpty();
    return grid<InboxRow>({ label: 'Requests', columns, rows: this.rows, keyOf: ({ id }) => String(id), selected: this.chosen === undefined ? undefined : String(this.chosen), onSelect: (row) => this.choose(row) }, this.drawn);
  }

  private renderEmpty(): TemplateResult {
    const url = this.state?.addresses[0]?.path ?? '/hooks/orders';
    return html`<div class="none">${emptyState({
      icon: 'inbox', title: 'No request has come yet', text: html`Send to <code>${this.state?.addresses[0]?.url ?? this.shownBase + url}</code><pre class="curl">${curlOf({ method: 'POST', url, headers: { 'content-type': 'application/json' }, body: '{"id":1}', encoding: 'text' }, this.shownBase)}</pre>`,
      actions: button({ label: 'Send a test request', icon: 'send', primary: true, onClick: () => void this.openPane('send') }),
    })}</div>`;
  }

  private renderPane(): TemplateResult {
    const { pane, detail, state } = this;
    const close = this.closePane;
    const drafted = (form: object | undefined): void => { this.form = form; this.keep(); };
    if (pane.as === 'diff') return html`<div class="diff-head">${linkButton({ label: 'Back to the request', icon: 'arrow-left', onClick: close })}</div><patchbay-diff .diff=${pane.diff} label="How the requests differ" .names=${pane.names}></patchbay-diff>`;
    if (pane.as !== 'request' && !state) return loading('The inbox is loading', 4);
    if (pane.as === 'send') return html`<patchbay-inbox-draft .addresses=${state!.addresses} .kept=${this.form} .onDraft=${drafted} .onClose=${close} .onSend=${(draft: InboxReplay, address: string) => this.send(address, draft)}></patchbay-inbox-draft>`;
    if (pane.as === 'rule') return html`<patchbay-inbox-rule .state=${state!} .kept=${this.form} .onDraft=${drafted} .onClose=${close} .onSave=${async (rule: InboxRule) => { this.state = await this.host.setRule(rule); }} .onRemove=${async ({ flow, trigger }: InboxRule) => { this.state = await this.host.removeRule(flow, trigger); }}></patchbay-inbox-rule>`;
    if (!detail) return this.chosen === undefined ? emptyState({ icon: 'mail-read', title: 'Choose a request', text: 'How it was signed, what it held and what was answered stand here.' }) : loading('The request is loading', 4);
    if (pane.as === 'edit') return html`<patchbay-inbox-draft .request=${detail} .kept=${this.form} .onDraft=${drafted} .addresses=${state!.addresses} .onClose=${close} .onSend=${(draft: InboxReplay) => this.host.replay(detail.id, draft)}></patchbay-inbox-draft>`;
    return html`<patchbay-inbox-request .request=${detail} .isSigned=${state?.addresses.some((one) => addressOf(one) === addressOf(detail) && one.isSigned) ?? false} .base=${this.shownBase} .actions=${this.actions} .tab=${this.tab} .onTab=${(tab: RequestTab) => { this.tab = tab; }} .comparing=${this.comparing}></patchbay-inbox-request>`;
  }

  private async send(address: string, draft: InboxReplay) {
    const name = address.trim();
    const known = this.state!.addresses.find((one) => addressOf(one) === name);
    return this.host.send(known?.flow ?? name, known?.trigger, draft);
  }

  static override styles = [baseStyles, toneStyles, kitStyles, inboxStyles];
}

customElements.define('patchbay-inbox', PatchbayInbox);

/** A screen reader hears of new requests so often at most. */
const newsMs = 5_000;

const keys: Readonly<Record<string, 'replay' | 'replaySigned' | 'edit' | 'compare' | 'pin' | 'remove'>> = { r: 'replay', s: 'replaySigned', e: 'edit', c: 'compare', p: 'pin', delete: 'remove' };
