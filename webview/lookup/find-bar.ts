import { css, html, LitElement, nothing } from 'lit';
import type { CellQuery } from '../protocol/lookup.ts';
import { formatCount } from '../shared/format.ts';
import { button, icon, iconButton, kitStyles, textField } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { LookupEditor } from './editor.ts';

/** Finds a text in the rows that are shown, and replaces it. */
export class FindBar extends LitElement {
  static override properties = { editor: { attribute: false }, text: { state: true }, to: { state: true }, matchCase: { state: true }, wholeCell: { state: true }, found: { state: true } };
  declare editor: LookupEditor;
  declare private text: string;
  declare private to: string;
  declare private matchCase: boolean;
  declare private wholeCell: boolean;
  declare private found: string;

  constructor() {
    super();
    this.text = '';
    this.to = '';
    this.matchCase = false;
    this.wholeCell = false;
    this.found = '';
  }

  async begin(): Promise<void> {
    await this.updateComplete;
    const field = this.renderRoot.querySelector<LitElement & { select?: () => void }>('vscode-textfield');
    await field?.updateComplete;
    field?.focus();
    field?.select?.();
  }

  private get query(): CellQuery {
    return { text: this.text, matchCase: this.matchCase, wholeCell: this.wholeCell };
  }

  private async find(isBackward: boolean): Promise<boolean> {
    const { editor } = this;
    const place = await editor.host.find(this.query, editor.filter, editor.selection.active, isBackward);
    this.found = this.text === '' ? '' : place ? `Row ${place.row + 1} of the view, column ${editor.sheet?.columns[place.column]?.name ?? ''}` : 'No cell holds it.';
    if (place) editor.goTo(place.row, place.column);
    return place !== undefined;
  }

  /** The active cell, where it holds the text; then the next one. */
  private async replace(): Promise<void> {
    await this.editor.edit({ op: 'replace', query: this.query, text: this.to, at: this.editor.selection.active });
    await this.find(false);
  }

  private async replaceAll(): Promise<void> {
    const done = await this.editor.edit({ op: 'replace', query: this.query, text: this.to });
    if (done) this.found = done.changed === 0 ? 'No cell holds it.' : `${formatCount(done.changed, 'cell')} changed.`;
  }

  private close(): void {
    this.editor.isFinding = false;
    this.editor.grid?.focus();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const isField = (event.composedPath()[0] as Element).matches('input');
    if (event.key === 'Escape') this.close();
    else if (event.key === 'F3' || (event.key === 'Enter' && isField)) void this.find(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  protected override render(): unknown {
    const isFixed = this.editor.readOnly || this.text === '';
    const toggle = (label: string, name: 'case-sensitive' | 'whole-word', isOn: boolean, set: (on: boolean) => void) => html`<button type="button" class="icon-button" aria-label=${label} title=${label} aria-pressed=${isOn ? 'true' : 'false'} @click=${() => set(!isOn)}>${icon(name)}</button>`;
    return html`<div class="find" role="search" aria-label="Find and replace" @keydown=${this.onKey}>
      <div class="field">${textField({ label: 'Find', type: 'search', placeholder: 'Find', value: this.text, onInput: (text) => { this.text = text; this.found = ''; } })}</div>
      ${toggle('Match case', 'case-sensitive', this.matchCase, (on) => { this.matchCase = on; })}${toggle('Whole cell', 'whole-word', this.wholeCell, (on) => { this.wholeCell = on; })}
      ${iconButton({ label: 'Previous', title: 'Previous (Shift+F3)', icon: 'arrow-up', onClick: () => void this.find(true) })}${iconButton({ label: 'Next', title: 'Next (F3)', icon: 'arrow-down', onClick: () => void this.find(false) })}
      <div class="field">${textField({ label: 'Replace with', placeholder: 'Replace with', value: this.to, onInput: (to) => { this.to = to; } })}</div>
      ${button({ label: 'Replace', disabled: isFixed, onClick: () => void this.replace() })}${button({ label: 'Replace all', disabled: isFixed, onClick: () => void this.replaceAll() })}
      <span class="quiet" role="status">${this.found || nothing}</span><span class="gap"></span>${iconButton({ label: 'Close', title: 'Close (Escape)', icon: 'close', onClick: () => this.close() })}
    </div>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    .find { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; padding: 4px 10px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); background: var(--vscode-editorWidget-background); }
    .find > .field { width: 170px; }
    .gap { flex: 1; }
  `];
}

customElements.define('patchbay-find', FindBar);
