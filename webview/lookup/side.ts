import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LookupColumnState, LookupFinding, LookupTested, LookupUse } from '../protocol/lookup.ts';
import { formatNumber, formatValue } from '../shared/format.ts';
import { button, checkbox, emptyState, icon, kitStyles, message, select, tabPanel, tabs, textField, type IconName } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

export type SideTab = 'problems' | 'uses' | 'test';

export interface SideOwner {
  jump(finding: LookupFinding): void;
  openUse(use: LookupUse): void;
  test(values: readonly string[], choice: { readonly from?: string; readonly to?: string; readonly reverse?: boolean }): Promise<LookupTested>;
}

const kinds: Readonly<Record<LookupUse['kind'], IconName>> = { flow: 'type-hierarchy-sub', map: 'arrow-swap', script: 'code' };

/** Beside the rows: what is wrong with them, who asks for them, and what somebody would get. */
class LookupSide extends LitElement {
  static override properties = { findings: { attribute: false }, uses: { attribute: false }, columns: { attribute: false }, tab: { attribute: false }, owner: { attribute: false }, onTab: { attribute: false }, values: { state: true }, from: { state: true }, to: { state: true }, reverse: { state: true }, tested: { state: true } };
  declare findings: readonly LookupFinding[];
  declare uses: readonly LookupUse[];
  declare columns: readonly LookupColumnState[];
  declare tab: SideTab;
  declare owner: SideOwner;
  declare onTab: (tab: SideTab) => void;
  declare private values: readonly string[];
  declare private from: string;
  declare private to: string;
  declare private reverse: boolean;
  declare private tested: LookupTested | undefined;

  constructor() {
    super();
    this.values = [];
    this.from = '';
    this.to = '';
    this.reverse = false;
  }

  protected override render(): unknown {
    const { findings, uses, tab } = this;
    const worst = findings.some(({ severity }) => severity === 'error') ? 'bad' : findings.some(({ severity }) => severity === 'warning') ? 'warn' : undefined;
    const content = { problems: () => this.problems(), uses: () => this.usesList(), test: () => this.testForm() }[tab]();
    return html`${tabs<SideTab>({
      label: 'About the lookup', name: 'side', selected: tab, onSelect: this.onTab,
      tabs: [{ id: 'problems', label: 'Problems', icon: 'warning', ...(findings.length > 0 && { count: formatNumber(findings.length) }), ...(worst && { tone: worst } as const) }, { id: 'uses', label: 'Where used', icon: 'references', ...(uses.length > 0 && { count: formatNumber(uses.length) }) }, { id: 'test', label: 'Test a value', icon: 'beaker' }],
    })}${tabPanel('side', tab, content)}`;
  }

  private problems(): TemplateResult {
    if (this.findings.length === 0) return emptyState({ icon: 'pass', title: 'Nothing is wrong', text: 'Types, keys and cells that must not be empty were checked.' });
    return html`<ul>${this.findings.map((finding) => html`<li><button type="button" class="row" @click=${() => this.owner.jump(finding)}>
      ${icon(finding.severity === 'error' ? 'error' : finding.severity === 'warning' ? 'warning' : 'info', { tone: finding.severity === 'error' ? 'bad' : finding.severity === 'warning' ? 'warn' : 'info' })}
      <span class="text"><span class="for-screen-readers">${finding.severity}: </span>${finding.message} <span class="quiet">${finding.fix ?? ''}</span></span><span class="quiet where">${finding.row === undefined ? (finding.path === '' ? `line ${finding.line}` : 'settings') : `row ${formatNumber(finding.row)}`}</span></button></li>`)}</ul>`;
  }

  private usesList(): TemplateResult {
    if (this.uses.length === 0) return emptyState({ icon: 'references', title: 'Nothing asks this lookup', text: 'Flows, mappings and scripts that do are listed here.' });
    return html`<ul>${this.uses.map((use) => html`<li><button type="button" class="row" title=${use.file} @click=${() => this.owner.openUse(use)}>${icon(kinds[use.kind])}<span class="text"><span class="for-screen-readers">${use.kind}: </span>${use.title}${use.title === use.file ? nothing : html` <span class="quiet">· ${use.file}</span>`}</span></button></li>`)}</ul>`;
  }

