import { css, html, LitElement, type PropertyValues } from 'lit';
import type { DiffSide } from '../../server/model/run-diff.ts';
import type { DiffHost } from '../protocol/diff.ts';
import type { Api } from '../protocol/rpc.ts';
import '../shared/compare.ts';
import { kitStyles, select } from '../shared/kit.ts';
import { baseStyles } from '../shared/styles.ts';

/** What a step made of what came to it; or its outputs against those of another step of the run. */
class PatchbayStepChanges extends LitElement {
  static override properties = { host: { attribute: false }, run: {}, step: {}, steps: { attribute: false }, version: { attribute: false }, other: { state: true } };
  declare host: Api<DiffHost>;
  declare run: string;
  declare step: string;
  /** Step → title, of all that ran. */
  declare steps: ReadonlyMap<string, string>;
  declare version: number;
  /** `''`: what came in. */
  declare private other: string;

  constructor() {
    super();
    this.other = '';
    this.version = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('step') || changed.has('run')) this.other = '';
  }

  protected override render(): unknown {
    const { run, step, steps, other } = this;
    const before: DiffSide = other === '' ? { run, step, side: 'in' } : { run, step: other, side: 'out' };
    const options = [{ value: '', label: 'what came in' }, ...[...steps].filter(([id]) => id !== step).map(([id, title]) => ({ value: id, label: `what left ${title}` }))];
    return html`<div class="which"><span class="quiet" aria-hidden="true">Compared with</span>${select({ label: 'Compare what left the step with', value: other, options, onChange: (id) => { this.other = id; } })}</div>
      <patchbay-compare .host=${this.host} .sides=${[before, { run, step, side: 'out' }]} .version=${this.version} .names=${[other === '' ? 'In' : `Out of ${steps.get(other) ?? other}`, 'Out']} .label=${`Changes of ${steps.get(step) ?? step}`}></patchbay-compare>`;
  }

  static override styles = [baseStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    .which { display: flex; align-items: center; gap: 8px; padding: 6px 8px 0; flex: none; }
    .which > :last-child { flex: 1; min-width: 0; max-width: 360px; }
    patchbay-compare { flex: 1; min-height: 0; }
  `];
}

customElements.define('patchbay-step-changes', PatchbayStepChanges);
