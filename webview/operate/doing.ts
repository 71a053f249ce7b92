import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { icon, linkButton, message } from '../shared/kit.ts';
import { reasonOf } from './guarded.ts';

/** What a screen does for the user, one thing at a time, and how it ended. */
export class Doing {
  problem: string | undefined;
  /** What was done. */
  note: string | undefined;
  private isBusy = false;
  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
  }

  /** `action` gives what to say afterwards, if anything. The controls stay enabled meanwhile, as a disabled one would lose the focus. */
  async run(action: () => Promise<string | void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.forget();
    try {
      this.note = (await action()) ?? undefined;
    } catch (error) {
      this.problem = reasonOf(error);
    }
    this.isBusy = false;
    this.host.requestUpdate();
  }

  forget(): void {
    this.problem = undefined;
    this.note = undefined;
    this.host.requestUpdate();
  }

  render(): TemplateResult {
    return html`<div class="outcome" role="status">${this.note ? html`<div class="done">${icon('pass', { tone: 'good' })} ${this.note}</div>` : nothing}</div>
      ${this.problem ? html`<div class="outer problem">${message({ tone: 'bad', title: 'That did not work', text: this.problem, actions: linkButton({ label: 'Close', onClick: () => this.forget() }) })}</div>` : nothing}`;
  }
}
