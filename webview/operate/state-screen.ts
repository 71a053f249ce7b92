import { css, html, LitElement, type TemplateResult } from 'lit';
import type { FlowSummary } from '../../server/model/api.ts';
import { kitStyles } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { Operations } from './operations.ts';
import { placeHash, type PlaceQuery } from './place.ts';
import './state-caches.ts';
import './state-lookups.ts';
import './state-pools.ts';

export const stateKinds = ['caches', 'pools', 'lookups'] as const;
export type StateKind = (typeof stateKinds)[number];
const words: Readonly<Record<StateKind, string>> = { caches: 'Caches', pools: 'Pools', lookups: 'Lookups' };

/** What runs keep, for people to see and change. */
class PatchbayState extends LitElement {
  static override properties = { operations: { attribute: false }, kind: {}, query: { attribute: false }, flows: { attribute: false }, onQuery: { attribute: false } };
  declare operations: Operations;
  declare kind: StateKind;
  declare query: PlaceQuery;
  declare flows: readonly FlowSummary[];
  declare onQuery: (query: Readonly<Record<string, string>>) => void;

  protected override render(): unknown {
    const { kind } = this;
    return html`<nav class="tabs" aria-label="Parts of the state">${stateKinds.map((one) => html`<a class="tab" href=${placeHash({ at: 'state', name: one })} aria-current=${one === kind ? 'page' : 'false'}>${words[one]}</a>`)}</nav>${this.renderKind()}`;
  }

  private renderKind(): TemplateResult {
    const { operations, kind, query, onQuery } = this;
    if (kind === 'pools') return html`<patchbay-state-pools .operations=${operations} .name=${query.name} .onQuery=${onQuery}></patchbay-state-pools>`;
    if (kind === 'lookups') return html`<patchbay-state-lookups .operations=${operations} .name=${query.name} .onQuery=${onQuery}></patchbay-state-lookups>`;
    return html`<patchbay-state-caches .operations=${operations} .query=${query} .onQuery=${onQuery}></patchbay-state-caches>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    :host > :last-child { flex: 1; min-height: 0; }
    a.tab { text-decoration: none; }
    a.tab[aria-current='page'] { color: var(--vscode-panelTitle-activeForeground); box-shadow: inset 0 -1px var(--vscode-panelTitle-activeBorder); }
  `];
}

customElements.define('patchbay-state', PatchbayState);
