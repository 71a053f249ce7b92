import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CacheKeyRow, CacheSummary } from '../../server/model/api.ts';
import { ask } from '../shared/ask.ts';
import { formatBytes, formatCount, formatFullTime, formatNumber, formatRelative } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, kitStyles, linkButton, textField, toolbar } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { Width } from '../shared/width.ts';
import './cached-document.ts';
import { Doing } from './doing.ts';
import type { CacheName } from '../protocol/state.ts';
import type { Operations } from './operations.ts';
import type { PlaceQuery } from './place.ts';
import { screenStyles } from './screen-styles.ts';

/** Caches, the keys of one, and the documents under a key. */
class PatchbayStateCaches extends LitElement {
  static override properties = {
    operations: { attribute: false }, query: { attribute: false }, onQuery: { attribute: false },
    caches: { state: true }, keys: { state: true }, beginning: { state: true }, chosen: { state: true }, marked: { state: true }, drawn: { state: true },
  };
  declare operations: Operations;
  declare query: PlaceQuery;
  declare onQuery: (query: Readonly<Record<string, string>>) => void;
  declare private caches: PagedRows<CacheSummary>;
  declare private keys: PagedRows<CacheKeyRow> | undefined;
  declare private beginning: string;
  declare private chosen: CacheKeyRow | undefined;
  declare private marked: ReadonlySet<string>;
  declare private drawn: number;
  private readonly width = new Width(this);
  private readonly doing = new Doing(this);

  constructor() {
    super();
    this.beginning = '';
    this.marked = new Set();
    this.drawn = 0;
  }

  private get cache(): CacheName | undefined {
    const { name, scope = 'workspace', owner = '' } = this.query;
    return name === undefined ? undefined : { name, scope: scope as CacheName['scope'], owner };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { operations } = this;
    if (changed.has('operations')) this.caches = new PagedRows((page) => operations.caches('', page), () => { this.drawn++; });
    const before = changed.get('query') as PlaceQuery | undefined;
    if (changed.has('query') && JSON.stringify(before) !== JSON.stringify(this.query)) {
      this.beginning = '';
      this.doing.forget();
      this.readKeys();
    }
  }

  private readKeys(): void {
    const { cache, operations, beginning } = this;
    this.chosen = undefined;
    this.marked = new Set();
    const keys: PagedRows<CacheKeyRow> | undefined = cache && new PagedRows((page) => operations.cacheKeys(cache, beginning, page), () => { if (this.keys === keys) this.drawn++; });
    this.keys = keys;
  }

  protected override render(): unknown {
    const { caches, cache } = this;
    const list = grid<CacheSummary>({
      label: 'Caches', columns, rows: caches, keyOf, selected: cache && keyOf(cache), onSelect: ({ name, scope, owner }) => this.onQuery({ name, scope, owner }),
      empty: emptyState({ icon: 'database', title: 'No cache holds anything', text: 'Steps such as “Add to cache” fill them while flows run.' }),
    }, this.drawn);
    if (caches.total === 0 && !cache) return list;
    return html`<patchbay-split .position=${34} ?vertical=${this.width.isNarrow} label="Size of the list of caches">
      <div slot="first" class="pane">${list}</div>
      <div slot="second" class="pane" role="region" aria-label="The chosen cache">${cache ? this.renderCache(cache) : emptyState({ icon: 'database', title: 'Choose a cache', text: 'Its keys and documents are shown here.' })}</div>
    </patchbay-split>`;
  }

  private renderCache(cache: CacheName): TemplateResult {
    const { keys, chosen, marked } = this;
    return html`<div class="head"><h2>${cache.name}</h2><span class="quiet">${cache.scope === 'workspace' ? 'of the workspace' : `of the ${cache.scope} ${cache.owner}`}</span></div>
      ${toolbar('Filters of the keys', html`<div class="filter text">${textField({ label: 'Keys that begin with', type: 'search', value: this.beginning, placeholder: 'Keys that begin with', icon: 'search', onChange: (text) => { this.beginning = text; this.readKeys(); } })}</div>`)}
      <div class="line"><span class="quiet" role="status">${marked.size > 0 ? `${formatNumber(marked.size)} marked` : keys?.total === undefined ? '' : formatCount(keys.total, 'key')}</span><span class="gap"></span>
        ${toolbar('Actions for the keys', html`${marked.size > 0 || chosen ? linkButton({ label: marked.size > 0 ? 'Delete the marked keys…' : 'Delete the key…', icon: 'trash', onClick: () => void this.deleteKeys(cache) }) : nothing}${linkButton({ label: 'Clear the cache…', icon: 'clear-all', onClick: () => void this.clear(cache) })}`)}</div>
      ${this.doing.render()}
      <patchbay-split vertical .position=${chosen ? 50 : 90} .min=${chosen ? 90 : 0} label="Height of the list of keys">
        <div slot="first" class="pane">${keys ? grid<CacheKeyRow>({
          label: 'Keys', columns: keyColumns, rows: keys, keyOf: ({ key }) => key, selected: chosen?.key, onSelect: (row) => { this.chosen = row; },
          marks: { has: (key) => marked.has(key), size: marked.size, set: (rows, isMarked) => this.mark(rows, isMarked) },
          empty: emptyState({ icon: 'key', title: this.beginning ? 'No key begins so' : 'This cache is empty' }),
        }, this.drawn) : nothing}</div>
        <div slot="second" class="pane" role="region" aria-label="Documents of the chosen key">${chosen ? html`<patchbay-cached-document style="flex: 1; min-height: 0" .operations=${this.operations} .cache=${cache} .row=${chosen}></patchbay-cached-document>` : nothing}</div>
      </patchbay-split>`;
  }

