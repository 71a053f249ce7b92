import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { textAt } from '../../server/model/json.ts';
import type { ValueChange } from '../form/change.ts';
import type { FormNames } from '../form/context.ts';
import type { Path } from '../form/schema.ts';
import type { Api } from '../protocol/rpc.ts';
import type { SettingsDocument, SettingsHost, SettingsOpening, SettingsView, SettingsWorkspace } from '../protocol/settings.ts';
import { Announcer } from '../shared/announcer.ts';
import { ask } from '../shared/ask.ts';
import { frameStyles } from '../shared/editor-frame.ts';
import type { ViewState } from '../shared/host.ts';
import { icon, iconButton, kitStyles, linkButton, message, restricted } from '../shared/kit.ts';
import '../shared/split.ts';
import { listenToPage } from '../shared/page-events.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { TextProblem } from '../shared/syntax.ts';
import { Width } from '../shared/width.ts';
import { editorStyles } from './editor-styles.ts';
import { environmentForms } from './environment-forms.ts';
import { instanceForm } from './instance-form.ts';
import { readSettings, type Json } from './read.ts';
import './values-panel.ts';

export interface SettingsViewState {
  /** The environment that values are shown and the connection is tested in. */
  readonly environment: string | undefined;
  readonly instance: string | undefined;
  readonly drafts: Readonly<Record<string, string>>;
}

const origins = { vscode: 'kept by VS Code on this machine', environment: 'in the environment of VS Code' } as const;

