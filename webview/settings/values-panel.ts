import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LoginState } from '../../server/model/api.ts';
import { shownValues, type ShownValue, type ValueOrigin } from '../../server/model/instance-form.ts';
import { textAt } from '../../server/model/json.ts';
import { connectorNamed, isProtocol } from '../../server/model/protocol.ts';
import type { ShownTrial, TrialConfirmation } from '../protocol/connector.ts';
import type { Environment } from '../../server/model/environment.ts';
import { productionQuestion, writeQuestion } from '../protocol/production-question.ts';
import { ask } from '../shared/ask.ts';
import { formatValue } from '../shared/format.ts';
import { button, emptyState, firstClick, icon, kitStyles, linkButton, loading, message, select } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { stopText, sumText } from '../run/trial.ts';
import '../run/trial-view.ts';
import type { SettingsEditor } from './editor.ts';
import type { Json } from './read.ts';

interface Outcome {
  readonly trial?: ShownTrial;
  readonly problem?: { readonly title: string; readonly text?: string | undefined; readonly code?: string };
}

/** What an instance is in an environment and who says so, and what the other system answers to it. */
class ValuesPanel extends LitElement {
  static override properties = { editor: { attribute: false }, tick: { attribute: false }, outcome: { state: true }, running: { state: true } };
  declare editor: SettingsEditor;
  declare private outcome: Outcome | undefined;
  declare private running: boolean;

  constructor() {
    super();
    this.running = false;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('vscode-single-select, vscode-button')?.focus();
  }

  private get isInstance(): boolean {
    return this.editor.file?.kind === 'instance';
  }

  /** The one that is looked at: the file as it is shown, or one that an environment names. */
  private get instance(): { readonly id: string; readonly value: Json } | undefined {
    const { file, value, workspace, instance } = this.editor;
    if (file?.kind === 'instance') return { id: file.id, value };
    const id = instance ?? Object.keys(workspace.instances)[0];
    const found = id === undefined ? undefined : workspace.instances[id];
    return found && { id: id!, value: found as unknown as Json };
  }

  private get environmentId(): string | undefined {
    const { file, workspace, environment } = this.editor;
    if (file?.kind === 'environment') return file.id;
    return environment ?? workspace.environment;
  }

  private get environment(): Environment | undefined {
    const { file, value, workspace } = this.editor;
    const id = this.environmentId;
    return file?.kind === 'environment' ? (value as unknown as Environment) : id === undefined ? undefined : workspace.environments[id];
  }

  protected override render(): TemplateResult {
    const { instance, editor: { workspace } } = this;
    if (!instance) return html`${emptyState({ icon: 'plug', title: 'There is no instance yet', text: 'An instance is a connector with an account.' })}`;
    const catalog = { plugins: this.editor.catalog };
    const connector = connectorNamed(textAt(instance.value, 'connector'), workspace.connectors, catalog);
    const rows = shownValues(connector, catalog, instance.id, instance.value, this.environment);
    return html`<div class="head">${this.choice(instance.id)}${this.running ? button({ label: 'Stop', icon: 'debug-stop', onClick: firstClick(() => void this.editor.host.stopTest()) }) : button({ label: 'Test connection', icon: 'play', primary: true, disabled: !this.editor.trusted || connector === undefined, onClick: firstClick(() => void this.test()) })}</div>
      ${this.environment?.production ? html`<div class="note">${icon('lock', { tone: 'warn' })} ${this.environmentId} is a production environment: you will be asked.</div>` : nothing}
      ${this.logins(instance.id, connector && !isProtocol(connector) ? Object.values(connector.auth ?? {}).some(({ type }) => type === 'oauth2-authorization-code') : false)}
      <table aria-label="Values of ${instance.id}"><thead><tr><th scope="col">What</th><th scope="col">Value</th><th scope="col">From</th></tr></thead><tbody>${rows.map((row) => this.row(row))}</tbody></table>
      <div class="outcome" role="region" aria-label="What came of the test">${this.running ? loading('Asking…', 3) : this.result()}</div>`;
  }

  private choice(id: string): TemplateResult {
    const { editor } = this;
    const { workspace } = editor;
    const named = Object.entries(workspace.environments);
    if (!this.isInstance) return html`<label class="grow">Instance${select({ label: 'Instance', value: id, options: Object.keys(workspace.instances).map((value) => ({ value, label: value })), onChange: (instance) => { editor.instance = instance; this.outcome = undefined; } })}</label>`;
    return html`<label class="grow">Environment${select({ label: 'Environment', value: this.environmentId ?? '', options: [...(this.environmentId === undefined ? [{ value: '', label: 'None' }] : []), ...named.map(([value, { production }]) => ({ value, label: production ? `${value} (production)` : value }))], onChange: (environment) => { editor.environment = environment; this.outcome = undefined; } })}</label>`;
  }

