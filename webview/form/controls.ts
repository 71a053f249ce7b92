import { html, nothing, type TemplateResult } from 'lit';
import { isObject } from '../../server/model/json.ts';
import { checkbox, icon, iconButton, linkButton, numberField, select, textArea, textField } from '../shared/kit.ts';
import { looksBroken, printValue, readValue } from './change.ts';
import { fieldId, type FormContext, type SecretTools } from './context.ts';
import type { Field, FieldSchema } from './schema.ts';
import { descriptionOf, words } from './texts.ts';

/** What all controls of the kit are given. */
const facts = (form: FormContext, field: Field) => ({
  label: field.title, id: fieldId(field.path), description: descriptionOf(form, field), invalid: form.problems(field.path).some(({ severity }) => severity === 'error'),
});

/** Texts that cannot be changed can still be read and copied. */
const textFacts = (form: FormContext, field: Field) => ({ ...facts(form, field), readOnly: form.readOnly });
const choiceFacts = (form: FormContext, field: Field) => ({ ...facts(form, field), disabled: form.readOnly });

/** A control of text: what is typed is kept, what is left is committed. */
const typing = (form: FormContext, field: Field, printed: string, write: (text: string) => unknown) => {
  const commit = (text: string): void => form.set(field.path, write(text));
  return {
    value: form.text(field.path, printed),
    onInput: (text: string) => form.typed(field.path, text, commit),
    onChange: (text: string) => form.commit(field.path, text, commit),
  };
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : printValue(value));
const emptyIsNothing = (text: string): unknown => (text === '' ? undefined : text);

export function textControl(form: FormContext, field: Field): TemplateResult {
  const ref = field.schema['x-ui']?.ref;
  if (ref) return referenceControl(form, field, ref);
  const given = textFacts(form, field);
  const shared = { ...given, ...typing(form, field, asText(field.value), emptyIsNothing), ...placeholder(field.schema) };
  const isLong = field.kind === 'textarea' || shared.value.includes('\n') || shared.value.length > 80;
  const isCode = field.schema['x-path'] !== undefined || shared.value.includes('{{');
  return isLong ? textArea({ ...shared, rows: Math.min(12, Math.max(3, shared.value.split('\n').length)), monospace: isCode }) : textField({ ...shared, monospace: isCode });
}

export function codeControl(form: FormContext, field: Field): TemplateResult {
  const isText = field.schema.type === 'string';
  const given = textFacts(form, field);
  const shared = typing(form, field, isText ? asText(field.value) : printValue(field.value), isText ? emptyIsNothing : readValue);
  return textArea({ ...given, ...shared, monospace: true, rows: Math.min(18, Math.max(5, shared.value.split('\n').length)) });
}

export const expressionControl = (form: FormContext, field: Field): TemplateResult =>
  textField({ ...textFacts(form, field), ...typing(form, field, asText(field.value), emptyIsNothing), monospace: true, placeholder: '{{ payload.field }}' });

export function numberControl(form: FormContext, field: Field): TemplateResult {
  const { minimum, maximum, type } = field.schema;
  return numberField({
    ...textFacts(form, field), value: typeof field.value === 'number' ? field.value : undefined, ...placeholder(field.schema),
    ...(minimum !== undefined && { min: minimum }), ...(maximum !== undefined && { max: maximum }), ...(type === 'integer' && { step: 1 }),
    onChange: (value) => form.set(field.path, value),
  });
}

export const booleanControl = (form: FormContext, field: Field): TemplateResult =>
  checkbox({ ...choiceFacts(form, field), checked: (field.value ?? field.schema.default) === true, onChange: (checked) => form.set(field.path, checked) });

export function enumControl(form: FormContext, field: Field): TemplateResult {
  const { enum: values = [], enumDescriptions = [] } = field.schema;
  const value = field.value ?? field.schema.default;
  const options = values.map((one, place) => ({ value: String(one), label: words(String(one)), ...(enumDescriptions[place] !== undefined && { description: enumDescriptions[place] }) }));
  const isKnown = value === undefined || values.includes(value);
  const none = field.schema.default === undefined && (!field.required || value === undefined) ? [{ value: '', label: '–' }] : [];
  return select({
    ...choiceFacts(form, field), value: value === undefined ? '' : asText(value), combobox: options.length > 12,
    options: [...none, ...options, ...(isKnown ? [] : [{ value: asText(value), label: `${asText(value)} (unknown)` }])],
    onChange: (text) => form.set(field.path, values.find((one) => String(one) === text)),
  });
}

