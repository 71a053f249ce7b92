import type { Connection } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Connections to other systems, by what they are made with: used again, given to one call at a time or to many, closed when nobody has used them for a while. */
export interface Sessions extends AsyncDisposable {
  /** Waits where all that there may be are in use. Fails with what `open` fails with, with `late` of the patience, or with the signal's reason. */
  lease<N>(key: string, options: SessionOptions<N>, signal: AbortSignal): Promise<Lease<N>>;
}

export interface SessionOptions<N> {
  readonly isShared: boolean;
  /** Connections with this key that are at work at the same time. */
  readonly most: number;
  /** How long a turn is waited for, and what it fails with then; default for ever. */
  readonly patience?: { readonly ms: number; late(): Error };
  open(): Promise<Connection<N>>;
  /** Its turn has come; not called where it had not to wait. */
  onTurn?(): void;
}

export interface Lease<N> {
  readonly client: N;
  /**
   * The call waits for something else, such as the steps that take what it has read, and keeps its connection: another may be at work meanwhile, as what is waited for
   * may need one. `go`: it works again, without a turn.
   */
  rest(): void;
  go(): void;
  /** `isSound`: the connection can be used again. To be called once. */
  end(isSound: boolean): void;
}

interface Slot {
  readonly connection: Promise<Connection<unknown>>;
  users: number;
  isResting: boolean;
  idle: AbortController | undefined;
}

interface Pool {
  readonly slots: Set<Slot>;
  /** Connections at work, at most. */
  readonly most: number;
  readonly waiting: (() => void)[];
}

const idleMs = 30_000;
/** Of a pool, for each that may be at work: those that rest count, too, as no other system takes any number of connections. */
const mostResting = 3;

function hasRoom({ slots, most }: Pool): boolean {
  let working = 0;
  let idle = 0;
  for (const { users, isResting } of slots) {
    if (users === 0) idle++;
    else if (!isResting) working++;
  }
  return working < most && (idle > 0 || slots.size < most * (1 + mostResting));
}

const wake = (pool: Pool): void => {
  if (hasRoom(pool)) pool.waiting.shift()?.();
};

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
    wake(pool);
    if (pool.slots.size === 0 && pool.waiting.length === 0 && pools.get(key) === pool) pools.delete(key);
  };
  const idle = (key: string, pool: Pool, slot: Slot): void => {
    const turn = new AbortController();
    slot.idle = turn;
    wake(pool);
    const end = (): void => {
      if (slot.idle !== turn || slot.users > 0) return;
      drop(key, pool, slot);
      close(slot);
    };
    void clock.sleep(idleMs, turn.signal).then(end, () => undefined);
  };
  const leave = (key: string, pool: Pool, slot: Slot, isSound: boolean): void => {
    slot.users--;
    slot.isResting = false;
    if (!isSound) drop(key, pool, slot);
    if (slot.users > 0) return;
    if (pool.slots.has(slot)) idle(key, pool, slot);
    else close(slot);
  };

  return {
    async lease<N>(key: string, { isShared, most, patience, open, onTurn }: SessionOptions<N>, signal: AbortSignal): Promise<Lease<N>> {
      const until = patience && clock.now() + patience.ms;
      for (let isAgain = false; ; isAgain = true) {
        signal.throwIfAborted();
        const pool: Pool = pools.get(key) ?? { slots: new Set<Slot>(), most: isShared ? 1 : most, waiting: [] };
        pools.set(key, pool);
        if (!isShared && !hasRoom(pool)) {
          await turnIn(clock, pool, signal, { isAgain, ...(until !== undefined && { ms: until - clock.now(), late: patience!.late }) });
          // Whoever was woken and has gone meanwhile leaves the turn to the next.
          if (signal.aborted) wake(pool);
          onTurn?.();
          continue;
        }
        let slot = [...pool.slots].find(({ users }) => isShared || users === 0);
        if (!slot) {
          const opened: Slot = { connection: open(), users: 0, isResting: false, idle: undefined };
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
          return {
            client: connection.client,
            rest() {
              taken.isResting = !isShared;
              wake(pool);
            },
            go: () => { taken.isResting = false; },
            end: (isSound) => leave(key, pool, taken, isSound),
          };
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

interface Turn {
  /** It has waited already, and goes before the others. */
  readonly isAgain: boolean;
  readonly ms?: number;
  late?(): Error;
}

function turnIn(clock: EngineHost['clock'], pool: Pool, signal: AbortSignal, { isAgain, ms, late }: Turn): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const settle = (): void => {
      over.abort();
      signal.removeEventListener('abort', leave);
    };
    const go = (): void => {
      settle();
      resolve();
    };
    const giveUp = (reason: Error): void => {
      settle();
      pool.waiting.splice(pool.waiting.indexOf(go), 1);
      reject(reason);
    };
    const leave = (): void => giveUp(signal.reason as Error);
    if (isAgain) pool.waiting.unshift(go);
    else pool.waiting.push(go);
    signal.addEventListener('abort', leave, { once: true });
    if (ms !== undefined) (clock.alarm ?? clock.sleep)(Math.max(0, ms), over.signal).then(() => giveUp(late!()), () => undefined);
  });
}
