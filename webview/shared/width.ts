import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** The width of a component in pixels, 0 before it is known; the component is drawn anew when it changes. */
export class Width implements ReactiveController {
  pixels = 0;
  private readonly host: ReactiveControllerHost & Element;
  private readonly observer = new ResizeObserver(([entry]) => {
    const pixels = Math.round(entry!.contentRect.width);
    if (pixels === this.pixels) return;
    this.pixels = pixels;
    this.host.requestUpdate();
  });

  constructor(host: ReactiveControllerHost & Element) {
    this.host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.observer.observe(this.host);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
  }

  /** Too narrow for two panes side by side. */
  get isNarrow(): boolean {
    return this.pixels > 0 && this.pixels < 640;
  }
}
