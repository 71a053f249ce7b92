import type { NumberedRunEvent, RunEvent } from '../model/run-event.ts';
import type { Archive } from './archive.ts';

/** Runs that other threads of this process record: their events come only when they are asked for. */
export interface Elsewhere {
  /** Whether one of them records the run now. */
  has(run: string): boolean;
  /** From now on its events are wanted; `settle` says from when on they come. */
  watch(run: string): void;
  unwatch(run: string): void;
  /** Resolves when everything that was recorded of the run before can be read, and all that comes later is told. */
  settle(run: string): Promise<void>;
}

export interface Watchers {
  /** `run`: an id, or `''` for the beginnings and ends of all runs. */
  add(run: string, listener: (event: NumberedRunEvent) => void): () => void;
  tell(event: NumberedRunEvent): void;
  /** Whether somebody listens to this run. */
  has(run: string): boolean;
}

export const isMilestone = (type: RunEvent['type']): boolean => type === 'run-queued' || type === 'run-started' || type === 'run-finished';

export function createWatchers(elsewhere: Elsewhere | undefined): Watchers {
  const listeners = new Map<string, Set<(event: NumberedRunEvent) => void>>();
  return {
    has: (run) => listeners.has(run),
    add(run, listener) {
      // A wrapper of its own, so that the same function may listen twice.
      const own = (event: NumberedRunEvent): void => listener(event);
      const group = listeners.get(run) ?? new Set();
      if (group.size === 0 && run !== '') elsewhere?.watch(run);
      listeners.set(run, group.add(own));
      return () => {
        group.delete(own);
        if (group.size > 0 || listeners.get(run) !== group) return;
        listeners.delete(run);
        if (run !== '') elsewhere?.unwatch(run);
      };
    },
    tell(event) {
      if (listeners.size === 0) return;
      for (const listener of listeners.get(event.run) ?? []) listener(event);
      if (isMilestone(event.event.type)) for (const listener of listeners.get('') ?? []) listener(event);
    },
  };
}

const pollMs = 300;
const chunk = 500;

export interface FollowOptions {
  readonly archive: Archive;
  readonly watchers: Watchers;
  /** Whether this process records the run now: then its events are told. */
  readonly isHere: () => boolean;
  /** See `Elsewhere.settle`. */
  readonly settle: () => Promise<void>;
}

/**
 * Recorded events first, then live ones, none missing and none twice. Those of a run that another process records are read from the database as they come;
 * so are those of a run that waits, until this process has begun it. The end of a run of which nothing is kept is told as well.
 */
export function follow(run: string, listener: (event: NumberedRunEvent) => void, afterSeq: number, { archive, watchers, isHere, settle }: FollowOptions): () => void {
  let last = afterSeq;
  let isOver = false;
  let isEndTold = false;
  /** Live events wait while recorded ones are read. */
  let waiting: NumberedRunEvent[] | undefined = [];
  let wake: (() => void) | undefined;
  const deliver = (event: NumberedRunEvent): void => {
    if (isOver || event.seq <= last) return;
    last = event.seq;
    isEndTold ||= event.event.type === 'run-finished';
    listener(event);
  };
  const stop = watchers.add(run, (event) => {
    if (waiting) {
      waiting.push(event);
      wake?.();
    } else if (event.seq > last + 1) {
      // Another thread has gone on with the run, and some events of the one before it were not told.
      waiting = [event];
      void readOn();
    } else deliver(event);
  });
  const pause = (): Promise<void> => new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, pollMs).unref();
    wake = () => { clearTimeout(timer); resolve(); };
  }).finally(() => { wake = undefined; });
  const readRecorded = async (): Promise<void> => {
    for (;;) {
      const events = isOver ? [] : archive.events(run, last, chunk);
      for (const event of events) deliver(event);
      if (events.length < chunk) return;
      await new Promise(setImmediate);
    }
  };
  const readOn = async (): Promise<void> => {
    for (;;) {
      const wasHere = isHere();
      const wasOpen = archive.isOpen(run);
      await settle().catch(() => undefined);
      await readRecorded();
      if (isOver) return;
      if (wasHere || !wasOpen) break;
      await pause();
    }
    const missed = waiting ?? [];
    waiting = undefined;
    for (const event of missed) deliver(event);
    tellEnd();
  };
  const tellEnd = (): void => {
    if (isOver || isEndTold || archive.isOpen(run)) return;
    // Whoever goes on after the end knows of it.
    if (archive.events(run, Math.max(0, afterSeq - 1), 1)[0]?.event.type === 'run-finished') return;
    const { status, queuedAt, startedAt = queuedAt, durationMs = 0, error } = archive.run(run) ?? {};
    if (status === undefined || startedAt === undefined || status === 'queued' || status === 'running') return;
    deliver({ run, seq: last + 1, event: { type: 'run-finished', status, at: startedAt + durationMs, durationMs, ...(error && { error }) } });
  };
  // The recordings may be closed in the meantime; then there is nothing more to hear.
  readOn().catch(() => undefined);
  return () => {
    isOver = true;
    wake?.();
    stop();
  };
}
