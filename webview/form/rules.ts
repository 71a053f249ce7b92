import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { isObject } from '../../server/model/json.ts';
import { icon, iconButton, linkButton, select, textField } from '../shared/kit.ts';
import { addItem, pathKey, removeItem, swapItems } from './change.ts';
import type { FormContext } from './context.ts';
import { itemTools } from './lists.ts';
import { fieldOf, type Field, type FieldSchema, type Path } from './schema.ts';
import { printSources, readSources } from './sources.ts';

const shownAtOnce = 60;

/** Rules of a mapping as a table: sources, the transforms that the value goes through, the target; one row can be opened. */
export function rulesControl(form: FormContext, field: Field): TemplateResult {
  const rules = Array.isArray(field.value) ? (field.value as unknown[]) : [];
  const isAll = form.isOpen('rules:all', rules.length <= shownAtOnce);
  const shown = isAll ? rules : rules.slice(0, shownAtOnce);
  return html`<div class="rules">
    ${rules.length === 0 ? nothing : html`<div class="rules" role="list" aria-label=${field.title}>${shown.map((rule, index) => ruleRow(form, field, rule, index, rules.length))}</div>`}
    <div class="adds">
      ${isAll ? nothing : linkButton({ label: `Show ${rules.length - shownAtOnce} more`, icon: 'chevron-down', onClick: () => form.setOpen('rules:all', true) })}
      ${form.readOnly ? nothing : linkButton({ label: 'Add rule', icon: 'add', onClick: () => { form.setOpen('rules:all', true); form.add(field.path, { from: '', to: '' }); } })}
    </div>
  </div>`;
}

function ruleRow(form: FormContext, field: Field, rule: unknown, index: number, count: number): TemplateResult {
  const values = isObject(rule) ? rule : {};
  const at = (name: string): Path => [...field.path, index, name];
  const key = `rule:${index}`;
  const isOpen = form.isOpen(key, false);
  const name = `rule ${index + 1}`;
  const schema = field.schema.items ?? {};
  const problems = form.problems([...field.path, index]);
  const invalid = (part: string): boolean => form.problems(at(part)).length > 0;
  const setFrom = (text: string): void => form.set(at('from'), readSources(text));
  const setTo = (text: string): void => form.set(at('to'), text);
  const chain = listOf(values['transforms']);
  return html`<div class=${classMap({ rule: true, open: isOpen })} role="listitem" aria-label=${`${name}: ${printSources(values['from']) || 'made'} to ${String(values['to'] ?? '')}`}>
    <div class="line">
      ${iconButton({ label: isOpen ? `Close ${name}` : `Open ${name}`, icon: isOpen ? 'chevron-down' : 'chevron-right', onClick: () => form.setOpen(key, !isOpen) })}
      <div class="grow" data-path=${pathKey(at('from'))}>${textField({ label: `Source of ${name}`, value: form.text(at('from'), printSources(values['from'])), placeholder: 'made by transform', monospace: true, readOnly: form.readOnly, invalid: invalid('from'), onInput: (text) => form.typed(at('from'), text, setFrom), onChange: (text) => form.commit(at('from'), text, setFrom) })}</div>
      <span class="arrow">${icon('arrow-right')}</span>
      <div class="grow" data-path=${pathKey(at('to'))}>${textField({ label: `Target of ${name}`, value: form.text(at('to'), String(values['to'] ?? '')), placeholder: 'target', monospace: true, readOnly: form.readOnly, invalid: invalid('to'), onInput: (text) => form.typed(at('to'), text, setTo), onChange: (text) => form.commit(at('to'), text, setTo) })}</div>
      ${form.readOnly || isOpen ? nothing : iconButton({ label: `Remove ${name}`, icon: 'close', onClick: () => form.apply(removeItem(form.schema, form.root, field.path, index)) })}
    </div>
    ${isOpen ? nothing : tags(form, values, chain)}
    ${[...problems, ...form.problems(at('from')), ...form.problems(at('to')), ...(isOpen ? [] : chain.flatMap((_, place) => form.problems([...at('transforms'), place, 'type'])))].map(({ message }) => html`<div class="problem">${message}</div>`)}
    ${isOpen ? html`<div class="item-body">
      <div class="field-box"><div class="label-row"><span class="label">Transforms</span></div>${transformsControl(form, fieldOf(schema.properties?.['transforms'] ?? {}, 'transforms', at('transforms'), chain, { required: false, expression: false }), name)}</div>
      ${['default', 'when', 'notes'].map((part) => (schema.properties?.[part] ? form.view(fieldOf(schema.properties[part], part, at(part), values[part], { required: false, expression: field.expression })) : nothing))}
      <div class="line"><span class="grow"></span>${itemTools(form, field, index, count, name)}</div>
    </div>` : nothing}
  </div>`;
}

