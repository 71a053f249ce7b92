import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CachedRow, CacheKeyRow, PageOf } from '../../server/model/api.ts';
import { formatBytes, formatFullTime, formatNumber, formatRelative } from '../shared/format.ts';
import { emptyState, iconButton, kitStyles, linkButton, loading, message, toolbar } from '../shared/kit.ts';
import '../shared/payload-lines.ts';
import { toLines, type Excerpt } from '../shared/payload-text.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { reasonOf } from './guarded.ts';
import type { CacheName } from '../protocol/state.ts';
import type { Operations } from './operations.ts';

/** One of the documents under a key of a cache, and the way to the others. */
class PatchbayCachedDocument extends LitElement {
  static override properties = { operations: { attribute: false }, cache: { attribute: false }, row: { attribute: false }, at: { state: true }, page: { state: true }, failed: { state: true } };
  declare operations: Operations;
  declare cache: CacheName;
  declare row: CacheKeyRow;
  declare private at: number;
  declare private page: PageOf<CachedRow> | undefined;
  declare private failed: string | undefined;

  constructor() {
    super();
    this.at = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('row')) void this.show(0);
  }

  private async show(at: number): Promise<void> {
    const { row, cache } = this;
    this.at = at;
    this.failed = undefined;
    try {
      const page = await this.operations.cachedDocument(cache, row.key, at);
      if (this.row === row && this.at === at) this.page = page;
    } catch (error) {
      this.failed = reasonOf(error);
    }
  }

  protected override render(): unknown {
    const { page, failed, at } = this;
    if (failed !== undefined) return html`<div class="outer">${message({ tone: 'bad', title: 'The document could not be read', text: failed, actions: linkButton({ label: 'Try again', onClick: () => void this.show(at) }) })}</div>`;
    if (!page) return loading('The document is loading');
    const document = page.items[0];
    if (!document) return emptyState({ icon: 'circle-slash', title: 'There is nothing under this key any more' });
    return html`${this.renderBar(document, page.total)}${this.renderBody(document)}`;
  }

  private renderBar({ mediaType, bytes, expiresAt, meta, at: since }: CachedRow, total: number): TemplateResult {
    const { at, row } = this;
    const facts = Object.entries(meta).map(([name, value]) => `${name}: ${value}`).join(', ');
    return toolbar('Documents of the key', html`
      <span class="mono ellipsis key" title=${row.key}>${row.key}</span>
      ${total > 1 ? html`${iconButton({ label: 'Earlier document', icon: 'chevron-left', disabled: at === 0, onClick: () => void this.show(at - 1) })}<span role="status">${formatNumber(at + 1)} of ${formatNumber(total)}</span>${iconButton({ label: 'Later document', icon: 'chevron-right', disabled: at + 1 >= total, onClick: () => void this.show(at + 1) })}` : nothing}
      <span class="quiet">${mediaType} · ${formatBytes(bytes)} · <span title=${formatFullTime(since)}>since ${formatRelative(since, Date.now())}</span> · <span title=${formatFullTime(expiresAt)}>ends ${formatRelative(expiresAt, Date.now())}</span>${facts ? html` · ${facts}` : nothing}</span>`);
  }

  private renderBody({ body, kind }: CachedRow): TemplateResult {
    if (body === undefined) return emptyState({ icon: 'file-binary', title: 'The document is too long to be shown here', text: html`<code>patchbay caches get</code> writes it out.` });
    const text = kind === 'json' ? JSON.stringify(body, null, 2) : String(body);
    const excerpt: Excerpt = { lines: toLines(text), bytes: text.length, size: text.length, complete: true };
    return html`<patchbay-payload-lines .excerpt=${excerpt} .load=${() => Promise.reject(new Error('All of it is shown.'))} .label=${'Document'}></patchbay-payload-lines>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .toolbar { padding: 4px 12px; gap: 2px 10px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); flex: none; }
    .key { max-width: 260px; }
    .outer { padding: 8px 12px; }
    patchbay-payload-lines { flex: 1; min-height: 0; }
  `];
}

customElements.define('patchbay-cached-document', PatchbayCachedDocument);
