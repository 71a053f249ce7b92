import { css, html, LitElement, type TemplateResult } from 'lit';
import type { Diagnostic } from '../../server/model/diagnostic.ts';
import { textAt } from '../../server/model/json.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, icon, iconButton, kitStyles, textField } from '../shared/kit.ts';
import { allRows } from '../shared/paged-rows.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';
import { endpointsOf, type Json } from './document.ts';

interface Row {
  readonly name: string;
  readonly method: string;
  readonly title: string;
  readonly findings: readonly Diagnostic[];
}

/** The endpoints of a connector, however many: found by typing, chosen with the arrow keys. */
export class EndpointList extends LitElement {
  static override properties = { connector: { attribute: false }, findings: { attribute: false }, selected: {}, filter: {}, readOnly: { attribute: false }, version: { attribute: false } };
  declare connector: Json;
  declare findings: (name: string) => readonly Diagnostic[];
  declare selected: string | undefined;
  declare filter: string;
  declare readOnly: boolean;
  /** Counts the changes of the findings. */
  declare version: number;
  onSelect: (name: string) => void = () => undefined;
  onFilter: (text: string) => void = () => undefined;
  onAdd: () => void = () => undefined;
  onOpen: () => void = () => undefined;
  private rows: readonly Row[] = [];
  private drawn = 0;
  private readonly source = allRows(() => this.rows);

  protected override willUpdate(): void {
    const words = this.filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const all = endpointsOf(this.connector).map(([name, endpoint]): Row => ({ name, method: textAt(endpoint, 'method') || textAt(endpoint, 'call'), title: textAt(endpoint, 'title'), findings: this.findings(name) }));
    this.rows = words.length === 0 ? all : all.filter(({ name, method, title }) => { const text = `${name} ${method} ${title}`.toLowerCase(); return words.every((word) => text.includes(word)); });
    this.drawn++;
  }

  /** The endpoint before or after the chosen one, in the order that is shown. */
  neighbour(step: 1 | -1): string | undefined {
    const at = this.rows.findIndex(({ name }) => name === this.selected);
    return this.rows[at < 0 ? 0 : at + step]?.name;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('patchbay-grid')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<div class="find">
        ${textField({ label: 'Find an endpoint', type: 'search', icon: 'search', value: this.filter, placeholder: 'Find…', onInput: this.onFilter })}
        ${iconButton({ label: 'Add an endpoint', icon: 'add', disabled: this.readOnly, onClick: this.onAdd })}
      </div>
      <div class="rows">${grid<Row>({
        label: 'Endpoints', columns, rows: this.source, keyOf: ({ name }) => name, selected: this.selected, onSelect: ({ name }) => this.onSelect(name), onOpen: () => this.onOpen(),
        empty: emptyState(this.filter === '' ? { icon: 'globe', title: 'No endpoints yet' } : { icon: 'search', title: `Nothing has “${this.filter}” in its name.` }),
      }, this.drawn)}</div>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .find { display: flex; align-items: center; gap: 2px; padding: 4px 6px 6px 10px; }
    .rows { flex: 1; min-height: 120px; display: grid; }
  `];
}

const worst = (findings: readonly Diagnostic[]): Diagnostic | undefined => findings.find(({ severity }) => severity === 'error') ?? findings.find(({ severity }) => severity === 'warning');

const columns: readonly Column<Row>[] = [
  { id: 'method', title: 'Method', width: '54px', from: 180, cell: ({ method }) => html`<span class="mono" style="font-size: 11px">${method}</span>`, tooltip: ({ method }) => method },
  { id: 'name', title: 'Name', width: 'minmax(80px, 1fr)', cell: ({ name }) => name, tooltip: ({ name, title }) => (title ? `${name}: ${title}` : name) },
  { id: 'title', title: 'Title', width: 'minmax(80px, 1fr)', from: 380, cell: ({ title }) => html`<span class="quiet">${title}</span>`, tooltip: ({ title }) => title },
  {
    id: 'findings', title: '', width: '16px',
    cell: ({ findings }) => { const found = worst(findings); return found ? html`${icon(found.severity === 'error' ? 'error' : 'warning', { tone: found.severity === 'error' ? 'bad' : 'warn' })}<span class="for-screen-readers">${found.severity}</span>` : ''; },
    tooltip: ({ findings }) => worst(findings)?.message,
  },
];

customElements.define('patchbay-endpoint-list', EndpointList);
