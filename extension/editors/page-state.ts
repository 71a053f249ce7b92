/** What is known of the page in a panel. VS Code keeps what is told to a page for 200 ms only: a page that loads slowly never hears it, and asks for what it shows as soon as it listens. */
export interface PageState {
  readonly isListening: boolean;
  /** It was written anew: it loads when it is shown. */
  written(): void;
  /** It has asked for what it shows. */
  listens(): void;
  /** Tells what is part of no snapshot, and so must not get lost: at once, or when the page has what it asked for. */
  tell(what: () => void): void;
}

export function pageState(): PageState {
  let isListening = false;
  let waiting: (() => void)[] = [];
  return {
    get isListening() { return isListening; },
    written() { isListening = false; },
    listens() {
      isListening = true;
      // Behind the answer.
      setImmediate(() => {
        if (!isListening) return;
        const due = waiting;
        waiting = [];
        for (const what of due) what();
      });
    },
    tell(what) {
      if (isListening && waiting.length === 0) what();
      else waiting.push(what);
    },
  };
}
