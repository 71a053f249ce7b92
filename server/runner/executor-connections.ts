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
      async token(key, renew, { now, stale, kept }) {
        const ticket = ++lastTicket;
        renewals.set(ticket, renew);
        try {
          return await control.call('token', { ticket, key, now, ...(stale && { stale }), ...(kept !== undefined && { kept }) });
        } finally {
          renewals.delete(ticket);
        }
      },
      async admit(key, limit, signal) {
        signal.throwIfAborted();
        const ticket = ++lastTicket;
        const leave = (): void => control.tell('leave', { ticket });
        signal.addEventListener('abort', leave, { once: true });
        try {
          await control.call('admit', { ticket, key, ...(limit && { limit }) });
        } catch (error) {
          throw signal.aborted ? signal.reason : error;
        } finally {
          signal.removeEventListener('abort', leave);
        }
      },
      pauseUntil: (key, time) => control.tell('pauseUntil', { key, time }),
    },
    renew: (ticket, last) => renewals.get(ticket)!(last),
  };
}

/** What the control process does for the connections of one executor. */
export function connectionMethods(connections: ConnectionState, executor: () => Pick<Calls<ExecutorMethods>, 'call'>): Pick<ControlMethods, 'admit' | 'leave' | 'pauseUntil' | 'token'> {
  const waiting = new Map<number, AbortController>();
  const given = new Map<string, Token>();
  return {
    async admit({ ticket, key, limit }) {
      const abort = new AbortController();
      waiting.set(ticket, abort);
      try {
        await connections.admit(key, limit, abort.signal);
      } finally {
        waiting.delete(ticket);
      }
    },
    leave: ({ ticket }) => waiting.get(ticket)?.abort(),
    pauseUntil: ({ key, time }) => connections.pauseUntil(key, time),
    async token({ ticket, key, now, stale, kept }) {
      // A token that went from thread to thread is another object than the one that is known here.
      const last = given.get(key);
      const isLast = stale !== undefined && last !== undefined && JSON.stringify(stale) === JSON.stringify(last);
      const token = await connections.token(key, (before) => executor().call('renewToken', { ticket, ...(before && { last: before }) }), { now, ...(isLast && { stale: last }), ...(kept !== undefined && { kept }) });
      given.set(key, token);
      return token;
    },
  };
}
