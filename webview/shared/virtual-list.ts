import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Browsers cut elements that are higher than some 17 to 33 million pixels; longer lists are scrolled by proportion. */
const maxHeight = 8_000_000;

export interface VisibleRange {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Height of the whole list in pixels, for the element that holds the rows. */
  readonly height: number;
  /** Where the first row stands in it. */
  readonly offset: number;
}

/**
 * Tells a component which rows of a long list are in view. The component draws `<div scroller><div style="height"><div style="translate">rows`
 * and gives the scroller with `attach`. All rows have one height. A list of any length scrolls: above `maxHeight` the scroll bar is proportional,
 * while the wheel and the keyboard go on by rows.
 */
export class VirtualList implements ReactiveController {
  private scroller: HTMLElement | undefined;
  private observer: ResizeObserver | undefined;
  private height = 0;
  /** Pixels from the top of the list, as if it were not scaled. */
  private top = 0;
  private count = 0;
  private setByUs = -1;
  private readonly host: ReactiveControllerHost;
  private readonly rowHeight: number;
  private readonly onScrolled: ((atEnd: boolean) => void) | undefined;
  private readonly header: number;

  /** `header`: height of what stays in view above the rows, inside the scroller. */
  constructor(host: ReactiveControllerHost, rowHeight: number, onScrolled?: (atEnd: boolean) => void, header = 0) {
    this.host = host;
    this.rowHeight = rowHeight;
    this.onScrolled = onScrolled;
    this.header = header;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.attach(undefined);
  }

  /** For lit's `ref`. */
  readonly attach = (element: Element | undefined): void => {
    if (element === this.scroller) return;
    this.observer?.disconnect();
    this.scroller?.removeEventListener('scroll', this.scrolled);
    this.scroller?.removeEventListener('wheel', this.wheeled);
    this.scroller = element as HTMLElement | undefined;
    if (!this.scroller) return;
    this.scroller.addEventListener('scroll', this.scrolled, { passive: true });
    this.scroller.addEventListener('wheel', this.wheeled, { passive: false });
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(this.scroller);
    this.measure();
    this.place();
  };

  /** The rows to draw of `count`, with some beyond both edges. Call it in `render`. */
  range(count: number, overscan = 6): VisibleRange {
    this.count = count;
    const whole = count * this.rowHeight;
    this.top = Math.max(0, Math.min(this.top, whole - this.height));
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - overscan);
    const end = Math.min(count, Math.ceil((this.top + (this.height || 600)) / this.rowHeight) + overscan);
    const height = Math.min(whole, maxHeight);
    return { first, end, height, offset: first * this.rowHeight - this.top + this.barPosition(this.top) };
  }

  /** Rows that fit into the view. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
  }

  get firstVisible(): number {
    return Math.ceil(this.top / this.rowHeight);
  }

  /** Scrolls as little as needed to show the row. */
  reveal(row: number): void {
    const start = row * this.rowHeight;
    if (start < this.top) this.scrollTo(start);
    else if (start + this.rowHeight > this.top + this.height) this.scrollTo(start + this.rowHeight - this.height);
  }

  toEnd(count: number): void {
    this.count = count;
    this.scrollTo(count * this.rowHeight - this.height);
  }

  toTop(): void {
    this.scrollTo(0);
  }

  private scrollTo(top: number): void {
    this.top = Math.max(0, Math.min(top, this.count * this.rowHeight - this.height));
    this.host.requestUpdate();
    // The element has its new height only after the update.
    void this.host.updateComplete.then(() => this.place());
  }

  private place(): void {
    if (!this.scroller) return;
    const position = Math.round(this.barPosition(this.top));
    if (Math.round(this.scroller.scrollTop) === position) return;
    this.setByUs = position;
    this.scroller.scrollTop = position;
  }

  private barPosition(top: number): number {
    const whole = this.count * this.rowHeight;
    if (whole <= maxHeight) return top;
    return (top / (whole - this.height)) * (maxHeight - this.height);
  }

  private readonly scrolled = (): void => {
    const scroller = this.scroller;
    if (!scroller) return;
    const position = scroller.scrollTop;
    const ours = Math.abs(position - this.setByUs) <= 1;
    this.setByUs = -1;
    const whole = this.count * this.rowHeight;
    if (!ours) this.top = whole <= maxHeight ? position : (position / (maxHeight - this.height)) * (whole - this.height);
    this.onScrolled?.(this.top + this.height >= whole - this.rowHeight);
    this.host.requestUpdate();
  };

  private readonly wheeled = (event: WheelEvent): void => {
    if (this.count * this.rowHeight <= maxHeight || event.ctrlKey || event.shiftKey || !event.deltaY) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? this.rowHeight : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? this.height : 1;
    this.scrollTo(this.top + event.deltaY * unit);
  };

  private measure(): void {
    const height = Math.max(0, (this.scroller?.clientHeight ?? 0) - this.header);
    if (height === this.height) return;
    this.height = height;
    this.host.requestUpdate();
  }
}
