import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { focusedElement } from '../shared/focused-element.ts';
import { kitStyles, textField } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

export interface PickItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
}

const mostShown = 200;

/** Lets the user choose one of many by typing a part of it; with `free` also what is typed itself. `undefined`: cancelled. The focus goes back to where it was. */
export function pickOne(title: string, items: readonly PickItem[], { free }: { readonly free?: string } = {}): Promise<string | undefined> {
  const before = focusedElement();
  const element = new PatchbayPick();
  element.label = title;
  element.items = items;
  element.free = free;
  document.body.append(element);
  return new Promise((resolve) => {
    element.onAnswer = (answer) => {
      element.remove();
      before?.focus();
      resolve(answer);
    };
  });
}

/** Items that hold all words of a text, those that begin with it first. */
export function fitting(items: readonly PickItem[], text: string): readonly PickItem[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return items;
  const found = items.filter(({ id, label, detail = '' }) => { const all = `${label} ${id} ${detail}`.toLowerCase(); return words.every((word) => all.includes(word)); });
  const rank = ({ id, label }: PickItem): number => { const own = label.toLowerCase(); const [first = ''] = words; return own.startsWith(first) || id.toLowerCase().startsWith(first) ? 0 : own.split(/[^a-z0-9]+/).some((part) => part.startsWith(first)) ? 1 : own.includes(first) ? 2 : 3; };
  return found.map((item, place) => ({ item, place, rank: rank(item) })).sort((one, other) => one.rank - other.rank || one.place - other.place).map(({ item }) => item);
}

class PatchbayPick extends LitElement {
  static override properties = { label: {}, items: { attribute: false }, free: { attribute: false }, text: { state: true }, at: { state: true } };
  declare label: string;
  declare items: readonly PickItem[];
  /** What is said beside the text that was typed. */
  declare free: string | undefined;
  declare private text: string;
  declare private at: number;
  onAnswer: (answer: string | undefined) => void = () => undefined;

  constructor() {
    super();
    this.text = '';
    this.at = 0;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')!.showModal();
    const field = this.renderRoot.querySelector<LitElement>('vscode-textfield');
    void field?.updateComplete.then(() => field.focus());
  }

  protected override updated(): void {
    this.renderRoot.querySelector('.item.at')?.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): unknown {
    const all = this.offered();
    const shown = all.slice(0, mostShown);
    const current = shown[this.at];
    return html`<dialog aria-label=${this.label} @cancel=${() => this.onAnswer(undefined)} @keydown=${(event: KeyboardEvent) => this.onKey(event, shown)} @click=${(event: Event) => { if (event.target === event.currentTarget) this.onAnswer(undefined); }}>
      <div class="box">
        <h2>${this.label}</h2>
        ${textField({ label: this.label, type: 'search', icon: 'search', value: this.text, placeholder: 'Type a part of it', onInput: (text) => { this.text = text; this.at = 0; } })}
        <div class="for-screen-readers" role="status">${current ? `${current.label}${current.detail ? `, ${current.detail}` : ''}, ${this.at + 1} of ${all.length}` : this.nothing}</div>
        <div class="items" role="listbox" tabindex="0" aria-label=${this.label} aria-activedescendant=${current ? `item-${this.at}` : nothing}>
          ${repeat(shown, ({ id }) => id, (item, place) => html`<div class="item ${place === this.at ? 'at' : ''}" role="option" id="item-${place}" aria-selected=${place === this.at ? 'true' : 'false'} @click=${() => this.onAnswer(item.id)}>
            <span class="name">${item.label}</span>${item.detail ? html`<span class="detail ellipsis">${item.detail}</span>` : nothing}</div>`)}
        </div>
        ${all.length === 0 ? html`<p class="quiet">${this.nothing}</p>` : all.length > shown.length ? html`<p class="quiet">And ${all.length - shown.length} more: type on.</p>` : nothing}
      </div></dialog>`;
  }

  /** Said where no item is offered. */
  private get nothing(): string {
    return this.free !== undefined && this.text.trim() === '' ? `Type ${this.free}.` : 'Nothing fits.';
  }

  private offered(): readonly PickItem[] {
    const found = fitting(this.items, this.text);
    const typed = this.text.trim();
    return this.free === undefined || typed === '' || this.items.some(({ id }) => id === typed) ? found : [...found, { id: typed, label: typed, detail: this.free }];
  }

  private onKey(event: KeyboardEvent, shown: readonly PickItem[]): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.at = Math.max(0, Math.min(shown.length - 1, this.at + step));
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const item = shown[this.at];
      if (item && !event.repeat) this.onAnswer(item.id);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.onAnswer(undefined);
    }
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    dialog { margin-top: 8vh; padding: 0; color: var(--vscode-foreground); background: var(--vscode-quickInput-background, var(--vscode-editorWidget-background)); border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border)); border-radius: 6px; width: min(560px, calc(100vw - 32px)); box-shadow: 0 4px 16px var(--vscode-widget-shadow, transparent); }
    dialog::backdrop { background: rgb(0 0 0 / 25%); }
    .box { display: flex; flex-direction: column; gap: 6px; padding: 10px; max-height: 70vh; }
    h2 { font-size: 12px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
    p { margin: 0 2px; font-size: 12px; }
    .items { overflow-y: auto; min-height: 0; outline: none; }
    .item { display: flex; align-items: baseline; gap: 10px; padding: 3px 8px; border-radius: 3px; cursor: pointer; border: 1px solid transparent; }
    .item .name { flex: 0 1 auto; overflow-wrap: anywhere; }
    .detail { flex: 1; font-size: 12px; color: var(--vscode-descriptionForeground); }
    .item:hover { background: var(--vscode-list-hoverBackground); }
    .item.at { background: var(--vscode-quickInputList-focusBackground, var(--vscode-list-activeSelectionBackground)); color: var(--vscode-quickInputList-focusForeground, var(--vscode-list-activeSelectionForeground)); border-color: var(--vscode-contrastActiveBorder, transparent); }
    .item.at .detail { color: inherit; }
  `];
}

customElements.define('patchbay-pick', PatchbayPick);
