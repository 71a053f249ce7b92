import { html, nothing, type TemplateResult } from 'lit';
import { formatCount, formatValue } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, textField } from '../shared/kit.ts';
import { typeText } from './fields.ts';
import { worst } from './problems.ts';
import { chipsOf, type Rule } from './rules.ts';
import type { MapStore } from './store.ts';

/** A rule; or a field of the target that must be written, and that no rule writes. */
export type TableRow = { readonly rule: Rule } | { readonly missing: string };

/** The rows that hold a text, in the order of the rules; what is missing comes last. */
export function tableRows({ rules, missing, tableFilter, input }: Pick<MapStore, 'rules' | 'missing' | 'tableFilter' | 'input'>): readonly TableRow[] {
  const wanted = tableFilter.trim().toLowerCase();
  const fits = (...texts: readonly string[]): boolean => wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted));
  const catalog = input?.catalog ?? { plugins: [] };
  return [
    ...rules.filter((rule) => fits(rule.to, ...rule.from, ...(wanted === '' ? [] : chipsOf(rule, catalog).map(({ text }) => text)))).map((rule) => ({ rule })),
    ...missing.filter((field) => fits(field)).map((field) => ({ missing: field })),
  ];
}

/** The rules as rows: what the keyboard and a screen reader work with best, and what stays clear with hundreds of them. */
export function rulesTable(store: MapStore, onOpen: () => void): TemplateResult {
  const { chosen, rule, tableFilter } = store;
  const selected = rule !== undefined ? `rule ${rule}` : chosen?.side === 'target' ? `missing ${chosen.id}` : undefined;
  return html`<div class="table">
    <div class="table-filter">${textField({ label: 'Filter rules', type: 'search', icon: 'filter', value: tableFilter, placeholder: 'Filter', onInput: (text) => store.filterTable(text) })}
      <span class="quiet">${formatCount(store.rules.length, 'rule')}${store.missing.length > 0 ? `, ${formatCount(store.missing.length, 'required field')} without one` : ''}</span></div>
    ${grid<TableRow>({
      label: 'Rules', columns: columns(store), rows: store.tableRows, keyOf: (row) => ('rule' in row ? `rule ${row.rule.index}` : `missing ${row.missing}`), selected,
      onSelect: (row) => { if ('rule' in row) store.selectRule(row.rule.index); else store.selectField('target', row.missing); }, onOpen,
      empty: tableFilter === '' ? emptyState({ icon: 'arrow-swap', title: typeof store.input?.settings['map'] === 'string' ? 'No rules of its own' : 'No rules yet', text: 'Press N for a new rule, S for suggestions, or T for both trees.' }) : emptyState({ icon: 'search', title: 'No rule fits', text: 'Nothing of a rule holds this text.' }),
    }, ++shows)}</div>`;
}

/** The rows keep their identity, so that the place in them stays: another number says that they are others now. */
let shows = 0;

const madeBy = (text: string): TemplateResult => html`<span class="quiet">${text}</span>`;

function columns(store: MapStore): readonly Column<TableRow>[] {
  const ofRule = (show: (rule: Rule) => unknown, other: unknown = nothing) => (row: TableRow): unknown => ('rule' in row ? show(row.rule) : other);
  const textOf = (show: (rule: Rule) => string | undefined) => (row: TableRow): string | undefined => ('rule' in row ? show(row.rule) : undefined);
  const chain = (rule: Rule): string => chipsOf(rule, store.input!.catalog).map(({ text }) => text).join(' → ');
  const trouble = (row: TableRow): Trouble | undefined => ('rule' in row ? troubleOf(store, row.rule) : { tone: 'warn', word: 'no rule', message: `The target "${row.missing}" is required, and no rule writes it.` });
  return [
    { id: 'number', title: '#', width: '34px', number: true, cell: ofRule(({ index }) => index + 1) },
    { id: 'from', title: 'From', width: 'minmax(90px, 1.8fr)', cell: ofRule(({ from }) => (from.length > 0 ? html`<span class="mono from-end"><bdi>${from.join(', ')}</bdi></span>` : madeBy('made')), madeBy('–')), tooltip: textOf(({ from }) => from.join('\n')) },
    { id: 'through', title: 'Through', width: 'minmax(80px, 1.2fr)', from: 520, cell: ofRule(chain), tooltip: textOf(chain) },
    { id: 'to', title: 'To', width: 'minmax(90px, 1.8fr)', cell: (row) => target(store, row), tooltip: (row) => ('rule' in row ? row.rule.to : row.missing) },
    { id: 'result', title: 'Result', width: 'minmax(80px, 1fr)', from: 470, cell: ofRule((rule) => result(store, rule)), tooltip: textOf((rule) => { const [first] = valuesOf(store, rule); return first === undefined ? undefined : formatValue(first, 500); }) },
    { id: 'state', title: 'State', width: 'minmax(92px, 0.7fr)', cell: (row) => state(trouble(row)), tooltip: (row) => trouble(row)?.message },
  ];
}

function target({ fields: { trees } }: MapStore, row: TableRow): TemplateResult {
  const path = 'rule' in row ? row.rule.to : row.missing;
  const field = trees.target.byId.get('rule' in row ? (row.rule.targetId ?? '') : row.missing);
  const words = field ? [typeText(field), field.isRequired ? 'required' : ''].filter((word) => word !== '').join(', ') : '';
  return html`<span class="mono from-end" title=${path}><bdi>${path || '?'}${field?.isRequired ? html`<span class="required" aria-hidden="true">*</span>` : nothing}</bdi></span>${words === '' ? nothing : html`<span class="for-screen-readers">, ${words}</span>`}`;
}

const valuesOf = (store: MapStore, { index }: Rule): readonly unknown[] => store.sample.trial?.fields.find(({ rule }) => rule === index)?.values ?? [];

function result(store: MapStore, rule: Rule): unknown {
  const [first, ...more] = valuesOf(store, rule);
  return first === undefined ? nothing : html`<span class="mono">${formatValue(first, 80)}${more.length > 0 ? ` +${more.length}` : ''}</span>`;
}

interface Trouble {
  readonly tone: 'bad' | 'warn';
  readonly word: string;
  readonly message: string;
}

function troubleOf(store: MapStore, { index }: Rule): Trouble | undefined {
  const failure = store.failureOf(index);
  const problems = store.problemsAt(index).filter(({ severity }) => severity !== 'info');
  const tone = worst(problems, failure !== undefined);
  if (tone === 'good') return undefined;
  const [first] = problems;
  return { tone, word: failure === undefined ? (first?.word ?? first?.message ?? '') : 'fails', message: failure ?? first?.message ?? '' };
}

function state(trouble: Trouble | undefined): unknown {
  if (!trouble) return html`${icon('check', { tone: 'good' })}<span class="for-screen-readers">fits</span>`;
  const { tone, word, message } = trouble;
  return html`${icon(tone === 'bad' ? 'error' : 'warning', { tone })} ${word}<span class="for-screen-readers">${word === message ? nothing : `: ${message}`}</span>`;
}
