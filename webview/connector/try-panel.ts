import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { isObject, objectAt, textAt } from '../../server/model/json.ts';
import type { EndpointManifest } from '../../server/model/connector.ts';
import { payloadNeed } from '../../server/model/payload-need.ts';
import { valueAt, type ValueChange } from '../form/change.ts';
import '../form/form.ts';
import { paramsSchema } from '../form/params.ts';
import type { Detection } from '../../server/model/trial.ts';
import type { ConnectorInstance, ShownTrial, TrialConfirmation, TrialOrder } from '../protocol/connector.ts';
import { curlOf, stopText, sumText } from '../run/trial.ts';
import '../run/trial-view.ts';
import type { TrialView } from '../run/trial-view.ts';
import { productionQuestion, writeQuestion } from '../protocol/production-question.ts';
import { ask } from '../shared/ask.ts';
import { button, checkbox, emptyState, firstClick, icon, kitStyles, linkButton, loading, message, numberField, select, tabPanel, tabs, textArea } from '../shared/kit.ts';
import { formatNumber } from '../shared/format.ts';
import { collect } from '../shared/payload-text.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { isProtocol, type Json } from './document.ts';
import type { ConnectorEditor } from './editor.ts';
import { formNames } from './names.ts';
import { countFindings, inferred, proposals } from './proposals.ts';
import { freshInput, mediaTypes, payloadFromExample, payloadOf, withChanges, type TryInput } from './trial.ts';
import { tryStyles } from './try-styles.ts';

/** With which account and environment endpoints are tried. */
export interface TrySettings {
  readonly instance?: string | undefined;
  readonly environment?: string | undefined;
}

/** What came of the last trial of an endpoint. */
interface Outcome {
  readonly trial?: ShownTrial;
  readonly problem?: { readonly title: string; readonly text?: string | undefined; readonly code?: string };
}

/** Calls an endpoint as a flow would, and shows what was asked and answered; without an endpoint it tests the connection. */
export class TryPanel extends LitElement {
  static override properties = { editor: { attribute: false }, name: {}, tick: { attribute: false }, running: { state: true }, outcomes: { state: true }, shown: { state: true }, pasted: { state: true }, detected: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, tryStyles];
  declare editor: ConnectorEditor;
  /** The endpoint. */
  declare name: string | undefined;
  declare tick: object;
  declare private running: boolean;
  declare private outcomes: ReadonlyMap<string, Outcome>;
  declare private shown: 'trace' | 'findings';
  declare private pasted: string | undefined;
  declare private detected: Detection | undefined;
  private readonly drafts: Record<string, string> = {};

  constructor() {
    super();
    this.running = false;
    this.outcomes = new Map();
    this.shown = 'trace';
  }

  private get key(): string {
    return this.name ?? '';
  }

  private get endpoint(): Json {
    const value = this.name === undefined ? undefined : valueAt(this.editor.store.connector, ['endpoints', this.name]);
    return isObject(value) ? value : {};
  }

  private get input(): TryInput {
    const kept = this.editor.inputs[this.key] ?? freshInput;
    return kept.payload === undefined ? { ...kept, payload: payloadFromExample(this.endpoint) } : kept;
  }

  private setInput(more: Partial<TryInput>): void {
    this.editor.inputs = { ...this.editor.inputs, [this.key]: { ...this.input, ...more } };
    this.editor.requestUpdate();
  }

  private get instance(): ConnectorInstance | undefined {
    const { instances } = this.editor.store.workspace;
    return instances.find(({ id }) => id === this.editor.trying.instance) ?? instances[0];
  }

  private get environment(): string | undefined {
    const { environments, environment } = this.editor.store.workspace;
    const offered = environment ?? (environments.length === 1 ? environments[0]!.id : undefined);
    // A production one is chosen by the user, here and each time anew.
    return this.editor.trying.environment ?? (environments.some(({ id, production }) => id === offered && production) ? undefined : offered);
  }

  private get canTry(): boolean {
    return this.editor.store.trusted && !this.running && this.instance !== undefined && this.editor.store.problem === undefined;
  }

