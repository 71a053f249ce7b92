import { css, html, LitElement, type TemplateResult } from 'lit';
import type { FlowSummary } from '../../server/model/api.ts';
import type { Announcer } from '../shared/announcer.ts';
import { kitStyles } from '../shared/kit.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import type { Operations } from './operations.ts';
import { placeHash, type PlaceQuery } from './place.ts';
import './search-payloads.ts';
import './search-tracked.ts';

export const searchKinds = ['tracked', 'payloads'] as const;
export type SearchKind = (typeof searchKinds)[number];
const words: Readonly<Record<SearchKind, string>> = { tracked: 'Tracked data', payloads: 'Payloads' };

/** Where has this order been? By what steps have tracked, or by what was recorded. */
class PatchbaySearch extends LitElement {
  static override properties = { operations: { attribute: false }, kind: {}, query: { attribute: false }, flows: { attribute: false }, announcer: { attribute: false }, onQuery: { attribute: false } };
  declare operations: Operations;
  declare kind: SearchKind;
  declare query: PlaceQuery;
  declare flows: readonly FlowSummary[];
  declare announcer: Announcer;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;

  protected override render(): unknown {
    const { kind } = this;
    return html`<nav class="tabs" aria-label="What is searched">${searchKinds.map((one) => html`<a class="tab" href=${placeHash({ at: 'search', name: one })} aria-current=${one === kind ? 'page' : 'false'}>${words[one]}</a>`)}</nav>${this.renderKind()}`;
  }

  private renderKind(): TemplateResult {
    const { operations, kind, query, flows, announcer, onQuery } = this;
    return kind === 'payloads' ? html`<patchbay-search-payloads .operations=${operations} .query=${query} .flows=${flows} .announcer=${announcer} .onQuery=${onQuery}></patchbay-search-payloads>`
      : html`<patchbay-search-tracked .operations=${operations} .query=${query} .flows=${flows} .onQuery=${onQuery}></patchbay-search-tracked>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; height: 100%; }
    :host > :last-child { flex: 1; min-height: 0; }
    a.tab { text-decoration: none; }
    a.tab[aria-current='page'] { color: var(--vscode-panelTitle-activeForeground); box-shadow: inset 0 -1px var(--vscode-panelTitle-activeBorder); }
  `];
}

customElements.define('patchbay-search', PatchbaySearch);