/** The whole editor of an instance or an environment. The document is the host's: an edit goes there and comes back as a new document. */
export class SettingsEditor extends LitElement {
  static override properties = { file: { state: true }, catalog: { state: true }, workspace: { state: true }, diagnostics: { state: true }, refusal: { state: true }, said: { state: true }, isUnlocked: { state: true }, environment: { state: true }, instance: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, frameStyles, editorStyles];
  declare file: SettingsDocument | undefined;
  declare catalog: readonly CatalogEntry[];
  declare workspace: SettingsWorkspace;
  declare diagnostics: readonly Diagnostic[];
  declare private refusal: string | undefined;
  declare private said: string;
  declare private isUnlocked: boolean;
  declare environment: string | undefined;
  /** Of an environment: whose values are shown. */
  declare instance: string | undefined;
  value: Json = {};
  trusted = true;
  drafts: Record<string, string> = {};
  readonly host: Api<SettingsHost>;
  private problem: TextProblem | undefined;
  private readonly announcer = new Announcer((text) => { this.said = text; });
  private readonly width = new Width(this);
  private viewState: ViewState<SettingsViewState> | undefined;
  private saving: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Api<SettingsHost>) {
    super();
    this.host = host;
    this.catalog = [];
    this.workspace = { connectors: {}, instances: {}, environments: {}, secrets: {}, logins: [] };
    this.diagnostics = [];
    this.said = '';
    this.isUnlocked = false;
    listenToPage(this, { keydown: this.onKey, pagehide: this.save });
  }

  /** What the host calls. */
  get api(): SettingsView {
    return {
      document: (document) => this.take(document),
      workspace: (workspace, plugins) => { this.workspace = workspace; this.catalog = plugins ?? this.catalog; },
      diagnostics: (diagnostics) => { this.diagnostics = diagnostics; },
    };
  }

  begin(opening: SettingsOpening, viewState: (subject: string) => ViewState<SettingsViewState>): void {
    this.viewState = viewState(opening.file);
    const kept = this.viewState.get();
    this.environment = kept?.environment;
    this.instance = kept?.instance;
    this.drafts = { ...kept?.drafts };
    this.refresh(opening);
  }

  /** As all is by now. */
  refresh({ catalog, workspace, trusted, diagnostics, ...document }: SettingsOpening): void {
    this.trusted = trusted;
    this.catalog = catalog;
    this.workspace = workspace;
    this.diagnostics = diagnostics;
    this.take(document);
  }

  announce(text: string): void {
    this.announcer.say(text);
  }

  /** Whether what stands here is about a production system, and nobody has said that it is meant. */
  get isLocked(): boolean {
    return this.file?.kind === 'environment' && this.value['production'] === true && !this.isUnlocked;
  }

  get readOnly(): boolean {
    return this.isLocked || this.file?.readOnly === true || this.problem !== undefined;
  }

  /** `prefix`: where the form begins in the file. */
  namesAt(prefix: Path): FormNames {
    const { workspace, catalog } = this;
    const plugins = catalog.filter(({ kind }) => kind === 'connector');
    const connectors = { ...Object.fromEntries(plugins.map(({ type, title }) => [type, { title }])), ...workspace.connectors };
    return {
      options: (ref) => (ref === 'connector' ? Object.entries(connectors).map(([value, { title }]) => ({ value, label: title || value, description: value })) : []),
      file: (ref, value) => (ref === 'connector' && !plugins.some(({ type }) => type === value) ? `connectors/${value}.connector.json` : undefined),
      transform: () => undefined,
      secrets: {
        origin: (name) => { const origin = Object.hasOwn(workspace.secrets, name) ? workspace.secrets[name] : undefined; return origin && origins[origin]; },
        suggest: (path) => this.suggest(prefix, path),
        set: (name) => this.do(this.host.setSecret(name)),
        remove: (name) => this.do(this.host.removeSecret(name)),
        keep: (path, name) => this.do(this.host.keepSecret([...prefix, ...path], name)),
      },
    };
  }

  /** `shop-eu/client-secret`; in an environment `shop-eu/live-client-secret`. */
  private suggest(prefix: Path, path: Path): string {
    const field = path.filter((key) => key !== 'credentials' && key !== 'settings').join('-').replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
    const { kind, id = '' } = this.file ?? {};
    return kind === 'instance' ? `${id}/${field}` : `${String(prefix[1] ?? 'env')}/${id}-${field}`;
  }

  /** Gives what a form has changed below a place to the host, as one undo unit. */
  readonly change = async (prefix: Path, changes: readonly ValueChange[]): Promise<void> => {
    if (this.readOnly || changes.length === 0 || !this.file) return;
    this.do(this.host.edit(changes.map(({ path, value }) => ({ path: [...prefix, ...path], ...(value !== undefined && { value }) })), this.file.version));
  };

  do(work: Promise<unknown>): void {
    const done = async (): Promise<void> => {
      try {
        await work;
        this.refusal = undefined;
      } catch (error) {
        this.refusal = error instanceof Error ? error.message : String(error);
      }
    };
    void done();
  }

  async unlock(): Promise<void> {
    const { id = '' } = this.file ?? {};
    const said = await ask({ title: 'Change a production environment?', text: 'What stands here leads flows to the real systems. It counts as soon as the file is saved and deployed.', action: 'Unlock', field: { label: `Type ${id} to go on`, mustBe: id } });
    if (said !== undefined) this.isUnlocked = true;
  }

  private take(document: SettingsDocument): void {
    if (this.file && document.version < this.file.version) return;
    const { value, problem } = readSettings(document.text);
    if (value && (!this.file || !problem)) this.value = value;
    this.problem = problem;
    this.file = document;
  }

  protected override updated(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(this.save, 250);
  }

  private readonly save = (): void => {
    if (this.file) this.viewState?.set({ environment: this.environment, instance: this.instance, drafts: this.drafts });
  };

  protected override render(): unknown {
    const { file } = this;
    if (!file) return nothing;
    const isWide = this.width.pixels === 0 || this.width.pixels >= 900;
    return html`<header class="bar">${icon(file.kind === 'instance' ? 'plug' : 'server-environment')}<h1 class="ellipsis" title=${file.file}>${textAt(this.value, 'title') || file.id}</h1><span class="quiet">${file.kind} <span class="mono">${file.id}</span></span><span class="gap"></span>${iconButton({ label: 'Show JSON', icon: 'json', onClick: () => void this.host.openText() })}</header>
      ${this.banners()}
      <main><patchbay-split .position=${isWide ? 55 : 58} .min=${isWide ? 300 : 120} ?vertical=${!isWide} label="Sizes of the form and of the values">
        <div slot="first" class="pane"><div class="content" id="form" tabindex="-1">${file.kind === 'instance' ? instanceForm(this) : environmentForms(this)}</div></div>
        <patchbay-values slot="second" .editor=${this} .tick=${{}}></patchbay-values>
      </patchbay-split></main>
      <div class="for-screen-readers" role="status" aria-live="polite">${this.said}</div>`;
  }

  private banners(): TemplateResult {
    const { file, problem, refusal } = this;
    const openText = linkButton({ label: 'Open as text', onClick: () => void this.host.openText() });
    return html`<div class="banners">
      ${problem ? message({ tone: 'bad', title: problem.message, text: 'The form shows what could be read last, and changes nothing.', actions: openText }) : nothing}
      ${!problem && file?.readOnly ? message({ tone: 'info', title: 'This file can be read only.', actions: openText }) : nothing}
      ${!problem && !file?.readOnly && this.isLocked ? message({ tone: 'warn', title: 'This is a production environment.', text: html`${icon('lock')} It is locked, so that nothing is changed by mistake.`, actions: linkButton({ label: 'Unlock…', onClick: () => void this.unlock() }) }) : nothing}
      ${refusal === undefined ? nothing : message({ tone: 'warn', title: 'It was not done.', text: refusal, actions: linkButton({ label: 'Dismiss', onClick: () => { this.refusal = undefined; } }) })}
      ${this.trusted ? nothing : restricted('nothing is asked, and no secret is kept.', 'Trust the workspace in order to test the connection.')}
    </div>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.code === 'Digit1') this.renderRoot.querySelector<HTMLElement>('#form')?.focus();
    else if (event.code === 'Digit2') this.renderRoot.querySelector<HTMLElement>('patchbay-values')?.focus();
    else return;
    event.preventDefault();
  };
}

customElements.define('patchbay-settings', SettingsEditor);
