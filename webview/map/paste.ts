import { css, html, LitElement, nothing } from 'lit';
import { sayBrokenJson } from '../../server/model/syntax-errors.ts';
import { focusedElement } from '../shared/focused-element.ts';
import { button, kitStyles, textArea } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

/** Asks for a JSON text. `undefined`: cancelled. The focus goes back to where it was. */
export function pasteText(): Promise<string | undefined> {
  const element = new PatchbayPaste();
  const before = focusedElement();
  document.body.append(element);
  return new Promise((resolve) => {
    element.onAnswer = (answer) => {
      element.remove();
      before?.focus();
      resolve(answer);
    };
  });
}

class PatchbayPaste extends LitElement {
  static override properties = { text: { state: true }, problem: { state: true } };
  declare private text: string;
  declare private problem: string | undefined;
  onAnswer: (answer: string | undefined) => void = () => undefined;

  constructor() {
    super();
    this.text = '';
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')!.showModal();
    const field = this.renderRoot.querySelector<LitElement>('vscode-textarea');
    void field?.updateComplete.then(() => field.focus());
  }

  protected override render(): unknown {
    return html`<dialog aria-label="Paste a sample" @cancel=${() => this.onAnswer(undefined)} @keydown=${this.onKey}>
      <h2>Paste a sample</h2>
      <p class="quiet">A payload as JSON: one record, or a list of them.</p>
      ${textArea({ label: 'Sample', value: this.text, rows: 12, monospace: true, invalid: this.problem !== undefined, ...(this.problem !== undefined && { description: this.problem }), onInput: (text) => { this.text = text; this.problem = undefined; } })}
      ${this.problem === undefined ? nothing : html`<div class="problem" role="alert">${this.problem}</div>`}
      <div class="actions">${button({ label: 'Use it', primary: true, disabled: this.text.trim() === '', onClick: () => this.agree() })}${button({ label: 'Cancel', onClick: () => this.onAnswer(undefined) })}</div>
    </dialog>`;
  }

  private agree(): void {
    try {
      JSON.parse(this.text);
      this.onAnswer(this.text);
    } catch {
      this.problem = sayBrokenJson(this.text, 'The sample');
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.agree();
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    dialog { color: var(--vscode-foreground); background: var(--vscode-editorWidget-background); border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border)); border-radius: 6px; padding: 16px 20px; width: min(560px, calc(100vw - 32px)); box-shadow: 0 4px 16px var(--vscode-widget-shadow, transparent); }
    dialog::backdrop { background: rgb(0 0 0 / 40%); }
    h2 { font-size: 1.1em; font-weight: 600; margin: 0 0 4px; }
    p { margin: 0 0 10px; }
    vscode-textarea { width: 100%; }
    .problem { margin-top: 6px; color: var(--patchbay-error-text); font-size: 12px; }
    .actions { margin-top: 14px; }
  `];
}

customElements.define('patchbay-paste', PatchbayPaste);
