import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { RunDetail } from '../../server/model/api.ts';
import type { CatalogEntry } from '../../server/model/catalog.ts';
import type { LineagePlace } from '../../server/model/run-lineage.ts';
import type { NumberedRunEvent, RunError } from '../../server/model/run-event.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import type { Announcer } from '../shared/announcer.ts';
import { focusedElement } from '../shared/focused-element.ts';
import { isFinal, statusLooks } from '../shared/format.ts';
import { grid } from '../shared/grid.ts';
import { emptyState, kitStyles, linkButton, loading, message } from '../shared/kit.ts';
import { allRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { errorBox } from './error-box.ts';
import { runSentence, runSteps, type RunStep } from './flow-steps.ts';
import { mayResume, runHeader } from './run-header.ts';
import './run-compare.ts';
import './run-redo.ts';
import { stepColumns } from './step-columns.ts';
import type { StepTab } from './step-panel.ts';
import './step-panel.ts';

/** What the view keeps while it is hidden. */
export interface RunSelection {
  readonly step?: string;
  readonly tab?: StepTab;
  readonly split?: number;
  /** The payload that is to be shown first. */
  readonly payload?: string;
}

/** Between two reads of a run that is going on, in milliseconds. Figures that move faster cannot be read. */
const readInterval = 400;
/** Events may be lost while the tab is hidden or the connection is away: then the run is looked at now and then. */
const idleInterval = 5_000;
const wholeRun = '';
const wholeRow: RunStep = { id: wholeRun, title: 'Whole run', kind: 'requests and logs', icon: 'list-tree', disabled: false, counts: undefined };

/** One run: how it stands, what each step did, and every payload, request and log entry of it. */
export class PatchbayRun extends LitElement {
  static override properties = {
    host: { attribute: false }, run: {}, catalog: { attribute: false }, hasGit: { attribute: false }, paused: { attribute: false }, announcer: { attribute: false }, selection: { attribute: false }, onSelection: { attribute: false }, onRun: { attribute: false },
    detail: { state: true }, failed: { state: true }, steps: { state: true }, version: { state: true }, now: { state: true }, busy: { state: true }, problem: { state: true }, redo: { state: true },
  };
  declare host: Api<RunHost>;
  declare run: string | undefined;
  declare catalog: readonly CatalogEntry[];
  /** The host knows what is committed. */
  declare hasGit: boolean;
  /** Runs that stand still in the debugger. */
  declare paused: readonly string[];
  declare announcer: Announcer | undefined;
  declare selection: RunSelection;
  declare onSelection: ((selection: RunSelection) => void) | undefined;
  /** Another run is to be shown. */
  declare onRun: ((run: string) => void) | undefined;
  declare private detail: RunDetail | undefined;
  declare private failed: string | undefined;
  declare private steps: readonly RunStep[];
  declare private version: number;
  declare private now: number;
  declare private busy: boolean;
  declare private problem: string | undefined;
  /** It is to be done again, with changes or offline. */
  declare private redo: 'change' | 'replay' | 'compare' | undefined;
  /** What had the focus before a pane lay over the steps. */
  private focusedBefore: HTMLElement | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private reading: ReturnType<typeof setTimeout> | undefined;
  private readAt = 0;
  private readonly rows = allRows(() => [wholeRow, ...this.steps]);

  constructor() {
    super();
    this.catalog = [];
    this.hasGit = false;
    this.paused = [];
    this.selection = {};
    this.steps = [];
    this.version = 0;
    this.now = Date.now();
    this.busy = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.clock = setInterval(() => this.tick(), 1_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
    clearTimeout(this.reading);
    this.reading = undefined;
  }

  /** The host tells what happens. The figures are read anew, so that none is counted twice and none is missed. */
  events(events: readonly NumberedRunEvent[]): void {
    const ours = events.filter(({ run }) => run === this.run);
    if (ours.length > 0) this.readSoon(ours.some(({ event }) => event.type === 'run-finished') ? 0 : readInterval);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('run')) void this.open();
    if (changed.has('catalog') && this.detail) this.steps = runSteps(this.detail, this.catalog);
  }

  private async open(): Promise<void> {
    const { run, host } = this;
    this.detail = undefined;
    this.failed = undefined;
    this.problem = undefined;
    this.redo = undefined;
    if (run === undefined) return;
    await this.read();
    // Of a run that has ended nothing more is to be heard.
    const { detail } = this;
    if (detail && this.run === run && !isFinal((detail as RunDetail).status)) void host.follow(run);
  }

  private readSoon(delay: number): void {
    if (delay === 0) { clearTimeout(this.reading); this.reading = undefined; }
    this.reading ??= setTimeout(() => { this.reading = undefined; void this.read(); }, Math.max(0, Math.min(delay, this.readAt + delay - Date.now())));
  }

  private async read(): Promise<void> {
    const { run } = this;
    if (run === undefined) return;
    this.readAt = Date.now();
    try {
      const detail = await this.host.run(run);
      if (this.run !== run) return;
      this.accept(detail);
    } catch (error) {
      if (this.run === run && !this.detail) this.failed = error instanceof Error ? error.message : String(error);
    }
  }

  private accept(detail: RunDetail): void {
    const before = this.detail;
    this.detail = detail;
    this.failed = undefined;
    this.now = Date.now();
    this.version++;
    this.steps = runSteps(detail, this.catalog);
    if (!before) this.chooseFirst(detail);
    if (before && (before.status !== detail.status || runSentence(before) !== runSentence(detail))) this.announcer?.say(`Run ${statusLooks[detail.status].label.toLowerCase()}: ${runSentence(detail)}.`);
  }

  /** What the user most likely came for: the step that failed, or the first one. */
  private chooseFirst(detail: RunDetail): void {
    const { step } = this.selection;
    if (step === wholeRun || this.steps.some(({ id }) => id === step)) return;
    const broken = this.steps.find(({ id }) => id === detail.error?.step) ?? this.steps.find(({ counts }) => counts?.failed);
    const chosen = broken ?? this.steps.find(({ counts }) => counts);
    this.select({ step: chosen?.id ?? wholeRun, tab: broken ? (broken.counts?.failed ? 'failed' : 'logs') : chosen?.counts?.out ? 'out' : 'in' });
  }

  private select(part: RunSelection): void {
    this.selection = { ...this.selection, ...part };
    this.onSelection?.(this.selection);
  }

  private tick(): void {
    if (!this.detail || isFinal(this.detail.status) || document.hidden) return;
    this.now = Date.now();
    if (this.now - this.readAt > idleInterval) this.readSoon(0);
  }

  protected override render(): unknown {
    if (this.run === undefined) return emptyState({ icon: 'run-all', title: 'No run is chosen', text: 'Run a flow to see here what each step does.' });
    if (this.failed !== undefined) return html`<div class="outer">${message({ tone: 'bad', title: 'The run could not be read', text: this.failed, actions: linkButton({ label: 'Try again', onClick: () => void this.open() }) })}</div>`;
    const { detail } = this;
    if (!detail) return loading('The run is loading', 6);
    return html`
      ${runHeader(detail, this.actions, { now: this.now, busy: this.busy, paused: this.paused.includes(detail.id) })}
      ${this.problem ? html`<div class="outer">${message({ tone: 'bad', title: 'That did not work', text: this.problem, actions: linkButton({ label: 'Close', onClick: () => { this.problem = undefined; } }) })}</div>` : nothing}
      ${detail.error && !this.isErrorBelow(detail.error) ? html`<div class="outer error">${errorBox(detail.error, { run: detail.id, onStep: (step) => this.select({ step, tab: 'failed' }), onFile: (error) => void this.host.openFlow(detail.flow, error.step) })}</div>` : nothing}
      ${this.redo === 'compare' ? html`<patchbay-run-compare .host=${this.host} .detail=${detail} .titles=${this.titles()} .onClose=${this.closeRedo}></patchbay-run-compare>` : this.redo ? html`<patchbay-run-redo .host=${this.host} .hasGit=${this.hasGit} .detail=${detail} .mode=${this.redo} .onRun=${this.onRun} .onClose=${this.closeRedo}></patchbay-run-redo>` : this.renderBody(detail)}`;
  }

  private renderBody(detail: RunDetail): TemplateResult {
    return html`<patchbay-split vertical .position=${this.startSplit()} label="Height of the list of steps" @split-moved=${(event: CustomEvent<number>) => this.select({ split: event.detail })}>
        <div slot="first" class="pane">${this.renderSteps(detail)}</div>
        <div slot="second" class="pane" role="region" aria-label="What happened" @keydown=${this.onPanelKey}>${this.renderPanel(detail)}</div>
      </patchbay-split>`;
  }

  /** The pane of failed payloads tells the same with the payload; twice, it would leave little room for either. */
  private isErrorBelow({ step }: RunError): boolean {
    return step !== undefined && this.selection.step === step && this.selection.tab === 'failed' && Boolean(this.steps.find(({ id }) => id === step)?.counts?.failed);
  }

  private renderSteps(detail: RunDetail): TemplateResult {
    const columns = stepColumns({ status: detail.status, paused: this.paused.includes(detail.id) }, this.steps).map((column) => ({ ...column, cell: (step: RunStep) => (step.id === wholeRun && column.id === 'state' ? nothing : column.cell(step)) }));
    return grid<RunStep>({ label: 'Steps', columns, rows: this.rows, keyOf: ({ id }) => id, selected: this.selection.step, onSelect: (step) => this.choose(step), onOpen: () => this.focusPanel() }, this.version);
  }

  private choose(step: RunStep): void {
    const nothingFailed = step.id !== wholeRun && this.selection.tab === 'failed' && !step.counts?.failed;
    this.select({ step: step.id, ...(nothingFailed && { tab: 'out' }) });
  }

  /** The whole run has fewer tabs; the one that was chosen comes back with the next step. */
  private tabFor(step: RunStep | undefined): StepTab {
    const { tab = 'out' } = this.selection;
    return step || tab === 'requests' ? tab : 'logs';
  }

  private renderPanel(detail: RunDetail): TemplateResult {
    const step = this.steps.find(({ id }) => id === this.selection.step);
    return html`<patchbay-step-panel .host=${this.host} .run=${detail.id} .step=${step} .steps=${this.titles()} .status=${detail.status} .version=${this.version} .tab=${this.tabFor(step)} .payload=${this.selection.payload}
      .onTab=${(tab: StepTab) => this.select({ tab })} .onPlace=${({ step, side, payload }: LineagePlace) => this.select({ step: step!, tab: side ?? 'requests', ...(payload !== undefined && { payload }) })} .onOpen=${(id: string | undefined) => void this.host.openFlow(detail.flow, id)} .onResend=${mayResume(detail) ? (payload: string) => this.resume(payload) : undefined}></patchbay-step-panel>`;
  }

  /** High enough for all steps, but not more than half. */
  private startSplit(): number {
    return this.selection.split ?? Math.max(20, Math.min(46, (100 * (this.steps.length + 2.5) * 24) / Math.max(300, this.clientHeight - 120)));
  }

  /** Of the steps that something came to. */
  private titles(): ReadonlyMap<string, string> {
    return new Map(this.steps.flatMap(({ id, title, counts }) => (counts ? [[id, title] as const] : [])));
  }

  private openRedo(redo: NonNullable<typeof this.redo>): void {
    this.focusedBefore = focusedElement();
    this.redo = redo;
  }

  private readonly closeRedo = (): void => {
    this.redo = undefined;
    void this.updateComplete.then(() => this.focusedBefore?.focus());
  };

  private focusPanel(): void {
    const panel = this.renderRoot.querySelector('patchbay-step-panel');
    panel?.shadowRoot?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }

  /** Escape leads back to the steps. */
  private readonly onPanelKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus();
  };

  private readonly actions = {
    again: () => void this.act(async () => { const run = await this.host.again(this.detail!.id, {}); this.onRun?.(run); }),
    resume: () => this.resume(),
    change: () => this.openRedo('change'),
    replay: () => this.openRedo('replay'),
    exportRun: () => void this.act(async () => { await this.host.exportRun(this.detail!.id); }),
    compare: () => this.openRedo('compare'),
    showRun: (run: string) => this.onRun?.(run),
    stop: () => void this.act(async () => { await this.host.stop(this.detail!.id); this.readSoon(0); }),
    openFlow: () => void this.act(async () => { await this.host.openFlow(this.detail!.flow); }),
  };

  private resume(payload?: string): void {
    void this.act(async () => { const run = await this.host.resume(this.detail!.id, payload); this.onRun?.(run); });
  }

  private async act(action: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      await action();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.busy = false;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; height: 100%; min-height: 0; background: var(--vscode-editor-background); }
    header { padding: 10px 12px 8px; flex: none; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .head-line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
    h1 { font-size: 1.25em; font-weight: 600; margin: 0; }
    .gap { flex: 1; }
    .head-line .toolbar { flex-wrap: nowrap; }
    .facts { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 6px 0 0; }
    .fact { display: flex; gap: 6px; min-width: 0; }
    dt { color: var(--vscode-descriptionForeground); }
    dd { margin: 0; min-width: 0; max-width: 320px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .figures { font-variant-numeric: tabular-nums; }
    .outer { padding: 8px 12px; flex: none; }
    .outer.error { max-height: 34%; overflow: auto; }
    patchbay-split, patchbay-run-redo, patchbay-run-compare { flex: 1; min-height: 0; }
    .pane { display: flex; flex-direction: column; min-height: 0; }
    .pane > * { flex: 1; min-height: 0; }
    pre { white-space: pre-wrap; margin: 4px 0 0; }
    summary { cursor: pointer; }
  `];
}

customElements.define('patchbay-run', PatchbayRun);