export function flagsControl(form: FormContext, field: Field): TemplateResult {
  const all = field.schema.items?.enum ?? [];
  const chosen = Array.isArray(field.value) ? (field.value as unknown[]) : ((field.schema.default as unknown[] | undefined) ?? []);
  const toggle = (one: unknown, on: boolean): void => form.set(field.path, all.filter((other) => (other === one ? on : chosen.includes(other))));
  return html`<div class="adds" role="group" aria-label=${field.title}>${all.map((one) => checkbox({ label: String(one), checked: chosen.includes(one), disabled: form.readOnly, onChange: (on) => toggle(one, on) }))}</div>`;
}

/** A secret is never in a file: only its name is. */
export function secretControl(form: FormContext, field: Field): TemplateResult {
  const name = isObject(field.value) && typeof field.value['$secret'] === 'string' ? field.value['$secret'] : '';
  const given = textFacts(form, field);
  const isPlain = field.value !== undefined && name === '';
  return html`${textField({ ...given, ...typing(form, field, name, (text) => (text.trim() === '' ? undefined : { $secret: text.trim() })), icon: 'key', placeholder: 'Name of the secret' })}
    ${form.names.secrets ? secretLine(form, field, name, form.names.secrets, isPlain) : nothing}
    ${isPlain ? html`<div class="problem">The value stands in the file. ${form.names.secrets ? '' : 'Give the name of a secret instead, and store the value there.'}</div>` : nothing}`;
}

/** Who has the value, and what can be done about it. */
function secretLine(form: FormContext, field: Field, name: string, tools: SecretTools, isPlain: boolean): TemplateResult | typeof nothing {
  const suggested = tools.suggest(field.path);
  const link = (label: string, onClick: () => void): unknown => (form.readOnly ? nothing : linkButton({ label, title: `${label} ${name || suggested}`, onClick }));
  if (isPlain) return html`<div class="secret">${icon('warning', { tone: 'warn' })} ${link('Move it to the secrets…', () => tools.keep(field.path, suggested))}</div>`;
  if (name === '') return html`<div class="secret">${link('Keep a secret…', () => { form.set(field.path, { $secret: suggested }); tools.set(suggested); })}</div>`;
  const origin = tools.origin(name);
  return html`<div class="secret">${origin === undefined ? html`${icon('circle-slash', { tone: 'warn' })} Not set on this machine` : html`${icon('pass', { tone: 'good' })} Set: ${origin}`} ${link(origin === undefined ? 'Set…' : 'Change…', () => tools.set(name))}${origin === undefined ? nothing : link('Remove…', () => tools.remove(name))}</div>`;
}

export function valueControl(form: FormContext, field: Field): TemplateResult {
  const given = textFacts(form, field);
  const shared = { ...given, ...typing(form, field, printValue(field.value), readValue), ...placeholder(field.schema) };
  const isLong = shared.value.includes('\n') || shared.value.length > 60;
  return html`${isLong ? textArea({ ...shared, monospace: true, rows: Math.min(14, Math.max(3, shared.value.split('\n').length)) }) : textField({ ...shared, monospace: /^[[{"\d]/.test(shared.value) })}
    ${looksBroken(shared.value) ? html`<div class="problem warning">This is not valid JSON, so it is taken as a text.</div>` : nothing}`;
}

export const constControl = (field: Field): unknown => (field.required && field.value !== field.schema.const ? html`<div class="help">${field.title}: ${String(field.schema.const)}</div>` : nothing);

function referenceControl(form: FormContext, field: Field, ref: string): TemplateResult {
  const value = typeof field.value === 'string' ? field.value : '';
  const options = form.names.options(ref, form.root);
  const isKnown = value === '' || options.some((option) => option.value === value);
  const file = value === '' ? undefined : form.names.file(ref, value);
  return html`<div class="line">${select({
    ...choiceFacts(form, field), value, combobox: options.length > 8,
    options: [...(value === '' ? [{ value: '', label: options.length === 0 ? 'None there yet' : 'Choose…' }] : field.required || typeof field.name === 'number' ? [] : [{ value: '', label: '–' }]), ...options, ...(isKnown ? [] : [{ value, label: `${value} (not found)` }])],
    onChange: (text) => form.set(field.path, emptyIsNothing(text)),
  })}${file ? iconButton({ label: `Open ${file}`, icon: 'go-to-file', onClick: () => form.openFile(file) }) : nothing}</div>`;
}

const placeholder = (schema: FieldSchema): { placeholder?: string } => (schema.default === undefined || schema.default === '' || typeof schema.default === 'object' ? {} : { placeholder: String(schema.default) });
