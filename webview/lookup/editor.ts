import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LookupFilter } from '../../server/model/lookup-view.ts';
import type { CellRange, LookupAction, LookupEdited, LookupFinding, LookupHost, LookupOpening, LookupRow, LookupSheetState, LookupUse, LookupView } from '../protocol/lookup.ts';
import type { Api } from '../protocol/rpc.ts';
import { Announcer } from '../shared/announcer.ts';
import { frameStyles } from '../shared/editor-frame.ts';
import { formatCount } from '../shared/format.ts';
import type { ViewState } from '../shared/host.ts';
import { kitStyles } from '../shared/kit.ts';
import type { IsOther } from '../shared/open-page.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { listenToPage } from '../shared/page-events.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import { copySelection, onSheetKey, openColumn, pasteText } from './editor-actions.ts';
import { banners, emptyTable, filterLine, toolBar } from './editor-parts.ts';
import { editorStyles } from './editor-styles.ts';
import './find-bar.ts';
import type { FindBar } from './find-bar.ts';
import { clamped, single, type Selection } from './selection.ts';
import './sheet.ts';
import type { LookupSheetGrid, SheetOwner } from './sheet.ts';
import './side.ts';
import type { SideOwner, SideTab } from './side.ts';

/** What is kept of the view while its tab is hidden. */
export interface LookupViewState {
  readonly filter: LookupFilter;
  readonly selection: Selection;
  readonly widths: Readonly<Record<string, number>>;
  readonly side: SideTab | undefined;
}

/** The whole editor of one lookup. The rows are the host's; it keeps what is selected and how they are shown. */
export class LookupEditor extends LitElement {
  static override properties = { sheet: { state: true }, findings: { state: true }, uses: { state: true }, filter: { state: true }, selection: { state: true }, widths: { state: true }, side: { state: true }, refusal: { state: true }, note: { state: true }, said: { state: true }, isFinding: { state: true }, drawn: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, frameStyles, editorStyles];
  declare sheet: LookupSheetState | undefined;
  declare findings: readonly LookupFinding[];
  declare uses: readonly LookupUse[];
  declare filter: LookupFilter;
  declare selection: Selection;
  declare widths: Readonly<Record<string, number>>;
  declare side: SideTab | undefined;
  /** Why the host refused a change. */
  declare refusal: string | undefined;
  /** What was done last, for a while: until the next change. */
  declare note: string | undefined;
  declare said: string;
  declare isFinding: boolean;
  declare private drawn: number;

