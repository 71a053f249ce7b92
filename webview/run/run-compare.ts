import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { RunDetail } from '../../server/model/api.ts';
import type { RunDiff, StepDiff } from '../../server/model/run-diff.ts';
import type { OtherRun } from '../protocol/diff.ts';
import type { Api } from '../protocol/rpc.ts';
import type { RunHost } from '../protocol/run.ts';
import '../shared/compare.ts';
import { formatFullTime, formatNumber, statusLooks } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, iconButton, kitStyles, loading, message, select, textField } from '../shared/kit.ts';
import { Leaving } from '../shared/leaving.ts';
import { allRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';

/** A run against another one: which steps gave something else, and what. */
class PatchbayRunCompare extends LitElement {
  static override properties = { host: { attribute: false }, detail: { attribute: false }, titles: { attribute: false }, onClose: { attribute: false }, runs: { state: true }, other: { state: true }, diff: { state: true }, problem: { state: true }, step: { state: true }, drawn: { state: true } };
  declare host: Api<RunHost>;
  declare detail: RunDetail;
  /** Step → its title. */
  declare titles: ReadonlyMap<string, string>;
  declare onClose: () => void;
  declare private runs: readonly OtherRun[] | undefined;
  declare private other: string;
  declare private diff: RunDiff | undefined;
  declare private problem: string | undefined;
  declare private step: string | undefined;
  declare private drawn: number;
  private readonly rows = allRows(() => this.diff?.steps ?? []);
  private readonly width = new Width(this);
  private readonly way = new Leaving(this, () => false, () => this.onClose());

  constructor() {
    super();
    this.other = '';
    this.drawn = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('detail') as RunDetail | undefined;
    if (changed.has('detail') && before?.id !== this.detail.id) void this.readRuns();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  private async readRuns(): Promise<void> {
    this.other = '';
    this.diff = undefined;
    await this.attempt(async () => {
      this.runs = (await this.host.runsOf(this.detail.flow)).filter(({ id }) => id !== this.detail.id);
      // The one that this repeats, else the one before it: mostly that is what is asked.
      const origin = this.detail.origin?.run;
      const earlier = this.runs.find(({ queuedAt }) => queuedAt < this.detail.queuedAt) ?? this.runs[0];
      await this.choose(origin !== undefined && this.detail.origin?.kind !== 'flow' ? origin : (earlier?.id ?? ''));
    });
  }

  private async choose(other: string): Promise<void> {
    this.other = other;
    this.diff = undefined;
    this.step = undefined;
    if (other === '') return;
    await this.attempt(async () => {
      const diff = await this.host.runDiff(other, this.detail.id, {});
      if (this.other !== other) return;
      this.diff = diff;
      this.step = diff.steps[0]?.step;
      this.drawn++;
    });
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    this.problem = undefined;
    try {
      await action();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): unknown {
    return html`<div class="head"><h2 tabindex="-1">Compare with another run</h2><span class="gap"></span>${iconButton({ label: 'Close', icon: 'close', onClick: () => void this.way.leave() })}</div>
      <div class="which">${this.renderChoice()}</div>
      ${this.problem ? html`<div class="say">${message({ tone: 'bad', title: 'The runs could not be compared', text: this.problem })}</div>` : nothing}
      ${this.diff ? this.renderDiff(this.diff) : this.other !== '' && !this.problem ? loading('The runs are compared', 5) : nothing}`;
  }

  private renderChoice(): unknown {
    const { runs, other } = this;
    if (!runs) return nothing;
    const options = runs.map(({ id, status, queuedAt, trigger, version }) => ({ value: id, label: `${formatFullTime(queuedAt)} · ${statusLooks[status].label}`, description: [trigger, version === undefined ? '' : `version ${version}`, id].filter(Boolean).join(', ') }));
    const known = options.some(({ value }) => value === other) || other === '' ? options : [{ value: other, label: other }, ...options];
    return html`<div class="part"><div class="quiet" aria-hidden="true">Run before</div>${known.length > 0 ? select({ label: 'Run before', value: other, options: known, onChange: (id) => void this.choose(id) }) : html`<span>This flow has no other run.</span>`}</div>
      <div class="part"><div class="quiet" aria-hidden="true">or its id</div>${textField({ label: 'Id of the run before', value: '', placeholder: 'id of any run', monospace: true, onChange: (text) => { if (text.trim()) void this.choose(text.trim()); } })}</div>`;
  }

  private renderDiff(diff: RunDiff): TemplateResult {
    const { before, after, cut, steps } = diff;
    const status = before.status === after.status ? this.renderErrors(diff) : html`<div class="say">${message({ tone: 'info', title: `It ended as “${statusLooks[after.status].label}”, the other run as “${statusLooks[before.status].label}”` })}</div>${this.renderErrors(diff)}`;
    const cuts = cut.length === 0 ? nothing : html`<div class="say">${message({ tone: 'info', title: 'Not compared to the end', text: `It is too much, or was not recorded: ${cut.join(', ')}.` })}</div>`;
    const chosen = steps.find(({ step }) => step === this.step);
    if (steps.length === 0) return html`${status}${cuts}${emptyState({ icon: 'pass', title: diff.identical ? 'Both runs gave the same' : 'What was compared is the same' })}`;
    return html`${status}${cuts}<patchbay-split .position=${38} ?vertical=${this.width.isNarrow} label="Size of the list of steps that differ">
      <div slot="first" class="pane">${grid<StepDiff>({ label: 'Steps that differ', columns: this.columns(), rows: this.rows, keyOf: ({ step }) => step, selected: this.step, onSelect: ({ step }) => { this.step = step; } }, this.drawn)}</div>
      <div slot="second" class="pane" role="region" aria-label="What differs at the step">${chosen ? this.renderStep(chosen) : nothing}</div>
    </patchbay-split>`;
  }

  private renderErrors({ before, after }: RunDiff): unknown {
    const [was, is] = [before, after].map(({ error }) => (error ? `${error.code}: ${error.message}` : 'no error'));
    return was === is ? nothing : html`<div class="say">${message({ tone: 'info', title: 'It ended with another error', text: `${is}\nThe other run: ${was}` })}</div>`;
  }

  private renderStep({ step, counts, ports, failed, errors = [] }: StepDiff): TemplateResult {
    const words = Object.entries(counts).map(([name, { before, after }]) => `${name} ${formatNumber(before)} → ${formatNumber(after)}`);
    const side = ports.length === 0 && failed ? 'failed' : 'out';
    return html`${words.length > 0 ? html`<div class="counts quiet">${words.join(' · ')}</div>` : nothing}
      ${errors.map(({ code, message: text, before, after }) => html`<div class="counts">${code} ${formatNumber(before)} → ${formatNumber(after)} <span class="quiet">${text}</span></div>`)}
      <patchbay-compare .host=${this.host} .sides=${[{ run: this.other, step, side }, { run: this.detail.id, step, side }]} .names=${['Run before', 'This run']} .label=${`${side === 'out' ? 'Outputs of' : 'What failed in'} ${this.titles.get(step) ?? step}`}></patchbay-compare>`;
  }

  private columns(): readonly Column<StepDiff>[] {
    const sum = (id: 'changed' | 'added' | 'removed', title: string): Column<StepDiff> => ({ id, title, width: '78px', number: true, cell: ({ ports, failed }) => formatNumber([...ports, ...(failed ? [failed] : [])].reduce((all, { total }) => all + total[id], 0)) });
    const name = ({ step }: StepDiff): string => this.titles.get(step) ?? step;
    return [{ id: 'step', title: 'Step', width: 'minmax(90px, 1fr)', cell: name, tooltip: name }, sum('added', 'Added'), sum('changed', 'Changed'), sum('removed', 'Removed')];
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .head { display: flex; align-items: center; padding: 8px 12px 0; flex: none; }
    h2 { font-size: 1.1em; font-weight: 600; margin: 0; }
    .gap { flex: 1; }
    .which { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr)); gap: 6px 12px; padding: 6px 12px; flex: none; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .part { min-width: 0; }
    .say { padding: 6px 12px; flex: none; }
    .counts { padding: 6px 12px 0; flex: none; }
    patchbay-split { flex: 1; min-height: 0; }
    .pane { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    .pane > patchbay-grid, .pane > patchbay-compare { flex: 1; min-height: 0; }
  `];
}

customElements.define('patchbay-run-compare', PatchbayRunCompare);
