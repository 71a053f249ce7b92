import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { formatBytes } from './format.ts';
import { kitStyles, linkButton } from './kit.ts';
import { readOn, type Excerpt } from './payload-text.ts';
import type { LoadWindow } from './payload-tree.ts';
import { baseStyles } from './styles.ts';
import { VirtualList } from './virtual-list.ts';

const lineHeight = 18;

/** Text with line numbers; more of it is read when its end comes into view. */
class PatchbayPayloadLines extends LitElement {
  static override properties = { excerpt: { attribute: false }, load: { attribute: false }, label: { attribute: false }, failed: { state: true } };
  declare excerpt: Excerpt;
  declare load: LoadWindow;
  declare label: string;
  declare private failed: string | undefined;
  private current: Excerpt | undefined;
  private isReading = false;
  private readonly list = new VirtualList(this, lineHeight, (atEnd) => { if (atEnd) void this.read(); });

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('excerpt')) { this.current = this.excerpt; this.failed = undefined; this.list.toTop(); }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { found } = this.excerpt;
    if (!changed.has('excerpt') || found === undefined) return;
    this.list.range(this.excerpt.lines.length, 10);
    this.list.reveal(found);
  }

  protected override render(): unknown {
    const { lines, complete, bytes, size, firstLine = 1, found, isFaulty } = this.current ?? this.excerpt;
    const range = this.list.range(lines.length, 10);
    const digits = String(firstLine + lines.length).length;
    return html`${isFaulty ? html`<div class="more" role="note">These bytes are no text in UTF-8: � stands for what is no character. Save the body to read it in its own encoding.</div>` : nothing}<div class="scroller" role="group" tabindex="0" aria-label="${this.label} as text" ${ref(this.list.attach)}>
      <div style="height: ${range.height}px"><div style="transform: translateY(${range.offset}px)">
        ${lines.slice(range.first, range.end).map((line, at) => html`<div class="line ${range.first + at === found ? 'found' : ''}"><span class="at" aria-hidden="true" style="width: ${digits + 1}ch">${firstLine + range.first + at}</span><span class="text">${line}</span></div>`)}
      </div></div></div>
      ${complete ? nothing : html`<div class="more">${this.failed ?? `${formatBytes(bytes)} of ${formatBytes(size)} are shown.`} ${linkButton({ label: this.failed ? 'Try again' : 'Read on', onClick: () => void this.read() })}</div>`}`;
  }

  private async read(): Promise<void> {
    const before = this.current;
    if (!before || before.complete || this.isReading) return;
    this.isReading = true;
    try {
      const after = await readOn(before, this.load);
      // Meanwhile another body may be shown.
      if (this.current === before) this.current = after;
      this.failed = undefined;
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
    }
    this.isReading = false;
    this.requestUpdate();
  }

  static override styles = [baseStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .scroller { flex: 1; min-height: 0; overflow: auto; font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); }
    .line { height: ${lineHeight}px; line-height: ${lineHeight}px; white-space: pre; }
    .line.found { outline: 1px dashed var(--vscode-contrastActiveBorder, var(--vscode-focusBorder)); outline-offset: -1px; font-weight: 700; }
    .at { display: inline-block; text-align: right; color: var(--vscode-editorLineNumber-foreground); margin: 0 12px 0 4px; user-select: none; }
    .text { color: var(--vscode-editor-foreground); }
    .more { padding: 4px 12px; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
  `];
}

customElements.define('patchbay-payload-lines', PatchbayPayloadLines);
