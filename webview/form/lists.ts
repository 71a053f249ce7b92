import { html, nothing, type TemplateResult } from 'lit';
import { isObject } from '../../server/model/json.ts';
import { formatValue } from '../shared/format.ts';
import { checkbox, icon, iconButton, linkButton, select, textField } from '../shared/kit.ts';
import { pathKey, printValue, readValue, removeItem, renameEntry, swapItems } from './change.ts';
import type { FormContext } from './context.ts';
import { textControl } from './controls.ts';
import { branchOf, discriminatorOf, fieldOf, kindOf, startValue, type Field, type FieldSchema } from './schema.ts';

/** An object with fields of its own; one that may be missing can be switched on and off. */
export function objectControl(form: FormContext, field: Field): TemplateResult {
  const isThere = field.value !== undefined;
  const content = html`<div class="nested" role="group" aria-label=${field.title}>${form.fields(field.schema, field.value, field.path, field.expression)}</div>`;
  if (field.required || field.schema.default !== undefined) return content;
  return html`${checkbox({ label: isThere ? 'On' : 'Off', toggle: true, checked: isThere, disabled: form.readOnly, onChange: (on) => form.apply([{ path: field.path, value: on ? startValue(field.schema) : undefined }]) })}${isThere ? content : nothing}`;
}

/** An object of one of several forms. */
export function choiceControl(form: FormContext, field: Field): TemplateResult {
  const branches = field.schema.oneOf ?? [];
  const name = discriminatorOf(branches)!;
  const branch = branchOf(branches, field.value);
  const chosen = field.value === undefined ? '' : String(branch?.properties?.[name]?.const ?? '');
  return html`${select({
    label: field.title, value: chosen, disabled: form.readOnly,
    options: [...(chosen === '' ? [{ value: '', label: 'Choose…' }] : field.required || typeof field.name === 'number' ? [] : [{ value: '', label: '–', description: 'Nothing is said here.' }]), ...branches.map((one) => ({ value: String(one.properties?.[name]?.const), label: one.title ?? String(one.properties?.[name]?.const), ...(one.description !== undefined && { description: one.description }) }))],
    onChange: (text) => form.apply([{ path: field.path, value: text === '' ? undefined : startValue(branches.find((one) => String(one.properties?.[name]?.const) === text) ?? branches[0]!) }]),
  })}${branch && field.value !== undefined ? html`<div class="nested">${form.fields(branch, field.value, field.path, field.expression)}</div>` : nothing}`;
}

export function listControl(form: FormContext, field: Field): TemplateResult {
  const items = Array.isArray(field.value) ? (field.value as unknown[]) : [];
  const schema = field.schema.items ?? {};
  const isSimple = !['object', 'choice', 'entries', 'list', 'conditions'].includes(kindOf(schema));
  const itemName = (schema.title ?? field.title.replace(/s$/, '')).toLowerCase();
  return html`<div class="items">
    ${items.length === 0 ? nothing : html`<div class="items" role="list" aria-label=${field.title}>${items.map((item, index) => {
      const inner = fieldOf(schema, index, [...field.path, index], item, { required: true, expression: field.expression });
      const tools = itemTools(form, field, index, items.length, `${itemName} ${index + 1}`);
      if (isSimple) return html`<div class="line" role="listitem" data-path=${pathKey(inner.path)}><div class="grow">${simpleItem(form, inner, `${itemName} ${index + 1}`)}</div>${tools}</div>`;
      const key = `item:${pathKey(inner.path)}`;
      const isOpen = form.isOpen(key, items.length < 4);
      return html`<div class="item" role="listitem">
        <div class="item-head"><button type="button" class="fold" aria-expanded=${isOpen ? 'true' : 'false'} @click=${() => form.setOpen(key, !isOpen)}>${icon(isOpen ? 'chevron-down' : 'chevron-right')}<span class="ellipsis">${itemTitle(item, `${schema.title ?? 'Item'} ${index + 1}`)}</span></button>${tools}</div>
        ${isOpen ? html`<div class="item-body">${kindOf(schema) === 'object' ? form.fields(schema, item, inner.path, field.expression) : form.view(inner)}</div>` : nothing}
      </div>`;
    })}</div>`}
    ${form.readOnly ? nothing : html`<div class="adds">${linkButton({ label: `Add ${itemName}`, icon: 'add', onClick: () => addOne() })}</div>`}
  </div>`;

  function addOne(): void {
    form.setOpen(`item:${pathKey([...field.path, items.length])}`, true);
    form.add(field.path, freshItem(startValue(schema), items));
  }
}

