import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Message } from './framing.ts';
import { isEvent, refusalOf } from './messages.ts';
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
  let sending = Promise.resolve();
  let initialize: DebugProtocol.Request = { seq: 0, type: 'request', command: 'initialize', arguments: { adapterID: 'patchbay' } };

  /** One after the other: the runner there takes each as a request of its own. */
  const relay = (to: Promise<Remote>, request: DebugProtocol.Request, messages: readonly Message[] = [request]): void => {
    const relayAll = async (): Promise<void> => {
      const opened = await to;
      for (const message of messages) await opened.send(message);
    };
    sending = sending.then(relayAll).catch((error: unknown) => { if (request.type === 'request') send(refusalOf(request, error)); });
  };

  const attach = (request: DebugProtocol.Request, address: { readonly url: string; readonly token: string }): void => {
    let isKnown = false;
    const opening = openRemote(address, (message) => {
      // The client has been told already what an adapter can do.
      const isGreeting = !isKnown && ((message.type === 'response' && (message as DebugProtocol.Response).command === 'initialize') || isEvent(message, 'initialized'));
      if (!isGreeting) send(message);
      else if (message.type === 'event') isKnown = true;
    });
    opening.catch(() => { remote = undefined; });
    remote = opening;
    relay(opening, request, [initialize, request]);
  };

  return {
    take(message) {
      const request = message as DebugProtocol.Request;
      if (request.command === 'initialize') initialize = request;
      const { url, token } = (request.arguments ?? {}) as { readonly url?: unknown; readonly token?: unknown };
      if (remote) relay(remote, request);
      else if (request.command === 'attach' && typeof url === 'string') attach(request, { url, token: typeof token === 'string' ? token : '' });
      else session.handleMessage(message);
    },
    async close() {
      if (!remote) return session.end();
      await sending;
      await remote?.then((opened) => opened.close()).catch(() => undefined);
    },
  };
}