  private mark(rows: readonly CacheKeyRow[], isMarked: boolean): void {
    const marked = new Set(this.marked);
    for (const { key } of rows) if (isMarked) marked.add(key); else marked.delete(key);
    this.marked = marked;
  }

  private async deleteKeys(cache: CacheName): Promise<void> {
    const keys = this.marked.size > 0 ? [...this.marked] : this.chosen ? [this.chosen.key] : [];
    const isWanted = await ask({ title: keys.length === 1 ? `Delete ${keys[0]}?` : `Delete ${formatCount(keys.length, 'key')}?`, text: 'Runs find nothing under it any more.', action: 'Delete' });
    if (isWanted === undefined) return;
    await this.doing.run(async () => {
      let removed = 0;
      for (const key of keys) removed += (await this.operations.deleteKey(cache, key)).removed;
      this.changed();
      return `${formatCount(removed, 'key')} deleted.`;
    });
  }

  private async clear(cache: CacheName): Promise<void> {
    const isWanted = await ask({ title: `Clear the cache ${cache.name}?`, text: 'All its keys and documents go.', action: 'Clear' });
    if (isWanted === undefined) return;
    await this.doing.run(async () => {
      const { removed } = await this.operations.clearCache(cache);
      this.changed();
      return `${formatCount(removed, 'key')} deleted.`;
    });
  }

  private changed(): void {
    this.readKeys();
    this.caches.refresh();
  }

  static override styles = [baseStyles, toneStyles, kitStyles, screenStyles, css`
    .filter.text { width: 220px; }
  `];
}

customElements.define('patchbay-state-caches', PatchbayStateCaches);

const keyOf = ({ name, scope, owner }: CacheName): string => JSON.stringify([name, scope, owner]);
const scopeWords = ({ scope, owner }: CacheName): string => (scope === 'workspace' ? 'workspace' : `${scope} ${owner}`);

const columns: readonly Column<CacheSummary>[] = [
  { id: 'name', title: 'Cache', width: 'minmax(80px, 1fr)', cell: ({ name }) => name, tooltip: ({ name }) => name },
  { id: 'scope', title: 'Of', width: 'minmax(70px, 0.8fr)', from: 260, cell: (cache) => html`<span class="quiet">${scopeWords(cache)}</span>`, tooltip: scopeWords },
  { id: 'keys', title: 'Keys', width: '58px', number: true, cell: ({ keys }) => formatNumber(keys) },
  { id: 'size', title: 'Size', width: '66px', number: true, from: 330, cell: ({ bytes }) => formatBytes(bytes) },
  { id: 'last', title: 'Filled', width: '104px', from: 480, cell: ({ lastAt }) => html`<span class="quiet">${formatRelative(lastAt, Date.now())}</span>`, tooltip: ({ lastAt }) => formatFullTime(lastAt) },
];

const keyColumns: readonly Column<CacheKeyRow>[] = [
  { id: 'key', title: 'Key', width: 'minmax(100px, 1fr)', cell: ({ key }) => html`<span class="mono">${key}</span>`, tooltip: ({ key }) => key },
  { id: 'documents', title: 'Documents', width: '76px', number: true, from: 360, cell: ({ documents }) => formatNumber(documents) },
  { id: 'size', title: 'Size', width: '66px', number: true, cell: ({ bytes }) => formatBytes(bytes) },
  { id: 'last', title: 'Filled', width: '104px', from: 480, cell: ({ lastAt }) => formatRelative(lastAt, Date.now()), tooltip: ({ lastAt }) => formatFullTime(lastAt) },
  { id: 'ends', title: 'Ends', width: '104px', from: 560, cell: ({ expiresAt }) => formatRelative(expiresAt, Date.now()), tooltip: ({ expiresAt }) => formatFullTime(expiresAt) },
];
