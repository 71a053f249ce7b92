import { createServer, type AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { FlowError } from '../../plugins/sdk/index.ts';
import { printMessage, readMessages } from './framing.ts';
import { openFront } from './front.ts';
import type { DebugHost } from './debugged.ts';
import { isDone } from './messages.ts';

export interface DebugServer extends AsyncDisposable {
  readonly port: number;
  /** Resolves when a client has come and gone. */
  readonly firstEnded: Promise<void>;
}

/** Speaks with one client, until it is gone or has disconnected; where the signal comes first, it is told that the session is over. Fails where it does not speak the protocol. */
export async function debugOver(host: DebugHost, input: Readable, write: (text: string) => void, signal?: AbortSignal): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const front = openFront(host, (message) => {
    write(printMessage(message));
    if (isDone(message, 'disconnect')) ended.resolve();
  });
  signal?.addEventListener('abort', () => void front.close().finally(ended.resolve), { once: true });
  try {
    await Promise.race([readMessages(input, front.take), ended.promise]);
  } finally {
    await front.close();
  }
}

export interface DebugServerOptions {
  readonly port: number;
  readonly log: (error: unknown) => void;
  /** Bytes that may wait for a client; one that leaves more of them unread is cut off. Default 64 MiB: a client that reads is never that far behind. */
  readonly mostUnread?: number;
}

/** Bytes that may wait for a client. */
export const mostUnread = 64 * 1024 * 1024;

/** Listens on loopback: each client has a session of its own. Fails where the port is taken. */
export async function serveDebug(host: DebugHost, { port, log, mostUnread: most = mostUnread }: DebugServerOptions): Promise<DebugServer> {
  const sessions = new Set<Promise<void>>();
  const closing = new AbortController();
  const first = Promise.withResolvers<void>();
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    const write = (text: string): void => {
      if (socket.writableLength > most) socket.destroy(new FlowError('API_INVALID', `A client of the debug adapter has left ${most} bytes unread.`, { remedy: 'Let it read what it is told.' }));
      else if (socket.writable) socket.write(text);
    };
    const session = debugOver(host, socket, write, closing.signal).catch((error: unknown) => {
      // A client that is cut off is nothing to tell.
      if (FlowError.is(error)) log(error);
    }).finally(() => {
      sessions.delete(session);
      socket.end(() => socket.destroy());
      first.resolve();
    });
    sessions.add(session);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? new FlowError('CONFIG_INVALID', `Port ${port} of 127.0.0.1 is taken by another program.`, { remedy: 'Choose another with `--port` (0 takes any that is free).' }) : error));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, firstEnded: first.promise,
    async [Symbol.asyncDispose]() {
      server.close();
      closing.abort();
      await Promise.all(sessions);
    },
  };
}