  /** Of another endpoint the beginning is shown, not the place of what came of the one before. */
  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('name')) return;
    for (const scrolled of [this.renderRoot.querySelector('.all'), this.assignedSlot?.parentElement]) scrolled?.scrollTo(0, 0);
  }

  protected override render(): TemplateResult {
    const { editor, instance } = this;
    const title = this.name === undefined ? 'Test connection' : 'Try it';
    if (!instance) return html`<header><h2>${title}</h2></header><div class="all">${emptyState({ icon: 'plug', title: 'No instance yet', text: 'An instance is the connector with an account: its settings, and the names of its secrets.', actions: editor.store.document.readOnly ? nothing : button({ label: 'New instance…', icon: 'add', primary: true, onClick: () => void editor.host.newInstance() }) })}</div>`;
    return html`<header><h2>${title}</h2>${this.running
        ? button({ label: 'Stop', icon: 'debug-stop', title: 'Ctrl+.', onClick: firstClick(() => this.stop()) })
        : button({ label: this.name === undefined ? 'Test' : 'Send', icon: 'play', primary: true, title: 'Ctrl+Enter', disabled: !this.canTry, onClick: firstClick(() => void this.send()) })}</header>
      <div class="all">
        <div class="order" role="group" aria-label="What is asked">${this.target(instance)}${this.name === undefined ? nothing : this.inputs()}</div>
        <div class="outcome" role="region" aria-label="What came of it">${this.running ? loading('Asking…', 5) : this.outcome()}</div>
      </div>`;
  }

  private target({ id, missingSecrets, logins = [] }: ConnectorInstance): TemplateResult {
    const { store, host } = this.editor;
    const { workspace } = store;
    const isMocked = workspace.mock !== undefined;
    const production = !isMocked && workspace.environments.find(({ id: name }) => name === this.environment)?.production === true;
    const auth = objectAt(store.connector, 'auth');
    const own = textAt(this.endpoint, 'auth');
    const method = own !== '' && logins.some((one) => one.method === own) ? own : undefined;
    // An endpoint that signs in otherwise needs no login of the others.
    const isOther = own !== '' && method === undefined && textAt(objectAt(auth, own), 'type') !== 'oauth2-authorization-code';
    const login = isOther ? undefined : logins.find((one) => one.method === method)?.state;
    const needsLogin = login === 'out' || login === 'ended' || (logins.length === 0 && !isOther && Object.values(auth).some((use) => textAt(use, 'type') === 'oauth2-authorization-code'));
    return html`<div class="target">
        <label class="grow">Instance${select({ label: 'Instance', value: id, options: workspace.instances.map((one) => ({ value: one.id, label: one.id })), onChange: (instance) => this.editor.setTrying({ instance }) })}</label>
        ${workspace.environments.length === 0 ? nothing : html`<label class="grow">Environment${select({ label: 'Environment', value: this.environment ?? '', options: [...(this.environment === undefined ? [{ value: '', label: 'Choose…' }] : []), ...workspace.environments.map((one) => ({ value: one.id, label: one.production ? `${one.id} (production)` : one.id }))], onChange: (environment) => this.editor.setTrying({ environment }) })}</label>`}
      </div>
      ${isProtocol(store.connector) ? nothing : html`<div class="mock">${checkbox({ label: isMocked ? 'Mock is asked' : 'Ask a mock', toggle: true, checked: isMocked, disabled: !store.trusted, description: 'A server on this machine that answers out of the examples and schemas of this file.', onChange: (on) => void this.switchMock(on) })}${isMocked ? html`<span class="mono quiet ellipsis" title=${workspace.mock!}>${workspace.mock}</span>` : nothing}</div>`}
      ${production ? html`<div class="note">${icon('lock', { tone: 'warn' })} ${this.environment} is a production environment: you will be asked.</div>` : nothing}
      ${!isMocked && missingSecrets.length > 0 ? html`<div class="note">${icon('key', { tone: 'warn' })} <span>Secrets are missing on this machine: <span class="mono">${missingSecrets.join(', ')}</span></span> ${linkButton({ label: 'Set secret…', onClick: () => void host.setSecret() })}</div>` : nothing}
      ${!isMocked && (needsLogin || login === 'in') ? html`<div class="note">${login === 'in' ? html`${icon('pass', { tone: 'good' })} Somebody is logged in.` : html`${icon('sign-in')} This instance needs a login in the browser.`} ${linkButton({ label: login === 'in' ? 'Log in anew…' : 'Log in…', onClick: () => void this.logIn(id, method) })}</div>` : nothing}`;
  }

  private get isSending(): boolean {
    return textAt(this.endpoint, 'direction') === 'send';
  }

  private get takesPayload(): boolean {
    return this.isSending || payloadNeed(this.endpoint as unknown as EndpointManifest) !== 'none';
  }

  private inputs(): TemplateResult {
    const { store } = this.editor;
    const { endpoint, input } = this;
    const params = objectAt(endpoint, 'params');
    return html`${Object.keys(params).length === 0 ? nothing : keyed(this.key, html`<details class="part" open><summary>Parameters</summary><patchbay-form .schema=${paramsSchema(params)} .root=${input.params} .pointer=${'/-'} .scope=${`try ${this.key}`} .diagnostics=${[]} .names=${formNames(store.catalog, store.workspace)} .readOnly=${false} .drafts=${this.drafts}
        .onChange=${(changes: readonly ValueChange[]) => this.setInput({ params: withChanges(this.input.params, changes) })}></patchbay-form></details>`)}
      ${this.takesPayload ? html`<details class="part" open><summary>Payload</summary>
        ${textArea({ label: 'Payload', value: input.payload ?? '', rows: 6, monospace: true, placeholder: '{ "id": 1 }', onInput: (payload) => this.setInput({ payload }) })}
        <label class="line">Media type${select({ label: 'Media type', value: input.mediaType, options: mediaTypes.map((value) => ({ value, label: value })), onChange: (mediaType) => this.setInput({ mediaType }) })}</label></details>` : nothing}
      ${this.isSending ? nothing : html`<label class="line">Pages at most${numberField({ label: 'Pages at most', value: input.pages, min: 1, max: 100, step: 1, onChange: (pages) => this.setInput({ pages: Math.max(1, Math.min(100, Math.round(pages ?? freshInput.pages))) }) })}</label>`}`;
  }

  private outcome(): TemplateResult {
    const { trial, problem } = this.outcomes.get(this.key) ?? {};
    if (problem) return html`<div class="pad">${message({ tone: 'bad', title: problem.title, text: html`${problem.text ?? ''}${problem.code ? html`<div class="quiet"><code>${problem.code}</code></div>` : nothing}` })}</div>`;
    const options = { endpoint: this.endpoint, readOnly: this.editor.store.readOnly, take: (field: string, value: unknown) => this.take(field, value) };
    if (!trial) return html`<div class="pad">${this.name === undefined || this.isSending ? nothing : this.paste(options)}</div>`;
    const trace = trial.pages.length === 0 && !trial.error ? html`<div class="pad quiet">${stopText(trial)}</div>` : html`<patchbay-trial .host=${this.editor.host} .trial=${trial}></patchbay-trial>`;
    const findings = countFindings(trial.detected, trial.schema, options);
    if (this.name === undefined || findings.count === 0) return html`${this.tools(trial)}${trace}`;
    return html`${this.tools(trial)}
      ${tabs<'trace' | 'findings'>({ label: 'What came of it', name: 'outcome', selected: this.shown, onSelect: (shown) => { this.shown = shown; }, tabs: [{ id: 'trace', label: 'Trace' }, { id: 'findings', label: 'Proposals', ...(findings.fresh > 0 && { count: formatNumber(findings.fresh) }) }] })}
      ${tabPanel('outcome', this.shown, this.shown === 'trace' ? trace : html`<div class="found">${trial.detected ? proposals(trial.detected, options) : nothing}${inferred(trial.schema, trial.looked, options)}</div>`)}`;
  }

  private tools(trial: ShownTrial): unknown {
    const isExample = trial.example !== undefined && this.name !== undefined && !this.editor.store.readOnly;
    if (trial.pages.length === 0) return nothing;
    return html`<div class="actions">
      ${linkButton({ label: 'Copy as cURL', icon: 'copy', title: 'Ctrl+L', onClick: () => void this.copyCurl() })}
      ${isExample ? linkButton({ label: 'Save as example…', icon: 'save', onClick: () => void this.saveExample(trial) }) : nothing}
      ${trial.stop?.reason === 'test-budget' ? linkButton({ label: `Go on to ${trial.pages.length + 5} pages`, icon: 'debug-continue', onClick: () => { this.setInput({ pages: trial.pages.length + 5 }); void this.send(); } }) : nothing}
    </div>`;
  }

  /** Without a trial an answer from elsewhere says something, too. */
  private paste(options: Parameters<typeof proposals>[1]): TemplateResult {
    return html`<details class="part"><summary>Or look at an answer that you have</summary>
      ${textArea({ label: 'An answer of this endpoint', value: this.pasted ?? '', rows: 6, monospace: true, placeholder: '{ "orders": [ … ], "next_cursor": "…" }', onInput: (text) => { this.pasted = text; } })}
      <div class="actions">${button({ label: 'Look at it', icon: 'search', disabled: !this.editor.store.trusted || !this.pasted?.trim(), onClick: () => void this.detect() })}</div>
      ${this.detected ? html`${proposals(this.detected, options)}${inferred(this.detected.record, this.detected.looked, options)}${this.detected.records.length === 0 && this.detected.pagination.length === 0 ? html`<p class="quiet">Nothing in it tells where records are or how it is paged.</p>` : nothing}` : nothing}</details>`;
  }

  /** Calls the endpoint as the files are. A second call while one is under way does nothing. */
  async send(confirm: readonly TrialConfirmation[] = []): Promise<void> {
    const { editor, key, instance, environment, name } = this;
    if (!instance || !this.canTry) return;
    let order: TrialOrder;
    try {
      const { params, pages } = this.input;
      const payload = this.takesPayload ? payloadOf(this.input) : undefined;
      const isMocked = editor.store.workspace.mock !== undefined;
      order = { instance: instance.id, ...(name !== undefined && { endpoint: name, params, pages }), ...(payload && { payload }), ...(environment !== undefined && { environment }), ...(isMocked && { isMocked }), ...(confirm.length > 0 && { confirm }) };
    } catch (error) {
      return this.show(key, { problem: { title: (error as Error).message } });
    }
    this.running = true;
    try {
      const answer = await editor.host.try(order);
      if (answer.kind === 'done') this.show(key, { trial: answer.trial });
      else if (answer.kind === 'refused') this.show(key, { problem: { title: answer.message, text: answer.remedy, code: answer.code } });
      else {
        this.running = false;
        if (await this.agrees(answer.confirm, answer.message)) return await this.send([...confirm, answer.confirm]);
        this.show(key, { problem: { title: 'Nothing was sent.' } });
      }
    } catch (error) {
      this.show(key, { problem: { title: error instanceof Error ? error.message : String(error) } });
    } finally {
      this.running = false;
    }
  }

  stop(): void {
    if (this.running) void this.editor.host.stopTrial();
  }

  async copyCurl(): Promise<void> {
    const exchange = this.renderRoot.querySelector<TrialView>('patchbay-trial')?.exchange;
    if (!exchange) return;
    const { body } = exchange.request;
    await navigator.clipboard.writeText(curlOf(exchange.request, body && (await this.bodyText(body.hash))));
    this.editor.announce('Copied as a cURL command. What is masked has to be filled in.');
  }

  private async bodyText(hash: string): Promise<string> {
    const found = await collect((window) => this.editor.host.body(hash, window), [], 20_000);
    if ('tooMuch' in found) return '';
    return typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
  }

  private async agrees(confirm: TrialConfirmation, text: string): Promise<boolean> {
    return (await ask(confirm === 'write' ? writeQuestion(text) : productionQuestion(text, 'A real system is asked.'))) !== undefined;
  }

  private show(key: string, outcome: Outcome): void {
    this.outcomes = new Map(this.outcomes).set(key, outcome);
    // Where the panel is low, what was asked stands above it.
    void this.updateComplete.then(() => this.renderRoot.querySelector('.outcome')?.scrollIntoView({ block: 'nearest' }));
    const { trial, problem } = outcome;
    this.editor.announce(problem ? problem.title : trial?.error ? `Failed: ${trial.error.message}` : trial ? `${sumText(trial)}. ${stopText(trial)}` : '');
  }

  private take(field: string, value: unknown): void {
    if (this.name !== undefined) void this.editor.store.edit([{ op: 'set', path: ['endpoints', this.name, field], value }]);
  }

  private async saveExample({ example }: ShownTrial): Promise<void> {
    const { editor, name } = this;
    if (!example || name === undefined) return;
    const title = await ask({ title: 'Save as an example', text: 'Examples document the endpoint; mocks answer with them, and tests check them. Values that look like secrets are left out; look at it before you share the file.', action: 'Save', field: { label: 'Title', value: example.title } });
    if (title === undefined || title === '') return;
    const all: readonly unknown[] = Array.isArray(this.endpoint['examples']) ? this.endpoint['examples'] : [];
    const same = all.findIndex((other) => isObject(other) && other['title'] === title);
    const value = { ...example, title };
    const place = ['endpoints', name, 'examples'];
    if (await editor.store.edit([all.length === 0 ? { op: 'set', path: place, value: [value] } : { op: 'set', path: [...place, same < 0 ? all.length : same], value }])) editor.announce(`Saved the example ${title}.`);
  }

  private async switchMock(on: boolean): Promise<void> {
    await this.attempt(() => (on ? this.editor.host.startMock() : this.editor.host.stopMock()));
  }

  private async logIn(instance: string, method: string | undefined): Promise<void> {
    await this.attempt(() => this.editor.host.logIn(instance, method));
  }

  private async detect(): Promise<void> {
    await this.attempt(async () => { this.detected = await this.editor.host.detect(this.pasted ?? ''); });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.show(this.key, { problem: { title: error instanceof Error ? error.message : String(error) } });
      // A switch shows what is, not what was wanted.
      this.editor.requestUpdate();
    }
  }
}

customElements.define('patchbay-try', TryPanel);
