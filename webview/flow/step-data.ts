import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { PayloadRow } from '../../server/model/api.ts';
import type { FlowHost, FlowRun } from '../protocol/flow.ts';
import type { Api } from '../protocol/rpc.ts';
import '../shared/compare.ts';
import { formatBytes, formatDuration, formatNumber, formatShort } from '../shared/format.ts';
import { grid, type Column } from '../shared/grid.ts';
import { emptyState, kitStyles, message, radioGroup } from '../shared/kit.ts';
import { PagedRows } from '../shared/paged-rows.ts';
import { recordedBody } from '../shared/payload-body.ts';
import { payloadView } from '../shared/payload-view.ts';
import '../shared/split.ts';
import { baseStyles, toneStyles } from '../shared/styles.ts';

type Side = PayloadRow['side'];
type Shown = Side | 'changes';

const sides: readonly { readonly value: Side; readonly label: string }[] = [{ value: 'in', label: 'In' }, { value: 'out', label: 'Out' }, { value: 'failed', label: 'Failed' }];

/** The payloads of a step in the run that the canvas shows: what came in, what went out, what failed and why. */
export class StepData extends LitElement {
  static override properties = { host: { attribute: false }, run: { attribute: false }, step: { attribute: false }, side: { state: true }, row: { state: true }, version: { state: true } };
  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; height: 100%; min-height: 0; }
    .top { padding: 8px 12px; flex: none; }
    .radio-group { gap: 4px 12px; }
    .radio { gap: 5px; font-size: 12px; }
    .body { flex: 1; min-height: 0; display: flex; flex-direction: column; }
    patchbay-split, patchbay-compare { flex: 1; min-height: 0; }
    .detail { display: flex; flex-direction: column; min-height: 0; }
    .detail .message { margin: 8px 12px; flex: none; max-height: 50%; overflow: auto; }
    .detail patchbay-payload { flex: 1; }
  `];

  declare host: Api<FlowHost>;
  declare run: FlowRun | undefined;
  declare step: string;
  declare private side: Shown;
  declare private row: PayloadRow | undefined;
  declare private version: number;
  private rows: PagedRows<PayloadRow> | undefined;

  constructor() {
    super();
    this.side = 'out';
    this.version = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('run') as FlowRun | undefined;
    if (changed.has('step') || (changed.has('run') && before?.id !== this.run?.id)) {
      const counts = this.run?.steps[this.step];
      this.show(counts && counts.failed > 0 ? 'failed' : counts && counts.out === 0 ? 'in' : 'out');
    } else if (changed.has('run') && this.countOf(before) !== this.countOf(this.run)) {
      this.rows?.refresh('grown');
    }
  }

  private show(side: Shown): void {
    this.side = side;
    this.row = undefined;
    if (side === 'changes') return;
    const { run, step, host } = this;
    this.rows = run && new PagedRows((page) => host.payloads(run.id, step, side, page), () => {
      this.row ??= this.rows?.row(0);
      this.version++;
    });
  }

  private countOf(run: FlowRun | undefined, side = this.side): number {
    const counts = run?.steps[this.step];
    if (side === 'changes') return (counts?.in ?? 0) + (counts?.out ?? 0);
    return counts?.[side] ?? 0;
  }

  protected override render(): TemplateResult {
    const { run, rows } = this;
    if (!run || !rows) return emptyState({ icon: 'debug-start', title: 'No run yet', text: 'Run the flow to see what goes in and out of this step.' });
    return html`
      <div class="top">${radioGroup({ label: 'Payloads', name: 'side', value: this.side, options: [...sides.map((side) => ({ ...side, label: `${side.label} ${formatShort(this.countOf(run, side.value))}` })), { value: 'changes', label: 'Changes' }], onChange: (side) => this.show(side as Shown) })}</div>
      <div class="body">${this.side === 'changes' ? html`<patchbay-compare .host=${this.host} .sides=${[{ run: run.id, step: this.step, side: 'in' }, { run: run.id, step: this.step, side: 'out' }]} .version=${this.countOf(run)} .names=${['In', 'Out']} .label=${`Changes of ${this.step}`}></patchbay-compare>` : this.row ? html`<patchbay-split vertical .position=${36} .min=${80} label="Sizes of list and payload">
        <div slot="first" style="display: flex">${this.list(rows)}</div>
        <div slot="second" class="detail">${this.detail(run, this.row)}</div>
      </patchbay-split>` : this.list(rows)}</div>`;
  }

  private list(rows: PagedRows<PayloadRow>): TemplateResult {
    return html`<div style="flex: 1; display: grid; min-width: 0">${grid({
      label: `Payloads, ${this.side}`, columns: columnsOf(this.side as Side), rows, keyOf: keyOf, selected: this.row && keyOf(this.row),
      onSelect: (row) => { this.row = row; },
      empty: emptyState({ icon: 'inbox', title: `Nothing ${this.side === 'in' ? 'came in' : this.side === 'out' ? 'went out' : 'failed'}` }),
    }, this.version)}</div>`;
  }

  private detail(run: FlowRun, row: PayloadRow): TemplateResult {
    return html`${row.error ? message({ tone: 'bad', title: row.error.code, text: html`${row.error.message}${row.error.remedy ? html`<br>${row.error.remedy}` : nothing}` }) : nothing}
      ${payloadView({ ...recordedBody(this.host, run.id, row.body, `${row.step}-${row.id}`), mediaType: row.mediaType, label: `payload ${row.id}`, lineage: (pointer) => this.host.lineage(run.id, { step: row.step, side: row.side, payload: row.id, pointer }) })}`;
  }
}

const keyOf = (row: PayloadRow): string => `${row.id} ${row.port ?? ''} ${row.at}`;

function columnsOf(side: Side): readonly Column<PayloadRow>[] {
  const size: Column<PayloadRow> = { id: 'size', title: 'Size', width: '76px', number: true, cell: ({ size }) => formatBytes(size) };
  const records: Column<PayloadRow> = { id: 'records', title: 'Records', width: '66px', number: true, cell: (row) => (row.records === undefined ? '' : formatShort(row.records)), tooltip: (row) => (row.records === undefined ? undefined : formatNumber(row.records)) };
  const id: Column<PayloadRow> = { id: 'id', title: 'Payload', width: 'minmax(70px, 1fr)', cell: ({ id }) => html`<span class="mono">${id}</span>`, tooltip: ({ id }) => id };
  if (side === 'failed') return [id, { id: 'error', title: 'Error', width: 'minmax(110px, 2fr)', cell: ({ error }) => error?.message ?? '', tooltip: ({ error }) => error?.message }, records];
  if (side === 'out') return [id, { id: 'port', title: 'Port', width: '60px', from: 300, cell: ({ port }) => port ?? '' }, records, size];
  return [id, records, size, { id: 'ms', title: 'Time', width: '60px', from: 300, number: true, cell: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)) }];
}

customElements.define('patchbay-step-data', StepData);
