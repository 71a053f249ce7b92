import { css, html, LitElement, nothing } from 'lit';
import { focusedElement } from './focused-element.ts';
import { button, kitStyles, textField } from './kit.ts';
import { baseStyles, toneStyles } from './styles.ts';

export interface Question {
  readonly title: string;
  readonly text?: unknown;
  /** What the button that agrees says: what will be done. */
  readonly action: string;
  /** Something to type. `mustBe`: only this word agrees. */
  readonly field?: { readonly label: string; readonly value?: string; readonly placeholder?: string; readonly mustBe?: string };
}

/** Asks before something that cannot be taken back. Gives what was typed, `''` without a field; `undefined`: the answer was no. The focus goes back to where it was. */
export function ask(question: Question): Promise<string | undefined> {
  const before = focusedElement();
  const element = new PatchbayAsk();
  element.question = question;
  element.typed = question.field?.value ?? '';
  document.body.append(element);
  return new Promise((resolve) => {
    element.onAnswer = (answer) => {
      element.remove();
      before?.focus();
      resolve(answer);
    };
  });
}

class PatchbayAsk extends LitElement {
  static override properties = { question: { attribute: false }, typed: { state: true } };
  declare question: Question;
  declare typed: string;
  onAnswer: (answer: string | undefined) => void = () => undefined;

  protected override firstUpdated(): void {
    const dialog = this.renderRoot.querySelector('dialog')!;
    dialog.showModal();
    const first = this.renderRoot.querySelector<HTMLElement>(this.question.field ? 'vscode-textfield' : 'vscode-button');
    void (first as LitElement | null)?.updateComplete.then(() => first?.focus());
  }

  private get mayAgree(): boolean {
    const { mustBe } = this.question.field ?? {};
    return mustBe === undefined || this.typed.trim() === mustBe;
  }

  protected override render(): unknown {
    const { title, text, action, field } = this.question;
    // Escape cancels at once; that the dialog is closed would be told a frame later, and until then whoever asked would still wait.
    return html`<dialog aria-label=${title} @cancel=${() => this.onAnswer(undefined)} @keydown=${this.onKey}>
      <h2>${title}</h2>
      ${text ? html`<div class="text">${text}</div>` : nothing}
      ${field ? html`<label>${field.label}${textField({ label: field.label, value: this.typed, ...(field.placeholder !== undefined && { placeholder: field.placeholder }), onInput: (typed) => { this.typed = typed; } })}</label>` : nothing}
      <div class="actions" @keydown=${{ handleEvent: this.onHeldKey, capture: true }}>${button({ label: action, primary: true, disabled: !this.mayAgree, onClick: () => this.agree() })}${button({ label: 'Cancel', onClick: () => this.onAnswer(undefined) })}</div>
    </dialog>`;
  }

  private agree(): void {
    if (this.mayAgree) this.onAnswer(this.typed.trim());
  }

  /** A key that is held since before the question was asked does not answer it. */
  private readonly onHeldKey = (event: KeyboardEvent): void => {
    if (event.repeat && event.key === 'Enter') event.stopPropagation();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    // The focus is elsewhere by the end of this key, and a button there would be pressed by it.
    event.preventDefault();
    if ((event.target as Element).matches('vscode-textfield')) this.agree();
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    dialog { color: var(--vscode-foreground); background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border)); border-radius: 6px; padding: 16px 20px; width: min(460px, calc(100vw - 32px)); max-height: calc(100vh - 32px); overflow: auto; box-shadow: 0 4px 16px var(--vscode-widget-shadow, transparent); }
    dialog::backdrop { background: rgb(0 0 0 / 40%); }
    h2 { font-size: 1.1em; font-weight: 600; margin: 0 0 6px; overflow-wrap: anywhere; }
    .text { overflow-wrap: anywhere; }
    label { display: flex; flex-direction: column; gap: 4px; margin-top: 12px; }
    .actions { margin-top: 16px; }
  `];
}

customElements.define('patchbay-ask', PatchbayAsk);
