import { html, nothing, type TemplateResult } from 'lit';
import { formatValue } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon } from '../shared/kit.ts';
import { chipsOf, type Rule } from './rules.ts';
import { worst } from './problems.ts';
import type { MapStore } from './store.ts';

/** The rules as rows, in their order: what the keyboard and a screen reader work with best, and what stays clear with hundreds of them. */
export function rulesTable(store: MapStore, onOpen: () => void): TemplateResult {
  return html`<div class="table">${grid<Rule>({
    label: 'Rules', columns: columns(store), rows: store.ruleRows, keyOf: ({ index }) => String(index), selected: store.rule === undefined ? undefined : String(store.rule),
    onSelect: ({ index }) => store.selectRule(index), onOpen,
    empty: emptyState({ icon: 'arrow-swap', title: 'No rules yet', text: 'Press T for both trees, or S for suggestions.' }),
  }, ++shows)}</div>`;
}

/** The rows keep their identity, so that the place in them stays: another number says that they are others now. */
let shows = 0;

function columns(store: MapStore): readonly Column<Rule>[] {
  const chain = (rule: Rule): string => chipsOf(rule, store.input!.catalog).map(({ text }) => text).join(' → ');
  const trouble = (rule: Rule): string | undefined => store.failureOf(rule.index) ?? store.problemsAt(rule.index).find(({ severity }) => severity !== 'info')?.message;
  return [
    { id: 'number', title: '#', width: '34px', number: true, cell: ({ index }) => index + 1 },
    { id: 'from', title: 'From', width: 'minmax(90px, 1.2fr)', cell: ({ from }) => (from.length > 0 ? html`<span class="mono">${from.join(', ')}</span>` : html`<span class="quiet">made</span>`), tooltip: ({ from }) => from.join('\n') },
    { id: 'through', title: 'Through', width: 'minmax(80px, 1.2fr)', from: 520, cell: chain, tooltip: chain },
    { id: 'to', title: 'To', width: 'minmax(90px, 1.2fr)', cell: ({ to }) => html`<span class="mono">${to || '?'}</span>`, tooltip: ({ to }) => to },
    { id: 'result', title: 'Result', width: 'minmax(80px, 1fr)', from: 420, cell: (rule) => result(store, rule), tooltip: (rule) => trouble(rule) ?? formatValue(valuesOf(store, rule)[0], 500) },
    { id: 'state', title: 'State', width: 'minmax(54px, 0.8fr)', cell: (rule) => state(store, rule, trouble(rule)), tooltip: trouble },
  ];
}

const valuesOf = (store: MapStore, { index }: Rule): readonly unknown[] => store.trial?.fields.find(({ rule }) => rule === index)?.values ?? [];

function result(store: MapStore, rule: Rule): unknown {
  const [first, ...more] = valuesOf(store, rule);
  return first === undefined ? nothing : html`<span class="mono">${formatValue(first, 80)}${more.length > 0 ? ` +${more.length}` : ''}</span>`;
}

function state(store: MapStore, rule: Rule, trouble: string | undefined): unknown {
  const tone = worst(store.problemsAt(rule.index), store.failureOf(rule.index) !== undefined);
  if (tone === 'good' || trouble === undefined) return html`${icon('check', { tone: 'good' })}<span class="for-screen-readers">fits</span>`;
  return html`${icon(tone === 'bad' ? 'error' : 'warning', { tone })} ${trouble}`;
}
