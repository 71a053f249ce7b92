import { errors, FlowError, type Token } from '../../plugins/sdk/index.ts';
import type { ConnectionState, EngineHost, OwnConnectionState, TokenKeeper } from './host.ts';
import { laneOf } from './lanes.ts';

type Limit = NonNullable<Parameters<ConnectionState['admit']>[1]>;

/** Tokens, rate limits and pauses in memory: one for all runs of a process. Without a keeper no token outlives it. */
export function createConnections(clock: EngineHost['clock'], keeper?: TokenKeeper): OwnConnectionState {
  const tokens = tokenCache(keeper);
  const gates = new Map<string, Gate>();
  const gateOf = (key: string): Gate => {
    const found = gates.get(key) ?? createGate(clock);
    gates.set(key, found);
    return found;
  };
  return {
    token: tokens.get,
    forget: tokens.forget,
    admit: (key, limit, signal, weight = 1) => gateOf(key).admit(limit, signal, weight),
    done: (key) => gateOf(key).done(),
    pauseUntil: (key, time) => gateOf(key).pauseUntil(time),
  };
}

function tokenCache(keeper: TokenKeeper | undefined): { readonly get: ConnectionState['token']; readonly forget: OwnConnectionState['forget'] } {
  const known = new Map<string, Token>();
  const names = new Map<string, string>();
  const renewals = new Map<string, Promise<Token>>();
  const get: ConnectionState['token'] = async (key, renew, { now, stale, kept, isReplaceable = false }) => {
    if (kept !== undefined) names.set(key, kept);
    const isUsable = (token: Token): boolean => token !== stale && (token.expiresAt === undefined || token.expiresAt > now);
    // What was kept is another object than what was refused, and may be what another process has renewed meanwhile.
    const renewKept = async (last: Token | undefined): Promise<Token> => (last && isUsable(last) && JSON.stringify(last) !== JSON.stringify(stale) ? last : renew(last));
    for (;;) {
      const token = known.get(key);
      if (token && isUsable(token)) return token;
      const shared = renewals.get(key);
      if (!shared) {
        const renewal = (keeper && kept !== undefined ? keeper.change(kept, renewKept, { isReplaceable }) : renew(token)).then((fresh) => (known.set(key, fresh), fresh)).finally(() => renewals.delete(key));
        renewals.set(key, renewal);
        return renewal;
      }
      try {
        return await shared;
      } catch (error) {
        // Whoever renewed may have been stopped, which says nothing about us.
        if (FlowError.is(error) && ['auth', 'remote'].includes(errors[error.code].kind)) throw error;
      }
    }
  };
  return {
    get,
    forget(kept) {
      for (const [key, name] of names) if (name === kept) known.delete(key);
    },
  };
}

interface Gate {
  admit(limit: Limit | undefined, signal: AbortSignal, weight: number): Promise<void>;
  done(): void;
  pauseUntil(time: number): void;
}

interface Waiter {
  readonly limit: Limit | undefined;
  readonly weight: number;
  enter(): void;
}

