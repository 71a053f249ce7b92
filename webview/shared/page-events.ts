import type { ReactiveControllerHost } from 'lit';

type PageEvents = Pick<DocumentEventMap, 'keydown' | 'copy' | 'cut' | 'paste'> & Pick<WindowEventMap, 'pagehide'>;
type Listeners = { readonly [Kind in keyof PageEvents]?: (event: PageEvents[Kind]) => void };

/** What an editor hears of its whole page, as long as it is on it: keys and the clipboard also where nothing in it has the focus, and that the page goes. */
export function listenToPage(host: ReactiveControllerHost, listeners: Listeners): void {
  const each = (how: 'addEventListener' | 'removeEventListener'): void => {
    for (const [kind, listener] of Object.entries(listeners)) (kind === 'pagehide' ? globalThis : document)[how](kind, listener as EventListener);
  };
  host.addController({ hostConnected: () => each('addEventListener'), hostDisconnected: () => each('removeEventListener') });
}
