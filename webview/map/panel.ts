import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { findPlugin } from '../../server/model/catalog.ts';
import { isObject } from '../../server/model/json.ts';
import { formNames } from '../flow/names.ts';
import type { ValueChange } from '../form/change.ts';
import '../form/form.ts';
import type { FieldSchema } from '../form/schema.ts';
import { formatCount, formatNumber, formatValue } from '../shared/format.ts';
import { button, emptyState, icon, iconButton, kitStyles, linkButton, message, tabPanel, tabs } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { Actions } from './actions.ts';
import { typeText, type FieldNode, type Side } from './fields.ts';
import { fileFields } from './file-fields.ts';
import { panelStyles } from './panel-styles.ts';
import type { Problem } from './problems.ts';
import { chipsOf, duplicateRule, moveRule, removeRule, rulesOf, type Rule } from './rules.ts';
import type { MapStore } from './store.ts';

export type PanelTab = 'rule' | 'suggestions' | 'settings';

/** What is chosen, with all that can be changed of it: a rule, a field, the mapping itself. */
export class MapPanel extends LitElement {
  static override properties = { store: { attribute: false }, tab: { attribute: false }, drafts: { attribute: false }, tick: { attribute: false } };
  static override styles = [baseStyles, toneStyles, kitStyles, panelStyles];

  declare store: MapStore;
  declare tab: PanelTab;
  declare drafts: Record<string, string>;
  /** Another object at each change of the store. */
  declare tick: object;
  declare actions: Actions;
  onTab: (tab: PanelTab) => void = () => undefined;
  onClose: () => void = () => undefined;

  /** Puts the focus on the first control. */
  async focusFirst(): Promise<void> {
    await this.updateComplete;
    const form = this.renderRoot.querySelector<LitElement>('.tab-panel patchbay-form');
    await form?.updateComplete;
    const first = form?.renderRoot.querySelector<HTMLElement>('vscode-textfield, vscode-single-select, vscode-checkbox, button') ?? this.renderRoot.querySelector<HTMLElement>('.tab-panel vscode-button, .tab-panel button') ?? this.renderRoot.querySelector<HTMLElement>('.tab[aria-selected="true"]');
    first?.focus();
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const count = store.sample.suggestions?.length;
    return html`<div class="head">${tabs<PanelTab>({ label: 'Parts of the mapping', name: 'map', selected: this.tab, onSelect: this.onTab, tabs: [
      { id: 'rule', label: store.current || !store.chosen ? 'Rule' : 'Field' }, { id: 'suggestions', label: 'Suggestions', ...(count !== undefined && { count: formatNumber(count) }) }, { id: 'settings', label: 'Settings' },
    ] })}${iconButton({ label: 'Close the panel (Escape)', icon: 'close', onClick: this.onClose })}</div>
    ${tabPanel('map', this.tab, this.tab === 'rule' ? this.chosen() : this.tab === 'suggestions' ? this.suggestions() : this.settings())}`;
  }

  private chosen(): unknown {
    const { store } = this;
    const rule = store.current;
    if (rule) return keyed(`rule ${rule.index}`, this.rule(rule));
    const { chosen } = store;
    const field = chosen && store.fields.trees[chosen.side].byId.get(chosen.id);
    if (field) return keyed(`${chosen.side} ${chosen.id}`, this.field(chosen.side, field));
    return emptyState({ icon: 'arrow-swap', title: store.rules.length === 0 ? 'No rules yet' : 'Choose a field', text: store.readOnly ? 'What feeds it and what it feeds is shown here.' : 'M maps a field to another, and so does drawing a line; N begins a rule, and suggestions come from names and types.', actions: store.readOnly ? nothing : button({ label: 'Suggest rules', icon: 'sparkle', primary: store.rules.length === 0, onClick: () => this.actions.suggest() }) });
  }