  private logins(id: string, needsLogin: boolean): readonly TemplateResult[] {
    const known = this.editor.workspace.logins.filter(({ instance }) => instance === id);
    return known.length > 0 ? known.map((login) => this.login(login)) : needsLogin ? [this.login({ instance: id, state: 'out' })] : [];
  }

  private login({ instance, method, state }: LoginState): TemplateResult {
    const { host } = this.editor;
    const isIn = state === 'in';
    const by = method === undefined ? '' : ` by ${method}`;
    return html`<div class="note">${isIn ? html`${icon('pass', { tone: 'good' })} Somebody is logged in${by}.` : html`${icon('sign-in')} ${method === undefined ? 'This instance needs' : 'Some endpoints need'} a login in the browser${by}.`} ${linkButton({ label: isIn ? 'Log in anew…' : 'Log in…', onClick: () => this.editor.do(host.logIn(instance, method)) })}${isIn ? linkButton({ label: 'Log out', onClick: () => this.editor.do(host.logOut(instance, this.environmentId, method)) }) : nothing}</div>`;
  }

  private row({ title, name, part, origin, value, secrets, isPlain }: ShownValue): TemplateResult {
    const known = this.editor.workspace.secrets;
    const shown = secrets.length > 0
      ? secrets.map((secret) => html`<div>${Object.hasOwn(known, secret) ? icon('pass', { tone: 'good' }) : icon('circle-slash', { tone: 'warn' })} <span class="mono">${secret}</span> <span class="quiet">${Object.hasOwn(known, secret) ? (known[secret] === 'vscode' ? 'kept by VS Code' : 'environment of VS Code') : 'not set on this machine'}</span></div>`)
      : isPlain ? html`<span class="mono">••••</span> <span class="quiet">in the file</span>` : origin === undefined ? html`<span class="quiet">nothing</span>` : html`<span class="mono">${formatValue(value, 200)}</span>`;
    return html`<tr><th scope="row" title=${`${part}: ${name}`}>${title}</th><td>${shown}</td><td>${this.from(origin)}</td></tr>`;
  }

  private from(origin: ValueOrigin | undefined): string {
    return origin === undefined ? '–' : { environment: `environment ${this.environmentId ?? ''}`, instance: 'instance', connector: 'connector', default: 'default' }[origin];
  }

  private result(): unknown {
    const { trial, problem } = this.outcome ?? {};
    if (problem) return html`<div class="pad">${message({ tone: 'bad', title: problem.title, text: html`${problem.text ?? ''}${problem.code ? html`<div class="quiet"><code>${problem.code}</code></div>` : nothing}` })}</div>`;
    if (!trial) return nothing;
    if (trial.pages.length === 0 && !trial.error) return html`<div class="pad">${icon('pass', { tone: 'good' })} The connection works.</div>`;
    return html`${trial.error ? nothing : html`<div class="pad">${icon('pass', { tone: 'good' })} The connection works.</div>`}<patchbay-trial .host=${this.editor.host} .trial=${trial}></patchbay-trial>`;
  }

  private async test(confirm: readonly TrialConfirmation[] = []): Promise<void> {
    const { instance, environmentId, editor } = this;
    if (!instance || this.running) return;
    this.running = true;
    try {
      const answer = await editor.host.test(instance.id, environmentId, confirm);
      if (answer.kind === 'done') this.show({ trial: answer.trial });
      else if (answer.kind === 'refused') this.show({ problem: { title: answer.message, text: answer.remedy, code: answer.code } });
      else {
        this.running = false;
        const said = await ask(answer.confirm === 'production' ? productionQuestion(answer.message, 'A real system is asked.') : writeQuestion(answer.message));
        if (said !== undefined) return await this.test([...confirm, answer.confirm]);
        this.show({ problem: { title: 'Nothing was sent.' } });
      }
    } catch (error) {
      this.show({ problem: { title: error instanceof Error ? error.message : String(error) } });
    } finally {
      this.running = false;
    }
  }

  private show(outcome: Outcome): void {
    this.outcome = outcome;
    const { trial, problem } = outcome;
    this.editor.announce(problem?.title ?? (trial?.error ? `Failed: ${trial.error.message}` : trial ? `The connection works. ${sumText(trial)}. ${stopText(trial)}` : ''));
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; height: 100%; min-height: 0; min-width: 0; overflow: auto; }
    .head { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-end; padding: 10px 12px; }
    label { display: flex; flex-direction: column; gap: 4px; min-width: 140px; }
    .grow { flex: 1; }
    .note { padding: 2px 12px 6px; display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: 4px 12px; font-weight: normal; overflow-wrap: anywhere; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
    th:first-child { min-width: 90px; overflow-wrap: break-word; }
    thead th { font-weight: 600; }
    td:last-child { white-space: nowrap; }
    .outcome { display: flex; flex-direction: column; flex: none; }
    .outcome patchbay-trial { min-height: 360px; }
    .pad { padding: 10px 12px; }
  `];
}

customElements.define('patchbay-values', ValuesPanel);
