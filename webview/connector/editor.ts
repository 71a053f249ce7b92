import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { ImportPlan } from '../../server/model/import-plan.ts';
import { objectAt, pointerOf, textAt } from '../../server/model/json.ts';
import type { ValueChange } from '../form/change.ts';
import { valueAt } from '../form/change.ts';
import '../form/form.ts';
import type { Path } from '../form/schema.ts';
import type { ConnectorHost, ConnectorOpening, ConnectorView, ImportKind } from '../protocol/connector.ts';
import type { Api } from '../protocol/rpc.ts';
import { Announcer } from '../shared/announcer.ts';
import { frameStyles } from '../shared/editor-frame.ts';
import type { ViewState } from '../shared/host.ts';
import { button, emptyState, kitStyles } from '../shared/kit.ts';
import type { IsOther } from '../shared/open-page.ts';
import '../shared/split.ts';
import { listenToPage } from '../shared/page-events.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { changesAt } from './changes.ts';
import { endpointsOf } from './document.ts';
import { addEndpoint, importInto } from './editor-actions.ts';
import { banners, importReport, sectionTabs, startCard, toolBar } from './editor-parts.ts';
import { editorStyles } from './editor-styles.ts';
import './endpoint-list.ts';
import type { EndpointList } from './endpoint-list.ts';
import './endpoint-view.ts';
import type { EndpointTab } from './endpoint-view.ts';
import { formNames } from './names.ts';
import { sectionOf, sectionTitles, type SectionId } from './schemas.ts';
import { ConnectorStore } from './store.ts';
import type { TryInput } from './trial.ts';
import './try-panel.ts';
import type { TryPanel, TrySettings } from './try-panel.ts';

/** What is kept of the view while its tab is hidden. */
export interface ConnectorViewState {
  readonly section: SectionId;
  readonly endpoint?: string | undefined;
  readonly tab: EndpointTab;
  readonly filter: string;
  readonly isTrying: boolean;
  readonly trying: TrySettings;
  /** What was entered to try endpoints out, by endpoint. */
  readonly inputs: Readonly<Record<string, TryInput>>;
  /** Half-typed fields, by place. */
  readonly drafts: Readonly<Record<string, string>>;
}

/** The whole editor of one connector: sections, forms, endpoints. Its state is the store's and the view's; the document is the host's. */
export class ConnectorEditor extends LitElement {
  static override properties = { section: { state: true }, endpoint: { state: true }, tab: { state: true }, filter: { state: true }, said: { state: true }, isTrying: { state: true }, trying: { state: true }, share: { state: true }, done: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, frameStyles, editorStyles];

  declare section: SectionId;
  declare endpoint: string | undefined;
  declare tab: EndpointTab;
  declare filter: string;
  declare said: string;
  declare isTrying: boolean;
  declare trying: TrySettings;
  /** Of the forms, where the trial stands beside them, in percent. */
  declare private share: number;

  /** The last import, as long as somebody may want to know of it. */
  declare done: ImportPlan | undefined;

  inputs: Readonly<Record<string, TryInput>> = {};

