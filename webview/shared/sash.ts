import { html, type TemplateResult } from 'lit';

interface Sash {
  readonly label: string;
  readonly width: number;
  readonly least: number;
  readonly most: number;
  /** Is told the width that is wanted. */
  readonly resize: (width: number) => void;
}

/** The bar between the middle and a panel to the right of it, with which mouse and keys make the panel wider. */
export const sash = ({ label, width, least, most, resize }: Sash): TemplateResult => html`<div
  class="sash" role="separator" aria-orientation="vertical" aria-label=${label} aria-valuemin=${least} aria-valuemax=${most} aria-valuenow=${width} tabindex="0"
  @pointerdown=${(event: PointerEvent) => drag(event, resize)} @keydown=${(event: KeyboardEvent) => onKey(event, width, resize)}></div>`;

function drag(event: PointerEvent, resize: (width: number) => void): void {
  const bar = event.currentTarget as HTMLElement;
  bar.setPointerCapture(event.pointerId);
  bar.classList.add('dragging');
  const right = bar.parentElement!.getBoundingClientRect().right;
  const move = (moved: PointerEvent): void => resize(right - moved.clientX);
  const end = (): void => {
    bar.classList.remove('dragging');
    bar.removeEventListener('pointermove', move);
  };
  bar.addEventListener('pointermove', move);
  bar.addEventListener('pointerup', end, { once: true });
  bar.addEventListener('pointercancel', end, { once: true });
}

function onKey(event: KeyboardEvent, width: number, resize: (width: number) => void): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  resize(width + (event.key === 'ArrowLeft' ? 20 : -20));
}