  /** The columns that a value is looked for in. */
  private get searched(): readonly LookupColumnState[] {
    if (this.from !== '') return this.columns.filter(({ name }) => name === this.from);
    return this.columns.filter(({ isKey, isValue }) => (this.reverse ? isValue : isKey));
  }

  private testForm(): TemplateResult {
    const { columns, searched, values, tested } = this;
    const names = (first: string) => [{ value: '', label: first }, ...columns.map(({ name }) => ({ value: name, label: name }))];
    const fields = searched.length === 0 ? [{ name: 'Value' }] : searched;
    return html`<form class="test" @submit=${(event: Event) => event.preventDefault()} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Enter') { event.preventDefault(); void this.run(); } }}>
      ${fields.map(({ name }, at) => html`<label>${name}${textField({ label: name, value: values[at] ?? '', onInput: (text) => { this.values = Array.from({ length: fields.length }, (_, index) => (index === at ? text : (this.values[index] ?? ''))); } })}</label>`)}
      <div class="pair"><label>Searched${select({ label: 'Searched', value: this.from, options: names('The key'), onChange: (from) => { this.from = from; } })}</label><label>Given${select({ label: 'Given', value: this.to, options: names('The value'), onChange: (to) => { this.to = to; } })}</label></div>
      ${checkbox({ label: 'The other way round', checked: this.reverse, onChange: (reverse) => { this.reverse = reverse; } })}
      <div class="actions">${button({ label: 'Look up', primary: true, onClick: () => void this.run() })}</div>
      <div role="status" aria-label="What a flow gets">${tested ? this.answer(tested) : nothing}</div>
    </form>`;
  }

  private answer(tested: LookupTested): TemplateResult {
    if ('error' in tested) return message({ tone: 'bad', title: tested.error, text: tested.fix });
    const { found, value, row } = tested;
    return html`<p>${icon(found ? 'pass' : 'circle-slash', { tone: found ? 'good' : 'warn' })} ${found ? 'A flow gets' : 'There is no such row; a flow gets'} <strong class="mono">${formatValue(value, 200)}</strong></p>
      ${row ? html`<dl>${Object.entries(row).map(([name, cell]) => html`<div><dt class="quiet">${name}</dt><dd class="mono">${formatValue(cell, 200)}</dd></div>`)}</dl>` : nothing}`;
  }

  private async run(): Promise<void> {
    const count = Math.max(1, this.searched.length);
    this.tested = await this.owner.test(Array.from({ length: count }, (_, at) => this.values[at] ?? ''), { ...(this.from !== '' && { from: this.from }), ...(this.to !== '' && { to: this.to }), ...(this.reverse && { reverse: true }) });
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; min-width: 0; }
    .tab-panel { flex: 1; min-height: 0; overflow: auto; padding: 4px 0; }
    ul { list-style: none; margin: 0; padding: 0; }
    .row { display: flex; gap: 8px; width: 100%; padding: 4px 12px; border: 0; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; align-items: flex-start; }
    .row:hover { background: var(--vscode-list-hoverBackground); color: var(--vscode-list-hoverForeground, inherit); }
    .text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
    .where { white-space: nowrap; }
    .test { padding: 8px 12px; display: flex; flex-direction: column; gap: 8px; max-width: 520px; }
    label { display: flex; flex-direction: column; gap: 4px; min-width: 0; }
    .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
    p { margin: 4px 0; overflow-wrap: anywhere; }
    dl { margin: 4px 0 0; display: grid; gap: 2px; }
    dl div { display: grid; grid-template-columns: minmax(80px, 1fr) 2fr; gap: 8px; }
    dd { margin: 0; overflow-wrap: anywhere; }
  `];
}

customElements.define('patchbay-lookup-side', LookupSide);
