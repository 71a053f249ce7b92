import { errors, FlowError, type Token } from '../../plugins/sdk/index.ts';
import type { ConnectionState, EngineHost, OwnConnectionState, TokenKeeper } from './host.ts';

type Limit = { readonly requests: number; readonly perMs: number };

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
    admit: (key, limit, signal) => gateOf(key).admit(limit, signal),
    pauseUntil: (key, time) => gateOf(key).pauseUntil(time),
  };
}

function tokenCache(keeper: TokenKeeper | undefined): { readonly get: ConnectionState['token']; readonly forget: OwnConnectionState['forget'] } {
  const known = new Map<string, Token>();
  const names = new Map<string, string>();
  const renewals = new Map<string, Promise<Token>>();
  const get: ConnectionState['token'] = async (key, renew, { now, stale, kept }) => {
    if (kept !== undefined) names.set(key, kept);
    const isUsable = (token: Token): boolean => token !== stale && (token.expiresAt === undefined || token.expiresAt > now);
    // What was kept is another object than what was refused, and may be what another process has renewed meanwhile.
    const renewKept = async (last: Token | undefined): Promise<Token> => (last && isUsable(last) && JSON.stringify(last) !== JSON.stringify(stale) ? last : renew(last));
    for (;;) {
      const token = known.get(key);
      if (token && isUsable(token)) return token;
      const shared = renewals.get(key);
      if (!shared) {
        const renewal = (keeper && kept !== undefined ? keeper.change(kept, renewKept) : renew(token)).then((fresh) => (known.set(key, fresh), fresh)).finally(() => renewals.delete(key));
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
  admit(limit: Limit | undefined, signal: AbortSignal): Promise<void>;
  pauseUntil(time: number): void;
}

interface Waiter {
  readonly limit: Limit | undefined;
  enter(): void;
}

/** Lets requests through in the order in which they came; no window of `perMs` sees more than `requests` of them. */
function createGate(clock: EngineHost['clock']): Gate {
  const entered: number[] = [];
  const waiting: Waiter[] = [];
  let pausedUntil = 0;
  let nap: AbortController | undefined;

  const dueAt = (limit: Limit | undefined): number => Math.max(pausedUntil, limit && entered.length >= limit.requests ? entered[entered.length - limit.requests]! + limit.perMs : 0);
  const enter = (limit: Limit | undefined, now: number): void => {
    if (!limit) return;
    entered.push(now);
    if (entered.length > limit.requests * 2) entered.splice(0, entered.length - limit.requests);
  };
  const work = async (): Promise<void> => {
    nap = new AbortController();
    for (let first = waiting[0]; first; first = waiting[0]) {
      const now = clock.now();
      const due = dueAt(first.limit);
      if (due <= now) {
        waiting.shift();
        enter(first.limit, now);
        first.enter();
      } else await clock.sleep(due - now, nap.signal).catch(() => undefined);
      if (nap.signal.aborted) nap = new AbortController();
    }
    nap = undefined;
  };

  return {
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
    async admit(limit, signal) {
      signal.throwIfAborted();
      const now = clock.now();
      if (waiting.length === 0 && dueAt(limit) <= now) return enter(limit, now);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          // The worker looks again at once: it sleeps for the one that has left, or for nobody.
          nap?.abort();
          reject(signal.reason as Error);
        };
        const waiter: Waiter = { limit, enter: () => (signal.removeEventListener('abort', leave), resolve()) };
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(waiter);
        if (!nap) void work();
      });
    },
  };
}
