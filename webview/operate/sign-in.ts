import { css, html, LitElement, nothing } from 'lit';
import { button, icon, kitStyles, message, textField } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

/** Asks for the token of the runner. `onToken` says whether the runner takes it. */
class PatchbaySignIn extends LitElement {
  static override properties = { onToken: { attribute: false }, reason: {}, token: { state: true }, problem: { state: true }, busy: { state: true } };
  declare onToken: (token: string) => Promise<string | undefined>;
  /** Why the user sees this. */
  declare reason: string | undefined;
  declare private token: string;
  declare private problem: string | undefined;
  declare private busy: boolean;

  constructor() {
    super();
    this.token = '';
    this.busy = false;
  }

  protected override render(): unknown {
    return html`<main><form @submit=${this.submit}>
      <h1>${icon('plug')} Patchbay</h1>
      ${this.reason ? html`<p>${this.reason}</p>` : nothing}
      <label for="token">Token of the runner</label>
      ${textField({ id: 'token', label: 'Token of the runner', type: 'password', value: this.token, description: 'patchbay serve prints it when it starts.', invalid: this.problem !== undefined, onInput: (value) => { this.token = value; }, onChange: (value) => { this.token = value; } })}
      <p class="quiet"><code>patchbay serve</code> prints it when it starts, with a link that needs no typing. It is kept until this tab is closed.</p>
      ${this.problem ? message({ tone: 'bad', title: this.problem }) : nothing}
      <div class="actions">${button({ label: 'Sign in', primary: true, disabled: this.busy || this.token.trim() === '', onClick: () => void this.signIn() })}</div>
    </form></main>`;
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    void this.signIn();
  };

  private async signIn(): Promise<void> {
    if (this.busy || this.token.trim() === '') return;
    this.busy = true;
    this.problem = await this.onToken(this.token.trim());
    this.busy = false;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; height: 100%; align-items: center; justify-content: center; padding: 16px; }
    main { width: min(380px, 100%); }
    form { display: flex; flex-direction: column; gap: 8px; }
    h1 { font-size: 1.4em; font-weight: 600; margin: 0 0 4px; }
    p { margin: 0; }
  `];
}

customElements.define('patchbay-sign-in', PatchbaySignIn);
