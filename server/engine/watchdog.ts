import type { EngineHost } from './host.ts';
import { soon } from './loop.ts';

export interface Watched {
  /** Milliseconds since the epoch; the watchdog puts it off by the time that it was paused. */
  deadline: number;
  /** The deadline is over; it is no longer watched. */
  onDue(): void;
  /** Its neighbours in the list of what is watched: they belong to the watchdog. */
  watchedBefore: Watched | undefined;
  watchedAfter: Watched | undefined;
}

/**
 * Watches any number of deadlines with one timer, and with none for what is over at once: nearly everything is. What is watched is a linked
 * list of the watched things themselves, since each promise that a step waits for comes and goes.
 */
export class Watchdog {
  readonly #clock: EngineHost['clock'];
  readonly #list: Watched = { deadline: Number.POSITIVE_INFINITY, onDue() {}, watchedBefore: undefined, watchedAfter: undefined };
  #sleep: AbortController | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #isArming = false;
  #isClosed = false;
  #pausedAt: number | undefined;
  #pausedMs = 0;

  constructor(clock: EngineHost['clock']) {
    this.#clock = clock;
    this.#list.watchedBefore = this.#list.watchedAfter = this.#list;
  }

  add(watched: Watched): void {
    const last = this.#list.watchedBefore!;
    watched.watchedBefore = last;
    watched.watchedAfter = this.#list;
    last.watchedAfter = this.#list.watchedBefore = watched;
    if (watched.deadline >= this.#wakesAt || this.#isArming) return;
    this.#isArming = true;
    soon(() => {
      this.#isArming = false;
      this.#arm();
    });
  }

  delete(watched: Watched): void {
    const { watchedBefore, watchedAfter } = watched;
    if (!watchedBefore || !watchedAfter) return;
    watchedBefore.watchedAfter = watchedAfter;
    watchedAfter.watchedBefore = watchedBefore;
    watched.watchedBefore = watched.watchedAfter = undefined;
  }

  /** How long it was paused so far. */
  get pausedMs(): number {
    return this.#pausedMs + (this.#pausedAt === undefined ? 0 : this.#clock.now() - this.#pausedAt);
  }

  /** Time does not count until `goOn`. */
  pause(): void {
    this.#pausedAt ??= this.#clock.now();
  }

  goOn(): void {
    if (this.#pausedAt === undefined) return;
    const ms = this.#clock.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    this.#pausedMs += ms;
    for (let one = this.#list.watchedAfter!; one !== this.#list; one = one.watchedAfter!) one.deadline += ms;
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#sleep?.abort();
    this.#list.watchedBefore = this.#list.watchedAfter = this.#list;
  }

  #arm(): void {
    if (this.#isClosed || this.#pausedAt !== undefined) return;
    let first = Number.POSITIVE_INFINITY;
    for (let one = this.#list.watchedAfter!; one !== this.#list; one = one.watchedAfter!) first = Math.min(first, one.deadline);
    if (first >= this.#wakesAt) return;
    this.#sleep?.abort();
    const sleep = new AbortController();
    this.#sleep = sleep;
    this.#wakesAt = first;
    const ms = Math.min(LONGEST_SLEEP_MS, Math.max(0, first - this.#clock.now()));
    (this.#clock.alarm?.(ms, sleep.signal) ?? this.#clock.sleep(ms, sleep.signal)).then(() => this.#wake(sleep), () => undefined);
  }

  #wake(sleep: AbortController): void {
    if (this.#sleep !== sleep || this.#isClosed) return;
    this.#sleep = undefined;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    if (this.#pausedAt !== undefined) return;
    const now = this.#clock.now();
    const due: Watched[] = [];
    for (let one = this.#list.watchedAfter!; one !== this.#list; one = one.watchedAfter!) if (one.deadline <= now) due.push(one);
    for (const one of due) {
      // What was due before may have ended it.
      if (one.watchedAfter === undefined) continue;
      this.delete(one);
      one.onDue();
    }
    this.#arm();
  }
}

/** The longest that a timer can sleep. */
export const LONGEST_SLEEP_MS = 2 ** 31 - 1;