  private rule(rule: Rule): TemplateResult {
    const { store } = this;
    const { input } = store;
    const index = rule.index;
    const rest = store.rules.length;
    const others = rule.targetId === undefined ? [] : rulesOf(store.rules, 'target', rule.targetId).filter((other) => other !== rule);
    return html`<header>
      <div class="title"><h3 class="ellipsis mono" title=${rule.to}>${rule.to || 'no target yet'}</h3><span class="quiet">Rule ${formatNumber(index + 1)} of ${formatNumber(rest)}</span></div>
      ${store.readOnly ? nothing : html`<div class="tools">
        ${iconButton({ label: 'Move the rule up (Alt+↑)', icon: 'arrow-up', disabled: index === 0, onClick: () => void store.edit(moveRule(store.rules, index, -1)) })}
        ${iconButton({ label: 'Move the rule down (Alt+↓)', icon: 'arrow-down', disabled: index === rest - 1, onClick: () => void store.edit(moveRule(store.rules, index, 1)) })}
        ${iconButton({ label: 'Duplicate the rule (Ctrl+D)', icon: 'files', onClick: () => void store.edit(duplicateRule(rule)) })}
        ${iconButton({ label: 'Remove the rule (Delete)', icon: 'trash', onClick: () => void store.edit(removeRule(store.rules, index)) })}</div>`}
    </header>
    ${this.lineage(rule)}
    ${this.result(rule)}
    ${this.problems(rule.targetId === undefined ? store.problemsAt(index) : store.problemsOf('target', rule.targetId))}
    ${others.length > 0 ? html`<p class="quiet">Also written by ${others.map((other, place) => html`${place > 0 ? ', ' : ''}${linkButton({ label: `rule ${other.index + 1}`, onClick: () => store.selectRule(other.index) })}`)}; the last one that applies counts.</p>` : nothing}
    <patchbay-form .schema=${ruleSchema(input!)} .root=${rule.raw} .pointer=${`${input!.pointer}/rules/${index}`} .scope=${`rule ${index}`} .diagnostics=${input!.diagnostics} .names=${formNames(input!.catalog, input!.workspace)} .readOnly=${store.readOnly}
      .drafts=${this.drafts} .onChange=${(changes: readonly ValueChange[]) => void store.change(changes.map(({ path, value }) => ({ op: 'set', path: ['rules', index, ...path], value })), index)} .onOpenFile=${(path: string) => void store.link.openFile(path)}></patchbay-form>
    ${store.readOnly || rule.transforms.every(({ type }) => type === 'script') ? nothing : html`<div class="actions">${button({ label: 'Convert to script…', icon: 'code', title: 'The transforms become a script with the same result', onClick: () => this.actions.run('to-script') })}</div>`}`;
  }

  /** From where the value comes, through what, to where. */
  private lineage(rule: Rule): TemplateResult {
    const { store } = this;
    return html`<div class="lineage" role="group" aria-label="What feeds ${rule.to}">
      ${rule.from.length === 0 ? html`<span class="quiet">${icon('sparkle')} made, without a source</span>` : rule.from.map((path, place) => html`${place > 0 ? html`<span class="quiet">and</span>` : nothing}${linkButton({ label: path, title: 'Show this source', onClick: () => this.actions.goTo('source', rule.sourceIds[place]!) })}`)}
      ${chipsOf(rule, store.input!.catalog).map(({ text, title }) => html`<span class="quiet" aria-hidden="true">→</span><span class="step" title=${title}>${text}</span>`)}
      <span class="quiet" aria-hidden="true">→</span><span class="mono">${rule.to || '?'}</span></div>`;
  }

  private result(rule: Rule): unknown {
    const { store } = this;
    const tried = store.sample.trial?.fields.find(({ rule: index }) => index === rule.index);
    if (tried?.error) return message({ tone: 'bad', title: tried.error.message, text: tried.error.remedy ?? nothing });
    if (!tried) return nothing;
    const [first, ...more] = tried.values;
    return html`<div class="result"><span class="label">Result</span><output class="mono" title=${formatValue(tried.values.length > 1 ? tried.values : first, 2_000)}>${first === undefined ? html`<span class="quiet">nothing is written</span>` : formatValue(first, 240)}</output>${more.length > 0 ? html`<span class="quiet">and ${formatNumber(more.length)} more</span>` : nothing}</div>`;
  }

  private field(side: Side, field: FieldNode): TemplateResult {
    const { store } = this;
    const rules = rulesOf(store.rules, side, field.id);
    const values = store.values(side, field);
    const fitting = (store.sample.suggestions ?? []).filter(({ rule }) => (side === 'source' ? rule.from : rule.to) === field.id);
    return html`<header><div class="title"><h3 class="ellipsis mono" title=${field.id}>${field.id}</h3><span class="quiet">${[typeText(field), field.isRequired && side === 'target' ? 'required' : ''].filter((part) => part !== '').join(', ')}</span></div></header>
      ${field.description ? html`<p class="quiet">${field.description}</p>` : nothing}
      ${values.length > 0 ? html`<div class="result"><span class="label">${side === 'source' ? 'Value' : 'Result'}</span><output class="mono" title=${formatValue(values[0], 2_000)}>${formatValue(values[0], 240)}</output>${values.length > 1 ? html`<span class="quiet">and ${formatNumber(values.length - 1)} more</span>` : nothing}</div>` : nothing}
      ${this.problems(store.problemsOf(side, field.id))}
      ${side === 'source' ? html`<div class="feeds"><div class="label">Feeds</div>${rules.length === 0 ? html`<p class="quiet">No rule takes it.</p>` : html`<ul>${rules.map((rule) => html`<li>${linkButton({ label: rule.to || 'no target', icon: 'arrow-right', onClick: () => this.actions.goTo('target', rule.targetId ?? '', rule.index) })}</li>`)}</ul>`}</div>` : html`<p class="quiet">No rule writes it.</p>`}
      ${fitting.map((suggestion) => html`<p>${linkButton({ label: `${side === 'source' ? `to ${suggestion.rule.to}` : `from ${suggestion.rule.from}`}`, icon: 'sparkle', title: suggestion.why, onClick: () => void this.actions.accept([suggestion]) })} <span class="quiet">${Math.round(suggestion.score * 100)} %</span></p>`)}
      ${store.readOnly ? nothing : html`<div class="actions">${button({ label: side === 'source' ? 'Map to…' : 'Map from…', icon: 'arrow-swap', primary: rules.length === 0, onClick: () => this.actions.run('map-to') })}${side === 'target' ? button({ label: 'Make a value…', icon: 'sparkle', onClick: () => this.actions.run('make') }) : nothing}${side === 'source' && rules.length > 0 ? button({ label: 'Unmap', icon: 'trash', onClick: () => this.actions.run('unmap') }) : nothing}</div>`}`;
  }

