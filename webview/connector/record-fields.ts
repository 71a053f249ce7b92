import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { isObject, pointerOf } from '../../server/model/json.ts';
import { freeName } from '../../server/model/words.ts';
import type { ValueChange } from '../form/change.ts';
import { formatCount } from '../shared/format.ts';
import { checkbox, iconButton, kitStyles, linkButton, select, textField } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { recordRows, typeText, typeValue, withRequired, type RecordRow } from './record-rows.ts';

const shownAtOnce = 60;
const types = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'any'] as const;

/** The schema of a record as a list of fields: what each is, and the tag by which mappings find it. */
export class RecordFields extends LitElement {
  static override properties = { record: { attribute: false }, readOnly: { attribute: false }, diagnostics: { attribute: false }, pointer: {}, isWhole: { state: true } };
  declare record: unknown;
  declare readOnly: boolean;
  declare diagnostics: readonly Diagnostic[];
  declare pointer: string;
  declare private isWhole: boolean;
  onChange: (changes: readonly ValueChange[]) => void = () => undefined;

  constructor() {
    super();
    this.isWhole = false;
  }

  protected override render(): TemplateResult {
    const rows = recordRows(this.record);
    const shown = this.isWhole ? rows : rows.slice(0, shownAtOnce);
    return html`<h3>Record</h3>
      <p class="quiet">What one record looks like. A tag such as <code>email</code> names the meaning of a field: mappings join fields of the same tag.</p>
      ${rows.length === 0 ? html`<p class="quiet">No fields are known. A trial shows what records are like, and its schema can be taken over.</p>` : html`<div class="rows" role="table" aria-label="Fields of the record">
        <div class="row head" role="row"><span role="columnheader">Field</span><span role="columnheader">Type</span><span role="columnheader">Tag</span><span role="columnheader">Required</span><span role="columnheader"><span class="for-screen-readers">Tools</span></span></div>
        ${shown.map((row) => this.row(row))}</div>`}
      <div class="adds">
        ${shown.length < rows.length ? linkButton({ label: `Show ${formatCount(rows.length - shown.length, 'more field')}`, icon: 'chevron-down', onClick: () => { this.isWhole = true; } }) : nothing}
        ${this.readOnly ? nothing : html`<div class="new">${textField({ label: 'New field of the record', value: '', placeholder: 'Add a field…', icon: 'add', onChange: this.onNew })}</div>`}
      </div>`;
  }

  private row(row: RecordRow): TemplateResult {
    const { readOnly } = this;
    const options = [...types, ...(types.some((type) => type === row.type) ? [] : [row.type])].map((value) => ({ value, label: value }));
    const set = (name: string, value: unknown): void => this.onChange([{ path: [...row.path, name], value }]);
    const problems = this.diagnostics.filter(({ path }) => path === this.pointer + pointerOf(row.path));
    return html`<div class="row" role="row">
      <span role="cell" class="name ellipsis" style="padding-left: ${row.depth * 14}px" title=${row.title ? `${row.label}: ${row.title}` : row.label}><span class="mono">${row.name}</span>${row.title ? html` <span class="quiet">${row.title}</span>` : nothing}</span>
      <span role="cell">${select({ label: `Type of ${row.label}`, value: row.type, options, disabled: readOnly, onChange: (type) => { if (type !== typeText(row.type)) set('type', typeValue(type)); } })}</span>
      <span role="cell">${textField({ label: `Tag of ${row.label}`, value: row.tag, placeholder: '–', readOnly, onChange: (tag) => { if (tag.trim() !== row.tag) set('x-tag', tag.trim() || undefined); } })}</span>
      <span role="cell">${checkbox({ label: `${row.label} is required`, hideLabel: true, checked: row.isRequired, disabled: readOnly, onChange: (on) => this.onChange([{ path: [...row.owner, 'required'], value: withRequired(this.record, row, on) }]) })}</span>
      <span role="cell" class="tools">${readOnly ? nothing : html`${row.inner ? iconButton({ label: `Add a field to ${row.label}`, icon: 'add', onClick: () => this.add(row.inner!, 'field') }) : nothing}${iconButton({ label: `Remove ${row.label}`, icon: 'close', onClick: () => this.removeField(row) })}`}</span>
    </div>${problems.map(({ message }) => html`<div class="problem">${message}</div>`)}`;
  }

  private readonly onNew = (text: string): void => {
    this.renderRoot.querySelector<HTMLElement & { value: string }>('.new vscode-textfield')!.value = '';
    this.add([], text);
  };

  private add(owner: readonly (string | number)[], text: string): void {
    const name = text.trim();
    if (name === '') return;
    const taken = owner.reduce<unknown>((found, key) => (isObject(found) ? found[key as string] : undefined), this.record);
    const properties = isObject(taken) && isObject(taken['properties']) ? taken['properties'] : {};
    const free = freeName(name, (other) => Object.hasOwn(properties, other), '_');
    if (this.record === undefined) this.onChange([{ path: [], value: { type: 'object', properties: { [free]: { type: 'string' } } } }]);
    else this.onChange([{ path: [...owner, 'properties', free], value: { type: 'string' } }]);
  }

  private removeField(row: RecordRow): void {
    this.onChange([{ path: row.path, value: undefined }, ...(row.isRequired ? [{ path: [...row.owner, 'required'], value: withRequired(this.record, row, false) }] : [])]);
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: block; }
    h3 { margin: 0 0 4px; font-size: 12px; font-weight: 600; }
    p { margin: 0 0 8px; font-size: 11px; line-height: 1.4; }
    .rows { border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 16%, transparent)); border-radius: 5px; padding: 2px 0; }
    .row { display: grid; grid-template-columns: minmax(90px, 1fr) 104px 110px 58px 46px; gap: 6px; align-items: center; padding: 1px 4px 1px 10px; min-height: 28px; }
    .row:not(.head):hover { background: var(--vscode-list-hoverBackground); }
    .head { font-size: 11px; min-height: 22px; color: var(--vscode-descriptionForeground); }
    .row > span { min-width: 0; }
    .row > span:nth-child(4) { justify-self: center; }
    .name .quiet { font-size: 11px; }
    .tools { display: flex; justify-content: flex-end; }
    .problem { font-size: 11px; color: var(--patchbay-error-text); padding: 0 10px 2px; }
    .adds { display: flex; flex-wrap: wrap; gap: 6px 14px; margin-top: 8px; font-size: 12px; }
    .new { width: 220px; }
  `];
}

customElements.define('patchbay-record', RecordFields);
