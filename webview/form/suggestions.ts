import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Candidate } from '../../server/model/complete.ts';
import { focusedElement } from '../shared/focused-element.ts';
import type { Path } from './schema.ts';

/** What may be written where the cursor stands in the text of a field. */
export type Complete = (path: Path, text: string, offset: number) => Promise<readonly Candidate[]>;

type Input = HTMLInputElement | HTMLTextAreaElement;

interface Shown {
  readonly input: Input;
  readonly items: readonly Candidate[];
  readonly at: number;
}

const mostShown = 100;
/** Behind these, somebody who writes wants to know what may come. */
const openers = ['{', '.', '[', '|', '(', '$'];

/** The list of what may be written, below the field that has the focus. Ctrl+Space opens it, and so do the characters behind which there is something to choose. */
export class Suggestions {
  private readonly form: LitElement;
  private readonly complete: () => Complete | undefined;
  private shown: Shown | undefined;
  /** The latest question: answers to earlier ones come too late. */
  private asked = 0;

  constructor(form: LitElement, complete: () => Complete | undefined) {
    this.form = form;
    this.complete = complete;
  }

  /** Says whether the key was for the list. */
  key(event: KeyboardEvent): boolean {
    const input = inputOf(event);
    if (!input || event.isComposing) return false;
    if (event.ctrlKey && !event.altKey && !event.shiftKey && event.code === 'Space') {
      void this.ask(input, event.target as Element, true);
      return true;
    }
    if (this.shown?.input !== input || event.ctrlKey || event.metaKey || event.altKey) return false;
    const { items, at } = this.shown;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step !== undefined && items.length > 0) this.show({ ...this.shown, at: Math.abs(step) === 1 ? (at + step + items.length) % items.length : Math.max(0, Math.min(items.length - 1, at + step)) });
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && items[at]) this.accept(items[at]);
    else if (event.key === 'Escape') this.show(undefined);
    else return false;
    return true;
  }

  input(event: Event): void {
    const input = inputOf(event);
    if (!input) return;
    const typed = (event as InputEvent).data;
    if (this.shown || (typed !== null && typed !== undefined && openers.includes(typed.at(-1)!))) void this.ask(input, event.target as Element, false);
  }

  close(): void {
    this.asked++;
    if (this.shown) this.show(undefined);
  }

  view(): TemplateResult | typeof nothing {
    if (!this.shown) return nothing;
    const { items, at } = this.shown;
    const current = items[at];
    return html`<div class="for-screen-readers" role="status">${current ? `${said(current)}, ${at + 1} of ${items.length}` : 'No suggestions.'}</div>
      <div class="suggestions" popover="manual" @pointerdown=${(event: Event) => event.preventDefault()} @mousedown=${(event: Event) => event.preventDefault()}>${items.length === 0 ? html`<div class="quiet none">No suggestions.</div>` : html`
        <div role="listbox" aria-label="Suggestions">${repeat(items, ({ label }, place) => `${label} ${place}`, (item, place) => html`
          <div class="suggestion ${place === at ? 'at' : ''}" role="option" aria-selected=${place === at ? 'true' : 'false'} aria-label=${said(item)} title=${item.description ?? ''} @click=${() => this.accept(item)}>
            <span class="mono">${item.label}</span><span class="quiet ellipsis">${item.last === undefined ? (item.detail ?? '') : `= ${item.last}`}</span></div>`)}</div>
        ${current?.description ? html`<div class="about quiet">${current.description}</div>` : nothing}`}</div>`;
  }

  /** After each drawing of the form. */
  place(): void {
    const list = this.form.renderRoot.querySelector<HTMLElement>('.suggestions');
    if (!list || !this.shown) return;
    if (!list.matches(':popover-open')) list.showPopover();
    const field = this.shown.input.getBoundingClientRect();
    const { offsetHeight: height, offsetWidth: width } = list;
    const isBelow = field.bottom + height <= innerHeight || field.top < height;
    list.style.top = `${isBelow ? field.bottom + 2 : field.top - height - 2}px`;
    list.style.left = `${Math.max(4, Math.min(field.left, innerWidth - width - 4))}px`;
    list.querySelector('.at')?.scrollIntoView({ block: 'nearest' });
  }

  private async ask(input: Input, field: Element, isAsked: boolean): Promise<void> {
    const complete = this.complete();
    const holder = field.closest<HTMLElement>('[data-path]');
    if (!complete || !holder || input.readOnly) return;
    const turn = ++this.asked;
    const { value, selectionStart } = input;
    const caret = selectionStart ?? value.length;
    const found = await complete(JSON.parse(holder.dataset['path']!) as Path, value, caret).catch(() => []);
    if (turn !== this.asked || input.value !== value || !isFocused(input)) return;
    // Whole expressions are for who asks: others write a text.
    const items = isAsked || !found.some(({ insert }) => insert.startsWith('{{')) ? fitting(found, value, caret) : [];
    const isWritten = items.length === 1 && value.slice(items[0]!.start, caret) === items[0]!.insert;
    // Who has not asked is not told that there is nothing.
    this.show(isAsked || (items.length > 0 && !isWritten) ? { input, items, at: 0 } : undefined);
  }

  private show(shown: Shown | undefined): void {
    this.shown = shown;
    this.form.requestUpdate();
  }

  /** Written as if it was typed, so that the field's own undo takes it back. */
  private accept({ insert, start, end, caret = insert.length }: Candidate): void {
    const { input } = this.shown!;
    this.close();
    input.setSelectionRange(start, end);
    document.execCommand('insertText', false, insert);
    input.setSelectionRange(start + caret, start + caret);
  }
}

/** Those that begin with what is written of them; then those that have it somewhere. */
function fitting(candidates: readonly Candidate[], text: string, caret: number): readonly Candidate[] {
  const ranked = candidates.map((candidate) => {
    const written = text.slice(candidate.start, caret).replace(/^(?:\.|\[?['"]?)/, '').toLowerCase();
    const label = candidate.label.replace(/^\[['"]?/, '').toLowerCase();
    return { candidate, rank: label.startsWith(written) ? 0 : label.includes(written) ? 1 : 2 };
  });
  return [0, 1].flatMap((rank) => ranked.filter((one) => one.rank === rank).map(({ candidate }) => candidate)).slice(0, mostShown);
}

const said = ({ label, detail, last }: Candidate): string => [label, detail, last === undefined ? undefined : `last ${last}`].filter((part) => part !== undefined).join(', ');

const isFocused = (input: Input): boolean => focusedElement() === input;

function inputOf(event: Event): Input | undefined {
  const [inner] = event.composedPath();
  return inner instanceof HTMLTextAreaElement || (inner instanceof HTMLInputElement && inner.type === 'text') ? inner : undefined;
}
