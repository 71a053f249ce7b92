import type { Connection } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Connections to other systems, by what they are made with: used again, given to one call at a time or to many, closed when nobody has used them for a while. */
export interface Sessions extends AsyncDisposable {
  /** Waits where all that there may be are in use. Fails with what `open` fails with, or with the signal's reason. */
  lease<N>(key: string, options: SessionOptions<N>, signal: AbortSignal): Promise<Lease<N>>;
}

export interface SessionOptions<N> {
  readonly isShared: boolean;
  /** Connections with this key that are open at the same time. */
  readonly most: number;
  open(): Promise<Connection<N>>;
}

export interface Lease<N> {
  readonly client: N;
  /** `isSound`: the connection can be used again. To be called once. */
  end(isSound: boolean): void;
}

interface Slot {
  readonly connection: Promise<Connection<unknown>>;
  users: number;
  idle: AbortController | undefined;
}

interface Pool {
  readonly slots: Set<Slot>;
  readonly waiting: (() => void)[];
}

const idleMs = 30_000;

export function createSessions(clock: EngineHost['clock']): Sessions {
  const pools = new Map<string, Pool>();
  const closing = new Set<Promise<void>>();

  const close = (slot: Slot): void => {
    const closed = slot.connection.then((connection) => connection.close()).catch(() => undefined).finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const drop = (key: string, pool: Pool, slot: Slot): void => {
    if (!pool.slots.delete(slot)) return;
    slot.idle?.abort();
    pool.waiting.shift()?.();
    if (pool.slots.size === 0 && pool.waiting.length === 0 && pools.get(key) === pool) pools.delete(key);
  };
  const rest = (key: string, pool: Pool, slot: Slot): void => {
    const idle = new AbortController();
    slot.idle = idle;
    pool.waiting.shift()?.();
    const end = (): void => {
      if (slot.idle !== idle || slot.users > 0) return;
      drop(key, pool, slot);
      close(slot);
    };
    void clock.sleep(idleMs, idle.signal).then(end, () => undefined);
  };
  const leave = (key: string, pool: Pool, slot: Slot, isSound: boolean): void => {
    slot.users--;
    if (!isSound) drop(key, pool, slot);
    if (slot.users > 0) return;
    if (pool.slots.has(slot)) rest(key, pool, slot);
    else close(slot);
  };

  return {
    async lease<N>(key: string, { isShared, most, open }: SessionOptions<N>, signal: AbortSignal): Promise<Lease<N>> {
      for (;;) {
        signal.throwIfAborted();
        const pool = pools.get(key) ?? { slots: new Set<Slot>(), waiting: [] };
        pools.set(key, pool);
        let slot = [...pool.slots].find(({ users }) => isShared || users === 0);
        if (!slot && pool.slots.size >= (isShared ? 1 : most)) {
          await turn(pool, signal);
          // Whoever was woken and has gone meanwhile leaves the turn to the next.
          if (signal.aborted) pool.waiting.shift()?.();
          continue;
        }
        if (!slot) {
          const opened: Slot = { connection: open(), users: 0, idle: undefined };
          pool.slots.add(opened);
          // Also where nobody waits for it any more.
          opened.connection.catch(() => drop(key, pool, opened));
          slot = opened;
        }
        const taken = slot;
        taken.users++;
        taken.idle?.abort();
        taken.idle = undefined;
        try {
          const connection = (await unlessAborted(taken.connection, signal)) as Connection<N>;
          if (connection.isOpen?.() === false) {
            leave(key, pool, taken, false);
            continue;
          }
          return { client: connection.client, end: (isSound) => leave(key, pool, taken, isSound) };
        } catch (error) {
          // A connection that is still being made is of use to others; one that cannot be made is not.
          leave(key, pool, taken, signal.aborted && isShared);
          throw error;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      for (const [key, pool] of pools) {
        for (const slot of pool.slots) {
          drop(key, pool, slot);
          close(slot);
        }
      }
      await Promise.all(closing);
    },
  };
}

function turn(pool: Pool, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      pool.waiting.splice(pool.waiting.indexOf(go), 1);
      reject(signal.reason as Error);
    };
    pool.waiting.push(go);
    signal.addEventListener('abort', leave, { once: true });
  });
}