  private problems(problems: readonly Problem[]): unknown {
    const { store } = this;
    return problems.map(({ severity, message: title, fix, quickFixes, dead }) => message({ tone: severity === 'error' ? 'bad' : severity === 'warning' ? 'warn' : 'info', title, text: fix, actions: store.readOnly ? nothing : html`
      ${quickFixes.map((quick) => button({ label: quick.title, onClick: () => void store.change(quick.set.map(({ path, value }) => ({ op: 'set', path, value })), store.rule) }))}
      ${dead ? html`${button({ label: 'Another source…', onClick: () => void this.actions.replaceSource(dead.rule, dead.source) })}${button({ label: 'Remove the rule', onClick: () => void store.edit(removeRule(store.rules, dead.rule)) })}` : nothing}` }));
  }

  private suggestions(): TemplateResult {
    const { store } = this;
    const found = store.sample.suggestions;
    if (!found) return html`${emptyState({ icon: 'sparkle', title: 'Rules from names and types', text: 'Fields of both sides are compared by their tags, names, paths and types, and with the other mappings of the workspace.', actions: button({ label: 'Suggest rules', primary: true, onClick: () => this.actions.suggest() }) })}`;
    if (found.length === 0) return html`${emptyState({ icon: 'sparkle', title: 'No suggestion', text: 'No field of the target without a rule is like one of the source, or too little is known of the two sides.' })}`;
    return html`<div class="bar"><span>${formatCount(found.length, 'suggestion')}</span>${store.readOnly ? nothing : button({ label: 'Accept all', icon: 'check-all', primary: true, onClick: () => void this.actions.accept(found) })}</div>
      <ul class="suggestions">${found.map((suggestion) => html`<li>
        <div class="line"><span class="mono path" title=${suggestion.rule.from}>${suggestion.rule.from}</span><span class="quiet" aria-label="to">→</span><span class="mono path" title=${suggestion.rule.to}>${suggestion.rule.to}</span></div>
        <div class="line"><meter min="0" max="1" value=${suggestion.score} aria-label="Confidence">${suggestion.score}</meter><span class="score">${Math.round(suggestion.score * 100)} %</span><span class="quiet why" title=${suggestion.why}>${suggestion.why}</span>
          ${store.readOnly ? nothing : iconButton({ label: `Accept ${suggestion.rule.from} to ${suggestion.rule.to}`, icon: 'check', onClick: () => void this.actions.accept([suggestion]) })}</div>
      </li>`)}</ul>`;
  }

  private settings(): unknown {
    const { input, readOnly } = this.store;
    if (!input) return nothing;
    const schema = input.step === undefined ? fileFields : settingsSchema(findPlugin(input.catalog, 'shape', 'map')?.settings);
    return html`<patchbay-form .schema=${schema} .root=${input.settings} .pointer=${input.pointer} .scope="map" .diagnostics=${input.diagnostics} .names=${formNames(input.catalog, input.workspace)} .readOnly=${readOnly}
      .drafts=${this.drafts} .onChange=${(changes: readonly ValueChange[]) => void this.store.change(changes.map(({ path, value }) => ({ op: 'set', path, value })))} .onOpenFile=${(path: string) => void this.store.link.openFile(path)}></patchbay-form>
      ${input.step === undefined || readOnly ? nothing : html`<div class="actions">${button({ label: 'Extract to file…', icon: 'go-to-file', disabled: this.store.rules.length === 0, onClick: () => this.actions.run('extract') })}</div>`}`;
  }
}

/** The settings of a map step, without the rules that are shown beside. */
function settingsSchema(schema: object | undefined): FieldSchema {
  const { properties = {}, ...own } = (schema ?? {}) as FieldSchema;
  const { rules: _rules, ...others } = properties;
  return { ...own, properties: others, additionalProperties: true };
}

/** That of a rule; in a mapping file no expression may stand. */
function ruleSchema({ catalog }: { readonly catalog: Parameters<typeof findPlugin>[0] }): FieldSchema {
  const known = ruleSchemas.get(catalog);
  if (known) return known;
  const settings = findPlugin(catalog, 'shape', 'map')?.settings as FieldSchema | undefined;
  const found = settings?.properties?.['rules']?.items ?? {};
  const made = isObject(found) ? (found as FieldSchema) : {};
  ruleSchemas.set(catalog, made);
  return made;
}

const ruleSchemas = new WeakMap<object, FieldSchema>();

customElements.define('patchbay-map-panel', MapPanel);