  readonly store: ConnectorStore;
  readonly host: Api<ConnectorHost>;
  drafts: Record<string, string> = {};
  private readonly announcer = new Announcer((text) => { this.said = text; });
  private readonly width = new Width(this);
  private viewState: ViewState<ConnectorViewState> | undefined;
  private saving: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Api<ConnectorHost>) {
    super();
    this.host = host;
    this.store = new ConnectorStore(host, () => this.requestUpdate());
    this.section = 'overview';
    this.tab = 'request';
    this.filter = '';
    this.said = '';
    this.isTrying = innerWidth >= 1080;
    this.trying = {};
    this.share = 55;
    listenToPage(this, { keydown: this.onKey, pagehide: this.save });
  }

  /** What the host calls. */
  get api(): ConnectorView {
    return {
      document: (document) => this.store.setDocument(document),
      catalog: (plugins, workspace) => this.store.setCatalog(plugins ? { plugins } : this.store.catalog, workspace),
      diagnostics: (diagnostics) => this.store.setDiagnostics(diagnostics),
    };
  }

  /** Shows a connector for the first time, as it was left. */
  begin({ catalog, workspace, diagnostics, trusted, ...document }: ConnectorOpening, viewState: (subject: string) => ViewState<ConnectorViewState>): void {
    this.viewState = viewState(document.file);
    const kept = this.viewState.get();
    this.store.trusted = trusted;
    this.store.setCatalog({ plugins: catalog }, workspace);
    this.store.setDocument(document);
    this.store.setDiagnostics(diagnostics);
    const first = endpointsOf(this.store.connector)[0]?.[0];
    this.endpoint = kept?.endpoint ?? first;
    this.section = kept?.section ?? 'endpoints';
    this.tab = kept?.tab ?? 'request';
    this.filter = kept?.filter ?? '';
    this.drafts = { ...kept?.drafts };
    if (kept) {
      this.isTrying = kept.isTrying;
      this.trying = kept.trying;
      this.inputs = kept.inputs;
    }
  }

  /** As all is by now, as if it were told. */
  refresh({ catalog, workspace, diagnostics, trusted, ...document }: ConnectorOpening, isOther: IsOther<ConnectorOpening>): void {
    this.store.trusted = trusted;
    if (isOther('catalog', 'workspace')) this.api.catalog(catalog, workspace);
    if (isOther('text', 'version', 'file', 'readOnly')) this.api.document(document);
    if (isOther('diagnostics')) this.api.diagnostics(diagnostics);
    this.requestUpdate();
  }

  announce(text: string): void {
    this.announcer.say(text);
  }

  show(section: SectionId, endpoint = this.endpoint): void {
    this.section = section;
    this.endpoint = endpoint;
  }

  /** Where in the file what is shown stands. */
  get pointer(): string {
    if (this.section === 'endpoints') return this.endpoint === undefined ? '/endpoints' : pointerOf(['endpoints', this.endpoint]);
    return { overview: '', variables: '/variables', auth: '/auth', paging: '/defaults/pagination', rules: '/defaults' }[this.section];
  }

  /** Gives what a form has changed below a place to the host. */
  readonly change = (path: Path, changes: readonly ValueChange[]): void => void this.store.edit(changesAt(this.store.connector, path, changes));

  addEndpoint(): Promise<void> { return addEndpoint(this); }
  import(kind: ImportKind): Promise<void> { return importInto(this, kind); }

  /** What is shown when an endpoint goes. */
  get neighbour(): string | undefined {
    return this.list?.neighbour(1) ?? this.list?.neighbour(-1);
  }

  private get tryPanel(): TryPanel | null {
    return this.renderRoot.querySelector<TryPanel>('patchbay-try');
  }

  private async openTry(): Promise<void> {
    this.isTrying = true;
    await this.updateComplete;
    await this.tryPanel?.updateComplete;
    this.tryPanel?.renderRoot.querySelector<HTMLElement>('vscode-single-select, vscode-button')?.focus();
  }

  /** What is half-typed counts first: the host saves what is in the file. */
  private async tryNow(): Promise<void> {
    this.isTrying = true;
    await this.updateComplete;
    await this.tryPanel?.send();
  }

  private get list(): EndpointList | null {
    return this.renderRoot.querySelector<EndpointList>('patchbay-endpoint-list');
  }

  protected override updated(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(this.save, 250);
  }

  private readonly save = (): void => {
    if (this.store.loaded) this.viewState?.set({ section: this.section, endpoint: this.endpoint, tab: this.tab, filter: this.filter, drafts: this.drafts, isTrying: this.isTrying, trying: this.trying, inputs: keptInputs(this.inputs) });
  };

  protected override render(): TemplateResult {
    const { store, section, width: { pixels } } = this;
    const size = pixels > 0 && pixels < 640 ? 'narrow' : pixels < 1080 ? 'compact' : 'wide';
    return html`
      ${toolBar(this)}
      ${banners(this, () => { store.refusal = undefined; this.requestUpdate(); })}
      ${this.done ? importReport(this, this.done, () => { this.done = undefined; }) : nothing}
      <div class=${size} style="display: contents"><main>
        <nav class="side" aria-label="Connector">
          ${sectionTabs(this)}
          ${section === 'endpoints' ? html`<patchbay-endpoint-list .connector=${store.connector} .findings=${this.findingsOf} .version=${store.diagnostics} .selected=${this.endpoint} .filter=${this.filter} .readOnly=${store.readOnly}
            .onSelect=${this.onEndpoint} .onFilter=${this.onFilter} .onAdd=${this.onAdd} .onOpen=${this.focusContent}></patchbay-endpoint-list>` : nothing}
        </nav>
        <div class="work">${store.loaded ? this.work(size === 'wide') : nothing}</div>
      </main></div>
      <div class="for-screen-readers" role="status" aria-live="polite">${this.said}</div>`;
  }

  private work(isWide: boolean): TemplateResult {
    if (!this.isTrying) return this.content();
    return html`<patchbay-split .position=${this.share} .min=${isWide ? 320 : 140} ?vertical=${!isWide} label="Sizes of the forms and of the trial" @split-moved=${(event: CustomEvent<number>) => { this.share = event.detail; }}>
      <div slot="first" class="pane">${this.content()}</div>
      <patchbay-try slot="second" .editor=${this} .name=${this.section === 'endpoints' && this.hasEndpoint ? this.endpoint : undefined} .tick=${{}}></patchbay-try>
    </patchbay-split>`;
  }

  private get hasEndpoint(): boolean {
    return this.endpoint !== undefined && valueAt(this.store.connector, ['endpoints', this.endpoint]) !== undefined;
  }

  setTrying(more: TrySettings): void {
    this.trying = { ...this.trying, ...more };
  }

  private content(): TemplateResult {
    const { section } = this;
    return html`<div class="content" role="tabpanel" id="section" aria-labelledby="section-${section}" tabindex="-1">${section === 'endpoints' ? this.endpointContent() : this.sectionContent(section)}</div>`;
  }

  private sectionContent(id: Exclude<SectionId, 'endpoints'>): TemplateResult {
    const { store } = this;
    const { path, schema } = sectionOf(id, store.connector, store.catalog);
    const root = path.length === 0 ? store.connector : (valueAt(store.connector, path) ?? {});
    return html`<div class="page"><h2>${sectionTitles[id]}</h2>
      ${keyed(id, html`<patchbay-form .schema=${schema} .root=${root} .pointer=${pointerOf(path)} .scope=${id} .diagnostics=${store.diagnostics} .names=${formNames(store.catalog, store.workspace)} .readOnly=${store.readOnly}
        .drafts=${this.drafts} .onChange=${(changes: readonly ValueChange[]) => this.change(path, changes)} .onOpenFile=${this.openFile}></patchbay-form>`)}</div>`;
  }

  private endpointContent(): TemplateResult {
    const { store, endpoint } = this;
    const value = endpoint === undefined ? undefined : valueAt(store.connector, ['endpoints', endpoint]);
    if (endpointsOf(store.connector).length === 0) return startCard(this);
    if (endpoint === undefined || value === undefined) {
      return emptyState({ icon: 'globe', title: endpoint === undefined ? 'No endpoint is chosen' : `There is no endpoint ${endpoint} any more`, actions: store.readOnly ? nothing : button({ label: 'Add endpoint', icon: 'add', primary: true, onClick: this.onAdd }) });
    }
    return keyed(endpoint, html`<patchbay-endpoint .editor=${this} .name=${endpoint} .tab=${this.tab} .tick=${{}}></patchbay-endpoint>`) as unknown as TemplateResult;
  }

  readonly openFile = (path: string): void => void this.host.openFile(path);
  private readonly findingsOf = (name: string) => this.store.findingsAt(['endpoints', name]);
  private readonly onEndpoint = (name: string): void => this.show('endpoints', name);
  private readonly onFilter = (text: string): void => { this.filter = text; };
  private readonly onAdd = (): void => void this.addEndpoint();
  private readonly focusContent = (): void => this.renderRoot.querySelector<HTMLElement>('#section')?.focus();

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && this.section === 'endpoints') {
      const next = this.list?.neighbour(event.key === 'ArrowDown' ? 1 : -1);
      event.preventDefault();
      if (next === undefined) return;
      this.show('endpoints', next);
      this.announce(`${next}: ${textAt(objectAt(this.store.connector, 'endpoints')[next], 'title')}`);
      return;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-3]$/.test(event.code)) {
      event.preventDefault();
      if (event.code === 'Digit1') this.renderRoot.querySelector<HTMLElement>('.section[aria-selected="true"]')?.focus();
      else if (event.code === 'Digit2') this.focusContent();
      else void this.openTry();
      return;
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const command = { Enter: () => void this.tryNow(), '.': () => this.tryPanel?.stop(), l: () => void this.tryPanel?.copyCurl() }[event.key];
    // In a form this key means that what was typed counts.
    if (!command || (event.key === 'Enter' && event.defaultPrevented && this.tryPanel === null)) return;
    event.preventDefault();
    command();
  };
}

/** A few KB are kept of a view. */
function keptInputs(inputs: Readonly<Record<string, TryInput>>): Readonly<Record<string, TryInput>> {
  return Object.fromEntries(Object.entries(inputs).filter(([, input]) => JSON.stringify(input).length < 4_000).slice(-20));
}

customElements.define('patchbay-connector', ConnectorEditor);
