import { errors, FlowError } from '../../plugins/sdk/index.ts';
import type { RunResult } from '../model/api.ts';
import type { RunError } from '../model/run-event.ts';
import { createCache } from '../model/lru.ts';
import { faultPoint } from '../stores/fault-point.ts';
import type { Recordings } from '../stores/recordings.ts';
import type { Lease } from '../stores/queue.ts';
import { systemClock } from './clock.ts';
import type { Executors, Outcome, PlainPayload, RunWants } from './executors.ts';
import type { RunnerLog } from './log.ts';
import { againOf } from './run-again.ts';
import { endEarly, mostFailures, noteOf } from './run-leased.ts';
import type { SettleRun } from './settle-run.ts';

/** Takes runs out of the queue and gives them to executors, as many at a time as it may; and knows who waits for which. */
export interface Dispatcher {
  /** What is wanted of a run that is about to be accepted. `caller`: the run that starts it; it is debugged where that one is. */
  expect(run: string, wants: RunWants, caller?: string): void;
  /** It was not accepted. */
  forget(run: string): void;
  /** Something may be waiting. */
  wake(): void;
  /** Resolves when the run is over, wherever it runs. `parked`: the run that waits for it; it does not count among those at work meanwhile. */
  wait(run: string, parked?: string): Promise<Finished>;
  /** Says whether the run was there to be stopped. */
  stop(run: string): Promise<boolean>;
  /** From now on it takes whatever is in the queue, and looks after runs whose owner has died. */
  listen(): void;
  /** Waits for the runs at work; what is not through by then is stopped, or, if this listens, goes back into the queue. Nothing begins any more. */
  drain(ms: number): Promise<void>;
}

export interface Finished {
  readonly result: RunResult;
  readonly payloads?: readonly PlainPayload[];
}

export interface DispatcherOptions {
  readonly recordings: () => Recordings;
  readonly executors: Executors;
  readonly log: RunnerLog;
  readonly settle: SettleRun;
  /** Runs at work at a time. */
  readonly concurrency: () => number;
}

/** Between two looks at what other processes have put into the queue. */
const pollMs = 500;
/** Between two looks whether somebody, in whatever process, wants to end a run that is at work here. */
const stopLookMs = 500;
/** Between two looks for owners that have died. */
const requeueMs = 2_000;
/** Between two looks whether runs of others are over. */
const waitMs = 100;
/** Results that are kept for somebody who may ask a moment later. */
const keptResults = 200;

