import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { BodyMatch } from '../../server/model/body-find.ts';
import { formatNumber } from './format.ts';
import { FoundMatches, type FindIn } from './found-matches.ts';
import { iconButton, kitStyles, textField } from './kit.ts';
import { fromPointer, toPath } from './payload-path.ts';
import { baseStyles } from './styles.ts';

const pauseMs = 200;

/** A match to be shown, and the text that is looked for. */
export interface ShownMatch {
  readonly match: BodyMatch;
  readonly text: string;
}

/** The field to find a text in a payload. Tells `match` (a `ShownMatch`; none: `undefined`) and `close-bar`. */
class PatchbayPayloadFind extends LitElement {
  static override properties = { hash: { attribute: false }, find: { attribute: false }, label: { attribute: false }, text: { state: true }, at: { state: true }, match: { state: true }, failed: { state: true }, version: { state: true } };
  declare hash: string;
  declare find: FindIn;
  declare label: string;
  declare private text: string;
  declare private at: number;
  declare private match: BodyMatch | undefined;
  declare private failed: string | undefined;
  declare private version: number;
  private found: FoundMatches | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
    this.at = 0;
    this.version = 0;
  }

  focusField(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('vscode-textfield')?.focus());
  }

  async go(step: 1 | -1): Promise<void> {
    const { found } = this;
    if (!found) return this.start();
    const last = found.total - 1;
    await this.show(found, this.at + step < 0 ? last : found.isComplete && this.at + step > last ? 0 : this.at + step);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.get('hash') !== undefined && this.text !== '') void this.start();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.found?.end();
    this.found = undefined;
  }

  private type(text: string): void {
    this.stop();
    this.text = text;
    this.timer = setTimeout(() => void this.start(), pauseMs);
  }

  private async start(): Promise<void> {
    this.stop();
    this.failed = undefined;
    if (this.text === '') return this.tell(undefined);
    const found = new FoundMatches(this.find, this.text);
    this.found = found;
    await this.show(found, 0);
    await this.attempt(found, () => found.countAll(() => { this.version++; }));
    if (this.found === found) this.version++;
  }

  private async show(found: FoundMatches, index: number): Promise<void> {
    await this.attempt(found, async () => {
      const match = await found.at(index) ?? (index > 0 ? await found.at(0) : undefined);
      if (this.found !== found) return;
      this.at = match && index < found.total ? index : 0;
      this.tell(match);
    });
  }

  private async attempt(found: FoundMatches, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (this.found === found) this.failed = error instanceof Error ? error.message : String(error);
      found.end();
    }
  }

  private tell(match: BodyMatch | undefined): void {
    this.match = match;
    this.dispatchEvent(new CustomEvent('match', { detail: match && { match, text: this.text } satisfies ShownMatch }));
  }

  protected override render(): unknown {
    const none = !this.match;
    return html`<div class="bar" role="search" @keydown=${this.onKey}>
      ${textField({ label: `Find in ${this.label}`, type: 'search', icon: 'search', value: this.text, placeholder: 'Find', invalid: this.failed !== undefined, onInput: (text) => this.type(text) })}
      <span class="count" role="status">${this.status()}</span>
      ${iconButton({ label: 'The one before (Shift+Enter)', icon: 'arrow-up', disabled: none, onClick: () => void this.go(-1) })}
      ${iconButton({ label: 'The next one (Enter)', icon: 'arrow-down', disabled: none, onClick: () => void this.go(1) })}
      ${iconButton({ label: 'Close (Escape)', icon: 'close', onClick: () => this.close() })}
      ${this.match && !this.failed ? html`<span class="where quiet ellipsis" title=${this.match.excerpt}>${placeOf(this.match)}: ${this.match.excerpt}</span>` : nothing}
    </div>`;
  }

  private status(): string {
    const { found, match, failed } = this;
    if (failed !== undefined) return failed;
    if (this.text === '') return '';
    if (!match) return found?.isComplete ? 'none' : 'looking…';
    return `${formatNumber(this.at + 1)} of ${formatNumber(found?.total ?? 0)}${found?.isComplete ? '' : '+'}`;
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('close-bar'));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.composedPath()[0] instanceof HTMLInputElement)) return;
    event.preventDefault();
    // What was typed just now is looked for first.
    if (this.found?.text === this.text) void this.go(event.shiftKey ? -1 : 1);
    else void this.start();
  };

  static override styles = [baseStyles, kitStyles, css`
    :host { display: block; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; padding: 4px 8px; }
    vscode-textfield { flex: 1; min-width: 110px; }
    .count { font-variant-numeric: tabular-nums; }
    .where { flex-basis: 100%; font-family: var(--vscode-editor-font-family, monospace); }
  `];
}

const placeOf = ({ pointer, side, line }: BodyMatch): string => side === 'line' ? `Line ${formatNumber(line ?? 0)}` : `${toPath(fromPointer(pointer))}${side === 'key' ? ' (name)' : ''}`;

customElements.define('patchbay-payload-find', PatchbayPayloadFind);

declare global {
  interface HTMLElementTagNameMap { 'patchbay-payload-find': PatchbayPayloadFind }
}
