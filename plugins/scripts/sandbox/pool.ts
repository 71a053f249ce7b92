import { FlowError } from '../../sdk/index.ts';
import type { Sandbox } from './sandbox.ts';

/** Children that are used again and again, by one caller at a time. */
export interface Pool {
  /** Waits for a child and works with it. Fails with `SANDBOX_UNSAFE` where none can be started, with the signal's reason when it aborts before. */
  use<T>(signal: AbortSignal, work: (sandbox: Sandbox) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly open: () => Promise<Sandbox>;
  /** Most children at a time. */
  readonly size: number;
  /** Milliseconds after which a child that has nothing to do is ended. */
  readonly idleMs: number;
}

interface Waiter {
  readonly take: (sandbox: Sandbox) => void;
  readonly fail: (error: unknown) => void;
}

/** Starts a child when one is wanted, up to the size; one that was killed is replaced at once, so that the next caller need not wait for it. */
export function openPool({ open, size, idleMs }: PoolOptions): Pool {
  const idle = new Map<Sandbox, NodeJS.Timeout>();
  const all = new Set<Sandbox>();
  const waiters = new Set<Waiter>();
  let opening = 0;
  const starts = new Set<Promise<void>>();
  let closed = false;

  const start = (): void => {
    const started = bring();
    starts.add(started);
    void started.finally(() => starts.delete(started));
  };
  const bring = async (): Promise<void> => {
    opening++;
    try {
      const sandbox = await open();
      opening--;
      all.add(sandbox);
      void sandbox.ended.then(() => remove(sandbox));
      if (closed) sandbox.end();
      release(sandbox);
    } catch (error) {
      opening--;
      // The next child would meet the same fate, so each of those who wait is told.
      for (const waiter of waiters) waiter.fail(error);
    }
  };
  const remove = (sandbox: Sandbox): void => {
    all.delete(sandbox);
    clearTimeout(idle.get(sandbox));
    idle.delete(sandbox);
  };
  const release = (sandbox: Sandbox): void => {
    if (sandbox.alive && sandbox.worn) sandbox.end();
    if (!sandbox.alive) {
      remove(sandbox);
      if (!closed && all.size + opening < size) start();
      return;
    }
    const [waiter] = waiters;
    if (waiter) return waiter.take(sandbox);
    sandbox.hold(false);
    idle.set(sandbox, setTimeout(() => sandbox.end(), idleMs).unref());
  };
  const takeIdle = (): Sandbox | undefined => {
    for (const [sandbox, timer] of idle) {
      clearTimeout(timer);
      idle.delete(sandbox);
      if (sandbox.alive && !sandbox.worn) return sandbox;
      sandbox.end();
    }
    return undefined;
  };

  const acquire = async (signal: AbortSignal): Promise<Sandbox> => {
    signal.throwIfAborted();
    if (closed) throw new FlowError('RUN_STOPPED', 'The script engine has been closed.');
    const free = takeIdle();
    if (free) return free;
    const { promise, resolve, reject } = Promise.withResolvers<Sandbox>();
    // Leaving is synchronous: a child must never be handed to somebody who has just given up.
    const leave = (): void => {
      waiters.delete(waiter);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: unknown): void => {
      leave();
      reject(error as Error);
    };
    const abort = (): void => fail(signal.reason);
    const waiter: Waiter = {
      take(sandbox) {
        leave();
        resolve(sandbox);
      },
      fail,
    };
    signal.addEventListener('abort', abort, { once: true });
    waiters.add(waiter);
    if (opening < waiters.size && all.size + opening < size) start();
    return promise;
  };

  return {
    async use(signal, work) {
      const sandbox = await acquire(signal);
      sandbox.hold(true);
      try {
        return await work(sandbox);
      } finally {
        release(sandbox);
      }
    },
    async close() {
      closed = true;
      for (const waiter of waiters) waiter.fail(new FlowError('RUN_STOPPED', 'The script engine has been closed.'));
      await Promise.all(starts);
      await Promise.all([...all].map((sandbox) => {
        sandbox.hold(true);
        sandbox.end();
        return sandbox.ended;
      }));
    },
  };
}