  rows: PagedRows<LookupRow>;
  readonly host: Api<LookupHost>;
  private last: Promise<LookupEdited | undefined> = Promise.resolve(undefined);
  /** The version that the last change of this page has made. */
  private own = 0;
  /** The version that the note tells of. */
  private noted = 0;
  private marks: ReadonlyMap<string, LookupFinding> = new Map();
  private readonly announcer = new Announcer((text) => { this.said = text; if (text === '') this.note = undefined; });
  private readonly width = new Width(this);
  private viewState: ViewState<LookupViewState> | undefined;
  private saving: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Api<LookupHost>) {
    super();
    this.host = host;
    this.findings = [];
    this.uses = [];
    this.filter = {};
    this.selection = single(0, 0);
    this.widths = {};
    this.said = '';
    this.isFinding = false;
    this.drawn = 0;
    this.rows = this.read();
    listenToPage(this, { keydown: this.onKey, copy: this.onClipboard, cut: this.onClipboard, paste: this.onClipboard, pagehide: this.save });
  }

  /** What the host calls. */
  get api(): LookupView {
    return {
      sheet: (sheet) => this.take(sheet),
      findings: (findings, version) => { if (!this.sheet || version >= this.sheet.version) this.mark(findings); },
      uses: (uses) => { this.uses = uses; },
    };
  }

  begin({ sheet, findings, uses }: LookupOpening, viewState: (subject: string) => ViewState<LookupViewState>): void {
    this.viewState = viewState(sheet.file);
    const kept = this.viewState.get();
    if (kept) Object.assign(this, { filter: kept.filter, selection: kept.selection, widths: kept.widths, side: kept.side });
    else this.side = innerWidth >= 1000 ? 'problems' : undefined;
    this.rows = this.read();
    this.mark(findings);
    this.uses = uses;
    this.take(sheet);
    void this.updateComplete.then(() => this.grid?.focus());
  }

  /** As all is by now, as if it were told. */
  refresh({ sheet, findings, uses }: LookupOpening, isOther: IsOther<LookupOpening>): void {
    if (isOther('sheet')) this.api.sheet(sheet);
    if (isOther('findings')) this.api.findings(findings, sheet.version);
    if (isOther('uses')) this.api.uses(uses);
  }

  get grid(): LookupSheetGrid | null {
    return this.renderRoot.querySelector<LookupSheetGrid>('patchbay-sheet');
  }

  get readOnly(): boolean {
    return this.sheet?.readOnly !== undefined || this.sheet?.isBroken === true;
  }

  announce(text: string): void {
    this.note = text;
    this.noted = Math.max(this.sheet?.version ?? 0, this.own);
    this.announcer.say(text);
  }

  setFilter(filter: LookupFilter): void {
    this.filter = filter;
    this.rows = this.read();
    this.select(single(0, this.selection.active.column));
  }

  select(selection: Selection): void {
    this.selection = selection;
  }

  goTo(row: number, column: number): void {
    const { grid } = this;
    this.select(clamped(single(row, column), grid?.extent ?? { rows: row + 1, spare: 0, columns: column + 1, page: 1 }));
    grid?.reveal(row, column);
  }

  /** Gives one undo unit to the host, after all before it. `undefined`: it was refused. */
  edit(action: LookupAction): Promise<LookupEdited | undefined> {
    const { filter } = this;
    this.last = this.last.then(() => this.give(action, filter));
    return this.last;
  }

  private async give(action: LookupAction, filter: LookupFilter): Promise<LookupEdited | undefined> {
    if (!this.sheet || this.sheet.readOnly !== undefined) return undefined;
    try {
      // What it has changed itself just before does not surprise it, though it may not be shown yet.
      const done = await this.host.edit(action, filter, Math.max(this.sheet.version, this.own));
      this.own = done.version;
      this.refusal = undefined;
      return done;
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
      this.announcer.say(this.refusal);
      return undefined;
    }
  }

  /** Does something else, and says what came of it. */
  async say(work: Promise<string | undefined | void>): Promise<void> {
    try {
      const text = await work;
      this.refusal = undefined;
      if (typeof text === 'string') this.announce(text);
    } catch (error) {
      this.refusal = error instanceof Error ? error.message : String(error);
    }
  }

  find(): void {
    this.isFinding = true;
    void this.updateComplete.then(() => this.renderRoot.querySelector<FindBar>('patchbay-find')?.begin());
  }

  private take(sheet: LookupSheetState): void {
    if (this.sheet && sheet.version < this.sheet.version) return;
    const isOther = this.sheet?.version !== sheet.version;
    this.sheet = sheet;
    if (sheet.version > this.noted) this.note = undefined;
    if (isOther) this.rows.refresh();
  }

  private mark(findings: readonly LookupFinding[]): void {
    this.findings = findings;
    this.marks = new Map(findings.toReversed().filter(({ row, column }) => row !== undefined && column !== undefined).map((finding) => [`${finding.row}:${finding.column}`, finding]));
  }

  private read(): PagedRows<LookupRow> {
    const { filter } = this;
    const rows: PagedRows<LookupRow> = new PagedRows((page) => this.host.rows(filter, page), () => { if (this.rows === rows) this.drawn++; });
    return rows;
  }

  protected override updated(): void {
    clearTimeout(this.saving);
    this.saving = setTimeout(this.save, 250);
  }

  private readonly save = (): void => {
    const { filter, selection, widths, side } = this;
    if (this.sheet) this.viewState?.set({ filter, selection, widths, side });
  };

  protected override render(): unknown {
    const { sheet, side } = this;
    if (!sheet) return nothing;
    const isWide = this.width.pixels === 0 || this.width.pixels >= 900;
    const table = sheet.columns.length === 0 ? emptyTable(this) : this.table(sheet);
    return html`${toolBar(this)}${banners(this)}${filterLine(this)}
      ${this.isFinding ? html`<patchbay-find .editor=${this}></patchbay-find>` : nothing}
      <main>${side === undefined ? table : html`<patchbay-split .position=${isWide ? 66 : 60} .min=${isWide ? 300 : 110} ?vertical=${!isWide} label="Sizes of the rows and of what is known of them">
        <div slot="first" class="pane">${table}</div>
        <div slot="second" class="pane"><patchbay-lookup-side .findings=${this.findings} .uses=${this.uses} .columns=${sheet.columns} .tab=${side} .owner=${this.sideOwner} .onTab=${(tab: SideTab) => { this.side = tab; }}></patchbay-lookup-side></div>
      </patchbay-split>`}</main>
      <div class="for-screen-readers" role="status" aria-live="polite">${this.said}</div>`;
  }

  private table({ columns, file }: LookupSheetState): TemplateResult {
    return html`<patchbay-sheet .columns=${columns} .rows=${this.rows} .tick=${this.drawn} .selection=${this.selection} .findings=${this.marks} .widths=${this.widths} .sort=${this.filter.sort} .filtered=${this.filter.columns ?? {}}
      .readOnly=${this.readOnly} .label="Rows of ${file}" .owner=${this.sheetOwner}></patchbay-sheet>`;
  }

  private readonly sheetOwner: SheetOwner = {
    set: (cells, range) => void this.edit({ op: 'set', cells, range }),
    clear: (range: CellRange) => { if (!this.readOnly) void this.edit({ op: 'clear', range }); },
    select: (selection) => this.select(selection),
    openColumn: (column) => void openColumn(this, column),
    resize: (name, width) => { this.widths = { ...this.widths, [name]: width }; },
    onKey: (event) => onSheetKey(this, event),
  };

  private readonly sideOwner: SideOwner = {
    jump: (finding) => void this.jump(finding),
    openUse: ({ file, pointer }) => void this.host.openFile(file, pointer),
    test: (values, choice) => this.host.test(values, choice),
  };

  private async jump({ row, column = 0, line, path }: LookupFinding): Promise<void> {
    if (path !== '') return void this.host.openSettings();
    if (row === undefined) return void this.host.openText(line);
    let at = await this.host.locate(this.filter, row);
    if (at === undefined) {
      this.setFilter({});
      this.announce('The filter was removed: it left the row out.');
      at = await this.host.locate({}, row);
    }
    while (this.rows.total === undefined && this.rows.failed === undefined) await new Promise(requestAnimationFrame);
    await this.updateComplete;
    this.goTo(at ?? 0, column);
    this.grid?.focus();
  }

  /** Whether the clipboard is for the rows, and not for a field. */
  private get isInRows(): boolean {
    const { grid } = this;
    return grid !== null && !grid.isEditing && this.shadowRoot?.activeElement === grid;
  }

  private readonly onClipboard = (event: ClipboardEvent): void => {
    if (!this.isInRows) return;
    event.preventDefault();
    if (event.type === 'paste') void pasteText(this, event.clipboardData?.getData('text/plain') ?? '');
    else copySelection(this, event, event.type === 'cut');
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const isControl = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if ((isControl && (event.key === 'f' || event.key === 'h')) || (event.key === 'F3' && !this.isFinding)) {
      event.preventDefault();
      event.stopPropagation();
      this.find();
    } else if (event.altKey && event.code === 'Digit1') this.grid?.focus();
    else if (event.altKey && event.code === 'Digit2') {
      this.side ??= 'problems';
      void this.updateComplete.then(() => this.renderRoot.querySelector('patchbay-lookup-side')?.shadowRoot?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus());
    }
  };

  /** What is shown of all rows, for people. */
  get count(): string {
    const { sheet, rows, filter } = this;
    const isFiltered = (filter.text ?? '') !== '' || Object.values(filter.columns ?? {}).some((part) => part !== '');
    return isFiltered && rows.total !== undefined ? `${formatCount(rows.total, 'row')} of ${formatCount(sheet?.rows ?? 0, 'row')}` : formatCount(sheet?.rows ?? 0, 'row');
  }
}

customElements.define('patchbay-lookup', LookupEditor);