function tags(form: FormContext, values: Readonly<Record<string, unknown>>, chain: readonly unknown[]): unknown {
  const notes = [values['when'] && listOf(values['when']).length > 0 ? 'if' : '', values['default'] === undefined ? '' : 'default'].filter((note) => note !== '');
  if (chain.length === 0 && notes.length === 0) return nothing;
  return html`<div class="chain">${chain.map((one) => html`<span class="tag" title=${settingsText(one)}>${titleOf(form, one)}</span>`)}${notes.map((note) => html`<span class="tag plain">${note}</span>`)}</div>`;
}

/** What a value goes through, in order, each with the form of its plugin. `rule`: for whom, in words. */
export function transformsControl(form: FormContext, listField: Field, rule: string): TemplateResult {
  const { path } = listField;
  const chain = listOf(listField.value);
  const options = form.names.options('transform', form.root);
  return html`<div class="items">
    ${chain.length === 0 ? nothing : html`<div class="items" role="list" aria-label=${`Transforms of ${rule}`}>${chain.map((one, index) => {
      const type = isObject(one) && typeof one['type'] === 'string' ? one['type'] : '';
      const entry = form.names.transform(type);
      const at = [...path, index];
      return html`<div class="item" role="listitem" @keydown=${(event: KeyboardEvent) => moveByKey(event, form, path, index, chain.length)}>
        <div class="item-head"><span class="fold" title=${entry?.summary ?? ''}>${icon('symbol-operator')}<span class="ellipsis">${titleOf(form, one)}</span></span>${itemTools(form, listField, index, chain.length, `transform ${index + 1}`)}</div>
        ${form.problems([...at, 'type']).map(({ message }) => html`<div class="item-body"><div class="problem">${message}</div></div>`)}
        ${entry ? nothing : html`<div class="item-body"><div class="problem warning">No plugin knows this transform. It is kept as it is.</div>${isObject(one) && one['settings'] !== undefined ? html`<code class="json">${settingsText(one)}</code>` : nothing}</div>`}
        ${entry && hasFields(entry.settings) ? html`<div class="item-body">${form.fields(entry.settings as FieldSchema, isObject(one) ? one['settings'] : undefined, [...at, 'settings'], false)}</div>` : nothing}
      </div>`;
    })}</div>`}
    ${form.readOnly ? nothing : select({ label: `Add a transform to ${rule}`, value: '', combobox: true, options: [{ value: '', label: 'Add a transform…' }, ...options], onChange: (type) => { if (type !== '') form.apply(addItem(form.root, path, { type })); } })}
  </div>`;
}

/** Alt and an arrow move a transform in its chain, wherever in it the focus is. */
function moveByKey(event: KeyboardEvent, form: FormContext, path: Path, index: number, count: number): void {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!event.altKey || by === undefined || form.readOnly) return;
  event.preventDefault();
  event.stopPropagation();
  const to = index + by;
  if (to >= 0 && to < count) form.apply(swapItems(form.root, path, index, to));
}

/** One path, or several with commas between them. */
export function sourcesControl(form: FormContext, field: Field): TemplateResult {
  const set = (text: string): void => form.set(field.path, readSources(text));
  return textField({ label: field.title, value: form.text(field.path, printSources(field.value)), placeholder: 'made by a transform', monospace: true, readOnly: form.readOnly, invalid: form.problems(field.path).length > 0, onInput: (text) => form.typed(field.path, text, set), onChange: (text) => form.commit(field.path, text, set) });
}

const titleOf = (form: FormContext, one: unknown): string => {
  const type = isObject(one) ? String(one['type'] ?? '') : '';
  return form.names.transform(type)?.title ?? (type || '?');
};

const settingsText = (one: unknown): string => (isObject(one) && one['settings'] !== undefined ? JSON.stringify(one['settings']) : '');
const hasFields = (schema: object): boolean => Object.keys((schema as FieldSchema).properties ?? {}).length > 0;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

