import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DiffSide, PayloadDiff, PayloadDiffOrder } from '../../server/model/run-diff.ts';
import type { DiffHost } from '../protocol/diff.ts';
import type { Api } from '../protocol/rpc.ts';
import './diff-view.ts';
import { formatCount } from './format.ts';
import { emptyState, iconButton, kitStyles, linkButton, loading, message, textField } from './kit.ts';
import { baseStyles, toneStyles } from './styles.ts';

/** Compares what is recorded at two sides, by a key and without what is ignored. */
class PatchbayCompare extends LitElement {
  static override properties = { host: { attribute: false }, sides: { attribute: false }, names: { attribute: false }, label: {}, version: { attribute: false }, key: { state: true }, ignore: { state: true }, diff: { state: true }, failed: { state: true } };
  declare host: Api<DiffHost>;
  /** Before and after. */
  declare sides: readonly [DiffSide, DiffSide];
  declare names: readonly [string, string];
  declare label: string;
  /** Another number: there may be more on both sides. */
  declare version: number;
  /** `undefined`: it is guessed. */
  declare private key: string | undefined;
  declare private ignore: string;
  declare private diff: PayloadDiff | undefined;
  declare private failed: string | undefined;

  constructor() {
    super();
    this.ignore = '';
    this.version = 0;
    this.label = 'Differences';
    this.names = ['Before', 'After'];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('sides') && JSON.stringify(changed.get('sides')) !== JSON.stringify(this.sides);
    if (isOther) { this.diff = undefined; this.key = undefined; }
    if (isOther || changed.has('version')) void this.read();
  }

  private order(): PayloadDiffOrder {
    const ignore = this.ignore.split(',').map((path) => path.trim()).filter(Boolean);
    const [before, after] = this.sides;
    return { before, after, ...(this.key !== undefined && { key: this.key }), ...(ignore.length > 0 && { ignore }) };
  }

  private async read(): Promise<void> {
    const order = this.order();
    const isCurrent = (): boolean => JSON.stringify(order) === JSON.stringify(this.order());
    try {
      const diff = await this.host.payloadDiff(order);
      if (!isCurrent()) return;
      this.failed = undefined;
      // The same answer leaves the place in the list.
      if (JSON.stringify(diff) !== JSON.stringify(this.diff)) this.diff = diff;
    } catch (error) {
      if (isCurrent()) this.failed = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): unknown {
    const { diff, failed } = this;
    return html`${this.renderHow()}
      ${failed === undefined ? nothing : html`<div class="say">${message({ tone: 'bad', title: 'They could not be compared', text: failed, actions: linkButton({ label: 'Try again', onClick: () => void this.read() }) })}</div>`}
      ${diff ? html`${this.renderCut(diff)}${diff.before.payloads + diff.after.payloads === 0 ? emptyState({ icon: 'inbox', title: 'Nothing was recorded on either side' }) : html`<patchbay-diff .diff=${diff} .names=${this.names} .label=${this.label} .tools=${this.renderTools()}></patchbay-diff>`}` : failed === undefined ? loading(`${this.label}: loading`, 5) : nothing}`;
  }

  private renderHow(): TemplateResult {
    const { diff } = this;
    return html`<div class="how">
      <div><div class="quiet" aria-hidden="true">Records put together by</div>${textField({ label: 'Records are put together by', value: this.key ?? diff?.key ?? '', placeholder: diff && diff.key === undefined ? 'their order' : 'a path, such as id', monospace: true, onChange: (text) => { this.key = text.trim(); void this.read(); } })}</div>
      <div><div class="quiet" aria-hidden="true">Values to ignore</div>${textField({ label: 'Values to ignore, separated by commas', value: this.ignore, placeholder: 'updatedAt, lines[*].id', monospace: true, onChange: (text) => { this.ignore = text; void this.read(); } })}</div>
    </div>`;
  }

  private renderTools(): TemplateResult {
    return iconButton({ label: 'Open as a difference of texts', icon: 'diff', onClick: () => void this.open() });
  }

  private async open(): Promise<void> {
    try {
      if (!(await this.host.openDiff(this.order(), this.label))) this.failed = 'There is no editor for texts here. VS Code has one.';
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
    }
  }

  private renderCut({ before, after }: PayloadDiff): unknown {
    if (!before.isCut && !after.isCut) return nothing;
    return html`<div class="say">${message({ tone: 'info', title: 'Not compared to the end', text: `${this.names[0]}: ${formatCount(before.records, 'record')}; ${this.names[1]}: ${formatCount(after.records, 'record')}. The rest is too much, or was not recorded.` })}</div>`;
  }

  static override styles = [baseStyles, toneStyles, kitStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; min-width: 0; height: 100%; }
    .how { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(180px, 100%), 1fr)); gap: 6px; padding: 6px 8px; flex: none; }
    .say { padding: 6px 12px; flex: none; }
    patchbay-diff { flex: 1; min-height: 0; }
  `];
}

customElements.define('patchbay-compare', PatchbayCompare);
