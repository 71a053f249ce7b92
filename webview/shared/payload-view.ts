import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { BodyWindow } from '../../server/model/api.ts';
import type { LineagePlace, RunLineage } from '../../server/model/run-lineage.ts';
import { formatBytes, formatCount } from './format.ts';
import { emptyState, iconButton, kitStyles, linkButton, loading, message, select, textField, toolbar } from './kit.ts';
import { fromPointer, readPath, toPath, toPointer, type Segments } from './payload-path.ts';
import './lineage-view.ts';
import type { PayloadBody } from './payload-body.ts';
import './payload-lines.ts';
import './payload-find.ts';
import type { ShownMatch } from './payload-find.ts';
import './payload-rows.ts';
import type { RowMark } from './payload-rows.ts';
import { collect, excerptAt, startExcerpt, toLines, type Excerpt } from './payload-text.ts';
import { PayloadTree, type TreeRow } from './payload-tree.ts';
import { baseStyles, toneStyles } from './styles.ts';

/** More entries than this are not put together into one text, neither to show nor to copy. */
const collectLimit = 20_000;
/** Of longer texts in a document the host gives the start. */
const longestText = 64 * 1024;
const firstWindow = { path: '', offset: 0, limit: 100 } as const;

export const payloadView = (body: PayloadBody): TemplateResult => html`<patchbay-payload .body=${body}></patchbay-payload>`;

/** What is shown; which of them is possible depends on the body. */
type Shown =
  | { readonly as: 'nothing' } | { readonly as: 'loading' } | { readonly as: 'error'; readonly reason: string }
  | { readonly as: 'tree'; readonly tree: PayloadTree }
  | { readonly as: 'lines'; readonly excerpt: Excerpt };

/** A document of any size, read in windows: as a tree with places to copy, or as text. */
class PatchbayPayload extends LitElement {
  static override properties = { body: { attribute: false }, first: { state: true }, shown: { state: true }, mode: { state: true }, place: { state: true }, version: { state: true }, note: { state: true }, way: { state: true }, bar: { state: true }, mark: { state: true } };
  declare body: PayloadBody;
  declare private first: BodyWindow | undefined;
  declare private shown: Shown;
  declare private mode: 'tree' | 'text';
  declare private place: Segments;
  declare private version: number;
  declare private note: string;
  declare private bar: 'find' | 'query' | undefined;
  declare private mark: RowMark | undefined;
  declare private way: { readonly of: string; readonly lineage: RunLineage } | undefined;

  constructor() {
    super();
    this.shown = { as: 'nothing' };
    this.mode = 'tree';
    this.place = [];
    this.version = 0;
    this.note = '';
    this.addEventListener('keydown', this.onKey);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('body') as PayloadBody | undefined;
    if (changed.has('body') && before?.hash !== this.body.hash) void this.open();
  }

  private async open(): Promise<void> {
    const { hash } = this.body;
    this.first = undefined;
    this.place = [];
    this.note = '';
    this.way = undefined;
    this.mark = undefined;
    if (!hash) { this.shown = { as: 'nothing' }; return; }
    this.shown = { as: 'loading' };
    await this.attempt(hash, async () => {
      const first = await this.body.load(firstWindow);
      if (this.body.hash !== hash) return;
      this.first = first;
      await this.show(this.mode);
    });
  }

  private async show(mode: 'tree' | 'text'): Promise<void> {
    const first = this.first;
    if (!first) return;
    this.mode = mode;
    const { hash, load } = this.body;
    if (first.kind === 'text' || first.kind === 'binary') this.shown = { as: 'lines', excerpt: startExcerpt(first) };
    else if (mode === 'tree' && (first.kind === 'object' || first.kind === 'array')) this.shown = { as: 'tree', tree: new PayloadTree(first, load, () => { this.version++; }) };
    else await this.attempt(hash, async () => {
      const whole = await collect(load, [], collectLimit);
      if (this.body.hash !== hash || this.mode !== mode) return;
      if ('tooMuch' in whole) this.shown = { as: 'error', reason: whole.tooMuch === 'entries' ? `This document has more than ${formatCount(collectLimit, 'entry', 'entries')}, too many to show as one text. The tree shows any part of it.` : `${longText('This document')}, too long to be shown whole. ${first.kind === 'string' ? 'Save the whole body instead.' : 'The tree shows its start.'}` };
      else this.shown = { as: 'lines', excerpt: wholeText(typeof whole.value === 'string' ? whole.value : JSON.stringify(whole.value, null, 2), first.size) };
    });
  }

