import { randomBytes } from 'node:crypto';
import { FlowError } from '../../plugins/sdk/index.ts';
import type { DebugHost } from '../debug/debugged.ts';
import { mostUnread } from '../debug/serve.ts';
import { PatchbayDebugSession } from '../debug/session.ts';
import { invalid } from './route.ts';

type Message = Readonly<Record<string, unknown>>;

export interface DebugSessions {
  /** Gives the id. Fails with `API_INVALID` where there are too many. */
  open(): string;
  get(id: string): OpenSession | undefined;
}

export interface Client {
  /** Bytes that it has not read so far. */
  readonly unread: number;
  say(message: Message): void;
  cut(): void;
}

export interface DebugSessionsOptions {
  /** Bytes that may wait for a client; one that leaves more of them unread is cut off, and its session ends. Default 64 MiB, as over a socket. */
  readonly mostUnread?: number;
}

export interface OpenSession {
  take(message: Message): void;
  /** Whether somebody listens, or has. */
  readonly isTaken: boolean;
  /** What was said before comes first. `ended`: the session is over. */
  listen(client: Client, ended: () => void): void;
  close(): Promise<void>;
}

const most = 20;
/** In which somebody must have begun to listen. */
const waitMs = 30_000;

export function createDebugSessions(host: DebugHost, { mostUnread: mostLeft = mostUnread }: DebugSessionsOptions = {}): DebugSessions {
  const open = new Map<string, OpenSession>();
  return {
    open() {
      if (open.size >= most) throw new FlowError('API_INVALID', `${most} debug sessions are open already.`, { remedy: 'End those that nobody uses.' });
      const id = randomBytes(12).toString('base64url');
      const debug = new PatchbayDebugSession(host);
      const said: Message[] = [];
      let client: Client | undefined;
      let ended = (): void => undefined;
      const close = async (): Promise<void> => {
        clearTimeout(timer);
        if (!open.delete(id)) return;
        await debug.end();
        ended();
      };
      const timer = setTimeout(() => void close(), waitMs).unref();
      const tell = (to: Client, message: Message): void => {
        if (!open.has(id)) return;
        if (to.unread <= mostLeft) return to.say(message);
        to.cut();
        void close();
      };
      debug.onDidSendMessage((message) => { if (client) tell(client, message as Message); else said.push(message as Message); });
      open.set(id, {
        close,
        get isTaken() {
          return client !== undefined;
        },
        take(message) {
          if (typeof message['type'] !== 'string' || typeof message['seq'] !== 'number') throw invalid('A message has `seq`, a number, and `type`.');
          debug.handleMessage(message as never);
        },
        listen(to, onEnd) {
          clearTimeout(timer);
          client = to;
          ended = onEnd;
          for (const message of said.splice(0)) tell(to, message);
        },
      });
      return id;
    },
    get: (id) => open.get(id),
  };
}
