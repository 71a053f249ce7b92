import { FlowError, unasked, type Connection, type Log } from '../../plugins/sdk/index.ts';
import type { EngineHost } from './host.ts';
import type { Opened } from './protocol-instance.ts';
import { ofPlugin } from './run-error.ts';
import type { Lease } from './sessions.ts';
import { within } from './within.ts';

export interface Session {
  /** `timeoutMs`: of the question that needs it. Waiting for a connection, and making it, are no part of that. */
  client(timeoutMs: number, signal: AbortSignal, onTurn: () => void): Promise<never>;
  /** Something failed on it: another is taken where one is needed. */
  renew(): void;
  rest(): void;
  go(): void;
  end(isSound: boolean): void;
}

/** Milliseconds that a turn, and then a connection, is waited for, where the question itself may not take longer. */
const patienceMs = 60_000;

/** The connection of one call, taken when it is first needed: on a replay never. */
export function sessionOf(host: EngineHost, { plugin, settings, credentials, key, address }: Opened, instance: string, log: Log): Session {
  let lease: Promise<Lease<unknown>> | undefined;
  let held: Lease<unknown> | undefined;
  const isShared = plugin.isShared === true;
  const most = plugin.mostConnections ?? 4;
  const take = async (timeoutMs: number, signal: AbortSignal, onTurn: () => void): Promise<Lease<unknown>> => {
    const ms = Math.max(patienceMs, timeoutMs);
    const late = (): FlowError => new FlowError('REMOTE_TIMEOUT', `All ${most} connections of "${instance}" to ${address} were in use for ${ms} ms.`, { details: { instance, most, waitedMs: ms }, remedy: 'Let fewer steps and flows that use it run at the same time, or give them less to do at once.' });
    // Others may wait for a shared one, and go on when this call is stopped.
    const stop = isShared ? new AbortController().signal : signal;
    return host.sessions.lease(key, { isShared, most, patience: { ms, late }, onTurn, open: () => connected(host, `Connecting to ${address}`, ms, stop, (own) => plugin.connect(settings as never, credentials as never, { signal: own, log, folder: host.workspace.folder })) }, signal);
  };
  return {
    async client(timeoutMs, signal, onTurn) {
      lease ??= take(timeoutMs, signal, onTurn).catch((error: unknown) => {
        lease = undefined;
        throw unasked(error);
      });
      held = await lease;
      return held.client as never;
    },
    renew() {
      // One that others use as well is looked at when it is taken again.
      held?.end(isShared);
      [lease, held] = [undefined, undefined];
    },
    rest: () => held?.rest(),
    go: () => held?.go(),
    end: (isSound) => void lease?.then(({ end }) => end(isSound), () => undefined),
  };
}

/** One that comes too late is closed. */
async function connected(host: EngineHost, what: string, timeoutMs: number, signal: AbortSignal, connect: (signal: AbortSignal) => Promise<Connection<unknown>>): Promise<Connection<unknown>> {
  let isOver = false;
  try {
    return await within(host, timeoutMs, signal, what, timeoutMs, async (own) => {
      const connection = await ofPlugin(() => connect(own));
      if (isOver) await connection.close();
      return connection;
    });
  } catch (error) {
    isOver = true;
    throw error;
  }
}