  private async attempt(hash: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (this.body.hash === hash) this.shown = { as: 'error', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  protected override render(): unknown {
    if (this.shown.as === 'nothing') return emptyState({ icon: 'circle-slash', title: 'The body was not kept', text: 'The settings of the flow say what a run records.' });
    return html`${this.renderBar()}${this.note ? html`<div class="note" role="status">${this.note}</div>` : nothing}${this.way ? html`<patchbay-lineage .lineage=${this.way.lineage} .of=${this.way.of} .mayOpen=${this.body.onPlace !== undefined} @open-place=${(event: CustomEvent<LineagePlace>) => this.body.onPlace?.(event.detail)} @close-lineage=${() => this.closeWay()}></patchbay-lineage>` : nothing}${this.renderFind()}<div class="body">${this.bar === 'query' ? this.renderQuery() : this.renderBody()}</div>`;
  }

  private renderBar(): TemplateResult {
    const { first, body, mode } = this;
    const hasTree = first?.kind === 'object' || first?.kind === 'array';
    return toolbar(`Tools for ${body.label}`, html`
      ${hasTree ? html`<div class="path">${textField({ label: 'Path in the document', value: toPath(this.place), monospace: true, onChange: (text) => void this.go(text) })}</div>` : html`<div class="path quiet ellipsis">${body.mediaType}</div>`}
      ${first ? html`<span class="quiet size">${hasTree ? `${formatCount(first.count, 'entry', 'entries')} · ` : ''}${formatBytes(first.size)}</span>` : nothing}
      ${hasTree ? html`<div class="mode">${select({ label: 'Show as', value: mode, options: [{ value: 'tree', label: 'Tree' }, { value: 'text', label: 'Text' }], onChange: (value) => void this.show(value as 'tree' | 'text') })}</div>` : nothing}
      ${hasTree && body.lineage ? iconButton({ label: 'Where does this come from?', icon: 'references', onClick: () => void this.trace() }) : nothing}
      ${body.find && first && first.kind !== 'binary' ? iconButton({ label: 'Find in the payload (Ctrl+F)', icon: 'search', pressed: this.bar === 'find', onClick: () => void this.toggle('find') }) : nothing}
      ${body.query && hasTree ? iconButton({ label: 'Query with a JSONPath…', icon: 'list-filter', pressed: this.bar === 'query', onClick: () => void this.toggle('query') }) : nothing}
      ${hasTree ? iconButton({ label: 'Copy path', icon: 'bracket-dot', onClick: () => void this.copyPath() }) : nothing}
      ${iconButton({ label: 'Copy value', icon: 'copy', onClick: () => void this.copyValue(this.place) })}
      ${body.open ? iconButton({ label: 'Open the start as a document', icon: 'go-to-file', onClick: () => void this.openStart(body.open!) }) : nothing}
      ${body.save ? iconButton({ label: 'Save the whole body…', icon: 'save', onClick: body.save }) : nothing}`);
  }

  private renderFind(): unknown {
    if (this.bar !== 'find') return nothing;
    return html`<patchbay-payload-find .hash=${this.body.hash} .find=${this.body.find} .label=${this.body.label} @match=${(event: CustomEvent<ShownMatch | undefined>) => void this.showMatch(event.detail)} @close-bar=${() => this.close()}></patchbay-payload-find>`;
  }

  private renderQuery(): unknown {
    return html`<patchbay-payload-query .hash=${this.body.hash} .query=${this.body.query} .load=${this.body.load} .label=${this.body.label} @close-bar=${() => this.close()} @show-place=${(event: CustomEvent<Segments>) => void this.showPlace(event.detail)}></patchbay-payload-query>`;
  }

  private renderBody(): TemplateResult {
    const { shown } = this;
    switch (shown.as) {
      case 'tree':
        return html`<patchbay-payload-rows .tree=${shown.tree} .version=${this.version} .label=${this.body.label} .mark=${this.mark} @place=${(event: CustomEvent<Segments>) => { this.place = event.detail; this.note = ''; }} @copy-row=${(event: CustomEvent<TreeRow>) => void this.copyValue(shown.tree.segments(event.detail))}></patchbay-payload-rows>`;
      case 'lines':
        return html`<patchbay-payload-lines .excerpt=${shown.excerpt} .load=${this.body.load} .label=${this.body.label}></patchbay-payload-lines>`;
      case 'error':
        return html`<div class="error">${message({ tone: this.first ? 'info' : 'bad', title: this.first ? 'Not shown as text' : 'The body could not be read', text: shown.reason, actions: this.first
          ? linkButton({ label: 'Show the tree', onClick: () => void this.show('tree') })
          : linkButton({ label: 'Try again', onClick: () => void this.open() }) })}</div>`;
      default:
        return loading(`${this.body.label}: loading`, 5);
    }
  }

  private async go(text: string): Promise<void> {
    const segments = readPath(text);
    this.bar = this.bar === 'query' ? undefined : this.bar;
    await this.updateComplete;
    const found = segments && (await this.reveal(segments));
    this.note = found ? '' : segments ? `There is nothing at ${text} in this document.` : `${text} is not a path. Write it like $.orders[0].id`;
  }

  private async toggle(bar: 'find' | 'query'): Promise<void> {
    if (this.bar === bar) return this.close();
    // A query is loaded when it is asked for. The search is there at once, since letters are typed right behind its key.
    if (bar === 'query') await import('./payload-query.ts');
    this.bar = bar;
    this.mark = undefined;
    await this.updateComplete;
    this.renderRoot.querySelector(bar === 'find' ? 'patchbay-payload-find' : 'patchbay-payload-query')?.focusField();
  }

  private close(): void {
    this.bar = undefined;
    this.mark = undefined;
    void this.updateComplete.then(() => this.focusBody());
  }

  private async showMatch(shown: ShownMatch | undefined): Promise<void> {
    this.mark = undefined;
    if (!shown) return;
    const { match: { pointer, side, line = 1, offset = 0 }, text } = shown;
    const { hash, load } = this.body;
    await this.attempt(hash, async () => {
      if (side === 'line') {
        const excerpt = await excerptAt(load, { line, offset }, this.first?.size ?? 0);
        if (this.body.hash === hash) this.shown = { as: 'lines', excerpt };
      } else {
        this.mark = { pointer, side, text };
        await this.reveal(fromPointer(pointer));
      }
    });
  }

  private async openStart(open: () => Promise<boolean>): Promise<void> {
    try {
      this.note = (await open()) ? '' : 'There is no editor for texts here. VS Code has one.';
    } catch (error) {
      this.note = error instanceof Error ? error.message : String(error);
    }
  }

  private async showPlace(place: Segments): Promise<void> {
    this.bar = undefined;
    await this.updateComplete;
    await this.attempt(this.body.hash, async () => { await this.reveal(place); });
    this.focusBody();
  }

  /** Shows a place in the tree. Says whether it exists. */
  private async reveal(place: Segments): Promise<boolean> {
    if (this.first?.kind !== 'object' && this.first?.kind !== 'array') return false;
    if (this.shown.as !== 'tree') await this.show('tree');
    await this.updateComplete;
    return (await this.renderRoot.querySelector('patchbay-payload-rows')?.reveal(place)) ?? false;
  }

  private focusBody(): void {
    const body = this.renderRoot.querySelector('patchbay-payload-rows') ?? this.renderRoot.querySelector('patchbay-payload-lines');
    body?.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  /** The search of the canvas around it does not hear of these keys. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const isFind = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f';
    if (isFind && this.body.find && this.first && this.first.kind !== 'binary') {
      if (this.bar === 'find') this.renderRoot.querySelector('patchbay-payload-find')?.focusField();
      else void this.toggle('find');
    } else if (event.key === 'F3' && this.bar === 'find') void this.renderRoot.querySelector('patchbay-payload-find')?.go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && this.bar !== undefined && !event.defaultPrevented) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private async trace(): Promise<void> {
    const { hash, lineage } = this.body;
    const place = this.place;
    this.note = '';
    try {
      const found = await lineage!(toPointer(place));
      if (this.body.hash === hash) this.way = { of: toPath(place), lineage: found };
    } catch (error) {
      if (this.body.hash === hash) this.note = error instanceof Error ? error.message : String(error);
    }
  }

  private closeWay(): void {
    this.way = undefined;
    this.focusBody();
  }

  private async copyPath(): Promise<void> {
    await navigator.clipboard.writeText(toPath(this.place));
    this.note = `Copied the path ${toPath(this.place)}.`;
  }

  private async copyValue(place: Segments): Promise<void> {
    await this.attempt(this.body.hash, async () => {
      const { shown } = this;
      const found = shown.as === 'lines' ? { value: shown.excerpt.lines.join('\n') } : await collect(this.body.load, place, collectLimit);
      if ('tooMuch' in found) { this.note = `${found.tooMuch === 'entries' ? `The value has more than ${formatCount(collectLimit, 'entry', 'entries')}` : longText('The value')}. Save the whole body instead.`; return; }
      await navigator.clipboard.writeText(typeof found.value === 'string' ? found.value : JSON.stringify(found.value, null, 2));
      this.note = shown.as === 'lines' && !shown.excerpt.complete ? 'Copied the part that is loaded.' : `Copied the value at ${toPath(place)}.`;
    });
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; min-width: 0; height: 100%; }
    .toolbar { padding: 4px 8px; gap: 4px 6px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
    .path { flex: 1; min-width: 110px; }
    .size { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .mode { width: 76px; flex: none; }
    .note { padding: 4px 12px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); overflow-wrap: anywhere; }
    .body { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    .body > * { flex: 1; min-height: 0; }
    .body > .error, .body > .loading { flex: none; }
    .error { padding: 12px; }
    patchbay-lineage { flex: none; max-height: 60%; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); }
  `];
}

const longText = (what: string): string => `${what} is or has a text of more than ${formatBytes(longestText)}`;

const wholeText = (text: string, size: number): Excerpt => ({ lines: toLines(text), bytes: size, size, complete: true });

customElements.define('patchbay-payload', PatchbayPayload);
