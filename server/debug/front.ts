import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Message } from './framing.ts';
import { openRemote, type Remote } from './remote.ts';
import type { DebugHost } from './debugged.ts';
import { PatchbayDebugSession } from './session.ts';

/** What stands in front of a client: a session here, or, from `attach` with a `url` on, one in a runner that is running there. */
export interface Front {
  take(message: Message): void;
  /** The client is gone. */
  close(): Promise<void>;
}

export function openFront(host: DebugHost, send: (message: Message) => void): Front {
  const session = new PatchbayDebugSession(host);
  session.onDidSendMessage((message) => send(message as Message));
  let remote: Promise<Remote> | undefined;
  let initialize: DebugProtocol.Request | undefined;

  const relay = async (attach: DebugProtocol.Request, { url, token }: { readonly url: string; readonly token: string }): Promise<void> => {
    let isKnown = false;
    remote = openRemote({ url, token }, (message) => {
      // The client has been told already what an adapter can do.
      const isGreeting = !isKnown && ((message.type === 'response' && (message as DebugProtocol.Response).command === 'initialize') || (message.type === 'event' && (message as DebugProtocol.Event).event === 'initialized'));
      if (!isGreeting) send(message);
      else if (message.type === 'event') isKnown = true;
    });
    try {
      const opened = await remote;
      await opened.send(initialize ?? { seq: 0, type: 'request', command: 'initialize', arguments: { adapterID: 'patchbay' } } as Message);
      await opened.send(attach);
    } catch (error) {
      remote = undefined;
      send({ seq: 0, type: 'response', request_seq: attach.seq, command: 'attach', success: false, message: (error as Error).message } as DebugProtocol.Response);
    }
  };

  return {
    take(message) {
      const request = message as DebugProtocol.Request;
      if (request.command === 'initialize') initialize = request;
      const { url, token } = (request.arguments ?? {}) as { readonly url?: unknown; readonly token?: unknown };
      if (remote) void remote.then((opened) => opened.send(message)).catch(() => undefined);
      else if (request.command === 'attach' && typeof url === 'string') void relay(request, { url, token: typeof token === 'string' ? token : '' });
      else session.handleMessage(message);
    },
    async close() {
      if (remote) await remote.then((opened) => opened.close()).catch(() => undefined);
      else await session.end();
    },
  };
}
