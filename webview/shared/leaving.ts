import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ask } from './ask.ts';

/** The way out of a pane that stands where something else was: Escape, and `leave` for its button. */
export class Leaving implements ReactiveController {
  private readonly host: ReactiveControllerHost & HTMLElement;
  private readonly isChanged: () => boolean;
  private readonly close: () => void;
  private isAsking = false;

  /** `isChanged`: whether something was typed that is kept nowhere else; then the user is asked first. */
  constructor(host: ReactiveControllerHost & HTMLElement, isChanged: () => boolean, close: () => void) {
    this.host = host;
    this.isChanged = isChanged;
    this.close = close;
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener('keydown', this.onKey);
    this.host.addEventListener('keydown', this.onEarlyKey, true);
  }

  hostDisconnected(): void {
    this.host.removeEventListener('keydown', this.onKey);
    this.host.removeEventListener('keydown', this.onEarlyKey, true);
  }

  readonly leave = async (): Promise<void> => {
    if (await this.mayLeave()) this.close();
  };

  /** For who puts something else in its place. A question that stands there already is the answer to wait for: meanwhile it is no. */
  async mayLeave(): Promise<boolean> {
    if (!this.isChanged()) return true;
    if (this.isAsking) return false;
    this.isAsking = true;
    const answer = await ask({ title: 'Give up what you typed?', text: 'It is kept nowhere else.', action: 'Give it up' });
    this.isAsking = false;
    return answer !== undefined;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    void this.leave();
  };

  private readonly onEarlyKey = (event: KeyboardEvent): void => {
    if (isKeptEscape(event)) void this.leave();
  };
}

/** Escape in a select control that is closed: it keeps the key to itself all the same, so that nobody after it hears of it. */
export function isKeptEscape(event: KeyboardEvent): boolean {
  const select = event.key === 'Escape' ? event.composedPath().find((target) => target instanceof Element && target.localName === 'vscode-single-select') : undefined;
  return select !== undefined && !(select as Element & { readonly open: boolean }).open;
}
