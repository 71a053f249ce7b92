import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { lineageWords } from '../../server/model/lineage-words.ts';
import type { LineagePlace, RunLineage } from '../../server/model/run-lineage.ts';
import { icon, iconButton, kitStyles, type IconName } from './kit.ts';
import { baseStyles } from './styles.ts';

/** Where a value comes from: each place once, below the one that was made of it. Tells `open-place` and `close-lineage`. */
class PatchbayLineage extends LitElement {
  static override properties = { lineage: { attribute: false }, of: {}, mayOpen: { attribute: false } };
  declare lineage: RunLineage;
  /** The place that was asked for, as a path. */
  declare of: string;
  /** Whether there is something to open a place with. */
  declare mayOpen: boolean;

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
  }

  protected override render(): unknown {
    const { places, isCut } = this.lineage;
    const told = new Set<number>();
    const [first] = places;
    return html`<section aria-label="Where ${this.of} comes from" @keydown=${this.onKey}>
      <div class="head"><h3 tabindex="-1">Where <span class="mono">${this.of}</span> comes from</h3>${iconButton({ label: 'Close', icon: 'close', onClick: this.close })}</div>
      ${first ? html`<ul>${this.renderPlace(first, told)}</ul>` : nothing}
      ${isCut ? html`<p class="quiet">There is more than is followed here.</p>` : nothing}
    </section>`;
  }

  private renderPlace(place: LineagePlace, told: Set<number>): TemplateResult {
    const { where, value, how } = lineageWords(place);
    const isAgain = told.has(place.id);
    told.add(place.id);
    return html`<li class=${place.kind}>
      <div class="place">${icon(icons[place.kind])}<span class="where ellipsis" title=${where}>${where}</span>${value === undefined ? nothing : html`<span class="value mono ellipsis" title=${value}>${value}</span>`}${isAgain ? html`<span class="quiet">as above</span>` : nothing}
        ${this.mayOpen && place.step !== undefined && place.kind !== 'made' ? html`<button type="button" class="link-button" aria-label="Show ${where}" @click=${() => this.dispatchEvent(new CustomEvent('open-place', { detail: place }))}>Show</button>` : nothing}</div>
      ${how === undefined || isAgain ? nothing : html`<div class="how quiet">${how}</div>`}
      ${isAgain || place.from.length === 0 ? nothing : html`<ul>${place.from.map((id) => this.renderPlace(this.lineage.places[id]!, told))}</ul>`}
    </li>`;
  }

  private readonly close = (): void => void this.dispatchEvent(new CustomEvent('close-lineage'));

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };

  static override styles = [baseStyles, kitStyles, css`
    :host { display: block; overflow: auto; }
    section { padding: 4px 12px 8px; }
    .head { display: flex; align-items: center; gap: 8px; position: sticky; top: 0; background: var(--vscode-editor-background); }
    h3 { margin: 0; font-size: inherit; font-weight: 600; flex: 1; min-width: 0; overflow-wrap: anywhere; }
    ul { list-style: none; margin: 0; padding: 0; }
    /* Ways are long: steps to the right are small, so that the last place is still in view. */
    ul ul { padding-left: 8px; border-left: 1px solid var(--vscode-tree-indentGuidesStroke, var(--vscode-contrastBorder)); }
    .place { display: flex; align-items: center; gap: 6px; min-height: 22px; min-width: 0; }
    .where { flex: 0 1 auto; }
    .value { flex: none; max-width: 45%; }
    .response > .place .where { font-weight: 600; }
    .how { padding-left: 22px; overflow-wrap: anywhere; }
    p { margin: 4px 0 0; }
  `];
}

const icons: Readonly<Record<LineagePlace['kind'], IconName>> = { payload: 'json', response: 'globe', input: 'play', made: 'sparkle' };

customElements.define('patchbay-lineage', PatchbayLineage);
