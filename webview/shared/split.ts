import { css, html, LitElement, type PropertyValues } from 'lit';
import { baseStyles } from './styles.ts';

const keyStep = 4;

/**
 * Two panes (slots `first` and `second`) with a handle between them, which the mouse and the arrow keys move.
 * `position` is the share of the first pane in percent; `split-moved` tells the new one, so that the view can keep it.
 */
class PatchbaySplit extends LitElement {
  static override properties = { vertical: { type: Boolean, reflect: true }, position: { type: Number }, min: { type: Number }, label: {}, at: { state: true } };
  /** The panes stand one above the other. */
  declare vertical: boolean;
  declare position: number;
  /** Least size of a pane in pixels. */
  declare min: number;
  declare label: string;
  declare private at: number;

  constructor() {
    super();
    this.vertical = false;
    this.position = 40;
    this.min = 90;
    this.label = 'Size of the panes';
    this.at = 40;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('position')) this.at = this.position;
  }

  protected override render(): unknown {
    const track = `minmax(${this.min}px, ${this.at}fr) 1px minmax(${this.min}px, ${100 - this.at}fr)`;
    return html`<div class="panes" style="grid-template-${this.vertical ? 'rows' : 'columns'}: ${track}">
      <div class="pane"><slot name="first"></slot></div>
      <div class="handle" role="separator" tabindex="0" aria-label=${this.label} aria-orientation=${this.vertical ? 'horizontal' : 'vertical'} aria-valuenow=${Math.round(this.at)} aria-valuemin="10" aria-valuemax="90"
        @pointerdown=${this.onDown} @keydown=${this.onKey} @dblclick=${() => this.move(this.position)}></div>
      <div class="pane"><slot name="second"></slot></div>
    </div>`;
  }

  private move(to: number): void {
    this.at = Math.max(10, Math.min(90, to));
    this.dispatchEvent(new CustomEvent('split-moved', { detail: this.at }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -keyStep, ArrowUp: -keyStep, ArrowRight: keyStep, ArrowDown: keyStep }[event.key];
    if (step === undefined || (this.vertical ? /Left|Right/ : /Up|Down/).test(event.key)) return;
    event.preventDefault();
    this.move(this.at + step);
  };

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const handle = event.currentTarget as HTMLElement;
    const box = this.getBoundingClientRect();
    const follow = (moved: PointerEvent) => this.move(100 * (this.vertical ? (moved.clientY - box.top) / box.height : (moved.clientX - box.left) / box.width));
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', follow);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', follow), { once: true });
    event.preventDefault();
  };

  static override styles = [baseStyles, css`
    :host { display: block; min-width: 0; min-height: 0; }
    .panes { display: grid; width: 100%; height: 100%; }
    /* What cannot be smaller is scrolled to, such as panes within a pane in a low window. */
    .pane { min-width: 0; min-height: 0; display: flex; flex-direction: column; overflow: auto; }
    .pane ::slotted(*) { flex: 1; min-height: 0; min-width: 0; }
    .handle { position: relative; z-index: 2; background: var(--vscode-panel-border, var(--vscode-editorGroup-border)); cursor: col-resize; touch-action: none; }
    .handle::after { content: ''; position: absolute; inset: 0 -3px; }
    .handle:hover::after, .handle:focus-visible::after { background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder)); inset: 0 -1px; }
    .handle:hover::after { transition: background calc(100ms * var(--patchbay-motion, 1)) 100ms; }
    .handle:focus-visible { outline: none; }
    :host([vertical]) .handle { cursor: row-resize; }
    :host([vertical]) .handle::after { inset: -3px 0; }
    :host([vertical]) .handle:hover::after, :host([vertical]) .handle:focus-visible::after { inset: -1px 0; }
  `];
}

customElements.define('patchbay-split', PatchbaySplit);
