import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { formatCount } from './format.ts';
import { button, emptyState, iconButton, kitStyles, linkButton, loading, message, textField } from './kit.ts';
import { toPath, type Segments } from './payload-path.ts';
import './payload-rows.ts';
import type { LoadWindow } from './payload-tree.ts';
import { queryPath, QueryResults, resultsAtOnce, type QueryIn } from './query-results.ts';
import { baseStyles, toneStyles } from './styles.ts';

/** A JSONPath and what it finds in a payload. Tells `show-place` (segments) and `close-bar`. */
class PatchbayPayloadQuery extends LitElement {
  static override properties = { hash: { attribute: false }, query: { attribute: false }, load: { attribute: false }, label: { attribute: false }, text: { state: true }, results: { state: true }, isBusy: { state: true }, failed: { state: true }, place: { state: true }, version: { state: true } };
  declare hash: string;
  declare query: QueryIn;
  declare load: LoadWindow;
  declare label: string;
  declare private text: string;
  declare private results: QueryResults | undefined;
  declare private isBusy: boolean;
  declare private failed: string | undefined;
  declare private place: Segments | undefined;
  declare private version: number;

  constructor() {
    super();
    this.text = '';
    this.version = 0;
    this.isBusy = false;
  }

  focusField(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('vscode-textfield')?.focus());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.results?.end();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.get('hash') !== undefined && this.results) void this.run();
  }

  private async run(): Promise<void> {
    this.results?.end();
    this.results = undefined;
    this.failed = undefined;
    this.place = undefined;
    if (this.text.trim() === '') return;
    this.results = new QueryResults(queryPath(this.text), this.query, this.load, () => { this.version++; });
    await this.more(this.results);
  }

  private async more(results: QueryResults): Promise<void> {
    this.isBusy = true;
    try {
      await results.more();
    } catch (error) {
      if (this.results === results) this.failed = error instanceof Error ? error.message : String(error);
    }
    if (this.results === results) this.isBusy = false;
  }

  protected override render(): unknown {
    return html`<div class="bar" role="search" @keydown=${this.onKey}>
        ${textField({ label: `JSONPath to query ${this.label}`, type: 'search', icon: 'list-filter', monospace: true, value: this.text, placeholder: '$.orders[?@.total > 100].id', invalid: this.failed !== undefined, onInput: (text) => { this.text = text; } })}
        ${button({ label: 'Query', primary: true, onClick: () => void this.run() })}
        ${iconButton({ label: 'Close (Escape)', icon: 'close', onClick: () => this.dispatchEvent(new CustomEvent('close-bar')) })}
      </div>
      <div class="status" role="status">${this.renderStatus()}</div>
      ${this.renderResults()}`;
  }

  private renderStatus(): unknown {
    const { results } = this;
    if (!results || this.failed !== undefined) return nothing;
    if (this.isBusy && results.count === 0) return 'Looking…';
    return html`${formatCount(results.count, 'result')}${results.hasMore ? (results.isFull ? '. There are more: ask for fewer.' : '+') : ''}
      ${results.hasMore && !results.isFull ? linkButton({ label: this.isBusy ? 'Looking…' : `${resultsAtOnce} more`, onClick: () => { if (!this.isBusy) void this.more(results); } }) : nothing}
      ${this.place ? linkButton({ label: 'Show in the document', title: toPath(this.place), onClick: () => this.dispatchEvent(new CustomEvent('show-place', { detail: this.place })) }) : nothing}`;
  }

  private renderResults(): unknown {
    const { results, failed } = this;
    if (failed !== undefined) return html`<div class="error">${message({ tone: 'bad', title: 'The query found nothing', text: failed })}</div>`;
    if (!results) return html`<div class="error quiet">A JSONPath, such as <code>$[*].id</code>, <code>$..sku</code> or <code>$.orders[?@.total &gt; 100]</code>; or a place as expressions name it: <code>${'{{ payload.orders[*].id }}'}</code>.</div>`;
    if (results.count === 0) return this.isBusy ? loading('Results: loading', 4) : emptyState({ icon: 'list-filter', title: 'The path finds nothing in this document' });
    return html`<patchbay-payload-rows .tree=${results.tree} .version=${this.version} .label=${'Results'} .names=${(index: number) => results.nameOf(index)} @place=${(event: CustomEvent<Segments>) => { this.place = results.placeOf(event.detail); }}></patchbay-payload-rows>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.composedPath()[0] instanceof HTMLInputElement)) return;
    event.preventDefault();
    void this.run();
  };

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; flex: 1; }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; padding: 4px 8px; }
    vscode-textfield { flex: 1; min-width: 110px; }
    .status { padding: 0 12px 4px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .error { padding: 12px; }
    patchbay-payload-rows { flex: 1; }
  `];
}

customElements.define('patchbay-payload-query', PatchbayPayloadQuery);

declare global {
  interface HTMLElementTagNameMap { 'patchbay-payload-query': PatchbayPayloadQuery }
}
