import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../shared/kit.ts';
import { pathKey } from './change.ts';
import { conditionsControl } from './conditions.ts';
import type { FormContext } from './context.ts';
import { booleanControl, codeControl, constControl, enumControl, expressionControl, flagsControl, numberControl, secretControl, textControl, valueControl } from './controls.ts';
import { choiceControl, entriesControl, listControl, objectControl } from './lists.ts';
import { rulesControl, sourcesControl, transformsControl } from './rules.ts';
import { isExpression, type Field } from './schema.ts';
import { plain } from './texts.ts';

/** A field with its label, what it means, and what is wrong with it. */
export function fieldView(form: FormContext, field: Field): TemplateResult {
  if (field.kind === 'const') return html`${constControl(field)}`;
  const problems = form.problems(field.path);
  const canSwitch = field.expression && ['number', 'boolean', 'enum', 'flags', 'secret'].includes(field.kind);
  const asExpression = field.expression && usesExpression(form, field);
  const text = form.text(field.path, typeof field.value === 'string' ? field.value : '');
  const isBoolean = field.kind === 'boolean' && !asExpression;
  return html`<div class="field-box kind-${field.kind}" data-path=${pathKey(field.path)}>
    ${isBoolean && !field.expression ? nothing : html`<div class="label-row">
      <span class="label" title=${field.title}>${field.title}${field.required ? html`<span class="required" title="Required"> *</span>` : nothing}</span>
      <span class="end">${canSwitch ? chip(form, field, asExpression) : nothing}${field.kind === 'code' || field.kind === 'text' || field.kind === 'textarea' ? expressionMark(field) : nothing}</span>
    </div>`}
    ${control(form, field, asExpression)}
    ${field.expression && isExpression(text) ? (form.preview(text) ?? nothing) : nothing}
    ${problems.map(({ severity, message, fix }) => html`<div class="problem ${severity}">${icon(severity === 'error' ? 'error' : 'warning')} ${message}${fix && fix !== field.schema.description ? html` ${fix}` : nothing}</div>`)}
    ${field.schema.description && field.kind !== 'conditions' ? html`<div class="help">${plain(field.schema.description)}</div>` : nothing}
  </div>`;
}

function control(form: FormContext, field: Field, asExpression: boolean): unknown {
  if (asExpression && ['number', 'boolean', 'enum', 'flags', 'secret'].includes(field.kind)) return expressionControl(form, field);
  switch (field.kind) {
    case 'text': case 'textarea': return textControl(form, field);
    case 'code': return codeControl(form, field);
    case 'number': return numberControl(form, field);
    case 'boolean': return booleanControl(form, field);
    case 'enum': return enumControl(form, field);
    case 'flags': return flagsControl(form, field);
    case 'secret': return secretControl(form, field);
    case 'object': return objectControl(form, field);
    case 'choice': return choiceControl(form, field);
    case 'list': return listControl(form, field);
    case 'entries': return entriesControl(form, field);
    case 'conditions': return conditionsControl(form, field);
    case 'rules': return rulesControl(form, field);
    case 'sources': return sourcesControl(form, field);
    case 'transforms': return transformsControl(form, field, 'the rule');
    default: return valueControl(form, field);
  }
}

const usesExpression = (form: FormContext, field: Field): boolean => form.isOpen(`expression:${pathKey(field.path)}`, isExpression(field.value));

function chip(form: FormContext, field: Field, asExpression: boolean): TemplateResult {
  const toggle = (): void => {
    form.setOpen(`expression:${pathKey(field.path)}`, !asExpression);
    // A fixed value is chosen anew.
    if (asExpression && isExpression(field.value)) form.set(field.path, undefined);
  };
  return html`<button type="button" class="chip" aria-pressed=${asExpression ? 'true' : 'false'} title=${asExpression ? 'An expression; press for a fixed value' : 'A fixed value; press for an expression'} ?disabled=${form.readOnly} @click=${toggle}>{{ }}<span class="for-screen-readers"> expression for ${field.title}</span></button>`;
}

const expressionMark = (field: Field): unknown => (field.expression ? html`<span class="help" title="{{ … }} may stand here">{{ }}</span>` : nothing);
