import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { isSame } from '../../server/model/json.ts';
import type { FlowDocument } from '../protocol/flow.ts';
import type { MapCommand, MapFileHost, MapFileOpening, MapFileView } from '../protocol/map.ts';
import type { Api } from '../protocol/rpc.ts';
import type { ViewState } from '../shared/host.ts';
import type { IsOther } from '../shared/open-page.ts';
import { kitStyles, linkButton, message } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { TextProblem } from '../shared/syntax.ts';
import { readMapText } from './document.ts';
import { MapEditor, type MapViewState } from './editor.ts';
import type { MapInput } from './store.ts';

/** The page of a mapping file: its document around the editor. */
export class MapPage extends LitElement {
  static override properties = { opening: { state: true }, problem: { state: true } };

  declare private opening: Pick<MapFileOpening, 'catalog' | 'workspace' | 'trusted'> | undefined;
  declare private problem: TextProblem | undefined;
  private shown: FlowDocument | undefined;
  /** The last text that could be read. */
  private settings: MapInput['settings'] = {};
  private diagnostics: readonly Diagnostic[] = [];
  private readonly host: Api<MapFileHost>;
  private readonly editor: MapEditor;
  private kept: ViewState<MapViewState> | undefined;
  private saving: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Api<MapFileHost>) {
    super();
    this.host = host;
    // The port's proxy is passed on by name: it answers any method.
    this.editor = new MapEditor(host);
    this.editor.onViewChange = () => {
      clearTimeout(this.saving);
      this.saving = setTimeout(this.save, 250);
    };
  }

  /** What the host calls. */
  get api(): MapFileView {
    return {
      document: (document) => this.setDocument(document),
      catalog: (catalog = this.opening?.catalog ?? [], workspace) => this.setOpening({ trusted: true, ...this.opening, catalog, workspace }),
      diagnostics: (diagnostics) => { this.diagnostics = diagnostics; this.feed(); },
      ran: () => this.editor.store.sample.ask(),
      command: (name: MapCommand) => this.editor.command(name),
      singleKeys: (isOn) => { this.editor.singleKeys = isOn; },
    };
  }

  begin(opening: MapFileOpening, viewState: (subject: string) => ViewState<MapViewState>): void {
    const { catalog, workspace, diagnostics, trusted, singleKeys = true, ...document } = opening;
    this.editor.singleKeys = singleKeys;
    this.opening = { catalog, workspace, trusted };
    this.diagnostics = diagnostics;
    this.kept = viewState(document.file);
    this.setDocument(document);
    const kept = this.kept.get();
    if (kept) this.editor.viewState = kept;
    addEventListener('pagehide', this.save);
  }

  /** As all is by now, as if it were told. */
  refresh({ catalog, workspace, diagnostics, trusted, singleKeys = true, ...document }: MapFileOpening, isOther: IsOther<MapFileOpening>): void {
    if (isOther('catalog', 'workspace', 'trusted')) this.setOpening({ catalog, workspace, trusted });
    if (isOther('text', 'version', 'file', 'readOnly')) this.api.document(document);
    if (isOther('diagnostics')) this.api.diagnostics(diagnostics);
    this.api.singleKeys(singleKeys);
  }

  /** Its sample is tried again with each other workspace. */
  private setOpening(opening: MapPage['opening'] & {}): void {
    if (isSame(this.opening, opening)) return;
    this.opening = opening;
    this.feed();
  }

  private setDocument(document: FlowDocument): void {
    // Documents are snapshots: one that is older than what is shown is of no use.
    if (this.shown && (document.version < this.shown.version || isSame(document, this.shown))) return;
    const isFirst = this.shown === undefined;
    this.shown = document;
    const { settings, problem, isGuessed } = readMapText(document.text);
    this.problem = problem;
    if (settings && (isFirst || !isGuessed)) this.settings = settings;
    this.feed();
  }

  private feed(): void {
    const { shown, opening } = this;
    if (!shown || !opening) return;
    this.editor.input = {
      settings: this.settings, version: shown.version, pointer: '', step: undefined, title: String(this.settings['title'] ?? shown.file), file: shown.file, readOnly: shown.readOnly || this.problem !== undefined,
      trusted: opening.trusted, diagnostics: this.diagnostics, catalog: { plugins: opening.catalog }, workspace: opening.workspace,
    };
    this.requestUpdate();
  }

  private readonly save = (): void => {
    if (this.shown) this.kept?.set(this.editor.viewState);
  };

  protected override render(): TemplateResult {
    const openText = (): void => void this.host.openText();
    return html`
      ${this.problem ? html`<div class="banner">${message({ tone: 'bad', title: this.problem.message, text: 'The last mapping that could be read is shown, and nothing of it can be changed.', actions: linkButton({ label: 'Open as text', onClick: openText }) })}</div>` : nothing}
      ${!this.problem && this.shown?.readOnly ? html`<div class="banner">${message({ tone: 'info', title: 'This mapping can be read only.', actions: linkButton({ label: 'Open as text', onClick: openText }) })}</div>` : nothing}
      ${this.editor}`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; }
    .banner .message { border-radius: 0; border-width: 0 0 1px 3px; padding: 6px 12px; }
    .banner .actions { margin-top: 4px; }
  `];
}

customElements.define('patchbay-map-page', MapPage);
