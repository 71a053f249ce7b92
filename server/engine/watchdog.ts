import type { EngineHost } from './host.ts';
import { soon } from './loop.ts';

export interface Watched {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** The deadline is over; it is no longer watched. */
  onDue(): void;
}

/** Watches any number of deadlines with one timer, and with none for what is over at once: nearly everything is. */
export class Watchdog {
  readonly #clock: EngineHost['clock'];
  readonly #watched = new Set<Watched>();
  #sleep: AbortController | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #isArming = false;
  #isClosed = false;

  constructor(clock: EngineHost['clock']) {
    this.#clock = clock;
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
    if (watched.deadline >= this.#wakesAt || this.#isArming) return;
    this.#isArming = true;
    soon(() => {
      this.#isArming = false;
      this.#arm();
    });
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
  }

  close(): void {
    this.#isClosed = true;
    this.#sleep?.abort();
    this.#watched.clear();
  }

  #arm(): void {
    if (this.#isClosed) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { deadline } of this.#watched) if (deadline < first) first = deadline;
    if (first >= this.#wakesAt) return;
    this.#sleep?.abort();
    const sleep = new AbortController();
    this.#sleep = sleep;
    this.#wakesAt = first;
    this.#clock.sleep(Math.min(LONGEST_SLEEP_MS, Math.max(0, first - this.#clock.now())), sleep.signal).then(() => this.#wake(sleep), () => undefined);
  }

  #wake(sleep: AbortController): void {
    if (this.#sleep !== sleep || this.#isClosed) return;
    this.#sleep = undefined;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    for (const watched of this.#watched) {
      if (watched.deadline > now || !this.#watched.delete(watched)) continue;
      watched.onDue();
    }
    this.#arm();
  }
}

/** The longest that a timer can sleep. */
export const LONGEST_SLEEP_MS = 2 ** 31 - 1;
