import type { Token } from '../../plugins/sdk/index.ts';
import type { ConnectionState } from '../engine/host.ts';
import type { Calls } from './calls.ts';
import type { ControlMethods, ExecutorMethods } from './executor-protocol.ts';

/** The connections of an executor: limits, pauses and tokens are kept by the control process, for all executors together. */
export function remoteConnections(control: Pick<Calls<ControlMethods>, 'call' | 'tell'>): { readonly connections: ConnectionState; renew(ticket: number, last?: Token): Promise<Token> } {
  const renewals = new Map<number, (last: Token | undefined) => Promise<Token>>();
  let lastTicket = 0;
  return {
    connections: {
      async token(key, renew, { now, stale, kept, isReplaceable }) {
        const ticket = ++lastTicket;
        renewals.set(ticket, renew);
        try {
          return await control.call('token', { ticket, key, now, ...(stale && { stale }), ...(kept !== undefined && { kept }), ...(isReplaceable !== undefined && { isReplaceable }) });
        } finally {
          renewals.delete(ticket);
        }
      },
      async admit(key, limit, signal, weight) {
        signal.throwIfAborted();
        const ticket = ++lastTicket;
        const leave = (): void => control.tell('leave', { ticket });
        signal.addEventListener('abort', leave, { once: true });
        try {
          await control.call('admit', { ticket, key, ...(limit && { limit: limitOf(limit) }), ...(weight !== undefined && { weight }) });
        } catch (error) {
          throw signal.aborted ? signal.reason : error;
        } finally {
          signal.removeEventListener('abort', leave);
        }
      },
      done: (key) => control.tell('done', { key }),
      pauseUntil: (key, time) => control.tell('pauseUntil', { key, time }),
    },
    renew: (ticket, last) => renewals.get(ticket)!(last),
  };
}

/** What the control process does for the connections of one executor. */
export function connectionMethods(connections: ConnectionState, executor: () => Pick<Calls<ExecutorMethods>, 'call'>): Pick<ControlMethods, 'admit' | 'leave' | 'done' | 'pauseUntil' | 'token'> & { /** The executor has ended: what it had under way is over. */ ended(): void } {
  const waiting = new Map<number, AbortController>();
  const given = new Map<string, Token>();
  const held: string[] = [];
  let hasEnded = false;
  return {
    ended() {
      hasEnded = true;
      for (const abort of waiting.values()) abort.abort();
      for (const key of held.splice(0)) connections.done(key);
    },
    async admit({ ticket, key, limit, weight }: Parameters<ControlMethods['admit']>[0]) {
      const abort = new AbortController();
      waiting.set(ticket, abort);
      try {
        await connections.admit(key, limit, abort.signal, weight);
        if (limit?.concurrency !== undefined) {
          if (hasEnded) connections.done(key);
          else held.push(key);
        }
      } finally {
        waiting.delete(ticket);
      }
    },
    leave: ({ ticket }) => waiting.get(ticket)?.abort(),
    done({ key }) {
      const index = held.indexOf(key);
      if (index < 0) return;
      held.splice(index, 1);
      connections.done(key);
    },
    pauseUntil: ({ key, time }) => connections.pauseUntil(key, time),
    async token({ ticket, key, now, stale, kept, isReplaceable }) {
      // A token that went from thread to thread is another object than the one that is known here.
      const last = given.get(key);
      const isLast = stale !== undefined && last !== undefined && JSON.stringify(stale) === JSON.stringify(last);
      const token = await connections.token(key, (before) => executor().call('renewToken', { ticket, ...(before && { last: before }) }), { now, ...(isLast && { stale: last }), ...(kept !== undefined && { kept }), ...(isReplaceable !== undefined && { isReplaceable }) });
      given.set(key, token);
      return token;
    },
  };
}

/** Without what only the executor needs to know. */
const limitOf = ({ requests, perMs, window, concurrency }: Limit): Limit => ({ ...(requests !== undefined && { requests }), ...(perMs !== undefined && { perMs }), ...(window !== undefined && { window }), ...(concurrency !== undefined && { concurrency }) });

type Limit = NonNullable<Parameters<ConnectionState['admit']>[1]>;
