import { html, nothing, type TemplateResult } from 'lit';
import { isObject } from '../../server/model/json.ts';
import { iconButton, linkButton, select, textField } from '../shared/kit.ts';
import { changesFor, pathKey, printValue, readValue, removeItem } from './change.ts';
import type { FormContext } from './context.ts';
import type { Field, FieldSchema, Path } from './schema.ts';
import { words } from './texts.ts';

/** A list of conditions of which all must hold: field, operator, value; groups of which one must hold, and in those groups of which all must. */
export function conditionsControl(form: FormContext, field: Field): TemplateResult {
  return conditionList(form, { path: field.path, schema: field.schema.items ?? {}, items: listOf(field.value), title: field.title, joint: 'and', listSchema: field.schema });
}

interface List {
  readonly path: Path;
  readonly schema: FieldSchema;
  readonly items: readonly unknown[];
  readonly title: string;
  readonly joint: 'and' | 'or';
  readonly listSchema: FieldSchema;
}

function conditionList(form: FormContext, list: List): TemplateResult {
  const { path, schema, items, title, joint } = list;
  return html`<div class="conditions">
    ${items.length === 0 ? nothing : html`<div class="conditions" role="list" aria-label=${title}>${items.map((item, index) => html`${index > 0 ? html`<div class="and" aria-hidden="true">${joint}</div>` : nothing}${
      groupOf(form, list, item, index) ?? condition(form, list, item, index)}`)}</div>`}
    ${form.readOnly ? nothing : html`<div class="adds">
      ${linkButton({ label: 'Add condition', icon: 'add', onClick: () => form.add(path, { field: '' }) })}
      ${groups.map(({ key, name }) => (schema.properties?.[key] ? linkButton({ label: `Add “${name.toLowerCase()}”`, icon: 'add', onClick: () => form.add(path, { [key]: [{ field: '' }] }) }) : nothing))}
    </div>`}
  </div>`;
}

const groups = [{ key: 'any', name: 'Any of', joint: 'or' }, { key: 'all', name: 'All of', joint: 'and' }] as const;

/** A condition that is a group of others. */
function groupOf(form: FormContext, list: List, item: unknown, index: number): TemplateResult | undefined {
  const { path, schema, title } = list;
  const group = groups.find(({ key }) => isObject(item) && Array.isArray(item[key]) && schema.properties?.[key]);
  if (!group) return undefined;
  const { key, name, joint } = group;
  const listSchema = schema.properties![key]!;
  return html`<div class="any" role="listitem"><div class="line"><span class="grow">${name} these</span>${removeButton(form, list, index, 'group')}</div>
    ${conditionList(form, { path: [...path, index, key], schema: listSchema.items ?? {}, items: listOf((item as Readonly<Record<string, unknown>>)[key]), title: `${name}, ${title} ${index + 1}`, joint, listSchema })}</div>`;
}

function condition(form: FormContext, list: List, item: unknown, index: number): TemplateResult {
  const values = isObject(item) ? item : {};
  const { properties = {} } = list.schema;
  const at = (name: string): Path => [...list.path, index, name];
  const operator = String(values['is'] ?? properties['is']?.default ?? '');
  const label = `condition ${index + 1}`;
  const problems = ['', 'field', 'of', 'is', 'value', 'type'].flatMap((name) => form.problems(name === '' ? [...list.path, index] : at(name)));
  // What is compared is a field of the record, or a value that is written out.
  const subject = Object.hasOwn(values, 'of') ? 'of' : 'field';
  const setField = (text: string): void => form.apply(changesFor(form.schema, form.root, at(subject), text));
  const setValue = (text: string): void => form.set(at('value'), readValue(text));
  return html`<div class="condition" role="listitem">
    <div data-path=${pathKey(at(subject))}>${textField({ label: `${subject === 'of' ? 'Value' : 'Field'} of ${label}`, value: form.text(at(subject), String(values[subject] ?? '')), placeholder: subject === 'of' ? 'value' : 'field', monospace: true, readOnly: form.readOnly, invalid: problems.length > 0, onInput: (text) => form.typed(at(subject), text, setField), onChange: (text) => form.commit(at(subject), text, setField) })}</div>
    ${select({ label: `Operator of ${label}`, value: operator, disabled: form.readOnly, options: (properties['is']?.enum ?? []).map((one) => ({ value: String(one), label: words(String(one)) })), onChange: (text) => form.set(at('is'), text) })}
    ${removeButton(form, list, index, label)}
    ${needsValue(operator) ? html`<div class="second" data-path=${pathKey(at('value'))}>
      ${textField({ label: `Value of ${label}`, value: form.text(at('value'), printValue(values['value'])), placeholder: operator === 'between' ? 'from, to' : operator.includes('one-of') ? 'a, b, c' : 'value', readOnly: form.readOnly, onInput: (text) => form.typed(at('value'), text, setValue), onChange: (text) => form.commit(at('value'), text, setValue) })}
      ${properties['type'] ? html`<div class="narrow">${select({ label: `Type of ${label}`, value: String(values['type'] ?? properties['type'].default ?? ''), disabled: form.readOnly, options: (properties['type'].enum ?? []).map((one, place) => ({ value: String(one), label: String(one), ...descriptionAt(properties['type'], place) })), onChange: (text) => form.set(at('type'), text) })}</div>` : nothing}
    </div>` : nothing}
    ${problems.map(({ message }) => html`<div class="problem" style="grid-column: 1 / -1">${message}</div>`)}
  </div>`;
}

const removeButton = (form: FormContext, list: List, index: number, name: string): unknown =>
  (form.readOnly ? html`<span></span>` : iconButton({ label: `Remove ${name}`, icon: 'close', onClick: () => form.apply(removeItem(form.schema, form.root, list.path, index)) }));

/** Whether an operator compares with something. */
const needsValue = (operator: string): boolean => !/^(is-|exists$|does-not-exist$)/.test(operator);

const descriptionAt = (schema: FieldSchema | undefined, place: number): { description?: string } => (schema?.enumDescriptions?.[place] === undefined ? {} : { description: schema.enumDescriptions[place] });

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
