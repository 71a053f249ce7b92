import { css, html, LitElement } from 'lit';
import { lookupTypes, type LookupType } from '../../server/model/lookup-file.ts';
import type { ColumnSettings, LookupColumnState } from '../protocol/lookup.ts';
import { button, checkbox, kitStyles, radioGroup, select, textField } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

export type SortDirection = 'none' | 'up' | 'down';

export interface ColumnChoice {
  readonly column: LookupColumnState;
  readonly sort: SortDirection;
  readonly filter: string;
  readonly readOnly: boolean;
  /** Another name is not possible while the rows are no table. */
  readonly onlyName: boolean;
}

/** What the user wants of a column; what is missing stays as it is. */
export type ColumnWish =
  | { readonly kind: 'done'; readonly name: string; readonly sort: SortDirection; readonly filter: string; readonly settings: ColumnSettings }
  | { readonly kind: 'delete' };

/** Asks what to do with a column. `undefined`: nothing. */
export function askColumn(choice: ColumnChoice): Promise<ColumnWish | undefined> {
  const element = new PatchbayColumn();
  element.choice = choice;
  element.begin();
  document.body.append(element);
  return new Promise((resolve) => {
    element.onAnswer = (answer) => { element.remove(); resolve(answer); };
  });
}

const types: Readonly<Record<LookupType, string>> = { string: 'Text', number: 'Number', decimal: 'Decimal', boolean: 'True or false', date: 'Date' };

class PatchbayColumn extends LitElement {
  static override properties = { choice: { attribute: false }, wish: { state: true } };
  declare choice: ColumnChoice;
  declare private wish: Extract<ColumnWish, { kind: 'done' }>;
  onAnswer: (answer: ColumnWish | undefined) => void = () => undefined;

  begin(): void {
    const { column: { name, type, required, isKey }, sort, filter } = this.choice;
    this.wish = { kind: 'done', name, sort, filter, settings: { type, required, isKey } };
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')!.showModal();
    const first = this.renderRoot.querySelector<LitElement>('vscode-textfield');
    void first?.updateComplete.then(() => first.focus());
  }

  protected override render(): unknown {
    const { wish, choice: { column, readOnly, onlyName } } = this;
    const { settings } = wish;
    const set = (more: Partial<typeof wish>): void => { this.wish = { ...this.wish, ...more }; };
    const setting = (more: Partial<ColumnSettings>): void => set({ settings: { ...this.wish.settings, ...more } });
    return html`<dialog aria-label="Column ${column.name}" @cancel=${() => this.onAnswer(undefined)} @keydown=${this.onKey}>
      <h2>Column ${column.name}</h2>
      <label>Rows that hold${textField({ label: 'Rows that hold', value: wish.filter, disabled: onlyName, placeholder: 'All rows', onInput: (filter) => set({ filter }) })}</label>
      <div class="group"><span>Sort</span>${radioGroup({ label: 'Sort', name: 'sort', value: wish.sort, disabled: onlyName, options: [{ value: 'none', label: 'As in the file' }, { value: 'up', label: 'Up' }, { value: 'down', label: 'Down' }], onChange: (sort) => set({ sort: sort as SortDirection }) })}</div>
      <p class="quiet">Filter and order are of this view; the file stays as it is.</p>
      <label>Name${textField({ label: 'Name', value: wish.name, readOnly, onInput: (name) => set({ name }) })}</label>
      <label>Type${select({ label: 'Type', value: settings.type, disabled: readOnly || onlyName, options: lookupTypes.map((type) => ({ value: type, label: types[type] })), onChange: (type) => setting({ type: type as LookupType }) })}</label>
      <div class="group">${checkbox({ label: 'Key: rows are found by it', checked: settings.isKey, disabled: readOnly || onlyName, onChange: (isKey) => setting({ isKey }) })}${checkbox({ label: 'Must not be empty', checked: settings.required, disabled: readOnly || onlyName, onChange: (required) => setting({ required }) })}</div>
      <div class="actions">${button({ label: 'Done', primary: true, onClick: () => this.onAnswer(this.wish) })}${button({ label: 'Cancel', onClick: () => this.onAnswer(undefined) })}<span class="gap"></span>${button({ label: 'Delete column', icon: 'trash', disabled: readOnly || onlyName, onClick: () => this.onAnswer({ kind: 'delete' }) })}</div>
    </dialog>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.target as Element).matches('vscode-textfield')) return;
    event.preventDefault();
    this.onAnswer(this.wish);
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    dialog { color: var(--vscode-foreground); background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border)); border-radius: 6px; padding: 16px 20px; width: min(420px, calc(100vw - 32px)); max-height: calc(100vh - 32px); overflow: auto; box-shadow: 0 4px 16px var(--vscode-widget-shadow, transparent); }
    dialog::backdrop { background: rgb(0 0 0 / 40%); }
    h2 { font-size: 1.1em; font-weight: 600; margin: 0 0 6px; overflow-wrap: anywhere; }
    dialog > label, .group { display: flex; flex-direction: column; gap: 4px; margin-top: 10px; align-items: stretch; }
    p { margin: 6px 0 0; }
    .gap { flex: 1; }
    .actions { margin-top: 16px; }
  `];
}

customElements.define('patchbay-column', PatchbayColumn);