export function createDispatcher({ recordings, executors, log, settle, concurrency }: DispatcherOptions): Dispatcher {
  const active = new Map<string, { readonly lease: Lease; readonly done: Promise<void> }>();
  const expected = new Map<string, RunWants>();
  const waiters = new Map<string, PromiseWithResolvers<Finished>>();
  const finished = createCache<Finished>(keptResults);
  const parked = new Map<string, number>();
  /** Runs that nobody works on, and that could not be put back yet. */
  const stranded = new Set<Lease>();
  let isListening = false;
  let isClosing = false;
  let isTimeUp = false;
  let isPumping = false;
  let isWoken = false;
  let pollTimer: NodeJS.Timeout | undefined;
  let pumpTimer: NodeJS.Timeout | undefined;
  let waitTimer: NodeJS.Timeout | undefined;
  let stopTimer: NodeJS.Timeout | undefined;
  let lookedAt = 0;
  let looks = 0;

  const free = (): number => concurrency() - active.size + parked.size;

  const mayLease = (): boolean => free() > 0 && !(isClosing && isListening);
  const wake = (): void => {
    isWoken = true;
    if (!isPumping) void pump();
  };
  const pump = async (): Promise<void> => {
    isPumping = true;
    try {
      while (isWoken && mayLease()) {
        isWoken = false;
        const most = free();
        const leases = await recordings().queue.lease({ most, now: systemClock.now(), isOwnOnly: !isListening });
        for (const lease of leases) begin(lease);
      }
    } catch (error) {
      // The disk is full, or another process keeps the database: those who listen look again soon.
      log.warn(`No run could be taken out of the queue: ${(error as Error).message}`);
    } finally {
      isPumping = false;
    }
    // Who does not listen is told by nobody when the limit of a flow, or the disk, lets a run of ours begin.
    if (!isListening && free() > 0 && [...expected.keys()].some((run) => !active.has(run))) pumpTimer ??= setTimeout(() => { pumpTimer = undefined; wake(); }, pollMs);
  };

  /** Where that cannot be read it is looked at once more, with what that says. */
  const hasWaiting = (): boolean => {
    try {
      return recordings().queue.hasWaiting(systemClock.now());
    } catch {
      return true;
    }
  };

  const begin = (lease: Lease): void => {
    faultPoint('leased');
    const done = executors.run(lease, expected.get(lease.run) ?? {}).then((outcome) => take(lease, outcome)).catch((error: unknown) => log.error(`The run ${lease.run} could not be ended: ${(error as Error).message}`)).finally(() => {
      active.delete(lease.run);
      if (active.size === 0) {
        clearInterval(stopTimer);
        stopTimer = undefined;
      }
      if (!isListening || hasWaiting()) wake();
    });
    active.set(lease.run, { lease, done });
    stopTimer ??= setInterval(lookForStops, stopLookMs).unref();
    if (isTimeUp) executors.stop(lease.run, isListening ? 'release' : 'stop');
  };

  const take = async (lease: Lease, outcome: Outcome): Promise<void> => {
    switch (outcome.type) {
      case 'ended': {
        const again = againOf(outcome.result.error);
        const wants = expected.get(lease.run);
        if (again !== undefined && wants?.outputs) expected.set(again, wants);
        return finish(lease.run, { result: outcome.result, ...(outcome.payloads && { payloads: outcome.payloads }) });
      }
      case 'released':
        return putBack(lease);
      case 'unrecorded':
        log.error(`The end of the run ${lease.run} could not be recorded; it goes on when it can be.`);
        return strand(lease);
      case 'unbegun':
        return strand(lease);
      case 'died':
        return bury(lease, outcome);
      case 'fenced':
        expected.delete(lease.run);
    }
  };
  const finish = (run: string, what: Finished): void => {
    const waiter = waiters.get(run);
    waiters.delete(run);
    if (waiter) waiter.resolve(what);
    else if (expected.get(run)?.outputs) finished.add(run, what);
    expected.delete(run);
  };
  const putBack = async (lease: Lease, how: { readonly strike?: boolean } = {}): Promise<void> => {
    try {
      await recordings().queue.release(lease, how);
    } catch {
      strand(lease);
    }
  };
  const strand = (lease: Lease): void => {
    stranded.add(lease);
    if (!isListening && !isClosing) setTimeout(() => void rescue(), pollMs).unref();
  };
  const rescue = async (): Promise<void> => {
    for (const lease of Array.from(stranded)) {
      stranded.delete(lease);
      await putBack(lease);
    }
    if (stranded.size === 0) wake();
  };
  const bury = async (lease: Lease, { message, isCulprit }: Outcome & { type: 'died' }): Promise<void> => {
    if (wantedStops().includes(lease.run)) {
      log.warn(`The run ${lease.run} was to be stopped and did not, so its thread was ended.`);
      return endFor(lease, 'stopped', { code: 'RUN_STOPPED', message: 'The run was stopped; it did not answer, so its thread was ended.', remedy: errors.RUN_STOPPED.fix });
    }
    if (isCulprit) {
      log.error(`${message} The run ${lease.run} has failed.`);
      return endFor(lease, 'failed', { code: 'RUN_STUCK', message, remedy: errors.RUN_STUCK.fix });
    }
    log.info(`The run ${lease.run} was in a thread that was ended, among others. It goes on in a thread of its own.`);
    return putBack(lease, { strike: true });
  };
  /** The thread that the run was in is gone, and whatever it had still to write. */
  const endFor = async (lease: Lease, status: 'failed' | 'stopped', error: RunError): Promise<void> => {
    try {
      const renewed = await recordings().queue.renew(lease);
      if (!renewed) return;
      const outcome = await endEarly(recordings().leased(renewed), status, error, { recordings: recordings(), settle });
      await take(renewed, outcome);
    } catch {
      strand(lease);
    }
  };

  /** Where that cannot be read it is looked again soon. */
  const wantedStops = (): readonly string[] => {
    try {
      return recordings().queue.stopRequests();
    } catch {
      return [];
    }
  };
  const lookForStops = (): void => {
    for (const run of wantedStops()) executors.stop(run, 'stop');
  };
  const poll = (): void => {
    const now = systemClock.now();
    try {
      const { queue } = recordings();
      if (stranded.size > 0) void rescue();
      if (now - lookedAt >= requeueMs) {
        lookedAt = now;
        void queue.requeue(now).catch((error: unknown) => log.warn(`Runs of a runner that has ended stay for now: ${(error as Error).message}`));
      }
      if (queue.hasWaiting(now)) wake();
    } catch (error) {
      log.warn(`The queue could not be looked at: ${(error as Error).message}`);
    }
  };

  /** Looks whether runs are over that others work on, or that were ended while they waited. */
  const lookAtWaited = (): void => {
    // Many wait for their turn here, and need not be looked at all the time.
    if (++looks % Math.ceil(waiters.size / 100) !== 0) return;
    for (const run of waiters.keys()) {
      try {
        if (!active.has(run) && !recordings().archive.isOpen(run)) finish(run, resultOf(recordings(), run));
      } catch (error) {
        // It was deleted, or the disk fails.
        waiters.get(run)?.reject(error);
        waiters.delete(run);
      }
    }
    if (waiters.size === 0) {
      clearInterval(waitTimer);
      waitTimer = undefined;
    }
  };
  const park = (run: string, change: 1 | -1): void => {
    const count = (parked.get(run) ?? 0) + change;
    if (count > 0) parked.set(run, count);
    else parked.delete(run);
    if (change > 0) wake();
  };

  const settleStopped = async (run: string): Promise<void> => {
    const { origin, startedAt } = recordings().archive.run(run)!;
    if (startedAt !== undefined) await settle({ id: run, ...(origin && { origin }) }, 'stopped');
  };

  const stop = async (run: string): Promise<boolean> => {
    const what = await recordings().queue.stop(run, systemClock.now());
    faultPoint('stop-requested');
    if (what === 'asked') executors.stop(run, 'stop');
    if (what === 'stopped' && waiters.has(run)) finish(run, resultOf(recordings(), run));
    // Of one that was at work, what got through counts. What cannot be decided now is decided later.
    if (what === 'stopped') await settleStopped(run).catch(() => undefined);
    if (what === 'stopped') for (const event of recordings().archive.events(run, 1, 100)) if (event.event.type === 'run-finished') recordings().relay(event);
    if (what !== undefined) return true;
    // Whoever waits for it waits for the one that does it again.
    const again = againOf(recordings().archive.run(run)?.error);
    return again !== undefined && stop(again);
  };

  return {
    expect(run, wants, caller = '') {
      const debug = wants.debug ?? expected.get(caller)?.debug;
      expected.set(run, { ...wants, ...(debug !== undefined && { debug }) });
    },
    forget: (run) => void expected.delete(run),
    wake,
    async wait(run, waitsFor) {
      const known = finished.get(run);
      if (known) return known;
      const waiter = waiters.get(run) ?? Promise.withResolvers<Finished>();
      waiters.set(run, waiter);
      // Another process may work on it: whoever waits for that lives as long.
      waitTimer ??= setInterval(lookAtWaited, waitMs);
      if (waitsFor === undefined) return waiter.promise;
      park(waitsFor, 1);
      return waiter.promise.finally(() => park(waitsFor, -1));
    },
    stop,
    listen() {
      isListening = true;
      pollTimer = setInterval(poll, pollMs).unref();
      wake();
    },
    async drain(ms) {
      isClosing = true;
      clearInterval(pollTimer);
      const isOver = (): boolean => active.size === 0 && !isPumping;
      await until(isOver, () => [...active.values()].map(({ done }) => done), ms);
      isTimeUp = true;
      for (const run of active.keys()) executors.stop(run, isListening ? 'release' : 'stop');
      await until(isOver, () => [...active.values()].map(({ done }) => done), stopMs);
      if (stranded.size > 0) await rescue();
      clearInterval(waitTimer);
      clearTimeout(pumpTimer);
      for (const [run, waiter] of waiters) {
        try {
          waiter.resolve(resultOf(recordings(), run));
        } catch (error) {
          waiter.reject(error);
        }
      }
    },
  };
}

/** In which a stopped run has surely ended; an executor that has not by then is ended. */
const stopMs = 5_000;

async function until(isOver: () => boolean, work: () => readonly Promise<unknown>[], ms: number): Promise<void> {
  const timeUp = Promise.withResolvers<'late'>();
  const timer = setTimeout(timeUp.resolve, ms, 'late');
  while (!isOver()) {
    const waited = await Promise.race([timeUp.promise, Promise.allSettled(work()).then(() => new Promise(setImmediate))]);
    if (waited === 'late') break;
  }
  clearTimeout(timer);
}

/** The result of a run that was not at work here, by its recording. */
function resultOf({ archive }: Recordings, id: string): Finished {
  const run = archive.run(id);
  if (!run) throw new FlowError('STORAGE_FAILED', `The run ${id} is not in the recordings any more.`);
  const { status, durationMs = 0, steps, error } = run;
  const failures = Object.keys(steps).flatMap((step) => archive.payloads(id, step, 'failed', 1, mostFailures).items).slice(0, mostFailures);
  return { result: { run: id, status, durationMs, steps, outputs: [], failures: failures.map((row) => noteOf(row.step, row.id, row.error, row.caughtBy)), ...(error && { error }) } };
}
