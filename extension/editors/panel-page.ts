import type * as vscode from 'vscode';
import type { Opened } from '../../webview/protocol/opened.ts';
import { pageState, type PageState } from './page-state.ts';

/** The page of a panel: written with all that it shows first, and told what changes. */
export interface PanelPage<Opening> extends Pick<PageState, 'tell'>, vscode.Disposable {
  /** Writes it anew; it loads when it is shown. */
  write(): void;
  /** Answers the page, which asks as soon as it listens what is there by now. */
  open(): Opened<Opening>;
  /** Tells a page that listens what has changed; nothing where its panel is closed. One that does not will ask; a hidden one is written anew once nothing has changed for a moment, so that its first paint is right. */
  changed(tell: () => void): void;
  /** What it has to be told of the catalogue: nothing, where it has that one. */
  catalog<C extends object>(now: C): C | undefined;
}

interface Options<Opening> {
  readonly panel: { readonly visible: boolean; onDidChangeViewState(listener: () => void): { dispose(): unknown } };
  readonly opening: () => Opening;
  readonly write: (boot: Opening) => void;
}

const pauseMs = 400;

export function panelPage<Opening extends object>({ panel, opening, write }: Options<Opening>): PanelPage<Opening> {
  const state = pageState();
  const catalogOf = (of: Opening): object | undefined => (of as { readonly catalog?: object }).catalog;
  let written: object | undefined;
  let told: object | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const writeNow = (): void => {
    clearTimeout(timer);
    state.written();
    told = undefined;
    const boot = opening();
    written = catalogOf(boot);
    write(boot);
  };
  const subscription = panel.onDidChangeViewState(() => {
    if (panel.visible) clearTimeout(timer);
    else writeNow();
  });
  return {
    write: writeNow,
    open() {
      state.listens();
      const now = opening();
      told = catalogOf(now);
      if (told === undefined || told !== written) return now as Opened<Opening>;
      const { catalog: _catalog, ...rest } = now as Opening & { readonly catalog: object };
      return rest as Opened<Opening>;
    },
    changed(tell) {
      // VS Code lets nobody ask for anything of a panel that is closed.
      if (isClosed) return;
      if (panel.visible) return void (state.isListening && tell());
      clearTimeout(timer);
      timer = setTimeout(writeNow, pauseMs);
    },
    catalog(now) {
      if (now === told) return undefined;
      told = now;
      return now;
    },
    tell: state.tell,
    dispose() { isClosed = true; clearTimeout(timer); subscription.dispose(); },
  };
}