/** Names of the user's own and their values: parameters, a short table of values. */
export function entriesControl(form: FormContext, field: Field): TemplateResult {
  const entries = isObject(field.value) ? Object.entries(field.value) : [];
  const schema = typeof field.schema.additionalProperties === 'object' ? field.schema.additionalProperties : {};
  const newPath = [...field.path, ''];
  const addEntry = (text: string): void => {
    const name = text.trim();
    if (name !== '' && !entries.some(([known]) => known === name)) form.apply([{ path: [...field.path, name], value: schema.type === undefined ? '' : startValue(schema) }]);
  };
  return html`<div class="items">
    ${entries.length === 0 ? nothing : html`<div class="items" role="list" aria-label=${field.title}>${entries.map(([name, value]) => {
      const path = [...field.path, name];
      if (['object', 'choice'].includes(kindOf(schema))) return entryCard(form, field, schema, name, value);
      const commit = (text: string): void => form.set(path, schema.type === 'string' ? text : (readValue(text) ?? ''));
      return html`<div class="line" role="listitem" data-path=${pathKey(path)}>
        ${textField({ label: `Name of ${name}`, value: name, readOnly: form.readOnly, onChange: (text) => form.apply(renameEntry(form.root, field.path, name, text.trim())) })}
        <span class="arrow">${icon('arrow-right')}</span>
        ${textField({ label: `Value of ${name}`, value: form.text(path, schema.type === 'string' ? String(value) : printValue(value)), readOnly: form.readOnly, onInput: (text) => form.typed(path, text, commit), onChange: (text) => form.commit(path, text, commit) })}
        ${form.readOnly ? nothing : iconButton({ label: `Remove ${name}`, icon: 'close', onClick: () => form.set(path, undefined) })}
      </div>`;
    })}</div>`}
    ${form.readOnly ? nothing : html`<div class="line" data-path=${pathKey(newPath)}>${textField({ label: `New name in ${field.title}`, value: form.text(newPath, ''), placeholder: 'Add a name…', icon: 'add', onInput: (text) => form.typed(newPath, text, addEntry), onChange: (text) => form.commit(newPath, text, addEntry) })}</div>`}
  </div>`;
}

function entryCard(form: FormContext, field: Field, schema: FieldSchema, name: string, value: unknown): TemplateResult {
  const path = [...field.path, name];
  const key = `item:${pathKey(path)}`;
  const isOpen = form.isOpen(key, false);
  return html`<div class="item" role="listitem">
    <div class="item-head"><button type="button" class="fold" aria-expanded=${isOpen ? 'true' : 'false'} @click=${() => form.setOpen(key, !isOpen)}>${icon(isOpen ? 'chevron-down' : 'chevron-right')}<span class="mono">${name}</span><span class="quiet ellipsis">${entryText(value)}</span></button>
      ${form.readOnly ? nothing : iconButton({ label: `Remove ${name}`, icon: 'close', onClick: () => form.set(path, undefined) })}</div>
    ${isOpen && kindOf(schema) === 'choice' ? nothing : form.problems(path).map(({ severity, message }) => html`<div class="item-body"><div class="problem ${severity}">${message}</div></div>`)}
    ${isOpen ? html`<div class="item-body">
      <div class="field-box"><div class="label-row"><span class="label">Name</span></div>${textField({ label: `Name of ${name}`, value: name, monospace: true, readOnly: form.readOnly, onChange: (text) => form.apply(renameEntry(form.root, field.path, name, text.trim())) })}</div>
      ${kindOf(schema) === 'choice' ? form.view(fieldOf(schema, name, path, value, { required: true, expression: field.expression })) : form.fields(schema, value, path, field.expression)}</div>` : nothing}
  </div>`;
}

/** The most telling value of an entry. */
function entryText(value: unknown): string {
  if (!isObject(value)) return formatValue(value, 60);
  const said = value['default'] ?? value['title'] ?? value['description'] ?? value['type'];
  return said === undefined ? '' : formatValue(said, 60);
}

/** Buttons that every item of a list has. */
export function itemTools(form: FormContext, field: Field, index: number, count: number, name: string): TemplateResult | typeof nothing {
  if (form.readOnly) return nothing;
  const swap = (to: number): void => form.apply(swapItems(form.root, field.path, index, to));
  return html`${count > 1 ? html`${iconButton({ label: `Move ${name} up`, icon: 'arrow-up', disabled: index === 0, onClick: () => swap(index - 1) })}${iconButton({ label: `Move ${name} down`, icon: 'arrow-down', disabled: index === count - 1, onClick: () => swap(index + 1) })}` : nothing}
    ${iconButton({ label: `Remove ${name}`, icon: 'close', onClick: () => form.apply(removeItem(form.schema, form.root, field.path, index)) })}`;
}

function simpleItem(form: FormContext, field: Field, label: string): TemplateResult {
  if (field.schema['x-ui']?.ref) return textControl(form, { ...field, title: label });
  const isText = field.schema.type === 'string';
  const commit = (text: string): void => form.set(field.path, isText ? text : (readValue(text) ?? ''));
  return textField({
    label, value: form.text(field.path, isText ? String(field.value ?? '') : printValue(field.value)), readOnly: form.readOnly, monospace: field.schema['x-path'] !== undefined,
    onInput: (text) => form.typed(field.path, text, commit), onChange: (text) => form.commit(field.path, text, commit),
  });
}

function itemTitle(item: unknown, otherwise: string): string {
  if (!isObject(item)) return otherwise;
  const name = item['name'] ?? item['title'] ?? item['id'] ?? item['type'];
  return typeof name === 'string' && name !== '' ? name : otherwise;
}

/** An item with a name that is still free, where items have names. */
function freshItem(value: unknown, items: readonly unknown[]): unknown {
  const [first] = items;
  if (!isObject(value) || !isObject(first) || typeof first['name'] !== 'string') return value;
  const taken = new Set(items.map((item) => (isObject(item) ? item['name'] : undefined)));
  let number = items.length + 1;
  while (taken.has(`${number}`)) number++;
  return { ...value, name: `${number}` };
}