/** Lets requests through in the order in which they came to their limit; no window of `perMs` sees more than `requests` of them, and no more than `concurrency` are under way. */
function createGate(clock: EngineHost['clock']): Gate {
  const windows = new Map<string, Window>();
  // Whoever shares a pool may have another limit of it: neither counts in the window of the other, nor waits behind it.
  const lanes = new Map<string, Waiter[]>();
  let underWay = 0;
  let pausedUntil = 0;
  let nap: AbortController | undefined;

  const windowOf = (limit: Limit | undefined): Window => {
    const name = laneOf(limit);
    const found = windows.get(name) ?? createWindow();
    windows.set(name, found);
    return found;
  };
  const dueAt = ({ limit, weight }: Pick<Waiter, 'limit' | 'weight'>, now: number): number =>
    (limit?.concurrency !== undefined && underWay >= limit.concurrency ? Infinity : Math.max(pausedUntil, windowOf(limit).dueAt(limit, weight, now)));
  const enter = ({ limit, weight }: Pick<Waiter, 'limit' | 'weight'>, now: number): void => {
    if (limit?.concurrency !== undefined) underWay++;
    windowOf(limit).enter(limit, weight, now);
  };
  const leave = (waiter: Waiter): void => {
    const name = laneOf(waiter.limit);
    const lane = lanes.get(name)!;
    lane.splice(lane.indexOf(waiter), 1);
    if (lane.length === 0) lanes.delete(name);
  };
  /** Of the first of each lane the one whose turn comes next. */
  const nextOf = (now: number): { readonly waiter: Waiter; readonly due: number } | undefined =>
    [...lanes.values()].map(([waiter]) => ({ waiter: waiter!, due: dueAt(waiter!, now) })).reduce<{ readonly waiter: Waiter; readonly due: number } | undefined>((least, next) => (least && least.due <= next.due ? least : next), undefined);
  const work = async (): Promise<void> => {
    nap = new AbortController();
    for (let now = clock.now(), next = nextOf(now); next; now = clock.now(), next = nextOf(now)) {
      const { waiter, due } = next;
      if (due <= now) {
        leave(waiter);
        enter(waiter, now);
        waiter.enter();
      } else await (due === Infinity ? aborted(nap.signal) : clock.sleep(due - now, nap.signal).catch(() => undefined));
      if (nap.signal.aborted) nap = new AbortController();
    }
    nap = undefined;
  };

  return {
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
    done() {
      underWay--;
      nap?.abort();
    },
    async admit(limit, signal, weight) {
      signal.throwIfAborted();
      const now = clock.now();
      const lane = lanes.get(laneOf(limit));
      if (!lane && dueAt({ limit, weight }, now) <= now) return enter({ limit, weight }, now);
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          leave(waiter);
          // The worker looks again at once: it sleeps for the one that has left, or for nobody.
          nap?.abort();
          reject(signal.reason as Error);
        };
        const waiter: Waiter = { limit, weight, enter: () => (signal.removeEventListener('abort', abort), resolve()) };
        signal.addEventListener('abort', abort, { once: true });
        if (lane) lane.push(waiter);
        else lanes.set(laneOf(limit), [waiter]);
        if (!nap) void work();
        // One that is due earlier than what the worker sleeps for.
        else if (!lane) nap.abort();
      });
    },
  };
}

interface Window {
  /** Milliseconds since the epoch at which so much more may enter; `now` or before where it may at once. */
  dueAt(limit: Limit | undefined, weight: number, now: number): number;
  enter(limit: Limit | undefined, weight: number, now: number): void;
}

function createWindow(): Window {
  const entered: { readonly at: number; readonly weight: number }[] = [];
  let begin = -Infinity;
  let used = 0;
  return {
    dueAt(limit, weight, now) {
      if (limit?.requests === undefined || limit.perMs === undefined) return 0;
      const { requests, perMs, window = 'moving' } = limit;
      // What is heavier than the whole window has it for itself.
      const wanted = Math.min(weight, requests);
      if (window === 'fixed') return now >= begin + perMs || used + wanted <= requests ? 0 : begin + perMs;
      let sum = wanted;
      for (let index = entered.length - 1; index >= 0; index--) {
        sum += Math.min(entered[index]!.weight, requests);
        if (sum > requests) return entered[index]!.at + perMs;
      }
      return 0;
    },
    enter(limit, weight, now) {
      if (limit?.requests === undefined || limit.perMs === undefined) return;
      const { requests, perMs, window = 'moving' } = limit;
      if (window === 'fixed') {
        if (now >= begin + perMs) [begin, used] = [now, 0];
        used += Math.min(weight, requests);
        return;
      }
      entered.push({ at: now, weight });
      // Whatever is older than the longest window counts for nothing; weights are at least 1.
      if (entered.length > requests * 2) entered.splice(0, entered.length - requests);
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
