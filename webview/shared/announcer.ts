const interval = 2_000;
/** After that long nobody reads it any more who comes by. */
const kept = 10_000;

/** Tells a screen reader what has changed: one polite region per page, one message in two seconds at most; of several only the newest. */
export class Announcer {
  private waiting: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ending: ReturnType<typeof setTimeout> | undefined;
  private readonly speak: (text: string) => void;

  constructor(speak: (text: string) => void) {
    this.speak = speak;
  }

  say(text: string): void {
    this.waiting = text;
    this.timer ??= this.next();
  }

  private next(): ReturnType<typeof setTimeout> | undefined {
    if (this.waiting === undefined) {
      this.ending = setTimeout(() => this.speak(''), kept);
      return undefined;
    }
    clearTimeout(this.ending);
    this.speak(this.waiting);
    this.waiting = undefined;
    return setTimeout(() => { this.timer = this.next(); }, interval);
  }
}

/** The announcer of this page. */
export function pageAnnouncer(): Announcer {
  const region = document.createElement('div');
  region.setAttribute('role', 'status');
  region.style.cssText = 'position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);';
  document.body.append(region);
  return new Announcer((text) => { region.textContent = text; });
}
